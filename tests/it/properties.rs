//! Properties that hold for every text: round trips, escaping, ids, places,
//! and that a badge in the data is what the document's own sets say. The cases
//! are drawn from a fixed seed, so that a run can be repeated.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::Value;

use srm_site::findings::{Code, Finding, Findings, ListMemo, Place, line_col, nearest};
use srm_site::input;
use srm_site::input::{
    CategoryFile, Config, ModelRecord, Node, SiteFile, parse_page, parse_record, parse_yaml,
};

use srm_site::model;
use srm_site::report::{self, ReportFormat as Format};
use srm_site::site::Options;
use srm_site::source::Source;
use srm_site::text::links::{self, Targets};
use srm_site::text::markdown::{self, Input, Scope, Settings};
use srm_site::text::{Strings, decode, encode, escape, escape_into};

use srm_site::text::plain_words;

use crate::harness::{Built, build_files, fixture};
use crate::hostile::assert_inert;

/// Runs a property on `cases` values drawn from a fixed seed. More can be asked
/// for: `SRM_SITE_CASES=50` runs fifty times as many, from another seed.
pub fn holds<S: Strategy>(cases: u32, strategy: S, property: impl Fn(S::Value)) {
    let more: Option<u32> = std::env::var("SRM_SITE_CASES")
        .ok()
        .and_then(|n| n.parse().ok());
    let config = ProptestConfig {
        cases: cases * more.unwrap_or(1),
        rng_seed: RngSeed::Fixed(0x5e5d_2024 + u64::from(more.unwrap_or(0))),
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&strategy, |value| {
        property(value);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Pieces that mean something to some format.
const PIECES: &[&str] = &[
    "<",
    ">",
    "&",
    "\"",
    "'",
    "`",
    "```\n",
    "|",
    "\\",
    "\\|",
    "*",
    "**",
    "_",
    "~~",
    "[",
    "](",
    ")",
    "![",
    "[^a]",
    "[^a]: ",
    "# ",
    "## ",
    "- ",
    "1. ",
    "> ",
    "> [!NOTE]\n",
    "---\n",
    "--- ",
    ": ",
    ":",
    ",",
    ";",
    "=",
    "+",
    "@",
    "%",
    "%41",
    "%+5",
    "{",
    "}",
    "{{",
    "{%",
    "{#id}",
    "#",
    "?",
    "/",
    "..",
    "../",
    ".",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "  ",
    "    ",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<b>",
    "<br>",
    "<a href=\"javascript:x\">",
    "javascript:",
    "data:",
    "https://a.b/",
    "&lt;",
    "&amp;",
    "&#106;",
    "&colon;",
    "row:keys",
    "@/",
    "a",
    "b",
    "word",
    "A",
    "0",
    "7",
    "é",
    "e\u{301}",
    "日本",
    "🔑",
    "\u{feff}",
    "\u{202e}",
    "\u{85}",
    "\u{a0}",
    "\u{200b}",
    "\u{2028}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{0}",
    "ß",
    "İ",
    "ﬀ",
    "&a",
    "*a",
    "!tag",
    "? ",
    "<<",
    "null",
    "true",
    "~",
    "[]",
    "{}",
    "term\n: x\n",
    "| a | b |\n|---|---|\n| c | d |\n",
    "[a]: b\n",
    "srm-",
    "con",
    "index",
];

/// A text of such pieces and of any characters at all.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => select(PIECES).prop_map(str::to_string),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z ]{1,8}",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|parts| parts.concat())
}

/// A text that is not blank, as YAML texts have to be.
pub fn spoken() -> impl Strategy<Value = String> {
    text()
        .prop_map(|t| format!("{t}x"))
        .prop_filter("NUL is refused in files", |t| !t.contains('\0'))
}

/// A YAML double-quoted scalar, in ASCII.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            c => out.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

// ------------------------------------------------------------ ids and slugs

#[test]
fn results_of_a_list_are_its_own_and_made_once() {
    let some = (
        Just((0..12u32).collect::<Vec<u32>>()).prop_shuffle(),
        0..12usize,
    );
    let list = some.prop_map(|(all, n)| all[..n].to_vec());
    let edit = proptest::collection::vec((list, 0..3usize, any::<u8>()), 1..8);
    holds(500, edit, |lists| {
        let (listed, mut before) = (ListMemo::default(), Vec::new());
        for (new, how, at) in lists {
            // Another list, the one before, or that with one thing changed.
            let mut list = if how == 0 { new } else { before.clone() };
            let at = usize::from(at) % list.len().max(1);
            if let (2, Some(one)) = (how, list.get_mut(at)) {
                *one += 100;
            }
            let made = Mutex::new(Vec::new());
            let results = listed.all(list.clone(), |at| {
                made.lock().unwrap().push(list[at]);
                list[at]
            });
            let results: Vec<u32> = results.iter().map(|one| **one).collect();
            assert_eq!(results, list);
            let mut made = made.into_inner().unwrap();
            let mut fresh = list.clone();
            fresh.retain(|one| !before.contains(one));
            made.sort_unstable();
            fresh.sort_unstable();
            assert_eq!(made, fresh);
            before = list;
        }
    });
}

#[test]
fn slugs_are_ids_or_nothing() {
    holds(600, text(), |text| {
        let slug = model::slug(&text);
        if slug.is_empty() {
            return;
        }
        if let Some(problem) = model::id_problem(&slug) {
            // The few reserved names are the caller's to look at.
            assert!(
                problem.contains("reserved"),
                "{text:?} -> {slug:?}: {problem}"
            );
        }
        assert_eq!(model::slug(&slug), slug, "a slug is its own slug");
    });
}

#[test]
fn ids_are_safe_as_file_names_anchors_and_attributes() {
    let near = prop_oneof![text(), "[a-zA-Z0-9._-]{1,70}", any::<String>()];
    holds(600, near, |id| {
        if model::id_problem(&id).is_some() {
            return;
        }
        assert!(!id.is_empty() && id.chars().count() <= 64);
        assert!(
            id.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)),
            "{id:?}"
        );
        assert!(!id.starts_with('.') && !id.contains("..") && !id.ends_with('.'));
        assert_eq!(escape(&id), id);
        assert_eq!(decode(&encode(&id)), id);
        assert_eq!(
            links::join("models", &format!("{id}.html")),
            Some(format!("models/{id}.html"))
        );
        let folded = model::fold(&id);
        assert_eq!(
            model::fold(&folded),
            folded,
            "folding twice changes nothing"
        );
    });
    for reserved in [
        "con", "NUL", "Con.x", "index", "all", "srm-x", "", ".", "..", "-", "a/b", "a b",
    ] {
        assert!(model::id_problem(reserved).is_some(), "{reserved}");
    }
}

