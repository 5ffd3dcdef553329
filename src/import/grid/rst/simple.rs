//! Simple tables of reStructuredText, whose columns are drawn with `=`.

use std::ops::Range;

use crate::import::grid::rst::{Line, Row, Writer, columns_of};

/// Whether a line is a ruler such as `===  ===`.
pub(super) fn begins(line: &str) -> bool {
    is_ruler(line, '=') && line.trim().contains(' ')
}

fn is_ruler(line: &str, with: char) -> bool {
    let line = line.trim();
    line.starts_with(with) && line.chars().all(|c| c == with || c == ' ')
}

/// How many lines the table has: up to a ruler with nothing below it.
pub(super) fn length(lines: &[Line<'_>]) -> usize {
    for at in 1..lines.len() {
        let below = lines.get(at + 1).map_or("", |line| line.text.trim());
        if is_ruler(lines[at].text, '=') && below.is_empty() {
            return at + 1;
        }
    }
    lines.len()
}

/// The columns of a ruler.
fn columns(ruler: &Row) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, character) in ruler.characters.iter().chain([&' ']).enumerate() {
        match (start, character) {
            (None, '=' | '-') => start = Some(at),
            (Some(first), ' ') => {
                found.push(first..at);
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// A row: its lines, and the columns of its cells if some span more than one.
struct SimpleRow {
    lines: Range<usize>,
    spans: Option<Vec<Range<usize>>>,
}

impl Writer {
    /// Writes a simple table.
    pub(super) fn simple_table(&mut self, lines: &[Line<'_>], title: Option<&str>, depth: usize) {
        let at = lines[0].at;
        let indent = lines[0].text.len() - lines[0].text.trim_start().len();
        let rows: Vec<Row> = lines.iter().map(|line| columns_of(line, indent)).collect();
        let edges = columns(&rows[0]);
        let is_head_end = |line: &Line<'_>| is_ruler(line.text, '=');
        let inner = &lines[1..lines.len() - 1];
        let head_end = inner.iter().position(is_head_end).map(|at| at + 1);
        self.open_table(title, at);
        let mut begins_group = true;
        let found = rows_of(lines, &rows, &edges);
        for (number, row) in found.iter().enumerate() {
            let first = row.lines.start;
            let is_head = head_end.is_some_and(|end| first < end);
            let next = found.get(number + 1).map(|next| next.lines.start);
            let ends_head =
                is_head && next.is_none_or(|next| head_end.is_some_and(|end| next > end));
            self.open_row(is_head, begins_group, lines[first].at);
            begins_group = ends_head;
            let spans = row.spans.as_ref().unwrap_or(&edges);
            for (number, span) in spans.iter().enumerate() {
                let covered = edges
                    .iter()
                    .filter(|edge| span.start <= edge.start && edge.end <= span.end);
                let is_last = number + 1 == spans.len();
                let text = rows[row.lines.clone()].iter().map(|line| {
                    let end = if is_last { usize::MAX } else { span.end };
                    line.slice(span.start, end)
                });
                let text = text.collect();
                self.table_cell(text, is_head, covered.count().max(1), 1, depth);
            }
            self.close_row(ends_head, lines[first].at);
            self.check_gaps(&rows[row.lines.clone()], spans, lines[first].at);
        }
        self.out.markup(at, "</table>");
    }

    /// A text that crosses from one column into the next cannot be cut.
    fn check_gaps(&mut self, rows: &[Row], spans: &[Range<usize>], at: usize) {
        for pair in spans.windows(2) {
            let mut gap = rows
                .iter()
                .map(|row| row.slice(pair[0].end, pair[1].start).0);
            if gap.any(|text| !text.trim().is_empty()) {
                self.refuse("a text crosses the border between two columns", at);
            }
        }
    }
}

/// A line begins a row unless its first column is blank.
fn rows_of(lines: &[Line<'_>], rows: &[Row], edges: &[Range<usize>]) -> Vec<SimpleRow> {
    let mut found: Vec<SimpleRow> = Vec::new();
    let first_end = edges.first().map_or(0, |edge| edge.end);
    let mut is_open = false;
    for at in 1..lines.len() - 1 {
        let text = lines[at].text;
        if is_ruler(text, '=') || is_ruler(text, '-') && text.trim().contains("--") {
            if is_ruler(text, '-')
                && let Some(row) = found.last_mut().filter(|_| is_open)
            {
                row.spans = Some(columns(&rows[at]));
            }
            is_open = false;
        } else if text.trim().is_empty() {
            // Blank lines belong to the row above, unless a new row follows.
        } else if is_open && rows[at].slice(0, first_end).0.trim().is_empty() {
            if let Some(row) = found.last_mut() {
                row.lines.end = at + 1;
            }
        } else {
            found.push(SimpleRow {
                lines: at..at + 1,
                spans: None,
            });
            is_open = true;
        }
    }
    found
}
