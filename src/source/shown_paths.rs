//! Names files from another folder than the project, such as the top of a repository.

use std::path::{Component, Path, PathBuf};

/// From where files are named.
pub(super) struct ShownFrom {
    /// The folder that names begin at.
    pub(super) folder: PathBuf,
    /// The folder that paths of the source are relative to.
    pub(super) root: PathBuf,
}

impl ShownFrom {
    /// A path of the source, as seen from the folder.
    pub(super) fn name(&self, path: &str) -> String {
        let full = without_dots(&self.root.join(path));
        let mut from = self.folder.components().peekable();
        let mut to = full.components().peekable();
        while from.peek().is_some() && from.peek() == to.peek() {
            from.next();
            to.next();
        }
        let up = from.map(|_| "..".to_string());
        let down = to.map(|part| part.as_os_str().to_string_lossy().into_owned());
        up.chain(down).collect::<Vec<_>>().join("/")
    }
}

/// A path without parts such as `.` and `..`.
fn without_dots(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            part => out.push(part),
        }
    }
    out
}
