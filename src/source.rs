//! The only reader of the user's files: project-relative paths to bytes and
//! checked text. It knows nothing of what the files mean. A memory body stands
//! in for the disk in tests and for anything that has no folder.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::diag::{Code, Finding, Findings, Place};
use crate::memo::Digest;

/// Largest text source in bytes. A hand-written matrix of 10,000 rows is about
/// a tenth of this; anything larger is a mistake or an attack.
pub const MAX_TEXT: u64 = 16 * 1024 * 1024;

/// Most files and folders below one folder. Links can make few look like
/// endlessly many.
const MAX_ENTRIES: usize = 200_000;

/// Deepest folder nesting that is followed.
const MAX_DEPTH: usize = 32;

/// One text file that was read and found to be UTF-8 without NUL.
#[derive(Debug)]
pub struct Text {
    pub path: Arc<str>,
    pub text: String,
    /// Of its bytes.
    pub hash: Digest,
}

enum Root {
    Disk(PathBuf),
    Memory(BTreeMap<String, Vec<u8>>),
}

/// A project's files. Reads are remembered, so a file has one content for the
/// whole of a run, and findings can show excerpts of it later.
pub struct Source {
    root: Root,
    texts: Mutex<BTreeMap<String, Arc<Text>>>,
}

impl Source {
    /// Files below a folder on disk.
    pub fn disk(root: &Path) -> Self {
        Source::new(Root::Disk(root.to_path_buf()))
    }

    /// Files that exist in memory only: path with `/` to content.
    pub fn memory(files: BTreeMap<String, Vec<u8>>) -> Self {
        Source::new(Root::Memory(files))
    }

    fn new(root: Root) -> Self {
        Source {
            root,
            texts: Mutex::new(BTreeMap::new()),
        }
    }

    /// Whether a file (not a folder) is at `path`.
    pub fn is_file(&self, path: &str) -> bool {
        match &self.root {
            Root::Disk(root) => root.join(path).is_file(),
            Root::Memory(files) => files.contains_key(path),
        }
    }

    /// Whether a folder is at `path`.
    pub fn is_folder(&self, path: &str) -> bool {
        match &self.root {
            Root::Disk(root) => root.join(path).is_dir(),
            Root::Memory(files) => {
                let prefix = format!("{}/", path.trim_end_matches('/'));
                files.keys().any(|k| k.starts_with(&prefix))
            }
        }
    }

