//! Texts come back from the tables they were written to.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use srm_site::text::decode;

use super::{holds, in_site, quoted, spoken};

/// A table of CSV (RFC 4180), read by a reader of our own.
fn csv(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut chars = text.chars().peekable();
    let mut in_quotes = false;
    while let Some(c) = chars.next() {
        let row = rows.last_mut().unwrap();
        let field = row.last_mut().unwrap();
        match c {
            '"' if in_quotes && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => in_quotes = !in_quotes,
            ',' if !in_quotes => row.push(String::new()),
            '\r' if !in_quotes && chars.peek() == Some(&'\n') => {
                chars.next();
                rows.push(vec![String::new()]);
            }
            c => field.push(c),
        }
    }
    assert!(!in_quotes, "a quote is never closed");
    assert_eq!(
        rows.pop(),
        Some(vec![String::new()]),
        "no line end at the end"
    );
    rows
}

/// A field as a spreadsheet gets it: what looks like a formula is guarded.
fn guarded(text: &str) -> String {
    let bare = text.trim_start_matches('\'');
    match bare.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_string(),
    }
}

#[test]
fn csv_holds_every_text_as_it_is() {
    holds(
        40,
        (spoken(), spoken(), spoken(), spoken()),
        |(task, label, note, name)| {
            let site = in_site(&format!(
                "//- content/srm.yaml\nschema: 1\nparties:\n  - {{id: customer, kind: customer, label: {}}}\n//- content/models/saas.md\n---\nlabel: SaaS\n---\n//- content/categories/data.yaml\nlabel: Data\nrows:\n  - id: keys\n    label: {}\n    notes: [{}]\n    models: {{saas: {{responsible: customer, tasks: {{customer: [{}]}}}}}}\n",
                quoted(&name),
                quoted(&label),
                quoted(&note),
                quoted(&task)
            ));
            let rows = csv(site.page("data/responsibilities.csv"));
            assert_eq!(rows.len(), 2);
            assert!(rows.iter().all(|r| r.len() == 18), "{rows:?}");
            assert_eq!(rows[1][3], guarded(&label));
            assert_eq!(rows[1][4], guarded(&name));
            assert_eq!(rows[1][8], guarded(task.trim()));
            assert_eq!(rows[1][9], guarded(&note));
            let lines = note.lines().map(str::trim).filter(|line| !line.is_empty());
            assert_eq!(rows[1][17], guarded(&lines.collect::<Vec<_>>().join(" ")));
            // The JSON has them without any guard.
            let data: Value =
                serde_json::from_str(site.page("data/responsibilities.json")).unwrap();
            let row = &data["categories"][0]["rows"][0];
            assert_eq!(row["label"], label.as_str());
            assert_eq!(row["notes"][0], note.as_str());
            assert_eq!(row["cells"][0]["tasks"][0]["tasks"][0]["text"], task.trim());
        },
    );
}

#[test]
fn markdown_tables_keep_their_columns() {
    use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd};
    holds(40, (spoken(), spoken(), spoken()), |(label, task, note)| {
        let site = in_site(&format!(
            "//- content/models/saas.md\n---\nlabel: SaaS\n---\n//- content/models/byoc.md\n---\nlabel: {0}\n---\n//- content/categories/data.yaml\nlabel: Data\nrows:\n  - id: keys\n    label: {0}\n    description: {2}\n    notes: [{2}]\n    models: {{all: {{responsible: [customer, provider], scope: {{customer: {2}}}, tasks: {{customer: [{1}], provider: [{1}, {2}]}}}}}}\n  - {{id: other, label: Other, models: {{saas: {{responsible: customer}}}}}}\n",
            quoted(&label),
            quoted(&task),
            quoted(&note)
        ));
        for (path, wanted) in [
            ("models/saas.md", vec![5, 4]),
            ("categories/data.md", vec![5]),
        ] {
            let text = site.page(path);
            // As GitHub reads it: as many tables, each line with all columns,
            // one line of text each.
            let mut columns = Vec::new();
            let mut cells = 0;
            for event in Parser::new_ext(text, Extensions::ENABLE_TABLES) {
                match event {
                    Event::Start(Tag::Table(alignment)) => columns.push(alignment.len()),
                    Event::Start(Tag::TableRow | Tag::TableHead) => cells = 0,
                    Event::Start(Tag::TableCell) => cells += 1,
                    Event::End(TagEnd::TableRow) => assert_eq!(Some(&cells), columns.last()),
                    _ => {}
                }
            }
            assert_eq!(columns, wanted, "{path}: {text}");
            // The parser fills up and cuts off; count the bars ourselves.
            for line in text.lines().filter(|l| l.starts_with('|')) {
                let mut bars = 0;
                let mut escaped = false;
                for c in line.chars() {
                    bars += usize::from(c == '|' && !escaped);
                    escaped = c == '\\' && !escaped;
                }
                let fits = wanted.iter().any(|n| n + 1 == bars);
                assert!(fits, "{path}: {bars} bars in {line:?}");
            }
            // Every line of every table is there: none ended early.
            let lines = text.lines().filter(|l| l.starts_with("| ")).count();
            let expected = match path {
                "models/saas.md" => 2 * 4,
                _ => 2 + 4,
            };
            assert_eq!(lines, expected, "{path}: {text}");
        }
    });
}

