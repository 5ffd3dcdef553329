//! Tables in every format, read back by readers that know nothing of this
//! tool: they find the same rows as in the JSON, whatever the words are.

use std::sync::Arc;

use calamine::{Data, Reader, Xlsx};
use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd};
use serde_json::Value;
use srm_site::findings::Findings;
use srm_site::site::{self, Memos, Options, Site};
use srm_site::source::Source;
use srm_site::tables::Request;
use srm_site::tables::formats::TableFormat as Format;

use crate::harness::{fixture, said_by_tag};
use crate::properties::quoted;
use nasty::NASTY;

mod nasty;
mod pages;
mod read_back;
mod texts;
mod words;
mod workbook;

/// A category of rows with these labels and tasks, in three models.
fn project(rows: &[(String, String)]) -> String {
    let mut text = String::from(
        "//- book.toml\n[book]\ntitle = \"Test\"\nsrc = \"content\"\n\
         [output.html]\nsite-url = \"https://docs.example.com/srm/\"\n\
         //- content/srm.yaml\nschema: 1\nparties:\n\
         \x20 - {id: customer, kind: customer, label: Customer}\n\
         \x20 - {id: provider, kind: provider, label: \"Example & <Sons>\"}\n\
         \x20 - {id: cloud, kind: third-party, label: クラウド事業者}\n\
         roles: {V: {id: verifies, label: \"Veri|fies *it* & <b>\"}, approves: {label: \"{{ y }}\"}}\n",
    );
    for (id, label) in [
        ("saas", "SaaS"),
        ("byoc", "B|Y*O_C"),
        ("own", "オンプレミス"),
    ] {
        text.push_str(&format!(
            "//- content/models/{id}.md\n---\nlabel: \"{label}\"\n---\nWords.\n"
        ));
    }
    text.push_str("//- content/categories/data.yaml\nlabel: \"Data & <storage> | 'x'\"\nrows:\n");
    for (n, (label, task)) in rows.iter().enumerate() {
        text.push_str(&format!(
            "  - id: row{n}\n    label: {label}\n    notes: [{note}]\n    description: {task}\n    \
             models:\n      all:\n        responsible: [customer, provider]\n        \
             tasks:\n          customer: [{task}, Do it.]\n          provider: [{task}]\n      \
             own: {{roles: {{cloud: R V approves}}, tasks: {{cloud: [{task}]}}}}\n",
            label = quoted(label),
            task = quoted(task),
            note = quoted("One **bold** paragraph.\n\nAnother with a [link](https://a.example/x_y(z)?q=1&r=~2#s).\n\n- an entry\n- `code` and *more*\n"),
        ));
    }
    text
}

fn nasty() -> String {
    let rows = NASTY
        .iter()
        .map(|text| (text.to_string(), text.to_string()));
    project(&rows.collect::<Vec<_>>())
}

/// Every kind of table, all of them of several models where there can be.
const REQUESTS: &[&str] = &[
    "summary",
    "detail",
    "detail model=saas columns=-category",
    "category",
    "matrix",
    "raci",
    "totals",
    "compare compare=saas,own",
    "tasks compare=saas,own",
    "checklist model=saas",
    "checklist party=customer,cloud caption=none",
];

/// A site to ask for tables.
struct Shop(Site);

impl Shop {
    fn open(text: &str) -> Shop {
        let source = Source::memory(fixture(text));
        let options = Options::default();
        let mut findings = Findings::default();
        let config = Arc::new(site::config(&source, &options, &mut findings));
        let site = Site::read(&source, config, &options, findings, &Memos::default());
        Shop(site)
    }

    #[track_caller]
    fn show(&self, request: &str, format: Format) -> Vec<u8> {
        let mut findings = Findings::default();
        let file: Arc<str> = Arc::from("(test)");
        let shown =
            Request::parse(request, 0..request.len(), &file, &mut findings).and_then(|request| {
                let base = self.0.config().site_url();
                self.0
                    .show(&request, format, base.as_deref(), &mut findings)
            });
        assert!(findings.list.is_empty(), "{request}: {findings:?}");
        shown.unwrap()
    }

