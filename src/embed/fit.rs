//! How a table of any format is put into a document of any kind.

use crate::embed::regions::Dialect;
use crate::tables::formats::{TableFormat, inert};
use crate::text::Html;

/// The format that belongs to a dialect.
pub(super) fn natural(dialect: Dialect) -> TableFormat {
    match dialect {
        Dialect::Markdown | Dialect::Plain => TableFormat::Markdown,
        Dialect::Mdx => TableFormat::Mdx,
        Dialect::Html => TableFormat::Html,
        Dialect::Asciidoc => TableFormat::Asciidoc,
        Dialect::Rst => TableFormat::Rst,
        Dialect::Latex => TableFormat::Latex,
        // Org exports HTML and LaTeX as they are.
        Dialect::Org => TableFormat::Html,
    }
}

/// Prepares a text in a format for a document in a dialect: a foreign format becomes
/// a code block. There are no empty lines around the result.
pub(super) fn fit(made: &str, format: TableFormat, dialect: Dialect) -> String {
    let made = made.replace("\r\n", "\n");
    let made = made.trim_matches('\n');
    let name = format.word();
    match (dialect, format) {
        (Dialect::Markdown, TableFormat::Html) | (Dialect::Plain, _) => made.to_string(),
        (Dialect::Org, _) => org_block(made, format),
        _ if format == natural(dialect) => made.to_string(),
        // Template engines also act inside code blocks.
        (Dialect::Markdown, _) if ["{{", "{%", "{#"].iter().any(|open| made.contains(open)) => {
            let mut code = String::new();
            inert::html(Html::escaped(made).as_str(), &mut code);
            let code = code.replace('\n', "&#10;");
            format!("<pre><code class=\"language-{name}\">{code}</code></pre>")
        }
        (Dialect::Markdown | Dialect::Mdx, _) => {
            let longest = made.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            format!("{fence}{name}\n{made}\n{fence}")
        }
        (Dialect::Html, _) => {
            let mut code = Html::new();
            code.markup("<pre><code>")
                .text(made)
                .markup("</code></pre>");
            code.into_string()
        }
        (Dialect::Asciidoc, TableFormat::Html) => format!("++++\n{made}\n++++"),
        (Dialect::Asciidoc, _) => {
            let longest = made.lines().filter(|l| l.bytes().all(|b| b == b'-'));
            let longest = longest.map(str::len).max().unwrap_or(0);
            let fence = "-".repeat(longest.max(3) + 1);
            format!("[source,{name}]\n{fence}\n{made}\n{fence}")
        }
        (Dialect::Latex, _) => {
            // Nothing else has a meaning there, and this has none within the text.
            let made = made.replace("\\end{verbatim}", "\\end {verbatim}");
            format!("\\begin{{verbatim}}\n{made}\n\\end{{verbatim}}")
        }
        (Dialect::Rst, _) => {
            let head = match format {
                TableFormat::Html => ".. raw:: html".to_string(),
                _ => format!(".. code-block:: {name}"),
            };
            let indented: Vec<String> = made
                .lines()
                .map(|line| format!("   {line}").trim_end().to_string())
                .collect();
            format!("{head}\n\n{}", indented.join("\n"))
        }
    }
}

/// A block of Org. A line that Org would read gets a comma, which Org removes.
fn org_block(made: &str, format: TableFormat) -> String {
    let lines = made.lines().map(|line| {
        let is_read = line.trim_start_matches(',').starts_with(['*', '#']);
        let comma = if is_read { "," } else { "" };
        format!("{comma}{line}\n")
    });
    let lines: String = lines.collect();
    let name = format.word();
    match format {
        TableFormat::Html | TableFormat::Latex => {
            format!("#+begin_export {name}\n{lines}#+end_export")
        }
        _ => format!("#+begin_src {name}\n{lines}#+end_src"),
    }
}
