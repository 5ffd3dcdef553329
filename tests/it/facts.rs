//! What else a document says: notes, dates and controls.

use srm_site::site::Options;

use crate::harness::matrix::{category_cell, csv_rows, json};
use crate::harness::projects::{SHARED, TWO_MODELS, project};
use crate::harness::reader::parse;

#[test]
fn case_14_note_shared_by_several_cells_and_note_on_no_row() {
    let built = project(TWO_MODELS)
        .rows(
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
        )
        .builds_with(&["SRM210"]);
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
    let category = format!("label: Data\nnotes: [On no row.]\nrows:\n{SHARED}");
    let built = project(TWO_MODELS)
        .with("content/categories/data.yaml", category)
        .fails_with(&["SRM006"]);
    assert_eq!(
        built.lines_of("SRM006"),
        ["content/categories/data.yaml:2:1 error[SRM006] `notes` is not a key of a category"]
    );
}

#[test]
fn case_22_effective_date_in_the_future() {
    let on = |date: &str, today: &str| {
        let document = format!(
            "schema: 1\ndocument: {{effective: {date}}}\nparties:\n  \
             - {{id: customer, kind: customer, label: Customer}}\n  \
             - {{id: provider, kind: provider, label: Vendor}}\n"
        );
        let options = Options {
            today: Some(today.parse().unwrap()),
            ..Options::default()
        };
        project(TWO_MODELS)
            .with("content/srm.yaml", document)
            .options(options)
    };
    let built = on("2026-07-01", "2026-06-30").builds_with(&["SRM314 note"]);
    assert_eq!(
        built.lines(),
        [
            "content/srm.yaml:2:23 note[SRM314] the document takes effect on 2026-07-01, which is after today"
        ]
    );
    // In force from that day on.
    on("2026-06-30", "2026-06-30").builds();
    on("2025-01-01", "2026-06-30").builds();
    // The date is shown and exported as written.
    assert!(
        parse(built.page("index.html"))
            .text()
            .contains("In force from 2026-07-01")
    );
    assert_eq!(csv_rows(&built, "keys")[0]["effective date"], "2026-07-01");
    let wrong = on("2026-02-30", "2026-01-01").fails_with(&["SRM008"]);
    assert!(
        wrong.lines()[0].contains("error[SRM008] expected a valid date"),
        "{:?}",
        wrong.lines()
    );
}

#[test]
fn controls_of_rows_and_tasks() {
    let built = project(TWO_MODELS)
        .parties(
            "\
  - {id: customer, kind: customer, label: Customer}
frameworks:
  - {id: soc2, label: SOC 2, url: https://example.com/soc2}
  - {id: iso, label: ISO 27001}
",
        )
        .rows(
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
        )
        .builds();
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
