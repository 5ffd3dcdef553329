//! Directives of reStructuredText: tables as lists and as CSV, names, footnotes.

use crate::import::grid::foreign::LeftOutKind;
use crate::import::grid::places::Joined;
use crate::import::grid::rst::{Line, Writer, dedented, indent_of};
use crate::import::grid::separated;

/// A directive: `.. name:: argument`, its options and its content.
struct Directive<'a> {
    name: &'a str,
    argument: &'a str,
    options: Vec<(&'a str, &'a str)>,
    content: &'a [Line<'a>],
}

impl Directive<'_> {
    fn option(&self, name: &str) -> Option<&str> {
        let found = self.options.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }

    fn number(&self, name: &str) -> usize {
        self.option(name)
            .and_then(|value| value.parse().ok())
            .unwrap_or(0)
    }
}

/// The directive of some lines, of which the first is `.. name::`.
fn directive<'a>(lines: &'a [Line<'a>], rest: &'a str) -> Option<Directive<'a>> {
    let (name, argument) = rest.split_once("::")?;
    let is_name = |c: char| c.is_alphanumeric() || "-_:+.".contains(c);
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let mut options = Vec::new();
    let mut at = 1;
    while let Some(line) = lines.get(at) {
        let option = line
            .text
            .trim()
            .strip_prefix(':')
            .and_then(|text| text.split_once(':'));
        let Some((name, value)) = option.filter(|_| indent_of(line.text) > 0) else {
            break;
        };
        options.push((name.trim(), value.trim()));
        at += 1;
    }
    Some(Directive {
        name,
        argument: argument.trim(),
        options,
        content: &lines[at.min(lines.len())..],
    })
}

