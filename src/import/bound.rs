//! Which table of a foreign file is meant by which entry of the vocabulary, and what each
//! of its columns holds. The lines below the head are not read here.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use crate::findings::nearest;
use crate::import::ForeignFile;
use crate::import::grid::{CellText, ForeignPiece, Grid, GridCell};
use crate::import::head::number;
use crate::import::pattern::{Pattern, squeezed};
use crate::import::report::{Fate, ImportReport, Point, PointKind, ReadPlace};
use crate::import::words::Words;
use crate::input::{ColumnPart, ColumnRecord, Find, HeadingPart, TableWords, Text};

/// A table of a file, with what stands above it.
pub struct ForeignTable<'f> {
    /// The number of its file.
    pub file: usize,
    /// The path of its file.
    pub path: &'f Arc<str>,
    /// Its number in the file, counted from 1.
    pub number: usize,
    /// The table; with lines and columns changed if it is transposed.
    pub grid: Cow<'f, Grid>,
    /// The headings above it, from the highest level to the lowest.
    headings: Vec<(u8, String)>,
    /// The texts above it in the file.
    texts: Vec<String>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Holds<'v> {
    /// Something without parties.
    Part(ColumnPart),
    /// How a party takes part.
    Party(&'v str),
    /// Who has a role.
    Role(&'v str),
    /// A mark for parties or a state.
    Answer(&'v [Text]),
    /// Tasks of a party.
    Tasks(&'v str),
    /// Controls of a framework.
    Controls(&'v str),
    /// A field.
    Field(&'v str),
    /// Not known: no entry fits it.
    Unknown,
}

/// A column of a table and what the vocabulary says about it.
pub struct BoundColumn<'v> {
    /// Its name, for messages.
    pub name: String,
    /// What it holds.
    pub holds: Holds<'v>,
    /// The models it is about; none means those of the line.
    pub models: Vec<&'v str>,
    /// The area it is about.
    pub area: Option<&'v str>,
    /// What the vocabulary says about it.
    pub words: Option<&'v ColumnRecord>,
}

/// A table that is read, and how.
pub struct Bound<'f, 'v> {
    /// The table.
    pub table: ForeignTable<'f>,
    /// The entry that it fits.
    pub words: &'v TableWords,
    /// Its columns.
    pub columns: Vec<BoundColumn<'v>>,
    /// The first line below its head.
    pub first: usize,
    /// The line below its last one.
    pub end: usize,
    /// The model that a heading names.
    pub model: Option<&'v str>,
    /// The category that a heading, or the vocabulary, names.
    pub category: Option<String>,
    /// The group that a heading names.
    pub group: Option<String>,
}

/// The text of a cell in one line.
pub fn line_of(text: &CellText) -> String {
    squeezed(&text.plain())
}

impl ForeignTable<'_> {
    /// Where a cell was read.
    pub fn origin(&self, cell: &GridCell) -> ReadPlace {
        ReadPlace {
            file: self.path.clone(),
            place: cell.place.clone(),
        }
    }

    /// Where the table begins.
    pub fn start(&self) -> ReadPlace {
        ReadPlace {
            file: self.path.clone(),
            place: self.grid.place.clone(),
        }
    }

    /// Counts a cell, if it has a text.
    pub fn count(&self, cell: &GridCell, fate: Fate, report: &mut ImportReport) {
        if !cell.text.is_empty() {
            report.count((self.file, self.number, cell.origin), fate);
        }
    }
}

/// All tables of the files, in order.
pub fn tables<'f>(files: &'f [ForeignFile]) -> Vec<ForeignTable<'f>> {
    let mut all = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let mut headings: Vec<(u8, String)> = Vec::new();
        let mut texts: Vec<String> = Vec::new();
        let mut number = 0;
        for piece in &file.foreign.pieces {
            match piece {
                ForeignPiece::Heading { level, text, .. } => {
                    headings.retain(|(above, _)| above < level);
                    headings.push((*level, line_of(text)));
                }
                ForeignPiece::Text { text, .. } => {
                    texts.extend(text.lines.iter().map(|line| squeezed(&line.plain)));
                }
                ForeignPiece::Table(grid) => {
                    number += 1;
                    all.push(ForeignTable {
                        file: at,
                        path: &file.path,
                        number,
                        grid: Cow::Borrowed(grid),
                        headings: headings.clone(),
                        texts: texts.clone(),
                    });
                }
            }
        }
    }
    all
}

