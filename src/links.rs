//! Where a link goes: what an author may write after `](`, and the check of
//! every link and anchor over the rendered site. It renders nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use crate::diag::nearest;

/// Width and height of an image in CSS pixels.
pub type Size = (usize, usize);

/// Everything a link can point to, known before anything is rendered. Paths
/// are relative to the site, with `/` and without one in front.
#[derive(Debug, Default)]
pub struct Targets {
    /// Source path below the content folder to the page made from it.
    pub sources: HashMap<String, String>,
    /// Row id to the path of its category's page.
    pub rows: HashMap<String, String>,
    /// `model:saas`, `category:data`, `party:customer`, `compare:a..b` to a
    /// page, in both orders for comparisons.
    pub ids: HashMap<String, String>,
    /// Paths of all files of the site.
    pub outputs: HashSet<String>,
    /// Source path of a copied file to its path in the site.
    pub assets: HashMap<String, String>,
    /// Path of an image in the site to its size, where that is known.
    pub images: BTreeMap<String, Size>,
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
    /// Nothing is there; with the nearest thing that is.
    Dead {
        what: String,
        nearest: Option<String>,
    },
}

/// Schemes a link may have.
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];

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
            return match scheme.as_str() {
                "row" => self.row(rest),
                "model" | "category" | "party" | "compare" => self.id(&scheme, rest),
                s if SCHEMES.contains(&s) => Destination::External,
                _ => Destination::Unsafe(scheme),
            };
        }
        let (path, fragment) = match link.split_once('#') {
            Some((path, fragment)) => (path, Some(decode(fragment))),
            None => (link, None),
        };
        let path = decode(path.split('?').next().unwrap_or(path));
        let dead = |nearest: Option<String>| Destination::Dead {
            what: format!("`{path}`"),
            nearest,
        };
        let absolute = path.strip_prefix("@/").or_else(|| path.strip_prefix('/'));
        let Some(full) = join(absolute.map_or(folder, |_| ""), absolute.unwrap_or(&path)) else {
            return dead(None);
        };
        match self.file(&full) {
            Some(path) => Destination::Internal { path, fragment },
            None => {
                let known = self.sources.keys().chain(self.assets.keys());
                dead(nearest(&full, known.map(String::as_str)).map(|n| format!("@/{n}")))
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
            return Destination::Dead {
                what: format!("row `{row}`"),
                nearest: nearest(row, self.rows.keys().map(String::as_str))
                    .map(|n| format!("row:{n}")),
            };
        };
        let fragment = Some(row.to_string());
        match model {
            None => Destination::Internal {
                path: category.clone(),
                fragment,
            },
            Some(model) => match self.id("model", model) {
                Destination::Internal { path, .. } => Destination::Internal { path, fragment },
                other => other,
            },
        }
    }

    fn id(&self, kind: &str, rest: &str) -> Destination {
        let (id, fragment) = match rest.split_once('#') {
            Some((id, fragment)) => (id, Some(fragment.to_string())),
            None => (rest, None),
        };
        let prefix = format!("{kind}:");
        match self.ids.get(&format!("{prefix}{id}")) {
            Some(path) => Destination::Internal {
                path: path.clone(),
                fragment,
            },
            None => {
                let known = self.ids.keys().filter_map(|k| k.strip_prefix(&prefix));
                Destination::Dead {
                    what: format!("{kind} `{id}`"),
                    nearest: nearest(id, known).map(|n| format!("{prefix}{n}")),
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
    let cleaned: String = before
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .collect();
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

/// The path part of a `site-url`, with slashes at both ends.
pub fn base_of(url: &str) -> String {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url,
    };
    match path.trim_matches('/') {
        "" => "/".into(),
        path => format!("/{}/", encode(path)),
    }
}

/// Percent-encodes what may not stand in a URL's path; the rest of Unicode is
/// left readable, which every browser understands.
pub fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            ' ' | '"' | '<' | '>' | '`' | '#' | '?' | '%' | '{' | '}' | '\\' | '^' | '|' | '['
            | ']' | '(' | ')' => out.push_str(&format!("%{:02X}", c as u32)),
            c if c.is_control() => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// Percent-encodes everything but ASCII as well, as addresses in a sitemap and
/// canonical links have to be (RFC 3986).
pub fn encode_ascii(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in encode(path).chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

/// Undoes percent-encoding. What is not valid is left as it is.
pub fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_string();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16));
        let hex = (bytes[at] == b'%')
            .then(|| Some((digit(at + 1)? * 16 + digit(at + 2)?) as u8))
            .flatten();
        match hex {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_string())
}

/// The ids and links of one rendered page.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub ids: HashSet<u64>,
    /// Ids that occur more than once.
    pub repeated: Vec<String>,
    /// Link targets inside the site that could not be cleared at once.
    pub open: Vec<OpenLink>,
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

/// A key for an id: 64 bits of a hash without a secret, the same in every run.
pub fn id_key(id: &str) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// Reads the ids and links of a rendered page. `path` is its own place in the
/// site, `base` what absolute links into the site begin with. Links to files
/// that exist and have no fragment are done with here.
pub fn facts(html: &str, path: &str, base: &str, outputs: &HashSet<String>) -> Facts {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut facts = Facts::default();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut simple = String::new();
    for attribute in attributes(html) {
        match attribute.name {
            "id" if !facts.ids.insert(id_key(&unescape(attribute.value))) => {
                facts.repeated.push(attribute.value.to_string());
            }
            "href" | "src" => {
                if simple_target(attribute.value, folder, &mut simple) && outputs.contains(&simple)
                {
                    continue;
                }
                if !seen.insert(attribute.value) {
                    continue;
                }
                let href = unescape(attribute.value);
                if href.starts_with("//") || scheme(&href).is_some() {
                    continue;
                }
                let (target, fragment) = match href.split_once('#') {
                    Some((target, fragment)) => (target, Some(decode(fragment))),
                    None => (href.as_str(), None),
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
                    continue;
                }
                facts.open.push(OpenLink {
                    href,
                    path: resolved,
                    fragment,
                    asset: attribute.name == "src" || attribute.tag == "link",
                });
            }
            _ => {}
        }
    }
    facts
}

/// Nearly all links of a page are those of its navigation: a few `../` and a
/// plain path. Puts such a target into `out`; gives `false` for all others.
fn simple_target(href: &str, folder: &str, out: &mut String) -> bool {
    let special = |b: u8| matches!(b, b'&' | b'%' | b'?' | b'#' | b':');
    if href.is_empty() || href.bytes().any(special) || href.starts_with('/') {
        return false;
    }
    let mut rest = href;
    let mut base = folder;
    while let Some(up) = rest.strip_prefix("../") {
        if base.is_empty() {
            return false;
        }
        base = base.rsplit_once('/').map_or("", |(parent, _)| parent);
        rest = up;
    }
    if rest.starts_with('.') || rest.contains("/.") || rest.contains("//") {
        return false;
    }
    out.clear();
    if !base.is_empty() {
        out.push_str(base);
        out.push('/');
    }
    out.push_str(rest);
    true
}

/// One attribute of a start tag.
pub(crate) struct Attribute<'a> {
    pub tag: &'a str,
    pub name: &'a str,
    pub value: &'a str,
}

