//! Regions that were edited by hand, or written by an earlier version.

use std::sync::Arc;

use srm_site::embed::Dialect;
use srm_site::embed::Embedder;
use srm_site::findings::Digest;
use srm_site::findings::Findings;
use srm_site::tables::Request;
use srm_site::tables::formats::TableFormat as Format;

use super::{project, run};
use crate::harness::tree;

#[test]
fn hand_edits_are_shown_and_kept() {
    let folder = project();
    folder.write("a.md", "<!-- srm:begin totals -->\n<!-- srm:end -->\n");
    folder.write("b.md", "<!-- srm:begin matrix -->\n<!-- srm:end -->\n");
    run(&folder, &["embed", "a.md"]).code(0);
    let good = folder.read("a.md");
    let edited = good.replace("| SaaS | 0 |", "| SaaS | 9 |");
    assert_ne!(edited, good);
    folder.write("a.md", &edited);
    let said = run(&folder, &["embed", "a.md", "b.md"]);
    said.code(1);
    assert!(said.stderr.contains("[SRM803]"), "{}", said.stderr);
    assert!(said.stderr.contains("edited by hand"), "{}", said.stderr);
    assert!(said.stdout.contains("\n-| SaaS | 9 |"), "{}", said.stdout);
    assert!(said.stdout.contains("\n+| SaaS | 0 |"), "{}", said.stdout);
    assert_eq!(folder.read("a.md"), edited);
    assert!(!folder.read("b.md").contains("Keys"), "all files or none");
    assert!(!said.stdout.contains("b.md"), "{}", said.stdout);
    let said = run(&folder, &["embed", "--check", "a.md"]);
    said.code(1);
    assert!(said.stderr.contains("[SRM803]"), "{}", said.stderr);
    assert!(said.stderr.contains("1 region out"), "{}", said.stderr);
    let said = run(&folder, &["embed", "--format", "json", "a.md", "b.md"]);
    said.code(1);
    let line: serde_json::Value = serde_json::from_str(said.stdout.trim()).unwrap();
    assert_eq!(line["code"], "SRM803");
    run(&folder, &["embed", "--force", "a.md"]).code(0);
    assert_eq!(folder.read("a.md"), good);
    // What formatters do to empty lines and line ends is no edit, but it is reported.
    for text in [
        good.replacen("-->\n\n", "-->\n", 1),
        good.replace("| --- |\n", "| --- |\r\n"),
    ] {
        assert_ne!(text, good);
        folder.write("a.md", text);
        let said = run(&folder, &["embed", "--check", "a.md"]);
        said.code(1);
        assert!(said.stderr.contains("[SRM802]"), "{}", said.stderr);
        assert!(said.stderr.contains("1 region out"), "{}", said.stderr);
        run(&folder, &["embed", "a.md"]).code(0);
        assert_eq!(folder.read("a.md"), good);
    }
    // A checksum that is gone or another is written again, and told until then.
    for wrong in ["srm:end", "srm:end sum=0123456789"] {
        let at = good.rfind("srm:end").unwrap();
        let end = good[at..].find(" -->").unwrap();
        let without = [&good[..at], wrong, &good[at + end..]].concat();
        folder.write("a.md", without);
        let said = run(&folder, &["embed", "--check", "a.md"]);
        said.code(1);
        assert!(said.stderr.contains("[SRM802]"), "{}", said.stderr);
        run(&folder, &["embed", "a.md"]).code(0);
        assert_eq!(folder.read("a.md"), good);
    }
    // What was there before the first run is not overwritten.
    folder.write(
        "c.md",
        "<!-- srm:begin totals -->\nmine\n<!-- srm:end -->\n",
    );
    let said = run(&folder, &["embed", "c.md"]);
    said.code(1);
    assert!(
        said.stderr.contains("this tool did not write"),
        "{}",
        said.stderr
    );
    // A change of the data is not an edit.
    let data = folder.read("data/content/categories/data.yaml");
    folder.write(
        "data/content/categories/data.yaml",
        data.replace("[provider], tasks", "[cloud, provider], tasks"),
    );
    folder.write("d.md", good);
    folder.write("d.md", folder.read("d.md").replace("totals", "matrix"));
    run(&folder, &["embed", "d.md"]).code(0);
    assert!(folder.read("d.md").contains("Keys"));
}

