//! What the text of a cell means, by the lists of a vocabulary. Which party or model the
//! cell is about is known to `reading`.

use crate::findings::Place;
use crate::import::facts::{CellFacts, join_to};
use crate::import::grid::as_markdown;
use crate::import::pattern::{Pattern, filled, squeezed};
use crate::import::words::Words;
use crate::input::{Entries, Meaning, MeaningRecord, State, Text};

/// The word for a cell that says nothing.
pub const NOTHING: &str = "nothing";

/// The placeholder for a task in an entry of a list.
const TASK: &str = "task";

/// What separates letters that stand together.
const SEPARATORS: &str = ",;/+&|·・、，";

/// A text, and the words that it means.
struct Entry<'v> {
    pattern: Pattern,
    meaning: &'v MeaningRecord,
    place: &'v Place,
}

/// The lists that apply to a column, the nearest first.
pub struct Lexicon<'w, 'v> {
    words: &'w Words<'v>,
    entries: Vec<Entry<'v>>,
    /// The texts of `entries`, as they are written.
    texts: Vec<&'v str>,
    letters: Vec<(&'v Text, &'v Text)>,
}

/// What a cell means: its words, and the values of the placeholders.
#[derive(Default)]
pub struct Said<'v> {
    /// Roles of the party that the cell is about.
    pub roles: Vec<&'v str>,
    /// Parties that the cell names.
    pub parties: Vec<&'v str>,
    /// Models that the cell names.
    pub models: Vec<&'v str>,
    /// The state that it gives.
    pub state: Option<State>,
    /// Parties of further roles.
    further: Vec<(&'v str, &'v str)>,
    conditional: Option<String>,
    scope: Option<String>,
    summary: Option<String>,
    reason: Option<String>,
    note: Option<String>,
    /// The task, as a reader sees it.
    pub task: Option<String>,
}

impl<'w, 'v> Lexicon<'w, 'v> {
    /// The lists that apply, given the nearest first.
    pub fn new(
        words: &'w Words<'v>,
        lists: &[&'v Entries<Meaning>],
        letters: &[&'v Entries<Text>],
    ) -> Lexicon<'w, 'v> {
        let all = || lists.iter().flat_map(|list| &list.0);
        let entries = all().map(|(text, meaning)| Entry {
            pattern: Pattern::of(&text.value),
            meaning: &meaning.0,
            place: &text.place,
        });
        let letters = letters.iter().flat_map(|list| &list.0);
        Lexicon {
            words,
            entries: entries.collect(),
            texts: all().map(|(text, _)| text.value.as_str()).collect(),
            letters: letters.map(|(letter, role)| (letter, role)).collect(),
        }
    }

    /// What a text means; `None` if no list has it.
    pub fn look_up(&self, text: &str) -> Option<Said<'v>> {
        let text = squeezed(text);
        self.found(&text, false).or_else(|| self.spelt(&text))
    }

    /// What the beginning of an entry of a list means, by the texts with `{task}`.
    pub fn of_entry(&self, text: &str) -> Option<Said<'v>> {
        self.found(&squeezed(text), true)
    }