/// All attributes of all start tags, comments and the texts of scripts and
/// styles passed over (HTML Standard, section 13.2.5, as far as it matters
/// for attributes).
pub(crate) fn attributes(html: &str) -> impl Iterator<Item = Attribute<'_>> {
    let mut at = 0;
    let mut tag = "";
    let mut in_tag = false;
    std::iter::from_fn(move || {
        loop {
            if !in_tag {
                at += memchr::memchr(b'<', &html.as_bytes()[at..])?;
                let rest = &html[at..];
                if let Some(comment) = rest.strip_prefix("<!--") {
                    at += 4 + comment.find("-->").map_or(comment.len(), |i| i + 3);
                    continue;
                }
                let name = &rest[1..];
                if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    at += 1;
                    continue;
                }
                let end = name.bytes().position(ends_name);
                tag = &name[..end.unwrap_or(name.len())];
                at += 1 + tag.len();
                in_tag = true;
            }
            let rest = &html[at..];
            let gap = rest
                .bytes()
                .take_while(|b| is_blank(*b) || *b == b'/')
                .count();
            let skipped = &rest[gap..];
            at += rest.len() - skipped.len();
            if skipped.is_empty() {
                return None;
            }
            if skipped.starts_with('>') {
                at += 1;
                in_tag = false;
                if tag == "script" || tag == "style" {
                    let close = format!("</{tag}");
                    at += html[at..].find(&close).unwrap_or(html.len() - at);
                }
                continue;
            }
            let end = skipped
                .bytes()
                .position(|b| ends_name(b) || b == b'=')
                .filter(|e| *e > 0)
                .unwrap_or_else(|| skipped.chars().next().map_or(1, char::len_utf8));
            let name = &skipped[..end];
            at += end;
            let after = trim_blanks(&html[at..]);
            let Some(value) = after.strip_prefix('=') else {
                return Some(Attribute {
                    tag,
                    name,
                    value: "",
                });
            };
            let value = trim_blanks(value);
            let start = html.len() - value.len();
            let (from, to, next) = match value.as_bytes().first() {
                Some(quote @ (b'"' | b'\'')) => {
                    let close = memchr::memchr(*quote, &value.as_bytes()[1..]);
                    let len = close.unwrap_or(value.len() - 1);
                    (
                        start + 1,
                        start + 1 + len,
                        (start + 2 + len).min(html.len()),
                    )
                }
                _ => {
                    let ends = |b| is_blank(b) || b == b'>';
                    let len = value.bytes().position(ends).unwrap_or(value.len());
                    (start, start + len, start + len)
                }
            };
            at = next;
            return Some(Attribute {
                tag,
                name,
                value: &html[from..to],
            });
        }
    })
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

fn ends_name(byte: u8) -> bool {
    is_blank(byte) || byte == b'/' || byte == b'>'
}

fn trim_blanks(text: &str) -> &str {
    &text[text.bytes().take_while(|b| is_blank(*b)).count()..]
}

/// Undoes the character references that our own escaping makes.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_string();
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}
