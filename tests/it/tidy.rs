//! House rules that no compiler checks: who may use whom, who may touch the
//! world, what every file looks like, which packages may come in. Each rule
//! names the file and line it is broken at.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Which room may use which. A new pair is a change of the architecture. Rooms
/// stand in the order of `lib.rs`, from the lowest floor to the highest.
const MAY_USE: &[(&str, &str)] = &[
    ("findings", ""),
    ("source", "findings"),
    ("text", "findings"),
    ("input", "findings text"),
    ("output", "findings source"),
    ("report", "findings source text"),
    ("watch", "source"),
    ("model", "findings source text input"),
    ("tables", "findings text input model"),
    ("embed", "findings text tables"),
    ("pages", "findings text input model tables"),
    ("render", "findings source text input model tables pages"),
    ("check", "findings text input model pages render"),
    (
        "site",
        "findings source text input output report model tables pages render check",
    ),
    ("serve", "findings source text report watch site"),
    (
        "cli",
        "findings source text input output report watch tables embed render site serve",
    ),
];

/// The submodules that belong to the door of their room, since what is in them
/// reads better behind their name: `links::join`, `paths::model`. All others are
/// private, and the room's file lists what it offers.
const OPEN: &[(&str, &str)] = &[
    ("model", "active_files compare lint"),
    ("pages", "page_keys web"),
    ("render", "theme"),
    ("serve", "preview"),
    ("site", "engine"),
    ("tables", "answers formats html"),
    ("text", "links markdown paths plain_words"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files with an ending below a folder of the repository.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    fn walk(folder: &Path, endings: &[&str], out: &mut Vec<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else {
            return;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", "corpus", "artifacts", "node_modules", ".git"]
                    .contains(&name.as_str())
                {
                    walk(&path, endings, out);
                }
            } else if endings.iter().any(|e| name.ends_with(e)) {
                out.push(path);
            }
        }
    }
    let mut out = Vec::new();
    walk(&root().join(folder), endings, &mut out);
    out.sort();
    assert!(!out.is_empty(), "no {endings:?} below {folder}");
    out
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn shown(path: &Path) -> String {
    let name = path.strip_prefix(root()).unwrap_or(path);
    name.display().to_string()
}

/// A line of code without comments; texts in quotes are kept.
fn code(line: &str) -> &str {
    let trimmed = line.trim_start();
    if trimmed.starts_with("//") {
        return "";
    }
    match line.find(" // ") {
        Some(at) if line[..at].matches('"').count().is_multiple_of(2) => &line[..at],
        _ => line,
    }
}

#[track_caller]
fn none(broken: Vec<String>, rule: &str) {
    assert!(broken.is_empty(), "{rule}\n  {}", broken.join("\n  "));
}

/// The module a file belongs to: what lies in its folder is part of it.
fn module_of(path: &Path) -> String {
    let below = path.strip_prefix(root().join("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str();
    let first = first.to_string_lossy();
    first.strip_suffix(".rs").unwrap_or(&first).to_string()
}

/// The modules a file names after `crate::`, with the lines.
fn used_modules(text: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let mut group: Option<usize> = None;
    for (n, line) in text.lines().enumerate() {
        let line = code(line).replace("$crate::", "");
        // Modules lie side by side, so this is another road to the same place.
        let line = line.replace("super::", "crate::");
        let mut names: Vec<String> = Vec::new();
        let mut rest = line.as_str();
        if group.is_some() {
            // Inside `use crate::{ ... }`: names at its first level.
            names.extend(line.split([',', '}']).map(|p| p.trim().to_string()));
            if line.contains('}') {
                group = None;
            }
        }
        while let Some(at) = rest.find("crate::") {
            rest = &rest[at + 7..];
            if let Some(inner) = rest.strip_prefix('{') {
                match inner.find('}') {
                    Some(end) => {
                        names.extend(inner[..end].split(',').map(|p| p.trim().to_string()))
                    }
                    None => {
                        names.extend(inner.split(',').map(|p| p.trim().to_string()));
                        group = Some(n);
                    }
                }
            } else {
                names.push(rest.to_string());
            }
        }
        for name in names {
            let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_'));
            let name = &name[..end.unwrap_or(name.len())];
            if !name.is_empty() && name != "self" {
                out.push((n + 1, name.to_string()));
            }
        }
    }
    out
}

#[test]
fn modules_use_only_what_stands_before_them() {
    let table: BTreeMap<&str, Vec<&str>> = MAY_USE
        .iter()
        .map(|(name, uses)| (*name, uses.split_whitespace().collect()))
        .collect();
    let mut broken = Vec::new();
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files("src", &[".rs"]) {
        let name = module_of(&path);
        if name == "lib" || name == "main" {
            continue;
        }
        let Some(allowed) = table.get(name.as_str()) else {
            broken.push(format!("{}: a module nobody has placed", shown(&path)));
            continue;
        };
        for (line, used) in used_modules(&read(&path)) {
            // Names of this file's own, and macros of the crate.
            if used == name || used == "record" || used == "choice" {
                continue;
            }
            uses.entry(name.clone()).or_default().insert(used.clone());
            if !allowed.contains(&used.as_str()) {
                broken.push(format!(
                    "{}:{line}: `{name}` may not use `{used}`, only {allowed:?}",
                    shown(&path)
                ));
            }
        }
    }
    // The table says no more than there is, or it would allow what nobody
    // has thought about.
    for (name, allowed) in &table {
        for used in allowed {
            if !uses.get(*name).is_some_and(|u| u.contains(*used)) {
                broken.push(format!(
                    "`{name}` no longer uses `{used}`: take it out of the table"
                ));
            }
        }
    }
    none(broken, "the layers of lib.rs are broken:");
    assert!(uses.len() > 12, "the scan found hardly anything: {uses:?}");
    assert!(
        uses["cli"].contains("site") && uses["render"].contains("pages"),
        "groups are read"
    );
}

#[test]
fn the_layers_are_one_straight_line() {
    // The table itself: everything a module may use stands above it, so there
    // can be no ring.
    let order: Vec<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    for (at, (name, uses)) in MAY_USE.iter().enumerate() {
        for used in uses.split_whitespace() {
            let place = order.iter().position(|n| *n == used);
            assert!(
                place.is_some_and(|p| p < at),
                "`{used}` does not stand above `{name}`, which may use it"
            );
        }
    }
    // lib.rs tells the same order, in groups that belong together.
    let text = read(&root().join("src/lib.rs"));
    let mut groups: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.lines().filter(|l| !l.starts_with("//!")) {
        match line
            .strip_prefix("pub mod ")
            .and_then(|l| l.strip_suffix(';'))
        {
            Some(name) => groups.last_mut().unwrap().push(name.to_string()),
            None if line.trim().is_empty() => groups.push(Vec::new()),
            None => {}
        }
    }
    let groups: Vec<Vec<String>> = groups.into_iter().filter(|g| !g.is_empty()).collect();
    let place = |name: &str| groups.iter().position(|g| g.iter().any(|n| n == name));
    let mut broken = Vec::new();
    for path in files("src", &[".rs"]) {
        let name = module_of(&path);
        if name == "lib" || name == "main" {
            continue;
        }
        let Some(own) = place(&name) else {
            broken.push(format!("{}: not in lib.rs", shown(&path)));
            continue;
        };
        for (line, used) in used_modules(&read(&path)) {
            if place(&used).is_some_and(|p| p > own) {
                broken.push(format!(
                    "{}:{line}: `{used}` comes after `{name}` in lib.rs",
                    shown(&path)
                ));
            }
        }
    }
    none(broken, "a stage calls one behind it:");
}

#[test]
fn rooms_are_entered_through_their_door() {
    let mut broken = Vec::new();
    for (room, _) in MAY_USE {
        let path = root().join(format!("src/{room}.rs"));
        let listed = OPEN.iter().find(|(name, _)| name == room);
        let mut listed: BTreeSet<&str> = listed.map_or("", |l| l.1).split_whitespace().collect();
        let text = read(&path);
        for (n, line) in text.lines().enumerate() {
            let open = line
                .strip_prefix("pub mod ")
                .and_then(|l| l.strip_suffix(';'));
            if let Some(name) = open.filter(|name| !listed.remove(name)) {
                broken.push(format!("{}:{}: `{name}` is open", shown(&path), n + 1));
            }
        }
        broken.extend(
            listed
                .iter()
                .map(|name| format!("`{room}::{name}` is not open")),
        );
    }
    none(
        broken,
        "make it private, and list in the room's file what it offers:",
    );
}

#[test]
fn files_look_alike() {
    let mut broken = Vec::new();
    for path in files("src", &[".rs"])
        .into_iter()
        .chain(files("tests", &[".rs"]))
    {
        let text = read(&path);
        let name = shown(&path);
        let script = text.starts_with("#!");
        if !text.starts_with("//! ") && !script && !name.ends_with("main.rs") {
            broken.push(format!(
                "{name}:1: begins without a `//!` that says what it is for"
            ));
        }
        let lines = text.lines().count();
        if lines > 1000 && name.starts_with("src") {
            broken.push(format!("{name}: {lines} lines, more than 1000"));
        }
        if !text.ends_with('\n') || text.ends_with("\n\n") {
            broken.push(format!("{name}: does not end in one line end"));
        }
        // The words are put together here so that this file does not hold them.
        let words = [
            ["TO", "DO"].concat(),
            ["FIX", "ME"].concat(),
            ["XX", "X:"].concat(),
        ];
        for (n, line) in text.lines().enumerate() {
            if let Some(word) = words.iter().find(|w| line.contains(w.as_str())) {
                broken.push(format!("{name}:{}: `{word}`", n + 1));
            }
            if line.ends_with([' ', '\t']) || line.contains('\r') {
                broken.push(format!("{name}:{}: blanks at the end", n + 1));
            }
            if line.contains('\t') {
                broken.push(format!("{name}:{}: a tab", n + 1));
            }
        }
    }
    for path in files("themes", &[".html", ".css", ".toml", ".js", ".svg"])
        .into_iter()
        .chain(files("content", &[".md", ".yaml"]))
        .chain(files("src/cli/init", &[".md", ".yaml", ".toml"]))
    {
        for (n, line) in read(&path).lines().enumerate() {
            if line.ends_with([' ', '\t']) || line.contains('\r') {
                broken.push(format!("{}:{}: blanks at the end", shown(&path), n + 1));
            }
        }
    }
    none(broken, "not tidy:");
}

#[test]
fn what_cannot_fail_says_why() {
    // A panic is a bug, never a message. The lints of lib.rs refuse all others.
    let mut broken = Vec::new();
    for path in files("src", &[".rs"]) {
        let text = read(&path);
        let own = text.split("#[cfg(test)]").next().unwrap();
        for (n, line) in own.lines().enumerate() {
            let line = code(line);
            let asserts = ["assert!(", "assert_eq!("].iter().any(|w| line.contains(w));
            let expects = line.find(".expect(").map(|at| {
                let reason = line[at + 8..].trim_matches(['"', ')', ';', '?']);
                reason.split(' ').count() < 4
            });
            if asserts || expects.unwrap_or(false) {
                broken.push(format!("{}:{}: {}", shown(&path), n + 1, line.trim()));
            }
        }
    }
    none(broken, "a panic is a bug, never a message:");
}

#[test]
fn everything_public_is_documented() {
    let kinds = [
        "fn ", "struct ", "enum ", "trait ", "const ", "type ", "static ", "union ", "macro ",
    ];
    let mut broken = Vec::new();
    let mut seen = 0;
    for path in files("src", &[".rs"]) {
        let text = read(&path);
        let lines: Vec<&str> = text.lines().collect();
        for (n, line) in lines.iter().enumerate() {
            let Some(rest) = line.trim_start().strip_prefix("pub ") else {
                continue;
            };
            let rest = rest.strip_prefix("unsafe ").unwrap_or(rest);
            let rest = rest.strip_prefix("async ").unwrap_or(rest);
            if !kinds.iter().any(|k| rest.starts_with(k)) {
                continue;
            }
            seen += 1;
            // Over attributes, which may take several lines.
            let mut at = n;
            let documented = loop {
                if at == 0 {
                    break false;
                }
                at -= 1;
                let above = lines[at].trim_start();
                if above.starts_with("///") || above.starts_with("#[doc") {
                    break true;
                }
                let attribute = above.starts_with("#[") || above.ends_with(")]") || above == ")]";
                if !attribute {
                    break false;
                }
            };
            // A declaration inside a macro has its words at the macro's use.
            let in_macro = lines[..n]
                .iter()
                .rev()
                .take(4)
                .any(|l| l.contains("$(#[doc"));
            if !documented && !in_macro {
                broken.push(format!("{}:{}: {}", shown(&path), n + 1, line.trim()));
            }
        }
    }
    assert!(seen > 100, "the scan found {seen} public things only");
    none(broken, "public, and nobody says what it is:");
}

/// The name of the type that a line of code declares for others.
fn public_type(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub")?;
    let rest = match rest.strip_prefix('(') {
        Some(inside) => inside.split_once(')')?.1,
        None => rest,
    };
    let kinds = ["struct ", "enum ", "type ", "trait ", "union "];
    let rest = rest.strip_prefix(' ')?;
    let rest = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    Some(&rest[..end.unwrap_or(rest.len())])
}

#[test]
fn no_two_types_share_a_name() {
    // Whoever reads `Line` or `Writer` far from its `use` has to know which it is.
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files("src", &[".rs"]) {
        for (n, line) in read(&path).lines().enumerate() {
            if let Some(name) = public_type(line) {
                let place = format!("{}:{}", shown(&path), n + 1);
                places.entry(name.to_string()).or_default().push(place);
            }
        }
    }
    assert!(places.len() > 100, "the scan found hardly anything");
    let twice = places.iter().filter(|(_, places)| places.len() > 1);
    let broken = twice.map(|(name, places)| format!("`{name}`: {}", places.join(", ")));
    none(broken.collect(), "types with the same name:");
}

// ------------------------------------------------------------------ packages

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
    let (src, tests) = (text("src"), text("tests/it") + &text("tests/speed"));
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
    none(broken, "remove what nobody uses:");
}

/// Licences anybody may take these packages under.
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

// --------------------------------------------------------------------- words

/// Every text in double quotes of a piece of code or a template.
fn quoted_texts(text: &str) -> BTreeSet<&str> {
    text.split('"').collect()
}

#[test]
fn strings_and_their_uses_match() {
    let text = read(&root().join("themes/default/strings/en.toml"));
    let strings: BTreeMap<String, String> = toml::from_str(&text).unwrap();
    let keys: BTreeSet<&str> = strings.keys().map(String::as_str).collect();
    let sources: Vec<(String, String)> = files("src", &[".rs"])
        .into_iter()
        .chain(files("themes/default/templates", &[".html"]))
        .map(|p| (shown(&p), read(&p)))
        .collect();

    // Used, and not there: a reader would see the key.
    let mut missing = Vec::new();
    let mut named = 0;
    let ways = [
        ("strings[\"", '"'),
        ("strings.get(\"", '"'),
        ("strings.fill(\"", '"'),
        ("strings.count(\"", '"'),
        ("word_column(\"", '"'),
    ];
    for (path, text) in &sources {
        // A call may be broken over lines.
        let joined: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let joined = joined
            .replace("strings .", "strings.")
            .replace("( \"", "(\"");
        for (way, end) in ways {
            for (at, _) in joined.match_indices(way) {
                let mut rest = &joined[at + way.len()..];
                if way.starts_with("word_column") {
                    // The key is the second argument.
                    rest = rest.split('"').nth(2).unwrap_or("");
                }
                let key = rest.split(end).next().unwrap_or("");
                named += 1;
                let there = match way {
                    "strings.count(\"" => {
                        keys.contains(format!("{key}-one").as_str())
                            && keys.contains(format!("{key}-many").as_str())
                    }
                    _ => keys.contains(key),
                };
                if !there {
                    missing.push(format!("{path}: `{key}`"));
                }
            }
        }
    }
    assert!(named > 80, "the scan found {named} uses only");
    none(missing, "used and not in strings/en.toml:");

    // There, and not used: a translator's work for nothing.
    let mut texts: BTreeSet<&str> = BTreeSet::new();
    let mut prefixes: BTreeSet<&str> = BTreeSet::new();
    for (_, text) in &sources {
        for quoted in quoted_texts(text) {
            texts.insert(quoted);
            // `format!("owner-{}", ...)` makes keys.
            if let Some((prefix, _)) = quoted.split_once('{')
                && prefix.ends_with('-')
            {
                prefixes.insert(prefix);
            }
        }
    }
    let mut unused = Vec::new();
    for key in &keys {
        let counted = ["-one", "-many"].iter().any(|end| {
            key.strip_suffix(end)
                .is_some_and(|base| texts.contains(base))
        });
        let made = prefixes.iter().any(|p| key.starts_with(p));
        if !texts.contains(key) && !counted && !made {
            unused.push(key.to_string());
        }
    }
    none(unused, "in strings/en.toml and used nowhere:");
}

#[test]
fn values_of_strings_are_given() {
    // `{name}` places that no code fills would be shown to readers.
    let text = read(&root().join("themes/default/strings/en.toml"));
    let strings: BTreeMap<String, String> = toml::from_str(&text).unwrap();
    let code: String = files("src", &[".rs"]).iter().map(|p| read(p)).collect();
    let scripts = files("themes/default/static", &[".js"]);
    let scripts: String = scripts.iter().map(|p| read(p)).collect();
    let mut broken = Vec::new();
    for (key, text) in &strings {
        let mut rest = text.as_str();
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else {
                break;
            };
            let name = &rest[open + 1..open + close];
            let by_script = ["{ ", ", "]
                .iter()
                .any(|before| scripts.contains(&format!("{before}{name}: ")))
                || scripts.contains(&format!("{{ {name} }}"));
            if !code.contains(&format!("(\"{name}\", ")) && !by_script {
                broken.push(format!("`{key}` asks for `{{{name}}}`"));
            }
            rest = &rest[open + close..];
        }
    }
    none(broken, "no code gives these values:");
}
