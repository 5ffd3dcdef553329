//! YAML text to a located tree: never a panic, and every place lies in the text.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use srm_site::findings::{Findings, line_col};
use srm_site::input::{Node, Value, parse_yaml};

fn inside(node: &Node, text: &str) {
    let check = |span: &std::ops::Range<usize>| {
        assert!(span.start <= span.end && span.end <= text.len(), "{span:?}");
        assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
    };
    check(&node.span);
    check(&node.mark());
    match &node.value {
        Value::List(items) => items.iter().for_each(|n| inside(n, text)),
        Value::Map(entries) => entries.iter().for_each(|(key, value)| {
            check(&key.span);
            inside(value, text);
        }),
        _ => {}
    }
}

fuzz_target!(|text: &str| {
    let mut findings = Findings::default();
    match parse_yaml(text, &Arc::from("t.yaml"), 0, &mut findings) {
        Some(node) => inside(&node, text),
        None => assert!(!findings.list.is_empty()),
    }
    for finding in &findings.list {
        let place = finding.place.as_ref().expect("a place in the file");
        assert!(place.start <= text.len());
        line_col(text, place.start);
    }
});
