//! Joins what the parser gives in pieces: neighbouring texts become one, and an
//! address in them, which may have been cut by marks, becomes a link.

use std::collections::VecDeque;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, OffsetIter, Parser, Tag, TagEnd};

use crate::text::markdown::bare_addresses::{self, BareAddress};
use crate::text::markdown::reader::PlacedEvent;

/// The events of a text, with whole texts and with links for bare addresses.
pub(super) struct WholeTexts<'a> {
    text: &'a str,
    events: OffsetIter<'a>,
    /// Whether the text may have bare addresses.
    looks: bool,
    /// How many links, images and blocks of code are open: no address in them becomes
    /// a link.
    inside: usize,
    /// The same for elements of inline HTML.
    inside_html: usize,
    /// The event of the parser after the last one that was used.
    ahead: Option<PlacedEvent<'a>>,
    /// Events that are complete.
    ready: VecDeque<PlacedEvent<'a>>,
}

/// A part of a text and where it is written.
struct Piece<'a> {
    shown: CowStr<'a>,
    place: Range<usize>,
}

impl<'a> WholeTexts<'a> {
    pub(super) fn new(text: &'a str, parser: Parser<'a>) -> Self {
        WholeTexts {
            text,
            events: parser.into_offset_iter(),
            looks: bare_addresses::may_be_in(text),
            inside: 0,
            inside_html: 0,
            ahead: None,
            ready: VecDeque::new(),
        }
    }

    fn parsed(&mut self) -> Option<PlacedEvent<'a>> {
        self.ahead.take().or_else(|| self.events.next())
    }

    /// The next event, if it is a text.
    fn more(&mut self) -> Option<Piece<'a>> {
        match self.parsed()? {
            (Event::Text(shown), place) => Some(Piece { shown, place }),
            other => {
                self.ahead = Some(other);
                None
            }
        }
    }

    /// Puts a text among the complete events, with links for the addresses in it, of
    /// which the first was found.
    fn with_links(&mut self, mut pieces: Vec<Piece<'a>>, first: BareAddress) {
        let mut done = pieces[0].place.start;
        let mut next = Some(first);
        while let Some(found) = next {
            let BareAddress {
                mut range,
                scheme,
                reaches,
            } = found;
            if reaches > whole(&pieces).end {
                self.read_up_to(reaches, &mut pieces);
                let limit = reaches.min(whole(&pieces).end);
                range.end = bare_addresses::web_end(self.text, range.start..limit);
            }
            self.put(&pieces, done..range.start);
            let words = self.words(&pieces, range.clone(), true);
            let link = Tag::Link {
                link_type: LinkType::Autolink,
                dest_url: format!("{scheme}{words}").into(),
                title: "".into(),
                id: "".into(),
            };
            self.ready.push_back((Event::Start(link), range.clone()));
            self.ready.push_back((Event::Text(words), range.clone()));
            self.ready
                .push_back((Event::End(TagEnd::Link), range.clone()));
            done = range.end;
            next = bare_addresses::next(self.text, done..whole(&pieces).end);
        }
        self.put(&pieces, done..whole(&pieces).end);
    }

    /// Adds the pieces of an address that continues behind a text, up to a place. What
    /// the parser took for code or emphasis belongs to it as it is written; a link and
    /// the end of a mark before the address do not.
    fn read_up_to(&mut self, reaches: usize, pieces: &mut Vec<Piece<'a>>) {
        while let Some((event, place)) = self.parsed() {
            let is_mark = matches!(
                event,
                Event::Code(_) | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            );
            match event {
                Event::Text(shown) => pieces.push(Piece { shown, place }),
                event if is_mark && place.end <= reaches => {
                    if let Event::Start(tag) = event {
                        let end = Event::End(tag.to_end());
                        self.events
                            .by_ref()
                            .find(|(event, at)| *event == end && *at == place);
                    }
                    let shown = self.text[place.clone()].into();
                    pieces.push(Piece { shown, place });
                }
                event => {
                    self.ahead = Some((event, place));
                    return;
                }
            }
        }
    }

    /// Puts a part of the pieces among the complete events.
    fn put(&mut self, pieces: &[Piece<'a>], part: Range<usize>) {
        let words = self.words(pieces, part.clone(), false);
        if !words.is_empty() {
            self.ready.push_back((Event::Text(words), part));
        }
    }

    /// What a part of the pieces says. In an address, punctuation is as it is written.
    fn words(&self, pieces: &[Piece<'a>], part: Range<usize>, address: bool) -> CowStr<'a> {
        let mut words = String::new();
        let first = pieces.partition_point(|piece| piece.place.end <= part.start);
        let pieces = pieces[first..].iter();
        for Piece { shown, place } in pieces.take_while(|piece| piece.place.start < part.end) {
            let (start, end) = (place.start.max(part.start), place.end.min(part.end));
            let written = &self.text[start..end];
            let is_whole = *place == (start..end);
            let is_reference = self.text[place.clone()].starts_with('&');
            words.push_str(match is_whole && (is_reference || !address) {
                true => shown,
                false => written,
            });
        }
        words.into()
    }
}

impl<'a> Iterator for WholeTexts<'a> {
    type Item = PlacedEvent<'a>;

    fn next(&mut self) -> Option<PlacedEvent<'a>> {
        if let Some(event) = self.ready.pop_front() {
            return Some(event);
        }
        let (event, place) = self.parsed()?;
        match event {
            Event::Text(shown) => {
                let mut pieces = vec![Piece { shown, place }];
                while let Some(piece) = self.more() {
                    pieces.push(piece);
                }
                let looks = self.looks && self.inside + self.inside_html == 0;
                let found = looks.then(|| bare_addresses::next(self.text, whole(&pieces)));
                let Some(found) = found.flatten() else {
                    return Some(joined(pieces));
                };
                self.with_links(pieces, found);
                return self.ready.pop_front();
            }
            Event::Start(
                Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock,
            ) => self.inside += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock | TagEnd::HtmlBlock) => {
                self.inside -= 1;
            }
            Event::InlineHtml(ref html) if self.looks => match without_links(html) {
                Some(true) => self.inside_html += 1,
                Some(false) => self.inside_html = self.inside_html.saturating_sub(1),
                None => {}
            },
            // An element that is not closed ends with its block.
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell,
            ) => self.inside_html = 0,
            _ => {}
        }
        Some((event, place))
    }
}

/// Where pieces are written.
fn whole(pieces: &[Piece<'_>]) -> Range<usize> {
    let first = pieces.first().map_or(0, |piece| piece.place.start);
    first..pieces.last().map_or(first, |piece| piece.place.end)
}

/// Pieces as one text.
fn joined(mut pieces: Vec<Piece<'_>>) -> PlacedEvent<'_> {
    let place = whole(&pieces);
    let text = match pieces.pop() {
        Some(last) if pieces.is_empty() => last.shown,
        last => {
            let all = pieces.iter().chain(&last);
            all.map(|piece| &*piece.shown).collect::<String>().into()
        }
    };
    (Event::Text(text), place)
}

/// Whether a tag begins or ends an element in which no address becomes a link.
fn without_links(tag: &str) -> Option<bool> {
    let inner = tag.strip_prefix('<')?;
    let (begins, inner) = match inner.strip_prefix('/') {
        Some(inner) => (false, inner),
        None => (true, inner),
    };
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = &inner[..end];
    let is_it = ["a", "code", "kbd", "samp", "textarea"];
    is_it
        .iter()
        .any(|it| name.eq_ignore_ascii_case(it))
        .then_some(begins)
}
