//! Writes tables as LaTeX for the packages `longtable` and `array`, and `hyperref` if
//! there are links. A comment at the top names the packages that are needed. Letters
//! that pdfTeX does not support need LuaLaTeX or XeLaTeX and a font that has them. A
//! group's heading spans all columns, and cells contain no lists.

use crate::tables::formats::text::{address, inner, one_line, parts};
use crate::tables::styled_text::{self, Cells, StyledWords};
use crate::tables::table::Table;

/// The comment at the top, which names the packages.
pub fn packages(body: &str) -> String {
    let mut packages = Vec::new();
    if body.contains("\\begin{longtable}") {
        packages.extend(["longtable", "array"]);
    }
    if body.contains("\\href{") {
        packages.push("hyperref");
    }
    match packages.is_empty() {
        true => String::new(),
        false => format!("% \\usepackage{{{}}}\n", packages.join(",")),
    }
}

/// A table with its caption, whose header is repeated on every page.
pub fn table(table: Table<'_>, cells: &Cells<'_>, out: &mut String) {
    let labels = &table.columns[usize::from(table.grouped)..];
    let columns = labels.len();
    out.push_str(&format!(
        "\\begin{{longtable}}{{*{{{columns}}}{{>{{\\raggedright\\arraybackslash}}\
         p{{\\dimexpr\\linewidth/{columns}-2\\tabcolsep\\relax}}}}}}\n"
    ));
    let caption = words(&[one_line(&table.caption)]);
    if !caption.is_empty() {
        out.push_str(&format!("\\caption{{{caption}}}\\\\\n"));
    }
    let labels = labels.iter().map(|column| bold(one_line(column.label)));
    let labels: Vec<String> = labels.collect();
    let header = format!("\\hline\n{} \\\\\n\\hline\n", labels.join("\n& "));
    out.push_str(&format!("{header}\\endfirsthead\n{header}\\endhead\n"));
    for group in table.groups {
        if table.grouped {
            out.push_str(&format!(
                "\\multicolumn{{{columns}}}{{>{{\\raggedright\\arraybackslash}}\
                 p{{\\dimexpr\\linewidth-2\\tabcolsep\\relax}}}}{{{}}} \\\\*\n\\hline\n",
                head(cells.label(&group.head), &cells.more(&group.head))
            ));
        }
        for line in &group.lines {
            out.push_str(&head(cells.label(&line.head), &cells.more(&line.head)));
            for blocks in &line.cells {
                out.push_str("\n& ");
                out.push_str(&self::lines(&cells.lines(blocks)));
            }
            out.push_str(" \\\\\n\\hline\n");
        }
    }
    out.push_str("\\end{longtable}\n");
    for note in cells.below(&table.legend) {
        out.push_str(&format!("\n\\noindent {}\n", self::lines(&note)));
    }
}

/// A checklist as lists of tasks with boxes to tick.
pub fn checklist(table: Table<'_>, cells: &Cells<'_>, out: &mut String) {
    let mut paragraphs = vec![words(&[one_line(&table.caption)])];
    for group in table.groups {
        if table.grouped {
            paragraphs.push(head(cells.label(&group.head), &cells.more(&group.head)));
        }
        let mut list = String::from("\\begin{itemize}\n");
        for line in &group.lines {
            list.push_str(&format!(
                "\\item {}\n",
                text(&styled_text::StyledLine::of(vec![cells.label(&line.head)]))
            ));
            let lines = line.cells.iter().flat_map(|blocks| cells.lines(blocks));
            let items: Vec<String> = lines.map(|line| item(&line)).collect();
            if !items.is_empty() {
                list.push_str("\\begin{itemize}\n");
                list.push_str(&items.concat());
                list.push_str("\\end{itemize}\n");
            }
        }
        list.push_str("\\end{itemize}");
        paragraphs.push(list);
    }
    let notes = cells.notes.take();
    let notes = notes
        .iter()
        .map(|note| format!("\\noindent {}", lines(note)));
    paragraphs.extend(notes);
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    out.push_str(&paragraphs.join("\n\n"));
    out.push('\n');
}

/// An entry of a checklist; tasks have a box.
fn item(line: &styled_text::StyledLine<'_>) -> String {
    let mark = match line.task {
        true => "[\\fbox{\\rule{0pt}{1ex}\\rule{1ex}{0pt}}]",
        false => "",
    };
    format!("\\item{mark} {}\n", text(line))
}

/// A heading: its label in bold, and the lines below it.
fn head(label: StyledWords<'_>, more: &[styled_text::StyledLine<'_>]) -> String {
    let shown = [bold(label), lines(more)];
    let shown: Vec<String> = shown.into_iter().filter(|s| !s.is_empty()).collect();
    shown.join("\\newline{}\n")
}

fn bold(label: StyledWords<'_>) -> String {
    text(&styled_text::StyledLine::of(vec![StyledWords {
        strong: true,
        ..label
    }]))
}

/// The lines of a cell. Entries of lists begin with a bullet.
fn lines(lines: &[styled_text::StyledLine<'_>]) -> String {
    let shown = lines.iter().map(|line| match line.entry {
        true => format!("\\textbullet{{}} {}", text(line)),
        false => text(line),
    });
    let shown: Vec<String> = shown.filter(|line| !line.is_empty()).collect();
    shown.join("\\newline{}\n")
}

/// A line, which may contain line breaks.
fn text(line: &styled_text::StyledLine<'_>) -> String {
    let parts: Vec<String> = parts(line).iter().map(|part| words(part)).collect();
    parts.join("\\newline{}\n")
}

/// Words of one line.
pub fn words(words: &[StyledWords<'_>]) -> String {
    let mut out = String::new();
    for one in words {
        let (before, text, after) = inner(&one.text);
        out.push_str(before);
        if !text.is_empty() {
            styled(one, text, &mut out);
        }
        out.push_str(after);
    }
    out
}

fn styled(words: &StyledWords<'_>, text: &str, out: &mut String) {
    let commands = [
        (words.strong, "\\textbf{"),
        (words.emphasis, "\\emph{"),
        (words.code, "\\texttt{"),
    ];
    let mut open = 0;
    if let Some(link) = &words.link {
        let link = address(link, "$~").replace('%', "\\%").replace('#', "\\#");
        out.push_str(&format!("\\href{{{link}}}{{"));
        open += 1;
    }
    for (_, command) in commands.iter().filter(|(is, _)| *is) {
        out.push_str(command);
        open += 1;
    }
    escape(text, out);
    out.push_str(&"}".repeat(open));
}

/// Escapes plain text. Two characters that would become one are kept apart.
fn escape(text: &str, out: &mut String) {
    let mut before = ' ';
    for c in text.chars() {
        if c == before && "-',<>".contains(c) {
            out.push_str("{}");
        }
        before = c;
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '`' => out.push_str("\\textasciigrave{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            // Some languages of `babel` give it another meaning.
            '"' => out.push_str("\\symbol{34}"),
            // After the end of a line, LaTeX would read these as its argument.
            '[' | ']' | '*' => out.push_str(&format!("{{{c}}}")),
            '{' | '}' | '$' | '&' | '#' | '%' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
}
