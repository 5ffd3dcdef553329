//! A located tree, the common shape of a YAML file, a front matter and
//! `book.toml`, and the decoding of such trees into records. Decoding goes on
//! after a mistake, so that all mistakes of a file are found in one run. It
//! does not know what any key means.

mod lists;
mod scalars;

use std::ops::Range;
use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Place, nearest};

pub use crate::input::tree::lists::{AtLeastOne, Entries, OneOrMany, refuse_duplicates};
pub use crate::input::tree::scalars::{At, Text};

/// A value with the byte range it has in its file.
#[derive(Clone, Debug)]
pub struct Node {
    pub value: Value,
    pub span: Range<usize>,
}

/// What a node holds. Scalars keep their text as written: `1.10` stays
/// `1.10` and `no` stays `no` where a text is wanted.
#[derive(Clone, Debug)]
pub enum Value {
    Null,
    Scalar { text: String, kind: Scalar },
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// How a scalar was written, which decides what it may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// Quoted, or a block scalar: a text and nothing else.
    Quoted,
    /// YAML plain: a text, number, date or yes/no as its reader wants.
    Plain,
    /// A TOML number, date or boolean: not a text.
    Bare,
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub struct Key {
    pub text: String,
    pub span: Range<usize>,
}

impl Node {
    /// What the node is, for "found ..." in a message.
    fn describe(&self) -> String {
        match &self.value {
            Value::Null => "nothing".into(),
            Value::Scalar { text, .. } if text.chars().count() > 40 => "a text".into(),
            Value::Scalar { text, .. } => format!("`{text}`"),
            Value::List(_) => "a list".into(),
            Value::Map(_) => "a mapping".into(),
        }
    }

    /// The range to mark for the node: its first line's worth, not its body.
    pub fn mark(&self) -> Range<usize> {
        match &self.value {
            Value::Map(entries) => entries
                .first()
                .map_or(self.span.clone(), |(key, _)| key.span.clone()),
            Value::List(items) => items.first().map_or(self.span.clone(), Node::mark),
            _ => self.span.clone(),
        }
    }
}

/// Carries the file's name and collects findings while a tree is decoded.
pub struct Decoder<'a> {
    pub file: Arc<str>,
    pub findings: &'a mut Findings,
}

impl Decoder<'_> {
    /// The place of a byte range in this file.
    pub fn place(&self, span: Range<usize>) -> Place {
        Place::new(&self.file, span)
    }

    /// Whether the file is TOML, which has other words and signs than YAML.
    fn is_toml(&self) -> bool {
        self.file.ends_with(".toml")
    }

    /// Reports that `node` is not what it should be.
    pub fn wrong(&self, node: &Node, expected: &str) -> Finding {
        let mut finding = Finding::new(
            Code::WrongValue,
            self.place(node.mark()),
            format!("expected {expected}, found {}", node.describe()),
        )
        .label(format!("expected {expected}"));
        if let Value::Map(entries) = &node.value
            && let [(key, _)] = entries.as_slice()
            && expected.contains("text")
        {
            finding = finding.help(format!(
                "a colon followed by a blank makes `{}` a key; put the whole text in quotes",
                key.text
            ));
        }
        finding
    }

    fn reject<T>(&mut self, node: &Node, expected: &str) -> Option<T> {
        let finding = self.wrong(node, expected);
        self.findings.push(finding);
        None
    }
}

/// A type that can be read from a tree. `None` means that a finding was made.
pub trait Decode: Sized {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self>;

    /// The value when the key is not there; `None` makes the key required.
    fn missing() -> Option<Self> {
        None
    }

    /// The keys of the record it is or holds.
    fn keys() -> &'static [&'static str] {
        &[]
    }

    /// How that record lies to the key that has it: `below` it, or deeper.
    fn nesting() -> &'static str {
        "below"
    }

    /// What a required value counts as once its absence was reported, so that
    /// the rest of its record is still looked at. Nothing is written then.
    fn stand_in(_place: &Place) -> Option<Self> {
        None
    }
}

/// The text that stands for a required one that is missing.
pub const STAND_IN: &str = "?";

/// What a mapping says about a record.
pub struct Given<'n> {
    pub entries: &'n [(Key, Node)],
    /// Keys of the record that were misspelt, with the entries meant for them.
    meant: Vec<(&'static str, &'n (Key, Node))>,
}

impl<'n> Given<'n> {
    /// The entry of a key. A misspelt one is read as what was meant, or all
    /// that lacks without it would be reported too.
    fn find(&self, key: &str) -> Option<&'n (Key, Node)> {
        let exact = self.entries.iter().find(|(k, _)| k.text == key);
        exact.or_else(|| Some(self.meant.iter().find(|(k, _)| *k == key)?.1))
    }
}

/// The entries of a mapping node that decodes into a record named `what`.
/// Reports unknown keys against `known`; `below` are the keys of the records
/// that its own keys hold, and how these lie to them.
pub fn record_entries<'n>(
    node: &'n Node,
    what: &str,
    known: &[&'static str],
    below: &[(&'static str, &'static [&'static str], &'static str)],
    d: &mut Decoder<'_>,
) -> Option<Given<'n>> {
    let Value::Map(entries) = &node.value else {
        let kind = if d.is_toml() { "a table" } else { "a mapping" };
        return d.reject(node, &format!("{what} ({kind})"));
    };
    let mut meant = Vec::new();
    for entry in entries {
        let key = &entry.0;
        if !known.contains(&key.text.as_str()) {
            let finding = Finding::new(
                Code::UnknownKey,
                d.place(key.span.clone()),
                format!("`{}` is not a key of {what}", key.text),
            )
            .label("unknown key");
            let knows = |keys: &[&str]| keys.contains(&key.text.as_str());
            let misplaced = below.iter().find(|(_, keys, _)| knows(keys));
            let finding = match misplaced {
                Some((place, _, lies)) => finding.help(format!("it belongs {lies} `{place}`")),
                None => {
                    let best = nearest(&key.text, known.iter().copied());
                    meant.extend(best.map(|key| (key, entry)));
                    finding.suggest_found(best, known)
                }
            };
            d.findings.push(finding);
        }
    }
    Some(Given { entries, meant })
}

