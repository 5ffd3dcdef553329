//! The author's own fields in tables: a column for each where there is room, or else a
//! remark beside the owner.

use crate::model::{Cell, FieldIx};
use crate::tables::Tables;
use crate::tables::kinds::ColumnKind;
use crate::tables::table::{Block, Column};

impl<'a> Tables<'a> {
    /// The fields that any of these cells has a value of.
    pub(super) fn fields_in<'c>(&self, cells: impl Iterator<Item = &'c Cell>) -> Vec<FieldIx> {
        let mut used = vec![false; self.document.fields.len()];
        for value in cells.flat_map(|cell| &cell.fields) {
            used[value.field] = true;
        }
        (0..used.len()).filter(|field| used[*field]).collect()
    }

    pub(super) fn field_columns(&self, fields: &[FieldIx]) -> impl Iterator<Item = Column<'a>> {
        fields.iter().map(|field| {
            let field = &self.document.fields[*field];
            Column {
                id: &field.column,
                label: &field.label,
                kind: ColumnKind::Field,
            }
        })
    }

    /// The contents of the columns of fields.
    pub(super) fn field_cells(
        &self,
        cell: Option<&'a Cell>,
        fields: &[FieldIx],
    ) -> impl Iterator<Item = Vec<Block<'a>>> {
        let values = cell.map_or(&[][..], |cell| &cell.fields);
        fields.iter().map(move |field| {
            let value = values.iter().find(|value| value.field == *field);
            let block = value.map(|value| Block::Field {
                field: &self.document.fields[*field],
                label: None,
                value,
            });
            block.into_iter().collect()
        })
    }

    /// The values of a cell where fields have no columns.
    pub(super) fn field_remarks(&self, cell: &'a Cell) -> impl Iterator<Item = Block<'a>> {
        cell.fields.iter().map(|value| {
            let field = &self.document.fields[value.field];
            Block::Field {
                field,
                label: Some(self.fill("field-label", &[("field", &field.label)])),
                value,
            }
        })
    }
}
