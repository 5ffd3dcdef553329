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

/// What a file declares, and whether all of it could be read.
#[derive(Clone, Debug)]
pub struct Declared<T> {
    /// What could be read of it.
    pub value: T,
    /// Whether there is nothing wrong with it.
    pub is_whole: bool,
}

impl<T: Decode> Decode for Declared<T> {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        let before = d.findings.list.len();
        let value = T::decode(node, d).or_else(T::missing)?;
        let is_whole = d.findings.list.len() == before;
        Some(Declared { value, is_whole })
    }

    fn missing() -> Option<Self> {
        let value = T::missing()?;
        let is_whole = true;
        Some(Declared { value, is_whole })
    }

    fn keys() -> &'static [&'static str] {
        T::keys()
    }

    fn nesting() -> &'static str {
        T::nesting()
    }
}

impl<T: JsonSchema> JsonSchema for Declared<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        T::json_schema(g)
    }
}

impl Decode for bool {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Scalar { text, kind } if *kind != Scalar::Quoted => match text.as_str() {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                text => {
                    let help = match text.to_lowercase().as_str() {
                        "yes" | "on" => Some("write `true`"),
                        "no" | "off" => Some("write `false`"),
                        _ => None,
                    };
                    let finding = d.wrong(node, "`true` or `false`");
                    let help = help.map(str::to_string);
                    d.findings.push(finding.help_from(help));
                    None
                }
            },
            _ => reject_quoted(node, "`true` or `false`", ["true", "false"].as_slice(), d),
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
            Value::Scalar { text, .. } if text.parse::<i64>().is_ok() => {
                reject_quoted(node, "a whole number", &[text], d)
            }
            _ => d.reject(node, "a whole number"),
        }
    }

    fn stand_in(_: &Place) -> Option<Self> {
        Some(1)
    }
}

/// Refuses a value that would be one of the `right` ones without its quotes.
fn reject_quoted<T>(node: &Node, expected: &str, right: &[&str], d: &mut Decoder<'_>) -> Option<T> {
    let finding = d.wrong(node, expected);
    let is_right = |text: &String| right.contains(&text.to_lowercase().as_str());
    let help = match &node.value {
        Value::Scalar { text, .. } if is_right(text) => {
            Some(format!("remove the quotes: `{}`", text.to_lowercase()))
        }
        _ => None,
    };
    d.findings.push(finding.help_from(help));
    None
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
