//! Regions of other people's documents that hold generated text: where their
//! markers are, what is between them, and which lines only look like markers.
//! It changes nothing and knows nothing of tables.

mod dialect;
mod verbatim;

use std::ops::Range;
use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Place};

pub use crate::embed::regions::dialect::Dialect;
pub use crate::embed::regions::verbatim::verbatim;

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
pub fn find_regions(
    text: &str,
    dialect: Dialect,
    file: &Arc<str>,
    findings: &mut Findings,
) -> Found {
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
                findings.push(inside_another(at(&marker.whole), at(&before.whole)));
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

fn inside_another(here: Place, before: Place) -> Finding {
    Finding::new(Code::Marker, here, "a region begins inside another")
        .related(before, "this one is not ended before it")
        .help("end the one before it with a line `srm:end` in the same kind of comment")
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
