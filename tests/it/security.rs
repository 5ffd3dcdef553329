//! Attacks on the people who build, embed, preview and read, each run through
//! the real program. Every test here fails on a version without its defence.

use std::fs;
use std::path::Path;

mod active;
mod bounded;
mod held;
mod reading;
mod text;
mod trust;
mod writing;

/// The promises of SECURITY.md, each with a test that tries to break it.
const PROMISES: &[(&str, &[(&str, &str)])] = &[
    (
        "Data and prose are data.",
        &[
            ("hostile/markup.rs", "no_yaml_text_becomes_live"),
            ("hostile/markup.rs", "no_markdown_text_becomes_live"),
            (
                "security/active.rs",
                "published_pages_run_no_scripts_but_files_of_the_site",
            ),
            ("security/reading.rs", "no_trick_reads_a_file_outside"),
        ],
    ),
    (
        "`book.toml` and `themes/` are code.",
        &[
            (
                "hostile/settings.rs",
                "settings_do_not_lead_out_of_the_project",
            ),
            ("security/reading.rs", "no_trick_reads_a_file_outside"),
            (
                "security/writing.rs",
                "settings_cannot_send_the_site_elsewhere",
            ),
        ],
    ),
    (
        "The tool reads only inside the project, and writes only inside it or where the\n   command line says.",
        &[
            ("security/reading.rs", "no_trick_reads_a_file_outside"),
            (
                "security/writing.rs",
                "an_output_folder_that_is_a_link_is_refused",
            ),
            ("security/writing.rs", "clean_refuses_what_build_refuses"),
            ("security/trust.rs", "a_forged_site_is_made_anew"),
            (
                "output/destination.rs",
                "links_in_the_output_are_never_followed",
            ),
        ],
    ),
    (
        "`embed` changes only the text between two markers of a document that you name.",
        &[
            ("embed/files.rs", "bytes_outside_the_regions_stay"),
            (
                "security/text.rs",
                "a_label_is_no_html_where_a_backslash_is_none",
            ),
            (
                "security/text.rs",
                "a_label_includes_no_file_into_an_mdbook",
            ),
            (
                "security/writing.rs",
                "a_planted_link_does_not_make_embed_write_a_hook",
            ),
        ],
    ),
    (
        "The preview talks to this machine only.",
        &[
            ("serve/hosts.rs", "only_names_of_this_machine_are_answered"),
            ("serve/hosts.rs", "pages_of_other_sites_hear_nothing"),
            ("serve/files.rs", "nothing_else_is_reached_by_any_path"),
            (
                "security/active.rs",
                "the_preview_keeps_active_files_in_a_sandbox",
            ),
        ],
    ),
    (
        "A build ends.",
        &[
            (
                "security/bounded.rs",
                "thousands_of_dead_links_take_no_longer_than_as_many_good_ones",
            ),
            (
                "security/bounded.rs",
                "two_hundred_small_alias_bombs_are_200_small_files",
            ),
            (
                "security/bounded.rs",
                "a_site_has_so_much_highlighted_code_and_no_more",
            ),
            ("security/bounded.rs", "links_that_fan_out_are_named"),
            ("security/held.rs", "a_source_has_at_most_16_megabytes"),
        ],
    ),
    (
        "All of the content folder is published",
        &[("security/reading.rs", "what_is_not_listed_is_not_mentioned")],
    ),
    (
        "If you embed tables, you trust the content of the site they come from",
        &[("glue.rs", "workflows_give_strangers_nothing")],
    ),
    (
        "Evidence and reviews that are not public stay out of the site.",
        &[
            ("terms/evidence.rs", "what_is_not_public_is_nowhere"),
            (
                "terms/evidence.rs",
                "an_internal_table_is_not_written_where_it_would_be_published",
            ),
        ],
    ),
];

/// A promise without a test is a hope.
#[test]
fn every_promise_is_held_by_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let page = read("SECURITY.md");
    let numbered = page.lines().filter(|line| {
        let number = line.split_once(". **").map(|(number, _)| number);
        number.is_some_and(|number| number.parse::<usize>().is_ok())
    });
    assert_eq!(numbered.count(), PROMISES.len());
    for (at, (promise, tests)) in PROMISES.iter().enumerate() {
        let begins = format!("{}. **{promise}", at + 1);
        assert!(page.contains(&begins), "SECURITY.md has no `{begins}`");
        for (file, name) in *tests {
            let text = read(&format!("tests/it/{file}"));
            let test = format!("#[test]\nfn {name}()");
            assert!(text.contains(&test), "{promise}: no {name} in {file}");
        }
    }
}
