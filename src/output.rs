//! The only writer of output: stages new files beside the site, moves them in
//! place once everything is known to be right, removes what an earlier build
//! wrote and this one does not. It never touches a file it did not write.

mod replace;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::findings::diag::{Code, Finding, Findings, code_list};
use crate::findings::memo::Digest;
use crate::source::io_words;

pub use replace::{Reach, Replacement, replace};

/// Lists what the last build wrote, so that only that is ever replaced.
pub const MANIFEST: &str = ".srm-site-manifest.json";

/// Holds new files until the build is known to be good.
const STAGING: &str = ".srm-site-staging";

/// What is locked where folders cannot be opened.
const LOCK: &str = ".srm-site-lock";

/// Most files that one finding names.
const NAMED: usize = 10;

/// What a build wrote: path to the hashes the file may have. There are two
/// while files are being moved, so that a killed build loses track of nothing.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    /// What the site was built from. Manifests of other versions may say less
    /// or more.
    #[serde(default)]
    built: Built,
    files: BTreeMap<String, BTreeSet<String>>,
}

/// What a site was built from, so that the same need not be done again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Built {
    /// A hash of all inputs; empty while a build is under way.
    pub inputs: String,
    /// Whether rendering found nothing to report, so that leaving it out
    /// hides nothing.
    pub quiet: bool,
    /// Whether nothing at all was found, so that the sources need not even be
    /// understood again.
    pub silent: bool,
    /// Pages of the site.
    pub pages: usize,
    pub made: Made,
}

/// What the files of a site were made from, so that those which would be the
/// same need not be made again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Made {
    /// Path of a file to its key: equal keys, equal bytes.
    pub keys: BTreeMap<String, String>,
    /// Path of a page to a digest of its ids and links. Only where nothing was
    /// found on any page: while these stay the same, nothing will be.
    pub facts: BTreeMap<String, String>,
}

/// A folder a site is written into.
pub struct Output {
    folder: PathBuf,
    /// The folder as the user wrote it, for messages.
    shown: PathBuf,
    manifest: Manifest,
    /// When the manifest was written.
    written: Option<(i64, i64)>,
    /// When this build began, by the same count.
    began: Option<(i64, i64)>,
    /// Replaces files that somebody changed since the last build.
    force: bool,
    staged: Mutex<Staged>,
    /// Folders of the site, before anything is moved in place.
    ways: Mutex<HashMap<String, Folders>>,
    /// Held while the build runs; released by the system if it is killed.
    lock: Option<File>,
    /// Folders made for this build, the outermost first.
    made: Vec<PathBuf>,
    /// Whether the staging folder is ours.
    staging: bool,
}

#[derive(Default)]
struct Staged {
    /// Path to hash, of all files of the new site.
    files: BTreeMap<String, String>,
    /// The ones that have to be moved in place.
    changed: Vec<String>,
    findings: Findings,
}

/// What a build did to its folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub files: usize,
    pub written: usize,
    pub removed: usize,
}

/// Where a site is written.
#[derive(Clone, Copy, Debug)]
pub struct Destination<'a> {
    /// The folder as the user wrote it.
    pub folder: &'a Path,
    /// Whether the command line names it. What `book.toml` names may come from
    /// a stranger, and has to stay in the project.
    pub named: bool,
    /// Folder of the project.
    pub project: &'a Path,
    /// Folders with sources, whose contents must not be written to.
    pub sources: &'a [PathBuf],
}

