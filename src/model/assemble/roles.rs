//! Assembles roles: which there are, and what the letters of a cell say of its parties.

use std::collections::{BTreeMap, BTreeSet};

use crate::findings::{Code, Finding, Findings, Place, code_list, nearest};
use crate::input::{
    At, BuiltInRole, CellRecord, Entries, LettersRecord, OneOrMany, OwnRoleRecord, RoleRecord,
    STAND_IN, Text,
};
use crate::model::assemble::Resolver;
use crate::model::assemble::ids::TakenIds;
use crate::model::limits::MOST_ROLES;
use crate::model::roles::{CONDITIONAL, LONGEST_LETTER};
use crate::model::{OwnRole, Party, PartyIx, Role, Roles, fold, slug};

/// The parties of each role that letters give, in the order of roles.
type Stated = BTreeMap<Role, Vec<Text>>;

/// The roles that `srm.yaml` declares.
pub(super) fn roles(
    records: Entries<RoleRecord>,
    parties: &[Party],
    findings: &mut Findings,
) -> Roles {
    if let Some((key, _)) = records.0.get(MOST_ROLES) {
        let message = format!("a document may have at most {MOST_ROLES} letters and roles");
        findings.push(
            Finding::new(Code::Limit, key.place.clone(), message)
                .label("this one and those after it are left out"),
        );
    }
    let mut roles = Roles::default();
    let mut seen = TakenIds::default();
    for (key, record) in records.0.into_iter().take(MOST_ROLES) {
        let is_letter = key.value.chars().count() <= LONGEST_LETTER
            && key.value.chars().all(char::is_alphanumeric);
        let record = match record {
            RoleRecord::Unknown(word) => {
                findings.push(unknown_role(&key, is_letter, &word, parties));
                let id = slug(&word.value);
                let own = roles.own.iter().position(|own| own.id == id);
                if let Some(at) = own.filter(|_| is_letter) {
                    roles.declared.push((key.value, Role::Own(at)));
                    continue;
                }
                match meant_role(&word, is_letter, parties) {
                    Some(meant) => meant,
                    None => continue,
                }
            }
            record => record,
        };
        let role = match record {
            RoleRecord::Unknown(_) => None,
            RoleRecord::BuiltIn(role) if is_letter => Some(Role::BuiltIn(role)),
            RoleRecord::Own(record) if is_letter || record.id.is_none() => {
                own_role(&key, record, &mut seen, findings).map(|own| {
                    roles.own.push(own);
                    Role::Own(roles.own.len() - 1)
                })
            }
            RoleRecord::BuiltIn(_) => {
                findings.push(not_a_letter(&key));
                None
            }
            RoleRecord::Own(_) => {
                let help = "a role without a letter has its id as the key, and no `id`";
                findings.push(not_a_letter(&key).help(help));
                None
            }
        };
        let letter = role.filter(|_| is_letter);
        roles.declared.extend(letter.map(|role| (key.value, role)));
    }
    roles
}

/// The finding for a word that is no built-in role: a role of the author's own that is not
/// declared as one, or a party.
fn unknown_role(key: &Text, is_letter: bool, word: &Text, parties: &[Party]) -> Finding {
    let (name, role) = (&key.value, &word.value);
    let words = code_list(BuiltInRole::WORDS);
    let message = format!("expected one of {words}, or a role of your own, found `{role}`");
    let finding =
        Finding::new(Code::WrongValue, word.place.clone(), message).label("not a built-in role");
    if let Some(near) = nearest(role, BuiltInRole::WORDS.iter().copied()) {
        return finding.help(format!("did you mean `{near}`?"));
    }
    let named = |party: &&Party| [&party.id, &party.label].contains(&role);
    let finding = match parties.iter().find(named) {
        Some(party) => finding.help(format!(
            "which parties have a role is written in cells: `roles: {{{}: {name}}}`",
            party.id
        )),
        None => finding,
    };
    finding.help(match is_letter {
        true => {
            let id = slug(role);
            format!("for a role of your own, write `{name}: {{id: {id}, label: {role}}}`")
        }
        false => format!("for a role of your own, write `{name}: {{label: {name}}}`"),
    })
}

/// The role that an unknown word stands for, so that nothing is said about its letter in
/// cells; `None` if it is a party.
fn meant_role(word: &Text, is_letter: bool, parties: &[Party]) -> Option<RoleRecord> {
    let near = nearest(&word.value, BuiltInRole::WORDS.iter().copied());
    if let Some(role) = near.and_then(BuiltInRole::from_word) {
        return Some(RoleRecord::BuiltIn(role));
    }
    let is_party = parties.iter().any(|party| party.id == word.value);
    (!is_letter || !is_party).then(|| {
        let id = At {
            value: slug(&word.value),
            place: word.place.clone(),
        };
        RoleRecord::Own(OwnRoleRecord {
            id: is_letter.then_some(id),
            label: word.clone(),
            takes_part: None,
        })
    })
}

