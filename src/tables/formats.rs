//! Writes tables in the formats of other documents: which formats there are, and what
//! each has to write. Each format has a module with its name.

pub mod asciidoc;
pub mod csv;
pub mod flat;
pub mod inert;
pub mod json;
pub mod latex;
pub mod markdown;
mod plain_markdown;
pub mod rst;
pub mod text;
pub mod xlsx;

use crate::input::worded;
use crate::model::Badge;
use crate::tables::html::{self, Styling, encoded};
use crate::tables::styled_text::{Cells, StyledWords, TableNotes};
use crate::tables::table::Table;
use crate::text::links::Targets;
use crate::text::markdown::{PageTexts, Scope, Settings};
use crate::text::{Html, Strings};
use csv::Record;

worded! {
    /// What a table is written in. The words are the names in options.
    pub enum TableFormat {
        /// GitHub Flavored Markdown.
        Markdown = "md",
        /// An HTML table without a page around it.
        Html = "html",
        /// Markdown for MDX, as Docusaurus reads it.
        Mdx = "mdx",
        /// AsciiDoc.
        Asciidoc = "adoc",
        /// reStructuredText.
        Rst = "rst",
        /// LaTeX, with the packages that its first line names.
        Latex = "latex",
        /// Comma-separated values (RFC 4180).
        Csv = "csv",
        /// Tab-separated values.
        Tsv = "tsv",
        /// JSON of the same cells, in lines.
        Json = "json",
        /// A workbook with a sheet for each table.
        Xlsx = "xlsx",
    }
}

worded! {
    /// How Markdown separates the lines of a cell. The words are the values of an option.
    pub enum Breaks {
        /// With tags.
        Tags = "tags",
        /// Each line is a row of the table, and nothing is HTML.
        None = "none",
    }
}

impl TableFormat {
    /// What names of such files end with. They can be used as names, too.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            TableFormat::Markdown => &["md", "markdown"],
            TableFormat::Html => &["html", "htm", "xhtml"],
            TableFormat::Mdx => &["mdx"],
            TableFormat::Asciidoc => &["adoc", "asciidoc", "asc"],
            TableFormat::Rst => &["rst"],
            TableFormat::Latex => &["tex"],
            TableFormat::Csv => &["csv"],
            TableFormat::Tsv => &["tsv"],
            TableFormat::Json => &["json"],
            TableFormat::Xlsx => &["xlsx"],
        }
    }

    /// The format with this name, or with files of this ending.
    pub fn from_name(name: &str) -> Option<TableFormat> {
        let is = |f: &TableFormat| f.word() == name || f.endings().contains(&name);
        TableFormat::ALL.iter().copied().find(is)
    }

    /// The format of files whose names end with this after a dot, in letters of
    /// any case.
    pub fn of_ending(ending: &str) -> Option<TableFormat> {
        let ending = ending.to_ascii_lowercase();
        let is = |f: &TableFormat| f.endings().contains(&&*ending);
        TableFormat::ALL.iter().copied().find(is)
    }
}

/// A table with its name and anchor.
pub struct Named<'a> {
    /// A short name, for example for a sheet of a workbook.
    pub name: String,
    /// What its anchors begin with, in formats that have anchors.
    pub anchor: String,
    /// The table.
    pub table: Table<'a>,
    /// What is said in its place, if it has no lines. Formats for scripts have the head.
    pub nothing: Option<&'a str>,
}

/// What is written.
pub enum Shown<'a> {
    /// Tables, at least one.
    Tables(Vec<Named<'a>>),
    /// A single badge.
    Badge(Badge<'a>),
}

/// Where HTML is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// A page of the site itself, which is only ever read as HTML.
    Page,
    /// A document for another tool, which may read it as Markdown or as a template.
    Document,
}

