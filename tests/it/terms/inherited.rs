//! What a cell inherits from that of `all`, and how it says that it does not.

use serde_json::{Value, json};

use crate::harness::projects::{Project, THREE_PARTIES, project};

/// A project with one row, in which the cell of `byoc` is written over that of `all`.
fn row(byoc: &str) -> Project {
    project(THREE_PARTIES).rows(&format!(
        "  - id: keys
    label: Keys
    models:
      all:
        responsible: provider
        accountable: provider
        informed: customer
        consulted: cloud
        supports: cloud
        cadence: yearly
        notes: [Only in SaaS.]
        conditional: {{provider: in SaaS}}
        scope: {{provider: half of it}}
        summary: {{provider: We do}}
        tasks: {{provider: [Do it.]}}
      byoc: {byoc}
"
    ))
}

/// The cell of `byoc`, as the data file has it.
fn cell(byoc: &str) -> Value {
    let built = row(byoc).build();
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let cells = data["categories"][0]["rows"][0]["cells"]
        .as_array()
        .unwrap();
    let of_byoc = |cell: &&Value| cell["model"] == "byoc";
    cells.iter().find(of_byoc).unwrap().clone()
}

#[test]
fn an_empty_value_takes_back_what_all_says() {
    let none = cell(
        "{responsible: customer, accountable: [], informed: [], consulted: [], supports: [],
             cadence: \"\", notes: [], conditional: {}, scope: {}, summary: {}, tasks: {}}",
    );
    for key in ["tasks", "summary", "scope", "conditional", "roles", "notes"] {
        assert_eq!(none[key], json!([]), "{key}");
    }
    assert_eq!(none["cadence"], Value::Null);
}

#[test]
fn each_key_is_taken_back_alone() {
    let inherited = cell("{responsible: customer}");
    for (empty, key) in [
        ("tasks: {}", "tasks"),
        ("summary: {}", "summary"),
        ("scope: {}", "scope"),
        ("conditional: {}", "conditional"),
        ("notes: []", "notes"),
        ("cadence: ''", "cadence"),
    ] {
        let mut expected = inherited.clone();
        expected[key] = match key {
            "cadence" => Value::Null,
            _ => json!([]),
        };
        assert_eq!(
            cell(&format!("{{responsible: customer, {empty}}}")),
            expected
        );
    }
    let roles = |cell: &Value| -> Vec<String> {
        let roles = cell["roles"].as_array().unwrap().iter();
        roles
            .map(|role| role["role"].as_str().unwrap().to_string())
            .collect()
    };
    for role in ["accountable", "consulted", "informed", "supports"] {
        let mut expected = roles(&inherited);
        expected.retain(|other| other != role);
        let found = cell(&format!("{{responsible: customer, {role}: []}}"));
        assert_eq!(roles(&found), expected);
    }
}

#[test]
fn an_empty_reason_is_none() {
    let rows = "  - id: keys
    label: Keys
    models:
      all: {state: by-contract, reason: Each contract says.}
      byoc: {reason: ''}
";
    let built = project(THREE_PARTIES).rows(rows).build();
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let cells = &data["categories"][0]["rows"][0]["cells"];
    let reasons = ["Each contract says.".into(), Value::Null];
    let found: Vec<&Value> = cells
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["reason"])
        .collect();
    assert_eq!(found, reasons.iter().collect::<Vec<_>>(), "{cells}");
}

/// Whoever names other owners is asked about what was said of the old ones.
#[test]
fn what_another_owners_cell_says_is_asked_about() {
    let found = |all: &str, byoc: &str| -> Vec<String> {
        let rows = format!("  - {{id: a, label: A, models: {{all: {all}, byoc: {byoc}}}}}\n");
        let built = project(THREE_PARTIES).rows(&rows).build();
        built.lines_of("SRM224")
    };
    let all = "{responsible: customer, accountable: customer, notes: [Ours.]}";
    let asked = found(all, "provider");
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(
        asked[0].ends_with("but the cell inherits `accountable`, `notes` from it"),
        "{asked:?}"
    );
    for byoc in [
        "customer",
        "[customer]",
        "{responsible: provider, accountable: provider, notes: []}",
        "{state: by-contract}",
        "{cadence: weekly}",
    ] {
        assert!(found(all, byoc).is_empty(), "{byoc}");
    }
    // Terms of parties that stand on their own are no question.
    assert!(found("{responsible: customer, cadence: weekly}", "provider").is_empty());
}
