//! Writes the content of cells and headings as HTML.

use crate::findings::Place;
use crate::input::{FieldKind, Text};
use crate::model::{FieldValue, OwnField};
use crate::tables::html::badge::{Styling, badge};
use crate::tables::html::{HtmlWriter, folder_of};
use crate::tables::kinds::RemarkKind;
use crate::tables::table::{Block, PartMark, Remark, RoleMark, TaskItem, join_controls};
use crate::text::Html;
use crate::text::markdown::{self, Input};

impl HtmlWriter<'_> {
    pub(super) fn block(&self, block: &Block<'_>, out: &mut Html) {
        match block {
            Block::Badge(b) => badge(b, self.look, out),
            Block::Mark {
                mark,
                text,
                of,
                party,
            } => self.mark(*mark, text, of.map(|of| (of, *party)), out),
            Block::Roles {
                roles,
                condition,
                party,
            } => roles_of_party(roles, condition.map(|words| (words, *party)), out),
            Block::Words(text) => {
                out.markup("<p class=\"srm-words\">");
                out.text(text).markup("</p>");
            }
            Block::Markdown(text) => {
                out.markup("<div class=\"srm-text\">");
                self.inline(&text.value, &text.place, out);
                out.markup("</div>");
            }
            Block::Tasks(items) => {
                out.markup("<ul class=\"srm-tasks\">");
                items.iter().for_each(|item| self.item(item, out));
                out.markup("</ul>");
            }
            Block::Remark {
                kind,
                label,
                about,
                text,
            } => self.remark((*kind, *about), label, text, out),
            Block::Field {
                field,
                label,
                value,
            } => self.field(field, label.as_deref(), value, out),
            Block::Change { change, text } => {
                out.markup("<span class=\"srm-change\" data-change=\"")
                    .markup(change)
                    .markup("\">")
                    .text(text)
                    .markup("</span>");
            }
            Block::Nothing(text) => {
                out.markup("<span class=\"srm-nothing\">");
                out.text(text).markup("</span>");
            }
        }
    }

    fn remark(
        &self,
        (kind, about): (RemarkKind, Option<&str>),
        label: &str,
        text: &Remark<'_>,
        out: &mut Html,
    ) {
        out.markup("<div class=\"srm-remark\" data-kind=\"")
            .markup(kind.word())
            .markup("\"");
        if let Some(id) = about {
            about_id(kind.word(), id, out);
        }
        out.markup("><b>").text(label).markup("</b> ");
        match text {
            Remark::Plain(text) if kind == RemarkKind::Review => review(text, out),
            Remark::Plain(text) => {
                out.text(text);
            }
            Remark::Markdown(text) => self.inline(&text.value, &text.place, out),
        }
        out.markup("</div>");
    }

    /// Writes the value of a field. Scripts filter by it.
    fn field(&self, field: &OwnField, label: Option<&str>, value: &FieldValue, out: &mut Html) {
        out.markup(match label {
            Some(_) => "<div class=\"srm-remark\" data-kind=\"field\" data-field=\"",
            None => "<div class=\"srm-field\" data-field=\"",
        });
        out.text(&field.id).markup("\" data-value=\"");
        out.text(&value.text.value).markup("\">");
        if let Some(label) = label {
            out.markup("<b>").text(label).markup("</b> ");
        }
        match &value.link {
            Some(link) => self.inline(&link.value, &link.place, out),
            None if field.kind == FieldKind::Date => {
                out.markup("<time>")
                    .text(&value.text.value)
                    .markup("</time>");
            }
            None => {
                out.text(&value.text.value);
            }
        }
        out.markup("</div>");
    }

    /// Writes how a party takes part, and in what part or on which condition.
    fn mark(&self, mark: PartMark, text: &str, of: Option<(&Text, &str)>, out: &mut Html) {
        // Markdown may have paragraphs.
        let [opening, closing] = match of {
            None => ["<span class=\"srm-mark srm-", "</span>"],
            Some(_) => ["<div class=\"srm-mark srm-", "</div>"],
        };
        let (word, shape) = match mark {
            PartMark::Yes => ("yes", "M2 8.5l1.6-1.6L6.5 9.8 12.4 3.5 14 5.1 6.5 13z"),
            PartMark::No => ("no", "M2 7h12v2H2z"),
            PartMark::Conditional => (
                "maybe",
                "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2zm0 1.5v9a4.5 4.5 0 0 1 0-9z",
            ),
        };
        out.markup(opening).markup(word).markup("\"");
        if let Some((_, party)) = of {
            let kind = match mark {
                PartMark::Conditional => RemarkKind::Condition,
                PartMark::Yes | PartMark::No => RemarkKind::Scope,
            };
            about_id(kind.word(), party, out);
        }
        out.markup(">")
            .markup(self.look.shape())
            .markup(shape)
            .markup("\"/></svg>");
        if self.look == Styling::Bare {
            out.markup(" ");
        }
        out.text(text);
        if let Some((of, _)) = of {
            out.markup(" ");
            self.inline(&of.value, &of.place, out);
        }
        out.markup(closing);
    }

    fn item(&self, item: &TaskItem<'_>, out: &mut Html) {
        out.markup(match item.equal {
            None => "<li>",
            Some(true) => "<li data-task=\"same\">",
            Some(false) => "<li data-task=\"differs\">",
        });
        self.words(item, out);
        out.markup("</li>");
    }

    pub(super) fn words(&self, item: &TaskItem<'_>, out: &mut Html) {
        self.inline(&item.task.text, &item.task.place, out);
        if !item.controls.is_empty() {
            out.markup(" <span class=\"srm-controls\">")
                .text(&join_controls(&item.controls, ", "))
                .markup("</span>");
        }
        if let Some(mark) = item.mark {
            out.markup(" <span class=\"srm-task-mark\">");
            out.text(mark).markup("</span>");
        }
    }

    /// Writes an author's inline Markdown. Most texts contain no marks and need no
    /// parser.
    fn inline(&self, text: &str, place: &Place, out: &mut Html) {
        if markdown::is_plain(text) {
            out.text(text);
            return;
        }
        let input = Input {
            text,
            file: &place.file,
            start: None,
            place: Some(place),
            folder: folder_of(&place.file, self.src),
            title: "",
        };
        out.push(&markdown::inline(input, self.scope).html);
    }
}

