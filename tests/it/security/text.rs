//! Text of an author in other tools: it stays text there. These tests read what
//! is written with the least that all readers of Markdown and of HTML have in
//! common; `tests/html/formats.mjs` and `tests/it/mdbook.rs` ask real ones.

use std::io::Write;
use std::process::Stdio;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::harness::{Folder, Run};

/// What means something to some tool that documents are made with.
const HOSTILE: &[&str] = &[
    // HTML, where a backslash is no escape.
    "Keys <img src=x onerror=\"document.title='OWNED'\">",
    "Answer <tenant> in ~10 minutes or ~20, not 10~20~30.",
    "<script>alert(1)</script> <!-- x --> <!-- srm:end -->",
    "&lt;b&gt; &amp; &#65; R&D",
    // Vue, Liquid, Jinja, Hugo, mdBook, MDX, attribute lists, kramdown.
    "K {{ ''.constructor.constructor('return process.env.SECRET')() }}",
    "K {{#include /etc/passwd}} {{{{#title x}}}}",
    "Set {{ .Values.tls.enabled }} to true.",
    "Keep {% if prod %} blocks. {% raw %} {# x #}",
    "{{< x >}} {{% note %}} ${e}",
    "x {onmouseover=alert(1)}",
    "x {: .x onclick=\"alert(1)\"} {::nomarkdown}",
    "ends with {",
    // Marks of Markdown.
    "Cust|omer `x` and ``two ` ticks``",
    "*a* _b_ __c__ a_b [d](https://e.example) ![f](g) [[h]] ~~i~~ ^j^ $k$ @l",
    "C:\\dir\\new \\| \\* end\\",
    "# heading",
    "- dash",
    "1. one",
    "(a) letter",
    "===",
    ": definition",
    "!!! note",
    "import x from 'y'",
    "https://a.example/*x*/{id}?q=a_b&lt=2 www.a.example/<y>",
];

/// Backslashes before these are known to every Markdown.
const ESCAPED: &str = "\\`*_{}[]()>#+-.!";

/// The same text in every field that has one. Where Markdown is read, it is
/// written so that it means itself.
fn project(text: &str) -> String {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let marked: String = text
        .chars()
        .flat_map(|c| [Some('\\').filter(|_| c.is_ascii_punctuation()), Some(c)])
        .flatten()
        .collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let code = quoted(&format!("Run {fence} {text} {fence} now"));
    let (text, marked) = (quoted(text), quoted(&marked));
    format!(
        "//- book.toml\n[book]\ntitle = \"Test\"\nsrc = \"content\"\n\
         [output.html]\nsite-url = \"https://docs.example.com/\"\n\
         //- content/srm.yaml\nschema: 1\nparties:\n\
         \x20 - {{id: customer, kind: customer, label: {text}}}\n\
         \x20 - {{id: provider, kind: provider, label: Vendor}}\n\
         frameworks:\n  - {{id: soc2, label: {text}}}\n\
         roles:\n  V: {{id: verifies, label: {text}}}\n  approves: {{label: {text}}}\n\
         //- content/models/saas.md\n---\nlabel: {text}\norder: 1\n---\n\
         //- content/models/byoc.md\n---\nlabel: BYOC\norder: 2\n---\n\
         //- content/categories/data.yaml\nlabel: {text}\ndescription: {marked}\nrows:\n\
         \x20 - id: keys\n    label: {text}\n    description: {marked}\n    notes: [{marked}, {code}]\n\
         \x20   controls: {{soc2: CC6.1}}\n    models:\n\
         \x20     saas:\n        roles: {{customer: R, provider: R V approves}}\n\
         \x20       summary: {{customer: {marked}}}\n\
         \x20       tasks: {{customer: [{marked}, {code}], provider: [Help.]}}\n\
         \x20     byoc: {{state: not-applicable, reason: {marked}}}\n"
    )
}

const REQUESTS: &[&str] = &[
    "summary model=saas",
    "detail model=saas",
    "category",
    "matrix",
    "compare",
    "tasks",
    "checklist model=saas",
    "totals",
    "raci model=saas",
    "badge row=keys model=saas",
];

fn folder(text: &str) -> Folder {
    Folder::of(&project(text))
}

