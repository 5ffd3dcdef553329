//! Turns errors of the template engine into findings at the place of the mistake.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::findings::{Code, Finding, Place, nearest};
use crate::render::theme::{BUILT_IN, PROJECT};

/// The engine reports unknown names as one text with a block for each mistake:
/// `error: Unknown filter `x``, then ` --> file:line:column`.
pub(super) fn listed_errors(text: &str, templates: &[(String, Arc<str>, String)]) -> Vec<Finding> {
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

/// A finding for a template that extends one that does not exist.
pub(super) fn missing_parent(
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
    Some(finding.help("see the built-in theme for templates that can be extended or included"))
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

/// Turns an error of the template engine into a finding at the template's line.
/// `shown` maps the names of templates to their files.
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

/// The file of a template name.
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

/// The name that an error message quotes, and the available names that it lists.
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

/// The names by which templates can be used in others. Those of the project and of
/// the built-in theme also work without a prefix.
pub(super) fn names(templates: &[(String, Arc<str>, String)]) -> impl Iterator<Item = &str> {
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
