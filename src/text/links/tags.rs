//! Finds the tags of HTML without building a tree (HTML Standard, section 13.2.5).
//! What their attributes mean is decided elsewhere.

use std::ops::{ControlFlow, Range};

use crate::text::escape::Special;
use crate::text::links::references::unescape;

/// A start tag.
pub struct Tag<'h, 't> {
    /// Its name, as written.
    pub name: &'h str,
    /// Its attributes; of those with the same name, only the first.
    pub attributes: &'t [Attribute<'h>],
}

/// One attribute of a start tag.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'h> {
    /// Its name, as written.
    pub name: &'h str,
    /// Its value, as written; empty if it has none.
    pub value: &'h str,
}

impl Attribute<'_> {
    /// Whether it has this name, which is in lower case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

impl Tag<'_, '_> {
    /// Whether it has this name, which is in lower case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// What is open at the end of a piece of HTML, and decides how the next piece is read.
#[derive(Clone, Debug, Default)]
pub struct OpenElements {
    /// The element whose content is text and not tags.
    text: Option<&'static str>,
    /// How many templates are open. Nothing in them is part of the page.
    templates: usize,
    /// Elements of SVG and MathML, and those in them that contain HTML again.
    foreign: Vec<&'static str>,
}

/// Elements whose content is text.
const TEXTS: [&str; 9] = [
    "xmp",
    "style",
    "title",
    "script",
    "iframe",
    "noembed",
    "noframes",
    "textarea",
    "plaintext",
];

/// Elements of SVG and MathML that contain HTML.
const BACK_TO_HTML: [&str; 9] = [
    "foreignobject",
    "desc",
    "title",
    "annotation-xml",
    "mi",
    "mo",
    "mn",
    "ms",
    "mtext",
];

const FOREIGN: [&str; 2] = ["svg", "math"];

/// Calls a function for all start tags, one after another, until that asks to stop.
/// Comments, templates and the text of scripts and the like are skipped. `open` is
/// what the pieces before have left open.
pub fn tags<'h>(
    html: &'h str,
    open: &mut OpenElements,
    take: impl FnMut(&Tag<'h, '_>) -> ControlFlow<()>,
) {
    pieces(html, open, take, |_| {});
}

/// Calls a function for all start tags, and another one for what is between any tags.
fn pieces<'h>(
    html: &'h str,
    open: &mut OpenElements,
    mut take: impl FnMut(&Tag<'h, '_>) -> ControlFlow<()>,
    mut between: impl FnMut(&'h str),
) {
    let bytes = html.as_bytes();
    let mut attributes = Vec::new();
    let mut at = open.end_of_text(bytes, 0);
    // Where the tag or comment before ends.
    let mut from = at;
    while let Some(next) = memchr::memchr(b'<', &bytes[at..]) {
        let start = at + next;
        at = start + 1;
        let (first, second) = (bytes.get(at), bytes.get(at + 1));
        let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
        if letter(first) {
            let Some(read) = tag(html, at, &mut attributes) else {
                return;
            };
            let name = &html[read.name];
            let attributes = &attributes[..];
            between(&html[from..start]);
            if open.templates == 0 && take(&Tag { name, attributes }).is_break() {
                return;
            }
            open.begin(name, read.closed);
            at = open.end_of_text(bytes, read.end);
            from = at;
        } else if first == Some(&b'/') && letter(second) {
            let Some(read) = tag(html, at + 1, &mut attributes) else {
                return;
            };
            between(&html[from..start]);
            open.end(&html[read.name]);
            (at, from) = (read.end, read.end);
        } else if matches!(first, Some(b'!' | b'?')) || (first == Some(&b'/') && second.is_some()) {
            between(&html[from..start]);
            at = end_of_declaration(bytes, at, open.is_foreign());
            from = at;
        }
    }
    between(&html[from..]);
}

