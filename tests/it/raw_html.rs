//! HTML in an author's Markdown: its links and ids are those of an author.

use crate::harness::projects::{ONE_MODEL, Project, TWO_MODELS, project};
use crate::harness::reader::parse;

const RAW: &str = "[preprocessor.srm]\nraw-html = true\n";

/// A site whose HTML is kept, with a page `guides/page.md`.
fn raw(markdown: &str) -> Project {
    project(TWO_MODELS)
        .settings(RAW)
        .with("content/guides/pic.png", b"\x89PNG")
        .page("guides/other.md", "# Other\n\n## Part\n")
        .page("guides/page.md", markdown)
}

#[test]
fn links_in_html_lead_to_pages_and_not_to_their_sources() {
    let text = "# Page\n\n<p><a href=\"other.md\">1</a> <A HREF=other.md#part>2</A>\n\
        <a href='row:keys'>3</a> <a href=\"model:saas\">4</a> <a href=\"/guides/\">5</a>\n\
        <a href=\"@/guides/other.md?x=1#part\">6</a> <a href=\"https://example.com/a.md\">7</a></p>\n\n\
        Inline <a href=\"other.md\">8</a>.\n\n> <div>\n> <a\n> href=\"other.md\">9</a></div>\n";
    let built = raw(text).page("guides/README.md", "# Guides\n").builds();
    let page = built.page("guides/page.html");
    let of = |word: &str| {
        let before = page.split(&format!(">{word}<")).next().unwrap();
        let start = before.to_ascii_lowercase().rfind("href=").unwrap() + "href=".len();
        before[start..].trim_matches(['"', '\''])
    };
    assert_eq!(of("1"), "../guides/other.html");
    assert_eq!(of("2"), "../guides/other.html#part");
    assert_eq!(of("3"), "../categories/data.html#keys");
    assert_eq!(of("4"), "../models/saas.html");
    assert_eq!(of("5"), "../guides/index.html");
    assert_eq!(of("6"), "../guides/other.html?x=1#part");
    assert_eq!(of("7"), "https://example.com/a.md");
    assert_eq!(of("8"), "../guides/other.html");
    assert_eq!(of("9"), "../guides/other.html");
}

/// Each mistake in HTML, with its place in the source and its code.
#[test]
fn mistakes_in_html_are_reported_where_they_are_written() {
    for (html, code, place) in [
        ("<a href=\"nowhere.md\">x</a>", "SRM401", "3:10"),
        (
            "<p>\n<a class=\"b\" href=\"nowhere.md\">x</a></p>",
            "SRM401",
            "4:20",
        ),
        ("> <p>\n> <a href=nowhere.md>x</a></p>", "SRM401", "4:11"),
        (
            "- a\n\n  <div>\n  <a href=\"nowhere.md\">x</a></div>",
            "SRM401",
            "6:12",
        ),
        ("Words <a href=\"other.md#nowhere\">x</a>", "SRM402", "3:16"),
        ("<a href=\"#nowhere\">x</a>", "SRM402", "3:10"),
        ("<a href=\"row:nowhere\">x</a>", "SRM401", "3:10"),
        ("<a href=\"model:nowhere\">x</a>", "SRM401", "3:10"),
        ("<a href=\"compare:saas..nowhere\">x</a>", "SRM401", "3:10"),
        ("<a href=\"javascript:x()\">x</a>", "SRM406", "3:10"),
        ("<a href=\"java&#10;script:x()\">x</a>", "SRM406", "3:10"),
        ("<a href=\"data:text/html,x\">x</a>", "SRM406", "3:10"),
        ("<img src=\"nowhere.png\" alt=\"x\">", "SRM403", "3:11"),
        (
            "<img srcset=\"pic.png 1x, nowhere.png 2x\" alt=\"x\">",
            "SRM403",
            "3:14",
        ),
        ("<video poster=\"nowhere.png\"></video>", "SRM403", "3:16"),
        ("<object data=\"nowhere.pdf\"></object>", "SRM403", "3:15"),
        ("<a id=\"x\"></a> <a id=\"x\"></a>", "SRM102", "3:23"),
    ] {
        let built = raw(&format!("# Page\n\n{html}\n")).fails_with(&[code]);
        let lines = built.lines();
        assert_eq!(lines.len(), 1, "{html}: {lines:?}");
        let start = format!("content/guides/page.md:{place} ");
        assert!(lines[0].starts_with(&start), "{html}: {lines:?}");
    }
}

