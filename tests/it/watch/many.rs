//! Many changes at once, and changes at any time.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use srm_site::watch::{Mode, Waker, Watcher};

use super::{ONE, Scene};

ways! {
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

#[test]
fn watcher_moves_between_threads() {
    fn is_send<T: Send>() {}
    is_send::<Watcher>();
    is_send::<Waker>();
}
