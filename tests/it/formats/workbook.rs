//! Workbooks.

use std::process::Command;

use calamine::Xlsx;
use serde_json::Value;
use srm_site::tables::formats::TableFormat as Format;

use super::{Shop, project, read_back, sheets};
use crate::harness::Folder;

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
        run.stderr.contains("this is too large for `xlsx`"),
        "{}",
        run.stderr
    );
    assert!(!folder.join("x.xlsx").exists());
    folder.run(&["table", "detail", "-o", "x.csv"]).code(0);
}
