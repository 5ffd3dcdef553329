//! Writes tables, badges and other parts of a page as HTML. All text goes through
//! `escape`. What is shown is decided elsewhere.

mod badge;
mod blocks;
mod checklist;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::tables::kinds::TableKind;
use crate::tables::table::{Head, Line, Table};
use crate::text::markdown::{Heading, Scope};
use crate::text::{Strings, encode, escape, escape_into, paths};

pub use crate::tables::html::badge::{Styling, badge, shape};

/// Writes tables for one page.
pub struct HtmlWriter<'a> {
    /// What texts of the page are rendered with.
    pub scope: Scope<'a>,
    /// Path of the page in the site, so that links to itself stay short.
    pub page: &'a str,
    /// Put before every anchor, for pages that show the tables of several models.
    pub prefix: &'a str,
    /// The content folder, relative to the project; needed to find the folder of a
    /// text.
    pub src: &'a str,
    /// What the page provides for the look of tables.
    pub look: Styling,
    /// Whether the page has the script that filters rows and saves tables.
    pub chosen: bool,
}

impl HtmlWriter<'_> {
    /// Writes a whole table in a box that scrolls separately. `id` is the anchor of
    /// its caption. Returns the headings of the groups, for the page's list of
    /// sections.
    pub fn table(&self, table: Table<'_>, id: &str, out: &mut String) -> Vec<Heading> {
        let mut headings = Vec::new();
        let id = escape(&format!("{}{id}", self.prefix));
        let labels: Vec<String> = table.columns.iter().map(|c| escape(c.label)).collect();
        let heads = if table.grouped { 2 } else { 1 };
        let saved = self.look == Styling::Themed && self.chosen;
        if saved {
            self.save(table.kind, out);
        }
        self.open(&table, &id, out);
        for group in table.groups {
            // A group may be a row of the document, whose anchor then is on
            // the first line of the table.
            let link = group.head.link.as_ref();
            let anchor = link.filter(|_| table.kind.groups_are_rows());
            let anchor = anchor.map(|link| link.fragment);
            out.push_str("<tbody>\n");
            for (at, line) in group.lines.iter().enumerate() {
                out.push_str("<tr");
                if let Some(id) = line.id.or(anchor.filter(|_| at == 0)) {
                    push(out, &[" id=\"", self.prefix]);
                    escape_into(&table.id_prefix, out);
                    escape_into(id, out);
                    out.push('"');
                    if at == 0 && table.grouped {
                        headings.push(Heading {
                            level: 3,
                            id: format!("{}{}{id}", self.prefix, table.id_prefix),
                            text: group.head.label.to_string(),
                        });
                    }
                }
                self.line_data(line, line.id.or(anchor), out);
                out.push('>');
                if at == 0 && table.grouped {
                    match group.lines.len() {
                        1 => out.push_str("<th scope=\"rowgroup\">"),
                        n => out.push_str(&format!("<th scope=\"rowgroup\" rowspan=\"{n}\">")),
                    }
                    self.head(&group.head, out);
                    out.push_str("</th>");
                }
                self.line(line, &labels[heads..], out);
                out.push_str("</tr>\n");
            }
            out.push_str("</tbody>\n");
        }
        out.push_str("</table></div>\n");
        self.notes(&table.caption, out);
        if saved {
            out.push_str("</div>\n");
        }
        headings
    }

    /// Opens the box and the table, with its caption and the labels of its columns.
    fn open(&self, table: &Table<'_>, id: &str, out: &mut String) {
        push(
            out,
            &[
                "<div class=\"srm-scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"",
                id,
                "\"><table class=\"srm-table\" data-kind=\"",
                table.kind.word(),
                "\"><caption id=\"",
                id,
                "\">",
            ],
        );
        escape_into(&table.caption, out);
        out.push_str("</caption>\n<thead><tr>");
        for column in &table.columns {
            push(
                out,
                &["<th scope=\"col\" data-column=\"", column.kind.word(), "\""],
            );
            if self.look == Styling::Bare {
                out.push_str(" data-id=\"");
                escape_into(column.id, out);
                out.push('"');
            }
            out.push('>');
            escape_into(column.label, out);
            out.push_str("</th>");
        }
        out.push_str("</tr></thead>\n");
    }

    /// Lists the footnotes of a table.
    fn notes(&self, caption: &str, out: &mut String) {
        if let Some(texts) = self.scope.texts {
            texts.write_notes(self.scope.strings, caption, out);
        }
    }

    /// The attributes of a line that scripts and style sheets use.
    fn line_data(&self, line: &Line<'_>, row: Option<&str>, out: &mut String) {
        self.row(row, out);
        if let Some(model) = line.model {
            out.push_str(" data-model=\"");
            escape_into(model, out);
            out.push('"');
        }
        if let Some(owner) = line.owner {
            push(out, &[" data-owner=\"", owner.word(), "\""]);
        }
        if let Some(change) = line.change {
            push(out, &[" data-change=\"", change.word(), "\""]);
        }
    }

    /// Writes the heading of a line and its cells; `labels` are those of the columns.
    fn line(&self, line: &Line<'_>, labels: &[String], out: &mut String) {
        match line.head.anchor {
            None => out.push_str("<th scope=\"row\">"),
            Some(id) => {
                out.push_str("<th scope=\"row\" id=\"");
                escape_into(id, out);
                out.push_str("\">");
            }
        }
        self.head(&line.head, out);
        out.push_str("</th>");
        for (cell, label) in line.cells.iter().zip(labels) {
            // On narrow screens, a cell shows the label of its column.
            match self.look {
                Styling::Themed => push(out, &["<td data-label=\"", label, "\">"]),
                Styling::Bare => out.push_str("<td>"),
            }
            cell.iter().for_each(|b| self.block(b, out));
            out.push_str("</td>");
        }
    }

    /// Buttons to save a table, which work with scripts.
    fn save(&self, kind: TableKind, out: &mut String) {
        let word = |key: &str| escape(self.scope.strings.get(key));
        out.push_str("<div class=\"srm-figure\"><details class=\"srm-save\"><summary>");
        out.push_str(&word("save"));
        out.push_str("</summary><ul>");
        for (way, key) in [
            ("copy", "save-copy"),
            ("md", "save-markdown"),
            ("csv", "save-csv"),
            ("xlsx", "save-xlsx"),
        ] {
            out.push_str("<li><button type=\"button\" data-save=\"");
            push(out, &[way, "\">", &word(key), "</button></li>"]);
        }
        out.push_str("</ul></details>\n");
        if kind.is_checklist() {
            out.push_str("<p class=\"srm-ticks\"><button class=\"srm-untick\" type=\"button\">");
            push(
                out,
                &[&word("untick"), "</button> <span class=\"srm-progress\""],
            );
            let words = words(self.scope.strings, &["progress", "task-done"]);
            push(
                out,
                &[" role=\"status\" data-words=\"", &words, "\"></span></p>\n"],
            );
        }
    }

    /// The attributes by which scripts filter a line: its row and the row's category.
    fn row(&self, id: Option<&str>, out: &mut String) {
        if !self.chosen {
            return;
        }
        let Some((id, page)) = id.and_then(|id| Some((id, self.scope.targets.rows.get(id)?)))
        else {
            return;
        };
        out.push_str(" data-row=\"");
        escape_into(id, out);
        out.push('"');
        if let Some(category) = paths::category_of(page) {
            out.push_str(" data-category=\"");
            escape_into(category, out);
            out.push('"');
        }
    }

    fn head(&self, head: &Head<'_>, out: &mut String) {
        match &head.link {
            Some(link) => self.anchor(
                link.page.as_deref().unwrap_or(""),
                link.fragment,
                &head.label,
                out,
            ),
            None => escape_into(&head.label, out),
        }
        if !head.blocks.is_empty() {
            out.push_str("<div class=\"srm-head-more\">");
            head.blocks.iter().for_each(|b| self.block(b, out));
            out.push_str("</div>");
        }
    }

    /// Writes a link inside the site; `link` is a path from the site's top.
    pub fn link(&self, link: &str, label: &str, out: &mut String) {
        let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
        self.anchor(path, fragment, label, out);
    }

    fn anchor(&self, path: &str, fragment: &str, label: &str, out: &mut String) {
        let here = path.is_empty() || path == self.page;
        let root = match self.scope.root {
            Some(root) => root,
            None if here => "",
            None => return escape_into(label, out),
        };
        let sections = self.scope.sections.filter(|_| !here);
        let section = sections.and_then(|s| s.address(path, Some(fragment)));
        out.push_str("<a href=\"");
        if let Some(section) = &section {
            escape_into(section, out);
        } else if !here {
            escape_into(root, out);
            escape_into(&encoded(path), out);
        } else if fragment.is_empty() {
            escape_into(&encoded(path.rsplit('/').next().unwrap_or(path)), out);
        }
        if section.is_none() && !fragment.is_empty() {
            out.push('#');
            if here {
                out.push_str(self.prefix);
            }
            escape_into(&encoded(fragment), out);
        }
        out.push_str("\">");
        escape_into(label, out);
        out.push_str("</a>");
    }
}

/// Words for scripts, by their keys: a JSON object, escaped for an attribute.
pub fn words(strings: &Strings, keys: &[&str]) -> String {
    let words: BTreeMap<&str, &str> = keys.iter().map(|key| (*key, strings.get(key))).collect();
    escape(&serde_json::json!(words).to_string())
}

fn push(out: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| out.push_str(part));
}

/// Encodes a path or a fragment for an address. Nearly all of them need no change.
pub fn encoded(path: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
    if path.bytes().all(plain) {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(encode(path))
    }
}

/// The folder of a source file below the content folder.
pub fn folder_of<'a>(file: &'a str, src: &str) -> &'a str {
    let below = file
        .strip_prefix(src)
        .map_or(file, |rest| rest.trim_start_matches('/'));
    below.rsplit_once('/').map_or("", |(folder, _)| folder)
}
