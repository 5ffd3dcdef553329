//! Writes the document as JSON, with its schema. Rows and cells are in `rows`.

mod rows;
mod site;

use schemars::JsonSchema;
use serde::Serialize;

use crate::input::Text;
use crate::model::{CategoryGroup, Document, Model, Role, Roles};
use crate::render::Renderer;
use crate::render::export::json::rows::{PartyText, RowData, party_texts, row};
use crate::render::export::json::site::{SiteData, site};
use crate::render::export::value;
use crate::text::paths;

/// The whole document.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Data<'a> {
    /// Address of this format's JSON Schema.
    #[serde(rename = "$schema")]
    schema_file: &'static str,
    /// Version of this format.
    schema: u32,
    title: &'a str,
    version: Option<&'a str>,
    /// First day the document is in force, YYYY-MM-DD.
    effective: Option<&'a str>,
    contact: Option<&'a str>,
    /// Where the contents come from.
    source: Option<&'a str>,
    /// What applies to everything that is not listed. Markdown.
    catch_all: Option<&'a str>,
    /// Id of the party that this names. Left out if it names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    catch_all_party: Option<&'a str>,
    /// Which document takes precedence where two disagree. Markdown.
    precedence: Option<&'a str>,
    parties: Vec<PartyData<'a>>,
    models: Vec<ModelData<'a>>,
    frameworks: Vec<FrameworkData<'a>>,
    /// Areas that cells can be divided into. Left out if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    areas: Vec<AreaData<'a>>,
    /// The roles of parties. Left out if the document declares neither letters nor roles of
    /// its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<DeclaredRole<'a>>>,
    /// Notes that are written once. Rows and cells that refer to them also have their
    /// texts.
    notes: Vec<NoteData<'a>>,
    /// The author's own fields.
    fields: Vec<FieldData<'a>>,
    categories: Vec<CategoryData<'a>>,
    /// What tables take from the settings and from other files of the project.
    site: SiteData<'a>,
}

#[derive(Serialize, JsonSchema)]
struct PartyData<'a> {
    id: &'a str,
    /// `customer`, `provider` or `third-party`.
    kind: &'static str,
    label: &'a str,
    /// Who that is. Markdown.
    description: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct ModelData<'a> {
    id: &'a str,
    label: &'a str,
    description: Option<&'a str>,
    /// Its own version, in place of the document's.
    version: Option<&'a str>,
    /// First day it is in force, YYYY-MM-DD, in place of the document's.
    effective: Option<&'a str>,
    /// What this model calls the parties: party id to label.
    parties: serde_json::Map<String, serde_json::Value>,
    /// Ids of parties in the order of its columns.
    columns: Vec<&'a str>,
    /// Captions of its tables that the author wrote. Left out if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    captions: Option<CaptionsData<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct CaptionsData<'a> {
    summary: Option<&'a str>,
    detail: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct FrameworkData<'a> {
    id: &'a str,
    label: &'a str,
    url: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct AreaData<'a> {
    id: &'a str,
    label: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct DeclaredRole<'a> {
    id: &'a str,
    /// Name of a role of the author's own.
    label: Option<&'a str>,
    /// The letters that stand for it in the sources.
    letters: Vec<&'a str>,
    /// Whether a row concerns a party that only has this role.
    takes_part: bool,
}

#[derive(Serialize, JsonSchema)]
struct NoteData<'a> {
    id: &'a str,
    /// Markdown.
    text: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct FieldData<'a> {
    id: &'a str,
    label: &'a str,
    /// `text`, `choice`, `date` or `link`.
    kind: &'static str,
    /// The values that a field of the kind `choice` can have.
    choices: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct CategoryData<'a> {
    id: &'a str,
    label: &'a str,
    /// Other names that models give it: model id to label.
    labels: serde_json::Map<String, serde_json::Value>,
    description: Option<&'a str>,
    /// Conditions that hold for all its rows. Markdown.
    conditional: Vec<PartyText<'a>>,
    /// The groups that it declares for its rows.
    groups: Vec<GroupData<'a>>,
    rows: Vec<RowData<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct GroupData<'a> {
    id: &'a str,
    label: &'a str,
    groups: Vec<GroupData<'a>>,
}

