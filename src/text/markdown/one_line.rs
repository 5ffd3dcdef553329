//! Short texts, such as those in cells of tables: which of them Markdown does not
//! change, and how a line is kept from becoming a list or a heading. Prose is not
//! handled here.

use crate::text::html::Html;
use crate::text::markdown::{
    Input, RenderedText, Scope, Settings, bare_addresses, render_above_notes,
};

/// Renders one cell's text: a single paragraph loses its `<p>`. A text of one line
/// never becomes a list, heading or quote, whatever it begins with. Its footnotes are
/// listed by whoever lists those of the scope.
pub fn inline(input: Input<'_>, scope: Scope<'_>) -> RenderedText {
    if is_plain(input.text) {
        return RenderedText {
            html: Html::escaped(input.text),
            ..RenderedText::default()
        };
    }
    let scope = Scope {
        settings: Settings {
            smart_punctuation: false,
            definition_lists: false,
            callouts: false,
            ..scope.settings
        },
        ..scope
    };
    let guarded = guard_line(input.text);
    let mut rendered = render_above_notes(
        Input {
            text: &guarded,
            ..input
        },
        scope,
    );
    let inner = rendered.html.without("<p>", "</p>");
    if let Some(inner) = inner.filter(|inner| !inner.as_str().contains("<p>")) {
        rendered.html = inner;
    }
    rendered
}

/// Whether a text contains nothing that Markdown could act on. Nearly all tasks are
/// such texts, so a table decides for each byte.
pub fn is_plain(text: &str) -> bool {
    let first = text.as_bytes().first().copied().unwrap_or(b' ');
    if first.is_ascii_digit() || b"-+=".contains(&first) {
        return false;
    }
    if text.bytes().any(|b| SPECIAL[usize::from(b)]) {
        return false;
    }
    let has_reference = text.contains('&') && text.contains(';');
    !has_reference && !bare_addresses::may_be_in(text)
}

/// Bytes that can mean something in Markdown.
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let special = b"\\`*_[<~\n#>|!";
    let mut at = 0;
    while at < special.len() {
        table[special[at] as usize] = true;
        at += 1;
    }
    table
};

/// Escapes a single line so that it does not begin a block.
pub fn guard_line(text: &str) -> String {
    if text.trim_end().contains('\n') {
        return text.to_string();
    }
    let text = text.trim();
    let escaped = || format!("\\{text}");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => {
            format!("{}\\{}", &text[..digits], &text[digits..])
        }
        _ if digits > 0 => text.to_string(),
        Some(b'#' | b'>' | b'-' | b'+' | b'=' | b'|' | b':') => escaped(),
        // A link definition would disappear from the text.
        Some(b'[') if text.contains("]:") => escaped(),
        // Emphasis may begin a line; a list mark is followed by a space.
        Some(b'*') if text[1..].starts_with(' ') => escaped(),
        // A line that consists only of these is a horizontal rule.
        Some(b'*' | b'_') if text.chars().all(|c| "*_ \t".contains(c)) => escaped(),
        Some(b'`') if text.starts_with("```") => escaped(),
        Some(b'~') if text.starts_with("~~~") => escaped(),
        _ => text.to_string(),
    }
}
