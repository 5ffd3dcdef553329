//! The one reader of Markdown. It settles what all outputs have to agree on: comments
//! are left out, and an address is a link. What becomes of the rest is decided by each
//! output.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::text::markdown::whole_texts::WholeTexts;
use crate::text::unfit::fit_event;

/// An event of the parser with its place in the text.
pub type PlacedEvent<'a> = (Event<'a>, Range<usize>);

/// The events of a text. Comments are not among them. A block of HTML has one event
/// for each stretch of a line that is no comment.
pub fn read(text: &str, options: Options) -> Reader<'_> {
    Reader {
        attributes: options.contains(Options::ENABLE_HEADING_ATTRIBUTES),
        ..read_parsed(text, parser(text, options))
    }
}

/// The parser of a text. `:::` opens a container of other tools. The parser would take
/// it for a definition of the paragraph above, so it looks for none in such a text.
pub fn parser(text: &str, mut options: Options) -> Parser<'_> {
    if options.contains(Options::ENABLE_DEFINITION_LIST) && has_container(text, options) {
        options.remove(Options::ENABLE_DEFINITION_LIST);
    }
    Parser::new_ext(text, options)
}

fn has_container(text: &str, options: Options) -> bool {
    let is_container = |(event, range): (Event<'_>, Range<usize>)| {
        let definition = matches!(event, Event::Start(Tag::DefinitionListDefinition));
        definition && text[range].starts_with(":::")
    };
    memchr::memmem::find(text.as_bytes(), b":::").is_some()
        && Parser::new_ext(text, options)
            .into_offset_iter()
            .any(is_container)
}

/// The same from a parser of the text that was asked for something else before.
pub fn read_parsed<'a>(text: &'a str, parser: Parser<'a>) -> Reader<'a> {
    Reader {
        text,
        attributes: true,
        braces: None,
        events: WholeTexts::new(text, parser),
        block: Vec::new().into_iter(),
        comments: Vec::new(),
    }
}

/// Reads a text, event by event.
pub struct Reader<'a> {
    text: &'a str,
    /// Whether the parser looks for attributes at the end of headings.
    attributes: bool,
    /// The words in braces at the end of the heading that is being read.
    braces: Option<PlacedEvent<'a>>,
    events: WholeTexts<'a>,
    /// What is left of a block of HTML that has begun.
    block: std::vec::IntoIter<PlacedEvent<'a>>,
    /// The places of the comments so far.
    pub comments: Vec<Range<usize>>,
}

impl<'a> Iterator for Reader<'a> {
    type Item = PlacedEvent<'a>;

    fn next(&mut self) -> Option<PlacedEvent<'a>> {
        loop {
            if let Some(event) = self.block.next() {
                return Some(event);
            }
            match self.events.next()? {
                (Event::Start(Tag::HtmlBlock), range) => {
                    self.block = self.html_block(range).into_iter();
                }
                (Event::InlineHtml(html), range) if is_comment(&html) => self.comments.push(range),
                (start @ Event::Start(Tag::Heading { .. }), range) => {
                    let looked_for = self.attributes.then(|| braces(self.text, range.clone()));
                    self.braces = looked_for.flatten();
                    return Some((start, range));
                }
                (end @ Event::End(TagEnd::Heading(_)), range) => {
                    let Some(braces) = self.braces.take() else {
                        return Some((end, range));
                    };
                    self.block = vec![(end, range)].into_iter();
                    return Some(braces);
                }
                (event, range) => return Some((fit_event(settled(event)), range)),
            }
        }
    }
}

impl<'a> Reader<'a> {
    /// A block of HTML without its comments; nothing if there is nothing else in it.
    fn html_block(&mut self, range: Range<usize>) -> Vec<PlacedEvent<'a>> {
        let mut lines = Vec::new();
        for (event, range) in self.events.by_ref() {
            match event {
                Event::End(TagEnd::HtmlBlock) => break,
                Event::Html(line) | Event::Text(line) => lines.push((line, range)),
                _ => {}
            }
        }
        let whole: String = lines.iter().map(|(line, _)| &**line).collect();
        let (shown, _) = around_comments(&whole);
        if shown
            .iter()
            .all(|part| whole[part.clone()].trim().is_empty())
        {
            self.comments.push(range);
            return Vec::new();
        }
        let mut block = vec![(Event::Start(Tag::HtmlBlock), range.clone())];
        let mut begins = 0;
        for (line, place) in lines {
            let ends = begins + line.len();
            let mut hidden = place.start;
            // A line without its indentation in a quote is shorter than its place.
            let same = line.len() == place.len();
            for part in &shown {
                let (from, to) = (part.start.max(begins), part.end.min(ends));
                if from >= to {
                    continue;
                }
                let (from, to) = (from - begins, to - begins);
                let part_place = match same {
                    true => place.start + from..place.start + to,
                    false => place.clone(),
                };
                if hidden < part_place.start {
                    self.comments.push(hidden..part_place.start);
                }
                hidden = part_place.end;
                let html = line[from..to].to_string().into();
                block.push((Event::Html(html), part_place));
            }
            if hidden < place.end && ends > begins {
                self.comments.push(hidden..place.end);
            }
            begins = ends;
        }
        block.push((Event::End(TagEnd::HtmlBlock), range));
        block
    }
}

