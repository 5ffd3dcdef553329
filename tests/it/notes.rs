//! Footnotes, of pages and of texts in the data.

use std::collections::BTreeSet;

use crate::harness::projects::{ONE_MODEL, project};
use crate::harness::reader::{Element, parse};

/// A reference finds its note whatever the case of its letters, and so does the text.
#[test]
fn a_footnote_is_found_in_any_case() {
    let page =
        "# Notes\n\nOne[^Note], again[^NOTE], ö[^Ö].\n\n[^note]: Words of the note.\n[^ö]: More.\n";
    let built = project(ONE_MODEL).page("notes.md", page).builds();
    let html = built.page("notes.html");
    assert!(
        html.contains("Words of the note.") && html.contains("More."),
        "{html}"
    );
    assert_eq!(html.matches("role=\"doc-backlink\"").count(), 2);
}

/// A project with footnotes in every Markdown text of its YAML files, all of them with
/// the same label.
const EVERYWHERE: &str = "\
//- content/srm.yaml
schema: 1
parties:
  - id: customer
    kind: customer
    label: Customer
    description: \"Them.[^1]\\n\\n[^1]: Words of the party.\"
  - {id: provider, kind: provider, label: Vendor}
document:
  catch-all: {party: customer, text: \"All else.[^1]\\n\\n[^1]: Words of the catch-all.\"}
  precedence: \"The contract.[^1]\\n\\n[^1]: Words of the precedence.\"
//- content/models/saas.md
---
label: SaaS
---
We run it.[^1]

[^1]: Words of the introduction, see [^2].

[^2]: Words of another.
//- content/categories/data.yaml
label: Data
description: \"Data.[^1]\\n\\n[^1]: Words of the category.\"
rows:
  - id: keys
    label: Keys
    description: \"Keys.[^1]\\n\\n[^1]: Words of the *row*.\"
    notes: [\"A note.[^x]\\n\\n[^x]: Words of the *row*.\"]
    models:
      saas:
        responsible: [customer, provider]
        scope: {customer: \"Part.[^1]\\n\\n[^1]: Words of the scope.\"}
        notes: [\"More.[^1]\\n\\n[^1]: See [the model](model:saas).\\n\\n    Words below.\"]
        tasks:
          customer: [\"Bring them.[^1]\\n\\n[^1]: Words of the task.\", Keep them.]
          provider: [Store them.]
";

/// The notes of a page's lists, in order: each number with its words.
fn listed(page: &Element) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    for list in page.all(&|e| e.attr("role") == Some("doc-endnotes")) {
        let ordered = list.one("ol", &|e| e.tag == "ol");
        let first = ordered.attr("start").map_or(1, |at| at.parse().unwrap());
        let items = list.all(&|e| e.tag == "li");
        let words = items.into_iter().map(|e| e.text().replace('↩', ""));
        all.extend((first..).zip(words.map(|text| text.trim().to_string())));
    }
    all
}

#[test]
fn texts_of_the_data_have_footnotes_numbered_on_each_page() {
    let built = project(EVERYWHERE).builds();
    let home = parse(built.page("index.html"));
    let words = |number, text: &str| (number, text.to_string());
    assert_eq!(
        listed(&home),
        [
            words(1, "Words of the catch-all."),
            words(2, "Words of the precedence.")
        ]
    );
    // A row's description and its note say the same, so they share a number.
    let model = parse(built.page("models/saas.html"));
    assert_eq!(
        listed(&model),
        [
            words(1, "Words of the introduction, see \u{2060}2."),
            words(2, "Words of another."),
            // The summary has the note and the scope, too.
            words(3, "See the model. Words below."),
            words(4, "Words of the scope."),
            words(5, "Words of the row."),
            words(6, "See the model. Words below."),
            words(7, "Words of the scope."),
            words(8, "Words of the task."),
        ]
    );
    let party = parse(built.page("parties/customer.html"));
    assert_eq!(listed(&party)[0], words(1, "Words of the party."));
    let category = parse(built.page("categories/data.html"));
    assert_eq!(listed(&category)[0], words(1, "Words of the category."));
    let pages = built.files.keys().filter(|path| path.ends_with(".html"));
    for path in pages {
        let page = parse(built.page(path));
        let lists = page.all(&|e| e.attr("role") == Some("doc-endnotes"));
        let names: BTreeSet<_> = lists.iter().map(|e| e.attr("aria-label")).collect();
        assert_eq!(names.len(), lists.len(), "{path}: {names:?}");
        let references = page.all(&|e| e.attr("role") == Some("doc-noteref"));
        for reference in references {
            let at = reference.attr("href").unwrap().trim_start_matches('#');
            let note = page.one(at, &|e| e.attr("id") == Some(at));
            assert_eq!(note.tag, "li");
        }
    }
    let print = parse(built.page("print.html")).text();
    for of in ["catch-all", "precedence", "introduction", "row", "task"] {
        let words = format!("Words of the {of}");
        assert!(print.contains(&words), "{words}");
    }
}

/// The notes of a page's Markdown version do not run into each other.
#[test]
fn footnotes_of_a_twin_have_names_of_their_own() {
    let built = project(EVERYWHERE).builds();
    let home = built.page("index.md");
    for note in [
        "All else.[^1]\n\n[^1]: Words of the catch-all.",
        "The contract.[^1-2]\n\n[^1-2]: Words of the precedence.",
    ] {
        assert!(home.contains(note), "{home}");
    }
    let model = built.page("models/saas.md");
    for note in [
        "*Scope:* Part.&#91;3&#93;",
        "\n\n&#91;3&#93; Words of the scope.\n",
        "\n\n&#91;2&#93; See the model. <br />Words below.\n",
    ] {
        assert!(model.contains(note), "{model}");
    }
}

/// Each format lists the notes of a table below it, or tells them in its cells.
#[test]
fn tables_of_every_format_have_their_footnotes() {
    let folder = project(EVERYWHERE).on_disk();
    let table = |kind: &str, format: &str| {
        let run = folder.run(&["table", kind, "model=saas", "--format", format]);
        run.code(0).stdout.clone()
    };
    for format in [
        "md", "mdx", "adoc", "rst", "latex", "html", "csv", "tsv", "json",
    ] {
        for kind in ["detail", "checklist"] {
            let text = table(kind, format);
            let of: &[&str] = match kind {
                "detail" => &["Words of the task", "Words of the scope", "Words below"],
                _ => &["Words of the task", "Words of the scope", "Words below"],
            };
            // A checklist of records repeats what stands beside each task.
            let repeats = kind == "checklist" && ["csv", "tsv"].contains(&format);
            for words in of {
                let times = if repeats && *words == "Words below" {
                    3
                } else {
                    1
                };
                assert_eq!(text.matches(words).count(), times, "{format}: {text}");
            }
            assert!(!text.contains("[^"), "{format}: {text}");
        }
    }
    let csv = table("checklist", "csv");
    let task = "\"Bring them.[4]\n[4] Words of the task.\"\r\n";
    assert!(csv.contains(task), "{csv}");
    assert!(csv.contains("Keep them.\r\n"), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&table("detail", "json")).unwrap();
    let table = &json["tables"][0];
    let last = "[4] Words of the task.";
    assert_eq!(table["notes"][3], last, "{table}");
    assert_eq!(table["rows"][0]["cells"]["customer"][1], "Bring them.[4]");
}

/// A reference in a note that is not shown does not bring up another.
#[test]
fn a_note_that_nothing_shown_refers_to_is_not_listed() {
    let page = "# Notes\n\nWords.[^c]\n\n[^a]: See [^b].\n\n[^b]: Below.\n\n[^c]: Shown.\n";
    let built = project(ONE_MODEL)
        .page("notes.md", page)
        .builds_with(&["SRM412"]);
    let page = parse(built.page("notes.html"));
    assert_eq!(listed(&page), [(1, "Shown.".to_string())]);
}

/// The words of a title come first, so its notes do too.
#[test]
fn a_title_may_have_a_footnote() {
    let page = "# *Our* notes[^t]\n\nWords.[^w]\n\n[^w]: Of words.\n\n[^t]: Of the title.\n";
    let built = project(ONE_MODEL).page("notes.md", page).builds();
    let html = parse(built.page("notes.html"));
    let words = ["Of the title.", "Of words."].map(String::from);
    assert_eq!(
        listed(&html),
        [(1, words[0].clone()), (2, words[1].clone())]
    );
    let heading = html.one("h1", &|e| e.tag == "h1");
    assert_eq!(heading.text().replace('\u{2060}', ""), "Our notes1");
    assert!(built.page("notes.html").contains("<title>Our notes"));
}

/// A note that refers to something else in its text says what that text means.
#[test]
fn equal_notes_with_other_meanings_are_told_apart() {
    let task = |end: &str| {
        format!(
            "\"Do {end}.[^a]\\n\\n[^a]: See [^b] and [it].\\n\\n[^b]: Words {end}.\\n\\n[it]: https://{end}.example/\""
        )
    };
    let rows = format!(
        "  - id: keys
    label: Keys
    models:
      saas:
        responsible: customer
        tasks: {{customer: [{}, {}]}}
",
        task("one"),
        task("two")
    );
    let built = project(ONE_MODEL).rows(&rows).build();
    let page = parse(built.page("models/saas.html"));
    let notes: Vec<String> = listed(&page).into_iter().map(|(_, words)| words).collect();
    for path in ["models/saas.html", "models/saas.md"] {
        for end in ["one", "two"] {
            let text = built.page(path);
            assert!(text.contains(&format!("Words {end}.")), "{path}: {text}");
            assert!(
                text.contains(&format!("https://{end}.example/")),
                "{path}: {text}"
            );
        }
    }
    assert_eq!(notes.len(), 4, "{notes:?}");
}

/// A reference is a link itself, so no link can be around it.
#[test]
fn a_footnote_inside_a_link_is_reported() {
    for link in ["[our guide[^a]](t.md)", "[our[^a] guide](t.md)"] {
        let page = format!("# T\n\nSee {link} and [this](t.md).[^a]\n\n[^a]: A note.\n");
        let built = project(ONE_MODEL)
            .page("t.md", &page)
            .builds_with(&["SRM414 note"]);
        let place = format!("content/t.md:3:{}", 5 + link.find("[^a]").unwrap());
        assert!(built.lines()[0].starts_with(&place), "{:?}", built.lines());
    }
}
