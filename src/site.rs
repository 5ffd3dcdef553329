//! Runs the stages from sources to pages in order, in parallel where possible, and
//! passes every file to a sink. It also decides what an earlier run lets it skip
//! (`reuse`, `checking`). What a stage does is decided in its room.

// The open ones are part of the door: what is in them reads better behind their name.
mod checking;
mod data;
pub mod engine;
mod fingerprint;
mod memos;
mod plan;
mod reuse;
mod settings;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::check::refuse_unsafe_addresses;
use crate::findings::{Digest, Finding, Findings, Severity};
use crate::input::Config;
use crate::model::{Content, Document, active_files, lint};
use crate::output::Made;
use crate::pages::{NavItem, Page, PageKind, Project, page_keys};
use crate::render::theme::{self, Theme};
use crate::render::{Neighbours, Renderer};
use crate::site::plan::{Plan, measure, plain_code, settings_key};
use crate::source::Source;
use crate::tables::Request;
use crate::tables::formats::{Host, TableFormat};
use crate::text::{Highlighter as Highlighting, links};

pub use crate::model::lint::Stale;
pub use crate::site::checking::Checked;
pub use crate::site::fingerprint::fingerprint;
pub use crate::site::memos::Memos;
pub use crate::site::settings::config;

/// The options of a run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Replaces `site-url` of the settings.
    pub site_url: Option<String>,
    /// Whether drafts are included.
    pub drafts: bool,
    /// The day of the check; without it, dates are not checked.
    pub today: Option<jiff::civil::Date>,
    /// Which reviews are too old; without it, none is.
    pub stale: Option<Stale>,
    /// Whether warnings stop a build, as `deny-warnings` does.
    pub deny_warnings: bool,
    /// Whether links may lead out of the project.
    pub follow_links: bool,
}

/// The result of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// All findings of the run, in reading order.
    pub findings: Findings,
    /// The number of pages.
    pub pages: usize,
    /// Whether findings stop the run.
    pub failed: bool,
    /// Whether rendering, as opposed to reading and checking, had no findings.
    pub quiet: bool,
    /// Whether there were no findings, and the same sources will have none on any
    /// other day.
    pub silent: bool,
    /// What the next run can reuse.
    pub made: Made,
}

/// Where the files of a site go. It is called from several threads.
#[derive(Clone, Copy)]
pub struct Sink<'a> {
    /// Receives a file: its path and bytes.
    pub take: &'a (dyn Fn(&str, &[u8]) + Sync),
    /// Keeps a file of an earlier run if it exists and has this key; returns whether
    /// it did.
    pub keep: &'a (dyn Fn(&str, Digest) -> bool + Sync),
    /// What the earlier run recorded about its files.
    pub made: &'a Made,
}

impl<'a> Sink<'a> {
    /// A sink that receives every file and keeps none.
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

/// A function that is told the progress: pages done, and all pages.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// The outcome of a project whose pages are known to be current: everything except
/// rendering.
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

/// Makes the document from the files of the content folder, and checks it.
fn document(
    content: &Content,
    source: &Source,
    options: &Options,
    memos: &Memos,
    findings: &mut Findings,
) -> Document {
    let document = content.document(source, &memos.content, options.drafts, findings);
    let lost = lint::Lost::of(findings);
    let stale = options.stale.as_ref();
    let doubts = lint::check(&document, options.today, stale, lost, &memos.lint);
    findings.extend(doubts);
    document
}

/// Whether findings keep a site from being written.
fn stops(config: &Config, options: &Options, findings: &Findings) -> bool {
    let denied = options.deny_warnings || config.srm.deny_warnings.unwrap_or(false);
    findings.has_errors() || denied && findings.count(Severity::Warning) > 0
}

/// A project that was read, checked and planned, with everything that is needed to
/// render any of its pages.
pub struct Site {
    config: Arc<Config>,
    document: Document,
    theme: Arc<(Theme, Findings)>,
    plan: Arc<Plan>,
    /// Paths of files that browsers would run and that the settings do not allow.
    active: BTreeSet<String>,
    /// A digest of what all pages share.
    shared_key: Digest,
    /// The key of each page; equal keys mean equal bytes.
    keys: Vec<Digest>,
    /// The findings so far.
    findings: Findings,
    /// How many of the findings are about the sources only.
    examined: usize,
    /// What was lost to errors, so that dead links to it mean nothing.
    lost: Lost,
}

/// What errors in the sources keep from the site.
#[derive(Clone, Copy, PartialEq)]
enum Lost {
    Nothing,
    /// Ids, and the pages that are made from data.
    Data,
    /// Pages of prose, and maybe data.
    Pages,
}

impl Lost {
    /// Judged by the findings about the sources.
    fn of(findings: &Findings) -> Lost {
        let is_page = |f: &&Finding| {
            f.severity == Severity::Error && f.place.iter().any(|p| p.file.ends_with(".md"))
        };
        match findings.list.iter().find(is_page) {
            _ if !findings.has_unreadable_parts() => Lost::Nothing,
            Some(_) => Lost::Pages,
            None => Lost::Data,
        }
    }
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
        let added: Vec<_> = added
            .map(|text| Some(source.hash_or_reason(&links::join("", &text.value)?)))
            .collect();
        let plain_code = plain_code(&document);
        let made_with = (theme_key, options.drafts, assets, &images, added);
        let made_with = Digest::of(&(made_with, &plain_code));
        let parts = page_keys::parts(&document, &memos.parts);
        let told = (&document, &theme.0.strings);
        let shared_key = page_keys::shared(told, &parts, made_with);
        let plan = memos.plan.get("", shared_key, || {
            let mut plan = Plan::new(source, &config, &document, &theme.0, &content, images);
            plan.targets.code = Highlighting::new(plain_code);
            plan
        });
        findings.extend(plan.findings.clone());
        let lost = Lost::of(&findings);
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
            lost,
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

