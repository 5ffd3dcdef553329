//! Checks that ids are valid and that each is used only once. Ids are resolved in
//! `assemble`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::findings::{Code, Finding, Findings, Place};
use crate::input::{STAND_IN, Text};
use crate::model::{fold, id_problem, slug};

/// The ids used so far: the folded form, with the id as written and its place.
#[derive(Default)]
pub(super) struct TakenIds(pub(super) HashMap<String, (String, Place)>);

impl TakenIds {
    /// Claims an id; adds a finding and returns false if it is invalid or already
    /// used.
    pub(super) fn claim(&mut self, what: &str, id: &Text, findings: &mut Findings) -> bool {
        if id.value == STAND_IN {
            return false;
        }
        if let Some(problem) = id_problem(&id.value) {
            findings.push(invalid_id(what, id, &problem));
            return false;
        }
        self.take(what, &id.value, &id.place, findings)
    }

    /// Claims a valid id; adds a finding and returns false if it is already used.
    pub(super) fn take(
        &mut self,
        what: &str,
        id: &str,
        place: &Place,
        findings: &mut Findings,
    ) -> bool {
        match self.0.entry(fold(id)) {
            Entry::Occupied(taken) => {
                let (first, at) = taken.get();
                findings.push(duplicate(what, (id, place), (first, at)));
                false
            }
            Entry::Vacant(free) => {
                free.insert((id.to_string(), place.clone()));
                true
            }
        }
    }
}

fn invalid_id(what: &str, id: &Text, problem: &str) -> Finding {
    let finding = Finding::new(
        Code::InvalidId,
        id.place.clone(),
        format!("`{}` cannot be the id of a {what}: {problem}", id.value),
    )
    .label("not an id");
    let better = slug(&id.value);
    if better.is_empty() || better == id.value || id_problem(&better).is_some() {
        return finding;
    }
    finding.help(format!("write `{better}`"))
}

fn duplicate(what: &str, again: (&str, &Place), first: (&str, &Place)) -> Finding {
    let ((id, place), (first, first_place)) = (again, first);
    let finding = if first == id {
        Finding::new(
            Code::DuplicateId,
            place.clone(),
            format!("the {what} id `{first}` is used twice"),
        )
        .label("used again here")
        .help("give one of them another id")
    } else {
        Finding::new(
            Code::CollidingNames,
            place.clone(),
            format!("the {what} ids `{first}` and `{id}` are the same file name on some systems"),
        )
        .label("collides")
        .help("use ids that differ in more than letter case and accents")
    };
    finding.related(first_place.clone(), "first used here")
}

pub(super) fn unknown(what: &str, id: &Text) -> Finding {
    Finding::new(
        Code::UnknownId,
        id.place.clone(),
        format!("there is no {what} `{}`", id.value),
    )
    .label(format!("unknown {what}"))
}
