//! The menu, the contents of a page, and its description.

use super::site;
use crate::harness::Built;
use crate::harness::reader::{Element, parse};

#[test]
fn a_long_list_in_the_menu_is_folded_where_the_page_is_not_in_it() {
    let category = |n: usize| {
        format!(
            "//- content/categories/c{n}.yaml\nlabel: C{n}\nrows:\n  - id: r{n}\n    label: R{n}\n    \
             models: {{all: {{responsible: provider, tasks: {{provider: [Run it.]}}}}}}\n"
        )
    };
    let folded = |built: &Built, path: &str| -> Vec<String> {
        let page = parse(built.page(path));
        let groups = page.all(&|e| e.has_class("srm-nav-group"));
        let closed = groups.iter().filter(|group| group.attr("open").is_none());
        let label = |group: &&Element| group.one("label", &|e| e.tag == "summary").text();
        closed.map(label).collect()
    };
    for (more, on_other_pages) in [(9, vec![]), (10, vec!["Categories"])] {
        let built = site()
            .with_files(&(1..=more).map(category).collect::<String>())
            .build();
        assert_eq!(folded(&built, "index.html"), on_other_pages);
        assert_eq!(folded(&built, "categories/c1.html"), [""; 0]);
    }
}

#[test]
fn a_menu_without_room_for_all_pages_leads_to_all_of_them() {
    let page = |n: usize| format!("//- content/p{n:02}.md\n# Text {n}\n\nWords.\n");
    let links = |of: &Element| -> Vec<(String, bool)> {
        let links = of.all(&|e| e.tag == "a");
        let link = |a: &&Element| (a.text(), a.attr("aria-current") == Some("page"));
        links.iter().map(link).collect()
    };
    // Another page and the one on embedding are added.
    for (pages, cut) in [(38, false), (40, true)] {
        let many: String = (1..=pages).map(page).collect();
        let built = site().with_files(&many).build();
        let menu = |path: &str| {
            let page = parse(built.page(path));
            let groups = page.all(&|e| e.has_class("srm-nav-group"));
            let label = |g: &Element| g.one("label", &|e| e.tag == "summary").text();
            let group = groups.into_iter().find(|g| label(g) == "Pages");
            links(group.expect("a group of pages"))
        };
        let home = parse(built.page("index.html"));
        let listed = home.all(&|e| e.attr("id") == Some("srm-pages"));
        let last = format!("p{pages}.html");
        if !cut {
            assert!(listed.is_empty());
            assert_eq!(menu(&last).len(), 40);
            assert_eq!(menu(&last)[38], ("Text 38".to_string(), true));
            continue;
        }
        let names = links(listed[0]).into_iter().map(|(name, _)| name);
        // The heading's own link has no words.
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        assert_eq!(names.len(), 42, "{names:?}");
        assert_eq!(names[40], "Text 40");
        // Where the reader is stands in the menu all the same, and only there.
        let all = ("All 42 pages".to_string(), false);
        assert_eq!(menu("index.html").len(), 41);
        assert_eq!(menu("index.html")[40], all);
        assert_eq!(menu(&last)[40], ("Text 40".to_string(), true));
        assert_eq!(menu(&last)[41], all);
        assert_eq!(menu("p39.html")[39], ("Text 39".to_string(), true));
        assert_eq!(menu("p39.html").len(), 41);
    }
}

/// The group of pages in the menu, a line each: nested by spaces, a folder with
/// `+` when it is open and `-` when it is not, the page itself with a `*`.
fn outline(built: &Built, path: &str) -> String {
    fn list(of: &Element, depth: usize, out: &mut String) {
        for entry in of.elements().filter(|e| e.tag == "li") {
            out.push_str(&"  ".repeat(depth));
            let inner = entry.elements().next().expect("a link or a folder");
            if inner.tag == "a" {
                let here = inner.attr("aria-current") == Some("page");
                out.push_str(&inner.text());
                out.push_str(if here { "*\n" } else { "\n" });
                continue;
            }
            let mark = if inner.attr("open").is_some() {
                "+"
            } else {
                "-"
            };
            let label = inner.elements().next().expect("a label").text();
            out.push_str(&format!("{mark}{label}\n"));
            let below = inner.elements().find(|e| e.tag == "ul").expect("a list");
            list(below, depth + 1, out);
        }
    }
    let page = parse(built.page(path));
    let groups = page.all(&|e| e.has_class("srm-nav-group"));
    let label = |g: &Element| g.elements().next().map(Element::text);
    let group = groups
        .into_iter()
        .find(|g| label(g).as_deref() == Some("Pages"));
    let mut out = String::new();
    let below = group.expect("a group of pages").elements();
    list(below.last().expect("a list"), 0, &mut out);
    out
}

const FOLDERS: &str = "\
//- content/guide/README.md
---
order: 2
---
# The guide

//- content/guide/setup.md
# Set up

//- content/guide/deep/keys.md
# Keys

//- content/guide/first.md
---
order: 1
---
# First steps

//- content/how-to/ask.md
---
order: 1
---
# Ask

//- content/zebra.md
---
order: 3
---
# Zebra
";

