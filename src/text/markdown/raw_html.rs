//! HTML in an author's text: what is allowed, and what is shown as text.

use std::ops::Range;

use pulldown_cmark::{Event, TagEnd};

use crate::text::html::Html;
use crate::text::markdown::reader::{PlacedEvent, open_comment};
use crate::text::markdown::{Settings, Writer};

/// The tags that are always allowed: there is no other way to break a line in a
/// table.
pub(super) fn is_break(tag: &str) -> bool {
    matches!(
        tag,
        "<br>" | "<br/>" | "<br />" | "<wbr>" | "<wbr/>" | "<wbr />"
    )
}

/// Whether HTML is shown as text: because the settings do not allow it, or because it
/// would hide the rest of the page.
pub(crate) fn is_text(html: &str, settings: Settings) -> bool {
    let html = html.trim();
    !settings.raw_html && !is_break(html) || open_comment(html).is_some()
}

impl<'a> Writer<'a, '_> {
    pub(super) fn raw_html(&mut self, raw: &str, range: Range<usize>, block: bool) {
        if !is_text(raw, self.scope.settings) {
            let html = self.authors_html(raw, range);
            return self.html(html);
        }
        match open_comment(raw) {
            Some(_) => self.report_open_comment(range),
            None => self.report_html(raw, range),
        }
        let text = raw.trim_matches(' ');
        let mut html = Html::new();
        match block {
            true => html.markup("<p>").text(text.trim_end()).markup("</p>\n"),
            false => html.text(text),
        };
        self.html(html);
    }
}

/// The HTML of a block that has begun, without its comments, and its place. Consumes
/// the events up to and including its end.
pub(crate) fn html_of_block<'a>(
    events: &mut impl Iterator<Item = PlacedEvent<'a>>,
) -> (String, Range<usize>) {
    let mut raw = String::new();
    let mut whole: Option<Range<usize>> = None;
    for (event, range) in events {
        match event {
            Event::Html(text) => {
                if !text.trim().is_empty() {
                    let start = range.start + (text.len() - text.trim_start().len());
                    let start = whole.map_or(start, |whole| whole.start);
                    whole = Some(start..range.end);
                }
                raw.push_str(&text);
            }
            Event::End(TagEnd::HtmlBlock) => break,
            _ => {}
        }
    }
    (raw, whole.unwrap_or_default())
}
