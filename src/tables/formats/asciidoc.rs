//! Writes tables as AsciiDoc (described at docs.asciidoctor.org). Characters that
//! could be markup are written as numeric character references, which are plain text
//! wherever text is allowed. Letters are left unchanged.

use crate::tables::formats::text::{address, inner, is_number, one_line, parts};
use crate::tables::styled_text::{self, Cells, StyledWords};
use crate::tables::table::{Line, Table};

/// A table with its caption as its title. Headings of groups span lines.
pub fn table(table: Table<'_>, cells: &Cells<'_>, out: &mut String) {
    caption(&table, out);
    let columns = table.columns.len();
    out.push_str(&format!("[cols=\"{columns}*\",options=\"header\"]\n|===\n"));
    for column in &table.columns {
        out.push('|');
        out.push_str(&words(&[one_line(column.label)]));
        out.push('\n');
    }
    for group in table.groups {
        for (at, line) in group.lines.iter().enumerate() {
            out.push('\n');
            if at == 0 && table.grouped {
                match group.lines.len() {
                    1 => {}
                    n => out.push_str(&format!(".{n}+")),
                }
                head(&cells.head(&group.head), out);
            }
            head(&cells.head(&line.head), out);
            for blocks in &line.cells {
                cell(&cells.lines(blocks), out);
            }
        }
    }
    out.push_str("|===\n");
    notes(&cells.below(&table.legend), out);
}

