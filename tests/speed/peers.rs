//! `cargo bench --bench speed -- peers 1000`: the same project as a site of
//! other generators, with templates of ours in `peers/` that write the same
//! kinds of page, for those that are installed. It compares generators, not
//! what they are for: none of these checks anything.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::{
    EVERYTHING, Measured, PAGES_ONLY, PARTIES, ROWS, Shape, count_html, generate, measure_in,
    median, owner, prose, size_of, task,
};

/// Links that a group of the menu has at most.
const MENU_LINKS: usize = 40;

/// A generator of sites.
struct Peer {
    name: &'static str,
    /// Says which version is installed.
    version: &'static [&'static str],
    /// Makes its project: settings, and what it needs of a page's facts.
    project: fn(&Site, &Path),
    /// Builds into `public`.
    build: &'static [&'static str],
}

const PEERS: &[Peer] = &[
    Peer {
        name: "zola",
        version: &["--version"],
        project: zola,
        build: &["build", "--force", "--output-dir", "public"],
    },
    Peer {
        name: "hugo",
        version: &["version"],
        project: hugo,
        build: &["--quiet", "--destination", "public"],
    },
];

/// Writes the projects of a size for all of them into a folder.
pub fn projects(shape: &Shape, to: &Path) {
    let site = Site::new(shape);
    for peer in PEERS {
        (peer.project)(&site, &to.join(peer.name));
    }
}

/// Builds projects of these sizes with everything that is there.
pub fn run(shapes: &[Shape]) {
    for shape in shapes {
        let dir = tempfile::tempdir().unwrap();
        println!(
            "{:<28} {:>7} {:>8} {:>8} {:>8} {:>10} {:>8} {:>9}",
            "", "pages", "MB", "CPU s", "x ours", "x for a MB", "wall s", "peak MB"
        );
        let ours = dir.path().join("ours");
        let mut first = None;
        for (name, settings) in [
            ("ours, pages only", PAGES_ONLY),
            ("ours, everything", EVERYTHING),
        ] {
            generate(shape, settings, &ours);
            let program = env!("CARGO_BIN_EXE_srm-site");
            let taken = cold(&[program, "build", "-q", "-d", "public"], &ours);
            let first = first.get_or_insert((taken.cpu, megabytes(&ours)));
            line(name, &ours, taken, *first);
        }
        projects(shape, dir.path());
        for peer in PEERS {
            let Ok(out) = Command::new(peer.name).args(peer.version).output() else {
                println!("{:<28} is not installed", peer.name);
                continue;
            };
            let version = String::from_utf8_lossy(&out.stdout);
            let version: Vec<&str> = version.split_whitespace().take(2).collect();
            let folder = dir.path().join(peer.name);
            let command = [&[peer.name], peer.build].concat();
            let taken = cold(&command, &folder);
            line(&version.join(" "), &folder, taken, first.unwrap());
        }
        println!();
    }
}

/// One build beside the CPU seconds and megabytes of ours: the templates for
/// others write less on each page than our theme does.
fn line(name: &str, folder: &Path, taken: Measured, ours: (f64, f64)) {
    let megabytes = megabytes(folder);
    let times = taken.cpu / ours.0;
    println!(
        "{:<28} {:>7} {megabytes:>8.1} {:>8.3} {times:>8.1} {:>10.1} {:>8.3} {:>9.1}",
        name.chars().take(28).collect::<String>(),
        count_html(&folder.join("public")),
        taken.cpu,
        times * ours.1 / megabytes,
        taken.wall,
        taken.peak
    );
}

fn megabytes(folder: &Path) -> f64 {
    size_of(&folder.join("public")).1 as f64 / 1e6
}

/// A command in a folder, with nothing built before.
fn cold(command: &[&str], folder: &Path) -> Measured {
    median(|| {
        let _ = std::fs::remove_dir_all(folder.join("public"));
        measure_in(
            &command
                .iter()
                .map(|part| part.to_string())
                .collect::<Vec<_>>(),
            folder,
        )
    })
}

/// What the pages of a generated project say, ready to be put into templates.
struct Site {
    parties: Value,
    models: Vec<Value>,
    categories: Vec<Value>,
    compared: Vec<Comparison>,
    /// Title and text of each page of text.
    prose: Vec<(String, String)>,
    menu: Value,
}

