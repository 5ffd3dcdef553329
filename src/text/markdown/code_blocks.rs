//! Blocks of code in a text. `text::code` highlights them.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, TagEnd};

use crate::findings::{Code, Finding};
use crate::text::code::{self, TooMuch};
use crate::text::html::Html;
use crate::text::markdown::Writer;

impl<'a> Writer<'a, '_> {
    pub(super) fn code_block(&mut self, kind: &CodeBlockKind<'_>, code: &str, range: Range<usize>) {
        let language = code::language(kind);
        let mut out = Html::new();
        out.markup("<pre class=\"srm-code\" tabindex=\"0\"><code");
        if !language.is_empty() {
            out.markup(" class=\"language-");
            out.text(language).markup("\"");
        }
        out.markup(">");
        let codes = &self.scope.targets.code;
        let highlighted = codes.highlight(language, code, &mut self.code);
        if let Err(why) = highlighted {
            self.plain_code(why, range);
        }
        let made = highlighted.ok().flatten();
        match made.as_ref().and_then(|html| html.get()) {
            Some(Some(html)) => out.push(html),
            _ => out.text(code),
        };
        out.markup("</code></pre>\n");
        self.html(out);
    }

    fn plain_code(&mut self, why: TooMuch, range: Range<usize>) {
        // What applies to the rest of a file is reported once.
        if !why.is_of_block() && std::mem::replace(&mut self.plain_told, true) {
            return;
        }
        let first = self.input.text[range.clone()].lines().next();
        let place = self
            .input
            .place(range.start..range.start + first.map_or(0, str::len));
        self.out.findings.push(
            Finding::new(
                Code::PlainCode,
                place,
                format!("this code is not highlighted: {}", why.words()),
            )
            .help(why.help()),
        );
    }
}

/// The code of a block that has begun. Consumes the events up to and including its
/// end.
pub(super) fn code_of_block<'a>(
    events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
) -> String {
    let mut code = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text) => code.push_str(&text),
            Event::End(TagEnd::CodeBlock) => break,
            _ => {}
        }
    }
    code
}
