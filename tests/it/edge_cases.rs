//! What readers see, and what authors are told, where a matrix is not the
//! usual two parties with two tasks each. The first part has a test for each
//! of the 25 edge cases of the domain, in their order.

use std::collections::BTreeMap;

use srm_site::findings::Severity;
use srm_site::site::Options;

use crate::harness::{Built, build, build_files, fixture, said_by_tag};
use crate::sites::reader::{
    Element, Grid, badges, csv, csv_maps, grids, markdown_tables, parse, percent_decoded,
};

const MODELS: &str = "\
//- content/models/saas.md
---
label: SaaS
order: 1
---
//- content/models/byoc.md
---
label: BYOC
order: 2
---
";

const THREE_PARTIES: &str = "\
//- content/srm.yaml
schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
  - {id: aws, kind: third-party, label: AWS}
";

/// Two models, one category `data`, whose rows are given.
fn rows(rows: &str) -> Built {
    rows_with("", rows)
}

/// The same with further files in front.
fn rows_with(files: &str, rows: &str) -> Built {
    // A literal that begins with a line end has lost its first indentation.
    let indent = if rows.starts_with('-') { "  " } else { "" };
    build(&format!(
        "{MODELS}{files}//- content/categories/data.yaml\nlabel: Data\nrows:\n{indent}{rows}"
    ))
}

/// A row that is shared in both models, for fixtures that need a second one.
const SHARED: &str = "  - id: base
    label: Base
    models:
      all:
        responsible: [customer, provider]
        tasks: {customer: [Use it.], provider: [Run it.]}
";

fn json(built: &Built) -> serde_json::Value {
    serde_json::from_str(built.page("data/responsibilities.json")).unwrap()
}

/// The JSON cell of a row in a model.
fn cell(built: &Built, row: &str, model: &str) -> serde_json::Value {
    let data = json(built);
    for category in data["categories"].as_array().unwrap() {
        for r in category["rows"].as_array().unwrap() {
            for c in r["cells"].as_array().unwrap() {
                if r["id"] == row && c["model"] == model {
                    return c.clone();
                }
            }
        }
    }
    panic!("no cell {row} / {model}");
}

/// The CSV lines of a row, as maps.
fn csv_rows(built: &Built, row: &str) -> Vec<std::collections::HashMap<String, String>> {
    let mut all = csv_maps(built.page("data/responsibilities.csv"));
    all.retain(|r| r["row id"] == row);
    all
}

/// The badge of a row on the page of a model: owner, parties, words.
#[track_caller]
fn badge(built: &Built, model: &str, row: &str) -> (String, String, String) {
    let page = parse(built.page(&format!("models/{model}.html")));
    let summary = page.by_id(&format!("srm-summary-{row}"));
    let detail = page.by_id(row);
    let [summary, detail] = [summary, detail].map(|line| {
        let line = line.unwrap_or_else(|| panic!("no line for {row}"));
        let found = badges(line)[0].clone();
        assert_eq!(line.attr("data-owner"), Some(found.0.as_str()));
        found
    });
    assert_eq!(summary, detail, "both tables of the page");
    summary
}

#[track_caller]
fn assert_badge(built: &Built, model: &str, row: &str, owner: &str, parties: &str, words: &str) {
    let (o, p, w) = badge(built, model, row);
    assert_eq!(
        (o.as_str(), p.as_str(), w.as_str()),
        (owner, parties, words)
    );
    assert_eq!(cell(built, row, model)["owner"], owner, "JSON");
}

/// A cell of the category page: row, model, column heading.
#[track_caller]
fn category_cell(built: &Built, row: &str, model: &str, column: &str) -> String {
    let page = parse(built.page("categories/data.html"));
    let grid = &grids(&page, "category")[0];
    grid.line(row, model).text(grid.column(column))
}

fn detail<'a>(page: &'a Element) -> Grid<'a> {
    grids(page, "detail").remove(0)
}

// ---------------------------------------------------------------------------
// The 25 edge cases

#[test]
fn case_01_row_only_in_one_model() {
    let row = |only: &str| {
        format!(
            "{SHARED}  - id: cloud-account\n    label: Cloud account\n{only}    models:\n      \
             byoc: {{responsible: [customer, provider], tasks: {{customer: [Pay.], provider: [Guide.]}}}}\n"
        )
    };
    let built = rows(&row(""));
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
    assert_eq!(finding.help[0], "if that is meant, say `only-in: [byoc]`");

    let built = rows(&row(
        "    only-in: {models: byoc, reason: No account is needed.}\n",
    ));
    assert!(built.lines().is_empty(), "{:?}", built.lines());
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
    // Never a blank and never the provider, in the twins either.
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
    let built = rows_with(
        "//- content/categories/edge.yaml\nlabel: Edge\nrows:\n  - id: agents\n    label: Agents\n    only-in: byoc\n    \
         models: {byoc: {responsible: customer, tasks: {customer: [Install agents.]}}}\n",
        SHARED,
    );
    built.assert_fine();
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
fn case_03_category_label_differs_by_model() {
    let built = build(&format!(
        "{MODELS}//- content/categories/ops.yaml\nlabel: Operations\n\
         labels: {{saas: Service operations, byoc: Operations (Shared)}}\nrows:\n\
         \x20 - id: patching\n    label: Patching\n    models:\n      all: {{responsible: provider, tasks: {{provider: [Patch it.]}}}}\n"
    ));
    let lines = built.lines_of("SRM301");
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("\"Service operations\" (SaaS), \"Operations (Shared)\" (BYOC)"),
        "{lines:?}"
    );
    for (model, label) in [
        ("saas", "Service operations"),
        ("byoc", "Operations (Shared)"),
    ] {
        let page = parse(built.page(&format!("models/{model}.html")));
        for kind in ["summary", "detail"] {
            assert_eq!(grids(&page, kind)[0].lines[0].text(0), label);
        }
        // The suffix is a part of the name; it owns nothing.
        assert_badge(
            &built,
            model,
            "patching",
            "provider",
            "provider",
            "Provider Vendor",
        );
    }
    // One page for the aligned category, which says both names.
    let page = parse(built.page("categories/ops.html"));
    assert_eq!(page.one("h1", &|e| e.tag == "h1").text(), "Operations");
    let text = page.text();
    assert!(
        text.contains("Called \"Service operations\" in SaaS."),
        "{text}"
    );
    assert!(
        text.contains("Called \"Operations (Shared)\" in BYOC."),
        "{text}"
    );
    assert_eq!(
        built
            .files
            .keys()
            .filter(|p| p.starts_with("categories/") && p.ends_with(".html"))
            .count(),
        1
    );
}

#[test]
fn case_04_same_label_in_two_categories() {
    let one = |id: &str| {
        format!(
            "  - id: {id}\n    label: General\n    models: {{all: {{responsible: provider, tasks: {{provider: [Do {id}.]}}}}}}\n"
        )
    };
    let built = rows_with(
        &format!(
            "//- content/categories/ops.yaml\nlabel: Operations\nrows:\n{}",
            one("ops-general")
        ),
        &one("data-general"),
    );
    // Only that nothing is the customer's: not the labels.
    assert!(built.lines_of("SRM303").is_empty());
    let page = parse(built.page("models/saas.html"));
    for (id, category) in [("data-general", "Data"), ("ops-general", "Operations")] {
        let line = page.by_id(id).unwrap();
        assert!(line.text().contains(&format!("Do {id}.")));
        assert_eq!(
            detail(&page).line(category, "General").tr.attr("id"),
            Some(id)
        );
    }
}

#[test]
fn case_04_same_label_twice_in_one_category() {
    let one = |id: &str| {
        format!(
            "  - id: {id}\n    label: General\n    models: {{all: {{responsible: provider, tasks: {{provider: [Do {id}.]}}}}}}\n"
        )
    };
    let built = rows(&(one("first") + &one("second")));
    let lines = built.lines_of("SRM303");
    assert_eq!(lines.len(), 1, "said once, not once a model: {lines:#?}");
    assert!(
        lines[0].starts_with("content/categories/data.yaml:6:9 warning"),
        "{lines:?}"
    );
    let page = parse(built.page("models/byoc.html"));
    for id in ["first", "second"] {
        assert!(
            page.by_id(id)
                .unwrap()
                .text()
                .contains(&format!("Do {id}."))
        );
    }
}

#[test]
fn case_05_customer_only_row() {
    let built = rows(&format!(
        "{SHARED}  - id: data\n    label: Data entry\n    models: {{all: {{responsible: customer, tasks: {{customer: [Enter data.]}}}}}}\n"
    ));
    built.assert_fine();
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
        let built = rows(&format!(
            "{SHARED}  - id: gap\n    label: Gap\n    models:\n      all: {cell}\n"
        ));
        assert!(built.outcome.failed, "{cell}");
        let lines = built.lines_of("SRM201");
        assert_eq!(
            lines,
            ["content/categories/data.yaml:12:7 error[SRM201] nobody is responsible in this cell"],
        );
    }
}

#[test]
fn case_07_not_applicable_in_one_model_and_shared_in_another() {
    let built = rows(
        "  - id: hardware\n    label: Hardware\n    models:\n      saas: {state: not-applicable, reason: There is none.}\n      \
         byoc: {responsible: [customer, provider], tasks: {customer: [Buy it.], provider: [Size it.]}}\n",
    );
    built.assert_fine();
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
    let built = rows("  - id: x\n    label: X\n    models: {all: {state: not-applicable}}\n");
    assert_eq!(built.lines_of("SRM207").len(), 1, "{:?}", built.lines());
}

#[test]
fn case_08_three_parties_and_no_customer_in_the_set() {
    let built = rows_with(
        THREE_PARTIES,
        "\
  - {id: all-three, label: All three, models: {all: {responsible: [aws, provider, customer]}}}
  - {id: two, label: Two, models: {all: {responsible: [aws, provider]}}}
  - {id: third, label: Third, models: {all: {responsible: aws, accountable: provider}}}
  - {id: with-third, label: With third, models: {all: {responsible: [customer, aws]}}}
",
    );
    assert_badge(
        &built,
        "saas",
        "all-three",
        "shared",
        "customer provider aws",
        "Shared Customer + Vendor + AWS",
    );
    // The third party is named, and its share is not folded into Provider.
    assert_badge(
        &built,
        "saas",
        "two",
        "provider",
        "provider aws",
        "Provider Vendor + AWS",
    );
    assert_badge(&built, "saas", "third", "third-party", "aws", "AWS");
    assert_badge(
        &built,
        "saas",
        "with-third",
        "shared",
        "customer aws",
        "Shared Customer + AWS",
    );
    assert!(category_cell(&built, "Third", "SaaS", "Owner").contains("Accountable: Vendor"));
    let page = parse(built.page("parties/aws.html"));
    assert_eq!(grids(&page, "checklist")[0].lines.len(), 4);
    let names: Vec<String> = csv_rows(&built, "third")
        .iter()
        .map(|r| r["badge"].clone())
        .collect();
    assert_eq!(names, ["AWS", "AWS"]);
    assert!(built.page("models/saas.md").contains("| **AWS** |"));
    assert!(
        built
            .page("models/saas.md")
            .contains("| **Provider (Vendor + AWS)** |")
    );
}

