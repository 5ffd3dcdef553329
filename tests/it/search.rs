//! What the search of a site knows: every row in every model that lists it,
//! pages and prose, in a script that nothing an author writes can break.

use serde_json::Value;
use srm_site::site::Options;

use crate::harness::{Built, build, build_files, fixture};

const INDEX: &str = "search/index.js";

/// Two models, a row that only one of them lists, and a page of prose.
const SITE: &str = "\
//- content/models/saas.md
---
label: SaaS
order: 1
---
What runs at *our* side.

## A heading
Some `words` and [a link](row:backup).
//- content/models/byoc.md
---
label: BYOC
order: 2
---
//- content/categories/data.yaml
label: Data
labels: {byoc: Your data}
rows:
  - id: backup
    label: Backup
    models:
      saas: {responsible: provider, tasks: {provider: [Keep **copies**.]}}
      byoc: {responsible: [customer, provider], tasks: {customer: [Keep keys.], provider: [Keep **copies**.]}}
  - id: keys
    label: Keys
    only-in: {models: [byoc], reason: Only there.}
    models:
      byoc: {responsible: customer, tasks: {customer: [Keep keys.]}}
//- content/guide.md
# A guide

First words.

## Second part

More <b>words</b>.
";

/// The value that the script hands over.
#[track_caller]
fn index(built: &Built) -> Value {
    let script = built.page(INDEX);
    let value = script.strip_prefix("(globalThis.srmSearch ??= {}).index = ");
    let value = value.and_then(|v| v.strip_suffix(";\n"));
    serde_json::from_str(value.unwrap_or_else(|| panic!("{script}"))).unwrap()
}

/// An entry with its numbers looked up: kind, address, title, owner, where it
/// stands, and what it says, with `Party:` before each party's tasks.
#[derive(Debug, PartialEq)]
struct Found {
    kind: u64,
    href: String,
    title: String,
    owner: String,
    place: Vec<String>,
    says: Vec<String>,
}

fn found(built: &Built) -> Vec<Found> {
    let index = index(built);
    let text = |number: &Value| -> String {
        match number.as_i64().unwrap() {
            n if n < 0 => format!("{}:", index["texts"][(-1 - n) as usize].as_str().unwrap()),
            n => index["texts"][n as usize].as_str().unwrap().to_string(),
        }
    };
    let texts = |list: &Value| list.as_array().unwrap().iter().map(text).collect();
    let entries = index["entries"].as_array().unwrap().iter();
    entries
        .map(|entry| {
            let page = &index["pages"][entry[1].as_u64().unwrap() as usize];
            let anchor = text(&entry[2]);
            let mark = if anchor.is_empty() { "" } else { "#" };
            let badge = entry[4].as_u64().unwrap() as usize;
            let owner = badge
                .checked_sub(1)
                .map(|at| index["badges"][at][0].as_str());
            Found {
                kind: entry[0].as_u64().unwrap(),
                href: format!("{}{mark}{anchor}", page.as_str().unwrap()),
                title: text(&entry[3]),
                owner: owner.flatten().unwrap_or_default().to_string(),
                place: texts(&entry[5]),
                says: texts(&entry[7]),
            }
        })
        .collect()
}

#[track_caller]
fn one(built: &Built, href: &str) -> Found {
    let mut all = found(built);
    let hrefs: Vec<String> = all.iter().map(|f| f.href.clone()).collect();
    let at = hrefs.iter().position(|h| h == href);
    all.swap_remove(at.unwrap_or_else(|| panic!("no {href} in {hrefs:?}")))
}

#[test]
fn every_row_is_there_in_each_model_that_lists_it() {
    let built = build(SITE);
    let rows: Vec<(String, String)> = found(&built)
        .into_iter()
        .filter(|f| f.kind == 0)
        .map(|f| (f.href, f.owner))
        .collect();
    let wanted = [
        ("models/saas.html#backup", "provider"),
        ("models/byoc.html#backup", "shared"),
        ("models/byoc.html#keys", "customer"),
    ];
    assert_eq!(rows, wanted.map(|(a, b)| (a.to_string(), b.to_string())));
    let row = one(&built, "models/byoc.html#backup");
    assert_eq!(row.place, ["Your data", "BYOC"]);
    assert_eq!(
        row.says,
        ["Customer:", "Keep keys.", "Vendor:", "Keep copies."]
    );
}

#[test]
fn texts_are_written_once() {
    let built = build(SITE);
    let index = index(&built);
    let texts = index["texts"].as_array().unwrap();
    let times = |text: &str| texts.iter().filter(|t| **t == text).count();
    assert_eq!((times("Keep copies."), times("Keep keys.")), (1, 1));
    let mut all: Vec<&str> = texts.iter().map(|t| t.as_str().unwrap()).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), texts.len());
}

#[test]
fn prose_is_there_by_its_headings_and_without_marks() {
    let built = build(SITE);
    assert_eq!(one(&built, "guide.html").says, ["First words."]);
    let part = one(&built, "guide.html#second-part");
    assert_eq!(
        (part.title.as_str(), &part.place[..], &part.says[..]),
        (
            "Second part",
            &["A guide".to_string()][..],
            &["More <b>words</b>.".to_string()][..]
        )
    );
    let model = one(&built, "models/saas.html");
    assert!(model.says.contains(&"What runs at our side.".to_string()));
    let heading = one(&built, "models/saas.html#a-heading");
    assert_eq!(heading.says, ["Some words and a link."]);
}

