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
//!   streams together: `...` matches anything, durations do not count, no
//!   lines at all means that the output is not shown. The status must be 0.
//! - `LANGUAGE fragment`: a part of a file, not checked.
//! - any other block must have a language; YAML, TOML and JSON must parse.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use srm_site::text::markdown;

use crate::harness::Folder;

mod codes;
mod commands;
mod flags;
mod keys;
mod outputs;
mod pages;
mod themes;

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
    let mut paths = [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ]
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

/// Whether a line is the one expected; `...` in it matches any characters.
fn same_line(wanted: &str, got: &str) -> bool {
    match wanted.split_once("...") {
        None => wanted == got,
        Some((start, rest)) => got.strip_prefix(start).is_some_and(|got| {
            let mut ends = (0..=got.len()).filter(|n| got.is_char_boundary(*n));
            ends.any(|n| same_line(rest, &got[n..]))
        }),
    }
}

/// A line without spaces at its end and with all durations alike.
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
