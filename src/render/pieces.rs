//! The text of a large page while a template is filled in, in pieces that are not copied
//! more than once.

use std::io;
use std::string::FromUtf8Error;

use tera::Value;

use crate::render::SectionView;

/// A section of this many bytes is a large one.
pub(super) const LARGE: usize = 256 * 1024;

/// What the engine writes a page into. Large sections, which are nearly all of
/// a large page, are not copied here, so that each can be let go when it is
/// copied in its place.
pub(super) struct Pieces<'a> {
    pub(super) sections: &'a [SectionView],
    /// Large sections, each with what stands before it.
    pub(super) done: Vec<(Vec<u8>, Value)>,
    /// What stands after the last of them.
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

/// A page from its pieces.
pub(super) fn join(pieces: Vec<(Vec<u8>, Value)>, rest: Vec<u8>) -> Result<String, FromUtf8Error> {
    if pieces.is_empty() {
        return String::from_utf8(rest);
    }
    let html = |section: &Value| section.as_str().map_or(0, str::len);
    let sizes = pieces.iter().map(|(before, s)| before.len() + html(s));
    // A page that has to grow while it is put together takes twice the room.
    let mut page = String::with_capacity(sizes.sum::<usize>() + rest.len());
    for (before, section) in pieces {
        page.push_str(&String::from_utf8(before)?);
        page.push_str(section.as_str().unwrap_or_default());
    }
    page.push_str(&String::from_utf8(rest)?);
    Ok(page)
}
