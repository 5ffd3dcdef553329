//! Pages with the author's own text: text pages and the not-found page.

use crate::model::Prose;
use crate::pages::Project;
use crate::pages::body::{Body, Link, Part, opening};
use crate::text::paths;

impl<'a> Project<'a> {
    pub(super) fn prose_body(&self, prose: &'a Prose) -> Body<'a> {
        Body {
            description: prose.description.clone().unwrap_or_default(),
            sections: vec![opening(vec![whole(prose)])],
        }
    }

    pub(super) fn not_found_body(&self) -> Body<'a> {
        let mut parts = match self.not_found() {
            Some(prose) => vec![whole(prose)],
            None => vec![Part::Paragraph(
                self.strings.get("not-found-text").to_string(),
            )],
        };
        parts.push(Part::Links(vec![Link {
            label: self.strings.get("not-found-home").to_string(),
            path: paths::HOME.into(),
            note: String::new(),
        }]));
        Body {
            description: self.strings.get("describe-not-found").to_string(),
            sections: vec![opening(parts)],
        }
    }
}

pub(super) fn whole(prose: &Prose) -> Part<'_> {
    Part::Prose {
        prose,
        prefix: String::new(),
        title: prose.title.as_deref().unwrap_or_default(),
    }
}
