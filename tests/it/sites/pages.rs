//! Every page of the shipped content: titles, links, images and twins.

use std::collections::{BTreeMap, HashMap};

use srm_site::site::Options;

use super::shipped;
use crate::harness::reader::{self, Element, parse};
use crate::harness::{Built, build_files, fixture};

#[test]
fn images_keep_their_place_free_where_their_size_is_known() {
    let mut files = fixture(
        "//- content/index.md
# Home

![p](img/a.png) ![g](img/b.gif) ![j](img/c.JPG) ![w](img/d.webp)
![s](img/s.svg) ![t](img/t.svg) ![u](img/u.svg) ![x](img/x.png) ![o](https://example.com/o.png)
//- content/img/s.svg
<?xml version=\"1.0\"?><!-- <svg width=\"1\" height=\"1\"> -->
<svg height='30' width=\"40.4px\" viewBox=\"0 0 4 3\"><rect width=\"7\" height=\"7\"/></svg>
//- content/img/t.svg
<svg width=\"100%\" height=\"30\"><rect width=\"7\" height=\"7\"/></svg>
//- content/img/u.svg
<svg viewBox=\"0 0 4 3\"/>
//- content/img/x.png
no image at all
",
    );
    // The first bytes of each format, as its specification lays them out.
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0";
    let gif = b"GIF89a\x10\0\x20\0\0\0\0";
    let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08\0\x64\0\xc8\x03\x01\x22\0\x02\x11\x01\x03\x11\x01";
    let webp = b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x8f\x01\0\x2b\x01\0";
    for (name, bytes) in [
        ("a.png", &png[..]),
        ("b.gif", gif),
        ("c.JPG", jpeg),
        ("d.webp", webp),
    ] {
        files.insert(format!("content/img/{name}"), bytes.to_vec());
    }
    let built = build_files(files, &Options::default());
    let page = parse(built.page("index.html"));
    let mut sizes = Vec::new();
    for image in page.all(&|e| e.tag == "img") {
        let side = |name: &str| image.attr(name).unwrap_or("-").to_string();
        sizes.push(format!(
            "{} {}x{}",
            side("alt"),
            side("width"),
            side("height")
        ));
    }
    let wanted = [
        "p 640x480",
        "g 16x32",
        "j 200x100",
        "w 400x300",
        "s 40x30",
        "t -x-",
        "u -x-",
        "x -x-",
        "o -x-",
    ];
    assert_eq!(sizes, wanted);
}

#[test]
fn same_input_same_bytes_whatever_the_threads() {
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let built = pool.install(shipped);
        (built.lines(), built.files)
    };
    let once = run(1);
    assert!(once.1.len() > 20);
    for threads in [1, 4, 4, 4] {
        let again = run(threads);
        assert_eq!(once.0, again.0, "findings with {threads} threads");
        assert_eq!(
            once.1.keys().collect::<Vec<_>>(),
            again.1.keys().collect::<Vec<_>>(),
        );
        for (path, bytes) in &once.1 {
            assert!(
                *bytes == again.1[path],
                "{path} differs with {threads} threads"
            );
        }
    }
}

fn pages(built: &Built) -> impl Iterator<Item = (&str, Element)> {
    built
        .files
        .keys()
        .filter(|p| p.ends_with(".html") && !p.starts_with("embed/"))
        .map(|p| (p.as_str(), parse(built.page(p))))
}

#[test]
fn shipped_pages_have_a_title_and_a_description_of_their_own() {
    let built = shipped();
    let mut seen: HashMap<String, String> = HashMap::new();
    for (path, page) in pages(&built) {
        let title = page.one("title", &|e| e.tag == "title").text();
        let description = page
            .one("description", &|e| {
                e.tag == "meta" && e.attr("name") == Some("description")
            })
            .attr("content")
            .unwrap()
            .to_string();
        for (what, text) in [("title", title), ("description", description)] {
            assert!(!text.trim().is_empty(), "{path}: empty {what}");
            if let Some(other) = seen.insert(format!("{what}: {text}"), path.to_string()) {
                panic!("{path} and {other} have the same {what} {text:?}");
            }
        }
        assert_eq!(page.all(&|e| e.tag == "h1").len(), 1, "{path}: one h1");
    }
    assert!(seen.len() >= 2 * 14);
}

/// A strict Content-Security-Policy must hold for the output as it is.
#[test]
fn shipped_pages_have_nothing_inline() {
    let built = shipped();
    let mut looked_at = 0;
    for (path, page) in pages(&built) {
        for element in page.all(&|_| true) {
            looked_at += 1;
            assert_ne!(element.tag, "style", "{path}");
            if element.tag == "script" {
                assert!(
                    element.attr("src").is_some() && element.text().is_empty(),
                    "{path}"
                );
            }
            for (name, value) in &element.attrs {
                assert!(name != "style", "{path}: style={value:?}");
                assert!(!name.starts_with("on"), "{path}: {name}={value:?}");
                assert!(
                    !value.to_lowercase().trim().starts_with("javascript:"),
                    "{path}"
                );
            }
        }
    }
    assert!(looked_at > 1000);
    for (path, bytes) in built.files.iter().filter(|(p, _)| p.ends_with(".svg")) {
        let svg = String::from_utf8(bytes.clone()).unwrap();
        assert!(
            !svg.contains("<script") && !svg.contains("style="),
            "{path}"
        );
    }
}