#[test]
fn case_08_five_parties_and_no_customer_anywhere() {
    let built = rows_with(
        "//- content/srm.yaml\nschema: 1\nparties:\n  - {id: a, kind: provider, label: Alpha}\n  - {id: b, kind: provider, label: Beta}\n  \
         - {id: c, kind: third-party, label: Gamma}\n  - {id: d, kind: third-party, label: Delta}\n  - {id: e, kind: third-party, label: Epsilon}\n",
        "\
  - {id: five, label: Five, models: {all: {responsible: [e, d, c, b, a], tasks: {a: [A.], b: [B.], c: [C.], d: [D.], e: [E.]}}}}
  - {id: vendors, label: Vendors, models: {all: {responsible: [a, b], tasks: {a: [A.], b: [B.]}}}}
  - {id: thirds, label: Thirds, models: {all: {responsible: [e, c], tasks: {c: [C.], e: [E.]}}}}
",
    );
    built.assert_fine();
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
fn case_09_provider_column_first() {
    let built = rows_with(
        "//- content/models/byoc.md\n---\nlabel: BYOC\norder: 2\ncolumns: [provider, customer]\n---\n",
        SHARED,
    );
    built.assert_fine();
    for (model, order) in [
        ("saas", ["Customer", "Vendor"]),
        ("byoc", ["Vendor", "Customer"]),
    ] {
        let page = parse(built.page(&format!("models/{model}.html")));
        let summary = &grids(&page, "summary")[0];
        assert_eq!(summary.header[3..], order);
        let grid = detail(&page);
        assert_eq!(grid.header[2..], order);
        let line = grid.line("Data", "Base");
        assert_eq!(line.text(grid.column("Customer")), "Use it.");
        assert_eq!(line.text(grid.column("Vendor")), "Run it.");
        let twin = markdown_tables(built.page(&format!("models/{model}.md")));
        assert_eq!(twin[1][0][2..], order);
        // The badge names the parties in one order everywhere.
        assert_badge(
            &built,
            model,
            "base",
            "shared",
            "customer provider",
            "Shared Customer + Vendor",
        );
    }
}

#[test]
fn case_10_one_party_under_several_labels() {
    let built = rows_with(
        "//- content/models/saas.md\n---\nlabel: SaaS\norder: 1\nparties: {provider: Vendor (SaaS)}\n---\n\
         //- content/models/byoc.md\n---\nlabel: BYOC\norder: 2\nparties: {provider: Vendor (BYOC), customer: Customer (BYOC)}\n---\n",
        SHARED,
    );
    built.assert_fine();
    for (model, labels) in [
        ("saas", ["Customer", "Vendor (SaaS)"]),
        ("byoc", ["Customer (BYOC)", "Vendor (BYOC)"]),
    ] {
        let page = parse(built.page(&format!("models/{model}.html")));
        assert_eq!(detail(&page).header[2..], labels);
        assert_eq!(grids(&page, "summary")[0].header[3..], labels);
    }
    // Where models stand together the party has its one name, and one id.
    let page = parse(built.page("categories/data.html"));
    assert_eq!(
        grids(&page, "category")[0].header[3..],
        ["Customer", "Vendor"]
    );
    let page = parse(built.page("parties/provider.html"));
    let text = page.text();
    assert!(text.contains("Called \"Vendor (SaaS)\" in SaaS."), "{text}");
    assert!(text.contains("Called \"Vendor (BYOC)\" in BYOC."), "{text}");
    assert_eq!(
        built
            .files
            .keys()
            .filter(|p| p.starts_with("parties/") && p.ends_with(".html"))
            .count(),
        2
    );
    let parties: Vec<String> = csv_rows(&built, "base")
        .iter()
        .map(|r| r["party"].clone())
        .collect();
    assert_eq!(
        parties,
        [
            "Customer",
            "Vendor (SaaS)",
            "Customer (BYOC)",
            "Vendor (BYOC)"
        ]
    );
}

#[test]
fn case_10_second_person() {
    let built = rows_with(
        "//- content/srm.yaml\nschema: 1\nparties:\n  - {id: customer, kind: customer, label: Customer, second-person: Thou}\n  \
         - {id: provider, kind: provider, label: Vendor, second-person: We}\n",
        SHARED,
    );
    built.assert_fine();
    let titles: Vec<String> = ["customer", "provider"]
        .iter()
        .zip(["Your responsibilities", "Responsibilities of Vendor (We)"])
        .map(|(party, title)| {
            let page = parse(built.page(&format!("parties/{party}.html")));
            let main = page.one("main", &|e| e.tag == "main").text();
            assert!(main.contains(title), "the title on the page: {main}");
            page.one("title", &|e| e.tag == "title").text()
        })
        .collect();
    assert_ne!(titles[0], titles[1], "two pages with one title");
    // The menu says the same; in tables parties keep their names.
    let page = parse(built.page("models/saas.html"));
    let menu = page.one("the way to it", &|e| {
        e.tag == "a" && e.attr("href") == Some("../parties/customer.html")
    });
    assert_eq!(menu.text(), "Your responsibilities");
    assert_eq!(detail(&page).header[2..], ["Customer", "Vendor"]);
}

#[test]
fn two_customers_that_are_addressed_keep_their_names_in_titles() {
    let built = rows_with(
        "//- content/srm.yaml\nschema: 1\nparties:\n  - {id: customer, kind: customer, label: Customer, second-person: You}\n  \
         - {id: partner, kind: customer, label: Partner, second-person: You}\n  \
         - {id: provider, kind: provider, label: Vendor}\n",
        SHARED,
    );
    for (path, title) in [
        (
            "parties/customer.html",
            "Responsibilities of Customer (You)",
        ),
        ("parties/partner.html", "Responsibilities of Partner (You)"),
        ("parties/provider.html", "Responsibilities of Vendor"),
    ] {
        let page = parse(built.page(path));
        assert_eq!(page.one("h1", &|e| e.tag == "h1").text(), title);
    }
}

#[test]
fn case_11_summary_text_in_a_cell() {
    let built = rows(
        "  - id: upgrades\n    label: Upgrades\n    models:\n      all:\n        responsible: provider\n        \
         summary: {customer: Vendor Handle Everything}\n        tasks: {provider: [Upgrade it.]}\n",
    );
    built.assert_fine();
    let page = parse(built.page("models/saas.html"));
    let grid = &grids(&page, "summary")[0];
    let line = grid.line("Data", "Upgrades");
    assert_eq!(
        line.text(grid.column("Customer")),
        "Vendor Handle Everything"
    );
    assert_eq!(line.text(grid.column("Vendor")), "Responsible");
    // It is printed, and decides nothing.
    assert_badge(
        &built,
        "saas",
        "upgrades",
        "provider",
        "provider",
        "Provider Vendor",
    );
    assert_eq!(
        cell(&built, "upgrades", "saas")["summary"][0]["text"],
        "Vendor Handle Everything"
    );
    assert_eq!(
        markdown_tables(built.page("models/saas.md"))[0][1][3],
        "Vendor Handle Everything"
    );
}

#[test]
fn case_11_summary_text_that_contradicts() {
    let cell = |responsible: &str, summary: &str, tasks: &str| {
        let built = rows(&format!(
            "  - id: x\n    label: X\n    models:\n      saas:\n        responsible: {responsible}\n        \
             summary: {summary}\n        tasks: {tasks}\n      byoc: {{responsible: customer}}\n"
        ));
        built.lines_of("SRM205")
    };
    // A tick for somebody who is not responsible, a dash for somebody who is.
    assert_eq!(
        cell("provider", "{customer: ✅}", "{provider: [Do.]}").len(),
        1
    );
    assert_eq!(
        cell(
            "[customer, provider]",
            "{customer: \"-\"}",
            "{customer: [A.], provider: [B.]}"
        )
        .len(),
        1
    );
    assert_eq!(
        cell(
            "[customer, provider]",
            "{customer: ❌}",
            "{customer: [A.], provider: [B.]}"
        )
        .len(),
        1
    );
    let lines = cell(
        "provider",
        "{customer: Vendor does it all}",
        "{customer: [A.], provider: [B.]}",
    );
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("`customer` has 1 task here"), "{lines:?}");
    // Nothing wrong with these.
    assert!(
        cell(
            "[customer, provider]",
            "{customer: ✅}",
            "{customer: [A.], provider: [B.]}"
        )
        .is_empty()
    );
    assert!(cell("provider", "{customer: \"-\"}", "{provider: [B.]}").is_empty());
    assert!(cell("provider", "{provider: Everything}", "{provider: [B.]}").is_empty());
}

#[test]
fn case_12_party_responsible_without_tasks() {
    let built = rows(
        "  - id: x\n    label: X\n    models:\n      all: {responsible: [customer, provider], tasks: {provider: [Do it.]}}\n",
    );
    let lines = built.lines_of("SRM203");
    assert_eq!(
        lines,
        [
            "content/categories/data.yaml:6:7 warning[SRM203] `customer` is responsible here and has no task"
        ]
    );
    assert_badge(
        &built,
        "saas",
        "x",
        "shared",
        "customer provider",
        "Shared Customer + Vendor",
    );
    let page = parse(built.page("models/saas.html"));
    assert_eq!(
        detail(&page).line("Data", "X").text(2),
        "Responsible; no tasks listed"
    );
    let line = &csv_rows(&built, "x")[0];
    assert_eq!(
        ["party", "responsible", "task number", "task text"].map(|k| line[k].as_str()),
        ["Customer", "true", "", ""]
    );
}

