//! Which rows a request keeps in its tables. Columns are selected in `columns`.

use std::collections::HashSet;

use crate::model::compare::{self, Change, Verdict};
use crate::model::{Document, FieldIx, ModelIx, Owner, PartyIx, Row};
use crate::tables::is_concerned;
use crate::tables::query::selection::{Piece, What};

/// A kind of change that a request can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChangeKind {
    /// What changes for the owner.
    Owner(Verdict),
    /// The owner stays, on other terms.
    Terms,
}

impl ChangeKind {
    pub(super) fn word(self) -> &'static str {
        match self {
            ChangeKind::Owner(verdict) => verdict.word(),
            ChangeKind::Terms => "terms",
        }
    }

    pub(super) fn all() -> impl Iterator<Item = ChangeKind> {
        let owners = Verdict::ALL.iter().copied().map(ChangeKind::Owner);
        owners.chain([ChangeKind::Terms])
    }

    fn fits(self, change: &Change<'_>) -> bool {
        match self {
            ChangeKind::Owner(verdict) => change.verdict == verdict,
            ChangeKind::Terms => change.is_on_other_terms(),
        }
    }
}

/// Which rows are shown. An empty filter means all.
#[derive(Default)]
pub(super) struct Filter {
    pub(super) categories: Option<Vec<usize>>,
    pub(super) rows: Option<Vec<String>>,
    pub(super) parties: Option<Vec<PartyIx>>,
    pub(super) owners: Option<Vec<Owner>>,
    pub(super) changes: Option<Vec<ChangeKind>>,
    /// Values of fields, of which a row has one of each.
    pub(super) fields: Vec<(FieldIx, Vec<String>)>,
}

impl Filter {
    /// Whether a row has one of the values of each field in a model.
    fn has_fields(&self, row: &Row, model: ModelIx) -> bool {
        self.fields.iter().all(|(field, wanted)| {
            let mut values = row.cells[model].iter().flat_map(|cell| &cell.fields);
            values.any(|value| value.field == *field && wanted.contains(&value.text.value))
        })
    }

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
            && self.changes.is_none()
            && self.fields.is_empty();
        if all {
            return None;
        }
        let changes = match (&self.changes, &piece.what) {
            (Some(kinds), What::Compare(a, b) | What::Tasks(a, b)) => Some(
                compare::compare(document, *a, *b)
                    .filter(|change| kinds.iter().any(|kind| kind.fits(change)))
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
                    in_models(&|m| all.iter().any(|p| is_concerned(document, row, m, *p)))
                })
                && self.owners.as_ref().is_none_or(|all| {
                    in_models(&|m| all.contains(&Owner::of(document, row.cells[m].as_ref())))
                })
                && (self.fields.is_empty() || in_models(&|m| self.has_fields(row, m)))
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
