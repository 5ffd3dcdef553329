//! The command line, by the real binary: exit codes, what goes to which
//! stream, colour, the meaning of every flag, and what `init` and `schema`
//! make. The library's own behaviour is tested elsewhere.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::{Value, json};
use srm_site::findings::Findings;
use srm_site::input;
use srm_site::input::{Node, Scalar, parse_yaml};

use crate::harness::{Folder, Run, tree as files_of};

/// Two models, one category, one row: no findings.
const CLEAN: &str = "\
//- content/models/saas.md
---
label: SaaS
order: 1
---
We run it.
//- content/models/byoc.md
---
label: BYOC
order: 2
---
You run it.
//- content/categories/data.yaml
label: Data
rows:
  - id: keys
    label: Keys
    models:
      all:
        responsible: [customer, provider]
        tasks:
          customer: [Bring the keys.]
          provider: [Keep the keys.]
";

/// The same with a task listed twice: one warning.
fn warned() -> String {
    CLEAN.replace("[Bring the keys.]", "[Bring the keys., Bring the keys.]")
}

/// The same with a party nobody declared: one error.
fn broken() -> String {
    CLEAN.replace("[customer, provider]\n", "[custmer, provider]\n")
}

/// A warning that is acknowledged, with its reason.
fn acknowledged() -> String {
    let ack = "        acknowledge: {SRM304: Said twice on purpose}\n        tasks:\n";
    warned().replace("        tasks:\n", ack)
}

fn assert_silent(stdout: &str) {
    assert_eq!(stdout, "", "messages belong on standard error");
}

// ---------------------------------------------------------------- exit codes

#[test]
fn build_and_check_say_nothing_on_stdout_and_end_with_0() {
    let folder = Folder::of(CLEAN);
    let check = folder.run(&["check", "-D", "warnings"]);
    assert_silent(&check.code(0).stdout);
    assert!(check.stderr.contains("no findings"), "{}", check.stderr);
    assert!(!folder.join("book").exists(), "`check` writes nothing");

    let build = folder.run(&["build"]);
    assert_silent(&build.code(0).stdout);
    assert!(build.stderr.contains("built "), "{}", build.stderr);
    assert!(folder.join("book/index.html").is_file());
    assert!(folder.join("book/models/saas.html").is_file());
}

#[test]
fn errors_end_with_1_and_write_nothing() {
    let folder = Folder::of(&broken());
    for command in ["check", "build"] {
        let run = folder.run(&[command]);
        assert_silent(&run.code(1).stdout);
        for part in [
            "SRM104",
            "content/categories/data.yaml:7:",
            "custmer",
            "did you mean `customer`?",
        ] {
            assert!(run.stderr.contains(part), "`{part}` in:\n{}", run.stderr);
        }
    }
    assert!(!folder.join("book").exists(), "no trace of a failed build");
}

#[test]
fn warnings_end_with_0_unless_denied() {
    let folder = Folder::of(&warned());
    assert!(folder.run(&["check"]).code(0).stderr.contains("SRM304"));
    for deny in [
        &["-D", "warnings"][..],
        &["--deny", "warnings"],
        &["--deny=warnings"],
        &["--strict"],
    ] {
        for command in ["check", "build"] {
            let args = [&[command][..], deny].concat();
            assert!(folder.run(&args).code(1).stderr.contains("SRM304"));
            assert!(!folder.join("book").exists(), "{args:?}");
        }
    }
    folder.run(&["build"]).code(0);
    assert!(folder.join("book/index.html").is_file());

    let set = format!(
        "{}//- book.toml\n[book]\ntitle = \"T\"\nsrc = \"content\"\n[preprocessor.srm]\ndeny-warnings = true\n",
        warned()
    );
    Folder::of(&set).run(&["build"]).code(1);
}

#[test]
fn usage_mistakes_end_with_2_on_stderr() {
    let folder = Folder::of(CLEAN);
    for args in [
        &[][..],
        &["bild"],
        &["build", "--nonsense"],
        &["build", "one", "two"],
        &["build", "--format", "xml"],
        &["build", "-D", "everything"],
        &["build", "-q", "-v"],
        &["check", "--force"],
        &["check", "--color", "sometimes"],
        &["build", "--dest-dir"],
        &["clean", "--drafts"],
        &["init", "--title"],
        &["schema"],
        &["schema", "nothing"],
        &["schema", "srm", "page"],
        &["completions"],
        &["completions", "tcsh"],
        &["man", "extra"],
    ] {
        let run = folder.run(args);
        assert_silent(&run.code(2).stdout);
        assert!(!run.stderr.trim().is_empty(), "{args:?} says why");
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    }
    // A typing mistake is answered with the nearest name.
    assert!(folder.run(&["bild"]).stderr.contains("build"));
    assert!(
        folder
            .run(&["build", "--draft"])
            .stderr
            .contains("--drafts")
    );
    // Nothing but the project is there afterwards.
    assert!(!folder.join("book").exists());
}

