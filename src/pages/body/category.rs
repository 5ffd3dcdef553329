//! The page of a category: its rows in every model.

use std::collections::HashSet;

use crate::model::{Category, ModelIx, Owner, count_owners, slug};
use crate::pages::Project;
use crate::pages::body::{Body, Card, Link, Part, Section, Tools, opening, table_part};
use crate::text::paths;

impl<'a> Project<'a> {
    pub(super) fn category_body(&self, category: &'a Category) -> Body<'a> {
        let (document, strings) = (self.document, self.strings);
        let mut parts: Vec<Part<'a>> = Vec::new();
        parts.extend(category.description.as_ref().map(Part::Markdown));
        for (m, model) in document.models.iter().enumerate() {
            let listed = category.rows.iter().any(|r| r.cells[m].is_some());
            let label = category.label_in(Some(m));
            if listed && label != category.label {
                let values = [("label", label), ("model", model.label.as_str())];
                parts.push(Part::Paragraph(strings.fill("category-labels", &values)));
            }
        }
        let models = document.models.iter().enumerate();
        let cards = models.map(|(m, model)| {
            let cells = category.rows.iter().map(|row| row.cells[m].as_ref());
            let owners: Vec<Owner> = cells.map(|cell| Owner::of(document, cell)).collect();
            Card {
                label: model.label.clone(),
                path: paths::model(&document.models[m].id),
                text: String::new(),
                counts: self.badges(&count_owners(&owners)),
                links: Vec::new(),
            }
        });
        let mut sections = Vec::new();
        if !parts.is_empty() {
            sections.push(opening(parts));
        }
        sections.extend(self.conditions(category));
        let cards = Part::Cards(cards.collect());
        sections.push(self.section(paths::TOTALS, "heading-totals", vec![cards]));
        let all: Vec<ModelIx> = (0..document.models.len()).collect();
        let lists_tasks = all.iter().any(|m| document.lists_tasks(*m));
        let tools = self.tools([category], &all, |_, _| true);
        let tools = tools.map(|tools| {
            Part::Tools(Tools {
                categories: Vec::new(),
                tasks: lists_tasks,
                ..tools
            })
        });
        sections.extend(self.row_sections(category, tools));
        Body {
            description: strings.fill(
                match lists_tasks {
                    true => "describe-category",
                    false => "describe-category-owners",
                },
                &[("category", &category.label)],
            ),
            sections,
        }
    }

    /// A section for each party that takes part on a condition in the whole category.
    fn conditions(&self, category: &'a Category) -> impl Iterator<Item = Section<'a>> {
        category.conditional.iter().map(|(party, text)| {
            let party = &self.document.parties[*party];
            let values = [("party", party.label.as_str())];
            Section {
                id: format!("srm-condition-{}", party.id),
                heading: self.strings.fill("heading-condition", &values),
                level: 2,
                parts: vec![Part::Condition {
                    party: &party.id,
                    text,
                }],
            }
        })
    }

    /// The sections with the rows of a category. Groups of rows have a section each.
    fn row_sections(&self, category: &'a Category, tools: Option<Part<'a>>) -> Vec<Section<'a>> {
        let mut parts: Vec<Part<'a>> = tools.into_iter().collect();
        let links = Part::Links(self.model_links());
        let runs = category.rows.chunk_by(|a, b| a.group == b.group);
        let mut runs = runs.peekable();
        let caption = "srm-rows-caption";
        let first = runs.next_if(|rows| rows[0].group.is_none());
        if first.is_some() || category.rows.is_empty() {
            let rows = first.unwrap_or_default();
            let table = self.tables().category(category, rows, false);
            parts.push(table_part(table, caption));
        }
        if runs.peek().is_none() {
            parts.push(links);
            return vec![self.section("srm-rows", "heading-rows", parts)];
        }
        let mut sections = vec![self.section("srm-rows", "heading-rows", parts)];
        let mut taken = HashSet::new();
        for rows in runs {
            let group = rows[0].group.as_ref();
            let (id, heading) = group.map_or((&*category.id, category.label.clone()), |group| {
                (group.id(), group.label())
            });
            let numbered = (1..).map(|n| match (slug(id), n) {
                (id, 1) => id,
                (id, n) => format!("{id}-{n}"),
            });
            let mut ids = numbered.filter(|id| !id.is_empty());
            let id = ids.find(|id| taken.insert(id.clone())).unwrap_or_default();
            let values = [("category", heading.as_str())];
            let mut table = self.tables().category(category, rows, false);
            table.caption = self.strings.fill("caption-category", &values).into();
            sections.push(Section {
                parts: vec![table_part(table, &format!("{caption}-{id}"))],
                id: format!("{}{id}", paths::ROW_GROUP),
                heading,
                level: 3,
            });
        }
        sections.push(Section {
            id: "srm-more".into(),
            ..opening(vec![links])
        });
        sections
    }

    /// Links to the models and to the pairs that are compared.
    fn model_links(&self) -> Vec<Link> {
        let (document, strings) = (self.document, self.strings);
        let mut links: Vec<Link> = (0..document.models.len())
            .map(|m| Link {
                label: strings.fill("see-model", &[("model", &document.models[m].label)]),
                path: paths::model(&document.models[m].id),
                note: String::new(),
            })
            .collect();
        links.extend(self.pairs.iter().map(|(a, b)| {
            let [first, second] = [*a, *b].map(|m| document.models[m].label.as_str());
            Link {
                label: strings.fill("compare-link", &[("first", first), ("second", second)]),
                path: self.tables().compare_path(*a, *b),
                note: String::new(),
            }
        }));
        links
    }
}
