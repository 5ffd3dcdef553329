//! Makes the document that the data of a built site describes. In the data, cells are
//! merged with those of `all`, and links are as their authors wrote them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::findings::{Code, Digest, Finding, Findings, Place, code_list};
use crate::input::{
    At, BuiltInRole, CatchAllRecord, DataCategory, DataCell, DataControls, DataEvidence, DataField,
    DataFile, DataModel, DataPartyText, DataReview, DataRole, DataRoleOf, DataRow, DataTasks,
    Declared, DocumentRecord, Entries, EvidenceRecord, FieldRecord, FieldText, MarkdownFile,
    ModelRecord, OneOrMany, Parsed, ReviewRecord, STAND_IN, SiteFile, SitePath, Text, for_reader,
};
use crate::model::assemble::Resolver;
use crate::model::assemble::categories::declared_groups;
use crate::model::assemble::cells::second_cell;
use crate::model::assemble::evidence::EvidenceOf;
use crate::model::assemble::frame::frame;
use crate::model::assemble::ids::{TakenIds, unknown};
use crate::model::limits::{MOST_ROLES, Room, Written};
use crate::model::{
    Acknowledgement, AreaCell, Category, CategoryGroup, Cell, Controls, Document, Note, OwnRole,
    Owner, Ownership, PartyIx, Prose, ProsePages, Role, Roles, Row, RowGroup, Task,
};
use crate::text::code_size_in_cells;

/// Most categories in data. Each has a page that links can lead to.
const MOST_CATEGORIES: usize = 10_000;

/// Most other pages.
const MOST_PAGES: usize = 100_000;

/// The document of a data file that is this many bytes long.
pub fn of_data(file: &Arc<str>, data: DataFile, bytes: usize, findings: &mut Findings) -> Document {
    let categories = data.categories.0;
    let pages = data.site.map(|site| site.pages).unwrap_or_default();
    if let Some(page) = pages.get(MOST_PAGES) {
        let message = format!("data may have at most {MOST_PAGES} pages");
        findings.push(Finding::new(Code::Limit, page.place.clone(), message));
        return Document::default();
    }
    let roles = roles(data.roles, findings);
    let models = data.models.into_iter().zip(0..).map(|(data, order)| {
        let (id, page) = model(data, order);
        (id, without_findings(file, page))
    });
    let notes = data.notes.into_iter().map(|n| (n.id, n.text));
    let site = SiteFile {
        schema: data.schema,
        document: Some(DocumentRecord {
            title: data.title,
            version: None,
            effective: None,
            contact: None,
            source: None,
            catch_all: data.catch_all.map(|text| CatchAllRecord {
                text,
                party: data.catch_all_party,
            }),
            precedence: None,
            history: Vec::new(),
        }),
        parties: whole(data.parties),
        frameworks: whole(data.frameworks),
        areas: whole(data.areas),
        roles: whole(Entries::default()),
        notes: whole(Entries(notes.collect())),
        fields: whole(data.fields.into_iter().map(field).collect()),
        acknowledge: Entries::default(),
    };
    let site = without_findings(file, site);
    // Only reviews that are public are in the data.
    let frame = frame(
        Some(site),
        models.collect(),
        BTreeSet::new(),
        true,
        findings,
    );
    let mut document = Document { roles, ..frame };
    document.categories = self::categories(&document, categories, bytes, findings);
    document.prose = Arc::new(prose(pages));
    for_reader(findings, file);
    document
}

fn whole<T>(value: T) -> Declared<T> {
    Declared {
        value,
        is_whole: true,
    }
}

fn without_findings<T>(file: &Arc<str>, record: T) -> Parsed<T> {
    Parsed {
        file: file.clone(),
        record: Some(record),
        findings: Findings::default(),
    }
}

fn model(model: DataModel, order: i64) -> (Text, MarkdownFile<ModelRecord>) {
    let record = ModelRecord {
        label: model.label,
        order: Some(order),
        description: None,
        version: None,
        effective: None,
        parties: model.parties,
        columns: model.columns,
        captions: model.captions,
        acknowledge: Entries::default(),
    };
    let page = MarkdownFile {
        front: Some(record),
        body: String::new(),
        body_start: 0,
    };
    (model.id, page)
}

