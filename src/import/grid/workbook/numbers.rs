//! Numbers as a spreadsheet shows them.

/// A number in a format, or nothing if the format is of a kind that is not known here:
/// fractions, exponents and conditions.
pub(super) fn shown(value: f64, format: &str) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let format = format.trim();
    if format.is_empty() || format.eq_ignore_ascii_case("general") || format == "@" {
        return Some(general(value));
    }
    let sections = sections(format);
    let (section, has_sign) = match sections.as_slice() {
        [only] => (only, value < 0.0),
        [positive, negative, ..] if value < 0.0 => (
            if negative.is_empty() {
                positive
            } else {
                negative
            },
            false,
        ),
        [_, _, zero, ..] if value == 0.0 => (zero, false),
        [positive, ..] => (positive, false),
        [] => return None,
    };
    let pattern = Pattern::read(section)?;
    let text = pattern.write(value.abs())?;
    let is_zero = !text.chars().any(|c| matches!(c, '1'..='9'));
    let sign = if has_sign && !is_zero { "-" } else { "" };
    Some(format!("{sign}{text}").trim().to_string())
}

/// A number without a format: at most eleven characters, unless it is an integer.
pub(super) fn general(value: f64) -> String {
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    let text = format!("{rounded}");
    match text.find('.') {
        Some(point) if text.len() > 11 => {
            let places = 10_usize.saturating_sub(point);
            let short = rounded_decimal(rounded.abs(), places.max(1));
            let short = short.trim_end_matches('0').trim_end_matches('.');
            let sign = if rounded < 0.0 && short != "0" {
                "-"
            } else {
                ""
            };
            format!("{sign}{short}")
        }
        _ if text == "-0" => "0".to_string(),
        _ => text,
    }
}

/// The parts of a format between semicolons.
fn sections(format: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut in_quotes = false;
    let mut is_escaped = false;
    for (at, character) in format.char_indices() {
        if is_escaped {
            is_escaped = false;
        } else if character == '"' {
            in_quotes = !in_quotes;
        } else if in_quotes {
        } else if character == '\\' {
            is_escaped = true;
        } else if character == ';' {
            found.push(&format[start..at]);
            start = at + 1;
        }
    }
    found.push(&format[start..]);
    found
}

/// One section of a format.
#[derive(Default)]
struct Pattern {
    prefix: String,
    suffix: String,
    has_digits: bool,
    /// Digits before the point that are always shown.
    whole: usize,
    /// Digits after the point: always shown, and at most.
    least: usize,
    most: usize,
    after_point: bool,
    has_thousands: bool,
    /// Commas at the end, each of which divides by a thousand.
    commas: usize,
    percents: usize,
    is_general: bool,
}

impl Pattern {
    fn read(section: &str) -> Option<Pattern> {
        let mut pattern = Pattern::default();
        let mut rest = section.chars();
        if let Some(at) = section.to_ascii_lowercase().find("general") {
            pattern.prefix = literal(section.get(..at)?)?;
            pattern.suffix = literal(section.get(at + 7..)?)?;
            pattern.is_general = true;
            return Some(pattern);
        }
        while let Some(character) = rest.next() {
            match character {
                '0' | '#' | '?' => pattern.digit(character)?,
                '.' if pattern.suffix.is_empty() && !pattern.after_point => {
                    pattern.after_point = true;
                    pattern.has_digits = true;
                }
                ',' if pattern.has_digits && pattern.suffix.is_empty() => pattern.commas += 1,
                '%' => {
                    pattern.percents += 1;
                    pattern.put('%');
                }
                'E' | 'e' if pattern.has_digits => return None,
                '/' if pattern.has_digits => return None,
                _ => pattern.literal(character, &mut rest)?,
            }
        }
        Some(pattern)
    }

    fn digit(&mut self, character: char) -> Option<()> {
        if !self.suffix.is_empty() {
            // Text between digits, as in `000-00`.
            return None;
        }
        self.has_digits = true;
        if self.commas > 0 && !self.after_point {
            self.has_thousands = true;
            self.commas = 0;
        }
        if self.after_point {
            self.most += 1;
            if character == '0' {
                self.least = self.most;
            }
        } else if character == '0' || self.whole > 0 {
            self.whole += 1;
        }
        Some(())
    }

    fn literal(&mut self, character: char, rest: &mut std::str::Chars<'_>) -> Option<()> {
        match character {
            '"' => {
                for inner in rest.by_ref() {
                    if inner == '"' {
                        return Some(());
                    }
                    self.put(inner);
                }
            }
            '\\' => self.put(rest.next()?),
            // As wide as the next character.
            '_' => {
                rest.next()?;
                self.put(' ');
            }
            // Filled with the next character.
            '*' => {
                rest.next()?;
            }
            '[' => {
                let inner: String = rest.by_ref().take_while(|c| *c != ']').collect();
                if inner.starts_with(['<', '>', '=']) {
                    return None;
                }
                if let Some(currency) = inner.strip_prefix('$') {
                    let symbol = currency.split('-').next().unwrap_or_default();
                    symbol.chars().for_each(|c| self.put(c));
                }
            }
            '@' => return None,
            letter if letter.is_ascii_alphabetic() => return None,
            other => self.put(other),
        }
        Some(())
    }

    fn put(&mut self, character: char) {
        if self.has_digits {
            self.suffix.push(character);
        } else {
            self.prefix.push(character);
        }
    }

    fn write(&self, value: f64) -> Option<String> {
        let number = if self.is_general {
            general(value)
        } else if self.has_digits {
            self.digits(value)
        } else {
            String::new()
        };
        Some(format!("{}{number}{}", self.prefix, self.suffix))
    }

    fn digits(&self, value: f64) -> String {
        let exponent = 2 * self.percents as i32 - 3 * self.commas as i32;
        let scaled = if exponent == 0 {
            value
        } else {
            value * 10_f64.powi(exponent)
        };
        let text = rounded_decimal(scaled, self.most);
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let whole = whole.trim_start_matches('0');
        let mut whole = format!("{whole:0>width$}", width = self.whole);
        if self.has_thousands {
            whole = with_thousands(&whole);
        }
        let kept = fraction.trim_end_matches('0').len().max(self.least);
        let fraction = &fraction[..kept.min(fraction.len())];
        let point = if self.after_point { "." } else { "" };
        format!("{whole}{point}{fraction}")
    }
}

fn literal(text: &str) -> Option<String> {
    let pattern = Pattern::read(text)?;
    (!pattern.has_digits).then_some(pattern.prefix)
}

fn with_thousands(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number that is not negative with so many places, halves rounded up as written in
/// decimal: 1.005 is 1.01, although the binary number is a little less.
fn rounded_decimal(value: f64, places: usize) -> String {
    let exact: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    let text = format!("{exact}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let end = whole.len() + places;
    let rounds_up = digits.get(end).is_some_and(|digit| *digit >= b'5');
    digits.resize(end, b'0');
    if rounds_up {
        let mut at = end;
        loop {
            if at == 0 {
                digits.insert(0, b'1');
                break;
            }
            at -= 1;
            if digits[at] < b'9' {
                digits[at] += 1;
                break;
            }
            digits[at] = b'0';
        }
    }
    let point = digits.len() - places;
    let digit = |byte: &u8| char::from(*byte);
    let whole: String = digits[..point].iter().map(digit).collect();
    let fraction: String = digits[point..].iter().map(digit).collect();
    if places == 0 {
        whole
    } else {
        format!("{whole}.{fraction}")
    }
}