impl Destination<'_> {
    /// The real path of the folder.
    ///
    /// # Errors
    /// A finding when the folder holds sources or a parent of them, is a file,
    /// or is a place that `book.toml` may not name.
    fn open(&self) -> Result<PathBuf, Finding> {
        let Destination {
            folder, project, ..
        } = *self;
        let way = way_through(folder);
        let refuse = |why: String, help: &str| {
            let message = format!("will not use `{}` for the site: {why}", folder.display());
            Err(Finding::new(Code::RefusedFolder, None, message).help(help))
        };
        let own = "choose a folder of its own with `build-dir` or `--dest-dir`";
        let named = "name it with `--dest-dir` if you mean it";
        let root = real_path(project);
        if root.starts_with(&way.real) {
            return refuse("the project lies in it".into(), own);
        }
        for source in self.sources {
            let source = real_path(source);
            if source.starts_with(&way.real) || way.real.starts_with(&source) {
                return refuse(format!("`{}` holds sources", source.display()), own);
            }
        }
        if !self.named {
            let leads = format!("leads to `{}`", way.real.display());
            if way.links.contains(&way.last) {
                return refuse(format!("it is a link, and {leads}"), named);
            }
            match way.real.strip_prefix(&root) {
                Err(_) => return refuse(format!("it {leads}, outside the project"), named),
                Ok(below) if is_hidden(below) => {
                    return refuse(format!("it {leads}, below a hidden name"), named);
                }
                Ok(_) => {}
            }
        }
        if way.real.exists() && !way.real.is_dir() {
            return refuse("it is a file".into(), own);
        }
        Ok(way.real)
    }
}

impl Output {
    /// Opens a folder for a build. With `force`, files that somebody changed
    /// since the last build are replaced.
    ///
    /// # Errors
    /// A finding when the folder is refused: it holds sources, is a parent of
    /// them, is a file, or `book.toml` names what it may not name.
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

