//! Text to HTML without meaning: the one escaping every HTML writer uses.

/// Text for HTML, in elements and in quoted attributes alike.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    escape_into(text, &mut out);
    out
}

/// The same, onto the end of a string.
pub fn escape_into(text: &str, out: &mut String) {
    let mut at = 0;
    for (i, byte) in text.bytes().enumerate() {
        let reference = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[at..i]);
        out.push_str(reference);
        at = i + 1;
    }
    out.push_str(&text[at..]);
}
