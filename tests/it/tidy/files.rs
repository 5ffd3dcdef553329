//! What every file looks like.

use std::collections::BTreeMap;

use super::{code, files, none, read, shown};

/// How many lines a file of a folder may have. A file that needs more holds two
/// subjects.
const LONGEST: &[(&str, usize)] = &[("src/", 500), ("tests/it/", 600)];

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
        for (folder, longest) in LONGEST {
            if name.starts_with(folder) && lines > *longest {
                broken.push(format!("{name}: {lines} lines, more than {longest}"));
            }
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
                broken.push(format!("{name}:{}: spaces at the end", n + 1));
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
                broken.push(format!("{}:{}: spaces at the end", shown(&path), n + 1));
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
    none(broken, "public and not documented:");
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
