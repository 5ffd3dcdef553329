//! What an import has to say: a point for each thing that was not simply read, and counts
//! that add up. Printing is not known here.

use std::collections::HashMap;
use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Place};
use crate::import::grid::CellPlace;
use crate::input::worded;

worded! {
    /// Why something is reported.
    pub enum PointKind {
        /// A text that the vocabulary does not have.
        Unknown = "unknown",
        /// A note, a task or a line that belongs to nothing.
        Unmatched = "unmatched",
        /// A row for which no party is named.
        NeedsOwner = "needs-owner",
        /// The source says two things.
        Conflict = "conflict",
        /// A line with too many or too few cells.
        Odd = "odd",
        /// Cells that were filled from the line above.
        Filled = "filled",
        /// An entry of the vocabulary that fits nothing.
        Unused = "unused",
        /// What was not read.
        Skipped = "skipped",
    }
}

impl PointKind {
    /// The code of its findings.
    pub fn code(self) -> Code {
        match self {
            PointKind::Unknown => Code::ImportUnknown,
            PointKind::Unmatched => Code::ImportUnmatched,
            PointKind::NeedsOwner => Code::ImportNeedsOwner,
            PointKind::Conflict => Code::ImportConflict,
            PointKind::Odd => Code::ImportOdd,
            PointKind::Filled => Code::ImportFilled,
            PointKind::Unused => Code::ImportUnused,
            PointKind::Skipped => Code::ImportSkipped,
        }
    }

    /// Whether the author has to decide something.
    pub fn is_open(self) -> bool {
        !matches!(
            self,
            PointKind::Filled | PointKind::Unused | PointKind::Skipped
        )
    }
}

/// Where in a foreign file something was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadPlace {
    /// The file.
    pub file: Arc<str>,
    /// The place in it.
    pub place: CellPlace,
}

/// One thing that was not simply read.
#[derive(Clone, Debug)]
pub struct Point {
    /// Why it is reported.
    pub kind: PointKind,
    /// What it is, in a sentence without a full stop.
    pub message: String,
    /// How to go on.
    pub help: String,
    /// Where it was read.
    pub origin: Option<ReadPlace>,
    /// The place in the vocabulary, for an entry of it.
    pub entry: Option<Place>,
    /// The words in the source.
    pub text: Option<String>,
    /// The row, by its name in the source.
    pub row: Option<String>,
    /// The id of the model.
    pub model: Option<String>,
    /// File and line that were written for the row.
    pub written: Option<(String, usize)>,
}

impl Point {
    /// A point about a place of a foreign file.
    pub fn at(kind: PointKind, origin: &ReadPlace, message: impl Into<String>) -> Point {
        Point {
            kind,
            message: message.into(),
            help: String::new(),
            origin: Some(origin.clone()),
            entry: None,
            text: None,
            row: None,
            model: None,
            written: None,
        }
    }

    /// A point about an entry of the vocabulary.
    pub fn of_entry(kind: PointKind, entry: &Place, message: impl Into<String>) -> Point {
        Point {
            kind,
            message: message.into(),
            help: String::new(),
            origin: None,
            entry: Some(entry.clone()),
            text: None,
            row: None,
            model: None,
            written: None,
        }
    }

    /// Sets the words of the source.
    pub fn text(mut self, text: &str) -> Point {
        self.text = Some(text.to_string());
        self
    }

    /// Sets the row, and the model if it is about one.
    pub fn row(mut self, row: &str, model: Option<&str>) -> Point {
        self.row = Some(row.to_string());
        self.model = model.map(str::to_string);
        self
    }

    /// Sets how to go on.
    pub fn help(mut self, help: impl Into<String>) -> Point {
        self.help = help.into();
        self
    }

    /// The same as a finding. A place that is no range of a text file is in the message.
    fn finding(&self) -> Finding {
        let mut message = self.message.clone();
        let place = match &self.origin {
            None => self.entry.clone(),
            Some(ReadPlace { file, place }) => match place {
                CellPlace::File {
                    span: Some(span), ..
                } => Some(Place::new(file, span.clone())),
                place => {
                    message = format!("{place}: {message}");
                    Some(Place::file(file))
                }
            },
        };
        let mut finding = Finding::new(self.kind.code(), place, message);
        if !self.help.is_empty() {
            finding = finding.help(self.help.clone());
        }
        if let Some((file, line)) = &self.written {
            finding = finding.help(format!("the row is at {file}:{line}"));
        }
        finding
    }
}

/// What became of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Nothing yet: what it says was not written.
    Error,
    /// It was left out on purpose.
    Skipped,
    /// It was written.
    Written,
}

/// A cell of a foreign file: the file's number, and the cell's line and column of each
/// table by its number. The cells of a span are one.
pub type CellKey = (usize, usize, (usize, usize));

/// The points of an import, and what became of each cell with a text.
#[derive(Default)]
pub struct ImportReport {
    /// The points, in reading order.
    pub points: Vec<Point>,
    fates: HashMap<CellKey, Fate>,
}

impl ImportReport {
    /// Adds a point.
    pub fn push(&mut self, point: Point) {
        self.points.push(point);
    }

    /// Counts a cell. The best that becomes of it in any row counts.
    pub fn count(&mut self, cell: CellKey, fate: Fate) {
        let now = self.fates.entry(cell).or_insert(fate);
        *now = (*now).max(fate);
    }

    /// How many cells there are, were written, were skipped and were not written.
    pub fn counts(&self) -> Counts {
        let of = |fate| self.fates.values().filter(|f| **f == fate).count();
        Counts {
            cells: self.fates.len(),
            written: of(Fate::Written),
            skipped: of(Fate::Skipped),
            errors: of(Fate::Error),
        }
    }

    /// Whether the author has to decide something.
    pub fn is_open(&self) -> bool {
        self.points.iter().any(|point| point.kind.is_open())
    }

    /// The points as findings.
    pub fn findings(&self) -> Findings {
        let mut findings = Findings::default();
        for point in &self.points {
            findings.push(point.finding());
        }
        findings
    }
}

/// How many cells with a text there are, and what became of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub cells: usize,
    /// Those that are in the sources.
    pub written: usize,
    /// Those that were left out on purpose.
    pub skipped: usize,
    /// Those that were not understood, or that contradict others.
    pub errors: usize,
}
