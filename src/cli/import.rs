//! `import`: foreign files to the sources of a project.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::cli::terminal::{Exit, Terminal, complain};
use crate::findings::{Code, Finding, Findings, Place};
use crate::import::{self, CellPlace, ForeignFile, Imported, Point, ReadOptions, ReadPlace};
use crate::input::{VocabularyFile, parse_record};
use crate::output::{Reach, Replacement, make_folders, replace};
use crate::report::{self, ReportFormat};
use crate::source::Source;

/// The arguments of `import`.
#[derive(Args, Debug)]
pub(super) struct ImportArgs {
    /// Files with the tables: Markdown, HTML, CSV or the text of a page
    #[arg(required = true)]
    pub files: Vec<String>,
    /// The vocabulary: what the tables, their columns and their texts mean
    #[arg(long, value_name = "FILE")]
    pub vocabulary: String,
    /// Folder of the new project; it may not have any files yet
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub into: PathBuf,
    /// Report what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ImportFormat,
}

/// How the report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ImportFormat {
    /// With an excerpt that marks the place, and help
    Human,
    /// One JSON object for each line
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

impl ImportFormat {
    fn of_findings(self) -> ReportFormat {
        match self {
            ImportFormat::Human => ReportFormat::Human,
            ImportFormat::Json => ReportFormat::Json,
            ImportFormat::Sarif => ReportFormat::Sarif,
        }
    }
}

impl Terminal {
    pub(super) fn import(&self, args: &ImportArgs) -> Exit {
        let source = Source::named();
        let (files, vocabulary) = match read(args, &source) {
            Ok(read) => read,
            Err(findings) => {
                self.report(&findings, &source, args.format.of_findings(), false);
                return Exit::Usage;
            }
        };
        let imported = match import::import(&files, &vocabulary) {
            Ok(imported) => imported,
            Err(findings) => {
                self.report(&findings, &source, args.format.of_findings(), false);
                return Exit::Usage;
            }
        };
        if let Some(file) = in_the_way(args) {
            complain(&format!(
                "error: `{file}` exists; name an empty folder with `--into`"
            ));
            return Exit::Usage;
        }
        self.tell(args, &imported, &source);
        if !args.dry_run {
            if let Err(finding) = write(args, &imported) {
                complain(&format!("error: {}", finding.message));
                return Exit::Usage;
            }
            let files = imported.files.len();
            self.say(&format!("wrote {files} files to {}", args.into.display()));
        }
        match imported.report.is_open() {
            true => Exit::Findings,
            false => Exit::Fine,
        }
    }

    /// Prints the report.
    fn tell(&self, args: &ImportArgs, imported: &Imported, source: &Source) {
        let report = &imported.report;
        let counts = report.counts();
        let sum = format!(
            "{} cells: {} written, {} skipped, {} not understood",
            counts.cells, counts.written, counts.skipped, counts.errors
        );
        if args.format == ImportFormat::Json {
            let mut lines: String = report.points.iter().map(|p| line(p, source)).collect();
            let counts = json!({
                "cells": counts.cells,
                "written": counts.written,
                "skipped": counts.skipped,
                "errors": counts.errors,
            });
            lines.push_str(&format!("{}\n", json!({ "counts": counts })));
            self.data(lines.as_bytes());
        } else {
            let mut findings = report.findings();
            findings.sort();
            self.report(&findings, source, args.format.of_findings(), false);
        }
        self.say(&sum);
    }
}

/// Reads the foreign files and the vocabulary.
fn read(
    args: &ImportArgs,
    source: &Source,
) -> Result<(Vec<ForeignFile>, VocabularyFile), Findings> {
    let mut findings = Findings::default();
    let mut files = Vec::new();
    for name in &args.files {
        let path: Arc<str> = Arc::from(name.as_str());
        let bytes = match source.bytes(name) {
            Ok(bytes) => bytes,
            Err(finding) => {
                findings.push(finding);
                continue;
            }
        };
        match import::read(name, &bytes, &ReadOptions::default()) {
            Ok(foreign) => files.push(ForeignFile {
                path: path.clone(),
                foreign,
            }),
            Err(error) => {
                let (place, message) = match &error.place {
                    Some(CellPlace::File {
                        span: Some(span), ..
                    }) => (Place::new(&path, span.clone()), error.message.clone()),
                    Some(place) => (Place::file(name), format!("{place}: {}", error.message)),
                    None => (Place::file(name), error.message.clone()),
                };
                findings.push(Finding::new(Code::ImportForeign, place, message).help(error.help));
            }
        }
        if let Ok(text) = String::from_utf8(bytes) {
            source.remember(&path, text);
        }
    }
    let file: Arc<str> = Arc::from(args.vocabulary.as_str());
    let vocabulary = match source.text(&args.vocabulary) {
        Ok(text) => {
            let parsed = parse_record::<VocabularyFile>(&file, &text.text);
            findings.extend(parsed.findings);
            parsed.record
        }
        Err(finding) => {
            findings.push(finding);
            None
        }
    };
    findings.sort();
    match vocabulary {
        Some(vocabulary) if findings.list.is_empty() => Ok((files, vocabulary)),
        _ => Err(findings),
    }
}

/// A file of a project in the folder that is to be written.
fn in_the_way(args: &ImportArgs) -> Option<String> {
    let target = Source::disk(&args.into);
    let is_there = ["book.toml", "content/srm.yaml"];
    let is_there = is_there.into_iter().find(|path| target.is_file(path));
    let path = is_there.or_else(|| target.is_folder("content").then_some("content"))?;
    Some(args.into.join(path).display().to_string())
}

/// Writes all files, or none.
fn write(args: &ImportArgs, imported: &Imported) -> Result<(), Finding> {
    let reach = Reach::new(&[&args.into]);
    let files = imported.files.iter().map(|file| Replacement {
        path: args.into.join(&file.path),
        old: None,
        new: file.text.clone().into_bytes(),
    });
    let files: Vec<Replacement> = files.collect();
    make_folders(&files, &reach)?;
    replace(&files, &reach)
}

/// A point as a line of JSON.
fn line(point: &Point, source: &Source) -> String {
    let mut line = json!({
        "kind": point.kind.word(),
        "code": point.kind.code().id(),
        "message": point.message,
        "help": point.help,
        "text": point.text,
        "row": point.row,
        "model": point.model,
    });
    match (&point.origin, &point.entry) {
        (Some(ReadPlace { file, place }), _) => {
            line["file"] = json!(&**file);
            match place {
                CellPlace::File {
                    line: l, column, ..
                } => {
                    line["line"] = json!(l);
                    line["column"] = json!(column);
                }
                place => line["cell"] = json!(place.to_string()),
            }
        }
        (None, Some(place)) => {
            line["file"] = json!(&*place.file);
            if let Some(text) = source.known(&place.file) {
                let at = crate::findings::line_col(&text.text, place.start);
                line["line"] = json!(at.line);
                line["column"] = json!(at.column);
            }
        }
        (None, None) => {}
    }
    if let Some((file, number)) = &point.written {
        line["written"] = json!({ "file": file, "line": number });
    }
    format!("{}\n", report::plain_json(&line.to_string()))
}
