//! Templates, blocks, custom properties and hooks of themes.

use std::collections::{BTreeMap, BTreeSet};

use srm_site::findings::Code;
use srm_site::model::Owner;
use srm_site::site;
use srm_site::source::Source;

use super::{Doc, assert_listed, read, root, set};
use crate::harness;

fn themes() -> Doc {
    Doc::read("docs/themes.md")
}

fn templates() -> BTreeMap<String, String> {
    let folder = root().join("themes/default/templates");
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
    names
        .map(|n| (n.clone(), read(&format!("themes/default/templates/{n}"))))
        .collect()
}

#[test]
fn every_template_and_block_is_listed() {
    let (doc, templates) = (themes(), templates());
    assert_listed(
        "templates",
        &set(doc.column("Templates")),
        &set(templates.keys()),
    );
    let mut blocks = BTreeSet::new();
    for text in templates.values() {
        for part in text.split("{% block ").skip(1) {
            blocks.insert(part.split([' ', '%']).next().unwrap().to_string());
        }
    }
    assert_listed("blocks", &set(doc.column("Blocks")), &blocks);
    for row in &doc.tables("Blocks")[0].rows {
        let (block, file) = (&row[0].codes[0], &row[1].codes[0]);
        let text = &templates[file];
        assert!(
            text.contains(&format!("{{% block {block} ")),
            "{block}: not in {file}"
        );
    }
}

#[test]
fn every_custom_property_is_listed() {
    let css = read("themes/default/static/style.css");
    let lines = css.lines().map(str::trim).filter(|l| l.starts_with("--"));
    let declared = set(lines.map(|l| l.split(':').next().unwrap()));
    assert!(declared.len() > 10, "{declared:?}");
    assert_listed(
        "custom properties",
        &set(themes().column("CSS custom properties")),
        &declared,
    );
}

/// The names a template can use at a place, from what the engine says about a
/// name that does not exist.
fn available(template: &str) -> BTreeSet<String> {
    let built = harness::build(&format!(
        "//- themes/default/theme.toml\napi = 1\n\
         //- themes/default/templates/home.html\n{template}\n\
         //- content/models/m.md\n---\nlabel: M\n---\n\n## A\n\n## B\n\
         //- content/categories/c.yaml\nlabel: C\nrows:\n  - id: r\n    label: R\n    \
         models: {{m: {{responsible: [customer, provider]}}}}\n"
    ));
    let findings = &built.findings().list;
    let finding = findings.iter().find(|f| f.code == Code::TemplateRender);
    let finding = finding.unwrap_or_else(|| panic!("{:#?}", built.lines()));
    let list = finding
        .help
        .iter()
        .find_map(|h| h.strip_prefix("available: "))
        .unwrap();
    set(list.split(", "))
}

#[test]
fn the_view_is_listed_completely() {
    let doc = themes();
    for (heading, template) in [
        ("The view", "{{ zz }}"),
        ("site", "{{ site.zz }}"),
        ("page", "{{ page.zz }}"),
        ("nav", "{{ nav.zz }}"),
        ("A link", "{% for i in nav.models %}{{ i.zz }}{% endfor %}"),
        ("A section", "{% for i in sections %}{{ i.zz }}{% endfor %}"),
        (
            "An entry of toc",
            "{% for i in toc %}{{ i.zz }}{% endfor %}",
        ),
    ] {
        assert_listed(heading, &set(doc.column(heading)), &available(template));
    }
}

/// Values of `data-` attributes in HTML: attribute to values.
fn data_attributes(html: &str, out: &mut BTreeMap<String, BTreeSet<String>>) {
    for part in html.split(" data-").skip(1) {
        if let Some((name, rest)) = part.split_once("=\"")
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            && let Some((value, _)) = rest.split_once('"')
        {
            out.entry(format!("data-{name}"))
                .or_default()
                .insert(value.to_string());
        }
    }
}

#[test]
fn hooks_are_those_of_the_pages() {
    let doc = themes();
    let mut listed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in &doc.tables("Hooks")[0].rows {
        let values = listed.entry(row[0].codes[0].clone()).or_default();
        values.extend(row[2].codes.iter().cloned());
    }
    // Kinds of pages are in the table of templates.
    let kinds = doc.column("Templates").into_iter();
    let kinds = kinds.filter_map(|t| t.strip_suffix(".html").map(str::to_string));
    listed.get_mut("data-kind").unwrap().extend(kinds);
    assert_listed(
        "data-owner",
        &listed["data-owner"],
        &set(Owner::ALL.iter().map(|owner| owner.word())),
    );

    let source = Source::disk(root());
    let (files, outcome) = site::in_memory(&source, &site::Options::default());
    assert!(!outcome.failed);
    let mut met: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let page = |p: &str| p.ends_with(".html") && !p.starts_with("embed/");
    for (_, bytes) in files.iter().filter(|(p, _)| page(p)) {
        data_attributes(std::str::from_utf8(bytes).unwrap(), &mut met);
    }
    for (name, values) in &met {
        let known = listed
            .get(name)
            .unwrap_or_else(|| panic!("{name} is not listed"));
        // Ids and numbers are free; the table describes them in words.
        let free = [
            "data-parties",
            "data-role",
            "data-condition",
            "data-scope",
            "data-level",
            "data-row",
            "data-category",
            "data-model",
            "data-label",
            "data-words",
            "data-page",
            "data-pairs",
            "data-matrix",
            "data-save",
            "data-root",
            "data-files",
        ];
        if !free.contains(&name.as_str()) {
            let unknown: Vec<&String> = values.difference(known).collect();
            assert!(unknown.is_empty(), "{name}: {unknown:?}");
        }
    }
    let made_in = [
        "input/schema/document",
        "model/owner",
        "tables/kinds",
        "model/compare",
        "text/markdown/writer",
        "pages",
        "tables/comparison",
        "tables/html",
        "tables/html/badge",
        "tables/html/blocks",
    ];
    let source = made_in.map(|m| read(&format!("src/{m}.rs"))).concat()
        + &read("themes/default/static/scripts/early.js")
        + &read("themes/default/static/site.js");
    for (name, values) in &listed {
        for value in values
            .iter()
            .filter(|v| !["base", "page"].contains(&v.as_str()))
        {
            let real = source.contains(&format!("\"{value}\""))
                || source.contains(&format!("\"owner-{value}\""))
                || source.contains(&format!("{name}=\\\"{value}\\\""));
            assert!(real, "{name}: nothing makes `{value}`");
        }
    }
}
