//! Turns tables into lines of fields, for formats that have nothing else. Every line
//! is complete and repeats the headings of its group, so that lines can be sorted and
//! filtered. A checklist has a line for each task, with an empty field in front to
//! tick. If rows are in groups, the last field has the group.

use crate::tables::styled_text::{Cells, StyledLine, StyledWords};
use crate::tables::table::{Line, Table};
use crate::text::Strings;

/// The lines of a field.
pub type Field<'t> = Vec<StyledLine<'t>>;

/// The headings of the fields.
pub fn header<'h, 'a: 'h>(table: &Table<'a>, strings: &'h Strings) -> Vec<&'h str> {
    let done = table.kind.is_checklist().then(|| strings.get("task-done"));
    let labels = table.columns.iter().map(|column| column.label);
    let group = table.has_groups.then(|| strings.get("row-group"));
    done.into_iter().chain(labels).chain(group).collect()
}

/// How many fields are headings, including the one to tick.
pub fn heading_fields(table: &Table<'_>) -> usize {
    1 + usize::from(table.grouped) + usize::from(table.kind.is_checklist())
}

/// The lines of a field as plain text. The label of a heading is told without the
/// address of its page.
pub fn texts(field: &[StyledLine<'_>], is_heading: bool) -> Vec<String> {
    let text = |(at, line): (usize, &StyledLine<'_>)| match is_heading && at == 0 {
        true => line.text(),
        false => line.plain_text(),
    };
    field.iter().enumerate().map(text).collect()
}

/// Calls a function for every line of a table.
pub fn for_each_line<E>(
    table: Table<'_>,
    cells: &Cells<'_>,
    mut write: impl FnMut(&[Field<'_>]) -> Result<(), E>,
) -> Result<(), E> {
    let list = table.kind.is_checklist();
    for group in table.groups {
        let heading = cells.head_alone(&group.head);
        for line in &group.lines {
            let mut fields: Vec<Field> = Vec::new();
            if list {
                fields.push(Field::new());
            }
            if table.grouped {
                fields.push(heading.clone());
            }
            fields.push(cells.head(&line.head));
            fields.extend(line.cells.iter().map(|blocks| cells.lines(blocks)));
            let group = table.has_groups.then(|| group_of(line));
            if !list {
                fields.extend(group);
                write(&fields)?;
                continue;
            }
            // Lines that follow a task belong to it.
            let tasks = fields.pop().unwrap_or_default();
            for task in tasks.chunk_by(|_, next| !next.task) {
                let mut task = task.to_vec();
                task[0].entry = false;
                let before = fields.len();
                fields.push(task);
                fields.extend(group.clone());
                write(&fields)?;
                fields.truncate(before);
            }
        }
    }
    Ok(())
}

/// The group of rows that a line belongs to.
fn group_of<'t>(line: &Line<'_>) -> Field<'t> {
    let label = line.group.map(|group| StyledWords::plain(group.label()));
    label
        .into_iter()
        .map(|label| StyledLine::of(vec![label]))
        .collect()
}
