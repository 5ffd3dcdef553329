//! The parts of an address: percent-encoding, and the part of a site's address that
//! its links begin with. Where links lead is decided elsewhere.

/// The path part of a `site-url`, with slashes at both ends. The address may be
/// percent-encoded or not.
pub fn base_of(url: &str) -> String {
    encode(&path_of(url))
}

/// Turns a `site-url` that is a full address into the form that links outside of the
/// site's pages need: its path is ASCII (RFC 3986) and ends with a slash. `None` if
/// it is only a path.
pub fn full_address(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next()?;
    let known = ["http", "https"].contains(&scheme);
    known.then(|| format!("{scheme}://{host}{}", encode_ascii(&path_of(url))))
}

fn path_of(url: &str) -> String {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url,
    };
    match path.trim_matches('/') {
        "" => "/".into(),
        path => format!("/{}/", decode(path)),
    }
}

/// Percent-encodes what a URL's path may not contain. Other Unicode characters stay
/// readable; every browser understands them.
pub fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            ' ' | '"' | '<' | '>' | '`' | '#' | '?' | '%' | '{' | '}' | '\\' | '^' | '|' | '['
            | ']' | '(' | ')' => out.push_str(&format!("%{:02X}", c as u32)),
            c if c.is_control() => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// Percent-encodes non-ASCII characters as well, as sitemaps and canonical links
/// require (RFC 3986).
pub fn encode_ascii(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in encode(path).chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

/// Undoes percent-encoding. Invalid sequences are left unchanged.
pub fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_string();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16));
        let hex = (bytes[at] == b'%')
            .then(|| Some((digit(at + 1)? * 16 + digit(at + 2)?) as u8))
            .flatten();
        match hex {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_string())
}
