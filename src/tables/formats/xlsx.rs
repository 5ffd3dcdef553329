//! Writes tables as an Excel workbook with a sheet for each table (Microsoft's "Excel
//! specifications and limits"). All texts are written as texts, never as formulas.
//! The first line of a sheet is its header, so that filters work. Captions become the
//! title of the workbook. Whatever exceeds Excel's limits is an error.

use std::collections::HashSet;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatUnderline, Url, Workbook,
    Worksheet, XlsxError,
};

use crate::tables::formats::{Named, flat};
use crate::tables::kinds::ColumnKind;
use crate::tables::styled_text::Cells;
use crate::text::Strings;

/// The longest address, in characters.
const LONGEST_ADDRESS: usize = 2079;
/// The most links in a sheet.
const MOST_LINKS: u32 = 65_530;
/// The longest name of a sheet, in UTF-16 units.
const LONGEST_NAME: usize = 31;
/// The least and the greatest width of a column, in characters.
const WIDTHS: (usize, usize) = (8, 50);

/// A workbook with a sheet for each table.
pub fn tables(
    tables: Vec<Named<'_>>,
    cells: &Cells<'_>,
    strings: &Strings,
) -> Result<Vec<u8>, XlsxError> {
    let captions: Vec<&str> = tables.iter().map(|named| &*named.table.caption).collect();
    let title: String = captions.join("; ").chars().take(255).collect();
    let mut workbook = workbook(&title)?;
    // Excel reserves this name.
    let mut names = HashSet::from(["history".to_string()]);
    for named in tables {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(sheet_name(&named, &mut names))?;
        Sheet::new(worksheet).table(named, cells, strings)?;
    }
    workbook.save_to_buffer()
}

/// A workbook with one cell.
pub fn text(text: &str) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = workbook("")?;
    Sheet::new(workbook.add_worksheet()).text(0, text)?;
    workbook.save_to_buffer()
}

/// An empty workbook. Its date is fixed, so that the same tables give the same bytes.
fn workbook(title: &str) -> Result<Workbook, XlsxError> {
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new().set_title(title);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties.set_creation_datetime(&made));
    Ok(workbook)
}

/// A unique name for a table's sheet.
fn sheet_name(named: &Named<'_>, names: &mut HashSet<String>) -> String {
    let unfit = |c: char| c.is_control() || "*?:[]\\/".contains(c);
    let name = named.name.replace(unfit, "-");
    let edges = |c: char| c.is_whitespace() || c == '\'';
    let name = match name.trim_matches(edges) {
        "" => named.table.kind.word(),
        name => name,
    };
    let mut unique = cut(name, LONGEST_NAME).trim_end_matches(edges).to_string();
    let mut n = 1;
    while !names.insert(unique.to_lowercase()) {
        n += 1;
        let number = format!(" ({n})");
        unique = format!("{}{number}", cut(name, LONGEST_NAME - number.len()));
    }
    unique
}

/// The beginning of a text, with at most this many UTF-16 units.
fn cut(text: &str, units: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.len_utf16();
        used > units
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// A sheet that is written from top to bottom.
struct Sheet<'w> {
    worksheet: &'w mut Worksheet,
    /// The index of the next line.
    row: u32,
    links: u32,
    /// The width of each column, in characters.
    widths: Vec<usize>,
    header: Format,
    words: Format,
    link: Format,
}

