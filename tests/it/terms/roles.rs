//! Roles in letters, and roles of the author's own. Their table is in `raci`.

use serde_json::Value;

use crate::harness::Built;
use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::parse;

/// A role with a letter, one without, and one that takes no part.
const ROLES: &str = "roles:
  V: {id: verifies, label: Verifies}
  P: {id: pays, label: Pays, takes-part: false}
  approves: {label: Approves}
";

/// Three parties with the roles above, and rows.
fn with_roles(rows: &str) -> Project {
    let parties = "  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
  - {id: cloud, kind: third-party, label: Cloud}
";
    let parties = format!("{parties}{ROLES}");
    project(THREE_PARTIES).parties(&parties).rows(rows)
}

/// A project with a row whose cells are given, and one that names every party.
pub(super) fn one_row(cells: &str) -> Project {
    with_roles(&format!(
        "  - {{id: keys, label: Keys, models: {cells}}}
  - {{id: base, label: Base, models: {{all: {{roles: {{customer: R V, provider: R P, cloud: R approves}}}}}}}}\n"
    ))
}

/// The data of the first row in a model.
fn cell(built: &Built, model: usize) -> Value {
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    data["categories"][0]["rows"][0]["cells"][model].clone()
}

/// Who is responsible, and the roles: `customer; accountable cloud`.
fn said(built: &Built, model: usize) -> String {
    let cell = cell(built, model);
    let ids = |value: &Value| {
        let ids = value.as_array().unwrap().iter();
        ids.map(|id| id.as_str().unwrap())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let roles = cell["roles"].as_array().unwrap().iter();
    let roles = roles.map(|r| format!("{} {}", r["role"].as_str().unwrap(), ids(&r["parties"])));
    let all = [ids(&cell["responsible"])].into_iter().chain(roles);
    all.collect::<Vec<_>>().join("; ")
}

#[test]
fn letters_run_together_or_are_separated() {
    for letters in [
        "RA",
        "R A",
        "A/R",
        "\"R, A\"",
        "[R, A]",
        "\"R,A\"",
        "[RA]",
        "R、A",
        "R　A",
        "responsible accountable",
    ] {
        let built = one_row(&format!(
            "{{all: {{roles: {{customer: {letters}, cloud: V}}}}}}"
        ));
        let built = built.build();
        built.assert_clean();
        let expected = "customer; accountable customer; verifies cloud";
        assert_eq!(said(&built, 0), expected, "{letters}");
    }
}

/// A letter of several characters stands alone, and is no run of single ones.
#[test]
fn letters_can_be_long_and_of_any_script() {
    let parties = "  - {id: customer, kind: customer, label: Customer}
  - {id: cloud, kind: third-party, label: Cloud}
roles:
  責: responsible
  説: accountable
  RA: {id: audit, label: Audits}
  r: informed
";
    let built = project(THREE_PARTIES)
        .parties(parties)
        .rows("  - {id: a, label: A, models: {all: {roles: {customer: 責説, cloud: RA r S}}}}\n")
        .build();
    let expected = "customer; accountable customer; informed cloud; supports cloud; audit cloud";
    assert_eq!(said(&built, 0), expected, "{:?}", built.lines());
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let letters: Vec<(&str, Vec<&str>)> = data["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| {
            let letters = role["letters"].as_array().unwrap().iter();
            let letters = letters.map(|letter| letter.as_str().unwrap());
            (role["id"].as_str().unwrap(), letters.collect())
        })
        .collect();
    assert_eq!(
        letters,
        [
            ("responsible", vec!["責"]),
            ("accountable", vec!["説"]),
            ("consulted", vec!["C"]),
            ("informed", vec!["r"]),
            ("supports", vec!["S"]),
            ("audit", vec!["RA"]),
        ]
    );
}

#[test]
fn the_data_declares_roles_only_if_the_document_does() {
    let rows = "  - {id: a, label: A, models: {all: {roles: {customer: RA}}}}\n";
    let built = project(THREE_PARTIES).rows(rows).build();
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    assert_eq!(data.get("roles"), None);
    assert_eq!(said(&built, 0), "customer; accountable customer");
    let built = one_row("{all: customer}").build();
    let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
    let pays = &data["roles"][6];
    assert_eq!(
        (&pays["id"], &pays["label"]),
        (&"pays".into(), &"Pays".into())
    );
    assert_eq!(pays["takes-part"], false);
    assert_eq!(data["roles"][7]["letters"], Value::Array(Vec::new()));
}

