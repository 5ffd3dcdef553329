//! Footnotes: their numbers, their references and the list below a text.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

use crate::findings::{Code, Finding};
use crate::text::escape::escape;
use crate::text::markdown::Writer;

#[derive(Default)]
pub(super) struct Notes<'a> {
    /// Labels in the order in which they are first referred to; their numbers follow
    /// it.
    pub(super) labels: Vec<CowStr<'a>>,
    /// Label to number.
    pub(super) numbers: HashMap<CowStr<'a>, usize>,
    /// References so far, by number.
    pub(super) references: HashMap<usize, usize>,
    pub(super) definitions: HashMap<CowStr<'a>, Vec<Event<'a>>>,
}

impl<'a> Writer<'a, '_> {
    pub(super) fn note_reference(&mut self, label: CowStr<'a>) {
        let Notes {
            labels, numbers, ..
        } = &mut self.notes;
        let number = *numbers.entry(label).or_insert_with_key(|label| {
            labels.push(label.clone());
            labels.len()
        });
        let uses = self.notes.references.entry(number).or_insert(0);
        *uses += 1;
        let again = if *uses > 1 {
            format!("-{uses}")
        } else {
            String::new()
        };
        let prefix = self.scope.id_prefix;
        self.html(format!(
            "\u{2060}<sup class=\"srm-noteref\"><a href=\"#{prefix}srm-fn-{number}\" \
             id=\"{prefix}srm-fnref-{number}{again}\" role=\"doc-noteref\">{number}</a></sup>"
        ));
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

    pub(super) fn write_notes(&mut self) {
        let prefix = self.scope.id_prefix;
        let mut heading = escape(self.scope.strings.get("footnotes"));
        // If several texts have notes, each list needs its own name.
        if !prefix.is_empty() {
            let of = match self.input.title {
                "" => self.input.file,
                title => title,
            };
            heading = format!("{heading}: {}", escape(of));
        }
        let back = escape(self.scope.strings.get("back-to-text"));
        self.out.html.push_str(&format!(
            "<section class=\"srm-footnotes\" role=\"doc-endnotes\" aria-label=\"{heading}\"><ol>\n"
        ));
        let mut at = 0;
        // A note may refer to further notes, so the list can grow.
        while at < self.notes.labels.len() {
            let number = at + 1;
            let label = self.notes.labels[at].clone();
            let events = self.notes.definitions.remove(&label).unwrap_or_default();
            let mut body = String::new();
            pulldown_cmark::html::push_html(&mut body, events.into_iter());
            let link = format!(
                "<a href=\"#{prefix}srm-fnref-{number}\" role=\"doc-backlink\" \
                 aria-label=\"{back}\">↩</a>"
            );
            // The link back goes after the last words, not below them.
            let body = match body.trim_end().strip_suffix("</p>") {
                Some(body) => format!("{body}\u{a0}{link}</p>\n"),
                None => format!("{body}{link}"),
            };
            let html = &mut self.out.html;
            html.push_str(&format!("<li id=\"{prefix}srm-fn-{number}\">{body}</li>\n"));
            at += 1;
        }
        self.out.html.push_str("</ol></section>\n");
    }
}
