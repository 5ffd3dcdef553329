//! Parts of files, as players of media ask for them.

use std::collections::BTreeMap;

use super::{Answer, Serving};

const LEN: usize = 1_000;

fn content() -> Vec<u8> {
    (0..LEN).map(|at| (at % 251) as u8).collect()
}

fn serving() -> Serving {
    let mut serving = Serving::at("/");
    let files = [
        ("film.mp4", content()),
        ("empty.bin", Vec::new()),
        ("page.html", b"<p>words".to_vec()),
    ];
    let files: BTreeMap<String, Vec<u8>> = files.map(|(path, bytes)| (path.into(), bytes)).into();
    serving.publish(files);
    serving
}

fn ask(serving: &Serving, path: &str, range: &str) -> Answer {
    serving.request("GET", path, &format!("Range: {range}\r\n"))
}

#[test]
fn a_part_of_a_file_is_sent_alone() {
    let serving = serving();
    for (range, first, last) in [
        ("bytes=0-0", 0, 0),
        ("bytes=0-499", 0, 499),
        ("bytes=500-", 500, 999),
        ("bytes=999-", 999, 999),
        ("bytes=-1", 999, 999),
        ("bytes=-300", 700, 999),
        ("bytes=-5000", 0, 999),
        ("bytes=10-99999", 10, 999),
        ("bytes=10-99999999999999999999999", 10, 999),
        ("Bytes = 1-2", 1, 2),
    ] {
        let answer = ask(&serving, "/film.mp4", range);
        assert_eq!(answer.status, 206, "{range}: {}", answer.head);
        assert!(answer.body == content()[first..=last], "{range}");
        let header = |name| answer.header(name).unwrap_or_default().to_string();
        assert_eq!(
            header("content-range"),
            format!("bytes {first}-{last}/{LEN}")
        );
        assert_eq!(header("content-length"), (last - first + 1).to_string());
        assert_eq!(header("content-type"), "video/mp4");
        assert_eq!(header("accept-ranges"), "bytes");
        assert!(!header("etag").is_empty());
    }
}

#[test]
fn what_is_no_single_range_gets_the_whole_file() {
    let serving = serving();
    for range in [
        "bytes=5-2",
        "bytes=-",
        "bytes=",
        "bytes=a-b",
        "bytes=1-2,5-6",
        "bytes=1",
        "lines=1-2",
        "bytes=+1-2",
        "bytes=1--2",
        "bytes",
        "",
    ] {
        let answer = ask(&serving, "/film.mp4", range);
        assert_eq!(answer.status, 200, "{range}: {}", answer.head);
        assert!(answer.body == content(), "{range}");
        assert_eq!(answer.header("content-range"), None, "{range}");
        assert_eq!(answer.header("accept-ranges"), Some("bytes"), "{range}");
    }
    let answer = ask(&serving, "/empty.bin", "bytes=0-");
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    let two = "Range: bytes=0-1\r\nRange: bytes=3-4\r\n";
    assert_eq!(serving.request("GET", "/film.mp4", two).status, 200);
}

#[test]
fn a_part_that_is_not_there_is_refused() {
    let serving = serving();
    for range in [
        "bytes=1000-",
        "bytes=1000-2000",
        "bytes=99999999999999999999-",
        "bytes=-0",
    ] {
        let answer = ask(&serving, "/film.mp4", range);
        assert_eq!(answer.status, 416, "{range}: {}", answer.head);
        let size = format!("bytes */{LEN}");
        assert_eq!(answer.header("content-range"), Some(&*size), "{range}");
    }
}

#[test]
fn a_part_of_another_version_is_not_sent() {
    let mut serving = serving();
    let whole = serving.get("/film.mp4");
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let etag = whole.header("etag").unwrap().to_string();
    let date = "Tue, 01 Dec 2026 00:00:00 GMT".to_string();
    let status = |serving: &Serving, known: &str| {
        let headers = format!("Range: bytes=0-9\r\nIf-Range: {known}\r\n");
        serving.request("GET", "/film.mp4", &headers).status
    };
    assert_eq!(status(&serving, &etag), 206);
    for other in ["\"other\"".to_string(), format!("W/{etag}"), date] {
        assert_eq!(status(&serving, &other), 200, "{other}");
    }
    // What the client has already is not sent, with or without a range.
    let known = format!("Range: bytes=0-9\r\nIf-None-Match: {etag}\r\n");
    assert_eq!(serving.request("GET", "/film.mp4", &known).status, 304);
    serving.publish([("film.mp4".into(), vec![1; LEN])].into());
    assert_eq!(status(&serving, &etag), 200);
}

#[test]
fn heads_are_those_of_the_whole_file() {
    let serving = serving();
    let answer = serving.request("HEAD", "/film.mp4", "Range: bytes=0-9\r\n");
    assert_eq!(answer.status, 200, "{}", answer.head);
    assert!(answer.body.is_empty());
    assert_eq!(answer.header("content-length"), Some("1000"));
    assert_eq!(answer.header("accept-ranges"), Some("bytes"));
}

#[test]
fn pages_come_in_parts_too() {
    let serving = serving();
    let whole = serving.get("/page.html").body;
    let answer = ask(&serving, "/page.html", "bytes=-20");
    assert_eq!(answer.status, 206);
    assert!(answer.body == whole[whole.len() - 20..]);
}
