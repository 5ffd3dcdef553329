//! Findings for HTML that is shown as text: one for each element, and not too many of
//! a kind. `raw_html` decides what is shown as text.

use std::ops::Range;

use crate::findings::{Code, Finding};
use crate::text::markdown::Writer;

/// The HTML that was reported in a text.
#[derive(Debug, Default)]
pub(super) struct ReportedHtml {
    /// Elements whose end tag is still to come.
    open: Vec<String>,
    /// The kinds of elements: each with its name, its number, and the place of the
    /// first one that has no finding yet.
    kinds: Vec<(String, usize, Range<usize>)>,
}

/// How many elements of a kind are reported one by one.
const EACH: usize = 3;

impl Writer<'_, '_> {
    /// Adds a finding for a piece of HTML, unless it only ends an element.
    pub(super) fn report_html(&mut self, raw: &str, range: Range<usize>) {
        let raw = raw.trim();
        if !raw.starts_with('<') {
            return self.report_text_beside_comment(range);
        }
        let closes = raw.starts_with("</");
        let name = raw.trim_start_matches(['<', '/']);
        let end = name.find(|c: char| c.is_whitespace() || "/>".contains(c));
        let name = name[..end.unwrap_or(name.len())].to_ascii_lowercase();
        let reported = &mut self.html;
        if closes {
            if let Some(at) = reported.open.iter().rposition(|open| *open == name) {
                reported.open.truncate(at);
                return;
            }
        } else if !raw.ends_with("/>") && !raw.contains(&format!("</{name}")) {
            reported.open.push(name.clone());
        }
        match reported.kinds.iter_mut().find(|kind| kind.0 == name) {
            None => reported.kinds.push((name, 1, range.clone())),
            Some((_, n, first)) => {
                *n += 1;
                if *n > EACH {
                    if *n == EACH + 1 {
                        *first = range;
                    }
                    return;
                }
            }
        }
        self.html_finding("this HTML is shown as text", range);
    }

    /// Nothing but a comment makes a block of HTML that begins with text.
    fn report_text_beside_comment(&mut self, range: Range<usize>) {
        let message = "text on the same line as a comment is not formatted";
        self.out.findings.push(
            Finding::new(Code::RawHtml, self.input.place(range), message)
                .label("shown as it is written")
                .help("move the comment to a line of its own"),
        );
    }

    /// Adds a finding for HTML in which a comment begins that is not closed there.
    pub(super) fn report_open_comment(&mut self, range: Range<usize>) {
        let message = "a comment in this HTML is not closed, so all of it is shown as text";
        self.out.findings.push(
            Finding::new(Code::RawHtml, self.input.place(range), message)
                .help("add `-->` where the comment ends")
                .help("inside of an element, a comment cannot contain an empty line"),
        );
    }

    /// Closes an element of the author that would swallow what follows on the page, and
    /// adds a finding for it.
    pub(super) fn close_html(&mut self) {
        let Some((name, range)) = self.swallows.take() else {
            return;
        };
        self.out.html.markup("</").markup(name).markup(">\n");
        let message =
            format!("`<{name}>` is not closed, so browsers take what follows for its content");
        let place = self.input.place(range);
        self.out.findings.push(
            Finding::new(Code::RawHtml, place, message)
                .label("opened here")
                .help(format!("add `</{name}>` where it ends")),
        );
    }

    /// Adds a finding for each kind of element that occurs too often.
    pub(super) fn report_more_html(&mut self) {
        for (name, n, range) in std::mem::take(&mut self.html).kinds {
            match n.saturating_sub(EACH) {
                0 => {}
                1 => self.html_finding("this HTML is shown as text", range),
                more => {
                    let message =
                        format!("this `<{name}>` and {} more are shown as text", more - 1);
                    self.html_finding(&message, range);
                }
            }
        }
    }

    fn html_finding(&mut self, message: &str, range: Range<usize>) {
        let place = self.input.place(range);
        self.out.findings.push(
            Finding::new(Code::RawHtml, place, message)
                .label("not Markdown")
                .help("write it in Markdown, or in backticks if it is meant to be read")
                .help("or allow it with `raw-html = true` under `[preprocessor.srm]`"),
        );
    }
}
