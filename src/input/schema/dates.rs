//! Days as written in files. Which day is today is not known here.

use crate::findings::Place;
use crate::input::tree::{Decode, Decoder, Node, Value};

/// A calendar day, written YYYY-MM-DD (ISO 8601).
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Date {
    /// The day as written, YYYY-MM-DD.
    pub text: String,
    /// The same day, for comparisons.
    pub day: jiff::civil::Date,
    /// Where it is written.
    pub place: Place,
}

impl Decode for Date {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        if let Value::Scalar { text, .. } = &node.value
            && text.len() == 10
            && let Ok(day) = text.parse()
        {
            return Some(Date {
                text: text.clone(),
                day,
                place: d.place(node.span.clone()),
            });
        }
        let finding = d.wrong(node, "a valid date, written YYYY-MM-DD");
        d.findings.push(finding);
        None
    }
}

impl schemars::JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}
