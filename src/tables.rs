//! Makes the tables of a document: which columns, lines and words each of them has.
//! Every format of a table is written from the [`table::Table`] made here.

// The open ones are part of the door: what is in them reads better behind their name.
pub mod answers;
mod areas;
mod blocks;
mod category;
mod checklist;
mod comparison;
mod detail;
mod evidence;
mod fields;
pub mod formats;
pub mod html;
mod kinds;
mod matrix;
mod query;
mod raci;
mod styled_text;
mod summary;
mod table;
mod tasks;
mod terms;
mod totals;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use crate::model::compare::{self, Change, Verdict};
use crate::model::{Category, Cell, Document, ModelIx, PartyIx, Row};
use crate::tables::kinds::ColumnKind;
use crate::tables::table::{Column, Group, Head, Line};
use crate::text::{Strings, paths};

pub use crate::tables::checklist::concerns;
pub use crate::tables::kinds::TableKind;
pub use crate::tables::query::{OptionKey, Request, RequestKind};
pub use crate::tables::styled_text::{Cells, TableNotes};
pub use crate::tables::table::{Table, join_controls};

/// Builds tables from a document.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    /// The document whose tables are made.
    pub document: &'a Document,
    /// The words of the interface.
    pub strings: &'a Strings,
    /// Ids of the rows to show; `None` for all rows.
    pub only: Option<&'a HashSet<&'a str>>,
}

impl<'a> Tables<'a> {
    /// Parties that occur in a model, in the order of its columns.
    pub fn parties_in(&self, model: ModelIx) -> Vec<PartyIx> {
        let used = self.used_parties([model]);
        let columns = &self.document.models[model].columns;
        columns
            .iter()
            .copied()
            .filter(|p| used.contains(p))
            .collect()
    }

    fn used_parties(&self, models: impl IntoIterator<Item = ModelIx> + Clone) -> BTreeSet<PartyIx> {
        let cells = self.rows().flat_map(|(_, row)| {
            models
                .clone()
                .into_iter()
                .filter_map(|m| row.cells[m].as_ref())
                .flat_map(Cell::parts)
        });
        let mut used = BTreeSet::new();
        for cell in cells {
            used.extend(cell.ownership.parties());
            used.extend(cell.tasks.iter().map(|(p, _)| *p));
            for texts in [&cell.summary, &cell.scope, &cell.conditional] {
                used.extend(texts.iter().map(|(p, _)| *p));
            }
        }
        used
    }

    /// The rows of a category that are shown.
    fn rows_of(&self, category: &'a Category) -> impl Iterator<Item = &'a Row> + use<'a> {
        let tables = *self;
        category.rows.iter().filter(move |row| tables.shows(row))
    }

    fn shows(&self, row: &Row) -> bool {
        self.only.is_none_or(|ids| ids.contains(row.id.as_str()))
    }

    /// All rows that are shown, each with its category.
    fn rows(&self) -> impl Iterator<Item = (&'a Category, &'a Row)> + use<'a> {
        let tables = *self;
        let categories = self.document.categories.iter();
        categories.flat_map(move |c| tables.rows_of(c).map(move |row| (&**c, row)))
    }

    /// The cells of a model whose rows are shown, and those of their areas.
    fn cells_in(&self, model: ModelIx) -> impl Iterator<Item = &'a Cell> + use<'a> {
        let rows = self.rows();
        let cells = rows.filter_map(move |(_, row)| row.cells[model].as_ref());
        cells.flat_map(Cell::parts)
    }

    fn word_column(&self, kind: ColumnKind, key: &'static str) -> Column<'a> {
        Column {
            id: key,
            label: self.strings.get(key),
            kind,
        }
    }

    fn model_column(&self, model: ModelIx) -> Column<'a> {
        let model = &self.document.models[model];
        Column {
            id: &model.id,
            label: &model.label,
            kind: ColumnKind::Model,
        }
    }

    fn party_columns(
        &self,
        parties: &[PartyIx],
        model: Option<ModelIx>,
    ) -> impl Iterator<Item = Column<'a>> {
        parties.iter().map(move |p| Column {
            id: &self.document.parties[*p].id,
            label: self.document.party_label(*p, model),
            kind: ColumnKind::Party,
        })
    }

    /// Groups by category, with the lines of rows that a model lists and that are shown.
    fn groups(
        self,
        model: ModelIx,
        lines: impl Fn(&'a Category, &'a Row, &'a Cell) -> Vec<Line<'a>> + Send + 'a,
        shown: impl Fn(&'a Row, &'a Cell) -> bool + Send + 'a,
    ) -> Box<dyn Iterator<Item = Group<'a>> + Send + 'a> {
        self.groups_of(model, move |category, row, cell| match shown(row, cell) {
            true => lines(category, row, cell),
            false => Vec::new(),
        })
    }

    /// The same with all rows.
    fn groups_of(
        self,
        model: ModelIx,
        lines: impl Fn(&'a Category, &'a Row, &'a Cell) -> Vec<Line<'a>> + Send + 'a,
    ) -> Box<dyn Iterator<Item = Group<'a>> + Send + 'a> {
        Box::new(self.document.categories.iter().flat_map(move |category| {
            let listed = |row: &'a Row| {
                let cell = row.cells[model].as_ref();
                cell.map_or(Vec::new(), |cell| lines(category, row, cell))
            };
            let lines = self.rows_of(category).flat_map(listed);
            self.in_groups(category, Some(model), lines)
        }))
    }

    /// The lines of a category's rows: those of neighbours in one group of rows have a
    /// heading together.
    fn in_groups(
        &self,
        category: &'a Category,
        model: Option<ModelIx>,
        lines: impl Iterator<Item = Line<'a>>,
    ) -> Vec<Group<'a>> {
        let mut groups: Vec<Group> = Vec::new();
        for line in lines {
            if let Some(group) = groups.last_mut().filter(|g| g.head.group == line.group) {
                group.lines.push(line);
                continue;
            }
            groups.push(Group {
                head: Head {
                    group: line.group,
                    ..self.category_head(category, model)
                },
                lines: vec![line],
            });
        }
        groups
    }

    /// Whether any row that is shown is in a group.
    fn has_groups(&self) -> bool {
        self.rows().any(|(_, row)| row.group.is_some())
    }

    /// What changes for each row that is shown, from one model to another.
    fn changes(&self, a: ModelIx, b: ModelIx) -> impl Iterator<Item = Change<'a>> + use<'a> {
        let tables = *self;
        compare::compare(self.document, a, b).filter(move |change| tables.shows(change.row))
    }

    /// Path of the page that compares two models.
    pub fn compare_path(&self, a: ModelIx, b: ModelIx) -> String {
        let [a, b] = [a, b].map(|m| self.document.models[m].id.as_str());
        paths::comparison(a, b)
    }

    /// A verdict in words, with the models' names.
    pub fn verdict(&self, verdict: Verdict, a: ModelIx, b: ModelIx) -> String {
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        self.strings.fill(
            &format!("change-{}", verdict.word()),
            &[("first", first), ("second", second)],
        )
    }

    fn fill(&self, key: &str, values: &[(&str, &str)]) -> Cow<'a, str> {
        Cow::Owned(self.strings.fill(key, values))
    }
}

/// Whether a row concerns a party in a model.
pub fn is_concerned(document: &Document, row: &Row, model: ModelIx, party: PartyIx) -> bool {
    let cell = row.cells[model].as_ref();
    cell.is_some_and(|cell| cell.is_concerned(&document.roles, party))
}
