//! Writing a site to a real disk: only what changed is written, only what was
//! ours is replaced or removed, nothing is lost when the disk is full or the
//! process dies, and any way of edits ends where a clean build does.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use srm_site::findings::{Digest, Finding, Findings};
use srm_site::output::{Built, Destination, MANIFEST, Made, Output, Reach, Replacement, replace};
use srm_site::site::Options;

use crate::harness::{Folder, Run, build_files, fixture, sign_manifest, tree};

const SITE: &str = "\
//- content/models/saas.md
---
label: SaaS
order: 1
---
We run it.
//- content/models/byoc.md
---
label: BYOC
order: 2
---
You run it.
//- content/categories/data.yaml
label: Data
rows:
  - id: keys
    label: Keys
    models:
      all:
        responsible: [customer, provider]
        tasks:
          customer: [Bring the keys.]
          provider: [Keep the keys.]
//- content/guide.md
# Guide

Read this.
//- content/pictures/one.txt
a file that is copied
";

/// Everything below a folder with what it is: bytes of files, targets of
/// links, and folders. Nothing is followed.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).unwrap().file_type();
            let name = path.strip_prefix(root).unwrap().to_path_buf();
            if kind.is_dir() {
                out.insert(name, b"(folder)".to_vec());
                walk(root, &path, out);
            } else if kind.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                out.insert(name, format!("(link) {}", target.display()).into_bytes());
            } else {
                out.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(folder, folder, &mut out);
    out
}

fn mtimes(folder: &Path) -> BTreeMap<String, SystemTime> {
    let files = tree(folder);
    files
        .into_keys()
        .map(|p| {
            let time = fs::metadata(folder.join(&p)).unwrap().modified().unwrap();
            (p, time)
        })
        .collect()
}

/// Makes every file of a folder an hour older, so that any write shows.
fn age(folder: &Path) {
    let past = SystemTime::now() - Duration::from_secs(3600);
    for path in tree(folder).into_keys() {
        let file = fs::File::options()
            .append(true)
            .open(folder.join(path))
            .unwrap();
        file.set_modified(past).unwrap();
    }
}

/// What a build of these sources from nothing gives.
fn clean_build(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let fresh = tempfile::tempdir().unwrap();
    let out = fresh.path().join("out");
    let run = folder.run(&["build", "-q", "-d", out.to_str().unwrap()]);
    run.code(0);
    tree(&out)
}

#[track_caller]
fn assert_same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>, why: &str) {
    if left == right {
        return;
    }
    let names = |m: &BTreeMap<String, Vec<u8>>| m.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(left), names(right), "{why}: the files differ");
    for (path, bytes) in left {
        let (left, right) = (
            String::from_utf8_lossy(bytes),
            String::from_utf8_lossy(&right[path]),
        );
        for (n, (left, right)) in left.lines().zip(right.lines()).enumerate() {
            assert_eq!(left, right, "{why}: {path}, line {}", n + 1);
        }
        assert_eq!(left.len(), right.len(), "{why}: {path}");
    }
}

// --------------------------------------------------------- only what changed

/// Opens a folder that the command line names.
fn open(folder: &Path, project: &Path) -> Result<Output, Finding> {
    let to = Destination {
        folder,
        named: true,
        project,
        sources: &[],
    };
    Output::open(to, false)
}

