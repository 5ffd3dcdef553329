//! The readings of all tables joined to categories, rows and cells. How they are written
//! is in `sources`.

use std::collections::{HashMap, HashSet};

use crate::import::draft::Reading;
use crate::import::facts::{CellFacts, add_to, join_to};
use crate::import::pattern::squeezed;
use crate::import::report::{CellKey, Fate, ImportReport, Point, PointKind, ReadPlace};
use crate::import::words::Words;
use crate::input::{RowWords, State, Text};
use crate::model::{id_problem, slug};

/// All that was read, in the order of the source.
#[derive(Default)]
pub struct Matrix {
    /// The categories.
    pub categories: Vec<JoinedCategory>,
}

/// A category with its rows.
pub struct JoinedCategory {
    /// Its id.
    pub id: String,
    /// Its name in each model that has it, by the model's id.
    pub labels: Vec<(String, String)>,
    /// Its rows.
    pub rows: Vec<JoinedRow>,
    /// The name by which it is found.
    name: String,
}

/// A row with its cells.
pub struct JoinedRow {
    /// Its id.
    pub id: String,
    /// Its name in each model that has it, by the model's id.
    pub labels: Vec<(String, String)>,
    /// Its group.
    pub group: Option<String>,
    /// What is said in each model, by its id.
    pub cells: Vec<JoinedCell>,
    /// The name by which it is found.
    name: String,
}

/// What is said about a row in a model.
pub struct JoinedCell {
    /// The id of the model.
    pub model: String,
    /// What is said.
    pub facts: CellFacts,
    /// What is said about areas, by their ids.
    pub areas: Vec<(String, CellFacts)>,
    origin: ReadPlace,
    cells: Vec<CellKey>,
    /// Whether it must not be written.
    is_broken: bool,
}

/// Where the last reading of a table went, so that a new row comes after it.
type Last = HashMap<(usize, usize), usize>;

/// Joins readings to a matrix.
struct Joiner<'r, 'w, 'v> {
    words: &'w Words<'v>,
    report: &'r mut ImportReport,
    matrix: Matrix,
    /// Names of one row, or of one category, and the first of each.
    rows: HashMap<String, String>,
    categories: HashMap<String, String>,
    last: Last,
    title: String,
}

fn same(lists: &[Vec<Text>]) -> HashMap<String, String> {
    let pairs = lists.iter().filter_map(|list| Some((list.first()?, list)));
    let pairs = pairs.flat_map(|(first, list)| list.iter().map(move |name| (name, first)));
    pairs
        .map(|(name, first)| (squeezed(&name.value), squeezed(&first.value)))
        .collect()
}

/// Joins the readings of all tables. Rows without a category belong to one called `title`.
pub fn join(
    readings: Vec<Reading<'_>>,
    words: &Words<'_>,
    title: &str,
    report: &mut ImportReport,
) -> Matrix {
    let mut joiner = Joiner {
        words,
        report,
        matrix: Matrix::default(),
        rows: same(&words.file.same_row),
        categories: same(&words.file.same_category),
        last: Last::new(),
        title: title.to_string(),
    };
    let (adding, owning): (Vec<_>, Vec<_>) = readings.into_iter().partition(|r| r.only_adds);
    owning.into_iter().for_each(|reading| joiner.add(reading));
    adding
        .into_iter()
        .for_each(|reading| joiner.add_tasks(reading));
    joiner.add_row_words();
    joiner.finish();
    joiner.matrix
}

