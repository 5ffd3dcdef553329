//! The page with everything, for printing.

use crate::pages::body::{Body, Part, Section, opening, table_part};
use crate::pages::{Project, title_of};
use crate::text::paths;

impl<'a> Project<'a> {
    /// The content of the page with everything, for printing.
    pub(super) fn print_body(&self) -> Body<'a> {
        let document = self.document;
        let mut sections = Vec::new();
        let home = self.home();
        if let Some(prose) = home {
            let prefix = paths::prefix_of_page(paths::HOME);
            let title = "";
            sections.push(opening(vec![Part::Prose {
                prose,
                prefix,
                title,
            }]));
        }
        sections.extend(self.document_sections());
        for (ix, model) in document.models.iter().enumerate() {
            // If there is only one model, rows are unique without a prefix.
            let prefix = match document.models.len() {
                1 => String::new(),
                _ => paths::prefix_of_model(&model.id),
            };
            let mut body = self.model_body(ix, &prefix).sections;
            if let Some(first) = body.first_mut() {
                first.id = paths::model_section(&model.id);
                first.heading = model.label.clone();
            }
            for section in body.iter_mut().skip(1) {
                section.level = 3;
            }
            sections.extend(body);
        }
        if document.models.len() > 1 {
            let matrix = table_part(self.tables().matrix(), &paths::caption_of(paths::MATRIX));
            sections.push(self.section(paths::MATRIX, "heading-matrix", vec![matrix]));
        }
        let not_found = self.not_found();
        for (number, prose) in document.prose.iter().enumerate() {
            if Some(prose.path.as_str()) == home.map(|h| h.path.as_str())
                || Some(prose.path.as_str()) == not_found.map(|own| own.path.as_str())
            {
                continue;
            }
            let path = paths::prose(&prose.path);
            let prefix = paths::prefix_of_page(&path);
            sections.push(Section {
                id: format!("srm-page-{}", number + 1),
                heading: title_of(prose),
                level: 2,
                parts: vec![Part::Prose {
                    prose,
                    prefix,
                    title: prose.title.as_deref().unwrap_or_default(),
                }],
            });
        }
        Body {
            description: self
                .strings
                .fill("describe-print", &[("title", self.title())]),
            sections,
        }
    }
}
