//! Who owns a row: the badge is a view of the responsible set, and of nothing else.

use crate::harness::matrix::{assert_badge, category_cell, cell, csv_rows, detail};
use crate::harness::projects::{SHARED, THREE_PARTIES, TWO_MODELS, project};
use crate::harness::reader::{grids, parse};

#[test]
fn case_05_customer_only_row() {
    let built = project(TWO_MODELS)
        .rows(&format!(
            "{SHARED}  - id: data
    label: Data entry
    models: {{all: {{responsible: customer, tasks: {{customer: [Enter data.]}}}}}}
"
        ))
        .builds();
    assert_badge(&built, "saas", "data", "customer", "customer", "Customer");
    let page = parse(built.page("models/saas.html"));
    let grid = detail(&page);
    let line = grid.line("Data", "Data entry");
    assert_eq!(line.text(grid.column("Customer")), "Enter data.");
    assert_eq!(line.text(grid.column("Vendor")), "No tasks");
    let summary = &grids(&page, "summary")[0];
    let line = summary.line("Data", "Data entry");
    assert_eq!(line.text(summary.column("Customer")), "Responsible");
    assert_eq!(line.text(summary.column("Vendor")), "Not responsible");
    // The vendor's checklist does not have it.
    assert!(
        !parse(built.page("parties/provider.html"))
            .text()
            .contains("Data entry")
    );
    assert!(
        parse(built.page("parties/customer.html"))
            .text()
            .contains("Enter data.")
    );
}

#[test]
fn case_06_row_with_an_empty_set() {
    for cell in [
        "{responsible: [], tasks: {customer: [Use it.]}}",
        "{tasks: {customer: [Use it.]}}",
    ] {
        let built = project(TWO_MODELS)
            .rows(&format!(
                "{SHARED}  - id: gap
    label: Gap
    models:
      all: {cell}
"
            ))
            .fails_with(&["SRM201"]);
        assert!(built.outcome.failed, "{cell}");
        let lines = built.lines_of("SRM201");
        assert_eq!(
            lines,
            [
                "content/categories/data.yaml:12:7 error[SRM201] no party is responsible in this cell"
            ],
        );
    }
}

#[test]
fn case_07_not_applicable_in_one_model_and_shared_in_another() {
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: hardware
    label: Hardware
    models:
      saas: {state: not-applicable, reason: There is none.}
      byoc: {responsible: [customer, provider], tasks: {customer: [Buy it.], provider: [Size it.]}}
",
        )
        .builds_with(&["SRM204 note"]);
    assert_badge(
        &built,
        "saas",
        "hardware",
        "not-applicable",
        "",
        "Not applicable",
    );
    assert_badge(
        &built,
        "byoc",
        "hardware",
        "shared",
        "customer provider",
        "Shared Customer + Vendor",
    );
    assert_eq!(
        category_cell(&built, "Hardware", "SaaS", "Owner"),
        "Not applicable Reason: There is none."
    );
    assert_eq!(
        category_cell(&built, "Hardware", "SaaS", "Customer"),
        "Not applicable"
    );
    let page = parse(built.page("models/saas.html"));
    assert!(
        page.by_id("hardware")
            .unwrap()
            .text()
            .contains("Reason: There is none.")
    );
    // n/a is an owner of its own: this row moves, it does not stay.
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "compare")[0];
    assert_eq!(
        grid.line("Owner changes", "Hardware")
            .tr
            .attr("data-change"),
        Some("moved")
    );
    let lines = csv_rows(&built, "hardware");
    assert_eq!(lines.len(), 3);
    assert_eq!(
        [
            "model",
            "party",
            "badge",
            "responsible",
            "task text",
            "note"
        ]
        .map(|k| lines[0][k].as_str()),
        ["SaaS", "", "Not applicable", "", "", "There is none."]
    );
    // Without a reason readers cannot tell it from a forgotten cell.
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: x
    label: X
    models: {all: {state: not-applicable}}
",
        )
        .builds_with(&["SRM207", "SRM210"]);
    assert_eq!(built.lines_of("SRM207").len(), 1, "{:?}", built.lines());
}

