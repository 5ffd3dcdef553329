//! Loads the built-in theme and replaces its files by those of a project's theme:
//! templates, static files and strings. Nothing is rendered here.

mod style_sheet;
mod template_errors;

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_embed::RustEmbed;
use tera::{Kwargs, State, Tera, Value};

use crate::findings::{Code, Digest, Finding, Findings, Place};
use crate::input::{Config, Decode, Text, record};
use crate::render::minify::minify;
use crate::render::theme::style_sheet::style_sheet_finding;
use crate::render::theme::template_errors::{listed_errors, missing_parent};
use crate::source::Source;
use crate::text::Strings;

pub use crate::render::theme::template_errors::{file_of, template_finding};

/// Version of the template interface. It changes when a template that was written for
/// the previous version could break.
pub const API: i64 = 1;

#[derive(RustEmbed)]
#[folder = "themes/default"]
struct BuiltIn;

record! {
    /// `theme.toml`
    pub struct ThemeFile = "the theme file" {
        /// Name of the theme.
        name: Option<Text> = "name",
        /// Version of the template interface the theme was written for.
        api: crate::input::At<i64> = "api",
    }
}

/// A theme that is ready to render.
pub struct Theme {
    /// All templates, ready to render.
    pub templates: Tera,
    /// Files by their path below `assets/`, with their content.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The words of the interface, in the language of the site.
    pub strings: Strings,
    /// Name, file and text of each template, for findings.
    pub template_files: Vec<(String, Arc<str>, String)>,
    /// Whether the templates could not be loaded, so that no page can be made.
    pub broken: bool,
    /// Whether the project's theme has its own templates or scripts.
    pub has_code: bool,
}

/// The prefix of the built-in templates' names, and below, of those of the project.
const BUILT_IN: &str = "builtin/";
const PROJECT: &str = "theme/";

/// Loads the built-in theme, then `themes/NAME` of the project, whose files replace
/// the built-in ones.
pub fn load(source: &Source, config: &Config, findings: &mut Findings) -> Theme {
    let mut theme = Theme {
        templates: Tera::new(),
        files: BTreeMap::new(),
        strings: Strings::default(),
        template_files: Vec::new(),
        broken: false,
        has_code: false,
    };
    // Both calls can only fail if templates were already added.
    let _ = theme.templates.set_fallback_prefixes([PROJECT, BUILT_IN]);
    theme.templates.autoescape_on([".html"]);
    theme.templates.register_filter("safe", safe);
    let mut templates: Vec<(String, Arc<str>, String)> = Vec::new();
    let language = config.language();
    let mut files: Vec<_> = BuiltIn::iter().collect();
    files.sort();
    for path in &files {
        let Some(file) = BuiltIn::get(path) else {
            continue;
        };
        let shown: Arc<str> = Arc::from(format!("{BUILT_IN}{path}"));
        if let Some(name) = path.strip_prefix("templates/") {
            let text = String::from_utf8_lossy(&file.data).into_owned();
            templates.push((format!("{BUILT_IN}{name}"), shown, text));
        } else if let Some(name) = path.strip_prefix("static/") {
            theme
                .files
                .insert(name.to_string(), minify(name, &file.data));
        }
    }
    theme.strings = usual_words(language);
    let strings = strings_files(language);
    overlay(
        source,
        config,
        &strings,
        &mut theme,
        &mut templates,
        findings,
    );
    theme.broken = !add_templates(source, &mut theme.templates, &templates, findings);
    theme.template_files = templates;
    theme
}

/// A digest of the project's own theme files and of the findings about their folder.
pub fn key(source: &Source, config: &Config) -> Digest {
    let folder = folder(config);
    if !source.is_folder(&folder) {
        return Digest::default();
    }
    let mut findings = Findings::default();
    let listing = source.walk(&folder, &mut findings);
    let hashes = listing.files.iter().map(|path| source.hash_or_reason(path));
    let hashes: Vec<Result<Digest, String>> = hashes.collect();
    let wrong: Vec<&str> = findings.list.iter().map(|f| f.message.as_str()).collect();
    Digest::of(&(listing.key, hashes, wrong))
}

impl Theme {
    /// Registers the texts of templates, so that findings can show excerpts.
    pub fn remember(&self, source: &Source) {
        for (_, file, text) in &self.template_files {
            source.remember(file, text.clone());
        }
    }
}

/// Replaces the engine's own `safe` filter, which copies the text.
fn safe(value: Value, _: Kwargs, _: &State) -> Value {
    if value.is_string() {
        value.mark_safe()
    } else {
        Value::safe_string(&value.to_string())
    }
}

/// The words of the built-in theme in a language.
pub fn usual_words(language: &str) -> Strings {
    let mut words = Strings::default();
    for name in strings_files(language) {
        if let Some(file) = BuiltIn::get(&name) {
            let text = String::from_utf8_lossy(&file.data);
            // These files are part of the program, and tests read them.
            let file = Arc::from(format!("{BUILT_IN}{name}"));
            words.add(&file, &text, &mut Findings::default());
        }
    }
    words
}

