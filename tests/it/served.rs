//! The author's loop from end to end: the real program, real files, real
//! sockets. In whatever way files change, what is served becomes what a clean
//! build would write.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use srm_site::site::{self, Options};
use srm_site::source::Source;

use crate::harness::{Folder, Running, tree};

const SITE: &str = "\
//- book.toml
[book]
title = \"Test\"
src = \"content\"
//- content/index.md
# Home

See [keys](row:keys).
//- content/pic.svg
<svg xmlns=\"http://www.w3.org/2000/svg\"/>
//- content/guide/more.md
# More

Text one.
//- content/models/saas.md
---
label: SaaS
---
We run it.
//- content/categories/data.yaml
label: Data
rows:
  - id: keys
    label: Keys
    models:
      saas:
        responsible: [customer, provider]
        tasks:
          customer: [Bring the keys.]
          provider: [Keep the keys.]
//- content/categories/ops.yaml
label: Operations
rows:
  - {id: logs, label: Logs, models: {saas: {responsible: provider, tasks: {provider: [Read the logs.]}}}}
";

const DATA: &str = "content/categories/data.yaml";
const MORE: &str = "content/guide/more.md";

/// The longest wait for something to be shown; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

struct Answer {
    status: u16,
    body: Vec<u8>,
}

fn get(address: SocketAddr, path: &str) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let path = srm_site::text::encode_ascii(path);
    let head = format!("GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let at = all.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&all[..at]).into_owned();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        body: all[at + 4..].to_vec(),
    }
}

/// A page without the line that serve adds.
fn without_tag(body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let script = text.find(".srm-site/live.js");
    let Some(at) = script.and_then(|at| text[..at].rfind("<script src=\"")) else {
        return body.to_vec();
    };
    let (_, rest) = text[at..].split_once("</script>").unwrap();
    [&text[..at], rest].concat().into_bytes()
}

/// An author with a server.
struct Author {
    folder: Folder,
    running: Running,
    address: SocketAddr,
    /// All paths there ever were.
    paths: BTreeSet<String>,
}

impl Author {
    fn of(folder: Folder, args: &[&str]) -> Author {
        let mut running = Running::start(&folder, &[&["serve"], args].concat());
        let address = running.address();
        Author {
            folder,
            running,
            address,
            paths: BTreeSet::new(),
        }
    }

    fn new(args: &[&str]) -> Author {
        let author = Author::of(Folder::of(SITE), args);
        author.until("index.html", "Home");
        author
    }

    /// What a clean build of the files as they are now writes.
    fn clean(&self) -> Option<BTreeMap<String, Vec<u8>>> {
        let source = Source::disk(self.folder.path());
        let (files, outcome) = site::in_memory(&source, &Options::default());
        (!outcome.failed).then_some(files)
    }

    /// What differs between what is served and a site.
    fn difference(&self, clean: &BTreeMap<String, Vec<u8>>) -> Option<String> {
        for (path, bytes) in clean {
            let answer = get(self.address, path);
            if answer.status != 200 || without_tag(&answer.body) != *bytes {
                return Some(format!("{path}: {}", answer.status));
            }
        }
        let gone = self.paths.iter().filter(|p| !clean.contains_key(*p));
        gone.into_iter()
            .find(|path| get(self.address, path).status != 404)
            .map(|path| format!("{path} is still there"))
    }

