//! Finds syntax of other tools, which is on the page as it was written. Only what is
//! very likely meant as syntax counts, and never what is in code or in HTML.

use std::ops::Range;

use crate::findings::{Code, Finding, Findings, Severity};
use crate::text::markdown::Input;
use crate::text::markdown::nearly::{bars, meant_callout};

/// The most bytes between the two ends of such syntax in a line.
const MOST_BYTES: usize = 200;

/// A kind of syntax.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Table,
    Include,
    Shortcode,
    Liquid,
    Admonition,
    Attributes,
    WikiLink,
    Contents,
    Tabs,
    Import,
    Directive,
    Region,
    /// The line below the head of a table, with the number of cells of both.
    HeadOfTable(usize, usize),
    /// A title after the language of a block of code.
    CodeTitle,
}

/// A place with such syntax: its range in the text, and the word that says which.
struct Found<'t> {
    syntax: Syntax,
    range: Range<usize>,
    word: &'t str,
    /// Whether it turned out to be something else.
    removed: bool,
}

impl<'t> Found<'t> {
    fn new(syntax: Syntax, range: Range<usize>, word: &'t str) -> Self {
        Found {
            syntax,
            range,
            word,
            removed: false,
        }
    }
}

/// Everything in a text that looks like such syntax.
pub(super) struct ForeignSyntax<'t> {
    /// In the order of where they begin.
    found: Vec<Found<'t>>,
    /// The ranges of blocks of code with a title.
    titled: Vec<Range<usize>>,
}

impl<'t> ForeignSyntax<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        ForeignSyntax {
            found: all(text),
            titled: Vec::new(),
        }
    }

    /// Here is code or HTML, and what begins in it is no syntax. The markers of regions
    /// are HTML.
    pub(super) fn verbatim(&mut self, range: &Range<usize>) {
        let begins = |found: &Found<'_>| found.range.start >= range.start;
        self.remove(range, |found| {
            found.syntax != Syntax::Region && begins(found)
        });
    }

    /// Here is a link, and what looks like a wiki link is its text.
    pub(super) fn link(&mut self, range: &Range<usize>) {
        self.remove(range, |found| found.syntax == Syntax::WikiLink);
    }

    /// Here is a table, with a head.
    pub(super) fn table(&mut self, range: &Range<usize>) {
        self.remove(range, |found| {
            matches!(found.syntax, Syntax::HeadOfTable(..))
        });
    }

    /// A block of code whose first line gives it a title.
    pub(super) fn titled_code(&mut self, range: &Range<usize>) {
        self.titled.push(range.clone());
    }

    /// Removes what overlaps a range, if it is of some kind.
    fn remove(&mut self, range: &Range<usize>, is_kind: impl Fn(&Found<'_>) -> bool) {
        let found = &mut self.found;
        let begin = found.partition_point(|found| found.range.start < range.start);
        // Only the one before can reach into the range.
        let found = &mut found[begin.saturating_sub(1)..];
        let until = found.partition_point(|found| found.range.start < range.end);
        for found in &mut found[..until] {
            found.removed |= found.range.end > range.start && is_kind(found);
        }
    }

    /// Adds a finding for each kind of syntax.
    pub(super) fn report(mut self, input: Input<'_>, findings: &mut Findings) {
        self.found.retain(|found| !found.removed);
        self.found.extend(self.titled.into_iter().map(|block| {
            let line = input.text[block.clone()].lines().next().unwrap_or_default();
            Found::new(Syntax::CodeTitle, block.start..block.start + line.len(), "")
        }));
        let mut told = Vec::new();
        for found in &self.found {
            let kind = std::mem::discriminant(&found.syntax);
            if told.contains(&kind) {
                continue;
            }
            told.push(kind);
            let same = self.found.iter();
            let same = same.filter(|other| std::mem::discriminant(&other.syntax) == kind);
            findings.push(finding(input, found, same.count() - 1));
        }
    }
}

fn finding(input: Input<'_>, found: &Found<'_>, more: usize) -> Finding {
    let place = input.place(found.range.clone());
    let finding = Finding::new(Code::LiteralSyntax, place, message(found.syntax));
    let finding = match found.syntax {
        Syntax::Region | Syntax::CodeTitle => finding.severity(Severity::Warning),
        _ => finding,
    };
    let finding = finding.help(help(found, input.file));
    match more {
        0 => finding,
        1 => finding.help("there is one more on this page"),
        more => finding.help(format!("there are {more} more on this page")),
    }
}

