//! Terms in each kind of table: what a cell says is said wherever its row is.

use crate::harness::Folder;
use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::parse;

/// One row. In SaaS, others than the owner take part; in BYOC, the owner stays on other
/// terms.
fn rows() -> Project {
    project(THREE_PARTIES).rows(
        "  - id: keys
    label: Keys
    notes: [The *row's* note.]
    models:
      saas:
        responsible: provider
        accountable: customer
        consulted: cloud
        scope: {provider: the Azure part}
        conditional: {cloud: when *delegated*}
        cadence: every year
        notes: [A note of SaaS.]
        tasks: {provider: [Do it.], cloud: [Help.]}
      byoc:
        responsible: provider
        conditional: {provider: with own keys}
        tasks: {provider: [Do it.]}
  - id: logs
    label: Logs
    models:
      all: {responsible: provider, tasks: {provider: [Read.]}}
",
    )
}

fn table(folder: &Folder, request: &[&str]) -> String {
    let run = folder.run(&[&["table"], request].concat());
    run.code(0).stdout.clone()
}

#[test]
fn a_summary_says_how_each_party_takes_part() {
    let folder = rows().on_disk();
    let saas = table(
        &folder,
        &[
            "summary",
            "model=saas",
            "row=keys",
            "columns=owner,provider,cloud",
        ],
    );
    let line = "| **Provider (Vendor)** <br />*Accountable:* Customer <br />*Consulted:* Cloud \
                <br />*How often:* every year <br />*Note:* A note of SaaS. | Responsible: the Azure part | On a condition: when *delegated* |";
    assert!(saas.contains(line), "{saas}");
    let byoc = table(
        &folder,
        &["summary", "model=byoc", "row=keys", "columns=provider"],
    );
    assert!(
        byoc.contains("| Responsible <br />On a condition: with own keys |"),
        "{byoc}"
    );
}

#[test]
fn the_words_of_a_summary_hide_no_term() {
    let cell = "{responsible: provider, summary: {provider: We do, cloud: Perhaps},
             scope: {provider: half}, conditional: {cloud: if asked}}";
    let rows = format!("  - {{id: keys, label: Keys, models: {{all: {cell}}}}}\n");
    let folder = project(THREE_PARTIES).rows(&rows).on_disk();
    let summary = table(
        &folder,
        &["summary", "model=saas", "columns=provider,cloud"],
    );
    assert!(
        summary.contains("| We do <br />*Scope:* half | Perhaps <br />On a condition: if asked |"),
        "{summary}"
    );
}

#[test]
fn tables_without_columns_of_parties_name_them() {
    let folder = rows().on_disk();
    for (kind, columns) in [
        ("matrix", "columns=saas,byoc"),
        ("compare", "columns=saas,byoc"),
    ] {
        let text = table(&folder, &[kind, "row=keys", columns]);
        let saas = "**Provider (Vendor)** <br />*Scope (Vendor):* the Azure part \
                    <br />*Condition (Cloud):* when *delegated* <br />*Accountable:* Customer \
                    <br />*Consulted:* Cloud <br />*How often:* every year \
                    <br />*Note:* A note of SaaS. |";
        let byoc = "**Provider (Vendor), on a condition** \
                    <br />*Condition (Vendor):* with own keys |";
        assert!(text.contains(saas) && text.contains(byoc), "{kind}: {text}");
    }
}

/// The filter is there where a row keeps its owner on other terms, and only there.
#[test]
fn a_comparison_can_be_filtered_by_other_terms() {
    let path = "compare/saas-vs-byoc.html";
    let has_filter = |page: &str| page.contains("<option value=\"terms\">");
    let built = rows().build();
    let page = built.page(path);
    assert!(
        has_filter(page) && page.contains("data-change=\"terms\""),
        "{page}"
    );
    let same = project(THREE_PARTIES).builds();
    assert!(!has_filter(same.page(path)));
}

#[test]
fn a_comparison_says_that_terms_differ() {
    let folder = rows().on_disk();
    let compare = table(&folder, &["compare", "columns=tasks"]);
    assert!(
        compare.contains("| Keys | 1 of 2 tasks the same <br />On other terms |"),
        "{compare}"
    );
    assert!(compare.contains("| Logs | Same tasks |"), "{compare}");
    let terms = table(&folder, &["compare", "change=terms"]);
    assert!(terms.contains("Keys") && !terms.contains("Logs"), "{terms}");
    let same = table(&folder, &["compare", "change=same"]);
    assert!(same.contains("Keys") && same.contains("Logs"), "{same}");
    let built = rows().build();
    for page in [
        "compare/index.html",
        "compare/saas-vs-byoc.html",
        "index.html",
    ] {
        let text = parse(built.page(page)).text();
        let words = "keep their owner, 1 of them on other terms";
        assert!(text.contains(words), "{page}: {text}");
    }
}