/// A model's letters replace every role of `all`; a key replaces one.
#[test]
fn letters_state_the_whole_row() {
    let all = "roles: {customer: R A, provider: C, cloud: V}";
    for (cells, expected) in [
        // Nothing of its own.
        (
            "{}".to_string(),
            "customer; accountable customer; consulted provider; verifies cloud",
        ),
        (
            "byoc: {roles: {provider: R, cloud: I}}".into(),
            "provider; informed cloud",
        ),
        (
            "byoc: provider".into(),
            "provider; accountable customer; consulted provider; verifies cloud",
        ),
        (
            "byoc: {accountable: cloud}".into(),
            "customer; accountable cloud; consulted provider; verifies cloud",
        ),
        (
            "byoc: {consulted: []}".into(),
            "customer; accountable customer; verifies cloud",
        ),
        ("byoc: {roles: {}, responsible: cloud}".into(), "cloud"),
        ("byoc: {state: by-contract}".into(), ""),
    ] {
        let own = cells.replace("{}", "");
        let comma = if own.is_empty() { "" } else { ", " };
        let own = if cells.contains("roles: {}") {
            cells
        } else {
            own
        };
        let built = one_row(&format!("{{all: {{{all}}}{comma}{own}}}")).build();
        built.assert_clean();
        assert_eq!(said(&built, 1), expected, "{own}");
    }
}

#[test]
fn letters_replace_the_keys_of_all() {
    let all = "all: {responsible: provider, accountable: cloud, supports: cloud}";
    let built = one_row(&format!(
        "{{{all}, byoc: {{roles: {{customer: R, cloud: C}}}}}}"
    ))
    .build();
    built.assert_clean();
    assert_eq!(
        said(&built, 0),
        "provider; accountable cloud; supports cloud"
    );
    assert_eq!(said(&built, 1), "customer; consulted cloud");
    // Letters without an R leave a state of `all`, but no owner.
    let built = one_row("{all: {state: by-contract}, byoc: {roles: {customer: I}}}").build();
    built.assert_clean();
    assert_eq!(cell(&built, 1)["owner"], "by-agreement");
    assert_eq!(said(&built, 1), "; informed customer");
    for own in ["{roles: {customer: I}}", "{roles: {}}"] {
        let built = one_row(&format!("{{{all}, byoc: {own}}}")).fails_with(&["SRM201"]);
        let finding = &built.findings().list[0];
        assert_eq!(finding.label, "no party has the letter `R`", "{own}");
    }
}

#[test]
fn letters_and_keys_agree_or_are_an_error() {
    let cells =
        "{all: {roles: {customer: R A, cloud: I}, responsible: [customer], informed: cloud}}";
    one_row(cells).build().assert_clean();
    for (keys, message) in [
        (
            "accountable: cloud",
            "`accountable` names `cloud`, but the letters of `roles` name `customer`",
        ),
        (
            "supports: cloud",
            "`supports` names `cloud`, but the letters of `roles` name no party",
        ),
        (
            "informed: []",
            "`informed` names no party, but the letters of `roles` name `cloud`",
        ),
    ] {
        let cells = format!("{{all: {{roles: {{customer: R A, cloud: I}}, {keys}}}}}");
        let built = one_row(&cells).fails_with(&["SRM215"]);
        let finding = &built.findings().list[0];
        assert_eq!(finding.message, message);
        // Both places are shown: the key, and the letters.
        let (place, related) = (finding.place.as_ref().unwrap(), &finding.related[0]);
        assert_eq!(related.1, "the letters");
        assert!(keys.ends_with("[]") || place.start > related.0.start);
    }
}

#[test]
fn a_letter_read_as_a_party_shows_the_right_spelling() {
    let cells = "{all: {roles: {customer: R, A, provider: C, I, V}}}";
    let built = one_row(cells).fails_with(&["SRM214"]);
    let help: Vec<&str> = built
        .findings()
        .list
        .iter()
        .map(|f| f.help[0].as_str())
        .collect();
    assert_eq!(
        help,
        [
            "put the letters in quotes: `customer: \"R, A\"`",
            "put the letters in quotes: `provider: \"C, I, V\"`",
        ]
    );
    // Equal keys are letters, too, and no other mistake follows.
    let cells = "{all: {roles: {customer: R, A, provider: I, A}}}";
    assert_eq!(one_row(cells).fails_with(&["SRM214"]).lines().len(), 2);
    let cells = "{all: {roles: {customer: R, cloud: }}}";
    let lines = one_row(cells).fails_with(&["SRM214"]).lines();
    assert!(lines[0].ends_with("`cloud` has no letters"), "{lines:?}");
}

#[test]
fn an_unknown_letter_shows_those_that_are_known() {
    let built = one_row("{all: {roles: {customer: RX}}}").fails_with(&["SRM214"]);
    let finding = &built.findings().list[0];
    assert_eq!(finding.message, "`X` is not the letter of a role");
    assert_eq!(
        finding.help,
        [
            "letters: `V` (verifies), `P` (pays), `R` (responsible), `A` (accountable), \
          `C` (consulted), `I` (informed), `S` (supports)"
        ]
    );
    for (word, near) in [("r", "R"), ("Verifys", "verifies"), ("aproves", "approves")] {
        let built = one_row(&format!("{{all: {{roles: {{customer: {word}}}}}}}"));
        let built = built.fails_with(&["SRM214"]);
        let help = &built.findings().list[0].help[0];
        assert_eq!(*help, format!("did you mean `{near}`?"));
    }
}