fn message(syntax: Syntax) -> String {
    let what = match syntax {
        Syntax::Table => "a command for chapters of an mdBook",
        Syntax::Include => "a command of mdBook",
        Syntax::Shortcode => "a shortcode of Hugo",
        Syntax::Liquid => "a tag of Liquid or Jinja",
        Syntax::Admonition => "an admonition of another tool",
        Syntax::Attributes => "a list of attributes",
        Syntax::WikiLink => "a wiki link",
        Syntax::Contents => "a mark for the table of contents",
        Syntax::Tabs => "a tab of MkDocs",
        Syntax::Import => "an import of MDX",
        Syntax::Directive => "a directive of reStructuredText",
        Syntax::HeadOfTable(above, here) => {
            return format!(
                "this is no table, so it is shown as it is: the line above has {above} cells, \
                 and this one {here}"
            );
        }
        Syntax::CodeTitle => return "the title of this code is not shown".into(),
        Syntax::Region => {
            return "this region is empty, and a page of the site does not fill it".into();
        }
    };
    format!("{what} is not read here, so it is shown as it is")
}

fn help(found: &Found<'_>, file: &str) -> String {
    let callout = |kind: &str| format!("write a callout: `> [!{kind}]`, and the text after `> `");
    match found.syntax {
        Syntax::Table => format!(
            "write the lines `<!-- srm:begin {} -->` and `<!-- srm:end -->`, \
             and run `srm-site embed {file}`",
            found.word
        ),
        Syntax::Admonition | Syntax::Directive if meant_callout(found.word).is_some() => {
            callout(meant_callout(found.word).unwrap_or("NOTE"))
        }
        Syntax::Admonition => callout("NOTE"),
        Syntax::Attributes => "the id of a heading is written `## Steps {#steps}`".into(),
        Syntax::WikiLink => format!("write `[{}](PAGE.md)`", found.word),
        Syntax::Contents => "remove it: each page lists its headings".into(),
        Syntax::Region => format!("run `srm-site embed {file}`"),
        Syntax::CodeTitle => "write it in a line above the code".into(),
        Syntax::HeadOfTable(..) => "write `---` for each cell of the line above".into(),
        Syntax::Include => "copy the text into the page, or link to the file".into(),
        Syntax::Tabs => "write a heading for each part".into(),
        _ => "write Markdown in its place; put it in backticks to show it".into(),
    }
}

/// Everything in a text that looks like such syntax, in order.
fn all(text: &str) -> Vec<Found<'_>> {
    let mut all = Vec::new();
    let mut at = 0;
    let mut above = "";
    for line in text.split_inclusive('\n') {
        let words = line.trim_start_matches([' ', '\t', '>']);
        let start = at + line.len() - words.len();
        let words = words.trim_end();
        if let Some((above, here)) = cells_of_head(above, words) {
            let range = start..start + words.len();
            all.push(Found::new(Syntax::HeadOfTable(above, here), range, ""));
        }
        above = words;
        if let Some((syntax, word)) = line_of(words) {
            let range = start..start + words.len();
            all.push(Found::new(syntax, range, word));
        }
        if is_marker(words, "begin") {
            let below = text[at + line.len()..].trim_start_matches([' ', '\t', '>', '\n', '\r']);
            if is_marker(below.lines().next().unwrap_or_default(), "end") {
                let range = start..start + words.len();
                all.push(Found::new(Syntax::Region, range, ""));
            }
        }
        in_line(words, start, &mut all);
        at += line.len();
    }
    all
}

/// How many cells two lines have that would be the head of a table if these numbers
/// were equal.
fn cells_of_head(above: &str, line: &str) -> Option<(usize, usize)> {
    let is_line = line.starts_with(['|', '-', ':'])
        && line.contains('|')
        && line.contains('-')
        && line.chars().all(|c| "|:- \t".contains(c));
    if !is_line {
        return None;
    }
    // The head may begin an entry of a list.
    let above = above.trim_start_matches(['-', '*', '+', ' ']);
    let cells = |row: &str| {
        let inner = row.strip_prefix('|').unwrap_or(row);
        let bars = bars(inner);
        let last = usize::from(bars.last() == Some(&(inner.len().wrapping_sub(1))));
        bars.len() + 1 - last
    };
    let (above_cells, here) = (cells(above), cells(line));
    (!bars(above).is_empty() && above_cells != here).then_some((above_cells, here))
}

/// Whether a line is a marker of a region that pages can contain.
fn is_marker(line: &str, which: &str) -> bool {
    let comment = line
        .strip_prefix("<!--")
        .or_else(|| line.strip_prefix("[//]: # ("));
    let said = comment.and_then(|c| c.trim_start().strip_prefix("srm:"));
    said.is_some_and(|said| said.starts_with(which))
}

