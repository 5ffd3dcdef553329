//! What the tool has to say about somebody's files: findings with a stable
//! code, a place, labels and help. Nothing here prints or reads anything;
//! `report` turns findings into text.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

/// How much a finding weighs. Errors stop a build before it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    /// The word used in every output format.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A stretch of one source file: path relative to the project, byte range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<str>,
    pub start: usize,
    pub end: usize,
}

/// Where in its file a thing stands decides on no byte of a page, so it does
/// not tell pages apart; the file does, since links are seen from it.
impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.file.hash(state);
    }
}

impl Place {
    /// A byte range of a file.
    pub fn new(file: &Arc<str>, range: Range<usize>) -> Self {
        Place {
            file: file.clone(),
            start: range.start,
            end: range.end.max(range.start),
        }
    }

    /// The beginning of a file, for findings about the file as a whole.
    pub fn file(path: &str) -> Self {
        Place {
            file: Arc::from(path),
            start: 0,
            end: 0,
        }
    }
}

/// Which part of the document a finding is about, so that an acknowledgement
/// written on a document, model, category, row or cell can answer it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Subject {
    pub model: Option<String>,
    pub category: Option<String>,
    pub row: Option<String>,
}

/// One thing to tell the author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    /// Where it is; `None` for findings about the command line or the output.
    pub place: Option<Place>,
    /// What is marked at `place`.
    pub label: String,
    /// Further places that explain the finding.
    pub related: Vec<(Place, String)>,
    /// How to mend it, most likely first.
    pub help: Vec<String>,
    /// What was written where one of many names is wanted; [`Findings::sort`]
    /// turns it into help.
    pub guess: Option<Guess>,
    pub subject: Subject,
    /// The author's reason for leaving it as it is.
    pub acknowledged: Option<String>,
}

impl Finding {
    /// A finding with its code's usual severity.
    pub fn new(code: Code, place: impl Into<Option<Place>>, message: impl Into<String>) -> Self {
        Finding {
            code,
            severity: code.severity(),
            message: clip(message.into()),
            place: place.into(),
            label: String::new(),
            related: Vec::new(),
            help: Vec::new(),
            guess: None,
            subject: Subject::default(),
            acknowledged: None,
        }
    }

    /// Another severity than the code's usual one.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Words beside the marked spot.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = clip(text.into());
        self
    }

    /// Marks a further place that explains the finding.
    pub fn related(mut self, place: Place, text: impl Into<String>) -> Self {
        self.related.push((place, text.into()));
        self
    }

    /// Adds a line on how to mend it.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Says which name was written and which names exist. [`Findings::sort`] adds
    /// the help "did you mean" when all findings are known: a file can hold
    /// thousands of names and thousands of mistakes, and comparing each with each
    /// takes minutes.
    pub fn guess(mut self, guess: Option<Guess>) -> Self {
        self.guess = guess;
        self
    }

    /// Adds "did you mean" when one of `known` is close to `given`, else the
    /// whole list when that is short enough to be of use. This is for the few
    /// names that belong to the tool itself; [`Finding::guess`] is for names
    /// that authors make.
    pub fn suggest<'a>(self, given: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        self.suggest_found(nearest(given, known.iter().copied()), &known)
    }

    /// The same, when the nearest of them was found before.
    pub fn suggest_found(self, best: Option<&str>, known: &[&str]) -> Self {
        match best {
            Some(best) => self.help(did_you_mean(best)),
            None => self.help_from(known_here(known)),
        }
    }

    fn help_from(mut self, text: Option<String>) -> Self {
        self.help.extend(text);
        self
    }

    /// Says which part of the document it is about.
    pub fn subject(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }
}

/// Longest message, in bytes. Authors' texts are quoted in messages, and a
/// text can be a whole file.
const MAX_MESSAGE: usize = 1_000;

fn clip(mut text: String) -> String {
    if text.len() > MAX_MESSAGE {
        let mut end = MAX_MESSAGE;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push_str(" ...");
    }
    text
}

fn did_you_mean(best: &str) -> String {
    format!("did you mean `{best}`?")
}

/// All names, where they are few enough to be read.
fn known_here(known: &[&str]) -> Option<String> {
    let few = !known.is_empty() && known.len() <= 20;
    few.then(|| format!("known here: {}", code_list(known)))
}

