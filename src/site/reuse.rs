//! Decides what of an earlier run need not be repeated: which pages can be kept, and
//! when nothing new can be wrong on them. Pages are rendered here only for
//! comparison.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{KnownReport, Report, is_fresh, links_digest};
use crate::findings::Digest;
use crate::model::{Document, ProsePages};
use crate::output::Made;
use crate::pages::{Page, PageKind};
use crate::render;
use crate::site::{Memos, Sink, Site};

impl Site {
    /// For each page, whether there is a report on its current version.
    pub fn reported(&self, memos: &Memos) -> Vec<bool> {
        let reports = self.reports(memos);
        let fresh = reports.list.iter().zip(&self.keys);
        fresh.map(|(known, key)| is_fresh(known, *key)).collect()
    }

    /// For each page, whether its last report has an error, which may be fixed by
    /// now.
    pub fn had_errors(&self, memos: &Memos) -> Vec<bool> {
        let reports = self.reports(memos);
        let wrong =
            |known: &KnownReport| known.needs_attention && known.report.findings.has_errors();
        let known = reports.list.iter();
        known.map(|k| k.as_ref().is_some_and(wrong)).collect()
    }

    /// A digest of the author's text that only this page shows, if it is a page that
    /// otherwise repeats what others show.
    pub fn own_text(&self, page: usize) -> Option<Digest> {
        match self.plan.pages[page].kind {
            PageKind::Model(m) => Some(self.document.models[m].intro.made_from),
            _ => None,
        }
    }

    /// Reuses the reports on large pages of an earlier site, so that these pages need
    /// not be made to find what is wrong on them. A page that repeats others always
    /// has the same sections, and each category and prose page adds its own content
    /// to them. So if the few that changed add the same ids and links to a page with
    /// nothing else on it, they also add the same to the whole page.
    pub fn reuse_reports(&self, before: &Site, memos: &Memos) {
        // Otherwise there may be other pages, or pages with other indices.
        if self.shared_key != before.shared_key {
            return;
        }
        let (now, then) = self.differing(before);
        let size = |document: &Document| {
            let rows = document.categories.iter().map(|c| c.rows.len());
            rows.sum::<usize>() + document.prose.len()
        };
        if size(&now) * SMALL_PART > size(&self.document) {
            return;
        }
        let pages = self.plan.pages.iter().enumerate();
        let touched = pages.filter(|(at, page)| {
            let own_text = self.own_text(*at) == before.own_text(*at);
            page.kind.only_repeats() && own_text && self.keys[*at] != before.keys[*at]
        });
        let touched: Vec<usize> = touched.map(|(at, _)| at).collect();
        let old: Vec<(usize, Arc<Report>)> = {
            let reports = self.reports(memos);
            let old = touched.into_iter().filter_map(|at| {
                let known = reports.list[at].as_ref()?;
                let whole = known.key == before.keys[at] && known.report.excerpted.is_none();
                whole.then(|| (at, known.report.clone()))
            });
            old.collect()
        };
        let stand = old.into_par_iter().filter(|(at, _)| {
            self.report(&now, *at)
                .finds_the_same_as(&before.report(&then, *at))
        });
        self.keep_reports(memos, stand.collect());
    }

    /// The documents of this and an earlier site, reduced to the categories and prose
    /// pages that differ. Both sites have the same ones in the same order.
    fn differing(&self, before: &Site) -> (Document, Document) {
        let (now, then) = (&self.document, &before.document);
        let categories = differing(&now.categories, &then.categories, |c| c.made_from);
        let prose = differing(&now.prose, &then.prose, |p| p.made_from);
        (
            now.with(categories.0, ProsePages::new(prose.0)),
            then.with(categories.1, ProsePages::new(prose.1)),
        )
    }

