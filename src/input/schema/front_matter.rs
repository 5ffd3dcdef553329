//! Splits a Markdown file into front matter and text. What the keys mean is not known
//! here.

use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Place};
use crate::input::schema::{Parsed, decode};
use crate::input::tree::{Decode, Decoder, Node, Value, refuse_unfit_text};
use crate::input::yaml;

/// A Markdown file, split into front matter and text.
#[derive(Clone, Debug)]
pub struct MarkdownFile<T> {
    /// The decoded front matter; `None` if it is broken.
    pub front: Option<T>,
    /// The text after the front matter, and where it begins in the file.
    pub body: String,
    /// The byte at which `body` begins in the file.
    pub body_start: usize,
}

/// Reads a Markdown file with optional YAML front matter between `---` lines.
/// A file without one is read as if it had an empty one.
pub fn parse_page<T: Decode>(file: &Arc<str>, text: &str) -> Parsed<MarkdownFile<T>> {
    let mut findings = Findings::default();
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let split = split_front_matter(&text[bom..], T::keys());
    let (front, body_start) = match split {
        Split::None => (None, bom),
        Split::Wrong(mark, line) => {
            let place = Place::new(file, bom + line.start..bom + line.end);
            let mut finding = mark.finding(place);
            if matches!(mark, WrongMark::Closing) {
                finding = finding.related(Place::new(file, bom..bom + 3), "opened here");
            }
            return without_front(file, text, finding);
        }
        Split::Unopened { yaml, body } => {
            findings.push(
                Finding::new(
                    Code::FrontMatter,
                    Place::new(file, bom + yaml.end..bom + yaml.end + 3),
                    "this line closes a front matter that was never opened",
                )
                .label("closed here")
                .help("add a line `---` above the first key"),
            );
            (Some(bom + yaml.start..bom + yaml.end), bom + body)
        }
        Split::Front { yaml, body } => (Some(bom + yaml.start..bom + yaml.end), bom + body),
        Split::Unclosed => {
            let opening = Place::new(file, bom..bom + 3);
            let message = "this front matter is never closed";
            let finding = Finding::new(Code::FrontMatter, opening, message)
                .label("opened here")
                .help("add a line `---` after the last key");
            return without_front(file, text, finding);
        }
    };
    let node = match front {
        Some(range) => keys(text, range, file, &mut findings),
        None => Some(Node {
            value: Value::Map(Vec::new()),
            span: bom..bom,
        }),
    };
    let front = node.and_then(|node| decode(&node, file, &mut findings));
    let mut decoder = Decoder {
        file: file.clone(),
        findings: &mut findings,
    };
    refuse_unfit_text(&text[body_start..], body_start, &mut decoder);
    Parsed {
        file: file.clone(),
        record: Some(MarkdownFile {
            front,
            body: text[body_start..].to_string(),
            body_start,
        }),
        findings,
    }
}

/// A page whose front matter cannot be separated from its text.
fn without_front<T>(file: &Arc<str>, text: &str, finding: Finding) -> Parsed<MarkdownFile<T>> {
    let mut findings = Findings::default();
    findings.push(finding);
    Parsed {
        file: file.clone(),
        record: Some(MarkdownFile {
            front: None,
            body: String::new(),
            body_start: text.len(),
        }),
        findings,
    }
}

/// The keys of a front matter; an empty one is an empty mapping.
fn keys(
    text: &str,
    front: std::ops::Range<usize>,
    file: &Arc<str>,
    findings: &mut Findings,
) -> Option<Node> {
    let mut node = yaml::parse_yaml(&text[front.clone()], file, front.start, findings)?;
    if matches!(node.value, Value::Null) {
        node.value = Value::Map(Vec::new());
    }
    Some(node)
}

enum Split {
    None,
    Front {
        yaml: std::ops::Range<usize>,
        body: usize,
    },
    /// Keys with a `---` line after them but none before.
    Unopened {
        yaml: std::ops::Range<usize>,
        body: usize,
    },
    Unclosed,
    /// A line that other tools take for the beginning or the end.
    Wrong(WrongMark, std::ops::Range<usize>),
}

