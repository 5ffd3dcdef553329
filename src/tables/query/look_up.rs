//! Looks up the names of a request in a document, with findings for unknown ones. No
//! table is made here.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Guess, Names, code_list};
use crate::input::PartyKind;
use crate::model::{Cell, Concern, Document, FieldIx, ModelIx, Owner, PartyIx};
use crate::tables::kinds::TableKind;
use crate::tables::query::filter::{ChangeKind, Filter};
use crate::tables::query::selection::{Piece, What};
use crate::tables::query::{OptionKey, Request, RequestKind, list};

/// Looks up what a request names.
pub(super) struct LookUp<'r, 'a, 'f> {
    pub(super) request: &'r Request,
    pub(super) document: &'a Document,
    pub(super) findings: &'f mut Findings,
}

impl<'a> LookUp<'_, 'a, '_> {
    /// Looks up each value of an option; unknown values are reported.
    fn values<T>(
        &mut self,
        key: OptionKey,
        what: &str,
        names: &dyn Fn() -> Arc<Names>,
        find: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let given = self.request.get(key)?;
        let mut found = Vec::new();
        let guess = |value: &str| Some(Guess::new(value, &names()));
        for (value, place) in list(given) {
            match find(value) {
                Some(one) => found.push(one),
                None => self.findings.push(
                    Finding::new(
                        Code::UnknownId,
                        place,
                        format!("there is no {what} `{value}`"),
                    )
                    .label(format!("unknown {what}"))
                    .guess(guess(value)),
                ),
            }
        }
        if list(given).next().is_none() {
            self.findings.push(
                Finding::new(
                    Code::WrongValue,
                    given.place.clone(),
                    format!("`{}` names no {what}", key.word()),
                )
                .guess(guess("")),
            );
        }
        Some(found)
    }

    fn models_of(&mut self, key: OptionKey) -> Option<Vec<ModelIx>> {
        let known = &self.document.known.models;
        self.values(key, "model", &|| known.names.clone(), |id| known.find(id))
    }

    /// The models that the request names, or all of them.
    pub(super) fn models(&mut self) -> Vec<ModelIx> {
        let named = self.models_of(OptionKey::Model);
        named.unwrap_or_else(|| (0..self.document.models.len()).collect())
    }

    pub(super) fn categories(&mut self) -> Option<Vec<usize>> {
        let document = self.document;
        let names = || document.category_names().clone();
        self.values(OptionKey::Category, "category", &names, |id| {
            document.categories.iter().position(|c| c.id == id)
        })
    }

    pub(super) fn rows(&mut self) -> Option<Vec<String>> {
        self.request.get(OptionKey::Row)?;
        let document = self.document;
        let ids: HashSet<&str> = document.rows().map(|(_, r)| r.id.as_str()).collect();
        let names = || document.row_names().clone();
        self.values(OptionKey::Row, "row", &names, |id| {
            ids.contains(id).then(|| id.to_string())
        })
    }

    pub(super) fn parties(&mut self) -> Option<Vec<PartyIx>> {
        let known = &self.document.known.parties;
        self.values(OptionKey::Party, "party", &|| known.names.clone(), |id| {
            known.find(id)
        })
    }

    pub(super) fn owners(&mut self) -> Option<Vec<Owner>> {
        let names = || Names::new("owner", "", Owner::ALL.iter().map(|o| o.word()));
        // What the outputs call "by agreement" is a state that authors may know by
        // another word.
        let find = |word: &str| match word {
            "by-contract" => Some(Owner::ByAgreement),
            word => Owner::from_word(word),
        };
        self.values(OptionKey::Owner, "owner", &names, find)
    }

    pub(super) fn changes(&mut self) -> Option<Vec<ChangeKind>> {
        let names = || Names::new("change", "", ChangeKind::all().map(ChangeKind::word));
        let find = |word: &str| ChangeKind::all().find(|kind| kind.word() == word);
        self.values(OptionKey::Change, "kind of change", &names, find)
    }