/// The spelling in `known` that is nearest to `given`, if it is near at all.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let known = known.into_iter().map(|name| (name.to_lowercase(), name));
    let mut unlimited = usize::MAX;
    nearest_by(given, known, given.chars().count() / 3, &mut unlimited)
}

/// The same among names that come with themselves in lower case, with at most
/// so many letters that differ, and one at least. Stops when nothing is `left`
/// of the letters that may be compared, with the best name so far.
fn nearest_by<'a>(
    given: &str,
    known: impl IntoIterator<Item = (impl AsRef<str>, &'a str)>,
    most: usize,
    left: &mut usize,
) -> Option<&'a str> {
    let folded = given.to_lowercase().replace('_', "-");
    // The measure is quadratic in the length; nobody mistypes a long novel.
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
        // There may be very many, and a measure takes long.
        let limit = best.map_or(limit, |(distance, _)| distance - 1);
        if letters.at_least_differ(other) > limit {
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
    /// What they name. A look has one list of a kind.
    kind: &'static str,
    /// What stands before a name where it is written.
    prefix: &'static str,
    /// In lower case, and as they are.
    list: Vec<(String, String)>,
}

impl Names {
    /// Names in an order that does not depend on chance: of two that are equally
    /// near the first is suggested.
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

    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.iter().map(|(l, n)| (l.as_str(), n.as_str()))
    }

    /// The one that was meant, most likely. Of files it is one of the same name
    /// in another folder, or one of nearly the same name. What folders and
    /// endings have in common makes no two names alike.
    fn nearest(&self, given: &str, left: &mut usize) -> Option<&str> {
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

/// A name that nothing has, and the names that something has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    given: String,
    among: Arc<Names>,
    /// What helps when none of them is near.
    otherwise: &'static str,
}

impl Guess {
    /// That one of these may have been meant.
    pub fn new(given: &str, among: &Arc<Names>) -> Guess {
        Guess {
            given: given.to_string(),
            among: among.clone(),
            otherwise: "",
        }
    }

    /// What to say when no name is near, in place of a list of all.
    pub fn or(mut self, otherwise: &'static str) -> Guess {
        self.otherwise = otherwise;
        self
    }
}

/// Most names that get a suggestion in one look. An author who made more mistakes
/// than this knows by then what went wrong.
const MOST_GUESSES: usize = 300;

/// Most letters that are compared for all of them, which takes half a second.
const MOST_COMPARED: usize = 50_000_000;

/// The nearest names found so far, by the kind and what was written.
struct Guesses {
    found: HashMap<(&'static str, String), Option<String>>,
    left: usize,
}

impl Guesses {
    fn help(&mut self, guess: Guess) -> Option<String> {
        let Guess {
            given,
            among,
            otherwise,
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
            None if !otherwise.is_empty() => Some(otherwise.to_string()),
            None if among.list.len() > 20 => None,
            None => known_here(&among.iter().map(|(_, name)| name).collect::<Vec<_>>()),
        }
    }
}

/// How often each letter occurs in a text; some letters are counted as one.
struct Letters([i32; 32]);

impl Letters {
    fn of(text: &str) -> Letters {
        let mut counts = [0; 32];
        text.chars().for_each(|c| counts[c as usize % 32] += 1);
        Letters(counts)
    }

    /// How many letters have to be changed, at least, to make another text of
    /// this one: each change mends one that is missing and one too many.
    fn at_least_differ(&self, other: &str) -> usize {
        let mut left = self.0;
        other.chars().for_each(|c| left[c as usize % 32] -= 1);
        let missing: i32 = left.iter().filter(|n| **n > 0).sum();
        let excess: i32 = left.iter().filter(|n| **n < 0).sum();
        missing.max(-excess).unsigned_abs() as usize
    }
}

/// `a`, `b`, `c`
pub fn code_list(items: &[&str]) -> String {
    let quoted: Vec<String> = items.iter().map(|i| format!("`{i}`")).collect();
    quoted.join(", ")
}

/// All findings of a run, in the order they were made.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    pub list: Vec<Finding>,
    /// How many there are of each code in each file.
    counts: HashMap<(Code, Option<Arc<str>>), usize>,
}

/// Most findings of one code in one file. Nobody reads more of them, and a
/// hostile file could make millions.
const MOST: usize = 1_000;

impl Findings {
    /// Adds a finding, unless its file has very many of its kind already.
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

