//! The tables of the rows that concern a party in one model, each as a checklist of its
//! tasks. Formats add the boxes.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{Concern, ModelIx, PartyIx, Roles, Row};
use crate::tables::areas::LinePart;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Head, Line, Table};
use crate::tables::{Tables, is_concerned};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// The rows that concern a party in one way, with its tasks in one model.
    pub fn checklist(self, party: PartyIx, model: ModelIx, way: Concern) -> Table<'a> {
        let facts = &self.document.models[model];
        let page: Arc<str> = paths::model(&self.document.models[model].id).into();
        let lists_tasks = self.document.lists_tasks(model);
        let line = move |part: LinePart<'a>| {
            let LinePart { row, cell, area } = part;
            let ways = cell.concerns(&self.document.roles, party);
            // A row is listed for each way, but its tasks only for the strongest.
            let strongest = *ways.first()? == way;
            if !ways.contains(&way) {
                return None;
            }
            // A link to the row leads to the first model that lists it.
            let is_first =
                area.is_none() && !(0..model).any(|m| is_concerned(self.document, row, m, party));
            let first = strongest && is_first;
            let head = Head {
                anchor: first.then_some(&row.id),
                label_anchor: self.row_anchor(&part, model, way).filter(|_| strongest),
                ..self.linked_head(&part, model, &page)
            };
            let cells = match strongest {
                true => self.checklist_cells(&part, party, lists_tasks),
                false => vec![
                    vec![self.badge(Some(cell))],
                    vec![self.nothing("listed-above")],
                ],
            };
            Some(Line {
                model: Some(&facts.id),
                ..self.part_line(&part, head, cells)
            })
        };
        let lines = move |_, row, cell| LinePart::of(row, cell).filter_map(&line).collect();
        Table {
            kind: TableKind::Checklist,
            caption: self.checklist_caption((party, model), way, lists_tasks),
            columns: vec![
                self.word_column(ColumnKind::Group, "category"),
                self.word_column(ColumnKind::Row, "responsibility"),
                self.word_column(ColumnKind::Owner, "owner"),
                match lists_tasks {
                    true => self.word_column(ColumnKind::Party, "tasks"),
                    false => self.word_column(ColumnKind::Party, "part"),
                },
            ],
            grouped: true,
            has_groups: self.has_groups(),
            id_prefix: self.checklist_prefix(model, way).into(),
            groups: self.groups(model, lines, |_, _| true),
            legend: "".into(),
        }
    }

    /// What anchors of rows begin with.
    fn checklist_prefix(&self, model: ModelIx, way: Concern) -> String {
        let prefix = paths::prefix_of_model(&self.document.models[model].id);
        match way {
            Concern::Responsible => prefix,
            way => format!(
                "{prefix}{}{}",
                self.document.roles.word(way),
                paths::PREFIX_END
            ),
        }
    }

    /// The anchor by which links find a row whatever its way, where that of its line has the
    /// way in it.
    fn row_anchor(&self, part: &LinePart<'a>, model: ModelIx, way: Concern) -> Option<String> {
        let roles = &self.document.roles;
        let is_of_way = |way| {
            let rest = part.anchor().strip_prefix(roles.word(way));
            rest.is_some_and(|rest| rest.starts_with(paths::PREFIX_END))
        };
        let model = &self.document.models[model].id;
        // The line of another row could have this anchor.
        let is_free = way != Concern::Responsible && !roles.concerns().any(is_of_way);
        is_free.then(|| format!("{}{}", paths::prefix_of_model(model), part.anchor()))
    }

    fn checklist_cells(
        &self,
        part: &LinePart<'a>,
        party: PartyIx,
        lists_tasks: bool,
    ) -> Vec<Vec<Block<'a>>> {
        let of_party = match lists_tasks {
            true => self.tasks_cell(part.cell, party),
            false => self.part_of(part.cell, party),
        };
        vec![self.owner_and_remarks(part, party), of_party]
    }

    fn checklist_caption(
        &self,
        (party, model): (PartyIx, ModelIx),
        way: Concern,
        lists_tasks: bool,
    ) -> Cow<'a, str> {
        let name = self.document.party_label(party, Some(model));
        let names = [
            ("party", name),
            ("model", self.document.models[model].label.as_str()),
            ("part", self.way_label(way)),
        ];
        match way {
            Concern::Responsible if lists_tasks => self.fill("caption-checklist", &names),
            _ => self.fill("caption-part", &names),
        }
    }

    /// The owner of a row with what a party has to know beside its tasks, such as on which
    /// terms others take part. Its own are told with its tasks.
    fn owner_and_remarks(&self, part: &LinePart<'a>, party: PartyIx) -> Vec<Block<'a>> {
        let mut blocks = vec![self.badge(Some(part.cell))];
        let others = (0..self.document.parties.len()).filter(|other| *other != party);
        blocks.extend(others.flat_map(|other| self.named_terms(part.cell, other)));
        self.remarks(part.cell, &mut blocks);
        blocks.extend(self.field_remarks(part.cell));
        if part.area.is_none() {
            blocks.extend(self.row_notes(part.row));
        }
        blocks
    }
}

/// The ways in which rows concern a party in a model, with how many do. There is always
/// at least one.
pub fn concerns<'r>(
    roles: &Roles,
    rows: impl Iterator<Item = &'r Row>,
    party: PartyIx,
    model: ModelIx,
) -> Vec<(Concern, usize)> {
    let mut ways: Vec<(Concern, usize)> = roles.concerns().map(|way| (way, 0)).collect();
    for cell in rows.filter_map(|row| row.cells[model].as_ref()) {
        let here = cell.concerns(roles, party);
        let counted = ways.iter_mut().filter(|(way, _)| here.contains(way));
        counted.for_each(|(_, rows)| *rows += 1);
    }
    ways.retain(|(_, rows)| *rows > 0);
    if ways.is_empty() {
        ways.push((Concern::Responsible, 0));
    }
    ways
}
