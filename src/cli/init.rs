//! The small project that `srm-site init` creates: it works unchanged, and its
//! comments explain the format. `cli` writes the files.

use crate::input::{Config, json_schemas};
use crate::text::is_unfit;

/// The files of a new project: path and text.
pub fn files(title: &str) -> Vec<(&'static str, String)> {
    // What no page can contain would be refused by the first build.
    let title = title.replace(is_unfit, "\u{fffd}");
    // A JSON text is a valid quoted text in TOML and in YAML alike.
    let quoted: String = serde_json::Value::from(title)
        .to_string()
        .chars()
        .map(|c| match c {
            // JSON allows these unescaped, TOML and YAML do not.
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                format!("\\u{:04x}", c as u32)
            }
            c => c.to_string(),
        })
        .collect();
    let fill = |text: &str| text.replace("@TITLE@", &quoted);
    let mut files = vec![
        ("book.toml", fill(include_str!("init/book.toml"))),
        (".gitignore", include_str!("init/gitignore").to_string()),
        (
            "content/srm.yaml",
            fill(include_str!("init/content/srm.yaml")),
        ),
        (
            "content/index.md",
            fill(include_str!("init/content/index.md")),
        ),
        (
            "content/models/saas.md",
            include_str!("init/content/models/saas.md").to_string(),
        ),
        (
            "content/models/byoc.md",
            include_str!("init/content/models/byoc.md").to_string(),
        ),
        (
            "content/categories/data.yaml",
            include_str!("init/content/categories/data.yaml").to_string(),
        ),
        (
            "content/categories/infrastructure.yaml",
            include_str!("init/content/categories/infrastructure.yaml").to_string(),
        ),
    ];
    for (name, schema) in json_schemas() {
        let path = match name {
            "srm" => "schema/srm.schema.json",
            "category" => "schema/category.schema.json",
            "model" => "schema/model.schema.json",
            // A new project is not imported.
            "vocabulary" => continue,
            _ => "schema/page.schema.json",
        };
        files.push((path, pretty(&schema)));
    }
    files.push((
        "schema/settings.schema.json",
        pretty(&Config::json_schema()),
    ));
    files
}

fn pretty(schema: &schemars::Schema) -> String {
    serde_json::to_string_pretty(schema).map_or(String::new(), |text| text + "\n")
}
