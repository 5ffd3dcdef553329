//! What a workbook says about its cells beyond their values: what is hidden, struck out
//! or raised, comments, and formulas without a value.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use crate::import::grid::foreign::ForeignError;
use crate::import::grid::workbook::archive::broken;
use crate::import::grid::workbook::xml::{Step, attribute, each, is_on, position};

/// The rows and columns of a sheet.
const MAX_ROWS: u32 = 1 << 20;
const MAX_COLUMNS: u32 = 1 << 14;

/// Row and column of a cell, counted from 0.
pub(super) type Position = (u32, u32);

/// A stretch of a cell's text in one style.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RichRun {
    pub(super) text: String,
    pub(super) is_struck: bool,
    pub(super) is_raised: bool,
}

/// What the XML of a sheet says.
#[derive(Default)]
pub(super) struct SheetFacts {
    /// Hidden rows.
    pub(super) rows: Vec<u32>,
    /// First and last of hidden columns.
    pub(super) columns: Vec<(u32, u32)>,
    /// Whether rows are hidden unless they are listed.
    pub(super) rows_are_hidden: bool,
    /// Rows that are listed and not hidden, if rows are hidden otherwise.
    pub(super) shown_rows: Vec<u32>,
    /// Cells whose text has struck out or raised parts.
    pub(super) rich: HashMap<Position, Vec<RichRun>>,
    /// Formulas whose value is not in the file.
    pub(super) formulas: Vec<(Position, String)>,
}

/// Collects the runs of one rich text.
#[derive(Default)]
struct RichText {
    runs: Vec<RichRun>,
    /// How deep inside `<rPh>`, the reading aids of Japanese text.
    reading: usize,
    in_text: bool,
}

impl RichText {
    fn step(&mut self, step: &Step<'_>) {
        match step {
            Step::Start(element) => match element.local_name().as_ref() {
                "rPh" => self.reading += 1,
                "r" => self.runs.push(RichRun::default()),
                "t" if self.reading == 0 => self.in_text = true,
                "strike" => {
                    let value = attribute(element, "val");
                    let is_off = matches!(value.as_deref(), Some("0" | "false" | "off"));
                    self.last().is_struck = !is_off;
                }
                "vertAlign" => {
                    let value = attribute(element, "val");
                    self.last().is_raised = value.as_deref() == Some("superscript");
                }
                _ => {}
            },
            Step::End("rPh") => self.reading = self.reading.saturating_sub(1),
            Step::End("t") => self.in_text = false,
            Step::Text(text) if self.in_text => self.last().text.push_str(text),
            _ => {}
        }
    }

    fn last(&mut self) -> &mut RichRun {
        if self.runs.is_empty() {
            self.runs.push(RichRun::default());
        }
        let last = self.runs.len() - 1;
        &mut self.runs[last]
    }

    /// The runs, if a plain reading of the text would be wrong.
    fn finish(self) -> Option<Vec<RichRun>> {
        let is_special = |run: &RichRun| run.is_struck || run.is_raised;
        self.runs.iter().any(is_special).then_some(self.runs)
    }
}

/// Shared strings with struck out or raised parts, by their number.
pub(super) fn rich_strings(xml: &str) -> Result<HashMap<usize, Vec<RichRun>>, ForeignError> {
    let mut found = HashMap::new();
    let mut number = 0;
    let mut text = RichText::default();
    each(xml, |step| match &step {
        Step::Start(element) if element.local_name().as_ref() == "si" => {
            text = RichText::default();
        }
        Step::End("si") => {
            if let Some(runs) = std::mem::take(&mut text).finish() {
                found.insert(number, runs);
            }
            number += 1;
        }
        step => text.step(step),
    })?;
    Ok(found)
}

/// Reads the XML of a sheet.
pub(super) fn sheet_facts(
    xml: &str,
    strings: &HashMap<usize, Vec<RichRun>>,
) -> Result<SheetFacts, ForeignError> {
    let mut reader = SheetReader {
        facts: SheetFacts::default(),
        strings,
        next: (0, 0),
        cell: None,
        bad_reference: None,
    };
    each(xml, |step| reader.step(&step))?;
    match reader.bad_reference {
        Some(reference) => Err(broken(&format!("`{reference}` is no cell"))),
        None => Ok(reader.facts),
    }
}

struct SheetReader<'a> {
    facts: SheetFacts,
    strings: &'a HashMap<usize, Vec<RichRun>>,
    /// The cell that comes next, if it does not say its own place.
    next: Position,
    cell: Option<OpenCell>,
    /// The first reference that leads to no cell. `calamine` does not look for it.
    bad_reference: Option<String>,
}

/// A cell while it is read.
#[derive(Default)]
struct OpenCell {
    position: Position,
    is_shared: bool,
    value: String,
    formula: Option<String>,
    /// The element whose text comes next.
    inside: String,
    rich: RichText,
    has_inline: bool,
}

