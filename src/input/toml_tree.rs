//! Reads TOML text into a located tree. The keys of files are not known here.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::findings::{Code, Finding, Findings, Place};
use crate::input::tree::{self, Decoder, Key, Node, Scalar, Value};

/// Reads TOML text into a located tree, as far as it can be understood.
pub fn toml_tree(file: &Arc<str>, text: &str, findings: &mut Findings) -> Node {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let message = error.message();
        let place = Place::new(file, error.span().unwrap_or(0..0));
        findings.push(if message.contains("duplicate") {
            Finding::new(
                Code::DuplicateKey,
                place,
                format!("TOML allows this key only once: {message}"),
            )
            .label("given again here")
            .help("keep one of them, or merge what they say")
        } else {
            let finding = Finding::new(
                Code::TomlSyntax,
                place,
                format!("this is not valid TOML: {message}"),
            )
            .label("the parser stopped here");
            let at = text.get(finding.place.as_ref().map_or(0, |p| p.start)..);
            let is_curly = at.is_some_and(|at| at.starts_with(['“', '”', '„', '‘', '’']));
            if is_curly {
                finding.help("these are the quotes of a word processor: write `\"`")
            } else if message.contains("unclosed") {
                finding.help("find the bracket or quote that is not closed")
            } else {
                finding.help("texts need quotes: `title = \"...\"`")
            }
        });
    }
    let root = Node {
        span: 0..0,
        value: table_value(table.get_ref()),
    };
    let mut decoder = Decoder {
        file: file.clone(),
        findings,
    };
    tree::refuse_unfit(&root, text, 0, &mut decoder);
    root
}

fn table_value(table: &DeTable<'_>) -> Value {
    let mut entries: Vec<(Key, Node)> = table
        .iter()
        .map(|(key, value)| {
            let key = Key {
                text: key.get_ref().to_string(),
                span: key.span(),
                is_refused: false,
            };
            (key, toml_node(value))
        })
        .collect();
    // The TOML crate sorts by name; restore the order of the file.
    entries.sort_by_key(|(key, _)| key.span.start);
    Value::Map(entries)
}

fn toml_node(value: &Spanned<DeValue<'_>>) -> Node {
    let bare = |text: String| Value::Scalar {
        text,
        kind: Scalar::Bare,
    };
    Node {
        span: value.span(),
        value: match value.get_ref() {
            DeValue::String(text) => Value::Scalar {
                text: text.to_string(),
                kind: Scalar::Quoted,
            },
            DeValue::Integer(number) => bare(number.as_str().to_string()),
            DeValue::Float(number) => bare(number.as_str().to_string()),
            DeValue::Boolean(truth) => bare(truth.to_string()),
            DeValue::Datetime(time) => bare(time.to_string()),
            DeValue::Array(items) => Value::List(items.iter().map(toml_node).collect()),
            DeValue::Table(table) => table_value(table),
        },
    }
}
