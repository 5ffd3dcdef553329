//! Readers of what the tool writes, independent of the code that wrote it.

use std::collections::HashMap;

use crate::harness::said_by_tag;

/// One element of a page.
#[derive(Debug, Default)]
pub struct Element {
    pub tag: String,
    pub attrs: Vec<(String, String)>,
    pub children: Vec<Child>,
}

#[derive(Debug)]
pub enum Child {
    Element(Element),
    Text(String),
}

const VOID: &[&str] = &[
    "base", "meta", "link", "br", "hr", "img", "input", "wbr", "path",
];

/// Reads a page and fails on anything a browser would have to guess: tags
/// that do not match, bare `<` or `&`, unquoted or repeated attributes,
/// an id that occurs twice.
#[track_caller]
pub fn parse(html: &str) -> Element {
    let html = html.strip_prefix("<!DOCTYPE html>").unwrap_or(html);
    let mut stack = vec![Element::default()];
    let mut rest = html;
    while !rest.is_empty() {
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = &comment[comment.find("-->").expect("comment is closed") + 3..];
        } else if let Some(tag) = rest.strip_prefix("</") {
            let end = tag.find('>').expect("end tag is closed");
            let name = &tag[..end];
            let done = stack.pop().unwrap();
            assert_eq!(done.tag, name, "`</{name}>` ends a `<{}>`", done.tag);
            stack
                .last_mut()
                .unwrap()
                .children
                .push(Child::Element(done));
            rest = &tag[end + 1..];
        } else if let Some(tag) = rest.strip_prefix('<') {
            let (element, closed, len) = start_tag(tag);
            rest = &tag[len..];
            if closed || VOID.contains(&element.tag.as_str()) {
                stack
                    .last_mut()
                    .unwrap()
                    .children
                    .push(Child::Element(element));
            } else {
                stack.push(element);
            }
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            let text = decode(&rest[..end]);
            stack.last_mut().unwrap().children.push(Child::Text(text));
            rest = &rest[end..];
        }
    }
    assert_eq!(
        stack.len(),
        1,
        "`<{}>` is never closed",
        stack.last().unwrap().tag
    );
    let root = stack.pop().unwrap();
    let mut ids = HashMap::new();
    for element in root.all(&|e| e.attr("id").is_some()) {
        let id = element.attr("id").unwrap();
        assert!(ids.insert(id, ()).is_none(), "the id `{id}` occurs twice");
    }
    root
}

fn start_tag(tag: &str) -> (Element, bool, usize) {
    let name_end = tag
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .expect("tag ends");
    assert!(name_end > 0, "a bare `<` before {:?}", clip(tag));
    let mut element = Element {
        tag: tag[..name_end].to_string(),
        ..Element::default()
    };
    let mut at = name_end;
    loop {
        let skipped = tag[at..].trim_start();
        at = tag.len() - skipped.len();
        if skipped.starts_with("/>") {
            return (element, true, at + 2);
        }
        if skipped.starts_with('>') {
            return (element, false, at + 1);
        }
        let end = skipped
            .find(|c: char| "=> /\n".contains(c))
            .expect("attribute ends");
        let name = &skipped[..end];
        assert!(
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-:".contains(c)),
            "attribute {:?}",
            clip(skipped)
        );
        let after = &skipped[end..];
        let value = match after.strip_prefix("=\"") {
            Some(quoted) => {
                let close = quoted.find('"').expect("attribute is closed");
                at += end + 2 + close + 1;
                assert!(
                    !quoted[..close].contains('<'),
                    "bare `<` in {:?}",
                    clip(skipped)
                );
                decode(&quoted[..close])
            }
            None => {
                assert!(
                    !after.starts_with('='),
                    "unquoted attribute {:?}",
                    clip(skipped)
                );
                at += end;
                String::new()
            }
        };
        assert!(
            element.attr(name).is_none(),
            "`{name}` twice in <{}>",
            element.tag
        );
        element.attrs.push((name.to_string(), value));
    }
}

fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

fn decode(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let end = rest[at..]
            .find(';')
            .unwrap_or_else(|| panic!("bare `&` in {:?}", clip(text)));
        let name = &rest[at + 1..at + end];
        match name {
            "amp" => out.push('&'),
            "lt" => out.push('<'),
            "gt" => out.push('>'),
            "quot" => out.push('"'),
            "#39" | "#x27" => out.push('\''),
            other => panic!("bare `&` or unknown reference `&{other};`"),
        }
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}

