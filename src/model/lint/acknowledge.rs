//! Matches findings with the reasons that authors gave for them, and finds reasons
//! that match no finding.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Place, Severity, Subject};
use crate::model::lint::Lost;
use crate::model::{Acknowledgement, Acknowledgements, Category, Document, Row};

/// Adds to findings the reasons that authors wrote, and reports reasons that match no
/// finding.
pub fn acknowledge(document: &Document, findings: &mut Findings) {
    let index = LazyCell::new(|| Index::new(document));
    let spot = |place: &Place| (place.file.clone(), place.start);
    let mut used: HashSet<(Arc<str>, usize)> = HashSet::new();
    for finding in &mut findings.list {
        if finding.severity == Severity::Error {
            continue;
        }
        for list in index.reasons_for(&finding.subject) {
            if let Some(ack) = list.iter().find(|a| a.code == finding.code) {
                finding.acknowledged = Some(ack.reason.clone());
                used.insert(spot(&ack.place));
                break;
            }
        }
    }
    ask_once(findings);
    // The finding that a reason is for may have been lost with a file.
    if findings.has_unreadable_files() {
        return;
    }
    let mut reported: HashSet<(Arc<str>, usize)> = HashSet::new();
    // Whether a review is too old is asked only by some commands.
    let hidden = Lost::of(findings).hides();
    let asked = every_reason(document)
        .filter(|ack| ack.code != Code::StaleReview && !hidden.contains(&ack.code));
    for ack in asked {
        if !used.contains(&spot(&ack.place)) && reported.insert(spot(&ack.place)) {
            findings.push(
                Finding::new(
                    Code::UnusedAcknowledgement,
                    ack.place.clone(),
                    format!("there is no finding {} here", ack.code.id()),
                )
                .label(ack.code.title())
                .help("remove the line; it would hide the next such finding"),
            );
        }
    }
}

/// Names that differ by model are declared with `labels`, so they are rarely a mistake:
/// the first of each kind is asked about, with the number of the others.
fn ask_once(findings: &mut Findings) {
    for (code, what) in [
        (Code::CategoryLabelsDiffer, "categories"),
        (Code::RowLabelsDiffer, "rows"),
    ] {
        let is_open = |f: &Finding| f.code == code && f.acknowledged.is_none();
        let open = || findings.list.iter().filter(|f| is_open(f));
        let spot = |f: &Finding| f.place.as_ref().map(|p| (p.file.clone(), p.start));
        let Some(first) = open().map(spot).min() else {
            continue;
        };
        let more = open().count() - 1;
        findings.list.retain(|f| !is_open(f) || spot(f) == first);
        let Some(kept) = findings.list.iter_mut().find(|f| is_open(f)) else {
            continue;
        };
        let id = code.id();
        kept.help.push(match more {
            0 => format!(
                "if names differ on purpose, write `acknowledge: {{{id}: why}}` once in `srm.yaml`"
            ),
            _ => format!(
                "{more} more {what} have different labels: if that is on purpose, write \
                 `acknowledge: {{{id}: why}}` once in `srm.yaml`"
            ),
        });
    }
}

/// The places that can have reasons, by id.
struct Index<'a> {
    pub(super) document: &'a Document,
    pub(super) categories: HashMap<&'a str, &'a Category>,
    pub(super) rows: HashMap<&'a str, &'a Row>,
}

impl<'a> Index<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Index {
            document,
            categories: document
                .categories
                .iter()
                .map(|c| (c.id.as_str(), &**c))
                .collect(),
            rows: document.rows().map(|(_, r)| (r.id.as_str(), r)).collect(),
        }
    }

    /// The reasons that can apply to a finding, the most specific first.
    fn reasons_for(&self, subject: &Subject) -> Vec<&'a Acknowledgements> {
        let model = subject
            .model
            .as_deref()
            .and_then(|m| self.document.model(m));
        let category = subject
            .category
            .as_deref()
            .and_then(|c| self.categories.get(c));
        let row = subject.row.as_deref().and_then(|r| self.rows.get(r));
        let cell = row.zip(model).and_then(|(r, m)| r.cells[m].as_ref());
        let mut lists = Vec::new();
        lists.extend(cell.map(|c| &c.acknowledge));
        lists.extend(row.map(|r| &r.acknowledge));
        lists.extend(category.map(|c| &c.acknowledge));
        lists.extend(model.map(|m| &self.document.models[m].acknowledge));
        lists.push(&self.document.acknowledge);
        lists
    }
}

fn every_reason<'a>(document: &'a Document) -> impl Iterator<Item = &'a Acknowledgement> {
    let cells = |row: &'a Row| row.cells.iter().flatten();
    let in_row = move |row: &'a Row| {
        row.acknowledge
            .iter()
            .chain(cells(row).flat_map(|c| &c.acknowledge))
    };
    let categories = document.categories.iter().filter(|c| c.has_reasons);
    let in_category = move |c: &'a Arc<Category>| {
        let rows = c.rows.iter().flat_map(in_row);
        c.acknowledge.iter().chain(rows)
    };
    document
        .acknowledge
        .iter()
        .chain(document.models.iter().flat_map(|m| &m.acknowledge))
        .chain(categories.flat_map(in_category))
}
