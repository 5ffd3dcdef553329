//! Files that must be text: read once, checked, and remembered for excerpts. What the
//! texts mean is not known here.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::findings::{Code, Digest, Finding, Findings, Place};
use crate::source::{Source, lock};

/// Largest text source in bytes. A hand-written matrix of 10,000 rows is about
/// a tenth of this; anything larger is a mistake or an attack.
pub const MAX_TEXT: u64 = 16 * 1024 * 1024;

/// Largest data of a site in bytes. That of a matrix of 10,000 rows in five models is
/// about half of this.
pub const MAX_DATA: u64 = 128 * 1024 * 1024;

/// One text: a file that was read, or a made text that findings may quote.
#[derive(Debug)]
pub struct SourceText {
    /// Path of the file, relative to the source's root.
    pub path: Arc<str>,
    /// The content, up to the first byte that is not valid.
    pub text: String,
    /// The digest of its path and bytes.
    pub hash: Digest,
    /// Why the file cannot be used as text. Its valid beginning is kept for the
    /// excerpt.
    problem: Option<Finding>,
}

impl SourceText {
    pub(super) fn new(path: &Arc<str>, text: String, problem: Option<Finding>) -> Arc<SourceText> {
        Arc::new(SourceText {
            path: path.clone(),
            hash: Digest::of(&(path, &text)),
            text,
            problem,
        })
    }
}

/// The texts of a list of files, as one source read them.
#[derive(Default)]
pub struct SourceTexts {
    pub(super) source: Option<u64>,
    pub(super) paths: Arc<Vec<String>>,
    pub(super) texts: Arc<Vec<Option<Arc<SourceText>>>>,
}

/// A file's bytes as text, up to the first invalid one, and what is wrong with them.
fn as_text(place: &Arc<str>, bytes: Vec<u8>) -> (String, Option<Finding>) {
    match String::from_utf8(bytes).map(with_line_feeds) {
        Ok(text) => {
            let problem = memchr::memchr(0, text.as_bytes()).map(|at| {
                Finding::new(
                    Code::NotText,
                    Place::new(place, at..at + 1),
                    format!("the file has a NUL byte at offset {at}"),
                )
                .help("remove it; if the file is UTF-16, save it as UTF-8")
            });
            (text, problem)
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let problem = Finding::new(
                Code::NotText,
                Place::new(place, at..at),
                format!("byte 0x{:02X} at offset {at} is not UTF-8", bytes[at]),
            )
            .help("save the file as UTF-8; Windows-1252 and UTF-16 are not supported");
            (
                String::from_utf8_lossy(&bytes[..at]).into_owned(),
                Some(problem),
            )
        }
    }
}

/// Ends lines that end with a carriage return alone, as on old Macs, with a line feed.
/// No byte moves, so findings have their places.
fn with_line_feeds(text: String) -> String {
    let has = |byte| memchr::memchr(byte, text.as_bytes()).is_some();
    match has(b'\r') && !has(b'\n') {
        true => text.replace('\r', "\n"),
        false => text,
    }
}

impl Source {
    /// Reads a source file that must be text.
    ///
    /// # Errors
    /// A finding when it cannot be read, is larger than [`MAX_TEXT`], is not
    /// UTF-8 or has a NUL byte.
    pub fn text(&self, path: &str) -> Result<Arc<SourceText>, Finding> {
        self.text_of_at_most(MAX_TEXT, path)
    }

    /// Reads the data of a site, which may be larger.
    ///
    /// # Errors
    /// The same, with [`MAX_DATA`].
    pub fn data(&self, path: &str) -> Result<Arc<SourceText>, Finding> {
        self.text_of_at_most(MAX_DATA, path)
    }

    fn text_of_at_most(&self, limit: u64, path: &str) -> Result<Arc<SourceText>, Finding> {
        let known = lock(&self.texts).get(path).cloned();
        let text = match known {
            Some(known) => known,
            None => {
                let ahead = lock(&self.ahead).remove(path);
                let text = ahead.map_or_else(|| self.read_text(path, limit), Ok)?;
                lock(&self.texts).insert_mut(text.path.clone(), text.clone());
                text
            }
        };
        match &text.problem {
            None => Ok(text),
            Some(problem) => Err(problem.clone()),
        }
    }

