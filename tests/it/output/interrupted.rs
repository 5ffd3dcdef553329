//! Errors, full disks, missing rights and killed builds leave a whole site.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use srm_site::findings::Digest;
use srm_site::findings::Findings;
use srm_site::output::{Built, MANIFEST};

use super::{Random, age, as_nobody, assert_same, clean_build, everything, mtimes, open, site};
use crate::harness::{Folder, Run, tree};

#[test]
fn errors_leave_the_previous_site_untouched() {
    let folder = site().on_disk();
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
    let folder = site().on_disk();
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
    let folder = site().on_disk();
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
    let folder = site().on_disk();
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

#[test]
fn a_folder_without_the_right_to_write_is_left_as_it_is() {
    let folder = site().on_disk();
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
    for (path, bytes) in site().files() {
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
    let folder = site().on_disk();
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
    let folder = site().on_disk();
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
