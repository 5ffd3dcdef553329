//! The preprocessor of mdBook: its protocol in both versions, and, where it is
//! installed, the real mdBook. `scripts/test readers` installs it and runs those tests;
//! elsewhere `MDBOOK` names the program, or it is on the PATH.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pulldown_cmark::{Options, Parser};
use serde_json::{Value, json};

use crate::harness::{Folder, Run};

/// The version that is tested, the same as in `scripts/test`.
const VERSION: &str = "0.5.4";

const SITE: &str = "\
//- model/book.toml
[book]
title = \"Test\"
src = \"content\"
//- model/content/models/saas.md
---
label: SaaS
order: 1
---
//- model/content/models/byoc.md
---
label: BYOC
order: 2
---
//- model/content/srm.yaml
schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
//- model/content/categories/data.yaml
label: Data
rows:
  - id: keys
    label: Keys | <locks>
    models:
      saas: {responsible: provider, tasks: {provider: [Keep {{them}} & see.]}}
      byoc: {responsible: [customer, provider], tasks: {customer: [Keep.], provider: [Help.]}}
";

fn folder() -> Folder {
    Folder::of(&SITE.replace("[Keep {{them}} & see.]", "[\"Keep {{them}} & see.\"]"))
}

fn chapter(name: &str, path: Value, content: &str, sub: Value) -> Value {
    json!({"Chapter": {"name": name, "content": content, "number": [1], "sub_items": sub,
        "path": path, "source_path": path, "parent_names": [], "own": {"key": 1}}})
}

fn send(folder: &Folder, input: &str) -> Run {
    send_with(folder, &[], input)
}

