//! Where watched paths really are: links followed, the nearest entry that is
//! there for what is missing, and stamps that tell whether one has changed. It
//! looks at names and times only, never into a file, and waits for nothing.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Most links that are followed for one path.
const MAX_LINKS: usize = 40;

/// What tells two states of an entry apart without reading it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Stamp {
    /// `l`ink, `d`irectory, `f`ile, `-` for nothing, `!` for out of reach.
    kind: char,
    size: u64,
    modified: Option<SystemTime>,
    id: u64,
    /// When anything about it last changed; nobody can set it (Unix).
    changed: (i64, i64),
}

impl Stamp {
    fn of(path: &Path) -> Stamp {
        let meta = match fs::symlink_metadata(path) {
            Ok(meta) => meta,
            Err(error) => {
                let missing = error.kind() == io::ErrorKind::NotFound;
                let kind = if missing { '-' } else { '!' };
                return Stamp {
                    kind,
                    ..Stamp::default()
                };
            }
        };
        #[cfg(unix)]
        let (id, changed, rights) = {
            use std::os::unix::fs::MetadataExt;
            let changed = (meta.ctime(), meta.ctime_nsec());
            (meta.ino(), changed, meta.mode())
        };
        #[cfg(not(unix))]
        let (id, changed, rights) = (0, (0, 0), u32::from(meta.permissions().readonly()));
        if meta.is_dir() {
            // The times of a folder tell of its entries, and those are listed.
            return Stamp {
                kind: 'd',
                size: u64::from(rights),
                id,
                ..Stamp::default()
            };
        }
        Stamp {
            kind: if meta.is_symlink() { 'l' } else { 'f' },
            size: meta.len(),
            modified: meta.modified().ok(),
            id,
            changed,
        }
    }

    /// Until when something may have been written that the stamp does not show,
    /// within one step of the clock of the disk. Some count in seconds, or two.
    fn doubt(&self) -> Option<Instant> {
        let modified = self.modified?;
        let whole = modified.duration_since(UNIX_EPOCH).ok()?.subsec_nanos() == 0;
        let step = Duration::from_millis(if whole { 2100 } else { 25 });
        let age = match SystemTime::now().duration_since(modified) {
            Ok(age) => age,
            Err(ahead) => ahead.duration(),
        };
        (age < step).then(|| Instant::now() + step)
    }

    /// Whether the two differ at most in what another hard link or a label of
    /// the system changes too.
    fn same_content(&self, other: &Stamp) -> bool {
        let changed = other.changed;
        *other == Stamp { changed, ..*self }
    }
}

/// Names and kinds of what is in a folder, as one number.
fn listing(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let mut sum: u64 = 1;
    for entry in entries.flatten() {
        let name = entry.file_name();
        if !is_leaving(&name) {
            let kind = entry.file_type().map(|t| (t.is_dir(), t.is_symlink()));
            let mut hasher = DefaultHasher::new();
            (name, kind.unwrap_or_default()).hash(&mut hasher);
            sum = sum.wrapping_add(hasher.finish());
        }
    }
    sum
}

/// Hidden files and what editors leave behind: `source` does not list them.
pub fn is_leaving(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".swp")
        || (name.starts_with('#') && name.ends_with('#'))
        || name == "Thumbs.db"
}

/// A path as the disk spells it, where capitals make no difference: events come
/// in the spelling of the disk.
fn as_spelled(path: PathBuf) -> PathBuf {
    if cfg!(target_os = "macos") {
        return fs::canonicalize(&path).unwrap_or(path);
    }
    path
}

/// Where a path leads.
#[derive(Clone, Default)]
struct Way {
    /// The links on the way, and the entry that has to come first when the way
    /// breaks off.
    stops: Vec<PathBuf>,
    /// What is at its end, by the real path.
    end: Option<PathBuf>,
}

/// Follows paths. It remembers the ways of folders, as most files share theirs,
/// so a guide is for one look only.
#[derive(Default)]
pub struct Guide {
    folders: HashMap<PathBuf, Way>,
}

