//! Which packages may come in.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::{files, none, read, root};

fn manifest() -> toml::Table {
    toml::from_str(&read(&root().join("Cargo.toml"))).unwrap()
}

#[test]
fn every_dependency_is_used() {
    let manifest = manifest();
    let text = |folder: &str| -> String {
        let texts: Vec<String> = files(folder, &[".rs"]).iter().map(|p| read(p)).collect();
        texts.concat()
    };
    // The tests run the fuzz targets, too.
    let tests = ["tests/it", "tests/speed", "tests/fuzz"].map(text).concat();
    let src = text("src");
    let build = fs::read_to_string(root().join("build.rs")).unwrap_or_default();
    let mut broken = Vec::new();
    let names = |table: &str| -> Vec<String> {
        let table = manifest.get(table).and_then(|t| t.as_table());
        table
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    };
    let used = |name: &str, text: &str| {
        let name = name.replace('-', "_");
        [
            format!("{name}::"),
            format!("use {name};"),
            format!("{name}!"),
        ]
        .iter()
        .any(|w| text.contains(w.as_str()))
    };
    // Those of all systems, and of some only.
    let systems = manifest.get("target").and_then(|t| t.as_table());
    let systems = systems.into_iter().flatten().filter_map(|(_, system)| {
        let table = system.get("dependencies")?.as_table()?;
        Some(table.keys().cloned().collect::<Vec<String>>())
    });
    let systems: Vec<String> = systems.flatten().collect();
    assert!(!systems.is_empty());
    for name in names("dependencies").into_iter().chain(systems) {
        if !used(&name, &src) {
            broken.push(format!("`{name}` is used nowhere in src/"));
        }
    }
    for name in names("dev-dependencies") {
        if !used(&name, &tests) {
            broken.push(format!("`{name}` is used nowhere in tests/"));
        }
    }
    for name in names("build-dependencies") {
        if !used(&name, &build) {
            broken.push(format!("`{name}` is used nowhere in build.rs"));
        }
    }
    assert!(names("dependencies").len() > 10);
    none(broken, "remove what is not used:");
}

/// Licences under which packages may be used.
const LICENCES: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "BSL-1.0",
    "CC0-1.0",
    "Unlicense",
    "Unicode-3.0",
    "MPL-2.0",
];

/// Whether an SPDX expression leaves a way that is allowed.
fn allowed(expression: &str) -> bool {
    let text = expression.replace('/', " OR ");
    // Brackets here only ever hold alternatives or lists of needs.
    if let (Some(open), Some(close)) = (text.find('('), text.find(')')) {
        let inner = allowed(&text[open + 1..close]);
        let word = if inner { "MIT" } else { "Proprietary" };
        return allowed(&format!("{}{word}{}", &text[..open], &text[close + 1..]));
    }
    text.split(" OR ").any(|way| {
        way.split(" AND ")
            .all(|licence| LICENCES.contains(&licence.trim()))
    })
}

#[test]
fn every_package_has_a_known_licence() {
    for (expression, fine) in [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("MIT AND GPL-3.0-only", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(GPL-2.0 OR AGPL-3.0) AND MIT", false),
        ("", false),
    ] {
        assert_eq!(allowed(expression), fine, "{expression}");
    }
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--locked", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50, "{}", packages.len());
    let mut broken = Vec::new();
    for package in packages {
        let (name, version) = (&package["name"], &package["version"]);
        let licence = package["license"].as_str().unwrap_or("");
        if !allowed(licence) {
            broken.push(format!("{name} {version}: `{licence}`"));
        }
        // Everything comes from the registry, or is ours.
        let source = package["source"].as_str();
        let known = source
            .is_none_or(|s| s.starts_with("registry+https://github.com/rust-lang/crates.io-index"));
        if !known {
            broken.push(format!("{name} {version} comes from {source:?}"));
        }
    }
    none(broken, "a licence nobody has looked at:");
}

/// Packages of the RustSec database with a warning or worse that a tool like
/// this one could come by, and the first version without it. It is a snapshot
/// (August 2026); `cargo audit` knows more where there is a network.
const ADVISORIES: &[(&str, &str, &str)] = &[
    (
        "serde_yml",
        "never",
        "RUSTSEC-2025-0068: unsound and unmaintained",
    ),
    (
        "libyml",
        "never",
        "RUSTSEC-2025-0067: unsound and unmaintained",
    ),
    ("yaml-rust", "never", "RUSTSEC-2024-0320: unmaintained"),
    (
        "proc-macro-error",
        "never",
        "RUSTSEC-2024-0370: unmaintained",
    ),
    ("bincode", "never", "RUSTSEC-2025-0141: unmaintained"),
    ("quick-xml", "0.41", "RUSTSEC-2026-0194 and 0195"),
    ("rkyv", "never", "RUSTSEC-2026-0235"),
];

/// Advisories that are accepted, with the reason.
const ACCEPTED: &[(&str, &str)] = &[(
    "bincode",
    "syntect reads its own built-in syntax dump with it; no foreign data is decoded",
)];

#[test]
fn no_package_has_a_known_advisory() {
    let lock: toml::Table = read(&root().join("Cargo.lock")).parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let number = |version: &str| -> Vec<u32> {
        version.split('.').map(|n| n.parse().unwrap_or(0)).collect()
    };
    let mut broken = Vec::new();
    for (name, fixed, why) in ADVISORIES {
        let found = packages.iter().find(|p| p["name"].as_str() == Some(name));
        let version = found.map(|p| p["version"].as_str().unwrap());
        let bad = version.filter(|v| *fixed == "never" || number(v) < number(fixed));
        let accepted = ACCEPTED.iter().any(|(n, _)| n == name);
        match (bad, accepted) {
            (Some(version), false) => broken.push(format!("{name} {version}: {why}")),
            (None, true) => broken.push(format!("{name} is accepted and not there any more")),
            _ => {}
        }
    }
    none(broken, "packages with a known advisory:");
}
