//! The table of roles: on the page of a model, elsewhere, and in every format.

use serde_json::Value;

use super::roles::{ROW, one_row};
use crate::harness::projects::{FIVE_MODELS_FIVE_PARTIES, JAPANESE, project};
use crate::harness::reader::{Element, Grid, csv, grids, parse};

fn raci(page: &Element) -> Grid<'_> {
    grids(page, "raci").remove(0)
}

#[test]
fn the_page_of_a_model_has_a_table_of_roles() {
    let roles = "{roles: {customer: R V, provider: R P, cloud: R approves}}";
    let all = "[customer, provider, cloud]";
    let built = one_row(ROW).replace("content/categories/data.yaml", roles, all);
    let built = built.build();
    let page = parse(built.page("models/saas.html"));
    let grid = raci(&page);
    let line = grid.line("Data", "Keys");
    let cell = |party: &str| line.text(grid.column(party));
    assert_eq!(cell("Customer"), "A");
    assert_eq!(cell("Vendor"), "R, on a condition");
    assert_eq!(cell("Cloud"), "V, P, Approves");
    let legend = page.one("legend", &|e| e.has_class("srm-legend")).text();
    assert_eq!(
        legend,
        "R: Responsible, A: Accountable, V: Verifies, P: Pays"
    );
    // The section has a heading, in the contents of the page, too.
    let heading = page.one("heading", &|e| {
        e.tag == "h2" && e.text().starts_with("Roles")
    });
    assert!(!heading.text().is_empty());
    let listed = page.all(&|e| e.tag == "a" && e.attr("href") == Some("#srm-raci"));
    assert!(!listed.is_empty());
    assert!(page.by_id("srm-raci-keys").is_some());
    for path in ["print.html", "models/saas.md"] {
        assert!(built.page(path).contains("R: Responsible, A"), "{path}");
    }
    // A model without other roles has no such table, and no page for it.
    assert!(grids(&parse(built.page("models/byoc.html")), "raci").is_empty());
    assert!(built.files.contains_key("embed/raci-saas.html"));
    assert!(!built.files.contains_key("embed/raci-byoc.html"));
}

#[test]
fn letters_are_named_for_screen_readers_and_scripts() {
    let built = one_row(ROW).build();
    let page = parse(built.page("models/saas.html"));
    let row = page.by_id("srm-raci-keys").unwrap();
    let letters = row.all(&|e| e.has_class("srm-role"));
    let told: Vec<_> = letters
        .iter()
        .map(|e| {
            (
                e.text(),
                e.attr("data-role"),
                e.attr("aria-label"),
                e.attr("role"),
            )
        })
        .collect();
    let letter = |text: &str, id, label| (text.to_string(), Some(id), Some(label), Some("img"));
    assert_eq!(
        told,
        [
            letter("A", "accountable", "Accountable"),
            letter("R", "responsible", "Responsible"),
            letter("V", "verifies", "Verifies"),
            letter("P", "pays", "Pays"),
            // A name needs no other.
            ("Approves".to_string(), Some("approves"), None, None),
        ]
    );
}

#[test]
fn elements_name_the_role_and_the_party_they_are_about() {
    let built = one_row(ROW).build();
    let values = |path: &str, attribute: &str, class: &str| {
        let page = parse(built.page(path));
        let found = page.all(&|e| e.has_class(class) && e.attr(attribute).is_some());
        let mut values: Vec<String> = found
            .iter()
            .map(|e| e.attr(attribute).unwrap().to_string())
            .collect();
        values.sort();
        values.dedup();
        values
    };
    let saas = "models/saas.html";
    let roles = ["accountable", "approves", "pays", "verifies"];
    assert_eq!(values(saas, "data-role", "srm-remark"), roles);
    for class in ["srm-remark", "srm-mark", "srm-badge-conditional"] {
        assert_eq!(
            values(saas, "data-condition", class),
            ["provider"],
            "{class}"
        );
    }
    assert_eq!(values(saas, "data-scope", "srm-remark"), ["cloud"]);
    let matrix = "compare/index.html";
    assert_eq!(values(matrix, "data-scope", "srm-remark"), ["cloud"]);
    assert_eq!(values(matrix, "data-condition", "srm-remark"), ["provider"]);
    let scoped = "{all: {responsible: provider, scope: {provider: the disks}, informed: cloud}}";
    let built = one_row(scoped).build();
    let page = parse(built.page(saas));
    let mark = page.one("mark", &|e| {
        e.has_class("srm-yes") && e.attr("data-scope").is_some()
    });
    assert_eq!(mark.attr("data-scope"), Some("provider"));
}