#[test]
fn case_12_tasks_of_a_party_that_is_not_responsible() {
    let cell = |more: &str| {
        format!(
            "  - id: x\n    label: X\n    models:\n      all:\n        responsible: provider\n        \
             tasks: {{customer: [Help., Look.], provider: [Do it.]}}\n{more}"
        )
    };
    let built = rows(&cell(""));
    let lines = built.lines_of("SRM202");
    assert_eq!(lines.len(), 2, "a model each: {lines:#?}");
    assert!(
        lines[0].contains(":8:28 warning[SRM202] `customer` has 2 tasks in `x` ("),
        "{lines:?}"
    );
    // The badge stays what was declared; the tasks are shown all the same.
    assert_badge(
        &built,
        "saas",
        "x",
        "provider",
        "provider",
        "Provider Vendor",
    );
    let page = parse(built.page("models/saas.html"));
    assert_eq!(detail(&page).line("Data", "X").text(2), "Help. Look.");
    assert_eq!(csv_rows(&built, "x")[0]["responsible"], "false");
    // Overridden with a reason, the reason is shown.
    let built = rows(&cell("        acknowledge: {SRM202: Courtesy only.}\n"));
    built.assert_fine();
    assert_eq!(built.findings().acknowledged(), 2);
    let page = parse(built.page("models/saas.html"));
    assert!(
        page.by_id("x")
            .unwrap()
            .text()
            .contains("Known contradiction: Courtesy only.")
    );
    assert!(category_cell(&built, "X", "SaaS", "Owner").contains("Courtesy only."));
    assert!(
        built
            .page("models/saas.md")
            .contains("*Known contradiction:* Courtesy only.")
    );
}

#[test]
fn case_13_task_texts_of_every_kind() {
    let built = rows(
        "\
  - id: x
    label: X
    models:
      all:
        responsible: customer
        tasks:
          customer:
            - Schedule windows. Manage the impact.
            - Manage keys
            - Meet laws (e.g., GDPR, CCPA) & policies, i.e. All of them.
            - See [the other row](row:y) and [the web](https://example.com/a?b=1&c=2).
            - |
              Check:
              - accounts
              - roles
            - Use *strong* `a|b` passwords.
            - Watch at 9 p.m. Berlin time.
  - {id: y, label: Y, models: {all: {responsible: customer, tasks: {customer: [Do it.]}}}}
",
    );
    let two = built.lines_of("SRM311");
    assert_eq!(
        two.len(),
        1,
        "e.g., i.e. and p.m. end no sentence: {two:#?}"
    );
    assert!(
        two[0].starts_with("content/categories/data.yaml:10:15 "),
        "said once, at the task: {two:?}"
    );
    let page = parse(built.page("models/saas.html"));
    let line = page.by_id("x").unwrap();
    let list = line.one("tasks", &|e| e.has_class("srm-tasks"));
    let tasks: Vec<&Element> = list.elements().collect();
    assert_eq!(tasks.len(), 7, "one `li` a task: {:?}", list.text());
    assert_eq!(tasks[0].text(), "Schedule windows. Manage the impact.");
    assert_eq!(tasks[1].text(), "Manage keys");
    assert_eq!(
        tasks[2].text(),
        "Meet laws (e.g., GDPR, CCPA) & policies, i.e. All of them."
    );
    let links: Vec<&str> = tasks[3]
        .all(&|e| e.tag == "a")
        .iter()
        .map(|a| a.attr("href").unwrap())
        .collect();
    assert_eq!(
        links,
        ["../categories/data.html#y", "https://example.com/a?b=1&c=2"]
    );
    let nested: Vec<String> = tasks[4]
        .all(&|e| e.tag == "li")
        .iter()
        .map(|l| l.text())
        .collect();
    assert_eq!(nested, ["accounts", "roles"]);
    assert_eq!(tasks[5].one("code", &|e| e.tag == "code").text(), "a|b");
    // In the twin each task is one line of its cell; the bar splits nothing.
    let twin = markdown_tables(built.page("models/saas.md"));
    assert_eq!(twin[1][1].len(), 3);
    assert!(
        twin[1][1][2].contains("• Use strong a|b passwords."),
        "{:?}",
        twin[1][1]
    );
    let texts: Vec<String> = csv_rows(&built, "x")
        .into_iter()
        .map(|r| r["task text"].clone())
        .collect();
    assert_eq!(texts[4], "Check:\n- accounts\n- roles");
    assert_eq!(texts[5], "Use *strong* `a|b` passwords.");
}

#[test]
fn case_13_full_stops_are_missed_only_where_nearly_all_have_one() {
    let list = |with: usize, without: usize| {
        let with = (0..with).map(|n| format!("            - Do task {n}.\n"));
        let without = (0..without).map(|n| format!("            - Do other {n}\n"));
        let tasks: String = with.chain(without).collect();
        let built = rows(&format!(
            "  - id: x\n    label: X\n    only-in: saas\n    models:\n      saas:\n        responsible: customer\n        tasks:\n          customer:\n{tasks}"
        ));
        built.lines_of("SRM312").len()
    };
    assert_eq!(list(9, 1), 1);
    assert_eq!(list(5, 5), 0, "a style of its own");
    assert_eq!(list(3, 1), 0, "too few to tell");
}

#[test]
fn case_14_note_shared_by_several_cells_and_note_on_no_row() {
    let built = rows(
        "\
  - id: x
    label: X
    notes: [Said of the row.]
    models:
      saas:
        responsible: customer
        tasks: {customer: [Do it.]}
        notes: [&n Only with the *big* plan.]
      byoc:
        responsible: customer
        tasks: {customer: [Do it.]}
        notes: [*n]
",
    );
    built.assert_fine();
    for model in ["saas", "byoc"] {
        let page = parse(built.page(&format!("models/{model}.html")));
        let line = page.by_id("x").unwrap();
        let notes: Vec<String> = line
            .all(&|e| e.attr("data-kind") == Some("note"))
            .iter()
            .map(|n| n.text())
            .collect();
        assert_eq!(
            notes,
            ["Note: Only with the big plan.", "Note: Said of the row."]
        );
        assert!(
            built
                .page(&format!("models/{model}.md"))
                .contains("*Note:* Only with the *big* plan.")
        );
    }
    // The row's own note stands with the row, each cell's with its model.
    let page = parse(built.page("categories/data.html"));
    assert!(
        page.by_id("x")
            .unwrap()
            .text()
            .contains("Note: Said of the row.")
    );
    assert!(category_cell(&built, "X", "BYOC", "Owner").ends_with("Note: Only with the big plan."));
    for line in csv_rows(&built, "x") {
        assert_eq!(line["note"], "Said of the row. Only with the *big* plan.");
    }
    // A note must hang on something.
    let built = build(&format!(
        "{MODELS}//- content/categories/data.yaml\nlabel: Data\nnotes: [On no row.]\nrows:\n{SHARED}"
    ));
    assert_eq!(
        built.lines_of("SRM006"),
        ["content/categories/data.yaml:2:1 error[SRM006] `notes` is not a key of a category"]
    );
}

#[test]
fn case_15_conditional_owner_and_scope_per_party() {
    let built = rows_with(
        THREE_PARTIES,
        "\
  - id: x
    label: X
    models:
      all:
        responsible: [customer, provider]
        tasks: {customer: [Use it.], provider: [Run it.]}
        scope: {customer: The network inside the VPC., provider: The control plane.}
        conditional: {aws: Only with *managed* keys.}
  - {id: y, label: Y, models: {all: {responsible: [customer, provider], tasks: {customer: [Use.], provider: [Run.]}}}}
",
    );
    built.assert_fine();
    for model in ["saas", "byoc"] {
        // A mark, and no change of the owner.
        assert_badge(
            &built,
            model,
            "x",
            "shared",
            "customer provider",
            "Shared Customer + Vendor, on a condition",
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
        assert!(page.text().contains("AWS"), "the party is named");
    }
    let page = parse(built.page("categories/data.html"));
    assert!(page.text().contains("Only with managed keys."));
    assert!(
        built
            .page("models/saas.md")
            .contains("Only with *managed* keys.")
    );
    assert_eq!(cell(&built, "x", "saas")["conditional"][0]["party"], "aws");
}

#[test]
fn case_16_responsible_and_accountable_are_different_parties() {
    let built = rows(
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
    );
    built.assert_fine();
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
    let built = rows_with(
        "//- content/srm.yaml\nschema: 1\nparties:\n  - {id: c, kind: customer, label: C}\n  - {id: a, kind: provider, label: A}\n",
        "\
  - id: x
    label: X
    models:
      all: {responsible: a, accountable: a, consulted: c, summary: {c: C, a: A}, tasks: {a: [Do it.]}}
",
    );
    built.assert_fine();
    assert_badge(&built, "saas", "x", "provider", "a", "Provider A");
    let page = parse(built.page("models/saas.html"));
    let text = page.by_id("x").unwrap().text();
    // Roles are words, so nobody has to guess what a letter means.
    assert!(
        text.contains("Accountable: A") && text.contains("Consulted: C"),
        "{text}"
    );
    let grid = &grids(&page, "summary")[0];
    let line = grid.line("Data", "X");
    assert_eq!((line.text(3).as_str(), line.text(4).as_str()), ("C", "A"));
}

#[test]
fn case_18_empty_task_list_in_one_model() {
    let built = rows(
        "\
  - id: x
    label: X
    models:
      saas: {responsible: customer, tasks: {customer: []}}
      byoc: {responsible: customer, tasks: {customer: [Do it.]}}
  - {id: y, label: Y, models: {all: {responsible: customer, tasks: {customer: [Do that.]}}}}
",
    );
    built.assert_fine();
    assert_eq!(
        built.lines_of("SRM204"),
        ["content/categories/data.yaml:6:7 note[SRM204] row `x` lists no task in this model"]
    );
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "compare")[0];
    let line = grid.line("Same owner", "X");
    assert_eq!(line.text(4), "No task in common");
    let grid = &grids(&page, "tasks")[0];
    let line = grid.line("X", "Customer");
    assert_eq!(line.text(2), "Responsible; no tasks listed");
    assert_eq!(line.text(3), "Do it. only here");
    assert_eq!(csv_rows(&built, "x").len(), 2);
}

#[test]
fn case_19_one_model_only() {
    let built = build(&format!(
        "//- content/models/saas.md\n---\nlabel: SaaS\n---\n//- content/categories/data.yaml\nlabel: Data\nrows:\n{SHARED}"
    ));
    built.assert_fine();
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
            parse(built.page(path)).by_id("base").is_some(),
            "{path}#base"
        );
    }
}

