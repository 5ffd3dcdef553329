//! Finds values in quotes that YAML does not read as quotes: those of word processors.

use std::ops::Range;

use crate::findings::{Code, Finding};
use crate::input::tree::{Decoder, Node, Scalar, Value};

/// Quotes that a word processor begins a text with, and those that may end it.
const PAIRS: &[(char, &str)] = &[
    ('“', "”“\""),
    ('”', "”"),
    ('„', "“”\""),
    ('‟', "”"),
    ('″', "″"),
    ('＂', "＂"),
    ('‘', "’‘'"),
    ('’', "’"),
    ('‚', "‘’"),
];

/// Reports values and keys in such quotes.
pub fn find_curly_quotes(node: &Node, d: &mut Decoder<'_>) {
    match &node.value {
        Value::Scalar { text, kind } if *kind == Scalar::Plain => report(text, &node.span, d),
        Value::List(items) => items.iter().for_each(|item| find_curly_quotes(item, d)),
        Value::Map(entries) => {
            for (key, value) in entries {
                // A key in straight quotes is longer in the file.
                if key.text.len() == key.span.len() {
                    report(&key.text, &key.span, d);
                }
                find_curly_quotes(value, d);
            }
        }
        _ => {}
    }
}

fn report(text: &str, span: &Range<usize>, d: &mut Decoder<'_>) {
    let Some((inner, is_whole)) = in_curly_quotes(text) else {
        return;
    };
    let message = "these quotes are part of the text: YAML does not read them as quotes";
    let straight = match inner.contains(['"', '\\']) {
        true => format!("'{}'", inner.replace('\'', "''")),
        false => format!("\"{inner}\""),
    };
    let finding = Finding::new(Code::CurlyQuotes, d.place(span.clone()), message);
    let finding = finding.label("curly quotes");
    let is_bare = inner.parse::<i64>().is_ok() || ["true", "false"].contains(&inner);
    d.findings.push(finding.help(match is_whole {
        true if is_bare => {
            format!("remove them: `{inner}`; or, for a text, write straight ones: `{straight}`")
        }
        true => format!("write straight quotes: `{straight}`"),
        false => "write straight quotes around the whole text, in which a comma may be".into(),
    }));
}

/// The text between such quotes, if they are around all of it, or only at its beginning:
/// then a comma has divided the text, and this is not the whole of it.
fn in_curly_quotes(text: &str) -> Option<(&str, bool)> {
    let first = text.chars().next()?;
    let (_, ends) = PAIRS.iter().find(|(open, _)| *open == first)?;
    let rest = &text[first.len_utf8()..];
    let is_end = |c: char| ends.contains(c);
    match rest.find(is_end) {
        Some(at) => {
            let end = rest[at..].chars().next()?.len_utf8();
            (at + end == rest.len() && at > 0).then(|| (&rest[..at], true))
        }
        None => "“„".contains(first).then_some((rest, false)),
    }
}
