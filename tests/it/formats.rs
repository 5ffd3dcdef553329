//! Tables in every format, read back by readers that know nothing of this
//! tool: they find the same rows as in the JSON, whatever the words are.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd};
use serde_json::Value;
use srm_site::findings::Findings;
use srm_site::site::{self, Memos, Options, Site};
use srm_site::source::Source;
use srm_site::tables::Request;
use srm_site::tables::formats::TableFormat as Format;

use crate::harness::{Folder, fixture, said_by_tag};
use crate::properties::{holds, quoted, spoken};

/// Words that mean something to some format, and words of many scripts.
const NASTY: &[&str] = &[
    "Keys & <storage> | \"quoted\" 'single'",
    "customer's `code` *bold* _low_ __init__ #tag# +plus+ ^up^ ~down~ ~~out~~",
    "[link](https://a.example) ![x](y) [[a]] <<b>> {c} {{d}} ${e} %f%",
    "a -- b --- c ... d (C) (R) (TM) -> => <- <= e::f g:: h;; i",
    "https://a.example/x_y?z=1&w=2#v mailto:a@b.example x@y.example",
    "=1+1",
    "+SUM(A1)",
    "-5 apples",
    "@home",
    "* star",
    "- dash",
    "1. one",
    "1) one",
    "a. one",
    "iv) four",
    "#. auto",
    "# heading",
    ". title",
    ".. comment",
    ":field: x",
    ">>> test",
    "> quote",
    "|===",
    "a| b 2+| c",
    "NOTE: this",
    "//comment",
    "// comment",
    "----",
    "====",
    "[NOTE]",
    "'''",
    "<<<",
    "term::",
    "include::x[]",
    "\\textbf{x} \\\\ \\n $x^2$ a~b",
    "\\| \\* end\\",
    "import x from 'y'",
    "export const x = 1",
    "<r>not rich</r>",
    "_x0041_ and _x000D_",
    "&amp; &#65; &lt;b&gt; &nbsp;",
    "<br> <b>x</b> <!-- y --> <script>alert(1)</script>",
    "Keys <img src=x onerror=\"document.title='OWNED'\">",
    "Answer <tenant> within ~10 minutes, ~20 or 10~20~30.",
    "K {{ ''.constructor.constructor('return process.env.SECRET')() }}",
    "K {{#include /etc/passwd}} {{< x >}} {{% note %}}",
    "Keep {% if prod %} blocks. {% raw %} {# x #}",
    "x {onmouseover=alert(1)}",
    "x {: .x onclick=\"alert(1)\"} {::nomarkdown}",
    "Cust|omer `x` ``two ` ticks`` and {",
    "a_b c_d_e A & B a = b $x$ $5 x^2 y^2",
    "!!! note",
    "(a) one",
    "日本語のラベル、「鍵」",
    "مسؤولية العميل",
    "\u{202e}right to left\u{202c}",
    "🔑 emoji 👩‍💻 e\u{301}",
    "a\u{a0}b\u{2028}c\u{85}d\u{200b}e\u{feff}f",
    "tab\there",
    "a_ b__ `c` |d|_ [1]_ :role:`e` *f",
    "``x`` ```y``` `",
    "true",
    "null",
    "2025-06-01",
    "0012",
    "-",
    "? x",
    "!",
    "\"",
    "'",
];

