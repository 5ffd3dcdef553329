//! What a folder says about itself: manifests that cannot be trusted.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use srm_site::output::MANIFEST;

use crate::harness::{Folder, Run, Running, sign_manifest, tree};

const FORGED: &str = "<!doctype html><title>x</title><script>alert('forged')</script>";

fn project() -> Folder {
    let folder = Folder::new();
    folder.run(&["init", ".", "-q"]).code(0);
    folder.run(&["build", "-q"]).code(0);
    folder
}

/// The hash that a manifest gives these bytes, as an attacker can find it out: from
/// a project of their own that has them as a file.
fn hash_of(bytes: &str) -> String {
    let folder = Folder::new();
    folder.run(&["init", ".", "-q"]).code(0);
    folder.write("content/forged.txt", bytes);
    folder.run(&["build", "-q"]).code(0);
    let manifest = manifest(&folder.join("book"));
    manifest["files"]["forged.txt"][0].as_str().unwrap().into()
}

fn manifest(site: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(site.join(MANIFEST)).unwrap()).unwrap()
}

/// Puts a script into a page and claims it in the manifest.
fn forge(folder: &Folder, page: &str) {
    let mut manifest = manifest(&folder.join("book"));
    manifest["files"][page] = serde_json::json!([hash_of(FORGED)]);
    folder.write(&format!("book/{page}"), FORGED);
    folder.write(&format!("book/{MANIFEST}"), manifest.to_string());
}

/// What a checkout or a cache does: all files are new, and their contents old.
fn check_out(folder: &Folder) {
    let files = tree(&folder.join("book"));
    let manifest = fs::read(folder.join("book").join(MANIFEST)).unwrap();
    fs::remove_dir_all(folder.join("book")).unwrap();
    for (path, bytes) in files {
        folder.write(&format!("book/{path}"), bytes);
    }
    folder.write(&format!("book/{MANIFEST}"), manifest);
}

fn times(folder: &Path) -> BTreeMap<String, SystemTime> {
    let files = tree(folder).into_keys();
    let modified = |path: &String| fs::metadata(folder.join(path)).unwrap().modified();
    files
        .map(|path| (path.clone(), modified(&path).unwrap()))
        .collect()
}

#[track_caller]
fn says(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.stderr.contains(part), "no `{part}` in\n{}", run.stderr);
    }
}

#[test]
fn a_forged_site_is_made_anew() {
    let folder = project();
    let genuine = tree(&folder.join("book"));
    for page in ["index.html", "models/saas.html", "assets/site.js"] {
        forge(&folder, page);
        check_out(&folder);
        let said = folder.run(&["build"]);
        said.code(0);
        says(&said, &["1 of 82 files written"]);
        assert_eq!(tree(&folder.join("book")), genuine, "{page}");
    }
    // A file that is no part of the site, but claimed, goes.
    forge(&folder, "evil.html");
    check_out(&folder);
    folder.run(&["build", "-q"]).code(0);
    assert_eq!(tree(&folder.join("book")), genuine);
    // The same while watching.
    forge(&folder, "index.html");
    check_out(&folder);
    let mut watching = Running::start(&folder, &["watch"]);
    watching.wait_for("wrote 1 of 82 files");
    watching.end();
    assert_eq!(tree(&folder.join("book")), genuine);
}

#[test]
fn a_copy_is_made_anew_and_equal_files_are_left() {
    let folder = project();
    check_out(&folder);
    let before = times(&folder.join("book"));
    let said = folder.run(&["build"]);
    said.code(0);
    says(&said, &["0 of 82 files written, 0 removed"]);
    assert_eq!(times(&folder.join("book")), before);
    // What the user changed in the copy is not lost.
    folder.write("book/index.html", "mine\n");
    check_out(&folder);
    let said = folder.run(&["build"]);
    said.code(2);
    says(
        &said,
        &["SRM702", "index.html", "was changed since the last build"],
    );
    assert_eq!(folder.read("book/index.html"), "mine\n");
}

#[test]
fn fresh_believes_no_manifest() {
    let folder = project();
    let genuine = tree(&folder.join("book"));
    forge(&folder, "index.html");
    // The page has to be older than the manifest by a step of the clock.
    std::thread::sleep(Duration::from_millis(50));
    folder.write(
        &format!("book/{MANIFEST}"),
        folder.read(&format!("book/{MANIFEST}")),
    );
    sign_manifest(&folder.join("book"));
    folder.run(&["build", "-q"]).code(0);
    assert_eq!(folder.read("book/index.html"), FORGED, "nothing was forged");
    folder.run(&["build", "--fresh", "-q"]).code(0);
    assert_eq!(tree(&folder.join("book")), genuine);
    // Nothing that is equal is written again.
    let before = times(&folder.join("book"));
    let said = folder.run(&["build", "--fresh"]);
    says(said.code(0), &["0 of 82 files written"]);
    assert_eq!(times(&folder.join("book")), before);
    folder.run(&["build", "--fresh", "--force"]).code(2);
}

#[test]
fn fresh_refuses_files_that_no_build_wrote() {
    type Plant = fn(&Folder);
    let plant: [(&str, Plant); 5] = [
        ("evil.html", |f| f.write("book/evil.html", "evil")),
        ("a/b/evil.html", |f| f.write("book/a/b/evil.html", "evil")),
        (".htaccess", |f| f.write("book/.htaccess", "evil")),
        ("evil", |f| {
            symlink("/etc/passwd", f.join("book/evil")).unwrap()
        }),
        ("guide.txt", |f| {
            f.write("content/guide.txt", "one");
            f.run(&["build", "-q"]).code(0);
            fs::remove_file(f.join("content/guide.txt")).unwrap();
            f.write("book/guide.txt", "evil");
        }),
    ];
    for (name, plant) in plant {
        let folder = project();
        plant(&folder);
        folder.write("content/new.md", "# New\n");
        let before = tree(&folder.join("book"));
        let said = folder.run(&["build", "--fresh"]);
        said.code(2);
        says(&said, &["SRM702", "no build wrote", &format!("`{name}`")]);
        assert_eq!(tree(&folder.join("book")), before, "{name}");
    }
    // Many are not all named; folders without files belong to no one.
    let folder = project();
    for n in 0..30 {
        folder.write(&format!("book/evil/{n:02}.html"), "evil");
    }
    let said = folder.run(&["build", "--fresh"]);
    says(
        said.code(2),
        &["`evil/00.html`", "`evil/09.html` and 20 more"],
    );
    fs::remove_dir_all(folder.join("book/evil")).unwrap();
    fs::create_dir(folder.join("book/empty")).unwrap();
    folder.run(&["build", "--fresh"]).code(0);
    // A folder that is not there yet, or is empty, is fine.
    folder.run(&["build", "--fresh", "-d", "new"]).code(0);
}
