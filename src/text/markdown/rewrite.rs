//! Rewrites Markdown for another place: links get new destinations, and HTML is made
//! harmless. The result is Markdown.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag};

use crate::text::markdown::raw_html::is_break;
use crate::text::markdown::reader::read;
use crate::text::markdown::{Settings, options};

/// Rewrites a text for another place: `f` returns the new destination of a link, or
/// `None` to leave it. HTML that the settings do not allow is escaped.
pub fn rewrite(
    text: &str,
    settings: Settings,
    mut f: impl FnMut(&str) -> Option<String>,
) -> String {
    let html = text.contains('<');
    if !html && !text.contains("](") && !text.contains("]:") {
        return text.to_string();
    }
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    // Where a `<` is a plain character: in code, and around a bare address.
    let mut signs: Vec<Range<usize>> = Vec::new();
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
        edits.extend(tags.map(|at| {
            // A reference needs no backslash before it.
            let slashes = text[..at].len() - text[..at].trim_end_matches('\\').len();
            (at - slashes % 2..at + 1, "&lt;".to_string())
        }));
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
