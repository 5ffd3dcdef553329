//! What a cell says beside its owner is said in each place that shows its row.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::holds;
use crate::harness::Folder;
use crate::harness::projects::{Project, THREE_PARTIES, project};
use crate::harness::reader::{Element, GridLine, grids, parse};

const PARTIES: [&str; 3] = ["customer", "provider", "cloud"];
const LABELS: [&str; 3] = ["Customer", "Vendor", "Cloud"];
const ROLES: [&str; 4] = ["accountable", "consulted", "informed", "supports"];
const ROLE_LABELS: [&str; 6] = [
    "Accountable",
    "Consulted",
    "Informed",
    "Supports",
    "Verifies",
    "Pays",
];
const LETTERS: [&str; 6] = ["A", "C", "I", "S", "V", "P"];
/// The role that is no reason to list a row on the page of its party.
const PAYS: usize = 5;

/// A project with all that cells can name.
pub(super) fn site() -> Project {
    project(THREE_PARTIES).replace(
        "content/srm.yaml",
        "parties:",
        "notes: {shared: zzsharedzz}
frameworks:
  - {id: soc2, label: SOC 2}
areas:
  - {id: net, label: Network}
  - {id: rest, label: Rest}
roles:
  V: {id: verifies, label: Verifies}
  P: {id: pays, label: Pays, takes-part: false}
fields: [{id: remark, label: Remark, kind: text}]
parties:",
    )
}

/// What a cell says: who is responsible, and for each party a scope, a condition, words
/// of the summary, public evidence and whether it has each role; a cadence, a note,
/// controls, whether it refers to the shared note, a field, tasks. Or an area of the cell
/// says all this.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    responsible: Vec<usize>,
    scope: Vec<usize>,
    condition: Vec<usize>,
    summary: Vec<usize>,
    /// Each a role and a party.
    roles: Vec<(usize, usize)>,
    /// Whether the roles are written in letters, as all cells with own roles are.
    letters: bool,
    cadence: bool,
    note: bool,
    controls: bool,
    shared: bool,
    field: bool,
    evidence: Vec<usize>,
    tasks: Vec<usize>,
    in_area: bool,
}

pub(super) fn cell() -> impl Strategy<Value = Cell> {
    let parties = || prop::sample::subsequence(vec![0usize, 1, 2], 0..3);
    let some = || prop::sample::subsequence(vec![0usize, 1, 2], 1..4);
    let roles = prop::collection::vec((0..6usize, 0..3usize), 0..4);
    let of_party = (parties(), parties(), parties(), parties(), parties());
    (some(), of_party, roles, any::<[bool; 7]>()).prop_map(
        |(
            responsible,
            (scope, condition, summary, tasks, evidence),
            roles,
            [letters, cadence, note, controls, shared, field, in_area],
        )| {
            Cell {
                responsible,
                scope,
                condition,
                summary,
                letters: letters || roles.iter().any(|(role, _)| *role >= ROLES.len()),
                roles,
                cadence,
                note,
                controls,
                shared,
                field,
                evidence,
                tasks,
                in_area,
            }
        },
    )
}

/// The words that a cell says for a key, which occur nowhere else.
fn words(row: usize, model: &str, key: &str, party: usize) -> String {
    format!("zz{key}{row}{model}{party}zz")
}

pub(super) fn yaml(row: usize, model: &str, cell: &Cell) -> String {
    let by_party = |key: &str, parties: &[usize]| {
        let texts = parties
            .iter()
            .map(|p| format!("{}: {}", PARTIES[*p], words(row, model, key, *p)));
        texts.collect::<Vec<_>>().join(", ")
    };
    let ids = |parties: &[usize]| {
        let ids: Vec<&str> = parties.iter().map(|p| PARTIES[*p]).collect();
        ids.join(", ")
    };
    let mut keys = vec![
        format!("scope: {{{}}}", by_party("scope", &cell.scope)),
        format!(
            "conditional: {{{}}}",
            by_party("condition", &cell.condition)
        ),
        format!("summary: {{{}}}", by_party("summary", &cell.summary)),
    ];
    if cell.letters {
        keys.push(format!("roles: {{{}}}", in_letters(cell)));
    } else {
        keys.push(format!("responsible: [{}]", ids(&cell.responsible)));
        for (role, word) in ROLES.iter().enumerate() {
            let of_role = cell.roles.iter().filter(|(r, _)| *r == role);
            let mut parties: Vec<usize> = of_role.map(|(_, party)| *party).collect();
            parties.sort_unstable();
            parties.dedup();
            keys.push(format!("{word}: [{}]", ids(&parties)));
        }
    }
    if cell.cadence {
        keys.push(format!("cadence: {}", words(row, model, "cadence", 0)));
    }
    let mut notes = Vec::new();
    if cell.note {
        notes.push(words(row, model, "note", 0));
    }
    if cell.shared {
        notes.push("{ref: shared}".into());
    }
    keys.push(format!("notes: [{}]", notes.join(", ")));
    if cell.controls {
        keys.push(format!(
            "controls: {{soc2: {}}}",
            words(row, model, "control", 0)
        ));
    }
    if cell.field {
        keys.push(format!(
            "fields: {{remark: {}}}",
            words(row, model, "field", 0)
        ));
    }
    let evidence = cell.evidence.iter().map(|p| {
        let text = words(row, model, "evidence", *p);
        format!("{}: [{{text: {text}, public: true}}]", PARTIES[*p])
    });
    keys.push(format!(
        "evidence: {{{}}}",
        evidence.collect::<Vec<_>>().join(", ")
    ));
    let tasks = cell.tasks.iter().map(|p| {
        let task = words(row, model, "task", *p);
        format!("{}: [{task}]", PARTIES[*p])
    });
    keys.push(format!(
        "tasks: {{{}}}",
        tasks.collect::<Vec<_>>().join(", ")
    ));
    let keys = format!("{{{}}}", keys.join(", "));
    match cell.in_area {
        true => format!("{{areas: {{net: {keys}, rest: by-contract}}}}"),
        false => keys,
    }
}

