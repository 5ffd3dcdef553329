//! The parts of an address: percent-encoding, and what of a site's address its
//! links begin with. Where links lead is not its business.

/// The path part of a `site-url`, with slashes at both ends. It may be given
/// percent-encoded or as it is read.
pub fn base_of(url: &str) -> String {
    encode(&path_of(url))
}

/// A `site-url` that is a full address, as links outside of the site's pages
/// need it: its path is ASCII (RFC 3986) and ends in a slash. `None` for a path.
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

/// Percent-encodes what may not stand in a URL's path; the rest of Unicode is
/// left readable, which every browser understands.
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

/// Percent-encodes everything but ASCII as well, as addresses in a sitemap and
/// canonical links have to be (RFC 3986).
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

/// Undoes percent-encoding. What is not valid is left as it is.
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
