//! The CSV of the data: the columns after those that are promised.

use std::collections::HashMap;

use crate::harness::projects::{THREE_PARTIES, project};
use crate::harness::reader::csv_maps;

const SITE: &str = "\
schema: 1
document: {version: \"1\", effective: 2025-01-01}
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
  - {id: cloud, kind: third-party, label: Cloud}
areas:
  - {id: net, label: Network}
  - {id: data, label: Data}
roles:
  V: {id: verifies, label: Verifies}
frameworks:
  - {id: soc2, label: SOC 2}
fields:
  - {id: class, label: Class, kind: text}
";

const ROWS: &str = "  - id: keys
    label: Keys
    group: Secrets
    models:
      saas:
        roles: {provider: R A, cloud: A V}
        conditional: {cloud: when delegated, customer: if asked}
        scope: {provider: the service}
        summary: {customer: Nothing}
        cadence: weekly
        controls: {soc2: CC6.1}
        fields: {class: gold}
        tasks: {provider: [One., Two.]}
      byoc: {state: unassigned, reason: Nobody yet.}
  - id: backup
    label: Backup
    models:
      all:
        areas:
          net: {responsible: provider, scope: {provider: half}}
          data: [customer, cloud]
  - id: exit
    label: Exit
    notes: [\"Of the row.\"]
    models:
      all:
        areas:
          net: {state: not-applicable, reason: No network.}
          data: {state: by-contract, reason: As agreed., notes: [\"First.\\n\\nMore.\", Second.]}
";

fn lines() -> Vec<HashMap<String, String>> {
    let built = project(THREE_PARTIES)
        .with("content/srm.yaml", SITE)
        .with(
            "content/models/byoc.md",
            "---\nlabel: BYOC\norder: 2\nversion: \"7\"\n---\nText.\n",
        )
        .with(
            "content/categories/data.yaml",
            format!("label: Data\nconditional: {{cloud: if bought}}\nrows:\n{ROWS}"),
        )
        .build();
    assert!(!built.outcome.failed, "{:?}", built.lines());
    csv_maps(built.page("data/responsibilities.csv"))
}

#[test]
fn each_line_of_a_cell_says_all_that_is_beside_its_owner() {
    let lines = lines();
    let of_cell =
        |line: &&HashMap<String, String>| line["row id"] == "keys" && line["model id"] == "saas";
    let of_cell: Vec<_> = lines.iter().filter(of_cell).collect();
    let tasks: Vec<&str> = of_cell.iter().map(|line| &*line["task text"]).collect();
    assert_eq!(tasks, ["One.", "Two."]);
    for line in of_cell {
        for (column, value) in [
            ("category id", "data"),
            ("party id", "provider"),
            ("owner", "provider"),
            ("area", ""),
            ("group", "Secrets"),
            ("roles", "accountable: provider, cloud\nverifies: cloud"),
            (
                "conditions",
                "cloud: if bought\ncustomer: if asked\ncloud: when delegated",
            ),
            ("scopes", "provider: the service"),
            ("cadence", "weekly"),
            ("summary", "customer: Nothing"),
            ("field.class", "gold"),
            ("controls", "SOC 2 CC6.1"),
            ("version", "1"),
        ] {
            assert_eq!(line[column], value, "{column}: {line:?}");
        }
    }
}

#[test]
fn a_cell_without_parties_has_one_line() {
    let lines = lines();
    let of_cell =
        |line: &&HashMap<String, String>| line["row id"] == "keys" && line["model id"] == "byoc";
    let of_cell: Vec<_> = lines.iter().filter(of_cell).collect();
    assert_eq!(of_cell.len(), 1);
    let line = of_cell[0];
    assert_eq!(line["owner"], "unassigned");
    assert_eq!(line["note"], "Nobody yet.");
    assert_eq!(line["version"], "7");
}

#[test]
fn a_divided_cell_has_lines_for_each_area() {
    let lines = lines();
    let of_cell =
        |line: &&HashMap<String, String>| line["row id"] == "backup" && line["model id"] == "saas";
    let found: Vec<[&str; 4]> = lines
        .iter()
        .filter(of_cell)
        .map(|line| ["area", "owner", "party id", "scopes"].map(|column| &*line[column]))
        .collect();
    assert_eq!(
        found,
        [
            ["", "shared", "", ""],
            ["net", "provider", "provider", "provider: half"],
            ["data", "shared", "customer", ""],
            ["data", "shared", "cloud", ""],
        ]
    );
}

/// Each area tells its own reason, and entries of a field can be told apart.
#[test]
fn reasons_and_notes_have_fields_of_their_own() {
    let lines = lines();
    let of_cell =
        |line: &&HashMap<String, String>| line["row id"] == "exit" && line["model id"] == "saas";
    let found: Vec<[&str; 4]> = lines
        .iter()
        .filter(of_cell)
        .map(|line| ["area", "owner", "reason", "notes"].map(|column| &*line[column]))
        .collect();
    assert_eq!(
        found,
        [
            ["", "by-agreement", "", "Of the row."],
            ["net", "not-applicable", "No network.", "Of the row."],
            [
                "data",
                "by-agreement",
                "As agreed.",
                "Of the row.\nFirst. More.\nSecond."
            ],
        ]
    );
}

/// Columns with nothing in them are left out; the promised ones come first.
#[test]
fn columns_are_there_with_their_data_only() {
    let built = project(THREE_PARTIES).builds();
    let text = built.page("data/responsibilities.csv");
    let header = text.lines().next().unwrap();
    assert!(header.starts_with("model,category,row id,row label,party,badge,responsible,"));
    assert!(
        header.ends_with(",version,effective date,model id,category id,party id,owner"),
        "{header}"
    );
}
