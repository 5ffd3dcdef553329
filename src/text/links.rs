//! Where a link goes: what an author may write after `](`, and the check of
//! every link and anchor over the rendered site. It renders nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use foldhash::fast::FixedState;

use crate::findings::diag::{Guess, Names};
use crate::text::address::decode;
use crate::text::code::Code;
use crate::text::escape::Special;

/// Width and height of an image in CSS pixels.
pub type Size = (usize, usize);

/// Paths in a site. It is asked for about every link of every page.
pub type Paths = HashSet<String, FixedState>;

/// What is known by a path or an id, likewise.
pub type Known = HashMap<String, String, FixedState>;

/// Everything a link can point to, known before anything is rendered. Paths
/// are relative to the site, with `/` and without one in front.
#[derive(Debug, Default)]
pub struct Targets {
    /// Source path below the content folder to the page made from it.
    pub sources: Known,
    /// Row id to the path of its category's page.
    pub rows: Known,
    /// `model:saas`, `category:data`, `party:customer`, `compare:a..b` to a
    /// page, in both orders for comparisons.
    pub ids: Known,
    /// Paths of all files of the site.
    pub outputs: Paths,
    /// Source path of a copied file to its path in the site.
    pub assets: Known,
    /// Path of an image in the site to its size, where that is known.
    pub images: BTreeMap<String, Size>,
    /// What can be linked to, by kind, made when the first dead link is found.
    pub names: AllNames,
    /// How code is shown. Every text of a site is rendered with the targets.
    pub code: Code,
}

/// The names that links can have.
#[derive(Debug, Default)]
pub struct AllNames {
    rows: OnceLock<Arc<Names>>,
    files: OnceLock<Arc<Names>>,
    /// In the order of [`SITE_SCHEMES`].
    ids: [OnceLock<Arc<Names>>; SITE_SCHEMES.len()],
}

/// What became of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A file of the site, with the fragment without its `#`.
    Internal {
        path: String,
        fragment: Option<String>,
    },
    /// A place on the page itself.
    Here(String),
    /// Somewhere else, left as written.
    External,
    /// A scheme that could run code or read files.
    Unsafe(String),
    /// Nothing is there; with what may have been meant.
    Dead { what: String, guess: Option<Guess> },
}

/// Schemes a link may have.
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];

/// Those of links to pages of the site, beside `row:`.
const SITE_SCHEMES: [(&str, &str); 4] = [
    ("model", "model:"),
    ("category", "category:"),
    ("party", "party:"),
    ("compare", "compare:"),
];

/// The first of them.
const MODEL: usize = 0;

impl Targets {
    /// Resolves a link written in a source file that lies in `folder` (below
    /// the content folder, empty for its top).
    pub fn resolve(&self, link: &str, folder: &str) -> Destination {
        let link = link.trim();
        if let Some(fragment) = link.strip_prefix('#') {
            return Destination::Here(decode(fragment));
        }
        if link.starts_with("//") {
            return Destination::External;
        }
        if let Some((scheme, rest)) = scheme(link) {
            let of_site = SITE_SCHEMES.iter().position(|(own, _)| *own == scheme);
            return match (scheme.as_str(), of_site) {
                ("row", _) => self.row(rest),
                (_, Some(kind)) => self.id(kind, rest),
                (s, None) if SCHEMES.contains(&s) => Destination::External,
                _ => Destination::Unsafe(scheme),
            };
        }
        let (path, fragment) = match link.split_once('#') {
            Some((path, fragment)) => (path, Some(decode(fragment))),
            None => (link, None),
        };
        let path = decode(path.split('?').next().unwrap_or(path));
        let dead = |guess: Option<Guess>| Destination::Dead {
            what: format!("`{path}`"),
            guess,
        };
        let absolute = path.strip_prefix("@/").or_else(|| path.strip_prefix('/'));
        let Some(full) = join(absolute.map_or(folder, |_| ""), absolute.unwrap_or(&path)) else {
            return dead(None);
        };
        match self.file(&full) {
            Some(path) => Destination::Internal { path, fragment },
            None => {
                let files = self.names.files.get_or_init(|| {
                    let files = self.sources.keys().chain(self.assets.keys());
                    Names::paths("@/", files.map(String::as_str))
                });
                dead(Some(Guess::new(&full, files)))
            }
        }
    }

    /// A path below the content folder, or of the site itself.
    fn file(&self, path: &str) -> Option<String> {
        let trimmed = path.trim_end_matches('/');
        let index = |name: &str| match trimmed {
            "" => name.to_string(),
            folder => format!("{folder}/{name}"),
        };
        self.sources
            .get(trimmed)
            .or_else(|| self.assets.get(trimmed))
            .or_else(|| self.sources.get(&index("index.md")))
            .or_else(|| self.sources.get(&index("README.md")))
            .or_else(|| self.outputs.get(trimmed))
            .or_else(|| self.outputs.get(&index("index.html")))
            .cloned()
    }

    fn row(&self, rest: &str) -> Destination {
        let (row, model) = match rest.split_once('@') {
            Some((row, model)) => (row, Some(model)),
            None => (rest, None),
        };
        let Some(category) = self.rows.get(row) else {
            let rows = self.names.rows.get_or_init(|| {
                let rows: BTreeSet<&str> = self.rows.keys().map(String::as_str).collect();
                Names::new("row:", "row:", rows)
            });
            return Destination::Dead {
                what: format!("row `{row}`"),
                guess: Some(Guess::new(row, rows)),
            };
        };
        let fragment = Some(row.to_string());
        match model {
            None => Destination::Internal {
                path: category.clone(),
                fragment,
            },
            Some(model) => match self.id(MODEL, model) {
                Destination::Internal { path, .. } => Destination::Internal { path, fragment },
                other => other,
            },
        }
    }

