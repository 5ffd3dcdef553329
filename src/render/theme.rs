//! The built-in theme with a project's own laid over it, file by file:
//! templates, static files and strings. It reads the theme's files and makes a
//! template set; it renders nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_embed::RustEmbed;
use tera::{Kwargs, State, Tera, Value};

use crate::findings::diag::{Code, Finding, Findings, Place, nearest};
use crate::findings::memo::Digest;
use crate::input::config::Config;
use crate::input::tree::{Decode, Text, record};
use crate::render::minify::lean;
use crate::source::Source;
use crate::text::strings::Strings;

/// Version of the template interface. It changes when a template written for
/// the previous one could break.
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
        api: crate::input::tree::At<i64> = "api",
    }
}

/// A theme that is ready to render.
pub struct Theme {
    pub templates: Tera,
    /// Path below `assets/` to content.
    pub files: BTreeMap<String, Vec<u8>>,
    pub strings: Strings,
    /// Name, file and text of each template, for findings.
    pub template_files: Vec<(String, Arc<str>, String)>,
    /// Whether the templates could not be taken, so that no page can be made.
    pub broken: bool,
    /// Whether the project's theme brings templates or scripts of its own.
    pub has_code: bool,
}

/// Where templates of the built-in theme and of the project are known as.
const BUILT_IN: &str = "builtin/";
const PROJECT: &str = "theme/";

/// Loads the built-in theme, and over it `themes/NAME` of the project.
pub fn load(source: &Source, config: &Config, findings: &mut Findings) -> Theme {
    let mut theme = Theme {
        templates: Tera::new(),
        files: BTreeMap::new(),
        strings: Strings::default(),
        template_files: Vec::new(),
        broken: false,
        has_code: false,
    };
    // Both calls fail only after templates were added.
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
            theme.files.insert(name.to_string(), lean(name, &file.data));
        }
    }
    let strings = strings_files(language);
    for name in &strings {
        if let Some(file) = BuiltIn::get(name) {
            let text = String::from_utf8_lossy(&file.data).into_owned();
            theme
                .strings
                .add(&Arc::from(format!("{BUILT_IN}{name}")), &text, findings);
        }
    }
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

/// A digest of the project's own theme files, and of what is wrong with their
/// folder.
pub fn key(source: &Source, config: &Config) -> Digest {
    let folder = folder(config);
    if !source.is_folder(&folder) {
        return Digest::default();
    }
    let mut findings = Findings::default();
    let listing = source.walk(&folder, &mut findings);
    let hashes = listing.files.iter().map(|path| source.hash(path));
    let hashes: Vec<Option<Digest>> = hashes.collect();
    let wrong: Vec<&str> = findings.list.iter().map(|f| f.message.as_str()).collect();
    Digest::of(&(listing.key, hashes, wrong))
}

impl Theme {
    /// Makes the texts of templates known, so that findings can show excerpts.
    pub fn remember(&self, source: &Source) {
        for (_, file, text) in &self.template_files {
            source.remember(file, text.clone());
        }
    }
}

/// What the engine's own filter of this name does, which copies the text.
fn safe(value: Value, _: Kwargs, _: &State) -> Value {
    if value.is_string() {
        value.mark_safe()
    } else {
        Value::safe_string(&value.to_string())
    }
}

/// Strings files from the general to the particular: English, the language,
/// the language with its region.
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