    /// Makes what a request asks for, in a format, for a document of another tool.
    /// Links into the site lead to `base` unless the request says otherwise. Returns
    /// `None` and adds findings if the request is wrong.
    pub fn show(
        &self,
        request: &Request,
        format: TableFormat,
        base: Option<&str>,
        findings: &mut Findings,
    ) -> Option<Vec<u8>> {
        self.with_renderer(|renderer| {
            renderer.show(request, format, base, Host::Document, findings)
        })
    }

    /// How many tables a request asks for, and the names of those that have no lines.
    pub fn empty_tables(&self, request: &Request) -> (usize, Vec<String>) {
        let selection = request.select(&self.document, &mut Findings::default());
        selection.map_or_else(Default::default, |s| s.empty_tables(&self.theme.0.strings))
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

    /// The findings before rendering.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Whether the findings before rendering stop the site from being written.
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
            settings: config.markdown(),
            menu: &self.plan.menu,
            shared: &self.plan.shared,
            shown: theme
                .template_files
                .iter()
                .map(|(name, file, _)| (name.as_str(), file))
                .collect(),
        })
    }

    /// The previous and next page in reading order. Reversed comparisons, the print
    /// page and the not-found page are not part of it.
    fn neighbours(&self, page: usize) -> Neighbours {
        let inside = |at: &usize| {
            let kind = self.plan.pages[*at].kind;
            !matches!(
                kind,
                PageKind::Reversed(..) | PageKind::Print | PageKind::NotFound
            )
        };
        if !inside(&page) {
            return Neighbours::default();
        }
        let item = |at: usize| NavItem::page(&self.plan.pages[at]);
        Neighbours {
            previous: (0..page).rev().find(inside).map(item),
            next: (page + 1..self.plan.pages.len()).find(inside).map(item),
        }
    }

    /// The HTML of one page; empty if a template is broken.
    pub fn html(&self, page: usize) -> String {
        let around = self.neighbours(page);
        self.with_renderer(|renderer| renderer.page(&self.plan.pages[page], &around).html)
    }

    /// The index of every page and file by path: first come [`Site::pages`], then
    /// [`Site::files`].
    pub fn places(&self) -> &Arc<HashMap<String, usize>> {
        &self.plan.places
    }

    /// The path of the page or file with this index.
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

    /// Whether browsers would run a file although the settings do not allow it.
    pub fn is_active(&self, path: &str) -> bool {
        self.active.contains(path)
    }

    /// The keys of the files that are not pages, in the order of [`Site::files`]. A
    /// file that cannot be read adds a finding.
    pub fn file_keys(&self, source: &Source, findings: &mut Findings) -> Vec<Digest> {
        self.plan.files.keys(source, &self.keys, findings)
    }

    /// Makes one file that is not a page, by its index in [`Site::files`].
    ///
    /// # Errors
    /// A finding when a file that is copied cannot be read.
    pub fn file(&self, at: usize, source: &Source) -> Result<Vec<u8>, Finding> {
        self.with_renderer(|renderer| self.plan.files.make(at, source, renderer, &self.plan.pages))
    }

    /// Makes the files that are not pages and that `sink` cannot keep.
    fn make_files(
        &self,
        source: &Source,
        keys: &[Digest],
        sink: Sink<'_>,
        findings: &mut Findings,
    ) {
        let Plan { files, pages, .. } = &*self.plan;
        // One without a key cannot be read, which was reported with the keys.
        let unreadable = |at: usize| keys[at] == Digest::default();
        let kept = |at: usize, path: &str| unreadable(at) || (sink.keep)(path, keys[at]);
        self.with_renderer(|renderer| {
            files.emit(source, renderer, pages, &kept, sink.take, findings);
        });
    }

    /// The outcome of a run with these findings, which include those of
    /// [`Site::check`].
    pub fn outcome(&self, options: &Options, mut findings: Findings) -> Outcome {
        let quiet = findings.list.len() == self.examined;
        lint::acknowledge(&self.document, &mut findings);
        findings.sort();
        Outcome {
            failed: stops(&self.config, options, &findings),
            pages: self.plan.pages.len(),
            quiet,
            silent: findings.list.is_empty() && !self.document.has_dates(),
            made: Made::default(),
            findings,
        }
    }
}

/// Reads, checks and renders a project. Each file of the site goes to `sink`, except
/// those it can keep. The caller decides by the outcome whether to publish them.
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
    let keys = site.file_keys(source, &mut findings);
    site.make_files(source, &keys, sink, &mut findings);
    let mut outcome = site.outcome(options, findings);
    outcome.made = site.made(&keys, outcome.quiet, sink.made, memos);
    outcome
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
