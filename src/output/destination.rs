//! Decides which folder a site may be written to, and where a path really leads. The
//! content of the folder is not known here.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::findings::{Code, Finding};
use crate::output::MANIFEST;
use crate::source::is_hidden;

/// Where a site is written.
#[derive(Clone, Copy, Debug)]
pub struct Destination<'a> {
    /// The folder as the user wrote it.
    pub folder: &'a Path,
    /// Whether the command line names it. A folder that `book.toml` names may come
    /// from an untrusted author and has to be in the project.
    pub named: bool,
    /// The project's folder.
    pub project: &'a Path,
    /// Folders with sources, which must not be written to.
    pub sources: &'a [PathBuf],
}

impl Destination<'_> {
    /// Refuses a folder that is reached through a link in the current folder or in
    /// the project, which an untrusted author could have committed.
    ///
    /// # Errors
    /// A finding that names the link and where it leads.
    pub fn refuse_links(&self) -> Result<(), Finding> {
        let way = resolve(self.folder);
        let around = [Path::new("."), self.project].map(real_path);
        let is_near = |link: &&PathBuf| around.iter().any(|folder| link.starts_with(folder));
        let Some(link) = way.links.iter().find(is_near) else {
            return Ok(());
        };
        let (shown, link, real) = (self.folder.display(), link.display(), way.real.display());
        let message =
            format!("will not use `{shown}` for the site: `{link}` is a link to `{real}`");
        Err(Finding::new(Code::RefusedFolder, None, message)
            .help("with `--fresh`, name the folder itself"))
    }

    /// Whether readers would see a file: it is in the folder of a site, or in one with
    /// sources, which a build copies.
    pub fn publishes(&self, file: &Path) -> bool {
        let file = real_path(file);
        let mut own = self
            .sources
            .iter()
            .map(PathBuf::as_path)
            .chain([self.folder]);
        let is_of_site = |folder: &Path| folder.join(MANIFEST).is_file();
        own.any(|folder| file.starts_with(real_path(folder))) || file.ancestors().any(is_of_site)
    }

    /// The real path of the folder.
    ///
    /// # Errors
    /// A finding when the folder contains sources or is one of their parents, is a
    /// file, or is one that `book.toml` may not name.
    pub(super) fn open(&self) -> Result<PathBuf, Finding> {
        let Destination {
            folder, project, ..
        } = *self;
        let way = resolve(folder);
        let refuse = |why: String, help: &str| {
            let message = format!("will not use `{}` for the site: {why}", folder.display());
            Err(Finding::new(Code::RefusedFolder, None, message).help(help))
        };
        let own = "choose a separate folder with `build-dir` or `--dest-dir`";
        let named = "name it with `--dest-dir` if you mean it";
        let root = real_path(project);
        if root.starts_with(&way.real) {
            return refuse("the project is inside it".into(), own);
        }
        for source in self.sources {
            let source = real_path(source);
            if source.starts_with(&way.real) || way.real.starts_with(&source) {
                return refuse(format!("`{}` contains sources", source.display()), own);
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

/// Where a path leads.
pub(super) struct RealPath {
    /// The path without links and dots, even if its end does not exist yet.
    pub(super) real: PathBuf,
    /// Its last part in the real folder that contains it.
    pub(super) last: PathBuf,
    /// The links that it goes through, each in the real folder that contains it.
    pub(super) links: Vec<PathBuf>,
}

pub(super) fn resolve(path: &Path) -> RealPath {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut real = PathBuf::new();
    let mut last = PathBuf::new();
    let mut links = Vec::new();
    for part in absolute.components() {
        match part {
            // The path so far has no links, so its parent is the real parent.
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
    RealPath { real, last, links }
}

pub(super) fn real_path(path: &Path) -> PathBuf {
    resolve(path).real
}
