//! Writing a site to a real disk: only what changed is written, only what was
//! ours is replaced or removed, nothing is lost when the disk is full or the
//! process dies, and any way of edits ends where a clean build does.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use srm_site::findings::Digest;
use srm_site::findings::Finding;
use srm_site::output::{Destination, MANIFEST, Output};

use crate::harness::projects::{Project, TWO_MODELS, project};
use crate::harness::{Folder, Run, sign_manifest, tree};

mod changed;
mod clean;
mod destination;
mod edits;
mod interrupted;
mod manifest;
mod replace;

/// Two models, a page of prose and a file that is copied.
fn site() -> Project {
    project(TWO_MODELS)
        .page("guide.md", "# Guide\n\nRead this.\n")
        .with("content/pictures/one.txt", "a file that is copied\n")
}

/// Everything below a folder with what it is: bytes of files, targets of
/// links, and folders. Nothing is followed.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).unwrap().file_type();
            let name = path.strip_prefix(root).unwrap().to_path_buf();
            if kind.is_dir() {
                out.insert(name, b"(folder)".to_vec());
                walk(root, &path, out);
            } else if kind.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                out.insert(name, format!("(link) {}", target.display()).into_bytes());
            } else {
                out.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(folder, folder, &mut out);
    out
}

fn mtimes(folder: &Path) -> BTreeMap<String, SystemTime> {
    let files = tree(folder);
    files
        .into_keys()
        .map(|p| {
            let time = fs::metadata(folder.join(&p)).unwrap().modified().unwrap();
            (p, time)
        })
        .collect()
}

/// Makes every file of a folder an hour older, so that any write shows.
fn age(folder: &Path) {
    let past = SystemTime::now() - Duration::from_secs(3600);
    for path in tree(folder).into_keys() {
        let file = fs::File::options()
            .append(true)
            .open(folder.join(path))
            .unwrap();
        file.set_modified(past).unwrap();
    }
}

/// What a build of these sources from nothing gives.
fn clean_build(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let fresh = tempfile::tempdir().unwrap();
    let out = fresh.path().join("out");
    let run = folder.run(&["build", "-q", "-d", out.to_str().unwrap()]);
    run.code(0);
    tree(&out)
}

#[track_caller]
fn assert_same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>, why: &str) {
    if left == right {
        return;
    }
    let names = |m: &BTreeMap<String, Vec<u8>>| m.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(left), names(right), "{why}: the files differ");
    for (path, bytes) in left {
        let (left, right) = (
            String::from_utf8_lossy(bytes),
            String::from_utf8_lossy(&right[path]),
        );
        for (n, (left, right)) in left.lines().zip(right.lines()).enumerate() {
            assert_eq!(left, right, "{why}: {path}, line {}", n + 1);
        }
        assert_eq!(left.len(), right.len(), "{why}: {path}");
    }
}

/// Opens a folder that the command line names.
fn open(folder: &Path, project: &Path) -> Result<Output, Finding> {
    let to = Destination {
        folder,
        named: true,
        project,
        sources: &[],
    };
    Output::open(to, false)
}

/// Changes every file of a site, and its manifest as if they had been built so:
/// what is made again loses the mark.
fn mark(site: &Path) {
    let manifest = site.join(MANIFEST);
    let mut said: serde_json::Value =
        serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    for (path, mut bytes) in tree(site) {
        bytes.extend(MARK);
        fs::write(site.join(&path), &bytes).unwrap();
        said["files"][&path] = serde_json::json!([Digest::of_bytes(&bytes).to_string()]);
    }
    fs::write(manifest, said.to_string()).unwrap();
    sign_manifest(site);
}

const MARK: &[u8] = b"<!-- as it was -->";

/// What a command says of the project: its exit code and the findings.
fn said(folder: &Folder, command: &str) -> (Option<i32>, Vec<String>) {
    let run = folder.run(&[command, "--format", "short"]);
    let lines = run.stderr.lines().map(str::to_string);
    (run.code, lines.filter(|l| l.contains('[')).collect())
}

/// Copies a site, the manifest last, with the times that files have or without.
fn copy_site(from: &Path, to: &Path, times: bool) {
    let mut paths: Vec<String> = everything(from)
        .into_keys()
        .filter(|path| from.join(path).is_file())
        .map(|path| path.to_str().unwrap().to_string())
        .collect();
    paths.sort_by_key(|path| path == MANIFEST);
    for path in paths {
        let (old, new) = (from.join(&path), to.join(&path));
        fs::create_dir_all(new.parent().unwrap()).unwrap();
        fs::copy(&old, &new).unwrap();
        if times {
            let time = fs::metadata(old).unwrap().modified().unwrap();
            let file = fs::File::options().append(true).open(new).unwrap();
            file.set_modified(time).unwrap();
        }
    }
}

/// The binary as a user who owns nothing here, where there is such a thing.
pub fn as_nobody(folder: &Folder, args: &[&str]) -> Option<Run> {
    let root = nix_uid() == 0;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if !root {
        return Some(folder.run(args));
    }
    let program = folder.program_for_nobody();
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&program)
        .args(args)
        .current_dir(folder.path());
    match command.output() {
        Ok(output) => Some(Run::of(output)),
        Err(error) => {
            eprintln!("root cannot become somebody else here: {error}");
            None
        }
    }
}

fn nix_uid() -> u32 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").unwrap().uid()
}

/// A small generator of numbers (SplitMix64), the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.below(items.len() as u64)).unwrap()]
    }
}
