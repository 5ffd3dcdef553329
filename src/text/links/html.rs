//! Finds the ids and links of finished HTML without building a tree.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::ops::ControlFlow;

use foldhash::fast::FixedState;

use crate::text::address::decode;
use crate::text::links::references::unescape;
use crate::text::links::tags::{Attribute, OpenElements, Tag, candidates, tags};
use crate::text::links::{Paths, address_in, join, scheme};
use crate::text::paths;

/// The ids and links of one rendered page.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The ids of all elements.
    pub ids: PageIds,
    /// Ids that occur more than once.
    pub repeated: Vec<String>,
    /// Links into the site that have to be checked when all pages are known.
    pub open: Vec<OpenLink>,
}

/// The ids of a page, each as a 64-bit hash that is the same in every run.
#[derive(Clone, Debug, Default, Hash)]
pub struct PageIds(Vec<u64>);

impl PageIds {
    /// All ids of a page. Names of `<a>` count as ids.
    fn of(mut ids: Vec<u64>, names: Vec<u64>) -> PageIds {
        if !names.is_empty() {
            ids.extend(names);
            ids.sort_unstable();
        }
        ids.dedup();
        PageIds(ids)
    }

    /// Whether the page has this id.
    pub fn contains(&self, id: &str) -> bool {
        self.0.binary_search(&id_key(id)).is_ok()
    }
}

/// A link whose fragment has to be looked up once all pages are known, or
/// whose target does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OpenLink {
    /// As written in the page.
    pub href: String,
    /// Path of the target in the site.
    pub path: String,
    /// The fragment without its `#`, if there is one.
    pub fragment: Option<String>,
    /// Whether the link loads a file, such as an image or a script.
    pub asset: bool,
}

fn id_key(id: &str) -> u64 {
    FixedState::default().hash_one(id)
}

/// Reads the ids and links of a rendered page. `known` is a piece of this or another
/// page that has no ids and only links to pages that exist. `path` is the page's path
/// in the site, and `base` is what absolute links into the site begin with. Links
/// without a fragment to files that exist are settled here, and so are links to ids
/// on the same page.
pub fn facts<'h>(html: &'h str, known: &str, path: &str, base: &str, outputs: &Paths) -> Facts {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut ids = Vec::new();
    let mut names = Vec::new();
    let mut open = Vec::new();
    let mut seen: HashSet<&str, FixedState> = HashSet::default();
    let mut here = Vec::new();
    let mut joined = String::new();
    // Links are compared as they are read.
    let base = &decode(base);
    let open_link = |value: &str, asset| open_link(value, asset, path, folder, base, outputs);
    let (before, after) = context_of(html, known);
    let mut take = |tag: &Tag<'h, '_>| {
        for attribute in tag.attributes {
            let Some(meaning) = meaning(tag, attribute) else {
                continue;
            };
            let asset = meaning == Meaning::Asset;
            let mut link = |value: &'h str| {
                let simple = simple_target(value, folder, &mut joined);
                let there = simple.is_some_and(|target| outputs.contains(target));
                if !there && seen.insert(value) {
                    open.extend(open_link(value, asset));
                }
            };
            match meaning {
                Meaning::Id => ids.push(id_key(&unescape(attribute.value))),
                Meaning::Name => names.push(id_key(&unescape(attribute.value))),
                Meaning::Link | Meaning::Asset if is_plain_fragment(attribute.value) => {
                    here.push((attribute.value, asset));
                }
                Meaning::Link | Meaning::Asset => link(attribute.value),
                Meaning::Candidates => {
                    let places = candidates(attribute.value).into_iter();
                    places.for_each(|place| link(&attribute.value[place]));
                }
            }
        }
        ControlFlow::Continue(())
    };
    let mut elements = OpenElements::default();
    tags(before, &mut elements, &mut take);
    tags(after, &mut elements, &mut take);
    ids.sort_unstable();
    let repeated = match ids.windows(2).any(|two| two[0] == two[1]) {
        true => repeated(html),
        false => Vec::new(),
    };
    let ids = PageIds::of(ids, names);
    for (value, asset) in here {
        if !ids.contains(&value[1..]) && seen.insert(value) {
            open.extend(open_link(value, asset));
        }
    }
    Facts {
        ids,
        repeated,
        open,
    }
}

/// The text before and after a piece of a page, if the page contains the piece
/// unchanged.
fn context_of<'h>(html: &'h str, stretch: &str) -> (&'h str, &'h str) {
    // Search for the beginning only: pieces are long, and nothing else begins like
    // them.
    let opening = stretch.char_indices().nth(OPENING);
    let start = opening.and_then(|(end, _)| html.find(&stretch[..end]));
    let parts = start.and_then(|start| {
        let after = html[start..].strip_prefix(stretch)?;
        Some((&html[..start], after))
    });
    parts.unwrap_or((html, ""))
}