fn not_a_letter(key: &Text) -> Finding {
    let message = format!("`{}` cannot be the letter of a role", key.value);
    Finding::new(Code::WrongValue, key.place.clone(), message)
        .label("not a letter")
        .help(format!(
            "use at most {LONGEST_LETTER} letters or digits of any script"
        ))
}

fn own_role(
    key: &Text,
    record: OwnRoleRecord,
    seen: &mut TakenIds,
    findings: &mut Findings,
) -> Option<OwnRole> {
    let id = record.id.unwrap_or_else(|| key.clone());
    let mut built_in = BuiltInRole::WORDS.iter().chain([&CONDITIONAL]);
    if built_in.any(|word| *word == fold(&id.value)) {
        let message = format!("`{}` cannot be the id of your own role", id.value);
        findings.push(
            Finding::new(Code::InvalidId, id.place, message)
                .label("a word with a meaning of its own")
                .help(format!(
                    "use another id, or write `{}: {}` if the built-in role is meant",
                    key.value,
                    fold(&id.value)
                )),
        );
        return None;
    }
    seen.claim("role", &id, findings).then(|| OwnRole {
        id: id.value,
        label: record.label.value,
        takes_part: record.takes_part.unwrap_or(true),
        place: id.place,
    })
}

impl Resolver<'_> {
    /// A cell with the keys of the built-in roles as its letters state them. Letters state
    /// the whole row, so a role that they do not give has no party.
    pub(super) fn with_letters(&mut self, mut cell: CellRecord) -> CellRecord {
        let Some(letters) = cell.roles.take() else {
            return cell;
        };
        let (mut stated, findings) = self.stated(&letters);
        let unread = |text: &Text| text.value == STAND_IN;
        let mut words = letters.0.iter().flat_map(|(_, words)| words);
        let is_read = findings.is_empty()
            && !self.document.unread.roles
            && !words.any(|words| words.0.iter().any(unread));
        findings.into_iter().for_each(|f| self.findings.push(f));
        for role in BuiltInRole::ALL.iter().copied() {
            let mut parties = stated.remove(&Role::BuiltIn(role)).unwrap_or_default();
            let has_state = cell.state.is_some();
            let key = key_of(&mut cell, role);
            if let Some(written) = key {
                if is_read && !letters.0.is_empty() {
                    let finding = disagreement(role, written, &parties, &letters);
                    finding.into_iter().for_each(|f| self.findings.push(f));
                }
                continue;
            }
            if role == BuiltInRole::Responsible && parties.is_empty() {
                if has_state {
                    continue;
                }
                // The letter that was not read may be that of who is responsible.
                let place = letters.0.first().map(|(party, _)| party.place.clone());
                parties.extend(place.filter(|_| !is_read).map(|place| At {
                    value: STAND_IN.into(),
                    place,
                }));
            }
            *key = Some(OneOrMany(parties));
        }
        cell.roles = Some(letters);
        cell
    }

    /// The parties of the author's own roles in a cell.
    pub(super) fn own_roles(&mut self, letters: &LettersRecord) -> Vec<(Role, Vec<PartyIx>)> {
        let (stated, _) = self.stated(letters);
        let own = stated.into_iter();
        let own = own.filter(|(role, _)| matches!(role, Role::Own(_)));
        own.map(|(role, parties)| (role, self.parties(&OneOrMany(parties))))
            .collect()
    }

    /// The parties of each role that letters state, and what is wrong with the letters.
    fn stated(&self, letters: &LettersRecord) -> (Stated, Vec<Finding>) {
        let (mut stated, mut findings) = (Stated::new(), Vec::new());
        let is_party_id = |id: &str| self.document.known.parties.find(id).is_some();
        let is_party = |id: &Text| is_party_id(&id.value);
        let parts = letters
            .0
            .chunk_by(|_, (key, words)| words.is_none() && !is_party(key));
        for part in parts {
            let [(party, words), lost @ ..] = part else {
                continue;
            };
            let Some(words) = words else {
                findings.push(no_letters(party));
                continue;
            };
            let texts = words.0.iter().map(|text| text.value.as_str());
            let texts = texts.chain(lost.iter().map(|(key, _)| key.value.as_str()));
            if let Some((first, _)) = lost.first() {
                let all: Vec<&str> = texts.clone().collect();
                findings.push(not_quoted(party, first, &all.join(", ")));
            }
            let place = words.0.first().map_or(&party.place, |text| &text.place);
            let words = texts.filter(|text| *text != STAND_IN);
            for word in words.flat_map(|text| text.split(is_separator)) {
                match self.document.roles.read(word) {
                    Ok(roles) => roles.into_iter().for_each(|role| {
                        let parties = stated.entry(role).or_default();
                        if !parties.contains(party) {
                            parties.push(party.clone());
                        }
                    }),
                    // It may be one that `srm.yaml` declares in a wrong way.
                    Err(_) if self.document.unread.roles => {}
                    Err(_) if !is_party(party) && is_party_id(word) => {
                        findings.push(inverted(party, word, place));
                        break;
                    }
                    Err(letter) => findings.push(self.unknown_letter(letter, place)),
                }
            }
        }
        (stated, findings)
    }

    fn unknown_letter(&self, letter: &str, place: &Place) -> Finding {
        let roles = &self.document.roles;
        let known: Vec<&str> = roles.letters().map(|(letter, _)| letter).collect();
        let ids: Vec<&str> = roles.all().map(|role| roles.id(role)).collect();
        let same = |known: &&&str| known.to_lowercase() == letter.to_lowercase();
        let near = known.iter().chain(&ids).find(same).copied();
        let is_word = letter.chars().count() > LONGEST_LETTER;
        let near = near.or_else(|| nearest(letter, ids.iter().copied()).filter(|_| is_word));
        let meanings = roles.letters();
        let meanings = meanings.map(|(letter, role)| format!("`{letter}` ({})", roles.id(role)));
        let message = format!("`{letter}` is not the letter of a role");
        let finding = Finding::new(Code::Letters, place.clone(), message).label("unknown letter");
        let finding = match near {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding,
        };
        let meanings: Vec<String> = meanings.collect();
        finding.help(format!("letters: {}", meanings.join(", ")))
    }
}

