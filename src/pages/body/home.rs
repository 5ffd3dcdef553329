//! The start page: models, categories, pages, comparisons and facts about the whole
//! document.

use crate::model::owner_totals;
use crate::pages::body::prose::whole;
use crate::pages::body::tools::listed;
use crate::pages::body::{Body, Card, Fact, Link, ListedPage, Part, Section, opening};
use crate::pages::folders::{Folder, FolderEntry};
use crate::pages::{Page, Project, is_cut};
use crate::text::paths;

impl<'a> Project<'a> {
    pub(super) fn home_body(&self) -> Body<'a> {
        let mut sections = Vec::new();
        let home = self.home();
        if let Some(prose) = home {
            sections.push(opening(vec![whole(prose)]));
        }
        sections.push(self.model_cards());
        sections.push(self.category_links());
        let pages = self.text_pages();
        let pages = is_cut(pages.len()).then(|| {
            let pages: Vec<&Page> = pages.iter().collect();
            let list = listed_in(&Folder::nested(&pages), &pages);
            self.section(paths::PAGE_LIST, "pages", vec![Part::Pages(list)])
        });
        if self.document.models.len() > 1 {
            sections.push(self.changes());
        }
        sections.extend(pages);
        sections.extend(self.document_sections());
        Body {
            description: home
                .and_then(|p| p.description.clone())
                .or_else(|| {
                    self.config
                        .book
                        .description
                        .as_ref()
                        .map(|t| t.value.clone())
                })
                .unwrap_or_default(),
            sections,
        }
    }

    fn model_cards(&self) -> Section<'a> {
        let document = self.document;
        let models = (0..document.models.len())
            .map(|m| Card {
                label: document.models[m].label.clone(),
                path: paths::model(&document.models[m].id),
                text: self.model_description(m),
                counts: self.badges(&listed(owner_totals(document, m))),
                links: Vec::new(),
            })
            .collect();
        self.section("srm-models", "models", vec![Part::Cards(models)])
    }

    fn category_links(&self) -> Section<'a> {
        let (document, strings) = (self.document, self.strings);
        let categories = document
            .categories
            .iter()
            .map(|c| Link {
                label: c.label.clone(),
                path: paths::category(&c.id),
                note: strings.count("rows", c.rows.len()),
            })
            .collect();
        let parts = vec![Part::Links(categories)];
        self.section(paths::CATEGORY_LIST, "categories", parts)
    }

    /// What changes between models, with links to all comparisons.
    fn changes(&self) -> Section<'a> {
        // If there are too many for this page, the page of all models has them.
        let cards = match is_cut(self.pairs.len()) {
            true => Vec::new(),
            false => self.pair_cards(),
        };
        let all = Part::Links(vec![Link {
            label: self.strings.get("compare-all").to_string(),
            path: paths::COMPARISONS.into(),
            note: String::new(),
        }]);
        let parts = vec![Part::Cards(cards), all];
        self.section("srm-changes", "heading-owners", parts)
    }

    /// The facts that the author gives about the whole document.
    pub(super) fn document_sections(&self) -> Vec<Section<'a>> {
        let document = self.document;
        let mut sections = Vec::new();
        if let Some(catch_all) = &document.catch_all {
            sections.push(self.section(
                "srm-catch-all",
                "heading-catch-all",
                vec![Part::Markdown(&catch_all.text)],
            ));
        }
        if let Some(precedence) = &document.precedence {
            sections.push(self.section(
                "srm-precedence",
                "heading-precedence",
                vec![Part::Markdown(precedence)],
            ));
        }
        if !document.history.is_empty() {
            sections.push(self.section(paths::HISTORY, "heading-history", Vec::new()));
        }
        for (number, version) in document.history.iter().enumerate() {
            sections.push(Section {
                id: format!("srm-version-{}", number + 1),
                heading: format!("{} ({})", version.version.value, version.date.text),
                level: 3,
                parts: vec![Part::Markdown(&version.changes)],
            });
        }
        let facts = self.facts();
        if !facts.is_empty() {
            sections.push(self.section(
                "srm-document",
                "heading-document",
                vec![Part::Facts(facts)],
            ));
        }
        let frameworks = self.frameworks();
        if !frameworks.is_empty() {
            sections.push(self.section(
                "srm-frameworks",
                "frameworks",
                vec![Part::Facts(frameworks)],
            ));
        }
        sections
    }

    /// The frameworks that have an address. The others are named beside each control.
    fn frameworks(&self) -> Vec<(String, Fact)> {
        let frameworks = self.document.frameworks.iter();
        let with_address = frameworks.filter_map(|framework| {
            let url = framework.url.as_ref()?.value.clone();
            let label = url.clone();
            Some((framework.label.clone(), Fact::External { label, url }))
        });
        with_address.collect()
    }

    fn facts(&self) -> Vec<(String, Fact)> {
        let document = self.document;
        let mut facts = Vec::new();
        let mut plain = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                let label = self.strings.get(key).to_string();
                facts.push((label, Fact::Plain(value.to_string())));
            }
        };
        plain(
            "version",
            document.version.as_ref().map(|t| t.value.as_str()),
        );
        plain(
            "effective",
            document.effective.as_ref().map(|d| d.text.as_str()),
        );
        plain(
            "contact",
            document.contact.as_ref().map(|t| t.value.as_str()),
        );
        let authors = self.config.book.authors.join(self.strings.get("names"));
        plain("authors", (!authors.is_empty()).then_some(authors.as_str()));
        if let Some(source) = &document.source {
            let label = source.label.value.clone();
            let fact = match &source.url {
                Some(url) => Fact::External {
                    label,
                    url: url.value.clone(),
                },
                None => Fact::Plain(label),
            };
            facts.push((self.strings.get("source").to_string(), fact));
        }
        facts
    }
}

/// The entries of a folder. A folder with its own page is shown as that page.
fn listed_in(folder: &Folder, pages: &[&Page]) -> Vec<ListedPage> {
    let own = folder.own.as_ref().map(|(own, _)| *own);
    let entries = folder.entries.iter().filter_map(|entry| match entry {
        FolderEntry::Page(page) if Some(*page) == own => None,
        FolderEntry::Page(page) => Some(ListedPage {
            label: pages[*page].title.clone(),
            path: Some(pages[*page].path.clone()),
            below: Vec::new(),
        }),
        FolderEntry::Folder(at) => {
            let inner = &folder.folders[*at];
            Some(ListedPage {
                label: inner.label.clone(),
                path: inner.own.as_ref().map(|(own, _)| pages[*own].path.clone()),
                below: listed_in(inner, pages),
            })
        }
    });
    entries.collect()
}
