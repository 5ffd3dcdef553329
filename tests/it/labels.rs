//! Labels of rows and categories: alike, odd, different in each model, in Japanese.

use crate::harness::matrix::{assert_badge, csv_rows, detail, json};
use crate::harness::projects::{JAPANESE, TWO_MODELS, project};
use crate::harness::reader::{grids, markdown_tables, parse, percent_decoded};

#[test]
fn case_03_category_label_differs_by_model() {
    let category = "label: Operations
labels: {saas: Service operations, byoc: Operations (Shared)}
rows:
  - id: patching
    label: Patching
    models:
      all: {responsible: provider, tasks: {provider: [Patch it.]}}
";
    let built = project(TWO_MODELS)
        .with("content/categories/data.yaml", category)
        .builds_with(&["SRM210", "SRM301"]);
    let lines = built.lines_of("SRM301");
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("\"Service operations\" (SaaS), \"Operations (Shared)\" (BYOC)"),
        "{lines:?}"
    );
    for (model, label) in [
        ("saas", "Service operations"),
        ("byoc", "Operations (Shared)"),
    ] {
        let page = parse(built.page(&format!("models/{model}.html")));
        for kind in ["summary", "detail"] {
            assert_eq!(grids(&page, kind)[0].lines[0].text(0), label);
        }
        // The suffix is a part of the name; it owns nothing.
        assert_badge(
            &built,
            model,
            "patching",
            "provider",
            "provider",
            "Provider Vendor",
        );
    }
    // One page for the aligned category, which says both names.
    let page = parse(built.page("categories/data.html"));
    assert_eq!(page.one("h1", &|e| e.tag == "h1").text(), "Operations");
    let text = page.text();
    assert!(
        text.contains("Called \"Service operations\" in SaaS."),
        "{text}"
    );
    assert!(
        text.contains("Called \"Operations (Shared)\" in BYOC."),
        "{text}"
    );
    assert_eq!(
        built
            .files
            .keys()
            .filter(|p| p.starts_with("categories/") && p.ends_with(".html"))
            .count(),
        1
    );
}

#[test]
fn case_04_same_label_in_two_categories() {
    let one = |id: &str| {
        format!(
            "  - id: {id}\n    label: General\n    models: {{all: {{responsible: provider, tasks: {{provider: [Do {id}.]}}}}}}\n"
        )
    };
    let ops = format!("label: Operations\nrows:\n{}", one("ops-general"));
    let built = project(TWO_MODELS)
        .with("content/categories/ops.yaml", ops)
        .rows(&one("data-general"))
        .builds_with(&["SRM210"]);
    // Only that nothing is the customer's: not the labels.
    assert!(built.lines_of("SRM303").is_empty());
    let page = parse(built.page("models/saas.html"));
    for (id, category) in [("data-general", "Data"), ("ops-general", "Operations")] {
        let line = page.by_id(id).unwrap();
        assert!(line.text().contains(&format!("Do {id}.")));
        assert_eq!(
            detail(&page).line(category, "General").tr.attr("id"),
            Some(id)
        );
    }
}

#[test]
fn case_04_same_label_twice_in_one_category() {
    let one = |id: &str| {
        format!(
            "  - id: {id}\n    label: General\n    models: {{all: {{responsible: provider, tasks: {{provider: [Do {id}.]}}}}}}\n"
        )
    };
    let built = project(TWO_MODELS)
        .rows(&(one("first") + &one("second")))
        .builds_with(&["SRM210", "SRM303"]);
    let lines = built.lines_of("SRM303");
    assert_eq!(lines.len(), 1, "said once, not once a model: {lines:#?}");
    assert!(
        lines[0].starts_with("content/categories/data.yaml:6:9 warning"),
        "{lines:?}"
    );
    let page = parse(built.page("models/byoc.html"));
    for id in ["first", "second"] {
        assert!(
            page.by_id(id)
                .unwrap()
                .text()
                .contains(&format!("Do {id}."))
        );
    }
}

