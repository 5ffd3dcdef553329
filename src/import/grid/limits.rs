//! How much a file may ask for. Each limit is far above what an honest table needs.

use crate::import::grid::foreign::ForeignError;

/// The bytes of a file.
pub(crate) const MAX_BYTES: usize = 32 << 20;
/// The cells of a file, with all spans expanded.
pub(crate) const MAX_CELLS: usize = 500_000;
/// The nodes of an HTML page.
pub(crate) const MAX_NODES: usize = 1_000_000;
/// How deep elements of an HTML page may be nested.
pub(crate) const MAX_DEPTH: usize = 300;
/// The attributes of one tag, roughly.
pub(crate) const MAX_ATTRIBUTES: usize = 5_000;
/// The bytes that a workbook may unpack to.
pub(crate) const MAX_UNPACKED: u64 = 128 << 20;
/// The parts of a workbook.
pub(crate) const MAX_PARTS: usize = 10_000;
/// The bytes that names of AsciiDoc and reStructuredText may stand for in one file.
pub(crate) const MAX_SUBSTITUTED: usize = 2 << 20;
/// The characters of a text that is only reported.
const MAX_REPORTED: usize = 200;

/// Counts cells, and refuses too many of them.
#[derive(Default)]
pub(crate) struct CellCount(usize);

impl CellCount {
    /// Adds cells of a file.
    pub(crate) fn add(&mut self, cells: usize) -> Result<(), ForeignError> {
        self.0 = self.0.saturating_add(cells);
        if self.0 > MAX_CELLS {
            return Err(ForeignError::new(
                format!("the tables of this file have more than {MAX_CELLS} cells"),
                "delete what is not part of the matrix, such as empty rows or columns far \
                 from the table, or split the file",
            ));
        }
        Ok(())
    }
}

/// The beginning of a text, in one line, for a report.
pub(crate) fn shortened(text: &str) -> String {
    let mut words = String::new();
    for word in text.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
        if words.len() > MAX_REPORTED * 4 {
            break;
        }
    }
    match words.char_indices().nth(MAX_REPORTED) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}
