//! Prose and cell texts to HTML: never a panic, never live markup of the
//! author's, also when the text is taken apart and put together for twins.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use srm_site::findings::Place;
use srm_site::text::links::Targets;
use srm_site::text::markdown::{self, Input, NoteNames, Scope, Settings};
use srm_site::text::{Strings, plain_words};

fn inert(html: &str) {
    let lower = html.to_ascii_lowercase();
    for bad in [
        "<script", "<iframe", "<style", "<svg", "<object", "<embed", "<form",
    ] {
        assert!(!lower.contains(bad), "{html}");
    }
    for attribute in ["href=\"", "src=\""] {
        for (at, _) in lower.match_indices(attribute) {
            let value = lower[at + attribute.len()..].trim_start_matches(|c: char| c <= ' ');
            for bad in ["javascript:", "data:", "vbscript:"] {
                assert!(!value.starts_with(bad), "{html}");
            }
        }
    }
}

fuzz_target!(|text: &str| {
    let targets = Targets {
        outputs: ["index.html".to_string()].into_iter().collect(),
        rows: [("keys".to_string(), "index.html".to_string())]
            .into_iter()
            .collect(),
        ..Targets::default()
    };
    let strings = Strings::default();
    let settings = Settings {
        raw_html: false,
        smart_punctuation: true,
        definition_lists: true,
        callouts: true,
    };
    let scope = Scope {
        targets: &targets,
        strings: &strings,
        settings,
        root: Some("../"),
        id_prefix: "",
        sections: None,
        texts: None,
    };
    let file: Arc<str> = Arc::from("page.md");
    let place = Place::file("data.yaml");
    let first = markdown::first_heading(text, scope.settings);
    let title = first
        .filter(|_| text.len().is_multiple_of(2))
        .map(|first| first.words);
    let title = title.unwrap_or_default();
    let input = Input {
        text,
        file: &file,
        start: Some(0),
        place: None,
        folder: "a",
        title: &title,
    };
    let page = markdown::render(input, scope);
    inert(page.html.as_str());
    for place in page.findings.list.iter().filter_map(|f| f.place.as_ref()) {
        assert!(place.start <= text.len());
    }
    let stretches = plain_words::stretches(text, &title, scope);
    let anchors = stretches.iter().skip(1).map(|s| &s.anchor);
    assert!(
        anchors.eq(page.headings.iter().map(|h| &h.id)),
        "{stretches:?}"
    );
    let cell = markdown::inline(
        Input {
            start: None,
            place: Some(&place),
            ..input
        },
        scope,
    );
    inert(cell.html.as_str());
    let raw = Settings {
        raw_html: true,
        ..settings
    };
    let same = markdown::rewrite(text, raw, &mut NoteNames::default(), |_| None);
    assert!(same == text || text.contains("<!--"));
    markdown::rewrite(text, settings, &mut NoteNames::default(), |l| {
        Some(format!("x/{l}"))
    });
    markdown::heading_slug(text);
});