/// The words of HTML, without those of scripts and the like.
pub(crate) fn words_in(html: &str) -> String {
    let mut words = String::new();
    pieces(
        html,
        &mut OpenElements::default(),
        |_| ControlFlow::Continue(()),
        |text| {
            // Most tags separate words; letters in bold type hardly ever join others.
            words.push(' ');
            words.push_str(&unescape(text));
        },
    );
    words
}

/// A tag that was read.
struct ReadTag {
    name: Range<usize>,
    /// Whether it ends with `/>`.
    closed: bool,
    /// Where what follows begins.
    end: usize,
}

/// Reads the tag whose name begins at `start`. `None` if it has no end.
fn tag<'h>(html: &'h str, start: usize, attributes: &mut Vec<Attribute<'h>>) -> Option<ReadTag> {
    let bytes = html.as_bytes();
    attributes.clear();
    let mut at = until(bytes, start, |b| ENDS_TAG.has(b));
    let name = start..at;
    loop {
        let from = at;
        at = until(bytes, at, |b| !BEFORE_NAME.has(b));
        if *bytes.get(at)? == b'>' {
            return Some(ReadTag {
                name,
                closed: at > from && bytes[at - 1] == b'/',
                end: at + 1,
            });
        }
        let start = at;
        // A name may begin with `=`.
        at = until(bytes, at + 1, |b| ENDS_NAME.has(b));
        let name = &html[start..at];
        let mut value = &html[at..at];
        let sign = until(bytes, at, |b| !is_blank(b));
        if bytes.get(sign) == Some(&b'=') {
            let start = until(bytes, sign + 1, |b| !is_blank(b));
            match *bytes.get(start)? {
                quote @ (b'"' | b'\'') => {
                    let end = start + 1 + memchr::memchr(quote, &bytes[start + 1..])?;
                    value = &html[start + 1..end];
                    at = end + 1;
                }
                _ => {
                    at = until(bytes, start, |b| is_blank(b) || b == b'>');
                    value = &html[start..at];
                }
            }
        }
        let is_new = |known: &Attribute<'_>| !known.is(name);
        if attributes.iter().all(is_new) {
            attributes.push(Attribute { name, value });
        }
    }
}

/// Where a comment, or anything else that begins with `<!`, `<?` or `</`, ends. `at`
/// is the place after its `<`.
fn end_of_declaration(bytes: &[u8], at: usize, foreign: bool) -> usize {
    let rest = &bytes[at..];
    let end = if let Some(comment) = rest.strip_prefix(b"!--") {
        return at + 3 + end_of_comment(comment);
    } else if let (true, Some(text)) = (foreign, rest.strip_prefix(b"![CDATA[")) {
        let len = memchr::memmem::find(text, b"]]>");
        len.map(|len| b"![CDATA[".len() + len + 3)
    } else {
        memchr::memchr(b'>', rest).map(|len| len + 1)
    };
    end.map_or(bytes.len(), |end| at + end)
}

fn end_of_comment(comment: &[u8]) -> usize {
    for empty in [&b">"[..], b"->"] {
        if comment.starts_with(empty) {
            return empty.len();
        }
    }
    for at in memchr::memchr_iter(b'>', comment) {
        let before = &comment[..at];
        if before.ends_with(b"--") || before.ends_with(b"--!") {
            return at + 1;
        }
    }
    comment.len()
}

