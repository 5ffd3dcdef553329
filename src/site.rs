//! The session: runs the straight line from sources to pages once, in
//! parallel where it can, and hands every file to a sink. All decisions are in
//! the stages; this is their order.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::assemble;
use crate::config::Config;
use crate::content::Content;
use crate::diag::{Code, Findings, Place, Severity};
use crate::files::Files;
use crate::linkcheck::{Checker, refuse_unsafe_addresses, shown_page};
use crate::links::{self, Facts};
use crate::lint;
use crate::markdown::{AuthorLink, Settings};
use crate::model::Document;
use crate::pages::{Item, Kind, Nav, Page, Project};
use crate::render::{self, Around, Renderer};
use crate::source::Source;
use crate::theme;

/// What one run was asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Takes the place of `site-url`.
    pub site_url: Option<String>,
    /// Whether drafts are part of the site.
    pub drafts: bool,
    /// The day of the check, for dates in the future.
    pub today: Option<jiff::civil::Date>,
    /// Whether warnings stop a build, as `deny-warnings` does.
    pub deny_warnings: bool,
}

/// The result of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    pub findings: Findings,
    /// Pages that were rendered.
    pub pages: usize,
    /// Whether findings stop what was asked for.
    pub failed: bool,
    /// Whether rendering, other than reading and checking, found nothing.
    pub quiet: bool,
    /// Whether nothing was found, and the same sources find nothing on any day.
    pub silent: bool,
}

/// Takes the files of a site, from several threads.
pub type Sink<'a> = &'a (dyn Fn(&str, &[u8]) + Sync);

/// Hears how far a run is: pages done, and all of them.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// The project's settings, with what is wrong in them.
pub fn config(source: &Source, options: &Options, findings: &mut Findings) -> Config {
    let mut config = match source.text("book.toml") {
        Ok(text) => Config::parse(&text.path, &text.text, findings),
        Err(finding) => {
            findings.push(finding.help("`srm-site init` makes a project that works"));
            Config::defaults()
        }
    };
    if let Some(url) = &options.site_url {
        config.html.site_url = Some(crate::tree::At {
            value: url.clone(),
            place: Place::file("book.toml"),
        });
    }
    config
}

/// A hash of everything a run's result depends on: the sources, the settings,
/// what was asked for, and the tool itself. `None` when a file cannot be read.
pub fn fingerprint(source: &Source, config: &Config, options: &Options) -> Option<String> {
    let mut unreadable = Findings::default();
    let mut paths = source.walk(config.src(), &mut unreadable);
    paths.push("book.toml".into());
    let theme = theme::folder(config);
    let own_theme = source.is_folder(&theme);
    if own_theme {
        paths.extend(source.walk(&theme, &mut unreadable));
    }
    if !unreadable.list.is_empty() {
        return None;
    }
    let added = config
        .html
        .additional_css
        .iter()
        .chain(&config.html.additional_js);
    paths.extend(added.filter_map(|text| links::join("", &text.value)));
    let hashes: Option<Vec<blake3::Hash>> = paths
        .par_iter()
        .map(|path| Some(blake3::hash(&source.bytes(path).ok()?)))
        .collect();
    let mut hasher = blake3::Hasher::new();
    for (path, hash) in paths.iter().zip(hashes?) {
        hasher
            .update(path.as_bytes())
            .update(&[0])
            .update(hash.as_bytes());
    }
    let asked = (
        &options.site_url,
        options.drafts,
        options.deny_warnings,
        own_theme,
    );
    hasher.update(format!("{asked:?}").as_bytes());
    hasher.update(env!("SRM_SITE_BUILD").as_bytes());
    Some(hasher.finalize().to_hex().to_string())
}

/// The findings of a project whose pages are known to be current: everything
/// but rendering.
pub fn examine(
    source: &Source,
    config: &Config,
    options: &Options,
    mut findings: Findings,
) -> Outcome {
    let content = Content::list(source, config, &mut findings);
    let document = document(&content, source, options, &mut findings);
    lint::acknowledge(&document, &mut findings);
    findings.sort();
    Outcome {
        failed: stops(config, options, &findings),
        findings,
        ..Outcome::default()
    }
}

/// The document of the content's files, with everything that is wrong or
/// doubtful in it.
fn document(
    content: &Content,
    source: &Source,
    options: &Options,
    findings: &mut Findings,
) -> Document {
    let records = content.parse(source, options.drafts, findings);
    let document = assemble::assemble(records, findings);
    // What is absent says nothing where something was lost.
    let complete = !findings.lost_something();
    findings.extend(lint::check(&document, options.today, complete));
    document
}

/// Whether findings keep a site from being written.
fn stops(config: &Config, options: &Options, findings: &Findings) -> bool {
    let denied = options.deny_warnings || config.srm.deny_warnings.unwrap_or(false);
    findings.has_errors() || denied && findings.count(Severity::Warning) > 0
}

