//! A strings file and its `{name}` places.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use srm_site::findings::Findings;
use srm_site::model;
use srm_site::text::{Html, Strings};

fuzz_target!(|text: &str| {
    let mut findings = Findings::default();
    let mut strings = Strings::default();
    strings.add(&Arc::from("t.toml"), text, &mut findings);
    strings.fill(text, &[("n", text), ("", "x"), (text, "{n}")]);
    strings.fill("k", &[("n", text)]);
    strings.count("rows", text.len());
    // Small functions on any text ride along.
    let slug = model::slug(text);
    assert!(slug.is_empty() || model::id_problem(&slug).is_none_or(|p| p.contains("reserved")));
    assert!(!Html::escaped(text).as_str().contains(['<', '>', '"', '\'']));
});
