//! The links that every page has to other pages, in groups. Their HTML is made in
//! `render`.

use crate::pages::{MenuGroup, Page, PageKind, Project};
use crate::text::{encode, paths};

/// Most links of a group in the navigation of every page. With more, the lists would
/// be larger than the pages, and their total size would grow with the square of the
/// number of pages.
pub const NAV_LINKS: usize = 40;

/// The navigation of every page. Paths are encoded for `href`.
#[derive(Clone, Debug, Hash, serde::Serialize)]
pub struct Nav {
    /// Links to the deployment models.
    pub models: Vec<NavItem>,
    /// Links to the categories, at most [`NAV_LINKS`].
    pub categories: Vec<NavItem>,
    /// The link to the list of all categories, if there are more.
    pub all_categories: Option<NavItem>,
    /// Links to the comparisons, at most [`NAV_LINKS`].
    pub comparisons: Vec<NavItem>,
    /// Links to the parties.
    pub parties: Vec<NavItem>,
    /// Links to the text pages, at most [`NAV_LINKS`].
    pub pages: Vec<NavItem>,
    /// The link to the list of all text pages, if there are more.
    pub all_pages: Option<NavItem>,
}

/// A link in the navigation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct NavItem {
    /// The words of the link.
    pub label: String,
    /// Path in the site, encoded for `href`.
    pub path: String,
}

impl NavItem {
    /// A link to a path in the site.
    pub fn new(label: &str, path: &str) -> Self {
        NavItem {
            label: label.to_string(),
            path: encode(path),
        }
    }

    /// A link to a page.
    pub fn page(page: &Page) -> Self {
        NavItem::new(&page.title, &page.path)
    }
}

impl Nav {
    /// Sorts pages into the groups of the navigation.
    pub fn new(project: &Project<'_>, pages: &[Page]) -> Nav {
        let of = |group: MenuGroup| -> Vec<NavItem> {
            let inside = |p: &&Page| p.kind.group() == Some(group);
            let listed = |p: &&Page| !matches!(p.kind, PageKind::Reversed(..));
            let inside = pages.iter().filter(inside).filter(listed);
            inside.map(NavItem::page).collect()
        };
        // The start page lists what is left out here.
        let cut = |mut links: Vec<NavItem>, all: &str, list: &str| {
            let all = is_cut(links.len()).then(|| {
                let n = links.len().to_string();
                NavItem {
                    label: project.strings.fill(all, &[("n", &n)]),
                    path: format!("{}#{list}", paths::HOME),
                }
            });
            links.truncate(NAV_LINKS);
            (links, all)
        };
        let categories = of(MenuGroup::Categories);
        let (categories, all_categories) = cut(categories, "all-categories", paths::CATEGORY_LIST);
        let text = of(MenuGroup::Pages);
        let (text, all_pages) = cut(text, "all-pages", paths::PAGE_LIST);
        let mut comparisons = of(MenuGroup::Comparisons);
        comparisons.truncate(NAV_LINKS);
        let parties = project.groups.parties.then(|| {
            let all = project.document.parties.iter().enumerate();
            all.map(|(ix, p)| {
                let path = paths::party(&project.document.parties[ix].id);
                // A customer that is addressed as "you" is not listed by name.
                let page = match project.is_only_addressed_customer(ix) {
                    true => pages.iter().find(|page| page.path == path),
                    false => None,
                };
                NavItem::new(page.map_or(&p.label, |page| &page.title), &path)
            })
            .collect()
        });
        Nav {
            models: of(MenuGroup::Models),
            categories,
            all_categories,
            comparisons,
            parties: parties.unwrap_or_default(),
            pages: text,
            all_pages,
        }
    }
}

/// Whether this many links are too many for a group of the navigation.
pub fn is_cut(links: usize) -> bool {
    links > NAV_LINKS
}
