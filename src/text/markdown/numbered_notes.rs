//! Numbers for the footnotes of several texts that are shown together. How a note is
//! written is not known here.

use std::cell::RefCell;
use std::collections::HashMap;

/// Which note a text refers to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NoteKey {
    /// One that says the same in every text of a folder, which links are relative to.
    Words {
        /// What the author wrote, without the label.
        words: String,
        /// The folder of the text.
        folder: String,
    },
    /// One that refers to something else in its text, so that it may mean something
    /// else in another one.
    OfText {
        /// The whole text.
        text: String,
        /// The label of the note.
        label: String,
        /// The folder of the text.
        folder: String,
    },
}

/// The footnotes of a page or a table, with bodies of a kind. Two texts with the same
/// note share its number, as long as it is not listed yet. Numbers go on from one list
/// to the next.
pub struct NumberedNotes<B> {
    state: RefCell<State<B>>,
}

struct State<B> {
    /// How many notes are in lists that were taken.
    listed: usize,
    /// The notes of the next list.
    waiting: Vec<WaitingNote<B>>,
    /// Where they are in it.
    places: HashMap<NoteKey, usize>,
}

struct WaitingNote<B> {
    /// How often texts refer to it.
    references: usize,
    body: B,
}

impl<B> Default for NumberedNotes<B> {
    fn default() -> Self {
        NumberedNotes {
            state: RefCell::new(State {
                listed: 0,
                waiting: Vec::new(),
                places: HashMap::new(),
            }),
        }
    }
}

impl<B: Default> NumberedNotes<B> {
    /// Refers to a note. Returns its number, and how often it is referred to so far;
    /// after the first time, its body has to be told.
    pub fn refer(&self, key: NoteKey) -> (usize, usize) {
        let State {
            listed,
            waiting,
            places,
        } = &mut *self.state.borrow_mut();
        let at = *places.entry(key).or_insert_with(|| {
            waiting.push(WaitingNote {
                references: 0,
                body: B::default(),
            });
            waiting.len() - 1
        });
        let note = &mut waiting[at];
        note.references += 1;
        (*listed + at + 1, note.references)
    }

    /// Sets the body of a note that is not listed yet.
    pub fn tell(&self, number: usize, body: B) {
        let mut state = self.state.borrow_mut();
        let at = number - state.listed - 1;
        state.waiting[at].body = body;
    }

    /// The notes that texts referred to since the last time, each with its number.
    pub fn take(&self) -> Vec<(usize, B)> {
        let mut state = self.state.borrow_mut();
        let first = state.listed + 1;
        let waiting = std::mem::take(&mut state.waiting);
        state.listed += waiting.len();
        state.places.clear();
        let bodies = waiting.into_iter().map(|note| note.body);
        (first..).zip(bodies).collect()
    }
}
