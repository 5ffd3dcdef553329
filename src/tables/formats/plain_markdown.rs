//! Writes tables as Markdown without HTML, for documents that do not allow it. Each line
//! of a cell is a row of the table, so owners and remarks get columns of their own.

use crate::tables::formats::markdown::{self, Start, caption, styled_words};
use crate::tables::formats::{inert, text};
use crate::tables::styled_text::{Cells, StyledLine, StyledWords};
use crate::tables::table::{Block, Head, Line, Table};

/// The rows that a line of a table becomes.
#[derive(Default)]
struct Rows {
    /// What every row begins with: the heading of the group, and that of the line.
    headings: Vec<String>,
    owner: Vec<String>,
    cells: Vec<Vec<String>>,
    remarks: Vec<String>,
}

/// A table with its caption as a paragraph above it.
pub fn table(table: Table<'_>, cells: &Cells<'_>, out: &mut String) {
    let mut written = String::new();
    caption(&table, &mut written);
    let heads = if table.grouped { 2 } else { 1 };
    let mut all = Vec::new();
    for group in table.groups {
        let heading = styled(&[cells.label(&group.head)], Start::Within);
        let heading: Vec<String> = table.grouped.then_some(heading).into_iter().collect();
        let remarks = lines(&cells.more(&group.head));
        if table.grouped && !remarks.is_empty() {
            all.push(Rows {
                headings: vec![heading.concat(), String::new()],
                remarks,
                ..Rows::default()
            });
        }
        all.extend(group.lines.iter().map(|line| rows(&heading, line, cells)));
    }
    let has_owner = all.iter().any(|rows| !rows.owner.is_empty());
    let has_remarks = all.iter().any(|rows| !rows.remarks.is_empty());
    let label = |label: &str| styled(&[text::one_line(label)], Start::Within);
    let mut header: Vec<String> = table.columns.iter().map(|c| label(c.label)).collect();
    if has_owner {
        header.insert(heads, label(cells.strings.get("owner")));
    }
    if has_remarks {
        header.push(label(cells.strings.get("remarks")));
    }
    row(&header, &mut written);
    row(&vec!["---".to_string(); header.len()], &mut written);
    for mut rows in all {
        rows.cells.resize(table.columns.len() - heads, Vec::new());
        let owner = has_owner.then_some(rows.owner);
        let remarks = has_remarks.then_some(rows.remarks);
        let columns = owner.into_iter().chain(rows.cells).chain(remarks);
        let columns: Vec<Vec<String>> = columns.collect();
        let height = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
        for at in 0..height {
            let shown = columns.iter().map(|lines| lines.get(at).cloned());
            let shown = shown.map(Option::unwrap_or_default);
            let shown: Vec<String> = rows.headings.iter().cloned().chain(shown).collect();
            row(&shown, &mut written);
        }
    }
    notes(&cells.below(&table.legend), &mut written);
    out.push_str(&without_tags(&written));
}

/// A checklist as lists of tasks with boxes to tick.
pub fn checklist(table: Table<'_>, cells: &Cells<'_>, out: &mut String) {
    let mut written = String::new();
    caption(&table, &mut written);
    for (at, group) in table.groups.enumerate() {
        if table.grouped {
            if at > 0 {
                written.push('\n');
            }
            let heading = styled(&[cells.label(&group.head)], Start::Within);
            written.push_str(&format!("**{heading}**\n\n"));
            for remark in lines(&cells.more(&group.head)) {
                written.push_str(&format!("{remark}\n\n"));
            }
        }
        for line in &group.lines {
            let heading = styled(&[cells.label(&line.head)], Start::Line);
            written.push_str(&format!("- {heading}\n"));
            for line in line.cells.iter().flat_map(|blocks| cells.lines(blocks)) {
                for (at, part) in text::parts(&line).iter().enumerate() {
                    let mark = if line.task && at == 0 { "[ ] " } else { "" };
                    let words = styled(part, Start::Line);
                    written.push_str(&format!("    - {mark}{words}\n"));
                }
            }
        }
    }
    notes(&cells.below(&table.legend), &mut written);
    out.push_str(&without_tags(&written));
}

/// Words that may begin a line.
pub fn words(words: &[StyledWords<'_>]) -> String {
    without_tags(&markdown::words(words))
}

fn rows(heading: &[String], line: &Line<'_>, cells: &Cells<'_>) -> Rows {
    let mut headings = heading.to_vec();
    headings.push(styled(&[cells.label(&line.head)], Start::Within));
    let (owner, remarks) = owner_and_remarks(&line.head);
    Rows {
        headings,
        owner: lines(&cells.lines(owner)),
        cells: line.cells.iter().map(|c| lines(&cells.lines(c))).collect(),
        remarks: lines(&cells.lines(remarks)),
    }
}

/// The badge below a heading, and what else is there.
fn owner_and_remarks<'h, 'a>(head: &'h Head<'a>) -> (&'h [Block<'a>], &'h [Block<'a>]) {
    let is_badge = matches!(head.blocks.first(), Some(Block::Badge(_)));
    head.blocks.split_at(usize::from(is_badge))
}

/// The lines of a cell, split where authors break lines.
fn lines(lines: &[StyledLine<'_>]) -> Vec<String> {
    let parts = lines.iter().flat_map(|line| {
        let parts = text::parts(line);
        let parts = parts.iter().enumerate();
        let parts = parts.map(|(at, part)| {
            let bullet = if line.entry && at == 0 { "• " } else { "" };
            format!("{bullet}{}", styled(part, Start::Within))
        });
        parts.collect::<Vec<_>>()
    });
    parts.collect()
}

fn styled(words: &[StyledWords<'_>], start: Start) -> String {
    let mut out = String::new();
    styled_words(words, start, &mut out);
    out
}

fn row(cells: &[String], out: &mut String) {
    out.push_str(&format!("| {} |\n", cells.join(" | ")));
}

/// What is below a table or list, a paragraph for each line.
fn notes(notes: &[Vec<StyledLine<'_>>], out: &mut String) {
    for line in notes.iter().flat_map(|note| lines(note)) {
        out.push_str(&format!("\n{line}\n"));
    }
}

/// Markdown without its tags. No text of an author contains one, so all of them are
/// those of the tool.
fn without_tags(written: &str) -> String {
    let divided = format!(":{}", inert::DIVIDER);
    let tags = [
        (divided.as_str(), "&#58;"),
        (inert::DIVIDER, ""),
        (markdown::BREAK, " "),
        ("<del>", "~~"),
        ("</del>", "~~"),
        ("<code>", ""),
        ("</code>", ""),
    ];
    tags.iter().fold(written.to_string(), |text, (tag, plain)| {
        text.replace(tag, plain)
    })
}
