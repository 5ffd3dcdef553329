//! What is doubtful in a consistent document: contradictions, gaps, names that
//! differ, wording. Also matches findings with the reasons authors gave for
//! them. It changes nothing and decides no badge.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::findings::diag::{Code, Finding, Findings, Place, Severity, Subject};
use crate::findings::memo::{Digest, Listed};
use crate::input::tree::Text;
use crate::model::{
    Acknowledgement, Acknowledgements, Category, Cell, Document, ModelIx, Ownership, PartyIx, Row,
    Task,
};

/// Findings and counts by category, kept for the next look at the same project.
#[derive(Default)]
pub struct Memos {
    tallies: Listed<Tally, (Digest, Digest)>,
    categories: Listed<Findings, (Digest, Digest)>,
}

/// All doubts about a document. `today` is the day of the check, for dates in
/// the future; without one they are not looked at. A document that is not
/// `complete` lost parts to errors, and then nothing is said about what is
/// absent.
pub fn check(
    document: &Document,
    today: Option<jiff::civil::Date>,
    complete: bool,
    memos: &Memos,
) -> Findings {
    let mut findings = Findings::default();
    let mut tally = Tally::new(document);
    let categories = &document.categories;
    let with = |frame: Digest| categories.iter().map(|c| (c.made_from, frame)).collect();
    let frame = Digest::of(&(document.parties.len(), document.frameworks.len()));
    let tallies = memos
        .tallies
        .all(with(frame), |at| Tally::of(document, &categories[at]));
    tallies.iter().for_each(|one| tally.add(one));
    document_facts(document, &tally, today, &mut findings);
    let rules = Rules {
        full_stops: tally.full_stops_expected(),
        with_tasks: tally.models.iter().map(|m| m.tasks).collect(),
    };
    let frame = rules_key(document, &rules);
    let all = memos.categories.all(with(frame), |at| {
        one_category(document, &categories[at], &rules)
    });
    for one in all.iter().filter(|one| !one.list.is_empty()) {
        findings.extend((**one).clone());
    }
    if !complete {
        let absence = [
            Code::EmptyGroup,
            Code::CellWithoutTasks,
            Code::NotListedEverywhere,
        ];
        findings.list.retain(|f| !absence.contains(&f.code));
    }
    findings
}

/// What is true of the whole document and decides on findings in each category.
#[derive(Hash)]
struct Rules {
    full_stops: bool,
    /// By model. A model that lists no task at all has one finding of its own
    /// instead of one a cell.
    with_tasks: Vec<bool>,
}

/// A digest of all that the findings of a category take from the document.
fn rules_key(document: &Document, rules: &Rules) -> Digest {
    let parties: Vec<&str> = document.parties.iter().map(|p| p.id.as_str()).collect();
    let models = document.models.iter().map(|m| (&m.id, &m.label));
    let models: Vec<_> = models.collect();
    Digest::of(&(parties, models, document.catch_all.is_some(), rules))
}

fn one_category(document: &Document, category: &Category, rules: &Rules) -> Findings {
    let mut findings = Findings::default();
    category_facts(document, category, &mut findings);
    for row in &category.rows {
        row_facts(document, category, row, &mut findings);
        for (model, cell) in row.cells.iter().enumerate() {
            if let Some(cell) = cell {
                let about = About {
                    document,
                    subject: Subject {
                        model: Some(document.models[model].id.clone()),
                        category: Some(category.id.clone()),
                        row: Some(row.id.clone()),
                    },
                    row,
                    model,
                    model_has_tasks: rules.with_tasks[model],
                    cell,
                };
                cell_facts(&about, &mut findings);
                wording(&about, rules.full_stops, &mut findings);
            }
        }
    }
    findings
}

/// What a document, or a category of it, counts and uses.
struct Tally {
    tasks: usize,
    /// Tasks that end in a full stop.
    full_stops: usize,
    /// Whether a party is named, by party.
    parties: Vec<bool>,
    /// Whether anything is mapped to a framework, by framework.
    frameworks: Vec<bool>,
    models: Vec<ModelTally>,
}

