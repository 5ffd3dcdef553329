//! The session: runs the straight line from sources to pages once, in
//! parallel where it can, and hands every file to a sink. All decisions are in
//! the stages; this is their order.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::config::Config;
use crate::diag::{Code, Finding, Findings, Place, Severity};
use crate::html::escape;
use crate::links::{self, Facts, OpenLink, Targets, encode, id_key};
use crate::markdown::{AuthorLink, Settings};
use crate::model::{self, Document, Records};
use crate::pages::{Item, Kind, Nav, Page, Project, refuse_collisions};
use crate::render::{self, Around, Renderer};
use crate::source::Source;
use crate::theme;
use crate::{export, lint, schema, twin};

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
    // The day matters only where a finding says so, and then the run was not
    // quiet.
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
    let document = content.document(source, options, &mut findings);
    lint::acknowledge(&document, &mut findings);
    findings.sort();
    Outcome {
        failed: stops(config, options, &findings),
        findings,
        ..Outcome::default()
    }
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
    let document = content.document(source, options, &mut findings);
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
    let incomplete = findings.has_errors();

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
            .map(|(name, file)| (name.as_str(), file))
            .collect(),
    };
    let (text_findings, text_links) = renderer.texts();
    findings.extend(text_findings);
    refuse_unsafe_addresses(&document, config, &mut findings);

    let reports = render_pages(&renderer, &pages, source, sink, progress);
    let mut checker = Checker {
        targets: &targets,
        ids: HashMap::new(),
        author_links: text_links.into_iter().map(|l| (None, l)).collect(),
    };
    for (page, report) in pages.iter().zip(&reports) {
        if report.rendered {
            checker.ids.insert(&page.path, &report.facts.ids);
        }
        let own = report
            .links
            .iter()
            .map(|l| (Some(page.path.as_str()), l.clone()));
        checker.author_links.extend(own);
    }
    let mut dead = Findings::default();
    for (page, report) in pages.iter().zip(&reports) {
        checker.page(page, report, source, &mut dead);
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
        findings,
        pages: pages.len(),
        quiet,
    }
}

/// Addresses that become links have to lead to the web.
fn refuse_unsafe_addresses(document: &Document, config: &Config, findings: &mut Findings) {
    let source = document.source.as_ref().and_then(|s| s.url.as_ref());
    let frameworks = document.frameworks.iter().filter_map(|f| f.url.as_ref());
    let settings = [
        &config.html.git_repository_url,
        &config.html.edit_url_template,
    ];
    let all = source
        .into_iter()
        .chain(frameworks)
        .chain(settings.into_iter().flatten());
    for address in all.filter(|a| !links::is_web(&a.value)) {
        findings.push(
            Finding::new(
                Code::UnsafeLink,
                address.place.clone(),
                format!("`{}` is not an address a page may link to", address.value),
            )
            .help("write a full address: `https://...`"),
        );
    }
}

/// The files of the content folder, sorted into what they are.
struct Content {
    src: String,
    site: Option<String>,
    models: Vec<String>,
    categories: Vec<String>,
    prose: Vec<String>,
    /// Source below the content folder to path in the site.
    assets: HashMap<String, String>,
}

