//! A server that works for long, or while files change all the time.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use super::{Author, MORE, PATIENCE, get, site};

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

/// Every page of one request carries the same word, and no two files of one
/// site differ in it.
#[test]
fn no_answer_is_mixed_while_the_site_changes() {
    let folder = site().on_disk();
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
