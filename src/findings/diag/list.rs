//! All findings of a run: how many are kept, and in which order. Not for single
//! findings.

use std::collections::HashMap;
use std::sync::Arc;

use crate::findings::diag::nearest::{Guesses, MOST_COMPARED};
use crate::findings::diag::{Code, Finding, Place, Severity};

/// All findings of a run, in the order they were made.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The findings themselves; in reading order after [`Findings::sort`].
    pub list: Vec<Finding>,
    /// How many there are of each code in each file.
    pub(super) counts: HashMap<(Code, Option<Arc<str>>), usize>,
}

/// What the names of pages that were made begin with in findings. A source cannot be named
/// like that.
pub const MADE: &str = "(output) ";

/// The codes of files that could not be understood as a whole.
const UNREADABLE: &[Code] = &[
    Code::Unreadable,
    Code::LeadsOutside,
    Code::NotText,
    Code::YamlSyntax,
    Code::Limit,
    Code::FrontMatter,
];

impl Finding {
    /// Whether it says that a file could not be understood as a whole.
    fn is_unreadable_file(&self) -> bool {
        let is_code = UNREADABLE.contains(&self.code) || self.code == Code::TomlSyntax;
        self.severity == Severity::Error && is_code
    }
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
        self.has_error_of(UNREADABLE) || self.list.iter().any(|f| f.code == Code::TomlSyntax)
    }

    /// Whether there is an error about an id that does not exist. Then what seems never
    /// to be used may be what was meant.
    pub fn has_unknown_ids(&self) -> bool {
        self.has_error_of(&[Code::UnknownId, Code::Letters, Code::RolesDisagree])
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
    /// adds "did you mean" to the help. Files that could not be read come first, since
    /// other findings may follow from that, and pages that were made come after the
    /// sources. Findings without a place come last.
    pub fn sort(&mut self) {
        self.list.sort_by_cached_key(|f| {
            let is_made = |p: &Place| p.file.starts_with(MADE);
            (
                f.place.is_none(),
                !f.is_unreadable_file(),
                f.place.as_ref().is_some_and(is_made),
                f.place.as_ref().map(|p| (p.file.clone(), p.start, p.end)),
                f.code.id(),
                f.message.clone(),
                f.acknowledged.is_some(),
            )
        });
        // A text that is written once and shown in many places counts as one mistake.
        self.list
            .dedup_by(|b, a| a.code == b.code && a.place == b.place && a.message == b.message);
        self.join_curly_quotes();
        self.add_guesses();
    }

    /// Curly quotes explain an error at the same place, so they are told there.
    fn join_curly_quotes(&mut self) {
        let place = |f: &Finding| f.place.as_ref().map(|p| (p.file.clone(), p.start));
        let is_curly = |f: &Finding| f.code == Code::CurlyQuotes;
        let curly = self.list.iter().filter(|f| is_curly(f));
        let mut helps: HashMap<_, _> = curly.map(|f| (place(f), f.help.clone())).collect();
        if helps.is_empty() {
            return;
        }
        let mut told = Vec::new();
        for error in &mut self.list {
            let at = place(error);
            if error.severity == Severity::Error
                && let Some(help) = helps.remove(&at)
            {
                error.help = help;
                error.guess = None;
                told.push(at);
            }
        }
        self.list
            .retain(|f| !is_curly(f) || !told.contains(&place(f)));
    }

    /// Goes through the findings in order, so that the same findings get the same help
    /// whichever thread found them first.
    fn add_guesses(&mut self) {
        let mut guesses = Guesses {
            found: HashMap::new(),
            left: MOST_COMPARED,
        };
        self.list.retain_mut(|finding| {
            let Some(guess) = finding.guess.take() else {
                return true;
            };
            let may_exist = guess.may_exist;
            let help = guesses.help(guess);
            let is_certain = help.is_some() || !may_exist;
            if let Some(help) = help {
                finding.help.insert(0, help);
            }
            is_certain
        });
    }
}
