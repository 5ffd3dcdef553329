//! Proves that no change of a watched path goes untold, in whatever way it is
//! made, by events and by polling alike, and that nothing else makes a tick.
//!
//! A scene plays the user of the watcher: it looks at the disk only when it is
//! told to, and has to end up knowing what is really there. After each change
//! every file is edited once more and every folder gets another file: the
//! watches must have outlived the change.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use srm_site::source::{Hint, SeenPaths};
use srm_site::watch::{Mode, Waker, Watcher};

/// How often polling looks.
const INTERVAL: Duration = Duration::from_millis(10);

/// When a tick is taken for lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a look at the disk finds: files with their content, folders without.
type Known = BTreeMap<PathBuf, Option<Vec<u8>>>;

struct Scene {
    _dir: tempfile::TempDir,
    /// Everything is below.
    top: PathBuf,
    mode: Mode,
    watcher: Watcher,
    said: Arc<Mutex<Vec<String>>>,
    /// Single files that are read besides all of `site/content`.
    files: BTreeSet<PathBuf>,
    watched: Arc<SeenPaths>,
    known: Known,
    writes: usize,
}

impl Scene {
    fn new(mode: Mode) -> Scene {
        Scene::with(mode, INTERVAL)
    }

    fn with(mode: Mode, interval: Duration) -> Scene {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let lines = said.clone();
        let say = move |line: &str| lines.lock().unwrap().push(line.to_string());
        let mut scene = Scene {
            _dir: dir,
            mode,
            watcher: Watcher::new(mode, interval, say),
            said,
            files: [top.join("site/book.toml"), top.join("fence/fence")].into(),
            watched: Arc::default(),
            known: Known::new(),
            writes: 0,
            top,
        };
        scene.write("fence/fence", "0");
        scene.write("site/book.toml", "title");
        scene.write("site/content/index.md", "index");
        scene.write("site/content/data/one.yaml", "one");
        scene.write("site/content/data/two.yaml", "two");
        scene.look();
        scene.settle();
        scene
    }

