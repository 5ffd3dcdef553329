//! Where watched paths really are: links followed, the nearest entry that is
//! there for what is missing, and what tells whether one has changed. It
//! looks at names and times only, never into a file, and waits for nothing.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::source::{FileStamp, is_leaving};

/// Most links that are followed for one path.
const MAX_LINKS: usize = 40;

/// What is at a path.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum EntryKind {
    #[default]
    Nothing,
    File,
    /// With who may do what with it.
    Folder(u32),
    Link,
    /// Nothing can be there, because the path continues below a file.
    BelowFile,
    /// Unknown, because the system reported another error.
    Unknown,
}

/// What distinguishes two states of an entry without reading it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct EntryState {
    kind: EntryKind,
    stamp: FileStamp,
}

impl EntryState {
    fn of(path: &Path) -> EntryState {
        let without_stamp = |kind| EntryState {
            kind,
            ..EntryState::default()
        };
        match fs::symlink_metadata(path) {
            Err(error) => without_stamp(match error.kind() {
                io::ErrorKind::NotFound => EntryKind::Nothing,
                io::ErrorKind::NotADirectory => EntryKind::BelowFile,
                _ => EntryKind::Unknown,
            }),
            Ok(meta) if meta.is_dir() => EntryState {
                kind: EntryKind::Folder(rights(&meta)),
                stamp: FileStamp::of_folder(&meta),
            },
            Ok(meta) => EntryState {
                kind: match meta.is_symlink() {
                    true => EntryKind::Link,
                    false => EntryKind::File,
                },
                stamp: FileStamp::of(&meta),
            },
        }
    }

    /// Until when a change may happen that the stamp does not show, because it is
    /// within one tick of the file system's clock. Some file systems count in units
    /// of one or two seconds.
    fn doubt(&self) -> Option<Instant> {
        let modified = self.stamp.modified?;
        let whole = modified.duration_since(UNIX_EPOCH).ok()?.subsec_nanos() == 0;
        let step = Duration::from_millis(if whole { 2100 } else { 25 });
        let age = match SystemTime::now().duration_since(modified) {
            Ok(age) => age,
            Err(ahead) => ahead.duration(),
        };
        (age < step).then(|| Instant::now() + step)
    }

    fn has_content_of(&self, other: &EntryState) -> bool {
        self.kind == other.kind && self.stamp.has_content_of(&other.stamp)
    }
}

#[cfg(unix)]
fn rights(meta: &fs::Metadata) -> u32 {
    use std::os::unix::fs::MetadataExt;
    meta.mode()
}

#[cfg(not(unix))]
fn rights(meta: &fs::Metadata) -> u32 {
    u32::from(meta.permissions().readonly())
}

/// Names and kinds of what is in a folder, as one number.
fn listing(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let mut sum: u64 = 1;
    for entry in entries.flatten() {
        let name = entry.file_name();
        if !is_leaving(&name.to_string_lossy()) {
            let kind = entry.file_type().map(|t| (t.is_dir(), t.is_symlink()));
            let mut hasher = DefaultHasher::new();
            (name, kind.unwrap_or_default()).hash(&mut hasher);
            sum = sum.wrapping_add(hasher.finish());
        }
    }
    sum
}

/// A path as the disk spells it, on systems that ignore letter case: events use the
/// spelling of the disk.
fn as_spelled(path: PathBuf) -> PathBuf {
    if cfg!(target_os = "macos") {
        return fs::canonicalize(&path).unwrap_or(path);
    }
    path
}

/// An entry on the way of a path, by its real path, and its stamp at that time. If it
/// has changed since, the path has to be followed again.
type Stop = (PathBuf, EntryState);

/// Where a path leads.
#[derive(Clone, Default)]
struct Route {
    /// The links on the way, and if the way ends early, the entry at which it does.
    stops: Vec<Stop>,
    /// What is at its end.
    end: Option<Stop>,
}

/// Follows paths. It remembers where folders lead, because most files share theirs,
/// so it is valid for one check only.
#[derive(Default)]
struct Guide {
    folders: HashMap<PathBuf, Route>,
}

impl Guide {
    fn folder(&mut self, path: &Path, links: usize) -> Route {
        if let Some(way) = self.folders.get(path) {
            return way.clone();
        }
        let mut way = self.follow(path, links);
        way.end = way.end.map(|(path, state)| (as_spelled(path), state));
        self.folders.insert(path.to_path_buf(), way.clone());
        way
    }

    fn follow(&mut self, path: &Path, links: usize) -> Route {
        let Some(parent) = path.parent() else {
            let end = Some((path.to_path_buf(), EntryState::of(path)));
            return Route { end, stops: vec![] };
        };
        let mut way = self.folder(parent, links);
        let Some((folder, folder_state)) = way.end.take() else {
            return way;
        };
        let Some(name) = path.file_name() else {
            // `..` means the parent of the folder to which the links have led.
            let above = folder.parent().unwrap_or(&folder);
            way.end = Some((above.to_path_buf(), EntryState::of(above)));
            return way;
        };
        let entry = folder.join(name);
        let state = EntryState::of(&entry);
        match state.kind {
            EntryKind::Link if links < MAX_LINKS => {
                if let Ok(target) = fs::read_link(&entry) {
                    let rest = self.follow(&folder.join(target), links + 1);
                    way.stops.extend(rest.stops);
                    way.end = rest.end;
                }
                way.stops.push((entry, state));
            }
            EntryKind::File | EntryKind::Folder(_) | EntryKind::Link => {
                way.end = Some((entry, state))
            }
            EntryKind::BelowFile => way.stops.push((folder, folder_state)),
            EntryKind::Nothing | EntryKind::Unknown => way.stops.push((entry, state)),
        }
        way
    }
}