    /// The report on a page of this site, made from another document.
    fn report(&self, document: &Document, at: usize) -> Report {
        let page = &self.plan.pages[at];
        self.with_document(document, |renderer| {
            let base = render::site_path(renderer.project).unwrap_or_default();
            let rendered = renderer.page_content(page);
            Report::of(page, &rendered, &base, &self.plan.targets.outputs)
        })
    }

    /// For each page, whether the sink keeps it: an earlier run made it from the same
    /// things and had no findings on it.
    pub(super) fn kept(&self, sink: Sink<'_>) -> Vec<bool> {
        let known = |page: &Page| sink.made.facts.contains_key(&page.path);
        let pages = self.plan.pages.par_iter().zip(&self.keys);
        pages
            .map(|(page, key)| known(page) && (sink.keep)(&page.path, *key))
            .collect()
    }

    /// Whether the pages that were just made cause no findings, on them or elsewhere:
    /// before, no page had findings, and no link or id was added or removed.
    pub(super) fn is_harmless(
        &self,
        made: impl Fn(usize) -> bool,
        before: &Made,
        memos: &Memos,
    ) -> bool {
        let facts = self.facts(memos);
        let pages = self.plan.pages.iter().zip(facts).enumerate();
        let mut made = pages.filter(|(at, _)| made(*at));
        made.all(|(_, (page, facts))| {
            facts.is_some() && before.facts.get(&page.path) == facts.as_ref()
        })
    }

    /// For each page, a digest of what the check of links uses, on the page and in
    /// the texts that belong to it. `None` for a page that was not made or has
    /// findings.
    fn facts(&self, memos: &Memos) -> Vec<Option<String>> {
        let reports = self.reports(memos);
        // If all pages were made, these texts were already checked.
        let all = reports.list.iter().all(Option::is_some);
        let texts = all.then(|| self.texts(memos));
        let texts_of = |category: usize| match &texts {
            Some(texts) => texts[category].clone(),
            None => Arc::new(self.category_texts(category)),
        };
        let pages = self.plan.pages.par_iter().zip(&reports.list);
        let facts = pages.map(|(page, known)| {
            let KnownReport { report, .. } = known.as_ref()?;
            let texts = match page.kind {
                PageKind::Category(category) => texts_of(category),
                _ => Arc::default(),
            };
            let found = report.findings.list.iter().chain(&texts.findings.list);
            let facts = Digest::of(&(report.links_digest(), links_digest(&texts.links)));
            (found.count() == 0).then(|| facts.to_string())
        });
        facts.collect()
    }

    /// What the next run can reuse. `keys` are those of the files that are not pages;
    /// `before` is what the earlier run recorded about files that were kept.
    pub(super) fn made(&self, keys: &[Digest], quiet: bool, before: &Made, memos: &Memos) -> Made {
        let pages = self.plan.pages.iter().map(|page| page.path.clone());
        let keys = self.keys.iter().chain(keys).map(Digest::to_string);
        let facts = || {
            let new = self.plan.pages.iter().zip(self.facts(memos));
            let facts = new.filter_map(|(page, new)| {
                let facts = new.or_else(|| before.facts.get(&page.path).cloned());
                Some((page.path.clone(), facts?))
            });
            facts.collect()
        };
        Made {
            keys: pages.chain(self.files()).zip(keys).collect(),
            facts: match quiet {
                true => facts(),
                false => BTreeMap::new(),
            },
        }
    }
}

/// [`Site::reuse_reports`] is worth its cost if at most one part in this many changed.
const SMALL_PART: usize = 50;

/// The items of two lists of equal length that differ, from each list.
fn differing<T>(
    now: &[Arc<T>],
    then: &[Arc<T>],
    made_from: impl Fn(&T) -> Digest,
) -> (Vec<Arc<T>>, Vec<Arc<T>>) {
    let pairs = now.iter().zip(then);
    let differ = pairs.filter(|(a, b)| made_from(a) != made_from(b));
    differ.map(|(a, b)| (a.clone(), b.clone())).unzip()
}
