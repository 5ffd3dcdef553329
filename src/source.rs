//! The only reader of the user's files: project-relative paths to bytes and
//! checked text. It knows nothing of what the files mean. A memory body stands
//! in for the disk in tests and for anything that has no folder.

mod door;
pub mod named_files;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::FixedState;
use rayon::prelude::*;
use rpds::HashTrieMapSync;

use crate::findings::diag::{Code, Finding, Findings, Place};
use crate::findings::memo::Digest;
use crate::source::door::Door;

/// Largest text source in bytes. A hand-written matrix of 10,000 rows is about
/// a tenth of this; anything larger is a mistake or an attack.
pub const MAX_TEXT: u64 = 16 * 1024 * 1024;

/// Most files and folders below one folder. Links can make few look like
/// endlessly many.
const MAX_ENTRIES: usize = 200_000;

/// Deepest folder nesting that is followed.
const MAX_DEPTH: usize = 32;

/// How many paths may lead to one folder, and how many links to one file. Without
/// this limit, 16 folders with two links each to the next make 65,000 pages.
const MOST_PLACES: usize = 8;

/// One text: a file that was read, or what was made and may be excerpted.
#[derive(Debug)]
pub struct Text {
    pub path: Arc<str>,
    pub text: String,
    /// Of its path and bytes.
    pub hash: Digest,
    /// Why a file is no text that can be used; what is valid of it is kept for
    /// the excerpt.
    problem: Option<Finding>,
}

impl Text {
    fn new(path: &Arc<str>, text: String, problem: Option<Finding>) -> Arc<Text> {
        Arc::new(Text {
            path: path.clone(),
            hash: Digest::of(&(path, &text)),
            text,
            problem,
        })
    }
}

enum Root {
    Disk(Door),
    Memory(BTreeMap<String, Vec<u8>>),
}

/// A project's files. Reads are remembered, so a file has one content for the
/// whole of a run, and findings can show excerpts of it later.
pub struct Source {
    root: Root,
    /// Tells it from all others, and the one that looked before it.
    number: u64,
    follows: Option<u64>,
    texts: Mutex<ByPath<Arc<Text>>>,
    /// Texts that were made rather than read.
    made: Mutex<HashMap<Arc<str>, Arc<Text>>>,
    /// What was read and listed, where the project will be looked at again.
    kept: Option<Mutex<Kept>>,
}

/// By the path of a file. The next look begins with a copy, which costs no more
/// than what it changes.
type ByPath<T> = HashTrieMapSync<Arc<str>, T, FixedState>;

/// What a source that will be looked at again has seen.
#[derive(Default)]
struct Kept {
    files: ByPath<KeptFile>,
    /// Files that were read, or turned out to be gone or new, since the look
    /// before. All others are as they were then.
    touched: BTreeSet<Arc<str>>,
    /// Folder to what is below it.
    walks: BTreeMap<String, Arc<Listing>>,
    /// Paths that were asked for and could not be read, or were only asked
    /// for.
    looked: BTreeSet<String>,
}

#[derive(Clone)]
struct KeptFile {
    stamp: Stamp,
    /// Of its bytes.
    hash: Digest,
    /// The bytes, where they were asked for as such.
    bytes: Option<Arc<Vec<u8>>>,
}

/// The texts of a list of files, as some source read them.
#[derive(Default)]
pub struct Texts {
    source: Option<u64>,
    paths: Arc<Vec<String>>,
    texts: Arc<Vec<Option<Arc<Text>>>>,
}

/// A folder's files, and what went wrong when they were listed.
#[derive(Default)]
pub struct Listing {
    /// Sorted.
    pub files: Vec<String>,
    /// Of the files' paths.
    pub key: Digest,
    folders: Vec<String>,
    findings: Findings,
}

