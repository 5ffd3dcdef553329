//! Makes the sections of the page with everything: its anchors are unique, and the
//! links in it lead to its own sections where they can. What is on it is in `pages`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::{ControlFlow, Range};

use foldhash::fast::FixedState;
use rayon::prelude::*;
use tera::Value;

use crate::pages::{Page, PrintBody};
use crate::render::{Draft, Renderer, SectionView, Spot};
use crate::text::links::{OpenElements, Sections, tags, unescape};
use crate::text::{Html, decode, encode, paths};

/// The ids of a section, and its links to the same page.
#[derive(Default)]
struct Anchored {
    ids: HashSet<String, FixedState>,
    /// Each fragment, with the place of the link's address.
    links: Vec<(String, Range<usize>)>,
}

impl Renderer<'_> {
    /// The description and the sections of the page with everything.
    pub(super) fn print(&self, page: &Page, root: &str) -> (String, Vec<SectionView>, Draft) {
        let mut places = self.project.print_sections();
        loop {
            let PrintBody { body, shows } = self.project.print_body(&places);
            let spot = Spot {
                page,
                root,
                sections: Some(&places),
            };
            let (mut sections, draft) = self.sections(body.sections, spot);
            let anchored = sections.par_iter().map(anchored);
            let anchored: Vec<Anchored> = anchored.collect();
            if !separate(&mut places, &shows, &anchored) {
                lead_somewhere(&mut sections, &anchored, &places, &shows);
                return (body.description, sections, draft);
            }
        }
    }
}

fn anchored(section: &SectionView) -> Anchored {
    let mut found = Anchored::default();
    let html = section.html.as_str().unwrap_or_default();
    tags(html, &mut OpenElements::default(), |tag| {
        for attribute in tag.attributes {
            if attribute.is("id") || (attribute.is("name") && tag.is("a")) {
                found.ids.insert(unescape(attribute.value).into_owned());
            } else if (attribute.is("href") || attribute.is("xlink:href"))
                && attribute.value.len() > 1
                && attribute.value.starts_with('#')
            {
                let start = attribute.value.as_ptr() as usize - html.as_ptr() as usize;
                let fragment = decode(&unescape(&attribute.value[1..]));
                let place = start..start + attribute.value.len();
                found.links.push((fragment, place));
            }
        }
        ControlFlow::Continue(())
    });
    found.ids.insert(section.id.clone());
    found
}

/// Gives pages other prefixes if they have an anchor that another section has, too.
/// Returns whether there are any. Of two pages, the first by its path keeps its
/// prefix, and pages of models keep theirs before others.
fn separate(places: &mut Sections, shows: &[Option<String>], anchored: &[Anchored]) -> bool {
    // The pages that can be moved, the first to be moved last.
    let rank = |at: usize| {
        let path = shows[at].as_deref()?;
        let is_moved = places
            .0
            .get(path)
            .is_some_and(|page| !page.prefix.is_empty());
        is_moved.then_some((paths::model_of(path).is_none(), path))
    };
    let mut of_id: HashMap<&str, usize, FixedState> = HashMap::default();
    let mut moved = BTreeSet::new();
    for (at, section) in anchored.iter().enumerate() {
        for id in &section.ids {
            let Some(other) = of_id
                .insert(id, at)
                .filter(|other| shows[*other] != shows[at])
            else {
                continue;
            };
            if rank(other) > rank(at) {
                moved.extend(rank(other));
            } else {
                moved.extend(rank(at));
                of_id.insert(id, other);
            }
        }
    }
    let moved: Vec<String> = moved.iter().map(|(_, path)| path.to_string()).collect();
    if moved.is_empty() {
        return false;
    }
    let mut ids: Vec<&str> = of_id.into_keys().collect();
    ids.sort_unstable();
    for path in &moved {
        let is_free = |prefix: &str| {
            let is_apart = |other: &str| !other.starts_with(prefix) && !prefix.starts_with(other);
            let mut others = places.0.values().map(|section| section.prefix.as_str());
            let next = ids.partition_point(|id| *id < prefix);
            let begins = |id: &&str| id.starts_with(prefix);
            others.all(|other| other.is_empty() || is_apart(other))
                && !ids.get(next).is_some_and(begins)
        };
        let old = places.prefix(path);
        let name = old.trim_end_matches(paths::PREFIX_END);
        let prefix = (2..).map(|n| format!("{name}-{n}{}", paths::PREFIX_END));
        let prefix = prefix.into_iter().find(|prefix| is_free(prefix));
        if let (Some(prefix), Some(section)) = (prefix, places.0.get_mut(path)) {
            section.prefix = prefix;
        }
    }
    true
}

/// Gives links another address if their anchor is only on the page that a section
/// shows, and not here: that of the section.
fn lead_somewhere(
    sections: &mut [SectionView],
    anchored: &[Anchored],
    places: &Sections,
    shows: &[Option<String>],
) {
    let ids = anchored.iter().flat_map(|section| &section.ids);
    let ids: HashSet<&str, FixedState> = ids.map(String::as_str).collect();
    for (at, section) in sections.iter_mut().enumerate() {
        let links = anchored[at].links.iter();
        let dead: Vec<_> = links.filter(|(id, _)| !ids.contains(&**id)).collect();
        if dead.is_empty() {
            continue;
        }
        let own = shows[at].as_ref().and_then(|path| places.0.get(path));
        let before = section.html.as_str().unwrap_or_default();
        let (mut html, mut done) = (String::with_capacity(before.len()), 0);
        for (id, place) in dead {
            let pages = places.0.values().filter(|page| !page.prefix.is_empty());
            let page = pages.filter(|page| id.starts_with(&page.prefix));
            let page = page.max_by_key(|page| page.prefix.len()).or(own);
            let to = page.map_or(&section.id, |page| &page.id);
            html.push_str(&before[done..place.start]);
            html.push_str(Html::escaped(&format!("#{}", encode(to))).as_str());
            done = place.end;
        }
        html.push_str(&before[done..]);
        section.html = Value::normal_string(&html);
    }
}
