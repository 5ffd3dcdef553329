//! Files of a site, columns, and what tables can be asked for.

use std::collections::BTreeSet;

use srm_site::tables::formats::TableFormat as Format;
use srm_site::tables::{OptionKey, RequestKind};

use super::{Doc, ask, assert_listed, read, same_line, set};
use crate::harness::{self, Folder};

#[test]
fn every_output_is_listed() {
    let doc = Doc::read("docs/outputs.md");
    let patterns = doc.column("Files");
    let folder = Folder::new();
    folder.run(&["init", "."]).code(0);
    let settings = folder.read("book.toml");
    let settings = settings.replace(
        "[output.html]\n",
        "[output.html]\nsite-url = \"https://example.com/\"\ncname = \"example.com\"\n",
    );
    folder.write("book.toml", settings);
    folder.write("content/news.md", "# News\n");
    let site = folder.read("content/srm.yaml");
    let history = "  history: [{version: \"0.1\", date: 2024-01-01, changes: First one.}]\n";
    let site = site.replace("\nparties:\n", &format!("\n{history}\nparties:\n"));
    folder.write("content/srm.yaml", site);
    folder.run(&["build"]).code(0);
    let files: Vec<String> = harness::tree(&folder.join("book")).into_keys().collect();
    // The narrowest pattern counts: `**` only for what no other one takes.
    let of = |file: &str| -> Option<&String> {
        let fits = |p: &&String| match p.split_once("**") {
            Some((start, end)) => file.starts_with(start) && file.ends_with(end),
            None => fits_ids(p, file),
        };
        let narrow = patterns.iter().filter(|p| !p.contains("**")).find(fits);
        narrow.or_else(|| patterns.iter().filter(|p| p.contains("**")).find(fits))
    };
    let mut used = BTreeSet::new();
    for file in &files {
        used.insert(
            of(file)
                .unwrap_or_else(|| panic!("{file} is not listed"))
                .clone(),
        );
    }
    assert_listed("outputs", &set(&patterns), &used);
}

/// Whether a path is that of a pattern with `ID`, `A` and `B` in it.
fn fits_ids(pattern: &str, file: &str) -> bool {
    let words = ["A-vs-B", "ID", "NAME", "MODEL", "ROW"];
    if !words.iter().any(|word| pattern.contains(word)) {
        return pattern == file;
    }
    let mut loose = pattern.replace("A-vs-B", "...-vs-...");
    for word in words {
        loose = loose.replace(word, "...");
    }
    same_line(&loose, file)
}

#[test]
fn columns_of_the_csv_are_listed_in_order() {
    let doc = Doc::read("docs/outputs.md");
    // A cell that says something in every column.
    let built = harness::build(
        "//- content/srm.yaml\nschema: 1\nparties: [{id: p, kind: provider, label: P}]\n\
         areas: [{id: net, label: Net}]\nfields: [{id: ID, label: F, kind: text}]\n\
         //- content/models/m.md\n---\nlabel: M\n---\n\
         //- content/categories/c.yaml\nlabel: C\nrows:\n  - id: r\n    label: R\n    group: G\n    \
         notes: [N]\n    models:\n      all: {areas: {net: {state: not-applicable, reason: X}}, accountable: p, conditional: {p: if}, \
         scope: {p: half}, cadence: daily, summary: {p: Most}, fields: {ID: x}}\n",
    );
    let header = built
        .page("data/responsibilities.csv")
        .lines()
        .next()
        .unwrap();
    let columns: Vec<&str> = header.trim_end().split(',').collect();
    assert_eq!(doc.column("CSV"), columns);
}

#[test]
fn kinds_options_and_formats_are_listed() {
    let doc = Doc::read("docs/tables.md");
    let kinds = RequestKind::all().map(RequestKind::word);
    assert_listed("kinds", &set(doc.column("Kinds")), &set(kinds));
    let options = OptionKey::ALL.iter().map(|key| key.word());
    assert_listed("options", &set(doc.column("Options")), &set(options));
    let formats = Format::ALL.iter().map(|format| format.word());
    assert_listed("formats", &set(doc.column("Formats")), &set(formats));
    // What a kind or an option does is said in the same words.
    for asked in RequestKind::all() {
        let rows = &doc.tables("Kinds")[0].rows;
        let row = rows.iter().find(|r| r[0].codes == [asked.word()]).unwrap();
        assert_eq!(row[1].text, asked.about());
    }
    // The command says it all, too, and takes every format.
    let (_, help) = ask(&["table", "--help"]);
    for asked in RequestKind::all() {
        let line = format!("  {:<11}{}\n", asked.word(), asked.about());
        assert!(help.contains(&line), "{help}");
    }
    for key in OptionKey::ALL {
        let line = format!("\n  {:<11}", key.word());
        assert!(help.contains(&line), "{help}");
    }
    for format in Format::ALL {
        assert!(help.contains(format.word()), "{help}");
    }
}

#[test]
fn attributes_of_the_element_are_listed() {
    let doc = Doc::read("docs/web.md");
    let listed = set(doc.column("The element"));
    let script = read("src/pages/web/srm-table.js");
    let (_, rest) = script.split_once("observedAttributes = [").unwrap();
    let (names, _) = rest.split_once(']').unwrap();
    let names = names.split(',').map(|n| n.trim().trim_matches('"'));
    let mut known = set(names.filter(|n| !n.is_empty()));
    known.insert("error-text".into());
    assert_listed("attributes", &listed, &known);
}