impl SheetReader<'_> {
    fn step(&mut self, step: &Step<'_>) {
        if let Some(cell) = &mut self.cell {
            let is_end = matches!(step, Step::End("c"));
            cell.step(step);
            if is_end {
                self.end_cell();
            }
            return;
        }
        let Step::Start(element) = step else {
            return;
        };
        self.check_references(element);
        match element.local_name().as_ref() {
            "sheetFormatPr" => self.facts.rows_are_hidden = is_on(element, "zeroHeight"),
            "col" => self.column(element),
            "row" => self.row(element),
            "c" => {
                let reference = attribute(element, "r");
                let position = reference.and_then(|reference| position(&reference));
                let position = position.unwrap_or(self.next);
                self.next = (position.0, position.1.saturating_add(1));
                self.cell = Some(OpenCell {
                    position,
                    is_shared: attribute(element, "t").as_deref() == Some("s"),
                    ..OpenCell::default()
                });
            }
            _ => {}
        }
    }

    fn check_references(&mut self, element: &BytesStart<'_>) {
        let name = match element.local_name().as_ref() {
            "c" | "row" => "r",
            "dimension" | "mergeCell" => "ref",
            _ => return,
        };
        let Some(references) = attribute(element, name) else {
            return;
        };
        let is_row = element.local_name().as_ref() == "row";
        let is_good = |reference: &str| {
            let column = if is_row { "A" } else { "" };
            position(&format!("{column}{reference}"))
                .is_some_and(|(row, column)| row < MAX_ROWS && column < MAX_COLUMNS)
        };
        if !references.split(':').all(is_good) && self.bad_reference.is_none() {
            self.bad_reference = Some(references);
        }
    }

    fn column(&mut self, element: &BytesStart<'_>) {
        let number = |name| attribute(element, name).and_then(|value| value.parse::<u32>().ok());
        let has_no_width = number("width") == Some(0);
        if (is_on(element, "hidden") || has_no_width)
            && let (Some(min), Some(max)) = (number("min"), number("max"))
        {
            let (min, max) = (min.saturating_sub(1), max.saturating_sub(1));
            self.facts.columns.push((min, max));
        }
    }

    fn row(&mut self, element: &BytesStart<'_>) {
        let number = attribute(element, "r").and_then(|value| value.parse::<u32>().ok());
        let row = number.map_or(self.next.0 + 1, |number| number.saturating_sub(1));
        // Without a number the first row is 0, and each row follows the one before.
        let row = if number.is_none() && self.next == (0, 0) {
            0
        } else {
            row
        };
        self.next = (row, 0);
        if is_on(element, "hidden") || attribute(element, "ht").as_deref() == Some("0") {
            self.facts.rows.push(row);
        } else if self.facts.rows_are_hidden {
            self.facts.shown_rows.push(row);
        }
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else {
            return;
        };
        if let Some(formula) = cell.formula
            && cell.value.is_empty()
            && !cell.has_inline
        {
            self.facts.formulas.push((cell.position, formula));
        }
        let shared = cell
            .is_shared
            .then(|| cell.value.trim().parse::<usize>().ok());
        let runs = match shared.flatten() {
            Some(number) => self.strings.get(&number).cloned(),
            None => cell.rich.finish(),
        };
        if let Some(runs) = runs {
            self.facts.rich.insert(cell.position, runs);
        }
    }
}

impl OpenCell {
    fn step(&mut self, step: &Step<'_>) {
        match step {
            Step::Start(element) => {
                self.inside = element.local_name().as_ref().to_string();
                match self.inside.as_str() {
                    "is" => self.has_inline = true,
                    "f" => self.formula = Some(String::new()),
                    _ => {}
                }
            }
            Step::Text(text) => match (self.inside.as_str(), &mut self.formula) {
                ("v", _) => self.value.push_str(text),
                ("f", Some(formula)) => formula.push_str(text),
                _ => {}
            },
            Step::End(_) => self.inside.clear(),
        }
        if self.has_inline {
            self.rich.step(step);
        }
    }
}

/// The comments of a sheet.
pub(super) fn comments(xml: &str) -> Result<Vec<(Position, String)>, ForeignError> {
    let mut found: Vec<(Position, String)> = Vec::new();
    let mut in_text = false;
    each(xml, |step| match step {
        Step::Start(element) => match element.local_name().as_ref() {
            "comment" => {
                let reference = attribute(element, "ref").unwrap_or_default();
                found.push((position(&reference).unwrap_or_default(), String::new()));
            }
            "t" => in_text = true,
            _ => {}
        },
        Step::End("t") => in_text = false,
        Step::Text(text) if in_text => {
            if let Some((_, comment)) = found.last_mut() {
                comment.push_str(text);
            }
        }
        _ => {}
    })?;
    Ok(found)
}

/// The relations of a part: identifier, kind, and the path of the other part.
pub(super) struct Relation {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) target: String,
}

/// Reads the relations of a part that is in a folder.
pub(super) fn relations(xml: &str, folder: &str) -> Result<Vec<Relation>, ForeignError> {
    let mut found = Vec::new();
    each(xml, |step| {
        if let Step::Start(element) = step
            && element.local_name().as_ref() == "Relationship"
            && attribute(element, "TargetMode").as_deref() != Some("External")
        {
            let target = attribute(element, "Target").unwrap_or_default();
            found.push(Relation {
                id: attribute(element, "Id").unwrap_or_default(),
                kind: attribute(element, "Type").unwrap_or_default(),
                target: joined(folder, &target),
            });
        }
    })?;
    Ok(found)
}

/// A path of the archive from a path that is relative to a folder of it.
fn joined(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_string();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
