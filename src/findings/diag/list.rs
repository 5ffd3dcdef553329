//! All findings of a run: how many are kept, and in which order. Not for single
//! findings.

use std::collections::HashMap;
use std::sync::Arc;

use crate::findings::diag::nearest::{Guesses, MOST_COMPARED};
use crate::findings::diag::{Code, Finding, Severity};

/// All findings of a run, in the order they were made.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The findings themselves; in reading order after [`Findings::sort`].
    pub list: Vec<Finding>,
    /// How many there are of each code in each file.
    pub(super) counts: HashMap<(Code, Option<Arc<str>>), usize>,
}

/// Most findings of one code that are kept for one file. No one reads more of them, and
/// a hostile file could cause millions.
const MOST: usize = 1_000;

impl Findings {
    /// Adds a finding, unless its file already has very many with the same code.
    pub fn push(&mut self, mut finding: Finding) {
        let file = finding.place.as_ref().map(|p| p.file.clone());
        let count = self.counts.entry((finding.code, file)).or_default();
        *count += 1;
        if *count > MOST {
            return;
        }
        if *count == MOST {
            finding = finding.help("more findings of this kind in this file are not shown");
        }
        self.list.push(finding);
    }

    /// Whether a finding of this code in this file would be kept.
    pub fn has_room(&self, code: Code, file: &Arc<str>) -> bool {
        let count = self.counts.get(&(code, Some(file.clone())));
        count.is_none_or(|count| *count < MOST)
    }

    /// Adds all findings of another stage.
    pub fn extend(&mut self, other: Findings) {
        other.list.into_iter().for_each(|f| self.push(f));
    }

    /// Whether anything keeps a site from being built.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|f| f.severity == Severity::Error)
    }

    /// Whether a file, or part of one, could not be understood, so that ids and cells
    /// that the author did write may be missing.
    pub fn has_unreadable_parts(&self) -> bool {
        self.has_error_of(&[
            Code::MissingKey,
            Code::WrongValue,
            Code::InvalidId,
            Code::DuplicateId,
            Code::CollidingNames,
            Code::DuplicateKey,
        ]) || self.has_unreadable_files()
    }

    /// Whether a whole file could not be understood.
    pub fn has_unreadable_files(&self) -> bool {
        self.has_error_of(&[
            Code::Unreadable,
            Code::LeadsOutside,
            Code::NotText,
            Code::YamlSyntax,
            Code::Limit,
            Code::FrontMatter,
        ]) || self.list.iter().any(|f| f.code == Code::TomlSyntax)
    }

    /// Whether there is an error with one of these codes, not counting those about
    /// settings.
    fn has_error_of(&self, codes: &[Code]) -> bool {
        self.list.iter().any(|f| {
            let settings = f.place.as_ref().is_some_and(|p| &*p.file == "book.toml");
            f.severity == Severity::Error && codes.contains(&f.code) && !settings
        })
    }

    /// The number of findings of one severity that are not acknowledged.
    pub fn count(&self, severity: Severity) -> usize {
        self.list
            .iter()
            .filter(|f| f.severity == severity && f.acknowledged.is_none())
            .count()
    }

    /// The number of findings that the author acknowledged with a reason.
    pub fn acknowledged(&self) -> usize {
        self.list
            .iter()
            .filter(|f| f.acknowledged.is_some())
            .count()
    }

    /// Puts findings in reading order, by file, place and code, drops duplicates, and
    /// adds "did you mean" to the help. Findings without a place
    /// come last.
    pub fn sort(&mut self) {
        self.list.sort_by_cached_key(|f| {
            (
                f.place.is_none(),
                f.place.as_ref().map(|p| (p.file.clone(), p.start, p.end)),
                f.code.id(),
                f.message.clone(),
                f.acknowledged.is_some(),
            )
        });
        // A text that is written once and shown in many places counts as one mistake.
        self.list
            .dedup_by(|b, a| a.code == b.code && a.place == b.place && a.message == b.message);
        self.add_guesses();
    }

    /// Goes through the findings in order, so that the same findings get the same help
    /// whichever thread found them first.
    fn add_guesses(&mut self) {
        let mut guesses = Guesses {
            found: HashMap::new(),
            left: MOST_COMPARED,
        };
        for finding in &mut self.list {
            let guess = finding.guess.take();
            if let Some(help) = guess.and_then(|guess| guesses.help(guess)) {
                finding.help.insert(0, help);
            }
        }
    }
}