/// The tables that an entry of the vocabulary fits. All others are reported.
pub fn bind<'f, 'v>(
    tables: Vec<ForeignTable<'f>>,
    words: &Words<'v>,
    report: &mut ImportReport,
) -> Vec<Bound<'f, 'v>> {
    let entries: Vec<&'v TableWords> = words.tables();
    let mut used = HashSet::new();
    let mut out = Vec::new();
    for table in tables {
        let fits = |entry: &&TableWords| {
            let find = entry.find.as_ref();
            find.is_none_or(|find| table.fits(find, entry))
        };
        match entries.iter().position(fits) {
            Some(at) => {
                used.insert(at);
                out.push(bound(table, entries[at], words, report));
            }
            None => skip(&table, report),
        }
    }
    report_unused(&out, words, report);
    for (at, entry) in entries.iter().enumerate() {
        let find = entry.find.as_ref().and_then(Find::place);
        if let Some(place) = find.filter(|_| !used.contains(&at)) {
            let message = "no table of the files is what `find` describes";
            report.push(Point::of_entry(PointKind::Unused, place, message));
        }
    }
    out
}

fn skip(table: &ForeignTable<'_>, report: &mut ImportReport) {
    let cells = table.grid.lines.iter().flatten();
    cells.for_each(|cell| table.count(cell, Fate::Skipped, report));
    let mut texts = table.grid.lines.iter().flatten().map(|c| line_of(&c.text));
    let first = texts.find(|text| !text.is_empty()).unwrap_or_default();
    let message = format!(
        "table {} was not read: no entry of `tables` fits it",
        table.number
    );
    report.push(Point::at(PointKind::Skipped, &table.start(), message).text(&first));
}

impl ForeignTable<'_> {
    fn fits(&self, find: &Find, entry: &TableWords) -> bool {
        let pattern = |wanted: &Text, text: &str| Pattern::of(&wanted.value).fit(text).is_some();
        let caption = self.grid.caption.as_ref().map(line_of);
        let is = |wanted: &Option<Text>, text: Option<&str>| {
            let wanted = wanted.as_ref();
            wanted.is_none_or(|w| text.is_some_and(|text| pattern(w, text)))
        };
        let file = self.path.rsplit('/').next();
        let heading = find.heading.as_ref();
        is(&find.file, file)
            && is(&find.caption, caption.as_deref())
            && is(&find.sheet, self.grid.sheet.as_deref())
            && heading.is_none_or(|w| self.headings.iter().any(|(_, text)| pattern(w, text)))
            && find
                .number
                .as_ref()
                .is_none_or(|n| usize::try_from(n.value) == Ok(self.number))
            && (find.head.0.is_empty()
                || self.flipped(entry).head_of(entry, &find.head.0).is_some())
    }

    /// The table as the vocabulary reads it: lines and columns change places.
    fn flipped(&self, entry: &TableWords) -> Cow<'_, Grid> {
        match entry.transposed.as_ref().is_some_and(|t| t.value) {
            true => Cow::Owned(self.grid.transposed()),
            false => Cow::Borrowed(&*self.grid),
        }
    }
}