#[derive(Clone, Default)]
struct ModelTally {
    cells: bool,
    tasks: bool,
}

impl Tally {
    fn new(document: &Document) -> Tally {
        Tally {
            tasks: 0,
            full_stops: 0,
            parties: vec![false; document.parties.len()],
            frameworks: vec![false; document.frameworks.len()],
            models: vec![ModelTally::default(); document.models.len()],
        }
    }

    fn of(document: &Document, category: &Category) -> Tally {
        let mut tally = Tally::new(document);
        for row in &category.rows {
            for control in &row.controls {
                tally.frameworks[control.framework] = true;
            }
            for (model, cell) in tally.models.iter_mut().zip(&row.cells) {
                model.cells |= cell.is_some();
                model.tasks |= cell.as_ref().is_some_and(Cell::has_tasks);
            }
            for cell in row.cells.iter().flatten() {
                let named = cell
                    .ownership
                    .parties()
                    .iter()
                    .chain(cell.tasks.iter().map(|(p, _)| p))
                    .chain(cell.conditional.iter().map(|(p, _)| p))
                    .chain(cell.roles.iter().flat_map(|(_, parties)| parties));
                named.for_each(|p| tally.parties[*p] = true);
                for task in cell.tasks.iter().flat_map(|(_, tasks)| tasks) {
                    tally.tasks += 1;
                    tally.full_stops += usize::from(ends_in_stop(&task.text));
                    for control in &task.controls {
                        tally.frameworks[control.framework] = true;
                    }
                }
            }
        }
        tally
    }

    fn add(&mut self, other: &Tally) {
        let or = |all: &mut Vec<bool>, more: &[bool]| {
            all.iter_mut().zip(more).for_each(|(a, b)| *a |= b);
        };
        self.tasks += other.tasks;
        self.full_stops += other.full_stops;
        or(&mut self.parties, &other.parties);
        or(&mut self.frameworks, &other.frameworks);
        for (all, more) in self.models.iter_mut().zip(&other.models) {
            all.cells |= more.cells;
            all.tasks |= more.tasks;
        }
    }

    /// Whether nearly all tasks end in a full stop, so that one that does not
    /// stands out. Few tasks make no rule.
    fn full_stops_expected(&self) -> bool {
        self.tasks >= 8 && self.full_stops * 10 >= self.tasks * 8
    }
}

fn document_facts(
    document: &Document,
    tally: &Tally,
    today: Option<jiff::civil::Date>,
    findings: &mut Findings,
) {
    if let (Some(date), Some(today)) = (&document.effective, today)
        && date.day > today
    {
        findings.push(
            Finding::new(
                Code::NotYetEffective,
                date.place.clone(),
                format!(
                    "the document is in force from {} on, not yet today",
                    date.text
                ),
            )
            .label("in the future"),
        );
    }
    let catch_all = document.catch_all.as_ref().and_then(|c| c.party.as_ref());
    for (party, used) in document.parties.iter().zip(&tally.parties) {
        if !used && catch_all.is_none_or(|p| p.value != party.id) {
            findings.push(
                Finding::new(
                    Code::EmptyGroup,
                    party.place.clone(),
                    format!("no cell names the party `{}`", party.id),
                )
                .label("never used")
                .help("remove it, or name it in `responsible` or `tasks`"),
            );
        }
    }
    for (framework, used) in document.frameworks.iter().zip(&tally.frameworks) {
        if !used {
            findings.push(
                Finding::new(
                    Code::EmptyGroup,
                    framework.place.clone(),
                    format!("nothing is mapped to the framework `{}`", framework.id),
                )
                .label("never used"),
            );
        }
    }
    for (model, tally) in document.models.iter().zip(&tally.models) {
        let subject = Subject {
            model: Some(model.id.clone()),
            ..Subject::default()
        };
        if !tally.cells && !document.categories.is_empty() {
            findings.push(
                Finding::new(
                    Code::EmptyGroup,
                    model.place.clone(),
                    format!("no row has a cell for the model `{}`", model.id),
                )
                .subject(subject)
                .help("add cells, or remove the model"),
            );
        } else if tally.cells && !tally.tasks {
            findings.push(
                Finding::new(
                    Code::CellWithoutTasks,
                    model.place.clone(),
                    format!("no cell of the model `{}` lists a task", model.id),
                )
                .subject(subject),
            );
        }
    }
}

