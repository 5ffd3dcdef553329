//! Markdown to HTML: prose with anchors, callouts, footnotes, highlighted code
//! and checked links, and the inline texts of tables. Links are known only through
//! `links`; responsibilities are not known here.

mod bare_addresses;
mod code_blocks;
mod footnotes;
mod headings;
mod html_findings;
mod links;
mod literal;
mod nearly;
mod note_names;
mod numbered_notes;
mod one_line;
mod raw_html;
mod raw_links;
mod reader;
mod rewrite;
mod tables;
mod title;
mod whole_texts;
mod writer;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Options};

use crate::findings::{Findings, Place};
use crate::text::code;
use crate::text::html::Html;
use crate::text::links::{OpenElements, Sections, Targets};
use crate::text::markdown::footnotes::NoteTexts;
use crate::text::markdown::html_findings::ReportedHtml;
use crate::text::markdown::nearly::SeenText;
use crate::text::markdown::reader::read_parsed;
use crate::text::strings::Strings;

pub use crate::text::markdown::footnotes::PageTexts;
pub(crate) use crate::text::markdown::footnotes::{note_key, unused_notes, without_notes};
pub(crate) use crate::text::markdown::headings::HeadingWords;
pub use crate::text::markdown::headings::{Anchors, Heading, heading_slug};
pub use crate::text::markdown::links::AuthorLink;
pub use crate::text::markdown::literal::{link_to, literal};
pub use crate::text::markdown::note_names::NoteNames;
pub(crate) use crate::text::markdown::numbered_notes::{NoteKey, NumberedNotes};
pub use crate::text::markdown::one_line::{guard_line, inline, is_plain};
pub(crate) use crate::text::markdown::raw_html::{html_of_block, is_text};
pub use crate::text::markdown::raw_links::AuthorId;
pub(crate) use crate::text::markdown::reader::{Reader, read};
pub use crate::text::markdown::rewrite::rewrite;
pub use crate::text::markdown::title::{FirstHeading, first_heading};

/// Settings for all Markdown of a project.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub struct Settings {
    /// Whether HTML is kept; otherwise it is shown as text.
    pub raw_html: bool,
    /// Whether straight quotes and hyphens become curly quotes and dashes.
    pub smart_punctuation: bool,
    /// Whether definition lists are recognized.
    pub definition_lists: bool,
    /// Whether callouts (`> [!NOTE]`) are recognized.
    pub callouts: bool,
}

/// What a text is rendered with: link targets, words, settings, and the page its HTML
/// goes to.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// What links can lead to.
    pub targets: &'a Targets,
    /// The words of the interface.
    pub strings: &'a Strings,
    /// How Markdown is read.
    pub settings: Settings,
    /// The way from the page to the site's top: empty, one or more `../`, or an
    /// address. `None` if the site cannot be linked to; then only the text of links
    /// to it is written.
    pub root: Option<&'a str>,
    /// Put before the anchors of rows, and of headings if no other text is on the page.
    pub id_prefix: &'a str,
    /// The pages that are sections of the page; links to them stay on it.
    pub sections: Option<&'a Sections>,
    /// What it shares with other texts of the page. `None` if it is alone.
    pub texts: Option<&'a PageTexts>,
}

/// A text and where it is in its file, so that findings can point at it.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The Markdown, without front matter.
    pub text: &'a str,
    /// The file that the text comes from.
    pub file: &'a Arc<str>,
    /// The byte at which the text begins in the file. `None` if the text was decoded
    /// (YAML); then findings point at `place` as a whole.
    pub start: Option<usize>,
    /// The place that findings point at if `start` is `None`.
    pub place: Option<&'a Place>,
    /// Folder of the file below the content folder.
    pub folder: &'a str,
    /// The title that is shown above the text. A first-level heading that says the
    /// same at its beginning is not repeated.
    pub title: &'a str,
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

/// Where a part of a piece of HTML is in the text. `range` is that of the piece, whose
/// lines may have marks of quotes and lists before them.
fn source_of(text: &str, html: &str, range: &Range<usize>, part: Range<usize>) -> Range<usize> {
    let source = &text[range.clone()];
    if source.starts_with(html) {
        return range.start + part.start..range.start + part.end;
    }
    let before = &html[..part.start];
    let column = part.start - before.rfind('\n').map_or(0, |at| at + 1);
    let number = before.matches('\n').count();
    let line = html.split('\n').nth(number).unwrap_or_default().trim_end();
    let mut lines = source.split_inclusive('\n');
    let start: usize = lines.by_ref().take(number).map(str::len).sum();
    let written = lines.next().unwrap_or_default().trim_end();
    let mark = written.strip_suffix(line).map_or(0, str::len);
    let start = (start + mark + column).min(source.len());
    let end = (start + part.len()).min(source.len());
    match source.is_char_boundary(start) && source.is_char_boundary(end) {
        true => range.start + start..range.start + end,
        false => range.clone(),
    }
}

