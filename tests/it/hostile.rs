//! Broken and hostile input: whatever is in the files, the tool ends with a
//! finding within seconds and within little memory, never with a panic, and
//! nothing an author writes becomes live markup, leaves the output folder or
//! acts on the terminal.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::projects::{ONE_MODEL, project};
use crate::harness::{Folder, Run};

mod encoding;
mod files;
mod large;
mod links;
mod markup;
mod names;
mod nesting;
mod settings;
mod terminal;

/// Address space a run may have, in kilobytes. Far more than any honest site
/// of this size needs, far less than an attack asks for.
const MEMORY: u64 = 2_000_000;

/// The longest any run here may take; debug builds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// The real binary with a limit on memory and time. A run that panics, is
/// killed or does not end fails the test.
#[track_caller]
pub(crate) fn limited(folder: &Folder, args: &[&str]) -> Run {
    limited_to(PATIENCE, folder, args)
}

#[track_caller]
fn limited_to(patience: Duration, folder: &Folder, args: &[&str]) -> Run {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_srm-site"))
        .args(args)
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("TERM", "xterm");
    finish(command, args, patience)
}

#[track_caller]
fn finish(mut command: Command, args: &[&str], patience: Duration) -> Run {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let drain = |mut pipe: Box<dyn Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = pipe.read_to_end(&mut bytes);
            bytes
        })
    };
    let stdout = drain(Box::new(child.stdout.take().unwrap()));
    let stderr = drain(Box::new(child.stderr.take().unwrap()));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > patience {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{args:?} did not end within {patience:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let run = Run {
        code: status.code(),
        stdout: String::from_utf8_lossy(&stdout.join().unwrap()).into_owned(),
        stderr: String::from_utf8_lossy(&stderr.join().unwrap()).into_owned(),
    };
    let said: String = run.stderr.chars().take(4000).collect();
    assert!(
        matches!(run.code, Some(0..=2)) && !run.stderr.contains("panicked"),
        "{status}\n{said}"
    );
    assert!(
        run.stderr.len() < 20_000_000,
        "{} bytes of messages",
        run.stderr.len()
    );
    run
}

/// A site with one more file checked: the finding's code must be said, the
/// file named, and the check must fail: with 2 for the settings, else with 1.
#[track_caller]
pub fn refused(path: &str, bytes: impl AsRef<[u8]>, code: &str) -> Run {
    let folder = project(ONE_MODEL).on_disk();
    folder.write(path, bytes);
    let run = limited(&folder, &["check"]);
    let said: String = run.stderr.chars().take(4000).collect();
    assert_eq!(run.code, Some(failure(path)), "{said}");
    assert!(run.stderr.contains(code), "{code}: {said}");
    assert!(run.stderr.contains(path), "{path}: {said}");
    run
}

/// What a mistake in a file ends with: settings are usage, the rest findings.
fn failure(path: &str) -> i32 {
    if path == "book.toml" { 2 } else { 1 }
}

/// A site with one more file built: whatever is in it is fine.
#[track_caller]
fn accepted(path: &str, bytes: impl AsRef<[u8]>) -> Folder {
    let folder = project(ONE_MODEL).on_disk();
    folder.write(path, bytes);
    let run = limited(&folder, &["build"]);
    let said: String = run.stderr.chars().take(4000).collect();
    assert_eq!(run.code, Some(0), "{said}");
    folder
}

const CATEGORY: &str = "content/categories/more.yaml";

fn category(description: &str) -> String {
    format!("label: More\ndescription: {description}\nrows: []\n")
}
