//! Writes the document as a flat CSV, with one line for each task.

use std::borrow::Cow;

use crate::input::Text;
use crate::model::{Badge, Category, Cell, Document, FieldIx, ModelIx, Owner, PartyIx, Row, Task};
use crate::pages::Project;
use crate::tables::formats::csv::record;
use crate::tables::{Tables, join_controls};

/// The columns that every document has. They are promised, so others follow them.
const PROMISED: [&str; 13] = [
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

/// A column after the promised ones. All lines of a cell say the same in it, except for the
/// id of the party.
#[derive(Clone, Copy)]
enum Column {
    ModelId,
    CategoryId,
    PartyId,
    Owner,
    Area,
    Group,
    Roles,
    Conditions,
    Scopes,
    Cadence,
    Summary,
    Reason,
    Notes,
    Field(FieldIx),
}

impl Column {
    /// The columns of a document: ids, and what any of its cells says.
    fn all(document: &Document) -> Vec<Column> {
        let cells = || {
            document
                .rows()
                .flat_map(|(_, row)| row.cells.iter().flatten())
        };
        let parts = || cells().flat_map(Cell::parts);
        let any = |says: fn(&Cell) -> bool| parts().any(says);
        let some = [
            (Column::Area, any(|cell| !cell.areas.is_empty())),
            (
                Column::Group,
                document.rows().any(|(_, row)| row.group.is_some()),
            ),
            (Column::Roles, any(|cell| !cell.roles.is_empty())),
            (
                Column::Conditions,
                any(|cell| !cell.conditional.is_empty())
                    || document
                        .categories
                        .iter()
                        .any(|c| !c.conditional.is_empty()),
            ),
            (Column::Scopes, any(|cell| !cell.scope.is_empty())),
            (Column::Cadence, any(|cell| cell.cadence.is_some())),
            (Column::Summary, any(|cell| !cell.summary.is_empty())),
            (
                Column::Reason,
                any(|cell| cell.ownership.reason().is_some()),
            ),
            (
                Column::Notes,
                any(|cell| !cell.notes.is_empty())
                    || document.rows().any(|(_, row)| !row.notes.is_empty()),
            ),
        ];
        let mut columns = vec![
            Column::ModelId,
            Column::CategoryId,
            Column::PartyId,
            Column::Owner,
        ];
        columns.extend(
            some.into_iter()
                .filter(|(_, used)| *used)
                .map(|(one, _)| one),
        );
        let has =
            |field: &FieldIx| parts().any(|cell| cell.fields.iter().any(|v| v.field == *field));
        let fields = (0..document.fields.len()).filter(has);
        columns.extend(fields.map(Column::Field));
        columns
    }

    fn name(self, document: &Document) -> &str {
        match self {
            Column::ModelId => "model id",
            Column::CategoryId => "category id",
            Column::PartyId => "party id",
            Column::Owner => "owner",
            Column::Area => "area",
            Column::Group => "group",
            Column::Roles => "roles",
            Column::Conditions => "conditions",
            Column::Scopes => "scopes",
            Column::Cadence => "cadence",
            Column::Summary => "summary",
            Column::Reason => "reason",
            Column::Notes => "notes",
            Column::Field(field) => &document.fields[field].column,
        }
    }
}

/// `data/responsibilities.csv`: RFC 4180 with CRLF, one line for each task. A party
/// that is responsible without tasks, and a cell with a state, have a line with an
/// empty task.
pub fn csv(project: &Project<'_>) -> Vec<u8> {
    let document = project.document;
    let tables = project.tables();
    let columns = Column::all(document);
    let more = columns.iter().map(|column| column.name(document));
    let header: Vec<&str> = PROMISED.into_iter().chain(more).collect();
    let mut out = String::new();
    record(&header, &mut out);
    for (m, _) in document.models.iter().enumerate() {
        for (category, row) in document.rows() {
            let Some(cell) = row.cells[m].as_ref() else {
                continue;
            };
            let line = |cell, area| CsvLine {
                badge: Badge::new(document, Some(cell), project.strings).word,
                project,
                tables: &tables,
                columns: &columns,
                model: m,
                category,
                row,
                cell,
                area,
            };
            line(cell, "").write(&mut out);
            for area in &cell.areas {
                line(&area.cell, &document.areas[area.area].id).write(&mut out);
            }
        }
    }
    out.into_bytes()
}

/// The lines of one cell, or of one of its areas.
struct CsvLine<'a> {
    project: &'a Project<'a>,
    tables: &'a Tables<'a>,
    columns: &'a [Column],
    model: ModelIx,
    category: &'a Category,
    row: &'a Row,
    cell: &'a Cell,
    badge: Cow<'a, str>,
    /// Id of the area; empty for a whole cell.
    area: &'a str,
}

