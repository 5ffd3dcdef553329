//! The words of the interface, from a theme's strings file: no words that a reader
//! sees are written in the code. Authors' texts are not in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::findings::{Code, Finding, Findings, Place};

/// Maps keys to texts. A text may contain `{name}` for a value.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Strings(BTreeMap<String, String>);

impl Strings {
    /// Reads a strings file: flat TOML in which every value is a text. Texts of later
    /// calls replace those of earlier ones.
    pub fn add(&mut self, file: &Arc<str>, text: &str, findings: &mut Findings) {
        match toml::from_str::<BTreeMap<String, String>>(text) {
            Ok(map) => self.0.extend(map),
            Err(error) => findings.push(
                Finding::new(
                    Code::TomlSyntax,
                    Place::new(file, error.span().unwrap_or(0..0)),
                    format!(
                        "a strings file must be a flat table of texts: {}",
                        error.message()
                    ),
                )
                .help("write each entry as a line `key = \"text\"`"),
            ),
        }
    }

    /// Replaces the text of a key.
    pub fn replace(&mut self, key: String, text: String) {
        self.0.insert(key, text);
    }

    /// The keys and texts that are not those of `other`.
    pub fn unlike<'a>(&'a self, other: &'a Strings) -> impl Iterator<Item = (&'a str, &'a str)> {
        let differs = |(key, text): &(&String, &String)| other.0.get(*key) != Some(*text);
        let all = self.0.iter().filter(differs);
        all.map(|(key, text)| (key.as_str(), text.as_str()))
    }

    /// All keys, for suggestions.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The text of a key. If a theme lacks it, the key itself, which a reader can
    /// still understand.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// The text of a key with each `{name}` replaced by its value.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.get(key);
        let mut out = String::with_capacity(rest.len() + 16);
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            rest = &rest[open..];
            let value = rest.find('}').and_then(|close| {
                let name = &rest[1..close];
                let value = values.iter().find(|(n, _)| *n == name)?.1;
                Some((close, value))
            });
            match value {
                Some((close, value)) => {
                    out.push_str(value);
                    rest = &rest[close + 1..];
                }
                None => {
                    out.push('{');
                    rest = &rest[1..];
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// The text of `key-one` or `key-many`, depending on `n`.
    pub fn count(&self, key: &str, n: usize) -> String {
        let form = if n == 1 { "one" } else { "many" };
        self.fill(&format!("{key}-{form}"), &[("n", &n.to_string())])
    }
}
