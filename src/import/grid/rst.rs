//! Turns reStructuredText into HTML that says for each part where it comes from.

mod directives;
mod grid;
mod inline;
mod simple;

use std::collections::HashMap;

use unicode_width::UnicodeWidthChar;

use crate::import::grid::foreign::{Foreign, ForeignError, LeftOut, LeftOutKind};
use crate::import::grid::html;
use crate::import::grid::limits::{MAX_SUBSTITUTED, shortened};
use crate::import::grid::places::{Places, Rendered, escape};

/// How deep blocks may be nested.
const MAX_DEPTH: usize = 12;

/// A line and where it begins.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    at: usize,
}

/// Reads a document.
pub(crate) fn read(text: &str, places: Places<'_>) -> Result<Foreign, ForeignError> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|whole| {
        let line = Line {
            text: whole.trim_end(),
            at: start,
        };
        start += whole.len();
        line
    });
    let lines: Vec<Line<'_>> = lines.collect();
    let mut writer = Writer::default();
    writer.collect_names(&lines);
    writer.blocks(&lines, 0);
    if let Some((message, at)) = writer.refused {
        return Err(
            ForeignError::new(message, "correct the table, or export the page as HTML")
                .at(places.of(at, at)),
        );
    }
    let left_out = writer.left_out.into_iter().map(|(what, text, at)| LeftOut {
        what,
        text,
        place: places.of(at, at),
    });
    let mut left_out: Vec<LeftOut> = left_out.collect();
    let places = places.through(writer.out.map);
    let mut foreign = html::read(&writer.out.html, &places)?;
    left_out.append(&mut foreign.left_out);
    Ok(Foreign {
        left_out,
        ..foreign
    })
}

/// Writes HTML.
#[derive(Default)]
struct Writer {
    out: Rendered,
    /// Texts that names stand for.
    names: HashMap<String, String>,
    /// Addresses that names stand for.
    targets: HashMap<String, String>,
    left_out: Vec<(LeftOutKind, String, usize)>,
    /// Kinds of underlines of headings, in the order of their levels.
    levels: Vec<(char, bool)>,
    title: Option<String>,
    references: usize,
    definitions: usize,
    substituted: usize,
    /// The first table that cannot be read.
    refused: Option<(String, usize)>,
}

impl Writer {
    fn leave_out(&mut self, what: LeftOutKind, text: &str, at: usize) {
        self.left_out.push((what, shortened(text), at));
    }

    fn refuse(&mut self, message: &str, at: usize) {
        if self.refused.is_none() {
            self.refused = Some((message.to_string(), at));
        }
    }

    /// Counts text that names are replaced by.
    fn may_grow(&mut self, bytes: usize) -> bool {
        self.substituted = self.substituted.saturating_add(bytes);
        if self.substituted > MAX_SUBSTITUTED {
            self.refuse("names stand for too much text", 0);
        }
        self.substituted <= MAX_SUBSTITUTED
    }

