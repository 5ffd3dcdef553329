//! The rows of a table: each line read into what it says in each model. How lines of
//! different tables belong together is decided in `matrix`.

mod whole_line;

use std::borrow::Cow;
use std::collections::HashSet;

use crate::import::bound::{Bound, BoundColumn, Holds, line_of};
use crate::import::draft::{Draft, Reading, blocks};
use crate::import::facts::{CellFacts, add_to, join_to};
use crate::import::grid::{CellText, GridCell};
use crate::import::lines::{Lines, TableLine};
use crate::import::lists;
use crate::import::meaning::{Lexicon, Said};
use crate::import::notes::Footnotes;
use crate::import::pattern::squeezed;
use crate::import::report::{CellKey, Fate, ImportReport, Point, PointKind};
use crate::import::words::Words;
use crate::input::{ColumnPart, EmptyCell, SectionPart, State, Text};

/// Reads the lines of a table.
struct Reader<'r, 'w, 'f, 'v> {
    bound: &'w Bound<'f, 'v>,
    number: usize,
    words: &'w Words<'v>,
    lexicons: Vec<Lexicon<'w, 'v>>,
    notes: &'r mut Footnotes<'w, 'v>,
    report: &'r mut ImportReport,
    /// The cells and columns that were reported already.
    told: HashSet<(usize, Option<CellKey>)>,
}

/// Reads all lines of a table.
pub fn read<'v, 'w>(
    (number, bound): (usize, &'w Bound<'_, 'v>),
    words: &'w Words<'v>,
    notes: &mut Footnotes<'w, 'v>,
    report: &mut ImportReport,
) -> Vec<Reading<'v>> {
    let lexicon = |column: &BoundColumn<'v>| {
        let own = column.words.map(|words| &words.cells);
        let letters = column.words.map(|words| &words.letters);
        let lists = own
            .into_iter()
            .chain([&bound.words.cells, &words.file.cells]);
        let letters = letters
            .into_iter()
            .chain([&bound.words.letters, &words.file.letters]);
        Lexicon::new(
            words,
            &lists.collect::<Vec<_>>(),
            &letters.collect::<Vec<_>>(),
        )
    };
    let mut reader = Reader {
        lexicons: bound.columns.iter().map(lexicon).collect(),
        bound,
        number,
        words,
        notes,
        report,
        told: HashSet::new(),
    };
    reader.skip_columns();
    let Some(row) = bound.part(ColumnPart::Row) else {
        let message = format!(
            "table {} has no column for the names of rows",
            bound.table.number
        );
        let point = Point::at(PointKind::Unknown, &bound.table.start(), message);
        reader
            .report
            .push(point.help("add `NAME: row` to `columns`"));
        return Vec::new();
    };
    reader.rows(row)
}

