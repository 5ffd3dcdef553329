//! The pages themselves: links, the beginning of the README, the architecture.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Doc, Table, assert_executable, assert_listed, documents, read, root, set};
use crate::harness::tree;

#[test]
fn every_link_resolves() {
    let docs = documents();
    let anchors: BTreeMap<&str, BTreeSet<String>> = docs
        .iter()
        .map(|d| (d.path.as_str(), d.anchors()))
        .collect();
    let mut dead = Vec::new();
    for doc in &docs {
        let folder = Path::new(&doc.path).parent().unwrap();
        for (line, link) in &doc.links {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => doc.path.clone(),
                path => srm_site::text::links::join(&folder.to_string_lossy(), path)
                    .unwrap_or_else(|| panic!("{}:{line}: {link}", doc.path)),
            };
            let there = root().join(&target).exists();
            let known = anchors.get(target.as_str());
            if !there || !fragment.is_empty() && !known.is_some_and(|a| a.contains(fragment)) {
                dead.push(format!("{}:{line}: {link}", doc.path));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}

#[test]
fn the_readme_begins_with_what_a_stranger_needs() {
    let text = read("README.md");
    let top: String = text.lines().take(40).collect::<Vec<_>>().join("\n");
    for command in ["$ cargo run --release -- build --open", "$ scripts/test"] {
        assert!(top.contains(command), "`{command}` is not near the top");
    }
    let cargo = read("Cargo.toml");
    let version = cargo.split("rust-version = \"").nth(1).unwrap();
    let version = &version[..version.find('"').unwrap()];
    assert!(
        top.contains(&format!("({version} or")),
        "Rust {version} is needed"
    );
    let image = top.split("](docs/images/").nth(1).unwrap();
    let image = format!("docs/images/{}", &image[..image.find(')').unwrap()]);
    let bytes = std::fs::read(root().join(&image)).unwrap();
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{image} is no PNG");
    assert!(bytes.len() <= 200_000, "{image} has {} bytes", bytes.len());
    let linked: BTreeSet<String> = set(Doc::read("README.md").links.iter().map(|(_, l)| l));
    for doc in documents().iter().filter(|d| d.path != "README.md") {
        assert!(
            linked.contains(&doc.path),
            "README does not link to {}",
            doc.path
        );
    }
    assert_executable("scripts/test");
    assert_executable(".ci/run");
}

#[test]
fn the_architecture_names_every_room_and_the_invariants() {
    let doc = Doc::read("docs/architecture.md");
    let text = read("docs/architecture.md");
    let mut rooms = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        rooms.insert(format!("src/{}", name.trim_end_matches(".rs")));
    }
    // The list of rooms is the crate's root itself, and the program its door.
    rooms.remove("src/lib");
    rooms.remove("src/main");
    let named = doc.tables("Rooms")[0].rows.iter();
    let named = set(named.flat_map(|r| r[0].codes.clone()));
    assert_listed("rooms", &named, &rooms);
    let rows = &doc.tables("Where to make which change")[0].rows;
    for row in rows {
        for path in &row[1].codes {
            assert!(root().join(path).exists(), "{path}");
        }
    }
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lib = read("src/lib.rs");
    let lines = lib.lines().filter_map(|l| l.strip_prefix("//!"));
    let lib = lines.collect::<Vec<_>>().join("\n");
    let (_, invariants) = lib.split_once("# Invariants").unwrap();
    assert!(
        words(&text).contains(&words(invariants)),
        "the invariants are not those of src/lib.rs"
    );
    let (_, line) = lib.split_once("```text\n").unwrap();
    let (line, _) = line.split_once("```").unwrap();
    assert!(
        words(&text).contains(&words(line)),
        "the straight line is not that of src/lib.rs"
    );
}

// Stability and contributing

/// The names of all tests.
fn tests() -> BTreeSet<String> {
    let files = tree(&root().join("tests/it"));
    let texts = files.values().map(|bytes| String::from_utf8_lossy(bytes));
    let mut names = BTreeSet::new();
    for text in texts {
        let after = text.split("#[test]").skip(1);
        let functions = after.filter_map(|after| after.split_once("fn ")?.1.split_once('('));
        names.extend(functions.map(|(name, _)| name.to_string()));
    }
    assert!(names.len() > 300, "{}", names.len());
    names
}

#[test]
fn the_stability_page_lists_what_is_compared_with_earlier_versions() {
    let doc = Doc::read("docs/stability.md");
    let [compared, others, ..] = doc.tables("What stays")[..] else {
        panic!("two tables under `What stays`");
    };
    let mut groups = BTreeSet::new();
    for (path, bytes) in tree(&root().join("tests/compat")) {
        if path.ends_with(".promise") {
            let text = String::from_utf8(bytes).unwrap();
            let heads = text.lines().filter(|line| !line.starts_with(' '));
            groups.extend(set(heads.filter_map(|head| head.split(' ').next())));
        }
    }
    let last = |table: &Table| set(table.rows.iter().flat_map(|row| &row[2].codes));
    assert_listed("groups of facts", &last(compared), &groups);
    let none: Vec<String> = last(others).difference(&tests()).cloned().collect();
    assert!(none.is_empty(), "no tests {none:?}");
}

#[test]
fn paths_and_tests_that_contributing_names_exist() {
    let doc = Doc::read("CONTRIBUTING.md");
    let tests = tests();
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_test = |word: &str| word.matches('_').count() > 1 && word.chars().all(is_part);
    let shown = doc.blocks.iter().map(|block| &block.text);
    let words = doc.codes.iter().chain(shown).flat_map(|c| c.split(' '));
    let mut named = 0;
    for word in words.map(str::trim) {
        let is_path = word.contains('/') && !word.contains("\n");
        assert!(!is_path || root().join(word).exists(), "no {word}");
        assert!(!is_test(word) || tests.contains(word), "no test {word}");
        named += usize::from(is_path || is_test(word));
    }
    assert!(named > 40, "{named}");
    for way in ["scripts/test quick", "scripts/test readers"] {
        assert!(doc.codes.iter().any(|code| code == way), "{way}");
        let (_, way) = way.split_once(' ').unwrap();
        assert!(read("scripts/test").contains(&format!("\n  {way})")));
    }
}

#[test]
fn documents_name_nothing_of_one_machine() {
    let mut texts: Vec<(String, String)> = documents()
        .into_iter()
        .map(|d| (d.path.clone(), read(&d.path)))
        .collect();
    for path in [
        "scripts/test",
        ".ci/run",
        "tests/html/check.mjs",
        "tests/html/package.json",
    ] {
        texts.push((path.into(), read(path)));
    }
    let lock = read("tests/html/package-lock.json");
    for (path, text) in &texts {
        for word in ["/root/", "/home/", "/tmp/"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
    assert!(
        !lock.contains("\"resolved\""),
        "the lock file names the host its packages came from"
    );
}
