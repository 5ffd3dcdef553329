//! Pages of text nested as their folders are. How they are shown is for `menu`
//! and, on the start page, for `body`.

use std::collections::HashMap;

use crate::pages::{NavItem, Page, file_title};
use crate::text::paths;

/// A folder of pages, which are numbers of a list kept elsewhere.
#[derive(Default)]
pub struct Folder {
    /// What its own page is called, or else what its name says.
    pub label: String,
    /// The page that is the folder's own.
    pub own: Option<(usize, NavItem)>,
    /// In the order of reading.
    pub entries: Vec<FolderEntry>,
    pub folders: Vec<Folder>,
    /// Their names, and the places of each among the folders and the entries.
    names: HashMap<String, (usize, usize)>,
}

/// What is in a folder.
pub enum FolderEntry {
    Page(usize),
    /// By its place among the folders.
    Folder(usize),
}

impl Folder {
    /// One with so many pages and no folders.
    pub fn flat(pages: usize) -> Self {
        Folder {
            entries: (0..pages).map(FolderEntry::Page).collect(),
            ..Folder::default()
        }
    }

    /// Nests the pages as their paths are.
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

    /// The folder of that name in this one, which is made if there is none.
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

    /// The places of the folder of that name among the folders and the entries.
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

    /// The first page in it, at whatever depth.
    pub fn first(&self) -> Option<usize> {
        self.entries.iter().find_map(|entry| match entry {
            FolderEntry::Page(page) => Some(*page),
            FolderEntry::Folder(at) => self.folders[*at].first(),
        })
    }
}