    fn text(&self, request: &str, format: Format) -> String {
        String::from_utf8(self.show(request, format)).unwrap()
    }

    fn tables(&self, request: &str) -> Vec<Grid> {
        let json: Value = serde_json::from_slice(&self.show(request, Format::Json)).unwrap();
        json["tables"]
            .as_array()
            .unwrap()
            .iter()
            .map(Grid::of)
            .collect()
    }
}

/// What a table says.
#[derive(Debug)]
struct Grid {
    grouped: bool,
    header: Vec<String>,
    /// The lines of each cell.
    rows: Vec<Vec<Vec<String>>>,
}

impl Grid {
    fn of(table: &Value) -> Grid {
        let columns = table["columns"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_string();
        let cell = |row: &Value, column: &Value| -> Vec<String> {
            let lines = &row["cells"][column["id"].as_str().unwrap()];
            lines.as_array().unwrap().iter().map(text).collect()
        };
        Grid {
            grouped: columns[0]["kind"] == "group",
            header: columns.iter().map(|c| text(&c["label"])).collect(),
            rows: table["rows"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| columns.iter().map(|column| cell(row, column)).collect())
                .collect(),
        }
    }
}

/// A text without what formats may show as they like: spaces, bullets, and escapes in
/// addresses.
fn letters(text: &str) -> String {
    let shown = |c: &char| !c.is_whitespace() && !c.is_control() && *c != '•';
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or("").to_string();
    for part in parts {
        let code = part
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code.filter(u8::is_ascii) {
            Some(byte) => out.push_str(&format!("{}{}", char::from(byte), &part[2..])),
            None => out.push_str(&format!("%{part}")),
        }
    }
    out.chars().filter(shown).collect()
}

/// Words that lead to an address, as formats of plain text say it.
fn told(words: &str, address: &str) -> String {
    let own = address.starts_with("https://docs.example.com/srm/");
    match own || letters(address).ends_with(&letters(words)) {
        true => words.to_string(),
        false => format!("{words} ({address})"),
    }
}

/// Tables of Markdown, cell by cell.
fn markdown(text: &str) -> Vec<Vec<Vec<String>>> {
    let (mut tables, mut rows, mut row, mut cell) = (vec![], vec![], vec![], String::new());
    let mut link = (0, String::new());
    let extensions = Extensions::ENABLE_TABLES | Extensions::ENABLE_STRIKETHROUGH;
    for event in Parser::new_ext(text, extensions) {
        match event {
            Event::Start(Tag::TableCell) => cell.clear(),
            Event::End(TagEnd::TableCell) => row.push(std::mem::take(&mut cell)),
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
            Event::End(TagEnd::Table) => tables.push(std::mem::take(&mut rows)),
            Event::Text(text) | Event::Code(text) => cell.push_str(&text),
            Event::SoftBreak | Event::HardBreak => cell.push(' '),
            Event::Start(Tag::Link { dest_url, .. }) => link = (cell.len(), dest_url.to_string()),
            Event::End(TagEnd::Link) => {
                let words = cell.split_off(link.0);
                cell.push_str(&told(&words, &link.1));
            }
            Event::InlineHtml(html) if html.ends_with("del>") => cell.push_str("~~"),
            Event::InlineHtml(html) => cell.push_str(said_by_tag(&html)),
            Event::Html(html) => panic!("live: {html} in {text}"),
            _ => {}
        }
    }
    tables
}

/// Records of a text, all of one length.
fn records(text: &[u8], separator: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(separator)
        .from_reader(text);
    let record = |r: csv::StringRecord| r.iter().map(str::to_string).collect();
    reader.records().map(|r| record(r.unwrap())).collect()
}

/// Sheets of a workbook, each with its name.
fn sheets(bytes: Vec<u8>) -> Vec<(String, Vec<Vec<String>>)> {
    let mut workbook: Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let text = |cell: &Data| match cell {
        Data::String(text) => text.clone(),
        Data::Float(number) => number.to_string(),
        Data::Empty => String::new(),
        other => panic!("neither text nor number: {other:?}"),
    };
    let rows =
        |range: calamine::Range<Data>| range.rows().map(|r| r.iter().map(text).collect()).collect();
    let all = workbook.worksheets().into_iter();
    all.map(|(name, range)| (name, rows(range))).collect()
}

/// A field as a spreadsheet may take it.
fn guarded(field: &str) -> String {
    let bare = field.trim_start_matches('\'');
    match bare.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{field}"),
        false => field.to_string(),
    }
}

