//! Decides which files a project may read: regular files in its own folder that are
//! not hidden. Files are opened here but not read.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use foldhash::fast::FixedState;

use crate::findings::{Code, Finding, Place};
use crate::source::lock;

const FOLLOW: &str = "or use `--follow-links`, if everyone who can change the project may \
                      read that";

/// Opens the files in a project's folder, after checking their paths.
pub(super) struct Door {
    root: PathBuf,
    /// The real path of the root; `None` where links may lead anywhere.
    inside: Option<PathBuf>,
    /// For each folder that was checked, whether its files may be read.
    folders: Mutex<HashMap<String, bool, FixedState>>,
}

impl Door {
    /// For the files of a folder; with `follow_links`, links may lead anywhere.
    pub fn new(root: PathBuf, follow_links: bool) -> Door {
        let real = || fs::canonicalize(&root).unwrap_or_else(|_| root.clone());
        Door {
            inside: (!follow_links).then(real),
            folders: Mutex::default(),
            root,
        }
    }

    /// The same door for the next run, which checks all folders again.
    pub fn again(&self) -> Door {
        Door::new(self.root.clone(), self.inside.is_none())
    }

    /// The project's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path on disk of a path of the project.
    pub fn full(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Checks whether a path may be read, as far as it exists.
    ///
    /// # Errors
    /// A finding that names the link and where it leads, or the part of the path
    /// that leads out of the project or is hidden.
    pub fn check(&self, path: &str) -> Result<(), Finding> {
        if self.inside.is_none() {
            return Ok(());
        }
        for part in Path::new(path).components() {
            let name = part.as_os_str().to_string_lossy();
            match part {
                Component::CurDir => {}
                Component::Normal(_) if name.starts_with('.') => {
                    let why = format!("`{name}` is a hidden name");
                    return Err(refused(path, &why).help("give it a name without the dot"));
                }
                Component::Normal(_) => {}
                _ => {
                    let why = "it leads out of the project";
                    return Err(refused(path, why)
                        .help("move it into the project")
                        .help(FOLLOW));
                }
            }
        }
        match fs::canonicalize(self.full(path)) {
            Ok(real) => self.check_real_path(path, &real),
            // Reading it will report what is wrong.
            Err(_) => Ok(()),
        }
    }

    /// Checks whether `path`, whose real path is `real`, may be read.
    ///
    /// # Errors
    /// As [`Door::check`].
    pub fn check_real_path(&self, path: &str, real: &Path) -> Result<(), Finding> {
        let Some(why) = self.refusal_reason(real) else {
            return Ok(());
        };
        let mut link = (path, real.to_path_buf(), why);
        for (end, _) in path.match_indices('/') {
            let part = &path[..end];
            let Ok(leads_to) = fs::canonicalize(self.full(part)) else {
                continue;
            };
            if let Some(why) = self.refusal_reason(&leads_to) {
                link = (part, leads_to, why);
                break;
            }
        }
        let (link, leads_to, why) = link;
        let leads = format!("`{link}` is a link to `{}`, {why}", leads_to.display());
        let finding = match link == path {
            true => leads_outside(path, format!("{leads}; it is not read")),
            false => refused(path, &leads),
        };
        Err(finding
            .help("replace the link with a copy of what it points to")
            .help(FOLLOW))
    }

    /// Why a real path does not belong to the project; `None` if it does.
    fn refusal_reason(&self, real: &Path) -> Option<&'static str> {
        let Ok(below) = real.strip_prefix(self.inside.as_ref()?) else {
            return Some("outside the project");
        };
        is_hidden(below).then_some("below a hidden name")
    }

    /// The same as [`Door::check`], faster for most paths: the folder is checked
    /// once, and the file only if it is a link.
    pub fn check_file(&self, path: &str) -> Result<(), Finding> {
        if self.is_in_checked_folder(path) && !self.full(path).is_symlink() {
            return Ok(());
        }
        self.check(path)
    }

    /// Whether everything of a path but a link at its end is known to be fine. Each
    /// folder is checked once.
    fn is_in_checked_folder(&self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let known = lock(&self.folders).get(folder).copied();
        let fine = known.unwrap_or_else(|| {
            let fine = self.check(folder).is_ok();
            lock(&self.folders).insert(folder.to_string(), fine);
            fine
        });
        fine && !name.starts_with('.')
    }

    /// Opens a file without blocking, which a pipe without a writer would do. The
    /// outer error says why it may not be opened, the inner one why it could not be.
    pub fn open(&self, path: &str) -> Result<io::Result<File>, Finding> {
        // Most files are no links; the system itself refuses to follow one here.
        #[cfg(unix)]
        if self.is_in_checked_folder(path)
            && let Ok(file) = self.open_with(path, libc::O_NOFOLLOW)
        {
            return Ok(Ok(file));
        }
        self.check(path)?;
        Ok(self.open_with(path, 0))
    }

    #[cfg(unix)]
    fn open_with(&self, path: &str, flags: i32) -> io::Result<File> {
        use std::os::unix::fs::OpenOptionsExt;
        let mut options = File::options();
        options.read(true).custom_flags(libc::O_NONBLOCK | flags);
        options.open(self.full(path))
    }

    #[cfg(not(unix))]
    fn open_with(&self, path: &str, _: i32) -> io::Result<File> {
        File::open(self.full(path))
    }
}

/// Whether a part of a path begins with a dot.
pub fn is_hidden(path: &Path) -> bool {
    let mut names = path.components().map(|part| part.as_os_str());
    names.any(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn refused(path: &str, why: &str) -> Finding {
    leads_outside(path, format!("will not read `{path}`: {why}"))
}

fn leads_outside(path: &str, message: String) -> Finding {
    Finding::new(Code::LeadsOutside, Place::file(path), message)
}
