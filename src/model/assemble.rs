//! Records to a document: resolves every id, lays cells over those of `all`,
//! and refuses what cannot be. Rules between records are here; what a single
//! record may hold is in `schema`, what is merely doubtful in `lint`.
//!
//! A document comes together in two steps: the frame (parties, models), and
//! the categories, each of which depends on the frame and on nothing else.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::findings::diag::{Code, Finding, Findings, Guess, Place, Severity, Subject};
use crate::findings::memo::{Digest, Memo};
use crate::input::schema::{
    self, CategoryFile, CellRecord, ModelRecord, Page, Parsed, ProseRecord, RowRecord, SiteFile,
    State,
};
use crate::input::tree::{Entries, OneOrMany, STAND_IN, Text};
use crate::model::limits::{MOST_MODELS, MOST_PARTIES, Room};
use crate::model::{
    Acknowledgement, Acknowledgements, Category, Cell, Controls, Document, Framework, Known, Model,
    ModelIx, OnlyIn, Ownership, Party, PartyIx, Prose, ProsePages, Row, Task, fold, id_problem,
    slug,
};
use crate::text::code;

/// The document without categories and prose. The findings of the records
/// themselves are included. Models come with their ids.
pub fn frame(
    site: Option<Parsed<SiteFile>>,
    models: Vec<(String, Parsed<Page<ModelRecord>>)>,
    findings: &mut Findings,
) -> Document {
    let mut document = Document::default();
    if let Some(parsed) = site {
        findings.extend(parsed.findings);
        if let Some(file) = parsed.record {
            let file = parties(file, &mut document, findings);
            document.known = Known::of(&document);
            facts(file, &mut document, findings);
        }
    }
    document.models = self::models(models, &document, findings);
    document.known = Known::of(&document);
    document
}

/// A digest of all that a category takes from the frame.
pub fn frame_key(frame: &Document) -> Digest {
    let parties: Vec<&str> = frame.parties.iter().map(|p| p.id.as_str()).collect();
    let models: Vec<&str> = frame.models.iter().map(|m| m.id.as_str()).collect();
    let frameworks: Vec<&str> = frame.frameworks.iter().map(|f| f.id.as_str()).collect();
    Digest::of(&(parties, models, frameworks, frame.catch_all.is_some()))
}