/// How many of a piece's first characters are searched for.
const OPENING: usize = 48;

/// Whether a link leads to an id on its own page and needs no decoding.
fn is_plain_fragment(href: &str) -> bool {
    href.starts_with('#')
        && href.len() > 1
        && memchr::memchr2(b'&', b'%', href.as_bytes()).is_none()
}

/// What the value of an attribute is for the check of links.
#[derive(Clone, Copy, PartialEq)]
enum Meaning {
    Id,
    /// An anchor of an older kind, which may be equal to an id.
    Name,
    Link,
    Asset,
    /// Assets, each with a description of when it is used.
    Candidates,
}

fn meaning(tag: &Tag<'_, '_>, attribute: &Attribute<'_>) -> Option<Meaning> {
    let (name, all) = match attribute.name.len() {
        2 => ("id", Meaning::Id),
        3 => ("src", Meaning::Asset),
        4 if attribute.is("href") && tag.is("link") => return Some(Meaning::Asset),
        4 if attribute.is("name") && tag.is("a") => return Some(Meaning::Name),
        4 if attribute.is("data") && tag.is("object") => return Some(Meaning::Asset),
        4 => ("href", Meaning::Link),
        6 if attribute.is("poster") => return Some(Meaning::Asset),
        6 => ("srcset", Meaning::Candidates),
        10 => ("xlink:href", Meaning::Link),
        _ => return None,
    };
    attribute.is(name).then_some(all)
}

/// Returns a link into the site if it has to be looked up later.
fn open_link(
    value: &str,
    asset: bool,
    path: &str,
    folder: &str,
    base: &str,
    outputs: &Paths,
) -> Option<OpenLink> {
    let value = unescape(value);
    let href = &*address_in(&value);
    if href.starts_with("//") || scheme(href).is_some() {
        return None;
    }
    let (target, fragment) = match href.split_once('#') {
        Some((target, fragment)) => (target, Some(decode(fragment))),
        None => (href, None),
    };
    let target = decode(target.split('?').next().unwrap_or(target));
    let resolved = if target.is_empty() {
        Some(path.to_string())
    } else if let Some(rest) = target.strip_prefix('/') {
        let below = target.strip_prefix(base).filter(|_| !base.is_empty());
        join("", below.unwrap_or(rest))
    } else {
        join(folder, &target)
    };
    let mut resolved = resolved.unwrap_or(target);
    if resolved.is_empty() || href.ends_with('/') {
        // A server shows the index of a folder.
        resolved = paths::index_of(&resolved);
    }
    let fragment = fragment.filter(|f| !f.is_empty());
    if fragment.is_none() && outputs.contains(&resolved) {
        return None;
    }
    Some(OpenLink {
        href: href.to_string(),
        path: resolved,
        fragment,
        asset,
    })
}

/// The ids that occur more than once.
fn repeated(html: &str) -> Vec<String> {
    let (mut seen, mut again) = (HashSet::new(), Vec::new());
    tags(html, &mut OpenElements::default(), |tag| {
        let id = tag.attributes.iter().find(|attribute| attribute.is("id"));
        if let Some(id) = id.map(|id| unescape(id.value))
            && !seen.insert(id.clone())
            && !again.iter().any(|known| *known == id)
        {
            again.push(id.into_owned());
        }
        ControlFlow::Continue(())
    });
    again
}

/// Nearly all links of a page are those of its menu: a few `../` and a plain path.
/// Returns the target of such a link, and `None` for all others.
fn simple_target<'a>(href: &'a str, folder: &str, joined: &'a mut String) -> Option<&'a str> {
    let mut before = b'/';
    let mut rest = href;
    let mut base = folder;
    while let Some(up) = rest.strip_prefix("../").filter(|_| !base.is_empty()) {
        base = base.rsplit_once('/').map_or("", |(parent, _)| parent);
        rest = up;
    }
    for byte in rest.bytes() {
        // This covers `//`, and `.` or `..` as a name, too.
        let special = matches!(byte, b'&' | b'%' | b'?' | b'#' | b':');
        if special || (before == b'/' && matches!(byte, b'.' | b'/')) {
            return None;
        }
        before = byte;
    }
    if rest.is_empty() {
        return None;
    }
    if base.is_empty() {
        return Some(rest);
    }
    joined.clear();
    joined.push_str(base);
    joined.push('/');
    joined.push_str(rest);
    Some(joined)
}