#[test]
fn what_is_fine_in_html_is_not_reported() {
    let files = raw("")
        .with("content/guides/über ö.png", b"\x89PNG")
        .with("content/guides/a&b.png", b"\x89PNG");
    for html in [
        "<a name=\"legacy\"></a>[x](#legacy)",
        "<a id=\"both\" name=\"both\"></a>[x](#both)",
        "<img src=\"&uuml;ber&#x20;&ouml;.png\" alt=\"x\">",
        "<img src=\"a&amp;b.png\" alt=\"x\"> <img src=\"a&b.png\" alt=\"x\">",
        "<img src=\"%C3%BCber%20%C3%B6.png\" alt=\"x\">",
        "<a href=\"&#46;&#46;&#47;guides&sol;other.md\">x</a>",
        "<a href=\"#top\">x</a> <a href=\"#\">x</a> <a href=\"\">x</a> <a href>x</a>",
        "<a href=\"?print\">x</a>",
        "<a href=\" other.md \">x</a> <a href=\"oth\ner.md\">x</a>",
        "<img src=\"data:image/png;base64,AAAA\" alt=\"x\">",
        "<iframe src=\"about:blank\" title=\"x\"></iframe>",
        "<!-- <a href=\"nowhere.md\"> -->",
        "<textarea><a href=\"nowhere.md\"></textarea>",
        "<script>\"<a href='nowhere.md'>\"</script>",
        "<template><a href=\"nowhere.md\" id=\"x\">x</a></template><b id=\"x\">x</b>",
        "Words <textarea> <a href=\"nowhere.md\"> </textarea>",
        "<a href=\"other.md\" HREF=\"nowhere.md\">x</a>",
        "<svg><title>x</title><use href=\"#part\"/></svg>\n\n## Part",
        "<form action=\"/somewhere/else\"></form>",
    ] {
        files
            .clone()
            .page("guides/page.md", &format!("# Page\n\n{html}\n"))
            .builds();
    }
}

#[test]
fn headings_keep_away_from_ids_in_html() {
    for (markdown, ids) in [
        ("<a id=\"later\"></a>\n\n## Later", ["later-1", ""]),
        ("## Later\n\n<a id=\"later\"></a>", ["later-1", ""]),
        (
            "## Later\n\nWords <b id=\"later\">x</b>\n\n## Later",
            ["later-1", "later-2"],
        ),
        (
            "<i id=\"later-1\"></i>\n\n## Later\n\n## Later",
            ["later", "later-2"],
        ),
        ("<h3 ID=\"later\">x</h3>\n\n## Later", ["later-1", ""]),
        ("<a name=\"later\"></a>\n\n## Later", ["later-1", ""]),
        ("> <div\n> id=\"later\"></div>\n\n## Later", ["later-1", ""]),
        ("`<a id=\"later\">`\n\n## Later", ["later", ""]),
        ("<!-- <a id=\"later\"> -->\n\n## Later", ["later", ""]),
    ] {
        let built = raw(&format!("# Page\n\n{markdown}\n")).builds();
        let page = parse(built.page("guides/page.html"));
        let headings = page.all(&|e| e.tag == "h2" && e.text() == "Later");
        let found: Vec<&str> = headings.iter().filter_map(|e| e.attr("id")).collect();
        let wanted: Vec<&str> = ids.into_iter().filter(|id| !id.is_empty()).collect();
        assert_eq!(found, wanted, "{markdown}");
        // The search knows the same anchors.
        let search = built.page("search/index.js");
        for id in wanted {
            assert!(search.contains(&format!("\"{id}\"")), "{markdown}: {id}");
        }
    }
}

