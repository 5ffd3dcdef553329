//! What each file of the content folder is, by its path alone. Nothing is read here.

use globset::{GlobBuilder, GlobMatcher};

use crate::findings::{Code, Finding, Findings, Place};
use crate::input::Text;

/// What a file is.
pub(super) enum Kind {
    /// `srm.yaml`.
    Site,
    /// A deployment model.
    Model,
    /// A category of rows.
    Category,
    /// A page.
    Prose,
    /// The table of contents of an mdBook.
    Ignored,
    /// A file that is copied.
    Asset,
    /// A file that is copied, and was probably meant as a page.
    Unread,
    /// A file that was probably meant as data: gives the finding for its path.
    Stray(fn(&str) -> Finding),
}

/// What the file at this path below the content folder is. `published` says that a
/// setting names it.
pub(super) fn kind_of(below: &str, published: bool) -> Kind {
    let (folder, name) = below.split_once('/').unwrap_or(("", below));
    let (_, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let nested = name.contains('/');
    let lower = ending.to_ascii_lowercase();
    match (folder, ending) {
        ("", "yaml" | "yml") if name == "srm.yaml" => Kind::Site,
        ("", "md") if name == "SUMMARY.md" => Kind::Ignored,
        ("models", "md") if !nested => Kind::Model,
        ("categories", "yaml" | "yml") if !nested => Kind::Category,
        (_, "md") if folder != "categories" => Kind::Prose,
        _ if published => Kind::Asset,
        ("categories", _) if lower != "yaml" && lower != "yml" => Kind::Stray(stray_category),
        // A folder where the file of a model is expected.
        ("models", _) if name.contains(".md/") => Kind::Stray(stray_model),
        _ => match lower.as_str() {
            "yaml" | "yml" => Kind::Stray(stray_data),
            "md" | "markdown" | "mdown" | "mkd" | "mdx" => Kind::Unread,
            _ => Kind::Asset,
        },
    }
}

fn stray(path: &str) -> Finding {
    let message = format!("`{path}` is neither read nor copied into the site");
    Finding::new(Code::StrayFile, Place::file(path), message)
}

fn stray_model(path: &str) -> Finding {
    stray(path).help("a deployment model is a file `models/ID.md`")
}

fn stray_category(path: &str) -> Finding {
    stray(path).help("a category is a file `categories/ID.yaml`")
}

fn stray_data(path: &str) -> Finding {
    let name = path.rsplit('/').next().unwrap_or(path);
    let near = crate::findings::nearest(name, ["srm.yaml"]);
    let finding = stray(path).help("write data in `srm.yaml` and `categories/ID.yaml`");
    let finding = match near {
        Some(_) => finding.suggest_found(near, &[]),
        None => finding,
    };
    finding.help("to copy it into the site, name it in `publish` under `[preprocessor.srm]`")
}

/// The finding for a file that other tools read as a page.
pub(super) fn unread_page(path: &str) -> Finding {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    Finding::new(
        Code::StrayFile,
        Place::file(path),
        format!("`{path}` is copied, and is not a page of the site"),
    )
    .help(format!("name it `{stem}.md`"))
    .help("to copy it on purpose, name it in `publish` under `[preprocessor.srm]`")
}

/// The files that the setting `publish` names.
pub(super) struct Published<'a> {
    /// Each pattern, and whether a file matched it.
    patterns: Vec<(&'a Text, GlobMatcher, bool)>,
}

impl<'a> Published<'a> {
    /// Reads the patterns.
    pub(super) fn new(patterns: &'a [Text], findings: &mut Findings) -> Self {
        let mut read = Vec::new();
        for pattern in patterns {
            match GlobBuilder::new(&pattern.value)
                .literal_separator(true)
                .build()
            {
                Ok(glob) => read.push((pattern, glob.compile_matcher(), false)),
                Err(error) => findings.push(Finding::new(
                    Code::WrongValue,
                    pattern.place.clone(),
                    format!(
                        "`{}` is not a valid pattern: {}",
                        pattern.value,
                        error.kind()
                    ),
                )),
            }
        }
        Published { patterns: read }
    }

    /// Whether a pattern names this file.
    pub(super) fn has(&mut self, below: &str) -> bool {
        let mut has = false;
        for (_, glob, used) in &mut self.patterns {
            let matches = glob.is_match(below);
            *used |= matches;
            has |= matches;
        }
        has
    }

    /// Reports patterns that no file matches.
    pub(super) fn unused(&self, src: &str, findings: &mut Findings) {
        for (pattern, ..) in self.patterns.iter().filter(|(.., used)| !used) {
            let message = format!("no file in `{src}` matches `{}`", pattern.value);
            findings.push(
                Finding::new(Code::MissingAsset, pattern.place.clone(), message)
                    .help(format!("patterns begin at the top of `{src}`")),
            );
        }
    }
}