#[test]
fn help_and_version_are_data() {
    let folder = Folder::new();
    let help = folder.run(&["--help"]);
    help.code(0);
    for word in [
        "init",
        "build",
        "check",
        "clean",
        "schema",
        "completions",
        "man",
    ] {
        assert!(help.stdout.contains(word), "{word}");
        let own = folder.run(&[word, "--help"]);
        assert!(own.code(0).stdout.contains("Usage:"), "{word}");
        assert_eq!(own.stderr, "");
        assert_eq!(
            folder.run(&["help", word]).code(0).stdout.lines().next(),
            own.stdout.lines().next()
        );
    }
    assert_eq!(help.stderr, "");
    let version = folder.run(&["--version"]);
    assert_eq!(
        version.code(0).stdout.trim(),
        concat!("srm-site ", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_folder_without_a_project_is_an_error_that_says_so() {
    let folder = Folder::new();
    folder.write("notes.txt", "mine");
    for args in [&["build"][..], &["check"], &["build", "."]] {
        let run = folder.run(args);
        assert!(
            matches!(run.code, Some(1 | 2)),
            "{:?}: {}",
            run.code,
            run.stderr
        );
        assert!(run.stderr.contains("book.toml"), "{}", run.stderr);
        assert!(run.stderr.contains("srm-site init"), "{}", run.stderr);
    }
    let clean = folder.run(&["clean"]);
    assert!(clean.code(2).stderr.contains("book.toml"));
    let left: Vec<String> = files_of(folder.path()).into_keys().collect();
    assert_eq!(left, ["notes.txt"]);
}

#[test]
fn the_folder_next_to_a_project_says_where_the_project_is() {
    let folder = Folder::new();
    folder.write("model/book.toml", "");
    folder.write("model/content/srm.yaml", "schema: 1");
    let beside = folder.run(&["check"]).code(2).stderr.clone();
    assert!(beside.contains("in the folder `model`"), "{beside}");
    let inside = folder
        .run(&["check", "model/content"])
        .code(2)
        .stderr
        .clone();
    let project = folder.path().canonicalize().unwrap().join("model");
    let named = format!("there is one in `{}`", project.display());
    assert!(inside.contains(&named), "{inside}");
}

#[test]
fn a_folder_that_does_not_exist_is_not_made() {
    let folder = Folder::new();
    for args in [&["build", "nowhere"][..], &["check", "nowhere"]] {
        let run = folder.run(args);
        assert!(matches!(run.code, Some(1 | 2)), "{}", run.stderr);
        assert!(run.stderr.contains("book.toml"), "{}", run.stderr);
        assert!(
            !folder.join("nowhere").exists(),
            "`{args:?}` made the folder it did not find"
        );
    }
}

// ------------------------------------------------------------------- formats

#[test]
fn formats_for_programs_are_parsable_data_on_stdout() {
    let folder = Folder::of(&format!(
        "{}//- content/more.md\n# More\n\nSee [that](nowhere.md).\n",
        acknowledged()
    ));
    for command in ["check", "build"] {
        let run = folder.run(&[command, "--format", "json"]);
        let lines: Vec<Value> = run
            .code(1)
            .stdout
            .lines()
            .map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}")))
            .collect();
        let dead = lines.iter().find(|l| l["code"] == "SRM401").unwrap();
        assert_eq!(dead["severity"], "error");
        assert_eq!(dead["file"], "content/more.md");
        assert_eq!(
            (&dead["line"], &dead["column"]),
            (&json!(3), &json!(5)),
            "{dead}"
        );
        // Acknowledged ones are always there for programs, with the reason.
        let known = lines.iter().find(|l| l["code"] == "SRM304").unwrap();
        assert_eq!(known["acknowledged"], "Said twice on purpose");

        let run = folder.run(&[command, "--format", "sarif"]);
        let log: Value = serde_json::from_str(&run.code(1).stdout).unwrap();
        assert_eq!(log["version"], "2.1.0");
        let results = log["runs"][0]["results"].as_array().unwrap();
        let rules = log["runs"][0]["tool"]["driver"]["rules"]
            .as_array()
            .unwrap();
        for result in results {
            let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(
                result["level"] == "error"
                    || result["level"] == "warning"
                    || result["level"] == "note"
            );
            let region = &result["locations"][0]["physicalLocation"]["region"];
            assert!(region["startLine"].as_u64().unwrap() >= 1, "{result}");
            assert!(region["startColumn"].as_u64().unwrap() >= 1);
        }
        let known = results.iter().find(|r| r["ruleId"] == "SRM304").unwrap();
        assert_eq!(
            known["suppressions"][0]["justification"],
            "Said twice on purpose"
        );

        let run = folder.run(&[command, "--format", "github"]);
        let line = run
            .code(1)
            .stdout
            .lines()
            .find(|l| l.contains("SRM401"))
            .unwrap();
        assert!(
            line.starts_with("::error file=content/more.md,line=3,col=5"),
            "{line}"
        );
        for line in run.stdout.lines() {
            assert!(line.starts_with("::"), "{line}");
        }
    }
    let run = folder.run(&["check", "--format", "short"]);
    assert_silent(&run.code(1).stdout);
    assert!(
        run.stderr
            .lines()
            .any(|l| l.starts_with("content/more.md:3:5: error[SRM401]: ")),
        "{}",
        run.stderr
    );
}

#[test]
fn findings_of_the_output_folder_are_data_too() {
    let folder = Folder::of(CLEAN);
    folder.write("out/index.html", "mine");
    let run = folder.run(&["build", "-d", "out", "--format", "json"]);
    let line: Value = serde_json::from_str(run.code(2).stdout.trim()).unwrap();
    assert_eq!(line["code"], "SRM702");
    assert_eq!(folder.read("out/index.html"), "mine");
    let run = folder.run(&["build", "-d", ".", "--format", "json"]);
    let line: Value = serde_json::from_str(run.code(2).stdout.trim()).unwrap();
    assert_eq!(line["code"], "SRM701");
}

// -------------------------------------------------------------------- colour

/// A pseudo-terminal: the end a program writes to, and the one we read from.
fn terminal() -> (File, File) {
    let pty = nix::pty::openpty(None, None).unwrap();
    (File::from(pty.slave), File::from(pty.master))
}

/// What the program writes to standard error when that is a terminal.
fn on_terminal(mut command: Command) -> String {
    let (program_end, mut our_end) = terminal();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(program_end)
        .spawn()
        .unwrap();
    drop(command);
    let reader = std::thread::spawn(move || {
        let mut out = Vec::new();
        let mut buffer = [0; 4096];
        // The kernel says EIO once the other end is closed.
        while let Ok(n @ 1..) = our_end.read(&mut buffer) {
            out.extend_from_slice(&buffer[..n]);
        }
        String::from_utf8_lossy(&out).into_owned()
    });
    child.wait().unwrap();
    reader.join().unwrap()
}

#[test]
fn colour_is_for_terminals() {
    let folder = Folder::of(&broken());
    let piped = folder.run(&["check"]);
    assert!(!piped.stderr.contains('\x1b'), "{:?}", piped.stderr);
    let always = folder.run(&["check", "--color", "always"]);
    assert!(always.stderr.contains("\x1b["), "{:?}", always.stderr);
    let before = folder.run(&["--color", "always", "check"]);
    assert_eq!(always.stderr.lines().next(), before.stderr.lines().next());
    // Data has no colour, whatever was asked for.
    for format in ["json", "sarif", "github"] {
        let run = folder.run(&["check", "--color", "always", "--format", format]);
        assert!(!run.stdout.contains('\x1b'), "{format}");
    }

    assert!(on_terminal(folder.command(&["check"])).contains("\x1b["));
    let mut no_color = folder.command(&["check"]);
    no_color.env("NO_COLOR", "1");
    let text = on_terminal(no_color);
    assert!(
        text.contains("SRM104") && !text.contains('\x1b'),
        "{text:?}"
    );
    // An empty NO_COLOR counts as none (no-color.org).
    let mut empty = folder.command(&["check"]);
    empty.env("NO_COLOR", "");
    assert!(on_terminal(empty).contains("\x1b["));
    let mut dumb = folder.command(&["check"]);
    dumb.env("TERM", "dumb");
    assert!(!on_terminal(dumb).contains('\x1b'));
    assert!(!on_terminal(folder.command(&["check", "--color", "never"])).contains('\x1b'));
    // Asked for by hand, it comes even against NO_COLOR.
    let mut asked = folder.command(&["check", "--color", "always"]);
    asked.env("NO_COLOR", "1");
    assert!(Run::of(asked.output().unwrap()).stderr.contains("\x1b["));
}

#[test]
fn quiet_keeps_findings_and_verbose_adds_the_acknowledged() {
    let clean = Folder::of(CLEAN);
    for command in ["check", "build"] {
        let run = clean.run(&[command, "-q"]);
        assert_eq!((run.code(0).stderr.as_str(), run.stdout.as_str()), ("", ""));
    }
    assert_eq!(clean.run(&["clean", "--quiet"]).code(0).stderr, "");
    let warned = Folder::of(&warned());
    assert!(
        warned
            .run(&["build", "-q"])
            .code(0)
            .stderr
            .contains("SRM304")
    );

    let known = Folder::of(&acknowledged());
    let plain = known.run(&["build"]);
    assert!(!plain.code(0).stderr.contains("SRM304"), "{}", plain.stderr);
    assert!(plain.stderr.contains("acknowledged"), "{}", plain.stderr);
    let verbose = known.run(&["build", "-v"]);
    assert!(
        verbose.code(0).stderr.contains("SRM304")
            && verbose.stderr.contains("Said twice on purpose"),
        "{}",
        verbose.stderr
    );
    known.run(&["check", "-D", "warnings"]).code(0);
}

#[test]
fn streams_that_cannot_be_written_never_cause_a_panic() {
    let folder = Folder::of(&warned());
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    for args in [
        &["check", "-v"][..],
        &["build"],
        &["clean"],
        &["init", "new"],
        &["schema", "-d", "schemas"],
        &["build", "nowhere"],
        &["bild"],
    ] {
        let status = folder
            .command(args)
            .stderr(full())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(
            matches!(status.code(), Some(0..=2)),
            "{args:?} with a full standard error: {status}"
        );
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let status = folder
            .command(args)
            .stderr(writer)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(
            matches!(status.code(), Some(0..=2)),
            "{args:?} with nobody listening: {status}"
        );
    }
}

#[test]
fn data_that_cannot_be_written_is_a_failure_but_a_reader_may_hang_up() {
    let folder = Folder::of(&warned());
    for args in [
        &["man"][..],
        &["completions", "bash"],
        &["schema", "srm"],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
    ] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = folder.command(args).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?} lost its data");
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = folder.command(args).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}

// ------------------------------------------------------------ what flags mean

#[test]
fn dest_dir_is_relative_to_here_and_build_dir_to_the_project() {
    let folder = Folder::new();
    let site = "site/";
    for (path, bytes) in crate::harness::fixture(CLEAN) {
        folder.write(&format!("{site}{path}"), bytes);
    }
    folder.write(
        "site/book.toml",
        "[book]\nsrc = \"content\"\n[build]\nbuild-dir = \"public/html\"\n",
    );
    folder.run(&["build", "site"]).code(0);
    assert!(folder.join("site/public/html/index.html").is_file());
    folder.run(&["build", "site", "--dest-dir", "out"]).code(0);
    assert!(folder.join("out/index.html").is_file());
    assert!(!folder.join("site/out").exists());
    folder.run(&["build", "site", "--output-dir=out2"]).code(0);
    assert_eq!(
        files_of(&folder.join("out")),
        files_of(&folder.join("out2"))
    );
    assert_eq!(
        files_of(&folder.join("out")),
        files_of(&folder.join("site/public/html"))
    );

    folder.run(&["clean", "site", "-d", "out"]).code(0);
    assert!(!folder.join("out").exists());
    folder.run(&["clean", "site"]).code(0);
    assert!(!folder.join("site/public/html").exists());
    assert!(folder.join("out2/index.html").exists());
}

#[test]
fn site_url_of_the_command_line_wins() {
    let toml = "//- book.toml\n[book]\nsrc = \"content\"\n[output.html]\nsite-url = \"https://one.example/a/\"\n";
    let folder = Folder::of(&format!("{CLEAN}{toml}"));
    folder.run(&["build"]).code(0);
    assert!(
        folder
            .read("book/sitemap.xml")
            .contains("<loc>https://one.example/a/models/saas.html</loc>")
    );
    folder
        .run(&["build", "--site-url", "https://two.example/b"])
        .code(0);
    let page = folder.read("book/models/saas.html");
    assert!(
        page.contains("<link rel=\"canonical\" href=\"https://two.example/b/models/saas.html\">")
    );
    assert!(!folder.read("book/sitemap.xml").contains("one.example"));
    assert!(
        folder
            .read("book/robots.txt")
            .contains("https://two.example/b/sitemap.xml")
    );
    let same = folder.run(&["build", "-u", "https://two.example/b/"]);
    assert!(same.code(0).stderr.contains(" 0 of "), "{}", same.stderr);

    let none = Folder::of(CLEAN);
    none.run(&["build"]).code(0);
    assert!(!none.join("book/sitemap.xml").exists());
    assert!(!none.read("book/index.html").contains("canonical"));
}

#[test]
fn drafts_are_left_out_unless_asked_for() {
    let folder = Folder::of(&format!(
        "{CLEAN}//- content/later.md\n---\ntitle: Later\ndraft: true\n---\nSoon.\n"
    ));
    folder.run(&["build"]).code(0);
    assert!(!folder.join("book/later.html").exists());
    assert!(!folder.read("book/index.html").contains("Later"));
    folder.run(&["build", "--drafts"]).code(0);
    assert!(folder.read("book/later.html").contains("Soon."));
    folder.run(&["build"]).code(0);
    assert!(!folder.join("book/later.html").exists(), "stale");
}

#[test]
fn source_date_epoch_decides_on_dates_and_on_no_byte() {
    let site = "schema: 1\ndocument: {effective: 2030-01-01}\nparties:\n  - {id: customer, kind: customer, label: Customer}\n  - {id: provider, kind: provider, label: Vendor}\n";
    let folder = Folder::of(&format!("{CLEAN}//- content/srm.yaml\n{site}"));
    let on = |epoch: &str, args: &[&str]| {
        let output = folder
            .command(args)
            .env("SOURCE_DATE_EPOCH", epoch)
            .output()
            .unwrap();
        Run::of(output)
    };
    assert!(on("0", &["check"]).code(0).stderr.contains("SRM314"));
    assert!(on("1893455999", &["check"]).stderr.contains("SRM314"));
    assert!(
        !on("1893456000", &["check"])
            .code(0)
            .stderr
            .contains("SRM314")
    );
    // It is a note: never in the way of a strict build.
    on("0", &["check", "-D", "warnings"]).code(0);
    on("0", &["build", "-d", "a"]).code(0);
    on("1893456000", &["build", "-d", "b"]).code(0);
    assert_eq!(files_of(&folder.join("a")), files_of(&folder.join("b")));
    for odd in ["", "tomorrow", "-1", "18446744073709551615", "1e9"] {
        assert!(!on(odd, &["check"]).code(0).stderr.contains("panicked"));
    }
}

#[test]
fn a_current_site_is_examined_for_its_date() {
    let site = "schema: 1\ndocument: {effective: 2030-01-01}\nparties:\n  - {id: customer, kind: customer, label: Customer}\n  - {id: provider, kind: provider, label: Vendor}\n";
    let folder = Folder::of(&format!("{CLEAN}//- content/srm.yaml\n{site}"));
    let on = |epoch: &str| {
        let mut command = folder.command(&["build"]);
        let output = command.env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        Run::of(output)
    };
    for _ in 0..2 {
        let late = on("1893456000");
        assert!(!late.code(0).stderr.contains("SRM314"), "{}", late.stderr);
        let early = on("0");
        assert!(early.code(0).stderr.contains("SRM314"), "{}", early.stderr);
    }
}

#[test]
fn the_shipped_content_has_no_errors() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Folder::new();
    let run = folder.run(&[
        "build",
        project.to_str().unwrap(),
        "--dest-dir",
        "out",
        "--format",
        "short",
    ]);
    run.code(0);
    assert!(!run.stderr.contains(": error["), "{}", run.stderr);
    assert!(folder.join("out/compare/saas-vs-byoc.html").is_file());
}

