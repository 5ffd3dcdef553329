//! Turns AsciiDoc into HTML that says for each part where it comes from.

mod inline;
mod table;

use std::collections::HashMap;

use crate::import::grid::foreign::{Foreign, ForeignError, LeftOut, LeftOutKind};
use crate::import::grid::html;
use crate::import::grid::limits::{MAX_SUBSTITUTED, shortened};
use crate::import::grid::places::{Places, Rendered, escape};
use table::TableOptions;

/// How deep blocks may be nested in cells.
const MAX_DEPTH: usize = 8;

/// A line and where it begins.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    at: usize,
}

/// Reads a document.
pub(crate) fn read(text: &str, places: Places<'_>) -> Result<Foreign, ForeignError> {
    let mut writer = Writer::default();
    writer.blocks(&lines_of(text, 0), 0);
    let notes = std::mem::take(&mut writer.notes);
    for (number, (_, text, at)) in notes.into_iter().enumerate() {
        writer
            .out
            .markup(at, &format!("<p><sup>{}</sup> ", number + 1));
        writer.inline(&text, at);
        writer.out.markup(at, "</p>");
    }
    if writer.substituted_bytes > MAX_SUBSTITUTED {
        return Err(ForeignError::new(
            "attributes or copied cells make the text of this file too long",
            "write out attributes and cells that are repeated very often",
        ));
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
struct Writer<'a> {
    out: Rendered,
    attributes: HashMap<String, String>,
    substituted_bytes: usize,
    left_out: Vec<(LeftOutKind, String, usize)>,
    /// Footnotes: identifier, text and place.
    notes: Vec<(String, String, usize)>,
    /// What stands above the next block.
    above: Above<'a>,
}

/// Lines above a block that belong to it.
#[derive(Clone, Copy, Default)]
struct Above<'a> {
    title: Option<&'a str>,
    list: &'a str,
}

fn lines_of(text: &str, at: usize) -> Vec<Line<'_>> {
    let mut start = at;
    let lines = text.split_inclusive('\n').map(|whole| {
        let line = Line {
            text: whole.trim_end_matches(['\r', '\n']),
            at: start,
        };
        start += whole.len();
        line
    });
    lines.collect()
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out
}

impl Writer<'_> {
    fn leave_out(&mut self, what: LeftOutKind, text: &str, at: usize) {
        self.left_out.push((what, shortened(text), at));
    }

    /// Writes the blocks of a document, or of a cell.
    fn blocks(&mut self, lines: &[Line<'_>], depth: usize) {
        let mut blocks = Writer {
            out: std::mem::take(&mut self.out),
            attributes: std::mem::take(&mut self.attributes),
            substituted_bytes: self.substituted_bytes,
            left_out: std::mem::take(&mut self.left_out),
            notes: std::mem::take(&mut self.notes),
            above: Above::default(),
        };
        let mut at = 0;
        while at < lines.len() {
            at += blocks.block(&lines[at..], depth).max(1);
        }
        self.out = blocks.out;
        self.attributes = blocks.attributes;
        self.substituted_bytes = blocks.substituted_bytes;
        self.left_out = blocks.left_out;
        self.notes = blocks.notes;
    }
}

impl<'a> Writer<'a> {
    /// Writes the first block of some lines, and gives how many lines it has.
    fn block(&mut self, lines: &[Line<'a>], depth: usize) -> usize {
        let line = lines[0];
        let text = line.text.trim_end();
        if let Some(length) = self.entry(lines) {
            return length;
        }
        if let Some(delimiter) = table_delimiter(text).filter(|_| depth <= MAX_DEPTH) {
            let body = until(lines, |other| other.trim_end() == text);
            let above = std::mem::take(&mut self.above);
            let list = self.substituted(above.list, line.at);
            let options = TableOptions::new(&list, delimiter);
            self.table(&lines[1..1 + body], &options, above.title, line.at, depth);
            return body + 2;
        }
        let above = std::mem::take(&mut self.above);
        if let Some(title) = above.title {
            self.paragraph(title, line.at);
        }
        if is_fence(text, "-.`+") {
            let body = until(lines, |other| other.trim_end() == text);
            let inner: Vec<&str> = lines[1..1 + body].iter().map(|line| line.text).collect();
            let markup = format!("<pre>\n{}</pre>", quoted(&inner.join("\n")));
            self.out.markup(line.at, &markup);
            return body + 2;
        }
        if text.is_empty() || text == "--" || is_fence(text, "=*_") || text == "'''" || text == "+"
        {
            return 1;
        }
        if let Some((level, title)) = heading(text) {
            self.out.markup(line.at, &format!("<h{level}>"));
            self.inline(title, line.at);
            self.out.markup(line.at, &format!("</h{level}>"));
            return 1;
        }
        let item = list_item(text);
        let is_more = |other: &Line<'_>| {
            let other = other.text.trim_end();
            let begins = list_item(other).is_some() || table_delimiter(other).is_some();
            !(other.is_empty() || begins || is_fence(other, "-.`+=*_") || other == "+")
        };
        let length = 1 + lines[1..].iter().take_while(|other| is_more(other)).count();
        let mut whole = vec![item.unwrap_or(text)];
        whole.extend(lines[1..length].iter().map(|line| line.text.trim()));
        let whole = whole.join("\n");
        if item.is_some() {
            self.out.markup(line.at, "<ul><li>");
            self.inline(&whole, line.at);
            self.out.markup(line.at, "</li></ul>");
        } else {
            self.paragraph(&whole, line.at);
        }
        length
    }

