//! The author's loop: rebuilds a project after each edit and publishes each revision.
//! It repeats only what an edit affects, and keeps the last good site while the
//! sources are broken. It uses no network, and reads files only through the source.

mod board;
mod follow;
mod snapshot;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::findings::{Findings, LineCol};
use crate::report;
use crate::site::{self, Checked, Memos, Options, Outcome, Site};
use crate::source::{Hint, SeenPaths, Source};
use crate::text::encode;

pub use crate::site::engine::board::{Board, Revision};
pub use crate::site::engine::follow::{everything, follow};
pub use crate::site::engine::snapshot::{File, Snapshot};

/// A project that is being edited.
pub struct Live {
    board: Board,
    asked: Arc<Asked>,
    /// The sources as of the last rebuild.
    source: Arc<Source>,
    /// Every path that was read or checked.
    seen: Arc<SeenPaths>,
    /// Stops the second half of the previous rebuild.
    superseded: Arc<AtomicBool>,
}

/// What the two halves of a rebuild share.
struct Asked {
    options: Options,
    /// Address that opens a file in an editor; `{path}`, `{line}` and `{column}` are
    /// replaced.
    editor: Option<String>,
    folder: PathBuf,
    memos: Memos,
}

/// The result of one rebuild, for reporting it to the author.
pub struct Look {
    /// Sources that were changed, added or removed, as paths in the project.
    pub sources: Vec<String>,
    /// The revision that was published; `None` if nothing is new.
    pub revision: Option<Arc<Revision>>,
    /// The number of pages in the site.
    pub pages: usize,
    /// All findings, in reading order.
    pub findings: Findings,
    /// The sources of the findings, for excerpts.
    pub source: Arc<Source>,
}

/// The second half of a rebuild: pages that repeat what other pages show.
pub struct Rest {
    asked: Arc<Asked>,
    board: Board,
    /// The number of the revision from the first half.
    follows: u64,
    snapshot: Arc<Snapshot>,
    /// The last good site before.
    before: Option<Arc<Snapshot>>,
    /// The findings of the first half, and below, whether they stopped it.
    findings: Findings,
    failed: bool,
    superseded: Arc<AtomicBool>,
}

impl Live {
    /// Prepares the loop for the project in a folder. `editor` is an address that
    /// opens a file in an editor, with `{path}`, `{line}` and `{column}`.
    pub fn new(folder: &Path, options: Options, editor: Option<String>) -> Live {
        let source = Source::watched(folder).following_links(options.follow_links);
        let asked = Asked {
            options,
            editor,
            folder: std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf()),
            memos: Memos::default(),
        };
        Live {
            board: Board::default(),
            asked: Arc::new(asked),
            source: Arc::new(source),
            seen: Arc::default(),
            superseded: Arc::default(),
        }
    }

    /// The board with the newest revision.
    pub fn board(&self) -> Board {
        self.board.clone()
    }

    /// Every path that was read or checked so far.
    pub fn seen(&self) -> Arc<SeenPaths> {
        self.seen.clone()
    }

    /// Reads the sources and publishes what is new. Large pages that repeat what
    /// others show are left for the second half, which can run while this revision is
    /// already shown.
    pub fn look(&mut self, hint: &Hint) -> (Look, Option<Rest>) {
        let asked = &self.asked;
        let source = Arc::new(self.source.look_again(hint));
        let mut findings = Findings::default();
        let config = Arc::new(site::config(&source, &asked.options, &mut findings));
        let site = Site::read(&source, config, &asked.options, findings, &asked.memos);
        let shown = self.board.now();
        let snapshot = Arc::new(Snapshot::new(site, source.clone(), shown.site.as_deref()));
        // Only now: the snapshot reads the files that are copied.
        let sources = source.differences(&self.source);
        if !source.same_places(&self.source) {
            self.seen = Arc::new(source.seen());
        }
        self.source = source.clone();
        let Checked { findings, complete } = asked.check_early(&snapshot, shown.site.as_deref());
        if complete {
            asked.memos.sweep();
        }
        let outcome = snapshot.site.outcome(&asked.options, findings);
        let revision = asked.revision(&snapshot, &shown, &outcome);
        let new = revision.differs(&shown);
        let revision = new.then(|| self.board.publish(None, revision)).flatten();
        let again = new || !sources.is_empty();
        if again {
            self.superseded.store(true, Ordering::Relaxed);
            self.superseded = Arc::default();
        }
        let rest = (again && !complete).then(|| Rest {
            asked: self.asked.clone(),
            board: self.board.clone(),
            follows: revision.as_ref().unwrap_or(&shown).number,
            snapshot: snapshot.clone(),
            before: shown.site.clone(),
            findings: outcome.findings.clone(),
            failed: outcome.failed,
            superseded: self.superseded.clone(),
        });
        let look = Look {
            sources,
            revision,
            pages: outcome.pages,
            findings: outcome.findings,
            source,
        };
        (look, rest)
    }
}

