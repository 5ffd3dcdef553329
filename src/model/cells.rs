//! The cells of rows in the deployment models: owners, tasks, remarks. How an owner is
//! shown is decided in `owner`.

use crate::findings::{Code, Place};
use crate::input::{Text, worded};
use crate::model::{Acknowledgements, Controls, Evidence, FieldIx, FieldValue, PartyIx, Review};

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
    pub notes: Vec<Text>,
    /// Values of fields in the order of [`Document::fields`], with those of the row.
    pub fields: Vec<FieldValue>,
    /// Evidence by party, with that of the row. Readers see only what is public.
    pub evidence: Vec<(PartyIx, Vec<Evidence>)>,
    /// Who has reviewed the cell, or else the row.
    pub review: Option<Review>,
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
            && self.same_fields(other)
            && self.same_evidence(other)
            && match (self.public_review(), other.public_review()) {
                (Some(own), Some(other)) => own.same(other),
                (own, other) => own.is_none() && other.is_none(),
            }
    }

    /// Whether another cell has the same values of fields.
    pub fn same_fields(&self, other: &Cell) -> bool {
        let values = |cell: &Cell| -> Vec<(FieldIx, String)> {
            let values = cell.fields.iter();
            values.map(|v| (v.field, v.text.value.clone())).collect()
        };
        values(self) == values(other)
    }

    /// Whether readers see the same evidence of another cell.
    pub fn same_evidence(&self, other: &Cell) -> bool {
        let texts = |cell: &Cell| -> Vec<(PartyIx, String)> {
            let all = cell.public_evidence();
            all.map(|(party, text)| (party, text.value.clone()))
                .collect()
        };
        texts(self) == texts(other)
    }

    /// The evidence that readers see, in Markdown, each with its party.
    pub fn public_evidence(&self) -> impl Iterator<Item = (PartyIx, &Text)> {
        self.evidence.iter().flat_map(|(party, list)| {
            let published = list.iter().flat_map(|one| &one.published);
            published.map(|text| (*party, text))
        })
    }

    /// The review, if readers see it.
    pub fn public_review(&self) -> Option<&Review> {
        self.review.as_ref().filter(|review| review.published)
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
