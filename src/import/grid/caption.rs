//! Captions that stand as a line above or below a table.

use crate::import::grid::foreign::{CellText, ForeignPiece};

/// A line next to tables that is a caption by its words or because it is emphasised.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Above,
    Below,
}

/// Gives tables without a caption the line directly above or below that is one, and
/// takes it out of the texts.
///
/// A line between two tables could belong to either. It belongs to the one that the
/// first clear line of the file shows: captions of one file are on the same side.
pub(crate) fn attach(pieces: &mut Vec<ForeignPiece>) {
    let side = usual_side(pieces);
    let mut taken = vec![false; pieces.len()];
    for at in 0..pieces.len() {
        if !is_open_table(&pieces[at]) {
            continue;
        }
        let sides = [side, opposite(side)];
        let found = sides.into_iter().find_map(|tried| {
            let line = neighbour(pieces, at, tried)?;
            // The other table has the first claim on a line that is on its usual side.
            let claimed = tried != side && neighbour_table(pieces, line, tried);
            (!taken[line] && !claimed).then_some(line)
        });
        if let Some(line) = found {
            taken[line] = true;
            let text = caption_of(&pieces[line]).cloned();
            if let ForeignPiece::Table(grid) = &mut pieces[at] {
                grid.caption = text;
            }
        }
    }
    let mut at = 0;
    pieces.retain(|_| {
        at += 1;
        !taken[at - 1]
    });
}

/// The side of the first caption that has a table on one side only.
fn usual_side(pieces: &[ForeignPiece]) -> Side {
    for at in 0..pieces.len() {
        if caption_of(&pieces[at]).is_none() {
            continue;
        }
        let below = neighbour_table(pieces, at, Side::Below);
        let above = neighbour_table(pieces, at, Side::Above);
        match (above, below) {
            (true, false) => return Side::Below,
            (false, true) => return Side::Above,
            // Between two tables: a table without a line above it has it below.
            (true, true) if at >= 2 && caption_of(&pieces[at - 2]).is_some() => {
                return Side::Above;
            }
            (true, true) => return Side::Below,
            (false, false) => {}
        }
    }
    Side::Above
}

fn opposite(side: Side) -> Side {
    match side {
        Side::Above => Side::Below,
        Side::Below => Side::Above,
    }
}

/// The caption on a side of a table.
fn neighbour(pieces: &[ForeignPiece], table: usize, side: Side) -> Option<usize> {
    let at = step(table, side)?;
    caption_of(pieces.get(at)?).map(|_| at)
}

/// Whether there is a table without a caption on a side of a line.
fn neighbour_table(pieces: &[ForeignPiece], line: usize, side: Side) -> bool {
    let at = step(line, side);
    at.and_then(|at| pieces.get(at)).is_some_and(is_open_table)
}

fn step(at: usize, side: Side) -> Option<usize> {
    match side {
        Side::Above => at.checked_sub(1),
        Side::Below => Some(at + 1),
    }
}

fn is_open_table(piece: &ForeignPiece) -> bool {
    matches!(piece, ForeignPiece::Table(grid) if grid.caption.is_none())
}

/// The text of a piece that can be a caption.
fn caption_of(piece: &ForeignPiece) -> Option<&CellText> {
    let ForeignPiece::Text { text, .. } = piece else {
        return None;
    };
    let [line] = text.lines.as_slice() else {
        return None;
    };
    (!line.bullet && (is_numbered(&line.plain) || is_emphasised(&line.markdown))).then_some(text)
}

/// Whether a line begins like `Table 2: …` or `Table A. …`.
fn is_numbered(line: &str) -> bool {
    const WORDS: [&str; 10] = [
        "table", "tab.", "tabelle", "tableau", "tabla", "tabela", "tabella", "tabel", "表", "표",
    ];
    let lower = line.to_lowercase();
    let rest = WORDS.iter().find_map(|word| lower.strip_prefix(word));
    let Some(rest) = rest else {
        return false;
    };
    let number = rest.trim_start();
    let is_parted = number.len() < rest.len() || !rest.starts_with(|c: char| c.is_alphabetic());
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    let end = number.find(|c: char| !is_part(c)).unwrap_or(number.len());
    let (number, after) = number.split_at(end);
    let is_closed = number.ends_with('.') || after.starts_with([':', '：', '．', ')']);
    let number = number.trim_end_matches(['.', '-']);
    let length = number.chars().count();
    let has_digit = number.chars().any(char::is_numeric);
    is_parted && (1..=8).contains(&length) && (has_digit || (length == 1 && is_closed))
}

/// Whether all of a line is bold or emphasised.
fn is_emphasised(markdown: &str) -> bool {
    let inner = ["***", "**", "*"].iter().find_map(|fence| {
        let inner = markdown.strip_prefix(fence)?.strip_suffix(fence)?;
        (!inner.is_empty() && !inner.contains(fence) && !inner.ends_with('\\')).then_some(inner)
    });
    inner.is_some_and(|inner| !inner.starts_with('*'))
}
