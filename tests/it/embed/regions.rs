//! Regions and their markers, in every kind of document.

use std::fs;

use super::{filled, project, refused, run};

#[test]
fn every_dialect_has_its_markers_and_its_format() {
    let badge = "badge row=keys model=saas";
    for (name, open, close, content) in [
        ("a.md", "<!-- ", " -->", "**Provider (Vendor)**"),
        ("b.md", "[//]: # (", ")", "**Provider (Vendor)**"),
        ("c.md", "[comment]: # (", ")", "**Provider (Vendor)**"),
        ("d.mdx", "{/* ", " */}", "**Provider (Vendor)**"),
        ("e.html", "<!-- ", " -->", "<span class=\"srm-badge\""),
        ("f.adoc", "// ", "", "*Provider (Vendor)*"),
        ("g.rst", ".. ", "", "**Provider (Vendor)**"),
        ("h.txt", "# ", "", "**Provider (Vendor)**"),
        ("i.tex", "% ", "", "\\textbf{Provider (Vendor)}"),
        ("j.html", "<!--", "-->", "<span class=\"srm-badge\""),
        ("k.md", "[//]: # \"", "\"", "**Provider (Vendor)**"),
        ("k.md", "[//]: # '", "'", "**Provider (Vendor)**"),
        ("k.md", "[comment]: # \"", "\"", "**Provider (Vendor)**"),
        ("k.md", "[comment]: # '", "'", "**Provider (Vendor)**"),
        ("k.mdx", "<!-- ", " -->", "**Provider (Vendor)**"),
        ("k.mdx", "[//]: # (", ")", "**Provider (Vendor)**"),
        ("k.adoc", "<!-- ", " -->", "*Provider (Vendor)*"),
        ("k.tmpl", "{/* ", " */}", "**Provider (Vendor)**"),
        ("k.c", "/* ", " */", "**Provider (Vendor)**"),
        ("k.js", "// ", "", "**Provider (Vendor)**"),
        ("k.sql", "-- ", "", "**Provider (Vendor)**"),
        ("k.ini", "; ", "", "**Provider (Vendor)**"),
        ("k", ".. ", "", "**Provider (Vendor)**"),
        ("k.py", "\t# ", "", "\n\t**Provider (Vendor)**\n\t# srm:end"),
        ("k.c", "/*", "*/", "**Provider (Vendor)**"),
    ] {
        let text =
            format!("before\n\n{open}srm:begin {badge}{close}\n{open}srm:end{close}\n\nafter\n");
        let out = filled(name, &text);
        assert!(out.contains(content), "{name}: {out}");
        // A space separates words from the end of a comment. Empty lines are only
        // where they mean something.
        let last = out.lines().find(|l| l.contains("sum=")).unwrap();
        let apart = close.starts_with([' ', ')', '"', '\'']) || close.is_empty();
        assert!(apart || last.ends_with(&format!(" {close}")), "{last}");
        let dialect = name.rsplit('.').next().unwrap();
        let spaced = ["md", "mdx", "adoc", "rst"].contains(&dialect);
        assert_eq!(
            out.contains(&format!("{close}\n\n{content}")),
            spaced,
            "{out}"
        );
        assert!(
            out.starts_with(&format!("before\n\n{open}srm:begin {badge}{close}\n")),
            "{out}"
        );
        assert!(
            out.ends_with(&format!("{close}\n\nafter\n")),
            "{name}: {out}"
        );
        let folder = project();
        folder.write(name, &out);
        let check = run(&folder, &["embed", "--check", name]);
        assert_eq!(check.code, Some(0), "{name}: {out}\n{}", check.stdout);
    }
}

