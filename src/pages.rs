//! Which pages exist, where they are, and how a reader moves between them. It
//! plans; `body` says what is on a page and `render` makes its bytes.

pub mod body;
pub mod folders;
pub mod page_keys;
pub mod web;

use std::collections::{BTreeMap, HashMap};

use crate::findings::diag::{Code, Finding, Findings, Guess, Place, code_list};
use crate::input::config::{Config, Groups};
use crate::input::tree::STAND_IN;
use crate::model::{Document, ModelIx, PartyIx, Prose, fold};
use crate::tables::{Tables, category_path, model_path, party_path};
use crate::text::address::encode;
use crate::text::links::{Size, Targets};
use crate::text::strings::Strings;

/// Most links of a group that every page's navigation lists. With more, the
/// list would outweigh the pages, and their number would be squared.
pub const NAV_LINKS: usize = 40;

/// Most models for which all pairs are compared unless the settings say which.
const ALL_PAIRS: usize = 4;

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
pub enum Kind {
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

impl Kind {
    /// Whether such a page shows nothing but what others show as well. It can be
    /// large, and what is wrong on it is found elsewhere first.
    pub fn gathers(self) -> bool {
        match self {
            Kind::Model(_)
            | Kind::CompareIndex
            | Kind::Compare(..)
            | Kind::Reversed(..)
            | Kind::Party(_)
            | Kind::Print => true,
            Kind::Home | Kind::Category(_) | Kind::Prose(_) | Kind::Embed | Kind::NotFound => false,
        }
    }

    /// The group of the menu that such a page belongs to.
    pub fn group(self) -> Option<Group> {
        Some(match self {
            Kind::Model(_) => Group::Models,
            Kind::CompareIndex | Kind::Compare(..) | Kind::Reversed(..) => Group::Comparisons,
            Kind::Party(_) => Group::Parties,
            Kind::Category(_) => Group::Categories,
            Kind::Prose(_) | Kind::Embed => Group::Pages,
            Kind::Home | Kind::Print | Kind::NotFound => return None,
        })
    }

    /// The name themes and templates know it by.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Home => "home",
            Kind::Model(_) => "model",
            Kind::Category(_) => "category",
            Kind::CompareIndex => "compare-index",
            Kind::Compare(..) | Kind::Reversed(..) => "compare",
            Kind::Party(_) => "party",
            Kind::Prose(_) => "prose",
            Kind::Embed => "embed",
            Kind::Print => "print",
            Kind::NotFound => "not-found",
        }
    }
}

/// A group of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
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
    pub kind: Kind,
    pub title: String,
}

impl Page {
    /// From the page to the site's top.
    pub fn root(&self) -> String {
        "../".repeat(self.path.matches('/').count())
    }