/// Binds a table to its entry.
fn bound<'f, 'v>(
    table: ForeignTable<'f>,
    entry: &'v TableWords,
    words: &Words<'v>,
    report: &mut ImportReport,
) -> Bound<'f, 'v> {
    let mut table = table;
    if let Cow::Owned(grid) = table.flipped(entry) {
        table.grid = Cow::Owned(grid);
    }
    let names = entry.find.as_ref().map_or(&[][..], |find| &find.head.0);
    let (top, first) = table.grid.head_of(entry, names).unwrap_or((0, 0));
    for cell in table.grid.lines[..first].iter().flatten() {
        table.count(cell, Fate::Skipped, report);
    }
    let columns = columns(&table, entry, (top, first), words, report);
    let end = table.grid.lines.len() - table.grid.foot.min(table.grid.lines.len() - first);
    let mut bound = Bound {
        table,
        words: entry,
        columns,
        first,
        end,
        model: None,
        category: entry.category.as_ref().map(|text| text.value.clone()),
        group: None,
    };
    bound.take_headings(words, report);
    bound
}

fn columns<'v>(
    table: &ForeignTable<'_>,
    entry: &'v TableWords,
    (top, first): (usize, usize),
    words: &Words<'v>,
    report: &mut ImportReport,
) -> Vec<BoundColumn<'v>> {
    let shift = number(entry.head_shift.as_ref()).unwrap_or(0);
    let body = &table.grid.lines[first..];
    let width = body.iter().map(Vec::len).max().unwrap_or(0);
    let width = width.max(
        table.grid.lines[top..first]
            .iter()
            .map(Vec::len)
            .max()
            .unwrap_or(0),
    );
    let levels = |at: usize| match at.checked_sub(shift) {
        Some(from) => table.grid.levels(top, first, from),
        None => Vec::new(),
    };
    let levels: Vec<Vec<String>> = (0..width).map(levels).collect();
    let mut columns: Vec<BoundColumn<'v>> = Vec::new();
    for (at, levels) in levels.iter().enumerate() {
        let found = entry
            .columns
            .0
            .iter()
            .find(|(key, _)| is_key(&key.value, at, levels));
        let key = found.map(|(key, _)| &key.place);
        words.used.borrow_mut().extend(key);
        columns.push(column(
            at,
            levels,
            found.map(|(_, column)| &column.0),
            words,
        ));
    }
    for (at, column) in columns.iter().enumerate() {
        let cells = || body.iter().filter_map(|line| line.get(at));
        let has_text = cells().any(|cell| !cell.text.is_empty());
        if column.holds == Holds::Unknown && has_text {
            let head = table.grid.lines.get(top);
            let head = head.and_then(|line| line.get(at.saturating_sub(shift)));
            let cell = head.or_else(|| cells().next());
            let origin = cell.map_or(table.start(), |cell| table.origin(cell));
            let name = &column.name;
            let message = format!("the vocabulary does not say what column `{name}` holds");
            let help = format!("add `{name}: ...` to `columns`, with `skip` if it is not needed");
            report.push(
                Point::at(PointKind::Unknown, &origin, message)
                    .text(name)
                    .help(help),
            );
        }
    }
    columns
}

/// Reports the keys of `columns` that mean no column of any table that was read with them.
fn report_unused(bound: &[Bound<'_, '_>], words: &Words<'_>, report: &mut ImportReport) {
    let used = words.used.borrow();
    for entry in words.tables() {
        let of_entry = || {
            bound
                .iter()
                .filter(|bound| std::ptr::eq(bound.words, entry))
        };
        let keys = entry.columns.0.iter().map(|(key, _)| key);
        for key in keys.filter(|key| of_entry().next().is_some() && !used.contains(&&key.place)) {
            let message = format!("no table that is read so has a column `{}`", key.value);
            let mut point = Point::of_entry(PointKind::Unused, &key.place, message);
            let names = of_entry().flat_map(|bound| &bound.columns);
            if let Some(best) = nearest(&key.value, names.map(|column| column.name.as_str())) {
                point = point.help(format!("did you mean `{best}`?"));
            }
            report.push(point);
        }
    }
}

