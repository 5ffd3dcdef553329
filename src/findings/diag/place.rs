//! Where something is: a range of a file, and its line and column. What is found there
//! is not known here.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

/// A range of one source file: the path relative to the project, and the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Path of the file with `/`, relative to the project.
    pub file: Arc<str>,
    /// The first byte of the range.
    pub start: usize,
    /// The byte after the range.
    pub end: usize,
}

/// Hashes the file only. Where in its file a text is changes no byte of a page; the
/// file does, because links are resolved from its folder.
impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.file.hash(state);
    }
}

impl Place {
    /// A byte range of a file.
    pub fn new(file: &Arc<str>, range: Range<usize>) -> Self {
        Place {
            file: file.clone(),
            start: range.start,
            end: range.end.max(range.start),
        }
    }

    /// The beginning of a file, for findings about the file as a whole.
    pub fn file(path: &str) -> Self {
        Place {
            file: Arc::from(path),
            start: 0,
            end: 0,
        }
    }
}

/// Line and column, both from 1; columns count characters, as editors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineCol {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Where byte `offset` of `text` is. An offset inside a character or past the
/// end counts as the nearest valid one before it.
pub fn line_col(text: &str, offset: usize) -> LineCol {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    let mut column = before[start..].chars().count() + 1;
    // A byte order mark is invisible in every editor.
    if start == 0 && text.starts_with('\u{feff}') && offset > 0 {
        column -= 1;
    }
    LineCol {
        line: memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1,
        column,
    }
}

impl fmt::Display for LineCol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
