//! Random edits of a project that `serve` and `watch` follow side by side. After each,
//! what is served and what is written is what a clean build writes, and all of them,
//! and `check`, have the same findings.
//!
//! The suite makes 60 edits. `SRM_SITE_EDITS=1500` makes more, and `SRM_SITE_SEED=7`
//! others:
//!
//! ```text
//! SRM_SITE_EDITS=1500 SRM_SITE_SEED=7 cargo test --test it -- served::random --nocapture
//! ```
//!
//! The program runs as a user who is not root, so that permissions count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use serde_json::Value;
use srm_site::report::plain;

use super::watch::published;
use super::{get, without_tag};
use crate::harness::{Folder, Run, Running};

mod operations;
mod saves;

use operations::{OPERATIONS, World};

/// How long a difference may last, and how often it has to be seen: the machine may be
/// busy.
const PATIENCE: Duration = Duration::from_secs(6);
const FEWEST_LOOKS: usize = 20;

/// Deterministic numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

type Files = BTreeMap<String, Vec<u8>>;

/// What a clean build makes of a state: its files if it succeeds, and its findings.
struct Clean {
    files: Option<Files>,
    findings: BTreeSet<String>,
}

/// `serve` and `watch` at one project.
struct Both {
    folder: Folder,
    serve: Running,
    watch: Running,
    address: SocketAddr,
    /// All paths there ever were.
    paths: BTreeSet<String>,
    /// The files of the last good state.
    good: Files,
    builds: usize,
}

impl Both {
    fn start(folder: Folder, watcher: &[&str]) -> Both {
        let serve = [&["serve", "p", "-p", "0"], watcher].concat();
        let watch = [&["watch", "p", "-d", "out/watched"], watcher].concat();
        let mut serve = Running::of(folder.command_for_nobody(&serve));
        let watch = Running::of(folder.command_for_nobody(&watch));
        let address = serve.address();
        Both {
            folder,
            serve,
            watch,
            address,
            paths: BTreeSet::new(),
            good: Files::new(),
            builds: 0,
        }
    }

    fn run(&self, args: &[&str]) -> Run {
        let output = self.folder.command_for_nobody(args).output().unwrap();
        Run::of(output)
    }

    /// A clean build, whose findings have to be those of `check`.
    fn clean(&mut self) -> Clean {
        self.builds += 1;
        let to = format!("out/clean{}", self.builds);
        let built = self.run(&["build", "p", "-d", &to, "--format", "json"]);
        let checked = self.run(&["check", "p", "--format", "json"]);
        let findings = findings(&built);
        assert_eq!(findings, self::findings(&checked), "check and build");
        assert_eq!(built.code == Some(0), checked.code == Some(0));
        let files = (built.code == Some(0)).then(|| published(&self.folder.join(&to)).unwrap());
        let _ = fs::remove_dir_all(self.folder.join(&to));
        Clean { files, findings }
    }

    /// What differs from a clean build. In a broken state only findings count, and if it
    /// came in one step, the files of the good state before.
    fn difference(&self, clean: &Clean, at_once: bool) -> Option<String> {
        let state = get(self.address, ".srm-site/state").body;
        let state: Value = serde_json::from_slice(&state).unwrap();
        let problems = state["problems"].as_array().unwrap();
        let told: BTreeSet<String> = problems.iter().map(line).collect();
        if state["failed"] != clean.files.is_none() || told != clean.findings {
            return Some(format!(
                "serve finds {told:#?}, build {:#?}",
                clean.findings
            ));
        }
        let files = clean.files.as_ref().or(at_once.then_some(&self.good))?;
        for (path, bytes) in files {
            let answer = get(self.address, path);
            if answer.status != 200 || without_tag(&answer.body) != *bytes {
                return Some(format!("serve: {path}, {}", answer.status));
            }
        }
        let mut gone = self.paths.iter().filter(|path| !files.contains_key(*path));
        if let Some(path) = gone.find(|path| get(self.address, path).status != 404) {
            return Some(format!("serve: {path} is still there"));
        }
        // Files may move away under the reader, who then looks again.
        let written = published(&self.folder.join("out/watched")).unwrap_or_default();
        if written == *files {
            return None;
        }
        let all: BTreeSet<&String> = written.keys().chain(files.keys()).collect();
        let differs = |path: &&&String| written.get(**path) != files.get(**path);
        let paths: Vec<&&String> = all.iter().filter(differs).collect();
        Some(format!("watch: {paths:?}"))
    }

