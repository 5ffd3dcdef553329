//! The same sources give the same bytes, in any place and after any edits.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use srm_site::output::MANIFEST;
use srm_site::site::Options;

use super::{Random, assert_same, everything, said, site};
use crate::harness::{Folder, Run, build_files, tree};

#[test]
fn the_same_project_in_two_places_gives_the_same_bytes() {
    let (one, two) = (Folder::new(), Folder::new());
    let name = "another name/with blanks & ümlauts";
    for (path, bytes) in site().files() {
        one.write(&format!("a/{path}"), &bytes);
        two.write(&format!("{name}/{path}"), &bytes);
    }
    one.run(&["build", "a"]).code(0);
    two.run(&["build", name, "-d", "elsewhere/out"]).code(0);
    // From inside, with other surroundings, one thread, another clock.
    let output = two
        .command(&["build", ".", "-d", "../../third"])
        .current_dir(two.join(name))
        .env("RAYON_NUM_THREADS", "1")
        .env("LANG", "ja_JP.UTF-8")
        .env("TZ", "Asia/Tokyo")
        .env("SOURCE_DATE_EPOCH", "1")
        .output()
        .unwrap();
    Run::of(output).code(0);
    let first = tree(&one.join("a/book"));
    assert_same(&first, &tree(&two.join("elsewhere/out")), "another folder");
    assert_same(&first, &tree(&two.join("third")), "other surroundings");
    // The manifest as well, and nothing names the machine.
    let manifest = |p: PathBuf| fs::read(p.join(MANIFEST)).unwrap();
    assert_eq!(
        manifest(one.join("a/book")),
        manifest(two.join("elsewhere/out"))
    );
    let here = one.path().to_str().unwrap();
    for (path, bytes) in &first {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains(here),
            "{path} names a folder of this machine"
        );
    }
    let shipped = env!("CARGO_MANIFEST_DIR");
    let shipped_out = |name: &str| {
        one.run(&["build", shipped, "-d", name]).code(0);
        tree(&one.join(name))
    };
    let first = shipped_out("s1");
    assert_same(&first, &shipped_out("s2"), "the shipped content");
    for (path, bytes) in &first {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains(shipped),
            "{path} names the repository's place"
        );
    }
}

/// A project under edit: its files, and what was broken in it.
struct Edits {
    folder: Folder,
    random: Random,
    serial: u64,
    broken: bool,
    /// Whether a file of the site was changed by hand.
    tampered: bool,
}

impl Edits {
    fn prose(&mut self) -> Vec<String> {
        let all = tree(&self.folder.join("content"));
        all.into_keys()
            .filter(|p| p.ends_with(".md") && !p.starts_with("models/"))
            .collect()
    }

    fn write(&self, path: &str, text: &str) {
        self.folder.write(&format!("content/{path}"), text);
    }

    fn remove(&self, path: &str) {
        let full = self.folder.join("content").join(path);
        fs::remove_file(&full).unwrap();
        let mut parent = full.parent();
        while let Some(folder) = parent.filter(|f| *f != self.folder.join("content")) {
            if fs::remove_dir(folder).is_err() {
                break;
            }
            parent = folder.parent();
        }
    }

    fn category(&mut self, id: &str) {
        let rows = 1 + self.random.below(3);
        let mut text = format!("label: Category {id}\nrows:\n");
        for row in 0..rows {
            let who = *self
                .random
                .pick(&["customer", "provider", "[customer, provider]"]);
            let n = self.random.below(5);
            text.push_str(&format!(
                "  - id: {id}-{row}\n    label: Row {row}\n    models:\n      saas:\n        responsible: {who}\n        tasks: {{provider: [Do {n} things.], customer: [See to {n} things.]}}\n"
            ));
        }
        self.write(&format!("categories/{id}.yaml"), &text);
    }

    /// A page of which others link to a heading each.
    fn parts(&self, parts: &[u64]) {
        let headings = parts.iter().map(|part| format!("\n## Part {part}\n"));
        let headings: String = headings.collect();
        self.write("parts.md", &format!("# Parts\n{headings}"));
    }

