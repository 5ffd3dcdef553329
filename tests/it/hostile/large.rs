//! Large files, and files with thousands of mistakes.

use std::fs;

use super::{CATEGORY, PATIENCE, accepted, category, limited, limited_to, refused};
use crate::harness::projects::{ONE_MODEL, project};

#[test]
fn lines_of_100_megabytes() {
    let n = 100 * 1024 * 1024;
    let line = "x".repeat(n);
    refused(CATEGORY, category(&line), "SRM004");
    refused("content/page.md", &line, "SRM004");
    refused("content/models/byoc.md", &line, "SRM004");
    refused(
        "book.toml",
        format!("[book]\ntitle = \"{line}\"\n"),
        "SRM004",
    );
    let folder = project(ONE_MODEL).on_disk();
    folder.write("themes/default/theme.toml", "api = 1\n");
    folder.write("themes/default/templates/prose.html", &line);
    let run = limited(&folder, &["check"]);
    assert!(run.code(1).stderr.contains("SRM004"), "{}", run.stderr);
    // Files that are only copied may be as large as they like.
    let folder = accepted("content/film.bin", &line);
    assert_eq!(
        fs::metadata(folder.join("book/film.bin")).unwrap().len(),
        n as u64
    );
}

#[test]
fn lines_just_below_the_limit() {
    let line = "word & > more ".repeat(1024 * 1024);
    accepted("content/page.md", &line);
    let folder = project(ONE_MODEL).on_disk();
    folder.write(CATEGORY, category(&format!("\"{line}\"")));
    limited(&folder, &["build", "-q"]);
    // A mistake at the end of such a line is shown in a few words.
    let run = refused(CATEGORY, format!("label: \"{line}\" x\n"), "SRM003");
    assert!(run.stderr.len() < 5000, "{}", run.stderr.len());
    let place = format!("{CATEGORY}:1:{}", line.len() + "label: \"\" x".len());
    assert!(run.stderr.contains(&place), "{place}: {}", run.stderr);
    let folder = project(ONE_MODEL).on_disk();
    folder.write(
        "book.toml",
        format!("[book]\nsrc = \"content\"\ntitle = \"{line}\"\n"),
    );
    limited(&folder, &["check", "-q"]);
    folder.write(
        "book.toml",
        format!("[book]\nsrc = \"content\"\n{} = 1\n", "k".repeat(15 << 20)),
    );
    let run = limited(&folder, &["check"]);
    assert!(run.code(2).stderr.contains("SRM006"));
    assert!(run.stderr.len() < 100_000, "{}", run.stderr.len());
}

#[test]
fn a_flood_of_findings() {
    // A million pieces of HTML on one page, of dead links, of bad keys.
    for text in [
        "word & <more> ".repeat(1 << 20),
        "[a](b.md) ".repeat(1 << 20),
        "[^a] ".repeat(1 << 20),
        "![](x) ".repeat(1 << 20),
    ] {
        let folder = project(ONE_MODEL).on_disk();
        folder.write("content/page.md", &text);
        limited(&folder, &["check"]);
    }
    let keys: String = (0..300_000).map(|n| format!("k{n}: x\n")).collect();
    refused(CATEGORY, keys, "SRM006");
    let rows = "  - {id: a, label: [], models: x}\n".repeat(200_000);
    refused(CATEGORY, format!("label: More\nrows:\n{rows}"), "SRM008");
}

#[test]
fn many_of_one_kind_take_no_more_than_their_share() {
    // A megabyte each, where twice as much must not take four times as long.
    // Each takes a second or two; searching a list for each entry would take
    // minutes.
    let n = 75_000;
    let numbered = |form: fn(usize) -> String| (0..n).map(form).collect::<String>();
    for text in [
        "`<a>` ".repeat(n),
        "<https://a.b> <x> ".repeat(n),
        "[a](<b c.md>) <x> ".repeat(n / 10),
        numbered(|n| format!("[a](#k{n})\n")),
        numbered(|n| format!("x[^{n}]\n")) + "\n" + &numbered(|n| format!("[^{n}]: note\n\n")),
        numbered(|n| format!("## A{n} {{#a-{}}}\n\n", n % 7)),
        "## A\n\n".repeat(n),
        numbered(|n| format!("- [x] a{n}\n")),
        numbered(|n| format!("[r{n}]: https://a.b/{n}\n")),
        "me@a.b \\* www.a.b &amp; ".repeat(n),
        "a@".repeat(n),
        format!("https://a.b/{}", ")".repeat(n)),
        "a <!-- b --> ".repeat(n),
    ] {
        let folder = project(ONE_MODEL).on_disk();
        folder.write("content/page.md", format!("# Page\n\n{text}"));
        eprintln!("{:?}", &text[..20]);
        limited_to(PATIENCE / 3, &folder, &["build", "-q"]);
    }
}

#[test]
fn large_code_blocks_and_tables() {
    let code = "let x = \"a\"; /* b */ ((([[[{{{ ".repeat(10_000);
    for language in ["rust", "js", "html", "yaml", "markdown", "php", "sh"] {
        let folder = project(ONE_MODEL).on_disk();
        folder.write(
            "content/page.md",
            format!("# Page\n\n```{language}\n{code}\n```\n"),
        );
        limited(&folder, &["build", "-q"]).code(0);
    }
    let row = "| a ".repeat(1000) + "|\n";
    let table = format!("{row}{}{}", "|---".repeat(1000) + "|\n", row.repeat(200));
    accepted("content/page.md", format!("# Page\n\n{table}"));
    // A short line under a wide head is filled up, which multiplies.
    let wide = format!(
        "# Page\n\n{}\n{}\n{}",
        "|a".repeat(20_000),
        "|-".repeat(20_000),
        "|x\n".repeat(20_000)
    );
    let folder = project(ONE_MODEL).on_disk();
    folder.write("content/page.md", wide);
    limited(&folder, &["build", "-q"]);
}

#[test]
fn thousands_of_mistakes() {
    let rows: String = (0..3000)
        .map(|n| {
            format!(
                "  - {{id: r{n}, label: R, models: {{nowhere{n}: {{responsible: nobody{n}}}}}, lable: x}}\n"
            )
        })
        .collect();
    refused(CATEGORY, format!("label: More\nrows:\n{rows}"), "SRM104");
    let links: String = (0..3000)
        .map(|n| format!("[a](nowhere{n}.md) [b](row:nothing{n}) [c](#none{n})\n"))
        .collect();
    refused("content/page.md", format!("# Page\n\n{links}"), "SRM401");
    let keys: String = (0..3000).map(|n| format!("key{n}: x\n")).collect();
    refused(CATEGORY, keys.clone() + &keys, "SRM005");
}
