//! The table of who is responsible in a model, with a line for each row. Tasks are in
//! `detail`.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{Cell, ModelIx, Owner, Ownership, PartyIx, Row};
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
        let page: Arc<str> = paths::model(&self.document.models[model].id).into();
        let line = move |row: &'a Row, cell: &'a Cell| Line {
            id: Some(&row.id),
            model: None,
            owner: Some(Owner::of(self.document, Some(cell))),
            change: None,
            head: Head {
                label: row.label_in(Some(model)).into(),
                link: Some(row_link(&page, row)),
                ..Head::default()
            },
            cells: std::iter::once(vec![self.badge(Some(cell))])
                .chain(parties.iter().map(|p| vec![self.summary_cell(cell, *p)]))
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
            groups: self.groups(model, line),
        }
    }

    /// The content of a party's cell in a summary: the author's words, or else
    /// whether the party is responsible.
    fn summary_cell(&self, cell: &'a Cell, party: PartyIx) -> Block<'a> {
        if let Some((_, words)) = cell.summary.iter().find(|(p, _)| *p == party) {
            return Block::Words(Cow::Borrowed(&words.value));
        }
        let yes = cell.ownership.parties().contains(&party);
        let key = match &cell.ownership {
            Ownership::Parties(_) if yes => "mark-yes",
            Ownership::Parties(_) | Ownership::Unassigned => "mark-no",
            Ownership::NotApplicable(_) => Owner::NotApplicable.key(),
            Ownership::ByAgreement(_) => Owner::ByAgreement.key(),
        };
        Block::Mark {
            yes,
            text: self.strings.get(key),
        }
    }
}
