//! What changes between two deployment models: owner moves, rows in one model
//! only, and tasks that are equal or not. Verdicts are about owners; that
//! tasks differ is a fact beside them.

use crate::model::{Cell, Document, ModelIx, Ownership, PartyIx, Task};

/// How one row's owner compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Another set of owners.
    Moved,
    /// Listed in the first model only.
    OnlyA,
    /// Listed in the second model only.
    OnlyB,
    /// The same owners.
    Same,
}

impl Verdict {
    /// The value of `data-change`, and the key of the word after `change-`.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Moved => "moved",
            Verdict::OnlyA => "only-first",
            Verdict::OnlyB => "only-second",
            Verdict::Same => "same",
        }
    }
}

/// One row that at least one of the two models lists.
#[derive(Clone, Debug)]
pub struct Change {
    /// Index of the category, and of the row in it.
    pub category: usize,
    pub row: usize,
    pub verdict: Verdict,
    /// Tasks party by party, parties without any left out.
    pub tasks: Vec<TaskChange>,
}

/// One party's tasks in both models, each marked as equal or not.
#[derive(Clone, Debug)]
pub struct TaskChange {
    pub party: PartyIx,
    pub first: Vec<(Task, bool)>,
    pub second: Vec<(Task, bool)>,
}

impl Change {
    /// Whether any task stands in one of the models only.
    pub fn tasks_differ(&self) -> bool {
        self.tasks
            .iter()
            .any(|t| t.first.iter().chain(&t.second).any(|(_, equal)| !equal))
    }

    /// How many task texts stand in both models.
    pub fn equal_tasks(&self) -> usize {
        self.tasks
            .iter()
            .map(|t| t.first.iter().filter(|(_, equal)| *equal).count())
            .sum()
    }
}

/// Compares two models row by row, in document order.
pub fn compare(document: &Document, a: ModelIx, b: ModelIx) -> Vec<Change> {
    let mut changes = Vec::new();
    for (category_ix, category) in document.categories.iter().enumerate() {
        for (row_ix, row) in category.rows.iter().enumerate() {
            let (first, second) = (row.cells[a].as_ref(), row.cells[b].as_ref());
            let verdict = match (first, second) {
                (None, None) => continue,
                (Some(_), None) => Verdict::OnlyA,
                (None, Some(_)) => Verdict::OnlyB,
                (Some(x), Some(y)) if same_owner(&x.ownership, &y.ownership) => Verdict::Same,
                _ => Verdict::Moved,
            };
            changes.push(Change {
                category: category_ix,
                row: row_ix,
                verdict,
                tasks: task_changes(document, first, second),
            });
        }
    }
    changes
}

/// Reasons do not count: two cells that do not apply have the same owner.
fn same_owner(a: &Ownership, b: &Ownership) -> bool {
    match (a, b) {
        (Ownership::NotApplicable(_), Ownership::NotApplicable(_))
        | (Ownership::ByAgreement(_), Ownership::ByAgreement(_)) => true,
        _ => a == b,
    }
}

fn task_changes(
    document: &Document,
    first: Option<&Cell>,
    second: Option<&Cell>,
) -> Vec<TaskChange> {
    let tasks = |cell: Option<&Cell>, party| -> Vec<Task> {
        cell.map_or(Vec::new(), |c| c.tasks_of(party).to_vec())
    };
    (0..document.parties.len())
        .filter_map(|party| {
            let (a, b) = (tasks(first, party), tasks(second, party));
            if a.is_empty() && b.is_empty() {
                return None;
            }
            let mark = |own: &[Task], other: &[Task]| -> Vec<(Task, bool)> {
                // Each text of the other side answers for one text here.
                let mut free: Vec<&str> = other.iter().map(|t| t.text.as_str()).collect();
                own.iter()
                    .map(|task| {
                        let found = free.iter().position(|text| *text == task.text);
                        if let Some(at) = found {
                            free.swap_remove(at);
                        }
                        (task.clone(), found.is_some())
                    })
                    .collect()
            };
            Some(TaskChange {
                party,
                first: mark(&a, &b),
                second: mark(&b, &a),
            })
        })
        .collect()
}
