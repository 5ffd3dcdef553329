//! Messages during work: the progress of a long run, and the result of each rebuild.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::cli::terminal::{Terminal, elapsed, pages};
use crate::cli::told::Told;
use crate::report::{self, ReportFormat};
use crate::serve::preview;

/// A line with the progress of a long run, on a terminal only.
pub(super) struct ProgressLine {
    shown: bool,
    started: Instant,
    last: Mutex<Instant>,
}

/// Width of the line. It is cleared with spaces, because control codes do not work on
/// every terminal.
const PROGRESS: usize = 48;

impl ProgressLine {
    pub(super) fn new(terminal: &Terminal) -> Self {
        let now = Instant::now();
        ProgressLine {
            shown: !terminal.quiet && std::io::stderr().is_terminal(),
            started: now,
            last: Mutex::new(now),
        }
    }

    pub(super) fn step(&self, done: usize, all: usize) {
        if !self.shown || self.started.elapsed() < Duration::from_secs(1) {
            return;
        }
        // If another thread is printing, do not wait for it.
        if let Ok(mut last) = self.last.try_lock()
            && last.elapsed() > Duration::from_millis(100)
        {
            *last = Instant::now();
            let line = format!("rendering {done} of {all} pages");
            let _ = write!(std::io::stderr(), "\r{line:PROGRESS$}");
        }
    }

    pub(super) fn end(&self) {
        if self.shown && self.started.elapsed() >= Duration::from_secs(1) {
            let _ = write!(std::io::stderr(), "\r{:PROGRESS$}\r", "");
        }
    }
}

/// Reports each rebuild to the author: one line, and the findings that are new.
pub(super) struct Teller {
    terminal: Terminal,
    format: ReportFormat,
    told: Arc<Mutex<Told>>,
}

impl Clone for Teller {
    fn clone(&self) -> Self {
        Teller {
            told: self.told.clone(),
            ..*self
        }
    }
}

impl Teller {
    pub(super) fn new(terminal: Terminal, format: ReportFormat) -> Self {
        Teller {
            terminal,
            format,
            told: Arc::default(),
        }
    }

    pub(super) fn tell(&self, event: &preview::Event<'_>) {
        let (look, time) = match event {
            preview::Event::Serving(_) => return,
            preview::Event::Remark(line) => return self.terminal.say(line),
            preview::Event::Looked(look, time) => (look, time),
        };
        let Some(revision) = &look.revision else {
            return;
        };
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(news) = told.news(&look.findings, &look.source, self.format) {
            let all = self.terminal.verbose;
            self.terminal.report(&news, &look.source, self.format, all);
        }
        let changed = match look.sources.as_slice() {
            _ if revision.number == 1 => "everything".to_string(),
            [] => "more pages".to_string(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        };
        let time = elapsed(*time);
        let what = match &revision.changed {
            _ if revision.failed && revision.site.is_none() => {
                format!("there is no site yet ({time})")
            }
            _ if revision.failed => format!("the last good site stays ({time})"),
            Some(paths) => {
                let is_page = |path: &&String| {
                    let site = revision.site.as_ref();
                    site.is_some_and(|site| site.is_page(path))
                };
                let changed = paths.iter().filter(is_page).count();
                format!("{changed} of {} changed in {time}", pages(look.pages))
            }
            None => format!("{} in {time}", pages(look.pages)),
        };
        self.terminal.say(&format!(
            "{changed}: {what}; {}",
            report::summary(&look.findings)
        ));
    }
}
