//! Gives the program an identity: a hash of everything it is built from. A site that
//! another build of the program made never counts as up to date.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

fn main() {
    let mut files = BTreeMap::new();
    for folder in ["src", "themes/default"] {
        println!("cargo::rerun-if-changed={folder}");
        collect(Path::new(folder), &mut files);
    }
    println!("cargo::rerun-if-changed=Cargo.lock");
    files.insert(
        "Cargo.lock".into(),
        fs::read("Cargo.lock").unwrap_or_default(),
    );
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    println!("cargo::rustc-env=SRM_SITE_BUILD={:016x}", hasher.finish());
}

fn collect(folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(bytes) = fs::read(&path) {
            files.insert(path.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
}
