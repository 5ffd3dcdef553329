//! Keys of `book.toml` that older versions or mdBook knew, and what became of
//! them. Not for the keys there are now.

use crate::findings::{Code, Finding};
use crate::input::tree::{Decoder, Node, Value};

/// Keys mdBook knows and this tool accepts without acting on them.
const NO_EFFECT: &[&str] = &[
    "default-theme",
    "preferred-dark-theme",
    "canonical-site-url",
    "create-missing",
    "use-default-preprocessors",
    "extra-watch-dirs",
    "git-repository-icon",
    "theme",
    "mathjax-support",
    "copy-js",
    "playground",
    "code",
    "fold",
    "no-section-label",
    "sidebar-header-nav",
];

/// Keys mdBook 0.5 removed, and what to write instead.
const REMOVED: &[(&str, &str)] = &[
    ("multilingual", "remove it; it never did anything"),
    ("curly-quotes", "write `smart-punctuation` instead"),
    ("copy-fonts", "remove it; the themes bring no fonts"),
    (
        "google-analytics",
        "remove it; add your own script with `additional-js`",
    ),
];

/// Takes keys that mdBook removed out of a table, each with a finding that
/// names its replacement, and notes those that change nothing here.
pub(super) fn explain_old_keys(node: &mut Node, d: &mut Decoder<'_>) {
    let Value::Map(entries) = &mut node.value else {
        return;
    };
    entries.retain(|(key, _)| {
        let place = d.place(key.span.clone());
        if NO_EFFECT.contains(&key.text.as_str()) {
            d.findings.push(Finding::new(
                Code::NoEffect,
                place,
                format!("`{}` is mdBook's and has no effect here", key.text),
            ));
        } else if let Some((_, help)) = REMOVED.iter().find(|(name, _)| *name == key.text) {
            d.findings.push(
                Finding::new(
                    Code::RemovedSetting,
                    place,
                    format!("mdBook 0.5 removed `{}`", key.text),
                )
                .help(*help),
            );
            return false;
        }
        true
    });
}
