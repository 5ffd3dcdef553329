//! `srm-site import`: foreign tables become the sources of a project. The cases of
//! `import/cases` stand for the layouts that vendors use; what the built site says is
//! compared with what is right.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::harness::{Folder, Run, tree};

mod compare;
mod mistakes;

fn cases() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/import/cases")
}

/// A folder with the files of a case.
fn folder_of(case: &str) -> (Folder, String) {
    let folder = Folder::new();
    let mut source = String::new();
    for entry in std::fs::read_dir(cases().join(case)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_string();
        folder.write(&name, std::fs::read(&path).unwrap());
        if name.starts_with("source.") {
            source = name;
        }
    }
    (folder, source)
}

fn import(folder: &Folder, source: &str, more: &[&str]) -> Run {
    let args = [
        "import",
        source,
        "--vocabulary",
        "import.yaml",
        "--into",
        "project",
    ];
    folder.run(&[&args, more].concat())
}

/// The report as objects, and the counts.
fn points(run: &Run) -> (Vec<Value>, Value) {
    let lines = run.stdout.lines();
    let mut all: Vec<Value> = lines.map(|l| serde_json::from_str(l).unwrap()).collect();
    let counts = all.pop().unwrap_or_else(|| panic!("{}", run.stderr));
    (all, counts["counts"].clone())
}

/// Markdown of a single text as a reader sees it.
fn plain(value: &Value) -> Value {
    let Some(text) = value.as_str() else {
        return value.clone();
    };
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation);
        out.push(if escaped { chars.next().unwrap() } else { c });
    }
    json!(out)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn by_party(list_of: &Value, text: impl Fn(&Value) -> Value) -> Value {
    let entry = |e: &Value| (e["party"].as_str().unwrap().to_string(), text(e));
    Value::Object(list(list_of).map(entry).collect())
}

/// What the built data says about a row in a model, as `check.py` wants it.
fn record(category: &Value, row: &Value, cell: &Value) -> Value {
    let model = cell["model"].as_str().unwrap();
    let named = |of: &Value| match of["labels"].get(model) {
        Some(label) => label.clone(),
        None => of["label"].clone(),
    };
    let both =
        |key: &str| -> Vec<Value> { list(&row[key]).chain(list(&cell[key])).map(plain).collect() };
    let controls = list(&row["controls"]).chain(list(&cell["controls"]));
    let controls: Vec<&Value> = controls.flat_map(|c| list(&c["ids"])).collect();
    let mut fields: Map<String, Value> = row["fields"].as_object().unwrap().clone();
    fields.extend(cell["fields"].as_object().unwrap().clone());
    let text = |e: &Value| plain(&e["text"]);
    let badge = match cell["owner"].as_str().unwrap() {
        "not-applicable" => "n/a",
        "by-agreement" => "by-contract",
        other => other,
    };
    let mut record = json!({
        "model": model,
        "category": named(category),
        "sub_category": list(&row["group"]).last(),
        "name": named(row),
        "row": row["id"],
        "responsible": cell["responsible"],
        "badge": badge,
        "tasks": by_party(&cell["tasks"], |e| list(&e["tasks"]).map(text).collect()),
        "phrases": by_party(&cell["summary"], text),
        "scopes": by_party(&cell["scope"], text),
        "conditional": by_party(&cell["conditional"], text),
        "notes": both("notes"),
        "description": plain(&row["description"]),
        "reason": cell["reason"],
        "cadence": cell["cadence"],
        "controls": controls,
        "fields": fields,
    });
    for role in list(&cell["roles"]) {
        record[role["role"].as_str().unwrap()] = role["parties"].clone();
    }
    record
}

/// What the built site and the report say, as `check.py` wants it.
fn actual(data: &Value, points: &[Value]) -> Value {
    let mut records = Vec::new();
    for category in list(&data["categories"]) {
        for row in list(&category["rows"]) {
            let listed = list(&row["cells"]).filter(|cell| cell["owner"] != "not-listed");
            records.extend(listed.map(|cell| record(category, row, cell)));
        }
    }
    let point = |point: &Value| {
        json!({
            "kind": point["kind"],
            "text": point["text"],
            "name": point["row"],
            "model": point["model"],
            "cell": point.get("cell"),
        })
    };
    let report: Vec<Value> = points.iter().map(point).collect();
    json!({ "records": records, "report": report })
}

/// Imports a case, builds the project, and compares.
#[track_caller]
fn reads_right(case: &str) -> BTreeMap<String, Vec<u8>> {
    let (folder, source) = folder_of(case);
    let run = import(&folder, &source, &["--format", "json"]);
    let (points, counts) = points(&run);
    let open = ["unknown", "unmatched", "needs-owner", "conflict", "odd"];
    let is_open = points
        .iter()
        .any(|p| open.contains(&p["kind"].as_str().unwrap()));
    run.code(i32::from(is_open));
    let number = |key: &str| counts[key].as_u64().unwrap();
    let sum = number("written") + number("skipped") + number("errors");
    assert_eq!(number("cells"), sum, "{counts}");
    let unused: Vec<&Value> = points.iter().filter(|p| p["kind"] == "unused").collect();
    assert!(unused.is_empty(), "{unused:#?}");
    folder.run(&["build", "project"]).code(0);
    let data = folder.read("project/book/data/responsibilities.json");
    let data: Value = serde_json::from_str(&data).unwrap();
    let expected = serde_json::from_str(&folder.read("expected.json")).unwrap();
    let wrong = compare::differences(&expected, &actual(&data, &points));
    assert!(wrong.is_empty(), "{case}: {wrong:#?}");
    std::fs::remove_dir_all(folder.join("project/book")).unwrap();
    tree(&folder.join("project"))
}

macro_rules! cases {
    ($($name:ident $case:literal)*) => {$(
        #[test]
        fn $name() {
            reads_right($case);
        }
    )*};
}

cases! {
    models_as_columns "01-models-as-columns"
    ticks_in_a_table_for_each_model "02-ticks-per-model"
    letters_that_run_together "03-raci-run-together"
    roles_as_columns "04-role-columns-japanese"
    a_head_of_two_levels "05-two-level-header"
    one_column_for_each_answer "06-one-hot-columns"
    a_summary_and_a_table_of_tasks "07-summary-and-tasks"
    a_workbook_with_a_sheet_for_each_model "08-workbook"
    controls_in_a_csv_file "09-controls-csv"
    parties_as_lines "10-parties-as-rows"
}

#[test]
fn the_text_of_a_page() {
    let files = reads_right("11-source-page");
    // In the order in which the site of this repository has its rows.
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/categories");
    let labels = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|l| l.strip_prefix("    label: "));
        lines.map(str::to_string).collect()
    };
    let mut checked = 0;
    for (ours, theirs) in [
        ("data", "data-management"),
        ("infrastructure", "platform-infrastructure"),
        ("security-compliance", "security-compliance"),
        ("operations", "service-operations-reliability"),
    ] {
        let ours = std::fs::read_to_string(shipped.join(format!("{ours}.yaml"))).unwrap();
        let theirs = &files[&format!("content/categories/{theirs}.yaml")];
        let theirs = labels(std::str::from_utf8(theirs).unwrap());
        assert_eq!(labels(&ours).len(), theirs.len(), "{theirs:?}");
        checked += theirs.len();
    }
    assert_eq!(checked, 17);
}
