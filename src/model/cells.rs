//! The cells of rows in the deployment models: owners, tasks, remarks. How an owner is
//! shown is decided in `owner`.

use crate::findings::{Code, Place};
use crate::input::{BuiltInRole, Text};
use crate::model::{Acknowledgements, Concern, Controls, PartyIx, Role, Roles};

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
    /// Roles with their parties, except who is responsible, in the order of
    /// [`Roles::all`]. They never decide the badge.
    pub roles: Vec<(Role, Vec<PartyIx>)>,
    /// How often it is done.
    pub cadence: Option<String>,
    /// Notes for readers. Markdown.
    pub notes: Vec<Text>,
    /// Acknowledgements that apply to the cell.
    pub acknowledge: Acknowledgements,
    /// Whether an id in `responsible` could not be resolved. That has its own
    /// finding, so findings that follow from it are left out.
    pub incomplete: bool,
    /// The key of the cell in the category's file.
    pub place: Place,
}

/// The declared owner set of a cell, or its state.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Ownership {
    /// Responsible parties in document order; at least one.
    Parties(Vec<PartyIx>),
    /// No party; the document's catch-all text applies.
    Unassigned,
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
            Ownership::Unassigned | Ownership::NotApplicable(_) | Ownership::ByAgreement(_) => &[],
        }
    }
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
        let notes = |cell: &Cell| -> Vec<String> {
            cell.notes.iter().map(|note| note.value.clone()).collect()
        };
        let accepted = |cell: &Cell| -> Vec<(Code, String)> {
            let reasons = cell.acknowledge.iter();
            reasons.map(|a| (a.code, a.reason.clone())).collect()
        };
        let reason = |cell: &Cell| match &cell.ownership {
            Ownership::NotApplicable(reason) | Ownership::ByAgreement(reason) => reason.clone(),
            Ownership::Parties(_) | Ownership::Unassigned => None,
        };
        notes(self) == notes(other)
            && accepted(self) == accepted(other)
            && reason(self) == reason(other)
            && self.roles == other.roles
            && self.cadence == other.cadence
    }

    /// The roles of a party, in the order of [`Roles::all`].
    pub fn roles_of(&self, party: PartyIx) -> impl Iterator<Item = Role> {
        let is_responsible = self.ownership.parties().contains(&party);
        let responsible = is_responsible.then_some(Role::BuiltIn(BuiltInRole::Responsible));
        let others = self.roles.iter();
        let others = others.filter(move |(_, parties)| parties.contains(&party));
        responsible.into_iter().chain(others.map(|(role, _)| *role))
    }

    /// How the cell concerns a party, the strongest way first; empty if it does not.
    pub fn concerns(&self, roles: &Roles, party: PartyIx) -> Vec<Concern> {
        let has = move |way: &Concern| match way {
            Concern::Responsible => self.ownership.parties().contains(&party),
            Concern::Conditional => self.conditional.iter().any(|(p, _)| *p == party),
            Concern::Role(role) => self.roles_of(party).any(|of| of == *role),
        };
        let mut ways: Vec<Concern> = roles.concerns().filter(has).collect();
        if ways.is_empty() && !self.tasks_of(party).is_empty() {
            ways.push(Concern::Responsible);
        }
        ways
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
