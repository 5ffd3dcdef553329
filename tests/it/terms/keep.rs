//! Mappings by party that a model's cell lays over those of `all`.

use serde_json::Value;

use crate::harness::matrix::cell;
use crate::harness::projects::{Project, THREE_PARTIES, project};

/// A row whose cell of `byoc` is written over that of `all`.
fn row(byoc: &str) -> Project {
    project(THREE_PARTIES).rows(&format!(
        "  - id: keys
    label: Keys
    models:
      all:
        responsible: [customer, provider]
        tasks: {{customer: [Ask.], provider: [Answer.]}}
        scope: {{customer: this, provider: that}}
        conditional: {{customer: at night, provider: by day}}
        summary: {{customer: Asks, provider: Answers}}
      byoc: {byoc}
"
    ))
}

/// The texts of a key, or the tasks, with their parties: `customer: Ask.`.
fn texts(byoc: &str, key: &str) -> Vec<String> {
    let built = row(byoc).build();
    let cell = cell(&built, "keys", "byoc");
    let word = |value: &Value| value.as_str().unwrap().to_string();
    let mut texts = Vec::new();
    for entry in cell[key].as_array().unwrap() {
        let party = word(&entry["party"]);
        match entry["tasks"].as_array() {
            Some(tasks) => texts.extend(
                tasks
                    .iter()
                    .map(|t| format!("{party}: {}", word(&t["text"]))),
            ),
            None => texts.push(format!("{party}: {}", word(&entry["text"]))),
        }
    }
    texts
}

#[test]
fn without_it_a_mapping_is_replaced_as_a_whole() {
    assert_eq!(
        texts("{tasks: {customer: [Call.]}}", "tasks"),
        ["customer: Call."]
    );
    assert_eq!(
        texts("{scope: {customer: all}}", "scope"),
        ["customer: all"]
    );
}

#[test]
fn tasks_are_laid_over_by_party() {
    let tasks = |own: &str| texts(&format!("{{keep: [tasks], tasks: {own}}}"), "tasks");
    assert_eq!(
        tasks("{customer: [Call., Write.]}"),
        ["customer: Call.", "customer: Write.", "provider: Answer."]
    );
    assert_eq!(
        tasks("{cloud: [Host.]}"),
        ["customer: Ask.", "provider: Answer.", "cloud: Host."]
    );
    assert_eq!(tasks("{customer: []}"), ["provider: Answer."]);
}

#[test]
fn so_are_summaries_scopes_and_conditions() {
    for (key, kept) in [
        ("scope", "provider: that"),
        ("conditional", "provider: by day"),
        ("summary", "provider: Answers"),
    ] {
        let byoc = format!("{{keep: [{key}], {key}: {{customer: other}}}}");
        assert_eq!(texts(&byoc, key), ["customer: other", kept], "{key}");
        // Another key is no part of it.
        let other =
            format!("{{keep: [tasks], tasks: {{customer: [Call.]}}, {key}: {{customer: other}}}}");
        assert_eq!(texts(&other, key), ["customer: other"], "{key}");
    }
}

#[test]
fn a_state_keeps_nothing() {
    let tasks = texts(
        "{state: unassigned, reason: None., keep: [tasks], tasks: {customer: [Call.]}}",
        "tasks",
    );
    assert_eq!(tasks, ["customer: Call."]);
}

#[test]
fn a_party_without_tasks_is_asked_about_with_the_key() {
    let built = row("{tasks: {customer: [Call.]}}").build();
    let findings = &built.findings().list;
    let finding = findings.iter().find(|f| f.code.id() == "SRM203").unwrap();
    assert!(finding.help[1].contains("`keep: [tasks]`"), "{finding:?}");
    let kept = row("{keep: [tasks], tasks: {customer: [Call.]}}").build();
    assert_eq!(kept.lines_of("SRM203"), [""; 0]);
}

#[test]
fn a_key_that_cannot_be_kept_is_reported() {
    let built = row("{keep: [task], tasks: {customer: [Call.]}}").build();
    let lines = built.lines_of("SRM008");
    assert!(
        lines[0].starts_with("content/categories/data.yaml:12:21"),
        "{lines:?}"
    );
    let none = row("{keep: [tasks]}").build();
    assert_eq!(none.lines_of("SRM220").len(), 1);
}

#[test]
fn an_empty_text_takes_back_that_of_one_party() {
    for (key, kept) in [
        ("scope", "provider: that"),
        ("conditional", "provider: by day"),
        ("summary", "provider: Answers"),
    ] {
        let own = format!("{{keep: [{key}], {key}: {{customer: \"\"}}}}");
        assert_eq!(texts(&own, key), [kept], "{key}");
        // Without it, only the other party's words are left, of which there are none.
        let own = format!("{{{key}: {{customer: \"\"}}}}");
        assert_eq!(texts(&own, key), [""; 0], "{key}");
        // Nothing of it is shown.
        let own = format!("{{keep: [{key}], {key}: {{customer: \"\", provider: \"\"}}}}");
        assert_eq!(texts(&own, key), [""; 0], "{key}");
    }
    // A party that does not exist is still reported.
    let built = row("{keep: [scope], scope: {custmer: \"\"}}").build();
    assert_eq!(built.lines_of("SRM104").len(), 1, "{:?}", built.lines());
}
