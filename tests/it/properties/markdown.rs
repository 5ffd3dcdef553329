//! Markdown of any kind is never live.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use srm_site::findings::Place;
use srm_site::text::Strings;
use srm_site::text::links::Targets;
use srm_site::text::markdown::{self, Input, NoteNames, Scope, Settings};
use srm_site::text::{Html, plain_words};

use super::{findings_lie_inside, holds, known, text};
use crate::harness::inert::assert_inert;

fn settings(raw_html: bool) -> Settings {
    Settings {
        raw_html,
        smart_punctuation: true,
        definition_lists: true,
        callouts: true,
    }
}

/// Texts with the blocks of Markdown, which random pieces seldom make.
fn markdown_text() -> impl Strategy<Value = String> {
    let mark = select(&["", "## ", "# ", "- ", "> ", "1. ", "[^a]: ", "| ", "    "][..]);
    let words = prop_oneof![
        2 => select(&["word", "a", "Keys", "a 1", "word {#a}", "a[^a]"][..]).prop_map(String::from),
        1 => text(),
    ];
    let end = select(&["\n", "\n\n"][..]);
    prop::collection::vec((mark, words, end), 1..8).prop_map(|lines| {
        lines
            .into_iter()
            .map(|(m, w, e)| m.to_string() + &w + e)
            .collect()
    })
}

#[test]
fn markdown_never_panics_and_is_never_live() {
    let targets = Targets {
        outputs: ["index.html".to_string()].into_iter().collect(),
        rows: known(["keys", "word", "a"], "index.html"),
        ..Targets::default()
    };
    let strings = Strings::default();
    let file: Arc<str> = Arc::from("page.md");
    holds(
        4000,
        prop_oneof![4 => text(), 4 => markdown_text(), 1 => any::<String>()],
        |text| {
            let scope = Scope {
                targets: &targets,
                strings: &strings,
                settings: settings(false),
                root: Some("../"),
                id_prefix: "",
                sections: None,
                texts: None,
            };
            // Above every other text stands its own first heading.
            let first = markdown::first_heading(&text, scope.settings);
            let title = first
                .filter(|_| text.len().is_multiple_of(2))
                .map(|first| first.words);
            let title = title.unwrap_or_default();
            let input = Input {
                text: &text,
                file: &file,
                start: Some(0),
                place: None,
                folder: "",
                title: &title,
            };
            let page = markdown::render(input, scope);
            assert_inert(&format!("{text:?}"), page.html.as_str());
            findings_lie_inside(&page.findings, &text);
            // What the search says of headings leads to those on the page.
            let stretches = plain_words::stretches(&text, &title, scope);
            let found = stretches.iter().skip(1).map(|s| (&s.anchor, &s.heading));
            let on_page = page.headings.iter().map(|h| (&h.id, &h.text));
            assert!(found.eq(on_page), "{text:?}: {stretches:?}");
            let place = Place::file("data.yaml");
            let cell = markdown::inline(
                Input {
                    start: None,
                    place: Some(&place),
                    ..input
                },
                scope,
            );
            assert_inert(&format!("{text:?}"), cell.html.as_str());
            // What is passed over as plain means nothing behind a code span either.
            let plain = text.trim();
            if markdown::is_plain(plain) && !plain.contains(char::is_control) {
                let behind = format!("`c` {plain}");
                let cell = markdown::inline(
                    Input {
                        text: &behind,
                        start: None,
                        place: Some(&place),
                        ..input
                    },
                    scope,
                );
                // Quotes need no escaping between tags.
                let escaped = Html::escaped(plain).into_string();
                let escaped = escaped.replace("&quot;", "\"").replace("&#39;", "'");
                let wanted = format!("<code>c</code> {escaped}");
                assert_eq!(cell.html.as_str(), wanted.trim_end());
            }
            // No two headings share an anchor, and none takes a row's.
            let mut ids: Vec<&str> = page.headings.iter().map(|h| h.id.as_str()).collect();
            ids.sort_unstable();
            let all = ids.len();
            ids.dedup();
            assert_eq!(ids.len(), all, "{text:?}");
            for id in ids {
                assert!(!targets.rows.contains_key(id), "{text:?}");
            }
            // Rewriting links to themselves changes nothing, and never panics.
            let same =
                markdown::rewrite(&text, settings(true), &mut NoteNames::default(), |_| None);
            if !text.contains("<!--") {
                assert_eq!(same, text);
            }
            markdown::rewrite(&text, settings(true), &mut NoteNames::default(), |l| {
                Some(format!("x{l}"))
            });
        },
    );
}

#[test]
fn rewritten_markdown_holds_no_html() {
    use pulldown_cmark::{Event, Options as Extensions, Parser};
    holds(1200, text(), |text| {
        let written =
            markdown::rewrite(&text, settings(false), &mut NoteNames::default(), |_| None);
        for extensions in [
            Extensions::empty(),
            Extensions::ENABLE_TABLES | Extensions::ENABLE_FOOTNOTES,
        ] {
            for event in Parser::new_ext(&written, extensions) {
                if let Event::Html(html) | Event::InlineHtml(html) = event {
                    let fine = html.trim().starts_with("<br") || html.trim() == "<wbr>";
                    assert!(fine, "{text:?} -> {written:?}: {html:?}");
                }
            }
        }
    });
}