#[track_caller]
fn table(folder: &Folder, request: &str, format: &str) -> String {
    let mut args = vec!["table"];
    args.extend(request.split(' '));
    args.extend(["--format", format]);
    let run = folder.run(&args);
    run.code(0);
    run.stdout
}

/// What stands in the regions of documents, by request.
struct Filled {
    hostile: &'static str,
    markdown: Vec<(&'static str, String)>,
    mdx: Vec<(&'static str, String)>,
    html: Vec<(&'static str, String)>,
}

/// Every request with every text, in the three languages that know tags.
fn all() -> &'static [Filled] {
    static ALL: LazyLock<Vec<Filled>> =
        LazyLock::new(|| HOSTILE.iter().map(|hostile| filled(hostile)).collect());
    &ALL
}

fn filled(hostile: &'static str) -> Filled {
    let folder = folder(hostile);
    let comments = [
        ("a.md", "<!-- ", " -->"),
        ("a.mdx", "{/* ", " */}"),
        ("a.html", "<!-- ", " -->"),
    ];
    for (name, open, close) in comments {
        let region =
            |request| format!("{open}srm:begin {request}{close}\n{open}srm:end{close}\n\n");
        let text: String = REQUESTS.iter().map(region).collect();
        folder.write(name, text);
    }
    folder.run(&["embed", "a.md", "a.mdx", "a.html"]).code(0);
    let regions = |name: &str, close: &str| -> Vec<(&'static str, String)> {
        let text = folder.read(name);
        let body = |part: &str| {
            let lines: Vec<&str> = part.lines().skip(1).collect();
            let end = lines.iter().position(|line| line.contains("srm:end sum="));
            lines[..end.unwrap()]
                .join("\n")
                .trim_matches('\n')
                .to_string()
        };
        let parts: Vec<String> = text.split("srm:begin ").skip(1).map(body).collect();
        assert_eq!(parts.len(), REQUESTS.len(), "{close}: {text}");
        REQUESTS.iter().copied().zip(parts).collect()
    };
    let [markdown, mdx, html] = comments.map(|(name, _, close)| regions(name, close));
    Filled {
        hostile,
        markdown,
        mdx,
        html,
    }
}

/// What a text says once its references are decoded, as HTML has them.
fn decoded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest[1..].split(';').next().unwrap();
        let number = name.strip_prefix('#').and_then(|n| n.parse().ok());
        let c = match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            _ => number.and_then(char::from_u32),
        };
        out.push(c.unwrap_or('&'));
        rest = &rest[c.map_or(1, |_| name.len() + 2)..];
    }
    out + rest
}

/// A table of Markdown as any reader takes it: our few tags, backslashes where
/// all know them, references. Fails where something is left that one of them
/// could act on.
#[track_caller]
fn said_in_markdown(text: &str) -> String {
    let mut plain = text.replace("<br />", "\n").replace("<wbr />", "");
    for tag in ["<code>", "</code>", "**"] {
        plain = plain.replace(tag, "");
    }
    let bars: Vec<usize> = text
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| line.matches('|').count())
        .collect();
    assert!(
        bars.windows(2).all(|two| two[0] == two[1]) || text.contains("\n\n|"),
        "{text}"
    );
    let mut out = String::new();
    let mut chars = plain.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next().unwrap();
                assert!(ESCAPED.contains(next), "\\{next} in {text}");
                out.push(next);
            }
            '<' | '{' | '}' => panic!("a live {c} in {text}"),
            c => out.push(c),
        }
    }
    decoded(&out)
}

#[test]
fn a_markdown_without_our_backslashes_shows_every_word() {
    for Filled {
        hostile,
        markdown,
        mdx,
        ..
    } in all()
    {
        for (request, text) in markdown.iter().chain(mdx) {
            let said = said_in_markdown(text);
            let whole = said.contains(hostile) || *request == "totals";
            assert!(whole, "{hostile} in {request}:\n{text}\n{said}");
            // Code spans hold nothing that could be read in two ways.
            for code in text.split('`').skip(1).step_by(2) {
                assert!(!code.contains(['|', '\n']), "{code} in {text}");
            }
        }
    }
}