    fn read_text(&self, path: &str, limit: u64) -> Result<Arc<SourceText>, Finding> {
        let place: Arc<str> = Arc::from(path);
        let (text, problem) = as_text(&place, self.read(path, limit)?);
        Ok(SourceText::new(&place, text, problem))
    }

    /// Digests of many files that may be asked for as texts, which are read in
    /// parallel. When a file is asked for, its text is the one of the digest. Until
    /// then it is not known to findings, so that they have the same places in all
    /// commands.
    pub fn read_ahead(&self, paths: &[&String]) -> HashMap<Arc<str>, Digest> {
        let texts = lock(&self.texts).clone();
        let read = paths
            .par_iter()
            .filter_map(|path| match texts.get(path.as_str()) {
                Some(known) => Some(known.clone()),
                None => self.read_text(path, MAX_TEXT).ok(),
            });
        let read: Vec<Arc<SourceText>> = read.collect();
        let fine = read.iter().filter(|text| text.problem.is_none());
        let digests = fine.map(|text| (text.path.clone(), text.hash)).collect();
        let new = read
            .into_iter()
            .filter(|text| !texts.contains_key(&text.path));
        lock(&self.ahead).extend(new.map(|text| (text.path.clone(), text)));
        digests
    }

    /// Reads a sorted list of files that must be text, in parallel. A file that
    /// cannot be read is `None` and adds a finding. `before` remembers the result:
    /// when the next run asks for the same list, only files that were touched are
    /// read.
    pub fn texts(
        &self,
        paths: &Arc<Vec<String>>,
        before: &Mutex<SourceTexts>,
        findings: &mut Findings,
    ) -> Arc<Vec<Option<Arc<SourceText>>>> {
        let mut before = lock(before);
        let next = self.follows.is_some() && self.follows == before.source;
        let same = next && Arc::ptr_eq(paths, &before.paths);
        let places = 0..paths.len();
        let doubtful: BTreeSet<usize> = match same {
            false => places.collect(),
            true => {
                let touched = self.keep(|kept| kept.touched.clone()).unwrap_or_default();
                let touched = touched.iter();
                let touched = touched
                    .filter_map(|path| paths.binary_search_by(|one| one.as_str().cmp(path)).ok());
                let missing = places.filter(|at| before.texts[*at].is_none());
                touched.chain(missing).collect()
            }
        };
        let read = doubtful.par_iter().map(|at| self.text(&paths[*at]));
        let read: Vec<Result<Arc<SourceText>, Finding>> = read.collect();
        let texts = Arc::make_mut(&mut before.texts);
        if !same {
            *texts = vec![None; paths.len()];
        }
        for (at, text) in doubtful.into_iter().zip(read) {
            match text {
                Ok(text) => texts[at] = Some(text),
                Err(finding) => {
                    texts[at] = None;
                    findings.push(finding);
                }
            }
        }
        before.paths = paths.clone();
        before.source = Some(self.number);
        before.texts.clone()
    }

    /// The text of a file that was read before, for excerpts.
    pub fn known(&self, path: &str) -> Option<Arc<SourceText>> {
        let read = lock(&self.texts).get(path).cloned();
        read.or_else(|| lock(&self.made).get(path).cloned())
    }

    /// Drops the text of a file, so that no excerpt shows it.
    pub fn forget(&self, path: &str) {
        lock(&self.texts).remove_mut(path);
        lock(&self.made).remove(path);
    }

    /// Keeps a text that was made rather than read, so that findings about it
    /// can show an excerpt: a built-in template, a rendered page.
    pub fn remember(&self, path: &Arc<str>, text: String) {
        lock(&self.made).insert(path.clone(), SourceText::new(path, text, None));
    }
}
