//! Records to a document: resolves every id, lays cells over those of `all`,
//! and refuses what cannot be. Rules between records are here; what a single
//! record may hold is in `schema`, what is merely doubtful in `lint`.

use std::collections::HashMap;

use crate::diag::{Code, Finding, Findings, Place, Severity, Subject};
use crate::model::{
    Acknowledgement, Acknowledgements, Category, Cell, Controls, Document, Framework, Model,
    ModelIx, OnlyIn, Ownership, Party, PartyIx, Prose, Row, Task, fold, id_problem, slug,
};
use crate::schema::{
    self, CategoryFile, CellRecord, ModelRecord, Page, Parsed, ProseRecord, RowRecord, SiteFile,
    State,
};
use crate::tree::{Entries, OneOrMany, STAND_IN, Text};

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
                label: label_or(record.label, &id),
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
        if record.id.value == STAND_IN {
            return None;
        }
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
        let unknown = |id: &Text| self.document.model(&id.value).is_none();
        let named = record.only_in.as_ref().map(|only| &only.0.models.0);
        let incomplete = record
            .models
            .0
            .iter()
            .any(|(id, _)| id.value != "all" && unknown(id))
            || named.is_some_and(|models| models.iter().any(unknown));
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
        if cells.iter().all(Option::is_none) && !incomplete && !self.document.models.is_empty() {
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
            label: label_or(record.label, &record.id),
            id: record.id.value,
            labels: self.labels(record.labels),
            description: record.description,
            only_in,
            notes: record.notes,
            controls: self.controls(record.controls),
            cells,
            incomplete,
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
            } else {
                // The cell has no place, but its ids are looked at.
                self.cell(key, record, subject.clone());
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
        let mut parties = record
            .responsible
            .as_ref()
            .map(|r| self.parties(r))
            .unwrap_or_default();
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
                finding = finding.severity(Severity::Note);
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
        if found.is_none() && id.value != STAND_IN {
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
        if found.is_none() && id.value != STAND_IN {
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
                Some(known) if known.severity() == Severity::Error => {
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
        if id.value == STAND_IN {
            return false;
        }
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

/// The label, or the id where the label is missing.
fn label_or(label: Text, id: &Text) -> String {
    if label.value == STAND_IN {
        id.value.clone()
    } else {
        label.value
    }
}

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
    // Neither do its roles and conditions.
    let (scope, conditional, cadence) = if stateless {
        (shared.scope, shared.conditional, shared.cadence)
    } else {
        (Entries::default(), Entries::default(), None)
    };
    let [accountable, consulted, informed, supports] = if stateless {
        [
            shared.accountable,
            shared.consulted,
            shared.informed,
            shared.supports,
        ]
    } else {
        Default::default()
    };
    CellRecord {
        responsible,
        state,
        reason,
        tasks: entries(shared_tasks, own.tasks),
        summary: entries(shared.summary, own.summary),
        scope: entries(scope, own.scope),
        conditional: entries(conditional, own.conditional),
        accountable: many(accountable, own.accountable),
        consulted: many(consulted, own.consulted),
        informed: many(informed, own.informed),
        supports: many(supports, own.supports),
        cadence: own.cadence.or(cadence),
        notes: if own.notes.is_empty() {
            shared.notes
        } else {
            own.notes
        },
        acknowledge,
    }
}