#[test]
fn what_is_foreign_to_a_document_stands_as_code() {
    let region = "srm:begin badge row=keys model=saas format=html";
    let md = filled("a.md", &format!("<!-- {region} -->\n<!-- srm:end -->\n"));
    assert!(md.contains("\n\n<span class"), "{md}");
    let mdx = filled("a.mdx", &format!("{{/* {region} */}}\n{{/* srm:end */}}\n"));
    assert!(mdx.contains("\n```html\n<span class"), "{mdx}");
    let rst = filled("a.rst", &format!(".. {region}\n.. srm:end\n"));
    assert!(rst.contains("\n.. raw:: html\n\n   <span class"), "{rst}");
    let adoc = filled("a.adoc", &format!("// {region}\n// srm:end\n"));
    assert!(adoc.contains("\n++++\n<span class"), "{adoc}");
    let html = filled(
        "a.html",
        "<!-- srm:begin totals format=md -->\n<!-- srm:end -->\n",
    );
    assert!(html.contains("<pre><code>Responsibilities"), "{html}");
    // What is in a document has the document's line ends.
    let csv = filled(
        "a.md",
        "<!-- srm:begin totals format=csv -->\n<!-- srm:end -->\n",
    );
    assert!(csv.contains("```csv\nDeployment model,"), "{csv}");
    assert!(!csv.contains('\r'), "{csv}");
    // A fence is longer than any in the text.
    let json = "srm:begin totals format=json caption=\"```` a\"";
    let md = filled("a.md", &format!("<!-- {json} -->\n<!-- srm:end -->\n"));
    assert!(
        md.contains("\n`````json\n{") && md.contains("\n}\n`````\n"),
        "{md}"
    );
}

#[test]
fn code_is_text_and_never_a_marker() {
    for (name, text) in [
        (
            "fence.md",
            "```\n<!-- srm:begin x -->\n```\n\n~~~~md\n<!-- srm:end -->\n~~~\n~~~~\n",
        ),
        ("indented.md", "Text:\n\n    <!-- srm:begin x -->\n"),
        (
            "span.md",
            "Write `<!-- srm:begin x -->` and\n``<!-- srm:end -->`` there.\n",
        ),
        ("list.md", "- a\n\n  ```\n  <!-- srm:begin x -->\n  ```\n"),
        ("pre.md", "<pre>\n\n<!-- srm:begin x -->\n\n</pre>\n"),
        (
            "pre.html",
            "<PRE class=a>\n<!-- srm:begin x -->\n</PRE>\n<script>\n<!-- srm:end -->\n</script>\n",
        ),
        (
            "comment.html",
            "<!--\nsrm:begin x\n <!-- srm:begin y\n-->\n",
        ),
        (
            "listing.adoc",
            "----\n// srm:begin x\n----\n\n....\n// srm:end\n....\n\n```\n// srm:end\n```\n",
        ),
        ("indented.adoc", "Text:\n\n // srm:begin x\n"),
        ("comment.adoc", "////\n// srm:begin x\n////\n"),
        (
            "literal.rst",
            "Text::\n\n   .. srm:begin x\n\n.. code-block:: rst\n\n   .. srm:end\n",
        ),
        ("fence.mdx", "```md\n{/* srm:begin x */}\n```\n"),
    ] {
        let folder = project();
        folder.write(name, text);
        let said = run(&folder, &["embed", name]);
        assert_eq!(said.code, Some(0), "{name}: {}", said.stderr);
        assert!(said.stderr.contains("0 regions"), "{name}: {}", said.stderr);
        assert_eq!(folder.read(name), text);
    }
    // MDX has no code by indentation.
    let out = filled(
        "a.mdx",
        "    {/* srm:begin totals */}\n    {/* srm:end */}\n",
    );
    assert!(out.contains("\n    | SaaS |"), "{out}");
}

