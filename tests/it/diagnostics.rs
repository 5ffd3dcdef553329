//! Every finding, asserted beside the mistake that causes it.
//!
//! A file of `tests/corpus/diagnostics/` is a project with mistakes. Without
//! `//- path` lines it is one file: `.yaml` a category, `.md` a page, `.toml`
//! the settings. What else a project needs is filled in. Expectations are
//! lines of their own below the line they are about, and are taken out before
//! the tool sees the file:
//!
//! ```text
//! lable: Data
//! ^^^^^ SRM006 error: `lable` is not a key of a category (did you mean `label`?)
//! #  ^^ the same with a `#` in front, when the caret is not in the first column
//! #! path SRM011 error: ...    findings without a line, at the file's top
//! ```
//!
//! The carets stand under the marked text, in characters. `UPDATE=1` writes
//! the expectations anew; read what it wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use srm_site::findings::{Code, Finding, Findings, line_col};
use srm_site::site::{self, Options};
use srm_site::source::Source;

use crate::sites::updating;

mod folded;
mod formats;

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/diagnostics")
}

/// What a fixture gets unless it brings the file itself; without a fault.
const BASE: &[(&str, &str)] = &[
    ("book.toml", "[book]\ntitle = \"Test\"\nsrc = \"content\"\n"),
    (
        "content/srm.yaml",
        "schema: 1\nparties:\n  - {id: customer, kind: customer, label: Customer}\n  \
         - {id: provider, kind: provider, label: Vendor}\n",
    ),
    (
        "content/models/saas.md",
        "---\nlabel: SaaS\norder: 1\n---\n",
    ),
    (
        "content/models/byoc.md",
        "---\nlabel: BYOC\norder: 2\n---\n",
    ),
    (
        "content/categories/zz-base.yaml",
        "label: Base\nrows:\n  - id: base\n    label: Base\n    models:\n      all:\n        \
         responsible: [customer, provider]\n        tasks: {customer: [Use it.], provider: [Run it.]}\n",
    ),
];

/// One file of a fixture: its lines without expectations, and these by the
/// number of the line they follow.
#[derive(Default)]
struct FixtureFile {
    flags: Vec<String>,
    lines: Vec<String>,
    expected: BTreeMap<usize, Vec<String>>,
}

impl FixtureFile {
    /// The bytes the tool gets.
    fn bytes(&self) -> Vec<u8> {
        let mut text: String = self.lines.concat();
        let mut latin1 = false;
        for flag in &self.flags {
            match flag.as_str() {
                "crlf" => text = text.replace('\n', "\r\n"),
                "cr" => text = text.replace('\n', "\r"),
                "bom" => text.insert(0, '\u{feff}'),
                "nul" => text = text.replace('␀', "\0"),
                "latin1" => latin1 = true,
                other => panic!("unknown flag `{other}`"),
            }
        }
        if latin1 {
            return text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect();
        }
        text.into_bytes()
    }
}

struct Fixture {
    /// Comment lines before the first file.
    preamble: Vec<String>,
    /// Findings without a line.
    loose: Vec<String>,
    /// Path, with the `//-` line or `None` for a file that is the fixture.
    files: Vec<(String, Option<String>, FixtureFile)>,
    /// Whether nothing is filled in.
    bare: bool,
}

/// The column (from 1), width and words of an expectation line.
fn expectation(line: &str) -> Option<()> {
    let rest = line.strip_prefix('#').unwrap_or(line);
    let carets = rest.trim_start_matches(' ');
    let text = carets.trim_start_matches('^');
    (text.len() < carets.len() && text.starts_with(" SRM")).then_some(())
}

fn read_fixture(name: &str, text: &str) -> Fixture {
    let mut fixture = Fixture {
        preamble: Vec::new(),
        loose: Vec::new(),
        files: Vec::new(),
        bare: false,
    };
    if !text.lines().any(|l| l.starts_with("//- ")) {
        let path = match name.rsplit('.').next().unwrap() {
            "yaml" => "content/categories/data.yaml",
            "md" => "content/page.md",
            "toml" => "book.toml",
            other => panic!("{name}: `{other}` needs `//- path` lines"),
        };
        fixture
            .files
            .push((path.into(), None, FixtureFile::default()));
    }
    for line in text.split_inclusive('\n') {
        if let Some(head) = line.strip_prefix("//- ") {
            const FLAGS: &[&str] = &["cr", "crlf", "bom", "nul", "latin1"];
            let mut path = head.trim();
            let mut file = FixtureFile::default();
            while let Some((rest, flag)) = path.rsplit_once(' ')
                && FLAGS.contains(&flag)
            {
                file.flags.push(flag.to_string());
                path = rest;
            }
            let path = path.to_string();
            fixture.files.push((path, Some(line.to_string()), file));
        } else if let Some(loose) = line.strip_prefix("#! ") {
            fixture.loose.push(loose.trim_end().to_string());
        } else if let Some((_, _, file)) = fixture.files.last_mut() {
            if expectation(line).is_some() {
                let at = file.lines.len();
                file.expected
                    .entry(at)
                    .or_default()
                    .push(line.trim_end().to_string());
            } else {
                file.lines.push(line.to_string());
            }
        } else {
            assert!(
                line.starts_with('#') || line.trim().is_empty(),
                "{name}: {line}"
            );
            fixture.bare |= line.trim() == "#: bare";
            fixture.preamble.push(line.to_string());
        }
    }
    fixture
}