/// The only region of a document, with the sum that earlier versions wrote: that of its
/// bytes without prefixes and empty lines around them.
fn with_old_sum(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let body = &lines[1..lines.len() - 1];
    let body = body
        .iter()
        .map(|line| line.strip_prefix("> ").unwrap_or(line));
    let body = body.map(|line| if line == ">" { "" } else { line });
    let bytes = body.collect::<Vec<_>>().join("\n");
    let (start, end) = text.split_once("sum=").unwrap();
    let sum = Digest::of_bytes(bytes.trim_matches('\n').as_bytes()).to_string();
    format!("{start}sum={}{}", &sum[..10], &end[10..])
}

/// What becomes of a region that one version filled with `old`, when this one
/// has `new` for it: whether it is left alone, and what is told of it.
fn respelled(name: &str, text: &str, format: Format, [old, new]: [&str; 2]) -> (bool, String) {
    let dialect = Dialect::of_file(name);
    let file = Arc::from(name);
    let mut findings = Findings::default();
    let mut fill = |text: &str, content: &str| {
        let show = |_: &Request, asked: Format, _: &mut Findings| {
            assert_eq!(asked, format, "{name}");
            Some(content.as_bytes().to_vec())
        };
        Embedder::new(&show).fill(text, dialect, &file, &mut findings)
    };
    let before = with_old_sum(&fill(text, old).text);
    assert_ne!(before, text);
    let filled = fill(&before, new);
    assert_eq!(filled.edited.list.len(), 0, "{before}");
    // What is written today is up to date tomorrow.
    let after = fill(&filled.text, new);
    assert_eq!((after.stale.list.len(), &after.text), (0, &filled.text));
    assert!(findings.list.is_empty(), "{findings:?}");
    let help: Vec<String> = filled
        .stale
        .list
        .iter()
        .map(|f| f.help.join("; "))
        .collect();
    (filled.text == before, help.join("; "))
}

