//! Holds the newest revision. Revisions are made in `engine`.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::report::Problem;
use crate::site::engine::snapshot::Snapshot;

/// Holds the newest revision. Cloning gives another handle to the same board.
#[derive(Clone)]
pub struct Board {
    pub(super) now: Arc<Mutex<Arc<Revision>>>,
    pub(super) number: watch::Sender<u64>,
}

impl Default for Board {
    fn default() -> Self {
        Board {
            now: Arc::default(),
            number: watch::Sender::new(0),
        }
    }
}

impl Board {
    /// The newest revision.
    pub fn now(&self) -> Arc<Revision> {
        lock(&self.now).clone()
    }

    /// Receives the number of each new revision.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.number.subscribe()
    }

    /// Publishes a revision and sets its numbers. Does nothing if it has to follow a
    /// revision that is no longer the newest.
    pub fn publish(&self, follows: Option<u64>, mut revision: Revision) -> Option<Arc<Revision>> {
        let mut now = lock(&self.now);
        if follows.is_some_and(|number| number != now.number) {
            return None;
        }
        revision.number = now.number + 1;
        let same = match (&revision.site, &now.site) {
            (Some(new), Some(old)) => Arc::ptr_eq(new, old),
            _ => false,
        };
        revision.site_number = if same {
            now.site_number
        } else {
            revision.number
        };
        *now = Arc::new(revision);
        self.number.send_replace(now.number);
        Some(now.clone())
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is shown after one rebuild.
#[derive(Default)]
pub struct Revision {
    /// Increases by one; 0 before the first rebuild.
    pub number: u64,
    /// The last good site; `None` until there is one.
    pub site: Option<Arc<Snapshot>>,
    /// Number of the revision in which this site was new.
    pub site_number: u64,
    /// The `site_number` of the revision that this one was compared with.
    pub since: u64,
    /// Paths of pages and files that differ from that revision; `None` if unknown.
    pub changed: Option<BTreeSet<String>>,
    /// Paths of pages and files that were removed since that revision.
    pub gone: BTreeSet<String>,
    /// All current findings, except acknowledged ones.
    pub problems: Vec<Problem>,
    /// Whether the problems keep the current sources from being shown, so that `site`
    /// is older.
    pub failed: bool,
}

impl Revision {
    /// A revision that shows a new site after another revision, without problems.
    pub fn showing(new: Arc<Snapshot>, shown: &Revision) -> Revision {
        let mut revision = Revision {
            since: shown.site_number,
            ..Revision::default()
        };
        if let Some(before) = &shown.site {
            if Arc::ptr_eq(&new.places, &before.places) {
                let changed = (0..new.keys.len()).filter(|at| before.keys[*at] != new.keys[*at]);
                let paths = changed.map(|at| new.site.path(at).to_string());
                revision.changed = Some(paths.collect());
            } else {
                let changed = new.paths().filter(|path| before.key(path) != new.key(path));
                revision.changed = Some(changed.map(String::from).collect());
                let gone = before.paths().filter(|path| new.key(path).is_none());
                revision.gone = gone.map(String::from).collect();
            }
        }
        revision.site = Some(new);
        revision
    }

    /// Whether readers would see a difference.
    pub(super) fn differs(&self, shown: &Revision) -> bool {
        let first = shown.number == 0 || self.site.is_some() != shown.site.is_some();
        let files = self.changed.as_ref().is_none_or(|c| !c.is_empty()) || !self.gone.is_empty();
        let words = (self.failed, &self.problems) != (shown.failed, &shown.problems);
        first || files || words
    }
}
