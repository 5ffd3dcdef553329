//! Cells that are only their owners.

use serde_json::Value;

use crate::harness::projects::{THREE_PARTIES, project};

/// The cells of the rows, as the data file has them.
fn cells(rows: &str) -> Value {
    let built = project(THREE_PARTIES).rows(rows).build();
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let rows = data["categories"][0]["rows"].as_array().unwrap();
    rows.iter().map(|row| row["cells"].clone()).collect()
}

#[test]
fn an_owner_alone_is_a_cell() {
    for (short, long) in [
        ("customer", "{responsible: customer}"),
        (
            "[customer, provider]",
            "{responsible: [customer, provider]}",
        ),
        ("not-applicable", "{state: not-applicable}"),
        ("by-contract", "{state: by-contract}"),
        ("by-agreement", "{state: by-agreement}"),
        ("not-listed", "{state: not-listed}"),
    ] {
        let all = "all: {responsible: provider, cadence: daily, tasks: {provider: [Do it.]}}";
        let rows =
            |cell: &str| format!("  - {{id: a, label: A, models: {{{all}, byoc: {cell}}}}}\n");
        assert_eq!(cells(&rows(short)), cells(&rows(long)), "{short}");
    }
    let rows = |cell: &str| format!("  - {{id: a, label: A, models: {{all: {cell}}}}}\n");
    assert_eq!(cells(&rows("cloud")), cells(&rows("{responsible: cloud}")));
}

#[test]
fn mistakes_in_a_short_cell_are_at_their_words() {
    let rows = "  - {id: a, label: A, models: {all: custmer, byoc: [customer, provder]}}\n";
    let built = project(THREE_PARTIES).rows(rows).build();
    let lines = built.lines_of("SRM104");
    assert_eq!(lines.len(), 2, "{:?}", built.lines());
    assert!(
        lines[0].starts_with("content/categories/data.yaml:3:37"),
        "{lines:?}"
    );
    let rows = "  - {id: a, label: A, models: {all: []}}\n";
    let built = project(THREE_PARTIES).rows(rows).build();
    assert_eq!(built.lines_of("SRM201").len(), 1, "{:?}", built.lines());
}

#[test]
fn models_share_a_cell_by_a_key_with_commas() {
    let shared = "  - {id: a, label: A, models: {\"saas, byoc\": {responsible: cloud, tasks: {cloud: [Do it.]}}}}\n";
    let each = "  - {id: a, label: A, models: {saas: {responsible: cloud, tasks: {cloud: [Do it.]}}, byoc: {responsible: cloud, tasks: {cloud: [Do it.]}}}}\n";
    assert_eq!(cells(shared), cells(each));
    let over = "  - {id: a, label: A, models: {all: {responsible: cloud, cadence: daily}, \"saas,byoc\": customer}}\n";
    let found = cells(over);
    for model in [0, 1] {
        assert_eq!(found[0][model]["cadence"], "daily");
        assert_eq!(found[0][model]["responsible"][0], "customer");
    }
    // A model that two keys name, and one that there is not.
    let rows = "  - {id: a, label: A, models: {\"saas, byoc\": customer, \"byoc, sass\": cloud}}\n";
    let built = project(THREE_PARTIES).rows(rows).build();
    let twice = built.lines_of("SRM005");
    assert!(twice[0].contains(":3:57 "), "{:?}", built.lines());
    assert!(
        twice[0].contains("the model `byoc` has two cells"),
        "{twice:?}"
    );
    let unknown = built.lines_of("SRM104");
    assert!(unknown[0].contains(":3:63 "), "{unknown:?}");
}

#[test]
fn a_list_as_a_key_is_explained() {
    let rows = "  - id: a\n    label: A\n    models:\n      [saas, byoc]: customer\n";
    let built = project(THREE_PARTIES).rows(rows).build();
    let findings = &built.findings().list;
    let finding = findings.iter().find(|f| f.message.contains("plain text"));
    assert_eq!(
        finding.unwrap().help[0],
        "write several ids in quotes: `\"saas, byoc\":`"
    );
}

#[test]
fn a_misspelt_state_is_no_unknown_party() {
    for (word, near) in [
        ("not-aplicable", "not-applicable"),
        ("by-contrakt", "by-contract"),
    ] {
        let rows = format!("  - {{id: a, label: A, models: {{all: customer, byoc: {word}}}}}\n");
        let built = project(THREE_PARTIES).rows(&rows).build();
        let findings = built.findings().list.iter();
        let errors: Vec<_> = findings.filter(|f| f.code.id() != "SRM210").collect();
        assert_eq!(errors.len(), 1, "{:?}", built.lines());
        assert_eq!(errors[0].help[0], format!("did you mean `{near}`?"));
    }
    // What is nearly a party is one.
    let rows = "  - {id: a, label: A, models: {all: custmer}}\n";
    let built = project(THREE_PARTIES).rows(rows).build();
    assert!(built.lines_of("SRM104")[0].contains("no party `custmer`"));
}
