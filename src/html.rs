//! Tables, badges and other parts of a page as HTML. All text goes through
//! `escape`; nothing here decides what is shown.

use crate::badge::{Badge, Owner};
use crate::escape::{escape, escape_into};
use crate::links::encode;
use crate::markdown::{self, Input, Scope};
use crate::table::{Block, Head, Item, Remark, Table};
use crate::tree::Text;

/// The shape of each owner kind, as the `d` of an SVG path on a 16 by 16
/// field. They differ in outline, not in colour alone.
fn shape(owner: Owner) -> &'static str {
    match owner {
        Owner::Customer => "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z",
        Owner::Provider => "M2.5 2.5h11v11h-11z",
        Owner::Shared => "M8 2a6 6 0 0 0 0 12zM9.5 2.5h4v11h-4z",
        Owner::ThirdParty => "M8 1l7 7-7 7-7-7z",
        Owner::NotApplicable => "M2 7h12v2H2z",
        Owner::ByAgreement => "M3 1.5h7l3 3v10H3zm2 5v1.5h6V6.5zm0 3.5v1.5h6V10z",
        Owner::NotListed => {
            "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2zm0 1.8a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 1 1 0-8.4z"
        }
        Owner::Unassigned => "M8 1.5l7 13H1zm-.8 5v4h1.6v-4zm0 5v1.5h1.6v-1.5z",
    }
}

/// A badge: shape, word, and the parties' names.
pub fn badge(badge: &Badge, out: &mut String) {
    out.push_str("<span class=\"srm-badge\" data-owner=\"");
    out.push_str(badge.owner.word());
    out.push_str("\" data-parties=\"");
    escape_into(&badge.parties.join(" "), out);
    out.push_str(
        "\"><svg class=\"srm-shape\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"",
    );
    out.push_str(shape(badge.owner));
    out.push_str("\"/></svg><span class=\"srm-badge-word\">");
    escape_into(&badge.word, out);
    out.push_str("</span>");
    if !badge.names.is_empty() {
        out.push_str(" <span class=\"srm-badge-parties\">");
        escape_into(&badge.names.join(" + "), out);
        out.push_str("</span>");
    }
    if let Some(word) = &badge.conditional {
        out.push_str("<span class=\"srm-badge-conditional\">, ");
        escape_into(word, out);
        out.push_str("</span>");
    }
    out.push_str("</span>");
}

/// Writes tables for one page.
pub struct Writer<'a> {
    pub scope: Scope<'a>,
    /// Path of the page in the site, so that links to itself stay short.
    pub page: &'a str,
    /// Put before every anchor, for pages that hold a model's tables beside
    /// another's.
    pub prefix: &'a str,
    /// Folder of the content below the project, to find a text's own folder.
    pub src: &'a str,
}