/// The roles of a cell in letters, separated in a way that depends on the party.
fn in_letters(cell: &Cell) -> String {
    let parties = PARTIES.iter().enumerate().filter_map(|(party, id)| {
        let own = cell.roles.iter().filter(|(_, p)| *p == party);
        let responsible = cell.responsible.contains(&party).then_some("R");
        let letters = responsible.into_iter().chain(own.map(|(r, _)| LETTERS[*r]));
        let letters = letters.collect::<Vec<_>>().join(["", " ", "/"][party]);
        (!letters.is_empty()).then(|| format!("{id}: {letters}"))
    });
    parties.collect::<Vec<_>>().join(", ")
}

/// The project of these tests, with two roles of its own.
/// The texts that a cell says in every place: words that occur once, and roles.
fn facts(row: usize, model: &str, cell: &Cell) -> Vec<String> {
    let mut all = Vec::new();
    let mut add = |key: &str, parties: &[usize]| {
        all.extend(parties.iter().map(|p| words(row, model, key, *p)));
    };
    add("scope", &cell.scope);
    add("condition", &cell.condition);
    add("evidence", &cell.evidence);
    if cell.field {
        add("field", &[0]);
    }
    if cell.cadence {
        add("cadence", &[0]);
    }
    if cell.note {
        add("note", &[0]);
    }
    if cell.controls {
        add("control", &[0]);
    }
    all
}

fn roles(cell: &Cell) -> Vec<(&'static str, &'static str)> {
    let roles = cell.roles.iter();
    roles
        .map(|(role, party)| (ROLE_LABELS[*role], LABELS[*party]))
        .collect()
}

/// Whether a text names a party after a role.
fn has_role(text: &str, (role, party): (&str, &str)) -> bool {
    text.match_indices(&format!("{role}:")).any(|(at, _)| {
        let rest = &text[at + role.len() + 1..];
        let end = rest.find(':').unwrap_or(rest.len());
        rest[..end].contains(party)
    })
}

/// The text of a row in the tables of a kind on a page.
fn in_table(page: &Element, kind: &str, label: &str) -> String {
    let mut texts = Vec::new();
    for grid in grids(page, kind) {
        let is_row = |line: &&GridLine| (0..2).any(|column| line.text(column).starts_with(label));
        for line in grid.lines.iter().filter(is_row) {
            texts.extend((0..grid.header.len()).map(|column| line.text(column)));
        }
    }
    texts.join(" ; ")
}

/// The letters in a line of the table of roles, which shows each party that has any.
fn has_letters(line: &str, cell: &Cell) {
    let expected = (0..PARTIES.len()).flat_map(|party| {
        let responsible = cell.responsible.contains(&party).then_some("R");
        let roles = (0..LETTERS.len()).filter(move |role| cell.roles.contains(&(*role, party)));
        responsible
            .into_iter()
            .chain(roles.map(|role| LETTERS[role]))
    });
    let told: Vec<&str> = line
        .split([';', ',', ' '])
        .filter(|word| *word == "R" || LETTERS.contains(word))
        .collect();
    assert_eq!(told, expected.collect::<Vec<_>>(), "{line} {cell:?}");
    let conditions = line.to_lowercase().matches("on a condition").count();
    assert_eq!(conditions, cell.condition.len(), "{line} {cell:?}");
}

