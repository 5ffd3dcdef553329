//! Texts without anything that a terminal acts on. Not for escaping in any format
//! of documents.

/// Whether a terminal could act on a character: controls, and the marks that
/// turn the reading direction around (CVE-2021-42574).
pub(super) fn is_active(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text without what could act on a terminal, in one line.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if is_active(c) { ' ' } else { c })
        .collect()
}

/// The same for a text that has lines and tabs.
pub fn plain_lines(text: &str) -> String {
    let kept = |c: char| matches!(c, '\n' | '\t') || !is_active(c);
    text.chars()
        .map(|c| if kept(c) { c } else { ' ' })
        .collect()
}

/// JSON as it is, but for what could act on a terminal or on GitHub's runner,
/// which is written as escapes: a reader of JSON sees no difference.
pub(super) fn plain_json(json: &str) -> String {
    // GitHub's runner takes this for a command wherever it stands in a line.
    let json = json.replace("##[", "\\u0023#[");
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' => out.push(c),
            c if is_active(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}