#[test]
fn regions_of_earlier_versions_are_kept_while_they_say_the_same() {
    let md = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    let quoted = "> <!-- srm:begin totals -->\r\n> <!-- srm:end -->\r\n";
    let html = "<!-- srm:begin totals format=html -->\n<!-- srm:end -->\n";
    let mdx = "{/* srm:begin totals */}\n{/* srm:end */}\n";
    let adoc = "// srm:begin totals\n// srm:end\n";
    let listing = "// srm:begin totals format=md\n// srm:end\n";
    let raw = ".. srm:begin totals format=html\n.. srm:end\n";
    let code = "<!-- srm:begin totals format=md -->\n<!-- srm:end -->\n";
    let [m, h, x] = [Format::Markdown, Format::Html, Format::Mdx];
    for (name, text, format, old, new) in [
        (
            "a.md",
            md,
            m,
            "• 日本<br>é & &",
            "• 日本<br />&#xE9; &#38; &",
        ),
        (
            "a.md",
            quoted,
            m,
            "a<br>b\n\nc & d",
            "a<br />b\n\nc &amp; d",
        ),
        (
            "a.md",
            md,
            m,
            "\\*a\\_b\\* \\[c\\] \\\\",
            "&#42;a&#x5f;b&#42; &#91;c&#93; &#92;",
        ),
        (
            "a.md",
            md,
            m,
            "`a` **b** [c](d_e)<br>",
            "`a` **b** [c](d_e)<br />",
        ),
        (
            "a.md",
            md,
            m,
            "ab & ``c`` ~~d~~",
            "a<wbr />b &amp; ``c`` ~~d~~",
        ),
        ("a.txt", md, m, "\\# a \"b\"", "&#35; a &quot;b&quot;"),
        (
            "a.md",
            html,
            h,
            "<td a=\"b\">c<br>'</td>",
            "<td a=\"b\">c<br />&#39;</td>",
        ),
        (
            "a.html",
            html,
            h,
            "<img a=\"b&amp;c\"><code>x</code>",
            "<img a=\"b&#38;c\" /><code>x</code>",
        ),
        ("a.mdx", mdx, x, "\\{a\\}", "&#123;a&#125;"),
        ("a.adoc", listing, m, "a<br>b", "a<br />b"),
        ("a.html", code, m, "a<br>`b` & c", "a<br />`b` &amp; c"),
        ("a.rst", raw, h, "<p>a<br>b", "<p>a<br />b"),
        (
            "a.mdx",
            "{/* srm:begin totals format=md */}\n{/* srm:end */}\n",
            m,
            "`a` ``b``<br>c",
            "`a` ``b``<br />c",
        ),
    ] {
        let said = respelled(name, text, format, [old, new]);
        assert_eq!(said, (true, String::new()), "{name}: {old} -> {new}");
    }

    // Spelled in a way that was given up.
    for (name, text, format, old, new, what) in [
        (
            "a.md",
            md,
            m,
            "a {b}",
            "a &#123;b}",
            "`{` in a form that some tools run as code",
        ),
        (
            "a.md",
            md,
            m,
            "{{",
            "&#123;<wbr />&#123;",
            "`{` in a form that some tools run as code",
        ),
        (
            "a.md",
            quoted,
            m,
            "x\na \\< b<br>",
            "x\na &lt; b<br />",
            "`<` in a form that some tools run as code",
        ),
        (
            "a.md",
            md,
            m,
            "a \\| b",
            "a &#124; b",
            "`|` in a form that some tools read as markup",
        ),
        (
            "a.md",
            md,
            m,
            "\\~a",
            "&#126;a",
            "`~` in a form that some tools read as markup",
        ),
        (
            "a.md",
            md,
            m,
            "\\`a",
            "&#96;a",
            "a backtick in a form that some tools read as markup",
        ),
        (
            "a.md",
            md,
            m,
            "`a\\|b`",
            "<code>a&#124;b</code>",
            "a backtick in a form that some tools read as markup",
        ),
        (
            "a.md",
            md,
            m,
            "`` `a ``",
            "<code>&#96;a</code>",
            "a backtick in a form that some tools read as markup",
        ),
        (
            "a.mdx",
            mdx,
            x,
            "a \\{b} {c",
            "a &#123;b&#125; &#123;c",
            "`}` in a form that some tools run as code",
        ),
        (
            "a.html",
            html,
            h,
            "<b>{{a</b>",
            "<b>&#123;<wbr />&#123;a</b>",
            "`{` in a form that some tools run as code",
        ),
    ] {
        let (kept, said) = respelled(name, text, format, [old, new]);
        assert!(
            !kept && said.contains(what),
            "{name}: {old} -> {new}: {said}"
        );
    }

    // Something else, or nothing that is known to be the same.
    for (name, text, format, old, new) in [
        ("a.md", md, m, "a<br>b", "a<br />c"),
        ("a.md", md, m, "ab", "a<br />b"),
        ("a.md", md, m, "\\*a\\*", "*a*"),
        ("a.md", md, m, "`a&amp;b`", "`a`&amp;`b`"),
        ("a.md", md, m, "`&amp;`", "<code>&amp;</code>"),
        ("a.md", md, m, "&amp;lt;", "&lt;"),
        ("a.md", md, m, "| a \\| b |\n| --- |", "| a | b |\n| --- |"),
        ("a.md", md, m, "\\<br>", "<br />"),
        ("a.html", html, h, "\\*", "*"),
        ("a.html", html, h, "<b>a</b>", "&lt;b&gt;a</b>"),
        ("a.html", code, m, "a<br>b", "a&lt;br />b"),
        ("a.adoc", adoc, Format::Asciidoc, "a &amp; b", "a & b"),
    ] {
        let said = respelled(name, text, format, [old, new]);
        let plain = "run `srm-site embed` on the file".to_string();
        assert_eq!(said, (false, plain), "{name}: {old} -> {new}");
    }
}

#[test]
fn a_region_of_an_earlier_version_is_told_by_the_program() {
    let folder = project();
    let sum = |text: &str| Digest::of_bytes(text.as_bytes()).to_string()[..10].to_string();
    let region = |text: &str, sum: &str| {
        let lines = text.lines().map(|line| format!("> {line}\r\n"));
        let lines: String = lines.collect();
        let begin = "> <!-- srm:begin badge row=keys model=saas -->\r\n>\r\n";
        format!("{begin}{lines}>\r\n> <!-- srm:end sum={sum} -->\r\n")
    };
    let embed = |args: &[&str], text: &str| {
        folder.write("a.md", text);
        run(&folder, &[&["embed", "a.md"], args].concat())
    };
    let old = "**Provider &#40;Vendor&#41;**";
    let kept = region(old, &sum(old));
    let said = embed(&["--check"], &kept);
    said.code(0);
    assert!(
        said.stderr.contains("1 region up to date"),
        "{}",
        said.stderr
    );
    embed(&[], &kept).code(0);
    assert_eq!(folder.read("a.md"), kept);
    // Edited by hand, moved within its lines, or without its checksum.
    embed(&[], &region("**Provider &#40;Bob&#41;**", &sum(old))).code(1);
    for text in [
        kept.replacen("-->\r\n>\r\n", "-->\r\n", 1),
        region("**Provider (Vendor)**", "0123456789"),
    ] {
        let said = embed(&["--check"], &text);
        said.code(1);
        assert!(said.stderr.contains("[SRM802]"), "{}", said.stderr);
        embed(&[], &text).code(0);
        let new = region("**Provider (Vendor)**", "");
        let new = new.split_once("sum=").unwrap().0;
        assert!(folder.read("a.md").starts_with(new));
        embed(&["--check"], &folder.read("a.md")).code(0);
    }
}

