//! The document as data for other programs: JSON with its schema, a flat CSV
//! with one line a task, and the files search engines ask for. Formats only;
//! the tables readers see are made in `table`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::badge::{Badge, Owner};
use crate::escape::escape;
use crate::links::encode_ascii;
use crate::model::{Cell, Document, ModelIx, Ownership, Row, Task};
use crate::pages::{Kind, Page, Project};
use crate::tables::Tables;
use crate::tree::Text;

/// Path of the data as JSON.
pub const JSON: &str = "data/responsibilities.json";
/// Path of the JSON Schema of [`JSON`].
pub const JSON_SCHEMA: &str = "data/responsibilities.schema.json";
/// Path of the data as CSV.
pub const CSV: &str = "data/responsibilities.csv";

/// The whole document.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Data {
    /// Address of this format's JSON Schema.
    #[serde(rename = "$schema")]
    schema_file: &'static str,
    /// Version of this format.
    schema: u32,
    title: String,
    version: Option<String>,
    /// First day the document is in force, YYYY-MM-DD.
    effective: Option<String>,
    contact: Option<String>,
    /// Where the contents come from.
    source: Option<String>,
    /// What holds for everything that is not listed. Markdown.
    catch_all: Option<String>,
    /// Which document wins where two disagree. Markdown.
    precedence: Option<String>,
    parties: Vec<PartyData>,
    models: Vec<ModelData>,
    frameworks: Vec<FrameworkData>,
    categories: Vec<CategoryData>,
}

#[derive(Serialize, JsonSchema)]
struct PartyData {
    id: String,
    /// `customer`, `provider` or `third-party`.
    kind: &'static str,
    label: String,
}

#[derive(Serialize, JsonSchema)]
struct ModelData {
    id: String,
    label: String,
    description: Option<String>,
    /// What this model calls the parties: party id to label.
    parties: serde_json::Map<String, serde_json::Value>,
}

