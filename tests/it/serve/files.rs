//! What is sent, with which headers, and at which path.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use srm_site::serve::Mount;

use super::{Answer, PAGE, Serving, message};
use crate::harness;

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
        ("/.srm-site/serve.js", "text/javascript; charset=utf-8"),
        ("/.srm-site/overlay.css", "text/css; charset=utf-8"),
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
        ("GET", "/.srm-site/serve.js"),
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
                .contains("src=\"/docs/srm%20model/.srm-site/serve.js?v="),
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
    let tag = "<script src=\"/.srm-site/serve.js?v=";
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
    let names = ["events", "state", "serve.js", "overlay.css", "other"];
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
        ".srm-site/serve.js/..",
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
