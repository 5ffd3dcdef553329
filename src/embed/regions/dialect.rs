//! The markup that a document is written in, and its kinds of comments.

/// The markup of a document, as far as it concerns comments and code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Markdown, also of Quarto and R Markdown.
    Markdown,
    /// MDX.
    Mdx,
    /// HTML.
    Html,
    /// AsciiDoc.
    Asciidoc,
    /// reStructuredText.
    Rst,
    /// LaTeX.
    Latex,
    /// Org, as in Emacs.
    Org,
    /// Text of any other kind.
    Plain,
}

impl Dialect {
    /// The dialect of a file, by its extension.
    pub fn of_file(path: &str) -> Dialect {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending.to_ascii_lowercase().as_str() {
            "md" | "markdown" | "mdown" | "mdwn" | "mkd" | "mkdn" | "mkdown" | "qmd" | "rmd"
            | "rmarkdown" => Dialect::Markdown,
            "mdx" => Dialect::Mdx,
            "html" | "htm" | "xhtml" | "xht" | "shtml" => Dialect::Html,
            "adoc" | "asciidoc" | "asc" => Dialect::Asciidoc,
            "rst" | "rest" => Dialect::Rst,
            "tex" | "latex" | "ltx" => Dialect::Latex,
            "org" => Dialect::Org,
            _ => Dialect::Plain,
        }
    }

    /// The comments that can contain a marker: how they open and close.
    pub(super) fn comments(self) -> &'static [(&'static str, &'static str)] {
        const HTML: (&str, &str) = ("<!--", "-->");
        match self {
            // An unused link definition serves as a comment where HTML is not allowed
            // (Bitbucket).
            Dialect::Markdown => &[
                HTML,
                ("[//]: # (", ")"),
                ("[//]: # \"", "\""),
                ("[//]: # '", "'"),
                ("[comment]: # (", ")"),
                ("[comment]: # \"", "\""),
                ("[comment]: # '", "'"),
            ],
            Dialect::Mdx => &[("{/*", "*/}"), HTML, ("[//]: # (", ")")],
            Dialect::Html => &[HTML],
            Dialect::Asciidoc => &[("//", ""), HTML],
            Dialect::Rst => &[("..", "")],
            Dialect::Latex | Dialect::Org | Dialect::Plain => &[
                HTML,
                ("{/*", "*/}"),
                ("/*", "*/"),
                ("//", ""),
                ("#", ""),
                ("%", ""),
                ("--", ""),
                (";", ""),
                ("..", ""),
            ],
        }
    }

    /// Whether generated text needs empty lines around it, so that it does not merge
    /// with the comments.
    pub fn spaced(self) -> bool {
        use Dialect::{Asciidoc, Markdown, Mdx, Rst};
        matches!(self, Markdown | Mdx | Asciidoc | Rst)
    }
}
