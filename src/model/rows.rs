//! Rows: what is said once for all deployment models.

use crate::findings::Place;
use crate::input::Text;
use crate::model::{Acknowledgements, Cell, FieldValue, ModelIx};

/// One responsibility across all models.
#[derive(Clone, Debug)]
pub struct Row {
    /// Permanent id: the row's anchor on every page.
    pub id: String,
    /// Name of the responsibility, unless a model uses another.
    pub label: String,
    /// Other names that models give it, by model; `None` where a model uses `label`.
    pub labels: Vec<Option<Text>>,
    /// What is meant. Markdown.
    pub description: Option<Text>,
    /// The models that are meant to list it, if the author named them, and why.
    pub only_in: Option<OnlyIn>,
    /// Notes for readers. Markdown.
    pub notes: Vec<Text>,
    /// Controls that the row is mapped to, by framework.
    pub controls: Vec<Controls>,
    /// Values of fields that hold in all models. Cells have them, too.
    pub fields: Vec<FieldValue>,
    /// One entry for each model; `None` means "not listed".
    pub cells: Vec<Option<Cell>>,
    /// Why a model does not list the row, for each model; shown to readers.
    pub unlisted: Vec<Option<String>>,
    /// Whether there is a cell for a model that does not exist. That has its own
    /// finding.
    pub incomplete: bool,
    /// Acknowledgements that apply to all cells of the row.
    pub acknowledge: Acknowledgements,
    /// The id in the category's file.
    pub place: Place,
}

/// The models that a row is limited to.
#[derive(Clone, Debug, Hash)]
pub struct OnlyIn {
    /// The models that list the row.
    pub models: Vec<ModelIx>,
    /// Why the others do not; shown to readers.
    pub reason: Option<String>,
}

/// Ids of one framework's controls.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Controls {
    /// Index in [`Document::frameworks`].
    pub framework: usize,
    /// Ids of the controls, such as `CC6.1`.
    pub ids: Vec<String>,
}

impl Row {
    /// The label of the row in a model, or its general label.
    pub fn label_in(&self, model: Option<ModelIx>) -> &str {
        model
            .and_then(|m| self.labels[m].as_ref())
            .map_or(&self.label, |t| &t.value)
    }
}