#[test]
fn case_08_three_parties_and_no_customer_in_the_set() {
    let built = project(THREE_PARTIES)
        .rows(
            "\
  - {id: all-three, label: All three, models: {all: {responsible: [cloud, provider, customer]}}}
  - {id: two, label: Two, models: {all: {responsible: [cloud, provider]}}}
  - {id: third, label: Third, models: {all: {responsible: cloud, accountable: provider}}}
  - {id: with-third, label: With third, models: {all: {responsible: [customer, cloud]}}}
",
        )
        .builds();
    assert_badge(
        &built,
        "saas",
        "all-three",
        "shared",
        "customer provider cloud",
        "Shared Customer + Vendor + Cloud",
    );
    // The third party is named, and its share is not folded into Provider.
    assert_badge(
        &built,
        "saas",
        "two",
        "provider",
        "provider cloud",
        "Provider Vendor + Cloud",
    );
    assert_badge(&built, "saas", "third", "third-party", "cloud", "Cloud");
    assert_badge(
        &built,
        "saas",
        "with-third",
        "shared",
        "customer cloud",
        "Shared Customer + Cloud",
    );
    assert!(category_cell(&built, "Third", "SaaS", "Owner").contains("Accountable: Vendor"));
    let page = parse(built.page("parties/cloud.html"));
    assert_eq!(grids(&page, "checklist")[0].lines.len(), 4);
    let names: Vec<String> = csv_rows(&built, "third")
        .iter()
        .map(|r| r["badge"].clone())
        .collect();
    assert_eq!(names, ["Cloud", "Cloud"]);
    assert!(
        built
            .page("models/saas.md")
            .contains("| **Cloud** <br />*Accountable:* Vendor |")
    );
    assert!(
        built
            .page("models/saas.md")
            .contains("| **Provider (Vendor + Cloud)** |")
    );
}

#[test]
fn case_08_five_parties_and_no_customer_anywhere() {
    let built = project(TWO_MODELS)
        .parties(
            "\
  - {id: a, kind: provider, label: Alpha}
  - {id: b, kind: provider, label: Beta}
  - {id: c, kind: third-party, label: Gamma}
  - {id: d, kind: third-party, label: Delta}
  - {id: e, kind: third-party, label: Epsilon}
",
        )
        .rows(
            "\
  - id: five
    label: Five
    models:
      all: {responsible: [e, d, c, b, a], tasks: {a: [A.], b: [B.], c: [C.], d: [D.], e: [E.]}}
  - {id: vendors, label: Vendors, models: {all: {responsible: [a, b], tasks: {a: [A.], b: [B.]}}}}
  - {id: thirds, label: Thirds, models: {all: {responsible: [e, c], tasks: {c: [C.], e: [E.]}}}}
",
        )
        .builds();
    assert_badge(
        &built,
        "saas",
        "five",
        "provider",
        "a b c d e",
        "Provider Alpha + Beta + Gamma + Delta + Epsilon",
    );
    assert_badge(
        &built,
        "saas",
        "vendors",
        "provider",
        "a b",
        "Provider Alpha + Beta",
    );
    assert_badge(
        &built,
        "saas",
        "thirds",
        "third-party",
        "c e",
        "Gamma + Epsilon",
    );
    let page = parse(built.page("models/saas.html"));
    let grid = detail(&page);
    assert_eq!(
        grid.header[2..],
        ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]
    );
    let five: Vec<String> = (2..7).map(|c| grid.line("Data", "Five").text(c)).collect();
    assert_eq!(five, ["A.", "B.", "C.", "D.", "E."]);
    for party in ["a", "b", "c", "d", "e"] {
        assert!(built.files.contains_key(&format!("parties/{party}.html")));
    }
    // Nothing anywhere says the customer has a part in it.
    for (path, bytes) in &built.files {
        if path.ends_with(".html") && path != "404.html" {
            assert!(
                !String::from_utf8_lossy(bytes).contains("data-owner=\"customer\""),
                "{path}"
            );
        }
    }
}

#[test]
fn case_15_conditional_owner_and_scope_per_party() {
    let built = project(THREE_PARTIES)
        .rows(
            "\
  - id: x
    label: X
    models:
      all:
        responsible: [customer, provider]
        tasks: {customer: [Use it.], provider: [Run it.]}
        scope: {customer: The network inside the VPC., provider: The control plane.}
        conditional: {cloud: Only with *managed* keys.}
  - id: y
    label: Y
    models:
      all: {responsible: [customer, provider], tasks: {customer: [Use.], provider: [Run.]}}
",
        )
        .builds();
    for model in ["saas", "byoc"] {
        // A mark, and no change of the owner.
        assert_badge(
            &built,
            model,
            "x",
            "shared",
            "customer provider",
            "Shared Customer + Vendor",
        );
        assert_badge(
            &built,
            model,
            "y",
            "shared",
            "customer provider",
            "Shared Customer + Vendor",
        );
        let page = parse(built.page(&format!("models/{model}.html")));
        let text = page.by_id("x").unwrap().text();
        assert!(
            text.contains("Scope: The network inside the VPC. Use it."),
            "{text}"
        );
        assert!(text.contains("Scope: The control plane. Run it."), "{text}");
        // The mark is explained where it stands: who, and on what condition.
        assert!(text.contains("Only with managed keys."), "{text}");
        assert!(page.text().contains("Cloud"), "the party is named");
    }
    let page = parse(built.page("categories/data.html"));
    assert!(page.text().contains("Only with managed keys."));
    assert!(
        built
            .page("models/saas.md")
            .contains("Only with *managed* keys.")
    );
    assert_eq!(
        cell(&built, "x", "saas")["conditional"][0]["party"],
        "cloud"
    );
}

