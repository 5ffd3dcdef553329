//! The table of who is responsible in a model, with a line for each row. Tasks are in
//! `detail`.

use std::sync::Arc;

use crate::model::{Category, Cell, ModelIx, Owner, Row};
use crate::tables::Tables;
use crate::tables::blocks::row_link;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Head, Line, Table};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// Who is responsible in a model, with a line for each row that links to its
    /// tasks.
    pub fn summary(self, model: ModelIx) -> Table<'a> {
        let parties = self.parties_in(model);
        let facts = &self.document.models[model];
        let mut columns = vec![
            self.word_column(ColumnKind::Group, "category"),
            self.word_column(ColumnKind::Row, "responsibility"),
            self.word_column(ColumnKind::Owner, "owner"),
        ];
        columns.extend(self.party_columns(&parties, Some(model)));
        let fields = self.fields_in(self.cells_in(model));
        columns.extend(self.field_columns(&fields));
        let page: Arc<str> = paths::model(&self.document.models[model].id).into();
        let lists_tasks = self.document.lists_tasks(model);
        let line = move |category: &'a Category, row: &'a Row, cell: &'a Cell| Line {
            id: Some(&row.id),
            model: None,
            owner: Some(Owner::of(self.document, Some(cell))),
            change: None,
            head: match lists_tasks || self.has_details(row, cell) {
                true => Head {
                    label: row.label_in(Some(model)).into(),
                    link: Some(row_link(&page, row)),
                    ..Head::default()
                },
                // The row has no other line, so its anchor is here.
                false => Head {
                    label: row.label_in(Some(model)).into(),
                    link: Some(row_link(&paths::category(&category.id).into(), row)),
                    anchor: Some(&row.id),
                    ..Head::default()
                },
            },
            cells: std::iter::once(self.owner_with_facts(cell))
                .chain(parties.iter().map(|p| self.part_of(cell, *p)))
                .chain(self.field_cells(Some(cell), &fields))
                .collect(),
        };
        Table {
            kind: TableKind::Summary,
            caption: match &facts.summary_caption {
                Some(caption) => caption.into(),
                None => self.fill("caption-summary", &[("model", &facts.label)]),
            },
            columns,
            grouped: true,
            id_prefix: paths::SUMMARY_ROW.into(),
            groups: self.groups(model, line, |_, _| true),
        }
    }

    fn owner_with_facts(&self, cell: &'a Cell) -> Vec<Block<'a>> {
        let mut blocks = vec![self.badge(Some(cell))];
        self.facts(cell, &mut blocks);
        blocks
    }
}
