//! Replaces single files as a whole: documents whose regions were filled, and tables
//! written to files. Sites are not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::findings::{Code, Digest, Finding, Place};
use crate::output::destination::{real_path, resolve};
use crate::output::failed;
use crate::source::is_hidden;

/// A file that is to be replaced as a whole.
pub struct Replacement {
    /// The file, as the user named it.
    pub path: PathBuf,
    /// The expected content, if known. If the file has other content, it was saved
    /// meanwhile, and it is not replaced.
    pub old: Option<Vec<u8>>,
    /// The new content.
    pub new: Vec<u8>,
}

/// New content beside the file it will replace.
struct Staged {
    beside: PathBuf,
    target: PathBuf,
}

/// The folders into which links may lead when a file is written through them: the
/// current folder and the project. Links elsewhere were made by the user and are
/// followed.
pub struct Reach(Vec<PathBuf>);

impl Reach {
    /// Resolves the real paths of these folders.
    pub fn new(folders: &[&Path]) -> Reach {
        Reach(folders.iter().map(|folder| real_path(folder)).collect())
    }

    /// The real path of the file to write for `path`.
    ///
    /// # Errors
    /// A finding when `path` is a link, or goes through a link in one of these
    /// folders, and the link leads out of all of them. A link is easy to overlook in
    /// a pull request, and could lead to any of the user's files.
    pub fn target(&self, path: &Path) -> Result<PathBuf, Finding> {
        let way = resolve(path);
        let within = |path: &Path| self.0.iter().any(|folder| path.starts_with(folder));
        let is_link = |link: &&PathBuf| **link == way.last || link.parent().is_some_and(within);
        let Some(link) = way.links.iter().find(is_link) else {
            return Ok(way.real);
        };
        let refuse = |why: String| {
            let place = path.to_str().map(Place::file);
            let message = format!("will not write `{}`: {why}", path.display());
            Err(Finding::new(Code::RefusedLink, place, message)
                .help("name the file itself if you mean to write it"))
        };
        let (link, real) = (link.display(), way.real.display());
        if way.real.is_symlink() {
            return refuse(format!("`{link}` is a link to a file that does not exist"));
        }
        let mut below = self.0.iter().filter_map(|f| way.real.strip_prefix(f).ok());
        if !within(&way.real) {
            let outside = "outside the current folder and the project";
            return refuse(format!("`{link}` is a link to `{real}`, {outside}"));
        }
        if below.all(is_hidden) {
            let hidden = "below a hidden name";
            return refuse(format!("`{link}` is a link to `{real}`, {hidden}"));
        }
        Ok(way.real)
    }
}

/// Makes the folders of files that are to be written.
///
/// # Errors
/// A finding when a file is out of `reach`, or a folder cannot be made.
pub fn make_folders(files: &[Replacement], reach: &Reach) -> Result<(), Finding> {
    for file in files {
        let target = reach.target(&file.path)?;
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|e| failed(&file.path, &e))?;
        }
    }
    Ok(())
}

/// Replaces files as a whole: all of them, or none. Each is first written beside its
/// target and keeps its permissions.
///
/// # Errors
/// A finding when a file is out of `reach`, cannot be written or was changed
/// meanwhile. Files already replaced are restored.
pub fn replace(files: &[Replacement], reach: &Reach) -> Result<(), Finding> {
    let targets = files.iter().map(|file| reach.target(&file.path));
    let targets: Vec<PathBuf> = targets.collect::<Result<_, _>>()?;
    remove_leftovers(&targets);
    let mut staged: Vec<Staged> = Vec::new();
    let result = files.iter().zip(targets).try_for_each(|(file, target)| {
        let beside = stage(&target, &file.new).map_err(|e| failed(&file.path, &e))?;
        staged.push(Staged { beside, target });
        Ok(())
    });
    let result = result.and_then(|()| place(files, &staged));
    if result.is_err() {
        for Staged { beside, .. } in &staged {
            let _ = fs::remove_file(beside);
        }
    }
    result
}

fn place(files: &[Replacement], staged: &[Staged]) -> Result<(), Finding> {
    let mut done: Vec<(&PathBuf, Option<Vec<u8>>)> = Vec::new();
    for (Replacement { path, old, .. }, Staged { beside, target }) in files.iter().zip(staged) {
        let before = fs::read(target).ok();
        let placed = match old {
            Some(old) if before.as_ref() != Some(old) => Err(changed_meanwhile(path)),
            _ => fs::rename(beside, target).map_err(|e| failed(target, &e)),
        };
        if let Err(finding) = placed {
            for (target, before) in done {
                let _ = match before {
                    Some(bytes) => fs::write(target, bytes),
                    None => fs::remove_file(target),
                };
            }
            return Err(finding);
        }
        done.push((target, before));
    }
    Ok(())
}

/// The beginning of the name of a staged file. Two numbers follow: one for the name
/// of the file it replaces, and a random one for each run.
const BEGINNING: &str = ".srm-site-new-";

/// How many names are tried before staging fails.
const TRIES: usize = 8;

/// Writes new content beside a file, under an unpredictable name that does not exist
/// yet. Only the user can read it until it gets the permissions of the file it
/// replaces.
fn stage(target: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let before = fs::symlink_metadata(target).ok();
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if before.is_some() {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut tried = 0;
    let (beside, mut file) = loop {
        let beside = target.with_file_name(random_name(target));
        match options.open(&beside) {
            Ok(file) => break (beside, file),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && tried < TRIES => tried += 1,
            Err(e) => return Err(e),
        }
    };
    let written = file.write_all(bytes).and_then(|()| match before {
        Some(meta) => file.set_permissions(meta.permissions()),
        None => Ok(()),
    });
    match written {
        Ok(()) => Ok(beside),
        Err(e) => {
            let _ = fs::remove_file(&beside);
            Err(e)
        }
    }
}

/// The beginning of the name of the file that is staged for this one.
fn beginning(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default();
    let digest = Digest::of_bytes(name.as_encoded_bytes()).to_string();
    format!("{BEGINNING}{}-", &digest[..DIGITS])
}

/// Hexadecimal digits of each of the two numbers.
const DIGITS: usize = 16;

fn random_name(target: &Path) -> String {
    let random = RandomState::new().hash_one(target);
    format!("{}{random:0DIGITS$x}", beginning(target))
}

/// Removes what a killed run left beside the files to write: regular files with a
/// name of [`random_name`], and nothing else.
fn remove_leftovers(targets: &[PathBuf]) {
    let mut beginnings: BTreeMap<&Path, BTreeSet<String>> = BTreeMap::new();
    for target in targets {
        if let Some(folder) = target.parent() {
            let known = beginnings.entry(folder).or_default();
            known.insert(beginning(target));
        }
    }
    let digit = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    for (folder, beginnings) in beginnings {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let parts = name
                .to_str()
                .and_then(|n| n.split_at_checked(n.len() - DIGITS.min(n.len())));
            let ours = parts.is_some_and(|(beginning, random)| {
                beginnings.contains(beginning) && random.bytes().all(digit)
            });
            if ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn changed_meanwhile(path: &Path) -> Finding {
    Finding::new(
        Code::WriteFailed,
        None,
        format!(
            "`{}` was changed meanwhile, so it was not overwritten",
            path.display()
        ),
    )
    .help("run the command again")
}