/// Parties and frameworks, by which everything else is resolved.
fn parties(mut file: SiteFile, document: &mut Document, findings: &mut Findings) -> SiteFile {
    if file.schema.value != schema::VERSION {
        findings.push(
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
        findings.push(
            Finding::new(
                Code::MissingKey,
                file.schema.place.clone(),
                "the document names no party",
            )
            .help("add `parties:` with at least one entry (`id`, `kind`, `label`)"),
        );
    }
    let mut seen = Names::default();
    let mut records = std::mem::take(&mut file.parties);
    if let Some(one) = records.get(MOST_PARTIES) {
        findings.push(
            Finding::new(
                Code::Limit,
                one.id.place.clone(),
                format!("a document has at most {MOST_PARTIES} parties"),
            )
            .label("this one and those after it are left out"),
        );
    }
    records.truncate(MOST_PARTIES);
    for record in records {
        if !seen.claim("party", &record.id, findings) {
            continue;
        }
        document.parties.push(Party {
            id: record.id.value,
            kind: record.kind,
            label: record.label.value,
            second_person: record.second_person.map(|t| t.value),
            description: record.description,
            place: record.id.place,
        });
    }
    let mut seen = Names::default();
    for record in std::mem::take(&mut file.frameworks) {
        if seen.claim("framework", &record.id, findings) {
            document.frameworks.push(Framework {
                id: record.id.value,
                label: record.label.value,
                url: record.url,
                place: record.id.place,
            });
        }
    }
    file
}

/// What is said about the document as a whole.
fn facts(file: SiteFile, document: &mut Document, findings: &mut Findings) {
    document.acknowledge = acknowledgements(file.acknowledge, findings);
    let Some(record) = file.document else {
        return;
    };
    if let Some(party) = record.catch_all.as_ref().and_then(|c| c.party.as_ref()) {
        Resolver { document, findings }.party(party);
    }
    document.title = record.title;
    document.version = record.version;
    document.effective = record.effective;
    document.contact = record.contact;
    document.source = record.source;
    document.catch_all = record.catch_all;
    document.precedence = record.precedence;
    document.history = record.history;
}

fn models(
    records: Vec<(String, Parsed<Page<ModelRecord>>)>,
    document: &Document,
    findings: &mut Findings,
) -> Vec<Model> {
    let mut seen = Names::default();
    let mut models: Vec<(i64, Model)> = Vec::new();
    if let Some((_, one)) = records.get(MOST_MODELS) {
        findings.push(
            Finding::new(
                Code::Limit,
                Place::file(&one.file),
                format!("a document has at most {MOST_MODELS} models"),
            )
            .help("this one and those after it are left out"),
        );
    }
    for (id, parsed) in records.into_iter().take(MOST_MODELS) {
        findings.extend(parsed.findings);
        let id = Text {
            value: id,
            place: Place::file(&parsed.file),
        };
        if !seen.claim("model", &id, findings) {
            continue;
        }
        let Some(page) = parsed.record else {
            continue;
        };
        let Some(record) = page.front else {
            continue;
        };
        let parties = document.parties.len();
        let mut resolver = Resolver { document, findings };
        let mut party_labels = vec![None; parties];
        for (party, label) in record.parties.0 {
            if let Some(ix) = resolver.party(&party) {
                party_labels[ix] = Some(label.value);
            }
        }
        let mut columns: Vec<PartyIx> = Vec::new();
        for party in &record.columns {
            if let Some(ix) = resolver.party(party).filter(|ix| !columns.contains(ix)) {
                columns.push(ix);
            }
        }
        let rest: Vec<PartyIx> = (0..parties).filter(|p| !columns.contains(p)).collect();
        columns.extend(rest);
        let captions = record.captions;
        let path = format!("models/{}.md", id.value);
        let model = Model {
            place: record.label.place.clone(),
            label: record.label.value,
            intro: Prose {
                file: parsed.file.clone(),
                name: Digest::of(&path),
                path,
                title: None,
                description: None,
                order: 0,
                // Findings about it hold places in the file.
                made_from: Digest::of(&(&page.body, page.body_start)),
                code: code::size(&page.body),
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
            acknowledge: acknowledgements(record.acknowledge, findings),
        };
        models.push((record.order.unwrap_or(i64::MAX), model));
    }
    models.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    models.into_iter().map(|(_, m)| m).collect()
}

/// One file's category, resolved by itself.
#[derive(Debug)]
pub struct OneCategory {
    /// Its id, where the file stands.
    pub id: Text,
    order: i64,
    category: Option<Arc<Category>>,
    /// Rows that are written in it, whether there was room for them or not.
    pub rows: usize,
    /// Of its id and those of its rows.
    ids: Digest,
    findings: Findings,
}

/// Resolves one category file. `id` is its id, `made_from` tells its text and
/// the frame from all others.
pub fn category(
    frame: &Document,
    id: String,
    made_from: Digest,
    parsed: Parsed<CategoryFile>,
    room: &Room,
) -> OneCategory {
    let mut findings = parsed.findings;
    let rows = parsed.record.as_ref().map_or(0, |record| record.rows.len());
    let id = Text {
        value: id,
        place: Place::file(&parsed.file),
    };
    let mut order = i64::MAX;
    let record = parsed.record.filter(|_| room.take(rows));
    let category = record.map(|record| {
        order = record.order.unwrap_or(i64::MAX);
        let mut resolver = Resolver {
            document: frame,
            findings: &mut findings,
        };
        let mut seen = Names::default();
        let rows: Vec<Row> = record
            .rows
            .into_iter()
            .filter_map(|row| resolver.row(&id.value, row, &mut seen))
            .collect();
        let mut category = Category {
            place: record.label.place.clone(),
            label: label_or(record.label, &id),
            labels: resolver.labels(record.labels),
            description: record.description,
            has_reasons: !record.acknowledge.0.is_empty() || rows.iter().any(has_reasons),
            rows,
            acknowledge: acknowledgements(record.acknowledge, &mut findings),
            file: parsed.file,
            id: id.value.clone(),
            code: 0,
            made_from,
        };
        category.code = code::size_in_cells(category.texts().map(|(text, _)| text));
        Arc::new(category)
    });
    let own = category.iter().flat_map(|category| &category.rows);
    let ids: Vec<&str> = own.map(|row| row.id.as_str()).collect();
    OneCategory {
        rows,
        ids: Digest::of(&(&id.value, ids)),
        id,
        order,
        category,
        findings,
    }
}

fn has_reasons(row: &Row) -> bool {
    let mut cells = row.cells.iter().flatten();
    !row.acknowledge.is_empty() || cells.any(|cell| !cell.acknowledge.is_empty())
}

/// What is wrong in the files of categories that cannot be used.
pub fn findings_of(all: &[Arc<OneCategory>], findings: &mut Findings) {
    let wrong = all.iter().filter(|one| !one.findings.list.is_empty());
    wrong.for_each(|one| findings.extend(one.findings.clone()));
}

/// Puts categories in their order. Ids that two of them use are reported, and
/// the second use left out. `good` remembers whether there is nothing to report,
/// since ids can be many and hardly ever change.
pub fn categories(
    all: &[Arc<OneCategory>],
    good: &Memo<bool>,
    findings: &mut Findings,
) -> Vec<Arc<Category>> {
    let ids = Digest::of_all(all.iter().map(|one| one.ids));
    let good = good.get("", ids, || have_good_ids(all));
    let mut seen = Names::default();
    let mut rows = Names::default();
    let mut categories: Vec<(i64, Arc<Category>)> = Vec::new();
    for one in all {
        if !one.findings.list.is_empty() {
            findings.extend(one.findings.clone());
        }
        if *good {
            categories.extend(one.category.iter().map(|c| (one.order, c.clone())));
            continue;
        }
        if !seen.claim("category", &one.id, findings) {
            continue;
        }
        let Some(category) = &one.category else {
            continue;
        };
        let mut category = category.clone();
        let free: Vec<bool> = category
            .rows
            .iter()
            .map(|row| rows.take("row", &row.id, &row.place, findings))
            .collect();
        if free.contains(&false) {
            let category = Arc::make_mut(&mut category);
            category.made_from = Digest::of(&(category.made_from, &free));
            let mut free = free.into_iter();
            category.rows.retain(|_| free.next().unwrap_or(true));
        }
        categories.push((one.order, category));
    }
    categories.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    categories.into_iter().map(|(_, c)| c).collect()
}

/// Whether all ids of categories and their rows can be had as they are.
fn have_good_ids(all: &[Arc<OneCategory>]) -> bool {
    let mut findings = Findings::default();
    let (mut seen, mut rows) = (Names::default(), Names::default());
    all.iter().all(|one| {
        let mut own = one.category.iter().flat_map(|category| &category.rows);
        seen.claim("category", &one.id, &mut findings)
            && own.all(|row| rows.take("row", &row.id, &row.place, &mut findings))
    })
}

/// A prose page. `path` is where its file is below the content folder.
#[derive(Debug)]
pub struct OneProse {
    prose: Option<Arc<Prose>>,
    draft: bool,
    /// Of what decides on its place in the order of reading.
    place: Digest,
    findings: Findings,
}

/// Makes a prose page of its file.
pub fn prose_page(path: String, made_from: Digest, parsed: Parsed<Page<ProseRecord>>) -> OneProse {
    let Some(page) = parsed.record else {
        return OneProse {
            prose: None,
            draft: false,
            place: Digest::default(),
            findings: parsed.findings,
        };
    };
    let front = page.front;
    let text = |pick: fn(&ProseRecord) -> &Option<Text>| {
        let text = front.as_ref().and_then(|f| pick(f).as_ref());
        text.map(|t| t.value.clone())
    };
    let title = text(|f| &f.title).or_else(|| first_heading(&page.body));
    let draft = front.as_ref().and_then(|f| f.draft).unwrap_or(false);
    let order = front.as_ref().and_then(|f| f.order).unwrap_or(i64::MAX);
    OneProse {
        draft,
        place: Digest::of(&(&path, order, draft)),
        findings: parsed.findings,
        prose: Some(Arc::new(Prose {
            file: parsed.file,
            name: Digest::of(&(&path, &title)),
            path,
            title,
            description: text(|f| &f.description),
            order,
            code: code::size(&page.body),
            body: page.body,
            body_start: page.body_start,
            made_from,
        })),
    }
}

/// The first-level heading that a text begins with.
fn first_heading(body: &str) -> Option<String> {
    let first = body.lines().find(|l| !l.trim().is_empty())?;
    let title = first.strip_prefix("# ")?.trim();
    let title = title.trim_end_matches('#').trim();
    (!title.is_empty()).then(|| title.to_string())
}

/// Puts prose pages in their order, those marked as drafts only when asked
/// for.
pub fn prose(
    all: &[Arc<OneProse>],
    drafts: bool,
    orders: &Memo<Vec<usize>>,
) -> (Arc<ProsePages>, Findings) {
    let mut findings = Findings::default();
    for one in all.iter().filter(|one| !one.findings.list.is_empty()) {
        findings.extend(one.findings.clone());
    }
    let places = Digest::of_all(all.iter().map(|one| one.place));
    let order = orders.get("", Digest::of(&(drafts, places)), || {
        reading_order(all, drafts)
    });
    let prose = order.iter().filter_map(|at| all[*at].prose.clone());
    (Arc::new(ProsePages::new(prose.collect())), findings)
}

/// Which of the pages are shown, in the order of reading.
fn reading_order(all: &[Arc<OneProse>], drafts: bool) -> Vec<usize> {
    let shown = all.iter().enumerate();
    let shown = shown.filter(|(_, one)| !one.draft || drafts);
    let shown = shown.filter_map(|(at, one)| Some((at, one.prose.as_deref()?)));
    let mut shown: Vec<(usize, &Prose)> = shown.collect();
    let folders = folder_orders(&shown);
    shown.sort_by(|(_, a), (_, b)| in_reading_order(a, b, &folders));
    shown.into_iter().map(|(at, _)| at).collect()
}

/// The place of each folder among what is beside it: that of its own page, if
/// it has one, else that of the first page in it.
fn folder_orders<'a>(prose: &[(usize, &'a Prose)]) -> HashMap<&'a str, i64> {
    let mut orders: HashMap<&str, i64> = HashMap::new();
    let in_folders = || {
        let prose = prose.iter().map(|(_, page)| *page);
        prose.filter(|page| page.path.contains('/'))
    };
    for page in in_folders() {
        for (at, _) in page.path.match_indices('/') {
            let order = orders.entry(&page.path[..at]).or_insert(page.order);
            *order = page.order.min(*order);
        }
    }
    for page in in_folders().filter(|p| is_folders_own(&p.path)) {
        let at = page.path.rfind('/').unwrap_or_default();
        orders.insert(&page.path[..at], page.order);
    }
    orders
}

