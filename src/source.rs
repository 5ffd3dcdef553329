//! The only reader of the user's files: it turns project-relative paths into bytes
//! and checked text. What the files mean is not known here. Files in memory replace
//! the disk in tests and wherever there is no folder.

mod door;
mod file_stamp;
mod io_errors;
mod kept_files;
mod named_files;
mod shown_paths;
mod texts;
mod walk;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::FixedState;
use rpds::HashTrieMapSync;

use crate::findings::{Code, Digest, Finding, Place};
use crate::source::door::Door;
use crate::source::io_errors::unreadable;
use crate::source::kept_files::{Kept, KeptFile};
use crate::source::shown_paths::ShownFrom;

pub use crate::source::door::is_hidden;
pub use crate::source::file_stamp::FileStamp;
pub use crate::source::io_errors::io_words;
pub use crate::source::kept_files::{Hint, SeenPaths};
pub use crate::source::named_files::named_files;
pub use crate::source::texts::{MAX_TEXT, SourceText, SourceTexts};
pub use crate::source::walk::{Listing, is_leaving};

enum Root {
    Disk(Door),
    Memory(BTreeMap<String, Vec<u8>>),
}

const MEGABYTE: u64 = 1 << 20;

/// A project's files. Reads are remembered, so a file keeps the same content for a
/// whole run, and findings can show excerpts of it later.
pub struct Source {
    root: Root,
    /// A unique number of this source, and below, that of the source it was made from
    /// by [`Source::look_again`].
    number: u64,
    follows: Option<u64>,
    texts: Mutex<ByPath<Arc<SourceText>>>,
    /// Texts that were read for their digest, and that no one has asked for yet.
    ahead: Mutex<HashMap<Arc<str>, Arc<SourceText>>>,
    /// Texts that were made rather than read from a file.
    made: Mutex<HashMap<Arc<str>, Arc<SourceText>>>,
    /// What was read and listed, if the project will be read again.
    kept: Option<Mutex<Kept>>,
    /// From where files are named in findings, if it is not the project.
    shown_from: Option<ShownFrom>,
}

/// A map by the path of a file. The next run starts with a copy, which costs only as
/// much as it changes.
type ByPath<T> = HashTrieMapSync<Arc<str>, T, FixedState>;

impl Source {
    /// Files below a folder on disk. Links are followed inside the folder.
    pub fn disk(root: &Path) -> Self {
        Source::new(Root::Disk(Door::new(root.to_path_buf(), false)), None)
    }

    /// Files that the user names one by one, relative to the current folder. They may
    /// be anywhere.
    pub fn named() -> Self {
        Source::disk(Path::new("")).following_links(true)
    }

    /// The same files; if `wanted`, links may lead anywhere.
    pub fn following_links(self, wanted: bool) -> Self {
        let root = match self.root {
            Root::Disk(door) => Root::Disk(Door::new(door.root().to_path_buf(), wanted)),
            root => root,
        };
        Source { root, ..self }
    }

    /// The same files, which findings name as seen from a folder.
    ///
    /// # Errors
    /// When one of the folders does not exist.
    pub fn shown_from(self, folder: &Path) -> io::Result<Self> {
        let Root::Disk(door) = &self.root else {
            return Ok(self);
        };
        let root = match door.root() {
            root if root.as_os_str().is_empty() => Path::new("."),
            root => root,
        };
        let shown_from = Some(ShownFrom {
            folder: folder.canonicalize()?,
            root: root.canonicalize()?,
        });
        Ok(Source { shown_from, ..self })
    }

    /// The name of a file in findings.
    pub fn shown(&self, file: &str) -> String {
        let is_made = file.starts_with('(') || file.starts_with("builtin/");
        match &self.shown_from {
            Some(from) if !is_made => from.name(file),
            _ => file.to_string(),
        }
    }

    /// Files below a folder on disk that will be read again, so this source keeps
    /// what it reads. A relative folder is resolved from the working directory.
    pub fn watched(root: &Path) -> Self {
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf());
        Source::new(Root::Disk(Door::new(root, false)), Some(Kept::default()))
    }

    /// Files that exist in memory only: a map from paths with `/` to their content.
    pub fn memory(files: BTreeMap<String, Vec<u8>>) -> Self {
        Source::new(Root::Memory(files), None)
    }

    fn new(root: Root, kept: Option<Kept>) -> Self {
        Source {
            root,
            number: next_number(),
            follows: None,
            texts: Mutex::default(),
            ahead: Mutex::default(),
            made: Mutex::default(),
            kept: kept.map(Mutex::new),
            shown_from: None,
        }
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

    /// The folders directly in the root that contain a file of this name.
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

    /// The nearest folder above the root that contains a file of this name.
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

    /// Reads a whole file, whatever its content.
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

    /// A digest of a file's bytes.
    ///
    /// # Errors
    /// As [`Source::bytes`].
    pub fn hash(&self, path: &str) -> Result<Digest, Finding> {
        let known = self.keep(|kept| kept.files.get(path).map(|file| file.hash));
        match known.flatten() {
            Some(hash) => Ok(hash),
            None => Ok(Digest::of(&*self.bytes(path)?)),
        }
    }

    /// The same as [`Source::hash`], with the message alone, for the keys of results
    /// that include findings about the file.
    pub fn hash_or_reason(&self, path: &str) -> Result<Digest, String> {
        self.hash(path).map_err(|finding| finding.message)
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
                    .ok_or_else(|| failed("no such file".into(), "create it or correct the name"));
            }
        };
        let lost = |e: io::Error| unreadable(path, &door.full(path), &e);
        let file = door.open(path)?;
        let meta = match &file {
            Ok(file) => file.metadata(),
            // Some systems cannot open folders.
            Err(_) => fs::metadata(door.full(path)),
        };
        if meta.as_ref().is_ok_and(fs::Metadata::is_dir) {
            return Err(failed(
                "it is a folder, not a file".into(),
                "rename the folder or move it away",
            ));
        }
        // Reading a pipe or a device could block forever.
        if meta.as_ref().is_ok_and(|meta| !meta.is_file()) {
            return Err(failed("it is not a regular file".into(), "move it away"));
        }
        let (mut file, meta) = (file.map_err(lost)?, meta.map_err(lost)?);
        if meta.len() > limit {
            return Err(too_large(path, meta.len(), limit));
        }
        let stamp = FileStamp::of(&meta);
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

fn too_large(path: &str, len: u64, limit: u64) -> Finding {
    let (has, may) = (len / MEGABYTE, limit / MEGABYTE);
    let message = format!("`{path}` has {has} MB; a source may have at most {may} MB");
    let finding = Finding::new(Code::Limit, Place::file(path), message);
    match limit {
        texts::MAX_DATA => finding,
        _ => finding.help("split it: use one file for each category"),
    }
}

/// Reads all bytes of a file; `len` is the length it had when it was opened.
fn read_whole(file: &mut fs::File, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(usize::try_from(len).unwrap_or(usize::MAX))
        .map_err(|_| io::ErrorKind::OutOfMemory)?;
    // `read_to_end` of the file itself would ask the system for the length again.
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