#[test]
fn heading_slugs_are_anchors() {
    holds(600, text(), |text| {
        let slug = markdown::heading_slug(&text);
        assert!(
            slug.chars()
                .all(|c| c.is_alphanumeric() || c == '-' || c == '_'),
            "{text:?} -> {slug:?}"
        );
        assert_eq!(markdown::heading_slug(&slug), slug);
    });
}

// ------------------------------------------------------------- round trips

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[test]
fn escaped_text_is_inert_and_comes_back() {
    holds(600, text(), |text| {
        let escaped = escape(&text);
        assert!(!escaped.contains(['<', '>', '"', '\'']), "{escaped}");
        assert_eq!(unescape(&escaped), text);
        let mut onto = String::from("x");
        escape_into(&text, &mut onto);
        assert_eq!(onto, format!("x{escaped}"));
    });
}

#[test]
fn addresses_come_back_and_hold_nothing_active() {
    holds(800, prop_oneof![text(), any::<String>()], |text| {
        let encoded = encode(&text);
        assert_eq!(decode(&encoded), text, "{encoded:?}");
        let active = [' ', '"', '<', '>', '#', '?', '\\', '\n', '\r', '\t'];
        assert!(!encoded.contains(active), "{encoded:?}");
        assert!(!encoded.chars().any(char::is_control), "{encoded:?}");
        // Decoding what was never encoded is total as well.
        decode(&text);
    });
    assert_eq!(decode("%+5"), "%+5");
    assert_eq!(decode("%4"), "%4");
    assert_eq!(decode("%E6%97%A5"), "日");
}

