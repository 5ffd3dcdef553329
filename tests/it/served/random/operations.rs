//! What happens to a project while it is edited.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use super::Random;
use super::saves::SAVES;
use crate::served::{DATA, MORE, site};

/// A project in the folder `p`, and what is beside it.
pub struct World {
    pub root: PathBuf,
    pub random: Random,
    /// Counts edits, so that each makes something new.
    number: usize,
}

/// Waits up to so many milliseconds, or not at all.
pub fn pause(world: &mut World, most: usize) {
    let time = match world.random.below(3) {
        0 => 0,
        _ => world.random.below(most + 1),
    };
    std::thread::sleep(Duration::from_millis(time as u64));
}

fn set_mode(path: &Path, mode: u32) {
    let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode));
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::create_dir_all(to);
    for entry in fs::read_dir(from).into_iter().flatten().flatten() {
        let (path, new) = (entry.path(), to.join(entry.file_name()));
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => copy(&path, &new),
            kind if kind.is_file() => drop(fs::copy(&path, &new)),
            _ => {}
        }
    }
}

impl World {
    pub fn new(root: &Path, random: Random) -> World {
        let world = World {
            root: root.to_path_buf(),
            random,
            number: 0,
        };
        for (path, bytes) in site().files() {
            let path = world.p(&path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        fs::write(world.p("content/terms.pdf"), "terms").unwrap();
        fs::create_dir(world.p("shared")).unwrap();
        fs::write(world.p("shared/one.md"), "# Shared one\n").unwrap();
        fs::write(world.p("shared/two.md"), "# Shared two\n").unwrap();
        symlink("../shared/one.md", world.p("content/linked.md")).unwrap();
        world.git(&["init", "-q", "-b", "main"]);
        world.git(&["add", "-A"]);
        world.git(&["commit", "-q", "-m", "start"]);
        world.git(&["checkout", "-q", "-b", "other"]);
        world.git(&["rm", "-q", "content/terms.pdf"]);
        world.save("content/guide/more.md", b"# More\n\nOn a branch.\n");
        fs::write(world.p("content/branch.csv"), "a,b\n").unwrap();
        world.git(&["add", "-A"]);
        world.git(&["commit", "-q", "-m", "branch"]);
        world.git(&["checkout", "-q", "main"]);
        world
    }

    pub fn p(&self, path: &str) -> PathBuf {
        self.root.join("p").join(path)
    }

    fn git(&self, args: &[&str]) {
        let mut git = Command::new("git");
        git.args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b.example",
            "-c",
            "safe.directory=*",
        ]);
        git.args(args)
            .current_dir(self.p(""))
            .env("HOME", &self.root);
        let _ = git
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
    }

    /// Gives all permissions back.
    pub fn may_read_all(&self) {
        let mut chmod = Command::new("chmod");
        let _ = chmod
            .args(["-R", "u+rwX,go+rX"])
            .arg(self.p(""))
            .stderr(Stdio::null())
            .status();
    }

    /// Brings back the state of the branch.
    pub fn mend(&mut self) {
        self.may_read_all();
        self.git(&["checkout", "-q", "-f", "main"]);
        self.git(&["clean", "-fdq"]);
    }

    fn next(&mut self) -> usize {
        self.number += 1;
        self.number
    }

    fn save(&self, path: &str, bytes: &[u8]) {
        let path = self.p(path);
        let _ = fs::create_dir_all(path.parent().unwrap());
        let _ = fs::write(path, bytes);
    }

