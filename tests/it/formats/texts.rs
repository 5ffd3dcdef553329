//! Formats of text: checklists, badges, captions and what is escaped.

use serde_json::Value;
use srm_site::tables::formats::TableFormat as Format;

use super::{Shop, nasty, project, records, sheets};

#[test]
fn a_checklist_has_a_line_a_task_to_be_ticked() {
    let rows = [("Keys", "First.\n\nSecond paragraph."), ("Logs", "=Look.")];
    let rows = rows.map(|(a, b)| (a.to_string(), b.to_string()));
    let shop = Shop::open(&project(&rows));
    let request = "checklist model=saas";
    let done = ["done", "Category", "Responsibility", "Owner", "Tasks"];
    let owner = "Shared (Customer + Example & <Sons>)\nNote: One bold paragraph.\n\
                 Another with a link (https://a.example/x_y(z)?q=1&r=~2#s).\n\
                 • an entry\n• code and more";
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
    assert_eq!(csv[1].join("|"), expected[1].join("|").replace("• ", ""));
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
            "A **b** c *d* e ~~f~~ g ``h`` i `j <https://k.example/>`__ l.",
        ),
        (
            Format::Latex,
            "A \\textbf{b} c \\emph{d} e f g \\texttt{h} i \\href{https://k.example/}{j} l.",
        ),
        (
            Format::Csv,
            "A b c d e ~~f~~ g h i j (https://k.example/) l.",
        ),
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
fn formats_are_known_by_names_and_endings() {
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.word()), Some(*format));
        for ending in format.endings() {
            assert_eq!(Format::from_name(ending), Some(*format));
            assert_eq!(Format::of_ending(&ending.to_uppercase()), Some(*format));
        }
    }
    assert_eq!(Format::from_name("latex"), Some(Format::Latex));
    assert_eq!(Format::of_ending("latex"), None);
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
    // Braces are closed, columns are separated as often as the header says.
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
