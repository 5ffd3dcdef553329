//! Words of the interface, and other languages.

use std::collections::{BTreeMap, BTreeSet};

use super::{API, site, themed};
use crate::harness::reader::{grids, parse};

#[test]
fn strings_are_replaced_one_by_one() {
    let built = themed(
        "//- themes/default/strings/en.toml\nowner-shared = \"Both of us\"\nheading-summary = \"Who & <what>\"\n",
    );
    built.assert_clean();
    let page = parse(built.page("models/saas.html"));
    let line = page.by_id("keys").unwrap();
    assert!(line.text().contains("Both of us"), "{}", line.text());
    assert!(
        page.by_id("srm-summary")
            .unwrap()
            .text()
            .starts_with("Who & <what>")
    );
    assert!(page.text().contains("Tasks in detail"), "the other strings");
    assert!(
        built
            .page("models/saas.md")
            .contains("**Both of us (Customer + Vendor)**")
    );
    assert!(
        built
            .page("data/responsibilities.csv")
            .contains(",Both of us,")
    );
    // Hooks for scripts are no words and stay.
    assert!(
        built
            .page("models/saas.html")
            .contains("data-owner=\"shared\"")
    );
}

#[test]
fn another_language_falls_back_to_english() {
    let toml = |language: &str| {
        format!(
            "//- book.toml\n[book]\ntitle = \"Test\"\nsrc = \"content\"\nlanguage = \"{language}\"\n"
        )
    };
    let dutch = "//- themes/default/strings/nl.toml\nowner-shared = \"Gedeeld\"\ncategory = \"Gebied\"\n\
                  //- themes/default/strings/nl-BE.toml\ncategory = \"Domein\"\n";
    let word = |language: &str| -> (String, String, String) {
        let built = site()
            .with_files(&toml(language))
            .with_files(API)
            .with_files(dutch)
            .builds();
        let page = parse(built.page("models/saas.html"));
        let html = page.one("html", &|e| e.tag == "html");
        assert_eq!(html.attr("lang"), Some(language));
        let grid = &grids(&page, "summary")[0];
        (
            grid.header[0].clone(),
            grid.lines[0].text(2),
            grid.header[1].clone(),
        )
    };
    let own = |a: &str, b: &str| {
        (
            a.to_string(),
            format!("{b} Customer + Vendor"),
            "Responsibility".to_string(),
        )
    };
    assert_eq!(word("nl"), own("Gebied", "Gedeeld"));
    assert_eq!(word("nl-BE"), own("Domein", "Gedeeld"));
    assert_eq!(word("nl-NL"), own("Gebied", "Gedeeld"));
    assert_eq!(word("fr"), own("Category", "Shared"));
    // Reading direction comes with the language.
    let built = site().with_files(&toml("he")).build();
    let page = parse(built.page("index.html"));
    assert_eq!(
        page.one("html", &|e| e.tag == "html").attr("dir"),
        Some("rtl")
    );
}

#[test]
fn shipped_languages_leave_nothing_out() {
    // Of the built-in theme: each has the keys of English, with the same values
    // to fill in, and none is English still.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/strings");
    let read = |name: &str| -> BTreeMap<String, String> {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        toml::from_str(&text).unwrap()
    };
    let values = |text: &str| -> BTreeSet<String> {
        let parts = text.split('{').skip(1);
        parts
            .map(|part| part.split('}').next().unwrap().to_string())
            .collect()
    };
    let english = read("en.toml");
    for (name, language) in [
        ("de.toml", "de"),
        ("ja.toml", "ja"),
        ("zh-CN.toml", "zh-CN"),
    ] {
        let strings = read(name);
        let keys: BTreeSet<&String> = strings.keys().collect();
        assert_eq!(keys, english.keys().collect(), "{name}");
        let mut same = 0;
        for (key, text) in &strings {
            assert_eq!(values(text), values(&english[key]), "{name}: {key}");
            assert!(!text.trim().is_empty(), "{name}: {key}");
            same += usize::from(*text == english[key]);
        }
        assert!(same < 20, "{name}: {same} texts are English");
        // The page says its language, and its words are the strings'.
        let toml = format!(
            "//- book.toml\n[book]\ntitle = \"Test\"\nsrc = \"content\"\nlanguage = \"{language}\"\n"
        );
        let built = site().with_files(&toml).builds();
        let page = parse(built.page("models/saas.html"));
        let grid = &grids(&page, "summary")[0];
        assert_eq!(grid.header[1], strings["responsibility"]);
        assert!(page.text().contains(&strings["heading-detail"]), "{name}");
    }
}

#[test]
fn every_string_a_template_or_page_uses_is_there() {
    // A key that is missing would come out as the key itself.
    let built = site().build();
    let strings = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/strings/en.toml"),
    )
    .unwrap();
    let keys: Vec<&str> = strings
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split(" = ").next())
        .filter(|k| k.contains('-'))
        .collect();
    assert!(keys.len() > 50);
    let words = |text: &str, key: &str| {
        text.split(|c: char| !(c.is_alphanumeric() || c == '-'))
            .any(|w| w == key)
    };
    for path in built.files.keys().filter(|p| p.ends_with(".html")) {
        let text = parse(built.page(path)).text();
        for key in &keys {
            assert!(!words(&text, key), "{path} shows the key `{key}`");
        }
        // Scripts fill in the words of the search.
        let text = text
            .replace("{n} results.", "")
            .replace("The first {n} are", "");
        // One page shows how a command is written.
        assert!(
            path == "embed.html" || !text.contains('{') && !text.contains('}'),
            "{path}: a place that was not filled in"
        );
    }
}
