//! Addresses that stand in a text without any marks, by the rules of GitHub Flavored
//! Markdown (section "Autolinks (extension)"). Where in a text they may stand is
//! decided by the reader.

use std::ops::Range;

/// An address that stands in a text.
#[derive(Debug, PartialEq)]
pub(super) struct BareAddress {
    /// Where it is in the text.
    pub(super) range: Range<usize>,
    /// What has to be put before it to make a link.
    pub(super) scheme: &'static str,
    /// Where the characters end that could belong to it; some at the end are
    /// punctuation of the sentence.
    pub(super) reaches: usize,
}

/// Whether a text may have such an address. Nearly no text has.
pub(super) fn may_be_in(text: &str) -> bool {
    let bytes = text.as_bytes();
    let begins = |at: usize| match bytes[at] {
        b'@' => true,
        b':' => bytes[at..].starts_with(b"://"),
        _ => bytes[at..].starts_with(b"www."),
    };
    memchr::memchr3_iter(b'@', b':', b'w', bytes).any(begins)
}

/// The next address that begins in a part of a text. An address of the web may end
/// behind that part, one of e-mail does not.
pub(super) fn next(text: &str, part: Range<usize>) -> Option<BareAddress> {
    let bytes = text.as_bytes();
    part.clone().find_map(|at| match bytes[at] {
        b':' if bytes[at..].starts_with(b"://") => {
            let start = scheme_start(bytes, part.start, at)?;
            web(text, start, at + "://".len(), "")
        }
        b'w' if bytes[at..].starts_with(b"www.") && is_free(text, part.start, at) => {
            web(text, at, at + "www.".len(), "http://")
        }
        b'@' => mail(text, part.clone(), at),
        _ => None,
    })
}

/// Where the scheme before a colon begins, if it is one of the web.
fn scheme_start(bytes: &[u8], from: usize, colon: usize) -> Option<usize> {
    let before = bytes[from..colon].iter().rev();
    let length = before.take_while(|b| b.is_ascii_alphabetic()).count();
    let start = colon - length;
    let scheme = &bytes[start..colon];
    let of_web = scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https");
    of_web.then_some(start)
}

/// Whether `www.` may begin at a place: at the beginning of a part, or behind a space
/// or a mark.
fn is_free(text: &str, from: usize, at: usize) -> bool {
    let before = text[from..at].chars().next_back();
    before.is_none_or(|c| c.is_whitespace() || "*_~(".contains(c) || !c.is_ascii())
}

/// An address of the web whose host begins at `host`.
fn web(text: &str, start: usize, host: usize, scheme: &'static str) -> Option<BareAddress> {
    let rest = &text[host..];
    if !is_host(rest) {
        return None;
    }
    let length = rest.find(ends_address).unwrap_or(rest.len());
    let reaches = host + length;
    let end = web_end(text, start..reaches);
    (end > host).then_some(BareAddress {
        range: start..end,
        scheme,
        reaches,
    })
}

/// Whether a text begins with a host: no underscore is in its last two parts.
fn is_host(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let host = &text[..text.find(|c| !is_part(c)).unwrap_or(text.len())];
    let mut last_two = host.trim_end_matches('.').rsplit('.').take(2);
    host.starts_with(char::is_alphanumeric) && last_two.all(|part| !part.contains('_'))
}

/// Whether a character is in no address of the web. In Chinese and Japanese there is
/// no space behind an address, but there may be punctuation.
fn ends_address(c: char) -> bool {
    c == '<' || c.is_whitespace() || "。、，．！？：；（）「」『』【】〈〉《》".contains(c)
}

/// The end of an address of the web without the punctuation of the sentence.
pub(super) fn web_end(text: &str, address: Range<usize>) -> usize {
    let mut rest = &text[address.clone()];
    let count = |bracket: char| rest.matches(bracket).count();
    // How many more brackets are closed than opened.
    let mut round = count(')').saturating_sub(count('('));
    let mut square = count(']').saturating_sub(count('['));
    let takes = |more: &mut usize| {
        let is_more = *more > 0;
        *more = more.saturating_sub(1);
        is_more
    };
    while let Some(last) = rest.chars().next_back() {
        let punctuation = match last {
            ')' => takes(&mut round),
            ']' => takes(&mut square),
            _ => "?!.,:*_~'\";“”„‘’»«…".contains(last),
        };
        if !punctuation {
            break;
        }
        rest = &rest[..rest.len() - last.len_utf8()];
        if last == ';' {
            // What looks like a reference to a character is one.
            let name = rest.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
            let is_reference = name.len() < rest.len() && name.ends_with('&');
            rest = name
                .strip_suffix('&')
                .filter(|_| is_reference)
                .unwrap_or(rest);
        }
    }
    address.start + rest.len()
}

/// An address of e-mail around the sign at `at`.
fn mail(text: &str, part: Range<usize>, at: usize) -> Option<BareAddress> {
    let bytes = text.as_bytes();
    let is_local = |b: &&u8| b.is_ascii_alphanumeric() || b".+-_".contains(b);
    let before = bytes[part.start..at].iter().rev();
    let name = at - before.take_while(is_local).count();
    let after = &bytes[at + 1..part.end];
    let is_host = |b: &&u8| b.is_ascii_alphanumeric() || b".-_".contains(b);
    let length = after.iter().take_while(is_host).count();
    if after.get(length) == Some(&b'@') {
        return None;
    }
    let host = &text[at + 1..at + 1 + length];
    let host = host.find("..").map_or(host, |end| &host[..end]);
    let host = host.trim_end_matches('.');
    let ends_well = host.ends_with(|c: char| c.is_ascii_alphabetic());
    let parts = host.contains('.') && host.split('.').all(|part| !part.is_empty());
    if name == at || !ends_well || !parts {
        return None;
    }
    let end = at + 1 + host.len();
    let (start, scheme) = match scheme_of_mail(&text[part.start..name]) {
        Some(length) => (name - length, ""),
        None => (name, "mailto:"),
    };
    Some(BareAddress {
        range: start..end,
        scheme,
        reaches: end,
    })
}

/// The length of `mailto:` at the end of a text.
fn scheme_of_mail(before: &str) -> Option<usize> {
    const SCHEME: &str = "mailto:";
    let start = before.len().checked_sub(SCHEME.len())?;
    let is_it = before.get(start..)?.eq_ignore_ascii_case(SCHEME);
    let is_word = before[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
    (is_it && !is_word).then_some(SCHEME.len())
}
