//! Rows for which no party is named, because the author says so.

use serde_json::{Value, json};

use crate::harness::Built;
use crate::harness::matrix::{assert_badge, cell};
use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::{grids, parse};

/// A row with this cell in all models but `byoc`.
fn row(all: &str, byoc: &str) -> Project {
    let models = format!("{{all: {all}, byoc: {byoc}}}");
    project(THREE_PARTIES).rows(&format!(
        "  - {{id: keys, label: Keys, models: {models}}}\n"
    ))
}

const WITH_TASKS: &str = "{state: unassigned, reason: Not *yet* settled., accountable: cloud, \
     tasks: {customer: [Ask for it.], provider: [Answer.]}}";

fn said(built: &Built, page: &str, kind: &str) -> String {
    let page = parse(built.page(page));
    let grid = &grids(&page, kind)[0];
    let texts = (0..grid.header.len()).map(|at| grid.lines[0].text(at));
    texts.collect::<Vec<_>>().join("; ")
}

#[test]
fn tasks_and_roles_may_stand_where_no_party_is_named() {
    let built = row(WITH_TASKS, "{responsible: cloud, tasks: {cloud: [Do it.]}}").builds();
    assert_badge(&built, "saas", "keys", "unassigned", "", "Unassigned");
    let data = cell(&built, "keys", "saas");
    assert_eq!(data["reason"], "Not *yet* settled.");
    assert_eq!(data["responsible"], json!([]));
    assert_eq!(data["tasks"][0]["tasks"][0]["text"], "Ask for it.");
    for (page, kind) in [
        ("models/saas.html", "summary"),
        ("models/saas.html", "detail"),
        ("categories/data.html", "category"),
        ("compare/index.html", "matrix"),
        ("compare/saas-vs-byoc.html", "compare"),
        ("compare/saas-vs-byoc.html", "tasks"),
        ("parties/customer.html", "checklist"),
    ] {
        let said = said(&built, page, kind);
        // Reasons are plain text.
        assert!(
            said.contains("Reason: Not *yet* settled."),
            "{kind}: {said}"
        );
    }
    let detail = said(&built, "models/saas.html", "detail");
    assert!(
        detail.contains("Ask for it.") && detail.contains("Accountable: Cloud"),
        "{detail}"
    );
    let search = built.page("search/index.js");
    assert!(search.contains("Not *yet* settled."), "{search}");
}

#[test]
fn the_word_alone_is_a_cell() {
    let built = row("customer", "unassigned").builds_with(&["SRM207", "SRM210"]);
    assert_eq!(cell(&built, "keys", "byoc")["owner"], "unassigned");
    let lines = built.lines_of("SRM207");
    assert!(
        lines[0].ends_with("`unassigned` without a `reason`"),
        "{lines:?}"
    );
    let misspelt = row("customer", "unasigned").build();
    let findings = misspelt.findings().list.iter();
    let helps: Vec<&String> = findings
        .filter(|f| f.code.id() == "SRM104")
        .flat_map(|f| &f.help)
        .collect();
    assert_eq!(helps, ["did you mean `unassigned`?"]);
}

#[test]
fn a_party_of_that_name_is_meant_first() {
    let parties = "  - {id: customer, kind: customer, label: Customer}
  - {id: unassigned, kind: provider, label: Vendor}
";
    let built = row("customer", "unassigned")
        .parties(parties)
        .builds_with(&["SRM213 note"]);
    assert_eq!(
        cell(&built, "keys", "byoc")["responsible"],
        json!(["unassigned"])
    );
}

#[test]
fn its_tasks_are_inherited_with_it_alone() {
    let tasks = |byoc: &str| cell(&row(WITH_TASKS, byoc).build(), "keys", "byoc")["tasks"].clone();
    let all = cell(&row(WITH_TASKS, "cloud").build(), "keys", "saas")["tasks"].clone();
    assert_eq!(all.as_array().map(Vec::len), Some(2));
    assert_eq!(tasks("{notes: [More.]}"), all);
    assert_eq!(tasks("{state: unassigned, reason: Other.}"), json!([]));
    assert_eq!(tasks("{state: by-contract}"), json!([]));
}

#[test]
fn two_of_them_have_the_same_owner() {
    let built = row(WITH_TASKS, "{state: unassigned, reason: Other.}").build();
    let said = said(&built, "compare/saas-vs-byoc.html", "compare");
    assert!(said.contains("Same owner"), "{said}");
    let reason: Value = cell(&built, "keys", "byoc")["reason"].clone();
    assert_eq!(reason, "Other.");
}

#[test]
fn a_document_with_a_catch_all_says_both() {
    let site = "schema: 1
document: {catch-all: {text: The rest is yours., party: customer}}
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
";
    let built = row("{state: unassigned, reason: Not yet.}", "provider")
        .with("content/srm.yaml", site)
        .build();
    assert_eq!(built.lines_of("SRM201"), [""; 0]);
    let said = said(&built, "categories/data.html", "category");
    assert!(
        said.contains("Reason: Not yet.") && said.contains("The rest is yours."),
        "{said}"
    );
}
