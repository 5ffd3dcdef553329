//! A whole category file, and a Markdown file with front matter, to records.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use srm_site::input::{CategoryFile, ModelRecord, SiteFile, parse_page, parse_record};

fuzz_target!(|text: &str| {
    let file: Arc<str> = Arc::from("t");
    let category = parse_record::<CategoryFile>(&file, text);
    assert!(category.record.is_some() || !category.findings.list.is_empty());
    let site = parse_record::<SiteFile>(&file, text);
    assert!(site.record.is_some() || !site.findings.list.is_empty());
    let page = parse_page::<ModelRecord>(&file, text);
    let record = page.record.expect("a page always has a body");
    assert!(text.is_char_boundary(record.body_start));
    for findings in [category.findings, site.findings, page.findings] {
        for place in findings.list.iter().filter_map(|f| f.place.as_ref()) {
            assert!(place.start <= text.len());
        }
    }
});
