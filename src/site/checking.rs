//! Makes the pages that are needed and checks every link of the site, reusing what
//! earlier runs found. The rules for links are in `check`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError};

use rayon::prelude::*;

use crate::check::{Checker, KnownReport, Report, Reports, is_fresh, shown_page};
use crate::findings::{Code, Digest, Finding, Findings, MADE};
use crate::render::{self, Looked};
use crate::site::memos::Memos;
use crate::site::{Lost, Progress, Sink, Site};
use crate::source::Source;

/// The result of [`Site::check`].
pub struct Checked {
    /// All findings, including those before rendering.
    pub findings: Findings,
    /// Whether these are all findings: no page was judged by an old report.
    pub complete: bool,
}

impl Site {
    /// Renders pages and checks every link of the site. Pages whose report is known
    /// are not rendered again, and pages that are not `wanted` now keep their old
    /// report. Each page that was rendered goes to `sink`.
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
        let fresh = |at: usize| self.fresh(&reports, at);
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
        let text_ids = |id: &str| {
            let mut ids = texts().flat_map(|text| &text.ids);
            ids.find(|own| own.id == id).map(|own| &own.place)
        };
        let checker = Checker::new(&self.plan.targets, &ids, &authors_links, &text_ids);
        let dead = memos.dead.all(self.links_made_from(&reports), |at| {
            let mut dead = Findings::default();
            if let Some(report) = fresh(at) {
                checker.page(&self.plan.pages[at], report, &mut dead);
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
        self.add_findings_of_pages(&reports, source, &mut findings);
        for dead in dead.iter().filter(|dead| !dead.list.is_empty()) {
            findings.extend((**dead).clone());
        }
        findings.extend(more);
        self.leave_out_doubtful(&mut findings);
        let complete = pages().all(|(known, key)| is_fresh(known, *key));
        Checked { findings, complete }
    }

    /// Leaves out findings about links that may lead to what could not be read, and about
    /// pages that repeat what is reported for the sources.
    fn leave_out_doubtful(&self, findings: &mut Findings) {
        // If sources give one id to two things, so do the pages that show them.
        let is_double = |f: &Finding| f.code == Code::DuplicateId;
        let is_made = |f: &Finding| f.place.iter().any(|p| p.file.starts_with(MADE));
        if findings.list.iter().any(|f| is_double(f) && !is_made(f)) {
            findings.list.retain(|f| !is_double(f) || !is_made(f));
        }
        if self.lost != Lost::Nothing {
            findings.list.retain(|f| {
                let is_link = matches!(f.code, Code::DeadLink | Code::DeadAnchor);
                !is_link || f.certain && self.lost == Lost::Data
            });
        }
    }

    /// The report on a page, if it is about the page as it is now.
    fn fresh<'r>(&self, reports: &'r Reports, at: usize) -> Option<&'r Report> {
        let known = reports.list.get(at)?.as_ref()?;
        (known.key == self.keys[at]).then_some(&*known.report)
    }

    /// For each page, digests of what decides whether its links are fine: its own
    /// report, and the ids of all pages.
    fn links_made_from(&self, reports: &Reports) -> Vec<(Digest, Digest)> {
        let pages = || reports.list.iter().zip(&self.keys);
        let all_ids = pages().map(|(known, key)| match known {
            Some(known) if known.key == *key => known.ids_key,
            _ => Digest::default(),
        });
        let all_ids = Digest::of(&(self.shared_key, Digest::of_all(all_ids)));
        let made_from = pages().map(|(known, key)| match known {
            Some(known) if known.key == *key => (known.made_for, all_ids),
            _ => Default::default(),
        });
        made_from.collect()
    }

    /// Adds the findings from making pages, with their HTML for excerpts.
    fn add_findings_of_pages(&self, reports: &Reports, source: &Source, findings: &mut Findings) {
        for (at, known) in reports.list.iter().enumerate().take(self.keys.len()) {
            let Some(KnownReport { report, .. }) =
                known.as_ref().filter(|known| known.needs_attention)
            else {
                continue;
            };
            if let (Some(html), Some(_)) = (&report.excerpted, self.fresh(reports, at)) {
                source.remember(&shown_page(&self.plan.pages[at]), html.clone());
            }
            if !report.findings.list.is_empty() {
                findings.extend(report.findings.clone());
            }
        }
    }

    /// Makes the pages that `sink` cannot keep, and finds what is wrong on any page.
    /// If that is impossible without the kept pages, all pages are made.
    pub(super) fn make_pages(
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
        // If one page is unchanged, what all pages share is unchanged, too.
        if kept.contains(&true) {
            self.make_reports(memos, &touched, &take, progress);
            if self.is_harmless(touched, sink.made, memos) {
                return self.findings.clone();
            }
        }
        self.check(source, memos, &|_| true, &take, progress)
            .findings
    }

    /// The findings and links of the Markdown in data files.
    pub(super) fn texts(&self, memos: &Memos) -> Arc<Vec<Arc<Looked>>> {
        let categories = &self.document.categories;
        let made_from = categories.iter().map(|c| (c.made_from, self.shared_key));
        memos
            .texts
            .all(made_from.collect(), |at| self.category_texts(at))
    }

    pub(super) fn category_texts(&self, category: usize) -> Looked {
        let category = &self.document.categories[category];
        self.with_renderer(|renderer| renderer.category_texts(category))
    }

    /// The known reports, by the indices of this site's pages.
    pub(super) fn reports<'m>(&self, memos: &'m Memos) -> MutexGuard<'m, Reports> {
        let reports = memos.reports.lock();
        let mut reports = reports.unwrap_or_else(PoisonError::into_inner);
        reports.move_to(&self.plan.pages, &self.plan.places);
        reports
    }

    /// Keeps reports that are valid for pages of this site.
    pub(super) fn keep_reports(&self, memos: &Memos, made: Vec<(usize, Arc<Report>)>) {
        let mut reports = self.reports(memos);
        for (at, report) in made {
            reports.list[at] = Some(KnownReport::new(self.keys[at], report));
        }
    }

    /// Makes the pages that are wanted and have no valid report yet.
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
                    let rendered = renderer.page(page, &self.neighbours(at));
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
}