#[test]
fn tasks_side_by_side_have_terms_and_remarks() {
    let folder = rows().on_disk();
    let tasks = table(&folder, &["tasks", "row=keys"]);
    for part in [
        "SaaS <br />*Accountable:* Customer <br />*Consulted:* Cloud <br />*How often:* every year \
         <br />*Note:* A note of SaaS.",
        "*Note:* The *row's* note.",
        "| *Scope:* the Azure part <br />• Do it. *(same in both)* \
         | *Condition:* with own keys <br />• Do it. *(same in both)* |",
        "| Cloud | *Condition:* when *delegated* <br />• Help. *(only here)* |",
    ] {
        assert!(tasks.contains(part), "{part}\n{tasks}");
    }
}

/// A party that is left out looks free.
#[test]
fn tasks_side_by_side_name_each_responsible_party() {
    let rows = "  - {id: keys, label: Keys, models: {all: {responsible: [customer, provider], tasks: {provider: [Do it.]}}, byoc: {responsible: [provider, cloud]}}}
  - {id: logs, label: Logs, models: {all: {responsible: [customer, provider]}}}
  - {id: half, label: Half, models: {all: {responsible: [customer, provider], scope: {provider: half}}}}
";
    let folder = project(THREE_PARTIES).rows(rows).on_disk();
    let of = |row: &str| table(&folder, &["tasks", row]);
    let (keys, none) = (of("row=keys"), "Responsible; no tasks listed");
    for line in [
        format!("Customer | {none} | No tasks |"),
        "Vendor | • Do it. *(same in both)* | • Do it. *(same in both)* |".to_string(),
        format!("Cloud | No tasks | {none} |"),
    ] {
        assert!(keys.contains(&line), "{line}\n{keys}");
    }
    assert!(
        of("row=logs").contains("All parties | No tasks listed | No tasks listed |"),
        "{}",
        of("row=logs")
    );
    let half = format!("Customer | {none} | {none} |");
    assert!(of("row=half").contains(&half), "{}", of("row=half"));
}

#[test]
fn checklists_say_the_terms_of_other_parties() {
    let folder = rows().on_disk();
    let list = table(
        &folder,
        &["checklist", "party=provider", "model=saas", "row=keys"],
    );
    for part in [
        "    - **Provider (Vendor)**\n    - *Condition (Cloud):* when *delegated*\n",
        "    - *Scope:* the Azure part\n    - [ ] Do it.\n",
    ] {
        assert!(list.contains(part), "{part}\n{list}");
    }
    assert!(!list.contains("Scope (Vendor)"), "{list}");
    let built = rows().build();
    let page = |party: &str| parse(built.page(&format!("parties/{party}.html"))).text();
    assert!(page("cloud").contains("Scope (Vendor): the Azure part"));
    assert!(page("provider").contains("Condition (Cloud): when delegated"));
}

/// In the order of the document, as in badges: which one is written first says nothing.
#[test]
fn parties_with_a_role_have_one_order() {
    let rows = "  - {id: keys, label: Keys, models: {all: {responsible: provider, accountable: [provider, customer]}, byoc: {accountable: [customer, provider]}}}
";
    let built = project(THREE_PARTIES).rows(rows).build();
    assert_eq!(built.lines_of("SRM225"), [""; 0]);
    let page = parse(built.page("models/saas.html")).text();
    assert!(page.contains("Accountable: Customer, Vendor"), "{page}");
    let data = built.page("data/responsibilities.json");
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    let cells = &data["categories"][0]["rows"][0]["cells"];
    assert_eq!(cells[0]["roles"], cells[1]["roles"]);
}

/// A contradiction that is known is known to the one who ticks tasks, too.
#[test]
fn a_checklist_has_notes_and_known_contradictions() {
    let rows = "  - id: keys
    label: Keys
    notes: [A note of the row.]
    models:
      all:
        responsible: provider
        notes: [A note of the cell.]
        tasks: {customer: [Watch.], provider: [Do it.]}
        acknowledge: {SRM202: The vendor says both.}
";
    let folder = project(THREE_PARTIES).rows(rows).on_disk();
    let list = table(&folder, &["checklist", "party=customer", "model=saas"]);
    for part in [
        "    - *Note:* A note of the cell.\n",
        "    - *Note:* A note of the row.\n",
        "    - *Known contradiction:* The vendor says both.\n",
        "    - [ ] Watch.\n",
    ] {
        assert!(list.contains(part), "{part}\n{list}");
    }
}

#[test]
fn one_state_has_two_words() {
    let rows =
        |state: &str| format!("  - {{id: x, label: X, models: {{all: {{state: {state}}}}}}}\n");
    let [contract, agreement] = ["by-contract", "by-agreement"].map(|state| {
        let folder = project(THREE_PARTIES).rows(&rows(state)).on_disk();
        let by = |owner: &str| table(&folder, &["summary", "model=saas", owner]);
        let asked = [by("owner=by-contract"), by("owner=by-agreement")];
        assert_eq!(asked[0], asked[1]);
        assert!(asked[0].contains("By agreement"), "{}", asked[0]);
        asked[0].clone()
    });
    assert_eq!(contract, agreement);
}