impl CsvLine<'_> {
    fn write(&self, out: &mut String) {
        let parties = self.project.document.parties.len();
        // Who is responsible in a divided cell is told by its areas.
        let is_whole = self.cell.areas.is_empty();
        let mut written = false;
        for party in 0..parties {
            let responsible = self.cell.ownership.parties().contains(&party);
            let tasks = self.cell.tasks_of(party);
            for (at, task) in tasks.iter().enumerate() {
                self.record(Some((party, responsible)), Some((at + 1, task)), out);
            }
            let alone = tasks.is_empty() && responsible && is_whole;
            if alone {
                self.record(Some((party, true)), None, out);
            }
            written |= alone || !tasks.is_empty();
        }
        if !written {
            self.record(None, None, out);
        }
    }

    fn record(
        &self,
        party: Option<(PartyIx, bool)>,
        task: Option<(usize, &Task)>,
        out: &mut String,
    ) {
        let document = self.project.document;
        let model = &document.models[self.model];
        let notes: Vec<&str> = self.notes().chain(self.cell.ownership.reason()).collect();
        let mut controls = self.tables.controls(&self.row.controls);
        controls.extend(self.tables.controls(&self.cell.controls));
        controls.extend(task.map_or(Vec::new(), |(_, t)| self.tables.controls(&t.controls)));
        let number = task.map_or(String::new(), |(n, _)| n.to_string());
        let version = model.version.as_ref().or(document.version.as_ref());
        let effective = model.effective.as_ref().or(document.effective.as_ref());
        let (notes, controls) = (notes.join(" "), join_controls(&controls, "; "));
        let mut fields: Vec<Cow<str>> = vec![
            model.label.as_str().into(),
            self.category.label_in(Some(self.model)).into(),
            self.row.id.as_str().into(),
            self.row.label_in(Some(self.model)).into(),
            party
                .map_or("", |(p, _)| document.party_label(p, Some(self.model)))
                .into(),
            Cow::Borrowed(&*self.badge),
            party
                .map_or("", |(_, yes)| if yes { "true" } else { "false" })
                .into(),
            number.into(),
            task.map_or("", |(_, t)| t.text.as_str()).into(),
            notes.into(),
            controls.into(),
            version.map_or("", |text| text.value.as_str()).into(),
            effective.map_or("", |date| date.text.as_str()).into(),
        ];
        let more = self.columns.iter();
        fields.extend(more.map(|column| self.value(*column, party.map(|(p, _)| p))));
        let fields: Vec<&str> = fields.iter().map(|field| &**field).collect();
        record(&fields, out);
    }

    fn value(&self, column: Column, party: Option<PartyIx>) -> Cow<'_, str> {
        let document = self.project.document;
        let id = |party: PartyIx| document.parties[party].id.as_str();
        let cell = self.cell;
        match column {
            Column::ModelId => document.models[self.model].id.as_str().into(),
            Column::CategoryId => self.category.id.as_str().into(),
            Column::PartyId => party.map_or("", id).into(),
            Column::Owner => Owner::of(document, Some(cell)).word().into(),
            Column::Area => self.area.into(),
            Column::Group => self
                .row
                .group
                .as_ref()
                .map_or("".into(), |group| group.label().into()),
            Column::Roles => {
                let roles = cell.roles.iter().map(|(role, parties)| {
                    let parties: Vec<&str> = parties.iter().map(|p| id(*p)).collect();
                    format!("{}: {}", document.roles.id(*role), parties.join(", "))
                });
                lines(roles)
            }
            Column::Conditions => {
                let of_category = self.category.conditional.iter();
                self.by_party(of_category.chain(&cell.conditional))
            }
            Column::Scopes => self.by_party(cell.scope.iter()),
            Column::Summary => self.by_party(cell.summary.iter()),
            Column::Reason => cell.ownership.reason().unwrap_or_default().into(),
            Column::Notes => lines(self.notes().map(one_line)),
            Column::Cadence => cell.cadence.as_deref().unwrap_or_default().into(),
            Column::Field(field) => {
                let value = cell.fields.iter().find(|value| value.field == field);
                value.map_or("", |value| value.text.value.as_str()).into()
            }
        }
    }

    fn notes(&self) -> impl Iterator<Item = &str> {
        let notes = self.row.notes.iter().chain(&self.cell.notes);
        notes.map(|note| self.project.document.text_of(note).value.as_str())
    }

    fn by_party<'t>(&self, texts: impl Iterator<Item = &'t (PartyIx, Text)>) -> Cow<'_, str> {
        let parties = &self.project.document.parties;
        lines(
            texts.map(|(party, text)| format!("{}: {}", parties[*party].id, one_line(&text.value))),
        )
    }
}

/// A text without line ends, which separate the entries of a field.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// Entries of a field, each on a line of its own.
fn lines(entries: impl Iterator<Item = String>) -> Cow<'static, str> {
    entries.collect::<Vec<_>>().join("\n").into()
}
