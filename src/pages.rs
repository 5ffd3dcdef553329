//! Which pages exist, where they are, and how a reader moves between them. It
//! plans; `body` says what is on a page and `render` makes its bytes.

mod body;
mod collisions;
mod folders;
mod link_targets;
mod nav;
pub mod page_keys;
mod pairs;
pub mod web;

use std::sync::Arc;

use crate::input::{Config, Groups, PartyKind};
use crate::model::{Document, ModelIx, Party, PartyIx, Prose};
use crate::tables::Tables;
use crate::text::{Strings, paths};

pub use crate::pages::body::{
    Answered, Body, Card, Fact, Link, ListedPage, Part, Pick, Section, Tools,
};
pub use crate::pages::collisions::refuse_collisions;
pub use crate::pages::folders::{Folder, FolderEntry};
pub use crate::pages::nav::{NAV_LINKS, Nav, NavItem, is_cut};
pub use crate::pages::pairs::pairs;

/// Most badges that are made unless the settings ask for them: with more, the
/// files would be many times those of all pages.
const MANY_BADGES: usize = 1_000;

/// Everything pages are made from.
pub struct Project<'a> {
    pub document: &'a Document,
    pub config: &'a Config,
    pub strings: &'a Strings,
    pub groups: Groups,
    /// Pairs of models that have a comparison page.
    pub pairs: &'a [(ModelIx, ModelIx)],
}

/// What a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    Home,
    Model(ModelIx),
    Category(usize),
    CompareIndex,
    Compare(ModelIx, ModelIx),
    /// A comparison in the other direction; outside the order of reading.
    Reversed(ModelIx, ModelIx),
    Party(PartyIx),
    /// Index in [`Document::prose`].
    Prose(usize),
    Embed,
    Print,
    NotFound,
}

impl PageKind {
    /// Whether such a page shows nothing but what others show as well. It can be
    /// large, and what is wrong on it is found elsewhere first.
    pub fn only_repeats(self) -> bool {
        match self {
            PageKind::Model(_)
            | PageKind::CompareIndex
            | PageKind::Compare(..)
            | PageKind::Reversed(..)
            | PageKind::Party(_)
            | PageKind::Print => true,
            PageKind::Home
            | PageKind::Category(_)
            | PageKind::Prose(_)
            | PageKind::Embed
            | PageKind::NotFound => false,
        }
    }

    /// The group of the menu that such a page belongs to.
    pub fn group(self) -> Option<MenuGroup> {
        Some(match self {
            PageKind::Model(_) => MenuGroup::Models,
            PageKind::CompareIndex | PageKind::Compare(..) | PageKind::Reversed(..) => {
                MenuGroup::Comparisons
            }
            PageKind::Party(_) => MenuGroup::Parties,
            PageKind::Category(_) => MenuGroup::Categories,
            PageKind::Prose(_) | PageKind::Embed => MenuGroup::Pages,
            PageKind::Home | PageKind::Print | PageKind::NotFound => return None,
        })
    }

    /// The name themes and templates know it by.
    pub fn word(self) -> &'static str {
        match self {
            PageKind::Home => "home",
            PageKind::Model(_) => "model",
            PageKind::Category(_) => "category",
            PageKind::CompareIndex => "compare-index",
            PageKind::Compare(..) | PageKind::Reversed(..) => "compare",
            PageKind::Party(_) => "party",
            PageKind::Prose(_) => "prose",
            PageKind::Embed => "embed",
            PageKind::Print => "print",
            PageKind::NotFound => "not-found",
        }
    }
}

/// A group of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuGroup {
    Models,
    Comparisons,
    Parties,
    Categories,
    /// Pages of text.
    Pages,
}

/// A page that will be made.
#[derive(Clone, Debug)]
pub struct Page {
    /// Path in the site.
    pub path: String,
    pub kind: PageKind,
    pub title: String,
}

impl Page {
    /// From the page to the site's top.
    pub fn root(&self) -> String {
        paths::to_top(&self.path)
    }

    /// Path of the page's Markdown twin.
    pub fn twin(&self) -> Option<String> {
        match self.kind {
            PageKind::Print | PageKind::NotFound => None,
            _ => paths::twin(&self.path),
        }
    }
}