#[test]
fn pages_nest_in_the_menu_as_their_folders_do() {
    let built = site().with_files(FOLDERS).build();
    let deep = "\
-How to
  Ask
+The guide
  Overview
  First steps
  +Deep
    Keys*
  Set up
Zebra
About
How to embed
";
    let outline_of = |path: &str| outline(&built, path);
    let found = outline_of("guide/deep/keys.html");
    let rest = "Zebra\n";
    assert_eq!(found.split(rest).next(), deep.split(rest).next());
    let top = outline_of("zebra.html");
    assert!(top.contains("-The guide\n  Overview\n"), "{top}");
    assert!(top.contains("Zebra*"), "{top}");
    let own = outline_of("guide/index.html");
    assert!(own.contains("+The guide\n  Overview*\n"), "{own}");
    // The order of reading is that of the menu.
    let after = |path: &str| {
        let page = parse(built.page(path));
        let next = page.all(&|e| e.has_class("srm-next"));
        next[0].attr("href").unwrap_or_default().to_string()
    };
    assert_eq!(after("how-to/ask.html"), "../guide/index.html");
    assert_eq!(after("guide/index.html"), "../guide/first.html");
    assert_eq!(after("guide/first.html"), "../guide/deep/keys.html");
    assert_eq!(after("guide/deep/keys.html"), "../../guide/setup.html");
    assert_eq!(after("guide/setup.html"), "../zebra.html");
    // A folder with a page of its own is on the way to what is in it.
    let trail = |path: &str| -> Vec<String> {
        let page = parse(built.page(path));
        let trail = page.one("trail", &|e| e.has_class("srm-breadcrumbs"));
        trail
            .all(&|e| e.tag == "a")
            .iter()
            .map(|a| a.text())
            .collect()
    };
    assert_eq!(trail("guide/deep/keys.html"), ["Home", "The guide"]);
    assert_eq!(trail("guide/index.html"), ["Home"]);
    assert_eq!(trail("how-to/ask.html"), ["Home"]);
}

#[test]
fn a_menu_without_room_shows_the_folders_the_reader_is_in() {
    let page = |n: usize| format!("//- content/many/p{n:02}.md\n# Text {n}\n\nWords.\n");
    let many: String = (1..=45).map(page).collect();
    let built = site().with_files(FOLDERS).with_files(&many).build();
    let other = outline(&built, "zebra.html");
    // Each folder leads to its first page.
    assert!(!other.contains("Text"), "{other}");
    assert!(other.contains("The guide\n") && other.contains("Many\n"));
    let page = parse(built.page("zebra.html"));
    let links = page.all(&|e| e.tag == "a" && e.text() == "The guide");
    assert_eq!(links[0].attr("href"), Some("guide/index.html"));
    let last = outline(&built, "many/p45.html");
    assert!(last.contains("+Many\n  Text 1\n"), "{last}");
    assert!(last.contains("  Text 40\n  Text 45*\n"), "{last}");
    assert!(last.contains("All "), "{last}");
    // The start page lists them all, nested in the same way; a folder's own
    // page takes the place of its name.
    let twin = built.page("index.md");
    let listed = "\
- How to
  - [Ask](how-to/ask.md)
- [The guide](guide/index.md)
  - [First steps](guide/first.md)
  - Deep
    - [Keys](guide/deep/keys.md)
  - [Set up](guide/setup.md)
- [Zebra](zebra.md)
";
    assert!(twin.contains(listed), "{twin}");
    let home = parse(built.page("index.html"));
    let list = home.one("list", &|e| e.attr("id") == Some("srm-pages"));
    let guide = list.one("folder", &|e| {
        e.tag == "li" && e.elements().next().is_some_and(|a| a.text() == "The guide")
    });
    let names = guide.all(&|e| e.tag == "a");
    let names: Vec<String> = names.iter().map(|a| a.text()).collect();
    assert_eq!(names, ["The guide", "First steps", "Keys", "Set up"]);
}

#[test]
fn the_contents_of_a_page_name_the_groups_of_its_tables_if_they_are_few() {
    let category = |n: usize| {
        format!(
            "//- content/categories/many{n}.yaml\nlabel: Many {n}\nrows:\n  - id: many-{n}\n    \
             label: Row {n}\n    models:\n      all: {{responsible: provider, tasks: {{provider: [Do it.]}}}}\n"
        )
    };
    for (more, listed) in [(38, true), (45, false)] {
        let many: String = (1..=more).map(category).collect();
        let built = site().with_files(&many).build();
        let page = built.page("models/saas.html");
        let groups = page.matches("data-level=\"3\"").count();
        assert_eq!(groups >= more, listed, "{groups} with {more} more");
        assert_eq!(groups == 0, !listed, "{groups} with {more} more");
    }
}

#[test]
fn a_page_is_described_by_its_first_paragraphs() {
    let markdown = "\
# First

## A heading

| a | b |
|---|---|
| 1 | 2 |

Run `srm-site build`
and *read*.\\
Then go on.[^1]

- a point

Next.

[^1]: A note.
";
    let built = site().page("first.md", markdown).builds();
    let page = parse(built.page("first.html"));
    let description = |e: &Element| e.attr("name") == Some("description");
    let words = page.one("description", &description).attr("content");
    assert_eq!(
        words,
        Some("Run srm-site build and read. Then go on. Next.")
    );
}
