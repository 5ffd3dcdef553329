//! Ports, names and paths that are served, and the end of the program.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::{Author, PATIENCE, get, site};
use crate::harness::Running;

#[test]
fn ports_that_are_busy() {
    let folder = site().on_disk();
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
        let folder = site().on_disk();
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
    let folder = site().on_disk();
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
fn the_site_is_mounted_at_its_path() {
    let folder = site().on_disk();
    let settings = "[book]\ntitle = \"T\"\nsrc = \"content\"\n[output.html]\nsite-url = \"https://example.com/docs/srm/\"\n";
    folder.write("book.toml", settings);
    let author = Author::of(folder, &[]);
    author.until("docs/srm/index.html", "Home");
    assert_eq!(get(author.address, "").status, 302);
    assert_eq!(get(author.address, "index.html").status, 404);
}

#[test]
fn the_path_of_the_site_may_be_encoded() {
    let folder = site().on_disk();
    let settings = "[book]\ntitle = \"T\"\nsrc = \"content\"\n[output.html]\nsite-url = \"https://example.com/a%20b/責任/\"\n";
    folder.write("book.toml", settings);
    let author = Author::of(folder, &[]);
    author.until("a b/責任/index.html", "Home");
    let lost = get(author.address, "a%20b/%E8%B2%AC%E4%BB%BB/nowhere.html");
    assert_eq!(lost.status, 404);
}
