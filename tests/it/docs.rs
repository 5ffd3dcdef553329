//! README.md and docs/ say what is true: every command and file in them is
//! run, every key, flag, code, block and property is listed, every link leads
//! somewhere.
//!
//! How fenced blocks are read, by their info string:
//!
//! - `LANGUAGE file=PATH`: written to that path in a folder of the document's
//!   own, in order; a later block replaces an earlier one.
//! - `console`: lines `$ command` are run with `bash -euo pipefail` in that
//!   folder, `cd` holds for what follows. The lines beneath are the output, both
//!   streams together: `...` stands for anything, durations do not count, no
//!   lines at all means that the output is not shown. The status must be 0.
//! - `LANGUAGE fragment`: a part of a file, not checked.
//! - any other block must have a language; YAML, TOML and JSON must parse.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use srm_site::findings::{Code, Findings};
use srm_site::input::{Config, json_schemas, parse_yaml, toml_tree};

use srm_site::model::Owner;
use srm_site::render::theme;
use srm_site::site;
use srm_site::source::Source;
use srm_site::tables::formats::TableFormat as Format;
use srm_site::tables::{OptionKey, RequestKind};
use srm_site::text::markdown;

use crate::harness::{self, Folder, Running};

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

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn assert_executable(path: &str) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(root().join(path)).map(|m| m.permissions().mode());
    assert!(
        mode.is_ok_and(|m| m & 0o111 == 0o111),
        "{path} cannot be executed"
    );
}

/// One document, taken apart.
struct Doc {
    path: String,
    blocks: Vec<Block>,
    headings: Vec<String>,
    /// Destinations of links and images with their lines.
    links: Vec<(usize, String)>,
    tables: Vec<Table>,
    /// Code in the running text.
    codes: Vec<String>,
}

struct Block {
    line: usize,
    info: String,
    text: String,
}

/// A table with the heading it stands under.
struct Table {
    heading: String,
    head: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Default)]
struct Cell {
    text: String,
    codes: Vec<String>,
}

impl Doc {
    fn read(path: &str) -> Doc {
        let text = read(path);
        let mut doc = Doc {
            path: path.to_string(),
            blocks: Vec::new(),
            headings: Vec::new(),
            links: Vec::new(),
            tables: Vec::new(),
            codes: Vec::new(),
        };
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        let mut heading: Option<String> = None;
        let mut block: Option<Block> = None;
        let mut cell: Option<Cell> = None;
        let mut row: Vec<Cell> = Vec::new();
        for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let info = match kind {
                        CodeBlockKind::Fenced(info) => info.to_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    block = Some(Block {
                        line: line(range.start),
                        info,
                        text: String::new(),
                    });
                }
                Event::End(TagEnd::CodeBlock) => doc.blocks.extend(block.take()),
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => doc.headings.extend(heading.take()),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    doc.links.push((line(range.start), dest_url.to_string()));
                }
                Event::Start(Tag::Table(_)) => doc.tables.push(Table {
                    heading: doc.headings.last().cloned().unwrap_or_default(),
                    head: Vec::new(),
                    rows: Vec::new(),
                }),
                Event::Start(Tag::TableCell) => cell = Some(Cell::default()),
                Event::End(TagEnd::TableCell) => row.extend(cell.take()),
                Event::End(TagEnd::TableHead) => {
                    let head = std::mem::take(&mut row).into_iter().map(|c| c.text);
                    doc.tables.last_mut().unwrap().head = head.collect();
                }
                Event::End(TagEnd::TableRow) => {
                    let row = std::mem::take(&mut row);
                    doc.tables.last_mut().unwrap().rows.push(row);
                }
                Event::Text(text) => {
                    if let Some(block) = &mut block {
                        block.text.push_str(&text);
                    } else if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    } else if let Some(cell) = &mut cell {
                        cell.text.push_str(&text);
                    }
                }
                Event::Code(code) => {
                    doc.codes.push(code.to_string());
                    if let Some(heading) = &mut heading {
                        heading.push_str(&code);
                    } else if let Some(cell) = &mut cell {
                        cell.text.push_str(&code);
                        cell.codes.push(code.to_string());
                    }
                }
                _ => {}
            }
        }
        doc
    }

    /// Anchors of the headings, as GitHub makes them.
    fn anchors(&self) -> BTreeSet<String> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut anchors = BTreeSet::new();
        for heading in &self.headings {
            let slug = markdown::heading_slug(heading);
            let n = seen.entry(slug.clone()).or_insert(0);
            anchors.insert(if *n == 0 {
                slug.clone()
            } else {
                format!("{slug}-{n}")
            });
            *n += 1;
        }
        anchors
    }

    /// The tables under a heading, in order.
    #[track_caller]
    fn tables(&self, heading: &str) -> Vec<&Table> {
        let found: Vec<&Table> = self
            .tables
            .iter()
            .filter(|t| t.heading == heading)
            .collect();
        assert!(
            !found.is_empty(),
            "{}: no table under `{heading}`",
            self.path
        );
        found
    }

    /// All code in the first column of the first table under a heading.
    #[track_caller]
    fn column(&self, heading: &str) -> Vec<String> {
        let rows = self.tables(heading)[0].rows.iter();
        rows.flat_map(|r| r[0].codes.clone()).collect()
    }
}

