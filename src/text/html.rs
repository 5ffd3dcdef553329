//! HTML that is being written. Text gets into it only escaped.

use std::fmt::Write;

use pulldown_cmark::Event;
use serde::Serialize;

use crate::text::escape::escape_into;

/// HTML that is being written: elements, or the value of an attribute. The same five
/// characters are special in XML, so SVG and feeds are written with it, too.
///
/// There are three ways to add something: [`markup`](Html::markup) is for what the
/// program itself says, [`text`](Html::text) is for all other text and escapes it, and
/// [`push`](Html::push) is for other `Html`.
///
/// ```
/// # use srm_site::text::Html;
/// fn bold(label: &str) -> Html {
///     let mut out = Html::new();
///     out.markup("<b>").text(label).markup("</b>");
///     out
/// }
/// assert_eq!(bold("R&D").as_str(), "<b>R&amp;D</b>");
/// ```
///
/// Text that was not escaped does not compile as markup, neither borrowed nor made at
/// run time:
///
/// ```compile_fail
/// # use srm_site::text::Html;
/// fn bold(label: &str) -> Html {
///     let mut out = Html::new();
///     out.markup("<b>").markup(label).markup("</b>");
///     out
/// }
/// ```
///
/// ```compile_fail
/// # use srm_site::text::Html;
/// let mut out = Html::new();
/// out.markup(&format!("<b>{}</b>", "R&D"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Html(String);

impl Html {
    /// Nothing yet.
    pub fn new() -> Html {
        Html::default()
    }

    /// Nothing yet, with space for this number of bytes.
    pub fn with_capacity(bytes: usize) -> Html {
        Html(String::with_capacity(bytes))
    }

    /// An escaped text.
    pub fn escaped(text: &str) -> Html {
        let mut out = Html::with_capacity(text.len() + 8);
        out.text(text);
        out
    }

    /// Adds markup that the program contains. The lifetime is the check: text of an
    /// author is read at run time, so no reference to it is `'static`. It would be if
    /// its memory was leaked, which `clippy.toml` forbids, or kept in a `static`.
    pub fn markup(&mut self, markup: &'static str) -> &mut Html {
        self.0.push_str(markup);
        self
    }

    /// Adds a text, escaped for elements and for quoted attributes.
    pub fn text(&mut self, text: &str) -> &mut Html {
        escape_into(text, &mut self.0);
        self
    }

    /// Adds a number.
    pub fn number(&mut self, number: usize) -> &mut Html {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "{number}");
        self
    }

    /// Adds HTML.
    pub fn push(&mut self, html: &Html) -> &mut Html {
        self.0.push_str(&html.0);
        self
    }

    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it contains nothing yet.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was written so far.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What was written.
    pub fn into_string(self) -> String {
        self.0
    }

    /// What was written, as the bytes of a file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    /// The same without what it begins and ends with, and without the spaces at its
    /// end; `None` if it begins or ends otherwise.
    pub(crate) fn without(&self, start: &'static str, end: &'static str) -> Option<Html> {
        let html = self.0.trim_end();
        let inner = html.strip_prefix(start)?.strip_suffix(end)?;
        Some(Html(inner.to_string()))
    }

    /// HTML that was made by something else. Each use says why it needs no escaping,
    /// and a test lists the files with a use (`tests/it/tidy/html.rs`).
    pub(crate) fn trusted(html: String) -> Html {
        Html(html)
    }

    /// Adds events of the Markdown parser, whose writer escapes texts and addresses. An
    /// event that is HTML is not changed, so each use says where those come from; the
    /// same test lists them.
    pub(crate) fn trusted_events<'e>(&mut self, events: impl Iterator<Item = Event<'e>>) {
        pulldown_cmark::html::push_html(&mut self.0, events);
    }
}
