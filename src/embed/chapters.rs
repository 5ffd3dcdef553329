//! Fills the chapters of an mdBook: their regions, and the commands in their text.

use std::ops::Range;
use std::sync::Arc;

use crate::embed::regions::{Dialect, Found, comments, find_regions, verbatim};
use crate::embed::{Edits, Embedder, apply, body, prefixed};
use crate::findings::{Code, Finding, Findings, Place};

/// How a command in a chapter begins.
const COMMAND: &str = "{{#srm";

impl Embedder<'_> {
    /// Fills the regions of an mdBook chapter and replaces its commands `{{#srm KIND
    /// key=value}}` by what they ask for.
    pub fn chapter(&self, text: &str, file: &Arc<str>, findings: &mut Findings) -> String {
        let dialect = Dialect::Markdown;
        let mut edits: Edits = Vec::new();
        let Found { regions, broken } = find_regions(text, dialect, file, findings);
        for asked in &broken {
            self.content(text, dialect, asked, file, findings);
        }
        for region in regions {
            if let Some(content) = self.content(text, dialect, &region.request, file, findings) {
                edits.push((region.body.clone(), body(&content.text, dialect, &region)));
            }
        }
        let mut skipped: Vec<Range<usize>> = edits.iter().map(|(range, _)| range.clone()).collect();
        skipped.extend(verbatim(text, dialect));
        skipped.extend(comments(text));
        for (start, _) in text.match_indices(COMMAND) {
            let asked = start + COMMAND.len();
            // mdBook itself removes this backslash, before or after this
            // preprocessor.
            let escaped = text[..start].ends_with('\\');
            let skips = |range: &Range<usize>| range.contains(&start);
            let is_text = escaped || skipped.iter().any(skips);
            if is_text || !text[asked..].starts_with(char::is_whitespace) {
                continue;
            }
            let Some(length) = text[asked..].find("}}") else {
                findings.push(
                    Finding::new(
                        Code::Marker,
                        Place::new(file, start..asked),
                        "this command is not closed",
                    )
                    .help("close it with `}}`"),
                );
                break;
            };
            let asked = asked..asked + length;
            if let Some(content) = self.content(text, dialect, &asked, file, findings) {
                let command = start..asked.end + "}}".len();
                let new = command_replacement(&content.text, text, &command);
                edits.push((command, new));
            }
        }
        edits.sort_by_key(|(range, _)| range.start);
        apply(text, edits)
    }
}

/// The text that replaces a command. If the line has other words, it stays in the
/// line. Otherwise it becomes a block, and each of its lines gets the text before the
/// command as prefix.
fn command_replacement(content: &str, text: &str, command: &Range<usize>) -> String {
    let line = text[..command.start].rfind('\n').map_or(0, |at| at + 1);
    let prefix = &text[line..command.start];
    let rest = text[command.end..].lines().next().unwrap_or("");
    let alone = prefix.chars().all(|c| matches!(c, ' ' | '\t' | '>')) && rest.trim().is_empty();
    if !alone {
        return content.replace('\n', " ");
    }
    let lines: Vec<String> = content.split('\n').map(|l| prefixed(l, prefix)).collect();
    let bare = prefix.trim_end();
    format!("\n{}\n{bare}", lines.join("\n"))
}
