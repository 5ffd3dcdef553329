//! An age on the command line, such as `12 months`.

use std::str::FromStr;

use jiff::{Span, civil::Date};

use crate::site::Stale;

/// How old something may be, by the calendar.
#[derive(Clone, Debug)]
pub(super) struct Age {
    span: Span,
    text: String,
}

/// The highest number that an age may have.
const MOST: i64 = 9_999;

impl FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> Result<Age, String> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit());
        let (number, unit) = text.split_at(end.unwrap_or(text.len()));
        let number = number.parse().ok().filter(|n| (1..=MOST).contains(n));
        let span = number.and_then(|n| {
            let span = Span::new();
            Some(match unit.trim().to_ascii_lowercase().as_str() {
                "d" | "day" | "days" => span.days(n),
                "w" | "week" | "weeks" => span.weeks(n),
                "m" | "month" | "months" => span.months(n),
                "y" | "year" | "years" => span.years(n),
                _ => return None,
            })
        });
        let span = span.ok_or_else(|| {
            format!(
                "write a number from 1 to {MOST} and a unit: `12 months`, `365d`, `52 weeks` or `1 year`"
            )
        })?;
        let text = text.to_string();
        Ok(Age { span, text })
    }
}

impl Age {
    /// Which reviews are too old on a day.
    pub(super) fn stale(&self, today: Date) -> Stale {
        Stale {
            before: today.saturating_sub(self.span),
            age: self.text.clone(),
        }
    }
}
