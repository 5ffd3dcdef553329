//! No text of an author becomes live markup.

use crate::harness::inert::all_inert;
use crate::harness::projects::{ONE_MODEL, project};
use crate::harness::{build, said_by_tag};

/// Texts that try to get out of where they are put.
const BREAKERS: [&str; 12] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "`onmouseover=alert(1)",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "{{ site }}{% raw %}<script>alert(1)</script>",
    "&lt;script&gt;&#60;script&#62;alert(1)",
];

#[test]
fn no_yaml_text_becomes_live() {
    for (n, breaker) in BREAKERS.iter().enumerate() {
        let t = serde_json::to_string(breaker).unwrap();
        let fixture = format!(
            "//- book.toml
[book]
title = {t}
description = {t}
authors = [{t}]
language = \"en\"
src = \"content\"
[output.html]
site-url = \"https://example.com/\"
//- content/srm.yaml
schema: 1
document:
  title: {t}
  version: {t}
  effective: 2020-01-01
  contact: {t}
  source: {{label: {t}, url: {t}}}
  catch-all: {{text: {t}, party: customer}}
  precedence: {t}
parties:
  - {{id: customer, kind: customer, label: {t}, second-person: {t}, description: {t}}}
  - {{id: provider, kind: provider, label: {t}, description: {t}}}
  - {{id: other, kind: third-party, label: {t}}}
frameworks:
  - {{id: soc2, label: {t}, url: {t}}}
acknowledge: {{SRM311: {t}}}
//- content/models/saas.md
---
label: {t}
description: {t}
parties: {{provider: {t}}}
captions: {{summary: {t}, detail: {t}}}
acknowledge: {{SRM312: {t}}}
---
Text.
//- content/models/byoc.md
---
label: {t}
---
//- content/page.md
---
title: {t}
description: {t}
---
Text.
//- content/categories/data.yaml
label: {t}
labels: {{saas: {t}}}
description: {t}
rows:
  - id: one
    label: {t}
    labels: {{byoc: {t}}}
    description: {t}
    notes: [{t}]
    controls: {{soc2: [{t}]}}
    models:
      saas:
        responsible: [customer, other]
        tasks: {{customer: [{t}, {{text: {t}, controls: {{soc2: {t}}}}}]}}
        summary: {{customer: {t}}}
        scope: {{customer: {t}}}
        conditional: {{provider: {t}}}
        accountable: customer
        consulted: [provider]
        cadence: {t}
        notes: [{t}]
        acknowledge: {{SRM205: {t}, SRM202: {t}}}
      byoc:
        state: not-applicable
        reason: {t}
  - id: two
    label: {t}
    only-in: {{models: [saas], reason: {t}}}
    models:
      saas: {{responsible: other}}
"
        );
        let site = build(&fixture);
        let syntax = ["SRM003", "SRM009", "SRM006", "SRM007", "SRM008"];
        for code in syntax {
            assert_eq!(site.lines_of(code), [""; 0], "breaker {n}");
        }
        all_inert(&site);
        // The text is still there, as text.
        if n == 0 {
            let page = site.page("categories/data.html");
            assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        }
        for (path, bytes) in &site.files {
            if path.ends_with(".json") {
                serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
            }
        }
    }
}

#[test]
fn no_markdown_text_becomes_live() {
    let tricks = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<div\n\nonclick=alert(1)>",
        "<p <script>alert(1)</script>",
        "<style>body{}</style>",
        "<iframe srcdoc=\"<script>\">",
        "<!-- --><script>alert(1)</script>",
        "<!--><script>alert(1)</script>-->",
        "<!---><script>alert(1)</script>-->",
        "<!-- a --!><script>alert(1)</script>-->",
        "<?php <script> ?>",
        "<![CDATA[<script>]]>",
        "<br onclick=alert(1)>",
        "<br><script>alert(1)</script>",
        "# <script>alert(1)</script>",
        "## T {#a\"onclick=\"b}",
        "## T {#<script> .<b> onclick=alert(1)}",
        "## \"><img src=x onerror=alert(1)>",
        "```\"><script>\nx\n```",
        "```html\n<script>alert(1)</script>\n```",
        "`<script>`",
        "![\" onerror=\"alert(1)](x.png)",
        "![x](x.png \"\\\" onerror=alert(1) x=\\\"\")",
        "[x](https://a/\"onclick=\"alert(1))",
        "[x](<https://a/\"onclick=\"alert(1)>)",
        "[x](https://a \"\\\"onclick=alert(1)\")",
        "<https://a/\"onclick=alert(1)>",
        "[x]\n\n[x]: https://a/'\"><script>",
        "| <script> |\n|---|\n| <img src=x onerror=alert(1)> |",
        "[^<script>]\n\n[^<script>]: <img src=x onerror=alert(1)>",
        "> [!NOTE]\n> <script>alert(1)</script>",
        "Term <b onclick=x>\n: <script>",
        "- [x] <script>alert(1)</script>",
        "&lt;script&gt;",
        "<textarea><script>alert(1)</script>",
        "<a\u{c}onclick=alert(1)>",
    ];
    for trick in tricks {
        let quoted = serde_json::to_string(trick).unwrap();
        let site = build(&format!(
            "{ONE_MODEL}//- content/page.md\n# Page\n\n{trick}\n//- content/models/byoc.md\n---\nlabel: B\n---\n{trick}\n\
             //- content/categories/more.yaml\nlabel: M\ndescription: {quoted}\nrows:\n  - id: r\n    label: R\n    notes: [{quoted}]\n    models: {{all: {{responsible: customer, tasks: {{customer: [{quoted}]}}}}}}\n"
        ));
        all_inert(&site);
    }
}

