//! Writes a line of text as Markdown that reads as that line.

use pulldown_cmark::{Event, Options, Parser};

/// A stretch of text in one style.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Run {
    /// The text.
    pub(crate) text: String,
    /// The style of all of it.
    pub(crate) style: Style,
}

/// The styles that our sources can express.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) bold: bool,
    pub(crate) emphasis: bool,
    pub(crate) code: bool,
    pub(crate) link: Option<String>,
}

/// The Markdown of a line. Styles are dropped if the result would not read as the text:
/// CommonMark cannot say, for example, that `Note:` is bold in `Note:text`.
pub(crate) fn markdown(runs: &[Run]) -> String {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    let bare = || guarded(&escaped(&text));
    if runs.iter().all(|run| run.style == Style::default()) {
        return bare();
    }
    let mut styled = String::new();
    links(runs, &mut styled);
    let styled = guarded(&styled);
    if reads_as(&styled, &text) {
        styled
    } else {
        bare()
    }
}

fn reads_as(markdown: &str, text: &str) -> bool {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let mut read = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(part) | Event::Code(part) => read.push_str(&part),
            Event::SoftBreak | Event::HardBreak => read.push(' '),
            Event::Start(_) | Event::End(_) => {}
            _ => return false,
        }
    }
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    words(&read) == words(text)
}

fn links(runs: &[Run], out: &mut String) {
    for group in runs.chunk_by(|a, b| a.style.link == b.style.link) {
        match &group[0].style.link {
            None => bold(group, out),
            Some(target) => {
                let mut inner = String::new();
                bold(group, &mut inner);
                let wrap = |text: &str| format!("[{text}]({})", destination(target));
                out.push_str(&around_text(&inner, wrap));
            }
        }
    }
}

fn bold(runs: &[Run], out: &mut String) {
    for group in runs.chunk_by(|a, b| a.style.bold == b.style.bold) {
        let mut inner = String::new();
        emphasis(group, &mut inner);
        if group[0].style.bold {
            inner = around_text(&inner, |text| format!("**{text}**"));
        }
        out.push_str(&inner);
    }
}

fn emphasis(runs: &[Run], out: &mut String) {
    for group in runs.chunk_by(|a, b| a.style.emphasis == b.style.emphasis) {
        let mut inner = String::new();
        code(group, &mut inner);
        if group[0].style.emphasis {
            inner = around_text(&inner, |text| format!("*{text}*"));
        }
        out.push_str(&inner);
    }
}

fn code(runs: &[Run], out: &mut String) {
    for group in runs.chunk_by(|a, b| a.style.code == b.style.code) {
        let text: String = group.iter().map(|run| run.text.as_str()).collect();
        if group[0].style.code {
            out.push_str(&around_text(&text, code_span));
        } else {
            out.push_str(&escaped(&text));
        }
    }
}

/// Wraps a text, but not the blanks around it: `**bold **` is not bold in Markdown.
fn around_text(text: &str, wrap: impl Fn(&str) -> String) -> String {
    let core = text.trim();
    if core.is_empty() {
        return text.to_string();
    }
    let start = text.len() - text.trim_start().len();
    let end = start + core.len();
    format!("{}{}{}", &text[..start], wrap(core), &text[end..])
}

fn code_span(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn destination(target: &str) -> String {
    let mut out = String::from("<");
    for character in target.chars() {
        if matches!(character, '<' | '>' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('>');
    let simple = |c: char| !c.is_whitespace() && !"()<>\\&*_`[]".contains(c);
    if target.chars().all(simple) {
        target.to_string()
    } else {
        out
    }
}

/// The text with every character escaped that could mean something inside a line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let after = rest.clone().next();
        let is_special = match character {
            '*' | '`' | '[' | ']' | '~' => true,
            '_' => !(before.is_alphanumeric() && after.is_some_and(char::is_alphanumeric)),
            '\\' => after.is_none_or(|c| c.is_ascii_punctuation()),
            '<' => after.is_some_and(|c| c.is_ascii_alphabetic() || "/!?".contains(c)),
            '&' => after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '#'),
            _ => false,
        };
        if is_special && (character != '&' || is_reference(rest.as_str())) {
            out.push('\\');
        }
        out.push(character);
        before = character;
    }
    out
}

/// Whether `&` and this text begin with a character reference.
fn is_reference(rest: &str) -> bool {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '#');
    end.is_some_and(|end| rest[end..].starts_with(';'))
}

/// The line, such that it begins no list, heading, quote or rule.
fn guarded(line: &str) -> String {
    let Some(first) = line.chars().next() else {
        return String::new();
    };
    let rest = &line[first.len_utf8()..];
    let ends_word = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    let is_marker = match first {
        '#' => ends_word(rest.trim_start_matches('#')),
        '>' => true,
        '+' => ends_word(rest),
        '-' | '=' => ends_word(rest.trim_start_matches(['-', '=', ' '])) || ends_word(rest),
        ':' => ends_word(rest),
        '|' => true,
        _ => false,
    };
    if is_marker {
        return format!("\\{line}");
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let after = &line[digits..];
    if (1..=9).contains(&digits) && after.starts_with(['.', ')']) && ends_word(&after[1..]) {
        return format!("{}\\{after}", &line[..digits]);
    }
    line.to_string()
}
