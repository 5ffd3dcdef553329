//! Footnotes: their numbers, their references, and the lists of them. Numbers go on
//! from one list of a page to the next.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Tag, TagEnd};

use crate::findings::{Code, Finding};
use crate::text::html::Html;
use crate::text::markdown::Writer;
use crate::text::markdown::numbered_notes::{NoteKey, NumberedNotes};
use crate::text::markdown::reader::read;
use crate::text::strings::Strings;

/// What the texts of a page, or of a table in another document, share: the numbers of
/// their footnotes, and anchors that only one of them can have.
#[derive(Default)]
pub struct PageTexts {
    /// Put before the ids of headings and notes.
    prefix: String,
    notes: NumberedNotes<Html>,
    anchors: RefCell<HashSet<String>>,
}

impl PageTexts {
    /// The texts of a page, or of a part of it whose ids begin with a prefix.
    pub fn new(prefix: impl Into<String>) -> PageTexts {
        PageTexts {
            prefix: prefix.into(),
            ..PageTexts::default()
        }
    }

    /// What the ids of headings and notes begin with.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Takes an anchor; false if another heading has it.
    pub(super) fn take_anchor(&self, id: &str) -> bool {
        self.anchors.borrow_mut().insert(id.to_string())
    }

    /// Writes the list of the notes that were referred to since the last one, if there
    /// are any. `of` names the text or table, for pages with several lists.
    pub fn write_notes(&self, strings: &Strings, of: &str, out: &mut Html) {
        let notes = self.notes.take();
        let Some((first, _)) = notes.first() else {
            return;
        };
        let prefix = self.prefix.as_str();
        out.markup("<section class=\"srm-footnotes\" role=\"doc-endnotes\" aria-label=\"")
            .text(strings.get("footnotes"));
        if !prefix.is_empty() || *first > 1 {
            out.markup(": ").text(of);
        }
        match first {
            1 => out.markup("\"><ol>\n"),
            first => out.markup("\"><ol start=\"").number(*first).markup("\">\n"),
        };
        for (number, html) in notes {
            out.markup("<li id=\"").text(prefix).markup("srm-fn-");
            out.number(number).markup("\">");
            // The link back goes after the last words, not below them.
            let (body, end) = match html.without("", "</p>") {
                Some(mut body) => {
                    body.markup("\u{a0}");
                    (body, "</p>\n")
                }
                None => (html, ""),
            };
            out.push(&body)
                .markup("<a href=\"#")
                .text(prefix)
                .markup("srm-fnref-")
                .number(number)
                .markup("\" role=\"doc-backlink\" aria-label=\"")
                .text(strings.get("back-to-text"))
                .markup("\">↩</a>")
                .markup(end)
                .markup("</li>\n");
        }
        out.markup("</ol></section>\n");
    }
}

/// What a text says about its notes.
#[derive(Default)]
pub(super) struct NoteTexts<'a> {
    /// The note that is being read.
    pub(super) open: Option<NoteText<'a>>,
    /// The notes of the text, and where they are by their labels. Of two with one label,
    /// only the first counts.
    all: Vec<NoteText<'a>>,
    by_label: HashMap<CowStr<'a>, usize>,
    /// The numbers of notes whose words have to be written, with their places in `all`.
    unwritten: Vec<(usize, usize)>,
}

/// A note as its text defines it.
pub(super) struct NoteText<'a> {
    pub(super) label: CowStr<'a>,
    pub(super) range: Range<usize>,
    pub(super) events: Vec<Event<'a>>,
}

impl NoteTexts<'_> {
    /// Ends the note that is being read.
    pub(super) fn close(&mut self) {
        if let Some(note) = self.open.take() {
            let next = self.all.len();
            self.by_label.entry(note.label.clone()).or_insert(next);
            self.all.push(note);
        }
    }
}

