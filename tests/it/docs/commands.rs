//! Every command and file that is shown is run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use srm_site::findings::Findings;
use srm_site::input::parse_yaml;
use srm_site::input::toml_tree;

use super::{
    Doc, assert_executable, documents, flags, read, root, same_line, set, subcommands, timeless,
};
use crate::harness::{Folder, Running};

/// Commands that are shown and not run, with what is checked instead. They
/// would build the program or run these tests a second time.
const NOT_RUN: &[(&str, fn())] = &[
    ("cargo run --release -- build --open", || {
        assert!(flags("build").contains("--open"));
    }),
    ("cargo install --path .", || {
        assert!(read("Cargo.toml").contains("name = \"srm-site\""));
        assert!(root().join("src/main.rs").is_file());
    }),
    ("scripts/test", || assert_executable("scripts/test")),
    ("srm-site serve --open", || {
        shows("serve", &["--open"], "serving http://127.0.0.1:");
    }),
    (
        "srm-site serve demo --port 4000 --editor-url \"vscode://file{path}:{line}:{column}\"",
        || shows("serve", &["--port", "--editor-url"], "everything: 14 pages"),
    ),
    ("srm-site watch demo -d site", || {
        shows("watch", &["-d"], "wrote 82 of 82 files");
    }),
    ("UPDATE=1 cargo test --test it docs", || {
        assert!(read("Cargo.toml").contains("path = \"tests/it/main.rs\""));
    }),
];

/// A command that runs until it is ended takes these flags, and says this about
/// the project that `init` makes.
#[track_caller]
fn shows(command: &str, known: &[&str], line: &str) {
    let all = flags(command);
    assert!(known.iter().all(|flag| all.contains(*flag)), "{all:?}");
    let folder = Folder::new();
    folder.run(&["init", "."]).code(0);
    let mut running = Running::start(&folder, &[command]);
    running.wait_for(line);
    running.end();
}

/// A document's folder, with commands run in it one after another.
struct Shell {
    folder: Folder,
    now: PathBuf,
}

impl Shell {
    fn new() -> Shell {
        let folder = Folder::new();
        std::fs::create_dir(folder.join("work")).unwrap();
        let now = folder.join("work");
        Shell { folder, now }
    }

    fn write(&self, path: &str, text: &str) {
        let full = self.now.join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
    }

    /// Runs a line; gives its output, or what it said when it failed.
    fn run(&mut self, line: &str) -> Result<String, String> {
        let program = Path::new(env!("CARGO_BIN_EXE_srm-site")).parent().unwrap();
        let path = format!(
            "{}:{}",
            program.display(),
            std::env::var("PATH").unwrap_or_default()
        );
        let home = self.folder.join("home");
        std::fs::create_dir_all(&home).unwrap();
        let cwd = self.folder.join("cwd");
        let script = format!("exec 2>&1\ntrap 'pwd > \"$CWD_FILE\"' EXIT\n{line}\n");
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .current_dir(&self.now)
            .env_clear()
            .env("PATH", path)
            .env("HOME", home)
            .env("LC_ALL", "C.UTF-8")
            .env("CWD_FILE", &cwd)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        self.now = PathBuf::from(std::fs::read_to_string(&cwd).unwrap().trim());
        let said = String::from_utf8(output.stdout).unwrap();
        if output.status.success() {
            Ok(said)
        } else {
            Err(format!("{}: {said}", output.status))
        }
    }
}

/// The commands of a block, each with its output.
fn commands(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut list: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("$ ") {
            Some(command) => list.push((command, Vec::new())),
            None => list
                .last_mut()
                .expect("a console block begins with a command")
                .1
                .push(line),
        }
    }
    list
}

/// Whether lines are those expected; `...` alone matches any lines.
fn same_lines(wanted: &[&str], got: &[&str]) -> bool {
    match wanted.split_first() {
        None => got.is_empty(),
        Some((&"...", rest)) => (0..=got.len()).any(|n| same_lines(rest, &got[n..])),
        Some((first, rest)) => {
            let line = got
                .first()
                .map(|g| same_line(&timeless(first), &timeless(g)));
            line == Some(true) && same_lines(rest, &got[1..])
        }
    }
}

