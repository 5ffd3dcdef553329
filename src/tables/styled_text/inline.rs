//! Turns the events of inline Markdown into lines of styled words.

use std::borrow::Cow;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::tables::styled_text::{StyledLine, StyledWords};

/// Markdown that is being turned into lines.
#[derive(Default)]
pub(super) struct Inline {
    done: Vec<StyledLine<'static>>,
    line: StyledLine<'static>,
    /// The destination of the open link.
    link: Option<String>,
    /// The destination of the open image, and whether it has a description.
    image: Option<(String, bool)>,
    /// How many tags are open: of bold text, and below, of the other styles.
    strong: usize,
    emphasis: usize,
    struck: usize,
    code: bool,
    /// The text of the current block of HTML so far.
    html: String,
}

impl Inline {
    pub(super) fn event(&mut self, event: Event<'_>, address: impl Fn(&str) -> Option<String>) {
        match event {
            Event::Start(Tag::Strong) => self.strong += 1,
            Event::End(TagEnd::Strong) => self.strong -= 1,
            Event::Start(Tag::Emphasis) => self.emphasis += 1,
            Event::End(TagEnd::Emphasis) => self.emphasis -= 1,
            Event::Start(Tag::Strikethrough) => self.struck += 1,
            Event::End(TagEnd::Strikethrough) => self.struck -= 1,
            Event::Start(Tag::Link { dest_url, .. }) => self.link = address(&dest_url),
            Event::End(TagEnd::Link) => self.link = None,
            // An image is a link to it, with its description.
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.image = address(&dest_url).map(|link| (link, false));
            }
            Event::End(TagEnd::Image) => self.end_image(),
            Event::Start(Tag::CodeBlock(_)) => {
                self.part();
                self.code = true;
            }
            Event::End(TagEnd::CodeBlock) => {
                self.part();
                self.code = false;
            }
            Event::Start(Tag::Item) => {
                self.part();
                self.line.entry = true;
            }
            Event::End(TagEnd::Item | TagEnd::Paragraph | TagEnd::Heading(_))
            | Event::End(TagEnd::TableRow | TagEnd::TableHead)
            | Event::Rule => self.part(),
            Event::End(TagEnd::TableCell) => self.text(" "),
            Event::Text(text) => {
                let text = if self.code { text.trim_end() } else { &text };
                self.text(text);
            }
            Event::Code(code) => {
                self.code = true;
                self.text(&code);
                self.code = false;
            }
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.text("\n"),
            Event::Html(raw) => self.html.push_str(&raw),
            Event::End(TagEnd::HtmlBlock) => {
                let raw = std::mem::take(&mut self.html);
                self.raw(&raw);
                self.part();
            }
            Event::InlineHtml(raw) => self.raw(&raw),
            _ => {}
        }
    }

    /// Ends an image. Its address is told if nothing else leads to it.
    fn end_image(&mut self) {
        let Some((image, described)) = self.image.take() else {
            return;
        };
        if described && self.link.is_none() {
            return;
        }
        let outer = self.link.replace(image.clone());
        self.text(&image);
        self.link = outer;
    }

    pub(super) fn text(&mut self, text: &str) {
        let mut link = self.link.clone();
        if let Some((image, described)) = &mut self.image {
            *described = true;
            link = link.or_else(|| Some(image.clone()));
        }
        let words = StyledWords {
            text: Cow::Borrowed(""),
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            struck: self.struck > 0,
            code: self.code,
            link,
        };
        // Join neighbouring words of the same style.
        if let Some(last) = self.line.words.last_mut() {
            let before = std::mem::take(&mut last.text);
            let same = *last == words;
            last.text = before;
            if same {
                last.text.to_mut().push_str(text);
                return;
            }
        }
        self.line.words.push(StyledWords {
            text: Cow::Owned(text.to_string()),
            ..words
        });
    }

    /// Adds an author's HTML, which is shown as text except for comments and line
    /// breaks.
    fn raw(&mut self, raw: &str) {
        match raw.trim() {
            "<br>" | "<br/>" | "<br />" => self.text("\n"),
            "<wbr>" | "<wbr/>" | "<wbr />" => {}
            text => self.text(text),
        }
    }

    /// Ends the current line, if it is not empty.
    fn part(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.words.is_empty() {
            self.done.push(line);
        } else {
            self.line.entry = line.entry;
        }
    }

    pub(super) fn finish(mut self) -> Vec<StyledLine<'static>> {
        self.part();
        self.done
    }
}