impl<'a> Project<'a> {
    /// Builds tables of this project.
    pub fn tables(&self) -> Tables<'a> {
        Tables {
            document: self.document,
            strings: self.strings,
            only: None,
        }
    }

    /// Whether there is a picture for each row in each model.
    pub fn has_badges(&self) -> bool {
        let all = self.document.rows().count() * self.document.models.len();
        self.groups.embed && self.groups.badges.unwrap_or(all <= MANY_BADGES)
    }

    /// Whether there is a feed of versions, whose addresses are whole ones.
    pub fn has_feed(&self) -> bool {
        self.config.site_url().is_some() && !self.document.history.is_empty()
    }

    /// Title of the site.
    pub fn title(&self) -> &str {
        let own = self.document.title.as_ref();
        own.or(self.config.book.title.as_ref())
            .map_or("Shared responsibility model", |t| &t.value)
    }

    /// The source of the start page, if the author wrote one.
    pub fn home(&self) -> Option<&'a Prose> {
        self.document.prose.first_of(HOMES)
    }

    /// The file of the project that a page is made from, where it is a single one.
    pub fn source_of(&self, kind: PageKind) -> Option<&'a Arc<str>> {
        let document = self.document;
        match kind {
            PageKind::Home => self.home().map(|home| &home.file),
            PageKind::Model(m) => Some(&document.models[m].intro.file),
            PageKind::Category(c) => Some(&document.categories[c].file),
            PageKind::Prose(p) => Some(&document.prose[p].file),
            PageKind::CompareIndex
            | PageKind::Compare(..)
            | PageKind::Reversed(..)
            | PageKind::Party(_)
            | PageKind::Embed
            | PageKind::Print
            | PageKind::NotFound => None,
        }
    }

    /// All pages, in reading order.
    pub fn pages(&self) -> Vec<Page> {
        let (document, strings) = (self.document, self.strings);
        let mut pages = vec![Page {
            path: paths::HOME.into(),
            kind: PageKind::Home,
            title: self
                .home()
                .and_then(|home| home.title.clone())
                .unwrap_or_else(|| self.title().to_string()),
        }];
        for (ix, model) in document.models.iter().enumerate() {
            pages.push(Page {
                path: paths::model(&model.id),
                kind: PageKind::Model(ix),
                title: model.label.clone(),
            });
        }
        for (ix, category) in document.categories.iter().enumerate() {
            pages.push(Page {
                path: paths::category(&category.id),
                kind: PageKind::Category(ix),
                title: category.label.clone(),
            });
        }
        if document.models.len() > 1 {
            pages.push(Page {
                path: paths::COMPARISONS.into(),
                kind: PageKind::CompareIndex,
                title: strings.get("title-compare-index").to_string(),
            });
        }
        let pairs = self.pairs.iter().copied();
        pages.extend(
            pairs
                .clone()
                .map(|(a, b)| self.compare_page(a, b, PageKind::Compare(a, b))),
        );
        if self.groups.parties {
            pages.extend(self.party_pages());
        }
        pages.extend(self.text_pages());
        let one_way = pairs.filter(|(a, b)| !self.pairs.contains(&(*b, *a)));
        pages.extend(one_way.map(|(a, b)| self.compare_page(b, a, PageKind::Reversed(b, a))));
        if self.groups.print {
            pages.push(Page {
                path: paths::PRINT.into(),
                kind: PageKind::Print,
                title: strings.fill("title-print", &[("title", self.title())]),
            });
        }
        if self.groups.not_found {
            pages.push(Page {
                path: paths::NOT_FOUND.into(),
                kind: PageKind::NotFound,
                title: strings.get("title-not-found").to_string(),
            });
        }
        pages
    }

    fn compare_page(&self, a: ModelIx, b: ModelIx, kind: PageKind) -> Page {
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        let title = [("first", first), ("second", second)];
        Page {
            path: self.tables().compare_path(a, b),
            kind,
            title: self.strings.fill("title-compare", &title),
        }
    }

    fn party_pages(&self) -> impl Iterator<Item = Page> {
        let (document, strings) = (self.document, self.strings);
        let parties = document.parties.iter().enumerate();
        parties.map(move |(ix, party)| {
            let values = [
                ("party", party.label.as_str()),
                ("you", party.second_person.as_deref().unwrap_or_default()),
            ];
            let key = match party.second_person {
                Some(_) if self.is_only_addressed_customer(ix) => "title-party-you",
                Some(_) => "title-party-named",
                None => "title-party",
            };
            Page {
                path: paths::party(&party.id),
                kind: PageKind::Party(ix),
                title: strings.fill(key, &values),
            }
        })
    }

    /// Whether a party is the one customer that is addressed, so that its page
    /// needs no name in its title.
    fn is_only_addressed_customer(&self, party: PartyIx) -> bool {
        let addressed = |p: &Party| p.kind == PartyKind::Customer && p.second_person.is_some();
        let parties = &self.document.parties;
        addressed(&parties[party]) && parties.iter().filter(|p| addressed(p)).count() == 1
    }

    /// The pages of text, those made from Markdown first.
    pub fn text_pages(&self) -> Vec<Page> {
        let prose = self.document.prose.iter().enumerate();
        let prose = prose.filter(|(_, p)| !is_home(&p.path) && p.path != self.not_found_source());
        let prose = prose.map(|(ix, prose)| Page {
            path: paths::prose(&prose.path),
            kind: PageKind::Prose(ix),
            title: prose
                .title
                .clone()
                .unwrap_or_else(|| file_title(&prose.path)),
        });
        let embed = self.groups.embed.then(|| Page {
            path: paths::EMBED.into(),
            kind: PageKind::Embed,
            title: self.strings.get("title-embed").to_string(),
        });
        prose.chain(embed).collect()
    }

    /// The source of the not-found page, if the author wrote one.
    pub fn not_found(&self) -> Option<&'a Prose> {
        self.document.prose.of(self.not_found_source())
    }

    /// Where the source of the not-found page would be.
    fn not_found_source(&self) -> &str {
        let set = self.config.html.input_404.as_ref();
        set.map_or("404.md", |i| i.value.0.as_str())
    }
}

/// Whether the start page is made from a prose file.
pub fn is_home(source: &str) -> bool {
    HOMES.contains(&source)
}

/// Sources of the start page.
const HOMES: &[&str] = &["index.md", "README.md"];

/// What a file or folder without a title is called.
pub fn file_title(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let words = stem.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().collect::<String>() + chars.as_str())
        .unwrap_or_default()
}
