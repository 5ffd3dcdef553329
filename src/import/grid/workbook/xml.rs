//! Small helpers to read the XML parts of a workbook.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::import::grid::foreign::ForeignError;
use crate::import::grid::workbook::archive::broken;

/// What happens in an XML part.
pub(super) enum Step<'a> {
    /// An element begins. An element without content begins and ends.
    Start(&'a BytesStart<'a>),
    /// An element ends.
    End(&'a str),
    /// Text, with references resolved.
    Text(&'a str),
}

/// Reads a part from its beginning to its end.
pub(super) fn each(xml: &str, mut take: impl FnMut(Step<'_>)) -> Result<(), ForeignError> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(element) => take(Step::Start(&element)),
            Event::Empty(element) => {
                take(Step::Start(&element));
                take(Step::End(element.local_name().as_ref()));
            }
            Event::End(element) => take(Step::End(element.local_name().as_ref())),
            Event::Text(text) => take(Step::Text(&text.xml10_content())),
            Event::CData(text) => take(Step::Text(text.as_ref())),
            Event::GeneralRef(reference) => {
                if let Ok(Some(character)) = reference.resolve_char_ref() {
                    take(Step::Text(character.encode_utf8(&mut [0; 4])));
                } else if let Some(text) =
                    quick_xml::escape::resolve_predefined_entity(reference.as_ref())
                {
                    take(Step::Text(text));
                }
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The value of an attribute, by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0);
    Some(value.ok()?.into_owned())
}

/// Whether an attribute is on.
pub(super) fn is_on(element: &BytesStart<'_>, name: &str) -> bool {
    let value = attribute(element, name);
    value.is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on"))
}

/// Row and column of a reference such as `B7`, counted from 0.
pub(super) fn position(reference: &str) -> Option<(u32, u32)> {
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let mut column: u32 = 0;
    for letter in reference[..digits].bytes() {
        let value = u32::from(letter.to_ascii_uppercase().checked_sub(b'A')?) + 1;
        if value > 26 {
            return None;
        }
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    let row: u32 = reference[digits..].parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}
