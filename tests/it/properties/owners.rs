//! The badge in the data is what the document's own sets say.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::{holds, in_site, quoted, spoken};
use crate::harness::inert::assert_inert;

#[derive(Clone, Debug)]
enum Cell {
    Missing,
    Parties(Vec<usize>),
    State(&'static str),
}

/// A document: kinds of its parties, its number of models, and a cell for each
/// row and model.
fn document() -> impl Strategy<Value = (Vec<&'static str>, Vec<Vec<Cell>>)> {
    let kinds = prop::collection::vec(select(&["customer", "provider", "third-party"][..]), 1..5);
    (kinds, 1usize..4, 1usize..5).prop_flat_map(|(kinds, models, rows)| {
        let n = kinds.len();
        let cell = prop_oneof![
            1 => Just(Cell::Missing),
            5 => prop::collection::vec(0..n, 1..4).prop_map(Cell::Parties),
            1 => select(&["not-applicable", "by-contract", "not-listed"][..]).prop_map(Cell::State),
        ];
        let row = prop::collection::vec(cell, models);
        (Just(kinds), prop::collection::vec(row, rows))
    })
}

/// The badge, from the words of the design alone.
fn badge(cell: &Cell, kinds: &[&str]) -> &'static str {
    match cell {
        Cell::Missing | Cell::State("not-listed") => "not-listed",
        Cell::State("not-applicable") => "not-applicable",
        Cell::State(_) => "by-agreement",
        Cell::Parties(parties) => {
            let mut parties = parties.clone();
            parties.sort_unstable();
            parties.dedup();
            let customers = parties.iter().filter(|p| kinds[**p] == "customer").count();
            let providers = parties.iter().filter(|p| kinds[**p] == "provider").count();
            if customers > 0 && parties.len() > customers {
                "shared"
            } else if customers > 0 {
                "customer"
            } else if providers > 0 {
                "provider"
            } else {
                "third-party"
            }
        }
    }
}

#[test]
fn the_badge_is_a_view_of_the_declared_set() {
    holds(
        30,
        (document(), spoken(), any::<bool>()),
        |((kinds, rows), words, tasks)| {
            let mut files = String::from("//- content/srm.yaml\nschema: 1\nparties:\n");
            for (n, kind) in kinds.iter().enumerate() {
                files.push_str(&format!(
                    "  - {{id: p{n}, kind: {kind}, label: Party {n}}}\n"
                ));
            }
            for m in 0..rows[0].len() {
                files.push_str(&format!(
                    "//- content/models/m{m}.md\n---\nlabel: Model {m}\norder: {m}\n---\n"
                ));
            }
            files.push_str("//- content/categories/data.yaml\nlabel: Data\nrows:\n");
            let words = quoted(&words);
            for (r, row) in rows.iter().enumerate() {
                files.push_str(&format!("  - id: r{r}\n    label: Row {r}\n"));
                // Tasks, summaries and roles of others, none of which may count.
                let others = match tasks {
                    true => format!(
                        ", tasks: {{p0: [{words}]}}, summary: {{p0: {words}}}, accountable: p0, conditional: {{p0: {words}}}"
                    ),
                    false => String::new(),
                };
                let mut cells = String::new();
                for (m, cell) in row.iter().enumerate() {
                    let cell = match cell {
                        Cell::Missing => continue,
                        Cell::State(state) => format!("state: {state}, reason: {words}"),
                        Cell::Parties(p) => {
                            let ids: Vec<String> = p.iter().map(|p| format!("p{p}")).collect();
                            format!("responsible: [{}]{others}", ids.join(", "))
                        }
                    };
                    cells.push_str(&format!("      m{m}: {{{cell}}}\n"));
                }
                if !cells.is_empty() {
                    files.push_str(&format!("    models:\n{cells}"));
                }
            }
            let site = in_site(&files);
            let data: Value =
                serde_json::from_str(site.page("data/responsibilities.json")).unwrap();
            for (r, row) in rows.iter().enumerate() {
                for (m, cell) in row.iter().enumerate() {
                    let found = &data["categories"][0]["rows"][r]["cells"][m];
                    assert_eq!(
                        found["owner"],
                        badge(cell, &kinds),
                        "row {r}, model {m}: {files}"
                    );
                    if let Cell::Parties(parties) = cell {
                        let mut ids: Vec<String> =
                            parties.iter().map(|p| format!("p{p}")).collect();
                        ids.sort();
                        ids.dedup();
                        assert_eq!(found["responsible"], Value::from(ids));
                    }
                }
                // The page says the same.
                let page = site.page("categories/data.html");
                for cell in row {
                    let hook = format!("data-owner=\"{}\"", badge(cell, &kinds));
                    assert!(page.contains(&hook), "{hook} of row {r}");
                }
            }
            for (path, bytes) in &site.files {
                if path.ends_with(".html") {
                    assert_inert(path, std::str::from_utf8(bytes).unwrap());
                }
            }
            // The same once more, from the same sources.
            assert!(in_site(&files).files == site.files, "two builds differ");
        },
    );
}
