//! An author's text comes out whole in every place and in every format.

use std::collections::BTreeMap;

use crate::harness::matrix::csv_rows;
use crate::harness::projects::{SHARED, TWO_MODELS, project};
use crate::harness::reader::{Element, csv, markdown_tables, parse};
use crate::harness::{build, said_by_tag};

/// Text that means something in every format the tool writes.
fn plain(n: usize) -> String {
    format!("q{n}q & <i>x</i> &lt; &amp;amp; | \"d\" 's' \\ * _a_ [l](u) `c` {{label}} # 😀 日")
}

/// The same as far as it means nothing in Markdown.
fn marked(n: usize) -> String {
    format!("q{n}q & < | {{label}} 😀 日")
}

#[test]
fn author_text_comes_out_whole_in_every_place_and_format() {
    let quote = |text: String| serde_json::to_string(&text).unwrap();
    let p = |n| quote(plain(n));
    let m = |n| quote(marked(n));
    let text = format!(
        "\
//- book.toml
[book]
src = \"content\"
description = {}
authors = [{}]
//- content/srm.yaml
schema: 1
document:
  title: {}
  version: {}
  contact: {}
  source: {{label: {}, url: \"https://example.com/?a=1&b=<2>\"}}
  catch-all: {{text: {}}}
  precedence: {}
parties:
  - {{id: customer, kind: customer, label: {}, description: {}}}
  - {{id: provider, kind: provider, label: {}}}
  - {{id: aws, kind: third-party, label: {}}}
frameworks:
  - {{id: soc2, label: {}}}
//- content/models/saas.md
---
label: {}
order: 1
description: {}
parties: {{customer: {}}}
captions: {{summary: {}, detail: {}}}
---

{}
//- content/models/byoc.md
---
label: BYOC
order: 2
---
//- content/categories/data.yaml
label: {}
labels: {{saas: {}}}
description: {}
rows:
  - id: x
    label: {}
    labels: {{saas: {}}}
    description: {}
    notes: [{}]
    controls: {{soc2: {}}}
    models:
      all:
        responsible: provider
        summary: {{customer: {}}}
        scope: {{provider: {}}}
        conditional: {{customer: {}}}
        accountable: aws
        cadence: {}
        notes: [{}]
        tasks:
          customer: [{}]
          provider:
            - {{text: {}, controls: {{soc2: {}}}}}
        acknowledge: {{SRM205: {}}}
  - id: y
    label: Y
    only-in: {{models: [saas], reason: {}}}
    models:
      saas: {{state: not-applicable, reason: {}}}
  - id: z
    label: Z
    models:
      all: {{responsible: aws}}
//- content/page.md
---
title: {}
description: {}
---

## {}
",
        p(1),
        p(2),
        p(3),
        p(4),
        p(5),
        p(6),
        m(7),
        m(8),
        p(9),
        m(10),
        p(11),
        p(12),
        p(13),
        p(14),
        p(15),
        p(16),
        p(17),
        p(18),
        marked(19),
        p(20),
        p(21),
        m(22),
        p(23),
        p(24),
        m(25),
        m(26),
        p(27),
        p(28),
        m(29),
        m(30),
        p(31),
        m(32),
        m(33),
        m(34),
        p(35),
        p(36),
        p(37),
        p(38),
        p(39),
        p(40),
        marked(41),
    );
    const LAST: usize = 41;
    let in_markdown = [7, 8, 10, 19, 22, 25, 26, 29, 30, 32, 33, 34, 41];
    let wanted: Vec<String> = (0..=LAST)
        .map(|n| {
            if in_markdown.contains(&n) {
                marked(n)
            } else {
                plain(n)
            }
        })
        .collect();
    let built = build(&text);
    assert!(!built.outcome.failed, "{:#?}", built.lines());
    assert!(built.lines_of("SRM405").is_empty(), "{:#?}", built.lines());

    let mut seen: BTreeMap<usize, std::collections::BTreeSet<&str>> = BTreeMap::new();
    // Wherever a mark occurs, the whole text follows.
    let mut look = |format: &'static str, place: &str, text: &str| {
        let mut at = 0;
        while let Some(found) = text[at..].find('q') {
            at += found;
            let rest = &text[at..];
            let digits: String = rest[1..].chars().take_while(char::is_ascii_digit).collect();
            at += 1;
            if digits.is_empty() || !rest[1 + digits.len()..].starts_with('q') {
                continue;
            }
            let n: usize = digits.parse().unwrap();
            assert!(
                rest.starts_with(&wanted[n]),
                "{format} {place}: {:?}\n  should be {:?}",
                rest.chars()
                    .take(wanted[n].chars().count() + 8)
                    .collect::<String>(),
                wanted[n]
            );
            seen.entry(n).or_default().insert(format);
        }
    };
    // The page of ways to embed shows HTML and Markdown as they are written.
    for path in built.files.keys().filter(|p| !p.starts_with("embed.")) {
        let text = || built.page(path);
        if path.ends_with(".html") {
            // The reader itself refuses bare `<`, `&` and broken attributes.
            let page = parse(text());
            look("html", path, &page.text());
            for element in page.all(&|_| true) {
                // Anchors are made from words, and have a test of their own.
                for (name, value) in &element.attrs {
                    if !["id", "href", "aria-labelledby"].contains(&name.as_str()) {
                        look("html", path, value);
                    }
                }
            }
        } else if path.ends_with(".md") {
            for table in markdown_tables(text()) {
                for cell in table.iter().flatten() {
                    look("twin", path, cell);
                }
            }
            for block in markdown_blocks(text()) {
                look("twin", path, &block);
            }
        } else if path.ends_with(".csv") {
            for field in csv(text()).iter().flatten() {
                look("csv", path, field);
            }
        } else if path == "data/responsibilities.json" {
            let data: serde_json::Value = serde_json::from_str(text()).unwrap();
            strings(&data, &mut |s| look("json", path, s));
        }
    }
    for n in 1..=LAST {
        let formats = seen.get(&n).cloned().unwrap_or_default();
        assert!(formats.contains("html"), "text {n} is shown on no page");
    }
    // What the data formats carry, they carry whole: nothing was lost.
    for n in [3, 4, 9, 11, 14, 20, 23, 24, 26, 33, 34] {
        let formats = &seen[&n];
        assert!(formats.contains("json"), "text {n} in JSON: {formats:?}");
        assert!(formats.contains("twin"), "text {n} in a twin: {formats:?}");
    }
    for n in [4, 11, 14, 20, 23, 24, 26, 27, 33, 34] {
        assert!(seen[&n].contains("csv") || n == 23, "text {n} in CSV");
    }
}

fn strings(value: &serde_json::Value, f: &mut dyn FnMut(&str)) {
    match value {
        serde_json::Value::String(s) => f(s),
        serde_json::Value::Array(list) => list.iter().for_each(|v| strings(v, f)),
        serde_json::Value::Object(map) => map.values().for_each(|v| strings(v, f)),
        _ => {}
    }
}

/// Headings, paragraphs and list items of a Markdown text as plain text.
fn markdown_blocks(text: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser};
    let mut blocks = vec![String::new()];
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Text(t) | Event::Code(t) => blocks.last_mut().unwrap().push_str(&t),
            Event::SoftBreak | Event::HardBreak => blocks.last_mut().unwrap().push(' '),
            Event::InlineHtml(html) if said_by_tag(&html) == "\n" => blocks.push(String::new()),
            Event::Html(html) => panic!("raw HTML in a twin: {html}"),
            Event::Start(tag) if !tag_is_inline(&tag) => blocks.push(String::new()),
            _ => {}
        }
    }
    blocks
}