fn run_fixture(fixture: &Fixture) -> (Source, Findings, bool) {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    if !fixture.bare {
        for (path, text) in BASE {
            files.insert(path.to_string(), text.as_bytes().to_vec());
        }
    }
    for (path, _, file) in &fixture.files {
        files.insert(path.clone(), file.bytes());
    }
    let source = Source::memory(files);
    let options = Options {
        today: Some("2025-06-30".parse().unwrap()),
        ..Options::default()
    };
    let (_, outcome) = site::in_memory(&source, &options);
    (source, outcome.findings, outcome.failed)
}

/// What a finding says, as an expectation has it.
fn words(finding: &Finding) -> String {
    let word = match finding.acknowledged {
        Some(_) => "acknowledged",
        None => finding.severity.word(),
    };
    let mut out = format!("{} {word}: {}", finding.code.id(), finding.message);
    if !finding.help.is_empty() {
        out.push_str(&format!(" ({})", finding.help.join("; ")));
    }
    out.replace('\n', " ")
}

/// The fixture's text with the findings that were made as its expectations.
fn written(fixture: &Fixture, source: &Source, findings: &Findings) -> String {
    let mut loose: Vec<String> = Vec::new();
    let mut at: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    for finding in &findings.list {
        let of_file = finding.place.as_ref().and_then(|place| {
            let file = fixture
                .files
                .iter()
                .position(|(p, _, _)| **p == *place.file)?;
            let text = source.known(&place.file)?;
            Some((
                file,
                line_col(&text.text, place.start),
                line_col(&text.text, place.end),
            ))
        });
        match of_file {
            Some((file, start, end)) => {
                let width = if end.line == start.line {
                    (end.column - start.column).max(1)
                } else {
                    1
                };
                let mut line = String::new();
                if start.column > 1 {
                    line.push('#');
                    line.push_str(&" ".repeat(start.column - 2));
                }
                line.push_str(&"^".repeat(width));
                line.push_str(&format!(" {}", words(finding)));
                at.entry((file, start.line)).or_default().push(line);
            }
            None => {
                let file = finding.place.as_ref().map_or("-", |p| &*p.file);
                loose.push(format!("{file} {}", words(finding)));
            }
        }
    }
    let mut out: String = fixture.preamble.concat();
    let put_loose = |out: &mut String| {
        for line in &loose {
            out.push_str(&format!("#! {line}\n"));
        }
    };
    if fixture.files[0].1.is_some() {
        put_loose(&mut out);
    }
    for (ix, (_, head, file)) in fixture.files.iter().enumerate() {
        match head {
            Some(head) => out.push_str(head),
            None => put_loose(&mut out),
        }
        for (n, line) in file.lines.iter().enumerate() {
            out.push_str(line);
            for line in at.get(&(ix, n + 1)).into_iter().flatten() {
                out.push_str(&format!("{line}\n"));
            }
        }
        // A finding at the very end stands after the last line.
        let after = at.range((ix, file.lines.len() + 1)..(ix + 1, 0));
        for line in after.flat_map(|(_, lines)| lines) {
            out.push_str(&format!("{line}\n"));
        }
    }
    out
}

fn fixtures() -> Vec<(PathBuf, String, String)> {
    let mut out: Vec<(PathBuf, String, String)> = std::fs::read_dir(corpus())
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_file())
        .map(|p| {
            let name = p.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&p).unwrap();
            (p, name, text)
        })
        .collect();
    out.sort();
    out
}

#[test]
fn corpus_findings_are_exactly_those_expected() {
    let mut wrong = Vec::new();
    let fixtures = fixtures();
    assert!(fixtures.len() > 30, "{}", fixtures.len());
    for (path, name, text) in fixtures {
        let fixture = read_fixture(&name, &text);
        let (source, findings, failed) = run_fixture(&fixture);
        assert_eq!(failed, findings.has_errors(), "{name}");
        let actual = written(&fixture, &source, &findings);
        if actual == text {
            continue;
        }
        if updating() {
            std::fs::write(&path, actual).unwrap();
            continue;
        }
        let is = |l: &&str| expectation(l).is_some() || l.starts_with("#! ");
        let expected: Vec<&str> = text.lines().filter(is).collect();
        let made: Vec<&str> = actual.lines().filter(is).collect();
        let missing = expected.iter().filter(|l| !made.contains(l));
        let extra = made.iter().filter(|l| !expected.contains(l));
        let mut report = format!("{name}:");
        missing.for_each(|l| report.push_str(&format!("\n  - {l}")));
        extra.for_each(|l| report.push_str(&format!("\n  + {l}")));
        if expected == made {
            report.push_str("\n  the same findings on other lines");
        }
        wrong.push(report);
    }
    assert!(
        wrong.is_empty(),
        "(UPDATE=1 to accept)\n{}",
        wrong.join("\n")
    );
}