/// A role with letters, owners and own roles for each of its parties.
pub(super) const ROW: &str = "{saas: {roles: {customer: A, provider: R, cloud: V P approves}, \
     conditional: {provider: with a contract}, scope: {cloud: the disks}, \
     tasks: {provider: [Keep them.]}}, byoc: {responsible: customer, tasks: {customer: [Keep.]}}}";

#[test]
fn own_roles_are_told_in_every_place_and_change_no_badge() {
    let built = one_row(ROW).build();
    built.assert_clean();
    assert_eq!(cell(&built, 0)["owner"], "provider");
    for path in [
        "models/saas.html",
        "models/saas.md",
        "categories/data.html",
        "compare/index.html",
        "compare/saas-vs-byoc.html",
        "parties/provider.html",
        "print.html",
        "search/index.js",
    ] {
        let text = match path.ends_with(".html") {
            true => parse(built.page(path)).text(),
            false => built.page(path).replace('*', ""),
        };
        for said in ["Verifies: Cloud", "Pays: Cloud", "Approves: Cloud"] {
            assert!(text.contains(said), "{path} has no `{said}`: {text}");
        }
    }
}

/// Ids and labels of the sections of a party in a model.
fn sections(built: &Built, party: &str) -> Vec<(String, String)> {
    let page = parse(built.page(&format!("parties/{party}.html")));
    let sections = page.all(&|e| e.tag == "h3").into_iter();
    sections
        .map(|h| (h.attr("id").unwrap_or_default().to_string(), h.text()))
        .filter(|(_, text)| text.starts_with("SaaS"))
        .collect()
}

#[test]
fn an_own_role_that_takes_part_has_a_section_of_its_party() {
    let built = one_row(ROW).build();
    let labels: Vec<String> = sections(&built, "cloud").into_iter().map(|s| s.1).collect();
    let expected = ["SaaS: Responsible", "SaaS: Verifies", "SaaS: Approves"];
    assert_eq!(labels, expected);
    let page = built.page("parties/cloud.html");
    assert!(page.contains("id=\"saas--verifies--keys\""), "{page}");
    // One that takes no part has none, and counts as no reason for tasks.
    let pays =
        "{all: {roles: {customer: R, cloud: P}, tasks: {customer: [Do it.], cloud: [Pay.]}}}";
    let built = one_row(&pays.replace(", cloud: [Pay.]", "")).build();
    built.assert_clean();
    let page = built.page("parties/cloud.html");
    assert!(!page.contains("--keys\""), "{page}");
    one_row(pays).builds_with(&["SRM202", "SRM204 note"]);
    one_row(&pays.replace("cloud: P", "cloud: V")).builds_with(&["SRM204 note"]);
}

#[test]
fn other_terms_are_other_own_roles() {
    let rows = "{saas: {roles: {customer: R, cloud: V}}, byoc: {roles: {customer: R, cloud: P}}}";
    let folder = one_row(rows).on_disk();
    let run = folder.run(&["table", "compare", "change=terms"]);
    let table = run.code(0).stdout.clone();
    for said in ["*Verifies:* Cloud", "*Pays:* Cloud", "On other terms"] {
        assert!(table.contains(said), "{said}: {table}");
    }
    let party = |id: &str| {
        let run = folder.run(&["table", "summary", "model=byoc", id]);
        run.code(0).stdout.contains("Keys")
    };
    assert!(!party("party=cloud") && party("party=customer"));
}

#[test]
fn ids_of_own_roles_differ_from_built_in_words() {
    for id in ["informed", "Responsible", "conditional"] {
        let site = format!(
            "schema: 1\nparties:\n  - {{id: customer, kind: customer, label: Customer}}\nroles:\n  X: {{id: {id}, label: X}}\n"
        );
        let built = project(THREE_PARTIES)
            .with("content/srm.yaml", site)
            .rows("  - {id: a, label: A, models: {all: customer}}\n")
            .fails_with(&["SRM101"]);
        let line = &built.lines()[0];
        assert!(line.contains("cannot be the id of your own role"), "{line}");
    }
    let many: String = (0..25).map(|n| format!("  r{n}: informed\n")).collect();
    let site = format!(
        "schema: 1\nparties:\n  - {{id: customer, kind: customer, label: Customer}}\nroles:\n{many}"
    );
    project(THREE_PARTIES)
        .with("content/srm.yaml", site)
        .rows("  - {id: a, label: A, models: {all: customer}}\n")
        .fails_with(&["SRM004"]);
}
