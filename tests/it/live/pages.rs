//! Which pages an edit changes, and which large pages wait.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use srm_site::site::engine::Revision;
use srm_site::site::{self, Options};
use srm_site::source::{Hint, Source};

use super::{Author, EDITS, Edit, apply, everything, remove_empty};
use crate::harness::tree;

/// Which paths the revision says are new, after one edit.
fn changed(edit: Edit) -> BTreeSet<String> {
    let mut author = Author::new();
    author.look(&everything());
    let hint = apply(author.folder.path(), &edit).unwrap();
    author.look(&hint);
    let now: Arc<Revision> = author.live.board().now();
    now.changed.clone().unwrap()
}

fn paths(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|p| p.to_string()).collect()
}

#[test]
fn one_task_changes_the_pages_that_show_it() {
    let data = "content/categories/data.yaml";
    let edit = Edit::Replace(data, "Keep the keys.", "Keep the keys safe.");
    let mut pages = changed(edit);
    pages.retain(|path| path.ends_with(".html") && !path.starts_with("embed/"));
    let expected = [
        "categories/data.html",
        "compare/byoc-vs-saas.html",
        "compare/saas-vs-byoc.html",
        "models/saas.html",
        "parties/cloud.html",
        "parties/customer.html",
        "parties/provider.html",
        "print.html",
    ];
    assert_eq!(pages, paths(&expected));
}

#[test]
fn a_page_of_prose_changes_itself() {
    let edit = Edit::Replace("content/guide/more.md", "Text.", "Words.");
    let mut pages = changed(edit);
    pages.retain(|path| path.ends_with(".html"));
    assert_eq!(pages, paths(&["guide/more.html", "print.html"]));
}

#[test]
fn a_remark_changes_one_page_at_most() {
    let edit = Edit::Append("content/categories/ops.yaml", "# a remark\n");
    assert!(!changed(edit).contains("models/saas.html"));
}

#[test]
fn the_same_content_is_no_revision() {
    let mut author = Author::new();
    author.look(&everything());
    let before = author.live.board().now().number;
    let path = author.folder.join("content/index.md");
    fs::write(&path, fs::read(&path).unwrap()).unwrap();
    let hint = Hint {
        paths: BTreeSet::from([path]),
        listing: true,
    };
    let (look, rest) = author.look(&hint);
    assert!(look.revision.is_none() && rest.is_none() && look.sources.is_empty());
    assert_eq!(author.live.board().now().number, before);
}

#[test]
fn a_change_without_a_hint_is_seen_by_a_listing() {
    let mut author = Author::new();
    author.look_and_compare(&everything());
    author
        .folder
        .write("content/index.md", "# Home\n\nSomething else.\n");
    author.look_and_compare(&everything());
    author
        .folder
        .write("content/more/and/more.md", "# And more\n");
    author.look_and_compare(&everything());
}

#[test]
fn a_new_row_is_no_dead_anchor_while_large_pages_wait() {
    let mut author = Author::new();
    author.look(&everything());
    let ops = "content/categories/ops.yaml";
    let row = "  - {id: more, label: More, models: {all: {responsible: cloud}}}\n";
    let hint = apply(author.folder.path(), &Edit::Append(ops, row)).unwrap();
    let (look, _) = author.live.look(&hint);
    let revision = look.revision.unwrap();
    assert!(!revision.failed, "{:#?}", revision.problems);
    let site = revision.site.clone().unwrap();
    let page = site.file("models/byoc.html").unwrap();
    assert!(String::from_utf8_lossy(&page.bytes).contains("id=\"more\""));
}

#[test]
fn a_second_half_outlives_a_look_that_finds_nothing() {
    let mut author = Author::new();
    author.look(&everything());
    author
        .folder
        .write("themes/default/theme.toml", "api = 1\n");
    let template = "themes/default/templates/party.html";
    author.folder.write(template, "{{ page.titel }}\n");
    let (_, rest) = author.live.look(&everything());
    assert!(!author.live.board().now().failed);
    let (look, nothing) = author.live.look(&everything());
    assert!(look.revision.is_none() && nothing.is_none());
    let found = rest.unwrap().finish().unwrap().revision.unwrap();
    assert!(found.failed && author.live.board().now().failed);
}