impl Guide {
    fn folder(&mut self, path: &Path, links: usize) -> Way {
        if let Some(way) = self.folders.get(path) {
            return way.clone();
        }
        let mut way = self.follow(path, links);
        way.end = way.end.map(as_spelled);
        self.folders.insert(path.to_path_buf(), way.clone());
        way
    }

    fn follow(&mut self, path: &Path, links: usize) -> Way {
        let Some(parent) = path.parent() else {
            let end = Some(path.to_path_buf());
            return Way { end, stops: vec![] };
        };
        let mut way = self.folder(parent, links);
        let Some(folder) = way.end.take() else {
            return way;
        };
        let Some(name) = path.file_name() else {
            way.end = Some(folder.parent().unwrap_or(&folder).to_path_buf());
            return way;
        };
        let entry = folder.join(name);
        match fs::symlink_metadata(&entry) {
            Ok(meta) if meta.is_symlink() && links < MAX_LINKS => {
                if let Ok(target) = fs::read_link(&entry) {
                    let rest = self.follow(&folder.join(target), links + 1);
                    way.stops.extend(rest.stops);
                    way.end = rest.end;
                }
                way.stops.push(entry);
            }
            Ok(_) => way.end = Some(entry),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => way.stops.push(folder),
            Err(_) => way.stops.push(entry),
        }
        way
    }
}

/// An entry of a real folder that watched paths hang on.
struct Place {
    /// Those paths, as they are known to the watcher's user.
    names: BTreeSet<PathBuf>,
    stamp: Stamp,
    doubt: Option<Instant>,
}

/// A real folder whose entries count.
struct Listed {
    names: BTreeSet<PathBuf>,
    sum: u64,
}

/// What a look at everything found.
#[derive(Default)]
pub struct Differences {
    /// Watched paths that are not as they were.
    pub names: BTreeSet<PathBuf>,
    /// The same that may have changed within one step of the disk's clock.
    pub doubtful: BTreeSet<PathBuf>,
    /// Real paths whose change must have made an event.
    pub telling: BTreeSet<PathBuf>,
}

/// All watched paths, and where they are.
#[derive(Default)]
pub struct Places {
    routes: HashMap<PathBuf, (Vec<PathBuf>, Option<PathBuf>)>,
    places: HashMap<PathBuf, Place>,
    listed: HashMap<PathBuf, Listed>,
    /// Folders with places in them, and how many.
    holders: HashMap<PathBuf, usize>,
    /// Whether the folders whose events are needed may be others now.
    moved: bool,
}

impl Places {
    /// Finds out, for the first time or anew, where a path leads.
    pub fn route(&mut self, name: &Path, is_folder: bool, guide: &mut Guide) {
        self.forget(name);
        let Way { mut stops, end } = guide.follow(name, 0);
        stops.extend(end.clone());
        let end = end.map(as_spelled);
        stops.extend(end.clone());
        stops.sort();
        stops.dedup();
        for stop in &stops {
            self.place(stop, name);
        }
        let folder = end.filter(|_| is_folder);
        if let Some(folder) = &folder {
            let sum = listing(folder);
            let names = BTreeSet::new();
            let fresh = Listed { names, sum };
            self.moved |= !self.listed.contains_key(folder);
            let listed = self.listed.entry(folder.clone()).or_insert(fresh);
            listed.names.insert(name.to_path_buf());
            listed.sum = sum;
        }
        self.routes.insert(name.to_path_buf(), (stops, folder));
    }

    fn place(&mut self, stop: &Path, name: &Path) {
        let place = self.places.entry(stop.to_path_buf()).or_insert_with(|| {
            if let Some(folder) = stop.parent() {
                let count = self.holders.entry(folder.to_path_buf()).or_default();
                self.moved |= *count == 0;
                *count += 1;
            }
            Place {
                names: BTreeSet::new(),
                stamp: Stamp::default(),
                doubt: None,
            }
        });
        place.names.insert(name.to_path_buf());
        place.stamp = Stamp::of(stop);
        place.doubt = place.stamp.doubt();
    }

