//! Turns tables of foreign files into the sources of a project, by a vocabulary that says
//! what their columns and texts mean. What it does not say is reported, never guessed.
//! Files are read and written elsewhere.

mod bound;
mod draft;
mod facts;
mod grid;
mod head;
mod lines;
mod lists;
mod matrix;
mod meaning;
mod notes;
mod pattern;
mod reading;
mod report;
mod sources;
mod vocabulary;
mod words;
mod yaml;

use std::sync::Arc;

use crate::findings::Findings;
use crate::import::notes::Footnotes;
use crate::import::words::Words;
use crate::input::{TableWords, VocabularyFile, parse_record};

pub use crate::import::grid::{CellPlace, Foreign, ForeignError, ReadOptions, read};
pub use crate::import::report::{Counts, ImportReport, Point, PointKind, ReadPlace};
pub use crate::import::sources::SourceFile;

/// A foreign file that was read.
pub struct ForeignFile {
    /// Its path, as the user named it.
    pub path: Arc<str>,
    /// What is in it.
    pub foreign: Foreign,
}

/// What an import makes.
pub struct Imported {
    /// The files of the project.
    pub files: Vec<SourceFile>,
    /// What the author has to know.
    pub report: ImportReport,
}

/// Makes a new project from foreign files.
///
/// # Errors
/// Mistakes in the vocabulary.
pub fn import(files: &[ForeignFile], vocabulary: &VocabularyFile) -> Result<Imported, Findings> {
    let wrong = vocabulary::mistakes(vocabulary);
    if !wrong.list.is_empty() {
        return Err(wrong);
    }
    let any = any_table();
    let words = Words::new(vocabulary, any.as_ref());
    let mut report = ImportReport::default();
    report_left_out(files, &mut report);
    report_without_tables(files, &mut report);
    let title = title(files, vocabulary);
    let tables = bound::bind(bound::tables(files), &words, &mut report);
    let mut notes = Footnotes::find(files, &tables, &words, &mut report);
    let mut readings = Vec::new();
    for table in tables.iter().enumerate() {
        readings.extend(reading::read(table, &words, &mut notes, &mut report));
    }
    notes.report_unused(&mut report);
    let matrix = matrix::join(readings, &words, &title, &mut report);
    vocabulary::report_unused(&words, &mut report);
    let sources = sources::new_project(&matrix, &words, &title);
    for point in &mut report.points {
        let row = point.row.as_ref().and_then(|row| sources.rows.get(row));
        point.written = row.cloned();
    }
    Ok(Imported {
        files: sources.files,
        report,
    })
}

/// An entry that fits all tables and says nothing about them.
fn any_table() -> Option<TableWords> {
    parse_record(&Arc::from("vocabulary"), "{}").record
}

/// The title of the site: that of the vocabulary, or the first heading.
fn title(files: &[ForeignFile], vocabulary: &VocabularyFile) -> String {
    if let Some(title) = &vocabulary.title {
        return title.value.clone();
    }
    let mut pieces = files.iter().flat_map(|file| &file.foreign.pieces);
    let heading = pieces.find_map(|piece| match piece {
        grid::ForeignPiece::Heading { text, .. } => Some(bound::line_of(text)),
        _ => None,
    });
    heading.unwrap_or_else(|| "Shared responsibility model".to_string())
}

/// Reports files that have no table.
fn report_without_tables(files: &[ForeignFile], report: &mut ImportReport) {
    for file in files {
        if file.foreign.grids().next().is_none() {
            let origin = ReadPlace {
                file: file.path.clone(),
                place: CellPlace::File {
                    line: 1,
                    column: 1,
                    span: Some(0..0),
                },
            };
            report.push(Point::at(
                PointKind::Unknown,
                &origin,
                "there is no table in this file",
            ));
        }
    }
}

/// Reports what no reader of the file sees, such as hidden rows.
fn report_left_out(files: &[ForeignFile], report: &mut ImportReport) {
    for file in files {
        for left_out in &file.foreign.left_out {
            let origin = ReadPlace {
                file: file.path.clone(),
                place: left_out.place.clone(),
            };
            let message = format!("not read ({}): {}", left_out.what.words(), left_out.text);
            let point = Point::at(PointKind::Skipped, &origin, message);
            report.push(point.text(&left_out.text));
        }
    }
}
