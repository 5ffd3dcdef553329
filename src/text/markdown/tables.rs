//! Tables that an author writes in Markdown. Tables of responsibilities are made
//! elsewhere.

use pulldown_cmark::Alignment;

/// A Markdown table being written. The crate's own writer would use inline
/// styles, which a strict Content-Security-Policy refuses.
pub(super) struct Table {
    pub(super) alignments: Vec<Alignment>,
    pub(super) column: usize,
    pub(super) head: bool,
}

impl Table {
    pub(super) fn open(&mut self) -> String {
        let class = match self.alignments.get(self.column) {
            Some(Alignment::Left) => " class=\"srm-left\"",
            Some(Alignment::Center) => " class=\"srm-center\"",
            Some(Alignment::Right) => " class=\"srm-right\"",
            _ => "",
        };
        self.column += 1;
        if self.head {
            format!("<th scope=\"col\"{class}>")
        } else {
            format!("<td{class}>")
        }
    }
}