impl Content {
    fn list(source: &Source, config: &Config, findings: &mut Findings) -> Content {
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

    /// The document of these files, with everything that is wrong or doubtful
    /// in it.
    fn document(&self, source: &Source, options: &Options, findings: &mut Findings) -> Document {
        let records = self.parse(source, options, findings);
        let document = model::assemble(records, findings);
        findings.extend(lint::check(&document, options.today));
        document
    }

    /// Reads and decodes all files in parallel.
    fn parse(&self, source: &Source, options: &Options, findings: &mut Findings) -> Records {
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
            drafts: options.drafts,
        }
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

/// How a rendered page is called in findings.
fn shown_page(page: &Page) -> Arc<str> {
    Arc::from(format!("(output) {}", page.path))
}

/// Looks up every link over the rendered site.
struct Checker<'a> {
    targets: &'a Targets,
    ids: HashMap<&'a str, &'a HashSet<u64>>,
    /// The page a link stands on, or none for texts shown on many.
    author_links: Vec<(Option<&'a str>, AuthorLink)>,
}

impl Checker<'_> {
    fn has_id(&self, path: &str, fragment: &str) -> bool {
        // Files that are not pages have no ids we know of.
        self.ids
            .get(path)
            .is_none_or(|ids| ids.contains(&id_key(fragment)))
    }

    /// Links of templates and of our own making.
    fn page(&self, page: &Page, report: &Report, source: &Source, findings: &mut Findings) {
        for id in &report.facts.repeated {
            findings.push(self.on_page(
                Code::DuplicateId,
                page,
                source,
                &format!("id=\"{id}\""),
                format!(
                    "the id `{id}` occurs more than once on the page `{}`",
                    page.path
                ),
            ));
        }
        for link in &report.facts.open {
            if !self.targets.outputs.contains(&link.path) {
                let code = if link.asset {
                    Code::MissingAsset
                } else {
                    Code::DeadLink
                };
                let message = format!(
                    "`{}` links to `{}`, which is not there",
                    page.path, link.href
                );
                findings.push(self.on_page(code, page, source, &escape(&link.href), message));
            } else if let Some(fragment) = &link.fragment
                && !self.has_id(&link.path, fragment)
                && !self.is_authors(page, link)
            {
                let message = format!(
                    "`{}` links to `{}`, but nothing there has that id",
                    page.path, link.href
                );
                findings.push(self.on_page(
                    Code::DeadAnchor,
                    page,
                    source,
                    &escape(&link.href),
                    message,
                ));
            }
        }
    }

    /// Whether an author wrote this link: then it is reported where it was
    /// written.
    fn is_authors(&self, page: &Page, link: &OpenLink) -> bool {
        self.author_links.iter().any(|(on, author)| {
            let path = author.path.as_deref().or(*on).unwrap_or(&page.path);
            Some(&author.fragment) == link.fragment.as_ref() && path == link.path
        })
    }

    fn on_page(
        &self,
        code: Code,
        page: &Page,
        source: &Source,
        needle: &str,
        message: String,
    ) -> Finding {
        let shown = shown_page(page);
        let at = source
            .known(&shown)
            .and_then(|text| Some((text.text.find(needle)?, needle.len())));
        let place = at.map(|(start, len)| Place::new(&shown, start..start + len));
        Finding::new(code, place, message)
            .help("the link is made by a template of the theme, or by raw HTML in prose")
    }

    fn author(&self, findings: &mut Findings) {
        for (page, link) in &self.author_links {
            let Some(path) = link.path.as_deref().or(*page) else {
                continue;
            };
            if !self.has_id(path, &link.fragment) {
                findings.push(
                    Finding::new(
                        Code::DeadAnchor,
                        link.place.clone(),
                        format!("nothing on `{path}` has the id `{}`", link.fragment),
                    )
                    .label("points nowhere")
                    .help("headings get their text in lower case with `-` for blanks as id,")
                    .help("or one of your own: `## Heading {#id}`"),
                );
            }
        }
    }

    fn redirects(&self, config: &Config, findings: &mut Findings) {
        for (from, to) in &config.html.redirect.0 {
            if let Some((scheme, _)) = links::scheme(&to.value) {
                if !["http", "https"].contains(&scheme.as_str()) {
                    findings.push(
                        Finding::new(
                            Code::UnsafeLink,
                            to.place.clone(),
                            format!("a redirect to `{scheme}:` is not allowed"),
                        )
                        .help("lead to a page of this site, or to `https://...`"),
                    );
                }
                continue;
            }
            let (path, fragment) = to.value.split_once('#').unwrap_or((&to.value, ""));
            let folder = from
                .value
                .trim_start_matches('/')
                .rsplit_once('/')
                .map_or("", |(f, _)| f);
            let full = match path.strip_prefix('/') {
                Some(path) => links::join("", path),
                None => links::join(folder, path),
            };
            let there = full.is_some_and(|p| {
                self.targets.outputs.contains(&p)
                    && (fragment.is_empty() || self.has_id(&p, fragment))
            });
            if !there {
                findings.push(
                    Finding::new(
                        Code::DeadLink,
                        to.place.clone(),
                        format!("the redirect leads to `{}`, which is not there", to.value),
                    )
                    .label("points nowhere"),
                );
            }
        }
    }
}

/// All files of the site that are not pages.
struct Files {
    /// Path in the site to where its bytes come from.
    list: Vec<(String, Origin)>,
}

enum Origin {
    /// A file of the project, by its path there.
    Copy(String),
    Bytes(Vec<u8>),
    Twin(usize),
    Llms,
    Json,
    JsonSchema,
    Csv,
    Sitemap,
    Robots,
}

impl Files {
    fn plan(
        source: &Source,
        config: &Config,
        project: &Project<'_>,
        pages: &[Page],
        content: &Content,
        theme: &theme::Theme,
        findings: &mut Findings,
    ) -> Files {
        let groups = project.groups;
        let mut list: Vec<(String, Origin)> = Vec::new();
        for (name, bytes) in &theme.files {
            list.push((format!("assets/{name}"), Origin::Bytes(bytes.clone())));
        }
        let added = config.html.additional_css.iter();
        for text in added.chain(&config.html.additional_js) {
            let path = links::join("", &text.value).filter(|path| source.is_file(path));
            match path.map(|path| (source.bytes(&path), path)) {
                Some((Ok(bytes), path)) => list.push((path, Origin::Bytes(bytes))),
                Some((Err(finding), _)) => findings.push(finding),
                None => findings.push(missing_asset(&text.value, &text.place)),
            }
        }
        let mut assets: Vec<(&String, &String)> = content.assets.iter().collect();
        assets.sort();
        for (below, path) in assets {
            list.push((
                path.clone(),
                Origin::Copy(format!("{}/{below}", content.src)),
            ));
        }
        if groups.markdown {
            let twins = pages.iter().enumerate();
            list.extend(twins.filter_map(|(at, p)| Some((p.twin()?, Origin::Twin(at)))));
        }
        if groups.llms {
            list.push(("llms.txt".into(), Origin::Llms));
        }
        if groups.data {
            list.push((export::JSON.into(), Origin::Json));
            list.push((export::JSON_SCHEMA.into(), Origin::JsonSchema));
            list.push((export::CSV.into(), Origin::Csv));
        }
        if groups.sitemap {
            list.push(("sitemap.xml".into(), Origin::Sitemap));
            list.push(("robots.txt".into(), Origin::Robots));
        }
        if let Some(input) = &config.html.input_404
            && !input.value.0.is_empty()
            && !project
                .document
                .prose
                .iter()
                .any(|p| project.is_not_found(p))
        {
            findings.push(missing_asset(&input.value.0, &input.place));
        }
        if let Some(cname) = &config.html.cname {
            let letter = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
            if !cname.value.chars().all(letter) {
                findings.push(
                    Finding::new(
                        Code::WrongValue,
                        cname.place.clone(),
                        format!("`{}` is not a domain", cname.value),
                    )
                    .help("write it without `https://` and path: `docs.example.com`"),
                );
            }
            list.push((
                "CNAME".into(),
                Origin::Bytes(format!("{}\n", cname.value).into_bytes()),
            ));
        }
        list.push((".nojekyll".into(), Origin::Bytes(Vec::new())));
        for (from, to) in &config.html.redirect.0 {
            if let Some(path) = redirect_path(from, findings) {
                let page = redirect(&path, &to.value, project);
                list.push((path, Origin::Bytes(page)));
            }
        }
        let place = |origin: &Origin| match origin {
            Origin::Copy(path) => Some(Place::file(path)),
            _ => None,
        };
        let document = project.document;
        let outputs: Vec<(String, Option<Place>)> = pages
            .iter()
            .map(|p| {
                let file = match p.kind {
                    Kind::Home => project.home().map(|h| &h.file),
                    Kind::Model(m) => Some(&document.models[m].intro.file),
                    Kind::Category(c) => Some(&document.categories[c].file),
                    Kind::Prose(i) => Some(&document.prose[i].file),
                    _ => None,
                };
                (p.path.clone(), file.map(|f| Place::file(f)))
            })
            .chain(home_doubles(project))
            .chain(
                list.iter()
                    .map(|(path, origin)| (path.clone(), place(origin))),
            )
            .collect();
        refuse_collisions(&outputs, findings);
        Files { list }
    }

