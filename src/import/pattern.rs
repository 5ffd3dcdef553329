//! Texts with placeholders, with which a vocabulary describes the texts of cells. What
//! the texts mean is not known here.

/// A text that may contain `{name}` for any text and `{number}` for digits. `{{` is a
/// brace.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The text before the first placeholder.
    start: String,
    /// Each placeholder, with the text that follows it.
    rest: Vec<(String, String)>,
}

/// The placeholder that only digits fit.
const NUMBER: &str = "number";

impl Pattern {
    /// Reads a pattern of which every run of blanks counts as one space.
    pub fn of(text: &str) -> Pattern {
        Pattern::new(&squeezed(text))
    }

    /// Reads a pattern. A brace that is not closed is a text.
    fn new(text: &str) -> Pattern {
        let mut pattern = Pattern {
            start: String::new(),
            rest: Vec::new(),
        };
        let mut left = text;
        while let Some(open) = left.find('{') {
            pattern.push(&left[..open]);
            let inside = &left[open + 1..];
            match inside.find('}') {
                _ if inside.starts_with('{') => {
                    pattern.push("{");
                    left = &inside[1..];
                }
                Some(close) => {
                    pattern
                        .rest
                        .push((inside[..close].to_string(), String::new()));
                    left = &inside[close + 1..];
                }
                None => {
                    pattern.push("{");
                    left = inside;
                }
            }
        }
        pattern.push(left);
        pattern
    }

    fn push(&mut self, text: &str) {
        match self.rest.last_mut() {
            Some((_, after)) => after.push_str(text),
            None => self.start.push_str(text),
        }
    }

    /// The names of the placeholders.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.rest.iter().map(|(name, _)| name.as_str())
    }

    /// The texts of the placeholders, if the whole of `text` fits. Each takes as little
    /// as it can, and at least one character.
    pub fn fit<'t>(&self, text: &'t str) -> Option<Vec<(&str, &'t str)>> {
        let mut left = text.strip_prefix(self.start.as_str())?;
        let mut found = Vec::with_capacity(self.rest.len());
        for (at, (name, after)) in self.rest.iter().enumerate() {
            let is_last = at + 1 == self.rest.len();
            let end = match (is_last, after.is_empty()) {
                (true, _) => left.strip_suffix(after.as_str())?.len(),
                (false, true) => left.chars().next()?.len_utf8(),
                (false, false) => {
                    let first = left.chars().next()?.len_utf8();
                    first + left[first..].find(after.as_str())?
                }
            };
            let value = &left[..end];
            let digits = name != NUMBER || value.chars().all(char::is_numeric);
            if value.trim().is_empty() || !digits {
                return None;
            }
            found.push((name.as_str(), value.trim()));
            left = &left[end + after.len()..];
        }
        left.is_empty().then_some(found)
    }
}

/// A text as it is compared: every run of blanks, also of no-break and ideographic ones,
/// is one space, and there are none at the ends.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// `text` with each `{name}` replaced by its value.
pub fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = text.to_string();
    for (name, value) in values {
        out = out.replace(&format!("{{{name}}}"), value);
    }
    out
}