#[test]
fn a_second_build_writes_nothing() {
    let folder = Folder::of(SITE);
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
    let folder = Folder::of(SITE);
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

#[test]
fn stale_files_of_ours_go_and_foreign_ones_stay() {
    let folder = Folder::of(SITE);
    folder.write("content/deep/er/page.md", "# Page\n\nText.\n");
    folder.run(&["build"]).code(0);
    folder.write("book/mine.txt", "mine");
    folder.write("book/pictures/mine.txt", "mine");
    folder.write("book/new/folder/mine.txt", "mine");
    folder.write("book/models/.hidden", "mine");
    assert!(folder.join("book/deep/er/page.html").is_file());
    fs::remove_dir_all(folder.join("content/deep")).unwrap();
    fs::remove_dir_all(folder.join("content/pictures")).unwrap();
    fs::remove_file(folder.join("content/guide.md")).unwrap();
    folder.run(&["build"]).code(0);
    assert!(
        !folder.join("book/deep").exists(),
        "empty folders of ours go"
    );
    for gone in [
        "book/guide.html",
        "book/guide.md",
        "book/pictures/one.txt",
        "book/deep/er/page.html",
    ] {
        assert!(!folder.join(gone).exists(), "{gone} is stale");
    }
    let mut expected = clean_build(&folder);
    for mine in [
        "mine.txt",
        "pictures/mine.txt",
        "new/folder/mine.txt",
        "models/.hidden",
    ] {
        expected.insert(mine.into(), b"mine".to_vec());
    }
    assert_same(&tree(&folder.join("book")), &expected, "after removals");
}

#[test]
fn clean_removes_what_the_manifest_says_and_nothing_else() {
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    folder.write("book/mine.txt", "mine");
    folder.write("book/models/mine.txt", "mine");
    folder.write("book/guide.html", "edited by hand");
    symlink("/etc", folder.join("book/link")).unwrap();
    let run = folder.run(&["clean"]);
    assert!(
        run.code(0).stderr.contains("SRM704") && run.stderr.contains("guide.html"),
        "{}",
        run.stderr
    );
    let left: Vec<String> = everything(&folder.join("book"))
        .into_keys()
        .map(|p| p.display().to_string())
        .collect();
    assert_eq!(
        left,
        [
            "guide.html",
            "link",
            "mine.txt",
            "models",
            "models/mine.txt"
        ]
    );
    assert_eq!(folder.read("book/guide.html"), "edited by hand");
    // Nothing of ours is left, so there is nothing to be clean about.
    let before = everything(folder.path());
    folder.run(&["clean"]).code(2);
    assert_eq!(before, everything(folder.path()));

    let whole = Folder::of(SITE);
    whole.run(&["build"]).code(0);
    whole.run(&["clean"]).code(0);
    assert!(!whole.join("book").exists());
    whole.run(&["clean"]).code(0);
}

#[test]
fn a_folder_not_built_by_us_is_not_cleaned() {
    let folder = Folder::of(SITE);
    folder.write("book/index.html", "mine");
    folder.write("photos/a.jpg", "mine");
    let before = everything(folder.path());
    folder.run(&["clean"]).code(2);
    folder.run(&["clean", "-d", "photos"]).code(2);
    folder.run(&["clean", "-d", "."]).code(2);
    folder.run(&["clean", "-d", "book.toml"]).code(2);
    assert_eq!(before, everything(folder.path()));
}

// ------------------------------------------------ only what an edit touched

/// Changes every file of a site, and its manifest as if they had been built so:
/// what is made again loses the mark.
fn mark(site: &Path) {
    let manifest = site.join(MANIFEST);
    let mut said: serde_json::Value =
        serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    for (path, mut bytes) in tree(site) {
        bytes.extend(MARK);
        fs::write(site.join(&path), &bytes).unwrap();
        said["files"][&path] = serde_json::json!([Digest::of_bytes(&bytes).to_string()]);
    }
    fs::write(manifest, said.to_string()).unwrap();
    sign_manifest(site);
}

const MARK: &[u8] = b"<!-- as it was -->";

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
    let folder = Folder::of(SITE);
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
    // What `watch` puts there can be kept, but nobody said what is on it.
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

/// What a command says of the project: its exit code and the findings.
fn said(folder: &Folder, command: &str) -> (Option<i32>, Vec<String>) {
    let run = folder.run(&[command, "--format", "short"]);
    let lines = run.stderr.lines().map(str::to_string);
    (run.code, lines.filter(|l| l.contains('[')).collect())
}

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

// --------------------------------------------------------------- refusals

#[test]
fn foreign_files_in_the_way_are_refused_and_nothing_is_written() {
    for (path, as_folder) in [
        ("book/index.html", false),
        ("book/models", false),
        ("book/guide.html", true),
        ("book/assets/style.css", false),
        ("book/pictures/one.txt", true),
        ("book/404.html", false),
    ] {
        let folder = Folder::of(SITE);
        if as_folder {
            folder.write(&format!("{path}/inner.txt"), "mine");
        } else {
            folder.write(path, "mine");
        }
        let before = everything(folder.path());
        let run = folder.run(&["build"]);
        assert!(
            run.code(2).stderr.contains("SRM702"),
            "{path}: {}",
            run.stderr
        );
        assert_eq!(before, everything(folder.path()), "{path}");
    }
    // `--force` may replace a file, never a folder with things in it.
    let folder = Folder::of(SITE);
    folder.write("book/index.html", "mine");
    folder.run(&["build", "--force"]).code(0);
    assert_same(
        &tree(&folder.join("book")),
        &clean_build(&folder),
        "with --force",
    );
    let folder = Folder::of(SITE);
    folder.write("book/guide.html/inner.txt", "mine");
    folder.run(&["build", "--force"]).code(2);
    assert_eq!(folder.read("book/guide.html/inner.txt"), "mine");
}

#[test]
fn a_built_file_edited_by_hand_is_not_replaced_without_force() {
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    folder.write("book/guide.html", "edited by hand");
    // Also when the source of that very page changed meanwhile.
    for text in ["# Guide\n\nRead this.\n", "# Guide\n\nRead that.\n"] {
        folder.write("content/guide.md", text);
        let before = everything(&folder.join("book"));
        let run = folder.run(&["build"]);
        assert!(
            run.code(2).stderr.contains("SRM702")
                && run.stderr.contains("guide.html")
                && run.stderr.contains("changed since the last build")
                && run.stderr.contains("--force"),
            "{}",
            run.stderr
        );
        assert_eq!(before, everything(&folder.join("book")));
    }
    folder.run(&["build", "--force"]).code(0);
    assert_same(
        &tree(&folder.join("book")),
        &clean_build(&folder),
        "with --force",
    );
    folder.run(&["build"]).code(0);
}

/// Copies a site, the manifest last, with the times that files have or without.
fn copy_site(from: &Path, to: &Path, times: bool) {
    let mut paths: Vec<String> = everything(from)
        .into_keys()
        .filter(|path| from.join(path).is_file())
        .map(|path| path.to_str().unwrap().to_string())
        .collect();
    paths.sort_by_key(|path| path == MANIFEST);
    for path in paths {
        let (old, new) = (from.join(&path), to.join(&path));
        fs::create_dir_all(new.parent().unwrap()).unwrap();
        fs::copy(&old, &new).unwrap();
        if times {
            let time = fs::metadata(old).unwrap().modified().unwrap();
            let file = fs::File::options().append(true).open(new).unwrap();
            file.set_modified(time).unwrap();
        }
    }
}

/// The times of copies say nothing of when a file was edited.
#[test]
fn a_file_edited_by_hand_in_a_copied_site_is_not_replaced() {
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    folder.write("book/guide.html", "edited by hand");
    // The copy is made later, as nearly all are.
    let manifest = folder.join("book").join(MANIFEST);
    let built = fs::metadata(&manifest).unwrap().modified().unwrap();
    let file = fs::File::options().append(true).open(&manifest).unwrap();
    file.set_modified(built - Duration::from_secs(60)).unwrap();
    for (name, times) in [("plain", false), ("kept", true)] {
        copy_site(&folder.join("book"), &folder.join(name), times);
        // The system counts time in steps.
        std::thread::sleep(Duration::from_millis(20));
        for text in ["# Guide\n\nRead this.\n", "# Guide\n\nRead that.\n"] {
            folder.write("content/guide.md", text);
            let said = folder.run(&["build", "-d", &folder.join(name).display().to_string()]);
            assert!(
                said.code(2).stderr.contains("SRM702"),
                "{name}: {}",
                said.stderr
            );
            assert_eq!(folder.read(&format!("{name}/guide.html")), "edited by hand");
        }
    }
}

/// A program that follows the site may change a file as soon as it is there, when
/// others are not yet: whether it was new or was left as it is.
#[test]
fn a_file_that_is_edited_while_the_site_is_written_is_not_replaced_later() {
    let folder = Folder::of(SITE);
    let many: Vec<String> = (0..1500).map(|n| format!("files/{n}.txt")).collect();
    let write = |text: &str| {
        for name in &many {
            folder.write(&format!("content/{name}"), text);
        }
    };
    write("one");
    folder.write("content/same.txt", "same");
    folder.run(&["build"]).code(0);
    write("two");
    let built = |name: &str| folder.join("book").join(name);
    let edited = std::thread::scope(|scope| {
        let build = scope.spawn(|| folder.run(&["build"]).code(0).stderr.clone());
        let placed = |name: &&String| fs::read(built(name)).is_ok_and(|text| text == b"two");
        let edited = loop {
            if let Some(first) = many.iter().step_by(150).find(placed) {
                break first.clone();
            }
        };
        // The system counts time in steps.
        std::thread::sleep(Duration::from_millis(10));
        fs::write(built(&edited), "edited by hand").unwrap();
        fs::write(built("same.txt"), "edited by hand").unwrap();
        build.join().unwrap();
        edited
    });
    write("three");
    folder.write("content/same.txt", "other");
    let said = folder.run(&["build"]).code(2).stderr.clone();
    for name in [edited.as_str(), "same.txt"] {
        assert!(
            said.contains(&format!("will not overwrite `./book/{name}`")),
            "{said}"
        );
        assert_eq!(folder.read(&format!("book/{name}")), "edited by hand");
    }
}

/// An author may save a document while its regions are being filled.
#[test]
fn a_document_that_was_saved_meanwhile_is_left_with_all_others() {
    let folder = Folder::of("//- one.md\none\n//- two.md\ntwo\n");
    let file = |name: &str, old: Option<&str>| Replacement {
        path: folder.join(name),
        old: old.map(|old| old.as_bytes().to_vec()),
        new: b"new\n".to_vec(),
    };
    let reach = Reach::new(&[folder.path()]);
    let before = everything(folder.path());
    let refused = |files: &[Replacement], name: &str| {
        let error = replace(files, &reach).unwrap_err();
        assert!(error.message.contains(name) && error.message.contains("changed meanwhile"));
        assert_eq!(before, everything(folder.path()));
    };
    refused(
        &[file("one.md", Some("one\n")), file("two.md", Some("tw\n"))],
        "two.md",
    );
    refused(&[file("gone.md", Some("gone\n"))], "gone.md");
    let files = [file("one.md", Some("one\n")), file("two.md", None)];
    replace(&files, &reach).unwrap();
    let now = ["one.md", "two.md"].map(|name| folder.read(name));
    assert_eq!(now, ["new\n", "new\n"]);
}

#[test]
fn a_built_file_that_was_deleted_comes_back() {
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    fs::remove_file(folder.join("book/guide.html")).unwrap();
    fs::remove_dir_all(folder.join("book/models")).unwrap();
    folder.run(&["build"]).code(0);
    assert_same(
        &tree(&folder.join("book")),
        &clean_build(&folder),
        "after deletions",
    );
}

#[test]
fn a_stale_file_edited_by_hand_is_kept_with_a_warning() {
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    folder.write("book/guide.html", "edited by hand");
    fs::remove_file(folder.join("content/guide.md")).unwrap();
    let run = folder.run(&["build"]);
    assert!(
        run.code(0).stderr.contains("warning[SRM704]") && run.stderr.contains("guide.html"),
        "{}",
        run.stderr
    );
    assert_eq!(folder.read("book/guide.html"), "edited by hand");
    assert!(!folder.join("book/guide.md").exists());
    // From now on it is somebody else's.
    let run = folder.run(&["build"]);
    assert!(!run.code(0).stderr.contains("SRM704"), "{}", run.stderr);
    folder.write("content/guide.md", "# Guide\n");
    folder.run(&["build"]).code(2);
    assert_eq!(folder.read("book/guide.html"), "edited by hand");
}

#[test]
fn folders_that_hold_sources_are_refused() {
    let outer = Folder::new();
    for (path, bytes) in fixture(SITE) {
        outer.write(&format!("a/project/{path}"), bytes);
    }
    outer.write("a/project/themes/default/theme.toml", "api = 1\n");
    symlink("project/content", outer.join("a/alias")).unwrap();
    let before = everything(outer.path());
    for dest in [
        "a/project",
        "a/project/",
        "a",
        ".",
        "/",
        "a/project/content",
        "a/project/content/site",
        "a/project/themes",
        "a/project/themes/default",
        "a/project/./content/../content",
        "a/project/book/../",
        "a/alias",
        "a/alias/site",
    ] {
        for force in [&[][..], &["--force"]] {
            let args = [&["build", "a/project", "-d", dest][..], force].concat();
            let run = outer.run(&args);
            assert!(
                run.code(2).stderr.contains("SRM701"),
                "{dest}: {}",
                run.stderr
            );
            assert_eq!(before, everything(outer.path()), "{dest}");
        }
    }
    for build_dir in [
        ".",
        "..",
        "content",
        "content/book",
        "themes",
        "./",
        "book/..",
    ] {
        outer.write(
            "a/project/book.toml",
            format!("[book]\nsrc = \"content\"\n[build]\nbuild-dir = \"{build_dir}\"\n"),
        );
        let before = everything(outer.path());
        let run = outer.run(&["build", "a/project"]);
        assert!(
            run.code(2).stderr.contains("SRM701"),
            "{build_dir}: {}",
            run.stderr
        );
        assert_eq!(before, everything(outer.path()), "{build_dir}");
    }
}

#[test]
fn an_output_folder_that_is_a_file_is_refused() {
    let folder = Folder::of(SITE);
    folder.write("site", "mine");
    for dest in ["site", "site/below", "book.toml"] {
        let before = everything(folder.path());
        let run = folder.run(&["build", "-d", dest]);
        assert!(run.code(2).stderr.contains("error["), "{}", run.stderr);
        assert_eq!(before, everything(folder.path()), "{dest}");
    }
}

#[test]
fn links_in_the_output_are_never_followed() {
    let outside = Folder::new();
    outside.write("folder/keep.txt", "keep");
    outside.write("file.html", "keep");
    outside.write("files/x", "keep");
    let before = everything(outside.path());
    // A link to a folder where a folder of ours has to be, before and after a
    // first build; links to files, also dangling ones, where a file has to be.
    for (at, to) in [
        ("models", "folder"),
        ("assets", "folder"),
        ("index.html", "file.html"),
        ("guide.html", "nowhere.html"),
        ("data", "nowhere"),
        (".srm-site-staging", "folder"),
    ] {
        for built in [false, true] {
            let folder = Folder::of(SITE);
            if built {
                folder.run(&["build"]).code(0);
                let path = folder.join("book").join(at);
                let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
            } else {
                fs::create_dir(folder.join("book")).unwrap();
            }
            symlink(outside.join(to), folder.join("book").join(at)).unwrap();
            // An edit, so that there is something to write.
            folder.write("content/guide.md", "# Guide\n\nRead that.\n");
            let site = everything(&folder.join("book"));
            let run = folder.run(&["build"]);
            assert_eq!(before, everything(outside.path()), "{at}: written through");
            let refused = ["is a link", "is not a folder", "not a regular file"];
            assert!(
                refused.iter().any(|w| run.code(2).stderr.contains(w)),
                "{at} ({built}): {}",
                run.stderr
            );
            assert_eq!(site, everything(&folder.join("book")), "{at} ({built})");
            folder.run(&["clean"]);
            assert_eq!(before, everything(outside.path()), "{at}: cleaned through");
        }
    }
}

#[test]
fn links_below_the_staging_folder_are_not_followed() {
    let outside = Folder::new();
    outside.write("precious", "keep");
    let folder = Folder::of(SITE);
    fs::create_dir_all(folder.join("book/.srm-site-staging")).unwrap();
    symlink(
        outside.join("precious"),
        folder.join("book/.srm-site-staging/lock"),
    )
    .unwrap();
    folder.run(&["build"]);
    assert_eq!(outside.read("precious"), "keep");
    let folder = Folder::of(SITE);
    fs::create_dir_all(folder.join("book/.srm-site-staging")).unwrap();
    symlink(outside.path(), folder.join("book/.srm-site-staging/files")).unwrap();
    folder.run(&["build"]);
    assert_eq!(everything(outside.path()).len(), 1);
    assert_eq!(outside.read("precious"), "keep");
}

#[test]
fn a_stale_path_behind_a_link_is_left_alone() {
    let outside = Folder::new();
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    // The very bytes we wrote, moved elsewhere and linked back.
    fs::rename(folder.join("book/pictures"), outside.join("pictures")).unwrap();
    symlink(outside.join("pictures"), folder.join("book/pictures")).unwrap();
    fs::remove_dir_all(folder.join("content/pictures")).unwrap();
    let before = everything(outside.path());
    folder.run(&["build"]).code(0);
    assert_eq!(before, everything(outside.path()));
    assert!(folder.join("book/pictures").is_symlink());
}

#[test]
fn a_manifest_that_cannot_be_trusted_stops_everything() {
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    folder.write("precious.txt", "keep");
    let hash = |bytes: &[u8]| Digest::of_bytes(bytes).to_string();
    let entry = |path: &str| format!("{{\"files\": {{\"{path}\": [\"{}\"]}}}}", hash(b"keep"));
    let absolute = folder.join("precious.txt").display().to_string();
    for manifest in [
        "".to_string(),
        "{".into(),
        "[]".into(),
        "{\"files\": 7}".into(),
        "\u{0}\u{0}".into(),
        entry("../precious.txt"),
        entry("models/../../precious.txt"),
        entry("./../precious.txt"),
        entry(&absolute),
    ] {
        folder.write(&format!("book/{MANIFEST}"), &manifest);
        let before = everything(folder.path());
        for args in [&["build"][..], &["build", "--force"], &["clean"]] {
            let run = folder.run(args);
            assert!(
                run.code(2).stderr.contains(MANIFEST),
                "{manifest}: {}",
                run.stderr
            );
            assert_eq!(before, everything(folder.path()), "{manifest} {args:?}");
        }
    }
    // One that claims too much cannot make us remove what we did not write:
    // the hash has to fit as well.
    folder.write("book/mine.txt", "mine");
    folder.write(
        &format!("book/{MANIFEST}"),
        entry("mine.txt").replace("[\"", "[\"00\", \""),
    );
    folder.run(&["clean"]).code(0);
    assert_eq!(folder.read("book/mine.txt"), "mine");
}

#[test]
fn a_lost_manifest_makes_everything_foreign() {
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    fs::remove_file(folder.join("book").join(MANIFEST)).unwrap();
    // The same bytes are no conflict ...
    folder.run(&["build"]).code(0);
    fs::remove_file(folder.join("book").join(MANIFEST)).unwrap();
    // ... but other ones are.
    folder.write("content/guide.md", "# Guide\n\nRead that.\n");
    let before = everything(&folder.join("book"));
    folder.run(&["build"]).code(2);
    assert_eq!(before, everything(&folder.join("book")));
}

#[test]
fn the_writer_itself_takes_no_path_out_of_its_folder() {
    let folder = Folder::new();
    let project = folder.join("project");
    fs::create_dir(&project).unwrap();
    let before = everything(folder.path());
    for path in [
        "../evil.html",
        "a/../../evil.html",
        "/tmp/srm-site-evil.html",
        "./index.html",
        "",
        MANIFEST,
        ".srm-site-staging/lock",
    ] {
        let mut output = open(&project.join("book"), &project).unwrap();
        output.begin().unwrap();
        output.stage(path, b"evil");
        assert!(
            !output.findings().list.is_empty(),
            "`{path}` was taken without a word"
        );
        drop(output);
        assert!(!Path::new("/tmp/srm-site-evil.html").exists());
        assert_eq!(before, everything(folder.path()), "{path}");
    }
}

#[test]
fn errors_leave_the_previous_site_untouched() {
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    age(&folder.join("book"));
    let before = (
        everything(&folder.join("book")),
        mtimes(&folder.join("book")),
    );
    for (path, text) in [
        ("content/categories/data.yaml", "label: [\n"),
        ("content/srm.yaml", ""),
        ("content/guide.md", "# Guide\n\n[dead](nowhere.md)\n"),
        ("book.toml", "[book\n"),
        ("themes/default/templates/prose.html", "{{ nothing.here }}"),
    ] {
        let own = fs::read(folder.join(path)).ok();
        folder.write(path, text);
        if path.starts_with("themes") {
            folder.write("themes/default/theme.toml", "api = 1\n");
        }
        let code = if path == "book.toml" { 2 } else { 1 };
        folder.run(&["build"]).code(code);
        match own {
            Some(bytes) => folder.write(path, bytes),
            None => fs::remove_dir_all(folder.join("themes")).unwrap(),
        }
        assert_eq!(before.0, everything(&folder.join("book")), "{path}");
        assert_eq!(before.1, mtimes(&folder.join("book")), "{path}");
    }
    assert!(folder.run(&["build"]).code(0).stderr.contains(": 0 of "));
}

#[test]
fn a_name_that_breaks_after_a_good_build_is_an_error() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    let before = everything(&folder.join("book"));
    let odd = folder
        .join("content")
        .join(std::ffi::OsStr::from_bytes(b"caf\xe9.md"));
    let link = folder.join("content/dangling.md");
    let theme = folder.join("themes/default");
    for round in 0..4 {
        match round {
            0 => symlink("nowhere.md", &link).unwrap(),
            1 => symlink(".", &link).unwrap(),
            2 => fs::write(&odd, "# Page").unwrap(),
            _ => fs::create_dir_all(&theme).unwrap(),
        }
        folder.run(&["check"]).code(1);
        folder.run(&["build"]).code(1);
        assert_eq!(before, everything(&folder.join("book")), "round {round}");
        let _ = fs::remove_file(&link);
        let _ = fs::remove_file(&odd);
    }
}

