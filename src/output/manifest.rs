//! The manifest: the files that a build wrote with their digests, and the times that
//! distinguish it from a copy.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::output::{MANIFEST, STAGING};
use crate::source::{FileStamp, io_words};

/// What a build wrote: each path with the hashes that the file may have. There are
/// two while files are being moved, so that a killed build loses track of no file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// What the site was built from. Manifests of other versions may have fewer or
    /// more fields.
    #[serde(default)]
    pub(super) built: Built,
    pub(super) files: BTreeMap<String, BTreeSet<String>>,
}

/// What a site was built from, so that an equal build can be skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Built {
    /// A hash of all inputs; empty while a build is running.
    pub inputs: String,
    /// Whether rendering had no findings, so that skipping it hides nothing.
    pub quiet: bool,
    /// Whether there were no findings at all, so that the sources need not be decoded
    /// again.
    pub silent: bool,
    /// The number of pages.
    pub pages: usize,
    /// The keys and facts of the single files.
    pub made: Made,
}

/// What the files of a site were made from, so that files that would be the same are
/// not made again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Made {
    /// Path of a file to its key. Equal keys mean equal bytes.
    pub keys: BTreeMap<String, String>,
    /// Path of a page to a digest of its ids and links. Only stored if no page had
    /// findings: while these digests stay the same, none will have any.
    pub facts: BTreeMap<String, String>,
}

/// The nanoseconds in the modification time of every manifest. A copy that does not
/// keep timestamps gets another modification time, so it can be told apart.
const SIGNATURE: u32 = 618_033_988;

/// Seconds allowed between a manifest's modification time and the moment it is moved
/// into place. A copy that keeps timestamps is nearly always made later.
const MOMENT: u64 = 2;

/// Writes a manifest and sets the modification time that distinguishes it from a
/// copy.
pub(super) fn write_signed(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    let written = file.metadata().and_then(|meta| meta.modified());
    let written = written
        .ok()
        .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    if let Some(written) = written {
        // If this fails, contents are compared.
        let _ = file.set_modified(UNIX_EPOCH + Duration::new(written.as_secs(), SIGNATURE));
    }
    Ok(())
}

/// When the manifest was moved into place, if it is the original and not a copy. In a
/// copied site, an edited file may well be older than the copied manifest, so the
/// copy proves nothing.
pub(super) fn written_at(manifest: &Path) -> Option<SystemTime> {
    let stamp = FileStamp::at(manifest)?;
    let since = |time: Option<SystemTime>| time?.duration_since(UNIX_EPOCH).ok();
    let (changed, modified) = (since(stamp.changed)?, since(stamp.modified)?);
    let passed = changed.as_secs().abs_diff(modified.as_secs());
    let ours = modified.subsec_nanos() == SIGNATURE && passed <= MOMENT;
    stamp.changed.filter(|_| ours)
}

/// Whether a path is inside the site and is not one of the tool's own files.
pub(super) fn is_inside(path: &str) -> bool {
    let own = path.starts_with(MANIFEST) || path.starts_with(STAGING);
    let normal = Path::new(path)
        .components()
        .all(|c| matches!(c, Component::Normal(_)));
    // `Path` ignores doubled slashes and single dots.
    let plain = path.split('/').all(|part| !part.is_empty() && part != ".");
    !own && normal && plain && !path.contains('\0')
}

pub(super) fn read_manifest(folder: &Path, shown: &Path) -> Result<Manifest, String> {
    let (path, shown) = (folder.join(MANIFEST), shown.join(MANIFEST));
    // Reading a pipe or a device could block forever.
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
        .map_err(|e| format!("`{}` is not a valid manifest: {e}", shown.display()))?;
    // A forged manifest must not lead out of the folder.
    match manifest.files.keys().find(|p| !is_inside(p)) {
        Some(bad) => Err(format!(
            "`{}` names `{bad}`, which is outside of the folder",
            shown.display()
        )),
        None => Ok(manifest),
    }
}