fn send_with(folder: &Folder, args: &[&str], input: &str) -> Run {
    let mut child = folder
        .command(&[&["mdbook", "--project", "model"], args].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // It may end before it has read all.
    let _ = pipe.write_all(input.as_bytes());
    drop(pipe);
    Run::of(child.wait_with_output().unwrap())
}

fn sent(renderer: &str, key: &str, list: Value) -> String {
    let context = json!({"root": "/x", "renderer": renderer, "mdbook_version": VERSION,
        "config": {"book": {"title": "T"}, "preprocessor": {"srm": {}}}});
    json!([context, {key: list, "__non_exhaustive": null}]).to_string()
}

#[test]
fn chapters_are_filled_and_the_rest_comes_back() {
    let folder = folder();
    for (renderer, key) in [
        ("html", "items"),
        ("html", "sections"),
        ("markdown", "items"),
    ] {
        let inner = chapter(
            "B",
            json!("b/b.md"),
            "{{#srm badge row=keys model=saas}}",
            json!([]),
        );
        let list = json!([
            chapter("A", json!("a.md"), "# A\n\n{{#srm totals}}\n\n日本", json!([inner])),
            {"PartTitle": "Part"},
            "Separator",
            chapter("Draft", Value::Null, "", json!([])),
        ]);
        let out = send(&folder, &sent(renderer, key, list.clone()));
        out.code(0);
        let book: Value = serde_json::from_str(&out.stdout).unwrap();
        let text = |value: &Value| value["content"].as_str().unwrap().to_string();
        let (first, second) = (
            &book[key][0]["Chapter"],
            &book[key][0]["Chapter"]["sub_items"][0]["Chapter"],
        );
        let (table, badge) = match renderer {
            "html" => (
                "<table class=\"srm-table\" data-kind=\"totals\">",
                "<span class=\"srm-badge\"",
            ),
            _ => ("| SaaS | 0 | 1 |", "**Provider (Vendor)**"),
        };
        assert!(text(first).contains(table), "{}", text(first));
        assert!(text(first).starts_with("# A\n\n") && text(first).ends_with("\n\n日本"));
        assert!(text(second).contains(badge), "{}", text(second));
        // Everything else is as it was sent.
        let mut same = book.clone();
        same[key][0]["Chapter"]["content"] = json!("# A\n\n{{#srm totals}}\n\n日本");
        same[key][0]["Chapter"]["sub_items"][0]["Chapter"]["content"] =
            json!("{{#srm badge row=keys model=saas}}");
        assert_eq!(same, json!({key: list, "__non_exhaustive": null}));
    }
}

#[test]
fn a_badge_within_a_sentence_or_a_cell_stays_text() {
    let nasty = SITE.replace("label: Vendor", "label: 'Cust|omer `x` *y* [z](w)'");
    let folder = Folder::of(&nasty.replace("[Keep {{them}} & see.]", "[\"Keep {{them}} & see.\"]"));
    let command = "{{#srm badge row=keys model=saas}}";
    let content = format!("Who? {command}!\n\n| A | B |\n| --- | --- |\n| {command} | b |\n");
    let list = json!([chapter("A", json!("a.md"), &content, json!([]))]);
    let out = send(&folder, &sent("html", "items", list));
    out.code(0);
    let book: Value = serde_json::from_str(&out.stdout).unwrap();
    let text = book["items"][0]["Chapter"]["content"].as_str().unwrap();
    let mut html = String::new();
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    pulldown_cmark::html::push_html(&mut html, parser);
    assert_eq!(
        html.matches("(Cust|omer `x` *y* [z](w))").count(),
        2,
        "{html}"
    );
    assert_eq!(
        html.matches("<span").count(),
        html.matches("</span>").count(),
        "{html}"
    );
    assert_eq!(html.matches("<td>").count(), 2, "{html}");
    for live in ["<code>", "<em>", "<a href=\"w\""] {
        assert!(!html.contains(live), "{live} in {html}");
    }
}

#[test]
fn commands_and_regions_stand_where_they_stood() {
    let folder = folder();
    let fill = |content: &str| {
        let list = json!([chapter("A", json!("a.md"), content, json!([]))]);
        let out = send(&folder, &sent("markdown", "items", list));
        out.code(0);
        let book: Value = serde_json::from_str(&out.stdout).unwrap();
        book["items"][0]["Chapter"]["content"]
            .as_str()
            .unwrap()
            .to_string()
    };
    let badge = "**Provider (Vendor)**";
    assert_eq!(
        fill("Who? {{#srm badge row=keys model=saas}}!"),
        format!("Who? {badge}!")
    );
    assert_eq!(
        fill("> {{#srm badge row=keys model=saas}}\n"),
        format!("> \n> {badge}\n>\n")
    );
    assert_eq!(
        fill("<!-- srm:begin badge row=keys model=saas -->\nold\n<!-- srm:end -->\n"),
        format!("<!-- srm:begin badge row=keys model=saas -->\n\n{badge}\n\n<!-- srm:end -->\n")
    );
    for text in [
        "`{{#srm totals}}`",
        "```\n{{#srm totals}}\n```",
        "\\{{#srm totals}}",
        "{{#srms totals}} {{#include x.md}} {{ srm }}",
        // Comments are not shown.
        "<!-- Later: {{#srm summry}} -->",
        "<!--\n{{#srm summry}}\n-->\n\nWords.",
        "Words <!-- {{#srm summry --> on.",
    ] {
        assert_eq!(fill(text), text);
    }
    assert_eq!(
        fill("<!-- x --> {{#srm badge row=keys model=saas}}"),
        format!("<!-- x --> {badge}")
    );
    // A table within a line stays in it.
    let line = fill("So {{#srm totals}}, see?");
    assert!(line.contains("| SaaS |") && !line.contains('\n'), "{line}");
    // What a table says is no command.
    let detail = fill("{{#srm detail model=saas}}");
    let task = "Keep &#123;<wbr />&#123;them&#125;&#125; & see.";
    assert!(detail.contains(task), "{detail}");
}

#[test]
fn links_lead_to_the_site_only_where_it_is_named() {
    let folder = folder();
    let toml = folder.read("model/book.toml");
    let url = "\n[output.html]\nsite-url = \"https://book.example/\"\n";
    folder.write("model/book.toml", toml + url);
    let content = "{{#srm matrix}}";
    let list = json!([chapter("A", json!("a.md"), content, json!([]))]);
    let input = sent("html", "items", list);
    let out = send(&folder, &input);
    out.code(0);
    assert!(!out.stdout.contains("href"), "{}", out.stdout);
    let out = send_with(&folder, &["-u", "https://site.example/"], &input);
    out.code(0);
    let link = "https://site.example/categories/data.html#keys";
    assert!(out.stdout.contains(link), "{}", out.stdout);
}

#[test]
fn faults_are_told_with_chapter_and_line() {
    let folder = folder();
    let list = json!([chapter(
        "A",
        json!("sub/a.md"),
        "# A\n\n{{#srm totls}}\n\n{{#srm badge",
        json!([])
    )]);
    let out = send(&folder, &sent("html", "items", list));
    out.code(1);
    assert_eq!(out.stdout, "");
    for part in [
        "src/sub/a.md:3:8",
        "did you mean `totals`?",
        "src/sub/a.md:5:1",
        "not closed",
    ] {
        assert!(out.stderr.contains(part), "{part}: {}", out.stderr);
    }
    // Where the chapters are is as the book has it; one without a file has its
    // name, one that was moved by another preprocessor the place it came from.
    let bad = "{{#srm totls}}";
    let mut moved = chapter("B", json!("new.md"), bad, json!([]));
    moved["Chapter"]["source_path"] = json!("old.md");
    let list = json!([moved, chapter("Made up", Value::Null, bad, json!([]))]);
    let mut book: Value = serde_json::from_str(&sent("html", "items", list)).unwrap();
    book[0]["config"]["book"]["src"] = json!("text");
    let out = send(&folder, &book.to_string());
    out.code(1);
    for part in ["text/old.md:1:8", "Made up:1:8"] {
        assert!(out.stderr.contains(part), "{part}: {}", out.stderr);
    }
    for input in [
        "",
        "{}",
        "[]",
        "[1,2]",
        "[{\"renderer\":\"html\"},{}]",
        "[{},{\"items\":[]}]",
    ] {
        let out = send(&folder, input);
        out.code(2);
        assert_eq!(out.stdout, "");
        assert!(
            out.stderr.contains("not what mdBook sends"),
            "{input}: {}",
            out.stderr
        );
    }
    for renderer in ["html", "markdown", "anything"] {
        let run = folder.run(&["mdbook", "supports", renderer]);
        run.code(0);
        assert_eq!(run.stdout, "");
    }
}

/// The real mdBook.
fn program() -> PathBuf {
    let named = std::env::var_os("MDBOOK").map(PathBuf::from);
    let ours = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tools/bin/mdbook");
    let known = [named, Some(ours), Some(PathBuf::from("mdbook"))];
    let works = |path: &PathBuf| {
        let output = Command::new(path).arg("--version").output();
        output.is_ok_and(|o| String::from_utf8_lossy(&o.stdout).contains(VERSION))
    };
    known.into_iter().flatten().find(works).unwrap_or_else(|| {
        panic!(
            "there is no mdBook {VERSION}: `scripts/test readers` installs it; elsewhere \
             `cargo install mdbook --version {VERSION} --locked`, or name it with MDBOOK"
        )
    })
}

/// A book beside the data, with all there is in its chapters.
fn book() -> Folder {
    let folder = folder();
    let own = env!("CARGO_BIN_EXE_srm-site");
    folder.write(
        "book/book.toml",
        format!(
            "[book]\ntitle = \"Handbook\"\n\n[build]\nextra-watch-dirs = [\"../model\"]\n\n\
             [preprocessor.srm]\ncommand = \"'{own}' mdbook --project ../model\"\n\n\
             [output.html]\n\n[output.markdown]\n"
        ),
    );
    folder.write(
        "book/src/SUMMARY.md",
        "# Summary\n\n- [A](a.md)\n  - [B](b.md)\n- [Draft]()\n",
    );
    folder.write(
        "book/src/a.md",
        "# A\n\n{{#srm detail model=saas}}\n\nBadge: {{#srm badge row=keys model=byoc}}.\n\n\
         > {{#srm totals}}\n\n```md\n{{#srm totals}}\n```\n",
    );
    folder.write(
        "book/src/b.md",
        "# B\n\n<!-- srm:begin checklist model=byoc -->\n<!-- srm:end -->\n",
    );
    folder
}

fn mdbook(folder: &Folder, args: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(args).current_dir(folder.join("book"));
    command
}

#[test]
#[ignore = "needs mdBook; `scripts/test readers` installs it"]
fn a_real_book_is_built() {
    let folder = book();
    let out = Run::of(mdbook(&folder, &["build"]).output().unwrap());
    out.code(0);
    assert!(!out.stderr.contains("WARN"), "{}", out.stderr);
    let html = folder.read("book/book/html/a.html");
    assert!(html.contains("Keys | &lt;locks&gt;"), "{html}");
    let task = "<li>Keep {<wbr />{them}} &amp; see.</li>";
    assert!(html.contains(task), "{html}");
    assert!(html.contains("data-kind=\"totals\""), "{html}");
    assert!(html.contains("{{#srm totals}}"), "code is text: {html}");
    // The badge stands in its sentence, no tag became text.
    assert!(
        html.contains("<p>Badge: <span class=\"srm-badge\" data-owner=\"shared\""),
        "{html}"
    );
    assert!(!html.contains("&lt;t"), "{html}");
    assert!(folder.read("book/book/html/b.html").contains("Keep."));
    let markdown = folder.read("book/book/markdown/a.md");
    assert!(
        markdown.contains("| Data | Keys &#124; &lt;locks>"),
        "{markdown}"
    );
    // A fault fails the build, with its place.
    folder.write("book/src/b.md", "# B\n\n{{#srm nothing}}\n");
    let out = Run::of(mdbook(&folder, &["build"]).output().unwrap());
    assert_ne!(out.code, Some(0));
    assert!(out.stderr.contains("b.md:3:8"), "{}", out.stderr);
}

/// A label is the text of another author: it neither includes files nor ends the
/// sentence, whichever preprocessor comes first.
#[test]
#[ignore = "needs mdBook; `scripts/test readers` installs it"]
fn labels_stay_text_in_a_real_book() {
    let label = "K {{#include ../../secret.md}} {{#title t}} | `x` *y* _z_ <b>";
    for order in ["before = [\"links\"]", "after = [\"links\"]"] {
        let folder = book();
        folder.write("book/secret.md", "root:x:0");
        folder.write("secret.md", "root:x:0");
        let data = "model/content/categories/data.yaml";
        let quoted = format!("label: '{label}'");
        folder.write(
            data,
            folder.read(data).replace("label: Keys | <locks>", &quoted),
        );
        let parties = "model/content/srm.yaml";
        folder.write(
            parties,
            folder.read(parties).replace("label: Customer", &quoted),
        );
        let toml = folder.read("book/book.toml");
        let command = "[preprocessor.srm]\n";
        folder.write(
            "book/book.toml",
            toml.replace(command, &format!("{command}{order}\n")),
        );
        folder.write(
            "book/src/a.md",
            "# A\n\n{{#srm detail}}\n\n{{#srm checklist}}\n",
        );
        folder.write(
            "book/src/b.md",
            "| Who | What |\n| --- | --- |\n| {{#srm badge row=keys model=byoc}} | c |\n\n\
             Said: {{#srm badge row=keys model=byoc}}.\n",
        );
        let out = Run::of(mdbook(&folder, &["build"]).output().unwrap());
        out.code(0);
        let mut said = String::new();
        for page in [
            "html/a.html",
            "html/b.html",
            "markdown/a.md",
            "markdown/b.md",
        ] {
            let text = folder.read(&format!("book/book/{page}"));
            assert!(!text.contains("root:x:0"), "{order}: {page}");
            assert!(!text.contains("{{#"), "{order}: {page}");
            said.push_str(&text);
        }
        let whole =
            "K {<wbr />{#include ../../secret.md}} {<wbr />{#title t}} | `x` *y* _z_ &lt;b&gt;";
        let all = said.replace("&#x7B;", "{").matches(whole).count();
        assert!(all >= 4, "{order}: {all} times in {said}");
        let row = said
            .lines()
            .find(|line| line.contains("<td><span"))
            .unwrap();
        assert!(row.contains("</span></td><td>c</td>"), "{row}");
    }
}

/// Ends the program with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs mdBook; `scripts/test readers` installs it"]
fn a_served_book_follows_the_data() {
    let folder = book();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let port_text = port.to_string();
    let child = mdbook(&folder, &["serve", "-n", "127.0.0.1", "-p", &port_text])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _child = Ended(child);
    let until = |part: &str| {
        let started = Instant::now();
        loop {
            let mut text = String::new();
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
                let request =
                    "GET /a.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
                let _ = stream.write_all(request.as_bytes());
                let _ = stream.read_to_string(&mut text);
            }
            if text.contains(part) {
                return;
            }
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "no {part} in {text}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    until("Keep {<wbr />{them}} &amp; see.");
    let data = "model/content/categories/data.yaml";
    folder.write(data, folder.read(data).replace("& see.", "& look."));
    until("Keep {<wbr />{them}} &amp; look.");
}