fn field(field: DataField) -> FieldRecord {
    let choices = field.choices.iter().map(|choice| FieldText {
        value: Some(choice.clone()),
        read_as: None,
    });
    FieldRecord {
        id: field.id,
        label: field.label,
        kind: field.kind,
        // Only fields of one kind may have any.
        choices: (!field.choices.is_empty()).then_some(choices.collect()),
    }
}

fn roles(records: Vec<DataRole>, findings: &mut Findings) -> Roles {
    let mut roles = Roles::default();
    let mut seen = TakenIds::default();
    for record in records
        .into_iter()
        .take(MOST_ROLES + BuiltInRole::ALL.len())
    {
        let role = match BuiltInRole::from_word(&record.id.value) {
            Some(role) => Role::BuiltIn(role),
            None if !seen.claim("role", &record.id, findings) => continue,
            None => {
                roles.own.push(OwnRole {
                    label: record.label.unwrap_or_else(|| record.id.clone()).value,
                    id: record.id.value,
                    takes_part: record.takes_part.unwrap_or(true),
                    place: record.id.place,
                });
                Role::Own(roles.own.len() - 1)
            }
        };
        let letters = record.letters.into_iter().take(MOST_ROLES);
        roles
            .declared
            .extend(letters.map(|letter| (letter.value, role)));
    }
    roles
}

/// The pages that links can lead to; what is on them is not in the data.
fn prose(pages: Vec<At<SitePath>>) -> ProsePages {
    let page = |page: At<SitePath>| {
        let path = page.value.0;
        Arc::new(Prose {
            file: page.place.file,
            name: Digest::of(&path),
            path,
            title: None,
            description: None,
            order: 0,
            body: String::new(),
            body_start: 0,
            code: 0,
            made_from: Digest::default(),
        })
    };
    ProsePages::new(pages.into_iter().map(page).collect())
}

fn categories(
    document: &Document,
    records: Vec<DataCategory>,
    bytes: usize,
    findings: &mut Findings,
) -> Vec<Arc<Category>> {
    let room = Room::new(document, bytes);
    let written: Vec<Written> = records.iter().map(Written::of_data).collect();
    let places: Vec<Place> = records.iter().map(|one| one.id.place.clone()).collect();
    if let Some(place) = places.get(MOST_CATEGORIES) {
        let message = format!("data may have at most {MOST_CATEGORIES} categories");
        findings.push(Finding::new(Code::Limit, place.clone(), message));
        return Vec::new();
    }
    if let Some(overflow) = room.overflow(written.iter().zip(&places)) {
        findings.push(overflow);
        return Vec::new();
    }
    let (mut seen, mut rows) = (TakenIds::default(), TakenIds::default());
    let mut resolver = Resolver { document, findings };
    let mut made = Vec::new();
    for record in records {
        if seen.claim("category", &record.id, resolver.findings) {
            made.push(Arc::new(resolver.data_category(record, &mut rows)));
        }
    }
    made
}

