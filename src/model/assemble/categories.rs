//! Resolves the category of one file, and puts all categories in order. The contents
//! of rows and cells are in `rows`.

use std::sync::Arc;

use crate::findings::{Digest, Findings, Memo, Place};
use crate::input::{CategoryFile, GroupRecord, Parsed, Text};
use crate::model::assemble::ids::TakenIds;
use crate::model::assemble::rows::{OfCategory, label_or};
use crate::model::assemble::{Resolver, acknowledgements};
use crate::model::limits::{Room, Written};
use crate::model::{Category, CategoryGroup, Document, Row};
use crate::text::code_size_in_cells;

/// The category of one file, resolved alone.
#[derive(Debug)]
pub struct OneCategory {
    /// Its id. The place is the file.
    pub id: Text,
    pub(super) order: i64,
    pub(super) category: Option<Arc<Category>>,
    /// How much is written in it, even if it exceeds the limit.
    pub written: Written,
    /// A digest of its id and those of its rows.
    pub(super) ids: Digest,
    pub(super) findings: Findings,
}

/// Resolves one category file. `made_from` is a digest of its text and of what it
/// takes from the frame.
pub fn category(
    frame: &Document,
    id: String,
    made_from: Digest,
    parsed: Parsed<CategoryFile>,
    room: &Room,
) -> OneCategory {
    let mut findings = parsed.findings;
    let written = parsed.record.as_ref().map(Written::of).unwrap_or_default();
    let id = Text {
        value: id,
        place: Place::file(&parsed.file),
    };
    let mut order = i64::MAX;
    let record = parsed.record.filter(|_| room.take(&written));
    let category = record.map(|record| {
        order = record.order.unwrap_or(i64::MAX);
        let mut resolver = Resolver {
            document: frame,
            findings: &mut findings,
        };
        let conditional = resolver.by_party(record.conditional);
        let only_in = record.only_in.map(|only| resolver.only_in(only));
        let groups = declared_groups(record.groups, resolver.findings);
        let of_category = OfCategory {
            id: &id.value,
            only_in: only_in.as_ref(),
            groups: &groups,
        };
        let mut seen = TakenIds::default();
        let rows: Vec<Row> = record
            .rows
            .into_iter()
            .filter_map(|row| resolver.row(&of_category, row, &mut seen))
            .collect();
        let mut category = Category {
            place: record.label.place.clone(),
            label: label_or(record.label, &id),
            labels: resolver.labels(record.labels),
            description: record.description,
            conditional,
            groups,
            has_reasons: !record.acknowledge.0.is_empty() || rows.iter().any(has_reasons),
            rows,
            acknowledge: acknowledgements(record.acknowledge, &mut findings),
            file: parsed.file,
            id: id.value.clone(),
            code: 0,
            made_from,
        };
        category.code = code_size_in_cells(category.texts().map(|(text, _)| text));
        Arc::new(category)
    });
    let own = category.iter().flat_map(|category| &category.rows);
    let ids: Vec<&str> = own.map(|row| row.id.as_str()).collect();
    OneCategory {
        written,
        ids: Digest::of(&(&id.value, ids)),
        id,
        order,
        category,
        findings,
    }
}

/// The groups that a category declares. An id that is used twice adds a finding.
pub(super) fn declared_groups(
    records: Vec<GroupRecord>,
    findings: &mut Findings,
) -> Vec<CategoryGroup> {
    let mut seen = TakenIds::default();
    let mut group = |id: Text, label: Text| {
        seen.claim("group", &id, findings).then(|| CategoryGroup {
            label: label_or(label, &id),
            id: id.value,
            place: id.place,
            groups: Vec::new(),
        })
    };
    let mut groups = Vec::new();
    for record in records {
        let outer = group(record.id, record.label);
        let inner = record.groups.into_iter();
        let inner: Vec<_> = inner
            .filter_map(|inner| group(inner.id, inner.label))
            .collect();
        groups.extend(outer.map(|outer| CategoryGroup {
            groups: inner,
            ..outer
        }));
    }
    groups
}

fn has_reasons(row: &Row) -> bool {
    let mut cells = row.cells.iter().flatten();
    !row.acknowledge.is_empty() || cells.any(|cell| !cell.acknowledge.is_empty())
}

/// The findings of categories that are not used.
pub fn findings_of(all: &[Arc<OneCategory>], findings: &mut Findings) {
    let wrong = all.iter().filter(|one| !one.findings.list.is_empty());
    wrong.for_each(|one| findings.extend(one.findings.clone()));
}

/// Puts categories in order. An id that is used twice adds a finding, and the second
/// use is left out. `good` remembers whether all ids are fine, because there can be
/// many and they rarely change.
pub fn categories(
    all: &[Arc<OneCategory>],
    good: &Memo<bool>,
    findings: &mut Findings,
) -> Vec<Arc<Category>> {
    let ids = Digest::of_all(all.iter().map(|one| one.ids));
    let good = good.get("", ids, || have_good_ids(all));
    let mut seen = TakenIds::default();
    let mut rows = TakenIds::default();
    let mut categories: Vec<(i64, Arc<Category>)> = Vec::new();
    for one in all {
        if !one.findings.list.is_empty() {
            findings.extend(one.findings.clone());
        }
        if *good {
            categories.extend(one.category.iter().map(|c| (one.order, c.clone())));
            continue;
        }
        if !seen.claim("category", &one.id, findings) {
            continue;
        }
        let Some(category) = &one.category else {
            continue;
        };
        let mut category = category.clone();
        let free: Vec<bool> = category
            .rows
            .iter()
            .map(|row| rows.take("row", &row.id, &row.place, findings))
            .collect();
        if free.contains(&false) {
            let category = Arc::make_mut(&mut category);
            category.made_from = Digest::of(&(category.made_from, &free));
            let mut free = free.into_iter();
            category.rows.retain(|_| free.next().unwrap_or(true));
        }
        categories.push((one.order, category));
    }
    categories.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    categories.into_iter().map(|(_, c)| c).collect()
}

/// Whether all ids of categories and rows are valid and used only once.
fn have_good_ids(all: &[Arc<OneCategory>]) -> bool {
    let mut findings = Findings::default();
    let (mut seen, mut rows) = (TakenIds::default(), TakenIds::default());
    all.iter().all(|one| {
        let mut own = one.category.iter().flat_map(|category| &category.rows);
        seen.claim("category", &one.id, &mut findings)
            && own.all(|row| rows.take("row", &row.id, &row.place, &mut findings))
    })
}