    /// Locks the folder and makes the staging folder in it. Nothing of the
    /// site is touched yet.
    ///
    /// # Errors
    /// A finding when the folder cannot be made or read, or another build
    /// holds it.
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
            .help("wait for it to end"));
        }
        self.lock = Some(lock);
        self.written = written_at(&self.folder.join(MANIFEST));
        // Only now: another build may have changed it until here.
        self.manifest = read_manifest(&self.folder, &self.shown).map_err(|why| {
            Finding::new(Code::RefusedFolder, None, why)
                .help("delete that file if the folder holds nothing but an old build")
        })?;
        if self.written.is_none() {
            self.believe_nothing();
        }
        let staging = self.folder.join(STAGING);
        // What a killed build left behind; a link is somebody else's.
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
        self.began = made.and_then(|meta| times(&meta).map(|(changed, _)| changed));
        Ok(())
    }

    /// Takes nothing in the folder for current. What the manifest lists is still
    /// ours to replace. So it is with a manifest that was copied, checked out or
    /// restored from a cache: anybody can write one for files of their own, as it
    /// holds no secret.
    fn believe_nothing(&mut self) {
        self.manifest.built = Built::default();
        self.written = None;
    }

    /// The same, for a folder that anybody may have written to, which then may
    /// hold nothing but what an earlier build wrote.
    ///
    /// # Errors
    /// A finding that names the files nobody vouches for.
    pub fn begin_afresh(&mut self) -> Result<(), Finding> {
        self.believe_nothing();
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
        let message = format!("`{shown}` holds files that no build of ours wrote: {named}{more}");
        Err(Finding::new(Code::ForeignFile, None, message)
            .help("remove them, or build into an empty folder"))
    }

    /// Adds what is below a folder of the site and is not as a build wrote it.
    fn add_foreign(&self, folder: &str, foreign: &mut Vec<String>) {
        let full = self.folder.join(folder);
        let Ok(entries) = fs::read_dir(&full) else {
            return foreign.push(folder.to_string());
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let path = match folder {
                "" => name.into_owned(),
                folder => format!("{folder}/{name}"),
            };
            let own = path == MANIFEST || path == STAGING || cfg!(not(unix)) && path == LOCK;
            match entry.file_type() {
                _ if own => {}
                Ok(kind) if kind.is_dir() => self.add_foreign(&path, foreign),
                Ok(kind) if kind.is_file() && self.is_ours(&path, &entry.path()) => {}
                _ => foreign.push(path),
            }
        }
    }

    /// What is known of the site in the folder, if it was built from these
    /// inputs and every file of it is as it was written.
    pub fn current(&self, inputs: &str) -> Option<&Built> {
        let as_written = |path: &str| self.as_written(path, &self.folder.join(path));
        let single = self.manifest.files.values().all(|hashes| hashes.len() == 1);
        let all = !inputs.is_empty()
            && self.manifest.built.inputs == inputs
            && single
            && self.manifest.files.keys().all(|path| as_written(path));
        all.then_some(&self.manifest.built)
    }

    /// How many files the site has.
    pub fn files(&self) -> usize {
        self.manifest.files.len()
    }

    /// What the files of the last build were made from.
    pub fn made(&self) -> &Made {
        &self.manifest.built.made
    }

    /// Takes over a file of the last build, if it was made from this key and is
    /// as it was written.
    pub fn keep(&self, path: &str, key: &str) -> bool {
        if self.made().keys.get(path).is_none_or(|made| made != key) {
            return false;
        }
        let target = self.folder.join(path);
        let Some(hash) = self.hash_written(path) else {
            return false;
        };
        let kept = self.as_written(path, &target);
        if kept {
            let mut all = self.staged.lock().unwrap_or_else(|e| e.into_inner());
            all.files.insert(path.to_string(), hash.clone());
        }
        kept
    }

    /// Whether a file is as an earlier build wrote it. Contents are compared
    /// unless nobody touched it.
    fn as_written(&self, path: &str, target: &Path) -> bool {
        (self.is_untouched(target) || self.is_ours(path, target))
            && self.folders_to(path) == Folders::Clear
    }

    /// The hash of a file as the last build wrote it, if that build ended.
    fn hash_written(&self, path: &str) -> Option<&String> {
        let hashes = self.manifest.files.get(path)?;
        hashes.first().filter(|_| hashes.len() == 1)
    }

    /// Whether the system says that a file was not touched since the manifest
    /// was written.
    fn is_untouched(&self, target: &Path) -> bool {
        let times = changed_at(target).zip(self.written);
        times.is_some_and(|(at, written)| at < written)
    }

    /// Takes a file of the new site. It is written to the staging folder if it
    /// differs from what is there.
    pub fn stage(&self, path: &str, bytes: &[u8]) {
        let target = self.folder.join(path);
        let hash = Digest::of_bytes(bytes).to_string();
        let state = if is_inside(path) {
            self.look(path, &target, &hash)
        } else {
            State::Foreign("it is not a place in the site".into())
        };
        let mut result = Ok(());
        if matches!(state, State::Missing | State::Ours) {
            let staged = self.folder.join(STAGING).join("files").join(path);
            result = write_new(&staged, bytes).map_err(|e| failed(&staged, &e));
        }
        let mut all = self.staged.lock().unwrap_or_else(|e| e.into_inner());
        match (state, result) {
            (_, Err(finding)) => all.findings.push(finding),
            (State::Same, _) => {}
            (State::Missing | State::Ours, _) => all.changed.push(path.to_string()),
            (State::Foreign(why), _) => all.findings.push(
                Finding::new(
                    Code::ForeignFile,
                    None,
                    format!(
                        "will not overwrite `{}`: {why}",
                        self.shown.join(path).display()
                    ),
                )
                .help("move it away, or build with `--force` if it may be lost"),
            ),
        }
        all.files.insert(path.to_string(), hash);
    }

    /// What is at a path now.
    fn look(&self, path: &str, target: &Path, hash: &str) -> State {
        match self.folders_to(path) {
            Folders::Clear => {}
            Folders::Missing => return State::Missing,
            Folders::Link(link) => return State::Foreign(format!("`{link}` is a link")),
            Folders::File(file) => {
                return State::Foreign(format!("`{file}` is a file, not a folder"));
            }
        }
        let Ok(meta) = fs::symlink_metadata(target) else {
            return State::Missing;
        };
        if meta.is_dir() {
            // A folder whose files are all stale ones of ours will be gone.
            return if self.holds_only_ours(path, target) {
                State::Ours
            } else {
                State::Foreign("it is a folder".into())
            };
        }
        if !meta.is_file() {
            return State::Foreign("it is not a regular file".into());
        }
        let written = self.manifest.files.get(path);
        let now = match self.hash_written(path) {
            Some(known) if self.is_untouched(target) => Ok(known.clone()),
            _ => hash_of(target),
        };
        if now.as_ref().is_ok_and(|now| now == hash) {
            return State::Same;
        }
        let ours = |now: String| written.is_some_and(|hashes| hashes.contains(&now));
        if self.force || now.is_ok_and(ours) {
            return State::Ours;
        }
        State::Foreign(if self.manifest.files.contains_key(path) {
            "it was changed since the last build".into()
        } else {
            "it was there before".into()
        })
    }

    /// Whether the file is what an earlier build wrote.
    fn is_ours(&self, path: &str, target: &Path) -> bool {
        self.manifest
            .files
            .get(path)
            .is_some_and(|hashes| hash_of(target).is_ok_and(|hash| hashes.contains(&hash)))
    }

    fn holds_only_ours(&self, path: &str, folder: &Path) -> bool {
        let Ok(entries) = fs::read_dir(folder) else {
            return false;
        };
        entries.flatten().all(|entry| {
            let Ok(name) = entry.file_name().into_string() else {
                return false;
            };
            let (path, full) = (format!("{path}/{name}"), entry.path());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.holds_only_ours(&path, &full),
                Ok(kind) if kind.is_file() => self.is_ours(&path, &full),
                _ => false,
            }
        })
    }

    fn parents<'p>(&self, path: &'p str) -> impl Iterator<Item = (&'p str, PathBuf)> {
        let folder = self.folder.clone();
        path.match_indices('/')
            .map(move |(at, _)| (&path[..at], folder.join(&path[..at])))
    }

    /// A link could lead out of the output folder.
    fn link_on_the_way<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.parents(path)
            .find(|(_, full)| fs::symlink_metadata(full).is_ok_and(|m| m.is_symlink()))
            .map(|(part, _)| part)
    }

    /// What is on the way to a path. Nothing of the site is moved while this is
    /// asked, so each folder is looked up once.
    fn folders_to(&self, path: &str) -> Folders {
        let Some((folder, _)) = path.rsplit_once('/') else {
            return Folders::Clear;
        };
        let mut ways = self.ways.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(way) = ways.get(folder) {
            return way.clone();
        }
        let way = self.look_up_folders(path);
        ways.insert(folder.to_string(), way.clone());
        way
    }

    fn look_up_folders(&self, path: &str) -> Folders {
        for (part, full) in self.parents(path) {
            match fs::symlink_metadata(&full) {
                Err(_) => return Folders::Missing,
                Ok(meta) if meta.is_symlink() => return Folders::Link(part.to_string()),
                // A file of ours will be gone.
                Ok(meta) if meta.is_file() => match self.is_ours(part, &full) {
                    true => return Folders::Missing,
                    false => return Folders::File(part.to_string()),
                },
                Ok(_) => {}
            }
        }
        Folders::Clear
    }

    /// Findings made while staging; a build with any is not committed.
    pub fn findings(&self) -> Findings {
        let staged = self.staged.lock().unwrap_or_else(|e| e.into_inner());
        staged.findings.clone()
    }

    /// Moves the staged files in place, removes stale ones and writes the
    /// manifest.
    ///
    /// # Errors
    /// A finding when a file cannot be moved. Files moved so far stay, each of
    /// them whole, and the manifest knows all of them.
    pub fn commit(mut self, built: Built, findings: &mut Findings) -> Result<Stats, Finding> {
        let staged = std::mem::take(&mut *self.staged.lock().unwrap_or_else(|e| e.into_inner()));
        let stale: Vec<String> = self
            .manifest
            .files
            .keys()
            .filter(|path| !staged.files.contains_key(*path))
            .cloned()
            .collect();
        let mut stats = Stats {
            files: staged.files.len(),
            ..Stats::default()
        };
        let same = staged.changed.is_empty()
            && stale.is_empty()
            && self.manifest.files.len() == staged.files.len()
            && self.manifest.built == built;
        if !same {
            self.manifest.built = Built::default();
            for (path, hash) in &staged.files {
                let hashes = self.manifest.files.entry(path.clone()).or_default();
                hashes.insert(hash.clone());
            }
            self.write_manifest(true)?;
            let placing = changed_at(&self.folder.join(MANIFEST));
            // Stale files first: one may stand where a folder has to be.
            for path in &stale {
                match self.remove(path) {
                    Removal::Gone => stats.removed += 1,
                    Removal::Kept => findings.push(kept(&self.shown.join(path))),
                    Removal::Failed(finding) => return Err(*finding),
                }
            }
            let mut ready = PathBuf::new();
            for path in &staged.changed {
                self.place(path, &mut ready)?;
                stats.written += 1;
            }
            self.manifest.files = staged
                .files
                .into_iter()
                .map(|(path, hash)| (path, BTreeSet::from([hash])))
                .collect();
            self.manifest.built = built;
            self.write_manifest(true)?;
            // What is older than the manifest is taken for untouched from now on.
            if self.changed_meanwhile(&staged.changed, placing) {
                self.write_manifest(false)?;
            }
        }
        Ok(stats)
    }

    /// Whether somebody changed a file of the site while it was written: one that
    /// was placed has not been written to since then, all others not since the
    /// build began.
    fn changed_meanwhile(&self, placed: &[String], placing: Option<(i64, i64)>) -> bool {
        let (Some(placing), Some(began)) = (placing, self.began) else {
            return false;
        };
        let placed: HashSet<&str> = placed.iter().map(String::as_str).collect();
        self.manifest.files.keys().any(|path| {
            let target = self.folder.join(path);
            match placed.contains(path.as_str()) {
                true => modified_at(&target).is_none_or(|at| at > placing),
                false => changed_at(&target).is_none_or(|at| at >= began),
            }
        })
    }

    /// Moves a staged file in place. `ready` is the folder of the one before.
    fn place(&self, path: &str, ready: &mut PathBuf) -> Result<(), Finding> {
        let target = self.folder.join(path);
        let staged = self.folder.join(STAGING).join("files").join(path);
        let fail = |e| failed(&target, &e);
        if let Some(folder) = target.parent().filter(|folder| folder != ready) {
            fs::create_dir_all(folder).map_err(fail)?;
            *ready = folder.to_path_buf();
        }
        fs::rename(&staged, &target).map_err(fail)
    }

    fn remove(&self, path: &str) -> Removal {
        let target = self.folder.join(path);
        if fs::symlink_metadata(&target).is_err() || self.link_on_the_way(path).is_some() {
            return Removal::Gone;
        }
        if !self.is_ours(path, &target) {
            return Removal::Kept;
        }
        if let Err(e) = fs::remove_file(&target) {
            return Removal::Failed(Box::new(failed(&target, &e)));
        }
        // Folders that hold nothing any more; others refuse to go.
        let mut parent = target.parent();
        while let Some(folder) = parent.filter(|f| *f != self.folder) {
            if fs::remove_dir(folder).is_err() {
                break;
            }
            parent = folder.parent();
        }
        Removal::Gone
    }

    /// Without its sign a manifest vouches for no file: contents are compared.
    fn write_manifest(&self, signed: bool) -> Result<(), Finding> {
        let path = self.folder.join(MANIFEST);
        let mut bytes = serde_json::to_vec_pretty(&self.manifest).unwrap_or_default();
        bytes.push(b'\n');
        let staged = self.folder.join(STAGING).join("manifest");
        let written = match signed {
            true => write_signed(&staged, &bytes),
            false => fs::write(&staged, &bytes),
        };
        written
            .and_then(|()| fs::rename(&staged, &path))
            .map_err(|e| failed(&path, &e))
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // The lock is held until all of this is done.
        if self.staging {
            let _ = fs::remove_dir_all(self.folder.join(STAGING));
        }
        if self.lock.is_some() {
            // Folders made for a build that then failed are empty.
            for folder in self.made.iter().rev() {
                let _ = fs::remove_dir(folder);
            }
        }
    }
}

