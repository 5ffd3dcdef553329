//! Regions of other people's documents that hold generated text: where their
//! markers are, what is between them, and which lines only look like markers.
//! It changes nothing and knows nothing of tables.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use crate::findings::diag::{Code, Finding, Findings, Place};

/// What a document is written in, as far as comments and code go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Markdown,
    Mdx,
    Html,
    Asciidoc,
    Rst,
    /// Text of any other kind.
    Plain,
}

impl Dialect {
    /// The dialect of a file, by the ending of its name.
    pub fn of_file(path: &str) -> Dialect {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending.to_ascii_lowercase().as_str() {
            "md" | "markdown" | "qmd" => Dialect::Markdown,
            "mdx" => Dialect::Mdx,
            "html" | "htm" | "xhtml" => Dialect::Html,
            "adoc" | "asciidoc" | "asc" => Dialect::Asciidoc,
            "rst" => Dialect::Rst,
            _ => Dialect::Plain,
        }
    }

    /// Comments that may hold a marker: how they open and close.
    fn comments(self) -> &'static [(&'static str, &'static str)] {
        const HTML: (&str, &str) = ("<!--", "-->");
        match self {
            // A definition nobody refers to is a comment where HTML is not
            // allowed (Bitbucket).
            Dialect::Markdown => &[
                HTML,
                ("[//]: # (", ")"),
                ("[//]: # \"", "\""),
                ("[//]: # '", "'"),
                ("[comment]: # (", ")"),
                ("[comment]: # \"", "\""),
                ("[comment]: # '", "'"),
            ],
            Dialect::Mdx => &[("{/*", "*/}"), HTML, ("[//]: # (", ")")],
            Dialect::Html => &[HTML],
            Dialect::Asciidoc => &[("//", ""), HTML],
            Dialect::Rst => &[("..", "")],
            Dialect::Plain => &[
                HTML,
                ("{/*", "*/}"),
                ("/*", "*/"),
                ("//", ""),
                ("#", ""),
                ("%", ""),
                ("--", ""),
                (";", ""),
                ("..", ""),
            ],
        }
    }

    /// Whether generated text stands between blank lines, so that it cannot
    /// run into the comments around it.
    pub fn spaced(self) -> bool {
        !matches!(self, Dialect::Html | Dialect::Plain)
    }
}

/// The regions of a document.
#[derive(Debug, Default)]
pub struct Found {
    pub regions: Vec<Region>,
    /// What is asked for where markers are wrong, so that mistakes in it can be
    /// told at once.
    pub broken: Vec<Range<usize>>,
}

/// A stretch between two markers.
#[derive(Clone, Debug)]
pub struct Region {
    /// What is asked for, in the first marker.
    pub request: Range<usize>,
    /// The lines between the markers.
    pub body: Range<usize>,
    /// What stands before the markers on their lines: blanks and quote marks.
    pub prefix: String,
    /// The line end of the first marker.
    pub line_end: &'static str,
    /// Where the last marker says what was written; behind its word where it
    /// does not say it yet.
    pub sum: Range<usize>,
}

/// A marker on its line.
struct Marker {
    /// The line with its end.
    line: Range<usize>,
    /// From the comment's opening to its end.
    whole: Range<usize>,
    prefix: String,
    line_end: &'static str,
    /// `begin`, `end`, or what somebody took for one of them.
    word: Range<usize>,
    /// What follows the word.
    rest: Range<usize>,
}

impl Marker {
    /// What follows the word, without the blanks around it.
    fn request(&self, text: &str) -> Range<usize> {
        let rest = &text[self.rest.clone()];
        let start = self.rest.start + (rest.len() - rest.trim_start().len());
        start..start + rest.trim().len()
    }
}

