//! What is told where: reasons, the catch-all, and texts with footnotes in other places
//! than tables.

use serde_json::Value;

use crate::harness::projects::{THREE_PARTIES, TWO_MODELS, project};
use crate::harness::reader::{grids, parse};

/// Why a model does not list a row is said beside "Not listed", whichever key says it.
#[test]
fn the_reason_of_a_row_that_is_not_listed_is_shown() {
    let rows = "  - id: state
    label: By its state
    models:
      all: {responsible: customer, tasks: {customer: [Do it.]}}
      byoc: {state: not-listed, reason: Gone in BYOC.}
  - id: only
    label: By its row
    only-in: {models: saas, reason: Only in SaaS.}
    models: {saas: {responsible: customer, tasks: {customer: [Do it, too.]}}}
";
    let built = project(TWO_MODELS).rows(rows).build();
    for path in [
        "categories/data.html",
        "compare/index.html",
        "compare/saas-vs-byoc.html",
        "print.html",
    ] {
        let text = parse(built.page(path)).text();
        for reason in ["Gone in BYOC.", "Only in SaaS."] {
            assert!(text.contains(reason), "{path}: {text}");
        }
    }
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let rows = data["categories"][0]["rows"].as_array().unwrap();
    let reasons: Vec<&str> = rows
        .iter()
        .map(|row| row["unlisted"][0]["reason"].as_str().unwrap())
        .collect();
    assert_eq!(reasons, ["Gone in BYOC.", "Only in SaaS."]);
}

#[test]
fn a_known_contradiction_is_in_the_data_and_in_the_search() {
    let rows = "  - id: keys
    label: Keys
    models:
      all:
        responsible: provider
        tasks: {customer: [Watch.], provider: [Do it.]}
        acknowledge: {SRM202: The contract says both.}
";
    let built = project(THREE_PARTIES).rows(rows).build();
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let cell = &data["categories"][0]["rows"][0]["cells"][0];
    assert_eq!(cell["contradictions"][0], "The contract says both.");
    assert!(
        built
            .page("search/index.js")
            .contains("The contract says both.")
    );
}

#[test]
fn the_party_of_the_catch_all_is_not_called_free() {
    let site = "schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
document: {catch-all: {text: The rest is *yours*., party: customer}}
";
    let rows = "  - {id: a, label: A, models: {all: {responsible: []}}}
  - {id: b, label: B, models: {all: {responsible: [customer, provider]}}}
";
    let built = project(TWO_MODELS)
        .with("content/srm.yaml", site)
        .rows(rows)
        .build();
    let page = parse(built.page("models/saas.html"));
    let grid = &grids(&page, "summary")[0];
    let line = grid.line("Data", "A");
    assert_eq!(line.text(grid.column("Vendor")), "Not responsible");
    let customer = line.text(grid.column("Customer"));
    assert_eq!(customer, "Not assigned: The rest is yours.");
}

