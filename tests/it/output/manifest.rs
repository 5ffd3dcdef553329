//! The manifest: lost, broken, of another version, or of a build that failed.

use std::fs;

use srm_site::findings::Digest;
use srm_site::findings::Findings;
use srm_site::output::{Built, MANIFEST, Made};

use super::{everything, open, site};
use crate::harness::Folder;

#[test]
fn a_manifest_that_cannot_be_trusted_stops_everything() {
    let folder = site().on_disk();
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
    let folder = site().on_disk();
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
