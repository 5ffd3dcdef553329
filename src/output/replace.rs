//! Files that were named, replaced as a whole: documents with their regions
//! filled, and tables written into files. It knows nothing of sites.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::diag::{Code, Finding};
use crate::output::failed;

/// A file that is to be replaced as a whole.
pub struct Replacement {
    pub path: PathBuf,
    /// What it holds, where that is known: if it holds something else by now,
    /// somebody has just saved it, and it is left.
    pub old: Option<Vec<u8>>,
    pub new: Vec<u8>,
}

/// Replaces files as a whole: all of them, or none. Each is written beside its
/// place first and keeps the permissions it has; links are followed.
///
/// # Errors
/// A finding when a file cannot be written or holds something else by now; the
/// ones before are put back.
pub fn replace(files: &[Replacement]) -> Result<(), Finding> {
    let mut staged: Vec<(PathBuf, PathBuf)> = Vec::new();
    let result = files.iter().try_for_each(|Replacement { path, new, .. }| {
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let beside = beside(&target);
        staged.push((beside.clone(), target.clone()));
        write_as(&beside, new, &target).map_err(|e| failed(path, &e))
    });
    let result = result.and_then(|()| {
        let mut done: Vec<(&PathBuf, Option<Vec<u8>>)> = Vec::new();
        for (Replacement { path, old, .. }, (beside, target)) in files.iter().zip(&staged) {
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
    });
    if result.is_err() {
        for (beside, _) in &staged {
            let _ = fs::remove_file(beside);
        }
    }
    result
}

/// A name beside a file that nobody else uses. One that is there was left by
/// a run that was killed.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.srm-site-new"))
}

/// Writes a new file with the permissions another one has.
fn write_as(path: &Path, bytes: &[u8], like: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    match fs::metadata(like) {
        Ok(meta) => fs::set_permissions(path, meta.permissions()),
        Err(_) => Ok(()),
    }
}

fn changed_meanwhile(path: &Path) -> Finding {
    Finding::new(
        Code::WriteFailed,
        None,
        format!("`{}` was changed meanwhile, so it was left", path.display()),
    )
    .help("run it again")
}
