//! What a foreign file holds: headings, texts and tables, in the order of the file.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// The readable content of one foreign file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Foreign {
    /// Headings, texts and tables, in the order of the file.
    pub pieces: Vec<ForeignPiece>,
    /// What the file contains but a reader must not take for its content.
    pub left_out: Vec<LeftOut>,
}

impl Foreign {
    /// The tables, in the order of the file.
    pub fn grids(&self) -> impl Iterator<Item = &Grid> {
        self.pieces.iter().filter_map(|piece| match piece {
            ForeignPiece::Table(grid) => Some(grid),
            _ => None,
        })
    }
}

/// One part of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum ForeignPiece {
    /// A heading.
    Heading {
        /// 1 for the title of a document, and so on.
        level: u8,
        /// The text of the heading.
        text: CellText,
        /// Where the heading begins.
        place: CellPlace,
    },
    /// One paragraph or list item outside tables.
    Text {
        /// The text of the paragraph.
        text: CellText,
        /// Where the paragraph begins.
        place: CellPlace,
    },
    /// A table.
    Table(Grid),
}

/// A table with its spans expanded: a cell that spans four places is there four times.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// The caption, from the format or from a line directly above or below.
    pub caption: Option<CellText>,
    /// The name of the sheet, in a workbook.
    pub sheet: Option<Arc<str>>,
    /// The lines. A line is as long as the source has it; see [`Grid::ragged`].
    pub lines: Vec<Vec<GridCell>>,
    /// How many lines at the top the format itself marks as head.
    pub head: usize,
    /// How many lines at the bottom the format itself marks as foot.
    pub foot: usize,
    /// Where the table begins.
    pub place: CellPlace,
}

impl Grid {
    /// The number of cells of the longest line.
    pub fn width(&self) -> usize {
        self.lines.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// The lines that have fewer cells than the longest line, or a gap between cells.
    /// Blank lines, which have no cell at all, are not among them.
    pub fn ragged(&self) -> impl Iterator<Item = usize> {
        let width = self.width();
        self.lines
            .iter()
            .enumerate()
            .filter(move |(_, line)| line.len() != width || line.iter().any(|cell| cell.is_missing))
            .map(|(at, _)| at)
    }
}

/// A cell at one place of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct GridCell {
    /// The text, shared by all cells of a span.
    pub text: Arc<CellText>,
    /// Where the cell is in the file. Cells of one span have the same place, except in
    /// a workbook.
    pub place: CellPlace,
    /// Line and column of the top left cell of the span; the cell's own without a span.
    pub origin: (usize, usize),
    /// Whether the format marks the cell as a head, of a column or of a line.
    pub is_head: bool,
    /// Whether all of its text is bold.
    pub is_bold: bool,
    /// Whether the source has no cell here: a gap before a cell that spans lines.
    pub is_missing: bool,
}

/// The text of a cell, paragraph or heading. Without text it has no lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CellText {
    /// The lines: one for each line break, paragraph or list item.
    pub lines: Vec<CellLine>,
}

impl CellText {
    /// Whether there is neither text nor a mark. Blanks of any kind are no text.
    pub fn is_empty(&self) -> bool {
        self.lines
            .iter()
            .all(|line| line.plain.is_empty() && line.marks.is_empty())
    }

    /// The lines as a reader sees them, joined by line feeds.
    pub fn plain(&self) -> String {
        join(self.lines.iter().map(|line| line.plain.as_str()))
    }

    /// The lines as Markdown, joined by line feeds.
    pub fn markdown(&self) -> String {
        join(self.lines.iter().map(|line| line.markdown.as_str()))
    }
}

fn join<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

/// One line of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CellLine {
    /// Whether the line is a list item, or began with a bullet. The bullet is taken off.
    pub bullet: bool,
    /// The line as a reader sees it. Each run of blanks, of any kind, is one space.
    pub plain: String,
    /// The same as Markdown: links, code and emphasis are kept, everything else is
    /// escaped. No-break and ideographic blanks stay.
    pub markdown: String,
    /// Superscripts and references to footnotes, which are no part of `plain`.
    pub marks: Vec<String>,
}

/// Where something is in a foreign file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellPlace {
    /// A place in a text file.
    File {
        /// The line, counted from 1.
        line: u32,
        /// The column in characters, counted from 1.
        column: u32,
        /// The bytes of the file, unless the file was in another encoding than UTF-8.
        span: Option<Range<usize>>,
    },
    /// A cell of a workbook.
    Sheet {
        /// The name of the sheet.
        sheet: Arc<str>,
        /// The row, counted from 1.
        row: u32,
        /// The column, counted from 1.
        column: u32,
    },
}

impl fmt::Display for CellPlace {
    /// Writes `12:5` or `Basic!B7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CellPlace::File { line, column, .. } => write!(f, "{line}:{column}"),
            CellPlace::Sheet { sheet, row, column } => {
                write!(f, "{sheet}!{}{row}", column_name(*column))
            }
        }
    }
}

/// The letters of a column of a workbook: 1 is `A`, 28 is `AB`.
pub fn column_name(column: u32) -> String {
    let mut rest = column;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Something that the file contains and that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Why it was not read.
    pub what: LeftOutKind,
    /// What it says, in short.
    pub text: String,
    /// Where it is.
    pub place: CellPlace,
}

/// Why something was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeftOutKind {
    /// A hidden row.
    HiddenRow,
    /// A hidden column.
    HiddenColumn,
    /// A hidden sheet.
    HiddenSheet,
    /// Text that a reader of the page does not see.
    HiddenText,
    /// Text that is struck out.
    StruckOut,
    /// A comment, or a note at a cell.
    Comment,
    /// A formula whose value is not in the file.
    FormulaWithoutValue,
    /// A formula that ended with an error, such as `#REF!`, which is read as its text.
    ErrorValue,
    /// A number in a format that this reader cannot show; it is read as a plain number.
    NumberFormat,
    /// A picture or icon without a text that says what it shows.
    PictureWithoutText,
    /// A link that leads nowhere outside of its site; its text is read.
    LinkNotKept,
    /// Another file that the file includes.
    Include,
    /// A name in place of a text, with no text given for it; the name is read.
    UndefinedName,
}

impl LeftOutKind {
    /// The kind in words.
    pub fn words(self) -> &'static str {
        match self {
            LeftOutKind::HiddenRow => "hidden row",
            LeftOutKind::HiddenColumn => "hidden column",
            LeftOutKind::HiddenSheet => "hidden sheet",
            LeftOutKind::HiddenText => "hidden text",
            LeftOutKind::StruckOut => "struck-out text",
            LeftOutKind::Comment => "comment",
            LeftOutKind::FormulaWithoutValue => "formula without a value",
            LeftOutKind::ErrorValue => "error value",
            LeftOutKind::NumberFormat => "number format",
            LeftOutKind::PictureWithoutText => "picture without a text",
            LeftOutKind::LinkNotKept => "link to a place in its own site",
            LeftOutKind::Include => "included file",
            LeftOutKind::UndefinedName => "undefined name",
        }
    }
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignError {
    /// What is wrong.
    pub message: String,
    /// Where, if it is at one place.
    pub place: Option<CellPlace>,
    /// What you can do.
    pub help: String,
}

impl ForeignError {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> ForeignError {
        ForeignError {
            message: message.into(),
            place: None,
            help: help.into(),
        }
    }

    pub(crate) fn at(mut self, place: CellPlace) -> ForeignError {
        self.place = Some(place);
        self
    }
}

impl fmt::Display for ForeignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{} (help: {})", self.message, self.help)
    }
}

impl std::error::Error for ForeignError {}
