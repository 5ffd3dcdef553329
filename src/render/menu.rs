//! Writes the menu at the side of every page as HTML: groups of links that fold.
//! `pages` decides which pages there are, and `folders` how text pages are nested. A
//! template would be too slow, because the menu is on all pages and is most of a
//! small one.

use crate::pages::{Folder, FolderEntry, MenuGroup, NAV_LINKS, Nav, NavItem, Page, PageKind};
use crate::text::{Html, Strings, encode};

/// A group with more links than this is folded on pages outside of it.
const SHORT: usize = 10;

/// The menu of a site.
pub struct Menu {
    /// The groups; text pages are the last.
    groups: Vec<Part>,
    /// The label of a folder's own page inside the folder.
    overview: Html,
}

struct Part {
    of: MenuGroup,
    label: Html,
    links: Vec<MenuLink>,
    /// The order and nesting of the links.
    top: Folder,
    /// The link to the list of all its pages, if there are too many.
    more: Option<MenuLink>,
}

/// A link, escaped once for all pages.
struct MenuLink {
    path: Html,
    label: Html,
}

impl MenuLink {
    fn new(item: &NavItem) -> Self {
        MenuLink {
            path: Html::escaped(&item.path),
            label: Html::escaped(&item.label),
        }
    }
}

impl Menu {
    /// Makes the menu of these pages.
    pub fn new(nav: &Nav, pages: &[Page], strings: &Strings) -> Menu {
        let text = pages
            .iter()
            .filter(|page| page.kind.group() == Some(MenuGroup::Pages));
        let text: Vec<&Page> = text.collect();
        let nested = Folder::nested(&text);
        let items: Vec<NavItem> = text.iter().map(|page| NavItem::page(page)).collect();
        let none = &None;
        let flat = [
            (MenuGroup::Models, "models", &nav.models, none),
            (
                MenuGroup::Comparisons,
                "comparisons",
                &nav.comparisons,
                none,
            ),
            (MenuGroup::Parties, "parties", &nav.parties, none),
            (
                MenuGroup::Categories,
                "categories",
                &nav.categories,
                &nav.all_categories,
            ),
        ];
        let part = |of, label, items: &[NavItem], top, more: &Option<NavItem>| Part {
            of,
            label: Html::escaped(strings.get(label)),
            links: items.iter().map(MenuLink::new).collect(),
            top,
            more: more.as_ref().map(MenuLink::new),
        };
        let flat = flat.into_iter().map(|(of, label, items, more)| {
            part(of, label, items, Folder::flat(items.len()), more)
        });
        let mut groups: Vec<Part> = flat.collect();
        groups.push(part(
            MenuGroup::Pages,
            "pages",
            &items,
            nested,
            &nav.all_pages,
        ));
        Menu {
            groups,
            overview: Html::escaped(strings.get("overview")),
        }
    }

    /// The pages of the folders around a text page, from the top down.
    pub fn above(&self, page: &Page) -> Vec<NavItem> {
        let PageKind::Prose(_) = page.kind else {
            return Vec::new();
        };
        let above = self.groups.last().map(|group| group.top.above(&page.path));
        let own = above
            .into_iter()
            .flatten()
            .filter_map(|folder| folder.own.as_ref());
        let path = encode(&page.path);
        own.map(|(_, item)| item.clone())
            .filter(|item| item.path != path)
            .collect()
    }

    /// Writes the groups for a page; `root` leads from the page to the top.
    pub fn html(&self, page: &Page, root: &str) -> Html {
        let mut writer = MenuWriter {
            out: Html::with_capacity(8 * 1024),
            root: Html::escaped(root),
            path: Html::escaped(&encode(&page.path)),
            page,
            links: &[],
            overview: &self.overview,
            met: false,
            all: true,
        };
        let groups = self.groups.iter();
        for group in groups.filter(|group| !group.top.entries.is_empty()) {
            writer.group(group);
        }
        writer.out
    }
}

