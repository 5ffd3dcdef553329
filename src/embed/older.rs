//! Compares a region that an earlier version wrote to what this version would write.
//! If both have the same content in different forms, the region is up to date. It is
//! not if it writes a character in a form that was given up because some tools do not
//! treat it as text.

use crate::tables::formats::TableFormat;

/// The result of comparing a text to what would be written today.
#[derive(Debug, PartialEq, Eq)]
pub enum Older {
    /// The content is the same.
    Same,
    /// The content is the same, but this character is now written in another form.
    Outdated(char),
    /// The content differs, or the format is not supported here.
    Different,
}

/// Compares a text of a format to what would be written today.
pub fn compare(before: &str, now: &str, format: TableFormat) -> Older {
    let html = match format {
        TableFormat::Html => true,
        TableFormat::Markdown | TableFormat::Mdx => false,
        TableFormat::Asciidoc
        | TableFormat::Rst
        | TableFormat::Latex
        | TableFormat::Csv
        | TableFormat::Tsv
        | TableFormat::Json
        | TableFormat::Xlsx => return Older::Different,
    };
    let [before, now] = [before, now].map(|text| read(text, html));
    let says = |one: &Piece, other: &Piece| one.says == other.says;
    if before.len() != now.len() || !before.iter().zip(&now).all(|(a, b)| says(a, b)) {
        return Older::Different;
    }
    let respelled = before
        .iter()
        .zip(&now)
        .filter(|(old, new)| old.spelled != new.spelled);
    match respelled
        .filter_map(|(old, new)| old.outdated_character(new))
        .next()
    {
        Some(c) => Older::Outdated(c),
        None => Older::Same,
    }
}

/// A piece of a text: its meaning, and how it is written.
struct Piece<'a> {
    says: Says,
    spelled: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    /// A character that is shown.
    Text(char),
    /// A character that is part of the markup.
    Mark(char),
    /// The beginning or the end of code within a line.
    Code,
}

/// Characters that every Markdown lets a backslash escape. Before other characters,
/// Python-Markdown (MkDocs) shows the backslash, and kramdown reads an escaped
/// backtick as the end of code.
const ESCAPABLE: &[char] = &[
    '\\', '*', '_', '{', '}', '[', ']', '(', ')', '>', '#', '+', '-', '.', '!',
];

impl Piece<'_> {
    /// The character, if it is now written as in `new` because some tools do not
    /// treat this form as text.
    fn outdated_character(&self, new: &Piece<'_>) -> Option<char> {
        let escaped = self.spelled.starts_with('\\');
        match self.says {
            // Only MDX was written this way, and there it always worked.
            Says::Text('{' | '}') if escaped => None,
            Says::Text('&' | '"' | '\'' | '-' | '.') => None,
            Says::Text(c) if escaped => (!ESCAPABLE.contains(&c)).then_some(c),
            Says::Text(c) => (c.is_ascii() && new.spelled.starts_with('&')).then_some(c),
            Says::Code => self.spelled.starts_with('`').then_some('`'),
            Says::Mark(_) => None,
        }
    }
}

/// Splits a text of HTML or Markdown into pieces.
fn read(text: &str, html: bool) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut in_tag = false;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let ticks = first == '`' && !html && !in_tag;
        let fence = ticks && is_fence(text, at);
        if ticks
            && !fence
            && let Some(length) = code_span(rest, &mut pieces)
        {
            at += length;
            continue;
        }
        // Spaces before a line break, and at the beginning of a line, are layout.
        let unspaced = rest.trim_start_matches(' ');
        let begins = at == 0 || text[..at].ends_with('\n');
        if first == ' ' && (begins || unspaced.starts_with("<br")) {
            at = text.len() - unspaced.len();
            continue;
        }
        // A possible line break is not content.
        if let Some(tag) = ["<wbr>", "<wbr />"].iter().find(|t| rest.starts_with(**t)) {
            at += tag.len();
            continue;
        }
        let of_code = ["<code>", "</code>"].iter().find(|t| rest.starts_with(**t));
        let (says, length) = if let Some(tag) = of_code {
            (Says::Code, tag.len())
        } else if let Some(end) = [" />", "/>", ">"]
            .iter()
            .find(|e| in_tag && rest.starts_with(**e))
        {
            in_tag = false;
            (Says::Mark('>'), end.len())
        } else if let Some((c, length)) = reference(rest) {
            (Says::Text(c), length)
        } else if fence {
            (Says::Mark(first), run(rest))
        } else if first == '<' {
            in_tag = rest[1..].starts_with(|c: char| c == '/' || c.is_ascii_alphabetic());
            (Says::Mark(first), 1)
        } else if html || in_tag {
            (Says::Text(first), first.len_utf8())
        } else {
            markdown(text[..at].chars().next_back(), rest, first)
        };
        pieces.push(Piece {
            says,
            spelled: &rest[..length],
        });
        at += length;
    }
    pieces
}