#[test]
fn joined_paths_never_leave_the_top() {
    let part = select(&["..", ".", "", "a", "b", "...", "日", " ", "a..", "..a"][..]);
    let path = || prop::collection::vec(part.clone(), 0..8).prop_map(|p| p.join("/"));
    holds(1000, (path(), path()), |(folder, path)| {
        // Walked by hand, without a stack.
        let inner = folder.split('/').filter(|p| !p.is_empty());
        let mut depth: i64 = inner.clone().count() as i64;
        let mut left = false;
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    depth -= 1;
                    left |= depth < 0;
                }
                _ => depth += 1,
            }
        }
        match links::join(&folder, &path) {
            None => assert!(left, "{folder:?} {path:?}"),
            Some(joined) => {
                assert!(!left, "{folder:?} {path:?} -> {joined:?}");
                assert!(!joined.starts_with('/') && !joined.contains("//"));
                let parts = joined.split('/').filter(|p| !p.is_empty()).count();
                assert_eq!(parts as i64, depth);
                if !folder.split('/').any(|p| p == "..") {
                    assert!(joined.split('/').all(|p| p != ".."), "{joined:?}");
                }
            }
        }
    });
}

fn known<const N: usize>(names: [&str; N], path: &str) -> links::PathsByName {
    let names = names.into_iter();
    names
        .map(|name| (name.to_string(), path.to_string()))
        .collect()
}

#[test]
fn resolving_any_link_is_total_and_stays_inside() {
    let targets = Targets {
        outputs: ["index.html", "a/b.html", "100%.html"]
            .map(String::from)
            .into_iter()
            .collect(),
        sources: known(["a/b.md"], "a/b.html"),
        rows: known(["keys"], "a/b.html"),
        ids: known(["model:saas"], "a/b.html"),
        ..Targets::default()
    };
    let part = prop_oneof![text(), select(PIECES).prop_map(String::from)];
    holds(800, (part, "[a-z/.]{0,6}"), |(link, folder)| {
        if let links::LinkTarget::Internal { path, .. } = targets.resolve(&link, &folder) {
            assert!(targets.outputs.contains(&path), "{link:?} -> {path:?}");
        }
    });
}

#[test]
fn places_are_total() {
    holds(800, (text(), any::<usize>()), |(text, any)| {
        for offset in [0, any % (text.len() + 3), any, text.len()] {
            let at = line_col(&text, offset);
            let mut valid = offset.min(text.len());
            while !text.is_char_boundary(valid) {
                valid -= 1;
            }
            let before = &text[..valid];
            assert_eq!(at.line, before.matches('\n').count() + 1);
            let line = before.rsplit('\n').next().unwrap();
            let mark = usize::from(at.line == 1 && line.starts_with('\u{feff}'));
            assert_eq!(
                at.column,
                line.chars().count() + 1 - mark,
                "{text:?} {offset}"
            );
        }
    });
}

#[test]
fn suggestions_come_from_what_is_known() {
    holds(
        400,
        (text(), prop::collection::vec(text(), 0..5)),
        |(given, known)| {
            if let Some(best) = nearest(&given, known.iter().map(String::as_str)) {
                assert!(known.iter().any(|k| k == best));
            }
            if !given.is_empty() && given.len() < 60 {
                assert_eq!(nearest(&given, [given.as_str()]), Some(given.as_str()));
            }
        },
    );
}