#[test]
fn case_19_five_models() {
    let models: String = ["a", "b", "c", "d", "e"]
        .iter()
        .enumerate()
        .map(|(n, id)| {
            format!(
                "//- content/models/{id}.md\n---\nlabel: Model {}\norder: {n}\n---\n",
                id.to_uppercase()
            )
        })
        .collect();
    let rest = format!(
        "//- content/categories/data.yaml\nlabel: Data\nrows:\n{SHARED}  - id: x\n    label: X\n    only-in: [b, e]\n    models:\n      \
         b: {{responsible: customer, tasks: {{customer: [Do.]}}}}\n      e: {{responsible: provider, tasks: {{provider: [Do.]}}}}\n"
    );
    let built = build(&(models.clone() + &rest));
    built.assert_fine();
    // Ten pairs are more than anybody asked for; the matrix has them all.
    let page = parse(built.page("compare/index.html"));
    let grid = &grids(&page, "matrix")[0];
    assert_eq!(
        grid.header[2..],
        ["Model A", "Model B", "Model C", "Model D", "Model E"]
    );
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
    let toml = "//- book.toml\n[book]\ntitle = \"T\"\nsrc = \"content\"\n[preprocessor.srm]\n";
    let pairs = build(&format!(
        "{toml}compare = [\"e..b\", \"a..c\"]\n{models}{rest}"
    ));
    pairs.assert_fine();
    let made: Vec<&String> = pairs
        .files
        .keys()
        .filter(|p| p.starts_with("compare/") && p.contains("-vs-") && p.ends_with(".html"))
        .collect();
    // Each of them in both directions.
    assert_eq!(
        made,
        [
            "compare/a-vs-c.html",
            "compare/b-vs-e.html",
            "compare/c-vs-a.html",
            "compare/e-vs-b.html"
        ]
    );
    let page = parse(pairs.page("compare/e-vs-b.html"));
    let line = &grids(&page, "compare")[0].lines[0];
    let owners: Vec<String> = badges(line.tr).into_iter().map(|b| b.0).collect();
    assert_eq!(owners, ["provider", "customer"]);
    let all = build(&format!("{toml}compare = \"all\"\n{models}{rest}"));
    assert_eq!(
        all.files
            .keys()
            .filter(|p| p.starts_with("compare/") && p.contains("-vs-") && p.ends_with(".html"))
            .count(),
        20
    );
    let none = build(&format!("{toml}compare = \"none\"\n{models}{rest}"));
    assert!(!none.files.keys().any(|p| p.contains("-vs-")));
}

#[test]
fn case_20_one_row() {
    let built = rows(SHARED);
    assert!(built.lines().is_empty(), "{:?}", built.lines());
    let page = parse(built.page("models/saas.html"));
    assert_eq!(detail(&page).lines.len(), 1);
    assert!(page.text().contains("1 responsibility"));
    assert_eq!(csv_maps(built.page("data/responsibilities.csv")).len(), 4);
}

#[test]
fn case_20_a_thousand_rows() {
    let mut text = MODELS.to_string();
    for c in 0..10 {
        text.push_str(&format!(
            "//- content/categories/c{c}.yaml\nlabel: Category {c}\norder: {c}\nrows:\n"
        ));
        for r in 0..100 {
            let owner = ["customer", "provider", "[customer, provider]"][r % 3];
            let tasks = match r % 3 {
                0 => format!("{{customer: [Do thing {c} {r}.]}}"),
                1 => format!("{{provider: [Do thing {c} {r}.]}}"),
                _ => format!("{{customer: [Use thing {c} {r}.], provider: [Run thing {c} {r}.]}}"),
            };
            text.push_str(&format!(
                "  - {{id: r{c}-{r}, label: Row {c}.{r}, models: {{all: {{responsible: {owner}, tasks: {tasks}}}}}}}\n"
            ));
        }
    }
    let built = build(&text);
    assert!(built.lines().is_empty(), "{:?}", &built.lines()[..5]);
    let ids = |path: &str| -> std::collections::HashSet<String> {
        let page = parse(built.page(path));
        page.all(&|e| e.attr("id").is_some())
            .iter()
            .map(|e| e.attr("id").unwrap().to_string())
            .collect()
    };
    let mut pages: Vec<(String, Vec<String>)> = Vec::new();
    let all: Vec<String> = (0..10)
        .flat_map(|c| (0..100).map(move |r| format!("r{c}-{r}")))
        .collect();
    for path in [
        "models/saas.html",
        "models/byoc.html",
        "compare/index.html",
        "compare/saas-vs-byoc.html",
        "print.html",
    ] {
        pages.push((path.to_string(), all.clone()));
    }
    for c in 0..10 {
        pages.push((
            format!("categories/c{c}.html"),
            all[c * 100..(c + 1) * 100].to_vec(),
        ));
    }
    for (path, rows) in pages {
        let ids = ids(&path);
        let missing: Vec<&String> = rows.iter().filter(|r| !ids.contains(*r)).collect();
        assert!(missing.is_empty(), "{path}: {missing:?}");
    }
    let records = csv(built.page("data/responsibilities.csv"));
    // Two models, a third of the rows has a task for each of two parties.
    assert_eq!(records.len(), 1 + 2 * (1000 + 330));
    // Order is the author's, not that of text: r0-2 before r0-10.
    let order: Vec<&str> = records[1..].iter().map(|r| r[2].as_str()).collect();
    let at = |id: &str| order.iter().position(|r| *r == id).unwrap();
    assert!(at("r0-2") < at("r0-10") && at("r9-99") > at("r9-100".get(..4).unwrap()));
}

#[test]
fn case_21_labels_with_odd_characters() {
    let labels = [
        "R&D / \"Ops\" (shared)",
        "a < b > c | d",
        "🚀 Launch 👩‍🚀",
        "データ管理",
        "Ünïcödé — «ça»",
        "שלום עולם",
    ];
    let list: String = labels
        .iter()
        .enumerate()
        .map(|(n, label)| {
            format!(
                "  - {{id: row-{n}, label: {}, models: {{all: {{responsible: customer, tasks: {{customer: [Do {n}.]}}}}}}}}\n",
                serde_json::to_string(label).unwrap()
            )
        })
        .collect();
    let built = rows(&list);
    built.assert_fine();
    let page = parse(built.page("models/saas.html"));
    let twin = markdown_tables(built.page("models/saas.md"));
    let data = json(&built);
    for (n, label) in labels.iter().enumerate() {
        let line = page.by_id(&format!("row-{n}")).unwrap();
        let link = line.all(&|e| e.tag == "a" && e.attr("href") == Some(&format!("#row-{n}")))[0];
        assert_eq!(link.text(), *label);
        assert_eq!(twin[0][n + 1][1], *label, "in the twin");
        assert_eq!(
            csv_rows(&built, &format!("row-{n}"))[0]["row label"],
            *label
        );
        assert_eq!(data["categories"][0]["rows"][n]["label"], *label);
    }
}

#[test]
fn case_21_two_labels_that_slug_to_the_same_id() {
    // Ids are the author's, so labels may be as alike as they like.
    let built = rows_with(
        "//- content/notes.md\n# Notes\n\n## Sign-on & SSO\n\nA.\n\n## Sign-on / SSO\n\nB.\n\n## x\n\nC.\n",
        "  - {id: x, label: Sign-on & SSO, models: {all: {responsible: customer, tasks: {customer: [Do.]}}}}\n  \
         - {id: z, label: Sign-on / SSO, models: {all: {responsible: customer, tasks: {customer: [Do that.]}}}}\n",
    );
    built.assert_fine();
    let page = parse(built.page("models/saas.html"));
    assert!(page.by_id("x").unwrap().text().contains("Sign-on & SSO"));
    assert!(page.by_id("z").unwrap().text().contains("Sign-on / SSO"));
    // Headings of prose get their ids from their text: different ones, and
    // never a row's.
    let page = parse(built.page("notes.html"));
    let ids: Vec<&str> = page
        .all(&|e| e.tag == "h2")
        .iter()
        .map(|h| h.attr("id").unwrap())
        .collect();
    assert_eq!(ids, ["sign-on--sso", "sign-on--sso-1", "x-1"]);
    // Renaming a label moves no anchor.
    let renamed = rows(
        "  - {id: x, label: Completely different, models: {all: {responsible: customer, tasks: {customer: [Do.]}}}}\n",
    );
    assert!(parse(renamed.page("models/saas.html")).by_id("x").is_some());
}

#[test]
fn case_22_effective_date_in_the_future() {
    let files = |date: &str| {
        fixture(&format!(
            "{MODELS}//- content/srm.yaml\nschema: 1\ndocument: {{effective: {date}}}\nparties:\n  \
             - {{id: customer, kind: customer, label: Customer}}\n  - {{id: provider, kind: provider, label: Vendor}}\n\
             //- content/categories/data.yaml\nlabel: Data\nrows:\n{SHARED}"
        ))
    };
    let on = |date: &str, today: &str| {
        let options = Options {
            today: Some(today.parse().unwrap()),
            ..Options::default()
        };
        build_files(files(date), &options)
    };
    let built = on("2026-07-01", "2026-06-30");
    built.assert_fine();
    assert_eq!(
        built.lines(),
        [
            "content/srm.yaml:2:23 note[SRM314] the document is in force from 2026-07-01 on, not yet today"
        ]
    );
    assert!(!built.outcome.failed);
    assert!(
        on("2026-06-30", "2026-06-30").lines().is_empty(),
        "in force from that day on"
    );
    assert!(on("2025-01-01", "2026-06-30").lines().is_empty());
    // The date is shown and exported as written.
    assert!(
        parse(built.page("index.html"))
            .text()
            .contains("In force from 2026-07-01")
    );
    assert_eq!(csv_rows(&built, "base")[0]["effective date"], "2026-07-01");
    let wrong = on("2026-02-30", "2026-01-01");
    assert!(
        wrong.lines()[0].contains("error[SRM008] expected a date that exists"),
        "{:?}",
        wrong.lines()
    );
}