/// A file's bytes as text, as far as they are valid, and what is wrong with
/// them.
fn as_text(place: &Arc<str>, bytes: Vec<u8>) -> (String, Option<Finding>) {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let problem = memchr::memchr(0, text.as_bytes()).map(|at| {
                Finding::new(
                    Code::NotText,
                    Place::new(place, at..at + 1),
                    format!("the file holds a NUL byte at offset {at}"),
                )
                .help("remove it; a text file has none (UTF-16 files do: save as UTF-8)")
            });
            (text, problem)
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let problem = Finding::new(
                Code::NotText,
                Place::new(place, at..at),
                format!("byte 0x{:02X} at offset {at} is not UTF-8", bytes[at]),
            )
            .help("save the file as UTF-8; Windows-1252 and UTF-16 are not understood");
            (
                String::from_utf8_lossy(&bytes[..at]).into_owned(),
                Some(problem),
            )
        }
    }
}

/// What the system says about a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    len: u64,
    /// Nanoseconds since 1970.
    modified: u128,
    /// Inode and time of the last change of status, where there are such.
    identity: (u64, i64, i64),
}

impl Stamp {
    fn of(meta: &fs::Metadata) -> Stamp {
        let modified = meta.modified().ok();
        let since = modified.and_then(|m| m.duration_since(std::time::UNIX_EPOCH).ok());
        Stamp {
            len: meta.len(),
            modified: since.map_or(0, |d| d.as_nanos()),
            identity: identity(meta),
        }
    }
}

#[cfg(unix)]
fn identity(meta: &fs::Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (meta.ino(), meta.ctime(), meta.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}

/// What may have changed since a source was made. It is a hint where to look:
/// contents decide.
#[derive(Clone, Debug, Default)]
pub struct Hint {
    /// Absolute paths of files that something happened to.
    pub paths: BTreeSet<PathBuf>,
    /// Whether files may have come or gone.
    pub listing: bool,
}

/// What a source has looked at, as absolute paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub files: BTreeSet<PathBuf>,
    /// Folders that were listed.
    pub folders: BTreeSet<PathBuf>,
    /// What was not there, or was only asked for.
    pub missing: BTreeSet<PathBuf>,
}

impl Source {
    /// Files below a folder on disk. Links are followed inside the folder.
    pub fn disk(root: &Path) -> Self {
        Source::new(Root::Disk(Door::new(root.to_path_buf(), false)), None)
    }

    /// Files that were named one by one, from the current folder: they may be
    /// anywhere.
    pub fn named() -> Self {
        Source::disk(Path::new("")).following_links(true)
    }

    /// The same files, with links that may lead anywhere if that is wanted.
    pub fn following_links(self, wanted: bool) -> Self {
        let root = match self.root {
            Root::Disk(door) => Root::Disk(Door::new(door.root().to_path_buf(), wanted)),
            root => root,
        };
        Source { root, ..self }
    }

