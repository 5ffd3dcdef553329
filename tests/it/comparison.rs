//! The comparison of models: its verdicts, its tasks, and how large it becomes.

use crate::harness::matrix::cell;
use crate::harness::projects::{SHARED, THREE_PARTIES, TWO_MODELS, project};
use crate::harness::reader::{badges, grids, parse};
use crate::harness::{Built, build};

#[test]
fn comparison_verdicts() {
    let built = project(THREE_PARTIES)
        .rows(
            "\
  - {id: same, label: Same, models: {all: {responsible: [customer, provider]}}}
  - id: order
    label: Order
    models:
      saas: {responsible: [customer, provider]}
      byoc: {responsible: [provider, customer]}
  - id: moved
    label: Moved
    models:
      saas: {responsible: provider}
      byoc: {responsible: customer}
  - id: other
    label: Still shared
    models:
      saas: {responsible: [customer, provider]}
      byoc: {responsible: [customer, cloud]}
  - id: state
    label: State
    models:
      saas: {state: by-contract}
      byoc: {state: not-applicable, reason: None.}
  - {id: only-a, label: Only A, only-in: saas, models: {saas: {responsible: customer}}}
  - {id: only-b, label: Only B, only-in: byoc, models: {byoc: {responsible: customer}}}
",
        )
        .builds();
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "compare")[0];
    let shown: Vec<(String, String, &str)> = grid
        .lines
        .iter()
        .map(|l| (l.text(0), l.text(1), l.tr.attr("data-change").unwrap()))
        .collect();
    let wanted = [
        ("Owner changes", "Moved", "moved"),
        // Both say Shared; the parties are others, so the owner moved.
        ("Owner changes", "Still shared", "moved"),
        ("Owner changes", "State", "moved"),
        ("Only in SaaS", "Only A", "only-first"),
        ("Only in BYOC", "Only B", "only-second"),
        ("Same owner", "Same", "same"),
        ("Same owner", "Order", "same"),
    ];
    let wanted: Vec<(String, String, &str)> = wanted
        .iter()
        .map(|(a, b, c)| (a.to_string(), b.to_string(), *c))
        .collect();
    assert_eq!(shown, wanted);
    let text = page.text();
    for words in [
        "1 responsibility moves from Provider to Customer",
        // The word alone would not tell them apart.
        "1 responsibility moves from Shared (Customer + Vendor) to Shared",
        "1 is new: BYOC lists it, SaaS does not",
        "1 is dropped: SaaS lists it, BYOC does not",
        "2 keep their owner",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let line = grid.line("Owner changes", "Moved");
    let owners: Vec<String> = badges(line.tr).into_iter().map(|b| b.2).collect();
    assert_eq!(owners, ["Provider Vendor", "Customer"]);
}

#[test]
fn comparison_of_tasks_is_by_exact_text_and_party() {
    let built = project(TWO_MODELS)
        .rows(
            "\
  - id: x
    label: X
    models:
      saas:
        responsible: [customer, provider]
        tasks:
          customer: [Rotate keys., '  Review logs.  ', Twice., Twice., Handed over.]
          provider: [Run it.]
      byoc:
        responsible: [customer, provider]
        tasks:
          customer: [Review logs., Rotate Keys., Twice.]
          provider: [Run it., Handed over.]
  - id: y
    label: Y
    models: {all: {responsible: provider, tasks: {provider: [Do it.]}}}
",
        )
        .builds_with(&["SRM304"]);
    let page = parse(built.page("compare/saas-vs-byoc.html"));
    let grid = &grids(&page, "tasks")[0];
    let marks = |party: &str, column: usize| -> Vec<(String, bool)> {
        let cell = grid.line("X", party).cells[column];
        cell.all(&|e| e.tag == "li")
            .iter()
            .map(|li| {
                let text = li.text();
                let same = li.attr("data-task") == Some("same");
                let words = if same { " same in both" } else { " only here" };
                (text.strip_suffix(words).unwrap().to_string(), same)
            })
            .collect()
    };
    let own = |list: &[(&str, bool)]| -> Vec<(String, bool)> {
        list.iter().map(|(t, s)| (t.to_string(), *s)).collect()
    };
    // Spaces around a text do not count, letter case does; a text answers for
    // one text; a task of another party is another task.
    assert_eq!(
        marks("Customer", 2),
        own(&[
            ("Rotate keys.", false),
            ("Review logs.", true),
            ("Twice.", true),
            ("Twice.", false),
            ("Handed over.", false)
        ])
    );
    assert_eq!(
        marks("Customer", 3),
        own(&[
            ("Review logs.", true),
            ("Rotate Keys.", false),
            ("Twice.", true)
        ])
    );
    assert_eq!(
        marks("Vendor", 3),
        own(&[("Run it.", true), ("Handed over.", false)])
    );
    let owners = &grids(&page, "compare")[0];
    assert_eq!(
        owners.line("Same owner", "X").text(4),
        "3 of 8 tasks the same"
    );
    assert_eq!(owners.line("Same owner", "Y").text(4), "Same tasks");
}

