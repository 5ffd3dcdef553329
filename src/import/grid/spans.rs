//! Expands cells that span lines and columns.

use std::sync::Arc;

use crate::import::grid::foreign::{CellPlace, CellText, ForeignError, GridCell};
use crate::import::grid::limits::CellCount;

/// A cell that may span lines and columns.
pub(crate) struct Spanning {
    pub(crate) text: CellText,
    pub(crate) place: CellPlace,
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) is_head: bool,
    pub(crate) is_bold: bool,
}

/// Lines of a grid in the making. Cells are added line by line, from left to right, and
/// take the next column that no cell from above spans.
#[derive(Default)]
pub(crate) struct Spans {
    lines: Vec<Vec<GridCell>>,
    /// For each column the cell from above that reaches down into the next lines, and
    /// into how many.
    open: Vec<Option<(usize, GridCell)>>,
    line: Vec<Option<GridCell>>,
    column: usize,
}

impl Spans {
    /// The number of complete lines.
    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Begins a line: cells from above come first.
    pub(crate) fn begin_line(&mut self, cells: &mut CellCount) -> Result<(), ForeignError> {
        self.column = 0;
        self.line.clear();
        for (column, open) in self.open.iter_mut().enumerate() {
            let Some((rows, cell)) = open else {
                continue;
            };
            cells.add(1)?;
            self.line.resize(column, None);
            self.line.push(Some(cell.clone()));
            *rows -= 1;
            if *rows == 0 {
                *open = None;
            }
        }
        let used = self.open.iter().rposition(Option::is_some);
        self.open.truncate(used.map_or(0, |last| last + 1));
        Ok(())
    }

    /// Adds a cell to the line. Where two cells overlap the earlier one stays.
    pub(crate) fn add(
        &mut self,
        cell: Spanning,
        cells: &mut CellCount,
    ) -> Result<(), ForeignError> {
        let is_free =
            |line: &[Option<GridCell>], at: usize| line.get(at).is_none_or(Option::is_none);
        while !is_free(&self.line, self.column) {
            self.column += 1;
        }
        cells.add(cell.columns)?;
        let first = GridCell {
            text: Arc::new(cell.text),
            place: cell.place,
            origin: (self.lines.len(), self.column),
            is_head: cell.is_head,
            is_bold: cell.is_bold,
            is_missing: false,
        };
        let end = self.column + cell.columns.max(1);
        for column in self.column..end {
            if !is_free(&self.line, column) {
                continue;
            }
            if self.line.len() <= column {
                self.line.resize(column + 1, None);
            }
            self.line[column] = Some(first.clone());
            if cell.rows > 1 {
                if self.open.len() <= column {
                    self.open.resize(column + 1, None);
                }
                self.open[column] = Some((cell.rows - 1, first.clone()));
            }
        }
        self.column = end;
        Ok(())
    }

    /// Ends a line. A gap before a cell from above is filled with a missing cell.
    pub(crate) fn end_line(
        &mut self,
        place: &CellPlace,
        cells: &mut CellCount,
    ) -> Result<(), ForeignError> {
        let at = self.lines.len();
        let mut line = Vec::with_capacity(self.line.len());
        for (column, cell) in self.line.drain(..).enumerate() {
            if cell.is_none() {
                cells.add(1)?;
            }
            line.push(cell.unwrap_or_else(|| missing((at, column), place.clone())));
        }
        self.lines.push(line);
        Ok(())
    }

    /// Ends a group of lines, out of which no cell reaches.
    pub(crate) fn end_group(&mut self) {
        self.open.clear();
    }

    /// The lines.
    pub(crate) fn finish(self) -> Vec<Vec<GridCell>> {
        self.lines
    }
}

/// A cell that the source does not have.
pub(crate) fn missing(origin: (usize, usize), place: CellPlace) -> GridCell {
    GridCell {
        text: Arc::default(),
        place,
        origin,
        is_head: false,
        is_bold: false,
        is_missing: true,
    }
}
