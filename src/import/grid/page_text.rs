//! Reads the plain text of a page. Its tables are lines with `|` or tabs between the
//! cells; some lines may have lost cells, and stay as short as they are.

use crate::import::grid::foreign::{Foreign, ForeignError, ForeignPiece, Grid, GridCell};
use crate::import::grid::limits::CellCount;
use crate::import::grid::places::Places;
use crate::import::grid::text::{Where, unstyled};

/// A line of the text.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    start: usize,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    Prose,
    /// Cells with this character between them.
    Cells(char),
    /// A line such as `---|---`, between head and body.
    Ruler,
}

/// Reads a text.
pub(crate) fn read(text: &str, places: &Places<'_>) -> Result<Foreign, ForeignError> {
    let lines = lines_of(text);
    let mut cells = CellCount::default();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let length = table_length(&lines[at..]);
        if length > 0 {
            let table = table(&lines[at..at + length], places, &mut cells)?;
            pieces.push(ForeignPiece::Table(table));
            at += length;
            continue;
        }
        let line = lines[at];
        let text = unstyled(line.text, Where::Prose);
        if !text.is_empty() {
            let place = places.of(line.start, line.start + line.text.len());
            pieces.push(ForeignPiece::Text { text, place });
        }
        at += 1;
    }
    Ok(Foreign {
        pieces,
        left_out: Vec::new(),
    })
}

fn lines_of(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|whole| {
        let line = Line {
            text: whole.trim_end_matches(['\r', '\n']),
            start,
            kind: kind(whole),
        };
        start += whole.len();
        line
    });
    lines.collect()
}

fn kind(line: &str) -> Kind {
    let has_tab = line.trim_start().contains('\t');
    let line = line.trim();
    if line.is_empty() {
        Kind::Blank
    } else if line.contains('-') && line.contains('|') && line.chars().all(|c| "-|:+ ".contains(c))
    {
        Kind::Ruler
    } else if line.contains(" | ") || line.ends_with(" |") || line.starts_with("| ") {
        Kind::Cells('|')
    } else if has_tab {
        Kind::Cells('\t')
    } else {
        Kind::Prose
    }
}

/// How many lines from the first on are a table: two lines with cells at least. A table
/// ends before the head of the next, which is the line above a ruler.
fn table_length(lines: &[Line<'_>]) -> usize {
    let Some(Kind::Cells(separator)) = lines.first().map(|line| line.kind) else {
        return 0;
    };
    let mut rulers = 0;
    let mut length = 0;
    for (at, line) in lines.iter().enumerate() {
        let is_ruler = line.kind == Kind::Ruler && separator == '|';
        if is_ruler {
            rulers += 1;
        }
        if rulers > 1 {
            // The line above this ruler is the head of another table.
            length = at - 1;
            break;
        }
        if !is_ruler && line.kind != Kind::Cells(separator) {
            break;
        }
        length = at + 1;
    }
    if length >= 2 { length } else { 0 }
}

fn table(
    lines: &[Line<'_>],
    places: &Places<'_>,
    cells: &mut CellCount,
) -> Result<Grid, ForeignError> {
    let head = lines.iter().position(|line| line.kind == Kind::Ruler);
    let mut grid_lines = Vec::new();
    for line in lines.iter().filter(|line| line.kind != Kind::Ruler) {
        let separator = if line.kind == Kind::Cells('\t') {
            '\t'
        } else {
            '|'
        };
        let found = cells_of(line.text, separator);
        cells.add(found.len())?;
        let is_head = head.is_some_and(|head| grid_lines.len() < head);
        let row = found
            .into_iter()
            .enumerate()
            .map(|(column, (start, text))| GridCell {
                text: unstyled(&text.replace("\\|", "|"), Where::Cell).into(),
                place: places.of(line.start + start, line.start + start + text.len()),
                origin: (grid_lines.len(), column),
                is_head,
                is_bold: false,
                is_missing: false,
            });
        let row = row.collect();
        grid_lines.push(row);
    }
    let last = lines[lines.len() - 1];
    Ok(Grid {
        caption: None,
        sheet: None,
        lines: grid_lines,
        head: head.unwrap_or(0),
        foot: 0,
        place: places.of(lines[0].start, last.start + last.text.len()),
    })
}

/// The cells of a line and where they begin. A separator at the very beginning or end
/// only frames the line; `\|` is no separator.
fn cells_of(line: &str, separator: char) -> Vec<(usize, &str)> {
    let mut cuts = Vec::new();
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        if character == separator && before != '\\' {
            cuts.push(at);
        }
        before = character;
    }
    let mut start = 0;
    let mut end = line.len();
    if separator == '|' {
        let trimmed = line.trim_start();
        if trimmed.starts_with('|') {
            start = line.len() - trimmed.len() + 1;
            cuts.retain(|cut| *cut >= start);
        }
        let trimmed = line.trim_end().len();
        if cuts.last().is_some_and(|cut| cut + 1 == trimmed) {
            end = trimmed - 1;
            cuts.pop();
        }
    }
    let mut cells = Vec::with_capacity(cuts.len() + 1);
    for cut in cuts.into_iter().chain([end]) {
        let raw = &line[start..cut.max(start)];
        let text = raw.trim();
        let blank = raw.len() - raw.trim_start().len();
        cells.push((
            if text.is_empty() {
                start
            } else {
                start + blank
            },
            text,
        ));
        start = cut + 1;
    }
    cells
}
