//! Reports when the sources have to be read again: by file events, and by polling
//! where there are no events. It knows paths but not contents, and neither reads nor
//! writes a file of the user. A hint always means "read again".

mod events;
mod watched_paths;

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::source::{Hint, SeenPaths, is_leaving};
use crate::watch::events::{Native, PathChange, PathEvents};
use crate::watch::watched_paths::WatchedPaths;

pub use crate::watch::events::{Mail, silent_mount};

/// A burst is over when nothing has happened for this long,
const QUIET: Duration = Duration::from_millis(10);
/// or this long after it began: a steady stream of changes must not keep the rebuild
/// waiting.
const LONGEST: Duration = Duration::from_millis(60);
/// In addition to events, everything is checked once in this many poll intervals.
const SAFETY: u32 = 10;
/// Most steps to catch up with folders that appear while they are being followed.
const MAX_STEPS: usize = 40;

/// How changes are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// By events, and by polling where there are no events.
    Auto,
    /// By events only, unless the system refuses to send any.
    Native,
    /// By checking everything once in each interval.
    Poll,
}

/// Ends or wakes a [`Watcher::wait`] from another thread.
#[derive(Clone)]
pub struct Waker(Arc<Mail>);

impl Waker {
    /// Makes the current `wait`, and every later one, return `None`.
    pub fn end(&self) {
        self.0.put(|inbox| inbox.ended = true);
    }

    /// Makes `wait` return at once, as if anything could have changed.
    pub fn look(&self) {
        self.0.put(|inbox| inbox.look = true);
    }
}

/// Changes that are combined into one hint.
#[derive(Default)]
struct Burst {
    hint: Hint,
    first: Option<Instant>,
    last: Option<Instant>,
    /// Watched paths that may lead elsewhere now.
    stale: BTreeSet<PathBuf>,
    /// Whether a folder was created, removed or moved, so that events may be about
    /// another one.
    moved: bool,
    /// New entries that Vim may remove at once.
    probes: BTreeSet<PathBuf>,
}

impl Burst {
    fn mark(&mut self, at: Instant) {
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        self.last = self.last.max(Some(at));
    }

    fn due(&self) -> Option<Instant> {
        Some((self.last? + QUIET).min(self.ends()?))
    }

    fn ends(&self) -> Option<Instant> {
        Some(self.first? + LONGEST)
    }

    /// Notes that anything may have changed.
    fn doubt(&mut self) {
        self.hint.listing = true;
        self.moved = true;
    }
}

/// Waits for changes to a set of paths.
pub struct Watcher {
    mail: Arc<Mail>,
    say: Box<dyn Fn(&str) + Send>,
    mode: Mode,
    interval: Duration,
    native: Option<Native>,
    /// Whether everything is checked once in each interval.
    polling: bool,
    looked: Instant,
    /// Changes that the last check found. Their events may still arrive.
    untold: BTreeSet<PathBuf>,
    /// How often such an event never arrived.
    missed: u32,
    watched: Arc<SeenPaths>,
    places: WatchedPaths,
    /// Folders whose events are needed.
    wanted: BTreeSet<PathBuf>,
    /// The same folders and all above them.
    trunk: HashSet<PathBuf>,
    /// Whether something may have changed before it was watched.
    again: bool,
}

impl Watcher {
    /// Creates a watcher without paths. `say` gets one line with the reason when it
    /// falls back to polling.
    pub fn new(mode: Mode, poll_interval: Duration, say: impl Fn(&str) + Send + 'static) -> Self {
        let mut watcher = Watcher {
            mail: Arc::default(),
            say: Box::new(say),
            mode,
            interval: poll_interval,
            native: None,
            polling: mode == Mode::Poll,
            looked: Instant::now(),
            untold: BTreeSet::new(),
            missed: 0,
            watched: Arc::default(),
            places: WatchedPaths::default(),
            wanted: BTreeSet::new(),
            trunk: HashSet::new(),
            again: false,
        };
        if mode != Mode::Poll {
            match Native::new(watcher.mail.clone()) {
                Ok(native) => watcher.native = Some(native),
                Err(why) => watcher.poll_because(&why),
            }
        }
        watcher
    }

