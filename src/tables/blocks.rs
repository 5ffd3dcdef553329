//! Makes the content of cells and headings that all kinds of tables share: badges and
//! tasks. What a cell says beside its owner is in `terms`. Formats decide how a block
//! looks.

use std::sync::Arc;

use crate::model::{
    Badge, Category, Cell, Controls, ModelIx, Owner, Ownership, PartyIx, Row, Task,
};
use crate::tables::Tables;
use crate::tables::areas::LinePart;
use crate::tables::table::{Block, Control, Head, SiteLink, TaskItem};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// The badge of a cell as a block.
    pub(super) fn badge(&self, cell: Option<&Cell>) -> Block<'a> {
        Block::Badge(self.badge_of(cell))
    }

    pub(super) fn badge_of(&self, cell: Option<&Cell>) -> Badge<'a> {
        Badge::new(self.document, cell, self.strings)
    }

    pub(super) fn nothing(&self, key: &'static str) -> Block<'a> {
        Block::Nothing(self.strings.get(key))
    }

    pub(super) fn item(&self, task: &'a Task) -> TaskItem<'a> {
        TaskItem {
            task,
            equal: None,
            mark: None,
            controls: self.controls(&task.controls),
        }
    }

    /// A party's tasks in a cell, or words that say why there are none.
    pub(super) fn tasks_cell(&self, cell: &'a Cell, party: PartyIx) -> Vec<Block<'a>> {
        let tasks = cell.tasks_of(party);
        let last = if tasks.is_empty() {
            self.nothing(match &cell.ownership {
                _ if !cell.areas.is_empty() => "in-its-areas",
                Ownership::Parties(parties) if parties.contains(&party) => "no-tasks-listed",
                Ownership::Parties(_) | Ownership::Unassigned { .. } => "no-tasks",
                Ownership::NotApplicable(_) => Owner::NotApplicable.key(),
                Ownership::ByAgreement(_) => Owner::ByAgreement.key(),
            })
        } else {
            Block::Tasks(tasks.iter().map(|t| self.item(t)).collect())
        };
        self.terms_of(cell, party).chain([last]).collect()
    }

    /// The heading of an area's line, with its badge and remarks.
    pub(super) fn area_head(&self, part: &LinePart<'a>, model: ModelIx) -> Head<'a> {
        let mut blocks = vec![self.badge(Some(part.cell))];
        self.remarks(part.cell, &mut blocks);
        Head {
            label: self.name_of(part, Some(model)),
            link: Some(SiteLink {
                page: None,
                fragment: part.anchor(),
            }),
            blocks,
            ..Head::default()
        }
    }

    /// A row's heading with its badge, remarks and notes.
    pub(super) fn row_head(
        &self,
        row: &'a Row,
        model: Option<ModelIx>,
        cell: Option<&'a Cell>,
    ) -> Head<'a> {
        let mut blocks = Vec::new();
        if let Some(cell) = cell {
            blocks.push(self.badge(Some(cell)));
        }
        if let Some(text) = &row.description {
            blocks.push(Block::Markdown(text));
        }
        blocks.extend(self.controls_block(&row.controls));
        if let Some(cell) = cell {
            self.remarks(cell, &mut blocks);
        }
        blocks.extend(row.notes.iter().map(|note| self.note(note)));
        Head {
            label: row.label_in(model).into(),
            link: Some(SiteLink {
                page: None,
                fragment: &row.id,
            }),
            blocks,
            ..Head::default()
        }
    }

    /// A category as the heading of its rows, with its label in a model.
    pub(super) fn category_head(&self, category: &'a Category, model: Option<ModelIx>) -> Head<'a> {
        Head {
            label: category.label_in(model).into(),
            link: Some(SiteLink {
                page: Some(paths::category(&category.id).into()),
                fragment: "",
            }),
            blocks: self.conditions_of(category),
            ..Head::default()
        }
    }

    /// Controls with the names of their frameworks.
    pub fn controls(&self, controls: &'a [Controls]) -> Vec<Control<'a>> {
        controls
            .iter()
            .flat_map(|c| {
                let framework = &self.document.frameworks[c.framework].label;
                c.ids.iter().map(move |id| Control { framework, id })
            })
            .collect()
    }
}

/// A link to a row on another page.
pub(super) fn row_link<'a>(page: &Arc<str>, row: &'a Row) -> SiteLink<'a> {
    SiteLink {
        page: Some(page.clone()),
        fragment: &row.id,
    }
}