/// Finds the regions of a document.
pub fn find(text: &str, dialect: Dialect, file: &Arc<str>, findings: &mut Findings) -> Found {
    let mut found = Found::default();
    // Nearly all documents have none, and need no parser.
    if !text.contains("srm:") {
        return found;
    }
    let verbatim = verbatim(text, dialect);
    let at = |range: &Range<usize>| Place::new(file, range.clone());
    let mut open: Option<Marker> = None;
    for marker in markers(text, dialect, &verbatim, file, findings) {
        match (&text[marker.word.clone()], open.take()) {
            ("begin", None) => open = Some(marker),
            ("begin", Some(before)) => {
                findings.push(
                    Finding::new(
                        Code::Marker,
                        at(&marker.whole),
                        "a region begins inside another",
                    )
                    .related(at(&before.whole), "this one is not ended before it")
                    .help(
                        "end the one before it with a line `srm:end` in the same kind of comment",
                    ),
                );
                found.broken.push(before.request(text));
                open = Some(marker);
            }
            ("end", None) => findings.push(
                Finding::new(
                    Code::Marker,
                    at(&marker.whole),
                    "a region ends here that never began",
                )
                .help("put a line `srm:begin KIND` before it, or remove this one"),
            ),
            ("end", Some(begin)) => match region(text, &begin, &marker, file, findings) {
                Some(region) => found.regions.push(region),
                None => found.broken.push(begin.request(text)),
            },
            (other, before) => {
                findings.push(
                    Finding::new(
                        Code::Marker,
                        at(&marker.word),
                        format!("`srm:{other}` is not a marker"),
                    )
                    .suggest(other, ["begin", "end"]),
                );
                open = before;
            }
        }
    }
    if let Some(begin) = open {
        findings.push(
            Finding::new(Code::Marker, at(&begin.whole), "this region is never ended")
                .help("put a line `srm:end` in the same kind of comment where it ends"),
        );
        found.broken.push(begin.request(text));
    }
    found
}

fn region(
    text: &str,
    begin: &Marker,
    end: &Marker,
    file: &Arc<str>,
    findings: &mut Findings,
) -> Option<Region> {
    let before = findings.list.len();
    if begin.prefix != end.prefix {
        findings.push(
            Finding::new(
                Code::Marker,
                Place::new(file, end.whole.clone()),
                "the markers of a region stand differently on their lines",
            )
            .related(
                Place::new(file, begin.whole.clone()),
                "the region begins here",
            )
            .help("give both the same indentation and quote marks"),
        );
    }
    let rest = text[end.rest.clone()].trim();
    let start = end.rest.start + text[end.rest.clone()].find(rest).unwrap_or(0);
    let sum = if rest.is_empty() {
        end.rest.start..end.rest.start
    } else {
        start..start + rest.len()
    };
    if !rest.is_empty() && (!rest.starts_with("sum=") || rest.contains(char::is_whitespace)) {
        findings.push(
            Finding::new(
                Code::Marker,
                Place::new(file, sum.clone()),
                "nothing but `sum=...` may stand in the last marker",
            )
            .help("options belong into the first one: `srm:begin KIND key=value`"),
        );
    }
    (findings.list.len() == before).then(|| Region {
        request: begin.request(text),
        body: begin.line.end..end.line.start,
        prefix: begin.prefix.clone(),
        line_end: begin.line_end,
        sum,
    })
}

/// All lines that are markers, and findings for those that nearly are.
fn markers(
    text: &str,
    dialect: Dialect,
    verbatim: &[Range<usize>],
    file: &Arc<str>,
    findings: &mut Findings,
) -> Vec<Marker> {
    let mut found = Vec::new();
    let mut verbatim = verbatim.iter().peekable();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        if !line.contains("srm:") {
            continue;
        }
        let from = range.start + opening(line, dialect);
        while verbatim.next_if(|v| v.end <= from).is_some() {}
        if verbatim.peek().is_some_and(|v| v.contains(&from)) {
            continue;
        }
        match marker(line, &range, dialect) {
            Some(Ok(marker)) => found.push(marker),
            Some(Err(why)) => findings.push(
                Finding::new(
                    Code::Marker,
                    Place::new(file, from..range.start + line.trim_end().len()),
                    why,
                )
                .help("a marker is a comment of its own on one line"),
            ),
            None => {}
        }
    }
    found
}

