//! Moves staged files into place, and removes files that the new site no longer has.
//! Which files may be replaced is decided in `stage`.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::findings::{Code, Finding, Findings};
use crate::output::manifest::{Built, write_signed};
use crate::output::{MANIFEST, Output, STAGING, failed};
use crate::source::FileStamp;

/// What a build changed in its folder, as numbers of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// All files of the new site.
    pub files: usize,
    /// Files that were moved into place.
    pub written: usize,
    /// Stale files that were removed.
    pub removed: usize,
}

pub(super) enum Removal {
    Gone,
    Kept,
    Failed(Box<Finding>),
}

pub(super) fn kept(path: &Path) -> Finding {
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

impl Output {
    /// Moves the staged files into place, removes stale ones and writes the manifest.
    ///
    /// # Errors
    /// A finding when a file cannot be moved. Files that are already moved stay; each
    /// is complete, and the manifest lists all of them.
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
            let placing = FileStamp::at(&self.folder.join(MANIFEST));
            let placing = placing.and_then(|manifest| manifest.changed);
            // Stale files first: one may be where a folder has to be created.
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
            // From now on, files older than the manifest are trusted without reading
            // them.
            if self.changed_meanwhile(&staged.changed, placing) {
                self.write_manifest(false)?;
            }
        }
        Ok(stats)
    }

    /// Whether another program changed a file of the site during the build. A moved
    /// file must be unchanged since the move, all others since the build began.
    fn changed_meanwhile(&self, placed: &[String], placing: Option<SystemTime>) -> bool {
        let (Some(placing), Some(began)) = (placing, self.began) else {
            return false;
        };
        let placed: HashSet<&str> = placed.iter().map(String::as_str).collect();
        self.manifest.files.keys().any(|path| {
            let Some(stamp) = FileStamp::at(&self.folder.join(path)) else {
                return true;
            };
            match placed.contains(path.as_str()) {
                true => stamp.modified.is_none_or(|at| at > placing),
                false => stamp.changed.is_none_or(|at| at >= began),
            }
        })
    }

    /// Moves a staged file into place. `ready` is the folder of the previous one,
    /// which exists.
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

    pub(super) fn remove(&self, path: &str) -> Removal {
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
        // Remove folders that are now empty; the system refuses to remove others.
        let mut parent = target.parent();
        while let Some(folder) = parent.filter(|f| *f != self.folder) {
            if fs::remove_dir(folder).is_err() {
                break;
            }
            parent = folder.parent();
        }
        Removal::Gone
    }

    /// Writes the manifest. If it is not `signed`, the next build trusts no file and
    /// compares contents.
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
