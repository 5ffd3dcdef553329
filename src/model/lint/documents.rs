//! Doubts about the document as a whole: dates, and parties, frameworks, fields and
//! models that are not used.

use std::collections::HashMap;

use crate::findings::{Code, Finding, Findings, Place, Subject};
use crate::input::STAND_IN;
use crate::model::Document;
use crate::model::lint::tally::Tally;

pub(super) fn document_facts(
    document: &Document,
    tally: &Tally,
    today: Option<jiff::civil::Date>,
    findings: &mut Findings,
) {
    not_yet_effective(document, today, findings);
    unused_declarations(document, tally, findings);
    unused_areas(document, tally, findings);
    unused_roles(document, tally, findings);
    same_labels(document, findings);
    anchors_of_areas(document, findings);
    models_without_cells(document, tally, findings);
}

fn not_yet_effective(
    document: &Document,
    today: Option<jiff::civil::Date>,
    findings: &mut Findings,
) {
    let of_document = document.effective.iter();
    let of_document = of_document.map(|date| (date, "the document".to_string(), None));
    let of_models = document.models.iter().filter_map(|model| {
        let what = format!("the model `{}`", model.id);
        Some((model.effective.as_ref()?, what, Some(model.id.clone())))
    });
    for (date, what, model) in of_document.chain(of_models) {
        if today.is_some_and(|today| date.day > today) {
            let message = format!("{what} takes effect on {}, which is after today", date.text);
            findings.push(
                Finding::new(Code::NotYetEffective, date.place.clone(), message)
                    .label("in the future")
                    .subject(Subject {
                        model,
                        ..Subject::default()
                    }),
            );
        }
    }
}

fn unused_declarations(document: &Document, tally: &Tally, findings: &mut Findings) {
    let catch_all = document.catch_all.as_ref().and_then(|c| c.party.as_ref());
    for (party, used) in document.parties.iter().zip(&tally.parties) {
        if !used && catch_all.is_none_or(|p| p.value != party.id) {
            findings.push(
                Finding::new(
                    Code::EmptyGroup,
                    party.place.clone(),
                    format!("no cell names the party `{}`", party.id),
                )
                .label("never used")
                .help("remove it, or name it in `responsible` or `tasks`"),
            );
        }
    }
    for (framework, used) in document.frameworks.iter().zip(&tally.frameworks) {
        if !used {
            findings.push(
                Finding::new(
                    Code::EmptyGroup,
                    framework.place.clone(),
                    format!("nothing is mapped to the framework `{}`", framework.id),
                )
                .label("never used"),
            );
        }
    }
    for (note, used) in document.notes.iter().zip(&tally.notes) {
        if !used {
            let message = format!("nothing refers to the note `{}`", note.id);
            findings.push(
                Finding::new(Code::EmptyGroup, note.place.clone(), message)
                    .label("never used")
                    .help(format!(
                        "write `notes: [{{ref: {}}}]` in a row or cell, or remove the note",
                        note.id
                    )),
            );
        }
    }
    for (field, used) in document.fields.iter().zip(&tally.fields) {
        if !used {
            findings.push(
                Finding::new(
                    Code::EmptyGroup,
                    field.place.clone(),
                    format!("no row has a value for the field `{}`", field.id),
                )
                .label("never used")
                .help("write `fields:` in rows or cells, or remove the field"),
            );
        }
    }
}

fn unused_roles(document: &Document, tally: &Tally, findings: &mut Findings) {
    for (role, used) in document.roles.own.iter().zip(&tally.roles) {
        if !used {
            let message = format!("no party has the role `{}`", role.id);
            findings.push(
                Finding::new(Code::EmptyGroup, role.place.clone(), message)
                    .label("never used")
                    .help("write its letter or id in `roles` of a cell, or remove the role"),
            );
        }
    }
}