/// One request in the formats that readers here can read.
#[track_caller]
fn read_back(shop: &Shop, request: &str) {
    let tables = shop.tables(request);
    assert!(tables.iter().any(|t| !t.rows.is_empty()), "{request}");

    let text = shop.text(request, Format::Markdown);
    let found = markdown(&text);
    assert_eq!(found.len(), tables.len(), "{request}: {text}");
    for (found, table) in found.iter().zip(&tables) {
        let header: Vec<String> = table.header.iter().map(|l| letters(l)).collect();
        let shown: Vec<String> = found[0].iter().map(|l| letters(l)).collect();
        assert_eq!(shown, header, "{request}");
        assert_eq!(found.len() - 1, table.rows.len(), "{request}");
        for (found, row) in found[1..].iter().zip(&table.rows) {
            assert_eq!(found.len(), row.len(), "{request}: {row:?}");
            for (at, (found, cell)) in found.iter().zip(row).enumerate() {
                let (found, cell) = (letters(found), letters(&cell.concat()));
                // Remarks of a group are said once.
                if at == 0 && table.grouped {
                    assert!(!found.is_empty() && cell.starts_with(&found), "{request}");
                } else {
                    assert_eq!(found, cell, "{request}:\n{text}");
                }
            }
        }
    }

    // Several tables of one kind have the same columns here or more.
    let csv = records(&shop.show(request, Format::Csv), b',');
    let tsv = records(&shop.show(request, Format::Tsv), b'\t');
    let named = usize::from(tables.len() > 1);
    let mut at = 1;
    for table in &tables {
        for row in &table.rows {
            let mut nth = std::collections::HashMap::new();
            for (label, cell) in table.header.iter().zip(row) {
                let n = nth.entry(label).or_insert(0);
                let column = csv[0][named..]
                    .iter()
                    .enumerate()
                    .filter(|(_, l)| **l == guarded(label));
                let column = named + column.map(|(at, _)| at).nth(*n).unwrap();
                *n += 1;
                let said = cell.join("\n");
                assert_eq!(csv[at][column], guarded(&said), "{request}");
                let blank = |c: char| c.is_control() || "\u{2028}\u{2029}".contains(c);
                let said = said.replace(blank, " ");
                assert_eq!(tsv[at][column], guarded(said.trim()), "{request}");
            }
            at += 1;
        }
    }
    assert_eq!((csv.len(), tsv.len()), (at, at), "{request}");

    let workbook = shop.show(request, Format::Xlsx);
    assert!(
        workbook == shop.show(request, Format::Xlsx),
        "the same bytes"
    );
    let found = sheets(workbook);
    assert_eq!(found.len(), tables.len(), "{request}");
    for ((_, found), table) in found.iter().zip(&tables) {
        assert_eq!(found[0], table.header, "{request}");
        assert_eq!(found.len() - 1, table.rows.len(), "{request}");
        for (found, row) in found[1..].iter().zip(&table.rows) {
            for (found, cell) in found.iter().zip(row) {
                let lines = found
                    .split('\n')
                    .map(|line| line.strip_prefix("• ").unwrap_or(line));
                let found: Vec<&str> = lines.collect();
                assert_eq!(found.join("\n"), cell.join("\n"), "{request}");
            }
        }
    }
}
