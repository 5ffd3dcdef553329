//! The only writer of output. It stages new files beside the site, moves them into
//! place once the build has succeeded, and removes files that an earlier build wrote
//! and this one does not. It never touches a file that it did not write.

mod clean;
mod commit;
mod destination;
mod manifest;
mod replace;
mod stage;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use crate::findings::{Code, Digest, Finding, code_list};
use crate::output::manifest::{Manifest, read_manifest, written_at};
use crate::output::stage::{Folders, Staged};
use crate::source::{FileStamp, io_words};

pub use crate::output::clean::clean;
pub use crate::output::commit::Stats;
pub use crate::output::destination::Destination;
pub use crate::output::manifest::{Built, Made};
pub use replace::{Reach, Replacement, make_folders, replace};

/// The file that lists what the last build wrote, so that only that is ever replaced.
pub const MANIFEST: &str = ".srm-site-manifest.json";

/// The folder for new files until the build has succeeded.
const STAGING: &str = ".srm-site-staging";

/// The file that is locked on systems where folders cannot be opened.
const LOCK: &str = ".srm-site-lock";

/// Most files that one finding names.
const NAMED: usize = 10;

/// A folder that a site is written to.
pub struct Output {
    folder: PathBuf,
    /// The folder as the user wrote it, for messages.
    shown: PathBuf,
    manifest: Manifest,
    /// When the manifest was written, in seconds and nanoseconds of the system's
    /// `ctime`.
    written: Option<SystemTime>,
    /// When this build began, by the same clock.
    began: Option<SystemTime>,
    /// Whether to replace files that were changed since the last build.
    force: bool,
    staged: Mutex<Staged>,
    /// What is on the way to each folder of the site, before anything is moved into
    /// place.
    ways: Mutex<HashMap<String, Folders>>,
    /// Locked while the build runs; the system releases it if the build is killed.
    lock: Option<File>,
    /// Folders made for this build, the outermost first.
    made: Vec<PathBuf>,
    /// Whether this build made the staging folder.
    staging: bool,
}

impl Output {
    /// Opens a folder for a build. With `force`, files that were changed since the
    /// last build are replaced.
    ///
    /// # Errors
    /// A finding when the folder is refused: it contains sources, is a parent of
    /// them, is a file, or is one that `book.toml` may not name.
    pub fn open(to: Destination<'_>, force: bool) -> Result<Output, Finding> {
        let real = to.open()?;
        Ok(Output {
            folder: real,
            shown: to.folder.to_path_buf(),
            manifest: Manifest::default(),
            written: None,
            began: None,
            force,
            staged: Mutex::default(),
            ways: Mutex::default(),
            lock: None,
            made: Vec::new(),
            staging: false,
        })
    }

    /// Locks the folder and creates the staging folder in it. Nothing in the site is
    /// touched yet.
    ///
    /// # Errors
    /// A finding when the folder cannot be created or read, or another build has
    /// locked it.
    pub fn begin(&mut self) -> Result<(), Finding> {
        let missing = self.folder.ancestors().take_while(|f| !f.exists());
        self.made = missing.map(Path::to_path_buf).collect();
        self.made.reverse();
        fs::create_dir_all(&self.folder).map_err(|e| failed(&self.shown, &e))?;
        let lock = open_lock(&self.folder).map_err(|e| failed(&self.shown, &e))?;
        if lock.try_lock().is_err() {
            return Err(Finding::new(
                Code::RefusedFolder,
                None,
                format!("another build is writing to `{}`", self.shown.display()),
            )
            .help("wait until it has finished"));
        }
        self.lock = Some(lock);
        self.written = written_at(&self.folder.join(MANIFEST));
        // Read it only now: until the lock, another build may have changed it.
        self.manifest = read_manifest(&self.folder, &self.shown).map_err(|why| {
            Finding::new(Code::RefusedFolder, None, why)
                .help("delete that file if the folder contains only an old build")
        })?;
        if self.written.is_none() {
            self.distrust_manifest();
        }
        let staging = self.folder.join(STAGING);
        // A killed build may have left it behind. A link was made by someone else.
        match fs::symlink_metadata(&staging) {
            Ok(meta) if meta.is_dir() => {
                fs::remove_dir_all(&staging).map_err(|e| failed(&staging, &e))?;
            }
            Ok(_) => {
                return Err(Finding::new(
                    Code::ForeignFile,
                    None,
                    format!("`{}` is not a folder", self.shown.join(STAGING).display()),
                )
                .help("move it away"));
            }
            Err(_) => {}
        }
        fs::create_dir(&staging).map_err(|e| failed(&staging, &e))?;
        self.staging = true;
        let made = fs::symlink_metadata(&staging).ok();
        self.began = made.and_then(|meta| FileStamp::of(&meta).changed);
        Ok(())
    }