    /// Path of the page's Markdown twin.
    pub fn twin(&self) -> Option<String> {
        match self.kind {
            Kind::Print | Kind::NotFound => None,
            _ => self.path.strip_suffix(".html").map(|p| format!("{p}.md")),
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

    /// All pages, in reading order.
    pub fn pages(&self) -> Vec<Page> {
        let (document, strings) = (self.document, self.strings);
        let tables = self.tables();
        let mut pages = vec![Page {
            path: "index.html".into(),
            kind: Kind::Home,
            title: self
                .home()
                .and_then(|home| home.title.clone())
                .unwrap_or_else(|| self.title().to_string()),
        }];
        for (ix, model) in document.models.iter().enumerate() {
            pages.push(Page {
                path: model_path(document, ix),
                kind: Kind::Model(ix),
                title: model.label.clone(),
            });
        }
        for (ix, category) in document.categories.iter().enumerate() {
            pages.push(Page {
                path: category_path(category),
                kind: Kind::Category(ix),
                title: category.label.clone(),
            });
        }
        if document.models.len() > 1 {
            pages.push(Page {
                path: "compare/index.html".into(),
                kind: Kind::CompareIndex,
                title: strings.get("title-compare-index").to_string(),
            });
        }
        for (a, b) in self.pairs {
            let [first, second] = [*a, *b].map(|m| document.models[m].label.as_str());
            pages.push(Page {
                path: tables.compare_path(*a, *b),
                kind: Kind::Compare(*a, *b),
                title: strings.fill("title-compare", &[("first", first), ("second", second)]),
            });
        }
        if self.groups.parties {
            for (ix, party) in document.parties.iter().enumerate() {
                let title = match &party.second_person {
                    Some(you) => {
                        strings.fill("title-party-you", &[("party", &party.label), ("you", you)])
                    }
                    None => strings.fill("title-party", &[("party", &party.label)]),
                };
                pages.push(Page {
                    path: party_path(document, ix),
                    kind: Kind::Party(ix),
                    title,
                });
            }
        }
        pages.extend(self.text_pages());
        for (a, b) in self.pairs {
            if self.pairs.contains(&(*b, *a)) {
                continue;
            }
            let [first, second] = [*b, *a].map(|m| document.models[m].label.as_str());
            pages.push(Page {
                path: tables.compare_path(*b, *a),
                kind: Kind::Reversed(*b, *a),
                title: strings.fill("title-compare", &[("first", first), ("second", second)]),
            });
        }
        if self.groups.print {
            pages.push(Page {
                path: "print.html".into(),
                kind: Kind::Print,
                title: strings.fill("title-print", &[("title", self.title())]),
            });
        }
        if self.groups.not_found {
            pages.push(Page {
                path: "404.html".into(),
                kind: Kind::NotFound,
                title: strings.get("title-not-found").to_string(),
            });
        }
        pages
    }

    /// The pages of text, those made from Markdown first.
    pub fn text_pages(&self) -> Vec<Page> {
        let prose = self.document.prose.iter().enumerate();
        let prose = prose.filter(|(_, p)| !is_home(&p.path) && p.path != self.not_found_source());
        let prose = prose.map(|(ix, prose)| Page {
            path: prose_path(&prose.path),
            kind: Kind::Prose(ix),
            title: prose
                .title
                .clone()
                .unwrap_or_else(|| file_title(&prose.path)),
        });
        let embed = self.groups.embed.then(|| Page {
            path: "embed.html".into(),
            kind: Kind::Embed,
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

    /// Everything links can point to. `files` are further outputs, `assets`
    /// are copied files: their source below the content folder and their path;
    /// `images` are those of them whose size is known.
    pub fn targets(
        &self,
        pages: &[Page],
        files: impl IntoIterator<Item = String>,
        assets: HashMap<String, String>,
        images: BTreeMap<String, Size>,
    ) -> Targets {
        let document = self.document;
        let mut targets = Targets {
            outputs: pages.iter().map(|p| p.path.clone()).collect(),
            images,
            ..Targets::default()
        };
        targets.outputs.extend(files);
        for prose in document.prose.iter() {
            targets
                .sources
                .insert(prose.path.clone(), prose_path(&prose.path));
        }
        for (ix, model) in document.models.iter().enumerate() {
            let path = model_path(document, ix);
            targets
                .sources
                .insert(format!("models/{}.md", model.id), path.clone());
            targets.ids.insert(format!("model:{}", model.id), path);
        }
        for category in &document.categories {
            let path = category_path(category);
            targets
                .sources
                .insert(format!("categories/{}.yaml", category.id), path.clone());
            for row in &category.rows {
                targets.rows.insert(row.id.clone(), path.clone());
            }
            targets
                .ids
                .insert(format!("category:{}", category.id), path);
        }
        if self.groups.parties {
            for (ix, party) in document.parties.iter().enumerate() {
                let path = party_path(document, ix);
                targets.ids.insert(format!("party:{}", party.id), path);
            }
        }
        if document.models.len() > 1 {
            targets
                .ids
                .insert("compare:".into(), "compare/index.html".into());
        }
        let tables = self.tables();
        for (a, b) in self.pairs {
            let path = tables.compare_path(*a, *b);
            let [first, second] = [*a, *b].map(|m| &document.models[m].id);
            targets
                .ids
                .insert(format!("compare:{first}..{second}"), path);
            targets.ids.insert(
                format!("compare:{second}..{first}"),
                tables.compare_path(*b, *a),
            );
        }
        targets.outputs.extend(assets.values().cloned());
        targets.assets = assets.into_iter().collect();
        targets
    }
}

/// The navigation every page carries. Paths are ready for `href`.
#[derive(Clone, Debug, Hash, serde::Serialize)]
pub struct Nav {
    pub models: Vec<Item>,
    pub categories: Vec<Item>,
    pub all_categories: Option<Item>,
    pub comparisons: Vec<Item>,
    pub parties: Vec<Item>,
    pub pages: Vec<Item>,
    pub all_pages: Option<Item>,
}

/// A link in the navigation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Item {
    pub label: String,
    pub path: String,
}

impl Item {
    /// A link to a path in the site.
    pub fn new(label: &str, path: &str) -> Self {
        Item {
            label: label.to_string(),
            path: encode(path),
        }
    }

    /// A link to a page.
    pub fn page(page: &Page) -> Self {
        Item::new(&page.title, &page.path)
    }
}

impl Nav {
    /// Sorts pages into the groups of the navigation.
    pub fn new(project: &Project<'_>, pages: &[Page]) -> Nav {
        let of = |group: Group| -> Vec<Item> {
            let inside = |p: &&Page| p.kind.group() == Some(group);
            let listed = |p: &&Page| !matches!(p.kind, Kind::Reversed(..));
            let inside = pages.iter().filter(inside).filter(listed);
            inside.map(Item::page).collect()
        };
        // The start page lists what is left out here.
        let cut = |mut links: Vec<Item>, all: &str, list: &str| {
            let all = is_cut(links.len()).then(|| {
                let n = links.len().to_string();
                Item {
                    label: project.strings.fill(all, &[("n", &n)]),
                    path: format!("index.html#{list}"),
                }
            });
            links.truncate(NAV_LINKS);
            (links, all)
        };
        let categories = of(Group::Categories);
        let (categories, all_categories) = cut(categories, "all-categories", "srm-categories");
        let text = of(Group::Pages);
        let (text, all_pages) = cut(text, "all-pages", "srm-pages");
        let mut comparisons = of(Group::Comparisons);
        comparisons.truncate(NAV_LINKS);
        let parties = project.groups.parties.then(|| {
            let all = project.document.parties.iter().enumerate();
            all.map(|(ix, p)| Item::new(&p.label, &party_path(project.document, ix)))
                .collect()
        });
        Nav {
            models: of(Group::Models),
            categories,
            all_categories,
            comparisons,
            parties: parties.unwrap_or_default(),
            pages: text,
            all_pages,
        }
    }
}

/// Whether so many links are too many for a group of the navigation.
pub fn is_cut(links: usize) -> bool {
    links > NAV_LINKS
}

/// Path of the page made from a prose file; `README.md` is a folder's index,
/// as in mdBook.
pub fn prose_path(source: &str) -> String {
    let stem = source.strip_suffix(".md").unwrap_or(source);
    match stem.rsplit_once('/') {
        Some((folder, "README")) => format!("{folder}/index.html"),
        None if stem == "README" => "index.html".into(),
        _ => format!("{stem}.html"),
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

/// The pairs to compare: all of them up to four models, else those named.
pub fn pairs(
    document: &Document,
    config: &Config,
    findings: &mut Findings,
) -> Vec<(ModelIx, ModelIx)> {
    let n = document.models.len();
    let all = || -> Vec<(ModelIx, ModelIx)> {
        (0..n)
            .flat_map(|a| (a + 1..n).map(move |b| (a, b)))
            .collect()
    };
    let Some(named) = &config.srm.compare else {
        return if n <= ALL_PAIRS { all() } else { Vec::new() };
    };
    let ids: Vec<&str> = document.models.iter().map(|m| m.id.as_str()).collect();
    let mut pairs = Vec::new();
    for text in &named.0 {
        match text.value.as_str() {
            "all" => return all(),
            "none" | STAND_IN => continue,
            pair => {
                let Some((a, b)) = pair.split_once("..") else {
                    findings.push(
                        Finding::new(
                            Code::WrongValue,
                            text.place.clone(),
                            format!("expected `all`, `none` or a pair `a..b`, found `{pair}`"),
                        )
                        .help(format!("models: {}", code_list(&ids))),
                    );
                    continue;
                };
                let mut find = |id: &str| {
                    let found = document.model(id);
                    if found.is_none() {
                        findings.push(
                            Finding::new(
                                Code::UnknownId,
                                text.place.clone(),
                                format!("there is no model `{id}`"),
                            )
                            .label("compared here")
                            .guess(Some(Guess::new(id, &document.known.models.names))),
                        );
                    }
                    found
                };
                if let (Some(a), Some(b)) = (find(a), find(b))
                    && a != b
                    && !pairs.contains(&(a, b))
                    && !pairs.contains(&(b, a))
                {
                    pairs.push((a, b));
                }
            }
        }
    }
    pairs
}

/// Reports outputs that would overwrite each other, also on file systems that
/// do not tell letter case apart. Each output comes with its source's place.
pub fn refuse_collisions(outputs: &[(String, Option<Place>)], findings: &mut Findings) {
    type Output = (String, Option<Place>);
    let mut seen: HashMap<String, &Output> = HashMap::new();
    let mut twice: Vec<(&Output, &Output)> = Vec::new();
    for output in outputs {
        let first = seen.insert(fold(&output.0), output);
        twice.extend(first.map(|first| (first, output)));
    }
    // A file cannot stand where a folder has to be either.
    for output in outputs {
        let folded = fold(&output.0);
        let mut parents = folded.match_indices('/').map(|(at, _)| &folded[..at]);
        let file = parents.find_map(|parent| seen.get(parent));
        twice.extend(file.map(|file| (*file, output)));
    }
    for (first, output) in twice {
        let (a, b) = (&first.0, &output.0);
        let message = if a == b {
            format!("`{b}` would be written twice")
        } else if fold(a) == fold(b) {
            format!("`{a}` and `{b}` are one file on some systems")
        } else {
            format!("`{a}` is a file, so `{b}` cannot be written")
        };
        let place = output.1.clone().or(first.1.clone());
        let mut finding =
            Finding::new(Code::PathCollision, place, message).help("rename one of the sources");
        if let (Some(place), true) = (&first.1, output.1.is_some()) {
            finding = finding.related(place.clone(), "the other source");
        }
        findings.push(finding);
    }
}
