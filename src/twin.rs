//! Pages and tables as Markdown: the twin of each page, and `llms.txt`. GitHub
//! Flavored Markdown has no spans, so a group's heading is repeated in every
//! line, and no lists in cells, so tasks are parted by `<br>`.

use crate::badge::Badge;
use crate::body::{Body, Card, Fact, Link, Part};
use crate::diag::Place;
use crate::html::{encoded, folder_of};
use crate::links::{Destination, Targets, encode};
use crate::markdown::{self, Settings};
use crate::model::Prose;
use crate::pages::{Kind, Page, Project};
use crate::table::{Block, Head, Item, Remark, Table, join_controls};

/// Writes Markdown for one page.
pub struct Writer<'a> {
    pub targets: &'a Targets,
    pub settings: Settings,
    /// Path of the page this is the twin of.
    pub page: &'a str,
    /// From the page to the site's top.
    pub root: String,
    /// Folder of the content below the project.
    pub src: &'a str,
}

impl Writer<'_> {
    /// A whole page.
    pub fn page(&self, title: &str, body: Body<'_>) -> String {
        let mut out = format!("# {}\n", line(title));
        for section in body.sections {
            if !section.heading.is_empty() {
                let marks = "#".repeat(usize::from(section.level));
                out.push_str(&format!("\n{marks} {}\n", line(&section.heading)));
            }
            for part in section.parts {
                let text = match part {
                    // The large ones are written in place.
                    Part::Table { table, .. } => {
                        out.push('\n');
                        self.table(table, &mut out);
                        continue;
                    }
                    part => self.part(&part),
                };
                let text = text.trim_matches('\n');
                if !text.is_empty() {
                    out.push('\n');
                    out.push_str(text);
                    out.push('\n');
                }
            }
        }
        out
    }

    fn part(&self, part: &Part<'_>) -> String {
        match part {
            Part::Prose { prose, .. } => self.prose(prose),
            Part::Markdown(text) => {
                self.markdown(&text.value, folder_of(&text.place.file, self.src))
            }
            Part::Paragraph(text) => line(text),
            Part::Table { .. } => String::new(),
            Part::Totals { lead, counts } => {
                format!("{}\n\n{}", line(lead), counts_list(counts))
            }
            Part::Cards(cards) => {
                let cards: Vec<String> = cards.iter().map(|c| self.card(c)).collect();
                cards.join("\n")
            }
            Part::Facts(facts) => {
                let lines: Vec<String> = facts
                    .iter()
                    .map(|(label, fact)| match fact {
                        Fact::Plain(text) => format!("- {}: {}", line(label), line(text)),
                        Fact::External { label: name, url } => {
                            format!("- {}: [{}](<{url}>)", line(label), line(name))
                        }
                    })
                    .collect();
                lines.join("\n")
            }
            Part::Links(links) => self.links(links, ""),
        }
    }

    fn card(&self, card: &Card<'_>) -> String {
        let mut out = format!("- {}", self.link(&card.label, &card.path));
        if !card.text.is_empty() {
            out.push_str(&format!(": {}", line(&card.text)));
        }
        for (badge, n) in &card.counts {
            out.push_str(&format!("\n  - {}: {n}", line(&badge.text())));
        }
        let links = self.links(&card.links, "  ");
        if !links.is_empty() {
            out.push_str(&format!("\n{links}"));
        }
        out
    }

    fn links(&self, links: &[Link], indent: &str) -> String {
        let lines: Vec<String> = links
            .iter()
            .map(|link| {
                let note = match link.note.as_str() {
                    "" => String::new(),
                    note => format!(" ({})", line(note)),
                };
                format!("{indent}- {}{note}", self.link(&link.label, &link.path))
            })
            .collect();
        lines.join("\n")
    }

    /// A link to another page's twin.
    fn link(&self, label: &str, path: &str) -> String {
        format!("[{}]({})", line(label), self.href(path))
    }

    fn href(&self, path: &str) -> String {
        let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
        let mut out = String::new();
        self.href_into(path, fragment, &mut out);
        out
    }

    fn href_into(&self, path: &str, fragment: &str, out: &mut String) {
        if !path.is_empty() {
            // Pages without a twin are linked as they are.
            let twin = path
                .strip_suffix(".html")
                .map(|stem| [stem, ".md"].concat())
                .filter(|twin| self.targets.outputs.contains(twin));
            out.push_str(&self.root);
            out.push_str(&encoded(twin.as_deref().unwrap_or(path)));
        }
        // Rows have no anchors in Markdown, so a link to one leads to the page.
        if !fragment.is_empty() && !self.targets.rows.contains_key(fragment) {
            out.push('#');
            out.push_str(&encoded(fragment));
        }
    }

    fn prose(&self, prose: &Prose) -> String {
        let body = prose.body.trim();
        let body = match body.strip_prefix("# ") {
            Some(rest) => rest.split_once('\n').map_or("", |(_, rest)| rest),
            None => body,
        };
        let folder = prose.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.markdown(&body.replace("\r\n", "\n"), folder)
    }

    /// An author's Markdown with its links pointing to twins.
    fn markdown(&self, text: &str, folder: &str) -> String {
        markdown::rewrite(text, self.settings, |link| {
            match self.targets.resolve(link, folder) {
                Destination::Internal { path, fragment } => {
                    let fragment = fragment.map_or(String::new(), |f| format!("#{f}"));
                    Some(self.href(&format!("{path}{fragment}")))
                }
                _ => None,
            }
        })
    }

    /// A table with its caption as a paragraph above it.
    fn table(&self, table: Table<'_>, out: &mut String) {
        if !table.caption.is_empty() {
            out.push_str(&line(&table.caption));
            out.push_str("\n\n");
        }
        for column in &table.columns {
            out.push_str("| ");
            cell(column.label, out);
            out.push(' ');
        }
        out.push_str("|\n");
        out.push_str(&"| --- ".repeat(table.columns.len()));
        out.push_str("|\n");
        for group in table.groups {
            let mut heading = String::new();
            self.label(&group.head, &mut heading);
            for (at, line) in group.lines.iter().enumerate() {
                // Remarks are said once, the heading in every line.
                out.push_str("| ");
                out.push_str(&heading);
                if at == 0 {
                    self.more(&group.head, out);
                }
                out.push_str(" | ");
                self.label(&line.head, out);
                self.more(&line.head, out);
                for blocks in &line.cells {
                    out.push_str(" | ");
                    self.blocks(blocks, out);
                }
                out.push_str(" |\n");
            }
        }
    }

    fn label(&self, head: &Head<'_>, out: &mut String) {
        // Rows have no anchors here, so a link to the page itself says nothing.
        let target = head
            .link
            .as_ref()
            .and_then(|l| Some((l.page.as_deref()?, l.fragment)));
        match target.filter(|(page, _)| *page != self.page) {
            Some((page, fragment)) => {
                out.push('[');
                cell(&head.label, out);
                out.push_str("](");
                self.href_into(page, fragment, out);
                out.push(')');
            }
            None => cell(&head.label, out),
        }
    }

    /// What stands beneath a heading's label.
    fn more(&self, head: &Head<'_>, out: &mut String) {
        if !head.blocks.is_empty() {
            out.push_str("<br>");
            self.blocks(&head.blocks, out);
        }
    }

    fn blocks(&self, blocks: &[Block<'_>], out: &mut String) {
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                out.push_str("<br>");
            }
            self.block(block, out);
        }
    }

    fn block(&self, block: &Block<'_>, out: &mut String) {
        match block {
            Block::Badge(badge) => {
                out.push_str("**");
                cell(&badge.text(), out);
                out.push_str("**");
            }
            Block::Words(text) => cell(text, out),
            Block::Change { text, .. } => cell(text, out),
            Block::Mark { text, .. } | Block::Nothing(text) => cell(text, out),
            Block::Markdown(text) => self.inline(&text.value, &text.place, out),
            Block::Tasks(items) => {
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "• " } else { "<br>• " });
                    self.item(item, out);
                }
            }
            Block::Remark { label, text, .. } => {
                out.push('*');
                cell(label, out);
                out.push_str("* ");
                match text {
                    Remark::Plain(text) => cell(text, out),
                    Remark::Markdown(text) => self.inline(&text.value, &text.place, out),
                }
            }
        }
    }

    fn item(&self, item: &Item<'_>, out: &mut String) {
        self.inline(&item.task.text, &item.task.place, out);
        if !item.controls.is_empty() {
            out.push_str(" (");
            cell(&join_controls(&item.controls, ", "), out);
            out.push(')');
        }
        if let Some(mark) = item.mark {
            out.push_str(" *(");
            cell(mark, out);
            out.push_str(")*");
        }
    }

    /// Inline Markdown fit for a cell.
    fn inline(&self, text: &str, place: &Place, out: &mut String) {
        if is_without(text, |b| {
            matches!(b, b'\n' | b'\r' | b'\\' | b'|' | b']' | b'<')
        }) {
            return out.push_str(text);
        }
        let folder = folder_of(&place.file, self.src);
        out.push_str(&bars(&self.markdown(&text.replace("\r\n", "\n"), folder)));
    }
}

