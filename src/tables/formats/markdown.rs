//! Writes tables as Markdown that all parsers read the same way: GitHub's, those of
//! static site generators, and MDX. Cells cannot span lines, so a group's heading is
//! repeated in every line. Cells cannot contain lists, so tasks are separated by line
//! breaks.

use std::borrow::Cow;

use crate::tables::formats::inert;
use crate::tables::formats::text::address;
use crate::tables::styled_text::{Cells, StyledLine, StyledWords, by_link};
use crate::tables::table::Table;
use crate::text::Special;

/// A line break within a cell or a line. MDX requires tags to be closed, and where tags
/// are dropped the space separates the words.
pub(super) const BREAK: &str = " <br />";

/// Where a text begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// At the beginning of a line, where it could begin a block.
    Line,
    /// In a cell of a table, or after other words.
    Within,
}

/// Where a text ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// At the end of the cell or line, or before a space.
    Free,
    /// Before other words or marks.
    Joined,
}

/// A table with its caption as a paragraph above it.
pub fn table(table: Table<'_>, cells: &Cells<'_>, out: &mut String) {
    caption(&table, out);
    for column in &table.columns {
        out.push_str("| ");
        text(column.label, Start::Within, End::Free, out);
        out.push(' ');
    }
    out.push_str("|\n");
    out.push_str(&"| --- ".repeat(table.columns.len()));
    out.push_str("|\n");
    for group in table.groups {
        let mut heading = String::new();
        styled_words(&[cells.label(&group.head)], Start::Within, &mut heading);
        for (at, line) in group.lines.iter().enumerate() {
            if table.grouped {
                out.push_str("| ");
                out.push_str(&heading);
                // Remarks are written once, the heading in every line.
                if at == 0 {
                    more(&cells.more(&group.head), out);
                }
                out.push(' ');
            }
            out.push_str("| ");
            styled_words(&[cells.label(&line.head)], Start::Within, out);
            more(&cells.more(&line.head), out);
            for blocks in &line.cells {
                out.push_str(" | ");
                lines(&cells.lines(blocks), out);
            }
            out.push_str(" |\n");
        }
    }
    notes(&cells.below(&table.legend), out);
}

/// A checklist as lists of tasks with boxes to tick. Python-Markdown nests lists by four
/// spaces, and all others do, too.
pub fn checklist(table: Table<'_>, cells: &Cells<'_>, out: &mut String) {
    caption(&table, out);
    for (at, group) in table.groups.enumerate() {
        if table.grouped {
            if at > 0 {
                out.push('\n');
            }
            out.push_str("**");
            styled_words(&[cells.label(&group.head)], Start::Within, out);
            out.push_str("**");
            more(&cells.more(&group.head), out);
            out.push_str("\n\n");
        }
        for line in &group.lines {
            out.push_str("- ");
            styled_words(&[cells.label(&line.head)], Start::Line, out);
            out.push('\n');
            for text in line.cells.iter().flat_map(|blocks| cells.lines(blocks)) {
                out.push_str(if text.task { "    - [ ] " } else { "    - " });
                styled_words(&text.words, Start::Line, out);
                out.push('\n');
            }
        }
    }
    notes(&cells.below(&table.legend), out);
}

