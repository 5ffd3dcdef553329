//! Findings as text, in each format.

use std::collections::BTreeSet;

use srm_site::findings::{Code, Findings};
use srm_site::report::{self, ReportFormat as Format};
use srm_site::source::Source;

use super::{corpus, read_fixture, run_fixture};
use crate::sites::updating;

fn formats_fixture() -> (Source, Findings) {
    let text = std::fs::read_to_string(corpus().join("formats/fixture.txt")).unwrap();
    let (source, findings, _) = run_fixture(&read_fixture("fixture.txt", &text));
    assert!(findings.list.len() >= 8, "{:#?}", findings.list);
    (source, findings)
}

#[track_caller]
fn golden(file: &str, actual: &str) {
    let path = corpus().join("formats").join(file);
    if updating() {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected != actual {
        let at = expected
            .lines()
            .zip(actual.lines())
            .position(|(e, a)| e != a);
        let at = at.unwrap_or_else(|| expected.lines().count().min(actual.lines().count()));
        panic!(
            "{file}:{} (UPDATE=1 to accept)\n  expected: {}\n  actual:   {}",
            at + 1,
            expected.lines().nth(at).unwrap_or("(end)"),
            actual.lines().nth(at).unwrap_or("(end)"),
        );
    }
}

#[test]
fn human_format() {
    let (source, findings) = formats_fixture();
    golden(
        "human.txt",
        &report::write(&findings, &source, Format::Human, false, false),
    );
    golden(
        "human-all.txt",
        &report::write(&findings, &source, Format::Human, false, true),
    );
    // Colour adds escapes and nothing else.
    let colored = report::write(&findings, &source, Format::Human, true, false);
    assert!(colored.contains("\u{1b}["));
    let plain = report::write(&findings, &source, Format::Human, false, false);
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(without_escapes(&colored), plain);
}

fn without_escapes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('m').unwrap();
        rest = &rest[at + end + 1..];
    }
    out + rest
}

#[test]
fn short_format() {
    let (source, findings) = formats_fixture();
    let text = report::write(&findings, &source, Format::Short, false, true);
    golden("short.txt", &text);
    assert_eq!(text.lines().count(), findings.list.len());
    let shown = report::write(&findings, &source, Format::Short, false, false);
    assert_eq!(
        shown.lines().count(),
        findings.list.len() - findings.acknowledged()
    );
}

#[test]
fn github_format() {
    let (source, findings) = formats_fixture();
    let text = report::write(&findings, &source, Format::Github, false, true);
    golden("github.txt", &text);
    for line in text.lines() {
        let rest = line.strip_prefix("::").unwrap();
        let (command, message) = rest.split_once("::").unwrap();
        let (word, properties) = command.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&word), "{line}");
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').unwrap();
            assert!(
                ["file", "line", "col", "endColumn", "title"].contains(&name),
                "{line}"
            );
            assert!(!value.is_empty() && !value.contains(':'), "{line}");
        }
        assert!(!message.is_empty());
    }
}

#[test]
fn json_format() {
    let (source, findings) = formats_fixture();
    let text = report::write(&findings, &source, Format::Json, false, false);
    golden("json.txt", &text);
    let records: Vec<serde_json::Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(
        records.len(),
        findings.list.len(),
        "acknowledged ones as well"
    );
    for (record, finding) in records.iter().zip(&findings.list) {
        assert_eq!(record["code"], finding.code.id());
        assert_eq!(record["severity"], finding.severity.word());
        assert_eq!(record["message"], finding.message.as_str());
        assert_eq!(
            record["acknowledged"].as_str(),
            finding.acknowledged.as_deref()
        );
        assert_eq!(
            record["file"].as_str(),
            finding.place.as_ref().map(|p| &*p.file)
        );
    }
}

/// The structure SARIF 2.1.0 requires (OASIS, sections 3.13, 3.14, 3.27, 3.30,
/// 3.49): what a consumer would reject.
#[test]
fn sarif_format() {
    let (source, findings) = formats_fixture();
    let text = report::write(&findings, &source, Format::Sarif, false, false);
    let mut log: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().contains("sarif-2.1.0"));
    let runs = log["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    let run = &runs[0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "srm-site");
    assert!(["utf16CodeUnits", "unicodeCodePoints"].contains(&run["columnKind"].as_str().unwrap()));
    let rules = driver["rules"].as_array().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "rule ids are unique");
    assert_eq!(ids.len(), Code::ALL.len());
    let levels = ["error", "warning", "note", "none"];
    for rule in rules {
        assert!(rule["shortDescription"]["text"].is_string());
        let level = rule["defaultConfiguration"]["level"].as_str().unwrap();
        assert!(levels.contains(&level));
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.list.len());
    let check_location = |location: &serde_json::Value| {
        let physical = &location["physicalLocation"];
        let artifact = &physical["artifactLocation"];
        let uri = artifact["uri"].as_str().unwrap();
        assert!(!uri.starts_with('/') && !uri.contains([' ', '\\']), "{uri}");
        if artifact["uriBaseId"].is_string() {
            assert_eq!(artifact["uriBaseId"], "%SRCROOT%");
        }
        if let Some(region) = physical.get("region") {
            let n = |key: &str| {
                region[key]
                    .as_u64()
                    .unwrap_or_else(|| panic!("{key}: {region}"))
            };
            assert!(n("startLine") >= 1 && n("startColumn") >= 1);
            assert!(n("endLine") >= n("startLine") && n("endColumn") >= 1);
            assert!(n("endLine") > n("startLine") || n("endColumn") > n("startColumn"));
        }
    };
    for (result, finding) in results.iter().zip(&findings.list) {
        assert!(levels.contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(result["ruleId"], finding.code.id());
        for location in result["locations"].as_array().unwrap() {
            check_location(location);
        }
        for location in result["relatedLocations"].as_array().into_iter().flatten() {
            check_location(location);
            assert!(location["message"]["text"].is_string());
        }
        match &finding.acknowledged {
            Some(reason) => {
                assert_eq!(result["suppressions"][0]["kind"], "inSource");
                assert_eq!(result["suppressions"][0]["justification"], reason.as_str());
            }
            None => assert!(
                result
                    .get("suppressions")
                    .is_none_or(|s| s == &serde_json::json!([]))
            ),
        }
    }
    // The golden file leaves out what every release changes.
    log["runs"][0]["tool"]["driver"]["version"] = "VERSION".into();
    log["runs"][0]["tool"]["driver"]["rules"] = "all codes".into();
    golden(
        "sarif.json",
        &(serde_json::to_string_pretty(&log).unwrap() + "\n"),
    );
}

#[test]
fn summary_line_counts() {
    let (_, findings) = formats_fixture();
    let text = report::summary(&findings);
    use srm_site::findings::Severity::{Error, Note, Warning};
    let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    let wanted = [
        plural(findings.count(Error), "error"),
        plural(findings.count(Warning), "warning"),
        plural(findings.count(Note), "note"),
        format!("{} acknowledged", findings.acknowledged()),
    ];
    assert_eq!(text, wanted.join(", "));
    assert_eq!(report::summary(&Findings::default()), "no findings");
}
