//! What a source that will be read again has seen, and what the next run can reuse of
//! it. When to run again is decided in `watch`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::findings::Digest;
use crate::source::door::Door;
use crate::source::file_stamp::FileStamp;
use crate::source::walk::Listing;
use crate::source::{ByPath, Root, Source, lock, next_number};

/// What a source that will be read again has seen.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) files: ByPath<KeptFile>,
    /// Files that were read, are gone or are new since the run before. All others are
    /// unchanged.
    pub(super) touched: BTreeSet<Arc<str>>,
    /// Folders that were listed, and what is below them.
    pub(super) walks: BTreeMap<String, Arc<Listing>>,
    /// Paths that could not be read, or of which only the existence was checked.
    pub(super) looked: BTreeSet<String>,
}

#[derive(Clone)]
pub(super) struct KeptFile {
    pub(super) stamp: FileStamp,
    /// The digest of its bytes.
    pub(super) hash: Digest,
    /// The bytes, if they were asked for as bytes.
    pub(super) bytes: Option<Arc<Vec<u8>>>,
}

/// What may have changed since a source was made. It is a hint where to look:
/// contents decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// Absolute paths that something happened to, spelled as in [`SeenPaths`].
    pub paths: BTreeSet<PathBuf>,
    /// Whether folders have to be listed again: something came, went or moved,
    /// or it is not known what happened.
    pub listing: bool,
}

/// What was read or checked, as absolute paths, which is what has to be watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenPaths {
    /// Files whose content counts.
    pub files: BTreeSet<PathBuf>,
    /// Folders whose entries count; not what is further below.
    pub folders: BTreeSet<PathBuf>,
    /// What was not there and would have counted, was only asked for, or is a link,
    /// which may lead elsewhere.
    pub missing: BTreeSet<PathBuf>,
}

impl SeenPaths {
    /// What only `self` has, and what only `former` has. The two are mostly the
    /// same, and then this compares bytes and does little else.
    pub fn difference(&self, former: &SeenPaths) -> (BTreeSet<PathBuf>, BTreeSet<PathBuf>) {
        let (mut fresh, mut gone) = (BTreeSet::new(), BTreeSet::new());
        let pairs = [
            (&former.files, &self.files),
            (&former.folders, &self.folders),
            (&former.missing, &self.missing),
        ];
        for (old, new) in pairs {
            let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
            loop {
                match (old.peek(), new.peek()) {
                    (None, None) => break,
                    (Some(a), Some(b)) if a.as_os_str() == b.as_os_str() => {
                        old.next();
                        new.next();
                    }
                    (Some(a), b) if b.is_none_or(|b| a < b) => gone.extend(old.next().cloned()),
                    _ => fresh.extend(new.next().cloned()),
                }
            }
        }
        // A path may have left one of the three and still be in another.
        fresh.extend(gone.iter().filter(|p| self.contains(p)).cloned());
        (fresh, gone)
    }

    fn contains(&self, path: &Path) -> bool {
        self.files.contains(path) || self.folders.contains(path) || self.missing.contains(path)
    }
}

/// What the system says of a file now, if its content is as it was. One that is
/// `named` is read in any case, since times are coarse, others only where the
/// system does not vouch for them.
fn still(door: &Door, path: &str, file: &KeptFile, named: bool) -> Option<FileStamp> {
    door.check_file(path).ok()?;
    let full = door.full(path);
    let meta = fs::metadata(&full).ok().filter(fs::Metadata::is_file)?;
    let stamp = FileStamp::of(&meta);
    if !named && file.stamp == stamp {
        return Some(stamp);
    }
    if file.stamp.len != stamp.len {
        return None;
    }
    let bytes = fs::read(full).ok()?;
    (Digest::of(&*bytes) == file.hash).then_some(stamp)
}