/// "Not listed" in words, wherever a row stands beside a model without it.
#[test]
fn not_listed_is_said_on_every_page_that_shows_the_row() {
    let built = project(TWO_MODELS)
        .rows(&format!(
            "{SHARED}  - id: x
    label: Xylo
    only-in: byoc
    models:
      byoc: {{responsible: customer, tasks: {{customer: [Do.]}}}}
"
        ))
        .builds();
    let mut shown = 0;
    for (path, _) in built
        .files
        .iter()
        .filter(|(p, _)| p.ends_with(".html") && !p.starts_with("embed/"))
    {
        let page = parse(built.page(path));
        for table in page.all(&|e| e.tag == "table") {
            let grid = crate::harness::reader::grid(table);
            let Some(column) = grid.header.iter().position(|h| h == "SaaS") else {
                continue;
            };
            for line in grid
                .lines
                .iter()
                .filter(|l| l.text(0).starts_with("Xylo") || l.text(1) == "Xylo")
            {
                assert_eq!(line.text(column), "Not listed", "{path}");
                shown += 1;
            }
        }
    }
    assert!(
        shown >= 4,
        "matrix, print, two tables of the comparison: {shown}"
    );
    for twin in [
        "categories/data.md",
        "compare/index.md",
        "compare/saas-vs-byoc.md",
    ] {
        assert!(built.page(twin).contains("Not listed"), "{twin}");
    }
    assert_eq!(
        cell(&built, "x", "saas")["responsible"],
        serde_json::json!([])
    );
}

/// A project of so many models, each pair of which has a page.
fn paired(models: usize) -> Built {
    let mut text = String::from(
        "//- book.toml\n[book]\ntitle = \"Pairs\"\nsrc = \"content\"\n\n\
         [preprocessor.srm]\ncompare = \"all\"\n\
         //- content/categories/data.yaml\nlabel: Data\nrows:\n  - id: base\n    label: Base\n    \
         models:\n      all:\n        responsible: [customer, provider]\n        \
         tasks: {customer: [Use it.], provider: [Run it.]}\n",
    );
    for m in 0..models {
        text += &format!("//- content/models/m{m:02}.md\n---\nlabel: Model {m}\norder: {m}\n---\n");
    }
    build(&text)
}

/// Pages may name all models, but not all pairs of them: there are more pairs
/// than a reader can use, and each of them has a page.
#[test]
fn pages_do_not_grow_with_the_number_of_pairs() {
    let sites = [12, 24].map(paired);
    let [few, many] = [&sites[0], &sites[1]];
    for (path, most) in [
        ("compare/m00-vs-m01.html", 250),
        ("compare/m00-vs-m01.md", 50),
        ("index.html", 1_600),
        ("index.md", 400),
    ] {
        let grown = many.page(path).len() - few.page(path).len();
        assert!(grown <= 12 * most, "{path}: {grown} bytes for 12 models");
    }
    // The page of all models has them all.
    let index = parse(many.page("compare/index.html"));
    let links = index.all(&|e| e.tag == "a");
    let first = links
        .iter()
        .filter(|a| a.attr("href").is_some_and(|to| to.contains("-vs-")));
    let first: std::collections::BTreeSet<&str> = first.filter_map(|a| a.attr("href")).collect();
    assert!(first.len() >= 24 * 23 / 2, "{}", first.len());
    let home = many.page("index.html");
    assert!(home.contains("href=\"compare/index.html\""));
    assert!(!home.contains("Compare Model 22 and Model 23"));
    // Few of them are shown at once.
    assert!(
        paired(4)
            .page("index.html")
            .contains("Compare Model 2 and Model 3")
    );
}

/// Readers see a reason for two findings only. Any other changes nothing that they read.
#[test]
fn reasons_that_readers_do_not_see_separate_no_cells() {
    let rows = |code: &str| {
        let row = "id: keys, label: Keys, models: {saas: {responsible: customer, tasks: {provider: [Help.]}, \
                   acknowledge: {SRM202: It helps.}}, byoc: {responsible: customer, tasks: {provider: [Help.]}";
        format!("  - {{{row}, acknowledge: {{{code}}}}}}}}}\n")
    };
    let shown = |code: &str| {
        let folder = project(TWO_MODELS).rows(&rows(code)).on_disk();
        folder.run(&["table", "tasks"]).code(0).stdout.clone()
    };
    let same = shown("SRM202: It helps.");
    assert_eq!(shown("SRM202: It helps., SRM203: Nobody asked."), same);
    assert_ne!(shown("SRM202: For another reason."), same);
}
