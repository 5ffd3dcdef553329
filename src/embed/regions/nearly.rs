//! Lines that were meant as markers: `<!-- SRM:BEGIN -->`, `<!-- srm-begin -->`,
//! `<!--- srm:begin --->`. Without a finding, their regions would never be checked again.

use crate::embed::regions::dialect::Dialect;
use crate::embed::regions::{is_escaped, prefix_of};

/// Whether a text can have a marker, or a line that is nearly one.
pub(super) fn names_tool(text: &str) -> bool {
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b's', b'S', &text.as_bytes()[at..]) {
        at += next + 1;
        let rest = &text.as_bytes()[at..];
        if rest.len() >= 2 && rest[..2].eq_ignore_ascii_case(b"rm") {
            return true;
        }
    }
    false
}

/// Where a line that is nearly a marker opens its comment, and the marker that was
/// probably meant.
pub(super) fn nearly(line: &str, dialect: Dialect) -> Option<(usize, &'static str)> {
    let comments = dialect.comments().iter();
    let mut found = comments.filter_map(|(open, close)| {
        let at = match close.is_empty() {
            true => prefix_of(line).len(),
            false => line.find(open)?,
        };
        // In AsciiDoc, comments begin at the start of the line.
        if dialect == Dialect::Asciidoc && close.is_empty() && at > 0 {
            return None;
        }
        let content = line[at..].strip_prefix(open)?;
        let meant = meant(content)?;
        (!is_escaped(&line[..at], dialect)).then_some((at, meant))
    });
    found.next()
}

/// The marker that the content of a comment probably means.
fn meant(content: &str) -> Option<&'static str> {
    let word = |text: &str, word: &str| {
        let start = text.get(..word.len())?;
        start
            .eq_ignore_ascii_case(word)
            .then(|| text[word.len()..].to_string())
    };
    let content = content.trim_start_matches(['-', ' ', '\t', '!', '#', '/', '*', '%', ';']);
    let rest = word(content, "srm")?;
    let after = rest.trim_start_matches([':', '-', '_', '.', ' ', '\t']);
    // Only with a sign between them: other words may follow the name of the tool.
    if rest[..rest.len() - after.len()].trim().is_empty() {
        return None;
    }
    let marker = [
        ("begin", "srm:begin"),
        ("start", "srm:begin"),
        ("end", "srm:end"),
    ];
    let mut markers = marker.into_iter().filter_map(|(name, marker)| {
        let rest = word(after, name)?;
        let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
        ends.then_some(marker)
    });
    markers.next()
}
