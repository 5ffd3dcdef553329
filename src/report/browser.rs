//! Prepares findings for a browser. Their HTML is made elsewhere.

use serde::Serialize;

use crate::findings::{Findings, LineCol};
use crate::report::excerpt::{Excerpt, excerpt};
use crate::report::plain::plain;
use crate::report::position;
use crate::source::Source;

/// A finding for a browser. All fields are plain text; the page that shows them has
/// to escape them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The id of the code, such as `SRM104`.
    pub code: String,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// The message of the finding.
    pub message: String,
    /// The note beside the marked text; may be empty.
    pub label: String,
    /// Path of the file; `None` without a place.
    pub file: Option<String>,
    /// Counted from 1; `None` if the finding is about the whole file.
    pub line: Option<usize>,
    /// In characters, counted from 1; `None` without a line.
    pub column: Option<usize>,
    /// The source line with its number, and a line that marks the place.
    pub excerpt: String,
    /// How to fix it, the most likely way first.
    pub help: Vec<String>,
    /// A link that opens the place in an editor, if one is configured.
    pub open: Option<String>,
}

/// The findings that are not acknowledged, for a browser. `editor` makes a link from
/// a file, a line and a column.
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
            let start = position(place, source).map(|(start, _)| start);
            problem.line = start.map(|start| start.line);
            problem.column = start.map(|start| start.column);
            problem.open = editor(&place.file, start.unwrap_or(LineCol { line: 1, column: 1 }));
            if let Some(text) = source.known(&place.file).filter(|t| !t.text.is_empty()) {
                let excerpt = excerpt(&text.text, place.start, place.end);
                problem.excerpt = marked(&excerpt, &problem.label);
            }
        }
        problem
    })
    .collect()
}

/// The line of an excerpt with its number, and below it a line of carets with the
/// label.
fn marked(excerpt: &Excerpt, label: &str) -> String {
    let number = excerpt.first_line.to_string();
    let margin = " ".repeat(number.len());
    // Characters of the same width, so that the carets are in the right columns.
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
