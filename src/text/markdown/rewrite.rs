//! Rewrites Markdown for another place: links get new destinations, and HTML is made
//! harmless. The result is Markdown.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::text::links::OpenElements;
use crate::text::markdown::note_names::{NoteNames, Notes};
use crate::text::markdown::raw_html::{html_of_block, is_break};
use crate::text::markdown::raw_links::linked_in;
use crate::text::markdown::reader::{open_comment, parser, read_parsed};
use crate::text::markdown::{Settings, options};

/// A change of a text.
type Edit = (Range<usize>, String);

/// Rewrites a text for another place: `f` returns the new destination of a link, or
/// `None` to leave it. HTML that the settings do not allow is escaped, and footnotes
/// get names that are unused in the document.
pub fn rewrite(
    text: &str,
    settings: Settings,
    names: &mut NoteNames,
    f: impl FnMut(&str) -> Option<String>,
) -> String {
    let html = text.contains('<');
    if !html && !text.contains("](") && !text.contains("]:") {
        return text.to_string();
    }
    let parser = parser(text, options(settings));
    let mut changes = Changes {
        text,
        settings,
        f,
        edits: Vec::new(),
        signs: Vec::new(),
        shown: Vec::new(),
        open: Vec::new(),
        notes: Notes::default(),
        elements: OpenElements::default(),
    };
    for (_, link) in parser.reference_definitions().iter() {
        if let Some(place) = defined(text, &link.span, &link.dest) {
            changes.link(&link.dest, place);
        }
    }
    let mut reader = read_parsed(text, parser);
    while let Some((event, range)) = reader.next() {
        match event {
            Event::Start(Tag::HtmlBlock) => {
                let (raw, range) = html_of_block(&mut reader);
                changes.html(&raw, range);
            }
            event => changes.event(event, range),
        }
    }
    let comments = reader.comments.into_iter();
    changes
        .edits
        .extend(comments.map(|place| without(text, place)));
    if html {
        changes.tags();
    }
    let notes = std::mem::take(&mut changes.notes);
    changes.edits.extend(names.renamed(text, notes));
    changes.edits.sort_by_key(|(range, _)| range.start);
    replace(text, changes.edits)
}

/// The changes of a text, as far as it was read.
struct Changes<'t, F> {
    text: &'t str,
    settings: Settings,
    f: F,
    edits: Vec<Edit>,
    /// Where a `<` is a plain character: in code, and around an address.
    signs: Vec<Range<usize>>,
    /// HTML that is text, because a comment in it is not closed.
    shown: Vec<Range<usize>>,
    /// Links that are open: the destination of each, and where its content ends.
    open: Vec<(String, usize)>,
    notes: Notes<'t>,
    /// What the HTML so far has left open.
    elements: OpenElements,
}

impl<'t, F: FnMut(&str) -> Option<String>> Changes<'t, F> {
    fn event(&mut self, event: Event<'t>, range: Range<usize>) {
        let mut until = range.end;
        match event {
            Event::Start(Tag::Link {
                link_type: LinkType::Autolink | LinkType::Email,
                ..
            })
            | Event::Code(_)
            | Event::Start(Tag::CodeBlock(_)) => self.signs.push(range),
            Event::Start(
                Tag::Link {
                    link_type: LinkType::Inline,
                    dest_url,
                    ..
                }
                | Tag::Image {
                    link_type: LinkType::Inline,
                    dest_url,
                    ..
                },
            ) => {
                let mark = self.text[range.start..].find('[').map_or(0, |at| at + 1);
                let content = range.start + mark;
                self.open.push((dest_url.into_string(), content));
                until = content;
            }
            Event::End(TagEnd::Link | TagEnd::Image) if self.text[..range.end].ends_with(')') => {
                if let Some((link, content)) = self.open.pop() {
                    self.link(&link, destination(self.text, content, range.end));
                }
            }
            Event::InlineHtml(raw) => self.html(&raw, range),
            Event::Start(Tag::FootnoteDefinition(label)) | Event::FootnoteReference(label) => {
                self.notes.add(label, range);
            }
            _ => {}
        }
        if let Some((_, content)) = self.open.last_mut() {
            *content = until.max(*content);
        }
    }