#[test]
fn case_21_labels_with_odd_characters() {
    let labels = [
        "R&D / \"Ops\" (shared)",
        "a < b > c | d",
        "🚀 Launch 👩‍🚀",
        "データ管理",
        "Ünïcödé — «ça»",
        "שלום עולם",
    ];
    let list: String = labels
        .iter()
        .enumerate()
        .map(|(n, label)| {
            format!(
                "  - {{id: row-{n}, label: {}, models: {{all: {{responsible: customer, tasks: {{customer: [Do {n}.]}}}}}}}}\n",
                serde_json::to_string(label).unwrap()
            )
        })
        .collect();
    let built = project(TWO_MODELS).rows(&list).builds_with(&["SRM210"]);
    let page = parse(built.page("models/saas.html"));
    let twin = markdown_tables(built.page("models/saas.md"));
    let data = json(&built);
    for (n, label) in labels.iter().enumerate() {
        let line = page.by_id(&format!("row-{n}")).unwrap();
        let link = line.all(&|e| e.tag == "a" && e.attr("href") == Some(&format!("#row-{n}")))[0];
        assert_eq!(link.text(), *label);
        assert_eq!(twin[0][n + 1][1], *label, "in the twin");
        assert_eq!(
            csv_rows(&built, &format!("row-{n}"))[0]["row label"],
            *label
        );
        assert_eq!(data["categories"][0]["rows"][n]["label"], *label);
    }
}

#[test]
fn case_21_two_labels_that_slug_to_the_same_id() {
    // Ids are the author's, so labels may be as alike as they like.
    let built = project(TWO_MODELS)
        .with(
            "content/notes.md",
            "\
# Notes

## Sign-on & SSO

A.

## Sign-on / SSO

B.

## x

C.
",
        )
        .rows(
            "\
  - id: x
    label: Sign-on & SSO
    models:
      all: {responsible: customer, tasks: {customer: [Do.]}}
  - id: z
    label: Sign-on / SSO
    models:
      all: {responsible: customer, tasks: {customer: [Do that.]}}
",
        )
        .builds_with(&["SRM210"]);
    let page = parse(built.page("models/saas.html"));
    assert!(page.by_id("x").unwrap().text().contains("Sign-on & SSO"));
    assert!(page.by_id("z").unwrap().text().contains("Sign-on / SSO"));
    // Headings of prose get their ids from their text: different ones, and
    // never a row's.
    let page = parse(built.page("notes.html"));
    let ids: Vec<&str> = page
        .all(&|e| e.tag == "h2")
        .iter()
        .map(|h| h.attr("id").unwrap())
        .collect();
    assert_eq!(ids, ["sign-on--sso", "sign-on--sso-1", "x-1"]);
    // Renaming a label moves no anchor.
    let renamed = project(TWO_MODELS).rows(
        "  - {id: x, label: Completely different, models: {all: {responsible: customer, tasks: {customer: [Do.]}}}}\n",
    ).builds_with(&["SRM210"]);
    assert!(parse(renamed.page("models/saas.html")).by_id("x").is_some());
}

#[test]
fn japanese_labels_everywhere() {
    let built = project(JAPANESE)
        .replace(
            "content/categories/データ.yaml",
            "[暗号化する。]",
            "[暗号化する。記録する。]",
        )
        .builds_with(&["SRM311"]);
    assert_eq!(
        built.lines_of("SRM311").len(),
        1,
        "two sentences without a space; a quote is none"
    );
    let page = parse(built.page("models/自社.html"));
    let html = page.one("html", &|e| e.tag == "html");
    assert_eq!(html.attr("lang"), Some("ja"));
    let line = page.by_id("暗号化").unwrap();
    assert!(line.text().contains("鍵を管理する。"));
    assert_badge(
        &built,
        "自社",
        "暗号化",
        "shared",
        "お客様 提供者",
        "共同 お客様 + 株式会社クラウド",
    );
    let page = parse(built.page("注意.html"));
    let links: Vec<String> = page
        .one("main", &|e| e.tag == "main")
        .all(&|e| e.tag == "p")[0]
        .all(&|e| e.tag == "a")
        .iter()
        .map(|a| percent_decoded(a.attr("href").unwrap()))
        .collect();
    assert_eq!(links, ["categories/データ.html#暗号化", "models/自社.html"]);
    assert!(built.files.contains_key("parties/お客様.html"));
    assert_eq!(csv_rows(&built, "暗号化").len(), 3);
}
