//! Ids, slugs and anchors.

use proptest::prelude::*;
use srm_site::model;
use srm_site::text::links;
use srm_site::text::markdown;
use srm_site::text::{Html, decode, encode};

use super::{holds, text};

#[test]
fn slugs_are_ids_or_nothing() {
    holds(600, text(), |text| {
        let slug = model::slug(&text);
        if slug.is_empty() {
            return;
        }
        if let Some(problem) = model::id_problem(&slug) {
            // The few reserved names are the caller's to look at.
            assert!(
                problem.contains("reserved"),
                "{text:?} -> {slug:?}: {problem}"
            );
        }
        assert_eq!(model::slug(&slug), slug, "a slug is its own slug");
    });
}

#[test]
fn ids_are_safe_as_file_names_anchors_and_attributes() {
    let near = prop_oneof![text(), "[a-zA-Z0-9._-]{1,70}", any::<String>()];
    holds(600, near, |id| {
        if model::id_problem(&id).is_some() {
            return;
        }
        assert!(!id.is_empty() && id.chars().count() <= 64);
        assert!(
            id.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)),
            "{id:?}"
        );
        assert!(!id.starts_with('.') && !id.contains("..") && !id.ends_with('.'));
        assert_eq!(Html::escaped(&id).as_str(), id);
        assert_eq!(decode(&encode(&id)), id);
        assert_eq!(
            links::join("models", &format!("{id}.html")),
            Some(format!("models/{id}.html"))
        );
        let folded = model::fold(&id);
        assert_eq!(
            model::fold(&folded),
            folded,
            "folding twice changes nothing"
        );
    });
    for reserved in [
        "con", "NUL", "Con.x", "index", "all", "srm-x", "", ".", "..", "-", "a/b", "a b",
    ] {
        assert!(model::id_problem(reserved).is_some(), "{reserved}");
    }
}

#[test]
fn heading_slugs_are_anchors() {
    holds(600, text(), |text| {
        let slug = markdown::heading_slug(&text);
        assert!(
            slug.chars()
                .all(|c| c.is_alphanumeric() || c == '-' || c == '_'),
            "{text:?} -> {slug:?}"
        );
        assert_eq!(markdown::heading_slug(&slug), slug);
    });
}