    /// `kind` is the place of a scheme among [`SITE_SCHEMES`].
    fn id(&self, kind: usize, rest: &str) -> Destination {
        let (id, fragment) = match rest.split_once('#') {
            Some((id, fragment)) => (id, Some(fragment.to_string())),
            None => (rest, None),
        };
        let (scheme, prefix) = SITE_SCHEMES[kind];
        match self.ids.get(&format!("{prefix}{id}")) {
            Some(path) => Destination::Internal {
                path: path.clone(),
                fragment,
            },
            None => {
                let names = self.names.ids[kind].get_or_init(|| {
                    let ids = self.ids.keys().filter_map(|k| k.strip_prefix(prefix));
                    Names::new(prefix, prefix, ids.collect::<BTreeSet<&str>>())
                });
                Destination::Dead {
                    what: format!("{scheme} `{id}`"),
                    guess: Some(Guess::new(id, names)),
                }
            }
        }
    }
}

/// Whether an address from a data file or the settings may become a link.
pub fn is_web(url: &str) -> bool {
    scheme(url).is_some_and(|(scheme, _)| SCHEMES.contains(&scheme.as_str()))
}

/// The scheme of a link, in lower case, and what follows its colon.
pub fn scheme(link: &str) -> Option<(String, &str)> {
    let (before, rest) = link.split_once(':')?;
    // Browsers drop control characters and blanks inside a scheme.
    let dropped = |c: char| c.is_control() || c.is_whitespace();
    let cleaned = match before.contains(dropped) {
        true => Cow::Owned(before.replace(dropped, "")),
        false => Cow::Borrowed(before),
    };
    let mut chars = cleaned.chars();
    let valid = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
    valid.then(|| (cleaned.to_ascii_lowercase(), rest))
}

/// `path` seen from `folder`, without `.` and `..`; `None` when it leaves the
/// top.
pub fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The ids and links of one rendered page.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub ids: Ids,
    /// Ids that occur more than once.
    pub repeated: Vec<String>,
    /// Link targets inside the site that could not be cleared at once.
    pub open: Vec<OpenLink>,
}

/// The ids of a page, each as 64 bits of a hash without a secret, the same in
/// every run.
#[derive(Clone, Debug, Default, Hash)]
pub struct Ids(Vec<u64>);

impl Ids {
    /// Whether an id is among them.
    pub fn contains(&self, id: &str) -> bool {
        self.0.binary_search(&id_key(id)).is_ok()
    }
}

/// A link whose fragment has to be looked up once all pages are known, or
/// whose target does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OpenLink {
    /// As it stands in the page.
    pub href: String,
    pub path: String,
    pub fragment: Option<String>,
    pub asset: bool,
}

fn id_key(id: &str) -> u64 {
    FixedState::default().hash_one(id)
}

/// Reads the ids and links of a rendered page. `known` is a stretch of it, or of
/// another page, that has no ids and no links but to pages that are there. `path`
/// is the page's own place in the site, `base` what absolute links into the site begin with. Links to files
/// that exist and have no fragment are done with here, and so are those to
/// places on the page itself that are there.
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
    let (before, after) = around(html, known);
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
    let ids = Ids(ids);
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

/// What stands before and after a stretch of a page, if it stands there as it is.
fn around<'h>(html: &'h str, stretch: &str) -> (&'h str, &'h str) {
    // Whole stretches are long, and nothing else begins as they do.
    let opening = stretch.char_indices().nth(OPENING);
    let start = opening.and_then(|(end, _)| html.find(&stretch[..end]));
    let parts = start.and_then(|start| {
        let after = html[start..].strip_prefix(stretch)?;
        Some((&html[..start], after))
    });
    parts.unwrap_or((html, ""))
}

/// Characters that a stretch of a page is looked for by.
const OPENING: usize = 48;

/// Whether a link leads to a place on its own page, with nothing to decode.
fn is_plain_fragment(href: &str) -> bool {
    href.starts_with('#')
        && href.len() > 1
        && memchr::memchr2(b'&', b'%', href.as_bytes()).is_none()
}

/// A link into the site that has to be looked up later, if it has to.
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

/// The ids that occur once more.
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

/// Nearly all links of a page are those of its menu: a few `../` and a plain
/// path. Gives the target of such a link, and `None` for all others.
fn simple_target<'a>(href: &'a str, folder: &str, joined: &'a mut String) -> Option<&'a str> {
    let mut before = b'/';
    let mut rest = href;
    let mut base = folder;
    while let Some(up) = rest.strip_prefix("../").filter(|_| !base.is_empty()) {
        base = base.rsplit_once('/').map_or("", |(parent, _)| parent);
        rest = up;
    }
    for byte in rest.bytes() {
        // `//`, and `.` or `..` as a name, too.
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

/// Gives away the attributes of all start tags, one after another, until it is
/// told to stop. Comments and the texts of scripts and styles are passed over
/// (HTML Standard, section 13.2.5, as far as it matters for attributes).
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

/// The place of the next byte, from a place on, that ends something.
fn until(bytes: &[u8], from: usize, ends: impl Fn(u8) -> bool) -> usize {
    let len = bytes[from..].iter().position(|b| ends(*b));
    len.map_or(bytes.len(), |len| from + len)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

/// What ends the name of a tag, and of an attribute.
static ENDS_TAG: Special = Special::of(" \t\n\r\x0c/>");
static ENDS_NAME: Special = Special::of(" \t\n\r\x0c/>=");

/// Undoes the character references that our own escaping makes.
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
