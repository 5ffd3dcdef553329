//! Files of any text: YAML, records, settings, and whole projects.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use srm_site::findings::Findings;
use srm_site::input::Config;
use srm_site::input::{self, Node};
use srm_site::input::{CategoryFile, ModelRecord, SiteFile, parse_page, parse_record, parse_yaml};
use srm_site::report::{self, ReportFormat as Format};
use srm_site::site::Options;
use srm_site::source::Source;

use super::{findings_lie_inside, holds, quoted, text};
use crate::harness::inert::assert_inert;
use crate::harness::{build_files, fixture};

#[track_caller]
fn node_lies_inside(node: &Node, text: &str) {
    let inside = |span: &std::ops::Range<usize>| {
        assert!(
            span.start <= span.end
                && span.end <= text.len()
                && text.is_char_boundary(span.start)
                && text.is_char_boundary(span.end),
            "{span:?} in {text:?}"
        );
    };
    inside(&node.span);
    inside(&node.mark());
    match &node.value {
        input::Value::List(items) => items.iter().for_each(|n| node_lies_inside(n, text)),
        input::Value::Map(entries) => entries.iter().for_each(|(key, value)| {
            inside(&key.span);
            node_lies_inside(value, text);
        }),
        _ => {}
    }
}

/// Texts that are YAML more often than not.
fn yaml_text() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        "[a-zé日 ]{0,6}",
        text().prop_map(|t| quoted(&t)),
        Just("|\n    a\n    b".to_string()),
        Just("'é'".to_string()),
        Just("&x 日本".to_string()),
        Just("*x".to_string()),
        Just("[é, {b: 日}]".to_string()),
        Just("# 日\n".to_string()),
    ];
    let line = (
        "[ ]{0,4}",
        select(
            &[
                "- ", "a: ", "é: ", "\"k\": ", "? ", "", "- - ", "label: ", "rows:\n",
            ][..],
        ),
        scalar,
    )
        .prop_map(|(indent, key, value)| format!("{indent}{key}{value}"));
    let end = select(&["\n", "\r\n", "\n\n"][..]);
    prop::collection::vec((line, end), 0..7)
        .prop_map(|lines| lines.into_iter().map(|(l, e)| l + e).collect())
}

#[test]
fn yaml_never_panics_and_knows_its_places() {
    let any_text = prop_oneof![text(), yaml_text(), any::<String>()];
    holds(1500, any_text, |text| {
        for prefix in ["", "\u{feff}", "---\n"] {
            let text = format!("{prefix}{text}");
            let mut findings = Findings::default();
            let file = Arc::from("t.yaml");
            if let Some(node) = parse_yaml(&text, &file, 0, &mut findings) {
                node_lies_inside(&node, &text);
            } else {
                assert!(!findings.list.is_empty(), "{text:?} fails without a word");
            }
            findings_lie_inside(&findings, &text);
        }
    });
}

#[test]
fn yaml_texts_come_back() {
    holds(400, text(), |text| {
        let source = format!("a: {}\nb: [{}]\n", quoted(&text), quoted(&text));
        let mut findings = Findings::default();
        let node = parse_yaml(&source, &Arc::from("t"), 0, &mut findings);
        let node = node.unwrap_or_else(|| panic!("{findings:?}"));
        let input::Value::Map(entries) = &node.value else {
            panic!("{node:?}")
        };
        let input::Value::Scalar { text: back, .. } = &entries[0].1.value else {
            panic!("{node:?}")
        };
        assert_eq!(*back, text);
        // The span is that of the quoted text.
        assert_eq!(&source[entries[0].1.span.clone()], quoted(&text));
    });
}

#[test]
fn files_of_any_text_are_decoded_or_refused() {
    holds(500, prop_oneof![text(), yaml_text()], |text| {
        let file: Arc<str> = Arc::from("t");
        let category = parse_record::<CategoryFile>(&file, &text);
        findings_lie_inside(&category.findings, &text);
        assert!(category.record.is_some() || !category.findings.list.is_empty());
        let site = parse_record::<SiteFile>(&file, &text);
        findings_lie_inside(&site.findings, &text);
        for text in [
            text.clone(),
            format!("---\n{text}\n---\n{text}"),
            format!("\u{feff}---\r\n{text}"),
        ] {
            let page = parse_page::<ModelRecord>(&file, &text);
            findings_lie_inside(&page.findings, &text);
            let record = page.record.unwrap();
            assert!(text.is_char_boundary(record.body_start), "{text:?}");
            assert_eq!(record.body.len(), text.len() - record.body_start);
        }
    });
}

#[test]
fn settings_of_any_text_never_panic() {
    let line = select(
        &[
            "[book]\n",
            "title = ",
            "src = ",
            "[output.html]\n",
            "[output.html.redirect]\n",
            "[[a]]\n",
            "a.b.c = ",
            "\"x\"",
            "'é'",
            "[1, 2]",
            "{a = 1}",
            "1979-05-27",
            "inf",
            "\"\"\"\n",
            "\n",
            "[preprocessor.srm]\n",
            "compare = ",
            "outputs = ",
            "site-url = ",
            "# é\n",
            "book = 1\n",
            "é = 1\n",
            "input-404 = \"\"\n",
        ][..],
    );
    let toml = prop::collection::vec(line, 0..10).prop_map(|l| l.concat());
    holds(800, prop_oneof![text(), toml], |text| {
        for text in [text.clone(), format!("\u{feff}{text}")] {
            let mut findings = Findings::default();
            let config = Config::parse(&Arc::from("book.toml"), &text, &mut findings);
            findings_lie_inside(&findings, &text);
            let _ = (
                config.src(),
                config.site_url(),
                config.groups(),
                config.direction(),
            );
        }
    });
}

#[test]
fn any_files_at_all_end_in_findings() {
    let file = (
        select(
            &[
                "book.toml",
                "content/srm.yaml",
                "content/models/saas.md",
                "content/categories/data.yaml",
                "content/page.md",
                "content/index.md",
                "themes/default/templates/prose.html",
                "themes/default/theme.toml",
                "themes/default/strings/en.toml",
                "content/x.svg",
                "content/SUMMARY.md",
            ][..],
        ),
        prop_oneof![text(), yaml_text()],
    );
    holds(60, prop::collection::vec(file, 1..5), |files| {
        let mut all = fixture(
            "//- content/models/saas.md\n---\nlabel: SaaS\n---\n//- content/page.md\n# P\n//- themes/default/theme.toml\napi = 1\n//- content/categories/data.yaml\nlabel: D\nrows:\n  - {id: a, label: A, models: {saas: {responsible: customer}}}\n",
        );
        for (path, text) in files {
            all.insert(path.into(), text.into_bytes());
        }
        let site = build_files(all.clone(), &Options::default());
        for (path, bytes) in &site.files {
            // Templates are the author's own; texts are not.
            let own = all.contains_key("themes/default/templates/prose.html");
            if path.ends_with(".html") && !own && !all.contains_key(&format!("content/{path}")) {
                assert_inert(path, std::str::from_utf8(bytes).unwrap());
            }
        }
        let source = Source::memory(all);
        for format in [
            Format::Human,
            Format::Json,
            Format::Github,
            Format::Short,
            Format::Sarif,
        ] {
            report::write(site.findings(), &source, format, false, true);
        }
    });
}
