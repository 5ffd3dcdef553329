//! What the text of a region says, whatever its layout. Formatters pad tables, choose
//! other marks for emphasis and lists, move line ends and write characters in another
//! form. None of that is a change, but each other word is.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use crate::embed::older;
use crate::embed::regions::Dialect;
use crate::tables::formats::TableFormat;
use crate::text::decode;

/// Begins and ends a mark in what a text says. No text contains such characters.
const MARK: [char; 2] = ['\u{1}', '\u{2}'];

/// The content of a region's text, in a form that is equal for texts that say the same.
pub fn said(text: &str, dialect: Dialect, format: TableFormat) -> String {
    match (dialect, format) {
        (Dialect::Markdown | Dialect::Mdx, _) => markdown(text),
        (Dialect::Plain, TableFormat::Markdown | TableFormat::Mdx) => markdown(text),
        (Dialect::Html, _) | (Dialect::Plain, TableFormat::Html) => {
            let mut out = Content::default();
            out.html(text);
            out.finish()
        }
        _ => text.to_string(),
    }
}

/// The first character that the tool writes as a reference and that the text, which says
/// the same, has in another form.
pub fn respelled(text: &str, written: &str) -> Option<char> {
    let mut found: Vec<char> = older::references(text).collect();
    older::references(written).find(|wanted| {
        let same = found.iter().position(|c| c == wanted);
        same.map(|at| found.swap_remove(at)).is_none()
    })
}

fn markdown(text: &str) -> String {
    let mut out = Content::default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for event in Parser::new_ext(text, options) {
        out.event(event);
    }
    out.finish()
}

/// What was said so far.
#[derive(Default)]
struct Content {
    text: String,
    /// Whether there was a space since the last word.
    space: bool,
    /// Whether spaces are not shown until the next word.
    no_space: bool,
    /// The code of the open code block, and its language.
    code: Option<(String, String)>,
}

impl Content {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Paragraph | Tag::HtmlBlock) => {}
            Event::End(TagEnd::Paragraph | TagEnd::HtmlBlock) => self.mark("break"),
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => self.end_code(),
            Event::Start(Tag::Link { dest_url, .. }) => self.address("link", &dest_url),
            Event::Start(Tag::Image { dest_url, .. }) => self.address("image", &dest_url),
            Event::Start(Tag::Strikethrough) => self.mark("<del>"),
            Event::End(TagEnd::Strikethrough) => self.mark("</del>"),
            // Formatters align columns, and begin numbers where they like.
            Event::Start(Tag::Table(_)) => self.mark("table"),
            Event::Start(Tag::List(first)) => {
                self.mark(if first.is_some() { "numbers" } else { "list" });
            }
            Event::Start(tag) => self.mark(&format!("{:?}", tag.to_end())),
            Event::End(tag) => self.mark(&format!("end {tag:?}")),
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&text),
                None => self.words(&text),
            },
            Event::Code(code) => {
                self.mark("<code>");
                self.words(&code);
                self.mark("</code>");
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            Event::SoftBreak => self.words(" "),
            Event::HardBreak => self.mark("break"),
            _ => self.mark("rule"),
        }
    }

    /// Formatters encode addresses.
    fn address(&mut self, what: &str, address: &str) {
        self.mark(&format!("{what} {}", decode(address)));
    }

    fn words(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.space = !self.no_space;
                continue;
            }
            self.no_space = false;
            // Spaces beside a mark are layout.
            if std::mem::take(&mut self.space) && !self.text.ends_with(MARK[1]) {
                self.text.push(' ');
            }
            self.text.push(c);
        }
    }

    fn mark(&mut self, what: &str) {
        self.space = false;
        let mark = format!("{}{what}{}", MARK[0], MARK[1]);
        // Paragraphs end where something else begins or ends, if there are any.
        let last = format!("{}break{}", MARK[0], MARK[1]);
        if let Some(before) = self.text.strip_suffix(&last) {
            self.text.truncate(before.len());
        }
        if what != "break" || !self.text.is_empty() {
            self.text.push_str(&mark);
        }
    }

    /// A piece of HTML: its tags, and the words between them.
    fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            self.words(&older::shown(&rest[..at]));
            let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
            let tag = &rest[at..end];
            rest = &rest[end..];
            let words: Vec<&str> = tag
                .trim_end_matches(['>', '/'])
                .split_whitespace()
                .collect();
            match *words {
                ["<br"] => self.mark("break"),
                // Formatters of MDX put it on a line of its own.
                ["<wbr"] => (self.space, self.no_space) = (false, true),
                _ => self.mark(&format!("{}>", older::shown(&words.join(" ")))),
            }
        }
        self.words(&older::shown(rest));
    }

    /// Ends a code block. Formatters lay out JSON, too.
    fn end_code(&mut self) {
        let Some((language, code)) = self.code.take() else {
            return;
        };
        let value = serde_json::from_str::<Value>(&code).ok();
        let value = value.filter(|_| language == TableFormat::Json.word());
        let code = value.map_or(code, |value| value.to_string());
        self.mark(&format!("code {language}"));
        self.text.push_str(&code);
        self.mark("end code");
    }

    fn finish(mut self) -> String {
        self.mark("end");
        self.text
    }
}