#[test]
fn headings_and_their_texts_belong_together() {
    // A heading at the top, one in a quotation, two of one name, one in a note.
    let built = build(
        "//- content/a.md\n# Top\n## One\nfirst\n> ## In a quotation\n> second\n\n# Later\nthird[^n]\n## One\nfourth\n\n[^n]: note\n",
    );
    for (anchor, says) in [
        ("one", "first"),
        ("in-a-quotation", "second"),
        ("later", "third"),
        ("one-1", "fourth note"),
    ] {
        assert_eq!(one(&built, &format!("a.html#{anchor}")).says, [says]);
    }
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    assert_eq!(build(SITE).files[INDEX], build(SITE).files[INDEX]);
}

#[test]
fn what_is_for_paper_for_nobody_or_for_later_stays_out() {
    let text = format!("{SITE}//- content/later.md\n---\ndraft: true\n---\n# Hidden\n");
    let built = build(&text);
    for path in ["print.html", "404.html"] {
        assert!(built.files.contains_key(path));
    }
    let hrefs = |built: &Built| -> Vec<String> {
        let all = found(built).into_iter().map(|f| f.href);
        all.map(|h| h.split('#').next().unwrap().to_string())
            .collect()
    };
    for path in ["print.html", "404.html", "later.html"] {
        assert!(!hrefs(&built).contains(&path.to_string()), "{path}");
    }
    assert!(!built.page(INDEX).contains("Hidden"));
    let options = Options {
        drafts: true,
        ..Options::default()
    };
    let built = build_files(fixture(&text), &options);
    assert!(hrefs(&built).contains(&"later.html".to_string()));
}

#[test]
fn nothing_an_author_writes_ends_the_script() {
    let hostile = "</script><!-- <script> \u{2028}\u{2029} \\\" 日本 🔎 & ";
    let built = build(&format!(
        "//- content/models/a.md\n---\nlabel: A\n---\n//- content/categories/c.yaml\nlabel: C\nrows:\n  - id: 鍵\n    label: '{hostile}'\n    models:\n      all: {{responsible: customer, tasks: {{customer: ['`{hostile}`']}}}}\n"
    ));
    let script = built.page(INDEX);
    for sign in ["<", "\u{2028}", "\u{2029}"] {
        assert!(!script.contains(sign), "{sign:?} in {script}");
    }
    let row = one(&built, "models/a.html#鍵");
    // YAML and code fold what they take for line ends.
    assert!(
        row.title.contains("</script><!-- <script>"),
        "{}",
        row.title
    );
    assert!(row.title.contains("日本 🔎 &"), "{}", row.title);
    assert!(row.says[1].contains("</script>"), "{:?}", row.says);
}

#[test]
fn it_can_be_switched_off_in_both_ways() {
    let button = "srm-search-open";
    let built = build(SITE);
    assert!(built.page("index.html").contains(button));
    assert!(
        built
            .page("models/saas.html")
            .contains("data-root=\"../\" data-files=\"search/index.js assets/")
    );
    for setting in [
        "[output.html.search]\nenable = false\n",
        "[preprocessor.srm.outputs]\nsearch = false\n",
    ] {
        let built = build(&format!(
            "//- book.toml\n[book]\nsrc = \"content\"\n{setting}{SITE}"
        ));
        assert_eq!(built.lines(), build(SITE).lines(), "{setting}");
        assert!(!built.files.contains_key(INDEX), "{setting}");
        for (path, bytes) in built.files.iter().filter(|(p, _)| p.ends_with(".html")) {
            let html = String::from_utf8_lossy(bytes);
            assert!(!html.contains("srm-search"), "{setting} {path}");
        }
    }
}

#[test]
fn keys_of_an_mdbook_are_taken() {
    let built = build(&format!(
        "//- book.toml\n[book]\nsrc = \"content\"\n[output.html.search]\nlimit-results = 20\nteaser-word-count = 30\nuse-boolean-and = true\nboost-title = 2\nboost-hierarchy = 1\nboost-paragraph = 1\nexpand = true\nheading-split-level = 3\ncopy-js = true\n[output.html.search.chapter]\n\"a.md\" = {{enable = false}}\n{SITE}"
    ));
    assert_eq!(built.lines(), build(SITE).lines());
    assert!(built.files.contains_key(INDEX));
}

#[test]
fn an_edit_changes_the_index_and_not_every_page() {
    let edited = SITE.replace("Keep keys.", "Keep the keys.");
    let (before, after) = (build(SITE), build(&edited));
    assert_ne!(before.files[INDEX], after.files[INDEX]);
    for path in ["index.html", "guide.html", "models/saas.html"] {
        assert_eq!(before.page(path), after.page(path), "{path}");
    }
}

#[test]
fn a_row_is_found_by_its_aliases_which_nothing_shows() {
    let site = SITE.replacen(
        "label: Backup\n",
        "label: Backup\n    aliases: [Zzrestorezz, Copies]\n",
        1,
    );
    let built = build_files(fixture(&site), &Options::default());
    let index = index(&built);
    let texts = index["texts"].as_array().unwrap();
    let alias = texts.iter().position(|text| text == "Zzrestorezz").unwrap();
    let entries = index["entries"].as_array().unwrap().iter();
    let named = entries.filter(|entry| entry[6].as_array().unwrap().contains(&alias.into()));
    assert_eq!(named.count(), 2, "the row in two models");
    let mut files: Vec<&str> = Vec::new();
    for (path, bytes) in &built.files {
        if String::from_utf8_lossy(bytes).contains("Zzrestorezz") {
            files.push(path);
        }
    }
    assert_eq!(files, ["data/responsibilities.json", INDEX]);
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let row = &data["categories"][0]["rows"][0];
    assert_eq!(row["aliases"], serde_json::json!(["Zzrestorezz", "Copies"]));
}
