//! The list of files that a build wrote, with their digests, and the times that
//! tell it from a copy. Not for the files themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::output::{MANIFEST, STAGING};
use crate::source::{FileStamp, io_words};

/// What a build wrote: path to the hashes the file may have. There are two
/// while files are being moved, so that a killed build loses track of nothing.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// What the site was built from. Manifests of other versions may say less
    /// or more.
    #[serde(default)]
    pub(super) built: Built,
    pub(super) files: BTreeMap<String, BTreeSet<String>>,
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

/// The billionths of a second at which every manifest was last modified. Whoever
/// copies one without its times makes one of another time.
const SIGNATURE: u32 = 618_033_988;

/// Seconds that may lie between the time a manifest is given and the time it is
/// moved in place. A copy that keeps times is nearly always made later.
const MOMENT: u64 = 2;

/// Writes a manifest and gives it the time that tells it from a copy.
pub(super) fn write_signed(path: &Path, bytes: &[u8]) -> io::Result<()> {
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
pub(super) fn written_at(manifest: &Path) -> Option<SystemTime> {
    let stamp = FileStamp::at(manifest)?;
    let since = |time: Option<SystemTime>| time?.duration_since(UNIX_EPOCH).ok();
    let (changed, modified) = (since(stamp.changed)?, since(stamp.modified)?);
    let passed = changed.as_secs().abs_diff(modified.as_secs());
    let ours = modified.subsec_nanos() == SIGNATURE && passed <= MOMENT;
    stamp.changed.filter(|_| ours)
}

/// Whether a path stays in the site and leaves the tool's own files alone.
pub(super) fn is_inside(path: &str) -> bool {
    let own = path.starts_with(MANIFEST) || path.starts_with(STAGING);
    let normal = Path::new(path)
        .components()
        .all(|c| matches!(c, Component::Normal(_)));
    // The path library overlooks doubled slashes and single dots.
    let plain = path.split('/').all(|part| !part.is_empty() && part != ".");
    !own && normal && plain && !path.contains('\0')
}

pub(super) fn read_manifest(folder: &Path, shown: &Path) -> Result<Manifest, String> {
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