/// What stands in the root, and everything below docs/.
fn documents() -> Vec<Doc> {
    let mut paths = ["README.md", "CHANGELOG.md", "SECURITY.md"]
        .map(str::to_string)
        .to_vec();
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            paths.push(format!("docs/{name}"));
        }
    }
    paths.sort();
    assert!(paths.len() >= 8, "{paths:?}");
    paths.iter().map(|p| Doc::read(p)).collect()
}

fn set<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    items.into_iter().map(|i| i.as_ref().to_string()).collect()
}

/// Fails with what is listed and not there, and what is there and not listed.
#[track_caller]
fn assert_listed(what: &str, listed: &BTreeSet<String>, real: &BTreeSet<String>) {
    let missing: Vec<&String> = real.difference(listed).collect();
    let wrong: Vec<&String> = listed.difference(real).collect();
    assert!(
        missing.is_empty() && wrong.is_empty(),
        "{what}: not in the document: {missing:?}; in the document and not real: {wrong:?}"
    );
}

// Commands and files

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

/// Whether lines are those expected; `...` alone stands for any lines.
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

/// Whether a line is the one expected; `...` in it stands for any characters.
fn same_line(wanted: &str, got: &str) -> bool {
    match wanted.split_once("...") {
        None => wanted == got,
        Some((start, rest)) => got.strip_prefix(start).is_some_and(|got| {
            let mut ends = (0..=got.len()).filter(|n| got.is_char_boundary(*n));
            ends.any(|n| same_line(rest, &got[n..]))
        }),
    }
}