/// One field of a record: its value, its default, or a finding.
pub fn record_field<T: Decode>(
    node: &Node,
    given: &Given<'_>,
    what: &str,
    key: &str,
    d: &mut Decoder<'_>,
) -> Option<T> {
    match given.find(key) {
        Some((k, value)) => {
            if matches!(value.value, Value::Null) {
                d.findings.push(
                    Finding::new(
                        Code::WrongValue,
                        d.place(k.span.clone()),
                        format!("`{key}` has no value"),
                    )
                    .label("nothing follows the colon")
                    .help("give it a value or remove the line"),
                );
                return T::missing().or_else(|| T::stand_in(&d.place(k.span.clone())));
            }
            // A value that is wrong is not the same as none.
            T::decode(value, d)
                .or_else(|| T::stand_in(&d.place(value.mark())))
                .or_else(T::missing)
        }
        None => {
            let missing = T::missing();
            if missing.is_none() {
                d.findings.push(
                    Finding::new(
                        Code::MissingKey,
                        d.place(node.mark()),
                        format!("{what} needs `{key}`"),
                    )
                    .label(format!("`{key}` is missing here"))
                    .help(if d.is_toml() {
                        format!("add a line `{key} = ...`")
                    } else {
                        format!("add a line `{key}: ...`")
                    }),
                );
            }
            missing.or_else(|| T::stand_in(&d.place(node.mark())))
        }
    }
}

/// A record type: its decoder and its JSON Schema come from one declaration,
/// so they cannot disagree. Keys are the field names with `-` for `_`.
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident = $what:literal {
            $( $(#[doc = $fdoc:literal])* $field:ident: $ty:ty = $key:literal, )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields, transform = $name::mark_required)]
        $vis struct $name {
            $( $(#[doc = $fdoc])* #[schemars(rename = $key)] pub $field: $ty, )*
        }

        impl $name {
            /// The keys, as written in files.
            pub const KEYS: &[&str] = &[$($key),*];

            fn mark_required(schema: &mut schemars::Schema) {
                let mut required: Vec<serde_json::Value> = Vec::new();
                $(
                    if <$ty as $crate::input::Decode>::missing().is_none() {
                        required.push($key.into());
                    }
                )*
                schema.remove("required");
                if !required.is_empty() {
                    schema.insert("required".into(), required.into());
                }
            }
        }

        impl $crate::input::Decode for $name {
            fn keys() -> &'static [&'static str] {
                Self::KEYS
            }

            fn decode(node: &$crate::input::Node, d: &mut $crate::input::Decoder<'_>) -> Option<Self> {
                let below = [$( (
                    $key,
                    <$ty as $crate::input::Decode>::keys(),
                    <$ty as $crate::input::Decode>::nesting(),
                ) ),*];
                let given = $crate::input::record_entries(node, $what, Self::KEYS, &below, d)?;
                // Every field is read before any is given up, so that all
                // mistakes of the record are found.
                $( let $field = $crate::input::record_field(node, &given, $what, $key, d); )*
                Some($name { $( $field: $field?, )* })
            }
        }
    };
}
pub(crate) use record;

/// An enum with a word for each value: the only place that has both.
macro_rules! worded {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $( $(#[$vmeta:meta])* $variant:ident = $word:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $( $(#[$vmeta])* $variant, )*
        }

        impl $name {
            /// All values, in the order of their declaration.
            pub const ALL: &'static [$name] = &[$( $name::$variant ),*];

            /// The word of this value.
            pub fn word(self) -> &'static str {
                match self { $( $name::$variant => $word, )* }
            }

            /// The value with this word.
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
    };
}
pub(crate) use worded;

/// A closed set of words. Declares the enum, its decoder and its schema.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        $vis:vis enum $name:ident {
            $( $(#[doc = $vdoc:literal])* $variant:ident = $word:literal, )*
        }
    ) => {
        $crate::input::worded! {
            $(#[doc = $doc])*
            #[derive(schemars::JsonSchema)]
            $vis enum $name {
                $( $(#[doc = $vdoc])* #[schemars(rename = $word)] $variant = $word, )*
            }
        }

        impl $name {
            /// The words, as written in files.
            pub const WORDS: &[&str] = &[$($word),*];
        }

        impl $crate::input::Decode for $name {
            fn decode(node: &$crate::input::Node, d: &mut $crate::input::Decoder<'_>) -> Option<Self> {
                let expected = format!("one of {}", $crate::findings::code_list(Self::WORDS));
                if let $crate::input::Value::Scalar { text, .. } = &node.value {
                    if let Some(value) = $name::from_word(text) {
                        return Some(value);
                    }
                    let finding = d.wrong(node, &expected);
                    d.findings.push(finding.suggest(text, Self::WORDS.iter().copied()));
                    return None;
                }
                let finding = d.wrong(node, &expected);
                d.findings.push(finding);
                None
            }

            fn stand_in(_: &$crate::findings::Place) -> Option<Self> {
                $name::ALL.first().copied()
            }
        }
    };
}
pub(crate) use choice;
