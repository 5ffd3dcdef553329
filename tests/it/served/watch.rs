//! `srm-site watch`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use srm_site::site::{self, Options};
use srm_site::source::Source;

use super::{DATA, MORE, PATIENCE};
use crate::harness::{Folder, Running};

/// The files of a site that is being written to; `None` when they moved away
/// under the reader.
pub(super) fn published(folder: &Path) -> Option<BTreeMap<String, Vec<u8>>> {
    fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Option<()> {
        for entry in fs::read_dir(folder).ok()? {
            let path = entry.ok()?.path();
            let name = path.strip_prefix(root).ok()?.to_str()?.to_string();
            if name.starts_with(".srm-site") {
                continue;
            }
            if path.is_dir() {
                walk(root, &path, files)?;
            } else {
                files.insert(name, fs::read(&path).ok()?);
            }
        }
        Some(())
    }
    let mut files = BTreeMap::new();
    walk(folder, folder, &mut files)?;
    Some(files)
}

#[test]
fn watch_keeps_the_folder_as_a_build_would() {
    let folder = super::site().on_disk();
    let mut running = Running::start(&folder, &["watch", "-d", "site"]);
    running.wait_for("wrote ");
    folder.write("site/own.txt", "somebody else's");
    let clean = |folder: &Folder| {
        let (mut files, outcome) =
            site::in_memory(&Source::disk(folder.path()), &Options::default());
        assert!(!outcome.failed);
        files.insert("own.txt".into(), b"somebody else's".to_vec());
        files
    };
    let settles = |what: &str| {
        let wanted = clean(&folder);
        let started = Instant::now();
        while published(&folder.join("site")).as_ref() != Some(&wanted) {
            assert!(started.elapsed() < PATIENCE, "{what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    settles("at the start");
    let old = fs::metadata(folder.join("site/models/saas.html"))
        .unwrap()
        .modified()
        .unwrap();
    folder.write(MORE, "# More\n\nSomething else.\n");
    settles("an edit");
    let now = fs::metadata(folder.join("site/models/saas.html"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(old, now, "a page that did not change was written");
    folder.write("content/new/page.md", "# New\n");
    settles("a new page");
    fs::remove_dir_all(folder.join("content/new")).unwrap();
    settles("a page gone");
    let before = published(&folder.join("site"));
    let good = fs::read(folder.join(DATA)).unwrap();
    folder.write(DATA, "label: [\n");
    running.wait_for("the last good site stays");
    assert_eq!(published(&folder.join("site")), before);
    folder.write(DATA, good);
    folder.write(MORE, "# More\n\nMended.\n");
    settles("mended");
    // A file of the tool that the user changed is not overwritten.
    folder.write("site/guide/more.html", "changed by hand");
    folder.write(MORE, "# More\n\nAgain.\n");
    running.wait_for("will not overwrite");
    assert_eq!(folder.read("site/guide/more.html"), "changed by hand");
    fs::remove_file(folder.join("site/guide/more.html")).unwrap();
    folder.write(MORE, "# More\n\nAnd again.\n");
    settles("after that");
    // What another build put there meanwhile is not taken for what it wrote.
    let other = ["build", "-d", "site", "-u", "https://a.example/"];
    let started = Instant::now();
    let ended = loop {
        // The last files are in place a moment before `watch` lets go.
        let ended = folder.run(&other);
        let waits = ended.stderr.contains("another build is writing");
        if !waits || started.elapsed() > PATIENCE {
            break ended;
        }
    };
    ended.code(0);
    folder.write(MORE, "# More\n\nOnce again.\n");
    settles("after another build");
    // Nor is a changed one that would not have been written now.
    folder.write("site/models/saas.html", "changed by hand");
    folder.write(MORE, "# More\n\nOnce more.\n");
    running.wait_for("will not overwrite");
    assert_eq!(folder.read("site/models/saas.html"), "changed by hand");
    running.end();
}
