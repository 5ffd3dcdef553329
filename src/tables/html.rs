//! Tables, badges and other parts of a page as HTML. All text goes through
//! `escape`; nothing here decides what is shown.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::findings::diag::Place;
use crate::model::owner::{Badge, Owner};
use crate::tables::table::{Block, Head, Item, Line, Link, Remark, Table, join_controls};
use crate::text::address::encode;
use crate::text::escape::{escape, escape_into};
use crate::text::markdown::{self, Heading, Input, Scope};
use crate::text::strings::Strings;

/// The shape of each owner kind, as the `d` of an SVG path on a 16 by 16
/// field. They differ in outline, not in colour alone.
pub fn shape(owner: Owner) -> &'static str {
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

/// What a page brings along that shows tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The theme's style sheet.
    Themed,
    /// Nothing we know of: shapes have a size of their own, and words say what
    /// the style sheet would.
    Bare,
}

impl Look {
    /// How a shape opens, up to the path in it.
    fn shape(self) -> &'static str {
        match self {
            // On long pages a shorter badge is one reference of the compression
            // where a longer one would be two.
            Look::Themed => "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"",
            Look::Bare => {
                "<svg class=\"srm-shape\" viewBox=\"0 0 16 16\" width=\"12\" height=\"12\" \
                 fill=\"currentColor\" aria-hidden=\"true\"><path d=\""
            }
        }
    }
}

/// A badge: shape, word, and the parties' names.
pub fn badge(badge: &Badge<'_>, look: Look, out: &mut String) {
    out.push_str("<span class=\"srm-badge\" data-owner=\"");
    out.push_str(badge.owner.word());
    out.push_str("\" data-parties=\"");
    for (at, party) in badge.parties.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        escape_into(&party.id, out);
    }
    out.push_str("\">");
    out.push_str(look.shape());
    out.push_str(shape(badge.owner));
    out.push_str(match look {
        Look::Themed => "\"/></svg><span class=\"srm-badge-word\">",
        Look::Bare => "\"/></svg> <span class=\"srm-badge-word\">",
    });
    escape_into(&badge.word, out);
    out.push_str("</span>");
    if badge.named {
        out.push_str(" <span class=\"srm-badge-parties\">");
        let bare = look == Look::Bare;
        out.push_str(if bare { "(" } else { "" });
        for (at, party) in badge.parties.iter().enumerate() {
            if at > 0 {
                out.push_str(" + ");
            }
            escape_into(&party.label, out);
        }
        out.push_str(if bare { ")</span>" } else { "</span>" });
    }
    if let Some(word) = badge.conditional {
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
    pub look: Look,
    /// Whether the page has the script that chooses rows and takes tables along.
    pub chosen: bool,
}

