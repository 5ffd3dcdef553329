//! Nests text pages by their folders. `menu` shows them, and `body` on the start
//! page.

use std::collections::HashMap;

use crate::pages::{NavItem, Page, file_title};
use crate::text::paths;

/// A folder of pages. Pages are indices into a list that is kept elsewhere.
#[derive(Default)]
pub struct Folder {
    /// The title of its own page, or else a title made from its name.
    pub label: String,
    /// The folder's own page (`index.html`), if it has one.
    pub own: Option<(usize, NavItem)>,
    /// Its entries in reading order.
    pub entries: Vec<FolderEntry>,
    /// Its folders, in the order of their first pages.
    pub folders: Vec<Folder>,
    /// The names of its folders, and the index of each in `folders` and in `entries`.
    names: HashMap<String, (usize, usize)>,
}

/// An entry of a folder.
pub enum FolderEntry {
    /// A page, by its index in the list of pages.
    Page(usize),
    /// A folder, by its index in [`Folder::folders`].
    Folder(usize),
}

impl Folder {
    /// A folder with this many pages and no folders.
    pub fn flat(pages: usize) -> Self {
        Folder {
            entries: (0..pages).map(FolderEntry::Page).collect(),
            ..Folder::default()
        }
    }

    /// Nests pages by the folders in their paths.
    pub fn nested(pages: &[&Page]) -> Self {
        let mut top = Folder::default();
        for (at, page) in pages.iter().enumerate() {
            let (folders, name) = page.path.rsplit_once('/').unwrap_or(("", &page.path));
            let names = folders.split('/').filter(|name| !name.is_empty());
            let folder = names.fold(&mut top, Folder::inner);
            if name == paths::INDEX && !folders.is_empty() {
                folder.label.clone_from(&page.title);
                folder.own = Some((at, NavItem::page(page)));
            }
            folder.entries.push(FolderEntry::Page(at));
        }
        top
    }

    /// The folder of that name in this one; it is created if there is none.
    fn inner(&mut self, name: &str) -> &mut Folder {
        let new = (self.folders.len(), self.entries.len());
        let (at, _) = *self.names.entry(name.to_string()).or_insert(new);
        if at == self.folders.len() {
            self.entries.push(FolderEntry::Folder(at));
            self.folders.push(Folder {
                label: file_title(name),
                ..Folder::default()
            });
        }
        &mut self.folders[at]
    }

    /// The index of the folder of that name in `folders` and in `entries`.
    pub fn place(&self, name: &str) -> Option<(usize, usize)> {
        self.names.get(name).copied()
    }

    /// The folders that a path goes through, from the top down.
    pub fn above(&self, path: &str) -> Vec<&Folder> {
        let mut above = Vec::new();
        let (mut folder, mut rest) = (self, path);
        while let Some((name, below)) = rest.split_once('/') {
            let Some((at, _)) = folder.place(name) else {
                break;
            };
            folder = &folder.folders[at];
            above.push(folder);
            rest = below;
        }
        above
    }

    /// The first page in it, at any depth.
    pub fn first(&self) -> Option<usize> {
        self.entries.iter().find_map(|entry| match entry {
            FolderEntry::Page(page) => Some(*page),
            FolderEntry::Folder(at) => self.folders[*at].first(),
        })
    }
}
