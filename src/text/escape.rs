//! Text to HTML without meaning: the one escaping every HTML writer uses.

/// Text for HTML, in elements and in quoted attributes alike.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    escape_into(text, &mut out);
    out
}

/// The same, onto the end of a string.
pub fn escape_into(text: &str, out: &mut String) {
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

/// Characters of ASCII that mean something somewhere. Every text of a site is
/// searched for such, so each is looked up and not compared.
pub struct Special([bool; 256]);

impl Special {
    /// Those of a text.
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

    /// Whether a byte is one of them.
    pub fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }
}

static SPECIAL: Special = Special::of("&<>\"'");
