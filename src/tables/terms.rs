//! What a cell says beside its owner: conditions, scopes, roles, how often, reasons and
//! notes, as blocks. Tasks are in `blocks`.

use std::borrow::Cow;

use crate::input::{BuiltInRole, ReviewStatus, Text};
use crate::model::{
    Category, Cell, Concern, Controls, ModelIx, Note, Owner, Ownership, PartyIx, Review, Role, Row,
};
use crate::tables::Tables;
use crate::tables::kinds::RemarkKind;
use crate::tables::table::{Block, PartMark, Remark, join_controls};

/// A remark with the name of its party, and the key of the words that lead to it.
const SCOPE_OF: (RemarkKind, &str) = (RemarkKind::Scope, "scope-of");
const CONDITION_OF: (RemarkKind, &str) = (RemarkKind::Condition, "condition-of");

impl<'a> Tables<'a> {
    /// How a party takes part, where it has a column and there are no tasks: the
    /// author's words, or else whether it is responsible, and its scope and condition.
    pub(super) fn part_of(&self, cell: &'a Cell, party: PartyIx) -> Vec<Block<'a>> {
        let scope = text_of(&cell.scope, party);
        let condition = text_of(&cell.conditional, party);
        let words = cell.summary.iter().find(|(p, _)| *p == party);
        let yes = cell.ownership.parties().contains(&party);
        let id = self.document.parties[party].id.as_str();
        let mut blocks = Vec::new();
        match (words, scope) {
            (Some((_, words)), scope) => {
                blocks.push(Block::Words(Cow::Borrowed(&words.value)));
                blocks.extend(scope.map(|text| self.term(RemarkKind::Scope, text, party)));
            }
            (None, scope) if yes => blocks.push(Block::Mark {
                mark: PartMark::Yes,
                text: self.strings.get(match scope {
                    None if !is_in_all_areas(cell, party) => "mark-some-areas",
                    None => "mark-yes",
                    Some(_) => "mark-yes-of",
                }),
                of: scope,
                party: id,
            }),
            // That it is not responsible would deny what the condition says.
            (None, None) if condition.is_some() => {}
            (None, Some(text)) => blocks.push(self.term(RemarkKind::Scope, text, party)),
            (None, None) if self.takes_the_rest(cell, party) => {
                blocks.extend(self.catch_all());
            }
            (None, None) => blocks.push(Block::Mark {
                mark: PartMark::No,
                text: self.strings.get(match &cell.ownership {
                    Ownership::Parties(_) | Ownership::Unassigned { .. } => "mark-no",
                    Ownership::NotApplicable(_) => Owner::NotApplicable.key(),
                    Ownership::ByAgreement(_) => Owner::ByAgreement.key(),
                }),
                of: None,
                party: id,
            }),
        }
        blocks.extend(condition.map(|text| Block::Mark {
            mark: PartMark::Conditional,
            text: self.strings.get("mark-conditional"),
            of: Some(text),
            party: id,
        }));
        blocks
    }

    /// Whether a party takes care of what no party is named for.
    fn takes_the_rest(&self, cell: &Cell, party: PartyIx) -> bool {
        let catch_all = self.document.catch_all.as_ref();
        let named = catch_all.and_then(|catch_all| catch_all.party.as_ref());
        matches!(cell.ownership, Ownership::Unassigned { .. })
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
        let scope = scope.map(|text| self.term(RemarkKind::Scope, text, party));
        let condition = condition.map(|text| self.term(RemarkKind::Condition, text, party));
        scope.into_iter().chain(condition)
    }

    /// The owner of a cell and everything else that it says, where parties have no
    /// columns. Areas have lines of their own.
    pub(super) fn owner_and_terms(&self, cell: Option<&'a Cell>) -> Vec<Block<'a>> {
        let mut blocks = vec![self.badge(cell)];
        if let Some(cell) = cell {
            self.beside_owner(cell, &mut blocks);
        }
        blocks
    }

    /// Adds everything that a cell says beside its owner, where parties have no columns.
    pub(super) fn beside_owner(&self, cell: &'a Cell, blocks: &mut Vec<Block<'a>>) {
        for party in 0..self.document.parties.len() {
            blocks.extend(self.named_terms(cell, party));
        }
        self.facts(cell, blocks);
        blocks.extend(self.field_remarks(cell));
    }

    /// A party's scope and condition with its name, where it has no column.
    pub(super) fn named_terms(
        &self,
        cell: &'a Cell,
        party: PartyIx,
    ) -> impl Iterator<Item = Block<'a>> {
        let scope = text_of(&cell.scope, party);
        let condition = text_of(&cell.conditional, party);
        let scope = scope.map(|text| self.of_party(SCOPE_OF, party, text));
        let condition = condition.map(|text| self.of_party(CONDITION_OF, party, text));
        scope.into_iter().chain(condition)
    }

    /// The same of a row in a model, or why it is not listed there.
    pub(super) fn said_in(&self, row: &'a Row, model: ModelIx) -> Vec<Block<'a>> {
        let mut blocks = self.owner_and_terms(row.cells[model].as_ref());
        blocks.extend(self.unlisted_reason(row, model));
        blocks
    }

    /// The conditions that hold for all rows of a category.
    pub(super) fn conditions_of(&self, category: &'a Category) -> Vec<Block<'a>> {
        let conditions = category.conditional.iter();
        conditions
            .map(|(party, text)| self.of_party(CONDITION_OF, *party, text))
            .collect()
    }

    /// What stands in the heading of a row's category and group, for tables without such
    /// headings.
    pub(super) fn of_category(&self, category: &'a Category, row: &'a Row) -> Vec<Block<'a>> {
        let group = row.group.as_ref();
        let group = group.map(|group| self.plain(RemarkKind::Group, group.label().into()));
        group
            .into_iter()
            .chain(self.conditions_of(category))
            .collect()
    }

    /// A scope or a condition with the name of its party.
    fn of_party(
        &self,
        (kind, key): (RemarkKind, &str),
        party: PartyIx,
        text: &'a Text,
    ) -> Block<'a> {
        let label = [("party", self.document.party_label(party, None))];
        Block::Remark {
            kind,
            label: self.fill(key, &label),
            about: Some(&self.document.parties[party].id),
            text: Remark::Markdown(text),
        }
    }

    /// Adds what a cell says that belongs to no party's column: the reason of a state,
    /// controls, roles, how often, notes, evidence and a review that readers may see.
    pub(super) fn facts(&self, cell: &'a Cell, blocks: &mut Vec<Block<'a>>) {
        if let Some(reason) = cell.ownership.reason() {
            blocks.push(self.plain(RemarkKind::Reason, reason.into()));
        }
        blocks.extend(self.controls_block(&cell.controls));
        for (role, parties) in &cell.roles {
            let names = parties.iter().map(|p| self.document.party_label(*p, None));
            let names: Vec<&str> = names.collect();
            blocks.push(Block::Remark {
                kind: RemarkKind::Role,
                label: self.role_lead(*role),
                about: Some(self.document.roles.id(*role)),
                text: Remark::Plain(names.join(self.strings.get("names")).into()),
            });
        }
        if let Some(cadence) = &cell.cadence {
            blocks.push(self.plain(RemarkKind::Cadence, cadence.into()));
        }
        blocks.extend(cell.notes.iter().map(|note| self.note(note)));
        for (of, text) in cell.public_evidence() {
            let party = [("party", self.document.party_label(of, None))];
            blocks.push(Block::Remark {
                kind: RemarkKind::Evidence,
                label: self.fill("evidence-of", &party),
                about: Some(&self.document.parties[of].id),
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

    /// The controls that a row or a cell is mapped to.
    pub(super) fn controls_block(&self, controls: &'a [Controls]) -> Option<Block<'a>> {
        let names = join_controls(&self.controls(controls), ", ");
        (!names.is_empty()).then(|| self.plain(RemarkKind::Controls, names.into()))
    }

    /// The same beside tasks: also what applies if no party is responsible, and
    /// acknowledged contradictions with the author's reason.
    pub(super) fn remarks(&self, cell: &'a Cell, blocks: &mut Vec<Block<'a>>) {
        if matches!(cell.ownership, Ownership::Unassigned { .. }) {
            blocks.extend(self.catch_all());
        }
        self.facts(cell, blocks);
        for reason in cell.shown_reasons(self.document) {
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

    /// A note: its text, or the mark of one that stands below the table.
    pub(super) fn note(&self, note: &'a Note) -> Block<'a> {
        let text = match note {
            Note::Own(text) => text,
            Note::Shared(at) => &self.document.notes[*at].mark,
        };
        self.markdown(RemarkKind::Note, text)
    }

    pub(super) fn plain(&self, kind: RemarkKind, text: Cow<'a, str>) -> Block<'a> {
        Block::Remark {
            kind,
            label: self.strings.get(kind.key()).into(),
            about: None,
            text: Remark::Plain(text),
        }
    }

    fn markdown(&self, kind: RemarkKind, text: &'a Text) -> Block<'a> {
        Block::Remark {
            kind,
            label: self.strings.get(kind.key()).into(),
            about: None,
            text: Remark::Markdown(text),
        }
    }

    /// The scope or the condition of a party.
    fn term(&self, kind: RemarkKind, text: &'a Text, party: PartyIx) -> Block<'a> {
        Block::Remark {
            kind,
            label: self.strings.get(kind.key()).into(),
            about: Some(&self.document.parties[party].id),
            text: Remark::Markdown(text),
        }
    }

    /// The words that lead to the parties of a role.
    pub fn role_lead(&self, role: Role) -> Cow<'a, str> {
        let key = match role {
            Role::BuiltIn(BuiltInRole::Responsible) => "mark-yes-of",
            Role::BuiltIn(BuiltInRole::Accountable) => "role-accountable",
            Role::BuiltIn(BuiltInRole::Consulted) => "role-consulted",
            Role::BuiltIn(BuiltInRole::Informed) => "role-informed",
            Role::BuiltIn(BuiltInRole::Supports) => "role-supports",
            Role::Own(_) => return self.fill("role-own", &[("role", self.role_label(role))]),
        };
        self.strings.get(key).into()
    }

    /// The name of a role.
    pub(super) fn role_label(&self, role: Role) -> &'a str {
        match role {
            Role::BuiltIn(BuiltInRole::Responsible) => self.strings.get("part-responsible"),
            Role::BuiltIn(BuiltInRole::Accountable) => self.strings.get("part-accountable"),
            Role::BuiltIn(BuiltInRole::Consulted) => self.strings.get("part-consulted"),
            Role::BuiltIn(BuiltInRole::Informed) => self.strings.get("part-informed"),
            Role::BuiltIn(BuiltInRole::Supports) => self.strings.get("part-supports"),
            Role::Own(ix) => &self.document.roles.own[ix].label,
        }
    }

    /// The name of a way in which rows concern a party.
    pub fn way_label(&self, way: Concern) -> &'a str {
        match way {
            Concern::Responsible => self.strings.get("part-responsible"),
            Concern::Conditional => self.strings.get("part-conditional"),
            Concern::Role(role) => self.role_label(role),
        }
    }
}

/// Whether a party is responsible in all areas of a cell.
fn is_in_all_areas(cell: &Cell, party: PartyIx) -> bool {
    let mut areas = cell.areas.iter();
    areas.all(|area| area.cell.ownership.parties().contains(&party))
}

/// The text of a party.
fn text_of(list: &[(PartyIx, Text)], party: PartyIx) -> Option<&Text> {
    let (_, text) = list.iter().find(|(p, _)| *p == party)?;
    Some(text)
}
