//! Keeps what was printed, so that `serve` and `watch` print nothing twice.

use std::collections::HashSet;

use crate::findings::{Code, Finding, Findings};
use crate::report::{self, ReportFormat};
use crate::source::Source;

/// The findings that were printed and still stand.
#[derive(Default)]
pub(super) struct Told(HashSet<String>);

impl Told {
    /// Those of the current findings that are to be printed now. A SARIF log is one
    /// document, so it has all of them or is not printed.
    pub(super) fn news(
        &mut self,
        findings: &Findings,
        source: &Source,
        format: ReportFormat,
    ) -> Option<Findings> {
        let list = findings.list.iter();
        let keyed: Vec<(String, &Finding)> = list.map(|f| (key(f, source), f)).collect();
        let now: HashSet<String> = keyed.iter().map(|(key, _)| key.clone()).collect();
        let is_new = |(key, _): &&(String, &Finding)| !self.0.contains(key);
        let mut news = Findings::default();
        let new = keyed.iter().filter(is_new);
        new.for_each(|(_, finding)| news.push((*finding).clone()));
        let changed = now != self.0;
        self.0 = now;
        match format {
            ReportFormat::Sarif => changed.then(|| findings.clone()),
            _ => (!news.list.is_empty()).then_some(news),
        }
    }
}

/// Equal for findings that say the same. A disk that is full fails at another file each
/// time, so there the reason alone counts.
fn key(finding: &Finding, source: &Source) -> String {
    if finding.code == Code::WriteFailed {
        let reason = finding.message.rsplit(": ").next();
        return format!("{} {}", finding.code.id(), reason.unwrap_or_default());
    }
    let mut one = Findings::default();
    one.push(finding.clone());
    report::write(&one, source, ReportFormat::Human, false, true)
}