impl Site {
    fn new(shape: &Shape) -> Site {
        let pages = shape.prose;
        let models: Vec<Value> = (0..shape.models)
            .map(|m| json!({"id": format!("m{m}"), "label": format!("Model {m}")}))
            .collect();
        let categories: Vec<Value> = (0..shape.categories)
            .map(|c| category(c, shape.models))
            .collect();
        let prose: Vec<(String, String)> = (0..pages)
            .map(|p| {
                let text = prose(
                    p,
                    categories.len(),
                    pages,
                    |c| format!("/categories/{}/#row-{c}-0", category_id(c)),
                    |p| format!("/page{p:05}/"),
                );
                (format!("Page {p}"), text)
            })
            .collect();
        let links = |kind: &str, things: &[Value]| -> Vec<Value> {
            let first = things.iter().take(MENU_LINKS);
            let path = |id: &Value| format!("/{kind}/{}/", id.as_str().unwrap());
            let link = |thing: &Value| json!({"path": path(&thing["id"]), "label": thing["label"]});
            first.map(link).collect()
        };
        let compared = comparisons(shape);
        let links_to_pairs = compared.iter().take(MENU_LINKS);
        let links_to_pairs: Vec<Value> = links_to_pairs
            .map(|pair| json!({"path": format!("/compare/{}/", pair.id), "label": pair.title}))
            .collect();
        let pages = prose.iter().take(MENU_LINKS).enumerate();
        let pages: Vec<Value> = pages
            .map(|(p, (title, _))| json!({"path": format!("/page{p:05}/"), "label": title}))
            .collect();
        let menu = json!([
            {"label": "Deployment models", "open": true, "links": links("models", &models)},
            {"label": "Comparisons", "open": true, "links": links_to_pairs},
            {"label": "Categories", "open": false, "links": links("categories", &categories)},
            {"label": "Pages", "open": false, "links": pages},
        ]);
        let parties = PARTIES.iter();
        let parties = parties.map(|(id, label)| json!({"id": id, "label": label}));
        Site {
            parties: parties.collect(),
            models,
            categories,
            compared,
            prose,
            menu,
        }
    }

    fn all(&self) -> Value {
        json!({"parties": self.parties, "models": self.models, "categories": self.categories})
    }

    /// The part of everything that is about some of the models.
    fn part(&self, models: &[usize]) -> Value {
        let chosen =
            |all: &Value| -> Vec<Value> { models.iter().map(|&at| all[at].clone()).collect() };
        let row = |row: &Value| {
            let cells = chosen(&row["cells"]);
            json!({"id": row["id"], "label": row["label"], "cells": cells})
        };
        let category = |category: &Value| {
            let rows = category["rows"].as_array().unwrap();
            let rows: Vec<Value> = rows.iter().map(row).collect();
            json!({"id": category["id"], "label": category["label"], "rows": rows})
        };
        json!({
            "parties": self.parties,
            "models": chosen(&json!(self.models)),
            "categories": self.categories.iter().map(category).collect::<Vec<_>>(),
        })
    }
}

fn category_id(c: usize) -> String {
    format!("c{c:05}")
}

fn category(c: usize, models: usize) -> Value {
    let cell = |r: usize, m: usize| {
        let owner = owner(c, r, m);
        let responsible = |id: &str| owner.contains(&id);
        let ours = PARTIES.iter().filter(|(id, _)| responsible(id));
        let names: Vec<&str> = ours.map(|(_, label)| *label).collect();
        let (kind, word, shape) = match (responsible("customer"), owner.len()) {
            (true, 1) => ("customer", "Customer", "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z"),
            (true, _) => ("shared", "Shared", "M8 2a6 6 0 0 0 0 12zM9.5 2.5h4v11h-4z"),
            (false, _) => ("provider", "Provider", "M2.5 2.5h11v11h-11z"),
        };
        let by = PARTIES.iter().map(|(id, label)| {
            let tasks = if responsible(id) { 2 } else { 0 };
            let tasks: Vec<String> = (0..tasks).map(|t| task(c, r, m, id, t)).collect();
            json!({"label": label, "responsible": responsible(id), "tasks": tasks})
        });
        json!({
            "owner": kind,
            "word": word,
            "shape": shape,
            "ids": owner.join(" "),
            "names": names.join(" + "),
            "by": by.collect::<Vec<_>>(),
        })
    };
    let row = |r: usize| {
        let cells: Vec<Value> = (0..models).map(|m| cell(r, m)).collect();
        let label = format!("Responsibility {r} of {c}");
        json!({"id": format!("row-{c}-{r}"), "label": label, "cells": cells})
    };
    let rows: Vec<Value> = (0..ROWS).map(row).collect();
    json!({"id": category_id(c), "label": format!("Category {c}"), "rows": rows})
}

/// A page that compares models.
struct Comparison {
    id: String,
    title: String,
    models: Vec<usize>,
    /// Whether their tasks are compared, too.
    tasks: bool,
}

