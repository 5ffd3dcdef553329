//! Escapes text for HTML. Only `html` uses this, so that no text is added without it.

/// Appends text, escaped for HTML elements and for quoted attributes.
pub(super) fn escape_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| SPECIAL.has(byte)) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// A set of ASCII characters that are special somewhere. Every text of a site is
/// searched for such characters, so each is a table lookup.
pub struct Special([bool; 256]);

impl Special {
    /// The set of the characters in a text.
    pub const fn of(characters: &str) -> Special {
        let bytes = characters.as_bytes();
        let mut has = [false; 256];
        let mut at = 0;
        while at < bytes.len() {
            has[bytes[at] as usize] = true;
            at += 1;
        }
        Special(has)
    }

    /// Whether a byte is in the set.
    pub fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }
}

static SPECIAL: Special = Special::of("&<>\"'");
