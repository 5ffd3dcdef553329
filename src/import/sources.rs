//! A matrix as the source files of a new project: what models agree on is written once,
//! and nothing that is empty is written.

use std::collections::HashMap;

use crate::import::facts::CellFacts;
use crate::import::matrix::{JoinedCategory, JoinedCell, JoinedRow, Matrix};
use crate::import::words::Words;
use crate::import::yaml::{Yaml, one_or_many, quoted, scalar};
use crate::input::FieldKind;

/// A file that is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFile {
    /// Its path in the project.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The files of a project, and where each row is written, by its name.
pub struct Sources {
    /// The files.
    pub files: Vec<SourceFile>,
    /// File and line of each row, by each of its names.
    pub rows: HashMap<String, (String, usize)>,
}

/// What the cells of a row have in common.
struct Shared<'m> {
    description: Option<&'m String>,
    notes: &'m [String],
    controls: &'m [(String, Vec<String>)],
    fields: &'m [(String, String)],
}

/// Writes a matrix as a new project.
pub fn new_project(matrix: &Matrix, words: &Words<'_>, title: &str) -> Sources {
    let mut files = vec![
        SourceFile {
            path: "book.toml".into(),
            text: format!("[book]\ntitle = {}\nsrc = \"content\"\n", quoted(title)),
        },
        SourceFile {
            path: "content/srm.yaml".into(),
            text: document(words, title),
        },
    ];
    for (at, (id, model)) in words.file.models.0.iter().enumerate() {
        let label = name_of(&id.value, model.label.as_ref(), &model.found_as.0);
        files.push(SourceFile {
            path: format!("content/models/{}.md", id.value),
            text: format!("---\nlabel: {}\norder: {}\n---\n", scalar(label), at + 1),
        });
    }
    let mut rows = HashMap::new();
    for (at, category) in matrix.categories.iter().enumerate() {
        let path = format!("content/categories/{}.yaml", category.id);
        let text = write_category(category, at + 1, words, |row, line| {
            for (_, label) in &row.labels {
                rows.entry(label.clone()).or_insert((path.clone(), line));
            }
        });
        files.push(SourceFile { path, text });
    }
    Sources { files, rows }
}

/// The name in the project: the one that is given, or the first in the tables.
fn name_of<'t>(
    id: &'t str,
    label: Option<&'t crate::input::Text>,
    found_as: &'t [crate::input::Text],
) -> &'t str {
    label.or(found_as.first()).map_or(id, |text| &text.value)
}

fn document(words: &Words<'_>, title: &str) -> String {
    let file = words.file;
    let mut yaml = Yaml::default();
    yaml.line(0, "schema: 1");
    yaml.gap();
    yaml.line(0, "document:");
    yaml.pair(1, "title", title);
    yaml.gap();
    yaml.line(0, "parties:");
    for (id, party) in &file.parties.0 {
        yaml.line(1, &format!("- id: {}", scalar(&id.value)));
        yaml.pair(2, "kind", party.kind.word());
        yaml.pair(
            2,
            "label",
            name_of(&id.value, party.label.as_ref(), &party.found_as.0),
        );
    }
    if !file.frameworks.0.is_empty() {
        yaml.gap();
        yaml.line(0, "frameworks:");
    }
    for (id, label) in &file.frameworks.0 {
        yaml.line(1, &format!("- id: {}", scalar(&id.value)));
        yaml.pair(2, "label", &label.value);
    }
    if !file.areas.0.is_empty() {
        yaml.gap();
        yaml.line(0, "areas:");
    }
    for (id, area) in &file.areas.0 {
        yaml.line(1, &format!("- id: {}", scalar(&id.value)));
        yaml.pair(
            2,
            "label",
            name_of(&id.value, area.label.as_ref(), &area.found_as.0),
        );
    }
    if !file.fields.0.is_empty() {
        yaml.gap();
        yaml.line(0, "fields:");
    }
    for (id, field) in &file.fields.0 {
        yaml.line(1, &format!("- id: {}", scalar(&id.value)));
        yaml.pair(
            2,
            "label",
            field.label.as_ref().map_or(&id.value, |label| &label.value),
        );
        yaml.pair(2, "kind", field.kind.unwrap_or(FieldKind::Text).word());
    }
    yaml.finish()
}

