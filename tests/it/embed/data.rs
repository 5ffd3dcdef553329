//! Tables from the data of a built site, where the sources are not at hand.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Folder, Run, fed, tree};

/// A project with one of everything that tables show, in another language, with words of
/// its own, links to pages, files and rows, and captions.
const EVERYTHING: &str = "\
//- data/book.toml
[book]
title = \"Test\"
language = \"de\"
[output.html]
site-url = \"https://model.example/docs/\"
smart-punctuation = true
[preprocessor.srm]
theme = \"own\"
publish-reviews = true
compare = [\"byoc..saas\"]
[preprocessor.srm.outputs]
parties = false
//- data/themes/own/theme.toml
api = 1
//- data/themes/own/strings/de.toml
owner-shared = \"Zusammen\"
by-area = \"\"
//- data/src/srm.yaml
schema: 1
document:
  catch-all: {text: \"Else [see](guide.md) *them*.\", party: cloud}
parties:
  - {id: customer, kind: customer, label: Kunde, second-person: Sie}
  - {id: provider, kind: provider, label: Vendor}
  - {id: cloud, kind: third-party, label: Cloud}
frameworks: [{id: soc2, label: SOC 2}]
areas: [{id: net, label: Net}, {id: rest, label: Rest}]
roles: {V: {id: verifies, label: Verifies}, X: accountable}
notes: {shared: \"Written once, see [the guide](guide.md).\"}
fields:
  - {id: tier, label: Tier, kind: choice, choices: [Gold, Silver]}
  - {id: proof, label: Proof, kind: link}
//- data/src/models/saas.md
---
label: SaaS
order: 1
parties: {customer: You}
columns: [cloud, customer]
captions: {summary: \"Who | what\", detail: Tasks of all}
---
//- data/src/models/byoc.md
---
label: BYOC
order: 2
---
//- data/src/guide.md
# Guide
//- data/src/pic.svg
<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"30\" height=\"20\"/>
//- data/src/a b.txt
text
//- data/src/categories/data.yaml
label: Data
labels: {byoc: Your data}
description: See [the guide](../guide.md).
conditional: {cloud: in *some* regions}
groups: [{id: g, label: Group, groups: [{id: h, label: Inner}]}]
rows:
  - id: keys
    label: Keys \"all\" -- of them
    labels: {byoc: Your keys}
    group: h
    aliases: [secret]
    notes: [{ref: shared}, \"Own ![picture](../pic.svg)\"]
    controls: {soc2: [CC6.1]}
    fields: {tier: Gold, proof: ../guide.md}
    evidence: {provider: [{text: Report, url: \"../a%20b.txt\", cadence: yearly, public: true}, {text: SECRET}]}
    review: {status: approved, date: 2026-01-02, by: Ann}
    models:
      saas:
        areas:
          net: {responsible: customer, tasks: {customer: [\"See [row](row:logs) and [it](../guide.md#guide).\"]}}
          rest: {responsible: [provider, customer], cadence: daily}
      byoc:
        roles: {customer: \"R V\", provider: X C}
        conditional: {customer: \"if **asked**\"}
        fields: {tier: \"\"}
        notes: [{ref: shared}]
  - id: logs
    label: Logs
    group: A group of its own
    only-in: {models: [byoc], reason: There are none.}
    models:
      byoc:
        responsible: cloud
        summary: {customer: \"Maybe [here](model:saas)\"}
        scope: {cloud: the disks}
        tasks: {customer: [{text: Help., controls: {soc2: [CC1.1, CC1.2]}}], cloud: [\"`{{ x }}`\"]}
        acknowledge: {SRM202: Agreed with all.}
  - id: law
    label: Law
    models:
      saas: {state: not-applicable, reason: No law.}
      byoc: {state: unassigned, reason: Nobody.}
  - id: terms
    label: Terms
    models: {all: by-contract}
";

const DATA: &str = "site/data/responsibilities.json";

/// The project, its site, and a folder next door that has only the data.
fn released() -> Folder {
    let folder = Folder::of(EVERYTHING);
    let built = folder.run(&["build", "data", "--dest-dir", "site"]);
    built.code(0);
    folder.write("next/door.json", folder.read(DATA));
    folder
}

const KINDS: &[&str] = &[
    "summary",
    "raci",
    "detail",
    "category",
    "checklist",
    "compare",
    "tasks",
    "matrix",
    "totals",
    "areas",
    "evidence",
];

#[test]
fn the_data_gives_what_the_sources_give() {
    let folder = released();
    let badges = [
        ["badge", "row=keys", "model=saas"],
        ["badge", "row=law", "model=byoc"],
    ];
    let options: &[&[&str]] = &[&[], &["links=none"], &["links=../m/"], &["party=customer"]];
    let tables = KINDS.iter().flat_map(|kind| {
        options
            .iter()
            .map(move |more| [&[*kind][..], more].concat())
    });
    let requests = tables.chain(badges.iter().map(|badge| badge.to_vec()));
    let mut made = 0;
    for request in requests {
        for format in ["md", "html", "adoc", "rst", "csv", "tsv", "json", "latex"] {
            let all = [&["table", "--format", format][..], &request].concat();
            let [sources, data] = [["--project", "data"], ["--data", "next/door.json"]]
                .map(|from| folder.run(&[&all[..], &from].concat()));
            assert_eq!(sources.stdout, data.stdout, "{request:?} {format}");
            assert_eq!(sources.stderr, data.stderr, "{request:?} {format}");
            assert_eq!(sources.code, data.code);
            made += usize::from(data.code == Some(0));
            assert!(!data.stdout.contains("SECRET"));
        }
    }
    assert!(made > 250, "{made}");
    // A workbook, too, and from any folder.
    for from in [["--project", "data"], ["--data", DATA]] {
        let out = format!("{}.xlsx", &from[0][2..]);
        let file = folder.join(from[1]).display().to_string();
        folder.write("elsewhere/x", "");
        let mut command = folder.command(&["table", "detail", from[0], &file, "-o", &out]);
        let said = Run::of(
            command
                .current_dir(folder.join("elsewhere"))
                .output()
                .unwrap(),
        );
        said.code(0);
    }
    let files = tree(&folder.join("elsewhere"));
    assert!(files["project.xlsx"] == files["data.xlsx"]);
}

#[test]
fn regions_and_books_are_filled_from_data() {
    let folder = released();
    let region = "<!-- srm:begin detail -->\n<!-- srm:end -->\n";
    folder.write("a.md", region);
    folder.write("b.md", region);
    let data = ["--data", "next/door.json"];
    folder.run(&["embed", "a.md", "--project", "data"]).code(0);
    folder
        .run(&[&["embed", "b.md"][..], &data].concat())
        .code(0);
    assert_eq!(folder.read("a.md"), folder.read("b.md"));
    folder
        .run(&[&["embed", "--check", "a.md"][..], &data].concat())
        .code(0);
    let before = folder.read("next/door.json");
    folder.write("next/door.json", before.replace("\"Logs\"", "\"Records\""));
    let stale = folder.run(&[&["embed", "--check", "a.md"][..], &data].concat());
    stale.code(1);
    assert!(stale.stderr.contains("[SRM802]"), "{}", stale.stderr);
    assert!(
        folder.read("next/door.json").contains("Records"),
        "only read"
    );
    // In an mdBook, links lead to the site of the data.
    let book = json!([
        {"renderer": "html", "config": {}},
        {"items": [{"Chapter": {"name": "A", "path": "a.md", "content": "{{#srm detail}}\n"}}]},
    ]);
    let command = folder.command(&[&["mdbook"][..], &data].concat());
    let said = fed(command, &book.to_string());
    said.code(0);
    assert!(
        said.stdout
            .contains("https://model.example/docs/guide.html"),
        "{}",
        said.stdout
    );
}

#[test]
fn what_is_not_public_needs_the_sources() {
    let folder = released();
    let all = ["table", "evidence", "--internal"];
    let said = folder.run(&[&all[..], &["--data", DATA]].concat());
    said.code(2);
    assert!(
        said.stderr.contains("`--internal` needs `--project`"),
        "{}",
        said.stderr
    );
    let said = folder.run(&[&all[..], &["--project", "data"]].concat());
    assert!(said.stdout.contains("SECRET"), "{}", said.stdout);
    folder
        .run(&["table", "totals", "--data", DATA, "--project", "data"])
        .code(2);
    folder
        .run(&["table", "totals", "--data", DATA, "--follow-links"])
        .code(2);
}

/// What is said about data that is refused.
fn refused(text: impl AsRef<[u8]>) -> String {
    let folder = Folder::new();
    folder.write("x/d.json", text);
    folder.write("doc.md", "<!-- srm:begin totals -->\n<!-- srm:end -->\n");
    let before = tree(folder.path());
    let said = folder.run(&["embed", "doc.md", "--data", "x/d.json"]);
    said.code(1);
    assert_eq!(tree(folder.path()), before, "something was written");
    said.stderr
}

/// Data with one row, in which an edit was made.
fn edited(edit: impl FnOnce(&mut Value)) -> String {
    let mut data = json!({
        "schema": 1,
        "parties": [{"id": "us", "kind": "provider", "label": "Us"}],
        "models": [{"id": "saas", "label": "SaaS"}],
        "categories": [{"id": "data", "label": "Data", "rows": [{"id": "keys", "label": "Keys",
            "cells": [{"model": "saas", "owner": "provider", "responsible": ["us"]}]}]}],
    });
    edit(&mut data);
    data.to_string()
}

#[test]
fn broken_data_is_refused_with_its_place() {
    for (text, code, place, message) in [
        (
            "",
            "SRM807",
            "",
            "expected a value, found the end of the file",
        ),
        (
            "schema: 1\n",
            "SRM807",
            ":1:1",
            "expected a value, found `s`",
        ),
        (
            "{\n  \"schema\": 1,\n}",
            "SRM807",
            ":3:1",
            "another entry after the comma",
        ),
        (
            "{\"schema\": 1} x",
            "SRM807",
            ":1:15",
            "expected the end of the file",
        ),
        (
            "{\"schema\": 1 \"a\": 2}",
            "SRM807",
            ":1:14",
            "expected `,` or `}`",
        ),
        (
            "{'schema': 1}",
            "SRM807",
            ":1:2",
            "expected a key in quotes",
        ),
        ("{\"a\": \"b\nc\"}", "SRM807", ":1:9", "the closing quote"),
        (
            "{\"a\": \"\\ud800\"}",
            "SRM807",
            ":1:7",
            "an escape that JSON does not know",
        ),
        ("{\"schema\": 01}", "SRM807", ":1:12", "expected a value"),
        ("{\"schema\": NaN}", "SRM807", ":1:12", "expected a value"),
        ("[]", "SRM808", ":1:1", "not the data of a site"),
        (
            "{\"schema\": \"1\"}",
            "SRM808",
            ":1:2",
            "not the data of a site",
        ),
        ("{\"schema\": 2}", "SRM808", ":1:12", "schema 1, not 2"),
        ("{\"schema\": 1}", "SRM007", ":1:12", "declares no party"),
        (
            "{\"schema\": 1, \"schema\": 1}",
            "SRM005",
            ":1:15",
            "given twice",
        ),
        (
            "{\"schema\": 1, \"parties\": {}}",
            "SRM008",
            ":1:26",
            "expected a list",
        ),
    ] {
        let said = refused(text);
        assert!(said.contains(&format!("[{code}]")), "{text}: {said}");
        assert!(said.contains(&format!("x/d.json{place}")), "{text}: {said}");
        assert!(said.contains(message), "{text}: {said}");
    }
    let deep = format!("{{\"schema\": 1, \"a\": {}", "[".repeat(100_000));
    assert!(refused(deep).contains("[SRM004]"));
    assert!(refused(b"{\"schema\": 1, \"a\": \"\xff\"}").contains("[SRM002]"));
}

#[test]
fn unknown_names_in_data_are_told_with_their_place() {
    let row = "/categories/0/rows/0";
    let edits: &[(&str, Value, &str)] = &[
        ("/cells/0/model", json!("sass"), "there is no model `sass`"),
        (
            "/cells/0/responsible",
            json!(["her"]),
            "there is no party `her`",
        ),
        (
            "/cells/0/owner",
            json!("everyone"),
            "found the text `\"everyone\"`",
        ),
        ("/cells/0/responsible", json!([]), "the owner is `provider`"),
        (
            "/cells/0/owner",
            json!("by-agreement"),
            "the owner is `by-agreement`",
        ),
        ("/cells/0/notes", json!(3), "expected a list"),
        ("/cells/0/note-refs", json!(["n"]), "there is no note `n`"),
        (
            "/cells/0/fields",
            json!({"f": "x"}),
            "there is no field `f`",
        ),
        (
            "/cells/0/roles",
            json!([{"role": "ro", "parties": ["us"]}]),
            "there is no role `ro`",
        ),
        (
            "/cells/0/areas",
            json!([{"area": "z", "owner": "provider"}]),
            "there is no area `z`",
        ),
        (
            "/cells/0/tasks",
            json!([{"party": "it", "tasks": []}]),
            "there is no party `it`",
        ),
        (
            "/controls",
            json!([{"framework": "iso", "ids": ["A"]}]),
            "no framework `iso`",
        ),
        ("/id", json!("../x"), "cannot be the id of a row"),
        ("/labels", json!({"paas": "x"}), "there is no model `paas`"),
        (
            "/unlisted",
            json!([{"model": "paas", "reason": "x"}]),
            "there is no model `paas`",
        ),
        (
            "/cells/0/evidence",
            json!([{"party": "us", "text": "x", "url": "javascript:x"}]),
            "`javascript:`",
        ),
    ];
    for (path, value, message) in edits {
        let said = refused(edited(|data| {
            let (parent, key) = path.rsplit_once('/').unwrap();
            data.pointer_mut(&format!("{row}{parent}")).unwrap()[key] = value.clone();
        }));
        assert!(said.contains(message), "{path}: {said}");
        assert!(said.contains("--> x/d.json:1:"), "{path}: {said}");
        assert!(!said.contains("srm.yaml"), "advice for authors: {said}");
    }
    let twice = edited(|data| {
        let category = data["categories"][0].clone();
        data["categories"].as_array_mut().unwrap().push(category);
    });
    assert!(refused(twice).contains("[SRM102]"));
    for (list, path) in [("pages", "../../etc/passwd.md"), ("files", "/etc/passwd")] {
        let said = refused(edited(|data| {
            let entry = if list == "files" {
                json!({"path": path})
            } else {
                json!(path)
            };
            data["site"] = json!({list: [entry]});
        }));
        assert!(said.contains("the path of a file in the site"), "{said}");
    }
}

#[test]
fn limits_of_documents_hold_for_data() {
    let many = |n: usize, entry: fn(usize) -> Value| (0..n).map(entry).collect::<Vec<_>>();
    let model = |n| json!({"id": format!("m{n}"), "label": "M"});
    let party = |n| json!({"id": format!("p{n}"), "kind": "provider", "label": "P"});
    let row = |n| json!({"id": format!("r{n}"), "label": "R"});
    let category = |n| json!({"id": format!("c{n}"), "label": "C"});
    for (said, most) in [
        (
            edited(|d| d["models"] = many(200, model).into()),
            "at most 128 models",
        ),
        (
            edited(|d| d["parties"] = many(60, party).into()),
            "at most 50 parties",
        ),
        (
            edited(|d| d["categories"] = many(10_001, category).into()),
            "at most 10000 categories",
        ),
        (
            edited(|d| {
                d["models"] = many(128, model).into();
                d["categories"][0]["rows"] = many(2_000, row).into();
            }),
            "make more cells than a document of this size may have",
        ),
    ] {
        let said = refused(said);
        assert!(
            said.contains("[SRM004]") && said.contains(most),
            "{most}: {said}"
        );
    }
}

#[test]
fn keys_of_later_versions_are_ignored() {
    let folder = Folder::new();
    let table = |text: String| {
        folder.write("d.json", text);
        let said = folder.run(&["table", "detail", "--data", "d.json"]);
        said.code(0);
        said.stdout
    };
    let plain = table(edited(|_| ()));
    assert_eq!(
        plain,
        table(edited(|data| {
            data["colours"] = json!({"us": [1, null, {"deep": true}]});
            data["site"] = json!({"moon": "full"});
            data["categories"][0]["rows"][0]["cells"][0]["mood"] = json!("fine");
            data["categories"][0]["rows"][0]["description"] = Value::Null;
        }))
    );
    // White space, escapes and a byte order mark mean nothing in JSON.
    let loose = edited(|_| ())
        .replace(":", " :\r\n\t")
        .replace("\"Keys\"", "\"\\u004beys\"");
    assert_eq!(plain, table(format!("\u{feff}{loose}")));
}

/// The data that an earlier version wrote, from what is promised of it.
fn promised(project: &str) -> Value {
    let path = format!("tests/compat/0.1.0/projects/{project}.promise");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let promise = std::fs::read_to_string(path).unwrap();
    let facts = promise
        .lines()
        .skip_while(|line| *line != "json data/responsibilities.json")
        .skip(1)
        .take_while(|line| line.starts_with("  "));
    let mut flat: BTreeMap<Vec<String>, Value> = BTreeMap::new();
    for fact in facts {
        let (path, value) = fact.trim_start().split_once(' ').unwrap();
        let path = path.split('/').skip(1).map(str::to_string).collect();
        flat.insert(path, serde_json::from_str(value).unwrap());
    }
    assert!(flat.len() > 50, "{}", flat.len());
    let mut whole = json!({});
    for (path, value) in flat {
        let mut at = &mut whole;
        for (n, part) in path.iter().enumerate() {
            let is_list = |part: &String| part.bytes().all(|b| b.is_ascii_digit());
            let inner = match path.get(n + 1).map(is_list) {
                None => value.clone(),
                Some(true) => json!([]),
                Some(false) => json!({}),
            };
            at = match at {
                Value::Array(list) => {
                    let index: usize = part.parse().unwrap();
                    while list.len() <= index {
                        list.push(inner.clone());
                    }
                    &mut list[index]
                }
                other => other.as_object_mut().unwrap().entry(part).or_insert(inner),
            };
        }
    }
    whole
}

#[test]
fn data_of_earlier_versions_is_read() {
    for (project, same) in [("init", true), ("shipped", false), ("three-parties", false)] {
        let folder = Folder::new();
        folder.write("old.json", promised(project).to_string());
        let sources = Path::new(env!("CARGO_MANIFEST_DIR"));
        let sources = sources.join(format!("tests/compat/0.1.0/projects/{project}"));
        let sources = sources.to_str().unwrap();
        for kind in KINDS
            .iter()
            .filter(|kind| !["areas", "evidence"].contains(kind))
        {
            let two = ["compare", "tasks"]
                .contains(kind)
                .then_some("compare=saas,byoc");
            let request: Vec<&str> = ["table", kind, "links=none"]
                .into_iter()
                .chain(two)
                .collect();
            let old = folder.run(&[&request[..], &["--data", "old.json"]].concat());
            old.code(0);
            assert!(old.stdout.lines().count() > 4, "{}", old.stdout);
            if same {
                let now = folder.run(&[&request[..], &["--project", sources]].concat());
                let (old, now) = (old.stdout.lines(), now.stdout.lines());
                assert_eq!(old.clone().count(), now.clone().count());
                // This version did not write why a row is not listed.
                for (old, now) in old.zip(now).filter(|(_, now)| !now.contains("Not listed")) {
                    assert_eq!(old, now, "{project} {kind}");
                }
            }
        }
    }
}
