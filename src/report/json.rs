//! Writes findings as JSON, one for each line.

use serde::Serialize;
use serde_json::json;

use crate::findings::{Finding, Place};
use crate::report::plain::plain_json;
use crate::report::position;
use crate::source::Source;

#[derive(Serialize)]
struct JsonFinding<'a> {
    pub(super) code: &'static str,
    pub(super) severity: &'static str,
    pub(super) message: &'a str,
    pub(super) file: Option<String>,
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    pub(super) label: &'a str,
    pub(super) related: Vec<serde_json::Value>,
    pub(super) help: &'a [String],
    pub(super) acknowledged: Option<&'a str>,
}

pub(super) fn json_line(finding: &Finding, source: &Source) -> String {
    let position_of = |place: &Place| position(place, source);
    let at = finding.place.as_ref().and_then(position_of);
    let record = JsonFinding {
        code: finding.code.id(),
        severity: finding.severity.word(),
        message: &finding.message,
        file: finding.place.as_ref().map(|p| source.shown(&p.file)),
        line: at.map(|(s, _)| s.line),
        column: at.map(|(s, _)| s.column),
        end_line: at.map(|(_, e)| e.line),
        end_column: at.map(|(_, e)| e.column),
        label: &finding.label,
        related: finding
            .related
            .iter()
            .map(|(place, label)| {
                let at = position_of(place).map(|(s, _)| s);
                json!({
                    "file": source.shown(&place.file),
                    "line": at.map(|a| a.line),
                    "column": at.map(|a| a.column),
                    "label": label,
                })
            })
            .collect(),
        help: &finding.help,
        acknowledged: finding.acknowledged.as_deref(),
    };
    serde_json::to_string(&record).map_or(String::new(), |line| plain_json(&line) + "\n")
}