#[test]
fn raw_html_of_an_author_is_live_only_when_asked_for() {
    let page = "# Page\n\n<p class=\"own\">Own <b>markup</b></p>\n";
    let written = project(ONE_MODEL).page("page.md", page);
    let site = written.clone().builds_with(&["SRM405"]);
    assert!(!site.page("page.html").contains("<p class=\"own\">"));
    let asked = written.settings("[preprocessor.srm]\nraw-html = true\n");
    assert!(
        asked
            .builds()
            .page("page.html")
            .contains("<p class=\"own\">Own <b>markup</b></p>")
    );
}

#[test]
fn markdown_twins_hold_no_live_html_either() {
    // A twin is Markdown that others render, most of them with raw HTML on.
    for breaker in BREAKERS {
        let t = serde_json::to_string(breaker).unwrap();
        let site = build(&format!(
            "{ONE_MODEL}//- content/categories/more.yaml\nlabel: {t}\ndescription: {t}\nrows:\n  - id: r\n    label: {t}\n    notes: [{t}]\n    models: {{saas: {{responsible: customer, tasks: {{customer: [{t}]}}, summary: {{customer: {t}}}}}}}\n"
        ));
        for (path, bytes) in &site.files {
            if !path.ends_with(".md") {
                continue;
            }
            let text = std::str::from_utf8(bytes).unwrap();
            let options = pulldown_cmark::Options::ENABLE_TABLES;
            for event in pulldown_cmark::Parser::new_ext(text, options) {
                match event {
                    pulldown_cmark::Event::Html(html) => panic!("{path}: live HTML: {html}"),
                    pulldown_cmark::Event::InlineHtml(html) => drop(said_by_tag(&html)),
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn ids_and_anchors_cannot_break_out() {
    for id in [
        "a\"b", "a b", "a<b", "a'b", "a/b", "../a", "a\\b", "a\u{1b}b", "con", "a#b", ".a", "-a",
    ] {
        let quoted = serde_json::to_string(id).unwrap();
        let site = build(&format!(
            "//- content/srm.yaml\nschema: 1\nparties:\n  - {{id: customer, kind: customer, label: C}}\n  - {{id: {quoted}, kind: provider, label: P}}\n\
             //- content/models/saas.md\n---\nlabel: S\n---\n//- content/categories/data.yaml\nlabel: D\nrows:\n  - {{id: {quoted}, label: L, models: {{saas: {{responsible: customer}}}}}}\n"
        ));
        assert_eq!(
            site.lines_of("SRM101").len(),
            2,
            "{id}: {:#?}",
            site.lines()
        );
        assert!(site.outcome.failed);
        all_inert(&site);
    }
    let headings = "# Page\n\n## One {#srm-main}\n\n## Two {#keys}\n\n## Keys\n\n## Keys\n";
    let site = project(ONE_MODEL).page("page.md", headings).build();
    assert_eq!(site.lines_of("SRM101").len(), 1);
    assert_eq!(site.lines_of("SRM102"), [""; 0]);
    // A row keeps its anchor wherever it is shown, so no heading takes it.
    let page = site.page("page.html");
    for (id, there) in [
        ("srm-main", 1),
        ("keys", 0),
        ("keys-1", 1),
        ("keys-2", 1),
        ("keys-3", 1),
    ] {
        let found = page.matches(&format!(" id=\"{id}\"")).count();
        assert_eq!(found, there, "{id}: {page}");
    }
}
