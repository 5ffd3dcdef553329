//! Names and excerpts in messages are no commands to a CI system.

use super::{CATEGORY, PAGE};
use crate::harness::projects::{ONE_MODEL, project};
use crate::harness::{Folder, Run, fed};

/// A name that would begin a line with a command, and act on a terminal.
const NAME: &str = "b\n::error::from-a-name\n\u{1b}]0;t\u{7}\u{202e}##[error]x.md";

/// Fails if a text could act on a terminal.
#[track_caller]
fn assert_tame(text: &str) {
    let active = |c: char| {
        c.is_control() && c != '\n' && c != '\t'
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(active), "{text:?}");
}

/// Fails if GitHub's runner would take a command from what was printed, and
/// gives those that the program means. Commands in stretches that the runner is
/// told to leave alone are none; each stretch has another word that ends it.
#[track_caller]
fn commands(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut words = std::collections::BTreeSet::new();
    let mut stopped: Option<&str> = None;
    for line in text.lines() {
        let command = line.trim_start().strip_prefix("::");
        match (stopped, command) {
            (Some(word), _) => {
                if line == format!("::{word}::") {
                    stopped = None;
                }
            }
            (None, Some(command)) => match command.strip_prefix("stop-commands::") {
                Some(word) => {
                    assert!(word.len() >= 32 && words.insert(word), "{word}");
                    stopped = Some(word);
                }
                None => found.push(line),
            },
            (None, None) => assert!(!line.contains("##["), "{line}"),
        }
    }
    assert_eq!(stopped, None, "{text}");
    found
}

/// A run in a folder as a step of GitHub Actions.
fn on_github(folder: &Folder, args: &[&str]) -> Run {
    let mut command = folder.command(args);
    Run::of(command.env("GITHUB_ACTIONS", "true").output().unwrap())
}

const REGION: &str = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";

#[test]
fn names_of_documents_command_nothing() {
    let folder = project(ONE_MODEL).on_disk();
    let name = format!("docs/{NAME}");
    folder.write(&name, REGION);
    let run = folder.run(&["embed", "docs"]);
    assert!(
        run.code(0).stderr.contains("wrote   docs/b"),
        "{}",
        run.stderr
    );
    assert_tame(&run.stderr);
    assert!(
        !run.stderr.lines().any(|l| l.starts_with("::")),
        "{}",
        run.stderr
    );
    for format in ["human", "short", "github"] {
        folder.write(&name, REGION);
        let run = on_github(&folder, &["embed", "docs", "--format", format]);
        assert_tame(&run.code(0).stderr);
        assert_eq!(commands(&run.stderr), [""; 0]);
    }
    // A folder that is named in the settings, and one on the command line.
    let out = "o\n::error::x\u{1b}[2J##[error]";
    let settings = serde_json::to_string(out).unwrap();
    folder.write(
        "book.toml",
        format!("[book]\ntitle = \"T\"\nsrc = \"content\"\n[build]\nbuild-dir = {settings}\n"),
    );
    for args in [
        &["build"][..],
        &["build", "-d", out],
        &["clean", "-d", out],
        &["init", out],
    ] {
        let run = on_github(&folder, args);
        assert_tame(&run.stderr);
        assert_eq!(commands(&run.stderr), [""; 0], "{args:?}");
    }
    // What was typed, where it is no argument.
    let run = on_github(&folder, &["embed", "--x\n::error::y\u{1b}[2J##[error]"]);
    assert_tame(&run.code(2).stderr);
    assert_eq!(commands(&run.stderr), [""; 0]);
    let run = folder.run(&["embed", "--x\u{1b}[2J"]);
    assert_tame(&run.code(2).stderr);
}

