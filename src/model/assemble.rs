//! Turns records into a document: it resolves every id, merges cells with those of
//! `all`, and refuses contradictions. Rules between records are here; rules for a
//! single record are in `schema`, and what is only doubtful is in `lint`.
//!
//! A document is assembled in two steps: the frame (parties, models), and the
//! categories, each of which depends only on the frame.

mod categories;
mod cells;
mod data;
mod evidence;
mod fields;
mod frame;
mod ids;
mod overlay;
mod prose;
mod roles;
mod rows;

use crate::findings::{Code, Finding, Findings, Guess, Severity};
use crate::input::{Entries, STAND_IN, Text};
use crate::model::assemble::ids::unknown;
use crate::model::ids::Ids;
use crate::model::{
    Acknowledgement, Acknowledgements, AreaIx, Document, ModelIx, PartyIx, fold, id_problem,
};
use crate::text::paths;

pub use crate::model::assemble::categories::{OneCategory, categories, category, findings_of};
pub use crate::model::assemble::data::of_data;
pub use crate::model::assemble::frame::{frame, frame_key};
pub use crate::model::assemble::prose::{OneProse, prose, prose_page};

/// Resolves ids with the frame of a document.
struct Resolver<'a> {
    document: &'a Document,
    findings: &'a mut Findings,
}

impl Resolver<'_> {
    fn party(&mut self, id: &Text) -> Option<PartyIx> {
        let known = &self.document.known;
        let found = known.parties.find(&id.value);
        // If there is no party at all, the document already has a finding.
        if found.is_none() && !known.parties.is_empty() {
            match self.named_parties(&id.value).as_deref() {
                None => {
                    let declared = declared_in("parties", id);
                    let unread = self.document.unread.parties;
                    self.undeclared("party", id, &known.parties, unread, &declared);
                }
                // Two ids that collide have a finding.
                Some([one]) if self.document.unread.parties && fold(one) == fold(&id.value) => {}
                Some([one]) => {
                    let help = format!("did you mean `{one}`?");
                    self.findings.push(unknown("party", id).help(help));
                }
                Some(many) => {
                    let list = many.join(", ");
                    let help = format!("name each party separately, as a list: `[{list}]`");
                    self.findings.push(unknown("party", id).help(help));
                }
            }
        }
        found
    }

    /// Reports an id that is not declared, with how to declare it. If some of its kind
    /// could not be read, it may be one of them.
    fn undeclared(
        &mut self,
        what: &str,
        id: &Text,
        known: &Ids,
        are_unread: bool,
        declared_in: &str,
    ) {
        if id.value == STAND_IN {
            return;
        }
        let guess = Guess::new(&id.value, &known.names).may_exist(are_unread);
        let or = if known.is_empty() { "" } else { "or " };
        let help = format!("{or}declare it in {declared_in}");
        let help = Some(help).filter(|_| id_problem(&id.value).is_none());
        let finding = unknown(what, id).help_from(help).guess(Some(guess));
        self.findings.push(finding);
    }

    fn area(&mut self, id: &Text) -> Option<AreaIx> {
        let known = &self.document.known.areas;
        let found = known.find(&id.value);
        if found.is_none() {
            let unread = self.document.unread.areas;
            self.undeclared("area", id, known, unread, &declared_in("areas", id));
        }
        found
    }

    fn model(&mut self, id: &Text) -> Option<ModelIx> {
        let known = &self.document.known.models;
        let found = known.find(&id.value);
        let is_unread = self.document.unread.models.contains(&id.value);
        if found.is_none() && !known.is_empty() && !is_unread {
            let file = format!("{}/{}", content_folder(id), paths::model_source(&id.value));
            self.undeclared("model", id, known, false, &format!("a file `{file}`"));
        }
        found
    }
}

/// Where an id of a kind is declared.
fn declared_in(key: &str, id: &Text) -> String {
    format!("`{key}:` of `{}/srm.yaml`", content_folder(id))
}

/// The content folder, seen from a file of data in it.
fn content_folder(id: &Text) -> &str {
    let file: &str = &id.place.file;
    let folders = ["/categories/", "/models/", "/srm.yaml"];
    let ends = folders.iter().find_map(|end| file.rfind(end));
    ends.map_or(file, |end| &file[..end])
}

fn acknowledgements(entries: Entries<Text>, findings: &mut Findings) -> Acknowledgements {
    let mut out = Vec::new();
    for (code, reason) in entries.0 {
        match Code::from_id(&code.value) {
            Some(known) if known.severity() == Severity::Error => {
                findings.push(
                    Finding::new(
                        Code::WrongValue,
                        code.place,
                        format!("`{}` is an error and cannot be acknowledged", known.id()),
                    )
                    .help("fix what it reports"),
                );
            }
            Some(known) => out.push(Acknowledgement {
                code: known,
                reason: reason.value,
                place: code.place,
            }),
            None => {
                let ids = Code::ALL.iter().map(|c| c.id());
                findings.push(unknown("finding code", &code).suggest(&code.value, ids));
            }
        }
    }
    out
}
