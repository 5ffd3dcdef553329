//! The lines of a table before they are read: cells that were lost are put back, empty
//! ones are filled from above, and headings of rows are told from rows.

use std::borrow::Cow;
use std::sync::Arc;

use crate::import::bound::{Bound, Holds, line_of};
use crate::import::grid::GridCell;
use crate::import::pattern::{Pattern, squeezed};
use crate::import::report::{Fate, ImportReport, Point, PointKind};
use crate::input::{ColumnPart, EmptyCell, SectionPart, SectionSign, SectionWords};

/// What a line is.
pub enum TableLine<'c> {
    /// Nothing is in it, or it is no row.
    None,
    /// A heading of the rows below.
    Section(SectionPart, String),
    /// A row, with its cells.
    Row(Vec<Cow<'c, GridCell>>),
}

/// Tells what the lines of a table are, from the first to the last.
pub struct Lines<'b, 'f, 'v> {
    bound: &'b Bound<'f, 'v>,
    /// The last text of each column that is filled from above.
    above: Vec<Option<GridCell>>,
    /// How many cells of each column were filled.
    filled: Vec<usize>,
}

impl<'b, 'f, 'v> Lines<'b, 'f, 'v> {
    /// Begins at the top of a table.
    pub fn new(bound: &'b Bound<'f, 'v>) -> Lines<'b, 'f, 'v> {
        Lines {
            bound,
            above: vec![None; bound.columns.len()],
            filled: vec![0; bound.columns.len()],
        }
    }

    /// What the next line is.
    pub fn next(&mut self, cells: &'b [GridCell], report: &mut ImportReport) -> TableLine<'b> {
        if cells.iter().all(|cell| cell.text.is_empty()) {
            return TableLine::None;
        }
        let skip = |report: &mut ImportReport| {
            let all = cells.iter();
            all.for_each(|cell| self.bound.table.count(cell, Fate::Skipped, report));
        };
        let first = cells
            .iter()
            .map(|cell| line_of(&cell.text))
            .find(|text| !text.is_empty());
        let first = first.unwrap_or_default();
        let ignored = self.bound.words.ignore.0.iter();
        if ignored
            .map(|text| Pattern::of(&text.value))
            .any(|p| p.fit(&first).is_some())
        {
            skip(report);
            return TableLine::None;
        }
        for section in &self.bound.words.sections {
            if let Some(name) = self.section(section, cells) {
                let all = cells.iter();
                all.for_each(|cell| self.bound.table.count(cell, Fate::Written, report));
                self.above.fill(None);
                return TableLine::Section(section.names.unwrap_or(SectionPart::Category), name);
            }
        }
        let mut cells = self.put_back(cells);
        self.report_odd(&cells, report);
        self.fill(&mut cells);
        TableLine::Row(cells)
    }

    /// The name of a section, if the line is one.
    fn section(&self, section: &SectionWords, cells: &[GridCell]) -> Option<String> {
        let filled: Vec<&GridCell> = cells.iter().filter(|c| !c.text.is_empty()).collect();
        let one = filled.iter().all(|cell| cell.origin == filled[0].origin);
        let looks = match section.look.as_ref().map(|look| look.value) {
            None => true,
            Some(SectionSign::Bold) => filled.iter().all(|cell| cell.is_bold),
            Some(SectionSign::Alone) => one,
            Some(SectionSign::Spanning) => one && filled.len() > 1 && filled.len() == cells.len(),
        };
        let mut named: Vec<usize> = Vec::new();
        for (key, text) in &section.has.0 {
            let at = self.bound.column(&key.value)?;
            let cell = cells
                .get(at)
                .map(|cell| line_of(&cell.text))
                .unwrap_or_default();
            Pattern::of(&text.value).fit(&cell)?;
            named.push(at);
        }
        let is_any = section.look.is_none() && section.has.0.is_empty();
        if !looks || is_any {
            return None;
        }
        let row = self
            .bound
            .part(ColumnPart::Row)
            .and_then(|at| cells.get(at));
        let row = row.filter(|cell| !cell.text.is_empty());
        let mut others = cells
            .iter()
            .enumerate()
            .filter(|(at, _)| !named.contains(at));
        let other = || {
            others
                .find(|(_, cell)| !cell.text.is_empty())
                .map(|(_, cell)| cell)
        };
        row.or_else(other).map(|cell| line_of(&cell.text))
    }

    /// The cells, with the one that lines of this table have lost.
    fn put_back<'c>(&self, cells: &'c [GridCell]) -> Vec<Cow<'c, GridCell>> {
        let mut out: Vec<Cow<'c, GridCell>> = cells.iter().map(Cow::Borrowed).collect();
        let Some(key) = &self.bound.words.continued else {
            return out;
        };
        let Some(at) = self.bound.column(&key.value) else {
            return out;
        };
        let width = self.bound.columns.len();
        if out.len() == width && out.last().is_some_and(|cell| cell.text.is_empty()) {
            out.pop();
        }
        if out.len() + 1 == width && at <= out.len() {
            let above = self.above[at].clone();
            let cell = above.map(Cow::Owned);
            let blank = || Cow::Owned(empty_like(&cells[0]));
            out.insert(at, cell.unwrap_or_else(blank));
        }
        out
    }

