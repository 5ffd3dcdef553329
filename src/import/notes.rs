//! Footnotes: marks at cells, and the texts that they stand for.

use std::collections::HashMap;

use crate::import::ForeignFile;
use crate::import::bound::Bound;
use crate::import::grid::{CellText, ForeignPiece};
use crate::import::pattern::squeezed;
use crate::import::report::{Fate, ImportReport, Point, PointKind, ReadPlace};
use crate::import::words::Words;

/// The text of a footnote.
struct NoteText {
    /// The text. Markdown.
    markdown: String,
    /// The text as a reader sees it.
    plain: String,
    /// Where it is, unless the vocabulary has it.
    origin: Option<ReadPlace>,
    is_used: bool,
}

/// The footnotes of all files, by file and mark.
pub struct Footnotes<'w, 'v> {
    words: &'w Words<'v>,
    texts: HashMap<(usize, String), NoteText>,
    /// The keys of `texts`, in reading order.
    order: Vec<(usize, String)>,
}

impl<'w, 'v> Footnotes<'w, 'v> {
    /// Finds the texts in the feet of tables and outside of tables.
    pub fn find(
        files: &[ForeignFile],
        tables: &[Bound<'_, 'v>],
        words: &'w Words<'v>,
        report: &mut ImportReport,
    ) -> Footnotes<'w, 'v> {
        let mut notes = Footnotes {
            words,
            texts: HashMap::new(),
            order: Vec::new(),
        };
        for bound in tables {
            for line in &bound.table.grid.lines[bound.end..] {
                let Some(cell) = line.iter().find(|cell| !cell.text.is_empty()) else {
                    continue;
                };
                let is_note = notes.add(bound.table.file, &cell.text, &bound.table.origin(cell));
                let fate = if is_note {
                    Fate::Written
                } else {
                    Fate::Skipped
                };
                line.iter()
                    .for_each(|cell| bound.table.count(cell, fate, report));
                if !is_note {
                    let origin = bound.table.origin(cell);
                    let point = Point::at(
                        PointKind::Skipped,
                        &origin,
                        "a line of the table's foot was not read",
                    );
                    report.push(point.text(&squeezed(&cell.text.plain())));
                }
            }
        }
        for (at, file) in files.iter().enumerate() {
            for piece in &file.foreign.pieces {
                if let ForeignPiece::Text { text, place } = piece {
                    let origin = ReadPlace {
                        file: file.path.clone(),
                        place: place.clone(),
                    };
                    notes.add(at, text, &origin);
                }
            }
        }
        notes
    }

    /// Whether a text begins with a mark; then it is kept.
    fn add(&mut self, file: usize, text: &CellText, origin: &ReadPlace) -> bool {
        let mut found = false;
        for line in &text.lines {
            let mut plain = squeezed(&line.plain);
            let mut markdown = squeezed(&line.markdown);
            let mut marks = line.marks.clone();
            if marks.is_empty() {
                let keys = self.words.file.notes.0.iter();
                let mut keys = keys.map(|(mark, _)| squeezed(&mark.value));
                let Some(mark) = keys.find(|mark| after_mark(&plain, mark).is_some()) else {
                    continue;
                };
                plain = after_mark(&plain, &mark).unwrap_or_default().to_string();
                let escaped = format!("\\{mark}");
                let rest = after_mark(&markdown, &escaped).or_else(|| after_mark(&markdown, &mark));
                markdown = rest.map_or_else(|| plain.clone(), str::to_string);
                marks.push(mark);
            }
            found = true;
            for mark in marks {
                let key = (file, mark);
                if !self.texts.contains_key(&key) {
                    self.order.push(key.clone());
                    let note = NoteText {
                        markdown: markdown.clone(),
                        plain: plain.clone(),
                        origin: Some(origin.clone()),
                        is_used: false,
                    };
                    self.texts.insert(key, note);
                }
            }
        }
        found
    }

    /// The marks at a text, and the text without those that are ordinary characters.
    pub fn marks(&self, text: &CellText) -> (Vec<String>, String) {
        let mut marks: Vec<String> = text.lines.iter().flat_map(|l| l.marks.clone()).collect();
        let mut plain = squeezed(&text.plain());
        let keys = self.words.file.notes.0.iter();
        let keys: Vec<&str> = keys.map(|(mark, _)| mark.value.trim()).collect();
        let ordinary = |mark: &&&str| !mark.is_empty() && !mark.contains(is_letter);
        while let Some(mark) = keys
            .iter()
            .filter(ordinary)
            .find(|mark| plain.ends_with(**mark))
        {
            plain.truncate(plain.len() - mark.len());
            plain = squeezed(&plain);
            marks.push((*mark).to_string());
        }
        (marks, plain)
    }

    /// The text of a mark and the models that it is about; none means all.
    pub fn text_of(&mut self, file: usize, mark: &str) -> Option<(String, Vec<&'v str>)> {
        let words = self.words.file.notes.get(mark);
        let own = words.and_then(|words| words.text.as_ref());
        let models = words.map_or(&[][..], |words| &words.model.0);
        let models = models.iter().map(|text| text.value.as_str()).collect();
        let found = self.texts.get_mut(&(file, mark.to_string()));
        let markdown = match (own, found) {
            (Some(own), found) => {
                if let Some(note) = found {
                    note.is_used = true;
                }
                own.value.clone()
            }
            (None, Some(note)) => {
                note.is_used = true;
                note.markdown.clone()
            }
            (None, None) => return None,
        };
        let after = words.and_then(|words| words.after.as_ref());
        let rest = after.and_then(|after| markdown.strip_prefix(&*squeezed(&after.value)));
        Some((
            rest.map_or(markdown.clone(), |rest| rest.trim().to_string()),
            models,
        ))
    }

    /// Reports the notes that no cell refers to.
    pub fn report_unused(&self, report: &mut ImportReport) {
        for key in &self.order {
            let note = &self.texts[key];
            if let Some(origin) = note.origin.as_ref().filter(|_| !note.is_used) {
                let message = format!("no cell refers to the note `{}`", key.1);
                report.push(Point::at(PointKind::Unmatched, origin, message).text(&note.plain));
            }
        }
    }
}

/// The text after a mark at the beginning.
fn after_mark<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(mark)?;
    let goes_on = mark.ends_with(is_letter) && rest.starts_with(is_letter);
    let rest = rest.trim_start_matches([')', ':', '.']).trim_start();
    (!goes_on && !mark.is_empty() && !rest.is_empty()).then_some(rest)
}

/// Whether a character can be part of a word: a raised digit cannot.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c.is_ascii_digit()
}
