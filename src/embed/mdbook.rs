//! The protocol of mdBook's preprocessors: reads a book and writes it back with
//! changed chapters. It supports mdBook 0.4 and 0.5. Tables are not known here.

use std::path::Path;

use serde_json::Value;

/// What mdBook sends: the book and its context.
pub struct Sent {
    /// The renderer for which the book is prepared, such as `html`.
    pub renderer: String,
    /// Folder of the chapters, relative to that of the book.
    pub src: String,
    book: Value,
}

/// A chapter as mdBook sends it.
pub struct Chapter<'a> {
    /// Its file, relative to the folder of the book; the chapter's name if it has no
    /// file.
    pub file: String,
    /// The Markdown of the chapter, to be changed in place.
    pub content: &'a mut String,
}

impl Sent {
    /// Reads what mdBook writes to a preprocessor: `[context, book]`.
    ///
    /// # Errors
    /// A text that says what is missing.
    pub fn parse(text: &str) -> Result<Sent, String> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| format!("standard input is not what mdBook sends: {error}"))?;
        let Value::Array(parts) = value else {
            return Err("standard input is not what mdBook sends: expected a list".into());
        };
        let Ok([context, book]) = <[Value; 2]>::try_from(parts) else {
            return Err(
                "standard input is not what mdBook sends: expected a list with two entries".into(),
            );
        };
        let renderer = context["renderer"].as_str();
        let Some(renderer) = renderer else {
            return Err("standard input is not what mdBook sends: no `renderer`".into());
        };
        if items(&book).is_none() {
            return Err("standard input is not what mdBook sends: no `items`".into());
        }
        // mdBook leaves it out if it is the default.
        let src = context["config"]["book"]["src"].as_str().unwrap_or("src");
        Ok(Sent {
            renderer: renderer.to_string(),
            src: src.to_string(),
            book,
        })
    }

    /// Calls `f` with every chapter, in order.
    pub fn chapters(&mut self, mut f: impl FnMut(Chapter<'_>)) {
        if let Some(key) = items(&self.book) {
            walk(&mut self.book[key], &self.src, &mut f);
        }
    }

    /// The book in the form that mdBook reads back.
    pub fn book(&self) -> String {
        self.book.to_string()
    }
}

/// The key of the book's entries: `items` in mdBook 0.5, `sections` in 0.4.
fn items(book: &Value) -> Option<&'static str> {
    ["items", "sections"]
        .into_iter()
        .find(|key| book[*key].is_array())
}

fn walk(list: &mut Value, src: &str, f: &mut impl FnMut(Chapter<'_>)) {
    let Value::Array(list) = list else { return };
    for item in list {
        // Separators and part titles have no chapter.
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
