//! Whole sites: small ones against files that hold every byte a reader gets,
//! and the shipped content against the facts of its source. `UPDATE=1` writes
//! the expected files again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use srm_site::findings::Severity;
use srm_site::site::Options;

use crate::harness::{Built, build_files, fixture};
use reader::{Element, parse};

pub mod reader;

// ---------------------------------------------------------------------------
// Golden sites

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder: path to bytes.
pub fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, out);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                out.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(folder, folder, &mut out);
    out
}

pub fn updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|v| v == "1")
}

/// What of a site's file is part of the contract: texts whole, of pages what
/// stands in `<main>`, so that the frame may change; of the rest the name.
fn contract(path: &str, bytes: &[u8]) -> Option<String> {
    let text = || String::from_utf8(bytes.to_vec()).unwrap();
    if path.ends_with(".html") {
        let text = text();
        let Some(start) = text.find("<main") else {
            return Some(text);
        };
        let end = text.find("</main>").unwrap() + "</main>".len();
        return Some(text[start..end].to_string() + "\n");
    }
    [".md", ".csv", ".json", ".txt", ".xml"]
        .iter()
        .any(|e| path.ends_with(e))
        .then(text)
}

/// The list of every path in a site, kept beside the files.
const LIST: &str = "FILES";

fn golden(name: &str) {
    let folder = repository().join("tests/corpus/sites").join(name);
    let mut source = files_below(&folder);
    source.retain(|path, _| !path.starts_with("expected/"));
    assert!(
        source.contains_key("book.toml"),
        "no site in {}",
        folder.display()
    );
    let built = build_files(source, &Options::default());
    assert!(!built.outcome.failed, "{:#?}", built.lines());
    let mut actual: BTreeMap<String, String> = built
        .files
        .iter()
        .filter_map(|(path, bytes)| Some((path.clone(), contract(path, bytes)?)))
        .collect();
    let list: String = built.files.keys().map(|p| format!("{p}\n")).collect();
    actual.insert(LIST.into(), list);
    let findings: String = built.lines().iter().map(|l| format!("{l}\n")).collect();
    actual.insert("FINDINGS".into(), findings);

    let expected_folder = folder.join("expected");
    if updating() {
        let _ = std::fs::remove_dir_all(&expected_folder);
        for (path, text) in &actual {
            let full = expected_folder.join(path);
            std::fs::create_dir_all(full.parent().unwrap()).unwrap();
            std::fs::write(full, text).unwrap();
        }
        return;
    }
    let expected: BTreeMap<String, String> = files_below(&expected_folder)
        .into_iter()
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect();
    let mut wrong = Vec::new();
    for path in expected
        .keys()
        .chain(actual.keys())
        .collect::<BTreeSet<_>>()
    {
        match (expected.get(path), actual.get(path)) {
            (Some(e), Some(a)) if e == a => {}
            (Some(e), Some(a)) => {
                let line = e.lines().zip(a.lines()).position(|(e, a)| e != a);
                let line = line.unwrap_or_else(|| e.lines().count().min(a.lines().count()));
                wrong.push(format!(
                    "{path}:{}\n  expected: {}\n  actual:   {}",
                    line + 1,
                    e.lines().nth(line).unwrap_or("(end)"),
                    a.lines().nth(line).unwrap_or("(end)"),
                ));
            }
            (Some(_), None) => wrong.push(format!("{path}: expected, but not made")),
            (None, _) => wrong.push(format!("{path}: made, but not expected")),
        }
    }
    assert!(
        wrong.is_empty(),
        "the site `{name}` differs (UPDATE=1 to accept):\n{}",
        wrong.join("\n")
    );
}

#[test]
fn golden_minimal() {
    golden("minimal");
}

#[test]
fn golden_three_parties() {
    golden("three-parties");
}

#[test]
fn golden_japanese() {
    golden("japanese");
}

