//! Resolves links: what an author may write after `](`. Links in finished HTML are
//! found by `links::html`. Nothing is rendered here.

mod html;
mod references;
mod sections;
mod tags;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use foldhash::fast::FixedState;

use crate::findings::{Guess, Names, nearest};
use crate::text::address::decode;
use crate::text::code::Highlighter;
use crate::text::paths;

pub use crate::text::links::html::{Facts, OpenLink, PageIds, facts};
pub use crate::text::links::references::unescape;
pub use crate::text::links::sections::{PageSection, Sections};
pub(crate) use crate::text::links::tags::words_in;
pub use crate::text::links::tags::{Attribute, OpenElements, Tag, candidates, tags};

/// Width and height of an image in CSS pixels.
pub type ImageSize = (usize, usize);

/// A set of paths in a site. It is searched for every link of every page, so it uses
/// a fast hash.
pub type Paths = HashSet<String, FixedState>;

/// A map from a path or an id, with the same fast hash.
pub type PathsByName = HashMap<String, String, FixedState>;

/// Everything a link can point to, known before anything is rendered. Paths
/// are relative to the site's root, use `/`, and do not begin with one.
#[derive(Debug, Default)]
pub struct Targets {
    /// Source path below the content folder to the page made from it.
    pub sources: PathsByName,
    /// Row id to the path of its category's page.
    pub rows: PathsByName,
    /// `model:saas`, `category:data`, `party:customer` and `compare:a..b` to the path
    /// of a page; comparisons are listed in both orders.
    pub ids: PathsByName,
    /// What an address in the site may begin with: its path on the server, with a
    /// slash at both ends; empty if that is unknown.
    pub base: String,
    /// Paths of all files of the site.
    pub outputs: Paths,
    /// Source path of a copied file to its path in the site.
    pub assets: PathsByName,
    /// Path of an image in the site to its size, if that is known.
    pub images: BTreeMap<String, ImageSize>,
    /// The names that links can use, by kind; made when the first dead link is found.
    pub names: LinkNames,
    /// How code is shown. It is here because every text of a site is rendered with
    /// the targets.
    pub code: Highlighter,
}

/// The names that links can use.
#[derive(Debug, Default)]
pub struct LinkNames {
    rows: OnceLock<Arc<Names>>,
    files: OnceLock<Arc<Names>>,
    /// In the order of [`SITE_SCHEMES`].
    ids: [OnceLock<Arc<Names>>; SITE_SCHEMES.len()],
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// To a file of the site. The fragment is given without its `#`.
    Internal {
        /// Path of the file in the site.
        path: String,
        /// The fragment, if the link has one.
        fragment: Option<String>,
    },
    /// To an id on the same page.
    Here(String),
    /// To another site; left as written.
    External,
    /// Refused: a scheme that could run code or read files.
    Unsafe(String),
    /// A comparison of two models that the site does not have, with their ids.
    NoComparison(String, String),
    /// Nothing is written where the address would be.
    NoAddress,
    /// To nothing.
    Dead {
        /// The target in the words of a message, such as "row `backup`".
        what: String,
        /// What may have been meant.
        guess: Option<Guess>,
        /// Whether no data could make it, because it is the path of a page of prose or
        /// of another file.
        certain: bool,
    },
}

/// Schemes a link may have.
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];

/// Schemes of links to pages of the site, besides `row:`, and the word for each.
const SITE_SCHEMES: [(&str, &str); 4] = [
    ("model", "model:"),
    ("category", "category:"),
    ("party", "party:"),
    ("compare", "compare:"),
];

/// The index of `model:` among [`SITE_SCHEMES`].
const MODEL: usize = 0;

/// The last of them.
const COMPARE: usize = 3;

/// How a comparison is named.
const PAIR: &str = "`compare:A..B` compares two deployment models; A and B are their ids";

