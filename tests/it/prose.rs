//! What an author writes in Markdown is read once, the same for every output: titles,
//! anchors, comments and addresses. Nothing that was written is lost without a word.

use crate::harness::projects::{ONE_MODEL, TWO_MODELS, project};
use crate::harness::reader::parse;

mod bare_addresses;
mod everywhere;
mod titles;
mod twins;
pub mod words;

/// The title of a page, its heading with marks, and the address of the heading.
fn title_of(page: &str) -> (String, String, Option<String>) {
    let page = parse(page);
    let heading = page.one("h1", &|e| e.tag == "h1");
    let title = page.one("title", &|e| e.tag == "title").text();
    let title = title.split(" - ").next().unwrap_or_default().to_string();
    (
        title,
        heading.text(),
        heading.attr("id").map(str::to_string),
    )
}

#[test]
fn every_first_heading_is_the_title_everywhere() {
    for (text, title, anchor) in [
        (
            "# The `kubectl` way\n",
            "The kubectl way",
            "the-kubectl-way",
        ),
        (
            "# **Bold** [BYOC](@/models/saas.md)\n",
            "Bold BYOC",
            "bold-byoc",
        ),
        ("# Setup {#start}\n", "Setup", "start"),
        (
            "# Text &amp; more \\*x\\*\n",
            "Text & more *x*",
            "text--more-x",
        ),
        ("# Closed ##\n", "Closed", "closed"),
        ("Under\n=====\n", "Under", "under"),
        ("Of two\nlines\n===\n", "Of two lines", "of-two-lines"),
        (" # Indented\n", "Indented", "indented"),
        ("#\tTab\n", "Tab", "tab"),
        ("<!-- SPDX: MIT -->\n# Real\n", "Real", "real"),
        ("<!--\nmany\n\nlines\n-->\n\n# Real\n", "Real", "real"),
        (
            "[x]: https://x.example\n\n# Behind [x]\n",
            "Behind x",
            "behind-x",
        ),
        (
            "# It's \"quoted\" -- so\n",
            "It’s “quoted” – so",
            "its-quoted--so",
        ),
    ] {
        let text = format!("{text}\nWords below.\n");
        let link = format!("[a](#{anchor}) [b](t.md#{anchor})\n");
        let built = project(ONE_MODEL)
            .page("t.md", &format!("{text}\n{link}"))
            .builds();
        let page = built.page("t.html");
        let (shown, heading, id) = title_of(page);
        assert_eq!(shown, title, "{text}");
        assert_eq!(
            heading.split_whitespace().collect::<Vec<_>>().join(" "),
            title,
            "{text}"
        );
        assert_eq!(id.as_deref(), Some(anchor), "{text}");
        let headings = parse(page).all(&|e| e.tag == "h2").len();
        assert_eq!(headings, 0, "{text}: the title is there once more");
        let twin = built.page("t.md");
        assert!(
            !twin.contains("Real\n\n# Real") && !twin.contains("==="),
            "{twin}"
        );
        assert_eq!(twin.matches("\n# ").count(), 0, "{twin}");
    }
}

#[test]
fn a_heading_that_is_not_the_title_stays() {
    let built = project(ONE_MODEL)
        .page(
            "t.md",
            "---\ntitle: Overview\n---\n# How it is run\n\nWords.\n",
        )
        .page(
            "same.md",
            "---\ntitle: Overview\n---\n# Overview\n\nWords.\n",
        )
        .replace(
            "content/models/saas.md",
            "We run it.",
            "# Who runs it\n\nWe do.",
        )
        .page("404.md", "# Nothing here\n\nGo back.\n")
        .builds();
    let page = parse(built.page("t.html"));
    assert_eq!(page.one("h2", &|e| e.tag == "h2").text(), "How it is run");
    assert!(built.page("t.md").contains("How it is run"));
    assert!(
        parse(built.page("same.html"))
            .all(&|e| e.tag == "h2")
            .is_empty()
    );
    let model = parse(built.page("models/saas.html"));
    assert!(model.by_id("who-runs-it").is_some());
    assert!(built.page("print.html").contains("Who runs it"));
    assert_eq!(title_of(built.page("404.html")).1, "Nothing here");
}