/// A folder nobody compares would be a golden site that cannot fail.
#[test]
fn every_golden_site_is_compared() {
    let folder = repository().join("tests/corpus/sites");
    let names: BTreeSet<String> = files_below(&folder)
        .keys()
        .map(|p| p.split('/').next().unwrap().to_string())
        .collect();
    let known = ["japanese", "minimal", "three-parties"].map(String::from);
    assert_eq!(names, known.into_iter().collect());
}

// ---------------------------------------------------------------------------
// The shipped content

fn shipped_files() -> BTreeMap<String, Vec<u8>> {
    let root = repository();
    let mut files = BTreeMap::new();
    files.insert(
        "book.toml".into(),
        std::fs::read(root.join("book.toml")).unwrap(),
    );
    for folder in ["content", "themes"] {
        for (path, bytes) in files_below(&root.join(folder)) {
            files.insert(format!("{folder}/{path}"), bytes);
        }
    }
    files
}

fn shipped() -> Built {
    build_files(shipped_files(), &Options::default())
}

const MODELS: [&str; 2] = ["saas", "byoc"];

fn json(built: &Built) -> serde_json::Value {
    serde_json::from_str(built.page("data/responsibilities.json")).unwrap()
}

/// Every (row, cell) of the JSON, cells that are not listed left out.
fn cells(data: &serde_json::Value) -> Vec<(&serde_json::Value, &serde_json::Value)> {
    let mut out = Vec::new();
    for category in data["categories"].as_array().unwrap() {
        for row in category["rows"].as_array().unwrap() {
            for cell in row["cells"].as_array().unwrap() {
                if cell["owner"] != "not-listed" {
                    out.push((row, cell));
                }
            }
        }
    }
    out
}

/// The ids of part 4 of the domain document, in its order.
const ROWS: [(&str, &[&str]); 4] = [
    (
        "data",
        &[
            "data-lifecycle",
            "data-access-control",
            "encryption-at-rest",
            "encryption-in-transit",
        ],
    ),
    (
        "infrastructure",
        &[
            "cloud-account",
            "infrastructure-provisioning",
            "scaling-performance",
            "network",
        ],
    ),
    (
        "security-compliance",
        &[
            "platform-iam",
            "vulnerability-management",
            "compliance-governance",
            "incident-response",
        ],
    ),
    (
        "operations",
        &[
            "availability",
            "maintenance-upgrades",
            "auditing-logging",
            "monitoring-alerting",
            "technical-support",
        ],
    ),
];

const PROVIDER_IN_SAAS: [&str; 4] = [
    "encryption-at-rest",
    "vulnerability-management",
    "maintenance-upgrades",
    "technical-support",
];

#[test]
fn shipped_counts_are_those_of_the_source() {
    let built = shipped();
    let data = json(&built);
    let models: Vec<&str> = data["models"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["id"].as_str().unwrap())
        .collect();
    assert_eq!(models, MODELS);
    let rows: Vec<(String, Vec<String>)> = data["categories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| {
            let rows = c["rows"].as_array().unwrap();
            let ids = rows.iter().map(|r| r["id"].as_str().unwrap().to_string());
            (c["id"].as_str().unwrap().to_string(), ids.collect())
        })
        .collect();
    let wanted: Vec<(String, Vec<String>)> = ROWS
        .iter()
        .map(|(c, rows)| (c.to_string(), rows.iter().map(|r| r.to_string()).collect()))
        .collect();
    assert_eq!(rows, wanted);
    for (model, n) in [("saas", 16), ("byoc", 17)] {
        let count = cells(&data)
            .iter()
            .filter(|(_, c)| c["model"] == model)
            .count();
        assert_eq!(count, n, "cells of {model}");
    }
    let mut tasks: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (_, cell) in cells(&data) {
        for of_party in cell["tasks"].as_array().unwrap() {
            let key = (
                cell["model"].as_str().unwrap().to_string(),
                of_party["party"].as_str().unwrap().to_string(),
            );
            *tasks.entry(key).or_default() += of_party["tasks"].as_array().unwrap().len();
        }
    }
    let wanted = [
        (("byoc", "customer"), 40),
        (("byoc", "provider"), 40),
        (("saas", "customer"), 35),
        (("saas", "provider"), 40),
    ];
    let wanted: BTreeMap<(String, String), usize> = wanted
        .into_iter()
        .map(|((m, p), n)| ((m.to_string(), p.to_string()), n))
        .collect();
    assert_eq!(tasks, wanted);
}

