//! What contradicts itself within a cell: tasks of parties that take no part, and words of
//! the summary that deny the owner. `lint` reports it, and readers see the reasons of an
//! author who accepts it.

use crate::findings::Code;
use crate::input::{BuiltInRole, Text};
use crate::model::{Cell, Ownership, PartyIx, Role, Roles, Task};

/// How the words of a summary contradict their cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// They deny that the party is responsible.
    IsResponsible,
    /// They say that the party is responsible, and it is not.
    IsNotResponsible,
    /// They leave it to others, and the party has this many tasks.
    HasTasks(usize),
}

/// Marks and words that say that a party is responsible; those below say that it is
/// not.
const YES: &[&str] = &["✅", "✔", "✔️", "✓", "x", "•", "yes", "responsible", "r"];

const NO: &[&str] = &["❌", "✗", "✘", "-", "–", "—", "no", "none", "n/a", "na"];

impl Cell {
    /// The parties that have tasks without taking part in a way that comes with tasks,
    /// with these tasks.
    pub fn tasks_without_part(&self, roles: &Roles) -> impl Iterator<Item = (PartyIx, &[Task])> {
        let tasks = self.tasks.iter().filter(|(_, tasks)| !tasks.is_empty());
        tasks
            .filter(|(party, _)| !self.may_have_tasks(roles, *party))
            .map(|(party, tasks)| (*party, &tasks[..]))
    }

    /// Whether a party is responsible, or takes part in another way that comes with tasks:
    /// on a condition, by answering for the result, by helping, or in a role of the author's
    /// own. If the author says that no party is responsible, any party may have tasks.
    fn may_have_tasks(&self, roles: &Roles, party: PartyIx) -> bool {
        if matches!(self.ownership, Ownership::Unassigned { declared, .. } if declared) {
            return true;
        }
        let conditional = self.conditional.iter().any(|(p, _)| *p == party);
        conditional
            || self.roles_of(party).any(|role| match role {
                Role::BuiltIn(role) => matches!(
                    role,
                    BuiltInRole::Responsible | BuiltInRole::Accountable | BuiltInRole::Supports
                ),
                Role::Own(_) => roles.takes_part(role),
            })
    }

    /// The words of the summary that contradict the cell, each with its party.
    pub fn summary_denials(&self) -> impl Iterator<Item = (PartyIx, &Text, Denial)> {
        let words = self.summary.iter();
        words.filter_map(|(party, text)| Some((*party, text, self.denial(*party, &text.value)?)))
    }

    fn denial(&self, party: PartyIx, text: &str) -> Option<Denial> {
        let responsible = self.ownership.parties().contains(&party);
        let word = text.trim().to_lowercase();
        if responsible {
            let denied = NO.contains(&word.as_str());
            return denied.then_some(Denial::IsResponsible);
        }
        if YES.contains(&word.as_str()) {
            return Some(Denial::IsNotResponsible);
        }
        // Any other words in place of a mark mean that other parties do it.
        let tasks = self.tasks_of(party).len();
        (tasks > 0).then_some(Denial::HasTasks(tasks))
    }

    /// The author's reasons for contradictions that are shown to readers beside the tasks.
    /// A reason can be written for several models, so it is shown only where the cell or one
    /// of its areas has the contradiction.
    pub fn shown_reasons(&self, roles: &Roles) -> Vec<&str> {
        let arises = |code: Code| match code {
            Code::TasksWithoutResponsibility => self
                .parts()
                .any(|part| part.tasks_without_part(roles).next().is_some()),
            Code::SummaryContradicts => self
                .parts()
                .any(|part| part.summary_denials().next().is_some()),
            _ => false,
        };
        let accepted = self.acknowledge.iter().filter(|a| arises(a.code));
        let mut reasons: Vec<&str> = Vec::new();
        for reason in accepted.map(|a| a.reason.as_str()) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }
}
