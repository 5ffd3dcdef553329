//! What the text of a cell means, by the lists of a vocabulary. Which party or model the
//! cell is about is known to `reading`.

use std::cell::RefCell;
use std::collections::HashSet;

use crate::findings::Place;
use crate::import::facts::Facts;
use crate::import::pattern::{Pattern, filled, squeezed};
use crate::input::{BuiltInRole, Entries, Meaning, MeaningRecord, State, Text, VocabularyFile};

/// The word for a cell that says nothing.
const NOTHING: &str = "nothing";

/// What separates letters that stand together.
const SEPARATORS: &str = ",;/+&|·・、，";

/// A text, and the words that it means.
struct Entry<'v> {
    pattern: Pattern,
    meaning: &'v MeaningRecord,
    place: &'v Place,
}

/// The lists that apply to a column, the nearest first.
pub struct Lexicon<'v> {
    vocabulary: &'v VocabularyFile,
    entries: Vec<Entry<'v>>,
    letters: Vec<(&'v Text, &'v Text)>,
    /// The entries that were of use, by place.
    used: &'v RefCell<HashSet<Place>>,
}

/// What a cell means: its words, and the values of the placeholders.
#[derive(Default)]
pub struct Said<'v> {
    /// Roles of the party that the cell is about.
    pub roles: Vec<&'v str>,
    /// Parties that the cell names.
    pub parties: Vec<&'v str>,
    /// The state that it gives.
    pub state: Option<State>,
    /// Parties of further roles.
    pub further: Vec<(&'v str, &'v str)>,
    /// A condition of the party.
    pub conditional: Option<String>,
    /// Its part.
    pub scope: Option<String>,
    /// Words for the summary.
    pub summary: Option<String>,
    /// Why the state applies.
    pub reason: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// The text of the placeholder `task`.
    pub task: Option<String>,
}

impl<'v> Lexicon<'v> {
    /// The lists of a vocabulary that apply, given the nearest first.
    pub fn new(
        vocabulary: &'v VocabularyFile,
        lists: &[&'v Entries<Meaning>],
        letters: &[&'v Entries<Text>],
        used: &'v RefCell<HashSet<Place>>,
    ) -> Lexicon<'v> {
        let entries = lists.iter().flat_map(|list| &list.0);
        let entries = entries.map(|(text, meaning)| Entry {
            pattern: Pattern::new(&squeezed(&text.value)),
            meaning: &meaning.0,
            place: &text.place,
        });
        let letters = letters.iter().flat_map(|list| &list.0);
        Lexicon {
            vocabulary,
            entries: entries.collect(),
            letters: letters.map(|(letter, role)| (letter, role)).collect(),
            used,
        }
    }

    /// What a text means; `None` if no list has it.
    pub fn look_up(&self, text: &str) -> Option<Said<'v>> {
        let text = squeezed(text);
        for entry in &self.entries {
            if let Some(values) = entry.pattern.fit(&text) {
                self.used.borrow_mut().insert(entry.place.clone());
                return Some(self.said(entry.meaning, &values));
            }
        }
        self.spelt(&text)
    }

    /// What an empty cell means: nothing, unless a list has the empty text.
    pub fn has_empty(&self) -> bool {
        self.entries.iter().any(|entry| entry.pattern.fit("").is_some())
    }

    /// The roles of letters that stand together.
    fn spelt(&self, text: &str) -> Option<Said<'v>> {
        let mut said = Said::default();
        let mut left = text;
        while let Some(first) = left.chars().next() {
            if first.is_whitespace() || SEPARATORS.contains(first) {
                left = &left[first.len_utf8()..];
                continue;
            }
            let fits = self.letters.iter().filter(|(l, _)| left.starts_with(&l.value));
            let (letter, role) = fits.max_by_key(|(l, _)| l.value.len())?;
            self.used.borrow_mut().insert(letter.place.clone());
            said.roles.push(&role.value);
            left = &left[letter.value.len()..];
        }
        (!said.roles.is_empty()).then_some(said)
    }

    fn said(&self, meaning: &'v MeaningRecord, values: &[(&str, &str)]) -> Said<'v> {
        let text = |text: &Option<Text>| text.as_ref().map(|t| filled(&t.value, values));
        let mut said = Said {
            conditional: text(&meaning.conditional),
            scope: text(&meaning.scope),
            summary: text(&meaning.summary),
            reason: text(&meaning.reason),
            note: text(&meaning.note),
            task: values.iter().find(|(name, _)| *name == "task").map(|(_, t)| t.to_string()),
            ..Said::default()
        };
        for word in &meaning.is.0 {
            self.add_word(&word.value, &mut said);
        }
        for (role, parties) in &meaning.roles.0 {
            let parties = parties.0.iter();
            said.further.extend(parties.map(|party| (&*role.value, &*party.value)));
        }
        said
    }

    /// A word is a party's id, a role, a state, or `nothing`.
    fn add_word(&self, word: &'v str, said: &mut Said<'v>) {
        if word == NOTHING {
            return;
        }
        let mut parties = self.vocabulary.parties.0.iter();
        if parties.any(|(id, _)| id.value == word) {
            said.parties.push(word);
        } else if let Some(state) = State::from_word(word) {
            said.state = Some(state);
        } else {
            said.roles.push(word);
        }
    }
}

/// Whether a word can stand in a meaning.
pub fn is_word(vocabulary: &VocabularyFile, word: &str) -> bool {
    let mut letters = vocabulary.letters.0.iter();
    word == NOTHING
        || State::from_word(word).is_some()
        || BuiltInRole::from_word(word).is_some()
        || vocabulary.parties.get(word).is_some()
        || letters.any(|(_, role)| role.value == word)
}

impl Said<'_> {
    /// Adds what a cell about a party says.
    pub fn add_of_party(&self, party: &str, facts: &mut Facts) {
        for role in &self.roles {
            facts.give(role, party);
        }
        self.add_terms(party, facts);
        self.add_common(facts);
    }

    /// Adds what a cell about a role says: its parties have the role.
    pub fn add_of_role(&self, role: &str, facts: &mut Facts) {
        for party in &self.parties {
            facts.give(role, party);
            self.add_terms(party, facts);
        }
        self.add_common(facts);
    }

    fn add_terms(&self, party: &str, facts: &mut Facts) {
        let lists = [
            (&self.conditional, &mut facts.conditional),
            (&self.scope, &mut facts.scope),
            (&self.summary, &mut facts.summary),
        ];
        for (text, list) in lists {
            if let Some(text) = text {
                crate::import::facts::join_to(list, party, text);
            }
        }
    }

    fn add_common(&self, facts: &mut Facts) {
        for (role, party) in &self.further {
            facts.give(role, party);
        }
        if let Some(state) = self.state {
            facts.state = Some(state);
        }
        if let Some(reason) = &self.reason {
            facts.reason = Some(reason.clone());
        }
        facts.notes.extend(self.note.clone());
    }
}