#[test]
fn a_label_is_no_html_where_a_backslash_is_none() {
    let folder = folder(HOSTILE[0]);
    folder.write(
        "index.md",
        "<!-- srm:begin detail model=saas category=data -->\n<!-- srm:end -->\n",
    );
    folder.run(&["embed", "index.md"]).code(0);
    let text = folder.read("index.md");
    assert!(!text.contains("<img"), "{text}");
    assert!(text.contains("Keys &lt;img src=x"), "{text}");
}

#[test]
fn braces_open_nothing_in_any_format_of_a_markdown_document() {
    for hostile in HOSTILE.iter().filter(|text| text.contains('{')) {
        let folder = folder(hostile);
        for format in [
            "md", "html", "mdx", "adoc", "rst", "csv", "tsv", "json", "latex",
        ] {
            let mut document = String::new();
            for request in REQUESTS {
                document.push_str(&format!(
                    "<!-- srm:begin {request} format={format} -->\n<!-- srm:end -->\n\n"
                ));
            }
            folder.write("a.md", document);
            folder.run(&["embed", "a.md"]).code(0);
            let text = folder.read("a.md");
            for open in ["{{", "{%", "{#"] {
                assert!(!text.contains(open), "{open} in {format}:\n{text}");
            }
            // Decoded by the reader, they still do not stand side by side.
            if format == "md" || format == "html" {
                assert!(!text.contains("&#123;&#123;"), "{text}");
                assert!(!text.contains(['{', '}']), "{text}");
            }
        }
    }
}

#[test]
fn one_text_is_markdown_and_mdx() {
    for Filled { markdown, mdx, .. } in all() {
        assert_eq!(markdown, mdx);
        for (_, text) in markdown {
            // Such tags stop the compiler.
            assert!(!text.contains("<br>"), "{text}");
            let begins = |line: &str| line.starts_with("import ") || line.starts_with("export ");
            assert!(!text.lines().any(begins), "{text}");
        }
    }
}

#[test]
fn html_for_other_documents_is_inert_in_markdown_and_templates() {
    for Filled { hostile, html, .. } in all() {
        for (request, html) in html {
            assert!(
                !html.contains(['{', '}', '|', '`', '*']),
                "{request}: {html}"
            );
            assert!(!html.contains("&#123;&#123;"), "{request}: {html}");
            // An empty line would end the block of HTML.
            let blank = html.trim_end().lines().find(|line| line.trim().is_empty());
            assert_eq!(blank, None, "{request}: {html}");
            let mut said = String::new();
            for (at, part) in html.replace("<wbr />", "").split('<').enumerate() {
                let words = part.split_once('>').filter(|_| at > 0);
                said.push_str(words.map_or(part, |(_, words)| words));
            }
            let whole = decoded(&said).contains(hostile) || *request == "totals";
            assert!(whole, "{hostile} in {request}:\n{html}");
            for tag in ["<script", "<img", "<tenant", "<y"] {
                assert!(!html.contains(tag), "{tag} in {request}: {html}");
            }
        }
    }
}

#[test]
fn blank_lines_in_a_text_end_no_block_of_html() {
    let task = "First.\n\n```\none\n\n   \n\t\nfour\n```\n\nLast.";
    let text = project("Keys").replace("Help.", &serde_json::to_string(task).unwrap());
    let folder = Folder::of(&text);
    let html = table(&folder, "detail model=saas", "html");
    assert!(html.contains("four"), "{html}");
    let blank = html.trim_end().lines().find(|line| line.trim().is_empty());
    assert_eq!(blank, None, "{html}");
}

