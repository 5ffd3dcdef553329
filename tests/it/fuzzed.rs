//! The fuzz targets of `tests/fuzz` on texts of this repository, as they are
//! and with a piece of them cut out or repeated: so that the targets go on
//! compiling and hold, also without the fuzzer. HTML is made of pieces, too.

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::harness::tree;
use crate::properties::holds;

#[path = "../fuzz/fuzz_targets/config.rs"]
#[allow(unused_attributes, reason = "only a program has no `main`")]
mod config;
#[path = "../fuzz/fuzz_targets/html_tags.rs"]
#[allow(unused_attributes, reason = "only a program has no `main`")]
mod html_tags;
#[path = "../fuzz/fuzz_targets/links_facts.rs"]
#[allow(unused_attributes, reason = "only a program has no `main`")]
mod links_facts;
#[path = "../fuzz/fuzz_targets/markdown.rs"]
#[allow(unused_attributes, reason = "only a program has no `main`")]
mod markdown;
#[path = "../fuzz/fuzz_targets/schema_category.rs"]
#[allow(unused_attributes, reason = "only a program has no `main`")]
mod schema_category;
#[path = "../fuzz/fuzz_targets/strings_fill.rs"]
#[allow(unused_attributes, reason = "only a program has no `main`")]
mod strings_fill;
#[path = "../fuzz/fuzz_targets/whole_site.rs"]
#[allow(unused_attributes, reason = "only a program has no `main`")]
mod whole_site;
#[path = "../fuzz/fuzz_targets/yaml.rs"]
#[allow(unused_attributes, reason = "only a program has no `main`")]
mod yaml;

/// What `libfuzzer-sys` has under this name.
pub enum Corpus {
    Keep,
    Reject,
}

/// Makes a function of a target, where `libfuzzer-sys` makes a program of it.
macro_rules! fuzz_target {
    (|$input:ident: &$kind:ty| $(-> $answer:ty)? $body:block) => {
        pub fn run($input: &$kind) $(-> $answer)? $body
    };
}
pub(crate) use fuzz_target;

/// The texts below a folder whose names end so, each with its path there.
fn texts(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = tree(&folder).into_iter();
    let files = files.filter(|(path, _)| path.ends_with(ending));
    let texts: Vec<(String, String)> = files
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect();
    assert!(!texts.is_empty(), "{ending} in {}", folder.display());
    texts
}

/// Runs a target on texts and on what becomes of them.
fn fuzz(cases: u32, texts: Vec<String>, target: impl Fn(&str)) {
    texts.iter().for_each(|text| target(text));
    let changed = (select(texts), any::<[Index; 3]>(), any::<bool>());
    holds(cases, changed, |(text, places, cut)| {
        let mut ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        ends.push(text.len());
        let [from, to, at] = places.map(|place| *place.get(&ends));
        let (from, to) = (from.min(to), from.max(to));
        let text = match cut {
            true => [&text[..from], &text[to..]].concat(),
            false => [&text[..at], &text[from..to], &text[at..]].concat(),
        };
        target(&text);
    });
}

fn only_texts(folder: &str, ending: &str) -> Vec<String> {
    texts(folder, ending)
        .into_iter()
        .map(|(_, text)| text)
        .collect()
}

#[test]
fn yaml_holds() {
    fuzz(200, only_texts("content", ".yaml"), yaml::run);
}

#[test]
fn config_holds() {
    fuzz(200, only_texts("tests/html/sample", ".toml"), config::run);
}

#[test]
fn schema_category_holds() {
    let texts = [only_texts("content", ".yaml"), only_texts("content", ".md")];
    fuzz(200, texts.concat(), schema_category::run);
}

#[test]
fn markdown_holds() {
    fuzz(200, only_texts("tests/html/sample", ".md"), markdown::run);
}

#[test]
fn links_facts_holds() {
    let pages = only_texts("tests/corpus/sites", ".html");
    // What it takes for a known stretch stands after a NUL.
    let ascii = pages.iter().filter(|page| page.is_ascii()).take(3);
    let known = ascii.map(|page| format!("{page}\0{}", &page[..page.len() / 2]));
    let known: Vec<String> = known.collect();
    assert_eq!(known.len(), 3);
    fuzz(200, [pages, known].concat(), links_facts::run);
}

