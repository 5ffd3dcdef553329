//! Generated text in other documents: fills their regions, distinguishes regions that
//! are out of date from those that were edited, and leaves every byte outside them
//! unchanged. Files are not read or written here.

mod chapters;
mod content;
mod fit;
mod mdbook;
mod regions;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use crate::embed::fit::{fit, natural};
use crate::embed::regions::{Found, Region};
use crate::findings::{Code, Digest, Finding, Findings, Place};
use crate::tables::Request;
use crate::tables::formats::TableFormat;
use older::Older;

pub use crate::embed::mdbook::Sent;
pub use crate::embed::regions::{Dialect, find_regions};

mod older;

/// A function that makes what a region asks for.
pub type Show<'a> = &'a (dyn Fn(&Request, TableFormat, &mut Findings) -> Option<Vec<u8>> + Sync);

/// Most bytes that may be filled into all regions of a run. A small document can ask
/// for a large table thousands of times.
const MOST_FILLED: usize = 32 << 20;

/// Fills the regions of documents. A request that occurs several times is made once.
pub struct Embedder<'a> {
    show: Show<'a>,
    /// The format for Markdown documents if a request names none.
    in_markdown: TableFormat,
    made: Mutex<HashMap<(String, TableFormat), Arc<str>>>,
    /// Bytes that were filled into regions so far.
    filled: AtomicUsize,
}

/// A document with its regions filled.
#[derive(Debug, Default)]
pub struct Filled {
    /// The document with its regions filled.
    pub text: String,
    /// The number of regions.
    pub regions: usize,
    /// Findings for regions that are out of date.
    pub stale: Findings,
    /// Findings for regions that were edited by hand.
    pub edited: Findings,
    /// Findings for regions that say the same in a form that is not safe everywhere.
    pub respelled: Findings,
}