/// An entry of a real folder that watched paths depend on.
struct WatchedEntry {
    /// Those paths, as the caller of the watcher names them.
    names: BTreeSet<PathBuf>,
    state: EntryState,
    doubt: Option<Instant>,
}

/// A real folder whose entries matter.
struct ListedFolder {
    names: BTreeSet<PathBuf>,
    sum: u64,
}

/// What a check of everything found.
#[derive(Default)]
pub struct Differences {
    /// Watched paths that have changed.
    pub names: BTreeSet<PathBuf>,
    /// Watched paths that may have changed within one tick of the file system's
    /// clock.
    pub doubtful: BTreeSet<PathBuf>,
    /// Real paths whose change should have caused an event.
    pub telling: BTreeSet<PathBuf>,
}

/// All watched paths, and where they are.
#[derive(Default)]
pub struct WatchedPaths {
    routes: HashMap<PathBuf, (Vec<PathBuf>, Option<PathBuf>)>,
    places: HashMap<PathBuf, WatchedEntry>,
    listed: HashMap<PathBuf, ListedFolder>,
    /// Folders that contain places, and how many each contains.
    holders: HashMap<PathBuf, usize>,
    /// Whether the set of folders whose events are needed may have changed.
    moved: bool,
}

impl WatchedPaths {
    /// Finds where paths lead, for the first time or again.
    pub fn follow<'a>(
        &mut self,
        names: impl Iterator<Item = &'a PathBuf> + Clone,
        is_folder: impl Fn(&Path) -> bool,
    ) {
        // Forget all paths first. The stamp of an entry is taken for the first path
        // that uses it, so that a change is not lost for any of them.
        for name in names.clone() {
            self.forget(name);
        }
        let mut guide = Guide::default();
        for name in names {
            let way = guide.follow(name, 0);
            self.route(name, way, is_folder(name));
        }
    }

    fn route(&mut self, name: &Path, way: Route, is_folder: bool) {
        let mut stops = way.stops;
        let mut folder = None;
        if let Some((path, state)) = way.end {
            let spelled = as_spelled(path.clone());
            stops.push((path, state));
            stops.push((spelled.clone(), state));
            folder = Some(spelled).filter(|_| is_folder);
        }
        let mut paths: Vec<PathBuf> = Vec::new();
        for (path, state) in stops {
            if !paths.contains(&path) {
                self.place(&path, state, name);
                paths.push(path);
            }
        }
        if let Some(folder) = &folder {
            let listed = self.listed.entry(folder.clone()).or_insert_with(|| {
                self.moved = true;
                ListedFolder {
                    names: BTreeSet::new(),
                    sum: listing(folder),
                }
            });
            listed.names.insert(name.to_path_buf());
        }
        self.routes.insert(name.to_path_buf(), (paths, folder));
    }

    fn place(&mut self, path: &Path, state: EntryState, name: &Path) {
        let place = self.places.entry(path.to_path_buf()).or_insert_with(|| {
            if let Some(folder) = path.parent() {
                let count = self.holders.entry(folder.to_path_buf()).or_default();
                self.moved |= *count == 0;
                *count += 1;
            }
            WatchedEntry {
                names: BTreeSet::new(),
                state,
                doubt: state.doubt(),
            }
        });
        place.names.insert(name.to_path_buf());
    }

    /// Removes a path from the set.
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
                self.release_folder(&stop);
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

    fn release_folder(&mut self, stop: &Path) {
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

    /// The real folders whose events are needed: those that contain places,
    /// those that are listed, and those between two of them, which may move.
    /// `None` if nothing has changed since the last call.
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

    /// The watched paths that depend on an entry, and whether it is a folder.
    pub fn at(&self, path: &Path) -> Option<(&BTreeSet<PathBuf>, bool)> {
        let place = self.places.get(path)?;
        Some((
            &place.names,
            matches!(place.state.kind, EntryKind::Folder(_)),
        ))
    }

    /// The watched names of the folder an entry is listed in, and its own name.
    pub fn listing_of<'a>(&self, entry: &'a Path) -> Option<(&BTreeSet<PathBuf>, &'a OsStr)> {
        let listed = self.listed.get(entry.parent()?)?;
        Some((&listed.names, entry.file_name()?))
    }

    /// The watched paths that depend on an entry below these folders that has changed
    /// or is missing; if it is missing, something above it may be missing too.
    pub fn changed_below(&self, folders: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
        let mut names = BTreeSet::new();
        for (path, place) in &self.places {
            let below = path.ancestors().skip(1).any(|up| folders.contains(up));
            let nothing = place.state.kind == EntryKind::Nothing;
            if below && (nothing || EntryState::of(path) != place.state) {
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

    /// Checks every place and listing, and remembers the new state.
    pub fn look(&mut self) -> Differences {
        let mut found = Differences::default();
        for (path, place) in &mut self.places {
            let state = EntryState::of(path);
            if state != place.state {
                if !state.has_content_of(&place.state) {
                    found.telling.insert(path.clone());
                }
                (place.state, place.doubt) = (state, state.doubt());
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
