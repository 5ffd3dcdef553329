//! The Markdown version of a page: links lead to other such files, nothing hidden is
//! shown, and for any reader of Markdown it says what the page says.

use crate::harness::projects::{ONE_MODEL, project};

/// The twin of a page below its title.
fn twin(text: &str, raw: bool) -> String {
    let built = project(ONE_MODEL)
        .settings(&format!("[preprocessor.srm]\nraw-html = {raw}\n"))
        .page("g/t.md", &format!("# T\n\n{text}\n"))
        .page("g/other.md", "# Other\n\nWords.\n")
        .page("g/a_b.md", "# Other\n\nWords.\n")
        .with("content/g/pic.png", "image")
        .build();
    let twin = built.page("g/t.md");
    let below = twin.strip_prefix("# T\n\n").unwrap_or(twin);
    below.trim_end().to_string()
}

#[test]
fn every_link_leads_to_another_twin() {
    for (text, shown) in [
        ("[x](row:keys)", "[x](../categories/data.md)"),
        ("[x](<@/g/other.md>)", "[x](../g/other.md)"),
        (
            "[x](  @/g/other.md#a  'Title' )",
            "[x](  ../g/other.md#a  'Title' )",
        ),
        ("[](row:keys)", "[](../categories/data.md)"),
        ("[x]()", "[x]()"),
        ("[x](/)", "[x](../index.md)"),
        ("[x](<../>)", "[x](../index.md)"),
        (
            "[@/g/other.md](@/g/other.md)",
            "[@/g/other.md](../g/other.md)",
        ),
        ("[x](a\\_b.md)", "[x](../g/a_b.md)"),
        ("[x](a&#95;b.md)", "[x](../g/a_b.md)"),
        (
            "[![x](pic.png)](row:keys)",
            "[![x](../g/pic.png)](../categories/data.md)",
        ),
        (
            "[x][r] [r]\n\n[r]: row:keys 'T'",
            "[x][r] [r]\n\n[r]: ../categories/data.md 'T'",
        ),
        (
            "[r]\n\n[r]:\n  <row:keys>",
            "[r]\n\n[r]:\n  ../categories/data.md",
        ),
        ("https://x.example/a-b", "https://x.example/a-b"),
    ] {
        assert_eq!(twin(text, false), shown, "{text}");
    }
}

#[test]
fn text_is_no_html_and_has_no_backslash_more() {
    for (text, shown) in [
        ("a \\<tenant> b", "a &lt;tenant> b"),
        ("a \\\\<b> c", "a \\\\&lt;b> c"),
        ("a \\\\\\<b> c", "a \\\\&lt;b> c"),
        ("`\\<b>`", "`\\<b>`"),
        ("a < b", "a < b"),
    ] {
        assert_eq!(twin(text, false), shown, "{text}");
    }
}

#[test]
fn comments_leave_nothing_and_join_nothing() {
    for (text, shown) in [
        ("> <!-- a\n> b -->\n> quoted", "> \n> quoted"),
        ("- one\n- <!-- a\n  b -->\n  two", "- one\n- \n  two"),
        ("Path\n<!-- c -->\n===", "Path\n\n==="),
        ("One\n<!-- c -->\nTwo", "One\n\nTwo"),
        ("a <!-- c\nd --> b", "a  b"),
        ("<!-- c -->     text", "text"),
    ] {
        for raw in [false, true] {
            assert_eq!(twin(text, raw), shown, "{text}");
        }
    }
}

#[test]
fn code_at_the_beginning_of_a_page_stays_code() {
    let built = project(ONE_MODEL)
        .page("t.md", "    # code\n\nWords.\n")
        .builds();
    let twin = built.page("t.md");
    assert_eq!(twin, "# T\n\n    # code\n\nWords.\n");
}

#[test]
fn links_in_html_lead_to_twins() {
    for (text, shown) in [
        (
            "<a href=\"row:keys\">x</a>",
            "<a href=\"../categories/data.md\">x</a>",
        ),
        (
            "> <p>\n> <a\n> href=@/g/other.md#a>x</a> <img src='@/g/pic.png' alt=x></p>",
            "> <p>\n> <a\n> href=\"../g/other.md#a\">x</a> <img src='../g/pic.png' alt=x></p>",
        ),
        (
            "<div><!-- c -->\n<a href=\"row:keys\">x</a>\n</div>",
            "<div>\n<a href=\"../categories/data.md\">x</a>\n</div>",
        ),
        (
            "<a href=\"https://x.example\" id=\"a\">x</a>",
            "<a href=\"https://x.example\" id=\"a\">x</a>",
        ),
    ] {
        assert_eq!(twin(text, true), shown, "{text}");
    }
}

#[test]
fn a_comment_that_is_not_closed_hides_nothing_in_a_twin() {
    for text in [
        "<div>\n<!-- internal\n\nsecond -->\nShown.\n</div>",
        "<p>before <!-- never closed\n\nShown.",
        "<!-- never closed\n\nShown.",
    ] {
        let twin = twin(&format!("{text}\n\nAfter."), true);
        assert!(!twin.contains("<!--"), "{twin}");
        assert!(twin.contains("Shown.") && twin.contains("After."), "{twin}");
    }
}
