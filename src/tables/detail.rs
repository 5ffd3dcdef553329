//! The table of the tasks in a model, with a line for each row and a column for each
//! party.

use crate::model::{Cell, ModelIx, PartyIx, Row};
use crate::tables::Tables;
use crate::tables::areas::LinePart;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::Table;

impl<'a> Tables<'a> {
    /// The tasks in a model, with a line for each row and a column for each party. In a
    /// model without tasks, what is said beside the owners, if there is anything.
    pub fn detail(self, model: ModelIx) -> Table<'a> {
        let lists_tasks = self.document.lists_tasks(model);
        let mut parties = self.parties_in(model);
        if !lists_tasks {
            let has_terms =
                |party: &PartyIx| self.cells_in(model).any(|cell| cell.has_terms_of(*party));
            parties.retain(has_terms);
        }
        let facts = &self.document.models[model];
        let mut columns = vec![
            self.word_column(ColumnKind::Group, "category"),
            self.word_column(ColumnKind::Row, "responsibility"),
        ];
        columns.extend(self.party_columns(&parties, Some(model)));
        let fields = self.fields_in(self.cells_in(model));
        columns.extend(self.field_columns(&fields));
        let line = move |part: LinePart<'a>| {
            let head = match part.area {
                None => self.row_head(part.row, Some(model), Some(part.cell)),
                Some(_) => self.area_head(&part, model),
            };
            let cells = parties.iter().map(|p| match lists_tasks {
                true => self.tasks_cell(part.cell, *p),
                false => self.terms_of(part.cell, *p).collect(),
            });
            let cells = cells.chain(self.field_cells(Some(part.cell), &fields));
            self.part_line(&part, head, cells.collect())
        };
        let lines =
            move |_, row: &'a Row, cell: &'a Cell| LinePart::of(row, cell).map(&line).collect();
        Table {
            kind: TableKind::Detail,
            caption: match &facts.detail_caption {
                Some(caption) => caption.into(),
                None if lists_tasks => self.fill("caption-detail", &[("model", &facts.label)]),
                None => self.fill("caption-terms", &[("model", &facts.label)]),
            },
            columns,
            grouped: true,
            has_groups: self.has_groups(),
            id_prefix: "".into(),
            groups: self.groups(model, lines, move |row, cell| {
                lists_tasks || self.has_details(row, cell)
            }),
            legend: "".into(),
        }
    }

    /// Whether there is more to say about a row in a model than its owner.
    pub(super) fn has_details(&self, row: &Row, cell: &Cell) -> bool {
        let lists = !cell.notes.is_empty() || !cell.roles.is_empty() || !cell.controls.is_empty();
        let said = lists || cell.cadence.is_some();
        let reason = cell.ownership.reason().is_some();
        let of_row = row.description.is_some() || !row.notes.is_empty() || !row.controls.is_empty();
        let terms = !cell.scope.is_empty() || !cell.conditional.is_empty();
        let shown = cell.public_evidence().next().is_some() || cell.public_review().is_some();
        let own = shown || !cell.fields.is_empty() || !cell.areas.is_empty();
        cell.has_tasks() || said || reason || of_row || terms || own
    }

    /// Whether the table of details has any line.
    pub fn has_detail(&self, model: ModelIx) -> bool {
        let mut rows = self.rows();
        self.document.lists_tasks(model)
            || rows.any(|(_, row)| {
                let cell = row.cells[model].as_ref();
                cell.is_some_and(|cell| self.has_details(row, cell))
            })
    }
}
