//! Writes the document as JSON, with its schema.

use schemars::JsonSchema;
use serde::Serialize;

use crate::input::Text;
use crate::model::{Cell, Controls, Document, FieldValue, Model, ModelIx, Owner, Ownership, Row};
use crate::pages::Project;
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
    /// Which document takes precedence where two disagree. Markdown.
    precedence: Option<&'a str>,
    parties: Vec<PartyData<'a>>,
    models: Vec<ModelData<'a>>,
    frameworks: Vec<FrameworkData<'a>>,
    /// The author's own fields.
    fields: Vec<FieldData<'a>>,
    categories: Vec<CategoryData<'a>>,
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
    /// What this model calls the parties: party id to label.
    parties: serde_json::Map<String, serde_json::Value>,
}

#[derive(Serialize, JsonSchema)]
struct FrameworkData<'a> {
    id: &'a str,
    label: &'a str,
    url: Option<&'a str>,
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
    rows: Vec<RowData<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct RowData<'a> {
    id: &'a str,
    label: &'a str,
    labels: serde_json::Map<String, serde_json::Value>,
    description: Option<&'a str>,
    notes: Vec<&'a str>,
    controls: Vec<ControlData<'a>>,
    /// Values of fields that hold in all models: field id to value.
    fields: serde_json::Map<String, serde_json::Value>,
    /// One cell for each model, also if the row is not listed there.
    cells: Vec<CellData<'a>>,
    /// Why models do not list the row.
    unlisted: Vec<ModelReason<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct ModelReason<'a> {
    model: &'a str,
    reason: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct ControlData<'a> {
    framework: &'a str,
    ids: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct CellData<'a> {
    model: &'a str,
    /// `customer`, `provider`, `shared`, `third-party`, `not-applicable`,
    /// `by-agreement`, `not-listed` or `unassigned`.
    owner: &'static str,
    /// Ids of the responsible parties.
    responsible: Vec<&'a str>,
    /// Reason of a state.
    reason: Option<&'a str>,
    cadence: Option<&'a str>,
    tasks: Vec<TasksData<'a>>,
    /// Words printed in the summary instead of a mark.
    summary: Vec<PartyText<'a>>,
    scope: Vec<PartyText<'a>>,
    conditional: Vec<PartyText<'a>>,
    roles: Vec<RoleData<'a>>,
    notes: Vec<&'a str>,
    /// Values of fields, with those of the row: field id to value.
    fields: serde_json::Map<String, serde_json::Value>,
    /// Evidence that is public, with that of the row.
    evidence: Vec<EvidenceData<'a>>,
    /// Who has reviewed it; null unless reviews are published.
    review: Option<ReviewData<'a>>,
    /// Why the author leaves a contradiction as it is; shown to readers.
    contradictions: Vec<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct TasksData<'a> {
    party: &'a str,
    tasks: Vec<TaskData<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct TaskData<'a> {
    /// Inline Markdown.
    text: &'a str,
    controls: Vec<ControlData<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct PartyText<'a> {
    party: &'a str,
    text: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct RoleData<'a> {
    /// `accountable`, `consulted`, `informed` or `supports`.
    role: &'static str,
    parties: Vec<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct EvidenceData<'a> {
    party: &'a str,
    text: &'a str,
    /// An address, or a link as it is written in the source.
    url: Option<&'a str>,
    cadence: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct ReviewData<'a> {
    /// `draft` or `approved`.
    status: Option<&'static str>,
    /// YYYY-MM-DD.
    date: Option<&'a str>,
    by: Option<&'a str>,
}