/// `source-tasks.txt` was made from the text of the source by a program that
/// shares nothing with this tool.
#[test]
fn shipped_tasks_are_verbatim_and_in_order() {
    let built = shipped();
    let text = std::fs::read_to_string(repository().join("tests/corpus/source-tasks.txt")).unwrap();
    let wanted: Vec<Vec<&str>> = text.lines().map(|l| l.split('\t').collect()).collect();
    assert_eq!(wanted.len(), 155);
    let label = |model: &str| if model == "saas" { "SaaS" } else { "BYOC" };
    let party = |model: &str, party: &str| match (model, party) {
        ("saas", "customer") => "Customer",
        ("saas", _) => "Zilliz (SaaS Provider)",
        (_, "customer") => "Customer (BYOC)",
        _ => "Zilliz (BYOC Provider)",
    };
    let wanted: Vec<[String; 4]> = wanted
        .iter()
        .map(|w| {
            [
                label(w[0]).to_string(),
                w[1].to_string(),
                party(w[0], w[2]).to_string(),
                w[3].to_string(),
            ]
        })
        .collect();
    let actual: Vec<[String; 4]> = reader::csv_maps(built.page("data/responsibilities.csv"))
        .iter()
        .map(|r| ["model", "row id", "party", "task text"].map(|k| r[k].clone()))
        .collect();
    assert_eq!(actual.len(), wanted.len());
    for (actual, wanted) in actual.iter().zip(&wanted) {
        assert_eq!(actual, wanted);
    }
}

/// The same tasks as a reader of the pages meets them, not only of the data.
#[test]
fn shipped_model_pages_show_the_tasks_verbatim_and_in_order() {
    let built = shipped();
    let text = std::fs::read_to_string(repository().join("tests/corpus/source-tasks.txt")).unwrap();
    for model in MODELS {
        let page = parse(built.page(&format!("models/{model}.html")));
        let grid = &reader::grids(&page, "detail")[0];
        let mut shown = Vec::new();
        for line in &grid.lines {
            let row = line.tr.attr("id").unwrap();
            for (cell, party) in line.cells[2..].iter().zip(["customer", "provider"]) {
                for li in cell.all(&|e| e.tag == "li") {
                    shown.push([model, row, party, &li.text()].join("\t"));
                }
            }
        }
        let wanted: Vec<&str> = text.lines().filter(|l| l.starts_with(model)).collect();
        assert_eq!(shown, wanted);
    }
}

#[test]
fn shipped_badges_are_29_shared_and_4_provider() {
    let built = shipped();
    let data = json(&built);
    let mut owners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (row, cell) in cells(&data) {
        let owner = cell["owner"].as_str().unwrap();
        owners
            .entry(owner)
            .or_default()
            .push(row["id"].as_str().unwrap());
    }
    assert_eq!(
        owners.keys().copied().collect::<Vec<_>>(),
        ["provider", "shared"]
    );
    assert_eq!(owners["shared"].len(), 29);
    assert_eq!(owners["provider"], PROVIDER_IN_SAAS);
    // On the page: the four are the provider's in SaaS, with the printed words.
    let page = parse(built.page("models/saas.html"));
    let grid = &reader::grids(&page, "summary")[0];
    assert_eq!(grid.caption, "Table 1. SaaS Shared Responsibility");
    assert_eq!(grid.lines.len(), 16);
    for line in &grid.lines {
        let row = line
            .tr
            .attr("id")
            .unwrap()
            .strip_prefix("srm-summary-")
            .unwrap();
        let provider = PROVIDER_IN_SAAS.contains(&row);
        let badge = &reader::badges(line.tr)[0];
        let (owner, parties) = if provider {
            ("provider", "provider")
        } else {
            ("shared", "customer provider")
        };
        assert_eq!(
            (badge.0.as_str(), badge.1.as_str()),
            (owner, parties),
            "{row}"
        );
        let words = line.text(grid.column("Customer")) == "Zilliz Handle Everything";
        assert_eq!(words, provider, "{row}");
    }
}

