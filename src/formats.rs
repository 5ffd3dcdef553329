//! Tables in the formats other documents are written in: which formats there
//! are, and what each is asked to write. How a format says it is in the module
//! of its name.

pub mod markdown;

use crate::badge::Badge;
use crate::cells::{Cells, Words};
use crate::html::{self, Look, encoded};
use crate::links::Targets;
use crate::markdown::{Scope, Settings};
use crate::strings::Strings;
use crate::table::Table;
use markdown::Flavour;

/// What a table is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    Markdown,
    Html,
    Mdx,
    Asciidoc,
    Rst,
    Json,
}

impl Format {
    /// All formats, in the order of lists.
    pub const ALL: &[Format] = &[Format::Markdown, Format::Html, Format::Mdx];

    /// The name in options.
    pub fn name(self) -> &'static str {
        match self {
            Format::Markdown => "md",
            Format::Html => "html",
            Format::Mdx => "mdx",
            Format::Asciidoc => "adoc",
            Format::Rst => "rst",
            Format::Json => "json",
        }
    }

    /// The format with this name.
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.iter().copied().find(|f| f.name() == name)
    }

    /// The format of a file, by the ending of its name.
    pub fn of_file(path: &str) -> Option<Format> {
        let ending = path.rsplit_once('.')?.1.to_ascii_lowercase();
        Some(match ending.as_str() {
            "md" | "markdown" => Format::Markdown,
            "mdx" => Format::Mdx,
            "html" | "htm" | "xhtml" => Format::Html,
            _ => return None,
        })
    }
}

/// A table with what is said of it outside.
pub struct Named<'a> {
    /// A short name, as for a sheet of a workbook.
    pub name: String,
    /// What its anchors begin with where there are any.
    pub anchor: String,
    pub table: Table<'a>,
}

/// What is written.
pub enum Shown<'a> {
    Tables(Vec<Named<'a>>),
    Badge(Badge<'a>),
}

/// Writes tables for other documents.
#[derive(Clone, Copy)]
pub struct Writer<'a> {
    pub targets: &'a Targets,
    pub strings: &'a Strings,
    pub settings: Settings,
    /// Where the site is, with a slash at its end: an address, or a path from
    /// the document. `None` where links into the site are not written.
    pub base: Option<&'a str>,
    /// Folder of the content below the project.
    pub src: &'a str,
}

impl Writer<'_> {
    /// What was asked for, in a format.
    pub fn write(&self, format: Format, shown: Shown<'_>) -> Vec<u8> {
        let address = |page: Option<&str>, fragment: &str| self.address(page, fragment);
        let cells = Cells {
            targets: self.targets,
            address: &address,
            src: self.src,
        };
        let mut out = String::new();
        match shown {
            Shown::Badge(badge) => self.badge(format, &badge, &mut out),
            Shown::Tables(tables) => {
                for (at, named) in tables.into_iter().enumerate() {
                    if at > 0 {
                        out.push('\n');
                    }
                    self.table(format, named, &cells, &mut out);
                }
            }
        }
        out.into_bytes()
    }

    fn table(&self, format: Format, named: Named<'_>, cells: &Cells<'_>, out: &mut String) {
        let Named { table, anchor, .. } = named;
        let list = table.kind == "checklist";
        let markdown = if list {
            markdown::checklist
        } else {
            markdown::table
        };
        match format {
            Format::Markdown => markdown(table, cells, Flavour::Gfm, out),
            Format::Mdx => markdown(table, cells, Flavour::Mdx, out),
            Format::Html | Format::Asciidoc | Format::Rst | Format::Json => {
                self.html(table, &anchor, out)
            }
        }
    }

    fn badge(&self, format: Format, badge: &Badge<'_>, out: &mut String) {
        let words = [Words {
            strong: true,
            ..Words::plain(badge.text())
        }];
        match format {
            Format::Markdown => markdown::words(&words, Flavour::Gfm, out),
            Format::Mdx => markdown::words(&words, Flavour::Mdx, out),
            Format::Html | Format::Asciidoc | Format::Rst | Format::Json => {
                html::badge(badge, Look::Bare, out)
            }
        }
        out.push('\n');
    }

    /// A table by itself: its anchors begin with `anchor`.
    fn html(&self, table: Table<'_>, anchor: &str, out: &mut String) {
        let writer = html::Writer {
            scope: Scope {
                targets: self.targets,
                strings: self.strings,
                settings: self.settings,
                root: self.base,
                id_prefix: anchor,
            },
            page: "",
            prefix: anchor,
            src: self.src,
            look: Look::Bare,
        };
        let mut html = String::new();
        writer.table(table, "caption", &mut html);
        // In Markdown a blank line would end the block of HTML.
        while let Some(at) = html.find("\n\n") {
            html.replace_range(at + 1..at + 2, "&#10;");
        }
        out.push_str(&html);
    }

    /// Where a place in the site is. A row's own anchor is on the page of its
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
