//! Live reload.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use srm_site::serve::Mount;
use srm_site::site::engine::{Revision, Snapshot};

use super::{Serving, message, problems, small_site};

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
    assert!(answer.text().contains("The site is being built"));
    assert!(answer.text().contains("serve.js"));
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