impl OpenElements {
    /// The element that swallows whatever follows.
    pub(crate) fn swallows(&self) -> Option<&'static str> {
        self.text.or((self.templates > 0).then_some("template"))
    }

    fn is_foreign(&self) -> bool {
        self.foreign.last().is_some_and(|e| FOREIGN.contains(e))
    }

    fn begin(&mut self, name: &str, closed: bool) {
        // Nearly all tags have short names.
        if name.len() < 3 && self.foreign.is_empty() {
            return;
        }
        let among = |names: &[&'static str]| {
            let mut names = names.iter();
            names.find(|n| name.eq_ignore_ascii_case(n)).copied()
        };
        if let Some(element) = among(&FOREIGN) {
            if !closed {
                self.foreign.push(element);
            }
        } else if self.is_foreign() {
            if let Some(element) = among(&BACK_TO_HTML).filter(|_| !closed) {
                self.foreign.push(element);
            }
        } else if name.eq_ignore_ascii_case("template") {
            self.templates += 1;
        } else {
            self.text = among(&TEXTS);
        }
    }

    fn end(&mut self, name: &str) {
        if name.eq_ignore_ascii_case("template") && !self.is_foreign() {
            self.templates = self.templates.saturating_sub(1);
        }
        let is_it = |element: &&str| name.eq_ignore_ascii_case(element);
        if let Some(at) = self.foreign.iter().rposition(is_it) {
            self.foreign.truncate(at);
        }
    }

    /// Where tags begin again: after the text of an open element.
    fn end_of_text(&mut self, bytes: &[u8], from: usize) -> usize {
        let Some(element) = self.text else {
            return from;
        };
        let end = match element {
            "plaintext" => None,
            "script" => end_of_script(bytes, from),
            _ => memchr::memchr_iter(b'<', &bytes[from..])
                .map(|at| from + at)
                .find(|at| is_tag(bytes, at + 1, b"/", element)),
        };
        if end.is_some() {
            self.text = None;
        }
        end.unwrap_or(bytes.len())
    }
}

/// Whether a tag with this name is at a place, after `before`.
fn is_tag(bytes: &[u8], at: usize, before: &[u8], name: &str) -> bool {
    let Some(rest) = bytes[at..].strip_prefix(before) else {
        return false;
    };
    let (Some(said), Some(next)) = (rest.get(..name.len()), rest.get(name.len())) else {
        return false;
    };
    said.eq_ignore_ascii_case(name.as_bytes()) && ENDS_TAG.has(*next)
}

/// Where the end tag of a script begins. A script in a comment in a script has its
/// own end tag (HTML Standard, 13.2.5.15 to 13.2.5.31).
fn end_of_script(bytes: &[u8], from: usize) -> Option<usize> {
    let (mut comment, mut script) = (false, false);
    for at in memchr::memchr2_iter(b'<', b'>', &bytes[from..]).map(|at| from + at) {
        if bytes[at] == b'>' {
            if bytes[from..at].ends_with(b"--") {
                (comment, script) = (false, false);
            }
        } else if is_tag(bytes, at + 1, b"/", "script") {
            if !std::mem::take(&mut script) {
                return Some(at);
            }
        } else if bytes[at..].starts_with(b"<!--") {
            comment = true;
        } else if comment && is_tag(bytes, at + 1, b"", "script") {
            script = true;
        }
    }
    None
}

/// The index of the next byte from `from` on that ends something.
fn until(bytes: &[u8], from: usize, ends: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let len = rest.iter().position(|b| ends(*b));
    len.map_or(bytes.len(), |len| from + len)
}

fn is_blank(byte: u8) -> bool {
    BLANKS.has(byte)
}

static BLANKS: Special = Special::of(" \t\n\r\x0c");

/// Bytes that may stand before the name of an attribute.
static BEFORE_NAME: Special = Special::of(" \t\n\r\x0c/");

/// Bytes that end the name of a tag, and below, of an attribute.
static ENDS_TAG: Special = Special::of(" \t\n\r\x0c/>");

static ENDS_NAME: Special = Special::of(" \t\n\r\x0c/>=");

/// The places of the addresses in the value of `srcset` (HTML Standard, 4.8.4.2.2).
pub fn candidates(srcset: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut at = 0;
    let bytes = srcset.as_bytes();
    loop {
        at = until(bytes, at, |b| !is_blank(b) && b != b',');
        if at == bytes.len() {
            return all;
        }
        let end = until(bytes, at, is_blank);
        let address = srcset[at..end].trim_end_matches(',');
        all.push(at..at + address.len());
        if at + address.len() == end {
            // A comma in parentheses belongs to the descriptor.
            let mut depth = 0;
            let rest = bytes[end..].iter();
            let len = rest.take_while(|b| {
                match b {
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                **b != b',' || depth > 0
            });
            at = end + len.count();
        } else {
            at = end;
        }
    }
}
