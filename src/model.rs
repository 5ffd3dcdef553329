//! The whole document, checked: parties, deployment models, categories, rows
//! and cells, with every id resolved to an index. Rules between records that
//! make a document impossible are here; what is merely doubtful is in `lint`.

use std::collections::HashMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::diag::{Code, Finding, Findings, Place, Subject};
use crate::schema::{
    self, CatchAllRecord, CategoryFile, CellRecord, Date, ModelRecord, Page, Parsed, PartyKind,
    ProseRecord, RowRecord, SiteFile, SourceRecord, State,
};
use crate::tree::{Entries, OneOrMany, Text};

/// Index of a party in [`Document::parties`].
pub type PartyIx = usize;
/// Index of a deployment model in [`Document::models`].
pub type ModelIx = usize;

/// A responsibility document that is consistent in itself.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub title: Option<Text>,
    pub version: Option<Text>,
    pub effective: Option<Date>,
    pub contact: Option<Text>,
    pub source: Option<SourceRecord>,
    pub catch_all: Option<CatchAllRecord>,
    pub precedence: Option<Text>,
    pub parties: Vec<Party>,
    pub frameworks: Vec<Framework>,
    pub models: Vec<Model>,
    pub categories: Vec<Category>,
    pub prose: Vec<Prose>,
    /// Reasons given for the whole document.
    pub acknowledge: Acknowledgements,
}

/// Somebody who can be responsible.
#[derive(Clone, Debug)]
pub struct Party {
    pub id: String,
    pub kind: PartyKind,
    pub label: String,
    pub second_person: Option<String>,
    pub description: Option<Text>,
    pub place: Place,
}

/// A standard that controls belong to.
#[derive(Clone, Debug)]
pub struct Framework {
    pub id: String,
    pub label: String,
    pub url: Option<Text>,
    pub place: Place,
}

/// A deployment model: SaaS, BYOC and so on.
#[derive(Clone, Debug)]
pub struct Model {
    pub id: String,
    pub label: String,
    pub description: Option<Text>,
    /// This model's own names for parties, by party.
    pub party_labels: Vec<Option<String>>,
    /// All parties in the order of this model's columns.
    pub columns: Vec<PartyIx>,
    pub summary_caption: Option<String>,
    pub detail_caption: Option<String>,
    /// Introduction, Markdown.
    pub intro: Prose,
    pub acknowledge: Acknowledgements,
    pub place: Place,
}

/// An aligned category with its rows.
#[derive(Clone, Debug)]
pub struct Category {
    pub id: String,
    pub label: String,
    /// Names that models give it instead, by model, with their places.
    pub labels: Vec<Option<Text>>,
    pub description: Option<Text>,
    pub rows: Vec<Row>,
    pub acknowledge: Acknowledgements,
    pub file: Arc<str>,
    pub place: Place,
}

/// One responsibility across all models.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub label: String,
    pub labels: Vec<Option<Text>>,
    pub description: Option<Text>,
    /// The models that list it when that was said, and why.
    pub only_in: Option<OnlyIn>,
    pub notes: Vec<Text>,
    pub controls: Vec<Controls>,
    /// One slot a model; `None` is "not listed".
    pub cells: Vec<Option<Cell>>,
    pub acknowledge: Acknowledgements,
    pub place: Place,
}

/// A stated limit to some models.
#[derive(Clone, Debug)]
pub struct OnlyIn {
    pub models: Vec<ModelIx>,
    pub reason: Option<String>,
}

/// Ids of one framework's controls.
#[derive(Clone, Debug, PartialEq)]
pub struct Controls {
    pub framework: usize,
    pub ids: Vec<String>,
}