    /// Adds all findings of another stage.
    pub fn extend(&mut self, other: Findings) {
        other.list.into_iter().for_each(|f| self.push(f));
    }

    /// Whether anything keeps a site from being built.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|f| f.severity == Severity::Error)
    }

    /// Whether a file, or a part of one, could not be understood, so that ids
    /// and cells may be missing which the author did write.
    pub fn lost_something(&self) -> bool {
        self.lost(&[
            Code::MissingKey,
            Code::WrongValue,
            Code::InvalidId,
            Code::DuplicateId,
            Code::CollidingNames,
            Code::DuplicateKey,
        ]) || self.lost_a_file()
    }

    /// Whether a whole file could not be understood.
    pub fn lost_a_file(&self) -> bool {
        self.lost(&[
            Code::Unreadable,
            Code::LeadsOutside,
            Code::NotText,
            Code::YamlSyntax,
            Code::Limit,
            Code::FrontMatter,
        ]) || self.list.iter().any(|f| f.code == Code::TomlSyntax)
    }

    /// Whether there is an error of one of these kinds, but for settings.
    fn lost(&self, codes: &[Code]) -> bool {
        self.list.iter().any(|f| {
            let settings = f.place.as_ref().is_some_and(|p| &*p.file == "book.toml");
            f.severity == Severity::Error && codes.contains(&f.code) && !settings
        })
    }

    /// Findings of one severity that nobody has acknowledged.
    pub fn count(&self, severity: Severity) -> usize {
        self.list
            .iter()
            .filter(|f| f.severity == severity && f.acknowledged.is_none())
            .count()
    }

    /// Findings that carry an author's reason.
    pub fn acknowledged(&self) -> usize {
        self.list
            .iter()
            .filter(|f| f.acknowledged.is_some())
            .count()
    }

    /// Puts findings in reading order, by file, place and code, drops
    /// repetitions, and adds what may have been meant. Findings without a place
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
        // A text that is written once and shown in many places is one mistake.
        self.list
            .dedup_by(|b, a| a.code == b.code && a.place == b.place && a.message == b.message);
        self.add_guesses();
    }

    /// In this order, so that the same findings get the same help whichever
    /// thread found them first.
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

/// Line and column, both from 1; columns count characters, as editors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineCol {
    pub line: usize,
    pub column: usize,
}

/// Where byte `offset` of `text` is. An offset inside a character or past the
/// end counts as the nearest valid one before it.
pub fn line_col(text: &str, offset: usize) -> LineCol {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    let mut column = before[start..].chars().count() + 1;
    // A byte order mark is invisible in every editor.
    if start == 0 && text.starts_with('\u{feff}') && offset > 0 {
        column -= 1;
    }
    LineCol {
        line: memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1,
        column,
    }
}

impl fmt::Display for LineCol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident $title:literal $why:literal)*) => {
        /// What a finding is about. The id is stable: it is written into
        /// acknowledgements and read by other people's scripts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $title] $variant,)* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// `SRM012` and the like.
            pub fn id(self) -> &'static str {
                match self { $(Code::$variant => $id,)* }
            }

            /// The severity findings of this code have unless something
            /// about the finding changes it.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// A few words for lists.
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)* }
            }

            /// Why the tool looks for this, and what to do about it.
            pub fn why(self) -> &'static str {
                match self { $(Code::$variant => $why,)* }
            }

            /// The code with this id.
            pub fn from_id(id: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|c| c.id() == id)
            }
        }
    };
}