impl Rest {
    /// Whether the author is waiting for it: nothing is shown yet, or not all
    /// problems were reported.
    fn is_urgent(&self) -> bool {
        self.before.is_none() || self.failed
    }

    /// Makes the pages that were left and publishes the findings. Gives up if another
    /// rebuild began meanwhile.
    pub fn finish(self) -> Option<Look> {
        let Rest {
            asked, snapshot, ..
        } = &self;
        let over = || self.superseded.load(Ordering::Relaxed);
        let Checked { findings, .. } = snapshot.check(asked, &|_| !over());
        if over() {
            return None;
        }
        asked.memos.sweep();
        let outcome = snapshot.site.outcome(&asked.options, findings);
        if outcome.findings.list == self.findings.list {
            return None;
        }
        let shown = self.board.now();
        let mut revision = asked.revision(snapshot, &shown, &outcome);
        if outcome.failed {
            revision.site = self.before.clone();
            revision.changed = None;
        }
        let revision = self.board.publish(Some(self.follows), revision)?;
        Some(Look {
            sources: Vec::new(),
            revision: Some(revision),
            pages: outcome.pages,
            findings: outcome.findings,
            source: snapshot.source.clone(),
        })
    }
}

impl Asked {
    /// The findings of the first half of a rebuild, if the site can be shown.
    fn check_early(&self, new: &Snapshot, shown: Option<&Snapshot>) -> Checked {
        if new.site.stopped(&self.options) {
            let mut findings = new.site.findings().clone();
            findings.extend(new.unreadable.clone());
            let complete = false;
            return Checked { findings, complete };
        }
        if let Some(shown) = shown {
            new.site.reuse_reports(&shown.site, &self.memos);
        }
        let reported = new.site.reported(&self.memos);
        // Otherwise an error that is already fixed would be reported again.
        let was_wrong = new.site.had_errors(&self.memos);
        new.check(self, &|at| {
            reported[at] || was_wrong[at] || new.early(at, shown)
        })
    }

    /// The revision to publish after a snapshot was checked.
    fn revision(&self, new: &Arc<Snapshot>, shown: &Revision, outcome: &Outcome) -> Revision {
        let editor = |file: &str, at: LineCol| {
            let path = self.folder.join(file);
            let path = encode(&path.to_string_lossy());
            let address = self.editor.as_ref()?.replace("{path}", &path);
            let address = address.replace("{line}", &at.line.to_string());
            Some(address.replace("{column}", &at.column.to_string()))
        };
        let mut revision = match outcome.failed {
            true => Revision {
                site: shown.site.clone(),
                since: shown.site_number,
                changed: Some(BTreeSet::new()),
                ..Revision::default()
            },
            false => Revision::showing(new.clone(), shown),
        };
        revision.problems = report::problems(&outcome.findings, &new.source, editor);
        revision.failed = outcome.failed;
        revision
    }
}
