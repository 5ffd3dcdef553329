//! Bytes to a few files to a site in memory: never a panic, the same bytes
//! twice, and every finding can be written in every format. Files are parted
//! by lines that begin with `//- `, as in the tests' fixtures.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::{Corpus, fuzz_target};
use srm_site::report::{self, ReportFormat as Format};
use srm_site::site::{self, Options};
use srm_site::source::Source;

fn files(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut current = None;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        match line.strip_prefix(b"//- ") {
            Some(name) => {
                let name = String::from_utf8_lossy(name).trim().to_string();
                files.insert(name.clone(), Vec::new());
                current = Some(name);
            }
            None => {
                if let Some(name) = &current {
                    files
                        .entry(name.clone())
                        .or_default()
                        .extend_from_slice(line);
                }
            }
        }
    }
    let mut default = |name: &str, text: &str| {
        files.entry(name.into()).or_insert_with(|| text.into());
    };
    default("book.toml", "[book]\nsrc = \"content\"\n");
    default(
        "content/srm.yaml",
        "schema: 1\nparties:\n  - {id: customer, kind: customer, label: C}\n  - {id: provider, kind: provider, label: P}\n",
    );
    files
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let files = files(bytes);
    // Paths come from a folder, which has no such names.
    let odd = |path: &str| path.split('/').any(|p| matches!(p, "" | "." | ".."));
    if files.keys().any(|p| odd(p)) {
        return Corpus::Reject;
    }
    let source = Source::memory(files.clone());
    let (first, outcome) = site::in_memory(&source, &Options::default());
    for format in [
        Format::Human,
        Format::Short,
        Format::Json,
        Format::Github,
        Format::Sarif,
    ] {
        report::write(&outcome.findings, &source, format, false, true);
    }
    // A build is slow next to everything else here; a part of them is enough.
    if bytes.len().is_multiple_of(8) {
        let (second, _) = site::in_memory(&Source::memory(files), &Options::default());
        assert!(outcome.failed || first == second, "two builds differ");
    }
    Corpus::Keep
});