/// Whether a key of `columns` means a column: by all levels of its head, the last, or its
/// number.
fn is_key(key: &str, at: usize, levels: &[String]) -> bool {
    let key = squeezed(key);
    let pattern = Pattern::of(&key);
    let last = levels
        .last()
        .is_some_and(|text| pattern.fit(text).is_some());
    last || pattern.fit(&levels.join(" / ")).is_some() || key == (at + 1).to_string()
}

fn column<'v>(
    at: usize,
    levels: &[String],
    record: Option<&'v ColumnRecord>,
    words: &Words<'v>,
) -> BoundColumn<'v> {
    let name = match levels.is_empty() {
        true => (at + 1).to_string(),
        false => levels.join(" / "),
    };
    let party = levels.iter().rev().find_map(|text| words.party(text));
    let of_model = |text: &&String| words.party(text).is_none();
    let model = levels
        .iter()
        .filter(of_model)
        .find_map(|text| words.model(text));
    let mut models: Vec<&str> = model.into_iter().collect();
    if let Some(given) = record.filter(|record| !record.model.0.is_empty()) {
        models = given
            .model
            .0
            .iter()
            .map(|text| text.value.as_str())
            .collect();
    }
    let by_head = match (party, model) {
        (Some(party), _) => Holds::Party(party),
        (None, Some(_)) => Holds::Part(ColumnPart::Owner),
        (None, None) => Holds::Unknown,
    };
    let given = record.map(holds).filter(|holds| *holds != Holds::Unknown);
    BoundColumn {
        name,
        holds: given.unwrap_or(by_head),
        models,
        area: record
            .and_then(|record| record.area.as_ref())
            .map(|text| text.value.as_str()),
        words: record,
    }
}

fn holds(record: &ColumnRecord) -> Holds<'_> {
    if let Some(party) = &record.party {
        return Holds::Party(&party.value);
    }
    if let Some(role) = &record.role {
        return Holds::Role(&role.value);
    }
    if !record.answer.0.is_empty() {
        return Holds::Answer(&record.answer.0);
    }
    if let Some(party) = &record.tasks {
        return Holds::Tasks(&party.value);
    }
    if let Some(framework) = &record.controls {
        return Holds::Controls(&framework.value);
    }
    if let Some(field) = &record.field {
        return Holds::Field(&field.value);
    }
    match &record.is {
        Some(part) => Holds::Part(part.value),
        None => Holds::Unknown,
    }
}

impl<'v> Bound<'_, 'v> {
    /// What the headings above the table, its caption and its sheet name.
    fn take_headings(&mut self, words: &Words<'v>, report: &mut ImportReport) {
        for (key, part) in &self.words.headings.0 {
            let text = match key.value.as_str() {
                "caption" => self.table.grid.caption.as_ref().map(line_of),
                "sheet" => self.table.grid.sheet.as_ref().map(|sheet| squeezed(sheet)),
                "text" => {
                    let names = |text: &&String| words.model(text).is_some();
                    self.table.texts.iter().rev().find(names).cloned()
                }
                level => {
                    let level: Option<u8> = level.parse().ok();
                    let headings = &self.table.headings;
                    let found = headings.iter().find(|(l, _)| Some(*l) == level);
                    found.map(|(_, text)| text.clone())
                }
            };
            let Some(text) = text else {
                continue;
            };
            match part.value {
                HeadingPart::Category => self.category = Some(text),
                HeadingPart::Group => self.group = Some(text),
                HeadingPart::Model => match words.model(&text) {
                    Some(model) => self.model = Some(model),
                    None => {
                        let message = format!("no model is called `{text}`");
                        let point = Point::at(PointKind::Unknown, &self.table.start(), message);
                        report.push(point.text(&text).help("add it to `found-as` of a model"));
                    }
                },
            }
        }
    }
}