#[test]
fn excerpts_and_differences_command_nothing() {
    let folder = project(ONE_MODEL).on_disk();
    let evil = " ::stop-commands::zzz\n::error title=Fake::forged\n##[error]forged\n\u{1b}[2J\u{7}\u{9b}1m\u{202e}\r\n";
    folder.write("d.md", format!("{evil}{REGION}{evil}"));
    folder.write(
        PAGE,
        "# P\n\n::error::forged [x](nowhere.md) ##[error]forged\n",
    );
    for format in ["human", "short"] {
        let run = on_github(&folder, &["check", "--format", format]);
        assert!(run.code(1).stderr.contains("nowhere.md"));
        assert_eq!(commands(&run.stderr), [""; 0]);
    }
    // A stretch is marked off by a word that no file can hold.
    let word = |run: &Run| {
        let (_, rest) = run.stderr.split_once("::stop-commands::").unwrap();
        rest.lines().next().unwrap().to_string()
    };
    let check = || on_github(&folder, &["check"]);
    assert_ne!(word(&check()), word(&check()));
    let run = folder.run(&["check"]);
    assert!(!run.stderr.contains("stop-commands"));
    folder.write(PAGE, "# P\n");
    let run = on_github(&folder, &["embed", "--check", "d.md"]);
    run.code(1);
    assert!(run.stdout.contains("+| "), "{}", run.stdout);
    for said in [&run.stdout, &run.stderr] {
        assert_tame(said);
        assert_eq!(commands(said), [""; 0]);
    }
    let run = folder.run(&["embed", "--check", "d.md"]);
    assert_tame(&run.code(1).stdout);
    assert!(!run.stdout.contains("::stop-commands::zzz\n::stop-commands"));
}

#[test]
fn annotations_are_the_only_commands() {
    let folder = project(ONE_MODEL).on_disk();
    let evil = "\u{1b}]0;t\u{7}\u{9b}1m\u{202e}##[error]z";
    let yaml: String = evil
        .chars()
        .map(|c| format!("\\U{:08X}", u32::from(c)))
        .collect();
    folder.write(
        CATEGORY,
        format!("label: More\n\"{yaml}\": x\nrows:\n  - {{id: \"a{yaml}\", label: x}}\n"),
    );
    let run = on_github(&folder, &["check", "--format", "github"]);
    assert_tame(&run.code(1).stdout);
    let annotations = commands(&run.stdout);
    assert!(annotations.len() >= 2);
    assert!(annotations.iter().all(|a| a.contains("title=SRM")));
    // Programs read what is there; a terminal and a runner see nothing to act on.
    for format in ["json", "sarif"] {
        let run = on_github(&folder, &["check", "--format", format]);
        assert_tame(&run.code(1).stdout);
        assert_eq!(commands(&run.stdout), [""; 0]);
        let all: Vec<serde_json::Value> = match format {
            "json" => run
                .stdout
                .lines()
                .map(|l| serde_json::from_str(l).unwrap())
                .collect(),
            _ => vec![serde_json::from_str(&run.stdout).unwrap()],
        };
        let messages: Vec<&str> = match format {
            "json" => all
                .iter()
                .filter_map(|one| one["message"].as_str())
                .collect(),
            _ => {
                let results = all[0]["runs"][0]["results"].as_array().unwrap();
                let texts = results.iter().map(|result| &result["message"]["text"]);
                texts.filter_map(|text| text.as_str()).collect()
            }
        };
        let said = messages.iter().any(|message| message.contains(evil));
        assert!(said, "{format}");
    }
}

#[test]
fn data_on_standard_output_is_left_as_it_is() {
    let folder = project(ONE_MODEL).on_disk();
    folder.write(
        CATEGORY,
        "label: More\nrows:\n  - id: a\n    label: \"::error::x ##[error] \\u009b2J \\u202e\"\n    \
         models: {saas: {responsible: customer}}\n",
    );
    let table = ["table", "summary", "model=saas", "--format", "csv"];
    let plain = folder.run(&table);
    let github = on_github(&folder, &table);
    assert!(
        plain
            .code(0)
            .stdout
            .contains("::error::x ##[error] \u{9b}2J \u{202e}")
    );
    assert_eq!(github.code(0).stdout, plain.stdout);
    let text = format!("::error::x ##[error] \u{1b}[2J\r\n{REGION}");
    let pass = |name: &str| {
        let mut command = folder.command(&["embed", "-"]);
        command.env(name, "true");
        fed(command, &text)
    };
    let github = pass("GITHUB_ACTIONS");
    assert!(
        github
            .code(0)
            .stdout
            .starts_with("::error::x ##[error] \u{1b}[2J\r\n")
    );
    assert_eq!(github.stdout, pass("NOTHING").stdout);
}