fn tag_is_inline(tag: &pulldown_cmark::Tag<'_>) -> bool {
    use pulldown_cmark::Tag;
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Strikethrough
    )
}

#[test]
fn raw_html_in_author_markdown_is_text_in_every_format() {
    let script = "Go <script>alert(1)</script> <b onclick=\"x()\">now</b>.";
    let built = project(TWO_MODELS)
        .rows(&format!(
            "\
  - id: x
    label: X
    description: {q}
    notes: [{q}]
    models:
      all: {{responsible: customer, tasks: {{customer: [{q}]}}}}
",
            q = serde_json::to_string(script).unwrap()
        ))
        .builds_with(&["SRM210", "SRM405"]);
    assert!(!built.lines_of("SRM405").is_empty());
    for (path, _) in built.files.iter().filter(|(p, _)| p.ends_with(".html")) {
        let page = parse(built.page(path));
        assert!(
            page.all(&|e| e.tag == "script" && e.attr("src").is_none())
                .is_empty(),
            "{path}"
        );
        assert!(
            page.all(&|e| e.attr("onclick").is_some()).is_empty(),
            "{path}"
        );
    }
    let page = parse(built.page("models/saas.html"));
    assert!(page.by_id("x").unwrap().text().contains(script));
    // A twin may be rendered by anything; there it has to be text as well.
    let tables = markdown_tables(built.page("models/saas.md"));
    assert!(
        tables[1][1].iter().any(|c| c.contains(script)),
        "{:?}",
        tables[1][1]
    );
}