/// What is below a table or list, a paragraph for each line.
fn notes(notes: &[Vec<styled_text::StyledLine<'_>>], out: &mut String) {
    for line in notes.iter().flatten() {
        out.push('\n');
        if line.entry {
            out.push_str("&#8226; ");
        }
        out.push_str(&text(line));
        out.push('\n');
    }
}

/// A checklist as lists of tasks with boxes to tick.
pub fn checklist(table: Table<'_>, cells: &Cells<'_>, out: &mut String) {
    caption(&table, out);
    for (at, group) in table.groups.enumerate() {
        if table.grouped {
            if at > 0 {
                out.push('\n');
            }
            let label = StyledWords {
                strong: true,
                ..cells.label(&group.head)
            };
            out.push_str(&text(&styled_text::StyledLine::of(vec![label])));
            out.push_str("\n\n");
            for line in cells.more(&group.head) {
                out.push_str(&format!("{}\n\n", text(&line)));
            }
        }
        for line in &group.lines {
            entry(line, cells, out);
        }
    }
    notes(&cells.below(&table.legend), out);
}

fn entry(line: &Line<'_>, cells: &Cells<'_>, out: &mut String) {
    out.push_str("* ");
    out.push_str(&text(&styled_text::StyledLine::of(vec![
        cells.label(&line.head),
    ])));
    out.push('\n');
    for line in line.cells.iter().flat_map(|blocks| cells.lines(blocks)) {
        out.push_str(if line.task { "** [ ] " } else { "** " });
        out.push_str(&text(&line));
        out.push('\n');
    }
}

fn caption(table: &Table<'_>, out: &mut String) {
    let title = words(&[one_line(&table.caption)]);
    if !title.is_empty() {
        out.push('.');
        out.push_str(&title);
        out.push('\n');
    }
}

/// A heading with a paragraph for each line, because headings cannot contain lists.
fn head(lines: &[styled_text::StyledLine<'_>], out: &mut String) {
    let shown: Vec<String> = lines
        .iter()
        .map(|line| match line.entry {
            true => format!("&#8226; {}", text(line)),
            false => text(line),
        })
        .collect();
    out.push_str("h|");
    out.push_str(&shown.join("\n\n"));
    out.push('\n');
}

/// A cell with one line, or one with paragraphs and lists.
fn cell(lines: &[styled_text::StyledLine<'_>], out: &mut String) {
    if let [] | [styled_text::StyledLine { entry: false, .. }] = lines {
        out.push('|');
        lines.iter().for_each(|line| out.push_str(&text(line)));
        out.push('\n');
        return;
    }
    out.push_str("a|\n");
    let mut in_list = true;
    let lines = lines.iter().map(|line| (line.entry, text(line)));
    let lines = lines.filter(|(_, text)| !text.is_empty());
    for (at, (entry, text)) in lines.enumerate() {
        if at > 0 && !(in_list && entry) {
            out.push('\n');
        }
        if entry {
            out.push_str("* ");
        }
        out.push_str(&text);
        out.push('\n');
        in_list = entry;
    }
}

/// A line, which may contain line breaks.
fn text(line: &styled_text::StyledLine<'_>) -> String {
    let parts: Vec<String> = parts(line).iter().map(|part| words(part)).collect();
    parts.join(" +\n")
}

/// The words of a whole line.
pub fn words(words: &[StyledWords<'_>]) -> String {
    let mut out = String::new();
    for (at, one) in words.iter().enumerate() {
        let (before, text, after) = inner(&one.text);
        out.push_str(before);
        if !text.is_empty() {
            let next = words.get(at + 1).map_or("", |next| &*next.text);
            let free = (out.is_empty() || out.ends_with(' '))
                && (!after.is_empty() || next.is_empty() || next.starts_with(' '));
            styled(one, text, free, &mut out);
        }
        out.push_str(after);
    }
    // At the beginning of a line, brackets may be read as attributes of a block.
    if out.starts_with('[') {
        out.insert_str(0, "{empty}");
    }
    out
}

/// Words with their marks, which are doubled unless there is space around them.
fn styled(words: &StyledWords<'_>, text: &str, free: bool, out: &mut String) {
    let marks = [
        (words.struck, "[.line-through]", '#'),
        (words.strong, "", '*'),
        (words.emphasis, "", '_'),
        (words.code, "", '`'),
    ];
    let marks: Vec<_> = marks.into_iter().filter(|mark| mark.0).collect();
    let first = out.is_empty() && marks.is_empty() && words.link.is_none();
    // Brackets at the beginning of a line get `{empty}` before them.
    let double = !free || marks.len() > 1 || words.struck && out.is_empty();
    let mark = |c: char| String::from(c).repeat(if double { 2 } else { 1 });
    for (_, attributes, c) in &marks {
        out.push_str(attributes);
        out.push_str(&mark(*c));
    }
    match &words.link {
        Some(link) => {
            out.push_str(&target(link));
            out.push('[');
            escape(text, first, out);
            out.push(']');
        }
        None => escape(text, first, out),
    }
    for (_, _, c) in marks.iter().rev() {
        out.push_str(&mark(*c));
    }
}

/// Where a link leads, before its text.
fn target(link: &str) -> String {
    let link = address(link, "");
    let between = |at: usize| {
        let (before, after) = (&link[..at], &link[at + 1..]);
        before.ends_with(is_letter) && after.starts_with(is_letter)
    };
    let plain = |(at, c): (usize, char)| {
        is_letter(c) || c == '/' || link[at..].starts_with("://") || {
            "-._#?=&%:".contains(c) && between(at)
        }
    };
    if link.char_indices().all(plain) {
        format!("link:{link}")
    } else if link.contains("++") || link.ends_with('+') {
        format!("link:++{}++", link.replace('+', "%2B"))
    } else {
        format!("link:++{link}++")
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// Escapes plain text. `first` says whether a line begins with it.
fn escape(text: &str, first: bool, out: &mut String) {
    let mut before = None;
    let mut beginning = first;
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        let begun = if beginning { &text[..at] } else { "x y" };
        if is_plain(c, begun, before, after) {
            out.push(c);
        } else {
            out.push_str(&format!("&#{};", u32::from(c)));
        }
        before = Some(c);
        beginning &= c.is_alphanumeric();
    }
}

/// Whether a character is plain text between these. `begun` is the line up to it if
/// that is at most one word, because such a word can begin a block.
fn is_plain(c: char, begun: &str, before: Option<char>, after: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric();
    let between = |test: &dyn Fn(char) -> bool| before.is_some_and(test) && after.starts_with(test);
    match c {
        ' ' | ',' => true,
        c if c.is_alphanumeric() => true,
        // A bullet begins a list entry, and spaces begin a block of code.
        c if !c.is_ascii() => !c.is_whitespace() && c != '•',
        '(' => !BRACKETS.iter().any(|s| after.starts_with(s)),
        _ if begun.is_empty() => false,
        ')' => !is_number(begun),
        '.' => !after.starts_with('.') && !is_number(begun),
        '-' | '/' => between(&letter),
        '+' => between(&|c| c == ' ') && !after.trim().is_empty(),
        ':' => (after.is_empty() || after.starts_with(' ')) && !ADMONITIONS.contains(&begun),
        '&' => after.starts_with(' '),
        '!' | '?' => true,
        _ => false,
    }
}

/// What turns an opening bracket into a symbol or an index entry.
const BRACKETS: &[&str] = &["(", "C)", "R)", "TM)"];

/// Words that, before a colon, turn a paragraph into an admonition.
const ADMONITIONS: &[&str] = &["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"];
