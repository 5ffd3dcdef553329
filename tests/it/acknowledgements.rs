//! Findings that an author acknowledges with a reason.

use crate::harness::build;
use crate::harness::projects::{TWO_MODELS, project};

/// A reason answers findings inside the thing it is written at, the narrowest
/// reason first, and nothing outside.
#[test]
fn acknowledgements_at_every_scope() {
    let site = |at: &str| {
        let put = |scope: &str, indent: usize| {
            if at == scope {
                format!(
                    "{}acknowledge: {{SRM311: Because of the {scope}.}}\n",
                    " ".repeat(indent)
                )
            } else {
                String::new()
            }
        };
        let text = format!(
            "//- content/srm.yaml\nschema: 1\nparties:\n  - {{id: customer, kind: customer, label: Customer}}\n{}\
             //- content/models/saas.md\n---\nlabel: SaaS\norder: 1\n{}---\n\
             //- content/models/byoc.md\n---\nlabel: BYOC\norder: 2\n---\n\
             //- content/categories/data.yaml\nlabel: Data\n{}rows:\n  - id: x\n    label: X\n{}    models:\n      saas:\n        \
             responsible: customer\n        tasks: {{customer: [Do one. Do two.]}}\n{}      byoc: {{responsible: customer, tasks: {{customer: [Do three. Do four.]}}}}\n  \
             - id: y\n    label: Y\n    models:\n      saas: {{responsible: customer, tasks: {{customer: [Do one. Do two.]}}}}\n      \
             byoc: {{responsible: customer, tasks: {{customer: [Do three. Do four.]}}}}\n\
             //- content/categories/ops.yaml\nlabel: Ops\nrows:\n  - id: z\n    label: Z\n    models:\n      \
             saas: {{responsible: customer, tasks: {{customer: [Do one. Do two.]}}}}\n      byoc: {{responsible: customer, tasks: {{customer: [Do three. Do four.]}}}}\n",
            put("document", 0),
            put("model", 0),
            put("category", 0),
            put("row", 4),
            put("cell", 8),
        );
        let built = build(&text);
        let mut answered: Vec<String> = built
            .findings()
            .list
            .iter()
            .filter(|f| f.code.id() == "SRM311")
            .filter(|f| f.acknowledged.is_some())
            .map(|f| {
                assert_eq!(
                    f.acknowledged.as_deref(),
                    Some(format!("Because of the {at}.").as_str())
                );
                let subject = &f.subject;
                format!(
                    "{}@{}",
                    subject.row.as_ref().unwrap(),
                    subject.model.as_ref().unwrap()
                )
            })
            .collect();
        assert_eq!(built.lines_of("SRM311").len(), 6);
        assert!(built.lines_of("SRM212").is_empty());
        answered.sort();
        answered
    };
    assert_eq!(site("nowhere"), Vec::<String>::new());
    assert_eq!(site("cell"), ["x@saas"]);
    assert_eq!(site("row"), ["x@byoc", "x@saas"]);
    assert_eq!(site("category"), ["x@byoc", "x@saas", "y@byoc", "y@saas"]);
    assert_eq!(site("model"), ["x@saas", "y@saas", "z@saas"]);
    assert_eq!(site("document").len(), 6);
}

#[test]
fn the_narrowest_acknowledgement_answers_and_an_idle_one_is_reported() {
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: x
    label: X
    acknowledge: {SRM311: At the row.}
    models:
      saas:
        responsible: customer
        tasks: {customer: [One. Two.]}
        acknowledge: {SRM311: At the cell.}
      byoc:
        responsible: customer
        tasks: {customer: [Three. Four.]}
  - id: y
    label: Y
    acknowledge: {SRM313: Nothing to answer.}
    models: {all: {responsible: customer, tasks: {customer: [Five.]}}}
",
        )
        .builds_with(&["SRM210", "SRM212"]);
    let reasons: Vec<&str> = built
        .findings()
        .list
        .iter()
        .filter_map(|f| f.acknowledged.as_deref())
        .collect();
    assert_eq!(reasons, ["At the cell.", "At the row."]);
    assert_eq!(
        built.lines_of("SRM212"),
        ["content/categories/data.yaml:16:19 warning[SRM212] there is no finding SRM313 here"]
    );
}

#[test]
fn errors_cannot_be_acknowledged() {
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: x
    label: X
    acknowledge: {SRM201: We know., SRM999: What.}
    models: {all: {responsible: []}}
",
        )
        .fails_with(&["SRM008", "SRM104", "SRM201"]);
    assert_eq!(built.lines_of("SRM201").len(), 1);
    assert!(
        built
            .lines()
            .iter()
            .any(|l| l.contains("`SRM201` is an error and cannot be acknowledged"))
    );
    assert!(
        built
            .lines()
            .iter()
            .any(|l| l.contains("there is no finding code `SRM999`"))
    );
}
