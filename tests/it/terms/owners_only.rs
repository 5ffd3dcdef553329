//! A matrix of owners without tasks: nothing is said twice, and nothing speaks of tasks.

use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::{grids, parse};

/// Three rows without tasks, of which one has more to say in SaaS.
fn rows() -> Project {
    project(THREE_PARTIES).rows(
        "  - {id: plain, label: Plain, models: {all: {responsible: customer}}}
  - {id: moves, label: Moves, models: {saas: {responsible: provider}, byoc: {responsible: customer}}}
  - id: more
    label: More
    models:
      saas: {responsible: [customer, provider], scope: {provider: the rest}, notes: [A note.]}
      byoc: {responsible: [customer, provider]}
",
    )
}

#[test]
fn nothing_speaks_of_tasks() {
    let built = rows().builds_with(&["SRM210", "SRM225 note"]);
    let pages = built.files.keys().filter(|path| path.ends_with(".html"));
    for path in pages.filter(|path| !path.starts_with("embed")) {
        let page = parse(built.page(path));
        let text = page.text().to_lowercase();
        assert!(!text.contains("task"), "{path}: {text}");
        let description = page.all(&|e| e.attr("name") == Some("description"));
        for content in description.iter().filter_map(|e| e.attr("content")) {
            assert!(!content.contains("task"), "{path}: {content}");
        }
    }
}

#[test]
fn details_are_what_is_said_beside_the_owner() {
    let built = rows().builds_with(&["SRM210", "SRM225 note"]);
    let saas = parse(built.page("models/saas.html"));
    let detail = &grids(&saas, "detail")[0];
    assert_eq!(detail.header, ["Category", "Responsibility", "Vendor"]);
    assert_eq!(detail.lines.len(), 1);
    assert_eq!(detail.lines[0].text(2), "Scope: the rest");
    assert!(detail.lines[0].text(1).contains("Note: A note."));
    // Where there is nothing more, there is no table.
    let byoc = parse(built.page("models/byoc.html"));
    assert!(grids(&byoc, "detail").is_empty());
    assert_eq!(grids(&byoc, "summary")[0].lines.len(), 3);
}

/// The anchor of a row stays on the pages of its models, where links lead to it.
#[test]
fn each_row_keeps_its_anchor() {
    let built = rows()
        .page(
            "links.md",
            "# Links\n\n[a](row:plain@saas) [b](row:more@byoc) [c](row:moves)\n",
        )
        .builds_with(&["SRM210", "SRM225 note"]);
    for (path, model) in [("models/saas.html", "saas"), ("models/byoc.html", "byoc")] {
        let page = parse(built.page(path));
        for row in ["plain", "moves", "more"] {
            assert!(page.by_id(row).is_some(), "{row} in {model}");
        }
    }
    let print = parse(built.page("print.html"));
    assert!(print.by_id("saas--plain").is_some() && print.by_id("byoc--plain").is_some());
}

#[test]
fn a_category_and_a_party_say_how_each_takes_part() {
    let built = rows().builds_with(&["SRM210", "SRM225 note"]);
    let category = parse(built.page("categories/data.html"));
    let grid = &grids(&category, "category")[0];
    let line = grid.line("More", "SaaS");
    assert_eq!(line.text(grid.column("Vendor")), "Responsible: the rest");
    let party = parse(built.page("parties/provider.html"));
    let list = &grids(&party, "checklist")[0];
    assert_eq!(list.header, ["Category", "Responsibility", "Owner", "Part"]);
    assert!(party.text().contains("2 responsibilities"));
}

#[test]
fn a_comparison_has_no_column_without_a_word() {
    let built = rows().builds_with(&["SRM210", "SRM225 note"]);
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "compare")[0];
    assert_eq!(
        grid.header,
        ["Change", "Responsibility", "SaaS", "BYOC", "Terms"]
    );
    assert!(grids(&page, "tasks").is_empty());
    let plain = project(THREE_PARTIES)
        .rows("  - {id: a, label: A, models: {all: {responsible: [customer, provider, cloud]}}}\n")
        .builds();
    let page = parse(plain.page("compare/saas-vs-byoc.html"));
    assert_eq!(grids(&page, "compare")[0].header.len(), 4);
}

/// In other documents, anchors have no prefix of the table.
#[test]
fn a_table_for_other_pages_has_each_anchor_once() {
    let folder = rows().on_disk();
    let run = folder.run(&["table", "summary", "model=byoc", "--format", "html"]);
    let html = &run.code(0).stdout;
    let page = parse(html);
    let ids = page.all(&|e| e.attr("id").is_some());
    let ids: Vec<&str> = ids.iter().filter_map(|e| e.attr("id")).collect();
    let distinct: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    assert!(ids.len() > 3, "{html}");
    assert_eq!(ids.len(), distinct.len(), "{ids:?}");
}
