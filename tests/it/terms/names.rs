//! Names of parties and frameworks: where a model's own name is said, and who is
//! addressed as "you".

use crate::harness::matrix::csv_rows;
use crate::harness::projects::{TWO_MODELS, project};
use crate::harness::reader::{csv_maps, parse};

#[test]
fn a_model_says_once_what_it_calls_a_party() {
    let built = project(TWO_MODELS)
        .with(
            "content/models/byoc.md",
            "---\nlabel: BYOC\norder: 2\nparties: {provider: Operator}\n---\n",
        )
        .builds();
    let page = parse(built.page("models/byoc.html")).text();
    assert_eq!(
        page.matches("Vendor is called \"Operator\" here.").count(),
        1,
        "{page}"
    );
    // Badges keep the name of the document.
    assert!(page.contains("Customer + Vendor"), "{page}");
    let other = parse(built.page("models/saas.html")).text();
    assert!(!other.contains("is called"), "{other}");
}

#[test]
fn files_do_not_address_their_reader() {
    let built = project(TWO_MODELS)
        .parties(
            "  - {id: customer, kind: customer, label: Customer, second-person: You}
  - {id: provider, kind: provider, label: Vendor}
",
        )
        .builds();
    assert!(
        built
            .page("parties/customer.html")
            .contains("Your responsibilities")
    );
    let twin = built.page("parties/customer.md");
    assert!(
        twin.starts_with("# Responsibilities of Customer\n"),
        "{twin}"
    );
    assert!(!built.page("llms.txt").contains("Your responsibilities"));
}

#[test]
fn the_address_of_a_framework_is_on_the_start_page() {
    let text = "schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
frameworks:
  - {id: soc2, label: SOC 2, url: 'https://soc2.example/'}
";
    let rows = "  - id: keys
    label: Keys
    controls: {soc2: CC6.1}
    models: {all: {responsible: customer, tasks: {customer: [Do it.]}}}
";
    let built = project(TWO_MODELS)
        .with("content/srm.yaml", text)
        .rows(rows)
        .build();
    for path in ["index.html", "print.html"] {
        let page = parse(built.page(path));
        let links = page.all(&|e| e.attr("href") == Some("https://soc2.example/"));
        assert_eq!(links.len(), 1, "{path}");
    }
}

#[test]
fn the_data_in_lines_follows_the_names_of_a_model() {
    let data = "label: Data
labels: {byoc: Your data}
acknowledge: {SRM302: On purpose.}
rows:
  - {id: keys, label: Keys, models: {all: {responsible: customer}}}
";
    let built = project(TWO_MODELS)
        .with("content/categories/data.yaml", data)
        .build();
    let rows = csv_maps(built.page("data/responsibilities.csv"));
    let categories: Vec<&str> = rows.iter().map(|row| row["category"].as_str()).collect();
    assert_eq!(categories, ["Data", "Your data"]);
    assert_eq!(csv_rows(&built, "keys").len(), 2);
}