/// What is below a table or list, a paragraph for each note.
fn notes(notes: &[Vec<StyledLine<'_>>], out: &mut String) {
    for note in notes {
        out.push('\n');
        for (at, line) in note.iter().enumerate() {
            if at > 0 {
                out.push_str(BREAK);
            }
            if line.entry {
                out.push_str("• ");
            }
            let start = if at == 0 { Start::Line } else { Start::Within };
            styled_words(&line.words, start, out);
        }
        out.push('\n');
    }
}

/// Words that may begin a line.
pub fn words(words: &[StyledWords<'_>]) -> String {
    let mut out = String::new();
    styled_words(words, Start::Line, &mut out);
    out
}

/// Plain text as the description of an image, which cannot contain tags.
pub fn image_text(text: &str) -> String {
    line(text).replace(inert::DIVIDER, "")
}

/// Plain text as one line of Markdown without markup.
pub fn line(text: &str) -> String {
    let text = in_one_line(text);
    let mut out = String::with_capacity(text.len());
    plain(&text, Start::Line, End::Free, &mut out);
    // A `#` at the end of a heading would be dropped.
    if out.ends_with('#') {
        out.insert(out.len() - 1, '\\');
    }
    out
}

pub(super) fn caption(table: &Table<'_>, out: &mut String) {
    if !table.caption.is_empty() {
        text(&table.caption, Start::Line, End::Free, out);
        out.push_str("\n\n");
    }
}

/// The lines below a heading's label.
fn more(shown: &[StyledLine<'_>], out: &mut String) {
    if !shown.is_empty() {
        out.push_str(BREAK);
        lines(shown, out);
    }
}

fn lines(lines: &[StyledLine<'_>], out: &mut String) {
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            out.push_str(BREAK);
        }
        if line.entry {
            out.push_str("• ");
        }
        styled_words(&line.words, Start::Within, out);
    }
}

pub(super) fn styled_words(words: &[StyledWords<'_>], start: Start, out: &mut String) {
    let mut start = start;
    let mut rest = by_link(words).peekable();
    while let Some((link, run)) = rest.next() {
        if link.is_some_and(|link| is_bare(link, run)) && rest.peek().is_none_or(ends_address) {
            let before = out.len();
            text(&run[0].text, start, End::Free, out);
            start = Start::Within;
            if link == Some(&out[before..]) {
                continue;
            }
            // A reference in it would end the address for some readers.
            out.truncate(before);
        }
        if link.is_some() {
            out.push('[');
            start = Start::Within;
        }
        let tick = ticked(run).filter(|_| link.is_some());
        tick.into_iter().for_each(|c| inert::reference(c, out));
        let shown = if tick.is_some() { &[] } else { run };
        for (at, words) in shown.iter().enumerate() {
            let last = at + 1 == run.len() && link.is_none() && rest.peek().is_none();
            let end = if last { End::Free } else { End::Joined };
            styled(words, start, end, out);
            start = Start::Within;
        }
        if let Some(link) = link {
            out.push_str("](");
            out.push_str(&target(link));
            out.push(')');
        }
    }
}

/// The only letter of words that would tick a box: Hugo takes `[x]` at the beginning of a
/// list entry for one, whatever follows.
fn ticked(run: &[StyledWords<'_>]) -> Option<char> {
    let [words] = run else { return None };
    let letter = words.text.trim();
    letter
        .chars()
        .next()
        .filter(|_| ["x", "X"].contains(&letter))
}

/// Whether words are an address and nothing else. Most readers make a link of it, and it
/// reads best as it is.
fn is_bare(link: &str, run: &[StyledWords<'_>]) -> bool {
    let plain = |words: &StyledWords<'_>| {
        let is_styled = words.code || words.strong || words.emphasis || words.struck;
        !is_styled && words.text == link && link.is_ascii()
    };
    matches!(run, [words] if plain(words))
}

/// Whether a bare address ends before these words for every reader.
fn ends_address((link, run): &(Option<&str>, &[StyledWords<'_>])) -> bool {
    let plain = link.is_none() && !run[0].strong && !run[0].emphasis && !run[0].struck;
    plain
        && run[0]
            .text
            .starts_with([' ', '\n', '.', ',', ';', ':', '!', '?', ')'])
}

/// The destination of a link. References in it would be decoded, so `&` is escaped.
fn target(link: &str) -> String {
    let link = address(link, "()");
    let mut out = String::with_capacity(link.len());
    for (at, c) in link.char_indices() {
        match c {
            '&' if inert::has_power("", c, &link[at + 1..]) => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

fn styled(words: &StyledWords<'_>, start: Start, end: End, out: &mut String) {
    if words.code {
        return code(&words.text, out);
    }
    // Not every Markdown has a mark for strikethrough.
    let marks = [
        (words.struck, "<del>", "</del>"),
        (words.strong, "**", "**"),
        (words.emphasis, "*", "*"),
    ];
    let marks: Vec<_> = marks.into_iter().filter(|mark| mark.0).collect();
    let inner = words.text.trim();
    if marks.is_empty() || inner.is_empty() {
        return text(&words.text, start, end, out);
    }
    // A mark beside a space is plain text.
    let blanks = words.text.len() - words.text.trim_start().len();
    out.push_str(&words.text[..blanks]);
    marks.iter().for_each(|mark| out.push_str(mark.1));
    text(inner, Start::Within, End::Joined, out);
    marks.iter().rev().for_each(|mark| out.push_str(mark.2));
    out.push_str(&words.text[blanks + inner.len()..]);
}

/// Plain text, which may have several lines.
fn text(text: &str, start: Start, end: End, out: &mut String) {
    if !may_end_lines(text) {
        return text_line(text, start, end, out);
    }
    let mut start = start;
    for (at, part) in text.split(['\n', '\r']).enumerate() {
        if at > 0 {
            out.push_str(BREAK);
            start = Start::Within;
        }
        text_line(&in_one_line(part), start, end, out);
    }
}

/// One line of plain text. Words end where their style does, spaces and all.
fn text_line(text: &str, start: Start, end: End, out: &mut String) {
    let inner = text.trim();
    let spaces = text.len() - text.trim_start().len();
    out.push_str(&text[..spaces]);
    plain(inner, start, end, out);
    out.push_str(&text[spaces + inner.len()..]);
}

/// Spaces in the place of all that ends a line: some readers end one wherever
/// Unicode does.
fn in_one_line(text: &str) -> Cow<'_, str> {
    const ENDS: &[char] = &[
        '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
    ];
    match may_end_lines(text) && text.contains(ENDS) {
        true => Cow::Owned(text.replace(ENDS, " ")),
        false => Cow::Borrowed(text),
    }
}

/// Whether a text could end a line. Bytes are looked up, which is much faster
/// than a search for the characters; hardly any text of a table ends one.
fn may_end_lines(text: &str) -> bool {
    static ENDS: Special = Special::of("\n\r\u{b}\u{c}");
    !text.is_ascii() || text.bytes().any(|byte| ENDS.has(byte))
}

/// Plain text of one line.
fn plain(text: &str, start: Start, end: End, out: &mut String) {
    let block = match start {
        Start::Line => inert::block_mark(text),
        Start::Within => table_line(text),
    };
    if block.is_none() && end == End::Free && inert::is_plain(text) {
        return out.push_str(text);
    }
    let mut from = 0;
    while from < text.len() {
        let next = inert::next_special(text, from);
        let at = block.filter(|at| (from..next).contains(at)).unwrap_or(next);
        out.push_str(&text[from..at]);
        let Some(c) = text[at..].chars().next() else {
            break;
        };
        from = at + c.len_utf8();
        let after = &text[from..];
        let power = inert::has_power(out, c, after)
            || end == End::Joined && inert::is_open_link(out, c, after);
        if power || block == Some(at) {
            push_literal(c, out);
        } else {
            out.push(c);
        }
        if c == ':' && inert::is_emoji(text, at) {
            out.push_str(inert::DIVIDER);
        }
    }
}

/// Escapes a character. A backslash is used for those before which every Markdown
/// supports it, and a reference for all others.
fn push_literal(c: char, out: &mut String) {
    if "\\*_()#+-.!>".contains(c) {
        out.push('\\');
        out.push(c);
    } else {
        inert::reference(c, out);
    }
}

/// The index of the first character of a text that looks like part of a table's
/// delimiter row, which it could become together with other cells.
fn table_line(text: &str) -> Option<usize> {
    let drawn = !text.is_empty() && text.chars().all(|c| "-+=:".contains(c));
    drawn.then_some(0)
}

/// Code, with an element for each line. In a code span, nothing can be escaped for
/// template engines, and parsers disagree on bars and backticks.
fn code(text: &str, out: &mut String) {
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push_str(BREAK);
        }
        let line = &*in_one_line(line);
        if line.trim().is_empty() {
            out.push_str(line);
        } else if line.contains(['<', '{', '}', '|', '`']) || line.ends_with('\\') {
            out.push_str("<code>");
            for (at, c) in line.char_indices() {
                let after = &line[at + c.len_utf8()..];
                // Some programs draw quotes and dots in another way within tags.
                let drawn = "\"'".contains(c) || c == '.' && out.ends_with("..");
                match drawn || inert::has_power(out, c, after) {
                    true => inert::reference(c, out),
                    false => out.push(c),
                }
            }
            out.push_str("</code>");
        } else {
            out.push('`');
            out.push_str(line);
            out.push('`');
        }
    }
}
