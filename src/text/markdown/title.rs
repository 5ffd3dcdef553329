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
    /// Its words without marks, as they are written: quotes stay straight.
    pub words: String,
    /// The anchor it asks for.
    pub asked: Option<String>,
    /// Where it is in the text.
    pub range: Range<usize>,
}

/// Finds the first-level heading that a text begins with. Comments and definitions of
/// links may stand before it.
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
        if clear {
            return Beginning::Heading(FirstHeading {
                words: words.to_string(),
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

fn parsed(text: &str, settings: Settings) -> Option<FirstHeading> {
    let settings = Settings {
        smart_punctuation: false,
        ..settings
    };
    let mut events = read(text, options(settings));
    let Some((Event::Start(Tag::Heading { level, id, .. }), range)) = events.next() else {
        return None;
    };
    if level != HeadingLevel::H1 {
        return None;
    }
    let inner = events.take_while(|(event, _)| !matches!(event, Event::End(TagEnd::Heading(_))));
    let mut words = HeadingWords::default();
    inner.for_each(|(event, _)| words.add(&event, settings));
    let words = words.shown.trim().to_string();
    let asked = id.map(|id| id.to_string());
    (!words.is_empty()).then_some(FirstHeading {
        words,
        asked,
        range,
    })
}
