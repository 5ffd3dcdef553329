//! What the program prints while it serves, and what the browser shows of mistakes.

use std::fs;

use super::{Author, DATA, MORE, edit, get, site};
use crate::harness::Folder;

#[test]
fn the_line_of_a_rebuild_counts_pages_alone() {
    let mut author = Author::new(&[]);
    author.settles("at the start");
    let pages = author.clean().unwrap();
    let pages = pages.keys().filter(|p| p.ends_with(".html"));
    let pages = pages.filter(|p| !p.starts_with("embed/")).count() + 1;
    // It comes into the menu, and so all pages change, and tables for others.
    author.folder.write("content/new.md", "# New\n");
    author.settles("a new page");
    let said = author.running.end();
    let line = format!("content/new.md: {pages} of {pages} pages changed");
    assert!(said.contains(&line), "{line}: {said}");
}

#[test]
fn broken_sources_are_told_and_the_last_good_site_stays() {
    let mut author = Author::new(&[]);
    author.settles("at the start");
    let good = author.clean().unwrap();
    let breakages: &[(&str, &str, &str)] = &[
        ("book.toml", "title = \"Test\"", "title = Test"),
        (DATA, "label: Data", "label: [Data"),
        (DATA, "[customer, provider]", "[customer, provder]"),
        (MORE, "Text one.", "[Text](nowhere.md) one."),
        ("content/srm.yaml", "schema: 1", "schema: one"),
    ];
    for (path, from, to) in breakages {
        let before = fs::read_to_string(author.folder.join(path)).unwrap();
        author
            .folder
            .write(path, edit(author.folder.path(), path, from, to));
        let state = author.until_failed(true);
        let told: Vec<&str> = state["problems"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|p| p["file"].as_str())
            .collect();
        assert!(told.contains(path), "{path}: {state}");
        assert_eq!(author.difference(&good), None);
        // An editor that renames fixes it too.
        author.folder.write("mended", before);
        fs::rename(author.folder.join("mended"), author.folder.join(path)).unwrap();
        let state = author.until_failed(false);
        assert_eq!(state["problems"].as_array().unwrap().len(), 0, "{state}");
        assert_eq!(author.difference(&good), None);
    }
    let said = author.running.end();
    assert!(said.contains("the last good site stays"), "{said}");
    assert!(said.contains("did you mean `provider`?"), "{said}");
}

#[test]
fn it_starts_in_any_state() {
    let broken: &[(&str, &str)] = &[
        ("book.toml", "[book\n"),
        (DATA, "label: [\n"),
        ("themes/default/templates/base.html", "{% if %}\n"),
        ("themes/default/theme.toml", "api = 99\n"),
        ("content/models/saas.md", "---\nlabel\n"),
    ];
    for (path, text) in broken {
        let folder = site().on_disk();
        let before = fs::read(folder.join(path)).ok();
        folder.write(path, text);
        if path.starts_with("themes") && !path.ends_with(".toml") {
            folder.write("themes/default/theme.toml", "api = 1\n");
        }
        let mut author = Author::of(folder, &[]);
        let state = author.until_failed(true);
        assert!(!state["problems"].as_array().unwrap().is_empty(), "{path}");
        let answer = get(author.address, "");
        assert_eq!(answer.status, 503, "{path}");
        let page = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(page.contains(path), "{path}: {page}");
        match before {
            Some(bytes) => author.folder.write(path, bytes),
            None => fs::remove_dir_all(author.folder.join("themes")).unwrap(),
        }
        author.until("index.html", "Home");
        author.settles(path);
        let said = author.running.end();
        assert!(said.contains("everything: there is no site yet"), "{said}");
    }
    // Nothing at all, and then a project.
    let mut author = Author::of(Folder::new(), &[]);
    author.until_failed(true);
    author.folder.run(&["init", "."]).code(0);
    author.until_failed(false);
    author.settles("init");
    author.running.end();
}

#[test]
fn problems_lead_to_their_place_in_an_editor() {
    let folder = site().on_disk();
    let broken = edit(
        folder.path(),
        DATA,
        "[customer, provider]",
        "[customer, provder]",
    );
    folder.write(DATA, broken);
    let place = folder.join(DATA).canonicalize().unwrap();
    let author = Author::of(
        folder,
        &["--editor-url", "vscode://file{path}:{line}:{column}"],
    );
    let state = author.until_failed(true);
    let wanted = format!("vscode://file{}:7:33", place.display());
    assert_eq!(state["problems"][0]["open"], wanted, "{state}");
    author.running.end();
}

/// A file that is not read as text has no lines: it is named alone, and the link leads
/// to its beginning.
#[test]
fn a_finding_about_a_whole_file_names_the_file_alone() {
    let folder = site().on_disk();
    folder.write("content/stray.yaml", "a: 1\n");
    folder.write("content/categories/data.yaml", "label: [\n");
    std::os::unix::fs::symlink("nowhere", folder.join("content/lost.pdf")).unwrap();
    let link = "vscode://file{path}:{line}:{column}";
    let author = Author::of(folder, &["--editor-url", link]);
    let state = author.until_failed(true);
    let root = author.folder.path().canonicalize().unwrap();
    let page = String::from_utf8(get(author.address, "").body).unwrap();
    for file in ["content/stray.yaml", "content/lost.pdf"] {
        let problems = state["problems"].as_array().unwrap().iter();
        let told = problems.clone().find(|p| p["file"] == file).unwrap();
        assert!(told["line"].is_null() && told["column"].is_null(), "{told}");
        let open = format!("vscode://file{}/{file}:1:1", root.display());
        assert_eq!(told["open"], open, "{told}");
        let place = format!("<p class=\"place\"><a href=\"{open}\">{file}</a></p>");
        assert!(page.contains(&place), "{place}: {page}");
    }
    author.running.end();
    for command in ["check", "build"] {
        let run = author.folder.run(&[command, "--format", "json"]);
        let mut lines = run
            .stdout
            .lines()
            .filter(|line| line.contains("stray.yaml"));
        let line: serde_json::Value = serde_json::from_str(lines.next().unwrap()).unwrap();
        assert!(
            line["line"].is_null() && line["column"].is_null(),
            "{command}: {line}"
        );
        let run = author.folder.run(&[command]);
        assert!(
            run.stderr.contains("--> content/stray.yaml\n"),
            "{}",
            run.stderr
        );
    }
}

/// The second half of a look says only what the first did not, and so does the next
/// look.
#[test]
fn nothing_is_printed_twice() {
    let folder = site().page("also.md", "# Also\n").on_disk();
    let mut author = Author::of(folder, &[]);
    author.settles("at the start");
    let from = author.folder.join("content/models/saas.md");
    fs::rename(from, author.folder.join("content/models/saas2.md")).unwrap();
    author.until_failed(true);
    author.running.wait_for("the last good site stays");
    author
        .folder
        .write("content/also.md", "# Also\n\n[dead](nowhere.md)\n");
    author.running.wait_for("also.md");
    author
        .folder
        .write("content/models/third.md", "---\nlabel\n---\n");
    author.running.wait_for("third.md");
    std::thread::sleep(std::time::Duration::from_millis(800));
    let said = author.running.end();
    let findings = said.split("\n\n").filter(|text| text.contains("[SRM"));
    let mut findings: Vec<&str> = findings
        .map(|text| &text[text.find("[SRM").unwrap()..])
        .collect();
    let all = findings.len();
    findings.sort_unstable();
    findings.dedup();
    assert!(all >= 3, "{said}");
    assert_eq!(findings.len(), all, "{said}");
}
