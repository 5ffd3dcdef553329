//! What a category says for all its rows.

use serde_json::Value;

use crate::harness::Built;
use crate::harness::projects::{Project, THREE_PARTIES, project};

/// A category with keys of its own and two rows: one with a key more, and one without.
fn category(keys: &str, row_key: &str) -> Project {
    let text = format!(
        "label: Data
{keys}rows:
  - id: keys
    label: Keys
{row_key}    models: {{all: {{responsible: customer, tasks: {{customer: [Bring them.]}}}}}}
  - {{id: logs, label: Logs, models: {{all: {{responsible: provider, tasks: {{provider: [Read them.]}}}}}}}}
"
    );
    project(THREE_PARTIES).with("content/categories/data.yaml", text)
}

fn data(built: &Built) -> Value {
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    data["categories"][0].clone()
}

/// The owners of a row in SaaS and in BYOC, and why a model does not list it.
fn listed(category: &Value, row: usize) -> (Vec<String>, Value) {
    let row = &category["rows"][row];
    let cells = row["cells"].as_array().unwrap().iter();
    let owners = cells.map(|cell| cell["owner"].as_str().unwrap().to_string());
    (owners.collect(), row["unlisted"].clone())
}

#[test]
fn a_category_says_which_models_list_its_rows() {
    for only in [
        "only-in: saas\n",
        "only-in: [saas]\n",
        "only-in: {models: saas}\n",
    ] {
        let found = data(&category(only, "").builds_with(&["SRM210"]));
        assert_eq!(listed(&found, 0).0, ["customer", "not-listed"], "{only}");
        assert_eq!(listed(&found, 1).0, ["provider", "not-listed"], "{only}");
    }
}

#[test]
fn only_in_at_a_row_replaces_that_of_its_category_as_a_whole() {
    let only = "only-in: {models: saas, reason: Not yours.}\n";
    let built = category(only, "    only-in: [byoc]\n").builds_with(&["SRM210"]);
    let found = data(&built);
    assert_eq!(
        listed(&found, 0),
        (
            vec!["not-listed".to_string(), "customer".to_string()],
            Value::Array(Vec::new())
        )
    );
    let (owners, reasons) = listed(&found, 1);
    assert_eq!(owners, ["provider", "not-listed"]);
    assert_eq!(reasons[0]["reason"], "Not yours.");
    for page in ["categories/data.html", "categories/data.md", "print.html"] {
        assert!(built.page(page).contains("Not yours."), "{page}");
    }
}

#[test]
fn a_model_that_a_category_misspells_is_reported_once() {
    let built = category("only-in: [saas, bycc]\n", "").build();
    let lines = built.lines_of("SRM104");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("content/categories/data.yaml:2:17"));
    assert_eq!(built.lines_of("SRM208"), [""; 0]);
}
