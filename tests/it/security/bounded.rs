//! Small inputs that would cost much, and output that would command a terminal or a CI runner.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use crate::harness::projects::{ONE_MODEL, project};
use crate::harness::{Folder, Run, Running, tree};
use crate::hostile::limited;

mod commands;

const PAGE: &str = "content/page.md";

const CATEGORY: &str = "content/categories/more.yaml";

/// What a check says in one line a finding, whatever it ends with.
fn said(folder: &Folder) -> Vec<String> {
    let run = limited(folder, &["check", "--format", "short"]);
    let findings = run.stderr.lines().filter(|line| line.contains("[SRM"));
    findings.map(String::from).collect()
}

/// The findings of a check as programs read them.
fn findings(folder: &Folder, threads: &str) -> Vec<serde_json::Value> {
    let mut command = folder.command(&["check", "--format", "json"]);
    let run = Run::of(command.env("RAYON_NUM_THREADS", threads).output().unwrap());
    let lines = run.stdout.lines();
    lines.map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn helps(findings: &[serde_json::Value]) -> usize {
    let text = |f: &&serde_json::Value| f["help"].to_string().contains("did you mean");
    findings.iter().filter(text).count()
}

/// Rows, each with a link that leads nowhere.
fn dead_rows(n: usize) -> String {
    let mut text = String::from("label: More\nrows:\n");
    for n in 0..n {
        let _ = writeln!(
            text,
            "  - id: row-{n}\n    label: Row {n}\n    description: See [it](row:rwo-{n}).\n    \
             models: {{saas: {{responsible: customer}}}}"
        );
    }
    text
}

// ------------------------------------------------------------- did you mean

#[test]
fn thousands_of_dead_links_take_no_longer_than_as_many_good_ones() {
    let folder = project(ONE_MODEL).on_disk();
    folder.write(CATEGORY, dead_rows(4_000));
    let run = limited(&folder, &["check", "--format", "short"]);
    assert!(run.code(1).stderr.contains("row `rwo-0`"));
    // A file has at most so many of a kind; the first of them are helped with.
    let found = findings(&folder, "2");
    let dead = found.iter().filter(|f| f["code"] == "SRM401").count();
    assert_eq!(dead, 1_000);
    assert_eq!(helps(&found), 300);
}

#[test]
fn thousands_of_dead_links_to_files_and_names_are_no_other() {
    let folder = project(ONE_MODEL).on_disk();
    for n in 0..1_500 {
        let text = format!("# P {n}\n\n[a](pgae-{n}.md) [b](x/page-{n}.md) [c](row:kyes{n})\n");
        folder.write(&format!("content/page-{n}.md"), text);
    }
    let run = limited(&folder, &["check", "--format", "short"]);
    assert!(run.code(1).stderr.contains("pgae-1.md"));
    let helped = helps(&findings(&folder, "2"));
    assert!((100..=300).contains(&helped), "{helped}");
    let folder = project(ONE_MODEL).on_disk();
    let parties: String = (0..3_000)
        .map(|n| format!("  - {{id: party-{n}, kind: third-party, label: P}}\n"))
        .collect();
    let known = "  - {id: customer, kind: customer, label: C}\n  - {id: provider, kind: provider, label: V}\n";
    folder.write(
        "content/srm.yaml",
        format!("schema: 1\nparties:\n{known}{parties}"),
    );
    // None of these is known, and one is as many at once.
    let many = "party-2999,".repeat(5_000);
    let mut rows = String::from("label: More\nrows:\n");
    for n in 0..3_000 {
        let who = if n == 0 {
            format!("\"{many}x\"")
        } else {
            format!("paryt-{n}")
        };
        let _ = writeln!(
            rows,
            "  - {{id: r{n}, label: R {n}, models: {{saas: {{responsible: {who}}}}}}}"
        );
    }
    folder.write(CATEGORY, rows);
    let run = limited(&folder, &["check", "--format", "short"]);
    assert!(run.code(1).stderr.contains("paryt-1"));
    assert!(helps(&findings(&folder, "2")) <= 300);
}

#[test]
fn a_single_mistake_is_still_helped_with() {
    let folder = project(ONE_MODEL).on_disk();
    folder.write("content/other/deep.md", "# Deep\n");
    folder.write(
        PAGE,
        "# Page\n\n[a](row:kyes) [b](deep.md) [c](other/depe.md) [d](model:sass) [e](party:custmer)\n\
         [f](category:dtaa) ![g](ohter/deep.md) [h](nothing-like-it.md) [i](row:zzz)\n",
    );
    folder.write(
        CATEGORY,
        "label: More\nrows:\n  - {id: a, label: A, models: {sas: {responsible: custmer}}}\n",
    );
    let help: Vec<String> = findings(&folder, "2")
        .iter()
        .filter(|f| ["SRM104", "SRM401", "SRM403"].contains(&f["code"].as_str().unwrap()))
        .map(|f| f["help"][0].as_str().unwrap().to_string())
        .collect();
    let wanted = [
        "did you mean `saas`?",
        "did you mean `customer`?",
        "did you mean `row:keys`?",
        "did you mean `@/other/deep.md`?",
        "did you mean `@/other/deep.md`?",
        "did you mean `model:saas`?",
        "did you mean `party:customer`?",
        "did you mean `category:data`?",
        "did you mean `@/other/deep.md`?",
    ];
    assert_eq!(help[..wanted.len()], wanted, "{help:#?}");
    assert!(help[9..].iter().all(|h| h.starts_with("link to a file")));
}

#[test]
fn findings_are_the_same_whatever_is_done_first() {
    let folder = project(ONE_MODEL).on_disk();
    folder.write(CATEGORY, dead_rows(600));
    for page in 0..40 {
        let links: String = (0..30)
            .map(|n| format!("[a](row:rwo-{page}-{n}) [b](pgae{page}-{n}.md) "))
            .collect();
        let code = format!("```js\n{}```\n", "let x = 1;\n".repeat(800));
        folder.write(
            &format!("content/page{page}.md"),
            format!("# P\n\n{links}\n\n{code}"),
        );
    }
    let one = findings(&folder, "1");
    assert!(helps(&one) >= 300, "{}", helps(&one));
    assert!(one.iter().any(|f| f["code"] == "SRM411"));
    for threads in ["2", "7", "16"] {
        assert!(findings(&folder, threads) == one, "{threads} threads");
    }
    // A look that began with another state of the files says what a new one does.
    let names = |said: &str| {
        let lines = said.lines().filter(|line| line.contains("[SRM"));
        lines.map(String::from).collect::<Vec<String>>()
    };
    let page = folder.read("content/page0.md");
    folder.write("content/page0.md", "# P\n");
    let more = format!("{page}[c](row:rwo-new)\n");
    let mut watch = Running::start(&folder, &["watch", "--format", "short"]);
    watch.wait_for("there is no site yet");
    watch.so_far();
    let before = watch.said.len();
    let told = names(&watch.said);
    folder.write("content/page0.md", &more);
    watch.wait_for("rwo-new");
    watch.wait_for("no site yet");
    let said_live = names(&watch.said[before..]);
    drop(watch);
    // What was told before is not told again.
    let mut new = said(&folder);
    new.retain(|line| !told.contains(line));
    assert_eq!(said_live, new);
}

// ------------------------------------------------------------------ aliases

/// Nine levels of nine: 387,420,489 values in less than 400 bytes.
fn bomb() -> String {
    let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for n in 1..9 {
        let inner = vec![format!("*a{}", n - 1); 9].join(",");
        let _ = writeln!(text, "a{n}: &a{n} [{inner}]");
    }
    text
}

#[test]
fn two_hundred_small_alias_bombs_are_200_small_files() {
    let folder = project(ONE_MODEL).on_disk();
    for n in 0..200 {
        folder.write(&format!("content/categories/bomb{n}.yaml"), bomb());
    }
    let started = Instant::now();
    let run = limited(&folder, &["check", "--format", "short"]);
    // Half a second in a debug build; all of a minute before.
    assert!(started.elapsed() < Duration::from_secs(20));
    assert_eq!(run.code(1).stderr.matches("SRM004").count(), 200);
    // Few values, and much text.
    let text = format!(
        "label: More\nrows:\n  - id: r\n    label: R\n    notes: [&a \"{}\", {}]\n",
        "x".repeat(1_000),
        "*a, ".repeat(1_000)
    );
    folder.write("content/categories/bomb0.yaml", text);
    let run = limited(&folder, &["check"]);
    assert!(run.stderr.contains("KB of text"), "{}", run.stderr);
}

#[test]
fn lists_that_many_rows_share_are_fine() {
    // Fifty tasks in thirty rows, and one of 1.5 KB in each of a thousand.
    for (rows, tasks, len) in [(30, 50, 45), (1_000, 20, 75)] {
        let folder = project(ONE_MODEL).on_disk();
        let list: Vec<String> = (0..tasks)
            .map(|n| format!("\"{:.<len$}\"", format!("Keep area {n} in order ")))
            .collect();
        let mut text = String::from("label: More\nrows:\n");
        for row in 0..rows {
            let tasks = match row {
                0 => format!("&tasks [{}]", list.join(", ")),
                _ => "*tasks".to_string(),
            };
            let _ = writeln!(
                text,
                "  - id: row-{row}\n    label: Row {row}\n    models:\n      saas:\n        \
                 responsible: customer\n        tasks: {{customer: {tasks}}}"
            );
        }
        folder.write(CATEGORY, text);
        limited(&folder, &["check", "-q"]).code(0);
    }
}

// --------------------------------------------------------------------- code

fn fenced(language: &str, bytes: usize) -> String {
    let line = "let x = \"a\"; // c\n";
    format!("```{language}\n{}```\n\n", line.repeat(bytes / line.len()))
}

#[test]
fn code_beyond_a_limit_is_plain_and_that_is_said() {
    let folder = project(ONE_MODEL).on_disk();
    folder.write(PAGE, format!("# Page\n\n{}", fenced("js", 200 << 10)));
    let long = format!("```js\nlet x = \"{}\";\n```\n", "a".repeat(3_000));
    folder.write("content/long.md", format!("# Long\n\n{long}"));
    let many = fenced("js", 10 << 10).repeat(16);
    folder.write("content/many.md", format!("# Many\n\n{many}"));
    folder.write(
        "content/small.md",
        format!("# Small\n\n{}", fenced("js", 100)),
    );
    let text = fenced("text", 200 << 10) + &fenced("nobody-knows", 200 << 10);
    folder.write("content/text.md", format!("# Text\n\n{text}"));
    let run = limited(&folder, &["build", "--format", "short"]);
    run.code(0);
    let notes: Vec<&str> = run
        .stderr
        .lines()
        .filter(|l| l.contains("SRM411"))
        .collect();
    let wanted = [
        "content/long.md:3:1: note[SRM411]: this code is not highlighted: one of its lines has more than 2000 bytes",
        "content/many.md:",
        "content/page.md:3:1: note[SRM411]: this code is not highlighted: the block has more than 64 KB",
    ];
    assert_eq!(notes.len(), wanted.len(), "{notes:#?}");
    for (note, wanted) in notes.iter().zip(wanted) {
        assert!(note.starts_with(wanted), "{note}");
    }
    let page = |name: &str| folder.read(&format!("book/{name}.html"));
    assert!(!page("page").contains("hl-") && !page("long").contains("hl-"));
    assert!(page("page").contains("<pre class=\"srm-code\" tabindex=\"0\"><code class=\"language-js\">let x = &quot;a&quot;; // c"));
    assert!(page("small").contains("hl-"));
    // The beginning of the page is highlighted, its end is not.
    let many = page("many");
    let blocks: Vec<bool> = many
        .split("<pre class=\"srm-code\"")
        .skip(1)
        .map(|block| block.contains("hl-"))
        .collect();
    assert_eq!(blocks.len(), 16);
    assert!(blocks[0] && !blocks[15] && blocks.is_sorted_by(|a, b| a >= b));
}

#[test]
fn a_site_has_so_much_highlighted_code_and_no_more() {
    let folder = project(ONE_MODEL).on_disk();
    for n in 0..40 {
        let text = format!("# Page {n}\n\n{}", fenced("ts", 20 << 10));
        folder.write(&format!("content/page{n:02}.md"), text);
    }
    // A text of the data counts like any other.
    let code = "        let x = f(\"a\");\n".repeat(100);
    let mut rows = String::from("label: More\nrows:\n");
    for n in 0..200 {
        let _ = write!(
            rows,
            "  - id: r{n}\n    label: R {n}\n    description: |\n        ```ts\n{code}        ```\n    \
             models: {{saas: {{responsible: customer}}}}\n"
        );
    }
    folder.write(CATEGORY, rows);
    limited(&folder, &["build", "-q"]).code(0);
    let shown = |n: usize| {
        folder
            .read(&format!("book/page{n:02}.html"))
            .contains("hl-")
    };
    let highlighted: Vec<bool> = (0..40).map(shown).collect();
    assert!(highlighted[0] && !highlighted[39]);
    assert!(highlighted.is_sorted_by(|a, b| a >= b), "{highlighted:?}");
    assert!(!folder.read("book/categories/more.html").contains("hl-"));
    // The page of all pages shows each as its own page does.
    let print = folder.read("book/print.html");
    let (before, last) = print.rsplit_once("<pre class=\"srm-code\"").unwrap();
    assert!(before.contains("hl-") && !last.contains("hl-"));
    // A page less in front moves the end, in a folder that is there, too.
    fs::remove_file(folder.join("content/page00.md")).unwrap();
    limited(&folder, &["build", "-q"]).code(0);
    let before = tree(&folder.join("book"));
    fs::remove_dir_all(folder.join("book")).unwrap();
    limited(&folder, &["build", "-q"]).code(0);
    assert!(tree(&folder.join("book")) == before);
}

// -------------------------------------------------------------------- links

#[test]
fn links_that_fan_out_are_named() {
    let folder = project(ONE_MODEL).on_disk();
    for n in 0..17 {
        folder.write(&format!("content/l{n}/page.md"), "# P\n\nText.\n");
        for side in ["a", "b"].iter().filter(|_| n > 0) {
            symlink(
                format!("../l{}", n - 1),
                folder.join(&format!("content/l{n}/{side}")),
            )
            .unwrap();
        }
    }
    let run = limited(&folder, &["check", "--format", "short"]);
    let named = run.code(1).stderr.contains("content/l16/");
    assert!(run.stderr.contains("SRM004") && named, "{}", run.stderr);
    // One page that is shown hundreds of times.
    let folder = project(ONE_MODEL).on_disk();
    folder.write(PAGE, "# P\n");
    for n in 0..50 {
        symlink("page.md", folder.join(&format!("content/q{n:02}.md"))).unwrap();
    }
    let run = limited(&folder, &["check", "--format", "short"]);
    assert_eq!(
        run.code(1).stderr.matches("SRM004").count(),
        42,
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("content/q08.md: error[SRM004]"));
    assert!(!run.stderr.contains("content/q07.md: error[SRM004]"));
    // A few are fine.
    let folder = project(ONE_MODEL).on_disk();
    folder.write("content/shared/page.md", "# P\n");
    for n in 0..6 {
        symlink("shared", folder.join(&format!("content/s{n}"))).unwrap();
    }
    limited(&folder, &["check"]).code(0);
}

// ----------------------------------------------------------- what multiplies

/// Models with nothing but a label.
fn models(folder: &Folder, n: usize) {
    for n in 0..n {
        folder.write(
            &format!("content/models/m{n}.md"),
            format!("---\nlabel: Model {n}\n---\n"),
        );
    }
}

fn rows_of_all(from: usize, n: usize) -> String {
    let row =
        |n| format!("  - {{id: r{n}, label: R {n}, models: {{all: {{responsible: customer}}}}}}\n");
    let rows: String = (from..from + n).map(row).collect();
    format!("label: More\nrows:\n{rows}")
}

#[test]
fn few_bytes_do_not_make_millions_of_cells() {
    // A hundred bytes a row and thirty a model, and a gigabyte of tables.
    let folder = project(ONE_MODEL).on_disk();
    models(&folder, 2_000);
    folder.write(CATEGORY, rows_of_all(0, 8_000));
    let run = limited(&folder, &["check", "--format", "short"]);
    let said = &run.code(1).stderr;
    assert!(
        said.contains("a document may have at most 128 models"),
        "{said}"
    );
    assert!(
        said.contains("8001 rows, 128 models and 2 parties make more cells than a document of this size may have"),
        "{said}"
    );
    // Few cells, and a megabyte of tasks in each model.
    let folder = project(ONE_MODEL).on_disk();
    models(&folder, 100);
    let tasks = "Do it now., ".repeat(20_000);
    let row = format!("models: {{all: {{responsible: customer, tasks: {{customer: [{tasks}]}}}}}}");
    folder.write(
        CATEGORY,
        format!("label: More\nrows:\n  - {{id: r, label: R, {row}}}\n"),
    );
    let run = limited(&folder, &["check", "--format", "short"]);
    let said = &run.code(1).stderr;
    assert!(
        said.contains(
            "2 rows, 101 models and 2 parties make more cells than a document of this size may have"
        ),
        "{said}"
    );
    // Rows in files of their own.
    let folder = project(ONE_MODEL).on_disk();
    models(&folder, 100);
    for n in 0..1_000 {
        folder.write(&format!("content/categories/c{n}.yaml"), rows_of_all(n, 1));
    }
    let run = limited(&folder, &["check", "--format", "short"]);
    assert_eq!(
        run.code(1).stderr.matches("SRM004").count(),
        1,
        "{}",
        run.stderr
    );
    // Parties have columns.
    let folder = project(ONE_MODEL).on_disk();
    let parties: String = (0..2_000)
        .map(|n| format!("  - {{id: p{n}, kind: third-party, label: P {n}}}\n"))
        .collect();
    let parties =
        format!("schema: 1\nparties:\n  - {{id: customer, kind: customer, label: C}}\n{parties}");
    folder.write("content/srm.yaml", parties);
    folder.write(CATEGORY, rows_of_all(0, 12_000));
    let run = limited(&folder, &["check", "--format", "short"]);
    let said = &run.code(1).stderr;
    assert!(
        said.contains(
            "content/srm.yaml:53:10: error[SRM004]: a document may have at most 50 parties"
        ),
        "{said}"
    );
    assert!(
        said.contains("make more cells than a document of this size may have"),
        "{said}"
    );
}

#[test]
fn cells_that_found_no_room_are_there_when_there_is_some() {
    use srm_site::site::{self, Memos, Options, Site};
    use srm_site::source::Source;
    use std::sync::Arc;

    let files = |more: usize| {
        let folder = project(ONE_MODEL).on_disk();
        models(&folder, 60);
        folder.write("content/categories/a.yaml", rows_of_all(0, 300));
        folder.write("content/categories/b.yaml", rows_of_all(1_000, more));
        tree(folder.path())
    };
    let memos = Memos::default();
    let read = |files| {
        let source = Source::memory(files);
        let mut findings = Default::default();
        let options = Options::default();
        let config = Arc::new(site::config(&source, &options, &mut findings));
        let site = Site::read(&source, config, &options, findings, &memos);
        let limit = site
            .findings()
            .list
            .iter()
            .filter(|f| f.code.id() == "SRM004");
        (limit.count(), site.pages().len())
    };
    let look = |more| read(files(more));
    // Five hundred rows with the same tasks in twenty models are no flood.
    let honest = project(ONE_MODEL).on_disk();
    models(&honest, 20);
    let task = "Keep the area in order, and check it once a year.";
    let tasks = format!("{{customer: [\"{task}\", \"{task} b\"], provider: [\"{task} c\"]}}");
    let rows: String = (0..500)
        .map(|n| {
            let cell = format!("{{responsible: [customer, provider], tasks: {tasks}}}");
            format!("  - {{id: r{n}, label: R {n}, models: {{all: {cell}}}}}\n")
        })
        .collect();
    honest.write(CATEGORY, format!("label: More\nrows:\n{rows}"));
    assert_eq!(read(tree(honest.path())).0, 0);
    let (full, few) = look(300);
    assert_eq!(full, 1);
    let (none, pages) = look(10);
    assert_eq!(none, 0);
    assert!(pages > few);
    assert_eq!(look(300), (1, few));
    assert_eq!(look(10), (0, pages));
}

/// A document of 1 MB could ask for gigabytes of tables.
#[test]
fn documents_ask_for_so_much_and_no_more() {
    let folder = project(ONE_MODEL).on_disk();
    let rows: String = (0..1_000)
        .map(|n| format!("  - {{id: r{n}, label: R {n}, models: {{all: {{responsible: customer, tasks: {{customer: [Do it now.]}}}}}}}}\n"))
        .collect();
    folder.write(CATEGORY, format!("label: C\nrows:\n{rows}"));
    let region = "<!-- srm:begin detail -->\n<!-- srm:end -->\n\n";
    for n in 0..4 {
        folder.write(&format!("docs/{n}.md"), region.repeat(1_000));
    }
    let before = tree(folder.path());
    for args in [&["embed", "docs"][..], &["embed", "docs", "--check"]] {
        let said = limited(&folder, args);
        assert!(
            said.code(2).stderr.contains("error[SRM004]"),
            "{}",
            said.stderr
        );
        assert_eq!(said.stderr.matches("error[").count(), 1, "{}", said.stderr);
    }
    assert_eq!(tree(folder.path()), before);
    // As much as a user needs is fine.
    fs::remove_dir_all(folder.join("docs")).unwrap();
    folder.write("docs/one.md", region.repeat(20));
    limited(&folder, &["embed", "docs"]).code(0);
}
