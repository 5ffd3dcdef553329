//! Tables as GitHub Flavored Markdown and as MDX. Neither has spans, so a
//! group's heading is repeated in every line, and neither has lists in cells,
//! so tasks are parted by line breaks.

use crate::cells::{Cells, Line, Words, by_link};
use crate::escape::Special;
use crate::formats::text::address;
use crate::table::Table;

/// Which Markdown is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// GitHub Flavored Markdown.
    Gfm,
    /// MDX 3, where `{` begins an expression and tags have to be closed.
    Mdx,
}

/// A table with its caption as a paragraph above it.
pub fn table(table: Table<'_>, cells: &Cells<'_>, flavour: Flavour, out: &mut String) {
    let writer = Writer { flavour };
    writer.caption(&table, out);
    for column in &table.columns {
        out.push_str("| ");
        writer.text(column.label, out);
        out.push(' ');
    }
    out.push_str("|\n");
    out.push_str(&"| --- ".repeat(table.columns.len()));
    out.push_str("|\n");
    for group in table.groups {
        let mut heading = String::new();
        writer.words(&[cells.label(&group.head)], &mut heading);
        for (at, line) in group.lines.iter().enumerate() {
            if table.grouped {
                out.push_str("| ");
                out.push_str(&heading);
                // Remarks are said once, the heading in every line.
                if at == 0 {
                    writer.more(&cells.more(&group.head), out);
                }
                out.push(' ');
            }
            out.push_str("| ");
            writer.words(&[cells.label(&line.head)], out);
            writer.more(&cells.more(&line.head), out);
            for blocks in &line.cells {
                out.push_str(" | ");
                writer.lines(&cells.lines(blocks), out);
            }
            out.push_str(" |\n");
        }
    }
}

/// A checklist as lists of tasks with boxes to tick.
pub fn checklist(table: Table<'_>, cells: &Cells<'_>, flavour: Flavour, out: &mut String) {
    let writer = Writer { flavour };
    writer.caption(&table, out);
    for (at, group) in table.groups.enumerate() {
        if table.grouped {
            if at > 0 {
                out.push('\n');
            }
            out.push_str("**");
            writer.words(&[cells.label(&group.head)], out);
            out.push_str("**\n\n");
        }
        for line in &group.lines {
            out.push_str("- ");
            writer.words(&[cells.label(&line.head)], out);
            out.push('\n');
            for text in line.cells.iter().flat_map(|blocks| cells.lines(blocks)) {
                out.push_str(if text.entry { "  - [ ] " } else { "  - " });
                writer.words(&text.words, out);
                out.push('\n');
            }
        }
    }
}

