//! The table of the owners in two models, grouped by what changes. Tasks are in
//! `tasks`.

use std::borrow::Cow;

use crate::model::ModelIx;
use crate::model::compare::{self, Change, TaskChange, Verdict};
use crate::tables::Tables;
use crate::tables::blocks::row_link;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Group, Head, Line, SiteLink, Table};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// Who is responsible in two models. Each kind of change is a group: moves first,
    /// then rows in one model only, then rows that stay.
    pub fn compare(self, a: ModelIx, b: ModelIx) -> Table<'a> {
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        let mut columns = vec![
            self.word_column(ColumnKind::Group, "change"),
            self.word_column(ColumnKind::Row, "responsibility"),
            self.model_column(a),
            self.model_column(b),
        ];
        let lists_tasks = [a, b].iter().any(|m| self.document.lists_tasks(*m));
        let terms_differ = || self.changes(a, b).any(|change| change.terms_differ());
        let told = lists_tasks || terms_differ();
        if told {
            let key = if lists_tasks { "tasks" } else { "terms" };
            columns.push(self.word_column(ColumnKind::Change, key));
        }
        let groups = Verdict::ALL.iter().flat_map(move |&verdict| {
            let lines = self
                .changes(a, b)
                .filter(|c| c.verdict == verdict)
                .flat_map(|change| self.compare_lines(change, [a, b], lists_tasks))
                .map(|mut line| {
                    line.cells.truncate(if told { 3 } else { 2 });
                    line
                });
            let lines: Vec<Line> = lines.collect();
            // An area can change in another way than its row.
            let runs = lines.chunk_by(|one, next| one.change == next.change);
            let groups = runs.map(|lines| Group {
                head: Head {
                    label: self
                        .verdict(lines[0].change.unwrap_or(verdict), a, b)
                        .into(),
                    ..Head::default()
                },
                lines: lines.to_vec(),
            });
            groups.collect::<Vec<_>>()
        });
        Table {
            kind: TableKind::Compare,
            caption: self.fill("caption-compare", &[("first", first), ("second", second)]),
            columns,
            grouped: true,
            has_groups: self.has_groups(),
            id_prefix: paths::CHANGED_ROW.into(),
            groups: Box::new(groups),
            legend: "".into(),
        }
    }

    /// Whether any row, or an area of one, keeps its owner on other terms.
    pub fn terms_differ(&self, a: ModelIx, b: ModelIx) -> bool {
        self.changes(a, b).any(|change| {
            let areas = change.areas();
            let mut all = areas.iter().map(|(_, change)| change).chain([&change]);
            all.any(Change::is_on_other_terms)
        })
    }

    /// A line for a row, and one for each area that one of the models divides it into.
    fn compare_lines(
        &self,
        row_change: Change<'a>,
        models: [ModelIx; 2],
        lists_tasks: bool,
    ) -> Vec<Line<'a>> {
        let row = row_change.row;
        let mut whole = self.compare_line(
            &row_change,
            row_change.all_tasks(self.document),
            lists_tasks,
        );
        for (cell, model) in whole.cells.iter_mut().zip(models) {
            cell.extend(self.unlisted_reason(row, model));
        }
        let areas = row_change.areas().into_iter().map(|(area, change)| {
            let tasks = change.tasks_in_area(&row_change, self.document);
            let line = self.compare_line(&change, tasks, lists_tasks);
            Line {
                id: None,
                area: Some(self.area_id(area)),
                head: Head {
                    label: self.in_area(&row.label, area),
                    blocks: Vec::new(),
                    ..line.head
                },
                ..line
            }
        });
        std::iter::once(whole).chain(areas).collect()
    }

    fn compare_line(
        &self,
        change: &Change<'a>,
        tasks: Vec<TaskChange<'a>>,
        lists_tasks: bool,
    ) -> Line<'a> {
        let row = change.row;
        let words = if tasks.is_empty() {
            self.strings.get("tasks-none").into()
        } else if compare::tasks_differ(&tasks) {
            match compare::equal_tasks(&tasks) {
                0 => self.strings.get("tasks-differ-all").into(),
                equal => {
                    let [equal, all] = [equal, compare::all_tasks(&tasks)].map(|n| n.to_string());
                    self.fill("tasks-differ", &[("equal", &equal), ("all", &all)])
                }
            }
        } else {
            self.strings.get("tasks-same").into()
        };
        let mut told = match lists_tasks {
            true => vec![Block::Words(words)],
            false => Vec::new(),
        };
        if change.is_on_other_terms() {
            told.push(Block::Change {
                change: "terms",
                text: self.strings.get("terms-differ").into(),
            });
        }
        Line {
            id: Some(&row.id),
            row: Some(&row.id),
            model: None,
            area: None,
            group: row.group.as_ref(),
            owner: None,
            change: Some(change.verdict),
            head: Head {
                label: Cow::Borrowed(&row.label),
                link: Some(match lists_tasks {
                    // The row's tasks are further down on the same page.
                    true => SiteLink {
                        page: None,
                        fragment: &row.id,
                    },
                    false => row_link(&paths::category(&change.category.id).into(), row),
                }),
                blocks: self.of_category(change.category, row),
                ..Head::default()
            },
            cells: vec![
                self.owner_and_terms(change.first),
                self.owner_and_terms(change.second),
                told,
            ],
        }
    }
}
