//! The shipped content against the facts of its source.

use std::collections::{BTreeMap, BTreeSet};

use srm_site::findings::Severity;
use srm_site::site::Options;

use super::{MODELS, cells, json, repository, shipped, shipped_files};
use crate::harness::build_files;
use crate::harness::reader::{self, Element, parse};

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
        ("SRM313", 1), // space before a full stop
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
        // Names that differ by model are asked about once: for categories, and for rows.
        30 - (4 - 1) - (7 - 1),
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
