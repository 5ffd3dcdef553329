//! Keeps text from being read as markup by other tools. A document with a table may
//! be read by any Markdown parser, and before or after that by a template engine
//! (Liquid, Vue, Hugo's shortcodes) or a preprocessor (mdBook's `{{#include}}`). Each
//! of them reads a backslash differently, but all of them read a character reference
//! the same way. So special characters are written as references.

use std::ops::Range;

use crate::tables::formats::text::is_number;
use crate::text::Special;

/// Written between two braces, and in the name of an emoji. Vue and other programs look
/// for these after Markdown has decoded the references.
pub const DIVIDER: &str = "<wbr />";

/// The same in an attribute, which cannot contain a tag: a character without a width.
const JOINER: &str = "&#8288;";

/// Characters that may be markup by themselves.
static SPECIAL: Special = Special::of("\\`*_[]<|{}&~$^@");
/// The same, and what only has power beside those.
static NEAR_SPECIAL: Special = Special::of("\\`*_[]<|{}&~$^@:.->\n");

/// Whether a text has no character that may be markup. Nearly all texts have none.
pub fn is_plain(text: &str) -> bool {
    let emoji = |(at, _)| is_emoji(text, at);
    !text.bytes().any(|byte| SPECIAL.has(byte))
        && !["--", ">>"].iter().any(|pair| text.contains(pair))
        && !text.match_indices(':').any(emoji)
}

/// The place, from a byte on, of the next character that [`has_power`] or
/// [`is_open_link`] may be true for; the text's end if there is none.
pub fn next_special(text: &str, from: usize) -> usize {
    let bytes = text[from..].bytes();
    let next = bytes.take_while(|byte| !NEAR_SPECIAL.has(*byte)).count();
    from + next
}

fn is_special(c: char) -> bool {
    u8::try_from(c).is_ok_and(|byte| byte.is_ascii() && SPECIAL.has(byte))
}

/// Whether a Markdown parser or a template engine may treat a character in this place
/// as markup. None does so in `a_b`, `~10`, `$5`, `x^2` and `A & B`.
pub fn has_power(before: &str, c: char, after: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric();
    match c {
        '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '{' | '}' => true,
        // Inside a word it is plain text in every Markdown.
        '_' => !(before.ends_with(letter) && after.starts_with(letter)),
        '&' => is_reference(after),
        // These are markup in pairs only. Here one can only open a pair, and because
        // all others are escaped, nothing closes it.
        '~' | '$' => {
            let free = before.trim_end_matches('(');
            let opens = free.is_empty() || free.ends_with(char::is_whitespace);
            let beside = |c: char| letter(c) || c.is_whitespace();
            !(opens && (after.is_empty() || after.starts_with(beside)))
        }
        // Pandoc makes the text between two of them superscript, and `[^a]` is a
        // footnote.
        '^' => before.ends_with('[') || is_second_in_cell(before),
        // Pandoc, Hugo and Jekyll make dashes and quotes of two of them.
        '-' | '>' => before.ends_with(c) && !is_in_link(before),
        // Pandoc and Quarto read it as a citation or a cross-reference.
        '@' => !before.ends_with(letter) && after.starts_with(|c| letter(c) || "_{".contains(c)),
        // References in bare links are not decoded, so a word with other special
        // characters must not become a link.
        ':' | '.' => begins_link(before, c, after) && is_marked_word(after),
        _ => false,
    }
}

/// Whether the colon at an index begins the name of an emoji, such as `:lock:`. GitHub
/// and others look for names after Markdown has decoded the references.
pub fn is_emoji(text: &str, at: usize) -> bool {
    let name = |c: &u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"_+-".contains(c);
    let after = &text[at + 1..];
    let length = after.bytes().take(REACH).take_while(name).count();
    let (name, rest) = after.split_at(length);
    let is_name = name.bytes().any(|c| c.is_ascii_lowercase());
    let is_name = is_name || ["100", "1234", "+1", "-1"].contains(&name);
    is_name && rest.starts_with(':') && !is_in_link(&text[..at])
}

/// Whether the word at the end of a text is a bare link.
fn is_in_link(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || "(>".contains(c))
        .next();
    word.is_some_and(|word| word.contains("://") || word.starts_with("www."))
}

/// Whether a bare link that begins here reaches the end of a text, so that the next
/// text would become part of it.
pub fn is_open_link(before: &str, c: char, after: &str) -> bool {
    begins_link(before, c, after) && !after.chars().take(REACH).any(char::is_whitespace)
}

/// Whether some Markdown reads a word as a link because of this character (GitHub
/// Flavored Markdown, section 6.9).
fn begins_link(before: &str, c: char, after: &str) -> bool {
    match c {
        ':' => after.starts_with("//"),
        '.' => before.ends_with("www"),
        _ => false,
    }
}

/// How many characters are searched for what belongs to a character. Beyond that, it
/// is assumed to be there.
const REACH: usize = 256;

/// Whether what follows a `&` makes it a character reference.
fn is_reference(after: &str) -> bool {
    let name = |c: &char| c.is_ascii_alphanumeric() || *c == '#';
    let length = after.chars().take(REACH).take_while(name).count();
    length > 0 && (length == REACH || after[length..].starts_with(';'))
}

