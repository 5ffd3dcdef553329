//! What a built site says of a row in a model: in its data, on its pages, in badges.
//!
//! Tests whose names begin with `case_NN` are the 25 edge cases of the domain.

use crate::harness::Built;
use crate::harness::reader::{Element, Grid, badges, csv_maps, grids, parse};

pub fn json(built: &Built) -> serde_json::Value {
    serde_json::from_str(built.page("data/responsibilities.json")).unwrap()
}

/// The JSON cell of a row in a model.
pub fn cell(built: &Built, row: &str, model: &str) -> serde_json::Value {
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
pub fn csv_rows(built: &Built, row: &str) -> Vec<std::collections::HashMap<String, String>> {
    let mut all = csv_maps(built.page("data/responsibilities.csv"));
    all.retain(|r| r["row id"] == row);
    all
}

/// The badge of a row on the page of a model: owner, parties, words.
#[track_caller]
pub fn badge(built: &Built, model: &str, row: &str) -> (String, String, String) {
    let page = parse(built.page(&format!("models/{model}.html")));
    let summary = page.by_id(&format!("srm-summary-{row}"));
    let detail = page.by_id(row);
    let [summary, detail] = [summary, detail].map(|line| {
        let line = line.unwrap_or_else(|| panic!("no line for {row}"));
        // A row without details has only its anchor in the summary.
        (line.tag == "tr").then(|| {
            let found = badges(line)[0].clone();
            assert_eq!(line.attr("data-owner"), Some(found.0.as_str()));
            found
        })
    });
    let summary = summary.unwrap();
    if let Some(detail) = detail {
        assert_eq!(summary, detail, "both tables of the page");
    }
    summary
}

#[track_caller]
pub fn assert_badge(
    built: &Built,
    model: &str,
    row: &str,
    owner: &str,
    parties: &str,
    words: &str,
) {
    let (o, p, w) = badge(built, model, row);
    assert_eq!(
        (o.as_str(), p.as_str(), w.as_str()),
        (owner, parties, words)
    );
    assert_eq!(cell(built, row, model)["owner"], owner, "JSON");
}

/// A cell of the category page: row, model, column heading.
#[track_caller]
pub fn category_cell(built: &Built, row: &str, model: &str, column: &str) -> String {
    let page = parse(built.page("categories/data.html"));
    let grid = &grids(&page, "category")[0];
    grid.line(row, model).text(grid.column(column))
}

pub fn detail<'a>(page: &'a Element) -> Grid<'a> {
    grids(page, "detail").remove(0)
}
