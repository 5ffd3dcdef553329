//! What the writers of marked-up text share: words without line breaks and control
//! characters, safe addresses, and the numbers of lists.

use std::borrow::Cow;

use crate::tables::styled_text::{StyledLine, StyledWords};

/// A line's words, split at its line breaks. Empty parts are left out, and so are
/// spaces around the others.
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

/// Replaces control characters and everything else that ends a line by spaces.
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

/// Splits a text into the spaces before it, the text, and the spaces after it: a mark
/// beside a space is plain text.
pub fn inner(text: &str) -> (&str, &str, &str) {
    let start = text.len() - text.trim_start().len();
    let inner = text.trim();
    (&text[..start], inner, &text[start + inner.len()..])
}

/// An address with everything escaped that no address may contain (RFC 3986), and
/// also the characters in `also`.
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

/// Whether a full stop or bracket after this text would make it the number of a list
/// entry: `12`, `b`, `iv`.
pub fn is_number(text: &str) -> bool {
    let roman = |c: char| "ivxlcdmIVXLCDM".contains(c);
    !text.is_empty()
        && (text.chars().all(|c| c.is_ascii_digit())
            || text.chars().all(roman)
            || text.len() == 1 && text.chars().all(char::is_alphabetic))
}
