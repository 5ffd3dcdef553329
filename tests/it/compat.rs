//! What earlier versions made is still offered: paths, anchors, hooks, data,
//! themes and regions of documents, as `tests/compat/VERSION` has them.
//! `tests/compat/README.md` tells how a folder is made.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::Run;
use promise::{Promise, command, of_book, of_page, of_project, of_text, read};

mod promise;

/// What is not offered any more, and the line of `CHANGELOG.md` that says so.
/// The first is a line that the test prints; `*` in it means any text.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("0.1.0 documents SRM802 changing.*: *", REFERENCES),
    ("0.1.0 documents SRM802 *row=ordinary*", REFERENCES),
    (
        "0.1.0 documents SRM802 ordinary.*compare compare=saas,byoc*",
        SAME_TASKS,
    ),
    ("0.1.0 raw-html anchors print.html: #acme-*", PREFIXES),
    (
        "0.1.0 three-parties json embed/tasks-*: /tables/0/rows/*",
        TERMS,
    ),
    (
        "0.1.0 three-parties json embed/checklist-cloud-on-premises.json: /tables/0/rows []",
        TERMS,
    ),
    ("0.1.0 documents SRM802 *: *summary *", TERMS),
    ("0.1.0 documents SRM802 *: *matrix *", TERMS),
    ("0.1.0 documents SRM802 *: *compare *", TERMS),
    ("0.1.0 documents SRM802 *: *tasks *", TERMS),
    ("0.1.0 documents SRM802 *: *checklist *", TERMS),
    (
        "0.1.0 documents SRM802 *: *detail model=byoc category=data,infrastructure*",
        CONDITIONS,
    ),
];

const TERMS: &str = "- Tables say everything that a cell says beside its owner: conditions, scopes, roles, how often, reasons and notes are in every table that shows the row, not only in `detail` and `category`. Regions with such rows are out of date once (SRM802): run `srm-site embed` on them.";

const CONDITIONS: &str = "- The badge says \"on a condition\" only if a condition of a responsible party is given. A party that is conditional, accountable or supporting may have tasks without SRM202; an acknowledgement of it then is reported as SRM212 and can be removed.";

const REFERENCES: &str = "- Text of an author in Markdown and HTML for other documents is written with character references (`&lt;`, `&#123;`, `&#124;`, `&#96;`) where a tool could treat it as markup, and `<br>` is written `<br />`. Regions with such a character are out of date once (SRM802): run `srm-site embed` on them.";

const SAME_TASKS: &str = "- A comparison says \"No task in common\" or \"1 of 3 tasks the same\" instead of \"Tasks differ; 0 the same\". Regions with a `compare` table are out of date once (SRM802): run `srm-site embed` on them.";

const PREFIXES: &str = "- With `raw-html`, ids in HTML have the prefix of their page in `print.html`, as those of headings have: `#PAGE--ID`.";

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compat")
}

/// The entries of a folder that fit, by name.
fn entries(folder: &Path, fits: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = listed.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| fits(path));
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// A promise file stands beside the project that it is of.
fn promise_file(project: &Path) -> PathBuf {
    project.with_file_name(format!("{}.promise", name(project)))
}

/// What the documents of a version take their tables from.
fn data(version: &Path) -> PathBuf {
    version.join("projects/three-parties")
}

fn documents(version: &Path) -> Vec<PathBuf> {
    let is_book = |path: &Path| name(path).starts_with("mdbook.");
    entries(&version.join("documents"), |path| !is_book(path))
}

/// Everything about a version's folder that a program does not keep.
fn broken(program: &Path, version: &Path) -> Vec<String> {
    let projects = entries(&version.join("projects"), Path::is_dir);
    assert!(!projects.is_empty(), "{}: no projects", version.display());
    let mut broken = Vec::new();
    std::thread::scope(|scope| {
        let checks: Vec<_> = projects
            .iter()
            .map(|project| {
                scope.spawn(move || {
                    let promised = Promise::parse(&read(&promise_file(project)));
                    let lines = promised.broken_by(&of_project(program, project));
                    let place = name(project);
                    lines.into_iter().map(move |line| format!("{place} {line}"))
                })
            })
            .collect();
        for check in checks {
            broken.extend(check.join().unwrap());
        }
    });
    let sent = version.join("documents/mdbook.json");
    let promised = Promise::parse(&read(&sent.with_extension("promise")));
    let book = of_book(program, &data(version), &read(&sent));
    let lines = promised.broken_by(&book);
    broken.extend(lines.into_iter().map(|line| format!("mdbook {line}")));
    broken.extend(out_of_date(program, version));
    broken
        .into_iter()
        .map(|line| format!("{} {line}", name(version)))
        .collect()
}

