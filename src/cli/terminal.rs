//! What is printed where, and how the process ends.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::hash::{BuildHasher, RandomState};
use std::io::{IsTerminal, Write};
use std::time::Duration;

use crate::cli::args::{Cli, Color};
use crate::findings::{Findings, Severity};
use crate::report::{self, ReportFormat};
use crate::site::Outcome;
use crate::source::Source;

/// The exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything is fine.
    Fine = 0,
    /// Findings stopped the command.
    Findings = 1,
    /// The command line or the settings are wrong, or the system refused.
    Usage = 2,
}

/// How much is printed, and how.
#[derive(Clone, Copy)]
pub(super) struct Terminal {
    pub(super) color: bool,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
}

/// Prints a line to standard error. It is no failure if no one reads it. The line may
/// contain file names, which can have any characters.
pub(super) fn complain(line: &str) {
    let mut line = report::plain(line);
    if on_github() {
        line = line.replace("##[", "# #[");
        if line.trim_start().starts_with("::") {
            line = line.replacen("::", ": :", 1);
        }
    }
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Whether GitHub's runner reads what is printed. It finds commands in both outputs:
/// `::` at the beginning of a line, and `##[` anywhere.
pub(super) fn on_github() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| !value.is_empty())
}

/// Lines with content of the user's files: excerpts and differences. GitHub's runner
/// is told to ignore commands in them until it reads an unpredictable word.
pub(super) fn foreign(lines: &str) -> Cow<'_, str> {
    if lines.is_empty() || !on_github() {
        return Cow::Borrowed(lines);
    }
    let random = RandomState::new();
    let word = format!("{:016x}{:016x}", random.hash_one(0), random.hash_one(1));
    let end = if lines.ends_with('\n') { "" } else { "\n" };
    Cow::Owned(format!("::stop-commands::{word}\n{lines}{end}::{word}::\n"))
}

/// The exit code of a run. Mistakes in the settings count as wrong usage, all others
/// as findings.
pub(super) fn exit(outcome: &Outcome) -> Exit {
    let in_settings = |f: &crate::findings::Finding| {
        f.severity == Severity::Error && f.place.as_ref().is_some_and(|p| &*p.file == "book.toml")
    };
    match outcome.failed {
        false => Exit::Fine,
        true if outcome.findings.list.iter().any(in_settings) => Exit::Usage,
        true => Exit::Findings,
    }
}

pub(super) fn pages(n: usize) -> String {
    if n == 1 {
        "1 page".into()
    } else {
        format!("{n} pages")
    }
}

pub(super) fn elapsed(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

impl Terminal {
    pub(super) fn new(cli: &Cli) -> Self {
        let env = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        Terminal {
            color: match cli.color {
                Color::Always => true,
                Color::Never => false,
                // https://no-color.org
                Color::Auto => {
                    !env("NO_COLOR")
                        && std::env::var("TERM").is_ok_and(|t| t != "dumb")
                        && std::io::stderr().is_terminal()
                }
            },
            quiet: cli.quiet,
            verbose: cli.verbose,
        }
    }

    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            complain(line);
        }
    }

    /// Writes data to standard output. A closed pipe is not a failure.
    pub(super) fn data(&self, bytes: &[u8]) -> Exit {
        let mut out = std::io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
                complain(&format!("error: {e}"));
                Exit::Usage
            }
            _ => Exit::Fine,
        }
    }

    /// Reports findings: formats for people go to standard error, formats for
    /// programs to standard output.
    pub(super) fn report(
        &self,
        findings: &Findings,
        source: &Source,
        format: ReportFormat,
        all: bool,
    ) -> Exit {
        let color = self.color && format == ReportFormat::Human;
        self.print(format, &report::write(findings, source, format, color, all))
    }

    pub(super) fn print(&self, format: ReportFormat, text: &str) -> Exit {
        match format {
            ReportFormat::Human | ReportFormat::Short => {
                let text = foreign(text);
                let _ = std::io::stderr().lock().write_all(text.as_bytes());
                Exit::Fine
            }
            ReportFormat::Json | ReportFormat::Github | ReportFormat::Sarif => {
                self.data(text.as_bytes())
            }
        }
    }

    /// Opens a file or an address in a browser.
    pub(super) fn open(&self, page: impl AsRef<OsStr>) {
        let page = page.as_ref();
        let (program, first): (&str, &[&str]) = if cfg!(target_os = "macos") {
            ("open", &[])
        } else if cfg!(windows) {
            ("cmd", &["/c", "start", ""])
        } else {
            ("xdg-open", &[])
        };
        let started = std::process::Command::new(program)
            .args(first)
            .arg(page)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn();
        if started.is_err() {
            self.say(&format!(
                "could not start a browser ({program}); open {} yourself",
                page.to_string_lossy()
            ));
        }
    }
}
