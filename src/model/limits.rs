//! Limits the parties, models and cells of a document. The size of tables is rows
//! times models times parties, so a small document can cause gigabytes of pages.
//! Single files are limited where they are read.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::findings::{Code, Finding, Place};
use crate::input::{
    CategoryFile, CellEntry, CellRecord, DataCategory, Entries, EvidenceRecord, FieldText,
    NoteRecord, RowRecord, Text,
};
use crate::model::Document;

/// Most deployment models in a document. Each has pages with all rows.
pub const MOST_MODELS: usize = 128;

/// Most parties in a document. Each has a column in many tables, and a page.
pub const MOST_PARTIES: usize = 50;

/// Most areas in a document. Each has a column in the table of areas.
pub const MOST_AREAS: usize = 50;

/// Most letters and own roles in a document. Each cell can name all of them for each party.
pub const MOST_ROLES: usize = 20;

/// Most fields of the author's own. Each has a column in many tables.
pub const MOST_FIELDS: usize = 32;

/// Longest label of a field, in characters. Each cell of its column has it.
pub const MOST_LABEL: usize = 200;

/// Most choices of a field. Each can be an entry of a filter.
pub const MOST_CHOICES: usize = 64;

/// Most cells (rows times models): a fixed number for each document, plus one for
/// every [`BYTES_FOR_CELL`] bytes of data. A cell of `all` is written once and shown
/// for each model; a kilobyte of such rows makes a megabyte of pages for 100 models.
const MOST_CELLS: usize = 20_000;
const BYTES_FOR_CELL: usize = 25;

/// This many texts, and below, this many bytes of text, count as one more cell for
/// each further model that shows them.
const TEXTS_FOR_CELL: usize = 8;
const TEXT_BYTES_FOR_CELL: usize = 1_200;

/// This many parties take as much space in a cell as everything else in it, and so do
/// fields. With fields, or more than [`USUAL_PARTIES`], a cell counts as more than one.
const PARTIES_FOR_CELL: usize = 10;
const USUAL_PARTIES: usize = 2;

/// How much is written once in a category and shown for each model.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    rows: usize,
    /// Areas in cells of `all`, and below, in those of one model.
    areas: usize,
    own_areas: usize,
    texts: usize,
    bytes: usize,
}

impl Written {
    /// Counts what is in a file.
    pub fn of(file: &CategoryFile) -> Written {
        let mut written = Written::default();
        written.add(&file.description);
        written.add(file.conditional.0.iter().map(|(_, text)| text));
        file.rows.iter().for_each(|row| written.row(row));
        written
    }

    /// Counts the rows and areas of data, which has every cell of its own.
    pub fn of_data(category: &DataCategory) -> Written {
        let cells = category.rows.iter().flat_map(|row| &row.cells);
        Written {
            rows: category.rows.len(),
            own_areas: cells.map(|cell| cell.areas.len()).sum(),
            ..Written::default()
        }
    }

    fn row(&mut self, row: &RowRecord) {
        self.rows += 1;
        self.add(&row.description);
        self.notes(&row.notes);
        self.add(row.aliases.iter().chain(&row.group));
        let controls = row.controls.0.iter();
        self.texts += controls.map(|(_, ids)| ids.0.len()).sum::<usize>();
        self.fields(&row.fields);
        self.evidence(&row.evidence);
        self.add(row.review.iter().flat_map(|review| &review.value.by));
        for (models, cell) in &row.models.0 {
            let CellEntry::Whole(cell) = cell else {
                continue;
            };
            if models.value == "all" {
                self.areas += areas_in(cell);
                self.cell(cell);
            } else {
                self.own_areas += areas_in(cell) * ids_in(models);
            }
        }
    }

    fn cell(&mut self, cell: &CellRecord) {
        for (_, area) in cell.areas.iter().flat_map(|areas| &areas.0) {
            if let CellEntry::Whole(area) = area {
                self.cell(area);
            }
        }
        self.notes(cell.notes.iter().flatten());
        let tasks = cell.tasks.iter().flat_map(|tasks| &tasks.0);
        let tasks = tasks.flat_map(|(_, tasks)| tasks);
        self.add(tasks.map(|task| &task.0.text));
        for texts in [&cell.summary, &cell.scope, &cell.conditional] {
            let texts = texts.iter().flat_map(|texts| &texts.0);
            self.add(texts.flat_map(|(_, text)| &text.0));
        }
        let controls = cell.controls.iter().flat_map(|controls| &controls.0);
        self.texts += controls.map(|(_, ids)| ids.0.len()).sum::<usize>();
        self.add(cell.reason.iter().flat_map(|reason| &reason.0));
        cell.fields.iter().for_each(|fields| self.fields(fields));
        let evidence = cell.evidence.iter();
        evidence.for_each(|evidence| self.evidence(evidence));
        self.add(cell.review.iter().flat_map(|review| &review.value.by));
    }