/// Whether the cell or line already has this character before this place.
fn is_second_in_cell(before: &str) -> bool {
    for (at, c) in before.chars().rev().enumerate() {
        match c {
            '|' | '\n' => return false,
            '^' => return true,
            _ if at == REACH => return true,
            _ => {}
        }
    }
    false
}

/// Whether a word contains a character that has to be escaped.
fn is_marked_word(word: &str) -> bool {
    for (at, (start, c)) in word.char_indices().enumerate() {
        if c.is_whitespace() {
            return false;
        }
        let after = &word[start + c.len_utf8()..];
        if at == REACH || !":.->".contains(c) && has_power(&word[..start], c, after) {
            return true;
        }
    }
    false
}

/// The index of the character that would make a line begin a block: a list, a
/// heading, a quote, an admonition, or code of MDX.
pub fn block_mark(text: &str) -> Option<usize> {
    let ends = |at: usize| text[at..].chars().next().is_none_or(char::is_whitespace);
    let no_word = |at: usize| !text[at..].starts_with(char::is_alphanumeric);
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    match text.chars().next()? {
        '#' | '>' | '=' | ':' => return Some(0),
        '-' | '+' if no_word(1) => return Some(0),
        _ if begins(&["import ", "export ", "!!!", "???", "///"]) => return Some(0),
        _ => {}
    }
    // Numbers of lists: `1.`, `a)`, `(iv)`.
    let from = usize::from(text.starts_with('('));
    let end = from + text[from..].find(['.', ')'])?;
    let number = &text[from..end];
    // An entry of a numbered list may be empty.
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    let follows = ends(end + 1) && (digits || end + 1 < text.trim_end().len());
    (is_number(number) && follows).then_some(end)
}

/// Writes a character as a reference, which all tools read the same way.
pub fn reference(c: char, out: &mut String) {
    match c {
        '<' => out.push_str("&lt;"),
        '&' => out.push_str("&amp;"),
        '{' if out.ends_with("&#123;") => {
            out.push_str(DIVIDER);
            out.push_str("&#123;");
        }
        c => out.push_str(&format!("&#{};", u32::from(c))),
    }
}

/// Writes finished HTML for other documents. Its text and its attributes contain
/// nothing that Markdown would treat as markup, and no line is empty, because an
/// empty line ends a block of HTML in Markdown.
pub fn html(html: &str, out: &mut String) {
    // Where the last line began.
    let mut line = out.len();
    let mut at = 0;
    while at < html.len() {
        if html[at..].starts_with('<') {
            at += tag(&html[at..], out);
            continue;
        }
        let end = html[at..].find('<').map_or(html.len(), |to| at + to);
        // Pandoc reads blocks of Markdown inside elements.
        let inner = html[at..end].trim_start();
        if let Some(mark) = block_mark(inner) {
            let mark = end - inner.len() + mark;
            words(html, at..mark, &mut line, out);
            reference(char::from(html.as_bytes()[mark]), out);
            at = mark + 1;
        }
        words(html, at..end, &mut line, out);
        at = end;
    }
}

/// Words between tags of finished HTML. `line` is where the last line began.
fn words(html: &str, range: Range<usize>, line: &mut usize, out: &mut String) {
    let Range { start: mut at, end } = range;
    loop {
        let next = next_special(&html[..end], at);
        out.push_str(&html[at..next]);
        if next == end {
            return;
        }
        at = next + 1;
        match html.as_bytes()[at - 1] {
            b'\n' => {
                let blank = at > 1 && out[*line..].trim().is_empty();
                out.push_str(if blank { "&#10;" } else { "\n" });
                *line = out.len();
            }
            // It begins a reference; our writer of HTML escapes all others.
            b'&' => out.push('&'),
            byte => {
                let c = char::from(byte);
                match has_power(&html[..at - 1], c, &html[at..end]) {
                    true => reference(c, out),
                    false => out.push(c),
                }
                if c == ':' && is_emoji(&html[..end], at - 1) {
                    out.push_str(DIVIDER);
                }
            }
        }
    }
}

/// Writes a tag, a comment, or an element whose content is not text. Returns its
/// length.
fn tag(html: &str, out: &mut String) -> usize {
    let until = |end: &str| html.find(end).map_or(html.len(), |at| at + end.len());
    let whole = [
        ("<!--", "-->"),
        ("<script", "</script"),
        ("<style", "</style"),
    ];
    if let Some((_, end)) = whole.iter().find(|(start, _)| html.starts_with(start)) {
        out.push_str(&html[..until(end)]);
        return until(end);
    }
    let mut quote = None;
    for (at, c) in html.char_indices() {
        let after = &html[at + c.len_utf8()..];
        match quote {
            None if c == '>' => {
                out.push('>');
                return at + 1;
            }
            None => {
                quote = Some(c).filter(|c| "\"'".contains(*c));
                out.push(c);
            }
            Some(open) if c == open => {
                quote = None;
                out.push(c);
            }
            Some(_) if c == '\n' => out.push_str("&#10;"),
            Some(_) if c != '&' && is_special(c) && has_power(&html[..at], c, after) => {
                if c == '{' && html[..at].ends_with(c) {
                    out.push_str(JOINER);
                }
                out.push_str(&format!("&#{};", u32::from(c)));
            }
            Some(_) => out.push(c),
        }
    }
    html.len()
}
