//! Writes findings as SARIF, for code scanning.

use serde_json::json;

use crate::findings::{Code, Findings, Place, Severity};
use crate::report::plain::plain_json;
use crate::report::position;
use crate::source::Source;

/// SARIF 2.1.0 (OASIS). Columns count characters, as `columnKind` states.
pub(super) fn sarif(findings: &Findings, source: &Source) -> String {
    let results: Vec<serde_json::Value> = findings
        .list
        .iter()
        .map(|f| {
            let mut text = f.message.clone();
            for help in &f.help {
                text.push_str("\nhelp: ");
                text.push_str(help);
            }
            let rule = Code::ALL.iter().position(|c| *c == f.code);
            let mut result = json!({
                "ruleId": f.code.id(),
                "ruleIndex": rule,
                "level": level(f.severity),
                "message": { "text": text },
                "locations": f.place.iter().map(|p| json!({ "physicalLocation": location(p, source) }))
                    .collect::<Vec<_>>(),
                "relatedLocations": f.related.iter().map(|(p, label)| json!({
                    "physicalLocation": location(p, source), "message": { "text": label },
                })).collect::<Vec<_>>(),
            });
            if let Some(reason) = &f.acknowledged {
                result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
            }
            result
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "srm-site",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).map_or(String::new(), |text| plain_json(&text) + "\n")
}

/// The rules: every code, even those without findings.
fn rules() -> Vec<serde_json::Value> {
    Code::ALL
        .iter()
        .map(|c| {
            json!({
                "id": c.id(),
                "shortDescription": { "text": c.title() },
                "fullDescription": { "text": c.why() },
                "defaultConfiguration": { "level": level(c.severity()) },
            })
        })
        .collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn location(place: &Place, source: &Source) -> serde_json::Value {
    let mut physical = json!({ "artifactLocation": {
        "uri": crate::text::encode(&source.shown(&place.file)), "uriBaseId": "%SRCROOT%",
    }});
    if let Some((start, end)) = position(place, source) {
        physical["region"] = json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": if end.line == start.line { end.column.max(start.column + 1) } else { end.column },
        });
    }
    physical
}