#[test]
fn case_23_unknown_party_or_model_in_a_cell() {
    let built = rows(&format!(
        "{SHARED}  - id: x\n    label: X\n    models:\n      sass:\n        responsible: custmer\n      byoc:\n        \
         responsible: [customer, provder]\n        tasks:\n          costumer: [Do it.]\n          customer: [Do that.]\n"
    ));
    assert!(built.outcome.failed);
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
    let built = rows_with(
        "//- content/srm.yaml\nschema: 1\ndocument:\n  catch-all: {text: \"Anything not listed is *yours*.\", party: customer}\nparties:\n  \
         - {id: customer, kind: customer, label: Customer}\n  - {id: provider, kind: provider, label: Vendor}\n",
        "  - {id: gap, label: Gap, models: {all: {responsible: []}}}\n  \
         - {id: x, label: X, models: {all: {responsible: provider, tasks: {provider: [Do.]}}}}\n",
    );
    built.assert_fine();
    assert_eq!(built.lines_of("note[SRM201"), Vec::<String>::new());
    let notes = built.lines_of("SRM201");
    assert_eq!(notes.len(), 1, "{notes:#?}");
    assert!(
        notes[0].contains("note[SRM201] nobody is responsible"),
        "{notes:?}"
    );
    assert!(!built.outcome.failed);
    // Readers see that nobody is named, and what holds then.
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
fn case_25_by_contract_cell() {
    let built = rows(
        "  - id: x\n    label: X\n    models:\n      saas: {state: by-contract, reason: See the statement of work.}\n      \
         byoc: {state: by-contract}\n",
    );
    built.assert_fine();
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
    let built =
        rows("  - {id: x, label: X, models: {all: {state: by-contract, responsible: customer}}}\n");
    assert_eq!(built.lines_of("SRM206").len(), 1, "{:?}", built.lines());
    assert!(built.outcome.failed);
}

// ---------------------------------------------------------------------------
// Beyond the list

#[test]
fn five_models_and_five_parties_without_a_customer_in_the_set() {
    let mut text = String::from(
        "//- content/srm.yaml\nschema: 1\nparties:\n  - {id: customer, kind: customer, label: Customer}\n",
    );
    for (id, kind) in [
        ("vendor", "provider"),
        ("reseller", "provider"),
        ("cloud", "third-party"),
        ("auditor", "third-party"),
    ] {
        text.push_str(&format!(
            "  - {{id: {id}, kind: {kind}, label: The {id}}}\n"
        ));
    }
    for n in 1..=5 {
        text.push_str(&format!(
            "//- content/models/m{n}.md\n---\nlabel: M{n}\norder: {n}\n---\n"
        ));
    }
    text.push_str("//- content/categories/data.yaml\nlabel: Data\nrows:\n  - id: x\n    label: X\n    models:\n");
    let sets = [
        "vendor",
        "[vendor, cloud]",
        "cloud",
        "[cloud, auditor]",
        "[vendor, reseller, cloud, auditor]",
    ];
    for (n, set) in sets.iter().enumerate() {
        text.push_str(&format!("      m{}: {{responsible: {set}}}\n", n + 1));
    }
    let built = build(&text);
    assert!(!built.outcome.failed, "{:?}", built.lines());
    let shown: Vec<(String, String)> = (1..=5)
        .map(|n| {
            let (owner, _, words) = badge(&built, &format!("m{n}"), "x");
            (owner, words)
        })
        .collect();
    let wanted = [
        ("provider", "Provider The vendor"),
        ("provider", "Provider The vendor + The cloud"),
        ("third-party", "The cloud"),
        ("third-party", "The cloud + The auditor"),
        (
            "provider",
            "Provider The vendor + The reseller + The cloud + The auditor",
        ),
    ];
    assert_eq!(shown, wanted.map(|(o, w)| (o.to_string(), w.to_string())));
    let page = parse(built.page("parties/customer.html"));
    for n in 1..=5 {
        assert!(
            page.text()
                .contains(&format!("Nothing is listed for Customer in M{n}."))
        );
    }
    assert_eq!(
        grids(&parse(built.page("parties/auditor.html")), "checklist").len(),
        2
    );
}

#[test]
fn japanese_labels_everywhere() {
    let built = build(
        "\
//- book.toml
[book]
title = \"共有責任モデル\"
language = \"ja\"
src = \"content\"
//- content/srm.yaml
schema: 1
parties:
  - {id: お客様, kind: customer, label: お客様}
  - {id: 提供者, kind: provider, label: 株式会社クラウド}
//- content/models/自社.md
---
label: 自社環境
---
はじめに。
//- content/categories/データ.yaml
label: データ管理
rows:
  - id: 暗号化
    label: 保存データの暗号化
    models:
      自社:
        responsible: [お客様, 提供者]
        tasks:
          お客様: [鍵を管理する。, 「はい。」と答える。]
          提供者: [暗号化する。記録する。]
//- content/注意.md
# 注意

[行へ](row:暗号化)と[モデルへ](model:自社)。
",
    );
    built.assert_clean_but(&["SRM311"]);
    assert_eq!(
        built.lines_of("SRM311").len(),
        1,
        "two sentences without a blank; a quote is none"
    );
    let page = parse(built.page("models/自社.html"));
    let html = page.one("html", &|e| e.tag == "html");
    assert_eq!(html.attr("lang"), Some("ja"));
    let line = page.by_id("暗号化").unwrap();
    assert!(line.text().contains("鍵を管理する。"));
    assert_badge(
        &built,
        "自社",
        "暗号化",
        "shared",
        "お客様 提供者",
        "共同 お客様 + 株式会社クラウド",
    );
    let page = parse(built.page("注意.html"));
    let links: Vec<String> = page
        .one("main", &|e| e.tag == "main")
        .all(&|e| e.tag == "p")[0]
        .all(&|e| e.tag == "a")
        .iter()
        .map(|a| percent_decoded(a.attr("href").unwrap()))
        .collect();
    assert_eq!(links, ["categories/データ.html#暗号化", "models/自社.html"]);
    assert!(built.files.contains_key("parties/お客様.html"));
    assert_eq!(csv_rows(&built, "暗号化").len(), 3);
}

impl Built {
    /// No errors and no warnings, but that a fixture may leave a party unused.
    #[track_caller]
    fn assert_fine(&self) {
        for finding in &self.findings().list {
            let unused = finding.message.starts_with("no cell names the party");
            let note = finding.severity == Severity::Note || finding.acknowledged.is_some();
            assert!(unused || note, "{:#?}", self.lines());
        }
    }

    /// No findings but those of some codes.
    #[track_caller]
    fn assert_clean_but(&self, codes: &[&str]) {
        for finding in &self.findings().list {
            assert!(codes.contains(&finding.code.id()), "{:#?}", self.lines());
        }
    }
}

/// Text that means something in every format the tool writes.
fn plain(n: usize) -> String {
    format!("q{n}q & <i>x</i> &lt; &amp;amp; | \"d\" 's' \\ * _a_ [l](u) `c` {{label}} # 😀 日")
}

/// The same as far as it means nothing in Markdown.
fn marked(n: usize) -> String {
    format!("q{n}q & < | {{label}} 😀 日")
}

#[test]
fn author_text_comes_out_whole_in_every_place_and_format() {
    let quote = |text: String| serde_json::to_string(&text).unwrap();
    let p = |n| quote(plain(n));
    let m = |n| quote(marked(n));
    let text = format!(
        "\
//- book.toml
[book]
src = \"content\"
description = {}
authors = [{}]
//- content/srm.yaml
schema: 1
document:
  title: {}
  version: {}
  contact: {}
  source: {{label: {}, url: \"https://example.com/?a=1&b=<2>\"}}
  catch-all: {{text: {}}}
  precedence: {}
parties:
  - {{id: customer, kind: customer, label: {}, description: {}}}
  - {{id: provider, kind: provider, label: {}}}
  - {{id: aws, kind: third-party, label: {}}}
frameworks:
  - {{id: soc2, label: {}}}
//- content/models/saas.md
---
label: {}
order: 1
description: {}
parties: {{customer: {}}}
captions: {{summary: {}, detail: {}}}
---

{}
//- content/models/byoc.md
---
label: BYOC
order: 2
---
//- content/categories/data.yaml
label: {}
labels: {{saas: {}}}
description: {}
rows:
  - id: x
    label: {}
    labels: {{saas: {}}}
    description: {}
    notes: [{}]
    controls: {{soc2: {}}}
    models:
      all:
        responsible: provider
        summary: {{customer: {}}}
        scope: {{provider: {}}}
        conditional: {{customer: {}}}
        accountable: aws
        cadence: {}
        notes: [{}]
        tasks:
          customer: [{}]
          provider:
            - {{text: {}, controls: {{soc2: {}}}}}
        acknowledge: {{SRM202: {}}}
  - id: y
    label: Y
    only-in: {{models: [saas], reason: {}}}
    models:
      saas: {{state: not-applicable, reason: {}}}
  - id: z
    label: Z
    models:
      all: {{responsible: aws}}
//- content/page.md
---
title: {}
description: {}
---

## {}
",
        p(1),
        p(2),
        p(3),
        p(4),
        p(5),
        p(6),
        m(7),
        m(8),
        p(9),
        m(10),
        p(11),
        p(12),
        p(13),
        p(14),
        p(15),
        p(16),
        p(17),
        p(18),
        marked(19),
        p(20),
        p(21),
        m(22),
        p(23),
        p(24),
        m(25),
        m(26),
        p(27),
        p(28),
        m(29),
        m(30),
        p(31),
        m(32),
        m(33),
        m(34),
        p(35),
        p(36),
        p(37),
        p(38),
        p(39),
        p(40),
        marked(41),
    );
    const LAST: usize = 41;
    let in_markdown = [7, 8, 10, 19, 22, 25, 26, 29, 30, 32, 33, 34, 41];
    let wanted: Vec<String> = (0..=LAST)
        .map(|n| {
            if in_markdown.contains(&n) {
                marked(n)
            } else {
                plain(n)
            }
        })
        .collect();
    let built = build(&text);
    assert!(!built.outcome.failed, "{:#?}", built.lines());
    assert!(built.lines_of("SRM405").is_empty(), "{:#?}", built.lines());

    let mut seen: BTreeMap<usize, std::collections::BTreeSet<&str>> = BTreeMap::new();
    // Wherever a mark occurs, the whole text follows.
    let mut look = |format: &'static str, place: &str, text: &str| {
        let mut at = 0;
        while let Some(found) = text[at..].find('q') {
            at += found;
            let rest = &text[at..];
            let digits: String = rest[1..].chars().take_while(char::is_ascii_digit).collect();
            at += 1;
            if digits.is_empty() || !rest[1 + digits.len()..].starts_with('q') {
                continue;
            }
            let n: usize = digits.parse().unwrap();
            assert!(
                rest.starts_with(&wanted[n]),
                "{format} {place}: {:?}\n  should be {:?}",
                rest.chars()
                    .take(wanted[n].chars().count() + 8)
                    .collect::<String>(),
                wanted[n]
            );
            seen.entry(n).or_default().insert(format);
        }
    };
    // The page of ways to embed shows HTML and Markdown as they are written.
    for path in built.files.keys().filter(|p| !p.starts_with("embed.")) {
        let text = || built.page(path);
        if path.ends_with(".html") {
            // The reader itself refuses bare `<`, `&` and broken attributes.
            let page = parse(text());
            look("html", path, &page.text());
            for element in page.all(&|_| true) {
                // Anchors are made from words, and have a test of their own.
                for (name, value) in &element.attrs {
                    if !["id", "href", "aria-labelledby"].contains(&name.as_str()) {
                        look("html", path, value);
                    }
                }
            }
        } else if path.ends_with(".md") {
            for table in markdown_tables(text()) {
                for cell in table.iter().flatten() {
                    look("twin", path, cell);
                }
            }
            for block in markdown_blocks(text()) {
                look("twin", path, &block);
            }
        } else if path.ends_with(".csv") {
            for field in csv(text()).iter().flatten() {
                look("csv", path, field);
            }
        } else if path == "data/responsibilities.json" {
            let data: serde_json::Value = serde_json::from_str(text()).unwrap();
            strings(&data, &mut |s| look("json", path, s));
        }
    }
    for n in 1..=LAST {
        let formats = seen.get(&n).cloned().unwrap_or_default();
        assert!(formats.contains("html"), "text {n} is shown on no page");
    }
    // What the data formats carry, they carry whole: nothing was lost.
    for n in [3, 4, 9, 11, 14, 20, 23, 24, 26, 33, 34] {
        let formats = &seen[&n];
        assert!(formats.contains("json"), "text {n} in JSON: {formats:?}");
        assert!(formats.contains("twin"), "text {n} in a twin: {formats:?}");
    }
    for n in [4, 11, 14, 20, 23, 24, 26, 27, 33, 34] {
        assert!(seen[&n].contains("csv") || n == 23, "text {n} in CSV");
    }
}

fn strings(value: &serde_json::Value, f: &mut dyn FnMut(&str)) {
    match value {
        serde_json::Value::String(s) => f(s),
        serde_json::Value::Array(list) => list.iter().for_each(|v| strings(v, f)),
        serde_json::Value::Object(map) => map.values().for_each(|v| strings(v, f)),
        _ => {}
    }
}

/// Headings, paragraphs and list items of a Markdown text as plain text.
fn markdown_blocks(text: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser};
    let mut blocks = vec![String::new()];
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Text(t) | Event::Code(t) => blocks.last_mut().unwrap().push_str(&t),
            Event::SoftBreak | Event::HardBreak => blocks.last_mut().unwrap().push(' '),
            Event::InlineHtml(html) if said_by_tag(&html) == "\n" => blocks.push(String::new()),
            Event::Html(html) => panic!("raw HTML in a twin: {html}"),
            Event::Start(tag) if !tag_is_inline(&tag) => blocks.push(String::new()),
            _ => {}
        }
    }
    blocks
}