/// Takes in one file of the project's own theme, which is called `below` there.
fn add_file(
    source: &Source,
    path: &str,
    below: &str,
    theme: &mut Theme,
    templates: &mut Vec<(String, Arc<str>, String)>,
    findings: &mut Findings,
) {
    // A copy that was not changed is the built-in one.
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
                format!("a theme has no `{below}`"),
            )
            .suggest(top, known),
        );
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
    let node = crate::input::config::toml_tree(&file, &text, findings);
    let mut decoder = crate::input::tree::Decoder { file, findings };
    let Some(record) = ThemeFile::decode(&node, &mut decoder) else {
        return;
    };
    if record.api.value != API {
        findings.push(
            Finding::new(
                Code::Theme,
                record.api.place,
                format!(
                    "the theme is written for template interface {}, this tool has {API}",
                    record.api.value
                ),
            )
            .label("another version")
            .help("see the notes on themes for what changed, mend the templates, then this number"),
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

/// Adds templates all together, and reports every broken one when that fails.
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
        // A syntax error is the template's own; anything else may only be a
        // parent that is not there yet.
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

/// Names that no template may use are reported by the engine as one text with
/// a block a mistake: `error: Unknown filter `x``, then ` --> file:line:column`.
fn listed_errors(text: &str, templates: &[(String, Arc<str>, String)]) -> Vec<Finding> {
    let mut found = Vec::new();
    for block in text.split("error: ").skip(1) {
        let mut lines = block.lines();
        let message = lines.next().unwrap_or_default().trim();
        let place = lines.find_map(|line| {
            let (_, at) = line.split_once("--> ")?;
            let mut parts = at.trim().rsplitn(3, ':');
            let (_, line, name) = (parts.next()?, parts.next()?, parts.next()?);
            let (_, path, text) = templates.iter().find(|(n, _, _)| n == name)?;
            let before: usize = text
                .split_inclusive('\n')
                .take(line.parse::<usize>().ok()?.checked_sub(1)?)
                .map(str::len)
                .sum();
            let wrong = message.split('`').nth(1).unwrap_or_default();
            let start = before + text[before..].find(wrong)?;
            Some(Place::new(path, start..start + wrong.len()))
        });
        let mut finding = Finding::new(Code::TemplateSyntax, place, message).label("here");
        let known: Vec<&str> = match message.split(" `").next() {
            Some("Unknown filter") => FILTERS.to_vec(),
            Some("Unknown template") => names(templates).collect(),
            Some("Block") => blocks(templates).collect(),
            _ => Vec::new(),
        };
        let wrong = message.split('`').nth(1).unwrap_or_default();
        let others = known.into_iter().filter(|name| *name != wrong);
        if let Some(best) = nearest(wrong, others) {
            finding = finding.help(format!("did you mean `{best}`?"));
        }
        found.push(finding.help("the notes on themes list what templates can use"));
    }
    found
}

/// What templates can be called in others: the project's and the built-in ones
/// also without a prefix.
fn names(templates: &[(String, Arc<str>, String)]) -> impl Iterator<Item = &str> {
    templates.iter().flat_map(|(name, _, _)| {
        let short = [PROJECT, BUILT_IN].map(|prefix| name.strip_prefix(prefix));
        std::iter::once(name.as_str()).chain(short.into_iter().flatten())
    })
}

/// The blocks of all templates.
fn blocks(templates: &[(String, Arc<str>, String)]) -> impl Iterator<Item = &str> {
    let texts = templates.iter();
    let tags = texts.flat_map(|(_, _, text)| text.split("{%").skip(1));
    let words = tags.map(|tag| tag.trim_start_matches('-').split_whitespace());
    words.filter_map(|mut words| {
        words
            .next()
            .filter(|word| *word == "block")
            .and(words.next())
    })
}

/// A template that extends one which is not there.
fn missing_parent(
    current: &str,
    parent: &str,
    templates: &[(String, Arc<str>, String)],
) -> Option<Finding> {
    let (_, path, text) = templates.iter().find(|(name, _, _)| name == current)?;
    let start = text.find(parent)?;
    let message = format!("there is no template `{parent}`");
    let place = Place::new(path, start..start + parent.len());
    let finding = Finding::new(Code::TemplateSyntax, place, message).label("unknown template");
    let finding = match nearest(parent, names(templates)) {
        Some(best) => finding.help(format!("did you mean `{best}`?")),
        None => finding,
    };
    Some(finding.help("templates that can be extended or included: see the built-in theme"))
}

/// Filters that templates most often use, for suggestions.
const FILTERS: &[&str] = &[
    "safe",
    "upper",
    "lower",
    "trim",
    "length",
    "join",
    "first",
    "last",
    "default",
    "escape",
    "replace",
    "title",
    "capitalize",
    "truncate",
    "sort",
    "unique",
    "map",
    "filter",
    "round",
];

/// An error of the template engine as a finding at the template's line.
/// `shown` maps template names to the files they came from.
pub fn template_finding(error: &tera::Error, shown: &BTreeMap<&str, &Arc<str>>) -> Finding {
    use tera::ErrorKind;
    let (code, report) = match error.kind() {
        ErrorKind::SyntaxError(report) => (Code::TemplateSyntax, Some(report)),
        ErrorKind::RenderingError(report) => (Code::TemplateRender, Some(report)),
        _ => (Code::TemplateSyntax, None),
    };
    let Some(report) = report else {
        let message = error.to_string();
        let name = match error.kind() {
            ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
                tpl.as_str()
            }
            _ => "",
        };
        let place = shown.get(name).map(|file| Place::file(file));
        return Finding::new(code, place, first_line(&message));
    };
    let place = match shown.get(report.filename()) {
        Some(file) => Place::new(file, report.span().range.clone()),
        None => Place::new(
            &Arc::from(file_of(report.filename())),
            report.span().range.clone(),
        ),
    };
    let message = report.message();
    let mut finding = Finding::new(code, place, first_line(message)).label("here");
    if let Some((wrong, known)) = wrong_name(message) {
        if let Some(best) = nearest(wrong, known.iter().copied()) {
            finding = finding.help(format!("did you mean `{best}`?"));
        }
        finding = finding.help(format!("available: {}", known.join(", ")));
    }
    finding
}

/// The file a template name stands for.
pub fn file_of(template: &str) -> String {
    match template.strip_prefix(BUILT_IN) {
        Some(name) => format!("{BUILT_IN}templates/{name}"),
        None => template.to_string(),
    }
}

fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or(message);
    let line = line.split(". Available").next().unwrap_or(line);
    line.to_string()
}

/// The name an error message quotes, and the names it says are available.
fn wrong_name(message: &str) -> Option<(&str, Vec<&str>)> {
    let wrong = message.split('`').nth(1)?;
    let wrong = wrong.rsplit('.').next().unwrap_or(wrong);
    let (_, list) = message.split_once("vailable ")?;
    let (_, names) = list.split_once(':')?;
    Some((
        wrong,
        names
            .split(',')
            .map(|n| n.trim().trim_matches('`'))
            .collect(),
    ))
}