    fn fields(&mut self, fields: &Entries<FieldText>) {
        self.add(fields.0.iter().flat_map(|(_, field)| &field.value));
    }

    fn evidence(&mut self, evidence: &Entries<Vec<EvidenceRecord>>) {
        for one in evidence.0.iter().flat_map(|(_, list)| list) {
            self.add([&one.text].into_iter().chain(&one.url).chain(&one.cadence));
        }
    }

    /// A note that is written once in the document is told once for each table.
    fn notes<'t>(&mut self, notes: impl IntoIterator<Item = &'t NoteRecord>) {
        self.add(notes.into_iter().map(|note| match note {
            NoteRecord::Text(text) => text,
            NoteRecord::Ref(note) => &note.id,
        }));
    }

    fn add<'t>(&mut self, texts: impl IntoIterator<Item = &'t Text>) {
        for text in texts {
            self.texts += 1;
            self.bytes += text.value.len();
        }
    }
}

/// How many areas a cell is divided into. Each has a line in many tables.
fn areas_in(cell: &CellRecord) -> usize {
    let areas = cell.areas.iter().flat_map(|areas| &areas.0);
    areas.map(|(key, _)| ids_in(key)).sum()
}

/// How many ids a key has that are separated by commas.
fn ids_in(key: &Text) -> usize {
    key.value.split(',').count()
}

/// Counts cells against the limit of a document. The total is known only after all
/// categories, but cells are not made once the limit is exceeded, because there can
/// be millions.
pub struct Room {
    most: usize,
    models: usize,
    parties: usize,
    fields: usize,
    taken: AtomicUsize,
}

impl Room {
    /// The limit for the frame of a document and this many bytes of data.
    pub fn new(frame: &Document, bytes: usize) -> Room {
        Room {
            most: MOST_CELLS + bytes / BYTES_FOR_CELL,
            models: frame.models.len().max(1),
            parties: frame.parties.len().max(USUAL_PARTIES),
            fields: frame.fields.len(),
            taken: AtomicUsize::new(0),
        }
    }

    /// How many cells a category counts as.
    fn cells(&self, written: &Written) -> usize {
        self.cells_with(written, self.fields)
    }

    fn cells_with(&self, written: &Written, fields: usize) -> usize {
        let weight = self.parties + fields + PARTIES_FOR_CELL;
        let lines = (written.rows + written.areas) * self.models + written.own_areas;
        let lines = lines * weight / (USUAL_PARTIES + PARTIES_FOR_CELL);
        let texts = written.texts / TEXTS_FOR_CELL + written.bytes / TEXT_BYTES_FOR_CELL;
        lines + (self.models - 1) * texts
    }

    /// Counts a category, and returns whether it is within the limit.
    pub fn take(&self, written: &Written) -> bool {
        let cells = self.cells(written);
        self.taken.fetch_add(cells, Relaxed) + cells <= self.most
    }

    /// A finding if the categories have too many cells; then none of them can be
    /// used. They are given with their places, always in the same order.
    pub fn overflow<'a>(
        &self,
        all: impl Iterator<Item = (&'a Written, &'a Place)> + Clone,
    ) -> Option<Finding> {
        let (mut rows, mut areas, mut cells) = (0, 0, 0);
        let mut first = None;
        for (written, place) in all.clone() {
            rows += written.rows;
            areas += written.areas * self.models + written.own_areas;
            cells += self.cells(written);
            if cells > self.most && first.is_none() {
                first = Some(place.clone());
            }
        }
        let counted = |n: usize, what: &str| match n {
            0 => String::new(),
            n => format!(", {n} {what}"),
        };
        let (fields, in_areas) = (
            counted(self.fields, "fields"),
            counted(areas, "areas in cells"),
        );
        let message = format!(
            "{rows} rows{in_areas}{fields}, {} models and {} parties make more cells than a document of this size may have",
            self.models, self.parties
        );
        let finding = Finding::new(Code::Limit, first?, message);
        let without = |fields: usize, areas: bool| {
            let cells = all.clone().map(|(written, _)| {
                let mut written = *written;
                if !areas {
                    (written.areas, written.own_areas) = (0, 0);
                }
                self.cells_with(&written, fields)
            });
            cells.sum::<usize>() <= self.most
        };
        let cause = if without(0, true) {
            "fields"
        } else if without(self.fields, false) {
            "areas"
        } else if without(0, false) {
            "fields or areas"
        } else {
            "models or parties"
        };
        Some(finding.help(format!("split the document, or remove {cause}")))
    }
}
