//! Writes the document as a flat CSV, with one line for each task.

use crate::model::{Badge, Cell, ModelIx, Ownership, Row, Task};
use crate::pages::Project;
use crate::render::export::value;
use crate::tables::formats::csv::record;
use crate::tables::{Tables, join_controls};

/// `data/responsibilities.csv`: RFC 4180 with CRLF, one line for each task. A party
/// that is responsible without tasks, and a cell with a state, have a line with an
/// empty task.
pub fn csv(project: &Project<'_>) -> Vec<u8> {
    let document = project.document;
    let tables = project.tables();
    let header = [
        "model",
        "category",
        "row id",
        "row label",
        "party",
        "badge",
        "responsible",
        "task number",
        "task text",
        "note",
        "controls",
        "version",
        "effective date",
    ];
    let mut out = String::new();
    record(&header, &mut out);
    for (m, _) in document.models.iter().enumerate() {
        for (category, row) in document.rows() {
            let Some(cell) = row.cells[m].as_ref() else {
                continue;
            };
            let line = CsvLine {
                project,
                tables: &tables,
                model: m,
                category: category.label_in(Some(m)),
                row,
                cell,
                badge: &Badge::new(document, Some(cell), project.strings).word,
            };
            line.write(&mut out);
        }
    }
    out.into_bytes()
}

/// The lines of one cell.
struct CsvLine<'a> {
    project: &'a Project<'a>,
    tables: &'a Tables<'a>,
    model: ModelIx,
    category: &'a str,
    row: &'a Row,
    cell: &'a Cell,
    badge: &'a str,
}

impl CsvLine<'_> {
    fn write(&self, out: &mut String) {
        let parties = self.project.document.parties.len();
        let mut written = false;
        for party in 0..parties {
            let responsible = self.cell.ownership.parties().contains(&party);
            let tasks = self.cell.tasks_of(party);
            for (at, task) in tasks.iter().enumerate() {
                self.record(Some((party, responsible)), Some((at + 1, task)), out);
            }
            if tasks.is_empty() && responsible {
                self.record(Some((party, true)), None, out);
            }
            written |= responsible || !tasks.is_empty();
        }
        if !written {
            self.record(None, None, out);
        }
    }

    fn record(&self, party: Option<(usize, bool)>, task: Option<(usize, &Task)>, out: &mut String) {
        let document = self.project.document;
        let notes: Vec<&str> = self
            .row
            .notes
            .iter()
            .chain(&self.cell.notes)
            .map(|note| document.text_of(note).value.as_str())
            .chain(match &self.cell.ownership {
                Ownership::NotApplicable(Some(r)) | Ownership::ByAgreement(Some(r)) => {
                    Some(r.as_str())
                }
                _ => None,
            })
            .collect();
        let mut controls = self.tables.controls(&self.row.controls);
        controls.extend(task.map_or(Vec::new(), |(_, t)| self.tables.controls(&t.controls)));
        let number = task.map_or(String::new(), |(n, _)| n.to_string());
        record(
            &[
                &document.models[self.model].label,
                self.category,
                &self.row.id,
                self.row.label_in(Some(self.model)),
                party.map_or("", |(p, _)| document.party_label(p, Some(self.model))),
                self.badge,
                party.map_or("", |(_, yes)| if yes { "true" } else { "false" }),
                &number,
                task.map_or("", |(_, t)| &t.text),
                &notes.join(" "),
                &join_controls(&controls, "; "),
                value(&document.version).unwrap_or_default(),
                document.effective.as_ref().map_or("", |d| &d.text),
            ],
            out,
        );
    }
}
