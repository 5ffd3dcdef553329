//! The files of a site that are not pages: assets, twins, data, redirects and files
//! for search engines. Their paths are planned before anything is rendered; the files
//! are made afterwards.

mod redirects;

use rayon::prelude::*;

use crate::findings::{Code, Digest, Finding, Findings, Place};
use crate::input::{Config, Text};
use crate::model::{Content, ModelIx};
use crate::pages::web::{self, Fragment};
use crate::pages::{Page, PageKind, Project, refuse_collisions, refuse_long_path};
use crate::render::minify::minify;
use crate::render::other_files::redirects::{redirect, redirect_path};
use crate::render::{self, Heads, Renderer, export, search, theme, twin};
use crate::source::Source;
use crate::tables::formats::TableFormat;
use crate::text::{encode, links, paths};

/// All files of the site that are not pages.
pub struct Files {
    /// Paths in the site, each with where its bytes come from.
    list: Vec<(String, Origin)>,
}

enum Origin {
    /// A copied file, by its path in the project.
    Copy(String),
    Bytes(Vec<u8>),
    Twin(usize),
    Llms,
    /// A table for other web pages, with the page that shows the same table.
    Fragment {
        page: usize,
        fragment: Fragment,
        format: TableFormat,
    },
    /// The badge of a row in a model, with the page of the row's category.
    Badge {
        page: usize,
        category: usize,
        row: usize,
        model: ModelIx,
    },
    Json,
    JsonSchema,
    Csv,
    Feed,
    Search,
    Sitemap,
    Robots,
}

impl Files {
    /// Decides which files there are. Files that would overwrite each other add
    /// findings.
    pub fn plan(
        source: &Source,
        config: &Config,
        project: &Project<'_>,
        pages: &[Page],
        content: &Content,
        theme: &theme::Theme,
        findings: &mut Findings,
    ) -> Files {
        let mut list: Vec<(String, Origin)> = Vec::new();
        for (name, bytes) in &theme.files {
            list.push((paths::asset(name), Origin::Bytes(bytes.clone())));
        }
        let paper = render::paper_style(project).into_bytes();
        list.push((paths::asset(paths::PAPER_STYLE), Origin::Bytes(paper)));
        plan_added(source, config, &mut list, findings);
        let mut assets: Vec<(&String, &String)> = content.assets.iter().collect();
        assets.sort();
        for (below, path) in assets {
            list.push((
                path.clone(),
                Origin::Copy(format!("{}/{below}", content.src)),
            ));
        }
        plan_groups(project, pages, &mut list);
        if let Some(input) = &config.html.input_404
            && !input.value.0.is_empty()
            && project.not_found().is_none()
        {
            findings.push(missing_asset(&input.value.0, &input.place));
        }
        if let Some(cname) = &config.html.cname {
            list.push((paths::DOMAIN.into(), domain(cname, findings)));
        }
        list.push((paths::NO_JEKYLL.into(), Origin::Bytes(Vec::new())));
        for (from, to) in &config.html.redirect.0 {
            // Any other scheme already has a finding.
            let scheme = links::scheme(&to.value).map(|(scheme, _)| scheme);
            let safe = scheme.is_none_or(|s| ["http", "https"].contains(&s.as_str()));
            if let Some(path) = redirect_path(from, findings).filter(|_| safe) {
                let page = redirect(&path, &to.value, project).into_bytes();
                list.push((path, Origin::Bytes(page)));
            }
        }
        let outputs = outputs(project, pages, &list);
        refuse_collisions(&outputs, findings);
        let long = outputs
            .into_iter()
            .filter_map(|(path, place)| refuse_long_path(&path, place));
        long.for_each(|finding| findings.push(finding));
        Files { list }
    }

