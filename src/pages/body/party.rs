//! The page of a party: the rows that concern it, and its tasks, in each model.

use crate::model::{Concern, ModelIx, PartyIx};
use crate::pages::Project;
use crate::pages::body::{Body, Part, Section, Tools, opening, table_part};
use crate::tables::{concerns, is_concerned};
use crate::text::paths;

impl<'a> Project<'a> {
    pub(super) fn party_body(&self, party: PartyIx) -> Body<'a> {
        let (document, strings) = (self.document, self.strings);
        let facts = &document.parties[party];
        let mut parts: Vec<Part<'a>> = Vec::new();
        parts.extend(facts.description.as_ref().map(Part::Markdown));
        for (m, model) in document.models.iter().enumerate() {
            let label = document.party_label(party, Some(m));
            if label != facts.label {
                let values = [("label", label), ("model", model.label.as_str())];
                parts.push(Part::Paragraph(strings.fill("parties-called", &values)));
            }
        }
        let all: Vec<ModelIx> = (0..document.models.len()).collect();
        let lists_tasks = all.iter().any(|m| document.lists_tasks(*m));
        let tools = self.tools(self.categories(), &all, |row, m| {
            is_concerned(document, row, m, party)
        });
        parts.extend(tools.map(|tools| {
            Part::Tools(Tools {
                tasks: lists_tasks,
                ..tools
            })
        }));
        let mut sections = Vec::new();
        if !parts.is_empty() {
            sections.push(opening(parts));
        }
        for m in 0..document.models.len() {
            self.party_in(party, m, &mut sections);
        }
        Body {
            description: strings.fill(
                match lists_tasks {
                    true => "describe-party",
                    false => "describe-party-owners",
                },
                &[("party", &facts.label)],
            ),
            sections,
        }
    }

    /// Adds the sections about a party in one model: one for each way in which rows
    /// concern it, if there are several.
    fn party_in(&self, party: PartyIx, m: ModelIx, sections: &mut Vec<Section<'a>>) {
        let (document, strings) = (self.document, self.strings);
        let (facts, model) = (&document.parties[party], &document.models[m]);
        let tables = self.tables();
        let cells = document.rows().filter_map(|(_, r)| r.cells[m].as_ref());
        let tasks: usize = cells.map(|c| c.all_tasks_of(party).count()).sum();
        let ways = concerns(
            &document.roles,
            document.rows().map(|(_, row)| row),
            party,
            m,
        );
        let rows = document.rows();
        let rows = rows
            .filter(|(_, row)| is_concerned(document, row, m, party))
            .count();
        let lead = if rows == 0 {
            let values = [
                ("party", facts.label.as_str()),
                ("model", model.label.as_str()),
            ];
            strings.fill("party-nothing", &values)
        } else if !document.lists_tasks(m) {
            strings.count("rows", rows)
        } else {
            let (rows, tasks) = (strings.count("rows", rows), strings.count("tasks", tasks));
            let words = [("rows", rows.as_str()), ("tasks", tasks.as_str())];
            strings.fill("party-total", &words)
        };
        let mut section = Section {
            id: paths::model_section(&model.id),
            heading: model.label.clone(),
            level: 2,
            parts: vec![Part::Paragraph(lead)],
        };
        let several = ways.len() > 1;
        for (way, rows) in ways {
            let id = match way {
                Concern::Responsible => format!("srm-checklist-{}", model.id),
                way => format!("srm-checklist-{}-{}", model.id, document.roles.word(way)),
            };
            let table = (rows > 0).then(|| table_part(tables.checklist(party, m, way), &id));
            if several {
                sections.push(section);
                section = Section {
                    id: format!(
                        "{}-{}",
                        paths::model_section(&model.id),
                        document.roles.word(way)
                    ),
                    heading: strings.fill(
                        "part-in",
                        &[("model", &model.label), ("part", tables.way_label(way))],
                    ),
                    level: 3,
                    parts: Vec::new(),
                };
            }
            section.parts.extend(table);
        }
        sections.push(section);
    }
}
