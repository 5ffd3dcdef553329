//! Findings as a browser shows them. Not for their HTML.

use serde::Serialize;

use crate::findings::{Findings, LineCol};
use crate::report::excerpt::{Excerpt, excerpt};
use crate::report::plain::plain;
use crate::report::position;
use crate::source::Source;

/// A finding as a browser shows it; all of it plain text, to be escaped by
/// whoever shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub code: String,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    pub message: String,
    pub label: String,
    pub file: Option<String>,
    /// Counted from 1; 0 without a place.
    pub line: usize,
    /// In characters, counted from 1; 0 without a place.
    pub column: usize,
    /// The line with its number, and a line that marks the stretch.
    pub excerpt: String,
    pub help: Vec<String>,
    /// Link that opens the place in an editor, where one is configured.
    pub open: Option<String>,
}

/// Findings that nobody has acknowledged, for a browser. `editor` makes a link
/// of a file, a line and a column.
pub fn problems(
    findings: &Findings,
    source: &Source,
    editor: impl Fn(&str, LineCol) -> Option<String>,
) -> Vec<Problem> {
    let open = findings.list.iter().filter(|f| f.acknowledged.is_none());
    open.map(|finding| {
        let mut problem = Problem {
            code: finding.code.id().to_string(),
            severity: finding.severity.word(),
            message: plain(&finding.message),
            label: plain(&finding.label),
            help: finding.help.iter().map(|h| plain(h)).collect(),
            ..Problem::default()
        };
        if let Some(place) = &finding.place {
            problem.file = Some(plain(&place.file));
            if let Some((start, _)) = position(place, source) {
                (problem.line, problem.column) = (start.line, start.column);
                problem.open = editor(&place.file, start);
            }
            if let Some(text) = source.known(&place.file).filter(|t| !t.text.is_empty()) {
                let excerpt = excerpt(&text.text, place.start, place.end);
                problem.excerpt = marked(&excerpt, &problem.label);
            }
        }
        problem
    })
    .collect()
}

/// The line of an excerpt with its number, and beneath it a line of carets
/// with what is to be said there.
fn marked(excerpt: &Excerpt, label: &str) -> String {
    let number = excerpt.first_line.to_string();
    let margin = " ".repeat(number.len());
    // Signs of the same width, so that the carets stand where they should.
    let same_width = |c: char| match c {
        '\t' => '\t',
        c if c < '\u{1100}' => ' ',
        _ => '\u{3000}',
    };
    let before: String = excerpt.text[..excerpt.start]
        .chars()
        .map(same_width)
        .collect();
    let stretch = &excerpt.text[excerpt.start..excerpt.end];
    let carets = "^".repeat(stretch.chars().count().max(1));
    let line = format!("{before}{carets} {label}");
    format!(
        "{number} | {}\n{margin} | {}",
        excerpt.text,
        line.trim_end()
    )
}
