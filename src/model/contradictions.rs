//! What contradicts itself within a cell: tasks of parties that take no part, and words of
//! the summary that deny the owner. `lint` reports it, and readers see the reasons of an
//! author who accepts it.

use crate::findings::Code;
use crate::input::{BuiltInRole, Text};
use crate::model::{Cell, Document, Ownership, PartyIx, Role, Roles, Task};

/// How the words of a summary contradict their cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// They deny that the party is responsible.
    IsResponsible,
    /// They say that the party is responsible, and it is not.
    IsNotResponsible,
    /// They leave it to others, and the party has this many tasks.
    HasTasks(usize),
    /// They name another party, which is not responsible.
    NamesAnother(PartyIx),
    /// They say that several share it, and only this party is responsible, or none.
    IsNotShared(Option<PartyIx>),
}

/// Marks and words that say that a party is responsible; those below say that it is
/// not, and that several are.
const YES: &[&str] = &[
    "✅",
    "✔",
    "✔️",
    "✓",
    "☑",
    "x",
    "•",
    "●",
    "yes",
    "y",
    "true",
    "responsible",
    "r",
];

const NO: &[&str] = &[
    "❌",
    "✗",
    "✘",
    "✖",
    "⛔",
    "🚫",
    "-",
    "–",
    "—",
    "no",
    "false",
    "none",
    "nothing",
    "n/a",
    "n.a",
    "na",
    "not applicable",
    "not responsible",
    "no responsibility",
];

const SEVERAL: &[&str] = &["shared", "both", "joint", "jointly"];

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
    pub fn summary_denials<'c>(
        &'c self,
        document: &'c Document,
    ) -> impl Iterator<Item = (PartyIx, &'c Text, Denial)> {
        let words = self.summary.iter();
        words.filter_map(|(party, text)| {
            let denial = self.denial(document, *party, &text.value)?;
            Some((*party, text, denial))
        })
    }

    fn denial(&self, document: &Document, party: PartyIx, text: &str) -> Option<Denial> {
        let responsible = self.ownership.parties();
        let marks = |c: char| c.is_whitespace() || "*_.!`".contains(c);
        let word = text.trim_matches(marks).to_lowercase();
        let says = |words: &[&str]| words.contains(&word.as_str());
        if says(SEVERAL) && responsible.len() < 2 {
            return Some(Denial::IsNotShared(responsible.first().copied()));
        }
        if responsible.contains(&party) {
            // A word that is also the letter of a role says nothing about a party.
            let letter = word.to_uppercase();
            let mut letters = document.roles.letters();
            let is_letter = letters.any(|(known, _)| known.to_uppercase() == letter);
            let named = document.known.party_called(&word).filter(|_| !is_letter);
            let other = named.filter(|other| !responsible.contains(other));
            return match other {
                _ if says(NO) => Some(Denial::IsResponsible),
                other => other.map(Denial::NamesAnother),
            };
        }
        if says(YES) {
            return Some(Denial::IsNotResponsible);
        }
        // Any other words in place of a mark mean that other parties do it.
        let tasks = self.tasks_of(party).len();
        (tasks > 0).then_some(Denial::HasTasks(tasks))
    }

    /// The author's reasons for contradictions that are shown to readers beside the tasks.
    /// A reason can be written for several models, so it is shown only where the cell or one
    /// of its areas has the contradiction.
    pub fn shown_reasons(&self, document: &Document) -> Vec<&str> {
        let arises = |code: Code| match code {
            Code::TasksWithoutResponsibility => self
                .parts()
                .any(|part| part.tasks_without_part(&document.roles).next().is_some()),
            Code::SummaryContradicts => self
                .parts()
                .any(|part| part.summary_denials(document).next().is_some()),
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