codes! {
    Unreadable "SRM001" Error "file cannot be read"
        "The file is missing, is a folder, is part of a loop of links, or may not be read. Give it the right name or permissions."
    NotText "SRM002" Error "file is not UTF-8 text"
        "Sources are UTF-8. The place named is the first byte that is not; NUL bytes are refused too. Save the file as UTF-8."
    YamlSyntax "SRM003" Error "YAML syntax"
        "The file could not be parsed as YAML from the place named on. Look at indentation, tabs, missing quotes and unclosed brackets."
    Limit "SRM004" Error "too large or too deep"
        "A file is larger, deeper or repeats itself more often through aliases than any honest matrix, links show one file or folder in too many places, or there are too many models, parties or cells. Split it, or write the repeated part once under `models: {all: ...}`."
    DuplicateKey "SRM005" Error "key given twice"
        "A key may occur once in a mapping: a second one would silently replace the first. Delete or merge one of them."
    UnknownKey "SRM006" Error "unknown key"
        "The key is not part of the format, so what it says would be lost. Use the suggested spelling or remove it."
    MissingKey "SRM007" Error "required key missing"
        "A record lacks a key it cannot do without."
    WrongValue "SRM008" Error "value of the wrong kind"
        "The value is not of the kind the key takes: a text where a list is expected, an unknown word, a date that does not exist."
    TomlSyntax "SRM009" Error "TOML syntax"
        "`book.toml` or `theme.toml` could not be parsed as TOML."
    FrontMatter "SRM010" Error "front matter not enclosed"
        "A Markdown file starts with `---` but the closing `---` line is missing, or it starts with keys and lacks the line above them."
    StrayFile "SRM011" Warning "file is not used"
        "The file lies where data is read from, but its name or ending keeps it from being read. Rename or move it."
    LeadsOutside "SRM012" Error "path leads outside the project"
        "A file of the project leads to one outside of it, or below a hidden name such as `.git`: through a link, or by a setting. Whoever can change the project could publish any file of yours that way. `--follow-links` on the command line lifts this for projects whose authors you trust."
    InvalidId "SRM101" Error "invalid id"
        "Ids become file names and anchors: letters, digits, `-`, `_` and `.`, beginning with a letter or digit, at most 64 characters, and none of the few names the site needs itself."
    DuplicateId "SRM102" Error "id used twice"
        "Every party, model, category and row needs an id of its own: links and comparisons hang on it."
    CollidingNames "SRM103" Error "ids collide as file names"
        "Two ids differ only in letter case or in how an accent is encoded. Some file systems cannot keep both."
    UnknownId "SRM104" Error "unknown id"
        "A party, model, category, row, framework or finding code is named that nothing declares."
    NobodyResponsible "SRM201" Error "nobody is responsible"
        "The responsible set of a cell is empty. Name a party or give the cell a state; with a catch-all text in the document this is a note."
    TasksWithoutResponsibility "SRM202" Warning "tasks without responsibility"
        "A party has tasks in a cell but is not in its responsible set, so the badge hides work. Add the party, move the tasks, or acknowledge it with a reason."
    ResponsibilityWithoutTasks "SRM203" Warning "responsibility without tasks"
        "A party is responsible in a cell that lists tasks for others but none for it."
    CellWithoutTasks "SRM204" Note "cell without tasks"
        "The cell says who is responsible but not for what: no party has a task in it."
    SummaryContradicts "SRM205" Warning "summary text contradicts the cell"
        "The summary text printed for a party says the opposite of the responsible set or the tasks beside it."
    StateConflict "SRM206" Error "state beside a responsible set"
        "A cell is either somebody's responsibility or has a state such as `not-applicable`; it cannot be both."
    MissingReason "SRM207" Warning "state without a reason"
        "`not-applicable` needs a `reason`: readers cannot tell it from a forgotten cell otherwise."
    NotListedEverywhere "SRM208" Warning "row missing in some models"
        "The row has no cell for a model. The page says 'not listed' there; say `only-in` if that is meant."
    ListedNowhere "SRM209" Error "row listed in no model"
        "The row has no cell at all, so no page would show an owner for it."
    EmptyGroup "SRM210" Warning "nothing inside"
        "A category has no rows, or a party or framework is declared and never used."
    UnusedAcknowledgement "SRM212" Warning "acknowledgement answers nothing"
        "An `acknowledge` entry matches no finding any more. Remove it, or it will hide the next one."
    CategoryLabelsDiffer "SRM301" Warning "category named differently by model"
        "One category carries different labels in different models, which readers may take for two."
    RowLabelsDiffer "SRM302" Warning "row named differently by model"
        "One row carries different labels in different models, which readers may take for two."
    SameLabelTwice "SRM303" Warning "label used twice in one category"
        "Two rows of a category show the same label in the same model, so readers cannot tell them apart."
    SameTaskTwice "SRM304" Warning "task listed twice"
        "The same task text stands twice in one cell, for one party or for two."
    TwoSentences "SRM311" Warning "two sentences in one task"
        "A task holds more than one sentence: often two tasks whose bullet mark was lost."
    NoFullStop "SRM312" Warning "task without a full stop"
        "Nearly all tasks of the document end in a full stop and this one does not."
    BlankBeforePunctuation "SRM313" Warning "blank before a full stop or comma"
        "A blank before punctuation is often the trace of a word that was lost."
    NotYetEffective "SRM314" Note "effective date is in the future"
        "The document is not in force yet on the day of the check."
    DeadLink "SRM401" Error "dead link"
        "A link points to a page, row, file or asset of this site that does not exist."
    DeadAnchor "SRM402" Error "dead anchor"
        "The page exists, but nothing on it has the id after `#`."
    MissingAsset "SRM403" Error "missing asset"
        "An image, style sheet or script that a page or `book.toml` names is not there."
    PathCollision "SRM404" Error "two sources for one output"
        "Two pages or files would be written to the same path."
    RawHtml "SRM405" Warning "raw HTML shown as text"
        "Markdown prose may not bring its own HTML unless `raw-html = true` is set, so it is shown as text."
    UnsafeLink "SRM406" Error "link with an unsafe scheme"
        "Only http, https, mailto and tel links leave the site; `javascript:` and the like are refused."
    UndefinedReference "SRM407" Warning "footnote is not defined"
        "A footnote is referred to that has no definition."
    ImageWithoutText "SRM408" Warning "image without a text"
        "An image needs a text in its brackets for readers who cannot see it."
    HeadingWithoutText "SRM409" Warning "heading without a text"
        "A heading that says nothing is an empty entry in the list of sections, and is left out. A comment in it is no text."
    ActiveFile "SRM410" Warning "active file"
        "Browsers run the scripts in web pages, script files, and SVG and XML files. A file of the content folder is copied unchanged, so its scripts would act with the rights of the site. What cannot be checked, such as a compressed file, counts as active. Remove the file, name a script in `additional-js`, or set `raw-html = true` if everyone who writes content may also write scripts."
    PlainCode "SRM411" Note "code not highlighted"
        "Highlighting takes long. Code is shown as plain text where a line, a block, a file or the whole site has very much of it."
    TemplateSyntax "SRM501" Error "template syntax"
        "A template of the theme could not be parsed, or refers to a template, filter or component that does not exist."
    TemplateRender "SRM502" Error "template failed"
        "A template asked for a name that its page does not have, or failed while rendering."
    Theme "SRM503" Error "theme cannot be used"
        "The theme is missing, incomplete, or written for another version of the template interface."
    NoEffect "SRM601" Note "setting has no effect here"
        "mdBook knows the setting and it is accepted, but it changes nothing in this site."
    RemovedSetting "SRM602" Error "setting was removed"
        "The setting was removed from mdBook; the help names its replacement."
    RefusedFolder "SRM701" Error "output folder refused"
        "The folder holds sources or is one of their parents, so writing there could destroy them. Or `build-dir` names a link, a place outside the project or one below a hidden name: only `--dest-dir` may name such a place, since whoever changes `book.toml` could otherwise have files written anywhere."
    ForeignFile "SRM702" Error "somebody else's file is in the way"
        "A file the build would write exists already and was not written by the last build, or was changed since."
    WriteFailed "SRM703" Error "output could not be written"
        "Writing failed. Until the last step the previous site is untouched, and every file is whole at all times."
    KeptFile "SRM704" Warning "changed file was kept"
        "A file that an earlier build wrote is no longer part of the site, but somebody changed it since, so it was left alone."
    RefusedLink "SRM705" Error "link leads elsewhere"
        "A file that would be written is a link, or lies behind one, and the link leads out of the current folder and the project. Links are easy to overlook in a pull request, and this one could lead to any file of yours. Name the file itself if you mean to write it."
    Marker "SRM801" Error "marker out of place"
        "A region in a document begins with `srm:begin KIND` and ends with `srm:end`, each in a comment of its own on a line of its own. One of them is missing, stands inside another region, or shares its line."
    StaleRegion "SRM802" Error "region is out of date"
        "The data has changed since the region was written, or an earlier version spelled a character there in a way that some readers do not take for text. Run `srm-site embed` on the file without `--check`."
    EditedRegion "SRM803" Error "region was edited by hand"
        "The text between the markers is not what was written there. Move the edit to the data or out of the region; `--force` overwrites it."
    NoDocument "SRM804" Error "no document"
        "A file, folder or pattern on the command line leads to no file."
}
