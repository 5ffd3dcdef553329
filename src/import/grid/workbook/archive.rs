//! The parts of a workbook's archive, unpacked within limits.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::import::grid::foreign::ForeignError;
use crate::import::grid::limits::{MAX_PARTS, MAX_UNPACKED};

/// The archive of a workbook.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Archive<'a> {
    /// Opens an archive, and refuses one that unpacks to too much. What an archive says
    /// about its sizes is not trusted.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Archive<'a>, ForeignError> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
        if zip.len() > MAX_PARTS {
            return Err(too_large(&format!("has more than {MAX_PARTS} parts")));
        }
        let mut total = 0;
        for at in 0..zip.len() {
            let part = zip.by_index(at).map_err(|error| broken(&error))?;
            let mut bounded = part.take(MAX_UNPACKED + 1 - total);
            total += std::io::copy(&mut bounded, &mut std::io::sink())
                .map_err(|error| broken(&error))?;
            if total > MAX_UNPACKED {
                return Err(too_large(&format!(
                    "unpacks to more than {MAX_UNPACKED} bytes"
                )));
            }
        }
        Ok(Archive { zip })
    }

    /// The text of a part. A part that is not there, or no UTF-8, has none.
    pub(super) fn part(&mut self, name: &str) -> Option<String> {
        let name = self
            .zip
            .file_names()
            .filter_map(Result::ok)
            .find(|found| found.eq_ignore_ascii_case(name))?
            .into_owned();
        let part = self.zip.by_name(&name).ok()?;
        let mut text = String::new();
        part.take(MAX_UNPACKED).read_to_string(&mut text).ok()?;
        Some(text)
    }
}

fn too_large(what: &str) -> ForeignError {
    ForeignError::new(
        format!("the workbook {what}"),
        "copy the sheets with the matrix into a new workbook",
    )
}

/// A workbook that cannot be read.
pub(super) fn broken(error: &dyn std::fmt::Display) -> ForeignError {
    ForeignError::new(
        format!("the workbook is damaged: {error}"),
        "open it in a spreadsheet program and save it as .xlsx again",
    )
}
