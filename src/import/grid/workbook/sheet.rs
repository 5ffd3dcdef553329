//! One sheet as a grid.

use std::collections::HashMap;
use std::sync::Arc;

use calamine::Dimensions;

use crate::import::grid::foreign::{ForeignError, Grid, GridCell, LeftOut, LeftOutKind};
use crate::import::grid::limits::{CellCount, MAX_CELLS, shortened};
use crate::import::grid::workbook::archive::broken;
use crate::import::grid::workbook::facts::{Position, SheetFacts};
use crate::import::grid::workbook::values::{CellStyle, CellValue, value};
use crate::import::grid::workbook::{Workbook, place};

/// Reads a sheet.
pub(super) struct SheetReader<'a> {
    pub(super) name: &'a Arc<str>,
    pub(super) facts: SheetFacts,
    pub(super) left_out: &'a mut Vec<LeftOut>,
}

/// The visible rows and columns of the used part of a sheet.
struct Visible {
    rows: Vec<u32>,
    columns: Vec<u32>,
}

impl SheetReader<'_> {
    /// The sheet from its first cell to the last that has text, without what is hidden.
    pub(super) fn read(
        &mut self,
        workbook: &mut Workbook<'_>,
        count: &mut CellCount,
    ) -> Result<Option<Grid>, ForeignError> {
        let cells = self.cells(workbook)?;
        let merged = workbook
            .merge_cells_by_sheet_name(self.name)
            .map_err(|error| broken(&error))?;
        self.report_formulas();
        let has_text = |cell: &&CellValue| !cell.text.is_empty();
        let used = cells.iter().filter(|(_, cell)| has_text(cell));
        let Some(rows) = used.clone().map(|((row, _), _)| row + 1).max() else {
            return Ok(None);
        };
        let columns = used.map(|((_, column), _)| column + 1).max().unwrap_or(0);
        let area = rows as usize * columns as usize;
        count.add(area).map_err(|error| {
            let last = place(self.name, (rows - 1, columns - 1));
            error.at(last)
        })?;
        let visible = self.visible(rows, columns);
        self.report_hidden(&cells, &visible, columns);
        let mut lines = self.lines(&cells, &visible);
        self.merge(&merged, &cells, &visible, &mut lines)?;
        Ok(Some(Grid {
            caption: None,
            sheet: Some(Arc::clone(self.name)),
            lines,
            head: 0,
            foot: 0,
            place: place(self.name, (0, 0)),
        }))
    }

    /// The cells that have a text, or something to report.
    fn cells(
        &mut self,
        workbook: &mut Workbook<'_>,
    ) -> Result<HashMap<Position, CellValue>, ForeignError> {
        let mut reader = workbook
            .worksheet_cells_reader(self.name)
            .map_err(|error| broken(&error))?;
        let styles: Vec<CellStyle> = reader.styles().iter().map(CellStyle::of).collect();
        let plain = CellStyle::default();
        let mut cells = HashMap::new();
        loop {
            let next = reader.next_cell_with_style_id();
            let Some((cell, style)) = next.map_err(|error| broken(&error))? else {
                break;
            };
            let position = cell.get_position();
            let rich = self.facts.rich.get(&position);
            if rich.is_none() && *cell.get_value() == calamine::DataRef::Empty {
                continue;
            }
            let value = value(cell.get_value(), styles.get(style).unwrap_or(&plain), rich);
            cells.insert(position, value);
            if cells.len() > MAX_CELLS {
                CellCount::default().add(cells.len())?;
            }
        }
        self.report_left_out(&cells);
        Ok(cells)
    }

    fn report_left_out(&mut self, cells: &HashMap<Position, CellValue>) {
        let mut found: Vec<_> = cells
            .iter()
            .filter(|(_, cell)| !cell.left_out.is_empty())
            .collect();
        found.sort_by_key(|(position, _)| **position);
        for (position, cell) in found {
            for (what, text) in &cell.left_out {
                self.leave_out(*what, text, *position);
            }
        }
    }

    fn report_formulas(&mut self) {
        for (position, formula) in std::mem::take(&mut self.facts.formulas) {
            let text = format!("={formula}");
            self.leave_out(LeftOutKind::FormulaWithoutValue, &text, position);
        }
    }

    fn leave_out(&mut self, what: LeftOutKind, text: &str, position: Position) {
        self.left_out.push(LeftOut {
            what,
            text: shortened(text),
            place: place(self.name, position),
        });
    }

    fn visible(&self, rows: u32, columns: u32) -> Visible {
        let mut is_row_hidden = vec![self.facts.rows_are_hidden; rows as usize];
        for row in &self.facts.shown_rows {
            if let Some(hidden) = is_row_hidden.get_mut(*row as usize) {
                *hidden = false;
            }
        }
        for row in &self.facts.rows {
            if let Some(hidden) = is_row_hidden.get_mut(*row as usize) {
                *hidden = true;
            }
        }
        let mut is_column_hidden = vec![false; columns as usize];
        for (min, max) in &self.facts.columns {
            let end = max.saturating_add(1).min(columns);
            if *min < end {
                is_column_hidden[*min as usize..end as usize].fill(true);
            }
        }
        let shown = |hidden: &[bool]| {
            let numbers = (0..).zip(hidden);
            numbers
                .filter(|(_, hidden)| !**hidden)
                .map(|(at, _)| at)
                .collect()
        };
        Visible {
            rows: shown(&is_row_hidden),
            columns: shown(&is_column_hidden),
        }
    }

    /// Reports each hidden row and column that has text.
    fn report_hidden(
        &mut self,
        cells: &HashMap<Position, CellValue>,
        visible: &Visible,
        columns: u32,
    ) {
        let mut texts: Vec<_> = cells
            .iter()
            .filter(|(_, cell)| !cell.text.is_empty())
            .collect();
        texts.sort_by_key(|(position, _)| **position);
        let mut rows: Vec<(Position, String)> = Vec::new();
        let mut hidden_columns: Vec<Option<(Position, String)>> = vec![None; columns as usize];
        for (position, cell) in texts {
            let text = cell.text.plain();
            if visible.rows.binary_search(&position.0).is_err() {
                match rows.last_mut() {
                    Some((first, row)) if first.0 == position.0 => add(row, &text),
                    _ => rows.push((*position, text)),
                }
            } else if visible.columns.binary_search(&position.1).is_err() {
                match &mut hidden_columns[position.1 as usize] {
                    Some((_, column)) => add(column, &text),
                    empty => *empty = Some((*position, text)),
                }
            }
        }
        for (position, text) in rows {
            self.leave_out(LeftOutKind::HiddenRow, &text, position);
        }
        for (position, text) in hidden_columns.into_iter().flatten() {
            self.leave_out(LeftOutKind::HiddenColumn, &text, position);
        }
    }

    fn lines(&self, cells: &HashMap<Position, CellValue>, visible: &Visible) -> Vec<Vec<GridCell>> {
        let empty = Arc::default();
        let line = |(at, row): (usize, &u32)| {
            let columns = visible.columns.iter().enumerate();
            let cell = |(column_at, column): (usize, &u32)| {
                let value = cells.get(&(*row, *column));
                GridCell {
                    text: match value {
                        Some(value) if !value.text.is_empty() => value.text.clone().into(),
                        _ => Arc::clone(&empty),
                    },
                    place: place(self.name, (*row, *column)),
                    origin: (at, column_at),
                    is_head: false,
                    is_bold: value.is_some_and(|value| value.is_bold),
                    is_missing: false,
                }
            };
            columns.map(cell).collect()
        };
        visible.rows.iter().enumerate().map(line).collect()
    }

    /// Gives all visible cells of a merged area the text of its first cell.
    fn merge(
        &self,
        merged: &[Dimensions],
        cells: &HashMap<Position, CellValue>,
        visible: &Visible,
        lines: &mut [Vec<GridCell>],
    ) -> Result<(), ForeignError> {
        let mut total = CellCount::default();
        for area in merged {
            let rows = range(&visible.rows, area.start.0, area.end.0);
            let columns = range(&visible.columns, area.start.1, area.end.1);
            // Areas do not overlap in an honest workbook.
            total.add(rows.len().saturating_mul(columns.len()).max(1))?;
            if rows.is_empty() || columns.is_empty() {
                continue;
            }
            let origin = (rows.start, columns.start);
            let value = cells.get(&area.start);
            let text: Arc<_> = match value {
                Some(value) => value.text.clone().into(),
                None => Arc::default(),
            };
            for line in &mut lines[rows] {
                for cell in &mut line[columns.clone()] {
                    cell.text = Arc::clone(&text);
                    cell.origin = origin;
                    cell.is_bold = value.is_some_and(|value| value.is_bold);
                }
            }
        }
        Ok(())
    }
}

/// Where the numbers from a first to a last one are in a sorted list.
fn range(numbers: &[u32], first: u32, last: u32) -> std::ops::Range<usize> {
    let start = numbers.partition_point(|number| *number < first);
    let end = numbers.partition_point(|number| *number <= last);
    start..end.max(start)
}

/// Adds to a text that is only reported.
fn add(row: &mut String, text: &str) {
    if row.len() < 1_000 {
        row.push_str(" | ");
        row.push_str(text);
    }
}