    fn blocks(&mut self, lines: &[Line<'_>], depth: usize) {
        let mut at = 0;
        while at < lines.len() && depth <= MAX_DEPTH {
            at += self.block(&lines[at..], depth).max(1);
        }
    }

    /// Writes the first block of some lines, and gives how many lines it has.
    fn block(&mut self, lines: &[Line<'_>], depth: usize) -> usize {
        let text = lines[0].text.trim();
        if text.is_empty() || text == "::" {
            return 1;
        }
        if grid::begins(text) {
            let length = grid::length(lines);
            let title = self.title.take();
            self.grid_table(&lines[..length], title.as_deref(), depth);
            return length;
        }
        if simple::begins(text) && lines.len() > 1 {
            let length = simple::length(lines);
            let title = self.title.take();
            self.simple_table(&lines[..length], title.as_deref(), depth);
            return length;
        }
        if text == ".." || text.starts_with(".. ") {
            return self.explicit(lines, depth);
        }
        if let Some(length) = self.heading(lines) {
            return length;
        }
        let item = list_item(text);
        let is_more = |line: &&Line<'_>| {
            let text = line.text.trim();
            !text.is_empty()
                && list_item(text).is_none()
                && !text.starts_with(".. ")
                && !grid::begins(text)
        };
        let length = 1 + lines[1..].iter().take_while(is_more).count();
        let mut whole = vec![item.unwrap_or(text)];
        whole.extend(lines[1..length].iter().map(|line| line.text.trim()));
        let whole = whole.join(" ");
        let at = lines[0].at;
        let (open, close) = match item {
            Some(_) => ("<ul><li>", "</li></ul>"),
            None => ("<p>", "</p>"),
        };
        self.out.markup(at, open);
        self.inline(
            whole
                .strip_suffix("::")
                .map_or(&whole, |_| &whole[..whole.len() - 1]),
            at,
        );
        self.out.markup(at, close);
        length
    }

    fn heading(&mut self, lines: &[Line<'_>]) -> Option<usize> {
        let has_overline = is_overline(lines);
        let first = usize::from(has_overline);
        let title = lines.get(first)?;
        let mark = underline(lines.get(first + 1)?.text)?;
        let text = title.text.trim();
        let is_wide = lines[first + 1].text.trim().chars().count() >= 3.min(text.chars().count());
        if text.is_empty()
            || underline(text).is_some()
            || !is_wide
            || indent_of(lines[first + 1].text) > 0
        {
            return None;
        }
        let kind = (mark, has_overline);
        let level = self
            .levels
            .iter()
            .position(|known| *known == kind)
            .unwrap_or_else(|| {
                self.levels.push(kind);
                self.levels.len() - 1
            });
        let level = (level + 1).min(6);
        self.out.markup(title.at, &format!("<h{level}>"));
        self.inline(text, title.at);
        self.out.markup(title.at, &format!("</h{level}>"));
        Some(if has_overline { 3 } else { 2 })
    }

    fn open_table(&mut self, title: Option<&str>, at: usize) {
        self.out.markup(at, "<table>");
        if let Some(title) = title {
            self.out.markup(at, "<caption>");
            self.inline(title, at);
            self.out.markup(at, "</caption>");
        }
    }

    fn open_row(&mut self, is_head: bool, begins_group: bool, at: usize) {
        let open = match (begins_group, is_head) {
            (true, true) => "<thead><tr>",
            (true, false) => "<tbody><tr>",
            (false, _) => "<tr>",
        };
        self.out.markup(at, open);
    }

    fn close_row(&mut self, ends_head: bool, at: usize) {
        self.out
            .markup(at, if ends_head { "</tr></thead>" } else { "</tr>" });
    }

    /// Writes a cell, whose lines may be blocks.
    fn table_cell(
        &mut self,
        lines: Vec<(String, usize)>,
        is_head: bool,
        columns: usize,
        rows: usize,
        depth: usize,
    ) {
        let has_text = |line: &&(String, usize)| !line.0.trim().is_empty();
        let first = lines.iter().find(has_text).or(lines.first());
        let at = first.map_or(0, |(text, at)| at + indent_of(text));
        let end = lines
            .iter()
            .rfind(has_text)
            .map_or(at, |(text, at)| at + text.trim_end().len());
        let name = if is_head { "th" } else { "td" };
        self.out.markup(
            at,
            &format!("<{name} colspan=\"{columns}\" rowspan=\"{rows}\">"),
        );
        let lines: Vec<Line<'_>> = lines
            .iter()
            .map(|(text, at)| Line {
                text: text.trim_end(),
                at: *at,
            })
            .collect();
        let dedented = dedented(&lines);
        let lines: Vec<Line<'_>> = dedented
            .iter()
            .map(|(text, at)| Line { text, at: *at })
            .collect();
        self.blocks(&lines, depth + 1);
        self.out.markup(end.max(at), &format!("</{name}>"));
    }
}

/// The columns of a line: a wide character takes two, of which the second is a zero.
struct Row {
    characters: Vec<char>,
    places: Vec<usize>,
    end: usize,
}

impl Row {
    /// The text between two columns, and where it begins.
    fn slice(&self, from: usize, to: usize) -> (String, usize) {
        let to = to.min(self.characters.len());
        let from = from.min(to);
        let text = self.characters[from..to]
            .iter()
            .filter(|c| **c != '\0')
            .collect();
        (text, self.places.get(from).copied().unwrap_or(self.end))
    }
}

fn columns_of(line: &Line<'_>, indent: usize) -> Row {
    let skipped = indent.min(indent_of(line.text));
    let mut row = Row {
        characters: Vec::new(),
        places: Vec::new(),
        end: line.at + line.text.len(),
    };
    for (at, character) in line.text[skipped..].char_indices() {
        let width = character.width().unwrap_or(0);
        row.characters.push(character);
        row.places.push(line.at + skipped + at);
        if width == 2 {
            row.characters.push('\0');
            row.places.push(line.at + skipped + at);
        }
    }
    row
}

/// The bytes of blanks at the beginning of a line.
fn indent_of(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// Lines without the indent that all of them have.
fn dedented(lines: &[Line<'_>]) -> Vec<(String, usize)> {
    let indents = lines.iter().filter(|line| !line.text.trim().is_empty());
    let indent = indents.map(|line| indent_of(line.text)).min().unwrap_or(0);
    let without = |line: &Line<'_>| {
        let cut = indent.min(line.text.len());
        (
            line.text.get(cut..).unwrap_or_default().to_string(),
            line.at + cut,
        )
    };
    lines.iter().map(without).collect()
}

fn underline(text: &str) -> Option<char> {
    let text = text.trim();
    let first = text.chars().next().filter(char::is_ascii_punctuation)?;
    (text.len() > 1 && text.chars().all(|c| c == first)).then_some(first)
}

/// Whether the first of three lines is the overline of a heading.
fn is_overline(lines: &[Line<'_>]) -> bool {
    let [above, _, below, ..] = lines else {
        return false;
    };
    let mark = underline(above.text);
    mark.is_some() && mark == underline(below.text)
}

fn list_item(text: &str) -> Option<&str> {
    let (marker, rest) = text.split_once(' ')?;
    let is_bullet = matches!(marker, "*" | "-" | "+" | "•");
    let digits = marker.strip_suffix(['.', ')']).unwrap_or_default();
    let is_number =
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) || digits == "#";
    ((is_bullet || is_number) && !rest.trim().is_empty()).then(|| rest.trim())
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out
}
