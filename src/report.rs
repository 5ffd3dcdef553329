//! Findings as text: for people, one line each, JSON, GitHub annotations and
//! SARIF. All formats say the same; none of them decides anything.

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};
use serde::Serialize;
use serde_json::json;

use crate::findings::diag::{Code, Finding, Findings, LineCol, Place, Severity, line_col};
use crate::source::Source;

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// With the excerpt, the spot marked, and help.
    Human,
    /// One line a finding: file:line:col, severity, code, message.
    Short,
    /// One JSON object a line.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// Longest line shown in an excerpt, in bytes.
const MAX_LINE: usize = 400;

/// Writes findings. JSON and SARIF always have acknowledged ones, marked; the
/// other formats leave them out unless `all` is set.
pub fn write(
    findings: &Findings,
    source: &Source,
    format: Format,
    color: bool,
    all: bool,
) -> String {
    let shown = || {
        let list = findings.list.iter();
        list.filter(move |f| all || f.acknowledged.is_none())
    };
    match format {
        Format::Human => shown().map(|f| human(f, source, color)).collect(),
        Format::Short => shown().map(|f| short(f, source)).collect(),
        Format::Json => findings.list.iter().map(|f| json_line(f, source)).collect(),
        Format::Github => shown().map(|f| github(f, source)).collect(),
        Format::Sarif => sarif(findings, source),
    }
}

/// Line and column of a place, when its file was read.
fn position(place: &Place, source: &Source) -> Option<(LineCol, LineCol)> {
    let text = source.known(&place.file)?;
    Some((
        line_col(&text.text, place.start),
        line_col(&text.text, place.end),
    ))
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// The lines of a text around a stretch, clipped so that an endless line stays
/// readable.
struct Excerpt {
    text: String,
    first_line: usize,
    /// Column of the stretch in the whole line, in characters from 1.
    column: usize,
    /// Whether the line is longer than what is shown of it.
    clipped: bool,
    start: usize,
    end: usize,
}

fn excerpt(text: &str, start: usize, end: usize) -> Excerpt {
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(start);
    let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
    let line_end = boundary(line_end - usize::from(text[line_start..line_end].ends_with('\r')));
    // A stretch over several lines is marked on its first.
    let end = boundary(end).clamp(start, line_end.max(start));
    let (from, to) = if line_end - line_start > MAX_LINE {
        let from = boundary(start.saturating_sub(MAX_LINE / 2).max(line_start));
        (from, boundary((from + MAX_LINE).min(line_end)))
    } else {
        (line_start, line_end)
    };
    // A byte order mark is invisible in every editor.
    let from = from
        + if from == 0 && text.starts_with('\u{feff}') {
            3
        } else {
            0
        };
    let (start, to) = (start.max(from), to.max(from));
    // What could act on a terminal is shown as a sign of the same length.
    let shown: String = text[from..to]
        .chars()
        .map(|c| match c {
            '\t' => c.to_string(),
            c if is_active(c) => "?".repeat(c.len_utf8()),
            c => c.to_string(),
        })
        .collect();
    Excerpt {
        start: (start - from).min(shown.len()),
        end: (end.max(start) - from).min(shown.len()),
        text: shown,
        first_line: line_col(text, start).line,
        column: line_col(text, start).column,
        clipped: to - from < line_end - line_start,
    }
}

fn human(finding: &Finding, source: &Source, color: bool) -> String {
    let mut title = plain(&finding.message);
    if let Some(reason) = &finding.acknowledged {
        title = format!("{title} (acknowledged: {})", plain(reason));
    }
    let severity = if finding.acknowledged.is_some() {
        Severity::Note
    } else {
        finding.severity
    };
    let places: Vec<(&Place, &str, bool)> = finding
        .place
        .iter()
        .map(|p| (p, finding.label.as_str(), true))
        .chain(finding.related.iter().map(|(p, l)| (p, l.as_str(), false)))
        .collect();
    let excerpts: Vec<(Excerpt, &Place, &str, bool)> = places
        .iter()
        .filter_map(|(place, label, primary)| {
            let text = source.known(&place.file)?;
            (!text.text.is_empty()).then(|| {
                (
                    excerpt(&text.text, place.start, place.end),
                    *place,
                    *label,
                    *primary,
                )
            })
        })
        .collect();
    let mut group = level(severity)
        .primary_title(title)
        .id(finding.code.id())
        .elements(
            excerpts
                .iter()
                .flat_map(|(excerpt, place, label, primary)| {
                    let kind = if *primary {
                        AnnotationKind::Primary
                    } else {
                        AnnotationKind::Context
                    };
                    let mut annotation = kind.span(excerpt.start..excerpt.end);
                    if !label.is_empty() {
                        annotation = annotation.label(plain(label));
                    }
                    let snippet = Snippet::source(excerpt.text.as_str())
                        .line_start(excerpt.first_line)
                        .annotation(annotation);
                    // The renderer counts columns in what it is shown.
                    let path = plain(&place.file);
                    if excerpt.clipped {
                        let origin = Origin::path(path)
                            .line(excerpt.first_line)
                            .char_column(excerpt.column);
                        vec![Element::from(origin), Element::from(snippet)]
                    } else {
                        vec![Element::from(snippet.path(path))]
                    }
                }),
        );
    if excerpts.is_empty()
        && let Some(place) = &finding.place
    {
        group = group.element(Origin::path(plain(&place.file)));
    }
    for help in &finding.help {
        group = group.element(Level::HELP.message(plain(help)));
    }
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    format!("{}\n\n", renderer.render(&[group]))
}

/// A finding as a browser shows it; all of it plain text, to be escaped by
/// whoever shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub code: String,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    pub message: String,
    pub label: String,
    pub file: Option<String>,
    /// Counted from 1; 0 without a place.
    pub line: usize,
    /// In characters, counted from 1; 0 without a place.
    pub column: usize,
    /// The line with its number, and a line that marks the stretch.
    pub excerpt: String,
    pub help: Vec<String>,
    /// Link that opens the place in an editor, where one is configured.
    pub open: Option<String>,
}

