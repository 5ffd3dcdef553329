//! `srm-site init`.

use serde_json::Value;

use super::assert_silent;
use crate::harness::{Folder, tree as files_of};

#[test]
fn init_makes_a_project_without_findings() {
    let folder = Folder::new();
    for target in ["", "deep/er", "blank and ümlaut"] {
        let args: &[&str] = if target.is_empty() {
            &["init"]
        } else {
            &["init", target]
        };
        let run = folder.run(args);
        assert_silent(&run.code(0).stdout);
        assert!(run.stderr.contains("created "), "{}", run.stderr);
        let dir = if target.is_empty() { "." } else { target };
        for command in ["check", "build"] {
            let run = folder.run(&[command, dir, "-D", "warnings"]);
            assert!(run.code(0).stderr.contains("no findings"), "{}", run.stderr);
        }
        assert!(folder.join(dir).join("book/index.html").is_file());
        let data = folder.read(&format!("{dir}/book/data/responsibilities.json"));
        let data: Value = serde_json::from_str(&data).unwrap();
        assert_eq!(data["models"].as_array().unwrap().len(), 2);
        assert_eq!(data["parties"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn init_never_overwrites() {
    let folder = Folder::new();
    folder.run(&["init", "--title", "First"]).code(0);
    folder.write("content/index.md", "mine");
    folder.write("content/mine.md", "# Mine\n");
    std::fs::remove_file(folder.join("content/models/byoc.md")).unwrap();
    let mut before = files_of(folder.path());
    let run = folder.run(&["init", "--title", "Second"]);
    assert!(
        run.code(0).stderr.contains("kept    ./content/index.md"),
        "{}",
        run.stderr
    );
    let after = files_of(folder.path());
    before.insert(
        "content/models/byoc.md".into(),
        after["content/models/byoc.md"].clone(),
    );
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    assert!(before == after, "some file changed its bytes");
}

#[test]
fn init_where_it_cannot_write_ends_with_2() {
    let folder = Folder::new();
    folder.write("file", "mine");
    let run = folder.run(&["init", "file"]);
    assert!(
        run.code(2).stderr.contains("cannot write"),
        "{}",
        run.stderr
    );
    assert_eq!(folder.read("file"), "mine");
    folder.write("half/content", "in the way");
    folder.run(&["init", "half"]).code(2);
    assert_eq!(folder.read("half/content"), "in the way");
}

#[test]
fn init_takes_any_title() {
    for title in [
        "Plain",
        "It's \"quoted\" \\ and back\\slashed",
        "責任共有モデル 🔑",
        "two\nlines\tand a tab",
        "# not: a {comment} [or] - list & <b>tag</b>",
        "@TITLE@ {{ site.title }} {% raw %}",
        "'''",
        "\"\"\"",
        "\u{7f}\u{1b}[31m\u{85}\u{2028}\u{feff}x",
        "trailing \\",
    ] {
        let folder = Folder::new();
        folder.run(&["init", "--title", title]).code(0);
        let run = folder.run(&["build", "-D", "warnings"]);
        assert!(
            run.code(0).stderr.contains("no findings"),
            "{title:?}: {}",
            run.stderr
        );
        let data: Value =
            serde_json::from_str(&folder.read("book/data/responsibilities.json")).unwrap();
        // No page can contain this one.
        assert_eq!(data["title"], title.replace('\u{1b}', "\u{fffd}"));
        let page = folder.read("book/index.html");
        assert!(!page.contains("<b>tag</b>"), "{title:?} is not escaped");
    }
}

#[test]
fn what_the_tour_builds_is_no_source() {
    let folder = Folder::new();
    folder.run(&["init", "."]).code(0);
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
    let readme = readme.unwrap();
    let named = readme.split("srm-site build --dest-dir ").skip(1);
    let named = named.map(|rest| rest.split_whitespace().next().unwrap());
    let built: Vec<&str> = std::iter::once("book").chain(named).collect();
    assert!(built.len() > 2, "{built:?}");
    let ignored = folder.read(".gitignore");
    for name in built {
        folder.run(&["build", "--dest-dir", name]).code(0);
        assert!(
            ignored.lines().any(|line| line == format!("/{name}")),
            "{name}: {ignored}"
        );
    }
}