/// Most of what is known is passed over without being measured: nothing that is
/// near enough.
#[test]
fn the_nearest_of_few_edits_is_found() {
    let word = || "[a-c\u{e9}\u{30e2}1]{3,12}";
    let edits = prop::collection::vec(
        (0..3usize, any::<prop::sample::Index>(), "[a-c\u{e9}1]"),
        1..4,
    );
    holds(600, (word(), word(), edits), |(given, far, edits)| {
        let most = given.chars().count() / 3;
        let mut letters: Vec<char> = given.chars().collect();
        for (kind, place, letter) in edits.iter().take(most.max(1)) {
            let at = place.index(letters.len());
            match kind {
                0 => letters[at] = letter.chars().next().unwrap(),
                1 if letters.len() > 1 => drop(letters.remove(at)),
                _ => letters.swap(at, at.saturating_sub(1)),
            }
        }
        let meant: String = letters.into_iter().collect();
        let found = nearest(&given, [far.as_str(), meant.as_str()]);
        let distance = |word: &str| strsim::damerau_levenshtein(&given, word);
        let found = found.unwrap_or_else(|| panic!("{given:?}: {meant:?} is near"));
        assert!(
            distance(found) <= distance(&meant),
            "{given:?}: {found:?}, {meant:?}"
        );
    });
}

#[test]
fn filled_strings_hold_values_as_they_are() {
    let place = select(&["{a}", "{b}", "{c}", "{b}{a}", "{"][..]).prop_map(String::from);
    let value = || prop_oneof![3 => text(), 1 => place.clone()];
    holds(400, (value(), value()), |(first, second)| {
        let mut strings = Strings::default();
        let mut findings = Findings::default();
        strings.add(&Arc::from("t"), "k = \"<{a}|{b}|{c}|{>\"", &mut findings);
        assert!(findings.list.is_empty());
        let filled = strings.fill("k", &[("a", &first), ("b", &second)]);
        // A value that looks like a place is not filled again.
        assert_eq!(filled, format!("<{first}|{second}|{{c}}|{{>"));
        let mut wild = Strings::default();
        wild.add(&Arc::from("t"), &first, &mut findings);
        wild.fill(&first, &[(&second, "x"), ("", "y")]);
    });
}

// ------------------------------------------------------------------ parsers

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

#[track_caller]
fn findings_lie_inside(findings: &Findings, text: &str) {
    for finding in &findings.list {
        let places = finding
            .place
            .iter()
            .chain(finding.related.iter().map(|(p, _)| p));
        for place in places {
            assert!(
                place.start <= text.len() && text.is_char_boundary(place.start),
                "{finding:?} in {text:?}"
            );
        }
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
            };
            let input = Input {
                text: &text,
                file: &file,
                start: Some(0),
                place: None,
                folder: "",
            };
            let page = markdown::render(input, scope);
            assert_inert(&format!("{text:?}"), &page.html);
            findings_lie_inside(&page.findings, &text);
            // What the search says of headings leads to those on the page.
            let stretches = plain_words::stretches(&text, scope);
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
            assert_inert(&format!("{text:?}"), &cell.html);
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
                let escaped = escape(plain);
                let escaped = escaped.replace("&quot;", "\"").replace("&#39;", "'");
                assert_eq!(cell.html, format!("<code>c</code> {escaped}").trim_end());
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
            let same = markdown::rewrite(&text, settings(true), |_| None);
            assert_eq!(same, text);
            markdown::rewrite(&text, settings(true), |l| Some(format!("x{l}")));
        },
    );
}

