//! What is doubtful in a consistent document: contradictions, gaps, names that
//! differ, wording. Also matches findings with the reasons that authors gave for
//! them. Nothing here decides a badge.

mod acknowledge;
mod categories;
mod cells;
mod documents;
mod labels;
mod reviews;
mod rows;
mod tally;
mod wording;

use crate::findings::{Code, Digest, Findings, ListMemo, Subject};
use crate::model::lint::categories::category_facts;
use crate::model::lint::cells::{About, cell_facts};
use crate::model::lint::documents::document_facts;
use crate::model::lint::reviews::review_facts;
use crate::model::lint::rows::row_facts;
use crate::model::lint::tally::Tally;
use crate::model::lint::wording::wording;
use crate::model::{Category, Cell, Document};

pub use crate::model::lint::acknowledge::acknowledge;
pub use crate::model::lint::reviews::Stale;

/// Findings and counts by category, kept for the next run over the same project.
#[derive(Default)]
pub struct LintMemos {
    tallies: ListMemo<Tally, (Digest, Digest)>,
    categories: ListMemo<Findings, (Digest, Digest)>,
}

/// Finds all doubts about a document. `today` is the day of the check; without it,
/// dates are not checked. `stale` says which reviews are too old. What is `lost` to errors
/// is not reported as missing.
pub fn check(
    document: &Document,
    today: Option<jiff::civil::Date>,
    stale: Option<&Stale>,
    lost: Lost,
    memos: &LintMemos,
) -> Findings {
    let mut findings = Findings::default();
    let mut tally = Tally::new(document);
    let categories = &document.categories;
    let with = |frame: Digest| categories.iter().map(|c| (c.made_from, frame)).collect();
    let declared = (
        document.frameworks.len(),
        document.areas.len(),
        document.notes.len(),
        (document.fields.len(), document.roles.own.len()),
    );
    let frame = Digest::of(&(document.parties.len(), declared));
    let tallies = memos
        .tallies
        .all(with(frame), |at| Tally::of(document, &categories[at]));
    tallies.iter().for_each(|one| tally.add(one));
    document_facts(document, &tally, today, &mut findings);
    let rules = Rules {
        full_stops: tally.full_stops_expected(),
        with_tasks: tally.models.iter().map(|m| m.tasks).collect(),
        evidence: tally.evidence,
        today,
        stale: stale.filter(|_| tally.reviews).cloned(),
    };
    let frame = rules_key(document, &rules);
    let all = memos.categories.all(with(frame), |at| {
        one_category(document, &categories[at], &rules)
    });
    for one in all.iter().filter(|one| !one.list.is_empty()) {
        findings.extend((**one).clone());
    }
    let absence = lost.hides();
    findings.list.retain(|f| !absence.contains(&f.code));
    findings
}

/// What errors keep from a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Nothing.
    Nothing,
    /// Which of its ids are named: some names are unknown.
    Names,
    /// Parts of it could not be read.
    Parts,
}

impl Lost {
    /// Judged by the findings so far.
    pub fn of(findings: &Findings) -> Lost {
        if findings.has_unreadable_parts() {
            Lost::Parts
        } else if findings.has_unknown_ids() {
            Lost::Names
        } else {
            Lost::Nothing
        }
    }

    /// What says that something is missing, which it may not be.
    fn hides(self) -> &'static [Code] {
        match self {
            Lost::Nothing => &[],
            Lost::Names => &[Code::EmptyGroup],
            Lost::Parts => &[
                Code::EmptyGroup,
                Code::ResponsibilityWithoutTasks,
                Code::CellWithoutTasks,
                Code::NotListedEverywhere,
                Code::ApprovedWithoutEvidence,
            ],
        }
    }
}

/// What the findings of each category depend on in the whole document.
#[derive(Hash)]
struct Rules {
    full_stops: bool,
    /// Whether each model lists any task. A model without tasks has one finding
    /// instead of one for each cell.
    with_tasks: Vec<bool>,
    /// Whether the document names evidence anywhere.
    evidence: bool,
    /// The day of the check.
    today: Option<jiff::civil::Date>,
    /// Which reviews are too old, if there are reviews.
    stale: Option<Stale>,
}

/// A digest of everything that the findings of a category take from the document.
fn rules_key(document: &Document, rules: &Rules) -> Digest {
    let parties: Vec<&str> = document.parties.iter().map(|p| p.id.as_str()).collect();
    let models = document.models.iter().map(|m| (&m.id, &m.label));
    let models: Vec<_> = models.collect();
    let own_roles = document.roles.own.iter().map(|role| role.takes_part);
    let own_roles: Vec<bool> = own_roles.collect();
    let frame = (parties, models, own_roles);
    let effective = document.effective.as_ref().map(|date| date.day);
    let facts = (document.catch_all.is_some(), effective);
    Digest::of(&(frame, facts, rules))
}

fn one_category(document: &Document, category: &Category, rules: &Rules) -> Findings {
    let mut findings = Findings::default();
    category_facts(document, category, &mut findings);
    for row in &category.rows {
        row_facts(document, category, row, &mut findings);
        for (model, cell) in row.cells.iter().enumerate() {
            let parts = cell.iter().flat_map(Cell::parts);
            for (at, cell) in parts.enumerate() {
                let about = About {
                    document,
                    subject: Subject {
                        model: Some(document.models[model].id.clone()),
                        category: Some(category.id.clone()),
                        row: Some(row.id.clone()),
                    },
                    row,
                    model,
                    model_has_tasks: rules.with_tasks[model],
                    cell,
                    is_area: at > 0,
                };
                cell_facts(&about, &mut findings);
                review_facts(&about, rules, &mut findings);
                wording(&about, rules.full_stops, &mut findings);
            }
        }
    }
    findings
}