impl Writer {
    /// Takes the texts that names stand for, and the targets of links.
    pub(super) fn collect_names(&mut self, lines: &[Line<'_>]) {
        for (at, line) in lines.iter().enumerate() {
            let Some(rest) = line.text.trim_start().strip_prefix(".. ") else {
                continue;
            };
            if let Some(target) = rest.strip_prefix('_')
                && let Some((name, address)) = target.split_once(": ")
            {
                let name = name.trim_matches('`').to_lowercase();
                self.targets.insert(name, address.trim().to_string());
            }
            let named = rest.strip_prefix('|').and_then(|rest| rest.split_once('|'));
            let Some((name, definition)) = named else {
                continue;
            };
            let Some((kind, argument)) = definition.trim_start().split_once("::") else {
                continue;
            };
            let more = lines[at + 1..].iter().map(|line| line.text);
            let more: Vec<&str> = more
                .take_while(|text| indent_of(text) > 0 && !text.trim().is_empty())
                .collect();
            let argument = argument.trim();
            let text = match kind {
                "replace" => {
                    let mut words = vec![argument];
                    words.extend(more.iter().map(|text| text.trim()));
                    words.join(" ")
                }
                "unicode" => unicode(argument),
                "image" => {
                    let alt = more
                        .iter()
                        .find_map(|text| text.trim().strip_prefix(":alt:"));
                    let stem = argument.rsplit('/').next().unwrap_or(argument);
                    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
                    alt.map_or(stem, str::trim).to_string()
                }
                _ => continue,
            };
            self.names.insert(name.to_lowercase(), text);
        }
    }

    /// Writes what begins with `..` and is indented below. Gives its number of lines.
    pub(super) fn explicit(&mut self, lines: &[Line<'_>], depth: usize) -> usize {
        let line = lines[0];
        let indent = indent_of(line.text);
        let is_inside =
            |other: &&Line<'_>| other.text.trim().is_empty() || indent_of(other.text) > indent;
        let length = 1 + lines[1..].iter().take_while(is_inside).count();
        let block = &lines[..length];
        let rest = line
            .text
            .trim()
            .strip_prefix("..")
            .unwrap_or_default()
            .trim_start();
        if rest.starts_with(['|', '_']) {
            return length;
        }
        if let Some((label, text)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            self.footnote(label, text, block);
            return length;
        }
        match directive(block, rest) {
            Some(directive) => self.directive(&directive, line.at, depth),
            None => self.comment(rest, block),
        }
        length
    }

    fn comment(&mut self, rest: &str, block: &[Line<'_>]) {
        let lines = block[1..].iter().map(|line| line.text.trim());
        let text: Vec<&str> = [rest].into_iter().chain(lines).collect();
        let text = text.join(" ");
        if text.contains('|') || text.contains("====") {
            self.leave_out(LeftOutKind::Comment, &text, block[0].at);
        }
    }

    fn footnote(&mut self, label: &str, text: &str, block: &[Line<'_>]) {
        let mark = match label {
            "#" => {
                self.definitions += 1;
                self.definitions.to_string()
            }
            label => label.trim_start_matches('#').to_string(),
        };
        let lines = block[1..].iter().map(|line| line.text.trim());
        let text: Vec<&str> = [text.trim()].into_iter().chain(lines).collect();
        let at = block[0].at;
        self.out.markup(at, "<p><sup>");
        self.out.text(at, &mark);
        self.out.markup(at, "</sup>");
        self.inline(&text.join(" "), at);
        self.out.markup(at, "</p>");
    }

    fn directive(&mut self, directive: &Directive<'_>, at: usize, depth: usize) {
        let title = Some(directive.argument).filter(|title| !title.is_empty());
        match directive.name {
            "table" => {
                self.title = title.map(str::to_string);
                self.blocks(directive.content, depth + 1);
                self.title = None;
            }
            "list-table" => self.list_table(directive, title, at, depth),
            "csv-table" => self.csv_table(directive, title, at, depth),
            "include" | "literalinclude" => {
                self.leave_out(LeftOutKind::Include, directive.argument, at);
            }
            "image" | "figure" | "raw" | "toctree" | "contents" | "meta" | "code"
            | "code-block" => {}
            _ => {
                if let Some(title) = title {
                    self.out.markup(at, "<p>");
                    self.inline(title, at);
                    self.out.markup(at, "</p>");
                }
                self.blocks(directive.content, depth + 1);
            }
        }
    }

    fn list_table(
        &mut self,
        directive: &Directive<'_>,
        title: Option<&str>,
        at: usize,
        depth: usize,
    ) {
        let (head, stub) = (
            directive.number("header-rows"),
            directive.number("stub-columns"),
        );
        self.open_table(title, at);
        let rows = items(&dedented(directive.content), "*");
        for (number, row) in rows.iter().enumerate() {
            let is_head = number < head;
            self.open_row(is_head, number == 0 || number == head, at);
            for (column, cell) in items(row, "-").into_iter().enumerate() {
                let is_label = is_head || column < stub;
                self.table_cell(cell, is_label, 1, 1, depth);
            }
            self.close_row(number + 1 == head, at);
        }
        self.out.markup(at, "</table>");
    }

    fn csv_table(
        &mut self,
        directive: &Directive<'_>,
        title: Option<&str>,
        at: usize,
        depth: usize,
    ) {
        if let Some(file) = directive.option("file").or(directive.option("url")) {
            self.leave_out(LeftOutKind::Include, file, at);
            return;
        }
        let separator = match directive.option("delim") {
            Some("tab") => b'\t',
            Some("space") => b' ',
            Some(given) => given.bytes().next().unwrap_or(b','),
            None => b',',
        };
        let header = directive.option("header");
        let mut head = directive.number("header-rows");
        let stub = directive.number("stub-columns");
        let content = dedented(directive.content);
        let body = Joined::new(content.iter().map(|(text, at)| (text.as_str(), *at)));
        head += usize::from(header.is_some());
        let header = Joined::new(header.into_iter().map(|header| (header, at)));
        let rows = [&header, &body]
            .into_iter()
            .flat_map(|part| separated::records(&part.text, separator).map(move |row| (row, part)));
        self.open_table(title, at);
        for (number, (row, part)) in rows.filter(|(row, _)| !row.is_empty()).enumerate() {
            let is_head = number < head;
            self.open_row(is_head, number == 0 || number == head, at);
            for (column, field) in row.into_iter().enumerate() {
                let lines = field.text.lines();
                let lines = lines
                    .map(|line| (line.trim().to_string(), part.source(field.start)))
                    .collect();
                self.table_cell(lines, is_head || column < stub, 1, 1, depth);
            }
            self.close_row(number + 1 == head, at);
        }
        self.out.markup(at, "</table>");
    }
}

/// The items of a list, each as its own lines without the marker.
fn items(lines: &[(String, usize)], marker: &str) -> Vec<Vec<(String, usize)>> {
    let mut items: Vec<Vec<(String, usize)>> = Vec::new();
    let indent = lines.iter().find(|(text, _)| !text.trim().is_empty());
    let indent = indent.map_or(0, |(text, _)| indent_of(text));
    for (text, at) in lines {
        let begins = indent_of(text) == indent
            && text
                .trim_start()
                .strip_prefix(marker)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let inner = text.get((indent + 2).min(text.len())..).unwrap_or_default();
        let line = (inner.to_string(), at + (text.len() - inner.len()));
        if begins {
            items.push(vec![line]);
        } else if let Some(item) = items.last_mut() {
            item.push(line);
        }
    }
    items
}

/// The characters of a `unicode` directive.
fn unicode(argument: &str) -> String {
    let words = argument
        .split(" .. ")
        .next()
        .unwrap_or(argument)
        .split_whitespace();
    let mut out = String::new();
    for word in words {
        let digits = ["0x", "U+", "u+", "\\u", "x", "&#x"]
            .iter()
            .find_map(|prefix| word.strip_prefix(prefix));
        let number =
            digits.and_then(|digits| u32::from_str_radix(digits.trim_end_matches(';'), 16).ok());
        match number.and_then(char::from_u32) {
            Some(character) => out.push(character),
            None => out.push_str(word),
        }
    }
    out
}