#[test]
fn case_16_responsible_and_accountable_are_different_parties() {
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: apart
    label: Apart
    models:
      all:
        responsible: customer
        accountable: provider
        consulted: [customer, provider]
        informed: provider
        supports: provider
        tasks: {customer: [Do it.]}
  - id: both
    label: Both letters
    models:
      all: {responsible: provider, accountable: provider, tasks: {provider: [Do it.]}}
",
        )
        .builds();
    assert_badge(&built, "saas", "apart", "customer", "customer", "Customer");
    assert_badge(
        &built,
        "saas",
        "both",
        "provider",
        "provider",
        "Provider Vendor",
    );
    let page = parse(built.page("models/saas.html"));
    let roles: Vec<String> = page
        .by_id("apart")
        .unwrap()
        .all(&|e| e.attr("data-kind") == Some("role"))
        .iter()
        .map(|r| r.text())
        .collect();
    assert_eq!(
        roles,
        [
            "Accountable: Vendor",
            "Consulted: Customer, Vendor",
            "Informed: Vendor",
            "Supports: Vendor"
        ]
    );
    assert!(
        page.by_id("both")
            .unwrap()
            .text()
            .contains("Accountable: Vendor")
    );
    // An accountable party without tasks owes no explanation.
    assert!(built.lines_of("SRM203").is_empty());
    let roles = &cell(&built, "apart", "saas")["roles"];
    assert_eq!(
        (&roles[0]["role"], &roles[0]["parties"][0]),
        (&"accountable".into(), &"provider".into())
    );
}

#[test]
fn case_17_letter_codes_that_collide() {
    // C is the customer here, consulted and contributor elsewhere; A is a
    // vendor here and accountable elsewhere.
    let built = project(TWO_MODELS)
        .parties(
            "\
  - {id: c, kind: customer, label: C}
  - {id: a, kind: provider, label: A}
",
        )
        .rows(
            "\
  - id: x
    label: X
    models:
      all:
        responsible: a
        accountable: a
        consulted: c
        summary: {c: C, a: A}
        tasks: {a: [Do it.]}
",
        )
        .builds();
    assert_badge(&built, "saas", "x", "provider", "a", "Provider A");
    let page = parse(built.page("models/saas.html"));
    let text = page.by_id("x").unwrap().text();
    // Roles are words, so no reader has to guess what a letter means.
    assert!(
        text.contains("Accountable: A") && text.contains("Consulted: C"),
        "{text}"
    );
    let grid = &grids(&page, "summary")[0];
    let line = grid.line("Data", "X");
    assert_eq!((line.text(3).as_str(), line.text(4).as_str()), ("C", "A"));
}

#[test]
fn case_25_by_contract_cell() {
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: x
    label: X
    models:
      saas: {state: by-contract, reason: See the statement of work.}
      byoc: {state: by-contract}
",
        )
        .builds_with(&["SRM210"]);
    for model in ["saas", "byoc"] {
        assert_badge(&built, model, "x", "by-agreement", "", "By agreement");
    }
    assert_eq!(
        category_cell(&built, "X", "SaaS", "Owner"),
        "By agreement Reason: See the statement of work."
    );
    // Reasons do not make two agreements two owners; and it is not n/a.
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    assert_eq!(
        grids(&page, "compare")[0].lines[0].tr.attr("data-change"),
        Some("same")
    );
    assert_eq!(csv_rows(&built, "x")[0]["badge"], "By agreement");
    assert!(
        !built
            .page("categories/data.html")
            .contains("Not applicable")
    );
    // A state and a responsible set exclude each other.
    let built = project(TWO_MODELS)
        .rows("  - {id: x, label: X, models: {all: {state: by-contract, responsible: customer}}}\n")
        .fails_with(&["SRM206", "SRM210"]);
    assert_eq!(built.lines_of("SRM206").len(), 1, "{:?}", built.lines());
}

/// Roles, conditions, summaries, scopes and other people's tasks: none of
/// them moves a badge.
#[test]
fn nothing_but_the_responsible_set_moves_the_badge() {
    let base = "responsible: provider";
    let variants = [
        "",
        ", accountable: customer",
        ", consulted: customer",
        ", informed: [customer, cloud]",
        ", supports: customer",
        ", summary: {customer: ✅, provider: ❌}",
        ", scope: {customer: All of it.}",
        ", tasks: {customer: [Do it all.]}",
        ", cadence: daily",
        ", notes: [The customer is responsible.]",
    ];
    let list: String = variants
        .iter()
        .enumerate()
        .map(|(n, more)| {
            format!(
                "  - {{id: r{n}, label: Shared Customer {n}, models: {{all: {{{base}{more}}}}}}}\n"
            )
        })
        .collect();
    let built = project(THREE_PARTIES).rows(&list).builds_with(&[
        "SRM202",
        "SRM203",
        "SRM204 note",
        "SRM205",
        "SRM223",
    ]);
    for n in 0..variants.len() {
        assert_badge(
            &built,
            "saas",
            &format!("r{n}"),
            "provider",
            "provider",
            "Provider Vendor",
        );
    }
}
