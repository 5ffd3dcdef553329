//! A located tree, the common shape of a YAML file, a front matter and
//! `book.toml`, and the decoding of such trees into records. Decoding continues after
//! a mistake, so that all mistakes of a file are found in one run. What a key means
//! is not known here.

mod curly_quotes;
mod lists;
mod scalars;
mod unfit;

use std::ops::Range;
use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Place, nearest};
use crate::input::tree::lists::LINE_FOR_EACH;

pub use crate::input::tree::curly_quotes::find_curly_quotes;
pub use crate::input::tree::lists::{AtLeastOne, Entries, OneOrMany, refuse_duplicates};
pub use crate::input::tree::scalars::{At, Clearable, Declared, Text};
pub use crate::input::tree::unfit::{refuse_unfit, refuse_unfit_text};

/// A value and its byte range in the file.
#[derive(Clone, Debug)]
pub struct Node {
    /// What the node contains.
    pub value: Value,
    /// The bytes of the node in its file.
    pub span: Range<usize>,
}

/// What a node contains. Scalars keep their text as written: `1.10` stays
/// `1.10` and `no` stays `no` where a text is expected.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing: a key without a value, or an empty file.
    Null,
    /// A single value.
    Scalar {
        /// The value as written, without quotes.
        text: String,
        /// How it was written.
        kind: Scalar,
    },
    /// A list, in order.
    List(Vec<Node>),
    /// A mapping or table, in the order of the file.
    Map(Vec<(Key, Node)>),
}

/// How a scalar was written, which decides what it can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// Quoted, or a block scalar: always a text.
    Quoted,
    /// Plain YAML: a text, number, date or boolean, whichever is expected.
    Plain,
    /// A TOML number, date or boolean: never a text.
    Bare,
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key as text, without quotes.
    pub text: String,
    /// The bytes of the key in its file.
    pub span: Range<usize>,
    /// Whether it was no text and is refused, so that nothing else is said about it.
    pub is_refused: bool,
}

impl Node {
    /// Describes the node, for "found ..." in a message.
    fn describe(&self) -> String {
        match &self.value {
            Value::Null => "nothing".into(),
            Value::Scalar { text, .. } if text.chars().count() > 40 => "a text".into(),
            Value::Scalar { text, kind } if *kind == Scalar::Quoted => {
                format!("the text `\"{text}\"`")
            }
            Value::Scalar { text, .. } => format!("`{text}`"),
            Value::List(_) => "a list".into(),
            Value::Map(_) => "a mapping".into(),
        }
    }

    /// The range to mark for the node: its first line, not its whole body.
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

/// The file's name and the findings so far, while a tree is decoded.
pub struct Decoder<'a> {
    /// The file's path, for places.
    pub file: Arc<str>,
    /// The list to which findings are added.
    pub findings: &'a mut Findings,
}

impl Decoder<'_> {
    /// The place of a byte range in this file.
    pub fn place(&self, span: Range<usize>) -> Place {
        Place::new(&self.file, span)
    }

    /// Whether the file is TOML, whose terms and syntax differ from YAML's.
    fn is_toml(&self) -> bool {
        self.file.ends_with(".toml")
    }

    /// A finding that `node` is not what is expected.
    pub fn wrong(&self, node: &Node, expected: &str) -> Finding {
        let start = node.span.start;
        let mark = match &node.value {
            // The bracket or dash that makes the list, not what is first in it.
            Value::List(_) => start..start + 1,
            Value::Map(_) if start < node.mark().start => start..start + 1,
            _ => node.mark(),
        };
        let finding = Finding::new(
            Code::WrongValue,
            self.place(mark),
            format!("expected {expected}, found {}", node.describe()),
        )
        .label(format!("expected {expected}"));
        match &node.value {
            Value::Map(entries) if expected.contains("text") => {
                finding.help_from(entries.first().map(|entry| in_quotes("", entry)))
            }
            _ => finding,
        }
    }

    pub(in crate::input) fn reject<T>(&mut self, node: &Node, expected: &str) -> Option<T> {
        let finding = self.wrong(node, expected);
        self.findings.push(finding);
        None
    }
}

/// How to write a text that YAML reads as a key and its value. `before` stands before it.
fn in_quotes(before: &str, (key, value): &(Key, Node)) -> String {
    let key = &key.text;
    let told =
        format!("a colon followed by a space makes `{key}` a key; put the whole text in quotes");
    let Value::Scalar { text, .. } = &value.value else {
        return told;
    };
    let whole = format!("{key}: {text}");
    match (
        whole.contains(['"', '\\', '\n']),
        whole.contains(['\'', '\n']),
    ) {
        (false, _) => format!("{told}: `{before}\"{whole}\"`"),
        (true, false) => format!("{told}: `{before}'{whole}'`"),
        (true, true) => told,
    }
}

/// A type that can be read from a tree. `None` means that a finding was added.
pub trait Decode: Sized {
    /// Decodes a node.
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self>;

