//! Lines for the areas of divided cells, which follow those of their rows, and the table
//! of areas.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{AreaCell, AreaIx, Cell, ModelIx, Owner, Row};
use crate::tables::Tables;
use crate::tables::blocks::row_link;
use crate::tables::kinds::{ColumnKind, RemarkKind, TableKind};
use crate::tables::table::{Block, Column, Head, Line, Remark, SiteLink, Table};
use crate::text::paths;

/// What a line is about: a whole row in a model, or one of its areas.
#[derive(Clone, Copy)]
pub(super) struct LinePart<'a> {
    pub(super) row: &'a Row,
    pub(super) cell: &'a Cell,
    pub(super) area: Option<&'a AreaCell>,
}

impl<'a> LinePart<'a> {
    /// A row, and then each of its areas.
    pub(super) fn of(row: &'a Row, cell: &'a Cell) -> impl Iterator<Item = LinePart<'a>> {
        let whole = LinePart {
            row,
            cell,
            area: None,
        };
        let areas = cell.areas.iter().map(move |area| LinePart {
            row,
            cell: &area.cell,
            area: Some(area),
        });
        std::iter::once(whole).chain(areas)
    }

    /// Its anchor on every page.
    pub(super) fn anchor(&self) -> &'a str {
        self.area.map_or(&self.row.id, |area| &area.anchor)
    }

    /// A link to it on a page.
    pub(super) fn link(&self, page: &Arc<str>) -> SiteLink<'a> {
        SiteLink {
            fragment: self.anchor(),
            ..row_link(page, self.row)
        }
    }
}

impl<'a> Tables<'a> {
    /// The line of a part: its anchor, area, group and owner, with a heading and cells.
    pub(super) fn part_line(
        &self,
        part: &LinePart<'a>,
        head: Head<'a>,
        cells: Vec<Vec<Block<'a>>>,
    ) -> Line<'a> {
        Line {
            id: Some(part.anchor()),
            model: None,
            row: Some(&part.row.id),
            area: part.area.map(|area| self.area_id(area.area)),
            group: part.row.group.as_ref(),
            owner: Some(Owner::of(self.document, Some(part.cell))),
            change: None,
            head,
            cells,
        }
    }

    /// The name of a part as a link to where its tasks are.
    pub(super) fn linked_head(
        &self,
        part: &LinePart<'a>,
        model: ModelIx,
        page: &Arc<str>,
    ) -> Head<'a> {
        Head {
            label: self.name_of(part, Some(model)),
            link: Some(part.link(page)),
            ..Head::default()
        }
    }

    /// The name of a part in a model. That of an area stands alone where lines are
    /// sorted or filtered, so it has the name of its row.
    pub(super) fn name_of(&self, part: &LinePart<'a>, model: Option<ModelIx>) -> Cow<'a, str> {
        let row = part.row.label_in(model);
        match part.area {
            None => row.into(),
            Some(area) => self.in_area(row, area.area),
        }
    }

    /// A name with the area that it is about.
    pub(super) fn in_area(&self, name: &str, area: AreaIx) -> Cow<'a, str> {
        let area = self.document.areas[area].label.as_str();
        self.fill("in-area", &[("name", name), ("area", area)])
    }

    pub(super) fn area_id(&self, area: AreaIx) -> &'a str {
        &self.document.areas[area].id
    }

    /// Adds what the areas of a cell say, where they have no lines.
    pub(super) fn said_by_area(&self, cell: &'a Cell, blocks: &mut Vec<Block<'a>>) {
        for area in &cell.areas {
            let label = self.document.areas[area.area].label.as_str();
            blocks.push(Block::Remark {
                kind: RemarkKind::Area,
                about: Some(&self.document.areas[area.area].id),
                label: self.fill("area-label", &[("area", label)]),
                text: Remark::Plain(self.badge_of(Some(&area.cell)).text().into()),
            });
            self.beside_owner(&area.cell, blocks);
        }
    }

    /// Whether a model has a cell that is divided into areas.
    pub fn has_areas(&self, model: ModelIx) -> bool {
        !self.areas_in(model).is_empty()
    }

    fn areas_in(&self, model: ModelIx) -> BTreeSet<AreaIx> {
        let cells = self.rows().filter_map(|(_, row)| row.cells[model].as_ref());
        let areas = cells.flat_map(|cell| &cell.areas);
        areas.map(|area| area.area).collect()
    }

    /// Who is responsible in each area of a model, with a line for each divided row and
    /// a column for each area.
    pub fn areas(self, model: ModelIx) -> Table<'a> {
        let areas = self.areas_in(model);
        let facts = &self.document.models[model];
        let mut columns = vec![
            self.word_column(ColumnKind::Group, "category"),
            self.word_column(ColumnKind::Row, "responsibility"),
        ];
        columns.extend(areas.iter().map(|area| Column {
            id: &self.document.areas[*area].id,
            label: &self.document.areas[*area].label,
            kind: ColumnKind::Area,
        }));
        let page: Arc<str> = paths::model(&facts.id).into();
        let line = move |part: LinePart<'a>| {
            let cells = areas.iter().map(|area| part.cell.in_area(*area));
            let cells = cells.map(|cell| self.owner_and_terms(cell)).collect();
            self.part_line(&part, self.linked_head(&part, model, &page), cells)
        };
        Table {
            kind: TableKind::Areas,
            caption: self.fill("caption-areas", &[("model", &facts.label)]),
            columns,
            grouped: true,
            has_groups: self.has_groups(),
            id_prefix: paths::AREAS_ROW.into(),
            groups: self.groups(
                model,
                move |_, row, cell| LinePart::of(row, cell).take(1).map(&line).collect(),
                |_, cell| !cell.areas.is_empty(),
            ),
            legend: "".into(),
        }
    }
}
