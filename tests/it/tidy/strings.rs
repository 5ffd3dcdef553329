//! Strings of the interface and the code that uses them.

use std::collections::{BTreeMap, BTreeSet};

use super::{files, none, read, root, shown};

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
