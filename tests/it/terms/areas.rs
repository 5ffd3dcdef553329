//! Cells that are divided into areas, each with owners and terms of its own.

use serde_json::Value;

use crate::harness::Built;
use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::{Element, grids, parse};

const SITE: &str = "\
schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
areas:
  - {id: net, label: Network}
  - {id: data, label: Data}
  - {id: app, label: Application}
";

/// Two models: the first inherits all areas, the second replaces one, takes one back and
/// one not.
const ROWS: &str = "  - id: backup
    label: Backup
    models:
      all:
        notes: [Each day.]
        areas:
          \"net, app\": {responsible: provider, tasks: {provider: [Copy it.]}}
          data:
            responsible: [customer, provider]
            scope: {customer: the choice}
            conditional: {provider: with a contract}
            accountable: provider
            cadence: weekly
            notes: [Only in one region.]
            tasks: {customer: [Choose what.], provider: [Run it.]}
      byoc:
        areas:
          data: {responsible: customer, conditional: {}}
          app: {state: not-applicable, reason: There is none.}
";

fn areas(rows: &str) -> Project {
    project(THREE_PARTIES)
        .with("content/srm.yaml", SITE)
        .rows(rows)
}

/// What all findings say, with their help.
fn told(built: &Built) -> String {
    let findings = built.findings().list.iter();
    let texts = findings.map(|f| format!("{} {}", f.message, f.help.join(" ")));
    texts.collect::<Vec<_>>().join("\n")
}

/// The badges of a column of the summary, by the names of lines.
fn owners(page: &Element) -> Vec<(String, String)> {
    let grid = &grids(page, "summary")[0];
    let column = grid.column("Owner");
    let lines = grid.lines.iter();
    lines
        .map(|line| (line.text(1), badge(&line.text(column))))
        .collect()
}

fn badge(text: &str) -> String {
    text.split(" Note:")
        .next()
        .unwrap()
        .split(" Accountable:")
        .next()
        .unwrap()
        .to_string()
}

#[test]
fn a_row_has_the_owners_of_all_its_areas() {
    let built = areas(ROWS).builds();
    let saas = owners(&parse(built.page("models/saas.html")));
    let found: Vec<(&str, &str)> = saas.iter().map(|(a, b)| (&**a, &**b)).collect();
    assert_eq!(
        found,
        [
            ("Backup", "Shared Customer + Vendor, by area"),
            ("Backup – Network", "Provider Vendor"),
            ("Backup – Data", "Shared Customer + Vendor, on a condition"),
            ("Backup – Application", "Provider Vendor"),
        ]
    );
    let byoc = owners(&parse(built.page("models/byoc.html")));
    let found: Vec<&str> = byoc.iter().map(|(_, badge)| badge.as_str()).collect();
    assert_eq!(
        found[..3],
        [
            "Shared Customer + Vendor, by area",
            "Provider Vendor",
            "Customer"
        ]
    );
    assert!(found[3].starts_with("Not applicable"), "{found:?}");
    // Rows are counted, not areas.
    let page = parse(built.page("models/saas.html"));
    assert!(page.text().contains("1 responsibility"), "{}", page.text());
}

#[test]
fn areas_with_the_same_owner_have_a_plain_badge() {
    let rows = "  - {id: a, label: A, models: {all: {areas: {net: customer, data: [customer]}}}}\n";
    let built = areas(rows).builds_with(&["SRM210"]);
    let page = parse(built.page("models/saas.html"));
    assert_eq!(owners(&page)[0].1, "Customer");
}

/// Each place says the owner and the terms of each area.
#[test]
fn what_an_area_says_is_said_in_each_place() {
    let built = areas(ROWS).builds();
    let places = [
        "models/saas.html",
        "models/saas.md",
        "categories/data.html",
        "categories/data.md",
        "compare/index.html",
        "compare/index.md",
        "compare/saas-vs-byoc.html",
        "compare/saas-vs-byoc.md",
        "print.html",
        "search/index.js",
        "data/responsibilities.json",
    ];
    for path in places {
        let page = built.page(path);
        for words in [
            "the choice",
            "with a contract",
            "weekly",
            "Only in one region.",
            "There is none.",
            "Each day.",
        ] {
            let here = words != "There is none." || !path.starts_with("models/");
            assert!(
                !here || page.contains(words),
                "{path} does not say {words}: {page}"
            );
        }
    }
    for path in [
        "models/saas.html",
        "categories/data.html",
        "compare/saas-vs-byoc.html",
    ] {
        for task in ["Choose what.", "Run it.", "Copy it."] {
            assert!(built.page(path).contains(task), "{path} has no {task}");
        }
    }
    let customer = parse(built.page("parties/customer.html"));
    let list = &grids(&customer, "checklist")[0];
    let lines: Vec<String> = list.lines.iter().map(|line| line.text(1)).collect();
    assert_eq!(lines, ["Backup", "Backup – Data"]);
    assert!(list.lines[1].text(3).contains("Choose what."));
}

