//! The reader of ids and links of a rendered page, and the functions on paths.
#![no_main]

use libfuzzer_sys::fuzz_target;
use srm_site::text::links::{self, Targets};
use srm_site::text::{decode, encode};

fuzz_target!(|text: &str| {
    let outputs = ["index.html".to_string(), "a/b.html".to_string()];
    let outputs = outputs.into_iter().collect();
    // What is known may be on the page, or only begin there.
    let (page, known) = text.split_once('\0').unwrap_or((text, ""));
    links::facts(page, known, "a/b.html", "/base/", &outputs);
    assert_eq!(decode(&encode(text)), text);
    decode(text);
    let (folder, path) = text.split_once('\n').unwrap_or(("a", text));
    if let Some(joined) = links::join("a/b", path) {
        assert!(!joined.split('/').any(|p| p == ".."));
    }
    let targets = Targets {
        outputs,
        ..Targets::default()
    };
    targets.resolve(path, folder);
});