/// Pieces of tags that are easily read wrongly.
const TAGS: &[&str] = &[
    "<a",
    "<A",
    "<a ",
    "<b/",
    "</",
    "</a",
    "<",
    ">",
    "/",
    "/>",
    "=",
    "\"",
    "'",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\x0c",
    "\u{b}",
    "\0",
    "é",
    "x",
    " href=x",
    " HREF='&#47;'",
    " href",
    " hReF=\"y\"",
    " id = i",
    " ID=j/",
    "<a href=x>",
    "<A HREF='&#47;'",
    "<a href=\"&amp;&lt\">",
];

/// The same of comments, and of elements whose content is text.
const TEXTS: &[&str] = &[
    "<!",
    "<!-",
    "<!--",
    "-",
    "--",
    "-->",
    "--!>",
    "!",
    ">",
    "<",
    "<?x",
    "</ ",
    "<!doctype",
    "<!DOCTYPE html SYSTEM \"",
    "<![CDATA[",
    "]]>",
    "<textarea>",
    "</textarea >",
    "</TEXTAREA/",
    "<title ",
    "</title>",
    "<style/>",
    "</style>",
    "<xmp>",
    "</xmp\n>",
    "<iframe>",
    "</iframe>",
    "<noembed>",
    "</noembed>",
    "<noframes>",
    "</noframes>",
    "<noscript>",
    "<plaintext",
    "<template>",
    "</template>",
    "<b>",
];

/// Scripts and comments in each other.
const SCRIPTS: &[&str] = &[
    "<script>",
    "<SCRIPT>",
    "<script ",
    "<script",
    "</script>",
    "</Script ",
    "</script",
    "</script/>",
    "</scripts>",
    "<script><!--",
    "<!--<script>",
    "--><script>",
    "</script><b>",
    "<!--",
    "<!-",
    "<!",
    "-",
    "--",
    "-->",
    "--!>",
    ">",
    "<",
    "<b>",
];

/// Character references in values.
const REFERENCES: &[&str] = &[
    "<b x=",
    "<b x=\"",
    "<b x='",
    "\">",
    "'>",
    ">",
    " ",
    "=",
    "&",
    "&#",
    "&#x",
    "&#X41",
    "&#128;",
    "&#0",
    "&#1114112;",
    "&#xD800",
    "&amp",
    "&AMP;",
    "&not",
    "&notin;",
    "&copy=",
    "&Tab;",
    "&nGt;",
    "&nosuch;",
    ";",
    "a",
    "7",
    "\0",
];

#[test]
fn html_tags_holds() {
    let pages = only_texts("tests/corpus/sites", ".html");
    fuzz(100, pages, html_tags::run);
    let all = [TAGS, TEXTS, SCRIPTS, REFERENCES];
    let some = |pieces: Vec<&'static str>| prop::collection::vec(select(pieces), 0..10);
    let html = prop_oneof![
        some(all.concat()),
        some(TAGS.to_vec()),
        some(TEXTS.to_vec()),
        some(SCRIPTS.to_vec()),
        some(REFERENCES.to_vec()),
    ];
    holds(4000, html, |pieces| {
        // Whether the last tag is one shows what is open at the end of the others.
        html_tags::run(&format!("{}<i>", pieces.concat()));
    });
}

#[test]
fn strings_fill_holds() {
    fuzz(
        200,
        only_texts("themes/default/strings", ".toml"),
        strings_fill::run,
    );
}

#[test]
fn whole_site_holds() {
    let files = texts("tests/html/arabic", "");
    let files = files
        .iter()
        .map(|(path, text)| format!("//- {path}\n{text}"));
    let site: String = files.collect();
    let kept = |text: &str| matches!(whole_site::run(text.as_bytes()), Corpus::Keep);
    assert!(kept(&site));
    fuzz(10, vec![site], |text| {
        kept(text);
    });
}