#[test]
fn markers_that_are_wrong_are_refused() {
    for (text, parts) in [
        (
            "<!-- srm:begin totals -->\n",
            &["[SRM801]", "1:1", "no end marker"][..],
        ),
        ("a\n<!-- srm:end -->\n", &["2:1", "never begun"]),
        (
            "<!-- srm:end -->\n<!-- srm:begin totals -->\n",
            &["1:1", "2:1"],
        ),
        (
            "<!-- srm:begin totals -->\n<!-- srm:begin totals -->\n<!-- srm:end -->\n<!-- srm:end -->\n",
            &["2:1", "inside another", "4:1"],
        ),
        (
            "<!-- srm:begni totals -->\n<!-- srm:end -->\n",
            &["1:10", "did you mean `begin`?"],
        ),
        (
            "<!-- srm:begin -->\n<!-- srm:end -->\n",
            &["no table kind is given", "`summary`"],
        ),
        (
            "<!-- srm:begin totls -->\n<!-- srm:end -->\n",
            &["1:16", "did you mean `totals`?"],
        ),
        (
            "<!-- srm:begin summary model=sas columns=ownr -->\n<!-- srm:end -->\n",
            &["1:30", "there is no model `sas`", "did you mean `saas`?"],
        ),
        (
            "<!-- srm:begin summary columns=ownr -->\n<!-- srm:end -->\n",
            &["1:32", "`owner`"],
        ),
        (
            "x <!-- srm:begin totals -->\n<!-- srm:end -->\n",
            &["1:3", "text before this marker"],
        ),
        (
            "<!-- srm:begin totals --> x\n<!-- srm:end -->\n",
            &["text after this marker"],
        ),
        (
            "<!-- srm:begin totals\n-->\n<!-- srm:end -->\n",
            &["not closed on its line"],
        ),
        (
            "> <!-- srm:begin totals -->\n<!-- srm:end -->\n",
            &["different text before them"],
        ),
        (
            "<!-- srm:begin totals -->\n<!-- srm:end row=x -->\n",
            &["2:14", "only `sum=...`"],
        ),
        (
            "<!-- srm:begin totals caption=\"x -->\n<!-- srm:end -->\n",
            &["quotes are not closed"],
        ),
        // What is asked for is looked at all the same.
        (
            "<!-- srm:begin totls -->\n<!-- srm:begin sumary -->\n",
            &[
                "2:1",
                "inside another",
                "1:16",
                "`totals`?",
                "no end marker",
                "2:16",
                "`summary`?",
            ],
        ),
        (
            "> <!-- srm:begin totls -->\n<!-- srm:end -->\n",
            &["different text before them", "1:18", "`totals`?"],
        ),
    ] {
        let said = refused("bad.md", text);
        assert!(said.contains("bad.md:"), "{text}: {said}");
        for part in parts {
            assert!(said.contains(part), "{text}: no {part}:\n{said}");
        }
    }
    // All findings of all files in one run.
    let folder = project();
    folder.write("a.md", "<!-- srm:end -->\n");
    let said = run(&folder, &["embed", "--format", "github", "a.md"]);
    said.code(2);
    assert!(
        said.stdout.starts_with("::error file=a.md,line=1,"),
        "{}",
        said.stdout
    );
    folder.write("b.md", "<!-- srm:begin nope -->\n<!-- srm:end -->\n");
    let said = run(&folder, &["embed", "a.md", "b.md", "c.md"]);
    said.code(2);
    for part in [
        "a.md:1:1",
        "b.md:1:16",
        "[SRM804]",
        "no file matches `c.md`",
        "3 errors",
    ] {
        assert!(said.stderr.contains(part), "{part}: {}", said.stderr);
    }
    // And those of the data, in the format that was asked for.
    folder.write("data/content/categories/bad.yaml", "label: Bad\nrowz: []\n");
    let said = run(&folder, &["embed", "--format", "github", "a.md"]);
    said.code(1);
    let place = "::error file=content/categories/bad.yaml,line=2,";
    assert!(said.stdout.contains(place), "{}", said.stdout);
    let bytes = refused_bytes(
        "bad.md",
        b"\xff<!-- srm:begin totals -->\n<!-- srm:end -->\n",
    );
    assert!(bytes.contains("is not UTF-8"), "{bytes}");
}

fn refused_bytes(name: &str, bytes: &[u8]) -> String {
    let folder = project();
    folder.write(name, bytes);
    let said = run(&folder, &["embed", name]);
    said.code(2);
    assert_eq!(fs::read(folder.join(name)).unwrap(), bytes);
    said.stderr
}
