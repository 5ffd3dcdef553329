//! The tables of a document: which columns, lines and words each of them has.
//! The only road from data to a table.

pub mod answers;
pub mod formats;
pub mod html;
pub mod query;
pub mod styled_text;
pub mod table;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::findings::diag::Code;
use crate::input::tree::Text;
use crate::model::compare::{self, Change, Verdict};
use crate::model::owner::{Badge, Owner, count};
use crate::model::{Category, Cell, Controls, Document, ModelIx, Ownership, PartyIx, Row, Task};
use crate::tables::table::{
    Block, Column, Control, Group, Head, Item, Line, Link, Remark, Table, join_controls,
};
use crate::text::strings::Strings;

/// Builds tables from a document.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    pub document: &'a Document,
    pub strings: &'a Strings,
    /// Ids of the rows that are shown; `None` for all of them.
    pub only: Option<&'a HashSet<&'a str>>,
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

/// Path of the page that compares the models with these ids.
pub fn compare_page(first: &str, second: &str) -> String {
    format!("compare/{first}-vs-{second}.html")
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

    /// A category's rows that are shown.
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

    fn word_column(&self, kind: &'static str, key: &'static str) -> Column<'a> {
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
            kind: "model",
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
            kind: "party",
        })
    }

    /// Who is responsible in a model, a line a row, each linked to its tasks.
    pub fn summary(self, model: ModelIx) -> Table<'a> {
        let parties = self.parties_in(model);
        let facts = &self.document.models[model];
        let mut columns = vec![
            self.word_column("group", "category"),
            self.word_column("row", "responsibility"),
            self.word_column("owner", "owner"),
        ];
        columns.extend(self.party_columns(&parties, Some(model)));
        let page: Arc<str> = model_path(self.document, model).into();
        let line = move |row: &'a Row, cell: &'a Cell| Line {
            id: Some(&row.id),
            model: None,
            owner: Some(Owner::of(self.document, Some(cell))),
            change: None,
            head: Head {
                label: row.label_in(Some(model)).into(),
                link: Some(row_link(&page, row)),
                ..Head::default()
            },
            cells: std::iter::once(vec![self.badge(Some(cell))])
                .chain(parties.iter().map(|p| vec![self.summary_cell(cell, *p)]))
                .collect(),
        };
        Table {
            kind: "summary",
            caption: match &facts.summary_caption {
                Some(caption) => caption.into(),
                None => self.fill("caption-summary", &[("model", &facts.label)]),
            },
            columns,
            grouped: true,
            id_prefix: "srm-summary-".into(),
            groups: self.groups(model, line),
        }
    }

    /// What a party's cell says in a summary: the printed words, else whether
    /// the party is responsible.
    fn summary_cell(&self, cell: &'a Cell, party: PartyIx) -> Block<'a> {
        if let Some((_, words)) = cell.summary.iter().find(|(p, _)| *p == party) {
            return Block::Words(Cow::Borrowed(&words.value));
        }
        let key = match &cell.ownership {
            Ownership::Parties(parties) if parties.contains(&party) => "mark-yes",
            Ownership::NotApplicable(_) => "owner-not-applicable",
            Ownership::ByAgreement(_) => "owner-by-agreement",
            _ => "mark-no",
        };
        Block::Mark {
            yes: key == "mark-yes",
            text: self.strings.get(key),
        }
    }

    /// The tasks of a model, a line a row, a column a party.
    pub fn detail(self, model: ModelIx) -> Table<'a> {
        let parties = self.parties_in(model);
        let facts = &self.document.models[model];
        let mut columns = vec![
            self.word_column("group", "category"),
            self.word_column("row", "responsibility"),
        ];
        columns.extend(self.party_columns(&parties, Some(model)));
        let line = move |row: &'a Row, cell: &'a Cell| Line {
            id: Some(&row.id),
            model: None,
            owner: Some(Owner::of(self.document, Some(cell))),
            change: None,
            head: self.row_head(row, Some(model), Some(cell)),
            cells: parties.iter().map(|p| self.tasks_cell(cell, *p)).collect(),
        };
        Table {
            kind: "detail",
            caption: match &facts.detail_caption {
                Some(caption) => caption.into(),
                None => self.fill("caption-detail", &[("model", &facts.label)]),
            },
            columns,
            grouped: true,
            id_prefix: "".into(),
            groups: self.groups(model, line),
        }
    }

    /// Groups by category of the rows a model lists.
    fn groups(
        self,
        model: ModelIx,
        line: impl Fn(&'a Row, &'a Cell) -> Line<'a> + Send + 'a,
    ) -> Box<dyn Iterator<Item = Group<'a>> + Send + 'a> {
        let listed = move |row: &'a Row| Some(line(row, row.cells[model].as_ref()?));
        Box::new(self.document.categories.iter().filter_map(move |category| {
            let lines: Vec<Line> = self.rows_of(category).filter_map(&listed).collect();
            (!lines.is_empty()).then(|| Group {
                head: category_head(category, Some(model)),
                lines,
            })
        }))
    }

    /// A category's rows, each with one line a model.
    pub fn category(self, category: &'a Category) -> Table<'a> {
        let used: BTreeSet<PartyIx> = self
            .rows_of(category)
            .flat_map(|r| r.cells.iter().flatten())
            .flat_map(|c| {
                let tasks = c.tasks.iter().map(|(p, _)| *p);
                let texts = c.scope.iter().chain(&c.conditional).map(|(p, _)| *p);
                let parties = c.ownership.parties().iter().copied();
                parties.chain(tasks).chain(texts)
            })
            .collect();
        let used: Vec<PartyIx> = used.into_iter().collect();
        let mut columns = vec![
            self.word_column("group", "responsibility"),
            self.word_column("row", "model"),
            self.word_column("owner", "owner"),
        ];
        columns.extend(self.party_columns(&used, None));
        let pages: Vec<Arc<str>> = (0..self.document.models.len())
            .map(|m| model_path(self.document, m).into())
            .collect();
        let line = move |row: &'a Row, m: ModelIx| {
            let cell = row.cells[m].as_ref();
            Line {
                id: None,
                model: Some(&self.document.models[m].id),
                owner: Some(Owner::of(self.document, cell)),
                change: None,
                head: self.model_head(row, m, &pages[m]),
                cells: self.category_cells(row, cell, &used),
            }
        };
        let groups = self.rows_of(category).map(move |row| Group {
            head: self.row_head(row, None, None),
            lines: (0..self.document.models.len())
                .map(|m| line(row, m))
                .collect(),
        });
        Table {
            kind: "category",
            caption: self.fill("caption-category", &[("category", &category.label)]),
            columns,
            grouped: true,
            id_prefix: "".into(),
            groups: Box::new(groups),
        }
    }

    fn category_cells(
        &self,
        row: &'a Row,
        cell: Option<&'a Cell>,
        parties: &[PartyIx],
    ) -> Vec<Vec<Block<'a>>> {
        let mut owner = vec![self.badge(cell)];
        match cell {
            Some(cell) => self.remarks(cell, &mut owner),
            None => owner.extend(self.only_in_reason(row)),
        }
        let tasks = |party: &PartyIx| match cell {
            Some(cell) => self.tasks_cell(cell, *party),
            None => vec![self.nothing("owner-not-listed")],
        };
        std::iter::once(owner)
            .chain(parties.iter().map(tasks))
            .collect()
    }

    fn model_head(&self, row: &'a Row, model: ModelIx, page: &Arc<str>) -> Head<'a> {
        let printed = row.label_in(Some(model));
        let listed = row.cells[model].is_some();
        let own_name = (listed && printed != row.label).then(|| Block::Words(printed.into()));
        Head {
            label: Cow::Borrowed(&self.document.models[model].label),
            link: Some(Link {
                page: Some(page.clone()),
                fragment: if listed { &row.id } else { "" },
            }),
            blocks: own_name.into_iter().collect(),
            ..Head::default()
        }
    }

    /// Who owns what in several models, a column a model.
    pub fn matrix(self) -> Table<'a> {
        let mut columns = vec![
            self.word_column("group", "category"),
            self.word_column("row", "responsibility"),
        ];
        columns.extend((0..self.document.models.len()).map(|m| self.model_column(m)));
        let categories = self.document.categories.iter();
        let groups = categories
            .filter(move |c| self.rows_of(c).next().is_some())
            .map(move |category| {
                let page: Arc<str> = category_path(category).into();
                let line = |row: &'a Row| Line {
                    id: Some(&row.id),
                    model: None,
                    owner: None,
                    change: None,
                    head: Head {
                        label: Cow::Borrowed(&row.label),
                        link: Some(row_link(&page, row)),
                        ..Head::default()
                    },
                    cells: row
                        .cells
                        .iter()
                        .map(|cell| vec![self.badge(cell.as_ref())])
                        .collect(),
                };
                Group {
                    head: category_head(category, None),
                    lines: self.rows_of(category).map(line).collect(),
                }
            });
        Table {
            kind: "matrix",
            caption: self.strings.get("caption-matrix").into(),
            columns,
            grouped: true,
            id_prefix: "".into(),
            groups: Box::new(groups),
        }
    }

    /// Who owns what in two models. Moves come first, then rows in one model
    /// only, then the rest; each kind is a group.
    pub fn compare(self, a: ModelIx, b: ModelIx) -> Table<'a> {
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        let columns = vec![
            self.word_column("group", "change"),
            self.word_column("row", "responsibility"),
            self.model_column(a),
            self.model_column(b),
            self.word_column("change", "tasks"),
        ];
        let verdicts = [
            Verdict::Moved,
            Verdict::OnlyA,
            Verdict::OnlyB,
            Verdict::Same,
        ];
        let groups = verdicts.into_iter().filter_map(move |verdict| {
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
            kind: "compare",
            caption: self.fill("caption-compare", &[("first", first), ("second", second)]),
            columns,
            grouped: true,
            id_prefix: "srm-change-".into(),
            groups: Box::new(groups),
        }
    }

    /// What the rows that are shown become from one model to another.
    fn changes(&self, a: ModelIx, b: ModelIx) -> impl Iterator<Item = Change<'a>> + use<'a> {
        let tables = *self;
        compare::compare(self.document, a, b).filter(move |change| tables.shows(change.row))
    }

    fn compare_line(&self, change: Change<'a>) -> Line<'a> {
        let row = change.row;
        let tasks = change.tasks(self.document);
        let words = if tasks.is_empty() {
            self.strings.get("tasks-none").into()
        } else if compare::tasks_differ(&tasks) {
            let equal = compare::equal_tasks(&tasks).to_string();
            self.fill("tasks-differ", &[("equal", &equal)])
        } else {
            self.strings.get("tasks-same").into()
        };
        Line {
            id: Some(&row.id),
            model: None,
            owner: None,
            change: Some(change.verdict),
            head: Head {
                label: Cow::Borrowed(&row.label),
                // To the row's tasks, further down on the same page.
                link: Some(Link {
                    page: None,
                    fragment: &row.id,
                }),
                ..Head::default()
            },
            cells: vec![
                vec![self.badge(change.first)],
                vec![self.badge(change.second)],
                vec![Block::Words(words)],
            ],
        }
    }

    /// Path of the page that compares two models.
    pub fn compare_path(&self, a: ModelIx, b: ModelIx) -> String {
        let [a, b] = [a, b].map(|m| self.document.models[m].id.as_str());
        compare_page(a, b)
    }

    /// A verdict in words, with the models' names.
    pub fn verdict(&self, verdict: Verdict, a: ModelIx, b: ModelIx) -> String {
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        self.strings.fill(
            &format!("change-{}", verdict.word()),
            &[("first", first), ("second", second)],
        )
    }

    /// Tasks of two models side by side, a line a party, grouped by row.
    pub fn compare_tasks(self, a: ModelIx, b: ModelIx) -> Table<'a> {
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        let columns = vec![
            self.word_column("group", "responsibility"),
            self.word_column("row", "party"),
            self.model_column(a),
            self.model_column(b),
        ];
        let groups = self
            .changes(a, b)
            .map(move |change| self.tasks_group(change, a, b));
        Table {
            kind: "tasks",
            caption: self.fill("caption-tasks", &[("first", first), ("second", second)]),
            columns,
            grouped: true,
            id_prefix: "".into(),
            groups: Box::new(groups),
        }
    }

    fn tasks_group(&self, change: Change<'a>, a: ModelIx, b: ModelIx) -> Group<'a> {
        let Change { category, row, .. } = change;
        let verdict = change.verdict;
        let line = |label: &'a str, cells: Vec<Vec<Block<'a>>>| Line {
            id: None,
            model: None,
            owner: None,
            change: Some(verdict),
            head: Head {
                label: label.into(),
                ..Head::default()
            },
            cells,
        };
        let mut lines: Vec<Line> = change
            .tasks(self.document)
            .iter()
            .map(|tasks| {
                let party = tasks.party;
                let cells = vec![
                    self.compared_tasks(change.first, &tasks.first, party),
                    self.compared_tasks(change.second, &tasks.second, party),
                ];
                line(self.document.party_label(party, None), cells)
            })
            .collect();
        if lines.is_empty() {
            let cells = vec![
                vec![self.nothing("tasks-none")],
                vec![self.nothing("tasks-none")],
            ];
            lines.push(line(self.strings.get("all-parties"), cells));
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
            blocks.push(self.plain("names", "printed-as", names.join(" / ").into()));
        }
        Group {
            head: Head {
                label: Cow::Borrowed(&row.label),
                link: Some(row_link(&category_path(category).into(), row)),
                blocks,
                ..Head::default()
            },
            lines,
        }
    }

    fn compared_tasks(
        &self,
        cell: Option<&'a Cell>,
        list: &[(&'a Task, bool)],
        party: PartyIx,
    ) -> Vec<Block<'a>> {
        let Some(cell) = cell else {
            return vec![self.nothing("owner-not-listed")];
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
                        .get(if *equal { "task-same" } else { "task-differs" }),
                ),
                ..self.item(task)
            })
            .collect();
        vec![Block::Tasks(items)]
    }

    /// What is a party's in one model.
    pub fn checklist(self, party: PartyIx, model: ModelIx) -> Table<'a> {
        let facts = &self.document.models[model];
        let page: Arc<str> = model_path(self.document, model).into();
        let line = move |row: &'a Row| {
            let cell = involved(row, model, party)?;
            // The page shows a row once a model; the first of them is what a
            // link to the row finds.
            let first = (0..model).all(|m| involved(row, m, party).is_none());
            Some(Line {
                id: Some(&row.id),
                model: Some(&facts.id),
                owner: Some(Owner::of(self.document, Some(cell))),
                change: None,
                head: Head {
                    label: row.label_in(Some(model)).into(),
                    link: Some(row_link(&page, row)),
                    anchor: first.then_some(&row.id),
                    ..Head::default()
                },
                cells: vec![vec![self.badge(Some(cell))], self.tasks_cell(cell, party)],
            })
        };
        let categories = self.document.categories.iter();
        let groups = categories.filter_map(move |category| {
            let lines: Vec<Line> = self.rows_of(category).filter_map(&line).collect();
            (!lines.is_empty()).then(|| Group {
                head: category_head(category, Some(model)),
                lines,
            })
        });
        let name = self.document.party_label(party, Some(model));
        Table {
            kind: "checklist",
            caption: self.fill(
                "caption-checklist",
                &[("party", name), ("model", &facts.label)],
            ),
            columns: vec![
                self.word_column("group", "category"),
                self.word_column("row", "responsibility"),
                self.word_column("owner", "owner"),
                self.word_column("party", "tasks"),
            ],
            grouped: true,
            id_prefix: format!("{}--", facts.id).into(),
            groups: Box::new(groups),
        }
    }

    /// How many rows each kind of owner has, a line a model, a column a kind.
    pub fn totals(self, models: Vec<ModelIx>) -> Table<'a> {
        let counts: Vec<Vec<(Owner, usize)>> = models
            .iter()
            .map(|m| {
                let cells = self.rows().map(|(_, row)| row.cells[*m].as_ref());
                let owners: Vec<Owner> = cells.map(|c| Owner::of(self.document, c)).collect();
                count(&owners)
            })
            .collect();
        let occurs = |owner: &Owner| counts.iter().flatten().any(|(kind, _)| kind == owner);
        let kinds: Vec<Owner> = Owner::ALL.into_iter().filter(occurs).collect();
        let mut columns = vec![self.word_column("row", "model")];
        columns.extend(kinds.iter().map(|owner| Column {
            id: owner.word(),
            label: self.strings.get(owner.key()),
            kind: "count",
        }));
        let line = move |(m, counts): (&ModelIx, &Vec<(Owner, usize)>)| Line {
            id: None,
            model: None,
            owner: None,
            change: None,
            head: Head {
                label: Cow::Borrowed(&self.document.models[*m].label),
                link: Some(Link {
                    page: Some(model_path(self.document, *m).into()),
                    fragment: "",
                }),
                ..Head::default()
            },
            cells: kinds
                .iter()
                .map(|kind| {
                    let found = counts.iter().find(|(owner, _)| owner == kind);
                    let n = found.map_or(0, |(_, n)| *n).to_string();
                    vec![Block::Words(n.into())]
                })
                .collect(),
        };
        let group = Group {
            head: Head::default(),
            lines: models.iter().zip(&counts).map(line).collect(),
        };
        Table {
            kind: "totals",
            caption: self.strings.get("caption-totals").into(),
            columns,
            grouped: false,
            id_prefix: "".into(),
            groups: Box::new(std::iter::once(group)),
        }
    }

    /// How many lines [`Tables::checklist`] has.
    pub fn checklist_rows(&self, party: PartyIx, model: ModelIx) -> usize {
        self.rows()
            .filter(|(_, row)| involved(row, model, party).is_some())
            .count()
    }

    /// The badge of a cell as a block.
    fn badge(&self, cell: Option<&Cell>) -> Block<'a> {
        Block::Badge(Badge::new(self.document, cell, self.strings))
    }

    fn nothing(&self, key: &'static str) -> Block<'a> {
        Block::Nothing(self.strings.get(key))
    }

    fn fill(&self, key: &str, values: &[(&str, &str)]) -> Cow<'a, str> {
        Cow::Owned(self.strings.fill(key, values))
    }

    fn item(&self, task: &'a Task) -> Item<'a> {
        Item {
            task,
            equal: None,
            mark: None,
            controls: self.controls(&task.controls),
        }
    }

    /// A party's tasks in a cell, or why there are none.
    fn tasks_cell(&self, cell: &'a Cell, party: PartyIx) -> Vec<Block<'a>> {
        let text_of = |list: &'a [(PartyIx, Text)]| {
            let (_, text) = list.iter().find(|(p, _)| *p == party)?;
            Some(text)
        };
        let scope = text_of(&cell.scope).map(|t| self.markdown("scope", "scope", t));
        let condition =
            text_of(&cell.conditional).map(|t| self.markdown("condition", "condition", t));
        let tasks = cell.tasks_of(party);
        let last = if tasks.is_empty() {
            let responsible = cell.ownership.parties().contains(&party);
            self.nothing(match &cell.ownership {
                Ownership::NotApplicable(_) => "owner-not-applicable",
                Ownership::ByAgreement(_) => "owner-by-agreement",
                _ if responsible => "no-tasks-listed",
                _ => "no-tasks",
            })
        } else {
            Block::Tasks(tasks.iter().map(|t| self.item(t)).collect())
        };
        scope.into_iter().chain(condition).chain([last]).collect()
    }

    /// A row's heading with its badge, remarks and notes.
    fn row_head(&self, row: &'a Row, model: Option<ModelIx>, cell: Option<&'a Cell>) -> Head<'a> {
        let mut blocks = Vec::new();
        if let Some(cell) = cell {
            blocks.push(self.badge(Some(cell)));
        }
        if let Some(text) = &row.description {
            blocks.push(Block::Markdown(text));
        }
        let controls = self.controls(&row.controls);
        if !controls.is_empty() {
            let names = join_controls(&controls, ", ");
            blocks.push(self.plain("controls", "controls", names.into()));
        }
        if let Some(cell) = cell {
            self.remarks(cell, &mut blocks);
        }
        blocks.extend(row.notes.iter().map(|note| self.note(note)));
        Head {
            label: row.label_in(model).into(),
            link: Some(Link {
                page: None,
                fragment: &row.id,
            }),
            blocks,
            ..Head::default()
        }
    }

    fn plain(&self, kind: &'static str, key: &'static str, text: Cow<'a, str>) -> Block<'a> {
        Block::Remark {
            kind,
            label: self.strings.get(key).into(),
            text: Remark::Plain(text),
        }
    }

    fn markdown(&self, kind: &'static str, key: &'static str, text: &'a Text) -> Block<'a> {
        Block::Remark {
            kind,
            label: self.strings.get(key).into(),
            text: Remark::Markdown(text),
        }
    }

    fn note(&self, note: &'a Text) -> Block<'a> {
        self.markdown("note", "note", note)
    }

    /// Reason of a state, roles, cadence, notes, and acknowledged
    /// contradictions with the author's reason.
    fn remarks(&self, cell: &'a Cell, blocks: &mut Vec<Block<'a>>) {
        if let Ownership::NotApplicable(Some(reason)) | Ownership::ByAgreement(Some(reason)) =
            &cell.ownership
        {
            blocks.push(self.plain("reason", "reason", reason.into()));
        }
        if cell.ownership == Ownership::Unassigned
            && let Some(catch_all) = &self.document.catch_all
        {
            blocks.push(self.markdown("catch-all", "catch-all", &catch_all.text));
        }
        for (role, parties) in &cell.roles {
            let names: Vec<&str> = parties
                .iter()
                .map(|p| self.document.party_label(*p, None))
                .collect();
            let label = self.strings.get(&format!("role-{role}")).to_string();
            blocks.push(Block::Remark {
                kind: "role",
                label: label.into(),
                text: Remark::Plain(names.join(self.strings.get("names")).into()),
            });
        }
        if let Some(cadence) = &cell.cadence {
            blocks.push(self.plain("cadence", "cadence", cadence.into()));
        }
        blocks.extend(cell.notes.iter().map(|note| self.note(note)));
        let shown = [Code::TasksWithoutResponsibility, Code::SummaryContradicts];
        let mut reasons: Vec<&str> = Vec::new();
        for ack in cell.acknowledge.iter().filter(|a| shown.contains(&a.code)) {
            if !reasons.contains(&ack.reason.as_str()) {
                reasons.push(&ack.reason);
                let reason = Cow::Borrowed(ack.reason.as_str());
                blocks.push(self.plain("acknowledged", "acknowledged", reason));
            }
        }
    }

    fn only_in_reason(&self, row: &'a Row) -> Option<Block<'a>> {
        let reason = row.only_in.as_ref()?.reason.as_ref()?;
        Some(self.plain("reason", "reason", reason.into()))
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
fn row_link<'a>(page: &Arc<str>, row: &'a Row) -> Link<'a> {
    Link {
        page: Some(page.clone()),
        fragment: &row.id,
    }
}

/// A category as the heading of its rows, under the name a model gives it.
fn category_head(category: &Category, model: Option<ModelIx>) -> Head<'_> {
    Head {
        label: category.label_in(model).into(),
        link: Some(Link {
            page: Some(category_path(category).into()),
            fragment: "",
        }),
        ..Head::default()
    }
}

/// A row's cell in a model if a party is responsible there or has tasks.
pub fn involved(row: &Row, model: ModelIx, party: PartyIx) -> Option<&Cell> {
    let cell = row.cells[model].as_ref()?;
    let takes_part = cell.ownership.parties().contains(&party) || !cell.tasks_of(party).is_empty();
    takes_part.then_some(cell)
}
