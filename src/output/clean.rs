//! Removes a site: the files that its manifest lists, and nothing else. Stale files
//! of a new build are removed in `commit`.

use std::fs;
use std::sync::Mutex;

use crate::findings::{Code, Finding, Findings};
use crate::output::commit::{Removal, kept};
use crate::output::destination::Destination;
use crate::output::manifest::read_manifest;
use crate::output::{MANIFEST, Output, STAGING, failed};

/// Removes the files that the manifest of a folder lists, and returns how many.
///
/// # Errors
/// A finding when a build would refuse the folder, when there is no manifest, or when
/// a file cannot be removed.
pub fn clean(from: Destination<'_>, findings: &mut Findings) -> Result<usize, Finding> {
    let real = from.open()?;
    let folder = from.folder;
    if !real.join(MANIFEST).is_file() {
        return if real.exists() && fs::read_dir(&real).is_ok_and(|mut d| d.next().is_some()) {
            Err(Finding::new(
                Code::RefusedFolder,
                None,
                format!(
                    "`{}` was not built by srm-site, so nothing was removed",
                    folder.display()
                ),
            )
            .help("the folder has no manifest, the list of files that a build wrote"))
        } else {
            Ok(0)
        };
    }
    let manifest =
        read_manifest(&real, folder).map_err(|why| Finding::new(Code::RefusedFolder, None, why))?;
    let output = Output {
        folder: real,
        shown: folder.to_path_buf(),
        manifest,
        written: None,
        began: None,
        force: false,
        staged: Mutex::default(),
        ways: Mutex::default(),
        lock: None,
        made: Vec::new(),
        staging: false,
    };
    let mut removed = 0;
    for path in output.manifest.files.keys() {
        match output.remove(path) {
            Removal::Gone => removed += 1,
            Removal::Kept => findings.push(kept(&output.shown.join(path))),
            Removal::Failed(finding) => return Err(*finding),
        }
    }
    let manifest = output.folder.join(MANIFEST);
    fs::remove_file(&manifest).map_err(|e| failed(&manifest, &e))?;
    let _ = fs::remove_dir_all(output.folder.join(STAGING));
    let _ = fs::remove_dir(&output.folder);
    Ok(removed)
}
