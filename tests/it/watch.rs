//! Proves that no change of a watched path goes untold, in whatever way it is
//! made, by events and by polling alike, and that nothing else makes a tick.
//!
//! A scene plays the user of the watcher: it looks at the disk only when it is
//! told to, and has to end up knowing what is really there. After each change
//! every file is edited once more and every folder gets another file: the
//! watches must have outlived the change.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
#[cfg(target_os = "linux")]
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use srm_site::source::{Hint, SeenPaths};
use srm_site::watch::{Mail, Mode, Waker, Watcher, silent_mount};

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

ways! {
    // ------------------------------------------------------------- one file

    fn written_in_place(s) {
        let mut file = OpenOptions::new().write(true).open(s.path(ONE)).unwrap();
        file.write_all(b"eins").unwrap();
        drop(file);
        s.follow_and_on();
    }

    fn truncated_and_written(s) {
        let mut file = File::create(s.path(ONE)).unwrap();
        s.follow();
        file.write_all(b"ei").unwrap();
        s.follow();
        file.write_all(b"ns").unwrap();
        s.follow_and_on();
    }

    fn appended(s) {
        for _ in 0..5 {
            let mut file = OpenOptions::new().append(true).open(s.path(ONE)).unwrap();
            file.write_all(b" more").unwrap();
            drop(file);
            s.follow();
        }
        s.follow_and_on();
    }

    fn written_twice_with_one_size(s) {
        for n in 10..30 {
            s.write(ONE, &format!("{n}a"));
            s.write(ONE, &format!("{n}b"));
            s.follow();
            s.write(ONE, &format!("{n}c"));
            s.follow();
        }
        s.follow_and_on();
    }

    fn replaced_by_one_of_the_same_size_and_time(s) {
        let past = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
        for n in 10..20 {
            s.write("elsewhere/one", &format!("saved {n}"));
            let file = OpenOptions::new().append(true).open(s.path("elsewhere/one")).unwrap();
            file.set_modified(past).unwrap();
            s.rename("elsewhere/one", ONE);
            s.follow();
        }
        s.follow_and_on();
    }

    fn replaced_by_renaming(s) {
        for n in 0..5 {
            s.write("site/content/data/one.tmp", &format!("saved {n}"));
            s.rename("site/content/data/one.tmp", ONE);
            s.follow();
        }
        s.follow_and_on();
    }

    fn replaced_from_another_folder(s) {
        for n in 0..5 {
            s.write("elsewhere/one", &format!("saved {n}"));
            s.rename("elsewhere/one", ONE);
            s.follow();
        }
        s.follow_and_on();
    }

    fn saved_by_vim(s) {
        for n in 0..3 {
            s.write("site/content/data/4913", "");
            s.remove("site/content/data/4913");
            s.rename(ONE, "site/content/data/one.yaml~");
            s.write(ONE, &format!("saved {n}"));
            s.remove("site/content/data/one.yaml~");
            s.follow();
        }
        s.follow_and_on();
    }

    fn saved_by_an_editor_that_renames(s) {
        for n in 0..3 {
            s.write("site/content/data/.one.yaml.x7Fq", &format!("saved {n}"));
            s.rename("site/content/data/.one.yaml.x7Fq", ONE);
            s.follow();
        }
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn saved_by_emacs(s) {
        for n in 0..3 {
            s.link("me@host.4242:17", "site/content/data/.#one.yaml");
            s.write("site/content/data/#one.yaml#", "unsaved");
            s.rename(ONE, "site/content/data/one.yaml~");
            s.write(ONE, &format!("saved {n}"));
            s.remove("site/content/data/#one.yaml#");
            s.remove("site/content/data/.#one.yaml");
            s.follow();
        }
        s.follow_and_on();
    }

    fn deleted(s) {
        s.remove(ONE);
        s.follow_and_on();
    }

    fn deleted_and_made_again(s) {
        for n in 0..5 {
            s.remove(ONE);
            if n % 2 == 0 {
                s.follow();
            }
            s.write(ONE, &format!("again {n}"));
            s.follow();
        }
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn out_of_reach_and_back(s) {
        for path in [ONE, "site/content/data", "site/content"] {
            s.rights(path, 0);
        }
        s.follow();
        for (path, mode) in [("site/content", 0o755), ("site/content/data", 0o755), (ONE, 0o644)] {
            s.rights(path, mode);
            s.follow();
        }
        // One that could never be watched.
        s.write("deep/er/file.toml", "there");
        s.rights("deep/er", 0);
        s.read_too("deep/er/file.toml");
        s.rights("deep/er", 0o755);
        s.follow_and_on();
    }

    fn touched(s) {
        let file = OpenOptions::new().append(true).open(s.path(ONE)).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        drop(file);
        s.follow_and_on();
    }

    fn renamed_within_its_folder(s) {
        s.rename(ONE, "site/content/data/first.yaml");
        s.follow_and_on();
    }

    fn renamed_in_capitals_only(s) {
        s.rename(ONE, "site/content/data/One.YAML");
        s.follow_and_on();
    }

    fn moved_away_and_back(s) {
        s.rename(ONE, "one-for-now");
        s.follow();
        s.rename("one-for-now", ONE);
        s.follow_and_on();
    }

    fn swapped_with_another(s) {
        s.rename(ONE, "swap");
        s.rename("site/content/data/two.yaml", ONE);
        s.rename("swap", "site/content/data/two.yaml");
        s.follow_and_on();
    }

    fn replaced_by_a_folder_and_back(s) {
        s.remove(ONE);
        s.write("site/content/data/one.yaml/page.md", "below");
        s.follow();
        s.write("site/content/data/one.yaml/page.md", "below, edited");
        s.follow();
        fs::remove_dir_all(s.path(ONE)).unwrap();
        s.write(ONE, "a file");
        s.follow_and_on();
    }

    fn named_in_any_script(s) {
        for name in ["größe.md", "責任.md", "e\u{301}.md", "a b\tc.md", "🦀.md"] {
            s.write(&format!("site/content/日本/{name}"), "made");
            s.follow();
            s.write(&format!("site/content/日本/{name}"), "edited");
            s.follow();
        }
        s.follow_and_on();
    }

    // -------------------------------------------------------------- folders

    fn renamed_folder(s) {
        s.rename("site/content/data", "site/content/tables");
        s.follow_and_on();
    }

    fn renamed_folder_and_another_in_its_place(s) {
        for n in 0..5 {
            s.write("other/one.yaml", &format!("other {n}"));
            s.rename("site/content/data", &format!("old-{n}"));
            s.rename("other", "site/content/data");
            s.follow();
            s.write(ONE, &format!("edited {n}"));
            s.follow();
        }
        s.follow_and_on();
    }

    fn swapped_folders(s) {
        s.write("site/content/more/three.yaml", "three");
        s.follow();
        s.settle();
        s.rename("site/content/data", "swap");
        s.rename("site/content/more", "site/content/data");
        s.rename("swap", "site/content/more");
        s.follow_and_on();
    }

    fn new_folders_with_a_file_at_once(s) {
        for n in 0..8 {
            s.write(&format!("site/content/n{n}/a/b/c/page.md"), "deep");
            s.follow();
        }
        s.follow_and_on();
    }

    fn tree_moved_in(s) {
        for n in 0..5 {
            s.write("made/a/b/c/page.md", "deep");
            s.write("made/a/b/page.md", "less deep");
            s.rename("made", &format!("site/content/tree{n}"));
            s.follow();
            s.write(&format!("site/content/tree{n}/a/b/c/page.md"), "edited");
            s.follow();
        }
        s.follow_and_on();
    }

    fn deleted_folder_made_again(s) {
        for n in 0..3 {
            fs::remove_dir_all(s.path("site/content/data")).unwrap();
            s.follow();
            s.write(ONE, &format!("again {n}"));
            s.follow();
            // And at once, before anybody could look.
            fs::remove_dir_all(s.path("site/content/data")).unwrap();
            s.write(ONE, &format!("and again {n}"));
            s.follow();
        }
        s.follow_and_on();
    }

    fn deleted_root_made_again(s) {
        for n in 0..3 {
            fs::remove_dir_all(s.path("site")).unwrap();
            s.follow();
            s.write(ONE, &format!("again {n}"));
            s.follow();
            s.write("site/book.toml", "again");
            s.follow();
            fs::remove_dir_all(s.path("site")).unwrap();
            s.write(ONE, &format!("and again {n}"));
            s.follow();
        }
        s.follow_and_on();
    }

    fn moved_root_and_another_in_its_place(s) {
        s.write("site-2/book.toml", "second");
        s.write("site-2/content/index.md", "second");
        s.rename("site", "site-1");
        s.rename("site-2", "site");
        s.follow();
        s.rename("site", "site-2");
        s.follow();
        s.rename("site-1", "site");
        s.follow_and_on();
    }

    fn moved_folder_between_watched_ones(s) {
        s.read_too("site/themes/mine/deep/style.css");
        s.write("site/themes/mine/deep/style.css", "first");
        s.follow();
        s.settle();
        s.write("mine-2/deep/style.css", "second");
        s.rename("site/themes/mine", "mine-1");
        s.follow();
        s.rename("mine-2", "site/themes/mine");
        s.follow();
        s.settle();
        s.write("themes-2/mine/deep/style.css", "third");
        s.rename("site/themes", "themes-1");
        s.rename("themes-2", "site/themes");
        s.follow_and_on();
    }

    // -------------------------------------------------------------- missing

    fn missing_file_comes(s) {
        s.read_too("site/theme.toml");
        s.write("site/theme.toml", "api = 1");
        s.follow();
        s.remove("site/theme.toml");
        s.follow();
        s.write("elsewhere/theme.toml", "api = 2");
        s.rename("elsewhere/theme.toml", "site/theme.toml");
        s.follow_and_on();
    }

    fn missing_file_in_missing_folders_comes(s) {
        s.read_too("site/a/b/c/d/file.toml");
        for n in 0..10 {
            s.write("site/a/b/c/d/file.toml", &format!("at once {n}"));
            s.follow();
            fs::remove_dir_all(s.path("site/a")).unwrap();
            s.follow();
        }
        for path in ["site/a", "site/a/b", "site/a/b/c", "site/a/b/c/d"] {
            fs::create_dir(s.path(path)).unwrap();
            s.settle();
        }
        s.write("site/a/b/c/d/file.toml", "step by step");
        s.follow();
        s.write("made/b/c/d/file.toml", "moved in");
        s.rename("site/a", "a");
        s.rename("made", "site/a");
        s.follow_and_on();
    }

    fn missing_folders_come_while_they_are_followed(s) {
        // The second comes when the first is about to be watched, at one moment
        // after the other.
        s.read_too("site/a/b/c/file.toml");
        let (first, file) = (s.path("site/a"), s.path("site/a/b/c/file.toml"));
        for n in 0..40 {
            fs::create_dir(&first).unwrap();
            let begin = Instant::now();
            let (first, rest) = (first.clone(), file.clone());
            let thread = thread::spawn(move || {
                while begin.elapsed() < Duration::from_micros(10_000 + n * 20) {}
                fs::create_dir(first.join("b")).unwrap();
                thread::sleep(Duration::from_millis(3));
                fs::create_dir(first.join("b/c")).unwrap();
                fs::write(rest, "there").unwrap();
            });
            while !s.known.contains_key(&file) {
                s.wait();
                s.look();
            }
            thread.join().unwrap();
            fs::remove_dir_all(s.path("site/a")).unwrap();
            s.follow();
        }
        s.follow_and_on();
    }

    fn missing_file_where_a_file_is_no_folder(s) {
        s.write("site/a", "a file");
        s.read_too("site/a/b/file.toml");
        s.remove("site/a");
        s.write("site/a/b/file.toml", "now");
        s.follow_and_on();
    }

    fn file_in_a_hidden_folder(s) {
        s.read_too("site/.config/.theme.toml");
        s.write("site/.config/.theme.toml", "api = 1");
        s.follow();
        s.remove("site/.config/.theme.toml");
        s.follow();
        s.write("site/.config/.theme.toml", "api = 2");
        s.follow_and_on();
    }

    // ---------------------------------------------------------------- links

    #[cfg(unix)]
    fn linked_file_written_at_its_place(s) {
        s.write("shared/real.yaml", "real");
        s.link("../../../shared/real.yaml", "site/content/data/link.yaml");
        s.follow();
        s.settle();
        s.write("shared/real.yaml", "really");
        // By the name it is known by.
        let link = s.path("site/content/data/link.yaml");
        while !s.wait().paths.contains(&link) {}
        s.look();
        s.follow();
        s.write("shared/real.tmp", "saved");
        s.rename("shared/real.tmp", "shared/real.yaml");
        s.follow();
        s.write("shared/real.yaml", "and edited");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn link_leads_elsewhere(s) {
        s.write("shared/a/real.yaml", "a");
        s.write("shared/b/real.yaml", "b");
        s.link("../../../shared/a/real.yaml", "site/content/data/link.yaml");
        s.follow();
        s.settle();
        s.relink("../../../shared/b/real.yaml", "site/content/data/link.yaml");
        s.follow();
        s.settle();
        s.write("shared/b/real.yaml", "b, edited");
        s.follow();
        s.remove("site/content/data/link.yaml");
        s.write("site/content/data/link.yaml", "no link at all");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn link_to_nothing_gets_its_file(s) {
        s.link("../../../shared/a/real.yaml", "site/content/data/link.yaml");
        s.settle();
        s.write("shared/a/real.yaml", "there");
        s.follow();
        fs::remove_dir_all(s.path("shared")).unwrap();
        s.follow();
        s.write("shared/a/real.yaml", "there again");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn linked_folder_changes(s) {
        s.write("shared/pages/one.md", "one");
        s.link("../../shared/pages", "site/content/pages");
        s.follow();
        s.settle();
        s.write("shared/pages/one.md", "one, edited");
        s.follow();
        s.write("shared/pages/two.md", "two");
        s.follow();
        s.write("shared/pages/a/b/three.md", "three");
        s.follow();
        s.rename("shared/pages", "shared/old");
        s.follow();
        s.write("shared/pages/one.md", "another one");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn linked_folder_leads_elsewhere(s) {
        s.write("shared/v1/page.md", "v1");
        s.write("shared/v2/page.md", "v2");
        s.link("../../shared/v1", "site/content/pages");
        s.follow();
        s.settle();
        s.relink("../../shared/v2", "site/content/pages");
        s.follow();
        s.settle();
        s.write("shared/v2/page.md", "v2, edited");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn folder_replaced_by_a_link(s) {
        s.write("shared/data/one.yaml", "shared one");
        s.rename("site/content/data", "old");
        s.link("../../shared/data", "site/content/data");
        s.follow();
        s.settle();
        s.write("shared/data/one.yaml", "shared one, edited");
        s.follow();
        s.remove("site/content/data");
        s.rename("old", "site/content/data");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn chain_of_links(s) {
        // The way configuration is mounted into containers.
        s.write("mount/..v1/file.toml", "v1");
        s.write("mount/..v2/file.toml", "v2");
        s.link("..v1", "mount/..data");
        s.link("..data/file.toml", "mount/file.toml");
        s.link("../mount/file.toml", "site/link.toml");
        s.read_too("site/link.toml");
        s.write("mount/..v1/file.toml", "v1, edited");
        s.follow();
        s.relink("..v2", "mount/..data");
        s.follow();
        s.settle();
        fs::remove_dir_all(s.path("mount/..v1")).unwrap();
        s.write("mount/..v2/file.toml", "v2, edited");
        s.follow();
        s.relink("..data/other.toml", "mount/file.toml");
        s.follow();
        s.settle();
        s.write("mount/..v2/other.toml", "other");
        s.follow_and_on();
    }

    #[cfg(unix)]
    fn ring_of_links(s) {
        s.link("ring-b", "site/ring-a");
        s.link("ring-a/x", "site/ring-b");
        s.read_too("site/ring-a");
        s.relink("book.toml", "site/ring-b");
        s.follow_and_on();
    }

    // ----------------------------------------------------------------- many

    fn burst_of_60(s) {
        burst(s, 60);
    }

    fn burst_of_300(s) {
        burst(s, 300);
    }

    fn steady_stream_of_saves(s) {
        let (over, ends) = two(AtomicBool::new(false));
        let (saved, saves) = two(Mutex::new(Vec::new()));
        let save = |path: PathBuf, ends: Arc<AtomicBool>| {
            let saves = saves.clone();
            move || {
                for n in 0..200 {
                    fs::write(&path, format!("save {n}")).unwrap();
                    saves.lock().unwrap().push(Instant::now());
                    thread::sleep(Duration::from_millis(5));
                }
                ends.store(true, Ordering::SeqCst);
                fs::write(&path, "last save").unwrap();
            }
        };
        // Several, so that no pause of one is long enough to be quiet.
        let names = ["one", "two", "three", "four"];
        let paths = names.map(|name| s.path(&format!("site/content/data/{name}.yaml")));
        let threads = paths.map(|path| thread::spawn(save(path, ends.clone())));
        let begin = Instant::now();
        let mut ticks = 0;
        while !over.load(Ordering::SeqCst) {
            s.wait();
            s.look();
            ticks += 1;
        }
        for thread in threads {
            thread.join().unwrap();
        }
        let took = begin.elapsed();
        assert!(ticks >= 5, "only {ticks} ticks in {took:?}");
        // All of them may wait for the disk at once, and then it is quiet.
        let mut saved = saved.lock().unwrap().clone();
        saved.sort();
        let quiet = |pair: &&[Instant]| pair[1] - pair[0] > Duration::from_millis(6);
        let pauses = saved.windows(2).filter(quiet).count();
        let most = most_ticks(took) + pauses;
        assert!(ticks <= most, "{ticks} ticks in {took:?} with {pauses} pauses");
        s.follow_and_on();
    }

    fn changes_while_nobody_waits(s) {
        // A look that takes its time: what is read first changes meanwhile.
        for n in 0..6 {
            let (known, watched) = s.truth();
            s.write(ONE, &format!("meanwhile {n}"));
            s.write(&format!("site/content/m{n}/page.md"), "meanwhile");
            s.known = known;
            s.watched = Arc::new(watched);
            let watched = s.watched.clone();
            s.watcher.watch(&watched);
            s.follow();
            // The same with what was not in the set before.
            s.write(&format!("extra/{n}.toml"), "first");
            s.files.insert(s.path(&format!("extra/{n}.toml")));
            let (known, watched) = s.truth();
            s.write(&format!("extra/{n}.toml"), "later");
            s.known = known;
            s.watched = Arc::new(watched);
            let watched = s.watched.clone();
            s.watcher.watch(&watched);
            s.follow();
        }
        s.follow_and_on();
    }

    fn anything_at_any_time(s) {
        let top = s.path("site/content");
        let (over, ends) = two(AtomicBool::new(false));
        let rest = s.path("rest");
        let chaos = thread::spawn(move || {
            let mut seed: u64 = 0x5EED;
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_secs(1) {
                chance(&top, &rest, &mut seed);
            }
            // The last change comes after the word that it was the last.
            ends.store(true, Ordering::SeqCst);
            fs::write(top.join("the-end.md"), "").unwrap();
        });
        while !over.load(Ordering::SeqCst) {
            s.wait();
            s.look();
        }
        chaos.join().unwrap();
        s.follow_and_on();
    }

    // -------------------------------------------------------------- silence

    fn others_are_not_told_of(s) {
        s.write("site/out/page.html", "built");
        s.write("site/content/data/.hidden", "");
        s.settle();
        s.silent(|s| {
            s.write("site/out/page.html", "built anew");
            s.write("site/out/deep/page.html", "built");
            fs::remove_dir_all(s.path("site/out")).unwrap();
            s.write("site/out/page.html", "built again");
            s.write("unrelated", "file");
            s.rename("unrelated", "still-unrelated");
            s.write("fence/other", "file");
        });
        s.silent(|s| {
            s.write("site/content/data/.one.yaml.swp", "swap");
            s.write("site/content/data/one.yaml~", "backup");
            s.write("site/content/data/#one.yaml#", "unsaved");
            s.write("site/content/data/old.swp", "swap");
            s.write("site/content/data/.hidden", "edited");
            s.remove("site/content/data/one.yaml~");
            s.rename("site/content/data/.hidden", "site/content/data/.still-hidden");
        });
    }

    fn names_that_are_only_tried_are_not_told_of(s) {
        // A look in between sees the file, and so may one by events.
        let mut silent = 0;
        for _ in 0..20 {
            s.settle();
            s.write("site/content/data/4913", "");
            s.remove("site/content/data/4913");
            s.touch_fence();
            let tick = s.wait();
            silent += usize::from(!tick.listing && tick.paths == [s.path("fence/fence")].into());
        }
        assert!(silent > 10 || s.mode == Mode::Poll, "{silent} of 20");
        // One that stays is told of.
        s.write("site/content/data/4913", "");
        s.follow_and_on();
    }

    fn reading_is_not_told_of(s) {
        s.silent(|s| {
            for _ in 0..20 {
                s.truth();
            }
        });
    }

    fn former_paths_are_not_told_of(s) {
        s.files = [s.path("fence/fence")].into();
        s.settle();
        s.watched = Arc::new(SeenPaths {
            files: s.files.clone(),
            ..SeenPaths::default()
        });
        let watched = s.watched.clone();
        s.watcher.watch(&watched);
        s.watcher.waker().look();
        s.wait();
        s.write(ONE, "nobody cares");
        s.write("site/content/data/three.yaml", "nobody cares");
        s.write("site/book.toml", "nobody cares");
        s.write("fence/fence", "x");
        assert_eq!(s.wait().paths, s.files);
    }

    fn same_set_makes_no_tick(s) {
        s.silent(|_| {});
        for _ in 0..3 {
            let again = Arc::new((*s.watched).clone());
            s.watcher.watch(&again);
            s.write("fence/fence", "y");
            assert_eq!(s.wait().paths, [s.path("fence/fence")].into());
            s.settle();
        }
    }

    // -------------------------------------------------------------- its end

    fn waker_ends_and_wakes(s) {
        let waker = s.watcher.waker();
        waker.look();
        let tick = s.wait();
        assert!(tick.listing, "{tick:?}");
        let later = waker.clone();
        let thread = thread::spawn(move || {
            thread::sleep(Duration::from_millis(30));
            later.end();
        });
        // Nothing else is there to be told.
        while s.watcher.wait().is_some() {}
        thread.join().unwrap();
        assert_eq!(s.watcher.wait(), None);
    }
}

/// A value for two threads.
fn two<T>(value: T) -> (Arc<T>, Arc<T>) {
    let value = Arc::new(value);
    (value.clone(), value)
}

/// Makes files as fast as possible and counts the ticks that it takes.
fn burst(s: &mut Scene, files: usize) {
    let folder = s.path("site/content/burst");
    fs::create_dir(&folder).unwrap();
    s.follow();
    s.settle();
    for round in 0..2 {
        let begin = Instant::now();
        for n in 0..files {
            fs::write(folder.join(format!("{n}.md")), format!("{round}")).unwrap();
        }
        let took = begin.elapsed();
        let ticks = s.follow();
        assert!(
            ticks <= most_ticks(took),
            "{ticks} ticks for a burst of {took:?}"
        );
        s.settle();
    }
    fs::remove_dir_all(folder).unwrap();
    s.follow_and_on();
}

/// One when it is quiet, and one for each time it was too long until then.
fn most_ticks(time: Duration) -> usize {
    2 + time.as_millis() as usize / 50
}

/// Does any one thing to the files below a folder. Much of it fails.
fn chance(top: &Path, rest: &Path, seed: &mut u64) {
    let mut dice = |sides: u64| {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        *seed % sides
    };
    let mut some_path = || {
        let folder = ["", "a", "a/b", "a/b/c", "d", "d/e"][dice(6) as usize];
        let name = ["one.md", "two.md", "three.md", "a", "b", "c", "d", "e"][dice(8) as usize];
        top.join(folder).join(name)
    };
    let (from, to) = (some_path(), some_path());
    let text = format!("{:04}", dice(10_000));
    let _ = match dice(12) {
        0..=2 => fs::write(&from, text),
        3 => fs::write(rest, text).and_then(|()| fs::rename(rest, &from)),
        4..=5 => fs::rename(&from, &to),
        6 => fs::remove_file(&from),
        7 if dice(4) == 0 => fs::remove_dir_all(&from),
        8 => fs::create_dir_all(&from),
        9 => fs::create_dir_all(&from).and_then(|()| fs::write(from.join("one.md"), text)),
        #[cfg(unix)]
        10 => std::os::unix::fs::symlink(&to, &from),
        _ => {
            thread::sleep(Duration::from_millis(dice(8)));
            Ok(())
        }
    };
}

// ------------------------------------------------------- where events fail

#[test]
fn what_no_event_tells_is_found_and_then_polled() {
    for mode in [Mode::Auto, Mode::Poll] {
        let mut s = Scene::with(mode, INTERVAL * 3);
        for name in ["other-name", "third-name", "fourth-name"] {
            fs::hard_link(s.path(ONE), s.path(name)).unwrap();
            s.spend(INTERVAL * 35);
        }
        s.write("other-name", "missed once");
        s.follow();
        s.spend(INTERVAL * 35);
        assert_eq!(*s.said.lock().unwrap(), [""; 0]);
        for n in 0..4 {
            s.write("other-name", &format!("through another name {n}"));
            s.follow();
        }
        s.spend(INTERVAL * 35);
        let said = s.said.lock().unwrap().clone();
        assert_eq!(said.len(), usize::from(mode == Mode::Auto), "{said:?}");
        let line = format!(
            "looking for changes every 30 ms: nothing told of changes of {}",
            s.path(ONE).display()
        );
        assert!(said.iter().all(|l| *l == line), "{said:?}");
    }
}

#[test]
fn what_is_found_without_an_event_is_watched_where_it_is_now() {
    // Nobody tells of a folder far above that another one takes the place of.
    let mut s = Scene::with(Mode::Auto, INTERVAL * 3);
    s.write("far/up/page.md", "first");
    s.read_too("far/up/page.md");
    s.write("far-2/up/page.md", "second");
    s.rename("far", "far-1");
    s.rename("far-2", "far");
    s.follow();
    for n in 0..3 {
        s.write("far/up/page.md", &format!("edit {n}"));
        s.follow();
        s.spend(INTERVAL * 35);
    }
    assert_eq!(*s.said.lock().unwrap(), [""; 0]);
}

#[test]
fn automatic_mode_trusts_events_that_come() {
    let mut s = Scene::with(Mode::Auto, INTERVAL * 3);
    for n in 0..10 {
        s.write(ONE, &format!("edit {n}"));
        s.follow();
        s.write(&format!("site/content/n{n}/a/page.md"), "new");
        s.follow();
        s.rename(&format!("site/content/n{n}"), &format!("site/content/m{n}"));
        s.follow();
        // So that it also looks by itself in between.
        thread::sleep(INTERVAL * 10);
    }
    s.follow_and_on();
}

#[test]
fn polling_doubts_a_stamp_as_young_as_the_clock_is_coarse() {
    // The disk counts in seconds: a second write in this one would not show.
    let mut s = Scene::new(Mode::Poll);
    let file = OpenOptions::new().append(true).open(s.path(ONE)).unwrap();
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let whole = SystemTime::UNIX_EPOCH + Duration::from_secs(now.as_secs());
    file.set_modified(whole).unwrap();
    let begin = Instant::now();
    while !s.wait().paths.contains(&s.path(ONE)) {}
    while !s.wait().paths.contains(&s.path(ONE)) {}
    assert!(begin.elapsed() > Duration::from_secs(1));
    // And once only.
    s.silent(|_| {});
}

#[test]
fn lost_events_make_everything_doubtful() {
    use notify::event::{Event, EventKind, Flag};
    let mail = Mail::default();
    let asked = || mail.take(Some(Instant::now()));
    assert!(!asked().overflow);
    mail.receive(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan)));
    assert!(asked().overflow);
    mail.receive(Err(notify::Error::generic("any")));
    assert!(asked().overflow);
    let any = |n: usize| Event::new(EventKind::Any).add_path(PathBuf::from(format!("/{n}")));
    for n in 0..100_000 {
        mail.receive(Ok(any(n)));
    }
    let inbox = asked();
    assert!(!inbox.overflow && inbox.seen.len() == 100_000);
    for n in 0..100_001 {
        mail.receive(Ok(any(n)));
    }
    let inbox = asked();
    assert!(inbox.overflow && inbox.seen.is_empty());
}

#[test]
fn what_lost_events_told_of_is_found() {
    let mut s = Scene::new(Mode::Native);
    s.write(ONE, "edited");
    // More than the system or the inbox keeps, and all of no interest.
    s.write("site/content/.0", "");
    for n in 0..110_000 {
        let name = |n: usize| format!("site/content/.{n}");
        s.rename(&name(n), &name(n + 1));
    }
    s.follow_and_on();
}

#[test]
fn file_systems_without_events_are_known() {
    let mounts = r"22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:30 / /mnt/c rw,noatime - 9p drvfs rw,aname=drvfs;path=C:\
31 22 0:31 / /home/me/My\040Share rw - cifs //server/share rw
32 22 0:32 / /team rw master:7 propagate_from:1 - fuse.sshfs me@host: rw
33 32 8:1 / /team/local rw - ext4 /dev/sda1 rw
34 22 0:34 / /twice rw - nfs4 server:/ rw
35 22 8:2 / /twice rw - xfs /dev/sdb rw
36 22 8:3 / /stick rw - fuseblk /dev/sdc rw
half a line
";
    for (path, kind) in [
        ("/", None),
        ("/home/me", None),
        ("/mnt/c/Users/me", Some("9p")),
        ("/mnt/cc", None),
        ("/home/me/My Share/x", Some("cifs")),
        ("/team/site", Some("fuse.sshfs")),
        ("/team/local/site", None),
        ("/twice/site", None),
        ("/stick/site", None),
    ] {
        assert_eq!(
            silent_mount(mounts, Path::new(path)).as_deref(),
            kind,
            "{path}"
        );
    }
    assert_eq!(silent_mount("", Path::new("/team")), None);
}

/// Runs one ignored test of this file in a process of its own.
#[cfg(target_os = "linux")]
fn alone(test: &str) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "--ignored",
            "--nocapture",
            &format!("watch::{test}"),
        ])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = text + &String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_watcher_it_polls_and_says_so() {
    alone("alone_no_watcher_to_be_had");
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "changes the limits of its process"]
fn alone_no_watcher_to_be_had() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, 64, hard).unwrap();
    for mode in [Mode::Auto, Mode::Native] {
        let mut files = Vec::new();
        while let Ok(file) = File::open("/") {
            files.push(file);
        }
        let said = Arc::new(Mutex::new(Vec::new()));
        let lines = said.clone();
        let watcher = Watcher::new(mode, INTERVAL, move |l| {
            lines.lock().unwrap().push(l.to_string())
        });
        drop(files);
        let said = said.lock().unwrap().clone();
        assert_eq!(
            said,
            [
                "looking for changes every 10 ms: too many watchers or open files (raise sysctl fs.inotify.max_user_instances or ulimit -n)"
            ]
        );
        let mut s = Scene::new(Mode::Poll);
        s.watcher = watcher;
        s.watched = Arc::default();
        s.look();
        s.settle();
        s.write(ONE, "edited");
        s.follow_and_on();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_runs_on_after_the_watcher() {
    alone("alone_threads_end");
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "counts the threads of its process"]
fn alone_threads_end() {
    let threads = || {
        let tasks = fs::read_dir("/proc/self/task").unwrap().flatten();
        let names = tasks.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
        names.filter(|name| name.starts_with("notify")).count()
    };
    for mode in [Mode::Auto, Mode::Native, Mode::Poll] {
        let scenes: Vec<Scene> = (0..5).map(|_| Scene::new(mode)).collect();
        assert_eq!(threads(), if mode == Mode::Poll { 0 } else { 5 });
        drop(scenes);
        let begin = Instant::now();
        while threads() > 0 {
            assert!(begin.elapsed() < PATIENCE, "{} threads are left", threads());
            thread::sleep(Duration::from_millis(1));
        }
    }
}

#[test]
fn watcher_moves_between_threads() {
    fn is_send<T: Send>() {}
    is_send::<Watcher>();
    is_send::<Waker>();
}