#[test]
fn the_table_of_areas_has_a_column_for_each() {
    let built = areas(ROWS).builds();
    let page = parse(built.page("models/byoc.html"));
    let grid = &grids(&page, "areas")[0];
    assert_eq!(
        grid.header,
        [
            "Category",
            "Responsibility",
            "Network",
            "Data",
            "Application"
        ]
    );
    assert_eq!(grid.lines.len(), 1);
    assert_eq!(grid.lines[0].text(2), "Provider Vendor");
    assert!(grid.lines[0].text(3).starts_with("Customer"));
    // A model without areas has no such table.
    let rows = "  - {id: a, label: A, models: {saas: {areas: {net: customer}}, byoc: provider}}\n";
    let built = areas(rows).builds_with(&["SRM210"]);
    assert!(
        !built
            .page("models/byoc.html")
            .contains("data-kind=\"areas\"")
    );
    assert!(
        built
            .page("models/saas.html")
            .contains("data-kind=\"areas\"")
    );
}

/// Where a model has no areas, there is no page for other web pages.
#[test]
fn areas_have_a_page_for_other_web_pages() {
    let rows = "  - {id: a, label: A, models: {saas: {areas: {net: customer}}, byoc: provider}}\n";
    let built = areas(rows).builds_with(&["SRM210"]);
    let page = parse(built.page("embed/areas-saas.html"));
    let grid = &grids(&page, "areas")[0];
    assert_eq!(grid.header[2..], ["Network"]);
    assert!(built.page("embed.html").contains("areas model=saas"));
    assert!(
        !built
            .files
            .keys()
            .any(|path| path.starts_with("embed/areas-byoc"))
    );
}

#[test]
fn a_comparison_goes_area_by_area() {
    let rows = "  - id: swap
    label: Swap
    models:
      saas: {areas: {net: customer, data: provider}}
      byoc: {areas: {net: provider, data: customer}}
  - {id: half, label: Half, models: {saas: provider, byoc: {areas: {net: customer, data: provider}}}}
  - {id: same, label: Same, models: {saas: provider, byoc: {areas: {net: provider}}}}
";
    let built = areas(rows).builds_with(&["SRM210"]);
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "compare")[0];
    let changes: Vec<(String, String)> = grid
        .lines
        .iter()
        .map(|line| (line.text(0), line.text(1)))
        .collect();
    let found: Vec<(&str, &str)> = changes.iter().map(|(a, b)| (&**a, &**b)).collect();
    assert_eq!(
        found,
        [
            ("Owner changes", "Swap"),
            ("Owner changes", "Swap – Network"),
            ("Owner changes", "Swap – Data"),
            ("Owner changes", "Half"),
            ("Owner changes", "Half – Network"),
            ("Same owner", "Half – Data"),
            ("Same owner", "Same"),
            ("Same owner", "Same – Network"),
        ]
    );
    assert!(
        page.text()
            .contains("1 responsibility changes owners in some areas")
    );
}

#[test]
fn each_area_has_an_anchor() {
    let built = areas(ROWS)
        .page("t.md", "# T\n\n[a](models/saas.md#backup--data)\n")
        .builds();
    let page = parse(built.page("models/saas.html"));
    let line = page.by_id("backup--data").unwrap();
    assert_eq!(line.attr("data-area"), Some("data"));
    assert_eq!(line.attr("data-row"), Some("backup"));
    assert!(page.by_id("srm-summary-backup--data").is_some());
    assert!(page.by_id("srm-areas-backup").is_some());
    let print = parse(built.page("print.html"));
    assert!(print.by_id("saas--backup--data").is_some());
}

#[test]
fn the_data_has_the_areas_of_each_cell() {
    let built = areas(ROWS).builds();
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    assert_eq!(data["areas"][1]["label"], "Data");
    let cell = &data["categories"][0]["rows"][0]["cells"][0];
    assert_eq!(cell["owner"], "shared");
    assert_eq!(
        cell["responsible"],
        serde_json::json!(["customer", "provider"])
    );
    let area = &cell["areas"][1];
    assert_eq!(area["area"], "data");
    assert_eq!(area["scope"][0]["text"], "the choice");
    assert_eq!(area["roles"][0]["role"], "accountable");
    assert_eq!(area["tasks"][0]["tasks"][0]["text"], "Choose what.");
    // A document without areas says nothing of them.
    let plain = project(THREE_PARTIES).builds();
    assert!(!plain.page("data/responsibilities.json").contains("areas"));
}

