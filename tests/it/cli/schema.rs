//! `srm-site schema`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use srm_site::findings::Findings;
use srm_site::input::parse_yaml;
use srm_site::input::{self, Node, Scalar};

use super::assert_silent;
use crate::harness::{Folder, tree as files_of};

const KINDS: [&str; 7] = [
    "srm",
    "category",
    "model",
    "page",
    "settings",
    "vocabulary",
    "data",
];

fn schema_of(folder: &Folder, kind: &str) -> Value {
    let run = folder.run(&["schema", kind]);
    assert_eq!(run.code(0).stderr, "");
    let schema: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    schema
}

/// Whether an instance is valid, by the part of JSON Schema (draft 2020-12)
/// that is used here. A keyword this does not know fails the test.
fn mistakes(schema: &Value, root: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
    let keys = match schema {
        Value::Bool(true) => return,
        Value::Bool(false) => return out.push(format!("{at}: nothing is allowed here")),
        Value::Object(keys) => keys,
        other => panic!("{other} is no schema"),
    };
    let valid = |schema: &Value| {
        let mut inner = Vec::new();
        mistakes(schema, root, value, at, &mut inner);
        inner.is_empty()
    };
    let properties = keys.get("properties").and_then(Value::as_object);
    for (key, rule) in keys {
        match key.as_str() {
            "$schema" | "$defs" | "$id" | "title" | "description" | "default" | "examples" => {}
            "$ref" => {
                let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                let target = root.pointer(pointer);
                let target = target.unwrap_or_else(|| panic!("dead $ref {rule}"));
                mistakes(target, root, value, at, out);
            }
            "type" => {
                let types = rule
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![rule.clone()]);
                let fits = types.iter().any(|t| match t.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    other => panic!("unknown type {other}"),
                });
                if !fits {
                    out.push(format!("{at}: {value} is not {rule}"));
                }
            }
            "enum" => {
                if !rule.as_array().unwrap().contains(value) {
                    out.push(format!("{at}: {value} is none of {rule}"));
                }
            }
            "const" => {
                if rule != value {
                    out.push(format!("{at}: {value} is not {rule}"));
                }
            }
            "anyOf" | "oneOf" => {
                let n = rule.as_array().unwrap().iter().filter(|s| valid(s)).count();
                if n == 0 || key == "oneOf" && n > 1 {
                    out.push(format!("{at}: {value} fits {n} of {key}"));
                }
            }
            "allOf" => {
                for part in rule.as_array().unwrap() {
                    mistakes(part, root, value, at, out);
                }
            }
            "properties" => {
                for (name, part) in rule.as_object().unwrap() {
                    if let Some(inner) = value.get(name) {
                        mistakes(part, root, inner, &format!("{at}/{name}"), out);
                    }
                }
            }
            "additionalProperties" => {
                let known = |k: &String| properties.is_some_and(|p| p.contains_key(k));
                for (name, inner) in value.as_object().into_iter().flatten() {
                    if !known(name) {
                        mistakes(rule, root, inner, &format!("{at}/{name}"), out);
                    }
                }
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
                        out.push(format!("{at}: {name} is missing"));
                    }
                }
            }
            "items" => {
                for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
                    mistakes(rule, root, inner, &format!("{at}/{i}"), out);
                }
            }
            "minimum" => {
                if value.as_f64() < rule.as_f64() {
                    out.push(format!("{at}: {value} is below {rule}"));
                }
            }
            // Annotations in this draft, unless a validator is told otherwise.
            "format" => {}
            other => panic!("the schema at {at} uses `{other}`, teach it to this test"),
        }
    }
}

#[track_caller]
fn accepts(schema: &Value, value: &Value, what: &str) {
    let mut out = Vec::new();
    mistakes(schema, schema, value, "", &mut out);
    assert!(out.is_empty(), "{what} does not fit its schema: {out:#?}");
}

#[track_caller]
fn refuses(schema: &Value, value: &Value, what: &str) {
    let mut out = Vec::new();
    mistakes(schema, schema, value, "", &mut out);
    assert!(!out.is_empty(), "the schema accepts {what}: {value:#}");
}

