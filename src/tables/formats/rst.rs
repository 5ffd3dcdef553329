//! Writes tables as reStructuredText: the directive `list-table` of docutils, whose
//! cells can contain paragraphs and lists (docutils' reStructuredText Markup
//! Specification and Directives). Cells cannot span lines, so a group's heading is
//! repeated. Styles cannot be nested, so only the first of several is written.

use crate::tables::formats::text::{address, inner, is_number, one_line, parts};
use crate::tables::styled_text::{self, Cells, StyledWords};
use crate::tables::table::Table;

/// A table with its caption as its title.
pub fn table(table: Table<'_>, cells: &Cells<'_>, out: &mut String) {
    let heads = if table.grouped { 2 } else { 1 };
    let columns = table.columns.len();
    let labels = table
        .columns
        .iter()
        .map(|c| vec![words(&[one_line(c.label)])]);
    let labels: Vec<Vec<String>> = labels.collect();
    let mut body = String::new();
    for group in table.groups {
        for (at, line) in group.lines.iter().enumerate() {
            let mut shown = Vec::with_capacity(columns);
            if table.grouped {
                // Remarks are written once, the heading in every line.
                let mut lines = cells.head(&group.head);
                lines.truncate(if at == 0 { lines.len() } else { 1 });
                shown.push(block(&lines));
            }
            shown.push(block(&cells.head(&line.head)));
            shown.extend(line.cells.iter().map(|blocks| block(&cells.lines(blocks))));
            row(&shown, &mut body);
        }
    }
    let title = words(&[one_line(&table.caption)]);
    out.push_str(format!(".. list-table:: {title}").trim_end());
    out.push('\n');
    // A table needs cells that are not headings below and beside them.
    if !body.is_empty() {
        out.push_str("   :header-rows: 1\n");
    }
    if columns > 1 {
        out.push_str(&format!("   :stub-columns: {}\n", heads.min(columns - 1)));
    }
    out.push('\n');
    row(&labels, out);
    out.push_str(&body);
    for note in cells.below(&table.legend) {
        out.push('\n');
        out.push_str(&block(&note).join("\n"));
        out.push('\n');
    }
}

/// A row of the table. Each cell is a list of lines.
fn row(cells: &[Vec<String>], out: &mut String) {
    for (at, lines) in cells.iter().enumerate() {
        out.push_str(if at == 0 { "   * -" } else { "     -" });
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                out.push('\n');
            }
            if !line.is_empty() {
                out.push_str(if at == 0 { " " } else { "       " });
                out.push_str(line);
            }
        }
        out.push('\n');
    }
}

/// A checklist as lists of tasks with boxes to tick.
pub fn checklist(table: Table<'_>, cells: &Cells<'_>, out: &mut String) {
    let mut paragraphs = vec![words(&[one_line(&table.caption)])];
    for group in table.groups {
        if table.grouped {
            let label = StyledWords {
                strong: true,
                ..cells.label(&group.head)
            };
            let mut lines = vec![styled_text::StyledLine::of(vec![label])];
            lines.extend(cells.more(&group.head));
            paragraphs.push(block(&lines).join("\n"));
        }
        for line in &group.lines {
            let mut lines = entry(
                "- ",
                &styled_text::StyledLine::of(vec![cells.label(&line.head)]),
            );
            lines.push(String::new());
            for mut line in line.cells.iter().flat_map(|blocks| cells.lines(blocks)) {
                if line.task {
                    line.words.insert(0, StyledWords::plain("\u{2610} "));
                }
                let shown = entry("- ", &line);
                lines.extend(shown.into_iter().map(|line| format!("  {line}")));
            }
            paragraphs.push(lines.join("\n").trim_end().to_string());
        }
    }
    let notes = cells.notes.take();
    paragraphs.extend(notes.iter().map(|note| block(note).join("\n")));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    out.push_str(&paragraphs.join("\n\n"));
    out.push('\n');
}

/// Lines as paragraphs and lists, separated by empty lines.
fn block(lines: &[styled_text::StyledLine<'_>]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut in_list = false;
    for line in lines {
        let shown = entry(if line.entry { "- " } else { "" }, line);
        if !(out.is_empty() || in_list && line.entry) {
            out.push(String::new());
        }
        out.extend(shown);
        in_list = line.entry;
    }
    out
}

/// A line after a mark. If it has line breaks, it is written as a line block.
fn entry(mark: &str, line: &styled_text::StyledLine<'_>) -> Vec<String> {
    let parts: Vec<String> = parts(line).iter().map(|part| words(part)).collect();
    let bar = if parts.len() > 1 { "| " } else { "" };
    let blanks = " ".repeat(mark.len());
    let lead = |at: usize| if at == 0 { mark } else { &blanks };
    let lines = parts.iter().enumerate();
    lines
        .map(|(at, part)| format!("{}{bar}{part}", lead(at)))
        .collect()
}

/// The words of a whole line.
pub fn words(words: &[StyledWords<'_>]) -> String {
    let mut out = String::new();
    let mut marked = false;
    for one in words {
        let (before, text, after) = inner(&one.text);
        out.push_str(before);
        if !text.is_empty() {
            // There is no mark for strikethrough.
            let struck = one.struck.then(|| format!("~~{text}~~"));
            let text = struck.as_deref().unwrap_or(text);
            let markup = markup(one, text);
            // Marks need space around them; this escaped space is not shown.
            if (marked || markup.is_some()) && !(out.is_empty() || out.ends_with(' ')) {
                out.push_str("\\ ");
            }
            marked = markup.is_some();
            match markup {
                Some(markup) => out.push_str(&markup),
                None => escape(text, out.is_empty(), &mut out),
            }
        }
        out.push_str(after);
    }
    out
}

/// Words with their marks, if they have any.
fn markup(words: &StyledWords<'_>, text: &str) -> Option<String> {
    let mut plain = String::new();
    escape(text, false, &mut plain);
    if let Some(link) = &words.link {
        // An underscore at the end would make it a reference.
        let mut link = address(link, "*");
        if link.ends_with('_') {
            link.replace_range(link.len() - 1.., "%5F");
        }
        return Some(format!("`{plain} <{link}>`__"));
    }
    if words.code {
        return Some(match text.contains(['`', '\\']) {
            true => format!(":literal:`{plain}`"),
            false => format!("``{text}``"),
        });
    }
    match (words.strong, words.emphasis) {
        (true, _) => Some(format!("**{plain}**")),
        (_, true) => Some(format!("*{plain}*")),
        _ => None,
    }
}

/// Non-ASCII characters that begin a list entry.
const BULLETS: &str = "•‣⁃";

/// Escapes plain text. `first` says whether a line begins with it.
fn escape(text: &str, first: bool, out: &mut String) {
    let mut beginning = first;
    // A line of nothing but punctuation could be the line of a title.
    if first && text.starts_with('\\') && text.bytes().all(|byte| byte == b'\\') {
        out.push_str("\\ ");
    }
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        let ends = after.is_empty() || after.starts_with(' ');
        let special = match c {
            '\\' | '*' | '`' | '_' | '|' | '@' | '<' | '>' => true,
            ':' if !ends => true,
            '.' | ')' if beginning && ends && is_number(&text[..at]) => true,
            c if first && at == 0 => BULLETS.contains(c) || c.is_ascii_punctuation(),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        beginning &= c.is_alphanumeric();
    }
}
