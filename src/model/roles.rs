//! The roles of a document: those that every document has, those of its author, and the
//! letters that stand for them in cells.

use crate::findings::Place;
use crate::input::BuiltInRole;

/// How a party takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// One that every document has.
    BuiltIn(BuiltInRole),
    /// One of the author's own, with its index in [`Roles::own`].
    Own(usize),
}

/// A role of the author's own.
#[derive(Clone, Debug, Hash)]
pub struct OwnRole {
    /// Permanent id.
    pub id: String,
    /// Name that readers see.
    pub label: String,
    /// Whether a row concerns a party that only has this role.
    pub takes_part: bool,
    /// Where the role is declared.
    pub place: Place,
}

/// How a row concerns a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Concern {
    /// It is responsible, or has tasks that nothing else explains.
    Responsible,
    /// It takes part on a condition.
    Conditional,
    /// It has a role without being responsible.
    Role(Role),
}

/// The word of [`Concern::Conditional`], which no role may have as its id.
pub(super) const CONDITIONAL: &str = "conditional";

/// The letters of built-in roles, unless the author gives them others.
const USUAL_LETTERS: [(&str, BuiltInRole); 5] = [
    ("R", BuiltInRole::Responsible),
    ("A", BuiltInRole::Accountable),
    ("C", BuiltInRole::Consulted),
    ("I", BuiltInRole::Informed),
    ("S", BuiltInRole::Supports),
];

/// The most characters that a letter can have. Longer keys are ids.
pub(super) const LONGEST_LETTER: usize = 3;

/// The roles of a document and their letters.
#[derive(Clone, Debug, Default, Hash)]
pub struct Roles {
    /// The roles of the author's own, in their order.
    pub own: Vec<OwnRole>,
    /// The letters that the author declares, in their order.
    pub declared: Vec<(String, Role)>,
}

impl Roles {
    /// All roles: the built-in ones, then the author's own.
    pub fn all(&self) -> impl Iterator<Item = Role> + use<> {
        let built_in = BuiltInRole::ALL.iter().copied().map(Role::BuiltIn);
        built_in.chain((0..self.own.len()).map(Role::Own))
    }

    /// All letters with their roles: those that are declared, and the usual ones of roles
    /// to which none is given.
    pub fn letters(&self) -> impl Iterator<Item = (&str, Role)> {
        let declared = self.declared.iter();
        let declared = declared.map(|(letter, role)| (letter.as_str(), *role));
        let usual = USUAL_LETTERS.map(|(letter, role)| (letter, Role::BuiltIn(role)));
        let usual = usual.into_iter().filter(|(letter, role)| {
            let mut declared = self.declared.iter();
            !declared.any(|(other, of)| other == letter || of == role)
        });
        declared.chain(usual)
    }

    /// The letter of a role, if it has one.
    pub fn letter(&self, role: Role) -> Option<&str> {
        let mut letters = self.letters();
        Some(letters.find(|(_, of)| *of == role)?.0)
    }

    /// The id of a role: the word of a built-in one.
    pub fn id(&self, role: Role) -> &str {
        match role {
            Role::BuiltIn(role) => role.word(),
            Role::Own(ix) => &self.own[ix].id,
        }
    }

    /// Whether a row concerns a party that only has this role.
    pub fn takes_part(&self, role: Role) -> bool {
        match role {
            Role::BuiltIn(_) => true,
            Role::Own(ix) => self.own[ix].takes_part,
        }
    }

    /// The roles that a word means: its letter, its id, or several letters that run
    /// together. Otherwise, the letter that is unknown, or the whole word.
    pub fn read<'w>(&self, word: &'w str) -> Result<Vec<Role>, &'w str> {
        let letter = |letter: &str| Some(self.letters().find(|(known, _)| *known == letter)?.1);
        let id = |id: &str| self.all().find(|role| self.id(*role) == id);
        if let Some(role) = letter(word).or_else(|| id(word)) {
            return Ok(vec![role]);
        }
        let chars = word.char_indices();
        let each = chars.map(|(at, c)| &word[at..at + c.len_utf8()]);
        let mut unknown = each.clone().filter(|c| letter(c).is_none());
        match (unknown.next(), unknown.next()) {
            (None, _) => Ok(each.filter_map(letter).collect()),
            (Some(one), None) => Err(one),
            _ => Err(word),
        }
    }

    /// The ways in which rows can concern a party, the strongest first.
    pub fn concerns(&self) -> impl Iterator<Item = Concern> {
        let own = (0..self.own.len()).map(Role::Own);
        let own = own.filter(|role| self.takes_part(*role));
        let built_in = |roles: [BuiltInRole; 2]| roles.into_iter().map(Role::BuiltIn);
        let strong = built_in([BuiltInRole::Accountable, BuiltInRole::Supports]);
        let weak = built_in([BuiltInRole::Consulted, BuiltInRole::Informed]);
        [Concern::Responsible, Concern::Conditional]
            .into_iter()
            .chain(strong.chain(own).chain(weak).map(Concern::Role))
    }

    /// The word for a way, which is part of anchors and of names.
    pub fn word(&self, way: Concern) -> &str {
        match way {
            Concern::Responsible => BuiltInRole::Responsible.word(),
            Concern::Conditional => CONDITIONAL,
            Concern::Role(role) => self.id(role),
        }
    }
}
