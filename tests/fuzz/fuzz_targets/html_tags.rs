//! Start tags of HTML and their attributes: our scanner finds those that `html5gum`
//! finds, a tokenizer that we did not write.
#![no_main]

use std::ops::ControlFlow;

use html5gum::{State, Token, Tokenizer};
use libfuzzer_sys::fuzz_target;
use srm_site::text::links::{OpenElements, tags, unescape};

/// A tag: its name, and its attributes in the order of their names.
type StartTag = (String, Vec<(String, String)>);

/// How a tokenizer reads on after a start tag (HTML Standard, 13.2.6). Its own
/// `naive_next_state` lacks `noframes` and has `noscript`, which is text only where
/// scripts run.
fn state_after(name: &[u8]) -> State {
    match name {
        b"textarea" | b"title" => State::RcData,
        b"style" | b"xmp" | b"iframe" | b"noembed" | b"noframes" => State::RawText,
        b"script" => State::ScriptData,
        b"plaintext" => State::PlainText,
        _ => State::Data,
    }
}

fn expected(html: &str) -> Vec<StartTag> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let mut tokenizer = Tokenizer::new(html);
    let mut templates = 0_usize;
    let mut all = Vec::new();
    while let Some(Ok(token)) = tokenizer.next() {
        match token {
            Token::StartTag(tag) => {
                let state = state_after(&tag.name);
                if !matches!(state, State::Data) {
                    tokenizer.set_state(state);
                }
                let attributes = tag.attributes.iter();
                let attributes = attributes.map(|(name, value)| (text(name), text(value)));
                if templates == 0 {
                    all.push((text(&tag.name), attributes.collect()));
                }
                templates += usize::from(&tag.name[..] == b"template");
            }
            Token::EndTag(tag) if &tag.name[..] == b"template" => {
                templates = templates.saturating_sub(1);
            }
            _ => {}
        }
    }
    all
}

fn found(html: &str) -> Vec<StartTag> {
    // The scanner gives names and line ends as they are written.
    let name = |name: &str| name.to_ascii_lowercase().replace('\0', "\u{fffd}");
    let mut all = Vec::new();
    tags(html, &mut OpenElements::default(), |tag| {
        let attributes = tag.attributes.iter().map(|attribute| {
            let value = attribute.value.replace("\r\n", "\n").replace('\r', "\n");
            (name(attribute.name), unescape(&value).into_owned())
        });
        let mut attributes: Vec<_> = attributes.collect();
        attributes.sort_unstable();
        all.push((name(tag.name), attributes));
        ControlFlow::Continue(())
    });
    all
}

fuzz_target!(|text: &str| {
    // A tokenizer alone does not know where SVG and MathML end. A NUL in a name becomes
    // U+FFFD, which must not make two names the same.
    let lower = text.to_ascii_lowercase();
    if lower.contains("<svg") || lower.contains("<math") || lower.contains('\u{fffd}') {
        return;
    }
    assert_eq!(found(text), expected(text), "{text:?}");
});
