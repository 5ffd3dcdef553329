//! The session: runs the straight line from sources to pages once, in
//! parallel where it can, and hands every file to a sink. All decisions are in
//! the stages; this is their order.

pub mod engine;
mod reuse;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use crate::check::links::{Checker, refuse_unsafe_addresses, shown_page};
use crate::check::pages::{Known, Report, Reports, is_fresh};
use crate::findings::diag::{Code, Finding, Findings, Place, Severity};
use crate::findings::memo::{Digest, Listed, Memo};
use crate::input::config::Config;
use crate::model::active_files;
use crate::model::content::{self, Content};
use crate::model::lint;
use crate::model::{Document, ModelIx};
use crate::output::Made;
use crate::pages::page_keys;
use crate::pages::{self, Item, Kind, Nav, Page, Project};
use crate::render::menu::Menu;
use crate::render::other_files::Files;
use crate::render::theme::{self, Theme};
use crate::render::{self, Around, Looked, Renderer};
use crate::source::Source;
use crate::tables::formats::{Format, Host};
use crate::tables::query::Request;
use crate::text::code::{self, Code as Highlighting};
use crate::text::images;
use crate::text::links::{self, Size, Targets};
use crate::text::markdown::Settings;

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
    /// Whether links may lead out of the project.
    pub follow_links: bool,
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
    /// What the next run can do without.
    pub made: Made,
}

/// Where the files of a site go, from several threads.
#[derive(Clone, Copy)]
pub struct Sink<'a> {
    /// Takes a file.
    pub take: &'a (dyn Fn(&str, &[u8]) + Sync),
    /// Takes over a file of an earlier run, if it is there and has this key.
    pub keep: &'a (dyn Fn(&str, Digest) -> bool + Sync),
    /// What that run said of its files.
    pub made: &'a Made,
}