fn write_category(
    category: &JoinedCategory,
    order: usize,
    words: &Words<'_>,
    mut written: impl FnMut(&JoinedRow, usize),
) -> String {
    let mut yaml = Yaml::default();
    write_labels(&mut yaml, 0, &category.labels);
    yaml.line(0, &format!("order: {order}"));
    yaml.gap();
    yaml.line(0, "rows:");
    for (at, row) in category.rows.iter().enumerate() {
        if at > 0 {
            yaml.gap();
        }
        written(row, yaml.next_line());
        write_row(&mut yaml, row, words);
    }
    yaml.finish()
}

/// Writes `label`, and `labels` if models give different names.
fn write_labels(yaml: &mut Yaml, depth: usize, labels: &[(String, String)]) {
    let Some((_, first)) = labels.first() else {
        return;
    };
    yaml.pair(depth, "label", first);
    if labels.iter().any(|(_, label)| label != first) {
        yaml.line(depth, "labels:");
        for (model, label) in labels {
            yaml.pair(depth + 1, model, label);
        }
    }
}

fn write_row(yaml: &mut Yaml, row: &JoinedRow, words: &Words<'_>) {
    yaml.line(1, &format!("- id: {}", scalar(&row.id)));
    write_labels(yaml, 2, &row.labels);
    if let Some(group) = &row.group {
        yaml.pair(2, "group", group);
    }
    let shared = shared(row);
    if let Some(description) = shared.description {
        yaml.pair(2, "description", description);
    }
    if !shared.notes.is_empty() {
        yaml.list(2, "notes", shared.notes);
    }
    write_mapping(yaml, 2, "controls", shared.controls, |yaml, key, ids| {
        yaml.ids(3, key, ids)
    });
    write_mapping(yaml, 2, "fields", shared.fields, |yaml, key, text| {
        yaml.pair(3, key, text)
    });
    yaml.line(2, "models:");
    let all = words.all_models();
    let agree = row.cells.len() > 1
        && row.cells.len() == all.len()
        && row.cells.iter().all(|cell| {
            let first = &row.cells[0];
            cell.areas == first.areas && cell.facts == first.facts
        });
    let cells = if agree {
        &row.cells[..1]
    } else {
        &row.cells[..]
    };
    for cell in cells {
        let key = if agree { "all" } else { &cell.model };
        write_cell(yaml, key, cell, &shared, words);
    }
}

fn write_mapping<T>(
    yaml: &mut Yaml,
    depth: usize,
    key: &str,
    entries: &[(String, T)],
    write: impl Fn(&mut Yaml, &str, &T),
) {
    if !entries.is_empty() {
        yaml.line(depth, &format!("{key}:"));
    }
    for (id, value) in entries {
        write(yaml, id, value);
    }
}

/// What all cells of a row say alike.
fn shared(row: &JoinedRow) -> Shared<'_> {
    let first = &row.cells[0].facts;
    let rest = || row.cells.iter().skip(1).map(|cell| &cell.facts);
    Shared {
        description: first
            .description
            .as_ref()
            .filter(|text| rest().all(|facts| facts.description.as_ref() == Some(text))),
        notes: match rest().all(|facts| facts.notes == first.notes) {
            true => &first.notes,
            false => &[],
        },
        controls: match rest().all(|facts| facts.controls == first.controls) {
            true => &first.controls,
            false => &[],
        },
        fields: match rest().all(|facts| facts.fields == first.fields) {
            true => &first.fields,
            false => &[],
        },
    }
}