/// The strings files from the most general to the most specific: English, the
/// language, the language with its region.
fn strings_files(language: &str) -> Vec<String> {
    let mut names = vec!["strings/en.toml".to_string()];
    let primary = language.split('-').next().unwrap_or(language);
    for tag in [primary, language] {
        let name = format!("strings/{tag}.toml");
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The folder of the project's own theme.
pub fn folder(config: &Config) -> String {
    let name = config.srm.theme.as_ref();
    format!("themes/{}", name.map_or("default", |t| &t.value))
}

fn overlay(
    source: &Source,
    config: &Config,
    strings: &[String],
    theme: &mut Theme,
    templates: &mut Vec<(String, Arc<str>, String)>,
    findings: &mut Findings,
) {
    let name = config.srm.theme.as_ref();
    let folder = folder(config);
    if !source.is_folder(&folder) {
        if let Some(name) = name.filter(|n| n.value != "default") {
            findings.push(
                Finding::new(
                    Code::Theme,
                    name.place.clone(),
                    format!("there is no theme folder `{folder}`"),
                )
                .label("not found")
                .help("create it with a `theme.toml`, or write `theme = \"default\"`"),
            );
        }
        return;
    }
    if let Err(finding) = source.allows(&folder) {
        findings.push(finding);
        return;
    }
    check_api(source, &folder, findings);
    for name in strings {
        let path = format!("{folder}/{name}");
        if source.is_file(&path)
            && let Some(text) = read_text(source, &path, findings)
        {
            theme.strings.add(&Arc::from(path), &text, findings);
        }
    }
    for path in &source.walk(&folder, findings).files {
        add_file(
            source,
            path,
            &path[folder.len() + 1..],
            theme,
            templates,
            findings,
        );
    }
}

/// Adds one file of the project's own theme; `below` is its path in the theme.
fn add_file(
    source: &Source,
    path: &str,
    below: &str,
    theme: &mut Theme,
    templates: &mut Vec<(String, Arc<str>, String)>,
    findings: &mut Findings,
) {
    // An unchanged copy counts as the built-in file.
    let is_built_in = |bytes: &[u8]| BuiltIn::get(below).is_some_and(|f| f.data == bytes);
    if let Some(template) = below.strip_prefix("templates/") {
        if let Some(text) = read_text(source, path, findings)
            && !is_built_in(text.as_bytes())
        {
            let name = format!("{PROJECT}{template}");
            templates.push((name, Arc::from(path), text));
            theme.has_code = true;
        }
    } else if let Some(name) = below.strip_prefix("static/") {
        match source.bytes(path) {
            Ok(bytes) if is_built_in(&bytes) => {}
            Ok(bytes) => {
                check_style_sheet(source, path, findings);
                theme.files.insert(name.to_string(), bytes);
                theme.has_code |= name.ends_with(".js") || name.ends_with(".mjs");
            }
            Err(finding) => findings.push(finding),
        }
    } else if below != "theme.toml" && !below.starts_with("strings/") {
        let known = ["templates", "static", "strings", "theme.toml"];
        let top = below.split('/').next().unwrap_or(below);
        findings.push(
            Finding::new(
                Code::StrayFile,
                Place::file(path),
                format!("`{below}` is not a file of a theme"),
            )
            .suggest(top, known),
        );
    }
}

/// Reports the first mistake in a style sheet. One that is no text is copied as it is.
pub fn check_style_sheet(source: &Source, path: &str, findings: &mut Findings) {
    if path.ends_with(".css")
        && let Ok(text) = source.text(path)
        && let Some(finding) = style_sheet_finding(path, &text.text)
    {
        findings.push(finding);
    }
}

fn check_api(source: &Source, folder: &str, findings: &mut Findings) {
    let path = format!("{folder}/theme.toml");
    if !source.is_file(&path) {
        findings.push(
            Finding::new(
                Code::Theme,
                Place::file(folder),
                format!("the theme `{folder}` has no `theme.toml`"),
            )
            .help(format!("create `{path}` with the line `api = {API}`")),
        );
        return;
    }
    let Some(text) = read_text(source, &path, findings) else {
        return;
    };
    let file: Arc<str> = Arc::from(path.as_str());
    let node = crate::input::toml_tree(&file, &text, findings);
    let mut decoder = crate::input::Decoder { file, findings };
    let Some(record) = ThemeFile::decode(&node, &mut decoder) else {
        return;
    };
    if record.api.value != API {
        findings.push(
            Finding::new(
                Code::Theme,
                record.api.place,
                format!(
                    "the theme is written for version {} of the template interface, but this tool has version {API}",
                    record.api.value
                ),
            )
            .label("another version")
            .help("read what changed in the notes on themes, update the templates, and then change this number"),
        );
    }
}

fn read_text(source: &Source, path: &str, findings: &mut Findings) -> Option<String> {
    match source.text(path) {
        Ok(text) => Some(text.text.clone()),
        Err(finding) => {
            findings.push(finding);
            None
        }
    }
}

/// Adds all templates together. If that fails, reports every broken template.
fn add_templates(
    source: &Source,
    tera: &mut Tera,
    templates: &[(String, Arc<str>, String)],
    findings: &mut Findings,
) -> bool {
    let shown: BTreeMap<&str, &Arc<str>> = templates
        .iter()
        .map(|(name, path, _)| (name.as_str(), path))
        .collect();
    for (_, path, text) in templates {
        source.remember(path, text.clone());
    }
    let all = templates
        .iter()
        .map(|(name, _, text)| (name.as_str(), text.as_str()));
    let Err(first) = tera.add_raw_templates(all) else {
        return true;
    };
    let before = findings.list.len();
    for (name, _, text) in templates {
        // A syntax error is the template's own. Any other error may only mean that
        // its parent is not loaded yet.
        let mut alone = Tera::new();
        if let Err(error) = alone.add_raw_template(name, text)
            && matches!(error.kind(), tera::ErrorKind::SyntaxError(_))
        {
            findings.push(template_finding(&error, &shown));
        }
    }
    if findings.list.len() == before {
        let mut listed = listed_errors(&first.to_string(), templates);
        if let tera::ErrorKind::MissingParent { current, parent } = first.kind() {
            listed.extend(missing_parent(current, parent, templates));
        }
        if listed.is_empty() {
            findings.push(template_finding(&first, &shown));
        }
        listed.into_iter().for_each(|f| findings.push(f));
    }
    false
}
