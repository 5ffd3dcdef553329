//! The file events of the system: which folders it is asked to watch, and the events
//! until they are read. Which paths matter is not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, MetadataKind, ModifyKind, RenameMode};
use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Most paths that are kept until they are read; more count as an overflow.
const MAX_SEEN: usize = 100_000;

/// What happened to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathChange {
    /// Its content was written.
    Content,
    /// Its permissions, times or other attributes were changed.
    Attributes,
    /// It was created, removed or moved.
    Structure,
}

/// What an event says has changed; `None` if a file was only read.
fn change_of(kind: &EventKind) -> Option<PathChange> {
    match kind {
        // The only event for a file that was changed through mapped memory.
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(PathChange::Content),
        EventKind::Access(_) => None,
        EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime)) => None,
        EventKind::Modify(ModifyKind::Metadata(_)) => Some(PathChange::Attributes),
        EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) => Some(PathChange::Content),
        _ => Some(PathChange::Structure),
    }
}

/// All events about one path since the last read.
pub struct PathEvents {
    /// The most serious change among them.
    pub change: PathChange,
    /// Whether the first of them created the path.
    pub born: bool,
    /// When the last of them arrived.
    pub last: Instant,
}

/// What has happened since the last read.
#[derive(Default)]
pub struct Inbox {
    /// Events by path.
    pub seen: BTreeMap<PathBuf, PathEvents>,
    /// Whether events were lost.
    pub overflow: bool,
    /// Whether a look was asked for.
    pub look: bool,
    /// Whether waiting is to end.
    pub ended: bool,
}

impl Inbox {
    fn is_empty(&self) -> bool {
        self.seen.is_empty() && !self.overflow && !self.look && !self.ended
    }
}

/// Keeps events until they are read. Events about unwatched paths are kept too: the
/// next set may contain such a path, and may have read it before the change.
#[derive(Default)]
pub struct Mail {
    inbox: Mutex<Inbox>,
    bell: Condvar,
}

impl Mail {
    /// Changes the inbox and wakes the thread that waits for it.
    pub fn put(&self, change: impl FnOnce(&mut Inbox)) {
        change(&mut self.open());
        self.bell.notify_all();
    }

