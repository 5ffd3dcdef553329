//! Text inside a paragraph or cell of reStructuredText.

use crate::import::grid::foreign::LeftOutKind;
use crate::import::grid::places::near;
use crate::import::grid::rst::Writer;

/// How often names may stand for texts with names.
const MAX_DEPTH: usize = 8;

impl Writer {
    /// Writes the text of a paragraph.
    pub(super) fn inline(&mut self, text: &str, at: usize) {
        self.inline_within(text, at, 0);
    }

    fn inline_within(&mut self, text: &str, at: usize, depth: usize) {
        let mut plain = String::new();
        let mut rest = text;
        let mut before = ' ';
        while let Some(first) = rest.chars().next() {
            if first == '\\' {
                let mut after = rest[1..].chars();
                let escaped = after.next().filter(|c| !c.is_whitespace());
                plain.extend(escaped);
                before = escaped.unwrap_or(' ');
                rest = if rest.len() > 1 { after.as_str() } else { "" };
                continue;
            }
            let is_start = !before.is_alphanumeric();
            let length = if is_start && "*`|[:".contains(first) {
                let mut markup = std::mem::take(&mut plain);
                let length = self.markup(rest, &mut markup, at, depth);
                plain = markup;
                length
            } else {
                None
            };
            let length = length.or_else(|| self.word(rest, is_start, &mut plain, at));
            let length = length.unwrap_or_else(|| {
                plain.push(first);
                first.len_utf8()
            });
            before = rest[..length].chars().next_back().unwrap_or(' ');
            rest = &rest[length..];
        }
        self.flush(&mut plain, at);
    }

    fn markup(&mut self, rest: &str, plain: &mut String, at: usize, depth: usize) -> Option<usize> {
        for (mark, name) in [("**", "b"), ("``", "code"), ("*", "em")] {
            let Some((inner, length)) = between(rest, mark, mark) else {
                continue;
            };
            self.flush(plain, at);
            self.out.markup(at, &format!("<{name}>"));
            let text = if name == "code" {
                inner.to_string()
            } else {
                inner.replace('\\', "")
            };
            self.out.text(at, &text);
            self.out.markup(at, &format!("</{name}>"));
            return Some(length);
        }
        if let Some((inner, length)) = between(rest, "|", "|") {
            let end = rest[length..].len() - rest[length..].trim_start_matches('_').len();
            self.flush(plain, at);
            self.named(inner, at, depth);
            return Some(length + end);
        }
        if let Some((inner, length)) = between(rest, "[", "]_")
            && inner
                .chars()
                .all(|c| c.is_alphanumeric() || "#*-_.".contains(c))
        {
            self.flush(plain, at);
            let mark = self.footnote_mark(inner);
            self.out.markup(at, "<sup>");
            self.out.text(at, &mark);
            self.out.markup(at, "</sup>");
            return Some(length);
        }
        self.role_or_link(rest, plain, at)
    }

