//! Reports on pages that were made: their ids, links and findings. `links` checks the
//! links, and `site` decides when to make a page.

use std::collections::HashMap;
use std::sync::Arc;

use crate::findings::{Digest, Findings};
use crate::pages::Page;
use crate::render::RenderedPage;
use crate::text::links::{self, Facts, Paths};
use crate::text::markdown::{AuthorId, AuthorLink};

/// The newest report on each page, by the page's index.
#[derive(Default)]
pub struct Reports {
    places: Option<Arc<HashMap<String, usize>>>,
    /// The reports by page index; `None` for a page without one.
    pub list: Vec<Option<KnownReport>>,
}

impl Reports {
    /// Reorders the reports by the indices of these pages.
    pub fn move_to(&mut self, pages: &[Page], places: &Arc<HashMap<String, usize>>) {
        if self.places.as_ref().is_some_and(|p| Arc::ptr_eq(p, places)) {
            return;
        }
        let mut before = std::mem::take(&mut self.list);
        let mut of = |page: &Page| {
            let place = *self.places.as_ref()?.get(&page.path)?;
            before.get_mut(place)?.take()
        };
        self.list = pages.iter().map(&mut of).collect();
        self.places = Some(places.clone());
    }
}

/// A report on a page, with the digests that are needed for all pages.
pub struct KnownReport {
    /// The key of the page that the report is valid for.
    pub key: Digest,
    /// The key of the page that the report was made for.
    pub made_for: Digest,
    /// A digest of the page's path and ids.
    pub ids_key: Digest,
    /// Whether it has findings, or HTML for excerpts.
    pub needs_attention: bool,
    /// The report itself.
    pub report: Arc<Report>,
}

impl KnownReport {
    /// A report that is valid for the page with this key.
    pub fn new(key: Digest, report: Arc<Report>) -> Self {
        KnownReport {
            key,
            made_for: report.key,
            ids_key: report.ids_key,
            needs_attention: report.excerpted.is_some() || !report.findings.list.is_empty(),
            report,
        }
    }
}

/// Whether a report is valid for the current page, which has this key.
pub fn is_fresh(known: &Option<KnownReport>, key: Digest) -> bool {
    known.as_ref().is_some_and(|known| known.key == key)
}

/// The ids, links and findings of one page.
#[derive(Default)]
pub struct Report {
    /// Whether there is a page at all; a broken template gives none.
    pub rendered: bool,
    /// The ids and links of the finished HTML.
    pub facts: Facts,
    /// The key of the page it was made for.
    pub key: Digest,
    /// A digest of the page's path and ids.
    pub ids_key: Digest,
    /// The findings from rendering the page.
    pub findings: Findings,
    /// The links with a fragment that authors wrote on the page.
    pub links: Vec<AuthorLink>,
    /// The ids in HTML that authors wrote on the page.
    pub ids: Vec<AuthorId>,
    /// The HTML, if a finding needs an excerpt of it.
    pub excerpted: Option<String>,
}

impl Report {
    /// Makes the report on a page. `base` is the path of the site, and `outputs` are
    /// the paths of all its pages and files.
    pub fn of(page: &Page, rendered: &RenderedPage, base: &str, outputs: &Paths) -> Report {
        let mut report = Report {
            findings: rendered.findings.clone(),
            links: rendered.links.clone(),
            ids: rendered.ids.clone(),
            ..Report::default()
        };
        if rendered.html.is_empty() {
            return report;
        }
        report.rendered = true;
        report.facts = links::facts(
            &rendered.html,
            rendered.menu.as_str(),
            &page.path,
            base,
            outputs,
        );
        report.ids_key = Digest::of(&(&page.path, &report.facts.ids));
        // Links with fragments do not count: there are many, and they are nearly
        // always fine.
        let dead = report.facts.open.iter().any(|l| !outputs.contains(&l.path));
        if dead || !report.facts.repeated.is_empty() {
            report.excerpted = Some(rendered.html.clone());
        }
        report
    }

    /// A digest of all that the check of links depends on.
    pub fn links_digest(&self) -> Digest {
        let Facts {
            ids: _,
            repeated,
            open,
        } = &self.facts;
        Digest::of(&(self.ids_key, repeated, open, links_digest(&self.links)))
    }

    /// Whether another report leads to the same findings.
    pub fn finds_the_same_as(&self, other: &Report) -> bool {
        self.rendered == other.rendered
            && self.findings.list == other.findings.list
            && self.links_digest() == other.links_digest()
    }
}

/// A digest of what the check of links uses of links that authors wrote. Their places
/// do not matter.
pub fn links_digest(links: &[AuthorLink]) -> Digest {
    let links = links.iter();
    let links = links.map(|link| (&link.path, link.here, &link.fragment));
    Digest::of(&links.collect::<Vec<_>>())
}