/// Where a relative link leads from a page, as a browser resolves it.
fn resolve(page: &str, href: &str) -> (String, Option<String>) {
    let (path, fragment) = match href.split_once('#') {
        Some((p, f)) => (p, Some(f.to_string())),
        None => (href, None),
    };
    let path = path.split('?').next().unwrap();
    if path.is_empty() {
        return (page.to_string(), fragment);
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts
                    .pop()
                    .unwrap_or_else(|| panic!("{page}: {href} leaves the site"));
            }
            part => parts.push(part),
        }
    }
    (parts.join("/"), fragment)
}

fn is_external(href: &str) -> bool {
    ["https://", "http://", "mailto:", "tel:"]
        .iter()
        .any(|s| href.starts_with(s))
}

#[test]
fn shipped_links_of_all_pages_lead_somewhere() {
    let built = shipped();
    let documents: BTreeMap<&str, Element> = pages(&built).collect();
    let mut checked = 0;
    let mut with_fragment = 0;
    for (path, page) in &documents {
        for element in page.all(&|_| true) {
            for name in ["href", "src"] {
                let Some(href) = element.attr(name).filter(|h| !is_external(h)) else {
                    continue;
                };
                assert!(
                    !href.starts_with('/'),
                    "{path}: {href} only works at the top of a host"
                );
                let (target, fragment) = resolve(path, &reader::percent_decoded(href));
                assert!(
                    built.files.contains_key(&target),
                    "{path}: {href} leads to {target}"
                );
                if let Some(fragment) = fragment {
                    assert!(!fragment.is_empty(), "{path}: {href}");
                    let there = documents[target.as_str()].by_id(&fragment).is_some();
                    assert!(there, "{path}: nothing has the id of {href}");
                    with_fragment += 1;
                }
                checked += 1;
            }
        }
    }
    assert!(
        checked > 500 && with_fragment > 150,
        "{checked}, {with_fragment}"
    );
}

#[test]
fn shipped_links_of_all_twins_lead_somewhere() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let built = shipped();
    let mut checked = 0;
    for path in built
        .files
        .keys()
        .filter(|p| p.ends_with(".md") || *p == "llms.txt")
    {
        let text = built.page(path);
        reader::markdown_tables(text);
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            if let Event::Start(Tag::Link { dest_url, .. }) = event {
                if is_external(&dest_url) || dest_url.starts_with('#') {
                    continue;
                }
                let (target, _) = resolve(path, &reader::percent_decoded(&dest_url));
                assert!(built.files.contains_key(&target), "{path}: {dest_url}");
                checked += 1;
            }
        }
    }
    assert!(checked > 200, "{checked}");
    // Every page has a twin, but for the two that repeat or explain others.
    for path in built
        .files
        .keys()
        .filter(|p| p.ends_with(".html") && !p.starts_with("embed/"))
    {
        let twin = path.replace(".html", ".md");
        let without = ["print.html", "404.html"].contains(&path.as_str());
        assert_eq!(!built.files.contains_key(&twin), without, "{path}");
    }
}

/// The page and its twin say the same: same tables, same texts in the same
/// cells.
#[test]
fn shipped_twins_hold_the_tables_of_their_pages() {
    let built = shipped();
    let mut tables = 0;
    for (path, page) in pages(&built) {
        let Some(twin) = built.files.get(&path.replace(".html", ".md")) else {
            continue;
        };
        let twin = reader::markdown_tables(std::str::from_utf8(twin).unwrap());
        let own: Vec<_> = page
            .all(&|e| e.tag == "table" && e.has_class("srm-table"))
            .into_iter()
            .map(reader::grid)
            .collect();
        // Prose may bring tables of its own, in front.
        let twin = &twin[twin.len() - own.len()..];
        for (grid, lines) in own.iter().zip(twin) {
            assert_eq!(grid.header, lines[0], "{path}");
            assert_eq!(
                grid.lines.len(),
                lines.len() - 1,
                "{path}: {}",
                grid.caption
            );
            for (line, cells) in grid.lines.iter().zip(&lines[1..]) {
                for (element, text) in line.cells.iter().zip(cells) {
                    for li in element.all(&|e| e.tag == "li") {
                        let mark = li.all(&|e| e.has_class("srm-task-mark"));
                        let mut task = li.text();
                        for mark in mark {
                            task = task
                                .strip_suffix(&mark.text())
                                .unwrap()
                                .trim_end()
                                .to_string();
                        }
                        assert!(text.contains(&task), "{path}: {task:?} not in {text:?}");
                    }
                    for (_, _, words) in reader::badges(element) {
                        let word = words.split(' ').next().unwrap();
                        let head = element.attr("scope") == Some("rowgroup");
                        assert!(
                            head || text.contains(word),
                            "{path}: {word} not in {text:?}"
                        );
                    }
                }
            }
            tables += 1;
        }
    }
    assert!(tables >= 14, "{tables}");
}
