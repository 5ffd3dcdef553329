//! Texts that nest deeply, and aliases that multiply.

use std::fs;

use super::{CATEGORY, limited, refused};
use crate::harness::projects::{ONE_MODEL, project};

#[test]
fn alias_bombs() {
    // The billion laughs, in lists and in mappings.
    let mut lists = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    let mut maps = String::from("a0: &a0 {k: v}\n");
    for n in 1..40 {
        let before = n - 1;
        let all = vec![format!("*a{before}"); 10].join(", ");
        lists.push_str(&format!("a{n}: &a{n} [{all}]\n"));
        let all: Vec<String> = (0..10).map(|k| format!("k{k}: *a{before}")).collect();
        maps.push_str(&format!("a{n}: &a{n} {{{}}}\n", all.join(", ")));
    }
    refused(CATEGORY, lists, "SRM004");
    refused(CATEGORY, maps, "SRM004");
    // Ten million aliases of one small thing.
    let wide = format!("a: &a [x]\nb: [{}]\n", "*a,".repeat(3_000_000));
    refused(CATEGORY, wide, "SRM004");
}

#[test]
fn an_alias_bomb_of_few_large_values() {
    // Ten thousand times a megabyte: few nodes, ten gigabytes.
    let text = format!(
        "label: More\ndescription: &a \"{}\"\nrows:\n{}",
        "x".repeat(1_000_000),
        "  - *a\n".repeat(10_000)
    );
    refused(CATEGORY, text, "SRM004");
    let text = format!(
        "label: More\nrows:\n  - id: r\n    label: R\n    notes:\n      - &a \"{}\"\n{}",
        "x".repeat(1_000_000),
        "      - *a\n".repeat(5_000)
    );
    refused(CATEGORY, text, "SRM004");
}

#[test]
fn aliases_that_nest_deeper_and_deeper() {
    let mut text = String::from("a0: &a0 [x]\n");
    for n in 1..10_000 {
        text.push_str(&format!("a{n}: &a{n} [*a{}]\n", n - 1));
    }
    refused(CATEGORY, text, "SRM004");
    // An alias inside its own value, and one of nothing.
    refused(CATEGORY, "label: &a [*a]\n", "SRM003");
    refused(CATEGORY, "label: *nothing\n", "SRM003");
    // A chain that is deep before it is large.
    let mut text = String::from("a0: &a0 [x]\n");
    for n in 1..200 {
        text.push_str(&format!("a{n}: &a{n} [*a{}]\n", n - 1));
    }
    refused(CATEGORY, text, "SRM004");
    let chain: String = (0..10_000)
        .map(|n| match n {
            0 => "a0: &a0 x\n".to_string(),
            n => format!("a{n}: &a{n} {{k: *a{}}}\n", n - 1),
        })
        .collect();
    refused(CATEGORY, chain, "SRM004");
}

#[test]
fn ten_thousand_levels_of_yaml() {
    for n in [65, 10_000, 1_000_000] {
        refused(CATEGORY, format!("label: {}", "[".repeat(n)), "SRM0");
        refused(CATEGORY, format!("label: {}", "{a: ".repeat(n)), "SRM0");
        // The parser has a limit of its own, far behind ours, and calls it
        // syntax; it looks ahead where lines have brackets.
        let closed = format!("label: {}{}", "[".repeat(n), "]".repeat(n));
        refused(CATEGORY, closed, if n == 65 { "SRM004" } else { "SRM003" });
        let closed = format!("label: {}x{}", "{a: ".repeat(n), "}".repeat(n));
        refused(CATEGORY, closed, "SRM004");
        refused(CATEGORY, format!("label:\n{}x", "- ".repeat(n)), "SRM004");
        refused(CATEGORY, "? ".repeat(n), "SRM004");
    }
    // Blocks, each deeper by one space: 10,000 levels are 50 MB of spaces, so
    // fewer do.
    let block: String = (0..3_000)
        .map(|n| format!("{}a:\n", " ".repeat(n)))
        .collect();
    refused(CATEGORY, block, "SRM004");
    let front = format!("---\ntitle: {}\n---\n", "[".repeat(10_000));
    refused("content/page.md", front, "SRM0");
}

#[test]
fn ten_thousand_levels_of_toml() {
    for n in [200, 10_000, 200_000] {
        refused("book.toml", format!("a = {}", "[".repeat(n)), "SRM009");
        let closed = format!("a = {}{}", "[".repeat(n), "]".repeat(n));
        refused("book.toml", closed, "SRM009");
        refused("book.toml", format!("a = {}", "{a = ".repeat(n)), "SRM009");
        // Dotted keys nest as well.
        refused("book.toml", format!("{}a = 1\n", "a.".repeat(n)), "SRM0");
        refused("book.toml", format!("[{}a]\n", "a.".repeat(n)), "SRM0");
        refused(
            "book.toml",
            format!("[book]\n{}a = 1\n", "src.".repeat(n)),
            "SRM0",
        );
    }
    let folder = project(ONE_MODEL).on_disk();
    folder.write("themes/default/theme.toml", "api = 1\n");
    for text in [
        format!("a = {}", "[".repeat(10_000)),
        format!("{}a = 'x'\n", "a.".repeat(100_000)),
    ] {
        folder.write("themes/default/strings/en.toml", text);
        limited(&folder, &["check"]).code(1);
    }
    fs::remove_file(folder.join("themes/default/strings/en.toml")).unwrap();
    folder.write(
        "themes/default/theme.toml",
        format!("{}a = 1\n", "a.".repeat(100_000)),
    );
    limited(&folder, &["check"]).code(1);
}