    fn path(&self, path: &str) -> PathBuf {
        self.top.join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    #[cfg(unix)]
    fn link(&self, target: &str, path: &str) {
        std::os::unix::fs::symlink(target, self.path(path)).unwrap();
    }

    /// Lets a link lead elsewhere in one step, as deployments do.
    #[cfg(unix)]
    fn relink(&self, target: &str, path: &str) {
        self.link(target, "new-link");
        self.rename("new-link", path);
    }

    #[cfg(unix)]
    fn rights(&self, path: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(self.path(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Reads a single file from now on.
    fn read_too(&mut self, path: &str) {
        self.files.insert(self.path(path));
        self.look();
        self.settle();
    }

    /// What is on the disk, and all that had to be asked to know it.
    fn truth(&self) -> (Known, SeenPaths) {
        let (mut known, mut watched) = (Known::new(), SeenPaths::default());
        for path in &self.files {
            read(path, &mut known, &mut watched);
        }
        let top = self.path("site/content");
        list(&top, &mut Vec::new(), &mut known, &mut watched);
        (known, watched)
    }

    /// Looks at the disk and tells the watcher what counts now.
    fn look(&mut self) {
        let (known, watched) = self.truth();
        self.known = known;
        if *self.watched != watched {
            self.watched = Arc::new(watched);
        }
        self.watcher.watch(&self.watched);
    }

    #[track_caller]
    fn wait(&mut self) -> Hint {
        let patience = Patience::of(self.watcher.waker());
        let tick = self.watcher.wait();
        drop(patience);
        tick.unwrap_or_else(|| {
            let truth = self.truth().0;
            let unknown: Vec<_> = truth
                .iter()
                .filter(|(path, text)| self.known.get(*path) != Some(text))
                .collect();
            let gone: Vec<_> = self
                .known
                .keys()
                .filter(|p| !truth.contains_key(*p))
                .collect();
            panic!("no tick tells that there is {unknown:?} and no more {gone:?}")
        })
    }

    /// Looks when told to until everything is known; how many ticks that took.
    #[track_caller]
    fn follow(&mut self) -> usize {
        let mut ticks = 0;
        while self.known != self.truth().0 {
            self.wait();
            self.look();
            ticks += 1;
        }
        ticks
    }

    /// Waits until nothing is left to be told of what was done before: events
    /// come in order, so after that of the fence there are no earlier ones.
    #[track_caller]
    fn settle(&mut self) {
        let fence = self.path("fence/fence");
        let mut ticks = 0;
        loop {
            self.touch_fence();
            let before = self.watched.clone();
            let first = self.wait().paths;
            self.look();
            let settled = first == [fence.clone()].into() && Arc::ptr_eq(&before, &self.watched);
            let mut told = first.contains(&fence);
            while !told {
                told = self.wait().paths.contains(&fence);
                self.look();
                ticks += 1;
                assert!(ticks < 200, "there is no end of ticks");
            }
            if settled {
                return;
            }
            ticks += 1;
            assert!(ticks < 200, "there is no end of ticks");
        }
    }

    /// Goes on for a while with nothing of interest.
    #[track_caller]
    fn spend(&mut self, time: Duration) {
        let begin = Instant::now();
        while begin.elapsed() < time {
            self.settle();
        }
    }

    fn touch_fence(&mut self) {
        self.writes += 1;
        self.write("fence/fence", &self.writes.to_string());
    }

    /// Follows a change, and then an edit of every file and a new file in every
    /// folder: all that counts is still watched.
    #[track_caller]
    fn follow_and_on(&mut self) {
        self.follow();
        self.settle();
        for (path, text) in self.known.clone() {
            self.writes += 1;
            let text = match text {
                Some(_) => format!("edit {}", self.writes),
                None => continue,
            };
            fs::write(&path, text).unwrap();
            self.follow();
        }
        self.settle();
        for folder in self.watched.clone().folders.iter() {
            self.writes += 1;
            fs::write(folder.join(format!("new-{}.md", self.writes)), "new").unwrap();
            self.follow();
        }
        assert_eq!(*self.said.lock().unwrap(), [""; 0]);
    }

    /// Does what must make no tick: the next must be of the fence only.
    #[track_caller]
    fn silent(&mut self, noise: impl FnOnce(&Scene)) {
        self.settle();
        noise(self);
        self.touch_fence();
        let expected = Hint {
            paths: [self.path("fence/fence")].into(),
            listing: self.mode == Mode::Poll,
        };
        assert_eq!(self.wait(), expected);
    }
}

/// Ends a wait that takes too long.
struct Patience(Option<(mpsc::Sender<()>, thread::JoinHandle<()>)>);

impl Patience {
    fn of(waker: Waker) -> Patience {
        let (done, over) = mpsc::channel();
        let thread = thread::spawn(move || {
            if over.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                waker.end();
            }
        });
        Patience(Some((done, thread)))
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.0.take() {
            drop(done);
            thread.join().unwrap();
        }
    }
}

fn read(path: &Path, known: &mut Known, watched: &mut SeenPaths) {
    match fs::read(path) {
        Ok(text) => {
            known.insert(path.to_path_buf(), Some(text));
            watched.files.insert(path.to_path_buf());
        }
        Err(_) if path.exists() => {
            watched.files.insert(path.to_path_buf());
        }
        Err(_) => {
            watched.missing.insert(path.to_path_buf());
        }
    }
}

/// Lists as `source` does: links are followed, but not to a folder that the link
/// is in.
fn list(folder: &Path, parents: &mut Vec<PathBuf>, known: &mut Known, watched: &mut SeenPaths) {
    let (Ok(real), Ok(entries)) = (folder.canonicalize(), fs::read_dir(folder)) else {
        let set = match folder.is_dir() {
            true => &mut watched.folders,
            false => &mut watched.missing,
        };
        set.insert(folder.to_path_buf());
        return;
    };
    watched.folders.insert(folder.to_path_buf());
    known.insert(folder.to_path_buf(), None);
    if parents.contains(&real) {
        return;
    }
    parents.push(real);
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(['.', '#']) || name.ends_with('~') {
            continue;
        }
        match path.is_dir() {
            true => list(&path, parents, known, watched),
            false => read(&path, known, watched),
        }
    }
    parents.pop();
}

/// Makes a test of each way a file can change, by events and by polling. The two
/// mostly wait, so they run at once.
macro_rules! ways {
    ($($(#[$meta:meta])* fn $name:ident($scene:ident) $body:block)*) => {
        $(
            $(#[$meta])*
            #[test]
            fn $name() {
                fn run($scene: &mut Scene) $body
                let modes = [("by events", Mode::Native), ("by polling", Mode::Poll)];
                let start = |(name, mode): (&str, Mode)| {
                    let thread = thread::Builder::new().name(name.to_string());
                    thread.spawn(move || run(&mut Scene::new(mode))).unwrap()
                };
                for thread in modes.map(start) {
                    assert!(thread.join().is_ok());
                }
            }
        )*
    };
}

const ONE: &str = "site/content/data/one.yaml";

mod events;
mod file;
mod folders;
mod links;
mod many;
mod silence;