/// Whether the backticks at an index fence a code block.
fn is_fence(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches(' ');
    (before.is_empty() || before.ends_with('\n')) && text[at..].starts_with("```")
}

/// The meaning of the beginning of a Markdown text, and its length in bytes. `before`
/// is the character in front of it.
fn markdown(before: Option<char>, rest: &str, first: char) -> (Says, usize) {
    let next = rest.chars().nth(1);
    let in_a_word = [before, next]
        .iter()
        .all(|c| c.is_some_and(char::is_alphanumeric));
    match (first, next) {
        ('\\', Some(c)) if c.is_ascii_punctuation() => (Says::Text(c), 2),
        ('_', _) if in_a_word => (Says::Text(first), 1),
        ('~', next) if next != Some('~') && before != Some('~') => (Says::Text(first), 1),
        ('*' | '_' | '[' | ']' | '|' | '~' | '`', _) => (Says::Mark(first), 1),
        _ => (Says::Text(first), first.len_utf8()),
    }
}

/// How many backticks a text begins with.
fn run(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// Adds the pieces of the code span that a text begins with, and returns its length.
fn code_span<'a>(rest: &'a str, pieces: &mut Vec<Piece<'a>>) -> Option<usize> {
    let fence = run(rest);
    let mut end = fence;
    loop {
        end += rest[end..].find('`')?;
        match run(&rest[end..]) {
            length if length == fence => break,
            length => end += length,
        }
    }
    let mut inside = &rest[fence..end];
    // A space on either side separates backticks from the fence.
    if inside.starts_with(' ') && inside.ends_with(' ') && !inside.trim().is_empty() {
        inside = &inside[1..inside.len() - 1];
    }
    let mark = |spelled| Piece {
        says: Says::Code,
        spelled,
    };
    pieces.push(mark(&rest[..fence]));
    while let Some(c) = inside.chars().next() {
        // In a table, a bar has a backslash even in code.
        let (says, length) = match inside.starts_with("\\|") {
            true => ('|', 2),
            false => (c, c.len_utf8()),
        };
        pieces.push(Piece {
            says: Says::Text(says),
            spelled: &inside[..length],
        });
        inside = &inside[length..];
    }
    pieces.push(mark(&rest[end..end + fence]));
    Some(end + fence)
}

/// The longest name of a character reference, including its semicolon.
const LONGEST: usize = 10;

/// The character reference that a text begins with: its character and its length.
fn reference(rest: &str) -> Option<(char, usize)> {
    let name = rest.strip_prefix('&')?;
    let name = &name[..name.bytes().take(LONGEST).position(|byte| byte == b';')?];
    let number = |digits: &str| match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    };
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        name => char::from_u32(number(name.strip_prefix('#')?)?)?,
    };
    Some((c, name.len() + 2))
}

/// The characters that a text writes as references, in order.
pub fn references(text: &str) -> impl Iterator<Item = char> {
    let places = text.match_indices('&');
    places.filter_map(|(at, _)| Some(reference(&text[at..])?.0))
}

/// The text of HTML without tags, as readers see it.
pub fn shown(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        let (c, length) = reference(&rest[at..]).unwrap_or(('&', 1));
        out.push_str(&rest[..at]);
        out.push(c);
        rest = &rest[at + length..];
    }
    out + rest
}
