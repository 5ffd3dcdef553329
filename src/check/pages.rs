//! What is known of each page that was made: its ids, its links and what was
//! found on it. Whether links lead anywhere is for `linkcheck`, when to make a
//! page for `site`.

use std::collections::HashMap;
use std::sync::Arc;

use crate::findings::{Digest, Findings};
use crate::pages::Page;
use crate::render::RenderedPage;
use crate::text::links::{self, Facts, Paths};
use crate::text::markdown::AuthorLink;

/// The newest report on each page, by place.
#[derive(Default)]
pub struct Reports {
    places: Option<Arc<HashMap<String, usize>>>,
    pub list: Vec<Option<KnownReport>>,
}

impl Reports {
    /// Puts the reports where these pages have their places.
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

/// A report on a page, beside what is asked of the reports on all pages.
pub struct KnownReport {
    /// Of the page it is true of.
    pub key: Digest,
    /// Of the page it was made for.
    pub made_for: Digest,
    pub ids_key: Digest,
    /// Whether there is something in it to tell or to keep.
    pub needs_attention: bool,
    pub report: Arc<Report>,
}

impl KnownReport {
    /// A report that is true of the page with this key.
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

/// Whether a report is true of a page as it is now.
pub fn is_fresh(known: &Option<KnownReport>, key: Digest) -> bool {
    known.as_ref().is_some_and(|known| known.key == key)
}

/// What became of one page.
#[derive(Default)]
pub struct Report {
    /// Whether there is a page at all; a broken template makes none.
    pub rendered: bool,
    pub facts: Facts,
    /// The key of the page it was made for.
    pub key: Digest,
    /// Of all ids on the page.
    pub ids_key: Digest,
    pub findings: Findings,
    pub links: Vec<AuthorLink>,
    /// The HTML where a finding will need an excerpt of it.
    pub excerpted: Option<String>,
}

impl Report {
    /// What there is to know of a page. `base` is the path of the site,
    /// `outputs` are the paths of all its pages and files.
    pub fn of(page: &Page, rendered: &RenderedPage, base: &str, outputs: &Paths) -> Report {
        let mut report = Report {
            findings: rendered.findings.clone(),
            links: rendered.links.clone(),
            ..Report::default()
        };
        if rendered.html.is_empty() {
            return report;
        }
        report.rendered = true;
        report.facts = links::facts(&rendered.html, &rendered.menu, &page.path, base, outputs);
        report.ids_key = Digest::of(&(&page.path, &report.facts.ids));
        // Links with fragments are many and nearly always fine.
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

    /// Whether another report comes to the same findings.
    pub fn finds_the_same_as(&self, other: &Report) -> bool {
        self.rendered == other.rendered
            && self.findings.list == other.findings.list
            && self.links_digest() == other.links_digest()
    }
}

/// A digest of what the check of links depends on in links that authors wrote:
/// where one stands makes no difference.
pub fn links_digest(links: &[AuthorLink]) -> Digest {
    let links = links.iter();
    let links = links.map(|link| (&link.path, link.here, &link.fragment));
    Digest::of(&links.collect::<Vec<_>>())
}