/// Things of one kind with the same label: readers cannot tell them apart.
fn same_labels(document: &Document, findings: &mut Findings) {
    let kinds: [(&str, Vec<(&str, &Place)>); 6] = [
        (
            "parties",
            named(&document.parties, |p| (&p.label, &p.place)),
        ),
        ("models", named(&document.models, |m| (&m.label, &m.place))),
        (
            "frameworks",
            named(&document.frameworks, |f| (&f.label, &f.place)),
        ),
        ("areas", named(&document.areas, |a| (&a.label, &a.place))),
        ("fields", named(&document.fields, |f| (&f.label, &f.place))),
        (
            "roles",
            named(&document.roles.own, |r| (&r.label, &r.place)),
        ),
    ];
    for (kind, labels) in kinds {
        let mut seen: HashMap<String, &Place> = HashMap::new();
        for (label, place) in labels {
            let folded = label.trim().to_lowercase();
            if let Some(first) = seen.get(&folded) {
                let message = format!("two {kind} are called \"{label}\"");
                findings.push(
                    Finding::new(Code::SameName, place.clone(), message)
                        .label("called the same")
                        .related((*first).clone(), "the other one")
                        .help("change the label of one of them"),
                );
            } else {
                seen.insert(folded, place);
            }
        }
    }
}

/// The label and the place of each.
fn named<T>(all: &[T], of: fn(&T) -> (&String, &Place)) -> Vec<(&str, &Place)> {
    let named = all.iter().map(of);
    named
        .map(|(label, place)| (label.as_str(), place))
        .filter(|(label, _)| *label != STAND_IN)
        .collect()
}

fn unused_areas(document: &Document, tally: &Tally, findings: &mut Findings) {
    for (area, used) in document.areas.iter().zip(&tally.areas) {
        if !used {
            let message = format!("no cell is divided into the area `{}`", area.id);
            findings.push(
                Finding::new(Code::EmptyGroup, area.place.clone(), message)
                    .label("never used")
                    .help("remove it, or name it in `areas` of a cell"),
            );
        }
    }
}

/// Rows whose ids are the anchors of other rows' areas.
fn anchors_of_areas(document: &Document, findings: &mut Findings) {
    if document.areas.is_empty() {
        return;
    }
    let rows: HashMap<&str, &Place> = document
        .rows()
        .map(|(_, row)| (row.id.as_str(), &row.place))
        .collect();
    let cells = document
        .rows()
        .flat_map(|(_, row)| row.cells.iter().flatten());
    for area in cells.flat_map(|cell| &cell.areas) {
        if let Some(place) = rows.get(area.anchor.as_str()) {
            let message = format!("`{}` is also the anchor of an area", area.anchor);
            findings.push(
                Finding::new(Code::DuplicateId, (*place).clone(), message)
                    .label("this row")
                    .related(area.cell.place.clone(), "the area of another row")
                    .help("give the row another id"),
            );
        }
    }
}

/// Models without cells, and models whose cells list no task although others do. A
/// document that only says who is responsible lists none anywhere.
fn models_without_cells(document: &Document, tally: &Tally, findings: &mut Findings) {
    let lists_tasks = tally.models.iter().any(|model| model.tasks);
    for (model, tally) in document.models.iter().zip(&tally.models) {
        let subject = Subject {
            model: Some(model.id.clone()),
            ..Subject::default()
        };
        if !tally.cells && !document.categories.is_empty() {
            findings.push(
                Finding::new(
                    Code::EmptyGroup,
                    model.place.clone(),
                    format!("no row has a cell for the model `{}`", model.id),
                )
                .subject(subject)
                .help("add cells, or remove the model"),
            );
        } else if tally.cells && !tally.tasks && lists_tasks {
            findings.push(
                Finding::new(
                    Code::CellWithoutTasks,
                    model.place.clone(),
                    format!("no cell of the model `{}` lists a task", model.id),
                )
                .subject(subject),
            );
        }
    }
}
