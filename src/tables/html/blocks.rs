//! Writes the content of cells and headings as HTML.

use crate::findings::Place;
use crate::input::Text;
use crate::tables::html::badge::{Styling, badge};
use crate::tables::html::{HtmlWriter, folder_of, push};
use crate::tables::table::{Block, PartMark, Remark, TaskItem, join_controls};
use crate::text::escape_into;
use crate::text::markdown::{self, Input};

impl HtmlWriter<'_> {
    pub(super) fn block(&self, block: &Block<'_>, out: &mut String) {
        match block {
            Block::Badge(b) => badge(b, self.look, out),
            Block::Mark { mark, text, of } => self.mark(*mark, text, *of, out),
            Block::Words(text) => {
                out.push_str("<p class=\"srm-words\">");
                escape_into(text, out);
                out.push_str("</p>");
            }
            Block::Markdown(text) => {
                out.push_str("<div class=\"srm-text\">");
                self.inline(&text.value, &text.place, out);
                out.push_str("</div>");
            }
            Block::Tasks(items) => {
                out.push_str("<ul class=\"srm-tasks\">");
                items.iter().for_each(|item| self.item(item, out));
                out.push_str("</ul>");
            }
            Block::Remark { kind, label, text } => {
                push(
                    out,
                    &[
                        "<div class=\"srm-remark\" data-kind=\"",
                        kind.word(),
                        "\"><b>",
                    ],
                );
                escape_into(label, out);
                out.push_str("</b> ");
                match text {
                    Remark::Plain(text) => escape_into(text, out),
                    Remark::Markdown(text) => self.inline(&text.value, &text.place, out),
                }
                out.push_str("</div>");
            }
            Block::Change { verdict, text } => {
                push(
                    out,
                    &[
                        "<span class=\"srm-change\" data-change=\"",
                        verdict.word(),
                        "\">",
                    ],
                );
                escape_into(text, out);
                out.push_str("</span>");
            }
            Block::Nothing(text) => {
                out.push_str("<span class=\"srm-nothing\">");
                escape_into(text, out);
                out.push_str("</span>");
            }
        }
    }

    /// Writes how a party takes part, and in what part or on which condition.
    fn mark(&self, mark: PartMark, text: &str, of: Option<&Text>, out: &mut String) {
        // Markdown may have paragraphs.
        let element = if of.is_some() { "div" } else { "span" };
        let (word, shape) = match mark {
            PartMark::Yes => ("yes", "M2 8.5l1.6-1.6L6.5 9.8 12.4 3.5 14 5.1 6.5 13z"),
            PartMark::No => ("no", "M2 7h12v2H2z"),
            PartMark::Conditional => (
                "maybe",
                "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2zm0 1.5v9a4.5 4.5 0 0 1 0-9z",
            ),
        };
        push(out, &["<", element, " class=\"srm-mark srm-", word, "\">"]);
        push(out, &[self.look.shape(), shape, "\"/></svg>"]);
        if self.look == Styling::Bare {
            out.push(' ');
        }
        escape_into(text, out);
        if let Some(of) = of {
            out.push(' ');
            self.inline(&of.value, &of.place, out);
        }
        push(out, &["</", element, ">"]);
    }

    fn item(&self, item: &TaskItem<'_>, out: &mut String) {
        out.push_str(match item.equal {
            None => "<li>",
            Some(true) => "<li data-task=\"same\">",
            Some(false) => "<li data-task=\"differs\">",
        });
        self.words(item, out);
        out.push_str("</li>");
    }

    pub(super) fn words(&self, item: &TaskItem<'_>, out: &mut String) {
        self.inline(&item.task.text, &item.task.place, out);
        if !item.controls.is_empty() {
            out.push_str(" <span class=\"srm-controls\">");
            escape_into(&join_controls(&item.controls, ", "), out);
            out.push_str("</span>");
        }
        if let Some(mark) = item.mark {
            out.push_str(" <span class=\"srm-task-mark\">");
            escape_into(mark, out);
            out.push_str("</span>");
        }
    }

    /// Writes an author's inline Markdown. Most texts contain no marks and need no
    /// parser.
    fn inline(&self, text: &str, place: &Place, out: &mut String) {
        if markdown::is_plain(text) {
            return escape_into(text, out);
        }
        let input = Input {
            text,
            file: &place.file,
            start: None,
            place: Some(place),
            folder: folder_of(&place.file, self.src),
            title: "",
        };
        out.push_str(&markdown::inline(input, self.scope).html);
    }
}
