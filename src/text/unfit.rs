//! Characters that neither XML nor a page can contain: most control characters. Where
//! they are refused is decided by what reads a text.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};

/// Whether no file of a site can contain this character (XML 1.0, section 2.2).
pub fn is_unfit(c: char) -> bool {
    matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text has such a character. Bytes are looked up first: every text of a
/// project is asked, and hardly any has one.
pub fn has_unfit(text: &str) -> bool {
    // The last is the first byte of U+FFFE and U+FFFF.
    let may_be = |byte: u8| byte < b' ' && !b"\t\n\r".contains(&byte) || byte == 0xef;
    text.bytes().any(may_be) && text.contains(is_unfit)
}

/// Such a character in words, for a message.
pub fn unfit_words(c: char) -> String {
    format!(
        "the character U+{:04X}, which no page can contain",
        u32::from(c)
    )
}

/// An event of the Markdown parser, which decodes `&#8;`: such a reference counts as
/// the replacement character, as CommonMark has it for `&#0;`.
pub fn fit_event(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Text(text) => Event::Text(replaced(text)),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: replaced(dest_url),
            title: replaced(title),
            id,
        }),
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Image {
            link_type,
            dest_url: replaced(dest_url),
            title: replaced(title),
            id,
        }),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(replaced(info))))
        }
        other => other,
    }
}

fn replaced(text: CowStr<'_>) -> CowStr<'_> {
    match has_unfit(&text) {
        true => text.replace(is_unfit, "\u{fffd}").into(),
        false => text,
    }
}