/// What is in braces at the end of a heading, unless these are attributes. The parser
/// takes all of it for such, but an author who writes `# Reset {tenant}` wants to show the word.
fn braces(text: &str, heading: Range<usize>) -> Option<PlacedEvent<'_>> {
    let source = &text[heading.clone()];
    let start = source.rfind('{')?;
    let end = start + source[start..].find('}')? + 1;
    // Below a heading there may be a line that makes it one.
    let below = source[end..].trim();
    let is_end = below.bytes().all(|byte| byte == b'=' || byte == b'-');
    let is_attribute = |word: &str| word.starts_with(['#', '.']) || word.contains('=');
    let mut words = source[start + 1..end - 1].split_whitespace();
    if !is_end || words.all(is_attribute) {
        return None;
    }
    let before = source[..start].trim_end();
    // The space between the words and the braces belongs to the words.
    let before = match before.trim_start().trim_start_matches('#').is_empty() {
        true => start,
        false => before.len(),
    };
    let place = heading.start + before..heading.start + end;
    Some((Event::Text(source[before..end].into()), place))
}

/// Settles what the parser leaves to those who write its events: the address of an
/// e-mail link gets its scheme, and a footnote one name, since the parser finds it in
/// any case of its name.
fn settled(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Link {
            link_type: LinkType::Email,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: format!("mailto:{dest_url}").into(),
            title,
            id,
        }),
        Event::FootnoteReference(name) => Event::FootnoteReference(name.to_lowercase().into()),
        Event::Start(Tag::FootnoteDefinition(name)) => {
            Event::Start(Tag::FootnoteDefinition(name.to_lowercase().into()))
        }
        event => event,
    }
}

/// Whether HTML is one comment, from its beginning to its end.
fn is_comment(html: &str) -> bool {
    html.starts_with("<!--") && around_comments(html).0.is_empty()
}

/// Where HTML opens a comment and does not close it: browsers would hide the rest of
/// the page with it.
pub(super) fn open_comment(html: &str) -> Option<usize> {
    around_comments(html).1
}

/// The stretches of HTML that are outside of comments, and where a comment begins that
/// is not closed. It counts as text.
fn around_comments(html: &str) -> (Vec<Range<usize>>, Option<usize>) {
    let mut parts = Vec::new();
    let mut never_closed = None;
    let (mut from, mut at) = (0, 0);
    while let Some(open) = html[at..].find('<').map(|open| at + open) {
        let rest = &html[open..];
        if !rest.starts_with("<!--") {
            at = open + code_element(rest).unwrap_or(1);
            continue;
        }
        // Where one comment is not closed, no later one is.
        let Some(length) = comment(rest) else {
            never_closed = Some(open);
            break;
        };
        if from < open {
            parts.push(from..open);
        }
        at = open + length;
        from = at;
    }
    if from < html.len() {
        parts.push(from..html.len());
    }
    (parts, never_closed)
}

/// The length of the element that HTML begins with, up to its end tag, if its content
/// is no HTML and so has no comments.
fn code_element(html: &str) -> Option<usize> {
    let begins = |html: &str, name: &str| {
        let begins = html.get(..name.len());
        begins.is_some_and(|begins| begins.eq_ignore_ascii_case(name))
    };
    let names = ["script", "style", "textarea", "title"];
    let name = names.iter().find(|name| begins(&html[1..], name))?;
    let mut ends = html.match_indices("</");
    let end = ends.find(|(at, _)| begins(&html[at + 2..], name));
    Some(end.map_or(html.len(), |(at, _)| at))
}

/// The length of the comment that HTML begins with, as browsers read it (HTML Living
/// Standard, 13.2.5.43 to 13.2.5.52).
fn comment(html: &str) -> Option<usize> {
    let inner = &html["<!--".len()..];
    if let Some(end) = ["<!-->", "<!--->"]
        .iter()
        .find(|end| html.starts_with(**end))
    {
        return Some(end.len());
    }
    let mut closing = inner.match_indices('>');
    let is_end = |at: usize| inner[..at].ends_with("--") || inner[..at].ends_with("--!");
    let (end, _) = closing.find(|(at, _)| is_end(*at))?;
    Some("<!--".len() + end + 1)
}
