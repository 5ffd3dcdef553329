//! Markdown to HTML: prose with anchors, callouts, footnotes, highlighted code
//! and checked links, and the inline texts of tables. It knows links only
//! through `links` and nothing of responsibilities.

mod code_blocks;
mod footnotes;
mod headings;
mod links;
mod one_line;
mod raw_html;
mod rewrite;
mod tables;
mod writer;

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CowStr, Event, Options, Parser, TextMergeWithOffset};

use crate::findings::{Findings, Place};
use crate::text::code;
use crate::text::links::Targets;
use crate::text::markdown::footnotes::Notes;
use crate::text::strings::Strings;

pub(crate) use crate::text::markdown::headings::in_heading;
pub use crate::text::markdown::headings::{Anchors, Heading, heading_slug};
pub use crate::text::markdown::links::AuthorLink;
pub use crate::text::markdown::one_line::{guard_line, inline, is_plain};
pub use crate::text::markdown::rewrite::rewrite;

/// What holds for all Markdown of a project.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub raw_html: bool,
    pub smart_punctuation: bool,
    pub definition_lists: bool,
    pub callouts: bool,
}

/// Where a text comes from and where its HTML will stand.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub targets: &'a Targets,
    pub strings: &'a Strings,
    pub settings: Settings,
    /// From the page to the site's top: empty, `../`, longer, or an address.
    /// `None` where the site cannot be linked to: of such links only the text
    /// is written.
    pub root: Option<&'a str>,
    /// Put before every id, for pages that hold several texts.
    pub id_prefix: &'a str,
}

/// A text with the place it has in its file, so that findings can name it.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    pub text: &'a str,
    pub file: &'a Arc<str>,
    /// Where the text begins in the file; `None` when the text was decoded
    /// (YAML), and `place` stands for all of it.
    pub start: Option<usize>,
    pub place: Option<&'a Place>,
    /// Folder of the file below the content folder.
    pub folder: &'a str,
}

impl Input<'_> {
    fn place(&self, range: Range<usize>) -> Place {
        match (self.start, self.place) {
            (Some(start), _) => Place::new(self.file, start + range.start..start + range.end),
            (None, Some(place)) => place.clone(),
            (None, None) => Place::file(self.file),
        }
    }
}

/// What became of a text.
#[derive(Debug, Default)]
pub struct RenderedText {
    pub html: String,
    /// The first-level heading the text began with, taken out of `html`.
    pub title: Option<String>,
    pub headings: Vec<Heading>,
    pub links: Vec<AuthorLink>,
    pub findings: Findings,
    /// The first words of the text, for descriptions.
    pub lead: String,
}

/// What of Markdown is understood, beside CommonMark.
pub fn options(settings: Settings) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    options.set(
        Options::ENABLE_SMART_PUNCTUATION,
        settings.smart_punctuation,
    );
    options.set(Options::ENABLE_DEFINITION_LIST, settings.definition_lists);
    options.set(Options::ENABLE_GFM, settings.callouts);
    options
}

/// Renders prose. The first-level heading it may begin with becomes the title.
pub fn render(input: Input<'_>, scope: Scope<'_>) -> RenderedText {
    let parser = Parser::new_ext(input.text, options(scope.settings));
    let events = TextMergeWithOffset::new(parser.into_offset_iter());
    let mut writer = Writer {
        input,
        scope,
        out: RenderedText::default(),
        anchors: Anchors::new(scope),
        notes: Notes::default(),
        note: None,
        // An event stands for some ten bytes.
        body: Vec::with_capacity(input.text.len() / 10),
        code: scope.targets.code.left(input.file),
        plain_told: false,
    };
    writer.run(events);
    writer.finish()
}

struct Writer<'a, 'i> {
    input: Input<'i>,
    scope: Scope<'i>,
    out: RenderedText,
    anchors: Anchors<'i>,
    notes: Notes<'a>,
    /// The footnote that is being written: its label and what it says.
    note: Option<(CowStr<'a>, Vec<Event<'a>>)>,
    body: Vec<Event<'a>>,
    /// Code that may still be highlighted.
    code: code::Left,
    /// Whether it was said that the rest of the file's code is plain.
    plain_told: bool,
}
