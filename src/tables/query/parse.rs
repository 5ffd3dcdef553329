//! Parses a line of text into a request: its kind and its options as written. Nothing
//! is looked up here.

use std::ops::Range;
use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Place, code_list};
use crate::input::Text;
use crate::model::FIELD;
use crate::tables::query::{Given, OptionKey, Request, RequestKind};

impl Request {
    /// Parses `KIND key=value key="a value"`. `range` is where the line is in `text`,
    /// the text of the file. Options with mistakes are reported and left out.
    pub fn parse(
        text: &str,
        range: Range<usize>,
        file: &Arc<str>,
        findings: &mut Findings,
    ) -> Option<Request> {
        let mut words = Words {
            text: &text[..range.end],
            at: range.start,
        };
        let at = |range: Range<usize>| Place::new(file, range);
        let Some(first) = words.next() else {
            findings.push(
                Finding::new(Code::MissingKey, at(range), "no table kind is given")
                    .help(format!("kinds: {}", code_list(&words_of_kinds()))),
            );
            return None;
        };
        let name = &text[first.clone()];
        let Some(asked) = RequestKind::all().find(|asked| asked.word() == name) else {
            findings.push(
                Finding::new(
                    Code::UnknownId,
                    at(first),
                    format!("`{name}` is not a table kind"),
                )
                .label("unknown kind")
                .suggest(name, words_of_kinds()),
            );
            return None;
        };
        let mut request = Request {
            asked,
            internal: false,
            options: Vec::new(),
            place: at(first),
        };
        for word in words {
            request.option(text, word, file, findings);
        }
        Some(request)
    }

    fn option(&mut self, text: &str, word: Range<usize>, file: &Arc<str>, findings: &mut Findings) {
        let at = |range: Range<usize>| Place::new(file, range);
        let written = &text[word.clone()];
        let Some((key, value)) = written.split_once('=') else {
            let known = self.asked.options().map(OptionKey::word);
            findings.push(
                Finding::new(
                    Code::WrongValue,
                    at(word),
                    format!("`{written}` is not an option"),
                )
                .help("write options as `key=value`, or `key=\"a value\"`")
                .suggest(written, known),
            );
            return;
        };
        let key_place = at(word.start..word.start + key.len());
        let Some((known_key, field)) = self.known_key(key, key_place, findings) else {
            return;
        };
        let start = word.start + key.len() + 1;
        let quoted = value.strip_prefix('"');
        let Some(value) = quoted.map_or_else(|| Some(value.to_string()), unquote) else {
            findings.push(
                Finding::new(Code::WrongValue, at(word), "the quotes are not closed")
                    .help("write `\"` at the end; inside a value, write `\\\"`"),
            );
            return;
        };
        let quotes = usize::from(quoted.is_some());
        let place = start + quotes..word.end - quotes;
        self.options.push(Given {
            key: known_key,
            field,
            value,
            place: at(place),
        });
    }

    /// The option that a key names, with the id of its field; reported if there is no
    /// such option, or if it was given before.
    fn known_key(
        &self,
        key: &str,
        place: Place,
        findings: &mut Findings,
    ) -> Option<(OptionKey, Option<Text>)> {
        let id = key.strip_prefix(FIELD).filter(|id| !id.is_empty());
        let meant = |known: &OptionKey| match id {
            Some(_) => *known == OptionKey::Field,
            None => known.word() == key && *known != OptionKey::Field,
        };
        let Some(known_key) = self.asked.options().find(meant) else {
            let known = self.asked.options().map(OptionKey::word);
            let message = format!("`{}` has no option `{key}`", self.asked.word());
            let finding = Finding::new(Code::UnknownKey, place, message);
            findings.push(finding.suggest(key, known));
            return None;
        };
        let is_same = |given: &Given| {
            let own = given.field.as_ref().map(|id| id.value.as_str());
            given.key == known_key && own == id
        };
        if self.options.iter().any(is_same) {
            findings.push(
                Finding::new(Code::DuplicateKey, place, format!("`{key}` is given twice"))
                    .help("write several values with commas: `key=a,b`"),
            );
            return None;
        }
        let field = id.map(|id| Text {
            value: id.to_string(),
            place: Place::new(&place.file, place.end - id.len()..place.end),
        });
        Some((known_key, field))
    }
}

/// Words that are separated by spaces. Spaces inside quotes belong to the word.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = &self.text[self.at..];
        let start = self.at + (rest.len() - rest.trim_start().len());
        if start == self.text.len() {
            return None;
        }
        let (mut quoted, mut escaped) = (false, false);
        let end = self.text[start..].char_indices().find(|(_, c)| {
            let ends = c.is_whitespace() && !quoted;
            if *c == '"' && !escaped {
                quoted = !quoted;
            }
            escaped = quoted && *c == '\\' && !escaped;
            ends
        });
        self.at = end.map_or(self.text.len(), |(at, _)| start + at);
        Some(start..self.at)
    }
}

/// The text before the closing quotes, if they end the word.
fn unquote(rest: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return chars.next().is_none().then_some(out),
            '\\' => out.push(chars.next()?),
            c => out.push(c),
        }
    }
}

fn words_of_kinds() -> Vec<&'static str> {
    RequestKind::all().map(RequestKind::word).collect()
}
