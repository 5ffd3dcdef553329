//! The badge of a cell: its declared owners, in words. It is never stored and never
//! derived from tasks.

use std::borrow::Cow;

use crate::input::{PartyKind, worded};
use crate::model::{Cell, Document, ModelIx, Ownership, Party, PartyIx};
use crate::text::Strings;

worded! {
    /// The kinds of owners that a badge can show, in the order of totals and legends.
    /// The words are the values of `data-owner`, a public hook.
    pub enum Owner {
        /// The customer's side alone.
        Customer = "customer",
        /// The customer's side together with other parties.
        Shared = "shared",
        /// The provider, alone or with third parties.
        Provider = "provider",
        /// Third parties only.
        ThirdParty = "third-party",
        /// Each contract settles it.
        ByAgreement = "by-agreement",
        /// The row has no meaning in the model.
        NotApplicable = "not-applicable",
        /// No party; the catch-all text applies.
        Unassigned = "unassigned",
        /// The row has no cell in the model.
        NotListed = "not-listed",
    }
}

impl Owner {
    /// The key of the word in a strings file.
    pub fn key(self) -> &'static str {
        match self {
            Owner::Customer => "owner-customer",
            Owner::Provider => "owner-provider",
            Owner::Shared => "owner-shared",
            Owner::ThirdParty => "owner-third-party",
            Owner::NotApplicable => "owner-not-applicable",
            Owner::ByAgreement => "owner-by-agreement",
            Owner::NotListed => "owner-not-listed",
            Owner::Unassigned => "owner-unassigned",
        }
    }

    /// The kind of owner of a cell, or of a missing cell.
    ///
    /// All parties of the kind `customer` are one side, and all others the other one. A
    /// row is "shared" if both sides have a part in it. A provider with third parties
    /// counts as the provider. Third parties alone are a separate kind.
    pub fn of(document: &Document, cell: Option<&Cell>) -> Owner {
        let Some(cell) = cell else {
            return Owner::NotListed;
        };
        let parties = match &cell.ownership {
            Ownership::Parties(parties) => parties,
            Ownership::Unassigned { .. } => return Owner::Unassigned,
            Ownership::NotApplicable(_) => return Owner::NotApplicable,
            Ownership::ByAgreement(_) => return Owner::ByAgreement,
        };
        let has = |kind| parties.iter().any(|p| document.parties[*p].kind == kind);
        let [customer, provider, third_party] = [
            PartyKind::Customer,
            PartyKind::Provider,
            PartyKind::ThirdParty,
        ]
        .map(has);
        match (customer, provider, third_party) {
            (true, false, false) => Owner::Customer,
            (true, _, _) => Owner::Shared,
            (false, true, _) => Owner::Provider,
            (false, false, _) => Owner::ThirdParty,
        }
    }
}

/// The text between the names of parties in a badge.
pub const BETWEEN_PARTIES: &str = " + ";

/// A badge that can be written in any format. Each medium draws it in one function:
/// [`Badge::text`], `badge` in `tables/html` and `badge` in `pages/web`.
#[derive(Clone, Debug)]
pub struct Badge<'a> {
    /// The kind of owner.
    pub owner: Owner,
    /// The responsible parties, in document order.
    pub parties: Vec<&'a Party>,
    /// The word for the owner.
    pub word: Cow<'a, str>,
    /// Whether the parties are named beside the word. They are not if the word
    /// already names them.
    pub named: bool,
    /// The word for "conditional", if one of these parties takes part only under a
    /// condition. A condition of another party says nothing about the owner.
    pub conditional: Option<&'a str>,
    /// Those of these parties that take part only under a condition.
    pub on_condition: Vec<&'a Party>,
    /// The words for "by area", if the areas of the cell have different owners.
    pub by_area: Option<&'a str>,
    /// What is between the owner and the words that follow it.
    pub between: &'a str,
}

impl<'a> Badge<'a> {
    /// The badge of a row's cell in a model.
    pub fn new(document: &'a Document, cell: Option<&Cell>, strings: &'a Strings) -> Badge<'a> {
        let parties: &[PartyIx] = cell.map_or(&[], |c| c.ownership.parties());
        let parties: Vec<&Party> = parties.iter().map(|p| &document.parties[*p]).collect();
        let mut badge = Badge::of(Owner::of(document, cell), strings);
        badge.named = match (badge.owner, &parties[..]) {
            (Owner::ThirdParty, [party]) => {
                badge.word = Cow::Borrowed(&party.label);
                false
            }
            (Owner::ThirdParty, _) => {
                let labels: Vec<&str> = parties.iter().map(|p| p.label.as_str()).collect();
                badge.word = Cow::Owned(labels.join(BETWEEN_PARTIES));
                false
            }
            (_, [party]) => party.label != badge.word,
            (_, parties) => !parties.is_empty(),
        };
        badge.parties = parties;
        let conditional = cell.into_iter().flat_map(|cell| {
            let responsible = cell.ownership.parties();
            let conditional = cell.conditional.iter().map(|(party, _)| *party);
            conditional.filter(|party| responsible.contains(party))
        });
        badge.on_condition = conditional.map(|p| &document.parties[p]).collect();
        badge.conditional = (!badge.on_condition.is_empty()).then(|| strings.get("conditional"));
        badge.by_area = cell
            .filter(|cell| cell.is_by_area())
            .map(|_| strings.get("by-area"));
        badge
    }

    /// The badge of a kind of owner, without parties.
    pub fn of(owner: Owner, strings: &'a Strings) -> Badge<'a> {
        Badge {
            owner,
            parties: Vec::new(),
            word: Cow::Borrowed(strings.get(owner.key())),
            named: false,
            conditional: None,
            on_condition: Vec::new(),
            by_area: None,
            between: strings.get("names"),
        }
    }

    /// What follows the owner, each after [`Badge::between`].
    pub fn remarks(&self) -> impl Iterator<Item = &'a str> {
        self.by_area.into_iter().chain(self.conditional)
    }

    /// The badge as plain words: `Shared (Customer + Example)`.
    pub fn text(&self) -> String {
        let mut text = self.word.to_string();
        if self.named {
            for (at, party) in self.parties.iter().enumerate() {
                text.push_str(if at == 0 { " (" } else { BETWEEN_PARTIES });
                text.push_str(&party.label);
            }
            text.push(')');
        }
        for word in self.remarks() {
            text.push_str(self.between);
            text.push_str(word);
        }
        text
    }
}

/// The number of rows of each kind of owner in a model. Kinds without rows are left
/// out.
pub fn owner_totals(document: &Document, model: ModelIx) -> Vec<(Owner, usize)> {
    let owners: Vec<Owner> = document
        .rows()
        .map(|(_, row)| Owner::of(document, row.cells[model].as_ref()))
        .collect();
    count_owners(&owners)
}

/// Counts owner kinds, in the order of [`Owner::ALL`].
pub fn count_owners(owners: &[Owner]) -> Vec<(Owner, usize)> {
    Owner::ALL
        .iter()
        .copied()
        .map(|kind| (kind, owners.iter().filter(|o| **o == kind).count()))
        .filter(|(_, n)| *n > 0)
        .collect()
}
