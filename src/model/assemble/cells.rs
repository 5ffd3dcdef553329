//! Assembles cells: resolves their parties, roles and areas. How a model's cell is merged
//! with that of `all` is decided in `overlay`.

use crate::findings::{Code, Finding, Place, Severity, Subject, code_list, nearest};
use crate::input::{
    At, BuiltInRole, CellEntry, CellRecord, Clearable, Decode, Entries, Keep, OneOrMany, STAND_IN,
    State, Text,
};
use crate::model::assemble::rows::{OfRow, named_twice};
use crate::model::assemble::{Resolver, acknowledgements};
use crate::model::{AreaCell, Cell, Ownership, PartyIx, Role, Task};

/// The models or areas that the key of a cell names: one, or several separated by commas.
pub(super) fn ids_of(key: &Text) -> Vec<Text> {
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

pub(super) fn second_cell(what: &str, key: &Text, first: &Text) -> Finding {
    let message = format!("the {what} `{}` has two cells in this row", key.value);
    Finding::new(Code::DuplicateKey, key.place.clone(), message)
        .label("named again here")
        .related(first.place.clone(), "first named here")
        .help(format!("name each {what} once"))
}

/// The state that a word in common use means.
fn meant_state(word: &str) -> Option<State> {
    match word.trim().to_lowercase().as_str() {
        "n/a" | "na" | "n.a." | "n.a" | "none" | "not applicable" | "-" | "–" | "—" => {
            Some(State::NotApplicable)
        }
        "tbd" | "tba" | "open" | "nobody" | "no one" | "unknown" | "undefined" => {
            Some(State::Unassigned)
        }
        "contract" | "by contract" | "per contract" | "agreement" | "by agreement" => {
            Some(State::ByContract)
        }
        _ => None,
    }
}

/// The parties to choose from, if there are few enough to read.
fn all_parties(ids: &[&str]) -> Option<String> {
    let few = !ids.is_empty() && ids.len() <= 20;
    few.then(|| format!("parties: {}", code_list(ids)))
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
            CellEntry::Whole(mut record) => {
                record.areas = record.areas.take().map(|areas| self.areas_of(areas));
                return self.with_letters(*record);
            }
            CellEntry::Owners(owners) => owners,
        };
        let named = match &owners.0[..] {
            [word] => State::from_word(&word.value).map(|state| (word, state)),
            _ => None,
        };
        let Some((word, state)) = named else {
            return self
                .neither_party_nor_state(&owners)
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

    /// The records of areas, one for each.
    fn areas_of(&mut self, entries: Entries<CellEntry>) -> Entries<CellEntry> {
        let mut areas: Vec<(Text, CellEntry)> = Vec::new();
        for (keys, entry) in entries.0 {
            let mut record = self.record_of(entry);
            if record.areas.take().is_some() {
                // So that the area does not seem to have no owner, too.
                if record.responsible.is_none() && record.state.is_none() {
                    record.responsible = OneOrMany::stand_in(&keys.place);
                }
                let message = "an area cannot be divided into areas";
                self.findings.push(
                    Finding::new(Code::StateConflict, keys.place.clone(), message)
                        .label("this area has `areas` of its own")
                        .help("declare the parts as areas in `srm.yaml`, beside each other"),
                );
            }
            for key in ids_of(&keys) {
                match areas.iter().find(|(first, _)| first.value == key.value) {
                    None => areas.push((key, CellEntry::Whole(Box::new(record.clone())))),
                    Some((first, _)) => {
                        self.findings.push(second_cell("area", &key, first));
                    }
                }
            }
        }
        Entries(areas)
    }

    /// A cell whose only word is no party, and not nearly one, and no state: it is reported
    /// here, and read as a state that nothing else has to go with.
    fn neither_party_nor_state(&mut self, owners: &OneOrMany<Text>) -> Option<CellRecord> {
        let [word] = &owners.0[..] else {
            return None;
        };
        let known = &self.document.known;
        let parties = || self.document.parties.iter().map(|p| p.id.as_str());
        if word.value == STAND_IN
            || known.parties.find(&word.value).is_some()
            || self.document.unread.parties
            || self.named_parties(&word.value).is_some()
            || !self.findings.has_room(Code::UnknownId, &word.place.file)
            || nearest(&word.value, parties()).is_some()
        {
            return None;
        }
        let message = format!("`{}` is neither a party nor a state", word.value);
        let finding = Finding::new(Code::UnknownId, word.place.clone(), message)
            .label("unknown party or state");
        let near = nearest(&word.value, State::WORDS.iter().copied());
        let finding = match (near, meant_state(&word.value)) {
            (Some(near), _) => finding.help(format!("did you mean `{near}`?")),
            (None, Some(state @ State::ByContract)) => {
                finding.help(format!("did you mean `{}`?", state.word()))
            }
            (None, Some(state)) => finding.help(format!(
                "did you mean `{{state: {}, reason: why}}`?",
                state.word()
            )),
            (None, None) => finding
                .help_from(all_parties(&parties().collect::<Vec<_>>()))
                .help(format!("states: {}", code_list(State::WORDS))),
        };
        self.findings.push(finding);
        let state = At {
            value: State::ByContract,
            place: word.place.clone(),
        };
        Some(CellRecord::of_owner(None, Some(state)))
    }

    /// Reports what a cell wants to keep of the cell of `all` although one of them does
    /// not have it.
    pub(super) fn keeps_nothing(
        &mut self,
        shared: Option<&CellRecord>,
        own: &CellRecord,
        subject: &Subject,
    ) {
        let areas = own.areas.iter().flat_map(|areas| &areas.0);
        for (area, record) in areas {
            let CellEntry::Whole(record) = record else {
                continue;
            };
            let of_all = shared.and_then(|shared| shared.areas.as_ref()?.get(&area.value));
            let of_all = of_all.and_then(|entry| match entry {
                CellEntry::Whole(record) => Some(&**record),
                CellEntry::Owners(_) => None,
            });
            self.keeps_nothing(of_all, record, subject);
        }
        for key in &own.keep {
            let word = key.value.word();
            let message = match shared {
                _ if !own.has(key.value) => format!("`keep` names `{word}`, which the cell lacks"),
                Some(shared) if shared.has(key.value) => continue,
                _ => format!("`keep` names `{word}`, but the cell of `all` has none"),
            };
            self.findings.push(
                Finding::new(Code::KeepsNothing, key.place.clone(), message)
                    .label("keeps nothing")
                    .subject(subject.clone())
                    .help(format!(
                        "remove it: `keep` merges the `{word}` of a model with that of `all`, and \
                         there is nothing to merge"
                    )),
            );
        }
    }

    /// The parties whose tasks of `all` a cell replaces without naming any of its own.
    pub(super) fn replaced_tasks(&self, all: &CellRecord, own: &CellRecord) -> Vec<PartyIx> {
        let keeps = own.keep.iter().any(|key| key.value == Keep::Tasks);
        let (Some(all), Some(own)) = (&all.tasks, &own.tasks) else {
            return Vec::new();
        };
        let lost = all.0.iter().filter(|(party, tasks)| {
            !keeps && !tasks.is_empty() && own.get(&party.value).is_none()
        });
        let parties = &self.document.known.parties;
        lost.filter_map(|(party, _)| parties.find(&party.value))
            .collect()
    }

    pub(super) fn cell(
        &mut self,
        key: Text,
        mut record: CellRecord,
        of_row: &OfRow,
        subject: Subject,
    ) -> Option<Cell> {
        let named = record.areas.take().unwrap_or_default();
        let is_divided = !named.0.is_empty();
        let areas = self.areas(named, &record, &subject)?;
        let ownership = match is_divided {
            true => Ownership::of_areas(&areas),
            false => self.ownership(&key, &record, subject)?,
        };
        let mut tasks: Vec<(PartyIx, Vec<Task>)> = Vec::new();
        for (party, list) in record.tasks.take().unwrap_or_default().0 {
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
        let roles = self.roles(&mut record);
        let mut acknowledge = acknowledgements(record.acknowledge, self.findings);
        // A finding names a row and a model, so reasons in an area are the cell's.
        let of_areas = areas.iter().flat_map(|area| &area.cell.acknowledge);
        acknowledge.extend(of_areas.cloned());
        let incomplete = record.responsible.is_some_and(|r| {
            let mut ids = r.0.iter();
            ids.any(|id| self.document.known.parties.find(&id.value).is_none())
        });
        Some(Cell {
            ownership,
            tasks,
            summary: self.not_cleared(record.summary),
            scope: self.not_cleared(record.scope),
            conditional: self.not_cleared(record.conditional),
            roles,
            cadence: record.cadence.and_then(|t| t.0).map(|t| t.value),
            notes: self.notes(record.notes.unwrap_or_default()),
            controls: self.controls(record.controls.unwrap_or_default()),
            fields: self.fields_over(&of_row.fields, record.fields),
            evidence: self.evidence_with(&of_row.evidence, record.evidence),
            review: match record.review {
                Some(own) => self.review(own),
                None => of_row.review.clone(),
            },
            acknowledge,
            incomplete: incomplete
                || is_divided && areas.is_empty()
                || areas.iter().any(|area| area.cell.incomplete),
            areas,
            replaced: Vec::new(),
            place: key.place,
        })
    }

    /// The parties of each role that a cell names, except who is responsible.
    fn roles(&mut self, record: &mut CellRecord) -> Vec<(Role, Vec<PartyIx>)> {
        let built_in = [
            (BuiltInRole::Accountable, record.accountable.take()),
            (BuiltInRole::Consulted, record.consulted.take()),
            (BuiltInRole::Informed, record.informed.take()),
            (BuiltInRole::Supports, record.supports.take()),
        ];
        let mut roles: Vec<(Role, Vec<PartyIx>)> = built_in
            .into_iter()
            .filter_map(|(role, parties)| Some((Role::BuiltIn(role), self.parties(&parties?))))
            .collect();
        roles.extend(
            record
                .roles
                .iter()
                .flat_map(|letters| self.own_roles(letters)),
        );
        // In the order of the document, as those that are responsible: which party is written
        // first says nothing.
        roles
            .iter_mut()
            .for_each(|(_, parties)| parties.sort_unstable());
        roles.retain(|(_, parties)| !parties.is_empty());
        roles
    }

    /// The cells of areas, in the order of the document. `None` if there are areas, and none
    /// of them is listed.
    fn areas(
        &mut self,
        entries: Entries<CellEntry>,
        whole: &CellRecord,
        subject: &Subject,
    ) -> Option<Vec<AreaCell>> {
        let mut areas = Vec::new();
        let mut only_unlisted = !entries.0.is_empty();
        let named = whole.responsible.as_ref().and_then(|ids| ids.0.first());
        let state = whole.state.as_ref().map(|state| &state.place);
        if let (Some((first, _)), Some(place)) =
            (entries.0.first(), named.map(|id| &id.place).or(state))
        {
            let message = "the cell has `areas`, and owners or a state for the whole cell";
            self.findings.push(
                Finding::new(Code::StateConflict, place.clone(), message)
                    .label("given here for the whole cell")
                    .related(first.place.clone(), "the first area")
                    .subject(subject.clone())
                    .help("keep `areas`, or `responsible` or `state`, not both"),
            );
        }
        for (key, entry) in entries.0 {
            let found = self.area(&key);
            let (Some(area), CellEntry::Whole(record)) = (found, entry) else {
                only_unlisted = false;
                continue;
            };
            let row = subject.row.as_deref().unwrap_or_default();
            let anchor = format!("{row}--{}", key.value);
            if let Some(cell) = self.cell(key, *record, &OfRow::default(), subject.clone()) {
                only_unlisted = false;
                areas.push(AreaCell { area, anchor, cell });
            }
        }
        areas.sort_by_key(|area| area.area);
        (!only_unlisted).then_some(areas)
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
                State::Unassigned => Some(Ownership::Unassigned {
                    declared: true,
                    reason,
                }),
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
            self.nobody_responsible(key, record.roles.is_some(), subject);
        }
        Some(Ownership::Unassigned {
            declared: false,
            reason: None,
        })
    }

    fn nobody_responsible(&mut self, key: &Text, in_letters: bool, subject: Subject) {
        let responsible = Role::BuiltIn(BuiltInRole::Responsible);
        let letter = self.document.roles.letter(responsible);
        let letter = letter.filter(|_| in_letters);
        let mut finding = Finding::new(
            Code::NobodyResponsible,
            key.place.clone(),
            "no party is responsible in this cell",
        )
        .label(match letter {
            Some(letter) => format!("no party has the letter `{letter}`"),
            None => "`responsible` is empty or missing".into(),
        })
        .subject(subject)
        .help(match letter {
            Some(letter) => format!("give a party the letter `{letter}` in `roles`"),
            None => "add `responsible:` with a party id or a list of them".into(),
        })
        .help("or `state: not-applicable` or `unassigned` with a `reason`, or `by-contract`");
        if self.document.catch_all.is_some() {
            finding = finding.severity(Severity::Note);
        }
        self.findings.push(finding);
    }

    /// The texts of a cell by party, without those that an empty one takes back.
    fn not_cleared(&mut self, entries: Option<Entries<Clearable>>) -> Vec<(PartyIx, Text)> {
        let mut texts = Vec::new();
        for (party, text) in entries.unwrap_or_default().0 {
            match text.0 {
                Some(text) => texts.push((party, text)),
                None => drop(self.party(&party)),
            }
        }
        self.by_party(Entries(texts))
    }

    pub(super) fn by_party(&mut self, entries: Entries<Text>) -> Vec<(PartyIx, Text)> {
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
            match self.party(id) {
                Some(ix) if out.contains(&ix) => self.findings.push(named_twice("party", id)),
                found => out.extend(found),
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