#[test]
fn deep_markdown() {
    let n = 100_000;
    for text in [
        ">".repeat(n),
        "> ".repeat(n),
        "[".repeat(n),
        "![".repeat(n),
        "*".repeat(n),
        "**a ".repeat(n),
        "*a _b ".repeat(n),
        "`".repeat(n),
        "- ".repeat(n),
        "1. ".repeat(n),
        "[a](".repeat(n),
        "[a][".repeat(n),
        "[^a]: ".repeat(n),
        "[^a]".repeat(n),
        "<a ".repeat(n),
        "<!--".repeat(n),
        format!("<!--{}", "<!-- --!>".repeat(n)),
        format!("<!-- -->{}", "<script".repeat(n)),
        format!("<!-- -->{}", "<TITLE></title>".repeat(n)),
        "<![CDATA[".repeat(n),
        "<?".repeat(n),
        "&#x".repeat(n),
        "~~a".repeat(n),
        "|".repeat(n),
        "\\".repeat(n),
        "# ".repeat(n),
        "[a]: <".repeat(n),
        "{#".repeat(n),
        "> [!NOTE]\n".repeat(n / 10),
        format!("{}a{}", "[".repeat(n), "](x)".repeat(n)),
        format!("{}a{}", "*".repeat(n), "*".repeat(n)),
        format!("{}\n", "a\n: b\n\n".repeat(n / 10)),
    ] {
        let folder = project(ONE_MODEL).on_disk();
        folder.write("content/deep.md", format!("# Deep\n\n{text}\n"));
        limited(&folder, &["build", "-q"]);
    }
}

#[test]
fn deep_markdown_in_yaml() {
    let n = 20_000;
    let texts = [
        ">".repeat(n),
        "[".repeat(n),
        "*".repeat(n),
        "**a ".repeat(n),
        "![".repeat(n),
        "`".repeat(n),
        "<a ".repeat(n),
        format!("{}a{}", "[".repeat(n), "](x)".repeat(n)),
        // A line of its own is no quote; emphasis and later lines do nest.
        format!("{}a{}", "*".repeat(n), "*".repeat(n)),
        format!("a\n\n{}", "> ".repeat(n)),
    ];
    let tasks: String = texts
        .iter()
        .map(|t| format!("            - {}\n", serde_json::to_string(t).unwrap()))
        .collect();
    let text = format!(
        "label: More\ndescription: {0}\nrows:\n  - id: r\n    label: {0}\n    notes: [{0}]\n    models:\n      saas:\n        responsible: customer\n        tasks:\n          customer:\n{tasks}",
        serde_json::to_string(&texts[1]).unwrap()
    );
    let folder = project(ONE_MODEL).on_disk();
    folder.write(CATEGORY, text);
    limited(&folder, &["build", "-q"]);
}

#[test]
fn deep_templates() {
    let folder = project(ONE_MODEL).on_disk();
    folder.write("themes/default/theme.toml", "api = 1\n");
    let n = 10_000;
    for text in [
        format!("{{{{ {}1{} }}}}", "(".repeat(n), ")".repeat(n)),
        format!("{{{{ {}1{} }}}}", "[".repeat(n), "]".repeat(n)),
        format!("{{{{ {}1 }}}}", "not ".repeat(n)),
        format!("{{{{ {}1 }}}}", "-".repeat(n)),
        format!("{{{{ 1{} }}}}", "+ 1".repeat(n)),
        format!("{{{{ a{} }}}}", ".a".repeat(n)),
        format!("{{{{ a{} }}}}", "[0]".repeat(n)),
        format!("{{{{ 1{} }}}}", " | upper".repeat(n)),
        format!("{}{}", "{% if true %}".repeat(n), "{% endif %}".repeat(n)),
        "{% if true %}".repeat(n),
        "{{".repeat(n),
        "{%".repeat(n),
        "{#".repeat(n),
        "{% include \"prose.html\" %}".into(),
        "{% extends \"prose.html\" %}".into(),
    ] {
        folder.write("themes/default/templates/prose.html", &text);
        folder.write("content/page.md", "# Page\n");
        let run = limited(&folder, &["check", "-q"]);
        let start = &text[..text.floor_char_boundary(30)];
        // Those that are whole may as well be understood.
        if !text.ends_with("1 }}") && !text.contains("+ 1") && !text.contains("endif") {
            assert!(matches!(run.code, Some(0 | 1)), "{start}");
        }
    }
}
