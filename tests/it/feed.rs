//! The feed of a site.

use crate::harness::projects::{TWO_MODELS, project};

/// RFC 4287, sections 4.1.1 and 4.1.2: what a feed and its entries must have.
#[test]
fn the_feed_is_atom_whatever_the_texts_are() {
    let settings = "\
[book]
title = \"A & <B>\"
authors = [\"C & D\", \"E\"]
language = \"de\"
src = \"content\"
[output.html]
site-url = \"https://example.com/a&b/é\"
";
    let document = "\
schema: 1
document:
  history:
  - {version: \"2 <b> & ü\", date: 2025-02-03, changes: \"New & **bold** [data](row:keys).\"}
  - {version: \"1\", date: 2024-01-02, changes: First.}
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
";
    let built = project(TWO_MODELS)
        .with("book.toml", settings)
        .with("content/srm.yaml", document)
        .builds();
    let feed = roxmltree::Document::parse(built.page("feed.xml")).unwrap();
    let site = "https://example.com/a&b/%C3%A9/";
    let atom = "http://www.w3.org/2005/Atom";
    let of = |node: roxmltree::Node, name: &str| -> Vec<String> {
        let found = node.children().filter(|n| n.has_tag_name((atom, name)));
        found
            .map(|n| n.text().unwrap_or_default().to_string())
            .collect()
    };
    let root = feed.root_element();
    assert!(root.has_tag_name((atom, "feed")));
    assert_eq!(
        root.attribute(("http://www.w3.org/XML/1998/namespace", "lang")),
        Some("de")
    );
    assert_eq!(of(root, "title"), ["A & <B>"]);
    assert_eq!(of(root, "id"), [site]);
    assert_eq!(of(root, "updated"), ["2025-02-03T00:00:00Z"]);
    let author = root
        .children()
        .find(|n| n.has_tag_name((atom, "author")))
        .unwrap();
    assert_eq!(of(author, "name"), ["C & D, E"]);
    let itself = root
        .children()
        .find(|n| n.attribute("rel") == Some("self"))
        .unwrap();
    assert_eq!(
        itself.attribute("href"),
        Some(format!("{site}feed.xml").as_str())
    );
    let entries: Vec<_> = root
        .children()
        .filter(|n| n.has_tag_name((atom, "entry")))
        .collect();
    let titles: Vec<String> = entries.iter().flat_map(|e| of(*e, "title")).collect();
    assert_eq!(titles, ["2 <b> & ü", "1"]);
    let ids: Vec<String> = entries.iter().flat_map(|e| of(*e, "id")).collect();
    assert!(
        ids.iter()
            .all(|id| id.starts_with(site) && id.is_ascii() && !id.contains([' ', '<'])),
        "{ids:?}"
    );
    assert_ne!(ids[0], ids[1]);
    assert_eq!(of(entries[1], "updated"), ["2024-01-02T00:00:00Z"]);
    let content = of(entries[0], "content").remove(0);
    assert!(
        content.contains("New &amp; <strong>bold</strong>"),
        "{content}"
    );
    assert!(
        content.contains("href=\"https://example.com/a&amp;b/"),
        "{content}"
    );
    assert!(content.contains("categories/data.html#keys"), "{content}");
    let sitemap = roxmltree::Document::parse(built.page("sitemap.xml")).unwrap();
    let first = sitemap.descendants().find(|n| n.tag_name().name() == "loc");
    assert_eq!(first.unwrap().text(), Some(site));
    let robots = built.page("robots.txt");
    assert!(
        robots.contains(&format!("Sitemap: {site}sitemap.xml\n")),
        "{robots}"
    );
}