    /// A handle that ends or wakes a `wait` from another thread.
    pub fn waker(&self) -> Waker {
        Waker(self.mail.clone())
    }

    /// Replaces the set of watched paths. If something may have changed between the
    /// run that read it and now, the next `wait` returns at once.
    pub fn watch(&mut self, paths: &Arc<SeenPaths>) {
        if Arc::ptr_eq(&self.watched, paths) {
            return;
        }
        let (fresh, gone) = paths.difference(&self.watched);
        self.watched = paths.clone();
        if fresh.is_empty() && gone.is_empty() {
            return;
        }
        for name in &gone {
            self.places.forget(name);
        }
        self.follow(fresh.iter());
        let unseen = self.polling && !fresh.is_empty();
        self.again |= self.update_watched_folders() || unseen;
    }

    /// Blocks until something may have changed and nothing happened for about 10 ms,
    /// or for 60 ms at most. Returns `None` if [`Waker::end`] was called.
    pub fn wait(&mut self) -> Option<Hint> {
        self.wait_until(None)
    }

    /// The same, but returns an empty hint at a time if nothing may have changed.
    pub fn wait_until(&mut self, until: Option<Instant>) -> Option<Hint> {
        let mut burst = Burst::default();
        loop {
            let again = mem::take(&mut self.again);
            let look_at = self.look_at();
            let due = burst.due().or(look_at.into_iter().chain(until).min());
            let inbox = self
                .mail
                .take(if again { Some(Instant::now()) } else { due });
            if inbox.ended {
                return None;
            }
            for (path, seen) in inbox.seen {
                self.sort(&path, &seen, &mut burst);
            }
            let now = Instant::now();
            if inbox.overflow {
                burst.doubt();
                burst.mark(now);
            }
            let at_once = again || inbox.look;
            if at_once {
                burst.hint.listing = true;
                burst.mark(now);
            }
            if burst.first.is_none() {
                if until.is_some_and(|until| until <= now) {
                    return Some(Hint::default());
                }
                if look_at.is_some_and(|at| at <= now) {
                    self.look(&mut burst);
                }
            } else if at_once || burst.due() <= Some(now) {
                // Without events, only another check shows whether it is quiet.
                let goes_on = !at_once && self.polling && Some(now) < burst.ends();
                if goes_on && self.look(&mut burst) {
                    continue;
                }
                if let Some(hint) = self.close(mem::take(&mut burst)) {
                    return Some(hint);
                }
            }
        }
    }

    /// Adds to the burst what an event means for the watched paths, if anything.
    fn sort(&mut self, path: &Path, seen: &PathEvents, burst: &mut Burst) {
        let structure = seen.change == PathChange::Structure;
        let mut counts = false;
        if let Some((names, is_folder)) = self.places.at(path) {
            // Some systems report a folder whenever something in it is written.
            counts = !is_folder || seen.change != PathChange::Content;
            if counts {
                burst.hint.listing |= structure || is_folder;
                burst.hint.paths.extend(names.iter().cloned());
                burst.stale.extend(names.iter().cloned());
            }
        }
        if structure && let Some((folders, name)) = self.places.listing_of(path) {
            counts |= !is_leaving(&name.to_string_lossy());
            burst.stale.extend(folders.iter().cloned());
            if seen.born && is_vim_probe(name) {
                burst.probes.insert(path.to_path_buf());
            } else if counts {
                burst.hint.listing = true;
                let entries = folders.iter().map(|folder| folder.join(name));
                burst.hint.paths.extend(entries);
            }
        }
        if seen.change != PathChange::Content && self.trunk.contains(path) {
            counts = true;
            burst.hint.listing = true;
            burst.moved |= structure;
        }
        if counts {
            burst.mark(seen.last);
            let told = |known: &Path| known.starts_with(path) || path.parent() == Some(known);
            self.untold.retain(|known| !told(known));
        }
    }

