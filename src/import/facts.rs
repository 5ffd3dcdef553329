//! What the cells of foreign tables say about one row in one model, and how two such
//! statements are put together. How it is written as a source is in `sources`.

use crate::input::State;

/// What is said about a row in one model, in ids of parties, roles and fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CellFacts {
    /// Who is responsible.
    pub responsible: Vec<String>,
    /// What the cell is when no party is responsible.
    pub state: Option<State>,
    /// Why the state applies. Text.
    pub reason: Option<String>,
    /// The parties of the other roles, by the role's id.
    pub roles: Vec<(String, Vec<String>)>,
    /// Tasks by party. Markdown.
    pub tasks: Vec<(String, Vec<String>)>,
    /// Words of the summary by party.
    pub summary: Vec<(String, String)>,
    /// Parts by party. Markdown.
    pub scope: Vec<(String, String)>,
    /// Conditions by party. Markdown.
    pub conditional: Vec<(String, String)>,
    /// How often.
    pub cadence: Option<String>,
    /// Notes. Markdown.
    pub notes: Vec<String>,
    /// Controls by framework.
    pub controls: Vec<(String, Vec<String>)>,
    /// Values by field.
    pub fields: Vec<(String, String)>,
    /// What the row is about. Markdown.
    pub description: Option<String>,
}

/// Adds an entry to a list of lists by id, once.
pub fn add_to(list: &mut Vec<(String, Vec<String>)>, id: &str, entry: &str) {
    let at = list.iter().position(|(known, _)| known == id);
    let at = at.unwrap_or_else(|| {
        list.push((id.to_string(), Vec::new()));
        list.len() - 1
    });
    list[at].1.push(entry.to_string());
}

/// Sets the text of an id; a second, different text is joined to it.
pub fn join_to(list: &mut Vec<(String, String)>, id: &str, text: &str) {
    match list.iter_mut().find(|(known, _)| known == id) {
        Some((_, said)) if said == text => {}
        Some((_, said)) => {
            said.push_str("; ");
            said.push_str(text);
        }
        None => list.push((id.to_string(), text.to_string())),
    }
}

impl CellFacts {
    /// Makes a party responsible.
    pub fn own(&mut self, party: &str) {
        if !self.responsible.iter().any(|known| known == party) {
            self.responsible.push(party.to_string());
        }
    }

    /// Gives a role to a party; `responsible` makes it an owner.
    pub fn give(&mut self, role: &str, party: &str) {
        if role == "responsible" {
            return self.own(party);
        }
        let known = self.roles.iter().find(|(id, _)| id == role);
        let has = known.is_some_and(|(_, parties)| parties.iter().any(|id| id == party));
        if !has {
            add_to(&mut self.roles, role, party);
        }
    }

    /// Whether anything is said about owners.
    pub fn has_owner(&self) -> bool {
        !self.responsible.is_empty() || self.state.is_some()
    }

    /// Whether a party takes part in any way but by its tasks.
    pub fn takes_part(&self, party: &str) -> bool {
        let named = |list: &[(String, Vec<String>)]| {
            list.iter().any(|(_, all)| all.iter().any(|id| id == party))
        };
        self.responsible.iter().any(|id| id == party)
            || named(&self.roles)
            || self.conditional.iter().any(|(id, _)| id == party)
    }
}