/// The regions of a version's documents that are not up to date, each with the
/// code of the finding and with what it asks for.
fn out_of_date(program: &Path, version: &Path) -> Vec<String> {
    let files = documents(version);
    let names: Vec<String> = files.iter().map(|path| name(path)).collect();
    let project = data(version).display().to_string();
    let mut args = vec![
        "embed",
        "--check",
        "--format",
        "json",
        "--project",
        &project,
    ];
    args.extend(names.iter().map(String::as_str));
    let folder = version.join("documents");
    let said = Run::of(command(program, &folder, &args).output().unwrap());
    let mut broken = BTreeSet::new();
    for line in said.stdout.lines() {
        let finding: Value = serde_json::from_str(line).unwrap();
        let (code, file) = (&finding["code"], &finding["file"]);
        let [code, file] = [code, file].map(|v| v.as_str().unwrap_or("-"));
        let at = finding["line"].as_u64().unwrap_or(1) as usize - 1;
        let text = fs::read_to_string(folder.join(file)).unwrap_or_default();
        let asked = text.lines().nth(at).unwrap_or("").trim();
        broken.insert(format!("documents {code} {file}: {asked}"));
    }
    let fine = if broken.is_empty() { 0 } else { 1 };
    assert_eq!(said.code, Some(fine), "{}", said.stderr);
    broken.into_iter().collect()
}

/// Whether a line fits a pattern in which `*` means any text.
fn fits(pattern: &str, line: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == line,
        Some((start, pattern)) => line.strip_prefix(start).is_some_and(|rest| {
            let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            ends.into_iter().any(|at| fits(pattern, &rest[at..]))
        }),
    }
}

/// Lines about the same thing as one, which tells how many there are.
fn grouped(lines: &[&String]) -> Vec<String> {
    let about = |line: &&String| line.split(": ").next().unwrap_or("").to_string();
    lines
        .chunk_by(|one, other| about(one) == about(other))
        .map(|lines| match lines.len() - 1 {
            0 => lines[0].to_string(),
            more => format!("{} (and {more} more)", lines[0]),
        })
        .collect()
}

#[test]
fn what_earlier_versions_made_is_still_offered() {
    let program = Path::new(env!("CARGO_BIN_EXE_srm-site"));
    let versions = entries(&corpus(), Path::is_dir);
    assert!(!versions.is_empty());
    let lines: Vec<String> = versions.iter().flat_map(|v| broken(program, v)).collect();
    let excepted = |line: &&String| EXCEPTIONS.iter().any(|(what, _)| fits(what, line));
    let (_, wrong): (Vec<&String>, Vec<&String>) = lines.iter().partition(excepted);
    assert!(
        wrong.is_empty(),
        "{} promises are broken\n  {}",
        wrong.len(),
        grouped(&wrong).join("\n  ")
    );

    let changelog = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md"));
    for (what, told) in EXCEPTIONS {
        assert!(
            lines.iter().any(|line| fits(what, line)),
            "the exception `{what}` is not needed any more"
        );
        assert!(
            changelog.lines().any(|line| line == *told),
            "CHANGELOG.md has no line `{told}`"
        );
    }
}

