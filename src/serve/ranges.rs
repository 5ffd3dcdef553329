//! Parts of files that a request asks for (RFC 9110, section 14). Players need them to
//! seek in media. What is sent is decided in `responses`.

use std::ops::Range;

use axum::http::header::{self, HeaderMap};

/// What a request wants of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it: nothing else was asked for, or not in a form that is supported.
    Whole,
    Part(Range<usize>),
    /// A part that the file does not have.
    Nothing,
}

/// What `Range` and `If-Range` ask for. Several ranges at once are answered with the
/// whole file, as the standard allows.
pub(super) fn wanted(headers: &HeaderMap, etag: &str, len: usize) -> Wanted {
    let mut all = headers.get_all(header::RANGE).iter();
    let (Some(asked), None) = (all.next(), all.next()) else {
        return Wanted::Whole;
    };
    // There is no date to compare with, and a weak tag is no promise about bytes.
    let same = headers
        .get(header::IF_RANGE)
        .is_none_or(|known| known == etag);
    match asked.to_str().ok().and_then(|text| range(text, len)) {
        Some(wanted) if same && len > 0 => wanted,
        _ => Wanted::Whole,
    }
}

/// Reads a single range of a file with this length; `None` if it is none.
fn range(text: &str, len: usize) -> Option<Wanted> {
    let (unit, range) = text.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let part = match (number(first)?, number(last)?) {
        (None, None) => return None,
        (None, Some(suffix)) => len.saturating_sub(suffix)..len,
        (Some(first), None) => first..len,
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(len),
        _ => return None,
    };
    Some(match part.is_empty() {
        true => Wanted::Nothing,
        false => Wanted::Part(part),
    })
}

/// A number, or `Some(None)` for no digits. One that is too large means the end of any
/// file.
fn number(text: &str) -> Option<Option<usize>> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| (!text.is_empty()).then(|| text.parse().unwrap_or(usize::MAX)))
}
