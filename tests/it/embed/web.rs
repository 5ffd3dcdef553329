//! Tables and badges of a site, for other web pages.

use super::project;

#[test]
fn a_site_holds_tables_and_badges_for_other_pages() {
    let folder = project();
    let toml = "[book]\ntitle = \"Test\"\nsrc = \"content\"\nlanguage = \"ar\"\n";
    folder.write("data/book.toml", toml);
    let model = "---\nlabel: S<a>aS\norder: 1\n---\n";
    folder.write("data/content/models/saas.md", model);
    let data = "data/content/categories/data.yaml";
    folder.write(data, folder.read(data).replace("Keys |", "Keys &"));
    folder.run(&["build", "data", "--dest-dir", "site"]).code(0);
    let page = folder.read("site/embed/summary-saas.html");
    for part in [
        "<html lang=\"ar\" dir=\"rtl\">",
        "<title>S&lt;a&gt;aS",
        "<meta name=\"robots\" content=\"noindex\">",
        "<base target=\"_top\">",
        "<h1>S&lt;a&gt;aS",
        "href=\"../models/saas.html#keys\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let json = |name: &str| -> serde_json::Value {
        serde_json::from_str(&folder.read(&format!("site/embed/{name}.json"))).unwrap()
    };
    let summary = &json("summary-saas")["tables"][0];
    assert_eq!(summary["name"], "S<a>aS");
    let row = &summary["rows"][0];
    assert_eq!(
        (&row["id"], &row["owner"], &row["change"]),
        (&"keys".into(), &"provider".into(), &serde_json::Value::Null)
    );
    let compare = &json("compare-saas-vs-byoc")["tables"][0]["rows"];
    let wires = compare
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["id"] == "wires");
    assert_eq!(wires.unwrap()["change"], "only-second");
    // A table of a row's tasks has several lines of one row.
    let tasks = &json("tasks-saas-vs-byoc")["tables"][0]["rows"];
    assert!(
        tasks
            .as_array()
            .unwrap()
            .iter()
            .all(|r| r["id"].is_string())
    );
    let badge = folder.read("site/badges/saas/keys.svg");
    for part in [
        "role=\"img\" aria-labelledby=\"t d\"",
        "<title id=\"t\">Keys &amp; locks: ",
        "<desc id=\"d\">S&lt;a&gt;aS</desc>",
    ] {
        assert!(badge.contains(part), "{part} in {badge}");
    }
}