#[test]
fn marks_of_a_title_are_in_its_heading() {
    let built = project(ONE_MODEL)
        .page("t.md", "# The `x` [model](models/saas.md)\n\nWords.\n")
        .builds();
    let page = built.page("t.html");
    assert!(page.contains("The <code>x</code> <a href=\"models/saas.html\">model</a></h1>"));
}

#[test]
fn a_title_takes_the_anchor_of_no_other_heading() {
    let built = project(ONE_MODEL)
        .page("t.md", "# Setup\n\nFirst.\n\n## Setup\n\nSecond.\n")
        .builds();
    let page = parse(built.page("t.html"));
    assert_eq!(page.by_id("setup").unwrap().tag, "h2");
    assert_eq!(page.by_id("setup-1").unwrap().tag, "h1");
}

#[test]
fn smart_punctuation_moves_no_anchor() {
    let text = "# T\n\n## Use --flag\n\n## The `--flag` --- again\n\n## It's a - b\n";
    let anchors = |smart: bool| {
        let built = project(ONE_MODEL)
            .settings(&format!("[output.html]\nsmart-punctuation = {smart}\n"))
            .page("t.md", text)
            .builds();
        let page = parse(built.page("t.html"));
        let headings = page.all(&|e| e.tag == "h2");
        let ids = headings.iter().map(|e| e.attr("id").unwrap().to_string());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(
        anchors(true),
        ["use-flag", "the---flag--again", "its-a---b"]
    );
    assert_eq!(anchors(false), anchors(true));
}

#[test]
fn text_beside_comments_is_shown_and_reported() {
    for text in [
        "<!-- prettier-ignore-start --> **Important** <!-- prettier-ignore-end -->",
        "<!-- a --> Important",
        "Before <!-- a --> Important <!-- b --> after",
        "- <!-- todo --> Important <!-- end -->",
        "> <!-- a -->\n> Important <!-- b -->",
        "<!-- a\n\nb --> Important",
        "<!--> Important -->",
        "<!-- never closed\n\nImportant",
    ] {
        for raw in [false, true] {
            let built = project(ONE_MODEL)
                .settings(&format!("[preprocessor.srm]\nraw-html = {raw}\n"))
                .page("t.md", &format!("# T\n\n{text}\n"))
                .build();
            let page = built.page("t.html");
            if !text.contains("never closed") || !raw {
                assert!(parse(page).text().contains("Important"), "{text}: {page}");
            }
            let twin = built.page("t.md");
            assert!(twin.contains("Important"), "{text}: {twin}");
        }
    }
    let built = project(TWO_MODELS)
        .replace(
            "content/categories/data.yaml",
            "[Keep the keys.]",
            "['<!-- a --> Rotate. <!-- b -->']",
        )
        .builds_with(&["SRM405"]);
    for path in [
        "models/saas.html",
        "models/saas.md",
        "data/responsibilities.csv",
    ] {
        assert!(built.page(path).contains("Rotate."), "{path}");
    }
}

#[test]
fn what_a_comment_says_is_in_no_output() {
    let secret = "legal-has-not-approved";
    let text = format!(
        "# T\n\n<!-- {secret} -->\n\nA <!-- {secret} --> b<!-- {secret} -->c.\n\n\
         - one <!--\n  {secret} -->\n\n> <!-- {secret}\n> {secret} -->\n> quoted\n\n\
         Done.\n"
    );
    let built = project(ONE_MODEL)
        .page("t.md", &text)
        .replace(
            "content/models/saas.md",
            "We run it.",
            &format!("<!-- {secret} -->\n\nWe run it."),
        )
        .builds();
    for (path, bytes) in &built.files {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains(secret), "{path}: {text}");
    }
    assert!(built.page("t.md").contains("quoted"));
}