    fn compare(&mut self, at_once: bool) -> Result<bool, String> {
        let clean = self.clean();
        let started = Instant::now();
        let mut looks = 0;
        while let Some(difference) = self.difference(&clean, at_once) {
            looks += 1;
            if started.elapsed() > PATIENCE && looks > FEWEST_LOOKS {
                return Err(difference);
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        let good = clean.files.is_some();
        if let Some(files) = clean.files {
            self.paths.extend(files.keys().cloned());
            self.good = files;
        }
        Ok(good)
    }
}

/// A finding as one line.
fn line(finding: &Value) -> String {
    let text = |key: &str| plain(finding[key].as_str().unwrap_or("-"));
    let (code, severity, message, file) = (
        text("code"),
        text("severity"),
        text("message"),
        text("file"),
    );
    let (row, column) = (&finding["line"], &finding["column"]);
    format!("{file}:{row}:{column} {severity}[{code}] {message}")
}

fn findings(run: &Run) -> BTreeSet<String> {
    let lines = run
        .stdout
        .lines()
        .map(|text| serde_json::from_str::<Value>(text).unwrap());
    let open = lines.filter(|finding| finding["acknowledged"].is_null());
    open.map(|finding| line(&finding)).collect()
}

/// Makes this many edits, and compares after each.
fn follow(seed: u64, edits: usize, watcher: &[&str]) {
    println!("seed {seed}: {edits} edits, {}", watcher.join(" "));
    let folder = Folder::new();
    for path in ["", "out", "beside"] {
        fs::create_dir_all(folder.join(path)).unwrap();
        let mode = fs::Permissions::from_mode(0o777);
        fs::set_permissions(folder.join(path), mode).unwrap();
    }
    let mut world = World::new(
        folder.path(),
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
    );
    let mut both = Both::start(folder, watcher);
    let mut log: Vec<String> = Vec::new();
    let mut good = both
        .compare(false)
        .unwrap_or_else(|why| panic!("seed {seed}: {why}"));
    for number in 0..edits {
        // A broken state is mended half of the time, so that most states are good.
        let mends = !good && world.random.below(2) == 0;
        let (name, at_once) = match mends {
            true => ("mend", false),
            false => {
                let (name, at_once, _) = world.random.pick(OPERATIONS);
                (*name, *at_once)
            }
        };
        match mends {
            true => world.mend(),
            false => {
                let (_, _, operation) = OPERATIONS.iter().find(|one| one.0 == name).unwrap();
                operation(&mut world);
            }
        }
        log.push(name.to_string());
        good = both.compare(good && at_once).unwrap_or_else(|why| {
            let said = both.serve.so_far().to_string();
            panic!(
                "seed {seed}, edit {number}: {why}\n{log:?}\nserve: {said}\nwatch: {}",
                both.watch.so_far()
            )
        });
    }
    world.may_read_all();
    for running in [both.serve, both.watch] {
        let said = running.end();
        assert!(!said.contains("panicked"), "seed {seed}: {said}");
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn some_of(watcher: &[&str], more: u64) {
    let edits = number("SRM_SITE_EDITS").unwrap_or(60).div_ceil(3);
    let seed = number("SRM_SITE_SEED").unwrap_or(1) * 3 + more;
    follow(seed, edits as usize, watcher);
}

#[test]
fn random_edits_end_as_a_clean_build_by_events() {
    some_of(&["--watcher", "native"], 0);
}

#[test]
fn random_edits_end_as_a_clean_build_by_both() {
    some_of(&["--watcher", "auto"], 1);
}

#[test]
fn random_edits_end_as_a_clean_build_by_polling() {
    some_of(&["--watcher", "poll", "--poll-interval", "50"], 2);
}