impl Targets {
    /// Resolves a link written in a source file that is in `folder` (below
    /// the content folder, empty for its top).
    pub fn resolve(&self, link: &str, folder: &str) -> LinkTarget {
        let link = link.trim();
        if link.is_empty() {
            return LinkTarget::NoAddress;
        }
        if let Some(fragment) = link.strip_prefix('#') {
            return LinkTarget::Here(decode(fragment));
        }
        if link.starts_with("//") {
            return LinkTarget::External;
        }
        if let Some((scheme, rest)) = scheme(link) {
            let of_site = SITE_SCHEMES.iter().position(|(own, _)| *own == scheme);
            return match (scheme.as_str(), of_site) {
                ("row", _) => self.row(rest),
                (_, Some(kind)) => self.id(kind, rest),
                (s, None) if SCHEMES.contains(&s) => LinkTarget::External,
                _ => LinkTarget::Unsafe(scheme),
            };
        }
        let (path, fragment) = match link.split_once('#') {
            Some((path, fragment)) => (path, Some(decode(fragment))),
            None => (link, None),
        };
        let path = decode(path.split('?').next().unwrap_or(path));
        if path.is_empty() {
            return LinkTarget::Here(fragment.unwrap_or_default());
        }
        let dead = |guess: Option<Guess>| LinkTarget::Dead {
            what: format!("`{path}`"),
            guess,
            certain: !paths::may_be_of_data(&path),
        };
        let absolute = path.strip_prefix("@/").or_else(|| path.strip_prefix('/'));
        let Some(full) = join(absolute.map_or(folder, |_| ""), absolute.unwrap_or(&path)) else {
            return dead(None);
        };
        match self.file(&full) {
            Some(path) => LinkTarget::Internal { path, fragment },
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
            .or_else(|| self.outputs.get(&paths::index_of(trimmed)))
            .cloned()
    }

    fn row(&self, rest: &str) -> LinkTarget {
        let (row, model) = match rest.split_once('@') {
            Some((row, model)) => (row, Some(model)),
            None => (rest, None),
        };
        let Some(category) = self.rows.get(row) else {
            let rows = self.names.rows.get_or_init(|| {
                let rows: BTreeSet<&str> = self.rows.keys().map(String::as_str).collect();
                Names::new("row:", "row:", rows)
            });
            return LinkTarget::Dead {
                what: format!("row `{row}`"),
                guess: Some(Guess::new(row, rows)),
                certain: false,
            };
        };
        let fragment = Some(row.to_string());
        match model {
            None => LinkTarget::Internal {
                path: category.clone(),
                fragment,
            },
            Some(model) => match self.id(MODEL, model) {
                LinkTarget::Internal { path, .. } => LinkTarget::Internal { path, fragment },
                other => other,
            },
        }
    }

    /// `kind` is the index of a scheme among [`SITE_SCHEMES`].
    fn id(&self, kind: usize, rest: &str) -> LinkTarget {
        let (id, fragment) = match rest.split_once('#') {
            Some((id, fragment)) => (id, Some(fragment.to_string())),
            None => (rest, None),
        };
        let (scheme, prefix) = SITE_SCHEMES[kind];
        match self.ids.get(&format!("{prefix}{id}")) {
            Some(path) => LinkTarget::Internal {
                path: path.clone(),
                fragment,
            },
            None => {
                if let Some((a, b)) = self.pair(kind, id) {
                    return LinkTarget::NoComparison(a.into(), b.into());
                }
                let names = self.names.ids[kind].get_or_init(|| {
                    let ids = self.ids.keys().filter_map(|k| k.strip_prefix(prefix));
                    Names::new(prefix, prefix, ids.collect::<BTreeSet<&str>>())
                });
                LinkTarget::Dead {
                    what: format!("{scheme} `{id}`"),
                    guess: Some(match kind {
                        COMPARE => Guess::new(id, names).or(PAIR),
                        _ => Guess::new(id, names),
                    }),
                    certain: false,
                }
            }
        }
    }

    /// The two models that an id of a comparison names, if they can be compared.
    fn pair<'a>(&self, kind: usize, id: &'a str) -> Option<(&'a str, &'a str)> {
        let (a, b) = id.split_once("..").filter(|_| kind == COMPARE)?;
        let (_, prefix) = SITE_SCHEMES[MODEL];
        let is_model = |id: &str| self.ids.contains_key(&format!("{prefix}{id}"));
        (a != b && is_model(a) && is_model(b)).then_some((a, b))
    }
}

/// Whether an address from a data file or the settings may become a link.
pub fn is_web(url: &str) -> bool {
    scheme(url).is_some_and(|(scheme, _)| SCHEMES.contains(&scheme.as_str()))
}

/// The scheme of an address that no link may have.
pub fn refused_scheme(address: &str) -> Option<String> {
    let (scheme, _) = scheme(address.trim())?;
    let of_site = scheme == "row" || SITE_SCHEMES.iter().any(|(own, _)| *own == scheme);
    (!of_site && !SCHEMES.contains(&scheme.as_str())).then_some(scheme)
}

/// The scheme of a link that a misspelt one may mean.
pub fn nearest_scheme(given: &str) -> Option<&'static str> {
    let of_site = SITE_SCHEMES.iter().map(|(own, _)| *own);
    let known = of_site.chain(["row"]).chain(SCHEMES.iter().copied());
    // Of short words, two letters in the wrong order are a third.
    let mut swapped = known.clone().filter(|own| {
        let letters = |word: &str| {
            let mut letters: Vec<char> = word.chars().collect();
            letters.sort_unstable();
            letters
        };
        letters(own) == letters(given)
    });
    swapped.next().or_else(|| nearest(given, known))
}

/// Splits a link into its scheme, in lower case, and what follows the colon.
pub fn scheme(link: &str) -> Option<(String, &str)> {
    let (before, rest) = link.split_once(':')?;
    // Browsers drop control characters and spaces inside a scheme.
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

/// The address in a value, as browsers read it: without spaces around it, and without
/// tabs and line ends (URL Standard, section 4.4).
pub(crate) fn address_in(value: &str) -> Cow<'_, str> {
    let dropped = ['\t', '\n', '\r'];
    let value = value.trim_matches(|c: char| c <= ' ');
    match value.contains(dropped) {
        true => Cow::Owned(value.replace(dropped, "")),
        false => Cow::Borrowed(value),
    }
}

/// Resolves `path` from `folder`, without `.` and `..`; `None` if it leads above the
/// top folder.
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