    /// Checks everything, and returns whether anything has changed.
    fn look(&mut self, burst: &mut Burst) -> bool {
        let found = self.places.look();
        self.looked = Instant::now();
        if !self.polling {
            self.count_missed();
            self.untold = found.telling;
        }
        if found.names.is_empty() && (found.doubtful.is_empty() || !self.polling) {
            return false;
        }
        if !self.untold.is_empty() {
            burst.doubt();
        }
        burst.hint.listing = true;
        burst.hint.paths.extend(found.names.iter().cloned());
        burst.hint.paths.extend(found.doubtful);
        burst.stale.extend(found.names);
        burst.mark(self.looked);
        true
    }

    /// Once may be a coincidence. After the second time, events are not reliable
    /// here.
    fn count_missed(&mut self) {
        if let Some(path) = self.untold.pop_first() {
            self.missed += 1;
            if self.missed > 1 {
                self.untold.clear();
                self.poll_because(&format!("no event reported a change of {}", path.display()));
            }
        }
    }

    fn look_at(&self) -> Option<Instant> {
        match self.mode {
            _ if self.polling => Some(self.looked + self.interval),
            Mode::Auto => Some(self.looked + self.interval * SAFETY),
            _ => None,
        }
    }

    /// Follows watched paths again if they may have moved. This comes before the hint
    /// is sent, so that all watches are set when the sources are read.
    fn close(&mut self, mut burst: Burst) -> Option<Hint> {
        for path in mem::take(&mut burst.probes) {
            if fs::symlink_metadata(&path).is_ok() {
                burst.hint.listing = true;
                burst.hint.paths.insert(path);
            }
        }
        if burst.moved {
            if let Some(native) = &mut self.native {
                native.release();
            }
            self.places = WatchedPaths::default();
            let watched = self.watched.clone();
            let all = watched.files.iter().chain(&watched.folders);
            self.follow(all.chain(&watched.missing));
        } else {
            self.follow(burst.stale.iter());
        }
        self.update_watched_folders();
        (burst.hint != Hint::default()).then_some(burst.hint)
    }

    fn follow<'a>(&mut self, names: impl Iterator<Item = &'a PathBuf> + Clone) {
        let folders = &self.watched.folders;
        self.places.follow(names, |name| folders.contains(name));
    }

    /// Watches the folders that are needed now, and returns whether they have
    /// changed.
    fn update_watched_folders(&mut self) -> bool {
        for step in 0..MAX_STEPS {
            if let Some(folders) = self.places.folders() {
                let above = folders.iter().flat_map(|folder| folder.ancestors());
                self.trunk = above.map(Path::to_path_buf).collect();
                self.wanted = folders;
            }
            let added = match self
                .native
                .as_mut()
                .map(|native| native.watch_folders(&self.wanted))
            {
                Some(Ok(Some(added))) => added,
                Some(Ok(None)) | None => return step > 0,
                Some(Err(why)) => {
                    self.native = None;
                    self.poll_because(&why);
                    return true;
                }
            };
            if self.mode == Mode::Auto && !self.polling {
                self.poll_unreliable_folders(&added);
            }
            // There were no events for what appeared in a folder before it was
            // watched.
            let late = self.places.changed_below(&added);
            self.follow(late.iter());
        }
        true
    }

    /// Starts polling if one of the folders is on a file system that may send no
    /// events.
    fn poll_unreliable_folders(&mut self, folders: &BTreeSet<PathBuf>) {
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        for folder in folders {
            if let Some(kind) = silent_mount(&mounts, folder) {
                let place = folder.display();
                return self.poll_because(&format!(
                    "{place} is on {kind}, which may not report changes"
                ));
            }
        }
    }

    fn poll_because(&mut self, why: &str) {
        if !mem::replace(&mut self.polling, true) {
            let every = self.interval.as_millis();
            (self.say)(&format!("checking for changes every {every} ms: {why}"));
        }
    }
}

/// Whether this may be the name with which Vim tests if it can write to the folder.
fn is_vim_probe(name: &OsStr) -> bool {
    name.as_encoded_bytes().iter().all(u8::is_ascii_digit)
}