/// Who does what in one row of one model.
#[derive(Clone, Debug)]
pub struct Cell {
    pub ownership: Ownership,
    /// Tasks by party, in the order of [`Document::parties`]; parties without
    /// an entry have none.
    pub tasks: Vec<(PartyIx, Vec<Task>)>,
    /// Words printed in the summary instead of a mark. Never decides the badge.
    pub summary: Vec<(PartyIx, Text)>,
    pub scope: Vec<(PartyIx, Text)>,
    pub conditional: Vec<(PartyIx, Text)>,
    /// Role word (`accountable`, ...) and parties. Never decides the badge.
    pub roles: Vec<(&'static str, Vec<PartyIx>)>,
    pub cadence: Option<String>,
    pub notes: Vec<Text>,
    pub acknowledge: Acknowledgements,
    /// Whether an id in `responsible` could not be resolved. That has its own
    /// finding; what follows from it would be noise.
    pub incomplete: bool,
    pub place: Place,
}

/// The declared owner set of a cell, or its state.
#[derive(Clone, Debug, PartialEq)]
pub enum Ownership {
    /// Responsible parties in document order; at least one.
    Parties(Vec<PartyIx>),
    /// Nobody, and a catch-all text covers that.
    Unassigned,
    NotApplicable(Option<String>),
    ByAgreement(Option<String>),
}

impl Ownership {
    /// The responsible parties; empty for a state.
    pub fn parties(&self) -> &[PartyIx] {
        match self {
            Ownership::Parties(parties) => parties,
            _ => &[],
        }
    }
}

/// One thing somebody does.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Inline Markdown, trimmed: two tasks are the same when this is equal.
    pub text: String,
    pub controls: Vec<Controls>,
    pub place: Place,
}

/// Markdown with its front matter.
#[derive(Clone, Debug)]
pub struct Prose {
    /// Source file, relative to the project.
    pub file: Arc<str>,
    /// Path of the source below the content folder.
    pub path: String,
    pub title: Option<String>,
    pub description: Option<String>,
    pub order: i64,
    pub body: String,
    /// Where `body` begins in the file, in bytes.
    pub body_start: usize,
}

/// One code with the reason for leaving such findings as they are.
#[derive(Clone, Debug)]
pub struct Acknowledgement {
    pub code: Code,
    pub reason: String,
    pub place: Place,
}

pub type Acknowledgements = Vec<Acknowledgement>;

/// Files read and decoded, each with its findings still inside.
#[derive(Debug, Default)]
pub struct Records {
    pub site: Option<Parsed<SiteFile>>,
    pub models: Vec<(String, Parsed<Page<ModelRecord>>)>,
    pub categories: Vec<(String, Parsed<CategoryFile>)>,
    /// Path below the content folder, and the page.
    pub prose: Vec<(String, Parsed<Page<ProseRecord>>)>,
    /// Whether pages marked as drafts are part of the document.
    pub drafts: bool,
}

impl Document {
    /// The party with this id.
    pub fn party(&self, id: &str) -> Option<PartyIx> {
        self.parties.iter().position(|p| p.id == id)
    }

    /// The model with this id.
    pub fn model(&self, id: &str) -> Option<ModelIx> {
        self.models.iter().position(|m| m.id == id)
    }

    /// The category with this id.
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|c| c.id == id)
    }

    /// All rows with their categories, in order.
    pub fn rows(&self) -> impl Iterator<Item = (&Category, &Row)> {
        self.categories
            .iter()
            .flat_map(|c| c.rows.iter().map(move |r| (c, r)))
    }

    /// What a party is called in a model, or everywhere when none is given.
    pub fn party_label(&self, party: PartyIx, model: Option<ModelIx>) -> &str {
        model
            .and_then(|m| self.models[m].party_labels[party].as_deref())
            .unwrap_or(&self.parties[party].label)
    }
}

impl Category {
    /// The name of the category, in a model or everywhere.
    pub fn label_in(&self, model: Option<ModelIx>) -> &str {
        model
            .and_then(|m| self.labels[m].as_ref())
            .map_or(&self.label, |t| &t.value)
    }
}

impl Row {
    /// The name of the row, in a model or everywhere.
    pub fn label_in(&self, model: Option<ModelIx>) -> &str {
        model
            .and_then(|m| self.labels[m].as_ref())
            .map_or(&self.label, |t| &t.value)
    }
}

impl Cell {
    /// A party's tasks; empty when it has none.
    pub fn tasks_of(&self, party: PartyIx) -> &[Task] {
        self.tasks
            .iter()
            .find(|(p, _)| *p == party)
            .map_or(&[], |(_, tasks)| tasks)
    }

    /// Whether any party has a task.
    pub fn has_tasks(&self) -> bool {
        self.tasks.iter().any(|(_, tasks)| !tasks.is_empty())
    }
}

/// Longest id, in characters and in bytes: two of them with a suffix still fit
/// a file name of 255 bytes.
const MAX_ID: usize = 64;
const MAX_ID_BYTES: usize = 100;