#[test]
fn patterns_match_what_they_should() {
    assert!(same_lines(&["a", "...", "d"], &["a", "b", "c", "d"]));
    assert!(same_lines(&["a...c", "..."], &["abbbc"]));
    assert!(same_lines(&["in 60 ms: x"], &["in 1.2 s: x"]));
    assert!(!same_lines(&["a"], &["a", "b"]));
    assert!(!same_lines(&["a...c"], &["abbbd"]));
    assert!(!same_lines(&["12 pages"], &["14 pages"]));
    assert!(!same_lines(&["...", "x"], &["a", "b"]));
}

#[test]
fn every_command_and_file_is_run() {
    let docs = documents();
    let failures: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = docs.iter().map(|doc| scope.spawn(|| run(doc))).collect();
        runs.into_iter().flat_map(|r| r.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Everything a document shows that is not so.
fn run(doc: &Doc) -> Vec<String> {
    let mut shell = Shell::new();
    let mut failures = Vec::new();
    for block in &doc.blocks {
        let mut fail = |why: String| {
            failures.push(format!("{}:{}: {why}", doc.path, block.line));
        };
        if let Some(path) = block.info.split(' ').find_map(|w| w.strip_prefix("file=")) {
            shell.write(path, &block.text);
        }
        if block.info != "console" {
            continue;
        }
        for (command, wanted) in commands(&block.text) {
            if let Some((_, check)) = NOT_RUN.iter().find(|(c, _)| *c == command) {
                check();
                continue;
            }
            match shell.run(command) {
                Err(said) => fail(format!("`{command}` failed\n{said}")),
                Ok(said) => {
                    let got: Vec<&str> = said.lines().collect();
                    if !wanted.is_empty() && !same_lines(&wanted, &got) {
                        fail(format!(
                            "`{command}` says something else\n--- in the document\n{}\n--- real\n{said}",
                            wanted.join("\n")
                        ));
                    }
                }
            }
        }
    }
    failures
}

#[test]
fn every_block_has_a_language_and_parses() {
    for doc in documents() {
        for block in &doc.blocks {
            let place = format!("{}:{}", doc.path, block.line);
            let mut words = block.info.split(' ');
            let language = words.next().unwrap_or("");
            assert!(!language.is_empty(), "{place}: the block has no language");
            for word in words {
                let known = word == "fragment" || word.starts_with("file=");
                assert!(known, "{place}: what is `{word}`?");
            }
            if block.info.contains("fragment") {
                continue;
            }
            let file: Arc<str> = Arc::from(place.as_str());
            let mut findings = Findings::default();
            match language {
                "yaml" => {
                    parse_yaml(&block.text, &file, 0, &mut findings);
                }
                "toml" => {
                    toml_tree(&file, &block.text, &mut findings);
                }
                "json" => {
                    let parsed: Result<serde_json::Value, _> = serde_json::from_str(&block.text);
                    assert!(parsed.is_ok(), "{place}: {parsed:?}");
                }
                "console" => {
                    assert!(block.text.starts_with("$ "), "{place}: no command");
                }
                "text" | "markdown" | "md" | "html" | "css" => {}
                other => panic!("{place}: nothing checks a block of `{other}`"),
            }
            assert!(findings.list.is_empty(), "{:#?}", findings.list);
        }
    }
}

#[test]
fn commands_that_are_named_exist() {
    let known = set(subcommands());
    let mut named = 0;
    for doc in documents() {
        let blocks = doc.blocks.iter().map(|b| b.text.as_str());
        let texts = doc.codes.iter().map(String::as_str).chain(blocks);
        for line in texts.flat_map(str::lines) {
            for (at, _) in line.match_indices("srm-site ") {
                let rest = &line[at + "srm-site ".len()..];
                let word: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
                // Messages may name the program before other words.
                if line.starts_with("$ ") || line.starts_with("srm-site ") || line.contains("run:")
                {
                    assert!(known.contains(&word), "{}: `{line}`", doc.path);
                    named += 1;
                }
            }
        }
    }
    assert!(named > 20, "{named}");
}