impl<'v> Reader<'_, '_, '_, 'v> {
    /// Counts the cells of columns that are not read.
    fn skip_columns(&mut self) {
        for (at, column) in self.bound.columns.iter().enumerate() {
            let fate = match column.holds {
                Holds::Part(ColumnPart::Skip) => Fate::Skipped,
                _ => Fate::Error,
            };
            let lines = &self.bound.table.grid.lines[self.bound.first..self.bound.end];
            for cell in lines.iter().filter_map(|line| line.get(at)) {
                self.bound.table.count(cell, fate, self.report);
            }
        }
    }

    fn rows(&mut self, row: usize) -> Vec<Reading<'v>> {
        let bound = self.bound;
        let mut lines = Lines::new(bound);
        let mut category = None;
        let mut group = None;
        let mut out = Vec::new();
        for cells in &bound.table.grid.lines[bound.first..bound.end] {
            match lines.next(cells, self.report) {
                TableLine::None => {}
                TableLine::Section(SectionPart::Category, name) => {
                    category = Some(name);
                    group = None;
                }
                TableLine::Section(SectionPart::Group, name) => group = Some(name),
                TableLine::Row(cells) => {
                    let draft = self.draft(&cells, row, category.as_ref(), group.as_ref());
                    if let Some(mut draft) = draft {
                        self.read_line(&cells, &mut draft);
                        out.append(&mut draft.readings);
                    }
                }
            }
        }
        lines.finish(self.report);
        out
    }

    /// The text of the column that holds a part.
    fn text_of(&self, part: ColumnPart, cells: &[Cow<'_, GridCell>]) -> Option<String> {
        let cell = cells.get(self.bound.part(part)?)?;
        let (_, text) = self.notes.marks(&cell.text);
        (!text.is_empty()).then_some(text)
    }

    /// Whether a line has no texts but a category and a group: a block of merged cells
    /// goes on beside an empty line.
    fn is_only_headings(&self, cells: &[Cow<'_, GridCell>]) -> bool {
        let headings = [ColumnPart::Category, ColumnPart::Group].map(|part| self.bound.part(part));
        let mut others = cells.iter().enumerate();
        others.all(|(at, cell)| headings.contains(&Some(at)) || cell.text.is_empty())
    }

    /// What a line is about. `None` if it has no name.
    fn draft(
        &mut self,
        cells: &[Cow<'_, GridCell>],
        row: usize,
        category: Option<&String>,
        group: Option<&String>,
    ) -> Option<Draft<'v>> {
        let bound = self.bound;
        let name = self.text_of(ColumnPart::Row, cells);
        let first = cells.get(row).or(cells.first())?;
        let origin = bound.table.origin(first);
        let Some(name) = name else {
            if self.is_only_headings(cells) {
                return None;
            }
            let texts: Vec<String> = cells.iter().map(|cell| line_of(&cell.text)).collect();
            let text = squeezed(&texts.join(" "));
            let point = Point::at(
                PointKind::Unmatched,
                &origin,
                "the line has no name of a row",
            );
            self.report.push(point.text(&text));
            return None;
        };
        let own_group = self.text_of(ColumnPart::Group, cells);
        let own_category = self.text_of(ColumnPart::Category, cells);
        let blank = Reading {
            model: "",
            area: None,
            category: own_category
                .or_else(|| category.cloned())
                .or_else(|| bound.category.clone()),
            group: own_group
                .or_else(|| group.cloned())
                .or_else(|| bound.group.clone()),
            row: name,
            facts: CellFacts::default(),
            cells: Vec::new(),
            origin,
            table: self.number,
            only_adds: bound
                .words
                .only_adds
                .as_ref()
                .is_some_and(|only| only.value),
            is_broken: false,
        };
        let mut draft = Draft {
            readings: Vec::new(),
            blank,
            models: self.models_of(),
            marked: Vec::new(),
            has_answers: false,
            reasons: Vec::new(),
        };
        self.read_area_and_models(cells, &mut draft);
        for model in draft.models.clone() {
            draft.readings.push(Reading {
                model,
                ..draft.blank.clone()
            });
        }
        Some(draft)
    }

    /// The models of the table: those that it names, those of its columns, or all.
    fn models_of(&self) -> Vec<&'v str> {
        let given = &self.bound.words.model.0;
        if !given.is_empty() {
            return given.iter().map(|text| text.value.as_str()).collect();
        }
        if let Some(model) = self.bound.model {
            return vec![model];
        }
        let all = self.words.all_models();
        let columns = &self.bound.columns;
        let has = |model: &&str| columns.iter().any(|column| column.models.contains(model));
        let of_columns: Vec<&str> = all.iter().copied().filter(has).collect();
        match of_columns.is_empty() {
            true => all,
            false => of_columns,
        }
    }

    fn read_area_and_models(&mut self, cells: &[Cow<'_, GridCell>], draft: &mut Draft<'v>) {
        if let Some(at) = self.bound.part(ColumnPart::Area) {
            let text = cells
                .get(at)
                .map(|cell| line_of(&cell.text))
                .unwrap_or_default();
            match self.words.area(&text) {
                Some(area) => draft.blank.area = Some(area),
                None if text.is_empty() => {}
                None => self.unknown(at, &cells[at], &text, draft),
            }
        }
        let Some(at) = self.bound.part(ColumnPart::Models) else {
            return;
        };
        let Some(cell) = cells.get(at) else {
            return;
        };
        let mut models = Vec::new();
        for part in self.parts_of(at, &cell.text) {
            let said = self.lexicons[at]
                .look_up(&part)
                .filter(|said| !said.models.is_empty());
            match (said, self.words.model(&part)) {
                (Some(said), _) => models.extend(said.models),
                (None, Some(model)) => models.push(model),
                (None, None) => self.unknown(at, cell, &part, draft),
            }
        }
        if models.is_empty() {
            self.unknown(at, cell, "", draft);
        }
        let all = self.words.all_models();
        draft.models = all
            .into_iter()
            .filter(|model| models.contains(model))
            .collect();
    }

    /// The text of a cell, or the entries of the list in it if the whole has no meaning.
    fn parts_of(&self, at: usize, text: &CellText) -> Vec<String> {
        let (_, whole) = self.notes.marks(text);
        let split = self.bound.columns[at]
            .words
            .map_or(&[][..], |words| &words.split.0);
        let is_known = self.lexicons[at].look_up(&whole).is_some();
        if split.is_empty() || is_known || whole.is_empty() {
            return vec![whole];
        }
        let split: Vec<&str> = split.iter().map(|text| text.value.as_str()).collect();
        let entries = lists::entries(text, &split);
        entries.into_iter().map(|entry| entry.plain).collect()
    }

    fn read_line(&mut self, cells: &[Cow<'_, GridCell>], draft: &mut Draft<'v>) {
        for (at, cell) in cells.iter().enumerate().take(self.bound.columns.len()) {
            let column = &self.bound.columns[at];
            if matches!(column.holds, Holds::Part(ColumnPart::Skip) | Holds::Unknown) {
                continue;
            }
            let key = (self.bound.table.file, self.bound.table.number, cell.origin);
            for reading in draft.of(column) {
                reading.cells.push(key);
            }
            self.read_marks(column, &cell.text, cell, draft);
            self.read_cell(at, cell, draft);
        }
        self.conclude(draft);
        draft
            .readings
            .retain(|reading| reading.facts.state != Some(State::NotListed));
    }

    /// The footnotes of a cell.
    fn read_marks(
        &mut self,
        column: &BoundColumn<'v>,
        text: &CellText,
        cell: &GridCell,
        draft: &mut Draft<'v>,
    ) {
        for mark in self.notes.marks(text).0 {
            let Some((note, models)) = self.notes.text_of(self.bound.table.file, &mark) else {
                let origin = self.bound.table.origin(cell);
                let message = format!("the mark `{mark}` has no note");
                let point = Point::at(PointKind::Unmatched, &origin, message).text(&mark);
                self.report.push(point.row(&draft.blank.row, None));
                continue;
            };
            for reading in draft.of(column) {
                let concerns = models.is_empty() || models.contains(&reading.model);
                if concerns && !reading.facts.notes.contains(&note) {
                    reading.facts.notes.push(note.clone());
                }
            }
        }
    }

    fn read_cell(&mut self, at: usize, cell: &GridCell, draft: &mut Draft<'v>) {
        let column = &self.bound.columns[at];
        let text = &cell.text;
        match column.holds {
            Holds::Party(party) => self.read_party(at, cell, party, draft),
            Holds::Role(role) => self.read_parties(at, cell, role, draft),
            Holds::Part(ColumnPart::Owner) => self.read_parties(at, cell, "responsible", draft),
            Holds::Answer(answer) => self.read_answer(at, cell, answer, draft),
            Holds::Tasks(party) => self.read_tasks(at, cell, party, draft),
            Holds::Controls(framework) => {
                let entries = lists::entries(text, &["lines", ";", ","]);
                for reading in draft.of(column) {
                    for entry in &entries {
                        add_to(&mut reading.facts.controls, framework, &entry.plain);
                    }
                }
            }
            Holds::Field(field) => self.read_field(at, cell, field, draft),
            Holds::Part(part) if !text.is_empty() => self.read_part(part, at, text, draft),
            _ => {}
        }
    }

    fn read_part(&self, part: ColumnPart, at: usize, text: &CellText, draft: &mut Draft<'v>) {
        let (_, plain) = self.notes.marks(text);
        let markdown = blocks(text);
        if part == ColumnPart::ReasonOrNote {
            draft.reasons.push((at, plain, markdown));
            return;
        }
        for reading in draft.of(&self.bound.columns[at]) {
            let facts = &mut reading.facts;
            match part {
                ColumnPart::Note => facts.notes.push(markdown.clone()),
                ColumnPart::Description => facts.description = Some(markdown.clone()),
                ColumnPart::Cadence => facts.cadence = Some(plain.clone()),
                ColumnPart::Reason => facts.reason = Some(plain.clone()),
                _ => {}
            }
        }
    }

    fn read_field(&self, at: usize, cell: &GridCell, field: &str, draft: &mut Draft<'v>) {
        let (_, text) = self.notes.marks(&cell.text);
        let said = self.lexicons[at].look_up(&text).filter(Said::is_mark);
        for reading in draft.of(&self.bound.columns[at]) {
            if !text.is_empty() {
                join_to(&mut reading.facts.fields, field, &text);
            }
            if let Some(said) = &said {
                said.add_of_role("responsible", &mut reading.facts);
            }
        }
    }

    /// Whether an empty cell says nothing, because the vocabulary says so.
    fn is_nothing(&self, at: usize) -> bool {
        let words = self.bound.columns[at].words;
        let empty = words.and_then(|words| words.empty.as_ref());
        empty.is_some_and(|empty| empty.value == EmptyCell::Nothing)
    }

    fn read_party(&mut self, at: usize, cell: &GridCell, party: &str, draft: &mut Draft<'v>) {
        let (_, text) = self.notes.marks(&cell.text);
        if text.is_empty() && self.is_nothing(at) {
            return;
        }
        match self.lexicons[at].look_up(&text) {
            Some(said) => {
                for reading in draft.of(&self.bound.columns[at]) {
                    said.add_of_party(party, &mut reading.facts);
                }
            }
            None => self.unknown(at, cell, &text, draft),
        }
    }

    fn read_parties(&mut self, at: usize, cell: &GridCell, role: &str, draft: &mut Draft<'v>) {
        if cell.text.is_empty() && self.is_nothing(at) {
            return;
        }
        for part in self.parts_of(at, &cell.text) {
            let said = self.lexicons[at].look_up(&part);
            let said = said.or_else(|| self.words.party(&part).map(Said::of_party));
            match said {
                Some(said) => {
                    for reading in draft.of(&self.bound.columns[at]) {
                        said.add_of_role(role, &mut reading.facts);
                    }
                }
                None => self.unknown(at, cell, &part, draft),
            }
        }
    }

    fn read_answer(
        &mut self,
        at: usize,
        cell: &GridCell,
        answer: &'v [Text],
        draft: &mut Draft<'v>,
    ) {
        draft.has_answers = true;
        let (_, text) = self.notes.marks(&cell.text);
        if text.is_empty() {
            return;
        }
        match self.lexicons[at].look_up(&text) {
            Some(said) if said.is_mark() => draft.marked.push((at, answer)),
            Some(_) => {}
            None => self.unknown(at, cell, &text, draft),
        }
    }

    fn read_tasks(&mut self, at: usize, cell: &GridCell, party: &str, draft: &mut Draft<'v>) {
        let (_, whole) = self.notes.marks(&cell.text);
        if whole.is_empty() {
            return;
        }
        let column = &self.bound.columns[at];
        let nothing = self.lexicons[at]
            .look_up(&whole)
            .filter(|said| !said.is_mark());
        if let Some(said) = nothing {
            let readings = draft.of(column);
            return readings.for_each(|reading| said.add_of_party(party, &mut reading.facts));
        }
        let own = column.words.map_or(&[][..], |words| &words.split.0);
        let given = if own.is_empty() {
            &self.bound.words.split.0[..]
        } else {
            own
        };
        let mut split: Vec<&str> = given.iter().map(|text| text.value.as_str()).collect();
        if split.is_empty() {
            split = vec!["lines", "bullets"];
        }
        for entry in lists::entries(&cell.text, &split) {
            let said = self.lexicons[at].of_entry(&entry.plain);
            let task = said.as_ref().and_then(|said| said.task.as_deref());
            let markdown = match task {
                Some(task) if entry.markdown.ends_with(task) => task.to_string(),
                Some(task) => crate::import::grid::as_markdown(task),
                None => entry.markdown,
            };
            for reading in draft.of(column) {
                add_to(&mut reading.facts.tasks, party, &markdown);
                if let Some(said) = &said {
                    said.add_of_party(party, &mut reading.facts);
                }
            }
        }
    }
}