/// What is on the way to a file.
#[derive(Clone, PartialEq, Eq)]
enum Folders {
    /// Folders.
    Clear,
    /// A folder is not there yet.
    Missing,
    /// A link, which could lead out of the site.
    Link(String),
    /// Somebody else's file.
    File(String),
}

enum State {
    Missing,
    Same,
    Ours,
    Foreign(String),
}

enum Removal {
    Gone,
    Kept,
    Failed(Box<Finding>),
}

/// Removes what the manifest of a folder says a build wrote, and nothing else.
///
/// # Errors
/// A finding when no build would write into the folder, when there is no
/// manifest, or when a file cannot be removed.
pub fn clean(from: Destination<'_>, findings: &mut Findings) -> Result<usize, Finding> {
    let real = from.open()?;
    let folder = from.folder;
    if !real.join(MANIFEST).is_file() {
        return if real.exists() && fs::read_dir(&real).is_ok_and(|mut d| d.next().is_some()) {
            Err(Finding::new(
                Code::RefusedFolder,
                None,
                format!(
                    "`{}` was not built by srm-site, nothing was removed",
                    folder.display()
                ),
            )
            .help("there is no list of files that a build wrote"))
        } else {
            Ok(0)
        };
    }
    let manifest =
        read_manifest(&real, folder).map_err(|why| Finding::new(Code::RefusedFolder, None, why))?;
    let output = Output {
        folder: real,
        shown: folder.to_path_buf(),
        manifest,
        written: None,
        began: None,
        force: false,
        staged: Mutex::default(),
        ways: Mutex::default(),
        lock: None,
        made: Vec::new(),
        staging: false,
    };
    let mut removed = 0;
    for path in output.manifest.files.keys() {
        match output.remove(path) {
            Removal::Gone => removed += 1,
            Removal::Kept => findings.push(kept(&output.shown.join(path))),
            Removal::Failed(finding) => return Err(*finding),
        }
    }
    let manifest = output.folder.join(MANIFEST);
    fs::remove_file(&manifest).map_err(|e| failed(&manifest, &e))?;
    let _ = fs::remove_dir_all(output.folder.join(STAGING));
    let _ = fs::remove_dir(&output.folder);
    Ok(removed)
}

