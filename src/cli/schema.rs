//! `schema`: prints or writes the JSON Schemas of all files.

use std::path::Path;

use clap::ValueEnum;

use crate::cli::args::SchemaKind;
use crate::cli::terminal::{Exit, Terminal, complain};
use crate::input::{Config, json_schemas};

use crate::output;

fn pretty(schema: &schemars::Schema) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(schema).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

impl Terminal {
    pub(super) fn schema(&self, kind: Option<SchemaKind>, dest: Option<&Path>) -> Exit {
        let mut all: Vec<(&str, Vec<u8>)> = json_schemas()
            .into_iter()
            .chain([("settings", Config::json_schema())])
            .map(|(name, schema)| (name, pretty(&schema)))
            .collect();
        all.push(("data", crate::render::data_schema()));
        let Some(folder) = dest else {
            let Some(kind) = kind else {
                complain("error: name a kind of file, or a folder with `--dest-dir`");
                let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
                complain(&format!("kinds: {}", names.join(", ")));
                return Exit::Usage;
            };
            let wanted = kind.to_possible_value();
            let wanted = wanted.as_ref().map_or("", |v| v.get_name());
            return match all.into_iter().find(|(name, _)| *name == wanted) {
                Some((_, bytes)) => self.data(&bytes),
                None => Exit::Usage,
            };
        };
        for (name, bytes) in all {
            let path = folder.join(format!("{name}.schema.json"));
            let text = String::from_utf8_lossy(&bytes);
            match output::create(&path, &text) {
                Ok(()) => self.say(&format!("created {}", path.display())),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                    if std::fs::read(&path).is_ok_and(|now| now == bytes) {
                        self.say(&format!("kept    {} (current)", path.display()));
                    } else {
                        complain(&format!(
                            "error: `{}` exists with other content; remove it first",
                            path.display()
                        ));
                        return Exit::Findings;
                    }
                }
                Err(e) => {
                    complain(&format!("error: cannot write `{}`: {e}", path.display()));
                    return Exit::Usage;
                }
            }
        }
        Exit::Fine
    }
}