#[test]
fn plain_texts_in_markdown_come_back() {
    use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd};
    // A label is plain text: a program that renders the twin must read it as it is.
    let marked = select(
        &[
            "*a* b",
            "**a** b",
            "_a_ b",
            "`a` b",
            "~~a~~ b",
            "[a](b) c",
            "![a](b) c",
            "<b>a</b>",
            "<https://a.b> c",
            "&lt;a&gt; b",
            "a \\* b",
            "a #",
            "# a",
            "1. a",
            "- a",
            "[a]: b",
        ][..],
    )
    .prop_map(String::from);
    holds(120, prop_oneof![spoken(), marked], |label| {
        let wanted: String = label.split_whitespace().collect::<Vec<_>>().join(" ");
        let site = in_site(&format!(
            "//- content/models/saas.md\n---\nlabel: {}\n---\n",
            quoted(&label)
        ));
        let text = site.page("models/saas.md");
        let mut title = String::new();
        let mut inside = false;
        for event in Parser::new_ext(text, Extensions::ENABLE_STRIKETHROUGH) {
            match event {
                Event::Start(Tag::Heading { .. }) => inside = title.is_empty(),
                Event::End(TagEnd::Heading(_)) => inside = false,
                Event::Text(t) if inside => title.push_str(&t),
                Event::SoftBreak | Event::HardBreak if inside => title.push(' '),
                Event::Start(other) if inside => panic!("{label:?} became {other:?}"),
                // Between two braces.
                Event::InlineHtml(t) if inside && &*t == "<wbr />" => {}
                Event::Code(t) | Event::InlineHtml(t) if inside => panic!("{label:?} became {t:?}"),
                _ => {}
            }
        }
        let title: String = title.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(title, wanted, "{text}");
    });
}

#[test]
fn llms_txt_links_are_whole() {
    use pulldown_cmark::{Event, Parser, Tag};
    let name = "[a-z()\\[\\]!~ '&é日-]{1,10}";
    holds(30, (name, spoken()), |(name, title)| {
        let name = name.trim();
        if name.is_empty() || name.starts_with('.') || name.ends_with('~') {
            return;
        }
        let site = in_site(&format!(
            "//- content/p/{name}.md\n---\ntitle: {}\n---\nText.\n//- content/other.md\n# Other\n\n[x](<p/{name}.md>)\n//- content/models/saas.md\n---\nlabel: SaaS\n---\n",
            quoted(&title)
        ));
        let wanted = format!("p/{name}.md");
        for path in ["llms.txt", "other.md"] {
            let text = site.page(path);
            let found = Parser::new(text).any(|e| match e {
                Event::Start(Tag::Link { dest_url, .. }) => decode(&dest_url) == wanted,
                _ => false,
            });
            assert!(found, "{path} does not link to {wanted:?}: {text}");
        }
        assert_eq!(site.lines_of("SRM401"), [""; 0]);
    });
}
