//! Writes tables as LaTeX for the packages `longtable` and `array`, and `hyperref` if
//! there are links. A comment at the top names the packages that are needed. Letters
//! that pdfTeX does not support need LuaLaTeX or XeLaTeX and a font that has them. A
//! group's heading spans all columns, and cells contain no lists.

use std::collections::VecDeque;

use crate::tables::formats::text::{address, inner, one_line, parts};
use crate::tables::styled_text::{Cells, StyledLine, StyledWords};
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
    let width = LINE / columns;
    for group in table.groups {
        if table.grouped {
            let heading = head_lines(cells.label(&group.head), cells.more(&group.head));
            let parts = parts_of_row(vec![heading], LINE);
            for (at, part) in parts.iter().enumerate() {
                // No page ends between a heading and its first row.
                let end = if at + 1 == parts.len() { "*" } else { "" };
                out.push_str(&format!(
                    "\\multicolumn{{{columns}}}{{>{{\\raggedright\\arraybackslash}}\
                     p{{\\dimexpr\\linewidth-2\\tabcolsep\\relax}}}}{{{}}} \\\\{end}\n",
                    part_of_row(part)
                ));
            }
            out.push_str("\\hline\n");
        }
        for line in &group.lines {
            let mut row = vec![head_lines(cells.label(&line.head), cells.more(&line.head))];
            row.extend(line.cells.iter().map(|blocks| cells.lines(blocks)));
            for part in parts_of_row(row, width) {
                out.push_str(&part_of_row(&part));
                out.push_str(" \\\\\n");
            }
            out.push_str("\\hline\n");
        }
    }
    out.push_str("\\end{longtable}\n");
    for note in cells.below(&table.legend) {
        out.push_str(&format!("\n\\noindent {}\n", self::lines(&note)));
    }
}

/// How many letters fit on a line of a page, about, with the space between columns.
const LINE: usize = 54;

/// How many lines of a row stay together, about. A page can end only between rows of the
/// table, and what does not fit on it is lost, so a longer row of the document becomes
/// several rows of the table, without a rule between them.
const TOGETHER: usize = 10;

/// The lines of the cells of one row.
type RowLines<'a> = Vec<Vec<StyledLine<'a>>>;

/// A row in parts of which several fit on a page, in columns of about this many letters.
fn parts_of_row(row: RowLines<'_>, width: usize) -> Vec<RowLines<'_>> {
    let is_short = |lines: &Vec<StyledLine<'_>>| {
        let heights = lines.iter().map(|line| height(line, width));
        heights.sum::<usize>() <= TOGETHER
    };
    if row.iter().all(is_short) {
        return vec![row];
    }
    let queues = row.into_iter().map(|lines| {
        let pieces = lines.into_iter().flat_map(|line| pieces(line, width));
        pieces.collect()
    });
    let mut cells: Vec<VecDeque<StyledLine>> = queues.collect();
    let mut parts = Vec::new();
    while cells.iter().any(|lines| !lines.is_empty()) {
        let part = cells.iter_mut().map(|lines| {
            let mut room = TOGETHER;
            let mut taken = Vec::new();
            while let Some(next) = lines.front().map(|line| height(line, width)) {
                if next > room && !taken.is_empty() {
                    break;
                }
                room = room.saturating_sub(next);
                taken.extend(lines.pop_front());
            }
            taken
        });
        parts.push(part.collect());
    }
    parts
}

/// How many lines a line takes in a column, about.
fn height(line: &StyledLine<'_>, width: usize) -> usize {
    let text = line.text();
    let lines = text.split('\n').map(|part| {
        let letters: usize = part.chars().map(letters).sum();
        letters / width.max(1) + 1
    });
    lines.sum()
}

/// How many letters a character is as wide as.
fn letters(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 }
}

/// A line that is too long for one part, in pieces that end between words.
fn pieces<'a>(line: StyledLine<'a>, width: usize) -> Vec<StyledLine<'a>> {
    if height(&line, width) <= TOGETHER {
        return vec![line];
    }
    let most = TOGETHER * width.max(1);
    let mut pieces = Vec::new();
    let mut piece = StyledLine {
        words: Vec::new(),
        ..line
    };
    let mut room = most;
    for words in line.words {
        let mut is_begun = false;
        let parts = words.text.split_inclusive([' ', '\n']);
        for text in parts.flat_map(|word| chunks(word, most)) {
            let size: usize = text.chars().map(letters).sum();
            let size = size + if text.ends_with('\n') { width } else { 0 };
            if size > room {
                pieces.push(std::mem::take(&mut piece));
                (room, is_begun) = (most, false);
            }
            room = room.saturating_sub(size);
            match piece.words.last_mut().filter(|_| is_begun) {
                Some(last) => last.text.to_mut().push_str(text),
                None => piece.words.push(StyledWords {
                    text: text.to_string().into(),
                    ..words.clone()
                }),
            }
            is_begun = true;
        }
    }
    pieces.push(piece);
    pieces
}

/// A word in chunks of at most this many letters.
fn chunks(word: &str, most: usize) -> Vec<&str> {
    let mut chunks = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (at, c) in word.char_indices() {
        if size + letters(c) > most {
            chunks.push(&word[start..at]);
            (start, size) = (at, 0);
        }
        size += letters(c);
    }
    chunks.push(&word[start..]);
    chunks
}

/// The cells of a part of a row.
fn part_of_row(part: &RowLines<'_>) -> String {
    let mut cells = part.iter().map(|lines| self::lines(lines));
    let first = cells.next().filter(|first| !first.is_empty());
    // An empty line would be the end of a paragraph.
    let first = first.unwrap_or_else(|| "{}".into());
    cells.fold(first, |row, cell| row + "\n& " + &cell)
}

/// A heading: its label in bold, and the lines below it.
fn head_lines<'a>(label: StyledWords<'a>, more: Vec<StyledLine<'a>>) -> Vec<StyledLine<'a>> {
    let label = StyledWords {
        strong: true,
        ..label
    };
    let label = StyledLine::of(vec![label]);
    std::iter::once(label).chain(more).collect()
}

/// A checklist as lists of tasks with boxes to tick.
pub fn checklist(table: Table<'_>, cells: &Cells<'_>, out: &mut String) {
    let mut paragraphs = vec![words(&[one_line(&table.caption)])];
    for group in table.groups {
        if table.grouped {
            let heading = head_lines(cells.label(&group.head), cells.more(&group.head));
            paragraphs.push(lines(&heading));
        }
        let mut list = String::from("\\begin{itemize}\n");
        for line in &group.lines {
            list.push_str(&format!(
                "\\item {}\n",
                text(&StyledLine::of(vec![cells.label(&line.head)]))
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
fn item(line: &StyledLine<'_>) -> String {
    let mark = match line.task {
        true => "[\\fbox{\\rule{0pt}{1ex}\\rule{1ex}{0pt}}]",
        false => "",
    };
    format!("\\item{mark} {}\n", text(line))
}

fn bold(label: StyledWords<'_>) -> String {
    text(&StyledLine::of(vec![StyledWords {
        strong: true,
        ..label
    }]))
}

/// The lines of a cell. Entries of lists begin with a bullet.
fn lines(lines: &[StyledLine<'_>]) -> String {
    let shown = lines.iter().map(|line| match line.entry {
        true => format!("\\textbullet{{}} {}", text(line)),
        false => text(line),
    });
    let shown: Vec<String> = shown.filter(|line| !line.is_empty()).collect();
    shown.join("\\newline{}\n")
}

/// A line, which may contain line breaks.
fn text(line: &StyledLine<'_>) -> String {
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
