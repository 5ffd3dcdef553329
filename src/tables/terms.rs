//! What a cell says beside its owner: conditions, scopes, roles, how often, reasons and
//! notes, as blocks. Tasks are in `blocks`.

use std::borrow::Cow;

use crate::input::{ReviewStatus, Text};
use crate::model::{Cell, ModelIx, Owner, Ownership, PartyIx, Review, Row};
use crate::tables::Tables;
use crate::tables::kinds::RemarkKind;
use crate::tables::table::{Block, PartMark, Remark};

impl<'a> Tables<'a> {
    /// How a party takes part, where it has a column and there are no tasks: the
    /// author's words, or else whether it is responsible, and its scope and condition.
    pub(super) fn part_of(&self, cell: &'a Cell, party: PartyIx) -> Vec<Block<'a>> {
        let scope = text_of(&cell.scope, party);
        let condition = text_of(&cell.conditional, party);
        let words = cell.summary.iter().find(|(p, _)| *p == party);
        let yes = cell.ownership.parties().contains(&party);
        let mut blocks = Vec::new();
        match (words, scope) {
            (Some((_, words)), scope) => {
                blocks.push(Block::Words(Cow::Borrowed(&words.value)));
                blocks.extend(scope.map(|text| self.markdown(RemarkKind::Scope, text)));
            }
            (None, scope) if yes => blocks.push(Block::Mark {
                mark: PartMark::Yes,
                text: self.strings.get(match scope {
                    None => "mark-yes",
                    Some(_) => "mark-yes-of",
                }),
                of: scope,
            }),
            // That it is not responsible would deny what the condition says.
            (None, None) if condition.is_some() => {}
            (None, Some(text)) => blocks.push(self.markdown(RemarkKind::Scope, text)),
            (None, None) if self.takes_the_rest(cell, party) => {
                blocks.extend(self.catch_all());
            }
            (None, None) => blocks.push(Block::Mark {
                mark: PartMark::No,
                text: self.strings.get(match &cell.ownership {
                    Ownership::Parties(_) | Ownership::Unassigned => "mark-no",
                    Ownership::NotApplicable(_) => Owner::NotApplicable.key(),
                    Ownership::ByAgreement(_) => Owner::ByAgreement.key(),
                }),
                of: None,
            }),
        }
        blocks.extend(condition.map(|text| Block::Mark {
            mark: PartMark::Conditional,
            text: self.strings.get("mark-conditional"),
            of: Some(text),
        }));
        blocks
    }

    /// Whether a party takes care of what no party is named for.
    fn takes_the_rest(&self, cell: &Cell, party: PartyIx) -> bool {
        let catch_all = self.document.catch_all.as_ref();
        let named = catch_all.and_then(|catch_all| catch_all.party.as_ref());
        cell.ownership == Ownership::Unassigned
            && named.is_some_and(|id| id.value == self.document.parties[party].id)
    }

    /// What applies if no party is named.
    fn catch_all(&self) -> Option<Block<'a>> {
        let catch_all = self.document.catch_all.as_ref()?;
        Some(self.markdown(RemarkKind::CatchAll, &catch_all.text))
    }

