//! Compares what was read with what is right.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

fn blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(value: &Value) -> String {
    blanks(value.as_str().unwrap_or_default())
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

fn set(value: &Value) -> BTreeSet<String> {
    texts(value).into_iter().collect()
}

/// The name of a record: model, category, category below it, and row.
fn key(record: &Value) -> [String; 4] {
    ["model", "category", "sub_category", "name"].map(|k| text(&record[k]))
}

fn entries(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// A text without the brackets around it.
fn bare(value: &Value) -> String {
    let text = text(value);
    let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    inner.unwrap_or(&text).to_string()
}

/// What differs, a line each.
pub fn differences(expected: &Value, actual: &Value) -> Vec<String> {
    let mut out = Vec::new();
    let records = |of: &Value| of["records"].as_array().unwrap().clone();
    let (want, got) = (records(expected), records(actual));
    let is_open = |r: &Value| r["badge"] == "unknown" || r["no_owner"] == true;
    for record in &got {
        let instead = expected["detail_without_summary"].as_array();
        let mut instead = instead.into_iter().flatten();
        let known = want.iter().any(|w| key(w) == key(record));
        if !known && !instead.any(|d| text(&d["name"]) == text(&record["name"])) {
            out.push(format!("extra {:?}", key(record)));
        }
    }
    for record in &want {
        let found: Vec<&Value> = got.iter().filter(|g| key(g) == key(record)).collect();
        match found[..] {
            [one] => compare(record, one, &expected["footnotes"], &mut out),
            [] if is_open(record) => {}
            _ => out.push(format!("{} of {:?}", found.len(), key(record))),
        }
    }
    compare_rows(expected, &got, &mut out);
    compare_reports(expected, actual, &mut out);
    out
}

fn compare(want: &Value, got: &Value, footnotes: &Value, out: &mut Vec<String>) {
    let mut differ = |what: &str, right: &dyn std::fmt::Debug, read: &dyn std::fmt::Debug| {
        out.push(format!("{:?}: {what} {right:?}, read {read:?}", key(want)));
    };
    for role in [
        "responsible",
        "accountable",
        "consulted",
        "informed",
        "supports",
    ] {
        let (a, b) = (set(&want[role]), set(&got[role]));
        if a != b {
            differ(role, &a, &b);
        }
    }
    if want["badge"] != "unknown" && want["badge"] != got["badge"] {
        differ("badge", &want["badge"], &got["badge"]);
    }
    let (a, b) = (entries(&want["tasks"]), entries(&got["tasks"]));
    let filled = |m: &Map<String, Value>| -> Vec<(String, Vec<String>)> {
        let all = m.iter().map(|(party, t)| (party.clone(), texts(t)));
        let mut all: Vec<_> = all.filter(|(_, t)| !t.is_empty()).collect();
        all.sort();
        all
    };
    if filled(&a) != filled(&b) {
        differ("tasks", &a, &b);
    }
    let (condition, scope) = (entries(&got["conditional"]), entries(&got["scopes"]));
    let mut left = condition.len() + scope.len();
    for term in ["conditional", "scopes", "qualifiers"] {
        for (party, value) in entries(&want[term]) {
            let places: &[&Map<String, Value>] = match term {
                "conditional" => &[&condition],
                "scopes" => &[&scope],
                _ => &[&condition, &scope],
            };
            match places
                .iter()
                .any(|p| p.get(&party).map(bare) == Some(bare(&value)))
            {
                true => left -= 1,
                false => differ(term, &value, &places),
            }
        }
    }
    if left > 0 {
        differ("terms", &"nothing more", &(condition, scope));
    }
    // Words beyond a mark are kept.
    for (party, value) in entries(&want["cell_text"]) {
        let has_words = text(&value).contains(char::is_alphabetic);
        if has_words && got["phrases"].get(&party) != Some(&value) {
            differ("phrases", &value, &got["phrases"]);
        }
    }
    let note = |n: &Value| footnotes.get(text(n)).map_or(text(n), text);
    let right = want["notes"].as_array().into_iter().flatten().map(note);
    let mut right: Vec<String> = right.collect();
    let mut notes = texts(&got["notes"]);
    if got["description"] != want["description"] && !want["description"].is_null() {
        right.push(text(&want["description"]));
    }
    right.sort();
    notes.sort();
    if right != notes {
        differ("notes", &right, &notes);
    }
    for word in ["reason", "cadence"] {
        if !want[word].is_null() && text(&want[word]) != text(&got[word]) {
            differ(word, &want[word], &got[word]);
        }
    }
    if set(&want["controls"]) != set(&got["controls"]) {
        differ("controls", &want["controls"], &got["controls"]);
    }
    let values: BTreeSet<String> = entries(&got["fields"]).values().map(text).collect();
    let mut right: BTreeSet<String> = entries(&want["fields"]).values().map(text).collect();
    right.extend(want.get("answer").map(text));
    if right != values {
        differ("fields", &right, &values);
    }
}

/// Rows of several models that are one row have one id.
fn compare_rows(expected: &Value, got: &[Value], out: &mut Vec<String>) {
    for row in expected["alignment"].as_array().into_iter().flatten() {
        let names = row.get("names").unwrap_or(row);
        let of_models = got.iter().filter(|r| {
            names
                .get(text(&r["model"]))
                .is_some_and(|name| text(name) == text(&r["name"]))
        });
        let ids: BTreeSet<String> = of_models.map(|r| text(&r["row"])).collect();
        let several = names
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(key, name)| *key != "kind" && name.is_string());
        if ids.len() > 1 || several.count() > 1 && ids.is_empty() {
            out.push(format!("{names} is not one row but {ids:?}"));
        }
    }
}

fn compare_reports(expected: &Value, actual: &Value, out: &mut Vec<String>) {
    let mut wanted: Vec<(&str, Vec<String>)> = Vec::new();
    for record in expected["records"].as_array().unwrap() {
        let unknown = entries(&record["unknown"]);
        wanted.extend(unknown.values().map(|t| ("unknown", vec![text(t)])));
        if record.get("conflict").is_some() {
            wanted.push(("conflict", vec![text(&record["name"])]));
        }
        if record["no_owner"] == true {
            wanted.push(("unmatched", vec![text(&record["name"])]));
        }
    }
    let list = |key: &str| expected[key].as_array().cloned().unwrap_or_default();
    let all = |kind, key: &str| -> Vec<(&str, Vec<String>)> {
        let words = |t: &Value| {
            if t.is_array() {
                texts(t)
            } else {
                vec![text(t)]
            }
        };
        list(key).iter().map(|t| (kind, words(t))).collect()
    };
    wanted.extend(all("unmatched", "unmatched_notes"));
    wanted.extend(all("skipped", "skipped"));
    let lost = list("detail_without_summary");
    wanted.extend(lost.iter().map(|d| ("unmatched", vec![text(&d["name"])])));
    let holds = |point: &Value, (kind, words): &(&str, Vec<String>)| {
        let is_kind = match point["kind"].as_str().unwrap() {
            "needs-owner" => *kind == "unmatched",
            other => *kind == other,
        };
        let values = ["text", "name", "cell"].map(|k| text(&point[k]));
        let holds = |w: &String| {
            values
                .iter()
                .any(|v| v == w || w.len() > 3 && v.contains(w))
        };
        is_kind && words.iter().any(holds)
    };
    let points = actual["report"].as_array().unwrap();
    for want in &wanted {
        if !points.iter().any(|point| holds(point, want)) {
            out.push(format!("not reported: {want:?}"));
        }
    }
    for point in points {
        let free = ["skipped", "filled", "unused"];
        if !free.contains(&point["kind"].as_str().unwrap())
            && !wanted.iter().any(|want| holds(point, want))
        {
            out.push(format!("reported without cause: {point}"));
        }
    }
}
