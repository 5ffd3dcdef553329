//! Collects findings and links of the Markdown in YAML files. Each text is rendered
//! once, and its HTML is not kept.

use crate::findings::{Findings, Place};
use crate::model::Category;
use crate::render::Renderer;
use crate::tables::html::folder_of;
use crate::text::markdown::{self, AuthorId, AuthorLink, Input};
use crate::text::paths;

/// The findings of texts, and their links.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// What is wrong in the texts.
    pub findings: Findings,
    /// The links with a fragment.
    pub links: Vec<AuthorLink>,
    /// The ids in their HTML.
    pub ids: Vec<AuthorId>,
}

impl Renderer<'_> {
    /// Findings and links of the Markdown in `srm.yaml`. Each text is rendered once
    /// here, because it may be shown on many pages.
    pub fn frame_texts(&self) -> Looked {
        let mut looked = Looked::default();
        for text in self.project.document.frame_texts() {
            self.look(&text.value, &text.place, &mut looked);
        }
        looked
    }

    /// Findings and links of the Markdown in one category.
    pub fn category_texts(&self, category: &Category) -> Looked {
        let mut looked = Looked::default();
        for (text, place) in category.texts() {
            self.look(text, place, &mut looked);
        }
        looked
    }

    fn look(&self, text: &str, place: &Place, looked: &mut Looked) {
        if markdown::is_plain(text) {
            return;
        }
        let input = Input {
            text,
            file: &place.file,
            start: None,
            place: Some(place),
            folder: folder_of(&place.file, self.project.config.src()),
            title: "",
        };
        let rendered = markdown::inline(input, self.scope("", ""));
        looked.findings.extend(rendered.findings);
        looked.ids.extend(rendered.ids);
        // A text may be shown on many pages; links to its own page mean the
        // category's.
        let below = place.file.strip_prefix(self.project.config.src());
        let source = below.map_or("", |b| b.trim_start_matches('/'));
        let own = self.targets.sources.get(source).map_or(paths::HOME, |p| p);
        looked
            .links
            .extend(rendered.links.into_iter().map(|link| AuthorLink {
                path: link.path.or_else(|| Some(own.to_string())),
                ..link
            }));
    }
}
