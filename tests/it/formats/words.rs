//! Each word of a Markdown text of the data is wherever the text is shown: on pages, in
//! twins, in print, in the search, in the data, and in the tables of every format.

use proptest::sample::select;
use srm_site::site::{self, Options};
use srm_site::source::Source;
use srm_site::tables::formats::TableFormat as Format;

use super::{Shop, sheets};
use crate::harness::fixture;
use crate::harness::reader::parse;
use crate::properties::holds;
use crate::prose::words::{text, words};

/// A project whose texts are in angle brackets.
const PROJECT: &str = "\
//- content/srm.yaml
schema: 1
parties:
  - {id: customer, kind: customer, label: Customer, description: <PARTY>}
  - {id: provider, kind: provider, label: Vendor}
document:
  catch-all: {party: customer, text: <CATCH-ALL>}
  precedence: <PRECEDENCE>
//- content/models/saas.md
---
label: SaaS
---
//- content/categories/data.yaml
label: Data
description: <CATEGORY>
rows:
  - id: keys
    label: Keys
    description: <ROW>
    notes: [<ROW-NOTE>]
    models:
      saas:
        responsible: [customer, provider]
        scope: {customer: <SCOPE>}
        conditional: {customer: <CONDITION>}
        notes: [<NOTE>]
        tasks: {customer: [<TASK>], provider: [Keep the keys.]}
";

/// The texts, with the pages that show them.
const TEXTS: &[(&str, &[&str])] = &[
    ("PARTY", &["parties/customer"]),
    ("CATCH-ALL", &["index"]),
    ("PRECEDENCE", &["index"]),
    ("CATEGORY", &["categories/data"]),
    ("ROW", IN_TABLES),
    ("ROW-NOTE", IN_TABLES),
    ("SCOPE", IN_TABLES),
    ("CONDITION", IN_TABLES),
    ("NOTE", IN_TABLES),
    ("TASK", IN_TABLES),
];

/// The pages with tables that show a row.
const IN_TABLES: &[&str] = &["models/saas", "categories/data"];

fn written(shop: &Shop, format: Format) -> String {
    let request = "detail model=saas";
    match format {
        Format::Xlsx => format!("{:?}", sheets(shop.show(request, format))),
        _ => shop.text(request, format),
    }
}

#[test]
fn every_word_of_a_text_of_the_data_is_in_every_output() {
    holds(250, (select(TEXTS), text()), |((name, pages), text)| {
        let mut project = PROJECT.to_string();
        for (other, _) in TEXTS {
            let filled = match *other == name {
                true => serde_json::to_string(&text).unwrap(),
                false => "\"Some words.\"".to_string(),
            };
            project = project.replace(&format!("<{other}>"), &filled);
        }
        let source = Source::memory(fixture(&project));
        let (files, outcome) = site::in_memory(&source, &Options::default());
        let page = |path: &str| String::from_utf8(files[path].clone()).unwrap();
        let mut outputs = vec![
            ("search".to_string(), page("search/index.js")),
            ("print".to_string(), parse(&page("print.html")).text()),
            ("JSON".to_string(), page("data/responsibilities.json")),
        ];
        for path in pages {
            let html = parse(&page(&format!("{path}.html"))).text();
            outputs.push((format!("page {path}"), html));
            outputs.push((format!("twin {path}"), page(&format!("{path}.md"))));
        }
        if pages == IN_TABLES {
            let shop = Shop::open(&project);
            outputs.extend(
                Format::ALL
                    .iter()
                    .map(|format| (format.word().to_string(), written(&shop, *format))),
            );
        }
        for word in words(&text) {
            for (output, said) in &outputs {
                assert!(
                    said.contains(&word),
                    "{word} of {name} is not in {output}:\n{text}\n{said}\n{:?}",
                    outcome.findings.list
                );
            }
        }
    });
}