/// Where on a line the comment of a marker opens, or the line's first word.
fn opening(line: &str, dialect: Dialect) -> usize {
    let comments = dialect
        .comments()
        .iter()
        .filter(|(_, close)| !close.is_empty());
    let inside = comments
        .filter_map(|(open, _)| {
            let at = line.find(open)?;
            let names = line[at + open.len()..].trim_start().starts_with("srm:");
            (names && !is_escaped(&line[..at], dialect)).then_some(at)
        })
        .min();
    inside.unwrap_or_else(|| prefix_of(line).len())
}

/// Whether what follows is text because of a backslash before it. Tables have such
/// text where a label looks like a marker.
fn is_escaped(before: &str, dialect: Dialect) -> bool {
    let backslashes = before.len() - before.trim_end_matches('\\').len();
    matches!(dialect, Dialect::Markdown | Dialect::Mdx) && backslashes % 2 == 1
}

/// Blanks and quote marks at the beginning of a line; a byte order mark is no
/// part of the text.
fn prefix_of(line: &str) -> &str {
    let end = line.find(|c: char| !matches!(c, ' ' | '\t' | '>' | '\u{feff}'));
    &line[..end.unwrap_or(line.len())]
}

/// The marker on a line, if there is one; why not, if there nearly is.
fn marker(
    line: &str,
    range: &Range<usize>,
    dialect: Dialect,
) -> Option<Result<Marker, &'static str>> {
    let content = line.trim_end_matches(['\n', '\r']);
    let line_end = match &line[content.len()..] {
        "\r\n" => "\r\n",
        _ => "\n",
    };
    let open_at = opening(line, dialect);
    let (open, close) = dialect
        .comments()
        .iter()
        .find(|(open, _)| content[open_at..].starts_with(open))?;
    let inner = &content[open_at + open.len()..];
    let word_at = open_at + open.len() + (inner.len() - inner.trim_start().len());
    let word = content[word_at..].strip_prefix("srm:")?;
    let prefix = prefix_of(content);
    // What AsciiDoc takes for a comment begins the line.
    if dialect == Dialect::Asciidoc && close.is_empty() && !prefix.is_empty() {
        return None;
    }
    if prefix.len() != open_at {
        return Some(Err("something stands before this marker on its line"));
    }
    let end = match close.is_empty() {
        true => content.trim_end().len(),
        false => match content[word_at..].find(close) {
            Some(at) => word_at + at,
            None => return Some(Err("the comment of this marker is not closed on its line")),
        },
    };
    let after = end + close.len();
    if !content[after.min(content.len())..].trim().is_empty() {
        return Some(Err("something stands behind this marker on its line"));
    }
    let word_at = word_at + "srm:".len();
    let stop = |c: char| !(c.is_alphanumeric() || c == '-' || c == '_');
    let word_end = word_at + word.find(stop).unwrap_or(word.len()).min(end - word_at);
    let shift = |at: usize| range.start + at;
    Some(Ok(Marker {
        line: range.clone(),
        whole: shift(open_at)..shift(after),
        prefix: prefix.trim_start_matches('\u{feff}').to_string(),
        line_end,
        word: shift(word_at)..shift(word_end),
        rest: shift(word_end)..shift(end),
    }))
}

/// Stretches that are shown as they are, so that nothing in them is a marker,
/// in the order of their beginnings.
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
        Dialect::Plain => Vec::new(),
    }
}

/// Code and `<pre>`, as CommonMark has them.
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

/// Elements of HTML whose text is shown or run as it is, and comments of
/// several lines.
#[derive(Default)]
struct RawText {
    open: Option<(&'static str, usize)>,
    found: Vec<Range<usize>>,
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
                // A marker over several lines is a mistake to be told.
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

/// Literal blocks: what is indented below a paragraph that ends in `::`, and
/// below directives that hold code (reStructuredText Markup Specification,
/// "Literal Blocks").
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
    // Indentation of the line that opened a block, and where the block began.
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
