//! The table of who is responsible in a model, with a line for each row. Tasks are in
//! `detail`.

use std::sync::Arc;

use crate::model::{Category, Cell, ModelIx, Row};
use crate::tables::Tables;
use crate::tables::areas::LinePart;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Head, Table};
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
        let line = move |category: &'a Category, part: LinePart<'a>| {
            let has_tasks = lists_tasks || part.area.is_some();
            let head = match has_tasks || self.has_details(part.row, part.cell) {
                true => self.linked_head(&part, model, &page),
                // The row has no other line, so its anchor is here.
                false => Head {
                    anchor: Some(&part.row.id),
                    ..self.linked_head(&part, model, &paths::category(&category.id).into())
                },
            };
            let cells = std::iter::once(self.owner_with_facts(part.cell))
                .chain(parties.iter().map(|p| self.part_of(part.cell, *p)))
                .chain(self.field_cells(Some(part.cell), &fields));
            self.part_line(&part, head, cells.collect())
        };
        let lines = move |category: &'a Category, row: &'a Row, cell: &'a Cell| {
            let parts = LinePart::of(row, cell);
            parts.map(|part| line(category, part)).collect()
        };
        Table {
            kind: TableKind::Summary,
            caption: match &facts.summary_caption {
                Some(caption) => caption.into(),
                None => self.fill("caption-summary", &[("model", &facts.label)]),
            },
            columns,
            grouped: true,
            has_groups: self.has_groups(),
            id_prefix: paths::SUMMARY_ROW.into(),
            groups: self.groups(model, lines, |_, _| true),
            legend: "".into(),
        }
    }

    fn owner_with_facts(&self, cell: &'a Cell) -> Vec<Block<'a>> {
        let mut blocks = vec![self.badge(Some(cell))];
        self.facts(cell, &mut blocks);
        blocks
    }
}
