//! The page of a model: who is responsible, and every party's tasks.

use crate::model::{ModelIx, owner_totals};
use crate::pages::Project;
use crate::pages::body::tools::listed;
use crate::pages::body::{Body, Part, Tools, opening};
use crate::text::paths;

impl<'a> Project<'a> {
    /// The content of a model's page. On the page with everything, its anchors get a
    /// prefix.
    pub(super) fn model_body(&self, model: ModelIx, prefix: &str) -> Body<'a> {
        let document = self.document;
        let facts = &document.models[model];
        let tables = self.tables();
        let mut parts = vec![
            Part::Prose {
                prose: &facts.intro,
                prefix: prefix.to_string(),
                title: &facts.label,
            },
            self.totals(&listed(owner_totals(document, model))),
        ];
        let tools = self.tools(self.categories(), &[model], |row, m| row.cells[m].is_some());
        parts.extend(tools.map(|tools| {
            Part::Tools(Tools {
                tasks: true,
                models: Vec::new(),
                ..tools
            })
        }));
        let mut sections = vec![opening(parts)];
        for table in [tables.summary(model), tables.detail(model)] {
            let key = table.kind.word();
            let id = format!("{prefix}srm-{key}");
            let part = Part::Table {
                table,
                id: paths::caption_of(&format!("srm-{key}")),
                prefix: prefix.to_string(),
            };
            sections.push(self.section(&id, &format!("heading-{key}"), vec![part]));
        }
        Body {
            description: self.model_description(model),
            sections,
        }
    }

    pub(super) fn model_description(&self, model: ModelIx) -> String {
        let facts = &self.document.models[model];
        facts.description.as_ref().map_or_else(
            || {
                let cells = self
                    .document
                    .rows()
                    .filter(|(_, r)| r.cells[model].is_some());
                let rows = self.strings.count("rows", cells.count());
                let values = [("model", facts.label.as_str()), ("rows", rows.as_str())];
                self.strings.fill("describe-model", &values)
            },
            |t| t.value.clone(),
        )
    }
}