/// `data/responsibilities.json`.
pub fn json(project: &Project<'_>) -> Vec<u8> {
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
        fields: document
            .fields
            .iter()
            .map(|f| FieldData {
                id: &f.id,
                label: &f.label,
                kind: f.kind.word(),
                choices: &f.choices,
            })
            .collect(),
        categories: document
            .categories
            .iter()
            .map(|c| CategoryData {
                id: &c.id,
                label: &c.label,
                labels: labels(document, &c.labels),
                description: value(&c.description),
                rows: c.rows.iter().map(|r| row(document, r)).collect(),
            })
            .collect(),
    };
    // Plain records of texts and numbers cannot fail to serialize.
    let mut bytes = serde_json::to_vec_pretty(&data).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn model<'a>(document: &'a Document, model: &'a Model) -> ModelData<'a> {
    ModelData {
        id: &model.id,
        label: &model.label,
        description: value(&model.description),
        parties: document
            .parties
            .iter()
            .zip(&model.party_labels)
            .filter_map(|(p, l)| Some((p.id.clone(), l.clone()?.into())))
            .collect(),
    }
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

fn row<'a>(document: &'a Document, row: &'a Row) -> RowData<'a> {
    RowData {
        id: &row.id,
        label: &row.label,
        labels: labels(document, &row.labels),
        description: value(&row.description),
        notes: row.notes.iter().map(|t| t.value.as_str()).collect(),
        controls: controls(document, &row.controls),
        fields: fields(document, &row.fields),
        cells: (0..document.models.len())
            .map(|m| cell(document, row, m))
            .collect(),
        unlisted: document
            .models
            .iter()
            .zip(&row.unlisted)
            .filter_map(|(model, reason)| {
                let reason = reason.as_deref()?;
                let model = model.id.as_str();
                Some(ModelReason { model, reason })
            })
            .collect(),
    }
}

fn controls<'a>(document: &'a Document, controls: &'a [Controls]) -> Vec<ControlData<'a>> {
    controls
        .iter()
        .map(|c| ControlData {
            framework: &document.frameworks[c.framework].id,
            ids: &c.ids,
        })
        .collect()
}

fn fields(
    document: &Document,
    values: &[FieldValue],
) -> serde_json::Map<String, serde_json::Value> {
    let id = |value: &FieldValue| document.fields[value.field].id.clone();
    let values = values.iter();
    values
        .map(|value| (id(value), value.text.value.clone().into()))
        .collect()
}

/// Only the evidence that is public.
fn evidence<'a>(document: &'a Document, cell: &'a Cell) -> Vec<EvidenceData<'a>> {
    let all = cell.evidence.iter().flat_map(|(party, list)| {
        let public = list.iter().filter(|one| one.published.is_some());
        public.map(|one| EvidenceData {
            party: &document.parties[*party].id,
            text: &one.text,
            url: value(&one.url),
            cadence: one.cadence.as_deref(),
        })
    });
    all.collect()
}

fn tasks<'a>(document: &'a Document, cell: &'a Cell) -> Vec<TasksData<'a>> {
    let all = cell.tasks.iter().map(|(party, tasks)| TasksData {
        party: &document.parties[*party].id,
        tasks: tasks
            .iter()
            .map(|t| TaskData {
                text: &t.text,
                controls: controls(document, &t.controls),
            })
            .collect(),
    });
    all.collect()
}

fn cell<'a>(document: &'a Document, row: &'a Row, model: ModelIx) -> CellData<'a> {
    let cell = row.cells[model].as_ref();
    let id = |p: &usize| document.parties[*p].id.as_str();
    let texts = |pick: fn(&Cell) -> &[(usize, Text)]| -> Vec<PartyText<'a>> {
        cell.map(pick)
            .into_iter()
            .flatten()
            .map(|(p, t)| PartyText {
                party: id(p),
                text: &t.value,
            })
            .collect()
    };
    CellData {
        model: &document.models[model].id,
        owner: Owner::of(document, cell).word(),
        responsible: cell.map_or(Vec::new(), |c| {
            c.ownership.parties().iter().map(id).collect()
        }),
        reason: match cell.map(|c| &c.ownership) {
            Some(Ownership::NotApplicable(reason) | Ownership::ByAgreement(reason)) => {
                reason.as_deref()
            }
            Some(Ownership::Parties(_) | Ownership::Unassigned) | None => None,
        },
        cadence: cell.and_then(|c| c.cadence.as_deref()),
        tasks: cell.map_or(Vec::new(), |c| tasks(document, c)),
        summary: texts(|c| &c.summary),
        scope: texts(|c| &c.scope),
        conditional: texts(|c| &c.conditional),
        roles: cell.map_or(Vec::new(), |c| {
            c.roles
                .iter()
                .map(|(role, parties)| RoleData {
                    role: role.word(),
                    parties: parties.iter().map(id).collect(),
                })
                .collect()
        }),
        notes: cell.map_or(Vec::new(), |c| {
            c.notes.iter().map(|t| t.value.as_str()).collect()
        }),
        fields: cell.map_or_else(Default::default, |c| fields(document, &c.fields)),
        evidence: cell.map_or(Vec::new(), |c| evidence(document, c)),
        review: cell.and_then(Cell::public_review).map(|r| ReviewData {
            status: r.status.map(|status| status.word()),
            date: r.date.as_ref().map(|date| date.text.as_str()),
            by: r.by.as_deref(),
        }),
        contradictions: cell.map_or(Vec::new(), Cell::shown_reasons),
    }
}