/// `data/responsibilities.json`.
pub fn json(renderer: &Renderer<'_>) -> Vec<u8> {
    let project = renderer.project;
    let document = project.document;
    let data = Data {
        schema_file: paths::file_name(paths::DATA_SCHEMA),
        schema: 1,
        title: project.title(),
        version: value(&document.version),
        effective: document.effective.as_ref().map(|d| d.text.as_str()),
        contact: value(&document.contact),
        source: document.source.as_ref().map(|s| s.label.value.as_str()),
        catch_all: document.catch_all.as_ref().map(|c| c.text.value.as_str()),
        catch_all_party: document.catch_all.as_ref().and_then(|c| value(&c.party)),
        precedence: value(&document.precedence),
        parties: document
            .parties
            .iter()
            .map(|p| PartyData {
                id: &p.id,
                kind: p.kind.word(),
                label: &p.label,
                description: value(&p.description),
            })
            .collect(),
        models: document.models.iter().map(|m| model(document, m)).collect(),
        frameworks: document
            .frameworks
            .iter()
            .map(|f| FrameworkData {
                id: &f.id,
                label: &f.label,
                url: value(&f.url),
            })
            .collect(),
        areas: areas(document),
        roles: declared_roles(&document.roles),
        notes: shared_notes(document),
        fields: declared_fields(document),
        categories: document
            .categories
            .iter()
            .map(|c| CategoryData {
                id: &c.id,
                label: &c.label,
                labels: labels(document, &c.labels),
                description: value(&c.description),
                conditional: party_texts(document, &c.conditional),
                groups: groups(&c.groups),
                rows: c.rows.iter().map(|r| row(document, r)).collect(),
            })
            .collect(),
        site: site(renderer),
    };
    // Plain records of texts and numbers cannot fail to serialize.
    let mut bytes = serde_json::to_vec_pretty(&data).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn areas(document: &Document) -> Vec<AreaData<'_>> {
    let areas = document.areas.iter().map(|area| AreaData {
        id: &area.id,
        label: &area.label,
    });
    areas.collect()
}

fn shared_notes(document: &Document) -> Vec<NoteData<'_>> {
    let notes = document.notes.iter().map(|note| NoteData {
        id: &note.id,
        text: &note.text.value,
    });
    notes.collect()
}

fn model<'a>(document: &'a Document, model: &'a Model) -> ModelData<'a> {
    ModelData {
        id: &model.id,
        label: &model.label,
        description: value(&model.description),
        version: value(&model.version),
        effective: model.effective.as_ref().map(|d| d.text.as_str()),
        parties: document
            .parties
            .iter()
            .zip(&model.party_labels)
            .filter_map(|(p, l)| Some((p.id.clone(), l.clone()?.into())))
            .collect(),
        columns: model
            .columns
            .iter()
            .map(|party| document.parties[*party].id.as_str())
            .collect(),
        captions: captions(model),
    }
}

fn captions(model: &Model) -> Option<CaptionsData<'_>> {
    let summary = model.summary_caption.as_deref();
    let detail = model.detail_caption.as_deref();
    (summary.is_some() || detail.is_some()).then_some(CaptionsData { summary, detail })
}

fn declared_roles(roles: &Roles) -> Option<Vec<DeclaredRole<'_>>> {
    let is_declared = !roles.declared.is_empty() || !roles.own.is_empty();
    let declared = |role| DeclaredRole {
        id: roles.id(role),
        label: match role {
            Role::BuiltIn(_) => None,
            Role::Own(ix) => Some(&roles.own[ix].label),
        },
        letters: roles
            .letters()
            .filter_map(|(letter, of)| (of == role).then_some(letter))
            .collect(),
        takes_part: roles.takes_part(role),
    };
    is_declared.then(|| roles.all().map(declared).collect())
}

/// The JSON Schema of `json`, from the same types.
pub fn data_schema() -> Vec<u8> {
    let schema = schemars::generate::SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<Data>();
    let mut bytes = serde_json::to_vec_pretty(&schema).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn labels(
    document: &Document,
    labels: &[Option<Text>],
) -> serde_json::Map<String, serde_json::Value> {
    document
        .models
        .iter()
        .zip(labels)
        .filter_map(|(m, l)| Some((m.id.clone(), l.as_ref()?.value.clone().into())))
        .collect()
}

fn groups(groups: &[CategoryGroup]) -> Vec<GroupData<'_>> {
    let data = groups.iter().map(|group| GroupData {
        id: &group.id,
        label: &group.label,
        groups: self::groups(&group.groups),
    });
    data.collect()
}

fn declared_fields(document: &Document) -> Vec<FieldData<'_>> {
    let fields = document.fields.iter().map(|field| FieldData {
        id: &field.id,
        label: &field.label,
        kind: field.kind.word(),
        choices: &field.choices,
    });
    fields.collect()
}
