//! The table of the owners in two models, grouped by what changes. Tasks are in
//! `tasks`.

use std::borrow::Cow;

use crate::model::ModelIx;
use crate::model::compare::{self, Change, Verdict};
use crate::tables::Tables;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Group, Head, Line, SiteLink, Table};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// Who is responsible in two models. Each kind of change is a group: moves first,
    /// then rows in one model only, then rows that stay.
    pub fn compare(self, a: ModelIx, b: ModelIx) -> Table<'a> {
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        let columns = vec![
            self.word_column(ColumnKind::Group, "change"),
            self.word_column(ColumnKind::Row, "responsibility"),
            self.model_column(a),
            self.model_column(b),
            self.word_column(ColumnKind::Change, "tasks"),
        ];
        let groups = Verdict::ALL.iter().filter_map(move |&verdict| {
            let lines: Vec<Line> = self
                .changes(a, b)
                .filter(|c| c.verdict == verdict)
                .map(|change| self.compare_line(change))
                .collect();
            (!lines.is_empty()).then(|| Group {
                head: Head {
                    label: self.verdict(verdict, a, b).into(),
                    ..Head::default()
                },
                lines,
            })
        });
        Table {
            kind: TableKind::Compare,
            caption: self.fill("caption-compare", &[("first", first), ("second", second)]),
            columns,
            grouped: true,
            id_prefix: paths::CHANGED_ROW.into(),
            groups: Box::new(groups),
        }
    }

    fn compare_line(&self, change: Change<'a>) -> Line<'a> {
        let row = change.row;
        let tasks = change.tasks(self.document);
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
        let mut told = vec![Block::Words(words)];
        if change.verdict == Verdict::Same && change.terms_differ() {
            told.push(Block::Words(self.strings.get("terms-differ").into()));
        }
        Line {
            id: Some(&row.id),
            model: None,
            owner: None,
            change: Some(change.verdict),
            head: Head {
                label: Cow::Borrowed(&row.label),
                // This leads to the row's tasks, further down on the same page.
                link: Some(SiteLink {
                    page: None,
                    fragment: &row.id,
                }),
                ..Head::default()
            },
            cells: vec![
                self.owner_and_terms(row, change.first),
                self.owner_and_terms(row, change.second),
                told,
            ],
        }
    }
}
