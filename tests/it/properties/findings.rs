//! Findings: places, suggestions, and reports of any finding.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use srm_site::findings::ListMemo;
use srm_site::findings::{Code, Finding, Findings, Place, line_col, nearest};
use srm_site::report::{self, ReportFormat as Format};
use srm_site::source::Source;
use srm_site::text::Strings;

use super::{holds, text};

#[test]
fn results_of_a_list_are_its_own_and_made_once() {
    let some = (
        Just((0..12u32).collect::<Vec<u32>>()).prop_shuffle(),
        0..12usize,
    );
    let list = some.prop_map(|(all, n)| all[..n].to_vec());
    let edit = proptest::collection::vec((list, 0..3usize, any::<u8>()), 1..8);
    holds(500, edit, |lists| {
        let (listed, mut before) = (ListMemo::default(), Vec::new());
        for (new, how, at) in lists {
            // Another list, the one before, or that with one thing changed.
            let mut list = if how == 0 { new } else { before.clone() };
            let at = usize::from(at) % list.len().max(1);
            if let (2, Some(one)) = (how, list.get_mut(at)) {
                *one += 100;
            }
            let made = Mutex::new(Vec::new());
            let results = listed.all(list.clone(), |at| {
                made.lock().unwrap().push(list[at]);
                list[at]
            });
            let results: Vec<u32> = results.iter().map(|one| **one).collect();
            assert_eq!(results, list);
            let mut made = made.into_inner().unwrap();
            let mut fresh = list.clone();
            fresh.retain(|one| !before.contains(one));
            made.sort_unstable();
            fresh.sort_unstable();
            assert_eq!(made, fresh);
            before = list;
        }
    });
}

#[test]
fn places_are_total() {
    holds(800, (text(), any::<usize>()), |(text, any)| {
        for offset in [0, any % (text.len() + 3), any, text.len()] {
            let at = line_col(&text, offset);
            let mut valid = offset.min(text.len());
            while !text.is_char_boundary(valid) {
                valid -= 1;
            }
            let before = &text[..valid];
            assert_eq!(at.line, before.matches('\n').count() + 1);
            let line = before.rsplit('\n').next().unwrap();
            let mark = usize::from(at.line == 1 && line.starts_with('\u{feff}'));
            assert_eq!(
                at.column,
                line.chars().count() + 1 - mark,
                "{text:?} {offset}"
            );
        }
    });
}

#[test]
fn suggestions_come_from_what_is_known() {
    holds(
        400,
        (text(), prop::collection::vec(text(), 0..5)),
        |(given, known)| {
            if let Some(best) = nearest(&given, known.iter().map(String::as_str)) {
                assert!(known.iter().any(|k| k == best));
            }
            if !given.is_empty() && given.len() < 60 {
                assert_eq!(nearest(&given, [given.as_str()]), Some(given.as_str()));
            }
        },
    );
}

/// Most of what is known is passed over without being measured: nothing that is
/// near enough.
#[test]
fn the_nearest_of_few_edits_is_found() {
    let word = || "[a-c\u{e9}\u{30e2}1]{3,12}";
    let edits = prop::collection::vec(
        (0..3usize, any::<prop::sample::Index>(), "[a-c\u{e9}1]"),
        1..4,
    );
    holds(600, (word(), word(), edits), |(given, far, edits)| {
        let most = given.chars().count() / 3;
        let mut letters: Vec<char> = given.chars().collect();
        for (kind, place, letter) in edits.iter().take(most.max(1)) {
            let at = place.index(letters.len());
            match kind {
                0 => letters[at] = letter.chars().next().unwrap(),
                1 if letters.len() > 1 => drop(letters.remove(at)),
                _ => letters.swap(at, at.saturating_sub(1)),
            }
        }
        let meant: String = letters.into_iter().collect();
        let found = nearest(&given, [far.as_str(), meant.as_str()]);
        let distance = |word: &str| strsim::damerau_levenshtein(&given, word);
        let found = found.unwrap_or_else(|| panic!("{given:?}: {meant:?} is near"));
        assert!(
            distance(found) <= distance(&meant),
            "{given:?}: {found:?}, {meant:?}"
        );
    });
}

#[test]
fn filled_strings_hold_values_as_they_are() {
    let place = select(&["{a}", "{b}", "{c}", "{b}{a}", "{"][..]).prop_map(String::from);
    let value = || prop_oneof![3 => text(), 1 => place.clone()];
    holds(400, (value(), value()), |(first, second)| {
        let mut strings = Strings::default();
        let mut findings = Findings::default();
        strings.add(&Arc::from("t"), "k = \"<{a}|{b}|{c}|{>\"", &mut findings);
        assert!(findings.list.is_empty());
        let filled = strings.fill("k", &[("a", &first), ("b", &second)]);
        // A value that looks like a place is not filled again.
        assert_eq!(filled, format!("<{first}|{second}|{{c}}|{{>"));
        let mut wild = Strings::default();
        wild.add(&Arc::from("t"), &first, &mut findings);
        wild.fill(&first, &[(&second, "x"), ("", "y")]);
    });
}

#[test]
fn reports_of_any_finding_are_well_formed() {
    let codes = select(Code::ALL);
    let many = prop::collection::vec(
        (codes, text(), text(), any::<(u16, u16)>(), any::<bool>()),
        1..4,
    );
    holds(
        300,
        (text(), "[a-z\"<%:,\n]{1,8}", many),
        |(source_text, name, list)| {
            let source = Source::memory(BTreeMap::from([(
                name.clone(),
                source_text.clone().into_bytes(),
            )]));
            let known = source.text(&name).is_ok();
            let mut findings = Findings::default();
            for (code, message, label, (a, b), acknowledged) in list {
                let file: Arc<str> = Arc::from(name.as_str());
                let place = Place::new(&file, usize::from(a)..usize::from(b));
                let mut finding = Finding::new(code, place.clone(), message.clone())
                    .label(label.clone())
                    .help(label.clone())
                    .related(Place::new(&file, 0..usize::MAX), message.clone())
                    .related(Place::file("unknown"), label);
                if acknowledged {
                    finding.acknowledged = Some(message);
                }
                findings.push(finding);
            }
            findings.push(Finding::new(Code::RefusedFolder, None, "x"));
            findings.sort();
            for (color, all) in [(false, true), (true, false)] {
                for format in [
                    Format::Human,
                    Format::Short,
                    Format::Json,
                    Format::Github,
                    Format::Sarif,
                ] {
                    let out = report::write(&findings, &source, format, color, all);
                    match format {
                        Format::Human | Format::Short if !color => {
                            let bad = out
                                .chars()
                                .find(|c| c.is_control() && *c != '\n' && *c != '\t');
                            assert_eq!(bad, None, "{out:?} {known}");
                        }
                        Format::Json => {
                            assert_eq!(out.lines().count(), findings.list.len());
                            for line in out.lines() {
                                serde_json::from_str::<Value>(line).unwrap();
                            }
                        }
                        Format::Github => {
                            for line in out.lines() {
                                assert!(line.starts_with("::"), "{line:?}");
                            }
                        }
                        Format::Sarif => {
                            let log: Value = serde_json::from_str(&out).unwrap();
                            let results = log["runs"][0]["results"].as_array().unwrap();
                            assert_eq!(results.len(), findings.list.len());
                        }
                        _ => {}
                    }
                }
            }
            report::summary(&findings);
        },
    );
}
