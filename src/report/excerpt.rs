//! Cuts out the lines of a text around a range, clipped.

use crate::findings::line_col;
use crate::report::plain::is_active;

/// Longest line shown in an excerpt, in bytes.
const MAX_LINE: usize = 400;

/// The lines of a text around a range, clipped so that a very long line stays
/// readable.
pub(super) struct Excerpt {
    pub(super) text: String,
    pub(super) first_line: usize,
    /// Column of the range in the whole line, in characters from 1.
    pub(super) column: usize,
    /// Whether the line is longer than what is shown of it.
    pub(super) clipped: bool,
    pub(super) start: usize,
    pub(super) end: usize,
}

pub(super) fn excerpt(text: &str, start: usize, end: usize) -> Excerpt {
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(start);
    let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
    let line_end = boundary(line_end - usize::from(text[line_start..line_end].ends_with('\r')));
    // A range over several lines is marked on its first line.
    let end = boundary(end).clamp(start, line_end.max(start));
    let (from, to) = if line_end - line_start > MAX_LINE {
        let from = boundary(start.saturating_sub(MAX_LINE / 2).max(line_start));
        (from, boundary((from + MAX_LINE).min(line_end)))
    } else {
        (line_start, line_end)
    };
    // A byte order mark is invisible in every editor.
    let from = from
        + if from == 0 && text.starts_with('\u{feff}') {
            3
        } else {
            0
        };
    let (start, to) = (start.max(from), to.max(from));
    // A character that a terminal could act on is replaced by a symbol of the same
    // length.
    let shown: String = text[from..to]
        .chars()
        .map(|c| match c {
            '\t' => c.to_string(),
            c if is_active(c) => "?".repeat(c.len_utf8()),
            c => c.to_string(),
        })
        .collect();
    Excerpt {
        start: (start - from).min(shown.len()),
        end: (end.max(start) - from).min(shown.len()),
        text: shown,
        first_line: line_col(text, start).line,
        column: line_col(text, start).column,
        clipped: to - from < line_end - line_start,
    }
}
