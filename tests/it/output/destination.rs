//! Where a site may be written to: never over sources, never through links.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use srm_site::output::MANIFEST;

use super::{everything, open, site};
use crate::harness::Folder;

#[test]
fn folders_that_hold_sources_are_refused() {
    let outer = Folder::new();
    for (path, bytes) in site().files() {
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
    let folder = site().on_disk();
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
            let folder = site().on_disk();
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
    let folder = site().on_disk();
    fs::create_dir_all(folder.join("book/.srm-site-staging")).unwrap();
    symlink(
        outside.join("precious"),
        folder.join("book/.srm-site-staging/lock"),
    )
    .unwrap();
    folder.run(&["build"]);
    assert_eq!(outside.read("precious"), "keep");
    let folder = site().on_disk();
    fs::create_dir_all(folder.join("book/.srm-site-staging")).unwrap();
    symlink(outside.path(), folder.join("book/.srm-site-staging/files")).unwrap();
    folder.run(&["build"]);
    assert_eq!(everything(outside.path()).len(), 1);
    assert_eq!(outside.read("precious"), "keep");
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
