//! Which files may declare that a text is HTML.

use std::collections::BTreeMap;

use super::{code, files, none, read, shown};

/// Files that take HTML from somewhere else, and how often. All other HTML is written
/// with `Html`, which escapes texts. Before you add a line here, look for a way to
/// write the HTML with `markup` and `text`; the comment at the use says why the text
/// needs no escaping.
const DOORS: &[(&str, usize)] = &[
    ("src/render/fragments.rs", 1),
    ("src/text/code.rs", 1),
    ("src/text/markdown/footnotes.rs", 1),
    ("src/text/markdown/raw_links.rs", 1),
];

#[test]
fn html_from_elsewhere_is_listed() {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for path in files("src", &[".rs"]) {
        let text = read(&path);
        let lines = text.lines().map(code);
        let used = lines.filter(|line| {
            let declares = line.contains("fn trusted");
            !declares
                && ["trusted(", "trusted_events("]
                    .iter()
                    .any(|w| line.contains(w))
        });
        let used = used.count();
        if used > 0 {
            uses.insert(shown(&path), used);
        }
    }
    let listed = DOORS.iter().map(|(file, n)| (file.to_string(), *n));
    let listed: BTreeMap<String, usize> = listed.collect();
    let all: Vec<&String> = listed.keys().chain(uses.keys()).collect();
    let differs = |file: &&&String| listed.get(**file) != uses.get(**file);
    let broken = all.iter().filter(differs).map(|file| {
        let count = |of: &BTreeMap<String, usize>| of.get(*file).copied().unwrap_or(0);
        format!("{file}: {} uses, {} listed", count(&uses), count(&listed))
    });
    none(
        broken.collect(),
        "uses of `Html::trusted` and `Html::trusted_events`:",
    );
}