    /// Paths of the files in the site.
    pub fn paths(&self) -> impl Iterator<Item = String> + '_ {
        self.list.iter().map(|(path, _)| path.clone())
    }

    /// The path of the file with this index.
    pub fn path(&self, at: usize) -> &str {
        &self.list[at].0
    }

    /// Addresses of style sheets, scripts and other files of the theme, with a
    /// version so that browsers notice changes.
    pub fn heads(&self, config: &Config) -> Heads {
        let versioned = config.html.hash_files.unwrap_or(true);
        let mut heads = Heads::default();
        for (path, origin) in &self.list {
            let of_theme = paths::asset_of(path).filter(|_| matches!(origin, Origin::Bytes(_)));
            let added = config
                .html
                .additional_css
                .iter()
                .chain(&config.html.additional_js);
            let named = added
                .into_iter()
                .any(|t| links::join("", &t.value).as_ref() == Some(path));
            if of_theme.is_none() && !named {
                continue;
            }
            let version = match origin {
                Origin::Bytes(bytes) if versioned => {
                    format!("?v={}", &Digest::of_bytes(bytes).to_string()[..8])
                }
                _ => String::new(),
            };
            let href = format!("{}{version}", encode(path));
            if let Some(name) = of_theme {
                heads.assets.insert(name.to_string(), href.clone());
            }
            // Files in subfolders of the theme are named by templates or loaded by
            // scripts.
            if of_theme.is_some_and(|name| name.contains('/')) {
                continue;
            }
            // Files of the project come after the built-in ones, whatever their
            // names, so that their rules take precedence.
            let list = match path.rsplit_once('.') {
                Some((_, "css")) => &mut heads.styles,
                Some((_, "js")) => &mut heads.scripts,
                _ => continue,
            };
            match of_theme {
                Some("style.css" | "site.js") => list.insert(0, href),
                _ => list.push(href),
            }
        }
        heads
    }

    /// Makes all files except those that are `kept`, and passes them on.
    pub fn emit(
        &self,
        source: &Source,
        renderer: &Renderer<'_>,
        pages: &[Page],
        kept: &(dyn Fn(usize, &str) -> bool + Sync),
        sink: &(dyn Fn(&str, &[u8]) + Sync),
        findings: &mut Findings,
    ) {
        let missing: Vec<Finding> = (0..self.list.len())
            .into_par_iter()
            .filter(|at| !kept(*at, &self.list[*at].0))
            .filter_map(|at| match self.make(at, source, renderer, pages) {
                Ok(bytes) => {
                    sink(&self.list[at].0, &bytes);
                    None
                }
                Err(finding) => Some(finding),
            })
            .collect();
        missing.into_iter().for_each(|f| findings.push(f));
    }

    /// Digests of what the files are made from; equal keys mean equal bytes. `pages`
    /// are the keys of all pages. A copied file that cannot be read adds a finding and
    /// has the empty digest.
    pub fn keys(&self, source: &Source, pages: &[Digest], findings: &mut Findings) -> Vec<Digest> {
        let all = Digest::of_all(pages.iter().copied());
        let mut key = |(_, origin): &(String, Origin)| match origin {
            Origin::Copy(from) => source.hash(from).unwrap_or_else(|finding| {
                findings.push(finding);
                Digest::default()
            }),
            Origin::Bytes(bytes) => Digest::of(bytes),
            Origin::Twin(page) | Origin::Fragment { page, .. } | Origin::Badge { page, .. } => {
                pages[*page]
            }
            Origin::Llms
            | Origin::Json
            | Origin::JsonSchema
            | Origin::Csv
            | Origin::Feed
            | Origin::Search
            | Origin::Sitemap
            | Origin::Robots => all,
        };
        self.list.iter().map(&mut key).collect()
    }

    /// Makes one file.
    ///
    /// # Errors
    /// A finding when a file that is copied cannot be read.
    pub fn make(
        &self,
        at: usize,
        source: &Source,
        renderer: &Renderer<'_>,
        pages: &[Page],
    ) -> Result<Vec<u8>, Finding> {
        let project = renderer.project;
        let config = project.config;
        let url = config.site_url().unwrap_or_default();
        Ok(match &self.list[at].1 {
            Origin::Copy(from) => return source.bytes(from),
            Origin::Bytes(bytes) => bytes.clone(),
            Origin::Twin(at) => {
                let page = &pages[*at];
                let writer = twin::TwinWriter {
                    targets: renderer.targets,
                    settings: renderer.settings,
                    page: &page.path,
                    root: page.root(),
                    src: config.src(),
                    strings: project.strings,
                };
                let title = project.plain_title(page);
                writer.page(&title, project.body(page)).into_bytes()
            }
            Origin::Llms => twin::llms(project, pages).into_bytes(),
            Origin::Fragment {
                fragment, format, ..
            } => renderer.fragment(fragment, *format),
            Origin::Badge {
                category,
                row,
                model,
                ..
            } => {
                let row = &project.document.categories[*category].rows[*row];
                let direction = project.config.direction();
                web::badge(project.document, row, *model, project.strings, direction).into_bytes()
            }
            Origin::Json => export::json(renderer),
            Origin::JsonSchema => export::data_schema(),
            Origin::Csv => export::csv(project),
            Origin::Feed => renderer.feed(&url).into_bytes(),
            Origin::Search => search::index(renderer, pages),
            Origin::Sitemap => export::sitemap(&url, pages).into_bytes(),
            Origin::Robots => export::robots(&url).into_bytes(),
        })
    }
}

/// Plans the style sheets and scripts that the settings add.
fn plan_added(
    source: &Source,
    config: &Config,
    list: &mut Vec<(String, Origin)>,
    findings: &mut Findings,
) {
    let added = config.html.additional_css.iter();
    for text in added.chain(&config.html.additional_js) {
        // Names that begin with `.srm-site` are reserved for the tool.
        let path = links::join("", &text.value)
            .filter(|path| source.is_file(path) && !path.starts_with(".srm-site"));
        match path.map(|path| (source.bytes(&path), path)) {
            Some((Ok(bytes), path)) => {
                theme::check_style_sheet(source, &path, findings);
                list.push((path, Origin::Bytes(bytes)));
            }
            Some((Err(mut finding), _)) => {
                finding.place = Some(text.place.clone());
                findings.push(finding);
            }
            None => findings.push(missing_asset(&text.value, &text.place)),
        }
    }
}

