//! Which markup a document is written in, and its kinds of comments. Not for
//! regions.

/// What a document is written in, as far as comments and code go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Markdown,
    Mdx,
    Html,
    Asciidoc,
    Rst,
    /// Text of any other kind.
    Plain,
}

impl Dialect {
    /// The dialect of a file, by the ending of its name.
    pub fn of_file(path: &str) -> Dialect {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending.to_ascii_lowercase().as_str() {
            "md" | "markdown" | "qmd" => Dialect::Markdown,
            "mdx" => Dialect::Mdx,
            "html" | "htm" | "xhtml" => Dialect::Html,
            "adoc" | "asciidoc" | "asc" => Dialect::Asciidoc,
            "rst" => Dialect::Rst,
            _ => Dialect::Plain,
        }
    }

    /// Comments that may hold a marker: how they open and close.
    pub(super) fn comments(self) -> &'static [(&'static str, &'static str)] {
        const HTML: (&str, &str) = ("<!--", "-->");
        match self {
            // A definition nobody refers to is a comment where HTML is not
            // allowed (Bitbucket).
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
            Dialect::Plain => &[
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

    /// Whether generated text stands between blank lines, so that it cannot
    /// run into the comments around it.
    pub fn spaced(self) -> bool {
        !matches!(self, Dialect::Html | Dialect::Plain)
    }
}