#[test]
fn what_was_asked_for_is_part_of_what_is_current() {
    // Nothing in the folder changes between these builds, only the request.
    let folder = Folder::of(SITE);
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

#[test]
fn a_file_and_a_folder_may_change_places() {
    let folder = Folder::of(SITE);
    folder.write("content/notes/a.txt", "one");
    folder.run(&["build"]).code(0);
    fs::remove_dir_all(folder.join("content/notes")).unwrap();
    folder.write("content/notes", "now a file");
    folder.run(&["build"]).code(0);
    assert_same(
        &tree(&folder.join("book")),
        &clean_build(&folder),
        "to a file",
    );
    fs::remove_file(folder.join("content/notes")).unwrap();
    folder.write("content/notes/b/c.txt", "a folder again");
    folder.run(&["build"]).code(0);
    assert_same(
        &tree(&folder.join("book")),
        &clean_build(&folder),
        "to a folder",
    );
    // Somebody's file in that folder keeps it from becoming a file.
    folder.write("book/notes/mine.txt", "mine");
    fs::remove_dir_all(folder.join("content/notes")).unwrap();
    folder.write("content/notes", "a file");
    let before = everything(&folder.join("book"));
    folder.run(&["build"]).code(2);
    assert_eq!(before, everything(&folder.join("book")));
}

#[test]
fn an_edited_file_that_must_become_a_folder_is_refused_before_anything_is_written() {
    let folder = Folder::of(SITE);
    folder.write("content/notes", "a file");
    folder.run(&["build"]).code(0);
    folder.write("book/notes", "edited by hand");
    fs::remove_file(folder.join("content/notes")).unwrap();
    folder.write("content/notes/a.txt", "now a folder");
    let before = everything(&folder.join("book"));
    let run = folder.run(&["build"]);
    assert!(run.code(2).stderr.contains("SRM702"), "{}", run.stderr);
    assert_eq!(before, everything(&folder.join("book")));
}

#[test]
fn a_file_and_a_folder_of_one_name_are_found_by_check() {
    let folder = Folder::of(SITE);
    folder.write("content/print.html/a.txt", "in the way of a page");
    let run = folder.run(&["check"]);
    assert!(run.code(1).stderr.contains("SRM404"), "{}", run.stderr);
    let run = folder.run(&["build"]);
    assert!(matches!(run.code, Some(1 | 2)), "{}", run.stderr);
    assert!(!folder.join("book").exists());
}

// ------------------------------------------------------- the system refuses

/// A file system of a few hundred kilobytes, gone when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: PathBuf, size: &str) -> Option<SmallDisk> {
        fs::create_dir_all(&at).unwrap();
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&at)
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|s| s.success()).then_some(SmallDisk(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

fn big_page(n: usize) -> String {
    format!("# Big\n\n{}\n", "words and more words ".repeat(n))
}

#[test]
fn a_full_disk_leaves_the_previous_site_whole() {
    let folder = Folder::of(SITE);
    let Some(disk) = SmallDisk::mount(folder.join("disk"), "1m") else {
        // The same property is held by the limit on file sizes below.
        eprintln!("no right to mount a small disk here; the file size limit stands in");
        return;
    };
    let out = disk.0.join("site");
    let out_arg = out.to_str().unwrap();
    folder.run(&["build", "-d", out_arg]).code(0);
    let site = everything(&out);
    let filler = disk.0.join("filler");
    // Room for nothing, for a few files, for nearly all.
    let mut refused = 0;
    for room in [0, 1, 4, 9, 30] {
        let mut bytes = vec![0u8; 2 << 20];
        while fs::write(&filler, &bytes).is_err() {
            bytes.truncate(bytes.len() - 4096);
        }
        bytes.truncate(bytes.len() - room * 4096);
        fs::write(&filler, &bytes).unwrap();
        folder.write("book.toml", "[book]\ntitle = \"New\"\nsrc = \"content\"\n");
        folder.write("content/big.md", big_page(6000));
        let run = folder.run(&["build", "-d", out_arg]);
        assert!(
            run.code(2).stderr.contains("no space left"),
            "{room}: {}",
            run.stderr
        );
        assert_eq!(site, everything(&out), "{room} pages of room");
        refused += 1;
        fs::remove_file(&filler).unwrap();
    }
    assert_eq!(refused, 5);
    fs::remove_file(folder.join("content/big.md")).unwrap();
    folder.run(&["build", "-d", out_arg]).code(0);
    assert_same(
        &tree(&out),
        &clean_build(&folder),
        "after the disk had room",
    );
}

#[test]
fn a_file_that_grows_too_large_leaves_the_previous_site_whole() {
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    let site = everything(&folder.join("book"));
    folder.write("content/big.md", big_page(6000));
    folder.write("content/guide.md", "# Guide\n\nRead that.\n");
    let limited = |blocks: u32| {
        let mut command = Command::new("sh");
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" build");
        command
            .args(["-c", &limit, env!("CARGO_BIN_EXE_srm-site")])
            .current_dir(folder.path());
        Run::of(command.output().unwrap())
    };
    // Too small for a page, for the big one, for the manifest.
    for blocks in [0, 1, 8, 64] {
        let run = limited(blocks);
        assert!(
            run.code(2).stderr.contains("SRM703"),
            "{blocks}: {}",
            run.stderr
        );
        assert_eq!(site, everything(&folder.join("book")), "{blocks} blocks");
    }
    folder.run(&["build"]).code(0);
    assert_same(&tree(&folder.join("book")), &clean_build(&folder), "after");
}

/// The binary as a user who owns nothing here, where there is such a thing.
pub fn as_nobody(folder: &Folder, args: &[&str]) -> Option<Run> {
    let root = nix_uid() == 0;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if !root {
        return Some(folder.run(args));
    }
    let program = folder.program_for_nobody();
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&program)
        .args(args)
        .current_dir(folder.path());
    match command.output() {
        Ok(output) => Some(Run::of(output)),
        Err(error) => {
            eprintln!("root cannot become somebody else here: {error}");
            None
        }
    }
}

