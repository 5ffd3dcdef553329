//! Explains broken YAML syntax: the usual cause, judged by the parser's message.

use std::sync::Arc;

use crate::findings::{Code, Finding, Place};

/// What the parser calls "mapping values are not allowed in this context".
const COLON: &str =
    "this is not valid YAML: a colon followed by a space makes a key of the text before it";

/// A syntax finding with the parser's reason and the usual cause. `open` is the end
/// of a line above, up to a bracket that is not closed.
pub(super) fn syntax(
    text: &str,
    file: &Arc<str>,
    base: usize,
    at: usize,
    open: Option<&str>,
    reason: &str,
) -> Finding {
    let at = at.min(text.len());
    let reason = without_place(reason);
    let line_start = text[..floor(text, at)].rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[line_start..]
        .find('\n')
        .map_or(text.len(), |i| line_start + i);
    let line = &text[line_start..line_end];
    let rest = &text[floor(text, at)..];
    let mut finding = Finding::new(
        Code::YamlSyntax,
        Place::new(file, base + at..base + at + 1),
        format!("this is not valid YAML: {reason}"),
    )
    .label("the parser stopped here");
    if let Some(tab) = line.find('\t').filter(|t| line[..*t].trim().is_empty()) {
        finding.place = Some(Place::new(
            file,
            base + line_start + tab..base + line_start + tab + 1,
        ));
        finding = finding.help("indent with spaces: YAML does not allow tabs here");
    } else if let Some(tab) = rest.find('\t').filter(|_| reason.contains("a tab")) {
        let tab = base + text.len() - rest.len() + tab;
        finding.place = Some(Place::new(file, tab..tab + 1));
        finding = finding.help("use spaces: YAML does not allow tabs here");
    } else if let Some((above, here)) = columns(&text[..line_start], line, at - line_start, reason)
    {
        finding = finding.help(format!(
            "the key above begins in column {above}, this one in column {here}: keys of one mapping \
             must begin in the same column, and a text of several lines needs quotes"
        ));
    } else if reason.contains("mapping values")
        || rest.starts_with(": ") && reason.contains("expected ','")
    {
        finding.message = COLON.to_string();
        finding = finding.help("put the whole value in quotes, for example `\"A: b\"`");
    } else if reason.contains("expected ':'") && has_colon_above(&text[..line_start]) {
        finding = finding.help(
            "the line above has a colon followed by a space, which makes a key of the text before \
             it; put the whole text in quotes",
        );
    } else if has_sign_before_value(line) {
        finding = finding
            .help("put the value in quotes: its first character has a special meaning in YAML");
    } else if reason.contains("unclosed quote") {
        finding = finding.label("this quote is not closed");
        finding = finding.help("end the text with the quote that it begins with");
    } else if let Some(open) = bracket(reason).or(open) {
        if reason.contains("unclosed") {
            finding = finding.label("this bracket is not closed");
        }
        let end = if open.ends_with('[') { ']' } else { '}' };
        finding = finding.help(format!(
            "close `{open}` with `{end}`, or put that value in quotes"
        ));
    } else {
        finding = finding.help("check the indentation, quotes and brackets of the lines above");
    }
    finding
}

/// The parser appends the place in its own notation. The finding has it already.
fn without_place(reason: &str) -> &str {
    let reason = reason.split(" at byte").next().unwrap_or(reason);
    let reason = reason.split(" at char").next().unwrap_or(reason);
    reason.split(" at line").next().unwrap_or(reason)
}

/// Whether the last line of a text is a key with a value on the same line.
fn has_colon_above(before: &str) -> bool {
    let mut lines = before.lines().rev();
    let above = lines.find(|line| !line.trim().is_empty());
    above.is_some_and(|line| line.trim_start_matches([' ', '-']).contains(": "))
}

/// Whether the value of a line begins with a character that YAML uses.
fn has_sign_before_value(line: &str) -> bool {
    let value = line.split(": ").last().unwrap_or(line);
    let value = value.trim_start_matches(['-', ' ']);
    value.starts_with(['@', '`', '%', '*', '&', '!', '|', '>'])
}

/// The columns in which the key above a line and the line's own key begin, if the
/// parser stopped at the second and they differ.
fn columns(before: &str, line: &str, at: usize, reason: &str) -> Option<(usize, usize)> {
    let key = |line: &str| {
        let key = line.trim_start_matches([' ', '-']);
        let (name, _) = key.split_once(':')?;
        let is_key = !name.is_empty() && !name.contains([' ', '"', '\'']);
        is_key.then_some((line.len() - key.len(), line.len() - key.len() + name.len()))
    };
    let (here, colon) = key(line)?;
    let stumbled = match reason.contains("mapping values") {
        true => at == colon,
        false => at == here && reason.contains("expected key"),
    };
    let mut lines = before.lines().rev();
    let above =
        lines.find(|line| !line.trim_start().is_empty() && !line.trim_start().starts_with('#'))?;
    let (above, _) = key(above)?;
    (stumbled && above != here).then_some((above + 1, here + 1))
}

/// The bracket that is not closed, or is closed by a different one.
fn bracket(reason: &str) -> Option<&str> {
    let named = ["unclosed bracket '", "mismatched bracket '"];
    let rest = named.iter().find_map(|words| reason.split_once(words))?.1;
    rest.get(..1).filter(|bracket| ["[", "{"].contains(bracket))
}

pub(super) fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
