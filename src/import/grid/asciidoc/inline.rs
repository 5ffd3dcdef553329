//! Text inside a paragraph or cell of AsciiDoc.

use crate::import::grid::asciidoc::Writer;
use crate::import::grid::foreign::LeftOutKind;
use crate::import::grid::limits::MAX_SUBSTITUTED;
use crate::import::grid::places::near;

/// Characters that AsciiDoc names.
const NAMED: [(&str, &str); 20] = [
    ("nbsp", "\u{A0}"),
    ("zwsp", "\u{200B}"),
    ("sp", " "),
    ("empty", ""),
    ("blank", ""),
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("apos", "'"),
    ("quot", "\""),
    ("vbar", "|"),
    ("plus", "+"),
    ("asterisk", "*"),
    ("caret", "^"),
    ("startsb", "["),
    ("endsb", "]"),
    ("tilde", "~"),
    ("backslash", "\\"),
    ("backtick", "`"),
    ("deg", "°"),
];

/// What AsciiDoc replaces in running text.
const REPLACED: [(&str, &str); 9] = [
    ("(C)", "©"),
    ("(R)", "®"),
    ("(TM)", "™"),
    ("...", "…"),
    (" -- ", " — "),
    ("->", "→"),
    ("=>", "⇒"),
    ("<-", "←"),
    ("<=", "⇐"),
];

/// Pairs of marks and the elements that they stand for. The longer come first.
const PAIRS: [(&str, &str, bool); 9] = [
    ("**", "b", false),
    ("__", "em", false),
    ("``", "code", false),
    ("##", "span", false),
    ("*", "b", true),
    ("_", "em", true),
    ("`", "code", true),
    ("#", "span", true),
    ("^", "sup", false),
];

/// How long the value of an attribute may be.
const MAX_VALUE: usize = 1_000;
/// How deep marks may be nested.
const MAX_DEPTH: usize = 12;