    /// Treats no file in the folder as current. Files that the manifest lists may
    /// still be replaced. This is also how a manifest that was copied, checked out or
    /// restored from a cache is treated: it contains no secret, so anyone can write
    /// one for files of their own.
    fn distrust_manifest(&mut self) {
        self.manifest.built = Built::default();
        self.written = None;
    }

    /// The same as [`Output::begin`], for a folder that anyone may have written to.
    /// It may contain only what an earlier build wrote.
    ///
    /// # Errors
    /// A finding that names the files that no build wrote.
    pub fn begin_fresh(&mut self) -> Result<(), Finding> {
        self.distrust_manifest();
        let mut foreign = Vec::new();
        self.add_foreign("", &mut foreign);
        if foreign.is_empty() {
            return Ok(());
        }
        foreign.sort();
        let named: Vec<&str> = foreign.iter().map(String::as_str).take(NAMED).collect();
        let more = match foreign.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let (shown, named) = (self.shown.display(), code_list(&named));
        let message = format!("`{shown}` contains files that no build wrote: {named}{more}");
        Err(Finding::new(Code::ForeignFile, None, message)
            .help("remove them, or build into an empty folder"))
    }

    /// The facts about the site in the folder, if it was built from these inputs and
    /// every file is still as written.
    pub fn current(&self, inputs: &str) -> Option<&Built> {
        let as_written = |path: &str| self.as_written(path, &self.folder.join(path));
        let single = self.manifest.files.values().all(|hashes| hashes.len() == 1);
        let all = !inputs.is_empty()
            && self.manifest.built.inputs == inputs
            && single
            && self.manifest.files.keys().all(|path| as_written(path));
        all.then_some(&self.manifest.built)
    }

    /// The number of files in the site.
    pub fn files(&self) -> usize {
        self.manifest.files.len()
    }

    /// What the files of the last build were made from.
    pub fn made(&self) -> &Made {
        &self.manifest.built.made
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // The lock is released only after all of this.
        if self.staging {
            let _ = fs::remove_dir_all(self.folder.join(STAGING));
        }
        if self.lock.is_some() {
            // Folders that were made for a failed build are empty.
            for folder in self.made.iter().rev() {
                let _ = fs::remove_dir(folder);
            }
        }
    }
}

/// Writes a file that must not exist yet, and creates its folders. Used for files
/// that the user edits later.
///
/// # Errors
/// The error of the system, such as `AlreadyExists`.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    File::create_new(path)?.write_all(text.as_bytes())
}

fn failed(path: &Path, error: &io::Error) -> Finding {
    not_written(path, 0, &io_words(error))
}

/// That a file cannot be written, and a number of others for the same reason.
fn not_written(path: &Path, others: usize, why: &str) -> Finding {
    let more = match others {
        0 => String::new(),
        1 => " and 1 other file".into(),
        others => format!(" and {others} other files"),
    };
    let message = format!("cannot write `{}`{more}: {why}", path.display());
    Finding::new(Code::WriteFailed, None, message)
        .help("fix the cause and run the command again; no existing file was damaged")
}

/// The hash of a file. It is read in pieces, because it may be too large to read at
/// once.
fn hash_of(path: &Path) -> io::Result<String> {
    Ok(Digest::of_reader(File::open(path)?)?.to_string())
}

/// Opens what is locked: the folder itself if it can be opened, so that nothing is
/// left behind, or else a file in it.
fn open_lock(folder: &Path) -> io::Result<File> {
    if cfg!(unix) {
        File::open(folder)
    } else {
        File::create(folder.join(LOCK))
    }
}
