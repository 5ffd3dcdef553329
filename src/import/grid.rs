//! Reads foreign files as grids: tables with spans undone, and what stands around them.

mod asciidoc;
mod caption;
mod decode;
mod escape;
mod foreign;
mod format;
mod html;
mod limits;
mod markdown;
mod page_text;
mod places;
mod rst;
mod separated;
mod spans;
mod text;
mod workbook;

pub use crate::import::grid::foreign::{
    CellLine, CellPlace, CellText, Foreign, ForeignError, ForeignPiece, Grid, GridCell,
};
pub use crate::import::grid::format::{ReadOptions, read};

/// A plain text as Markdown that reads as that text.
pub fn as_markdown(text: &str) -> String {
    let run = escape::Run {
        text: text.to_string(),
        style: escape::Style::default(),
    };
    escape::markdown(&[run])
}
