//! Writes findings as annotations of GitHub Actions.

use crate::findings::Severity;
use crate::report::folded::Folded;
use crate::report::plain::plain;
use crate::report::position;
use crate::source::Source;

/// A workflow command of GitHub Actions; `%`, line ends and, in properties,
/// `:` and `,` are encoded as its toolkit does.
pub(super) fn github(folded: &Folded<'_>, source: &Source) -> String {
    let finding = folded.finding;
    let data = |text: &str| {
        let encoded = text.replace('%', "%25").replace('\r', "%0D");
        plain(&encoded.replace('\n', "%0A"))
    };
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let word = match finding.severity {
        _ if finding.acknowledged.is_some() => "notice",
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(place) = &finding.place {
        properties.push(format!("file={}", property(&source.shown(&place.file))));
        if let Some((start, end)) = position(place, source) {
            properties.push(format!("line={}", start.line));
            properties.push(format!("col={}", start.column));
            if end.line == start.line && end.column > start.column {
                properties.push(format!("endColumn={}", end.column));
            }
        }
    }
    properties.push(format!("title={}", property(finding.code.id())));
    let mut message = finding.message.clone();
    for help in &finding.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    if let Some(more) = folded.more_places(source) {
        message.push('\n');
        message.push_str(&more);
    }
    format!("::{word} {}::{}\n", properties.join(","), data(&message))
}
