//! The table of the tasks in a model, with a line for each row and a column for each
//! party.

use crate::model::{Cell, ModelIx, Owner, Row};
use crate::tables::Tables;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Line, Table};

impl<'a> Tables<'a> {
    /// The tasks in a model, with a line for each row and a column for each party.
    pub fn detail(self, model: ModelIx) -> Table<'a> {
        let parties = self.parties_in(model);
        let facts = &self.document.models[model];
        let mut columns = vec![
            self.word_column(ColumnKind::Group, "category"),
            self.word_column(ColumnKind::Row, "responsibility"),
        ];
        columns.extend(self.party_columns(&parties, Some(model)));
        let line = move |row: &'a Row, cell: &'a Cell| Line {
            id: Some(&row.id),
            model: None,
            owner: Some(Owner::of(self.document, Some(cell))),
            change: None,
            head: self.row_head(row, Some(model), Some(cell)),
            cells: parties.iter().map(|p| self.tasks_cell(cell, *p)).collect(),
        };
        Table {
            kind: TableKind::Detail,
            caption: match &facts.detail_caption {
                Some(caption) => caption.into(),
                None => self.fill("caption-detail", &[("model", &facts.label)]),
            },
            columns,
            grouped: true,
            id_prefix: "".into(),
            groups: self.groups(model, line),
        }
    }
}
