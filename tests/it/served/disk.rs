//! What `watch` does while the disk refuses to be written to.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use srm_site::site::{self, Options};
use srm_site::source::Source;

use super::watch::published;
use super::{MORE, PATIENCE};
use crate::harness::{Folder, Running};

const WATCH: &[&str] = &["watch", "-d", "out/site"];

fn project() -> Folder {
    let folder = super::site().on_disk();
    fs::create_dir(folder.join("out")).unwrap();
    for path in ["", "out"] {
        fs::set_permissions(folder.join(path), fs::Permissions::from_mode(0o777)).unwrap();
    }
    folder
}

#[track_caller]
fn settles(folder: &Folder) {
    let source = Source::disk(folder.path());
    let (clean, _) = site::in_memory(&source, &Options::default());
    let started = Instant::now();
    while published(&folder.join("out/site")).as_ref() != Some(&clean) {
        assert!(started.elapsed() < PATIENCE, "it is never written");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// How often a message was said until now.
fn count(running: &mut Running, message: &str) -> usize {
    running.so_far().matches(message).count()
}

/// The limit stands for a disk that is full: it stops large files, and then ends
/// without an event that could tell.
#[test]
#[cfg(target_os = "linux")]
fn watch_tries_again_after_the_disk_was_full() {
    let folder = project();
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -S -f 4; exec \"$@\"", "sh"]);
    command.arg(env!("CARGO_BIN_EXE_srm-site")).args(WATCH);
    command.current_dir(folder.path());
    let mut running = Running::of(command);
    running.wait_for("larger than the system allows");
    running.wait_for("tried again by itself");
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(count(&mut running, "error[SRM703]"), 1, "{}", running.said);
    assert!(!folder.join("out/site/index.html").exists());
    let id = running.id().to_string();
    let mut lift = Command::new("prlimit");
    let status = lift.args(["--fsize=unlimited:", "--pid", &id]).status();
    if !status.is_ok_and(|status| status.success()) {
        eprintln!("limits of another process cannot be lifted here");
        return;
    }
    settles(&folder);
    running.wait_for("wrote ");
    running.end();
}

#[test]
fn watch_tries_again_when_it_may_write() {
    let folder = project();
    let may = |mode| {
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(folder.join("out"), mode).unwrap();
    };
    may(0o555);
    let mut running = Running::of(folder.command_for_nobody(WATCH));
    running.wait_for("permission denied");
    // What is wrong is said once, however often it is tried, and after an edit too.
    folder.write(MORE, "# More\n\nWhile it was refused.\n");
    running.wait_for("guide/more.md");
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(count(&mut running, "error[SRM703]"), 1, "{}", running.said);
    may(0o777);
    settles(&folder);
    running.wait_for("wrote ");
    running.end();
}

/// One cause that stops all files is one message, in `build` too.
#[test]
#[cfg(target_os = "linux")]
fn one_cause_is_one_finding() {
    let folder = project();
    let start = "trap '' XFSZ; ulimit -S -f 0; exec \"$@\"";
    let mut command = Command::new("sh");
    command
        .args(["-c", start, "sh"])
        .arg(env!("CARGO_BIN_EXE_srm-site"));
    command.args(["build", "-d", "site", "--format", "short"]);
    command
        .stderr(std::process::Stdio::piped())
        .current_dir(folder.path());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(said.matches("SRM703").count(), 1, "{said}");
    assert!(
        said.contains("other files: the file would be larger"),
        "{said}"
    );
}
