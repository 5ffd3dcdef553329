//! Names of footnotes in a document that is put together from several texts, each of
//! which has its own.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::CowStr;

/// The names of the footnotes in a document so far.
#[derive(Debug, Default)]
pub struct NoteNames {
    taken: HashSet<String>,
}

impl NoteNames {
    /// A name for a footnote that no other text of the document has.
    fn unused(&mut self, label: &str) -> String {
        let numbered = (2..).map(|n| format!("{label}-{n}"));
        let mut names = std::iter::once(label.to_string()).chain(numbered);
        // Case does not matter in names.
        let name = names.find(|name| self.taken.insert(name.to_lowercase()));
        name.unwrap_or_default()
    }

    /// The edits that give the footnotes of a text such names.
    pub(super) fn renamed(&mut self, text: &str, notes: Notes<'_>) -> Vec<(Range<usize>, String)> {
        let mut edits = Vec::new();
        for (label, places) in notes.all {
            let name = self.unused(&label);
            if name == *label {
                continue;
            }
            // Each place begins with the label in brackets.
            edits.extend(places.into_iter().filter_map(|place| {
                let end = place.start + text[place.clone()].find(']')?;
                Some((place.start..end, format!("[^{name}")))
            }));
        }
        edits
    }
}

/// The footnotes of a text, each with the places where it is defined or referred to.
#[derive(Default)]
pub(super) struct Notes<'t> {
    all: Vec<(CowStr<'t>, Vec<Range<usize>>)>,
    by_label: HashMap<CowStr<'t>, usize>,
}

impl<'t> Notes<'t> {
    pub(super) fn add(&mut self, label: CowStr<'t>, place: Range<usize>) {
        let at = *self.by_label.entry(label).or_insert_with_key(|label| {
            self.all.push((label.clone(), Vec::new()));
            self.all.len() - 1
        });
        self.all[at].1.push(place);
    }
}
