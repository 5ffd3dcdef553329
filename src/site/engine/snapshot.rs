//! A site in memory, whose files are made when they are requested.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use crate::findings::{Digest, Findings};
use crate::input::Config;
use crate::site::engine::Asked;
use crate::site::engine::board::lock;
use crate::site::{Checked, Memos, Options, Site};
use crate::source::Source;

/// A file of a site.
pub struct File {
    /// The content of the file.
    pub bytes: Vec<u8>,
    /// Hash of the bytes, in hexadecimal digits.
    pub hash: String,
}

fn finished(bytes: Vec<u8>) -> Arc<File> {
    let hash = Digest::of_bytes(&bytes).to_string();
    Arc::new(File { bytes, hash })
}

/// Most bytes of files that a snapshot keeps. Other files are made again for each
/// request.
const KEPT_BYTES: usize = 64 << 20;

/// A site in memory. It never changes: a path always gives the same bytes.
pub struct Snapshot {
    pub(super) site: Site,
    pub(super) source: Arc<Source>,
    /// The index of each path. Snapshots of sites with the same pages and files share
    /// it.
    pub(super) places: Arc<HashMap<String, usize>>,
    /// The key of each page and file by index; equal keys mean equal bytes.
    pub(super) keys: Vec<Digest>,
    /// Findings about files that would be copied but cannot be read.
    pub(super) unreadable: Findings,
    made: Mutex<MadeFiles>,
}

/// Files that were made so far.
#[derive(Default)]
struct MadeFiles {
    /// The files by index.
    pub(super) files: HashMap<usize, Arc<File>>,
    bytes: usize,
}

impl MadeFiles {
    fn keep(&mut self, place: usize, file: &Arc<File>) {
        if self.bytes + file.bytes.len() > KEPT_BYTES {
            *self = MadeFiles::default();
        }
        if file.bytes.len() <= KEPT_BYTES && !self.files.contains_key(&place) {
            self.bytes += file.bytes.len();
            self.files.insert(place, file.clone());
        }
    }
}

impl Snapshot {
    /// A snapshot of finished files, for tests and tools.
    pub fn of(files: BTreeMap<String, Vec<u8>>) -> Snapshot {
        let source = Arc::new(Source::memory(BTreeMap::new()));
        let (options, memos) = (Options::default(), Memos::default());
        let config = Arc::new(Config::defaults());
        let site = Site::read(&source, config, &options, Findings::default(), &memos);
        let paths = files.keys().cloned().enumerate();
        let places = paths.map(|(at, path)| (path, at)).collect();
        let keys = files.values().map(Digest::of).collect();
        let made = files.into_values().map(finished).enumerate();
        let made = MadeFiles {
            files: made.collect(),
            bytes: 0,
        };
        Snapshot {
            site,
            source,
            places: Arc::new(places),
            keys,
            unreadable: Findings::default(),
            made: Mutex::new(made),
        }
    }

    /// A snapshot of a site. Files that are the same in `before` are not made again.
    pub(super) fn new(site: Site, source: Arc<Source>, before: Option<&Snapshot>) -> Snapshot {
        let places = site.places().clone();
        let mut unreadable = Findings::default();
        let files = site.file_keys(&source, &mut unreadable);
        let keys = [site.page_keys(), &files].concat();
        let snapshot = Snapshot {
            unreadable,
            site,
            source,
            places,
            keys,
            made: Mutex::default(),
        };
        if let Some(before) = before {
            let same_places = Arc::ptr_eq(&snapshot.places, &before.places);
            let mut made = lock(&snapshot.made);
            for (old, file) in &lock(&before.made).files {
                let new = match same_places {
                    true => Some(old),
                    false => snapshot.places.get(before.site.path(*old)),
                };
                if let Some(new) = new.filter(|new| snapshot.keys[**new] == before.keys[*old]) {
                    made.keep(*new, file);
                }
            }
            drop(made);
        }
        snapshot
    }

    /// The project of this snapshot.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// A file by its path in the site. It may have to be made first, which takes a
    /// few milliseconds for a large page.
    pub fn file(&self, path: &str) -> Option<Arc<File>> {
        let place = *self.places.get(path)?;
        if let Some(file) = lock(&self.made).files.get(&place) {
            return Some(file.clone());
        }
        let bytes = match place.checked_sub(self.pages()) {
            None => self.site.html(place).into_bytes(),
            Some(at) => self.site.file(at, &self.source).ok()?,
        };
        Some(self.keep(place, bytes))
    }

    fn keep(&self, place: usize, bytes: Vec<u8>) -> Arc<File> {
        let file = finished(bytes);
        lock(&self.made).keep(place, &file);
        file
    }

    /// Checks the site, and keeps the pages that are made for it.
    pub(super) fn check(&self, asked: &Asked, wanted: &(dyn Fn(usize) -> bool + Sync)) -> Checked {
        let keep = |at: usize, html: String| {
            self.keep(at, html.into_bytes());
        };
        let site = &self.site;
        let mut checked = site.check(&self.source, &asked.memos, wanted, &keep, &|_, _| {});
        checked.findings.extend(self.unreadable.clone());
        checked
    }

    /// Whether a page is checked in the first half of a rebuild.
    pub(super) fn early(&self, at: usize, shown: Option<&Snapshot>) -> bool {
        let page = &self.site.pages()[at];
        let before = || {
            let shown = shown?;
            let place = *shown.places.get(&page.path)?;
            (place < shown.pages()).then(|| shown.site.own_text(place))?
        };
        !page.kind.only_repeats() || self.site.own_text(at) != before()
    }

    /// All paths, in no particular order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// A digest of what a file is made from; equal keys mean equal bytes.
    pub fn key(&self, path: &str) -> Option<Digest> {
        self.places.get(path).map(|place| self.keys[*place])
    }

    /// The sources that it is made from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The settings that it is made with.
    pub fn config(&self) -> &Config {
        self.site.config()
    }

    /// Whether there is a page at a path.
    pub fn is_page(&self, path: &str) -> bool {
        let place = self.places.get(path);
        place.is_some_and(|place| *place < self.pages())
    }

    /// Whether a file would run as code in a browser though nothing allows it.
    pub fn is_active(&self, path: &str) -> bool {
        self.site.is_active(path)
    }

    /// The number of pages.
    pub fn pages(&self) -> usize {
        self.site.pages().len()
    }
}
