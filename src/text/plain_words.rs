//! The words of Markdown without its marks, for the search: whole texts, split at
//! their headings, and the short texts of tables. No HTML is made here.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::text::links::words_in;
use crate::text::markdown::{
    Anchors, FirstHeading, HeadingWords, Reader, Scope, Settings, first_heading, guard_line,
    html_of_block, is_plain, is_text, options, read, unused_notes,
};

/// A heading, or the beginning of a text, and the words up to the next heading.
#[derive(Debug, Default, PartialEq)]
pub struct Stretch {
    /// The heading's anchor; empty at the beginning of a text.
    pub anchor: String,
    /// The words of the heading; empty at the beginning of a text.
    pub heading: String,
    /// The words below the heading.
    pub text: String,
}

/// Splits a text into stretches; there is always at least one. A first-level heading
/// at the beginning that says the same as the `title` above the text is left out, and
/// so are headings without words. The anchors are those of the rendered text in the
/// same scope.
pub fn stretches(text: &str, title: &str, scope: Scope<'_>) -> Vec<Stretch> {
    let settings = scope.settings;
    let title = first_heading(text, settings).filter(|heading| heading.words == title);
    let mut anchors = Anchors::new(text, scope);
    let mut all = vec![Stretch::default()];
    // The anchor that the current heading asks for.
    let mut asked = None;
    let mut heading: Option<HeadingWords> = None;
    let unused = unused_notes(text, options(settings));
    let mut events = read(text, options(settings));
    while let Some((event, range)) = events.next() {
        match (event, &mut heading) {
            (Event::Start(Tag::FootnoteDefinition(label)), _) if unused.contains(&*label) => {
                skip_note(&mut events);
            }
            (Event::Start(Tag::HtmlBlock), _) => {
                let stretch = all.last_mut().expect("the list starts with one entry");
                stretch
                    .text
                    .push_str(&words_of_block(&mut events, settings));
            }
            (Event::Start(Tag::Heading { id, .. }), _) => {
                heading = Some(HeadingWords::default());
                let is_title = |title: &FirstHeading| title.range.start == range.start;
                if !title.as_ref().is_some_and(is_title) {
                    asked = Some(id);
                }
            }
            (Event::End(TagEnd::Heading(_)), words) => {
                let heading = words.take().unwrap_or_default();
                let asked = asked.take().filter(|_| !heading.is_empty());
                if let Some(id) = asked {
                    all.push(Stretch {
                        anchor: anchors.of(id.as_deref(), &heading),
                        heading: heading.shown,
                        text: String::new(),
                    });
                }
            }
            (event, Some(heading)) => heading.add(&event, settings),
            (event, None) => {
                let stretch = all.last_mut().expect("the list starts with one entry");
                say(event, &mut stretch.text, settings);
            }
        }
    }
    for stretch in &mut all {
        stretch.text = tidy(&stretch.text);
    }
    all
}

/// All words of a text.
pub fn long(text: &str, settings: Settings) -> String {
    let mut said = String::new();
    let unused = unused_notes(text, options(settings));
    let mut events = read(text, options(settings));
    while let Some((event, _)) = events.next() {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) if unused.contains(&*label) => {
                skip_note(&mut events);
            }
            Event::Start(Tag::HtmlBlock) => said.push_str(&words_of_block(&mut events, settings)),
            event => say(event, &mut said, settings),
        }
    }
    tidy(&said)
}

/// Goes to the end of a footnote that is not shown.
fn skip_note(events: &mut Reader<'_>) {
    events.find(|(event, _)| matches!(event, Event::End(TagEnd::FootnoteDefinition)));
}

/// The words of a block of HTML that has begun, with spaces around them.
fn words_of_block(events: &mut Reader<'_>, settings: Settings) -> String {
    let (html, _) = html_of_block(events);
    match is_text(&html, settings) {
        true => format!(" {html} "),
        false => format!(" {} ", words_in(&html)),
    }
}

/// The words of one cell's text.
pub fn plain(text: &str, settings: Settings) -> String {
    if is_plain(text) {
        return text.to_string();
    }
    // As in `markdown::inline`.
    let settings = Settings {
        smart_punctuation: false,
        definition_lists: false,
        callouts: false,
        ..settings
    };
    long(&guard_line(text), settings)
}

fn say(event: Event<'_>, said: &mut String, settings: Settings) {
    match event {
        Event::Text(text) | Event::Code(text) => said.push_str(&text),
        Event::SoftBreak | Event::HardBreak | Event::Rule => said.push(' '),
        Event::InlineHtml(html) if is_text(&html, settings) => said.push_str(&html),
        Event::InlineHtml(_) => said.push(' '),
        Event::Start(tag) if !is_inline(tag.to_end()) => said.push(' '),
        Event::End(end) if !is_inline(end) => said.push(' '),
        _ => {}
    }
}

/// Whether the end of such an element does not separate the words around it.
fn is_inline(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link
    )
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
