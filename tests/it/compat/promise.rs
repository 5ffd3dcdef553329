//! What of a build users rely on, as sorted lines of text. One and the same code
//! reduces the build of a release, to be kept, and every later build, to be
//! compared with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::{Folder, Run, tree};

/// Facts in groups. A group is what they are about: `anchors models/saas.html`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Promise(BTreeMap<String, BTreeSet<String>>);

/// The one group in which a later build may have less, but not more.
const FINDINGS: &str = "findings";

impl Promise {
    fn add(&mut self, group: &str, fact: impl ToString) {
        let fact = fact.to_string().replace('\n', "\\n").replace('\r', "\\r");
        self.0.entry(group.to_string()).or_default().insert(fact);
    }

    /// The text of a promise file: a line for each group, and below it a line
    /// for each fact, with two spaces before it.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (group, facts) in &self.0 {
            out.push_str(&format!("{group}\n"));
            facts
                .iter()
                .for_each(|fact| out.push_str(&format!("  {fact}\n")));
        }
        out
    }

    /// Reads a promise file.
    pub fn parse(text: &str) -> Promise {
        let mut promise = Promise::default();
        let mut group = "";
        for line in text.lines() {
            match line.strip_prefix("  ") {
                Some(fact) => promise.add(group, fact),
                None => group = line,
            }
        }
        promise
    }

    /// What a later build does not offer any more: `group: fact` each.
    pub fn broken_by(&self, later: &Promise) -> Vec<String> {
        let none = BTreeSet::new();
        let mut broken = Vec::new();
        for (group, facts) in self.0.iter().filter(|(group, _)| *group != FINDINGS) {
            let offered = later.0.get(group).unwrap_or(&none);
            broken.extend(
                facts
                    .difference(offered)
                    .map(|fact| format!("{group}: {fact}")),
            );
        }
        let [before, now] = [self, later].map(|p| p.0.get(FINDINGS).unwrap_or(&none));
        broken.extend(now.difference(before).map(|f| format!("{FINDINGS}: {f}")));
        broken
    }
}

// ------------------------------------------------------------------ programs

/// A program, ready to be run in a folder without the environment of the tests.
pub fn command(program: &Path, folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("TERM", "xterm")
        .stdin(Stdio::null());
    command
}

fn run(program: &Path, folder: &Path, args: &[&str]) -> Run {
    Run::of(command(program, folder, args).output().unwrap())
}

/// Builds a project, asks for its tables, and reduces both.
pub fn of_project(program: &Path, project: &Path) -> Promise {
    let mut promise = Promise::default();
    let out = Folder::new();
    let site = out.join("site");
    let to = site.display().to_string();
    let built = run(
        program,
        project,
        &["build", "-q", "--format", "json", "-d", &to],
    );
    for line in built.stdout.lines() {
        promise.add(FINDINGS, finding(&serde_json::from_str(line).unwrap()));
    }
    if built.code != Some(0) {
        // Then every path is missing, and these words say why.
        promise.add(FINDINGS, format!("no site: {}", built.stderr));
        return promise;
    }
    let files = tree(&site);
    for (path, bytes) in &files {
        promise.add("paths", path);
        of_file(path, &String::from_utf8_lossy(bytes), &mut promise);
    }
    if let Some(data) = files.get("data/responsibilities.json") {
        let data: Value = serde_json::from_slice(data).unwrap();
        of_tables(program, project, &data, &mut promise);
    }
    promise
}

fn finding(finding: &Value) -> String {
    let word = |key: &str| finding[key].as_str().unwrap_or("-").to_string();
    let answered = match &finding["acknowledged"] {
        Value::Null => "",
        _ => " acknowledged",
    };
    format!(
        "{} {} {}:{}{answered}",
        word("code"),
        word("severity"),
        word("file"),
        finding["line"]
    )
}

