//! Collects the text of a cell, paragraph or heading, line by line.

use crate::import::grid::escape::{Run, Style, markdown};
use crate::import::grid::foreign::{CellLine, CellText};

/// Where a text stands. Outside tables an asterisk at the beginning is more often a
/// footnote than a bullet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    /// In a table.
    Cell,
    /// Outside tables.
    Prose,
}

#[derive(Default)]
struct Line {
    is_item: bool,
    runs: Vec<Run>,
    marks: Vec<String>,
}

impl Line {
    fn is_blank(&self) -> bool {
        self.marks.is_empty() && self.runs.iter().all(|run| is_blank(&run.text))
    }
}

/// A text in the making.
#[derive(Default)]
pub(crate) struct TextBuilder {
    lines: Vec<Line>,
    line: Line,
    /// The style of the text that comes next.
    pub(crate) style: Style,
}

impl TextBuilder {
    /// Adds text whose white space means no more than one space, as in HTML.
    pub(crate) fn flowing(&mut self, text: &str) {
        let mut out = String::with_capacity(text.len());
        let mut after_space = match self.line.runs.last() {
            None => true,
            Some(run) => run.text.ends_with(' '),
        };
        for character in text.chars() {
            if !matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0C') {
                out.push(character);
                after_space = false;
            } else if !after_space {
                out.push(' ');
                after_space = true;
            }
        }
        self.push(&out);
    }

    /// Adds text in which every line end begins a new line.
    pub(crate) fn lines(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.line_break();
            }
            self.push(line);
        }
    }

    fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.line.runs.last_mut() {
            Some(run) if run.style == self.style => run.text.push_str(text),
            _ => self.line.runs.push(Run {
                text: text.to_string(),
                style: self.style.clone(),
            }),
        }
    }

    /// Adds the marks of a superscript or of a reference to a footnote.
    pub(crate) fn marks(&mut self, text: &str) {
        let marks = text
            .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
            .map(|mark| mark.trim_matches(['[', ']', '(', ')']))
            .filter(|mark| !mark.is_empty());
        self.line.marks.extend(marks.map(str::to_string));
    }

    /// Begins a new line.
    pub(crate) fn line_break(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
    }

    /// Begins a new line, unless the current one has no text yet.
    pub(crate) fn block_break(&mut self) {
        if !self.line.is_blank() {
            self.line_break();
        }
    }

    /// Begins a list item.
    pub(crate) fn item(&mut self) {
        self.block_break();
        self.line.is_item = true;
    }

    /// The character that the text so far ends with.
    pub(crate) fn last_char(&self) -> Option<char> {
        self.line.runs.last()?.text.chars().next_back()
    }

    /// The text, and whether all of it is bold.
    pub(crate) fn finish(mut self, position: Where) -> (CellText, bool) {
        self.line_break();
        let first = self.lines.iter().position(|line| !line.is_blank());
        let last = self.lines.iter().rposition(|line| !line.is_blank());
        let (Some(first), Some(last)) = (first, last) else {
            return (CellText::default(), false);
        };
        let lines = &mut self.lines[first..=last];
        let mut runs = lines.iter().flat_map(|line| &line.runs);
        let is_bold = runs.all(|run| run.style.bold || is_blank(&run.text));
        let lines = lines.iter_mut().map(|line| finished(line, position));
        let text = CellText {
            lines: lines.collect(),
        };
        let is_bold = is_bold && text.lines.iter().any(|line| !line.plain.is_empty());
        (text, is_bold)
    }
}

/// A text without styles, such as a field of a CSV file.
pub(crate) fn unstyled(text: &str, position: Where) -> CellText {
    let mut builder = TextBuilder::default();
    builder.lines(text);
    builder.finish(position).0
}

fn finished(line: &mut Line, position: Where) -> CellLine {
    trim(&mut line.runs);
    let mut bullet = line.is_item;
    let text: String = line.runs.iter().map(|run| run.text.as_str()).collect();
    let length = bullet_length(&text, position);
    if length > 0 {
        bullet = true;
        remove(&mut line.runs, length);
    }
    let plain = plain(&line.runs);
    CellLine {
        bullet,
        markdown: if plain.is_empty() {
            String::new()
        } else {
            markdown(&line.runs)
        },
        plain,
        marks: std::mem::take(&mut line.marks),
    }
}

/// Removes the spaces at both ends of a line.
fn trim(runs: &mut Vec<Run>) {
    let is_space = |c: char| c.is_ascii_whitespace();
    let has_text = |run: &Run| !run.text.trim_matches(is_space).is_empty();
    let Some(last) = runs.iter().rposition(has_text) else {
        runs.clear();
        return;
    };
    runs.truncate(last + 1);
    let first = runs.iter().position(has_text).unwrap_or(0);
    runs.drain(..first);
    runs[0].text = runs[0].text.trim_start_matches(is_space).to_string();
    let last = runs.len() - 1;
    runs[last].text = runs[last].text.trim_end_matches(is_space).to_string();
}

/// How many bytes at the beginning are a bullet and the blanks after it. A bullet with
/// nothing after it is a text of its own.
fn bullet_length(text: &str, position: Where) -> usize {
    let start = text.trim_start();
    let Some(first) = start.chars().next() else {
        return 0;
    };
    let rest = &start[first.len_utf8()..];
    let is_bullet = match first {
        '•' | '·' | '\u{F0B7}' => true,
        '-' => rest.starts_with(char::is_whitespace),
        '*' => rest.starts_with(char::is_whitespace) && position == Where::Cell,
        _ => false,
    };
    let after = rest.trim_start();
    if is_bullet && !is_blank(after) {
        text.len() - after.len()
    } else {
        0
    }
}

fn remove(runs: &mut Vec<Run>, mut length: usize) {
    let mut whole = 0;
    while whole < runs.len() && runs[whole].text.len() <= length {
        length -= runs[whole].text.len();
        whole += 1;
    }
    runs.drain(..whole);
    if let Some(first) = runs.first_mut() {
        first.text.drain(..length);
    }
}

fn plain(runs: &[Run]) -> String {
    let mut out = String::new();
    for character in runs.iter().flat_map(|run| run.text.chars()) {
        if character.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_invisible(character) {
            out.push(character);
        }
    }
    out.trim().to_string()
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Characters that take no place: soft hyphen, zero-width space, word joiner and
/// byte-order mark.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}
