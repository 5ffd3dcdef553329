//! The tests of tokenizers of html5lib-tests, reduced to start tags and their
//! attributes (see `tests/corpus/html5lib/README.md`).

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use serde_json::Value;
use srm_site::text::links::{OpenElements, tags, unescape};

/// A tag: its name, and its attributes in the order of their names.
type StartTag = (String, Vec<(String, String)>);

/// Cases in which the scanner differs from html5lib-tests, and why.
const DIFFERENT_TAGS: &[(&str, &str)] = &[
    ("Data state: <a\0>", NAME),
    ("Data state: <a \0>", NAME),
    ("Data state: <a a\0>", NAME),
    ("Data state: <a a \0>", NAME),
    ("Data state: <a a=''\0>", NAME),
    ("Data state: <a/\0>", NAME),
    (
        "Data state: <plaintext>foobar",
        "a tokenizer alone does not know whose content is text",
    ),
    (
        "Script data state: </XMP>",
        "only `</script>` ends a script; HTML brings no tokenizer to this state after `<xmp>`",
    ),
];

const NAME: &str = "names are as written: no name that anyone looks for has a NUL";

/// The cases are texts between tags, and are read as values of attributes.
const DIFFERENT_VALUES: &[(&str, &str)] = &[
    ("&noti;", NO_SEMICOLON),
    ("I'm &notit", NO_SEMICOLON),
    ("I'm &notin", NO_SEMICOLON),
    ("\0", NUL),
    ("\r\0", NUL),
    ("\r", LINE_END),
    ("\r?", LINE_END),
    ("\r\n", LINE_END),
    ("\r\r", LINE_END),
    ("\n\r", LINE_END),
    ("text\r\r\rtext", LINE_END),
];

const NO_SEMICOLON: &str = "in a value, no reference ends before a letter";

const NUL: &str = "in a value, a NUL is U+FFFD";

const LINE_END: &str = "line ends are as written: addresses drop them all";

/// The lines of a file of the corpus.
fn cases(file: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/html5lib");
    let path = folder.join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let cases = text.lines().map(|line| serde_json::from_str(line).unwrap());
    cases.collect()
}

/// HTML that brings a tokenizer to the state in which a case begins.
fn before(state: &str, last: Option<&str>) -> String {
    match state {
        "Data state" => String::new(),
        // Comments and CDATA sections end with the piece of HTML that they are in.
        "CDATA section state" => "<svg><![CDATA[".to_string(),
        "PLAINTEXT state" => "<plaintext>".to_string(),
        "Script data state" => "<script>".to_string(),
        "RAWTEXT state" => format!("<{}>", last.unwrap_or("xmp")),
        "RCDATA state" => format!("<{}>", last.unwrap_or("textarea")),
        state => panic!("{state}"),
    }
}

fn wanted(tags: &Value) -> Vec<StartTag> {
    let tags: Vec<(String, BTreeMap<String, String>)> =
        serde_json::from_value(tags.clone()).unwrap();
    let tags = tags.into_iter();
    tags.map(|(name, attributes)| (name, attributes.into_iter().collect()))
        .collect()
}

/// What the scanner finds after `before`. Its names are as written; `is` compares them.
fn found(before: &str, input: &str, wanted: &[StartTag]) -> Vec<StartTag> {
    let mut found = Vec::new();
    let mut in_input = before.is_empty();
    let html = format!("{before}{input}");
    tags(&html, &mut OpenElements::default(), |tag| {
        if !std::mem::replace(&mut in_input, true) {
            return ControlFlow::Continue(());
        }
        let wanted = wanted.get(found.len());
        let name = wanted.map(|(name, _)| name).filter(|name| tag.is(name));
        let attributes = tag.attributes.iter().map(|attribute| {
            let mut names = wanted.iter().flat_map(|(_, all)| all);
            let same = names.find(|(name, _)| attribute.is(name));
            let name = same.map_or(attribute.name, |(name, _)| name);
            (name.to_string(), unescape(attribute.value).into_owned())
        });
        let mut attributes: Vec<_> = attributes.collect();
        attributes.sort_unstable();
        let name = name.map_or(tag.name, String::as_str);
        found.push((name.to_string(), attributes));
        ControlFlow::Continue(())
    });
    found
}

/// Fails for differences that are not listed, and for listed ones that are gone.
#[track_caller]
fn only_listed(different: Vec<(String, String)>, listed: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (input, difference) in &different {
        if !listed.iter().any(|(known, _)| known == input) {
            wrong.push(format!("{input:?}: {difference}"));
        }
    }
    for (known, reason) in listed {
        if !different.iter().any(|(input, _)| input == known) {
            wrong.push(format!("{known:?} is no longer different: {reason}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn start_tags_are_those_of_html5lib() {
    let cases = cases("tags.jsonl");
    assert_eq!(cases.len(), 1970);
    let mut different = Vec::new();
    for case in &cases {
        let state = case[0].as_str().unwrap();
        let input = case[2].as_str().unwrap();
        let mut wanted = wanted(&case[3]);
        let mut html = input.to_string();
        if let Some(is_tag) = case[4].as_bool() {
            html.push_str("<after>");
            wanted.extend(is_tag.then(|| ("after".to_string(), Vec::new())));
        }
        let found = found(&before(state, case[1].as_str()), &html, &wanted);
        if found != wanted {
            let difference = format!("{found:?} instead of {wanted:?}");
            different.push((format!("{state}: {input}"), difference));
        }
    }
    only_listed(different, DIFFERENT_TAGS);
}

#[test]
fn character_references_are_those_of_html5lib() {
    let cases = cases("values.jsonl");
    assert_eq!(cases.len(), 5003);
    let mut different = Vec::new();
    for case in &cases {
        let (text, wanted) = (case[0].as_str().unwrap(), case[1].as_str().unwrap());
        let found = unescape(text);
        if found != wanted {
            let difference = format!("{found:?} instead of {wanted:?}");
            different.push((text.to_string(), difference));
        }
    }
    only_listed(different, DIFFERENT_VALUES);
}
