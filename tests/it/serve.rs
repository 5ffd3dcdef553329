//! The preview server over real sockets: what it sends, to whom, and that
//! nobody can hold it up.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use srm_site::report::Problem;
use srm_site::serve::{self, Mount, Port, RunningServer};
use srm_site::site::engine::{Board, Revision, Snapshot};

use crate::harness;

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

// ------------------------------------------------------------------- the files

#[test]
fn files_come_with_their_type_and_are_not_sent_twice() {
    let serving = Serving::at("/");
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/models/", "text/html; charset=utf-8"),
        ("/models/saas.html?x=1&y=../..", "text/html; charset=utf-8"),
        ("/models/sp%20ace/%C3%A4.html", "text/html; charset=utf-8"),
        ("/assets/style.css?v=12345678", "text/css; charset=utf-8"),
        ("/assets/no-ending", "application/octet-stream"),
        ("/data/all.json", "application/json"),
        ("/notes.md", "text/markdown; charset=utf-8"),
        ("/.srm-site/live.js", "text/javascript; charset=utf-8"),
        ("/.srm-site/live.css", "text/css; charset=utf-8"),
    ] {
        let answer = serving.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        let length = answer.header("content-length").unwrap();
        assert_eq!(length, answer.body.len().to_string(), "{path}");

        let head = serving.request("HEAD", path, "");
        assert_eq!(head.status, 200, "{path}");
        assert!(head.body.is_empty(), "{path}");
        for name in ["content-length", "content-type", "etag"] {
            assert_eq!(head.header(name), answer.header(name), "{path} {name}");
        }

        let etag = answer.header("etag").unwrap();
        assert!(etag.starts_with('"') && etag.len() > 20, "strong: {etag}");
        for known in [etag, &format!("W/{etag}"), &format!("\"x\", {etag}"), "*"] {
            let again = serving.request("GET", path, &format!("If-None-Match: {known}\r\n"));
            assert_eq!(again.status, 304, "{path} {known}");
            assert!(again.body.is_empty(), "{path}");
            assert_eq!(again.header("etag"), Some(etag));
        }
        let other = serving.request("GET", path, "If-None-Match: \"other\"\r\n");
        assert_eq!(other.status, 200, "{path}");
    }
    let css = serving.get("/assets/style.css");
    assert_eq!(css.text(), "p { color: red }");
}

#[test]
fn every_answer_is_guarded() {
    let serving = Serving::at("/");
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/nothing"),
        ("GET", "/models"),
        ("GET", "/.srm-site/state"),
        ("GET", "/.srm-site/live.js"),
        ("GET", "/.srm-site/nothing"),
        ("POST", "/"),
    ] {
        let answer = serving.request(method, path, "Origin: http://evil.example\r\n");
        let header = |name| {
            answer
                .header(name)
                .unwrap_or_else(|| panic!("{path} {name}"))
        };
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(!answer.head.to_lowercase().contains("access-control"));
    }
}

#[test]
fn only_get_and_head_and_no_bodies() {
    let serving = Serving::at("/");
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
        for path in ["/", "/.srm-site/state", "/nothing"] {
            let answer = serving.request(method, path, "");
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), Some("GET, HEAD"));
        }
    }
    for body in [
        "Content-Length: 4\r\n\r\nbody",
        "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
        // The rest never comes, and is not waited for.
        "Content-Length: 1000000\r\n\r\n",
    ] {
        let head = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{body}");
        let answer = serving.raw(head.as_bytes());
        assert_eq!(answer.status, 413, "{body}");
    }
}

