//! A `<table>` as a grid.

use crate::import::grid::foreign::{CellText, ForeignError, Grid, GridCell};
use crate::import::grid::html::Page;
use crate::import::grid::html::tree::{NodeContent, NodeId};
use crate::import::grid::spans::{Spanning, Spans};
use crate::import::grid::text::{TextBuilder, Where};

/// The most columns and rows that HTML lets a cell span.
const MAX_COLUMNS: usize = 1_000;
const MAX_ROWS: usize = 65_534;

/// The rows of a part of a table.
#[derive(Default)]
struct Rows {
    head: Vec<Vec<NodeId>>,
    body: Vec<Vec<NodeId>>,
    foot: Vec<Vec<NodeId>>,
    caption: Option<NodeId>,
}

impl Page<'_> {
    /// Reads a table. There is none if it has no cells.
    pub(super) fn table(&mut self, id: NodeId, depth: usize) -> Result<Option<Grid>, ForeignError> {
        if self.skips(id) {
            return Ok(None);
        }
        let rows = self.rows_of(id);
        let caption = match rows.caption {
            Some(caption) => Some(self.text_in(caption, depth)?.0),
            None => None,
        };
        let mut spans = Spans::default();
        self.groups(&rows.head, &mut spans, depth)?;
        let mut head = spans.len();
        self.groups(&rows.body, &mut spans, depth)?;
        let before_foot = spans.len();
        self.groups(&rows.foot, &mut spans, depth)?;
        let foot = spans.len() - before_foot;
        let lines = spans.finish();
        if lines.iter().all(Vec::is_empty) {
            return Ok(None);
        }
        if head == 0 {
            let is_head = |line: &&Vec<_>| is_head_line(line);
            head = lines.iter().take_while(is_head).count();
        }
        let node = self.tree.node(id);
        Ok(Some(Grid {
            caption: caption.filter(|caption: &CellText| !caption.is_empty()),
            sheet: None,
            lines,
            head,
            foot,
            place: self.places.of(node.start, node.end),
        }))
    }

    /// The visible rows, each group of rows on its own.
    fn rows_of(&mut self, table: NodeId) -> Rows {
        let mut rows = Rows::default();
        let tree = self.tree;
        let mut loose = Vec::new();
        for child in &tree.node(table).children {
            match tree.name(*child) {
                "thead" | "tbody" | "tfoot" if self.skips(*child) => {}
                "thead" => rows.head.push(self.rows_in(*child)),
                "tfoot" => rows.foot.push(self.rows_in(*child)),
                "tbody" => rows.body.push(self.rows_in(*child)),
                "tr" if !self.skips(*child) => loose.push(*child),
                "caption" if rows.caption.is_none() => rows.caption = Some(*child),
                _ => self.report_comment(*child),
            }
        }
        if !loose.is_empty() {
            rows.body.push(loose);
        }
        rows
    }

    fn rows_in(&mut self, group: NodeId) -> Vec<NodeId> {
        let tree = self.tree;
        let mut rows = Vec::new();
        for child in &tree.node(group).children {
            if tree.name(*child) == "tr" {
                if !self.skips(*child) {
                    rows.push(*child);
                }
            } else {
                self.report_comment(*child);
            }
        }
        rows
    }

    fn groups(
        &mut self,
        groups: &[Vec<NodeId>],
        spans: &mut Spans,
        depth: usize,
    ) -> Result<(), ForeignError> {
        for group in groups {
            for row in group {
                self.row(*row, spans, depth)?;
            }
            spans.end_group();
        }
        Ok(())
    }

    fn row(&mut self, row: NodeId, spans: &mut Spans, depth: usize) -> Result<(), ForeignError> {
        let tree = self.tree;
        spans.begin_line(&mut self.cells)?;
        for child in &tree.node(row).children {
            let name = tree.name(*child);
            if !matches!(name, "td" | "th") {
                self.report_comment(*child);
                continue;
            }
            // A hidden cell takes no place; a struck-out one does.
            let is_skipped = self.skips(*child);
            let is_struck = is_skipped && self.is_struck(*child);
            if is_skipped && !is_struck {
                continue;
            }
            let (text, is_bold) = if is_struck {
                (CellText::default(), false)
            } else {
                self.text_in(*child, depth)?
            };
            let node = tree.node(*child);
            let cell = Spanning {
                text,
                place: self.places.of(node.start, node.end),
                columns: self.span(*child, "colspan").clamp(1, MAX_COLUMNS),
                rows: match self.span(*child, "rowspan") {
                    0 => MAX_ROWS,
                    rows => rows.min(MAX_ROWS),
                },
                is_head: name == "th",
                is_bold,
            };
            spans.add(cell, &mut self.cells)?;
        }
        let node = tree.node(row);
        let place = self.places.of(node.start, node.end);
        spans.end_line(&place, &mut self.cells)
    }

    fn text_in(&mut self, id: NodeId, depth: usize) -> Result<(CellText, bool), ForeignError> {
        let mut text = TextBuilder::default();
        let tree = self.tree;
        for child in &tree.node(id).children {
            self.inline(*child, &mut text, depth + 1)?;
        }
        Ok(text.finish(Where::Cell))
    }

    fn span(&self, id: NodeId, name: &str) -> usize {
        let value = self.tree.attribute(id, name).unwrap_or("1").trim();
        let digits = value.trim_start_matches('+');
        let end = digits.find(|c: char| !c.is_ascii_digit());
        let digits = &digits[..end.unwrap_or(digits.len())];
        match digits.parse() {
            Ok(number) => number,
            Err(_) if digits.is_empty() => 1,
            Err(_) => usize::MAX,
        }
    }

    /// Comments between rows and cells.
    fn report_comment(&mut self, id: NodeId) {
        if let NodeContent::Comment(text) = &self.tree.node(id).content {
            self.comment(id, text);
        }
    }
}

fn is_head_line(line: &[GridCell]) -> bool {
    !line.is_empty() && line.iter().all(|cell| cell.is_head)
}
