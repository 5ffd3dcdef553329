//! Tables that no row is in say so, in their place and on standard error.

use crate::harness::projects::{THREE_PARTIES, project};
use crate::harness::reader::parse;

const WORDS: &str = "No responsibilities to show.";

#[test]
fn a_table_without_rows_says_so() {
    let folder = project(THREE_PARTIES).on_disk();
    for request in [
        &["areas", "model=saas"][..],
        &["evidence", "model=saas"],
        &["detail", "model=saas", "owner=by-agreement"],
        &["raci", "model=saas", "owner=by-agreement"],
        &["matrix", "owner=by-agreement"],
        &["tasks", "owner=by-agreement"],
        &["checklist", "party=customer", "model=saas", "row=logs"],
    ] {
        for (format, head) in [
            ("md", "| --- |"),
            ("adoc", "|==="),
            ("rst", "list-table"),
            ("latex", "longtable"),
            ("html", "<table"),
        ] {
            let ask = [&["table"], request, &["caption=Above", "--format", format]].concat();
            let run = folder.run(&ask);
            let out = &run.code(0).stdout;
            assert!(
                out.contains("Above") && !out.contains(head),
                "{request:?} {out}"
            );
            assert!(out.contains(WORDS), "{out}");
            let note = format!("note: no row for `{}`\n", request[0]);
            assert!(run.stderr.contains(&note), "{}", run.stderr);
        }
        let run = folder.run(&[&["table"], request, &["--format", "csv"]].concat());
        assert_eq!(run.code(0).stdout.lines().count(), 1, "{}", run.stdout);
        assert!(run.stderr.contains("note: no row"), "{}", run.stderr);
    }
    // A table with rows says nothing of the kind, and neither does a badge.
    for request in [&["matrix"][..], &["badge", "row=keys", "model=saas"]] {
        let run = folder.run(&[&["table"], request].concat());
        run.code(0);
        assert_eq!(run.stderr, "", "{request:?}");
    }
}

#[test]
fn only_tables_without_rows_are_named() {
    let rows = "  - {id: keys, label: Keys, models: {saas: provider, byoc: customer}}\n";
    let folder = project(THREE_PARTIES).rows(rows).on_disk();
    let run = folder.run(&["table", "checklist", "party=customer"]);
    assert!(run.code(0).stdout.contains("Keys"));
    assert_eq!(run.stderr, "note: no row for `checklist` in SaaS\n");
    let built = project(THREE_PARTIES).rows(rows).build();
    let page = parse(built.page("embed/checklist-customer-saas.html")).text();
    assert!(page.contains(WORDS), "{page}");
}
