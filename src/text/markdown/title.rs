//! The first-level heading that a text may begin with: the one place that reads it.
//! Whether it is the title of a page is decided by `model`, whether it is shown once
//! more by each output.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use crate::text::markdown::headings::HeadingWords;
use crate::text::markdown::reader::read;
use crate::text::markdown::{Settings, is_plain, options};

/// The first-level heading that a text begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstHeading {
    /// Its words without marks, as they are shown.
    pub words: String,
    /// Its words with marks: one line of Markdown, without what makes it a heading.
    pub marked: String,
    /// The anchor it asks for.
    pub asked: Option<String>,
    /// Where it is in the text.
    pub range: Range<usize>,
}

/// Finds the first-level heading that a text begins with. What shows nothing may stand
/// before it: comments, and definitions of links and footnotes.
pub fn first_heading(text: &str, settings: Settings) -> Option<FirstHeading> {
    match beginning(text, settings) {
        Beginning::Heading(heading) => Some(heading),
        Beginning::Other => None,
        Beginning::Unclear => parsed(text, settings),
    }
}

/// How a text begins, as far as its first lines tell.
enum Beginning {
    Heading(FirstHeading),
    Other,
    Unclear,
}

/// Nearly all texts begin with a plain heading or with no heading at all, which need no
/// parser, or with a heading of one line, which needs no more than this line.
fn beginning(text: &str, settings: Settings) -> Beginning {
    let start = text.len() - text.trim_start().len();
    let lines = &text[start..];
    let first = lines.lines().next().unwrap_or_default();
    if start > 0 && text[..start].ends_with([' ', '\t']) {
        return Beginning::Unclear;
    }
    if let Some(words) = first.strip_prefix("# ") {
        let words = words.trim();
        let clear = !words.is_empty() && is_plain(words) && !words.contains('{');
        let smart = settings.smart_punctuation && may_be_smart(words);
        if clear && !smart {
            return Beginning::Heading(FirstHeading {
                words: words.to_string(),
                marked: words.to_string(),
                asked: None,
                range: start..start + first.len(),
            });
        }
    }
    // Only definitions of links, further below, can change what one line says.
    if first.starts_with('#') && !first.contains('[') {
        return match parsed(&text[..start + first.len()], settings) {
            Some(heading) => Beginning::Heading(heading),
            None => Beginning::Other,
        };
    }
    let block = lines.lines().take_while(|line| !line.trim().is_empty());
    let underlined = block.skip(1).any(|line| line.trim_start().starts_with('='));
    match underlined || first.starts_with(['#', '<', '[']) {
        true => Beginning::Unclear,
        false => Beginning::Other,
    }
}

/// Whether smart punctuation may change words.
fn may_be_smart(words: &str) -> bool {
    words.contains(['\'', '"']) || words.contains("--") || words.contains("...")
}

fn parsed(text: &str, settings: Settings) -> Option<FirstHeading> {
    let mut events = read(text, options(settings));
    let mut first = events.next()?;
    while let Event::Start(Tag::FootnoteDefinition(_)) = first.0 {
        events.find(|(event, _)| *event == Event::End(TagEnd::FootnoteDefinition))?;
        first = events.next()?;
    }
    let (Event::Start(Tag::Heading { level, id, .. }), range) = first else {
        return None;
    };
    if level != HeadingLevel::H1 {
        return None;
    }
    let inner = events.take_while(|(event, _)| !matches!(event, Event::End(TagEnd::Heading(_))));
    let mut words = HeadingWords::default();
    let mut place: Option<Range<usize>> = None;
    for (event, range) in inner {
        words.add(&event, settings);
        let start = place.map_or(range.start, |place| place.start);
        place = Some(start..range.end);
    }
    let words = words.shown.trim().to_string();
    let asked = id.map(|id| id.to_string());
    (!words.is_empty()).then(|| FirstHeading {
        words,
        marked: in_one_line(text, place.unwrap_or_default()),
        asked,
        range,
    })
}

/// The Markdown inside a heading as a line that says the same behind a `#`.
fn in_one_line(text: &str, place: Range<usize>) -> String {
    // The place of an escaped character is that without its backslash.
    let escaped = text[..place.start].ends_with('\\');
    let inner = &text[place.start - usize::from(escaped)..place.end];
    let lines = inner.lines().map(|line| {
        let line = line.trim();
        // At the end of a line it breaks the line.
        line.strip_suffix('\\').unwrap_or(line)
    });
    let mut line = lines.collect::<Vec<_>>().join(" ");
    // Signs at the end, behind a space, would be no words.
    let words = line.trim_end_matches('#');
    if words.len() < line.len() && (words.is_empty() || words.ends_with(' ')) {
        line.insert(line.len() - 1, '\\');
    }
    line
}