/// Whether large pages have to be made to know what is wrong, after one edit of
/// a project in which it is little. What is shown and said is compared.
fn has_rest(edit: Edit) -> bool {
    let mut author = Author::of_much();
    author.look_and_compare(&everything());
    let hint = apply(author.folder.path(), &edit).unwrap();
    let (_, rest) = author.live.look(&hint);
    let has_rest = rest.is_some();
    rest.and_then(|rest| rest.finish());
    author.compare();
    has_rest
}

#[test]
fn large_pages_are_not_made_for_words() {
    let data = "content/categories/data.yaml";
    assert!(!has_rest(Edit::Replace(
        data,
        "Keep the keys.",
        "Keep them."
    )));
    let more = "content/guide/more.md";
    assert!(!has_rest(Edit::Replace(more, "Text.", "Words.")));
}

#[test]
fn large_pages_are_made_for_links_and_ids() {
    let data = "content/categories/data.yaml";
    let link = Edit::Replace(data, "Keep the keys.", "Keep the [logs](row:logs).");
    assert!(has_rest(link));
    let dead = "Keep [them](cat.md#no).";
    assert!(has_rest(Edit::Replace(data, "Keep the keys.", dead)));
    // The page of a party gets a new row with its anchor.
    assert!(has_rest(Edit::Replace(data, "customer\n", "provider\n")));
    let more = "content/guide/more.md";
    assert!(has_rest(Edit::Replace(more, "## Second", "## Third")));
}

#[test]
fn what_is_wrong_on_large_pages_stays_said_while_they_are_not_made() {
    let mut author = Author::of_much();
    author
        .folder
        .write("themes/default/theme.toml", "api = 1\n");
    let template = "{% extends \"builtin/print.html\" %}\n\
        {% block content %}<a href=\"gone.html\">x</a>{% endblock %}\n";
    author
        .folder
        .write("themes/default/templates/print.html", template);
    author.look_and_compare(&everything());
    let data = "content/categories/data.yaml";
    let edit = Edit::Replace(data, "Keep the keys.", "Keep them.");
    let hint = apply(author.folder.path(), &edit).unwrap();
    author.look_and_compare(&hint);
}

#[test]
fn a_style_sheet_is_the_newest_one() {
    let mut author = Author::new();
    author
        .folder
        .write("themes/default/theme.toml", "api = 1\n");
    for color in ["#123", "#321"] {
        let style = format!("body {{ color: {color} }}\n");
        author
            .folder
            .write("themes/default/static/style.css", style);
        author.look_and_compare(&everything());
    }
}

/// Whatever a good project becomes by one edit that leaves it good, the first
/// half alone finds nothing wrong, and finds what is wrong in the text itself.
#[test]
fn the_first_half_neither_cries_wolf_nor_misses_the_text() {
    for edit in EDITS {
        let mut author = Author::new();
        author.look(&everything());
        let Some(hint) = apply(author.folder.path(), edit) else {
            continue;
        };
        let (look, _) = author.live.look(&hint);
        let failed = look.revision.is_some_and(|r| r.failed);
        let mut files = tree(author.folder.path());
        files.retain(|path, _| !path.starts_with("book/"));
        let (_, clean) = site::in_memory(&Source::memory(files), &Options::default());
        assert_eq!(failed, clean.failed, "{edit:?}");
    }
    // Nor what was wrong before and is taken back.
    for edit in EDITS {
        let mut author = Author::new();
        let before = tree(author.folder.path());
        author.look(&everything());
        if apply(author.folder.path(), edit).is_none() {
            continue;
        }
        author.look(&everything());
        let after = tree(author.folder.path());
        for path in after.keys().filter(|path| !before.contains_key(*path)) {
            fs::remove_file(author.folder.join(path)).unwrap();
            remove_empty(author.folder.path(), &author.folder.join(path));
        }
        for (path, bytes) in before {
            author.folder.write(&path, bytes);
        }
        author.live.look(&everything());
        assert!(!author.live.board().now().failed, "{edit:?} and back");
    }
    let mut author = Author::new();
    author.look(&everything());
    let byoc = "content/models/byoc.md";
    let edit = Edit::Replace(byoc, "You run it.", "You [run](nothing.md) it.");
    let hint = apply(author.folder.path(), &edit).unwrap();
    let (look, _) = author.live.look(&hint);
    assert!(look.revision.unwrap().failed);
}
