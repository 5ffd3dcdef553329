//! Writes tables as CSV (RFC 4180, with CRLF line ends, as in the site's own CSV) and
//! as tab-separated values (IANA's text/tab-separated-values, which cannot contain
//! tabs and line ends), with quotes as spreadsheets write and read them.

use std::collections::HashMap;
use std::convert::Infallible;

use crate::tables::formats::{Named, flat};
use crate::tables::styled_text::Cells;
use crate::text::Strings;

/// A function that writes one record.
pub type Record = fn(&[&str], &mut String);

/// Tables as records, with a header. If there are several tables, each record begins
/// with the table's name, and the columns are those of all tables.
pub fn tables(
    tables: Vec<Named<'_>>,
    cells: &Cells<'_>,
    strings: &Strings,
    record: Record,
    out: &mut String,
) {
    let named = tables.len() > 1;
    let mut columns: Vec<&str> = Vec::new();
    if named {
        columns.push(strings.get("table"));
    }
    // A table may have two columns with the same label.
    let mut known: HashMap<(&str, usize), usize> = HashMap::new();
    let headers = tables.iter().map(|named| {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let places = flat::header(&named.table, strings)
            .into_iter()
            .map(|label| {
                let nth = seen.entry(label).or_default();
                *nth += 1;
                *known.entry((label, *nth)).or_insert_with(|| {
                    columns.push(label);
                    columns.len() - 1
                })
            });
        places.collect()
    });
    let headers: Vec<Vec<usize>> = headers.collect();
    record(&columns, out);
    for (Named { name, table, .. }, places) in tables.into_iter().zip(headers) {
        let heads = flat::heading_fields(&table);
        let written = flat::for_each_line(table, cells, |fields| {
            let texts = fields.iter().enumerate();
            let texts: Vec<String> = texts
                .map(|(at, field)| flat::texts(field, at < heads).join("\n"))
                .collect();
            let mut line = vec![""; columns.len()];
            if named {
                line[0] = &name;
            }
            for (place, text) in places.iter().zip(&texts) {
                line[*place] = text;
            }
            record(&line, out);
            Ok::<(), Infallible>(())
        });
        let Ok(()) = written;
    }
}

/// Whether a spreadsheet could read a field as a formula (OWASP, CSV injection). Such
/// a field gets an apostrophe in front. So does one that already looks like that, so that
/// the two can be told apart.
fn is_formula(field: &str) -> bool {
    field
        .trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// One record of CSV.
pub fn record(fields: &[&str], out: &mut String) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let formula = is_formula(field);
        let blanks = if formula {
            field.trim_end() != *field
        } else {
            field.trim() != *field
        };
        let quoted = blanks || field.contains([',', '"', '\n', '\r']);
        if quoted {
            out.push('"');
        }
        if formula {
            out.push('\'');
        }
        if quoted {
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push_str("\r\n");
}

/// One record of tab-separated values. Characters that a field cannot contain become
/// spaces. A field with quotes is quoted: most readers take a quote at the start of a
/// field for an opening one, which ends lines later.
pub fn tab_record(fields: &[&str], out: &mut String) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push('\t');
        }
        let ends = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        let field = field.replace(ends, " ");
        let field = field.trim();
        let guard = if is_formula(field) { "'" } else { "" };
        match field.contains('"') {
            true => out.push_str(&format!("\"{guard}{}\"", field.replace('"', "\"\""))),
            false => out.extend([guard, field]),
        }
    }
    out.push('\n');
}
