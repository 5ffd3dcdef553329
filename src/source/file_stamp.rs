//! What the system says about a file without reading it, which tells whether it may
//! have changed. Not for when to look, and not for what changed.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::SystemTime;

/// What the system says about a file without reading it. Equal stamps are of one
/// file to which nothing has happened, as far as the system's clock can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileStamp {
    /// The size of the file in bytes.
    pub len: u64,
    /// When the contents were last written. Programs can set it.
    pub modified: Option<SystemTime>,
    /// When anything about it last changed (`ctime`), which programs cannot set and
    /// no copy keeps. `None` on systems without this time.
    pub changed: Option<SystemTime>,
    /// The number of the file on its disk; 0 on systems that have none.
    inode: u64,
}

impl FileStamp {
    /// The stamp of a file, from what the system says about it.
    pub fn of(meta: &Metadata) -> FileStamp {
        let (inode, changed) = identity(meta);
        FileStamp {
            len: meta.len(),
            modified: meta.modified().ok(),
            changed,
            inode,
        }
    }

    /// The stamp of the regular file at a path. Links are not followed.
    pub fn at(path: &Path) -> Option<FileStamp> {
        let meta = fs::symlink_metadata(path).ok()?;
        meta.is_file().then(|| FileStamp::of(&meta))
    }

    /// The stamp of a folder. Its length and times tell of its entries, which are
    /// looked at themselves.
    pub fn of_folder(meta: &Metadata) -> FileStamp {
        FileStamp {
            inode: identity(meta).0,
            ..FileStamp::default()
        }
    }

    /// Whether the two differ at most in what another hard link or a label of the
    /// system changes too.
    pub fn has_content_of(&self, other: &FileStamp) -> bool {
        let changed = other.changed;
        *other == FileStamp { changed, ..*self }
    }
}

#[cfg(unix)]
fn identity(meta: &Metadata) -> (u64, Option<SystemTime>) {
    use std::os::unix::fs::MetadataExt;
    use std::time::{Duration, UNIX_EPOCH};

    let seconds = Duration::from_secs(meta.ctime().unsigned_abs());
    let whole = match meta.ctime() < 0 {
        true => UNIX_EPOCH.checked_sub(seconds),
        false => UNIX_EPOCH.checked_add(seconds),
    };
    let rest = Duration::from_nanos(meta.ctime_nsec().unsigned_abs());
    (meta.ino(), whole.and_then(|whole| whole.checked_add(rest)))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, Option<SystemTime>) {
    (0, None)
}
