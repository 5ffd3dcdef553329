//! Addresses and links: round trips, and paths that stay inside.

use proptest::prelude::*;
use proptest::sample::select;
use srm_site::text::links::{self, Targets};
use srm_site::text::{Html, decode, encode};

use super::{PIECES, holds, known, text};

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[test]
fn escaped_text_is_inert_and_comes_back() {
    holds(600, text(), |text| {
        let escaped = Html::escaped(&text).into_string();
        assert!(!escaped.contains(['<', '>', '"', '\'']), "{escaped}");
        assert_eq!(unescape(&escaped), text);
        let mut onto = Html::new();
        onto.markup("x").text(&text);
        assert_eq!(onto.as_str(), format!("x{escaped}"));
    });
}

#[test]
fn addresses_come_back_and_hold_nothing_active() {
    holds(800, prop_oneof![text(), any::<String>()], |text| {
        let encoded = encode(&text);
        assert_eq!(decode(&encoded), text, "{encoded:?}");
        let active = [' ', '"', '<', '>', '#', '?', '\\', '\n', '\r', '\t'];
        assert!(!encoded.contains(active), "{encoded:?}");
        assert!(!encoded.chars().any(char::is_control), "{encoded:?}");
        // Decoding what was never encoded is total as well.
        decode(&text);
    });
    assert_eq!(decode("%+5"), "%+5");
    assert_eq!(decode("%4"), "%4");
    assert_eq!(decode("%E6%97%A5"), "日");
}

#[test]
fn joined_paths_never_leave_the_top() {
    let part = select(&["..", ".", "", "a", "b", "...", "日", " ", "a..", "..a"][..]);
    let path = || prop::collection::vec(part.clone(), 0..8).prop_map(|p| p.join("/"));
    holds(1000, (path(), path()), |(folder, path)| {
        // Walked by hand, without a stack.
        let inner = folder.split('/').filter(|p| !p.is_empty());
        let mut depth: i64 = inner.clone().count() as i64;
        let mut left = false;
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    depth -= 1;
                    left |= depth < 0;
                }
                _ => depth += 1,
            }
        }
        match links::join(&folder, &path) {
            None => assert!(left, "{folder:?} {path:?}"),
            Some(joined) => {
                assert!(!left, "{folder:?} {path:?} -> {joined:?}");
                assert!(!joined.starts_with('/') && !joined.contains("//"));
                let parts = joined.split('/').filter(|p| !p.is_empty()).count();
                assert_eq!(parts as i64, depth);
                if !folder.split('/').any(|p| p == "..") {
                    assert!(joined.split('/').all(|p| p != ".."), "{joined:?}");
                }
            }
        }
    });
}

#[test]
fn resolving_any_link_is_total_and_stays_inside() {
    let targets = Targets {
        outputs: ["index.html", "a/b.html", "100%.html"]
            .map(String::from)
            .into_iter()
            .collect(),
        sources: known(["a/b.md"], "a/b.html"),
        rows: known(["keys"], "a/b.html"),
        ids: known(["model:saas"], "a/b.html"),
        ..Targets::default()
    };
    let part = prop_oneof![text(), select(PIECES).prop_map(String::from)];
    holds(800, (part, "[a-z/.]{0,6}"), |(link, folder)| {
        if let links::LinkTarget::Internal { path, .. } = targets.resolve(&link, &folder) {
            assert!(targets.outputs.contains(&path), "{link:?} -> {path:?}");
        }
    });
}

#[test]
fn reading_links_of_any_page_is_total() {
    let outputs = ["index.html".to_string()].into_iter().collect();
    let tag = prop::collection::vec(
        select(
            &[
                "<a href=",
                "<img src='",
                "\"",
                "'",
                ">",
                "/",
                "=",
                " ",
                "id=\"x\"",
                "<!--",
                "-->",
                "<script>",
                "</script>",
                "<style>",
                "é",
                "日",
                "#",
                "?",
                "&amp;",
                "a",
                "../",
                "<",
                "<p id=",
                "\u{a0}",
                "\n",
                "</",
                "javascript:",
            ][..],
        ),
        0..16,
    )
    .prop_map(|p| p.concat());
    let page = prop_oneof![tag, text(), any::<String>()];
    // What is known may be on the page, or begin like something on it.
    let known = "<details class=\"menu\"><a href=\"index.html\">日本</a></details>".repeat(3);
    let holes = (page.clone(), page, 0..4usize);
    holds(1500, holes, |(before, after, whole)| {
        let html = match whole {
            0 => before + &after,
            1 => before + &known[..80] + &after,
            _ => before + &known + &after,
        };
        links::facts(&html, &known, "a/b.html", "/base/", &outputs);
    });
}
