//! Rows and cells of the JSON. The document around them is in `json`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::input::Text;
use crate::model::{Cell, Controls, Document, FieldValue, ModelIx, Note, Owner, PartyIx, Row};
use crate::render::export::json::labels;
use crate::render::export::value;

#[derive(Serialize, JsonSchema)]
pub(super) struct RowData<'a> {
    id: &'a str,
    label: &'a str,
    labels: serde_json::Map<String, serde_json::Value>,
    /// Other words by which the search finds it.
    aliases: &'a [String],
    /// Ids of its groups, from the outermost; of one that is not declared, the label.
    group: &'a [String],
    description: Option<&'a str>,
    notes: Vec<&'a str>,
    /// Ids of those of its notes that are written once.
    #[serde(rename = "note-refs")]
    note_refs: Vec<&'a str>,
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
pub(super) struct ControlData<'a> {
    framework: &'a str,
    ids: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct CellData<'a> {
    model: &'a str,
    #[serde(flatten)]
    said: SaidData<'a>,
    /// The areas that the cell is divided into. Left out if it is not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    areas: Vec<AreaCellData<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct AreaCellData<'a> {
    area: &'a str,
    #[serde(flatten)]
    said: SaidData<'a>,
}

/// What a cell or one of its areas says.
#[derive(Serialize, JsonSchema)]
struct SaidData<'a> {
    /// `customer`, `provider`, `shared`, `third-party`, `not-applicable`,
    /// `by-agreement`, `not-listed` or `unassigned`.
    owner: &'static str,
    /// Ids of the responsible parties: of a divided cell, those of all its areas.
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
    /// Ids of those of its notes that are written once.
    #[serde(rename = "note-refs")]
    note_refs: Vec<&'a str>,
    /// Controls in this model, beside those of the row.
    controls: Vec<ControlData<'a>>,
    /// Values of fields, with those of the row: field id to value. Of an area, only its
    /// own: those of its cell hold in it too.
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
pub(super) struct PartyText<'a> {
    party: &'a str,
    text: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct RoleData<'a> {
    /// `accountable`, `consulted`, `informed`, `supports`, or the id of a role in `roles`.
    role: &'a str,
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

pub(super) fn row<'a>(document: &'a Document, row: &'a Row) -> RowData<'a> {
    RowData {
        id: &row.id,
        label: &row.label,
        labels: labels(document, &row.labels),
        aliases: &row.aliases,
        group: row.group.as_ref().map_or(&[], |group| &group.ids),
        description: value(&row.description),
        notes: notes(document, &row.notes),
        note_refs: document.note_ids(&row.notes),
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

fn notes<'a>(document: &'a Document, notes: &'a [Note]) -> Vec<&'a str> {
    let texts = notes.iter().map(|note| document.text_of(note));
    texts.map(|text| text.value.as_str()).collect()
}

pub(super) fn party_texts<'a>(
    document: &'a Document,
    texts: &'a [(PartyIx, Text)],
) -> Vec<PartyText<'a>> {
    let texts = texts.iter().map(|(party, text)| PartyText {
        party: &document.parties[*party].id,
        text: &text.value,
    });
    texts.collect()
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
    let areas = cell.into_iter().flat_map(|cell| &cell.areas);
    CellData {
        model: &document.models[model].id,
        said: said(document, cell),
        areas: areas
            .map(|area| AreaCellData {
                area: &document.areas[area.area].id,
                said: said(document, Some(&area.cell)),
            })
            .collect(),
    }
}

fn said<'a>(document: &'a Document, cell: Option<&'a Cell>) -> SaidData<'a> {
    let cell_notes = cell.map(|c| &c.notes[..]).unwrap_or_default();
    let id = |p: &usize| document.parties[*p].id.as_str();
    let texts = |pick: fn(&Cell) -> &[(PartyIx, Text)]| {
        party_texts(document, cell.map(pick).unwrap_or_default())
    };
    SaidData {
        owner: Owner::of(document, cell).word(),
        responsible: cell.map_or(Vec::new(), |c| {
            c.ownership.parties().iter().map(id).collect()
        }),
        reason: cell.and_then(|c| c.ownership.reason()),
        cadence: cell.and_then(|c| c.cadence.as_deref()),
        tasks: cell.map_or(Vec::new(), |c| tasks(document, c)),
        summary: texts(|c| &c.summary),
        scope: texts(|c| &c.scope),
        conditional: texts(|c| &c.conditional),
        roles: cell.map_or(Vec::new(), |c| {
            c.roles
                .iter()
                .map(|(role, parties)| RoleData {
                    role: document.roles.id(*role),
                    parties: parties.iter().map(id).collect(),
                })
                .collect()
        }),
        notes: notes(document, cell_notes),
        note_refs: document.note_ids(cell_notes),
        controls: cell.map_or(Vec::new(), |c| controls(document, &c.controls)),
        fields: cell.map_or_else(Default::default, |c| fields(document, &c.fields)),
        evidence: cell.map_or(Vec::new(), |c| evidence(document, c)),
        review: cell.and_then(Cell::public_review).map(|r| ReviewData {
            status: r.status.map(|status| status.word()),
            date: r.date.as_ref().map(|date| date.text.as_str()),
            by: r.by.as_deref(),
        }),
        contradictions: cell.map_or(Vec::new(), |c| c.shown_reasons(document)),
    }
}
