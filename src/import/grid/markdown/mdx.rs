//! Takes out of MDX what is JavaScript, and leaves every other byte at its place.

use std::ops::Range;

/// A text without expressions.
pub(super) struct Blanked {
    /// As long as the original, with blanks where expressions were.
    pub(super) text: String,
    /// Where comments were.
    pub(super) comments: Vec<Range<usize>>,
}

/// How far an expression may reach and how deep its braces may be nested, so that stray
/// braces cost little.
const MAX_LENGTH: usize = 10_000;
const MAX_DEPTH: usize = 32;

/// Blanks imports, exports and comments; `{"text"}` becomes the text, and values of
/// attributes become quoted ones. Other expressions stay as they are written.
pub(super) fn without_expressions(text: &str) -> Blanked {
    let mut bytes = text.as_bytes().to_vec();
    let mut comments = Vec::new();
    blank_modules(text, &mut bytes);
    let mut at = 0;
    let mut fence = None;
    while at < bytes.len() {
        if at == 0 || bytes[at - 1] == b'\n' {
            let marker = fence_at(&bytes[at..]);
            match (fence, marker) {
                (None, Some(_)) => fence = marker,
                (Some(open), Some(close)) if open == close => fence = None,
                _ => {}
            }
        }
        let end = if bytes[at] == b'{' && fence.is_none() {
            closing_brace(&bytes[at..]).map(|length| at + length)
        } else {
            None
        };
        let Some(end) = end else {
            at += 1;
            continue;
        };
        if bytes[at + 1..].starts_with(b"/*") && bytes[..end - 1].ends_with(b"*/") {
            comments.push(at + 3..(end - 3).max(at + 3));
            blank(&mut bytes[at..end], b' ');
        } else {
            let is_value = at > 0 && bytes[at - 1] == b'=';
            unwrap_value(&mut bytes[at..end], is_value);
        }
        at = end;
    }
    comments.retain(|range| text.get(range.clone()).is_some());
    // Only whole characters were replaced, so that this is UTF-8 still.
    let text = String::from_utf8(bytes).unwrap_or_else(|_| text.to_string());
    Blanked { text, comments }
}

/// The character of a code fence at the beginning of a line.
fn fence_at(line: &[u8]) -> Option<u8> {
    let start = line.iter().take(4).position(|byte| *byte != b' ')?;
    let line = &line[start..];
    (line.starts_with(b"```") || line.starts_with(b"~~~")).then(|| line[0])
}

/// Blanks lines that begin with `import` or `export`, up to the next blank line.
fn blank_modules(text: &str, bytes: &mut [u8]) {
    let mut at = 0;
    let mut is_module = false;
    let mut fence = None;
    for line in text.split_inclusive('\n') {
        let marker = fence_at(line.as_bytes());
        if let Some(marker) = marker
            && !is_module
        {
            fence = match fence {
                None => Some(marker),
                Some(open) if open == marker => None,
                open => open,
            };
        }
        let begins = line.starts_with("import ") || line.starts_with("export ");
        is_module = fence.is_none() && (begins || (is_module && !line.trim().is_empty()));
        if is_module {
            blank(&mut bytes[at..at + line.len()], b' ');
        }
        at += line.len();
    }
}

fn blank(bytes: &mut [u8], with: u8) {
    for byte in bytes
        .iter_mut()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'))
    {
        *byte = with;
    }
}

/// The length of an expression, with its braces.
fn closing_brace(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().take(MAX_LENGTH).enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
        if depth > MAX_DEPTH {
            return None;
        }
    }
    None
}

/// Makes `{"text"}` the text, and the value of an attribute one in quotes.
fn unwrap_value(expression: &mut [u8], is_value: bool) {
    let last = expression.len() - 1;
    let inner = &expression[1..last];
    let quote = inner
        .first()
        .copied()
        .filter(|first| b"\"'`".contains(first));
    let is_text = inner.len() >= 2
        && quote.is_some_and(|quote| {
            inner.last() == Some(&quote) && !inner[1..inner.len() - 1].contains(&quote)
        });
    match (is_text, is_value) {
        (true, true) => {
            expression[0] = b' ';
            expression[last] = b' ';
            if expression[1] == b'`' {
                expression[1] = b'"';
                expression[last - 1] = b'"';
            }
        }
        (true, false) => {
            for at in [0, 1, last - 1, last] {
                expression[at] = b' ';
            }
        }
        (false, true) => {
            blank(&mut expression[1..last], b'_');
            expression[0] = b'"';
            expression[last] = b'"';
        }
        (false, false) => {}
    }
}
