//! The page with everything, for printing.

use crate::model::Prose;
use crate::pages::body::{Body, Part, Section, opening, table_part};
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
        for (ix, model) in document.models.iter().enumerate() {
            let path = paths::model(&model.id);
            let body = self.model_body(ix, &places.prefix(&path)).sections;
            for (at, mut section) in body.into_iter().enumerate() {
                if at == 0 {
                    section.id = paths::model_section(&model.id);
                    section.heading = model.label.clone();
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