/// Writes a file that must not exist yet, with its folders. Used for files
/// that are made for the user to edit.
///
/// # Errors
/// The error of the system, `AlreadyExists` among them.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    File::create_new(path)?.write_all(text.as_bytes())
}

fn kept(path: &Path) -> Finding {
    Finding::new(
        Code::KeptFile,
        None,
        format!(
            "`{}` was changed since it was built, so it was kept",
            path.display()
        ),
    )
    .help("remove it yourself if it is not needed")
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match File::create(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            File::create(path)?.write_all(bytes)
        }
        Err(e) => Err(e),
        Ok(mut file) => file.write_all(bytes),
    }
}

fn failed(path: &Path, error: &io::Error) -> Finding {
    Finding::new(
        Code::WriteFailed,
        None,
        format!("cannot write `{}`: {}", path.display(), io_words(error)),
    )
    .help("mend the cause and run it again; every file that was there is whole")
}

/// The hash of a file that is read in parts, since all of it may be too much.
fn hash_of(path: &Path) -> io::Result<String> {
    Ok(Digest::of_reader(File::open(path)?)?.to_string())
}

/// When a regular file was last changed in any way, by the system's own count
/// (`ctime`), which copying and unpacking cannot set back. `None` for anything
/// else, and on systems that do not count.
fn changed_at(path: &Path) -> Option<(i64, i64)> {
    let meta = fs::symlink_metadata(path).ok()?;
    let (changed, _) = times(&meta).filter(|_| meta.is_file())?;
    Some(changed)
}

