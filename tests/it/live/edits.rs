//! Any script of edits shows what a clean build writes.

use proptest::prelude::*;

use super::{Author, EDITS, apply, everything, follow};

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_script_of_edits_shows_what_a_clean_build_writes(
        script in prop::collection::vec((0..EDITS.len(), 0..4u8), 1..25)
    ) {
        follow(Author::new(), script);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn any_script_of_edits_of_a_larger_project_shows_the_same(
        script in prop::collection::vec((0..EDITS.len(), 0..4u8), 1..25)
    ) {
        follow(Author::of_much(), script);
    }
}

#[test]
fn each_edit_alone_is_shown() {
    for edit in EDITS {
        let mut author = Author::new();
        author.look_and_compare(&everything());
        if let Some(hint) = apply(author.folder.path(), edit) {
            author.look_and_compare(&hint);
        }
    }
}