    /// Reads a file whole, whatever is in it.
    ///
    /// # Errors
    /// A finding that names the file when it is missing, is not a regular file
    /// or may not be read.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, Finding> {
        self.read(path, u64::MAX)
    }

    /// A digest of a file's bytes; `None` when it cannot be read.
    pub fn hash(&self, path: &str) -> Option<Digest> {
        Some(Digest::of(&*self.bytes(path).ok()?))
    }

    /// Reads a source file that must be text.
    ///
    /// # Errors
    /// A finding when it cannot be read, is larger than [`MAX_TEXT`], is not
    /// UTF-8 or holds a NUL byte.
    pub fn text(&self, path: &str) -> Result<Arc<Text>, Finding> {
        if let Some(known) = self.known(path) {
            return Ok(known);
        }
        let bytes = self.read(path, MAX_TEXT)?;
        let place: Arc<str> = Arc::from(path);
        let bad_byte = memchr::memchr(0, &bytes);
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                let value = bytes.get(at).copied().unwrap_or(0);
                // The valid beginning is kept so that the excerpt can be shown.
                let shown = String::from_utf8_lossy(&bytes[..at]).into_owned();
                self.remember(&place, shown);
                return Err(Finding::new(
                    Code::NotText,
                    Place::new(&place, at..at),
                    format!("byte 0x{value:02X} at offset {at} is not UTF-8"),
                )
                .help("save the file as UTF-8; Windows-1252 and UTF-16 are not understood"));
            }
        };
        let text = self.remember(&place, text);
        match bad_byte {
            None => Ok(text),
            Some(at) => Err(Finding::new(
                Code::NotText,
                Place::new(&place, at..at + 1),
                format!("the file holds a NUL byte at offset {at}"),
            )
            .help("remove it; a text file has none (UTF-16 files do: save as UTF-8)")),
        }
    }

    /// The text of a file that was read before, for excerpts.
    pub fn known(&self, path: &str) -> Option<Arc<Text>> {
        self.lock().get(path).cloned()
    }

    /// Keeps a text that was made rather than read, so that findings about it
    /// can show an excerpt: a built-in template, a rendered page.
    pub fn remember(&self, path: &Arc<str>, text: String) -> Arc<Text> {
        let text = Arc::new(Text {
            path: path.clone(),
            hash: Digest::of(text.as_bytes()),
            text,
        });
        self.lock().insert(path.to_string(), text.clone());
        text
    }

    /// Every file below a folder, sorted, hidden files and editors' leavings
    /// left out. Links are followed; a link to one of its own parents is a
    /// finding, not a loop.
    pub fn walk(&self, folder: &str, findings: &mut Findings) -> Vec<String> {
        let mut found = Vec::new();
        match &self.root {
            Root::Memory(files) => {
                let prefix = format!("{}/", folder.trim_end_matches('/'));
                found.extend(
                    files
                        .keys()
                        .filter(|k| k.starts_with(&prefix))
                        .filter(|k| !k[prefix.len()..].split('/').any(is_ignored))
                        .cloned(),
                );
            }
            Root::Disk(root) => {
                let mut walk = Walk {
                    root,
                    parents: Vec::new(),
                    found: Vec::new(),
                    entries: 0,
                };
                walk.folder(folder, findings);
                if walk.entries > MAX_ENTRIES {
                    findings.push(
                        Finding::new(
                            Code::Limit,
                            Place::file(folder),
                            format!("`{folder}` holds more than {MAX_ENTRIES} files and folders"),
                        )
                        .help("look for links that lead back into it"),
                    );
                }
                found = walk.found;
            }
        }
        found.sort();
        found
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Finding> {
        let failed = |why: String, help: &str| {
            Finding::new(
                Code::Unreadable,
                Place::file(path),
                format!("cannot read `{path}`: {why}"),
            )
            .help(help)
        };
        let root = match &self.root {
            Root::Disk(root) => root,
            Root::Memory(files) => {
                return files
                    .get(path)
                    .cloned()
                    .ok_or_else(|| failed("no such file".into(), "create it or mend the name"));
            }
        };
        let full = root.join(path);
        let meta = fs::metadata(&full).map_err(|e| failed(io_words(&e), io_help(&e)))?;
        if meta.is_dir() {
            return Err(failed(
                "it is a folder, and a file is expected".into(),
                "rename the folder or move it away",
            ));
        }
        // Reading a pipe or a device could wait for ever.
        if !meta.is_file() {
            return Err(failed("it is not a regular file".into(), "move it away"));
        }
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
        fs::read(&full).map_err(|e| failed(io_words(&e), io_help(&e)))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Text>>> {
        self.texts.lock().unwrap_or_else(|e| e.into_inner())
    }
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

/// Files that editors and file managers leave behind, and hidden ones.
fn is_ignored(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".swp")
        || (name.starts_with('#') && name.ends_with('#'))
        || name == "Thumbs.db"
}

/// A folder being listed.
struct Walk<'a> {
    root: &'a Path,
    /// Real paths of the folders it is in.
    parents: Vec<PathBuf>,
    found: Vec<String>,
    entries: usize,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &str, findings: &mut Findings) {
        let full = self.root.join(folder);
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
                findings.push(fail(io_words(&e)).help(io_help(&e)));
                return;
            }
        };
        if self.parents.contains(&real) || self.parents.len() >= MAX_DEPTH {
            let help = "remove the link that points to a parent";
            findings.push(fail("its links form a loop".into()).help(help));
            return;
        }
        self.parents.push(real);
        for entry in entries {
            self.entries += 1;
            if self.entries > MAX_ENTRIES {
                break;
            }
            let entry = match entry {
                Ok(entry) => entry,
                Err(e) => {
                    findings.push(fail(io_words(&e)));
                    continue;
                }
            };
            let Ok(name) = entry.file_name().into_string() else {
                let help = "rename the file with plain letters";
                findings.push(fail("a name in it is not UTF-8".into()).help(help));
                continue;
            };
            if is_ignored(&name) {
                continue;
            }
            let path = format!("{folder}/{name}");
            match fs::metadata(entry.path()) {
                Ok(meta) if meta.is_dir() => self.folder(&path, findings),
                Ok(_) => self.found.push(path),
                Err(e) => findings.push(
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
}
