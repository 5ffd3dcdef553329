//! Reads JSON text (RFC 8259) into a located tree, within limits that no real file
//! reaches. The keys of a file are not known here.

use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Place};
use crate::input::tree::{self, Decoder, Key, Node, Scalar, Value};

/// Deepest nesting: the data of a site needs ten levels.
const MAX_DEPTH: usize = 64;

/// Most values in a file. The data of 10,000 rows with ten tasks in each of five models
/// stays below this.
const MAX_NODES: usize = 6_000_000;

/// Parses one JSON text. A key with the value `null` is left out. Returns the tree, or
/// `None` and a finding if it is not JSON.
pub fn parse_json(text: &str, file: &Arc<str>, findings: &mut Findings) -> Option<Node> {
    let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut reader = Reader {
        text,
        file,
        at,
        nodes: 0,
    };
    let mut root = match reader.document() {
        Ok(root) => root,
        Err(finding) => {
            findings.push(*finding);
            return None;
        }
    };
    let mut decoder = Decoder {
        file: file.clone(),
        findings,
    };
    tree::refuse_unfit(&root, text, 0, &mut decoder);
    tree::refuse_duplicates(&mut root, &mut decoder);
    Some(root)
}

type Step<T> = Result<T, Box<Finding>>;

struct Reader<'a> {
    text: &'a str,
    file: &'a Arc<str>,
    /// The byte that is read next.
    at: usize,
    nodes: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Step<Node> {
        let root = self.value(0)?;
        self.skip_space();
        match self.at == self.text.len() {
            true => Ok(root),
            false => Err(self.unexpected("the end of the file")),
        }
    }

    fn value(&mut self, depth: usize) -> Step<Node> {
        self.skip_space();
        let start = self.at;
        self.nodes += 1;
        if depth > MAX_DEPTH {
            return Err(self.limit("this is too deeply nested"));
        }
        if self.nodes > MAX_NODES {
            return Err(self.limit(&format!("a file may have at most {MAX_NODES} values")));
        }
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Value::Scalar {
                text: self.string()?,
                kind: Scalar::Quoted,
            },
            Some(b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => self.word()?,
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Node {
            value,
            span: start..self.at,
        })
    }

    fn object(&mut self, depth: usize) -> Step<Value> {
        let mut entries = Vec::new();
        self.at += 1;
        self.skip_space();
        while !self.take(b'}') {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key in quotes"));
            }
            let key = Key {
                text: self.string()?,
                span: start..self.at,
                is_refused: false,
            };
            self.skip_space();
            if !self.take(b':') {
                return Err(self.unexpected("`:`"));
            }
            let value = self.value(depth + 1)?;
            entries.push((key, value));
            self.skip_space();
            if !self.separator(b'}')? {
                break;
            }
        }
        entries.retain(|(_, node)| !matches!(node.value, Value::Null));
        Ok(Value::Map(entries))
    }

    fn array(&mut self, depth: usize) -> Step<Value> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        while !self.take(b']') {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if !self.separator(b']')? {
                break;
            }
        }
        Ok(Value::List(items))
    }

    /// What follows an entry: a comma, after which there is another entry, or the end.
    fn separator(&mut self, close: u8) -> Step<bool> {
        if self.take(close) {
            return Ok(false);
        }
        if !self.take(b',') {
            let close = char::from(close);
            return Err(self.unexpected(&format!("`,` or `{close}`")));
        }
        self.skip_space();
        match self.peek() == Some(close) {
            true => Err(self.unexpected("another entry after the comma")),
            false => Ok(true),
        }
    }

    fn string(&mut self) -> Step<String> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        loop {
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => at += 2,
                Some(0x20..) => at += 1,
                _ => {
                    self.at = at.min(self.text.len());
                    return Err(self.unexpected("the closing quote of this text"));
                }
            }
        }
        self.at = at + 1;
        let written = &self.text[start..self.at];
        if !written.contains('\\') {
            return Ok(written[1..written.len() - 1].to_string());
        }
        serde_json::from_str(written).map_err(|error| {
            let place = Place::new(self.file, start..self.at);
            let message = "this text has an escape that JSON does not know";
            let why = error.to_string();
            let why = why.split(" at line").next().unwrap_or_default().to_string();
            Box::new(Finding::new(Code::JsonSyntax, place, message).label(why))
        })
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Step<Value> {
        let start = self.at;
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || b"+-.".contains(b);
        let rest = &self.text.as_bytes()[start..];
        let len = rest.iter().position(|b| !is_part(b));
        let text = &self.text[start..start + len.unwrap_or(rest.len())];
        let is_number = || serde_json::from_str::<serde_json::Number>(text).is_ok();
        if text == "null" {
            self.at += text.len();
            return Ok(Value::Null);
        }
        if !["true", "false"].contains(&text) && !is_number() {
            return Err(self.unexpected("a value"));
        }
        self.at += text.len();
        Ok(Value::Scalar {
            text: text.to_string(),
            kind: Scalar::Bare,
        })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_space(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let space = rest.iter().position(|b| !b" \t\r\n".contains(b));
        self.at += space.unwrap_or(rest.len());
    }

    fn unexpected(&self, expected: &str) -> Box<Finding> {
        let found = self.text[self.at..].chars().next();
        let width = found.map_or(0, char::len_utf8);
        let found = match found {
            None => "the end of the file".to_string(),
            Some('\n' | '\r') => "the end of the line".to_string(),
            Some('`') => "a backtick".to_string(),
            Some(c) if c.is_control() => format!("`{}`", c.escape_debug()),
            Some(c) => format!("`{c}`"),
        };
        let place = Place::new(self.file, self.at..self.at + width);
        let message = format!("expected {expected}, found {found}");
        let finding = Finding::new(Code::JsonSyntax, place, message);
        Box::new(
            finding.help(
                "name the file `data/responsibilities.json` of a built site, and do not edit it",
            ),
        )
    }

    fn limit(&self, message: &str) -> Box<Finding> {
        let place = Place::new(self.file, self.at..self.at + 1);
        Box::new(Finding::new(Code::Limit, place, message))
    }
}
