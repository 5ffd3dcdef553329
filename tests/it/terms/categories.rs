//! What a category says for all its rows.

use serde_json::Value;

use crate::harness::Built;
use crate::harness::matrix::assert_badge;
use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::parse;

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

#[test]
fn a_condition_of_a_category_is_said_once_in_its_heading() {
    let site = || category("conditional: {provider: with a *zzplanzz*}\n", "");
    let built = site().builds_with(&["SRM210"]);
    for (page, times) in [
        // In the summary and in the table of tasks.
        ("models/saas.html", 2),
        ("models/saas.md", 2),
        ("categories/data.html", 1),
        ("categories/data.md", 1),
        ("compare/index.html", 1),
        ("parties/provider.html", 2),
        ("parties/provider.md", 2),
    ] {
        let said = built.page(page).matches("zzplanzz").count();
        assert_eq!(said, times, "{page}");
    }
    // There, headings are no categories.
    let compare = built.page("compare/saas-vs-byoc.html");
    assert_eq!(compare.matches("zzplanzz").count(), 4);
    let print = parse(built.page("print.html")).text();
    assert!(
        print.contains("Condition (Vendor): with a zzplanzz"),
        "{print}"
    );
    assert!(built.page("search/index.js").contains("with a zzplanzz"));
    let page = parse(built.page("categories/data.html"));
    let marked = page.one("condition", &|e| e.has_class("srm-condition"));
    assert_eq!(marked.attr("data-condition"), Some("provider"));
    assert_eq!(marked.text(), "with a zzplanzz");
    let conditional = data(&built)["conditional"].clone();
    assert_eq!(conditional[0]["party"], "provider");
    assert_eq!(conditional[0]["text"], "with a *zzplanzz*");
    // It changes no badge, and concerns no party by itself.
    assert_badge(&built, "saas", "keys", "customer", "customer", "Customer");
    let page = parse(built.page("parties/provider.html"));
    assert!(page.by_id("saas--keys").is_none() && page.by_id("saas--logs").is_some());
}

#[test]
fn every_format_has_the_condition_of_a_category() {
    let folder = category("conditional: {provider: zzplanzz}\n", "").on_disk();
    for format in ["md", "html", "adoc", "rst", "latex", "csv", "tsv", "json"] {
        for kind in [
            "summary",
            "detail",
            "category",
            "matrix",
            "compare",
            "tasks",
            "checklist",
        ] {
            let said = folder.run(&["table", kind, "--format", format]);
            let said = &said.code(0).stdout;
            assert!(said.contains("zzplanzz"), "{kind} as {format}: {said}");
        }
    }
}

#[test]
fn a_party_that_a_category_misspells_is_reported() {
    let built = category("conditional: {provder: with a plan}\n", "").build();
    let lines = built.lines_of("SRM104");
    assert!(
        lines[0].starts_with("content/categories/data.yaml:2:15"),
        "{lines:?}"
    );
}
