//! Finds the regions of a document: where their markers are, what is between them,
//! and which lines only look like markers. Tables are not known here.

mod dialect;
mod nearly;
mod verbatim;

use std::ops::Range;
use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Place};

pub use crate::embed::regions::dialect::Dialect;
pub use crate::embed::regions::verbatim::{comments, verbatim};

/// The regions of a document.
#[derive(Debug, Default)]
pub struct Found {
    /// The regions with correct markers, in order.
    pub regions: Vec<Region>,
    /// Requests in wrong markers, so that their mistakes can be reported at the same
    /// time.
    pub broken: Vec<Range<usize>>,
}

/// The lines between two markers.
#[derive(Clone, Debug)]
pub struct Region {
    /// The request in the first marker.
    pub request: Range<usize>,
    /// The lines between the markers.
    pub body: Range<usize>,
    /// What is before the markers on their lines: spaces and quote marks.
    pub prefix: String,
    /// The line end of the first marker.
    pub line_end: &'static str,
    /// Where the checksum is in the last marker; an empty range after the word if
    /// there is none yet.
    pub sum: Range<usize>,
}

/// A marker on its line.
struct Marker {
    /// The line including its line end.
    line: Range<usize>,
    /// The whole comment.
    whole: Range<usize>,
    prefix: String,
    line_end: &'static str,
    /// `begin`, `end`, or what was written instead.
    word: Range<usize>,
    /// What follows the word.
    rest: Range<usize>,
}

impl Marker {
    /// What follows the word, without the spaces around it.
    fn request(&self, text: &str) -> Range<usize> {
        let rest = &text[self.rest.clone()];
        let start = self.rest.start + (rest.len() - rest.trim_start().len());
        start..start + rest.trim().len()
    }
}

/// Finds the regions of a document.
pub fn find_regions(
    text: &str,
    dialect: Dialect,
    file: &Arc<str>,
    findings: &mut Findings,
) -> Found {
    let mut found = Found::default();
    // Nearly all documents have no markers and need no parser.
    if !nearly::names_tool(text) {
        return found;
    }
    let verbatim = verbatim(text, dialect);
    let at = |range: &Range<usize>| Place::new(file, range.clone());
    let mut open: Option<Marker> = None;
    for marker in markers(text, dialect, &verbatim, file, findings) {
        match (&text[marker.word.clone()], open.take()) {
            ("begin", None) => open = Some(marker),
            ("begin", Some(before)) => {
                findings.push(inside_another(at(&marker.whole), at(&before.whole)));
                found.broken.push(before.request(text));
                open = Some(marker);
            }
            ("end", None) => findings.push(
                Finding::new(
                    Code::Marker,
                    at(&marker.whole),
                    "this marker ends a region that was never begun",
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
            Finding::new(
                Code::Marker,
                at(&begin.whole),
                "this region has no end marker",
            )
            .help("add a line `srm:end` in the same kind of comment where the region ends"),
        );
        found.broken.push(begin.request(text));
    }
    found
}

fn inside_another(here: Place, before: Place) -> Finding {
    Finding::new(Code::Marker, here, "a region begins inside another region")
        .related(before, "this region is still open")
        .help("end the first region with a line `srm:end` in the same kind of comment")
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
                "the markers of this region have different text before them",
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
                "the last marker may contain only `sum=...`",
            )
            .help("write options in the first marker: `srm:begin KIND key=value`"),
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

/// All lines that are markers, with findings for lines that are nearly markers.
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
        if !nearly::names_tool(line) {
            continue;
        }
        let marker = marker(line, &range, dialect);
        let meant = match marker {
            None => nearly::nearly(line, dialect),
            Some(_) => None,
        };
        let opening = meant.map_or_else(|| opening(line, dialect), |(at, _)| at);
        let from = range.start + opening;
        while verbatim.next_if(|v| v.end <= from).is_some() {}
        if verbatim.peek().is_some_and(|v| v.contains(&from)) {
            continue;
        }
        let whole = || Place::new(file, from..range.start + line.trim_end().len());
        match (marker, meant) {
            (Some(Ok(marker)), _) => found.push(marker),
            (Some(Err((why, help))), _) => {
                findings.push(Finding::new(Code::Marker, whole(), why).help(help));
            }
            (None, Some((_, meant))) => findings.push(
                Finding::new(Code::Marker, whole(), "this comment is nearly a marker").help(
                    format!("write `{meant}`, in small letters and without other signs"),
                ),
            ),
            (None, None) => {}
        }
    }
    found
}

/// Where the comment of a marker opens on a line, or where the line's first word
/// begins.
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

/// Whether what follows is plain text because of a backslash before it. Tables write
/// this if a label looks like a marker.
fn is_escaped(before: &str, dialect: Dialect) -> bool {
    let backslashes = before.len() - before.trim_end_matches('\\').len();
    matches!(dialect, Dialect::Markdown | Dialect::Mdx) && backslashes % 2 == 1
}

/// The spaces and quote marks at the beginning of a line. A byte order mark is not
/// part of the text.
fn prefix_of(line: &str) -> &str {
    let end = line.find(|c: char| !matches!(c, ' ' | '\t' | '>' | '\u{feff}'));
    &line[..end.unwrap_or(line.len())]
}

/// How to fix a marker that shares its line.
const ALONE: &str = "write each marker as a separate comment on its own line";

/// How to fix a marker with text that ends its comment.
const WITHOUT_CLOSE: &str = "leave it out of the request, or use another kind of comment";

/// The marker on a line, if there is one, or the reason why a line cannot be one, with
/// how to fix it.
fn marker(
    line: &str,
    range: &Range<usize>,
    dialect: Dialect,
) -> Option<Result<Marker, (String, &'static str)>> {
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
    // In AsciiDoc, comments begin at the start of the line.
    if dialect == Dialect::Asciidoc && close.is_empty() && !prefix.is_empty() {
        return None;
    }
    let wrong = |why: &str| Some(Err((why.to_string(), ALONE)));
    if prefix.len() != open_at {
        return wrong("there is other text before this marker on its line");
    }
    let end = match close.is_empty() {
        true => content.trim_end().len(),
        false => match content[word_at..].find(close) {
            Some(at) => word_at + at,
            None => return wrong("the comment of this marker is not closed on its line"),
        },
    };
    let after = end + close.len();
    let rest = content[after.min(content.len())..].trim();
    // The comment was probably meant to end with the line.
    if rest.ends_with(close) && !rest.starts_with(open) && !close.is_empty() {
        let why = format!("`{close}` within this marker ends its comment");
        return Some(Err((why, WITHOUT_CLOSE)));
    }
    if !rest.is_empty() {
        return wrong("there is other text after this marker on its line");
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