fn write_cell(
    yaml: &mut Yaml,
    key: &str,
    cell: &JoinedCell,
    shared: &Shared<'_>,
    words: &Words<'_>,
) {
    let own = own_facts(&cell.facts, shared);
    if cell.areas.is_empty() {
        return write_facts(yaml, 3, key, &own, words);
    }
    yaml.line(3, &format!("{}:", scalar(key)));
    yaml.line(4, "areas:");
    for (area, facts) in &cell.areas {
        write_facts(yaml, 5, area, facts, words);
    }
    write_terms(yaml, 4, &own, words);
}

/// The facts without what the row says.
fn own_facts(facts: &CellFacts, shared: &Shared<'_>) -> CellFacts {
    let mut own = facts.clone();
    if shared.controls == own.controls {
        own.controls.clear();
    }
    if shared.fields == own.fields {
        own.fields.clear();
    }
    if shared.notes == own.notes {
        own.notes.clear();
    }
    if let Some(description) = own
        .description
        .take()
        .filter(|d| Some(d) != shared.description)
    {
        own.notes.insert(0, description);
    }
    own
}

fn write_facts(yaml: &mut Yaml, depth: usize, key: &str, facts: &CellFacts, words: &Words<'_>) {
    let owners = in_order(&facts.responsible, words);
    let owner = match facts.state {
        Some(state) => scalar(state.word()),
        None => one_or_many(&owners),
    };
    let only_owner = CellFacts {
        responsible: facts.responsible.clone(),
        state: facts.state,
        ..CellFacts::default()
    };
    if *facts == only_owner {
        return yaml.line(depth, &format!("{}: {owner}", scalar(key)));
    }
    yaml.line(depth, &format!("{}:", scalar(key)));
    let owner_key = if facts.state.is_some() {
        "state"
    } else {
        "responsible"
    };
    yaml.line(depth + 1, &format!("{owner_key}: {owner}"));
    write_terms(yaml, depth + 1, facts, words);
}

/// All facts of a cell but its owner.
fn write_terms(yaml: &mut Yaml, depth: usize, facts: &CellFacts, words: &Words<'_>) {
    if let Some(reason) = &facts.reason {
        yaml.pair(depth, "reason", reason);
    }
    for (role, parties) in &facts.roles {
        yaml.ids(depth, role, &in_order(parties, words));
    }
    if !facts.tasks.is_empty() {
        yaml.line(depth, "tasks:");
    }
    for (party, tasks) in sorted(&facts.tasks, words) {
        yaml.list(depth + 1, party, tasks);
    }
    let lists = [
        ("summary", &facts.summary),
        ("scope", &facts.scope),
        ("conditional", &facts.conditional),
    ];
    for (key, list) in lists {
        if !list.is_empty() {
            yaml.line(depth, &format!("{key}:"));
        }
        for (party, text) in sorted(list, words) {
            yaml.pair(depth + 1, party, text);
        }
    }
    if let Some(cadence) = &facts.cadence {
        yaml.pair(depth, "cadence", cadence);
    }
    if !facts.notes.is_empty() {
        yaml.list(depth, "notes", &facts.notes);
    }
    let deeper = depth + 1;
    write_mapping(
        yaml,
        depth,
        "controls",
        &facts.controls,
        |yaml, key, ids| {
            yaml.ids(deeper, key, ids);
        },
    );
    write_mapping(yaml, depth, "fields", &facts.fields, |yaml, key, text| {
        yaml.pair(deeper, key, text);
    });
}

/// The place of a party among those of the vocabulary.
fn place_of(party: &str, words: &Words<'_>) -> Option<usize> {
    let mut parties = words.file.parties.0.iter();
    parties.position(|(id, _)| id.value == party)
}

fn in_order(parties: &[String], words: &Words<'_>) -> Vec<String> {
    let mut parties = parties.to_vec();
    parties.sort_by_key(|party| place_of(party, words));
    parties
}

fn sorted<'l, T>(list: &'l [(String, T)], words: &Words<'_>) -> Vec<&'l (String, T)> {
    let mut list: Vec<&(String, T)> = list.iter().collect();
    list.sort_by_key(|(party, _)| place_of(party, words));
    list
}
