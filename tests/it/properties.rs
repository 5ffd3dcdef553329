//! Properties that hold for every text: round trips, escaping, ids, places,
//! and that a badge in the data is what the document's own sets say. The cases
//! are drawn from a fixed seed, so that a run can be repeated.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngSeed, TestRunner};
use srm_site::findings::Findings;
use srm_site::site::Options;
use srm_site::text::links;

use crate::harness::{Built, build_files, fixture};

mod addresses;
mod data;
mod files;
mod findings;
mod ids;
mod markdown;
mod owners;
mod tables;
mod terms;

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

/// A text that is not empty or all spaces, as YAML texts have to be.
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

fn known<const N: usize>(names: [&str; N], path: &str) -> links::PathsByName {
    let names = names.into_iter();
    names
        .map(|name| (name.to_string(), path.to_string()))
        .collect()
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

fn in_site(files: &str) -> Built {
    build_files(fixture(files), &Options::default())
}
