//! The tables of the rows that concern a party in one model, each as a checklist of its
//! tasks. Formats add the boxes.

use std::sync::Arc;

use crate::model::{Cell, Concern, ModelIx, Owner, PartyIx, Row};
use crate::tables::blocks::{category_head, row_link};
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Group, Head, Line, Table};
use crate::tables::{Tables, concern};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// The rows that concern a party in one way, with its tasks in one model.
    pub fn checklist(self, party: PartyIx, model: ModelIx, way: Concern) -> Table<'a> {
        let facts = &self.document.models[model];
        let page: Arc<str> = paths::model(&self.document.models[model].id).into();
        let lists_tasks = self.document.lists_tasks(model);
        let line = move |row: &'a Row| {
            let cell = row.cells[model].as_ref()?;
            if cell.concern(party) != Some(way) {
                return None;
            }
            // The page shows a row once for each model. A link to the row leads to
            // the first of them.
            let first = (0..model).all(|m| concern(row, m, party).is_none());
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
                cells: vec![
                    self.owner_and_remarks(row, cell),
                    match lists_tasks {
                        true => self.tasks_cell(cell, party),
                        false => self.part_of(cell, party),
                    },
                ],
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
        let name = self.document.party_label(party, Some(model));
        Table {
            kind: TableKind::Checklist,
            caption: match way {
                Concern::Responsible if lists_tasks => self.fill(
                    "caption-checklist",
                    &[("party", name), ("model", &facts.label)],
                ),
                way => self.fill(
                    "caption-part",
                    &[
                        ("party", name),
                        ("model", &facts.label),
                        ("part", self.strings.get(way.key())),
                    ],
                ),
            },
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
            id_prefix: paths::prefix_of_model(&facts.id).into(),
            groups: Box::new(groups),
        }
    }

    /// The owner of a row with what readers have to know beside its tasks.
    fn owner_and_remarks(&self, row: &'a Row, cell: &'a Cell) -> Vec<Block<'a>> {
        let mut blocks = vec![self.badge(Some(cell))];
        self.remarks(cell, &mut blocks);
        blocks.extend(row.notes.iter().map(|note| self.note(note)));
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
    let all: Vec<Concern> = rows.filter_map(|row| concern(row, model, party)).collect();
    let count = |way: Concern| all.iter().filter(|concern| **concern == way).count();
    let ways = Concern::ALL.iter().map(|way| (*way, count(*way)));
    let mut ways: Vec<_> = ways.filter(|(_, rows)| *rows > 0).collect();
    if ways.is_empty() {
        ways.push((Concern::Responsible, 0));
    }
    ways
}
