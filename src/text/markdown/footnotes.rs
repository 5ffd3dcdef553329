//! Footnotes: their numbers, their references, and the lists of them. Numbers go on
//! from one list of a page to the next.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

use crate::findings::{Code, Finding};
use crate::text::escape::{escape, escape_into};
use crate::text::markdown::Writer;
use crate::text::markdown::numbered_notes::NumberedNotes;
use crate::text::strings::Strings;

/// What the texts of a page, or of a table in another document, share: the numbers of
/// their footnotes, and anchors that only one of them can have.
#[derive(Default)]
pub struct PageTexts {
    /// Put before the ids of headings and notes.
    prefix: String,
    notes: NumberedNotes<String>,
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
    pub fn write_notes(&self, strings: &Strings, of: &str, out: &mut String) {
        let notes = self.notes.take();
        let Some((first, _)) = notes.first() else {
            return;
        };
        let prefix = escape(&self.prefix);
        let back = escape(strings.get("back-to-text"));
        out.push_str("<section class=\"srm-footnotes\" role=\"doc-endnotes\" aria-label=\"");
        escape_into(strings.get("footnotes"), out);
        if !prefix.is_empty() || *first > 1 {
            out.push_str(": ");
            escape_into(of, out);
        }
        match first {
            1 => out.push_str("\"><ol>\n"),
            first => out.push_str(&format!("\"><ol start=\"{first}\">\n")),
        }
        for (number, html) in notes {
            let link = format!(
                "<a href=\"#{prefix}srm-fnref-{number}\" role=\"doc-backlink\" \
                 aria-label=\"{back}\">↩</a>"
            );
            // The link back goes after the last words, not below them.
            let body = match html.trim_end().strip_suffix("</p>") {
                Some(body) => format!("{body}\u{a0}{link}</p>\n"),
                None => format!("{html}{link}"),
            };
            out.push_str(&format!("<li id=\"{prefix}srm-fn-{number}\">{body}</li>\n"));
        }
        out.push_str("</ol></section>\n");
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
    pub(super) fn html_of(&mut self, events: Vec<Event<'a>>, html: &mut String) {
        let events = events.into_iter().map(|event| match event {
            Event::FootnoteReference(label) => Event::Html(self.note_reference(&label).into()),
            event => event,
        });
        pulldown_cmark::html::push_html(html, events);
    }

    fn note_reference(&mut self, label: &CowStr<'a>) -> String {
        let Some(at) = self.note_texts.by_label.get(label).copied() else {
            return escape(&format!("[^{label}]"));
        };
        let written = note_words(self.input.text, &self.note_texts.all[at].range);
        let (number, nth) = self.texts.notes.refer(self.input.folder, written);
        if nth == 1 {
            self.note_texts.unwritten.push((number, at));
        }
        let again = match nth {
            1 => String::new(),
            nth => format!("-{nth}"),
        };
        let prefix = escape(&self.texts.prefix);
        format!(
            "\u{2060}<sup class=\"srm-noteref\"><a href=\"#{prefix}srm-fn-{number}\" \
             id=\"{prefix}srm-fnref-{number}{again}\" role=\"doc-noteref\">{number}</a></sup>"
        )
    }

    /// Writes the words of the notes that were referred to. They may refer to further
    /// notes.
    pub(super) fn write_notes(&mut self) {
        let mut at = 0;
        while let Some((number, text)) = self.note_texts.unwritten.get(at).copied() {
            let events = std::mem::take(&mut self.note_texts.all[text].events);
            let mut html = String::new();
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
        self.out.findings.push(
            Finding::new(
                Code::UndefinedReference,
                place,
                format!("the footnote `{name}` has no definition"),
            )
            .help(format!("add a line `[^{name}]: ...`")),
        );
    }
}

/// What a note says, as the author wrote it, without its label: that is a name in its
/// own text only.
pub fn note_words<'t>(text: &'t str, definition: &Range<usize>) -> &'t str {
    let written = text[definition.clone()].trim();
    written
        .split_once("]:")
        .map_or(written, |(_, words)| words.trim())
}