/// A category of rows with these labels and tasks, in three models.
fn project(rows: &[(String, String)]) -> String {
    let mut text = String::from(
        "//- book.toml\n[book]\ntitle = \"Test\"\nsrc = \"content\"\n\
         [output.html]\nsite-url = \"https://docs.example.com/srm/\"\n\
         //- content/srm.yaml\nschema: 1\nparties:\n\
         \x20 - {id: customer, kind: customer, label: Customer}\n\
         \x20 - {id: provider, kind: provider, label: \"Example & <Sons>\"}\n\
         \x20 - {id: cloud, kind: third-party, label: クラウド事業者}\n",
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
             own: {{responsible: cloud, tasks: {{cloud: [{task}]}}}}\n",
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

/// A text without what formats may show as they like: blanks and bullets.
fn letters(text: &str) -> String {
    let shown = |c: &char| !c.is_whitespace() && !c.is_control() && *c != '•';
    text.chars().filter(shown).collect()
}

/// Tables of Markdown, cell by cell.
fn markdown(text: &str) -> Vec<Vec<Vec<String>>> {
    let (mut tables, mut rows, mut row, mut cell) = (vec![], vec![], vec![], String::new());
    let extensions = Extensions::ENABLE_TABLES | Extensions::ENABLE_STRIKETHROUGH;
    for event in Parser::new_ext(text, extensions) {
        match event {
            Event::Start(Tag::TableCell) => cell.clear(),
            Event::End(TagEnd::TableCell) => row.push(std::mem::take(&mut cell)),
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
            Event::End(TagEnd::Table) => tables.push(std::mem::take(&mut rows)),
            Event::Text(text) | Event::Code(text) => cell.push_str(&text),
            Event::SoftBreak | Event::HardBreak => cell.push(' '),
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
        .quoting(separator == b',')
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
    match field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
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

#[test]
fn tables_read_back_the_same() {
    let shop = Shop::open(&nasty());
    for request in REQUESTS.iter().filter(|r| !r.starts_with("checklist")) {
        read_back(&shop, request);
    }
    let labels = shop.tables("matrix")[0]
        .rows
        .iter()
        .map(|r| r[1][0].clone())
        .collect::<Vec<_>>();
    assert_eq!(labels, NASTY);
}

#[test]
fn any_words_read_back_the_same() {
    let rows = prop::collection::vec((spoken(), spoken()), 1..4);
    holds(150, rows, |rows| {
        let shop = Shop::open(&project(&rows));
        if shop.0.findings().has_errors() {
            return;
        }
        for request in ["detail model=saas", "matrix", "compare compare=saas,own"] {
            read_back(&shop, request);
        }
    });
}

#[test]
fn a_checklist_has_a_line_a_task_to_be_ticked() {
    let rows = [("Keys", "First.\n\nSecond paragraph."), ("Logs", "=Look.")];
    let rows = rows.map(|(a, b)| (a.to_string(), b.to_string()));
    let shop = Shop::open(&project(&rows));
    let request = "checklist model=saas";
    let done = ["done", "Category", "Responsibility", "Owner", "Tasks"];
    let owner = "Shared (Customer + Example & <Sons>)";
    let data = "Data & <storage> | 'x'";
    let expected: Vec<Vec<&str>> = vec![
        done.to_vec(),
        vec!["", data, "Keys", owner, "First.\nSecond paragraph."],
        vec!["", data, "Keys", owner, "Do it."],
        vec!["", data, "Logs", owner, "=Look."],
        vec!["", data, "Logs", owner, "Do it."],
    ];
    assert_eq!(sheets(shop.show(request, Format::Xlsx))[0].1, expected);
    let csv = records(&shop.show(request, Format::Csv), b',');
    assert_eq!(csv[1], expected[1]);
    assert_eq!(csv[3][4], "'=Look.");
    let tsv = shop.text(request, Format::Tsv);
    assert_eq!(tsv.lines().count(), 5, "{tsv}");

    for (format, mark) in [
        (Format::Markdown, "  - [ ] "),
        (Format::Asciidoc, "** [ ] "),
        (Format::Rst, "  - ☐ "),
        (Format::Latex, "\\item[\\fbox"),
        (Format::Html, "<li><label><input type=\"checkbox\"> "),
    ] {
        let text = shop.text(request, format);
        let several = format == Format::Html;
        let expected = if several { 3 } else { 4 };
        assert_eq!(text.matches(mark).count(), expected, "{text}");
    }
    let html = shop.text(request, Format::Html);
    assert!(html.starts_with("<div class=\"srm-checklist\""), "{html}");
    assert_eq!(html.matches("type=\"checkbox\"").count(), 4);
    assert!(!html.contains("style=") && !html.contains("<script"));
    let labelled = "aria-labelledby=\"srm-checklist-customer-saas-row0-task-1\"";
    assert!(html.contains(labelled), "{html}");
}

#[test]
fn addresses_in_texts_become_no_links() {
    let label = "mail@shop.example".to_string();
    let shop = Shop::open(&project(&[(label.clone(), "Do.".into())]));
    for format in [Format::Rst, Format::Asciidoc] {
        let text = shop.text("detail model=saas", format);
        assert!(text.contains("shop.example"), "{text}");
        assert!(!text.contains(&label), "{text}");
    }
}

#[test]
fn styles_end_where_they_end() {
    let task = "A **b** c *d* e ~~f~~ g `h` i [j](https://k.example/) l.";
    let shop = Shop::open(&project(&[("Keys".into(), task.into())]));
    let in_markdown = task.replace("~~f~~", "<del>f</del>");
    for (format, wanted) in [
        (Format::Markdown, &*in_markdown),
        (Format::Mdx, &in_markdown),
        (
            Format::Html,
            "A <strong>b</strong> c <em>d</em> e <del>f</del> g <code>h</code> i \
             <a href=\"https://k.example/\">j</a> l.",
        ),
        (
            Format::Asciidoc,
            "A *b* c _d_ e [.line-through]#f# g `h` i link:https://k.example/[j] l.",
        ),
        (
            Format::Rst,
            "A **b** c *d* e f g ``h`` i `j <https://k.example/>`__ l.",
        ),
        (
            Format::Latex,
            "A \\textbf{b} c \\emph{d} e f g \\texttt{h} i \\href{https://k.example/}{j} l.",
        ),
        (Format::Csv, "A b c d e f g h i j l."),
    ] {
        let text = shop.text("detail model=saas", format);
        assert!(text.contains(wanted), "{}: {text}", format.word());
    }
}

#[test]
fn a_badge_alone() {
    let shop = Shop::open(&project(&[("Keys".into(), "Do.".into())]));
    let request = "badge row=row0 model=saas";
    let said = "Shared (Customer + Example & <Sons>)";
    for (format, expected) in [
        (
            Format::Markdown,
            "**Shared (Customer + Example & &lt;Sons>)**\n",
        ),
        (
            Format::Asciidoc,
            "*Shared (Customer + Example & &#60;Sons&#62;)*\n",
        ),
        (
            Format::Rst,
            "**Shared (Customer + Example & \\<Sons\\>)**\n",
        ),
        (
            Format::Latex,
            "\\textbf{Shared (Customer + Example \\& \\textless{}Sons\\textgreater{})}\n",
        ),
        (Format::Csv, "Shared (Customer + Example & <Sons>)\r\n"),
        (Format::Tsv, "Shared (Customer + Example & <Sons>)\n"),
    ] {
        assert_eq!(shop.text(request, format), expected);
    }
    let json: Value = serde_json::from_slice(&shop.show(request, Format::Json)).unwrap();
    let expected = serde_json::json!({
        "owner": "shared", "parties": ["customer", "provider"], "text": said
    });
    assert_eq!(json, expected);
    assert_eq!(sheets(shop.show(request, Format::Xlsx))[0].1, [[said]]);
}

#[test]
fn a_caption_begins_no_program_in_mdx() {
    let shop = Shop::open(&project(&[("Keys".into(), "Do.".into())]));
    for (word, first) in [("import", "&#105;mport"), ("export", "&#101;xport")] {
        let request = format!("totals caption=\"{word} {{x}}\"");
        for format in [Format::Mdx, Format::Markdown] {
            let text = shop.text(&request, format);
            let expected = format!("{first} &#123;x&#125;\n");
            assert!(text.starts_with(&expected), "{text}");
        }
    }
}

#[test]
fn several_tables_in_one_file_are_told_apart() {
    let shop = Shop::open(&project(&[("Keys".into(), "Do.".into())]));
    let csv = records(&shop.show("summary model=saas,own", Format::Csv), b',');
    let header = [
        "Table",
        "Category",
        "Responsibility",
        "Owner",
        "Customer",
        "Example & <Sons>",
        "クラウド事業者",
    ];
    assert_eq!(csv[0], header);
    assert_eq!((&*csv[1][0], &*csv[2][0]), ("SaaS", "オンプレミス"));
    // A column that a table has not is empty.
    assert_eq!((&*csv[1][6], &*csv[2][4]), ("", ""));
    assert_eq!(csv[2][6], "Responsible");
}

#[test]
fn columns_of_one_name_are_told_apart() {
    let text = project(&[("Keys".into(), "Do.".into())])
        .replace("id: customer,", "id: owner,")
        .replace("customer", "owner")
        .replace("kind: owner", "kind: customer")
        .replace("label: Customer", "label: Owner");
    let shop = Shop::open(&text);
    let json: Value =
        serde_json::from_slice(&shop.show("summary model=saas", Format::Json)).unwrap();
    let table = &json["tables"][0];
    let ids: Vec<&str> = table["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        ["category", "responsibility", "owner", "owner-2", "provider"]
    );
    assert_eq!(table["rows"][0]["cells"]["owner-2"][0], "Responsible");
    assert_eq!(table["rows"][0]["id"], "row0");
    read_back(&shop, "summary");
}

#[test]
fn sheets_have_names_that_excel_takes() {
    let mut text = project(&[("Keys".into(), "Do.".into())]);
    text = text.replace("label: \"SaaS\"", "label: \"'History'\"");
    text = text.replace(
        "label: \"B|Y*O_C\"",
        "label: \"A very long name: with [brackets] and / 🔑🔑🔑\"",
    );
    text = text.replace(
        "label: \"オンプレミス\"",
        "label: \"a very long NAME- with -brackets- and more\"",
    );
    let shop = Shop::open(&text);
    let sheets = sheets(shop.show("summary", Format::Xlsx));
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    let mut expected = [
        "History (2)",
        "A very long name- with -bracket",
        "a very long NAME- with -bra (2)",
    ];
    let mut names = names;
    names.sort_unstable();
    expected.sort_unstable();
    assert_eq!(names, expected);
}

#[test]
fn every_beginning_of_a_formula_is_guarded() {
    for c in ["=", "+", "-", "@", "\t", "\r"] {
        let mut out = String::new();
        srm_site::tables::formats::csv::record(&[&format!("{c}1"), "\"a\""], &mut out);
        let quotes = if c == "\r" { "\"" } else { "" };
        assert_eq!(out, format!("{quotes}'{c}1{quotes},\"\"\"a\"\"\"\r\n"));
    }
}

/// What Excel shows of a workbook beside its words: a header that stays in
/// sight and filters, lines that wrap.
#[test]
#[ignore = "needs Python; `scripts/test readers` runs it"]
fn a_workbook_can_be_filtered_and_read() {
    const SCRIPT: &str = "import sys, zipfile\n\
        z = zipfile.ZipFile(sys.argv[1])\n\
        for n in ['xl/worksheets/sheet1.xml', 'xl/styles.xml', 'docProps/core.xml']:\n\
        \x20   print(z.read(n).decode())\n";
    let task = "A very long task. ".repeat(20);
    let folder = Folder::of(&project(&[("Keys".into(), task)]));
    let name = "x.xlsx";
    folder
        .run(&["table", "detail", "model=saas", "-o", name])
        .code(0);
    let run = Command::new("python3")
        .args(["-c", SCRIPT])
        .arg(folder.join(name))
        .output()
        .unwrap();
    let xml = String::from_utf8_lossy(&run.stdout);
    for part in [
        "<pane xSplit=\"2\" ySplit=\"1\" topLeftCell=\"C2\"",
        "state=\"frozen\"",
        "<autoFilter ref=\"A1:D2\"/>",
        "wrapText=\"1\"",
        "<b/>",
        "<dc:title>SaaS: who does what</dc:title>",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    let wide = |part: &str| part.split('"').next().unwrap().parse::<f64>().unwrap();
    let widths: Vec<f64> = xml.split(" width=\"").skip(1).map(wide).collect();
    assert!(widths.iter().all(|w| (8.0..52.0).contains(w)), "{widths:?}");
    assert!(widths.iter().any(|w| *w > 49.0), "{widths:?}");
}

#[test]
fn sheets_are_named_without_what_excel_forbids() {
    let mut text = project(&[("Keys".into(), "Do.".into())]);
    text = text.replace("label: \"SaaS\"", "label: \"a*b?c:d[e]f\\\\g/h\"");
    let (cut, keys) = ("a".repeat(30), "🔑".repeat(16));
    text = text.replace("label: \"B|Y*O_C\"", &format!("label: \"{cut}'b\""));
    text = text.replace("label: \"オンプレミス\"", &format!("label: \"{keys}\""));
    let names: Vec<String> = sheets(Shop::open(&text).show("summary", Format::Xlsx))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    // At most 31 units of UTF-16, and no apostrophe at an end.
    for name in ["a-b-c-d-e-f-g-h", &cut, &"🔑".repeat(15)] {
        assert!(names.contains(&name.to_string()), "{name} in {names:?}");
    }
}

#[test]
fn headings_of_a_workbook_are_links() {
    let shop = Shop::open(&project(&[("Keys".into(), "Do.".into())]));
    let bytes = shop.show("summary model=saas", Format::Xlsx);
    let mut workbook: Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let links = workbook.hyperlinks_by_sheet_id(0).unwrap();
    let targets: Vec<String> = links
        .iter()
        .map(|l| format!("{:?} {:?}", l.target, l.location))
        .collect();
    let expected = [
        "Some(\"https://docs.example.com/srm/categories/data.html\") None",
        "Some(\"https://docs.example.com/srm/models/saas.html\") Some(\"row0\")",
    ];
    assert_eq!(targets, expected);
    let bytes = shop.show("summary model=saas links=../site", Format::Xlsx);
    let mut workbook: Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    assert!(workbook.hyperlinks_by_sheet_id(0).unwrap().is_empty());
}

#[test]
fn what_excel_has_no_room_for_is_a_finding() {
    let folder = Folder::of(&project(&[("Keys".into(), "long ".repeat(7000))]));
    let run = folder.run(&["table", "detail", "-o", "x.xlsx"]);
    run.code(2);
    assert!(
        run.stderr.contains("`xlsx` has no room for this"),
        "{}",
        run.stderr
    );
    assert!(!folder.join("x.xlsx").exists());
    folder.run(&["table", "detail", "-o", "x.csv"]).code(0);
}

#[test]
fn formats_are_known_by_names_and_endings() {
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.word()), Some(*format));
        for ending in format.endings() {
            assert_eq!(Format::from_name(ending), Some(*format));
            assert_eq!(
                Format::of_file(&format!("a.b.{}", ending.to_uppercase())),
                Some(*format)
            );
        }
    }
    assert_eq!(Format::from_name("latex"), Some(Format::Latex));
    assert_eq!(Format::of_file("x.latex"), None);
    assert_eq!(Format::of_file("adoc"), None);
}

#[test]
fn latex_escapes_what_has_power() {
    let shop = Shop::open(&nasty());
    let text = shop.text("matrix", Format::Latex);
    assert!(
        text.starts_with("% \\usepackage{longtable,array,hyperref}\n"),
        "{text}"
    );
    for escaped in [
        "Keys \\& \\textless{}storage\\textgreater{} \\textbar{} \\symbol{34}quoted\\symbol{34}",
        "{[}{[}a{]}{]}",
        "\\textbackslash{}textbf\\{x\\} \\textbackslash{}\\textbackslash{}",
        "\\$x\\textasciicircum{}2\\$ a\\textasciitilde{}b",
        "a -{}- b -{}-{}- c",
        "{*} star",
        "\\%f\\%",
        "\\textasciigrave{}code\\textasciigrave{} {*}bold{*} \\_low\\_ \\_\\_init\\_\\_ \\#tag\\#",
    ] {
        assert!(text.contains(escaped), "{escaped} in {text}");
    }
    let detail = shop.text("detail", Format::Latex);
    let link = "\\href{https://a.example/x_y(z)?q=1&r=\\%7E2\\#s}";
    assert!(detail.contains(link), "{detail}");
    // Braces are closed, columns are parted as often as the header says.
    let open = text.matches('{').count() - text.matches("\\{").count();
    let closed = text.matches('}').count() - text.matches("\\}").count();
    assert_eq!(open, closed);
    for row in text
        .split(" \\\\\n\\hline\n")
        .filter(|r| r.contains("models/") || r.contains("#row"))
    {
        assert_eq!(row.matches("\n& ").count(), 3, "{row}");
    }
}

/// Words that mean something, in every field that a table shows.
fn nasty_everywhere() -> String {
    let label = "Cust|omer `x` {{ y }} <b onclick=\\\"z\\\"> *a* _b_ {{#include c}}";
    nasty()
        .replace("label: Customer", &format!("label: \"{label}\""))
        .replace("label: \"SaaS\"", "label: \"{{ m }} | `t` <i>\"")
        .replace("One **bold**", "In `{{ c }} | <d> \\\\` a **bold {{ e }}**")
        .replace(
            "own: {responsible",
            "own: {summary: {customer: \"{% s %} `|` {t}\"}, responsible",
        )
}

/// The same by the readers of other languages: `tests/html/formats.mjs` looks
/// at Markdown, HTML, MDX and AsciiDoc, docutils reads reStructuredText, and
/// Python-Markdown is what MkDocs uses.
#[test]
#[ignore = "needs packages of Python and of tests/html; `scripts/test readers` installs them"]
fn readers_of_other_languages_find_the_same() {
    for text in [nasty(), nasty_everywhere(), random()] {
        let folder = Folder::of(&text);
        others_read_back(&folder);
    }
}

/// A project of words drawn from a fixed seed.
fn random() -> String {
    let mut runner = TestRunner::deterministic();
    // A table within a table is no matter of these readers, nor a comment.
    let line = spoken().prop_map(|text| text.replace(['\n', '\r'], " "));
    let rows = prop::collection::vec((spoken(), line), 40);
    project(&rows.new_tree(&mut runner).unwrap().current())
}

#[track_caller]
fn others_read_back(folder: &Folder) {
    for (n, request) in REQUESTS.iter().enumerate() {
        let words: Vec<&str> = request.split(' ').collect();
        for ending in ["json", "html", "md", "mdx", "adoc", "rst"] {
            let file = format!("{n}.{ending}");
            let mut args = vec!["table"];
            args.extend(&words);
            args.extend(["-o", &file]);
            folder.run(&args).code(0);
        }
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html");
    // Where `scripts/test readers` puts packages of Python.
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/python");
    for (program, script) in [
        ("python3", "rst.py"),
        ("python3", "mkdocs.py"),
        ("node", "formats.mjs"),
    ] {
        let run = Command::new(program)
            .env("PYTHONPATH", &packages)
            .arg(tests.join(script))
            .arg(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        let complaints = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{script}:\n{said}\n{complaints}");
    }
}