    /// One edit. Says what it did.
    fn step(&mut self) -> String {
        self.serial += 1;
        let n = self.serial;
        let dirs = ["", "a/", "a/b/", "z/"];
        // What is broken is soon repaired, or nothing would ever be built.
        let choice = match self.broken && self.random.below(2) == 0 {
            true => 20,
            // What leaves nearly all as it was is done as often as all else.
            false if self.random.below(2) == 0 => 14 + self.random.below(4),
            false => self.random.below(21),
        };
        match choice {
            0 | 1 => {
                let path = format!("{}page-{n}.md", self.random.pick(&dirs));
                self.write(&path, &format!("# Page {n}\n\nSee [home](/index.md).\n"));
                format!("add {path}")
            }
            2 => {
                let mut all = self.prose();
                all.retain(|p| p != "index.md");
                if all.is_empty() {
                    return "nothing to remove".into();
                }
                let path = self.random.pick(&all).clone();
                self.remove(&path);
                format!("remove {path}")
            }
            3 => {
                let mut all = self.prose();
                all.retain(|p| p != "index.md");
                if all.is_empty() {
                    return "nothing to rename".into();
                }
                let path = self.random.pick(&all).clone();
                let text = self.folder.read(&format!("content/{path}"));
                self.remove(&path);
                let to = format!("{}renamed-{n}.md", self.random.pick(&dirs));
                self.write(&to, &text);
                format!("rename {path} to {to}")
            }
            4 => {
                let all = self.prose();
                let path = self.random.pick(&all).clone();
                self.write(
                    &path,
                    &format!("---\norder: {}\n---\n# Edit {n}\n\nText.\n", n % 7),
                );
                format!("edit {path}")
            }
            5 => {
                let id = *self.random.pick(&["data", "ops", "net"]);
                self.category(id);
                format!("write category {id}")
            }
            6 => {
                let id = *self.random.pick(&["ops", "net"]);
                if !self
                    .folder
                    .join(&format!("content/categories/{id}.yaml"))
                    .exists()
                {
                    return "no category to remove".into();
                }
                self.remove(&format!("categories/{id}.yaml"));
                format!("remove category {id}")
            }
            7 => {
                let path = *self
                    .random
                    .pick(&["a/asset.txt", "asset.txt", "z/asset.bin"]);
                self.write(path, &format!("asset {}", n % 3));
                format!("write {path}")
            }
            8 => {
                let path = *self
                    .random
                    .pick(&["a/asset.txt", "asset.txt", "z/asset.bin"]);
                if !self.folder.join("content").join(path).exists() {
                    return "no asset to remove".into();
                }
                self.remove(path);
                format!("remove {path}")
            }
            9 => {
                let off = *self
                    .random
                    .pick(&["print", "markdown", "data", "parties", "none"]);
                let outputs = if off == "none" {
                    String::new()
                } else {
                    format!("[preprocessor.srm.outputs]\n{off} = false\n")
                };
                let text = format!(
                    "[book]\ntitle = \"Title {}\"\nsrc = \"content\"\n{outputs}",
                    n % 4
                );
                self.folder.write("book.toml", text);
                format!("settings without {off}")
            }
            10 => {
                let model = "content/models/byoc.md";
                if self.folder.join(model).exists() {
                    fs::remove_file(self.folder.join(model)).unwrap();
                    "remove a model".into()
                } else {
                    self.folder.write(model, "---\nlabel: BYOC\n---\nText.\n");
                    "add a model".into()
                }
            }
            11 => {
                let theme = "themes/default/templates/prose.html";
                if self.folder.join(theme).exists() {
                    fs::remove_dir_all(self.folder.join("themes")).unwrap();
                    "remove the theme".into()
                } else {
                    self.folder.write("themes/default/theme.toml", "api = 1\n");
                    self.folder
                        .write("themes/default/static/own.css", format!("/* {n} */"));
                    self.folder.write(
                        theme,
                        "{% extends \"builtin/prose.html\" %}{% block footer %}own{% endblock footer %}",
                    );
                    "add a theme".into()
                }
            }
            12 => {
                self.broken = true;
                self.write("categories/data.yaml", "label: [broken\n");
                "break a category".into()
            }
            13 => {
                self.broken = true;
                self.write("broken.md", "# Broken\n\n[dead](nowhere.md)\n");
                "break a page".into()
            }
            14 => {
                let parts = [n % 3, (n + 1) % 3];
                self.parts(&parts);
                format!("head parts {parts:?}")
            }
            15 => {
                // To a heading that is there, or comes, or goes.
                let part = n % 3;
                let link = format!("# Link\n\n[part](parts.md#part-{part})\n");
                self.write("link.md", &link);
                format!("link to part {part}")
            }
            16 => {
                let part = n % 3;
                let link = format!("\"See to [it](@/parts.md#part-{part}).\"");
                self.write("categories/data.yaml", &format!(
                    "label: Category data\nrows:\n  - id: data-0\n    label: Row 0\n    models:\n      saas: {{responsible: customer, tasks: {{customer: [{link}]}}}}\n"
                ));
                format!("link from data to part {part}")
            }
            17 => {
                self.broken = true;
                self.write("html.md", &format!("# Page\n\n<b>{n}</b>\n"));
                "write what is warned of".into()
            }
            18 => {
                let site: Vec<String> = tree(&self.folder.join("book")).into_keys().collect();
                let path = self.random.pick(&site).clone();
                if path.ends_with("foreign.txt") {
                    return "delete nothing".into();
                }
                fs::remove_file(self.folder.join("book").join(&path)).unwrap();
                format!("delete {path} of the site")
            }
            19 => {
                self.tampered = true;
                self.folder.write("book/index.html", format!("by hand {n}"));
                "change the site by hand".into()
            }
            _ => {
                self.broken = false;
                self.category("data");
                self.parts(&[0, 1, 2]);
                for page in ["content/broken.md", "content/html.md"] {
                    let _ = fs::remove_file(self.folder.join(page));
                }
                "repair".into()
            }
        }
    }
}

