//! `book.toml` to settings: never a panic, whatever is in it.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use srm_site::findings::Findings;
use srm_site::input::Config;

fuzz_target!(|text: &str| {
    let mut findings = Findings::default();
    let config = Config::parse(&Arc::from("book.toml"), text, &mut findings);
    assert!(!config.src().ends_with('/'));
    assert!(config.site_url().is_none_or(|url| url.ends_with('/')));
    config.groups();
    config.direction();
    config.language();
    for finding in &findings.list {
        let place = finding.place.as_ref().expect("a place in the file");
        assert!(place.start <= text.len() && text.is_char_boundary(place.start));
    }
});
