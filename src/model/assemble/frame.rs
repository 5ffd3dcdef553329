//! Assembles the frame of a document: its parties, frameworks, facts and models.
//! Categories and prose are assembled separately.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::findings::{Code, Digest, Finding, Findings};
use crate::input::{
    AreaRecord, Entries, FrameworkRecord, MarkdownFile, ModelRecord, Parsed, SOURCE_VERSION,
    SiteFile, Text,
};
use crate::model::assemble::fields::fields;
use crate::model::assemble::ids::TakenIds;
use crate::model::assemble::roles::roles;
use crate::model::assemble::{Resolver, acknowledgements};
use crate::model::limits::{MOST_AREAS, MOST_MODELS, MOST_PARTIES};
use crate::model::{
    Area, Document, Framework, KnownIds, Model, Party, PartyIx, Prose, SharedNote, Unread,
};
use crate::text::{code_size, paths};

/// The document without categories and prose. The findings of the records are
/// included. Each model is given with its id; `unread` are the ids of those whose file
/// could not be read. `publishes_reviews` is a setting.
pub fn frame(
    site: Option<Parsed<SiteFile>>,
    models: Vec<(Text, Parsed<MarkdownFile<ModelRecord>>)>,
    unread: BTreeSet<String>,
    publishes_reviews: bool,
    findings: &mut Findings,
) -> Document {
    let mut document = Document {
        publishes_reviews,
        unread: Unread::site(),
        ..Document::default()
    };
    if let Some(parsed) = site {
        findings.extend(parsed.findings);
        if let Some(file) = parsed.record {
            let file = parties(file, &mut document, findings);
            document.known = KnownIds::of(&document);
            facts(file, &mut document, findings);
        }
    }
    let all = models.iter().map(|(id, _)| id.value.clone());
    let all: BTreeSet<String> = all.chain(unread).collect();
    document.models = self::models(models, &document, findings);
    let is_read = |id: &String| document.models.iter().any(|model| model.id == *id);
    document.unread.models = all.into_iter().filter(|id| !is_read(id)).collect();
    document.known = KnownIds::of(&document);
    document
}

/// A digest of everything that a category takes from the frame.
pub fn frame_key(frame: &Document) -> Digest {
    let parties: Vec<&str> = frame.parties.iter().map(|p| p.id.as_str()).collect();
    let models: Vec<&str> = frame.models.iter().map(|m| m.id.as_str()).collect();
    let frameworks: Vec<&str> = frame.frameworks.iter().map(|f| f.id.as_str()).collect();
    let areas: Vec<&str> = frame.areas.iter().map(|a| a.id.as_str()).collect();
    let own_roles: Vec<&str> = frame.roles.own.iter().map(|r| r.id.as_str()).collect();
    let roles = (own_roles, &frame.roles.declared);
    let notes: Vec<&str> = frame.notes.iter().map(|n| n.id.as_str()).collect();
    let fields = frame.fields.iter().map(|f| (&f.id, f.kind, &f.choices));
    let fields: Vec<_> = fields.collect();
    let ids = (parties, models, frameworks, areas, notes, fields);
    let ids = (ids, &frame.unread);
    let facts = (frame.publishes_reviews, frame.catch_all.is_some());
    Digest::of(&(ids, roles, facts))
}

