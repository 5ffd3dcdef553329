//! The text of one cell of a sheet.

use calamine::{DataRef, ExcelDateTime, Style};

use crate::import::grid::foreign::{CellText, LeftOutKind};
use crate::import::grid::text::{TextBuilder, Where};
use crate::import::grid::workbook::facts::RichRun;
use crate::import::grid::workbook::numbers::{general, shown};

/// How a cell is styled.
#[derive(Clone, Default)]
pub(super) struct CellStyle {
    is_bold: bool,
    is_struck: bool,
    format: String,
}

impl CellStyle {
    /// What matters of a style.
    pub(super) fn of(style: &Style) -> CellStyle {
        let font = style.font.as_ref();
        let format = style.number_format.as_ref();
        CellStyle {
            is_bold: font.is_some_and(calamine::Font::is_bold),
            is_struck: font.is_some_and(calamine::Font::has_strikethrough),
            format: format.map_or_else(String::new, |format| format.format_code.clone()),
        }
    }
}

/// What a cell says, and what is left out of it.
#[derive(Default)]
pub(super) struct CellValue {
    pub(super) text: CellText,
    pub(super) is_bold: bool,
    pub(super) left_out: Vec<(LeftOutKind, String)>,
}

/// The text of a cell.
pub(super) fn value(
    data: &DataRef<'_>,
    style: &CellStyle,
    rich: Option<&Vec<RichRun>>,
) -> CellValue {
    let mut cell = CellValue::default();
    let mut builder = TextBuilder::default();
    match rich {
        Some(runs) => {
            for run in runs {
                if run.is_struck || style.is_struck {
                    cell.left_out
                        .push((LeftOutKind::StruckOut, run.text.clone()));
                } else if run.is_raised {
                    builder.marks(&run.text);
                } else {
                    builder.lines(&run.text);
                }
            }
        }
        None => {
            let text = text(data, &style.format, &mut cell.left_out);
            if style.is_struck {
                cell.left_out.push((LeftOutKind::StruckOut, text));
            } else {
                builder.lines(&text);
            }
        }
    }
    cell.left_out.retain(|(_, text)| !text.trim().is_empty());
    // Bold is a property of the cell; in the text it would only be noise.
    cell.text = builder.finish(Where::Cell).0;
    cell.is_bold = style.is_bold && !cell.text.is_empty();
    cell
}

fn text(data: &DataRef<'_>, format: &str, left_out: &mut Vec<(LeftOutKind, String)>) -> String {
    match data {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_string(),
        DataRef::Bool(true) => "TRUE".to_string(),
        DataRef::Bool(false) => "FALSE".to_string(),
        DataRef::Int(number) => shown_or_plain(*number as f64, format, left_out),
        DataRef::Float(number) => shown_or_plain(*number, format, left_out),
        DataRef::DateTime(date) => date_text(date, format),
        DataRef::DateTimeIso(text) => text.trim_end_matches("T00:00:00").to_string(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => {
            let text = error.to_string();
            left_out.push((LeftOutKind::ErrorValue, text.clone()));
            text
        }
    }
}

fn shown_or_plain(number: f64, format: &str, left_out: &mut Vec<(LeftOutKind, String)>) -> String {
    shown(number, format).unwrap_or_else(|| {
        let plain = general(number);
        left_out.push((
            LeftOutKind::NumberFormat,
            format!("{plain} in the format {format}"),
        ));
        plain
    })
}

/// A date as YYYY-MM-DD, with the time if the format shows one.
fn date_text(date: &ExcelDateTime, format: &str) -> String {
    let format = without_literals(format);
    let has_time = format.contains('h') || format.contains('s');
    if date.is_duration() {
        let seconds = (date.as_f64() * 86_400.0).round() as i64;
        let sign = if seconds < 0 { "-" } else { "" };
        let seconds = seconds.unsigned_abs();
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        return format!("{sign}{hours}:{minutes:02}:{:02}", seconds % 60);
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let has_date = format.contains('y') || format.contains('d');
    let time = if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    };
    let day = format!("{year:04}-{month:02}-{day:02}");
    match (has_date || !has_time, has_time) {
        (true, true) => format!("{day} {time}"),
        (true, false) => day,
        (false, _) => time,
    }
}

/// The letters of a format in lower case, without quoted text and what is in brackets.
fn without_literals(format: &str) -> String {
    let mut out = String::new();
    let mut end = None;
    let mut is_escaped = false;
    for character in format.chars() {
        match (end, character) {
            _ if is_escaped => is_escaped = false,
            (Some(close), character) if close == character => end = None,
            (Some(_), _) => {}
            (None, '"') => end = Some('"'),
            (None, '[') => end = Some(']'),
            (None, '\\') => is_escaped = true,
            (None, character) => out.push(character.to_ascii_lowercase()),
        }
    }
    out
}
