//! Every way in which an author can change a file is shown.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::Duration;

use super::{Author, DATA, MORE, edit};
use crate::harness::tree;

type Way = (&'static str, fn(&Path));

/// Ways in which files change, one after another in one project.
const WAYS: &[Way] = &[
    ("written in place", |f| {
        fs::write(f.join(DATA), edit(f, DATA, "Keep the keys.", "Keep them.")).unwrap();
    }),
    ("the same length in place", |f| {
        fs::write(f.join(DATA), edit(f, DATA, "Keep them.", "Hide them.")).unwrap();
    }),
    ("twice within a moment, the same length", |f| {
        fs::write(f.join(DATA), edit(f, DATA, "Hide them.", "Lock them.")).unwrap();
        fs::write(f.join(DATA), edit(f, DATA, "Lock them.", "Bury them.")).unwrap();
    }),
    ("appended to", |f| {
        let mut file = fs::OpenOptions::new()
            .append(true)
            .open(f.join(MORE))
            .unwrap();
        file.write_all(b"\nAppended.\n").unwrap();
    }),
    ("emptied, and written later", |f| {
        let text = edit(f, MORE, "Appended.", "Written later.");
        let mut file = fs::File::create(f.join(MORE)).unwrap();
        std::thread::sleep(Duration::from_millis(40));
        file.write_all(text.as_bytes()).unwrap();
    }),
    ("renamed over", |f| {
        let text = edit(f, MORE, "Written later.", "Renamed over.");
        fs::write(f.join("content/guide/.more.tmp"), text).unwrap();
        fs::rename(f.join("content/guide/.more.tmp"), f.join(MORE)).unwrap();
    }),
    ("renamed over from another folder", |f| {
        fs::write(
            f.join("new.md"),
            edit(f, MORE, "Renamed over.", "From outside."),
        )
        .unwrap();
        fs::rename(f.join("new.md"), f.join(MORE)).unwrap();
    }),
    ("vim's way", |f| {
        let text = edit(f, MORE, "From outside.", "By vim.");
        fs::write(f.join("content/guide/4913"), "").unwrap();
        fs::remove_file(f.join("content/guide/4913")).unwrap();
        fs::rename(f.join(MORE), f.join("content/guide/more.md~")).unwrap();
        fs::write(f.join(MORE), text).unwrap();
        fs::remove_file(f.join("content/guide/more.md~")).unwrap();
    }),
    ("deleted and written anew", |f| {
        let text = edit(f, MORE, "By vim.", "Anew.");
        fs::remove_file(f.join(MORE)).unwrap();
        std::thread::sleep(Duration::from_millis(30));
        fs::write(f.join(MORE), text).unwrap();
    }),
    ("a new page", |f| {
        fs::write(f.join("content/new.md"), "# New\n").unwrap()
    }),
    ("a renamed page", |f| {
        fs::rename(f.join("content/new.md"), f.join("content/newer.md")).unwrap();
    }),
    ("a deleted page", |f| {
        fs::remove_file(f.join("content/newer.md")).unwrap()
    }),
    ("a new folder with a page at once", |f| {
        fs::create_dir_all(f.join("content/a/b/c")).unwrap();
        fs::write(f.join("content/a/b/c/deep.md"), "# Deep\n").unwrap();
    }),
    ("an edit in the new folder", |f| {
        fs::write(f.join("content/a/b/c/deep.md"), "# Deeper\n").unwrap();
    }),
    ("a renamed folder", |f| {
        fs::rename(f.join("content/a"), f.join("content/z")).unwrap();
    }),
    ("an edit in the renamed folder", |f| {
        fs::write(f.join("content/z/b/c/deep.md"), "# Deepest\n").unwrap();
    }),
    ("a deleted folder", |f| {
        fs::remove_dir_all(f.join("content/z")).unwrap()
    }),
    ("a tree moved in", |f| {
        fs::create_dir_all(f.join("outside/x/y")).unwrap();
        fs::write(f.join("outside/x/y/in.md"), "# In\n").unwrap();
        fs::rename(f.join("outside"), f.join("content/outside")).unwrap();
    }),
    ("a tree moved out", |f| {
        fs::rename(f.join("content/outside"), f.join("elsewhere")).unwrap();
    }),
    ("a watched folder deleted and made anew", |f| {
        let text = fs::read(f.join(MORE)).unwrap();
        fs::remove_dir_all(f.join("content/guide")).unwrap();
        std::thread::sleep(Duration::from_millis(50));
        fs::create_dir(f.join("content/guide")).unwrap();
        fs::write(f.join(MORE), text).unwrap();
    }),
    ("the content deleted and made anew", |f| {
        let files = tree(&f.join("content"));
        fs::remove_dir_all(f.join("content")).unwrap();
        std::thread::sleep(Duration::from_millis(80));
        for (path, bytes) in files {
            let full = f.join("content").join(path);
            fs::create_dir_all(full.parent().unwrap()).unwrap();
            fs::write(full, bytes).unwrap();
        }
    }),
    ("the content swapped for a copy", |f| {
        for (path, bytes) in tree(&f.join("content")) {
            let full = f.join("copy").join(path);
            fs::create_dir_all(full.parent().unwrap()).unwrap();
            fs::write(full, bytes).unwrap();
        }
        fs::write(f.join("copy/index.md"), "# Home\n\nCopied.\n").unwrap();
        fs::rename(f.join("content"), f.join("old")).unwrap();
        fs::rename(f.join("copy"), f.join("content")).unwrap();
    }),
    ("a category by a link", |f| {
        fs::write(f.join("far.yaml"), "label: Far\nrows:\n  - {id: far, label: Far, models: {saas: {responsible: customer}}}\n").unwrap();
        symlink("../../far.yaml", f.join("content/categories/far.yaml")).unwrap();
    }),
    ("the target of a link", |f| {
        fs::write(
            f.join("far.yaml"),
            edit(f, "far.yaml", "label: Far", "label: Farther"),
        )
        .unwrap();
    }),
    ("the target of a link, renamed over", |f| {
        fs::write(
            f.join("far.new"),
            edit(f, "far.yaml", "label: Farther", "label: Farthest"),
        )
        .unwrap();
        fs::rename(f.join("far.new"), f.join("far.yaml")).unwrap();
    }),
    ("a link led elsewhere", |f| {
        fs::write(
            f.join("near.yaml"),
            edit(f, "far.yaml", "label: Farthest", "label: Near"),
        )
        .unwrap();
        symlink("../../near.yaml", f.join("link.tmp")).unwrap();
        fs::rename(f.join("link.tmp"), f.join("content/categories/far.yaml")).unwrap();
    }),
    ("a deleted link", |f| {
        fs::remove_file(f.join("content/categories/far.yaml")).unwrap()
    }),
    ("a folder by a link", |f| {
        fs::create_dir(f.join("shared")).unwrap();
        fs::write(f.join("shared/linked.md"), "# Linked\n").unwrap();
        symlink("../shared", f.join("content/shared")).unwrap();
    }),
    ("a file behind a linked folder", |f| {
        fs::write(f.join("shared/linked.md"), "# Linked again\n").unwrap();
        fs::write(f.join("shared/second.md"), "# Second\n").unwrap();
    }),
    ("settings renamed over", |f| {
        fs::write(f.join("book.new"), edit(f, "book.toml", "Test", "Tested")).unwrap();
        fs::rename(f.join("book.new"), f.join("book.toml")).unwrap();
    }),
    ("settings renamed over again", |f| {
        fs::write(f.join("book.new"), edit(f, "book.toml", "Tested", "Test")).unwrap();
        fs::rename(f.join("book.new"), f.join("book.toml")).unwrap();
    }),
    ("a first theme", |f| {
        fs::create_dir_all(f.join("themes/default/static")).unwrap();
        fs::write(f.join("themes/default/theme.toml"), "api = 1\n").unwrap();
        fs::write(
            f.join("themes/default/static/own.css"),
            "p { color: #123 }\n",
        )
        .unwrap();
    }),
    ("a style sheet", |f| {
        fs::write(
            f.join("themes/default/static/own.css"),
            "p { color: #321 }\n",
        )
        .unwrap();
    }),
    ("a template", |f| {
        fs::create_dir_all(f.join("themes/default/templates")).unwrap();
        fs::write(
            f.join("themes/default/templates/prose.html"),
            "{% extends \"builtin/prose.html\" %}\n{% block header %}own{% endblock header %}\n",
        )
        .unwrap();
    }),
    ("the theme gone", |f| {
        fs::remove_dir_all(f.join("themes")).unwrap()
    }),
    ("a new file that is copied", |f| {
        fs::write(f.join("content/terms.pdf"), "one").unwrap()
    }),
    ("the new file, saved in place", |f| {
        fs::write(f.join("content/terms.pdf"), "two").unwrap()
    }),
    ("the new file, saved in place again", |f| {
        fs::write(f.join("content/terms.pdf"), "three").unwrap()
    }),
    ("a file that takes a while to arrive", |f| {
        let mut file = fs::File::create(f.join("content/slow.zip")).unwrap();
        for _ in 0..4 {
            file.write_all(&vec![7; 100_000]).unwrap();
            std::thread::sleep(Duration::from_millis(150));
        }
    }),
    ("a file that came by a rename, saved in place", |f| {
        fs::write(f.join("new.csv"), "a,b\n").unwrap();
        fs::rename(f.join("new.csv"), f.join("content/new.csv")).unwrap();
        std::thread::sleep(Duration::from_millis(150));
        fs::write(f.join("content/new.csv"), "a,b,c\n").unwrap();
    }),
    ("files away and back, and then saved", |f| {
        fs::create_dir(f.join("away")).unwrap();
        for name in ["terms.pdf", "slow.zip"] {
            fs::rename(f.join("content").join(name), f.join("away").join(name)).unwrap();
        }
        std::thread::sleep(Duration::from_millis(150));
        for name in ["terms.pdf", "slow.zip"] {
            fs::rename(f.join("away").join(name), f.join("content").join(name)).unwrap();
        }
        std::thread::sleep(Duration::from_millis(150));
        fs::write(f.join("content/terms.pdf"), "four").unwrap();
        fs::write(f.join("content/slow.zip"), "five").unwrap();
    }),
    ("an asset", |f| {
        fs::write(f.join("content/pic.svg"), "<svg/>").unwrap()
    }),
    ("an asset of other case", |f| {
        fs::rename(f.join("content/pic.svg"), f.join("content/Pic.svg")).unwrap();
    }),
    ("a file that could not be read for a while", |f| {
        let path = f.join(MORE);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        std::thread::sleep(Duration::from_millis(50));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    }),
    ("a name of another script", |f| {
        fs::write(f.join("content/データ.md"), "# データ\n").unwrap();
    }),
    ("sixty files at once", |f| {
        for n in 0..60 {
            fs::write(
                f.join(format!("content/many{n}.md")),
                format!("# Many {n}\n"),
            )
            .unwrap();
        }
    }),
    ("sixty files gone", |f| {
        for n in 0..60 {
            fs::remove_file(f.join(format!("content/many{n}.md"))).unwrap();
        }
    }),
];

fn all_ways(args: &[&str]) {
    let mut author = Author::new(args);
    author.settles("at the start");
    for (number, (way, change)) in WAYS.iter().enumerate() {
        change(author.folder.path());
        author.settles(way);
        // And whatever was done, the next save is seen.
        let text = format!("# Home\n\nAfter {number}.\n");
        author.folder.write("content/index.md", text);
        author.until("index.html", &format!("After {number}."));
    }
    assert!(WAYS.len() >= 25);
    author.running.end();
}

#[test]
fn every_way_to_change_a_file_is_shown() {
    all_ways(&[]);
}

#[test]
fn every_way_to_change_a_file_is_shown_by_polling() {
    all_ways(&["--watcher", "poll", "--poll-interval", "20"]);
}
