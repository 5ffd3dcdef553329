//! How many parties, models and cells a document may have. Tables are made of
//! rows times models times parties, so a small document can ask for gigabytes of
//! pages. What a single file may hold is limited where it is read.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::findings::{Code, Finding, Place};
use crate::input::{CategoryFile, CellRecord, Entries, RowRecord, Text};

/// Most deployment models of a document. Each has pages with all rows.
pub const MOST_MODELS: usize = 128;

/// Most parties. Each has a column in many tables, and a page.
pub const MOST_PARTIES: usize = 50;

/// Most cells, which are rows times models: some for each document, and one more
/// for so many bytes of data. A cell of `all` is written once and shown for each
/// model; a kilobyte of such rows makes a megabyte of pages for 100 models.
const MOST_CELLS: usize = 20_000;
const BYTES_FOR_CELL: usize = 25;

/// What takes as long as a cell where each model shows it: so many texts, and so
/// many bytes in them.
const TEXTS_FOR_CELL: usize = 8;
const TEXT_BYTES_FOR_CELL: usize = 1_200;

/// As many parties take as much room in a cell as everything else in it. With
/// more than the usual number of them a cell counts for more than one.
const PARTIES_FOR_CELL: usize = 10;
const USUAL_PARTIES: usize = 2;

/// What is written once in a category and shown for each model.
#[derive(Debug, Default)]
pub struct Written {
    rows: usize,
    texts: usize,
    bytes: usize,
}

impl Written {
    /// What a file holds.
    pub fn of(file: &CategoryFile) -> Written {
        let mut written = Written::default();
        written.add(&file.description);
        file.rows.iter().for_each(|row| written.row(row));
        written
    }

    fn row(&mut self, row: &RowRecord) {
        self.rows += 1;
        self.add(row.description.iter().chain(&row.notes));
        let controls = row.controls.0.iter();
        self.texts += controls.map(|(_, ids)| ids.0.len()).sum::<usize>();
        let of_all = row
            .models
            .0
            .iter()
            .filter(|(model, _)| model.value == "all");
        of_all.for_each(|(_, cell)| self.cell(cell));
    }

    fn cell(&mut self, cell: &CellRecord) {
        self.add(&cell.notes);
        let tasks = cell.tasks.0.iter().flat_map(|(_, tasks)| tasks);
        self.add(tasks.map(|task| &task.0.text));
        let by_party = |texts: &Entries<Text>, written: &mut Written| {
            written.add(texts.0.iter().map(|(_, text)| text));
        };
        by_party(&cell.summary, self);
        by_party(&cell.scope, self);
        by_party(&cell.conditional, self);
        self.add(&cell.reason);
    }

    fn add<'t>(&mut self, texts: impl IntoIterator<Item = &'t Text>) {
        for text in texts {
            self.texts += 1;
            self.bytes += text.value.len();
        }
    }
}

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

    /// How many cells a category comes to.
    fn cells(&self, written: &Written) -> usize {
        let weight = self.parties + PARTIES_FOR_CELL;
        let rows = written.rows * self.models * weight / (USUAL_PARTIES + PARTIES_FOR_CELL);
        let texts = written.texts / TEXTS_FOR_CELL + written.bytes / TEXT_BYTES_FOR_CELL;
        rows + (self.models - 1) * texts
    }

    /// Whether there is room for a category.
    pub fn take(&self, written: &Written) -> bool {
        let cells = self.cells(written);
        self.taken.fetch_add(cells, Relaxed) + cells <= self.most
    }

    /// The finding that categories, each with its place and always in the same
    /// order, have too many cells. Then none of them can be used.
    pub fn overflow<'a>(
        &self,
        categories: impl Iterator<Item = (&'a Written, &'a Place)>,
    ) -> Option<Finding> {
        let (mut rows, mut cells) = (0, 0);
        let mut first = None;
        for (written, place) in categories {
            rows += written.rows;
            cells += self.cells(written);
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
