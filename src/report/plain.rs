//! Removes from texts what a terminal would act on. Escaping for the formats of
//! documents is elsewhere.

/// Whether a terminal could act on a character: controls, and the marks that
/// turn the reading direction around (CVE-2021-42574).
pub(super) fn is_active(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text as one line, without characters that a terminal could act on.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if is_active(c) { ' ' } else { c })
        .collect()
}

/// The same, but lines and tabs are kept.
pub fn plain_lines(text: &str) -> String {
    let kept = |c: char| matches!(c, '\n' | '\t') || !is_active(c);
    text.chars()
        .map(|c| if kept(c) { c } else { ' ' })
        .collect()
}

/// JSON in which characters that a terminal or GitHub's runner could act on are
/// written as escapes. A JSON parser sees no difference.
pub fn plain_json(json: &str) -> String {
    // GitHub's runner treats this as a command anywhere in a line.
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
