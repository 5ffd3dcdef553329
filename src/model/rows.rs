//! Rows: what is said once for all deployment models.

use crate::findings::Place;
use crate::input::Text;
use crate::model::{Acknowledgements, Cell, FieldValue, ModelIx, Note};

/// One responsibility across all models.
#[derive(Clone, Debug)]
pub struct Row {
    /// Permanent id: the row's anchor on every page.
    pub id: String,
    /// Name of the responsibility, unless a model uses another.
    pub label: String,
    /// Other names that models give it, by model; `None` where a model uses `label`.
    pub labels: Vec<Option<Text>>,
    /// Other words by which the search finds it. They are shown nowhere.
    pub aliases: Vec<String>,
    /// The group of rows that it belongs to within its category.
    pub group: Option<RowGroup>,
    /// What is meant. Markdown.
    pub description: Option<Text>,
    /// The models that are meant to list it, if the author named them, and why.
    pub only_in: Option<OnlyIn>,
    /// Notes for readers. Markdown.
    pub notes: Vec<Note>,
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

/// A group of rows that a category declares.
#[derive(Clone, Debug, Hash)]
pub struct CategoryGroup {
    /// Id by which rows name it.
    pub id: String,
    /// Its heading.
    pub label: String,
    /// The groups within it.
    pub groups: Vec<CategoryGroup>,
    /// Where it is declared.
    pub place: Place,
}

/// A group of rows within a category, as its rows name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowGroup {
    /// Its id, after that of the group that it is in. One that the category does not
    /// declare has its label here.
    pub ids: Vec<String>,
    /// The labels of the same groups.
    pub labels: Vec<String>,
}

/// The text between the headings of a row.
pub const BETWEEN_HEADINGS: &str = " \u{203a} ";

impl RowGroup {
    /// Its labels as one text, from the outermost.
    pub fn label(&self) -> String {
        self.labels.join(BETWEEN_HEADINGS)
    }

    /// The id of the group itself.
    pub fn id(&self) -> &str {
        self.ids.last().map_or("", String::as_str)
    }
}

/// The models that a row is limited to.
#[derive(Clone, Debug, Hash)]
pub struct OnlyIn {
    /// The models that list the row.
    pub models: Vec<ModelIx>,
    /// Why the others do not; shown to readers.
    pub reason: Option<String>,
    /// Whether it names a model that does not exist. That has its own finding.
    pub incomplete: bool,
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
