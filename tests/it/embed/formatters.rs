//! Regions in documents that a formatter has laid out.

use std::path::Path;
use std::process::Command;

use super::{project, run};
use crate::harness::Folder;

const REQUESTS: &[&str] = &[
    "detail model=saas",
    "checklist model=saas",
    "matrix",
    "totals",
];

/// A document with a region for each kind of layout.
fn document(folder: &Folder) -> String {
    let region = |request: &&str| format!("<!-- srm:begin {request} -->\n<!-- srm:end -->\n\n");
    let regions: String = REQUESTS.iter().map(region).collect();
    folder.write("a.md", format!("# A\n\n{regions}"));
    run(folder, &["embed", "a.md"]).code(0);
    folder.read("a.md")
}

/// Puts a text in the place of the document, and runs `embed` on it: what `--check` says,
/// its exit code, and whether `embed` then changes anything.
#[track_caller]
fn checked(folder: &Folder, text: &str) -> (i32, String, bool) {
    folder.write("a.md", text);
    let said = run(folder, &["embed", "--check", "--no-diff", "a.md"]);
    let code = said.code.unwrap();
    run(folder, &["embed", "a.md"]);
    (code, said.stderr.clone(), folder.read("a.md") != text)
}

#[test]
fn layout_is_no_change() {
    let folder = project();
    let good = document(&folder);
    for (from, to) in [
        ("| --- |", "| ------------- |"),
        ("| Keys", "|   Keys   "),
        ("    - ", "  * "),
        ("**Provider (Vendor)**", "__Provider (Vendor)__"),
        (" <br />", "<br/>"),
        ("\n\n<!-- srm:end", "\n\n\n<!-- srm:end"),
    ] {
        let laid_out = good.replace(from, to);
        assert_ne!(laid_out, good, "{from}");
        let (code, said, changed) = checked(&folder, &laid_out);
        assert_eq!((code, changed), (0, false), "{from} -> {to}: {said}");
    }
}

#[test]
fn a_word_that_differs_is_an_edit() {
    let folder = project();
    let good = document(&folder).replace("| --- |", "| ------------- |");
    for (from, to) in [
        ("| Keys", "| Kes"),
        ("**Provider (Vendor)**", "Provider (Vendor)"),
        ("- [ ]", "- [x]"),
        ("Tasks of", "Task of"),
    ] {
        let edited = good.replacen(from, to, 1);
        assert_ne!(edited, good, "{from}");
        let (code, said, changed) = checked(&folder, &edited);
        assert_eq!((code, changed), (1, false), "{from} -> {to}: {said}");
        assert!(said.contains("[SRM803]"), "{said}");
    }
}

#[test]
fn a_form_that_some_tools_run_is_told() {
    let folder = project();
    let category = "data/content/categories/data.yaml";
    folder.write(
        category,
        folder
            .read(category)
            .replace("label: Keys", "label: Keys <b>"),
    );
    let good = document(&folder);
    assert!(good.contains("Keys &lt;b>"), "{good}");
    let (code, said, changed) = checked(&folder, &good.replace("&lt;", "\\<"));
    assert_eq!((code, changed), (0, false), "{said}");
    assert!(said.contains("warning[SRM805]"), "{said}");
}

#[test]
fn warnings_of_all_documents_are_one_report() {
    let folder = project();
    let good = document(&folder);
    let args = ["embed", "--format", "sarif", "a.md"];
    let reports = |said: &str| said.matches("\"runs\"").count();
    assert_eq!(reports(&run(&folder, &args).stdout), 0);
    assert!(good.contains("Keys &#124;"), "{good}");
    folder.write("a.md", good.replace("&#124;", "\\|"));
    folder.write("b.md", "# Nothing\n");
    let said = run(&folder, &[&args[..], &["b.md"]].concat());
    said.code(0);
    assert_eq!(reports(&said.stdout), 1, "{}", said.stdout);
    for code in ["SRM805", "SRM809"] {
        assert!(said.stdout.contains(code), "{}", said.stdout);
    }
}

#[test]
fn new_data_is_written_over_the_layout_without_force() {
    let folder = project();
    let laid_out = document(&folder).replace("| --- |", "| ------------- |");
    folder.write("a.md", &laid_out);
    let category = "data/content/categories/data.yaml";
    let data = folder.read(category);
    folder.write(category, data.replace("Backup", "Copies"));
    let (code, said, changed) = checked(&folder, &laid_out);
    assert_eq!((code, changed), (1, true), "{said}");
    assert!(said.contains("[SRM802]") && !said.contains("[SRM803]"));
}

#[test]
fn markdown_without_html_has_no_tag() {
    let folder = project();
    folder.write(
        "a.md",
        "[//]: # (srm:begin detail model=saas breaks=none)\n[//]: # (srm:end)\n",
    );
    run(&folder, &["embed", "a.md"]).code(0);
    let text = folder.read("a.md");
    assert!(!text.contains('<'), "{text}");
    assert!(text.contains("| Owner |"), "{text}");
    assert!(text.contains("• "), "{text}");
    run(&folder, &["embed", "--check", "a.md"]).code(0);
    let said = run(
        &folder,
        &["table", "detail", "model=saas", "--breaks", "none"],
    );
    assert!(text.contains(said.code(0).stdout.trim()), "{}", said.stdout);
    let said = run(&folder, &["table", "detail", "model=saas", "breaks=never"]);
    said.code(2);
    assert!(said.stderr.contains("`never`"), "{}", said.stderr);
}

#[test]
#[ignore = "needs Prettier and mdformat; `scripts/test readers` installs them"]
fn real_formatters_keep_regions_current() {
    let folder = project();
    let good = document(&folder);
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let prettier = top.join("tests/html/node_modules/.bin/prettier");
    let mut prettier = Command::new(prettier);
    prettier.args(["--write", "--log-level", "error"]);
    let mut mdformat = Command::new("python3");
    mdformat.env("PYTHONPATH", top.join("target/tools/python"));
    mdformat.args(["-m", "mdformat"]);
    for formatter in [&mut prettier, &mut mdformat] {
        folder.write("a.md", &good);
        let run = formatter.arg(folder.path().join("a.md")).output().unwrap();
        let complaints = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{complaints}");
        let laid_out = folder.read("a.md");
        assert_ne!(laid_out, good);
        let (code, said, changed) = checked(&folder, &laid_out);
        assert_eq!((code, changed), (0, false), "{said}");
    }
}