#[test]
fn a_site_is_mounted_where_its_base_path_says() {
    let serving = Serving::at("/docs/srm model/");
    assert_eq!(
        serving.server.as_ref().unwrap().base(),
        "/docs/srm%20model/"
    );
    for (path, to) in [
        ("/", "/docs/srm%20model/"),
        ("/docs/srm%20model", "/docs/srm%20model/"),
        ("/docs/srm%20model/models", "/docs/srm%20model/models/"),
        ("/docs/srm%20model/models/sp%20ace", ""),
    ] {
        let answer = serving.get(path);
        match to {
            "" => assert_eq!(answer.status, 404, "{path}"),
            _ => {
                assert_eq!(answer.status, 302, "{path}");
                assert_eq!(answer.header("location"), Some(to), "{path}");
            }
        }
    }
    for path in ["/docs/srm%20model/", "/docs/srm model/models/saas.html"] {
        let answer = serving.get(&path.replace(' ', "%20"));
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer
                .text()
                .contains("src=\"/docs/srm%20model/.srm-site/live.js?v="),
            "{}",
            answer.text()
        );
    }
    for path in ["/models/saas.html", "/docs/", "/docs", "/.srm-site/state"] {
        let answer = serving.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("href=\"/docs/srm%20model/\""));
    }
    let answer = serving.get("/docs/srm%20model/.srm-site/state");
    assert_eq!(answer.status, 200);
}

#[test]
fn what_is_not_there_is_answered_by_the_site() {
    let mut serving = Serving::at("/");
    let answer = serving.get("/no%22thing%3Cp%3E");
    assert_eq!(answer.status, 404);
    let text = answer.text();
    assert!(text.contains("<p>not here"), "{text}");
    assert!(text.contains("data-page=\"404.html\""), "{text}");
    assert!(
        text.contains("data-wanted=\"no&quot;thing&lt;p&gt;\""),
        "{text}"
    );
    assert_eq!(answer.header("etag"), None);

    serving.publish(BTreeMap::from([("index.html".into(), PAGE.into())]));
    let answer = serving.get("/nothing");
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("There is no such page"));
    assert!(answer.text().contains("data-wanted=\"nothing\""));
}

#[test]
fn the_script_is_in_what_is_sent_and_nowhere_else() {
    let mut serving = Serving::with(Mount {
        base: "/".into(),
        hosts: Vec::new(),
    });
    let tag = "<script src=\"/.srm-site/live.js?v=";
    let pages = [
        (
            "a.html",
            "<html><head><title>t</title>¦</HEAD><body></head></body></html>",
        ),
        ("b.html", " \n<!DOCTYPE html>¦<title>t</title><p>text"),
        ("c.html", "\u{feff}<!doctype html>¦<p>"),
        ("d.html", "¦<p>text"),
        ("e.html", "\u{feff}¦<p>text"),
        ("f.html", "¦"),
        ("g.html", "¦<!doctype html"),
        ("h.htm", "<head>¦</head>"),
    ];
    let files = pages.map(|(path, text)| (path.into(), text.replace('¦', "").into_bytes()));
    serving.publish(BTreeMap::from(files));
    for (path, text) in pages {
        let answer = serving.get(&format!("/{path}"));
        let sent = answer.text();
        let at = sent.find(tag).unwrap_or_else(|| panic!("{path}: {sent}"));
        let end = at + sent[at..].find("</script>").unwrap() + "</script>".len();
        assert_eq!(format!("{}¦{}", &sent[..at], &sent[end..]), text, "{path}");
        assert!(sent[at..end].contains(&format!(" data-page=\"{path}\"")));
        assert!(sent[at..end].ends_with(" defer></script>"));
    }
    // A new site makes new bytes of the same page, and so a new tag.
    let first = serving.get("/a.html");
    let files = pages.map(|(path, text)| (path.into(), text.replace('¦', "").into_bytes()));
    serving.publish(BTreeMap::from(files));
    let second = serving.get("/a.html");
    assert_ne!(first.body, second.body);
    assert_ne!(first.header("etag"), second.header("etag"));
    let known = format!("If-None-Match: {}\r\n", first.header("etag").unwrap());
    assert_eq!(serving.request("GET", "/a.html", &known).status, 200);
}

#[test]
fn no_site_has_a_file_where_serve_keeps_its_own() {
    let text = "\
//- book.toml
[book]
title = \"T\"
src = \"content\"
[output.html.redirect]
\".srm-site/events\" = \"index.html\"
//- content/.srm-site/state
x
//- content/.srm-site/page.md
# A page
";
    let built = harness::build(text);
    let there: Vec<&String> = built.files.keys().collect();
    let own = there.iter().filter(|p| p.starts_with(".srm-site"));
    assert_eq!(own.count(), 0, "{there:?}");

    // Whatever a site has there, it is not what is answered.
    let mut serving = Serving::at("/");
    let names = ["events", "state", "live.js", "live.css", "other"];
    let files = names.map(|name| (format!(".srm-site/{name}"), b"of another hand".to_vec()));
    serving.publish(BTreeMap::from(files));
    for name in &names[1..] {
        let answer = serving.get(&format!("/.srm-site/{name}"));
        assert!(!answer.text().contains("of another hand"), "{name}");
    }
    message(&mut serving.listen(""));
}