#[test]
fn shipped_comparison_says_12_same_4_moved_1_only_in_byoc() {
    let built = shipped();
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &reader::grids(&page, "compare")[0];
    let mut verdicts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in &grid.lines {
        let verdict = line.tr.attr("data-change").unwrap();
        let row = line
            .tr
            .attr("id")
            .unwrap()
            .strip_prefix("srm-change-")
            .unwrap();
        verdicts.entry(verdict).or_default().push(row);
        let owners: Vec<String> = reader::badges(line.tr).into_iter().map(|b| b.0).collect();
        let wanted = match verdict {
            "moved" => ["provider", "shared"],
            "only-second" => ["not-listed", "shared"],
            _ => ["shared", "shared"],
        };
        assert_eq!(owners, wanted, "{row}");
    }
    assert_eq!(verdicts["moved"], PROVIDER_IN_SAAS);
    assert_eq!(verdicts["only-second"], ["cloud-account"]);
    assert_eq!(verdicts["same"].len(), 12);
    assert_eq!(verdicts.len(), 3);
    // Moves come first, then what one model has alone.
    let order: Vec<&str> = grid
        .lines
        .iter()
        .map(|l| l.tr.attr("data-change").unwrap())
        .collect();
    assert_eq!(
        order[..5],
        ["moved", "moved", "moved", "moved", "only-second"]
    );
    let words = page.text();
    for phrase in [
        "4 responsibilities move from Provider to Shared",
        "1 is new: BYOC lists it, SaaS does not",
        "12 keep their owner",
    ] {
        assert!(words.contains(phrase), "{phrase}");
    }
}

#[test]
fn shipped_comparison_recognises_the_19_equal_tasks() {
    let built = shipped();
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &reader::grids(&page, "tasks")[0];
    let (saas, byoc) = (grid.column("SaaS"), grid.column("BYOC"));
    let mut counts = [[0, 0], [0, 0]];
    for line in &grid.lines {
        for (side, column) in [saas, byoc].into_iter().enumerate() {
            for li in line.cells[column].all(&|e| e.tag == "li") {
                let same = li.attr("data-task") == Some("same");
                assert_eq!(same, li.text().ends_with("same in both"), "{}", li.text());
                counts[side][usize::from(same)] += 1;
            }
        }
    }
    assert_eq!(counts, [[75 - 19, 19], [80 - 19, 19]]);
    let line = grid.line("Data Access Control", "Customer");
    assert_eq!(line.cells[saas].text(), line.cells[byoc].text());
    let absent = grid.line("Cloud Account Management", "Customer");
    assert_eq!(absent.text(saas), "Not listed");
}

