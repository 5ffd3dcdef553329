//! The menu at the side of every page, as HTML: groups of links that fold, and
//! pages of text nested as their folders are. Which pages there are is for
//! `pages`. It is written here and not by a template because it is on all pages
//! and most of a small one.

use std::collections::HashMap;

use crate::escape::escape;
use crate::links::encode;
use crate::pages::{Group, Item, Kind, NAV_LINKS, Nav, Page, file_title};
use crate::strings::Strings;

/// A group of more links is folded on pages that are not in it.
const SHORT: usize = 10;

/// The menu of a site.
pub struct Menu {
    /// Pages of text are the last.
    groups: Vec<Part>,
}

struct Part {
    of: Group,
    label: String,
    top: Folder,
    /// Leads to the list of all its pages where there are too many of them.
    more: Option<Link>,
}

/// Ready to be put into HTML.
struct Link {
    path: String,
    label: String,
}

#[derive(Default)]
struct Folder {
    label: String,
    /// The page that is the folder's own.
    own: Option<Item>,
    entries: Vec<Entry>,
    folders: Vec<Folder>,
    /// Their names, and the places of each among the folders and the entries.
    names: HashMap<String, (usize, usize)>,
}

enum Entry {
    Page(Link),
    /// By its place among the folders.
    Folder(usize),
}

impl Link {
    fn new(item: &Item) -> Self {
        Link {
            path: escape(&item.path),
            label: escape(&item.label),
        }
    }
}

impl Folder {
    fn flat(links: &[Item]) -> Self {
        Folder {
            entries: links.iter().map(|i| Entry::Page(Link::new(i))).collect(),
            ..Folder::default()
        }
    }

    /// The folder of that name in this one, which is made if there is none.
    fn folder(&mut self, name: &str) -> &mut Folder {
        let new = (self.folders.len(), self.entries.len());
        let (at, _) = *self.names.entry(name.to_string()).or_insert(new);
        if at == self.folders.len() {
            self.entries.push(Entry::Folder(at));
            self.folders.push(Folder {
                label: escape(&file_title(name)),
                ..Folder::default()
            });
        }
        &mut self.folders[at]
    }

    /// Nests the pages as their paths are. A folder is called what its own page
    /// is called.
    fn nested<'a>(pages: impl Iterator<Item = &'a Page>, strings: &Strings) -> Self {
        let mut top = Folder::default();
        for page in pages {
            let (folders, name) = page.path.rsplit_once('/').unwrap_or(("", &page.path));
            let names = folders.split('/').filter(|name| !name.is_empty());
            let folder = names.fold(&mut top, Folder::folder);
            let item = Item::page(page);
            let mut link = Link::new(&item);
            if name == "index.html" && !folders.is_empty() {
                let overview = escape(strings.get("overview"));
                folder.label = std::mem::replace(&mut link.label, overview);
                folder.own = Some(item);
            }
            folder.entries.push(Entry::Page(link));
        }
        top
    }

    /// The first page in it, at whatever depth.
    fn first(&self) -> Option<&Link> {
        self.entries.iter().find_map(|entry| match entry {
            Entry::Page(link) => Some(link),
            Entry::Folder(at) => self.folders[*at].first(),
        })
    }
}

impl Menu {
    /// The menu of these pages.
    pub fn new(nav: &Nav, pages: &[Page], strings: &Strings) -> Menu {
        let text = pages
            .iter()
            .filter(|page| page.kind.group() == Some(Group::Pages));
        let flat = Folder::flat;
        let groups = [
            (Group::Models, "models", flat(&nav.models), &None),
            (
                Group::Comparisons,
                "comparisons",
                flat(&nav.comparisons),
                &None,
            ),
            (Group::Parties, "parties", flat(&nav.parties), &None),
            (
                Group::Categories,
                "categories",
                flat(&nav.categories),
                &nav.all_categories,
            ),
            (
                Group::Pages,
                "pages",
                Folder::nested(text, strings),
                &nav.all_pages,
            ),
        ];
        let groups = groups.into_iter().map(|(of, label, top, more)| Part {
            of,
            label: escape(strings.get(label)),
            top,
            more: more.as_ref().map(Link::new),
        });
        Menu {
            groups: groups.collect(),
        }
    }

    /// The pages of the folders a page of text is in, from the top down.
    pub fn above(&self, page: &Page) -> Vec<Item> {
        let Kind::Prose(_) = page.kind else {
            return Vec::new();
        };
        let mut above = Vec::new();
        let mut folder = self.groups.last().map(|group| &group.top);
        let mut rest = page.path.as_str();
        while let Some((name, below)) = rest.split_once('/') {
            folder = folder.and_then(|folder| {
                let (at, _) = *folder.names.get(name)?;
                Some(&folder.folders[at])
            });
            above.extend(folder.and_then(|folder| folder.own.clone()));
            rest = below;
        }
        let path = encode(&page.path);
        above.retain(|item| item.path != path);
        above
    }

    /// The groups as they are on a page; `root` leads from it to the top.
    pub fn html(&self, page: &Page, root: &str) -> String {
        let mut writer = Writer {
            out: String::with_capacity(8 * 1024),
            root: escape(root),
            path: escape(&encode(&page.path)),
            page,
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

struct Writer<'a> {
    out: String,
    root: String,
    path: String,
    page: &'a Page,
    /// Whether the page has been written in its group.
    met: bool,
    /// Whether there is room for what is in folders that the page is not in.
    all: bool,
}

impl Writer<'_> {
    fn push(&mut self, parts: &[&str]) {
        for part in parts {
            self.out.push_str(part);
        }
    }

    fn group(&mut self, group: &Part) {
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
        self.met = false;
        self.all = group.more.is_none();
        let path = match self.page.kind {
            Kind::Prose(_) => &self.page.path,
            // All in one list, whatever folder they are in.
            _ => name_of(&self.page.path),
        };
        self.entries(&group.top, inside.then_some(path));
        if let Some(more) = &group.more {
            self.link(more);
        }
        self.out.push_str("</ul>\n</details>\n");
    }

    /// What is in a folder; `path` is what leads from there to the page, if it
    /// does.
    fn entries(&mut self, folder: &Folder, path: Option<&str>) {
        let (below, rest) = match path.and_then(|path| path.split_once('/')) {
            Some((name, rest)) => (folder.names.get(name), Some(rest)),
            None => (None, None),
        };
        // Where the reader is has its place, even where there is no room.
        let left_out = below.filter(|(_, entry)| *entry >= NAV_LINKS);
        let left_out = left_out.map(|(_, entry)| &folder.entries[*entry]);
        for entry in folder.entries.iter().take(NAV_LINKS).chain(left_out) {
            let at = match entry {
                Entry::Page(link) => {
                    self.link(link);
                    continue;
                }
                Entry::Folder(at) => *at,
            };
            let inner = &folder.folders[at];
            if below.is_some_and(|(below, _)| *below == at) {
                self.folder(inner, rest);
            } else if self.all {
                self.folder(inner, None);
            } else if let Some(first) = inner.first() {
                self.out.push_str("<li class=\"srm-nav-closed\">");
                self.item(&first.path, &inner.label, false);
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
            &folder.label,
            "</summary>\n<ul class=\"srm-nav\">\n",
        ]);
        self.entries(folder, path);
        self.out.push_str("</ul>\n</details></li>\n");
    }

    fn link(&mut self, link: &Link) {
        let here = link.path == self.path;
        self.met |= here;
        self.out.push_str("<li>");
        self.item(&link.path, &link.label, here);
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