/// YAML (core schema, 1.2) as JSON.
fn yaml_value(text: &str) -> Value {
    fn convert(node: &Node) -> Value {
        match &node.value {
            input::Value::Null => Value::Null,
            input::Value::Scalar { text, kind } if *kind == Scalar::Plain => match text.as_str() {
                "true" => true.into(),
                "false" => false.into(),
                _ => text
                    .parse::<i64>()
                    .map(Value::from)
                    .or_else(|_| text.parse::<f64>().map(Value::from))
                    .unwrap_or_else(|_| text.as_str().into()),
            },
            input::Value::Scalar { text, .. } => text.as_str().into(),
            input::Value::List(items) => items.iter().map(convert).collect(),
            input::Value::Map(entries) => entries
                .iter()
                .map(|(k, v)| (k.text.clone(), convert(v)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }
    let mut findings = Findings::default();
    let node = parse_yaml(text, &Arc::from("test.yaml"), 0, &mut findings).unwrap();
    assert!(findings.list.is_empty(), "{findings:?}");
    convert(&node)
}

fn front_matter(text: &str) -> Value {
    let inner = text.strip_prefix("---\n").map(|t| t.split("\n---").next());
    match inner {
        Some(Some(yaml)) => yaml_value(yaml),
        _ => json!({}),
    }
}

/// All sources of a project with the kind of schema that is theirs.
fn sources(root: &Path) -> Vec<(String, &'static str, Value)> {
    let all: BTreeMap<String, Vec<u8>> = files_of(&root.join("content"));
    let mut out = Vec::new();
    for (path, bytes) in all {
        let text = String::from_utf8(bytes).unwrap();
        let (kind, value) = if path == "srm.yaml" {
            ("srm", yaml_value(&text))
        } else if path.starts_with("categories/") {
            ("category", yaml_value(&text))
        } else if path.starts_with("models/") {
            ("model", front_matter(&text))
        } else if path.ends_with(".md") {
            ("page", front_matter(&text))
        } else {
            continue;
        };
        out.push((path, kind, value));
    }
    let cases = root.join("tests/it/import/cases");
    for (path, bytes) in cases
        .is_dir()
        .then(|| files_of(&cases))
        .into_iter()
        .flatten()
    {
        if path.ends_with("import.yaml") {
            let text = String::from_utf8(bytes).unwrap();
            out.push((path, "vocabulary", yaml_value(&text)));
        }
    }
    let toml: toml::Table =
        toml::from_str(&std::fs::read_to_string(root.join("book.toml")).unwrap()).unwrap();
    let settings = &toml["preprocessor"]["srm"];
    out.push((
        "book.toml".into(),
        "settings",
        serde_json::to_value(settings).unwrap(),
    ));
    out
}

#[test]
fn schemas_accept_what_is_shipped_and_refuse_unknown_keys() {
    let folder = Folder::new();
    folder.run(&["init"]).code(0);
    folder.run(&["build"]).code(0);
    let schemas: BTreeMap<&str, Value> = KINDS
        .into_iter()
        .map(|kind| (kind, schema_of(&folder, kind)))
        .collect();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for root in [Path::new(env!("CARGO_MANIFEST_DIR")), folder.path()] {
        for (path, kind, value) in sources(root) {
            let schema = &schemas[kind];
            accepts(schema, &value, &path);
            *seen.entry(kind).or_default() += 1;
            let mut wrong = value.clone();
            wrong["lable"] = json!("x");
            refuses(schema, &wrong, "an unknown key");
            for (list, item) in [("rows", "rows"), ("parties", "parties")] {
                if value[list].as_array().is_some_and(|l| !l.is_empty()) {
                    let mut wrong = value.clone();
                    wrong[item][0]["lable"] = json!("x");
                    refuses(schema, &wrong, "an unknown key inside");
                }
            }
        }
    }
    let data: Value =
        serde_json::from_str(&folder.read("book/data/responsibilities.json")).unwrap();
    accepts(&schemas["data"], &data, "the data of a site");
    assert_eq!(seen.len(), KINDS.len() - 1, "{seen:?}");

    // What a schema is for: each of these is a mistake an editor can show.
    let row = |cell: Value| json!({"label": "L", "rows": [{"id": "a", "label": "A", "models": {"all": cell}}]});
    let category = &schemas["category"];
    accepts(
        category,
        &row(json!({"responsible": "customer"})),
        "one party",
    );
    accepts(
        category,
        &row(
            json!({"responsible": ["a", "b"], "tasks": {"a": ["T", {"text": "U", "controls": {"soc2": "CC6.1"}}]}}),
        ),
        "every form of a task",
    );
    accepts(
        category,
        &row(json!({"state": "not-applicable", "reason": "none"})),
        "a state",
    );
    refuses(
        category,
        &row(json!({"responsible": 7})),
        "a number for a party",
    );
    refuses(
        category,
        &row(json!({"state": "unknown"})),
        "an unknown word",
    );
    refuses(
        category,
        &row(json!({"tasks": ["T"]})),
        "tasks without a party",
    );
    refuses(category, &json!({"rows": []}), "a category without a label");
    refuses(
        category,
        &json!({"label": "L", "rows": [{"label": "A"}]}),
        "a row without an id",
    );
    let srm = &schemas["srm"];
    refuses(srm, &json!({"parties": []}), "a file without `schema`");
    refuses(
        srm,
        &json!({"schema": "1", "parties": []}),
        "a text for a number",
    );
    refuses(
        srm,
        &json!({"schema": 1, "parties": [{"id": "a", "kind": "friend", "label": "A"}]}),
        "an unknown kind of party",
    );
    refuses(
        &schemas["page"],
        &json!({"draft": "yes"}),
        "a text for yes or no",
    );
    refuses(
        &schemas["settings"],
        &json!({"outputs": {"pdf": true}}),
        "an unknown group of outputs",
    );
}

#[test]
fn files_of_init_name_their_schemas() {
    let folder = Folder::new();
    folder.run(&["init"]).code(0);
    let mut named = 0;
    for (path, bytes) in files_of(folder.path()) {
        let text = String::from_utf8(bytes).unwrap();
        let Some(line) = text.lines().find(|l| l.contains("$schema=")) else {
            let data = path.starts_with("content/") && path.ends_with(".yaml");
            assert!(!data, "{path} names no schema");
            continue;
        };
        let target = line.split("$schema=").nth(1).unwrap().trim();
        let place = folder.join(&path).parent().unwrap().join(target);
        let schema = std::fs::read_to_string(&place).unwrap_or_else(|e| panic!("{path}: {e}"));
        serde_json::from_str::<Value>(&schema).unwrap();
        named += 1;
    }
    assert!(named >= 3);
    // They are the ones this program prints.
    for kind in &KINDS[..5] {
        let made = folder.read(&format!("schema/{kind}.schema.json"));
        assert_eq!(made, folder.run(&["schema", kind]).stdout, "{kind}");
    }
}

#[test]
fn schema_into_a_folder_refuses_to_overwrite() {
    let folder = Folder::new();
    let run = folder.run(&["schema", "-d", "out/schemas"]);
    assert_silent(&run.code(0).stdout);
    for kind in KINDS {
        assert_eq!(
            folder.read(&format!("out/schemas/{kind}.schema.json")),
            folder.run(&["schema", kind]).stdout
        );
    }
    // The same again is no conflict.
    folder.run(&["schema", "--dest-dir", "out/schemas"]).code(0);
    folder.write("out/schemas/page.schema.json", "mine");
    let before = files_of(folder.path());
    let run = folder.run(&["schema", "-d", "out/schemas"]);
    assert!(matches!(run.code, Some(1 | 2)), "{}", run.stderr);
    assert!(run.stderr.contains("page.schema.json"), "{}", run.stderr);
    assert!(before == files_of(folder.path()));
}
