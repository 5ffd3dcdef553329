//! The author's own fields, and their values in rows and cells.

use crate::findings::Place;
use crate::input::{FieldKind, Text};

/// Index of a field in [`Document::fields`](crate::model::Document::fields).
pub type FieldIx = usize;

/// A field that rows and cells can have.
#[derive(Clone, Debug, Hash)]
pub struct OwnField {
    /// Permanent id.
    pub id: String,
    /// Name of the field.
    pub label: String,
    /// What its values are.
    pub kind: FieldKind,
    /// The values that a field of the kind `choice` can have.
    pub choices: Vec<String>,
    /// The name of its column, and of the option that filters by it: `field.ID`.
    pub column: String,
    /// Where the field is declared.
    pub place: Place,
}

/// What the name of a field's column begins with.
pub const FIELD: &str = "field.";

/// The value of a field.
#[derive(Clone, Debug, Hash)]
pub struct FieldValue {
    /// Which field.
    pub field: FieldIx,
    /// The value as written.
    pub text: Text,
    /// A link in Markdown, if the value is an address.
    pub link: Option<Text>,
}
