//! What a line of a table says about its row, while its cells are read one by one.

use crate::import::bound::BoundColumn;
use crate::import::facts::CellFacts;
use crate::import::grid::CellText;
use crate::import::pattern::squeezed;
use crate::import::report::{CellKey, ReadPlace};
use crate::input::Text;

/// What a line says about a row in one model, or in one area of it.
#[derive(Clone, Debug)]
pub struct Reading<'v> {
    /// The model.
    pub model: &'v str,
    /// The area, if it is about one.
    pub area: Option<&'v str>,
    /// The category, if the table names one.
    pub category: Option<String>,
    /// The group.
    pub group: Option<String>,
    /// The name of the row.
    pub row: String,
    /// What is said.
    pub facts: CellFacts,
    /// The cells that say it.
    pub cells: Vec<CellKey>,
    /// Where the name of the row is.
    pub origin: ReadPlace,
    /// The number of the table among those that are read.
    pub table: usize,
    /// Whether it only adds tasks to a row of another table.
    pub only_adds: bool,
    /// Whether a cell was not understood, so that it must not be written.
    pub is_broken: bool,
}

/// A line while it is read.
pub struct Draft<'v> {
    /// What it says so far, by model and area.
    pub readings: Vec<Reading<'v>>,
    /// A reading that says nothing yet, of no model.
    pub blank: Reading<'v>,
    /// The models that the line is about.
    pub models: Vec<&'v str>,
    /// The columns that are marked, of those of which one has to be.
    pub marked: Vec<(usize, &'v [Text])>,
    /// Whether there are such columns.
    pub has_answers: bool,
    /// Texts that are a reason, or else a note.
    pub reasons: Vec<(usize, String, String)>,
}

impl<'v> Draft<'v> {
    /// The readings that a column is about; those of its area are made when needed.
    pub fn of(&mut self, column: &BoundColumn<'v>) -> impl Iterator<Item = &mut Reading<'v>> {
        let area = column.area.or(self.blank.area);
        let models = column.models.clone();
        let concerns = move |model: &str| models.is_empty() || models.contains(&model);
        for model in self.models.iter().filter(|model| concerns(model)) {
            if !self
                .readings
                .iter()
                .any(|r| r.model == *model && r.area == area)
            {
                self.readings.push(Reading {
                    model,
                    area,
                    ..self.blank.clone()
                });
            }
        }
        let all = self.readings.iter_mut();
        all.filter(move |reading| reading.area == area && concerns(reading.model))
    }
}

/// A text of several lines as Markdown: paragraphs and lists.
pub fn blocks(text: &CellText) -> String {
    let mut out = String::new();
    let mut in_list = false;
    for line in text
        .lines
        .iter()
        .filter(|line| !line.markdown.trim().is_empty())
    {
        if !out.is_empty() {
            out.push_str(if in_list && line.bullet { "\n" } else { "\n\n" });
        }
        let single = text.lines.len() == 1;
        in_list = line.bullet && !single;
        if in_list {
            out.push_str("- ");
        }
        out.push_str(&squeezed(&line.markdown));
    }
    out
}