    /// The values of fields that rows must have.
    pub(super) fn fields(&mut self) -> Vec<(FieldIx, Vec<String>)> {
        let document = self.document;
        let mut all = Vec::new();
        for (id, given) in self.request.of_fields() {
            let name = &id.value;
            let Some(at) = document.known.fields.find(name) else {
                self.findings.push(
                    Finding::new(
                        Code::UnknownId,
                        id.place.clone(),
                        format!("there is no field `{name}`"),
                    )
                    .label("unknown field")
                    .guess(Some(Guess::new(name, &document.known.fields.names))),
                );
                continue;
            };
            let choices = &document.fields[at].choices;
            let mut values = Vec::new();
            // A choice may contain commas.
            if choices.contains(&given.value) {
                all.push((at, vec![given.value.clone()]));
                continue;
            }
            let known = values_of(document, at);
            let known = || known.iter().map(String::as_str);
            if list(given).next().is_none() {
                let message = format!("`{}` names no value", document.fields[at].column);
                let finding = Finding::new(Code::WrongValue, given.place.clone(), message);
                self.findings.push(finding.suggest("", known()));
            }
            for (value, place) in list(given) {
                if choices.is_empty() && !known().any(|known| known == value) {
                    let message = format!("no row has the value `{value}` in `{name}`");
                    let finding = Finding::new(Code::UnknownId, place.clone(), message);
                    self.findings
                        .push(finding.label("no such value").suggest(value, known()));
                }
                if !choices.is_empty() && !choices.iter().any(|choice| choice == value) {
                    let message = format!("`{value}` is not a choice of `{name}`");
                    self.findings.push(
                        Finding::new(Code::WrongValue, place, message)
                            .suggest(value, choices.iter().map(String::as_str)),
                    );
                }
                values.push(value.to_string());
            }
            all.push((at, values));
        }
        all
    }

    pub(super) fn anchor(&mut self) -> Option<String> {
        let given = self.request.get(OptionKey::Ids)?;
        let plain = |c: char| c.is_alphanumeric() || "-_".contains(c);
        if given.value.is_empty() || !given.value.chars().all(plain) {
            self.findings.push(
                Finding::new(
                    Code::WrongValue,
                    given.place.clone(),
                    format!("`{}` cannot begin an anchor", given.value),
                )
                .help("use letters, digits, `-` and `_`"),
            );
        }
        Some(given.value.clone())
    }

    fn missing(&mut self, message: &str, help: String) {
        let place = self.request.place.clone();
        let finding = Finding::new(Code::MissingKey, place, message);
        self.findings.push(finding.help(help));
    }

    /// The two models that are compared.
    fn pair(&mut self) -> Option<(ModelIx, ModelIx)> {
        let ids: Vec<&str> = self.document.models.iter().map(|m| m.id.as_str()).collect();
        match (self.models_of(OptionKey::Compare), &ids[..]) {
            (None, [_, _]) => Some((0, 1)),
            (None, [a, b, ..]) => {
                let help = format!("write `compare={a},{b}`; models: {}", code_list(&ids));
                self.missing("the models to compare are not given", help);
                None
            }
            (None, _) => {
                self.missing(
                    "the document has fewer than two models, so there is nothing to compare",
                    "add a model".into(),
                );
                None
            }
            (Some(pair), _) => match pair[..] {
                [a, b] if a != b => Some((a, b)),
                // Unknown models were already reported.
                _ if pair.len() < 2 && self.names(OptionKey::Compare) > 1 => None,
                _ => {
                    let place = self
                        .request
                        .get(OptionKey::Compare)
                        .map(|given| given.place.clone());
                    self.findings.push(
                        Finding::new(
                            Code::WrongValue,
                            place,
                            "a comparison needs two different models",
                        )
                        .suggest("", ids),
                    );
                    None
                }
            },
        }
    }

    /// How many values an option has.
    fn names(&self, key: OptionKey) -> usize {
        self.request.get(key).map_or(0, |given| list(given).count())
    }