#[test]
fn wrong_areas_are_reported_with_their_places() {
    let row = |cell: &str| format!("  - {{id: a, label: A, models: {{all: {cell}}}}}\n");
    for (cell, code, words) in [
        (
            "{areas: {nte: customer, data: customer}}",
            "SRM104",
            "did you mean `net`?",
        ),
        (
            "{responsible: customer, areas: {net: customer}}",
            "SRM206",
            "keep `areas`",
        ),
        (
            "{state: by-contract, areas: {net: customer}}",
            "SRM206",
            "keep `areas`",
        ),
        (
            "{areas: {net: {areas: {data: customer}, responsible: customer}}}",
            "SRM206",
            "beside each other",
        ),
        (
            "{areas: {\"net, data\": customer, net: provider}}",
            "SRM005",
            "name each area once",
        ),
        (
            "{areas: {net: {responsible: []}}}",
            "SRM201",
            "add `responsible:`",
        ),
    ] {
        let built = areas(&row(cell)).build();
        let found = built.lines_of(code);
        assert_eq!(found.len(), 1, "{cell}: {:?}", built.lines());
        assert!(told(&built).contains(words), "{cell}: {}", told(&built));
    }
    let rows = row("{areas: {net: customer}}");
    let built = project(THREE_PARTIES).rows(&rows).build();
    let said = told(&built);
    assert!(said.contains("declare it in `areas:`"), "{said}");
}

/// The anchor of an area is `ROW--AREA`, which can be the id of a row.
#[test]
fn a_row_with_the_anchor_of_an_area_is_reported() {
    let rows = "  - {id: a, label: A, models: {all: {areas: {net: customer}}}}
  - {id: a--net, label: B, models: {all: customer}}
";
    let built = areas(rows).build();
    assert!(
        told(&built).contains("also the anchor of an area"),
        "{}",
        told(&built)
    );
}

/// What an undivided cell lists holds for all areas, and is compared with the whole row.
#[test]
fn tasks_of_an_undivided_cell_are_compared_once() {
    let rows = "  - id: r
    label: R
    models:
      saas:
        tasks: {customer: [Whole task.]}
        areas: {net: {responsible: customer, tasks: {customer: [An area task.]}}, data: provider}
      byoc: {responsible: [customer, provider], tasks: {customer: [Whole task.], provider: [Run.]}}
";
    let built = areas(rows).build();
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "tasks")[0];
    let text = |label: &str| {
        let mut lines = grid.lines.iter();
        let line = lines.find(|line| line.text(1) == label).unwrap();
        (line.text(2), line.text(3))
    };
    assert_eq!(
        text("Customer"),
        (
            "Whole task. same in both".into(),
            "Whole task. same in both".into()
        )
    );
    assert_eq!(
        text("Customer – Network"),
        ("An area task. only here".into(), "Whole task.".into())
    );
}

#[test]
fn a_cell_without_listed_areas_is_not_listed() {
    let rows = "  - id: r
    label: R
    models: {saas: customer, byoc: {areas: {net: not-listed, data: not-listed}}}
";
    let built = areas(rows).build();
    assert!(built.lines_of("SRM208").len() == 1, "{:?}", built.lines());
    assert!(
        built
            .page("models/saas.html")
            .contains("id=\"srm-summary-r\"")
    );
    assert!(
        !built
            .page("models/byoc.html")
            .contains("id=\"srm-summary-r\"")
    );
}

#[test]
fn an_area_that_no_cell_has_is_reported() {
    let rows = "  - {id: r, label: R, models: {all: {areas: {net: customer, data: provider}}}}\n";
    let built = areas(rows).build();
    let found = built.lines_of("SRM210");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("`app`"), "{found:?}");
}

/// Each area has a line in many tables, so areas count against the limit of cells.
#[test]
fn areas_count_as_cells() {
    let ids: Vec<String> = (0..50).map(|n| format!("a{n}")).collect();
    let declared: Vec<String> = ids
        .iter()
        .map(|id| format!("{{id: {id}, label: {id}}}"))
        .collect();
    let site = SITE.split("areas:").next().unwrap();
    let mut project = project(THREE_PARTIES).with(
        "content/srm.yaml",
        format!("{site}areas: [{}]\n", declared.join(", ")),
    );
    for model in 0..100 {
        let path = format!("content/models/m{model}.md");
        project = project.with(&path, "---\nlabel: M\n---\n");
    }
    let all = ids.join(", ");
    let rows: Vec<String> = (0..20)
        .map(|n| format!("  - {{id: r{n}, label: R{n}, models: {{all: {{areas: {{\"{all}\": customer}}}}}}}}\n"))
        .collect();
    let built = project.rows(&rows.concat()).build();
    assert_eq!(built.lines_of("SRM004").len(), 1, "{:?}", built.lines());
    let findings = &built.findings().list;
    let limit = findings.iter().find(|f| f.code.id() == "SRM004").unwrap();
    assert_eq!(limit.help, ["split the document, or remove areas"]);
    assert!(
        limit.message.contains(" areas in cells"),
        "{}",
        limit.message
    );
}
