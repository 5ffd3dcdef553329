//! Tasks and summaries of parties, whatever is in their texts, and those that are
//! missing.

use crate::harness::matrix::{assert_badge, category_cell, cell, csv_rows, detail};
use crate::harness::projects::{TWO_MODELS, project};
use crate::harness::reader::{Element, grids, markdown_tables, parse};

#[test]
fn case_11_summary_text_in_a_cell() {
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: upgrades
    label: Upgrades
    models:
      all:
        responsible: provider
        summary: {customer: Vendor Handle Everything}
        tasks: {provider: [Upgrade it.]}
",
        )
        .builds_with(&["SRM210"]);
    let page = parse(built.page("models/saas.html"));
    let grid = &grids(&page, "summary")[0];
    let line = grid.line("Data", "Upgrades");
    assert_eq!(
        line.text(grid.column("Customer")),
        "Vendor Handle Everything"
    );
    assert_eq!(line.text(grid.column("Vendor")), "Responsible");
    // It is printed, and decides nothing.
    assert_badge(
        &built,
        "saas",
        "upgrades",
        "provider",
        "provider",
        "Provider Vendor",
    );
    assert_eq!(
        cell(&built, "upgrades", "saas")["summary"][0]["text"],
        "Vendor Handle Everything"
    );
    assert_eq!(
        markdown_tables(built.page("models/saas.md"))[0][1][3],
        "Vendor Handle Everything"
    );
}

#[test]
fn case_11_summary_text_that_contradicts() {
    let cell = |responsible: &str, summary: &str, tasks: &str| {
        let built = project(TWO_MODELS)
            .rows(&format!(
                "\
  - id: x
    label: X
    models:
      saas:
        responsible: {responsible}
        summary: {summary}
        tasks: {tasks}
      byoc: {{responsible: customer}}
"
            ))
            .build();
        built.lines_of("SRM205")
    };
    // A tick for a party that is not responsible, a dash for one that is.
    assert_eq!(
        cell("provider", "{customer: ✅}", "{provider: [Do.]}").len(),
        1
    );
    assert_eq!(
        cell(
            "[customer, provider]",
            "{customer: \"-\"}",
            "{customer: [A.], provider: [B.]}"
        )
        .len(),
        1
    );
    assert_eq!(
        cell(
            "[customer, provider]",
            "{customer: ❌}",
            "{customer: [A.], provider: [B.]}"
        )
        .len(),
        1
    );
    let lines = cell(
        "provider",
        "{customer: Vendor does it all}",
        "{customer: [A.], provider: [B.]}",
    );
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("`customer` has 1 task here"), "{lines:?}");
    // Nothing wrong with these.
    assert!(
        cell(
            "[customer, provider]",
            "{customer: ✅}",
            "{customer: [A.], provider: [B.]}"
        )
        .is_empty()
    );
    assert!(cell("provider", "{customer: \"-\"}", "{provider: [B.]}").is_empty());
    assert!(cell("provider", "{provider: Everything}", "{provider: [B.]}").is_empty());
}

#[test]
fn case_12_party_responsible_without_tasks() {
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: x
    label: X
    models:
      all: {responsible: [customer, provider], tasks: {provider: [Do it.]}}
",
        )
        .builds_with(&["SRM203"]);
    let lines = built.lines_of("SRM203");
    assert_eq!(
        lines,
        [
            "content/categories/data.yaml:6:7 warning[SRM203] `customer` is responsible here but has no task"
        ]
    );
    assert_badge(
        &built,
        "saas",
        "x",
        "shared",
        "customer provider",
        "Shared Customer + Vendor",
    );
    let page = parse(built.page("models/saas.html"));
    assert_eq!(
        detail(&page).line("Data", "X").text(2),
        "Responsible; no tasks listed"
    );
    let line = &csv_rows(&built, "x")[0];
    assert_eq!(
        ["party", "responsible", "task number", "task text"].map(|k| line[k].as_str()),
        ["Customer", "true", "", ""]
    );
}

#[test]
fn case_12_tasks_of_a_party_that_is_not_responsible() {
    let cell = |more: &str| {
        format!(
            "  - id: x\n    label: X\n    models:\n      all:\n        responsible: provider\n        \
             tasks: {{customer: [Help., Look.], provider: [Do it.]}}\n{more}"
        )
    };
    let built = project(TWO_MODELS).rows(&cell("")).builds_with(&["SRM202"]);
    let lines = built.lines_of("SRM202");
    assert_eq!(lines.len(), 2, "a model each: {lines:#?}");
    assert!(
        lines[0].contains(":8:28 warning[SRM202] `customer` has 2 tasks in `x` ("),
        "{lines:?}"
    );
    // The badge stays what was declared; the tasks are shown all the same.
    assert_badge(
        &built,
        "saas",
        "x",
        "provider",
        "provider",
        "Provider Vendor",
    );
    let page = parse(built.page("models/saas.html"));
    assert_eq!(detail(&page).line("Data", "X").text(2), "Help. Look.");
    assert_eq!(csv_rows(&built, "x")[0]["responsible"], "false");
    // Overridden with a reason, the reason is shown.
    let built = project(TWO_MODELS)
        .rows(&cell("        acknowledge: {SRM202: Courtesy only.}\n"))
        .builds();
    assert_eq!(built.findings().acknowledged(), 2);
    let page = parse(built.page("models/saas.html"));
    assert!(
        page.by_id("x")
            .unwrap()
            .text()
            .contains("Known contradiction: Courtesy only.")
    );
    assert!(category_cell(&built, "X", "SaaS", "Owner").contains("Courtesy only."));
    assert!(
        built
            .page("models/saas.md")
            .contains("*Known contradiction:* Courtesy only.")
    );
}

