//! Checks every link and anchor of the rendered site. Links that authors wrote are
//! reported where they were written, and links from templates on the page.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use crate::check::pages::Report;
use crate::findings::{Code, Finding, Findings, MADE, Place};
use crate::input::Config;
use crate::model::Document;
use crate::pages::{Page, PageKind};
use crate::text::links::{self, OpenLink, Targets};
use crate::text::markdown::AuthorLink;
use crate::text::{Html, paths};

/// Reports addresses that would become links but are not web addresses.
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
                format!(
                    "`{}` is not an address that a page may link to",
                    address.value
                ),
            )
            .help("write a full address: `https://...`"),
        );
    }
}

/// The name of a rendered page in findings.
pub fn shown_page(page: &Page) -> Arc<str> {
    Arc::from(format!("{MADE}{}", page.path))
}

/// Checks every link of the rendered site.
pub struct Checker<'a> {
    targets: &'a Targets,
    ids: Ids<'a>,
    author_links: AuthorLinks<'a>,
    text_ids: TextIds<'a>,
    authors: OnceLock<Authors<'a>>,
}

/// A function that returns the ids of a page by its path, if they are known.
type Ids<'a> = &'a (dyn Fn(&str) -> Option<&'a links::PageIds> + Sync);

/// A function that returns all links that authors wrote.
type AuthorLinks<'a> = &'a (dyn Fn() -> Vec<&'a AuthorLink> + Sync);

/// A function that returns the place of an id in the HTML of data files.
type TextIds<'a> = &'a (dyn Fn(&str) -> Option<&'a Place> + Sync);

/// Links that authors wrote, as page and fragment.
#[derive(Default)]
struct Authors<'a> {
    links: HashSet<(&'a str, &'a str)>,
    /// Fragments of links to the page that they are on.
    here: HashSet<&'a str>,
}

impl<'a> Checker<'a> {
    /// Creates a checker for links to `targets`. The functions are called when their
    /// results are needed.
    pub fn new(
        targets: &'a Targets,
        ids: Ids<'a>,
        author_links: AuthorLinks<'a>,
        text_ids: TextIds<'a>,
    ) -> Self {
        Checker {
            targets,
            ids,
            author_links,
            text_ids,
            authors: OnceLock::new(),
        }
    }

    /// The links that authors wrote. Only needed if an anchor is dead, which is rare.
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
        // Words to look for on the page may follow an id.
        let fragment = fragment.split_once(":~:").map_or(fragment, |(id, _)| id);
        // Every page has a top (HTML Standard, 7.4.6.4).
        if fragment.is_empty() || fragment.eq_ignore_ascii_case("top") {
            return true;
        }
        // The ids of files that are not pages are unknown.
        (self.ids)(path).is_none_or(|ids| ids.contains(fragment))
    }

    /// Checks the ids of a page, and the links that templates or this tool made.
    pub fn page(&self, page: &Page, report: &Report, findings: &mut Findings) {
        let (facts, html) = (&report.facts, report.excerpted.as_deref());
        for id in &facts.repeated {
            findings.list.extend(self.repeated_id(id, page, report));
        }
        for link in &facts.open {
            if !self.targets.outputs.contains(&link.path) {
                let code = if link.asset {
                    Code::MissingAsset
                } else {
                    Code::DeadLink
                };
                let message = format!(
                    "`{}` links to `{}`, which does not exist",
                    page.path, link.href
                );
                findings.push(page_finding(
                    code,
                    page,
                    html,
                    &Html::escaped(&link.href),
                    message,
                ));
            } else if let Some(fragment) = &link.fragment
                && !self.has_id(&link.path, fragment)
                && !self.is_authors(page, link)
            {
                let message = format!(
                    "`{}` links to `{}`, but that page has no such id",
                    page.path, link.href
                );
                findings.push(page_finding(
                    Code::DeadAnchor,
                    page,
                    html,
                    &Html::escaped(&link.href),
                    message,
                ));
            }
        }
    }

    /// The finding for an id that occurs more than once on a page. It names the place
    /// where an author wrote the id, if there is one.
    fn repeated_id(&self, id: &str, page: &Page, report: &Report) -> Option<Finding> {
        let message = format!(
            "the id `{id}` occurs more than once on the page `{}`",
            page.path
        );
        let written: Vec<&Place> = report
            .ids
            .iter()
            .filter(|own| own.id == id)
            .map(|own| &own.place)
            .collect();
        let print = page.kind == PageKind::Print;
        let own = id.rsplit_once(paths::PREFIX_END).filter(|_| print);
        let place = written.get(1).or(written.first()).copied();
        let place = place.or_else(|| (self.text_ids)(own.map_or(id, |(_, id)| id)));
        match place {
            // It is reported for the page itself.
            Some(_) if print => None,
            Some(place) => Some(
                Finding::new(Code::DuplicateId, place.clone(), message)
                    .help("give one of the elements another id"),
            ),
            None => {
                let mut needle = Html::new();
                needle.markup("id=\"").text(id).markup("\"");
                Some(page_finding(
                    Code::DuplicateId,
                    page,
                    report.excerpted.as_deref(),
                    &needle,
                    message,
                ))
            }
        }
    }

    /// Whether an author wrote this link; then it is reported where it was written.
    fn is_authors(&self, page: &Page, link: &OpenLink) -> bool {
        let Some(fragment) = &link.fragment else {
            return false;
        };
        let authors = self.authors();
        let fragment = fragment.as_str();
        authors.links.contains(&(link.path.as_str(), fragment))
            || link.path == page.path && authors.here.contains(fragment)
    }

    /// Checks the fragments of links that authors wrote.
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
                    .certain(is_of_prose(path))
                    .help("a heading's id is its text in lower case with `-` in place of spaces")
                    .help("or set an id yourself: `## Heading {#id}`"),
                );
            }
        }
    }

    /// Checks where the redirects in the settings lead.
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
                        .help("redirect to a page of this site, or to `https://...`"),
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
                        format!("the redirect leads to `{}`, which does not exist", to.value),
                    )
                    .label("points nowhere"),
                );
            }
        }
    }
}

/// Whether a page is made from a text alone, so that data gives it no ids.
fn is_of_prose(path: &str) -> bool {
    let others = [paths::HOME, paths::EMBED, paths::PRINT, paths::NOT_FOUND];
    !others.contains(&path) && !paths::may_be_of_data(path)
}

fn page_finding(
    code: Code,
    page: &Page,
    html: Option<&str>,
    needle: &Html,
    message: String,
) -> Finding {
    let at = html.and_then(|html| Some((html.find(needle.as_str())?, needle.len())));
    let place = at.map(|(start, len)| Place::new(&shown_page(page), start..start + len));
    Finding::new(code, place, message)
        .help("the link comes from a template of the theme, or from raw HTML in prose")
}
