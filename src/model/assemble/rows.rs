//! Assembles rows and their cells: a model's cell is merged with that of `all`, and
//! its parties are resolved.

use crate::findings::{Code, Finding, Guess, Place, Severity, Subject, nearest};
use crate::input::{
    At, CellEntry, CellRecord, Entries, OneOrMany, RowRecord, STAND_IN, State, Text,
};
use crate::model::assemble::ids::{TakenIds, unknown};
use crate::model::assemble::{Resolver, acknowledgements};
use crate::model::{Cell, Controls, OnlyIn, Ownership, PartyIx, Role, Row, Task};

/// The label, or the id if the label is missing.
pub(super) fn label_or(label: Text, id: &Text) -> String {
    if label.value == STAND_IN {
        id.value.clone()
    } else {
        label.value
    }
}

/// Merges two cells key by key; keys of `own` take precedence over those of `shared`,
/// and an empty value of such a key means nothing. A state replaces a responsible set
/// and the other way round, because a cell has only one of them.
fn overlay(mut shared: CellRecord, own: CellRecord) -> CellRecord {
    let own_decides = own.state.is_some() || own.responsible.is_some();
    let (responsible, state, reason) = if own_decides {
        (own.responsible, own.state, own.reason)
    } else {
        (
            shared.responsible.take(),
            shared.state.take(),
            own.reason.or(shared.reason.take()),
        )
    };
    if state.is_some() {
        shared = without_duties(shared);
    }
    let mut acknowledge = own.acknowledge;
    acknowledge.0.extend(shared.acknowledge.0);
    CellRecord {
        responsible,
        state,
        reason,
        tasks: own.tasks.or(shared.tasks),
        summary: own.summary.or(shared.summary),
        scope: own.scope.or(shared.scope),
        conditional: own.conditional.or(shared.conditional),
        accountable: own.accountable.or(shared.accountable),
        consulted: own.consulted.or(shared.consulted),
        informed: own.informed.or(shared.informed),
        supports: own.supports.or(shared.supports),
        cadence: own.cadence.or(shared.cadence),
        notes: own.notes.or(shared.notes),
        acknowledge,
    }
}

