//! Stages the files of a new site: decides which existing files may be replaced, and
//! writes new content to the staging folder. Nothing is moved into place here.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::findings::{Code, Digest, Finding, Findings};
use crate::output::manifest::is_inside;
use crate::output::{LOCK, MANIFEST, Output, STAGING, hash_of, not_written};
use crate::source::{FileStamp, io_words};

#[derive(Default)]
pub(super) struct Staged {
    /// The path and hash of each file of the new site.
    pub(super) files: BTreeMap<String, String>,
    /// The paths of those that have to be moved into place.
    pub(super) changed: Vec<String>,
    pub(super) findings: Findings,
    /// The first of the paths that could not be written, and how many there are, by the
    /// reason. One cause stops many files, and is one finding.
    unwritten: BTreeMap<String, (String, usize)>,
}

/// What was found on the way to a file.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Folders {
    /// Only folders.
    Clear,
    /// A folder that does not exist yet.
    Missing,
    /// A link, which could lead out of the site.
    Link(String),
    /// A file that no build wrote.
    File(String),
}

enum FileState {
    Missing,
    Same,
    Ours,
    Foreign(String),
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

impl Output {
    /// Adds the paths below a folder of the site that are not as a build wrote them.
    pub(super) fn add_foreign(&self, folder: &str, foreign: &mut Vec<String>) {
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

    /// Keeps a file of the last build if it was made from this key and is as it was
    /// written. Returns whether it did.
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

    /// Whether a file is as an earlier build wrote it. Contents are compared unless
    /// its change time shows that it was not touched.
    pub(super) fn as_written(&self, path: &str, target: &Path) -> bool {
        (self.is_untouched(target) || self.is_ours(path, target))
            && self.folders_to(path) == Folders::Clear
    }

    /// The hash of a file as the last build wrote it, if that build completed.
    fn hash_written(&self, path: &str) -> Option<&String> {
        let hashes = self.manifest.files.get(path)?;
        hashes.first().filter(|_| hashes.len() == 1)
    }

    /// Whether a file's change time is older than the manifest's, so that it is
    /// trusted without reading it.
    fn is_untouched(&self, target: &Path) -> bool {
        let changed = FileStamp::at(target).and_then(|stamp| stamp.changed);
        let times = changed.zip(self.written);
        times.is_some_and(|(changed, written)| changed < written)
    }

    /// Adds a file to the new site. It is written to the staging folder if it differs
    /// from the existing one.
    pub fn stage(&self, path: &str, bytes: &[u8]) {
        let target = self.folder.join(path);
        let hash = Digest::of_bytes(bytes).to_string();
        let state = if is_inside(path) {
            self.look(path, &target, &hash)
        } else {
            FileState::Foreign("the path is not inside the site".into())
        };
        let mut result = Ok(());
        if matches!(state, FileState::Missing | FileState::Ours) {
            let staged = self.folder.join(STAGING).join("files").join(path);
            result = write_new(&staged, bytes).map_err(|e| io_words(&e));
        }
        let mut all = self.staged.lock().unwrap_or_else(|e| e.into_inner());
        match (state, result) {
            (_, Err(why)) => {
                let (first, count) = all.unwritten.entry(why).or_default();
                if *count == 0 || path < first.as_str() {
                    *first = path.to_string();
                }
                *count += 1;
            }
            (FileState::Same, _) => {}
            (FileState::Missing | FileState::Ours, _) => all.changed.push(path.to_string()),
            (FileState::Foreign(why), _) => all.findings.push(
                Finding::new(
                    Code::ForeignFile,
                    None,
                    format!(
                        "will not overwrite `{}`: {why}",
                        self.shown.join(path).display()
                    ),
                )
                .help("move it away, or overwrite it with `--force`"),
            ),
        }
        all.files.insert(path.to_string(), hash);
    }

    /// What is at a path now, compared with the new file's hash.
    fn look(&self, path: &str, target: &Path, hash: &str) -> FileState {
        match self.folders_to(path) {
            Folders::Clear => {}
            Folders::Missing => return FileState::Missing,
            Folders::Link(link) => return FileState::Foreign(format!("`{link}` is a link")),
            Folders::File(file) => {
                return FileState::Foreign(format!("`{file}` is a file, not a folder"));
            }
        }
        let Ok(meta) = fs::symlink_metadata(target) else {
            return FileState::Missing;
        };
        if meta.is_dir() {
            // A folder that contains only stale files of earlier builds will be
            // removed.
            return if self.holds_only_ours(path, target) {
                FileState::Ours
            } else {
                FileState::Foreign("it is a folder".into())
            };
        }
        if !meta.is_file() {
            return FileState::Foreign("it is not a regular file".into());
        }
        let written = self.manifest.files.get(path);
        let now = match self.hash_written(path) {
            Some(known) if self.is_untouched(target) => Ok(known.clone()),
            _ => hash_of(target),
        };
        if now.as_ref().is_ok_and(|now| now == hash) {
            return FileState::Same;
        }
        let ours = |now: String| written.is_some_and(|hashes| hashes.contains(&now));
        if self.force || now.is_ok_and(ours) {
            return FileState::Ours;
        }
        FileState::Foreign(if self.manifest.files.contains_key(path) {
            "it was changed since the last build".into()
        } else {
            "it was there before".into()
        })
    }

    /// Whether the file is what an earlier build wrote.
    pub(super) fn is_ours(&self, path: &str, target: &Path) -> bool {
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

    /// The first part of a path that is a link, which could lead out of the output
    /// folder.
    pub(super) fn link_on_the_way<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.parents(path)
            .find(|(_, full)| fs::symlink_metadata(full).is_ok_and(|m| m.is_symlink()))
            .map(|(part, _)| part)
    }

    /// What is on the way to a path. Nothing in the site moves during staging, so
    /// each folder is checked once.
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
                // A file that an earlier build wrote will be removed.
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
        let mut findings = staged.findings.clone();
        for (why, (first, count)) in &staged.unwritten {
            findings.push(not_written(&self.shown.join(first), count - 1, why));
        }
        findings
    }
}