    /// Regular files below the content folder, as paths in the project.
    fn files(&self, ending: &str) -> Vec<PathBuf> {
        fn walk(folder: &Path, ending: &str, out: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => walk(&path, ending, out),
                    Ok(kind) if kind.is_file() && path.to_string_lossy().ends_with(ending) => {
                        out.push(path);
                    }
                    _ => {}
                }
            }
        }
        let mut out = Vec::new();
        walk(&self.p("content"), ending, &mut out);
        out.retain(|path| path.as_os_str().len() < 3000);
        out.sort();
        out
    }

    fn some_file(&mut self, ending: &str) -> Option<PathBuf> {
        let files = self.files(ending);
        (!files.is_empty()).then(|| self.random.pick(&files).clone())
    }

    /// Another text for a file, of the kind that it has.
    fn text_for(&mut self, path: &Path) -> Vec<u8> {
        let n = self.next();
        let name = path.to_string_lossy();
        let text = match () {
            () if name.contains("/models/") => {
                format!("---\nlabel: SaaS {n}\n---\nWe run it {n}.\n")
            }
            () if name.ends_with(".md") => {
                format!("# Page {n}\n\nText {n} {}.\n", "word ".repeat(n % 9))
            }
            () if name.ends_with("data.yaml") => format!(
                "label: Data {n}\nrows:\n  - {{id: keys, label: Keys {n}, models: {{saas: {{responsible: customer, tasks: {{customer: [Do {n}.]}}}}}}}}\n"
            ),
            () if name.ends_with(".yaml") => format!(
                "label: Ops {n}\nrows:\n  - {{id: logs, label: Logs {n}, models: {{saas: {{responsible: provider, tasks: {{provider: [Do {n}.]}}}}}}}}\n"
            ),
            () if name.ends_with(".svg") => {
                format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{n}\" height=\"9\"/>\n")
            }
            () => format!("bytes {n} {}", "x".repeat(n % 50)),
        };
        text.into_bytes()
    }

    /// Saves a file in one of the ways there are.
    fn edit(&mut self, path: &Path) {
        let bytes = self.text_for(path);
        let save = *self.random.pick(SAVES);
        // What has no rights, or is gone, cannot be saved.
        let _ = save(self, path, &bytes);
    }

    fn break_by(&mut self, change: fn(Vec<u8>) -> Vec<u8>) {
        let Some(path) = self.some_file("") else {
            return;
        };
        let bytes = fs::read(&path).unwrap_or_default();
        let _ = fs::write(path, change(bytes));
    }

    fn rename_to(&mut self, name: &OsStr) {
        if let Some(path) = self.some_file(".md") {
            let _ = fs::rename(&path, path.with_file_name(name));
        }
    }
}

const NAMES: &[&str] = &[
    "with blanks in it.md",
    "odd #?%&'\"<>.md",
    "データ 責任.md",
    "новый.md",
    "a\nb.md",
    "tab\there.md",
    "back\\slash.md",
    "-dash.md",
    "e\u{301}.md",
    "..two.md",
    "con.md",
    "percent%20.md",
];

