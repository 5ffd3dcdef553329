//! The author's own fields.

use serde_json::{Value, json};

use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::{Element, grids, parse};
use crate::harness::{Built, Folder};

const SITE: &str = "schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
  - {id: cloud, kind: third-party, label: Cloud}
fields:
  - {id: answer, label: CAIQ answer, kind: choice, choices: [\"Yes\", \"No\", \"Yes, partly\"]}
  - {id: class, label: Class, kind: choice, choices: [mandatory, optional, other]}
  - {id: ticket, label: Ticket, kind: link}
  - {id: since, label: Since, kind: date}
  - {id: remark, label: Remark, kind: text}
";

const ROWS: &str = "  - id: keys
    label: Keys
    fields: {answer: \"Yes\", class: mandatory, since: 2026-01-31}
    models:
      saas: {responsible: provider, tasks: {provider: [Rotate.]}}
      byoc:
        responsible: provider
        tasks: {provider: [Rotate.]}
        fields: {answer: \"Yes, partly\", class: \"\", remark: \"<b>a*b*</b>\"}
  - id: logs
    label: Logs
    models:
      all: {responsible: provider, tasks: {provider: [Read.]}, fields: {class: optional}}
      byoc: {fields: {}}
";

fn with(rows: &str) -> Project {
    project(THREE_PARTIES)
        .with("content/srm.yaml", SITE)
        .rows(rows)
}

fn data(built: &Built) -> Value {
    serde_json::from_str(built.page("data/responsibilities.json")).unwrap()
}

/// The text of a row's cell in a column of the first table of a kind.
fn cell(page: &Element, kind: &str, (first, second): (&str, &str), column: &str) -> String {
    let grid = &grids(page, kind)[0];
    grid.line(first, second).text(grid.column(column))
}

#[test]
fn fields_are_columns_where_parties_are() {
    let built = with(ROWS).build();
    assert!(!built.outcome.failed, "{:?}", built.lines());
    let byoc = parse(built.page("models/byoc.html"));
    for kind in ["summary", "detail"] {
        let row = ("Data", "Keys");
        assert_eq!(cell(&byoc, kind, row, "CAIQ answer"), "Yes, partly");
        assert_eq!(cell(&byoc, kind, row, "Since"), "2026-01-31");
        assert_eq!(cell(&byoc, kind, row, "Remark"), "<b>a*b*</b>");
        assert_eq!(cell(&byoc, kind, ("Data", "Logs"), "CAIQ answer"), "");
        // A field without a value in any row has no column.
        let header = &grids(&byoc, kind)[0].header;
        assert!(!header.contains(&"Class".to_string()), "{header:?}");
        assert!(!header.contains(&"Ticket".to_string()), "{header:?}");
    }
    let days = byoc.all(&|e| e.tag == "time");
    assert_eq!(days[0].text(), "2026-01-31");
    let category = parse(built.page("categories/data.html"));
    assert_eq!(
        cell(&category, "category", ("Keys", "SaaS"), "Class"),
        "mandatory"
    );
    assert_eq!(cell(&category, "category", ("Keys", "BYOC"), "Class"), "");
    let head = byoc.all(&|e| e.tag == "th" && e.attr("data-field") == Some("answer"));
    assert_eq!(head.len(), 2);
    assert!(
        head.iter()
            .all(|th| th.attr("data-column") == Some("field"))
    );
    let values = byoc.all(&|e| e.tag == "div" && e.attr("data-field") == Some("answer"));
    assert!(
        values
            .iter()
            .all(|e| e.attr("data-value") == Some("Yes, partly"))
    );
    assert_eq!(values.len(), 2);
}

#[test]
fn fields_are_remarks_where_there_is_no_room() {
    let built = with(ROWS).build();
    for (path, kind) in [
        ("compare/index.html", "matrix"),
        ("compare/saas-vs-byoc.html", "compare"),
        ("compare/saas-vs-byoc.html", "tasks"),
        ("parties/provider.html", "checklist"),
    ] {
        let page = parse(built.page(path));
        let table = page.all(&|e| e.tag == "table" && e.attr("data-kind") == Some(kind));
        let said = |value: &str| {
            let is_remark =
                |e: &Element| e.has_class("srm-remark") && e.attr("data-kind") == Some("field");
            table
                .iter()
                .any(|t| !t.all(&|e| is_remark(e) && e.text() == value).is_empty())
        };
        assert!(said("CAIQ answer: Yes"), "{path} {kind}");
        assert!(
            said("Remark: <b>a*b*</b>") || kind == "checklist",
            "{path} {kind}"
        );
    }
    for path in ["print.html", "models/saas.md", "search/index.js"] {
        assert!(built.page(path).contains("mandatory"), "{path}");
    }
}

#[test]
fn a_cells_value_wins_over_its_rows() {
    let data = data(&with(ROWS).build());
    let rows = &data["categories"][0]["rows"];
    assert_eq!(
        rows[0]["fields"],
        json!({"answer": "Yes", "class": "mandatory", "since": "2026-01-31"})
    );
    assert_eq!(rows[0]["cells"][0]["fields"], rows[0]["fields"]);
    assert_eq!(
        rows[0]["cells"][1]["fields"],
        json!({"answer": "Yes, partly", "remark": "<b>a*b*</b>", "since": "2026-01-31"})
    );
    assert_eq!(rows[1]["fields"], json!({}));
    assert_eq!(rows[1]["cells"][0]["fields"], json!({"class": "optional"}));
    assert_eq!(rows[1]["cells"][1]["fields"], json!({}));
    assert_eq!(
        data["fields"][1],
        json!({"id": "class", "label": "Class", "kind": "choice", "choices": ["mandatory", "optional", "other"]})
    );
    // The fields of a model replace those of `all` as a whole.
    let whole = "  - {id: a, label: A, models: {all: {responsible: cloud, fields: {answer: \"No\", class: other}}, byoc: {fields: {class: optional}}}}\n";
    let data = self::data(&with(whole).build());
    let byoc = &data["categories"][0]["rows"][0]["cells"][1];
    assert_eq!(byoc["fields"], json!({"class": "optional"}));
}

#[test]
fn a_link_leads_where_other_links_lead() {
    let rows = "  - {id: a, label: A, fields: {ticket: \"https://x.example/?a=1&copy;=2\"}, models: {all: cloud}}
  - {id: b, label: B, fields: {ticket: ../policy.md#rules}, models: {all: cloud}}
  - {id: c, label: C, fields: {ticket: \"mailto:a_b_c@x.example\"}, models: {all: cloud}}
";
    let built = with(rows)
        .page("policy.md", "# Policy\n\n## Rules\n\nWords.\n")
        .build();
    assert!(!built.outcome.failed, "{:?}", built.lines());
    let page = parse(built.page("models/saas.html"));
    let links = page.all(&|e| e.tag == "div" && e.attr("data-field") == Some("ticket"));
    let found: Vec<(String, String)> = links
        .iter()
        .map(|e| {
            let link = e.one("a", &|e| e.tag == "a");
            (link.attr("href").unwrap().to_string(), link.text())
        })
        .collect();
    let expected = [
        (
            "https://x.example/?a=1&copy;=2",
            "https://x.example/?a=1&copy;=2",
        ),
        ("../policy.html#rules", "../policy.md#rules"),
        ("mailto:a_b_c@x.example", "a_b_c@x.example"),
    ];
    let expected = expected.map(|(to, text)| (to.to_string(), text.to_string()));
    assert_eq!(found[..3], expected);
    let twin = built.page("models/saas.md");
    assert!(
        twin.contains("[a_b_c@x.example](mailto:a_b_c@x.example)"),
        "{twin}"
    );
    // A dead anchor is found where it is written.
    let built = with(rows).page("policy.md", "# Policy\n").build();
    assert!(
        built.lines_of("SRM402")[0].starts_with("content/categories/data.yaml:4:40"),
        "{:?}",
        built.lines()
    );
}

#[test]
fn quotes_are_asked_for_where_yaml_reads_no_text() {
    for (value, what) in [
        ("Yes", "a boolean"),
        ("off", "a boolean"),
        ("TRUE", "a boolean"),
        ("1.10", "a number"),
        ("-3", "a number"),
        ("0x1F", "a number"),
        ("1_000", "a number"),
        ("2026-01-31", "a date"),
        ("NA", ""),
        ("Yes indeed", ""),
        ("1.1.1", ""),
        ("inf", ""),
        ("'Yes'", ""),
    ] {
        let rows = format!(
            "  - {{id: a, label: A, fields: {{remark: {value}}}, models: {{all: cloud}}}}\n"
        );
        let built = with(&rows).build();
        let lines = built.lines_of("SRM216");
        if what.is_empty() {
            assert_eq!(lines, [""; 0], "{value}");
        } else {
            assert!(
                lines[0].contains(&format!("is {what} in YAML")),
                "{value}: {lines:?}"
            );
        }
        let said = value.trim_matches('\'');
        let fields = &data(&built)["categories"][0]["rows"][0]["fields"];
        assert_eq!(fields["remark"], said, "the value stays as it is written");
    }
}

#[test]
fn a_field_has_to_be_declared() {
    let rows = "  - {id: a, label: A, fields: {answer: \"Yes\"}, models: {all: cloud}}\n";
    let built = project(THREE_PARTIES).rows(rows).build();
    let findings = &built.findings().list;
    let finding = findings.iter().find(|f| f.code.id() == "SRM104").unwrap();
    assert_eq!(
        finding.help,
        ["declare it in `fields:` of `content/srm.yaml`"]
    );
    // Limits.
    let many: String = (0..33)
        .map(|n| format!("  - {{id: f{n}, label: F, kind: text}}\n"))
        .collect();
    let built = with(ROWS)
        .with("content/srm.yaml", format!("{SITE}{many}"))
        .build();
    assert!(
        built.lines_of("SRM004")[0].contains("at most 32 fields"),
        "{:?}",
        built.lines()
    );
    let long = SITE.replace("label: Remark", &format!("label: {}", "x".repeat(201)));
    let built = with(ROWS).with("content/srm.yaml", long).build();
    let lines = built.lines_of("SRM004");
    assert!(lines[0].contains("at most 200 characters"), "{lines:?}");
    let choices: Vec<String> = (0..65).map(|n| format!("c{n}")).collect();
    let field = format!(
        "  - {{id: f, label: F, kind: choice, choices: [{}]}}\n",
        choices.join(", ")
    );
    let built = with(ROWS)
        .with("content/srm.yaml", format!("{SITE}{field}"))
        .build();
    assert!(
        built.lines_of("SRM004")[0].contains("at most 64 choices"),
        "{:?}",
        built.lines()
    );
}

/// Each field has a column in the tables of each model, so a cell counts as more.
#[test]
fn fields_count_against_the_limit_of_cells() {
    let fields: String = (0..32)
        .map(|n| format!("  - {{id: f{n}, label: F, kind: text}}\n"))
        .collect();
    let (parties, _) = SITE.split_once("fields:").unwrap();
    let rows: String = (0..130)
        .map(|n| format!("  - {{id: r{n}, label: R, models: {{all: cloud}}}}\n"))
        .collect();
    // Without fields, these are 18,026 of the 20,000 cells that there may be.
    let models = (0..126).fold(project(THREE_PARTIES), |project, n| {
        project.with(&format!("content/models/m{n}.md"), "---\nlabel: M\n---\n")
    });
    let built = models
        .with("content/srm.yaml", format!("{parties}fields:\n{fields}"))
        .rows(&rows)
        .build();
    let lines = built.lines_of("SRM004");
    let message = "130 rows, 32 fields, 128 models and 3 parties make more cells";
    assert!(lines[0].contains(message), "{lines:?}");
    let findings = &built.findings().list;
    let limit = findings.iter().find(|f| f.code.id() == "SRM004").unwrap();
    assert_eq!(limit.help, ["split the document, or remove fields"]);
}

fn table(folder: &Folder, request: &[&str]) -> String {
    folder
        .run(&[&["table"], request].concat())
        .code(0)
        .stdout
        .clone()
}

#[test]
fn tables_are_filtered_by_fields() {
    let folder = with(ROWS).on_disk();
    let shown = |request: &[&str]| {
        let said = table(&folder, &[request, &["--format", "csv"]].concat());
        (said.contains("Keys"), said.contains("Logs"))
    };
    assert_eq!(shown(&["matrix"]), (true, true));
    assert_eq!(shown(&["matrix", "field.class=optional"]), (false, true));
    assert_eq!(
        shown(&["matrix", "field.class=optional,mandatory"]),
        (true, true)
    );
    assert_eq!(
        shown(&[
            "matrix",
            "field.class=optional,mandatory",
            "field.answer=Yes"
        ]),
        (true, false)
    );
    assert_eq!(
        shown(&["summary", "model=byoc", "field.class=mandatory"]),
        (false, false)
    );
    assert_eq!(
        shown(&["summary", "model=byoc", "field.answer=Yes, partly"]),
        (true, false)
    );
    assert_eq!(shown(&["summary", "field.since=2026-01-31"]), (true, false));
    let columns = table(
        &folder,
        &[
            "summary",
            "model=byoc",
            "columns=owner,field.answer",
            "--format",
            "csv",
        ],
    );
    assert!(
        columns.starts_with("Category,Responsibility,Owner,CAIQ answer"),
        "{columns}"
    );
    for (option, words) in [
        ("field.clas=optional", "did you mean `class`?"),
        ("field.class=optinal", "did you mean `optional`?"),
        ("field.=x", "has no option `field.`"),
        ("field.ID=x", "there is no field `ID`"),
        ("field.class=", "`field.class` names no value"),
        ("field.since=", "`field.since` names no value"),
        ("field.since=2026-01-30", "did you mean `2026-01-31`?"),
        (
            "field.since=never",
            "no row has the value `never` in `since`",
        ),
    ] {
        let run = folder.run(&["table", "matrix", option]);
        assert!(run.code(2).stderr.contains(words), "{}", run.stderr);
    }
    let run = folder.run(&[
        "table",
        "matrix",
        "field.class=optional",
        "field.class=other",
    ]);
    assert!(run.code(2).stderr.contains("given twice"), "{}", run.stderr);
    assert!(!table(&folder, &["matrix", "field.class=other"]).contains("Keys"));
}

#[test]
fn other_values_are_other_terms() {
    let folder = with(ROWS).on_disk();
    let terms = table(&folder, &["compare", "change=terms"]);
    assert!(terms.contains("Keys") && terms.contains("Logs"), "{terms}");
    let same = ROWS.replace("      byoc: {fields: {}}\n", "");
    let folder = with(&same).on_disk();
    let terms = table(&folder, &["compare", "change=terms"]);
    assert!(terms.contains("Keys") && !terms.contains("Logs"), "{terms}");
}

#[test]
fn readers_filter_by_choices_that_occur() {
    let built = with(ROWS).build();
    let options = |path: &str, field: &str| -> Vec<String> {
        let page = parse(built.page(path));
        let name = format!("field.{field}");
        let lists = page.all(&|e| e.tag == "select" && e.attr("name") == Some(&name));
        let options = lists
            .iter()
            .flat_map(|list| list.all(&|e| e.tag == "option"));
        options
            .map(|e| e.attr("value").unwrap_or_default().to_string())
            .collect()
    };
    assert_eq!(options("models/saas.html", "answer"), ["", "Yes"]);
    assert_eq!(options("models/byoc.html", "answer"), ["", "Yes, partly"]);
    assert_eq!(options("models/byoc.html", "class"), [""; 0]);
    assert_eq!(
        options("compare/index.html", "class"),
        ["", "mandatory", "optional"]
    );
    assert_eq!(
        options("categories/data.html", "answer"),
        ["", "Yes", "Yes, partly"]
    );
    assert_eq!(options("parties/customer.html", "answer"), [""; 0]);
    // Only choices are filters.
    assert_eq!(options("compare/index.html", "since"), [""; 0]);
}