impl<'a> Sink<'a> {
    /// One that takes every file, whatever was before.
    pub fn new(take: &'a (dyn Fn(&str, &[u8]) + Sync)) -> Sink<'a> {
        static NOTHING: Made = Made {
            keys: BTreeMap::new(),
            facts: BTreeMap::new(),
        };
        Sink {
            take,
            keep: &|_, _| false,
            made: &NOTHING,
        }
    }
}

/// Hears how far a run is: pages done, and all of them.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// The project's settings, with what is wrong in them.
pub fn config(source: &Source, options: &Options, findings: &mut Findings) -> Config {
    let mut config = match source.text("book.toml") {
        Ok(text) => Config::parse(&text.path, &text.text, findings),
        Err(finding) if finding.code == Code::LeadsOutside => {
            findings.push(finding);
            Config::defaults()
        }
        Err(mut finding) => {
            let inside = source.folders_with("book.toml");
            if let [first, ..] = inside.as_slice() {
                finding = finding.help(format!(
                    "there is one in the folder `{first}`: name that one"
                ));
            } else if let Some(around) = source.folder_around_with("book.toml") {
                finding = finding.help(format!(
                    "there is one in `{}`: name that folder",
                    around.display()
                ));
            }
            findings.push(finding.help("`srm-site init` makes a project that works"));
            Config::defaults()
        }
    };
    if let Some(url) = &options.site_url {
        config.html.site_url = Some(crate::input::tree::At {
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
    let mut paths = source.walk(config.src(), &mut unreadable).files.clone();
    paths.push("book.toml".into());
    let theme = theme::folder(config);
    let own_theme = source.is_folder(&theme);
    if own_theme {
        let listing = source.walk(&theme, &mut unreadable);
        paths.extend(listing.files.iter().cloned());
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
    let is_template = |path: &str| path.ends_with(".html") && path.starts_with(&theme);
    let is_text = |path: &str| is_source(path) || is_template(path);
    let texts: Vec<&String> = paths.iter().filter(|path| is_text(path)).collect();
    source.take_in(&texts);
    let hash = |path: &String| {
        // A source is read once: what it is then, it is for the whole run.
        let text = is_text(path).then(|| source.text(path).ok()).flatten();
        text.map(|text| text.hash).or_else(|| source.hash(path))
    };
    let hashes: Option<Vec<Digest>> = paths.par_iter().map(hash).collect();
    let asked = (
        &options.site_url,
        options.drafts,
        options.deny_warnings,
        own_theme,
    );
    let all = Digest::of(&(paths, hashes?, asked, env!("SRM_SITE_BUILD")));
    Some(all.to_string())
}

/// Whether a file is one that a run reads as text, as far as its name tells.
fn is_source(path: &str) -> bool {
    let extensions = ["md", "yaml", "yml", "toml"];
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| extensions.contains(&extension))
}

/// The findings of a project whose pages are known to be current: everything
/// but rendering.
pub fn examine(
    source: &Source,
    config: &Config,
    options: &Options,
    mut findings: Findings,
) -> Outcome {
    let memos = Memos::default();
    let content = Content::list(source, config, &memos.content, &mut findings);
    active_files::find(&content, source, config, &memos.active, &mut findings);
    let document = document(&content, source, options, &memos, &mut findings);
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
    memos: &Memos,
    findings: &mut Findings,
) -> Document {
    let document = content.document(source, &memos.content, options.drafts, findings);
    // What is absent says nothing where something was lost.
    let complete = !findings.lost_something();
    findings.extend(lint::check(&document, options.today, complete, &memos.lint));
    document
}

/// Whether findings keep a site from being written.
fn stops(config: &Config, options: &Options, findings: &Findings) -> bool {
    let denied = options.deny_warnings || config.srm.deny_warnings.unwrap_or(false);
    findings.has_errors() || denied && findings.count(Severity::Warning) > 0
}

/// Results of the stages, kept for the next look at the same project. A stage
/// finds in them what it made from the same things before.
#[derive(Default)]
pub struct Memos {
    content: content::Memos,
    active: active_files::Memos,
    lint: lint::Memos,
    theme: Memo<(Theme, Findings)>,
    parts: Listed<page_keys::Parts, (Digest, usize)>,
    keys: Listed<Digest, page_keys::PageMadeFrom>,
    images: Memo<Option<Size>>,
    plan: Memo<Plan>,
    texts: Listed<Looked, (Digest, Digest)>,
    reports: Mutex<Reports>,
    dead: Listed<Findings, (Digest, Digest)>,
}

impl Memos {
    /// Lets go of everything that the last look did not ask for.
    pub fn sweep(&self) {
        self.content.sweep();
        self.active.sweep();
        self.theme.sweep();
        self.images.sweep();
        self.plan.sweep();
    }
}

/// The sizes of the images that are copied, by their path in the site. One that
/// cannot be read is found out about when it is copied.
fn measure(
    content: &Content,
    source: &Source,
    memo: &Memo<Option<Size>>,
) -> BTreeMap<String, Size> {
    let paths: Vec<_> = content.assets.iter().collect();
    let size = |(below, path): &(&String, &String)| {
        let from = format!("{}/{below}", content.src);
        let size = memo.get(&from, source.hash(&from)?, || {
            images::size(&from, &source.bytes(&from).ok()?)
        });
        Some((path.to_string(), (*size)?))
    };
    let sizes = paths.par_iter().filter(|(_, path)| images::is_image(path));
    sizes.filter_map(size).collect()
}

/// Which pages and files there are, and what they share.
struct Plan {
    pairs: Vec<(ModelIx, ModelIx)>,
    pages: Vec<Page>,
    files: Files,
    targets: Targets,
    /// Path of a page or a file to its place among all pages and then all files.
    places: Arc<HashMap<String, usize>>,
    menu: Menu,
    /// Values every template sees.
    shared: tera::Context,
    findings: Findings,
}

impl Plan {
    fn new(
        source: &Source,
        config: &Config,
        document: &Document,
        theme: &Theme,
        content: &Content,
        images: BTreeMap<String, Size>,
    ) -> Plan {
        let mut findings = Findings::default();
        let pairs = pages::pairs(document, config, &mut findings);
        let project = Project {
            document,
            config,
            strings: &theme.strings,
            groups: config.groups(),
            pairs: &pairs,
        };
        let pages = project.pages();
        let files = Files::plan(
            source,
            config,
            &project,
            &pages,
            content,
            theme,
            &mut findings,
        );
        let targets = project.targets(&pages, files.paths(), content.assets.clone(), images);
        let heads = files.heads(config);
        let paths = pages.iter().map(|page| page.path.clone());
        let places = paths.chain(files.paths()).enumerate();
        let places = Arc::new(places.map(|(at, path)| (path, at)).collect());
        let nav = Nav::new(&project, &pages);
        let policy = !config.adds_scripts() && !theme.has_code;
        let shared = render::shared(&project, &nav, &heads, policy);
        let menu = Menu::new(&nav, &pages, project.strings);
        Plan {
            pairs,
            pages,
            files,
            targets,
            places,
            menu,
            shared,
            findings,
        }
    }
}

/// A project that was read, checked and planned: what is known before its pages
/// are rendered. It holds all that is needed to render any of them.
pub struct Site {
    config: Arc<Config>,
    document: Document,
    theme: Arc<(Theme, Findings)>,
    plan: Arc<Plan>,
    /// Paths of files that browsers would run and that nobody allowed.
    active: BTreeSet<String>,
    /// Of what all pages share.
    shared_key: Digest,
    /// Of each page: equal keys, equal bytes.
    keys: Vec<Digest>,
    /// What was found so far.
    findings: Findings,
    /// How many of the findings are about the sources alone.
    examined: usize,
    /// Whether something was lost, so that links to it say nothing new.
    incomplete: bool,
}

impl Site {
    /// Reads, checks and plans a project.
    pub fn read(
        source: &Source,
        config: Arc<Config>,
        options: &Options,
        mut findings: Findings,
        memos: &Memos,
    ) -> Site {
        let content = Content::list(source, &config, &memos.content, &mut findings);
        let active = active_files::find(&content, source, &config, &memos.active, &mut findings);
        let document = document(&content, source, options, memos, &mut findings);
        let examined = findings.list.len();
        let theme_key = Digest::of(&(settings_key(source, options), theme::key(source, &config)));
        let theme = memos.theme.get("", theme_key, || {
            let mut findings = Findings::default();
            (theme::load(source, &config, &mut findings), findings)
        });
        theme.0.remember(source);
        findings.extend(theme.1.clone());
        let mut assets: Vec<_> = content.assets.iter().collect();
        assets.sort();
        let images = measure(&content, source, &memos.images);
        let added = config.html.additional_css.iter();
        let added = added.chain(&config.html.additional_js);
        let added: Vec<Option<Digest>> = added
            .map(|text| source.hash(&links::join("", &text.value)?))
            .collect();
        let plain_code = plain_code(&document);
        let made_with = (theme_key, options.drafts, assets, &images, added);
        let made_with = Digest::of(&(made_with, &plain_code));
        let parts = page_keys::parts(&document, &memos.parts);
        let shared_key = page_keys::shared(&document, &parts, made_with);
        let plan = memos.plan.get("", shared_key, || {
            let mut plan = Plan::new(source, &config, &document, &theme.0, &content, images);
            plan.targets.code = Highlighting::new(plain_code);
            plan
        });
        findings.extend(plan.findings.clone());
        let incomplete = findings.lost_something();
        refuse_unsafe_addresses(&document, &config, &mut findings);
        let mut site = Site {
            config,
            document,
            theme,
            plan,
            active,
            shared_key,
            keys: Vec::new(),
            findings,
            examined,
            incomplete,
        };
        site.keys = page_keys::pages(
            &site.project(&site.document),
            &site.plan.pages,
            shared_key,
            &parts,
            &memos.keys,
        );
        site
    }

    fn project<'a>(&'a self, document: &'a Document) -> Project<'a> {
        Project {
            document,
            config: &self.config,
            strings: &self.theme.0.strings,
            groups: self.config.groups(),
            pairs: &self.plan.pairs,
        }
    }

    /// Makes what is asked for in a format, for a document of another tool. Links
    /// into the site lead to `base` unless the request says otherwise. `None` when
    /// something in the request is wrong, which then is among the findings.
    pub fn show(
        &self,
        request: &Request,
        format: Format,
        base: Option<&str>,
        findings: &mut Findings,
    ) -> Option<Vec<u8>> {
        self.with_renderer(|renderer| {
            renderer.show(request, format, base, Host::Document, findings)
        })
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// All pages, in reading order.
    pub fn pages(&self) -> &[Page] {
        &self.plan.pages
    }

    /// The keys of all pages: another site's page with the same key is equal.
    pub fn page_keys(&self) -> &[Digest] {
        &self.keys
    }

    /// What was found before rendering.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Whether what was found before rendering keeps the site from being
    /// written.
    pub fn stopped(&self, options: &Options) -> bool {
        stops(&self.config, options, &self.findings)
    }

    fn with_renderer<T>(&self, work: impl FnOnce(&Renderer<'_>) -> T) -> T {
        self.with_document(&self.document, work)
    }

    fn with_document<T>(&self, document: &Document, work: impl FnOnce(&Renderer<'_>) -> T) -> T {
        let project = self.project(document);
        let (config, theme) = (&self.config, &self.theme.0);
        work(&Renderer {
            project: &project,
            targets: &self.plan.targets,
            theme,
            settings: Settings {
                raw_html: config.srm.raw_html.unwrap_or(false),
                smart_punctuation: config.html.smart_punctuation.unwrap_or(true),
                definition_lists: config.html.definition_lists.unwrap_or(true),
                callouts: config.html.admonitions.unwrap_or(true),
            },
            menu: &self.plan.menu,
            shared: &self.plan.shared,
            shown: theme
                .template_files
                .iter()
                .map(|(name, file, _)| (name.as_str(), file))
                .collect(),
        })
    }

    /// The page before and after one, in the order of reading. Reversed
    /// comparisons, print and the not-found page stand outside it.
    fn around(&self, page: usize) -> Around {
        let inside = |at: &usize| {
            let kind = self.plan.pages[*at].kind;
            !matches!(kind, Kind::Reversed(..) | Kind::Print | Kind::NotFound)
        };
        if !inside(&page) {
            return Around::default();
        }
        let item = |at: usize| Item::page(&self.plan.pages[at]);
        Around {
            previous: (0..page).rev().find(inside).map(item),
            next: (page + 1..self.plan.pages.len()).find(inside).map(item),
        }
    }

    /// The HTML of one page; empty when a template is broken.
    pub fn html(&self, page: usize) -> String {
        let around = self.around(page);
        self.with_renderer(|renderer| renderer.page(&self.plan.pages[page], &around).html)
    }

    /// The path of every page and file to its place among [`Site::pages`] and
    /// then [`Site::files`].
    pub fn places(&self) -> &Arc<HashMap<String, usize>> {
        &self.plan.places
    }

    /// The path of a page or file by that place.
    pub fn path(&self, place: usize) -> &str {
        match place.checked_sub(self.plan.pages.len()) {
            None => &self.plan.pages[place].path,
            Some(at) => self.plan.files.path(at),
        }
    }

    /// The paths of all files that are not pages.
    pub fn files(&self) -> impl Iterator<Item = String> + '_ {
        self.plan.files.paths()
    }

    /// Whether a file would run as code in a browser though nothing allows it.
    pub fn is_active(&self, path: &str) -> bool {
        self.active.contains(path)
    }

    /// The keys of those files, in the same order.
    pub fn file_keys(&self, source: &Source) -> Vec<Digest> {
        self.plan.files.keys(source, &self.keys)
    }

    /// Makes one file that is not a page, by its place among [`Site::files`].
    ///
    /// # Errors
    /// A finding when a file that is copied cannot be read.
    pub fn file(&self, at: usize, source: &Source) -> Result<Vec<u8>, Finding> {
        self.with_renderer(|renderer| self.plan.files.make(at, source, renderer, &self.plan.pages))
    }

    /// Renders pages and looks up every link of the site. Pages whose report
    /// is known are not rendered again, and those that are not `wanted` now
    /// keep the report they had. Each page that was rendered goes to `sink`.
    pub fn check(
        &self,
        source: &Source,
        memos: &Memos,
        wanted: &(dyn Fn(usize) -> bool + Sync),
        sink: &(dyn Fn(usize, String) + Sync),
        progress: Progress<'_>,
    ) -> Checked {
        let mut findings = self.findings.clone();
        let texts = self.texts(memos);
        let frame_texts = self.with_renderer(|r| r.frame_texts());
        let texts = || texts.iter().map(|text| &**text).chain([&frame_texts]);
        self.make_reports(memos, wanted, sink, progress);
        let reports = self.reports(memos);
        let pages = || reports.list.iter().zip(&self.keys);
        // What an old page has says nothing about the new one.
        let fresh = |at: usize| {
            let known = reports.list.get(at)?.as_ref()?;
            (known.key == self.keys[at]).then_some(&*known.report)
        };
        let authors_links = || {
            let on_pages = pages().filter_map(|(known, _)| Some(&known.as_ref()?.report));
            let on_pages = on_pages.filter(|report| report.rendered);
            let in_texts = texts().flat_map(|text| &text.links);
            in_texts
                .chain(on_pages.flat_map(|report| &report.links))
                .collect()
        };
        let ids = |path: &str| {
            let report = fresh(*self.plan.places.get(path)?)?;
            report.rendered.then_some(&report.facts.ids)
        };
        let checker = Checker::new(&self.plan.targets, &ids, &authors_links);
        let all_ids = pages().map(|(known, key)| match known {
            Some(known) if known.key == *key => known.ids_key,
            _ => Digest::default(),
        });
        let all_ids = Digest::of(&(self.shared_key, Digest::of_all(all_ids)));
        let made_from = pages().map(|(known, key)| match known {
            Some(known) if known.key == *key => (known.made_for, all_ids),
            _ => Default::default(),
        });
        let dead = memos.dead.all(made_from.collect(), |at| {
            let mut dead = Findings::default();
            if let Some(report) = fresh(at) {
                let html = report.excerpted.as_deref();
                checker.page(&self.plan.pages[at], &report.facts, html, &mut dead);
                checker.author(&report.links, &mut dead);
            }
            dead
        });
        let mut more = Findings::default();
        for text in texts() {
            findings.extend(text.findings.clone());
            checker.author(&text.links, &mut more);
        }
        checker.redirects(&self.config, &mut more);
        for (at, (known, _)) in pages().enumerate() {
            let Some(Known { report, .. }) = known.as_ref().filter(|known| known.speaks) else {
                continue;
            };
            if let (Some(html), Some(_)) = (&report.excerpted, fresh(at)) {
                source.remember(&shown_page(&self.plan.pages[at]), html.clone());
            }
            if !report.findings.list.is_empty() {
                findings.extend(report.findings.clone());
            }
        }
        for dead in dead.iter().filter(|dead| !dead.list.is_empty()) {
            findings.extend((**dead).clone());
        }
        findings.extend(more);
        if self.incomplete {
            findings
                .list
                .retain(|f| !matches!(f.code, Code::DeadLink | Code::DeadAnchor));
        }
        let complete = pages().all(|(known, key)| is_fresh(known, *key));
        Checked { findings, complete }
    }

    /// Makes the pages that `sink` cannot keep, and finds what is to be found
    /// on any page. All are made where that takes all of them.
    fn make_pages(
        &self,
        source: &Source,
        memos: &Memos,
        sink: Sink<'_>,
        progress: Progress<'_>,
    ) -> Findings {
        let take = |at: usize, html: String| {
            (sink.take)(&self.plan.pages[at].path, html.as_bytes());
        };
        let kept = self.kept(sink);
        let touched = |at: usize| !kept[at];
        // One page that is as it was says that what all of them share is, too.
        if kept.contains(&true) {
            self.make_reports(memos, &touched, &take, progress);
            if self.is_harmless(touched, sink.made, memos) {
                return self.findings.clone();
            }
        }
        self.check(source, memos, &|_| true, &take, progress)
            .findings
    }

    /// Makes the files that are no pages and that `sink` cannot keep.
    fn make_files(
        &self,
        source: &Source,
        keys: &[Digest],
        sink: Sink<'_>,
        findings: &mut Findings,
    ) {
        let Plan { files, pages, .. } = &*self.plan;
        let kept = |at: usize, path: &str| (sink.keep)(path, keys[at]);
        self.with_renderer(|renderer| {
            files.emit(source, renderer, pages, &kept, sink.take, findings);
        });
    }

    /// What the Markdown in data files says and links to.
    fn texts(&self, memos: &Memos) -> Arc<Vec<Arc<Looked>>> {
        let categories = &self.document.categories;
        let made_from = categories.iter().map(|c| (c.made_from, self.shared_key));
        memos
            .texts
            .all(made_from.collect(), |at| self.category_texts(at))
    }

    fn category_texts(&self, category: usize) -> Looked {
        let category = &self.document.categories[category];
        self.with_renderer(|renderer| renderer.category_texts(category))
    }

    /// The reports that are known, in the places of this site's pages.
    fn reports<'m>(&self, memos: &'m Memos) -> MutexGuard<'m, Reports> {
        let reports = memos.reports.lock();
        let mut reports = reports.unwrap_or_else(PoisonError::into_inner);
        reports.move_to(&self.plan.pages, &self.plan.places);
        reports
    }

    /// Keeps reports that are true of pages of this site.
    fn keep_reports(&self, memos: &Memos, made: Vec<(usize, Arc<Report>)>) {
        let mut reports = self.reports(memos);
        for (at, report) in made {
            reports.list[at] = Some(Known::new(self.keys[at], report));
        }
    }

    /// Makes the pages that are wanted and have no report yet.
    fn make_reports(
        &self,
        memos: &Memos,
        wanted: &(dyn Fn(usize) -> bool + Sync),
        sink: &(dyn Fn(usize, String) + Sync),
        progress: Progress<'_>,
    ) {
        let reported = self.reported(memos);
        let pages = (0..reported.len()).filter(|at| !reported[*at]);
        let pages: Vec<usize> = pages.collect();
        let (all, known) = (reported.len(), reported.len() - pages.len());
        let base = self.with_renderer(|r| render::site_path(r.project).unwrap_or_default());
        let done = AtomicUsize::new(known);
        let made = self.with_renderer(|renderer| {
            let make = |at: usize| {
                let made = wanted(at).then(|| {
                    let page = &self.plan.pages[at];
                    let rendered = renderer.page(page, &self.around(at));
                    let mut report = Report::of(page, &rendered, &base, &self.plan.targets.outputs);
                    report.key = self.keys[at];
                    if report.rendered {
                        sink(at, rendered.html);
                    }
                    (at, Arc::new(report))
                });
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
                made
            };
            pages.into_par_iter().filter_map(make).collect()
        });
        self.keep_reports(memos, made);
    }

    /// What became of a run with these findings, the ones of [`Site::check`]
    /// among them.
    pub fn outcome(&self, options: &Options, mut findings: Findings) -> Outcome {
        let quiet = findings.list.len() == self.examined;
        lint::acknowledge(&self.document, &mut findings);
        findings.sort();
        Outcome {
            failed: stops(&self.config, options, &findings),
            pages: self.plan.pages.len(),
            quiet,
            silent: findings.list.is_empty() && self.document.effective.is_none(),
            made: Made::default(),
            findings,
        }
    }
}

/// The files whose code is shown as plain text, since the site has much of it.
fn plain_code(document: &Document) -> BTreeSet<Arc<str>> {
    let frame = document.frame_texts().map(|text| text.value.as_str());
    let frame_file = document.frame_texts().map(|text| &text.place.file).next();
    let frame = frame_file.map(|file| (file, code::size_in_cells(frame)));
    let intros = document.models.iter().map(|model| &model.intro);
    let prose = || {
        intros
            .clone()
            .chain(document.prose.iter().map(|page| &**page))
    };
    let categories = document.categories.iter().map(|c| (&c.file, c.code));
    let files = frame.into_iter().chain(categories);
    let files = files.chain(prose().map(|prose| (&prose.file, prose.code)));
    let files: Vec<_> = files.collect();
    Highlighting::plain(&files, prose().map(|prose| prose.body.len()).sum())
}

/// A digest of the settings and of what was asked for.
fn settings_key(source: &Source, options: &Options) -> Digest {
    let text = source.known("book.toml").map(|text| text.hash);
    Digest::of(&(env!("SRM_SITE_BUILD"), text, &options.site_url))
}

/// Reads, checks and renders a project. Each file of the site goes to `sink`,
/// but for those it can keep; whether they are moved in place is the caller's
/// decision, from the outcome.
pub fn run(
    source: &Source,
    config: &Arc<Config>,
    options: &Options,
    findings: Findings,
    sink: Sink<'_>,
    progress: Progress<'_>,
    memos: &Memos,
) -> Outcome {
    let site = Site::read(source, config.clone(), options, findings, memos);
    let mut findings = site.make_pages(source, memos, sink, progress);
    let keys = site.file_keys(source);
    site.make_files(source, &keys, sink, &mut findings);
    let mut outcome = site.outcome(options, findings);
    outcome.made = site.made(&keys, outcome.quiet, sink.made, memos);
    outcome
}

/// What [`Site::check`] came to.
pub struct Checked {
    /// All that was found, before rendering too.
    pub findings: Findings,
    /// Whether that is all there is to find: no page had to be judged by an
    /// old report.
    pub complete: bool,
}

/// All files of a site in memory, for tests and tools. Nothing is written.
pub fn in_memory(source: &Source, options: &Options) -> (BTreeMap<String, Vec<u8>>, Outcome) {
    let mut findings = Findings::default();
    let config = config(source, options, &mut findings);
    let files = std::sync::Mutex::new(BTreeMap::new());
    let take = |path: &str, bytes: &[u8]| {
        let mut files = files.lock().unwrap_or_else(|e| e.into_inner());
        files.insert(path.to_string(), bytes.to_vec());
    };
    let config = Arc::new(config);
    let sink = Sink::new(&take);
    let memos = Memos::default();
    let outcome = run(source, &config, options, findings, sink, &|_, _| {}, &memos);
    (
        files.into_inner().unwrap_or_else(|e| e.into_inner()),
        outcome,
    )
}