/// What may happen, whether it happens in one step, and how.
pub type Operation = (&'static str, bool, fn(&mut World));

pub const OPERATIONS: &[Operation] = &[
    ("edit a page", false, |w| {
        if let Some(path) = w.some_file(".md") {
            w.edit(&path)
        }
    }),
    ("edit data", false, |w| {
        if let Some(path) = w.some_file(".yaml") {
            w.edit(&path)
        }
    }),
    ("edit any file", false, |w| {
        if let Some(path) = w.some_file("") {
            w.edit(&path)
        }
    }),
    ("edit a copied file", false, |w| {
        let path = w
            .some_file(".pdf")
            .unwrap_or_else(|| w.p("content/new.pdf"));
        w.edit(&path);
    }),
    ("edit the settings", true, |w| {
        let n = w.next();
        w.save(
            "book.toml",
            format!("[book]\ntitle = \"T {n}\"\nsrc = \"content\"\n").as_bytes(),
        );
    }),
    ("cut", true, |w| {
        w.break_by(|bytes| bytes[..bytes.len() / 2].to_vec())
    }),
    ("empty", true, |w| w.break_by(|_| Vec::new())),
    ("a NUL", true, |w| {
        w.break_by(|bytes| [&bytes[..], b"\0"].concat())
    }),
    ("not UTF-8", true, |w| {
        w.break_by(|bytes| [&bytes[..], b"\xff\xfe"].concat())
    }),
    ("a mark of byte order", true, |w| {
        w.break_by(|bytes| [b"\xef\xbb\xbf", &bytes[..]].concat())
    }),
    ("marks of templates", true, |w| {
        w.break_by(|bytes| [&bytes[..], b"\n{{ x }} {% if %}\n"].concat())
    }),
    ("a dead link", true, |w| {
        w.break_by(|bytes| [&bytes[..], b"\n[dead](nowhere.md)\n"].concat())
    }),
    ("delete a file", true, |w| {
        if let Some(path) = w.some_file("") {
            drop(fs::remove_file(path))
        }
    }),
    ("rename oddly", true, |w| {
        let name = *w.random.pick(NAMES);
        w.rename_to(OsStr::new(name));
    }),
    ("rename to a long name", true, |w| {
        let length = *w.random.pick(&[245, 247, 250, 252]);
        let name = format!("{}.md", "n".repeat(length));
        w.rename_to(OsStr::new(&name));
    }),
    ("change the case of a name", true, |w| {
        if let Some(path) = w.some_file(".md") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let upper = name.trim_end_matches(".md").to_uppercase();
            let _ = fs::rename(&path, path.with_file_name(format!("{upper}.md")));
        }
    }),
    ("names that differ in case", false, |w| {
        w.save("content/Same.md", b"# One\n");
        w.save("content/same.md", b"# Two\n");
    }),
    ("a new page", true, |w| {
        let n = w.next();
        w.save(
            &format!("content/new-{n}.md"),
            format!("# New {n}\n").as_bytes(),
        );
    }),
    ("a new file of an odd name", true, |w| {
        let name = *w.random.pick(NAMES);
        w.save(&format!("content/{name}"), b"# Odd\n");
        w.save(&format!("content/{name}.pdf"), b"odd");
    }),
    ("a large file that arrives slowly", false, |w| {
        let n = w.next();
        let Ok(mut file) = File::create(w.p(&format!("content/large-{n}.zip"))) else {
            return;
        };
        for _ in 0..=w.random.below(4) {
            let bytes = vec![n as u8; w.random.below(225_000)];
            let _ = file.write_all(&bytes);
            pause(w, 300);
        }
    }),
    ("a burst", false, |w| {
        for _ in 0..5 + w.random.below(26) {
            let paths = [DATA, MORE, "content/index.md", "content/terms.pdf"];
            let path = *w.random.pick(&paths);
            let path = w.p(path);
            let bytes = w.text_for(&path);
            let _ = fs::write(path, bytes);
            pause(w, 70);
        }
    }),
    ("a folder moved", true, |w| {
        let n = w.next();
        let _ = fs::rename(w.p("content/guide"), w.p(&format!("content/guide-{n}")));
    }),
    ("a folder moved away and back", false, |w| {
        let _ = fs::rename(w.p("content/guide"), w.root.join("beside/guide"));
        pause(w, 300);
        let _ = fs::rename(w.root.join("beside/guide"), w.p("content/guide"));
    }),
    ("a folder swapped for a copy", false, |w| {
        copy(&w.p("content"), &w.p("copy"));
        let _ = fs::remove_dir_all(w.p("old"));
        let _ = fs::rename(w.p("content"), w.p("old"));
        let _ = fs::rename(w.p("copy"), w.p("content"));
    }),
    ("a folder deleted", false, |w| {
        drop(fs::remove_dir_all(w.p("content/guide")))
    }),
    (
        "a file that becomes a folder and a file again",
        false,
        |w| {
            let path = w.p(MORE);
            let _ = fs::remove_file(&path);
            let _ = fs::create_dir_all(&path);
            pause(w, 200);
            let _ = fs::remove_dir(&path);
            w.save(MORE, b"# A file again\n");
        },
    ),
    (
        "a folder that becomes a file and a folder again",
        false,
        |w| {
            let _ = fs::remove_dir_all(w.p("content/guide"));
            let _ = fs::write(w.p("content/guide"), "a file");
            pause(w, 200);
            let _ = fs::remove_file(w.p("content/guide"));
            w.save(MORE, b"# In a folder again\n");
        },
    ),
    ("a link led elsewhere", true, |w| {
        let target = *w.random.pick(&["one.md", "two.md"]);
        let _ = fs::remove_file(w.p("content/linked.tmp"));
        let _ = symlink(format!("../shared/{target}"), w.p("linked.tmp"));
        let _ = fs::rename(w.p("linked.tmp"), w.p("content/linked.md"));
    }),
    ("the target of a link edited", false, |w| {
        let path = w.p("shared/one.md");
        if path.parent().unwrap().is_dir() {
            w.edit(&path);
        }
    }),
    ("targets of links swapped", false, |w| {
        let _ = fs::rename(w.p("shared/one.md"), w.p("shared/three.md"));
        pause(w, 50);
        let _ = fs::rename(w.p("shared/two.md"), w.p("shared/one.md"));
        let _ = fs::rename(w.p("shared/three.md"), w.p("shared/two.md"));
    }),
    ("the target of a link away and back", false, |w| {
        let _ = fs::remove_file(w.p("shared/one.md"));
        pause(w, 300);
        let n = w.next();
        w.save("shared/one.md", format!("# Back {n}\n").as_bytes());
    }),
    ("the target of a link away", true, |w| {
        drop(fs::remove_file(w.p("shared/one.md")))
    }),
    ("a link to a folder", true, |w| {
        let n = w.next();
        let _ = symlink("../shared", w.p(&format!("content/folder-{n}")));
    }),
    ("a link to itself", true, |w| {
        drop(symlink("loop.md", w.p("content/loop.md")))
    }),
    ("a link to nothing", true, |w| {
        drop(symlink("nothing", w.p("content/nothing.pdf")))
    }),
    ("a link out of the project", true, |w| {
        drop(symlink("/etc/passwd", w.p("content/out.md")))
    }),
    ("a name that is not UTF-8", true, |w| {
        let name = OsStr::from_bytes(b"not-\xff.md");
        let _ = fs::write(w.p("content").join(name), "# x\n");
    }),
    ("forty levels", false, |w| {
        let deep = format!("content{}", "/d".repeat(*w.random.pick(&[20, 40])));
        w.save(&format!("{deep}/page.md"), b"# Deep\n");
    }),
    ("a pipe", true, |w| {
        let mut mkfifo = Command::new("mkfifo");
        let _ = mkfifo
            .arg(w.p("content/pipe.md"))
            .stderr(Stdio::null())
            .status();
    }),
    ("no rights to a file", true, |w| {
        if let Some(path) = w.some_file("") {
            set_mode(&path, 0)
        }
    }),
    ("no rights to a folder", true, |w| {
        set_mode(
            &w.p("content/guide"),
            *w.random.pick(&[0o000, 0o444, 0o111]),
        );
    }),
    ("rights back", false, |w| w.may_read_all()),
    ("a branch and back", false, |w| {
        w.git(&["checkout", "-q", "-f", "other"]);
        pause(w, 300);
        w.git(&["checkout", "-q", "-f", "main"]);
        pause(w, 100);
        w.save("content/terms.pdf", b"after the branch");
    }),
    ("another branch", false, |w| {
        w.git(&["checkout", "-q", "-f", "other"])
    }),
    ("a stash and back", false, |w| {
        w.git(&["stash", "-q", "-u"]);
        pause(w, 200);
        w.git(&["stash", "pop", "-q"]);
    }),
    ("clean", false, |w| w.git(&["clean", "-fdq"])),
    ("touch", true, |w| {
        if let Some(path) = w.some_file("") {
            let file = File::options().append(true).open(path);
            let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
        }
    }),
    ("the project away and back", false, |w| {
        let _ = fs::rename(w.p(""), w.root.join("beside/p"));
        pause(w, 400);
        let _ = fs::rename(w.root.join("beside/p"), w.p(""));
    }),
    ("the project deleted and made again", false, |w| {
        w.mend();
        let kept = w.root.join("beside/kept");
        copy(&w.p(""), &kept);
        let _ = fs::remove_dir_all(w.p(""));
        pause(w, 400);
        copy(&kept, &w.p(""));
        let _ = fs::remove_dir_all(&kept);
        let _ = symlink("../shared/one.md", w.p("content/linked.md"));
        pause(w, 200);
        w.save("content/terms.pdf", b"made again");
    }),
];
