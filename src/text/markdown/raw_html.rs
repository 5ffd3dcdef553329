//! HTML in an author's text: what is allowed, and what is shown as text.

use std::ops::Range;

use pulldown_cmark::{Event, TagEnd};

use crate::findings::{Code, Finding};
use crate::text::escape::escape;
use crate::text::markdown::{Settings, Writer};

/// The tags that are always allowed: there is no other way to break a line in a
/// table.
pub(super) fn is_break(tag: &str) -> bool {
    matches!(
        tag,
        "<br>" | "<br/>" | "<br />" | "<wbr>" | "<wbr/>" | "<wbr />"
    )
}

fn is_comment(html: &str) -> bool {
    html.starts_with("<!--") && html.ends_with("-->")
}

/// Whether HTML is shown as text, because the settings do not allow it.
pub(super) fn is_text(html: &str, settings: Settings) -> bool {
    let html = html.trim();
    !settings.raw_html && !is_break(html) && !is_comment(html)
}

impl<'a> Writer<'a, '_> {
    pub(super) fn raw_html(&mut self, raw: &str, range: Range<usize>, block: bool) {
        if is_comment(raw.trim()) {
            return;
        }
        if !is_text(raw, self.scope.settings) {
            return self.html(raw.to_string());
        }
        let place = self.input.place(range);
        self.out.findings.push(
            Finding::new(Code::RawHtml, place, "this HTML is shown as text")
                .label("not Markdown")
                .help("write it in Markdown, or in backticks if it is meant to be read")
                .help("or allow it with `raw-html = true` under `[preprocessor.srm]`"),
        );
        let text = escape(raw);
        self.html(if block {
            format!("<p>{}</p>\n", text.trim_end())
        } else {
            text
        });
    }
}

/// The HTML of a block that has begun. Consumes the events up to and including its
/// end.
pub(super) fn html_of_block<'a>(
    events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
) -> String {
    let mut raw = String::new();
    for (event, _) in events {
        match event {
            Event::Html(text) => raw.push_str(&text),
            Event::End(TagEnd::HtmlBlock) => break,
            _ => {}
        }
    }
    raw
}