/// A line without blanks at its end and with all durations alike.
fn timeless(line: &str) -> String {
    let mut words: Vec<&str> = line.trim_end().split(' ').collect();
    for at in 1..words.len() {
        let unit = words[at].trim_end_matches([':', ',', '.']);
        if matches!(unit, "ms" | "s") && words[at - 1].parse::<f64>().is_ok() {
            words[at - 1] = "N";
            words[at] = if words[at].ends_with(':') {
                "time:"
            } else {
                "time"
            };
        }
    }
    words.join(" ")
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

// Links

#[test]
fn every_link_resolves() {
    let docs = documents();
    let anchors: BTreeMap<&str, BTreeSet<String>> = docs
        .iter()
        .map(|d| (d.path.as_str(), d.anchors()))
        .collect();
    let mut dead = Vec::new();
    for doc in &docs {
        let folder = Path::new(&doc.path).parent().unwrap();
        for (line, link) in &doc.links {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => doc.path.clone(),
                path => srm_site::text::links::join(&folder.to_string_lossy(), path)
                    .unwrap_or_else(|| panic!("{}:{line}: {link}", doc.path)),
            };
            let there = root().join(&target).exists();
            let known = anchors.get(target.as_str());
            if !there || !fragment.is_empty() && !known.is_some_and(|a| a.contains(fragment)) {
                dead.push(format!("{}:{line}: {link}", doc.path));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}

// README

#[test]
fn the_readme_begins_with_what_a_stranger_needs() {
    let text = read("README.md");
    let top: String = text.lines().take(40).collect::<Vec<_>>().join("\n");
    for command in ["$ cargo run --release -- build --open", "$ scripts/test"] {
        assert!(top.contains(command), "`{command}` is not near the top");
    }
    let cargo = read("Cargo.toml");
    let version = cargo.split("rust-version = \"").nth(1).unwrap();
    let version = &version[..version.find('"').unwrap()];
    assert!(
        top.contains(&format!("({version} or")),
        "Rust {version} is needed"
    );
    let image = top.split("](docs/images/").nth(1).unwrap();
    let image = format!("docs/images/{}", &image[..image.find(')').unwrap()]);
    let bytes = std::fs::read(root().join(&image)).unwrap();
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{image} is no PNG");
    assert!(bytes.len() <= 200_000, "{image} has {} bytes", bytes.len());
    let linked: BTreeSet<String> = set(Doc::read("README.md").links.iter().map(|(_, l)| l));
    for doc in documents().iter().filter(|d| d.path != "README.md") {
        assert!(
            linked.contains(&doc.path),
            "README does not link to {}",
            doc.path
        );
    }
    assert_executable("scripts/test");
    assert_executable(".ci/run");
}

// Keys

/// A record, the document and heading that list its keys.
fn records() -> Vec<(
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
)> {
    use srm_site::input;
    let (source, settings) = ("docs/source-format.md", "docs/settings.md");
    vec![
        (source, "srm.yaml", input::SiteFile::KEYS, "SiteFile"),
        (
            source,
            "document",
            input::DocumentRecord::KEYS,
            "DocumentRecord",
        ),
        (source, "source", input::SourceRecord::KEYS, "SourceRecord"),
        (
            source,
            "catch-all",
            input::CatchAllRecord::KEYS,
            "CatchAllRecord",
        ),
        (source, "A party", input::PartyRecord::KEYS, "PartyRecord"),
        (
            source,
            "A framework",
            input::FrameworkRecord::KEYS,
            "FrameworkRecord",
        ),
        (
            source,
            "models/ID.md",
            input::ModelRecord::KEYS,
            "ModelRecord",
        ),
        (
            source,
            "captions",
            input::CaptionsRecord::KEYS,
            "CaptionsRecord",
        ),
        (
            source,
            "categories/ID.yaml",
            input::CategoryFile::KEYS,
            "CategoryFile",
        ),
        (source, "A row", input::RowRecord::KEYS, "RowRecord"),
        (source, "only-in", input::OnlyInDetail::KEYS, "OnlyInDetail"),
        (source, "A cell", input::CellRecord::KEYS, "CellRecord"),
        (source, "A task", input::TaskDetail::KEYS, "TaskDetail"),
        (source, "Pages", input::ProseRecord::KEYS, "ProseRecord"),
        ("docs/themes.md", "theme.toml", theme::ThemeFile::KEYS, ""),
        (settings, "[book]", input::Book::KEYS, ""),
        (settings, "[build]", input::Build::KEYS, ""),
        (settings, "[output.html]", input::Html::KEYS, ""),
        (settings, "[output.html.print]", input::PrintTable::KEYS, ""),
        (settings, "[preprocessor.srm]", input::Srm::KEYS, ""),
        (
            settings,
            "[preprocessor.srm.outputs]",
            input::Outputs::KEYS,
            "",
        ),
    ]
}

#[test]
fn every_key_is_listed_where_it_belongs() {
    for (path, heading, keys, _) in records() {
        let listed = set(Doc::read(path).column(heading));
        assert_listed(&format!("{path}, {heading}"), &listed, &set(keys));
    }
    let listed: BTreeSet<&str> = records().iter().flat_map(|r| r.2.iter().copied()).collect();
    for key in Config::own_keys() {
        assert!(listed.contains(key), "{key}");
    }
}

#[test]
fn required_keys_are_named_as_required() {
    let mut required: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |name: &str, schema: &serde_json::Value| {
        let keys = schema["required"].as_array().cloned().unwrap_or_default();
        let keys = keys.iter().map(|k| k.as_str().unwrap().to_string());
        required.insert(name.to_string(), keys.collect());
    };
    for (_, schema) in json_schemas() {
        let value = schema.as_value();
        add(value["title"].as_str().unwrap(), value);
        for (name, inner) in value["$defs"].as_object().into_iter().flatten() {
            add(name, inner);
        }
    }
    for (path, heading, _, record) in records().iter().filter(|r| !r.3.is_empty()) {
        let doc = Doc::read(path);
        let table = doc.tables(heading)[0];
        let yes = table.rows.iter().filter(|r| r[1].text == "yes");
        let listed = set(yes.map(|r| r[0].codes[0].as_str()));
        let real = required.get(*record).unwrap_or_else(|| panic!("{record}"));
        assert_listed(&format!("{path}, {heading}, required"), &listed, real);
    }
}

#[test]
fn settings_without_effect_and_removed_ones_are_told_apart() {
    let doc = Doc::read("docs/settings.md");
    let file: Arc<str> = Arc::from("book.toml");
    for (table, heading) in [("output.html", "[output.html]"), ("build", "[build]")] {
        for row in &doc.tables(heading)[0].rows {
            let key = &row[0].codes[0];
            let mut findings = Findings::default();
            let text = format!("[{table}]\n{key} = \"\"\n");
            Config::parse(&file, &text, &mut findings);
            let noted = findings.list.iter().any(|f| f.code == Code::NoEffect);
            let said = row[2].text.starts_with("Accepted with a note; no effect");
            assert_eq!(noted, said, "{key}: {}", row[2].text);
        }
    }
    for row in &doc.tables("Removed settings")[0].rows {
        let key = &row[0].codes[0];
        let mut findings = Findings::default();
        Config::parse(
            &file,
            &format!("[output.html]\n{key} = true\n"),
            &mut findings,
        );
        let finding = &findings.list[0];
        assert_eq!(finding.code, Code::RemovedSetting, "{key}");
        assert_eq!(
            finding.help.join(" ").replace('`', ""),
            row[1].text,
            "{key}"
        );
    }
}

// Findings

const CODES_BEGIN: &str = "<!-- From here on written by the tests from src/findings/diag.rs. -->\n";

/// The part of findings.md that is made from the codes.
fn codes() -> String {
    let mut out = String::from("\n| Code | Severity | Title |\n| --- | --- | --- |\n");
    let heading = |code: &Code| format!("{}: {}", code.id(), code.title());
    for code in Code::ALL {
        let anchor = markdown::heading_slug(&heading(code));
        let (id, word, title) = (code.id(), code.severity().word(), code.title());
        out.push_str(&format!("| [{id}](#{anchor}) | {word} | {title} |\n"));
    }
    for code in Code::ALL {
        out.push_str(&format!(
            "\n## {}\n\nSeverity: {}.\n\n{}\n",
            heading(code),
            code.severity().word(),
            code.why()
        ));
    }
    out
}

#[test]
fn findings_are_those_of_the_program() {
    let path = "docs/findings.md";
    let text = read(path);
    let (before, listed) = text.split_once(CODES_BEGIN).expect("the mark is there");
    if listed == codes() {
        return;
    }
    assert!(
        std::env::var_os("UPDATE").is_some(),
        "{path} is not what src/findings/diag.rs says; UPDATE=1 rewrites it"
    );
    let new = format!("{before}{CODES_BEGIN}{}", codes());
    std::fs::write(root().join(path), new).unwrap();
}

#[test]
fn codes_that_are_named_exist() {
    for doc in documents() {
        let text = read(&doc.path);
        for (at, _) in text.match_indices("SRM") {
            let id: String = text[at..].chars().take(6).collect();
            if id[3..].chars().all(|c| c.is_ascii_digit()) {
                assert!(Code::from_id(&id).is_some(), "{}: {id}", doc.path);
            }
        }
    }
}

// Themes

fn themes() -> Doc {
    Doc::read("docs/themes.md")
}

fn templates() -> BTreeMap<String, String> {
    let folder = root().join("themes/default/templates");
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
    names
        .map(|n| (n.clone(), read(&format!("themes/default/templates/{n}"))))
        .collect()
}

#[test]
fn every_template_and_block_is_listed() {
    let (doc, templates) = (themes(), templates());
    assert_listed(
        "templates",
        &set(doc.column("Templates")),
        &set(templates.keys()),
    );
    let mut blocks = BTreeSet::new();
    for text in templates.values() {
        for part in text.split("{% block ").skip(1) {
            blocks.insert(part.split([' ', '%']).next().unwrap().to_string());
        }
    }
    assert_listed("blocks", &set(doc.column("Blocks")), &blocks);
    for row in &doc.tables("Blocks")[0].rows {
        let (block, file) = (&row[0].codes[0], &row[1].codes[0]);
        let text = &templates[file];
        assert!(
            text.contains(&format!("{{% block {block} ")),
            "{block}: not in {file}"
        );
    }
}

#[test]
fn every_custom_property_is_listed() {
    let css = read("themes/default/static/style.css");
    let lines = css.lines().map(str::trim).filter(|l| l.starts_with("--"));
    let declared = set(lines.map(|l| l.split(':').next().unwrap()));
    assert!(declared.len() > 10, "{declared:?}");
    assert_listed(
        "custom properties",
        &set(themes().column("CSS custom properties")),
        &declared,
    );
}

/// The names a template can use at a place, from what the engine says about a
/// name that does not exist.
fn available(template: &str) -> BTreeSet<String> {
    let built = harness::build(&format!(
        "//- themes/default/theme.toml\napi = 1\n\
         //- themes/default/templates/home.html\n{template}\n\
         //- content/models/m.md\n---\nlabel: M\n---\n\n## A\n\n## B\n\
         //- content/categories/c.yaml\nlabel: C\nrows:\n  - id: r\n    label: R\n    \
         models: {{m: {{responsible: [customer, provider]}}}}\n"
    ));
    let findings = &built.findings().list;
    let finding = findings.iter().find(|f| f.code == Code::TemplateRender);
    let finding = finding.unwrap_or_else(|| panic!("{:#?}", built.lines()));
    let list = finding
        .help
        .iter()
        .find_map(|h| h.strip_prefix("available: "))
        .unwrap();
    set(list.split(", "))
}

#[test]
fn the_view_is_listed_completely() {
    let doc = themes();
    for (heading, template) in [
        ("The view", "{{ zz }}"),
        ("site", "{{ site.zz }}"),
        ("page", "{{ page.zz }}"),
        ("nav", "{{ nav.zz }}"),
        ("A link", "{% for i in nav.models %}{{ i.zz }}{% endfor %}"),
        ("A section", "{% for i in sections %}{{ i.zz }}{% endfor %}"),
        (
            "An entry of toc",
            "{% for i in toc %}{{ i.zz }}{% endfor %}",
        ),
    ] {
        assert_listed(heading, &set(doc.column(heading)), &available(template));
    }
}

/// Values of `data-` attributes in HTML: attribute to values.
fn data_attributes(html: &str, out: &mut BTreeMap<String, BTreeSet<String>>) {
    for part in html.split(" data-").skip(1) {
        if let Some((name, rest)) = part.split_once("=\"")
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            && let Some((value, _)) = rest.split_once('"')
        {
            out.entry(format!("data-{name}"))
                .or_default()
                .insert(value.to_string());
        }
    }
}

#[test]
fn hooks_are_those_of_the_pages() {
    let doc = themes();
    let mut listed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in &doc.tables("Hooks")[0].rows {
        let values = listed.entry(row[0].codes[0].clone()).or_default();
        values.extend(row[2].codes.iter().cloned());
    }
    // Kinds of pages are in the table of templates.
    let kinds = doc.column("Templates").into_iter();
    let kinds = kinds.filter_map(|t| t.strip_suffix(".html").map(str::to_string));
    listed.get_mut("data-kind").unwrap().extend(kinds);
    assert_listed(
        "data-owner",
        &listed["data-owner"],
        &set(Owner::ALL.iter().map(|owner| owner.word())),
    );

    let source = Source::disk(root());
    let (files, outcome) = site::in_memory(&source, &site::Options::default());
    assert!(!outcome.failed);
    let mut met: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let page = |p: &str| p.ends_with(".html") && !p.starts_with("embed/");
    for (_, bytes) in files.iter().filter(|(p, _)| page(p)) {
        data_attributes(std::str::from_utf8(bytes).unwrap(), &mut met);
    }
    for (name, values) in &met {
        let known = listed
            .get(name)
            .unwrap_or_else(|| panic!("{name} is not listed"));
        // Ids and numbers are free; the table describes them in words.
        let free = [
            "data-parties",
            "data-level",
            "data-row",
            "data-category",
            "data-model",
            "data-label",
            "data-words",
            "data-page",
            "data-pairs",
            "data-matrix",
            "data-save",
            "data-root",
            "data-files",
        ];
        if !free.contains(&name.as_str()) {
            let unknown: Vec<&String> = values.difference(known).collect();
            assert!(unknown.is_empty(), "{name}: {unknown:?}");
        }
    }
    let made_in = [
        "model/owner",
        "tables/kinds",
        "model/compare",
        "text/markdown/writer",
        "pages",
        "tables/html",
        "tables/html/badge",
        "tables/html/blocks",
    ];
    let source = made_in.map(|m| read(&format!("src/{m}.rs"))).concat()
        + &read("themes/default/static/scripts/early.js")
        + &read("themes/default/static/site.js");
    for (name, values) in &listed {
        for value in values
            .iter()
            .filter(|v| !["base", "page"].contains(&v.as_str()))
        {
            let real = source.contains(&format!("\"{value}\""))
                || source.contains(&format!("\"owner-{value}\""))
                || source.contains(&format!("{name}=\\\"{value}\\\""));
            assert!(real, "{name}: nothing makes `{value}`");
        }
    }
}

// Commands

/// What the program says when asked.
fn ask(args: &[&str]) -> (Option<i32>, String) {
    let run = Folder::new().run(args);
    run.code.map_or((None, String::new()), |code| {
        (Some(code), run.stdout + &run.stderr)
    })
}

fn subcommands() -> Vec<String> {
    let (_, help) = ask(&["--help"]);
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|l| !l.is_empty());
    let names = lines.filter(|l| l.starts_with("  ") && !l.starts_with("    "));
    names
        .map(|l| l.split_whitespace().next().unwrap().to_string())
        .collect()
}

/// The flags in the help of a command, short and long.
fn flags(command: &str) -> BTreeSet<String> {
    let (code, help) = ask(&[command, "--help"]);
    assert_eq!(code, Some(0), "{help}");
    let mut flags = BTreeSet::new();
    for line in help.lines().map(str::trim).filter(|l| l.starts_with('-')) {
        let names = line.split_whitespace().take_while(|w| w.starts_with('-'));
        flags.extend(names.map(|n| n.trim_end_matches(',').to_string()));
    }
    flags.remove("-");
    flags
}

#[test]
fn every_flag_is_listed() {
    let doc = Doc::read("docs/commands.md");
    let names = |codes: Vec<String>| -> BTreeSet<String> {
        set(codes.iter().map(|c| c.split(' ').next().unwrap()))
    };
    let global = names(doc.column("Every command"));
    let commands = subcommands();
    assert!(commands.len() >= 8, "{commands:?}");
    for command in &commands {
        assert!(doc.headings.contains(command), "no section `{command}`");
        if command == "help" {
            continue;
        }
        let mut listed = global.clone();
        if doc.tables.iter().any(|t| t.heading == *command) {
            listed.extend(names(doc.column(command)));
        }
        assert_listed(command, &listed, &flags(command));
    }
    for heading in doc.headings.iter().skip(2) {
        assert!(commands.contains(heading), "`{heading}` is no command");
    }
}

#[test]
fn aliases_that_are_named_exist() {
    let doc = Doc::read("docs/commands.md");
    let mut seen = 0;
    for table in &doc.tables {
        for row in table.rows.iter().filter(|r| r[1].text.contains("Alias")) {
            let alias = row[1].codes.last().unwrap();
            let (code, said) = ask(&[&table.heading, alias, "x", "--help"]);
            assert_eq!(code, Some(0), "{alias}: {said}");
            seen += 1;
        }
    }
    assert!(seen >= 2);
    let (code, _) = ask(&["build", "--no-such-flag", "x", "--help"]);
    assert_eq!(code, Some(2));
    assert_eq!(ask(&["completion", "bash"]), ask(&["completions", "bash"]));
}

#[test]
fn kinds_of_schemas_are_listed() {
    let (_, said) = ask(&["schema"]);
    let kinds = said
        .lines()
        .find_map(|l| l.strip_prefix("kinds: "))
        .unwrap();
    let doc = Doc::read("docs/commands.md");
    let table = doc.tables("schema")[1];
    let listed = set(table.rows.iter().map(|r| r[0].codes[0].as_str()));
    assert_listed("kinds of schemas", &listed, &set(kinds.split(", ")));
}

// Outputs

#[test]
fn every_output_is_listed() {
    let doc = Doc::read("docs/outputs.md");
    let patterns = doc.column("Files");
    let folder = Folder::new();
    folder.run(&["init", "."]).code(0);
    let settings = folder.read("book.toml");
    let settings = settings.replace(
        "[output.html]\n",
        "[output.html]\nsite-url = \"https://example.com/\"\ncname = \"example.com\"\n",
    );
    folder.write("book.toml", settings);
    folder.write("content/news.md", "# News\n");
    let site = folder.read("content/srm.yaml");
    let history = "  history: [{version: \"0.1\", date: 2024-01-01, changes: First one.}]\n";
    let site = site.replace("\nparties:\n", &format!("\n{history}\nparties:\n"));
    folder.write("content/srm.yaml", site);
    folder.run(&["build"]).code(0);
    let files: Vec<String> = harness::tree(&folder.join("book")).into_keys().collect();
    // The narrowest pattern counts: `**` only for what no other one takes.
    let of = |file: &str| -> Option<&String> {
        let fits = |p: &&String| match p.split_once("**") {
            Some((start, end)) => file.starts_with(start) && file.ends_with(end),
            None => fits_ids(p, file),
        };
        let narrow = patterns.iter().filter(|p| !p.contains("**")).find(fits);
        narrow.or_else(|| patterns.iter().filter(|p| p.contains("**")).find(fits))
    };
    let mut used = BTreeSet::new();
    for file in &files {
        used.insert(
            of(file)
                .unwrap_or_else(|| panic!("{file} is not listed"))
                .clone(),
        );
    }
    assert_listed("outputs", &set(&patterns), &used);
}

/// Whether a path is that of a pattern with `ID`, `A` and `B` in it.
fn fits_ids(pattern: &str, file: &str) -> bool {
    let words = ["A-vs-B", "ID", "NAME", "MODEL", "ROW"];
    if !words.iter().any(|word| pattern.contains(word)) {
        return pattern == file;
    }
    let mut loose = pattern.replace("A-vs-B", "...-vs-...");
    for word in words {
        loose = loose.replace(word, "...");
    }
    same_line(&loose, file)
}

#[test]
fn columns_of_the_csv_are_listed_in_order() {
    let doc = Doc::read("docs/outputs.md");
    let built = harness::build(
        "//- content/models/m.md\n---\nlabel: M\n---\n\
         //- content/categories/c.yaml\nlabel: C\nrows: []\n",
    );
    let header = built
        .page("data/responsibilities.csv")
        .lines()
        .next()
        .unwrap();
    let columns: Vec<&str> = header.trim_end().split(',').collect();
    assert_eq!(doc.column("CSV"), columns);
}

// Tables

#[test]
fn kinds_options_and_formats_are_listed() {
    let doc = Doc::read("docs/tables.md");
    let kinds = RequestKind::all().map(RequestKind::word);
    assert_listed("kinds", &set(doc.column("Kinds")), &set(kinds));
    let options = OptionKey::ALL.iter().map(|key| key.word());
    assert_listed("options", &set(doc.column("Options")), &set(options));
    let formats = Format::ALL.iter().map(|format| format.word());
    assert_listed("formats", &set(doc.column("Formats")), &set(formats));
    // What a kind or an option does is said in the same words.
    for asked in RequestKind::all() {
        let rows = &doc.tables("Kinds")[0].rows;
        let row = rows.iter().find(|r| r[0].codes == [asked.word()]).unwrap();
        assert_eq!(row[1].text, asked.about());
    }
    // The command says it all, too, and takes every format.
    let (_, help) = ask(&["table", "--help"]);
    for asked in RequestKind::all() {
        let line = format!("  {:<11}{}\n", asked.word(), asked.about());
        assert!(help.contains(&line), "{help}");
    }
    for key in OptionKey::ALL {
        let line = format!("\n  {:<11}", key.word());
        assert!(help.contains(&line), "{help}");
    }
    for format in Format::ALL {
        assert!(help.contains(format.word()), "{help}");
    }
}

#[test]
fn attributes_of_the_element_are_listed() {
    let doc = Doc::read("docs/web.md");
    let listed = set(doc.column("The element"));
    let script = read("src/pages/web/srm-table.js");
    let (_, rest) = script.split_once("observedAttributes = [").unwrap();
    let (names, _) = rest.split_once(']').unwrap();
    let names = names.split(',').map(|n| n.trim().trim_matches('"'));
    let mut known = set(names.filter(|n| !n.is_empty()));
    known.insert("error-text".into());
    assert_listed("attributes", &listed, &known);
}

// Architecture

#[test]
fn the_architecture_names_every_room_and_the_invariants() {
    let doc = Doc::read("docs/architecture.md");
    let text = read("docs/architecture.md");
    let mut rooms = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        rooms.insert(format!("src/{}", name.trim_end_matches(".rs")));
    }
    // The list of rooms is the crate's root itself, and the program its door.
    rooms.remove("src/lib");
    rooms.remove("src/main");
    let named = doc.tables("Rooms")[0].rows.iter();
    let named = set(named.flat_map(|r| r[0].codes.clone()));
    assert_listed("rooms", &named, &rooms);
    let rows = &doc.tables("Where to make which change")[0].rows;
    for row in rows {
        for path in &row[1].codes {
            assert!(root().join(path).exists(), "{path}");
        }
    }
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lib = read("src/lib.rs");
    let lines = lib.lines().filter_map(|l| l.strip_prefix("//!"));
    let lib = lines.collect::<Vec<_>>().join("\n");
    let (_, invariants) = lib.split_once("# Invariants").unwrap();
    assert!(
        words(&text).contains(&words(invariants)),
        "the invariants are not those of src/lib.rs"
    );
    let (_, line) = lib.split_once("```text\n").unwrap();
    let (line, _) = line.split_once("```").unwrap();
    assert!(
        words(&text).contains(&words(line)),
        "the straight line is not that of src/lib.rs"
    );
}

#[test]
fn documents_name_nothing_of_one_machine() {
    let mut texts: Vec<(String, String)> = documents()
        .into_iter()
        .map(|d| (d.path.clone(), read(&d.path)))
        .collect();
    for path in [
        "scripts/test",
        ".ci/run",
        "tests/html/check.mjs",
        "tests/html/package.json",
    ] {
        texts.push((path.into(), read(path)));
    }
    let lock = read("tests/html/package-lock.json");
    for (path, text) in &texts {
        for word in ["/root/", "/home/", "/tmp/"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
    assert!(
        !lock.contains("\"resolved\""),
        "the lock file names the host its packages came from"
    );
}
