//! Describes pages for search engines.

use serde_json::json;

use crate::pages::NavItem;
use crate::render::Renderer;
use crate::render::page_view::PageView;
use crate::text::paths;

impl Renderer<'_> {
    /// Describes the page for search engines: JSON-LD with the vocabulary of
    /// schema.org. Empty without a full address of the site.
    pub(super) fn linked_data(&self, page: &PageView<'_>, trail: &[NavItem]) -> String {
        let Some(url) = self
            .project
            .config
            .site_url()
            .filter(|_| !page.canonical.is_empty())
        else {
            return String::new();
        };
        let language = self.project.config.language();
        let site = json!({
            "@type": "WebSite",
            "@id": format!("{url}#site"),
            "name": self.project.title(),
            "url": url,
            "inLanguage": language,
        });
        let own = json!({
            "@type": "WebPage",
            "@id": page.canonical,
            "url": page.canonical,
            "name": page.title,
            "description": page.description,
            "inLanguage": language,
            "isPartOf": {"@id": format!("{url}#site")},
        });
        let above = trail.iter().map(|item| {
            let path = paths::without_index(&item.path);
            (item.label.as_str(), format!("{url}{}", path))
        });
        let steps: Vec<_> = above
            .chain([(page.title, page.canonical.clone())])
            .enumerate()
            .map(|(at, (name, item))| {
                json!({"@type": "ListItem", "position": at + 1, "name": name, "item": item})
            })
            .collect();
        let mut graph = vec![site, own];
        if !trail.is_empty() {
            graph.push(json!({"@type": "BreadcrumbList", "itemListElement": steps}));
        }
        let data = json!({"@context": "https://schema.org", "@graph": graph});
        // The content of a script element must not contain its end tag.
        data.to_string().replace('<', "\\u003c")
    }
}
