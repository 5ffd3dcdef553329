//! Assembles fields: the declarations, and the values of rows and cells.

use crate::findings::{Code, Finding, Findings, nearest};
use crate::input::{Entries, FieldKind, FieldRecord, FieldText, Text, date_help};
use crate::model::assemble::ids::TakenIds;
use crate::model::assemble::rows::named_twice;
use crate::model::assemble::{Resolver, declared_in};
use crate::model::fields::{FIELD, FieldIx, FieldValue, OwnField};
use crate::model::limits::{MOST_CHOICES, MOST_FIELDS, MOST_LABEL};
use crate::text::markdown;

/// The fields of a document.
pub(super) fn fields(mut records: Vec<FieldRecord>, findings: &mut Findings) -> Vec<OwnField> {
    if let Some(one) = records.get(MOST_FIELDS) {
        let message = format!("a document may have at most {MOST_FIELDS} fields");
        findings.push(
            Finding::new(Code::Limit, one.id.place.clone(), message)
                .label("this one and those after it are left out"),
        );
    }
    records.truncate(MOST_FIELDS);
    let mut seen = TakenIds::default();
    let mut fields = Vec::new();
    for record in records {
        if record.label.value.chars().count() > MOST_LABEL {
            let message = format!("the label of a field may have at most {MOST_LABEL} characters");
            findings.push(Finding::new(
                Code::Limit,
                record.label.place.clone(),
                message,
            ));
        } else if seen.claim("field", &record.id, findings) {
            fields.push(OwnField {
                choices: choices(&record, findings),
                column: format!("{FIELD}{}", record.id.value),
                label: record.label.value,
                kind: record.kind,
                place: record.id.place,
                id: record.id.value,
            });
        }
    }
    fields
}

/// The choices of a field: only those of the kind `choice` have any.
fn choices(record: &FieldRecord, findings: &mut Findings) -> Vec<String> {
    let given = record.choices.as_deref().unwrap_or_default();
    let id = &record.id.value;
    let wrong = |code, message: String| Finding::new(code, record.id.place.clone(), message);
    match record.kind {
        FieldKind::Choice if given.is_empty() => findings.push(
            wrong(
                Code::MissingKey,
                format!("the field `{id}` needs `choices`"),
            )
            .help("add a line `choices: [\"Yes\", \"No\"]` with the values it can have"),
        ),
        FieldKind::Choice if given.len() > MOST_CHOICES => {
            let message = format!("a field may have at most {MOST_CHOICES} choices");
            findings.push(wrong(Code::Limit, message).help("write a field of the kind `text`"));
        }
        FieldKind::Choice => return distinct(given, findings),
        FieldKind::Text | FieldKind::Date | FieldKind::Link if record.choices.is_some() => {
            let message =
                format!("`{id}` is not of the kind `choice`, so it cannot have `choices`");
            findings.push(
                wrong(Code::WrongValue, message).help("write `kind: choice`, or remove `choices`"),
            );
        }
        FieldKind::Text | FieldKind::Date | FieldKind::Link => {}
    }
    Vec::new()
}

/// Choices without those that are empty or given before, which are reported.
fn distinct(given: &[FieldText], findings: &mut Findings) -> Vec<String> {
    let mut choices: Vec<String> = Vec::new();
    for choice in given {
        let Some(text) = &choice.value else {
            continue;
        };
        let value = text.value.trim().to_string();
        if let Some(read_as) = choice.read_as {
            findings.push(without_quotes(text, &value, read_as));
        }
        if choices.contains(&value) {
            findings.push(named_twice("choice", text));
        } else {
            choices.push(value);
        }
    }
    choices
}

fn without_quotes(text: &Text, value: &str, read_as: &str) -> Finding {
    let message = format!("without quotes, `{value}` is {read_as} in YAML");
    Finding::new(Code::FieldWithoutQuotes, text.place.clone(), message)
        .label("quotes are missing")
        .help(format!("write `\"{value}\"`"))
}