// ---------------------------------------------------------------------- init

#[test]
fn init_makes_a_project_without_findings() {
    let folder = Folder::new();
    for target in ["", "deep/er", "blank and ümlaut"] {
        let args: &[&str] = if target.is_empty() {
            &["init"]
        } else {
            &["init", target]
        };
        let run = folder.run(args);
        assert_silent(&run.code(0).stdout);
        assert!(run.stderr.contains("created "), "{}", run.stderr);
        let dir = if target.is_empty() { "." } else { target };
        for command in ["check", "build"] {
            let run = folder.run(&[command, dir, "-D", "warnings"]);
            assert!(run.code(0).stderr.contains("no findings"), "{}", run.stderr);
        }
        assert!(folder.join(dir).join("book/index.html").is_file());
        let data = folder.read(&format!("{dir}/book/data/responsibilities.json"));
        let data: Value = serde_json::from_str(&data).unwrap();
        assert_eq!(data["models"].as_array().unwrap().len(), 2);
        assert_eq!(data["parties"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn init_never_overwrites() {
    let folder = Folder::new();
    folder.run(&["init", "--title", "First"]).code(0);
    folder.write("content/index.md", "mine");
    folder.write("content/mine.md", "# Mine\n");
    std::fs::remove_file(folder.join("content/models/byoc.md")).unwrap();
    let mut before = files_of(folder.path());
    let run = folder.run(&["init", "--title", "Second"]);
    assert!(
        run.code(0).stderr.contains("kept    ./content/index.md"),
        "{}",
        run.stderr
    );
    let after = files_of(folder.path());
    before.insert(
        "content/models/byoc.md".into(),
        after["content/models/byoc.md"].clone(),
    );
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    assert!(before == after, "some file changed its bytes");
}

#[test]
fn init_where_it_cannot_write_ends_with_2() {
    let folder = Folder::new();
    folder.write("file", "mine");
    let run = folder.run(&["init", "file"]);
    assert!(
        run.code(2).stderr.contains("cannot write"),
        "{}",
        run.stderr
    );
    assert_eq!(folder.read("file"), "mine");
    folder.write("half/content", "in the way");
    folder.run(&["init", "half"]).code(2);
    assert_eq!(folder.read("half/content"), "in the way");
}

#[test]
fn init_takes_any_title() {
    for title in [
        "Plain",
        "It's \"quoted\" \\ and back\\slashed",
        "責任共有モデル 🔑",
        "two\nlines\tand a tab",
        "# not: a {comment} [or] - list & <b>tag</b>",
        "@TITLE@ {{ site.title }} {% raw %}",
        "'''",
        "\"\"\"",
        "\u{7f}\u{1b}[31m\u{85}\u{2028}\u{feff}x",
        "trailing \\",
    ] {
        let folder = Folder::new();
        folder.run(&["init", "--title", title]).code(0);
        let run = folder.run(&["build", "-D", "warnings"]);
        assert!(
            run.code(0).stderr.contains("no findings"),
            "{title:?}: {}",
            run.stderr
        );
        let data: Value =
            serde_json::from_str(&folder.read("book/data/responsibilities.json")).unwrap();
        assert_eq!(data["title"], title);
        let page = folder.read("book/index.html");
        assert!(!page.contains("<b>tag</b>"), "{title:?} is not escaped");
    }
}

// -------------------------------------------------------------------- schema

const KINDS: [&str; 6] = ["srm", "category", "model", "page", "settings", "data"];

fn schema_of(folder: &Folder, kind: &str) -> Value {
    let run = folder.run(&["schema", kind]);
    assert_eq!(run.code(0).stderr, "");
    let schema: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    schema
}

/// Whether an instance is valid, by the part of JSON Schema (draft 2020-12)
/// that is used here. A keyword this does not know fails the test.
fn mistakes(schema: &Value, root: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
    let keys = match schema {
        Value::Bool(true) => return,
        Value::Bool(false) => return out.push(format!("{at}: nothing is allowed here")),
        Value::Object(keys) => keys,
        other => panic!("{other} is no schema"),
    };
    let valid = |schema: &Value| {
        let mut inner = Vec::new();
        mistakes(schema, root, value, at, &mut inner);
        inner.is_empty()
    };
    let properties = keys.get("properties").and_then(Value::as_object);
    for (key, rule) in keys {
        match key.as_str() {
            "$schema" | "$defs" | "$id" | "title" | "description" | "default" | "examples" => {}
            "$ref" => {
                let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                let target = root.pointer(pointer);
                let target = target.unwrap_or_else(|| panic!("dead $ref {rule}"));
                mistakes(target, root, value, at, out);
            }
            "type" => {
                let types = rule
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![rule.clone()]);
                let fits = types.iter().any(|t| match t.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    other => panic!("unknown type {other}"),
                });
                if !fits {
                    out.push(format!("{at}: {value} is not {rule}"));
                }
            }
            "enum" => {
                if !rule.as_array().unwrap().contains(value) {
                    out.push(format!("{at}: {value} is none of {rule}"));
                }
            }
            "const" => {
                if rule != value {
                    out.push(format!("{at}: {value} is not {rule}"));
                }
            }
            "anyOf" | "oneOf" => {
                let n = rule.as_array().unwrap().iter().filter(|s| valid(s)).count();
                if n == 0 || key == "oneOf" && n > 1 {
                    out.push(format!("{at}: {value} fits {n} of {key}"));
                }
            }
            "allOf" => {
                for part in rule.as_array().unwrap() {
                    mistakes(part, root, value, at, out);
                }
            }
            "properties" => {
                for (name, part) in rule.as_object().unwrap() {
                    if let Some(inner) = value.get(name) {
                        mistakes(part, root, inner, &format!("{at}/{name}"), out);
                    }
                }
            }
            "additionalProperties" => {
                let known = |k: &String| properties.is_some_and(|p| p.contains_key(k));
                for (name, inner) in value.as_object().into_iter().flatten() {
                    if !known(name) {
                        mistakes(rule, root, inner, &format!("{at}/{name}"), out);
                    }
                }
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
                        out.push(format!("{at}: {name} is missing"));
                    }
                }
            }
            "items" => {
                for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
                    mistakes(rule, root, inner, &format!("{at}/{i}"), out);
                }
            }
            "minimum" => {
                if value.as_f64() < rule.as_f64() {
                    out.push(format!("{at}: {value} is below {rule}"));
                }
            }
            // Annotations in this draft, unless a validator is told otherwise.
            "format" => {}
            other => panic!("the schema at {at} uses `{other}`, teach it to this test"),
        }
    }
}

