//! Doubts about reviews: approved without evidence, in the future, or too old.

use crate::findings::{Code, Findings};
use crate::input::ReviewStatus;
use crate::model::lint::Rules;
use crate::model::lint::cells::About;
use crate::model::{PartyIx, Review};

/// Which reviews are too old.
#[derive(Clone, Debug, Hash)]
pub struct Stale {
    /// Reviews before this day.
    pub before: jiff::civil::Date,
    /// The age in the user's words, such as `12 months`.
    pub age: String,
}

pub(super) fn review_facts(about: &About<'_>, rules: &Rules, findings: &mut Findings) {
    if rules.evidence {
        approved_without_evidence(about, findings);
    }
    if let Some(today) = rules.today {
        review_in_future(about, today, findings);
    }
    if let Some(stale) = &rules.stale {
        stale_review(about, stale, findings);
    }
}

fn approved_without_evidence(about: &About<'_>, findings: &mut Findings) {
    let cell = about.cell;
    let approved = |review: &&Review| review.status == Some(ReviewStatus::Approved);
    let Some(review) = cell.review.as_ref().filter(approved) else {
        return;
    };
    let whole = about.row.cells[about.model].as_ref();
    let has_evidence = |party: &PartyIx| {
        let parts = cell.parts().chain(whole);
        let mut evidence = parts.flat_map(|part| &part.evidence);
        evidence.any(|(p, _)| p == party)
    };
    for party in cell.ownership.parties() {
        if !has_evidence(party) {
            let (id, row) = (about.party(*party), &about.row.id);
            findings.push(
                about
                    .finding(
                        Code::ApprovedWithoutEvidence,
                        &review.place,
                        format!("`{row}` is approved, but `{id}` has no evidence"),
                    )
                    .label("approved here")
                    .help(format!("add `evidence: {{{id}: [{{text: ...}}]}}`"))
                    .help("or write `status: draft` until there is evidence"),
            );
        }
    }
}

fn review_in_future(about: &About<'_>, today: jiff::civil::Date, findings: &mut Findings) {
    let date = about.cell.review.as_ref().and_then(|r| r.date.as_ref());
    if let Some(date) = date.filter(|date| date.day > today) {
        let message = format!("the review date is {}, which is after today", date.text);
        let finding = about.finding(Code::ReviewInFuture, &date.place, message);
        findings.push(finding.label("in the future"));
    }
}

/// A row without a review, or without its date, was looked at when the document took
/// effect.
fn stale_review(about: &About<'_>, stale: &Stale, findings: &mut Findings) {
    let (review, row) = (about.cell.review.as_ref(), &about.row.id);
    if about.is_area && review.is_none() {
        // It was reviewed with its row.
        return;
    }
    let own = review.and_then(|review| review.date.as_ref());
    let date = own.or(about.document.effective.as_ref());
    if date.is_some_and(|date| date.day >= stale.before) {
        return;
    }
    let since = match (own, date) {
        (Some(date), _) => format!("`{row}` was reviewed on {}", date.text),
        (None, Some(date)) => format!(
            "`{row}` has no review date, and the document took effect on {}",
            date.text
        ),
        (None, None) => format!("`{row}` has no review date"),
    };
    let message = match date {
        Some(_) => format!("{since}, more than {} ago", stale.age),
        None => since,
    };
    let place = own.map(|date| &date.place).or(review.map(|r| &r.place));
    let place = place.unwrap_or(&about.row.place);
    findings.push(
        about
            .finding(Code::StaleReview, place, message)
            .label("review it again")
            .help("then write the day: `review: {status: approved, date: YYYY-MM-DD}`"),
    );
}