impl Source {
    /// The same project as it is now. Files whose content did not change keep
    /// their texts. For a source that keeps nothing, everything is read again.
    pub fn look_again(&self, hint: &Hint) -> Source {
        let (Root::Disk(door), Some(kept)) = (&self.root, &self.kept) else {
            let root = match &self.root {
                Root::Disk(door) => Root::Disk(door.again()),
                Root::Memory(files) => Root::Memory(files.clone()),
            };
            return Source::new(root, None);
        };
        let kept = lock(kept);
        let names: Option<BTreeSet<&str>> = hint
            .paths
            .iter()
            .map(|path| path.strip_prefix(door.root()).ok()?.to_str())
            .collect();
        // A path that is not a known file may be the target of a link.
        let names = names.filter(|names| names.iter().all(|n| kept.files.contains_key(*n)));
        let mut next = Kept {
            files: kept.files.clone(),
            ..Kept::default()
        };
        let mut texts = lock(&self.texts).clone();
        let doubtful: Vec<(&Arc<str>, &KeptFile)> = match &names {
            Some(names) if !hint.listing => names
                .iter()
                .filter_map(|name| kept.files.get_key_value(*name))
                .collect(),
            _ => kept.files.iter().collect(),
        };
        let door = door.again();
        for (path, file) in doubtful {
            let named = names.as_ref().is_none_or(|names| names.contains(&**path));
            match still(&door, path, file, named) {
                Some(stamp) if stamp == file.stamp => {}
                Some(stamp) => {
                    let file = KeptFile {
                        stamp,
                        ..file.clone()
                    };
                    next.files.insert_mut(path.clone(), file);
                }
                None => {
                    next.files.remove_mut(path);
                    next.touched.insert(path.clone());
                    texts.remove_mut(path);
                }
            }
        }
        if !hint.listing {
            next.walks = kept.walks.clone();
        }
        Source {
            root: Root::Disk(door),
            number: next_number(),
            follows: Some(self.number),
            texts: Mutex::new(texts),
            ahead: Mutex::default(),
            made: Mutex::default(),
            shown_from: None,
            kept: Some(Mutex::new(next)),
        }
    }

    /// What was read or checked so far; empty for a source that keeps nothing.
    pub fn seen(&self) -> SeenPaths {
        let (Root::Disk(door), Some(kept)) = (&self.root, &self.kept) else {
            return SeenPaths::default();
        };
        let (root, kept) = (door.root(), lock(kept));
        let full = |path: &String| root.join(path);
        let folders = kept.walks.values().flat_map(|listing| &listing.folders);
        let links = kept.walks.values().flat_map(|listing| &listing.links);
        SeenPaths {
            files: kept.files.keys().map(|path| root.join(&**path)).collect(),
            folders: folders.map(full).collect(),
            missing: kept.looked.iter().chain(links).map(full).collect(),
        }
    }

    /// Paths of files that have different contents in this source and the one it was
    /// made from, or that only one of them read.
    pub fn differences(&self, before: &Source) -> Vec<String> {
        let (Some(now), Some(before)) = (&self.kept, &before.kept) else {
            return Vec::new();
        };
        let (now, before) = (lock(now), lock(before));
        let hash = |kept: &Kept, path: &Arc<str>| kept.files.get(path).map(|file| file.hash);
        let touched = now.touched.iter();
        let changed = touched.filter(|path| hash(&now, path) != hash(&before, path));
        changed.map(|path| path.to_string()).collect()
    }

    /// Whether this source and the one before it read or checked the same paths.
    pub fn same_places(&self, before: &Source) -> bool {
        let (Some(now), Some(before)) = (&self.kept, &before.kept) else {
            return true;
        };
        let (now, before) = (lock(now), lock(before));
        let has = |kept: &Kept, path: &Arc<str>| kept.files.contains_key(path);
        let listings = now.walks.iter().zip(&before.walks);
        now.looked == before.looked
            && now.walks.len() == before.walks.len()
            && listings
                .into_iter()
                .all(|(a, b)| a.0 == b.0 && Arc::ptr_eq(a.1, b.1))
            && now.touched.iter().all(|p| has(&now, p) == has(&before, p))
    }
}
