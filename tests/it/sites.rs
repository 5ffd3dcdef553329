//! Whole sites: small ones against files that hold every byte a reader gets,
//! and the shipped content against the facts of its source. `UPDATE=1` writes
//! the expected files again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use srm_site::site::Options;

use crate::harness::{Built, build_files};

mod golden;
mod pages;
mod shipped;

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder: path to bytes.
pub fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, out);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                out.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(folder, folder, &mut out);
    out
}

pub fn updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|v| v == "1")
}

fn shipped_files() -> BTreeMap<String, Vec<u8>> {
    let root = repository();
    let mut files = BTreeMap::new();
    files.insert(
        "book.toml".into(),
        std::fs::read(root.join("book.toml")).unwrap(),
    );
    for folder in ["content", "themes"] {
        for (path, bytes) in files_below(&root.join(folder)) {
            files.insert(format!("{folder}/{path}"), bytes);
        }
    }
    files
}

fn shipped() -> Built {
    build_files(shipped_files(), &Options::default())
}

const MODELS: [&str; 2] = ["saas", "byoc"];

fn json(built: &Built) -> serde_json::Value {
    serde_json::from_str(built.page("data/responsibilities.json")).unwrap()
}

/// Every (row, cell) of the JSON, cells that are not listed left out.
fn cells(data: &serde_json::Value) -> Vec<(&serde_json::Value, &serde_json::Value)> {
    let mut out = Vec::new();
    for category in data["categories"].as_array().unwrap() {
        for row in category["rows"].as_array().unwrap() {
            for cell in row["cells"].as_array().unwrap() {
                if cell["owner"] != "not-listed" {
                    out.push((row, cell));
                }
            }
        }
    }
    out
}
