//! Assembles rows: which models list them, and the cells that each gives. What a cell
//! says is resolved in `cells`.

use std::collections::HashSet;

use crate::findings::{Code, Finding, Subject, nearest};
use crate::input::{
    CellEntry, CellRecord, Entries, NoteRecord, NoteRef, OneOrMany, OnlyInRecord, RowRecord,
    STAND_IN, Text,
};
use crate::model::assemble::cells::{ids_of, reason_of, second_cell};
use crate::model::assemble::evidence::EvidenceOf;
use crate::model::assemble::ids::TakenIds;
use crate::model::assemble::overlay::{inherited_from_other, overlay};
use crate::model::assemble::{Resolver, acknowledgements, declared_in};
use crate::model::{
    CategoryGroup, Cell, Controls, FieldValue, ModelIx, Note, OnlyIn, Review, Row, RowGroup,
};

/// What a row says for all of its cells.
#[derive(Default)]
pub(super) struct OfRow {
    pub(super) fields: Vec<FieldValue>,
    pub(super) evidence: EvidenceOf,
    pub(super) review: Option<Review>,
}

fn note_as_text(text: &Text) -> Finding {
    let id = text.value.trim();
    let message = format!("`{id}` is shown as a text, but it is the id of a note");
    Finding::new(Code::NoteAsText, text.place.clone(), message)
        .label("readers see this word")
        .help(format!("write `{{ref: {id}}}` to refer to the note"))
}

/// The finding for an entry that a list already has.
pub(super) fn named_twice(what: &str, again: &Text) -> Finding {
    let message = format!("the {what} `{}` is named twice", again.value);
    Finding::new(Code::NamedTwice, again.place.clone(), message)
        .label("named again")
        .help("remove it, or write the one that is meant")
}

/// The label, or the id if the label is missing.
pub(super) fn label_or(label: Text, id: &Text) -> String {
    if label.value == STAND_IN {
        id.value.clone()
    } else {
        label.value
    }
}

/// What a row takes from its category.
pub(super) struct OfCategory<'a> {
    pub(super) id: &'a str,
    /// The models that list its rows.
    pub(super) only_in: Option<&'a OnlyIn>,
    pub(super) groups: &'a [CategoryGroup],
}