/// What is wrong with a line around front matter.
#[derive(Clone, Copy)]
enum WrongMark {
    Opening,
    Closing,
    Toml,
    Late,
}

impl WrongMark {
    fn finding(self, place: Place) -> Finding {
        let (message, label) = match self {
            WrongMark::Opening => ("this line does not open the front matter", "expected `---`"),
            WrongMark::Closing => (
                "this line does not close the front matter",
                "expected `---`",
            ),
            WrongMark::Toml => (
                "the front matter is TOML, and this tool reads YAML",
                "opened here",
            ),
            WrongMark::Late => (
                "the front matter does not begin on the first line",
                "opened here",
            ),
        };
        let finding = Finding::new(Code::FrontMatter, place, message).label(label);
        match self {
            WrongMark::Opening | WrongMark::Closing => {
                finding.help("write three dashes and nothing else: `---`")
            }
            WrongMark::Toml => finding
                .help("write `---` instead of `+++`")
                .help("write `key: value` instead of `key = value`"),
            WrongMark::Late => finding.help("remove the lines above it"),
        }
    }
}

fn split_front_matter(text: &str, keys: &[&str]) -> Split {
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|l| l.trim_end() == "---") else {
        return wrong_opening(text, keys)
            .or_else(|| unopened_front_matter(text, keys))
            .unwrap_or(Split::None);
    };
    let start = first.len();
    let mut at = start;
    for line in lines {
        let mark = line.trim_end();
        if is_wrong_closing(mark) {
            return Split::Wrong(WrongMark::Closing, at..at + mark.len());
        }
        if mark == "---" {
            return Split::Front {
                yaml: start..at,
                body: at + line.len(),
            };
        }
        at += line.len();
    }
    Split::Unclosed
}

/// Whether a line can be neither YAML nor the end of front matter, and is the end
/// of it for other tools.
fn is_wrong_closing(line: &str) -> bool {
    let is_dashes = line.len() > 3 && line.bytes().all(|b| b == b'-');
    is_dashes || line == "..." || line == "+++"
}

/// A line that does not begin front matter, and a known key below it, which no
/// other text has there.
fn wrong_opening(text: &str, keys: &[&str]) -> Option<Split> {
    let above = text.len() - text.trim_start().len();
    let (mark, below) = text[above..].split_once('\n')?;
    let mark = mark.trim_end();
    let wrong = match mark {
        "---" if text[..above].contains('\n') => WrongMark::Late,
        "+++" => WrongMark::Toml,
        _ if mark.starts_with("--") || mark == ";;;" => WrongMark::Opening,
        _ => return None,
    };
    let sign = match wrong {
        WrongMark::Toml => '=',
        _ => ':',
    };
    let is_key = |line: &str| {
        line.split_once(sign)
            .is_some_and(|(k, _)| keys.contains(&k.trim_end()))
    };
    let first = below
        .lines()
        .find(|line| !line.is_empty() && !line.starts_with('#'))?;
    is_key(first).then(|| Split::Wrong(wrong, above..above + mark.len()))
}

/// Text that no one would write but for front matter: known keys, and what can
/// be below them, up to a line of dashes.
fn unopened_front_matter(text: &str, keys: &[&str]) -> Option<Split> {
    let mut at = 0;
    let mut known = false;
    for line in text.split_inclusive('\n') {
        let yaml = 0..at;
        at += line.len();
        let line = line.trim_end();
        if line == "---" {
            return known.then_some(Split::Unopened { yaml, body: at });
        }
        let key = line.split_once(':').map_or("", |(key, _)| key);
        known |= keys.contains(&key);
        if !keys.contains(&key) && !line.is_empty() && !line.starts_with(['#', ' ', '-']) {
            return None;
        }
    }
    None
}