fn tag_is_inline(tag: &pulldown_cmark::Tag<'_>) -> bool {
    use pulldown_cmark::Tag;
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Strikethrough
    )
}

#[test]
fn raw_html_in_author_markdown_is_text_in_every_format() {
    let script = "Go <script>alert(1)</script> <b onclick=\"x()\">now</b>.";
    let built = rows(&format!(
        "  - id: x\n    label: X\n    description: {q}\n    notes: [{q}]\n    models:\n      all: {{responsible: customer, tasks: {{customer: [{q}]}}}}\n",
        q = serde_json::to_string(script).unwrap()
    ));
    assert!(!built.lines_of("SRM405").is_empty());
    for (path, _) in built.files.iter().filter(|(p, _)| p.ends_with(".html")) {
        let page = parse(built.page(path));
        assert!(
            page.all(&|e| e.tag == "script" && e.attr("src").is_none())
                .is_empty(),
            "{path}"
        );
        assert!(
            page.all(&|e| e.attr("onclick").is_some()).is_empty(),
            "{path}"
        );
    }
    let page = parse(built.page("models/saas.html"));
    assert!(page.by_id("x").unwrap().text().contains(script));
    // A twin may be rendered by anything; there it has to be text as well.
    let tables = markdown_tables(built.page("models/saas.md"));
    assert!(
        tables[1][1].iter().any(|c| c.contains(script)),
        "{:?}",
        tables[1][1]
    );
}

#[test]
fn bars_backslashes_and_line_ends_keep_the_twins_columns() {
    let tasks = [
        r"Use a | b.",
        r"Use a \| b.",
        r"Use `a|b` and `c\|d`.",
        r"Write to C:\dir\x.",
        r"End with a backslash \",
        "Two\nlines.",
        "A list:\n\n- one | two\n- three",
        r"**bold | text** and [a | b](https://example.com/?q=a|b).",
    ];
    let list: Vec<String> = tasks
        .iter()
        .map(|t| serde_json::to_string(t).unwrap())
        .collect();
    let built = rows(&format!(
        "  - id: x\n    label: \"L | \\\\ | \\\\\\\\\"\n    models:\n      all: {{responsible: [customer, provider], tasks: {{customer: [{}], provider: [Last cell.]}}}}\n",
        list.join(", ")
    ));
    assert!(!built.outcome.failed, "{:?}", built.lines());
    let tables = markdown_tables(built.page("models/saas.md"));
    let cells = &tables[1][1];
    assert_eq!(cells.len(), 4);
    assert_eq!(cells[1].lines().next(), Some(r"L | \ | \\"));
    assert_eq!(cells[3], "• Last cell.", "{cells:?}");
    for words in [
        "• Use a | b.",
        "• Write to C:\\dir\\x.",
        "• End with a backslash \\",
        "bold | text and a | b.",
    ] {
        assert!(cells[2].contains(words), "{words} not in {:?}", cells[2]);
    }
    assert_eq!(cells[2].matches("Use a | b.").count(), 2, "{:?}", cells[2]);
    let texts: Vec<String> = csv_rows(&built, "x")
        .into_iter()
        .map(|r| r["task text"].clone())
        .collect();
    assert_eq!(texts[..tasks.len()], tasks);
}

/// A task is a text, whatever it begins with: none may vanish or become a
/// list, a heading, a rule or a definition.
#[test]
fn tasks_that_look_like_markdown_blocks_stay_texts() {
    let tasks = [
        ("1. Patch.", "1. Patch."),
        ("2024) Review.", "2024) Review."),
        ("- Dash.", "- Dash."),
        ("+ Plus.", "+ Plus."),
        ("* Star.", "* Star."),
        ("# Number sign.", "# Number sign."),
        ("> Quote.", "> Quote."),
        ("---", "---"),
        ("***", "***"),
        ("___", "___"),
        ("===", "==="),
        ("~~~", "~~~"),
        ("```", "```"),
        ("[SSO]: required", "[SSO]: required"),
        ("[^1]: A footnote.", "[^1]: A footnote."),
        ("| a | b |", "| a | b |"),
        (": colon", ": colon"),
        ("~~Old~~ new.", "Old new."),
        ("*Both* sides.", "Both sides."),
        ("[ ] Open.", "[ ] Open."),
    ];
    let list: Vec<String> = tasks
        .iter()
        .map(|(t, _)| serde_json::to_string(t).unwrap())
        .collect();
    let built = rows(&format!(
        "  - id: x\n    label: X\n    models:\n      all: {{responsible: customer, tasks: {{customer: [{}]}}}}\n",
        list.join(", ")
    ));
    let page = parse(built.page("models/saas.html"));
    let items = page
        .by_id("x")
        .unwrap()
        .one("list", &|e| e.has_class("srm-tasks"));
    let shown: Vec<String> = items.elements().map(Element::text).collect();
    let wanted: Vec<&str> = tasks.iter().map(|(_, w)| *w).collect();
    assert_eq!(shown, wanted);
    for element in items.all(&|_| true) {
        let inline = ["li", "em", "del", "strong"].contains(&element.tag.as_str());
        assert!(inline, "<{}> in a task", element.tag);
    }
    assert_eq!(items.all(&|e| e.tag == "del").len(), 1);
}

#[test]
fn labels_that_look_like_markdown_blocks_stay_texts_in_twins() {
    let labels = [
        "1. One", "2) Two", "# Three", "- Four", "Five #", "+ Six", "> Seven", "Eight \\",
        "=== Nine", "~~~ Ten",
    ];
    for label in labels {
        let quoted = serde_json::to_string(label).unwrap();
        let built = build(&format!(
            "//- content/models/m.md\n---\nlabel: {quoted}\ncaptions: {{summary: {quoted}, detail: {quoted}}}\n---\n\
             //- content/categories/data.yaml\nlabel: {quoted}\nrows:\n{SHARED}"
        ));
        assert!(!built.outcome.failed, "{label}: {:?}", built.lines());
        use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
        for path in ["models/m.md", "categories/data.md"] {
            let text = built.page(path);
            let (mut headings, mut current) = (Vec::new(), None);
            let mut paragraphs = Vec::new();
            for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
                match event {
                    Event::Start(Tag::Heading { .. } | Tag::Paragraph) => {
                        current = Some(String::new())
                    }
                    Event::End(TagEnd::Heading(_)) => headings.push(current.take().unwrap()),
                    Event::End(TagEnd::Paragraph) => paragraphs.push(current.take().unwrap()),
                    Event::Text(t) => {
                        if let Some(current) = &mut current {
                            current.push_str(&t);
                        }
                    }
                    Event::Start(Tag::List(Some(_)) | Tag::BlockQuote(_) | Tag::CodeBlock(_))
                    | Event::Rule => {
                        panic!("{label:?} became a block in {path}:\n{text}")
                    }
                    _ => {}
                }
            }
            assert_eq!(headings[0], label, "the title of {path}");
            if path == "models/m.md" {
                assert_eq!(
                    paragraphs.iter().filter(|p| *p == label).count(),
                    2,
                    "captions: {text}"
                );
            }
        }
    }
}

#[test]
fn csv_guards_against_formulas_and_against_nothing_else() {
    let tasks = [
        "=1+1",
        "+49 30",
        "-5 degrees",
        "@home",
        "a=b",
        " padded ",
        "say \"hi\", twice",
        "two\r\nlines",
    ];
    let list: Vec<String> = tasks
        .iter()
        .map(|t| serde_json::to_string(t).unwrap())
        .collect();
    let built = rows(&format!(
        "  - id: x\n    label: X\n    models:\n      all: {{responsible: customer, tasks: {{customer: [{}]}}}}\n",
        list.join(", ")
    ));
    let read: Vec<String> = csv_rows(&built, "x")
        .into_iter()
        .filter(|r| r["model"] == "SaaS")
        .map(|r| r["task text"].clone())
        .collect();
    assert_eq!(
        read,
        [
            "'=1+1",
            "'+49 30",
            "'-5 degrees",
            "'@home",
            "a=b",
            "padded",
            "say \"hi\", twice",
            "two\r\nlines"
        ]
    );
    let header = &csv(built.page("data/responsibilities.csv"))[0];
    assert_eq!(
        header.join(","),
        "model,category,row id,row label,party,badge,responsible,task number,task text,note,controls,version,effective date"
    );
}

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
    let built = rows(
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
    );
    let reasons: Vec<&str> = built
        .findings()
        .list
        .iter()
        .filter_map(|f| f.acknowledged.as_deref())
        .collect();
    assert_eq!(reasons, ["At the cell.", "At the row."]);
    assert_eq!(
        built.lines_of("SRM212"),
        ["content/categories/data.yaml:16:19 warning[SRM212] nothing here has the finding SRM313"]
    );
}