#[test]
fn shipped_findings_are_those_of_part_4_and_all_acknowledged() {
    let built = shipped();
    assert!(!built.outcome.failed);
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &built.findings().list {
        assert!(finding.acknowledged.is_some(), "{:#?}", built.lines());
        *codes.entry(finding.code.id()).or_default() += 1;
    }
    let wanted = [
        ("SRM202", 4), // a party with tasks that is not responsible
        ("SRM205", 4), // "Zilliz Handle Everything" beside customer tasks
        ("SRM301", 4), // categories
        ("SRM302", 7), // renamed rows
        ("SRM311", 3), // two sentences
        ("SRM312", 6), // no full stop
        ("SRM313", 1), // blank before a full stop
    ];
    assert_eq!(codes, wanted.into_iter().collect());
    // At the right rows: the place is inside the row's own text.
    let rows_of = |code: &str| -> BTreeSet<&str> {
        let list = built.findings().list.iter();
        list.filter(|f| f.code.id() == code)
            .map(|f| f.subject.row.as_deref().unwrap())
            .collect()
    };
    let four: BTreeSet<&str> = PROVIDER_IN_SAAS.into_iter().collect();
    assert_eq!(rows_of("SRM202"), four);
    assert_eq!(rows_of("SRM205"), four);
    let two = ["maintenance-upgrades", "scaling-performance"];
    assert_eq!(rows_of("SRM311"), two.into_iter().collect());
    assert_eq!(
        rows_of("SRM313"),
        ["encryption-at-rest"].into_iter().collect()
    );
    assert_eq!(
        rows_of("SRM302"),
        [
            "availability",
            "data-access-control",
            "data-lifecycle",
            "infrastructure-provisioning",
            "network",
            "platform-iam",
            "scaling-performance",
        ]
        .into_iter()
        .collect()
    );
}

/// The acknowledgements hide nothing that is not there: without them and
/// without `only-in` the same findings come back as warnings, and exit code 1
/// under `-D warnings`.
#[test]
fn shipped_findings_come_back_without_the_acknowledgements() {
    let mut files = shipped_files();
    for (path, bytes) in &mut files {
        if !path.starts_with("content/categories/") {
            continue;
        }
        let text = String::from_utf8(bytes.clone()).unwrap();
        let mut out = String::new();
        let mut skipping: Option<usize> = None;
        for line in text.split_inclusive('\n') {
            let indent = line.len() - line.trim_start().len();
            if skipping.is_some_and(|at| !line.trim().is_empty() && indent <= at) {
                skipping = None;
            }
            let key = line.trim();
            if key == "acknowledge:" || key == "only-in:" {
                skipping = Some(indent);
            }
            if skipping.is_none() {
                out.push_str(line);
            }
        }
        *bytes = out.into_bytes();
    }
    let options = Options {
        deny_warnings: true,
        ..Options::default()
    };
    let built = build_files(files, &options);
    assert_eq!(
        built.findings().count(Severity::Error),
        0,
        "{:#?}",
        built.lines()
    );
    assert_eq!(built.findings().acknowledged(), 0);
    assert_eq!(
        built.findings().count(Severity::Warning),
        30,
        "{:#?}",
        built.lines()
    );
    let only = built.lines_of("SRM208");
    assert_eq!(only.len(), 1);
    assert!(
        only[0].contains("`cloud-account` is not listed in `saas`"),
        "{only:?}"
    );
    assert!(built.outcome.failed, "-D warnings stops the build");
}