impl Resolver<'_> {
    /// The values of a row.
    pub(super) fn fields(&mut self, entries: Entries<FieldText>) -> Vec<FieldValue> {
        let values = self.given_fields(entries).into_iter();
        values.filter_map(|(_, value)| value).collect()
    }

    /// The values of a cell, which win over those of its row.
    pub(super) fn fields_over(
        &mut self,
        of_row: &[FieldValue],
        entries: Option<Entries<FieldText>>,
    ) -> Vec<FieldValue> {
        let own = match entries {
            None => return of_row.to_vec(),
            Some(entries) if entries.0.is_empty() => return Vec::new(),
            Some(entries) => self.given_fields(entries),
        };
        let given = |value: &FieldValue| own.iter().any(|(field, _)| *field == value.field);
        let inherited: Vec<FieldValue> = of_row.iter().filter(|v| !given(v)).cloned().collect();
        let mut values: Vec<FieldValue> = own.into_iter().filter_map(|(_, value)| value).collect();
        values.extend(inherited);
        values.sort_by_key(|value| value.field);
        values
    }

    /// Fields with their values, in the order of the document; no value where one is
    /// taken back.
    fn given_fields(&mut self, entries: Entries<FieldText>) -> Vec<(FieldIx, Option<FieldValue>)> {
        let mut out = Vec::new();
        for (id, given) in entries.0 {
            let known = &self.document.known.fields;
            let Some(field) = known.find(&id.value) else {
                let unread = self.document.unread.fields;
                self.undeclared("field", &id, known, unread, &declared_in("fields", &id));
                continue;
            };
            match given.value {
                None => out.push((field, None)),
                Some(text) => {
                    let value = self.field_value(field, text, given.read_as);
                    out.extend(value.map(|value| (field, Some(value))));
                }
            }
        }
        out.sort_by_key(|(field, _)| *field);
        out
    }

    /// The value of a field, if it is one that the field can have.
    fn field_value(
        &mut self,
        at: FieldIx,
        mut text: Text,
        read_as: Option<&'static str>,
    ) -> Option<FieldValue> {
        let field = &self.document.fields[at];
        text.value = text.value.trim().to_string();
        let value = text.value.as_str();
        let wrong = |message: String| Finding::new(Code::WrongValue, text.place.clone(), message);
        let mut link = None;
        match field.kind {
            FieldKind::Choice => {
                let known = || field.choices.iter().map(String::as_str);
                // A field whose choices cannot be read has a finding.
                if !known().any(|choice| choice == value) && !field.choices.is_empty() {
                    // The distance is slow to compute.
                    if self.findings.has_room(Code::WrongValue, &text.place.file) {
                        let near = nearest(value, known());
                        let message = format!("`{value}` is not a choice of `{}`", field.id);
                        let known: Vec<&str> = known().collect();
                        let finding = wrong(message).label("not one of its choices");
                        self.findings.push(finding.suggest_found(near, &known));
                    }
                    return None;
                }
            }
            FieldKind::Date => {
                if value.len() != 10 || value.parse::<jiff::civil::Date>().is_err() {
                    let message =
                        format!("expected a valid date, written YYYY-MM-DD, found `{value}`");
                    self.findings.push(wrong(message).help(date_help(value)));
                    return None;
                }
            }
            FieldKind::Link => match markdown::link_to(value, shown(value)) {
                Some(value) => {
                    let place = text.place.clone();
                    link = Some(Text { value, place });
                }
                None => {
                    self.findings.push(no_address(&text));
                    return None;
                }
            },
            FieldKind::Text => {}
        }
        if let Some(read_as) = read_as.filter(|_| field.kind != FieldKind::Date) {
            let finding = without_quotes(&text, value, read_as);
            self.findings.push(finding);
        }
        Some(FieldValue {
            field: at,
            text,
            link,
        })
    }
}

/// The words of a link that leads to an address.
fn shown(address: &str) -> &str {
    address.strip_prefix("mailto:").unwrap_or(address)
}

/// The finding for a text that no link can lead to.
pub(super) fn no_address(text: &Text) -> Finding {
    let message = format!("`{}` is not an address", text.value);
    Finding::new(Code::WrongValue, text.place.clone(), message)
        .help("write `https://...`, `mailto:...`, or the path of a file of the content folder")
        .help("in an address, a space is `%20`")
}
