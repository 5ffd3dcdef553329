//! The head of a table: where it is, and which texts are above a column.

use std::sync::Arc;

use crate::import::bound::line_of;
use crate::import::grid::{Grid, GridCell};
use crate::import::pattern::squeezed;
use crate::input::{At, TableWords, Text};

/// A number of the vocabulary; nothing if it is below zero.
pub fn number(given: Option<&At<i64>>) -> Option<usize> {
    usize::try_from(given?.value).ok()
}

impl Grid {
    /// The first line of the head and the first line below it. `None` if it lacks one of
    /// the `names`.
    pub fn head_of(&self, entry: &TableWords, names: &[Text]) -> Option<(usize, usize)> {
        let lines = self.lines.len();
        let height = |top: usize| {
            let marked = self.head.saturating_sub(top).max(1);
            number(entry.head.as_ref()).unwrap_or(marked)
        };
        let has = |top: usize, name: &Text| {
            let end = (top + height(top)).min(lines);
            let mut cells = self.lines[top..end].iter().flatten();
            cells.any(|cell| line_of(&cell.text) == squeezed(&name.value))
        };
        let given = number(entry.skip.as_ref());
        let mut tops = given.map_or(0..lines, |top| top.min(lines)..lines.min(top + 1));
        let top = tops.find(|top| names.iter().all(|name| has(*top, name)))?;
        Some((top, (top + height(top)).min(lines)))
    }

    /// The texts of the head above a column, each once.
    pub fn levels(&self, top: usize, first: usize, column: usize) -> Vec<String> {
        let mut levels: Vec<String> = Vec::new();
        let mut before = None;
        for line in &self.lines[top..first] {
            let Some(cell) = line.get(column) else {
                continue;
            };
            let text = line_of(&cell.text);
            if !text.is_empty() && before != Some(cell.origin) {
                levels.push(text);
            }
            before = Some(cell.origin);
        }
        levels
    }

    /// Lines and columns change places.
    pub fn transposed(&self) -> Grid {
        let missing = |line: usize, column: usize| GridCell {
            text: Arc::default(),
            place: self.place.clone(),
            origin: (line, column),
            is_head: false,
            is_bold: false,
            is_missing: true,
        };
        let cell = |line: usize, column: usize| {
            let found = self.lines[line].get(column).cloned();
            found.unwrap_or_else(|| missing(line, column))
        };
        let column = |at: usize| (0..self.lines.len()).map(|line| cell(line, at)).collect();
        Grid {
            caption: self.caption.clone(),
            sheet: self.sheet.clone(),
            lines: (0..self.width()).map(column).collect(),
            head: 1,
            foot: 0,
            place: self.place.clone(),
        }
    }
}
