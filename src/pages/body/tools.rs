//! The tools with which readers filter tables, and totals, both for the rows that a
//! page shows. How tools look is decided in `widgets`.

use std::collections::BTreeSet;

use crate::model::{Badge, Category, FieldIx, ModelIx, OwnField, Owner, Row};
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
        let mut values = BTreeSet::new();
        let mut tools = Tools::default();
        let mut rows = 0;
        for category in categories {
            let before = rows;
            for row in &category.rows {
                let models = models.iter().filter(|m| shown(row, **m));
                let cells: Vec<_> = models.map(|m| row.cells[*m].as_ref()).collect();
                rows += usize::from(!cells.is_empty());
                owners.extend(cells.iter().map(|cell| Owner::of(document, *cell)));
                let own = cells.iter().flatten().flat_map(|cell| &cell.fields);
                values.extend(own.map(|value| (value.field, value.text.value.as_str())));
            }
            if rows > before {
                tools.categories.push((&category.id, &category.label));
            }
        }
        let kinds = Owner::ALL.iter().filter(|kind| owners.contains(kind));
        tools.owners = kinds.map(|kind| Badge::of(*kind, self.strings)).collect();
        tools.fields = self.choices_in(&values);
        let models = models.iter().map(|m| &document.models[*m]);
        tools.models = models.map(|m| (m.id.as_str(), m.label.as_str())).collect();
        tools.rows = rows;
        (rows > 0).then_some(tools)
    }

    /// The fields of the kind `choice`, with those of their choices that are among values.
    fn choices_in(&self, values: &BTreeSet<(FieldIx, &str)>) -> Vec<(&'a OwnField, Vec<&'a str>)> {
        let fields = self.document.fields.iter().enumerate();
        let fields = fields.map(|(at, field)| {
            let choices = field.choices.iter().map(String::as_str);
            let used = choices.filter(|choice| values.contains(&(at, *choice)));
            (field, used.collect::<Vec<_>>())
        });
        fields.filter(|(_, choices)| !choices.is_empty()).collect()
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
