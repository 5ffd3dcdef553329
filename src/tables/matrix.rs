//! The table of the owners in all models, with a column for each model. It has no
//! tasks.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::Row;
use crate::tables::Tables;
use crate::tables::blocks::row_link;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Head, Line, Table};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// Who is responsible in several models, with a column for each model.
    pub fn matrix(self) -> Table<'a> {
        let mut columns = vec![
            self.word_column(ColumnKind::Group, "category"),
            self.word_column(ColumnKind::Row, "responsibility"),
        ];
        columns.extend((0..self.document.models.len()).map(|m| self.model_column(m)));
        let categories = self.document.categories.iter();
        let groups = categories.flat_map(move |category| {
            let page: Arc<str> = paths::category(&category.id).into();
            let line = |row: &'a Row| Line {
                id: Some(&row.id),
                row: Some(&row.id),
                model: None,
                area: None,
                group: row.group.as_ref(),
                owner: None,
                change: None,
                head: Head {
                    label: Cow::Borrowed(&row.label),
                    link: Some(row_link(&page, row)),
                    ..Head::default()
                },
                cells: row
                    .cells
                    .iter()
                    .enumerate()
                    .map(|(model, cell)| {
                        let mut blocks = self.said_in(row, model);
                        if let Some(cell) = cell {
                            self.said_by_area(cell, &mut blocks);
                        }
                        blocks
                    })
                    .collect(),
            };
            self.in_groups(category, None, self.rows_of(category).map(line))
        });
        Table {
            kind: TableKind::Matrix,
            caption: self.strings.get("caption-matrix").into(),
            columns,
            grouped: true,
            has_groups: self.has_groups(),
            id_prefix: "".into(),
            groups: Box::new(groups),
            legend: "".into(),
        }
    }
}
