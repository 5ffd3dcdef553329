//! Lists in a cell: where one task ends and the next begins.

use crate::import::grid::{CellLine, CellText};
use crate::import::pattern::squeezed;

/// Characters that begin an entry inside a line, with a blank before and after them.
const BULLETS: &[char] = &['•', '●', '▪', '‣', '◦', '∙', '·', '■', '○', '–'];

/// One entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// As a reader sees it.
    pub plain: String,
    /// As Markdown.
    pub markdown: String,
}

/// The entries of a cell. It is divided in the first of these ways that divides it:
/// `lines`, `bullets`, `sentences`, or at a text.
pub fn entries(text: &CellText, split: &[&str]) -> Vec<Entry> {
    let filled = |line: &&CellLine| !line.plain.trim().is_empty();
    let lines: Vec<&CellLine> = text.lines.iter().filter(filled).collect();
    for way in split {
        let entries = divided(&lines, way, split.contains(&"bullets"));
        if let Some(entries) = entries {
            return entries;
        }
    }
    let join = |part: fn(&CellLine) -> &str| {
        let texts: Vec<&str> = lines.iter().map(|line| part(line)).collect();
        squeezed(&texts.join(" "))
    };
    match lines.is_empty() {
        true => Vec::new(),
        false => vec![Entry {
            plain: join(|line| &line.plain),
            markdown: join(|line| &line.markdown),
        }],
    }
}

fn divided(lines: &[&CellLine], way: &str, at_bullets: bool) -> Option<Vec<Entry>> {
    let whole = |line: &&CellLine| whole(line);
    match way {
        "lines" if lines.len() > 1 => Some(
            lines
                .iter()
                .flat_map(|line| match at_bullets && line.bullet {
                    true => pieces(line, bullets),
                    false => vec![whole(line)],
                })
                .collect(),
        ),
        "lines" => None,
        "bullets" => bulleted(lines),
        "sentences" => several(
            lines
                .iter()
                .flat_map(|line| pieces(line, sentences))
                .collect(),
        ),
        text => several(
            lines
                .iter()
                .flat_map(|line| pieces(line, |t| t.split(text).collect()))
                .collect(),
        ),
    }
}

fn several(entries: Vec<Entry>) -> Option<Vec<Entry>> {
    (entries.len() > 1).then_some(entries)
}

fn whole(line: &CellLine) -> Entry {
    Entry {
        plain: squeezed(&line.plain),
        markdown: squeezed(&line.markdown),
    }
}

/// Entries that begin with bullets. A line without one goes on with the entry above it.
fn bulleted(lines: &[&CellLine]) -> Option<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut found = false;
    for line in lines {
        let parts = pieces(line, bullets);
        found |= line.bullet || parts.len() > 1;
        let mut parts = parts.into_iter();
        if let (false, Some(last)) = (line.bullet, entries.last_mut())
            && let Some(first) = parts.next()
        {
            last.plain = format!("{} {}", last.plain, first.plain);
            last.markdown = format!("{} {}", last.markdown, first.markdown);
        }
        entries.extend(parts);
    }
    found.then_some(entries)
}

/// The pieces of a line. Where Markdown is divided otherwise than the text, the line is
/// taken without its styles.
fn pieces(line: &CellLine, divide: impl Fn(&str) -> Vec<&str>) -> Vec<Entry> {
    let filled = |text: &&str| !text.trim().is_empty();
    let plain: Vec<&str> = divide(&line.plain).into_iter().filter(filled).collect();
    let markdown: Vec<&str> = divide(&line.markdown).into_iter().filter(filled).collect();
    let same = plain.len() == markdown.len();
    let entry = |(at, plain): (usize, &&str)| Entry {
        plain: squeezed(plain),
        markdown: match same {
            true => squeezed(markdown[at]),
            false => crate::import::grid::as_markdown(&squeezed(plain)),
        },
    };
    plain.iter().enumerate().map(entry).collect()
}

/// Divides a line before each bullet that has a blank before and after it.
fn bullets(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| BULLETS.contains(c)) {
        let end = at + c.len_utf8();
        let before = text[..at].chars().next_back();
        let after = text[end..].chars().next();
        if before.is_none_or(char::is_whitespace) && after.is_some_and(char::is_whitespace) {
            out.push(&text[start..at]);
            start = end;
        }
    }
    out.push(&text[start..]);
    out
}

/// Divides a line after each full stop, question or exclamation mark before a blank.
fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, c) in text
        .char_indices()
        .filter(|(_, c)| ".!?。！？".contains(*c))
    {
        let end = at + c.len_utf8();
        let wide = !c.is_ascii();
        if wide || text[end..].starts_with(char::is_whitespace) {
            out.push(&text[start..end]);
            start = end;
        }
    }
    out.push(&text[start..]);
    out
}
