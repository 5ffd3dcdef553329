//! One title for a page: the same words wherever it is shown, and its marks wherever
//! there is a heading.

use crate::harness::Built;
use crate::harness::projects::{ONE_MODEL, Project, project};
use crate::harness::reader::parse;

fn with_page(text: &str) -> Project {
    project(ONE_MODEL).page("t.md", text)
}

/// The title of the page `t` in its `<title>`, its `<h1>`, the menu, the search,
/// `print.html`, the list for language models, and its twin.
fn titles(built: &Built) -> Vec<String> {
    let page = parse(built.page("t.html"));
    let title = page.one("title", &|e| e.tag == "title").text();
    let menu = page.one("menu", &|e| {
        e.tag == "a" && e.attr("href") == Some("t.html") && e.attr("aria-current").is_some()
    });
    let print = parse(built.page("print.html"));
    let sections =
        print.all(&|e| e.tag == "h2" && e.attr("id").is_some_and(|id| id.ends_with("-heading")));
    let llms = built.page("llms.txt");
    let line = llms.lines().find(|line| line.ends_with("(t.md)")).unwrap();
    let twin = built.page("t.md").lines().next().unwrap();
    vec![
        title.split(" - ").next().unwrap().to_string(),
        page.one("h1", &|e| e.tag == "h1").text(),
        menu.text(),
        sections.last().unwrap().text(),
        // Without the backslash between two dashes.
        line[3..line.len() - "](t.md)".len()].replace("\\-", "-"),
        twin.trim_start_matches("# ").to_string(),
    ]
}

#[test]
fn a_title_has_the_same_words_everywhere() {
    for (text, smart) in [
        ("# It's \"quoted\" -- so...\n", "It’s “quoted” – so…"),
        ("It's quoted\n===\n", "It’s quoted"),
        (
            "---\ntitle: It's quoted\n---\n# It's quoted\n",
            "It’s quoted",
        ),
    ] {
        let built = with_page(&format!("{text}\nWords.\n")).builds();
        let all = titles(&built);
        // The twin has what was written; whoever shows it makes the quotes.
        assert!(all[..5].iter().all(|title| title == smart), "{all:?}");
        let straight = with_page(&format!("{text}\nWords.\n"))
            .settings("[output.html]\nsmart-punctuation = false\n")
            .builds();
        let all = titles(&straight);
        assert!(all[..5].iter().all(|title| *title == all[0]), "{all:?}");
        assert!(all[0].starts_with("It's"), "{all:?}");
        assert!(
            parse(built.page("t.html"))
                .all(&|e| e.tag == "h2")
                .is_empty()
        );
    }
}

#[test]
fn marks_of_a_title_are_in_print_and_in_the_twin() {
    let text = "# The `x` *way* ![Logo](l.png) [Home](index.md) {#way}\n\nWords.\n";
    let built = with_page(text).with("content/l.png", "image").builds();
    let marked = "The <code>x</code> <em>way</em> <img src=\"l.png\" alt=\"Logo\"";
    assert!(built.page("t.html").contains(marked));
    assert!(built.page("print.html").contains(marked));
    let twin = built.page("t.md");
    let line = "# The `x` *way* ![Logo](l.png) [Home](index.md)\n";
    assert!(twin.starts_with(line), "{twin}");
    // Text of a title stays text.
    for (source, line) in [
        (
            "# \\<tenant> & \\*x\\* \\#\n",
            "# &lt;tenant> & \\*x\\* \\#\n",
        ),
        ("1\\. Setup\n=======\n", "# 1\\. Setup\n"),
        ("Of *two*\nlines #\n===\n", "# Of *two* lines \\#\n"),
        ("# A <!-- c --> B\n", "# A  B\n"),
        ("# Reset {tenant}\n", "# Reset {tenant}\n"),
    ] {
        let built = with_page(&format!("{source}\nWords.\n")).builds();
        let twin = built.page("t.md");
        assert!(twin.starts_with(line), "{twin}");
    }
}

#[test]
fn a_title_with_marks_in_front_matter_is_that_of_the_heading() {
    let text = "---\ntitle: The `x` way\n---\n# The `x` way\n\nWords.\n";
    let built = with_page(text).builds();
    let page = parse(built.page("t.html"));
    assert_eq!(page.one("h1", &|e| e.tag == "h1").text(), "The x way");
    assert!(page.all(&|e| e.tag == "h2").is_empty());
    assert_eq!(titles(&built)[0], "The x way");
}

#[test]
fn a_comment_leaves_one_space_in_a_heading() {
    let built = with_page("# T\n\n## A <!-- c --> B\n\n## A  C\n\n## <!-- c --> D\n").builds();
    let page = parse(built.page("t.html"));
    let headings = page.all(&|e| e.tag == "h2");
    let ids: Vec<_> = headings.iter().map(|e| e.attr("id").unwrap()).collect();
    assert_eq!(ids, ["a-b", "a--c", "d"]);
    assert!(built.page("search/index.js").contains("\"A B\""));
}

#[test]
fn what_shows_nothing_may_stand_before_a_title() {
    for before in [
        "[^1]: A note.\n",
        "[^1]: A note.\n\n    # Of the note\n\n",
        "[^1]: A note.\n\n[x]: https://x.example\n<!-- c -->\n",
        "<!-- c --> <!-- d -->\n",
    ] {
        let reference = if before.contains("[^1]") { "[^1]" } else { "" };
        let text = format!("{before}# Real\n\nWords{reference}.\n");
        let unused: &[&str] = if before.contains("[x]") {
            &["SRM416 note"]
        } else {
            &[]
        };
        let built = with_page(&text).builds_with(unused);
        let all = titles(&built);
        assert!(all.iter().all(|title| title == "Real"), "{text}: {all:?}");
        let page = parse(built.page("t.html"));
        assert!(
            page.all(&|e| e.tag == "h2" && e.text() == "Real")
                .is_empty()
        );
        assert!(page.text().contains("Words"));
        let twin = built.page("t.md");
        assert_eq!(twin.matches("Real").count(), 1, "{twin}");
    }
}
