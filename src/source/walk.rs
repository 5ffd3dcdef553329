//! Lists the files below a folder, within limits that links cannot get around. The
//! files are not read here.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::findings::{Code, Digest, Finding, Findings, Place};
use crate::source::door::Door;
use crate::source::io_errors::{io_help, io_words, unreadable};
use crate::source::{Root, Source};

/// Most files and folders below one folder. Links can make a few look like endlessly
/// many.
const MAX_ENTRIES: usize = 200_000;

/// Deepest folder nesting that is followed.
const MAX_DEPTH: usize = 32;

/// How many paths may lead to one folder, and how many links to one file. Without
/// this limit, 16 folders with two links each to the next one would make 65,000
/// pages.
const MOST_PLACES: usize = 8;

/// A folder's files, and the findings from listing them.
#[derive(Default)]
pub struct Listing {
    /// Sorted.
    pub files: Vec<String>,
    /// The digest of the files' paths.
    pub key: Digest,
    pub(super) folders: Vec<String>,
    /// Links, whatever they lead to: what is there may come, go or change its kind.
    pub(super) links: Vec<String>,
    pub(super) findings: Findings,
}

/// Whether a name is that of a hidden file or of one that editors and file managers
/// leave behind. Such files are not listed.
pub fn is_leaving(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".swp")
        || (name.starts_with('#') && name.ends_with('#'))
        || name == "Thumbs.db"
}

/// A folder being listed.
struct Walk<'a> {
    pub(super) door: &'a Door,
    /// Real paths of the folder being listed and those around it.
    parents: Vec<PathBuf>,
    /// How many paths led to each real path so far.
    pub(super) places: HashMap<PathBuf, usize>,
    pub(super) listing: &'a mut Listing,
    pub(super) entries: usize,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &str) {
        self.listing.folders.push(folder.to_string());
        let full = self.door.full(folder);
        let fail = |why: String| unreadable_folder(folder, &why);
        let (real, entries) = match (fs::canonicalize(&full), fs::read_dir(&full)) {
            (Ok(real), Ok(entries)) => (real, entries),
            (Err(e), _) | (_, Err(e)) => {
                self.listing
                    .findings
                    .push(fail(io_words(&e)).help(io_help(&e)));
                return;
            }
        };
        if let Err(finding) = self.door.check_real_path(folder, &real) {
            self.listing.findings.push(finding);
            return;
        }
        if self.parents.contains(&real) || self.parents.len() >= MAX_DEPTH {
            let help = "remove the link that points to a parent folder";
            self.listing
                .findings
                .push(fail("its links form a loop".into()).help(help));
            return;
        }
        if self.has_too_many_paths(folder, &real) {
            return;
        }
        self.parents.push(real);
        // The order decides which of too many links are refused.
        let mut entries: Vec<_> = entries.take(MAX_ENTRIES + 1).collect();
        entries.sort_by_cached_key(|entry| entry.as_ref().ok().map(fs::DirEntry::file_name));
        for entry in entries {
            self.entries += 1;
            if self.entries > MAX_ENTRIES {
                break;
            }
            match entry {
                Ok(entry) => self.entry(folder, &entry),
                Err(e) => self.listing.findings.push(fail(io_words(&e))),
            }
        }
        self.parents.pop();
    }

    /// Lists one file or folder in a folder.
    fn entry(&mut self, folder: &str, entry: &fs::DirEntry) {
        let Ok(name) = entry.file_name().into_string() else {
            let help = "rename the file";
            self.listing.findings.push(
                unreadable_folder(folder, "the name of a file in it is not UTF-8").help(help),
            );
            return;
        };
        if is_leaving(&name) {
            return;
        }
        let path = format!("{folder}/{name}");
        // The listing says whether an entry is a file or a folder, but not where a
        // link leads.
        let (kind, is_link) = match entry.file_type() {
            Ok(kind) if !kind.is_symlink() => (Ok(kind), false),
            _ => {
                self.listing.links.push(path.clone());
                if let Err(finding) = self.door.check(&path) {
                    self.listing.findings.push(finding);
                    return;
                }
                (fs::metadata(entry.path()).map(|m| m.file_type()), true)
            }
        };
        match kind {
            Ok(kind) if kind.is_dir() => self.folder(&path),
            Ok(_) if is_link && self.links_too_often(&path, &entry.path()) => {}
            Ok(_) => self.listing.files.push(path),
            Err(e) => {
                let finding = unreadable(&path, &entry.path(), &e);
                self.listing.findings.push(finding);
            }
        }
    }

    fn links_too_often(&mut self, path: &str, full: &Path) -> bool {
        let real = fs::canonicalize(full);
        real.is_ok_and(|real| self.has_too_many_paths(path, &real))
    }

    /// Whether too many paths lead to the same file or folder. If so, adds a finding.
    fn has_too_many_paths(&mut self, path: &str, real: &Path) -> bool {
        let places = self.places.entry(real.to_path_buf()).or_default();
        *places += 1;
        if *places <= MOST_PLACES {
            return false;
        }
        self.listing.findings.push(
            Finding::new(
                Code::Limit,
                Place::file(path),
                format!(
                    "{MOST_PLACES} other paths already lead to the same file or folder as `{path}`"
                ),
            )
            .help("remove links; to show one page in many places, link to it"),
        );
        true
    }
}

impl Source {
    /// Every file below a folder, sorted, without hidden files and those that editors
    /// leave behind. Links are followed; one that leads out of the project, or to one
    /// of its own parents, adds a finding.
    pub fn walk(&self, folder: &str, findings: &mut Findings) -> Arc<Listing> {
        let known = self.keep(|kept| kept.walks.get(folder).cloned()).flatten();
        let listing = known.unwrap_or_else(|| Arc::new(self.list(folder)));
        self.keep(|kept| kept.walks.insert(folder.to_string(), listing.clone()));
        findings.extend(listing.findings.clone());
        listing
    }

    fn list(&self, folder: &str) -> Listing {
        let mut listing = Listing::default();
        match &self.root {
            Root::Memory(files) => {
                let prefix = format!("{}/", folder.trim_end_matches('/'));
                listing.files.extend(
                    files
                        .keys()
                        .filter(|k| k.starts_with(&prefix))
                        .filter(|k| !k[prefix.len()..].split('/').any(is_leaving))
                        .cloned(),
                );
            }
            Root::Disk(door) => {
                let mut walk = Walk {
                    door,
                    parents: Vec::new(),
                    places: HashMap::new(),
                    listing: &mut listing,
                    entries: 0,
                };
                walk.folder(folder);
                if walk.entries > MAX_ENTRIES {
                    listing.findings.push(
                        Finding::new(
                            Code::Limit,
                            Place::file(folder),
                            format!("`{folder}` has more than {MAX_ENTRIES} files and folders"),
                        )
                        .help("check for links that lead back into it"),
                    );
                }
            }
        }
        listing.files.sort();
        listing.key = Digest::of(&listing.files);
        listing
    }
}

fn unreadable_folder(folder: &str, why: &str) -> Finding {
    let message = format!("cannot read the folder `{folder}`: {why}");
    Finding::new(Code::Unreadable, Place::file(folder), message)
}
