//! Groups of rows within a category.

use serde_json::{Value, json};

use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::{csv_maps, grids, parse};

/// Two rows of the edge of the network, one of the network, one of storage, and one that
/// is in no group, with a condition of the category.
fn site() -> Project {
    let text = "label: Data
conditional: {provider: with a zzplanzz}
groups:
  - id: net
    label: Networking
    groups: [{id: edge, label: Edge}]
rows:
  - {id: plain, label: Plain, models: {all: [customer, provider, cloud]}}
  - {id: waf, label: WAF, group: edge, models: {all: [customer, provider, cloud]}}
  - {id: cdn, label: CDN, group: edge, models: {all: customer, byoc: provider}}
  - {id: lan, label: LAN, group: net, models: {all: [customer, provider, cloud]}}
  - {id: disk, label: Disk, group: Disks & tapes, models: {all: [customer, provider, cloud]}}
";
    let tasks = "label: Zz
rows:
  - {id: zz, label: Zz, models: {all: {responsible: customer, tasks: {customer: [Do it.]}}}}
";
    project(THREE_PARTIES)
        .with("content/categories/data.yaml", text)
        .with("content/categories/zz.yaml", tasks)
}

/// The headings of a table's groups, each with the rows below it.
fn headings(page: &str, kind: &str, built: &crate::harness::Built) -> Vec<(String, Vec<String>)> {
    let page = parse(built.page(page));
    let tables = page.all(&|e| e.tag == "table" && e.attr("data-kind") == Some(kind));
    let bodies = tables[0].all(&|e| e.tag == "tbody");
    let of = |scope: &str, body: &crate::harness::reader::Element| -> Vec<String> {
        let heads = body.all(&|e| e.attr("scope") == Some(scope));
        let label = |e: &&crate::harness::reader::Element| e.all(&|e| e.tag == "a")[0].text();
        heads.iter().map(label).collect()
    };
    let group = |body: &crate::harness::reader::Element| {
        let group = body.all(&|e| e.has_class("srm-head-group"));
        let group = group
            .first()
            .map_or(String::new(), |group| format!(" / {}", group.text()));
        format!("{}{group}", of("rowgroup", body)[0])
    };
    bodies
        .iter()
        .map(|body| (group(body), of("row", body)))
        .collect()
}

#[test]
fn tables_have_a_heading_for_each_group() {
    let built = site().build();
    let expected = |more: &str| {
        let rows = |ids: &[&str]| ids.iter().map(|id| id.to_string()).collect::<Vec<_>>();
        vec![
            ("Data".to_string(), rows(&["Plain"])),
            (
                "Data / Networking \u{203a} Edge".to_string(),
                rows(&["WAF", "CDN"]),
            ),
            ("Data / Networking".to_string(), rows(&["LAN"])),
            ("Data / Disks & tapes".to_string(), rows(&["Disk"])),
            (more.to_string(), rows(&[more])),
        ]
    };
    for (page, kind) in [
        ("models/saas.html", "summary"),
        ("models/saas.html", "detail"),
        ("compare/index.html", "matrix"),
        ("parties/customer.html", "checklist"),
    ] {
        assert_eq!(headings(page, kind, &built), expected("Zz"), "{kind}");
        // Readers may filter and sort rows, so each heading says all of it.
        let page = parse(built.page(page));
        let tables = page.all(&|e| e.tag == "table" && e.attr("data-kind") == Some(kind));
        assert_eq!(tables[0].text().matches("zzplanzz").count(), 4, "{kind}");
    }
    let twin = built.page("compare/index.md");
    assert!(
        twin.contains("[Data › Networking › Edge](../categories/data.md) | [CDN]"),
        "{twin}"
    );
}

#[test]
fn saved_tables_have_a_column_of_groups_unless_their_heading_says_it() {
    let built = site().build();
    let names = |page: &str| -> Vec<String> {
        let page = parse(built.page(page));
        let tables = page.all(&|e| e.tag == "table");
        let name =
            |table: &&crate::harness::reader::Element| table.attr("data-groups").map(String::from);
        tables.iter().filter_map(name).collect()
    };
    assert!(names("models/saas.html").contains(&"Group".to_string()));
    assert_eq!(names("compare/index.html"), ["Group"]);
    assert_eq!(names("categories/data.html"), [""; 0]);
    assert!(!built.page("embed/matrix.html").contains("data-groups"));
}

