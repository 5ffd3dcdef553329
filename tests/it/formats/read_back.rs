//! Tables that were written in each format and read back are the same.

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{NASTY, REQUESTS, Shop, nasty, project, read_back};
use crate::harness::Folder;
use crate::properties::{holds, spoken};

#[test]
fn tables_read_back_the_same() {
    let shop = Shop::open(&nasty());
    // Lists are no tables, and letters have their names where nothing is below a table.
    let as_tables = |r: &&&str| !r.starts_with("checklist") && **r != "raci";
    for request in REQUESTS.iter().filter(as_tables) {
        read_back(&shop, request);
    }
    let labels = shop.tables("matrix")[0]
        .rows
        .iter()
        .map(|r| r[1][0].clone())
        .collect::<Vec<_>>();
    assert_eq!(labels, NASTY);
}

#[test]
fn any_words_read_back_the_same() {
    let rows = prop::collection::vec((fit(), fit()), 1..4);
    holds(150, rows, |rows| {
        let shop = Shop::open(&project(&rows));
        if shop.0.findings().has_errors() {
            return;
        }
        for request in ["detail model=saas", "matrix", "compare compare=saas,own"] {
            read_back(&shop, request);
        }
    });
}

/// Words that mean something, in every field that a table shows.
fn nasty_everywhere() -> String {
    let label = "Cust|omer `x` {{ y }} <b onclick=\\\"z\\\"> *a* _b_ {{#include c}}";
    nasty()
        .replace("label: Customer", &format!("label: \"{label}\""))
        .replace("label: \"SaaS\"", "label: \"{{ m }} | `t` <i>\"")
        .replace("One **bold**", "In `{{ c }} | <d> \\\\` a **bold {{ e }}**")
        .replace(
            "own: {roles",
            "own: {summary: {customer: \"{% s %} `|` {t}\"}, roles",
        )
}

/// The same by the readers of other languages: `tests/html/formats.mjs` looks
/// at Markdown, HTML, MDX and AsciiDoc, docutils reads reStructuredText, and
/// Python-Markdown is what MkDocs uses.
#[test]
#[ignore = "needs packages of Python and of tests/html; `scripts/test readers` installs them"]
fn readers_of_other_languages_find_the_same() {
    for text in [nasty(), nasty_everywhere(), random()] {
        let folder = Folder::of(&text);
        others_read_back(&folder);
    }
}

/// Words without the characters that no project may contain, as no file can.
fn fit() -> impl Strategy<Value = String> {
    spoken().prop_map(|text| text.replace(srm_site::text::is_unfit, ""))
}

/// A project of words drawn from a fixed seed.
fn random() -> String {
    let mut runner = TestRunner::deterministic();
    // A table within a table is no matter of these readers, nor a comment.
    let line = fit().prop_map(|text| text.replace(['\n', '\r'], " "));
    let rows = prop::collection::vec((fit(), line), 40);
    project(&rows.new_tree(&mut runner).unwrap().current())
}

#[track_caller]
fn others_read_back(folder: &Folder) {
    for (n, request) in REQUESTS.iter().enumerate() {
        let words: Vec<&str> = request.split(' ').collect();
        for ending in ["json", "html", "md", "mdx", "adoc", "rst", "csv", "tsv"] {
            let file = format!("{n}.{ending}");
            let mut args = vec!["table"];
            args.extend(&words);
            args.extend(["-o", &file]);
            folder.run(&args).code(0);
        }
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html");
    // Where `scripts/test readers` puts packages of Python.
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/python");
    for (program, script) in [
        ("python3", "rst.py"),
        ("python3", "mkdocs.py"),
        ("python3", "programs.py"),
        ("python3", "delimited.py"),
        ("node", "formats.mjs"),
    ] {
        let run = Command::new(program)
            .env("PYTHONPATH", &packages)
            .arg(tests.join(script))
            .arg(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        let complaints = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{script}:\n{said}\n{complaints}");
    }
}
