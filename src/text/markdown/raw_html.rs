//! HTML in an author's text: what passes, and what is shown as text.

use std::ops::Range;

use crate::findings::diag::{Code, Finding};
use crate::text::escape::escape;
use crate::text::markdown::{Settings, Writer};

/// The one tag that is always allowed: there is no other way to break a line
/// in a table.
pub(super) fn is_break(tag: &str) -> bool {
    matches!(
        tag,
        "<br>" | "<br/>" | "<br />" | "<wbr>" | "<wbr/>" | "<wbr />"
    )
}

fn is_comment(html: &str) -> bool {
    html.starts_with("<!--") && html.ends_with("-->")
}

/// Whether HTML is shown as text: nobody said that it may pass.
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
                .help("`raw-html = true` under `[preprocessor.srm]` lets it through"),
        );
        let text = escape(raw);
        self.html(if block {
            format!("<p>{}</p>\n", text.trim_end())
        } else {
            text
        });
    }
}
