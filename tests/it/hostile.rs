//! Broken and hostile input: whatever is in the files, the tool ends with a
//! finding within seconds and within little memory, never with a panic, and
//! nothing an author writes becomes live markup, leaves the output folder or
//! acts on the terminal.

use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{Built, Folder, Run, build, said_by_tag, tree};

/// One category with a row, a model and a home page: no findings.
pub(crate) const SITE: &str = "\
//- content/index.md
# Home

Hello.
//- content/models/saas.md
---
label: SaaS
---
We run it.
//- content/categories/data.yaml
label: Data
rows:
  - id: keys
    label: Keys
    models:
      saas:
        responsible: [customer, provider]
        tasks:
          customer: [Bring the keys.]
          provider: [Keep the keys.]
";

/// Address space a run may have, in kilobytes. Far more than any honest site
/// of this size needs, far less than an attack asks for.
const MEMORY: u64 = 2_000_000;

/// The longest any run here may take; debug builds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// The real binary with a limit on memory and time. A run that panics, is
/// killed or does not end fails the test.
#[track_caller]
pub(crate) fn limited(folder: &Folder, args: &[&str]) -> Run {
    limited_to(PATIENCE, folder, args)
}

#[track_caller]
fn limited_to(patience: Duration, folder: &Folder, args: &[&str]) -> Run {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_srm-site"))
        .args(args)
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("TERM", "xterm");
    finish(command, args, patience)
}

#[track_caller]
fn finish(mut command: Command, args: &[&str], patience: Duration) -> Run {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let drain = |mut pipe: Box<dyn Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = pipe.read_to_end(&mut bytes);
            bytes
        })
    };
    let stdout = drain(Box::new(child.stdout.take().unwrap()));
    let stderr = drain(Box::new(child.stderr.take().unwrap()));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > patience {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{args:?} did not end within {patience:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let run = Run {
        code: status.code(),
        stdout: String::from_utf8_lossy(&stdout.join().unwrap()).into_owned(),
        stderr: String::from_utf8_lossy(&stderr.join().unwrap()).into_owned(),
    };
    let said: String = run.stderr.chars().take(4000).collect();
    assert!(
        matches!(run.code, Some(0..=2)) && !run.stderr.contains("panicked"),
        "{status}\n{said}"
    );
    assert!(
        run.stderr.len() < 20_000_000,
        "{} bytes of messages",
        run.stderr.len()
    );
    run
}

/// A site with one more file checked: the finding's code must be said, the
/// file named, and the check must fail: with 2 for the settings, else with 1.
#[track_caller]
pub fn refused(path: &str, bytes: impl AsRef<[u8]>, code: &str) -> Run {
    let folder = Folder::of(SITE);
    folder.write(path, bytes);
    let run = limited(&folder, &["check"]);
    let said: String = run.stderr.chars().take(4000).collect();
    assert_eq!(run.code, Some(failure(path)), "{said}");
    assert!(run.stderr.contains(code), "{code}: {said}");
    assert!(run.stderr.contains(path), "{path}: {said}");
    run
}

/// What a mistake in a file ends with: settings are usage, the rest findings.
fn failure(path: &str) -> i32 {
    if path == "book.toml" { 2 } else { 1 }
}

/// A site with one more file built: whatever is in it is fine.
#[track_caller]
fn accepted(path: &str, bytes: impl AsRef<[u8]>) -> Folder {
    let folder = Folder::of(SITE);
    folder.write(path, bytes);
    let run = limited(&folder, &["build"]);
    let said: String = run.stderr.chars().take(4000).collect();
    assert_eq!(run.code, Some(0), "{said}");
    folder
}

const CATEGORY: &str = "content/categories/more.yaml";

fn category(description: &str) -> String {
    format!("label: More\ndescription: {description}\nrows: []\n")
}

// ------------------------------------------------------- nesting and aliases

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
    // Blocks, each deeper by one blank: 10,000 levels are 50 MB of blanks, so
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
    let folder = Folder::of(SITE);
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
        let folder = Folder::of(SITE);
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
    let folder = Folder::of(SITE);
    folder.write(CATEGORY, text);
    limited(&folder, &["build", "-q"]);
}

#[test]
fn deep_templates() {
    let folder = Folder::of(SITE);
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

// --------------------------------------------------------------- large files

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
    let folder = Folder::of(SITE);
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
    let folder = Folder::of(SITE);
    folder.write(CATEGORY, category(&format!("\"{line}\"")));
    limited(&folder, &["build", "-q"]);
    // A mistake at the end of such a line is shown in a few words.
    let run = refused(CATEGORY, format!("label: \"{line}\" x\n"), "SRM003");
    assert!(run.stderr.len() < 5000, "{}", run.stderr.len());
    let place = format!("{CATEGORY}:1:{}", line.len() + "label: \"\" x".len());
    assert!(run.stderr.contains(&place), "{place}: {}", run.stderr);
    let folder = Folder::of(SITE);
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
        let folder = Folder::of(SITE);
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
    ] {
        let folder = Folder::of(SITE);
        folder.write("content/page.md", format!("# Page\n\n{text}"));
        eprintln!("{:?}", &text[..20]);
        limited_to(PATIENCE / 3, &folder, &["build", "-q"]);
    }
}

