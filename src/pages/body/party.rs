//! The page of a party: its tasks in each model.

use crate::model::{ModelIx, PartyIx};
use crate::pages::Project;
use crate::pages::body::{Body, Part, Section, Tools, markdown, opening, table_part};
use crate::tables::involved;
use crate::text::paths;

impl<'a> Project<'a> {
    pub(super) fn party_body(&self, party: PartyIx) -> Body<'a> {
        let (document, strings) = (self.document, self.strings);
        let facts = &document.parties[party];
        let mut parts: Vec<Part<'a>> = Vec::new();
        parts.extend(facts.description.as_ref().map(markdown));
        for (m, model) in document.models.iter().enumerate() {
            let label = document.party_label(party, Some(m));
            if label != facts.label {
                let values = [("label", label), ("model", model.label.as_str())];
                parts.push(Part::Paragraph(strings.fill("parties-called", &values)));
            }
        }
        let all: Vec<ModelIx> = (0..document.models.len()).collect();
        let tools = self.tools(self.categories(), &all, |row, m| {
            involved(row, m, party).is_some()
        });
        parts.extend(tools.map(|tools| {
            Part::Tools(Tools {
                tasks: true,
                ..tools
            })
        }));
        let mut sections = Vec::new();
        if !parts.is_empty() {
            sections.push(opening(parts));
        }
        for (m, model) in document.models.iter().enumerate() {
            let tables = self.tables();
            let cells = document.rows().filter_map(|(_, r)| r.cells[m].as_ref());
            let tasks: usize = cells.map(|c| c.tasks_of(party).len()).sum();
            let rows = tables.checklist_rows(party, m);
            let parts = if rows == 0 {
                let values = [
                    ("party", facts.label.as_str()),
                    ("model", model.label.as_str()),
                ];
                vec![Part::Paragraph(strings.fill("party-nothing", &values))]
            } else {
                let (rows, tasks) = (strings.count("rows", rows), strings.count("tasks", tasks));
                let words = [("rows", rows.as_str()), ("tasks", tasks.as_str())];
                vec![
                    Part::Paragraph(strings.fill("party-total", &words)),
                    table_part(
                        tables.checklist(party, m),
                        &format!("srm-checklist-{}", model.id),
                    ),
                ]
            };
            sections.push(Section {
                id: paths::model_section(&model.id),
                heading: model.label.clone(),
                level: 2,
                parts,
            });
        }
        Body {
            description: strings.fill("describe-party", &[("party", &facts.label)]),
            sections,
        }
    }
}