    /// Waits until what is served is what a clean build writes.
    #[track_caller]
    fn settles(&mut self, what: &str) {
        let clean = self
            .clean()
            .unwrap_or_else(|| panic!("{what}: a clean build fails"));
        let started = Instant::now();
        while let Some(difference) = self.difference(&clean) {
            if started.elapsed() > PATIENCE {
                panic!("{what}: {difference}\n{}", self.running.so_far());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        self.paths.extend(clean.into_keys());
    }

    /// Waits until a page shows a text.
    #[track_caller]
    fn until(&self, path: &str, part: &str) {
        let started = Instant::now();
        loop {
            let answer = get(self.address, path);
            if String::from_utf8_lossy(&answer.body).contains(part) {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "{path} never shows {part}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The state that pages ask for.
    fn state(&self) -> serde_json::Value {
        serde_json::from_slice(&get(self.address, ".srm-site/state").body).unwrap()
    }

    /// Waits until problems are told, or none are.
    #[track_caller]
    fn until_failed(&self, failed: bool) -> serde_json::Value {
        let started = Instant::now();
        loop {
            let state = self.state();
            if state["failed"] == failed {
                return state;
            }
            assert!(started.elapsed() < PATIENCE, "{state}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Text with one word replaced.
fn edit(folder: &Path, path: &str, from: &str, to: &str) -> String {
    let text = fs::read_to_string(folder.join(path)).unwrap();
    assert!(text.contains(from), "{path} has no {from}");
    text.replacen(from, to, 1)
}

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

#[test]
fn the_line_of_a_rebuild_counts_pages_alone() {
    let mut author = Author::new(&[]);
    author.settles("at the start");
    let pages = author.clean().unwrap();
    let pages = pages.keys().filter(|p| p.ends_with(".html"));
    let pages = pages.filter(|p| !p.starts_with("embed/")).count() + 1;
    // It comes into the menu, and so all pages change, and tables for others.
    author.folder.write("content/new.md", "# New\n");
    author.settles("a new page");
    let said = author.running.end();
    let line = format!("content/new.md: {pages} of {pages} pages changed");
    assert!(said.contains(&line), "{line}: {said}");
}

#[test]
fn broken_sources_are_told_and_the_last_good_site_stays() {
    let mut author = Author::new(&[]);
    author.settles("at the start");
    let good = author.clean().unwrap();
    let breakages: &[(&str, &str, &str)] = &[
        ("book.toml", "title = \"Test\"", "title = Test"),
        (DATA, "label: Data", "label: [Data"),
        (DATA, "[customer, provider]", "[customer, provder]"),
        (MORE, "Text one.", "[Text](nowhere.md) one."),
        ("content/srm.yaml", "schema: 1", "schema: one"),
    ];
    for (path, from, to) in breakages {
        let before = fs::read_to_string(author.folder.join(path)).unwrap();
        author
            .folder
            .write(path, edit(author.folder.path(), path, from, to));
        let state = author.until_failed(true);
        let told: Vec<&str> = state["problems"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|p| p["file"].as_str())
            .collect();
        assert!(told.contains(path), "{path}: {state}");
        assert_eq!(author.difference(&good), None);
        // An editor that renames mends it too.
        author.folder.write("mended", before);
        fs::rename(author.folder.join("mended"), author.folder.join(path)).unwrap();
        let state = author.until_failed(false);
        assert_eq!(state["problems"].as_array().unwrap().len(), 0, "{state}");
        assert_eq!(author.difference(&good), None);
    }
    let said = author.running.end();
    assert!(said.contains("the last good site stays"), "{said}");
    assert!(said.contains("did you mean `provider`?"), "{said}");
}

#[test]
fn it_starts_in_any_state() {
    let broken: &[(&str, &str)] = &[
        ("book.toml", "[book\n"),
        (DATA, "label: [\n"),
        ("themes/default/templates/base.html", "{% if %}\n"),
        ("themes/default/theme.toml", "api = 99\n"),
        ("content/models/saas.md", "---\nlabel\n"),
    ];
    for (path, text) in broken {
        let folder = Folder::of(SITE);
        let before = fs::read(folder.join(path)).ok();
        folder.write(path, text);
        if path.starts_with("themes") && !path.ends_with(".toml") {
            folder.write("themes/default/theme.toml", "api = 1\n");
        }
        let mut author = Author::of(folder, &[]);
        let state = author.until_failed(true);
        assert!(!state["problems"].as_array().unwrap().is_empty(), "{path}");
        let answer = get(author.address, "");
        assert_eq!(answer.status, 503, "{path}");
        let page = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(page.contains(path), "{path}: {page}");
        match before {
            Some(bytes) => author.folder.write(path, bytes),
            None => fs::remove_dir_all(author.folder.join("themes")).unwrap(),
        }
        author.until("index.html", "Home");
        author.settles(path);
        let said = author.running.end();
        assert!(said.contains("everything: there is no site yet"), "{said}");
    }
    // Nothing at all, and then a project.
    let mut author = Author::of(Folder::new(), &[]);
    author.until_failed(true);
    author.folder.run(&["init", "."]).code(0);
    author.until_failed(false);
    author.settles("init");
    author.running.end();
}

#[test]
fn ports_that_are_busy() {
    let folder = Folder::of(SITE);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = folder.run(&["serve", "-p", &port]);
    run.code(2);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains(&port), "{}", run.stderr);
    // Nobody asked for the default one, so the next that is free will do.
    let mut first = Running::of(folder.command(&["serve"]));
    let mut second = Running::of(folder.command(&["serve"]));
    let (one, other) = (first.address(), second.address());
    assert_ne!(one.port(), other.port());
    assert!((3000..3100).contains(&one.port()), "{one}");
    assert!((3000..3100).contains(&other.port()), "{other}");
    // Both answer, whether or not there is a site yet.
    assert!([200, 503].contains(&get(one, "").status));
    assert!([200, 503].contains(&get(other, "").status));
    first.end();
    second.end();
}

/// Bytes of memory a process has.
#[cfg(target_os = "linux")]
fn memory_of(id: i32) -> usize {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
    let kilobytes: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_creep() {
    let author = Author::new(&[]);
    // Large enough that one page or text kept of each edit would show.
    let filling = "A paragraph that says the same as the others do.\n\n".repeat(2_000);
    let edits = |numbers: std::ops::Range<usize>| {
        for n in numbers {
            let text = format!("# More\n\nSave {n}.\n\n{filling}");
            author.folder.write(MORE, text);
            author.until("guide/more.html", &format!("Save {n}."));
        }
        memory_of(author.running.id())
    };
    let early = edits(0..50);
    let late = edits(50..250);
    assert!(
        late < early + 200 * filling.len() / 2,
        "{early} bytes after 50 edits, {late} after 250"
    );
    author.running.end();
}

#[test]
fn foreign_names_are_refused_and_allowed_ones_are_not() {
    let author = Author::new(&["--allow-host", "docs.example"]);
    let status = |host: &str| {
        let mut stream = TcpStream::connect(author.address).unwrap();
        let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text.split(' ').nth(1).unwrap().to_string()
    };
    assert_eq!(status("evil.example"), "403");
    assert_eq!(status("docs.example"), "200");
    assert_eq!(status(&author.address.to_string()), "200");
}

/// With another program in place of the one that opens a browser.
#[test]
#[cfg(target_os = "linux")]
fn it_opens_the_browser_and_ends_whichever_way_it_is_asked_to() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let folder = Folder::of(SITE);
        let script = "#!/bin/sh\necho \"$1\" > opened.tmp\nmv opened.tmp opened\n";
        folder.write("bin/xdg-open", script);
        let program = folder.join("bin/xdg-open");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = folder.command(&["serve", "--open", "-p", "0", "-n", "127.0.0.2"]);
        let bin = folder.join("bin").display().to_string();
        command.env("PATH", format!("{bin}:/usr/bin:/bin"));
        let mut running = Running::of(command);
        let address = running.address();
        assert_eq!(address.ip().to_string(), "127.0.0.2");
        let started = Instant::now();
        let opened = loop {
            match fs::read_to_string(folder.join("opened")) {
                Ok(opened) => break opened,
                Err(_) => assert!(started.elapsed() < PATIENCE, "no browser was opened"),
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        assert_eq!(opened, format!("http://{address}/\n"));
        assert!([200, 503].contains(&get(address, "").status));
        running.end_by(signal);
        assert!(TcpStream::connect(address).is_err(), "still there");
    }
    // Without such a program it says where to look.
    let folder = Folder::of(SITE);
    let mut command = folder.command(&["serve", "-o", "-p", "0"]);
    command.env("PATH", folder.path());
    let mut running = Running::of(command);
    let address = running.address();
    let line = running.wait_for("could not start a browser");
    assert!(
        line.contains(&format!("open http://{address}/ yourself")),
        "{line}"
    );
    running.end();
}

#[test]
fn problems_lead_to_their_place_in_an_editor() {
    let folder = Folder::of(SITE);
    let broken = edit(
        folder.path(),
        DATA,
        "[customer, provider]",
        "[customer, provder]",
    );
    folder.write(DATA, broken);
    let place = folder.join(DATA).canonicalize().unwrap();
    let author = Author::of(
        folder,
        &["--editor-url", "vscode://file{path}:{line}:{column}"],
    );
    let state = author.until_failed(true);
    let wanted = format!("vscode://file{}:7:33", place.display());
    assert_eq!(state["problems"][0]["open"], wanted, "{state}");
    author.running.end();
}

#[test]
fn the_site_is_mounted_at_its_path() {
    let folder = Folder::of(SITE);
    let settings = "[book]\ntitle = \"T\"\nsrc = \"content\"\n[output.html]\nsite-url = \"https://example.com/docs/srm/\"\n";
    folder.write("book.toml", settings);
    let author = Author::of(folder, &[]);
    author.until("docs/srm/index.html", "Home");
    assert_eq!(get(author.address, "").status, 302);
    assert_eq!(get(author.address, "index.html").status, 404);
}

#[test]
fn the_path_of_the_site_may_be_encoded() {
    let folder = Folder::of(SITE);
    let settings = "[book]\ntitle = \"T\"\nsrc = \"content\"\n[output.html]\nsite-url = \"https://example.com/a%20b/責任/\"\n";
    folder.write("book.toml", settings);
    let author = Author::of(folder, &[]);
    author.until("a b/責任/index.html", "Home");
    let lost = get(author.address, "a%20b/%E8%B2%AC%E4%BB%BB/nowhere.html");
    assert_eq!(lost.status, 404);
}

/// Every page of one request carries the same word, and no two files of one
/// site differ in it.
#[test]
fn no_answer_is_mixed_while_the_site_changes() {
    let folder = Folder::of(SITE);
    let word = |n: usize| format!("word{n:04}.");
    let page = |n: usize| format!("# Home\n\n{}\n", format!("{} ", word(n)).repeat(2000));
    folder.write("content/index.md", page(0));
    let author = Author::of(folder, &[]);
    author.until("index.html", "word0000.");
    let done = AtomicBool::new(false);
    let asked = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut stream = TcpStream::connect(author.address).unwrap();
                stream.set_nodelay(true).unwrap();
                let mut newest = 0;
                while !done.load(Ordering::Relaxed) || asked.load(Ordering::Relaxed) < 10_000 {
                    let head = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", author.address);
                    stream.write_all(head.as_bytes()).unwrap();
                    let body = one_answer(&mut stream);
                    let words: BTreeSet<&str> = body
                        .split_whitespace()
                        .filter(|w| w.starts_with("word") && w.len() == 9)
                        .collect();
                    assert_eq!(words.len(), 1, "{words:?}");
                    let seen: usize = words.first().unwrap()[4..8].parse().unwrap();
                    assert!(seen >= newest, "{seen} after {newest}");
                    newest = seen;
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for n in 1..=200 {
            // A file that is written in place is empty for a moment, and that
            // may be shown.
            author.folder.write("content/.new", page(n));
            let (from, to) = ("content/.new", "content/index.md");
            fs::rename(author.folder.join(from), author.folder.join(to)).unwrap();
            author.until("index.html", &word(n));
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(asked.load(Ordering::Relaxed) >= 10_000);
    author.running.end();
}

/// One answer of a connection that stays open.
fn one_answer(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut buffer = [0; 65536];
    loop {
        let n = stream.read(&mut buffer).unwrap();
        assert!(n > 0);
        all.extend_from_slice(&buffer[..n]);
        let Some(at) = all.windows(4).position(|w| w == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&all[..at]).to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap();
        let length: usize = length.split_whitespace().next().unwrap().parse().unwrap();
        if all.len() >= at + 4 + length {
            return String::from_utf8(all[at + 4..].to_vec()).unwrap();
        }
    }
}

#[test]
fn a_steady_stream_of_saves_does_not_starve_the_page() {
    let author = Author::new(&[]);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Two, so that there is always something new while one has to wait.
        for path in [MORE, "content/guide/other.md"] {
            let (folder, stop) = (author.folder.path(), &stop);
            scope.spawn(move || {
                let mut n = 0;
                while !stop.load(Ordering::Relaxed) {
                    n += 1;
                    let text = format!("# More\n\nSave {n}.\n");
                    fs::write(folder.join(path), text).unwrap();
                }
            });
        }
        let mut seen = BTreeSet::new();
        let started = Instant::now();
        while seen.len() < 10 && started.elapsed() < PATIENCE {
            let body = get(author.address, "guide/more.html").body;
            let text = String::from_utf8_lossy(&body).into_owned();
            let save = text.split("Save ").nth(1).and_then(|s| s.split('.').next());
            seen.extend(save.map(str::to_string));
        }
        stop.store(true, Ordering::Relaxed);
        assert!(seen.len() >= 10, "{seen:?}");
    });
    author.running.end();
}

/// The files of a site that is being written to; `None` when they moved away
/// under the reader.
fn published(folder: &Path) -> Option<BTreeMap<String, Vec<u8>>> {
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
    let folder = Folder::of(SITE);
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
    // A file of ours that somebody changed is not overwritten.
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