/// Reads, checks and renders a project. Each file of the site goes to `sink`;
/// whether it is kept is the caller's decision, from the outcome.
pub fn run(
    source: &Source,
    config: &Config,
    options: &Options,
    mut findings: Findings,
    sink: Sink<'_>,
    progress: Progress<'_>,
) -> Outcome {
    let content = Content::list(source, config, &mut findings);
    let document = document(&content, source, options, &mut findings);
    let examined = findings.list.len();
    let mut theme = theme::load(source, config, &mut findings);
    let strings = theme.strings.clone();
    let project = Project::new(&document, config, &strings, &mut findings);
    let pages = project.pages();
    let files = Files::plan(
        source,
        config,
        &project,
        &pages,
        &content,
        &theme,
        &mut findings,
    );
    let targets = project.targets(&pages, files.paths(), content.assets.clone());
    // A broken file takes its ids with it, so links to them say nothing new.
    let incomplete = findings.lost_something();

    let nav = Nav::new(&project, &pages);
    let (styles, scripts) = files.heads(config);
    render::share(&project, &mut theme, &nav, &styles, &scripts);
    let renderer = Renderer {
        project: &project,
        targets: &targets,
        theme: &theme,
        settings: Settings {
            raw_html: config.srm.raw_html.unwrap_or(false),
            smart_punctuation: config.html.smart_punctuation.unwrap_or(true),
            definition_lists: config.html.definition_lists.unwrap_or(true),
            callouts: config.html.admonitions.unwrap_or(true),
        },
        shown: theme
            .template_files
            .iter()
            .map(|(name, file, _)| (name.as_str(), file))
            .collect(),
    };
    let (text_findings, text_links) = renderer.texts();
    findings.extend(text_findings);
    refuse_unsafe_addresses(&document, config, &mut findings);

    let reports = render_pages(&renderer, &pages, source, sink, progress);
    let mut ids = HashMap::new();
    let mut author_links = text_links;
    for (page, report) in pages.iter().zip(&reports) {
        if report.rendered {
            ids.insert(page.path.as_str(), &report.facts.ids);
        }
        author_links.extend(report.links.iter().cloned());
    }
    let checker = Checker::new(&targets, ids, author_links);
    let mut dead = Findings::default();
    for (page, report) in pages.iter().zip(&reports) {
        checker.page(page, &report.facts, source, &mut dead);
    }
    checker.author(&mut dead);
    checker.redirects(config, &mut dead);
    for report in reports {
        findings.extend(report.findings);
    }
    findings.extend(dead);
    if incomplete {
        findings
            .list
            .retain(|f| !matches!(f.code, Code::DeadLink | Code::DeadAnchor));
    }
    files.emit(source, &renderer, &pages, sink, &mut findings);

    let quiet = findings.list.len() == examined;
    lint::acknowledge(&document, &mut findings);
    findings.sort();
    Outcome {
        failed: stops(config, options, &findings),
        pages: pages.len(),
        quiet,
        silent: findings.list.is_empty() && document.effective.is_none(),
        findings,
    }
}

/// What became of one page.
#[derive(Default)]
struct Report {
    /// Whether there is a page at all; a broken template makes none.
    rendered: bool,
    facts: Facts,
    findings: Findings,
    links: Vec<AuthorLink>,
}

fn render_pages(
    renderer: &Renderer<'_>,
    pages: &[Page],
    source: &Source,
    sink: Sink<'_>,
    progress: Progress<'_>,
) -> Vec<Report> {
    // The not-found page and print stand outside the order of reading.
    let order: Vec<usize> = pages
        .iter()
        .enumerate()
        .filter(|(_, p)| !matches!(p.kind, Kind::Print | Kind::NotFound))
        .map(|(at, _)| at)
        .collect();
    let around = |at: usize| -> Around {
        match order.binary_search(&at) {
            Ok(i) => Around {
                previous: i.checked_sub(1).map(|p| Item::page(&pages[order[p]])),
                next: order.get(i + 1).map(|n| Item::page(&pages[*n])),
            },
            Err(_) => Around::default(),
        }
    };
    let outputs = &renderer.targets.outputs;
    let base = render::site_path(renderer.project).unwrap_or_default();
    let done = AtomicUsize::new(0);
    pages
        .par_iter()
        .enumerate()
        .map(|(at, page)| {
            let rendered = renderer.page(page, &around(at));
            let mut report = Report {
                rendered: !rendered.html.is_empty(),
                facts: links::facts(&rendered.html, &page.path, &base, outputs),
                findings: rendered.findings,
                links: rendered.links,
            };
            if rendered.html.is_empty() {
                report.facts = Facts::default();
            } else {
                sink(&page.path, rendered.html.as_bytes());
            }
            if !report.facts.open.is_empty() || !report.facts.repeated.is_empty() {
                // Only pages with something to report need an excerpt later;
                // links with fragments are many and nearly always fine.
                keep_for_excerpt(source, page, &rendered.html, &report.facts, outputs);
            }
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, pages.len());
            report
        })
        .collect()
}

/// Keeps the HTML of pages that certainly have a dead link.
fn keep_for_excerpt(
    source: &Source,
    page: &Page,
    html: &str,
    facts: &Facts,
    outputs: &HashSet<String>,
) {
    let dead = facts.open.iter().any(|l| !outputs.contains(&l.path));
    if dead || !facts.repeated.is_empty() {
        source.remember(&shown_page(page), html.to_string());
    }
}

/// All files of a site in memory, for tests and tools. Nothing is written.
pub fn in_memory(source: &Source, options: &Options) -> (BTreeMap<String, Vec<u8>>, Outcome) {
    let mut findings = Findings::default();
    let config = config(source, options, &mut findings);
    let files = std::sync::Mutex::new(BTreeMap::new());
    let sink = |path: &str, bytes: &[u8]| {
        let mut files = files.lock().unwrap_or_else(|e| e.into_inner());
        files.insert(path.to_string(), bytes.to_vec());
    };
    let outcome = run(source, &config, options, findings, &sink, &|_, _| {});
    (
        files.into_inner().unwrap_or_else(|e| e.into_inner()),
        outcome,
    )
}