impl Writer<'_> {
    /// A whole table in a box that scrolls by itself. `id` is the anchor of
    /// its caption.
    pub fn table(&self, table: &Table, id: &str) -> String {
        let mut out = String::with_capacity(4096);
        let id = escape(&format!("{}{id}", self.prefix));
        out.push_str(&format!(
            "<div class=\"srm-scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"{id}\">\
             <table class=\"srm-table\" data-kind=\"{}\"><caption id=\"{id}\">",
            table.kind
        ));
        escape_into(&table.caption, &mut out);
        out.push_str("</caption>\n<thead><tr>");
        for column in &table.columns {
            out.push_str(&format!(
                "<th scope=\"col\" data-column=\"{}\">",
                column.kind
            ));
            escape_into(&column.label, &mut out);
            out.push_str("</th>");
        }
        out.push_str("</tr></thead>\n");
        for group in &table.groups {
            // A group may be a row of the document, whose anchor then is on
            // the first line of the table.
            let own = group.head.link.as_deref().and_then(|l| l.strip_prefix('#'));
            let anchor = own.or_else(|| self.row_of_tasks(table, &group.head));
            out.push_str("<tbody>\n");
            for (at, line) in group.lines.iter().enumerate() {
                out.push_str("<tr");
                let id = line.id.as_deref().or(anchor.filter(|_| at == 0));
                if let Some(id) = id {
                    out.push_str(" id=\"");
                    out.push_str(self.prefix);
                    escape_into(id, &mut out);
                    out.push('"');
                }
                if let Some(owner) = line.owner {
                    out.push_str(&format!(" data-owner=\"{}\"", owner.word()));
                }
                if let Some(change) = line.change {
                    out.push_str(&format!(" data-change=\"{}\"", change.word()));
                }
                out.push('>');
                if at == 0 {
                    match group.lines.len() {
                        1 => out.push_str("<th scope=\"rowgroup\">"),
                        n => out.push_str(&format!("<th scope=\"rowgroup\" rowspan=\"{n}\">")),
                    }
                    self.head(&group.head, &mut out);
                    out.push_str("</th>");
                }
                match &line.head.anchor {
                    None => out.push_str("<th scope=\"row\">"),
                    Some(id) => {
                        out.push_str(&format!("<th scope=\"row\" id=\"{}\">", escape(id)));
                    }
                }
                self.head(&line.head, &mut out);
                out.push_str("</th>");
                for cell in &line.cells {
                    out.push_str("<td>");
                    cell.iter().for_each(|b| self.block(b, &mut out));
                    out.push_str("</td>");
                }
                out.push_str("</tr>\n");
            }
            out.push_str("</tbody>\n");
        }
        out.push_str("</table></div>\n");
        out
    }

    /// Tables of tasks side by side carry the row's anchor although their
    /// heading links elsewhere.
    fn row_of_tasks<'t>(&self, table: &Table, head: &'t Head) -> Option<&'t str> {
        (table.kind == "tasks")
            .then(|| head.link.as_deref()?.split_once('#').map(|(_, row)| row))
            .flatten()
    }

    fn head(&self, head: &Head, out: &mut String) {
        match &head.link {
            Some(link) => self.link(link, &head.label, out),
            None => escape_into(&head.label, out),
        }
        if !head.blocks.is_empty() {
            out.push_str("<div class=\"srm-head-more\">");
            head.blocks.iter().for_each(|b| self.block(b, out));
            out.push_str("</div>");
        }
    }

    /// A link inside the site, given as a path from its top.
    pub fn link(&self, link: &str, label: &str, out: &mut String) {
        out.push_str("<a href=\"");
        self.href(link, out);
        out.push_str("\">");
        escape_into(label, out);
        out.push_str("</a>");
    }

    fn href(&self, link: &str, out: &mut String) {
        let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
        if !path.is_empty() && path != self.page {
            escape_into(self.scope.root, out);
            escape_into(&encode(path), out);
        } else if fragment.is_empty() {
            escape_into(&encode(path.rsplit('/').next().unwrap_or(path)), out);
        }
        if !fragment.is_empty() {
            out.push('#');
            if path.is_empty() || path == self.page {
                out.push_str(self.prefix);
            }
            escape_into(&encode(fragment), out);
        }
    }

    fn block(&self, block: &Block, out: &mut String) {
        match block {
            Block::Badge(b) => badge(b, out),
            Block::Mark { yes, text } => {
                let (class, d) = if *yes {
                    (
                        "srm-yes",
                        "M2 8.5l1.6-1.6L6.5 9.8 12.4 3.500 14 5.100 6.500 13z",
                    )
                } else {
                    ("srm-no", "M2 7h12v2H2z")
                };
                out.push_str(&format!(
                    "<span class=\"srm-mark {class}\"><svg class=\"srm-shape\" \
                     viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"{d}\"/></svg>"
                ));
                escape_into(text, out);
                out.push_str("</span>");
            }
            Block::Words(text) => {
                out.push_str("<p class=\"srm-words\">");
                escape_into(text, out);
                out.push_str("</p>");
            }
            Block::Markdown(text) => {
                out.push_str("<div class=\"srm-text\">");
                out.push_str(&self.inline(text));
                out.push_str("</div>");
            }
            Block::Tasks(items) => {
                out.push_str("<ul class=\"srm-tasks\">");
                items.iter().for_each(|item| self.item(item, out));
                out.push_str("</ul>");
            }
            Block::Remark { kind, label, text } => {
                out.push_str(&format!(
                    "<div class=\"srm-remark\" data-kind=\"{kind}\"><b>"
                ));
                escape_into(label, out);
                out.push_str("</b> ");
                match text {
                    Remark::Plain(text) => escape_into(text, out),
                    Remark::Markdown(text) => out.push_str(&self.inline(text)),
                }
                out.push_str("</div>");
            }
            Block::Change { verdict, text } => {
                out.push_str(&format!(
                    "<span class=\"srm-change\" data-change=\"{}\">",
                    verdict.word()
                ));
                escape_into(text, out);
                out.push_str("</span>");
            }
            Block::Link { label, path } => self.link(path, label, out),
            Block::Nothing(text) => {
                out.push_str("<span class=\"srm-nothing\">");
                escape_into(text, out);
                out.push_str("</span>");
            }
        }
    }

    fn item(&self, item: &Item, out: &mut String) {
        match item.equal {
            None => out.push_str("<li>"),
            Some(true) => out.push_str("<li data-task=\"same\">"),
            Some(false) => out.push_str("<li data-task=\"differs\">"),
        }
        if markdown::is_plain(&item.task.text) {
            escape_into(&item.task.text, out);
        } else {
            out.push_str(&self.source_text(&item.task.text, &item.task.place));
        }
        if !item.controls.is_empty() {
            out.push_str(" <span class=\"srm-controls\">");
            escape_into(&item.controls.join(", "), out);
            out.push_str("</span>");
        }
        if let Some(mark) = &item.mark {
            out.push_str(" <span class=\"srm-task-mark\">");
            escape_into(mark, out);
            out.push_str("</span>");
        }
        out.push_str("</li>");
    }

    /// An author's inline Markdown.
    pub fn inline(&self, text: &Text) -> String {
        if markdown::is_plain(&text.value) {
            return escape(&text.value);
        }
        self.source_text(&text.value, &text.place)
    }

    fn source_text(&self, text: &str, place: &crate::diag::Place) -> String {
        let input = Input {
            text,
            file: &place.file,
            start: None,
            place: Some(place),
            folder: folder_of(&place.file, self.src),
        };
        markdown::inline(input, self.scope).html
    }
}

/// The folder of a source file below the content folder.
pub fn folder_of<'a>(file: &'a str, src: &str) -> &'a str {
    let below = file
        .strip_prefix(src)
        .map_or(file, |rest| rest.trim_start_matches('/'));
    below.rsplit_once('/').map_or("", |(folder, _)| folder)
}