/// Ids that the site's own files and anchors, or a file system, need.
const RESERVED: &[&str] = &[
    "index", "all", "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "lpt1", "lpt2",
];

/// Whether `id` can be an id: letters and digits of any script, `-`, `_`, `.`.
pub fn id_problem(id: &str) -> Option<String> {
    let mut chars = id.chars();
    if !chars.next().is_some_and(char::is_alphanumeric) {
        return Some("an id begins with a letter or a digit".into());
    }
    if let Some(bad) = chars.find(|c| !(c.is_alphanumeric() || "-_.".contains(*c))) {
        return Some(format!("`{}` cannot be in an id", bad.escape_debug()));
    }
    if id.chars().count() > MAX_ID || id.len() > MAX_ID_BYTES {
        return Some(format!(
            "an id has at most {MAX_ID} characters and {MAX_ID_BYTES} bytes"
        ));
    }
    if id.ends_with('.') || id.contains("..") {
        return Some("an id has no two dots in a row and none at its end".into());
    }
    let folded = fold(id);
    let stem = folded.split('.').next().unwrap_or(&folded);
    if RESERVED.contains(&stem) || folded.starts_with("srm-") {
        return Some(format!("`{id}` is reserved"));
    }
    None
}

/// The nearest valid id to a text, for suggestions.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfkc().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    let mut cut = String::new();
    for c in out.chars().take(MAX_ID) {
        if cut.len() + c.len_utf8() > MAX_ID_BYTES {
            break;
        }
        cut.push(c);
    }
    cut.trim_matches('-').to_string()
}

/// How a file system may see a name: letter case and the encoding of accents
/// do not count.
pub fn fold(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// Puts the records together and resolves every id. The findings of the
/// records themselves are included.
pub fn assemble(records: Records, findings: &mut Findings) -> Document {
    let mut builder = Builder {
        document: Document::default(),
        findings,
        rows: HashMap::new(),
    };
    builder.site(records.site);
    builder.models(records.models);
    builder.categories(records.categories);
    builder.prose(records.prose, records.drafts);
    builder.document
}

struct Builder<'a> {
    document: Document,
    findings: &'a mut Findings,
    /// Row id, folded, to the id and where it was declared.
    rows: HashMap<String, (String, Place)>,
}