    /// Files below a folder on disk that will be looked at again: it keeps
    /// what it reads. A relative folder is taken from the working directory.
    pub fn watched(root: &Path) -> Self {
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf());
        Source::new(Root::Disk(Door::new(root, false)), Some(Kept::default()))
    }

    /// Files that exist in memory only: path with `/` to content.
    pub fn memory(files: BTreeMap<String, Vec<u8>>) -> Self {
        Source::new(Root::Memory(files), None)
    }

    fn new(root: Root, kept: Option<Kept>) -> Self {
        Source {
            root,
            number: next_number(),
            follows: None,
            texts: Mutex::default(),
            made: Mutex::default(),
            kept: kept.map(Mutex::new),
        }
    }

    /// The same project as it is now. Files whose content did not change keep
    /// their texts. A source that keeps nothing is read anew.
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
        // A path that is no file's name may be what a link leads to.
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
            made: Mutex::default(),
            kept: Some(Mutex::new(next)),
        }
    }

    /// What was looked at so far, by a source that keeps it.
    pub fn seen(&self) -> Seen {
        let (Root::Disk(door), Some(kept)) = (&self.root, &self.kept) else {
            return Seen::default();
        };
        let (root, kept) = (door.root(), lock(kept));
        let full = |path: &String| root.join(path);
        let folders = kept.walks.values().flat_map(|listing| &listing.folders);
        Seen {
            files: kept.files.keys().map(|path| root.join(&**path)).collect(),
            folders: folders.map(full).collect(),
            missing: kept.looked.iter().map(full).collect(),
        }
    }

    /// Paths of files that this source and the one that looked before it read
    /// differently, or only one of them read.
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

    /// Whether this source and the one that looked before it looked at the same
    /// places.
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

    fn keep<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> Option<T> {
        let kept = self.kept.as_ref()?;
        Some(work(&mut lock(kept)))
    }

    /// Whether a file (not a folder) is at `path`.
    pub fn is_file(&self, path: &str) -> bool {
        self.keep(|kept| kept.looked.insert(path.to_string()));
        match &self.root {
            Root::Disk(door) => door.full(path).is_file(),
            Root::Memory(files) => files.contains_key(path),
        }
    }

    /// Whether a folder is at `path`.
    pub fn is_folder(&self, path: &str) -> bool {
        self.keep(|kept| kept.looked.insert(path.to_string()));
        match &self.root {
            Root::Disk(door) => door.full(path).is_dir(),
            Root::Memory(files) => {
                let prefix = format!("{}/", path.trim_end_matches('/'));
                files.keys().any(|k| k.starts_with(&prefix))
            }
        }
    }

    /// Whether a path may be read: whether it stays in the project, also through
    /// links, and has no hidden part.
    ///
    /// # Errors
    /// A finding that names the link and where it leads.
    pub fn allows(&self, path: &str) -> Result<(), Finding> {
        match &self.root {
            Root::Disk(door) => door.check(path),
            Root::Memory(_) => Ok(()),
        }
    }

    /// The folders in the root that hold a file of this name.
    pub fn folders_with(&self, name: &str) -> Vec<String> {
        let mut found: Vec<String> = match &self.root {
            Root::Disk(door) => {
                let entries = fs::read_dir(door.root()).into_iter().flatten().flatten();
                let holding = entries.filter(|entry| entry.path().join(name).is_file());
                holding
                    .filter_map(|entry| entry.file_name().into_string().ok())
                    .collect()
            }
            Root::Memory(files) => {
                let parts = files.keys().filter_map(|path| path.split_once('/'));
                parts
                    .filter(|(_, rest)| *rest == name)
                    .map(|(folder, _)| folder.into())
                    .collect()
            }
        };
        found.sort();
        found
    }

    /// The nearest folder around the root that holds a file of this name.
    pub fn folder_around_with(&self, name: &str) -> Option<PathBuf> {
        let Root::Disk(door) = &self.root else {
            return None;
        };
        let root = door.root().canonicalize().ok()?;
        let mut around = root.ancestors().skip(1);
        around
            .find(|folder| folder.join(name).is_file())
            .map(Path::to_path_buf)
    }

    /// Reads a file whole, whatever is in it.
    ///
    /// # Errors
    /// A finding that names the file when it is missing, is not a regular file
    /// or may not be read.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, Finding> {
        let known = self.keep(|kept| kept.files.get(path)?.bytes.clone());
        if let Some(bytes) = known.flatten() {
            return Ok(bytes.to_vec());
        }
        let bytes = self.read(path, u64::MAX)?;
        self.keep(|kept| {
            if let Some(file) = kept.files.get_mut(path) {
                file.bytes = Some(Arc::new(bytes.clone()));
            }
        });
        Ok(bytes)
    }

    /// A digest of a file's bytes; `None` when it cannot be read.
    pub fn hash(&self, path: &str) -> Option<Digest> {
        let known = self.keep(|kept| kept.files.get(path).map(|file| file.hash));
        known
            .flatten()
            .or_else(|| Some(Digest::of(&*self.bytes(path).ok()?)))
    }

    /// Reads a source file that must be text.
    ///
    /// # Errors
    /// A finding when it cannot be read, is larger than [`MAX_TEXT`], is not
    /// UTF-8 or holds a NUL byte.
    pub fn text(&self, path: &str) -> Result<Arc<Text>, Finding> {
        let known = lock(&self.texts).get(path).cloned();
        let text = match known {
            Some(known) => known,
            None => {
                let text = self.read_text(path)?;
                lock(&self.texts).insert_mut(text.path.clone(), text.clone());
                text
            }
        };
        match &text.problem {
            None => Ok(text),
            Some(problem) => Err(problem.clone()),
        }
    }

    fn read_text(&self, path: &str) -> Result<Arc<Text>, Finding> {
        let place: Arc<str> = Arc::from(path);
        let (text, problem) = as_text(&place, self.read(path, MAX_TEXT)?);
        Ok(Text::new(&place, text, problem))
    }

    /// Reads many files that will be asked for as texts, in parallel, so that
    /// nobody waits for another to take in what he read.
    pub fn take_in(&self, paths: &[&String]) {
        let read = paths
            .par_iter()
            .filter_map(|path| self.read_text(path).ok());
        let read: Vec<Arc<Text>> = read.collect();
        let mut texts = lock(&self.texts);
        for text in read {
            // A text that is known stays the one it is.
            if !texts.contains_key(&text.path) {
                texts.insert_mut(text.path.clone(), text);
            }
        }
    }

    /// Reads a sorted list of files that must be text, in parallel; `None` for
    /// one that cannot be had, which is a finding. `before` remembers what this
    /// comes to: when the next look asks for the same list, only files that
    /// something happened to are looked up.
    pub fn texts(
        &self,
        paths: &Arc<Vec<String>>,
        before: &Mutex<Texts>,
        findings: &mut Findings,
    ) -> Arc<Vec<Option<Arc<Text>>>> {
        let mut before = lock(before);
        let next = self.follows.is_some() && self.follows == before.source;
        let same = next && Arc::ptr_eq(paths, &before.paths);
        let places = 0..paths.len();
        let doubtful: BTreeSet<usize> = match same {
            false => places.collect(),
            true => {
                let touched = self.keep(|kept| kept.touched.clone()).unwrap_or_default();
                let touched = touched.iter();
                let touched = touched
                    .filter_map(|path| paths.binary_search_by(|one| one.as_str().cmp(path)).ok());
                let missing = places.filter(|at| before.texts[*at].is_none());
                touched.chain(missing).collect()
            }
        };
        let read = doubtful.par_iter().map(|at| self.text(&paths[*at]));
        let read: Vec<Result<Arc<Text>, Finding>> = read.collect();
        let texts = Arc::make_mut(&mut before.texts);
        if !same {
            *texts = vec![None; paths.len()];
        }
        for (at, text) in doubtful.into_iter().zip(read) {
            match text {
                Ok(text) => texts[at] = Some(text),
                Err(finding) => {
                    texts[at] = None;
                    findings.push(finding);
                }
            }
        }
        before.paths = paths.clone();
        before.source = Some(self.number);
        before.texts.clone()
    }

    /// The text of a file that was read before, for excerpts.
    pub fn known(&self, path: &str) -> Option<Arc<Text>> {
        let read = lock(&self.texts).get(path).cloned();
        read.or_else(|| lock(&self.made).get(path).cloned())
    }

    /// Keeps a text that was made rather than read, so that findings about it
    /// can show an excerpt: a built-in template, a rendered page.
    pub fn remember(&self, path: &Arc<str>, text: String) {
        lock(&self.made).insert(path.clone(), Text::new(path, text, None));
    }

    /// Every file below a folder, sorted, hidden files and editors' leavings
    /// left out. Links are followed; one that leads out of the project, or to
    /// one of its own parents, is a finding.
    pub fn walk(&self, folder: &str, findings: &mut Findings) -> Arc<Listing> {
        let known = self.keep(|kept| kept.walks.get(folder).cloned()).flatten();
        let listing = known.unwrap_or_else(|| Arc::new(self.list(folder)));
        self.keep(|kept| kept.walks.insert(folder.to_string(), listing.clone()));
        findings.extend(listing.findings.clone());
        listing
    }

    fn list(&self, folder: &str) -> Listing {
        let mut listing = Listing::default();
        match &self.root {
            Root::Memory(files) => {
                let prefix = format!("{}/", folder.trim_end_matches('/'));
                listing.files.extend(
                    files
                        .keys()
                        .filter(|k| k.starts_with(&prefix))
                        .filter(|k| !k[prefix.len()..].split('/').any(is_leaving))
                        .cloned(),
                );
            }
            Root::Disk(door) => {
                let mut walk = Walk {
                    door,
                    parents: Vec::new(),
                    places: HashMap::new(),
                    listing: &mut listing,
                    entries: 0,
                };
                walk.folder(folder);
                if walk.entries > MAX_ENTRIES {
                    listing.findings.push(
                        Finding::new(
                            Code::Limit,
                            Place::file(folder),
                            format!("`{folder}` holds more than {MAX_ENTRIES} files and folders"),
                        )
                        .help("look for links that lead back into it"),
                    );
                }
            }
        }
        listing.files.sort();
        listing.key = Digest::of(&listing.files);
        listing
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Finding> {
        self.keep(|kept| kept.looked.insert(path.to_string()));
        let failed = |why: String, help: &str| {
            Finding::new(
                Code::Unreadable,
                Place::file(path),
                format!("cannot read `{path}`: {why}"),
            )
            .help(help)
        };
        let door = match &self.root {
            Root::Disk(door) => door,
            Root::Memory(files) => {
                return files
                    .get(path)
                    .cloned()
                    .ok_or_else(|| failed("no such file".into(), "create it or mend the name"));
            }
        };
        let lost = |e: io::Error| failed(io_words(&e), io_help(&e));
        let file = door.open(path)?;
        let meta = match &file {
            Ok(file) => file.metadata(),
            // Some systems open no folders.
            Err(_) => fs::metadata(door.full(path)),
        };
        if meta.as_ref().is_ok_and(fs::Metadata::is_dir) {
            return Err(failed(
                "it is a folder, and a file is expected".into(),
                "rename the folder or move it away",
            ));
        }
        // Reading a pipe or a device could wait for ever.
        if meta.as_ref().is_ok_and(|meta| !meta.is_file()) {
            return Err(failed("it is not a regular file".into(), "move it away"));
        }
        let (mut file, meta) = (file.map_err(lost)?, meta.map_err(lost)?);
        if meta.len() > limit {
            return Err(Finding::new(
                Code::Limit,
                Place::file(path),
                format!(
                    "`{path}` has {} MB; a source may have {} MB",
                    meta.len() / 1_048_576,
                    limit / 1_048_576
                ),
            )
            .help("split it: one file a category"));
        }
        let stamp = Stamp::of(&meta);
        let bytes = read_whole(&mut file, meta.len()).map_err(lost)?;
        self.keep(|kept| {
            let file = KeptFile {
                stamp,
                hash: Digest::of(&*bytes),
                bytes: None,
            };
            kept.looked.remove(path);
            let path: Arc<str> = path.into();
            kept.touched.insert(path.clone());
            kept.files.insert_mut(path, file);
        });
        Ok(bytes)
    }
}