#[test]
fn where_a_region_stands_is_no_edit_of_it() {
    let folder = project();
    let region =
        |prefix: &str| format!("{prefix}<!-- srm:begin totals -->\n{prefix}<!-- srm:end -->\n");
    folder.write("quote.md", region("> "));
    folder.write("list.md", format!("- a\n\n{}", region("  ")));
    folder.write("moved.md", region(""));
    let names = ["quote.md", "list.md", "moved.md"];
    let all = |args: &[&str]| run(&folder, &[&["embed"], args, &names].concat());
    all(&[]).code(0);
    // Somebody moves a region into a list.
    let moved = folder.read("moved.md").replace('\n', "\n  ");
    let moved = moved.replace("\n  \n", "\n\n");
    folder.write("moved.md", format!("- a\n\n  {}\n", moved.trim_end()));
    all(&["--check"]).code(0);
    // A change of the data reaches all of them.
    let data = "data/content/categories/network.yaml";
    let text = folder.read(data);
    folder.write(data, text.replace("[customer]", "[customer, provider]"));
    let said = all(&["--check"]);
    said.code(1);
    assert!(!said.stderr.contains("[SRM803]"), "{}", said.stderr);
    all(&[]).code(0);
    assert!(folder.read("quote.md").contains("\n> | BYOC | 3 |"));
}

#[test]
fn check_tells_and_writes_nothing() {
    let folder = project();
    folder.write(
        "a.md",
        "# A\n\n<!-- srm:begin totals -->\n<!-- srm:end -->\n",
    );
    run(&folder, &["embed", "a.md"]).code(0);
    let data = "data/content/categories/network.yaml";
    folder.write(
        data,
        folder
            .read(data)
            .replace("[customer]", "[customer, provider]"),
    );
    let before = tree(folder.path());
    let said = run(&folder, &["embed", "--check", "a.md"]);
    said.code(1);
    assert!(
        said.stdout.starts_with("--- a/a.md\n+++ b/a.md\n@@ "),
        "{}",
        said.stdout
    );
    assert!(
        said.stdout.contains("-| BYOC | 1 | 2 | 0 | 0 |"),
        "{}",
        said.stdout
    );
    assert!(
        said.stdout.contains("+| BYOC | 0 | 3 | 0 | 0 |") || said.stdout.contains("+| BYOC | 3 |"),
        "{}",
        said.stdout
    );
    assert!(said.stderr.contains("a.md:3:16"), "{}", said.stderr);
    let said = run(&folder, &["embed", "--check", "--no-diff", "a.md"]);
    said.code(1);
    assert_eq!(said.stdout, "");
    let said = run(&folder, &["embed", "--check", "--format", "json", "a.md"]);
    said.code(1);
    let line: serde_json::Value = serde_json::from_str(said.stdout.trim()).unwrap();
    assert_eq!(line["code"], "SRM802");
    let said = run(&folder, &["embed", "--check", "--format", "github", "a.md"]);
    said.code(1);
    assert!(
        said.stdout.starts_with("::error file=a.md,line=3,"),
        "{}",
        said.stdout
    );
    let said = run(&folder, &["embed", "--check", "--format", "sarif", "a.md"]);
    said.code(1);
    assert!(
        said.stdout.contains("\"ruleId\": \"SRM802\"")
            || said.stdout.contains("\"ruleId\":\"SRM802\"")
    );
    assert_eq!(tree(folder.path()), before);
    run(&folder, &["embed", "a.md"]).code(0);
    run(&folder, &["embed", "--check", "a.md"]).code(0);
}
