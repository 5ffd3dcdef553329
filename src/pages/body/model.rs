//! The page of a model: who is responsible, and every party's tasks.

use crate::model::{ModelIx, owner_totals};
use crate::pages::Project;
use crate::pages::body::tools::listed;
use crate::pages::body::{Body, Fact, Part, Tools, opening};
use crate::tables::TableKind;
use crate::text::paths;

impl<'a> Project<'a> {
    /// The content of a model's page. On the page with everything, its anchors get a
    /// prefix.
    pub(super) fn model_body(&self, model: ModelIx, prefix: &str) -> Body<'a> {
        let document = self.document;
        let facts = &document.models[model];
        let tables = self.tables();
        let mut parts = vec![Part::Prose {
            prose: &facts.intro,
            prefix: prefix.to_string(),
            title: &facts.label,
        }];
        parts.extend(self.own_version(model));
        parts.push(self.totals(&listed(owner_totals(document, model))));
        parts.extend(self.own_names(model));
        let tools = self.tools(self.categories(), &[model], |row, m| row.cells[m].is_some());
        parts.extend(tools.map(|tools| {
            Part::Tools(Tools {
                tasks: document.lists_tasks(model),
                models: Vec::new(),
                ..tools
            })
        }));
        let mut sections = vec![opening(parts)];
        let raci = tables.has_roles(model).then(|| tables.raci(model));
        let detail = tables.has_detail(model).then(|| tables.detail(model));
        let areas = tables.has_areas(model).then(|| tables.areas(model));
        let all = [tables.summary(model)]
            .into_iter()
            .chain(areas)
            .chain(raci)
            .chain(detail);
        for table in all {
            let key = table.kind.word();
            let id = format!("{prefix}srm-{key}");
            let heading = match table.kind {
                TableKind::Detail if !document.lists_tasks(model) => "heading-terms".to_string(),
                _ => format!("heading-{key}"),
            };
            let part = Part::Table {
                table,
                id: paths::caption_of(&format!("srm-{key}")),
                prefix: prefix.to_string(),
            };
            sections.push(self.section(&id, &heading, vec![part]));
        }
        Body {
            description: self.model_description(model),
            sections,
        }
    }

    /// The model's own version, and the day from which it is in force.
    fn own_version(&self, model: ModelIx) -> Option<Part<'a>> {
        let facts = &self.document.models[model];
        let version = facts.version.as_ref().map(|t| ("version", &t.value));
        let effective = facts.effective.as_ref().map(|d| ("effective", &d.text));
        let facts = version.into_iter().chain(effective);
        let facts: Vec<(String, Fact)> = facts
            .map(|(key, value)| (self.strings.get(key).into(), Fact::Plain(value.clone())))
            .collect();
        (!facts.is_empty()).then_some(Part::Facts(facts))
    }

    /// What the model calls parties: badges name them as the whole document does.
    fn own_names(&self, model: ModelIx) -> impl Iterator<Item = Part<'a>> {
        let document = self.document;
        let shown = self.tables().parties_in(model);
        let named = shown.into_iter().filter_map(move |party| {
            let label = document.party_label(party, Some(model));
            let general = document.parties[party].label.as_str();
            (label != general).then_some([("party", general), ("label", label)])
        });
        named.map(|names| Part::Paragraph(self.strings.fill("party-called-here", &names)))
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
                let key = match self.document.lists_tasks(model) {
                    true => "describe-model",
                    false => "describe-model-owners",
                };
                self.strings.fill(key, &values)
            },
            |t| t.value.clone(),
        )
    }
}
