//! Assembles evidence and reviews, of rows and of cells. What of them readers see is
//! decided here and nowhere else.

use crate::findings::{Code, Finding};
use crate::input::{At, Entries, EvidenceRecord, ReviewRecord, Text};
use crate::model::PartyIx;
use crate::model::assemble::Resolver;
use crate::model::assemble::fields::no_address;
use crate::model::evidence::{Evidence, Review};
use crate::text::{links, markdown};

/// Evidence by party, in the order of the document.
pub(super) type EvidenceOf = Vec<(PartyIx, Vec<Evidence>)>;

impl Resolver<'_> {
    /// The evidence of a row.
    pub(super) fn evidence(&mut self, entries: Entries<Vec<EvidenceRecord>>) -> EvidenceOf {
        let mut out = Vec::new();
        for (party, list) in entries.0 {
            let list: Vec<Evidence> = list.into_iter().map(|one| self.one_evidence(one)).collect();
            if let Some(ix) = self.party(&party) {
                out.push((ix, list));
            }
        }
        out.sort_by_key(|(party, _)| *party);
        out
    }

    /// The evidence of a row and of its cell. An empty mapping of the cell takes all of
    /// the row's back, and an empty list that of a party.
    pub(super) fn evidence_with(
        &mut self,
        of_row: &EvidenceOf,
        entries: Option<Entries<Vec<EvidenceRecord>>>,
    ) -> EvidenceOf {
        let own = match entries {
            None => return of_row.clone(),
            Some(entries) if entries.0.is_empty() => return Vec::new(),
            Some(entries) => self.evidence(entries),
        };
        let mut all = of_row.clone();
        for (party, list) in own {
            match all.iter_mut().find(|(p, _)| *p == party) {
                Some((_, known)) if list.is_empty() => known.clear(),
                Some((_, known)) => known.extend(list),
                None => all.push((party, list)),
            }
        }
        all.retain(|(_, list)| !list.is_empty());
        all.sort_by_key(|(party, _)| *party);
        all
    }

    fn one_evidence(&mut self, record: EvidenceRecord) -> Evidence {
        let text = record.text.value.trim().to_string();
        let cadence = record.cadence.map(|t| t.value.trim().to_string());
        let written = record.text.place.clone();
        let link = record.url.as_ref().and_then(|url| self.link(url, &text));
        let is_public = record.public.unwrap_or(false);
        let published_url = record.url.as_ref().filter(|_| is_public).and_then(|url| {
            let value = markdown::link_to(&url.value, &url.value).filter(|_| link.is_some())?;
            let place = url.place.clone();
            Some(Text { value, place })
        });
        let published = is_public.then(|| {
            let mut value = link.unwrap_or_else(|| markdown::literal(&text));
            if let Some(cadence) = &cadence {
                value = format!("{value}, {}", markdown::literal(cadence));
            }
            let place = record
                .url
                .as_ref()
                .map_or(record.text.place, |url| url.place.clone());
            Text { value, place }
        });
        Evidence {
            text,
            url: record.url,
            cadence,
            published,
            published_url,
            place: written,
        }
    }

    /// A link in Markdown, unless no link may lead to the address.
    fn link(&mut self, url: &Text, text: &str) -> Option<String> {
        if let Some(refused) = links::refused_scheme(&url.value) {
            let message = format!("links with `{refused}:` are not allowed");
            self.findings.push(
                Finding::new(Code::UnsafeLink, url.place.clone(), message)
                    .help("use http, https, mailto or tel, or a link inside the site"),
            );
            return None;
        }
        let link = markdown::link_to(&url.value, text);
        if link.is_none() {
            self.findings.push(no_address(url));
        }
        link
    }

    /// The review of a row or a cell; `None` if it says nothing.
    pub(super) fn review(&self, record: At<ReviewRecord>) -> Option<Review> {
        let At { value, place } = record;
        let ReviewRecord { status, date, by } = value;
        if status.is_none() && date.is_none() && by.is_none() {
            return None;
        }
        Some(Review {
            status,
            date,
            by: by.map(|t| t.value.trim().to_string()),
            published: self.document.publishes_reviews,
            place,
        })
    }
}
