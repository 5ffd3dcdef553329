//! Notes that are written once in `srm.yaml`.

use serde_json::{Value, json};

use crate::harness::Built;
use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::parse;

/// Two rows of which the first refers to a note, and its cells to it and to another.
fn site(notes: &str) -> Project {
    project(THREE_PARTIES)
        .replace("content/srm.yaml", "parties:", &format!("notes:\n{notes}parties:"))
        .rows(
            "  - id: keys
    label: Keys
    notes: [Of the row., {ref: cni}]
    models:
      all: {responsible: customer, notes: [{ref: cni}, Own., {ref: law}], tasks: {customer: [Do it.]}}
  - id: logs
    label: Logs
    models:
      all: {responsible: [cloud, provider], notes: [{ref: cni}], tasks: {cloud: [Keep.], provider: [Read.]}}
",
        )
}

const NOTES: &str =
    "  cni: 'With a zzplugin of *your* own, see [it](row:logs).'\n  law: 'By zzlaw.'\n";

fn data(built: &Built) -> Value {
    serde_json::from_str(built.page("data/responsibilities.json")).unwrap()
}

#[test]
fn a_table_tells_a_note_once() {
    let built = site(NOTES).builds();
    for (page, tables) in [
        ("models/saas.html", 2),
        ("categories/data.html", 1),
        ("compare/index.html", 1),
        ("compare/saas-vs-byoc.html", 2),
        ("parties/cloud.html", 2),
        ("print.html", 5),
    ] {
        let html = built.page(page);
        assert_eq!(html.matches("With a zzplugin").count(), tables, "{page}");
        let twin = page.replace(".html", ".md");
        if let Some(text) = built.files.get(&twin) {
            let text = String::from_utf8_lossy(text);
            assert_eq!(text.matches("With a zzplugin").count(), tables, "{twin}");
        }
    }
    let page = parse(built.page("models/saas.html"));
    let line = page.by_id("srm-summary-keys").unwrap().text();
    assert!(
        line.contains("Note: \u{2060}1 Note: Own. Note: \u{2060}2"),
        "{line:?}"
    );
    let lists = page.all(&|e| e.has_class("srm-footnotes"));
    assert_eq!(lists.len(), 2);
    let first = lists[0].text();
    assert!(
        first.starts_with("With a zzplugin of your own, see it."),
        "{first}"
    );
    let twin = built.page("models/saas.md");
    assert!(twin.contains("*Note:* &#91;1&#93; <br />"), "{twin}");
}

#[test]
fn the_data_has_the_whole_text_and_the_id() {
    let data = data(&site(NOTES).builds());
    let text = "With a zzplugin of *your* own, see [it](row:logs).";
    assert_eq!(data["notes"][0], json!({"id": "cni", "text": text}));
    let row = &data["categories"][0]["rows"][0];
    assert_eq!(row["notes"], json!(["Of the row.", text]));
    assert_eq!(row["note-refs"], json!(["cni"]));
    let cell = &row["cells"][1];
    assert_eq!(cell["notes"], json!([text, "Own.", "By zzlaw."]));
    assert_eq!(cell["note-refs"], json!(["cni", "law"]));
}

#[test]
fn every_format_tells_a_note_below_its_table() {
    let folder = site("  cni: zzplugin\n  law: zzlaw\n").on_disk();
    for format in ["md", "mdx", "html", "adoc", "rst", "latex", "json"] {
        for kind in [
            "summary",
            "detail",
            "category",
            "matrix",
            "compare",
            "tasks",
            "checklist",
        ] {
            let request = [
                "table",
                kind,
                "category=data",
                "row=keys",
                "--format",
                format,
            ];
            let run = folder.run(&request);
            let said = &run.code(0).stdout;
            let tables = match kind {
                "summary" | "detail" | "checklist" => 2,
                _ => 1,
            };
            assert_eq!(
                said.matches("zzplugin").count(),
                tables,
                "{kind} as {format}: {said}"
            );
            assert_eq!(
                said.matches("zzlaw").count(),
                tables,
                "{kind} as {format}: {said}"
            );
        }
    }
    for format in ["csv", "tsv"] {
        let run = folder.run(&["table", "matrix", "row=logs", "--format", format]);
        let said = &run.code(0).stdout;
        assert!(
            said.contains("Note: [1]") && said.contains("[1] zzplugin"),
            "{said}"
        );
    }
}

#[test]
fn texts_with_lines_and_footnotes_are_whole() {
    let notes = "  cni: |\n    First zzone.[^a]\n\n    Then zztwo.\n\n    [^a]: Below zzthree.\n  law: zzlaw\n";
    let built = site(notes).builds();
    for words in ["First zzone.", "Then zztwo.", "Below zzthree."] {
        for page in ["categories/data.html", "categories/data.md"] {
            assert_eq!(
                built.page(page).matches(words).count(),
                1,
                "{words} in {page}: {}",
                built.page(page)
            );
        }
    }
}

#[test]
fn the_search_finds_a_row_by_its_note() {
    let search = site(NOTES).builds().page("search/index.js").to_string();
    assert!(
        search.contains("With a zzplugin of your own, see it."),
        "{search}"
    );
}

#[test]
fn what_nothing_declares_or_refers_to_is_reported() {
    let built = site("  cnii: text\n  law: text\n").build();
    let lines = built.lines_of("SRM104");
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(
        lines[0].starts_with("content/categories/data.yaml:5:32"),
        "{lines:?}"
    );
    assert!(lines[0].contains("there is no note `cni`"), "{lines:?}");
    let findings = &built.findings().list;
    let unknown = findings.iter().find(|f| f.code.id() == "SRM104").unwrap();
    assert_eq!(unknown.help[0], "did you mean `cnii`?");
    let unused = site("  cnii: text\n  cni: text\n  law: text\n").build();
    let unused = unused.lines_of("SRM210");
    assert!(unused[0].starts_with("content/srm.yaml:3:3"), "{unused:?}");
    let none = site("").replace("content/srm.yaml", "notes:\n", "").build();
    let finding = none
        .findings()
        .list
        .iter()
        .find(|f| f.code.id() == "SRM104")
        .unwrap()
        .clone();
    assert_eq!(
        finding.help,
        ["declare it in `notes:` of `content/srm.yaml`"]
    );
}

#[test]
fn two_models_with_the_same_note_have_the_same_remarks() {
    let built = site(NOTES).builds();
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let head = page.by_id("keys").unwrap().text();
    assert_eq!(head.matches("Note: Own.").count(), 1, "{head}");
}

#[test]
fn a_file_that_cannot_be_read_declares_no_notes_to_miss() {
    let built = site(NOTES)
        .replace("content/srm.yaml", "parties:", "parties: [")
        .build();
    assert_eq!(built.lines_of("SRM104"), [""; 0]);
    assert!(!built.lines_of("SRM003").is_empty(), "{:?}", built.lines());
}
