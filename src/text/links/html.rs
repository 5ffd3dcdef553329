//! Finds the ids and links of finished HTML without building a tree.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::ops::ControlFlow;

use foldhash::fast::FixedState;

use crate::text::address::decode;
use crate::text::escape::Special;
use crate::text::links::{Paths, join, scheme};

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
    let mut open = Vec::new();
    let mut seen: HashSet<&str, FixedState> = HashSet::default();
    let mut here = Vec::new();
    let mut joined = String::new();
    // Links are compared as they are read.
    let base = &decode(base);
    let open_link = |attribute| open_link(attribute, path, folder, base, outputs);
    let (before, after) = context_of(html, known);
    let mut take = |attribute: Attribute<'h>| {
        match attribute.name {
            "id" => ids.push(id_key(&unescape(attribute.value))),
            "href" if is_plain_fragment(attribute.value) => here.push(attribute),
            "href" | "src" => {
                let simple = simple_target(attribute.value, folder, &mut joined);
                let there = simple.is_some_and(|target| outputs.contains(target));
                if !there && seen.insert(attribute.value) {
                    open.extend(open_link(attribute));
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    };
    attributes(before, &mut take);
    attributes(after, &mut take);
    ids.sort_unstable();
    let repeated = match ids.windows(2).any(|two| two[0] == two[1]) {
        true => repeated(html),
        false => Vec::new(),
    };
    ids.dedup();
    let ids = PageIds(ids);
    for attribute in here {
        if !ids.contains(&attribute.value[1..]) && seen.insert(attribute.value) {
            open.extend(open_link(attribute));
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

/// Returns a link into the site if it has to be looked up later.
fn open_link(
    attribute: Attribute<'_>,
    path: &str,
    folder: &str,
    base: &str,
    outputs: &Paths,
) -> Option<OpenLink> {
    let href = unescape(attribute.value);
    if href.starts_with("//") || scheme(&href).is_some() {
        return None;
    }
    let (target, fragment) = match href.split_once('#') {
        Some((target, fragment)) => (target, Some(decode(fragment))),
        None => (&*href, None),
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
    let resolved = resolved.unwrap_or(target);
    let fragment = fragment.filter(|f| !f.is_empty());
    if fragment.is_none() && outputs.contains(&resolved) {
        return None;
    }
    Some(OpenLink {
        href: href.into_owned(),
        path: resolved,
        fragment,
        asset: attribute.name == "src" || attribute.tag == "link",
    })
}

/// The ids that occur more than once.
fn repeated(html: &str) -> Vec<String> {
    let (mut seen, mut again) = (HashSet::new(), Vec::new());
    attributes(html, |attribute| {
        if attribute.name == "id" && !seen.insert(unescape(attribute.value)) {
            again.push(attribute.value.to_string());
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

/// One attribute of a start tag.
pub(crate) struct Attribute<'h> {
    pub tag: &'h str,
    pub name: &'h str,
    pub value: &'h str,
}

/// Calls a function for the attributes of all start tags, one after another, until
/// that asks to stop. Comments and the contents of scripts and styles are skipped
/// (HTML Standard, section 13.2.5, as far as it concerns attributes).
pub(crate) fn attributes<'h>(
    html: &'h str,
    mut take: impl FnMut(Attribute<'h>) -> ControlFlow<()>,
) {
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'<', &bytes[at..]) {
        at += next + 1;
        if let Some(comment) = bytes[at..].strip_prefix(b"!--") {
            let end = memchr::memmem::find(comment, b"-->");
            at += 3 + end.map_or(comment.len(), |end| end + 3);
            continue;
        }
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let end = until(bytes, at, |b| ENDS_TAG.has(b));
        let tag = &html[at..end];
        at = end;
        loop {
            at = until(bytes, at, |b| !is_blank(b) && b != b'/');
            match bytes.get(at) {
                None => return,
                Some(b'>') => break,
                Some(_) => {}
            }
            let start = at;
            // A name may begin with `=`.
            at = until(bytes, at + 1, |b| ENDS_NAME.has(b));
            let name = &html[start..at];
            let mut value = "";
            let sign = until(bytes, at, |b| !is_blank(b));
            if bytes.get(sign) == Some(&b'=') {
                let start = until(bytes, sign + 1, |b| !is_blank(b));
                value = match bytes.get(start) {
                    Some(quote @ (b'"' | b'\'')) => {
                        let start = start + 1;
                        let close = memchr::memchr(*quote, &bytes[start..]);
                        let end = close.map_or(bytes.len(), |len| start + len);
                        at = (end + 1).min(bytes.len());
                        &html[start..end]
                    }
                    _ => {
                        at = until(bytes, start, |b| is_blank(b) || b == b'>');
                        &html[start..at]
                    }
                };
            }
            if take(Attribute { tag, name, value }).is_break() {
                return;
            }
        }
        if tag == "script" || tag == "style" {
            let close = format!("</{tag}");
            at += html[at..].find(&close).unwrap_or(html.len() - at);
        }
    }
}

/// The index of the next byte from `from` on that ends something.
fn until(bytes: &[u8], from: usize, ends: impl Fn(u8) -> bool) -> usize {
    let len = bytes[from..].iter().position(|b| ends(*b));
    len.map_or(bytes.len(), |len| from + len)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

/// Bytes that end the name of a tag, and below, of an attribute.
static ENDS_TAG: Special = Special::of(" \t\n\r\x0c/>");

static ENDS_NAME: Special = Special::of(" \t\n\r\x0c/>=");

/// Undoes the character references that our own escaping writes.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&");
    Cow::Owned(text)
}