    fn paragraph(&mut self, text: &str, at: usize) {
        self.out.markup(at, "<p>");
        self.inline(text, at);
        self.out.markup(at, "</p>");
    }

    /// Lines that are no text: attributes, comments, titles, conditions, other files.
    fn entry(&mut self, lines: &[Line<'a>]) -> Option<usize> {
        let line = lines[0];
        let text = line.text.trim_end();
        if text == "////" {
            let body = until(lines, |other| other.trim_end() == text);
            let inner: Vec<&str> = lines[1..1 + body].iter().map(|line| line.text).collect();
            if inner.iter().any(|line| line.contains('|')) {
                self.leave_out(LeftOutKind::Comment, &inner.join(" "), line.at);
            }
            return Some(body + 2);
        }
        if text.starts_with("//") && !text.starts_with("///") {
            return Some(1);
        }
        if text.starts_with("include::") {
            self.leave_out(LeftOutKind::Include, text, line.at);
            return Some(1);
        }
        if let Some(length) = self.condition(lines) {
            return Some(length);
        }
        if let Some((name, value)) = attribute(text) {
            self.set_attribute(name, value, line.at);
            return Some(1);
        }
        if text.starts_with('[') && text.ends_with(']') {
            if !text.starts_with("[[") {
                self.above.list = &line.text.trim_end()[1..text.len() - 1];
            }
            return Some(1);
        }
        let title = line.text.trim_end().strip_prefix('.')?;
        if title.is_empty() || title.starts_with(['.', ' ']) {
            return None;
        }
        self.above.title = Some(title);
        Some(1)
    }

    /// `ifdef` and `ifndef`: what does not apply is skipped and reported.
    fn condition(&mut self, lines: &[Line<'a>]) -> Option<usize> {
        let line = lines[0];
        let text = line.text.trim_end();
        if text.starts_with("endif::") {
            return Some(1);
        }
        let (rest, wanted) = match (text.strip_prefix("ifdef::"), text.strip_prefix("ifndef::")) {
            (Some(rest), _) => (rest, true),
            (None, Some(rest)) => (rest, false),
            (None, None) => return None,
        };
        let (name, inner) = rest.split_once('[')?;
        let mut names = name.split([',', '+']);
        let is_set = names.any(|name| self.attributes.contains_key(&name.to_ascii_lowercase()));
        let inner = inner.trim_end_matches(']');
        if is_set == wanted && inner.is_empty() {
            return Some(1);
        }
        if !inner.is_empty() {
            if is_set == wanted {
                self.paragraph(inner, line.at);
            } else {
                self.leave_out(LeftOutKind::HiddenText, inner, line.at);
            }
            return Some(1);
        }
        let body = until(lines, |other| other.starts_with("endif::"));
        let skipped: Vec<&str> = lines[1..1 + body].iter().map(|line| line.text).collect();
        self.leave_out(LeftOutKind::HiddenText, &skipped.join(" "), line.at);
        Some(body + 2)
    }
}

/// How many lines after the first come before one that ends the block.
fn until(lines: &[Line<'_>], is_end: impl Fn(&str) -> bool) -> usize {
    lines[1..]
        .iter()
        .position(|line| is_end(line.text))
        .unwrap_or(lines.len() - 1)
}

fn table_delimiter(text: &str) -> Option<char> {
    let first = text.chars().next().filter(|c| "|,:!".contains(*c))?;
    let rest = &text[1..];
    (rest.len() >= 3 && rest.bytes().all(|byte| byte == b'=')).then_some(first)
}

fn is_fence(text: &str, characters: &str) -> bool {
    let first = text.chars().next();
    let is_known = first.is_some_and(|first| characters.contains(first));
    let least = if text.starts_with('`') { 3 } else { 4 };
    is_known && text.len() >= least && text.chars().all(|c| Some(c) == first)
}

fn heading(text: &str) -> Option<(usize, &str)> {
    let rest = text.trim_start_matches('=');
    let level = text.len() - rest.len();
    ((1..=6).contains(&level) && rest.starts_with(' ')).then(|| (level, rest.trim()))
}

fn attribute(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.strip_prefix(':')?.split_once(':')?;
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || "_-!".contains(c))
        && (value.is_empty() || value.starts_with(' '));
    is_name.then(|| (name, value.trim()))
}

fn list_item(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let marker = text.split(' ').next()?;
    let is_bullet = !marker.is_empty()
        && marker.len() <= 5
        && (marker.bytes().all(|byte| byte == b'*')
            || marker.bytes().all(|byte| byte == b'.')
            || marker == "-");
    let digits = marker.strip_suffix('.').unwrap_or_default();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let rest = text.get(marker.len()..)?.trim_start();
    ((is_bullet || is_number) && !rest.is_empty()).then_some(rest)
}
