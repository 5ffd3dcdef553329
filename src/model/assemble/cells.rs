//! Assembles cells: a model's cell is merged with that of `all`, and its parties are
//! resolved.

use crate::findings::{Code, Finding, Severity, Subject, nearest};
use crate::input::{At, CellEntry, CellRecord, Entries, OneOrMany, State, Text};
use crate::model::assemble::rows::OfRow;
use crate::model::assemble::{Resolver, acknowledgements};
use crate::model::{Cell, Ownership, PartyIx, Role, Task};

/// Merges two cells key by key; keys of `own` take precedence over those of `shared`,
/// and an empty value of such a key means nothing. A state replaces a responsible set
/// and the other way round, because a cell has only one of them.
pub(super) fn overlay(mut shared: CellRecord, own: CellRecord) -> CellRecord {
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
        fields: own.fields.or(shared.fields),
        evidence: own.evidence.or(shared.evidence),
        review: own.review.or(shared.review),
        acknowledge,
    }
}

/// A shared cell without its tasks, roles, conditions, summary and evidence, which mean
/// nothing if the row does not apply.
fn without_duties(shared: CellRecord) -> CellRecord {
    CellRecord {
        reason: shared.reason,
        notes: shared.notes,
        fields: shared.fields,
        review: shared.review,
        acknowledge: shared.acknowledge,
        ..CellRecord::of_owner(shared.responsible, shared.state)
    }
}

/// Why the state of a cell applies.
pub(super) fn reason_of(record: &CellRecord) -> Option<String> {
    let reason = record.reason.as_ref()?.0.as_ref()?;
    Some(reason.value.clone())
}

impl Resolver<'_> {
    /// The record of a cell. One that is only a word means the party of that name, or
    /// else the state.
    pub(super) fn record_of(&mut self, entry: CellEntry) -> CellRecord {
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

    pub(super) fn cell(
        &mut self,
        key: Text,
        record: CellRecord,
        of_row: &OfRow,
        subject: Subject,
    ) -> Option<Cell> {
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
            fields: self.fields_over(&of_row.fields, record.fields),
            evidence: self.evidence_with(&of_row.evidence, record.evidence),
            review: match record.review {
                Some(own) => self.review(own),
                None => of_row.review.clone(),
            },
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