/// All bytes of a file that had so many when it was opened.
fn read_whole(file: &mut fs::File, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(usize::try_from(len).unwrap_or(usize::MAX))
        .map_err(|_| io::ErrorKind::OutOfMemory)?;
    // The reader would ask the system for the length once more.
    file.take(u64::MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn next_number() -> u64 {
    static NUMBERS: AtomicU64 = AtomicU64::new(0);
    NUMBERS.fetch_add(1, Ordering::Relaxed)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An I/O error in the words of a person.
pub fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::StorageFull => "no space left on the disk".into(),
        _ if is_loop(error) => "its links form a loop".into(),
        _ => error.to_string(),
    }
}

fn io_help(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "create it or mend the name",
        io::ErrorKind::PermissionDenied => "give yourself the right to read it",
        _ if is_loop(error) => "remove the link that points back",
        _ => "see the reason above",
    }
}

/// ELOOP; std has no stable name for it.
fn is_loop(error: &io::Error) -> bool {
    cfg!(unix) && error.raw_os_error() == Some(40)
        || cfg!(target_os = "macos") && error.raw_os_error() == Some(62)
}

/// Whether a name is a hidden file's or one that editors and file managers
/// leave behind. Such files are not listed.
pub fn is_leaving(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".swp")
        || (name.starts_with('#') && name.ends_with('#'))
        || name == "Thumbs.db"
}

