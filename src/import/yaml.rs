//! Writes YAML that is meant to be read: plain texts where YAML allows them, and a quoted
//! one everywhere else.

/// A text under construction, with the number of its last line.
#[derive(Default)]
pub struct Yaml {
    text: String,
}

impl Yaml {
    /// Adds a line at a depth, in steps of two blanks.
    pub fn line(&mut self, depth: usize, text: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Adds `key: text`.
    pub fn pair(&mut self, depth: usize, key: &str, text: &str) {
        self.line(depth, &format!("{}: {}", scalar(key), scalar(text)));
    }

    /// Adds `key: one` or `key: [some, more]`.
    pub fn ids(&mut self, depth: usize, key: &str, ids: &[String]) {
        self.line(depth, &format!("{}: {}", scalar(key), one_or_many(ids)));
    }

    /// Adds `key:` and a list below it.
    pub fn list(&mut self, depth: usize, key: &str, texts: &[String]) {
        self.line(depth, &format!("{}:", scalar(key)));
        for text in texts {
            self.line(depth + 1, &format!("- {}", scalar(text)));
        }
    }

    /// Adds an empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// The number of the line that comes next, counted from 1.
    pub fn next_line(&self) -> usize {
        self.text.matches('\n').count() + 1
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }
}

/// An id, or a list of them in brackets.
pub fn one_or_many(ids: &[String]) -> String {
    let texts: Vec<String> = ids.iter().map(|id| scalar(id)).collect();
    match &texts[..] {
        [one] => one.clone(),
        all => format!("[{}]", all.join(", ")),
    }
}

/// A text as a YAML scalar, in lists in brackets too.
pub fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_string();
    }
    quoted(text)
}

/// A text in quotes, for YAML and TOML.
pub fn quoted(text: &str) -> String {
    // JSON strings are both; what they do not allow unescaped is escaped besides.
    let json = serde_json::Value::from(text).to_string();
    let escape = |c: char| match c {
        '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
            format!("\\u{:04x}", c as u32)
        }
        c => c.to_string(),
    };
    json.chars().map(escape).collect()
}

/// Whether a text means itself without quotes.
fn is_plain(text: &str) -> bool {
    let first = text.chars().next();
    let begins = first.is_some_and(|c| c.is_alphabetic() || c == '(');
    let ends = !text.ends_with([' ', ':']);
    let word = text.to_ascii_lowercase();
    let reserved = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let special = |c: char| c.is_control() || "[]{}\"`\u{feff}\u{2028}\u{2029}\u{a0}".contains(c);
    // A comma is only special inside brackets, and there the texts are ids.
    begins
        && ends
        && !reserved.contains(&word.as_str())
        && !text.contains(special)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains(|c: char| c.is_whitespace() && c != ' ')
}
