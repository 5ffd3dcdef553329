//! Whom the server answers, and at which ports.

use std::net::TcpListener;

use srm_site::serve::{self, Mount, Port};
use srm_site::site::engine::Board;

use super::Serving;

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