/// Parties, frameworks and everything else that cells refer to by id.
fn parties(mut file: SiteFile, document: &mut Document, findings: &mut Findings) -> SiteFile {
    if file.schema.value != SOURCE_VERSION {
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
    if file.parties.value.is_empty() && file.parties.is_whole {
        findings.push(
            Finding::new(
                Code::MissingKey,
                file.schema.place.clone(),
                "the document declares no party",
            )
            .help("add `parties:` with at least one entry (`id`, `kind`, `label`)"),
        );
    }
    let mut seen = TakenIds::default();
    let mut records = std::mem::take(&mut file.parties.value);
    let written = records.len();
    if let Some(one) = records.get(MOST_PARTIES) {
        findings.push(
            Finding::new(
                Code::Limit,
                one.id.place.clone(),
                format!("a document may have at most {MOST_PARTIES} parties"),
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
    let lost_parties = !file.parties.is_whole || document.parties.len() < written;
    declared(&mut file, document, findings);
    document.unread.parties = lost_parties;
    file
}

/// What rows and cells refer to by id besides parties.
fn declared(file: &mut SiteFile, document: &mut Document, findings: &mut Findings) {
    let records = std::mem::take(&mut file.frameworks.value);
    let written = records.len();
    document.frameworks = frameworks(records, findings);
    let frameworks = document.frameworks.len() < written;
    let records = std::mem::take(&mut file.areas.value);
    let written = records.len();
    document.areas = areas(records, findings);
    let areas = document.areas.len() < written;
    let roles_are_lost = file.roles.value.0.is_empty() && !file.roles.is_whole;
    document.roles = roles(
        std::mem::take(&mut file.roles.value),
        &document.parties,
        findings,
    );
    let records = std::mem::take(&mut file.notes.value);
    let written = records.0.len();
    document.notes = notes(records, findings);
    let notes = document.notes.len() < written;
    let records = std::mem::take(&mut file.fields.value);
    let written = records.len();
    document.fields = fields(records, findings);
    let fields = document.fields.len() < written;
    document.unread = Unread {
        parties: false,
        frameworks: frameworks || !file.frameworks.is_whole,
        areas: areas || !file.areas.is_whole,
        roles: roles_are_lost,
        notes: notes || !file.notes.is_whole,
        fields: fields || !file.fields.is_whole,
        models: BTreeSet::new(),
    };
}

fn notes(records: Entries<Text>, findings: &mut Findings) -> Vec<SharedNote> {
    let mut seen = TakenIds::default();
    let mut notes = Vec::new();
    for (id, text) in records.0 {
        if seen.claim("note", &id, findings) {
            // The lines of a footnote are indented.
            let lines = text.value.trim().replace('\n', "\n    ");
            notes.push(SharedNote {
                mark: Text {
                    value: format!("[^{0}]\n\n[^{0}]: {lines}\n", id.value),
                    place: text.place.clone(),
                },
                text,
                id: id.value,
                place: id.place,
            });
        }
    }
    notes
}

fn frameworks(records: Vec<FrameworkRecord>, findings: &mut Findings) -> Vec<Framework> {
    let mut seen = TakenIds::default();
    let mut frameworks = Vec::new();
    for record in records {
        if seen.claim("framework", &record.id, findings) {
            frameworks.push(Framework {
                id: record.id.value,
                label: record.label.value,
                url: record.url,
                place: record.id.place,
            });
        }
    }
    frameworks
}

fn areas(mut records: Vec<AreaRecord>, findings: &mut Findings) -> Vec<Area> {
    if let Some(one) = records.get(MOST_AREAS) {
        findings.push(
            Finding::new(
                Code::Limit,
                one.id.place.clone(),
                format!("a document may have at most {MOST_AREAS} areas"),
            )
            .label("this one and those after it are left out"),
        );
    }
    records.truncate(MOST_AREAS);
    let mut seen = TakenIds::default();
    records.retain(|record| seen.claim("area", &record.id, findings));
    let areas = records.into_iter().map(|record| Area {
        id: record.id.value,
        label: record.label.value,
        place: record.id.place,
    });
    areas.collect()
}

/// The facts about the document as a whole.
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
    records: Vec<(Text, Parsed<MarkdownFile<ModelRecord>>)>,
    document: &Document,
    findings: &mut Findings,
) -> Vec<Model> {
    let mut seen = TakenIds::default();
    let mut models: Vec<(i64, Model)> = Vec::new();
    if let Some((id, _)) = records.get(MOST_MODELS) {
        findings.push(
            Finding::new(
                Code::Limit,
                id.place.clone(),
                format!("a document may have at most {MOST_MODELS} models"),
            )
            .help("this one and those after it are left out"),
        );
    }
    for (id, parsed) in records.into_iter().take(MOST_MODELS) {
        findings.extend(parsed.findings);
        if !seen.claim("model", &id, findings) {
            continue;
        }
        let Some(page) = parsed.record else {
            continue;
        };
        let Some(record) = page.front else {
            continue;
        };
        let order = record.order.unwrap_or(i64::MAX);
        let text = (page.body, page.body_start);
        let model = model(document, (id.value, parsed.file), record, text, findings);
        models.push((order, model));
    }
    models.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    models.into_iter().map(|(_, m)| m).collect()
}

/// Resolves one model with the parties of the document.
fn model(
    document: &Document,
    (id, file): (String, Arc<str>),
    record: ModelRecord,
    (body, body_start): (String, usize),
    findings: &mut Findings,
) -> Model {
    let parties = document.parties.len();
    let mut resolver = Resolver {
        document,
        findings: &mut *findings,
    };
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
    let path = paths::model_source(&id);
    Model {
        place: record.label.place.clone(),
        label: record.label.value,
        intro: Prose {
            file,
            name: Digest::of(&path),
            path,
            title: None,
            description: None,
            order: 0,
            // `body_start` is included, because findings contain places in the file.
            made_from: Digest::of(&(&body, body_start)),
            code: code_size(&body),
            body,
            body_start,
        },
        id,
        description: record.description,
        version: record.version,
        effective: record.effective,
        party_labels,
        columns,
        summary_caption: captions
            .as_ref()
            .and_then(|c| c.summary.as_ref().map(|t| t.value.clone())),
        detail_caption: captions.and_then(|c| c.detail.map(|t| t.value)),
        acknowledge: acknowledgements(record.acknowledge, findings),
    }
}
