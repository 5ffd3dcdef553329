//! Bytes that are no UTF-8, byte order marks, line ends and tabs.

use super::{CATEGORY, accepted, category, limited, refused};
use crate::harness::projects::{ONE_MODEL, project};
use crate::harness::{Folder, tree};

#[test]
fn files_that_are_not_utf8() {
    for path in [
        CATEGORY,
        "content/page.md",
        "content/models/byoc.md",
        "book.toml",
        "content/srm.yaml",
    ] {
        let run = refused(path, b"label: caf\xe9\n", "SRM002");
        let marked = format!("{path}:1:11");
        assert!(run.stderr.contains(&marked), "{marked}: {}", run.stderr);
        let utf16: Vec<u8> = "\u{feff}label: More\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        refused(path, &utf16, "SRM002");
        let utf16: Vec<u8> = "label: More\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        refused(path, &utf16, "SRM002");
        refused(path, b"\xed\xa0\x80", "SRM002");
        refused(path, b"label: a\0b\n", "SRM002");
    }
    let folder = project(ONE_MODEL).on_disk();
    folder.write("themes/default/theme.toml", "api = 1\n");
    folder.write("themes/default/templates/prose.html", b"caf\xe9");
    folder.write("themes/default/strings/en.toml", b"home = \"caf\xe9\"");
    let run = limited(&folder, &["check"]);
    assert_eq!(
        run.code(1).stderr.matches("error[SRM002]").count(),
        2,
        "{}",
        run.stderr
    );
}

#[test]
fn a_byte_order_mark_is_accepted_and_shifts_no_column() {
    let plain = project(ONE_MODEL).on_disk();
    plain.run(&["build"]).code(0);
    let marked = project(ONE_MODEL).on_disk();
    for (path, bytes) in tree(marked.path()) {
        marked.write(&path, [b"\xef\xbb\xbf".as_slice(), &bytes].concat());
    }
    let run = limited(&marked, &["build", "-D", "warnings"]);
    assert!(run.code(0).stderr.contains("no findings"), "{}", run.stderr);
    assert!(tree(&plain.join("book")) == tree(&marked.join("book")));

    for (path, text, place) in [
        (CATEGORY, "lable: x\nlabel: y\nrows: []\n", "1:1"),
        (CATEGORY, "label: y\nrows: []\nörder: x\n", "3:1"),
        (CATEGORY, "label: [\n", "1:8"),
        ("content/page.md", "---\ntitel: x\n---\n", "2:1"),
        ("content/page.md", "a [b](nowhere.md)\n", "1:3"),
        (
            "book.toml",
            "[book]\nsrc = \"content\"\ntitel = \"x\"\n",
            "3:1",
        ),
        ("book.toml", "bok = 1\n[book]\nsrc = \"content\"\n", "1:1"),
    ] {
        for mark in ["", "\u{feff}"] {
            let run = refused(path, format!("{mark}{text}"), "SRM");
            let place = format!("{path}:{place}");
            assert!(
                run.stderr.contains(&place),
                "{mark:?} {place}: {}",
                run.stderr
            );
            // The excerpt counts for itself, so ask the other formats too.
            let folder = project(ONE_MODEL).on_disk();
            folder.write(path, format!("{mark}{text}"));
            let run = limited(&folder, &["check", "--format", "short"]);
            assert!(
                run.stderr.contains(&format!("{place}: ")),
                "{mark:?} {place}: {}",
                run.stderr
            );
        }
    }
}

#[test]
fn windows_line_ends_change_nothing() {
    let text = format!(
        "{ONE_MODEL}//- content/page.md\n---\ntitle: Page\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```rust\nlet x = 1;\n```\n\n> [!NOTE]\n> Look.\n\nTerm\n: Meaning\n\n1. one\n2. two[^n]\n\n[^n]: A note\n    on two lines.\n//- content/categories/more.yaml\nlabel: More\ndescription: >\n  folded\n  text\n\n  more\nrows:\n  - id: r\n    label: R\n    notes:\n      - |\n        kept\n        lines\n    models:\n      saas: {{responsible: customer, tasks: {{customer: [\"a\n        b\"]}}}}\n"
    );
    let unix = Folder::of(&text);
    unix.run(&["build"]).code(0);
    let windows = Folder::of(&text);
    for (path, bytes) in tree(windows.path()) {
        let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
        windows.write(&path, text);
    }
    windows.run(&["build"]).code(0);
    let (unix, windows) = (tree(&unix.join("book")), tree(&windows.join("book")));
    assert_eq!(
        unix.keys().collect::<Vec<_>>(),
        windows.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in &unix {
        let (left, right) = (
            String::from_utf8_lossy(bytes),
            String::from_utf8_lossy(&windows[path]),
        );
        for (l, r) in left.lines().zip(right.lines()) {
            assert_eq!(l, r, "{path}");
        }
        assert!(left == right, "{path} differs in its line ends");
    }
    // Places are right as well.
    let run = refused(
        CATEGORY,
        "label: More\r\nrows: []\r\nlable: x\r\n",
        "SRM006",
    );
    assert!(run.stderr.contains("more.yaml:3:1"), "{}", run.stderr);
    assert!(!run.stderr.contains('\r'));
}

#[test]
fn tabs_in_yaml_are_explained() {
    let run = refused(CATEGORY, "label: More\nrows:\n\t- id: r\n", "SRM003");
    assert!(
        run.stderr.contains("more.yaml:3:1") && run.stderr.contains("spaces"),
        "{}",
        run.stderr
    );
    // A tab inside a text is fine.
    let folder = accepted(CATEGORY, category("\"a\\tb\""));
    assert!(folder.read("book/categories/more.html").contains("a\tb"));
}