impl<'a> Writer<'a, '_> {
    /// The HTML of events, with references to footnotes.
    pub(super) fn html_of(&mut self, events: Vec<Event<'a>>, html: &mut Html) {
        let events = events.into_iter().map(|event| match event {
            Event::FootnoteReference(label) => {
                Event::Html(self.note_reference(&label).into_string().into())
            }
            event => event,
        });
        // HTML in the events is only what `Writer::html` and `Writer::markup` put there.
        html.trusted_events(events);
    }

    fn note_reference(&mut self, label: &CowStr<'a>) -> Html {
        let Some(at) = self.note_texts.by_label.get(label).copied() else {
            return Html::escaped(&format!("[^{label}]"));
        };
        let range = &self.note_texts.all[at].range;
        let key = note_key(self.input.text, range, label, self.input.folder);
        let (number, nth) = self.texts.notes.refer(key);
        if nth == 1 {
            self.note_texts.unwritten.push((number, at));
        }
        let prefix = self.texts.prefix.as_str();
        let mut html = Html::new();
        html.markup("\u{2060}<sup class=\"srm-noteref\"><a href=\"#")
            .text(prefix)
            .markup("srm-fn-")
            .number(number)
            .markup("\" id=\"")
            .text(prefix)
            .markup("srm-fnref-")
            .number(number);
        if nth > 1 {
            html.markup("-").number(nth);
        }
        html.markup("\" role=\"doc-noteref\">").number(number);
        html.markup("</a></sup>");
        html
    }

    /// Writes the words of the notes that were referred to. They may refer to further
    /// notes.
    pub(super) fn write_notes(&mut self) {
        let mut at = 0;
        while let Some((number, text)) = self.note_texts.unwritten.get(at).copied() {
            let events = std::mem::take(&mut self.note_texts.all[text].events);
            let mut html = Html::new();
            self.html_of(events, &mut html);
            self.texts.notes.tell(number, html);
            at += 1;
        }
    }

    pub(super) fn undefined_note(&mut self, text: &str, range: &Range<usize>) {
        let Some(open) = text.find("[^") else { return };
        let Some(close) = text[open..].find(']') else {
            return;
        };
        let name = &text[open + 2..open + close];
        if name.is_empty() || name.contains(char::is_whitespace) {
            return;
        }
        // The text of an event is decoded, so its place has to be searched for.
        let mark = format!("[^{name}]");
        let Some(at) = self.input.text[range.clone()].find(&mark) else {
            return;
        };
        let start = range.start + at;
        // In a cell the backslash may be ours.
        if self.input.start.is_some() && self.input.text[..start].ends_with('\\') {
            return;
        }
        let place = self.input.place(start..start + mark.len());
        let finding = Finding::new(
            Code::UndefinedReference,
            place,
            format!("the footnote `{name}` has no definition"),
        );
        let is_within = self.input.text.contains(&format!("{mark}:"));
        self.out.findings.push(match (is_within, self.input.start) {
            (false, _) => finding.help(format!("add a line `[^{name}]: ...`")),
            (true, Some(_)) => finding.help(format!("put an empty line before `[^{name}]: ...`")),
            (true, None) => finding.help(format!(
                "begin the text with `|`, and put `[^{name}]: ...` in a line of its own \
                 after an empty one"
            )),
        });
    }
}

/// A text without its footnotes and the references to them.
pub fn without_notes(text: &str) -> Cow<'_, str> {
    if !text.contains("[^") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (event, range) in read(text, Options::ENABLE_FOOTNOTES) {
        let is_note = matches!(
            event,
            Event::Start(Tag::FootnoteDefinition(_)) | Event::FootnoteReference(_)
        );
        if is_note && range.start >= done {
            out.push_str(&text[done..range.start]);
            done = range.end;
        }
    }
    out.push_str(&text[done..]);
    Cow::Owned(out.trim().to_string())
}

/// The labels of the footnotes in a text that nothing shown refers to.
pub fn unused_notes(text: &str, options: Options) -> HashSet<String> {
    if !text.contains("[^") {
        return HashSet::new();
    }
    let mut inside: Option<CowStr> = None;
    let mut unused = HashSet::new();
    // References, each with the note that it is in.
    let mut references: HashMap<Option<CowStr>, Vec<CowStr>> = HashMap::new();
    for (event, _) in read(text, options) {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => {
                unused.insert(label.to_string());
                inside = Some(label);
            }
            Event::End(TagEnd::FootnoteDefinition) => inside = None,
            Event::FootnoteReference(label) => {
                references.entry(inside.clone()).or_default().push(label);
            }
            _ => {}
        }
    }
    let mut shown = vec![None];
    while let Some(note) = shown.pop() {
        for label in references.remove(&note).unwrap_or_default() {
            unused.remove(&*label);
            shown.push(Some(label));
        }
    }
    unused
}

/// Which note a text defines at a place.
pub fn note_key(text: &str, definition: &Range<usize>, label: &str, folder: &str) -> NoteKey {
    let written = text[definition.clone()].trim();
    let (_, words) = written.split_once("]:").unwrap_or(("", written));
    // The address of a link is in the note itself only if it follows the words.
    let inline_links = words.matches("](").count();
    match words.contains("[^") || words.matches('[').count() != inline_links {
        true => NoteKey::OfText {
            text: text.to_string(),
            label: label.to_string(),
            folder: folder.to_string(),
        },
        false => NoteKey::Words {
            words: words.trim().to_string(),
            folder: folder.to_string(),
        },
    }
}