    fn paths(&self) -> impl Iterator<Item = String> + '_ {
        self.list.iter().map(|(path, _)| path.clone())
    }

    /// Addresses of style sheets and scripts, with a version so that browsers
    /// notice new ones.
    fn heads(&self, config: &Config) -> (Vec<String>, Vec<String>) {
        let versioned = config.html.hash_files.unwrap_or(true);
        let mut styles = Vec::new();
        let mut scripts = Vec::new();
        for (path, origin) in &self.list {
            let of_theme = path.starts_with("assets/") && matches!(origin, Origin::Bytes(_));
            let added = config
                .html
                .additional_css
                .iter()
                .chain(&config.html.additional_js);
            let named = added
                .into_iter()
                .any(|t| links::join("", &t.value).as_ref() == Some(path));
            if !of_theme && !named {
                continue;
            }
            let version = match origin {
                Origin::Bytes(bytes) if versioned => {
                    format!("?v={}", &blake3::hash(bytes).to_hex()[..8])
                }
                _ => String::new(),
            };
            let href = format!("{}{version}", encode(path));
            if path.ends_with(".css") {
                styles.push(href);
            } else if path.ends_with(".js") {
                scripts.push(href);
            }
        }
        (styles, scripts)
    }

    /// Makes the files and hands them over.
    fn emit(
        &self,
        source: &Source,
        renderer: &Renderer<'_>,
        pages: &[Page],
        sink: Sink<'_>,
        findings: &mut Findings,
    ) {
        let project = renderer.project;
        let config = project.config;
        let url = config.site_url().unwrap_or_default();
        let missing: Vec<Finding> = self
            .list
            .par_iter()
            .filter_map(|(path, origin)| {
                let bytes = match origin {
                    Origin::Copy(from) => match source.bytes(from) {
                        Ok(bytes) => bytes,
                        Err(finding) => return Some(finding),
                    },
                    Origin::Bytes(bytes) => bytes.clone(),
                    Origin::Twin(at) => {
                        let page = &pages[*at];
                        let writer = twin::Writer {
                            targets: renderer.targets,
                            settings: renderer.settings,
                            root: page.root(),
                            src: config.src(),
                        };
                        writer.page(&page.title, &project.body(page)).into_bytes()
                    }
                    Origin::Llms => twin::llms(project, pages).into_bytes(),
                    Origin::Json => export::json(project),
                    Origin::JsonSchema => export::json_schema(),
                    Origin::Csv => export::csv(project),
                    Origin::Sitemap => export::sitemap(&url, pages).into_bytes(),
                    Origin::Robots => export::robots(&url).into_bytes(),
                };
                sink(path, &bytes);
                None
            })
            .collect();
        missing.into_iter().for_each(|f| findings.push(f));
    }
}

