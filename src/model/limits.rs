//! How many parties, models and cells a document may have. Tables are made of
//! rows times models times parties, so a small document can ask for gigabytes of
//! pages. What a single file may hold is limited where it is read.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::findings::diag::{Code, Finding, Place};

/// Most deployment models of a document. Each has pages with all rows.
pub const MOST_MODELS: usize = 128;

/// Most parties. Each has a column in many tables, and a page.
pub const MOST_PARTIES: usize = 50;

/// Most cells, which are rows times models: some for each document, and one more
/// for so many bytes of data. A cell of `all` is written once and shown for each
/// model; a kilobyte of such rows makes a megabyte of pages for 100 models.
const MOST_CELLS: usize = 20_000;
const BYTES_FOR_CELL: usize = 33;

/// As many parties take as much room in a cell as everything else in it. With
/// more than the usual number of them a cell counts for more than one.
const PARTIES_FOR_CELL: usize = 10;
const USUAL_PARTIES: usize = 2;

/// The cells that a document may have. Whether it has too many is known when all
/// categories are; but none is made when there is no room left, since they can
/// be millions.
pub struct Room {
    most: usize,
    models: usize,
    parties: usize,
    taken: AtomicUsize,
}

impl Room {
    /// The room in a document with so many models, parties and bytes of data.
    pub fn new(models: usize, parties: usize, bytes: usize) -> Room {
        Room {
            most: MOST_CELLS + bytes / BYTES_FOR_CELL,
            models: models.max(1),
            parties: parties.max(USUAL_PARTIES),
            taken: AtomicUsize::new(0),
        }
    }

    /// What so many rows take.
    fn cells(&self, rows: usize) -> usize {
        let weight = self.parties + PARTIES_FOR_CELL;
        rows.saturating_mul(self.models * weight) / (USUAL_PARTIES + PARTIES_FOR_CELL)
    }

    /// Whether there is room for so many rows.
    pub fn take(&self, rows: usize) -> bool {
        let cells = self.cells(rows);
        self.taken.fetch_add(cells, Relaxed) + cells <= self.most
    }

    /// The finding that categories, each with its rows and place, and always in
    /// the same order, have too many cells. Then none of them can be used.
    pub fn overflow<'a>(
        &self,
        categories: impl Iterator<Item = (usize, &'a Place)>,
    ) -> Option<Finding> {
        let (mut rows, mut cells) = (0, 0);
        let mut first = None;
        for (more, place) in categories {
            rows += more;
            cells += self.cells(more);
            if cells > self.most && first.is_none() {
                first = Some(place.clone());
            }
        }
        let message = format!(
            "{rows} rows, {} models and {} parties make too many cells for so little data",
            self.models, self.parties
        );
        let finding = Finding::new(Code::Limit, first?, message);
        Some(finding.help("split the document, or remove models or parties"))
    }
}
