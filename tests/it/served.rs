//! The author's loop from end to end: the real program, real files, real
//! sockets. In whatever way files change, what is served becomes what a clean
//! build would write.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use srm_site::site::{self, Options};
use srm_site::source::Source;

use crate::harness::projects::{ONE_MODEL, Project, project};
use crate::harness::{Folder, Running};

mod busy;
mod disk;
mod messages;
mod random;
mod returning;
mod start;
mod watch;
mod ways;

/// One model, with a second category, a page of prose and a picture.
fn site() -> Project {
    let logs = "models: {saas: {responsible: provider, tasks: {provider: [Read the logs.]}}}";
    project(ONE_MODEL)
        .page("index.md", "# Home\n\nSee [keys](row:keys).\n")
        .page("guide/more.md", "# More\n\nText one.\n")
        .with(
            "content/pic.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
        )
        .with(
            "content/categories/ops.yaml",
            format!("label: Operations\nrows:\n  - {{id: logs, label: Logs, {logs}}}\n"),
        )
}

const DATA: &str = "content/categories/data.yaml";

const MORE: &str = "content/guide/more.md";

/// The longest wait for something to be shown; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Answer {
    status: u16,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn get(address: SocketAddr, path: &str) -> Answer {
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
    let script = text.find(".srm-site/serve.js");
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
        let author = Author::of(site().on_disk(), args);
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