impl Element {
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attrs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    pub fn has_class(&self, class: &str) -> bool {
        self.attr("class")
            .is_some_and(|c| c.split(' ').any(|c| c == class))
    }

    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|c| match c {
            Child::Element(e) => Some(e),
            Child::Text(_) => None,
        })
    }

    /// All elements inside that fit, in order.
    pub fn all<'a>(&'a self, fits: &dyn Fn(&Element) -> bool) -> Vec<&'a Element> {
        let mut out = Vec::new();
        for element in self.elements() {
            if fits(element) {
                out.push(element);
            }
            out.extend(element.all(fits));
        }
        out
    }

    #[track_caller]
    pub fn one(&self, what: &str, fits: &dyn Fn(&Element) -> bool) -> &Element {
        let found = self.all(fits);
        assert_eq!(found.len(), 1, "{what}: {found:#?}");
        found[0]
    }

    pub fn by_id(&self, id: &str) -> Option<&Element> {
        self.all(&|e| e.attr("id") == Some(id)).into_iter().next()
    }

    /// The text as a reader sees it: white space folded.
    pub fn text(&self) -> String {
        let mut raw = String::new();
        self.push_text(&mut raw);
        raw.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn push_text(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(text) => out.push_str(text),
                Child::Element(e) => {
                    let block = !["a", "b", "span", "i", "em", "strong", "code", "sup", "del"]
                        .contains(&e.tag.as_str());
                    if block {
                        out.push(' ');
                    }
                    e.push_text(out);
                    if block {
                        out.push(' ');
                    }
                }
            }
        }
    }
}

/// A table with its spans filled in: every line has every column.
#[derive(Debug)]
pub struct Grid<'a> {
    pub caption: String,
    pub header: Vec<String>,
    pub lines: Vec<GridLine<'a>>,
}

#[derive(Debug)]
pub struct GridLine<'a> {
    pub tr: &'a Element,
    pub cells: Vec<&'a Element>,
}

impl GridLine<'_> {
    pub fn text(&self, column: usize) -> String {
        self.cells[column].text()
    }
}

impl<'a> Grid<'a> {
    /// The line whose second column has this text or begins with it.
    #[track_caller]
    pub fn line(&self, first: &str, second: &str) -> &GridLine<'a> {
        self.lines
            .iter()
            .find(|l| l.text(0).starts_with(first) && l.text(1).starts_with(second))
            .unwrap_or_else(|| {
                let all: Vec<_> = self.lines.iter().map(|l| (l.text(0), l.text(1))).collect();
                panic!("no line `{first}` / `{second}` in {all:#?}")
            })
    }

    #[track_caller]
    pub fn column(&self, label: &str) -> usize {
        self.header
            .iter()
            .position(|h| h == label)
            .unwrap_or_else(|| panic!("no column `{label}` in {:?}", self.header))
    }
}

/// The tables of one kind on a page, checked for shape: a caption, headings
/// with a scope, and as many cells in every line as there are columns.
#[track_caller]
pub fn grids<'a>(page: &'a Element, kind: &str) -> Vec<Grid<'a>> {
    page.all(&|e| e.tag == "table" && e.attr("data-kind") == Some(kind))
        .into_iter()
        .map(grid)
        .collect()
}

#[track_caller]
pub fn grid(table: &Element) -> Grid<'_> {
    let caption = table.one("caption", &|e| e.tag == "caption").text();
    let head = table.one("thead", &|e| e.tag == "thead");
    let header: Vec<String> = head
        .all(&|e| e.tag == "th")
        .iter()
        .map(|th| {
            assert_eq!(th.attr("scope"), Some("col"));
            th.text()
        })
        .collect();
    let mut lines = Vec::new();
    for body in table.all(&|e| e.tag == "tbody") {
        let mut spanning: Option<(&Element, usize)> = None;
        for tr in body.elements() {
            let mut cells: Vec<&Element> = tr.elements().collect();
            match &mut spanning {
                Some((head, left)) if *left > 0 => {
                    cells.insert(0, head);
                    *left -= 1;
                }
                _ => {
                    assert_eq!(cells[0].attr("scope"), Some("rowgroup"), "{tr:?}");
                    let span = cells[0].attr("rowspan").map_or(1, |s| s.parse().unwrap());
                    spanning = Some((cells[0], span - 1));
                }
            }
            assert_eq!(cells[1].attr("scope"), Some("row"), "{tr:?}");
            assert_eq!(cells.len(), header.len(), "cells of {:?}", tr.text());
            lines.push(GridLine { tr, cells });
        }
        assert!(
            spanning.is_none_or(|(_, left)| left == 0),
            "a span is too long"
        );
    }
    Grid {
        caption,
        header,
        lines,
    }
}