fn nix_uid() -> u32 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").unwrap().uid()
}

#[test]
fn a_folder_without_the_right_to_write_is_left_as_it_is() {
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    folder.write("content/guide.md", "# Guide\n\nRead that.\n");
    let mode = |path: &str, mode: u32| {
        fs::set_permissions(folder.join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("book", 0o555);
    let before = everything(&folder.join("book"));
    if let Some(run) = as_nobody(&folder, &["build"]) {
        assert!(
            run.code(2).stderr.contains("permission denied"),
            "{}",
            run.stderr
        );
        assert_eq!(before, everything(&folder.join("book")));
        // A new folder cannot be made there either.
        let run = as_nobody(&folder, &["build", "-d", "book/new"]).unwrap();
        assert!(run.code(2).stderr.contains("SRM703"), "{}", run.stderr);
        // Checking needs no right to write.
        as_nobody(&folder, &["check"]).unwrap().code(0);
    }
    // Staging works and moving in place does not: a folder of the site that
    // may not be written to.
    mode("book", 0o777);
    mode("book/models", 0o555);
    folder.write(
        "content/models/saas.md",
        "---\nlabel: SaaS\norder: 1\n---\nNew.\n",
    );
    let before = tree(&folder.join("book"));
    if let Some(run) = as_nobody(&folder, &["build"]) {
        run.code(2);
        // Each file is old or new, and the next build with the right to write
        // ends as a clean one does.
        mode("book/models", 0o755);
        let clean = clean_build(&folder);
        for (path, bytes) in tree(&folder.join("book")) {
            assert!(
                before.get(&path) == Some(&bytes) || clean.get(&path) == Some(&bytes),
                "{path} is neither old nor new"
            );
        }
        folder.run(&["build"]).code(0);
        assert_same(&tree(&folder.join("book")), &clean, "after");
    }
}

#[test]
fn a_killed_build_leaves_whole_files() {
    let folder = Folder::new();
    for (path, bytes) in fixture(SITE) {
        folder.write(&path, bytes);
    }
    let pages = 250;
    let version = |n: usize| {
        folder.write(
            "book.toml",
            format!("[book]\ntitle = \"Version {n}\"\nsrc = \"content\"\n"),
        );
        for page in 0..pages {
            // Some pages exist in one version only.
            let path = format!("content/p/{:03}.md", page + n % 2 * 20);
            folder.write(&path, format!("# Page {page}\n\nVersion {n}.\n"));
        }
        let stale = if n.is_multiple_of(2) {
            pages..pages + 20
        } else {
            0..20
        };
        for page in stale {
            let _ = fs::remove_file(folder.join(&format!("content/p/{page:03}.md")));
        }
    };
    version(0);
    let started = Instant::now();
    folder.run(&["build", "-q"]).code(0);
    let whole = started.elapsed();
    let mut old = tree(&folder.join("book"));
    // A fixed sequence of moments; every second one waits for the move to
    // begin, which is short and where it matters.
    let mut random = Random(7);
    let mut halfway = 0;
    for n in 1..=14 {
        version(n);
        let new = clean_build(&folder);
        // Every page differs between versions. The first of them to change says
        // that the move has begun, whatever the manifest says by then.
        let marks = [MANIFEST, "index.html", "p/020.html", "p/130.html"];
        let look = || marks.map(|m| fs::read(folder.join("book").join(m)).ok());
        let before = look();
        let mut child = folder
            .command(&["build", "-q"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Instant::now();
        if n % 2 == 0 {
            while started.elapsed() < whole * 10 && look() == before {
                std::thread::sleep(Duration::from_micros(50));
            }
            std::thread::sleep(Duration::from_micros(random.below(6000)));
        } else {
            let micros = u64::try_from(whole.as_micros()).unwrap();
            std::thread::sleep(Duration::from_micros(random.below(micros)));
        }
        let _ = child.kill();
        child.wait().unwrap();

        let now: BTreeMap<String, Vec<u8>> = tree(&folder.join("book"))
            .into_iter()
            .filter(|(path, _)| !path.starts_with(".srm-site-staging/"))
            .collect();
        for (path, bytes) in &now {
            assert!(
                old.get(path) == Some(bytes) || new.get(path) == Some(bytes),
                "kill {n}: {path} is neither the old nor the new file"
            );
        }
        for path in old.keys().filter(|p| new.contains_key(*p)) {
            assert!(now.contains_key(path), "kill {n}: {path} is gone");
        }
        if now != old && now != new {
            halfway += 1;
        }
        // The sources may have changed again before the next build: what was
        // moved until the kill is then neither the last build's nor this one's.
        let new = match n % 4 {
            0 => {
                version(n + 1001);
                clean_build(&folder)
            }
            _ => new,
        };
        folder.run(&["build", "-q"]).code(0);
        assert_same(
            &tree(&folder.join("book")),
            &new,
            &format!("after kill {n}"),
        );
        old = new;
    }
    eprintln!("{halfway} of 14 kills hit the moving of files");
    folder.run(&["clean"]).code(0);
    assert!(!folder.join("book").exists(), "the manifest knew all files");
}

#[test]
fn a_site_half_moved_is_finished_by_the_next_build() {
    // What a kill between two moves leaves, made by hand: the manifest with
    // both hashes, some files new, some old, some stale still there.
    let folder = Folder::of(SITE);
    folder.run(&["build"]).code(0);
    let old = tree(&folder.join("book"));
    folder.write("book.toml", "[book]\ntitle = \"New\"\nsrc = \"content\"\n");
    fs::rename(
        folder.join("content/guide.md"),
        folder.join("content/help.md"),
    )
    .unwrap();
    let new = clean_build(&folder);
    let hash = |b: &Vec<u8>| Digest::of_bytes(b).to_string();
    let mut files: BTreeMap<&String, Vec<String>> = BTreeMap::new();
    for (path, bytes) in old.iter().chain(&new) {
        files.entry(path).or_default().push(hash(bytes));
    }
    let manifest = serde_json::json!({ "files": files }).to_string();
    for keep in 0..3 {
        for (at, (path, bytes)) in new.iter().enumerate() {
            if at % 3 == keep {
                folder.write(&format!("book/{path}"), bytes);
            } else if let Some(bytes) = old.get(path) {
                folder.write(&format!("book/{path}"), bytes);
            }
        }
        folder.write("book/.srm-site-staging/files/guide.html", "half a fi");
        folder.write("book/.srm-site-staging/manifest", "{");
        folder.write(&format!("book/{MANIFEST}"), &manifest);
        folder.run(&["build"]).code(0);
        assert_same(&tree(&folder.join("book")), &new, "half moved");
    }
}

#[test]
fn two_builds_at_the_same_time_do_not_harm_each_other() {
    let folder = Folder::of(SITE);
    for page in 0..40 {
        folder.write(&format!("content/p/{page}.md"), format!("# Page {page}\n"));
    }
    let mut random = Random(11);
    for round in 0..12 {
        folder.write(
            "book.toml",
            format!("[book]\ntitle = \"Round {round}\"\nsrc = \"content\"\n"),
        );
        let start = |delay: u64| {
            std::thread::sleep(Duration::from_micros(delay));
            folder
                .command(&["build"])
                .stderr(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let children: Vec<_> = (0..3).map(|_| start(random.below(80_000))).collect();
        let runs: Vec<Run> = children
            .into_iter()
            .map(|c| Run::of(c.wait_with_output().unwrap()))
            .collect();
        let done = runs.iter().filter(|r| r.code == Some(0)).count();
        assert!(done > 0, "nobody built");
        for run in &runs {
            let busy = run.stderr.contains("another build is writing");
            assert!(
                run.code == Some(0) || run.code == Some(2) && busy,
                "round {round}, {:?}: {}",
                run.code,
                run.stderr
            );
        }
        let built = tree(&folder.join("book"));
        assert!(
            built.keys().all(|p| !p.starts_with(".srm-site-staging")),
            "something was left behind"
        );
        assert_same(&built, &clean_build(&folder), "after builds side by side");
    }
}

// -------------------------------------------------------------- same bytes

#[test]
fn the_same_project_in_two_places_gives_the_same_bytes() {
    let (one, two) = (Folder::new(), Folder::new());
    let name = "another name/with blanks & ümlauts";
    for (path, bytes) in fixture(SITE) {
        one.write(&format!("a/{path}"), &bytes);
        two.write(&format!("{name}/{path}"), &bytes);
    }
    one.run(&["build", "a"]).code(0);
    two.run(&["build", name, "-d", "elsewhere/out"]).code(0);
    // From inside, with other surroundings, one thread, another clock.
    let output = two
        .command(&["build", ".", "-d", "../../third"])
        .current_dir(two.join(name))
        .env("RAYON_NUM_THREADS", "1")
        .env("LANG", "ja_JP.UTF-8")
        .env("TZ", "Asia/Tokyo")
        .env("SOURCE_DATE_EPOCH", "1")
        .output()
        .unwrap();
    Run::of(output).code(0);
    let first = tree(&one.join("a/book"));
    assert_same(&first, &tree(&two.join("elsewhere/out")), "another folder");
    assert_same(&first, &tree(&two.join("third")), "other surroundings");
    // The manifest as well, and nothing names the machine.
    let manifest = |p: PathBuf| fs::read(p.join(MANIFEST)).unwrap();
    assert_eq!(
        manifest(one.join("a/book")),
        manifest(two.join("elsewhere/out"))
    );
    let here = one.path().to_str().unwrap();
    for (path, bytes) in &first {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains(here),
            "{path} names a folder of this machine"
        );
    }
    let shipped = env!("CARGO_MANIFEST_DIR");
    let shipped_out = |name: &str| {
        one.run(&["build", shipped, "-d", name]).code(0);
        tree(&one.join(name))
    };
    let first = shipped_out("s1");
    assert_same(&first, &shipped_out("s2"), "the shipped content");
    for (path, bytes) in &first {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains(shipped),
            "{path} names the repository's place"
        );
    }
}

/// A small generator of numbers (SplitMix64), the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.below(items.len() as u64)).unwrap()]
    }
}

/// A project under edit: its files, and what was broken in it.
struct Edits {
    folder: Folder,
    random: Random,
    serial: u64,
    broken: bool,
    /// Whether a file of the site was changed by hand.
    tampered: bool,
}

impl Edits {
    fn prose(&mut self) -> Vec<String> {
        let all = tree(&self.folder.join("content"));
        all.into_keys()
            .filter(|p| p.ends_with(".md") && !p.starts_with("models/"))
            .collect()
    }

    fn write(&self, path: &str, text: &str) {
        self.folder.write(&format!("content/{path}"), text);
    }

    fn remove(&self, path: &str) {
        let full = self.folder.join("content").join(path);
        fs::remove_file(&full).unwrap();
        let mut parent = full.parent();
        while let Some(folder) = parent.filter(|f| *f != self.folder.join("content")) {
            if fs::remove_dir(folder).is_err() {
                break;
            }
            parent = folder.parent();
        }
    }

    fn category(&mut self, id: &str) {
        let rows = 1 + self.random.below(3);
        let mut text = format!("label: Category {id}\nrows:\n");
        for row in 0..rows {
            let who = *self
                .random
                .pick(&["customer", "provider", "[customer, provider]"]);
            let n = self.random.below(5);
            text.push_str(&format!(
                "  - id: {id}-{row}\n    label: Row {row}\n    models:\n      saas:\n        responsible: {who}\n        tasks: {{provider: [Do {n} things.], customer: [See to {n} things.]}}\n"
            ));
        }
        self.write(&format!("categories/{id}.yaml"), &text);
    }

    /// A page of which others link to a heading each.
    fn parts(&self, parts: &[u64]) {
        let headings = parts.iter().map(|part| format!("\n## Part {part}\n"));
        let headings: String = headings.collect();
        self.write("parts.md", &format!("# Parts\n{headings}"));
    }

    /// One edit. Says what it did.
    fn step(&mut self) -> String {
        self.serial += 1;
        let n = self.serial;
        let dirs = ["", "a/", "a/b/", "z/"];
        // What is broken is soon repaired, or nothing would ever be built.
        let choice = match self.broken && self.random.below(2) == 0 {
            true => 20,
            // What leaves nearly all as it was is done as often as all else.
            false if self.random.below(2) == 0 => 14 + self.random.below(4),
            false => self.random.below(21),
        };
        match choice {
            0 | 1 => {
                let path = format!("{}page-{n}.md", self.random.pick(&dirs));
                self.write(&path, &format!("# Page {n}\n\nSee [home](/index.md).\n"));
                format!("add {path}")
            }
            2 => {
                let mut all = self.prose();
                all.retain(|p| p != "index.md");
                if all.is_empty() {
                    return "nothing to remove".into();
                }
                let path = self.random.pick(&all).clone();
                self.remove(&path);
                format!("remove {path}")
            }
            3 => {
                let mut all = self.prose();
                all.retain(|p| p != "index.md");
                if all.is_empty() {
                    return "nothing to rename".into();
                }
                let path = self.random.pick(&all).clone();
                let text = self.folder.read(&format!("content/{path}"));
                self.remove(&path);
                let to = format!("{}renamed-{n}.md", self.random.pick(&dirs));
                self.write(&to, &text);
                format!("rename {path} to {to}")
            }
            4 => {
                let all = self.prose();
                let path = self.random.pick(&all).clone();
                self.write(
                    &path,
                    &format!("---\norder: {}\n---\n# Edit {n}\n\nText.\n", n % 7),
                );
                format!("edit {path}")
            }
            5 => {
                let id = *self.random.pick(&["data", "ops", "net"]);
                self.category(id);
                format!("write category {id}")
            }
            6 => {
                let id = *self.random.pick(&["ops", "net"]);
                if !self
                    .folder
                    .join(&format!("content/categories/{id}.yaml"))
                    .exists()
                {
                    return "no category to remove".into();
                }
                self.remove(&format!("categories/{id}.yaml"));
                format!("remove category {id}")
            }
            7 => {
                let path = *self
                    .random
                    .pick(&["a/asset.txt", "asset.txt", "z/asset.bin"]);
                self.write(path, &format!("asset {}", n % 3));
                format!("write {path}")
            }
            8 => {
                let path = *self
                    .random
                    .pick(&["a/asset.txt", "asset.txt", "z/asset.bin"]);
                if !self.folder.join("content").join(path).exists() {
                    return "no asset to remove".into();
                }
                self.remove(path);
                format!("remove {path}")
            }
            9 => {
                let off = *self
                    .random
                    .pick(&["print", "markdown", "data", "parties", "none"]);
                let outputs = if off == "none" {
                    String::new()
                } else {
                    format!("[preprocessor.srm.outputs]\n{off} = false\n")
                };
                let text = format!(
                    "[book]\ntitle = \"Title {}\"\nsrc = \"content\"\n{outputs}",
                    n % 4
                );
                self.folder.write("book.toml", text);
                format!("settings without {off}")
            }
            10 => {
                let model = "content/models/byoc.md";
                if self.folder.join(model).exists() {
                    fs::remove_file(self.folder.join(model)).unwrap();
                    "remove a model".into()
                } else {
                    self.folder.write(model, "---\nlabel: BYOC\n---\nText.\n");
                    "add a model".into()
                }
            }
            11 => {
                let theme = "themes/default/templates/prose.html";
                if self.folder.join(theme).exists() {
                    fs::remove_dir_all(self.folder.join("themes")).unwrap();
                    "remove the theme".into()
                } else {
                    self.folder.write("themes/default/theme.toml", "api = 1\n");
                    self.folder
                        .write("themes/default/static/own.css", format!("/* {n} */"));
                    self.folder.write(
                        theme,
                        "{% extends \"builtin/prose.html\" %}{% block footer %}own{% endblock footer %}",
                    );
                    "add a theme".into()
                }
            }
            12 => {
                self.broken = true;
                self.write("categories/data.yaml", "label: [broken\n");
                "break a category".into()
            }
            13 => {
                self.broken = true;
                self.write("broken.md", "# Broken\n\n[dead](nowhere.md)\n");
                "break a page".into()
            }
            14 => {
                let parts = [n % 3, (n + 1) % 3];
                self.parts(&parts);
                format!("head parts {parts:?}")
            }
            15 => {
                // To a heading that is there, or comes, or goes.
                let part = n % 3;
                let link = format!("# Link\n\n[part](parts.md#part-{part})\n");
                self.write("link.md", &link);
                format!("link to part {part}")
            }
            16 => {
                let part = n % 3;
                let link = format!("\"See to [it](@/parts.md#part-{part}).\"");
                self.write("categories/data.yaml", &format!(
                    "label: Category data\nrows:\n  - id: data-0\n    label: Row 0\n    models:\n      saas: {{responsible: customer, tasks: {{customer: [{link}]}}}}\n"
                ));
                format!("link from data to part {part}")
            }
            17 => {
                self.broken = true;
                self.write("html.md", &format!("# Page\n\n<b>{n}</b>\n"));
                "write what is warned of".into()
            }
            18 => {
                let site: Vec<String> = tree(&self.folder.join("book")).into_keys().collect();
                let path = self.random.pick(&site).clone();
                if path.ends_with("foreign.txt") {
                    return "delete nothing".into();
                }
                fs::remove_file(self.folder.join("book").join(&path)).unwrap();
                format!("delete {path} of the site")
            }
            19 => {
                self.tampered = true;
                self.folder.write("book/index.html", format!("by hand {n}"));
                "change the site by hand".into()
            }
            _ => {
                self.broken = false;
                self.category("data");
                self.parts(&[0, 1, 2]);
                for page in ["content/broken.md", "content/html.md"] {
                    let _ = fs::remove_file(self.folder.join(page));
                }
                "repair".into()
            }
        }
    }
}

#[test]
fn any_way_of_edits_ends_where_a_clean_build_does() {
    for seed in [1, 2, 3] {
        let mut edits = Edits {
            folder: Folder::of(SITE),
            random: Random(seed),
            serial: 0,
            broken: false,
            tampered: false,
        };
        edits.write("index.md", "# Home\n\nHello.\n");
        edits.parts(&[0, 1, 2]);
        edits.category("data");
        edits.folder.run(&["build", "-q"]).code(0);
        edits.folder.write("book/foreign.txt", "mine");
        edits.folder.write("book/a/foreign.txt", "mine");
        let mut log = Vec::new();
        let mut built = 0;
        for _ in 0..40 {
            // Several edits between builds, as people do.
            for _ in 0..=edits.random.below(2) {
                log.push(edits.step());
            }
            if edits.random.below(4) == 0 {
                log.push("kill a build".into());
                let mut build = edits.folder.command(&["build", "-q"]);
                let mut build = build.stderr(Stdio::null()).spawn().unwrap();
                std::thread::sleep(Duration::from_micros(edits.random.below(150_000)));
                let _ = build.kill();
                build.wait().unwrap();
                let _ = fs::remove_dir_all(edits.folder.join("book/.srm-site-staging"));
            }
            let before = everything(&edits.folder.join("book"));
            let found = said(&edits.folder, "check");
            let mut build = said(&edits.folder, "build");
            edits.broken |= found.0 != Some(0);
            if edits.tampered && found.0 == Some(0) {
                assert_eq!(build.0, Some(2), "seed {seed}: {log:#?}");
                assert_eq!(before, everything(&edits.folder.join("book")));
                edits.tampered = false;
                edits.folder.run(&["build", "--force"]).code(0);
                build = said(&edits.folder, "build");
            }
            assert_eq!(build, found, "seed {seed} after {log:#?}");
            let mut sources = tree(edits.folder.path());
            sources.retain(|p, _| !p.starts_with("book/"));
            let clean = build_files(sources, &Options::default());
            if clean.outcome.failed {
                assert_eq!(build.0, Some(1));
                assert_eq!(
                    before,
                    everything(&edits.folder.join("book")),
                    "seed {seed}: a failed build changed something: {log:#?}"
                );
                continue;
            }
            built += 1;
            let mut expected = clean.files;
            expected.insert("foreign.txt".into(), b"mine".to_vec());
            expected.insert("a/foreign.txt".into(), b"mine".to_vec());
            assert_same(
                &tree(&edits.folder.join("book")),
                &expected,
                &format!("seed {seed} after {log:#?}"),
            );
        }
        assert!(built > 10, "seed {seed}: only {built} builds went through");
        edits.folder.run(&["clean"]).code(0);
        let left: Vec<String> = tree(&edits.folder.join("book")).into_keys().collect();
        assert_eq!(left, ["a/foreign.txt", "foreign.txt"]);
    }
}

#[test]
fn staged_files_are_not_part_of_the_site_until_they_are_committed() {
    let folder = Folder::new();
    let out = folder.join("out");
    let mut output = open(&out, &folder.join("project")).unwrap();
    output.begin().unwrap();
    let names: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let (output, names) = (&output, &names);
            scope.spawn(move || {
                for n in 0..20 {
                    let path = format!("{worker}/{n}.html");
                    output.stage(&path, path.as_bytes());
                    names.lock().unwrap().push(path);
                }
            });
        }
    });
    let outside: Vec<PathBuf> = everything(&out)
        .into_keys()
        .filter(|p| !p.starts_with(".srm-site-staging"))
        .collect();
    assert!(outside.is_empty(), "{outside:?}");
    let stats = output.commit(Built::default(), &mut Findings::default());
    let stats = stats.unwrap();
    assert_eq!((stats.files, stats.written, stats.removed), (80, 80, 0));
    let mut names = names.into_inner().unwrap();
    names.sort();
    assert_eq!(tree(&out).into_keys().collect::<Vec<_>>(), names);
}

