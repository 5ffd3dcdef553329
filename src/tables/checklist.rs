//! The tables of the rows that concern a party in one model, each as a checklist of its
//! tasks. Formats add the boxes.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{Cell, Concern, ModelIx, Owner, PartyIx, Row};
use crate::tables::blocks::{category_head, row_link};
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Group, Head, Line, Table};
use crate::tables::{Tables, is_concerned};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// The rows that concern a party in one way, with its tasks in one model.
    pub fn checklist(self, party: PartyIx, model: ModelIx, way: Concern) -> Table<'a> {
        let facts = &self.document.models[model];
        let page: Arc<str> = paths::model(&self.document.models[model].id).into();
        let lists_tasks = self.document.lists_tasks(model);
        let line = move |row: &'a Row| {
            let cell = row.cells[model].as_ref()?;
            let mut ways = cell.concerns(party);
            // A row is listed for each way, but its tasks only for the strongest.
            let strongest = ways.next()? == way;
            if !strongest && !ways.any(|other| other == way) {
                return None;
            }
            // A link to the row leads to the first model that lists it.
            let first = strongest && !(0..model).any(|m| is_concerned(row, m, party));
            Some(Line {
                id: Some(&row.id),
                model: Some(&facts.id),
                owner: Some(Owner::of(self.document, Some(cell))),
                change: None,
                head: Head {
                    label: row.label_in(Some(model)).into(),
                    link: Some(row_link(&page, row)),
                    anchor: first.then_some(&row.id),
                    ..Head::default()
                },
                cells: match strongest {
                    true => self.checklist_cells((row, cell), party, lists_tasks),
                    false => vec![
                        vec![self.badge(Some(cell))],
                        vec![self.nothing("listed-above")],
                    ],
                },
            })
        };
        let categories = self.document.categories.iter();
        let groups = categories.filter_map(move |category| {
            let lines: Vec<Line> = self.rows_of(category).filter_map(&line).collect();
            (!lines.is_empty()).then(|| Group {
                head: category_head(category, Some(model)),
                lines,
            })
        });
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
            id_prefix: match way {
                Concern::Responsible => paths::prefix_of_model(&facts.id).into(),
                way => format!("{}{}--", paths::prefix_of_model(&facts.id), way.word()).into(),
            },
            groups: Box::new(groups),
        }
    }

    fn checklist_cells(
        &self,
        (row, cell): (&'a Row, &'a Cell),
        party: PartyIx,
        lists_tasks: bool,
    ) -> Vec<Vec<Block<'a>>> {
        let part = match lists_tasks {
            true => self.tasks_cell(cell, party),
            false => self.part_of(cell, party),
        };
        vec![self.owner_and_remarks(row, cell), part]
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
            ("part", self.strings.get(way.key())),
        ];
        match way {
            Concern::Responsible if lists_tasks => self.fill("caption-checklist", &names),
            _ => self.fill("caption-part", &names),
        }
    }

    /// The owner of a row with what readers have to know beside its tasks.
    fn owner_and_remarks(&self, row: &'a Row, cell: &'a Cell) -> Vec<Block<'a>> {
        let mut blocks = vec![self.badge(Some(cell))];
        self.remarks(cell, &mut blocks);
        blocks.extend(self.field_remarks(cell));
        blocks.extend(self.row_notes(row));
        blocks
    }
}

/// The ways in which rows concern a party in a model, with how many do. There is always
/// at least one.
pub fn concerns<'r>(
    rows: impl Iterator<Item = &'r Row>,
    party: PartyIx,
    model: ModelIx,
) -> Vec<(Concern, usize)> {
    let mut counts = [0; Concern::ALL.len()];
    for cell in rows.filter_map(|row| row.cells[model].as_ref()) {
        cell.concerns(party)
            .for_each(|way| counts[way as usize] += 1);
    }
    let ways = Concern::ALL.iter().copied().zip(counts);
    let mut ways: Vec<_> = ways.filter(|(_, rows)| *rows > 0).collect();
    if ways.is_empty() {
        ways.push((Concern::Responsible, 0));
    }
    ways
}
