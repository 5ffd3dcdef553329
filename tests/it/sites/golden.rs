//! Small sites against files that hold every byte a reader gets.

use std::collections::{BTreeMap, BTreeSet};

use srm_site::site::Options;

use super::{files_below, repository, updating};
use crate::harness::build_files;

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

/// A folder that no test compares would be a golden site that cannot fail.
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
