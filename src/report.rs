//! Writes findings as text: for people, one line each, JSON, GitHub annotations and
//! SARIF. All formats have the same content; those for people fold equal findings.

mod browser;
mod excerpt;
mod folded;
mod github;
mod human;
mod json;
mod plain;
mod sarif;

use crate::findings::{Finding, Findings, LineCol, Place, Severity, line_col};
use crate::report::folded::folded;
use crate::report::github::github;
use crate::report::human::human;
use crate::report::json::json_line;
use crate::report::sarif::sarif;
use crate::source::Source;

pub use crate::report::browser::{Problem, problems};
pub use crate::report::plain::{plain, plain_json, plain_lines};

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormat {
    /// With an excerpt that marks the place, and help.
    Human,
    /// One line for each finding: file:line:col, severity, code, message.
    Short,
    /// One JSON object for each line.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

impl ReportFormat {
    /// Whether the host of a repository reads it, which knows paths from its top.
    pub fn is_for_repositories(self) -> bool {
        matches!(self, ReportFormat::Github | ReportFormat::Sarif)
    }
}

/// Writes findings. JSON and SARIF always contain acknowledged findings, marked as
/// such. The other formats leave them out unless `all` is set. Those for people and for
/// GitHub's annotations, of which a step may have ten, fold equal findings.
pub fn write(
    findings: &Findings,
    source: &Source,
    format: ReportFormat,
    color: bool,
    all: bool,
) -> String {
    let shown = || {
        let list = findings.list.iter();
        list.filter(move |f| all || f.acknowledged.is_none())
    };
    match format {
        ReportFormat::Human => {
            let folded = folded(shown(), false);
            folded.iter().map(|f| human(f, source, color)).collect()
        }
        ReportFormat::Short => shown().map(|f| short(f, source)).collect(),
        ReportFormat::Json => findings.list.iter().map(|f| json_line(f, source)).collect(),
        ReportFormat::Github => {
            let folded = folded(shown(), true);
            folded.iter().map(|f| github(f, source)).collect()
        }
        ReportFormat::Sarif => sarif(findings, source),
    }
}

/// Line and column of a place, if its file was read.
fn position(place: &Place, source: &Source) -> Option<(LineCol, LineCol)> {
    let text = source.known(&place.file)?;
    Some((
        line_col(&text.text, place.start),
        line_col(&text.text, place.end),
    ))
}

fn short(finding: &Finding, source: &Source) -> String {
    let place = match &finding.place {
        Some(place) => match position(place, source) {
            Some((start, _)) => format!("{}:{start}: ", plain(&source.shown(&place.file))),
            None => format!("{}: ", plain(&source.shown(&place.file))),
        },
        None => String::new(),
    };
    let (word, reason) = match &finding.acknowledged {
        Some(reason) => ("acknowledged", format!(" ({})", plain(reason))),
        None => (finding.severity.word(), String::new()),
    };
    format!(
        "{place}{word}[{}]: {}{reason}\n",
        finding.code.id(),
        plain(&finding.message)
    )
}

/// One line that sums up a run: `2 errors, 1 warning, 26 acknowledged`.
pub fn summary(findings: &Findings) -> String {
    let count = |n: usize, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let parts: Vec<String> = [
        count(findings.count(Severity::Error), "error"),
        count(findings.count(Severity::Warning), "warning"),
        count(findings.count(Severity::Note), "note"),
        match findings.acknowledged() {
            0 => None,
            n => Some(format!("{n} acknowledged")),
        },
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        "no findings".into()
    } else {
        parts.join(", ")
    }
}
