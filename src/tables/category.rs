//! The table of a category in all models: a group for each row, with a line for each
//! model.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Category, ModelIx, Owner, PartyIx, Row};
use crate::tables::Tables;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Group, Head, Line, SiteLink, Table};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// The rows of a category, each with a line for each model.
    pub fn category(self, category: &'a Category) -> Table<'a> {
        let used: BTreeSet<PartyIx> = self
            .rows_of(category)
            .flat_map(|r| r.cells.iter().flatten())
            .flat_map(|c| {
                let tasks = c.tasks.iter().map(|(p, _)| *p);
                let texts = c.scope.iter().chain(&c.conditional).map(|(p, _)| *p);
                let parties = c.ownership.parties().iter().copied();
                parties.chain(tasks).chain(texts)
            })
            .collect();
        let used: Vec<PartyIx> = used.into_iter().collect();
        let mut columns = vec![
            self.word_column(ColumnKind::Group, "responsibility"),
            self.word_column(ColumnKind::Row, "model"),
            self.word_column(ColumnKind::Owner, "owner"),
        ];
        columns.extend(self.party_columns(&used, None));
        let cells = self
            .rows_of(category)
            .flat_map(|r| r.cells.iter().flatten());
        let fields = self.fields_in(cells);
        columns.extend(self.field_columns(&fields));
        let pages: Vec<Arc<str>> = (0..self.document.models.len())
            .map(|m| paths::model(&self.document.models[m].id).into())
            .collect();
        let models = 0..self.document.models.len();
        let with_tasks: Vec<bool> = models.map(|m| self.document.lists_tasks(m)).collect();
        let line = move |row: &'a Row, m: ModelIx| {
            let cell = row.cells[m].as_ref();
            Line {
                id: None,
                model: Some(&self.document.models[m].id),
                owner: Some(Owner::of(self.document, cell)),
                change: None,
                head: self.model_head(row, m, &pages[m]),
                cells: self
                    .category_cells(row, (m, with_tasks[m]), &used)
                    .chain(self.field_cells(cell, &fields))
                    .collect(),
            }
        };
        let groups = self.rows_of(category).map(move |row| Group {
            head: self.row_head(row, None, None),
            lines: (0..self.document.models.len())
                .map(|m| line(row, m))
                .collect(),
        });
        Table {
            kind: TableKind::Category,
            caption: self.fill("caption-category", &[("category", &category.label)]),
            columns,
            grouped: true,
            id_prefix: "".into(),
            groups: Box::new(groups),
        }
    }

    fn category_cells(
        &self,
        row: &'a Row,
        (model, lists_tasks): (ModelIx, bool),
        parties: &[PartyIx],
    ) -> impl Iterator<Item = Vec<Block<'a>>> {
        let cell = row.cells[model].as_ref();
        let mut owner = vec![self.badge(cell)];
        match cell {
            Some(cell) => self.remarks(cell, &mut owner),
            None => owner.extend(self.unlisted_reason(row, model)),
        }
        let tasks = move |party: &PartyIx| match cell {
            Some(cell) if lists_tasks => self.tasks_cell(cell, *party),
            Some(cell) => self.part_of(cell, *party),
            None => vec![self.nothing(Owner::NotListed.key())],
        };
        std::iter::once(owner).chain(parties.iter().map(tasks))
    }

    fn model_head(&self, row: &'a Row, model: ModelIx, page: &Arc<str>) -> Head<'a> {
        let printed = row.label_in(Some(model));
        let listed = row.cells[model].is_some();
        let own_name = (listed && printed != row.label).then(|| Block::Words(printed.into()));
        Head {
            label: Cow::Borrowed(&self.document.models[model].label),
            link: Some(SiteLink {
                page: Some(page.clone()),
                fragment: if listed { &row.id } else { "" },
            }),
            blocks: own_name.into_iter().collect(),
            ..Head::default()
        }
    }
}
