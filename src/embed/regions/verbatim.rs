//! Finds the ranges of a document in which markers are plain text: code, raw HTML and
//! comments.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use crate::embed::regions::dialect::Dialect;

/// The ranges that are shown unchanged, so that nothing in them is a marker, ordered
/// by where they begin.
pub fn verbatim(text: &str, dialect: Dialect) -> Vec<Range<usize>> {
    match dialect {
        Dialect::Markdown | Dialect::Mdx => in_markdown(text, dialect),
        Dialect::Html => {
            let mut tags = RawText::default();
            tags.scan(text, 0);
            tags.finish(text.len())
        }
        Dialect::Asciidoc => in_asciidoc(text),
        Dialect::Rst => in_rst(text),
        Dialect::Latex => in_blocks(text, latex_block),
        Dialect::Org => in_blocks(text, org_block),
        Dialect::Plain => Vec::new(),
    }
}

/// Code and `<pre>`, by the rules of CommonMark.
fn in_markdown(text: &str, dialect: Dialect) -> Vec<Range<usize>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut found = Vec::new();
    let mut tags = RawText::default();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            // MDX has no indented code.
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) if dialect == Dialect::Mdx => {}
            Event::Start(Tag::CodeBlock(_) | Tag::MetadataBlock(_)) | Event::Code(_) => {
                found.push(range);
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                // The text of an event may differ from the source in quotes.
                let source = text.get(range.clone()).unwrap_or(&html);
                tags.scan(source, range.start);
            }
            _ => {}
        }
    }
    found.extend(tags.finish(text.len()));
    found.sort_by_key(|range| range.start);
    found
}

/// The comments of a Markdown text, each up to where it is closed or its HTML ends.
pub fn comments(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        if !matches!(event, Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)) {
            continue;
        }
        let mut at = range.start;
        while let Some(open) = text[at..range.end].find("<!--") {
            let start = at + open;
            let close = text[start..range.end].find("-->");
            at = close.map_or(range.end, |close| start + close + "-->".len());
            found.push(start..at);
        }
    }
    found
}

/// HTML elements whose text is shown or run unchanged, and comments of several lines.
#[derive(Default)]
struct RawText {
    pub(super) open: Option<(&'static str, usize)>,
    pub(super) found: Vec<Range<usize>>,
}

impl RawText {
    const NAMES: &[&str] = &["pre", "script", "style", "textarea", "xmp"];

    fn scan(&mut self, html: &str, offset: usize) {
        let lower = html.to_ascii_lowercase();
        let mut at = 0;
        while at < lower.len() {
            let rest = &lower[at..];
            if let Some((name, start)) = self.open {
                let Some(end) = rest.find(name) else { return };
                at += end + name.len();
                self.found.push(start..offset + at);
                self.open = None;
                continue;
            }
            let Some(next) = rest.find('<') else { return };
            at += next;
            let rest = &lower[at..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                let end = comment.find("-->");
                // A marker over several lines is a mistake that is reported.
                let marker = comment.trim_start_matches([' ', '\t']).starts_with("srm:");
                match end.filter(|end| !comment[..*end].contains('\n')) {
                    Some(end) => at += "<!--".len() + end,
                    None if marker => at += "<!--".len(),
                    None => {
                        self.open = Some(("-->", offset + at));
                        at += "<!--".len();
                    }
                }
                continue;
            }
            let opened = Self::NAMES.iter().find(|name| {
                let after = rest[1..].strip_prefix(**name);
                after.is_some_and(|a| a.starts_with(['>', ' ', '\t', '\n', '\r', '/']))
            });
            at += 1;
            if let Some(name) = opened {
                let close = match *name {
                    "pre" => "</pre",
                    "script" => "</script",
                    "style" => "</style",
                    "textarea" => "</textarea",
                    _ => "</xmp",
                };
                self.open = Some((close, offset + at - 1));
            }
        }
    }

    fn finish(mut self, end: usize) -> Vec<Range<usize>> {
        if let Some((_, start)) = self.open {
            self.found.push(start..end);
        }
        self.found
    }
}

/// Listing, literal, comment and fenced blocks between delimiter lines
/// (AsciiDoc Language Documentation, "Delimited blocks").
fn in_asciidoc(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        let same = |c: char| line.len() >= 4 && line.chars().all(|l| l == c);
        let delimiter = same('-') || same('.') || same('/');
        let fence = line.starts_with("```") && !line[3..].contains('`');
        match open {
            Some((with, from)) if line == with => {
                found.push(from..at);
                open = None;
            }
            None if delimiter => open = Some((line, start)),
            None if fence => open = Some(("```", start)),
            _ => {}
        }
    }
    if let Some((_, from)) = open {
        found.push(from..text.len());
    }
    found
}

/// Blocks between a line that opens one and the line that closes it.
fn in_blocks(text: &str, closing: fn(&str) -> Option<String>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(String, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        match &open {
            Some((close, from)) if line.to_ascii_lowercase().contains(close.as_str()) => {
                found.push(*from..at);
                open = None;
            }
            Some(_) => {}
            None => open = closing(line.trim()).map(|close| (close, start)),
        }
    }
    found.extend(open.map(|(_, from)| from..text.len()));
    found
}

/// The end of an environment of LaTeX that shows its text as it is, or leaves it out.
fn latex_block(line: &str) -> Option<String> {
    const NAMES: &[&str] = &[
        "verbatim",
        "lstlisting",
        "minted",
        "comment",
        "filecontents",
    ];
    let (before, rest) = line.split_once("\\begin{")?;
    let (name, _) = rest.split_once('}')?;
    let name = name.to_ascii_lowercase();
    let is_known = NAMES.contains(&name.trim_end_matches('*'));
    (is_known && !before.contains('%')).then(|| format!("\\end{{{name}}}"))
}

/// The end of a block of Org whose text is no Org.
fn org_block(line: &str) -> Option<String> {
    const NAMES: &[&str] = &["src", "example", "export", "comment"];
    let line = line.to_ascii_lowercase();
    let name = line.strip_prefix("#+begin_")?.split_whitespace().next()?;
    NAMES.contains(&name).then(|| format!("#+end_{name}"))
}

/// Literal blocks: indented text below a paragraph that ends with `::`, and below
/// directives for code (reStructuredText Markup Specification, "Literal Blocks").
fn in_rst(text: &str) -> Vec<Range<usize>> {
    const CODE: &[&str] = &[
        "code",
        "code-block",
        "sourcecode",
        "parsed-literal",
        "math",
        "raw",
    ];
    let mut found: Vec<Range<usize>> = Vec::new();
    // The indentation of the line that opened a block, and where the block began.
    let mut open: Option<(usize, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim();
        if content.is_empty() {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        if let Some((outer, from)) = open {
            if indent > outer {
                continue;
            }
            found.push(from..start);
            open = None;
        }
        let directive = content
            .strip_prefix(".. ")
            .and_then(|rest| rest.split_once("::"))
            .is_some_and(|(name, _)| CODE.contains(&name.trim()));
        let paragraph = content.ends_with("::") && !content.starts_with(".. ");
        if directive || paragraph {
            open = Some((indent, at));
        }
    }
    if let Some((_, from)) = open {
        found.push(from..text.len());
    }
    found
}
