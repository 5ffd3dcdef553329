//! Every link and anchor over the rendered site: what authors wrote is reported
//! where they wrote it, what templates made on the page they made it on.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use crate::findings::{Code, Finding, Findings, Place};
use crate::input::Config;
use crate::model::Document;
use crate::pages::{Page, PageKind};
use crate::text::links::{self, Facts, OpenLink, Targets};
use crate::text::markdown::AuthorLink;
use crate::text::{escape, paths};

/// Addresses that become links have to lead to the web.
pub fn refuse_unsafe_addresses(document: &Document, config: &Config, findings: &mut Findings) {
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

/// How a rendered page is called in findings.
pub fn shown_page(page: &Page) -> Arc<str> {
    Arc::from(format!("(output) {}", page.path))
}

/// Looks up every link over the rendered site.
pub struct Checker<'a> {
    targets: &'a Targets,
    ids: Ids<'a>,
    author_links: AuthorLinks<'a>,
    authors: OnceLock<Authors<'a>>,
}

/// Gives the ids of a page, by its path, where they are known.
type Ids<'a> = &'a (dyn Fn(&str) -> Option<&'a links::PageIds> + Sync);

/// Gives all links that authors wrote.
type AuthorLinks<'a> = &'a (dyn Fn() -> Vec<&'a AuthorLink> + Sync);

/// Links that authors wrote, as page and fragment.
#[derive(Default)]
struct Authors<'a> {
    links: HashSet<(&'a str, &'a str)>,
    /// Fragments of links to the page they stand on.
    here: HashSet<&'a str>,
}

impl<'a> Checker<'a> {
    /// Looks up links among `targets`; the rest is asked for where it is needed.
    pub fn new(targets: &'a Targets, ids: Ids<'a>, author_links: AuthorLinks<'a>) -> Self {
        Checker {
            targets,
            ids,
            author_links,
            authors: OnceLock::new(),
        }
    }

    /// Only asked for when an anchor is dead, which is rare.
    fn authors(&self) -> &Authors<'a> {
        self.authors.get_or_init(|| {
            let mut authors = Authors::default();
            for link in (self.author_links)() {
                if link.here {
                    authors.here.insert(&link.fragment);
                }
                if let Some(path) = &link.path {
                    authors.links.insert((path, &link.fragment));
                }
            }
            authors
        })
    }

    fn has_id(&self, path: &str, fragment: &str) -> bool {
        // Files that are not pages have no ids we know of.
        (self.ids)(path).is_none_or(|ids| ids.contains(fragment))
    }

    /// Links of templates and of our own making. `html` is the page, if an
    /// excerpt of it can be shown.
    pub fn page(&self, page: &Page, facts: &Facts, html: Option<&str>, findings: &mut Findings) {
        for id in &facts.repeated {
            findings.push(page_finding(
                Code::DuplicateId,
                page,
                html,
                &format!("id=\"{id}\""),
                format!(
                    "the id `{id}` occurs more than once on the page `{}`",
                    page.path
                ),
            ));
        }
        for link in &facts.open {
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
                findings.push(page_finding(code, page, html, &escape(&link.href), message));
            } else if let Some(fragment) = &link.fragment
                && !self.has_id(&link.path, fragment)
                && !self.is_authors(page, link)
            {
                let message = format!(
                    "`{}` links to `{}`, but nothing there has that id",
                    page.path, link.href
                );
                findings.push(page_finding(
                    Code::DeadAnchor,
                    page,
                    html,
                    &escape(&link.href),
                    message,
                ));
            }
        }
    }

    /// Whether an author wrote this link: then it is reported where it was
    /// written. On the page of all pages anchors carry a prefix.
    fn is_authors(&self, page: &Page, link: &OpenLink) -> bool {
        let Some(fragment) = &link.fragment else {
            return false;
        };
        let authors = self.authors();
        let here = link.path == page.path;
        let known = |fragment: &str| {
            authors.links.contains(&(link.path.as_str(), fragment))
                || here && authors.here.contains(fragment)
        };
        let mut rests = fragment
            .char_indices()
            .filter_map(|(at, _)| fragment[at..].strip_prefix(paths::PREFIX_END));
        known(fragment) || page.kind == PageKind::Print && rests.any(known)
    }

    /// Fragments of links that authors wrote.
    pub fn author(&self, links: &[AuthorLink], findings: &mut Findings) {
        for link in links {
            let Some(path) = link.path.as_deref() else {
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
                    .help("a heading's id is its text in lower case with `-` for blanks")
                    .help("or one of your own: `## Heading {#id}`"),
                );
            }
        }
    }

    /// Where the settings' redirects lead.
    pub fn redirects(&self, config: &Config, findings: &mut Findings) {
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

fn page_finding(
    code: Code,
    page: &Page,
    html: Option<&str>,
    needle: &str,
    message: String,
) -> Finding {
    let at = html.and_then(|html| Some((html.find(needle)?, needle.len())));
    let place = at.map(|(start, len)| Place::new(&shown_page(page), start..start + len));
    Finding::new(code, place, message)
        .help("the link is made by a template of the theme, or by raw HTML in prose")
}