fn category_facts(document: &Document, category: &Category, findings: &mut Findings) {
    let subject = Subject {
        category: Some(category.id.clone()),
        ..Subject::default()
    };
    if category.rows.is_empty() {
        findings.push(
            Finding::new(
                Code::EmptyGroup,
                category.place.clone(),
                format!("the category `{}` has no rows", category.id),
            )
            .subject(subject.clone())
            .help("add `rows:`, or remove the file"),
        );
    }
    let listed = |model: ModelIx| category.rows.iter().any(|r| r.cells[model].is_some());
    labels_differ(
        document,
        Code::CategoryLabelsDiffer,
        ("category", &category.id, &category.label, &category.place),
        &category.labels,
        listed,
        subject,
        findings,
    );
    for model in 0..document.models.len() {
        let mut seen: HashMap<&str, &Row> = HashMap::new();
        for row in category.rows.iter().filter(|r| r.cells[model].is_some()) {
            let label = row.label_in(Some(model));
            if let Some(first) = seen.insert(label, row) {
                findings.push(
                    Finding::new(
                        Code::SameLabelTwice,
                        row.place.clone(),
                        format!("two rows of this category are called `{label}`"),
                    )
                    .related(first.place.clone(), "the other one")
                    .subject(Subject {
                        model: Some(document.models[model].id.clone()),
                        category: Some(category.id.clone()),
                        row: Some(row.id.clone()),
                    })
                    .help("say in the labels how they differ"),
                );
            }
        }
    }
}

/// One finding when the models that list a thing print different names for it.
fn labels_differ(
    document: &Document,
    code: Code,
    (what, id, label, place): (&str, &str, &str, &Place),
    labels: &[Option<Text>],
    listed: impl Fn(ModelIx) -> bool,
    subject: Subject,
    findings: &mut Findings,
) {
    let printed: Vec<(ModelIx, &str)> = (0..document.models.len())
        .filter(|m| listed(*m))
        .map(|m| (m, labels[m].as_ref().map_or(label, |t| &t.value)))
        .collect();
    let distinct: HashSet<&str> = printed.iter().map(|(_, l)| *l).collect();
    if distinct.len() < 2 {
        return;
    }
    let names: Vec<String> = printed
        .iter()
        .map(|(m, l)| format!("\"{l}\" ({})", document.models[*m].label))
        .collect();
    findings.push(
        Finding::new(
            code,
            place.clone(),
            format!("the {what} `{id}` is printed as {}", names.join(", ")),
        )
        .label("one thing, several names")
        .subject(subject)
        .help("use one name, or acknowledge it with the reason"),
    );
}

fn row_facts(document: &Document, category: &Category, row: &Row, findings: &mut Findings) {
    let subject = Subject {
        model: None,
        category: Some(category.id.clone()),
        row: Some(row.id.clone()),
    };
    labels_differ(
        document,
        Code::RowLabelsDiffer,
        ("row", &row.id, &row.label, &row.place),
        &row.labels,
        |m| row.cells[m].is_some(),
        subject.clone(),
        findings,
    );
    let missing: Vec<&str> = (0..document.models.len())
        .filter(|m| row.cells[*m].is_none())
        .filter(|m| {
            row.only_in
                .as_ref()
                .is_none_or(|only| only.models.contains(m))
        })
        .map(|m| document.models[m].id.as_str())
        .collect();
    if !missing.is_empty() && !row.incomplete && row.cells.iter().any(Option::is_some) {
        let list = crate::findings::diag::code_list(&missing);
        let (message, help) = match &row.only_in {
            Some(_) => (
                format!("`only-in` names {list}, but there is no such cell"),
                "add the cell, or take the model out of `only-in`".to_string(),
            ),
            None => {
                let present: Vec<&str> = (0..document.models.len())
                    .filter(|m| row.cells[*m].is_some())
                    .map(|m| document.models[m].id.as_str())
                    .collect();
                (
                    format!("row `{}` is not listed in {list}", row.id),
                    format!("if that is meant, say `only-in: [{}]`", present.join(", ")),
                )
            }
        };
        findings.push(
            Finding::new(Code::NotListedEverywhere, row.place.clone(), message)
                .label("not in every model")
                .subject(subject.clone())
                .help(help)
                .help("else add the missing cell"),
        );
    }
    if let Some(only) = row.only_in.as_ref().filter(|_| !row.incomplete) {
        for (model, _) in row.cells.iter().enumerate().filter(|(_, c)| c.is_some()) {
            if !only.models.contains(&model) {
                findings.push(
                    Finding::new(
                        Code::NotListedEverywhere,
                        row.place.clone(),
                        format!(
                            "row `{}` has a cell for `{}`, which `only-in` leaves out",
                            row.id, document.models[model].id
                        ),
                    )
                    .subject(subject.clone())
                    .help("add the model to `only-in`, or remove the cell"),
                );
            }
        }
    }
}

