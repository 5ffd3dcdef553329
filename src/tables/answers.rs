//! What changes between two deployment models, in words and numbers: the answer that
//! readers look for before any table.

use crate::model::compare::{self, Change, Verdict};
use crate::model::{Badge, Cell, Document, ModelIx, PartyIx, Row};
use crate::text::Strings;

/// Rows with the same change.
pub struct Answer<'a> {
    /// What changes for these rows.
    pub verdict: Verdict,
    /// The sentence, such as `4 responsibilities move from Provider to Shared`.
    pub lead: String,
    /// The rows, in document order.
    pub rows: Vec<&'a Row>,
}

/// What changes for a party's tasks.
pub struct TaskAnswer {
    /// The party whose tasks these are.
    pub party: PartyIx,
    /// The sentence about its tasks.
    pub words: String,
}

/// The answers for the change from one model to another: rows that move, the most
/// frequent kind first, then rows that are only in one model, then rows that stay.
pub fn owners<'a>(
    document: &'a Document,
    strings: &Strings,
    (from, to): (ModelIx, ModelIx),
) -> Vec<Answer<'a>> {
    let mut moves = Vec::new();
    let (mut comes, mut goes, mut stays) = (Vec::new(), Vec::new(), Vec::new());
    let mut on_other_terms = 0;
    for change in compare::compare(document, from, to) {
        match change.verdict {
            Verdict::Moved => moves.push(change),
            Verdict::OnlyA => goes.push(change.row),
            Verdict::OnlyB => comes.push(change.row),
            Verdict::Same => {
                stays.push(change.row);
                on_other_terms += usize::from(change.is_on_other_terms());
            }
        }
    }
    let (mut answers, in_areas) = moved(document, strings, moves);
    let [first, second] = [from, to].map(|m| document.models[m].label.as_str());
    let models = [("first", first), ("second", second)];
    for (verdict, key, rows) in [
        (Verdict::Moved, "answer-areas", in_areas),
        (Verdict::OnlyB, "answer-comes", comes),
        (Verdict::OnlyA, "answer-goes", goes),
        (Verdict::Same, "answer-stays", stays),
    ] {
        if !rows.is_empty() {
            let mut lead = lead(strings, key, rows.len(), &models);
            if verdict == Verdict::Same {
                lead = with_terms(strings, lead, on_other_terms);
            }
            answers.push(Answer {
                verdict,
                lead,
                rows,
            });
        }
    }
    answers
}

/// The answers for rows that move, and the rows whose owners change only in some areas.
fn moved<'a>(
    document: &Document,
    strings: &Strings,
    changes: Vec<Change<'a>>,
) -> (Vec<Answer<'a>>, Vec<&'a Row>) {
    let mut moves: Vec<(String, String, Vec<&Row>)> = Vec::new();
    let mut in_areas = Vec::new();
    for change in changes {
        let (before, after) = names(document, strings, &change);
        if before == after {
            in_areas.push(change.row);
            continue;
        }
        let mut known = moves.iter_mut();
        match known.find(|(b, a, _)| (b, a) == (&before, &after)) {
            Some((_, _, rows)) => rows.push(change.row),
            None => moves.push((before, after, vec![change.row])),
        }
    }
    moves.sort_by_key(|(_, _, rows)| std::cmp::Reverse(rows.len()));
    let answers = moves.into_iter().map(|(before, after, rows)| {
        let names = [("from", &*before), ("to", &*after)];
        Answer {
            verdict: Verdict::Moved,
            lead: lead(strings, "answer-moves", rows.len(), &names),
            rows,
        }
    });
    (answers.collect(), in_areas)
}

/// A sentence about rows that keep their owner, with how many of them do so on other
/// terms.
pub fn with_terms(strings: &Strings, same: String, on_other_terms: usize) -> String {
    match on_other_terms {
        0 => same,
        n => strings.fill("same-terms", &[("same", &same), ("n", &n.to_string())]),
    }
}

/// The sentence for `n` rows.
fn lead(strings: &Strings, key: &str, n: usize, values: &[(&str, &str)]) -> String {
    let form = if n == 1 { "one" } else { "many" };
    let n = n.to_string();
    let values: Vec<(&str, &str)> = values.iter().copied().chain([("n", &*n)]).collect();
    strings.fill(&format!("{key}-{form}"), &values)
}

/// The owners before and after, as one word each if the words differ.
fn names(document: &Document, strings: &Strings, change: &Change<'_>) -> (String, String) {
    let badge = |cell: Option<&Cell>| Badge::new(document, cell, strings);
    let (before, after) = (badge(change.first), badge(change.second));
    match before.word == after.word {
        true => (before.text(), after.text()),
        false => (before.word.to_string(), after.word.to_string()),
    }
}

/// What changes for the tasks of each party that has any.
pub fn tasks(
    document: &Document,
    strings: &Strings,
    (from, to): (ModelIx, ModelIx),
) -> Vec<TaskAnswer> {
    let mut counts = vec![(0, 0, 0); document.parties.len()];
    for change in compare::compare(document, from, to) {
        for tasks in change.all_tasks(document) {
            let (same, ends, new) = &mut counts[tasks.party];
            let equal = tasks.first.iter().filter(|(_, equal)| *equal).count();
            *same += equal;
            *ends += tasks.first.len() - equal;
            *new += tasks.second.len() - equal;
        }
    }
    let found = counts.into_iter().enumerate();
    found
        .filter(|(_, counts)| *counts != (0, 0, 0))
        .map(|(party, (same, ends, new))| {
            let [same, ends, new] = [same, ends, new].map(|n| n.to_string());
            let values = [("same", &*same), ("ends", &*ends), ("new", &*new)];
            TaskAnswer {
                party,
                words: strings.fill("answer-tasks", &values),
            }
        })
        .collect()
}