/// The attribute that says which role, or whose scope or condition, an element is about.
fn about_id(kind: &'static str, id: &str, out: &mut Html) {
    out.markup(" data-").markup(kind).markup("=\"");
    out.text(id).markup("\"");
}

/// How a day is written.
const DAY: &str = "2025-05-20";

/// Writes a review. Its day is an element, so that no line ends within it.
fn review(text: &str, out: &mut Html) {
    let is_day = |part: &&str| {
        let digits = |at| part.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        part.len() == DAY.len() && (0..part.len()).all(|at| digits(at) != [4, 7].contains(&at))
    };
    for part in text.split_inclusive([' ', ',', '、']) {
        let word = part.trim_end_matches([' ', ',', '、']);
        match Some(word).filter(is_day) {
            None => out.text(part),
            Some(day) => {
                out.markup("<time>").text(day).markup("</time>");
                out.text(&part[day.len()..])
            }
        };
    }
}

/// Writes the roles of a party. A letter is read out as the name of its role.
fn roles_of_party(roles: &[RoleMark<'_>], condition: Option<(&str, &str)>, out: &mut Html) {
    out.markup("<span class=\"srm-roles\">");
    for (at, role) in roles.iter().enumerate() {
        out.markup(if at > 0 { ", <span" } else { "<span" });
        out.markup(" class=\"srm-role\"");
        about_id(RemarkKind::Role.word(), role.id, out);
        if role.letter.is_some() {
            out.markup(" role=\"img\" aria-label=\"").text(role.label);
            out.markup("\" title=\"").text(role.label).markup("\"");
        }
        out.markup(">").text(role.letter.unwrap_or(role.label));
        out.markup("</span>");
    }
    if let Some((words, party)) = condition {
        out.markup("<span class=\"srm-badge-conditional\"");
        about_id(RemarkKind::Condition.word(), party, out);
        out.markup(if roles.is_empty() { ">" } else { ">, " });
        out.text(words).markup("</span>");
    }
    out.markup("</span>");
}