/// One cell and where it is.
struct About<'a> {
    document: &'a Document,
    subject: Subject,
    row: &'a Row,
    model: ModelIx,
    model_has_tasks: bool,
    cell: &'a Cell,
}

impl About<'_> {
    fn finding(&self, code: Code, place: &Place, message: String) -> Finding {
        Finding::new(code, place.clone(), message).subject(self.subject.clone())
    }

    fn party(&self, party: PartyIx) -> &str {
        &self.document.parties[party].id
    }
}

fn cell_facts(about: &About<'_>, findings: &mut Findings) {
    let cell = about.cell;
    let unassigned = cell.ownership == Ownership::Unassigned;
    if cell.incomplete || unassigned && about.document.catch_all.is_none() {
        return;
    }
    let responsible = cell.ownership.parties();
    if let Ownership::NotApplicable(None) = cell.ownership {
        findings.push(
            about
                .finding(
                    Code::MissingReason,
                    &cell.place,
                    "`not-applicable` without a `reason`".into(),
                )
                .help("add `reason: ...`"),
        );
    }
    for (party, tasks) in &cell.tasks {
        let Some(first) = tasks.first() else { continue };
        if responsible.contains(party) {
            continue;
        }
        let id = about.party(*party);
        let has = match cell.ownership {
            Ownership::NotApplicable(_) | Ownership::ByAgreement(_) => {
                "the cell has a state".into()
            }
            _ => format!("`{id}` is not responsible"),
        };
        findings.push(
            about
                .finding(
                    Code::TasksWithoutResponsibility,
                    &first.place,
                    format!(
                        "`{id}` has {} in `{}` ({}), but {has}",
                        plural(tasks.len(), "task"),
                        about.row.id,
                        about.document.models[about.model].label,
                    ),
                )
                .label(format!("a task of `{id}`"))
                .related(cell.place.clone(), "the cell")
                .help(format!("add `{id}` to `responsible`, or move the tasks"))
                .help(format!(
                    "or write `acknowledge: {{{}: why}}` in the cell",
                    Code::TasksWithoutResponsibility.id()
                )),
        );
    }
    if cell.has_tasks() {
        for party in responsible {
            if cell.tasks_of(*party).is_empty() {
                let id = about.party(*party);
                findings.push(
                    about
                        .finding(
                            Code::ResponsibilityWithoutTasks,
                            &cell.place,
                            format!("`{id}` is responsible here and has no task"),
                        )
                        .help(format!("add `tasks: {{{id}: [...]}}`, or remove the party")),
                );
            }
        }
    } else if !responsible.is_empty() && about.model_has_tasks {
        findings.push(about.finding(
            Code::CellWithoutTasks,
            &cell.place,
            format!("row `{}` lists no task in this model", about.row.id),
        ));
    }
    for (party, text) in &cell.summary {
        if let Some(why) = contradiction(about, *party, &text.value) {
            let mut finding = about
                .finding(
                    Code::SummaryContradicts,
                    &text.place,
                    format!("the summary says \"{}\", but {why}", text.value),
                )
                .label("contradicts the cell")
                .help("change the text, the tasks or `responsible`, or acknowledge it");
            if let Some(task) = cell.tasks_of(*party).first() {
                finding = finding.related(task.place.clone(), "a task of the same party");
            }
            findings.push(finding);
        }
    }
    let mut seen: HashMap<&str, &Place> = HashMap::new();
    for task in cell.tasks.iter().flat_map(|(_, tasks)| tasks) {
        if let Some(first) = seen.insert(&task.text, &task.place) {
            findings.push(
                about
                    .finding(
                        Code::SameTaskTwice,
                        &task.place,
                        "this task stands in the cell already".into(),
                    )
                    .label("again")
                    .related(first.clone(), "first here"),
            );
        }
    }
}

