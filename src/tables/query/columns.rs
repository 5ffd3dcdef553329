//! Selects the columns that a request names or leaves out.

use crate::findings::{Code, Finding, Findings, Place};
use crate::tables::formats::Named;
use crate::tables::query::{Given, list};

/// Returns the tables with the selected columns.
pub(super) fn choose<'s>(
    tables: Vec<Named<'s>>,
    columns: &Given,
    findings: &mut Findings,
) -> Option<Vec<Named<'s>>> {
    let before = findings.list.len();
    let names: Vec<(&str, Place)> = list(columns).collect();
    let without = names.iter().all(|(name, _)| name.starts_with('-'));
    let mut wanted: Vec<&str> = Vec::new();
    for (name, place) in &names {
        let name = match (without, name.strip_prefix('-')) {
            (true, Some(name)) => name,
            (false, None) => name,
            _ => {
                findings.push(
                    Finding::new(
                        Code::WrongValue,
                        place.clone(),
                        "the list mixes columns to show and columns to leave out",
                    )
                    .help("put `-` before all of them or before none"),
                );
                continue;
            }
        };
        check(name, place, without, &tables, findings);
        wanted.push(name);
    }
    if findings.list.len() > before {
        return None;
    }
    let chosen = |named: Named<'s>| {
        let heads = 1 + usize::from(named.table.grouped);
        let columns = &named.table.columns;
        let place = |name: &&str| columns.iter().position(|c| c.id == *name);
        let (cells, grouped): (Vec<usize>, bool) = if without {
            let kept = (heads..columns.len()).filter(|at| !wanted.contains(&columns[*at].id));
            (kept.collect(), !wanted.contains(&columns[0].id))
        } else {
            let places = wanted.iter().filter_map(place);
            (places.filter(|at| *at >= heads).collect(), true)
        };
        Named {
            table: named.table.with_columns(cells, grouped),
            ..named
        }
    };
    Some(tables.into_iter().map(chosen).collect())
}

/// Reports a column that no table has, and one that cannot be left out.
fn check(name: &str, place: &Place, without: bool, tables: &[Named<'_>], findings: &mut Findings) {
    let known: Vec<&str> = tables
        .iter()
        .flat_map(|t| t.table.columns.iter().map(|c| c.id))
        .collect();
    let line_head = |t: &Named| t.table.columns[usize::from(t.table.grouped)].id == name;
    if !known.contains(&name) {
        let mut distinct: Vec<&str> = Vec::new();
        for id in known {
            if !distinct.contains(&id) {
                distinct.push(id);
            }
        }
        findings.push(
            Finding::new(
                Code::UnknownId,
                place.clone(),
                format!("there is no column `{name}`"),
            )
            .label("unknown column")
            .suggest(name, distinct),
        );
    } else if without && tables.iter().any(line_head) {
        findings.push(
            Finding::new(
                Code::WrongValue,
                place.clone(),
                format!("the column `{name}` has the headings of lines and cannot be left out"),
            )
            .help("leave out other columns, or choose another kind of table"),
        );
    }
}
