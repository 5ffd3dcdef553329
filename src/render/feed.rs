//! Writes the versions of the document as a feed. `pages` decides whether there is
//! one.

use crate::render::Renderer;
use crate::text::{encode_ascii, escape, paths};

impl Renderer<'_> {
    /// The versions of the document as a feed (Atom, RFC 4287). `url` is the
    /// address of the site.
    pub fn feed(&self, url: &str) -> String {
        let (document, config) = (self.project.document, self.project.config);
        let site = escape(url);
        let (feed, history) = (paths::FEED, paths::HISTORY);
        let newest = document.history.iter().map(|v| v.date.text.as_str()).max();
        let authors = &config.book.authors;
        let author = match authors.is_empty() {
            true => self.project.title().to_string(),
            false => authors.join(", "),
        };
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
             <title>{}</title>\n<id>{site}</id>\n<updated>{}T00:00:00Z</updated>\n\
             <author><name>{}</name></author>\n\
             <link rel=\"self\" href=\"{site}{feed}\"/>\n<link href=\"{site}\"/>\n",
            escape(config.language()),
            escape(self.project.title()),
            newest.unwrap_or_default(),
            escape(&author),
        );
        for version in &document.history {
            let html = self.markdown(&version.changes, self.scope(url, "")).html;
            let (name, date) = (&version.version.value, &version.date.text);
            out.push_str(&format!(
                "<entry>\n<title>{}</title>\n<id>{site}#{}</id>\n<updated>{date}T00:00:00Z</updated>\n\
                 <link href=\"{site}#{history}\"/>\n<content type=\"html\">{}</content>\n</entry>\n",
                escape(name),
                escape(&encode_ascii(&format!("version-{name}"))),
                escape(&html),
            ));
        }
        out.push_str("</feed>\n");
        out
    }
}
