//! Deployment models: one alone, five, and rows and categories that only some list.

use crate::harness::matrix::{assert_badge, category_cell, cell, csv_rows, detail, json};
use crate::harness::projects::{FIVE_MODELS_FIVE_PARTIES, ONE_MODEL, SHARED, TWO_MODELS, project};
use crate::harness::reader::{badges, grids, markdown_tables, parse};

#[test]
fn case_01_row_only_in_one_model() {
    let row = |only: &str| {
        format!(
            "{SHARED}  - id: cloud-account\n    label: Cloud account\n{only}    models:\n      \
             byoc: {{responsible: [customer, provider], tasks: {{customer: [Pay.], provider: [Guide.]}}}}\n"
        )
    };
    let built = project(TWO_MODELS).rows(&row("")).builds_with(&["SRM208"]);
    let lines = built.lines_of("SRM208");
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].ends_with("row `cloud-account` is not listed in `saas`"),
        "{lines:?}"
    );
    let finding = built
        .findings()
        .list
        .iter()
        .find(|f| f.code.id() == "SRM208")
        .unwrap();
    assert_eq!(
        finding.help[0],
        "if that is intended, write `only-in: [byoc]`"
    );

    let built = project(TWO_MODELS)
        .rows(&row(
            "    only-in: {models: byoc, reason: No account is needed.}\n",
        ))
        .builds();
    let page = parse(built.page("categories/data.html"));
    let grid = &grids(&page, "category")[0];
    let line = grid.line("Cloud account", "SaaS");
    let words = ("not-listed".into(), String::new(), "Not listed".into());
    assert_eq!(badges(line.cells[2])[0], words);
    assert_eq!(line.text(2), "Not listed Reason: No account is needed.");
    assert_eq!(line.text(grid.column("Customer")), "Not listed");
    assert_eq!(line.text(grid.column("Vendor")), "Not listed");
    let page = parse(built.page("compare/index.html"));
    let grid = &grids(&page, "matrix")[0];
    assert_eq!(
        badges(grid.line("Data", "Cloud account").cells[2])[0],
        words
    );
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "compare")[0];
    let line = grid.line("Only in BYOC", "Cloud account");
    assert_eq!(line.tr.attr("data-change"), Some("only-second"));
    assert_eq!(badges(line.cells[2])[0], words);
    let grid = &grids(&page, "tasks")[0];
    assert_eq!(grid.line("Cloud account", "Customer").text(2), "Not listed");
    let page = parse(built.page("models/saas.html"));
    assert!(!page.text().contains("Cloud account"));
    assert!(page.text().contains("1 responsibility"));
    assert_eq!(cell(&built, "cloud-account", "saas")["owner"], "not-listed");
    assert!(
        csv_rows(&built, "cloud-account")
            .iter()
            .all(|r| r["model"] == "BYOC")
    );
    // Never empty and never the provider, in the twins either.
    let twin = markdown_tables(built.page("categories/data.md"));
    let line = twin[0]
        .iter()
        .find(|l| l[0].starts_with("Cloud") && l[1] == "SaaS")
        .unwrap();
    assert!(line[2].starts_with("Not listed"));
    assert_eq!(line[3..], ["Not listed", "Not listed"]);
}

#[test]
fn case_02_category_only_in_one_model() {
    let built = project(TWO_MODELS)
        .with(
            "content/categories/edge.yaml",
            "\
label: Edge
rows:
  - id: agents
    label: Agents
    only-in: byoc
    models: {byoc: {responsible: customer, tasks: {customer: [Install agents.]}}}
",
        )
        .rows(SHARED)
        .builds();
    assert!(
        !parse(built.page("models/saas.html"))
            .text()
            .contains("Agents")
    );
    let page = parse(built.page("models/byoc.html"));
    assert_eq!(
        detail(&page).line("Edge", "Agents").text(2),
        "Install agents."
    );
    let page = parse(built.page("categories/edge.html"));
    let grid = &grids(&page, "category")[0];
    assert_eq!(grid.lines.len(), 2);
    assert_eq!(grid.line("Agents", "SaaS").text(2), "Not listed");
    assert_eq!(grid.line("Agents", "BYOC").text(2), "Customer");
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "compare")[0];
    grid.line("Only in BYOC", "Agents");
    // The start page and the menu name it once, as the aligned category it is.
    assert!(
        built
            .page("index.md")
            .contains("[Edge](categories/edge.md) (1 responsibility)")
    );
}

