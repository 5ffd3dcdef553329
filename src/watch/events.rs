//! The file events of the system: which folders it is asked to tell of, and what
//! it told until somebody asks. It does not know which paths count.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, MetadataKind, ModifyKind, RenameMode};
use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Most paths kept for a reader who does not come; more are an overflow.
const MAX_SEEN: usize = 100_000;

/// What happened to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathChange {
    /// Its content was written.
    Content,
    /// Its rights, its times or the like were.
    Attributes,
    /// It came, went or moved.
    Structure,
}

/// What an event says has changed; nothing, when somebody only read.
fn change_of(kind: &EventKind) -> Option<PathChange> {
    match kind {
        // The only word of a file that was changed through mapped memory.
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(PathChange::Content),
        EventKind::Access(_) => None,
        EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime)) => None,
        EventKind::Modify(ModifyKind::Metadata(_)) => Some(PathChange::Attributes),
        EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) => Some(PathChange::Content),
        _ => Some(PathChange::Structure),
    }
}

/// All events about one path since somebody asked.
pub struct PathEvents {
    /// The gravest of them.
    pub change: PathChange,
    /// Whether the first of them made the path.
    pub born: bool,
    /// When the last of them came.
    pub last: Instant,
}

/// What there is to tell.
#[derive(Default)]
pub struct Inbox {
    /// Events by path.
    pub seen: BTreeMap<PathBuf, PathEvents>,
    /// Whether events were lost.
    pub overflow: bool,
    /// Whether a look was asked for.
    pub look: bool,
    /// Whether somebody wants it all to end.
    pub ended: bool,
}

impl Inbox {
    fn is_empty(&self) -> bool {
        self.seen.is_empty() && !self.overflow && !self.look && !self.ended
    }
}

/// Where events wait until somebody asks. None is dropped for being about a path
/// that is not watched: the next set may hold it, read before the change.
#[derive(Default)]
pub struct Mail {
    inbox: Mutex<Inbox>,
    bell: Condvar,
}

impl Mail {
    /// Changes the inbox and wakes whoever waits for it.
    pub fn put(&self, change: impl FnOnce(&mut Inbox)) {
        change(&mut self.open());
        self.bell.notify_all();
    }

    fn open(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an event of the system in.
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

    /// Everything there is, as soon as there is something or it is time.
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

/// The folders the system tells of. Never a file: one that is saved by renaming
/// another over it would take its events along.
pub struct Native {
    watcher: RecommendedWatcher,
    held: BTreeSet<PathBuf>,
}

impl Native {
    /// Lets the system put its events into `mail`.
    ///
    /// # Errors
    /// Why it will not tell anything, in words.
    pub fn new(mail: Arc<Mail>) -> Result<Self, String> {
        let watcher = notify::recommended_watcher(move |event| mail.receive(event));
        let held = BTreeSet::new();
        let watcher = watcher.map_err(|error| words(&error))?;
        Ok(Native { watcher, held })
    }

    /// Asks for these folders, or the nearest above that can be had, and for no
    /// others. `None` when that changed nothing, or else those that are new.
    ///
    /// # Errors
    /// Why no more can be had, in words.
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
        // On some systems this stops all events until `commit`, so nothing may
        // leave early in between.
        let mut watches = self.watcher.paths_mut();
        // A folder may have got another name. It is one to the system, so what
        // is given up goes first, or it would take the new watch along.
        let needed = |held: &Path| wanted.iter().any(|folder| folder.starts_with(held));
        self.held.retain(|held| {
            let keep = needed(held);
            if !keep {
                // It may be gone already.
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

    /// Gives up all folders: some are not what they were.
    pub fn release(&mut self) {
        let mut watches = self.watcher.paths_mut();
        for folder in mem::take(&mut self.held) {
            let _ = watches.remove(&folder);
        }
        let _ = watches.commit();
    }
}

/// Whether the system will not watch more folders, whichever they are.
fn is_limit(error: &notify::Error) -> bool {
    // EMFILE, ENFILE and ENOSPC, the same numbers on every Unix.
    let codes = [Some(23), Some(24), Some(28)];
    match &error.kind {
        ErrorKind::MaxFilesWatch => true,
        ErrorKind::Io(error) => cfg!(unix) && codes.contains(&error.raw_os_error()),
        _ => false,
    }
}

/// Why there are no events, and on Linux which limit to raise.
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

/// The kind of a file system that keeps changes made elsewhere to itself, when
/// the path is on one: a share of another machine, or of the host of a virtual
/// one. `mounts` is the text of `/proc/self/mountinfo`.
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
        // Blanks and the like are written as three octal digits.
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
        // Of two mounts at one place the later hides the former.
        if path.starts_with(&point) && point.len() >= best.0 {
            best = (point.len(), kind);
        }
    }
    let kind = best.1;
    (SILENT.contains(&kind) || kind.starts_with("fuse.")).then(|| kind.to_string())
}
