//! Tables in LaTeX end pages within long rows: what does not fit on a page is lost.

use std::process::Command;

use srm_site::tables::formats::TableFormat as Format;

use super::Shop;
use crate::harness::Folder;

/// A row with these tasks, and a note and a category with this text.
fn with_row(tasks: &[String], note: &str) -> Shop {
    let tasks = tasks.join("\", \"");
    Shop::open(&format!(
        "//- content/srm.yaml\nschema: 1\nparties:\n  - {{id: customer, kind: customer, label: Customer}}\n  \
         - {{id: provider, kind: provider, label: Vendor}}\n\
         //- book.toml\n[book]\nsrc = \"content\"\n\
         //- content/models/saas.md\n---\nlabel: SaaS\n---\n\
         //- content/models/own.md\n---\nlabel: Own\n---\n\
         //- content/categories/data.yaml\nlabel: Data\ndescription: {note}\nrows:\n  - id: keys\n    label: Keys\n    \
         notes: [{note}]\n    models:\n      all: {{responsible: customer, tasks: {{customer: [\"{tasks}\"]}}}}\n"
    ))
}

/// A row with many tasks, one of them long, and long texts around it.
fn long() -> Shop {
    let words = |word: &str| {
        (0..900)
            .map(|n| format!("{word}{n:03}"))
            .collect::<Vec<_>>()
    };
    let mut tasks: Vec<String> = (0..80)
        .map(|n| format!("taskno{n:03} reviews the access rights of every administrator."))
        .collect();
    tasks.push(format!("**{}**", words("bold").join(" ")));
    with_row(&tasks, &words("note").join(" "))
}

#[test]
fn long_rows_become_several() {
    let text = long().text("detail model=saas", Format::Latex);
    let body = text.split("\\endhead\n").nth(1).unwrap();
    for n in 0..80 {
        assert_eq!(body.matches(&format!("taskno{n:03}")).count(), 1, "{n}");
    }
    for n in 0..900 {
        assert_eq!(body.matches(&format!("bold{n:03}")).count(), 1, "{n}");
    }
    let rows: Vec<&str> = body.split(" \\\\\n").collect();
    assert!(rows.len() > 40, "{}", rows.len());
    for row in &rows {
        let letters = row.split("\n& ").map(str::len).max().unwrap();
        assert!(letters < 500, "{letters}: {row}");
    }
    // A rule only where the row of the document ends.
    assert!(body.matches("\\hline").count() < 8, "{body}");
    // Short rows stay whole.
    let short = with_row(&["First.".into(), "Second.".into()], "Note.");
    let text = short.text("detail model=saas", Format::Latex);
    let body = text.split("\\endhead\n").nth(1).unwrap();
    let (rows, rules) = (
        body.matches(" \\\\\n").count(),
        body.matches(" \\\\\n\\hline\n").count(),
    );
    assert_eq!((rows, rules), (1, 1), "{text}");
}

#[test]
#[ignore = "needs pdflatex and pdftotext, as `scripts/test readers` installs them"]
fn every_word_is_on_paper() {
    let shop = long();
    for paper in ["a4paper", "letterpaper", "a5paper"] {
        for request in ["detail model=saas", "category", "tasks compare=saas,own"] {
            let table = shop.text(request, Format::Latex);
            let folder = Folder::new();
            folder.write(
                "doc.tex",
                format!(
                    "\\documentclass[{paper}]{{article}}\n\\usepackage{{longtable,array,hyperref}}\n\
                     \\begin{{document}}\n{table}\n\\end{{document}}\n"
                ),
            );
            for (program, file) in [
                ("pdflatex", "doc.tex"),
                ("pdflatex", "doc.tex"),
                ("pdftotext", "doc.pdf"),
            ] {
                let mut command = Command::new(program);
                let command = match program {
                    "pdflatex" => command.args(["-interaction=batchmode", file]),
                    _ => command.args(["-raw", file, "doc.txt"]),
                };
                let said = command.current_dir(folder.path()).output().unwrap();
                assert!(said.status.success(), "{request}: {said:?}");
            }
            let log = folder.read("doc.log");
            assert!(!log.contains("Overfull \\vbox"), "{request}");
            let shown = folder.read("doc.txt");
            let shown: String = shown
                .chars()
                .filter(|c| c.is_ascii_alphanumeric())
                .collect();
            for word in (0..80)
                .map(|n| format!("taskno{n:03}"))
                .chain((0..900).map(|n| format!("bold{n:03}")))
            {
                assert!(shown.contains(&word), "{request} on {paper}: {word}");
            }
        }
    }
}
