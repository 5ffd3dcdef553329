//! The content folder: which file is what, and all of them read and decoded in
//! parallel. It does not look at how files belong together.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::assemble::Records;
use crate::config::Config;
use crate::diag::{Code, Finding, Findings, Place, Severity};
use crate::schema;
use crate::source::Source;

/// The files of the content folder, sorted into what they are.
pub struct Content {
    /// The folder, below the project.
    pub src: String,
    site: Option<String>,
    models: Vec<String>,
    categories: Vec<String>,
    prose: Vec<String>,
    /// Source below the content folder to path in the site.
    pub assets: HashMap<String, String>,
}

impl Content {
    /// Lists and sorts the files; nothing is read yet.
    pub fn list(source: &Source, config: &Config, findings: &mut Findings) -> Content {
        let src = config.src().to_string();
        let mut content = Content {
            site: None,
            models: Vec::new(),
            categories: Vec::new(),
            prose: Vec::new(),
            assets: HashMap::new(),
            src: src.clone(),
        };
        if !source.is_folder(&src) {
            // Settings that cannot be read may well have named another one.
            let broken = |f: &Finding| {
                f.severity == Severity::Error
                    && f.place.as_ref().is_some_and(|p| &*p.file == "book.toml")
            };
            if config.book.src.is_none() && findings.list.iter().any(broken) {
                return content;
            }
            let place = config.book.src.as_ref().map(|t| t.place.clone());
            findings.push(
                Finding::new(
                    Code::Unreadable,
                    place.or(Some(Place::file("book.toml"))),
                    format!("there is no content folder `{src}`"),
                )
                .help("create it, or set `src` under `[book]`")
                .help("`srm-site init` makes a project that works"),
            );
            return content;
        }
        for path in source.walk(&src, findings) {
            let below = &path[src.len() + 1..];
            let (folder, name) = below.split_once('/').unwrap_or(("", below));
            let (_, ending) = name.rsplit_once('.').unwrap_or((name, ""));
            let nested = name.contains('/');
            match (folder, ending) {
                ("", "yaml" | "yml") if name == "srm.yaml" => content.site = Some(path),
                ("", "md") if name == "SUMMARY.md" => {}
                ("models", "md") if !nested => content.models.push(path),
                ("categories", "yaml" | "yml") if !nested => content.categories.push(path),
                (_, "yaml" | "yml") => findings.push(
                    Finding::new(
                        Code::StrayFile,
                        Place::file(&path),
                        format!("`{path}` is not read"),
                    )
                    .help("data is in `srm.yaml` and `categories/ID.yaml`")
                    .suggest(below, ["srm.yaml"]),
                ),
                ("models" | "categories", ending) if ending != "md" || folder == "categories" => {
                    findings.push(
                        Finding::new(
                            Code::StrayFile,
                            Place::file(&path),
                            format!("`{path}` is not read"),
                        )
                        .help(match folder {
                            "models" => "a deployment model is a file `models/ID.md`",
                            _ => "a category is a file `categories/ID.yaml`",
                        }),
                    );
                }
                (_, "md") => content.prose.push(path),
                _ => {
                    content.assets.insert(below.to_string(), below.to_string());
                }
            }
        }
        if content.site.is_none() {
            findings.push(
                Finding::new(
                    Code::MissingKey,
                    Place::file(&format!("{src}/srm.yaml")),
                    format!("`{src}/srm.yaml` is missing"),
                )
                .help("it says `schema: 1` and names the parties")
                .help("`srm-site init` makes one"),
            );
        }
        content
    }

    /// Reads and decodes all files in parallel.
    pub fn parse(&self, source: &Source, drafts: bool, findings: &mut Findings) -> Records {
        fn read<T: Send>(
            source: &Source,
            paths: &[String],
            parse: impl Fn(&Arc<str>, &str) -> T + Sync,
        ) -> (Vec<(String, T)>, Findings) {
            let results: Vec<Result<(String, T), Finding>> = paths
                .par_iter()
                .map(|path| {
                    let text = source.text(path)?;
                    Ok((path.clone(), parse(&text.path, &text.text)))
                })
                .collect();
            let mut findings = Findings::default();
            let mut read = Vec::with_capacity(results.len());
            for result in results {
                match result {
                    Ok(one) => read.push(one),
                    Err(finding) => findings.push(finding),
                }
            }
            (read, findings)
        }
        let stem = |path: &str| -> String {
            let name = path.rsplit('/').next().unwrap_or(path);
            name.rsplit_once('.')
                .map_or(name, |(stem, _)| stem)
                .to_string()
        };
        let site: Vec<String> = self.site.iter().cloned().collect();
        let (site, f) = read(source, &site, schema::parse);
        findings.extend(f);
        let (models, f) = read(source, &self.models, |file, text| {
            schema::parse_page(file, text)
        });
        findings.extend(f);
        let (categories, f) = read(source, &self.categories, |file, text| {
            schema::parse(file, text)
        });
        findings.extend(f);
        let (prose, f) = read(source, &self.prose, |file, text| {
            schema::parse_page(file, text)
        });
        findings.extend(f);
        Records {
            site: site.into_iter().next().map(|(_, parsed)| parsed),
            models: models.into_iter().map(|(p, r)| (stem(&p), r)).collect(),
            categories: categories.into_iter().map(|(p, r)| (stem(&p), r)).collect(),
            prose: prose
                .into_iter()
                .map(|(p, r)| (p[self.src.len() + 1..].to_string(), r))
                .collect(),
            drafts,
        }
    }
}