impl Builder<'_> {
    fn site(&mut self, site: Option<Parsed<SiteFile>>) {
        let Some(parsed) = site else {
            return;
        };
        self.findings.extend(parsed.findings);
        let Some(file) = parsed.record else {
            return;
        };
        if file.schema.value != schema::VERSION {
            self.findings.push(
                Finding::new(
                    Code::WrongValue,
                    file.schema.place.clone(),
                    format!("this tool reads schema 1, not {}", file.schema.value),
                )
                .label("unknown version")
                .help("write `schema: 1`, or use a newer srm-site"),
            );
        }
        if file.parties.is_empty() {
            self.findings.push(
                Finding::new(
                    Code::MissingKey,
                    file.schema.place.clone(),
                    "the document names no party",
                )
                .help("add `parties:` with at least one entry (`id`, `kind`, `label`)"),
            );
        }
        let mut seen = Names::default();
        for record in file.parties {
            if !self.claim(&mut seen, "party", &record.id) {
                continue;
            }
            self.document.parties.push(Party {
                id: record.id.value,
                kind: record.kind,
                label: record.label.value,
                second_person: record.second_person.map(|t| t.value),
                description: record.description,
                place: record.id.place,
            });
        }
        let mut seen = Names::default();
        for record in file.frameworks {
            if self.claim(&mut seen, "framework", &record.id) {
                self.document.frameworks.push(Framework {
                    id: record.id.value,
                    label: record.label.value,
                    url: record.url,
                    place: record.id.place,
                });
            }
        }
        self.document.acknowledge = self.acknowledgements(file.acknowledge);
        if let Some(record) = file.document {
            if let Some(party) = record.catch_all.as_ref().and_then(|c| c.party.as_ref()) {
                self.party(party);
            }
            let document = &mut self.document;
            document.title = record.title;
            document.version = record.version;
            document.effective = record.effective;
            document.contact = record.contact;
            document.source = record.source;
            document.catch_all = record.catch_all;
            document.precedence = record.precedence;
        }
    }

    fn models(&mut self, records: Vec<(String, Parsed<Page<ModelRecord>>)>) {
        let mut seen = Names::default();
        let mut models: Vec<(i64, Model)> = Vec::new();
        for (id, parsed) in records {
            self.findings.extend(parsed.findings);
            let id = Text {
                value: id,
                place: Place::file(&parsed.file),
            };
            if !self.claim(&mut seen, "model", &id) {
                continue;
            }
            let Some(page) = parsed.record else {
                continue;
            };
            let Some(record) = page.front else {
                continue;
            };
            let parties = self.document.parties.len();
            let mut party_labels = vec![None; parties];
            for (party, label) in record.parties.0 {
                if let Some(ix) = self.party(&party) {
                    party_labels[ix] = Some(label.value);
                }
            }
            let mut columns: Vec<PartyIx> = Vec::new();
            for party in &record.columns {
                if let Some(ix) = self.party(party).filter(|ix| !columns.contains(ix)) {
                    columns.push(ix);
                }
            }
            let rest: Vec<PartyIx> = (0..parties).filter(|p| !columns.contains(p)).collect();
            columns.extend(rest);
            let captions = record.captions;
            let model = Model {
                place: record.label.place.clone(),
                label: record.label.value,
                intro: Prose {
                    file: parsed.file.clone(),
                    path: format!("models/{}.md", id.value),
                    title: None,
                    description: None,
                    order: 0,
                    body: page.body,
                    body_start: page.body_start,
                },
                id: id.value,
                description: record.description,
                party_labels,
                columns,
                summary_caption: captions
                    .as_ref()
                    .and_then(|c| c.summary.as_ref().map(|t| t.value.clone())),
                detail_caption: captions.and_then(|c| c.detail.map(|t| t.value)),
                acknowledge: self.acknowledgements(record.acknowledge),
            };
            models.push((record.order.unwrap_or(i64::MAX), model));
        }
        models.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
        self.document.models = models.into_iter().map(|(_, m)| m).collect();
    }

    fn categories(&mut self, records: Vec<(String, Parsed<CategoryFile>)>) {
        let mut seen = Names::default();
        let mut categories: Vec<(i64, Category)> = Vec::new();
        for (id, parsed) in records {
            self.findings.extend(parsed.findings);
            let id = Text {
                value: id,
                place: Place::file(&parsed.file),
            };
            if !self.claim(&mut seen, "category", &id) {
                continue;
            }
            let Some(record) = parsed.record else {
                continue;
            };
            let rows = record
                .rows
                .into_iter()
                .filter_map(|row| self.row(&id.value, row))
                .collect();
            let category = Category {
                place: record.label.place.clone(),
                label: record.label.value,
                labels: self.labels(record.labels),
                description: record.description,
                rows,
                acknowledge: self.acknowledgements(record.acknowledge),
                file: parsed.file,
                id: id.value,
            };
            categories.push((record.order.unwrap_or(i64::MAX), category));
        }
        categories.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
        self.document.categories = categories.into_iter().map(|(_, c)| c).collect();
    }

    fn row(&mut self, category: &str, record: RowRecord) -> Option<Row> {
        if let Some(problem) = id_problem(&record.id.value) {
            self.invalid_id("row", &record.id, &problem);
            return None;
        }
        let key = fold(&record.id.value);
        if let Some((first, place)) = self.rows.get(&key).cloned() {
            self.duplicate("row", &record.id, &first, place);
            return None;
        }
        self.rows
            .insert(key, (record.id.value.clone(), record.id.place.clone()));
        let only_in = record.only_in.map(|only| OnlyIn {
            models: only
                .0
                .models
                .0
                .iter()
                .filter_map(|m| self.model(m))
                .collect(),
            reason: only.0.reason.map(|t| t.value),
        });
        let subject = Subject {
            model: None,
            category: Some(category.to_string()),
            row: Some(record.id.value.clone()),
        };
        let cells = self.cells(record.models, only_in.as_ref(), &subject);
        if cells.iter().all(Option::is_none) && !self.document.models.is_empty() {
            self.findings.push(
                Finding::new(
                    Code::ListedNowhere,
                    record.id.place.clone(),
                    format!("row `{}` has no cell in any model", record.id.value),
                )
                .label("listed nowhere")
                .subject(subject)
                .help("add `models:` with a cell for a model, or for `all`"),
            );
        }
        Some(Row {
            id: record.id.value,
            label: record.label.value,
            labels: self.labels(record.labels),
            description: record.description,
            only_in,
            notes: record.notes,
            controls: self.controls(record.controls),
            cells,
            acknowledge: self.acknowledgements(record.acknowledge),
            place: record.id.place,
        })
    }

    /// One slot a model. A model's own keys win over those of `all`.
    fn cells(
        &mut self,
        records: Entries<CellRecord>,
        only_in: Option<&OnlyIn>,
        subject: &Subject,
    ) -> Vec<Option<Cell>> {
        let mut all: Option<(Text, CellRecord)> = None;
        let mut own: Vec<Option<(Text, CellRecord)>> = vec![None; self.document.models.len()];
        for (key, record) in records.0 {
            if key.value == "all" {
                all = Some((key, record));
            } else if let Some(ix) = self.model(&key) {
                own[ix] = Some((key, record));
            }
        }
        own.into_iter()
            .enumerate()
            .map(|(ix, own)| {
                let shared = all
                    .clone()
                    .filter(|_| only_in.is_none_or(|only| only.models.contains(&ix)));
                let (key, record) = match (shared, own) {
                    (None, None) => return None,
                    (Some(one), None) | (None, Some(one)) => one,
                    (Some((_, shared)), Some((key, own))) => (key, overlay(shared, own)),
                };
                let subject = Subject {
                    model: Some(self.document.models[ix].id.clone()),
                    ..subject.clone()
                };
                self.cell(key, record, subject)
            })
            .collect()
    }

    fn cell(&mut self, key: Text, record: CellRecord, subject: Subject) -> Option<Cell> {
        let ownership = self.ownership(&key, &record, subject)?;
        let mut tasks: Vec<(PartyIx, Vec<Task>)> = Vec::new();
        for (party, list) in record.tasks.0 {
            let Some(ix) = self.party(&party) else {
                continue;
            };
            let list = list
                .into_iter()
                .map(|task| Task {
                    text: task.0.text.value.trim().to_string(),
                    controls: self.controls(task.0.controls),
                    place: task.0.text.place,
                })
                .collect();
            tasks.push((ix, list));
        }
        tasks.sort_by_key(|(party, _)| *party);
        let roles = [
            ("accountable", record.accountable),
            ("consulted", record.consulted),
            ("informed", record.informed),
            ("supports", record.supports),
        ]
        .into_iter()
        .map(|(role, parties)| (role, self.parties(&parties)))
        .filter(|(_, parties)| !parties.is_empty())
        .collect();
        Some(Cell {
            ownership,
            tasks,
            summary: self.by_party(record.summary),
            scope: self.by_party(record.scope),
            conditional: self.by_party(record.conditional),
            roles,
            cadence: record.cadence.map(|t| t.value),
            notes: record.notes,
            acknowledge: self.acknowledgements(record.acknowledge),
            incomplete: record.responsible.is_some_and(|r| {
                r.0.iter()
                    .any(|id| self.document.party(&id.value).is_none())
            }),
            place: key.place,
        })
    }

    fn ownership(
        &mut self,
        key: &Text,
        record: &CellRecord,
        subject: Subject,
    ) -> Option<Ownership> {
        let reason = record.reason.as_ref().map(|t| t.value.clone());
        if let Some(state) = &record.state {
            let named = record.responsible.as_ref().is_some_and(|r| !r.0.is_empty());
            if named {
                self.findings.push(
                    Finding::new(
                        Code::StateConflict,
                        state.place.clone(),
                        format!(
                            "the cell has the state `{}` and responsible parties",
                            state.value.word()
                        ),
                    )
                    .label("state given here")
                    .subject(subject)
                    .help("keep `state` or `responsible`, not both"),
                );
            }
            return match state.value {
                State::NotApplicable => Some(Ownership::NotApplicable(reason)),
                State::ByContract => Some(Ownership::ByAgreement(reason)),
                State::NotListed => None,
            };
        }
        let mut parties = record
            .responsible
            .as_ref()
            .map(|r| self.parties(r))
            .unwrap_or_default();
        parties.sort_unstable();
        if !parties.is_empty() {
            return Some(Ownership::Parties(parties));
        }
        // A party that could not be resolved has its own finding.
        let unresolved = record.responsible.as_ref().is_some_and(|r| !r.0.is_empty());
        if !unresolved {
            let mut finding = Finding::new(
                Code::NobodyResponsible,
                key.place.clone(),
                "nobody is responsible in this cell",
            )
            .label("`responsible` is empty or missing")
            .subject(subject)
            .help("add `responsible:` with a party id or a list of them")
            .help("or `state: not-applicable` with a `reason`, or `state: by-contract`");
            if self.document.catch_all.is_some() {
                finding = finding.severity(crate::diag::Severity::Note);
            }
            self.findings.push(finding);
        }
        Some(Ownership::Unassigned)
    }

    fn prose(&mut self, records: Vec<(String, Parsed<Page<ProseRecord>>)>, drafts: bool) {
        let mut prose: Vec<Prose> = Vec::new();
        for (path, parsed) in records {
            self.findings.extend(parsed.findings);
            let Some(page) = parsed.record else {
                continue;
            };
            let front = page.front;
            let draft = front.as_ref().and_then(|f| f.draft).unwrap_or(false);
            if draft && !drafts {
                continue;
            }
            prose.push(Prose {
                file: parsed.file,
                path,
                title: front
                    .as_ref()
                    .and_then(|f| f.title.as_ref().map(|t| t.value.clone())),
                description: front
                    .as_ref()
                    .and_then(|f| f.description.as_ref().map(|t| t.value.clone())),
                order: front.and_then(|f| f.order).unwrap_or(i64::MAX),
                body: page.body,
                body_start: page.body_start,
            });
        }
        prose.sort_by(|a, b| (a.order, &a.path).cmp(&(b.order, &b.path)));
        self.document.prose = prose;
    }

    fn labels(&mut self, labels: Entries<Text>) -> Vec<Option<Text>> {
        let mut out = vec![None; self.document.models.len()];
        for (model, label) in labels.0 {
            if let Some(ix) = self.model(&model) {
                out[ix] = Some(label);
            }
        }
        out
    }

    fn controls(&mut self, controls: Entries<OneOrMany<Text>>) -> Vec<Controls> {
        let mut out = Vec::new();
        for (framework, ids) in controls.0 {
            let found = self
                .document
                .frameworks
                .iter()
                .position(|f| f.id == framework.value);
            match found {
                Some(ix) => out.push(Controls {
                    framework: ix,
                    ids: ids.0.into_iter().map(|t| t.value).collect(),
                }),
                None => {
                    let known: Vec<&str> = self
                        .document
                        .frameworks
                        .iter()
                        .map(|f| f.id.as_str())
                        .collect();
                    self.findings.push(unknown("framework", &framework, &known));
                }
            }
        }
        out
    }

    fn by_party(&mut self, entries: Entries<Text>) -> Vec<(PartyIx, Text)> {
        let mut out: Vec<(PartyIx, Text)> = entries
            .0
            .into_iter()
            .filter_map(|(party, text)| self.party(&party).map(|ix| (ix, text)))
            .collect();
        out.sort_by_key(|(party, _)| *party);
        out
    }

    fn parties(&mut self, ids: &OneOrMany<Text>) -> Vec<PartyIx> {
        let mut out: Vec<PartyIx> = Vec::new();
        for id in &ids.0 {
            if let Some(ix) = self.party(id).filter(|ix| !out.contains(ix)) {
                out.push(ix);
            }
        }
        out
    }

    fn party(&mut self, id: &Text) -> Option<PartyIx> {
        let found = self.document.party(&id.value);
        if found.is_none() {
            let known: Vec<&str> = self
                .document
                .parties
                .iter()
                .map(|p| p.id.as_str())
                .collect();
            // Without any party the document's own finding says it all.
            if !known.is_empty() {
                self.findings.push(unknown("party", id, &known));
            }
        }
        found
    }

    fn model(&mut self, id: &Text) -> Option<ModelIx> {
        let found = self.document.model(&id.value);
        if found.is_none() {
            let known: Vec<&str> = self.document.models.iter().map(|m| m.id.as_str()).collect();
            if !known.is_empty() {
                self.findings.push(unknown("model", id, &known));
            }
        }
        found
    }

    fn acknowledgements(&mut self, entries: Entries<Text>) -> Acknowledgements {
        let mut out = Vec::new();
        for (code, reason) in entries.0 {
            match Code::from_id(&code.value) {
                Some(known) if known.severity() == crate::diag::Severity::Error => {
                    self.findings.push(
                        Finding::new(
                            Code::WrongValue,
                            code.place,
                            format!("`{}` is an error and cannot be acknowledged", known.id()),
                        )
                        .help("mend what it reports"),
                    );
                }
                Some(known) => out.push(Acknowledgement {
                    code: known,
                    reason: reason.value,
                    place: code.place,
                }),
                None => {
                    let ids: Vec<&str> = Code::ALL.iter().map(|c| c.id()).collect();
                    self.findings.push(unknown("finding code", &code, &ids));
                }
            }
        }
        out
    }

    /// Takes an id, or says why it cannot be had.
    fn claim(&mut self, seen: &mut Names, what: &str, id: &Text) -> bool {
        if let Some(problem) = id_problem(&id.value) {
            self.invalid_id(what, id, &problem);
            return false;
        }
        match seen.0.get(&fold(&id.value)).cloned() {
            Some((first, place)) => {
                self.duplicate(what, id, &first, place);
                false
            }
            None => {
                seen.0
                    .insert(fold(&id.value), (id.value.clone(), id.place.clone()));
                true
            }
        }
    }

    fn invalid_id(&mut self, what: &str, id: &Text, problem: &str) {
        let mut finding = Finding::new(
            Code::InvalidId,
            id.place.clone(),
            format!("`{}` cannot be the id of a {what}: {problem}", id.value),
        )
        .label("not an id");
        let better = slug(&id.value);
        if !better.is_empty() && better != id.value && id_problem(&better).is_none() {
            finding = finding.help(format!("write `{better}`"));
        }
        self.findings.push(finding);
    }

    fn duplicate(&mut self, what: &str, id: &Text, first: &str, place: Place) {
        let finding = if first == id.value {
            Finding::new(
                Code::DuplicateId,
                id.place.clone(),
                format!("the {what} id `{first}` is used twice"),
            )
            .label("used again here")
            .help("give one of them another id")
        } else {
            Finding::new(
                Code::CollidingNames,
                id.place.clone(),
                format!(
                    "the {what} ids `{first}` and `{}` are one file name on some systems",
                    id.value
                ),
            )
            .label("collides")
            .help("let them differ in more than letter case and accents")
        };
        self.findings
            .push(finding.related(place, "first used here"));
    }
}

