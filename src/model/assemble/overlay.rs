//! Merges a model's cell with that of `all`, as records: nothing is resolved here.

use std::collections::BTreeSet;

use crate::findings::{Code, Finding, code_list};
use crate::input::{At, CellEntry, CellRecord, Clearable, Entries, Keep, State, Text};

/// Merges two cells key by key; keys of `own` take precedence over those of `shared`,
/// and an empty value of such a key means nothing. Keys of `keep` are merged by party. A
/// responsible set, a state and areas replace each other, because a cell has only one of
/// them. Areas of both are merged one by one.
pub(super) fn overlay(mut shared: CellRecord, own: CellRecord) -> CellRecord {
    let own_state = own.state.is_some();
    // Letters that make no party responsible leave a state and areas as they are.
    let only_letters =
        own.roles.is_some() && own.responsible.as_ref().is_some_and(|r| r.0.is_empty());
    let keeps = only_letters && (shared.state.is_some() || shared.areas.is_some());
    let own_decides = own_state || own.areas.is_some() || own.responsible.is_some() && !keeps;
    let areas = match (shared.areas.take(), own.areas) {
        (Some(shared), Some(own)) if !own.0.is_empty() => Some(overlay_areas(shared, own)),
        (shared, None) if !own_decides => shared,
        (_, own) => own,
    };
    let (responsible, state, reason) = if own_decides {
        (own.responsible, own.state, own.reason)
    } else {
        (
            shared.responsible.take(),
            shared.state.take(),
            own.reason.or(shared.reason.take()),
        )
    };
    // Where no party is named, the tasks that are written beside that state hold.
    let holds = |state: &At<State>| !own_state && state.value == State::Unassigned;
    if state.as_ref().is_some_and(|state| !holds(state)) {
        shared = without_duties(shared);
    }
    let keep: Vec<Keep> = own.keep.iter().map(|key| key.value).collect();
    let keeps = |key| keep.contains(&key);
    let mut acknowledge = own.acknowledge;
    acknowledge.0.extend(shared.acknowledge.0);
    CellRecord {
        responsible,
        areas,
        state,
        reason,
        tasks: by_party(keeps(Keep::Tasks), own.tasks, shared.tasks),
        summary: by_party(keeps(Keep::Summary), own.summary, shared.summary),
        scope: by_party(keeps(Keep::Scope), own.scope, shared.scope),
        conditional: by_party(
            keeps(Keep::Conditional),
            own.conditional,
            shared.conditional,
        ),
        accountable: own.accountable.or(shared.accountable),
        consulted: own.consulted.or(shared.consulted),
        informed: own.informed.or(shared.informed),
        supports: own.supports.or(shared.supports),
        roles: own.roles.or(shared.roles),
        cadence: own.cadence.or(shared.cadence),
        notes: own.notes.or(shared.notes),
        controls: own.controls.or(shared.controls),
        keep: Vec::new(),
        fields: own.fields.or(shared.fields),
        evidence: own.evidence.or(shared.evidence),
        review: own.review.or(shared.review),
        acknowledge,
    }
}

/// Merges cells by area; areas of `own` that `shared` does not have follow.
fn overlay_areas(shared: Entries<CellEntry>, own: Entries<CellEntry>) -> Entries<CellEntry> {
    let mut areas = shared.0;
    for (id, entry) in own.0 {
        let known = areas.iter_mut().find(|(known, _)| known.value == id.value);
        match (known, entry) {
            (Some((key, CellEntry::Whole(shared))), CellEntry::Whole(own)) => {
                *key = id;
                let all = std::mem::replace(&mut **shared, CellRecord::of_owner(None, None));
                **shared = overlay(all, *own);
            }
            (_, entry) => areas.push((id, entry)),
        }
    }
    Entries(areas)
}

/// A mapping by party over a shared one: in place of it, or with the parties of it that
/// have no entry of their own.
fn by_party<T>(
    keep: bool,
    own: Option<Entries<T>>,
    shared: Option<Entries<T>>,
) -> Option<Entries<T>> {
    match (own, shared) {
        (Some(mut own), Some(shared)) if keep => {
            let kept = |(party, _): &(Text, T)| own.get(&party.value).is_none();
            let kept: Vec<(Text, T)> = shared.0.into_iter().filter(kept).collect();
            own.0.extend(kept);
            Some(own)
        }
        (own, shared) => own.or(shared),
    }
}

/// A shared cell without its tasks, roles, conditions, controls, summary and evidence, which
/// mean nothing if the row does not apply.
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

/// A question about what a cell takes over from that of `all` although its owners are
/// others.
pub(super) fn inherited_from_other(
    key: &Text,
    shared: &CellRecord,
    own: &CellRecord,
) -> Option<Finding> {
    let owners = |record: &CellRecord| -> Option<BTreeSet<String>> {
        let ids = record.responsible.as_ref()?.0.iter();
        Some(ids.map(|id| id.value.clone()).collect())
    };
    if owners(shared)? == owners(own)? {
        return None;
    }
    let said = |keys: &Option<Entries<Clearable>>| {
        let mut texts = keys.iter().flat_map(|keys| &keys.0);
        texts.any(|(_, text)| text.0.is_some())
    };
    let tasks = shared
        .tasks
        .as_ref()
        .is_some_and(|tasks| !tasks.0.is_empty());
    let named = shared
        .accountable
        .as_ref()
        .is_some_and(|ids| !ids.0.is_empty());
    let notes = shared.notes.as_ref().is_some_and(|notes| !notes.is_empty());
    let keys = [
        ("tasks", "{}", own.tasks.is_none() && tasks),
        (
            "summary",
            "{}",
            own.summary.is_none() && said(&shared.summary),
        ),
        ("accountable", "[]", own.accountable.is_none() && named),
        ("notes", "[]", own.notes.is_none() && notes),
    ];
    let keys: Vec<_> = keys
        .into_iter()
        .filter(|(.., inherits)| *inherits)
        .collect();
    let (first, empty, _) = *keys.first()?;
    let list: Vec<&str> = keys.iter().map(|(key, ..)| *key).collect();
    let message = format!(
        "the owners differ from those of `all`, but the cell inherits {} from it",
        code_list(&list)
    );
    Some(
        Finding::new(Code::InheritedFromOther, key.place.clone(), message)
            .label("other owners")
            .help("write these keys here with what is true for these owners")
            .help(format!(
                "or take them back with an empty value, such as `{first}: {empty}`"
            )),
    )
}