#[test]
fn bars_backslashes_and_line_ends_keep_the_twins_columns() {
    let tasks = [
        r"Use a | b.",
        r"Use a \| b.",
        r"Use `a|b` and `c\|d`.",
        r"Write to C:\dir\x.",
        r"End with a backslash \",
        "Two\nlines.",
        "A list:\n\n- one | two\n- three",
        r"**bold | text** and [a | b](https://example.com/?q=a|b).",
    ];
    let list: Vec<String> = tasks
        .iter()
        .map(|t| serde_json::to_string(t).unwrap())
        .collect();
    let built = project(TWO_MODELS)
        .rows(&format!(
            "\
  - id: x
    label: \"L | \\\\ | \\\\\\\\\"
    models:
      all: {{responsible: [customer, provider], tasks: {{customer: [{}], provider: [Last cell.]}}}}
",
            list.join(", ")
        ))
        .builds();
    let tables = markdown_tables(built.page("models/saas.md"));
    let cells = &tables[1][1];
    assert_eq!(cells.len(), 4);
    assert_eq!(
        cells[1].lines().next().map(str::trim_end),
        Some(r"L | \ | \\")
    );
    assert_eq!(cells[3], "• Last cell.", "{cells:?}");
    for words in [
        "• Use a | b.",
        "• Write to C:\\dir\\x.",
        "• End with a backslash \\",
        "bold | text and a | b.",
    ] {
        assert!(cells[2].contains(words), "{words} not in {:?}", cells[2]);
    }
    assert_eq!(cells[2].matches("Use a | b.").count(), 2, "{:?}", cells[2]);
    let texts: Vec<String> = csv_rows(&built, "x")
        .into_iter()
        .map(|r| r["task text"].clone())
        .collect();
    assert_eq!(texts[..tasks.len()], tasks);
}

/// A task is a text, whatever it begins with: none may vanish or become a
/// list, a heading, a rule or a definition.
#[test]
fn tasks_that_look_like_markdown_blocks_stay_texts() {
    let tasks = [
        ("1. Patch.", "1. Patch."),
        ("2024) Review.", "2024) Review."),
        ("- Dash.", "- Dash."),
        ("+ Plus.", "+ Plus."),
        ("* Star.", "* Star."),
        ("# Number sign.", "# Number sign."),
        ("> Quote.", "> Quote."),
        ("---", "---"),
        ("***", "***"),
        ("___", "___"),
        ("===", "==="),
        ("~~~", "~~~"),
        ("```", "```"),
        ("[SSO]: required", "[SSO]: required"),
        ("[^1]: A footnote.", "[^1]: A footnote."),
        ("| a | b |", "| a | b |"),
        (": colon", ": colon"),
        ("~~Old~~ new.", "Old new."),
        ("*Both* sides.", "Both sides."),
        ("[ ] Open.", "[ ] Open."),
    ];
    let list: Vec<String> = tasks
        .iter()
        .map(|(t, _)| serde_json::to_string(t).unwrap())
        .collect();
    let built = project(TWO_MODELS)
        .rows(&format!(
            "\
  - id: x
    label: X
    models:
      all: {{responsible: customer, tasks: {{customer: [{}]}}}}
",
            list.join(", ")
        ))
        .builds_with(&["SRM210", "SRM311", "SRM407"]);
    let page = parse(built.page("models/saas.html"));
    let items = page
        .by_id("x")
        .unwrap()
        .one("list", &|e| e.has_class("srm-tasks"));
    let shown: Vec<String> = items.elements().map(Element::text).collect();
    let wanted: Vec<&str> = tasks.iter().map(|(_, w)| *w).collect();
    assert_eq!(shown, wanted);
    for element in items.all(&|_| true) {
        let inline = ["li", "em", "del", "strong"].contains(&element.tag.as_str());
        assert!(inline, "<{}> in a task", element.tag);
    }
    assert_eq!(items.all(&|e| e.tag == "del").len(), 1);
}

