//! The table of how many rows each kind of owner has, with a line for each model. The
//! bars on pages are made elsewhere.

use std::borrow::Cow;

use crate::model::{ModelIx, Owner, count_owners};
use crate::tables::Tables;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Column, Group, Head, Line, SiteLink, Table};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// How many rows each kind of owner has, with a line for each model and a column
    /// for each kind.
    pub fn totals(self, models: Vec<ModelIx>) -> Table<'a> {
        let counts: Vec<Vec<(Owner, usize)>> = models
            .iter()
            .map(|m| {
                let cells = self.rows().map(|(_, row)| row.cells[*m].as_ref());
                let owners: Vec<Owner> = cells.map(|c| Owner::of(self.document, c)).collect();
                count_owners(&owners)
            })
            .collect();
        let occurs = |owner: &Owner| counts.iter().flatten().any(|(kind, _)| kind == owner);
        let kinds: Vec<Owner> = Owner::ALL.iter().copied().filter(occurs).collect();
        let mut columns = vec![self.word_column(ColumnKind::Row, "model")];
        columns.extend(kinds.iter().map(|owner| Column {
            id: owner.word(),
            label: self.strings.get(owner.key()),
            kind: ColumnKind::Count,
        }));
        let line = move |(m, counts): (&ModelIx, &Vec<(Owner, usize)>)| Line {
            id: None,
            row: None,
            model: None,
            area: None,
            group: None,
            owner: None,
            change: None,
            head: Head {
                label: Cow::Borrowed(&self.document.models[*m].label),
                link: Some(SiteLink {
                    page: Some(paths::model(&self.document.models[*m].id).into()),
                    fragment: "",
                }),
                ..Head::default()
            },
            cells: kinds
                .iter()
                .map(|kind| {
                    let found = counts.iter().find(|(owner, _)| owner == kind);
                    let n = found.map_or(0, |(_, n)| *n).to_string();
                    vec![Block::Words(n.into())]
                })
                .collect(),
        };
        let group = Group {
            head: Head::default(),
            lines: models.iter().zip(&counts).map(line).collect(),
        };
        Table {
            kind: TableKind::Totals,
            caption: self.strings.get("caption-totals").into(),
            columns,
            grouped: false,
            has_groups: false,
            id_prefix: "".into(),
            groups: Box::new(std::iter::once(group)),
            legend: "".into(),
        }
    }
}
