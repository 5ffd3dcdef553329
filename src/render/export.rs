//! Writes the document as data for other programs, and the files for search engines.
//! The tables that readers see are made in `tables`.

mod csv;
mod json;

use crate::input::Text;
use crate::pages::{Page, PageKind};
use crate::text::{Html, encode_ascii, paths};

pub use crate::render::export::csv::csv;
pub use crate::render::export::json::{data_schema, json};

fn value(text: &Option<Text>) -> Option<&str> {
    text.as_ref().map(|t| t.value.as_str())
}

/// `sitemap.xml` (sitemaps.org protocol 0.9).
pub fn sitemap(url: &str, pages: &[Page]) -> Html {
    let mut out = Html::new();
    out.markup("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .markup("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for page in pages
        .iter()
        .filter(|p| !matches!(p.kind, PageKind::NotFound | PageKind::Print))
    {
        let path = paths::without_index(&page.path);
        out.markup("<url><loc>")
            .text(url)
            .text(&encode_ascii(path))
            .markup("</loc></url>\n");
    }
    out.markup("</urlset>\n");
    out
}

/// `robots.txt`, which names the sitemap (RFC 9309).
pub fn robots(url: &str) -> String {
    format!(
        "User-agent: *\nAllow: /\n\nSitemap: {url}{}\n",
        paths::SITEMAP
    )
}