impl Resolver<'_> {
    fn data_category(&mut self, record: DataCategory, seen: &mut TakenIds) -> Category {
        let groups = declared_groups(record.groups, self.findings);
        let named = named_groups(&groups);
        let mut rows = Vec::new();
        for row in record.rows {
            if seen.claim("row", &row.id, self.findings) {
                rows.push(self.data_row(row, &named));
            }
        }
        let mut category = Category {
            id: record.id.value,
            label: record.label.value,
            labels: self.labels(record.labels),
            description: record.description,
            conditional: self.texts_of(record.conditional),
            groups,
            rows,
            acknowledge: Vec::new(),
            file: record.label.place.file.clone(),
            place: record.label.place,
            has_reasons: false,
            code: 0,
            made_from: Digest::default(),
        };
        category.code = code_size_in_cells(category.texts().map(|(text, _)| text));
        category
    }

    fn data_row(&mut self, row: DataRow, groups: &HashMap<String, RowGroup>) -> Row {
        let models = self.document.models.len();
        let mut cells: Vec<Option<Cell>> = vec![None; models];
        let mut named: HashMap<usize, Text> = HashMap::new();
        for cell in row.cells {
            let Some(id) = cell.model.clone() else {
                let place = cell.owner.place.clone();
                self.findings.push(missing("a cell", "model", place));
                continue;
            };
            let Some(model) = self.model(&id) else {
                continue;
            };
            match named.get(&model) {
                Some(first) => self.findings.push(second_cell("model", &id, first)),
                None => cells[model] = self.data_cell(&row.id, cell),
            }
            named.insert(model, id);
        }
        let mut unlisted = vec![None; models];
        for one in row.unlisted {
            if let Some(model) = self.model(&one.model) {
                unlisted[model] = Some(one.reason.value);
            }
        }
        let group = row.group.into_iter().next_back().map(|name| {
            let declared = groups.get(&name.value).cloned();
            declared.unwrap_or_else(|| RowGroup {
                ids: vec![name.value.clone()],
                labels: vec![name.value],
            })
        });
        Row {
            label: row.label.value,
            labels: self.labels(row.labels),
            aliases: Vec::new(),
            group,
            description: row.description,
            only_in: None,
            notes: self.data_notes(row.notes, row.note_refs),
            controls: self.controls_of(row.controls),
            fields: self.fields(row.fields),
            cells,
            unlisted,
            incomplete: false,
            acknowledge: Vec::new(),
            place: row.id.place,
            id: row.id.value,
        }
    }

    /// What a cell, or one of its areas, says; `None` if the row is not listed.
    fn data_cell(&mut self, row: &Text, cell: DataCell) -> Option<Cell> {
        let mut areas: Vec<AreaCell> = Vec::new();
        let mut named: HashMap<String, Text> = HashMap::new();
        for mut one in cell.areas {
            one.areas.clear();
            let Some(id) = one.area.clone() else {
                let place = one.owner.place.clone();
                self.findings.push(missing("an area", "area", place));
                continue;
            };
            if let Some(first) = named.insert(id.value.clone(), id.clone()) {
                self.findings.push(second_cell("area", &id, &first));
                continue;
            }
            if let (Some(area), Some(cell)) = (self.area(&id), self.data_cell(row, one)) {
                let anchor = format!("{}--{}", row.value, id.value);
                areas.push(AreaCell { area, anchor, cell });
            }
        }
        areas.sort_by_key(|area| area.area);
        let ownership = match areas.is_empty() {
            true => self.data_owner(&cell.owner, OneOrMany(cell.responsible), cell.reason)?,
            false => Ownership::of_areas(&areas),
        };
        // The data does not say which of the two contradictions a reason is about. It is
        // shown once, where either arises.
        let codes = [Code::TasksWithoutResponsibility, Code::SummaryContradicts];
        let reasons = cell.contradictions.iter();
        let acknowledge = reasons.flat_map(|reason| {
            codes.map(|code| Acknowledgement {
                code,
                reason: reason.value.clone(),
                place: reason.place.clone(),
            })
        });
        Some(Cell {
            ownership,
            areas,
            tasks: self.data_tasks(cell.tasks),
            summary: self.texts_of(cell.summary),
            scope: self.texts_of(cell.scope),
            conditional: self.texts_of(cell.conditional),
            roles: self.data_roles(cell.roles),
            cadence: cell.cadence.map(|text| text.value),
            notes: self.data_notes(cell.notes, cell.note_refs),
            controls: self.controls_of(cell.controls),
            fields: self.fields(cell.fields),
            evidence: self.data_evidence(cell.evidence),
            review: cell.review.and_then(|At { value, place }| {
                let DataReview { status, date, by } = value;
                let value = ReviewRecord { status, date, by };
                self.review(At { value, place })
            }),
            acknowledge: acknowledge.collect(),
            replaced: Vec::new(),
            incomplete: false,
            place: cell.owner.place,
        })
    }

    /// The owner of a cell. Which parties are responsible decides it.
    fn data_owner(
        &mut self,
        owner: &Text,
        responsible: OneOrMany<Text>,
        reason: Option<Text>,
    ) -> Option<Ownership> {
        let mut parties = self.parties(&responsible);
        parties.sort_unstable();
        let reason = reason.map(|text| text.value);
        let found = &owner.value;
        let Some(kind) = Owner::from_word(found) else {
            let words: Vec<&str> = Owner::ALL.iter().map(|owner| owner.word()).collect();
            let known = code_list(&words);
            let message = format!("expected one of {known}, found the text `\"{found}\"`");
            self.wrong_owner(Code::WrongValue, owner, message);
            return None;
        };
        let state = match kind {
            Owner::NotListed => None,
            Owner::ByAgreement => Some(Ownership::ByAgreement(reason)),
            Owner::NotApplicable => Some(Ownership::NotApplicable(reason)),
            Owner::Unassigned => Some(Ownership::Unassigned {
                declared: true,
                reason,
            }),
            Owner::Customer | Owner::Shared | Owner::Provider | Owner::ThirdParty => {
                if responsible.0.is_empty() {
                    let message = format!("the owner is `{found}`, and no party is `responsible`");
                    self.wrong_owner(Code::StateConflict, owner, message);
                }
                return Some(Ownership::Parties(parties));
            }
        };
        if !responsible.0.is_empty() {
            let message = format!("the owner is `{found}`, and parties are `responsible`");
            self.wrong_owner(Code::StateConflict, owner, message);
        }
        state
    }

    fn wrong_owner(&mut self, code: Code, owner: &Text, message: String) {
        self.findings
            .push(Finding::new(code, owner.place.clone(), message));
    }

    fn data_tasks(&mut self, records: Vec<DataTasks>) -> Vec<(PartyIx, Vec<Task>)> {
        let mut out: Vec<(PartyIx, Vec<Task>)> = Vec::new();
        for record in records {
            let Some(party) = self.party(&record.party) else {
                continue;
            };
            let tasks = record.tasks.into_iter().map(|task| Task {
                text: task.text.value.trim().to_string(),
                controls: self.controls_of(task.controls),
                place: task.text.place,
            });
            out.push((party, tasks.collect()));
        }
        out.sort_by_key(|(party, _)| *party);
        out
    }

    fn texts_of(&mut self, records: Vec<DataPartyText>) -> Vec<(PartyIx, Text)> {
        let entries = records.into_iter().map(|one| (one.party, one.text));
        self.by_party(Entries(entries.collect()))
    }

    fn controls_of(&mut self, records: Vec<DataControls>) -> Vec<Controls> {
        let entries = records.into_iter();
        let entries = entries.map(|one| (one.framework, OneOrMany(one.ids)));
        self.controls(Entries(entries.collect()))
    }

    fn data_roles(&mut self, records: Vec<DataRoleOf>) -> Vec<(Role, Vec<PartyIx>)> {
        let mut out = Vec::new();
        for record in records {
            let roles = &self.document.roles;
            match roles
                .all()
                .find(|role| roles.id(*role) == record.role.value)
            {
                Some(role) => out.push((role, self.parties(&record.parties))),
                None if record.role.value == STAND_IN => {}
                None => self.findings.push(unknown("role", &record.role)),
            }
        }
        out
    }

    fn data_evidence(&mut self, records: Vec<DataEvidence>) -> EvidenceOf {
        let mut entries: Vec<(Text, Vec<EvidenceRecord>)> = Vec::new();
        for one in records {
            let evidence = EvidenceRecord {
                text: one.text,
                url: one.url,
                cadence: one.cadence,
                public: Some(true),
            };
            match entries.last_mut() {
                Some((party, list)) if party.value == one.party.value => list.push(evidence),
                _ => entries.push((one.party, vec![evidence])),
            }
        }
        self.evidence(Entries(entries))
    }

    /// The notes of a row or cell. The data has the texts of all, and the ids of those that
    /// are written once, in the same order.
    fn data_notes(&mut self, texts: Vec<Text>, refs: Vec<Text>) -> Vec<Note> {
        let shared: Vec<usize> = refs.iter().filter_map(|id| self.shared_note(id)).collect();
        let mut shared = shared.into_iter().peekable();
        let notes = &self.document.notes;
        let texts = texts.into_iter();
        let own_or_shared = |text: Text| {
            let is_same = |at: &usize| notes[*at].text.value == text.value;
            shared
                .next_if(is_same)
                .map_or(Note::Own(text), Note::Shared)
        };
        texts.map(own_or_shared).collect()
    }
}

/// The groups that rows name, each by its own id.
fn named_groups(groups: &[CategoryGroup]) -> HashMap<String, RowGroup> {
    let mut named = HashMap::new();
    for outer in groups {
        let inner = outer.groups.iter().map(|inner| vec![outer, inner]);
        for path in std::iter::once(vec![outer]).chain(inner) {
            let group = RowGroup {
                ids: path.iter().map(|group| group.id.clone()).collect(),
                labels: path.iter().map(|group| group.label.clone()).collect(),
            };
            named.insert(group.id().to_string(), group);
        }
    }
    named
}

fn missing(what: &str, key: &str, place: Place) -> Finding {
    Finding::new(Code::MissingKey, place, format!("{what} needs `{key}`"))
}
