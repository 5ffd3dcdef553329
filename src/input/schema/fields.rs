//! The author's own fields: how `srm.yaml` declares them, and how a value is written.

use crate::input::tree::{Decode, Decoder, Node, Scalar, Text, Value, choice, record};

choice! {
    /// What the values of a field are.
    pub enum FieldKind {
        /// Any text.
        Text = "text",
        /// One of the field's `choices`.
        Choice = "choice",
        /// A day, written YYYY-MM-DD.
        Date = "date",
        /// An address, or a link into the site.
        Link = "link",
    }
}

record! {
    /// A field that rows and cells can have.
    pub struct FieldRecord = "a field" {
        /// Permanent id, used in `fields` of rows and cells.
        id: Text = "id",
        /// Name of the field, the heading of its column.
        label: Text = "label",
        /// What its values are.
        kind: FieldKind = "kind",
        /// The values that a field of the kind `choice` can have.
        choices: Option<Vec<FieldText>> = "choices",
    }
}

/// The value of a field as it is written. An empty one takes a value back.
#[derive(Clone, Debug)]
pub struct FieldText {
    /// The value; `None` if it is empty.
    pub value: Option<Text>,
    /// What other readers of YAML read in its place, because it has no quotes.
    pub read_as: Option<&'static str>,
}

impl Decode for FieldText {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Scalar { text, kind } if *kind == Scalar::Quoted && text.trim().is_empty() => {
                Some(FieldText {
                    value: None,
                    read_as: None,
                })
            }
            Value::Scalar { text, kind } => Some(FieldText {
                read_as: (*kind == Scalar::Plain).then(|| read_as(text)).flatten(),
                value: Some(Text::decode(node, d)?),
            }),
            _ => Text::decode(node, d).map(|text| FieldText {
                value: Some(text),
                read_as: None,
            }),
        }
    }
}

impl schemars::JsonSchema for FieldText {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Text::schema_name()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Text::json_schema(g)
    }
}

/// What YAML reads a plain scalar as, if it is no text.
fn read_as(text: &str) -> Option<&'static str> {
    let word = text.to_ascii_lowercase();
    if ["true", "false", "yes", "no", "on", "off"].contains(&word.as_str()) {
        return Some("a boolean");
    }
    if text.parse::<jiff::civil::Date>().is_ok() {
        return Some("a date");
    }
    let digits = word.trim_start_matches(['+', '-', '.']).replace('_', "");
    let begins = digits.starts_with(|c: char| c.is_ascii_digit());
    let based = digits.starts_with("0x") || digits.starts_with("0o");
    (begins && (based || digits.parse::<f64>().is_ok())).then_some("a number")
}