#[track_caller]
fn accepts(schema: &Value, value: &Value, what: &str) {
    let mut out = Vec::new();
    mistakes(schema, schema, value, "", &mut out);
    assert!(out.is_empty(), "{what} does not fit its schema: {out:#?}");
}

#[track_caller]
fn refuses(schema: &Value, value: &Value, what: &str) {
    let mut out = Vec::new();
    mistakes(schema, schema, value, "", &mut out);
    assert!(!out.is_empty(), "the schema accepts {what}: {value:#}");
}

/// YAML (core schema, 1.2) as JSON.
fn yaml_value(text: &str) -> Value {
    fn convert(node: &Node) -> Value {
        match &node.value {
            input::Value::Null => Value::Null,
            input::Value::Scalar { text, kind } if *kind == Scalar::Plain => match text.as_str() {
                "true" => true.into(),
                "false" => false.into(),
                _ => text
                    .parse::<i64>()
                    .map(Value::from)
                    .or_else(|_| text.parse::<f64>().map(Value::from))
                    .unwrap_or_else(|_| text.as_str().into()),
            },
            input::Value::Scalar { text, .. } => text.as_str().into(),
            input::Value::List(items) => items.iter().map(convert).collect(),
            input::Value::Map(entries) => entries
                .iter()
                .map(|(k, v)| (k.text.clone(), convert(v)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }
    let mut findings = Findings::default();
    let node = parse_yaml(text, &Arc::from("test.yaml"), 0, &mut findings).unwrap();
    assert!(findings.list.is_empty(), "{findings:?}");
    convert(&node)
}

fn front_matter(text: &str) -> Value {
    let inner = text.strip_prefix("---\n").map(|t| t.split("\n---").next());
    match inner {
        Some(Some(yaml)) => yaml_value(yaml),
        _ => json!({}),
    }
}

/// All sources of a project with the kind of schema that is theirs.
fn sources(root: &Path) -> Vec<(String, &'static str, Value)> {
    let all: BTreeMap<String, Vec<u8>> = files_of(&root.join("content"));
    let mut out = Vec::new();
    for (path, bytes) in all {
        let text = String::from_utf8(bytes).unwrap();
        let (kind, value) = if path == "srm.yaml" {
            ("srm", yaml_value(&text))
        } else if path.starts_with("categories/") {
            ("category", yaml_value(&text))
        } else if path.starts_with("models/") {
            ("model", front_matter(&text))
        } else if path.ends_with(".md") {
            ("page", front_matter(&text))
        } else {
            continue;
        };
        out.push((path, kind, value));
    }
    let toml: toml::Table =
        toml::from_str(&std::fs::read_to_string(root.join("book.toml")).unwrap()).unwrap();
    let settings = &toml["preprocessor"]["srm"];
    out.push((
        "book.toml".into(),
        "settings",
        serde_json::to_value(settings).unwrap(),
    ));
    out
}

#[test]
fn schemas_accept_what_is_shipped_and_refuse_unknown_keys() {
    let folder = Folder::new();
    folder.run(&["init"]).code(0);
    folder.run(&["build"]).code(0);
    let schemas: BTreeMap<&str, Value> = KINDS
        .into_iter()
        .map(|kind| (kind, schema_of(&folder, kind)))
        .collect();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for root in [Path::new(env!("CARGO_MANIFEST_DIR")), folder.path()] {
        for (path, kind, value) in sources(root) {
            let schema = &schemas[kind];
            accepts(schema, &value, &path);
            *seen.entry(kind).or_default() += 1;
            let mut wrong = value.clone();
            wrong["lable"] = json!("x");
            refuses(schema, &wrong, "an unknown key");
            for (list, item) in [("rows", "rows"), ("parties", "parties")] {
                if value[list].as_array().is_some_and(|l| !l.is_empty()) {
                    let mut wrong = value.clone();
                    wrong[item][0]["lable"] = json!("x");
                    refuses(schema, &wrong, "an unknown key inside");
                }
            }
        }
    }
    let data: Value =
        serde_json::from_str(&folder.read("book/data/responsibilities.json")).unwrap();
    accepts(&schemas["data"], &data, "the data of a site");
    assert_eq!(seen.len(), KINDS.len() - 1, "{seen:?}");

    // What a schema is for: each of these is a mistake an editor can show.
    let row = |cell: Value| json!({"label": "L", "rows": [{"id": "a", "label": "A", "models": {"all": cell}}]});
    let category = &schemas["category"];
    accepts(
        category,
        &row(json!({"responsible": "customer"})),
        "one party",
    );
    accepts(
        category,
        &row(
            json!({"responsible": ["a", "b"], "tasks": {"a": ["T", {"text": "U", "controls": {"soc2": "CC6.1"}}]}}),
        ),
        "every form of a task",
    );
    accepts(
        category,
        &row(json!({"state": "not-applicable", "reason": "none"})),
        "a state",
    );
    refuses(
        category,
        &row(json!({"responsible": 7})),
        "a number for a party",
    );
    refuses(
        category,
        &row(json!({"state": "unknown"})),
        "an unknown word",
    );
    refuses(
        category,
        &row(json!({"tasks": ["T"]})),
        "tasks without a party",
    );
    refuses(category, &json!({"rows": []}), "a category without a label");
    refuses(
        category,
        &json!({"label": "L", "rows": [{"label": "A"}]}),
        "a row without an id",
    );
    let srm = &schemas["srm"];
    refuses(srm, &json!({"parties": []}), "a file without `schema`");
    refuses(
        srm,
        &json!({"schema": "1", "parties": []}),
        "a text for a number",
    );
    refuses(
        srm,
        &json!({"schema": 1, "parties": [{"id": "a", "kind": "friend", "label": "A"}]}),
        "an unknown kind of party",
    );
    refuses(
        &schemas["page"],
        &json!({"draft": "yes"}),
        "a text for yes or no",
    );
    refuses(
        &schemas["settings"],
        &json!({"outputs": {"pdf": true}}),
        "an unknown group of outputs",
    );
}

#[test]
fn files_of_init_name_their_schemas() {
    let folder = Folder::new();
    folder.run(&["init"]).code(0);
    let mut named = 0;
    for (path, bytes) in files_of(folder.path()) {
        let text = String::from_utf8(bytes).unwrap();
        let Some(line) = text.lines().find(|l| l.contains("$schema=")) else {
            let data = path.starts_with("content/") && path.ends_with(".yaml");
            assert!(!data, "{path} names no schema");
            continue;
        };
        let target = line.split("$schema=").nth(1).unwrap().trim();
        let place = folder.join(&path).parent().unwrap().join(target);
        let schema = std::fs::read_to_string(&place).unwrap_or_else(|e| panic!("{path}: {e}"));
        serde_json::from_str::<Value>(&schema).unwrap();
        named += 1;
    }
    assert!(named >= 3);
    // They are the ones this program prints.
    for kind in &KINDS[..5] {
        let made = folder.read(&format!("schema/{kind}.schema.json"));
        assert_eq!(made, folder.run(&["schema", kind]).stdout, "{kind}");
    }
}

#[test]
fn schema_into_a_folder_refuses_to_overwrite() {
    let folder = Folder::new();
    let run = folder.run(&["schema", "-d", "out/schemas"]);
    assert_silent(&run.code(0).stdout);
    for kind in KINDS {
        assert_eq!(
            folder.read(&format!("out/schemas/{kind}.schema.json")),
            folder.run(&["schema", kind]).stdout
        );
    }
    // The same again is no conflict.
    folder.run(&["schema", "--dest-dir", "out/schemas"]).code(0);
    folder.write("out/schemas/page.schema.json", "mine");
    let before = files_of(folder.path());
    let run = folder.run(&["schema", "-d", "out/schemas"]);
    assert!(matches!(run.code, Some(1 | 2)), "{}", run.stderr);
    assert!(run.stderr.contains("page.schema.json"), "{}", run.stderr);
    assert!(before == files_of(folder.path()));
}

// ------------------------------------------------------- completions and man

#[test]
fn completions_for_every_shell() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = folder.run(&["completions", shell]);
        assert_eq!(run.code(0).stderr, "");
        for word in ["srm-site", "build", "dest-dir", "strict"] {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
        assert_eq!(run.stdout, folder.run(&["completion", shell]).stdout);
    }
    // The one shell every test machine has reads its script.
    folder.write("complete.sh", folder.run(&["completions", "bash"]).stdout);
    let status = Command::new("bash")
        .args(["-n", "complete.sh"])
        .current_dir(folder.path())
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn the_manual_page_names_every_command() {
    let folder = Folder::new();
    let run = folder.run(&["man"]);
    assert_eq!(run.code(0).stderr, "");
    assert!(run.stdout.contains(".TH srm-site 1"), "{}", run.stdout);
    let plain = run.stdout.replace('\\', "");
    for word in [
        "init",
        "build",
        "check",
        "clean",
        "schema",
        "completions",
        "man",
    ] {
        assert!(plain.contains(&format!("srm-site-{word}")), "{word}");
    }
}