/// A newer tool takes over the site an older one built.
#[test]
fn a_manifest_of_another_version_is_understood() {
    let folder = Folder::of("//- content/index.md\n# Home\n");
    folder.run(&["build"]).code(0);
    let manifest: serde_json::Value =
        serde_json::from_str(&folder.read("book/.srm-site-manifest.json")).unwrap();
    let older = serde_json::json!({ "files": manifest["files"] });
    folder.write("book/.srm-site-manifest.json", older.to_string());
    folder.write("content/index.md", "# Home\n\nChanged.\n");
    folder.run(&["build"]).code(0);
    assert!(folder.read("book/index.html").contains("Changed."));
    let newer = serde_json::json!({ "files": manifest["files"], "built": {"more": 1}, "x": 2 });
    folder.write("book/.srm-site-manifest.json", newer.to_string());
    folder.run(&["build", "--force"]).code(0);
}

#[test]
fn a_build_that_could_not_be_finished_leaves_nothing_to_keep() {
    let folder = Folder::new();
    let out = folder.join("out");
    let begin = || {
        let project = folder.join("project");
        loop {
            let mut output = open(&out, &project).unwrap();
            // A process that another test is just starting may hold the lock.
            if output.begin().is_ok() {
                return output;
            }
        }
    };
    let built = |key: &str| Built {
        made: Made {
            keys: ["a.html", "b.html"]
                .map(|path| (path.to_string(), key.to_string()))
                .into(),
            ..Made::default()
        },
        ..Built::default()
    };
    let first = begin();
    first.stage("a.html", b"one");
    first.stage("b.html", b"same");
    first.commit(built("k1"), &mut Findings::default()).unwrap();
    assert!(begin().keep("a.html", "k1") && !begin().keep("a.html", "k2"));
    // A file where a folder has to be, put there at the last moment.
    let second = begin();
    second.stage("a.html", b"two");
    second.stage("b.html", b"same");
    second.stage("c/d.html", b"three");
    folder.write("out/c", "mine");
    assert!(
        second
            .commit(built("k2"), &mut Findings::default())
            .is_err()
    );
    let third = begin();
    for path in ["a.html", "b.html"] {
        for key in ["k1", "k2"] {
            assert!(!third.keep(path, key), "{path} {key}");
        }
    }
}