    /// `` :role:`text` ``, `` `text <address>`_ `` and `` `text`_ ``.
    fn role_or_link(&mut self, rest: &str, plain: &mut String, at: usize) -> Option<usize> {
        let (role, quoted) = match rest.strip_prefix(':') {
            Some(inner) => {
                let end = near(inner).find(":`")?;
                let is_role = inner[..end]
                    .chars()
                    .all(|c| c.is_alphanumeric() || "-_.+:".contains(c));
                (is_role.then_some(&inner[..end])?, &inner[end + 1..])
            }
            None => ("", rest),
        };
        let (inner, mut length) = between(quoted, "`", "`")?;
        length += quoted[length..].len() - quoted[length..].trim_start_matches('_').len();
        let length = length + (rest.len() - quoted.len());
        let (label, target) = match inner.rsplit_once('<') {
            Some((label, target)) if target.ends_with('>') => {
                (label.trim(), Some(&target[..target.len() - 1]))
            }
            _ => (inner, None),
        };
        let label = if label.is_empty() {
            target.unwrap_or(label)
        } else {
            label
        };
        let known = self.targets.get(&label.to_lowercase()).cloned();
        let target = target
            .map(str::to_string)
            .or(known)
            .filter(|_| role.is_empty());
        self.flush(plain, at);
        let (open, close) = match (role, target) {
            ("", Some(target)) => (
                format!("<a href=\"{}\">", crate::import::grid::rst::quoted(&target)),
                "</a>",
            ),
            ("sup" | "superscript", _) => ("<sup>".to_string(), "</sup>"),
            ("code" | "literal" | "kbd" | "command", _) => ("<code>".to_string(), "</code>"),
            ("strong", _) => ("<b>".to_string(), "</b>"),
            ("del" | "strike", _) => ("<del>".to_string(), "</del>"),
            _ => (String::new(), ""),
        };
        self.out.markup(at, &open);
        self.out.text(at, &label.replace('\\', ""));
        self.out.markup(at, close);
        Some(length)
    }

    /// A bare address, or a word with the underscore of a link.
    fn word(&mut self, rest: &str, is_start: bool, plain: &mut String, at: usize) -> Option<usize> {
        if !is_start {
            return None;
        }
        if rest.starts_with("http://") || rest.starts_with("https://") {
            let end = rest.find(|c: char| c.is_whitespace() || "<>`\"".contains(c));
            let address = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ')']);
            self.flush(plain, at);
            self.out.markup(
                at,
                &format!("<a href=\"{}\">", crate::import::grid::rst::quoted(address)),
            );
            self.out.text(at, address);
            self.out.markup(at, "</a>");
            return Some(address.len());
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '-')?;
        let after = rest[end..].strip_prefix('_')?;
        let is_end = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let target = self.targets.get(&rest[..end].to_lowercase()).cloned();
        let target = target.filter(|_| is_end && end > 0)?;
        self.flush(plain, at);
        self.out.markup(
            at,
            &format!("<a href=\"{}\">", crate::import::grid::rst::quoted(&target)),
        );
        self.out.text(at, &rest[..end]);
        self.out.markup(at, "</a>");
        Some(end + 1)
    }

    /// A name that stands for a text.
    fn named(&mut self, name: &str, at: usize, depth: usize) {
        let text = self.names.get(&name.to_lowercase()).cloned();
        match text {
            Some(text) if depth < MAX_DEPTH && self.may_grow(text.len()) => {
                self.inline_within(&text, at, depth + 1);
            }
            _ => {
                self.leave_out(LeftOutKind::UndefinedName, &format!("|{name}|"), at);
                self.out.text(at, &format!("|{name}|"));
            }
        }
    }

    /// Automatic numbers count up; a name after `#` is the mark itself.
    pub(super) fn footnote_mark(&mut self, label: &str) -> String {
        match label.strip_prefix('#') {
            Some("") => {
                self.references += 1;
                self.references.to_string()
            }
            Some(name) => name.to_string(),
            None => label.to_string(),
        }
    }

    fn flush(&mut self, plain: &mut String, at: usize) {
        if !plain.is_empty() {
            self.out.text(at, plain);
            plain.clear();
        }
    }
}

/// The text between two marks, and the length of all. It neither begins nor ends with a
/// blank.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, usize)> {
    let inner = text.strip_prefix(open)?;
    if inner.starts_with(char::is_whitespace) {
        return None;
    }
    let searched = near(inner);
    let end = searched.match_indices(close).map(|(at, _)| at).find(|at| {
        let is_text = *at > 0 && !inner[..*at].ends_with(|c: char| c.is_whitespace() || c == '\\');
        let after = inner[at + close.len()..].chars().next();
        is_text && !after.is_some_and(|c| c.is_alphanumeric() || (close == "*" && c == '*'))
    })?;
    Some((&inner[..end], open.len() + end + close.len()))
}
