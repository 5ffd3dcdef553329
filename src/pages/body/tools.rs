//! The tools with which readers filter tables, and totals, both for the rows that a
//! page shows. How tools look is decided in `widgets`.

use std::collections::BTreeSet;

use crate::model::{Badge, Category, ModelIx, Owner, Row};
use crate::pages::Project;
use crate::pages::body::{Part, Tools};

impl<'a> Project<'a> {
    pub(super) fn categories(&self) -> impl Iterator<Item = &'a Category> {
        self.document.categories.iter().map(|c| &**c)
    }

    /// The tools for tables that show rows of categories in models. `None` if no row
    /// is shown.
    pub(super) fn tools(
        &self,
        categories: impl IntoIterator<Item = &'a Category>,
        models: &[ModelIx],
        shown: impl Fn(&Row, ModelIx) -> bool,
    ) -> Option<Tools<'a>> {
        let document = self.document;
        let mut owners = BTreeSet::new();
        let mut tools = Tools::default();
        let mut rows = 0;
        for category in categories {
            let before = rows;
            for row in &category.rows {
                let cells = models.iter().filter(|m| shown(row, **m));
                let kinds = cells.map(|m| Owner::of(document, row.cells[*m].as_ref()));
                let kinds: Vec<Owner> = kinds.collect();
                rows += usize::from(!kinds.is_empty());
                owners.extend(kinds);
            }
            if rows > before {
                tools.categories.push((&category.id, &category.label));
            }
        }
        let kinds = Owner::ALL.iter().filter(|kind| owners.contains(kind));
        tools.owners = kinds.map(|kind| Badge::of(*kind, self.strings)).collect();
        let models = models.iter().map(|m| &document.models[*m]);
        tools.models = models.map(|m| (m.id.as_str(), m.label.as_str())).collect();
        tools.rows = rows;
        (rows > 0).then_some(tools)
    }

    pub(super) fn totals(&self, counts: &[(Owner, usize)]) -> Part<'a> {
        let rows: usize = counts.iter().map(|(_, n)| n).sum();
        Part::Totals {
            lead: self.strings.count("rows", rows),
            counts: self.badges(counts),
        }
    }

    pub(super) fn badges(&self, counts: &[(Owner, usize)]) -> Vec<(Badge<'a>, usize)> {
        counts
            .iter()
            .map(|(owner, n)| (Badge::of(*owner, self.strings), *n))
            .collect()
    }
}

/// Counts without rows that a model does not list.
pub(super) fn listed(counts: Vec<(Owner, usize)>) -> Vec<(Owner, usize)> {
    counts
        .into_iter()
        .filter(|(owner, _)| *owner != Owner::NotListed)
        .collect()
}
