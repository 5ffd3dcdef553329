//! Doubts about a category: no rows, or two rows with the same name.

use std::collections::HashMap;

use crate::findings::{Code, Finding, Findings, Subject};
use crate::model::lint::labels::labels_differ;
use crate::model::{Category, Document, ModelIx, Row};

pub(super) fn category_facts(document: &Document, category: &Category, findings: &mut Findings) {
    let subject = Subject {
        category: Some(category.id.clone()),
        ..Subject::default()
    };
    if category.rows.is_empty() {
        findings.push(
            Finding::new(
                Code::EmptyGroup,
                category.place.clone(),
                format!("the category `{}` has no rows", category.id),
            )
            .subject(subject.clone())
            .help("add `rows:`, or remove the file"),
        );
    }
    let listed = |model: ModelIx| category.rows.iter().any(|r| r.cells[model].is_some());
    labels_differ(
        document,
        Code::CategoryLabelsDiffer,
        ("category", &category.id, &category.label, &category.place),
        &category.labels,
        listed,
        subject,
        findings,
    );
    for model in 0..document.models.len() {
        let mut seen: HashMap<&str, &Row> = HashMap::new();
        for row in category.rows.iter().filter(|r| r.cells[model].is_some()) {
            let label = row.label_in(Some(model));
            if let Some(first) = seen.insert(label, row) {
                findings.push(
                    Finding::new(
                        Code::SameLabelTwice,
                        row.place.clone(),
                        format!("two rows of this category are called `{label}`"),
                    )
                    .related(first.place.clone(), "the other one")
                    .subject(Subject {
                        model: Some(document.models[model].id.clone()),
                        category: Some(category.id.clone()),
                        row: Some(row.id.clone()),
                    })
                    .help("change the labels so that they differ"),
                );
            }
        }
    }
}