#[test]
fn errors_cannot_be_acknowledged() {
    let built = rows(
        "  - id: x\n    label: X\n    acknowledge: {SRM201: We know., SRM999: What.}\n    models: {all: {responsible: []}}\n",
    );
    assert!(built.outcome.failed);
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

#[test]
fn a_cell_for_all_models_with_overrides() {
    let built = rows(
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
    );
    built.assert_fine();
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
    let built = rows(&format!(
        "{SHARED}  - id: x\n    label: X\n    only-in: saas\n    models:\n      byoc: {{responsible: customer, tasks: {{customer: [Do.]}}}}\n"
    ));
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
            .any(|l| l.contains("has a cell for `byoc`, which `only-in` leaves out"))
    );
    let built = rows(&format!(
        "{SHARED}  - id: x\n    label: X\n    models: {{}}\n"
    ));
    assert_eq!(
        built.lines(),
        ["content/categories/data.yaml:9:9 error[SRM209] row `x` has no cell in any model"]
    );
}

#[test]
fn controls_of_rows_and_tasks() {
    let built = rows_with(
        "//- content/srm.yaml\nschema: 1\nparties:\n  - {id: customer, kind: customer, label: Customer}\nframeworks:\n  \
         - {id: soc2, label: SOC 2, url: https://example.com/soc2}\n  - {id: iso, label: ISO 27001}\n",
        "\
  - id: x
    label: X
    controls: {soc2: [CC6.1, CC6.2]}
    models:
      all:
        responsible: customer
        tasks:
          customer:
            - {text: Do it., controls: {iso: A.5.23}}
            - Do that.
",
    );
    built.assert_fine();
    let page = parse(built.page("models/saas.html"));
    let line = page.by_id("x").unwrap();
    assert!(line.text().contains("Controls: SOC 2 CC6.1, SOC 2 CC6.2"));
    let items: Vec<String> = line
        .all(&|e| e.tag == "li")
        .iter()
        .map(|e| e.text())
        .collect();
    assert_eq!(items, ["Do it. ISO 27001 A.5.23", "Do that."]);
    let controls: Vec<String> = csv_rows(&built, "x")
        .into_iter()
        .map(|r| r["controls"].clone())
        .collect();
    assert_eq!(
        controls[..2],
        [
            "SOC 2 CC6.1; SOC 2 CC6.2; ISO 27001 A.5.23",
            "SOC 2 CC6.1; SOC 2 CC6.2"
        ]
    );
    let data = json(&built);
    let row = &data["categories"][0]["rows"][0];
    assert_eq!(row["controls"][0]["ids"][1], "CC6.2");
    assert_eq!(
        row["cells"][0]["tasks"][0]["tasks"][0]["controls"][0]["framework"],
        "iso"
    );
    assert!(
        built
            .page("models/saas.md")
            .contains("Do it. (ISO 27001 A.5.23)")
    );
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
        ", informed: [customer, aws]",
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
    let built = rows_with(THREE_PARTIES, &list);
    assert!(!built.outcome.failed, "{:?}", built.lines());
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

#[test]
fn comparison_verdicts() {
    let built = rows_with(
        THREE_PARTIES,
        "\
  - {id: same, label: Same, models: {all: {responsible: [customer, provider]}}}
  - {id: order, label: Order, models: {saas: {responsible: [customer, provider]}, byoc: {responsible: [provider, customer]}}}
  - {id: moved, label: Moved, models: {saas: {responsible: provider}, byoc: {responsible: customer}}}
  - {id: other, label: Still shared, models: {saas: {responsible: [customer, provider]}, byoc: {responsible: [customer, aws]}}}
  - {id: state, label: State, models: {saas: {state: by-contract}, byoc: {state: not-applicable, reason: None.}}}
  - {id: only-a, label: Only A, only-in: saas, models: {saas: {responsible: customer}}}
  - {id: only-b, label: Only B, only-in: byoc, models: {byoc: {responsible: customer}}}
",
    );
    built.assert_fine();
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "compare")[0];
    let shown: Vec<(String, String, &str)> = grid
        .lines
        .iter()
        .map(|l| (l.text(0), l.text(1), l.tr.attr("data-change").unwrap()))
        .collect();
    let wanted = [
        ("Owner changes", "Moved", "moved"),
        // Both say Shared; the parties are others, so the owner moved.
        ("Owner changes", "Still shared", "moved"),
        ("Owner changes", "State", "moved"),
        ("Only in SaaS", "Only A", "only-first"),
        ("Only in BYOC", "Only B", "only-second"),
        ("Same owner", "Same", "same"),
        ("Same owner", "Order", "same"),
    ];
    let wanted: Vec<(String, String, &str)> = wanted
        .iter()
        .map(|(a, b, c)| (a.to_string(), b.to_string(), *c))
        .collect();
    assert_eq!(shown, wanted);
    let text = page.text();
    for words in [
        "1 responsibility moves from Provider to Customer",
        // The word alone would not tell them apart.
        "1 responsibility moves from Shared (Customer + Vendor) to Shared",
        "1 is new: BYOC lists it, SaaS does not",
        "1 is dropped: SaaS lists it, BYOC does not",
        "2 keep their owner",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let line = grid.line("Owner changes", "Moved");
    let owners: Vec<String> = badges(line.tr).into_iter().map(|b| b.2).collect();
    assert_eq!(owners, ["Provider Vendor", "Customer"]);
}

#[test]
fn comparison_of_tasks_is_by_exact_text_and_party() {
    let built = rows(
        "\
  - id: x
    label: X
    models:
      saas:
        responsible: [customer, provider]
        tasks:
          customer: [Rotate keys., '  Review logs.  ', Twice., Twice., Handed over.]
          provider: [Run it.]
      byoc:
        responsible: [customer, provider]
        tasks:
          customer: [Review logs., Rotate Keys., Twice.]
          provider: [Run it., Handed over.]
  - id: y
    label: Y
    models: {all: {responsible: provider, tasks: {provider: [Do it.]}}}
",
    );
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "tasks")[0];
    let marks = |party: &str, column: usize| -> Vec<(String, bool)> {
        let cell = grid.line("X", party).cells[column];
        cell.all(&|e| e.tag == "li")
            .iter()
            .map(|li| {
                let text = li.text();
                let same = li.attr("data-task") == Some("same");
                let words = if same { " same in both" } else { " only here" };
                (text.strip_suffix(words).unwrap().to_string(), same)
            })
            .collect()
    };
    let own = |list: &[(&str, bool)]| -> Vec<(String, bool)> {
        list.iter().map(|(t, s)| (t.to_string(), *s)).collect()
    };
    // Blanks around a text do not count, letter case does; a text answers for
    // one text; a task of another party is another task.
    assert_eq!(
        marks("Customer", 2),
        own(&[
            ("Rotate keys.", false),
            ("Review logs.", true),
            ("Twice.", true),
            ("Twice.", false),
            ("Handed over.", false)
        ])
    );
    assert_eq!(
        marks("Customer", 3),
        own(&[
            ("Review logs.", true),
            ("Rotate Keys.", false),
            ("Twice.", true)
        ])
    );
    assert_eq!(
        marks("Vendor", 3),
        own(&[("Run it.", true), ("Handed over.", false)])
    );
    let owners = &grids(&page, "compare")[0];
    assert_eq!(
        owners.line("Same owner", "X").text(4),
        "3 of 8 tasks the same"
    );
    assert_eq!(owners.line("Same owner", "Y").text(4), "Same tasks");
}

/// "Not listed" in words, wherever a row stands beside a model without it.
#[test]
fn not_listed_is_said_on_every_page_that_shows_the_row() {
    let built = rows(&format!(
        "{SHARED}  - id: x\n    label: Xylo\n    only-in: byoc\n    models:\n      byoc: {{responsible: customer, tasks: {{customer: [Do.]}}}}\n"
    ));
    built.assert_fine();
    let mut shown = 0;
    for (path, _) in built
        .files
        .iter()
        .filter(|(p, _)| p.ends_with(".html") && !p.starts_with("embed/"))
    {
        let page = parse(built.page(path));
        for table in page.all(&|e| e.tag == "table") {
            let grid = crate::sites::reader::grid(table);
            let Some(column) = grid.header.iter().position(|h| h == "SaaS") else {
                continue;
            };
            for line in grid
                .lines
                .iter()
                .filter(|l| l.text(0).starts_with("Xylo") || l.text(1) == "Xylo")
            {
                assert_eq!(line.text(column), "Not listed", "{path}");
                shown += 1;
            }
        }
    }
    assert!(
        shown >= 4,
        "matrix, print, two tables of the comparison: {shown}"
    );
    for twin in [
        "categories/data.md",
        "compare/index.md",
        "compare/saas-vs-byoc.md",
    ] {
        assert!(built.page(twin).contains("Not listed"), "{twin}");
    }
    assert_eq!(
        cell(&built, "x", "saas")["responsible"],
        serde_json::json!([])
    );
}

#[test]
fn outputs_can_be_switched_off_and_leave_no_links() {
    let built = build(&format!(
        "//- book.toml\n[book]\ntitle = \"T\"\nsrc = \"content\"\n[preprocessor.srm]\ncompare = \"none\"\n[preprocessor.srm.outputs]\n\
         parties = false\nprint = false\nnot-found = false\nmarkdown = false\ndata = false\nsearch = false\nembed = false\n{MODELS}\
         //- content/categories/data.yaml\nlabel: Data\nrows:\n{SHARED}"
    ));
    built.assert_fine();
    let paths: Vec<&String> = built
        .files
        .keys()
        .filter(|p| !p.starts_with("assets/"))
        .collect();
    assert_eq!(
        paths,
        [
            ".nojekyll",
            "categories/data.html",
            "compare/index.html",
            "index.html",
            "models/byoc.html",
            "models/saas.html"
        ]
    );
    for path in paths.iter().filter(|p| p.ends_with(".html")) {
        let html = built.page(path);
        for gone in ["parties/", "print.html", "data/resp", ".md\"", "-vs-"] {
            assert!(!html.contains(gone), "{path} links to {gone}");
        }
    }
}