    /// The value if the key is missing; `None` makes the key required.
    fn missing() -> Option<Self> {
        None
    }

    /// The keys of the record that this type is or contains.
    fn keys() -> &'static [&'static str] {
        &[]
    }

    /// The words that say where that record is, seen from its key: `below` it, or
    /// deeper.
    fn nesting() -> &'static str {
        "below"
    }

    /// The value that replaces a required one that is missing, so that the rest of
    /// its record is still checked. The error keeps it from being written anywhere.
    fn stand_in(_place: &Place) -> Option<Self> {
        None
    }
}

/// The text that replaces a required one that is missing.
pub const STAND_IN: &str = "?";

/// The entries of a mapping that is decoded into a record.
pub struct Given<'n> {
    /// All entries of the mapping, in the order of the file.
    pub entries: &'n [(Key, Node)],
    /// Keys of the record that were misspelt, with the entries meant for them.
    meant: Vec<(&'static str, &'n (Key, Node))>,
    /// Whether it is no record at all, such as a text with a colon in it. Then no key of
    /// the record is missing.
    foreign: bool,
}

impl<'n> Given<'n> {
    /// The entry of a key. A misspelt key counts as the one that was meant; otherwise
    /// its absence would be reported too.
    fn find(&self, key: &str) -> Option<&'n (Key, Node)> {
        let exact = self.entries.iter().find(|(k, _)| k.text == key);
        exact.or_else(|| Some(self.meant.iter().find(|(k, _)| *k == key)?.1))
    }
}

/// The entries of a mapping node that decodes into a record named `what`.
/// Reports unknown keys against `known`; `below` are the keys of the records
/// in its own keys, with the words of [`Decode::nesting`] for each.
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
    let mut foreign = false;
    for entry in entries {
        let key = &entry.0;
        if !known.contains(&key.text.as_str()) && !key.is_refused {
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
                    foreign = best.is_none() && entries.len() == 1;
                    match known.contains(&"text") && foreign {
                        true => finding.help(in_quotes("text: ", entry)),
                        false => finding.suggest_found(best, known),
                    }
                }
            };
            d.findings.push(finding);
        }
    }
    Some(Given {
        entries,
        meant,
        foreign,
    })
}

/// Decodes one field of a record: its value, its default, or `None` and a finding.
/// `example` shows how the key is written.
pub fn record_field<T: Decode>(
    node: &Node,
    given: &Given<'_>,
    what: &str,
    key: &str,
    example: Option<&str>,
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
                    .label("there is nothing after the colon")
                    .help("give it a value or remove the line"),
                );
                return T::missing().or_else(|| T::stand_in(&d.place(k.span.clone())));
            }
            let before = d.findings.list.len();
            let decoded = T::decode(value, d);
            show_example(key, example, before, d);
            // A wrong value is not the same as a missing one.
            decoded
                .or_else(|| T::stand_in(&d.place(value.mark())))
                .or_else(T::missing)
        }
        None => {
            let missing = T::missing();
            if missing.is_none() && !given.foreign {
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

/// Adds an example to the findings since `before` that say that a value has another shape
/// than expected, and do not say how to write it.
fn show_example(key: &str, example: Option<&str>, before: usize, d: &mut Decoder<'_>) {
    if d.is_toml() {
        return;
    }
    let scalars = [
        "expected one of",
        "expected `",
        "expected a whole",
        "expected a valid",
    ];
    for finding in d.findings.list.iter_mut().skip(before) {
        let message = finding.message.as_str();
        let is_shape = message.starts_with("expected ")
            && !scalars.iter().any(|word| message.starts_with(word));
        let is_told = finding.help.iter().any(|help| help != LINE_FOR_EACH);
        let example = match example {
            _ if !is_shape || is_told => continue,
            Some(example) => example.to_string(),
            None if message.starts_with("expected a text, found a list") => {
                format!("{key}: a text")
            }
            None => continue,
        };
        finding.help = vec![format!("write it like this: `{example}`")];
    }
}

/// Declares a record type: its decoder and its JSON Schema come from one declaration,
/// so they cannot disagree. Keys are the field names with `-` for `_`. What follows `like`
/// is shown to authors who wrote something of another shape.
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident = $what:literal {
            $( $(#[doc = $fdoc:literal])* $field:ident: $ty:ty = $key:literal $(like $like:literal)?, )*
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
                // Every field is decoded before the record fails, so that all its
                // mistakes are found.
                $(
                    let like: &[&str] = &[$($like)?];
                    let like = like.first().copied();
                    let $field = $crate::input::record_field(node, &given, $what, $key, like, d);
                )*
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
                    let best = $crate::findings::nearest(text, Self::WORDS.iter().copied());
                    // All words are in the message.
                    let finding = d.wrong(node, &expected).suggest_found(best, &[]);
                    d.findings.push(finding);
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
