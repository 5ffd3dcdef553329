//! Finds the known name that is nearest to a wrong one, within limits on the work. The
//! wording of a finding is elsewhere.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub(super) fn did_you_mean(best: &str) -> String {
    format!("did you mean `{best}`?")
}

/// A list of all names, if there are few enough to read.
pub(super) fn all_names(known: &[&str]) -> Option<String> {
    let few = !known.is_empty() && known.len() <= 20;
    few.then(|| format!("known here: {}", code_list(known)))
}

/// The spelling in `known` that is nearest to `given`, if it is near at all.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let known = known.into_iter().map(|name| (name.to_lowercase(), name));
    let mut unlimited = usize::MAX;
    nearest_by(given, known, given.chars().count() / 3, &mut unlimited)
}

/// The same for names that come with their lower-case form. A match differs in at least
/// one letter and at most in the allowed number. Stops with the best name so far when
/// `left`, the letters that may still be compared, reaches zero.
fn nearest_by<'a>(
    given: &str,
    known: impl IntoIterator<Item = (impl AsRef<str>, &'a str)>,
    most: usize,
    left: &mut usize,
) -> Option<&'a str> {
    let folded = given.to_lowercase().replace('_', "-");
    // The distance is quadratic in the length, and long texts are not typing mistakes.
    if folded.len() > 200 {
        return None;
    }
    let letters = Letters::of(&folded);
    let limit = most.max(1);
    let same_letters = |text: &str| {
        let own = folded.chars().filter(|c| *c != '-');
        text.chars().filter(|c| *c != '-').eq(own)
    };
    let mut best: Option<(usize, &str)> = None;
    for (other, name) in known {
        let other = other.as_ref();
        *left = left.saturating_sub(1 + other.len());
        if *left == 0 {
            break;
        }
        if same_letters(other) {
            return Some(name);
        }
        // There may be very many names, and each distance is slow to compute.
        let limit = best.map_or(limit, |(distance, _)| distance - 1);
        if letters.least_edits(other) > limit {
            continue;
        }
        *left = left.saturating_sub(folded.len() * other.len());
        let distance = strsim::damerau_levenshtein(&folded, other);
        if distance <= limit {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// All names of one kind that an author made: rows, models, files and so on.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// What they name. A run has one list for each kind.
    pub(super) kind: &'static str,
    /// What an author writes before a name, such as `row:`.
    prefix: &'static str,
    /// Each name in lower case and as written.
    pub(super) list: Vec<(String, String)>,
}

impl Names {
    /// Takes names in a fixed order: of two that are equally near, the first is
    /// suggested.
    pub fn new<'a>(
        kind: &'static str,
        prefix: &'static str,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Arc<Names> {
        let names = names.into_iter();
        Arc::new(Names {
            kind,
            prefix,
            list: names.map(|n| (n.to_lowercase(), n.to_string())).collect(),
        })
    }

    /// The paths of files.
    pub fn paths<'a>(prefix: &'static str, paths: impl IntoIterator<Item = &'a str>) -> Arc<Names> {
        let paths: BTreeSet<&str> = paths.into_iter().collect();
        Names::new(PATHS, prefix, paths)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.iter().map(|(l, n)| (l.as_str(), n.as_str()))
    }

    /// The name that was most likely meant. For files it is one with the same name in
    /// another folder, or one with nearly the same name. Equal folders or extensions
    /// alone do not make two names alike.
    pub(super) fn nearest(&self, given: &str, left: &mut usize) -> Option<&str> {
        if self.kind != PATHS {
            return nearest_by(given, self.iter(), given.chars().count() / 3, left);
        }
        let name = given.rsplit('/').next().unwrap_or_default();
        let stem = name.split('.').next().unwrap_or_default();
        let moved = self
            .iter()
            .filter(|(_, path)| path.rsplit('/').next() == Some(name));
        nearest_by(given, moved, given.len(), left)
            .or_else(|| nearest_by(given, self.iter(), stem.chars().count() / 3, left))
    }
}

/// The kind of names that are paths.
const PATHS: &str = "path";

/// An unknown name, and the names that exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    pub(super) given: String,
    among: Arc<Names>,
    /// The help to give when no name is near.
    pub(super) otherwise: &'static str,
    /// Whether the name may be one that could not be read, unless another is near.
    pub(super) may_exist: bool,
}

impl Guess {
    /// A guess that one of these was meant.
    pub fn new(given: &str, among: &Arc<Names>) -> Guess {
        Guess {
            given: given.to_string(),
            among: among.clone(),
            otherwise: "",
            may_exist: false,
        }
    }

    /// Says that some names could not be read. Then the finding is dropped if no known
    /// name is near: what was written may be one of them.
    pub fn may_exist(mut self, may_exist: bool) -> Guess {
        self.may_exist = may_exist;
        self
    }

    /// Sets the help for when no name is near, in place of a list of all names. What was said
    /// first holds.
    pub fn or(mut self, otherwise: &'static str) -> Guess {
        if self.otherwise.is_empty() {
            self.otherwise = otherwise;
        }
        self
    }
}

/// Most names that get a suggestion in one run. After this many, the author knows what
/// went wrong.
const MOST_GUESSES: usize = 300;

/// Most letters that are compared for all of them, which takes half a second.
pub(super) const MOST_COMPARED: usize = 50_000_000;

/// The nearest names found so far, by the kind and what was written.
pub(super) struct Guesses {
    pub(super) found: HashMap<(&'static str, String), Option<String>>,
    pub(super) left: usize,
}

impl Guesses {
    pub(super) fn help(&mut self, guess: Guess) -> Option<String> {
        let Guess {
            given,
            among,
            otherwise,
            may_exist,
        } = guess;
        let full = self.found.len() >= MOST_GUESSES || self.left == 0;
        let best = match self.found.entry((among.kind, given)) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(_) if full => None,
            Entry::Vacant(new) => {
                let best = among.nearest(&new.key().1, &mut self.left);
                new.insert(best.map(str::to_string)).clone()
            }
        };
        match best {
            Some(best) => Some(did_you_mean(&format!("{}{best}", among.prefix))),
            None if may_exist => None,
            None if !otherwise.is_empty() => Some(otherwise.to_string()),
            None if among.list.len() > 20 => None,
            None => all_names(&among.iter().map(|(_, name)| name).collect::<Vec<_>>()),
        }
    }
}

/// How often each letter occurs in a text. Some letters share a counter.
struct Letters([i32; 32]);

impl Letters {
    fn of(text: &str) -> Letters {
        let mut counts = [0; 32];
        text.chars().for_each(|c| counts[c as usize % 32] += 1);
        Letters(counts)
    }

    /// The least number of letters that have to change to turn this text into the
    /// other: one change can replace a surplus letter with a missing one.
    fn least_edits(&self, other: &str) -> usize {
        let mut left = self.0;
        other.chars().for_each(|c| left[c as usize % 32] -= 1);
        let missing: i32 = left.iter().filter(|n| **n > 0).sum();
        let excess: i32 = left.iter().filter(|n| **n < 0).sum();
        missing.max(-excess).unsigned_abs() as usize
    }
}

/// Joins items as code: `a`, `b`, `c`.
pub fn code_list(items: &[&str]) -> String {
    let quoted: Vec<String> = items.iter().map(|i| format!("`{i}`")).collect();
    quoted.join(", ")
}
