//! Decodes lists of values, and mappings whose keys are ids. Records, whose keys are
//! known, are in `tree`.

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::findings::{Code, Finding, Place};
use crate::input::tree::scalars::{At, Text};
use crate::input::tree::{Decode, Decoder, Node, Value};

/// How to write a list. An example of the key says more.
pub(super) const LINE_FOR_EACH: &str = "write a `- ` line for each entry, even for a single one";

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::List(items) => Some(items.iter().filter_map(|i| T::decode(i, d)).collect()),
            _ => {
                let finding = d.wrong(node, "a list");
                let help = if d.is_toml() {
                    "use brackets, even for a single entry: `[\"...\"]`"
                } else {
                    LINE_FOR_EACH
                };
                d.findings.push(finding.help(help));
                None
            }
        }
    }

    fn missing() -> Option<Self> {
        Some(Vec::new())
    }

    fn keys() -> &'static [&'static str] {
        T::keys()
    }

    fn nesting() -> &'static str {
        "in an entry of"
    }
}

/// One value, or a list of them.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        OneOrMany(Vec::new())
    }
}

impl<T: Decode> Decode for OneOrMany<T> {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            // An entry that cannot be read is not the same as none.
            Value::List(items) => {
                let items = items.iter().filter_map(|item| {
                    T::decode(item, d).or_else(|| T::stand_in(&d.place(item.mark())))
                });
                Some(OneOrMany(items.collect()))
            }
            _ => T::decode(node, d).map(|one| OneOrMany(vec![one])),
        }
    }

    fn missing() -> Option<Self> {
        Some(OneOrMany(Vec::new()))
    }

    fn stand_in(place: &Place) -> Option<Self> {
        T::stand_in(place).map(|one| OneOrMany(vec![one]))
    }

    fn keys() -> &'static [&'static str] {
        T::keys()
    }

    fn nesting() -> &'static str {
        T::nesting()
    }
}

/// The same, but at least one value is required.
#[derive(Clone, Debug, PartialEq)]
pub struct AtLeastOne<T>(pub Vec<T>);

impl<T: Decode> Decode for AtLeastOne<T> {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match OneOrMany::decode(node, d) {
            Some(OneOrMany(items)) if items.is_empty() => d.reject(node, "at least one entry"),
            items => items.map(|i| AtLeastOne(i.0)),
        }
    }

    fn stand_in(place: &Place) -> Option<Self> {
        T::stand_in(place).map(|one| AtLeastOne(vec![one]))
    }

    fn keys() -> &'static [&'static str] {
        T::keys()
    }

    fn nesting() -> &'static str {
        "in an entry of"
    }
}

impl<T: JsonSchema> JsonSchema for AtLeastOne<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        OneOrMany::<T>::schema_name()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        OneOrMany::<T>::json_schema(g)
    }
}

/// A mapping whose keys are the author's own (ids), in the author's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Entries<T>(pub Vec<(Text, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Entries(Vec::new())
    }
}

impl<T> Entries<T> {
    /// The entry with this key.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|(k, _)| k.value == key).map(|(_, v)| v)
    }
}

impl<T: Decode> Decode for Entries<T> {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            return d.reject(
                node,
                if d.is_toml() {
                    "a table"
                } else {
                    "a mapping (`key: value` lines)"
                },
            );
        };
        let mut out = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let place = d.place(key.span.clone());
            let decoded = T::decode(value, d);
            if let Some(value) = decoded.or_else(|| T::stand_in(&d.place(value.mark()))) {
                let value_of = key.text.clone();
                out.push((
                    At {
                        value: value_of,
                        place,
                    },
                    value,
                ));
            }
        }
        Some(Entries(out))
    }

    fn missing() -> Option<Self> {
        Some(Entries(Vec::new()))
    }

    fn stand_in(place: &Place) -> Option<Self> {
        let value = T::stand_in(place)?;
        Some(Entries(vec![(Text::stand_in(place)?, value)]))
    }

    fn keys() -> &'static [&'static str] {
        T::keys()
    }

    fn nesting() -> &'static str {
        "in an entry of"
    }
}

/// Reports keys that occur twice in any mapping of the tree, and keeps the
/// first of each. Keys without a value have findings of their own: in `{a: R, A, b: R, A}`
/// they are no keys.
pub fn refuse_duplicates(node: &mut Node, d: &mut Decoder<'_>) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|i| refuse_duplicates(i, d)),
        Value::Map(entries) => {
            let mut seen = std::collections::HashMap::new();
            entries.retain(|(key, value)| match seen.get(&key.text) {
                None => {
                    let empty = matches!(value.value, Value::Null);
                    seen.insert(key.text.clone(), (key.span.clone(), empty));
                    true
                }
                Some((_, true)) if matches!(value.value, Value::Null) => true,
                Some((first, _)) => {
                    let finding = Finding::new(
                        Code::DuplicateKey,
                        Place::new(&d.file, key.span.clone()),
                        format!("`{}` is given twice", key.text),
                    )
                    .label("given again here")
                    .related(Place::new(&d.file, first.clone()), "first given here")
                    .help("keep one of them, or merge what they say");
                    d.findings.push(finding);
                    false
                }
            });
            entries
                .iter_mut()
                .for_each(|(_, v)| refuse_duplicates(v, d));
        }
        _ => {}
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("OneOrMany_{}", T::schema_name()).into()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let one = g.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Entries_{}", T::schema_name()).into()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let one = g.subschema_for::<T>();
        schemars::json_schema!({ "type": "object", "additionalProperties": one })
    }
}
