//! The text of a large page while its template is rendered, in pieces that are copied
//! only once.

use std::io;
use std::string::FromUtf8Error;

use tera::Value;

use crate::render::SectionView;

/// A section with at least this many bytes is large.
pub(super) const LARGE: usize = 256 * 1024;

/// The buffer into which the template engine writes a page. Large sections, which are
/// nearly all of a large page, are not copied here. Each is freed as soon as it is
/// copied to its place in the page.
pub(super) struct Pieces<'a> {
    pub(super) sections: &'a [SectionView],
    /// Large sections, each with the text before it.
    pub(super) done: Vec<(Vec<u8>, Value)>,
    /// The text after the last of them.
    pub(super) text: Vec<u8>,
}

impl io::Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = |s: &&SectionView| {
            let html = s.html.as_str().map(str::as_bytes);
            html.is_some_and(|html| std::ptr::eq(html, bytes))
        };
        let mut sections = self.sections.iter();
        match sections.find(|s| bytes.len() >= LARGE && written(s)) {
            Some(section) => {
                let before = std::mem::take(&mut self.text);
                self.done.push((before, section.html.clone()));
            }
            None => self.text.extend_from_slice(bytes),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Joins the pieces of a page.
pub(super) fn join(pieces: Vec<(Vec<u8>, Value)>, rest: Vec<u8>) -> Result<String, FromUtf8Error> {
    if pieces.is_empty() {
        return String::from_utf8(rest);
    }
    let html = |section: &Value| section.as_str().map_or(0, str::len);
    let sizes = pieces.iter().map(|(before, s)| before.len() + html(s));
    // Reserve the exact size: a page that grows while it is joined takes twice the
    // memory.
    let mut page = String::with_capacity(sizes.sum::<usize>() + rest.len());
    for (before, section) in pieces {
        page.push_str(&String::from_utf8(before)?);
        page.push_str(section.as_str().unwrap_or_default());
    }
    page.push_str(&String::from_utf8(rest)?);
    Ok(page)
}
