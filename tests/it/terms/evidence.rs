//! Evidence and reviews: what readers see of them, and what nobody else may.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use srm_site::tables::formats::TableFormat;

use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::{grids, parse};
use crate::harness::{Folder, Running, tree};
use crate::served::get;

/// What is planted in each text that is not public.
const SECRETS: [&str; 5] = [
    "zzsecrettext",
    "zzsecreturl",
    "zzsecretcadence",
    "zzsecretby",
    "2019-07-13",
];

/// A row and a cell with a secret in each field.
const SECRET_ROWS: &str = "  - id: keys
    label: Keys
    evidence: {provider: [{text: zzsecrettext row, url: \"https://zzsecreturl.example/row\", cadence: zzsecretcadence}]}
    review: {status: approved, date: 2019-07-13, by: zzsecretby}
    models:
      all: {responsible: provider, tasks: {provider: [Rotate.]}}
      byoc:
        responsible: [customer, provider]
        tasks: {provider: [Rotate.], customer: [Bring.]}
        evidence: {customer: [{text: zzsecrettext cell, url: \"https://zzsecreturl.example/cell\", cadence: zzsecretcadence, public: false}]}
        review: {status: approved, date: 2019-07-13, by: zzsecretby}
";

fn secret() -> Project {
    project(THREE_PARTIES)
        .rows(SECRET_ROWS)
        .settings("[output.html]\nsite-url = \"https://x.example/\"\n")
}

/// The same with all of it for readers.
fn public() -> Project {
    secret()
        .rows(
            &SECRET_ROWS
                .replace("public: false", "public: true")
                .replace(
                    "cadence: zzsecretcadence}",
                    "cadence: zzsecretcadence, public: true}",
                ),
        )
        .settings("[preprocessor.srm]\npublish-reviews = true\n")
}

/// The words of a workbook.
fn workbook(bytes: &[u8]) -> String {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let mut text = String::new();
    for (name, sheet) in book.worksheets() {
        text.push_str(&name);
        for cell in sheet.rows().flatten().filter(|cell| **cell != Data::Empty) {
            text.push_str(&format!("\n{cell}"));
        }
    }
    text
}

/// Every table in every format that is asked for without `--internal`.
fn all_tables(folder: &Folder) -> BTreeMap<String, String> {
    let kinds = [
        "summary",
        "detail",
        "category",
        "compare",
        "tasks",
        "matrix",
        "checklist",
        "totals",
        "evidence",
    ];
    let mut out = BTreeMap::new();
    for kind in kinds {
        for format in TableFormat::ALL.iter().map(|format| format.word()) {
            let name = format!("out/{kind}.{format}");
            let run = folder.run(&["table", kind, "--format", format, "--output", &name]);
            run.code(0);
            let bytes = std::fs::read(folder.join(&name)).unwrap();
            let text = match format {
                "xlsx" => workbook(&bytes),
                _ => String::from_utf8(bytes).unwrap(),
            };
            out.insert(name, text);
        }
    }
    out
}

/// Everything that readers can get of a project: the site, each table, a document with
/// regions, a book, and what the preview sends.
fn everything(project: Project) -> BTreeMap<String, String> {
    let region = "<!-- srm:begin evidence model=byoc -->\n<!-- srm:end -->\n<!-- srm:begin detail model=byoc -->\n<!-- srm:end -->\n";
    let folder = project.with("README.md", region).on_disk();
    std::fs::create_dir(folder.join("out")).unwrap();
    folder.run(&["build"]).code(0);
    folder.run(&["embed", "README.md"]).code(0);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let site = tree(&folder.join("book"));
    let mut out = all_tables(&folder);
    out.insert("README.md".into(), folder.read("README.md"));
    let mut running = Running::start(&folder, &["serve"]);
    let address = running.address();
    while text(get(address, "models/byoc.html").body).contains("The site is being built") {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    for path in site
        .keys()
        .map(String::as_str)
        .chain(["", ".srm-site/serve.js"])
    {
        out.insert(format!("served /{path}"), text(get(address, path).body));
    }
    out.insert("said".into(), running.end());
    let manifest = std::fs::read(folder.join("book").join(srm_site::output::MANIFEST)).unwrap();
    out.insert("manifest".into(), text(manifest));
    out.extend(
        site.into_iter()
            .map(|(path, bytes)| (format!("site {path}"), text(bytes))),
    );
    out
}

#[test]
fn what_is_not_public_is_nowhere() {
    let all = everything(secret());
    for (name, text) in &all {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{name} has {secret}");
        }
        // The schema describes the word.
        let word = text.contains("approved") && !name.ends_with(".schema.json");
        assert!(!word, "{name} has the status of a review");
    }
    for kind in [
        "site data/",
        "site embed/",
        "site search/",
        "site feed.xml",
        "site models/saas.md",
        "served /models/",
        "out/evidence.xlsx",
    ] {
        assert!(
            all.keys().any(|name| name.starts_with(kind)) || kind == "site feed.xml",
            "{kind}"
        );
    }
    // The same search finds all of it where it is public.
    let all = everything(public());
    for place in [
        "site models/byoc.html",
        "site models/byoc.md",
        "site categories/data.html",
        "site compare/index.html",
        "site compare/saas-vs-byoc.html",
        "site parties/provider.html",
        "site print.html",
        "site search/index.js",
        "site data/responsibilities.json",
        "site embed/detail-byoc.html",
        "served /models/byoc.html",
        "README.md",
        "out/evidence.csv",
        "out/evidence.xlsx",
        "out/detail.latex",
        "out/matrix.adoc",
        "out/checklist.rst",
    ] {
        let text = &all[place];
        for secret in SECRETS.iter().chain(&["approved"]) {
            // In a workbook and in the search, the addresses of links are not told.
            let unlinked = *secret == "zzsecreturl"
                && (place.contains("search") || place.ends_with("detail.xlsx"));
            assert!(
                text.contains(secret) || unlinked,
                "{place} has no {secret}: {text}"
            );
        }
    }
}

#[test]
fn an_internal_table_has_all_of_it() {
    let folder = secret().on_disk();
    let run = folder.run(&["table", "evidence", "--internal", "--format", "csv"]);
    let said = &run.code(0).stdout;
    for secret in SECRETS.iter().chain(&["approved"]) {
        assert!(said.contains(secret), "no {secret}: {said}");
    }
    let byoc = folder.run(&[
        "table",
        "evidence",
        "--internal",
        "model=byoc",
        "--format",
        "csv",
    ]);
    let lines: Vec<&str> = byoc.code(0).stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(
        lines[1],
        "Data,Keys,Customer,zzsecrettext cell,https://zzsecreturl.example/cell,zzsecretcadence,approved,2019-07-13,zzsecretby"
    );
    assert!(
        lines[2].starts_with("Data,Keys,Vendor,zzsecrettext row,"),
        "{lines:?}"
    );
    // Filters are those of other tables.
    let none = folder.run(&[
        "table",
        "evidence",
        "--internal",
        "owner=customer",
        "--format",
        "csv",
    ]);
    assert!(!none.code(0).stdout.contains("Keys"), "{}", none.stdout);
}

#[test]
fn an_internal_table_is_not_written_where_it_would_be_published() {
    let folder = secret().on_disk();
    folder.run(&["build"]).code(0);
    folder.run(&["build", "--dest-dir", "elsewhere"]).code(0);
    std::fs::create_dir(folder.join("private")).unwrap();
    let internal = |file: &str| folder.run(&["table", "evidence", "--internal", "--output", file]);
    for file in [
        "book/evidence.csv",
        "book/data/evidence.csv",
        "content/evidence.csv",
        "private/../content/evidence.csv",
        "themes/default/static/evidence.csv",
        "elsewhere/models/evidence.csv",
    ] {
        let run = internal(file);
        assert!(
            run.code(2)
                .stderr
                .contains("cannot be in a folder that is published"),
            "{file}: {}",
            run.stderr
        );
        assert!(!folder.join(file).exists(), "{file}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("content", folder.join("way")).unwrap();
        internal("way/evidence.csv").code(2);
    }
    internal("private/evidence.csv").code(0);
    assert!(folder.read("private/evidence.csv").contains("zzsecrettext"));
    let other = folder.run(&["table", "detail", "--internal"]);
    assert!(
        other
            .code(2)
            .stderr
            .contains("only for the kind `evidence`"),
        "{}",
        other.stderr
    );
    folder.run(&["build", "--internal"]).code(2);
    // No text of a document can ask for it.
    let run = folder.run(&["table", "evidence", "internal=true"]);
    assert!(
        run.code(2).stderr.contains("no option `internal`"),
        "{}",
        run.stderr
    );
}

#[test]
fn public_evidence_is_a_remark_with_a_link() {
    let rows = "  - id: keys
    label: Keys
    evidence:
      provider:
        - {text: \"A *report* [x] <b>\", url: \"https://trust.example/?a=1&b=2\", cadence: \"every *year*\", public: true}
        - {text: A page, url: ../policy.md, public: true}
        - {text: www.words.example, public: true}
    models: {all: {responsible: provider, tasks: {provider: [Rotate.]}}}
";
    let built = project(THREE_PARTIES)
        .rows(rows)
        .page("policy.md", "# Policy\n")
        .build();
    assert!(!built.outcome.failed, "{:?}", built.lines());
    let page = parse(built.page("models/saas.html"));
    let remarks =
        page.all(&|e| e.has_class("srm-remark") && e.attr("data-kind") == Some("evidence"));
    let texts: Vec<String> = remarks.iter().map(|e| e.text()).collect();
    assert_eq!(
        texts[..3],
        [
            "Evidence (Vendor): A *report* [x] <b>, every *year*",
            "Evidence (Vendor): A page",
            "Evidence (Vendor): www.words.example",
        ]
    );
    let link = |at: usize| remarks[at].one("a", &|e| e.tag == "a").attr("href");
    assert_eq!(link(0), Some("https://trust.example/?a=1&b=2"));
    assert_eq!(link(1), Some("../policy.html"));
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let cell = &data["categories"][0]["rows"][0]["cells"][0];
    assert_eq!(
        cell["evidence"][0],
        json!({"party": "provider", "text": "A *report* [x] <b>", "url": "https://trust.example/?a=1&b=2", "cadence": "every *year*"})
    );
    assert_eq!(cell["review"], Value::Null);
    let dead = project(THREE_PARTIES).rows(rows).build();
    assert!(
        dead.lines_of("SRM401")[0].contains("policy.md"),
        "{:?}",
        dead.lines()
    );
}

#[test]
fn the_evidence_of_a_cell_comes_after_that_of_its_row() {
    let rows = "  - id: keys
    label: Keys
    evidence: {provider: [{text: one}], cloud: [{text: two}]}
    review: {status: draft}
    models:
      all: {responsible: provider, tasks: {provider: [Rotate.]}, evidence: {provider: [{text: three}]}}
      byoc: {CELL}
";
    let lines = |cell: &str| -> Vec<String> {
        let folder = project(THREE_PARTIES)
            .rows(&rows.replace("CELL", cell))
            .on_disk();
        let run = folder.run(&[
            "table",
            "evidence",
            "--internal",
            "model=byoc",
            "--format",
            "csv",
        ]);
        let said = run.code(0).stdout.lines().skip(1);
        said.map(|line| line.replacen("Data,Keys,", "", 1))
            .collect()
    };
    assert_eq!(
        lines("cadence: daily"),
        [
            "Vendor,one,,,draft,,",
            "Vendor,three,,,draft,,",
            "Cloud,two,,,draft,,"
        ]
    );
    assert_eq!(
        lines("evidence: {cloud: [{text: four}]}"),
        [
            "Vendor,one,,,draft,,",
            "Cloud,two,,,draft,,",
            "Cloud,four,,,draft,,"
        ]
    );
    assert_eq!(lines("evidence: {cloud: []}"), ["Vendor,one,,,draft,,"]);
    assert_eq!(lines("evidence: {}"), [",,,,draft,,"]);
    assert_eq!(lines("evidence: {}, review: {}"), [""; 0]);
    assert_eq!(lines("evidence: {}, review: {by: Ann}"), [",,,,,,Ann"]);
    // A state takes back the evidence of `all`, and not that of the row.
    let state = lines("state: not-applicable, reason: No keys.");
    assert_eq!(state, ["Vendor,one,,,draft,,", "Cloud,two,,,draft,,"]);
}

#[test]
fn only_what_readers_see_are_other_terms() {
    let rows = |public: bool| {
        format!(
            "  - {{id: keys, label: Keys, models: {{all: {{responsible: provider, notes: [Both.], tasks: {{provider: [Do.]}}}}, byoc: {{evidence: {{provider: [{{text: A report, public: {public}}}]}}, review: {{by: Ann}}}}}}}}\n"
        )
    };
    let terms = |public: bool| {
        let folder = project(THREE_PARTIES).rows(&rows(public)).on_disk();
        let said = folder
            .run(&["table", "compare", "change=terms"])
            .code(0)
            .stdout
            .clone();
        said.contains("Keys")
    };
    assert!(terms(true));
    assert!(!terms(false));
    // What is the same for readers is said once.
    let notes = |public: bool| {
        let built = project(THREE_PARTIES).rows(&rows(public)).build();
        let page = parse(built.page("compare/saas-vs-byoc.html"));
        let grid = &grids(&page, "tasks")[0];
        grid.lines[0].text(0).matches("Both.").count()
    };
    assert_eq!((notes(false), notes(true)), (1, 2));
}

#[test]
fn a_draft_is_shown_like_any_other_row() {
    let rows = "  - {id: keys, label: Keys, review: {status: draft}, models: {all: {responsible: provider, tasks: {provider: [Do.]}}}}\n";
    let row = rows.replace("review: {status: draft}, ", "");
    let built = project(THREE_PARTIES).rows(rows).build();
    let other = project(THREE_PARTIES).rows(&row).build();
    for path in [
        "models/saas.html",
        "print.html",
        "data/responsibilities.json",
        "search/index.js",
    ] {
        assert_eq!(built.page(path), other.page(path), "{path}");
    }
    let published = project(THREE_PARTIES)
        .rows(rows)
        .settings("[preprocessor.srm]\npublish-reviews = true\n")
        .build();
    let text = parse(published.page("models/saas.html")).text();
    assert!(text.contains("Review: draft"), "{text}");
}

/// A row with a review, one of `all`, and one without.
const REVIEWED: &str = "  - id: old
    label: Old
    review: {status: approved, date: 2024-03-31}
    models: {all: {responsible: provider, tasks: {provider: [Do.]}}}
  - id: new
    label: New
    models: {all: {responsible: provider, tasks: {provider: [Do it.]}, review: {status: approved, date: 2025-03-01}}}
  - id: none
    label: None
    models: {all: {responsible: provider, tasks: {provider: [Do that.]}}}
";

/// The rows that `check --stale` names on 31 March 2025.
fn stale(project: &Project, age: &str) -> Vec<String> {
    let folder = project.clone().on_disk();
    let mut command = folder.command(&["check", "--format", "json", "--stale", age]);
    // The day is that of SRM314.
    let day = "2025-03-31".parse::<jiff::civil::Date>().unwrap();
    let since = day.since(jiff::civil::date(1970, 1, 1)).unwrap().get_days();
    command.env("SOURCE_DATE_EPOCH", (i64::from(since) * 86_400).to_string());
    let run = crate::harness::Run::of(command.output().unwrap());
    let findings = run
        .code(0)
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let stale = findings.filter(|f| f["code"] == "SRM218");
    stale
        .map(|f| f["message"].as_str().unwrap().to_string())
        .collect()
}

#[test]
fn old_reviews_are_reported_when_asked() {
    let plain = project(THREE_PARTIES).rows(REVIEWED);
    let none = "`none` has no review date";
    let old = "`old` was reviewed on 2024-03-31, more than 364d ago";
    // By the calendar, and a day is not too old on its anniversary.
    for age in ["12 months", "1 year", "365d", "365 days", "12m", "53 weeks"] {
        assert_eq!(stale(&plain, age), [none], "{age}");
    }
    assert_eq!(stale(&plain, "364d"), [old, none]);
    assert_eq!(stale(&plain, "30 days").len(), 2);
    assert_eq!(stale(&plain, "29 days").len(), 3);
    // A row without a date has that of the document.
    let site = |date: &str| {
        let facts = format!("schema: 1\ndocument: {{effective: {date}}}");
        plain
            .clone()
            .replace("content/srm.yaml", "schema: 1", &facts)
    };
    assert_eq!(stale(&site("2025-01-01"), "12 months"), [""; 0]);
    let of_document = "`none` has no review date, and the document took effect on 2023-01-01, more than 12 months ago";
    assert_eq!(stale(&site("2023-01-01"), "12 months"), [of_document]);
    // Where nothing is reviewed, nothing is too old.
    assert_eq!(stale(&project(THREE_PARTIES), "1 day"), [""; 0]);
    let built = plain.build();
    assert_eq!(built.lines_of("SRM218"), [""; 0]);
}

#[test]
fn an_age_that_is_none_is_refused() {
    let folder = project(THREE_PARTIES).on_disk();
    for age in [
        "",
        "12",
        "months",
        "0 days",
        "-1 year",
        "1.5 years",
        "12 moons",
        "1y6m",
        "99999d",
    ] {
        let run = folder.run(&["check", &format!("--stale={age}")]);
        let said = &run.code(2).stderr;
        assert!(
            age.is_empty() || said.contains("`12 months`, `365d`, `52 weeks` or `1 year`"),
            "{age}: {said}"
        );
    }
    folder.run(&["check", "--stale", "9999 years"]).code(0);
}

#[test]
fn an_acknowledged_age_is_no_unused_reason() {
    let rows = REVIEWED.replace(
        "label: None",
        "label: None\n    acknowledge: {SRM218: It never changes.}",
    );
    let built = project(THREE_PARTIES).rows(&rows).build();
    assert_eq!(built.lines_of("SRM212"), [""; 0]);
    let folder = project(THREE_PARTIES).rows(&rows).on_disk();
    let run = folder.run(&["check", "-v", "--stale", "1 day", "--format", "short"]);
    let said = run
        .code(0)
        .stderr
        .lines()
        .find(|line| line.contains("`none`"));
    assert!(
        said.is_some_and(|line| line.contains("It never changes.")),
        "{}",
        run.stderr
    );
}

/// Other web pages show what readers of the site see, and nothing else. A model without
/// any has no such page.
#[test]
fn public_evidence_has_a_page_for_other_web_pages() {
    let rows = "  - {id: other, label: Other, models: {all: customer}}
  - id: keys
    label: Keys
    models:
      all: provider
      saas:
        evidence:
          provider:
            - {text: A report, url: ../policy.md, public: true}
            - {text: zzsecretzz, url: \"https://zzsecretzz.example/\"}
            - {text: A page, url: \"https://trust.example/\", public: true}
";
    let built = project(THREE_PARTIES)
        .rows(rows)
        .page("policy.md", "# Policy\n")
        .build();
    assert!(
        !built
            .files
            .keys()
            .any(|path| path.starts_with("embed/evidence-byoc"))
    );
    let page = built.page("embed/evidence-saas.html");
    let table = parse(page);
    let links = table.all(&|e| e.tag == "a");
    let addresses: Vec<&str> = links.iter().filter_map(|link| link.attr("href")).collect();
    assert!(addresses.contains(&"../policy.html"), "{addresses:?}");
    assert!(
        addresses.contains(&"https://trust.example/"),
        "{addresses:?}"
    );
    let lines = table.all(&|e| e.tag == "tr" && e.attr("data-row") == Some("keys"));
    assert_eq!(lines.len(), 2, "{page}");
    let data: Value = serde_json::from_str(built.page("embed/evidence-saas.json")).unwrap();
    let lines = data["tables"][0]["rows"].as_array().unwrap();
    assert!(lines.iter().all(|line| line["id"] == "keys"), "{data}");
    assert!(!page.contains("zzsecretzz") && !data.to_string().contains("zzsecretzz"));
    assert!(built.page("embed.html").contains("evidence model=saas"));
    // A review that is published is enough.
    let review = "  - {id: keys, label: Keys, review: {by: Ann}, models: {all: provider}}\n";
    let site = |settings: &str| {
        project(THREE_PARTIES)
            .rows(review)
            .settings(settings)
            .build()
    };
    let file = "embed/evidence-byoc.html";
    assert!(!site("").files.contains_key(file));
    let public = site("[preprocessor.srm]\npublish-reviews = true\n");
    assert!(public.page(file).contains("Ann"));
}