/// Findings that nobody has acknowledged, for a browser. `editor` makes a link
/// of a file, a line and a column.
pub fn problems(
    findings: &Findings,
    source: &Source,
    editor: impl Fn(&str, LineCol) -> Option<String>,
) -> Vec<Problem> {
    let open = findings.list.iter().filter(|f| f.acknowledged.is_none());
    open.map(|finding| {
        let mut problem = Problem {
            code: finding.code.id().to_string(),
            severity: finding.severity.word(),
            message: plain(&finding.message),
            label: plain(&finding.label),
            help: finding.help.iter().map(|h| plain(h)).collect(),
            ..Problem::default()
        };
        if let Some(place) = &finding.place {
            problem.file = Some(plain(&place.file));
            if let Some((start, _)) = position(place, source) {
                (problem.line, problem.column) = (start.line, start.column);
                problem.open = editor(&place.file, start);
            }
            if let Some(text) = source.known(&place.file).filter(|t| !t.text.is_empty()) {
                let excerpt = excerpt(&text.text, place.start, place.end);
                problem.excerpt = marked(&excerpt, &problem.label);
            }
        }
        problem
    })
    .collect()
}

/// The line of an excerpt with its number, and beneath it a line of carets
/// with what is to be said there.
fn marked(excerpt: &Excerpt, label: &str) -> String {
    let number = excerpt.first_line.to_string();
    let margin = " ".repeat(number.len());
    // Signs of the same width, so that the carets stand where they should.
    let same_width = |c: char| match c {
        '\t' => '\t',
        c if c < '\u{1100}' => ' ',
        _ => '\u{3000}',
    };
    let before: String = excerpt.text[..excerpt.start]
        .chars()
        .map(same_width)
        .collect();
    let stretch = &excerpt.text[excerpt.start..excerpt.end];
    let carets = "^".repeat(stretch.chars().count().max(1));
    let line = format!("{before}{carets} {label}");
    format!(
        "{number} | {}\n{margin} | {}",
        excerpt.text,
        line.trim_end()
    )
}

/// Whether a terminal could act on a character: controls, and the marks that
/// turn the reading direction around (CVE-2021-42574).
fn is_active(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text without what could act on a terminal, in one line.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if is_active(c) { ' ' } else { c })
        .collect()
}

/// The same for a text that has lines and tabs.
pub fn plain_lines(text: &str) -> String {
    let kept = |c: char| matches!(c, '\n' | '\t') || !is_active(c);
    text.chars()
        .map(|c| if kept(c) { c } else { ' ' })
        .collect()
}

