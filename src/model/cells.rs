//! The cells of rows in the deployment models: owners, tasks, remarks. How an owner is
//! shown is decided in `owner`.

use crate::findings::{Code, Place};
use crate::input::{Text, worded};
use crate::model::{Acknowledgements, Controls, PartyIx};

/// Who does what in one row of one model.
#[derive(Clone, Debug, Hash)]
pub struct Cell {
    /// Who is responsible, or the state of the cell.
    pub ownership: Ownership,
    /// Tasks by party, in the order of [`Document::parties`]; parties without
    /// an entry have none.
    pub tasks: Vec<(PartyIx, Vec<Task>)>,
    /// Words printed in the summary instead of a mark. Never decides the badge.
    pub summary: Vec<(PartyIx, Text)>,
    /// Which part a party is responsible for. Markdown.
    pub scope: Vec<(PartyIx, Text)>,
    /// The condition under which a party takes part. Markdown.
    pub conditional: Vec<(PartyIx, Text)>,
    /// Roles with their parties. They never decide the badge.
    pub roles: Vec<(Role, Vec<PartyIx>)>,
    /// How often it is done.
    pub cadence: Option<String>,
    /// Notes for readers. Markdown.
    pub notes: Vec<Note>,
    /// Controls that the row is mapped to in this model, beside those of the row.
    pub controls: Vec<Controls>,
    /// Acknowledgements that apply to the cell.
    pub acknowledge: Acknowledgements,
    /// Whether an id in `responsible` could not be resolved. That has its own
    /// finding, so findings that follow from it are left out.
    pub incomplete: bool,
    /// The key of the cell in the category's file.
    pub place: Place,
}

worded! {
    /// How a party takes part without being responsible. The words are keys of a
    /// cell.
    pub enum Role {
        /// Answers for the result.
        Accountable = "accountable",
        /// Is asked before it is done.
        Consulted = "consulted",
        /// Is told about it.
        Informed = "informed",
        /// Helps to do it.
        Supports = "supports",
    }
}

impl Role {
    /// The key of the words that lead to its parties in a strings file.
    pub fn key(self) -> &'static str {
        match self {
            Role::Accountable => "role-accountable",
            Role::Consulted => "role-consulted",
            Role::Informed => "role-informed",
            Role::Supports => "role-supports",
        }
    }
}

worded! {
    /// How a row concerns a party, the strongest first. The words are parts of anchors
    /// and of names.
    pub enum Concern {
        /// It is responsible, or has tasks that nothing else explains.
        Responsible = "responsible",
        /// It takes part on a condition.
        Conditional = "conditional",
        /// It answers for the result.
        Accountable = "accountable",
        /// It helps.
        Supports = "supports",
        /// It is asked.
        Consulted = "consulted",
        /// It is told.
        Informed = "informed",
    }
}

impl Concern {
    /// The key of its heading in a strings file.
    pub fn key(self) -> &'static str {
        match self {
            Concern::Responsible => "part-responsible",
            Concern::Conditional => "part-conditional",
            Concern::Accountable => "part-accountable",
            Concern::Supports => "part-supports",
            Concern::Consulted => "part-consulted",
            Concern::Informed => "part-informed",
        }
    }
}

/// The declared owner set of a cell, or its state.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Ownership {
    /// Responsible parties in document order; at least one.
    Parties(Vec<PartyIx>),
    /// No party; if the document has a catch-all text, it applies.
    Unassigned {
        /// Whether the author says that no party is named. Otherwise, none is by mistake.
        declared: bool,
        /// Why.
        reason: Option<String>,
    },
    /// The row has no meaning in this model, and why.
    NotApplicable(Option<String>),
    /// Each contract settles it, and why.
    ByAgreement(Option<String>),
}

impl Ownership {
    /// The responsible parties; empty for a state.
    pub fn parties(&self) -> &[PartyIx] {
        match self {
            Ownership::Parties(parties) => parties,
            Ownership::Unassigned { .. }
            | Ownership::NotApplicable(_)
            | Ownership::ByAgreement(_) => &[],
        }
    }

    /// Why the state applies.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Ownership::Parties(_) => None,
            Ownership::Unassigned { reason, .. }
            | Ownership::NotApplicable(reason)
            | Ownership::ByAgreement(reason) => reason.as_deref(),
        }
    }
}