/// Marks and words that say a party is responsible, and that it is not.
const YES: &[&str] = &["✅", "✔", "✔️", "✓", "x", "•", "yes", "responsible", "r"];
const NO: &[&str] = &["❌", "✗", "✘", "-", "–", "—", "no", "none", "n/a", "na"];

/// Why a summary text cannot be true of its party.
fn contradiction(about: &About<'_>, party: PartyIx, text: &str) -> Option<String> {
    let id = about.party(party);
    let responsible = about.cell.ownership.parties().contains(&party);
    let tasks = about.cell.tasks_of(party).len();
    let word = text.trim().to_lowercase();
    if responsible && NO.contains(&word.as_str()) {
        return Some(format!("`{id}` is responsible"));
    }
    if responsible {
        return None;
    }
    if YES.contains(&word.as_str()) {
        return Some(format!("`{id}` is not responsible"));
    }
    // Words in the place of a mark say that others do it.
    (tasks > 0).then(|| format!("`{id}` has {} here", plural(tasks, "task")))
}

fn plural(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

fn ends_in_stop(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', '”', '’', '*', '_', '`', '」', '』']);
    text.ends_with([
        '.', '!', '?', '…', '。', '．', '！', '？', ':', '।', '؟', '۔',
    ])
}

fn wording(about: &About<'_>, stops_expected: bool, findings: &mut Findings) {
    for task in about.cell.tasks.iter().flat_map(|(_, tasks)| tasks) {
        let mut push = |code, message: &str, help: &str| {
            findings.push(
                about
                    .finding(code, &task.place, message.to_string())
                    .help(help),
            );
        };
        if has_two_sentences(task) {
            push(
                Code::TwoSentences,
                "this task holds two sentences",
                "make it two tasks if a bullet mark was lost",
            );
        }
        if stops_expected && !ends_in_stop(&task.text) {
            push(
                Code::NoFullStop,
                "this task does not end in a full stop, nearly all others do",
                "add one, or look whether words are missing",
            );
        }
        if blank_before_punctuation(&task.text) {
            push(
                Code::BlankBeforePunctuation,
                "a blank stands before a full stop or comma",
                "look whether a word is missing",
            );
        }
    }
}

/// Abbreviations after which a capital does not begin a sentence.
const ABBREVIATIONS: &[&str] = &[
    "e.g", "i.e", "etc", "vs", "cf", "no", "approx", "incl", "resp", "dr", "mr", "ms", "inc",
    "ltd", "st", "fig", "sec", "art",
];

fn has_two_sentences(task: &Task) -> bool {
    let text = &task.text;
    let wide = |(at, mark): (usize, &str)| {
        let rest = &text[at + mark.len()..];
        !rest.trim().is_empty() && !rest.starts_with(['」', '』', '）'])
    };
    let narrow = |at: usize| {
        let rest = &text[at + 1..];
        let blank = rest.starts_with(char::is_whitespace);
        let capital = rest
            .trim_start()
            .chars()
            .next()
            .is_some_and(char::is_uppercase);
        let word = text[..at]
            .rsplit(|c: char| c.is_whitespace() || "([".contains(c))
            .next()
            .unwrap_or("");
        let letters = word.chars().all(|c| c.is_alphabetic() || c == '.');
        let initial = letters && (word.chars().count() == 1 || word.contains('.'));
        blank && capital && !initial && !ABBREVIATIONS.contains(&word.to_lowercase().as_str())
    };
    // Nearly all texts are narrow, and every task of a site is looked at.
    memchr::memchr3_iter(b'.', b'!', b'?', text.as_bytes()).any(narrow)
        || !text.is_ascii() && text.match_indices(['。', '！', '？', '．']).any(wide)
}

fn blank_before_punctuation(text: &str) -> bool {
    let mut marks = memchr::memchr2_iter(b'.', b',', text.as_bytes());
    marks.any(|at| {
        text[..at].ends_with(' ') && !text[at + 1..].starts_with(|c: char| !c.is_whitespace())
    })
}

/// Gives findings the reasons their authors wrote down, and reports reasons
/// that answer nothing.
pub fn acknowledge(document: &Document, findings: &mut Findings) {
    let index = LazyCell::new(|| Index::new(document));
    let spot = |place: &Place| (place.file.clone(), place.start);
    let mut used: HashSet<(Arc<str>, usize)> = HashSet::new();
    for finding in &mut findings.list {
        if finding.severity == Severity::Error {
            continue;
        }
        for list in index.reasons_for(&finding.subject) {
            if let Some(ack) = list.iter().find(|a| a.code == finding.code) {
                finding.acknowledged = Some(ack.reason.clone());
                used.insert(spot(&ack.place));
                break;
            }
        }
    }
    // What a reason answers may be among what was lost.
    if findings.lost_a_file() {
        return;
    }
    let mut reported: HashSet<(Arc<str>, usize)> = HashSet::new();
    for ack in every_reason(document) {
        if !used.contains(&spot(&ack.place)) && reported.insert(spot(&ack.place)) {
            findings.push(
                Finding::new(
                    Code::UnusedAcknowledgement,
                    ack.place.clone(),
                    format!("nothing here has the finding {}", ack.code.id()),
                )
                .label(ack.code.title())
                .help("remove the line; it would hide the next such finding"),
            );
        }
    }
}

/// Ids to the things that carry reasons.
struct Index<'a> {
    document: &'a Document,
    categories: HashMap<&'a str, &'a Category>,
    rows: HashMap<&'a str, &'a Row>,
}

impl<'a> Index<'a> {
    fn new(document: &'a Document) -> Self {
        Index {
            document,
            categories: document
                .categories
                .iter()
                .map(|c| (c.id.as_str(), &**c))
                .collect(),
            rows: document.rows().map(|(_, r)| (r.id.as_str(), r)).collect(),
        }
    }

    /// The reasons that can answer a finding, the narrowest first.
    fn reasons_for(&self, subject: &Subject) -> Vec<&'a Acknowledgements> {
        let model = subject
            .model
            .as_deref()
            .and_then(|m| self.document.model(m));
        let category = subject
            .category
            .as_deref()
            .and_then(|c| self.categories.get(c));
        let row = subject.row.as_deref().and_then(|r| self.rows.get(r));
        let cell = row.zip(model).and_then(|(r, m)| r.cells[m].as_ref());
        let mut lists = Vec::new();
        lists.extend(cell.map(|c| &c.acknowledge));
        lists.extend(row.map(|r| &r.acknowledge));
        lists.extend(category.map(|c| &c.acknowledge));
        lists.extend(model.map(|m| &self.document.models[m].acknowledge));
        lists.push(&self.document.acknowledge);
        lists
    }
}

fn every_reason<'a>(document: &'a Document) -> impl Iterator<Item = &'a Acknowledgement> {
    let cells = |row: &'a Row| row.cells.iter().flatten();
    let in_row = move |row: &'a Row| {
        row.acknowledge
            .iter()
            .chain(cells(row).flat_map(|c| &c.acknowledge))
    };
    let categories = document.categories.iter().filter(|c| c.has_reasons);
    let in_category = move |c: &'a Arc<Category>| {
        let rows = c.rows.iter().flat_map(in_row);
        c.acknowledge.iter().chain(rows)
    };
    document
        .acknowledge
        .iter()
        .chain(document.models.iter().flat_map(|m| &m.acknowledge))
        .chain(categories.flat_map(in_category))
}
