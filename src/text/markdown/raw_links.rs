//! Links and ids in HTML that an author wrote: they work on each page that shows the
//! text, and are checked like those in Markdown. `raw_html` decides what is kept.

use std::collections::HashSet;
use std::ops::{ControlFlow, Range};

use pulldown_cmark::Event;

use crate::findings::Place;
use crate::text::html::Html;
use crate::text::links::OpenElements;
use crate::text::links::{
    Attribute, LinkTarget, Tag, address_in, candidates, scheme, tags, unescape,
};
use crate::text::markdown::reader::read;
use crate::text::markdown::{Settings, Writer, options, source_of};
use crate::text::paths;

/// An id in an author's HTML, with its place.
#[derive(Clone, Debug)]
pub struct AuthorId {
    /// The id, as it is on the page.
    pub id: String,
    /// Where it is written.
    pub place: Place,
}

/// What the value of an attribute is.
#[derive(Clone, Copy, PartialEq)]
enum Value {
    /// Where a link leads.
    Link,
    /// A file that the page loads.
    Asset,
    /// Such files, each with a description of when it is used.
    Candidates,
    /// An address that is written for the page, but not checked.
    Address,
    Id,
    /// An anchor that is not an id.
    Name,
    /// Ids of other elements, with spaces between them.
    Ids,
    /// The name of an image map, after `#`.
    MapName,
}

/// Attributes that name other elements by their ids.
const ID_LISTS: &[&str] = &[
    "anchor",
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
    "commandfor",
    "for",
    "form",
    "headers",
    "itemref",
    "list",
    "popovertarget",
];

fn value_of(tag: &Tag<'_, '_>, attribute: &Attribute<'_>) -> Option<Value> {
    let name = attribute.name.to_ascii_lowercase();
    Some(match name.as_str() {
        "id" => Value::Id,
        "name" if tag.is("a") || tag.is("map") => Value::Name,
        "href" if tag.is("link") || tag.is("image") => Value::Asset,
        // It changes what all addresses on the page mean.
        "href" if tag.is("base") => return None,
        "href" | "xlink:href" => Value::Link,
        "src" | "poster" => Value::Asset,
        "data" if tag.is("object") => Value::Asset,
        "srcset" | "imagesrcset" => Value::Candidates,
        "action" | "formaction" | "cite" | "background" | "longdesc" => Value::Address,
        "usemap" => Value::MapName,
        name if ID_LISTS.contains(&name) => Value::Ids,
        _ => return None,
    })
}

/// The ids in the HTML of a text; none if HTML is shown as text.
pub(super) fn ids(text: &str, settings: Settings) -> HashSet<String> {
    let mut ids = HashSet::new();
    if !settings.raw_html || !may_have_ids(text) {
        return ids;
    }
    let mut open = OpenElements::default();
    let mut block = String::new();
    let mut take = |html: &str| {
        tags(html, &mut open, |tag| {
            let named = |a: &&Attribute<'_>| a.is("id") || a.is("name") && tag.is("a");
            let found = tag.attributes.iter().filter(named);
            ids.extend(found.map(|a| unescape(a.value).into_owned()));
            ControlFlow::Continue(())
        });
    };
    for (event, _) in read(text, options(settings)) {
        match event {
            // A tag of a block may have several lines.
            Event::Html(html) => block.push_str(&html),
            Event::InlineHtml(html) => take(&html),
            _ => take(&std::mem::take(&mut block)),
        }
    }
    ids
}

/// Whether a text may have HTML with an id. Nearly no text has.
fn may_have_ids(text: &str) -> bool {
    let signs = memchr::memchr_iter(b'=', text.as_bytes());
    let mut names = signs.map(|at| text[..at].trim_end());
    text.contains('<')
        && names.any(|before| {
            let bytes = before.as_bytes();
            [&b"id"[..], b"name"].iter().any(|name| {
                let start = bytes.len().checked_sub(name.len());
                start.is_some_and(|start| bytes[start..].eq_ignore_ascii_case(name))
            })
        })
}

/// The changes of a text that give the links in a piece of HTML the destinations that
/// `f` returns for them.
pub(super) fn linked_in(
    text: &str,
    raw: &str,
    range: Range<usize>,
    open: &mut OpenElements,
    f: &mut impl FnMut(&str) -> Option<String>,
) -> Vec<Edit> {
    let mut edits = Vec::new();
    tags(raw, open, |tag| {
        for attribute in tag.attributes {
            let kind = value_of(tag, attribute);
            if !matches!(kind, Some(Value::Link | Value::Asset)) {
                continue;
            }
            let start = attribute.value.as_ptr() as usize - raw.as_ptr() as usize;
            let part = start..start + attribute.value.len();
            let place = source_of(text, raw, &range, part);
            // Between parts of a line that comments separate, places are unknown.
            let is_there = text.get(place.clone()) == Some(attribute.value);
            let new = is_there.then(|| f(&unescape(attribute.value))).flatten();
            edits.extend(new.map(|new| quoted(text, place, &new)));
        }
        ControlFlow::Continue(())
    });
    edits
}

/// A change of a piece of HTML.
type Edit = (Range<usize>, Html);