#[test]
fn nothing_else_is_reached_by_any_path() {
    let serving = Serving::at("/docs/");
    let secret = std::fs::read_to_string("/etc/hostname").unwrap_or("no name".into());
    let host = format!("Host: {}\r\n", serving.address);
    let mut tried = 0;
    let hostile = [
        "..",
        ".",
        "../..",
        "%2e%2e",
        "%2E%2e",
        ".%2e",
        "%252e%252e",
        "%c0%ae%c0%ae",
        "%e0%80%ae%e0%80%ae",
        "..%2f..",
        "..%5c..",
        "..\\..",
        "%2f",
        "%2f%2f",
        "%5c%5cevil",
        "\\",
        "%00",
        "index.html%00",
        "%",
        "%2",
        "%zz",
        "%ff",
        "....//",
        "..;/",
        "/",
        "//",
        "evil.example",
        "~",
        "C:",
        "file:",
        "%20",
        "models%2f..%2f..",
        ".srm-site/..",
        ".srm-site/%2e%2e",
        ".srm-site/",
        ".srm-site",
        ".srm-site/../../etc",
        ".srm-site/live.js/..",
        "%0d%0aX-Evil:1",
        "%EF%BC%8F",
        "*",
        "?",
        "#",
        ";",
        "&",
        "con",
        "models/saas.html/",
        "models//saas.html",
    ];
    for start in [
        "/",
        "//",
        "/docs/",
        "/docs//",
        "/docs",
        "http://localhost/",
        "http://localhost/docs/",
    ] {
        for part in hostile {
            for end in ["", "/", "/etc/hostname", "/index.html", "//evil.example/"] {
                let target = format!("{start}{part}{end}");
                let head = format!("GET {target} HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
                let answer = serving.raw(head.as_bytes());
                tried += 1;
                assert!(
                    [200, 302, 400, 404].contains(&answer.status),
                    "{target}: {answer:?}"
                );
                assert!(!answer.text().contains(secret.trim()), "{target}");
                assert!(answer.header("x-evil").is_none(), "{target}");
                if let Some(to) = answer.header("location") {
                    let safe = to.starts_with("/docs/") && !to.contains("//") && !to.contains("..");
                    assert!(safe, "{target} leads to {to}");
                }
                if answer.status == 200 {
                    // Only what the site has, under its own name.
                    let path = target.trim_start_matches("http://localhost");
                    let known = ["/docs/", "/docs/index.html", "/docs/?", "/docs/#"];
                    let fine = known.iter().any(|k| path.starts_with(k));
                    assert!(fine && !path.contains(".."), "{target}: {answer:?}");
                }
            }
        }
    }
    assert!(tried > 1500, "{tried}");
    for raw in [
        "GET / HTTP/1.1\nHost: localhost\n\n",
        "GET /docs/\u{0} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /docs/ä HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET evil HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\nConnection: close\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET http://localhost@evil.example/docs/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "\r\n\r\n\r\n\r\nnonsense\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n folded: x\r\n\r\n",
    ] {
        let mut stream = serving.connect();
        stream.write_all(raw.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut out = Vec::new();
        let _ = stream.read_to_end(&mut out);
        let answer = Answer::of(&out);
        assert!(answer.status != 200, "{raw}: {answer:?}");
        assert!(
            answer.header("location").is_none_or(|to| to == "/docs/"),
            "{raw}"
        );
    }
    assert_eq!(serving.get("/docs/").status, 200, "still there");
}

// --------------------------------------------------------------- who may enter

#[test]
fn only_names_of_this_machine_are_answered() {
    let serving = Serving::at("/");
    let status = |host: &str| {
        serving
            .request("GET", "/", &format!("Host: {host}\r\n"))
            .status
    };
    for host in [
        "localhost",
        "LOCALHOST:1",
        "localhost:65535",
        "model.localhost",
        "127.0.0.1",
        "127.9.9.9:80",
        "[::1]",
        "[::1]:3000",
        "[::ffff:127.0.0.1]",
        "preview.example",
        "PREVIEW.example:80",
    ] {
        assert_eq!(status(host), 200, "{host}");
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "localhost,evil.example",
        "127.0.0.1.evil.example",
        "evillocalhost",
        "192.168.1.2",
        "0.0.0.0",
        "[::]",
        "[::2]:80",
        "2130706433",
        "0x7f.1",
        "127.1",
        "localhost.",
        "xpreview.example",
        "sub.preview.example",
        "1.2.3.4:127",
    ] {
        assert_eq!(status(host), 403, "{host}");
    }
    for host in [
        "",
        " ",
        "localhost:",
        "localhost:x",
        "localhost:99999",
        "localhost:-1",
        "a b",
        "user@localhost",
        "localhost/",
        "[::1",
        "::1",
        "localhost\r\nHost: localhost",
        "localhost\r\nHost: evil.example",
        "http://localhost",
    ] {
        assert_eq!(status(host), 400, "{host:?}");
    }
    assert_eq!(
        serving
            .raw(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
            .status,
        400
    );
    assert_eq!(serving.raw(b"GET / HTTP/1.0\r\n\r\n").status, 400);
    let answer = serving.request("GET", "/", "Host: evil.example:80\r\n");
    assert!(
        answer.text().contains("--allow-host evil.example"),
        "{}",
        answer.text()
    );
    assert_eq!(answer.text().lines().count(), 1);
}

#[test]
fn a_server_for_all_addresses_is_called_by_any_of_them() {
    let board = Board::default();
    let listener = serve::bind("0.0.0.0", Port::Named(0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = serve::start(listener, board, Mount::default()).unwrap();
    let serving = Serving {
        board: Board::default(),
        address: ([127, 0, 0, 1], port).into(),
        server: Some(server),
    };
    for (host, status) in [
        ("192.168.1.2", 503),
        ("0.0.0.0", 503),
        ("evil.example", 403),
    ] {
        let answer = serving.request("GET", "/", &format!("Host: {host}\r\n"));
        assert_eq!(answer.status, status, "{host}");
    }
}

#[test]
fn pages_of_other_sites_hear_nothing() {
    let serving = Serving::at("/");
    let own = serving.address;
    for (headers, fine) in [
        (String::new(), true),
        (format!("Origin: http://{own}\r\n"), true),
        (format!("Origin: https://{own}\r\n"), true),
        ("Sec-Fetch-Site: same-origin\r\n".into(), true),
        ("Sec-Fetch-Site: none\r\n".into(), true),
        ("Sec-Fetch-Site: same-site\r\n".into(), false),
        ("Sec-Fetch-Site: cross-site\r\n".into(), false),
        (
            format!("Sec-Fetch-Site: cross-site\r\nOrigin: http://{own}\r\n"),
            false,
        ),
        ("Origin: null\r\n".into(), false),
        ("Origin: http://localhost:1\r\n".into(), false),
        ("Origin: http://127.0.0.1\r\n".into(), false),
        ("Origin: http://evil.example\r\n".into(), false),
        (format!("Origin: http://{own}.evil.example\r\n"), false),
        (format!("Origin: {own}\r\n"), false),
        ("Origin: \u{fffd}\r\n".into(), false),
    ] {
        let answer = serving.request("GET", "/.srm-site/state", &headers);
        assert_eq!(answer.status, if fine { 200 } else { 403 }, "{headers}");
        if fine {
            serving.listen(&headers);
        } else {
            let answer = serving.request("GET", "/.srm-site/events", &headers);
            assert_eq!(answer.status, 403, "{headers}");
        }
    }
}

// ----------------------------------------------------------------- live reload

#[test]
fn channels_tell_the_newest_state_at_once_and_each_newer_one() {
    let mut serving = Serving::at("/");
    let mut stream = serving.listen("");
    let first = message(&mut stream);
    assert_eq!(first["number"], 1);
    let session = first["session"].as_str().unwrap().to_string();
    assert_eq!(session.len(), 16);
    assert_eq!(first["site"], format!("{session}.1"));
    assert_eq!(first["failed"], false);
    serving.publish(small_site());
    assert_eq!(message(&mut stream)["number"], 2);

    let head = serving.request("HEAD", "/.srm-site/events", "");
    assert_eq!((head.status, head.body.len()), (200, 0));

    // A failure keeps the site and tells why.
    let site = serving.board.now().site.clone();
    serving.board.publish(
        None,
        Revision {
            site,
            failed: true,
            problems: problems(150),
            ..Revision::default()
        },
    );
    let failed = message(&mut stream);
    assert_eq!(failed["site"], format!("{session}.2"));
    assert_eq!(failed["failed"], true);
    assert_eq!(failed["problems"].as_array().unwrap().len(), 100);
    assert_eq!(failed["more"], 50);
    assert_eq!(failed["problems"][0]["excerpt"], "<script>\n^");
    assert_eq!(serving.get("/").status, 200);

    // A page is from the newest site, and says so.
    let page = serving.get("/").text();
    assert!(
        page.contains(&format!("data-revision=\"{session}.2\"")),
        "{page}"
    );
    let other = Serving::at("/");
    assert_ne!(other.state("")["session"], session.as_str());
}

#[test]
fn channels_name_the_files_that_changed() {
    let mut serving = Serving::at("/");
    let mut stream = serving.listen("");
    let first = message(&mut stream);
    assert!(first["changed"].is_null(), "{first}");

    let mut files = small_site();
    files.insert("index.html".into(), b"new".to_vec());
    files.insert("another.html".into(), b"one more".to_vec());
    serving.publish(files.clone());
    let next = message(&mut stream);
    assert_eq!(next["since"], first["site"]);
    assert_eq!(next["changed"], json!(["another.html", "index.html"]));
    // A page says the hash that the server would give for it.
    let state = serving.state("?path=index.html");
    let hash = format!("data-hash=\"{}\"", state["hashes"][0].as_str().unwrap());
    let page = serving.get("/").text();
    assert!(page.contains(&hash), "{page}");
    // Asked for, the state is no news that follows on any other.
    assert!(state["changed"].is_null(), "{state}");

    // Another look may have hung up a revision in between; what changed is told
    // of the one it was compared with.
    let older = serving.board.now();
    serving.publish(small_site());
    message(&mut stream);
    let site = Arc::new(Snapshot::of(files.clone()));
    let late = Revision::showing(site, &older);
    serving.board.publish(None, late);
    let late = message(&mut stream);
    assert_eq!(late["since"], next["site"]);
    assert_eq!(late["changed"], json!([]));

    // Where a file is gone or all are new, each page has to ask.
    files.remove("another.html");
    serving.publish(files.clone());
    let gone = message(&mut stream);
    assert!(gone["changed"].is_null(), "{gone}");
    files.extend((0..1000).map(|n| (format!("{n}.html"), b"page".to_vec())));
    serving.publish(files.clone());
    let many = message(&mut stream);
    assert_eq!(many["changed"].as_array().unwrap().len(), 1000);
    files.extend((0..1001).map(|n| (format!("{n}.html"), b"other".to_vec())));
    serving.publish(files);
    let more = message(&mut stream);
    assert!(more["changed"].is_null(), "{more}");
}

fn problems(n: usize) -> Vec<Problem> {
    let problem = |line| Problem {
        code: "SRM104".into(),
        severity: "error",
        message: "there is no <b>party</b>".into(),
        file: Some("content/a.yaml".into()),
        line,
        column: 7,
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

#[test]
fn files_are_asked_about_by_their_hashes() {
    let mut serving = Serving::at("/");
    let query = "?path=index.html&path=models%2Fsp%20ace%2F%C3%A4.html&path=nothing&x=1&path=../a";
    let before = serving.state(query);
    let hashes = before["hashes"].as_array().unwrap();
    assert_eq!(hashes.len(), 4);
    assert!(hashes[0].is_string() && hashes[1].is_string(), "{hashes:?}");
    assert!(hashes[2].is_null() && hashes[3].is_null(), "{hashes:?}");
    let mut files = small_site();
    files.insert("index.html".into(), b"new".to_vec());
    serving.publish(files);
    let after = serving.state(query);
    assert_ne!(after["hashes"][0], before["hashes"][0]);
    assert_eq!(after["hashes"][1], before["hashes"][1]);
    let many = "&path=index.html".repeat(900);
    let many = serving.state(&format!("?{many}"));
    assert_eq!(many["hashes"].as_array().unwrap().len(), 256);
}

#[test]
fn before_the_first_site_the_problems_are_the_page() {
    let mut serving = Serving::with(Mount::default());
    let answer = serving.get("/any/page.html");
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("The site is being made"));
    assert!(answer.text().contains("live.js"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    serving.board.publish(
        None,
        Revision {
            problems: problems(2),
            failed: true,
            ..Revision::default()
        },
    );
    let text = serving.get("/").text();
    for part in [
        "There is no site yet",
        "content/a.yaml:2:7",
        "there is no &lt;b&gt;party&lt;/b&gt;",
        "<pre class=\"excerpt\" tabindex=\"0\">&lt;script&gt;\n^</pre>",
        "did you mean &lt;i&gt;?",
        "<p class=\"place\">content/a.yaml:1:7</p>",
        "<a href=\"VSCode://file/a.yaml:2?&quot;&amp;\">content/a.yaml:2:7</a>",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("javascript:"), "{text}");
    assert!(serving.state("?path=index.html")["site"].is_null());
    serving.publish(small_site());
    assert_eq!(serving.get("/").status, 200);
}

// ---------------------------------------------------------------------- limits

#[test]
fn heads_have_a_largest_size_and_a_time() {
    let serving = Serving::at("/");
    let long = "x".repeat(40_000);
    let answer = serving.request("GET", "/", &format!("X-Long: {long}\r\n"));
    assert_eq!(answer.status, 431, "{answer:?}");
    let answer = serving.get(&format!("/{long}"));
    assert!([414, 431].contains(&answer.status), "{answer:?}");
    let many: String = (0..500).map(|n| format!("X-{n}: 1\r\n")).collect();
    assert_eq!(serving.request("GET", "/", &many).status, 431);

    // A head that comes byte by byte, and a client that says nothing.
    let started = Instant::now();
    let mut slow = serving.connect();
    let mut silent = serving.connect();
    let mut sent = 0;
    while started.elapsed() < PATIENCE && slow.write_all(b"G").is_ok() {
        sent += 1;
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(sent < 100, "still open after {sent} bytes");
    let mut rest = Vec::new();
    let _ = silent.read_to_end(&mut rest);
    assert!(started.elapsed() < Duration::from_secs(12));
}

#[test]
fn many_connections_wait_their_turn() {
    let serving = Serving::at("/");
    let mut held: Vec<TcpStream> = (0..128).map(|_| serving.listen("")).collect();
    // Wait until each holds its place.
    held.iter_mut().for_each(|stream| drop(message(stream)));
    let mut late = serving.connect();
    let head = format!(
        "GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        serving.address
    );
    late.write_all(head.as_bytes()).unwrap();
    late.set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    assert!(late.read(&mut [0]).is_err(), "one too many was let in");
    held.pop();
    late.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut out = Vec::new();
    late.read_to_end(&mut out).unwrap();
    assert_eq!(Answer::of(&out).status, 200);
}

#[test]
fn clients_that_do_not_read_hold_nobody_up() {
    let mut serving = Serving::at("/");
    let mut files = small_site();
    files.insert("large.bin".into(), vec![7; 30_000_000]);
    serving.publish(files.clone());
    // Channels nobody reads, and large files nobody takes.
    let _deaf: Vec<TcpStream> = (0..40).map(|_| serving.listen("")).collect();
    let _full: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut stream = serving.connect();
            let head = format!(
                "GET /large.bin HTTP/1.1\r\nHost: {}\r\n\r\n",
                serving.address
            );
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let mut hears = serving.listen("");
    message(&mut hears);
    let started = Instant::now();
    let site = Arc::new(Snapshot::of(small_site()));
    for number in 10..2000 {
        serving.board.publish(
            None,
            Revision {
                number,
                site: Some(site.clone()),
                site_number: number,
                problems: problems(50),
                ..Revision::default()
            },
        );
    }
    let mut heard = 0;
    let last = serving.board.now().number;
    while message(&mut hears)["number"] != last {
        heard += 1;
    }
    assert!(heard <= 2000);
    assert_eq!(serving.get("/").status, 200);
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    let took = serving.stop();
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn it_ends_with_channels_and_resting_connections_open() {
    let mut serving = Serving::at("/");
    let mut channels: Vec<TcpStream> = (0..20).map(|_| serving.listen("")).collect();
    channels.iter_mut().for_each(|stream| drop(message(stream)));
    let mut resting: Vec<TcpStream> = (0..20).map(|_| serving.connect()).collect();
    for (n, stream) in resting.iter_mut().enumerate() {
        // Some have asked, some are in the middle of it, some said nothing.
        let head = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", serving.address);
        let part = match n % 3 {
            0 => &head[..],
            1 => &head[..10],
            _ => "",
        };
        stream.write_all(part.as_bytes()).unwrap();
        if n % 3 == 0 {
            until(stream, "</html>");
        }
    }
    let took = serving.stop();
    assert!(took < Duration::from_secs(1), "{took:?}");
    for mut stream in channels.into_iter().chain(resting) {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    }
    assert!(TcpStream::connect(serving.address).is_err(), "still there");
    // The port is free again for the next start.
    let port = Port::Named(serving.address.port());
    assert!(serve::bind("127.0.0.1", port).is_ok());
}

#[test]
fn a_server_that_is_let_go_ends_too() {
    let mut serving = Serving::at("/");
    let mut stream = serving.listen("");
    message(&mut stream);
    drop(serving.server.take());
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(rest.ends_with(b"0\r\n\r\n"), "a clean end: {rest:?}");
}

#[test]
fn connections_are_kept_for_the_next_request() {
    let serving = Serving::at("/");
    let mut stream = serving.connect();
    for _ in 0..3 {
        let head = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", serving.address);
        stream.write_all(head.as_bytes()).unwrap();
        let answer = until(&mut stream, "</html>");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

// ----------------------------------------------------------------------- ports

#[test]
fn busy_ports() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = serve::bind("127.0.0.1", Port::Named(port)).unwrap_err();
    assert!(error.contains(&format!("port {port} is in use")), "{error}");
    assert!(error.contains("--port") && !error.contains('\n'), "{error}");
    let next = serve::bind("127.0.0.1", Port::Default(port)).unwrap();
    let next = next.local_addr().unwrap().port();
    assert!(next > port && next <= port + 100, "{next}");
    let error = serve::bind("192.0.2.1", Port::Default(3000)).unwrap_err();
    assert!(error.contains("cannot listen on 192.0.2.1"), "{error}");
    assert!(!error.contains('\n'), "{error}");
    assert!(serve::bind("127.0.0.1", Port::Default(u16::MAX)).is_ok());
}

#[test]
fn answers_are_of_one_revision() {
    // Two files that always agree, changed as fast as they are asked for.
    let serving = Serving::at("/");
    let board = serving.board.clone();
    let done = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let ends = done.clone();
    let writer = std::thread::spawn(move || {
        let mut number = 10;
        while !ends.load(std::sync::atomic::Ordering::Relaxed) {
            number += 1;
            let text = format!("{number}").into_bytes();
            let files = ["a.txt", "b.txt"].map(|p| (p.to_string(), text.clone()));
            board.publish(
                None,
                Revision {
                    number,
                    site: Some(Arc::new(Snapshot::of(BTreeMap::from(files)))),
                    site_number: number,
                    ..Revision::default()
                },
            );
        }
    });
    let many = ["path=a.txt&path=b.txt"; 100].join("&");
    for _ in 0..300 {
        let state = serving.state(&format!("?{many}"));
        let hashes = state["hashes"].as_array().unwrap();
        assert_eq!(hashes.len(), 200);
        assert!(hashes.iter().all(|hash| *hash == hashes[0]));
        let number = state["number"].to_string();
        assert!(
            state["site"]
                .as_str()
                .unwrap()
                .ends_with(&format!(".{number}"))
        );
    }
    done.store(true, std::sync::atomic::Ordering::Relaxed);
    writer.join().unwrap();
}
