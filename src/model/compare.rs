//! What changes between two deployment models: owners that move, rows in one model
//! only, and tasks that are equal or not. Verdicts are about owners; whether tasks
//! differ is a separate fact.

use std::collections::BTreeSet;

use crate::input::{Text, worded};
use crate::model::{Category, Cell, Document, ModelIx, Ownership, PartyIx, Role, Row, Task};

worded! {
    /// How one row's owner compares. The words are the values of `data-change`, and
    /// what follows `change-` in the key of a string.
    pub enum Verdict {
        /// Another set of owners.
        Moved = "moved",
        /// Listed in the first model only.
        OnlyA = "only-first",
        /// Listed in the second model only.
        OnlyB = "only-second",
        /// The same owners.
        Same = "same",
    }
}

/// One row that at least one of the two models lists.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The category of the row.
    pub category: &'a Category,
    /// The row.
    pub row: &'a Row,
    /// What changes for its owner.
    pub verdict: Verdict,
    /// The row's cell in the first model, and below, in the second.
    pub first: Option<&'a Cell>,
    /// The row's cell in the second model.
    pub second: Option<&'a Cell>,
}

/// One party's tasks in both models, each marked as equal or not.
#[derive(Clone, Debug)]
pub struct TaskChange<'a> {
    /// The party.
    pub party: PartyIx,
    /// Its tasks in the first model, each with whether the second has it too.
    pub first: Vec<(&'a Task, bool)>,
    /// Its tasks in the second model, each with whether the first has it too.
    pub second: Vec<(&'a Task, bool)>,
}

/// Compares two models row by row, in document order.
pub fn compare(
    document: &Document,
    a: ModelIx,
    b: ModelIx,
) -> impl Iterator<Item = Change<'_>> + Clone {
    document.categories.iter().flat_map(move |category| {
        category.rows.iter().filter_map(move |row| {
            let (first, second) = (row.cells[a].as_ref(), row.cells[b].as_ref());
            let verdict = match (first, second) {
                (None, None) => return None,
                (Some(_), None) => Verdict::OnlyA,
                (None, Some(_)) => Verdict::OnlyB,
                (Some(x), Some(y)) if same_owner(&x.ownership, &y.ownership) => Verdict::Same,
                _ => Verdict::Moved,
            };
            Some(Change {
                category,
                row,
                verdict,
                first,
                second,
            })
        })
    })
}

/// Compares owners. Reasons do not count: two cells that do not apply have the same
/// owner.
fn same_owner(a: &Ownership, b: &Ownership) -> bool {
    match (a, b) {
        (Ownership::NotApplicable(_), Ownership::NotApplicable(_))
        | (Ownership::ByAgreement(_), Ownership::ByAgreement(_)) => true,
        _ => a == b,
    }
}

impl<'a> Change<'a> {
    /// Whether the models say different things beside the owner: roles, conditions,
    /// scopes, how often, fields, or evidence that readers see.
    pub fn terms_differ(&self) -> bool {
        match (self.first, self.second) {
            (Some(a), Some(b)) => {
                !same_texts(&a.scope, &b.scope)
                    || !same_texts(&a.conditional, &b.conditional)
                    || !same_roles(a, b)
                    || a.cadence != b.cadence
                    || !a.same_fields(b)
                    || !a.same_evidence(b)
            }
            _ => false,
        }
    }

    /// The tasks of each party that has any.
    pub fn tasks(&self, document: &Document) -> Vec<TaskChange<'a>> {
        let tasks = |cell: Option<&'a Cell>, party| cell.map_or(&[][..], |c| c.tasks_of(party));
        (0..document.parties.len())
            .filter_map(|party| {
                let (a, b) = (tasks(self.first, party), tasks(self.second, party));
                (!a.is_empty() || !b.is_empty()).then(|| TaskChange {
                    party,
                    first: mark(a, b),
                    second: mark(b, a),
                })
            })
            .collect()
    }
}

fn same_texts(a: &[(PartyIx, Text)], b: &[(PartyIx, Text)]) -> bool {
    let texts = |list: &[(PartyIx, Text)]| -> Vec<(PartyIx, String)> {
        let mut list: Vec<_> = list
            .iter()
            .map(|(party, text)| (*party, text.value.trim().to_string()))
            .collect();
        list.sort();
        list
    };
    texts(a) == texts(b)
}

/// Whether each role has the same parties, in any order.
fn same_roles(a: &Cell, b: &Cell) -> bool {
    Role::ALL.iter().all(|role| {
        let parties = |cell: &Cell| -> BTreeSet<PartyIx> {
            let of_role = cell.roles.iter().filter(|(r, _)| r == role);
            of_role.flat_map(|(_, parties)| parties).copied().collect()
        };
        parties(a) == parties(b)
    })
}

/// The tasks of one model, each with whether the other model has it too.
fn mark<'a>(own: &'a [Task], other: &[Task]) -> Vec<(&'a Task, bool)> {
    // Each text of the other model matches only one text here.
    let mut free: Vec<&str> = other.iter().map(|t| t.text.as_str()).collect();
    own.iter()
        .map(|task| {
            let found = free.iter().position(|text| *text == task.text);
            if let Some(at) = found {
                free.swap_remove(at);
            }
            (task, found.is_some())
        })
        .collect()
}

/// Whether any task is in one of the models only.
pub fn tasks_differ(tasks: &[TaskChange<'_>]) -> bool {
    tasks
        .iter()
        .any(|t| t.first.iter().chain(&t.second).any(|(_, equal)| !equal))
}

/// The number of different tasks in the two models. A task in both counts once.
pub fn all_tasks(tasks: &[TaskChange<'_>]) -> usize {
    tasks
        .iter()
        .map(|t| t.first.len() + t.second.iter().filter(|(_, equal)| !equal).count())
        .sum()
}

/// The number of task texts that are in both models.
pub fn equal_tasks(tasks: &[TaskChange<'_>]) -> usize {
    tasks
        .iter()
        .map(|t| t.first.iter().filter(|(_, equal)| *equal).count())
        .sum()
}
