//! Where events fail or are lost, and where there are none.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
#[cfg(target_os = "linux")]
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use srm_site::watch::{Mail, silent_mount};
use srm_site::watch::{Mode, Watcher};

use super::{INTERVAL, ONE, PATIENCE, Scene};

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
            "checking for changes every 30 ms: no event reported a change of {}",
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
            &format!("watch::events::{test}"),
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
                "checking for changes every 10 ms: too many watchers or open files (raise sysctl fs.inotify.max_user_instances or ulimit -n)"
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
