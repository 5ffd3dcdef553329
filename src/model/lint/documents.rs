//! Doubts about the document as a whole: dates, and parties, frameworks, fields and
//! models that are not used.

use crate::findings::{Code, Finding, Findings, Subject};
use crate::model::Document;
use crate::model::lint::tally::Tally;

pub(super) fn document_facts(
    document: &Document,
    tally: &Tally,
    today: Option<jiff::civil::Date>,
    findings: &mut Findings,
) {
    if let (Some(date), Some(today)) = (&document.effective, today)
        && date.day > today
    {
        findings.push(
            Finding::new(
                Code::NotYetEffective,
                date.place.clone(),
                format!(
                    "the document takes effect on {}, which is after today",
                    date.text
                ),
            )
            .label("in the future"),
        );
    }
    unused_declarations(document, tally, findings);
    models_without_cells(document, tally, findings);
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
    for (field, used) in document.fields.iter().zip(&tally.fields) {
        if !used {
            findings.push(
                Finding::new(
                    Code::EmptyGroup,
                    field.place.clone(),
                    format!("no row has a value of the field `{}`", field.id),
                )
                .label("never used")
                .help("remove it, or write `fields:` in rows or cells"),
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