struct MenuWriter<'a> {
    out: Html,
    root: Html,
    path: Html,
    page: &'a Page,
    /// The links of the current group.
    links: &'a [MenuLink],
    overview: &'a Html,
    /// Whether the page has been written in its group.
    met: bool,
    /// Whether folders that the page is not in are listed with their content.
    all: bool,
}

impl<'a> MenuWriter<'a> {
    fn group(&mut self, group: &'a Part) {
        let inside = self.page.kind.group() == Some(group.of);
        let open = inside || group.top.entries.len().min(NAV_LINKS) <= SHORT;
        self.out
            .markup("<details class=\"srm-nav-group\"")
            .markup(if open { " open" } else { "" })
            .markup(">\n<summary>")
            .push(&group.label)
            .markup("</summary>\n<ul class=\"srm-nav\">\n");
        self.links = &group.links;
        self.met = false;
        self.all = group.more.is_none();
        let path = match self.page.kind {
            PageKind::Prose(_) => &self.page.path,
            // Other pages are in one list, whatever their folder.
            _ => name_of(&self.page.path),
        };
        self.entries(&group.top, inside.then_some(path));
        if let Some(more) = &group.more {
            self.link(&more.path, &more.label);
        }
        self.out.markup("</ul>\n</details>\n");
    }

    /// Writes the entries of a folder; `path` is the way from there to the page, if
    /// the page is inside.
    fn entries(&mut self, folder: &Folder, path: Option<&str>) {
        let (below, rest) = match path.and_then(|path| path.split_once('/')) {
            Some((name, rest)) => (folder.place(name), Some(rest)),
            None => (None, None),
        };
        // The entry with the reader's page is always listed, even beyond the limit.
        let left_out = below.filter(|(_, entry)| *entry >= NAV_LINKS);
        let left_out = left_out.map(|(_, entry)| &folder.entries[entry]);
        for entry in folder.entries.iter().take(NAV_LINKS).chain(left_out) {
            let at = match entry {
                FolderEntry::Page(page) => {
                    let link = &self.links[*page];
                    let own = folder.own.as_ref().is_some_and(|(own, _)| own == page);
                    self.link(&link.path, if own { self.overview } else { &link.label });
                    continue;
                }
                FolderEntry::Folder(at) => *at,
            };
            let inner = &folder.folders[at];
            if below.is_some_and(|(below, _)| below == at) {
                self.folder(inner, rest);
            } else if self.all {
                self.folder(inner, None);
            } else if let Some(first) = inner.first() {
                self.out.markup("<li class=\"srm-nav-closed\">");
                let label = Html::escaped(&inner.label);
                self.item(&self.links[first].path, &label, false);
            }
        }
        let here = path.is_some_and(|path| !path.contains('/'));
        if here && !self.met {
            let (path, label) = (self.path.clone(), Html::escaped(&self.page.title));
            self.out.markup("<li>");
            self.item(&path, &label, true);
        }
    }

    fn folder(&mut self, folder: &Folder, path: Option<&str>) {
        self.out
            .markup("<li><details class=\"srm-nav-folder\"")
            .markup(if path.is_some() { " open" } else { "" })
            .markup(">\n<summary>")
            .text(&folder.label)
            .markup("</summary>\n<ul class=\"srm-nav\">\n");
        self.entries(folder, path);
        self.out.markup("</ul>\n</details></li>\n");
    }

    fn link(&mut self, path: &Html, label: &Html) {
        let here = *path == self.path;
        self.met |= here;
        self.out.markup("<li>");
        self.item(path, label, here);
    }

    fn item(&mut self, path: &Html, label: &Html, here: bool) {
        self.out
            .markup("<a href=\"")
            .push(&self.root)
            .push(path)
            .markup(if here {
                "\" aria-current=\"page\">"
            } else {
                "\">"
            })
            .push(label)
            .markup("</a></li>\n");
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