/// JSON as it is, but for what could act on a terminal or on GitHub's runner,
/// which is written as escapes: a reader of JSON sees no difference.
fn plain_json(json: &str) -> String {
    // GitHub's runner takes this for a command wherever it stands in a line.
    let json = json.replace("##[", "\\u0023#[");
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' => out.push(c),
            c if is_active(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

fn short(finding: &Finding, source: &Source) -> String {
    let place = match &finding.place {
        Some(place) => match position(place, source) {
            Some((start, _)) => format!("{}:{start}: ", plain(&place.file)),
            None => format!("{}: ", plain(&place.file)),
        },
        None => String::new(),
    };
    let (word, reason) = match &finding.acknowledged {
        Some(reason) => ("acknowledged", format!(" ({})", plain(reason))),
        None => (finding.severity.word(), String::new()),
    };
    format!(
        "{place}{word}[{}]: {}{reason}\n",
        finding.code.id(),
        plain(&finding.message)
    )
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    label: &'a str,
    related: Vec<serde_json::Value>,
    help: &'a [String],
    acknowledged: Option<&'a str>,
}

fn json_line(finding: &Finding, source: &Source) -> String {
    let position_of = |place: &Place| position(place, source);
    let at = finding.place.as_ref().and_then(position_of);
    let record = JsonFinding {
        code: finding.code.id(),
        severity: finding.severity.word(),
        message: &finding.message,
        file: finding.place.as_ref().map(|p| &*p.file),
        line: at.map(|(s, _)| s.line),
        column: at.map(|(s, _)| s.column),
        end_line: at.map(|(_, e)| e.line),
        end_column: at.map(|(_, e)| e.column),
        label: &finding.label,
        related: finding
            .related
            .iter()
            .map(|(place, label)| {
                let at = position_of(place).map(|(s, _)| s);
                json!({
                    "file": &*place.file,
                    "line": at.map(|a| a.line),
                    "column": at.map(|a| a.column),
                    "label": label,
                })
            })
            .collect(),
        help: &finding.help,
        acknowledged: finding.acknowledged.as_deref(),
    };
    serde_json::to_string(&record).map_or(String::new(), |line| plain_json(&line) + "\n")
}

/// A workflow command of GitHub Actions; `%`, line ends and, in properties,
/// `:` and `,` are encoded as its toolkit does.
fn github(finding: &Finding, source: &Source) -> String {
    let data = |text: &str| {
        let encoded = text.replace('%', "%25").replace('\r', "%0D");
        plain(&encoded.replace('\n', "%0A"))
    };
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let word = match finding.severity {
        _ if finding.acknowledged.is_some() => "notice",
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(place) = &finding.place {
        properties.push(format!("file={}", property(&place.file)));
        if let Some((start, end)) = position(place, source) {
            properties.push(format!("line={}", start.line));
            properties.push(format!("col={}", start.column));
            if end.line == start.line && end.column > start.column {
                properties.push(format!("endColumn={}", end.column));
            }
        }
    }
    properties.push(format!("title={}", property(finding.code.id())));
    let mut message = finding.message.clone();
    for help in &finding.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    format!("::{word} {}::{}\n", properties.join(","), data(&message))
}

/// SARIF 2.1.0 (OASIS). Columns count characters, as `columnKind` says.
fn sarif(findings: &Findings, source: &Source) -> String {
    let level = |severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let location = |place: &Place| {
        let mut physical = json!({ "artifactLocation": {
            "uri": crate::text::address::encode(&place.file), "uriBaseId": "%SRCROOT%",
        }});
        if let Some((start, end)) = position(place, source) {
            physical["region"] = json!({
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": if end.line == start.line { end.column.max(start.column + 1) } else { end.column },
            });
        }
        physical
    };
    let results: Vec<serde_json::Value> = findings
        .list
        .iter()
        .map(|f| {
            let mut text = f.message.clone();
            for help in &f.help {
                text.push_str("\nhelp: ");
                text.push_str(help);
            }
            let rule = Code::ALL.iter().position(|c| *c == f.code);
            let mut result = json!({
                "ruleId": f.code.id(),
                "ruleIndex": rule,
                "level": level(f.severity),
                "message": { "text": text },
                "locations": f.place.iter().map(|p| json!({ "physicalLocation": location(p) }))
                    .collect::<Vec<_>>(),
                "relatedLocations": f.related.iter().map(|(p, label)| json!({
                    "physicalLocation": location(p), "message": { "text": label },
                })).collect::<Vec<_>>(),
            });
            if let Some(reason) = &f.acknowledged {
                result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
            }
            result
        })
        .collect();
    let rules: Vec<serde_json::Value> = Code::ALL
        .iter()
        .map(|c| {
            json!({
                "id": c.id(),
                "shortDescription": { "text": c.title() },
                "fullDescription": { "text": c.why() },
                "defaultConfiguration": { "level": level(c.severity()) },
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "srm-site",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).map_or(String::new(), |text| plain_json(&text) + "\n")
}

/// One line that sums up a run: `2 errors, 1 warning, 26 acknowledged`.
pub fn summary(findings: &Findings) -> String {
    let count = |n: usize, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let parts: Vec<String> = [
        count(findings.count(Severity::Error), "error"),
        count(findings.count(Severity::Warning), "warning"),
        count(findings.count(Severity::Note), "note"),
        match findings.acknowledged() {
            0 => None,
            n => Some(format!("{n} acknowledged")),
        },
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        "no findings".into()
    } else {
        parts.join(", ")
    }
}
