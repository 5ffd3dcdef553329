//! The table of a party's tasks in one model, as a checklist. Formats add the boxes.

use std::sync::Arc;

use crate::model::{ModelIx, Owner, PartyIx, Row};
use crate::tables::blocks::{category_head, row_link};
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Group, Head, Line, Table};
use crate::tables::{Tables, involved};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// The tasks of a party in one model.
    pub fn checklist(self, party: PartyIx, model: ModelIx) -> Table<'a> {
        let facts = &self.document.models[model];
        let page: Arc<str> = paths::model(&self.document.models[model].id).into();
        let line = move |row: &'a Row| {
            let cell = involved(row, model, party)?;
            // The page shows a row once for each model. A link to the row leads to
            // the first of them.
            let first = (0..model).all(|m| involved(row, m, party).is_none());
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
                cells: vec![vec![self.badge(Some(cell))], self.tasks_cell(cell, party)],
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
            caption: self.fill(
                "caption-checklist",
                &[("party", name), ("model", &facts.label)],
            ),
            columns: vec![
                self.word_column(ColumnKind::Group, "category"),
                self.word_column(ColumnKind::Row, "responsibility"),
                self.word_column(ColumnKind::Owner, "owner"),
                self.word_column(ColumnKind::Party, "tasks"),
            ],
            grouped: true,
            id_prefix: paths::prefix_of_model(&facts.id).into(),
            groups: Box::new(groups),
        }
    }

    /// The number of lines in [`Tables::checklist`].
    pub fn checklist_rows(&self, party: PartyIx, model: ModelIx) -> usize {
        self.rows()
            .filter(|(_, row)| involved(row, model, party).is_some())
            .count()
    }
}
