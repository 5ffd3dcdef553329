//! Writes plain text and addresses as Markdown that shows them as they are.

/// Markdown that shows a text as it is, in one line.
pub fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, word) in text.split_whitespace().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        for c in word.chars() {
            if c.is_ascii_punctuation() {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

/// A link with this text. `None` if no link can have such an address.
pub fn link_to(address: &str, text: &str) -> Option<String> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || "<>".contains(c);
    if address.is_empty() || address.contains(bad) {
        return None;
    }
    let address = address.replace('\\', "\\\\").replace('&', "\\&");
    Some(format!("[{}](<{address}>)", literal(text)))
}