fn comparisons(shape: &Shape) -> Vec<Comparison> {
    let all = 0..shape.models;
    let pair = |(a, b): (usize, usize)| Comparison {
        id: format!("m{a}-vs-m{b}"),
        title: format!("Model {a} and Model {b} compared"),
        models: vec![a, b],
        tasks: true,
    };
    let pairs: Vec<(usize, usize)> = match shape.all_pairs() {
        true => all
            .clone()
            .flat_map(|a| all.clone().map(move |b| (a, b)))
            .collect(),
        false => vec![(0, 1), (1, 0)],
    };
    let matrix = Comparison {
        id: "all".into(),
        title: "All deployment models compared".into(),
        models: all.collect(),
        tasks: false,
    };
    let pairs = pairs.into_iter().filter(|(a, b)| a != b).map(pair);
    std::iter::once(matrix).chain(pairs).collect()
}

/// Writes the content: `facts` makes the head of a page of its kind, its title
/// and what its template needs. Both generators take JSON for YAML.
fn content(site: &Site, folder: &Path, facts: impl Fn(&str, &Value, Value) -> Value) {
    let mut weight = 0;
    let mut page = |path: String, kind: &str, title: &Value, mut more: Value, text: &str| {
        weight += 1;
        more["weight"] = json!(weight);
        let head = facts(kind, title, more);
        write(&folder.join(path), &format!("---\n{head}\n---\n\n{text}"));
    };
    for (at, model) in site.models.iter().enumerate() {
        let path = format!("content/models/m{at}.md");
        page(path, "model", &model["label"], json!({"at": at}), "");
    }
    for (c, category) in site.categories.iter().enumerate() {
        let path = format!("content/categories/{}.md", category_id(c));
        let rows = json!({"rows": category["rows"]});
        page(path, "category", &category["label"], rows, "");
    }
    for Comparison {
        id,
        title,
        models,
        tasks,
    } in &site.compared
    {
        let path = format!("content/compare/{id}.md");
        let more = json!({"models": models, "tasks": tasks});
        page(path, "compare", &json!(title), more, "");
    }
    for (p, (title, text)) in site.prose.iter().enumerate() {
        let path = format!("content/page{p:05}.md");
        page(path, "page", &json!(title), json!({}), text);
    }
    for (name, value) in [("models", json!(site.models)), ("menu", site.menu.clone())] {
        data(folder, name, &value);
    }
}

fn data(folder: &Path, name: &str, value: &Value) {
    write(
        &folder.join(format!("data/{name}.json")),
        &value.to_string(),
    );
}

/// Its templates copy the data that they load, so each page loads its own.
fn zola(site: &Site, folder: &Path) {
    content(site, folder, |kind, title, more| {
        let (template, weight) = (format!("{kind}.html"), more["weight"].clone());
        json!({"title": title, "template": template, "weight": weight, "extra": more})
    });
    let named = |thing: &Value| json!({"id": thing["id"], "label": thing["label"]});
    let categories: Vec<Value> = site.categories.iter().map(named).collect();
    let index = json!({"models": site.models, "categories": categories});
    data(folder, "index", &index);
    for at in 0..site.models.len() {
        data(folder, &format!("models/m{at}"), &site.part(&[at]));
    }
    for pair in &site.compared {
        data(
            folder,
            &format!("compare/{}", pair.id),
            &site.part(&pair.models),
        );
    }
    for section in ["", "models/", "categories/", "compare/"] {
        let head = json!({
            "sort_by": "weight",
            "insert_anchor_links": "right",
            "render": section.is_empty(),
        });
        let path = format!("content/{section}_index.md");
        write(&folder.join(path), &format!("---\n{head}\n---\n"));
    }
    write(
        &folder.join("config.toml"),
        "title = \"Corpus\"\nbase_url = \"https://example.org\"\n",
    );
    copy("zola", &folder.join("templates"));
}

fn hugo(site: &Site, folder: &Path) {
    content(site, folder, |_, title, mut more| {
        more["title"] = title.clone();
        more
    });
    write(
        &folder.join("config.toml"),
        "title = \"Corpus\"\nbaseURL = \"https://example.org/\"\n\
         disableKinds = [\"section\", \"taxonomy\", \"term\", \"RSS\", \"404\"]\n",
    );
    data(folder, "all", &site.all());
    copy("hugo", &folder.join("layouts"));
}

fn copy(name: &str, to: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/speed/peers");
    for (path, bytes) in crate::read_tree(&from.join(name)) {
        write(&to.join(path), &String::from_utf8(bytes).unwrap());
    }
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}