#[test]
fn labels_that_look_like_markdown_blocks_stay_texts_in_twins() {
    let labels = [
        "1. One", "2) Two", "# Three", "- Four", "Five #", "+ Six", "> Seven", "Eight \\",
        "=== Nine", "~~~ Ten",
    ];
    for label in labels {
        let quoted = serde_json::to_string(label).unwrap();
        let built = build(&format!(
            "//- content/models/m.md\n---\nlabel: {quoted}\ncaptions: {{summary: {quoted}, detail: {quoted}}}\n---\n\
             //- content/categories/data.yaml\nlabel: {quoted}\nrows:\n{SHARED}"
        ));
        assert!(!built.outcome.failed, "{label}: {:?}", built.lines());
        use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
        for path in ["models/m.md", "categories/data.md"] {
            let text = built.page(path);
            let (mut headings, mut current) = (Vec::new(), None);
            let mut paragraphs = Vec::new();
            for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
                match event {
                    Event::Start(Tag::Heading { .. } | Tag::Paragraph) => {
                        current = Some(String::new())
                    }
                    Event::End(TagEnd::Heading(_)) => headings.push(current.take().unwrap()),
                    Event::End(TagEnd::Paragraph) => paragraphs.push(current.take().unwrap()),
                    Event::Text(t) => {
                        if let Some(current) = &mut current {
                            current.push_str(&t);
                        }
                    }
                    Event::Start(Tag::List(Some(_)) | Tag::BlockQuote(_) | Tag::CodeBlock(_))
                    | Event::Rule => {
                        panic!("{label:?} became a block in {path}:\n{text}")
                    }
                    _ => {}
                }
            }
            assert_eq!(headings[0], label, "the title of {path}");
            if path == "models/m.md" {
                assert_eq!(
                    paragraphs.iter().filter(|p| *p == label).count(),
                    2,
                    "captions: {text}"
                );
            }
        }
    }
}

#[test]
fn csv_guards_against_formulas_and_against_nothing_else() {
    let tasks = [
        "=1+1",
        "'=1+1",
        "'tis",
        "+49 30",
        "-5 degrees",
        "@home",
        "a=b",
        " padded ",
        "say \"hi\", twice",
        "two\r\nlines",
    ];
    let list: Vec<String> = tasks
        .iter()
        .map(|t| serde_json::to_string(t).unwrap())
        .collect();
    let built = project(TWO_MODELS)
        .rows(&format!(
            "\
  - id: x
    label: X
    models:
      all: {{responsible: customer, tasks: {{customer: [{}]}}}}
",
            list.join(", ")
        ))
        .builds_with(&["SRM210"]);
    let read: Vec<String> = csv_rows(&built, "x")
        .into_iter()
        .filter(|r| r["model"] == "SaaS")
        .map(|r| r["task text"].clone())
        .collect();
    assert_eq!(
        read,
        [
            "'=1+1",
            "''=1+1",
            "'tis",
            "'+49 30",
            "'-5 degrees",
            "'@home",
            "a=b",
            "padded",
            "say \"hi\", twice",
            "two\r\nlines"
        ]
    );
    let header = &csv(built.page("data/responsibilities.csv"))[0];
    assert_eq!(
        header.join(","),
        "model,category,row id,row label,party,badge,responsible,task number,task text,note,controls,version,effective date,model id,category id,party id,owner"
    );
}

#[test]
fn a_number_in_a_sentence_is_not_searched_for_in_escaped_text() {
    // An apostrophe is written `&#39;` in HTML.
    let row =
        |n| format!("  - {{id: r{n}, label: R, models: {{all: {{responsible: provider}}}}}}\n");
    let built = project(TWO_MODELS)
        .rows(&(1..=3).map(row).collect::<String>())
        .with(
            "themes/default/strings/en.toml",
            "answer-stays-many = \"The provider's {n} stay\"\n",
        )
        .build();
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    assert!(
        page.text().contains("The provider's 3 stay"),
        "{}",
        page.text()
    );
}

#[test]
fn html_to_copy_escapes_the_address_of_the_site() {
    let built = project(TWO_MODELS)
        .settings("[output.html]\nsite-url = \"https://example.com/a'b&copy/\"\n")
        .builds();
    let page = built.page("embed.md");
    for address in [
        "<srm-table src=\"https://example.com/a'b&copy/\"",
        "<a href=\"https://example.com/a'b&copy/models/saas.html\">",
        "src=\"https://example.com/a'b&copy/embed/summary-saas.html\"",
    ] {
        let escaped = address.replace('&', "&amp;").replace('\'', "&#39;");
        assert!(page.contains(&escaped), "{page}");
    }
}
