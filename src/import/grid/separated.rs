//! Reads CSV and TSV files. The separator is given, named in the file, or found.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use crate::import::grid::foreign::{Foreign, ForeignError, ForeignPiece, Grid, GridCell};
use crate::import::grid::limits::CellCount;
use crate::import::grid::places::Places;
use crate::import::grid::text::{Where, unstyled};

/// The separators that are tried, the most usual first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many records decide on the separator.
const SAMPLE: usize = 200;

/// A field: its text and the bytes of the file.
pub(crate) struct SeparatedField {
    pub(crate) text: String,
    pub(crate) start: usize,
    end: usize,
}

/// The records of a text that is part of another file, in which spaces may stand after a
/// separator.
pub(crate) fn records(text: &str, separator: u8) -> impl Iterator<Item = Vec<SeparatedField>> {
    let mut records = Records::new(text, separator);
    records.skips_spaces = true;
    std::iter::from_fn(move || records.next_record())
}

/// Reads a file.
pub(crate) fn read(
    text: &str,
    separator: Option<u8>,
    places: &Places<'_>,
) -> Result<Foreign, ForeignError> {
    let (separator, start) = match (separator, named(text)) {
        (given, Some((named, start))) => (given.unwrap_or(named), start),
        (Some(given), None) => (given, 0),
        (None, None) => (found(text), 0),
    };
    let mut records = Records::new(&text[start..], separator);
    let mut cells = CellCount::default();
    let mut lines = Vec::new();
    while let Some(record) = records.next_record() {
        // Every line takes memory, also one without cells.
        cells.add(record.len().max(1))?;
        let line = record.iter().enumerate().map(|(column, field)| GridCell {
            text: unstyled(&field.text, Where::Cell).into(),
            place: places.of(field.start + start, field.end + start),
            origin: (lines.len(), column),
            is_head: false,
            is_bold: false,
            is_missing: false,
        });
        let line = line.collect();
        lines.push(line);
    }
    if let Some(quote) = records.open_quote {
        return Err(ForeignError::new(
            "a quoted field that begins here does not end",
            "add the closing quote; write a quote inside a quoted field twice",
        )
        .at(places.of(quote + start, quote + start + 1)));
    }
    let has_cells = lines.iter().any(|line: &Vec<_>| !line.is_empty());
    let grid = Grid {
        caption: None,
        sheet: None,
        lines,
        head: 0,
        foot: 0,
        place: places.of(start, text.len()),
    };
    Ok(Foreign {
        pieces: has_cells
            .then_some(ForeignPiece::Table(grid))
            .into_iter()
            .collect(),
        left_out: Vec::new(),
    })
}

/// Excel writes `sep=;` into the first line of a file.
fn named(text: &str) -> Option<(u8, usize)> {
    let line = text.split_inclusive('\n').next()?;
    let rest = line.trim_end_matches(['\r', '\n']).strip_prefix("sep=")?;
    match rest.as_bytes() {
        [separator] if separator.is_ascii() => Some((*separator, line.len())),
        _ => None,
    }
}

/// The separator that gives the most records the same number of fields.
fn found(text: &str) -> u8 {
    let score = |separator: u8| {
        let mut records = Records::new(text, separator);
        let mut counts = std::collections::BTreeMap::<usize, usize>::new();
        let mut total = 0;
        while total < SAMPLE {
            let Some(record) = records.next_record() else {
                break;
            };
            if !record.is_empty() {
                *counts.entry(record.len()).or_default() += 1;
                total += 1;
            }
        }
        let usual = counts.iter().max_by_key(|(_, times)| **times);
        match usual {
            Some((fields, times)) if *fields > 1 => (times * 100 / total, *fields),
            _ => (0, 0),
        }
    };
    let mut best = (b',', (0, 0));
    for separator in SEPARATORS {
        let score = score(separator);
        if score > best.1 {
            best = (separator, score);
        }
    }
    best.0
}

/// The records of a text.
struct Records<'a> {
    reader: Reader,
    text: &'a str,
    at: usize,
    /// Lines without any field that come before the next record.
    blank: usize,
    waiting: Option<Vec<SeparatedField>>,
    /// Where a quoted field begins that does not end.
    open_quote: Option<usize>,
    buffer: Vec<u8>,
    /// Whether spaces at the beginning of a field are no part of it.
    skips_spaces: bool,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, separator: u8) -> Records<'a> {
        Records {
            reader: ReaderBuilder::new().delimiter(separator).build(),
            text,
            at: 0,
            blank: 0,
            waiting: None,
            open_quote: None,
            buffer: vec![0; 4096],
            skips_spaces: false,
        }
    }

    /// The next record. A blank line is a record without fields.
    fn next_record(&mut self) -> Option<Vec<SeparatedField>> {
        if self.waiting.is_none() {
            self.waiting = Some(self.record()?);
        }
        if self.blank > 0 {
            self.blank -= 1;
            return Some(Vec::new());
        }
        self.waiting.take()
    }

    fn record(&mut self) -> Option<Vec<SeparatedField>> {
        self.blank = self.skip_blank_lines();
        if self.at >= self.text.len() {
            return None;
        }
        let mut fields = Vec::new();
        loop {
            let (field, is_last) = self.field()?;
            fields.push(field);
            if is_last {
                return Some(fields);
            }
        }
    }

    /// The CSV engine skips blank lines, but they part tables.
    fn skip_blank_lines(&mut self) -> usize {
        let rest = &self.text[self.at..];
        let ends = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let blank = rest[..ends].bytes().filter(|byte| *byte == b'\n').count();
        self.at += ends;
        // The end of the record before may still be there.
        let before = self.text[..self.at - ends].bytes().next_back();
        let is_rest_of_end = before == Some(b'\r') && rest.starts_with('\n');
        blank - usize::from(is_rest_of_end)
    }

    /// The next field, and whether it is the last of its record.
    fn field(&mut self) -> Option<(SeparatedField, bool)> {
        if self.skips_spaces {
            let rest = &self.text[self.at..];
            self.at += rest.len() - rest.trim_start_matches(' ').len();
        }
        let start = self.at;
        let mut length = 0;
        loop {
            let input = &self.text.as_bytes()[self.at..];
            let (result, read, written) = self.reader.read_field(input, &mut self.buffer[length..]);
            self.at += read;
            length += written;
            match result {
                ReadFieldResult::OutputFull => {
                    let longer = self.buffer.len() * 2;
                    self.buffer.resize(longer, 0);
                }
                // The engine wants an empty input to end the last field.
                ReadFieldResult::InputEmpty => self.note_open_quote(start),
                ReadFieldResult::Field { record_end } => {
                    let text = String::from_utf8_lossy(&self.buffer[..length]).into_owned();
                    let raw = &self.text[start..self.at];
                    let end = if record_end {
                        start + raw.trim_end_matches(['\r', '\n']).len()
                    } else {
                        self.at - 1
                    };
                    return Some((SeparatedField { text, start, end }, record_end));
                }
                ReadFieldResult::End => return None,
            }
        }
    }

    fn note_open_quote(&mut self, start: usize) {
        let raw = &self.text[start..];
        let quotes = raw.bytes().filter(|byte| *byte == b'"').count();
        if raw.starts_with('"') && quotes % 2 == 1 {
            self.open_quote = Some(start);
        }
    }
}
