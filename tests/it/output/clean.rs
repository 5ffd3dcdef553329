//! `clean` and builds remove what the tool wrote, and nothing else.

use std::fs;
use std::os::unix::fs::symlink;

use super::{assert_same, clean_build, everything, site};
use crate::harness::{Folder, tree};

#[test]
fn stale_files_of_ours_go_and_foreign_ones_stay() {
    let folder = site().on_disk();
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
    let folder = site().on_disk();
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

    let whole = site().on_disk();
    whole.run(&["build"]).code(0);
    whole.run(&["clean"]).code(0);
    assert!(!whole.join("book").exists());
    whole.run(&["clean"]).code(0);
}

#[test]
fn a_folder_not_built_by_us_is_not_cleaned() {
    let folder = site().on_disk();
    folder.write("book/index.html", "mine");
    folder.write("photos/a.jpg", "mine");
    let before = everything(folder.path());
    folder.run(&["clean"]).code(2);
    folder.run(&["clean", "-d", "photos"]).code(2);
    folder.run(&["clean", "-d", "."]).code(2);
    folder.run(&["clean", "-d", "book.toml"]).code(2);
    assert_eq!(before, everything(folder.path()));
}

#[test]
fn a_stale_file_edited_by_hand_is_kept_with_a_warning() {
    let folder = site().on_disk();
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
    // From now on it belongs to the user.
    let run = folder.run(&["build"]);
    assert!(!run.code(0).stderr.contains("SRM704"), "{}", run.stderr);
    folder.write("content/guide.md", "# Guide\n");
    folder.run(&["build"]).code(2);
    assert_eq!(folder.read("book/guide.html"), "edited by hand");
}

#[test]
fn a_stale_path_behind_a_link_is_left_alone() {
    let outside = Folder::new();
    let folder = site().on_disk();
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
