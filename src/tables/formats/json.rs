//! Writes tables as JSON for other programs. The structure below is stable: fields
//! may be added, but none is renamed or removed.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::model::Badge;
use crate::tables::formats::{Named, flat};
use crate::tables::styled_text::Cells;
use crate::tables::table;

#[derive(Serialize)]
struct JsonTables<'a> {
    tables: Vec<JsonTable<'a>>,
}

#[derive(Serialize)]
struct JsonTable<'a> {
    /// What the table shows: `summary`, `detail` and so on.
    kind: &'static str,
    /// A short name, such as that of the model shown.
    name: String,
    /// May be empty.
    caption: String,
    columns: Vec<JsonColumn<'a>>,
    rows: Vec<JsonRow<'a>>,
    /// What the letters of roles mean. Left out if there are none.
    #[serde(skip_serializing_if = "str::is_empty")]
    legend: Cow<'a, str>,
    /// The footnotes of the cells, in plain text; each begins with its number in
    /// brackets. Left out if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

#[derive(Serialize)]
struct JsonColumn<'a> {
    /// Unique in the table.
    id: String,
    label: &'a str,
    /// What the column contains: `group`, `row`, `owner`, `model`, `party`, `change`,
    /// `count`, `field`, `evidence` or `review`.
    kind: &'static str,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    /// The id of the document's row that this is about, if it is a single one.
    id: Option<&'a str>,
    /// The id of its area. Left out if it is about a whole row.
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<&'a str>,
    /// Its owner, in the words of `data-owner`.
    owner: Option<&'static str>,
    /// In a comparison, what changes for it.
    change: Option<&'static str>,
    /// The labels of its groups within the category, from the outermost. Left out if it
    /// is in none.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    group: &'a [String],
    cells: Told,
}

/// The text of each cell, by the id of its column: a list of lines in plain text.
struct Told {
    columns: Arc<Vec<String>>,
    cells: Vec<Vec<String>>,
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.columns.iter().zip(&self.cells))
    }
}

/// A single badge.
#[derive(Serialize)]
struct JsonBadge<'a> {
    /// In the words of `data-owner`.
    owner: &'static str,
    /// Ids of the responsible parties.
    parties: Vec<&'a str>,
    /// The text of the badge.
    text: String,
}

/// Tables, each with all its rows.
pub fn tables(tables: Vec<Named<'_>>, cells: &Cells<'_>) -> Vec<u8> {
    pretty(&JsonTables {
        tables: tables
            .into_iter()
            .map(|named| table(named, cells))
            .collect(),
    })
}

/// One badge.
pub fn badge(badge: &Badge<'_>) -> Vec<u8> {
    pretty(&JsonBadge {
        owner: badge.owner.word(),
        parties: badge.parties.iter().map(|p| p.id.as_str()).collect(),
        text: badge.text(),
    })
}

fn pretty(value: &impl Serialize) -> Vec<u8> {
    // Plain records of texts cannot fail to serialize.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn table<'a>(named: Named<'a>, cells: &Cells<'_>) -> JsonTable<'a> {
    let Named { name, table, .. } = named;
    let columns = columns(&table.columns);
    let ids = columns.iter().map(|column| column.id.clone());
    let ids: Arc<Vec<String>> = Arc::new(ids.collect());
    let mut rows = Vec::new();
    for group in table.groups {
        let heading = table
            .grouped
            .then(|| flat::texts(&cells.head_alone(&group.head), true));
        for line in &group.lines {
            let heads = heading.clone().into_iter();
            let heads = heads.chain([flat::texts(&cells.head(&line.head), true)]);
            let others = line.cells.iter().map(|blocks| cells.lines(blocks));
            let others = others.map(|lines| flat::texts(&lines, false));
            rows.push(JsonRow {
                id: line.row,
                area: line.area,
                owner: line.owner.map(|owner| owner.word()),
                change: line.change.map(|change| change.word()),
                group: line.group.map_or(&[], |group| &group.labels),
                cells: Told {
                    columns: ids.clone(),
                    cells: heads.chain(others).collect(),
                },
            });
        }
    }
    let notes = cells.notes.take();
    let notes = notes.iter().map(|note| flat::texts(note, false).join("\n"));
    JsonTable {
        notes: notes.collect(),
        legend: table.legend,
        kind: table.kind.word(),
        name,
        caption: table.caption.into_owned(),
        columns,
        rows,
    }
}

/// The columns. If two have the same id, for example the owner and a party called
/// `owner`, the second id gets a number.
fn columns<'a>(columns: &[table::Column<'a>]) -> Vec<JsonColumn<'a>> {
    let mut out: Vec<JsonColumn> = Vec::with_capacity(columns.len());
    for column in columns {
        let taken = |id: &str| out.iter().any(|c| c.id == id);
        let numbered = (2..).map(|n| format!("{}-{n}", column.id));
        let mut ids = std::iter::once(column.id.to_string()).chain(numbered);
        let id = ids.find(|id| !taken(id)).unwrap_or_default();
        out.push(JsonColumn {
            id,
            label: column.label,
            kind: column.kind.word(),
        });
    }
    out
}
