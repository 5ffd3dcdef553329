//! The preview server over real sockets: what it sends, to whom, and that
//! no client can hold it up.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use srm_site::report::Problem;
use srm_site::serve::{self, Mount, Port, RunningServer};
use srm_site::site::engine::{Board, Revision, Snapshot};

mod files;
mod hosts;
mod limits;
mod ranges;
mod reload;

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(20);

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>t</title></head><body>start</body></html>";

fn small_site() -> BTreeMap<String, Vec<u8>> {
    [
        ("index.html", PAGE),
        (
            "404.html",
            "<!doctype html><title>nothing</title><p>not here",
        ),
        ("models/index.html", "<p>no head</p>"),
        ("models/saas.html", PAGE),
        ("models/sp ace/ä.html", PAGE),
        ("assets/style.css", "p { color: red }"),
        ("assets/no-ending", "?"),
        ("data/all.json", "{}"),
        ("notes.md", "# Notes"),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_string(), text.as_bytes().to_vec()))
    .collect()
}

struct Serving {
    board: Board,
    server: Option<RunningServer>,
    address: SocketAddr,
}

impl Serving {
    fn with(options: Mount) -> Self {
        let board = Board::default();
        let listener = serve::bind("127.0.0.1", Port::Named(0)).unwrap();
        let server = serve::start(listener, board.clone(), options).unwrap();
        Serving {
            board,
            address: server.address(),
            server: Some(server),
        }
    }

    /// The small site at a path.
    fn at(base: &str) -> Self {
        let mut serving = Serving::with(Mount {
            base: base.into(),
            hosts: vec!["Preview.Example".into()],
        });
        serving.publish(small_site());
        serving
    }

    fn publish(&mut self, files: BTreeMap<String, Vec<u8>>) {
        let site = Arc::new(Snapshot::of(files));
        let revision = Revision::showing(site, &self.board.now());
        self.board.publish(None, revision);
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends bytes as they are and reads until the server has no more to say.
    fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(bytes).unwrap();
        let mut out = Vec::new();
        // A server that has heard enough may close without reading the rest.
        let _ = stream.read_to_end(&mut out);
        Answer::of(&out)
    }

    fn request(&self, method: &str, target: &str, headers: &str) -> Answer {
        let named = headers.lines().any(|line| line.starts_with("Host:"));
        let host = if named {
            String::new()
        } else {
            format!("Host: {}\r\n", self.address)
        };
        let head =
            format!("{method} {target} HTTP/1.1\r\n{host}{headers}Connection: close\r\n\r\n");
        self.raw(head.as_bytes())
    }

    fn get(&self, target: &str) -> Answer {
        self.request("GET", target, "")
    }

    fn state(&self, query: &str) -> Value {
        let answer = self.get(&format!("/.srm-site/state{query}"));
        assert_eq!(answer.status, 200, "{answer:?}");
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// An open event channel, behind its head.
    fn listen(&self, headers: &str) -> TcpStream {
        let mut stream = self.connect();
        let head = format!(
            "GET /.srm-site/events HTTP/1.1\r\nHost: {}\r\n{headers}\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        let head = until(&mut stream, "\r\n\r\n");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(head.contains("text/event-stream"), "{head}");
        stream
    }

    /// Ends the server, and says how long that took.
    fn stop(&mut self) -> Duration {
        let started = Instant::now();
        self.server.take().unwrap().stop();
        started.elapsed()
    }
}

/// Reads to the end of a mark.
fn until(stream: &mut TcpStream, mark: &str) -> String {
    let mut out = Vec::new();
    let mut byte = [0];
    while !out.ends_with(mark.as_bytes()) {
        let n = stream.read(&mut byte).unwrap();
        assert_eq!(n, 1, "ended: {}", String::from_utf8_lossy(&out));
        out.push(byte[0]);
    }
    String::from_utf8(out).unwrap()
}

/// The next message of an event channel.
fn message(stream: &mut TcpStream) -> Value {
    let text = until(stream, "\n\n");
    let data = text.split("data: ").nth(1).unwrap();
    serde_json::from_str(data.trim_end()).unwrap()
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn of(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n");
        let Some(end) = end else {
            return Answer {
                status: 0,
                head: String::from_utf8_lossy(bytes).into_owned(),
                body: Vec::new(),
            };
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            body: bytes[end + 4..].to_vec(),
            head,
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1);
        let mut fields = lines.filter_map(|line| line.split_once(": "));
        let field = fields.find(|(n, _)| n.eq_ignore_ascii_case(name));
        field.map(|(_, value)| value)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn problems(n: usize) -> Vec<Problem> {
    let problem = |line| Problem {
        code: "SRM104".into(),
        severity: "error",
        message: "there is no <b>party</b>".into(),
        file: Some("content/a.yaml".into()),
        line: Some(line),
        column: Some(7),
        excerpt: "<script>\n^".into(),
        help: vec!["did you mean <i>?".into()],
        open: Some(match line {
            1 => "javascript:alert(\"1\")".into(),
            _ => format!("VSCode://file/a.yaml:{line}?\"&"),
        }),
        ..Problem::default()
    };
    (1..=n).map(problem).collect()
}