/// How a markup for documents writes a table, a checklist, and words in a line.
struct Markup {
    table: fn(Table<'_>, &Cells<'_>, &mut String),
    checklist: fn(Table<'_>, &Cells<'_>, &mut String),
    words: fn(&[StyledWords<'_>]) -> String,
}

const MARKDOWN: Markup = Markup {
    table: markdown::table,
    checklist: markdown::checklist,
    words: markdown::words,
};

const PLAIN_MARKDOWN: Markup = Markup {
    table: plain_markdown::table,
    checklist: plain_markdown::checklist,
    words: plain_markdown::words,
};

const ASCIIDOC: Markup = Markup {
    table: asciidoc::table,
    checklist: asciidoc::checklist,
    words: asciidoc::words,
};

const RST: Markup = Markup {
    table: rst::table,
    checklist: rst::checklist,
    words: rst::words,
};

const LATEX: Markup = Markup {
    table: latex::table,
    checklist: latex::checklist,
    words: latex::words,
};

impl Markup {
    fn write(&self, shown: Shown<'_>, cells: &Cells<'_>) -> String {
        let mut out = String::new();
        match shown {
            Shown::Tables(tables) => {
                for (at, Named { table, nothing, .. }) in tables.into_iter().enumerate() {
                    if at > 0 {
                        out.push('\n');
                    }
                    match (nothing, table.kind.is_checklist()) {
                        (Some(words), _) => self.nothing(&table.caption, words, &mut out),
                        (None, false) => (self.table)(table, cells, &mut out),
                        (None, true) => (self.checklist)(table, cells, &mut out),
                    }
                }
            }
            Shown::Badge(badge) => {
                let text = badge.text();
                let word = StyledWords {
                    strong: true,
                    ..text::one_line(&text)
                };
                out.push_str(&(self.words)(&[word]));
                out.push('\n');
            }
        }
        out
    }
}

impl Markup {
    /// Two paragraphs in the place of a table without lines: its caption, and the words.
    fn nothing(&self, caption: &str, words: &str, out: &mut String) {
        if !caption.is_empty() {
            out.push_str(&(self.words)(&[text::one_line(caption)]));
            out.push_str("\n\n");
        }
        out.push_str(&(self.words)(&[text::one_line(words)]));
        out.push('\n');
    }
}

/// Writes tables for other documents.
#[derive(Clone, Copy)]
pub struct TableWriter<'a> {
    /// What links in authors' texts can lead to.
    pub targets: &'a Targets,
    /// The words of the interface.
    pub strings: &'a Strings,
    /// How authors' Markdown is read.
    pub settings: Settings,
    /// The address of the site, or the path to it from the document; ends with a
    /// slash. `None` if links into the site are left out.
    pub base: Option<&'a str>,
    /// The content folder, relative to the project.
    pub src: &'a str,
    /// Where HTML is written to.
    pub host: Host,
    /// How Markdown separates the lines of a cell.
    pub breaks: Breaks,
}

impl TableWriter<'_> {
    /// Writes tables or a badge in a format. If they exceed a limit of the format,
    /// returns an error as text.
    pub fn write(&self, format: TableFormat, shown: Shown<'_>) -> Result<Vec<u8>, String> {
        let address = |page: Option<&str>, fragment: &str| self.address(page, fragment);
        let notes = match format {
            TableFormat::Csv | TableFormat::Tsv | TableFormat::Xlsx => TableNotes::in_cells(),
            _ => TableNotes::default(),
        };
        let cells = Cells {
            targets: self.targets,
            address: &address,
            src: self.src,
            notes: &notes,
            strings: self.strings,
        };
        match format {
            TableFormat::Markdown | TableFormat::Mdx => Ok(match self.breaks {
                Breaks::Tags => MARKDOWN.write(shown, &cells).into_bytes(),
                Breaks::None => PLAIN_MARKDOWN.write(shown, &cells).into_bytes(),
            }),
            TableFormat::Asciidoc => Ok(ASCIIDOC.write(shown, &cells).into_bytes()),
            TableFormat::Rst => Ok(RST.write(shown, &cells).into_bytes()),
            TableFormat::Latex => {
                let text = LATEX.write(shown, &cells);
                Ok((latex::packages(&text) + &text).into_bytes())
            }
            TableFormat::Html => Ok(self.html(shown).into_bytes()),
            TableFormat::Csv => Ok(self.records(shown, &cells, csv::record)),
            TableFormat::Tsv => Ok(self.records(shown, &cells, csv::tab_record)),
            TableFormat::Json => Ok(match shown {
                Shown::Tables(tables) => json::tables(tables, &cells),
                Shown::Badge(badge) => json::badge(&badge),
            }),
            TableFormat::Xlsx => match shown {
                Shown::Tables(tables) => xlsx::tables(tables, &cells, self.strings),
                Shown::Badge(badge) => xlsx::text(&badge.text()),
            }
            .map_err(|e| e.to_string()),
        }
    }

    fn records(&self, shown: Shown<'_>, cells: &Cells<'_>, record: Record) -> Vec<u8> {
        let mut out = String::new();
        match shown {
            Shown::Tables(tables) => csv::tables(tables, cells, self.strings, record, &mut out),
            Shown::Badge(badge) => record(&[&badge.text()], &mut out),
        }
        out.into_bytes()
    }

    fn html(&self, shown: Shown<'_>) -> String {
        let mut out = String::new();
        match shown {
            Shown::Tables(tables) => {
                for (at, named) in tables.into_iter().enumerate() {
                    if at > 0 {
                        out.push('\n');
                    }
                    match named.nothing {
                        None => self.html_table(named.table, &named.anchor, &mut out),
                        Some(words) => {
                            let html = html::nothing(&named.table.caption, words);
                            self.finish(html.as_str(), &mut out);
                        }
                    }
                }
            }
            Shown::Badge(badge) => {
                let mut html = Html::new();
                html::badge(&badge, Styling::Bare, &mut html);
                self.finish(html.as_str(), &mut out);
                out.push('\n');
            }
        }
        out
    }

    /// Writes one table as HTML. Its anchors begin with `anchor`.
    fn html_table(&self, table: Table<'_>, anchor: &str, out: &mut String) {
        let texts = PageTexts::new(anchor);
        let writer = html::HtmlWriter {
            scope: Scope {
                targets: self.targets,
                strings: self.strings,
                settings: self.settings,
                root: self.base,
                id_prefix: anchor,
                sections: None,
                texts: Some(&texts),
            },
            page: "",
            prefix: anchor,
            src: self.src,
            look: Styling::Bare,
            chosen: true,
        };
        let mut html = Html::new();
        if table.kind.is_checklist() {
            writer.checklist(table, "caption", &mut html);
        } else {
            writer.table(table, "caption", &mut html);
        }
        self.finish(html.as_str(), out);
    }

    /// Adds HTML in the form that [`Host`] requires.
    fn finish(&self, html: &str, out: &mut String) {
        match self.host {
            Host::Document => inert::html(html, out),
            Host::Page => out.push_str(&html.replace("\n\n", "\n&#10;")),
        }
    }

    /// The address of a place in the site. The anchor of a row is on the page of its
    /// category.
    fn address(&self, page: Option<&str>, fragment: &str) -> Option<String> {
        let base = self.base?;
        let page = match page {
            Some(page) => page,
            None => self.targets.rows.get(fragment)?,
        };
        let mut out = format!("{base}{}", encoded(page));
        if !fragment.is_empty() {
            out.push('#');
            out.push_str(&encoded(fragment));
        }
        self.targets.outputs.contains(page).then_some(out)
    }
}