/// What in-memory fixtures cannot bring about: trouble with the disk and with
/// the output folder. The files named test these codes with the real binary.
const ELSEWHERE: &[(&str, &str)] = &[
    ("SRM012", "security/reading.rs"),
    ("SRM218", "terms/evidence.rs"),
    ("SRM701", "output/destination.rs"),
    ("SRM702", "output/replace.rs"),
    ("SRM703", "output/interrupted.rs"),
    ("SRM704", "output/clean.rs"),
    ("SRM705", "security/writing.rs"),
    ("SRM801", "embed/regions.rs"),
    ("SRM802", "embed/edits.rs"),
    ("SRM803", "embed/edits.rs"),
    ("SRM804", "embed/regions.rs"),
    ("SRM805", "embed/formatters.rs"),
    ("SRM807", "embed/data.rs"),
    ("SRM808", "embed/data.rs"),
    ("SRM809", "embed/lost.rs"),
    ("SRM901", "import/mistakes.rs"),
    ("SRM902", "import/mistakes.rs"),
    ("SRM903", "import/mistakes.rs"),
    ("SRM904", "import/mistakes.rs"),
    ("SRM905", "import/mistakes.rs"),
    ("SRM906", "import/mistakes.rs"),
    ("SRM907", "import/mistakes.rs"),
    ("SRM908", "import/mistakes.rs"),
    ("SRM909", "import/mistakes.rs"),
];

#[test]
fn every_code_is_brought_about_by_some_fixture() {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for (_, name, text) in fixtures() {
        let fixture = read_fixture(&name, &text);
        let lines = fixture
            .files
            .iter()
            .flat_map(|(_, _, f)| f.expected.values().flatten())
            .chain(&fixture.loose);
        for line in lines {
            let at = line.find("SRM").unwrap_or_else(|| panic!("{name}: {line}"));
            let code = &line[at..at + 6];
            assert!(Code::from_id(code).is_some(), "{name}: no code {code}");
            seen.insert(code.to_string());
        }
    }
    for (code, file) in ELSEWHERE {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/it")
            .join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let variant = format!("Code::{:?}", Code::from_id(code).unwrap());
        assert!(
            text.contains(code) || text.contains(&variant),
            "{file} does not mention {code}"
        );
        assert!(
            seen.insert(code.to_string()),
            "{code} is in the corpus; take it off the list"
        );
    }
    let missing: Vec<&str> = Code::ALL
        .iter()
        .map(|c| c.id())
        .filter(|id| !seen.contains(*id))
        .collect();
    assert!(missing.is_empty(), "no fixture for {missing:?}");
}

#[test]
fn codes_are_unique_ordered_and_explained() {
    let ids: Vec<&str> = Code::ALL.iter().map(|c| c.id()).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(ids, sorted);
    for code in Code::ALL {
        assert!(code.id().len() == 6 && code.id().starts_with("SRM"));
        assert!(
            !code.title().is_empty() && code.why().ends_with('.'),
            "{code:?}"
        );
        assert_eq!(Code::from_id(code.id()), Some(*code));
    }
}

#[test]
fn mistakes_of_all_files_are_reported_in_one_run() {
    let (_, name, text) = fixtures()
        .into_iter()
        .find(|(_, name, _)| name == "many-files.txt")
        .unwrap();
    let fixture = read_fixture(&name, &text);
    let (_, findings, failed) = run_fixture(&fixture);
    assert!(failed);
    let files: BTreeSet<&str> = findings
        .list
        .iter()
        .filter_map(|f| f.place.as_ref())
        .map(|p| &*p.file)
        .collect();
    assert!(files.len() >= 6, "{files:?}");
    // What could not be read at all comes first, the rest in reading order.
    let first = findings.list[0].place.as_ref().unwrap();
    assert_eq!(
        (&*first.file, findings.list[0].code),
        ("content/categories/broken.yaml", Code::YamlSyntax)
    );
    let places: Vec<(&str, usize)> = findings
        .list
        .iter()
        .skip(1)
        .filter_map(|f| f.place.as_ref())
        .map(|p| (&*p.file, p.start))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn nearest_spelling() {
    use srm_site::findings::nearest;
    let known = ["customer", "provider", "label", "labels", "only-in"];
    for (given, best) in [
        ("custmer", Some("customer")),
        ("Customer", Some("customer")),
        ("lable", Some("label")),
        ("only_in", Some("only-in")),
        ("onlyIn", Some("only-in")),
        ("labels", Some("labels")),
        ("quarterly", None),
        ("", None),
    ] {
        assert_eq!(nearest(given, known), best, "{given}");
    }
}