#[test]
fn every_format_has_letters_and_says_what_they_mean() {
    let folder = one_row(ROW).on_disk();
    let formats = [
        "md", "mdx", "html", "adoc", "rst", "latex", "csv", "tsv", "json",
    ];
    for format in formats {
        let run = folder.run(&["table", "raci", "model=saas", "--format", format]);
        let said = run.code(0).stdout.clone();
        for word in ["Responsible", "Accountable", "Verifies", "Pays", "Approves"] {
            assert!(said.contains(word), "{format} has no {word}: {said}");
        }
        let flat = match format {
            "html" => parse(&said).text(),
            _ => said.clone(),
        };
        let cell = match format {
            "csv" | "tsv" => "R (Responsible), on a condition",
            _ => "R, on a condition",
        };
        assert!(flat.contains(cell), "{format}: {said}");
        assert!(flat.contains("V") && flat.contains("Approves"), "{said}");
    }
    let run = folder.run(&["table", "raci", "model=saas", "--format", "csv"]);
    let lines = csv(&run.code(0).stdout);
    assert_eq!(lines[1][4], "V (Verifies), P (Pays), Approves");
    let run = folder.run(&["table", "raci", "model=saas", "--format", "json"]);
    let json: Value = serde_json::from_str(&run.code(0).stdout).unwrap();
    let table = &json["tables"][0];
    assert_eq!(table["kind"], "raci");
    assert_eq!(table["rows"][0]["cells"]["customer"][0], "A");
    assert_eq!(
        table["legend"],
        "R: Responsible, A: Accountable, V: Verifies, P: Pays"
    );
    folder.run(&["table", "raci", "-o", "roles.xlsx"]).code(0);
    let run = folder.run(&[
        "table",
        "raci",
        "model=saas",
        "caption=none",
        "columns=cloud",
    ]);
    let table = run.code(0).stdout.clone();
    assert!(
        table.contains("| Data | Keys | V, P, Approves |"),
        "{table}"
    );
}

/// A row without an owner shows its state, once.
#[test]
fn a_row_with_a_state_has_its_badge() {
    let cells = "{all: {state: by-contract, reason: Asked., roles: {customer: I}}}";
    let built = one_row(cells).build();
    let page = parse(built.page("models/saas.html"));
    let grid = raci(&page);
    let line = &grid.lines[0];
    assert_eq!(line.text(1), "Keys By agreement");
    assert_eq!(line.text(grid.column("Customer")), "I");
}

#[test]
fn five_parties_have_a_column_each() {
    let rows = "  - {id: x, label: X, models: {all: {roles: {customer: I, vendor: R, reseller: RA, cloud: C, auditor: CI}}}}\n";
    let built = project(FIVE_MODELS_FIVE_PARTIES).rows(rows).build();
    built.assert_clean();
    let page = parse(built.page("models/m3.html"));
    let grid = raci(&page);
    let line = grid.line("Data", "X");
    let cells: Vec<String> = (2..7).map(|at| line.text(at)).collect();
    assert_eq!(cells, ["I", "R", "R, A", "C", "C, I"]);
}

#[test]
fn japanese_roles_are_told_in_japanese() {
    let built = project(JAPANESE)
        .replace(
            "content/srm.yaml",
            "schema: 1\n",
            "schema: 1\nroles:\n  責: responsible\n  承: {id: 承認, label: 承認する}\n",
        )
        .replace(
            "content/categories/データ.yaml",
            "responsible: [お客様, 提供者]",
            "roles: {お客様: 責承, 提供者: 責、A}",
        )
        .builds();
    let page = parse(built.page("models/自社.html"));
    let grid = raci(&page);
    let line = &grid.lines[0];
    assert_eq!(line.text(2), "責, 承");
    assert_eq!(line.text(3), "責, A");
    let legend = page.one("legend", &|e| e.has_class("srm-legend")).text();
    assert_eq!(legend, "責：責任あり、A：説明責任、承：承認する");
    assert!(page.text().contains("承認する： お客様"), "{}", page.text());
    assert!(
        built
            .page("parties/お客様.html")
            .contains("自社--承認--暗号化")
    );
}

/// Letters of another script than the page keep their own direction.
#[test]
fn letters_are_isolated_on_pages_from_right_to_left() {
    let built = one_row(ROW)
        .replace(
            "book.toml",
            "[book]\n",
            "[book]\ntext-direction = \"rtl\"\n",
        )
        .build();
    let page = built.page("models/saas.html");
    assert!(page.contains("dir=\"rtl\""));
    assert_eq!(raci(&parse(page)).lines[0].text(2), "A");
    let style = built.page("assets/style.css");
    let rule = style.split(".srm-role {").nth(1).unwrap();
    assert!(
        rule.split('}')
            .next()
            .unwrap()
            .contains("unicode-bidi: isolate"),
        "{rule}"
    );
}