/// When the contents of a regular file were last written.
fn modified_at(path: &Path) -> Option<(i64, i64)> {
    let meta = fs::symlink_metadata(path).ok()?;
    let (_, modified) = times(&meta).filter(|_| meta.is_file())?;
    Some(modified)
}

/// When something was last changed in any way, and when its contents were, each
/// in seconds and billionths of a second; `None` on systems that do not count.
fn times(meta: &fs::Metadata) -> Option<((i64, i64), (i64, i64))> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let changed = (meta.ctime(), meta.ctime_nsec());
        Some((changed, (meta.mtime(), meta.mtime_nsec())))
    }
    #[cfg(not(unix))]
    {
        let _ = meta;
        None
    }
}

/// The billionths of a second at which every manifest was last modified. Whoever
/// copies one without its times makes one of another time.
const SIGNATURE: u32 = 618_033_988;

/// Seconds that may lie between the time a manifest is given and the time it is
/// moved in place. A copy that keeps times is nearly always made later.
const MOMENT: i64 = 2;

/// Writes a manifest and gives it the time that tells it from a copy.
fn write_signed(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    let written = file.metadata().and_then(|meta| meta.modified());
    let written = written
        .ok()
        .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    if let Some(written) = written {
        // Where files have no such times, contents are compared.
        let _ = file.set_modified(UNIX_EPOCH + Duration::new(written.as_secs(), SIGNATURE));
    }
    Ok(())
}

