//! The real program: run to its end, or kept running, in a folder of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nix::sys::signal::{Signal, kill};

use super::fixture;

/// A folder of files on disk, removed at the end.
pub struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    pub fn new() -> Self {
        Folder {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    /// A fixture on disk.
    pub fn of(text: &str) -> Self {
        let folder = Folder::new();
        for (path, bytes) in fixture(text) {
            folder.write(&path, bytes);
        }
        folder
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn join(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let full = self.join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// The real binary, run in this folder.
    pub fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().unwrap())
    }

    /// The real binary, ready to be run in this folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_srm-site"));
        command
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .env("TERM", "xterm")
            .stdin(std::process::Stdio::null());
        command
    }
}

/// Runs a command that reads this text from standard input.
pub fn fed(mut command: Command, text: &str) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    Run::of(child.wait_with_output().unwrap())
}

impl Folder {
    /// The binary at a place that other users can reach. It is linked where
    /// that works: a copy that was just written may still be open in a process
    /// another test is starting, and then it cannot be run ("text file busy").
    pub fn program_for_nobody(&self) -> PathBuf {
        let program = self.join("srm-site-for-nobody");
        let original = env!("CARGO_BIN_EXE_srm-site");
        if !program.exists() && std::fs::hard_link(original, &program).is_err() {
            std::fs::copy(original, &program).unwrap();
        }
        program
    }

    /// The real binary, ready to be run in this folder by a user who is not root.
    pub fn command_for_nobody(&self, args: &[&str]) -> Command {
        // The folder was made by the user who runs the tests.
        let owner = std::os::unix::fs::MetadataExt::uid(&self.path().metadata().unwrap());
        if owner != 0 {
            return self.command(args);
        }
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(self.program_for_nobody())
            .args(args)
            .current_dir(self.path());
        command
    }
}

/// The real binary at a command that runs until it is ended.
pub struct Running {
    child: Child,
    lines: mpsc::Receiver<String>,
    /// Everything it has said so far.
    pub said: String,
}

impl Running {
    /// Starts it in a folder. A server gets any port that is free.
    pub fn start(folder: &Folder, args: &[&str]) -> Running {
        let mut command = folder.command(args);
        if args[0] == "serve" && !args.contains(&"-p") {
            command.args(["-p", "0"]);
        }
        Running::of(command)
    }

    /// Starts it exactly as it was asked to.
    pub fn of(mut command: Command) -> Running {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let pipe = BufReader::new(child.stderr.take().unwrap());
        let (send, lines) = mpsc::channel();
        std::thread::spawn(move || {
            let lines = pipe.lines().map_while(Result::ok);
            lines.for_each(|line| drop(send.send(line)));
        });
        Running {
            child,
            lines,
            said: String::new(),
        }
    }

    /// Waits until it says a line with this in it.
    #[track_caller]
    pub fn wait_for(&mut self, part: &str) -> String {
        loop {
            let Ok(line) = self.lines.recv_timeout(Duration::from_secs(30)) else {
                panic!("it never said `{part}`, only\n{}", self.said);
            };
            self.said.push_str(&line);
            self.said.push('\n');
            if line.contains(part) {
                return line;
            }
        }
    }

    /// Everything it has said until now.
    pub fn so_far(&mut self) -> &str {
        for line in self.lines.try_iter() {
            self.said.push_str(&line);
            self.said.push('\n');
        }
        &self.said
    }

    /// The address it serves.
    #[track_caller]
    pub fn address(&mut self) -> SocketAddr {
        let line = self.wait_for("serving http://");
        let rest = line.split_once("http://").unwrap().1;
        rest.split('/').next().unwrap().parse().unwrap()
    }

    pub fn id(&self) -> i32 {
        self.child.id() as i32
    }

    /// Ends it as Ctrl-C does; it has to end by itself and well.
    #[track_caller]
    pub fn end(self) -> String {
        self.end_by(Signal::SIGINT)
    }

    /// The same by another signal.
    #[track_caller]
    pub fn end_by(mut self, signal: Signal) -> String {
        kill(nix::unistd::Pid::from_raw(self.id()), signal).unwrap();
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "it does not end"
            );
            std::thread::sleep(Duration::from_millis(5));
        };
        while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(1)) {
            self.said.push_str(&line);
            self.said.push('\n');
        }
        assert_eq!(status.code(), Some(0), "{}", self.said);
        std::mem::take(&mut self.said)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a run of the binary said.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(output: Output) -> Self {
        Run {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Fails unless the run ended with this code.
    #[track_caller]
    pub fn code(&self, code: i32) -> &Self {
        assert_eq!(
            self.code,
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }
}

/// Gives the manifest of a site the time that a build would give it, so that it is
/// believed. Only a program that runs on the machine can do that.
pub fn sign_manifest(site: &Path) {
    const SIGNATURE: u32 = 618_033_988;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let time = UNIX_EPOCH + Duration::new(now.as_secs(), SIGNATURE);
    let manifest = site.join(srm_site::output::MANIFEST);
    let file = std::fs::File::options().write(true).open(manifest);
    file.unwrap().set_modified(time).unwrap();
}

/// All files below a folder: path to bytes, the manifest left out.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, out);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                if name != srm_site::output::MANIFEST {
                    out.insert(name, std::fs::read(&path).unwrap());
                }
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(folder, folder, &mut out);
    out
}
