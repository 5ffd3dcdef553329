//! Writes the versions of the document as a feed. `pages` decides whether there is
//! one.

use crate::render::Renderer;
use crate::text::markdown::{PageTexts, Scope};
use crate::text::{Html, encode_ascii, paths};

impl Renderer<'_> {
    /// The versions of the document as a feed (Atom, RFC 4287). `url` is the
    /// address of the site.
    pub fn feed(&self, url: &str) -> Html {
        let (document, config) = (self.project.document, self.project.config);
        let newest = document.history.iter().map(|v| v.date.text.as_str()).max();
        let authors = &config.book.authors;
        let author = match authors.is_empty() {
            true => self.project.title().to_string(),
            false => authors.join(", "),
        };
        let mut out = Html::new();
        out.markup("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
            .markup("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"")
            .text(config.language())
            .markup("\">\n<title>")
            .text(self.project.title())
            .markup("</title>\n<id>")
            .text(url)
            .markup("</id>\n<updated>")
            .text(newest.unwrap_or_default())
            .markup("T00:00:00Z</updated>\n<author><name>")
            .text(&author)
            .markup("</name></author>\n<link rel=\"self\" href=\"")
            .text(url)
            .markup(paths::FEED)
            .markup("\"/>\n<link href=\"")
            .text(url)
            .markup("\"/>\n");
        for version in &document.history {
            let name = &version.version.value;
            // An entry is shown alone, so it has its own footnotes.
            let texts = PageTexts::default();
            let scope = Scope {
                texts: Some(&texts),
                ..self.scope(url, "")
            };
            let mut changes = self.markdown(&version.changes, scope).html;
            texts.write_notes(self.project.strings, name, &mut changes);
            out.markup("<entry>\n<title>")
                .text(name)
                .markup("</title>\n<id>")
                .text(url)
                .markup("#")
                .text(&encode_ascii(&format!("version-{name}")))
                .markup("</id>\n<updated>")
                .text(&version.date.text)
                .markup("T00:00:00Z</updated>\n<link href=\"")
                .text(url)
                .markup("#")
                .markup(paths::HISTORY)
                // A feed contains HTML as text.
                .markup("\"/>\n<content type=\"html\">")
                .text(changes.as_str())
                .markup("</content>\n</entry>\n");
        }
        out.markup("</feed>\n");
        out
    }
}
