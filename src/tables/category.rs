//! The table of a category in all models: a group for each row, with a line for each
//! model.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{AreaCell, Category, Cell, ModelIx, Owner, PartyIx, Row};
use crate::tables::Tables;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Group, Head, Line, SiteLink, Table};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// Rows of a category, each with a line for each model. A table `alone` is not on the
    /// category's page, so its rows say their group and the conditions of the category.
    pub fn category(self, category: &'a Category, rows: &'a [Row], alone: bool) -> Table<'a> {
        let used = self.parties_of(category);
        let mut columns = vec![
            self.word_column(ColumnKind::Group, "responsibility"),
            self.word_column(ColumnKind::Row, "model"),
            self.word_column(ColumnKind::Owner, "owner"),
        ];
        columns.extend(self.party_columns(&used, None));
        let fields = self.fields_in(self.cells_of(category));
        columns.extend(self.field_columns(&fields));
        let pages: Vec<Arc<str>> = (0..self.document.models.len())
            .map(|m| paths::model(&self.document.models[m].id).into())
            .collect();
        let models = 0..self.document.models.len();
        let with_tasks: Vec<bool> = models.map(|m| self.document.lists_tasks(m)).collect();
        let lines = move |row: &'a Row, m: ModelIx| {
            let line = |cell: Option<&'a Cell>| Line {
                id: None,
                row: Some(&row.id),
                model: Some(&self.document.models[m].id),
                area: None,
                group: row.group.as_ref(),
                owner: Some(Owner::of(self.document, cell)),
                change: None,
                head: self.model_head(row, m, &pages[m]),
                cells: self
                    .category_cells((row, cell), (m, with_tasks[m]), &used)
                    .chain(self.field_cells(cell, &fields))
                    .collect(),
            };
            let cell = row.cells[m].as_ref();
            let divided = cell.into_iter().flat_map(|cell| &cell.areas);
            let areas: Vec<Line> = divided
                .map(|area| Line {
                    area: Some(self.area_id(area.area)),
                    head: self.model_area_head(area, m, &pages[m]),
                    ..line(Some(&area.cell))
                })
                .collect();
            [vec![line(cell)], areas].concat()
        };
        let shown = rows.iter().filter(move |row| self.shows(row));
        let models = 0..self.document.models.len();
        let groups = shown.map(move |row| Group {
            head: self.category_row_head((category, row), alone),
            lines: models.clone().flat_map(|m| lines(row, m)).collect(),
        });
        Table {
            kind: TableKind::Category,
            caption: self.fill("caption-category", &[("category", &category.label)]),
            columns,
            grouped: true,
            has_groups: alone && rows.iter().any(|row| row.group.is_some()),
            id_prefix: "".into(),
            groups: Box::new(groups),
            legend: "".into(),
        }
    }

    fn category_row_head(&self, (category, row): (&'a Category, &'a Row), alone: bool) -> Head<'a> {
        let mut head = self.row_head(row, None, None);
        if alone {
            head.blocks.extend(self.of_category(category, row));
        }
        head
    }

    /// The cells of the rows that are shown, and those of their areas.
    fn cells_of(&self, category: &'a Category) -> impl Iterator<Item = &'a Cell> {
        let rows = self.rows_of(category);
        let cells = rows.flat_map(|row| row.cells.iter().flatten());
        cells.flat_map(Cell::parts)
    }

    /// The parties that have columns: those that are responsible, or have tasks, a scope
    /// or a condition.
    fn parties_of(&self, category: &'a Category) -> Vec<PartyIx> {
        let used: BTreeSet<PartyIx> = self
            .cells_of(category)
            .flat_map(|c| {
                let tasks = c.tasks.iter().map(|(p, _)| *p);
                let texts = c.scope.iter().chain(&c.conditional).map(|(p, _)| *p);
                let parties = c.ownership.parties().iter().copied();
                parties.chain(tasks).chain(texts)
            })
            .collect();
        used.into_iter().collect()
    }

    fn category_cells(
        &self,
        (row, cell): (&'a Row, Option<&'a Cell>),
        (model, lists_tasks): (ModelIx, bool),
        parties: &[PartyIx],
    ) -> impl Iterator<Item = Vec<Block<'a>>> {
        let mut owner = vec![self.badge(cell)];
        match cell {
            Some(cell) => self.remarks(cell, &mut owner),
            None => owner.extend(self.unlisted_reason(row, model)),
        }
        let tasks = move |party: &PartyIx| match cell {
            Some(cell) if lists_tasks => self.tasks_cell(cell, *party),
            Some(cell) => self.part_of(cell, *party),
            None => vec![self.nothing(Owner::NotListed.key())],
        };
        std::iter::once(owner).chain(parties.iter().map(tasks))
    }

    fn model_area_head(&self, area: &'a AreaCell, model: ModelIx, page: &Arc<str>) -> Head<'a> {
        Head {
            label: self.in_area(&self.document.models[model].label, area.area),
            link: Some(SiteLink {
                page: Some(page.clone()),
                fragment: &area.anchor,
            }),
            ..Head::default()
        }
    }

    fn model_head(&self, row: &'a Row, model: ModelIx, page: &Arc<str>) -> Head<'a> {
        let printed = row.label_in(Some(model));
        let listed = row.cells[model].is_some();
        let own_name = (listed && printed != row.label).then(|| Block::Words(printed.into()));
        Head {
            label: Cow::Borrowed(&self.document.models[model].label),
            link: Some(SiteLink {
                page: Some(page.clone()),
                fragment: if listed { &row.id } else { "" },
            }),
            blocks: own_name.into_iter().collect(),
            ..Head::default()
        }
    }
}
