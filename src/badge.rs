//! The badge of a cell: a view of its declared owner set, in words. It is
//! never stored and never guessed from tasks.

use crate::model::{Cell, Document, ModelIx, Ownership, PartyIx};
use crate::schema::PartyKind;
use crate::strings::Strings;

/// What a badge says. The words are the values of `data-owner`, a public hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    Customer,
    Provider,
    Shared,
    ThirdParty,
    NotApplicable,
    ByAgreement,
    NotListed,
    Unassigned,
}

impl Owner {
    /// All of them, in the order of totals and legends.
    pub const ALL: [Owner; 8] = [
        Owner::Customer,
        Owner::Shared,
        Owner::Provider,
        Owner::ThirdParty,
        Owner::ByAgreement,
        Owner::NotApplicable,
        Owner::Unassigned,
        Owner::NotListed,
    ];

    /// The value of `data-owner`, and the key of the word in a strings file
    /// after `owner-`.
    pub fn word(self) -> &'static str {
        match self {
            Owner::Customer => "customer",
            Owner::Provider => "provider",
            Owner::Shared => "shared",
            Owner::ThirdParty => "third-party",
            Owner::NotApplicable => "not-applicable",
            Owner::ByAgreement => "by-agreement",
            Owner::NotListed => "not-listed",
            Owner::Unassigned => "unassigned",
        }
    }

    /// The badge kind of a cell, or of its absence.
    ///
    /// Shared means two or more parties of which one is the customer. Third
    /// parties beside the provider leave it the provider's, third parties
    /// alone are their own kind.
    pub fn of(document: &Document, cell: Option<&Cell>) -> Owner {
        let Some(cell) = cell else {
            return Owner::NotListed;
        };
        let parties = match &cell.ownership {
            Ownership::Parties(parties) => parties,
            Ownership::Unassigned => return Owner::Unassigned,
            Ownership::NotApplicable(_) => return Owner::NotApplicable,
            Ownership::ByAgreement(_) => return Owner::ByAgreement,
        };
        let has = |kind| parties.iter().any(|p| document.parties[*p].kind == kind);
        match (has(PartyKind::Customer), has(PartyKind::Provider)) {
            (true, _) if parties.len() > 1 => Owner::Shared,
            (true, _) => Owner::Customer,
            (false, true) => Owner::Provider,
            (false, false) => Owner::ThirdParty,
        }
    }
}

/// A badge ready to be written in any format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    pub owner: Owner,
    /// Ids of the responsible parties, in document order.
    pub parties: Vec<String>,
    /// The owner in a word.
    pub word: String,
    /// Names of the responsible parties, unless the word says it already.
    pub names: Vec<String>,
    /// A word that says so when a party takes part on a condition only.
    pub conditional: Option<String>,
}

impl Badge {
    /// The badge of a row's cell in a model.
    pub fn new(document: &Document, cell: Option<&Cell>, strings: &Strings) -> Badge {
        let owner = Owner::of(document, cell);
        let parties: &[PartyIx] = cell.map_or(&[], |c| c.ownership.parties());
        let names: Vec<String> = parties
            .iter()
            .map(|p| document.party_label(*p, None).to_string())
            .collect();
        let (word, names) = match owner {
            Owner::ThirdParty => (names.join(" + "), Vec::new()),
            _ => {
                let word = strings.get(&format!("owner-{}", owner.word())).to_string();
                let repeated = names.len() == 1 && names[0] == word;
                (word, if repeated { Vec::new() } else { names })
            }
        };
        Badge {
            owner,
            parties: parties
                .iter()
                .map(|p| document.parties[*p].id.clone())
                .collect(),
            word,
            names,
            conditional: cell
                .filter(|c| !c.conditional.is_empty())
                .map(|_| strings.get("conditional").to_string()),
        }
    }

    /// The badge as plain words: `Shared (Customer + Example)`.
    pub fn text(&self) -> String {
        let mut text = self.word.clone();
        if !self.names.is_empty() {
            text.push_str(&format!(" ({})", self.names.join(" + ")));
        }
        if let Some(word) = &self.conditional {
            text.push_str(&format!(", {word}"));
        }
        text
    }
}

/// How many rows a model has of each owner kind, none left out that occurs.
pub fn totals(document: &Document, model: ModelIx) -> Vec<(Owner, usize)> {
    let owners: Vec<Owner> = document
        .rows()
        .map(|(_, row)| Owner::of(document, row.cells[model].as_ref()))
        .collect();
    count(&owners)
}

/// Counts owner kinds, in the order of [`Owner::ALL`].
pub fn count(owners: &[Owner]) -> Vec<(Owner, usize)> {
    Owner::ALL
        .into_iter()
        .map(|kind| (kind, owners.iter().filter(|o| **o == kind).count()))
        .filter(|(_, n)| *n > 0)
        .collect()
}
