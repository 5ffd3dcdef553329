//! Grid tables of reStructuredText, drawn with `+`, `-`, `=` and `|`.

use crate::import::grid::rst::{Line, Row, Writer, columns_of};

/// A cell: its first and last line and column inside its borders.
#[derive(Clone, Copy)]
struct Frame {
    top: usize,
    left: usize,
    bottom: usize,
    right: usize,
}

/// How many characters may be looked at, so that a drawing that closes nowhere ends.
const MAX_STEPS: usize = 20_000_000;

/// Whether a line begins a grid table.
pub(super) fn begins(line: &str) -> bool {
    let line = line.trim();
    line.len() > 2
        && line.starts_with("+-")
        && line.ends_with('+')
        && line.bytes().all(|byte| b"+-".contains(&byte))
}

/// How many lines the table has.
pub(super) fn length(lines: &[Line<'_>]) -> usize {
    let is_row = |line: &&Line<'_>| line.text.trim_start().starts_with(['+', '|']);
    lines.iter().take_while(is_row).count()
}

/// A drawing: for each line its columns, wide characters taking two.
struct Drawing {
    lines: Vec<Row>,
    steps: usize,
}

impl Drawing {
    fn at(&mut self, line: usize, column: usize) -> char {
        self.steps += 1;
        let line = self.lines.get(line);
        let character = line.and_then(|line| line.characters.get(column));
        character.copied().unwrap_or(' ')
    }

    /// The cell whose top left corner is here.
    fn cell(&mut self, top: usize, left: usize) -> Option<Frame> {
        let mut right = left + 1;
        while matches!(self.at(top, right), '-' | '=' | '+') && self.steps < MAX_STEPS {
            if self.at(top, right) == '+'
                && let Some(bottom) = self.bottom(top, left, right)
            {
                return Some(Frame {
                    top,
                    left,
                    bottom,
                    right,
                });
            }
            right += 1;
        }
        None
    }

    /// The line that closes a cell between two columns.
    fn bottom(&mut self, top: usize, left: usize, right: usize) -> Option<usize> {
        let mut line = top + 1;
        while matches!(self.at(line, right), '|' | '+')
            && matches!(self.at(line, left), '|' | '+')
            && self.steps < MAX_STEPS
        {
            let is_corner = self.at(line, left) == '+' && self.at(line, right) == '+';
            if is_corner && (left..=right).all(|at| matches!(self.at(line, at), '-' | '=' | '+')) {
                return Some(line);
            }
            line += 1;
        }
        None
    }

    fn cells(&mut self) -> Vec<Frame> {
        let mut cells: Vec<Frame> = Vec::new();
        for top in 0..self.lines.len().saturating_sub(1) {
            let width = self.lines[top].characters.len();
            for left in 0..width {
                if self.at(top, left) == '+'
                    && let Some(cell) = self.cell(top, left)
                {
                    cells.push(cell);
                }
            }
        }
        cells
    }
}

impl Writer {
    /// Writes a grid table.
    pub(super) fn grid_table(&mut self, lines: &[Line<'_>], title: Option<&str>, depth: usize) {
        let at = lines[0].at;
        let indent = lines[0].text.len() - lines[0].text.trim_start().len();
        let mut drawing = Drawing {
            lines: lines.iter().map(|line| columns_of(line, indent)).collect(),
            steps: 0,
        };
        let is_ruler = |row: &Row| {
            row.characters.iter().all(|c| "+= ".contains(*c)) && row.characters.contains(&'=')
        };
        let head_end = drawing.lines.iter().position(is_ruler);
        let cells = drawing.cells();
        if drawing.steps >= MAX_STEPS || cells.is_empty() {
            self.refuse("this grid table is not drawn right", at);
            return;
        }
        let edges = |first: fn(&Frame) -> usize, second: fn(&Frame) -> usize| {
            let mut edges: Vec<usize> = cells
                .iter()
                .flat_map(|cell| [first(cell), second(cell)])
                .collect();
            edges.sort_unstable();
            edges.dedup();
            edges
        };
        let rows = edges(|cell| cell.top, |cell| cell.bottom);
        let columns = edges(|cell| cell.left, |cell| cell.right);
        let position = |edges: &[usize], edge: usize| edges.partition_point(|known| *known < edge);
        self.open_table(title, at);
        for (number, top) in rows.iter().enumerate().take(rows.len() - 1) {
            let is_head = head_end.is_some_and(|end| *top < end);
            let begins_group = number == 0 || head_end == Some(*top);
            self.open_row(is_head, begins_group, lines[*top].at);
            let first = cells.partition_point(|cell| cell.top < *top);
            let in_row = cells[first..].iter().take_while(|cell| cell.top == *top);
            for cell in in_row {
                let span = position(&columns, cell.right) - position(&columns, cell.left);
                let down = position(&rows, cell.bottom) - number;
                let inner: Vec<(String, usize)> = drawing.lines[cell.top + 1..cell.bottom]
                    .iter()
                    .map(|line| line.slice(cell.left + 1, cell.right))
                    .collect();
                self.table_cell(inner, is_head, span, down, depth);
            }
            let ends_group = head_end == rows.get(number + 1).copied();
            self.close_row(is_head && ends_group, lines[*top].at);
        }
        self.out.markup(at, "</table>");
    }
}