impl<'a> Embedder<'a> {
    /// Creates an embedder that asks `show` for the tables.
    pub fn new(show: Show<'a>) -> Embedder<'a> {
        Embedder::with(show, TableFormat::Markdown)
    }

    /// The same, with another format for Markdown documents if a request names none.
    pub fn with(show: Show<'a>, in_markdown: TableFormat) -> Embedder<'a> {
        Embedder {
            show,
            in_markdown,
            made: Mutex::default(),
            filled: AtomicUsize::new(0),
        }
    }

    /// A finding if the regions of all documents ask for too much. Which regions were
    /// filled until then depends on chance, so their own findings mean nothing.
    pub fn too_much(&self) -> Option<Finding> {
        let most = MOST_FILLED >> 20;
        let message = format!("the regions of these documents ask for more than {most} MB");
        self.is_full().then(|| {
            Finding::new(Code::Limit, None, message)
                .help("ask for fewer rows, or fill fewer documents at once")
        })
    }

    fn is_full(&self) -> bool {
        self.filled.load(Relaxed) > MOST_FILLED
    }

    /// Fills all regions of a document. Wrong markers and requests that cannot be
    /// fulfilled add findings, and their regions stay unchanged.
    pub fn fill(
        &self,
        text: &str,
        dialect: Dialect,
        file: &Arc<str>,
        findings: &mut Findings,
    ) -> Filled {
        let mut filled = Filled::default();
        let mut edits = Vec::new();
        let Found { regions, broken } = regions::find_regions(text, dialect, file, findings);
        for asked in &broken {
            self.content(text, dialect, asked, file, findings);
        }
        for region in &regions {
            filled.regions += 1;
            let asked = &region.request;
            let Some(content) = self.content(text, dialect, asked, file, findings) else {
                continue;
            };
            let before = lines_of(&text[region.body.clone()], &region.prefix);
            let told = content.said(&before, dialect);
            let now = content.said(&content.text, dialect);
            let sum = digest(&now);
            let marked = text[region.sum.clone()].strip_prefix("sum=");
            // Earlier versions wrote the sum of the bytes.
            let by_older = marked.is_some_and(|sum| sum == digest(&before));
            let written = by_older || marked.is_some_and(|sum| sum == digest(&told));
            let whole = is_whole(&text[region.body.clone()], dialect, region);
            let place = Place::new(file, asked.clone());
            let older = match by_older && whole {
                true => content.older(&before, dialect),
                false => Older::Different,
            };
            match older {
                Older::Same => continue,
                Older::Outdated(c) => filled.stale.push(outdated_spelling(c, stale(place))),
                Older::Different if written && whole && told == now => {
                    match content::respelled(&before, &content.text) {
                        None => continue,
                        Some(c) if by_older => {
                            filled.stale.push(outdated_spelling(c, stale(place)));
                        }
                        Some(c) => {
                            filled.respelled.push(respelled(c, place));
                            continue;
                        }
                    }
                }
                _ if written || before.is_empty() || told == now => {
                    filled.stale.push(stale(place));
                }
                _ => filled.edited.push(edited(place, marked.is_some())),
            }
            let new = body(&content.text, dialect, region);
            edits.push((region.body.clone(), new));
            edits.push((region.sum.clone(), sum_words(text, &region.sum, &sum)));
        }
        filled.text = apply(text, edits);
        if filled.text != text {
            refuse_swallowed(text, &regions, &filled.text, dialect, file, findings);
        }
        filled
    }

    /// Makes what the request in a range of the text asks for, without the markers
    /// and prefixes around it.
    fn content(
        &self,
        text: &str,
        dialect: Dialect,
        asked: &Range<usize>,
        file: &Arc<str>,
        findings: &mut Findings,
    ) -> Option<Content> {
        if self.is_full() {
            return None;
        }
        let before = findings.list.len();
        let request = Request::parse(text, asked.clone(), file, findings)?;
        let usual = match dialect {
            Dialect::Markdown => self.in_markdown,
            dialect => natural(dialect),
        };
        let format = request.format(findings).unwrap_or(usual);
        if findings.list.len() > before {
            // This reports all other mistakes in the request.
            (self.show)(&request, format, findings);
            return None;
        }
        let key = (text[asked.clone()].trim().to_string(), format);
        let known = self
            .made
            .lock()
            .unwrap_or_else(|e| e.into_inner())
            .get(&key)
            .cloned();
        let made = match known {
            Some(made) => made,
            None => {
                let bytes = (self.show)(&request, format, findings)?;
                let Ok(made) = String::from_utf8(bytes) else {
                    findings.push(binary(Place::new(file, asked.clone()), format));
                    return None;
                };
                let made: Arc<str> = made.into();
                let mut all = self.made.lock().unwrap_or_else(|e| e.into_inner());
                all.insert(key, made.clone());
                made
            }
        };
        self.filled.fetch_add(made.len(), Relaxed);
        let text = fit(&made, format, dialect);
        Some(Content { text, format })
    }
}

/// What a region is filled with.
struct Content {
    text: String,
    format: TableFormat,
}

impl Content {
    /// What a text in the place of this content says.
    fn said(&self, text: &str, dialect: Dialect) -> String {
        content::said(text, dialect, self.format)
    }

    /// Compares this content to the text of a region that this tool wrote.
    fn older(&self, before: &str, dialect: Dialect) -> Older {
        // Other formats are shown as a code block, which was escaped as a whole.
        if dialect == Dialect::Html && self.format != TableFormat::Html {
            let [before, now] = [before, &self.text].map(older::shown);
            return older::compare(&before, &now, self.format);
        }
        older::compare(before, &self.text, self.format)
    }
}

/// Refuses content that would turn a marker into code. In Markdown, an indented
/// region can be a paragraph while it is empty, but code when it has content.
fn refuse_swallowed(
    text: &str,
    regions: &[Region],
    filled: &str,
    dialect: Dialect,
    file: &Arc<str>,
    findings: &mut Findings,
) {
    let after = regions::find_regions(filled, dialect, file, &mut Findings::default()).regions;
    let same = |(one, other): &(&Region, &Region)| {
        text[one.request.clone()] == filled[other.request.clone()]
    };
    let kept = regions.iter().zip(&after).take_while(same).count();
    if let Some(region) = regions.get(kept) {
        findings.push(
            Finding::new(
                Code::Marker,
                Place::new(file, region.request.clone()),
                "Markdown would read the content and markers of this region as code",
            )
            .help("put empty lines around the region and indent it less"),
        );
    }
}

/// New texts for ranges of a text.
type Edits = Vec<(Range<usize>, String)>;

fn apply(text: &str, edits: Edits) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        out.push_str(&text[at..range.start]);
        out.push_str(&new);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

fn stale(place: Place) -> Finding {
    Finding::new(Code::StaleRegion, place, "this region is out of date")
        .help("run `srm-site embed` on the file")
}

/// Adds to a finding why a region with the same content has to be written again.
fn outdated_spelling(c: char, finding: Finding) -> Finding {
    let (what, how) = form_of(c);
    finding.help(format!(
        "the table is the same, but an earlier version wrote {what} in a form that some tools {how}"
    ))
}

/// Says that a formatter gave a region another form, which some tools do not take as text.
fn respelled(c: char, place: Place) -> Finding {
    let (what, how) = form_of(c);
    let message = format!("a formatter wrote {what} in a form that some tools {how}");
    Finding::new(Code::RespelledRegion, place, message)
        .help("use `format=html` in the first marker, or let the formatter skip this file")
}

/// A character in words, and what some tools do with it if it is not a reference.
fn form_of(c: char) -> (String, &'static str) {
    let what = match c {
        '`' => "a backtick".to_string(),
        c => format!("`{c}`"),
    };
    match c {
        '<' | '{' | '}' => (what, "run as code"),
        _ => (what, "read as markup"),
    }
}

fn edited(place: Place, written: bool) -> Finding {
    let (message, help) = if written {
        (
            "this region was edited by hand",
            "move the edit to the data or out of the region",
        )
    } else {
        (
            "this region contains text that this tool did not write",
            "move the text out of the region, or empty it",
        )
    };
    Finding::new(Code::EditedRegion, place, message)
        .help(help)
        .help("`--force` overwrites it")
}

fn binary(place: Place, format: TableFormat) -> Finding {
    Finding::new(
        Code::WrongValue,
        place,
        format!(
            "`{}` is not a text format and cannot be put in a document",
            format.word()
        ),
    )
    .help("choose another `format`, or write a separate file with `srm-site table`")
}

/// The lines of a region without their prefix and without empty lines around them.
fn lines_of(body: &str, prefix: &str) -> String {
    let bare = prefix.trim_end();
    let lines: Vec<&str> = body
        .lines()
        .map(|line| {
            line.strip_prefix(prefix)
                .or_else(|| {
                    line.strip_prefix(bare)
                        .filter(|rest| rest.trim().is_empty())
                })
                .unwrap_or(line)
        })
        .collect();
    let blank = |line: &&str| line.trim().is_empty();
    let start = lines.iter().take_while(|l| blank(l)).count();
    let end = lines.len() - lines[start..].iter().rev().take_while(|l| blank(l)).count();
    lines[start..end].join("\n")
}

/// The lines of a region with prefixes, line ends and the empty lines around them.
fn body(content: &str, dialect: Dialect, region: &Region) -> String {
    let mut lines: Vec<&str> = Vec::new();
    if dialect.spaced() {
        lines.push("");
    }
    if !content.is_empty() {
        lines.extend(content.split('\n'));
        if dialect.spaced() {
            lines.push("");
        }
    }
    let mut out = String::new();
    for line in lines {
        out.push_str(&prefixed(line, &region.prefix));
        out.push_str(region.line_end);
    }
    out
}

/// Whether the lines of a region have its prefix and line ends, and the empty lines that
/// they need around them.
fn is_whole(body: &str, dialect: Dialect, region: &Region) -> bool {
    let bare = region.prefix.trim_end();
    let is_blank = |line: &str| line.trim() == bare.trim();
    let fits = |line: &str| {
        let content = line.strip_suffix(region.line_end);
        content
            .is_some_and(|c| !c.ends_with('\r') && (c.starts_with(&region.prefix) || is_blank(c)))
    };
    let mut lines = body.split_inclusive('\n');
    let spaced =
        lines.clone().next().is_some_and(is_blank) && lines.next_back().is_some_and(is_blank);
    body.split_inclusive('\n').all(fits) && (spaced || !dialect.spaced())
}

/// A line with its prefix. An empty line gets no spaces at its end.
fn prefixed(line: &str, prefix: &str) -> String {
    match line {
        "" => prefix.trim_end().to_string(),
        line => format!("{prefix}{line}"),
    }
}

/// The checksum for the last marker, with the spaces it needs.
fn sum_words(text: &str, place: &Range<usize>, sum: &str) -> String {
    if !place.is_empty() {
        return format!("sum={sum}");
    }
    // The comment may close directly after the word.
    let close = text[place.end..].starts_with(['-', '*']);
    format!(" sum={sum}{}", if close { " " } else { "" })
}

/// The first ten digits of a hash, as written in the last marker.
fn digest(content: &str) -> String {
    Digest::of_bytes(content.as_bytes()).to_string()[..10].to_string()
}
