//! The events of the parser, one by one, to HTML. What an event needs more than a line
//! for is in the file of its kind.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CowStr, Event, Tag, TagEnd};

use crate::text::escape::escape;
use crate::text::markdown::tables::Table;
use crate::text::markdown::{Rendered, Writer};

impl<'a> Writer<'a, '_> {
    pub(super) fn run(&mut self, mut events: impl Iterator<Item = (Event<'a>, Range<usize>)>) {
        let mut first = true;
        let mut table: Option<Table> = None;
        let mut paragraph = false;
        // Links do not stand in one another.
        let mut link_written = true;
        while let Some((event, range)) = events.next() {
            let was_first = std::mem::take(&mut first);
            // Paragraphs make sense alone; headings, lists and tables may not.
            let leads = paragraph && self.note.is_none();
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => {
                    let mut inner = Vec::new();
                    for (event, range) in events.by_ref() {
                        if matches!(event, Event::End(TagEnd::Heading(_))) {
                            break;
                        }
                        inner.push((event, range));
                    }
                    self.heading(level, id, range, inner, was_first);
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let mut code = String::new();
                    for (event, _) in events.by_ref() {
                        match event {
                            Event::Text(text) => code.push_str(&text),
                            Event::End(TagEnd::CodeBlock) => break,
                            _ => {}
                        }
                    }
                    self.code_block(&kind, &code, range);
                }
                Event::Start(Tag::HtmlBlock) => {
                    let mut raw = String::new();
                    for (event, _) in events.by_ref() {
                        match event {
                            Event::Html(text) => raw.push_str(&text),
                            Event::End(TagEnd::HtmlBlock) => break,
                            _ => {}
                        }
                    }
                    self.raw_html(&raw, range, true);
                }
                Event::InlineHtml(raw) | Event::Html(raw) => self.raw_html(&raw, range, false),
                Event::Start(Tag::BlockQuote(Some(kind))) => self.callout(kind),
                Event::End(TagEnd::BlockQuote(Some(_))) => self.html("</div>\n"),
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                }) => {
                    let dest_url = self.destination(&dest_url, range, false);
                    link_written = dest_url.is_some();
                    if let Some(dest_url) = dest_url {
                        self.put(Event::Start(Tag::Link {
                            link_type,
                            dest_url: dest_url.into(),
                            title,
                            id,
                        }));
                    }
                }
                Event::End(TagEnd::Link) if !link_written => {}
                Event::Start(Tag::Image {
                    dest_url, title, ..
                }) => {
                    let mut text = String::new();
                    // The text of an image may hold another image.
                    let mut depth = 1;
                    for (event, range) in events.by_ref() {
                        match event {
                            Event::Text(t) | Event::Code(t) => text.push_str(&t),
                            Event::SoftBreak | Event::HardBreak => text.push(' '),
                            Event::Start(Tag::Image { dest_url, .. }) => {
                                self.destination(&dest_url, range, true);
                                depth += 1;
                            }
                            Event::Start(Tag::Link { dest_url, .. }) => {
                                self.destination(&dest_url, range, false);
                            }
                            Event::End(TagEnd::Image) => depth -= 1,
                            _ => {}
                        }
                        if depth == 0 {
                            break;
                        }
                    }
                    let image = self.image(&dest_url, &title, &text, range);
                    self.html(image);
                }
                Event::Start(Tag::Table(alignments)) => {
                    table = Some(Table {
                        alignments,
                        column: 0,
                        head: true,
                    });
                    let label = escape(self.scope.strings.get("table"));
                    self.html(format!(
                        "<div class=\"srm-scroll\" role=\"group\" tabindex=\"0\" \
                         aria-label=\"{label}\"><table>"
                    ));
                }
                Event::End(TagEnd::Table) => {
                    table = None;
                    self.html("</tbody></table></div>\n");
                }
                Event::Start(Tag::TableHead) => self.html("<thead><tr>"),
                Event::End(TagEnd::TableHead) => {
                    if let Some(table) = &mut table {
                        table.head = false;
                    }
                    self.html("</tr></thead><tbody>\n");
                }
                Event::Start(Tag::TableRow) => {
                    if let Some(table) = &mut table {
                        table.column = 0;
                    }
                    self.html("<tr>");
                }
                Event::End(TagEnd::TableRow) => self.html("</tr>\n"),
                Event::Start(Tag::TableCell) => {
                    if let Some(table) = &mut table {
                        self.html(table.open());
                    }
                }
                Event::End(TagEnd::TableCell) => {
                    let head = table.as_ref().is_some_and(|t| t.head);
                    self.html(if head { "</th>" } else { "</td>" });
                }
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    self.note = Some((label, Vec::new()));
                }
                Event::End(TagEnd::FootnoteDefinition) => {
                    if let Some((label, events)) = self.note.take() {
                        self.notes.definitions.entry(label).or_insert(events);
                    }
                }
                Event::FootnoteReference(label) => self.note_reference(label),
                Event::Text(text) => {
                    self.undefined_note(&text, &range);
                    self.lead(leads, &text);
                    self.put(Event::Text(text));
                }
                Event::Code(code) => {
                    self.lead(leads, &code);
                    self.put(Event::Code(code));
                }
                Event::TaskListMarker(done) => {
                    let word = if done { "task-done" } else { "task-open" };
                    let word = escape(self.scope.strings.get(word));
                    let mark = if done { "☑" } else { "☐" };
                    self.html(format!(
                        "<span class=\"srm-box\"><span aria-hidden=\"true\">{mark}</span>\
                         <span class=\"srm-hidden\">{word}</span></span> "
                    ));
                }
                Event::Rule => self.html("<hr>\n"),
                Event::HardBreak => {
                    self.lead(leads, " ");
                    self.html("<br>\n");
                }
                Event::SoftBreak => {
                    self.lead(leads, " ");
                    self.put(Event::SoftBreak);
                }
                Event::Start(Tag::Paragraph) => {
                    paragraph = true;
                    self.put(Event::Start(Tag::Paragraph));
                }
                Event::End(TagEnd::Paragraph) => {
                    paragraph = false;
                    self.lead(leads, " ");
                    self.put(Event::End(TagEnd::Paragraph));
                }
                other => self.put(other),
            }
        }
    }

    /// Adds to the footnote that is being written, else to the body.
    fn put(&mut self, event: Event<'a>) {
        match &mut self.note {
            Some((_, events)) => events.push(event),
            None => self.body.push(event),
        }
    }

    pub(super) fn html(&mut self, html: impl Into<CowStr<'a>>) {
        self.put(Event::Html(html.into()));
    }

    /// More of the first words, where a text `leads`.
    fn lead(&mut self, leads: bool, text: &str) {
        if leads && self.out.lead.len() < MAX_LEAD {
            self.out.lead.push_str(text);
        }
    }

    pub(super) fn finish(mut self) -> Rendered {
        let body = std::mem::take(&mut self.body);
        self.out.html.reserve(2 * self.input.text.len());
        pulldown_cmark::html::push_html(&mut self.out.html, body.into_iter());
        if !self.notes.labels.is_empty() {
            self.write_notes();
        }
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
        let title = escape(self.scope.strings.get(&format!("callout-{word}")));
        self.html(format!(
            "<div class=\"srm-callout\" data-kind=\"{word}\" role=\"note\">\
             <p class=\"srm-callout-title\">{title}</p>\n"
        ));
    }
}

/// About how many bytes of a text are kept as its first words.
const MAX_LEAD: usize = 200;
