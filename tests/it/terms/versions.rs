//! The version of a model, in place of the document's.

use serde_json::{Value, json};

use crate::harness::projects::{Project, TWO_MODELS, project};
use crate::harness::reader::{Element, parse};

/// A document with a version, and a model with keys of its own.
fn site(keys: &str) -> Project {
    let document = "document: {version: '2.1', effective: 2025-06-01}\nschema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
";
    project(TWO_MODELS)
        .with("content/srm.yaml", document)
        .replace(
            "content/models/byoc.md",
            "order: 2",
            &format!("order: 2\n{keys}"),
        )
}

/// The version and the first day in the foot of a page.
fn foot(page: &Element) -> Vec<String> {
    let foot = page.one("foot", &|e| e.tag == "footer");
    foot.all(&|e| e.tag == "dd")
        .iter()
        .map(|dd| dd.text())
        .collect()
}

#[test]
fn a_model_has_its_own_version() {
    let built = site("version: '3'\neffective: 2025-07-08").builds();
    let page = parse(built.page("models/byoc.html"));
    assert_eq!(foot(&page), ["3", "2025-07-08"]);
    let text = page.text();
    assert!(
        !text.contains("2.1") && !text.contains("2025-06-01"),
        "{text}"
    );
    for path in [
        "models/saas.html",
        "index.html",
        "compare/saas-vs-byoc.html",
    ] {
        assert_eq!(
            foot(&parse(built.page(path))),
            ["2.1", "2025-06-01"],
            "{path}"
        );
    }
    let twin = built.page("models/byoc.md");
    assert!(
        twin.contains("- Version: 3\n- In force from: 2025-07-08\n"),
        "{twin}"
    );
    assert!(!built.page("models/saas.md").contains("Version:"));
    let print = parse(built.page("print.html"));
    let section = print.by_id("srm-model-byoc").unwrap().text();
    assert!(section.contains("2025-07-08"), "{section}");
    assert!(
        built
            .page("search/index.js")
            .contains("In force from: 2025-07-08")
    );
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let of = |at: usize| {
        [
            &data["models"][at]["version"],
            &data["models"][at]["effective"],
        ]
    };
    assert_eq!(of(0), [&Value::Null, &Value::Null]);
    assert_eq!(of(1), [&json!("3"), &json!("2025-07-08")]);
}

#[test]
fn what_a_model_leaves_out_is_that_of_the_document() {
    let built = site("version: '3'").builds();
    assert_eq!(
        foot(&parse(built.page("models/byoc.html"))),
        ["3", "2025-06-01"]
    );
}

#[test]
fn a_model_of_the_future_is_reported_at_its_date() {
    let folder = site("effective: 2999-01-01").on_disk();
    let run = folder.run(&["check", "--format", "short"]);
    let said = &run.code(0).stderr;
    let expected =
        "content/models/byoc.md:4:12: note[SRM314]: the model `byoc` takes effect on 2999-01-01";
    assert!(said.contains(expected), "{said}");
}