/// A second source of the start page: `index.md` and `README.md` side by side.
fn home_doubles(project: &Project<'_>) -> Vec<(String, Option<Place>)> {
    let homes = project
        .document
        .prose
        .iter()
        .filter(|p| crate::pages::prose_path(&p.path) == "index.html");
    homes
        .skip(1)
        .map(|p| ("index.html".to_string(), Some(Place::file(&p.file))))
        .collect()
}

/// Where the page of a redirect is written.
fn redirect_path(from: &crate::tree::Text, findings: &mut Findings) -> Option<String> {
    let place = from.place.clone();
    if from.value.contains('#') {
        findings.push(Finding::new(
            Code::NoEffect,
            place,
            format!(
                "the redirect of `{}` has no effect: a server never sees the part after `#`",
                from.value
            ),
        ));
        return None;
    }
    let path = links::join("", &from.value).filter(|path| !path.starts_with(".srm-site"));
    let Some(path) = path else {
        findings.push(
            Finding::new(
                Code::WrongValue,
                place,
                format!("`{}` is not a place in this site", from.value),
            )
            .help("write the old path, from the top of the site: `/old.html`"),
        );
        return None;
    };
    let folder = from.value.ends_with('/') || path.is_empty();
    Some(match (folder, path.as_str()) {
        (true, "") => "index.html".into(),
        (true, path) => format!("{path}/index.html"),
        (false, path) => path.to_string(),
    })
}

fn missing_asset(path: &str, place: &Place) -> Finding {
    Finding::new(
        Code::MissingAsset,
        place.clone(),
        format!("there is no file `{path}`"),
    )
    .label("not found")
    .help("paths are relative to `book.toml`, that of `input-404` to the content folder")
}

/// A page that sends browsers to another one.
fn redirect(path: &str, to: &str, project: &Project<'_>) -> Vec<u8> {
    let target = match to.strip_prefix('/') {
        Some(rest) => format!("{}{rest}", "../".repeat(path.matches('/').count())),
        None => to.to_string(),
    };
    let (target, title) = (escape(&target), escape(project.title()));
    let language = escape(project.config.language());
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{title}</title>\n<meta http-equiv=\"refresh\" content=\"0; url={target}\">\n\
         <link rel=\"canonical\" href=\"{target}\">\n</head>\n\
         <body><p><a href=\"{target}\">{target}</a></p></body>\n</html>\n"
    )
    .into_bytes()
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