/// A note for readers.
#[derive(Clone, Debug, Hash)]
pub enum Note {
    /// One of a row or cell alone. Markdown.
    Own(Text),
    /// One of [`Document::notes`], by its index.
    Shared(usize),
}

impl Note {
    /// Its text or index, without the place where it is written.
    pub fn words(&self) -> (&str, Option<usize>) {
        match self {
            Note::Own(text) => (&text.value, None),
            Note::Shared(at) => ("", Some(*at)),
        }
    }
}

/// A note that is written once, and that rows and cells refer to.
#[derive(Clone, Debug, Hash)]
pub struct SharedNote {
    /// Permanent id, used in `notes`.
    pub id: String,
    /// What it says. Markdown.
    pub text: Text,
    /// What stands where it is referred to: a reference to a footnote with its text, so
    /// that a table tells it once. Markdown.
    pub mark: Text,
    /// Where the note is declared.
    pub place: Place,
}

/// One thing that a party does.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Task {
    /// Inline Markdown, trimmed. Two tasks are the same if their texts are equal.
    pub text: String,
    /// Controls that the task is mapped to, by framework.
    pub controls: Vec<Controls>,
    /// Where the text is written.
    pub place: Place,
}

impl Cell {
    /// A party's tasks; empty if it has none.
    pub fn tasks_of(&self, party: PartyIx) -> &[Task] {
        self.tasks
            .iter()
            .find(|(p, _)| *p == party)
            .map_or(&[], |(_, tasks)| tasks)
    }

    /// Whether another cell says the same beside its owner and its parties' tasks,
    /// scopes and conditions.
    pub fn same_remarks(&self, other: &Cell) -> bool {
        let accepted = |cell: &Cell| -> Vec<(Code, String)> {
            let reasons = cell.acknowledge.iter();
            reasons.map(|a| (a.code, a.reason.clone())).collect()
        };
        let notes = other.notes.iter().map(Note::words);
        self.notes.iter().map(Note::words).eq(notes)
            && accepted(self) == accepted(other)
            && self.ownership.reason() == other.ownership.reason()
            && self.roles == other.roles
            && self.cadence == other.cadence
            && self.controls == other.controls
    }

    /// How the cell concerns a party, the strongest way first; empty if it does not.
    pub fn concerns(&self, party: PartyIx) -> impl Iterator<Item = Concern> {
        let ways = Concern::ALL.iter().copied();
        ways.filter(move |way| self.concerns_by(party, *way))
    }

    fn concerns_by(&self, party: PartyIx, way: Concern) -> bool {
        let has_role = |role| {
            let mut roles = self.roles.iter();
            roles.any(|(r, parties)| *r == role && parties.contains(&party))
        };
        match way {
            Concern::Responsible => {
                let others = &Concern::ALL[1..];
                self.ownership.parties().contains(&party)
                    || !self.tasks_of(party).is_empty()
                        && !others.iter().any(|way| self.concerns_by(party, *way))
            }
            Concern::Conditional => self.conditional.iter().any(|(p, _)| *p == party),
            Concern::Accountable => has_role(Role::Accountable),
            Concern::Supports => has_role(Role::Supports),
            Concern::Consulted => has_role(Role::Consulted),
            Concern::Informed => has_role(Role::Informed),
        }
    }

    /// The author's reasons for contradictions that are shown to readers beside the
    /// tasks.
    pub fn shown_reasons(&self) -> Vec<&str> {
        let shown = [Code::TasksWithoutResponsibility, Code::SummaryContradicts];
        let accepted = self.acknowledge.iter().filter(|a| shown.contains(&a.code));
        let mut reasons: Vec<&str> = Vec::new();
        for reason in accepted.map(|a| a.reason.as_str()) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    /// Whether a party has a scope or a condition.
    pub fn has_terms_of(&self, party: PartyIx) -> bool {
        let mut texts = self.scope.iter().chain(&self.conditional);
        texts.any(|(p, _)| *p == party)
    }

    /// Whether any party has a task.
    pub fn has_tasks(&self) -> bool {
        self.tasks.iter().any(|(_, tasks)| !tasks.is_empty())
    }
}
