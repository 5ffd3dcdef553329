//! Bytes of a text file as text. UTF-8 and UTF-16 are recognised; any other encoding has
//! to be named, by you or by the page itself.

use std::borrow::Cow;

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::import::grid::foreign::{CellPlace, ForeignError};

/// A decoded file.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    /// The text, without byte-order mark.
    pub(crate) text: Cow<'a, str>,
    /// The bytes before the text, if the text has the file's own bytes.
    pub(crate) before: Option<usize>,
}

/// Decodes a file.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    encoding: Option<&str>,
) -> Result<Decoded<'a>, ForeignError> {
    if let Some(name) = encoding {
        return named(bytes, name);
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes)
        && encoding != UTF_8
    {
        return strictly(&bytes[length..], encoding);
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return strictly(bytes, encoding);
    }
    let before = if bytes.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    match std::str::from_utf8(&bytes[before..]) {
        Ok(text) => Ok(Decoded {
            text: Cow::Borrowed(text),
            before: Some(before),
        }),
        Err(error) => match declared(bytes) {
            Some(encoding) => strictly(bytes, encoding),
            None => Err(unknown(bytes, before + error.valid_up_to())),
        },
    }
}

fn named<'a>(bytes: &'a [u8], name: &str) -> Result<Decoded<'a>, ForeignError> {
    let Some(encoding) = Encoding::for_label(name.trim().as_bytes()) else {
        return Err(ForeignError::new(
            format!("there is no encoding `{name}`"),
            "use a name of the WHATWG Encoding Standard, such as utf-8, windows-1252 or shift_jis",
        ));
    };
    if encoding == UTF_8 {
        return decode(bytes, None);
    }
    let (_, length) = Encoding::for_bom(bytes)
        .filter(|(found, _)| *found == encoding)
        .unwrap_or((encoding, 0));
    strictly(&bytes[length..], encoding)
}

fn strictly<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Decoded<'a>, ForeignError> {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(Decoded {
            text: Cow::Owned(text.into_owned()),
            before: None,
        }),
        None => Err(ForeignError::new(
            format!("the file is not in the encoding {}", encoding.name()),
            "save the file as UTF-8, or name the encoding that it is in",
        )),
    }
}

/// Text in UTF-16 without a byte-order mark has a zero in most pairs of bytes.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(4096)];
    let pairs = start.len() / 2;
    let zeros = |at: usize| {
        start
            .iter()
            .skip(at)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    match (zeros(0), zeros(1)) {
        _ if pairs < 4 => None,
        (0, odd) if odd * 4 > pairs => Some(UTF_16LE),
        (even, 0) if even * 4 > pairs => Some(UTF_16BE),
        _ => None,
    }
}

/// The encoding that an HTML page names in its first bytes.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(1024)];
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let at = start.find("charset=")?;
    if !start[..at].contains("<meta") && !start[..at].contains("<?xml") {
        return None;
    }
    let label = start[at + 8..].trim_start_matches(['"', '\'']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:".contains(c));
    let found = Encoding::for_label(&label.as_bytes()[..end.unwrap_or(label.len())])?;
    (found != UTF_8 && found.is_ascii_compatible()).then_some(found)
}

fn unknown(bytes: &[u8], at: usize) -> ForeignError {
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = bytes[..at].iter().rposition(|byte| *byte == b'\n');
    let column = String::from_utf8_lossy(&bytes[start.map_or(0, |start| start + 1)..at]);
    let guess = likely(bytes).name().to_ascii_lowercase();
    ForeignError::new(
        format!("byte {at} of the file is not UTF-8"),
        format!("save the file as UTF-8, or name its encoding; it may be {guess}"),
    )
    .at(CellPlace::File {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column.chars().count() + 1).unwrap_or(u32::MAX),
        span: Some(at..at + 1),
    })
}

/// A proposal only: no text is read by it.
fn likely(bytes: &[u8]) -> &'static Encoding {
    let is_kana = |c: char| ('\u{3040}'..='\u{30FF}').contains(&c);
    let japanese = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes);
    match japanese {
        Some(text) if text.chars().any(is_kana) => SHIFT_JIS,
        _ => WINDOWS_1252,
    }
}
