//! Limits on connections, and the end of the server.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use srm_site::serve::{self, Port};
use srm_site::site::engine::{Revision, Snapshot};

use super::{Answer, PATIENCE, Serving, message, problems, small_site, until};

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
    let mut held: Vec<TcpStream> = (0..64).map(|_| serving.listen("")).collect();
    // Wait until each holds its place.
    held.iter_mut().for_each(|stream| drop(message(stream)));
    let resting = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", serving.address);
    for _ in 0..64 {
        let mut stream = serving.connect();
        stream.write_all(resting.as_bytes()).unwrap();
        until(&mut stream, "</html>");
        held.push(stream);
    }
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
fn event_channels_leave_room_for_requests() {
    let serving = Serving::at("/");
    let mut held: Vec<TcpStream> = (0..64).map(|_| serving.listen("")).collect();
    held.iter_mut().for_each(|stream| drop(message(stream)));
    for _ in 0..100 {
        let answer = serving.get("/.srm-site/events");
        assert_eq!(answer.status, 503, "{answer:?}");
        assert_eq!(answer.header("retry-after"), Some("5"));
    }
    let started = Instant::now();
    assert_eq!(serving.get("/").status, 200);
    assert!(started.elapsed() < Duration::from_secs(2));
    // One that ends makes room for another.
    held.pop();
    let opened = |started: Instant| {
        let mut stream = serving.connect();
        let host = serving.address;
        let head = format!("GET /.srm-site/events HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let head = until(&mut stream, "\r\n\r\n");
        assert!(started.elapsed() < PATIENCE, "{head}");
        head.starts_with("HTTP/1.1 200")
    };
    let started = Instant::now();
    while !opened(started) {}
}

#[test]
fn clients_that_do_not_read_hold_nobody_up() {
    let mut serving = Serving::at("/");
    let mut files = small_site();
    files.insert("large.bin".into(), vec![7; 30_000_000]);
    serving.publish(files.clone());
    // Channels that no client reads, and large files that no client takes.
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
