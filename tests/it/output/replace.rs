//! Files that the tool did not write, or that were edited since, are not replaced.

use std::fs;
use std::time::Duration;

use srm_site::output::{MANIFEST, Reach, Replacement, replace};

use super::{assert_same, clean_build, copy_site, everything, site};
use crate::harness::{Folder, tree};

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
        let folder = site().on_disk();
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
    let folder = site().on_disk();
    folder.write("book/index.html", "mine");
    folder.run(&["build", "--force"]).code(0);
    assert_same(
        &tree(&folder.join("book")),
        &clean_build(&folder),
        "with --force",
    );
    let folder = site().on_disk();
    folder.write("book/guide.html/inner.txt", "mine");
    folder.run(&["build", "--force"]).code(2);
    assert_eq!(folder.read("book/guide.html/inner.txt"), "mine");
}

#[test]
fn a_built_file_edited_by_hand_is_not_replaced_without_force() {
    let folder = site().on_disk();
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

/// The times of copies say nothing of when a file was edited.
#[test]
fn a_file_edited_by_hand_in_a_copied_site_is_not_replaced() {
    let folder = site().on_disk();
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
    let folder = site().on_disk();
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
    let folder = site().on_disk();
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
fn a_file_and_a_folder_may_change_places() {
    let folder = site().on_disk();
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
    let folder = site().on_disk();
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
    let folder = site().on_disk();
    folder.write("content/print.html/a.txt", "in the way of a page");
    let run = folder.run(&["check"]);
    assert!(run.code(1).stderr.contains("SRM404"), "{}", run.stderr);
    let run = folder.run(&["build"]);
    assert!(matches!(run.code, Some(1 | 2)), "{}", run.stderr);
    assert!(!folder.join("book").exists());
}
