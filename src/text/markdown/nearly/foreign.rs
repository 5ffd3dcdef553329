//! Finds syntax of other tools, which is on the page as it was written. Only what is
//! very likely meant as syntax counts, and never what is in code or in HTML.

use std::ops::Range;

use crate::findings::{Code, Finding, Findings, Severity};
use crate::text::markdown::Input;
use crate::text::markdown::nearly::meant_callout;

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
}

/// A place with such syntax: its range in the text, and the word that says which.
struct Found<'t> {
    syntax: Syntax,
    range: Range<usize>,
    word: &'t str,
}

/// Adds a finding for each kind of syntax in a text. `verbatim` are the ranges of code
/// and HTML.
pub(super) fn look(
    input: Input<'_>,
    verbatim: &[Range<usize>],
    links: &[Range<usize>],
    findings: &mut Findings,
) {
    // The ranges are in order and do not overlap.
    let overlaps = |ranges: &[Range<usize>], range: &Range<usize>| {
        let at = ranges.partition_point(|one| one.end <= range.start);
        ranges.get(at).is_some_and(|one| one.start < range.end)
    };
    let mut all = all(input.text);
    all.retain(|found| match found.syntax {
        Syntax::Region => true,
        Syntax::WikiLink => !overlaps(verbatim, &found.range) && !overlaps(links, &found.range),
        _ => !overlaps(verbatim, &found.range),
    });
    let mut told: Vec<Syntax> = Vec::new();
    for found in &all {
        if told.contains(&found.syntax) {
            continue;
        }
        told.push(found.syntax);
        let same = all.iter().filter(|other| other.syntax == found.syntax);
        findings.push(finding(input, found, same.count() - 1));
    }
}

fn finding(input: Input<'_>, found: &Found<'_>, more: usize) -> Finding {
    let place = input.place(found.range.clone());
    let finding = match found.syntax {
        Syntax::Region => Finding::new(
            Code::LiteralSyntax,
            place,
            "this region is empty, and a page of the site does not fill it",
        )
        .severity(Severity::Warning)
        .help(format!("run `srm-site embed {}`", input.file)),
        syntax => {
            let what = words(syntax);
            let message = format!("{what} is not read here, so it is shown as it is");
            Finding::new(Code::LiteralSyntax, place, message).help(help(found, input.file))
        }
    };
    match more {
        0 => finding,
        1 => finding.help("there is one more on this page"),
        more => finding.help(format!("there are {more} more on this page")),
    }
}

fn words(syntax: Syntax) -> &'static str {
    match syntax {
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
        Syntax::Region => "a region",
    }
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
        Syntax::Include => "copy the text into the page, or link to the file".into(),
        Syntax::Tabs => "write a heading for each part".into(),
        _ => "write Markdown in its place; put it in backticks to show it".into(),
    }
}

/// Everything in a text that looks like such syntax, in order.
fn all(text: &str) -> Vec<Found<'_>> {
    let mut all = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim_start_matches([' ', '\t', '>']);
        let start = at + line.len() - words.len();
        let words = words.trim_end();
        if let Some((syntax, word)) = line_of(words) {
            let range = start..start + words.len();
            all.push(Found {
                syntax,
                range,
                word,
            });
        }
        if is_marker(words, "begin") {
            let below = text[at + line.len()..].trim_start_matches([' ', '\t', '>', '\n', '\r']);
            if is_marker(below.lines().next().unwrap_or_default(), "end") {
                let range = start..start + words.len();
                all.push(Found {
                    syntax: Syntax::Region,
                    range,
                    word: "",
                });
            }
        }
        in_line(words, start, &mut all);
        at += line.len();
    }
    all
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
    while let Some(next) = line[at..].find(['{', '[']) {
        let open = at + next;
        let rest = &line[open..];
        at = open + 1;
        if line[..open].ends_with('\\') {
            continue;
        }
        if let Some((syntax, word, len)) = opening(rest) {
            let from = start + open;
            all.push(Found {
                syntax,
                range: from..from + len,
                word,
            });
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