/// What separates letters, in Japanese and Chinese, too.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || "/,／，、".contains(c)
}

/// A letter in place of a party, which stands in place of the letters.
fn inverted(letter: &Text, party: &str, place: &Place) -> Finding {
    let message = format!("`{party}` is a party here, not a letter");
    Finding::new(Code::Letters, place.clone(), message)
        .label("this is the party")
        .related(letter.place.clone(), "and this the letter")
        .help(format!(
            "write the party first: `roles: {{{party}: {}}}`",
            letter.value
        ))
}

fn no_letters(party: &Text) -> Finding {
    let message = format!("`{}` has no letters", party.value);
    Finding::new(Code::Letters, party.place.clone(), message)
        .label("there is nothing after it")
        .help(format!(
            "write the letters of its roles: `{}: \"R A\"`",
            party.value
        ))
}

fn not_quoted(party: &Text, lost: &Text, letters: &str) -> Finding {
    let message = format!("`{}` is read as a party here, not as a letter", lost.value);
    Finding::new(Code::Letters, lost.place.clone(), message)
        .label("a comma begins another party")
        .related(party.place.clone(), "the party that is meant")
        .help(format!(
            "put the letters in quotes: `{}: \"{letters}\"`",
            party.value
        ))
}

/// The key of a cell that names the parties of a role.
fn key_of(cell: &mut CellRecord, role: BuiltInRole) -> &mut Option<OneOrMany<Text>> {
    match role {
        BuiltInRole::Responsible => &mut cell.responsible,
        BuiltInRole::Accountable => &mut cell.accountable,
        BuiltInRole::Consulted => &mut cell.consulted,
        BuiltInRole::Informed => &mut cell.informed,
        BuiltInRole::Supports => &mut cell.supports,
    }
}

/// A finding if a key and the letters name different parties for a role.
fn disagreement(
    role: BuiltInRole,
    written: &OneOrMany<Text>,
    stated: &[Text],
    letters: &LettersRecord,
) -> Option<Finding> {
    let ids = |parties: &[Text]| -> BTreeSet<String> {
        parties.iter().map(|party| party.value.clone()).collect()
    };
    let (in_key, in_letters) = (ids(&written.0), ids(stated));
    if in_key == in_letters {
        return None;
    }
    let names = |ids: &BTreeSet<String>| match ids.len() {
        0 => "no party".to_string(),
        _ => code_list(&ids.iter().map(String::as_str).collect::<Vec<_>>()),
    };
    let word = role.word();
    let first = stated
        .first()
        .or(letters.0.first().map(|(party, _)| party))?;
    let place = written.0.first().unwrap_or(first).place.clone();
    let message = format!(
        "`{word}` names {}, but the letters of `roles` name {}",
        names(&in_key),
        names(&in_letters)
    );
    Some(
        Finding::new(Code::RolesDisagree, place, message)
            .label(format!("`{word}`"))
            .related(first.place.clone(), "the letters")
            .help(format!(
                "remove `{word}`, or make both name the same parties"
            ))
            .help("letters state every role of the cell, also those that no party has"),
    )
}
