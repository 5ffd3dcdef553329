//! Parties: their order, their labels in each model, and readers who are addressed.

use crate::harness::matrix::{assert_badge, badge, csv_rows, detail};
use crate::harness::projects::{FIVE_MODELS_FIVE_PARTIES, SHARED, TWO_MODELS, project};
use crate::harness::reader::{grids, markdown_tables, parse};

#[test]
fn case_09_provider_column_first() {
    let built = project(TWO_MODELS)
        .with(
            "content/models/byoc.md",
            "\
---
label: BYOC
order: 2
columns: [provider, customer]
---
",
        )
        .rows(SHARED)
        .builds();
    for (model, order) in [
        ("saas", ["Customer", "Vendor"]),
        ("byoc", ["Vendor", "Customer"]),
    ] {
        let page = parse(built.page(&format!("models/{model}.html")));
        let summary = &grids(&page, "summary")[0];
        assert_eq!(summary.header[3..], order);
        let grid = detail(&page);
        assert_eq!(grid.header[2..], order);
        let line = grid.line("Data", "Base");
        assert_eq!(line.text(grid.column("Customer")), "Use it.");
        assert_eq!(line.text(grid.column("Vendor")), "Run it.");
        let twin = markdown_tables(built.page(&format!("models/{model}.md")));
        assert_eq!(twin[1][0][2..], order);
        // The badge names the parties in one order everywhere.
        assert_badge(
            &built,
            model,
            "base",
            "shared",
            "customer provider",
            "Shared Customer + Vendor",
        );
    }
}

#[test]
fn case_10_one_party_under_several_labels() {
    let built = project(TWO_MODELS)
        .with(
            "content/models/saas.md",
            "\
---
label: SaaS
order: 1
parties: {provider: Vendor (SaaS)}
---
",
        )
        .with(
            "content/models/byoc.md",
            "\
---
label: BYOC
order: 2
parties: {provider: Vendor (BYOC), customer: Customer (BYOC)}
---
",
        )
        .rows(SHARED)
        .builds();
    for (model, labels) in [
        ("saas", ["Customer", "Vendor (SaaS)"]),
        ("byoc", ["Customer (BYOC)", "Vendor (BYOC)"]),
    ] {
        let page = parse(built.page(&format!("models/{model}.html")));
        assert_eq!(detail(&page).header[2..], labels);
        assert_eq!(grids(&page, "summary")[0].header[3..], labels);
    }
    // Where models stand together the party has its one name, and one id.
    let page = parse(built.page("categories/data.html"));
    assert_eq!(
        grids(&page, "category")[0].header[3..],
        ["Customer", "Vendor"]
    );
    let page = parse(built.page("parties/provider.html"));
    let text = page.text();
    assert!(text.contains("Called \"Vendor (SaaS)\" in SaaS."), "{text}");
    assert!(text.contains("Called \"Vendor (BYOC)\" in BYOC."), "{text}");
    assert_eq!(
        built
            .files
            .keys()
            .filter(|p| p.starts_with("parties/") && p.ends_with(".html"))
            .count(),
        2
    );
    let parties: Vec<String> = csv_rows(&built, "base")
        .iter()
        .map(|r| r["party"].clone())
        .collect();
    assert_eq!(
        parties,
        [
            "Customer",
            "Vendor (SaaS)",
            "Customer (BYOC)",
            "Vendor (BYOC)"
        ]
    );
}

#[test]
fn case_10_second_person() {
    let built = project(TWO_MODELS)
        .parties(
            "\
  - {id: customer, kind: customer, label: Customer, second-person: Thou}
  - {id: provider, kind: provider, label: Vendor, second-person: We}
",
        )
        .rows(SHARED)
        .builds();
    let titles: Vec<String> = ["customer", "provider"]
        .iter()
        .zip(["Your responsibilities", "Responsibilities of Vendor (We)"])
        .map(|(party, title)| {
            let page = parse(built.page(&format!("parties/{party}.html")));
            let main = page.one("main", &|e| e.tag == "main").text();
            assert!(main.contains(title), "the title on the page: {main}");
            page.one("title", &|e| e.tag == "title").text()
        })
        .collect();
    assert_ne!(titles[0], titles[1], "two pages with one title");
    // The menu says the same; in tables parties keep their names.
    let page = parse(built.page("models/saas.html"));
    let menu = page.one("the way to it", &|e| {
        e.tag == "a" && e.attr("href") == Some("../parties/customer.html")
    });
    assert_eq!(menu.text(), "Your responsibilities");
    assert_eq!(detail(&page).header[2..], ["Customer", "Vendor"]);
}

#[test]
fn two_customers_that_are_addressed_keep_their_names_in_titles() {
    let built = project(TWO_MODELS)
        .parties(
            "\
  - {id: customer, kind: customer, label: Customer, second-person: You}
  - {id: partner, kind: customer, label: Partner, second-person: You}
  - {id: provider, kind: provider, label: Vendor}
",
        )
        .rows(SHARED)
        .builds_with(&["SRM210"]);
    for (path, title) in [
        (
            "parties/customer.html",
            "Responsibilities of Customer (You)",
        ),
        ("parties/partner.html", "Responsibilities of Partner (You)"),
        ("parties/provider.html", "Responsibilities of Vendor"),
    ] {
        let page = parse(built.page(path));
        assert_eq!(page.one("h1", &|e| e.tag == "h1").text(), title);
    }
}

#[test]
fn five_models_and_five_parties_without_a_customer_in_the_set() {
    let built = project(FIVE_MODELS_FIVE_PARTIES).builds_with(&["SRM210"]);
    let shown: Vec<(String, String)> = (1..=5)
        .map(|n| {
            let (owner, _, words) = badge(&built, &format!("m{n}"), "x");
            (owner, words)
        })
        .collect();
    let wanted = [
        ("provider", "Provider The vendor"),
        ("provider", "Provider The vendor + The cloud"),
        ("third-party", "The cloud"),
        ("third-party", "The cloud + The auditor"),
        (
            "provider",
            "Provider The vendor + The reseller + The cloud + The auditor",
        ),
    ];
    assert_eq!(shown, wanted.map(|(o, w)| (o.to_string(), w.to_string())));
    let page = parse(built.page("parties/customer.html"));
    for n in 1..=5 {
        assert!(
            page.text()
                .contains(&format!("Nothing is listed for Customer in M{n}."))
        );
    }
    assert_eq!(
        grids(&parse(built.page("parties/auditor.html")), "checklist").len(),
        2
    );
}