/// Sends a chapter through the preprocessor.
#[track_caller]
fn chapter(folder: &Folder, renderer: &str, content: &str) -> String {
    let chapter = json!({"Chapter": {"name": "A", "content": content, "number": [1],
        "sub_items": [], "path": "a.md", "source_path": "a.md", "parent_names": []}});
    let context = json!({"root": "/x", "renderer": renderer, "mdbook_version": "0.5.4",
        "config": {"book": {"title": "T"}, "preprocessor": {"srm": {}}}});
    let mut child = folder
        .command(&["mdbook"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let sent = json!([context, {"items": [chapter]}]).to_string();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(sent.as_bytes())
        .unwrap();
    let run = Run::of(child.wait_with_output().unwrap());
    run.code(0);
    let book: Value = serde_json::from_str(&run.stdout).unwrap();
    let content = &book["items"][0]["Chapter"]["content"];
    content.as_str().unwrap().to_string()
}

#[test]
fn a_label_includes_no_file_into_an_mdbook() {
    // Whichever preprocessor comes first: what follows finds nothing to act on.
    for hostile in HOSTILE.iter().filter(|text| text.contains("{{")) {
        let folder = folder(hostile);
        for renderer in ["html", "markdown"] {
            for request in REQUESTS {
                for format in ["", " format=csv", " format=json"] {
                    let text = chapter(
                        &folder,
                        renderer,
                        &format!("{{{{#srm {request}{format}}}}}"),
                    );
                    assert!(!text.contains("{{"), "{request}: {text}");
                }
            }
        }
    }
}

#[test]
fn a_badge_in_a_sentence_stays_in_it() {
    for hostile in HOSTILE {
        let folder = folder(hostile);
        let row = "| Who? {{#srm badge row=keys model=saas}} | b |";
        let badge = chapter(&folder, "html", row);
        let inner = badge.strip_prefix("| Who? ").unwrap();
        let inner = inner.strip_suffix(" | b |").unwrap();
        assert!(
            !inner.contains(['`', '|', '*', '[', ']', '\\', '\n', '{', '}']),
            "{badge}"
        );
        let stripped = inner.replace("a_b", "");
        assert!(!stripped.contains('_'), "{badge}");
        assert!(
            !badge.contains("<img") && !badge.contains("<script"),
            "{badge}"
        );
    }
}

#[test]
fn a_command_in_a_comment_is_not_carried_out() {
    let folder = folder("Keys");
    let text =
        "<!-- later: {{#srm summry}} -->\n\nA <!-- x --> {{#srm badge row=keys model=saas}}\n";
    let filled = chapter(&folder, "html", text);
    assert!(
        filled.starts_with("<!-- later: {{#srm summry}} -->\n\nA <!-- x --> <span"),
        "{filled}"
    );
}

#[test]
fn twins_are_read_by_others_as_well() {
    for hostile in HOSTILE {
        let folder = folder(hostile);
        let run = folder.run(&["build", "--quiet"]);
        assert_ne!(run.code, Some(2), "{}", run.stderr);
        let text = folder.read("book/models/saas.md");
        for line in text.lines().filter(|line| line.starts_with('|')) {
            said_in_markdown(line);
        }
        assert!(said_in_markdown(&text).contains(hostile), "{text}");
    }
}

/// Only the second of two could be the end of something.
#[test]
fn marks_of_pairs_stay_as_they_are_where_they_are_alone() {
    let folder = folder("2^10 bytes, x^2");
    let markdown = table(&folder, "matrix", "md");
    assert!(markdown.contains("[2^10 bytes, x&#94;2]("), "{markdown}");
    // A bare address stays a link where no link is around it.
    let address = "See https://a.example/x_y?z=1&w=2.";
    let folder = Folder::of(&project("Keys").replace("Help.", address));
    let markdown = table(&folder, "detail model=saas", "md");
    assert!(markdown.contains(address), "{markdown}");
}

/// What every reader leaves alone stays as it was typed.
#[test]
fn ordinary_text_is_written_as_it_is() {
    for text in [
        "A & B, R&D; C",
        "about ~10 minutes (~20 at night)",
        "a = b, a == b, a -> b",
        "snake_case_name and a_b",
        "costs $5 (or $6)",
        "mail a@b.example or call",
        "50 % + 1, #3, 1.5 TB: yes - no!",
        "\"quoted\" 'single' (brackets) a/b; c?",
        "-5 apples",
        "important: exports",
        "保存データの暗号化（鍵）",
    ] {
        let folder = folder(text);
        for request in ["detail model=saas", "checklist model=saas"] {
            let markdown = table(&folder, request, "md");
            assert!(markdown.contains(text), "{text} in {markdown}");
            assert!(!markdown.contains("&#"), "{text} in {markdown}");
        }
    }
}
