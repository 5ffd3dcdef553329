//! What goes away and comes back, or could not be read for a while, is shown as soon
//! as it can be read.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::{Author, site};
use crate::harness::Folder;

/// All ways to notice changes.
const WATCHERS: &[&[&str]] = &[
    &["--watcher", "native"],
    &["--watcher", "auto"],
    &["--watcher", "poll", "--poll-interval", "20"],
];

/// Shows a linked page, takes away what the link leads to, and puts something else
/// there. `page` is where the file with the page is; `away` is removed.
fn target_goes_and_comes_back(args: &[&str], link: (&Path, &str), away: &Path, page: &Path) {
    let write = |text: &str| {
        fs::create_dir_all(page.parent().unwrap()).unwrap();
        fs::write(page, text).unwrap();
    };
    let folder = site().on_disk();
    write("# One\n");
    symlink(link.0, folder.join("content").join(link.1)).unwrap();
    let author = Author::of(folder, args);
    let shown = match link.1.strip_suffix(".md") {
        Some(name) => format!("{name}.html"),
        None => format!("{}/page.html", link.1),
    };
    author.until(&shown, "One");
    for round in ["Two", "Three"] {
        match away.is_dir() {
            true => fs::remove_dir_all(away).unwrap(),
            false => fs::remove_file(away).unwrap(),
        }
        author.until_failed(true);
        write(&format!("# {round}\n"));
        author.until_failed(false);
        author.until(&shown, round);
    }
    // A save in place is seen, too.
    write("# Four\n");
    author.until(&shown, "Four");
    author.running.end();
}

#[test]
fn the_target_of_a_link_goes_and_comes_back() {
    for watcher in WATCHERS {
        let beside = Folder::new();
        let page = beside.join("page.md");
        let args = [watcher, &["--follow-links"][..]].concat();
        target_goes_and_comes_back(&args, (&page, "far.md"), &page, &page);
    }
}

#[test]
fn the_folder_that_a_link_leads_to_goes_and_comes_back() {
    for watcher in WATCHERS {
        let beside = Folder::new();
        let (target, page) = (beside.join("pages"), beside.join("pages/page.md"));
        let args = [watcher, &["--follow-links"][..]].concat();
        target_goes_and_comes_back(&args, (&target, "far"), &target, &page);
    }
}

#[test]
fn a_link_in_a_chain_goes_and_comes_back() {
    for watcher in WATCHERS {
        let mut author = Author::of(site().on_disk(), watcher);
        author.until("index.html", "Home");
        let folder = author.folder.path().to_path_buf();
        fs::create_dir(folder.join("shared")).unwrap();
        fs::write(folder.join("shared/one.md"), "# One\n").unwrap();
        fs::write(folder.join("shared/two.md"), "# Two\n").unwrap();
        let middle = folder.join("middle");
        let swap = |target: &str| {
            let _ = fs::remove_file(&middle);
            symlink(target, &middle).unwrap();
        };
        symlink("../middle", folder.join("content/far.md")).unwrap();
        author.until_failed(true);
        swap("shared/one.md");
        author.until_failed(false);
        author.settles("a first target");
        // It leads out of the project, to nothing, to itself, and back.
        for bad in ["/etc/passwd", "nowhere", "middle", ".hidden"] {
            fs::write(folder.join(".hidden"), "# Hidden\n").unwrap();
            swap(bad);
            author.until_failed(true);
            swap("shared/two.md");
            author.until_failed(false);
            author.settles(bad);
        }
        author.running.end();
    }
}