impl Writer<'_, '_> {
    /// An author's HTML, with the addresses and ids that it has on the page.
    pub(super) fn authors_html(&mut self, raw: &str, range: Range<usize>) -> Html {
        let mut open = std::mem::take(&mut self.elements);
        let mut edits: Vec<Edit> = Vec::new();
        let mut last = 0..0;
        tags(raw, &mut open, |tag| {
            let start = tag.name.as_ptr() as usize - raw.as_ptr() as usize;
            last = start..start + tag.name.len();
            for attribute in tag.attributes {
                self.attribute(tag, attribute, (raw, &range), &mut edits);
            }
            ControlFlow::Continue(())
        });
        self.swallows = open.swallows().map(|name| {
            // It was opened by the last tag of this piece, or before.
            let before = self.swallows.take();
            before.unwrap_or_else(|| (name, source_of(self.input.text, raw, &range, last)))
        });
        self.elements = open;
        let mut out = String::with_capacity(raw.len());
        let mut at = 0;
        for (range, new) in edits {
            out.push_str(&raw[at..range.start]);
            out.push_str(new.as_str());
            at = range.end;
        }
        out.push_str(&raw[at..]);
        // The settings allow the HTML of authors, or it breaks a line.
        Html::trusted(out)
    }

    fn attribute(
        &mut self,
        tag: &Tag<'_, '_>,
        attribute: &Attribute<'_>,
        (raw, range): (&str, &Range<usize>),
        edits: &mut Vec<Edit>,
    ) {
        let prefix = self.texts.prefix();
        let offset = |part: &str| part.as_ptr() as usize - raw.as_ptr() as usize;
        let start = offset(attribute.value);
        let written = start..start + attribute.value.len();
        let input = self.input;
        let source = |part: Range<usize>| source_of(input.text, raw, range, part);
        let value = unescape(attribute.value);
        let Some(kind) = value_of(tag, attribute) else {
            if !prefix.is_empty() && value.contains("url(#") {
                let value = value.replace("url(#", &format!("url(#{prefix}"));
                edits.push(quoted(raw, written, &value));
            }
            return;
        };
        if value.is_empty() {
            return;
        }
        let new = match kind {
            Value::Id | Value::Name => {
                let place = self.input.place(source(written.clone()));
                let id = format!("{prefix}{value}");
                if kind == Value::Id {
                    let id = id.clone();
                    self.out.ids.push(AuthorId { id, place });
                }
                Some(id)
            }
            Value::Ids => {
                let ids = value.split_ascii_whitespace();
                let ids: Vec<String> = ids.map(|id| format!("{prefix}{id}")).collect();
                (!prefix.is_empty()).then(|| ids.join(" "))
            }
            Value::MapName => value.strip_prefix('#').map(|map| format!("#{prefix}{map}")),
            Value::Candidates => {
                let mut new = value.to_string();
                for part in candidates(&value).into_iter().rev() {
                    let place = source(written.clone());
                    if let Some(address) = self.raw_address(&value[part.clone()], kind, place) {
                        new.replace_range(part, &address.replace(',', "%2C"));
                    }
                }
                Some(new)
            }
            Value::Link | Value::Asset | Value::Address => {
                let place = source(written.clone());
                self.raw_address(&value, kind, place)
            }
        };
        if let Some(new) = new.filter(|new| *new != *value) {
            edits.push(quoted(raw, written, &new));
        }
    }

    /// The address that replaces one of an author's HTML, if that has to change. Adds
    /// a finding if it leads nowhere.
    fn raw_address(&mut self, value: &str, kind: Value, range: Range<usize>) -> Option<String> {
        let value = &*address_in(value);
        if value.is_empty() || value.starts_with('?') {
            return None;
        }
        let asset = kind != Value::Link;
        // None of these runs scripts of the page.
        let harmless = ["about", "blob", "data"];
        if asset && scheme(value).is_some_and(|(scheme, _)| harmless.contains(&scheme.as_str())) {
            return None;
        }
        let base = self.scope.targets.base.trim_end_matches('/');
        let below = value
            .strip_prefix(base)
            .filter(|rest| rest.starts_with('/'));
        let address = below.filter(|_| !base.is_empty()).unwrap_or(value);
        let to = self.scope.targets.resolve(address, self.input.folder);
        if kind == Value::Address && !matches!(to, LinkTarget::Internal { .. }) {
            return None;
        }
        if to == LinkTarget::External {
            return None;
        }
        let (path, fragment) = match address.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (address, None),
        };
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path, None),
        };
        let is_page = matches!(&to, LinkTarget::Internal { .. });
        let mut new = self.address(to, address, Some(range), asset)?;
        if !is_page || new.starts_with('#') {
            return Some(new);
        }
        // What asks for a folder, such as `<srm-table>`, adds to its address.
        let folder = path.ends_with('/') || path.ends_with("/..") || matches!(path, "." | "..");
        if asset && folder {
            let (page, rest) = new.split_at(new.find('#').unwrap_or(new.len()));
            let page = paths::without_index(page);
            let page = if page.is_empty() { "./" } else { page };
            new = format!("{page}{rest}");
        }
        if let Some(query) = query {
            let at = new.find('#').unwrap_or(new.len());
            new.insert_str(at, &format!("?{query}"));
        }
        // A media fragment, such as `#t=10`, keeps its signs.
        if let (true, Some(fragment)) = (asset, fragment) {
            new.truncate(new.find('#').unwrap_or(new.len()));
            new.push('#');
            new.push_str(fragment);
        }
        Some(new)
    }
}

/// A change of the value of an attribute, which gets quotes if it had none.
fn quoted(raw: &str, written: Range<usize>, value: &str) -> Edit {
    let mut html = Html::new();
    match raw[..written.start].ends_with(['"', '\'']) {
        true => html.text(value),
        false => html.markup("\"").text(value).markup("\""),
    };
    (written, html)
}
