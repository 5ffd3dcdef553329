//! The protocol of mdBook's preprocessors: a book in, the same book with other
//! chapters out. It knows mdBook 0.4 and 0.5 and nothing of tables.

use std::path::Path;

use serde_json::Value;

/// What mdBook sends: the book, and what it is rendered for.
pub struct Sent {
    pub renderer: String,
    /// Folder of the chapters below that of the book.
    pub src: String,
    book: Value,
}

/// A chapter as it is sent.
pub struct Chapter<'a> {
    /// Its file, seen from the folder of the book; its name where it has none.
    pub file: String,
    pub content: &'a mut String,
}

impl Sent {
    /// Reads what mdBook writes to a preprocessor: `[context, book]`.
    ///
    /// # Errors
    /// Words that say what is missing.
    pub fn parse(text: &str) -> Result<Sent, String> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| format!("standard input is not what mdBook sends: {error}"))?;
        let Value::Array(parts) = value else {
            return Err("standard input is not what mdBook sends: no list".into());
        };
        let Ok([context, book]) = <[Value; 2]>::try_from(parts) else {
            return Err("standard input is not what mdBook sends: not two parts".into());
        };
        let renderer = context["renderer"].as_str();
        let Some(renderer) = renderer else {
            return Err("standard input is not what mdBook sends: no `renderer`".into());
        };
        if items(&book).is_none() {
            return Err("standard input is not what mdBook sends: no `items`".into());
        }
        // Left out where it is the default.
        let src = context["config"]["book"]["src"].as_str().unwrap_or("src");
        Ok(Sent {
            renderer: renderer.to_string(),
            src: src.to_string(),
            book,
        })
    }

    /// Calls `f` with every chapter, in their order.
    pub fn chapters(&mut self, mut f: impl FnMut(Chapter<'_>)) {
        if let Some(key) = items(&self.book) {
            walk(&mut self.book[key], &self.src, &mut f);
        }
    }

    /// The book, as mdBook reads it back.
    pub fn book(&self) -> String {
        self.book.to_string()
    }
}

/// The key of the book's parts: 0.5 calls them items, 0.4 sections.
fn items(book: &Value) -> Option<&'static str> {
    ["items", "sections"]
        .into_iter()
        .find(|key| book[*key].is_array())
}

fn walk(list: &mut Value, src: &str, f: &mut impl FnMut(Chapter<'_>)) {
    let Value::Array(list) = list else { return };
    for item in list {
        // Separators and titles of parts have no chapter.
        let Some(chapter) = item.get_mut("Chapter") else {
            continue;
        };
        let name = |key: &str| chapter[key].as_str();
        let file = match name("source_path").or(name("path")) {
            Some(path) => Path::new(src).join(path).display().to_string(),
            None => name("name").unwrap_or("").to_string(),
        };
        if let Value::String(content) = &mut chapter["content"] {
            f(Chapter { file, content });
        }
        walk(&mut chapter["sub_items"], src, f);
    }
}
