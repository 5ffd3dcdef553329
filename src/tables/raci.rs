//! The table of the roles in a model, with a line for each row, a column for each party
//! and letters in the cells. Conditions are told in a few words; what else a cell says is
//! in other tables.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{Cell, ModelIx, Ownership, PartyIx, Role};
use crate::tables::Tables;
use crate::tables::areas::LinePart;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Head, RoleMark, Table};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// The roles of the parties in a model.
    pub fn raci(self, model: ModelIx) -> Table<'a> {
        let facts = &self.document.models[model];
        let cells = || self.cells_in(model);
        let mut parties = facts.columns.clone();
        parties.retain(|party| cells().any(|cell| has_part(cell, *party)));
        let mut columns = vec![
            self.word_column(ColumnKind::Group, "category"),
            self.word_column(ColumnKind::Row, "responsibility"),
        ];
        columns.extend(self.party_columns(&parties, Some(model)));
        let has_role = |role: &Role| {
            let in_cell = |cell: &Cell| {
                parties
                    .iter()
                    .any(|p| cell.roles_of(*p).any(|r| r == *role))
            };
            cells().any(in_cell)
        };
        let roles: Vec<Role> = self.document.roles.all().filter(has_role).collect();
        let page: Arc<str> = paths::model(&facts.id).into();
        let line = move |part: LinePart<'a>| {
            let head = Head {
                blocks: self.state_badge(part.cell),
                ..self.linked_head(&part, model, &page)
            };
            let cells = parties.iter().map(|p| self.roles_cell(part.cell, *p));
            self.part_line(&part, head, cells.collect())
        };
        let lines = move |_, row, cell| LinePart::of(row, cell).map(&line).collect();
        Table {
            kind: TableKind::Raci,
            caption: self.fill("caption-raci", &[("model", &facts.label)]),
            columns,
            grouped: true,
            has_groups: self.has_groups(),
            id_prefix: paths::RACI_ROW.into(),
            groups: self.groups(model, lines, |_, _| true),
            legend: self.legend(&roles),
        }
    }

    /// Whether a party has another role than being responsible in a model.
    pub fn has_roles(&self, model: ModelIx) -> bool {
        self.cells_in(model).any(|cell| !cell.roles.is_empty())
    }

    /// The badge of a row in which no party is responsible.
    fn state_badge(&self, cell: &'a Cell) -> Vec<Block<'a>> {
        match cell.ownership {
            Ownership::Parties(_) => Vec::new(),
            Ownership::Unassigned { .. }
            | Ownership::NotApplicable(_)
            | Ownership::ByAgreement(_) => {
                vec![self.badge(Some(cell))]
            }
        }
    }

    /// The roles of a party, and whether it has them on a condition.
    fn roles_cell(&self, cell: &'a Cell, party: PartyIx) -> Vec<Block<'a>> {
        if !has_part(cell, party) {
            return Vec::new();
        }
        let roles: Vec<RoleMark> = cell.roles_of(party).map(|r| self.role_mark(r)).collect();
        let is_conditional = cell.conditional.iter().any(|(p, _)| *p == party);
        let key = match roles.is_empty() {
            true => "part-conditional",
            false => "conditional",
        };
        vec![Block::Roles {
            roles,
            condition: is_conditional.then(|| self.strings.get(key)),
            party: &self.document.parties[party].id,
        }]
    }

    fn role_mark(&self, role: Role) -> RoleMark<'a> {
        let roles = &self.document.roles;
        RoleMark {
            id: roles.id(role),
            letter: roles.letter(role),
            label: self.role_label(role),
        }
    }

    /// What the letters of roles mean. A role without a letter is told by its name.
    fn legend(&self, roles: &[Role]) -> Cow<'a, str> {
        let marks = roles.iter().map(|role| self.role_mark(*role));
        let entries = marks.filter_map(|mark| {
            let values = [("letter", mark.letter?), ("role", mark.label)];
            Some(self.fill("letter-means", &values))
        });
        let entries: Vec<Cow<str>> = entries.collect();
        entries.join(self.strings.get("names")).into()
    }
}

/// Whether a party has a role or a condition in a cell.
fn has_part(cell: &Cell, party: PartyIx) -> bool {
    cell.roles_of(party).next().is_some() || cell.conditional.iter().any(|(p, _)| *p == party)
}
