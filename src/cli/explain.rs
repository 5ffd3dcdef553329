//! `explain`: what a code of findings means.

use crate::cli::terminal::{Exit, Terminal, complain};
use crate::findings::{Code, Findings, nearest};
use crate::report::ReportFormat;

/// Width of the text, in characters.
const WIDTH: usize = 80;

impl Terminal {
    /// Explains a code, or lists all of them.
    pub(super) fn explain(&self, code: Option<&str>) -> Exit {
        let Some(given) = code else {
            let lines = Code::ALL.iter().map(|code| {
                let severity = code.severity().word();
                format!("{} {severity:<8} {}\n", code.id(), code.title())
            });
            return self.data(lines.collect::<String>().as_bytes());
        };
        let id = given.trim().to_uppercase();
        let id = match id.chars().all(|c| c.is_ascii_digit()) {
            true => format!("SRM{id}"),
            false => id,
        };
        let Some(code) = Code::from_id(&id) else {
            complain(&format!("error: there is no finding code `{given}`"));
            let ids = Code::ALL.iter().map(|code| code.id());
            if let Some(near) = nearest(&id, ids) {
                complain(&format!("help: did you mean `{near}`?"));
            }
            complain("help: `srm-site explain` lists all codes");
            return Exit::Usage;
        };
        let text = format!(
            "{}: {}\n\nSeverity: {}.\n\n{}\n",
            code.id(),
            code.title(),
            code.severity().word(),
            wrapped(code.why())
        );
        self.data(text.as_bytes())
    }

    /// Says once, below findings for people, how to read more about a code.
    pub(super) fn hint(&self, findings: &Findings, format: ReportFormat) {
        let mut shown = findings.list.iter();
        let first = shown.find(|f| f.acknowledged.is_none() || self.verbose);
        if let (ReportFormat::Human, Some(finding)) = (format, first) {
            let id = finding.code.id();
            self.say(&format!("for more about a code: srm-site explain {id}"));
        }
    }
}

/// A paragraph in lines that fit a terminal.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            out.push('\n');
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
    out
}