#[test]
fn each_place_that_shows_a_row_says_what_its_cells_say() {
    let models = ["saas", "byoc"];
    let rows = prop::collection::vec((cell(), cell()), 1..4);
    holds(60, rows, |rows| {
        let mut text = String::new();
        for (row, (first, second)) in rows.iter().enumerate() {
            text.push_str(&format!(
                "  - id: r{row}\n    label: Row{row}end\n    group: zzgroup{row}zz\n    models:\n      saas: {}\n      byoc: {}\n",
                yaml(row, "saas", first),
                yaml(row, "byoc", second)
            ));
        }
        let built = site().rows(&text).build();
        let page = |path: &str| parse(built.page(path));
        let category = page("categories/data.html");
        let matrix = page("compare/index.html");
        let compare = page("compare/saas-vs-byoc.html");
        let print = page("print.html").text();
        let search = built.page("search/index.js");
        for (row, cells) in rows.iter().enumerate() {
            let label = format!("Row{row}end");
            for (model, cell) in models.iter().zip([&cells.0, &cells.1]) {
                let own = page(&format!("models/{model}.html"));
                let twin = built.page(&format!("models/{model}.md")).to_string();
                let mut places = vec![
                    ("summary", in_table(&own, "summary", &label)),
                    ("category", in_table(&category, "category", &label)),
                    ("matrix", in_table(&matrix, "matrix", &label)),
                    ("compare", in_table(&compare, "compare", &label)),
                    ("print", print.clone()),
                    ("twin", twin),
                    ("search", search.to_string()),
                ];
                let raci = grids(&own, "raci");
                assert_eq!(
                    raci.is_empty(),
                    rows.iter().all(|row| {
                        let cell = if *model == "saas" { &row.0 } else { &row.1 };
                        cell.roles.is_empty()
                    })
                );
                if !raci.is_empty() {
                    let part = match cell.in_area {
                        true => format!("{label} – Network"),
                        false => label.clone(),
                    };
                    has_letters(&in_table(&own, "raci", &part), cell);
                }
                if !grids(&own, "detail").is_empty() {
                    places.push(("detail", in_table(&own, "detail", &label)));
                }
                for (place, said) in &places {
                    // The page of a category has sections instead.
                    let group = format!("zzgroup{row}zz");
                    assert!(
                        said.contains(&group) || *place == "category",
                        "{place}: {said}"
                    );
                    for fact in facts(row, model, cell) {
                        assert!(
                            said.contains(&fact),
                            "{place} has no {fact}: {said}\n{text}"
                        );
                    }
                    let (mark, whole) = ("Note: \u{2060}", "zzsharedzz");
                    let told = match *place {
                        "print" | "twin" | "search" => said.contains(whole),
                        _ => said.contains(mark) && !said.contains(whole),
                    };
                    assert!(told || !cell.shared, "{place}: {said}\n{text}");
                    let flat = said.replace(['*', '|'], "");
                    for role in roles(cell) {
                        assert!(
                            has_role(&flat, role),
                            "{place} has no {role:?}: {said}\n{text}"
                        );
                    }
                }
                let summary = &places[0].1;
                for party in &cell.summary {
                    let words = words(row, model, "summary", *party);
                    assert!(summary.contains(&words), "{words}: {summary}");
                }
                for (party, id) in PARTIES.iter().enumerate() {
                    let concerned = cell.responsible.contains(&party)
                        || cell.condition.contains(&party)
                        || cell.tasks.contains(&party)
                        || cell.roles.iter().any(|(r, p)| *r != PAYS && *p == party);
                    let list = page(&format!("parties/{id}.html"));
                    let (start, end) = (format!("{model}--"), format!("-r{row}"));
                    let listed = list.all(&|e| {
                        let id = e.attr("id").unwrap_or_default();
                        id.starts_with(&start) && id.ends_with(&end)
                    });
                    assert_eq!(!listed.is_empty(), concerned, "{party} {model} {text}");
                }
            }
        }
    });
}

/// The data and every format have the same facts.
#[test]
fn the_data_and_every_format_say_what_a_cell_says() {
    let formats: &[&str] = &["md", "html", "adoc", "rst", "latex", "csv", "tsv", "json"];
    holds(12, (cell(), select(formats)), |(cell, format)| {
        let text = format!(
            "  - id: r0\n    label: Row0end\n    models:\n      saas: {}\n      byoc: {{responsible: cloud, tasks: {{cloud: [Run.]}}}}\n",
            yaml(0, "saas", &cell)
        );
        let folder: Folder = site().rows(&text).on_disk();
        for kind in ["summary", "detail", "category", "matrix", "compare"] {
            let request: &[&str] = match kind {
                "summary" | "detail" => &["table", kind, "model=saas", "--format", format],
                _ => &["table", kind, "--format", format],
            };
            let run = folder.run(request);
            let said = run.code(0).stdout.clone();
            for fact in facts(0, "saas", &cell) {
                assert!(
                    said.contains(&fact),
                    "{kind} in {format} has no {fact}: {said}\n{text}"
                );
            }
            assert_eq!(said.matches("zzsharedzz").count(), usize::from(cell.shared));
            let flat: String = said.chars().filter(|c| !"*_|\\{}".contains(*c)).collect();
            for (role, party) in roles(&cell) {
                assert!(
                    flat.contains(role) && flat.contains(party),
                    "{kind} in {format} has no {role} {party}: {said}"
                );
            }
        }
        let built = site().rows(&text).build();
        let data: Value = serde_json::from_str(built.page("data/responsibilities.json")).unwrap();
        let data = data["categories"][0]["rows"][0]["cells"][0].to_string();
        for fact in facts(0, "saas", &cell) {
            assert!(data.contains(&fact), "the data has no {fact}: {data}");
        }
        assert_eq!(data.contains("zzsharedzz"), cell.shared, "{data}");
    });
}
