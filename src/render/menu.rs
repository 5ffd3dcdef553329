//! The menu at the side of every page, as HTML: groups of links that fold.
//! Which pages there are is for `pages`, how those of text nest is for
//! `folders`. It is written here and not by a template because it is on all
//! pages and most of a small one.

use crate::pages::{Folder, FolderEntry, MenuGroup, NAV_LINKS, Nav, NavItem, Page, PageKind};
use crate::text::{Strings, encode, escape};

/// A group of more links is folded on pages that are not in it.
const SHORT: usize = 10;

/// The menu of a site.
pub struct Menu {
    /// Pages of text are the last.
    groups: Vec<Part>,
    /// What a folder's own page is called in it.
    overview: String,
}

struct Part {
    of: MenuGroup,
    label: String,
    links: Vec<MenuLink>,
    /// Their order and nesting.
    top: Folder,
    /// Leads to the list of all its pages where there are too many of them.
    more: Option<MenuLink>,
}

/// Ready to be put into HTML.
struct MenuLink {
    path: String,
    label: String,
}

impl MenuLink {
    fn new(item: &NavItem) -> Self {
        MenuLink {
            path: escape(&item.path),
            label: escape(&item.label),
        }
    }
}

impl Menu {
    /// The menu of these pages.
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
            label: escape(strings.get(label)),
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
            overview: escape(strings.get("overview")),
        }
    }

    /// The pages of the folders a page of text is in, from the top down.
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

    /// The groups as they are on a page; `root` leads from it to the top.
    pub fn html(&self, page: &Page, root: &str) -> String {
        let mut writer = MenuWriter {
            out: String::with_capacity(8 * 1024),
            root: escape(root),
            path: escape(&encode(&page.path)),
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
    out: String,
    root: String,
    path: String,
    page: &'a Page,
    /// Those of the group.
    links: &'a [MenuLink],
    overview: &'a str,
    /// Whether the page has been written in its group.
    met: bool,
    /// Whether there is room for what is in folders that the page is not in.
    all: bool,
}

impl<'a> MenuWriter<'a> {
    fn push(&mut self, parts: &[&str]) {
        for part in parts {
            self.out.push_str(part);
        }
    }

    fn group(&mut self, group: &'a Part) {
        let inside = self.page.kind.group() == Some(group.of);
        let open = inside || group.top.entries.len().min(NAV_LINKS) <= SHORT;
        let open = if open { " open" } else { "" };
        self.push(&[
            "<details class=\"srm-nav-group\"",
            open,
            ">\n<summary>",
            &group.label,
            "</summary>\n<ul class=\"srm-nav\">\n",
        ]);
        self.links = &group.links;
        self.met = false;
        self.all = group.more.is_none();
        let path = match self.page.kind {
            PageKind::Prose(_) => &self.page.path,
            // All in one list, whatever folder they are in.
            _ => name_of(&self.page.path),
        };
        self.entries(&group.top, inside.then_some(path));
        if let Some(more) = &group.more {
            self.link(&more.path, &more.label);
        }
        self.out.push_str("</ul>\n</details>\n");
    }

    /// What is in a folder; `path` is what leads from there to the page, if it
    /// does.
    fn entries(&mut self, folder: &Folder, path: Option<&str>) {
        let (below, rest) = match path.and_then(|path| path.split_once('/')) {
            Some((name, rest)) => (folder.place(name), Some(rest)),
            None => (None, None),
        };
        // Where the reader is has its place, even where there is no room.
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
                self.out.push_str("<li class=\"srm-nav-closed\">");
                self.item(&self.links[first].path, &escape(&inner.label), false);
            }
        }
        let here = path.is_some_and(|path| !path.contains('/'));
        if here && !self.met {
            let (path, label) = (self.path.clone(), escape(&self.page.title));
            self.out.push_str("<li>");
            self.item(&path, &label, true);
        }
    }

    fn folder(&mut self, folder: &Folder, path: Option<&str>) {
        let open = if path.is_some() { " open" } else { "" };
        self.push(&[
            "<li><details class=\"srm-nav-folder\"",
            open,
            ">\n<summary>",
            &escape(&folder.label),
            "</summary>\n<ul class=\"srm-nav\">\n",
        ]);
        self.entries(folder, path);
        self.out.push_str("</ul>\n</details></li>\n");
    }

    fn link(&mut self, path: &str, label: &str) {
        let here = path == self.path;
        self.met |= here;
        self.out.push_str("<li>");
        self.item(path, label, here);
    }

    fn item(&mut self, path: &str, label: &str, here: bool) {
        let current = if here { " aria-current=\"page\"" } else { "" };
        self.out.push_str("<a href=\"");
        self.out.push_str(&self.root);
        self.push(&[path, "\"", current, ">", label, "</a></li>\n"]);
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
