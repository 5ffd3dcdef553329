//! What the tool reports about a user's files: findings with a stable
//! code, a place, labels and help. Nothing here prints or reads anything;
//! `report` turns findings into text.

mod list;
mod nearest;
mod place;

use std::hash::Hash;

use crate::findings::diag::nearest::{all_names, did_you_mean};

pub use crate::findings::diag::list::{Findings, MADE};
pub use crate::findings::diag::nearest::{Guess, Names, code_list, nearest};
pub use crate::findings::diag::place::{LineCol, Place, line_col};

/// How serious a finding is. Errors stop a build before it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Stops the command.
    Error,
    /// Stops the command only with `--deny warnings`.
    Warning,
    /// Never stops the command.
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

/// Which part of the document a finding is about, so that an acknowledgement
/// written on a document, model, category, row or cell can answer it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Id of the deployment model, if the finding is about one.
    pub model: Option<String>,
    /// Id of the category, if the finding is about one.
    pub category: Option<String>,
    /// Id of the row, if the finding is about one.
    pub row: Option<String>,
}

/// One thing to report to the author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of problem it is.
    pub code: Code,
    /// How serious it is; usually [`Code::severity`].
    pub severity: Severity,
    /// One sentence that states the problem, without a full stop.
    pub message: String,
    /// Where it is; `None` for findings about the command line or the output.
    pub place: Option<Place>,
    /// A note beside the text that is marked at `place`; may be empty.
    pub label: String,
    /// Further places that explain the finding.
    pub related: Vec<(Place, String)>,
    /// How to fix it, the most likely way first.
    pub help: Vec<String>,
    /// What was written where one of many names is expected; [`Findings::sort`]
    /// turns it into help.
    pub guess: Option<Guess>,
    /// Which part of the document it is about.
    pub subject: Subject,
    /// The author's reason for leaving it as it is.
    pub acknowledged: Option<String>,
    /// Whether it is about a link that is dead even if there is data that could not be
    /// read.
    pub certain: bool,
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
            certain: false,
        }
    }

    /// Says that the finding does not depend on data that could not be read.
    pub fn certain(mut self, certain: bool) -> Self {
        self.certain = certain;
        self
    }

    /// Sets a severity other than the code's usual one.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Sets the note beside the marked text.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = clip(text.into());
        self
    }

    /// Marks a further place that explains the finding.
    pub fn related(mut self, place: Place, text: impl Into<String>) -> Self {
        self.related.push((place, text.into()));
        self
    }

    /// Adds a line on how to fix it.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Sets which name was written and which names exist. [`Findings::sort`] adds
    /// the help "did you mean" once all findings are known: a file can have thousands
    /// of names and thousands of mistakes, and comparing each with each would take
    /// minutes.
    pub fn guess(mut self, guess: Option<Guess>) -> Self {
        self.guess = guess;
        self
    }

    /// Adds "did you mean" when one of `known` is close to `given`, or else the
    /// whole list if that is short enough to be useful. This is for the few
    /// names that belong to the tool itself; [`Finding::guess`] is for names
    /// that authors make.
    pub fn suggest<'a>(self, given: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        self.suggest_found(nearest(given, known.iter().copied()), &known)
    }

    /// The same as [`Finding::suggest`], when the nearest name is already known.
    pub fn suggest_found(self, best: Option<&str>, known: &[&str]) -> Self {
        match best {
            Some(best) => self.help(did_you_mean(best)),
            None => self.help_from(all_names(known)),
        }
    }

    pub(crate) fn help_from(mut self, text: Option<String>) -> Self {
        self.help.extend(text);
        self
    }

    /// Sets which part of the document it is about.
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

            /// A short title for lists.
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
        "The file is missing, is a folder, is part of a loop of links, or may not be read. Correct its name or its permissions."
    NotText "SRM002" Error "file is not UTF-8 text"
        "Sources are UTF-8. The finding points at the first byte that is not. Save the file as UTF-8. Characters that no XML file can contain are refused too, also as an escape such as `\\x0b`: most control characters, U+FFFE and U+FFFF. Remove them. In Markdown, a reference to one, such as `&#7;`, is a warning."
    YamlSyntax "SRM003" Error "YAML syntax"
        "The file could not be parsed as YAML beyond the place shown. Check indentation, tabs, missing quotes and unclosed brackets."
    Limit "SRM004" Error "too large or too deep"
        "A file is larger, more deeply nested or repeats more text through aliases than any real matrix needs. Or links show one file or folder in too many places, or there are too many models, parties, areas, roles, fields or cells. Split the file, or write repeated text once under `models: {all: ...}`."
    DuplicateKey "SRM005" Error "key given twice"
        "A key may occur once in a mapping: a second one would silently replace the first. Delete or merge one of them."
    UnknownKey "SRM006" Error "unknown key"
        "The key is not part of the format, so what it says would be lost. Use the suggested spelling or remove it."
    MissingKey "SRM007" Error "required key missing"
        "A record lacks a key it cannot do without."
    WrongValue "SRM008" Error "value of the wrong kind"
        "The key does not accept this kind of value: for example a text where a list is expected, an unknown word, or a date that does not exist."
    TomlSyntax "SRM009" Error "TOML syntax"
        "`book.toml` or `theme.toml` could not be parsed as TOML."
    FrontMatter "SRM010" Error "front matter not enclosed"
        "A Markdown file starts with `---` but has no closing `---` line, it starts with keys and has no `---` line above them, or one of the two lines is written in another way, such as `----`, `...` or `+++`."
    StrayFile "SRM011" Warning "file is not used"
        "The file looks like data or like a page, but a file with this name or extension is not read. Rename or move it. If it is to be copied into the site, name it in `publish` under `[preprocessor.srm]`."
    LeadsOutside "SRM012" Error "path leads outside the project"
        "A file of the project leads to one outside of it, or below a hidden name such as `.git`: through a link, or by a setting. Anyone who can change the project could publish any of your files that way. If you trust its authors, `--follow-links` on the command line allows it."
    CurlyQuotes "SRM013" Warning "quotes that YAML does not read"
        "The value is in quotes such as “ and ”, which a word processor makes. In YAML they are part of the text. Write the straight quotes `\"` or `'`. If the curly quotes are meant to be shown, put straight ones around them."
    StyleSheet "SRM014" Warning "style sheet that cannot be read"
        "Browsers ignore parts of the style sheet: a brace, a bracket, a quote or a comment is not closed, a brace closes nothing, or a rule has no braces. Correct it at the place shown."
    InvalidId "SRM101" Error "invalid id"
        "Ids become file names and anchors: use letters, digits, `-`, `_` and `.`, begin with a letter or digit, use at most 64 characters, and avoid the few names that the site itself uses."
    DuplicateId "SRM102" Error "id used twice"
        "Every party, model, category and row needs its own id: links and comparisons depend on it."
    CollidingNames "SRM103" Error "ids collide as file names"
        "Two ids differ only in letter case or in how an accent is encoded. Some file systems cannot keep both."
    UnknownId "SRM104" Error "unknown id"
        "The text names a party, model, category, row, framework, area, note, field or finding code that is not declared."
    NobodyResponsible "SRM201" Error "no party is responsible"
        "The responsible set of a cell is empty. Name a party or give the cell a state. If the document has a catch-all text, this is a note."
    TasksWithoutResponsibility "SRM202" Warning "tasks without responsibility"
        "A party has tasks in a cell but is not in its responsible set, so the badge hides work. Add the party, move the tasks, or acknowledge it with a reason."
    ResponsibilityWithoutTasks "SRM203" Warning "responsibility without tasks"
        "A party is responsible in a cell that lists tasks for others but none for it. The `tasks` of a model's cell replace all of those of `all`; with `keep: [tasks]`, the two are merged party by party."
    CellWithoutTasks "SRM204" Note "cell without tasks"
        "The cell says who is responsible but not for what: no party has a task in it."
    SummaryContradicts "SRM205" Warning "summary text contradicts the cell"
        "The summary text printed for a party says the opposite of the responsible set or the tasks beside it."
    StateConflict "SRM206" Error "state beside a responsible set"
        "A cell either has a responsible party or a state such as `not-applicable`; it cannot have both."
    MissingReason "SRM207" Warning "state without a reason"
        "`not-applicable` and `unassigned` need a `reason`. Without one, readers cannot tell them from a forgotten cell."
    NotListedEverywhere "SRM208" Warning "row missing in some models"
        "The row has no cell for a model. The page says 'not listed' there. If that is intended, write `only-in`."
    ListedNowhere "SRM209" Error "row listed in no model"
        "The row has no cell at all, so no page would show an owner for it."
    EmptyGroup "SRM210" Warning "nothing inside"
        "A category has no rows, or a party, framework, area, group, note, field or role is declared and never used."
    UnusedAcknowledgement "SRM212" Warning "acknowledgement matches no finding"
        "An `acknowledge` entry no longer matches a finding. Remove it, or it will hide the next one."
    PartyOrState "SRM213" Note "word of a party and of a state"
        "A cell is only one word, which is the id of a party and the word of a state. The party is meant."
    Letters "SRM214" Error "letters of roles that cannot be read"
        "A party has letters in `roles` that stand for no role, or it has no letters. In `{acme: R, A}`, YAML reads `A` as a second party: put the letters in quotes."
    RolesDisagree "SRM215" Error "letters and keys name different parties"
        "A cell has `roles` and a key such as `accountable`, and they name different parties for the same role. Remove one of them, or make them agree."
    FieldWithoutQuotes "SRM216" Warning "field value without quotes"
        "YAML reads `Yes`, `no`, `1.10` and `2026-01-31` without quotes as a boolean, a number or a date. This tool keeps the text as it is written, but other tools that read the file may not. Put the value in quotes, unless the field is of the kind `date`."
    ApprovedWithoutEvidence "SRM217" Warning "approved without evidence"
        "The review of a row says `approved`, but a responsible party has no evidence. This is checked only if the document has evidence anywhere. Evidence that is not public counts too."
    StaleReview "SRM218" Warning "review is too old"
        "Reported by `check --stale`: the last review of a row is longer ago than the age that you give. A row without a review date counts as reviewed on the day the document took effect; without that day it is reported. Nothing is reported if no row has a review."
    NoteAsText "SRM219" Warning "id of a note as a text"
        "The text of a note is the id of a note that `srm.yaml` declares, so readers see the id. Write `{ref: ID}` to refer to the note."
    KeepsNothing "SRM220" Note "`keep` without effect"
        "`keep` of a cell names a key that the cell or the cell of `all` does not have, so there is nothing to merge. Remove it."
    UnknownGroup "SRM221" Warning "group that is not declared"
        "A row names a group that its category does not declare, but the name is almost that of a declared one. It is shown as a group of its own. Correct the name, or use another one."
    ScatteredGroup "SRM222" Note "rows of a group apart"
        "There are other rows between the rows of a group, so its heading is repeated. Move the rows of the group together."
    NoPart "SRM223" Warning "words about a party that takes no part"
        "A scope or evidence names a party that takes no part in the row: it is not responsible, has no condition, no role and no task there. Name the party in the cell, or remove the words."
    InheritedFromOther "SRM224" Note "inherits what another owner's cell says"
        "A model's cell names other owners than the cell of `all`, but inherits tasks, summary words, accountable parties or notes from it. These were often written for the other owners. Write the key in the model's cell, take it back with an empty value, or acknowledge the finding."
    TermsDiffer "SRM225" Note "same owner on other terms"
        "A row has the same owner in two models, but other roles, conditions or scopes, or another cadence. If this is not meant, correct one of them. If it is, acknowledge the finding with the reason."
    NamedTwice "SRM226" Warning "named twice in one list"
        "A list names the same party, note or choice twice. Often another one was meant. Correct or remove the second."
    SameName "SRM227" Warning "two with the same label"
        "Two parties, models, frameworks, areas, fields or roles have the same label, so readers cannot tell them apart. Change one of the labels."
    CategoryLabelsDiffer "SRM301" Warning "category named differently by model"
        "One category has different labels in different models. Readers may think they are two categories. The first of a document is reported, with the number of the others. If names differ on purpose, acknowledge it once in `srm.yaml`."
    RowLabelsDiffer "SRM302" Warning "row named differently by model"
        "One row has different labels in different models. Readers may think they are two rows. The first of a document is reported, with the number of the others. If names differ on purpose, acknowledge it once in `srm.yaml`."
    SameLabelTwice "SRM303" Warning "label used twice in one category"
        "Two rows of a category show the same label in the same model, so readers cannot tell them apart."
    SameTaskTwice "SRM304" Warning "task listed twice"
        "The same task text appears twice in one cell, for one party or for two."
    TwoSentences "SRM311" Warning "two sentences in one task"
        "A task has more than one sentence. Often these are two tasks, and a bullet mark was lost."
    NoFullStop "SRM312" Warning "task without a full stop"
        "Nearly all tasks in the document end with a full stop, but this one does not."
    BlankBeforePunctuation "SRM313" Warning "space before a full stop or comma"
        "A space before punctuation often means that a word was lost."
    NotYetEffective "SRM314" Note "effective date is in the future"
        "On the day of the check, the document is not yet in force."
    ReviewInFuture "SRM316" Warning "review date is in the future"
        "On the day of the check, the review has not taken place yet. Correct the date."
    DeadLink "SRM401" Error "dead link"
        "A link points to a page, row, file or asset of this site that does not exist, or has no address."
    DeadAnchor "SRM402" Error "dead anchor"
        "The page exists, but nothing on it has the id after `#`."
    MissingAsset "SRM403" Error "missing asset"
        "A page or `book.toml` names an image, style sheet or script that does not exist."
    PathCollision "SRM404" Error "two sources for one output"
        "Two pages or files would be written to the same path."
    RawHtml "SRM405" Warning "raw HTML shown as text"
        "HTML in Markdown is shown as text unless `raw-html = true` is set. Then a comment, and an element such as `<textarea>` or `<title>`, has to be closed in the same text: browsers would take the rest of the page for its content."
    UnsafeLink "SRM406" Error "link with an unsafe scheme"
        "Links to other sites may use http, https, mailto and tel. `javascript:` and other schemes are refused."
    UndefinedReference "SRM407" Warning "footnote is not defined"
        "The text refers to a footnote that has no definition."
    ImageWithoutText "SRM408" Warning "image without a description"
        "An image needs a description in its brackets, for readers who cannot see it."
    HeadingWithoutText "SRM409" Warning "heading without text"
        "A heading without text would be an empty entry in the list of sections, so it is left out. A comment does not count as text."
    ActiveFile "SRM410" Warning "active file"
        "Browsers run the scripts in web pages, script files, and SVG and XML files. A file of the content folder is copied unchanged, so its scripts would act with the rights of the site. A file that cannot be checked, such as a compressed one, counts as active. Remove the file, name a script in `additional-js`, or set `raw-html = true` if everyone who writes content may also write scripts."
    PlainCode "SRM411" Note "code not highlighted"
        "Highlighting is slow. Code is shown as plain text where a line, a block, a file or the whole site has too much of it."
    UnusedFootnote "SRM412" Warning "footnote not shown"
        "A footnote is shown only if the text refers to it, and of two with the same name only the first. What this one says is not on the page."
    CutRow "SRM413" Warning "table row cut off"
        "A row of a table has more cells than the first line has columns, and the rest is not shown. A bar begins a new cell, also in code: write it `\\|`."
    LiteralSyntax "SRM414" Note "syntax shown as text"
        "The text has syntax of another tool, or nearly that of a callout or a table. A page of the site does not read it and shows it as it is. It is a warning if something is missing on the page because of that, such as the title of a block of code."
    LinkWithoutText "SRM415" Warning "link without text"
        "A link needs words between its brackets. Without any, readers do not see it, and a screen reader can only say the address."
    UnusedDefinition "SRM416" Note "definition without a link"
        "A line such as `[label]: address` is not shown: it says where links with this label lead, and there are none. It is a warning if the line looks like a text."
    TemplateSyntax "SRM501" Error "template syntax"
        "A template of the theme could not be parsed, or refers to a template, filter or component that does not exist."
    TemplateRender "SRM502" Error "template failed"
        "A template asked for a name that its page does not have, or failed while rendering."
    Theme "SRM503" Error "theme cannot be used"
        "The theme is missing, incomplete, or written for another version of the template interface."
    NoEffect "SRM601" Note "setting has no effect here"
        "This is a setting of mdBook. It is accepted, but it changes nothing in this site."
    RemovedSetting "SRM602" Error "setting was removed"
        "mdBook removed this setting. The help names its replacement."
    RefusedFolder "SRM701" Error "output folder refused"
        "The folder contains sources or is one of their parents, so writing there could destroy them. Or `build-dir` names a link, a place outside the project or one below a hidden name. Only `--dest-dir` may name such a place; otherwise anyone who can change `book.toml` could have files written anywhere."
    ForeignFile "SRM702" Error "a file of yours is in the way"
        "A file that the build would write already exists, and the last build did not write it, or it was changed since."
    WriteFailed "SRM703" Error "output could not be written"
        "Writing failed. The previous site stays untouched until the last step, and no file is ever half-written."
    KeptFile "SRM704" Warning "changed file was kept"
        "A file that an earlier build wrote is no longer part of the site, but it was changed since then, so it was left in place."
    RefusedLink "SRM705" Error "link leads elsewhere"
        "A file to be written is a link, or is reached through one, and the link leads out of the current folder and the project. Links are easy to overlook in a pull request, and this one could lead to any file of yours. Name the file itself if you mean to write it."
    LongPath "SRM706" Error "path too long for a file"
        "File systems allow names of at most 255 bytes. The page of a Markdown file has a longer name than the file: `.html` in place of `.md`."
    Marker "SRM801" Error "marker out of place"
        "A region in a document begins with `srm:begin KIND` and ends with `srm:end`, each in its own comment on its own line. One of them is missing, is inside another region, or shares its line with other text."
    StaleRegion "SRM802" Error "region is out of date"
        "The data has changed since the region was written, or an earlier version wrote a character there in a form that some tools do not treat as text. Run `srm-site embed` on the file without `--check`."
    EditedRegion "SRM803" Error "region was edited by hand"
        "The text between the markers is not what this tool wrote there. Move the edit to the data or out of the region; `--force` overwrites it."
    NoDocument "SRM804" Error "no matching document"
        "No file matches a file name, folder or pattern on the command line."
    RespelledRegion "SRM805" Warning "region in a form that is not safe everywhere"
        "The region is up to date, but a formatter such as mdformat wrote a character in another form than this tool. Some tools read that form as markup or run it. Use `format=html` in the first marker, which formatters leave as it is, or let the formatter skip the file. If no such tool reads the document, you can ignore the warning."
    JsonSyntax "SRM807" Error "JSON syntax"
        "The file that `--data` names could not be parsed as JSON beyond the place shown. Name the file `data/responsibilities.json` of a built site, and do not edit it."
    OtherData "SRM808" Error "data of another kind or version"
        "The file that `--data` names is not the data of a site, or a newer version of this tool wrote it in a form that this version cannot read."
    NoRegion "SRM809" Warning "document without a region"
        "A document that is named on the command line has no region, so there is nothing to check or to fill. A marker may have been lost or misspelt. Name only documents with regions, or name their folder. `embed --check` fails on this warning."
    ImportUnknown "SRM901" Error "text is not in the vocabulary"
        "A cell, a column or a word of a table has a text whose meaning the vocabulary does not say. It is not guessed: the cell is not written. Add the text to the vocabulary."
    ImportUnmatched "SRM902" Error "belongs to no row"
        "A note, a footnote, a list of tasks or a line of a table belongs to no row, or a mark has no note."
    ImportConflict "SRM903" Error "source contradicts itself"
        "The tables say two different things about a row: two columns are marked, two tables name different owners, or a party has tasks although it takes no part."
    ImportOdd "SRM904" Error "wrong number of cells"
        "A line of a table has more or fewer cells than its head has columns, so texts may be in the wrong column."
    ImportNeedsOwner "SRM905" Error "row needs an owner"
        "The tables name no party for a row. It is written as `unassigned`: name a party, or give a reason."
    ImportFilled "SRM906" Note "filled from above"
        "Empty cells were filled with the text above them, as the vocabulary says."
    ImportUnused "SRM907" Warning "entry of the vocabulary fits nothing"
        "An entry of the vocabulary fits no table, column or cell. Often it is misspelt. Correct it or remove it."
    ImportSkipped "SRM908" Note "not read"
        "A table, a column or a part of a file was not read: the vocabulary says so, it is hidden or struck out, or no entry fits it."
    ImportForeign "SRM909" Error "file cannot be imported"
        "The file is in a format from which tables are not read, or its format is damaged. Convert it as the help says."
}
