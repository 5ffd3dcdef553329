//! Names of files and ids of every kind.

use std::fs;
use std::os::unix::ffi::OsStrExt;

use super::limited;
use crate::harness::projects::{ONE_MODEL, project};
use crate::harness::{Folder, Run};

#[test]
fn names_that_are_not_utf8() {
    let folder = project(ONE_MODEL).on_disk();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.md");
    fs::write(folder.join("content").join(name), "# Page\n").unwrap();
    let run = limited(&folder, &["build"]);
    assert!(run.code(1).stderr.contains("not UTF-8"), "{}", run.stderr);
    assert!(!folder.join("book").exists());
    // A project in such a folder is no mistake.
    let folder = Folder::new();
    let place = folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    for (path, bytes) in project(ONE_MODEL).files() {
        let full = place.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, bytes).unwrap();
    }
    let output = folder
        .command(&["build"])
        .current_dir(&place)
        .output()
        .unwrap();
    Run::of(output).code(0);
    let output = folder.command(&["build"]).arg(&place).output().unwrap();
    Run::of(output).code(0);
}

#[test]
fn odd_file_names_work_or_are_named() {
    // Each is a page and an asset, linked to from the page's neighbour and
    // from the navigation; the checker follows every link.
    let names = [
        "a b",
        "a#b",
        "a?b",
        "a%b",
        "a%20b",
        "a'b",
        "a\"b",
        "a&b",
        "a<b>c",
        "a;b",
        "a=b",
        "a+b",
        "a(b",
        "a)b",
        "a[b]",
        "{{ a }}",
        "{% a %}",
        "a`b",
        "a|b",
        "a\\b",
        "a:b",
        "javascript:x",
        "@a",
        "~a",
        "-a",
        "a..b",
        "日本語",
        "é",
        "e\u{301}",
        "a\u{85}b",
        "a\nb",
        "a\tb",
        "a\u{1b}[31mb",
        "\u{202e}a",
        " a",
        "a ",
        "$a",
        "a*b",
        "!a",
    ];
    for name in names {
        let folder = project(ONE_MODEL).on_disk();
        folder.write(&format!("content/x/{name}.md"), "# Odd\n\nText.\n");
        folder.write(&format!("content/x/{name}.txt"), "asset");
        folder.write("content/home.md", "# Links\n\nNothing.\n");
        let run = limited(&folder, &["build", "-D", "warnings"]);
        let tame = |said: &str| {
            assert!(
                !said.contains(['\x1b', '\u{85}', '\u{202e}']),
                "{name:?} acts on the terminal: {said:?}"
            );
        };
        tame(&run.stderr);
        // A mistake in the file names it.
        let wrong = project(ONE_MODEL).on_disk();
        wrong.write(&format!("content/x/{name}.md"), "[x](nowhere.md)\n");
        for format in ["human", "short"] {
            let run = limited(&wrong, &["check", "--format", format]);
            let named = name.contains(|c: char| c.is_control() || c == '\u{202e}')
                || run.stderr.contains(&format!("content/x/{name}.md"));
            assert!(named && run.code == Some(1), "{name:?}: {}", run.stderr);
            tame(&run.stderr);
        }
        if run.code == Some(1) && name.chars().any(char::is_control) {
            continue;
        }
        assert_eq!(run.code, Some(0), "{name:?}: {}", run.stderr);
        assert!(
            folder.join(&format!("book/x/{name}.html")).is_file(),
            "{name:?}"
        );
        let run = limited(&folder, &["build"]);
        assert!(
            run.code(0).stderr.contains(": 0 of "),
            "{name:?}: {}",
            run.stderr
        );
        limited(&folder, &["clean"]).code(0);
        assert!(!folder.join("book").exists(), "{name:?}");
    }
}

#[test]
fn very_long_names() {
    let long = "n".repeat(240);
    let folder = project(ONE_MODEL).on_disk();
    folder.write(&format!("content/{long}.md"), "# Long\n");
    folder.write(&format!("content/{long}.txt"), "asset");
    limited(&folder, &["build"]).code(0);
    assert!(folder.join(&format!("book/{long}.html")).is_file());
    // `.md` fits and `.html` does not.
    let longest = "n".repeat(252);
    let folder = project(ONE_MODEL).on_disk();
    folder.write(&format!("content/{longest}.md"), "# Longest\n");
    let run = limited(&folder, &["build"]);
    assert!(matches!(run.code, Some(1 | 2)), "{}", run.stderr);
    assert!(!folder.join("book").exists(), "{}", run.stderr);
}

#[test]
fn every_valid_id_can_be_built() {
    // The longest ids there can be, of letters that take four bytes each.
    for letter in ["a", "é", "日", "𝒜", "𐐷"] {
        let id = |c: &str| {
            let mut id = String::from(c);
            while srm_site::model::id_problem(&(id.clone() + letter)).is_none() {
                id.push_str(letter);
            }
            id
        };
        let [a, b, row, party] = ["1", "2", "3", "4"].map(id);
        let folder = Folder::of(&format!(
            "//- content/srm.yaml\nschema: 1\nparties:\n  - {{id: {party}, kind: customer, label: Customer}}\n\
             //- content/models/{a}.md\n---\nlabel: A\n---\n//- content/models/{b}.md\n---\nlabel: B\n---\n\
             //- content/categories/{row}.yaml\nlabel: C\nrows:\n  - {{id: {row}, label: R, models: {{all: {{responsible: {party}}}}}}}\n"
        ));
        let run = limited(&folder, &["build"]);
        assert_eq!(run.code, Some(0), "{letter}: {}", run.stderr);
        assert!(
            folder
                .join(&format!("book/compare/{a}-vs-{b}.html"))
                .is_file()
        );
    }
}
