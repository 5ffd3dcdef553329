//! Errors of the system in the words of a person. Not for findings about what is
//! in a file.

use std::io;

/// An I/O error in the words of a person.
pub fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::StorageFull => "no space left on the disk".into(),
        _ if is_loop(error) => "its links form a loop".into(),
        _ => error.to_string(),
    }
}

pub(super) fn io_help(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "create it or mend the name",
        io::ErrorKind::PermissionDenied => "give yourself the right to read it",
        _ if is_loop(error) => "remove the link that points back",
        _ => "see the reason above",
    }
}

/// ELOOP; std has no stable name for it.
fn is_loop(error: &io::Error) -> bool {
    cfg!(unix) && error.raw_os_error() == Some(40)
        || cfg!(target_os = "macos") && error.raw_os_error() == Some(62)
}
