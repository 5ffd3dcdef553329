//! The page and the checklists of a party: every row that concerns it, by how it does.

use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::{Element, grids, parse};

/// Rows that concern the cloud in every way, one of them in two.
fn rows() -> Project {
    project(THREE_PARTIES).rows(
        "  - {id: owns, label: Owns, models: {all: {responsible: cloud, accountable: cloud, tasks: {cloud: [Do it.]}}}}
  - {id: may, label: May, models: {all: {responsible: customer, conditional: {cloud: when delegated}, tasks: {customer: [Ask.], cloud: [Take over.]}}}}
  - {id: answers, label: Answers, models: {all: {responsible: customer, accountable: cloud, informed: cloud}}}
  - {id: helps, label: Helps, models: {all: {responsible: customer, supports: cloud}}}
  - {id: asked, label: Asked, models: {all: {responsible: customer, consulted: cloud}}}
  - {id: told, label: Told, models: {all: {responsible: customer, informed: cloud}}}
  - {id: other, label: Other, models: {all: {responsible: customer}}}
",
    )
}

/// The headings of a page below a model's, each with the rows of its table.
fn parts(page: &Element, model: &str) -> Vec<(String, Vec<String>)> {
    let sections = page.all(&|e| e.tag == "section");
    let of_model = format!("srm-model-{model}-");
    sections
        .iter()
        .filter(|section| {
            section
                .attr("id")
                .is_some_and(|id| id.starts_with(&of_model))
        })
        .map(|section| {
            let heading = section.one("h3", &|e| e.tag == "h3").text();
            let rows = grids(section, "checklist").into_iter().flat_map(|grid| {
                let lines = grid.lines.iter();
                lines.map(|line| line.text(1)).collect::<Vec<_>>()
            });
            (heading, rows.collect())
        })
        .collect()
}

#[test]
fn a_party_finds_every_row_that_concerns_it() {
    let built = rows().build();
    let page = parse(built.page("parties/cloud.html"));
    let expected = [
        ("Responsible", "Owns"),
        ("On a condition", "May"),
        ("Accountable", "Owns, Answers"),
        ("Supports", "Helps"),
        ("Consulted", "Asked"),
        ("Informed", "Answers, Told"),
    ];
    for (model, label) in [("saas", "SaaS"), ("byoc", "BYOC")] {
        let expected = expected.map(|(heading, rows)| {
            let rows: Vec<String> = rows.split(", ").map(str::to_string).collect();
            (format!("{label}: {heading}"), rows)
        });
        assert_eq!(parts(&page, model), expected);
    }
    // One way needs no heading.
    let page = parse(built.page("parties/customer.html"));
    assert_eq!(parts(&page, "saas"), []);
    assert!(page.text().contains("Other"));
}

#[test]
fn checklists_and_filters_know_every_way() {
    let folder = rows().on_disk();
    let table = |request: &[&str]| {
        let run = folder.run(&[&["table"], request].concat());
        run.code(0).stdout.clone()
    };
    let list = table(&["checklist", "party=cloud", "model=saas"]);
    for part in [
        "Tasks of Cloud in SaaS\n",
        "Cloud in SaaS: On a condition\n",
        "Cloud in SaaS: Accountable\n",
        "    - *Condition:* when delegated\n    - [ ] Take over.\n",
    ] {
        assert!(list.contains(part), "{part}\n{list}");
    }
    // Only tasks are ticked.
    assert_eq!(list.matches("[ ]").count(), 2, "{list}");
    let one = table(&["checklist", "party=cloud", "model=saas", "row=told"]);
    assert!(one.starts_with("Cloud in SaaS: Informed\n"), "{one}");
    assert!(!one.contains("Tasks of Cloud"), "{one}");
    let summary = table(&["summary", "model=saas", "party=cloud"]);
    assert!(
        summary.contains("Told") && !summary.contains("Other"),
        "{summary}"
    );
}

/// A link to a row on a party's page works whatever the party's part is. Anchors with the
/// way in them stay.
#[test]
fn each_row_of_a_party_has_one_anchor() {
    let built = rows().build();
    for (party, rows) in [
        (
            "cloud",
            &["owns", "may", "answers", "helps", "asked", "told"][..],
        ),
        (
            "customer",
            &["may", "answers", "helps", "asked", "told", "other"],
        ),
    ] {
        let page = parse(built.page(&format!("parties/{party}.html")));
        for (model, row) in ["saas", "byoc"]
            .iter()
            .flat_map(|m| rows.iter().map(move |r| (m, r)))
        {
            let id = format!("{model}--{row}");
            let named = page.all(&|e| e.attr("id") == Some(&id));
            assert_eq!(named.len(), 1, "{party} {id}");
        }
    }
    let page = parse(built.page("parties/cloud.html"));
    for id in [
        "saas--accountable--answers",
        "saas--informed--answers",
        "answers",
    ] {
        page.one(id, &|e| e.attr("id") == Some(id));
    }
    // It is where the row is told, not where it is only named again.
    let answers = page.one("the line", &|e| {
        e.tag == "tr" && e.attr("id") == Some("saas--accountable--answers")
    });
    answers.one("the anchor", &|e| e.attr("id") == Some("saas--answers"));
}

/// In a row that is divided, each area has its own way and its own anchor. Two rows never
/// share one.
#[test]
fn anchors_of_a_party_are_unique() {
    let site = "schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
areas:
  - {id: net, label: Network}
  - {id: disk, label: Disks}
";
    let rows = "  - id: keys
    label: Keys
    models: {all: {areas: {net: {responsible: customer, accountable: provider}, disk: {responsible: customer, informed: provider}}}}
  - {id: informed--keys, label: Strange, models: {all: {responsible: customer, informed: provider}}}
";
    let built = project(THREE_PARTIES)
        .with("content/srm.yaml", site)
        .rows(rows)
        .builds();
    let page = parse(built.page("parties/provider.html"));
    for id in [
        "saas--keys",
        "saas--keys--net",
        "saas--keys--disk",
        "saas--informed--keys",
    ] {
        let named = page.all(&|e| e.attr("id") == Some(id));
        assert_eq!(named.len(), 1, "{id}");
    }
    let words = built.page("embed/checklist-provider-saas.html");
    assert!(!words.contains("id=\"saas--"), "{words}");
}
