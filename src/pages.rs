//! Plans which pages exist, where they are, and how readers move between them. `body`
//! decides what is on a page, and `render` writes it.

// The open ones are part of the door: what is in them reads better behind their name.
mod body;
mod collisions;
mod folders;
mod link_targets;
mod nav;
pub mod page_keys;
mod pairs;
pub mod web;

use std::borrow::Cow;
use std::sync::Arc;

use crate::input::{Config, Groups, PartyKind};
use crate::model::{Document, ModelIx, Party, PartyIx, Prose};
use crate::tables::Tables;
use crate::text::{Strings, paths};

pub use crate::pages::body::{
    Answered, Body, Card, Fact, Link, ListedPage, Part, Pick, PrintBody, Section, Tools,
};
pub use crate::pages::collisions::{refuse_collisions, refuse_long_path};
pub use crate::pages::folders::{Folder, FolderEntry};
pub use crate::pages::nav::{NAV_LINKS, Nav, NavItem, is_cut};
pub use crate::pages::pairs::pairs;

/// Most badges that are made by default: with more, their files would far outnumber
/// those of the pages.
const MANY_BADGES: usize = 1_000;

/// Everything that pages are made from.
pub struct Project<'a> {
    /// The document.
    pub document: &'a Document,
    /// The settings.
    pub config: &'a Config,
    /// The words of the interface.
    pub strings: &'a Strings,
    /// Which groups of outputs are made.
    pub groups: Groups,
    /// Pairs of models that have a comparison page.
    pub pairs: &'a [(ModelIx, ModelIx)],
}

/// What a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// The start page.
    Home,
    /// A deployment model.
    Model(ModelIx),
    /// A category, by its index in [`Document::categories`].
    Category(usize),
    /// The matrix of all models.
    CompareIndex,
    /// The comparison from the first model to the second.
    Compare(ModelIx, ModelIx),
    /// A comparison in the opposite direction; not part of the reading order.
    Reversed(ModelIx, ModelIx),
    /// A party.
    Party(PartyIx),
    /// Index in [`Document::prose`].
    Prose(usize),
    /// How to use tables and badges elsewhere.
    Embed,
    /// Everything on one page.
    Print,
    /// The not-found page.
    NotFound,
}

impl PageKind {
    /// Whether such a page only repeats what other pages show. It can be large, and
    /// its findings are also found on the other pages.
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

    /// The group of the menu that this kind of page belongs to.
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

    /// The name of the kind in themes and templates.
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
    /// Deployment models.
    Models,
    /// Comparisons of models.
    Comparisons,
    /// Parties.
    Parties,
    /// Categories.
    Categories,
    /// Pages with the author's text.
    Pages,
}

/// A page that will be made.
#[derive(Clone, Debug)]
pub struct Page {
    /// Path in the site.
    pub path: String,
    /// What the page shows.
    pub kind: PageKind,
    /// Title of the page, without that of the site.
    pub title: String,
}

impl Page {
    /// The relative path from the page to the site's top.
    pub fn root(&self) -> String {
        paths::to_top(&self.path)
    }

    /// Path of the page's Markdown twin, if it has one.
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

    /// Whether the site has badge pictures, one for each row in each model.
    pub fn has_badges(&self) -> bool {
        let all = self.document.rows().count() * self.document.models.len();
        self.groups.embed && self.groups.badges.unwrap_or(all <= MANY_BADGES)
    }

    /// Whether the site has a feed of versions, which needs full addresses.
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
            title: title_or(self.home(), self.title()),
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
                title: title_or(self.not_found(), strings.get("title-not-found")),
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

    /// The title of a page for readers of files, who are not addressed as "you".
    pub fn plain_title<'p>(&self, page: &'p Page) -> Cow<'p, str> {
        match page.kind {
            PageKind::Party(ix) => {
                let values = [("party", self.document.parties[ix].label.as_str())];
                Cow::Owned(self.strings.fill("title-party", &values))
            }
            _ => Cow::Borrowed(&page.title),
        }
    }

    /// Whether a party is the only customer that is addressed as "you", so that the
    /// title of its page needs no name.
    fn is_only_addressed_customer(&self, party: PartyIx) -> bool {
        let addressed = |p: &Party| p.kind == PartyKind::Customer && p.second_person.is_some();
        let parties = &self.document.parties;
        addressed(&parties[party]) && parties.iter().filter(|p| addressed(p)).count() == 1
    }

    /// The pages with the author's text, those made from Markdown files first.
    pub fn text_pages(&self) -> Vec<Page> {
        let prose = self.document.prose.iter().enumerate();
        let prose = prose.filter(|(_, p)| !is_home(&p.path) && p.path != self.not_found_source());
        let prose = prose.map(|(ix, prose)| Page {
            path: paths::prose(&prose.path),
            kind: PageKind::Prose(ix),
            title: title_of(prose),
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

/// Possible sources of the start page.
const HOMES: &[&str] = &["index.md", "README.md"];

/// The title that an author's page gives, or another one.
fn title_or(prose: Option<&Prose>, other: &str) -> String {
    let own = prose.and_then(|prose| prose.title.clone());
    own.unwrap_or_else(|| other.to_string())
}

/// The title of a page of prose.
fn title_of(prose: &Prose) -> String {
    let own = prose.title.clone();
    own.unwrap_or_else(|| file_title(&prose.path))
}

/// The title of a file or folder that does not give one.
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