/// When the manifest was put in place, by the system's own count, if it is the
/// one that was put there. In a copy of a site, files that were edited before may
/// have been made before the copy of the manifest.
fn written_at(manifest: &Path) -> Option<(i64, i64)> {
    let changed = changed_at(manifest)?;
    let modified = fs::symlink_metadata(manifest).ok()?.modified().ok()?;
    let modified = modified.duration_since(UNIX_EPOCH).ok()?;
    let passed = changed.0 - i64::try_from(modified.as_secs()).ok()?;
    let ours = modified.subsec_nanos() == SIGNATURE && passed.abs() <= MOMENT;
    ours.then_some(changed)
}

/// What is locked: the folder itself where folders can be opened, so that
/// nothing is left behind, else a file in it.
fn open_lock(folder: &Path) -> io::Result<File> {
    if cfg!(unix) {
        File::open(folder)
    } else {
        File::create(folder.join(LOCK))
    }
}

/// Whether a path stays in the site and leaves the tool's own files alone.
fn is_inside(path: &str) -> bool {
    let own = path.starts_with(MANIFEST) || path.starts_with(STAGING);
    let normal = Path::new(path)
        .components()
        .all(|c| matches!(c, Component::Normal(_)));
    // The path library overlooks doubled slashes and single dots.
    let plain = path.split('/').all(|part| !part.is_empty() && part != ".");
    !own && normal && plain && !path.contains('\0')
}

fn read_manifest(folder: &Path, shown: &Path) -> Result<Manifest, String> {
    let (path, shown) = (folder.join(MANIFEST), shown.join(MANIFEST));
    // Reading a pipe or a device could wait for ever.
    if fs::symlink_metadata(&path).is_ok_and(|meta| !meta.is_file()) {
        return Err(format!("`{}` is not a regular file", shown.display()));
    }
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Manifest::default()),
        Err(e) => {
            return Err(format!(
                "cannot read `{}`: {}",
                shown.display(),
                io_words(&e)
            ));
        }
    };
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|e| format!("`{}` cannot be understood: {e}", shown.display()))?;
    // A manifest somebody wrote must not lead out of the folder.
    match manifest.files.keys().find(|p| !is_inside(p)) {
        Some(bad) => Err(format!(
            "`{}` names `{bad}`, which lies outside",
            shown.display()
        )),
        None => Ok(manifest),
    }
}

/// Where a path leads.
struct Way {
    /// Without links and dots, also when its end does not exist yet.
    real: PathBuf,
    /// Its last part in the folder that really holds it.
    last: PathBuf,
    /// Links that it goes through, each in the folder that really holds it.
    links: Vec<PathBuf>,
}

fn way_through(path: &Path) -> Way {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut real = PathBuf::new();
    let mut last = PathBuf::new();
    let mut links = Vec::new();
    for part in absolute.components() {
        match part {
            // What is so far is free of links, so its parent is its parent.
            Component::ParentDir => {
                real.pop();
            }
            Component::CurDir => {}
            part => {
                real.push(part);
                last.clone_from(&real);
                if real.is_symlink() {
                    links.push(real.clone());
                }
                if let Ok(known) = fs::canonicalize(&real) {
                    real = known;
                }
            }
        }
    }
    Way { real, last, links }
}

fn real_path(path: &Path) -> PathBuf {
    way_through(path).real
}

/// A path below a folder that goes through a name which begins with a dot.
fn is_hidden(below: &Path) -> bool {
    let mut names = below.components().map(|part| part.as_os_str());
    names.any(|name| name.as_encoded_bytes().starts_with(b"."))
}
