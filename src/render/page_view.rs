//! The values that a template sees of its page. Those of the whole site are in `site_view`.

use serde::Serialize;

use crate::pages::{NavItem, Page, PageKind};
use crate::render::Renderer;
use crate::text::links::is_web;
use crate::text::{Html, encode, encode_ascii, paths};

#[derive(Serialize)]
pub(super) struct PageView<'a> {
    pub(super) kind: &'static str,
    pub(super) title: &'a str,
    pub(super) title_html: Html,
    pub(super) title_id: String,
    pub(super) path: String,
    pub(super) root: &'a str,
    pub(super) description: String,
    pub(super) canonical: String,
    pub(super) markdown: String,
    pub(super) edit: String,
    pub(super) version: String,
    pub(super) effective: String,
    pub(super) tools: bool,
    pub(super) whole: bool,
    pub(super) linked_data: String,
}

impl Renderer<'_> {
    pub(super) fn page_view<'p>(
        &self,
        page: &'p Page,
        root: &'p str,
        description: String,
        tools: bool,
    ) -> PageView<'p> {
        let config = self.project.config;
        let canonical = match (config.site_url(), page.kind) {
            (Some(url), kind) if kind != PageKind::NotFound => {
                let path = paths::without_index(&page.path);
                format!("{url}{}", encode_ascii(path))
            }
            _ => String::new(),
        };
        let twin = page.twin().filter(|_| self.project.groups.markdown);
        let document = self.project.document;
        let model = match page.kind {
            PageKind::Model(model) => Some(&document.models[model]),
            _ => None,
        };
        let version = model.and_then(|model| model.version.as_ref());
        let effective = model.and_then(|model| model.effective.as_ref());
        PageView {
            kind: page.kind.word(),
            title: &page.title,
            title_html: Html::escaped(&page.title),
            title_id: String::new(),
            path: encode(&page.path),
            root,
            description,
            canonical,
            markdown: twin.map_or(String::new(), |t| encode(&t)),
            edit: self.edit_url(page).unwrap_or_default(),
            version: version
                .or(document.version.as_ref())
                .map_or(String::new(), |text| text.value.clone()),
            effective: effective
                .or(document.effective.as_ref())
                .map_or(String::new(), |date| date.text.clone()),
            tools,
            whole: false,
            linked_data: String::new(),
        }
    }

    /// Where the page's source can be edited, if the settings say so.
    fn edit_url(&self, page: &Page) -> Option<String> {
        let template = self.project.config.html.edit_url_template.as_ref();
        let template = template.filter(|t| is_web(&t.value))?;
        let file = self.project.source_of(page.kind)?;
        Some(template.value.replace("{path}", &encode(file)))
    }

    pub(super) fn breadcrumbs(&self, page: &Page) -> Vec<NavItem> {
        if page.kind == PageKind::Home {
            return Vec::new();
        }
        let strings = self.project.strings;
        let mut trail = vec![NavItem::new(strings.get("home"), paths::HOME)];
        if matches!(page.kind, PageKind::Compare(..) | PageKind::Reversed(..)) {
            trail.push(NavItem::new(
                strings.get("title-compare-index"),
                paths::COMPARISONS,
            ));
        }
        trail.extend(self.menu.above(page));
        trail
    }
}
