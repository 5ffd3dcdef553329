//! Rewrites Markdown for another place: links get new destinations, and HTML is made
//! harmless. The result is Markdown.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag};

use crate::text::markdown::raw_html::is_break;
use crate::text::markdown::reader::read;
use crate::text::markdown::{Settings, options};

/// The names of footnotes in a document that is put together from several texts.
#[derive(Debug, Default)]
pub struct NoteNames {
    taken: HashSet<String>,
}

impl NoteNames {
    /// A name for a footnote that no other text of the document has.
    fn unused(&mut self, label: &str) -> String {
        let numbered = (2..).map(|n| format!("{label}-{n}"));
        let mut names = std::iter::once(label.to_string()).chain(numbered);
        // Case does not matter in names.
        let name = names.find(|name| self.taken.insert(name.to_lowercase()));
        name.unwrap_or_default()
    }

    /// The edits that give a footnote of a text such a name. Each of its places begins
    /// with the label in brackets.
    fn renamed(
        &mut self,
        text: &str,
        label: &str,
        places: Vec<Range<usize>>,
    ) -> Vec<(Range<usize>, String)> {
        let name = self.unused(label);
        if name == label {
            return Vec::new();
        }
        let renamed = places.into_iter().filter_map(|place| {
            let end = place.start + text[place.clone()].find(']')?;
            Some((place.start..end, format!("[^{name}")))
        });
        renamed.collect()
    }
}

/// The footnotes of a text, each with the places where it is defined or referred to.
#[derive(Default)]
struct Notes<'t> {
    all: Vec<(CowStr<'t>, Vec<Range<usize>>)>,
    by_label: HashMap<CowStr<'t>, usize>,
}

impl<'t> Notes<'t> {
    fn add(&mut self, label: CowStr<'t>, place: Range<usize>) {
        let at = *self.by_label.entry(label).or_insert_with_key(|label| {
            self.all.push((label.clone(), Vec::new()));
            self.all.len() - 1
        });
        self.all[at].1.push(place);
    }
}

/// Rewrites a text for another place: `f` returns the new destination of a link, or
/// `None` to leave it. HTML that the settings do not allow is escaped, and footnotes
/// get names that are unused in the document.
pub fn rewrite(
    text: &str,
    settings: Settings,
    names: &mut NoteNames,
    mut f: impl FnMut(&str) -> Option<String>,
) -> String {
    let html = text.contains('<');
    if !html && !text.contains("](") && !text.contains("]:") {
        return text.to_string();
    }
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    // Where a `<` is a plain character: in code, and around a bare address.
    let mut signs: Vec<Range<usize>> = Vec::new();
    let mut notes = Notes::default();
    let mut reader = read(text, options(settings));
    for (event, range) in reader.by_ref() {
        match event {
            Event::Start(Tag::Link {
                link_type: LinkType::Autolink | LinkType::Email,
                ..
            }) => signs.push(range),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let Some(at) = text[range.clone()].rfind(&*dest_url) else {
                    continue;
                };
                let start = range.start + at;
                let mut place = start..start + dest_url.len();
                // A destination in angle brackets loses them.
                if text[..start].ends_with('<') && text[place.end..].starts_with('>') {
                    place = start - 1..place.end + 1;
                    signs.push(place.clone());
                }
                if let Some(new) = f(&dest_url) {
                    edits.push((place, new));
                }
            }
            Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => signs.push(range),
            Event::Start(Tag::FootnoteDefinition(label)) | Event::FootnoteReference(label) => {
                notes.add(label, range);
            }
            Event::Html(raw) | Event::InlineHtml(raw) if is_break(raw.trim()) => signs.push(range),
            _ => {}
        }
    }
    for comment in reader.comments {
        // What a comment separates is not joined without it.
        let before = text[..comment.start].ends_with(|c: char| !c.is_whitespace());
        let after = text[comment.end..].starts_with(|c: char| !c.is_whitespace());
        let between = if before && after { " " } else { "" };
        edits.push((comment, between.to_string()));
    }
    if html && !settings.raw_html {
        // Whatever our own parser says, leave nothing that another Markdown parser
        // could read as a tag.
        let tags = tag_openings(text, signs);
        edits.extend(tags.map(|at| (at..at + 1, "&lt;".to_string())));
    }
    for (label, places) in notes.all {
        edits.extend(names.renamed(text, &label, places));
    }
    edits.sort_by_key(|(range, _)| range.start);
    replace(text, edits)
}

/// Where tags open in a text, without those `<` that are plain characters (`signs`).
fn tag_openings(text: &str, mut signs: Vec<Range<usize>>) -> impl Iterator<Item = usize> {
    signs.sort_by_key(|range| range.start);
    let mut signs = signs.into_iter().peekable();
    let mut sign_until = 0;
    text.match_indices('<').filter_map(move |(at, _)| {
        while let Some(range) = signs.next_if(|range| range.start <= at) {
            sign_until = range.end.max(sign_until);
        }
        let tag =
            text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        (tag && at >= sign_until).then_some(at)
    })
}

/// Applies edits to a text, sorted by where they begin. An edit that overlaps an
/// earlier one is left out.
fn replace(text: &str, edits: Vec<(Range<usize>, String)>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        if range.start < at {
            continue;
        }
        out.push_str(&text[at..range.start]);
        out.push_str(&new);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}