/// The heads of all tables that the `table` command writes for spreadsheets.
fn of_tables(program: &Path, project: &Path, data: &Value, promise: &mut Promise) {
    let models = data["models"].as_array().unwrap();
    let ids: Vec<&str> = models.iter().filter_map(|m| m["id"].as_str()).collect();
    let pair = ids
        .get(..2)
        .map(|pair| format!("compare={}", pair.join(",")));
    for kind in [
        "summary",
        "detail",
        "category",
        "compare",
        "tasks",
        "matrix",
        "checklist",
        "totals",
    ] {
        let two = ["compare", "tasks"].contains(&kind);
        if two && pair.is_none() {
            continue;
        }
        let pair = pair.as_deref().filter(|_| two);
        for format in ["csv", "tsv"] {
            let args: Vec<&str> = ["table", kind, "-q", "-f", format]
                .into_iter()
                .chain(pair)
                .collect();
            let table = run(program, project, &args).stdout;
            columns(
                &format!("table {kind} -f {format}"),
                &table,
                format,
                promise,
            );
        }
    }
}

/// What the preprocessor of mdBook gives for a book, for both kinds of renderers.
pub fn of_book(program: &Path, project: &Path, sent: &str) -> Promise {
    let mut promise = Promise::default();
    for renderer in ["html", "markdown"] {
        let mut sent: Value = serde_json::from_str(sent).unwrap();
        sent[0]["renderer"] = renderer.into();
        let mut child = command(program, project, &["mdbook"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(sent.to_string().as_bytes()).unwrap();
        drop(pipe);
        let said = Run::of(child.wait_with_output().unwrap());
        let book: Value = serde_json::from_str(&said.stdout).unwrap_or(Value::Null);
        facts("", &book, &mut |path, value| match value.as_str() {
            Some(text) if path.ends_with("/content") => {
                let group = format!("{renderer} {path}");
                page(&group, text, &mut promise);
                heads(&group, text, &mut promise);
            }
            _ => promise.add(renderer, format!("{path} {value}")),
        });
    }
    promise
}

/// The heads of the Markdown tables of a chapter.
fn heads(group: &str, text: &str, promise: &mut Promise) {
    let mut before = "";
    for line in text.lines() {
        if line.contains("| --- |") {
            promise.add(group, format!("table {before}"));
        }
        before = line;
    }
}

// --------------------------------------------------------------------- files

fn of_file(path: &str, text: &str, promise: &mut Promise) {
    let (_, ending) = path.rsplit_once('.').unwrap_or(("", ""));
    match ending {
        "html" => page(path, text, promise),
        "csv" => columns(path, text, "csv", promise),
        "json" => json(path, text, promise),
        _ => {}
    }
    match path {
        "assets/style.css" | "embed/srm-table.css" => properties(path, text, promise),
        "embed/srm-table.js" => attributes(path, text, promise),
        "feed.xml" => between(path, text, ["<id>", "</id>"], promise),
        "sitemap.xml" => between(path, text, ["<loc>", "</loc>"], promise),
        "llms.txt" => between(path, text, ["](", ")"], promise),
        "CNAME" | "robots.txt" => text.lines().for_each(|line| promise.add(path, line)),
        _ => {}
    }
}

/// Everything in a text that stands between two marks.
fn between(path: &str, text: &str, [open, close]: [&str; 2], promise: &mut Promise) {
    for part in text.split(open).skip(1) {
        promise.add(path, part.split(close).next().unwrap());
    }
}

/// The columns of a table for spreadsheets, each with its place: later builds
/// may have more of them, but only behind these.
fn columns(name: &str, text: &str, format: &str, promise: &mut Promise) {
    let delimiter = if format == "tsv" { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.as_bytes());
    for (at, column) in reader.headers().unwrap().iter().enumerate() {
        promise.add(
            &format!("columns {name}"),
            format!("{:02} {column}", at + 1),
        );
    }
}

/// Custom properties that a style sheet sets, and those that the tables for
/// other pages read.
fn properties(path: &str, text: &str, promise: &mut Promise) {
    for (at, _) in text.match_indices("--srm-") {
        let rest = &text[at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        if after.starts_with(':') || name.starts_with("--srm-embed-") {
            promise.add(&format!("properties {path}"), name);
        }
    }
}

/// Attributes of the element that shows tables in other pages.
fn attributes(path: &str, text: &str, promise: &mut Promise) {
    for name in [
        "src",
        "kind",
        "model",
        "compare",
        "party",
        "category",
        "row",
        "owner",
        "columns",
        "height",
        "loading",
        "error-text",
    ] {
        if text.contains(&format!("\"{name}\"")) {
            promise.add(&format!("attributes {path}"), name);
        }
    }
}

// ---------------------------------------------------------------------- JSON

/// Calls `f` with every value that has none inside, and its path.
fn facts(path: &str, value: &Value, f: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(map) if !map.is_empty() => map
            .iter()
            .for_each(|(key, value)| facts(&format!("{path}/{key}"), value, f)),
        Value::Array(list) if !list.is_empty() => list
            .iter()
            .enumerate()
            .for_each(|(at, value)| facts(&format!("{path}/{at}"), value, f)),
        _ => f(path, value),
    }
}

fn json(name: &str, text: &str, promise: &mut Promise) {
    let group = format!("json {name}");
    let value: Value = serde_json::from_str(text).unwrap();
    if name.ends_with(".schema.json") {
        return schema("", &value, &mut |fact| promise.add(&group, fact));
    }
    let table = name.starts_with("embed/");
    facts("", &value, &mut |path, value| {
        // In tables there are words of the interface, which may be reworded.
        let key = path.rsplit('/').next().unwrap_or("");
        match path.split_once("/cells/") {
            Some((row, cell)) if table => {
                let column = cell.split('/').next().unwrap();
                promise.add(&group, format!("{row}/cells/{column}"));
            }
            _ if table && ["label", "caption", "name"].contains(&key) => {
                promise.add(&group, format!("{path} ..."));
            }
            _ => promise.add(&group, format!("{path} {value}")),
        }
    });
}

/// A JSON Schema without its words. Lists of names are sets.
fn schema(path: &str, value: &Value, f: &mut impl FnMut(String)) {
    let Value::Object(map) = value else {
        return f(format!("{path} {value}"));
    };
    for (key, value) in map {
        let below = format!("{path}/{key}");
        match (key.as_str(), value) {
            ("description" | "title", Value::String(_)) => {}
            (_, Value::Array(list)) => list
                .iter()
                .for_each(|value| schema(&format!("{below}[]"), value, f)),
            _ => schema(&below, value, f),
        }
    }
}

// ---------------------------------------------------------------------- HTML

/// Hooks of `docs/themes.md` and `docs/web.md`: an attribute, what it stands on,
/// and whether its values are promised or only that it is there.
const HOOKS: &[(&str, &[&str], bool)] = &[
    ("data-owner", &[".srm-badge", "tr"], true),
    ("data-parties", &[".srm-badge"], true),
    (
        "data-kind",
        &["body", ".srm-table", ".srm-remark", ".srm-callout"],
        true,
    ),
    ("data-column", &["th"], true),
    ("data-change", &[".srm-change", "tr"], true),
    ("data-task", &["li"], true),
    ("data-level", &["li"], true),
    ("data-row", &["tr"], true),
    ("data-category", &["tr"], true),
    ("data-model", &["tr"], true),
    ("data-id", &["th"], true),
    ("data-label", &["td", "th"], false),
    ("data-words", &[".srm-tools", ".srm-progress"], false),
    ("data-page", &[".srm-two"], true),
    ("data-pairs", &[".srm-two"], true),
    ("data-matrix", &[".srm-two"], true),
    ("data-save", &["button"], true),
    ("data-save", &["script"], false),
    ("data-root", &[".srm-search-open"], true),
    ("data-files", &[".srm-search-open"], false),
];

/// Classes that the documentation names.
const CLASSES: &[&str] = &[
    "srm-badge",
    "srm-badge-word",
    "srm-table",
    "srm-remark",
    "srm-callout",
    "srm-change",
    "srm-tools",
    "srm-progress",
    "srm-two",
    "srm-save",
    "srm-search-open",
];

/// Attributes in which the theme of this corpus says what its view holds.
const VIEW: &str = "data-view-";

/// Anchors, hooks and the way on of a page.
fn page(path: &str, html: &str, promise: &mut Promise) {
    let hooks = format!("hooks {path}");
    let tags = tags(html);
    let rows: BTreeSet<&str> = tags.iter().filter_map(|t| t.get("data-row")).collect();
    for tag in &tags {
        let classes: Vec<&str> = tag.get("class").unwrap_or("").split(' ').collect();
        for class in CLASSES.iter().filter(|c| classes.contains(c)) {
            promise.add(&hooks, format!(".{class}"));
        }
        let is = |on: &str| match on.strip_prefix('.') {
            Some(class) => classes.contains(&class),
            None => tag.name == on,
        };
        for (name, value) in &tag.attributes {
            if name.starts_with(VIEW) {
                promise.add(&hooks, format!("{name}={value}"));
            }
            for (_, on, values) in HOOKS.iter().filter(|hook| hook.0 == name) {
                for on in on.iter().filter(|on| is(on)) {
                    let value = if *values { value } else { "..." };
                    promise.add(&hooks, format!("{on} {name}={value}"));
                }
            }
        }
        if let Some(id) = tag.get("id").filter(|id| is_promised(id, &rows)) {
            promise.add(&format!("anchors {path}"), format!("#{id}"));
        }
        if tag.get("http-equiv") == Some("refresh") {
            let to = tag.get("content").unwrap_or("");
            promise.add("redirects", format!("{path} {to}"));
        }
    }
}

/// Anchors that begin with `srm-` are the site's own, but for those of rows.
fn is_promised(id: &str, rows: &BTreeSet<&str>) -> bool {
    let row = ["srm-summary-", "srm-change-"]
        .iter()
        .find_map(|start| id.strip_prefix(start));
    row.is_some_and(|row| rows.contains(row)) || !(id.starts_with("srm-") || id.contains("--srm-"))
}

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// All start tags of a text. It takes what it meets: whether a page is good HTML
/// is for other tests to say.
fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let stop = |c: char| c.is_whitespace() || "/>=".contains(c);
        let word = |text: &str| text[..text.find(stop).unwrap_or(text.len())].to_string();
        let name = word(rest);
        rest = &rest[name.len()..];
        let mut tag = Tag {
            name,
            attributes: Vec::new(),
        };
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/' || c == '=');
            let name = word(rest);
            if name.is_empty() {
                break;
            }
            rest = &rest[name.len()..];
            let mut value = "";
            if let Some(quoted) = rest.strip_prefix("=\"") {
                (value, rest) = quoted.split_once('"').unwrap_or((quoted, ""));
            }
            tag.attributes.push((name, decoded(value)));
        }
        if tag.name == "script" {
            rest = &rest[rest.find("</script").unwrap_or(rest.len())..];
        }
        found.push(tag);
    }
    found
}

/// A value with its character references read.
fn decoded(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let read = after.split_once(';').and_then(|(name, after)| {
            let c = match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                _ => char::from_u32(name.strip_prefix('#')?.parse().ok()?)?,
            };
            Some((c, after))
        });
        let (c, after) = read.unwrap_or(('&', after));
        out.push(c);
        rest = after;
    }
    out + rest
}

/// The promise of a page by itself, for tests of this code.
pub fn of_page(html: &str) -> Promise {
    let mut promise = Promise::default();
    page("page.html", html, &mut promise);
    promise
}

/// The same of any other file.
pub fn of_text(path: &str, text: &str) -> Promise {
    let mut promise = Promise::default();
    of_file(path, text, &mut promise);
    promise
}

/// The text of a file of the corpus.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
