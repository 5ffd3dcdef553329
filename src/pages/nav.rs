//! The links that every page carries to others, in groups. Their HTML is made in `render`.

use crate::pages::{MenuGroup, Page, PageKind, Project};
use crate::text::{encode, paths};

/// Most links of a group that every page's navigation lists. With more, the
/// list would outweigh the pages, and their number would be squared.
pub const NAV_LINKS: usize = 40;

/// The navigation every page carries. Paths are ready for `href`.
#[derive(Clone, Debug, Hash, serde::Serialize)]
pub struct Nav {
    pub models: Vec<NavItem>,
    pub categories: Vec<NavItem>,
    pub all_categories: Option<NavItem>,
    pub comparisons: Vec<NavItem>,
    pub parties: Vec<NavItem>,
    pub pages: Vec<NavItem>,
    pub all_pages: Option<NavItem>,
}

/// A link in the navigation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct NavItem {
    pub label: String,
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
                // A customer that is addressed is not a name among others.
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

/// Whether so many links are too many for a group of the navigation.
pub fn is_cut(links: usize) -> bool {
    links > NAV_LINKS
}
