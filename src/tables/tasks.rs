//! The tasks of two models side by side, grouped by row.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::compare::{Change, TaskChange};
use crate::model::{Cell, ModelIx, Owner, PartyIx, Task};
use crate::tables::Tables;
use crate::tables::blocks::row_link;
use crate::tables::kinds::{ColumnKind, RemarkKind, TableKind};
use crate::tables::table::{Block, Group, Head, Line, Table, TaskItem};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// The tasks of two models side by side: a group for each row, with a line for
    /// each party.
    pub fn compare_tasks(self, a: ModelIx, b: ModelIx) -> Table<'a> {
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        let columns = vec![
            self.word_column(ColumnKind::Group, "responsibility"),
            self.word_column(ColumnKind::Row, "party"),
            self.model_column(a),
            self.model_column(b),
        ];
        let groups = self
            .changes(a, b)
            .map(move |change| self.tasks_group(change, a, b));
        Table {
            kind: TableKind::Tasks,
            caption: self.fill("caption-tasks", &[("first", first), ("second", second)]),
            columns,
            grouped: true,
            has_groups: self.has_groups(),
            id_prefix: "".into(),
            groups: Box::new(groups),
            legend: "".into(),
        }
    }

    fn tasks_group(&self, change: Change<'a>, a: ModelIx, b: ModelIx) -> Group<'a> {
        let Change { category, row, .. } = change;
        Group {
            head: Head {
                label: Cow::Borrowed(&row.label),
                link: Some(row_link(&paths::category(&category.id).into(), row)),
                blocks: self.compared_head(&change, a, b),
                ..Head::default()
            },
            lines: self.lines_with_areas(&change),
        }
    }

    /// The lines of a row, and then those of each area that one of the models divides it
    /// into: first what both say about it, then each party that has tasks there.
    fn lines_with_areas(&self, change: &Change<'a>) -> Vec<Line<'a>> {
        let mut lines = self.compared_lines(change);
        let whole = change;
        for (area, change) in change.areas() {
            let name = self.document.areas[area].label.as_str();
            let said = [change.first, change.second].map(|cell| self.owner_and_terms(cell));
            let tasks = change.tasks_in_area(whole, self.document);
            let parties = self.parties_with_lines(&change, &tasks, |_| false);
            let own = parties.into_iter().map(|party| {
                let label = self.document.party_label(party, None);
                let cells = self.tasks_in_both(&change, &tasks, party);
                party_line(&change, self.in_area(label, area), cells)
            });
            let own = std::iter::once(party_line(&change, name.into(), said)).chain(own);
            lines.extend(own.map(|line| Line {
                area: Some(self.area_id(area)),
                ..line
            }));
        }
        lines
    }

    /// A line for each party that has tasks, a scope or a condition in one of the
    /// models. If any party has, also for the others that are responsible.
    fn compared_lines(&self, change: &Change<'a>) -> Vec<Line<'a>> {
        let both = [change.first, change.second];
        let has_terms = |party| both.iter().flatten().any(|cell| cell.has_terms_of(party));
        let tasks = change.tasks(self.document);
        let parties = self.parties_with_lines(change, &tasks, has_terms);
        let lines = parties.into_iter().map(|party| {
            let label = self.document.party_label(party, None);
            let cells = self.tasks_in_both(change, &tasks, party);
            party_line(change, label.into(), cells)
        });
        let mut lines: Vec<Line> = lines.collect();
        if lines.is_empty() && change.areas().is_empty() {
            let cells = [(); 2].map(|()| vec![self.nothing("tasks-none")]);
            lines.push(party_line(
                change,
                self.strings.get("all-parties").into(),
                cells,
            ));
        }
        lines
    }

    /// The parties that have tasks or, as the function says, terms. If there are any, also
    /// those that are responsible without tasks: a party that is not named looks free. Who
    /// is responsible in a divided cell is told by its areas.
    fn parties_with_lines(
        &self,
        change: &Change<'a>,
        tasks: &[TaskChange<'a>],
        has_terms: impl Fn(PartyIx) -> bool,
    ) -> Vec<PartyIx> {
        let cells = [change.first, change.second].into_iter().flatten();
        let undivided = cells.filter(|cell| cell.areas.is_empty());
        let responsible = undivided.flat_map(|cell| cell.ownership.parties());
        let responsible: BTreeSet<PartyIx> = responsible.copied().collect();
        let has_part =
            |party: &PartyIx| tasks.iter().any(|of| of.party == *party) || has_terms(*party);
        let parties = 0..self.document.parties.len();
        let with_part: BTreeSet<PartyIx> = parties.filter(has_part).collect();
        match with_part.is_empty() {
            true => Vec::new(),
            false => with_part.union(&responsible).copied().collect(),
        }
    }

    /// The tasks of a party in both models.
    fn tasks_in_both(
        &self,
        change: &Change<'a>,
        tasks: &[TaskChange<'a>],
        party: PartyIx,
    ) -> [Vec<Block<'a>>; 2] {
        let of_party = tasks.iter().find(|tasks| tasks.party == party);
        let (first, second) = of_party.map_or((&[][..], &[][..]), |tasks| {
            (&tasks.first[..], &tasks.second[..])
        });
        [
            self.compared_tasks(change.first, first, party),
            self.compared_tasks(change.second, second, party),
        ]
    }

    /// What changes, what the models call the row, and what is said beside its owner.
    fn compared_head(&self, change: &Change<'a>, a: ModelIx, b: ModelIx) -> Vec<Block<'a>> {
        let row = change.row;
        let listed = [a, b].into_iter().filter(|m| row.cells[*m].is_some());
        let mut names: Vec<&str> = listed.map(|m| row.label_in(Some(m))).collect();
        names.dedup();
        let mut blocks = vec![Block::Change {
            change: change.verdict.word(),
            text: self.verdict(change.verdict, a, b).into(),
        }];
        if names.len() > 1 {
            blocks.push(self.plain(RemarkKind::Names, names.join(" / ").into()));
        }
        blocks.extend(self.of_category(change.category, row));
        blocks.extend(self.row_notes(row));
        if let (Some(first), Some(second)) = (change.first, change.second)
            && first.same_remarks(second, self.document)
        {
            self.remarks(first, &mut blocks);
            blocks.extend(self.field_remarks(first));
            return blocks;
        }
        for (cell, model) in [(change.first, a), (change.second, b)] {
            let mut own = Vec::new();
            match cell {
                Some(cell) => {
                    self.remarks(cell, &mut own);
                    own.extend(self.field_remarks(cell));
                }
                None => own.extend(self.unlisted_reason(row, model)),
            }
            if !own.is_empty() {
                let label = self.document.models[model].label.as_str();
                blocks.push(Block::Words(label.into()));
                blocks.extend(own);
            }
        }
        blocks
    }

    fn compared_tasks(
        &self,
        cell: Option<&'a Cell>,
        list: &[(&'a Task, bool)],
        party: PartyIx,
    ) -> Vec<Block<'a>> {
        let Some(cell) = cell else {
            return vec![self.nothing(Owner::NotListed.key())];
        };
        if list.is_empty() {
            return self.tasks_cell(cell, party);
        }
        let items = list
            .iter()
            .map(|(task, equal)| TaskItem {
                equal: Some(*equal),
                mark: Some(
                    self.strings
                        .get(if *equal { "task-same" } else { "task-differs" }),
                ),
                ..self.item(task)
            })
            .collect();
        let tasks = [Block::Tasks(items)];
        self.terms_of(cell, party).chain(tasks).collect()
    }
}

/// A line of a party's tasks in both models.
fn party_line<'a>(
    change: &Change<'a>,
    label: Cow<'a, str>,
    cells: [Vec<Block<'a>>; 2],
) -> Line<'a> {
    Line {
        id: None,
        row: Some(&change.row.id),
        model: None,
        area: None,
        group: change.row.group.as_ref(),
        owner: None,
        change: Some(change.verdict),
        head: Head {
            label,
            ..Head::default()
        },
        cells: cells.into(),
    }
}