impl Writer<'_> {
    /// A whole table in a box that scrolls by itself. `id` is the anchor of
    /// its caption. Gives the groups for a list of what the page holds.
    pub fn table(&self, table: Table<'_>, id: &str, out: &mut String) -> Vec<Heading> {
        let mut headings = Vec::new();
        let id = escape(&format!("{}{id}", self.prefix));
        let labels: Vec<String> = table.columns.iter().map(|c| escape(c.label)).collect();
        let heads = if table.grouped { 2 } else { 1 };
        let saved = self.look == Look::Themed && self.chosen;
        if saved {
            self.save(table.kind, out);
        }
        push(
            out,
            &[
                "<div class=\"srm-scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"",
                &id,
                "\"><table class=\"srm-table\" data-kind=\"",
                table.kind,
                "\"><caption id=\"",
                &id,
                "\">",
            ],
        );
        escape_into(&table.caption, out);
        out.push_str("</caption>\n<thead><tr>");
        for column in &table.columns {
            push(
                out,
                &["<th scope=\"col\" data-column=\"", column.kind, "\""],
            );
            if self.look == Look::Bare {
                out.push_str(" data-id=\"");
                escape_into(column.id, out);
                out.push('"');
            }
            out.push('>');
            escape_into(column.label, out);
            out.push_str("</th>");
        }
        out.push_str("</tr></thead>\n");
        for group in table.groups {
            // A group may be a row of the document, whose anchor then is on
            // the first line of the table. Tables of tasks side by side carry
            // it although their heading links elsewhere.
            let of_row = |link: &&Link<'_>| link.page.is_none() || table.kind == "tasks";
            let anchor = group.head.link.as_ref().filter(of_row).map(|l| l.fragment);
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
                self.row(line.id.or(anchor), out);
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
                out.push('>');
                if at == 0 && table.grouped {
                    match group.lines.len() {
                        1 => out.push_str("<th scope=\"rowgroup\">"),
                        n => out.push_str(&format!("<th scope=\"rowgroup\" rowspan=\"{n}\">")),
                    }
                    self.head(&group.head, out);
                    out.push_str("</th>");
                }
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
                for (cell, label) in line.cells.iter().zip(&labels[heads..]) {
                    // Where there is no room for columns, a cell says its own.
                    match self.look {
                        Look::Themed => push(out, &["<td data-label=\"", label, "\">"]),
                        Look::Bare => out.push_str("<td>"),
                    }
                    cell.iter().for_each(|b| self.block(b, out));
                    out.push_str("</td>");
                }
                out.push_str("</tr>\n");
            }
            out.push_str("</tbody>\n");
        }
        out.push_str("</table></div>\n");
        if saved {
            out.push_str("</div>\n");
        }
        headings
    }

    /// Ways to take a table along, for scripts to bring to life.
    fn save(&self, kind: &str, out: &mut String) {
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
        if kind == "checklist" {
            out.push_str("<p class=\"srm-ticks\"><button class=\"srm-untick\" type=\"button\">");
            push(
                out,
                &[&word("untick"), "</button> <span class=\"srm-progress\""],
            );
            let words = words(self.scope.strings, &["progress"]);
            push(
                out,
                &[" role=\"status\" data-words=\"", &words, "\"></span></p>\n"],
            );
        }
    }

    /// What scripts choose a line by: its row, and the category of that.
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
        let category = page.strip_prefix("categories/");
        if let Some(category) = category.and_then(|rest| rest.strip_suffix(".html")) {
            out.push_str(" data-category=\"");
            escape_into(category, out);
            out.push('"');
        }
    }

    /// A checklist as lists of tasks with boxes to tick. `id` is the anchor of
    /// its caption.
    pub fn checklist(&self, table: Table<'_>, id: &str, out: &mut String) {
        out.push_str("<div class=\"srm-checklist\"");
        if !table.caption.is_empty() {
            let id = escape(&format!("{}{id}", self.prefix));
            push(out, &[" role=\"group\" aria-labelledby=\"", &id, "\">\n"]);
            push(
                out,
                &["<p class=\"srm-checklist-caption\" id=\"", &id, "\""],
            );
        }
        out.push('>');
        escape_into(&table.caption, out);
        out.push_str(if table.caption.is_empty() {
            "\n"
        } else {
            "</p>\n"
        });
        for group in table.groups {
            if table.grouped {
                out.push_str("<div class=\"srm-checklist-group\">");
                self.head(&group.head, out);
                out.push_str("</div>\n");
            }
            out.push_str("<ul>\n");
            for line in &group.lines {
                let id = format!("{}{}", self.prefix, line.id.unwrap_or_default());
                self.checklist_line(line, &escape(&id), out);
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</div>\n");
    }

    fn checklist_line(&self, line: &Line<'_>, id: &str, out: &mut String) {
        push(out, &["<li id=\"", id, "\">"]);
        self.head(&line.head, out);
        let mut boxes = 0;
        for block in line.cells.iter().flatten() {
            out.push(' ');
            let Block::Tasks(items) = block else {
                self.block(block, out);
                continue;
            };
            out.push_str("<ul class=\"srm-tasks\">");
            for item in items {
                boxes += 1;
                self.to_be_ticked(item, &format!("{id}-task-{boxes}"), out);
            }
            out.push_str("</ul>");
        }
        out.push_str("</li>\n");
    }

    /// A task with a box. `id` is the anchor of its words where they may be
    /// more than a label can hold.
    fn to_be_ticked(&self, item: &Item<'_>, id: &str, out: &mut String) {
        if item.task.text.trim().contains('\n') {
            push(
                out,
                &[
                    "<li><input type=\"checkbox\" aria-labelledby=\"",
                    id,
                    "\"><div id=\"",
                    id,
                    "\">",
                ],
            );
            self.words(item, out);
            out.push_str("</div></li>");
        } else {
            out.push_str("<li><label><input type=\"checkbox\"> ");
            self.words(item, out);
            out.push_str("</label></li>");
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

    /// A link inside the site, given as a path from its top.
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
        out.push_str("<a href=\"");
        if !here {
            escape_into(root, out);
            escape_into(&encoded(path), out);
        } else if fragment.is_empty() {
            escape_into(&encoded(path.rsplit('/').next().unwrap_or(path)), out);
        }
        if !fragment.is_empty() {
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

    fn block(&self, block: &Block<'_>, out: &mut String) {
        match block {
            Block::Badge(b) => badge(b, self.look, out),
            Block::Mark { yes, text } => {
                out.push_str(if *yes {
                    "<span class=\"srm-mark srm-yes\">"
                } else {
                    "<span class=\"srm-mark srm-no\">"
                });
                out.push_str(self.look.shape());
                out.push_str(if *yes {
                    "M2 8.5l1.6-1.6L6.5 9.8 12.4 3.5 14 5.1 6.5 13z\"/></svg>"
                } else {
                    "M2 7h12v2H2z\"/></svg>"
                });
                if self.look == Look::Bare {
                    out.push(' ');
                }
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
                    &["<div class=\"srm-remark\" data-kind=\"", kind, "\"><b>"],
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

    fn item(&self, item: &Item<'_>, out: &mut String) {
        out.push_str(match item.equal {
            None => "<li>",
            Some(true) => "<li data-task=\"same\">",
            Some(false) => "<li data-task=\"differs\">",
        });
        self.words(item, out);
        out.push_str("</li>");
    }

    fn words(&self, item: &Item<'_>, out: &mut String) {
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

    /// An author's inline Markdown. Most texts hold none, and need no parser.
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
        };
        out.push_str(&markdown::inline(input, self.scope).html);
    }
}

/// Words for scripts, by their keys: a JSON object, ready for an attribute.
pub fn words(strings: &Strings, keys: &[&str]) -> String {
    let words: BTreeMap<&str, &str> = keys.iter().map(|key| (*key, strings.get(key))).collect();
    escape(&serde_json::json!(words).to_string())
}

fn push(out: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| out.push_str(part));
}

/// A path or a fragment as part of an address. Nearly all of them stand for
/// themselves.
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
