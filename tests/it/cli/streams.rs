//! Formats for programs, colour, and streams that cannot be written.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{acknowledged, assert_silent, broken, warned};
use crate::harness::Run;
use crate::harness::projects::{TWO_MODELS, project};

#[test]
fn formats_for_programs_are_parsable_data_on_stdout() {
    let folder = acknowledged()
        .page("more.md", "# More\n\nSee [that](nowhere.md).\n")
        .on_disk();
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
    let folder = project(TWO_MODELS).on_disk();
    folder.write("out/index.html", "mine");
    let run = folder.run(&["build", "-d", "out", "--format", "json"]);
    let line: Value = serde_json::from_str(run.code(2).stdout.trim()).unwrap();
    assert_eq!(line["code"], "SRM702");
    assert_eq!(folder.read("out/index.html"), "mine");
    let run = folder.run(&["build", "-d", ".", "--format", "json"]);
    let line: Value = serde_json::from_str(run.code(2).stdout.trim()).unwrap();
    assert_eq!(line["code"], "SRM701");
}

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
    let folder = broken().on_disk();
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
    let clean = project(TWO_MODELS).on_disk();
    for command in ["check", "build"] {
        let run = clean.run(&[command, "-q"]);
        assert_eq!((run.code(0).stderr.as_str(), run.stdout.as_str()), ("", ""));
    }
    assert_eq!(clean.run(&["clean", "--quiet"]).code(0).stderr, "");
    let warned = warned().on_disk();
    assert!(
        warned
            .run(&["build", "-q"])
            .code(0)
            .stderr
            .contains("SRM304")
    );

    let known = acknowledged().on_disk();
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
    let plain = known.run(&["check"]);
    assert!(!plain.code(0).stderr.contains("SRM304"), "{}", plain.stderr);
    assert!(plain.stderr.contains("1 acknowledged"), "{}", plain.stderr);
    let verbose = known.run(&["check", "--verbose"]).stderr;
    assert!(verbose.contains("Said twice on purpose"), "{verbose}");
}

#[test]
fn streams_that_cannot_be_written_never_cause_a_panic() {
    let folder = warned().on_disk();
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
    let folder = warned().on_disk();
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