    pub(super) fn pieces(&mut self, filter: &Filter) -> Vec<Piece<'a>> {
        match self.request.asked {
            RequestKind::Table(kind) => self.tables(kind, filter),
            RequestKind::Badge => self.badge(filter),
        }
    }

    fn tables(&mut self, asked: TableKind, filter: &Filter) -> Vec<Piece<'a>> {
        let document = self.document;
        let label = |m: ModelIx| document.models[m].label.clone();
        let id = |m: ModelIx| document.models[m].id.as_str();
        let kind = asked.word();
        match asked {
            TableKind::Summary => {
                let piece = |m| Piece::new(What::Summary(m), label(m), &[kind, id(m)]);
                self.models().into_iter().map(piece).collect()
            }
            TableKind::Raci => {
                let piece = |m| Piece::new(What::Raci(m), label(m), &[kind, id(m)]);
                self.models().into_iter().map(piece).collect()
            }
            TableKind::Detail => {
                let piece = |m| Piece::new(What::Detail(m), label(m), &[kind, id(m)]);
                self.models().into_iter().map(piece).collect()
            }
            TableKind::Areas => {
                let piece = |m| Piece::new(What::Areas(m), label(m), &[kind, id(m)]);
                self.models().into_iter().map(piece).collect()
            }
            TableKind::Matrix => {
                let models = self.models();
                vec![Piece::new(What::Matrix(models), kind.into(), &[kind])]
            }
            TableKind::Totals => {
                let models = self.models();
                vec![Piece::new(What::Totals(models), kind.into(), &[kind])]
            }
            TableKind::Category => {
                let all = || (0..document.categories.len()).collect();
                let categories = filter.categories.clone().unwrap_or_else(all);
                let piece = |c: usize| {
                    let category = &document.categories[c];
                    Piece::new(
                        What::Category(c),
                        category.label.clone(),
                        &[kind, &category.id],
                    )
                };
                categories.into_iter().map(piece).collect()
            }
            TableKind::Compare => self.compared(kind, What::Compare),
            TableKind::Tasks => self.compared(kind, What::Tasks),
            TableKind::Checklist => self.checklists(filter),
            TableKind::Evidence => {
                let what = |m| What::Evidence(m, self.request.internal);
                let piece = |m| Piece::new(what(m), label(m), &[kind, id(m)]);
                self.models().into_iter().map(piece).collect()
            }
        }
    }

    /// The table of the two models that are compared.
    fn compared(&mut self, kind: &str, what: fn(ModelIx, ModelIx) -> What<'a>) -> Vec<Piece<'a>> {
        let Some((a, b)) = self.pair() else {
            return Vec::new();
        };
        let [first, second] = [a, b].map(|m| &self.document.models[m]);
        let name = format!("{} - {}", first.label, second.label);
        vec![Piece::new(what(a, b), name, &[kind, &first.id, &second.id])]
    }

    /// Checklists for each party that the request names, or for each customer: one for
    /// each way in which rows concern it.
    fn checklists(&mut self, filter: &Filter) -> Vec<Piece<'a>> {
        let document = self.document;
        let models = self.models();
        let is_customer = |p: &PartyIx| document.parties[*p].kind == PartyKind::Customer;
        let customers = || (0..document.parties.len()).filter(is_customer).collect();
        let parties: Vec<PartyIx> = filter.parties.clone().unwrap_or_else(customers);
        if parties.is_empty() && self.names(OptionKey::Party) == 0 {
            let ids: Vec<&str> = document.parties.iter().map(|p| p.id.as_str()).collect();
            let help = format!("write `party=ID`; parties: {}", code_list(&ids));
            self.missing("the party whose tasks to list is not given", help);
        }
        let all = parties.iter().flat_map(|p| models.iter().map(|m| (*p, *m)));
        all.flat_map(|(p, m)| {
            let (party, model) = (&document.parties[p], &document.models[m]);
            let name = if parties.len() > 1 {
                format!("{} - {}", model.label, document.party_label(p, Some(m)))
            } else {
                model.label.clone()
            };
            let anchor = [
                TableKind::Checklist.word(),
                party.id.as_str(),
                model.id.as_str(),
            ];
            document.roles.concerns().map(move |way| {
                let what = What::Checklist(p, m, way);
                match way {
                    Concern::Responsible => Piece::new(what, name.clone(), &anchor),
                    way => {
                        let word = document.roles.word(way);
                        let name = format!("{name} - {word}");
                        Piece::new(what, name, &[&anchor[..], &[word]].concat())
                    }
                }
            })
        })
        .collect()
    }

    fn badge(&mut self, filter: &Filter) -> Vec<Piece<'a>> {
        let row = match filter.rows.as_deref() {
            Some([row]) => Some(row),
            Some([]) => None,
            _ => {
                self.missing(
                    "a badge needs exactly one row",
                    "write `row=ID` with the id of a row".into(),
                );
                None
            }
        };
        let ids: Vec<&str> = self.document.models.iter().map(|m| m.id.as_str()).collect();
        let unknown = self.names(OptionKey::Model);
        let model = match self.models()[..] {
            [model] => Some(model),
            [] if unknown > 0 => None,
            _ => {
                let help = format!("write `model=ID`; models: {}", code_list(&ids));
                self.missing("a badge needs exactly one model", help);
                None
            }
        };
        let found = self.document.rows().find(|(_, r)| Some(&r.id) == row);
        let (Some((_, row)), Some(model)) = (found, model) else {
            return Vec::new();
        };
        vec![Piece::new(What::Badge(row, model), row.label.clone(), &[])]
    }
}

/// The values that a field can have, or that rows have.
fn values_of(document: &Document, field: FieldIx) -> BTreeSet<String> {
    let choices = document.fields[field].choices.iter().cloned();
    let cells = document.rows().flat_map(|(_, row)| &row.cells).flatten();
    let values = cells.flat_map(Cell::parts).flat_map(|cell| &cell.fields);
    let values = values.filter(|value| value.field == field);
    choices
        .chain(values.map(|value| value.text.value.clone()))
        .collect()
}
