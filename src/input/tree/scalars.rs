//! Decodes single values of a tree: texts, numbers and booleans.

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::findings::{Code, Finding, Place};
use crate::input::tree::{Decode, Decoder, Node, STAND_IN, Scalar, Value};

/// Longest single text, in bytes. Labels and titles are repeated on every page.
const MAX_VALUE: usize = 64 << 10;

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where the value is written.
    pub place: Place,
}

/// A text and where it is written.
pub type Text = At<String>;

impl<T: Decode> Decode for At<T> {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        let place = d.place(node.mark());
        T::decode(node, d).map(|value| At { value, place })
    }

    fn stand_in(place: &Place) -> Option<Self> {
        let value = T::stand_in(place)?;
        Some(At {
            value,
            place: place.clone(),
        })
    }

    fn keys() -> &'static [&'static str] {
        T::keys()
    }

    fn nesting() -> &'static str {
        T::nesting()
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        T::decode(node, d).map(Some)
    }

    fn missing() -> Option<Self> {
        Some(None)
    }

    fn stand_in(place: &Place) -> Option<Self> {
        T::stand_in(place).map(Some)
    }

    fn keys() -> &'static [&'static str] {
        T::keys()
    }

    fn nesting() -> &'static str {
        T::nesting()
    }
}

impl Decode for String {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Scalar { text, kind } if *kind != Scalar::Bare => {
                if text.trim().is_empty() {
                    let place = d.place(node.mark());
                    d.findings.push(
                        Finding::new(Code::WrongValue, place, "this text is empty")
                            .help("write a text, or leave it out"),
                    );
                    return None;
                }
                if text.len() > MAX_VALUE {
                    let place = d.place(node.span.start..node.span.start);
                    d.findings.push(
                        Finding::new(
                            Code::Limit,
                            place,
                            format!("a text may have at most {} KB", MAX_VALUE >> 10),
                        )
                        .help("move long texts to a Markdown page"),
                    );
                    return None;
                }
                Some(text.clone())
            }
            _ => d.reject(node, "a text"),
        }
    }

    fn stand_in(_: &Place) -> Option<Self> {
        Some(STAND_IN.to_string())
    }
}

/// A text, or an empty one that says that there is none: it takes the place of a text
/// that would be inherited.
#[derive(Clone, Debug, PartialEq)]
pub struct Clearable(pub Option<Text>);

impl Decode for Clearable {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Scalar { text, kind } if *kind == Scalar::Quoted && text.trim().is_empty() => {
                Some(Clearable(None))
            }
            _ => Text::decode(node, d).map(|text| Clearable(Some(text))),
        }
    }

    fn stand_in(place: &Place) -> Option<Self> {
        Text::stand_in(place).map(|text| Clearable(Some(text)))
    }
}

impl JsonSchema for Clearable {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Text::schema_name()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        Text::json_schema(g)
    }
}

impl Decode for bool {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Scalar { text, kind } if *kind != Scalar::Quoted => match text.as_str() {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => d.reject(node, "`true` or `false`"),
            },
            _ => d.reject(node, "`true` or `false`"),
        }
    }
}

impl Decode for i64 {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Scalar { text, kind } if *kind != Scalar::Quoted => match text.parse() {
                Ok(number) => Some(number),
                Err(_) => d.reject(node, "a whole number"),
            },
            _ => d.reject(node, "a whole number"),
        }
    }

    fn stand_in(_: &Place) -> Option<Self> {
        Some(1)
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        T::json_schema(g)
    }
}