/// What the system says of a file now, if its content is as it was. One that is
/// `named` is read in any case, since times are coarse, others only where the
/// system does not vouch for them.
fn still(door: &Door, path: &str, file: &KeptFile, named: bool) -> Option<Stamp> {
    door.check_file(path).ok()?;
    let full = door.full(path);
    let meta = fs::metadata(&full).ok().filter(fs::Metadata::is_file)?;
    let stamp = Stamp::of(&meta);
    if !named && file.stamp == stamp {
        return Some(stamp);
    }
    if file.stamp.len != stamp.len {
        return None;
    }
    let bytes = fs::read(full).ok()?;
    (Digest::of(&*bytes) == file.hash).then_some(stamp)
}

/// A folder being listed.
struct Walk<'a> {
    door: &'a Door,
    /// Real paths of the folders it is in.
    parents: Vec<PathBuf>,
    /// How many paths led to each real path so far.
    places: HashMap<PathBuf, usize>,
    listing: &'a mut Listing,
    entries: usize,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &str) {
        self.listing.folders.push(folder.to_string());
        let full = self.door.full(folder);
        let fail = |why: String| {
            Finding::new(
                Code::Unreadable,
                Place::file(folder),
                format!("cannot read the folder `{folder}`: {why}"),
            )
        };
        let (real, entries) = match (fs::canonicalize(&full), fs::read_dir(&full)) {
            (Ok(real), Ok(entries)) => (real, entries),
            (Err(e), _) | (_, Err(e)) => {
                self.listing
                    .findings
                    .push(fail(io_words(&e)).help(io_help(&e)));
                return;
            }
        };
        if let Err(finding) = self.door.judge(folder, &real) {
            self.listing.findings.push(finding);
            return;
        }
        if self.parents.contains(&real) || self.parents.len() >= MAX_DEPTH {
            let help = "remove the link that points to a parent";
            self.listing
                .findings
                .push(fail("its links form a loop".into()).help(help));
            return;
        }
        if self.has_too_many_paths(folder, &real) {
            return;
        }
        self.parents.push(real);
        // The order decides which of many links is refused.
        let mut entries: Vec<_> = entries.take(MAX_ENTRIES + 1).collect();
        entries.sort_by_cached_key(|entry| entry.as_ref().ok().map(fs::DirEntry::file_name));
        for entry in entries {
            self.entries += 1;
            if self.entries > MAX_ENTRIES {
                break;
            }
            let entry = match entry {
                Ok(entry) => entry,
                Err(e) => {
                    self.listing.findings.push(fail(io_words(&e)));
                    continue;
                }
            };
            let Ok(name) = entry.file_name().into_string() else {
                let help = "rename the file with plain letters";
                self.listing
                    .findings
                    .push(fail("a name in it is not UTF-8".into()).help(help));
                continue;
            };
            if is_leaving(&name) {
                continue;
            }
            let path = format!("{folder}/{name}");
            // The listing says what most are; where a link leads it does not.
            let (kind, is_link) = match entry.file_type() {
                Ok(kind) if !kind.is_symlink() => (Ok(kind), false),
                _ => {
                    if let Err(finding) = self.door.check(&path) {
                        self.listing.findings.push(finding);
                        continue;
                    }
                    (fs::metadata(entry.path()).map(|m| m.file_type()), true)
                }
            };
            match kind {
                Ok(kind) if kind.is_dir() => self.folder(&path),
                Ok(_) if is_link && self.links_too_often(&path, &entry.path()) => {}
                Ok(_) => self.listing.files.push(path),
                Err(e) => self.listing.findings.push(
                    Finding::new(
                        Code::Unreadable,
                        Place::file(&path),
                        format!("cannot read `{path}`: {}", io_words(&e)),
                    )
                    .help(io_help(&e)),
                ),
            }
        }
        self.parents.pop();
    }

    fn links_too_often(&mut self, path: &str, full: &Path) -> bool {
        let real = fs::canonicalize(full);
        real.is_ok_and(|real| self.has_too_many_paths(path, &real))
    }

    /// Whether too many paths lead to the same file or folder. If so, that is a
    /// finding.
    fn has_too_many_paths(&mut self, path: &str, real: &Path) -> bool {
        let places = self.places.entry(real.to_path_buf()).or_default();
        *places += 1;
        if *places <= MOST_PLACES {
            return false;
        }
        self.listing.findings.push(
            Finding::new(
                Code::Limit,
                Place::file(path),
                format!(
                    "{MOST_PLACES} other paths already lead to the same file or folder as `{path}`"
                ),
            )
            .help("remove links; to show one page in many places, link to it"),
        );
        true
    }
}
