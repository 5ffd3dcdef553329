//! The examples of the CommonMark specification, each as a page of one site.
//! `tests/html/commonmark.mjs` compares what is on the pages with what the
//! specification says, and lists where they may differ.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use srm_site::text::decode;
use srm_site::text::links::{scheme, unescape};

use crate::harness::{Folder, build};

/// An example: the heading it is below, its Markdown, and its HTML.
struct Example {
    section: String,
    markdown: String,
    html: String,
}

fn examples(spec: &str) -> Vec<Example> {
    let fence = "`".repeat(32);
    let open = format!("{fence} example\n");
    let mut section = String::new();
    let mut all = Vec::new();
    let mut parts = spec.split(&open);
    let first = parts.next().unwrap_or_default();
    let heading = |text: &str| {
        let heading = text.lines().rfind(|line| line.starts_with("## "));
        heading.map(|line| line.trim_start_matches("## ").to_string())
    };
    section = heading(first).unwrap_or(section);
    for part in parts {
        let (example, after) = part.split_once(&format!("\n{fence}\n")).unwrap();
        let example = format!("\n{example}\n").replace('→', "\t");
        let (markdown, html) = example.split_once("\n.\n").unwrap();
        all.push(Example {
            section: section.clone(),
            markdown: format!("{markdown}\n")[1..].to_string(),
            html: html.to_string(),
        });
        section = heading(after).unwrap_or(section);
    }
    all
}

/// The files of the site that an example links to.
fn files_linked_to(html: &str, files: &mut BTreeSet<String>) {
    let starts = [" href=\"", " src=\""];
    let parts = starts.iter().flat_map(|start| html.split(start).skip(1));
    let written = parts.filter_map(|rest| Some(rest.split_once('"')?.0));
    let addresses = written.map(unescape);
    for address in addresses.filter(|address| scheme(address).is_none()) {
        let path = decode(address.split(['?', '#']).next().unwrap_or_default());
        // Browsers drop line ends.
        let path = path.replace('\n', "");
        let path = path.trim_start_matches("./").trim_start_matches('/');
        if !path.is_empty() {
            files.insert(path.to_string());
        }
    }
}

#[test]
#[ignore = "needs packages of tests/html; `scripts/test` installs them"]
fn the_examples_of_commonmark_are_read_as_it_says() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html");
    let spec = tests.join("node_modules/commonmark-spec/spec.txt");
    let examples = examples(&std::fs::read_to_string(spec).unwrap());
    let mut site = String::from(
        "//- book.toml\n[book]\ntitle = \"Test\"\nsrc = \"content\"\n\
         [output.html]\nsmart-punctuation = false\n[preprocessor.srm]\nraw-html = true\n",
    );
    let mut files = BTreeSet::new();
    for (at, example) in examples.iter().enumerate() {
        let (number, text) = (at + 1, &example.markdown);
        site.push_str(&format!(
            "//- content/example-{number}.md\n---\ntitle: Example\n---\n{text}"
        ));
        files_linked_to(&example.html, &mut files);
    }
    for file in &files {
        site.push_str(&format!("//- content/{file}\nWords.\n"));
    }
    // Links to schemes that are refused are errors, so the program would write nothing.
    let built = build(&site);
    let pages: Vec<Value> = examples
        .iter()
        .enumerate()
        .map(|(at, example)| {
            json!({
                "section": example.section,
                "markdown": example.markdown,
                "expected": example.html,
                "page": built.page(&format!("example-{}.html", at + 1)),
            })
        })
        .collect();
    let folder = Folder::new();
    folder.write("pages.json", json!(pages).to_string());
    let run = Command::new("node")
        .arg(tests.join("commonmark.mjs"))
        .arg(folder.join("pages.json"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&run.stderr)
    );
    // "651 of 652 examples are equal"
    let counts: Vec<&str> = said.split_whitespace().collect();
    let documented = format!("Of the {} examples", counts[2]);
    let equal = format!(", {} say on a page", counts[0]);
    let docs = include_str!("../../docs/source-format.md");
    assert!(
        docs.contains(&documented) && docs.contains(&equal),
        "{said}"
    );
}
