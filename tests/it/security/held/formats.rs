//! Labels are text in every format.

use std::fs;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::{saying, table};

#[test]
fn latex_runs_no_command_of_a_label() {
    let text = "\\input{/etc/passwd} \\write18{id} \\immediate\\openin0 ^^5cinput $x$ %";
    let out = table(text, "x.tex");
    assert!(out.contains("textbackslash{}input"), "{out}");
    for command in [
        "\\input",
        "\\write",
        "\\immediate",
        "\\openin",
        "^^5c",
        " $x$",
    ] {
        assert!(!out.contains(command), "{command} in {out}");
    }
}

#[test]
fn asciidoc_includes_and_passes_nothing_of_a_label() {
    for text in [
        "include::/etc/passwd[]",
        "pass:[<script>]",
        "+++<script>+++",
        "++++",
        "image::x[]",
        "{asciidoctor-version}",
        "ifdef::x[]",
        "eval::[x]",
    ] {
        let out = table(text, "x.adoc");
        let words: String = text.chars().filter(char::is_ascii_alphabetic).collect();
        let start = &words[..words.len().min(4)];
        assert!(out.contains(start), "{out}");
        assert!(!out.contains(text), "{text} in {out}");
        for live in ["::", "pass:", "++", "<script", "{asciidoctor"] {
            assert!(!out.contains(live), "{live} in {out}");
        }
    }
}

#[test]
fn restructuredtext_includes_and_passes_nothing_of_a_label() {
    for text in [
        ".. include:: /etc/passwd",
        ".. raw:: html",
        ":raw:`<script>`",
        "`x <javascript:alert(1)>`_",
        "|x|",
    ] {
        let out = table(text, "x.rst");
        assert!(!out.contains(text), "{text} in {out}");
        for line in out.lines() {
            let line = line.trim_start_matches([' ', '*', '-', '|']);
            assert!(!line.starts_with(".. include"), "{line} in {out}");
            assert!(!line.starts_with(".. raw"), "{line} in {out}");
            assert!(!line.starts_with(":raw:"), "{line} in {out}");
        }
    }
}

#[test]
fn mdx_evaluates_nothing_of_a_label() {
    let out = table("{process.env.SECRET} <Evil x={y}/> ${z}", "x.mdx");
    assert!(out.contains("process.env.SECRET"), "{out}");
    for (at, _) in out.match_indices(['{', '}', '<']) {
        let fine = out[..at].ends_with('\\') || out[at..].starts_with("<br />");
        assert!(fine, "{}", &out[at..]);
    }
}

/// A label cannot end the region it is written into.
#[test]
fn labels_are_no_markers() {
    for (name, begin, end) in [
        ("x.md", "<!-- srm:begin detail -->", "<!-- srm:end -->"),
        ("x.md", "[//]: # (srm:begin detail)", "[//]: # (srm:end)"),
        ("x.mdx", "{/* srm:begin detail */}", "{/* srm:end */}"),
        ("x.html", "<!-- srm:begin detail -->", "<!-- srm:end -->"),
        ("x.adoc", "// srm:begin detail", "// srm:end"),
        ("x.rst", ".. srm:begin detail", ".. srm:end"),
        ("x.txt", "# srm:begin detail", "# srm:end"),
    ] {
        for label in [
            end.to_string(),
            format!("x\n{end}\n<b>out</b>"),
            format!("{end}\n{begin}"),
            "--> */} ) x".into(),
        ] {
            let folder = saying(&label);
            folder.write(name, format!("# Before\n\n{begin}\n{end}\n\nAfter\n"));
            folder.run(&["embed", name]).code(0);
            let first = folder.read(name);
            folder.run(&["embed", "--check", name]).code(0);
            folder.write("content/categories/data.yaml", "label: L\nrows: []\n");
            folder.run(&["embed", name]).code(0);
            // Nothing of the label is left once it is gone from the data.
            let second = folder.read(name);
            let kept = second.starts_with("# Before\n") && second.ends_with("\n\nAfter\n");
            assert!(kept && !second.contains("out"), "{name}, {label}: {second}");
            assert_eq!(second.matches("srm:end").count(), 1, "{first}\n{second}");
        }
    }
}

#[test]
fn a_workbook_holds_no_formula() {
    let texts = [
        "=1+1",
        "=HYPERLINK(\"http://docs.example\")",
        "+1",
        "-1",
        "@SUM(1)",
    ];
    for text in texts {
        let folder = saying(text);
        folder.run(&["table", "detail", "-o", "x.xlsx"]).code(0);
        let bytes = Cursor::new(fs::read(folder.join("x.xlsx")).unwrap());
        let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(bytes).unwrap();
        let name = workbook.sheet_names()[0].clone();
        let formulas = workbook.worksheet_formula(&name).unwrap();
        assert!(formulas.cells().all(|(_, _, f)| f.is_empty()), "{text}");
        let sheet = workbook.worksheet_range(&name).unwrap();
        let as_text = |cell: &Data| matches!(cell, Data::String(s) if s.starts_with(text));
        assert!(sheet.cells().any(|(_, _, c)| as_text(c)), "{text}");
    }
}

#[test]
fn fields_of_csv_and_tsv_begin_no_formula() {
    for text in ["=1+1", "+1", "-1", "@SUM(1)"] {
        for name in ["x.csv", "x.tsv"] {
            let out = table(text, name);
            assert!(out.contains(&format!("'{text}")), "{out}");
            // Line ends in fields are alone in CSV, and spaces in TSV.
            let out = out.replace("\r\n", "\t");
            let ends: &[char] = if name == "x.csv" {
                &['\t', ',']
            } else {
                &['\t', '\n']
            };
            for field in out.split(ends).map(|field| field.trim_matches('"')) {
                assert!(!field.starts_with(['=', '+', '-', '@']), "{field}: {out}");
            }
        }
    }
}