#[test]
fn case_19_one_model_only() {
    let built = project(ONE_MODEL).builds();
    for (path, bytes) in &built.files {
        assert!(!path.starts_with("compare"), "{path}");
        if path.ends_with(".html") || path.ends_with(".md") || path.ends_with(".txt") {
            let text = String::from_utf8_lossy(bytes).to_lowercase();
            assert!(
                !text.contains("compare/"),
                "a link to a comparison on {path}"
            );
            assert!(!text.contains("not listed"), "{path}");
        }
    }
    assert!(built.files.contains_key("models/saas.html"));
    // The row's anchor is on every page that shows it, print included.
    for path in [
        "models/saas.html",
        "categories/data.html",
        "parties/customer.html",
        "print.html",
    ] {
        assert!(
            parse(built.page(path)).by_id("keys").is_some(),
            "{path}#keys"
        );
    }
}

#[test]
fn case_19_five_models() {
    let site = project(FIVE_MODELS_FIVE_PARTIES).rows(
        "\
  - id: base
    label: Base
    models:
      all:
        responsible: [customer, vendor]
        tasks: {customer: [Use it.], vendor: [Run it.]}
  - id: x
    label: X
    only-in: [m2, m5]
    models:
      m2: {responsible: customer, tasks: {customer: [Do.]}}
      m5: {responsible: vendor, tasks: {vendor: [Do.]}}
",
    );
    let built = site.clone().builds_with(&["SRM210"]);
    // Ten pairs are more than the settings ask for; the matrix has all models.
    let page = parse(built.page("compare/index.html"));
    let grid = &grids(&page, "matrix")[0];
    assert_eq!(grid.header[2..], ["M1", "M2", "M3", "M4", "M5"]);
    let line = grid.line("Data", "X");
    let owners: Vec<String> = badges(line.tr).into_iter().map(|b| b.0).collect();
    assert_eq!(
        owners,
        [
            "not-listed",
            "customer",
            "not-listed",
            "not-listed",
            "provider"
        ]
    );
    assert!(!built.files.keys().any(|p| p.contains("-vs-")));
    let page = parse(built.page("categories/data.html"));
    assert_eq!(
        grids(&page, "category")[0].lines.len(),
        10,
        "two rows in five models"
    );

    // Pairs that the settings name are made, in the order they are named.
    let compare = |pairs: &str| {
        let lines = format!("[preprocessor.srm]\ncompare = {pairs}\n");
        site.clone().settings(&lines).builds_with(&["SRM210"])
    };
    let pairs = compare("[\"m5..m2\", \"m1..m3\"]");
    let made: Vec<&String> = pairs
        .files
        .keys()
        .filter(|p| p.starts_with("compare/") && p.contains("-vs-") && p.ends_with(".html"))
        .collect();
    // Each of them in both directions.
    assert_eq!(
        made,
        [
            "compare/m1-vs-m3.html",
            "compare/m2-vs-m5.html",
            "compare/m3-vs-m1.html",
            "compare/m5-vs-m2.html"
        ]
    );
    let page = parse(pairs.page("compare/m5-vs-m2.html"));
    let line = &grids(&page, "compare")[0].lines[0];
    let owners: Vec<String> = badges(line.tr).into_iter().map(|b| b.0).collect();
    assert_eq!(owners, ["provider", "customer"]);
    let all = compare("\"all\"");
    assert_eq!(
        all.files
            .keys()
            .filter(|p| p.starts_with("compare/") && p.contains("-vs-") && p.ends_with(".html"))
            .count(),
        20
    );
    let none = compare("\"none\"");
    assert!(!none.files.keys().any(|p| p.contains("-vs-")));
}

#[test]
fn case_23_unknown_party_or_model_in_a_cell() {
    let built = project(TWO_MODELS)
        .rows(&format!(
            "{SHARED}  - id: x
    label: X
    models:
      sass:
        responsible: custmer
      byoc:
        responsible: [customer, provder]
        tasks:
          costumer: [Do it.]
          customer: [Do that.]
"
        ))
        .fails_with(&["SRM104"]);
    let shown: Vec<(String, Vec<String>)> = built
        .lines()
        .into_iter()
        .zip(built.findings().list.iter().map(|f| f.help.clone()))
        .filter(|(line, _)| line.contains("SRM104"))
        .collect();
    let wanted = [
        ("12:7", "model `sass`", "saas"),
        ("13:22", "party `custmer`", "customer"),
        ("15:33", "party `provder`", "provider"),
        ("17:11", "party `costumer`", "customer"),
    ];
    assert_eq!(shown.len(), wanted.len(), "{:#?}", built.lines());
    for ((line, help), (at, what, nearest)) in shown.iter().zip(wanted) {
        assert_eq!(
            *line,
            format!("content/categories/data.yaml:{at} error[SRM104] there is no {what}")
        );
        assert_eq!(help[0], format!("did you mean `{nearest}`?"));
    }
}