#[test]
fn shipped_row_ids_are_anchors_on_every_page_that_shows_the_row() {
    let built = shipped();
    let all: Vec<&str> = ROWS
        .iter()
        .flat_map(|(_, rows)| rows.iter().copied())
        .collect();
    let saas: Vec<&str> = all
        .iter()
        .copied()
        .filter(|r| *r != "cloud-account")
        .collect();
    let mut pages: Vec<(String, Vec<&str>)> = vec![
        ("models/saas.html".into(), saas),
        ("models/byoc.html".into(), all.clone()),
        ("compare/index.html".into(), all.clone()),
        ("compare/saas-vs-byoc.html".into(), all.clone()),
        ("parties/customer.html".into(), all.clone()),
        ("parties/provider.html".into(), all.clone()),
        ("print.html".into(), all.clone()),
    ];
    for (category, rows) in ROWS {
        pages.push((format!("categories/{category}.html"), rows.to_vec()));
    }
    let mut missing = Vec::new();
    for (path, rows) in pages {
        let page = parse(built.page(&path));
        for row in rows {
            if page.by_id(row).is_none() {
                missing.push(format!("{path}#{row}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// A row that SaaS does not list is said to be not listed, in those words, on
/// every page that shows the row beside that model.
#[test]
fn shipped_not_listed_row_says_so() {
    let built = shipped();
    let not_listed = |element: &Element| {
        let badges = reader::badges(element);
        assert_eq!(
            badges[0],
            ("not-listed".into(), String::new(), "Not listed".into())
        );
    };
    let page = parse(built.page("categories/infrastructure.html"));
    let grid = &reader::grids(&page, "category")[0];
    let line = grid.line("Cloud Account Management", "SaaS");
    not_listed(line.cells[2]);
    assert!(
        line.text(2).contains("The SaaS tables have no such row"),
        "the author's reason"
    );
    for cell in &line.cells[3..] {
        assert_eq!(cell.text(), "Not listed");
    }
    let page = parse(built.page("compare/index.html"));
    let grid = &reader::grids(&page, "matrix")[0];
    not_listed(grid.line("Infrastructure", "Cloud Account").cells[grid.column("SaaS")]);
    let page = parse(built.page("print.html"));
    let grid = &reader::grids(&page, "matrix")[0];
    not_listed(grid.line("Infrastructure", "Cloud Account").cells[grid.column("SaaS")]);
    // The model's own tables are those of the source: no such row.
    let page = parse(built.page("models/saas.html"));
    for kind in ["summary", "detail"] {
        let grid = &reader::grids(&page, kind)[0];
        assert_eq!(grid.lines.len(), 16);
        let shown = grid
            .lines
            .iter()
            .any(|l| l.text(1).starts_with("Cloud Account"));
        assert!(!shown, "{kind}");
    }
    let data = json(&built);
    let owner = &data["categories"][1]["rows"][0]["cells"][0];
    assert_eq!(
        (owner["model"].as_str(), owner["owner"].as_str()),
        (Some("saas"), Some("not-listed"))
    );
    let csv = reader::csv_maps(built.page("data/responsibilities.csv"));
    assert!(
        csv.iter()
            .all(|r| r["row id"] != "cloud-account" || r["model"] == "BYOC")
    );
}

#[test]
fn images_keep_their_place_free_where_their_size_is_known() {
    let mut files = fixture(
        "//- content/index.md
# Home

![p](img/a.png) ![g](img/b.gif) ![j](img/c.JPG) ![w](img/d.webp)
![s](img/s.svg) ![t](img/t.svg) ![u](img/u.svg) ![x](img/x.png) ![o](https://example.com/o.png)
//- content/img/s.svg
<?xml version=\"1.0\"?><!-- <svg width=\"1\" height=\"1\"> -->
<svg height='30' width=\"40.4px\" viewBox=\"0 0 4 3\"><rect width=\"7\" height=\"7\"/></svg>
//- content/img/t.svg
<svg width=\"100%\" height=\"30\"><rect width=\"7\" height=\"7\"/></svg>
//- content/img/u.svg
<svg viewBox=\"0 0 4 3\"/>
//- content/img/x.png
no image at all
",
    );
    // The first bytes of each format, as its specification lays them out.
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0";
    let gif = b"GIF89a\x10\0\x20\0\0\0\0";
    let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08\0\x64\0\xc8\x03\x01\x22\0\x02\x11\x01\x03\x11\x01";
    let webp = b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x8f\x01\0\x2b\x01\0";
    for (name, bytes) in [
        ("a.png", &png[..]),
        ("b.gif", gif),
        ("c.JPG", jpeg),
        ("d.webp", webp),
    ] {
        files.insert(format!("content/img/{name}"), bytes.to_vec());
    }
    let built = build_files(files, &Options::default());
    let page = parse(built.page("index.html"));
    let mut sizes = Vec::new();
    for image in page.all(&|e| e.tag == "img") {
        let side = |name: &str| image.attr(name).unwrap_or("-").to_string();
        sizes.push(format!(
            "{} {}x{}",
            side("alt"),
            side("width"),
            side("height")
        ));
    }
    let wanted = [
        "p 640x480",
        "g 16x32",
        "j 200x100",
        "w 400x300",
        "s 40x30",
        "t -x-",
        "u -x-",
        "x -x-",
        "o -x-",
    ];
    assert_eq!(sizes, wanted);
}

#[test]
fn same_input_same_bytes_whatever_the_threads() {
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let built = pool.install(shipped);
        (built.lines(), built.files)
    };
    let once = run(1);
    assert!(once.1.len() > 20);
    for threads in [1, 4, 4, 4] {
        let again = run(threads);
        assert_eq!(once.0, again.0, "findings with {threads} threads");
        assert_eq!(
            once.1.keys().collect::<Vec<_>>(),
            again.1.keys().collect::<Vec<_>>(),
        );
        for (path, bytes) in &once.1 {
            assert!(
                *bytes == again.1[path],
                "{path} differs with {threads} threads"
            );
        }
    }
}

fn pages(built: &Built) -> impl Iterator<Item = (&str, Element)> {
    built
        .files
        .keys()
        .filter(|p| p.ends_with(".html") && !p.starts_with("embed/"))
        .map(|p| (p.as_str(), parse(built.page(p))))
}

#[test]
fn shipped_pages_have_a_title_and_a_description_of_their_own() {
    let built = shipped();
    let mut seen: HashMap<String, String> = HashMap::new();
    for (path, page) in pages(&built) {
        let title = page.one("title", &|e| e.tag == "title").text();
        let description = page
            .one("description", &|e| {
                e.tag == "meta" && e.attr("name") == Some("description")
            })
            .attr("content")
            .unwrap()
            .to_string();
        for (what, text) in [("title", title), ("description", description)] {
            assert!(!text.trim().is_empty(), "{path}: empty {what}");
            if let Some(other) = seen.insert(format!("{what}: {text}"), path.to_string()) {
                panic!("{path} and {other} have the same {what} {text:?}");
            }
        }
        assert_eq!(page.all(&|e| e.tag == "h1").len(), 1, "{path}: one h1");
    }
    assert!(seen.len() >= 2 * 14);
}

/// A strict Content-Security-Policy must hold for the output as it is.
#[test]
fn shipped_pages_have_nothing_inline() {
    let built = shipped();
    let mut looked_at = 0;
    for (path, page) in pages(&built) {
        for element in page.all(&|_| true) {
            looked_at += 1;
            assert_ne!(element.tag, "style", "{path}");
            if element.tag == "script" {
                assert!(
                    element.attr("src").is_some() && element.text().is_empty(),
                    "{path}"
                );
            }
            for (name, value) in &element.attrs {
                assert!(name != "style", "{path}: style={value:?}");
                assert!(!name.starts_with("on"), "{path}: {name}={value:?}");
                assert!(
                    !value.to_lowercase().trim().starts_with("javascript:"),
                    "{path}"
                );
            }
        }
    }
    assert!(looked_at > 1000);
    for (path, bytes) in built.files.iter().filter(|(p, _)| p.ends_with(".svg")) {
        let svg = String::from_utf8(bytes.clone()).unwrap();
        assert!(
            !svg.contains("<script") && !svg.contains("style="),
            "{path}"
        );
    }
}

/// Where a relative link leads from a page, as a browser resolves it.
fn resolve(page: &str, href: &str) -> (String, Option<String>) {
    let (path, fragment) = match href.split_once('#') {
        Some((p, f)) => (p, Some(f.to_string())),
        None => (href, None),
    };
    let path = path.split('?').next().unwrap();
    if path.is_empty() {
        return (page.to_string(), fragment);
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts
                    .pop()
                    .unwrap_or_else(|| panic!("{page}: {href} leaves the site"));
            }
            part => parts.push(part),
        }
    }
    (parts.join("/"), fragment)
}

fn is_external(href: &str) -> bool {
    ["https://", "http://", "mailto:", "tel:"]
        .iter()
        .any(|s| href.starts_with(s))
}

#[test]
fn shipped_links_of_all_pages_lead_somewhere() {
    let built = shipped();
    let documents: BTreeMap<&str, Element> = pages(&built).collect();
    let mut checked = 0;
    let mut with_fragment = 0;
    for (path, page) in &documents {
        for element in page.all(&|_| true) {
            for name in ["href", "src"] {
                let Some(href) = element.attr(name).filter(|h| !is_external(h)) else {
                    continue;
                };
                assert!(
                    !href.starts_with('/'),
                    "{path}: {href} only works at the top of a host"
                );
                let (target, fragment) = resolve(path, &reader::percent_decoded(href));
                assert!(
                    built.files.contains_key(&target),
                    "{path}: {href} leads to {target}"
                );
                if let Some(fragment) = fragment {
                    assert!(!fragment.is_empty(), "{path}: {href}");
                    let there = documents[target.as_str()].by_id(&fragment).is_some();
                    assert!(there, "{path}: nothing has the id of {href}");
                    with_fragment += 1;
                }
                checked += 1;
            }
        }
    }
    assert!(
        checked > 500 && with_fragment > 150,
        "{checked}, {with_fragment}"
    );
}

#[test]
fn shipped_links_of_all_twins_lead_somewhere() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let built = shipped();
    let mut checked = 0;
    for path in built
        .files
        .keys()
        .filter(|p| p.ends_with(".md") || *p == "llms.txt")
    {
        let text = built.page(path);
        reader::markdown_tables(text);
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            if let Event::Start(Tag::Link { dest_url, .. }) = event {
                if is_external(&dest_url) || dest_url.starts_with('#') {
                    continue;
                }
                let (target, _) = resolve(path, &reader::percent_decoded(&dest_url));
                assert!(built.files.contains_key(&target), "{path}: {dest_url}");
                checked += 1;
            }
        }
    }
    assert!(checked > 200, "{checked}");
    // Every page has a twin, but for the two that repeat or explain others.
    for path in built
        .files
        .keys()
        .filter(|p| p.ends_with(".html") && !p.starts_with("embed/"))
    {
        let twin = path.replace(".html", ".md");
        let without = ["print.html", "404.html"].contains(&path.as_str());
        assert_eq!(!built.files.contains_key(&twin), without, "{path}");
    }
}

/// The page and its twin say the same: same tables, same texts in the same
/// cells.
#[test]
fn shipped_twins_hold_the_tables_of_their_pages() {
    let built = shipped();
    let mut tables = 0;
    for (path, page) in pages(&built) {
        let Some(twin) = built.files.get(&path.replace(".html", ".md")) else {
            continue;
        };
        let twin = reader::markdown_tables(std::str::from_utf8(twin).unwrap());
        let own: Vec<_> = page
            .all(&|e| e.tag == "table" && e.has_class("srm-table"))
            .into_iter()
            .map(reader::grid)
            .collect();
        // Prose may bring tables of its own, in front.
        let twin = &twin[twin.len() - own.len()..];
        for (grid, lines) in own.iter().zip(twin) {
            assert_eq!(grid.header, lines[0], "{path}");
            assert_eq!(
                grid.lines.len(),
                lines.len() - 1,
                "{path}: {}",
                grid.caption
            );
            for (line, cells) in grid.lines.iter().zip(&lines[1..]) {
                for (element, text) in line.cells.iter().zip(cells) {
                    for li in element.all(&|e| e.tag == "li") {
                        let mark = li.all(&|e| e.has_class("srm-task-mark"));
                        let mut task = li.text();
                        for mark in mark {
                            task = task
                                .strip_suffix(&mark.text())
                                .unwrap()
                                .trim_end()
                                .to_string();
                        }
                        assert!(text.contains(&task), "{path}: {task:?} not in {text:?}");
                    }
                    for (_, _, words) in reader::badges(element) {
                        let word = words.split(' ').next().unwrap();
                        let head = element.attr("scope") == Some("rowgroup");
                        assert!(
                            head || text.contains(word),
                            "{path}: {word} not in {text:?}"
                        );
                    }
                }
            }
            tables += 1;
        }
    }
    assert!(tables >= 14, "{tables}");
}
