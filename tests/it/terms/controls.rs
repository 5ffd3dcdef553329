//! Controls of a cell, beside those of its row and of its tasks.

use serde_json::{Value, json};

use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::{grids, parse};

/// A row that is mapped to one control, and a cell of `byoc` over that of `all`.
fn row(all: &str, byoc: &str) -> Project {
    let frameworks =
        "frameworks:\n  - {id: soc2, label: SOC 2}\n  - {id: iso, label: ISO}\nparties:";
    project(THREE_PARTIES)
        .replace("content/srm.yaml", "parties:", frameworks)
        .rows(&format!(
            "  - id: keys
    label: Keys
    controls: {{iso: A.8}}
    models:
      all: {{responsible: [provider, cloud], {all}}}
      byoc: {byoc}
"
        ))
}

fn controls(site: Project) -> [Value; 3] {
    let built = site.build();
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let row = &data["categories"][0]["rows"][0];
    [
        &row["controls"],
        &row["cells"][0]["controls"],
        &row["cells"][1]["controls"],
    ]
    .map(Value::clone)
}

#[test]
fn those_of_a_model_replace_those_of_all() {
    let of_row = json!([{"framework": "iso", "ids": ["A.8"]}]);
    let of_all = json!([{"framework": "soc2", "ids": ["C1", "C2"]}]);
    let all = "controls: {soc2: [C1, C2]}";
    for (byoc, expected) in [
        ("{}", of_all.clone()),
        ("cloud", of_all.clone()),
        (
            "{controls: {iso: A.9}}",
            json!([{"framework": "iso", "ids": ["A.9"]}]),
        ),
        ("{controls: {}}", json!([])),
        ("{state: by-contract}", json!([])),
    ] {
        let expected = [of_row.clone(), of_all.clone(), expected];
        assert_eq!(controls(row(all, byoc)), expected, "{byoc}");
    }
}

#[test]
fn a_comparison_counts_them_as_terms() {
    let same = row("controls: {soc2: [C1, C2]}", "{controls: {soc2: [C2, C1]}}").build();
    let other = row("controls: {soc2: C1}", "{controls: {soc2: C2}}").build();
    let words = |built: &crate::harness::Built| {
        let page = parse(built.page("compare/saas-vs-byoc.html"));
        let grid = &grids(&page, "compare")[0];
        (0..grid.header.len())
            .map(|at| grid.lines[0].text(at))
            .collect::<Vec<_>>()
            .join(";")
    };
    assert!(!words(&same).contains("On other terms"), "{}", words(&same));
    let other = words(&other);
    assert!(other.contains("On other terms"), "{other}");
    assert!(
        other.contains("SOC 2 C1") && other.contains("SOC 2 C2"),
        "{other}"
    );
}

#[test]
fn an_unknown_framework_is_reported_at_its_word() {
    let built = row("controls: {soc: C1}", "{}").build();
    let lines = built.lines_of("SRM104");
    assert!(
        lines[0].starts_with("content/categories/data.yaml:7:56"),
        "{lines:?}"
    );
}