/// Words by themselves.
pub fn words(words: &[Words<'_>], flavour: Flavour, out: &mut String) {
    Writer { flavour }.words(words, out);
}

struct Writer {
    flavour: Flavour,
}

impl Writer {
    fn caption(&self, table: &Table<'_>, out: &mut String) {
        if table.caption.is_empty() {
            return;
        }
        let mut caption = String::new();
        self.text(&table.caption, &mut caption);
        // At the top of a paragraph these two begin a program in MDX.
        let first = caption.chars().next().filter(|_| {
            self.flavour == Flavour::Mdx
                && ["import", "export"].iter().any(|w| caption.starts_with(w))
        });
        if let Some(first) = first {
            caption.replace_range(..1, &format!("&#{};", u32::from(first)));
        }
        out.push_str(&caption);
        out.push_str("\n\n");
    }

    /// What stands beneath a heading's label.
    fn more(&self, lines: &[Line<'_>], out: &mut String) {
        if !lines.is_empty() {
            out.push_str(self.line_break());
            self.lines(lines, out);
        }
    }

    fn lines(&self, lines: &[Line<'_>], out: &mut String) {
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                out.push_str(self.line_break());
            }
            if line.entry {
                out.push_str("• ");
            }
            self.words(&line.words, out);
        }
    }

    fn words(&self, words: &[Words<'_>], out: &mut String) {
        for (link, run) in by_link(words) {
            if link.is_some() {
                out.push('[');
            }
            for words in run {
                self.styled(words, out);
            }
            if let Some(link) = link {
                out.push_str("](");
                out.push_str(&address(link, "()"));
                out.push(')');
            }
        }
    }

    fn styled(&self, words: &Words<'_>, out: &mut String) {
        // A backslash before a bar escapes it or not, by the reader's taste, and
        // in code nothing can be done about it.
        if words.code && !words.text.contains("\\|") {
            return code(&words.text, out);
        }
        let marks = [
            (words.struck, "~~"),
            (words.strong, "**"),
            (words.emphasis, "*"),
        ];
        let marks: Vec<&str> = marks.iter().filter(|m| m.0).map(|m| m.1).collect();
        let text = words.text.trim();
        if marks.is_empty() || text.is_empty() {
            return self.text(&words.text, out);
        }
        // A mark has no power beside a blank.
        let start = words.text.len() - words.text.trim_start().len();
        out.push_str(&words.text[..start]);
        marks.iter().for_each(|mark| out.push_str(mark));
        self.text(text, out);
        marks.iter().rev().for_each(|mark| out.push_str(mark));
        out.push_str(&words.text[start + text.len()..]);
    }

    fn text(&self, text: &str, out: &mut String) {
        let from = out.len();
        for (at, part) in text.split(['\n', '\r']).enumerate() {
            if at > 0 {
                out.push_str(self.line_break());
            }
            // Words end where their style does, blanks and all.
            let text = part.trim();
            let start = part.len() - part.trim_start().len();
            out.push_str(&part[..start]);
            cell(text, out);
            out.push_str(&part[start + text.len()..]);
        }
        if self.flavour == Flavour::Mdx && out[from..].contains(['{', '}']) {
            let escaped = out[from..].replace('{', "\\{").replace('}', "\\}");
            out.replace_range(from.., &escaped);
        }
    }

    fn line_break(&self) -> &'static str {
        match self.flavour {
            Flavour::Gfm => "<br>",
            Flavour::Mdx => "<br />",
        }
    }
}

/// Code in a cell: no bare bar, and a fence longer than any inside.
fn code(text: &str, out: &mut String) {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    out.push_str(&fence);
    out.push_str(blank);
    out.push_str(&text.replace('\n', " ").replace('|', "\\|"));
    out.push_str(blank);
    out.push_str(&fence);
}

/// Plain text as one line of Markdown that means nothing but itself.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let marked = text.contains(['\\', '`', '*', '_', '[', ']', '<', '~', '|', '&', '{', '}']);
    for (at, c) in text.char_indices() {
        match c {
            '\n' | '\r' => out.push(' '),
            '&' if is_reference(&text[at..]) => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' => {
                out.push('\\');
                out.push(c);
            }
            ':' | '.' if marked && is_bare_link(&text[..at], &text[at..]) => {
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

/// Whether GitHub Flavored Markdown could take what is written here for a bare
/// link (its section 6.9), in which backslashes would be shown.
fn is_bare_link(before: &str, rest: &str) -> bool {
    rest.starts_with("://") || rest.starts_with('.') && before.ends_with("www")
}

/// Whether a text begins with what Markdown takes for a character reference.
fn is_reference(text: &str) -> bool {
    let Some(end) = text.find(';') else {
        return false;
    };
    let name = &text[1..end];
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
}

/// What stands for something else than itself in a cell.
static SPECIAL: Special = Special::of("\n\r\\|&`*_[]<~#");

/// Plain text for a table cell.
pub fn cell(text: &str, out: &mut String) {
    let begins = |c: char| c.is_ascii_digit() || ">-+=:".contains(c);
    if is_without(text, &SPECIAL) && !text.starts_with(begins) {
        out.push_str(text);
    } else {
        out.push_str(&bars(&line(text)));
    }
}

/// Whether a text has none of the special characters, and no blanks around it:
/// nearly all texts can be taken as they are.
fn is_without(text: &str, special: &Special) -> bool {
    !text.bytes().any(|byte| special.has(byte)) && text.trim() == text
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
