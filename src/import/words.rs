//! The vocabulary as the other modules ask it: names of parties and models, and the lists
//! that apply to a cell.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::findings::Place;
use crate::import::pattern::squeezed;
use crate::input::{TableWords, Text, VocabularyFile};

/// A vocabulary, with its names by text.
pub struct Words<'v> {
    /// The vocabulary.
    pub file: &'v VocabularyFile,
    /// An entry that fits all tables, for a vocabulary without any.
    any: Option<&'v TableWords>,
    parties: HashMap<String, &'v str>,
    models: HashMap<String, &'v str>,
    areas: HashMap<String, &'v str>,
    /// The entries that were of use, by place.
    pub used: RefCell<Vec<&'v Place>>,
}

type Named<'v> = (&'v Text, &'v Option<Text>, &'v [Text]);

fn names<'v>(entries: impl Iterator<Item = Named<'v>>) -> HashMap<String, &'v str> {
    let mut all = HashMap::new();
    for (id, label, found_as) in entries {
        for name in found_as.iter().chain(label).chain([id]) {
            all.entry(squeezed(&name.value))
                .or_insert(id.value.as_str());
        }
    }
    all
}

impl<'v> Words<'v> {
    /// Looks up the names of a vocabulary.
    pub fn new(file: &'v VocabularyFile, any: Option<&'v TableWords>) -> Words<'v> {
        let parties = file.parties.0.iter();
        let models = file.models.0.iter();
        let areas = file.areas.0.iter();
        Words {
            file,
            any,
            parties: names(parties.map(|(id, p)| (id, &p.label, &*p.found_as.0))),
            models: names(models.map(|(id, m)| (id, &m.label, &*m.found_as.0))),
            areas: names(areas.map(|(id, a)| (id, &a.label, &*a.found_as.0))),
            used: RefCell::default(),
        }
    }

    /// The entries of tables.
    pub fn tables(&self) -> Vec<&'v TableWords> {
        match self.file.tables.is_empty() {
            true => self.any.into_iter().collect(),
            false => self.file.tables.iter().collect(),
        }
    }

    /// The party with this name.
    pub fn party(&self, name: &str) -> Option<&'v str> {
        self.parties.get(&squeezed(name)).copied()
    }

    /// The model with this name.
    pub fn model(&self, name: &str) -> Option<&'v str> {
        self.models.get(&squeezed(name)).copied()
    }

    /// The area with this name.
    pub fn area(&self, name: &str) -> Option<&'v str> {
        self.areas.get(&squeezed(name)).copied()
    }

    /// The ids of all models, in order.
    pub fn all_models(&self) -> Vec<&'v str> {
        let models = self.file.models.0.iter();
        models.map(|(id, _)| id.value.as_str()).collect()
    }
}