impl Joiner<'_, '_, '_> {
    fn canonical(names: &HashMap<String, String>, name: &str) -> String {
        names.get(name).cloned().unwrap_or_else(|| name.to_string())
    }

    /// Adds what a table says that names owners.
    fn add(&mut self, reading: Reading<'_>) {
        let (category, row) = self.place(&reading);
        self.last.insert((reading.table, category), row);
        let row = &mut self.matrix.categories[category].rows[row];
        let found = row
            .cells
            .iter_mut()
            .find(|cell| cell.model == reading.model);
        let Some(cell) = found else {
            row.cells.push(cell_of(reading));
            return;
        };
        cell.is_broken |= reading.is_broken;
        let facts = match reading.area {
            None => &mut cell.facts,
            Some(area) => area_of(cell, area),
        };
        let contradicts =
            facts.has_owner() && reading.facts.has_owner() && !facts.has_same_owner(&reading.facts);
        if contradicts {
            let message = format!("two lines name different owners for `{}`", reading.row);
            let point = Point::at(PointKind::Conflict, &reading.origin, message);
            let help = format!("the first is at {}; it was kept", cell.origin.place);
            let point = point.row(&reading.row, Some(reading.model)).help(help);
            self.report.push(point);
            return;
        }
        facts.merge(reading.facts);
        cell.cells.extend(reading.cells);
    }

    /// The category and the row of a reading; both are made if they are new.
    fn place(&mut self, reading: &Reading<'_>) -> (usize, usize) {
        let label = reading
            .category
            .clone()
            .unwrap_or_else(|| self.title.clone());
        let name = Self::canonical(&self.categories, &label);
        let known = self.matrix.categories.iter().position(|c| c.name == name);
        let category = known.unwrap_or_else(|| {
            let id = free_id(&label, "category", &self.matrix.category_ids());
            self.matrix.categories.push(JoinedCategory {
                id,
                labels: Vec::new(),
                rows: Vec::new(),
                name,
            });
            self.matrix.categories.len() - 1
        });
        let ids = self.matrix.row_ids();
        let entry = &mut self.matrix.categories[category];
        label_of(&mut entry.labels, reading.model, &label);
        let name = Self::canonical(&self.rows, &reading.row);
        let mut rows = entry.rows.iter();
        let found = rows.position(|row| row.name == name && row.group == reading.group);
        let row = found.unwrap_or_else(|| {
            let last = self.last.get(&(reading.table, category));
            let at = last.map_or(if known.is_some() { 0 } else { entry.rows.len() }, |at| {
                at + 1
            });
            let at = match entry.rows.is_empty() {
                true => 0,
                false => at,
            };
            entry.rows.insert(
                at,
                JoinedRow {
                    id: free_id(&reading.row, "row", &ids),
                    labels: Vec::new(),
                    group: reading.group.clone(),
                    cells: Vec::new(),
                    name,
                },
            );
            for (key, last) in &mut self.last {
                *last += usize::from(key.1 == category && *last >= at);
            }
            at
        });
        label_of(&mut entry.rows[row].labels, reading.model, &reading.row);
        (category, row)
    }

    /// Adds the tasks of a table that names no owners.
    fn add_tasks(&mut self, reading: Reading<'_>) {
        let name = Self::canonical(&self.rows, &reading.row);
        let category = reading
            .category
            .as_ref()
            .map(|c| Self::canonical(&self.categories, c));
        let has = |cells: &[JoinedCell]| cells.iter().any(|cell| cell.model == reading.model);
        let mut found: Vec<(&String, &mut JoinedRow)> = Vec::new();
        for category in &mut self.matrix.categories {
            let rows = category.rows.iter_mut();
            let rows = rows.filter(|row| row.name == name && has(&row.cells));
            found.extend(rows.map(|row| (&category.name, row)));
        }
        let exact = found
            .iter()
            .position(|(name, _)| Some(*name) == category.as_ref());
        let at = match (exact, found.len()) {
            (Some(at), _) => Some(at),
            (None, 1) => Some(0),
            _ => None,
        };
        let Some(at) = at else {
            let message = format!(
                "no other table has the row `{}`, so no owner is known",
                reading.row
            );
            let point = Point::at(PointKind::Unmatched, &reading.origin, message);
            let help = "write both names to `same-row` if it is there under another name";
            self.report.push(
                point
                    .text(&reading.row)
                    .row(&reading.row, Some(reading.model))
                    .help(help),
            );
            return self.add_unassigned(reading);
        };
        let (_, row) = found.swap_remove(at);
        let cells = row.cells.iter_mut();
        for cell in cells.filter(|cell| cell.model == reading.model) {
            for (party, tasks) in &reading.facts.tasks {
                if !cell.is_broken && !cell.facts.takes_part(party) && cell.areas.is_empty() {
                    let message = format!(
                        "`{party}` has tasks in `{}` but takes no part in it",
                        reading.row
                    );
                    let point = Point::at(PointKind::Conflict, &reading.origin, message);
                    let point = point.text(&tasks.join(" ")).help("the tasks were kept");
                    self.report
                        .push(point.row(&reading.row, Some(reading.model)));
                }
            }
            cell.facts.merge(reading.facts.clone());
            cell.cells.extend(&reading.cells);
        }
    }

    fn add_unassigned(&mut self, mut reading: Reading<'_>) {
        reading.facts.state = Some(State::Unassigned);
        self.add(reading);
    }

    /// Adds what the vocabulary says about single rows.
    fn add_row_words(&mut self) {
        for (label, words) in &self.words.file.rows.0 {
            let mut is_used = false;
            let rows = self.matrix.categories.iter_mut().flat_map(|c| &mut c.rows);
            for row in rows {
                let label = squeezed(&label.value);
                let named = |name: &(String, String)| name.1 == label;
                if row.id != label && !row.labels.iter().any(named) {
                    continue;
                }
                for cell in &mut row.cells {
                    let models = &words.model.0;
                    if models.is_empty() || models.iter().any(|m| m.value == cell.model) {
                        is_used = true;
                        cell.facts.add_words(words);
                    }
                }
            }
            if !is_used {
                let message = format!("no row is called `{}`", label.value);
                self.report
                    .push(Point::of_entry(PointKind::Unused, &label.place, message));
            }
        }
    }

    /// Takes out what must not be written, and asks for owners.
    fn finish(&mut self) {
        for row in self.matrix.categories.iter_mut().flat_map(|c| &mut c.rows) {
            row.cells.retain(|cell| !cell.is_broken);
            let labels = &mut row.labels;
            labels.retain(|(model, _)| row.cells.iter().any(|cell| cell.model == *model));
            for cell in &mut row.cells {
                let fates = cell.cells.iter();
                fates.for_each(|key| self.report.count(*key, Fate::Written));
                if cell.facts.has_owner() || !cell.areas.is_empty() {
                    continue;
                }
                cell.facts.state = Some(State::Unassigned);
                let name = labels.iter().find(|(model, _)| *model == cell.model);
                let name = name.map_or("", |(_, name)| name);
                let message = format!("no party is named for `{name}`");
                let point = Point::at(PointKind::NeedsOwner, &cell.origin, message);
                self.report.push(point.row(name, Some(&cell.model)));
            }
        }
        let order = self.words.all_models();
        let at = |model: &str| order.iter().position(|known| *known == model);
        for category in &mut self.matrix.categories {
            category.rows.retain(|row| !row.cells.is_empty());
            category.labels.sort_by_key(|(model, _)| at(model));
            for row in &mut category.rows {
                row.labels.sort_by_key(|(model, _)| at(model));
                row.cells.sort_by_key(|cell| at(&cell.model));
            }
            let rows = &category.rows;
            let has = |model: &str| {
                rows.iter()
                    .any(|row| row.cells.iter().any(|c| c.model == model))
            };
            category.labels.retain(|(model, _)| has(model));
        }
        self.matrix
            .categories
            .retain(|category| !category.rows.is_empty());
    }
}