    fn open(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an event of the system.
    pub fn receive(&self, event: notify::Result<notify::Event>) {
        let event = match event {
            Ok(event) if !event.need_rescan() => event,
            _ => return self.put(|inbox| inbox.overflow = true),
        };
        let Some(change) = change_of(&event.kind) else {
            return;
        };
        let moved_in = EventKind::Modify(ModifyKind::Name(RenameMode::To));
        let born = event.kind.is_create() || event.kind == moved_in;
        let last = Instant::now();
        self.put(|inbox| {
            for path in event.paths {
                let first = PathEvents { change, born, last };
                let seen = inbox.seen.entry(path).or_insert(first);
                seen.change = seen.change.max(change);
                seen.last = last;
            }
            if inbox.seen.len() > MAX_SEEN {
                inbox.seen.clear();
                inbox.overflow = true;
            }
        });
    }

    /// Takes everything as soon as there is something, or at the time `due`.
    pub fn take(&self, due: Option<Instant>) -> Inbox {
        let mut inbox = self.open();
        while inbox.is_empty() {
            let left = due.map(|due| due.saturating_duration_since(Instant::now()));
            inbox = match left {
                Some(Duration::ZERO) => break,
                Some(left) => {
                    let woken = self.bell.wait_timeout(inbox, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let woken = self.bell.wait(inbox);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
        let ended = inbox.ended;
        let emptied = Inbox {
            ended,
            ..Inbox::default()
        };
        mem::replace(&mut inbox, emptied)
    }
}

/// The folders that the system watches. Files are never watched: when a file is saved
/// by renaming another one over it, the watch would follow the old file.
pub struct Native {
    watcher: RecommendedWatcher,
    held: BTreeSet<PathBuf>,
}

impl Native {
    /// Makes the system put its events into `mail`.
    ///
    /// # Errors
    /// Why the system will not send events, as text.
    pub fn new(mail: Arc<Mail>) -> Result<Self, String> {
        let watcher = notify::recommended_watcher(move |event| mail.receive(event));
        let held = BTreeSet::new();
        let watcher = watcher.map_err(|error| words(&error))?;
        Ok(Native { watcher, held })
    }

    /// Watches these folders, or the nearest existing ones above them, and no others.
    /// Returns the new ones, or `None` if nothing changed.
    ///
    /// # Errors
    /// Why no more folders can be watched, as text.
    pub fn watch_folders(
        &mut self,
        wanted: &BTreeSet<PathBuf>,
    ) -> Result<Option<BTreeSet<PathBuf>>, String> {
        if *wanted == self.held {
            return Ok(None);
        }
        let before = self.held.clone();
        let mut keep = BTreeSet::new();
        let mut added = BTreeSet::new();
        // On some systems this stops all events until `commit`, so there must be no
        // early return in between.
        let mut watches = self.watcher.paths_mut();
        // A folder may have been renamed. To the system it is still the same one, so
        // old watches are removed first, or the new watch would be removed with them.
        let needed = |held: &Path| wanted.iter().any(|folder| folder.starts_with(held));
        self.held.retain(|held| {
            let keep = needed(held);
            if !keep {
                // The folder may no longer exist.
                let _ = watches.remove(held);
            }
            keep
        });
        let mut outcome = Ok(());
        'folders: for folder in wanted {
            for near in folder.ancestors() {
                if !self.held.contains(near) && !keep.contains(near) {
                    match watches.add(near, RecursiveMode::NonRecursive) {
                        Ok(()) => added.insert(near.to_path_buf()),
                        Err(error) if near.parent().is_none() || is_limit(&error) => {
                            outcome = Err(words(&error));
                            break 'folders;
                        }
                        Err(_) => continue,
                    };
                }
                keep.insert(near.to_path_buf());
                break;
            }
        }
        for folder in self.held.difference(&keep) {
            let _ = watches.remove(folder);
        }
        let committed = watches.commit().map_err(|error| words(&error));
        let changed = before != keep;
        self.held = keep;
        outcome.and(committed)?;
        Ok(changed.then_some(added))
    }

    /// Stops watching all folders, because some of them have moved.
    pub fn release(&mut self) {
        let mut watches = self.watcher.paths_mut();
        for folder in mem::take(&mut self.held) {
            let _ = watches.remove(&folder);
        }
        let _ = watches.commit();
    }
}

/// Whether the system has reached its limit and will not watch any more folders.
fn is_limit(error: &notify::Error) -> bool {
    // EMFILE, ENFILE and ENOSPC, the same numbers on every Unix.
    let codes = [Some(23), Some(24), Some(28)];
    match &error.kind {
        ErrorKind::MaxFilesWatch => true,
        ErrorKind::Io(error) => cfg!(unix) && codes.contains(&error.raw_os_error()),
        _ => false,
    }
}

/// Why there are no events and, on Linux, which limit to raise.
fn words(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => {
            "no more folders can be watched (raise sysctl fs.inotify.max_user_watches)".into()
        }
        ErrorKind::Io(error) if cfg!(target_os = "linux") && error.raw_os_error() == Some(24) => {
            "too many watchers or open files (raise sysctl fs.inotify.max_user_instances or ulimit -n)".into()
        }
        _ => error.to_string(),
    }
}

/// The kind of the path's file system, if it is one that sends no events for changes
/// made elsewhere: a share of another machine, or of a virtual machine's host.
/// `mounts` is the text of `/proc/self/mountinfo`.
pub fn silent_mount(mounts: &str, path: &Path) -> Option<String> {
    const SILENT: &[&str] = &[
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "davfs",
        "drvfs",
        "fakeowner",
        "glusterfs",
        "gpfs",
        "grpcfuse",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "osxfs",
        "prl_fs",
        "smb3",
        "smbfs",
        "v9fs",
        "vboxsf",
        "virtiofs",
        "vmhgfs",
    ];
    let mut best: (usize, &str) = (0, "");
    for line in mounts.lines() {
        let mut fields = line.split(' ');
        let (Some(point), Some("-")) = (fields.nth(4), fields.by_ref().find(|f| *f == "-")) else {
            continue;
        };
        let kind = fields.next().unwrap_or("");
        // Spaces and similar characters are written as three octal digits.
        let point = [
            ("\\040", " "),
            ("\\011", "\t"),
            ("\\012", "\n"),
            ("\\134", "\\"),
        ]
        .iter()
        .fold(point.to_string(), |text, (code, plain)| {
            text.replace(code, plain)
        });
        // If two mounts have the same path, the later one hides the earlier one.
        if path.starts_with(&point) && point.len() >= best.0 {
            best = (point.len(), kind);
        }
    }
    let kind = best.1;
    (SILENT.contains(&kind) || kind.starts_with("fuse.")).then(|| kind.to_string())
}