#[derive(Serialize, JsonSchema)]
struct FrameworkData {
    id: String,
    label: String,
    url: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct CategoryData {
    id: String,
    label: String,
    /// Names that models give it: model id to label.
    labels: serde_json::Map<String, serde_json::Value>,
    description: Option<String>,
    rows: Vec<RowData>,
}

#[derive(Serialize, JsonSchema)]
struct RowData {
    id: String,
    label: String,
    labels: serde_json::Map<String, serde_json::Value>,
    description: Option<String>,
    notes: Vec<String>,
    controls: Vec<ControlData>,
    /// One cell a model, also where the row is not listed.
    cells: Vec<CellData>,
}

#[derive(Serialize, JsonSchema)]
struct ControlData {
    framework: String,
    ids: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct CellData {
    model: String,
    /// `customer`, `provider`, `shared`, `third-party`, `not-applicable`,
    /// `by-agreement`, `not-listed` or `unassigned`.
    owner: &'static str,
    /// Ids of the responsible parties.
    responsible: Vec<String>,
    /// Reason of a state.
    reason: Option<String>,
    cadence: Option<String>,
    tasks: Vec<TasksData>,
    /// Words printed in the summary instead of a mark.
    summary: Vec<PartyText>,
    scope: Vec<PartyText>,
    conditional: Vec<PartyText>,
    roles: Vec<RoleData>,
    notes: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct TasksData {
    party: String,
    tasks: Vec<TaskData>,
}

#[derive(Serialize, JsonSchema)]
struct TaskData {
    /// Inline Markdown.
    text: String,
    controls: Vec<ControlData>,
}

#[derive(Serialize, JsonSchema)]
struct PartyText {
    party: String,
    text: String,
}

#[derive(Serialize, JsonSchema)]
struct RoleData {
    /// `accountable`, `consulted`, `informed` or `supports`.
    role: &'static str,
    parties: Vec<String>,
}

fn value(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(|t| t.value.clone())
}

/// `data/responsibilities.json`.
pub fn json(project: &Project<'_>) -> Vec<u8> {
    let document = project.document;
    let data = Data {
        schema_file: "responsibilities.schema.json",
        schema: 1,
        title: project.title().to_string(),
        version: value(&document.version),
        effective: document.effective.as_ref().map(|d| d.text.clone()),
        contact: value(&document.contact),
        source: document.source.as_ref().map(|s| s.label.value.clone()),
        catch_all: document.catch_all.as_ref().map(|c| c.text.value.clone()),
        precedence: value(&document.precedence),
        parties: document
            .parties
            .iter()
            .map(|p| PartyData {
                id: p.id.clone(),
                kind: p.kind.word(),
                label: p.label.clone(),
            })
            .collect(),
        models: document
            .models
            .iter()
            .map(|m| ModelData {
                id: m.id.clone(),
                label: m.label.clone(),
                description: value(&m.description),
                parties: document
                    .parties
                    .iter()
                    .zip(&m.party_labels)
                    .filter_map(|(p, l)| Some((p.id.clone(), l.clone()?.into())))
                    .collect(),
            })
            .collect(),
        frameworks: document
            .frameworks
            .iter()
            .map(|f| FrameworkData {
                id: f.id.clone(),
                label: f.label.clone(),
                url: value(&f.url),
            })
            .collect(),
        categories: document
            .categories
            .iter()
            .map(|c| CategoryData {
                id: c.id.clone(),
                label: c.label.clone(),
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

/// The JSON Schema of [`json`], from the same types.
pub fn json_schema() -> Vec<u8> {
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

fn row(document: &Document, row: &Row) -> RowData {
    RowData {
        id: row.id.clone(),
        label: row.label.clone(),
        labels: labels(document, &row.labels),
        description: value(&row.description),
        notes: row.notes.iter().map(|t| t.value.clone()).collect(),
        controls: controls(document, &row.controls),
        cells: (0..document.models.len())
            .map(|m| cell(document, row, m))
            .collect(),
    }
}

fn controls(document: &Document, controls: &[crate::model::Controls]) -> Vec<ControlData> {
    controls
        .iter()
        .map(|c| ControlData {
            framework: document.frameworks[c.framework].id.clone(),
            ids: c.ids.clone(),
        })
        .collect()
}

fn cell(document: &Document, row: &Row, model: ModelIx) -> CellData {
    let cell = row.cells[model].as_ref();
    let id = |p: &usize| document.parties[*p].id.clone();
    let texts = |pick: fn(&Cell) -> &Vec<(usize, Text)>| -> Vec<PartyText> {
        cell.map(pick)
            .into_iter()
            .flatten()
            .map(|(p, t)| PartyText {
                party: id(p),
                text: t.value.clone(),
            })
            .collect()
    };
    CellData {
        model: document.models[model].id.clone(),
        owner: Owner::of(document, cell).word(),
        responsible: cell.map_or(Vec::new(), |c| {
            c.ownership.parties().iter().map(id).collect()
        }),
        reason: cell.and_then(|c| match &c.ownership {
            Ownership::NotApplicable(reason) | Ownership::ByAgreement(reason) => reason.clone(),
            _ => None,
        }),
        cadence: cell.and_then(|c| c.cadence.clone()),
        tasks: cell.map_or(Vec::new(), |c| {
            c.tasks
                .iter()
                .map(|(p, tasks)| TasksData {
                    party: id(p),
                    tasks: tasks
                        .iter()
                        .map(|t| TaskData {
                            text: t.text.clone(),
                            controls: controls(document, &t.controls),
                        })
                        .collect(),
                })
                .collect()
        }),
        summary: texts(|c| &c.summary),
        scope: texts(|c| &c.scope),
        conditional: texts(|c| &c.conditional),
        roles: cell.map_or(Vec::new(), |c| {
            c.roles
                .iter()
                .map(|(role, parties)| RoleData {
                    role,
                    parties: parties.iter().map(id).collect(),
                })
                .collect()
        }),
        notes: cell.map_or(Vec::new(), |c| {
            c.notes.iter().map(|t| t.value.clone()).collect()
        }),
    }
}

/// `data/responsibilities.csv`: RFC 4180 with CRLF, one line a task. A party
/// that is responsible without tasks and a cell with a state have a line with
/// an empty task.
pub fn csv(project: &Project<'_>) -> Vec<u8> {
    let document = project.document;
    let tables = project.tables();
    let header = [
        "model",
        "category",
        "row id",
        "row label",
        "party",
        "badge",
        "responsible",
        "task number",
        "task text",
        "note",
        "controls",
        "version",
        "effective date",
    ];
    let mut out = String::new();
    record(&header.map(String::from), &mut out);
    for (m, _) in document.models.iter().enumerate() {
        for (category, row) in document.rows() {
            let Some(cell) = row.cells[m].as_ref() else {
                continue;
            };
            let line = Line {
                project,
                tables: &tables,
                model: m,
                category: &category.label,
                row,
                cell,
                badge: Badge::new(document, Some(cell), project.strings).word,
            };
            line.write(&mut out);
        }
    }
    out.into_bytes()
}

/// The lines of one cell.
struct Line<'a> {
    project: &'a Project<'a>,
    tables: &'a Tables<'a>,
    model: ModelIx,
    category: &'a str,
    row: &'a Row,
    cell: &'a Cell,
    badge: String,
}

impl Line<'_> {
    fn write(&self, out: &mut String) {
        let parties = self.project.document.parties.len();
        let mut written = false;
        for party in 0..parties {
            let responsible = self.cell.ownership.parties().contains(&party);
            let tasks = self.cell.tasks_of(party);
            for (at, task) in tasks.iter().enumerate() {
                self.record(Some((party, responsible)), Some((at + 1, task)), out);
            }
            if tasks.is_empty() && responsible {
                self.record(Some((party, true)), None, out);
            }
            written |= responsible || !tasks.is_empty();
        }
        if !written {
            self.record(None, None, out);
        }
    }

    fn record(&self, party: Option<(usize, bool)>, task: Option<(usize, &Task)>, out: &mut String) {
        let document = self.project.document;
        let notes: Vec<&str> = self
            .row
            .notes
            .iter()
            .chain(&self.cell.notes)
            .map(|t| t.value.as_str())
            .chain(match &self.cell.ownership {
                Ownership::NotApplicable(Some(r)) | Ownership::ByAgreement(Some(r)) => {
                    Some(r.as_str())
                }
                _ => None,
            })
            .collect();
        let mut controls = self.tables.control_names(&self.row.controls);
        controls.extend(task.map_or(Vec::new(), |(_, t)| self.tables.control_names(&t.controls)));
        record(
            &[
                document.models[self.model].label.clone(),
                self.category.to_string(),
                self.row.id.clone(),
                self.row.label_in(Some(self.model)).to_string(),
                party.map_or(String::new(), |(p, _)| {
                    document.party_label(p, Some(self.model)).to_string()
                }),
                self.badge.clone(),
                party.map_or(String::new(), |(_, yes)| yes.to_string()),
                task.map_or(String::new(), |(n, _)| n.to_string()),
                task.map_or(String::new(), |(_, t)| t.text.clone()),
                notes.join(" "),
                controls.join("; "),
                value(&document.version).unwrap_or_default(),
                document
                    .effective
                    .as_ref()
                    .map_or(String::new(), |d| d.text.clone()),
            ],
            out,
        );
    }
}

/// One CSV record. A field that a spreadsheet could take for a formula gets
/// an apostrophe in front (OWASP, CSV injection).
fn record(fields: &[String], out: &mut String) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let guarded = if formula {
            format!("'{field}")
        } else {
            field.clone()
        };
        if guarded.contains([',', '"', '\n', '\r']) || guarded.trim() != guarded {
            out.push('"');
            out.push_str(&guarded.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&guarded);
        }
    }
    out.push_str("\r\n");
}

/// `sitemap.xml` (sitemaps.org protocol 0.9).
pub fn sitemap(url: &str, pages: &[Page]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in pages
        .iter()
        .filter(|p| !matches!(p.kind, Kind::NotFound | Kind::Print))
    {
        let path = page.path.strip_suffix("index.html").unwrap_or(&page.path);
        out.push_str(&format!(
            "<url><loc>{}</loc></url>\n",
            escape(&format!("{url}{}", encode_ascii(path)))
        ));
    }
    out.push_str("</urlset>\n");
    out
}

/// `robots.txt`, which names the sitemap (RFC 9309).
pub fn robots(url: &str) -> String {
    format!("User-agent: *\nAllow: /\n\nSitemap: {url}sitemap.xml\n")
}