/// A shared cell without its tasks, roles, conditions and summary, which mean nothing if
/// the row does not apply.
fn without_duties(shared: CellRecord) -> CellRecord {
    CellRecord {
        reason: shared.reason,
        notes: shared.notes,
        acknowledge: shared.acknowledge,
        ..CellRecord::of_owner(shared.responsible, shared.state)
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

/// Why the state of a cell applies.
fn reason_of(record: &CellRecord) -> Option<String> {
    let reason = record.reason.as_ref()?.0.as_ref()?;
    Some(reason.value.clone())
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
        let (cells, unlisted) = self.cells(record.models, only_in.as_ref(), &subject);
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
                    self.cell(key, record.clone(), subject.clone());
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
                match self.cell(key, record, subject) {
                    Some(cell) => (Some(cell), None),
                    None => (None, reason),
                }
            })
            .unzip()
    }

    /// The record of a cell. One that is only a word means the party of that name, or
    /// else the state.
    fn record_of(&mut self, entry: CellEntry) -> CellRecord {
        let owners = match entry {
            CellEntry::Whole(record) => return *record,
            CellEntry::Owners(owners) => owners,
        };
        let named = match &owners.0[..] {
            [word] => State::from_word(&word.value).map(|state| (word, state)),
            _ => None,
        };
        let Some((word, state)) = named else {
            return self
                .misspelt_state(&owners)
                .unwrap_or_else(|| CellRecord::of_owner(Some(owners), None));
        };
        if self.document.known.parties.find(&word.value).is_none() {
            let place = word.place.clone();
            return CellRecord::of_owner(
                None,
                Some(At {
                    value: state,
                    place,
                }),
            );
        }
        let message = format!("`{}` is a party here, and the word of a state", word.value);
        self.findings.push(
            Finding::new(Code::PartyOrState, word.place.clone(), message)
                .label("the party is meant")
                .help(format!("for the state, write `{{state: {}}}`", word.value))
                .help("give the party another id to avoid the doubt"),
        );
        CellRecord::of_owner(Some(owners), None)
    }

    /// A cell whose only word is nearly that of a state, and no party's: it is reported
    /// here, and read as a state that nothing else has to go with.
    fn misspelt_state(&mut self, owners: &OneOrMany<Text>) -> Option<CellRecord> {
        let [word] = &owners.0[..] else {
            return None;
        };
        if self.document.known.parties.find(&word.value).is_some() {
            return None;
        }
        let near = nearest(&word.value, State::WORDS.iter().copied())?;
        let parties = self.document.parties.iter().map(|p| p.id.as_str());
        if nearest(&word.value, parties).is_some() {
            return None;
        }
        let message = format!("`{}` is neither a party nor a state", word.value);
        self.findings.push(
            Finding::new(Code::UnknownId, word.place.clone(), message)
                .label("unknown party or state")
                .help(format!("did you mean `{near}`?")),
        );
        let state = At {
            value: State::ByContract,
            place: word.place.clone(),
        };
        Some(CellRecord::of_owner(None, Some(state)))
    }

    pub(super) fn cell(&mut self, key: Text, record: CellRecord, subject: Subject) -> Option<Cell> {
        let ownership = self.ownership(&key, &record, subject)?;
        let mut tasks: Vec<(PartyIx, Vec<Task>)> = Vec::new();
        for (party, list) in record.tasks.unwrap_or_default().0 {
            let Some(ix) = self.party(&party) else {
                continue;
            };
            let list = list
                .into_iter()
                .map(|task| Task {
                    text: task.0.text.value.trim().to_string(),
                    controls: self.controls(task.0.controls),
                    place: task.0.text.place,
                })
                .collect();
            tasks.push((ix, list));
        }
        tasks.sort_by_key(|(party, _)| *party);
        let roles = [
            (Role::Accountable, record.accountable),
            (Role::Consulted, record.consulted),
            (Role::Informed, record.informed),
            (Role::Supports, record.supports),
        ]
        .into_iter()
        .filter_map(|(role, parties)| Some((role, self.parties(&parties?))))
        .filter(|(_, parties)| !parties.is_empty())
        .collect();
        Some(Cell {
            ownership,
            tasks,
            summary: self.by_party(record.summary.unwrap_or_default()),
            scope: self.by_party(record.scope.unwrap_or_default()),
            conditional: self.by_party(record.conditional.unwrap_or_default()),
            roles,
            cadence: record.cadence.and_then(|t| t.0).map(|t| t.value),
            notes: record.notes.unwrap_or_default(),
            acknowledge: acknowledgements(record.acknowledge, self.findings),
            incomplete: record.responsible.is_some_and(|r| {
                r.0.iter()
                    .any(|id| self.document.known.parties.find(&id.value).is_none())
            }),
            place: key.place,
        })
    }

    fn ownership(
        &mut self,
        key: &Text,
        record: &CellRecord,
        subject: Subject,
    ) -> Option<Ownership> {
        let reason = reason_of(record);
        let mut parties = record
            .responsible
            .as_ref()
            .map(|r| self.parties(r))
            .unwrap_or_default();
        if let Some(state) = &record.state {
            let named = record.responsible.as_ref().is_some_and(|r| !r.0.is_empty());
            if named {
                self.findings.push(
                    Finding::new(
                        Code::StateConflict,
                        state.place.clone(),
                        format!(
                            "the cell has the state `{}` and responsible parties",
                            state.value.word()
                        ),
                    )
                    .label("state given here")
                    .subject(subject)
                    .help("keep `state` or `responsible`, not both"),
                );
            }
            return match state.value {
                State::NotApplicable => Some(Ownership::NotApplicable(reason)),
                State::ByContract | State::ByAgreement => Some(Ownership::ByAgreement(reason)),
                State::NotListed => None,
            };
        }
        parties.sort_unstable();
        if !parties.is_empty() {
            return Some(Ownership::Parties(parties));
        }
        // A party that could not be resolved already has a finding.
        let unresolved = record.responsible.as_ref().is_some_and(|r| !r.0.is_empty());
        if !unresolved {
            let mut finding = Finding::new(
                Code::NobodyResponsible,
                key.place.clone(),
                "no party is responsible in this cell",
            )
            .label("`responsible` is empty or missing")
            .subject(subject)
            .help("add `responsible:` with a party id or a list of them")
            .help("or `state: not-applicable` with a `reason`, or `state: by-contract`");
            if self.document.catch_all.is_some() {
                finding = finding.severity(Severity::Note);
            }
            self.findings.push(finding);
        }
        Some(Ownership::Unassigned)
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

    fn controls(&mut self, controls: Entries<OneOrMany<Text>>) -> Vec<Controls> {
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

    fn by_party(&mut self, entries: Entries<Text>) -> Vec<(PartyIx, Text)> {
        let mut out: Vec<(PartyIx, Text)> = entries
            .0
            .into_iter()
            .filter_map(|(party, text)| self.party(&party).map(|ix| (ix, text)))
            .collect();
        out.sort_by_key(|(party, _)| *party);
        out
    }

    pub(super) fn parties(&mut self, ids: &OneOrMany<Text>) -> Vec<PartyIx> {
        let mut out: Vec<PartyIx> = Vec::new();
        for id in &ids.0 {
            if let Some(ix) = self.party(id).filter(|ix| !out.contains(ix)) {
                out.push(ix);
            }
        }
        out
    }

    /// The ids of the parties that a text means although it is not an id: a label, or
    /// several ids or labels in one text.
    pub(super) fn named_parties(&self, text: &str) -> Option<Vec<&str>> {
        let parts = text.split([',', ';', '+', '&', '/']);
        let names = parts.flat_map(|part| part.split(" and ")).map(str::trim);
        let named = |name: &str| {
            let party = self.document.known.party_called(name)?;
            Some(self.document.parties[party].id.as_str())
        };
        names.map(named).collect()
    }
}
