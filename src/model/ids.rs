//! Ids: which are valid, and how one is looked up.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::findings::Names;

/// The ids of one kind, each with its index in the document.
#[derive(Debug, Default)]
pub struct Ids {
    pub(super) places: HashMap<String, usize>,
    /// The ids as names, for suggestions.
    pub names: Arc<Names>,
}

impl Ids {
    pub(super) fn new<'a>(kind: &'static str, ids: impl Iterator<Item = &'a str> + Clone) -> Ids {
        let places = ids.clone().enumerate();
        Ids {
            places: places.map(|(at, id)| (id.to_string(), at)).collect(),
            names: Names::new(kind, "", ids),
        }
    }

    /// The index of an id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

/// What a document declares although it could not be read, so that nothing says that it
/// does not exist. The mistake in its declaration is reported.
#[derive(Clone, Debug, Default, Hash)]
pub struct Unread {
    /// Whether some parties could not be read; and below, the same of other kinds.
    pub parties: bool,
    /// Frameworks.
    pub frameworks: bool,
    /// Areas.
    pub areas: bool,
    /// Letters and own roles.
    pub roles: bool,
    /// Notes.
    pub notes: bool,
    /// Fields.
    pub fields: bool,
    /// Ids of deployment models.
    pub models: BTreeSet<String>,
}

impl Unread {
    /// Nothing of `srm.yaml` could be read.
    pub fn site() -> Unread {
        Unread {
            parties: true,
            frameworks: true,
            areas: true,
            roles: true,
            notes: true,
            fields: true,
            models: BTreeSet::new(),
        }
    }
}

/// Longest id, in characters and in bytes: two of them with a suffix still fit
/// a file name of 255 bytes.
const MAX_ID: usize = 64;

const MAX_ID_BYTES: usize = 100;

/// Ids that the site's own files and anchors, or a file system, reserve.
const RESERVED: &[&str] = &[
    "index", "all", "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "lpt1", "lpt2",
];

/// Why `id` cannot be an id, if so. Allowed are letters and digits of any script,
/// `-`, `_` and `.`.
pub fn id_problem(id: &str) -> Option<String> {
    let mut chars = id.chars();
    if !chars.next().is_some_and(char::is_alphanumeric) {
        return Some("an id must begin with a letter or a digit".into());
    }
    if let Some(bad) = chars.find(|c| !(c.is_alphanumeric() || "-_.".contains(*c))) {
        return Some(format!("`{}` cannot be in an id", bad.escape_debug()));
    }
    if id.chars().count() > MAX_ID || id.len() > MAX_ID_BYTES {
        return Some(format!(
            "an id may have at most {MAX_ID} characters and {MAX_ID_BYTES} bytes"
        ));
    }
    if id.ends_with('.') || id.contains("..") {
        return Some("an id may not have two dots in a row or end with a dot".into());
    }
    let folded = fold(id);
    let stem = folded.split('.').next().unwrap_or(&folded);
    if RESERVED.contains(&stem) || folded.starts_with("srm-") {
        return Some(format!("`{id}` is reserved"));
    }
    None
}

/// Turns a text into a valid id, for suggestions.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfkc().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    let mut cut = String::new();
    for c in out.chars().take(MAX_ID) {
        if cut.len() + c.len_utf8() > MAX_ID_BYTES {
            break;
        }
        cut.push(c);
    }
    cut.trim_matches('-').to_string()
}

/// A name as some file systems compare it: ignoring letter case and how accents are
/// encoded.
pub fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}