fn cell_of(reading: Reading<'_>) -> JoinedCell {
    let (facts, areas) = match reading.area {
        None => (reading.facts, Vec::new()),
        Some(area) => (
            CellFacts::default(),
            vec![(area.to_string(), reading.facts)],
        ),
    };
    JoinedCell {
        model: reading.model.to_string(),
        facts,
        areas,
        origin: reading.origin,
        cells: reading.cells,
        is_broken: reading.is_broken,
    }
}

fn area_of<'c>(cell: &'c mut JoinedCell, area: &str) -> &'c mut CellFacts {
    let at = cell.areas.iter().position(|(id, _)| id == area);
    let at = at.unwrap_or_else(|| {
        cell.areas.push((area.to_string(), CellFacts::default()));
        cell.areas.len() - 1
    });
    &mut cell.areas[at].1
}

/// Keeps the name that a model gives.
fn label_of(labels: &mut Vec<(String, String)>, model: &str, label: &str) {
    if !labels.iter().any(|(known, _)| known == model) {
        labels.push((model.to_string(), label.to_string()));
    }
}

/// An id made from a label that is not taken.
fn free_id(label: &str, what: &str, taken: &HashSet<String>) -> String {
    let slug = slug(label);
    let slug = match id_problem(&slug) {
        None => slug,
        Some(_) => format!("{what}-{}", taken.len() + 1),
    };
    let mut id = slug.clone();
    let mut number = 2;
    while taken.contains(&crate::model::fold(&id)) {
        let end = format!("-{number}");
        let kept: String = slug.chars().take(64 - end.len()).collect();
        id = format!("{}{end}", kept.trim_end_matches('-'));
        number += 1;
    }
    id
}

