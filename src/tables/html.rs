//! Writes tables, badges and other parts of a page as HTML. What is shown is
//! decided elsewhere.

mod badge;
mod blocks;
mod checklist;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::FIELD;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Head, Line, Table};
use crate::text::markdown::{Heading, Scope};
use crate::text::{Html, Strings, encode, paths};

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
    pub fn table(&self, table: Table<'_>, id: &str, out: &mut Html) -> Vec<Heading> {
        let mut headings = Vec::new();
        let id = Html::escaped(&format!("{}{id}", self.prefix));
        let labels = table.columns.iter().map(|c| Html::escaped(c.label));
        let labels: Vec<Html> = labels.collect();
        let heads = if table.grouped { 2 } else { 1 };
        let saved = self.saved();
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
            out.markup("<tbody>\n");
            for (at, line) in group.lines.iter().enumerate() {
                out.markup("<tr");
                if let Some(id) = line.id.or(anchor.filter(|_| at == 0)) {
                    out.markup(" id=\"").text(self.prefix);
                    out.text(&table.id_prefix).text(id).markup("\"");
                    let text = group.head.words();
                    // Groups of the same name follow each other where areas interrupt one.
                    let is_new = headings.iter().all(|h: &Heading| h.text != text);
                    if at == 0 && table.grouped && is_new {
                        headings.push(Heading {
                            level: 3,
                            id: format!("{}{}{id}", self.prefix, table.id_prefix),
                            text: text.into_owned(),
                        });
                    }
                }
                self.line_data(line, out);
                out.markup(">");
                if at == 0 && table.grouped {
                    out.markup("<th scope=\"rowgroup\"");
                    if group.lines.len() > 1 {
                        out.markup(" rowspan=\"").number(group.lines.len());
                        out.markup("\"");
                    }
                    out.markup(">");
                    self.head(&group.head, out);
                    out.markup("</th>");
                }
                // Without a prefix, the line itself has the anchor.
                let anchor = line.head.anchor.filter(|_| !table.id_prefix.is_empty());
                self.line(line, anchor, &labels[heads..], out);
                out.markup("</tr>\n");
            }
            out.markup("</tbody>\n");
        }
        out.markup("</table></div>\n");
        if !table.legend.is_empty() {
            out.markup("<p class=\"srm-legend\">");
            out.text(&table.legend).markup("</p>\n");
        }
        self.notes(&table.caption, out);
        if saved {
            out.markup("</div>\n");
        }
        headings
    }

    /// Whether readers can save tables.
    fn saved(&self) -> bool {
        self.look == Styling::Themed && self.chosen
    }

    /// Opens the box and the table, with its caption and the labels of its columns.
    fn open(&self, table: &Table<'_>, id: &Html, out: &mut Html) {
        out.markup("<div class=\"srm-scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"")
            .push(id)
            .markup("\"><table class=\"srm-table\" data-kind=\"")
            .markup(table.kind.word());
        if table.has_groups && self.saved() {
            out.markup("\" data-groups=\"")
                .text(self.scope.strings.get("row-group"));
        }
        out.markup("\"><caption id=\"")
            .push(id)
            .markup("\">")
            .text(&table.caption)
            .markup("</caption>\n<thead><tr>");
        for column in &table.columns {
            out.markup("<th scope=\"col\" data-column=\"");
            out.markup(column.kind.word()).markup("\"");
            if column.kind == ColumnKind::Field {
                let id = column.id.strip_prefix(FIELD).unwrap_or_default();
                out.markup(" data-field=\"").text(id).markup("\"");
            }
            if self.look == Styling::Bare {
                out.markup(" data-id=\"").text(column.id).markup("\"");
            }
            out.markup(">").text(column.label).markup("</th>");
        }
        out.markup("</tr></thead>\n");
    }

    /// Lists the footnotes of a table.
    fn notes(&self, caption: &str, out: &mut Html) {
        if let Some(texts) = self.scope.texts {
            texts.write_notes(self.scope.strings, caption, out);
        }
    }

    /// The attributes of a line that scripts and style sheets use.
    fn line_data(&self, line: &Line<'_>, out: &mut Html) {
        self.row(line.row, out);
        if let Some(area) = line.area {
            out.markup(" data-area=\"").text(area).markup("\"");
        }
        if let Some(model) = line.model {
            out.markup(" data-model=\"").text(model).markup("\"");
        }
        if let Some(group) = line.group {
            out.markup(" data-group=\"").text(group.id()).markup("\"");
        }
        if let Some(owner) = line.owner {
            out.markup(" data-owner=\"");
            out.markup(owner.word()).markup("\"");
        }
        if let Some(change) = line.change {
            out.markup(" data-change=\"");
            out.markup(change.word()).markup("\"");
        }
    }

    /// Writes the heading of a line, with an anchor of its own, and the cells; `labels` are
    /// those of the columns.
    fn line(&self, line: &Line<'_>, anchor: Option<&str>, labels: &[Html], out: &mut Html) {
        match anchor {
            None => out.markup("<th scope=\"row\">"),
            Some(id) => {
                out.markup("<th scope=\"row\" id=\"").text(self.prefix);
                out.text(id).markup("\">")
            }
        };
        self.head(&line.head, out);
        out.markup("</th>");
        for (cell, label) in line.cells.iter().zip(labels) {
            // On narrow screens, a cell shows the label of its column.
            match self.look {
                Styling::Themed => out.markup("<td data-label=\"").push(label).markup("\">"),
                Styling::Bare => out.markup("<td>"),
            };
            cell.iter().for_each(|b| self.block(b, out));
            out.markup("</td>");
        }
    }

    /// Buttons to save a table, which work with scripts.
    fn save(&self, kind: TableKind, out: &mut Html) {
        let strings = self.scope.strings;
        out.markup("<div class=\"srm-figure\"><details class=\"srm-save\"><summary>")
            .text(strings.get("save"))
            .markup("</summary><ul>");
        for (way, key) in [
            ("copy", "save-copy"),
            ("md", "save-markdown"),
            ("csv", "save-csv"),
            ("xlsx", "save-xlsx"),
        ] {
            out.markup("<li><button type=\"button\" data-save=\"")
                .markup(way)
                .markup("\">")
                .text(strings.get(key))
                .markup("</button></li>");
        }
        out.markup("</ul></details>\n");
        if kind.is_checklist() {
            out.markup("<p class=\"srm-ticks\"><button class=\"srm-untick\" type=\"button\">")
                .text(strings.get("untick"))
                .markup("</button> <span class=\"srm-progress\" role=\"status\" data-words=\"")
                .text(&words(strings, &["progress", "task-done"]))
                .markup("\"></span></p>\n");
        }
    }

    /// The attributes by which scripts filter a line: its row and the row's category.
    fn row(&self, id: Option<&str>, out: &mut Html) {
        if !self.chosen {
            return;
        }
        let Some((id, page)) = id.and_then(|id| Some((id, self.scope.targets.rows.get(id)?)))
        else {
            return;
        };
        out.markup(" data-row=\"").text(id).markup("\"");
        if let Some(category) = paths::category_of(page) {
            out.markup(" data-category=\"");
            out.text(category).markup("\"");
        }
    }

    fn head(&self, head: &Head<'_>, out: &mut Html) {
        // In other documents, all anchors begin with that of the table.
        let id = head.label_anchor.as_deref().filter(|_| self.saved());
        match &head.link {
            Some(link) => self.anchor(
                (link.page.as_deref().unwrap_or(""), link.fragment),
                &head.label,
                id,
                out,
            ),
            None => {
                out.text(&head.label);
            }
        }
        if let Some(group) = head.group {
            out.markup("<div class=\"srm-head-group\">");
            out.text(&group.label()).markup("</div>");
        }
        if !head.blocks.is_empty() {
            out.markup("<div class=\"srm-head-more\">");
            head.blocks.iter().for_each(|b| self.block(b, out));
            out.markup("</div>");
        }
    }

    /// Writes a link inside the site; `link` is a path from the site's top.
    pub fn link(&self, link: &str, label: &str, out: &mut Html) {
        let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
        self.anchor((path, fragment), label, None, out);
    }

    /// Writes a link to a fragment of a page. The link can have an anchor of its own.
    fn anchor(
        &self,
        (path, fragment): (&str, &str),
        label: &str,
        id: Option<&str>,
        out: &mut Html,
    ) {
        let here = path.is_empty() || path == self.page;
        let root = match self.scope.root {
            Some(root) => root,
            None if here => "",
            None => {
                out.text(label);
                return;
            }
        };
        let sections = self.scope.sections.filter(|_| !here);
        let section = sections.and_then(|s| s.address(path, Some(fragment)));
        out.markup("<a");
        if let Some(id) = id {
            out.markup(" id=\"").text(id).markup("\"");
        }
        out.markup(" href=\"");
        if let Some(section) = &section {
            out.text(section);
        } else if !here {
            out.text(root).text(&encoded(path));
        } else if fragment.is_empty() {
            out.text(&encoded(path.rsplit('/').next().unwrap_or(path)));
        }
        if section.is_none() && !fragment.is_empty() {
            out.markup("#");
            if here {
                out.text(self.prefix);
            }
            out.text(&encoded(fragment));
        }
        out.markup("\">").text(label).markup("</a>");
    }
}

/// What is said in the place of a table without lines, below its caption.
pub fn nothing(caption: &str, words: &str) -> Html {
    let mut out = Html::new();
    if !caption.is_empty() {
        out.markup("<p class=\"srm-checklist-caption\">");
        out.text(caption).markup("</p>\n");
    }
    out.markup("<p class=\"srm-nothing\">");
    out.text(words).markup("</p>\n");
    out
}

/// Words for scripts, by their keys: a JSON object.
pub fn words(strings: &Strings, keys: &[&str]) -> String {
    let words: BTreeMap<&str, &str> = keys.iter().map(|key| (*key, strings.get(key))).collect();
    serde_json::json!(words).to_string()
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
