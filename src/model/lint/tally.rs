//! Counts what a document, or one of its categories, contains and uses.

use crate::model::lint::wording::ends_in_stop;
use crate::model::{Category, Cell, Document, Note, Role};
use crate::text::markdown::without_notes;

/// What a document, or one of its categories, contains and uses.
pub(super) struct Tally {
    pub(super) tasks: usize,
    /// The number of tasks that end with a full stop.
    pub(super) full_stops: usize,
    /// For each party, whether it is named.
    pub(super) parties: Vec<bool>,
    /// For each framework, whether anything is mapped to it.
    pub(super) frameworks: Vec<bool>,
    /// For each area, whether any cell is divided into it.
    pub(super) areas: Vec<bool>,
    /// For each shared note, whether anything refers to it.
    pub(super) notes: Vec<bool>,
    /// For each field, whether any cell has a value of it.
    pub(super) fields: Vec<bool>,
    /// For each role of the author's own, whether any party has it.
    pub(super) roles: Vec<bool>,
    /// Whether any cell has evidence, and below, a review.
    pub(super) evidence: bool,
    pub(super) reviews: bool,
    pub(super) models: Vec<ModelTally>,
}

#[derive(Clone, Default)]
pub(super) struct ModelTally {
    pub(super) cells: bool,
    pub(super) tasks: bool,
}

impl Tally {
    pub(super) fn new(document: &Document) -> Tally {
        Tally {
            tasks: 0,
            full_stops: 0,
            parties: vec![false; document.parties.len()],
            frameworks: vec![false; document.frameworks.len()],
            areas: vec![false; document.areas.len()],
            notes: vec![false; document.notes.len()],
            fields: vec![false; document.fields.len()],
            roles: vec![false; document.roles.own.len()],
            evidence: false,
            reviews: false,
            models: vec![ModelTally::default(); document.models.len()],
        }
    }

    pub(super) fn of(document: &Document, category: &Category) -> Tally {
        let mut tally = Tally::new(document);
        for (party, _) in &category.conditional {
            tally.parties[*party] = true;
        }
        for row in &category.rows {
            for control in &row.controls {
                tally.frameworks[control.framework] = true;
            }
            // Cells may take them back.
            for value in &row.fields {
                tally.fields[value.field] = true;
            }
            let parts = || row.cells.iter().flatten().flat_map(Cell::parts);
            let notes = parts().flat_map(|cell| &cell.notes);
            for note in row.notes.iter().chain(notes) {
                if let Note::Shared(at) = note {
                    tally.notes[*at] = true;
                }
            }
            for (model, cell) in tally.models.iter_mut().zip(&row.cells) {
                model.cells |= cell.is_some();
                model.tasks |= cell.as_ref().is_some_and(Cell::has_tasks);
            }
            let areas = row.cells.iter().flatten().flat_map(|cell| &cell.areas);
            areas.for_each(|area| tally.areas[area.area] = true);
            for cell in parts() {
                let named = cell
                    .ownership
                    .parties()
                    .iter()
                    .chain(cell.tasks.iter().map(|(p, _)| p))
                    .chain(cell.conditional.iter().map(|(p, _)| p))
                    .chain(cell.roles.iter().flat_map(|(_, parties)| parties));
                named.for_each(|p| tally.parties[*p] = true);
                for control in &cell.controls {
                    tally.frameworks[control.framework] = true;
                }
                for (role, _) in &cell.roles {
                    if let Role::Own(at) = role {
                        tally.roles[*at] = true;
                    }
                }
                let values = cell.fields.iter();
                values.for_each(|value| tally.fields[value.field] = true);
                tally.evidence |= !cell.evidence.is_empty();
                tally.reviews |= cell.review.is_some();
                for task in cell.tasks.iter().flat_map(|(_, tasks)| tasks) {
                    tally.tasks += 1;
                    tally.full_stops += usize::from(ends_in_stop(&without_notes(&task.text)));
                    for control in &task.controls {
                        tally.frameworks[control.framework] = true;
                    }
                }
            }
        }
        tally
    }

    pub(super) fn add(&mut self, other: &Tally) {
        let or = |all: &mut Vec<bool>, more: &[bool]| {
            all.iter_mut().zip(more).for_each(|(a, b)| *a |= b);
        };
        self.tasks += other.tasks;
        self.full_stops += other.full_stops;
        or(&mut self.parties, &other.parties);
        or(&mut self.frameworks, &other.frameworks);
        or(&mut self.areas, &other.areas);
        or(&mut self.notes, &other.notes);
        or(&mut self.fields, &other.fields);
        or(&mut self.roles, &other.roles);
        self.evidence |= other.evidence;
        self.reviews |= other.reviews;
        for (all, more) in self.models.iter_mut().zip(&other.models) {
            all.cells |= more.cells;
            all.tasks |= more.tasks;
        }
    }

    /// Whether nearly all tasks end with a full stop, so that one without it stands
    /// out. A few tasks are not enough to tell.
    pub(super) fn full_stops_expected(&self) -> bool {
        self.tasks >= 8 && self.full_stops * 10 >= self.tasks * 8
    }
}