#[test]
fn rewritten_markdown_holds_no_html() {
    use pulldown_cmark::{Event, Options as Extensions, Parser};
    holds(1200, text(), |text| {
        let written = markdown::rewrite(&text, settings(false), |_| None);
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

#[test]
fn reading_links_of_any_page_is_total() {
    let outputs = ["index.html".to_string()].into_iter().collect();
    let tag = prop::collection::vec(
        select(
            &[
                "<a href=",
                "<img src='",
                "\"",
                "'",
                ">",
                "/",
                "=",
                " ",
                "id=\"x\"",
                "<!--",
                "-->",
                "<script>",
                "</script>",
                "<style>",
                "é",
                "日",
                "#",
                "?",
                "&amp;",
                "a",
                "../",
                "<",
                "<p id=",
                "\u{a0}",
                "\n",
                "</",
                "javascript:",
            ][..],
        ),
        0..16,
    )
    .prop_map(|p| p.concat());
    let page = prop_oneof![tag, text(), any::<String>()];
    // What is known may be on the page, or begin like something on it.
    let known = "<details class=\"menu\"><a href=\"index.html\">日本</a></details>".repeat(3);
    let holes = (page.clone(), page, 0..4usize);
    holds(1500, holes, |(before, after, whole)| {
        let html = match whole {
            0 => before + &after,
            1 => before + &known[..80] + &after,
            _ => before + &known + &after,
        };
        links::facts(&html, &known, "a/b.html", "/base/", &outputs);
    });
}

#[test]
fn reports_of_any_finding_are_well_formed() {
    let codes = select(Code::ALL);
    let many = prop::collection::vec(
        (codes, text(), text(), any::<(u16, u16)>(), any::<bool>()),
        1..4,
    );
    holds(
        300,
        (text(), "[a-z\"<%:,\n]{1,8}", many),
        |(source_text, name, list)| {
            let source = Source::memory(BTreeMap::from([(
                name.clone(),
                source_text.clone().into_bytes(),
            )]));
            let known = source.text(&name).is_ok();
            let mut findings = Findings::default();
            for (code, message, label, (a, b), acknowledged) in list {
                let file: Arc<str> = Arc::from(name.as_str());
                let place = Place::new(&file, usize::from(a)..usize::from(b));
                let mut finding = Finding::new(code, place.clone(), message.clone())
                    .label(label.clone())
                    .help(label.clone())
                    .related(Place::new(&file, 0..usize::MAX), message.clone())
                    .related(Place::file("unknown"), label);
                if acknowledged {
                    finding.acknowledged = Some(message);
                }
                findings.push(finding);
            }
            findings.push(Finding::new(Code::RefusedFolder, None, "x"));
            findings.sort();
            for (color, all) in [(false, true), (true, false)] {
                for format in [
                    Format::Human,
                    Format::Short,
                    Format::Json,
                    Format::Github,
                    Format::Sarif,
                ] {
                    let out = report::write(&findings, &source, format, color, all);
                    match format {
                        Format::Human | Format::Short if !color => {
                            let bad = out
                                .chars()
                                .find(|c| c.is_control() && *c != '\n' && *c != '\t');
                            assert_eq!(bad, None, "{out:?} {known}");
                        }
                        Format::Json => {
                            assert_eq!(out.lines().count(), findings.list.len());
                            for line in out.lines() {
                                serde_json::from_str::<Value>(line).unwrap();
                            }
                        }
                        Format::Github => {
                            for line in out.lines() {
                                assert!(line.starts_with("::"), "{line:?}");
                            }
                        }
                        Format::Sarif => {
                            let log: Value = serde_json::from_str(&out).unwrap();
                            let results = log["runs"][0]["results"].as_array().unwrap();
                            assert_eq!(results.len(), findings.list.len());
                        }
                        _ => {}
                    }
                }
            }
            report::summary(&findings);
        },
    );
}

// ---------------------------------------------------------------- documents

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
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_string(),
    }
}

fn in_site(files: &str) -> Built {
    build_files(fixture(files), &Options::default())
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
            assert!(rows.iter().all(|r| r.len() == 13), "{rows:?}");
            assert_eq!(rows[1][3], guarded(&label));
            assert_eq!(rows[1][4], guarded(&name));
            assert_eq!(rows[1][8], guarded(task.trim()));
            assert_eq!(rows[1][9], guarded(&note));
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
    // A label is plain text: whoever renders the twin must read it as it is.
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

#[derive(Clone, Debug)]
enum Cell {
    Missing,
    Parties(Vec<usize>),
    State(&'static str),
}

/// A document: kinds of its parties, its number of models, and a cell for each
/// row and model.
fn document() -> impl Strategy<Value = (Vec<&'static str>, Vec<Vec<Cell>>)> {
    let kinds = prop::collection::vec(select(&["customer", "provider", "third-party"][..]), 1..5);
    (kinds, 1usize..4, 1usize..5).prop_flat_map(|(kinds, models, rows)| {
        let n = kinds.len();
        let cell = prop_oneof![
            1 => Just(Cell::Missing),
            5 => prop::collection::vec(0..n, 1..4).prop_map(Cell::Parties),
            1 => select(&["not-applicable", "by-contract", "not-listed"][..]).prop_map(Cell::State),
        ];
        let row = prop::collection::vec(cell, models);
        (Just(kinds), prop::collection::vec(row, rows))
    })
}

/// The badge, from the words of the design alone.
fn badge(cell: &Cell, kinds: &[&str]) -> &'static str {
    match cell {
        Cell::Missing | Cell::State("not-listed") => "not-listed",
        Cell::State("not-applicable") => "not-applicable",
        Cell::State(_) => "by-agreement",
        Cell::Parties(parties) => {
            let mut parties = parties.clone();
            parties.sort_unstable();
            parties.dedup();
            let customers = parties.iter().filter(|p| kinds[**p] == "customer").count();
            let providers = parties.iter().filter(|p| kinds[**p] == "provider").count();
            if customers > 0 && parties.len() > 1 {
                "shared"
            } else if customers > 0 {
                "customer"
            } else if providers > 0 {
                "provider"
            } else {
                "third-party"
            }
        }
    }
}

#[test]
fn the_badge_is_a_view_of_the_declared_set() {
    holds(
        30,
        (document(), spoken(), any::<bool>()),
        |((kinds, rows), words, tasks)| {
            let mut files = String::from("//- content/srm.yaml\nschema: 1\nparties:\n");
            for (n, kind) in kinds.iter().enumerate() {
                files.push_str(&format!(
                    "  - {{id: p{n}, kind: {kind}, label: Party {n}}}\n"
                ));
            }
            for m in 0..rows[0].len() {
                files.push_str(&format!(
                    "//- content/models/m{m}.md\n---\nlabel: Model {m}\norder: {m}\n---\n"
                ));
            }
            files.push_str("//- content/categories/data.yaml\nlabel: Data\nrows:\n");
            let words = quoted(&words);
            for (r, row) in rows.iter().enumerate() {
                files.push_str(&format!("  - id: r{r}\n    label: Row {r}\n"));
                // Tasks, summaries and roles of others, none of which may count.
                let others = match tasks {
                    true => format!(
                        ", tasks: {{p0: [{words}]}}, summary: {{p0: {words}}}, accountable: p0, conditional: {{p0: {words}}}"
                    ),
                    false => String::new(),
                };
                let mut cells = String::new();
                for (m, cell) in row.iter().enumerate() {
                    let cell = match cell {
                        Cell::Missing => continue,
                        Cell::State(state) => format!("state: {state}, reason: {words}"),
                        Cell::Parties(p) => {
                            let ids: Vec<String> = p.iter().map(|p| format!("p{p}")).collect();
                            format!("responsible: [{}]{others}", ids.join(", "))
                        }
                    };
                    cells.push_str(&format!("      m{m}: {{{cell}}}\n"));
                }
                if !cells.is_empty() {
                    files.push_str(&format!("    models:\n{cells}"));
                }
            }
            let site = in_site(&files);
            let data: Value =
                serde_json::from_str(site.page("data/responsibilities.json")).unwrap();
            for (r, row) in rows.iter().enumerate() {
                for (m, cell) in row.iter().enumerate() {
                    let found = &data["categories"][0]["rows"][r]["cells"][m];
                    assert_eq!(
                        found["owner"],
                        badge(cell, &kinds),
                        "row {r}, model {m}: {files}"
                    );
                    if let Cell::Parties(parties) = cell {
                        let mut ids: Vec<String> =
                            parties.iter().map(|p| format!("p{p}")).collect();
                        ids.sort();
                        ids.dedup();
                        assert_eq!(found["responsible"], Value::from(ids));
                    }
                }
                // The page says the same.
                let page = site.page("categories/data.html");
                for cell in row {
                    let hook = format!("data-owner=\"{}\"", badge(cell, &kinds));
                    assert!(page.contains(&hook), "{hook} of row {r}");
                }
            }
            for (path, bytes) in &site.files {
                if path.ends_with(".html") {
                    assert_inert(path, std::str::from_utf8(bytes).unwrap());
                }
            }
            // The same once more, from the same sources.
            assert!(in_site(&files).files == site.files, "two builds differ");
        },
    );
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
