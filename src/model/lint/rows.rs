//! Doubts about a row: models that it is missing from.

use std::collections::BTreeMap;

use crate::findings::{Code, Finding, Findings, Place, Subject, code_list};
use crate::model::lint::labels::labels_differ;
use crate::model::{Category, Document, Ownership, PartyIx, Row, compare};

pub(super) fn row_facts(
    document: &Document,
    category: &Category,
    row: &Row,
    findings: &mut Findings,
) {
    let subject = Subject {
        model: None,
        category: Some(category.id.clone()),
        row: Some(row.id.clone()),
    };
    labels_differ(
        document,
        Code::RowLabelsDiffer,
        ("row", &row.id, &row.label, &row.place),
        &row.labels,
        |m| row.cells[m].is_some(),
        subject.clone(),
        findings,
    );
    missing_cells(document, row, &subject, findings);
    other_terms(document, row, &subject, findings);
    cells_that_only_in_leaves_out(document, row, &subject, findings);
    words_without_part(document, row, &subject, findings);
}

/// Scopes and evidence of parties that take part in none of the cells that have them.
fn words_without_part<'p>(
    document: &Document,
    row: &'p Row,
    subject: &Subject,
    findings: &mut Findings,
) {
    // All places are in one file.
    let mut said: BTreeMap<usize, (&Place, PartyIx, &str, bool)> = BTreeMap::new();
    let mut say = |place: &'p Place, party, what, takes_part: bool| {
        let entry = said.entry(place.start);
        let (.., ever) = entry.or_insert((place, party, what, false));
        *ever |= takes_part;
    };
    for cell in row.cells.iter().flatten() {
        let is_state = !matches!(cell.ownership, Ownership::Parties(_)) || cell.incomplete;
        for part in cell.parts() {
            let in_part = |party| is_state || !part.concerns(&document.roles, party).is_empty();
            for (party, text) in &part.scope {
                say(&text.place, *party, "a scope", in_part(*party));
            }
            let in_cell = |party| is_state || !cell.concerns(&document.roles, party).is_empty();
            for (party, list) in &part.evidence {
                for one in list {
                    say(&one.place, *party, "evidence", in_cell(*party));
                }
            }
        }
    }
    for (place, party, what, _) in said.values().filter(|(.., ever)| !ever) {
        let (id, row) = (&document.parties[*party].id, &row.id);
        let message = format!("`{id}` has {what} in `{row}`, but takes no part in it");
        findings.push(
            Finding::new(Code::NoPart, (*place).clone(), message)
                .label("takes no part")
                .subject(subject.clone())
                .help("remove it, or name the party in `responsible`, a role or `conditional`"),
        );
    }
}

/// Asks about the first model in which the row has an owner that it has in an earlier one,
/// too, but other terms.
fn other_terms(document: &Document, row: &Row, subject: &Subject, findings: &mut Findings) {
    let listed = || {
        let cells = row.cells.iter().enumerate();
        cells.filter_map(|(model, cell)| Some((model, cell.as_ref()?)))
    };
    let found = listed().find_map(|(model, cell)| {
        let mut earlier = listed().take_while(|(other, _)| *other < model);
        let (other, like) = earlier.find(|(_, other)| compare::same_owners(other, cell))?;
        let keys = compare::other_terms(like, cell);
        (!keys.is_empty()).then_some((other, model, cell, keys))
    });
    let Some((first, second, cell, keys)) = found else {
        return;
    };
    let [first, second] = [first, second].map(|m| document.models[m].label.as_str());
    let message = format!(
        "`{}` has the same owner in {first} and {second}, but another {}",
        row.id,
        code_list(&keys)
    );
    findings.push(
        Finding::new(Code::TermsDiffer, cell.place.clone(), message)
            .label("other terms")
            .subject(subject.clone())
            .help("make them the same, or write `acknowledge: {SRM225: why}` at the row"),
    );
}

fn missing_cells(document: &Document, row: &Row, subject: &Subject, findings: &mut Findings) {
    let missing: Vec<&str> = (0..document.models.len())
        .filter(|m| row.cells[*m].is_none())
        .filter(|m| {
            row.only_in
                .as_ref()
                .is_none_or(|only| only.models.contains(m))
        })
        .map(|m| document.models[m].id.as_str())
        .collect();
    if !missing.is_empty() && !row.incomplete && row.cells.iter().any(Option::is_some) {
        let list = code_list(&missing);
        let (message, help) = match &row.only_in {
            Some(_) => (
                format!("`only-in` names {list}, but there is no such cell"),
                "give the row an `only-in` without the model".to_string(),
            ),
            None => {
                let present: Vec<&str> = (0..document.models.len())
                    .filter(|m| row.cells[*m].is_some())
                    .map(|m| document.models[m].id.as_str())
                    .collect();
                (
                    format!("row `{}` is not listed in {list}", row.id),
                    format!(
                        "if that is intended, write `only-in: [{}]`",
                        present.join(", ")
                    ),
                )
            }
        };
        findings.push(
            Finding::new(Code::NotListedEverywhere, row.place.clone(), message)
                .label("not in every model")
                .subject(subject.clone())
                .help(help)
                .help("or add the missing cell"),
        );
    }
}

fn cells_that_only_in_leaves_out(
    document: &Document,
    row: &Row,
    subject: &Subject,
    findings: &mut Findings,
) {
    if let Some(only) = row.only_in.as_ref().filter(|_| !row.incomplete) {
        for (model, _) in row.cells.iter().enumerate().filter(|(_, c)| c.is_some()) {
            if !only.models.contains(&model) {
                findings.push(
                    Finding::new(
                        Code::NotListedEverywhere,
                        row.place.clone(),
                        format!(
                            "row `{}` has a cell for `{}`, which `only-in` does not list",
                            row.id, document.models[model].id
                        ),
                    )
                    .subject(subject.clone())
                    .help("add the model to the `only-in` of the row, or remove the cell"),
                );
            }
        }
    }
}
