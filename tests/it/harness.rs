//! What tests share: projects, and ways to build them in memory or with the real
//! program. What the product should do is asserted in the tests, not here.
//!
//! A new test takes a named project from [`projects`], changes what matters, and
//! says which findings it expects. Any other finding fails the test and is printed.
//! A page of the site, read as a reader sees it:
//!
//! ```ignore
//! #[test]
//! fn a_page_of_prose_has_a_title() {
//!     let built = project(TWO_MODELS)
//!         .page("guide.md", "# Our guide\n\nRead this.\n")
//!         .builds();
//!     let page = parse(built.page("guide.html"));
//!     assert_eq!(page.one("h1", &|e| e.tag == "h1").text(), "Our guide");
//! }
//! ```
//!
//! Findings, with their places:
//!
//! ```ignore
//! #[test]
//! fn a_row_without_an_owner_is_an_error() {
//!     let built = project(ONE_MODEL)
//!         .rows("  - {id: gap, label: Gap, models: {saas: {responsible: []}}}\n")
//!         .fails_with(&["SRM201", "SRM210"]);
//!     let place = "content/categories/data.yaml:3:36";
//!     assert!(built.lines_of("SRM201")[0].starts_with(place), "{:?}", built.lines());
//! }
//! ```
//!
//! The real program, in a folder that is removed at the end:
//!
//! ```ignore
//! #[test]
//! fn check_writes_nothing() {
//!     let folder = project(TWO_MODELS).on_disk();
//!     let before = tree(folder.path());
//!     folder.run(&["check"]).code(0);
//!     assert_eq!(tree(folder.path()), before);
//! }
//! ```

use std::collections::BTreeMap;

use srm_site::findings::{Findings, Severity, line_col};
use srm_site::site::{self, Options, Outcome};
use srm_site::source::Source;

pub mod inert;
pub mod matrix;
mod program;
pub mod projects;
pub mod reader;

pub use program::{Folder, Run, Running, fed, sign_manifest, tree};

/// A site in memory, from a text of `//- path` lines, each followed by the
/// file's content. `book.toml` and `srm.yaml` are filled in when not given.
pub fn fixture(text: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = files_in(text);
    files
        .entry("book.toml".into())
        .or_insert_with(|| "[book]\ntitle = \"Test\"\nsrc = \"content\"\n".into());
    files
        .entry("content/srm.yaml".into())
        .or_insert_with(|| PARTIES.into());
    files
}

/// The files in a text of `//- path` lines, and no others.
fn files_in(text: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut current: Option<String> = None;
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("//- ") {
            Some(path) => {
                let path = path.trim().to_string();
                files.insert(path.clone(), Vec::new());
                current = Some(path);
            }
            None => {
                if let Some(path) = &current {
                    let file = files.entry(path.clone()).or_default();
                    file.extend(line.bytes());
                }
            }
        }
    }
    files
}

/// Two parties, for fixtures that do not care.
pub const PARTIES: &str = "\
schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
";

/// What a tag says that the tool itself writes into Markdown. Any other is live
/// HTML.
#[track_caller]
pub fn said_by_tag(html: &str) -> &'static str {
    match html {
        "<br />" => "\n",
        "<wbr />" | "<code>" | "</code>" | "<del>" | "</del>" => "",
        other => panic!("live HTML in Markdown: {other}"),
    }
}

/// A site that was built in memory.
pub struct Built {
    pub files: BTreeMap<String, Vec<u8>>,
    pub outcome: Outcome,
    source: Source,
}

/// Builds a fixture in memory.
pub fn build(text: &str) -> Built {
    build_files(fixture(text), &Options::default())
}

/// Builds files in memory.
pub fn build_files(files: BTreeMap<String, Vec<u8>>, options: &Options) -> Built {
    let source = Source::memory(files);
    let (files, outcome) = site::in_memory(&source, options);
    Built {
        files,
        outcome,
        source,
    }
}

impl Built {
    /// A file of the site as text.
    pub fn page(&self, path: &str) -> &str {
        let bytes = self.files.get(path).unwrap_or_else(|| {
            let all: Vec<&String> = self.files.keys().collect();
            panic!("no `{path}` in the site, only {all:?}")
        });
        std::str::from_utf8(bytes).unwrap()
    }

    pub fn findings(&self) -> &Findings {
        &self.outcome.findings
    }

    /// `file:line:col severity[code] message` of each finding, acknowledged
    /// ones marked.
    pub fn lines(&self) -> Vec<String> {
        self.findings()
            .list
            .iter()
            .map(|f| {
                let place = f.place.as_ref().map_or("-".to_string(), |p| {
                    match self.source.known(&p.file) {
                        Some(text) => format!("{}:{}", p.file, line_col(&text.text, p.start)),
                        None => p.file.to_string(),
                    }
                });
                let word = match f.acknowledged {
                    Some(_) => "acknowledged",
                    None => f.severity.word(),
                };
                format!("{place} {word}[{}] {}", f.code.id(), f.message)
            })
            .collect()
    }

    /// The same for one code.
    pub fn lines_of(&self, code: &str) -> Vec<String> {
        let marked = format!("[{code}]");
        self.lines()
            .into_iter()
            .filter(|l| l.contains(&marked))
            .collect()
    }

    /// Fails unless the site has no errors and no warnings.
    #[track_caller]
    pub fn assert_clean(&self) -> &Self {
        let bad = self.findings().count(Severity::Error) + self.findings().count(Severity::Warning);
        assert_eq!(bad, 0, "{:#?}", self.lines());
        self
    }
}
