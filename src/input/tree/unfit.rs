//! Refuses characters that no page can contain, where texts come in: in the values and
//! keys of a tree, whether written as they are or as an escape, and in prose.

use std::collections::HashSet;
use std::ops::Range;

use crate::findings::{Code, Finding, Place};
use crate::input::tree::{Decoder, Node, Value};
use crate::text::{has_unfit, is_unfit, unfit_words};

/// Reports such characters in a tree that was read from `text`, which begins at
/// `base` in its file.
pub fn refuse_unfit(root: &Node, text: &str, base: usize, d: &mut Decoder<'_>) {
    // An alias repeats a value with its place.
    let mut told = HashSet::new();
    let mut refuse = |value: &str, span: &Range<usize>| {
        if !has_unfit(value) {
            return;
        }
        let Some(unfit) = value.chars().find(|c| is_unfit(*c)) else {
            return;
        };
        if told.insert(span.start) {
            let written = text.get(span.start - base..span.end - base);
            let place = written.and_then(|written| place_in(written, unfit));
            let place = place.map(|at| at.start + span.start..at.end + span.start);
            d.findings.push(finding(
                unfit,
                Place::new(&d.file, place.unwrap_or(span.clone())),
            ));
        }
    };
    visit(root, &mut refuse);
}

fn visit(node: &Node, f: &mut impl FnMut(&str, &Range<usize>)) {
    match &node.value {
        Value::Null => {}
        Value::Scalar { text, .. } => f(text, &node.span),
        Value::List(items) => items.iter().for_each(|item| visit(item, f)),
        Value::Map(entries) => {
            for (key, value) in entries {
                f(&key.text, &key.span);
                visit(value, f);
            }
        }
    }
}

/// Reports such characters in prose that begins at `base` in its file: the first, and
/// how many more there are.
pub fn refuse_unfit_text(text: &str, base: usize, d: &mut Decoder<'_>) {
    if !has_unfit(text) {
        return;
    }
    let mut found = text.char_indices().filter(|(_, c)| is_unfit(*c));
    let Some((at, unfit)) = found.next() else {
        return;
    };
    let at = base + at;
    let first = finding(unfit, Place::new(&d.file, at..at + unfit.len_utf8()));
    d.findings.push(match found.count() {
        0 => first,
        more => first.help(format!("the text has {more} more of this kind")),
    });
}

fn finding(unfit: char, place: Place) -> Finding {
    let message = format!("this is {}", unfit_words(unfit));
    Finding::new(Code::NotText, place, message).help("remove it")
}

/// Where a character stands in a text as it is written: itself, or an escape that
/// YAML or TOML reads as this character.
fn place_in(written: &str, unfit: char) -> Option<Range<usize>> {
    if let Some(at) = written.find(unfit) {
        return Some(at..at + unfit.len_utf8());
    }
    let mut at = 0;
    while let Some(next) = written[at..].find('\\') {
        let start = at + next;
        let rest = &written[start + 1..];
        let letter = rest.chars().next()?;
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let end = start + 1 + letter.len_utf8() + digits;
        let meant = match letter {
            '0' => Some('\0'),
            'a' => Some('\x07'),
            'b' => Some('\x08'),
            'v' => Some('\x0b'),
            'f' => Some('\x0c'),
            'e' => Some('\x1b'),
            _ => rest
                .get(1..1 + digits)
                .and_then(|digits| u32::from_str_radix(digits, 16).ok())
                .and_then(char::from_u32),
        };
        if meant == Some(unfit) {
            return Some(start..end);
        }
        at = end.min(written.len());
        while !written.is_char_boundary(at) {
            at += 1;
        }
    }
    None
}