    fn report_odd(&self, cells: &[Cow<'_, GridCell>], report: &mut ImportReport) {
        let width = self.bound.columns.len();
        let gap = cells.iter().any(|cell| cell.is_missing);
        if (cells.len() == width && !gap) || self.bound.words.transposed.is_some() {
            return;
        }
        let origin = self.bound.table.origin(&cells[0]);
        let message = format!(
            "the line has {} cells, but the table has {width} columns",
            cells.len()
        );
        let text = cells
            .iter()
            .map(|cell| line_of(&cell.text))
            .find(|text| !text.is_empty());
        let point = Point::at(PointKind::Odd, &origin, message).text(&text.unwrap_or_default());
        report.push(point.help("if it is a heading of the rows below, describe it in `sections`"));
    }

    /// Fills the cells that are empty because they say the same as those above.
    fn fill(&mut self, cells: &mut Vec<Cow<'_, GridCell>>) {
        let mut is_new = false;
        for (at, column) in self.bound.columns.iter().enumerate() {
            let empty = column.words.and_then(|words| words.empty.as_ref());
            let is_continued = self.bound.words.continued.as_ref();
            let is_continued =
                is_continued.is_some_and(|k| self.bound.column(&k.value) == Some(at));
            if empty.is_none_or(|empty| empty.value != EmptyCell::Above) && !is_continued {
                continue;
            }
            let blank = cells.get(at).is_none_or(|cell| cell.text.is_empty());
            if !blank {
                let same = self.above[at]
                    .as_ref()
                    .is_some_and(|above| above.origin == cells[at].origin);
                is_new |= !same;
                self.above[at] = Some(cells[at].clone().into_owned());
            } else if is_new {
                self.above[at] = None;
            } else if let Some(above) = &self.above[at] {
                while cells.len() <= at {
                    let blank = empty_like(&cells[0]);
                    cells.push(Cow::Owned(blank));
                }
                cells[at] = Cow::Owned(above.clone());
                self.filled[at] += 1;
            }
        }
    }

    /// Says how many cells were filled.
    pub fn finish(self, report: &mut ImportReport) {
        let table = &self.bound.table;
        for (at, (column, filled)) in self.bound.columns.iter().zip(self.filled).enumerate() {
            if filled > 0 {
                let name = &column.name;
                let cells = if filled == 1 {
                    "1 cell was"
                } else {
                    &format!("{filled} cells were")
                };
                let message = format!("{cells} filled from above in column `{name}`");
                let lines = table.grid.lines[..self.bound.first].iter().rev();
                let head = lines.filter_map(|line| line.get(at)).next();
                let origin = head.map_or(table.start(), |cell| table.origin(cell));
                report.push(Point::at(PointKind::Filled, &origin, message).text(name));
            }
        }
    }
}

fn empty_like(cell: &GridCell) -> GridCell {
    GridCell {
        text: Arc::default(),
        is_missing: true,
        ..cell.clone()
    }
}

impl Bound<'_, '_> {
    /// The column that a key of the vocabulary means.
    pub fn column(&self, key: &str) -> Option<usize> {
        let key = squeezed(key);
        let named = self.columns.iter().position(|column| column.name == key);
        let numbered = || {
            let at: usize = key.parse().ok()?;
            at.checked_sub(1).filter(|at| *at < self.columns.len())
        };
        let last = || {
            let mut all = self.columns.iter();
            all.position(|column| column.name.rsplit(" / ").next() == Some(&key))
        };
        named.or_else(last).or_else(numbered)
    }

    /// The first column that holds a part.
    pub fn part(&self, part: ColumnPart) -> Option<usize> {
        let mut columns = self.columns.iter();
        columns.position(|column| column.holds == Holds::Part(part))
    }
}
