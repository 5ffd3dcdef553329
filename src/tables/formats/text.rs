//! What the writers of marked-up text share: words without line breaks and
//! control characters, addresses that end nothing, what begins a numbered list.

use std::borrow::Cow;

use crate::tables::styled_text::{StyledLine, StyledWords};

/// A line's words, parted where the line breaks. Parts that say nothing are
/// left out, as are blanks around the others.
pub fn parts<'t>(line: &'t StyledLine<'_>) -> Vec<Vec<StyledWords<'t>>> {
    let mut parts = vec![Vec::new()];
    for words in &line.words {
        for (at, text) in words.text.split('\n').enumerate() {
            if at > 0 {
                parts.push(Vec::new());
            }
            if let Some(part) = parts.last_mut()
                && !text.is_empty()
            {
                part.push(StyledWords {
                    text: printable(text),
                    link: words.link.clone(),
                    ..*words
                });
            }
        }
    }
    parts.iter_mut().for_each(trim);
    parts.retain(|part| !part.is_empty());
    parts
}

/// A text as one line of plain words.
pub fn one_line(text: &str) -> StyledWords<'_> {
    let text = text.trim();
    StyledWords::plain(match text.contains('\n') {
        true => Cow::Owned(printable(&text.replace('\n', " ")).into_owned()),
        false => printable(text),
    })
}

/// Blanks in the place of control characters and of what else ends a line.
fn printable(text: &str) -> Cow<'_, str> {
    let unseen = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    match text.contains(unseen) {
        true => Cow::Owned(text.replace(unseen, " ")),
        false => Cow::Borrowed(text),
    }
}

fn trim(part: &mut Vec<StyledWords<'_>>) {
    while part
        .last()
        .is_some_and(|words| words.text.trim().is_empty())
    {
        part.pop();
    }
    let blank = part.iter().take_while(|words| words.text.trim().is_empty());
    part.drain(..blank.count());
    if let Some(first) = part.first_mut() {
        first.text = first.text.trim_start().to_string().into();
    }
    if let Some(last) = part.last_mut() {
        last.text = last.text.trim_end().to_string().into();
    }
}

/// A text without the blanks around it, and these: marks have no power beside a
/// blank.
pub fn inner(text: &str) -> (&str, &str, &str) {
    let start = text.len() - text.trim_start().len();
    let inner = text.trim();
    (&text[..start], inner, &text[start + inner.len()..])
}

/// An address without what no address may hold (RFC 3986), nor any of `also`.
pub fn address(link: &str, also: &str) -> String {
    let mut out = String::with_capacity(link.len());
    for c in link.chars() {
        let unfit = c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
        if unfit || also.contains(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a full stop or bracket after this makes it the number of a list's
/// entry: `12`, `b`, `iv`.
pub fn is_number(text: &str) -> bool {
    let roman = |c: char| "ivxlcdmIVXLCDM".contains(c);
    !text.is_empty()
        && (text.chars().all(|c| c.is_ascii_digit())
            || text.chars().all(roman)
            || text.len() == 1 && text.chars().all(char::is_alphabetic))
}