/// Links inside the site may be readable; addresses for other programs have to
/// be URIs (RFC 3986, and the sitemap protocol). The site's own address may be
/// written either way.
#[test]
fn absolute_addresses_are_ascii() {
    let site = |url: &str| {
        let built = build(&format!(
            "//- book.toml\n[book]\ntitle = \"T\"\nsrc = \"content\"\n[output.html]\nsite-url = \"{url}\"\n\
             //- content/models/共有.md\n---\nlabel: 共有\n---\n\
             //- content/categories/data.yaml\nlabel: Data\nrows:\n  - id: x\n    label: X\n    models:\n      \
             共有: {{responsible: [customer, provider], tasks: {{customer: [Do.], provider: [Run.]}}}}\n"
        ));
        built.assert_fine();
        built
    };
    for (url, wanted, path) in [
        (
            "https://example.com/srm",
            "https://example.com/srm/",
            "/srm/",
        ),
        ("https://example.com", "https://example.com/", "/"),
        (
            "https://example.com/a b/責任/",
            "https://example.com/a%20b/%E8%B2%AC%E4%BB%BB/",
            "/a%20b/責任/",
        ),
        (
            "https://example.com/a%20b/%E8%B2%AC%E4%BB%BB",
            "https://example.com/a%20b/%E8%B2%AC%E4%BB%BB/",
            "/a%20b/責任/",
        ),
        ("/a%20b/責任", "", "/a%20b/責任/"),
    ] {
        let built = site(url);
        let not_found = parse(built.page("404.html"));
        let style = not_found.one("style", &|e| {
            e.attr("rel") == Some("stylesheet") && e.attr("media").is_none()
        });
        let style = style.attr("href").unwrap();
        assert!(
            style.starts_with(&format!("{path}assets/")),
            "{url}: {style}"
        );
        if wanted.is_empty() {
            continue;
        }
        let wanted = format!("{wanted}models/%E5%85%B1%E6%9C%89.html");
        let sitemap = built.page("sitemap.xml");
        assert!(
            sitemap.contains(&format!("<loc>{wanted}</loc>")),
            "{sitemap}"
        );
        assert!(sitemap.is_ascii());
        let page = parse(built.page("models/共有.html"));
        let canonical = page.one("canonical", &|e| e.attr("rel") == Some("canonical"));
        assert_eq!(canonical.attr("href"), Some(wanted.as_str()));
    }
}

/// RFC 4287, sections 4.1.1 and 4.1.2: what a feed and its entries must have.
#[test]
fn the_feed_is_atom_whatever_the_texts_are() {
    let built = build(&format!(
        "//- book.toml\n[book]\ntitle = \"A & <B>\"\nauthors = [\"C & D\", \"E\"]\nlanguage = \"de\"\nsrc = \"content\"\n\
         [output.html]\nsite-url = \"https://example.com/a&b/é\"\n\
         //- content/srm.yaml\nschema: 1\ndocument:\n  history:\n  \
         - {{version: \"2 <b> & ü\", date: 2025-02-03, changes: \"New & **bold** [data](row:base).\"}}\n  \
         - {{version: \"1\", date: 2024-01-02, changes: First.}}\n\
         parties:\n  - {{id: customer, kind: customer, label: Customer}}\n  - {{id: provider, kind: provider, label: Vendor}}\n\
         {MODELS}//- content/categories/data.yaml\nlabel: Data\nrows:\n{SHARED}"
    ));
    built.assert_fine();
    let feed = roxmltree::Document::parse(built.page("feed.xml")).unwrap();
    let site = "https://example.com/a&b/%C3%A9/";
    let atom = "http://www.w3.org/2005/Atom";
    let of = |node: roxmltree::Node, name: &str| -> Vec<String> {
        let found = node.children().filter(|n| n.has_tag_name((atom, name)));
        found
            .map(|n| n.text().unwrap_or_default().to_string())
            .collect()
    };
    let root = feed.root_element();
    assert!(root.has_tag_name((atom, "feed")));
    assert_eq!(
        root.attribute(("http://www.w3.org/XML/1998/namespace", "lang")),
        Some("de")
    );
    assert_eq!(of(root, "title"), ["A & <B>"]);
    assert_eq!(of(root, "id"), [site]);
    assert_eq!(of(root, "updated"), ["2025-02-03T00:00:00Z"]);
    let author = root
        .children()
        .find(|n| n.has_tag_name((atom, "author")))
        .unwrap();
    assert_eq!(of(author, "name"), ["C & D, E"]);
    let itself = root
        .children()
        .find(|n| n.attribute("rel") == Some("self"))
        .unwrap();
    assert_eq!(
        itself.attribute("href"),
        Some(format!("{site}feed.xml").as_str())
    );
    let entries: Vec<_> = root
        .children()
        .filter(|n| n.has_tag_name((atom, "entry")))
        .collect();
    let titles: Vec<String> = entries.iter().flat_map(|e| of(*e, "title")).collect();
    assert_eq!(titles, ["2 <b> & ü", "1"]);
    let ids: Vec<String> = entries.iter().flat_map(|e| of(*e, "id")).collect();
    assert!(
        ids.iter()
            .all(|id| id.starts_with(site) && id.is_ascii() && !id.contains([' ', '<'])),
        "{ids:?}"
    );
    assert_ne!(ids[0], ids[1]);
    assert_eq!(of(entries[1], "updated"), ["2024-01-02T00:00:00Z"]);
    let content = of(entries[0], "content").remove(0);
    assert!(
        content.contains("New &amp; <strong>bold</strong>"),
        "{content}"
    );
    assert!(
        content.contains("href=\"https://example.com/a&amp;b/"),
        "{content}"
    );
    assert!(content.contains("categories/data.html#base"), "{content}");
    let sitemap = roxmltree::Document::parse(built.page("sitemap.xml")).unwrap();
    let first = sitemap.descendants().find(|n| n.tag_name().name() == "loc");
    assert_eq!(first.unwrap().text(), Some(site));
    let robots = built.page("robots.txt");
    assert!(
        robots.contains(&format!("Sitemap: {site}sitemap.xml\n")),
        "{robots}"
    );
}

/// Search engines show about 160 characters; a page without a sentence of its
/// own is described by its first words.
#[test]
fn a_page_without_a_description_is_described_by_its_first_words() {
    let long =
        "Every word of this sentence is one of many, so that it is cut somewhere. ".repeat(4);
    let built = build(&format!(
        "{MODELS}//- content/categories/data.yaml\nlabel: Data\nrows:\n{SHARED}\
         //- content/own.md\n---\ndescription: The author's \"own\" & only.\n---\n# Own\n\nNot this.\n\
         //- content/short.md\n# Short\n\nA *few* words\non two lines.\n\nMore.\n\
         //- content/long.md\n# Long\n\n{long}\n//- content/empty.md\n# Empty\n"
    ));
    built.assert_fine();
    let description = |path: &str| {
        let page = parse(built.page(path));
        let meta = page.one("description", &|e| e.attr("name") == Some("description"));
        meta.attr("content").unwrap().to_string()
    };
    assert_eq!(description("own.html"), "The author's \"own\" & only.");
    assert_eq!(description("short.html"), "A few words on two lines. More.");
    let cut = description("long.html");
    assert!((100..=160).contains(&cut.chars().count()), "{cut}");
    let start = cut.strip_suffix(" …").unwrap();
    let rest = long.strip_prefix(start).unwrap_or_else(|| panic!("{cut}"));
    assert!(
        !rest.starts_with(char::is_alphanumeric),
        "cut inside a word: {cut}"
    );
    assert_eq!(description("empty.html"), "Empty - Test");
}

#[test]
fn a_page_of_very_many_rows_is_whole() {
    let rows: String = (0..3_000)
        .map(|n| format!("  - {{id: row-{n}, label: Row {n}, models: {{saas: {{responsible: [customer, provider], tasks: {{customer: [Do {n}.], provider: [Help with {n}.]}}}}}}}}\n"))
        .collect();
    let site = format!(
        "//- content/models/saas.md\n---\nlabel: SaaS\n---\nWe run it.\n//- content/categories/data.yaml\nlabel: Data\nrows:\n{rows}"
    );
    let built = build(&site);
    built.assert_clean();
    for page in ["models/saas.html", "print.html", "categories/data.html"] {
        let html = built.page(page);
        assert!(html.len() > 500_000, "{page}: {}", html.len());
        assert!(html.trim_end().ends_with("</html>"), "{page}");
        let at = |n: usize| html.find(&format!("Help with {n}.")).unwrap();
        assert!((1..3_000).all(|n| at(n - 1) < at(n)), "{page}");
        let count = |part: &str| html.matches(part).count();
        assert_eq!(count("<tbody>"), count("</tbody>"), "{page}");
        assert_eq!(count("<table "), count("</table>"), "{page}");
    }
    // A template that changes what it is given gets all of it.
    let theme = "//- themes/default/theme.toml\napi = 1\n//- themes/default/templates/model.html\n{% for section in sections %}{{ section.html | upper | safe }}{{ section.html | length }}{% endfor %}\n";
    let built = build(&format!("{site}{theme}"));
    let html = built.page("models/saas.html");
    assert!(html.contains("HELP WITH 2999."), "{}", html.len());
}

#[test]
fn a_part_of_a_file_that_is_no_page_can_be_linked_to() {
    let files = "\
//- content/form.pdf
%PDF
//- content/guide.md
# Guide

See [the form](form.pdf#page=2).
";
    let built = rows_with(files, SHARED);
    built.assert_clean();
    assert!(
        built
            .page("guide.html")
            .contains("href=\"form.pdf#page=2\"")
    );
}

/// A project of so many models, each pair of which has a page.
fn paired(models: usize) -> Built {
    let mut text = String::from(
        "//- book.toml\n[book]\ntitle = \"Pairs\"\nsrc = \"content\"\n\n\
         [preprocessor.srm]\ncompare = \"all\"\n\
         //- content/categories/data.yaml\nlabel: Data\nrows:\n  - id: base\n    label: Base\n    \
         models:\n      all:\n        responsible: [customer, provider]\n        \
         tasks: {customer: [Use it.], provider: [Run it.]}\n",
    );
    for m in 0..models {
        text += &format!("//- content/models/m{m:02}.md\n---\nlabel: Model {m}\norder: {m}\n---\n");
    }
    build(&text)
}

/// Pages may name all models, but not all pairs of them: there are more pairs
/// than anybody can read, and each of them has a page.
#[test]
fn pages_do_not_grow_with_the_number_of_pairs() {
    let sites = [12, 24].map(paired);
    let [few, many] = [&sites[0], &sites[1]];
    for (path, most) in [
        ("compare/m00-vs-m01.html", 250),
        ("compare/m00-vs-m01.md", 50),
        ("index.html", 1_600),
        ("index.md", 400),
    ] {
        let grown = many.page(path).len() - few.page(path).len();
        assert!(grown <= 12 * most, "{path}: {grown} bytes for 12 models");
    }
    // The page of all models has them all.
    let index = parse(many.page("compare/index.html"));
    let links = index.all(&|e| e.tag == "a");
    let first = links
        .iter()
        .filter(|a| a.attr("href").is_some_and(|to| to.contains("-vs-")));
    let first: std::collections::BTreeSet<&str> = first.filter_map(|a| a.attr("href")).collect();
    assert!(first.len() >= 24 * 23 / 2, "{}", first.len());
    let home = many.page("index.html");
    assert!(home.contains("href=\"compare/index.html\""));
    assert!(!home.contains("Compare Model 22 and Model 23"));
    // Few of them are shown at once.
    assert!(
        paired(4)
            .page("index.html")
            .contains("Compare Model 2 and Model 3")
    );
}
