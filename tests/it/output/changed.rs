//! Only what changed is made and written again.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use srm_site::output::MANIFEST;

use super::{MARK, age, assert_same, clean_build, mark, mtimes, said, site};
use crate::harness::{Folder, tree};

#[test]
fn a_second_build_writes_nothing() {
    let folder = site().on_disk();
    folder.run(&["build"]).code(0);
    age(&folder.join("book"));
    let before = mtimes(&folder.join("book"));
    let manifest = fs::read(folder.join("book").join(MANIFEST)).unwrap();
    let run = folder.run(&["build"]);
    assert!(
        run.code(0).stderr.contains(": 0 of ") && run.stderr.contains(" 0 removed"),
        "{}",
        run.stderr
    );
    assert_eq!(before, mtimes(&folder.join("book")));
    assert_eq!(
        manifest,
        fs::read(folder.join("book").join(MANIFEST)).unwrap()
    );
    // Touching a source is no change.
    folder.write("content/guide.md", folder.read("content/guide.md"));
    folder.run(&["build"]).code(0);
    assert_eq!(before, mtimes(&folder.join("book")));
}

#[test]
fn only_changed_files_are_written() {
    let folder = site().on_disk();
    folder.run(&["build"]).code(0);
    age(&folder.join("book"));
    let before = (mtimes(&folder.join("book")), tree(&folder.join("book")));
    folder.write("content/guide.md", "# Guide\n\nRead that.\n");
    let run = folder.run(&["build"]);
    let after = (mtimes(&folder.join("book")), tree(&folder.join("book")));
    let mut written = Vec::new();
    for (path, time) in &after.0 {
        let changed = before.1.get(path) != after.1.get(path);
        assert_eq!(
            changed,
            before.0.get(path) != Some(time),
            "{path}: a new time goes with new bytes"
        );
        if changed {
            written.push(path.as_str());
        }
    }
    assert!(written.contains(&"guide.html") && written.contains(&"guide.md"));
    assert!(!written.contains(&"models/saas.html"), "{written:?}");
    let said = format!(": {} of {} files written", written.len(), after.0.len());
    assert!(run.code(0).stderr.contains(&said), "{said}: {}", run.stderr);
    assert_same(&after.1, &clean_build(&folder), "after an edit");
}

/// The pages that were made again since they were marked, but for the tables
/// that other pages show: those follow the pages that show the same here.
fn made_again(site: &Path) -> Vec<String> {
    let files = tree(site).into_iter();
    let page = |path: &str| path.ends_with(".html") && !path.starts_with("embed/");
    let new = files.filter(|(path, bytes)| page(path) && !bytes.ends_with(MARK));
    new.map(|(path, _)| path).collect()
}

#[test]
fn only_what_an_edit_touched_is_made_again() {
    let folder = site().on_disk();
    let book = folder.join("book");
    let data = folder.read("content/categories/data.yaml");
    let own = data.replace(
        "      all:\n",
        "      byoc: {responsible: customer}\n      saas:\n",
    );
    folder.write("content/categories/data.yaml", &own);
    folder.run(&["build"]).code(0);
    let page = |path: &String| path.ends_with(".html") && !path.starts_with("embed/");
    let pages: Vec<String> = tree(&book).into_keys().filter(page).collect();
    for (path, from, to, made) in [
        (
            "content/guide.md",
            "Read this.",
            "Read that.",
            &["guide.html", "print.html"][..],
        ),
        // The other model and what both are called stay as they are.
        (
            "content/categories/data.yaml",
            "Bring the",
            "Bring all",
            &[
                "categories/data.html",
                "compare/byoc-vs-saas.html",
                "compare/saas-vs-byoc.html",
                "models/saas.html",
                "parties/customer.html",
                "parties/provider.html",
                "print.html",
            ],
        ),
        ("content/pictures/one.txt", "copied", "copied as it is", &[]),
    ] {
        let before = folder.read(path);
        mark(&book);
        folder.write(path, before.replace(from, to));
        folder.run(&["build"]).code(0);
        assert_eq!(made_again(&book), made, "{path}");
        folder.write(path, &before);
        fs::remove_dir_all(&book).unwrap();
        folder.run(&["build"]).code(0);
    }
    // What all pages share.
    mark(&book);
    folder.run(&["build", "-u", "https://a.example/"]).code(0);
    assert_eq!(made_again(&book), pages, "another request");
    // A heading that comes or goes is looked for from everywhere.
    mark(&book);
    folder.write("content/guide.md", "# Guide\n\n## Part\n\nRead this.\n");
    folder.run(&["build"]).code(0);
    assert_eq!(made_again(&book), pages, "another id");
    // What `watch` puts there can be kept, but not without what its pages hold.
    let said = fs::read_to_string(book.join(MANIFEST)).unwrap();
    let mut said: serde_json::Value = serde_json::from_str(&said).unwrap();
    said["built"] = serde_json::json!({ "made": { "keys": said["built"]["made"]["keys"] } });
    folder.write(&format!("book/{MANIFEST}"), said.to_string());
    mark(&book);
    folder.run(&["build"]).code(0);
    assert_eq!(made_again(&book), pages, "a build that reported nothing");
}

