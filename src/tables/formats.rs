//! Tables in the formats other documents are written in: which formats there
//! are, and what each is asked to write. How a format says it is in the module
//! of its name.

pub mod asciidoc;
pub mod csv;
pub mod flat;
pub mod inert;
pub mod json;
pub mod latex;
pub mod markdown;
pub mod rst;
pub mod text;
pub mod xlsx;

use crate::model::owner::Badge;
use crate::tables::html::{self, Look, encoded};
use crate::tables::styled_text::{Cells, Words};
use crate::tables::table::Table;
use crate::text::links::Targets;
use crate::text::markdown::{Scope, Settings};
use crate::text::strings::Strings;
use csv::Record;

/// What a table is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    Markdown,
    Html,
    Mdx,
    Asciidoc,
    Rst,
    Latex,
    Csv,
    Tsv,
    Json,
    Xlsx,
}

impl Format {
    /// All formats, in the order of lists.
    pub const ALL: &[Format] = &[
        Format::Markdown,
        Format::Html,
        Format::Mdx,
        Format::Asciidoc,
        Format::Rst,
        Format::Latex,
        Format::Csv,
        Format::Tsv,
        Format::Json,
        Format::Xlsx,
    ];

    /// The name in options.
    pub fn name(self) -> &'static str {
        match self {
            Format::Latex => "latex",
            other => other.endings()[0],
        }
    }

    /// What names of such files end with. They can be used as names, too.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Format::Markdown => &["md", "markdown"],
            Format::Html => &["html", "htm", "xhtml"],
            Format::Mdx => &["mdx"],
            Format::Asciidoc => &["adoc", "asciidoc", "asc"],
            Format::Rst => &["rst"],
            Format::Latex => &["tex"],
            Format::Csv => &["csv"],
            Format::Tsv => &["tsv"],
            Format::Json => &["json"],
            Format::Xlsx => &["xlsx"],
        }
    }

    /// The format with this name.
    pub fn from_name(name: &str) -> Option<Format> {
        let is = |f: &Format| f.name() == name || f.endings().contains(&name);
        Format::ALL.iter().copied().find(is)
    }

    /// The format of a file, by the ending of its name.
    pub fn of_file(path: &str) -> Option<Format> {
        let ending = path.rsplit_once('.')?.1.to_ascii_lowercase();
        let is = |f: &Format| f.endings().contains(&&*ending);
        Format::ALL.iter().copied().find(is)
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

/// Where HTML will stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// A page of the site itself, which nobody reads as anything else.
    Page,
    /// A document of another tool, which may be a Markdown or a template.
    Document,
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
    pub host: Host,
}

impl Writer<'_> {
    /// What was asked for, in a format. What the format has no room for is an
    /// error, which is returned in words.
    pub fn write(&self, format: Format, shown: Shown<'_>) -> Result<Vec<u8>, String> {
        let address = |page: Option<&str>, fragment: &str| self.address(page, fragment);
        let cells = Cells {
            targets: self.targets,
            address: &address,
            src: self.src,
        };
        match (format, shown) {
            (Format::Xlsx, Shown::Tables(tables)) => {
                xlsx::tables(tables, &cells, self.strings).map_err(|e| e.to_string())
            }
            (Format::Xlsx, Shown::Badge(badge)) => {
                xlsx::text(&badge.text()).map_err(|e| e.to_string())
            }
            (Format::Json, Shown::Tables(tables)) => Ok(json::tables(tables, &cells)),
            (Format::Json, Shown::Badge(badge)) => Ok(json::badge(&badge)),
            (Format::Csv, shown) => Ok(self.records(shown, &cells, csv::record)),
            (Format::Tsv, shown) => Ok(self.records(shown, &cells, csv::tab_record)),
            (_, Shown::Tables(tables)) => Ok(self.tables(format, tables, &cells).into_bytes()),
            (_, Shown::Badge(badge)) => Ok(self.badge(format, &badge).into_bytes()),
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

    fn tables(&self, format: Format, tables: Vec<Named<'_>>, cells: &Cells<'_>) -> String {
        let mut out = String::new();
        for (at, Named { table, anchor, .. }) in tables.into_iter().enumerate() {
            if at > 0 {
                out.push('\n');
            }
            let list = table.kind == "checklist";
            match (format, list) {
                (Format::Html, _) => self.html(table, &anchor, &mut out),
                (Format::Asciidoc, false) => asciidoc::table(table, cells, &mut out),
                (Format::Asciidoc, true) => asciidoc::checklist(table, cells, &mut out),
                (Format::Rst, false) => rst::table(table, cells, &mut out),
                (Format::Rst, true) => rst::checklist(table, cells, &mut out),
                (Format::Latex, false) => latex::table(table, cells, &mut out),
                (Format::Latex, true) => latex::checklist(table, cells, &mut out),
                (_, false) => markdown::table(table, cells, &mut out),
                (_, true) => markdown::checklist(table, cells, &mut out),
            }
        }
        if format == Format::Latex {
            out.insert_str(0, &latex::packages(&out));
        }
        out
    }

    fn badge(&self, format: Format, badge: &Badge<'_>) -> String {
        let text = badge.text();
        let words = [Words {
            strong: true,
            ..text::one_line(&text)
        }];
        let mut out = String::new();
        match format {
            Format::Html => {
                let mut html = String::new();
                html::badge(badge, Look::Bare, &mut html);
                self.finish(&html, &mut out);
            }
            Format::Asciidoc => out.push_str(&asciidoc::words(&words)),
            Format::Rst => out.push_str(&rst::words(&words)),
            Format::Latex => out.push_str(&latex::words(&words)),
            _ => markdown::words(&words, &mut out),
        }
        out.push('\n');
        out
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
            chosen: true,
        };
        let mut html = String::new();
        match table.kind {
            "checklist" => writer.checklist(table, "caption", &mut html),
            _ => {
                writer.table(table, "caption", &mut html);
            }
        }
        self.finish(&html, out);
    }

    /// HTML as it may stand there.
    fn finish(&self, html: &str, out: &mut String) {
        match self.host {
            Host::Document => inert::html(html, out),
            Host::Page => out.push_str(&html.replace("\n\n", "\n&#10;")),
        }
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