    /// Adds the change of a link whose destination is at a place.
    fn link(&mut self, link: &str, place: Range<usize>) {
        let new = (self.f)(link);
        self.edits.extend(new.map(|new| (place.clone(), new)));
        self.signs.push(place);
    }

    fn html(&mut self, raw: &str, range: Range<usize>) {
        if is_break(raw.trim()) {
            self.signs.push(range);
        } else if open_comment(raw).is_some() {
            self.shown.push(range);
        } else if self.settings.raw_html {
            let (open, f) = (&mut self.elements, &mut self.f);
            let edits = linked_in(self.text, raw, range, open, f).into_iter();
            self.edits
                .extend(edits.map(|(place, html)| (place, html.into_string())));
        }
    }

    /// Adds the changes of tags that are text. Whatever our own parser says, another
    /// one must not be able to read anything as a tag.
    fn tags(&mut self) {
        let (text, shown) = (self.text, &self.shown);
        let is_raw = self.settings.raw_html;
        let is_text = |at: &usize| {
            let next = shown.partition_point(|part| part.end <= *at);
            !is_raw || shown.get(next).is_some_and(|part| part.contains(at))
        };
        let tags = tag_openings(text, std::mem::take(&mut self.signs));
        self.edits.extend(tags.filter(is_text).map(|at| {
            // A reference needs no backslash before it.
            let slashes = text[..at].len() - text[..at].trim_end_matches('\\').len();
            (at - slashes % 2..at + 1, "&lt;".to_string())
        }));
    }
}

/// The place of the destination of a link that ends at `end`, whose content ends at
/// `content`. It includes angle brackets.
fn destination(text: &str, content: usize, end: usize) -> Range<usize> {
    let behind = text[content..end]
        .find("](")
        .map_or(0, |at| at + "](".len());
    written(text, content + behind..end - ")".len())
}

/// The place of the address in a definition `[label]: address`, if it is there as it
/// is written; in a quote, marks may be between.
fn defined(text: &str, definition: &Range<usize>, address: &str) -> Option<Range<usize>> {
    let behind = text[definition.clone()].find("]:")? + "]:".len();
    let place = written(text, definition.start + behind..definition.end);
    let said = text[place.clone()]
        .trim_start_matches('<')
        .trim_end_matches('>');
    (said == address || said.contains(['\\', '&'])).then_some(place)
}

/// The place of the address at the beginning of a part of a text, behind spaces.
fn written(text: &str, part: Range<usize>) -> Range<usize> {
    let inner = &text[part.clone()];
    let start = inner.len() - inner.trim_start().len();
    let rest = &inner[start..];
    let length = match rest.starts_with('<') {
        true => {
            let mut ends = rest.match_indices('>').map(|(at, _)| at);
            let end = ends.find(|at| !rest[..*at].ends_with('\\'));
            end.map_or(rest.len(), |at| at + 1)
        }
        false => rest.find(char::is_whitespace).unwrap_or(rest.len()),
    };
    part.start + start..part.start + start + length
}

/// The change that removes a comment. The end of its line stays: it separates what is
/// before the comment from what is behind it.
fn without(text: &str, comment: Range<usize>) -> Edit {
    let inner = &text[comment.clone()];
    let line_end = inner.len() - inner.trim_end_matches(['\n', '\r']).len();
    let mut end = comment.end - line_end;
    let before = text[..comment.start].trim_end_matches([' ', '>', '-', '*', '+']);
    if before.is_empty() || before.ends_with('\n') {
        // Spaces behind it would make code of the rest.
        end += text[end..].len() - text[end..].trim_start_matches([' ', '\t']).len();
    }
    // What a comment separates is not joined without it.
    let before = text[..comment.start].ends_with(|c: char| !c.is_whitespace());
    let after = text[end..].starts_with(|c: char| !c.is_whitespace());
    let between = if before && after { " " } else { "" };
    (comment.start..end, between.to_string())
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
fn replace(text: &str, edits: Vec<Edit>) -> String {
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