    /// A party's scope and condition, where it has a column or a line of its own.
    pub(super) fn terms_of(
        &self,
        cell: &'a Cell,
        party: PartyIx,
    ) -> impl Iterator<Item = Block<'a>> {
        let scope = text_of(&cell.scope, party);
        let condition = text_of(&cell.conditional, party);
        let scope = scope.map(|text| self.markdown(RemarkKind::Scope, text));
        let condition = condition.map(|text| self.markdown(RemarkKind::Condition, text));
        scope.into_iter().chain(condition)
    }

    /// The owner of a cell and everything else that it says, where parties have no
    /// columns.
    pub(super) fn owner_and_terms(&self, row: &'a Row, model: ModelIx) -> Vec<Block<'a>> {
        let cell = row.cells[model].as_ref();
        let mut blocks = vec![self.badge(cell)];
        let Some(cell) = cell else {
            blocks.extend(self.unlisted_reason(row, model));
            return blocks;
        };
        for party in 0..self.document.parties.len() {
            let label = [("party", self.document.party_label(party, None))];
            let named = |kind, key, text| Block::Remark {
                kind,
                label: self.fill(key, &label),
                text: Remark::Markdown(text),
            };
            let scope = text_of(&cell.scope, party);
            let condition = text_of(&cell.conditional, party);
            blocks.extend(scope.map(|text| named(RemarkKind::Scope, "scope-of", text)));
            blocks.extend(condition.map(|text| named(RemarkKind::Condition, "condition-of", text)));
        }
        self.facts(cell, &mut blocks);
        blocks.extend(self.field_remarks(cell));
        blocks
    }

    /// Adds what a cell says that belongs to no party's column: the reason of a state,
    /// roles, how often, notes, evidence and a
    /// review that readers may see.
    pub(super) fn facts(&self, cell: &'a Cell, blocks: &mut Vec<Block<'a>>) {
        if let Ownership::NotApplicable(Some(reason)) | Ownership::ByAgreement(Some(reason)) =
            &cell.ownership
        {
            blocks.push(self.plain(RemarkKind::Reason, reason.into()));
        }
        for (role, parties) in &cell.roles {
            let names = parties.iter().map(|p| self.document.party_label(*p, None));
            let names: Vec<&str> = names.collect();
            blocks.push(Block::Remark {
                kind: RemarkKind::Role,
                label: self.strings.get(role.key()).into(),
                text: Remark::Plain(names.join(self.strings.get("names")).into()),
            });
        }
        if let Some(cadence) = &cell.cadence {
            blocks.push(self.plain(RemarkKind::Cadence, cadence.into()));
        }
        blocks.extend(cell.notes.iter().map(|note| self.note(note)));
        for (party, text) in cell.public_evidence() {
            let party = [("party", self.document.party_label(party, None))];
            blocks.push(Block::Remark {
                kind: RemarkKind::Evidence,
                label: self.fill("evidence-of", &party),
                text: Remark::Markdown(text),
            });
        }
        if let Some(review) = cell.public_review() {
            blocks.push(self.plain(RemarkKind::Review, self.review_words(review).into()));
        }
    }

    /// A review in words: its status, its day and who has made it.
    pub fn review_words(&self, review: &Review) -> String {
        let status = review.status.map(|status| self.review_status(status));
        let date = review.date.as_ref().map(|date| date.text.as_str());
        let parts = [status, date, review.by.as_deref()];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        parts.join(self.strings.get("names"))
    }

    pub(super) fn review_status(&self, status: ReviewStatus) -> &'a str {
        self.strings.get(match status {
            ReviewStatus::Draft => "review-draft",
            ReviewStatus::Approved => "review-approved",
        })
    }

    /// The same beside tasks: also what applies if no party is responsible, and
    /// acknowledged contradictions with the author's reason.
    pub(super) fn remarks(&self, cell: &'a Cell, blocks: &mut Vec<Block<'a>>) {
        if cell.ownership == Ownership::Unassigned {
            blocks.extend(self.catch_all());
        }
        self.facts(cell, blocks);
        for reason in cell.shown_reasons() {
            blocks.push(self.plain(RemarkKind::Acknowledged, reason.into()));
        }
    }

    /// Why a model does not list a row.
    pub(super) fn unlisted_reason(&self, row: &'a Row, model: ModelIx) -> Option<Block<'a>> {
        let reason = row.unlisted[model].as_ref()?;
        Some(self.plain(RemarkKind::Reason, reason.into()))
    }

    /// The notes of a row, which apply in every model.
    pub(super) fn row_notes(&self, row: &'a Row) -> Vec<Block<'a>> {
        row.notes.iter().map(|note| self.note(note)).collect()
    }

    pub(super) fn note(&self, note: &'a Text) -> Block<'a> {
        self.markdown(RemarkKind::Note, note)
    }

    pub(super) fn plain(&self, kind: RemarkKind, text: Cow<'a, str>) -> Block<'a> {
        Block::Remark {
            kind,
            label: self.strings.get(kind.key()).into(),
            text: Remark::Plain(text),
        }
    }

    fn markdown(&self, kind: RemarkKind, text: &'a Text) -> Block<'a> {
        Block::Remark {
            kind,
            label: self.strings.get(kind.key()).into(),
            text: Remark::Markdown(text),
        }
    }
}

/// The text of a party.
fn text_of(list: &[(PartyIx, Text)], party: PartyIx) -> Option<&Text> {
    let (_, text) = list.iter().find(|(p, _)| *p == party)?;
    Some(text)
}
