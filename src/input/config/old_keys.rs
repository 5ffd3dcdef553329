//! Keys of `book.toml` that belong to mdBook or to its older versions, and what
//! replaced them. Current keys are in `config`.

use crate::findings::{Code, Finding};
use crate::input::tree::{Decoder, Node, Value};

/// Keys of mdBook that this tool accepts but that have no effect.
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
    ("copy-fonts", "remove it; themes here contain no fonts"),
    (
        "google-analytics",
        "remove it; add your own script with `additional-js`",
    ),
];

/// Removes keys from a table that mdBook removed, each with a finding that names its
/// replacement, and adds a note for those that have no effect here.
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
                format!(
                    "`{}` is a setting of mdBook and has no effect here",
                    key.text
                ),
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
