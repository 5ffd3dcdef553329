//! Which rows a request keeps in its tables. Columns are selected in `columns`.

use std::collections::HashSet;

use crate::model::compare::{self, Verdict};
use crate::model::{Document, ModelIx, Owner, PartyIx, Row};
use crate::tables::involved;
use crate::tables::query::selection::{Piece, What};

/// Which rows are shown. An empty filter means all.
#[derive(Default)]
pub(super) struct Filter {
    pub(super) categories: Option<Vec<usize>>,
    pub(super) rows: Option<Vec<String>>,
    pub(super) parties: Option<Vec<PartyIx>>,
    pub(super) owners: Option<Vec<Owner>>,
    pub(super) changes: Option<Vec<Verdict>>,
}

impl Filter {
    /// The ids of the rows that a piece shows; `None` for all.
    pub(super) fn ids<'a>(
        &self,
        document: &'a Document,
        piece: &Piece<'a>,
    ) -> Option<HashSet<&'a str>> {
        let parties = self.parties.as_ref();
        let all = self.categories.is_none()
            && self.rows.is_none()
            && parties.is_none()
            && self.owners.is_none()
            && self.changes.is_none();
        if all {
            return None;
        }
        let changes = match (&self.changes, &piece.what) {
            (Some(verdicts), What::Compare(a, b) | What::Tasks(a, b)) => Some(
                compare::compare(document, *a, *b)
                    .filter(|change| verdicts.contains(&change.verdict))
                    .map(|change| change.row.id.as_str())
                    .collect::<HashSet<&str>>(),
            ),
            _ => None,
        };
        let models = piece.models(document);
        let shown = |category: usize, row: &Row| {
            let in_models = |test: &dyn Fn(ModelIx) -> bool| models.iter().any(|m| test(*m));
            self.categories
                .as_ref()
                .is_none_or(|all| all.contains(&category))
                && self.rows.as_ref().is_none_or(|all| all.contains(&row.id))
                && changes
                    .as_ref()
                    .is_none_or(|all| all.contains(row.id.as_str()))
                && parties.is_none_or(|all| {
                    in_models(&|m| all.iter().any(|p| involved(row, m, *p).is_some()))
                })
                && self.owners.as_ref().is_none_or(|all| {
                    in_models(&|m| all.contains(&Owner::of(document, row.cells[m].as_ref())))
                })
        };
        let categories = document.categories.iter().enumerate();
        Some(
            categories
                .flat_map(|(at, category)| category.rows.iter().map(move |row| (at, row)))
                .filter(|(at, row)| shown(*at, row))
                .map(|(_, row)| row.id.as_str())
                .collect(),
        )
    }
}
