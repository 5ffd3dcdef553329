//! Finds the files that a list of names, folders and patterns matches. Folders are
//! read here, files are not.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;

use crate::findings::{Code, Finding, Findings};

/// Extensions of the files that are searched for below a folder.
const ENDINGS: &[&str] = &[
    "md",
    "markdown",
    "mdown",
    "mdwn",
    "mkd",
    "mkdn",
    "mkdown",
    "mdx",
    "qmd",
    "rmd",
    "rmarkdown",
    "html",
    "htm",
    "xhtml",
    "xht",
    "shtml",
    "adoc",
    "asciidoc",
    "asc",
    "rst",
    "rest",
    "tex",
    "latex",
    "ltx",
    "org",
    "txt",
];

/// The files that names, folders and patterns (`docs/**/*.md`) match, sorted and each
/// of them once, even if it has several names. Hidden files, and files that ignore
/// files such as `.gitignore` exclude, are left out unless they are named directly.
/// Links below a folder are not followed.
pub fn named_files(wanted: &[String], findings: &mut Findings) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in wanted {
        let path = Path::new(name);
        let before = found.len();
        if path.is_dir() {
            found.extend(below(name, |path| {
                let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
                ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
            }));
            // A folder without such files is fine.
            continue;
        } else if path.exists() {
            found.push(name.clone());
        } else if let Some(pattern) = pattern(name, findings) {
            found.extend(below(base_folder(name), |path| pattern.is_match(path)));
        }
        if found.len() == before {
            findings.push(
                Finding::new(Code::NoDocument, None, format!("no file matches `{name}`"))
                    .help("name a file, a folder, or a pattern such as `docs/**/*.md`"),
            );
        }
    }
    found.sort();
    let mut seen = HashSet::new();
    found.retain(|name| {
        let path = PathBuf::from(name);
        seen.insert(path.canonicalize().unwrap_or(path))
    });
    found
}

/// Parses a name as a pattern, if it is one.
fn pattern(name: &str, findings: &mut Findings) -> Option<GlobMatcher> {
    if !name.contains(['*', '?', '[', '{']) {
        return None;
    }
    let name = name.strip_prefix("./").unwrap_or(name);
    match GlobBuilder::new(name).literal_separator(true).build() {
        Ok(glob) => Some(glob.compile_matcher()),
        Err(error) => {
            findings.push(Finding::new(
                Code::NoDocument,
                None,
                format!("`{name}` is not a valid pattern: {}", error.kind()),
            ));
            None
        }
    }
}

/// The folder that a pattern begins in.
fn base_folder(pattern: &str) -> &str {
    let fixed = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
    pattern[..fixed]
        .rsplit_once('/')
        .map_or(".", |(folder, _)| match folder {
            "" => "/",
            folder => folder,
        })
}

/// Files below a folder, as paths relative to the current folder.
fn below(folder: &str, wanted: impl Fn(&Path) -> bool) -> Vec<String> {
    let walk = WalkBuilder::new(folder).require_git(false).build();
    walk.filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .filter_map(|entry| {
            let path = entry.path();
            let path = path.strip_prefix("./").unwrap_or(path);
            wanted(path).then(|| path.to_str().map(str::to_string))?
        })
        .collect()
}
