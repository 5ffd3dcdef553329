//! Which room of `src` may use which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{code, files, none, read, root, shown};

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
    ("import", "findings input model"),
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
        "findings source text input output report watch tables embed import render site serve",
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
            broken.push(format!(
                "{}: a module that the table does not have",
                shown(&path)
            ));
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
    // Each entry of the table is used, or it would allow what was never
    // considered.
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
