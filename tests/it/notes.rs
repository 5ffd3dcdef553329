//! Footnotes of a page.

use crate::harness::projects::{ONE_MODEL, project};

/// A reference finds its note whatever the case of its letters, and so does the text.
#[test]
fn a_footnote_is_found_in_any_case() {
    let page =
        "# Notes\n\nOne[^Note], again[^NOTE], ö[^Ö].\n\n[^note]: Words of the note.\n[^ö]: More.\n";
    let built = project(ONE_MODEL).page("notes.md", page).builds();
    let html = built.page("notes.html");
    assert!(
        html.contains("Words of the note.") && html.contains("More."),
        "{html}"
    );
    assert_eq!(html.matches("role=\"doc-backlink\"").count(), 2);
}