#[test]
fn addresses_of_mail_are_links_wherever_they_stand() {
    let mail = "security@example.com";
    let built = project(TWO_MODELS)
        .page("t.md", &format!("# T\n\nAsk <{mail}>.\n"))
        .page(mail, "a file of this name")
        .replace(
            "content/categories/data.yaml",
            "[Keep the keys.]",
            &format!("['Write to <{mail}>.']"),
        )
        .builds();
    let link = format!("href=\"mailto:{mail}\"");
    for path in [
        "t.html",
        "models/saas.html",
        "print.html",
        "compare/saas-vs-byoc.html",
    ] {
        assert!(built.page(path).contains(&link), "{path}");
    }
    assert!(built.page("t.md").contains(&format!("<{mail}>")));
    let twin = built.page("models/saas.md");
    assert!(twin.contains(&format!("(mailto:{mail})")), "{twin}");
}

#[test]
fn a_page_without_a_title_has_one_name() {
    let built = project(ONE_MODEL).page("n/smart.md", "Words.\n").builds();
    assert_eq!(title_of(built.page("n/smart.html")).0, "Smart");
    assert!(built.page("print.html").contains(">Smart</h2>"));
    assert!(!built.page("print.html").contains("n/smart.html</h2>"));
}

#[test]
fn words_in_braces_are_part_of_a_heading() {
    for (text, shown, anchor) in [
        ("## Reset {tenant}", "Reset {tenant}", "reset-tenant"),
        ("## f(x) = {y: 1}", "f(x) = {y: 1}", "fx--y-1"),
        ("## {draft}", "{draft}", "draft"),
        ("Under {x}\n---", "Under {x}", "under-x"),
        ("## Steps {#own}", "Steps", "own"),
        ("## Steps {#own .wide}", "Steps", "own"),
    ] {
        let built = project(ONE_MODEL)
            .page("t.md", &format!("# T\n\n{text}\n"))
            .builds();
        let page = parse(built.page("t.html"));
        let heading = page.one("h2", &|e| e.tag == "h2");
        assert_eq!(heading.text(), shown, "{text}");
        assert_eq!(heading.attr("id"), Some(anchor), "{text}");
        let search = built.page("search/index.js");
        assert!(search.contains(&format!("\"{shown}\"")), "{search}");
    }
    let built = project(ONE_MODEL)
        .page("t.md", "# Reset {tenant}\n\nWords.\n")
        .builds();
    assert_eq!(title_of(built.page("t.html")).0, "Reset {tenant}");
}

#[test]
fn a_comment_that_is_not_closed_hides_nothing() {
    for text in [
        "<div>\n<!-- internal\n\nsecond -->\nShown.\n</div>",
        "<p>before <!-- never closed\n\nShown.",
        "<!-- never closed\n\nShown.",
    ] {
        let built = project(ONE_MODEL)
            .settings("[preprocessor.srm]\nraw-html = true\n")
            .page("t.md", &format!("# T\n\n{text}\n\nAfter.\n"))
            .builds_with(&["SRM405"]);
        for path in ["t.html", "print.html"] {
            let page = built.page(path);
            assert!(!page.contains("<!--"), "{text}: {page}");
            assert!(page.contains("Shown.") && page.contains("After."), "{page}");
        }
    }
}

#[test]
fn an_escaped_mark_is_no_footnote() {
    project(ONE_MODEL)
        .page("t.md", "# T\n\nSee \\[^1] and text[^1].\n\n[^1]: Note.\n")
        .builds();
}

/// `:::` opens a container of other tools, and is no definition of what is above it.
#[test]
fn containers_of_other_tools_are_no_definition_lists() {
    let container = "# Page\n\nAbove.\n:::tip Title\nInside.\n:::\n\nBelow.\n";
    let definitions = "# Page\n\nTerm\n: Words.\n\n```\nx\n:::tip\n```\n";
    let built = project(ONE_MODEL)
        .page("container.md", container)
        .page("definitions.md", definitions)
        .builds_with(&["SRM414 note"]);
    let page = built.page("container.html");
    assert!(!page.contains("<dl><dt>Above"), "{page}");
    assert!(!page.contains("<dd>"), "{page}");
    let words = "Above.\n:::tip Title\nInside.\n:::</p>";
    assert!(page.contains(words), "{page}");
    assert!(built.page("definitions.html").contains("<dt>Term</dt>"));
}