/// Syntax that takes a whole line, and its word.
fn line_of(line: &str) -> Option<(Syntax, &str)> {
    // Nearly all lines begin with something else.
    if !line.starts_with([':', '!', '?', '=', '{', '[', '.', 'i']) {
        return None;
    }
    let word = |rest: &'_ str| -> usize {
        rest.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
            .unwrap_or(rest.len())
    };
    if let Some(rest) = line.strip_prefix(":::") {
        let rest = rest
            .trim_start_matches(':')
            .trim_start()
            .trim_start_matches('{');
        let name = &rest[..word(rest)];
        return name
            .starts_with(char::is_alphabetic)
            .then_some((Syntax::Admonition, name));
    }
    for mark in ["!!! ", "??? ", "???+ "] {
        if let Some(rest) = line.strip_prefix(mark) {
            let name = &rest[..word(rest)];
            let end = &rest[name.len()..];
            let is_syntax =
                !name.is_empty() && (end.is_empty() || end.trim_start().starts_with('"'));
            return is_syntax.then_some((Syntax::Admonition, name));
        }
    }
    if line.starts_with("=== \"") && line.ends_with('"') && line.len() > 6 {
        return Some((Syntax::Tabs, ""));
    }
    if line.starts_with("{:") && line.ends_with('}') {
        return Some((Syntax::Attributes, ""));
    }
    if ["[TOC]", "[toc]", "[[toc]]", "[[TOC]]", "[[_TOC_]]"].contains(&line) {
        return Some((Syntax::Contents, ""));
    }
    if let Some(rest) = line.strip_prefix(".. ") {
        let name = &rest[..word(rest)];
        let is_syntax = !name.is_empty() && rest[name.len()..].starts_with("::");
        return is_syntax.then_some((Syntax::Directive, name));
    }
    let quoted = |mark: char| line.trim_end_matches(';').ends_with(mark);
    let imports = line.starts_with("import ") && line.contains(" from ");
    (imports && (quoted('\'') || quoted('"'))).then_some((Syntax::Import, ""))
}

/// Syntax in a line, which begins at `start` in its text.
fn in_line<'t>(line: &'t str, start: usize, all: &mut Vec<Found<'t>>) {
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'{', b'[', &line.as_bytes()[at..]) {
        let open = at + next;
        let rest = &line[open..];
        at = open + 1;
        if line[..open].ends_with('\\') {
            continue;
        }
        if let Some((syntax, word, len)) = opening(rest) {
            let from = start + open;
            all.push(Found::new(syntax, from..from + len, word));
            at = open + len;
        }
    }
}

/// The syntax that a text begins with: its kind, its word and its length.
fn opening(rest: &str) -> Option<(Syntax, &str, usize)> {
    let inner = |open: &str, close: &str| {
        let inner = rest.strip_prefix(open)?;
        let near = &inner.as_bytes()[..inner.len().min(MOST_BYTES)];
        let inner = &inner[..memchr::memmem::find(near, close.as_bytes())?];
        Some((inner, open.len() + inner.len() + close.len()))
    };
    if let Some((inner, len)) = inner("{{#", "}}") {
        if let Some(request) = inner.strip_prefix("srm ") {
            return Some((Syntax::Table, request.trim(), len));
        }
        let is_name = inner.starts_with(|c: char| c.is_ascii_lowercase());
        return is_name.then_some((Syntax::Include, inner, len));
    }
    for (open, close) in [("{{<", ">}}"), ("{{%", "%}}")] {
        if let Some((inner, len)) = inner(open, close) {
            let name = inner.trim_start().trim_start_matches('/').trim_start();
            let is_name = name.starts_with(|c: char| c.is_ascii_lowercase());
            return is_name.then_some((Syntax::Shortcode, inner, len));
        }
    }
    if let Some((inner, len)) = inner("{%", "%}") {
        let name = inner.trim_start_matches('-').trim_start();
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase());
        return is_name.then_some((Syntax::Liquid, inner, len));
    }
    if let Some((inner, len)) = inner("{{", "}}") {
        let name = inner.trim_start();
        let is_name = ["site.", "page.", "include."]
            .iter()
            .any(|p| name.starts_with(p));
        return is_name.then_some((Syntax::Liquid, inner, len));
    }
    let (inner, len) = inner("[[", "]]")?;
    let name = inner.rsplit('|').next().unwrap_or(inner);
    let is_name = inner.starts_with(char::is_alphabetic) && !inner.contains(['[', ']']);
    let is_link = rest[len..].starts_with(['(', '[', ':']);
    let is_contents = ["toc", "_toc_"].contains(&inner.to_ascii_lowercase().as_str());
    (is_name && !is_link && !is_contents).then_some((Syntax::WikiLink, name, len))
}