impl Writer<'_> {
    /// Replaces `{name}` by the value of the attribute.
    pub(super) fn substituted(&mut self, text: &str, at: usize) -> String {
        let mut out = String::new();
        let mut rest = text;
        if self.substituted_bytes > MAX_SUBSTITUTED {
            // The file is refused at its end.
            return out;
        }
        while let Some(open) = rest.find('{') {
            let is_escaped = rest[..open].ends_with('\\');
            out.push_str(&rest[..open - usize::from(is_escaped)]);
            let after = &rest[open + 1..];
            let length = after.find(|c: char| !c.is_ascii_alphanumeric() && !"_-".contains(c));
            let name = length.filter(|end| *end > 0 && after[*end..].starts_with('}'));
            let Some(end) = name.filter(|_| !is_escaped) else {
                out.push('{');
                rest = after;
                continue;
            };
            let name = after[..end].to_ascii_lowercase();
            let named = NAMED.iter().find(|(known, _)| *known == name);
            match (self.attributes.get(&name), named) {
                (Some(value), _) => {
                    self.substituted_bytes = self.substituted_bytes.saturating_add(value.len());
                    out.push_str(value);
                }
                (None, Some((_, value))) => out.push_str(value),
                (None, None) => {
                    self.leave_out(LeftOutKind::UndefinedName, &format!("{{{name}}}"), at);
                    out.push_str(&rest[open..open + end + 2]);
                }
            }
            rest = &after[end + 1..];
        }
        out.push_str(rest);
        out
    }

    /// Sets an attribute. Its value is fixed when it is set.
    pub(super) fn set_attribute(&mut self, name: &str, value: &str, at: usize) {
        if let Some(name) = name.strip_prefix('!').or_else(|| name.strip_suffix('!')) {
            self.attributes.remove(&name.to_ascii_lowercase());
            return;
        }
        let mut value = self.substituted(value, at);
        if let Some((end, _)) = value.char_indices().nth(MAX_VALUE) {
            value.truncate(end);
        }
        self.attributes.insert(name.to_ascii_lowercase(), value);
    }

    /// Writes the text of a paragraph, whose lines are separated by line feeds.
    pub(super) fn inline(&mut self, text: &str, at: usize) {
        let text = self.substituted(text, at);
        self.marks(&text, at, 0);
    }

    fn marks(&mut self, text: &str, at: usize, depth: usize) {
        let mut plain = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let before = plain.chars().next_back();
            let escapes =
                first == '\\' && rest[1..].starts_with(|c: char| "*_`#^{[<+|~\\".contains(c));
            let length = if escapes {
                plain.extend(rest[1..].chars().next());
                rest = &rest[1..];
                rest.chars().next().map_or(0, char::len_utf8)
            } else if depth < MAX_DEPTH
                && let Some(length) = self.markup(rest, before, &mut plain, at, depth)
            {
                length
            } else if let Some((from, to)) =
                REPLACED.iter().find(|(from, _)| rest.starts_with(from))
            {
                plain.push_str(to);
                from.len()
            } else {
                let is_apostrophe = first == '\''
                    && before.is_some_and(char::is_alphanumeric)
                    && rest[1..].starts_with(char::is_alphanumeric);
                plain.push(if is_apostrophe { '’' } else { first });
                first.len_utf8()
            };
            rest = &rest[length..];
        }
        self.flush(&mut plain, at);
    }

    /// Writes markup that begins here, and gives its length.
    fn markup(
        &mut self,
        rest: &str,
        before: Option<char>,
        plain: &mut String,
        at: usize,
        depth: usize,
    ) -> Option<usize> {
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || " +<&[*_`#^".contains(c)) {
            return None;
        }
        if rest.starts_with(" +\n") || rest == " +" {
            self.flush(plain, at);
            self.out.markup(at, "<br>");
            return Some(rest.len().min(3));
        }
        if rest.starts_with('&')
            && let Some(end) = near(rest).find(';').filter(|end| *end < 12)
            && rest[1..end]
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '#')
        {
            self.flush(plain, at);
            self.out.markup(at, &rest[..=end]);
            return Some(end + 1);
        }
        self.literal(rest, plain)
            .or_else(|| self.macros(rest, before, plain, at, depth))
            .or_else(|| self.pairs(rest, before, plain, at, depth))
    }

    /// Text that is taken as it is: `+text+`, `++text++` and `pass:[text]`.
    fn literal(&self, rest: &str, plain: &mut String) -> Option<usize> {
        let (open, close) = [("pass:[", "]"), ("+++", "+++"), ("++", "++"), ("+", "+")]
            .into_iter()
            .find(|(open, _)| rest.starts_with(open))?;
        let inner = &rest[open.len()..];
        let end = near(inner).find(close).filter(|end| *end > 0)?;
        if open == "+" && inner.starts_with(char::is_whitespace) {
            return None;
        }
        plain.push_str(&inner[..end]);
        Some(open.len() + end + close.len())
    }

    fn macros(
        &mut self,
        rest: &str,
        before: Option<char>,
        plain: &mut String,
        at: usize,
        depth: usize,
    ) -> Option<usize> {
        if let Some(inner) = rest.strip_prefix("<<") {
            let end = near(inner).find(">>")?;
            let (target, text) = inner[..end].split_once(',').unwrap_or((&inner[..end], ""));
            plain.push_str(if text.is_empty() { target } else { text.trim() });
            return Some(end + 4);
        }
        let is_inside_word =
            before.is_some_and(char::is_alphanumeric) && !rest.starts_with("footnote");
        if is_inside_word || !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let name = near(rest).find(|c: char| !c.is_ascii_alphanumeric())?;
        let (kind, after) = rest.split_at(name);
        let after = after.strip_prefix(':')?;
        let open = near(after).find(|c: char| c == '[' || c.is_whitespace())?;
        if !after[open..].starts_with('[') {
            return None;
        }
        let (target, close) = (&after[..open], closing(&after[open..])?);
        let inner = &after[open + 1..open + close];
        match kind {
            "http" | "https" | "link" | "mailto" | "ftp" => {
                let address = if kind == "link" {
                    target.to_string()
                } else {
                    format!("{kind}:{target}")
                };
                let label = inner.trim_end_matches('^');
                let label = if label.is_empty() { target } else { label };
                let attribute = format!(
                    " href=\"{}\"",
                    crate::import::grid::asciidoc::quoted(&address)
                );
                self.flush(plain, at);
                self.element("a", &attribute, label, at, depth);
            }
            "xref" => plain.push_str(if inner.is_empty() { target } else { inner }),
            "image" | "icon" => plain.push_str(picture_text(kind, target, inner)),
            "footnote" | "footnoteref" => {
                self.flush(plain, at);
                self.footnote(kind, target, inner, at);
            }
            "kbd" | "btn" => plain.push_str(inner),
            _ => return None,
        }
        Some(name + 1 + open + close + 1)
    }

    fn footnote(&mut self, kind: &str, target: &str, inner: &str, at: usize) {
        let (id, text) = match (kind, inner.split_once(',')) {
            ("footnoteref", Some((id, text))) => (id, text),
            ("footnoteref", None) => (inner, ""),
            _ => (target, inner),
        };
        let known = self
            .notes
            .iter()
            .position(|(known, _, _)| !id.is_empty() && known == id);
        let number = known.unwrap_or_else(|| {
            self.notes
                .push((id.to_string(), text.trim().to_string(), at));
            self.notes.len() - 1
        });
        self.out.markup(at, &format!("<sup>{}</sup>", number + 1));
    }

    fn pairs(
        &mut self,
        rest: &str,
        before: Option<char>,
        plain: &mut String,
        at: usize,
        depth: usize,
    ) -> Option<usize> {
        let (role, marked) = match rest.strip_prefix('[') {
            Some(inner) => {
                let end = near(inner).find(']').filter(|end| *end < 40)?;
                if !inner[end + 1..].starts_with('#') {
                    return None;
                }
                (&inner[..end], &inner[end + 1..])
            }
            None => ("", rest),
        };
        let (mark, name, is_constrained) =
            *PAIRS.iter().find(|(mark, _, _)| marked.starts_with(mark))?;
        let inner = &marked[mark.len()..];
        if is_constrained && before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        if inner.starts_with(char::is_whitespace) {
            return None;
        }
        let opening = rest.len() - inner.len();
        let inner = near(inner);
        let limit = inner.find("\n\n").unwrap_or(inner.len());
        let end = inner[..limit]
            .match_indices(mark)
            .map(|(end, _)| end)
            .find(|end| {
                let after = inner[end + mark.len()..].chars().next();
                let is_closed = !inner[..*end].ends_with(char::is_whitespace);
                let is_free =
                    !is_constrained || !after.is_some_and(|c| c.is_alphanumeric() || c == '_');
                *end > 0 && is_closed && is_free
            })?;
        self.flush(plain, at);
        let name = if role.contains("line-through") {
            "del"
        } else {
            name
        };
        self.element(name, "", &inner[..end], at, depth);
        Some(opening + end + mark.len())
    }

    fn element(&mut self, name: &str, attributes: &str, inner: &str, at: usize, depth: usize) {
        self.out.markup(at, &format!("<{name}{attributes}>"));
        if name == "code" {
            self.out.text(at, inner.trim_matches('+'));
        } else {
            self.marks(inner, at, depth + 1);
        }
        self.out.markup(at, &format!("</{name}>"));
    }

    fn flush(&mut self, plain: &mut String, at: usize) {
        if !plain.is_empty() {
            self.out.text(at, plain);
            plain.clear();
        }
    }
}

/// What a picture shows: its alternative text or title, else the name of its file. The
/// first attribute of an icon is its size.
fn picture_text<'a>(kind: &str, target: &'a str, attributes: &'a str) -> &'a str {
    let named = attributes.split(',').find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        matches!(name, "alt" | "title").then(|| value.trim_matches('"'))
    });
    let first = attributes.split(',').next().unwrap_or_default();
    let first = first.trim().trim_matches('"');
    let is_text = kind == "image" && !first.is_empty() && !first.contains('=');
    let stem = target.rsplit('/').next().unwrap_or(target);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    named.unwrap_or(if is_text { first } else { stem })
}

/// Where the bracket that opens a text is closed.
fn closing(text: &str) -> Option<usize> {
    let mut before = ' ';
    for (at, character) in near(text).char_indices() {
        if character == ']' && before != '\\' {
            return Some(at);
        }
        before = character;
    }
    None
}
