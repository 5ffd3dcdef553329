//! The page that explains how to show tables and badges on other pages.

use crate::pages::body::{Body, Link, Part, opening};
use crate::pages::{Project, web};
use crate::tables::formats::TableFormat;

impl<'a> Project<'a> {
    /// The content of the page about embedding.
    pub(super) fn embed_body(&self) -> Body<'a> {
        let strings = self.strings;
        let fragments = web::fragments(self.tables(), self.pairs, self.groups.parties);
        let address = self.config.site_url();
        let site = address.as_deref().unwrap_or("https://docs.example.com/");
        let lead = strings.get("embed-lead").to_string();
        let mut sections = vec![opening(vec![Part::Paragraph(lead)])];
        if let Some(first) = fragments.first() {
            for way in web::ways(&self.tables(), first, site, self.has_badges()) {
                let mut text = format!("{}\n\n", strings.get(way.text));
                for (language, code) in way.code {
                    text.push_str(&format!("```{language}\n{code}\n```\n\n"));
                }
                text.push_str(&way.example);
                let mut parts = vec![Part::Written(text)];
                if way.key == "embed-element" {
                    parts.push(Part::Shown(first.clone()));
                }
                sections.push(self.section(&format!("srm-{}", way.key), way.key, parts));
            }
        }
        let links = fragments.iter().map(|fragment| Link {
            label: fragment.title.clone(),
            path: fragment.path(TableFormat::Html),
            note: fragment.request.clone(),
        });
        let parts = vec![Part::Links(links.collect())];
        sections.push(self.section("srm-embed-all", "embed-all", parts));
        Body {
            description: strings.get("describe-embed").to_string(),
            sections,
        }
    }
}
