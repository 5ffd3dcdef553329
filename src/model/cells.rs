//! The cells of rows in the deployment models: owners, tasks, remarks. How an owner is
//! shown is decided in `owner`.

use std::collections::BTreeSet;

use crate::findings::Place;
use crate::input::{BuiltInRole, Text};
use crate::model::{
    Acknowledgements, AreaIx, Concern, Controls, Document, Evidence, FieldIx, FieldValue, PartyIx,
    Review, Role, Roles,
};

/// Who does what in one row of one model.
#[derive(Clone, Debug, Hash)]
pub struct Cell {
    /// Who is responsible, or the state of the cell. If it is divided into areas, all who
    /// are responsible in one of them.
    pub ownership: Ownership,
    /// The areas that the cell is divided into, each with a cell that has none. What
    /// the whole cell says beside them holds in all of them.
    pub areas: Vec<AreaCell>,
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
    pub notes: Vec<Note>,
    /// Controls that the row is mapped to in this model, beside those of the row.
    pub controls: Vec<Controls>,
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
    /// The parties that have tasks in the cell of `all` which its own tasks replace.
    pub replaced: Vec<PartyIx>,
    /// The key of the cell in the category's file.
    pub place: Place,
}

/// What a divided cell says about one of its areas.
#[derive(Clone, Debug, Hash)]
pub struct AreaCell {
    /// The area.
    pub area: AreaIx,
    /// Permanent anchor on every page: `ROW--AREA`.
    pub anchor: String,
    /// Who does what in it. It is not divided further.
    pub cell: Cell,
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
    /// All that are responsible in one of several areas. Without any party, the state
    /// that leaves most open.
    pub fn of_areas(areas: &[AreaCell]) -> Ownership {
        let owners = || areas.iter().map(|area| &area.cell.ownership);
        let parties: BTreeSet<PartyIx> = owners().flat_map(Ownership::parties).copied().collect();
        if !parties.is_empty() {
            return Ownership::Parties(parties.into_iter().collect());
        }
        let openness = |owner: &&Ownership| match owner {
            Ownership::Parties(_) => 0,
            Ownership::NotApplicable(_) => 1,
            Ownership::ByAgreement(_) => 2,
            Ownership::Unassigned { .. } => 3,
        };
        let state = owners().max_by_key(openness);
        // Each area tells its own reason.
        match state {
            Some(Ownership::NotApplicable(_)) => Ownership::NotApplicable(None),
            Some(Ownership::ByAgreement(_)) => Ownership::ByAgreement(None),
            Some(Ownership::Unassigned { declared, .. }) => Ownership::Unassigned {
                declared: *declared,
                reason: None,
            },
            Some(Ownership::Parties(_)) | None => Ownership::Unassigned {
                declared: false,
                reason: None,
            },
        }
    }

    /// Whether both are the same owners or the same state, whatever its reason.
    pub fn is_like(&self, other: &Ownership) -> bool {
        match (self, other) {
            (Ownership::NotApplicable(_), Ownership::NotApplicable(_))
            | (Ownership::ByAgreement(_), Ownership::ByAgreement(_))
            | (Ownership::Unassigned { .. }, Ownership::Unassigned { .. }) => true,
            _ => self == other,
        }
    }

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
    /// The cell itself, and those of its areas.
    pub fn parts(&self) -> impl Iterator<Item = &Cell> {
        std::iter::once(self).chain(self.areas.iter().map(|area| &area.cell))
    }

    /// The cell of an area; the whole cell if it is not divided.
    pub fn in_area(&self, area: AreaIx) -> Option<&Cell> {
        if self.areas.is_empty() {
            return Some(self);
        }
        let mut areas = self.areas.iter();
        areas.find(|one| one.area == area).map(|one| &one.cell)
    }

    /// Whether its areas do not all have the same owner.
    pub fn is_by_area(&self) -> bool {
        let mut owners = self.areas.iter().map(|area| &area.cell.ownership);
        let Some(first) = owners.next() else {
            return false;
        };
        owners.any(|owner| !owner.is_like(first))
    }

    /// A party's tasks; empty if it has none.
    pub fn tasks_of(&self, party: PartyIx) -> &[Task] {
        self.tasks
            .iter()
            .find(|(p, _)| *p == party)
            .map_or(&[], |(_, tasks)| tasks)
    }

    /// A party's tasks, and those in each of the areas.
    pub fn all_tasks_of(&self, party: PartyIx) -> impl Iterator<Item = &Task> {
        self.parts().flat_map(move |part| part.tasks_of(party))
    }

    /// Whether another cell says the same beside its owner and its parties' tasks,
    /// scopes and conditions.
    pub fn same_remarks(&self, other: &Cell, document: &Document) -> bool {
        let notes = other.notes.iter().map(Note::words);
        self.notes.iter().map(Note::words).eq(notes)
            && self.shown_reasons(document) == other.shown_reasons(document)
            && self.ownership.reason() == other.ownership.reason()
            && self.roles == other.roles
            && self.cadence == other.cadence
            && self.controls == other.controls
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

    /// The roles of a party, in the order of [`Roles::all`].
    pub fn roles_of(&self, party: PartyIx) -> impl Iterator<Item = Role> {
        let is_responsible = self.ownership.parties().contains(&party);
        let responsible = is_responsible.then_some(Role::BuiltIn(BuiltInRole::Responsible));
        let others = self.roles.iter();
        let others = others.filter(move |(_, parties)| parties.contains(&party));
        responsible.into_iter().chain(others.map(|(role, _)| *role))
    }

    /// How the cell or one of its areas concerns a party, the strongest way first; empty if
    /// none does.
    pub fn concerns(&self, roles: &Roles, party: PartyIx) -> Vec<Concern> {
        if self.areas.is_empty() {
            return self.itself_concerns(roles, party);
        }
        let parts = self.parts();
        let found: Vec<Concern> = parts
            .flat_map(|part| part.itself_concerns(roles, party))
            .collect();
        roles.concerns().filter(|way| found.contains(way)).collect()
    }

    /// Whether the cell or one of its areas concerns a party in any way.
    pub fn is_concerned(&self, roles: &Roles, party: PartyIx) -> bool {
        self.parts().any(|part| {
            let mut ways = roles.concerns();
            !part.tasks_of(party).is_empty() || ways.any(|way| part.names(party, way))
        })
    }

    fn itself_concerns(&self, roles: &Roles, party: PartyIx) -> Vec<Concern> {
        let ways = roles.concerns().filter(|way| self.names(party, *way));
        let mut ways: Vec<Concern> = ways.collect();
        if ways.is_empty() && !self.tasks_of(party).is_empty() {
            ways.push(Concern::Responsible);
        }
        ways
    }

    /// Whether a party is named in a way, not looking at tasks and areas.
    fn names(&self, party: PartyIx, way: Concern) -> bool {
        match way {
            Concern::Responsible => self.ownership.parties().contains(&party),
            Concern::Conditional => self.conditional.iter().any(|(p, _)| *p == party),
            Concern::Role(role) => {
                let mut roles = self.roles.iter();
                roles.any(|(of, parties)| *of == role && parties.contains(&party))
            }
        }
    }

    /// Whether a party has a scope or a condition.
    pub fn has_terms_of(&self, party: PartyIx) -> bool {
        let mut texts = self.scope.iter().chain(&self.conditional);
        texts.any(|(p, _)| *p == party)
    }

    /// Whether any party has a task, also in an area.
    pub fn has_tasks(&self) -> bool {
        let mut tasks = self.parts().flat_map(|part| &part.tasks);
        tasks.any(|(_, tasks)| !tasks.is_empty())
    }
}
