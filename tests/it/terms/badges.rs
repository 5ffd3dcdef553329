//! Terms and the badge: they never change whose it is.

use crate::harness::matrix::assert_badge;
use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::parse;

fn row(cell: &str) -> Project {
    project(THREE_PARTIES).rows(&format!(
        "  - {{id: keys, label: Keys, models: {{all: {cell}}}}}\n"
    ))
}

/// The word beside a badge on the page of a model.
fn conditional(project: Project) -> bool {
    let built = project.build();
    let page = parse(built.page("models/saas.html"));
    !page
        .all(&|e| e.has_class("srm-badge-conditional"))
        .is_empty()
}

#[test]
fn a_condition_of_another_party_leaves_the_badge_plain() {
    for (conditional_party, expected) in [("cloud", false), ("customer", true)] {
        let cell = format!(
            "{{responsible: customer, conditional: {{{conditional_party}: when delegated}}}}"
        );
        assert_eq!(conditional(row(&cell)), expected, "{cell}");
    }
}

#[test]
fn parties_of_the_customers_kind_are_one_side() {
    let parties = "  - {id: customer, kind: customer, label: Customer}
  - {id: partner, kind: customer, label: Partner}
  - {id: provider, kind: provider, label: Vendor}
  - {id: cloud, kind: third-party, label: Cloud}
";
    for (responsible, owner, ids, text) in [
        (
            "[customer, partner]",
            "customer",
            "customer partner",
            "Customer Customer + Partner",
        ),
        ("partner", "customer", "partner", "Customer Partner"),
        (
            "[partner, cloud]",
            "shared",
            "partner cloud",
            "Shared Partner + Cloud",
        ),
        (
            "[partner, provider]",
            "shared",
            "partner provider",
            "Shared Partner + Vendor",
        ),
    ] {
        let built = row(&format!("{{responsible: {responsible}}}"))
            .parties(parties)
            .build();
        assert_badge(&built, "saas", "keys", owner, ids, text);
    }
}

#[test]
fn who_takes_part_may_have_tasks() {
    for key in [
        "conditional: {cloud: when delegated}",
        "accountable: cloud",
        "supports: cloud",
    ] {
        let tasks = "tasks: {customer: [Do it.], cloud: [Help.]}";
        let built = row(&format!("{{responsible: customer, {key}, {tasks}}}")).build();
        assert_eq!(built.lines_of("SRM202"), [""; 0], "{key}");
    }
    for key in [
        "consulted: cloud",
        "informed: cloud",
        "scope: {cloud: half}",
    ] {
        let tasks = "tasks: {customer: [Do it.], cloud: [Help.]}";
        let built = row(&format!("{{responsible: customer, {key}, {tasks}}}")).build();
        assert!(!built.lines_of("SRM202").is_empty(), "{key}");
    }
}