#[test]
fn a_category_has_a_section_for_each_group() {
    let built = site().build();
    let page = parse(built.page("categories/data.html"));
    for (id, heading, rows) in [
        ("srm-group-edge", "Networking › Edge", vec!["waf", "cdn"]),
        ("srm-group-net", "Networking", vec!["lan"]),
        ("srm-group-disks-tapes", "Disks & tapes", vec!["disk"]),
    ] {
        let section = page.by_id(id).unwrap_or_else(|| panic!("no {id}"));
        assert_eq!(section.one("h3", &|e| e.tag == "h3").text(), heading);
        for row in rows {
            assert!(section.by_id(row).is_some(), "{row}");
        }
        assert_eq!(grids(section, "category").len(), 1);
    }
    let first = page.by_id("srm-rows").unwrap();
    assert!(first.by_id("plain").is_some() && first.by_id("waf").is_none());
    let twin = built.page("categories/data.md");
    assert!(twin.contains("\n### Networking › Edge\n"), "{twin}");
    let lines = page.all(&|e| e.attr("data-group").is_some());
    let groups: Vec<&str> = lines.iter().filter_map(|e| e.attr("data-group")).collect();
    assert_eq!(
        groups,
        [
            "edge",
            "edge",
            "edge",
            "edge",
            "net",
            "net",
            "Disks & tapes",
            "Disks & tapes"
        ]
    );
}

#[test]
fn every_format_names_the_groups() {
    let folder = site().on_disk();
    for format in [
        "md", "mdx", "html", "adoc", "rst", "latex", "csv", "tsv", "json",
    ] {
        for kind in [
            "summary",
            "detail",
            "category",
            "matrix",
            "compare",
            "tasks",
            "checklist",
        ] {
            let run = folder.run(&["table", kind, "--format", format]);
            let said = &run.code(0).stdout;
            assert!(
                said.contains("Edge") && said.contains("Networking"),
                "{kind} as {format}: {said}"
            );
        }
    }
    let run = folder.run(&["table", "matrix", "--format", "csv"]);
    let csv = &run.code(0).stdout;
    assert!(
        csv.starts_with("Category,Responsibility,SaaS,BYOC,Group\r\n"),
        "{csv}"
    );
    let waf = csv_maps(csv)
        .into_iter()
        .find(|row| row["Responsibility"] == "WAF")
        .unwrap();
    assert_eq!(
        (waf["Category"].as_str(), waf["Group"].as_str()),
        (
            "Data\nCondition (Vendor): with a zzplanzz",
            "Networking › Edge"
        )
    );
    let run = folder.run(&["table", "matrix", "category=zz", "--format", "csv"]);
    assert!(
        run.code(0)
            .stdout
            .starts_with("Category,Responsibility,SaaS,BYOC\r\n")
    );
    let run = folder.run(&["table", "checklist", "model=saas", "--format", "csv"]);
    assert!(
        run.code(0).stdout.contains("Tasks,Group\r\n"),
        "{}",
        run.code(0).stdout
    );
    let run = folder.run(&["table", "matrix", "row=cdn", "--format", "json"]);
    let tables: Value = serde_json::from_str(&run.code(0).stdout).unwrap();
    let row = &tables["tables"][0]["rows"][0];
    assert_eq!(row["group"], json!(["Networking", "Edge"]));
    assert_eq!(row["cells"]["category"][0], "Data");
}

#[test]
fn the_data_and_the_search_have_them() {
    let built = site().build();
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let category = &data["categories"][0];
    assert_eq!(
        category["groups"],
        json!([{"id": "net", "label": "Networking", "groups": [{"id": "edge", "label": "Edge", "groups": []}]}])
    );
    let groups: Vec<&Value> = category["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["group"])
        .collect();
    assert_eq!(
        json!(groups),
        json!([
            [],
            ["net", "edge"],
            ["net", "edge"],
            ["net"],
            ["Disks & tapes"]
        ])
    );
    assert!(
        built
            .page("search/index.js")
            .contains("\"Data › Networking › Edge\"")
    );
}

#[test]
fn rows_that_are_apart_have_their_heading_twice() {
    let rows = "  - {id: a, label: A, group: One, models: {all: [customer, provider, cloud]}}
  - {id: b, label: B, models: {all: customer}}
  - {id: c, label: C, group: One, models: {all: customer}}
";
    let built = project(THREE_PARTIES)
        .rows(rows)
        .builds_with(&["SRM222 note"]);
    let found = headings("models/saas.html", "summary", &built);
    let heads: Vec<&str> = found.iter().map(|(head, _)| head.as_str()).collect();
    assert_eq!(heads, ["Data / One", "Data", "Data / One"]);
    let page = parse(built.page("categories/data.html"));
    assert!(page.by_id("srm-group-one").is_some() && page.by_id("srm-group-one-2").is_some());
    assert!(built.lines_of("SRM222")[0].starts_with("content/categories/data.yaml:5:10"));
}

/// A row may name a declared group by its label.
#[test]
fn the_label_of_a_declared_group_is_the_group() {
    let by_id = site().builds_with(&["SRM204 note"]);
    let text = String::from_utf8(site().files()["content/categories/data.yaml"].clone()).unwrap();
    let text = text.replace(
        "group: edge, models: {all: customer",
        "group: Edge, models: {all: customer",
    );
    let by_label = site()
        .with("content/categories/data.yaml", text)
        .builds_with(&["SRM204 note"]);
    let page = "models/saas.html";
    assert_eq!(by_id.page(page), by_label.page(page));
}
