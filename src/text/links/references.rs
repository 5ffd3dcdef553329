//! Undoes the character references in the values of attributes (HTML Standard,
//! sections 13.2.5.72 to 13.2.5.80).

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser};

/// The value of an attribute, without character references.
pub fn unescape(value: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr2(b'&', 0, value.as_bytes()) else {
        return Cow::Borrowed(value);
    };
    let mut out = String::with_capacity(value.len());
    out.push_str(&value[..first]);
    let mut rest = &value[first..];
    while let Some(at) = memchr::memchr2(b'&', 0, rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let len = if rest.starts_with('\0') {
            out.push(char::REPLACEMENT_CHARACTER);
            1
        } else {
            reference(rest, &mut out)
        };
        if len == 0 {
            out.push('&');
            rest = &rest[1..];
        } else {
            rest = &rest[len..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Appends what the reference at the beginning of a text means, and returns its
/// length; 0 if there is none.
fn reference(text: &str, out: &mut String) -> usize {
    let body = &text[1..];
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 3),
            None => (number, 10, 2),
        };
        let len = digits
            .bytes()
            .take_while(|b| char::from(*b).is_digit(radix));
        let len = len.count();
        if len == 0 {
            return 0;
        }
        out.push(character(u32::from_str_radix(&digits[..len], radix).ok()));
        return before + len + usize::from(digits[len..].starts_with(';'));
    }
    let len = body.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, after) = body.split_at(len);
    if after.starts_with(';') {
        if let Some(said) = named(name) {
            out.push_str(&said);
            return len + 2;
        }
    } else if !after.starts_with('=')
        && WITHOUT_SEMICOLON
            .split_ascii_whitespace()
            .any(|n| n == name)
        && let Some(said) = named(name)
    {
        out.push_str(&said);
        return len + 1;
    }
    0
}

/// The character with a number, as browsers read it.
fn character(number: Option<u32>) -> char {
    let number = match number {
        None | Some(0) => return char::REPLACEMENT_CHARACTER,
        Some(number @ 0x80..=0x9f) => match WINDOWS_1252[number as usize - 0x80] {
            0 => number,
            other => u32::from(other),
        },
        Some(number) => number,
    };
    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// What a named reference means.
fn named(name: &str) -> Option<Cow<'static, str>> {
    Some(Cow::Borrowed(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "" => return None,
        _ => {
            // The parser of Markdown knows all of them.
            let text = format!("&{name};");
            let said = Parser::new(&text).filter_map(|event| match event {
                Event::Text(text) => Some(text.into_string()),
                _ => None,
            });
            let said: String = said.collect();
            return (said != text).then_some(Cow::Owned(said));
        }
    }))
}

/// What the numbers from 0x80 to 0x9f mean; 0 for those that stay.
const WINDOWS_1252: [u16; 32] = [
    0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc,
    0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
];

/// The names that are references without a semicolon, too.
const WITHOUT_SEMICOLON: &str = "AElig AMP Aacute Acirc Agrave Aring Atilde Auml COPY Ccedil ETH \
    Eacute Ecirc Egrave Euml GT Iacute Icirc Igrave Iuml LT Ntilde Oacute Ocirc Ograve Oslash \
    Otilde Ouml QUOT REG THORN Uacute Ucirc Ugrave Uuml Yacute aacute acirc acute aelig agrave \
    amp aring atilde auml brvbar ccedil cedil cent copy curren deg divide eacute ecirc egrave \
    eth euml frac12 frac14 frac34 gt iacute icirc iexcl igrave iquest iuml laquo lt macr micro \
    middot nbsp not ntilde oacute ocirc ograve ordf ordm oslash otilde ouml para plusmn pound \
    quot raquo reg sect shy sup1 sup2 sup3 szlig thorn times uacute ucirc ugrave uml uuml yacute \
    yen yuml";
