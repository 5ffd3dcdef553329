//! What changes between two deployment models: owners that move, rows in one model
//! only, and tasks that are equal or not. Verdicts are about owners; whether tasks
//! differ is a separate fact.

use std::collections::{BTreeMap, BTreeSet};

use crate::input::{Text, worded};
use crate::model::{AreaIx, Category, Cell, Document, ModelIx, PartyIx, Role, Row, Task};

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
            Some(Change {
                category,
                row,
                verdict: verdict(first, second)?,
                first,
                second,
            })
        })
    })
}

/// Compares owners, area by area. Reasons do not count: two cells that do not apply have
/// the same owner.
pub fn same_owners(a: &Cell, b: &Cell) -> bool {
    let mut areas = areas_of(Some(a), Some(b));
    a.ownership.is_like(&b.ownership)
        && areas.all(|(_, a, b)| match (a, b) {
            (Some(a), Some(b)) => a.ownership.is_like(&b.ownership),
            _ => false,
        })
}

/// The areas that one of two cells is divided into, with what each of the cells says
/// about it. A cell that is not divided says the same about all.
fn areas_of<'a>(
    a: Option<&'a Cell>,
    b: Option<&'a Cell>,
) -> impl Iterator<Item = (AreaIx, Option<&'a Cell>, Option<&'a Cell>)> {
    let named = [a, b].into_iter().flatten().flat_map(|cell| &cell.areas);
    let named: BTreeSet<AreaIx> = named.map(|area| area.area).collect();
    named.into_iter().map(move |area| {
        let [a, b] = [a, b].map(|cell| cell.and_then(|cell| cell.in_area(area)));
        (area, a, b)
    })
}

fn verdict(first: Option<&Cell>, second: Option<&Cell>) -> Option<Verdict> {
    Some(match (first, second) {
        (None, None) => return None,
        (Some(_), None) => Verdict::OnlyA,
        (None, Some(_)) => Verdict::OnlyB,
        (Some(a), Some(b)) if same_owners(a, b) => Verdict::Same,
        _ => Verdict::Moved,
    })
}

impl<'a> Change<'a> {
    /// Whether the models say different things beside the owner: roles, conditions,
    /// scopes, controls, how often, fields, or evidence that readers see.
    pub fn terms_differ(&self) -> bool {
        let areas = areas_of(self.first, self.second).map(|(_, a, b)| (a, b));
        let mut pairs = areas.chain([(self.first, self.second)]);
        pairs.any(|pair| match pair {
            (Some(a), Some(b)) => !same_terms(a, b),
            _ => false,
        })
    }

    /// Whether the row keeps its owner, on other terms.
    pub fn is_on_other_terms(&self) -> bool {
        self.verdict == Verdict::Same && self.terms_differ()
    }

    /// The same for each area that one of the cells is divided into.
    pub fn areas(&self) -> Vec<(AreaIx, Change<'a>)> {
        let areas = areas_of(self.first, self.second);
        let changes = areas.filter_map(|(area, first, second)| {
            let change = Change {
                verdict: verdict(first, second)?,
                first,
                second,
                ..*self
            };
            Some((area, change))
        });
        changes.collect()
    }

    /// The tasks of each party that has any, without those of areas.
    pub fn tasks(&self, document: &Document) -> Vec<TaskChange<'a>> {
        self.compared(document, |cell, party| {
            cell.tasks_of(party).iter().collect()
        })
    }

    /// The same for the change of an area of a row. An undivided cell lists no tasks for
    /// the area alone; what it lists is compared with the whole row.
    pub fn tasks_in_area(&self, whole: &Change<'_>, document: &Document) -> Vec<TaskChange<'a>> {
        let is_divided = |cell: Option<&Cell>| cell.is_some_and(|cell| !cell.areas.is_empty());
        let mut tasks = self.tasks(document);
        for party in &mut tasks {
            if !is_divided(whole.first) {
                party.first.clear();
            }
            if !is_divided(whole.second) {
                party.second.clear();
            }
        }
        tasks.retain(|party| !party.first.is_empty() || !party.second.is_empty());
        tasks
    }

    /// The tasks of each party that has any, in the whole row and in its areas.
    pub fn all_tasks(&self, document: &Document) -> Vec<TaskChange<'a>> {
        self.compared(document, |cell, party| cell.all_tasks_of(party).collect())
    }

    fn compared(
        &self,
        document: &Document,
        tasks_of: fn(&'a Cell, PartyIx) -> Vec<&'a Task>,
    ) -> Vec<TaskChange<'a>> {
        let tasks = |cell: Option<&'a Cell>, party| {
            cell.map_or_else(Vec::new, |cell| tasks_of(cell, party))
        };
        let compared = (0..document.parties.len()).filter_map(|party| {
            let (a, b) = (tasks(self.first, party), tasks(self.second, party));
            (!a.is_empty() || !b.is_empty()).then(|| TaskChange {
                party,
                first: mark(&a, &b),
                second: mark(&b, &a),
            })
        });
        compared.collect()
    }
}

fn same_terms(a: &Cell, b: &Cell) -> bool {
    other_terms(a, b).is_empty() && same_controls(a, b) && a.same_fields(b) && a.same_evidence(b)
}

/// Which terms two cells do not have in common: the keys of a cell, or `roles`.
pub fn other_terms(a: &Cell, b: &Cell) -> Vec<&'static str> {
    let same = [
        ("scope", same_texts(&a.scope, &b.scope)),
        ("conditional", same_texts(&a.conditional, &b.conditional)),
        ("roles", same_roles(a, b)),
        ("cadence", a.cadence == b.cadence),
    ];
    let others = same.into_iter().filter(|(_, same)| !same);
    others.map(|(key, _)| key).collect()
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
    let parties = |cell: &Cell| -> BTreeMap<Role, BTreeSet<PartyIx>> {
        let roles = cell.roles.iter();
        roles
            .map(|(role, parties)| (*role, parties.iter().copied().collect()))
            .collect()
    };
    parties(a) == parties(b)
}

/// Whether both are mapped to the same controls, in any order.
fn same_controls(a: &Cell, b: &Cell) -> bool {
    let ids = |cell: &Cell| -> BTreeSet<(usize, String)> {
        let controls = cell.controls.iter();
        let ids = controls.flat_map(|c| c.ids.iter().map(|id| (c.framework, id.clone())));
        ids.collect()
    };
    ids(a) == ids(b)
}

/// The tasks of one model, each with whether the other model has it too.
fn mark<'a>(own: &[&'a Task], other: &[&Task]) -> Vec<(&'a Task, bool)> {
    // Each text of the other model matches only one text here.
    let mut free: Vec<&str> = other.iter().map(|t| t.text.as_str()).collect();
    own.iter()
        .map(|task| {
            let found = free.iter().position(|text| *text == task.text);
            if let Some(at) = found {
                free.swap_remove(at);
            }
            (*task, found.is_some())
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
