//! Doubts about the wording of tasks.

use crate::findings::{Code, Findings};
use crate::model::lint::cells::About;
use crate::text::markdown::without_notes;

pub(super) fn ends_in_stop(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', '”', '’', '*', '_', '`', '」', '』']);
    text.ends_with([
        '.', '!', '?', '…', '。', '．', '！', '？', ':', '।', '؟', '۔',
    ])
}

pub(super) fn wording(about: &About<'_>, stops_expected: bool, findings: &mut Findings) {
    for task in about.cell.tasks.iter().flat_map(|(_, tasks)| tasks) {
        let text = &*without_notes(&task.text);
        let mut push = |code, message: &str, help: &str| {
            findings.push(
                about
                    .finding(code, &task.place, message.to_string())
                    .help(help),
            );
        };
        if has_two_sentences(text) {
            push(
                Code::TwoSentences,
                "this task has two sentences",
                "split it into two tasks if a bullet mark was lost",
            );
        }
        if stops_expected && !ends_in_stop(text) {
            push(
                Code::NoFullStop,
                "this task does not end with a full stop, but nearly all others do",
                "add one, or check whether words are missing",
            );
        }
        if blank_before_punctuation(text) {
            push(
                Code::BlankBeforePunctuation,
                "there is a space before a full stop or comma",
                "remove the space, or check whether a word is missing",
            );
        }
    }
}

/// Abbreviations after which a capital does not begin a sentence.
const ABBREVIATIONS: &[&str] = &[
    "e.g", "i.e", "etc", "vs", "cf", "no", "approx", "incl", "resp", "dr", "mr", "ms", "inc",
    "ltd", "st", "fig", "sec", "art",
];

fn has_two_sentences(text: &str) -> bool {
    let wide = |(at, mark): (usize, &str)| {
        let rest = &text[at + mark.len()..];
        !rest.trim().is_empty() && !rest.starts_with(['」', '』', '）'])
    };
    let narrow = |at: usize| {
        let rest = &text[at + 1..];
        let blank = rest.starts_with(char::is_whitespace);
        let capital = rest
            .trim_start()
            .chars()
            .next()
            .is_some_and(char::is_uppercase);
        let word = text[..at]
            .rsplit(|c: char| c.is_whitespace() || "([".contains(c))
            .next()
            .unwrap_or("");
        let letters = word.chars().all(|c| c.is_alphabetic() || c == '.');
        let initial = letters && (word.chars().count() == 1 || word.contains('.'));
        blank && capital && !initial && !ABBREVIATIONS.contains(&word.to_lowercase().as_str())
    };
    // Nearly all texts are ASCII, and every task of a site is checked, so this is the
    // fast path.
    memchr::memchr3_iter(b'.', b'!', b'?', text.as_bytes()).any(narrow)
        || !text.is_ascii() && text.match_indices(['。', '！', '？', '．']).any(wide)
}

fn blank_before_punctuation(text: &str) -> bool {
    let mut marks = memchr::memchr2_iter(b'.', b',', text.as_bytes());
    marks.any(|at| {
        text[..at].ends_with(' ') && !text[at + 1..].starts_with(|c: char| !c.is_whitespace())
    })
}