/// Plans twins, data and the other groups that the settings can turn off.
fn plan_groups(project: &Project<'_>, pages: &[Page], list: &mut Vec<(String, Origin)>) {
    let groups = project.groups;
    if groups.markdown {
        let twins = pages.iter().enumerate();
        list.extend(twins.filter_map(|(at, p)| Some((p.twin()?, Origin::Twin(at)))));
    }
    if groups.llms {
        list.push((paths::LLMS.into(), Origin::Llms));
    }
    if groups.data {
        list.push((paths::DATA_JSON.into(), Origin::Json));
        list.push((paths::DATA_SCHEMA.into(), Origin::JsonSchema));
        list.push((paths::DATA_CSV.into(), Origin::Csv));
    }
    if groups.search {
        list.push((paths::SEARCH_INDEX.into(), Origin::Search));
        let words = search::words(project.strings);
        list.push((paths::SEARCH_WORDS.into(), Origin::Bytes(words)));
    }
    if groups.embed {
        plan_embedding(project, pages, list);
    }
    if project.has_feed() {
        list.push((paths::FEED.into(), Origin::Feed));
    }
    if groups.sitemap {
        list.push((paths::SITEMAP.into(), Origin::Sitemap));
        list.push((paths::ROBOTS.into(), Origin::Robots));
    }
}

/// The file that tells GitHub Pages the site's domain.
fn domain(cname: &Text, findings: &mut Findings) -> Origin {
    let letter = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    if !cname.value.chars().all(letter) {
        findings.push(
            Finding::new(
                Code::WrongValue,
                cname.place.clone(),
                format!("`{}` is not a domain", cname.value),
            )
            .help("write only the name, without `https://` and path: `docs.example.com`"),
        );
    }
    Origin::Bytes(format!("{}\n", cname.value).into_bytes())
}

/// Everything that is written, each output with the place of its source.
fn outputs(
    project: &Project<'_>,
    pages: &[Page],
    list: &[(String, Origin)],
) -> Vec<(String, Option<Place>)> {
    let place = |origin: &Origin| match origin {
        Origin::Copy(path) => Some(Place::file(path)),
        _ => None,
    };
    let of_pages = pages.iter().map(|page| {
        let file = project.source_of(page.kind);
        (page.path.clone(), file.map(|f| Place::file(f)))
    });
    // Twins only collide if their pages do.
    let others = list
        .iter()
        .filter(|(_, origin)| !matches!(origin, Origin::Twin(_)))
        .map(|(path, origin)| (path.clone(), place(origin)));
    of_pages
        .chain(home_doubles(project))
        .chain(others)
        .collect()
}

/// Plans what other web pages can show of this site.
fn plan_embedding(project: &Project<'_>, pages: &[Page], list: &mut Vec<(String, Origin)>) {
    for (path, text) in [web::SCRIPT, web::STYLE] {
        let text = minify(path, text.as_bytes());
        list.push((path.into(), Origin::Bytes(text)));
    }
    let document = project.document;
    for fragment in web::fragments(project.tables(), project.pairs, project.groups.parties) {
        let Some(page) = pages.iter().position(|page| page.path == fragment.page) else {
            continue;
        };
        for format in [TableFormat::Html, TableFormat::Json] {
            let path = fragment.path(format);
            let fragment = fragment.clone();
            let origin = Origin::Fragment {
                page,
                fragment,
                format,
            };
            list.push((path, origin));
        }
    }
    let badges = project.has_badges();
    for (page, of) in pages.iter().enumerate().filter(|_| badges) {
        let PageKind::Category(category) = of.kind else {
            continue;
        };
        for (row, record) in document.categories[category].rows.iter().enumerate() {
            for (model, record_of_model) in document.models.iter().enumerate() {
                let path = paths::badge(&record_of_model.id, &record.id);
                let origin = Origin::Badge {
                    page,
                    category,
                    row,
                    model,
                };
                list.push((path, origin));
            }
        }
    }
}

/// A second source of the start page: `index.md` and `README.md` side by side.
fn home_doubles(project: &Project<'_>) -> Vec<(String, Option<Place>)> {
    let homes = project
        .document
        .prose
        .iter()
        .filter(|p| crate::pages::is_home(&p.path));
    homes
        .skip(1)
        .map(|p| (paths::HOME.to_string(), Some(Place::file(&p.file))))
        .collect()
}

fn missing_asset(path: &str, place: &Place) -> Finding {
    Finding::new(
        Code::MissingAsset,
        place.clone(),
        format!("there is no file `{path}`"),
    )
    .label("not found")
    .help("paths are relative to `book.toml`; the path of `input-404` is relative to the content folder")
}