#[test]
fn a_broken_promise_is_seen() {
    let before = "<body data-kind=\"model\"><p id=\"a\"></p><p id=\"srm-own\"></p>\
        <tr data-row=\"keys\" id=\"srm-summary-keys\"><td data-label=\"Owner\">\
        <span class=\"x srm-badge\" data-owner=\"shared\" data-parties=\"a b\">";
    let promised = of_page(before);
    assert_eq!(
        promised.text(),
        "anchors page.html\n  #a\n  #srm-summary-keys\n\
         hooks page.html\n  .srm-badge\n  .srm-badge data-owner=shared\n  \
         .srm-badge data-parties=a b\n  body data-kind=model\n  td data-label=...\n  \
         tr data-row=keys\n"
    );
    assert_eq!(Promise::parse(&promised.text()), promised);
    for (what, instead, wanted) in [
        // More of everything, and other words, are fine.
        ("id=\"srm-own\"", "id=\"b\" data-new=\"1\"", ""),
        ("\"Owner\"", "\"Who\"", ""),
        ("<p id=\"a\"", "<p id=\"A\"", "anchors page.html: #a"),
        (
            "data-row=\"keys\"",
            "data-row=\"key\"",
            "hooks page.html: tr data-row=keys",
        ),
        (
            " data-label",
            " data-title",
            "hooks page.html: td data-label=...",
        ),
        (
            "\"shared\"",
            "\"joint\"",
            "hooks page.html: .srm-badge data-owner=shared",
        ),
        ("x srm-badge", "badge", "hooks page.html: .srm-badge"),
    ] {
        assert!(before.contains(what), "{what}");
        let broken = promised.broken_by(&of_page(&before.replace(what, instead)));
        let seen = match wanted {
            "" => broken.is_empty(),
            wanted => broken.iter().any(|line| line == wanted),
        };
        assert!(seen, "{what} -> {instead}: {broken:?}");
    }

    for (path, before, same, other, wanted) in [
        (
            "data/x.json",
            "{\"a\": [{\"b\": 1}], \"c\": null}",
            "{\"new\": 2, \"a\": [{\"b\": 1, \"d\": 3}, {}], \"c\": null}",
            "{\"a\": [{\"b\": 2}], \"c\": null}",
            "json data/x.json: /a/0/b 1",
        ),
        (
            "embed/x.json",
            "{\"rows\": [{\"id\": \"a\", \"cells\": {\"owner\": [\"Mine\"]}, \"label\": \"A\"}]}",
            "{\"rows\": [{\"id\": \"a\", \"cells\": {\"owner\": [\"His\"]}, \"label\": \"B\"}]}",
            "{\"rows\": [{\"id\": \"a\", \"cells\": {}, \"label\": \"A\"}]}",
            "json embed/x.json: /rows/0/cells/owner",
        ),
        (
            "data/x.schema.json",
            "{\"required\": [\"a\"], \"description\": \"x\"}",
            "{\"required\": [\"b\", \"a\"], \"description\": \"y\"}",
            "{\"required\": [\"b\"]}",
            "json data/x.schema.json: /required[] \"a\"",
        ),
        (
            "x.csv",
            "a,b\r\n1,2\r\n",
            "a,b,c\r\n",
            "a,c,b\r\n",
            "columns x.csv: 02 b",
        ),
        (
            "old.html",
            "<meta http-equiv=\"refresh\" content=\"0; url=a\">",
            "<meta content=\"0; url=a\" http-equiv=\"refresh\">",
            "<meta http-equiv=\"refresh\" content=\"0; url=b\">",
            "redirects: old.html 0; url=a",
        ),
        (
            "assets/style.css",
            ":root{--srm-a:1}",
            ":root{--srm-b:2;--srm-a:var(--srm-b)}",
            ":root{color:var(--srm-a)}",
            "properties assets/style.css: --srm-a",
        ),
        (
            "feed.xml",
            "<id>1</id>",
            "<id>1</id><id>2</id>",
            "<id>2</id>",
            "feed.xml: 1",
        ),
    ] {
        let promised = of_text(path, before);
        assert_eq!(promised.broken_by(&of_text(path, same)), [""; 0], "{path}");
        assert_eq!(
            promised.broken_by(&of_text(path, other)),
            [wanted],
            "{path}"
        );
    }

    // Findings are the other way round.
    let [some, more] = ["findings\n  a\n", "findings\n  a\n  b\n"].map(Promise::parse);
    assert_eq!(some.broken_by(&more), ["findings: b"]);
    assert_eq!(more.broken_by(&some), [""; 0]);

    assert!(fits("a*c: d*", "a b c: d") && fits("*", "") && !fits("a*c", "abcd"));
}

/// Makes the promise files of a version whose sources are in place, and fills
/// its documents. It never does so twice.
#[test]
#[ignore = "makes files of the repository, see tests/compat/README.md"]
fn make_the_folder_of_a_version() {
    let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    let version = corpus().join(variable("COMPAT_VERSION"));
    let program = PathBuf::from(variable("COMPAT_PROGRAM"));
    let projects = entries(&version.join("projects"), Path::is_dir);
    let sent = version.join("documents/mdbook.json");
    let files: Vec<PathBuf> = projects.iter().chain([&sent]).cloned().collect();
    let promises = files.iter().map(|path| match path.is_dir() {
        true => promise_file(path),
        false => path.with_extension("promise"),
    });
    let promises: Vec<PathBuf> = promises.collect();
    for file in &promises {
        assert!(!file.exists(), "{} is never made again", file.display());
    }
    let project = data(&version).display().to_string();
    let names: Vec<String> = documents(&version).iter().map(|path| name(path)).collect();
    let mut args = vec!["embed", "--project", &project];
    args.extend(names.iter().map(String::as_str));
    let mut embed = command(&program, &version.join("documents"), &args);
    Run::of(embed.output().unwrap()).code(0);
    for (path, file) in files.iter().zip(&promises) {
        let promise = match path.is_dir() {
            true => of_project(&program, path),
            false => of_book(&program, &data(&version), &read(path)),
        };
        fs::write(file, promise.text()).unwrap();
    }
}