/// Texts that link to what other files have.
const LINKED: &str = "\
//- content/models/saas.md
---
label: SaaS
---
We run it.
//- content/categories/data.yaml
label: Data
rows:
  - id: keys
    label: Keys
    models:
      saas:
        responsible: [customer, provider]
        tasks:
          customer: [\"Bring the keys, as [told](@/guide.md#how).\"]
          provider: [Keep the keys.]
//- content/categories/ops.yaml
label: Operations
rows:
  - id: patches
    label: Patches
    models:
      saas:
        responsible: provider
        tasks: {provider: [\"Patch what [they](row:keys) open.\"]}
//- content/guide.md
# Guide

## How

Read this.
//- content/other.md
# Other

See [how](guide.md#how).
";

#[test]
fn what_is_wrong_is_found_whatever_is_made_again() {
    for outputs in [
        "",
        "outputs = {print = false, markdown = false, data = false, parties = false}\n",
    ] {
        let folder = Folder::of(LINKED);
        folder.write(
            "book.toml",
            format!("[book]\nsrc = \"content\"\n[output.html]\n[preprocessor.srm]\n{outputs}"),
        );
        folder.write("themes/default/theme.toml", "api = 1\n");
        let template =
            "{% extends \"builtin/prose.html\" %}{% block footer %}own{% endblock footer %}";
        folder.write("themes/default/templates/prose.html", template);
        if !outputs.is_empty() {
            // No page shows what the data says.
            let empty = "{% block toc %}{% endblock toc %}{% block content %}\
                <p id=\"keys\"></p>{% endblock content %}";
            for name in ["category", "model"] {
                let template = format!("{{% extends \"builtin/{name}.html\" %}}{empty}");
                folder.write(&format!("themes/default/templates/{name}.html"), template);
            }
        }
        assert_eq!(said(&folder, "build"), (Some(0), Vec::new()));
        let site = tree(&folder.join("book"));
        for (path, from, to) in [
            // The page that links there is not touched, nor is the data.
            ("content/guide.md", "## How", "## Why"),
            (
                "content/guide.md",
                "Read this.",
                "Read [that](other.md#no).",
            ),
            ("content/guide.md", "Read this.", "Read [that](no.md)."),
            ("content/guide.md", "Read this.", "<b>Read</b> this."),
            ("content/guide.md", "Read this.", "Read [it](javascript:x)."),
            ("content/categories/data.yaml", "#how", "#why"),
            ("content/categories/data.yaml", "#how", "?how"),
            (
                "content/categories/data.yaml",
                "Keep the",
                "Keep <i>all</i>",
            ),
            ("content/categories/data.yaml", "the keys.", "[it](file:x)."),
            ("content/categories/data.yaml", "id: keys", "id: locks"),
            (
                "content/categories/data.yaml",
                "responsible: [customer, provider]",
                "responsible: provider",
            ),
            ("content/categories/ops.yaml", "row:keys", "row:none"),
            ("content/models/saas.md", "We run", "We [run](#no)"),
            (
                "themes/default/templates/prose.html",
                "own",
                "<a href='no.html'>own</a>",
            ),
            ("themes/default/templates/prose.html", "own", "{{ none }}"),
            (
                "book.toml",
                "[output.html]\n",
                "[output.html]\nredirect = {\"/a.html\" = \"/guide.html#no\"}\n",
            ),
        ] {
            let before = folder.read(path);
            assert!(before.contains(from), "{path}: {from}");
            folder.write(path, before.replacen(from, to, 1));
            let found = said(&folder, "check");
            let why = format!("{path}: {to}, {outputs}");
            // A warning is reported by every build, also if nothing changed.
            for _ in 0..2 {
                assert_eq!(said(&folder, "build"), found, "{why}");
            }
            if found.0 == Some(0) {
                assert_same(&tree(&folder.join("book")), &clean_build(&folder), &why);
            } else {
                assert_same(&tree(&folder.join("book")), &site, &why);
            }
            folder.write(path, &before);
            assert_eq!(said(&folder, "build"), (Some(0), Vec::new()), "{why}");
            assert_same(&tree(&folder.join("book")), &site, &why);
        }
    }
}

#[test]
fn what_was_asked_for_is_part_of_what_is_current() {
    // Nothing in the folder changes between these builds, only the request.
    let folder = site().on_disk();
    folder.write("content/later.md", "---\ndraft: true\n---\n# Later\n");
    folder.write("extra.css", "/* one */");
    folder.write(
        "book.toml",
        "[book]\nsrc = \"content\"\n[output.html]\nadditional-css = [\"extra.css\"]\n",
    );
    for args in [
        &["build"][..],
        &["build", "--drafts"],
        &["build", "-u", "https://a.example/"],
        &["build", "-u", "https://b.example/", "--drafts"],
        &["build", "--strict"],
        &["build"],
    ] {
        folder.run(args).code(0);
        let out = folder.join("fresh");
        let _ = fs::remove_dir_all(&out);
        folder.run(&[args, &["-d", "fresh"]].concat()).code(0);
        assert_same(
            &tree(&folder.join("book")),
            &tree(&out),
            &format!("{args:?}"),
        );
    }
    // A file beside the content, a theme's file, with a time of long ago.
    folder.write("extra.css", "/* two */");
    let past = SystemTime::now() - Duration::from_secs(1_000_000);
    let file = fs::File::options()
        .append(true)
        .open(folder.join("extra.css"))
        .unwrap();
    file.set_modified(past).unwrap();
    folder.run(&["build"]).code(0);
    assert_eq!(folder.read("book/extra.css"), "/* two */");
    folder.write("themes/default/theme.toml", "api = 1\n");
    folder.write("themes/default/static/style.css", "/* own */");
    folder.run(&["build"]).code(0);
    assert_eq!(folder.read("book/assets/style.css"), "/* own */");
    // An edit of the output that keeps its size and time is an edit.
    let page = folder.join("book/guide.html");
    let time = fs::metadata(&page).unwrap().modified().unwrap();
    let text = folder
        .read("book/guide.html")
        .replace("Read this.", "Read THIS.");
    fs::write(&page, &text).unwrap();
    let file = fs::File::options().append(true).open(&page).unwrap();
    file.set_modified(time).unwrap();
    folder.run(&["build"]).code(2);
    assert_eq!(folder.read("book/guide.html"), text);
}