fn counts_list(counts: &[(Badge<'_>, usize)]) -> String {
    let lines: Vec<String> = counts
        .iter()
        .map(|(badge, n)| format!("- {}: {n}", line(&badge.text())))
        .collect();
    lines.join("\n")
}

/// Plain text as one line of Markdown that means nothing but itself.
fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '\n' | '\r' => out.push(' '),
            '&' if is_reference(&text[at..]) => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    // A line may not begin like a list, heading or quote, nor end like a
    // heading.
    let digits = out.bytes().take_while(u8::is_ascii_digit).count();
    if out.starts_with(['#', '>', '-', '+', '=', '|', ':']) {
        out.insert(0, '\\');
    } else if digits > 0 && out[digits..].starts_with(['.', ')']) {
        out.insert(digits, '\\');
    }
    if out.ends_with('#') {
        out.insert(out.len() - 1, '\\');
    }
    out
}

/// Whether a text begins with what Markdown takes for a character reference.
fn is_reference(text: &str) -> bool {
    let Some(end) = text.find(';') else {
        return false;
    };
    let name = &text[1..end];
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
}

/// Plain text for a table cell.
fn cell(text: &str, out: &mut String) {
    let begins = |c: char| c.is_ascii_digit() || ">-+=:".contains(c);
    let special = |b: u8| {
        matches!(
            b,
            b'\n'
                | b'\r'
                | b'\\'
                | b'|'
                | b'&'
                | b'`'
                | b'*'
                | b'_'
                | b'['
                | b']'
                | b'<'
                | b'~'
                | b'#'
        )
    };
    if is_without(text, special) && !text.starts_with(begins) {
        out.push_str(text);
    } else {
        out.push_str(&bars(&line(text)));
    }
}

/// Whether a text has none of the special characters, and no blanks around it:
/// nearly all texts can be taken as they are.
fn is_without(text: &str, special: impl Fn(u8) -> bool) -> bool {
    !text.bytes().any(special) && text.trim() == text
}

/// Markdown for a table cell: no bare bar, no line break. A bar with an odd
/// number of backslashes before it is escaped already.
fn bars(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let lines: Vec<&str> = text.trim().split(['\n', '\r']).map(str::trim_end).collect();
    for (at, part) in lines.iter().enumerate() {
        if at > 0 {
            out.push_str("<br>");
        }
        let mut backslashes = 0;
        for c in part.chars() {
            if c == '|' && backslashes % 2 == 0 {
                out.push('\\');
            }
            backslashes = if c == '\\' { backslashes + 1 } else { 0 };
            out.push(c);
        }
        // A backslash at the end would take the power of what follows.
        if backslashes % 2 == 1 {
            out.push('\\');
        }
    }
    out
}

/// `llms.txt`: what the site is and where the Markdown is (llmstxt.org).
pub fn llms(project: &Project<'_>, pages: &[Page]) -> String {
    let mut out = format!("# {}\n", line(project.title()));
    let description = project.config.book.description.as_ref();
    if let Some(description) = description {
        out.push_str(&format!("\n> {}\n", line(&description.value)));
    }
    type Group = (&'static str, fn(Kind) -> bool);
    let groups: [Group; 5] = [
        ("models", |k| matches!(k, Kind::Model(_))),
        ("categories", |k| matches!(k, Kind::Category(_))),
        ("comparisons", |k| {
            matches!(k, Kind::CompareIndex | Kind::Compare(..))
        }),
        ("parties", |k| matches!(k, Kind::Party(_))),
        ("pages", |k| matches!(k, Kind::Home | Kind::Prose(_))),
    ];
    for (key, of) in groups {
        let links: Vec<String> = pages
            .iter()
            .filter(|p| of(p.kind))
            .filter_map(|p| Some(format!("- [{}]({})\n", line(&p.title), encode(&p.twin()?))))
            .collect();
        if !links.is_empty() {
            out.push_str(&format!("\n## {}\n\n", project.strings.get(key)));
            out.push_str(&links.concat());
        }
    }
    out
}
