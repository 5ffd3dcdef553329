//! Days as written in files. Which day is today is not known here.

use crate::findings::Place;
use crate::input::tree::{Decode, Decoder, Node, Value};

/// A calendar day, written YYYY-MM-DD (ISO 8601).
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Date {
    /// The day as written, YYYY-MM-DD.
    pub text: String,
    /// The same day, for comparisons.
    pub day: jiff::civil::Date,
    /// Where it is written.
    pub place: Place,
}

impl Decode for Date {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        if let Value::Scalar { text, .. } = &node.value
            && text.len() == 10
            && let Ok(day) = text.parse()
        {
            return Some(Date {
                text: text.clone(),
                day,
                place: d.place(node.span.clone()),
            });
        }
        let finding = d.wrong(node, "a valid date, written YYYY-MM-DD");
        let help = match &node.value {
            Value::Scalar { text, .. } => Some(date_help(text)),
            _ => None,
        };
        d.findings.push(finding.help_from(help));
        None
    }
}

/// How to write a day: the one that was meant, if that is certain.
pub fn date_help(text: &str) -> String {
    match day_meant(text) {
        Some(day) => format!("write it like this: `{day}`"),
        None => "write year, month and day, like this: `2026-01-31`".into(),
    }
}

/// The day that a text in another form means. A text such as `01/05/2026` means another
/// day in each country.
fn day_meant(text: &str) -> Option<jiff::civil::Date> {
    let parts: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty() && *part != "of")
        .map(str::to_lowercase)
        .collect();
    let number = |part: &str| {
        let digits = part.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']);
        digits.parse::<i8>().ok()
    };
    let year = |part: &str| part.parse::<i16>().ok().filter(|_| part.len() == 4);
    let month = |part: &str| {
        let begins = |month: &&str| part.len() >= 3 && month.starts_with(part);
        let at = MONTHS.iter().position(begins)?;
        i8::try_from(at + 1).ok()
    };
    let [a, b, c] = [parts.first()?, parts.get(1)?, parts.get(2)?];
    if parts.len() > 3 {
        return None;
    }
    let (year, month, day) = match (year(a), year(c)) {
        (Some(year), _) => (year, month(b).or_else(|| number(b))?, number(c)?),
        (None, Some(year)) => match (month(a), month(b)) {
            (Some(month), _) => (year, month, number(b)?),
            (None, Some(month)) => (year, month, number(a)?),
            _ if text.contains('.') => (year, number(b)?, number(a)?),
            _ => return None,
        },
        _ => return None,
    };
    jiff::civil::Date::new(year, month, day).ok()
}

/// The names of months, which may be shortened.
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl schemars::JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}