#[test]
fn an_id_in_the_html_of_a_data_file_is_named_there() {
    let built = project(ONE_MODEL)
        .settings(RAW)
        .replace(
            "content/categories/data.yaml",
            "Bring the keys.",
            "Bring <b id=keys>them</b>.",
        )
        .build();
    let lines = built.lines_of("SRM102");
    assert!(!lines.is_empty());
    let start = "content/categories/data.yaml:9:";
    assert!(
        lines.iter().all(|line| line.starts_with(start)),
        "{lines:?}"
    );
}

/// Without `raw-html`, each element is reported once, at its start.
#[test]
fn an_element_that_is_shown_as_text_is_one_finding() {
    for (html, places) in [
        ("Press <kbd>/</kbd> now.", &["3:7"][..]),
        ("<b>a <i>b</i></b>", &["3:1", "3:6"]),
        ("a </b> c", &["3:3"]),
        ("<div>\n\nWords.\n\n</div>", &["3:1"]),
        ("a <img src=\"x\"> b", &["3:3"]),
        ("a <x/> b </x>", &["3:3", "3:10"]),
    ] {
        let page = format!("# Page\n\n{html}\n");
        let built = project(TWO_MODELS)
            .page("page.md", &page)
            .builds_with(&["SRM405"]);
        let lines = built.lines();
        let starts = places
            .iter()
            .map(|place| format!("content/page.md:{place} "));
        assert_eq!(lines.len(), places.len(), "{html}: {lines:?}");
        assert!(
            starts
                .zip(&lines)
                .all(|(start, line)| line.starts_with(&start)),
            "{html}: {lines:?}"
        );
    }
}

#[test]
fn many_elements_of_a_kind_are_summed_up() {
    let line = |n: usize| format!("Press <kbd>{n}</kbd>.\n");
    for (n, last) in [(3, ""), (4, ":6:7 "), (27, ":6:7 ")] {
        let page: String = (0..n).map(line).collect();
        let built = project(TWO_MODELS)
            .page("page.md", &format!("# Page\n\n{page}\n<i>x</i>\n"))
            .builds_with(&["SRM405"]);
        let lines = built.lines();
        let of_kind = lines.len() - 1;
        assert_eq!(of_kind, n.min(4), "{lines:?}");
        assert!(lines.iter().any(|line| line.contains(last)), "{lines:?}");
        let more = "this `<kbd>` and 23 more are shown as text";
        assert_eq!(
            lines.iter().any(|line| line.ends_with(more)),
            n == 27,
            "{lines:?}"
        );
    }
}

#[test]
fn an_element_that_swallows_the_page_is_closed_and_reported() {
    for (text, name, place) in [
        ("A <textarea> b\n\nmore", "textarea", "3:4"),
        ("<div>\n<title>x\n</div>\n\nmore", "title", "4:2"),
        (
            "> <div><b>\n> <iframe src=\"https://x.example\">\n\nmore",
            "iframe",
            "4:4",
        ),
        ("<template>\n\nmore", "template", "3:2"),
        ("<script>\nlet a = 1;", "script", "3:2"),
    ] {
        let built = project(ONE_MODEL)
            .settings("[preprocessor.srm]\nraw-html = true\n")
            .page("t.md", &format!("# T\n\n{text}\n"))
            .builds_with(&["SRM405"]);
        let lines = built.lines_of("SRM405");
        let start = format!("content/t.md:{place} warning[SRM405] `<{name}>` is not closed");
        assert!(
            lines.len() == 1 && lines[0].starts_with(&start),
            "{lines:?}"
        );
        for path in ["t.html", "print.html"] {
            let page = built.page(path);
            let (_, behind) = page.split_once("<main").unwrap();
            let end = behind.rfind(&format!("</{name}>")).unwrap();
            assert!(end < behind.find("</main>").unwrap(), "{path}: {page}");
        }
    }
    project(ONE_MODEL)
        .settings("[preprocessor.srm]\nraw-html = true\n")
        .page(
            "t.md",
            "# T\n\n<textarea>a</textarea> <svg><title>x</title></svg>\n\n<template>a</template>\n",
        )
        .builds();
}