impl Resolver<'_> {
    pub(super) fn row(
        &mut self,
        category: &OfCategory<'_>,
        record: RowRecord,
        seen: &mut TakenIds,
    ) -> Option<Row> {
        if !seen.claim("row", &record.id, self.findings) {
            return None;
        }
        let own = record.only_in.map(|only| self.only_in(only));
        let only_in = own.or_else(|| category.only_in.cloned());
        let unknown = |id: &Text| self.document.known.models.find(&id.value).is_none();
        let incomplete = record
            .models
            .0
            .iter()
            .flat_map(|(key, _)| ids_of(key))
            .any(|id| id.value != "all" && unknown(&id))
            || only_in.as_ref().is_some_and(|only| only.incomplete);
        let subject = Subject {
            model: None,
            category: Some(category.id.to_string()),
            row: Some(record.id.value.clone()),
        };
        let of_row = OfRow {
            fields: self.fields(record.fields),
            evidence: self.evidence(record.evidence),
            review: record.review.and_then(|review| self.review(review)),
        };
        let (cells, unlisted) = self.cells(record.models, only_in.as_ref(), &of_row, &subject);
        let group = record
            .group
            .map(|name| self.group(category.groups, name, &subject));
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
            aliases: record.aliases.into_iter().map(|t| t.value).collect(),
            group,
            description: record.description,
            only_in,
            notes: self.notes(record.notes),
            controls: self.controls(record.controls),
            fields: of_row.fields,
            cells,
            unlisted,
            incomplete,
            acknowledge: acknowledgements(record.acknowledge, self.findings),
            place: record.id.place,
        })
    }

    /// The group that a row names: one that its category declares, or else a label.
    pub(super) fn group(
        &mut self,
        declared: &[CategoryGroup],
        name: Text,
        subject: &Subject,
    ) -> RowGroup {
        let outer = declared.iter().map(|group| (group, None));
        let inner = declared
            .iter()
            .flat_map(|outer| outer.groups.iter().map(move |inner| (inner, Some(outer))));
        let all = outer.chain(inner);
        let by_id = all.clone().find(|(group, _)| group.id == name.value);
        let found = by_id.or_else(|| all.clone().find(|(group, _)| group.label == name.value));
        if let Some((group, outer)) = found {
            let path = outer.into_iter().chain([group]);
            return RowGroup {
                ids: path.clone().map(|group| group.id.clone()).collect(),
                labels: path.map(|group| group.label.clone()).collect(),
            };
        }
        let ids = all.map(|(group, _)| group.id.as_str());
        if let Some(near) = nearest(&name.value, ids) {
            let message = format!("there is no group `{}` in this category", name.value);
            self.findings.push(
                Finding::new(Code::UnknownGroup, name.place, message)
                    .label("a group of this name is shown")
                    .subject(subject.clone())
                    .help(format!("did you mean `{near}`?")),
            );
        }
        RowGroup {
            ids: vec![name.value.clone()],
            labels: vec![name.value],
        }
    }

    /// The models that a row or a category is limited to.
    pub(super) fn only_in(&mut self, OnlyInRecord(record): OnlyInRecord) -> OnlyIn {
        let named = record.models.0;
        let models: Vec<ModelIx> = named.iter().filter_map(|m| self.model(m)).collect();
        OnlyIn {
            incomplete: models.len() < named.len(),
            models,
            reason: record.reason.map(|t| t.value),
        }
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
            for key in ids_of(&keys) {
                if key.value == "all" {
                    all = Some((key, record.clone()));
                } else if let Some(ix) = self.model(&key) {
                    match &own[ix] {
                        None => own[ix] = Some((key, record.clone())),
                        Some((first, _)) => self.findings.push(second_cell("model", &key, first)),
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
                let subject = Subject {
                    model: Some(self.document.models[ix].id.clone()),
                    ..subject.clone()
                };
                let of_all = shared.as_ref().filter(|_| own.is_some());
                if let Some((_, record)) = own.as_ref().or(shared.as_ref()) {
                    self.keeps_nothing(of_all.map(|(_, all)| all), record, &subject);
                }
                let replaced = match (&shared, &own) {
                    (Some((_, all)), Some((_, own))) => self.replaced_tasks(all, own),
                    _ => Vec::new(),
                };
                let (key, record) = match (shared, own) {
                    (None, None) => return (None, left_out),
                    (Some(one), None) | (None, Some(one)) => one,
                    (Some((_, shared)), Some((key, own))) => {
                        let asked = inherited_from_other(&key, &shared, &own);
                        if let Some(finding) = asked {
                            self.findings.push(finding.subject(subject.clone()));
                        }
                        (key, overlay(shared, own))
                    }
                };
                let reason = reason_of(&record).or(left_out);
                match self.cell(key, record, of_row, subject) {
                    Some(cell) => (Some(Cell { replaced, ..cell }), None),
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

    pub(super) fn notes(&mut self, records: Vec<NoteRecord>) -> Vec<Note> {
        let mut notes: Vec<Note> = Vec::new();
        let mut seen = HashSet::new();
        for record in records {
            match record {
                NoteRecord::Text(text) => {
                    if self.document.known.notes.find(text.value.trim()).is_some() {
                        self.findings.push(note_as_text(&text));
                    }
                    notes.push(Note::Own(text));
                }
                NoteRecord::Ref(NoteRef { id }) => {
                    let Some(at) = self.shared_note(&id) else {
                        continue;
                    };
                    if !seen.insert(at) {
                        self.findings.push(named_twice("note", &id));
                    }
                    notes.push(Note::Shared(at));
                }
            }
        }
        notes
    }

    pub(super) fn shared_note(&mut self, id: &Text) -> Option<usize> {
        let known = &self.document.known.notes;
        let found = known.find(&id.value);
        if found.is_none() {
            let unread = self.document.unread.notes;
            self.undeclared("note", id, known, unread, &declared_in("notes", id));
        }
        found
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
                    let unread = self.document.unread.frameworks;
                    let declared = declared_in("frameworks", &framework);
                    self.undeclared("framework", &framework, known, unread, &declared);
                }
            }
        }
        out
    }
}