    /// All texts that have a meaning, for suggestions.
    pub fn texts(&self) -> Vec<&'v str> {
        let letters = self.letters.iter().map(|(letter, _)| letter.value.as_str());
        self.texts.iter().copied().chain(letters).collect()
    }

    fn found(&self, text: &str, of_entry: bool) -> Option<Said<'v>> {
        for entry in &self.entries {
            if entry.pattern.names().any(|name| name == TASK) != of_entry {
                continue;
            }
            if let Some(values) = entry.pattern.fit(text) {
                self.words.used.borrow_mut().push(entry.place);
                return Some(self.said(entry.meaning, &values));
            }
        }
        None
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
            let fits = self
                .letters
                .iter()
                .filter(|(l, _)| left.starts_with(&l.value));
            let (letter, role) = fits.max_by_key(|(l, _)| l.value.len())?;
            self.words.used.borrow_mut().push(&letter.place);
            if !said.roles.contains(&role.value.as_str()) {
                said.roles.push(&role.value);
            }
            left = &left[letter.value.len()..];
        }
        (!said.roles.is_empty()).then_some(said)
    }

    fn said(&self, meaning: &'v MeaningRecord, values: &[(&str, &str)]) -> Said<'v> {
        let escaped: Vec<(&str, String)> = values
            .iter()
            .map(|(name, text)| (*name, as_markdown(text)))
            .collect();
        let escaped: Vec<(&str, &str)> = escaped.iter().map(|(n, t)| (*n, t.as_str())).collect();
        let plain = |text: &Option<Text>| text.as_ref().map(|t| filled(&t.value, values));
        let markdown = |text: &Option<Text>| text.as_ref().map(|t| filled(&t.value, &escaped));
        let mut said = Said {
            conditional: markdown(&meaning.conditional),
            scope: markdown(&meaning.scope),
            summary: plain(&meaning.summary),
            reason: plain(&meaning.reason),
            note: markdown(&meaning.note),
            task: values
                .iter()
                .find(|(name, _)| *name == TASK)
                .map(|(_, t)| t.to_string()),
            ..Said::default()
        };
        for word in &meaning.is.0 {
            self.add_word(&word.value, &mut said);
        }
        for (role, parties) in &meaning.roles.0 {
            let parties = parties.0.iter();
            said.further
                .extend(parties.map(|party| (&*role.value, &*party.value)));
        }
        said
    }

    /// A word is a party's or model's id, a role, a state, or `nothing`.
    fn add_word(&self, word: &'v str, said: &mut Said<'v>) {
        let file = self.words.file;
        if word == NOTHING {
            return;
        }
        if file.parties.get(word).is_some() {
            said.parties.push(word);
        } else if file.models.get(word).is_some() {
            said.models.push(word);
        } else if let Some(state) = State::from_word(word) {
            said.state = Some(state);
        } else {
            said.roles.push(word);
        }
    }
}

impl<'v> Said<'v> {
    /// A text that is only the name of a party.
    pub fn of_party(party: &'v str) -> Said<'v> {
        Said {
            parties: vec![party],
            ..Said::default()
        }
    }

    /// Whether it is more than nothing: a mark.
    pub fn is_mark(&self) -> bool {
        !self.roles.is_empty() || !self.parties.is_empty() || self.state.is_some()
    }

    /// Adds what a cell about a party says.
    pub fn add_of_party(&self, party: &str, facts: &mut CellFacts) {
        for role in &self.roles {
            facts.give(role, party);
        }
        for other in &self.parties {
            facts.own(other);
        }
        self.add_terms(party, facts);
        self.add_common(facts);
    }

    /// Adds what a cell about a role says: its parties have the role.
    pub fn add_of_role(&self, role: &str, facts: &mut CellFacts) {
        for party in &self.parties {
            facts.give(role, party);
            self.add_terms(party, facts);
        }
        self.add_common(facts);
    }

    fn add_terms(&self, party: &str, facts: &mut CellFacts) {
        let lists = [
            (&self.conditional, &mut facts.conditional),
            (&self.scope, &mut facts.scope),
            (&self.summary, &mut facts.summary),
        ];
        for (text, list) in lists {
            if let Some(text) = text {
                join_to(list, party, text);
            }
        }
    }

    /// Adds what is said whoever the cell is about.
    pub fn add_common(&self, facts: &mut CellFacts) {
        for (role, party) in &self.further {
            facts.give(role, party);
        }
        if let Some(state) = self.state {
            facts.state = Some(state);
        }
        if let Some(reason) = &self.reason {
            facts.reason = Some(reason.clone());
        }
        if let Some(note) = self
            .note
            .as_ref()
            .filter(|note| !facts.notes.contains(note))
        {
            facts.notes.push(note.clone());
        }
    }
}