#[test]
fn a_feed_has_the_footnotes_of_its_entries() {
    let site = "schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
document:
  version: '2'
  history:
    - {version: '2', date: 2026-02-01, changes: \"Managed.[^1]\\n\\n[^1]: Words of the second.\"}
    - {version: '1', date: 2026-01-01, changes: \"Begun.[^1]\\n\\n[^1]: Words of the first.\"}
";
    let built = project(TWO_MODELS)
        .with("content/srm.yaml", site)
        .settings("[output.html]\nsite-url = \"https://x.example/\"\n")
        .build();
    let feed = built.page("feed.xml");
    for words in ["Words of the second.", "Words of the first."] {
        assert_eq!(feed.matches(words).count(), 1, "{feed}");
    }
}

/// Footnotes are no part of the sentence of a task.
#[test]
fn the_wording_of_a_task_is_judged_without_its_footnotes() {
    let task = |n: usize| format!("\"Do number {n}.[^a]\\n\\n[^a]: One. Two\"");
    let tasks: Vec<String> = (0..9).map(task).collect();
    let rows = format!(
        "  - {{id: keys, label: Keys, models: {{all: {{responsible: customer, tasks: {{customer: [{}, \"Stop here[^b]\\n\\n[^b]: Done.\"]}}}}}}}}\n",
        tasks.join(", ")
    );
    let built = project(TWO_MODELS).rows(&rows).build();
    assert_eq!(built.lines_of("SRM311"), [""; 0]);
    assert_eq!(built.lines_of("SRM312").len(), 1, "{:?}", built.lines());
}

#[test]
fn a_note_that_nothing_shows_is_not_found() {
    let page = "# T\n\nWords.[^a]\n\n[^a]: Shown, see [^b].\n\n[^b]: Below.\n\n[^c]: Hidden.\n";
    let built = project(TWO_MODELS).page("t.md", page).build();
    let search = built.page("search/index.js");
    assert!(
        search.contains("Below.") && !search.contains("Hidden."),
        "{search}"
    );
}

/// An address that a reader of Markdown would cut stays a link.
#[test]
fn addresses_in_tables_stay_whole() {
    let rows = "  - id: keys
    label: Keys
    models:
      all:
        responsible: customer
        tasks: {customer: ['See <https://x.example/a|b> and https://x.example/c.']}
";
    let built = project(TWO_MODELS).rows(rows).build();
    let twin = built.page("models/saas.md");
    assert!(twin.contains("](https://x.example/a%7Cb)"), "{twin}");
    assert!(twin.contains(" https://x.example/c."), "{twin}");
}

#[test]
fn a_folded_definition_is_explained() {
    let rows = "  - id: keys
    label: Keys
    description: >
      Keys.[^k]
      [^k]: Of the cloud.
    models: {all: {responsible: customer, tasks: {customer: [Do it.]}}}
";
    let built = project(TWO_MODELS).rows(rows).build();
    let findings = &built.findings().list;
    let finding = findings.iter().find(|f| f.code.id() == "SRM407").unwrap();
    assert!(
        finding.help[0].contains("begin the text with `|`"),
        "{finding:?}"
    );
}

/// A reason that is given for all models is shown where there is something to accept.
#[test]
fn a_reason_is_shown_only_where_the_contradiction_is() {
    let rows = "  - id: keys
    label: Keys
    models:
      all:
        responsible: provider
        tasks: {customer: [Watch.], provider: [Do it.]}
        acknowledge: {SRM202: The contract says both.}
      byoc: {responsible: [customer, provider]}
  - id: logs
    label: Logs
    models:
      all:
        responsible: provider
        summary: {customer: \"yes\"}
        tasks: {provider: [Read.]}
        acknowledge: {SRM205: The summary is that of the contract.}
      byoc: {summary: {}}
";
    let built = project(THREE_PARTIES).rows(rows).build();
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    for (row, reason) in [
        (0, "The contract says both."),
        (1, "The summary is that of the contract."),
    ] {
        let cells = &data["categories"][0]["rows"][row]["cells"];
        assert_eq!(cells[0]["contradictions"][0], reason);
        assert_eq!(cells[1]["contradictions"].as_array().unwrap().len(), 0);
        let shown = |path: &str| parse(built.page(path)).text().matches(reason).count();
        assert_eq!(
            [shown("models/saas.html"), shown("models/byoc.html")],
            [1, 0],
            "{reason}"
        );
        assert_eq!(shown("categories/data.html"), 1, "{reason}");
        assert_eq!(shown("compare/saas-vs-byoc.html"), 1, "{reason}");
    }
    assert_eq!(built.lines_of("SRM212"), [""; 0]);
}

/// A reason beside the whole cell is shown if one of its areas has the contradiction.
#[test]
fn a_reason_is_shown_beside_a_row_if_an_area_has_the_contradiction() {
    let site = "schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
areas:
  - {id: net, label: Network}
";
    let rows = "  - id: keys
    label: Keys
    models:
      all:
        acknowledge: {SRM202: The contract says both.}
        areas: {net: {responsible: provider, tasks: {customer: [Watch.], provider: [Do it.]}}}
      byoc: {areas: {net: {responsible: [customer, provider]}}}
";
    let built = project(TWO_MODELS)
        .with("content/srm.yaml", site)
        .rows(rows)
        .build();
    let shown = |path: &str| {
        let text = parse(built.page(path)).text();
        text.matches("The contract says both.").count()
    };
    assert_eq!(
        [shown("models/saas.html"), shown("models/byoc.html")],
        [1, 0]
    );
}

#[test]
fn a_badge_joins_its_words_as_its_language_does() {
    let rows = "  - {id: keys, label: Keys, models: {all: {responsible: provider, conditional: {provider: with keys}}}}\n";
    let built = project(THREE_PARTIES)
        .rows(rows)
        .settings("[book]\nlanguage = \"ja\"\nsrc = \"content\"\n")
        .build();
    let page = parse(built.page("models/saas.html"));
    let badge = page.all(&|e| e.has_class("srm-badge-conditional"));
    assert!(badge[0].text().starts_with('、'), "{}", badge[0].text());
    let twin = built.page("models/saas.md");
    assert!(
        twin.contains("、条件付き") && !twin.contains(", 条件"),
        "{twin}"
    );
}

/// A line that ends within a date is hard to read.
#[test]
fn the_day_of_a_review_is_one_word() {
    let rows = "  - {id: keys, label: Keys, review: {status: approved, date: 2025-05-20, by: Jo 2025-1}, models: {all: provider}}\n";
    let built = project(THREE_PARTIES)
        .rows(rows)
        .settings("[preprocessor.srm]\npublish-reviews = true\n")
        .build();
    let page = parse(built.page("models/saas.html"));
    let review = page.all(&|e| e.attr("data-kind") == Some("review"));
    let words = "approved, <time>2025-05-20</time>, Jo 2025-1</div>";
    assert!(built.page("models/saas.html").contains(words));
    let times = review[0].all(&|e| e.tag == "time");
    let times: Vec<String> = times.iter().map(|time| time.text()).collect();
    assert_eq!(times, ["2025-05-20"]);
}

/// What a reader of Markdown cannot do is not offered there.
#[test]
fn a_twin_says_how_many_rows_are_left() {
    let row = |n: usize| {
        format!("  - {{id: r{n}, label: Row {n}, models: {{saas: provider, byoc: customer}}}}\n")
    };
    let rows: String = (1..=30).map(row).collect();
    let built = project(THREE_PARTIES).rows(&rows).build();
    let html = parse(built.page("compare/saas-vs-byoc.html")).text();
    assert!(html.contains(" more") && html.contains("Show "), "{html}");
    let twin = built.page("compare/saas-vs-byoc.md");
    assert!(!twin.contains("Show "), "{twin}");
    let rest = twin.lines().find(|line| line.ends_with(" more"));
    assert!(rest.is_some_and(|line| line.starts_with("  - ")), "{twin}");
}
