//! Errors of the system in plain words. Findings about the content of a file are made
//! elsewhere.

use std::fs;
use std::io;
use std::path::Path;

use crate::findings::{Code, Finding, Place};

/// That a file of a project cannot be read. `full` is where it is on the disk.
pub(super) fn unreadable(path: &str, full: &Path, error: &io::Error) -> Finding {
    let (why, help) = match fs::read_link(full) {
        Ok(target) if error.kind() == io::ErrorKind::NotFound => (
            format!(
                "it is a link to `{}`, and nothing is there",
                target.display()
            ),
            "create the file that it leads to, or remove the link",
        ),
        _ => (io_words(error), io_help(error)),
    };
    let message = format!("cannot read `{path}`: {why}");
    Finding::new(Code::Unreadable, Place::file(path), message).help(help)
}

/// An I/O error in plain words.
pub fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::StorageFull => "no space left on the disk".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".into(),
        io::ErrorKind::FileTooLarge => "the file would be larger than the system allows".into(),
        _ if is_loop(error) => "its links form a loop".into(),
        _ => error.to_string(),
    }
}

pub(super) fn io_help(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "create it or correct the name",
        io::ErrorKind::PermissionDenied => "give yourself permission to read it",
        _ if is_loop(error) => "remove the link that points back",
        _ => "see the reason above",
    }
}

/// ELOOP; std has no stable name for it.
fn is_loop(error: &io::Error) -> bool {
    cfg!(unix) && error.raw_os_error() == Some(40)
        || cfg!(target_os = "macos") && error.raw_os_error() == Some(62)
}