#[test]
fn large_code_blocks_and_tables() {
    let code = "let x = \"a\"; /* b */ ((([[[{{{ ".repeat(10_000);
    for language in ["rust", "js", "html", "yaml", "markdown", "php", "sh"] {
        let folder = Folder::of(SITE);
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
    let folder = Folder::of(SITE);
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

// ------------------------------------------------------------------ encodings

#[test]
fn files_that_are_not_utf8() {
    for path in [
        CATEGORY,
        "content/page.md",
        "content/models/byoc.md",
        "book.toml",
        "content/srm.yaml",
    ] {
        let run = refused(path, b"label: caf\xe9\n", "SRM002");
        let marked = format!("{path}:1:11");
        assert!(run.stderr.contains(&marked), "{marked}: {}", run.stderr);
        let utf16: Vec<u8> = "\u{feff}label: More\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        refused(path, &utf16, "SRM002");
        let utf16: Vec<u8> = "label: More\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        refused(path, &utf16, "SRM002");
        refused(path, b"\xed\xa0\x80", "SRM002");
        refused(path, b"label: a\0b\n", "SRM002");
    }
    let folder = Folder::of(SITE);
    folder.write("themes/default/theme.toml", "api = 1\n");
    folder.write("themes/default/templates/prose.html", b"caf\xe9");
    folder.write("themes/default/strings/en.toml", b"home = \"caf\xe9\"");
    let run = limited(&folder, &["check"]);
    assert_eq!(
        run.code(1).stderr.matches("SRM002").count(),
        2,
        "{}",
        run.stderr
    );
}

#[test]
fn a_byte_order_mark_is_accepted_and_shifts_no_column() {
    let plain = Folder::of(SITE);
    plain.run(&["build"]).code(0);
    let marked = Folder::of(SITE);
    for (path, bytes) in tree(marked.path()) {
        marked.write(&path, [b"\xef\xbb\xbf".as_slice(), &bytes].concat());
    }
    let run = limited(&marked, &["build", "-D", "warnings"]);
    assert!(run.code(0).stderr.contains("no findings"), "{}", run.stderr);
    assert!(tree(&plain.join("book")) == tree(&marked.join("book")));

    for (path, text, place) in [
        (CATEGORY, "lable: x\nlabel: y\nrows: []\n", "1:1"),
        (CATEGORY, "label: y\nrows: []\nörder: x\n", "3:1"),
        (CATEGORY, "label: [\n", "1:8"),
        ("content/page.md", "---\ntitel: x\n---\n", "2:1"),
        ("content/page.md", "a [b](nowhere.md)\n", "1:3"),
        (
            "book.toml",
            "[book]\nsrc = \"content\"\ntitel = \"x\"\n",
            "3:1",
        ),
        ("book.toml", "bok = 1\n[book]\nsrc = \"content\"\n", "1:1"),
    ] {
        for mark in ["", "\u{feff}"] {
            let run = refused(path, format!("{mark}{text}"), "SRM");
            let place = format!("{path}:{place}");
            assert!(
                run.stderr.contains(&place),
                "{mark:?} {place}: {}",
                run.stderr
            );
            // The excerpt counts for itself, so ask the other formats too.
            let folder = Folder::of(SITE);
            folder.write(path, format!("{mark}{text}"));
            let run = limited(&folder, &["check", "--format", "short"]);
            assert!(
                run.stderr.contains(&format!("{place}: ")),
                "{mark:?} {place}: {}",
                run.stderr
            );
        }
    }
}

#[test]
fn windows_line_ends_change_nothing() {
    let text = format!(
        "{SITE}//- content/page.md\n---\ntitle: Page\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```rust\nlet x = 1;\n```\n\n> [!NOTE]\n> Look.\n\nTerm\n: Meaning\n\n1. one\n2. two[^n]\n\n[^n]: A note\n    on two lines.\n//- content/categories/more.yaml\nlabel: More\ndescription: >\n  folded\n  text\n\n  more\nrows:\n  - id: r\n    label: R\n    notes:\n      - |\n        kept\n        lines\n    models:\n      saas: {{responsible: customer, tasks: {{customer: [\"a\n        b\"]}}}}\n"
    );
    let unix = Folder::of(&text);
    unix.run(&["build"]).code(0);
    let windows = Folder::of(&text);
    for (path, bytes) in tree(windows.path()) {
        let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
        windows.write(&path, text);
    }
    windows.run(&["build"]).code(0);
    let (unix, windows) = (tree(&unix.join("book")), tree(&windows.join("book")));
    assert_eq!(
        unix.keys().collect::<Vec<_>>(),
        windows.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in &unix {
        let (left, right) = (
            String::from_utf8_lossy(bytes),
            String::from_utf8_lossy(&windows[path]),
        );
        for (l, r) in left.lines().zip(right.lines()) {
            assert_eq!(l, r, "{path}");
        }
        assert!(left == right, "{path} differs in its line ends");
    }
    // Places are right as well.
    let run = refused(
        CATEGORY,
        "label: More\r\nrows: []\r\nlable: x\r\n",
        "SRM006",
    );
    assert!(run.stderr.contains("more.yaml:3:1"), "{}", run.stderr);
    assert!(!run.stderr.contains('\r'));
}

#[test]
fn tabs_in_yaml_are_explained() {
    let run = refused(CATEGORY, "label: More\nrows:\n\t- id: r\n", "SRM003");
    assert!(
        run.stderr.contains("more.yaml:3:1") && run.stderr.contains("blanks"),
        "{}",
        run.stderr
    );
    // A tab inside a text is fine.
    let folder = accepted(CATEGORY, category("\"a\\tb\""));
    assert!(folder.read("book/categories/more.html").contains("a\tb"));
}

// ------------------------------------------------------- what files can be

#[test]
fn folders_where_files_are_expected() {
    for path in [
        "book.toml",
        "content/srm.yaml",
        CATEGORY,
        "content/models/byoc.md",
    ] {
        let folder = Folder::of(SITE);
        let _ = fs::remove_file(folder.join(path));
        folder.write(&format!("{path}/inner.txt"), "x");
        // What has to be there is missed; what may be there is a folder that
        // is not used, which is a warning.
        let run = limited(&folder, &["build", "-D", "warnings"]);
        assert_eq!(run.code, Some(failure(path)), "{path}: {}", run.stderr);
        let name = path.rsplit('/').next().unwrap();
        assert!(run.stderr.contains(name), "{path}: {}", run.stderr);
        assert!(!folder.join("book").exists(), "{path}");
    }
    let folder = Folder::of(SITE);
    folder.write("themes/default/theme.toml", "api = 1\n");
    folder.write("themes/default/templates/base.html/inner.html", "{{ 1 }}");
    limited(&folder, &["build"]);
    let folder = Folder::of(SITE);
    folder.write("themes/default/theme.toml/x", "");
    limited(&folder, &["build"]).code(1);
    // And files where folders are expected.
    for path in ["content", "themes/default", "themes"] {
        let folder = Folder::of(SITE);
        let _ = fs::remove_dir_all(folder.join(path));
        folder.write(path, "a file");
        limited(&folder, &["check"]);
    }
}

fn fifo(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _ = fs::remove_file(path);
    let status = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(status.success());
}

#[test]
fn pipes_and_devices_are_not_waited_for() {
    for path in [
        "content/pipe",
        "content/pipe.md",
        CATEGORY,
        "content/srm.yaml",
        "content/models/pipe.md",
        "book.toml",
    ] {
        let folder = Folder::of(SITE);
        fifo(&folder.join(path));
        let run = limited(&folder, &["build"]);
        assert_eq!(run.code, Some(failure(path)), "{path}: {}", run.stderr);
        assert!(run.stderr.contains("not a regular file"), "{}", run.stderr);
        assert!(!folder.join("book").exists());
    }
    for (path, device) in [
        ("content/endless.md", "/dev/zero"),
        ("content/endless.bin", "/dev/zero"),
        ("content/silent.yaml", "/dev/tty"),
        ("themes/default/static/x.css", "/dev/zero"),
    ] {
        let folder = Folder::of(SITE);
        folder.write("themes/default/theme.toml", "api = 1\n");
        fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        symlink(device, folder.join(path)).unwrap();
        let run = limited(&folder, &["build"]);
        if !path.contains("silent") {
            assert_eq!(run.code, Some(1), "{path}: {}", run.stderr);
        }
    }
    // A pipe in the output folder is somebody else's.
    let folder = Folder::of(SITE);
    fifo(&folder.join("book/index.html"));
    limited(&folder, &["build"]).code(2);
    let folder = Folder::of(SITE);
    fifo(&folder.join("book/.srm-site-manifest.json"));
    limited(&folder, &["build"]).code(2);
    limited(&folder, &["clean"]).code(2);
}

#[test]
fn loops_of_links_are_named() {
    let loops: [(&str, &str); 5] = [
        ("content/loop", "."),
        ("content/deep/loop", ".."),
        ("content/self.md", "self.md"),
        ("content/self", "self"),
        ("content/categories/more.yaml", "more.yaml"),
    ];
    for (path, target) in loops {
        let folder = Folder::of(SITE);
        fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        symlink(target, folder.join(path)).unwrap();
        let run = limited(&folder, &["build"]);
        assert!(
            run.code(1).stderr.contains("links form a loop"),
            "{path}: {}",
            run.stderr
        );
        assert!(!folder.join("book").exists());
    }
    let folder = Folder::of(SITE);
    fs::create_dir(folder.join("content/a")).unwrap();
    fs::create_dir(folder.join("content/b")).unwrap();
    symlink("../b", folder.join("content/a/b")).unwrap();
    symlink("../a", folder.join("content/b/a")).unwrap();
    limited(&folder, &["build"]).code(1);
    // Many links to one folder multiply; the depth has an end.
    let folder = Folder::of(SITE);
    fs::create_dir_all(folder.join("content/x/y")).unwrap();
    for n in 0..12 {
        symlink("../..", folder.join(&format!("content/x/y/{n}"))).unwrap();
    }
    limited(&folder, &["build"]).code(1);
    for (path, target) in [
        ("book.toml", "book.toml"),
        ("themes", "themes"),
        ("content", "content"),
    ] {
        let folder = Folder::of(SITE);
        let _ = fs::remove_dir_all(folder.join(path));
        let _ = fs::remove_file(folder.join(path));
        symlink(target, folder.join(path)).unwrap();
        limited(&folder, &["build"]);
    }
    // A link that leads nowhere names itself.
    let folder = Folder::of(SITE);
    symlink("nowhere.md", folder.join("content/dangling.md")).unwrap();
    let run = limited(&folder, &["build"]);
    assert!(
        run.code(1).stderr.contains("content/dangling.md"),
        "{}",
        run.stderr
    );
}

#[test]
fn folders_nested_without_end() {
    let folder = Folder::of(SITE);
    let deep = vec!["d"; 300].join("/");
    folder.write(&format!("content/{deep}/page.md"), "# Page\n");
    limited(&folder, &["build"]).code(1);
    // A link that doubles at every level.
    let folder = Folder::of(SITE);
    fs::create_dir(folder.join("content/l0")).unwrap();
    folder.write("content/l0/f.txt", "x");
    for n in 1..24 {
        let dir = folder.join(&format!("content/l{n}"));
        fs::create_dir(&dir).unwrap();
        for side in ["a", "b"] {
            symlink(format!("../l{}", n - 1), dir.join(side)).unwrap();
        }
    }
    limited(&folder, &["check", "-q"]);
}

#[test]
fn unreadable_files_are_named() {
    let folder = Folder::of(SITE);
    folder.write("content/secret.md", "# Secret\n");
    folder.write("content/closed/page.md", "# Page\n");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for (path, mode) in [("content/secret.md", 0o000), ("content/closed", 0o000)] {
        fs::set_permissions(folder.join(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    let args = ["check"];
    let run = if fs::read(folder.join("content/secret.md")).is_err() {
        folder.run(&args)
    } else {
        // Root may read everything, so somebody else has to try.
        let program = folder.program_for_nobody();
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(program)
            .args(args)
            .current_dir(folder.path());
        finish(command, &args, PATIENCE)
    };
    fs::set_permissions(
        folder.join("content/closed"),
        fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    assert_eq!(
        run.code(1).stderr.matches("permission denied").count(),
        2,
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("content/secret.md") && run.stderr.contains("content/closed"),
        "{}",
        run.stderr
    );
}

// ----------------------------------------------------------------- file names

#[test]
fn names_that_are_not_utf8() {
    let folder = Folder::of(SITE);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.md");
    fs::write(folder.join("content").join(name), "# Page\n").unwrap();
    let run = limited(&folder, &["build"]);
    assert!(run.code(1).stderr.contains("not UTF-8"), "{}", run.stderr);
    assert!(!folder.join("book").exists());
    // A project in such a folder is nobody's fault.
    let folder = Folder::new();
    let place = folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    for (path, bytes) in crate::harness::fixture(SITE) {
        let full = place.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, bytes).unwrap();
    }
    let output = folder
        .command(&["build"])
        .current_dir(&place)
        .output()
        .unwrap();
    Run::of(output).code(0);
    let output = folder.command(&["build"]).arg(&place).output().unwrap();
    Run::of(output).code(0);
}

#[test]
fn odd_file_names_work_or_are_named() {
    // Each is a page and an asset, linked to from the page's neighbour and
    // from the navigation; the checker follows every link.
    let names = [
        "a b",
        "a#b",
        "a?b",
        "a%b",
        "a%20b",
        "a'b",
        "a\"b",
        "a&b",
        "a<b>c",
        "a;b",
        "a=b",
        "a+b",
        "a(b",
        "a)b",
        "a[b]",
        "{{ a }}",
        "{% a %}",
        "a`b",
        "a|b",
        "a\\b",
        "a:b",
        "javascript:x",
        "@a",
        "~a",
        "-a",
        "a..b",
        "日本語",
        "é",
        "e\u{301}",
        "a\u{85}b",
        "a\nb",
        "a\tb",
        "a\u{1b}[31mb",
        "\u{202e}a",
        " a",
        "a ",
        "$a",
        "a*b",
        "!a",
    ];
    for name in names {
        let folder = Folder::of(SITE);
        folder.write(&format!("content/x/{name}.md"), "# Odd\n\nText.\n");
        folder.write(&format!("content/x/{name}.txt"), "asset");
        folder.write("content/home.md", "# Links\n\nNothing.\n");
        let run = limited(&folder, &["build", "-D", "warnings"]);
        let tame = |said: &str| {
            assert!(
                !said.contains(['\x1b', '\u{85}', '\u{202e}']),
                "{name:?} acts on the terminal: {said:?}"
            );
        };
        tame(&run.stderr);
        // A mistake in the file names it.
        let wrong = Folder::of(SITE);
        wrong.write(&format!("content/x/{name}.md"), "[x](nowhere.md)\n");
        for format in ["human", "short"] {
            let run = limited(&wrong, &["check", "--format", format]);
            let named = name.contains(|c: char| c.is_control() || c == '\u{202e}')
                || run.stderr.contains(&format!("content/x/{name}.md"));
            assert!(named && run.code == Some(1), "{name:?}: {}", run.stderr);
            tame(&run.stderr);
        }
        if run.code == Some(1) && name.chars().any(char::is_control) {
            continue;
        }
        assert_eq!(run.code, Some(0), "{name:?}: {}", run.stderr);
        assert!(
            folder.join(&format!("book/x/{name}.html")).is_file(),
            "{name:?}"
        );
        let run = limited(&folder, &["build"]);
        assert!(
            run.code(0).stderr.contains(": 0 of "),
            "{name:?}: {}",
            run.stderr
        );
        limited(&folder, &["clean"]).code(0);
        assert!(!folder.join("book").exists(), "{name:?}");
    }
}

#[test]
fn very_long_names() {
    let long = "n".repeat(240);
    let folder = Folder::of(SITE);
    folder.write(&format!("content/{long}.md"), "# Long\n");
    folder.write(&format!("content/{long}.txt"), "asset");
    limited(&folder, &["build"]).code(0);
    assert!(folder.join(&format!("book/{long}.html")).is_file());
    // `.md` fits and `.html` does not.
    let longest = "n".repeat(252);
    let folder = Folder::of(SITE);
    folder.write(&format!("content/{longest}.md"), "# Longest\n");
    let run = limited(&folder, &["build"]);
    assert!(matches!(run.code, Some(1 | 2)), "{}", run.stderr);
    assert!(!folder.join("book").exists(), "{}", run.stderr);
}

#[test]
fn every_valid_id_can_be_built() {
    // The longest ids there can be, of letters that take four bytes each.
    for letter in ["a", "é", "日", "𝒜", "𐐷"] {
        let id = |c: &str| {
            let mut id = String::from(c);
            while srm_site::model::id_problem(&(id.clone() + letter)).is_none() {
                id.push_str(letter);
            }
            id
        };
        let [a, b, row, party] = ["1", "2", "3", "4"].map(id);
        let folder = Folder::of(&format!(
            "//- content/srm.yaml\nschema: 1\nparties:\n  - {{id: {party}, kind: customer, label: Customer}}\n\
             //- content/models/{a}.md\n---\nlabel: A\n---\n//- content/models/{b}.md\n---\nlabel: B\n---\n\
             //- content/categories/{row}.yaml\nlabel: C\nrows:\n  - {{id: {row}, label: R, models: {{all: {{responsible: {party}}}}}}}\n"
        ));
        let run = limited(&folder, &["build"]);
        assert_eq!(run.code, Some(0), "{letter}: {}", run.stderr);
        assert!(
            folder
                .join(&format!("book/compare/{a}-vs-{b}.html"))
                .is_file()
        );
    }
}

// ----------------------------------------------------- nothing becomes live

/// Tags and attributes of a page, read as a browser would. Independent of the
/// product's own reader.
mod tags {
    pub struct Tag {
        pub name: String,
        pub attributes: Vec<(String, String)>,
    }

    pub fn of(html: &str) -> Vec<Tag> {
        let chars: Vec<char> = html.chars().collect();
        let mut out = Vec::new();
        let mut at = 0;
        let starts = |at: usize, text: &str| {
            let wanted: Vec<char> = text.chars().collect();
            chars[at..].len() >= wanted.len()
                && chars[at..at + wanted.len()]
                    .iter()
                    .zip(&wanted)
                    .all(|(a, b)| a.eq_ignore_ascii_case(b))
        };
        while at < chars.len() {
            if chars[at] != '<' {
                at += 1;
            } else if starts(at, "<!--") {
                at += 4;
                while at < chars.len() && !starts(at, "-->") {
                    at += 1;
                }
            } else if chars.get(at + 1).is_some_and(|c| c.is_ascii_alphabetic()) {
                at += 1;
                let (tag, end) = one(&chars, at);
                at = end;
                // The texts of these are not markup.
                if ["script", "style", "textarea", "title"].contains(&tag.name.as_str()) {
                    let close = format!("</{}", tag.name);
                    while at < chars.len() && !starts(at, &close) {
                        at += 1;
                    }
                }
                out.push(tag);
            } else {
                at += 1;
            }
        }
        out
    }

    fn one(chars: &[char], mut at: usize) -> (Tag, usize) {
        let blank = |c: char| c.is_ascii_whitespace() || c == '/';
        let mut name = String::new();
        while at < chars.len() && !blank(chars[at]) && chars[at] != '>' {
            name.push(chars[at].to_ascii_lowercase());
            at += 1;
        }
        let mut attributes = Vec::new();
        loop {
            while at < chars.len() && blank(chars[at]) {
                at += 1;
            }
            if at >= chars.len() || chars[at] == '>' {
                return (Tag { name, attributes }, at + 1);
            }
            let mut key = String::new();
            while at < chars.len()
                && !blank(chars[at])
                && chars[at] != '>'
                && (chars[at] != '=' || key.is_empty())
            {
                key.push(chars[at].to_ascii_lowercase());
                at += 1;
            }
            while at < chars.len() && chars[at].is_ascii_whitespace() {
                at += 1;
            }
            let mut value = String::new();
            if chars.get(at) == Some(&'=') {
                at += 1;
                while at < chars.len() && chars[at].is_ascii_whitespace() {
                    at += 1;
                }
                match chars.get(at) {
                    Some(quote @ ('"' | '\'')) => {
                        at += 1;
                        while at < chars.len() && chars[at] != *quote {
                            value.push(chars[at]);
                            at += 1;
                        }
                        at += 1;
                    }
                    _ => {
                        while at < chars.len()
                            && !chars[at].is_ascii_whitespace()
                            && chars[at] != '>'
                        {
                            value.push(chars[at]);
                            at += 1;
                        }
                    }
                }
            }
            attributes.push((key, unescape(&value)));
        }
    }

    fn unescape(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let end = rest.find(';').filter(|e| *e < 12);
            let known = end.and_then(|end| {
                let name = &rest[1..end];
                let c = match name {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    "apos" => '\'',
                    "colon" => ':',
                    "Tab" => '\t',
                    "NewLine" => '\n',
                    _ => {
                        let number = name.strip_prefix('#')?;
                        let code = match number.strip_prefix(['x', 'X']) {
                            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                            None => number.parse().ok()?,
                        };
                        char::from_u32(code)?
                    }
                };
                Some((c, end))
            });
            match known {
                Some((c, end)) => {
                    out.push(c);
                    rest = &rest[end + 1..];
                }
                None => {
                    out.push('&');
                    rest = &rest[1..];
                }
            }
        }
        out.push_str(rest);
        out
    }
}

/// Fails if a page holds anything that could run, load from elsewhere or
/// restyle: the texts here may bring none of it.
#[track_caller]
pub fn assert_inert(path: &str, html: &str) {
    for tag in tags::of(html) {
        let name = tag.name.as_str();
        let get = |key: &str| {
            let found = tag.attributes.iter().find(|(k, _)| k == key);
            found.map(|(_, v)| v.as_str())
        };
        let scripts = ["assets/", "srm-table.js"];
        let own = |src: &str| scripts.iter().any(|w| src.contains(w));
        // Data ends where the element does.
        let data = get("type") == Some("application/ld+json");
        let ours = name == "script" && (data || get("src").is_some_and(own))
            || name == "base" && get("href").is_none();
        let forbidden = [
            "script",
            "iframe",
            "object",
            "embed",
            "style",
            "form",
            "base",
            "math",
            "audio",
            "video",
            "template",
            "noscript",
            "marquee",
            "textarea",
            "xmp",
            "plaintext",
        ];
        assert!(
            ours || !forbidden.contains(&name),
            "{path}: a live <{name}>"
        );
        let known = [
            "html",
            "head",
            "meta",
            "title",
            "link",
            "body",
            "a",
            "header",
            "svg",
            "path",
            "div",
            "nav",
            "details",
            "summary",
            "ul",
            "ol",
            "li",
            "p",
            "main",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "table",
            "caption",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "span",
            "b",
            "i",
            "em",
            "strong",
            "del",
            "code",
            "pre",
            "br",
            "wbr",
            "hr",
            "img",
            "blockquote",
            "dl",
            "dt",
            "dd",
            "footer",
            "section",
            "article",
            "aside",
            "sup",
            "sub",
            "input",
            "button",
            "label",
            "base",
            "script",
            "srm-table",
            "small",
            "time",
            "s",
            "cite",
            "kbd",
            "details",
            "summary",
            "select",
            "option",
            "rect",
            "template",
            "dialog",
            "data",
            "abbr",
            "search",
        ];
        assert!(known.contains(&name), "{path}: an unknown <{name}>");
        for (key, value) in &tag.attributes {
            assert!(
                !key.starts_with("on") && key != "style" && key != "srcdoc",
                "{path}: <{name} {key}={value:?}>"
            );
            assert!(
                key.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_:".contains(c)),
                "{path}: an attribute `{key}` of <{name}> that nobody wrote"
            );
            let named = ["href", "src", "action", "formaction", "poster", "data"];
            let refresh = key == "content" && get("http-equiv").is_some();
            if named.contains(&key.as_str()) || refresh {
                // What a browser takes out of an address before it looks.
                let address: String = value
                    .trim_matches(|c: char| c <= ' ')
                    .chars()
                    .filter(|c| !"\t\n\r".contains(*c))
                    .collect::<String>()
                    .to_lowercase();
                let address = match get("http-equiv") {
                    Some(_) => address.split("url=").nth(1).unwrap_or("").to_string(),
                    None => address,
                };
                for scheme in ["javascript:", "data:", "vbscript:", "file:", "blob:"] {
                    assert!(
                        !address.starts_with(scheme),
                        "{path}: <{name} {key}={value:?}>"
                    );
                }
            }
        }
    }
}

#[track_caller]
fn all_inert(site: &Built) {
    let mut pages = 0;
    for (path, bytes) in &site.files {
        if path.ends_with(".html") {
            assert_inert(path, std::str::from_utf8(bytes).unwrap());
            pages += 1;
        }
    }
    assert!(pages > 0, "{:#?}", site.lines());
}

#[test]
fn the_reader_of_tags_sees_what_it_must() {
    for bad in [
        "<script>x</script>",
        "<SCRIPT SRC=//x>",
        "<img src=x onerror=alert(1)>",
        "<a href=\"java\nscript:x\">",
        "<a href=' &#106;avascript:x'>",
        "<a href=\"JaVaScRiPt:x\">",
        "<a href=\"javascript&colon;x\">",
        "<p style=\"x\">",
        "<p title=\"a\"onclick=\"b\">",
        "<meta http-equiv=refresh content=\"0; url=javascript:x\">",
        "<p a\"=b>",
        "<x-y>",
    ] {
        let caught = std::panic::catch_unwind(|| assert_inert("test", bad));
        assert!(caught.is_err(), "{bad}");
    }
    assert_inert(
        "test",
        "<p title=\"<script>\">&lt;script&gt;</p><!-- <script> -->",
    );
}

/// Texts that try to get out of where they are put.
const BREAKERS: [&str; 12] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "`onmouseover=alert(1)",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "{{ site }}{% raw %}<script>alert(1)</script>",
    "&lt;script&gt;&#60;script&#62;alert(1)",
];

#[test]
fn no_yaml_text_becomes_live() {
    for (n, breaker) in BREAKERS.iter().enumerate() {
        let t = serde_json::to_string(breaker).unwrap();
        let fixture = format!(
            "//- book.toml
[book]
title = {t}
description = {t}
authors = [{t}]
language = \"en\"
src = \"content\"
[output.html]
site-url = \"https://example.com/\"
//- content/srm.yaml
schema: 1
document:
  title: {t}
  version: {t}
  effective: 2020-01-01
  contact: {t}
  source: {{label: {t}, url: {t}}}
  catch-all: {{text: {t}, party: customer}}
  precedence: {t}
parties:
  - {{id: customer, kind: customer, label: {t}, second-person: {t}, description: {t}}}
  - {{id: provider, kind: provider, label: {t}, description: {t}}}
  - {{id: other, kind: third-party, label: {t}}}
frameworks:
  - {{id: soc2, label: {t}, url: {t}}}
acknowledge: {{SRM311: {t}}}
//- content/models/saas.md
---
label: {t}
description: {t}
parties: {{provider: {t}}}
captions: {{summary: {t}, detail: {t}}}
acknowledge: {{SRM312: {t}}}
---
Text.
//- content/models/byoc.md
---
label: {t}
---
//- content/page.md
---
title: {t}
description: {t}
---
Text.
//- content/categories/data.yaml
label: {t}
labels: {{saas: {t}}}
description: {t}
rows:
  - id: one
    label: {t}
    labels: {{byoc: {t}}}
    description: {t}
    notes: [{t}]
    controls: {{soc2: [{t}]}}
    models:
      saas:
        responsible: [customer, other]
        tasks: {{customer: [{t}, {{text: {t}, controls: {{soc2: {t}}}}}]}}
        summary: {{customer: {t}}}
        scope: {{customer: {t}}}
        conditional: {{provider: {t}}}
        accountable: customer
        consulted: [provider]
        cadence: {t}
        notes: [{t}]
        acknowledge: {{SRM205: {t}, SRM202: {t}}}
      byoc:
        state: not-applicable
        reason: {t}
  - id: two
    label: {t}
    only-in: {{models: [saas], reason: {t}}}
    models:
      saas: {{responsible: other}}
"
        );
        let site = build(&fixture);
        let syntax = ["SRM003", "SRM009", "SRM006", "SRM007", "SRM008"];
        for code in syntax {
            assert_eq!(site.lines_of(code), [""; 0], "breaker {n}");
        }
        all_inert(&site);
        // The text is still there, as text.
        if n == 0 {
            let page = site.page("categories/data.html");
            assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        }
        for (path, bytes) in &site.files {
            if path.ends_with(".json") {
                serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
            }
        }
    }
}

#[test]
fn no_markdown_text_becomes_live() {
    let tricks = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<div\n\nonclick=alert(1)>",
        "<p <script>alert(1)</script>",
        "<style>body{}</style>",
        "<iframe srcdoc=\"<script>\">",
        "<!-- --><script>alert(1)</script>",
        "<!--><script>alert(1)</script>-->",
        "<!---><script>alert(1)</script>-->",
        "<!-- a --!><script>alert(1)</script>-->",
        "<?php <script> ?>",
        "<![CDATA[<script>]]>",
        "<br onclick=alert(1)>",
        "<br><script>alert(1)</script>",
        "# <script>alert(1)</script>",
        "## T {#a\"onclick=\"b}",
        "## T {#<script> .<b> onclick=alert(1)}",
        "## \"><img src=x onerror=alert(1)>",
        "```\"><script>\nx\n```",
        "```html\n<script>alert(1)</script>\n```",
        "`<script>`",
        "![\" onerror=\"alert(1)](x.png)",
        "![x](x.png \"\\\" onerror=alert(1) x=\\\"\")",
        "[x](https://a/\"onclick=\"alert(1))",
        "[x](<https://a/\"onclick=\"alert(1)>)",
        "[x](https://a \"\\\"onclick=alert(1)\")",
        "<https://a/\"onclick=alert(1)>",
        "[x]\n\n[x]: https://a/'\"><script>",
        "| <script> |\n|---|\n| <img src=x onerror=alert(1)> |",
        "[^<script>]\n\n[^<script>]: <img src=x onerror=alert(1)>",
        "> [!NOTE]\n> <script>alert(1)</script>",
        "Term <b onclick=x>\n: <script>",
        "- [x] <script>alert(1)</script>",
        "&lt;script&gt;",
        "<textarea><script>alert(1)</script>",
        "<a\u{c}onclick=alert(1)>",
    ];
    for trick in tricks {
        let quoted = serde_json::to_string(trick).unwrap();
        let site = build(&format!(
            "{SITE}//- content/page.md\n# Page\n\n{trick}\n//- content/models/byoc.md\n---\nlabel: B\n---\n{trick}\n\
             //- content/categories/more.yaml\nlabel: M\ndescription: {quoted}\nrows:\n  - id: r\n    label: R\n    notes: [{quoted}]\n    models: {{all: {{responsible: customer, tasks: {{customer: [{quoted}]}}}}}}\n"
        ));
        all_inert(&site);
    }
}

#[test]
fn unsafe_links_are_refused_whatever_they_look_like() {
    let links = [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "jAvAsCrIpT:alert(1)",
        " javascript:alert(1)",
        "java\\script:alert(1)",
        "javascript&colon;alert(1)",
        "javascript&#58;alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript:alert(1)",
        "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)",
        "java&#10;script:alert(1)",
        "&#1;javascript:alert(1)",
        "javascript://%0aalert(1)",
        "javascript:https://example.com",
        "data:text/html,<script>alert(1)</script>",
        "DATA:text/html;base64,PHNjcmlwdD4=",
        "vbscript:msgbox(1)",
        "VBScript:x",
        "file:///etc/passwd",
        "blob:https://a/b",
        "view-source:x",
        "livescript:x",
        "feed:javascript:alert(1)",
        "jar:javascript:x!/",
    ];
    for link in links {
        for form in [
            format!("[x](<{link}>)"),
            format!("![x](<{link}>)"),
            format!("[x]\n\n[x]: <{link}>"),
            format!("<{link}>"),
        ] {
            let site = build(&format!(
                "{SITE}//- content/page.md\n# Page\n\n{form}\n//- content/categories/more.yaml\nlabel: M\nrows:\n  - id: r\n    label: R\n    models: {{saas: {{responsible: customer, tasks: {{customer: [{}]}}}}}}\n",
                serde_json::to_string(&form).unwrap()
            ));
            all_inert(&site);
            let spoken = ["SRM406", "SRM401", "SRM403", "SRM405"];
            let refused = spoken.iter().any(|c| !site.lines_of(c).is_empty());
            let text = form.starts_with('<') || form.starts_with("[x]\n");
            assert!(refused || text, "{form}: {:#?}", site.lines());
        }
    }
}

#[test]
fn schemes_are_seen_through_what_browsers_take_out() {
    use srm_site::text::links::{LinkTarget, Targets};
    let targets = Targets::default();
    for link in [
        "javascript:x",
        "JAVASCRIPT:x",
        "java\nscript:x",
        "java\tscript:x",
        "java\rscript:x",
        "\u{1}javascript:x",
        "\u{b}java\u{0}script:x",
        " \u{a0}javascript:x",
    ] {
        assert_eq!(
            targets.resolve(link, ""),
            LinkTarget::Unsafe("javascript".into()),
            "{link:?}"
        );
    }
    for link in [
        "https://a.b",
        "HTTP://a.b",
        "mailto:a@b",
        "tel:1",
        "//a.b/c",
    ] {
        assert_eq!(targets.resolve(link, ""), LinkTarget::External, "{link}");
    }
}

#[test]
fn addresses_in_settings_and_facts_are_checked_as_well() {
    for address in [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\\nscript:alert(1)",
        "javascript://%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
    ] {
        let site = build(&format!(
            "{SITE}//- book.toml\n[book]\nsrc = \"content\"\n[output.html]\nsite-url = \"{address}\"\ngit-repository-url = \"{address}\"\nedit-url-template = \"{address}{{path}}\"\n[output.html.redirect]\n\"/old.html\" = \"{address}\"\n\
             //- content/srm.yaml\nschema: 1\ndocument:\n  contact: \"{address}\"\n  source: {{label: L, url: \"{address}\"}}\nparties:\n  - {{id: customer, kind: customer, label: C}}\n  - {{id: provider, kind: provider, label: P}}\n"
        ));
        all_inert(&site);
        // The repository, the editor, the redirect and the source.
        let refused = site.lines_of("SRM406");
        assert_eq!(refused.len(), 4, "{address}: {:#?}", site.lines());
        assert!(site.outcome.failed, "{address}");
    }
    // Honest ones still work.
    let site = build(&format!(
        "{SITE}//- book.toml\n[book]\nsrc = \"content\"\n[output.html]\ngit-repository-url = \"https://example.com/r\"\nedit-url-template = \"https://example.com/e/{{path}}\"\n[output.html.redirect]\n\"/old.html\" = \"https://example.com/new\"\n\
         //- content/srm.yaml\nschema: 1\ndocument:\n  source: {{label: L, url: \"https://example.com/s\"}}\nparties:\n  - {{id: customer, kind: customer, label: C}}\n  - {{id: provider, kind: provider, label: P}}\n"
    ));
    let page = site.assert_clean().page("models/saas.html");
    for link in ["r", "e/content/models/saas.md", "s"] {
        assert!(
            page.contains(&format!("href=\"https://example.com/{link}\"")),
            "{link}"
        );
    }
    assert!(
        site.page("old.html")
            .contains("url=https://example.com/new")
    );
}

#[test]
fn raw_html_of_an_author_is_live_only_when_asked_for() {
    let page = "//- content/page.md\n# Page\n\n<p class=\"own\">Own <b>markup</b></p>\n";
    let site = build(&format!("{SITE}{page}"));
    assert!(!site.page("page.html").contains("<p class=\"own\">"));
    assert!(!site.lines_of("SRM405").is_empty());
    let site = build(&format!(
        "{SITE}{page}//- book.toml\n[book]\nsrc = \"content\"\n[preprocessor.srm]\nraw-html = true\n"
    ));
    assert!(
        site.assert_clean()
            .page("page.html")
            .contains("<p class=\"own\">Own <b>markup</b></p>")
    );
}

#[test]
fn markdown_twins_hold_no_live_html_either() {
    // A twin is Markdown that others render, most of them with raw HTML on.
    for breaker in BREAKERS {
        let t = serde_json::to_string(breaker).unwrap();
        let site = build(&format!(
            "{SITE}//- content/categories/more.yaml\nlabel: {t}\ndescription: {t}\nrows:\n  - id: r\n    label: {t}\n    notes: [{t}]\n    models: {{saas: {{responsible: customer, tasks: {{customer: [{t}]}}, summary: {{customer: {t}}}}}}}\n"
        ));
        for (path, bytes) in &site.files {
            if !path.ends_with(".md") {
                continue;
            }
            let text = std::str::from_utf8(bytes).unwrap();
            let options = pulldown_cmark::Options::ENABLE_TABLES;
            for event in pulldown_cmark::Parser::new_ext(text, options) {
                match event {
                    pulldown_cmark::Event::Html(html) => panic!("{path}: live HTML: {html}"),
                    pulldown_cmark::Event::InlineHtml(html) => drop(said_by_tag(&html)),
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn ids_and_anchors_cannot_break_out() {
    for id in [
        "a\"b", "a b", "a<b", "a'b", "a/b", "../a", "a\\b", "a\u{1b}b", "con", "a#b", ".a", "-a",
    ] {
        let quoted = serde_json::to_string(id).unwrap();
        let site = build(&format!(
            "//- content/srm.yaml\nschema: 1\nparties:\n  - {{id: customer, kind: customer, label: C}}\n  - {{id: {quoted}, kind: provider, label: P}}\n\
             //- content/models/saas.md\n---\nlabel: S\n---\n//- content/categories/data.yaml\nlabel: D\nrows:\n  - {{id: {quoted}, label: L, models: {{saas: {{responsible: customer}}}}}}\n"
        ));
        assert_eq!(
            site.lines_of("SRM101").len(),
            2,
            "{id}: {:#?}",
            site.lines()
        );
        assert!(site.outcome.failed);
        all_inert(&site);
    }
    let site = build(&format!(
        "{SITE}//- content/page.md\n# Page\n\n## One {{#srm-main}}\n\n## Two {{#keys}}\n\n## Keys\n\n## Keys\n"
    ));
    assert_eq!(site.lines_of("SRM101").len(), 1);
    assert_eq!(site.lines_of("SRM102"), [""; 0]);
    // A row keeps its anchor wherever it is shown, so no heading takes it.
    let page = site.page("page.html");
    for (id, there) in [
        ("srm-main", 1),
        ("keys", 0),
        ("keys-1", 1),
        ("keys-2", 1),
        ("keys-3", 1),
    ] {
        let found = page.matches(&format!(" id=\"{id}\"")).count();
        assert_eq!(found, there, "{id}: {page}");
    }
}

// ---------------------------------------------------------------- the terminal

/// Fails if a text could act on a terminal.
#[track_caller]
fn assert_tame(text: &str) {
    let bad = text
        .chars()
        .find(|c| c.is_control() && *c != '\n' && *c != '\t');
    assert_eq!(bad, None, "{text:?}");
    // Marks that turn the order of writing around hide what a line says.
    let turned = [
        '\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}',
    ];
    assert!(!text.contains(turned), "{text:?}");
}

#[test]
fn escape_sequences_do_not_reach_the_terminal() {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{8}\u{7f}\r\u{202e}x";
    let json = serde_json::to_string(evil).unwrap();
    let yaml: String = evil
        .chars()
        .map(|c| format!("\\U{:08X}", u32::from(c)))
        .collect();
    let cases = [
        // In a key, in an id, in a value, in a reason, in a text that is only shown in the excerpt.
        (CATEGORY, format!("label: More\n\"{yaml}\": x\nrows: []\n")),
        (
            CATEGORY,
            format!("label: More\nrows:\n  - {{id: \"{yaml}\", label: x}}\n"),
        ),
        (
            CATEGORY,
            format!("label: More\nrows:\n  - {{id: a, label: x, models: {{\"{yaml}\": {{}}}}}}\n"),
        ),
        (CATEGORY, format!("label: More\nrows: \"{yaml}\"\n")),
        (CATEGORY, format!("label: More # {evil}\nrows: x\n")),
        (CATEGORY, format!("label: {evil}\n  x: [\n")),
        (
            "content/page.md",
            format!("# Page\n\n[x](nowhere{evil}.md) {evil}\n"),
        ),
        (
            "content/page.md",
            format!("# Page\n\n<b {evil}>\n\n[^{evil}]\n\n{evil} [y](#{evil})\n"),
        ),
        ("content/page.md", format!("---\n{evil}: x\n---\n")),
        ("book.toml", format!("[book]\nsrc = {json}\n")),
        (
            "book.toml",
            format!("[book]\nsrc = \"content\"\n{json} = 1\n"),
        ),
        ("book.toml", format!("[book]\nsrc = \"content\" {evil}\n")),
        (
            "book.toml",
            format!(
                "[book]\nsrc = \"content\"\n[preprocessor.srm]\ntheme = {json}\ncompare = [{json}, \"a..b\"]\n"
            ),
        ),
        (
            "book.toml",
            format!(
                "[book]\nsrc = \"content\"\n[output.html]\nadditional-css = [{json}]\n[output.html.redirect]\n{json} = {json}\n"
            ),
        ),
        (
            "themes/default/templates/prose.html",
            format!("{{{{ nothing }}}} {evil}"),
        ),
        (
            "themes/default/templates/prose.html",
            format!("{{% {evil} %}}"),
        ),
        (
            "themes/default/strings/en.toml",
            format!("home = [{json}]\n"),
        ),
        (&format!("content/{evil}.yaml"), "x".into()),
        (&format!("content/{evil}.md"), "[x](nowhere.md)".into()),
        (
            &format!("content/categories/{evil}.yaml"),
            "label: [".into(),
        ),
    ];
    for (path, text) in &cases {
        let folder = Folder::of(SITE);
        if path.starts_with("themes") {
            folder.write("themes/default/theme.toml", "api = 1\n");
            folder.write("content/page.md", "# Page\n");
        }
        folder.write(path, text);
        for format in ["human", "short"] {
            let run = limited(&folder, &["check", "-v", "--format", format]);
            // Markdown is free to see no link there.
            let silent = !run.stderr.contains("SRM");
            assert!(
                !silent || path.contains("page.md"),
                "{path}: {}",
                run.stderr
            );
            assert_tame(&run.stderr);
        }
        // GitHub's log viewer acts on lines that begin with `::`.
        let run = limited(&folder, &["check", "--format", "github"]);
        for line in run.stdout.lines() {
            assert!(line.starts_with("::") && !line.contains('\r'), "{line:?}");
        }
        let run = limited(&folder, &["check", "--format", "json"]);
        for line in run.stdout.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }
}

#[test]
fn workflow_commands_cannot_be_smuggled_in() {
    let folder = Folder::of(SITE);
    folder.write(
        "content/page.md",
        "# Page\n\n[x](<::set-env name=a::b>) <b>\n\n[y](%0A::error::z)\n",
    );
    folder.write("content/a,b:c%0A\n::error::d.md", "[x](nowhere.md)");
    let run = limited(&folder, &["check", "--format", "github"]);
    for line in run.stdout.lines() {
        let head = line.strip_prefix("::").unwrap_or_else(|| panic!("{line}"));
        let (properties, _) = head.split_once("::").unwrap();
        let word = properties.split(' ').next().unwrap();
        assert!(["error", "warning", "notice"].contains(&word), "{line}");
        assert!(line.contains("title=SRM"), "{line}");
    }
}

// ---------------------------------------------------------------- the settings

#[test]
fn settings_do_not_lead_out_of_the_project() {
    let parent = Folder::new();
    parent.write("secret.css", "/* secret */");
    parent.write("secret.md", "# secret");
    parent.write("evil/theme.toml", "api = 1\n");
    parent.write("evil/static/evil.css", "/* evil */");
    parent.write("evil.toml", "home = \"evil\"\n");
    let settings = [
        "[preprocessor.srm]\ntheme = \"../../evil\"",
        "language = \"../../../../evil\"",
        "[output.html]\nadditional-css = [\"../../etc/passwd\"]",
        "[output.html]\nadditional-css = [\"../secret.css\"]",
        "[output.html]\nadditional-js = [\"/etc/passwd\"]",
        "[output.html]\nadditional-css = [\"content/../../secret.css\"]",
        "[preprocessor.srm]\ntheme = \"../..\"",
        "[preprocessor.srm]\ntheme = \"/etc\"",
        "[output.html.redirect]\n\"../evil.html\" = \"index.html\"",
        "[output.html.redirect]\n\"../../evil.html\" = \"index.html\"",
        "[output.html.redirect]\n\"a/../../../evil.html\" = \"/index.html\"",
        "[output.html.redirect]\n\"//evil.html/../../../x.html\" = \"/index.html\"",
        "[output.html.redirect]\n\"./index.html\" = \"/404.html\"",
        "[output.html.redirect]\n\"a/../index.html\" = \"/404.html\"",
        "[output.html.redirect]\n\".srm-site-manifest.json\" = \"/404.html\"",
        "[output.html.redirect]\n\".srm-site-staging/lock\" = \"/404.html\"",
        "[output.html.redirect]\n\".srm-site-staging/files/index.html\" = \"/404.html\"",
    ];
    for (n, setting) in settings.iter().enumerate() {
        let project = format!("project{n}");
        for (path, bytes) in crate::harness::fixture(SITE) {
            parent.write(&format!("{project}/{path}"), bytes);
        }
        parent.write(
            &format!("{project}/book.toml"),
            format!("[book]\nsrc = \"content\"\n{setting}\n"),
        );
        // With a folder of themes a path has something to lead out of.
        parent.write(&format!("{project}/themes/default/theme.toml"), "api = 1\n");
        parent.write(
            &format!("{project}/themes/default/strings/en.toml"),
            "home = \"Home\"\n",
        );
        let before = tree(parent.path());
        let run = limited(&parent, &["build", &project]);
        assert!(matches!(run.code, Some(1 | 2)), "{setting}: {}", run.stderr);
        assert!(run.stderr.contains("error["), "{setting}: {}", run.stderr);
        assert_eq!(
            before.keys().collect::<Vec<_>>(),
            tree(parent.path()).keys().collect::<Vec<_>>(),
            "{setting}"
        );
        assert!(
            !parent.join(&format!("{project}/book")).exists(),
            "{setting}"
        );
    }
}

#[test]
fn a_not_found_page_that_is_missing_is_named() {
    for path in ["typo.md", "../../secret.md", "/etc/passwd"] {
        let folder = Folder::of(SITE);
        folder.write(
            "book.toml",
            format!("[book]\nsrc = \"content\"\n[output.html]\ninput-404 = \"{path}\"\n"),
        );
        let run = limited(&folder, &["check"]);
        assert!(
            run.code != Some(0) && run.stderr.contains(path),
            "{path}: {}",
            run.stderr
        );
    }
}

#[test]
fn redirects_that_are_fine_stay_in_their_place() {
    let folder = Folder::of(SITE);
    folder.write(
        "book.toml",
        "[book]\nsrc = \"content\"\n[output.html.redirect]\n\"/old/page.html\" = \"../index.html\"\n\"/older/\" = \"/models/saas.html#keys\"\n\"plain.html\" = \"index.html\"\n",
    );
    limited(&folder, &["build", "-D", "warnings"]).code(0);
    for (path, target) in [
        ("old/page.html", "../index.html"),
        ("older/index.html", "../models/saas.html#keys"),
        ("plain.html", "index.html"),
    ] {
        let page = folder.read(&format!("book/{path}"));
        assert!(page.contains(&format!("url={target}\"")), "{path}: {page}");
        assert_inert(path, &page);
    }
}

#[test]
fn a_domain_is_one_line() {
    let cname = |value: &str| {
        let folder = Folder::of(SITE);
        let value = serde_json::to_string(value).unwrap();
        folder.write(
            "book.toml",
            format!("[book]\nsrc = \"content\"\n[output.html]\ncname = {value}\n"),
        );
        let run = limited(&folder, &["build"]);
        (run.code, folder)
    };
    let (code, folder) = cname("docs.example.com");
    assert_eq!(code, Some(0));
    assert_eq!(folder.read("book/CNAME"), "docs.example.com\n");
    for bad in [
        "a.example\nb.example",
        "a.example\r\nb",
        "a b",
        "https://a.example/x",
        "a.example/\u{7}",
    ] {
        let (code, folder) = cname(bad);
        assert_eq!(code, Some(2), "{bad:?}");
        assert!(!folder.join("book").exists());
    }
}

#[test]
fn settings_that_make_no_sense_are_findings() {
    // Each with its finding; nothing refuses those without one, but they do
    // no harm.
    for (setting, code) in [
        ("[book]\nsrc = \"/\"\n", "is not a folder"),
        ("[book]\nsrc = \"content//\"\n", ""),
        ("[book]\nsrc = \".\"\n", "SRM007"),
        ("[book]\nsrc = \"book.toml\"\n", "SRM001"),
        ("[book]\nsrc = \"\u{202e}\"\n", "SRM001"),
        ("[book]\nsrc = \"content\"\nlanguage = \"../../x\"\n", ""),
        (
            "[book]\nsrc = \"content\"\nlanguage = \"\\\" onload=\\\"x\"\n",
            "",
        ),
        (
            "[book]\nsrc = \"content\"\n[build]\nbuild-dir = \"\\u0000\"\n",
            "",
        ),
        ("[book]\nsrc = \"content\\u0000\"\n", "SRM001"),
        (
            "[book]\nsrc = \"content\"\n[preprocessor.srm]\ncompare = [\"..\", \"saas..\", \"..saas\", \"saas..saas\", \"a..b..c\"]\n",
            "SRM104",
        ),
        (
            "[book]\nsrc = \"content\"\n[output.html]\nsite-url = \"https://\"\n",
            "error[",
        ),
        (
            "[book]\nsrc = \"content\"\n[output.html]\nsite-url = \"https://example.com/?a=b\"\n",
            "error[",
        ),
        (
            "[book]\nsrc = \"content\"\n[output.html]\nsite-url = \"https:////////\"\n",
            "error[",
        ),
        (
            "[book]\nsrc = \"content\"\n[output.html]\nedit-url-template = \"{path}{path}{path}\"\n",
            "SRM406",
        ),
        ("book = 1\n", "SRM008"),
        ("[book]\nsrc = 7\n", "SRM008"),
        ("preprocessor = []\n", "SRM008"),
        ("[preprocessor]\nsrm = 1979-05-27\n", "SRM008"),
        ("[output]\nhtml = inf\n", "SRM008"),
        ("[[book]]\n", "SRM008"),
        ("[output.html]\nredirect = [\"a\"]\n", "SRM008"),
    ] {
        let folder = Folder::of(SITE);
        folder.write("book.toml", setting);
        let check = limited(&folder, &["check"]);
        let build = limited(&folder, &["build"]);
        if !code.is_empty() {
            assert!(
                check.code != Some(0) && check.stderr.contains(code),
                "{setting}: {}",
                check.stderr
            );
            assert_ne!(build.code, Some(0), "{setting}: {}", build.stderr);
            assert!(!folder.join("book").exists(), "{setting}");
        }
        limited(&folder, &["clean"]);
        let content = folder.read("content/index.md");
        assert_eq!(content, "# Home\n\nHello.\n");
    }
}

#[test]
fn images_and_links_inside_images_are_all_checked() {
    let site = build(&format!(
        "{SITE}//- content/page.md\n# Page\n\n![outer ![inner](nowhere.png) text](also-nowhere.png)\n\n![a [link](javascript:x) b](none.png)\n"
    ));
    let page = site.page("page.html");
    assert_inert("page.html", page);
    // The whole text of the outer image is its text, none of it leaks out.
    assert!(page.contains("alt=\"outer inner text\""), "{page}");
    assert_eq!(site.lines_of("SRM403").len(), 3, "{:#?}", site.lines());
}