impl<'w> Sheet<'w> {
    fn new(worksheet: &'w mut Worksheet) -> Sheet<'w> {
        let words = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        Sheet {
            worksheet,
            row: 0,
            links: 0,
            widths: Vec::new(),
            header: words.clone().set_bold(),
            link: words
                .clone()
                .set_font_color(Color::Blue)
                .set_underline(FormatUnderline::Single),
            words,
        }
    }

    fn table(
        &mut self,
        named: Named<'_>,
        cells: &Cells<'_>,
        strings: &Strings,
    ) -> Result<(), XlsxError> {
        let table = named.table;
        let heads = flat::heading_fields(&table);
        let header = flat::header(&table, strings);
        let kinds: Vec<ColumnKind> = table.columns.iter().map(|column| column.kind).collect();
        self.widths = vec![WIDTHS.0; header.len()];
        for (at, label) in header.iter().enumerate() {
            self.measure(at, label);
            let format = self.header.clone();
            self.write(at, label, &format)?;
        }
        flat::for_each_line(table, cells, |fields| {
            self.row += 1;
            for (at, field) in fields.iter().enumerate() {
                let text = text_of(field, at < heads);
                self.measure(at, &text);
                match text.parse() {
                    Ok(number) if kinds.get(at) == Some(&ColumnKind::Count) => {
                        self.number(at, number)?;
                    }
                    _ => match link_of(field).filter(|_| at < heads) {
                        Some(link) => self.link(at, link, &text)?,
                        None => self.text(at, &text)?,
                    },
                }
            }
            Ok::<(), XlsxError>(())
        })?;
        self.finish(header.len(), heads)
    }

    /// Adds filters to the header, and freezes the header and the columns with
    /// headings of lines.
    fn finish(&mut self, columns: usize, heads: usize) -> Result<(), XlsxError> {
        for (at, width) in self.widths.iter().enumerate() {
            let width = (*width).min(WIDTHS.1) as f64;
            self.worksheet.set_column_width(column(at), width)?;
        }
        self.worksheet.set_freeze_panes(1, column(heads))?;
        self.worksheet
            .autofilter(0, 0, self.row, column(columns.saturating_sub(1)))?;
        Ok(())
    }

    fn text(&mut self, at: usize, text: &str) -> Result<(), XlsxError> {
        let format = self.words.clone();
        self.write(at, text, &format)
    }

    fn write(&mut self, at: usize, text: &str, format: &Format) -> Result<(), XlsxError> {
        let (row, column) = (self.row, column(at));
        if looks_like_rich_text(text) {
            let run = [(&Format::default(), text)];
            self.worksheet
                .write_rich_string_with_format(row, column, &run, format)?;
        } else {
            self.worksheet
                .write_string_with_format(row, column, text, format)?;
        }
        Ok(())
    }

    fn number(&mut self, at: usize, number: u32) -> Result<(), XlsxError> {
        self.worksheet
            .write_number_with_format(self.row, column(at), number, &self.words)?;
        Ok(())
    }

    fn link(&mut self, at: usize, link: &str, text: &str) -> Result<(), XlsxError> {
        if self.links == MOST_LINKS || text.is_empty() || looks_like_rich_text(text) {
            return self.text(at, text);
        }
        self.links += 1;
        let url = Url::new(link).set_text(text);
        self.worksheet.write_url_with_options(
            self.row,
            column(at),
            url,
            text,
            "",
            Some(&self.link),
        )?;
        Ok(())
    }

    fn measure(&mut self, at: usize, text: &str) {
        // East Asian characters are twice as wide.
        let wide = |c: char| if c < '\u{1100}' { 1 } else { 2 };
        let longest = text
            .lines()
            .map(|line| line.chars().map(wide).sum::<usize>());
        if let (Some(width), Some(longest)) = (self.widths.get_mut(at), longest.max()) {
            *width = (*width).max(longest + 2);
        }
    }
}

/// Whether the library would read a text as rich text in the XML that it writes
/// itself.
fn looks_like_rich_text(text: &str) -> bool {
    text.starts_with("<r>")
}

/// Excel's number of a column. No table has more columns than `u16` can count.
fn column(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// The text of a field. Entries of lists begin with a bullet.
fn text_of(field: &flat::Field<'_>, is_heading: bool) -> String {
    let several = field.len() > 1;
    let texts = flat::texts(field, is_heading).into_iter();
    let lines = field.iter().zip(texts);
    let lines = lines.map(|(line, text)| match line.entry && several {
        true => format!("• {text}"),
        false => text,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The address that a heading leads to, if Excel can follow it: a web address without
/// escapes, because the library would escape them again.
fn link_of<'f>(field: &'f flat::Field<'_>) -> Option<&'f str> {
    let link = field.first()?.words.first()?.link.as_deref()?;
    let web = link.starts_with("https://") || link.starts_with("http://");
    let path = link.split('#').next().unwrap_or(link);
    let fits = web && !path.contains('%') && link.encode_utf16().count() <= LONGEST_ADDRESS;
    fits.then_some(link)
}
