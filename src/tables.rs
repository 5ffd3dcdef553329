//! The tables of a document: which columns, lines and words each of them has.
//! The only road from data to a table.

use std::collections::BTreeSet;

use crate::badge::{Badge, Owner};
use crate::compare::{Change, Verdict};
use crate::diag::Code;
use crate::model::{Category, Cell, Controls, Document, ModelIx, Ownership, PartyIx, Row, Task};
use crate::strings::Strings;
use crate::table::{Block, Column, Group, Head, Item, Line, Remark, Table};
use crate::tree::Text;

/// Builds tables from a document.
pub struct Tables<'a> {
    pub document: &'a Document,
    pub strings: &'a Strings,
}

/// Paths in the site.
pub fn model_path(document: &Document, model: ModelIx) -> String {
    format!("models/{}.html", document.models[model].id)
}

/// Path of a category's page.
pub fn category_path(category: &Category) -> String {
    format!("categories/{}.html", category.id)
}

/// Path of a party's page.
pub fn party_path(document: &Document, party: PartyIx) -> String {
    format!("parties/{}.html", document.parties[party].id)
}

impl Tables<'_> {
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
        let cells = self.document.rows().flat_map(|(_, row)| {
            models
                .clone()
                .into_iter()
                .filter_map(|m| row.cells[m].as_ref())
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

    fn column(&self, kind: &'static str, label: &str) -> Column {
        Column {
            label: label.to_string(),
            kind,
        }
    }

    fn word_column(&self, kind: &'static str, key: &str) -> Column {
        self.column(kind, self.strings.get(key))
    }

    /// Who is responsible in a model, a line a row, each linked to its tasks.
    pub fn summary(&self, model: ModelIx) -> Table {
        let parties = self.parties_in(model);
        let label = &self.document.models[model].label;
        let facts = &self.document.models[model];
        let mut columns = vec![
            self.word_column("group", "category"),
            self.word_column("row", "responsibility"),
            self.word_column("owner", "owner"),
        ];
        columns.extend(
            parties
                .iter()
                .map(|p| self.column("party", self.document.party_label(*p, Some(model)))),
        );
        let page = model_path(self.document, model);
        Table {
            kind: "summary",
            caption: facts
                .summary_caption
                .clone()
                .unwrap_or_else(|| self.strings.fill("caption-summary", &[("model", label)])),
            columns,
            groups: self.groups(model, |row, cell| Line {
                id: Some(format!("srm-summary-{}", row.id)),
                owner: Some(Owner::of(self.document, Some(cell))),
                change: None,
                head: Head {
                    label: row.label_in(Some(model)).to_string(),
                    link: Some(format!("{page}#{}", row.id)),
                    ..Head::default()
                },
                cells: std::iter::once(vec![self.badge(Some(cell))])
                    .chain(parties.iter().map(|p| vec![self.summary_cell(cell, *p)]))
                    .collect(),
            }),
        }
    }

    /// What a party's cell says in a summary: the printed words, else whether
    /// the party is responsible.
    fn summary_cell(&self, cell: &Cell, party: PartyIx) -> Block {
        if let Some((_, words)) = cell.summary.iter().find(|(p, _)| *p == party) {
            return Block::Words(words.value.clone());
        }
        let key = match &cell.ownership {
            Ownership::Parties(parties) if parties.contains(&party) => "mark-yes",
            Ownership::NotApplicable(_) => "owner-not-applicable",
            Ownership::ByAgreement(_) => "owner-by-agreement",
            _ => "mark-no",
        };
        Block::Mark {
            yes: key == "mark-yes",
            text: self.strings.get(key).to_string(),
        }
    }

    /// The tasks of a model, a line a row, a column a party.
    pub fn detail(&self, model: ModelIx) -> Table {
        let parties = self.parties_in(model);
        let facts = &self.document.models[model];
        let mut columns = vec![
            self.word_column("group", "category"),
            self.word_column("row", "responsibility"),
        ];
        columns.extend(
            parties
                .iter()
                .map(|p| self.column("party", self.document.party_label(*p, Some(model)))),
        );
        Table {
            kind: "detail",
            caption: facts.detail_caption.clone().unwrap_or_else(|| {
                self.strings
                    .fill("caption-detail", &[("model", &facts.label)])
            }),
            columns,
            groups: self.groups(model, |row, cell| Line {
                id: Some(row.id.clone()),
                owner: Some(Owner::of(self.document, Some(cell))),
                change: None,
                head: self.row_head(row, Some(model), Some(cell)),
                cells: parties.iter().map(|p| self.tasks_cell(cell, *p)).collect(),
            }),
        }
    }

    /// Groups by category of the rows a model lists.
    fn groups(&self, model: ModelIx, line: impl Fn(&Row, &Cell) -> Line) -> Vec<Group> {
        self.document
            .categories
            .iter()
            .filter_map(|category| {
                let lines: Vec<Line> = category
                    .rows
                    .iter()
                    .filter_map(|row| row.cells[model].as_ref().map(|cell| line(row, cell)))
                    .collect();
                (!lines.is_empty()).then(|| Group {
                    head: Head {
                        label: category.label_in(Some(model)).to_string(),
                        link: Some(category_path(category)),
                        ..Head::default()
                    },
                    lines,
                })
            })
            .collect()
    }

    /// A category's rows, each with one line a model.
    pub fn category(&self, category: &Category) -> Table {
        let models = 0..self.document.models.len();
        let used: BTreeSet<PartyIx> = category
            .rows
            .iter()
            .flat_map(|r| r.cells.iter().flatten())
            .flat_map(|c| {
                let tasks = c.tasks.iter().map(|(p, _)| *p);
                let texts = c.scope.iter().chain(&c.conditional).map(|(p, _)| *p);
                let parties = c.ownership.parties().iter().copied();
                parties.chain(tasks).chain(texts)
            })
            .collect();
        let mut columns = vec![
            self.word_column("group", "responsibility"),
            self.word_column("row", "model"),
            self.word_column("owner", "owner"),
        ];
        columns.extend(
            used.iter()
                .map(|p| self.column("party", self.document.party_label(*p, None))),
        );
        let groups = category
            .rows
            .iter()
            .map(|row| Group {
                head: self.row_head(row, None, None),
                lines: models
                    .clone()
                    .map(|m| {
                        let cell = row.cells[m].as_ref();
                        Line {
                            id: None,
                            owner: Some(Owner::of(self.document, cell)),
                            change: None,
                            head: self.model_head(row, m),
                            cells: self.category_cells(row, cell, used.iter().copied()),
                        }
                    })
                    .collect(),
            })
            .collect();
        Table {
            kind: "category",
            caption: self
                .strings
                .fill("caption-category", &[("category", &category.label)]),
            columns,
            groups,
        }
    }

    fn category_cells(
        &self,
        row: &Row,
        cell: Option<&Cell>,
        parties: impl Iterator<Item = PartyIx>,
    ) -> Vec<Vec<Block>> {
        let mut owner = vec![self.badge(cell)];
        match cell {
            Some(cell) => owner.extend(self.remarks(cell)),
            None => owner.extend(self.only_in_reason(row)),
        }
        let nothing = || {
            vec![Block::Nothing(
                self.strings.get("owner-not-listed").to_string(),
            )]
        };
        std::iter::once(owner)
            .chain(parties.map(|p| cell.map_or_else(nothing, |c| self.tasks_cell(c, p))))
            .collect()
    }

    fn model_head(&self, row: &Row, model: ModelIx) -> Head {
        let page = model_path(self.document, model);
        let printed = row.label_in(Some(model));
        let listed = row.cells[model].is_some();
        let own_name = (listed && printed != row.label).then(|| Block::Words(printed.to_string()));
        Head {
            label: self.document.models[model].label.clone(),
            link: Some(if listed {
                format!("{page}#{}", row.id)
            } else {
                page
            }),
            blocks: own_name.into_iter().collect(),
            ..Head::default()
        }
    }

    /// Who owns what in several models, a column a model.
    pub fn matrix(&self) -> Table {
        let models = 0..self.document.models.len();
        let mut columns = vec![
            self.word_column("group", "category"),
            self.word_column("row", "responsibility"),
        ];
        columns.extend(
            self.document
                .models
                .iter()
                .map(|m| self.column("model", &m.label)),
        );
        Table {
            kind: "matrix",
            caption: self.strings.get("caption-matrix").to_string(),
            columns,
            groups: self
                .document
                .categories
                .iter()
                .filter(|c| !c.rows.is_empty())
                .map(|category| Group {
                    head: Head {
                        label: category.label.clone(),
                        link: Some(category_path(category)),
                        ..Head::default()
                    },
                    lines: category
                        .rows
                        .iter()
                        .map(|row| Line {
                            id: Some(row.id.clone()),
                            owner: None,
                            change: None,
                            head: Head {
                                label: row.label.clone(),
                                link: Some(format!("{}#{}", category_path(category), row.id)),
                                ..Head::default()
                            },
                            cells: models
                                .clone()
                                .map(|m| vec![self.badge(row.cells[m].as_ref())])
                                .collect(),
                        })
                        .collect(),
                })
                .collect(),
        }
    }

    /// Who owns what in two models. Moves come first, then rows in one model
    /// only, then the rest; each kind is a group.
    pub fn compare(&self, a: ModelIx, b: ModelIx, changes: &[Change]) -> Table {
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        let columns = vec![
            self.word_column("group", "change"),
            self.word_column("row", "responsibility"),
            self.column("model", first),
            self.column("model", second),
            self.word_column("change", "tasks"),
        ];
        let verdicts = [
            Verdict::Moved,
            Verdict::OnlyA,
            Verdict::OnlyB,
            Verdict::Same,
        ];
        let groups = verdicts
            .into_iter()
            .filter_map(|verdict| {
                let lines: Vec<Line> = changes
                    .iter()
                    .filter(|c| c.verdict == verdict)
                    .map(|change| self.compare_line(change, a, b))
                    .collect();
                (!lines.is_empty()).then(|| Group {
                    head: Head {
                        label: self.verdict(verdict, a, b),
                        link: None,
                        ..Head::default()
                    },
                    lines,
                })
            })
            .collect();
        Table {
            kind: "compare",
            caption: self
                .strings
                .fill("caption-compare", &[("first", first), ("second", second)]),
            columns,
            groups,
        }
    }

    fn compare_line(&self, change: &Change, a: ModelIx, b: ModelIx) -> Line {
        let row = self.row(change);
        let tasks = if change.tasks.is_empty() {
            self.strings.get("tasks-none").to_string()
        } else if change.tasks_differ() {
            let equal = change.equal_tasks().to_string();
            self.strings.fill("tasks-differ", &[("equal", &equal)])
        } else {
            self.strings.get("tasks-same").to_string()
        };
        Line {
            id: Some(format!("srm-change-{}", row.id)),
            owner: None,
            change: Some(change.verdict),
            head: Head {
                label: row.label.clone(),
                link: Some(format!("{}#{}", self.compare_path(a, b), row.id)),
                ..Head::default()
            },
            cells: vec![
                vec![self.badge(row.cells[a].as_ref())],
                vec![self.badge(row.cells[b].as_ref())],
                vec![Block::Words(tasks)],
            ],
        }
    }

    /// Path of the page that compares two models.
    pub fn compare_path(&self, a: ModelIx, b: ModelIx) -> String {
        let [a, b] = [a, b].map(|m| &self.document.models[m].id);
        format!("compare/{a}-vs-{b}.html")
    }

    /// A verdict in words, with the models' names.
    pub fn verdict(&self, verdict: Verdict, a: ModelIx, b: ModelIx) -> String {
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        self.strings.fill(
            &format!("change-{}", verdict.word()),
            &[("first", first), ("second", second)],
        )
    }

    /// The row a change is about.
    pub fn row(&self, change: &Change) -> &Row {
        &self.document.categories[change.category].rows[change.row]
    }

    /// Tasks of two models side by side, a line a party, grouped by row.
    pub fn compare_tasks(&self, a: ModelIx, b: ModelIx, changes: &[Change]) -> Table {
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        let columns = vec![
            self.word_column("group", "responsibility"),
            self.word_column("row", "party"),
            self.column("model", first),
            self.column("model", second),
        ];
        let groups = changes
            .iter()
            .map(|change| {
                let row = self.row(change);
                let category = &self.document.categories[change.category];
                let mut lines: Vec<Line> = change
                    .tasks
                    .iter()
                    .map(|tasks| {
                        let side = |model: ModelIx, list: &[(Task, bool)]| {
                            self.compared_tasks(row.cells[model].as_ref(), list, tasks.party)
                        };
                        Line {
                            id: None,
                            owner: None,
                            change: None,
                            head: Head {
                                label: self.document.party_label(tasks.party, None).to_string(),
                                ..Head::default()
                            },
                            cells: vec![side(a, &tasks.first), side(b, &tasks.second)],
                        }
                    })
                    .collect();
                if lines.is_empty() {
                    let nothing = self.strings.get("tasks-none").to_string();
                    lines.push(Line {
                        id: None,
                        owner: None,
                        change: None,
                        head: Head {
                            label: self.strings.get("all-parties").to_string(),
                            ..Head::default()
                        },
                        cells: vec![
                            vec![Block::Nothing(nothing.clone())],
                            vec![Block::Nothing(nothing)],
                        ],
                    });
                }
                let mut names: Vec<&str> = [a, b]
                    .into_iter()
                    .filter(|m| row.cells[*m].is_some())
                    .map(|m| row.label_in(Some(m)))
                    .collect();
                names.dedup();
                let mut blocks = vec![Block::Change {
                    verdict: change.verdict,
                    text: self.verdict(change.verdict, a, b),
                }];
                if names.len() > 1 {
                    let printed = names.join(" / ");
                    blocks.push(Block::Remark {
                        kind: "names",
                        label: self.strings.get("printed-as").to_string(),
                        text: Remark::Plain(printed),
                    });
                }
                Group {
                    head: Head {
                        label: row.label.clone(),
                        link: Some(format!("{}#{}", category_path(category), row.id)),
                        blocks,
                        ..Head::default()
                    },
                    lines,
                }
            })
            .collect();
        Table {
            kind: "tasks",
            caption: self
                .strings
                .fill("caption-tasks", &[("first", first), ("second", second)]),
            columns,
            groups,
        }
    }

    fn compared_tasks(
        &self,
        cell: Option<&Cell>,
        list: &[(Task, bool)],
        party: PartyIx,
    ) -> Vec<Block> {
        let Some(cell) = cell else {
            return vec![Block::Nothing(
                self.strings.get("owner-not-listed").to_string(),
            )];
        };
        if list.is_empty() {
            return self.tasks_cell(cell, party);
        }
        let items = list
            .iter()
            .map(|(task, equal)| Item {
                equal: Some(*equal),
                mark: Some(
                    self.strings
                        .get(if *equal { "task-same" } else { "task-differs" })
                        .to_string(),
                ),
                ..self.item(task)
            })
            .collect();
        vec![Block::Tasks(items)]
    }

    /// What is a party's in one model.
    pub fn checklist(&self, party: PartyIx, model: ModelIx) -> Table {
        let facts = &self.document.models[model];
        let page = model_path(self.document, model);
        let groups = self
            .document
            .categories
            .iter()
            .filter_map(|category| {
                let lines: Vec<Line> = category
                    .rows
                    .iter()
                    .filter_map(|row| {
                        let involved = |cell: &Option<Cell>| {
                            cell.as_ref().is_some_and(|c| {
                                c.ownership.parties().contains(&party)
                                    || !c.tasks_of(party).is_empty()
                            })
                        };
                        let cell = row.cells[model].as_ref()?;
                        // The page shows a row once a model; the first of
                        // them is what a link to the row finds.
                        let first = !row.cells[..model].iter().any(involved);
                        involved(&row.cells[model]).then(|| Line {
                            id: Some(format!("{}--{}", facts.id, row.id)),
                            owner: Some(Owner::of(self.document, Some(cell))),
                            change: None,
                            head: Head {
                                label: row.label_in(Some(model)).to_string(),
                                link: Some(format!("{page}#{}", row.id)),
                                anchor: first.then(|| row.id.clone()),
                                ..Head::default()
                            },
                            cells: vec![vec![self.badge(Some(cell))], self.tasks_cell(cell, party)],
                        })
                    })
                    .collect();
                (!lines.is_empty()).then(|| Group {
                    head: Head {
                        label: category.label_in(Some(model)).to_string(),
                        link: Some(category_path(category)),
                        ..Head::default()
                    },
                    lines,
                })
            })
            .collect();
        let name = self.document.party_label(party, Some(model));
        Table {
            kind: "checklist",
            caption: self.strings.fill(
                "caption-checklist",
                &[("party", name), ("model", &facts.label)],
            ),
            columns: vec![
                self.word_column("group", "category"),
                self.word_column("row", "responsibility"),
                self.word_column("owner", "owner"),
                self.word_column("party", "tasks"),
            ],
            groups,
        }
    }

    /// The badge of a cell as a block.
    pub fn badge(&self, cell: Option<&Cell>) -> Block {
        Block::Badge(Badge::new(self.document, cell, self.strings))
    }

    fn item(&self, task: &Task) -> Item {
        Item {
            task: task.clone(),
            equal: None,
            mark: None,
            controls: self.control_names(&task.controls),
        }
    }

    /// A party's tasks in a cell, or why there are none.
    fn tasks_cell(&self, cell: &Cell, party: PartyIx) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (list, kind, key) in [
            (&cell.scope, "scope", "scope"),
            (&cell.conditional, "condition", "condition"),
        ] {
            if let Some((_, text)) = list.iter().find(|(p, _)| *p == party) {
                blocks.push(Block::Remark {
                    kind,
                    label: self.strings.get(key).to_string(),
                    text: Remark::Markdown(text.clone()),
                });
            }
        }
        let tasks = cell.tasks_of(party);
        if tasks.is_empty() {
            let responsible = cell.ownership.parties().contains(&party);
            let key = match &cell.ownership {
                Ownership::NotApplicable(_) => "owner-not-applicable",
                Ownership::ByAgreement(_) => "owner-by-agreement",
                _ if responsible => "no-tasks-listed",
                _ => "no-tasks",
            };
            blocks.push(Block::Nothing(self.strings.get(key).to_string()));
        } else {
            blocks.push(Block::Tasks(tasks.iter().map(|t| self.item(t)).collect()));
        }
        blocks
    }

    /// A row's heading with its badge, remarks and notes.
    fn row_head(&self, row: &Row, model: Option<ModelIx>, cell: Option<&Cell>) -> Head {
        let mut blocks = Vec::new();
        if let Some(cell) = cell {
            blocks.push(self.badge(Some(cell)));
        }
        if let Some(text) = &row.description {
            blocks.push(Block::Markdown(text.clone()));
        }
        let controls = self.control_names(&row.controls);
        if !controls.is_empty() {
            blocks.push(Block::Remark {
                kind: "controls",
                label: self.strings.get("controls").to_string(),
                text: Remark::Plain(controls.join(", ")),
            });
        }
        if let Some(cell) = cell {
            blocks.extend(self.remarks(cell));
        }
        blocks.extend(row.notes.iter().map(|note| self.note(note)));
        Head {
            label: row.label_in(model).to_string(),
            link: Some(format!("#{}", row.id)),
            blocks,
            ..Head::default()
        }
    }

    fn note(&self, note: &Text) -> Block {
        Block::Remark {
            kind: "note",
            label: self.strings.get("note").to_string(),
            text: Remark::Markdown(note.clone()),
        }
    }

    /// Reason of a state, roles, cadence, notes, and acknowledged
    /// contradictions with the author's reason.
    fn remarks(&self, cell: &Cell) -> Vec<Block> {
        let plain = |kind, key: &str, text: String| Block::Remark {
            kind,
            label: self.strings.get(key).to_string(),
            text: Remark::Plain(text),
        };
        let mut blocks = Vec::new();
        if let Ownership::NotApplicable(Some(reason)) | Ownership::ByAgreement(Some(reason)) =
            &cell.ownership
        {
            blocks.push(plain("reason", "reason", reason.clone()));
        }
        if cell.ownership == Ownership::Unassigned
            && let Some(catch_all) = &self.document.catch_all
        {
            blocks.push(Block::Remark {
                kind: "catch-all",
                label: self.strings.get("catch-all").to_string(),
                text: Remark::Markdown(catch_all.text.clone()),
            });
        }
        for (role, parties) in &cell.roles {
            let names: Vec<&str> = parties
                .iter()
                .map(|p| self.document.party_label(*p, None))
                .collect();
            blocks.push(plain("role", &format!("role-{role}"), names.join(", ")));
        }
        if let Some(cadence) = &cell.cadence {
            blocks.push(plain("cadence", "cadence", cadence.clone()));
        }
        blocks.extend(cell.notes.iter().map(|note| self.note(note)));
        let shown = [Code::TasksWithoutResponsibility, Code::SummaryContradicts];
        let mut reasons: Vec<&str> = Vec::new();
        for ack in cell.acknowledge.iter().filter(|a| shown.contains(&a.code)) {
            if !reasons.contains(&ack.reason.as_str()) {
                reasons.push(&ack.reason);
                blocks.push(plain("acknowledged", "acknowledged", ack.reason.clone()));
            }
        }
        blocks
    }

    fn only_in_reason(&self, row: &Row) -> Option<Block> {
        let reason = row.only_in.as_ref()?.reason.clone()?;
        Some(Block::Remark {
            kind: "reason",
            label: self.strings.get("reason").to_string(),
            text: Remark::Plain(reason),
        })
    }

    /// Controls as readers know them: `SOC 2 CC6.1`.
    pub fn control_names(&self, controls: &[Controls]) -> Vec<String> {
        controls
            .iter()
            .flat_map(|c| {
                let framework = &self.document.frameworks[c.framework].label;
                c.ids.iter().map(move |id| format!("{framework} {id}"))
            })
            .collect()
    }
}