#[test]
fn case_24_catch_all_makes_gaps_informational() {
    let built = project(TWO_MODELS)
        .with(
            "content/srm.yaml",
            "\
schema: 1
document:
  catch-all: {text: \"Anything not listed is *yours*.\", party: customer}
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
",
        )
        .rows(
            "\
  - {id: gap, label: Gap, models: {all: {responsible: []}}}
  - {id: x, label: X, models: {all: {responsible: provider, tasks: {provider: [Do.]}}}}
",
        )
        .builds_with(&["SRM201 note"]);
    assert_eq!(built.lines_of("note[SRM201"), Vec::<String>::new());
    let notes = built.lines_of("SRM201");
    assert_eq!(notes.len(), 1, "{notes:#?}");
    assert!(
        notes[0].contains("note[SRM201] no party is responsible"),
        "{notes:?}"
    );
    assert!(!built.outcome.failed);
    // Readers see that no party is named, and what holds then.
    assert_badge(&built, "saas", "gap", "unassigned", "", "Unassigned");
    let text = category_cell(&built, "Gap", "SaaS", "Owner");
    assert_eq!(
        text,
        "Unassigned Not assigned: Anything not listed is yours."
    );
    let page = parse(built.page("index.html"));
    assert!(
        page.by_id("srm-catch-all")
            .unwrap()
            .text()
            .contains("Anything not listed is yours.")
    );
    let line = &csv_rows(&built, "gap")[0];
    assert_eq!(
        (line["party"].as_str(), line["badge"].as_str()),
        ("", "Unassigned")
    );
    assert_eq!(json(&built)["catch-all"], "Anything not listed is *yours*.");
}

#[test]
fn a_cell_for_all_models_with_overrides() {
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: x
    label: X
    models:
      all:
        responsible: [customer, provider]
        tasks: {customer: [Use it.], provider: [Run it.]}
        notes: [For all.]
        cadence: yearly
      byoc:
        responsible: provider
        tasks: {provider: [Run it all.]}
  - id: y
    label: Y
    models:
      all: {responsible: provider, tasks: {provider: [Do y.]}, notes: [Kept.]}
      saas: {state: not-applicable, reason: No y here.}
      byoc: {notes: [Own.]}
  - id: z
    label: Z
    only-in: saas
    models:
      all: {responsible: provider, tasks: {provider: [Do z.]}}
      byoc: {state: not-listed}
  - id: w
    label: W
    only-in: byoc
    models:
      all: {responsible: customer, tasks: {customer: [Do w.]}}
",
        )
        .builds_with(&["SRM224 note"]);
    assert_badge(
        &built,
        "saas",
        "x",
        "shared",
        "customer provider",
        "Shared Customer + Vendor",
    );
    assert_badge(
        &built,
        "byoc",
        "x",
        "provider",
        "provider",
        "Provider Vendor",
    );
    let page = parse(built.page("models/byoc.html"));
    let x = page.by_id("x").unwrap().text();
    // Its own tasks take the place of the shared ones, the rest stays.
    assert!(!x.contains("Use it.") && x.contains("Run it all."), "{x}");
    assert!(
        x.contains("Note: For all.") && x.contains("How often: yearly"),
        "{x}"
    );
    let y = page.by_id("y").unwrap().text();
    assert!(
        y.contains("Do y.") && y.contains("Own.") && !y.contains("Kept."),
        "{y}"
    );
    let page = parse(built.page("models/saas.html"));
    let y = page.by_id("y").unwrap().text();
    assert!(
        y.contains("Not applicable") && y.contains("No y here.") && !y.contains("Do y."),
        "{y}"
    );
    // Taken out again with a state, or by `only-in`.
    assert_eq!(cell(&built, "z", "byoc")["owner"], "not-listed");
    assert_eq!(cell(&built, "z", "saas")["owner"], "provider");
    assert_eq!(cell(&built, "w", "saas")["owner"], "not-listed");
    assert_eq!(cell(&built, "w", "byoc")["owner"], "customer");
}

#[test]
fn only_in_is_held_against_the_cells() {
    let built = project(TWO_MODELS)
        .rows(&format!(
            "{SHARED}  - id: x
    label: X
    only-in: saas
    models:
      byoc: {{responsible: customer, tasks: {{customer: [Do.]}}}}
"
        ))
        .builds_with(&["SRM208"]);
    let lines = built.lines_of("SRM208");
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(
        lines
            .iter()
            .any(|l| l.contains("`only-in` names `saas`, but there is no such cell"))
    );
    assert!(
        lines
            .iter()
            .any(|l| l.contains("has a cell for `byoc`, which `only-in` does not list"))
    );
    let built = project(TWO_MODELS)
        .rows(&format!(
            "{SHARED}  - id: x
    label: X
    models: {{}}
"
        ))
        .fails_with(&["SRM209"]);
    assert_eq!(
        built.lines(),
        ["content/categories/data.yaml:9:9 error[SRM209] row `x` has no cell in any model"]
    );
}
