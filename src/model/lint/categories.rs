//! Doubts about a category: no rows, two rows with the same name, or its groups.

use std::collections::{HashMap, HashSet};

use crate::findings::{Code, Finding, Findings, Subject};
use crate::model::lint::labels::labels_differ;
use crate::model::{Category, Document, ModelIx, Row, RowGroup};

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
    groups(category, findings);
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

/// Groups without rows, and rows of a group that are apart.
fn groups(category: &Category, findings: &mut Findings) {
    let of = |row: Option<&Row>| Subject {
        category: Some(category.id.clone()),
        row: row.map(|row| row.id.clone()),
        ..Subject::default()
    };
    let used = category.rows.iter().filter_map(|row| row.group.as_ref());
    let used: HashSet<&str> = used
        .flat_map(|group| &group.ids)
        .map(String::as_str)
        .collect();
    let inner = category.groups.iter().flat_map(|group| &group.groups);
    for group in category.groups.iter().chain(inner) {
        if !used.contains(group.id.as_str()) {
            let message = format!("no row is in the group `{}`", group.id);
            findings.push(
                Finding::new(Code::EmptyGroup, group.place.clone(), message)
                    .label("never used")
                    .subject(of(None))
                    .help(format!(
                        "write `group: {}` in a row, or remove the group",
                        group.id
                    )),
            );
        }
    }
    let mut runs: HashMap<&RowGroup, &Row> = HashMap::new();
    let mut last: Option<&Row> = None;
    for row in &category.rows {
        let group = row.group.as_ref();
        let begins = last.and_then(|last| last.group.as_ref()) != group;
        let before = group.and_then(|group| runs.insert(group, row));
        last = Some(row);
        if let (Some(group), Some(before), true) = (group, before, begins) {
            let message = format!("rows of the group \"{}\" are apart", group.label());
            findings.push(
                Finding::new(Code::ScatteredGroup, row.place.clone(), message)
                    .label("its heading is repeated here")
                    .related(before.place.clone(), "the row before it in this group")
                    .subject(of(Some(row)))
                    .help("move the rows of a group together"),
            );
        }
    }
}