#[test]
fn case_13_task_texts_of_every_kind() {
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: x
    label: X
    models:
      all:
        responsible: customer
        tasks:
          customer:
            - Schedule windows. Manage the impact.
            - Manage keys
            - Meet laws (e.g., GDPR, CCPA) & policies, i.e. All of them.
            - See [the other row](row:y) and [the web](https://example.com/a?b=1&c=2).
            - |
              Check:
              - accounts
              - roles
            - Use *strong* `a|b` passwords.
            - Watch at 9 p.m. Berlin time.
  - {id: y, label: Y, models: {all: {responsible: customer, tasks: {customer: [Do it.]}}}}
",
        )
        .builds_with(&["SRM210", "SRM311"]);
    let two = built.lines_of("SRM311");
    assert_eq!(
        two.len(),
        1,
        "e.g., i.e. and p.m. end no sentence: {two:#?}"
    );
    assert!(
        two[0].starts_with("content/categories/data.yaml:10:15 "),
        "said once, at the task: {two:?}"
    );
    let page = parse(built.page("models/saas.html"));
    let line = page.by_id("x").unwrap();
    let list = line.one("tasks", &|e| e.has_class("srm-tasks"));
    let tasks: Vec<&Element> = list.elements().collect();
    assert_eq!(tasks.len(), 7, "one `li` a task: {:?}", list.text());
    assert_eq!(tasks[0].text(), "Schedule windows. Manage the impact.");
    assert_eq!(tasks[1].text(), "Manage keys");
    assert_eq!(
        tasks[2].text(),
        "Meet laws (e.g., GDPR, CCPA) & policies, i.e. All of them."
    );
    let links: Vec<&str> = tasks[3]
        .all(&|e| e.tag == "a")
        .iter()
        .map(|a| a.attr("href").unwrap())
        .collect();
    assert_eq!(
        links,
        ["../categories/data.html#y", "https://example.com/a?b=1&c=2"]
    );
    let nested: Vec<String> = tasks[4]
        .all(&|e| e.tag == "li")
        .iter()
        .map(|l| l.text())
        .collect();
    assert_eq!(nested, ["accounts", "roles"]);
    assert_eq!(tasks[5].one("code", &|e| e.tag == "code").text(), "a|b");
    // In the twin each task is one line of its cell; the bar splits nothing.
    let twin = markdown_tables(built.page("models/saas.md"));
    assert_eq!(twin[1][1].len(), 3);
    assert!(
        twin[1][1][2].contains("• Use strong a|b passwords."),
        "{:?}",
        twin[1][1]
    );
    let texts: Vec<String> = csv_rows(&built, "x")
        .into_iter()
        .map(|r| r["task text"].clone())
        .collect();
    assert_eq!(texts[4], "Check:\n- accounts\n- roles");
    assert_eq!(texts[5], "Use *strong* `a|b` passwords.");
}

#[test]
fn case_13_full_stops_are_missed_only_where_nearly_all_have_one() {
    let list = |with: usize, without: usize| {
        let with = (0..with).map(|n| format!("            - Do task {n}.\n"));
        let without = (0..without).map(|n| format!("            - Do other {n}\n"));
        let tasks: String = with.chain(without).collect();
        let built = project(TWO_MODELS)
            .rows(&format!(
                "\
  - id: x
    label: X
    only-in: saas
    models:
      saas:
        responsible: customer
        tasks:
          customer:
{tasks}"
            ))
            .build();
        built.lines_of("SRM312").len()
    };
    assert_eq!(list(9, 1), 1);
    assert_eq!(list(5, 5), 0, "a style of its own");
    assert_eq!(list(3, 1), 0, "too few to tell");
}

#[test]
fn case_18_empty_task_list_in_one_model() {
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: x
    label: X
    models:
      saas: {responsible: customer, tasks: {customer: []}}
      byoc: {responsible: customer, tasks: {customer: [Do it.]}}
  - {id: y, label: Y, models: {all: {responsible: customer, tasks: {customer: [Do that.]}}}}
",
        )
        .builds_with(&["SRM204 note", "SRM210"]);
    assert_eq!(
        built.lines_of("SRM204"),
        ["content/categories/data.yaml:6:7 note[SRM204] row `x` lists no task in this model"]
    );
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "compare")[0];
    let line = grid.line("Same owner", "X");
    assert_eq!(line.text(4), "No task in common");
    let grid = &grids(&page, "tasks")[0];
    let line = grid.line("X", "Customer");
    assert_eq!(line.text(2), "Responsible; no tasks listed");
    assert_eq!(line.text(3), "Do it. only here");
    assert_eq!(csv_rows(&built, "x").len(), 2);
}
