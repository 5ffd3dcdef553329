//! Tables of AsciiDoc.

use crate::import::grid::asciidoc::{Line, Writer, quoted};
use crate::import::grid::limits::{MAX_BYTES, MAX_CELLS};
use crate::import::grid::places::Joined;
use crate::import::grid::separated;

/// What a cell says before its separator, such as `2.3+^.>a`.
#[derive(Clone, Copy)]
struct Spec {
    columns: usize,
    rows: usize,
    copies: usize,
    style: char,
}

const PLAIN: Spec = Spec {
    columns: 1,
    rows: 1,
    copies: 1,
    style: ' ',
};

/// The largest span or number of copies.
const MAX_SPAN: usize = 1_000;

struct Cell {
    spec: Spec,
    text: String,
    at: usize,
}

/// What the lines above a table say about it.
pub(super) struct TableOptions {
    list: Vec<(String, String)>,
    /// `|`, `,`, `:` or `!` of the line that begins the table.
    delimiter: char,
}

impl TableOptions {
    /// Reads an attribute list such as `%header,cols="1,2"`.
    pub(super) fn new(text: &str, delimiter: char) -> TableOptions {
        let mut list = Vec::new();
        let mut item = String::new();
        let mut in_quotes = false;
        for character in text.chars().chain([',']) {
            match character {
                '"' => in_quotes = !in_quotes,
                ',' if !in_quotes => {
                    let (name, value) = item.split_once('=').unwrap_or((&item, ""));
                    list.push((name.trim().to_string(), value.trim().to_string()));
                    item.clear();
                }
                character => item.push(character),
            }
        }
        TableOptions { list, delimiter }
    }

