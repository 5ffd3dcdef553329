//! Documents whose markers were lost or misspelt: nothing in them would ever be checked
//! again.

use super::{project, refused, run};

#[test]
fn a_named_document_without_a_region_fails_the_check() {
    let folder = project();
    folder.write("plain.md", "# Nothing here\n");
    folder.write(
        "code.md",
        "```\n<!-- srm:begin totals -->\n<!-- srm:end -->\n```\n",
    );
    folder.write(
        "docs/good.md",
        "<!-- srm:begin totals -->\n<!-- srm:end -->\n",
    );
    folder.write("docs/other.md", "# Nothing here either\n");
    run(&folder, &["embed", "docs"]).code(0);
    for name in ["plain.md", "code.md"] {
        let said = run(&folder, &["embed", "--check", "docs", name]);
        said.code(1);
        assert!(said.stderr.contains("warning[SRM809]"), "{}", said.stderr);
        assert!(
            said.stderr.contains(&format!("`{name}` has no region")),
            "{}",
            said.stderr
        );
        assert!(!said.stderr.contains("other.md"), "{}", said.stderr);
        // It is told, and nothing else is wrong.
        let said = run(&folder, &["embed", "docs", name]);
        said.code(0);
        assert!(said.stderr.contains("[SRM809]"), "{}", said.stderr);
    }
    // A folder and a pattern may match documents without regions.
    for names in ["docs", "**/*.md", "docs/*.md"] {
        let said = run(&folder, &["embed", "--check", names]);
        said.code(0);
        assert!(!said.stderr.contains("SRM809"), "{}", said.stderr);
    }
    let said = run(
        &folder,
        &["embed", "--check", "--format", "json", "plain.md"],
    );
    assert!(said.stdout.contains("\"SRM809\""), "{}", said.stdout);
}

#[test]
fn near_misses_of_markers_are_told() {
    for (name, marker) in [
        ("a.md", "<!-- SRM:BEGIN totals -->"),
        ("a.md", "<!-- srm-begin totals -->"),
        ("a.md", "<!-- srm_begin totals -->"),
        ("a.md", "<!--- srm:begin totals --->"),
        ("a.md", "<!-- srm :begin totals -->"),
        ("a.md", "<!-- Srm: Begin totals -->"),
        ("a.md", "> <!--SRM-END-->"),
        ("a.md", "text <!-- srm-end -->"),
        ("a.md", "[//]: # (SRM:END)"),
        ("a.Rmd", "<!-- srm-start totals -->"),
        ("a.mdx", "{/* SRM:BEGIN totals */}"),
        ("a.html", "<!-- # srm:begin totals -->"),
        ("a.adoc", "// SRM:BEGIN totals"),
        ("a.adoc", "//// SRM:BEGIN totals"),
        ("a.rst", ".. srm-begin totals"),
        ("a.tex", "%% srm:begin totals"),
        ("a.org", "# srm.begin totals"),
        ("a.txt", "; SRM_BEGIN totals"),
    ] {
        let said = refused(name, &format!("Text\n\n{marker}\n\nMore\n"));
        assert!(said.contains("[SRM801]"), "{marker}: {said}");
        assert!(said.contains("nearly a marker"), "{marker}: {said}");
        assert!(said.contains(&format!("{name}:3:")), "{marker}: {said}");
        let wanted = if marker.to_lowercase().contains("end") {
            "srm:end"
        } else {
            "srm:begin"
        };
        assert!(
            said.contains(&format!("write `{wanted}`")),
            "{marker}: {said}"
        );
    }
    // Other comments are nobody's business, and code is text.
    for text in [
        "<!-- srm beginners should read this -->",
        "<!-- srm-site begins here -->",
        "<!-- the srm: endless -->",
        "<!-- srm-beginning -->",
        "# SRM begin",
        "`<!-- srm-begin totals -->`",
        "```\n<!-- SRM:BEGIN totals -->\n```",
        "\\<!-- srm-begin totals -->",
        "srm-begin",
    ] {
        let folder = project();
        folder.write("a.md", format!("Text\n\n{text}\n"));
        let said = run(&folder, &["embed", "a.md"]);
        said.code(0);
        assert!(!said.stderr.contains("SRM801"), "{text}: {}", said.stderr);
    }
}

#[test]
fn text_that_ends_the_comment_is_the_reason_that_is_told() {
    for (marker, close) in [
        (
            "[//]: # (srm:begin totals caption=\"Owners (all) here\")",
            ")",
        ),
        ("<!-- srm:begin totals caption=\"a --> b\" -->", "-->"),
        ("[comment]: # 'srm:begin totals caption=\"it's\"'", "'"),
        ("[//]: # \"srm:begin totals caption=\"x y\"\"", "\""),
    ] {
        let said = refused("a.md", &format!("{marker}\n<!-- srm:end -->\n"));
        let reason = format!("`{close}` within this marker ends its comment");
        assert!(said.contains(&reason), "{marker}: {said}");
        assert!(said.contains("use another kind of comment"), "{said}");
    }
    for marker in [
        "<!-- srm:begin totals --> text",
        "<!-- srm:begin totals --> <!-- srm:end -->",
    ] {
        let said = refused("a.md", &format!("{marker}\n<!-- srm:end -->\n"));
        assert!(
            said.contains("there is other text after this marker"),
            "{said}"
        );
    }
}