impl Matrix {
    fn category_ids(&self) -> HashSet<String> {
        self.categories
            .iter()
            .map(|c| crate::model::fold(&c.id))
            .collect()
    }

    fn row_ids(&self) -> HashSet<String> {
        let rows = self.categories.iter().flat_map(|c| &c.rows);
        rows.map(|row| crate::model::fold(&row.id)).collect()
    }
}

impl CellFacts {
    /// Whether the other names the same owners.
    fn has_same_owner(&self, other: &CellFacts) -> bool {
        let set = |facts: &CellFacts| facts.responsible.iter().cloned().collect::<HashSet<_>>();
        set(self) == set(other) && self.state == other.state
    }

    /// Adds what another line says about the same row.
    fn merge(&mut self, other: CellFacts) {
        other.responsible.iter().for_each(|party| self.own(party));
        self.state = self.state.or(other.state);
        self.reason = self.reason.take().or(other.reason);
        self.cadence = self.cadence.take().or(other.cadence);
        self.description = self.description.take().or(other.description);
        for (role, parties) in other.roles {
            parties.iter().for_each(|party| self.give(&role, party));
        }
        for (party, tasks) in other.tasks {
            tasks
                .iter()
                .for_each(|task| add_to(&mut self.tasks, &party, task));
        }
        for (framework, ids) in other.controls {
            for id in ids {
                let known = self.controls.iter().find(|(known, _)| *known == framework);
                if !known.is_some_and(|(_, known)| known.contains(&id)) {
                    add_to(&mut self.controls, &framework, &id);
                }
            }
        }
        let lists = [
            (other.summary, &mut self.summary),
            (other.scope, &mut self.scope),
            (other.conditional, &mut self.conditional),
            (other.fields, &mut self.fields),
        ];
        for (from, to) in lists {
            from.iter().for_each(|(id, text)| join_to(to, id, text));
        }
        for note in other.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    fn add_words(&mut self, words: &RowWords) {
        let texts = |entries: &crate::input::Entries<Text>| -> Vec<(String, String)> {
            let entries = entries.0.iter();
            entries
                .map(|(id, text)| (id.value.clone(), text.value.clone()))
                .collect()
        };
        let mut facts = CellFacts {
            conditional: texts(&words.conditional),
            scope: texts(&words.scope),
            cadence: words.cadence.as_ref().map(|text| text.value.clone()),
            reason: words.reason.as_ref().map(|text| text.value.clone()),
            notes: words.notes.iter().map(|text| text.value.clone()).collect(),
            ..CellFacts::default()
        };
        for (role, parties) in &words.roles.0 {
            for party in &parties.0 {
                facts.give(&role.value, &party.value);
            }
        }
        self.merge(facts);
    }
}
