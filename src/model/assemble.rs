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
use crate::model::{Acknowledgement, Acknowledgements, AreaIx, Document, ModelIx, PartyIx};

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
        if found.is_none() && id.value != STAND_IN && !known.parties.is_empty() {
            let finding = unknown("party", id);
            let finding = match self.named_parties(&id.value).as_deref() {
                None => finding.guess(Some(Guess::new(&id.value, &known.parties.names))),
                Some([one]) => finding.help(format!("did you mean `{one}`?")),
                Some(many) => finding.help(format!(
                    "name each party separately, as a list: `[{}]`",
                    many.join(", ")
                )),
            };
            self.findings.push(finding);
        }
        found
    }

    fn area(&mut self, id: &Text) -> Option<AreaIx> {
        let known = &self.document.known.areas;
        let found = known.find(&id.value);
        if found.is_none() && id.value != STAND_IN {
            let finding = match known.is_empty() {
                true => unknown("area", id).help("declare it in `areas:` of `srm.yaml`"),
                false => unknown("area", id).guess(Some(Guess::new(&id.value, &known.names))),
            };
            self.findings.push(finding);
        }
        found
    }

    fn model(&mut self, id: &Text) -> Option<ModelIx> {
        let known = &self.document.known.models;
        let found = known.find(&id.value);
        if found.is_none() && id.value != STAND_IN && !known.is_empty() {
            let guess = Guess::new(&id.value, &known.names);
            self.findings.push(unknown("model", id).guess(Some(guess)));
        }
        found
    }
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