/// The result of rendering a text.
#[derive(Debug, Default)]
pub struct RenderedText {
    /// The HTML of the text.
    pub html: Html,
    /// The first-level heading that says the same as the title above the text; it is
    /// not in `html`.
    pub title: Option<TitleHtml>,
    /// The headings in `html`, in order.
    pub headings: Vec<Heading>,
    /// The links with a fragment, for the check of anchors.
    pub links: Vec<AuthorLink>,
    /// The ids in its HTML.
    pub ids: Vec<AuthorId>,
    /// What is wrong in the text.
    pub findings: Findings,
    /// The first words of the text, for descriptions.
    pub lead: String,
}

/// The heading that is a page's title.
#[derive(Clone, Debug, Default)]
pub struct TitleHtml {
    /// Its words with links, code and other marks, for `<h1>`.
    pub html: Html,
    /// Its anchor.
    pub id: String,
}

/// The parser's options: what is understood besides CommonMark.
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

/// Renders prose, with its footnotes below it.
pub fn render(input: Input<'_>, scope: Scope<'_>) -> RenderedText {
    let own = PageTexts::new(scope.id_prefix);
    let texts = scope.texts.unwrap_or(&own);
    let scope = Scope {
        texts: Some(texts),
        ..scope
    };
    let mut rendered = render_above_notes(input, scope);
    let name = match input.title {
        "" => input.file,
        title => title,
    };
    texts.write_notes(scope.strings, name, &mut rendered.html);
    rendered
}

/// Renders a text without the list of its footnotes. These are in that of the scope,
/// to be listed below several texts.
pub(crate) fn render_above_notes(input: Input<'_>, scope: Scope<'_>) -> RenderedText {
    let own = PageTexts::new(scope.id_prefix);
    let texts = scope.texts.unwrap_or(&own);
    let parser = reader::parser(input.text, options(scope.settings));
    let definitions = parser.reference_definitions().iter();
    let definitions = definitions.map(|(label, link)| (links::label(label), link.span.clone()));
    let definitions = definitions.collect();
    let mut reader = read_parsed(input.text, parser);
    let mut seen = SeenText::new(input, scope.settings);
    let events = reader.by_ref();
    let events = events.inspect(|(event, range)| seen.event(event, range));
    let mut writer = Writer {
        input,
        scope,
        out: RenderedText::default(),
        anchors: Anchors::new(input.text, scope),
        texts,
        note_texts: NoteTexts::default(),
        // Prose has an event for about ten bytes; a text of nothing but links has four
        // for as many, which then fit after growing twice.
        body: Vec::with_capacity(input.text.len() / 8),
        code: scope.targets.code.left(input.file),
        plain_told: false,
        title: title_in_text(input, scope.settings),
        title_words: HeadingWords::default(),
        title_marks: Vec::new(),
        elements: OpenElements::default(),
        swallows: None,
        html: ReportedHtml::default(),
        definitions,
        judged: HashSet::new(),
    };
    writer.run(events);
    let mut out = writer.finish();
    out.findings.extend(seen.findings(reader.comments));
    out
}

/// The heading in a text that says the same as the title above it.
fn title_in_text(input: Input<'_>, settings: Settings) -> Option<FirstHeading> {
    if input.title.is_empty() {
        return None;
    }
    first_heading(input.text, settings).filter(|heading| heading.words == input.title)
}

struct Writer<'a, 'i> {
    input: Input<'i>,
    scope: Scope<'i>,
    out: RenderedText,
    anchors: Anchors<'i>,
    texts: &'i PageTexts,
    note_texts: NoteTexts<'a>,
    body: Vec<Event<'a>>,
    /// Code that may still be highlighted.
    code: code::Left,
    /// Whether a finding already says that the rest of the file's code is plain.
    plain_told: bool,
    /// The heading that is the title above the text.
    title: Option<FirstHeading>,
    title_words: HeadingWords,
    /// What it consists of, unless that is only words.
    title_marks: Vec<Event<'a>>,
    /// What the HTML so far has left open.
    elements: OpenElements,
    /// The element among these in which browsers show whatever follows, and the place
    /// of its tag.
    swallows: Option<(&'static str, Range<usize>)>,
    /// The HTML that was reported.
    html: ReportedHtml,
    /// Where the addresses of links by reference are defined, by label.
    definitions: HashMap<String, Range<usize>>,
    /// Where definitions begin whose address was looked up.
    judged: HashSet<usize>,
}
