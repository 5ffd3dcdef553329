//! Pages as wholes: how many rows they hold, and how they are described.

use crate::harness::matrix::detail;
use crate::harness::projects::{ONE_MODEL, TWO_MODELS, project};
use crate::harness::reader::{csv, csv_maps, parse};

#[test]
fn case_20_one_row() {
    let built = project(TWO_MODELS).builds();
    let page = parse(built.page("models/saas.html"));
    assert_eq!(detail(&page).lines.len(), 1);
    assert!(page.text().contains("1 responsibility"));
    assert_eq!(csv_maps(built.page("data/responsibilities.csv")).len(), 4);
}

#[test]
fn case_20_a_thousand_rows() {
    let mut site = project(TWO_MODELS).without("content/categories/data.yaml");
    for c in 0..10 {
        let mut text = format!("label: Category {c}\norder: {c}\nrows:\n");
        for r in 0..100 {
            let owner = ["customer", "provider", "[customer, provider]"][r % 3];
            let tasks = match r % 3 {
                0 => format!("{{customer: [Do thing {c} {r}.]}}"),
                1 => format!("{{provider: [Do thing {c} {r}.]}}"),
                _ => format!("{{customer: [Use thing {c} {r}.], provider: [Run thing {c} {r}.]}}"),
            };
            text.push_str(&format!(
                "  - {{id: r{c}-{r}, label: Row {c}.{r}, models: {{all: {{responsible: {owner}, tasks: {tasks}}}}}}}\n"
            ));
        }
        site = site.with(&format!("content/categories/c{c}.yaml"), text);
    }
    let built = site.builds();
    let ids = |path: &str| -> std::collections::HashSet<String> {
        let page = parse(built.page(path));
        page.all(&|e| e.attr("id").is_some())
            .iter()
            .map(|e| e.attr("id").unwrap().to_string())
            .collect()
    };
    let mut pages: Vec<(String, Vec<String>)> = Vec::new();
    let all: Vec<String> = (0..10)
        .flat_map(|c| (0..100).map(move |r| format!("r{c}-{r}")))
        .collect();
    for path in [
        "models/saas.html",
        "models/byoc.html",
        "compare/index.html",
        "compare/saas-vs-byoc.html",
        "print.html",
    ] {
        pages.push((path.to_string(), all.clone()));
    }
    for c in 0..10 {
        pages.push((
            format!("categories/c{c}.html"),
            all[c * 100..(c + 1) * 100].to_vec(),
        ));
    }
    for (path, rows) in pages {
        let ids = ids(&path);
        let missing: Vec<&String> = rows.iter().filter(|r| !ids.contains(*r)).collect();
        assert!(missing.is_empty(), "{path}: {missing:?}");
    }
    let records = csv(built.page("data/responsibilities.csv"));
    // Two models, a third of the rows has a task for each of two parties.
    assert_eq!(records.len(), 1 + 2 * (1000 + 330));
    // Order is the author's, not that of text: r0-2 before r0-10.
    let order: Vec<&str> = records[1..].iter().map(|r| r[2].as_str()).collect();
    let at = |id: &str| order.iter().position(|r| *r == id).unwrap();
    assert!(at("r0-2") < at("r0-10") && at("r9-99") > at("r9-100".get(..4).unwrap()));
}

/// Search engines show about 160 characters; a page without a sentence of its
/// own is described by its first words.
#[test]
fn a_page_without_a_description_is_described_by_its_first_words() {
    let long =
        "Every word of this sentence is one of many, so that it is cut somewhere. ".repeat(4);
    let own = "---\ndescription: The author's \"own\" & only.\n---\n# Own\n\nNot this.\n";
    let short = "# Short\n\nA *few* words\non two lines.\n\nMore.\n";
    let built = project(TWO_MODELS)
        .page("own.md", own)
        .page("short.md", short)
        .page(
            "long.md",
            &format!(
                "\
# Long

{long}
"
            ),
        )
        .page("empty.md", "# Empty\n")
        .builds();
    let description = |path: &str| {
        let page = parse(built.page(path));
        let meta = page.one("description", &|e| e.attr("name") == Some("description"));
        meta.attr("content").unwrap().to_string()
    };
    assert_eq!(description("own.html"), "The author's \"own\" & only.");
    assert_eq!(description("short.html"), "A few words on two lines. More.");
    let cut = description("long.html");
    assert!((100..=160).contains(&cut.chars().count()), "{cut}");
    let start = cut.strip_suffix(" …").unwrap();
    let rest = long.strip_prefix(start).unwrap_or_else(|| panic!("{cut}"));
    assert!(
        !rest.starts_with(char::is_alphanumeric),
        "cut inside a word: {cut}"
    );
    assert_eq!(description("empty.html"), "Empty - Test");
}

/// HTML that a page shows as text is text in its description, too.
#[test]
fn a_description_has_the_words_of_tags_that_are_shown() {
    let text = "# Page\n\nOpen <tenant>.example.com,<br>then sign in.\n";
    let built = project(ONE_MODEL)
        .page("tags.md", text)
        .builds_with(&["SRM405"]);
    let page = parse(built.page("tags.html"));
    let meta = page.one("description", &|e| e.attr("name") == Some("description"));
    let said = meta.attr("content");
    assert_eq!(said, Some("Open <tenant>.example.com, then sign in."));
}

#[test]
fn a_page_of_very_many_rows_is_whole() {
    let rows: String = (0..3_000)
        .map(|n| format!("  - {{id: row-{n}, label: Row {n}, models: {{saas: {{responsible: [customer, provider], tasks: {{customer: [Do {n}.], provider: [Help with {n}.]}}}}}}}}\n"))
        .collect();
    let site = project(ONE_MODEL).rows(&rows);
    let built = site.clone().builds();
    for page in ["models/saas.html", "print.html", "categories/data.html"] {
        let html = built.page(page);
        assert!(html.len() > 500_000, "{page}: {}", html.len());
        assert!(html.trim_end().ends_with("</html>"), "{page}");
        let at = |n: usize| html.find(&format!("Help with {n}.")).unwrap();
        assert!((1..3_000).all(|n| at(n - 1) < at(n)), "{page}");
        let count = |part: &str| html.matches(part).count();
        assert_eq!(count("<tbody>"), count("</tbody>"), "{page}");
        assert_eq!(count("<table "), count("</table>"), "{page}");
    }
    // A template that changes what it is given gets all of it.
    let template = "{% for section in sections %}{{ section.html | upper | safe }}{{ section.html | length }}{% endfor %}\n";
    let built = site
        .with("themes/default/theme.toml", "api = 1\n")
        .with("themes/default/templates/model.html", template)
        // Its links are in capitals, too.
        .fails_with(&["SRM401", "SRM402"]);
    let html = built.page("models/saas.html");
    assert!(html.contains("HELP WITH 2999."), "{}", html.len());
}
