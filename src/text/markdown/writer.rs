//! Turns the events of the parser into HTML, one by one. Events that need more than a
//! line have a file for their kind.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CowStr, Event, Tag, TagEnd};

use crate::text::html::Html;
use crate::text::markdown::code_blocks::code_of_block;
use crate::text::markdown::footnotes::NoteText;
use crate::text::markdown::raw_html::{html_of_block, is_break, is_text};
use crate::text::markdown::tables::OpenTable;
use crate::text::markdown::{RenderedText, Writer};

impl<'a> Writer<'a, '_> {
    pub(super) fn run(&mut self, mut events: impl Iterator<Item = (Event<'a>, Range<usize>)>) {
        let mut table: Option<OpenTable> = None;
        let mut paragraph = false;
        // Links are not nested.
        let mut link_written = true;
        while let Some((event, range)) = events.next() {
            // Only paragraphs count as first words: they make sense alone, while
            // headings, lists and tables may not.
            let leads = paragraph && self.note_texts.open.is_none();
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => {
                    let is_inside =
                        |(event, _): &_| !matches!(event, Event::End(TagEnd::Heading(_)));
                    let inner = events.by_ref().take_while(is_inside).collect();
                    self.heading(level, id, range, inner);
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let code = code_of_block(&mut events);
                    self.code_block(&kind, &code, range);
                }
                Event::Start(Tag::HtmlBlock) => {
                    let (raw, range) = html_of_block(&mut events);
                    self.raw_html(&raw, range, true);
                }
                Event::Start(link @ Tag::Link { .. }) => link_written = self.link(link, range),
                Event::End(TagEnd::Link) if !link_written => {}
                Event::Start(Tag::Image {
                    link_type,
                    dest_url,
                    title,
                    id,
                }) => {
                    let text = self.image_text(&mut events);
                    let at = self.written_at(link_type, &id, &range);
                    let image = self.image(&dest_url, &title, &text, (range, at));
                    self.html(image);
                }
                Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell)
                | Event::End(
                    TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell,
                ) => self.table(event, &mut table),
                Event::Start(Tag::Paragraph) => {
                    paragraph = true;
                    self.put(event);
                }
                Event::End(TagEnd::Paragraph) => {
                    paragraph = false;
                    self.lead(leads, " ");
                    self.put(event);
                }
                other => self.single(other, range, leads),
            }
        }
    }

    /// Writes an event that does not need any other. `leads` says whether its words
    /// are among the first ones of the text.
    fn single(&mut self, event: Event<'a>, range: Range<usize>, leads: bool) {
        match event {
            Event::InlineHtml(raw) | Event::Html(raw) => {
                let said = match is_text(&raw, self.scope.settings) {
                    true => &*raw,
                    false if is_break(&raw) => " ",
                    false => "",
                };
                self.lead(leads, said);
                self.raw_html(&raw, range, false);
            }
            Event::Start(Tag::BlockQuote(Some(kind))) => self.callout(kind),
            Event::End(TagEnd::BlockQuote(Some(_))) => self.markup("</div>\n"),
            Event::Start(Tag::FootnoteDefinition(label)) => {
                let events = Vec::new();
                self.note_texts.open = Some(NoteText {
                    label,
                    range,
                    events,
                });
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                self.note_texts.close();
            }
            Event::Text(text) => {
                self.undefined_note(&text, &range);
                self.lead(leads, &text);
                self.put(Event::Text(text));
            }
            Event::Code(code) => {
                self.lead(leads, &code);
                self.put(Event::Code(code));
            }
            Event::TaskListMarker(done) => self.task_mark(done),
            Event::Rule => self.markup("<hr>\n"),
            Event::HardBreak => {
                self.lead(leads, " ");
                self.markup("<br>\n");
            }
            Event::SoftBreak => {
                self.lead(leads, " ");
                self.put(Event::SoftBreak);
            }
            other => self.put(other),
        }
    }

    fn task_mark(&mut self, done: bool) {
        let word = if done { "task-done" } else { "task-open" };
        let mut html = Html::new();
        html.markup("<span class=\"srm-box\"><span aria-hidden=\"true\">")
            .markup(if done { "☑" } else { "☐" })
            .markup("</span><span class=\"srm-hidden\">")
            .text(self.scope.strings.get(word))
            .markup("</span></span> ");
        self.html(html);
    }

    /// Adds an event to the footnote that is being written, or else to the body.
    pub(super) fn put(&mut self, event: Event<'a>) {
        match &mut self.note_texts.open {
            Some(note) => note.events.push(event),
            None => self.body.push(event),
        }
    }

    pub(super) fn html(&mut self, html: Html) {
        self.put(Event::Html(html.into_string().into()));
    }

    pub(super) fn markup(&mut self, markup: &'static str) {
        self.put(Event::Html(CowStr::Borrowed(markup)));
    }

    /// Adds a text to the first words, if it `leads`.
    fn lead(&mut self, leads: bool, text: &str) {
        if leads && self.out.lead.len() < MAX_LEAD {
            self.out.lead.push_str(text);
        }
    }

    pub(super) fn finish(mut self) -> RenderedText {
        let body = std::mem::take(&mut self.body);
        let mut html = Html::with_capacity(2 * self.input.text.len());
        self.write_title();
        self.html_of(body, &mut html);
        self.out.html = html;
        self.close_html();
        self.write_notes();
        self.report_more_html();
        self.unused_definitions();
        self.out.lead = self
            .out
            .lead
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        self.out
    }

    fn callout(&mut self, kind: BlockQuoteKind) {
        let word = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let mut html = Html::new();
        html.markup("<div class=\"srm-callout\" data-kind=\"")
            .markup(word)
            .markup("\" role=\"note\"><p class=\"srm-callout-title\">")
            .text(self.scope.strings.get(&format!("callout-{word}")))
            .markup("</p>\n");
        self.html(html);
    }
}

/// About how many bytes of a text are kept as its lead.
const MAX_LEAD: usize = 200;
