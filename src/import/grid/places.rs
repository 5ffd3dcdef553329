//! Lines and columns of a text file, also for text that was turned into HTML first.

use crate::import::grid::foreign::CellPlace;

/// Every so many bytes the characters before are counted once.
const STEP: usize = 1024;

/// Finds line and column of a byte of a text.
pub(crate) struct Places<'a> {
    text: &'a str,
    lines: Vec<usize>,
    counts: Vec<usize>,
    /// Bytes of the file before the text: a byte-order mark. `None` if the text was in
    /// another encoding, so that its bytes are not the file's.
    before: Option<usize>,
    map: Option<Vec<SourceByte>>,
}

/// Says that the HTML from a byte on comes from a byte of the source.
#[derive(Clone, Copy)]
pub(crate) struct SourceByte {
    html: usize,
    source: usize,
    is_verbatim: bool,
}

impl<'a> Places<'a> {
    /// The places of a text.
    pub(crate) fn new(text: &'a str, before: Option<usize>) -> Places<'a> {
        let mut lines = vec![0];
        let mut counts = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at % STEP == 0 {
                counts.push(count);
            }
            if byte & 0xC0 != 0x80 {
                count += 1;
            }
            let ends_line = match byte {
                b'\n' => true,
                b'\r' => text.as_bytes().get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends_line {
                lines.push(at + 1);
            }
        }
        Places {
            text,
            lines,
            counts,
            before,
            map: None,
        }
    }

    /// The same places, asked for by bytes of HTML that was made from the text.
    pub(crate) fn through(self, map: Vec<SourceByte>) -> Places<'a> {
        Places {
            map: Some(map),
            ..self
        }
    }

    /// The place of a range of bytes.
    pub(crate) fn of(&self, start: usize, end: usize) -> CellPlace {
        let start = self.source(start);
        let end = self.source(end).max(start);
        let line = self.lines.partition_point(|at| *at <= start);
        let column = self.characters(start) - self.characters(self.lines[line - 1]) + 1;
        CellPlace::File {
            line: number(line),
            column: number(column),
            span: self.before.map(|before| start + before..end + before),
        }
    }

    /// The byte of the source. It always begins a character.
    fn source(&self, at: usize) -> usize {
        let mut source = self.mapped(at);
        while !self.text.is_char_boundary(source) {
            source -= 1;
        }
        source
    }

    fn mapped(&self, at: usize) -> usize {
        let Some(map) = &self.map else {
            return at.min(self.text.len());
        };
        let found = map.partition_point(|origin| origin.html <= at);
        let Some(origin) = found.checked_sub(1).and_then(|last| map.get(last)) else {
            return 0;
        };
        let inside = if origin.is_verbatim {
            at - origin.html
        } else {
            0
        };
        (origin.source + inside).min(self.text.len())
    }

    fn characters(&self, at: usize) -> usize {
        let Some(step) = self.counts.len().checked_sub(1) else {
            return 0;
        };
        let step = step.min(at / STEP);
        let bytes = &self.text.as_bytes()[step * STEP..at];
        self.counts[step] + bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
    }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// HTML that is made from another format, and where each part of it comes from.
#[derive(Default)]
pub(crate) struct Rendered {
    /// The HTML so far.
    pub(crate) html: String,
    /// Where its parts come from, in order.
    pub(crate) map: Vec<SourceByte>,
}

impl Rendered {
    /// Adds markup that stands for a byte of the source.
    pub(crate) fn markup(&mut self, source: usize, markup: &str) {
        self.note(source, false);
        self.html.push_str(markup);
    }

    /// Adds text, escaped.
    pub(crate) fn text(&mut self, source: usize, text: &str) {
        self.note(source, false);
        escape(text, &mut self.html);
    }

    /// Adds HTML that the source itself contains.
    pub(crate) fn verbatim(&mut self, source: usize, html: &str) {
        self.note(source, true);
        self.html.push_str(html);
    }

    /// Adds what was made apart.
    pub(crate) fn append(&mut self, other: Rendered) {
        let before = self.html.len();
        self.html.push_str(&other.html);
        self.map
            .extend(other.map.into_iter().map(|origin| SourceByte {
                html: origin.html + before,
                ..origin
            }));
    }

    fn note(&mut self, source: usize, is_verbatim: bool) {
        self.map.push(SourceByte {
            html: self.html.len(),
            source,
            is_verbatim,
        });
    }
}

/// Lines of a file that were joined by line feeds, perhaps without their indent.
pub(crate) struct Joined {
    /// The text.
    pub(crate) text: String,
    /// Where each line begins in the text, and in the file.
    lines: Vec<(usize, usize)>,
}

impl Joined {
    /// Joins lines, each with the place where it begins.
    pub(crate) fn new<'a>(lines: impl Iterator<Item = (&'a str, usize)>) -> Joined {
        let mut joined = Joined {
            text: String::new(),
            lines: Vec::new(),
        };
        for (line, at) in lines {
            joined.lines.push((joined.text.len(), at));
            joined.text.push_str(line);
            joined.text.push('\n');
        }
        joined
    }

    /// The byte of the file for a byte of the text.
    pub(crate) fn source(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|(start, _)| *start <= at);
        let line = line.checked_sub(1).and_then(|line| self.lines.get(line));
        line.map_or(0, |(start, source)| source + (at - start))
    }
}

/// The beginning of a text, in which the end of something is looked for. A mark that does
/// not end soon is no mark.
pub(crate) fn near(text: &str) -> &str {
    const MOST: usize = 2_000;
    let mut end = text.len().min(MOST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Appends text, escaped for elements and quoted attributes of HTML.
pub(crate) fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
}