    /// Takes a path out of the set.
    pub fn forget(&mut self, name: &Path) {
        let Some((stops, folder)) = self.routes.remove(name) else {
            return;
        };
        for stop in stops {
            let Some(place) = self.places.get_mut(&stop) else {
                continue;
            };
            place.names.remove(name);
            if place.names.is_empty() {
                self.places.remove(&stop);
                self.let_go(&stop);
            }
        }
        if let Some(folder) = folder
            && let Some(listed) = self.listed.get_mut(&folder)
        {
            listed.names.remove(name);
            if listed.names.is_empty() {
                self.listed.remove(&folder);
                self.moved = true;
            }
        }
    }

    fn let_go(&mut self, stop: &Path) {
        if let Some(folder) = stop.parent()
            && let Some(count) = self.holders.get_mut(folder)
        {
            *count -= 1;
            if *count == 0 {
                self.holders.remove(folder);
                self.moved = true;
            }
        }
    }

    /// The real folders whose events are needed: those with places in them,
    /// those that are listed, and those between two of them, which may move.
    /// `None` while they are the same as when this was last asked.
    pub fn folders(&mut self) -> Option<BTreeSet<PathBuf>> {
        if !mem::take(&mut self.moved) {
            return None;
        }
        let mut all: BTreeSet<PathBuf> = self.holders.keys().cloned().collect();
        all.extend(self.listed.keys().cloned());
        let mut between = Vec::new();
        for folder in &all {
            let above = folder.ancestors().skip(1);
            if let Some(gap) = above.clone().position(|up| all.contains(up)) {
                between.extend(above.take(gap).map(Path::to_path_buf));
            }
        }
        all.extend(between);
        Some(all)
    }

    /// The watched paths that hang on an entry, and whether it is a folder.
    pub fn at(&self, path: &Path) -> Option<(&BTreeSet<PathBuf>, bool)> {
        let place = self.places.get(path)?;
        Some((&place.names, place.stamp.kind == 'd'))
    }

    /// The watched names of the folder an entry is listed in, and its own name.
    pub fn listing_of<'a>(&self, entry: &'a Path) -> Option<(&BTreeSet<PathBuf>, &'a OsStr)> {
        let listed = self.listed.get(entry.parent()?)?;
        Some((&listed.names, entry.file_name()?))
    }

    /// The watched paths that hang on something in these folders that is not as
    /// it was.
    pub fn changed_in(&self, folders: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
        let mut names = BTreeSet::new();
        for (path, place) in &self.places {
            let inside = path.parent().is_some_and(|folder| folders.contains(folder));
            if inside && Stamp::of(path) != place.stamp {
                names.extend(place.names.iter().cloned());
            }
        }
        for (path, listed) in &self.listed {
            if folders.contains(path) && listing(path) != listed.sum {
                names.extend(listed.names.iter().cloned());
            }
        }
        names
    }

    /// Looks at every place and listing, and takes the new state as known.
    pub fn look(&mut self) -> Differences {
        let mut found = Differences::default();
        for (path, place) in &mut self.places {
            let stamp = Stamp::of(path);
            if stamp != place.stamp {
                if !stamp.same_content(&place.stamp) {
                    found.telling.insert(path.clone());
                }
                (place.stamp, place.doubt) = (stamp, stamp.doubt());
                found.names.extend(place.names.iter().cloned());
            } else if place
                .doubt
                .take_if(|until| *until <= Instant::now())
                .is_some()
            {
                found.doubtful.extend(place.names.iter().cloned());
            }
        }
        for (path, listed) in &mut self.listed {
            let sum = listing(path);
            if sum != listed.sum {
                listed.sum = sum;
                found.telling.insert(path.clone());
                found.names.extend(listed.names.iter().cloned());
            }
        }
        found
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
