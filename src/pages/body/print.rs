//! The page with everything, for printing.

use crate::model::{Category, Model, Prose};
use crate::pages::body::{Body, Fact, Part, Section, opening, table_part};
use crate::pages::{Project, title_of};
use crate::text::links::{PageSection, Sections};
use crate::text::paths;

/// The content of the page with everything.
pub struct PrintBody<'a> {
    /// The content itself.
    pub body: Body<'a>,
    /// For each section, the path of the page that it shows, if it shows one.
    pub shows: Vec<Option<String>>,
}

impl<'a> Project<'a> {
    /// The pages that are sections of the page with everything.
    pub fn print_sections(&self) -> Sections {
        let mut sections = Sections::default();
        let mut add = |path: String, id: String, prefix: String| {
            sections.0.insert(path, PageSection { id, prefix });
        };
        if self.home().is_some() {
            let prefix = paths::prefix_of_page(paths::HOME);
            add(paths::HOME.into(), opening(Vec::new()).id, prefix);
        }
        let models = &self.document.models;
        for model in models {
            // If there is only one model, rows are unique without a prefix.
            let prefix = match models.len() {
                1 => String::new(),
                _ => paths::prefix_of_model(&model.id),
            };
            add(
                paths::model(&model.id),
                paths::model_section(&model.id),
                prefix,
            );
        }
        for (number, prose) in self.printed_prose() {
            let path = paths::prose(&prose.path);
            let prefix = paths::prefix_of_page(&path);
            add(path, format!("srm-page-{}", number + 1), prefix);
        }
        sections
    }

    /// The pages of text that are printed in sections of their own.
    fn printed_prose(&self) -> impl Iterator<Item = (usize, &'a Prose)> {
        let others = [self.home(), self.not_found()];
        let is_other = move |prose: &Prose| others.iter().flatten().any(|o| o.path == prose.path);
        let document = self.document;
        let prose = document.prose.iter().map(|prose| &**prose).enumerate();
        prose.filter(move |(_, prose)| !is_other(prose))
    }

    /// The descriptions of parties and categories, each with the page that it is from.
    fn descriptions(&self) -> Vec<(Section<'a>, Option<String>)> {
        let document = self.document;
        let parties = document.parties.iter();
        let parties = parties.filter_map(|party| {
            let text = party.description.as_ref()?;
            let id = format!("srm-party-{}", party.id);
            let path = paths::party(&party.id);
            let parts = vec![Part::Markdown(text)];
            Some(described(id, &party.label, parts, path))
        });
        let categories = document.categories.iter();
        let categories = categories.filter_map(|category| {
            let path = paths::category(&category.id);
            let text = category.description.as_ref();
            let mut parts: Vec<Part<'a>> = text.map(Part::Markdown).into_iter().collect();
            parts.extend(self.reasons(category));
            let id = format!("srm-category-{}", category.id);
            (!parts.is_empty()).then(|| described(id, &category.label, parts, path))
        });
        let lists = [
            ("srm-parties", "parties", parties.collect::<Vec<_>>()),
            (paths::CATEGORY_LIST, "categories", categories.collect()),
        ];
        let lists = lists.into_iter().filter(|(_, _, list)| !list.is_empty());
        let with_heading = lists.map(|(id, heading, list)| {
            let above = (self.section(id, heading, Vec::new()), None);
            [above].into_iter().chain(list)
        });
        with_heading.flatten().collect()
    }

    /// Why rows of a category are only in some models: on the pages of models, which
    /// have only their own rows, nothing says so.
    fn reasons(&self, category: &Category) -> Option<Part<'a>> {
        let facts = category.rows.iter().filter_map(|row| {
            let reason = row.unlisted.iter().flatten().next()?;
            let models = self.document.models.iter().zip(&row.cells);
            let models = models.filter(|(_, cell)| cell.is_some());
            let models: Vec<&str> = models.map(|(model, _)| model.label.as_str()).collect();
            let models = models.join(self.strings.get("names"));
            Some((
                format!("{} ({models})", row.label),
                Fact::Plain(reason.clone()),
            ))
        });
        let facts: Vec<_> = facts.collect();
        (!facts.is_empty()).then_some(Part::Facts(facts))
    }

    /// The content of the page with everything, for printing. Its anchors have the
    /// prefixes of `places`.
    pub fn print_body(&self, places: &Sections) -> PrintBody<'a> {
        let document = self.document;
        let (mut sections, mut shows) = (Vec::new(), Vec::new());
        let mut add = |section, path: Option<&str>| {
            sections.push(section);
            shows.push(path.map(str::to_string));
        };
        if let Some(prose) = self.home() {
            let prefix = places.prefix(paths::HOME);
            add(
                opening(vec![Part::Prose {
                    prose,
                    prefix,
                    title: "",
                }]),
                Some(paths::HOME),
            );
        }
        for section in self.document_sections() {
            add(section, None);
        }
        for (section, path) in self.descriptions() {
            add(section, path.as_deref());
        }
        for (ix, model) in document.models.iter().enumerate() {
            let path = paths::model(&model.id);
            let body = self.model_body(ix, &places.prefix(&path)).sections;
            for (at, mut section) in body.into_iter().enumerate() {
                if at == 0 {
                    section.id = paths::model_section(&model.id);
                    section.heading = model.label.clone();
                    section.parts.splice(0..0, sentence(model));
                } else {
                    section.level = 3;
                }
                add(section, Some(&path));
            }
        }
        if document.models.len() > 1 {
            let matrix = table_part(self.tables().matrix(), &paths::caption_of(paths::MATRIX));
            let section = self.section(paths::MATRIX, "heading-matrix", vec![matrix]);
            add(section, None);
        }
        for (number, prose) in self.printed_prose() {
            let path = paths::prose(&prose.path);
            add(
                prose_section(number, prose, places.prefix(&path)),
                Some(&path),
            );
        }
        let title = [("title", self.title())];
        PrintBody {
            body: Body {
                description: self.strings.fill("describe-print", &title),
                sections,
            },
            shows,
        }
    }
}

/// The section that shows what an author says of a party or a category.
fn described<'a>(
    id: String,
    label: &str,
    parts: Vec<Part<'a>>,
    path: String,
) -> (Section<'a>, Option<String>) {
    let section = Section {
        id,
        heading: label.to_string(),
        level: 3,
        parts,
    };
    (section, Some(path))
}

/// What the lists of models say of a model.
fn sentence<'a>(model: &Model) -> Option<Part<'a>> {
    let text = model.description.as_ref()?;
    Some(Part::Paragraph(text.value.clone()))
}

/// The section that shows a page of text.
fn prose_section(number: usize, prose: &Prose, prefix: String) -> Section<'_> {
    Section {
        id: format!("srm-page-{}", number + 1),
        heading: title_of(prose),
        level: 2,
        parts: vec![Part::Prose {
            prose,
            prefix,
            title: prose.title.as_deref().unwrap_or_default(),
        }],
    }
}
