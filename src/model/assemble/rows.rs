//! Assembles rows: which models list them, and the cells that each gives. What a cell
//! says is resolved in `cells`.

use crate::findings::{Code, Finding, Guess, Place, Subject};
use crate::input::{At, CellEntry, CellRecord, Entries, OneOrMany, RowRecord, STAND_IN, Text};
use crate::model::assemble::cells::{overlay, reason_of};
use crate::model::assemble::evidence::EvidenceOf;
use crate::model::assemble::ids::{TakenIds, unknown};
use crate::model::assemble::{Resolver, acknowledgements};
use crate::model::{Cell, Controls, FieldValue, OnlyIn, Review, Row};

/// What a row says for all of its cells.
pub(super) struct OfRow {
    pub(super) fields: Vec<FieldValue>,
    pub(super) evidence: EvidenceOf,
    pub(super) review: Option<Review>,
}

/// The label, or the id if the label is missing.
pub(super) fn label_or(label: Text, id: &Text) -> String {
    if label.value == STAND_IN {
        id.value.clone()
    } else {
        label.value
    }
}

/// The models that the key of a cell names: one, or several separated by commas.
fn models_of(key: &Text) -> Vec<Text> {
    if !key.value.contains(',') {
        return vec![key.clone()];
    }
    // Such a key is in quotes.
    let quote = usize::from(key.place.end - key.place.start > key.value.len());
    let mut at = key.place.start + quote;
    let ids = key.value.split(',').map(|part| {
        let start = at + part.len() - part.trim_start().len();
        at += part.len() + 1;
        let value = part.trim().to_string();
        let place = Place::new(&key.place.file, start..start + value.len());
        At { value, place }
    });
    ids.filter(|id| !id.value.is_empty()).collect()
}

fn second_cell(key: &Text, first: &Text) -> Finding {
    let message = format!("the model `{}` has two cells in this row", key.value);
    Finding::new(Code::DuplicateKey, key.place.clone(), message)
        .label("named again here")
        .related(first.place.clone(), "first named here")
        .help("name each model once")
}

impl Resolver<'_> {
    pub(super) fn row(
        &mut self,
        category: &str,
        record: RowRecord,
        seen: &mut TakenIds,
    ) -> Option<Row> {
        if !seen.claim("row", &record.id, self.findings) {
            return None;
        }
        let unknown = |id: &Text| self.document.known.models.find(&id.value).is_none();
        let named = record.only_in.as_ref().map(|only| &only.0.models.0);
        let incomplete = record
            .models
            .0
            .iter()
            .flat_map(|(key, _)| models_of(key))
            .any(|id| id.value != "all" && unknown(&id))
            || named.is_some_and(|models| models.iter().any(unknown));
        let only_in = record.only_in.map(|only| OnlyIn {
            models: only
                .0
                .models
                .0
                .iter()
                .filter_map(|m| self.model(m))
                .collect(),
            reason: only.0.reason.map(|t| t.value),
        });
        let subject = Subject {
            model: None,
            category: Some(category.to_string()),
            row: Some(record.id.value.clone()),
        };
        let of_row = OfRow {
            fields: self.fields(record.fields),
            evidence: self.evidence(record.evidence),
            review: record.review.and_then(|review| self.review(review)),
        };
        let (cells, unlisted) = self.cells(record.models, only_in.as_ref(), &of_row, &subject);
        if cells.iter().all(Option::is_none) && !incomplete && !self.document.models.is_empty() {
            self.findings.push(
                Finding::new(
                    Code::ListedNowhere,
                    record.id.place.clone(),
                    format!("row `{}` has no cell in any model", record.id.value),
                )
                .label("listed nowhere")
                .subject(subject)
                .help("add `models:` with a cell for a model, or for `all`"),
            );
        }
        Some(Row {
            label: label_or(record.label, &record.id),
            id: record.id.value,
            labels: self.labels(record.labels),
            description: record.description,
            only_in,
            notes: record.notes,
            controls: self.controls(record.controls),
            fields: of_row.fields,
            cells,
            unlisted,
            incomplete,
            acknowledge: acknowledgements(record.acknowledge, self.findings),
            place: record.id.place,
        })
    }

    /// The cells of a row, one entry for each model, and why a model does not list it. A
    /// model's own keys take precedence over those of `all`.
    pub(super) fn cells(
        &mut self,
        records: Entries<CellEntry>,
        only_in: Option<&OnlyIn>,
        of_row: &OfRow,
        subject: &Subject,
    ) -> (Vec<Option<Cell>>, Vec<Option<String>>) {
        let mut all: Option<(Text, CellRecord)> = None;
        let mut own: Vec<Option<(Text, CellRecord)>> = vec![None; self.document.models.len()];
        for (keys, entry) in records.0 {
            let record = self.record_of(entry);
            for key in models_of(&keys) {
                if key.value == "all" {
                    all = Some((key, record.clone()));
                } else if let Some(ix) = self.model(&key) {
                    match &own[ix] {
                        None => own[ix] = Some((key, record.clone())),
                        Some((first, _)) => self.findings.push(second_cell(&key, first)),
                    }
                } else {
                    // The model is unknown, so there is no place for the cell, but its
                    // ids are checked.
                    self.cell(key, record.clone(), of_row, subject.clone());
                }
            }
        }
        own.into_iter()
            .enumerate()
            .map(|(ix, own)| {
                let is_left_out = only_in.filter(|only| !only.models.contains(&ix));
                let left_out = is_left_out.and_then(|only| only.reason.clone());
                let shared = all.clone().filter(|_| is_left_out.is_none());
                let (key, record) = match (shared, own) {
                    (None, None) => return (None, left_out),
                    (Some(one), None) | (None, Some(one)) => one,
                    (Some((_, shared)), Some((key, own))) => (key, overlay(shared, own)),
                };
                let subject = Subject {
                    model: Some(self.document.models[ix].id.clone()),
                    ..subject.clone()
                };
                let reason = reason_of(&record).or(left_out);
                match self.cell(key, record, of_row, subject) {
                    Some(cell) => (Some(cell), None),
                    None => (None, reason),
                }
            })
            .unzip()
    }

    pub(super) fn labels(&mut self, labels: Entries<Text>) -> Vec<Option<Text>> {
        let mut out = vec![None; self.document.models.len()];
        for (model, label) in labels.0 {
            if let Some(ix) = self.model(&model) {
                out[ix] = Some(label);
            }
        }
        out
    }

    pub(super) fn controls(&mut self, controls: Entries<OneOrMany<Text>>) -> Vec<Controls> {
        let mut out = Vec::new();
        for (framework, ids) in controls.0 {
            let known = &self.document.known.frameworks;
            match known.find(&framework.value) {
                Some(ix) => out.push(Controls {
                    framework: ix,
                    ids: ids.0.into_iter().map(|t| t.value).collect(),
                }),
                None => {
                    let finding = unknown("framework", &framework);
                    let guess = Guess::new(&framework.value, &known.names);
                    self.findings.push(finding.guess(Some(guess)));
                }
            }
        }
        out
    }
}
