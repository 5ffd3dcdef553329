//! A Markdown file with keys above its text. Not for what the keys mean.

use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Place};
use crate::input::schema::{Parsed, decode};
use crate::input::tree::{Decode, Node, Value};
use crate::input::yaml;

/// A Markdown file taken apart.
#[derive(Clone, Debug)]
pub struct MarkdownFile<T> {
    pub front: Option<T>,
    /// The text after the front matter, and where it begins in the file.
    pub body: String,
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
        Split::Unopened { yaml, body } => {
            findings.push(
                Finding::new(
                    Code::FrontMatter,
                    Place::new(file, bom + yaml.end..bom + yaml.end + 3),
                    "the front matter that ends here never begins",
                )
                .label("closed here")
                .help("add a line `---` above the first key"),
            );
            (Some(bom + yaml.start..bom + yaml.end), bom + body)
        }
        Split::Front { yaml, body } => (Some(bom + yaml.start..bom + yaml.end), bom + body),
        Split::Unclosed => {
            findings.push(
                Finding::new(
                    Code::FrontMatter,
                    Place::new(file, bom..bom + 3),
                    "the front matter that begins here is never closed",
                )
                .label("opened here")
                .help("add a line `---` after the last key"),
            );
            let page = MarkdownFile {
                front: None,
                body: String::new(),
                body_start: text.len(),
            };
            return Parsed {
                file: file.clone(),
                record: Some(page),
                findings,
            };
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
    /// Keys and a line that ends them, with none above.
    Unopened {
        yaml: std::ops::Range<usize>,
        body: usize,
    },
    Unclosed,
}

fn split_front_matter(text: &str, keys: &[&str]) -> Split {
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|l| l.trim_end() == "---") else {
        return unopened_front_matter(text, keys).unwrap_or(Split::None);
    };
    let start = first.len();
    let mut at = start;
    for line in lines {
        if line.trim_end() == "---" {
            return Split::Front {
                yaml: start..at,
                body: at + line.len(),
            };
        }
        at += line.len();
    }
    Split::Unclosed
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
