//! Which format a file is in, and the one function that reads any of them.

use crate::import::grid::foreign::{Foreign, ForeignError};
use crate::import::grid::limits::MAX_BYTES;
use crate::import::grid::places::Places;
use crate::import::grid::{
    asciidoc, caption, decode, html, markdown, page_text, rst, separated, workbook,
};

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignFormat {
    /// Markdown with tables and footnotes of GitHub.
    Markdown,
    /// Markdown with components.
    Mdx,
    /// HTML.
    Html,
    /// AsciiDoc.
    AsciiDoc,
    /// reStructuredText.
    ReStructuredText,
    /// CSV.
    Csv,
    /// Values between tabs.
    Tsv,
    /// An Excel workbook, `.xlsx` or `.xlsm`.
    Workbook,
    /// The plain text of a page.
    PageText,
}

/// What you know about a file that the file does not say.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The format, if the name of the file does not tell it.
    pub format: Option<ForeignFormat>,
    /// The encoding, if it is neither UTF-8 nor UTF-16.
    pub encoding: Option<String>,
    /// The separator of a CSV file, if it is not to be found out.
    pub separator: Option<char>,
}

/// Reads a file. The name tells the format and is not used for anything else.
pub fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Foreign, ForeignError> {
    if bytes.len() > MAX_BYTES {
        return Err(ForeignError::new(
            format!(
                "the file has {} bytes; at most {MAX_BYTES} are read",
                bytes.len()
            ),
            "delete what is not part of the matrix, or split the file",
        ));
    }
    let format = match options.format {
        Some(format) => format,
        None => format_of(name)?,
    };
    refuse_other_bytes(bytes, format)?;
    if format == ForeignFormat::Workbook {
        return workbook::read(bytes);
    }
    let decoded = decode::decode(bytes, options.encoding.as_deref())?;
    let text = decoded.text.as_ref();
    let places = Places::new(text, decoded.before);
    if let Some(at) = text.find('\0') {
        return Err(ForeignError::new(
            "the file is not text: it contains a zero byte",
            "export the table as CSV, XLSX, HTML or Markdown",
        )
        .at(places.of(at, at + 1)));
    }
    let mut foreign = match format {
        ForeignFormat::Csv => return separated::read(text, separator(options)?, &places),
        ForeignFormat::Tsv => {
            let separator = separator(options)?.unwrap_or(b'\t');
            return separated::read(text, Some(separator), &places);
        }
        ForeignFormat::Markdown => markdown::read(text, false, places)?,
        ForeignFormat::Mdx => markdown::read(text, true, places)?,
        ForeignFormat::AsciiDoc => asciidoc::read(text, places)?,
        ForeignFormat::ReStructuredText => rst::read(text, places)?,
        ForeignFormat::PageText => page_text::read(text, &places)?,
        ForeignFormat::Html | ForeignFormat::Workbook => html::read(text, &places)?,
    };
    caption::attach(&mut foreign.pieces);
    Ok(foreign)
}

fn separator(options: &ReadOptions) -> Result<Option<u8>, ForeignError> {
    match options.separator {
        None => Ok(None),
        Some(given) if given.is_ascii() && !matches!(given, '"' | '\n' | '\r' | '\0') => {
            Ok(Some(given as u8))
        }
        Some(given) => Err(ForeignError::new(
            format!("{given:?} cannot be a separator"),
            "use one ASCII character, such as `,`, `;`, `|` or a tab",
        )),
    }
}

/// The format that the name of a file says, or why it cannot be read.
pub fn format_of(name: &str) -> Result<ForeignFormat, ForeignError> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let extension = match file.rsplit_once('.') {
        Some((_, extension)) => extension.to_ascii_lowercase(),
        None => String::new(),
    };
    let help = match extension.as_str() {
        "md" | "markdown" | "mdown" | "mkd" => return Ok(ForeignFormat::Markdown),
        "mdx" => return Ok(ForeignFormat::Mdx),
        "html" | "htm" | "xhtml" => return Ok(ForeignFormat::Html),
        "adoc" | "asciidoc" | "asc" => return Ok(ForeignFormat::AsciiDoc),
        "rst" | "rest" => return Ok(ForeignFormat::ReStructuredText),
        "csv" => return Ok(ForeignFormat::Csv),
        "tsv" | "tab" => return Ok(ForeignFormat::Tsv),
        "xlsx" | "xlsm" => return Ok(ForeignFormat::Workbook),
        "txt" | "text" => return Ok(ForeignFormat::PageText),
        "pdf" => {
            "copy the table from the document that the PDF was made from, or copy its text \
                  into a .txt file with ` | ` between the cells"
        }
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "svg" | "bmp" | "tif" | "tiff" | "heic"
        | "avif" => "a picture has no text; type the table into a workbook or CSV file",
        "xls" | "xlsb" | "xltx" | "xlt" | "ods" | "numbers" => {
            "open it in a spreadsheet program and save it as .xlsx"
        }
        "doc" | "docx" | "odt" | "rtf" | "pages" => {
            "open it in a word processor and save it as a web page (.html)"
        }
        "ppt" | "pptx" | "odp" | "key" => "copy its table into a workbook and save it as .xlsx",
        "zip" | "gz" | "tar" | "7z" => "unpack it and name the files in it",
        "json" | "yaml" | "yml" | "xml" | "toml" => {
            "convert it into a CSV file with a column for each property"
        }
        _ => {
            "use a file that ends in .md, .mdx, .html, .adoc, .rst, .csv, .tsv, .xlsx or .txt, \
             or name the format"
        }
    };
    let message = if extension.is_empty() {
        format!("the name `{file}` does not say what format the file is in")
    } else {
        format!("files of the kind .{extension} cannot be imported")
    };
    Err(ForeignError::new(message, help))
}

/// Refuses bytes that are clearly in another format than the name says.
fn refuse_other_bytes(bytes: &[u8], format: ForeignFormat) -> Result<(), ForeignError> {
    let is_workbook = format == ForeignFormat::Workbook;
    let (message, help) = if bytes.starts_with(b"%PDF-") {
        (
            "the file is a PDF",
            "copy the table from the document that the PDF was made from",
        )
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") && is_workbook {
        (
            "the workbook is encrypted, or in the format of Excel before 2007",
            "open it in a spreadsheet program and save it as .xlsx without a password",
        )
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        (
            "the file is in an old format of Microsoft Office",
            "open it there and save it as .xlsx or as a web page (.html)",
        )
    } else if bytes.starts_with(b"PK\x03\x04") && !is_workbook {
        (
            "the file is a ZIP archive, such as a workbook or an office document",
            "if it is a workbook, give it a name that ends in .xlsx",
        )
    } else if !bytes.starts_with(b"PK") && is_workbook {
        (
            "the file is no workbook",
            "open it in a spreadsheet program and save it as .xlsx; if it is HTML or CSV, give \
             it a name that says so",
        )
    } else if bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xFF\xD8\xFF") {
        (
            "the file is a picture",
            "a picture has no text; type the table into a workbook or CSV file",
        )
    } else {
        return Ok(());
    };
    Err(ForeignError::new(message, help))
}
