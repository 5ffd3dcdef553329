//! The values that every template of a site sees. Those of one page are in `page_view`.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::Context;

use crate::input::Text;
use crate::pages::{Nav, Project};
use crate::text::links::is_web;
use crate::text::paths;

/// Facts about the site that are the same on every page.
#[derive(Serialize)]
struct SiteView {
    title: String,
    description: String,
    language: String,
    direction: &'static str,
    version: String,
    effective: String,
    contact: String,
    source_label: String,
    source_url: String,
    authors: Vec<String>,
    repository: String,
    generator: &'static str,
    print: &'static str,
    json: &'static str,
    csv: &'static str,
    feed: &'static str,
    search: &'static str,
    search_words: &'static str,
    policy: bool,
}

/// Addresses in the heads of pages, encoded for `href`, relative to the top of the
/// site.
#[derive(Debug, Default)]
pub struct Heads {
    /// Style sheets of every page.
    pub styles: Vec<String>,
    /// Scripts of every page.
    pub scripts: Vec<String>,
    /// Every file of the theme, by its path below `static/`.
    pub assets: BTreeMap<String, String>,
}

/// The values that every template of a site sees. With a `policy`, pages tell
/// browsers to run only scripts that are files of the site.
pub fn shared(project: &Project<'_>, nav: &Nav, heads: &Heads, policy: bool) -> Context {
    let site = site_view(project, policy);
    let mut context = Context::new();
    context.insert("site", &site);
    context.insert("nav", nav);
    context.insert("strings", project.strings);
    context.insert("styles", &heads.styles);
    context.insert("scripts", &heads.scripts);
    context.insert("assets", &heads.assets);
    context
}

fn site_view(project: &Project<'_>, policy: bool) -> SiteView {
    let (document, config) = (project.document, project.config);
    let text = |t: &Option<Text>| t.as_ref().map_or(String::new(), |t| t.value.clone());
    // An address that may not become a link already has a finding.
    let web = |t: &Option<Text>| text(&t.clone().filter(|t| is_web(&t.value)));
    let source = document.source.as_ref();
    let groups = project.groups;
    SiteView {
        title: project.title().to_string(),
        description: text(&config.book.description),
        language: config.language().to_string(),
        direction: config.direction().word(),
        version: text(&document.version),
        effective: document
            .effective
            .as_ref()
            .map_or(String::new(), |d| d.text.clone()),
        contact: text(&document.contact),
        source_label: source.map_or(String::new(), |s| s.label.value.clone()),
        source_url: source.map_or(String::new(), |s| web(&s.url)),
        authors: config.book.authors.clone(),
        repository: web(&config.html.git_repository_url),
        generator: concat!("srm-site ", env!("CARGO_PKG_VERSION")),
        print: path_if(groups.print, paths::PRINT),
        json: path_if(groups.data, paths::DATA_JSON),
        feed: path_if(project.has_feed(), paths::FEED),
        csv: path_if(groups.data, paths::DATA_CSV),
        // Its address does not depend on its content, so that an edit does not change
        // every page.
        search: path_if(groups.search, paths::SEARCH_INDEX),
        search_words: path_if(groups.search, paths::SEARCH_WORDS),
        policy,
    }
}

/// The path of a file that is there, or nothing.
fn path_if(is_there: bool, path: &'static str) -> &'static str {
    if is_there { path } else { "" }
}