/// Ids taken so far: folded to the id as written and its place.
#[derive(Default)]
struct Names(HashMap<String, (String, Place)>);

fn unknown(what: &str, id: &Text, known: &[&str]) -> Finding {
    Finding::new(
        Code::UnknownId,
        id.place.clone(),
        format!("there is no {what} `{}`", id.value),
    )
    .label(format!("unknown {what}"))
    .suggest(&id.value, known.iter().copied())
}

/// `own` over `shared`, key by key. A state replaces a responsible set and the
/// other way round, since a cell has one of them.
fn overlay(shared: CellRecord, own: CellRecord) -> CellRecord {
    fn entries<T>(shared: Entries<T>, own: Entries<T>) -> Entries<T> {
        if own.0.is_empty() { shared } else { own }
    }
    fn many<T>(shared: OneOrMany<T>, own: OneOrMany<T>) -> OneOrMany<T> {
        if own.0.is_empty() { shared } else { own }
    }
    let own_decides = own.state.is_some() || own.responsible.is_some();
    let (responsible, state, reason) = if own_decides {
        (own.responsible, own.state, own.reason)
    } else {
        (
            shared.responsible,
            shared.state,
            own.reason.or(shared.reason),
        )
    };
    // Tasks of a shared cell say nothing once the row does not apply.
    let stateless = state.is_none();
    let shared_tasks = if stateless {
        shared.tasks
    } else {
        Entries::default()
    };
    let mut acknowledge = own.acknowledge;
    acknowledge.0.extend(shared.acknowledge.0);
    CellRecord {
        responsible,
        state,
        reason,
        tasks: entries(shared_tasks, own.tasks),
        summary: entries(shared.summary, own.summary),
        scope: entries(shared.scope, own.scope),
        conditional: entries(shared.conditional, own.conditional),
        accountable: many(shared.accountable, own.accountable),
        consulted: many(shared.consulted, own.consulted),
        informed: many(shared.informed, own.informed),
        supports: many(shared.supports, own.supports),
        cadence: own.cadence.or(shared.cadence),
        notes: if own.notes.is_empty() {
            shared.notes
        } else {
            own.notes
        },
        acknowledge,
    }
}