    fn value(&self, name: &str) -> Option<&str> {
        let found = self.list.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn has(&self, option: &str) -> bool {
        let short = format!("%{option}");
        let is_short = |(name, _): &(String, String)| name.contains(&short);
        let long = self.value("options").or(self.value("opts")).unwrap_or("");
        self.list.iter().any(is_short) || long.split(',').any(|word| word.trim() == option)
    }

    /// The style of each column that `cols` lists.
    fn columns(&self) -> Vec<char> {
        let mut columns = Vec::new();
        for item in self.value("cols").unwrap_or("").split([',', ';']) {
            let item = item.trim();
            let (copies, item) = match item.split_once('*') {
                Some((copies, item)) => (copies.parse().unwrap_or(1), item),
                None => (1, item),
            };
            let style = item.chars().next_back().filter(|c| "aehlmsdv".contains(*c));
            let room = MAX_SPAN.saturating_sub(columns.len());
            columns.extend(std::iter::repeat_n(style.unwrap_or(' '), room.min(copies)));
        }
        if self.value("cols").is_none() {
            columns.clear();
        }
        columns
    }

    /// The separator of cells, and whether the table is written as CSV.
    fn separator(&self) -> (char, bool) {
        let given = self.value("separator").and_then(|value| match value {
            "\\t" => Some('\t'),
            value => value.chars().next(),
        });
        let (usual, is_csv) = match (self.value("format"), self.delimiter) {
            (Some("csv"), _) | (None, ',') => (',', true),
            (Some("tsv"), _) => ('\t', true),
            (Some("dsv"), _) | (None, ':') => (':', true),
            (_, '!') => ('!', false),
            _ => ('|', false),
        };
        (given.unwrap_or(usual), is_csv)
    }
}

impl Writer<'_> {
    /// Writes a table. The lines are those between its delimiters.
    pub(super) fn table(
        &mut self,
        lines: &[Line<'_>],
        options: &TableOptions,
        title: Option<&str>,
        at: usize,
        depth: usize,
    ) {
        let (separator, is_csv) = options.separator();
        let (cells, in_first_line) = if is_csv {
            csv_cells(lines, separator)
        } else {
            cells(lines, separator)
        };
        let mut columns = options.columns();
        if columns.is_empty() {
            columns = vec![' '; in_first_line.clamp(1, MAX_SPAN)];
        }
        let is_implied = in_first_line == columns.len()
            && lines
                .first()
                .is_some_and(|line| !line.text.trim().is_empty())
            && lines.get(1).is_some_and(|line| line.text.trim().is_empty());
        let has_head = options.has("header") || (is_implied && !options.has("noheader"));
        let copied = cells
            .iter()
            .map(|cell| cell.spec.copies.saturating_mul(cell.text.len()));
        if copied.fold(0, usize::saturating_add) > MAX_BYTES {
            // The file is refused at its end.
            self.substituted_bytes = usize::MAX;
            return;
        }
        let rows = rows(cells, columns.len());
        let has_foot = options.has("footer") && rows.len() > usize::from(has_head);
        let last = rows.len().saturating_sub(1);
        self.out.markup(at, "<table>");
        if let Some(title) = title {
            self.out.markup(at, "<caption>");
            self.inline(title, at);
            self.out.markup(at, "</caption>");
        }
        for (number, row) in rows.into_iter().enumerate() {
            let is_head = has_head && number == 0;
            let group = if is_head {
                Some("thead")
            } else if has_foot && number == last {
                Some("tfoot")
            } else {
                None
            };
            self.row(row, is_head, group, &columns, depth);
        }
        self.out.markup(at, "</table>");
    }

    fn row(
        &mut self,
        row: Vec<(usize, Cell)>,
        is_head: bool,
        group: Option<&str>,
        columns: &[char],
        depth: usize,
    ) {
        let start = row.first().map_or(0, |(_, cell)| cell.at);
        let open = group.map_or_else(String::new, |group| format!("<{group}>"));
        self.out.markup(start, &format!("{open}<tr>"));
        for (column, cell) in row {
            let style = match cell.spec.style {
                ' ' => columns.get(column).copied().unwrap_or(' '),
                style => style,
            };
            let name = if is_head || style == 'h' { "th" } else { "td" };
            let (columns, rows) = (cell.spec.columns, cell.spec.rows);
            let open = format!("<{name} colspan=\"{columns}\" rowspan=\"{rows}\">");
            self.out.markup(cell.at, &open);
            self.cell(&cell, if is_head { ' ' } else { style }, depth);
            self.out
                .markup(cell.at + cell.text.len(), &format!("</{name}>"));
        }
        let close = group.map_or_else(String::new, |group| format!("</{group}>"));
        self.out.markup(start, &format!("</tr>{close}"));
    }

    fn cell(&mut self, cell: &Cell, style: char, depth: usize) {
        match style {
            'a' => {
                let lines = crate::import::grid::asciidoc::lines_of(&cell.text, cell.at);
                self.blocks(&lines, depth + 1);
            }
            'l' | 'v' => {
                let markup = format!("<pre>\n{}</pre>", quoted(&cell.text));
                self.out.markup(cell.at, &markup);
            }
            _ => {
                let (open, close) = match style {
                    's' => ("<p><b>", "</b></p>"),
                    'e' => ("<p><em>", "</em></p>"),
                    'm' => ("<p><code>", "</code></p>"),
                    _ => ("<p>", "</p>"),
                };
                for paragraph in cell.text.split("\n\n") {
                    self.out.markup(cell.at, open);
                    self.inline(paragraph.trim(), cell.at);
                    self.out.markup(cell.at, close);
                }
            }
        }
    }
}

/// The cells of a table, and how many columns those of its first line take.
fn cells(lines: &[Line<'_>], separator: char) -> (Vec<Cell>, usize) {
    let mut cells: Vec<Cell> = Vec::new();
    let mut in_first_line = None;
    for line in lines {
        if line.text.starts_with("//") && !line.text.starts_with("///") {
            continue;
        }
        let mut start = 0;
        let mut before = ' ';
        for (at, character) in line.text.char_indices() {
            if character == separator && before != '\\' {
                let (text, spec) = spec_at_end(&line.text[start..at]);
                add_text(&mut cells, text, separator);
                start = at + character.len_utf8();
                cells.push(Cell {
                    spec,
                    text: String::new(),
                    at: line.at + start,
                });
            }
            before = character;
        }
        add_text(&mut cells, &line.text[start..], separator);
        add_text(&mut cells, "\n", separator);
        if in_first_line.is_none() && !cells.is_empty() {
            let width = |cell: &Cell| cell.spec.columns * cell.spec.copies;
            in_first_line = Some(cells.iter().map(width).sum());
        }
    }
    for cell in &mut cells {
        let blank = cell.text.len() - cell.text.trim_start().len();
        cell.at += if blank < cell.text.len() { blank } else { 0 };
        cell.text = cell.text.trim().to_string();
    }
    (cells, in_first_line.unwrap_or(1))
}

/// Adds text to the last cell. An escaped separator is one without its backslash.
fn add_text(cells: &mut [Cell], text: &str, separator: char) {
    if let Some(cell) = cells.last_mut() {
        let escaped = format!("\\{separator}");
        cell.text
            .push_str(&text.replace(&escaped, &separator.to_string()));
    }
}

/// Takes the specification of the next cell off the end of a text.
fn spec_at_end(text: &str) -> (&str, Spec) {
    let start = text.rfind(char::is_whitespace);
    let start = start.map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    match spec(&text[start..]) {
        Some(spec) => (&text[..start], spec),
        None => (text, PLAIN),
    }
}

fn spec(word: &str) -> Option<Spec> {
    let mut spec = PLAIN;
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mut rest = word;
    let factor = rest
        .find(['+', '*'])
        .filter(|end| *end > 0 && rest[..*end].chars().all(|c| c.is_ascii_digit() || c == '.'));
    if let Some(end) = factor {
        let (columns, rows) = rest[..end].split_once('.').unwrap_or((&rest[..end], ""));
        let number = |text: &str| match text {
            "" => Some(1),
            text => text
                .parse::<usize>()
                .ok()
                .map(|number| number.clamp(1, MAX_SPAN)),
        };
        if rest[end..].starts_with('*') {
            spec.copies = number(columns)?;
        } else {
            spec.columns = number(columns)?;
            spec.rows = number(rows)?;
        }
        rest = &rest[end + 1..];
    } else if digits(rest) > 0 {
        return None;
    }
    rest = rest.trim_start_matches(['<', '^', '>']);
    if let Some(vertical) = rest.strip_prefix('.') {
        rest = vertical.strip_prefix(['<', '^', '>'])?;
    }
    let mut letters = rest.chars();
    if let Some(letter) = letters.next() {
        spec.style = Some(letter).filter(|c| "aehlmsdv".contains(*c))?;
    }
    letters.next().is_none().then_some(spec)
}

fn csv_cells(lines: &[Line<'_>], separator: char) -> (Vec<Cell>, usize) {
    let joined = Joined::new(lines.iter().map(|line| (line.text, line.at)));
    let separator = u8::try_from(separator).unwrap_or(b',');
    let mut cells = Vec::new();
    let mut in_first_line = None;
    for record in separated::records(&joined.text, separator) {
        if in_first_line.is_none() && !record.is_empty() {
            in_first_line = Some(record.len());
        }
        cells.extend(record.into_iter().map(|field| Cell {
            spec: PLAIN,
            text: field.text.trim().to_string(),
            at: joined.source(field.start),
        }));
    }
    (cells, in_first_line.unwrap_or(1))
}

/// Fills rows with cells, around those that reach down from above. The last row may be
/// short.
fn rows(cells: Vec<Cell>, columns: usize) -> Vec<Vec<(usize, Cell)>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut taken = vec![0_usize; columns];
    let mut column = 0;
    for cell in cells {
        for _ in 0..cell.spec.copies {
            loop {
                while column < columns && taken[column] > 0 {
                    column += 1;
                }
                if column < columns {
                    break;
                }
                rows.push(std::mem::take(&mut row));
                column = 0;
                for left in &mut taken {
                    *left = left.saturating_sub(1);
                }
            }
            if rows.len() > MAX_CELLS {
                // Too many for the reader of the HTML, which refuses them.
                return rows;
            }
            let end = (column + cell.spec.columns).min(columns);
            if let Some(taken) = taken.get_mut(column..end) {
                taken.fill(cell.spec.rows);
            }
            let copy = Cell {
                text: cell.text.clone(),
                ..cell
            };
            row.push((column, copy));
            column = end.max(column + 1);
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows
}
