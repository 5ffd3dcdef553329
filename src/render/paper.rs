//! Makes the style sheet for printing. The page for printing is in `pages`.

use crate::pages::Project;

/// A style sheet for printing: it puts facts about the document at the foot of each
/// sheet. Only a style sheet can do that (CSS Paged Media Module Level 3, 5).
pub fn paper_style(project: &Project<'_>) -> String {
    let (document, strings) = (project.document, project.strings);
    let mut facts = vec![project.title().to_string()];
    let mut fact = |key, value: Option<&str>| {
        facts.extend(value.map(|value| format!("{}: {value}", strings.get(key))));
    };
    fact("version", document.version.as_ref().map(|t| &*t.value));
    fact("effective", document.effective.as_ref().map(|d| &*d.text));
    let facts = css_string(&facts.join(" \u{b7} "));
    format!(
        "@media print {{\n  @page {{\n    @bottom-left {{ content: {facts}; }}\n    \
         @bottom-right {{ content: counter(page) \" / \" counter(pages); }}\n  }}\n}}\n"
    )
}

/// A text as a CSS string (CSS Syntax Module Level 3, 4.3.5): everything except
/// letters, digits and spaces is escaped.
fn css_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c.is_alphanumeric() || c == ' ' {
            true => out.push(c),
            false => out.push_str(&format!("\\{:x} ", u32::from(c))),
        }
    }
    out.push('"');
    out
}