/// A path with its `%XX` undone.
pub fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        match first {
            b'%' => {
                let hex = std::str::from_utf8(&tail[..2]).unwrap();
                bytes.push(u8::from_str_radix(hex, 16).unwrap());
                rest = &tail[2..];
            }
            b => {
                bytes.push(*b);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The badges inside an element: owner, parties, words.
pub fn badges(element: &Element) -> Vec<(String, String, String)> {
    element
        .all(&|e| e.has_class("srm-badge"))
        .into_iter()
        .map(|b| {
            let value = |name: &str| b.attr(name).expect(name).to_string();
            (value("data-owner"), value("data-parties"), b.text())
        })
        .collect()
}

/// Records of a CSV text after RFC 4180, strictly: CRLF at every end, the
/// same number of fields in every record, quotes only around whole fields.
#[track_caller]
pub fn csv(text: &str) -> Vec<Vec<String>> {
    let mut records: Vec<Vec<String>> = Vec::new();
    let mut record = Vec::new();
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        let mut field = String::new();
        if chars.peek() == Some(&'"') {
            chars.next();
            loop {
                match chars.next().expect("a quoted field is closed") {
                    '"' if chars.peek() == Some(&'"') => {
                        chars.next();
                        field.push('"');
                    }
                    '"' => break,
                    c => field.push(c),
                }
            }
        } else {
            while let Some(c) = chars.next_if(|c| !",\r\n".contains(*c)) {
                assert_ne!(c, '"', "a quote inside the bare field {field:?}");
                field.push(c);
            }
        }
        record.push(field);
        match chars.next() {
            Some(',') => {}
            Some('\r') => {
                assert_eq!(chars.next(), Some('\n'), "CR without LF");
                records.push(std::mem::take(&mut record));
            }
            other => panic!("after {:?}: {other:?}", record.last()),
        }
    }
    assert!(record.is_empty(), "the last record has no end");
    let width = records[0].len();
    assert!(
        records.iter().all(|r| r.len() == width),
        "ragged: {records:#?}"
    );
    records
}

/// CSV records as maps by the header's names.
#[track_caller]
pub fn csv_maps(text: &str) -> Vec<HashMap<String, String>> {
    let mut records = csv(text).into_iter();
    let header = records.next().unwrap();
    records
        .map(|r| header.iter().cloned().zip(r).collect())
        .collect()
}

/// The tables of a Markdown text as GitHub reads them: cells as plain
/// text, `<br />` as a line break. Also fails when a line has more or fewer
/// cells than the header, which programs fix in silence.
#[track_caller]
pub fn markdown_tables(text: &str) -> Vec<Vec<Vec<String>>> {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let mut tables = Vec::new();
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut cell: Option<String> = None;
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Table(_)) => {
                for line in text[range].lines() {
                    let bars = unescaped_bars(line);
                    let first = unescaped_bars(text_header(text, line));
                    assert_eq!(bars, first, "bars in {line}");
                }
            }
            Event::End(TagEnd::Table) => tables.push(std::mem::take(&mut table)),
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                table.push(std::mem::take(&mut row));
            }
            Event::Start(Tag::TableCell) => cell = Some(String::new()),
            Event::End(TagEnd::TableCell) => row.push(cell.take().unwrap()),
            Event::Text(t) | Event::Code(t) => {
                if let Some(cell) = &mut cell {
                    cell.push_str(&t);
                }
            }
            Event::InlineHtml(html) => {
                if let Some(cell) = &mut cell {
                    cell.push_str(said_by_tag(&html));
                }
            }
            Event::Html(html) => panic!("raw HTML in a twin: {html}"),
            _ => {}
        }
    }
    tables
}

/// The header line of the table that `line` belongs to.
fn text_header<'a>(text: &'a str, line: &'a str) -> &'a str {
    let at = line.as_ptr() as usize - text.as_ptr() as usize;
    let before = &text[..at];
    let start = before.rfind("\n\n").map_or(0, |i| i + 2);
    text[start..].lines().next().unwrap_or(line)
}

fn unescaped_bars(line: &str) -> usize {
    let mut bars = 0;
    let mut escaped = false;
    for c in line.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '|' => bars += 1,
            _ => {}
        }
    }
    bars
}