#[test]
fn any_way_of_edits_ends_where_a_clean_build_does() {
    for seed in [1, 2, 3] {
        let mut edits = Edits {
            folder: site().on_disk(),
            random: Random(seed),
            serial: 0,
            broken: false,
            tampered: false,
        };
        edits.write("index.md", "# Home\n\nHello.\n");
        edits.parts(&[0, 1, 2]);
        edits.category("data");
        edits.folder.run(&["build", "-q"]).code(0);
        edits.folder.write("book/foreign.txt", "mine");
        edits.folder.write("book/a/foreign.txt", "mine");
        let mut log = Vec::new();
        let mut built = 0;
        for _ in 0..40 {
            // Several edits between builds, as people do.
            for _ in 0..=edits.random.below(2) {
                log.push(edits.step());
            }
            if edits.random.below(4) == 0 {
                log.push("kill a build".into());
                let mut build = edits.folder.command(&["build", "-q"]);
                let mut build = build.stderr(Stdio::null()).spawn().unwrap();
                std::thread::sleep(Duration::from_micros(edits.random.below(150_000)));
                let _ = build.kill();
                build.wait().unwrap();
                let _ = fs::remove_dir_all(edits.folder.join("book/.srm-site-staging"));
            }
            let before = everything(&edits.folder.join("book"));
            let found = said(&edits.folder, "check");
            let mut build = said(&edits.folder, "build");
            edits.broken |= found.0 != Some(0);
            if edits.tampered && found.0 == Some(0) {
                assert_eq!(build.0, Some(2), "seed {seed}: {log:#?}");
                assert_eq!(before, everything(&edits.folder.join("book")));
                edits.tampered = false;
                edits.folder.run(&["build", "--force"]).code(0);
                build = said(&edits.folder, "build");
            }
            assert_eq!(build, found, "seed {seed} after {log:#?}");
            let mut sources = tree(edits.folder.path());
            sources.retain(|p, _| !p.starts_with("book/"));
            let clean = build_files(sources, &Options::default());
            if clean.outcome.failed {
                assert_eq!(build.0, Some(1));
                assert_eq!(
                    before,
                    everything(&edits.folder.join("book")),
                    "seed {seed}: a failed build changed something: {log:#?}"
                );
                continue;
            }
            built += 1;
            let mut expected = clean.files;
            expected.insert("foreign.txt".into(), b"mine".to_vec());
            expected.insert("a/foreign.txt".into(), b"mine".to_vec());
            assert_same(
                &tree(&edits.folder.join("book")),
                &expected,
                &format!("seed {seed} after {log:#?}"),
            );
        }
        assert!(built > 10, "seed {seed}: only {built} builds went through");
        edits.folder.run(&["clean"]).code(0);
        let left: Vec<String> = tree(&edits.folder.join("book")).into_keys().collect();
        assert_eq!(left, ["a/foreign.txt", "foreign.txt"]);
    }
}