/// Whether a source is the page of the folder it is in.
fn is_folders_own(path: &str) -> bool {
    path.ends_with("/index.md") || path.ends_with("/README.md")
}

/// Pages in the order of reading: what is in a folder stands together, the
/// folder's own page in front.
fn in_reading_order(a: &Prose, b: &Prose, folders: &HashMap<&str, i64>) -> Ordering {
    let pairs = a.path.bytes().zip(b.path.bytes());
    let common = pairs.take_while(|(a, b)| a == b).count();
    let common = a.path.as_bytes()[..common].iter().rposition(|b| *b == b'/');
    // Where the names begin by which the two differ.
    let at = common.map_or(0, |slash| slash + 1);
    let place = |page: &'_ Prose| match page.path[at..].find('/') {
        Some(len) => folders.get(&page.path[..at + len]).copied(),
        None if is_folders_own(&page.path) => Some(i64::MIN),
        None => Some(page.order),
    };
    (place(a), &a.path).cmp(&(place(b), &b.path))
}

/// Resolves ids by the frame of a document.
struct Resolver<'a> {
    document: &'a Document,
    findings: &'a mut Findings,
}

impl Resolver<'_> {
    fn row(&mut self, category: &str, record: RowRecord, seen: &mut Names) -> Option<Row> {
        if !seen.claim("row", &record.id, self.findings) {
            return None;
        }
        let unknown = |id: &Text| self.document.known.models.find(&id.value).is_none();
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
            acknowledge: acknowledgements(record.acknowledge, self.findings),
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
            acknowledge: acknowledgements(record.acknowledge, self.findings),
            incomplete: record.responsible.is_some_and(|r| {
                r.0.iter()
                    .any(|id| self.document.known.parties.find(&id.value).is_none())
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
            let known = &self.document.known.frameworks;
            match known.find(&framework.value) {
                Some(ix) => out.push(Controls {
                    framework: ix,
                    ids: ids.0.into_iter().map(|t| t.value).collect(),
                }),
                None => {
                    let finding = unknown("framework", &framework);
                    let guess = Guess::new(&framework.value, &known.names);
                    self.findings.push(finding.guess(Some(guess)));
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
        let known = &self.document.known;
        let found = known.parties.find(&id.value);
        // Without any party the document's own finding says it all.
        if found.is_none() && id.value != STAND_IN && !known.parties.is_empty() {
            let finding = unknown("party", id);
            let finding = match self.named_parties(&id.value).as_deref() {
                None => finding.guess(Some(Guess::new(&id.value, &known.parties.names))),
                Some([one]) => finding.help(format!("did you mean `{one}`?")),
                Some(many) => finding.help(format!(
                    "name each by itself; a list of them is `[{}]`",
                    many.join(", ")
                )),
            };
            self.findings.push(finding);
        }
        found
    }

    /// The ids of parties that a text names all the same: by their labels, or
    /// several of them at once.
    fn named_parties(&self, text: &str) -> Option<Vec<&str>> {
        let parts = text.split([',', ';', '+', '&', '/']);
        let names = parts.flat_map(|part| part.split(" and ")).map(str::trim);
        let named = |name: &str| {
            let party = self.document.known.party_called(name)?;
            Some(self.document.parties[party].id.as_str())
        };
        names.map(named).collect()
    }

    fn model(&mut self, id: &Text) -> Option<ModelIx> {
        let known = &self.document.known.models;
        let found = known.find(&id.value);
        if found.is_none() && id.value != STAND_IN && !known.is_empty() {
            let guess = Guess::new(&id.value, &known.names);
            self.findings.push(unknown("model", id).guess(Some(guess)));
        }
        found
    }
}

fn acknowledgements(entries: Entries<Text>, findings: &mut Findings) -> Acknowledgements {
    let mut out = Vec::new();
    for (code, reason) in entries.0 {
        match Code::from_id(&code.value) {
            Some(known) if known.severity() == Severity::Error => {
                findings.push(
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
                let ids = Code::ALL.iter().map(|c| c.id());
                findings.push(unknown("finding code", &code).suggest(&code.value, ids));
            }
        }
    }
    out
}

/// Ids taken so far: folded to the id as written and its place.
#[derive(Default)]
struct Names(HashMap<String, (String, Place)>);

impl Names {
    /// Takes an id, or says why it cannot be had.
    fn claim(&mut self, what: &str, id: &Text, findings: &mut Findings) -> bool {
        if id.value == STAND_IN {
            return false;
        }
        if let Some(problem) = id_problem(&id.value) {
            findings.push(invalid_id(what, id, &problem));
            return false;
        }
        self.take(what, &id.value, &id.place, findings)
    }

    /// Takes a valid id unless it is taken.
    fn take(&mut self, what: &str, id: &str, place: &Place, findings: &mut Findings) -> bool {
        match self.0.entry(fold(id)) {
            Entry::Occupied(taken) => {
                let (first, at) = taken.get();
                findings.push(duplicate(what, (id, place), (first, at)));
                false
            }
            Entry::Vacant(free) => {
                free.insert((id.to_string(), place.clone()));
                true
            }
        }
    }
}

fn invalid_id(what: &str, id: &Text, problem: &str) -> Finding {
    let finding = Finding::new(
        Code::InvalidId,
        id.place.clone(),
        format!("`{}` cannot be the id of a {what}: {problem}", id.value),
    )
    .label("not an id");
    let better = slug(&id.value);
    if better.is_empty() || better == id.value || id_problem(&better).is_some() {
        return finding;
    }
    finding.help(format!("write `{better}`"))
}

fn duplicate(what: &str, again: (&str, &Place), first: (&str, &Place)) -> Finding {
    let ((id, place), (first, first_place)) = (again, first);
    let finding = if first == id {
        Finding::new(
            Code::DuplicateId,
            place.clone(),
            format!("the {what} id `{first}` is used twice"),
        )
        .label("used again here")
        .help("give one of them another id")
    } else {
        Finding::new(
            Code::CollidingNames,
            place.clone(),
            format!("the {what} ids `{first}` and `{id}` are one file name on some systems"),
        )
        .label("collides")
        .help("let them differ in more than letter case and accents")
    };
    finding.related(first_place.clone(), "first used here")
}

/// The label, or the id where the label is missing.
fn label_or(label: Text, id: &Text) -> String {
    if label.value == STAND_IN {
        id.value.clone()
    } else {
        label.value
    }
}

fn unknown(what: &str, id: &Text) -> Finding {
    Finding::new(
        Code::UnknownId,
        id.place.clone(),
        format!("there is no {what} `{}`", id.value),
    )
    .label(format!("unknown {what}"))
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
