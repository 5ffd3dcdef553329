//! Writes a checklist as lists of tasks with boxes to tick.

use crate::tables::html::{HtmlWriter, push};
use crate::tables::table::{Block, Line, Table, TaskItem};
use crate::text::{escape, escape_into};

impl HtmlWriter<'_> {
    /// A checklist as lists of tasks with boxes to tick. `id` is the anchor of
    /// its caption.
    pub fn checklist(&self, table: Table<'_>, id: &str, out: &mut String) {
        out.push_str("<div class=\"srm-checklist\"");
        if !table.caption.is_empty() {
            let id = escape(&format!("{}{id}", self.prefix));
            push(out, &[" role=\"group\" aria-labelledby=\"", &id, "\">\n"]);
            push(
                out,
                &["<p class=\"srm-checklist-caption\" id=\"", &id, "\""],
            );
        }
        out.push('>');
        escape_into(&table.caption, out);
        out.push_str(if table.caption.is_empty() {
            "\n"
        } else {
            "</p>\n"
        });
        for group in table.groups {
            if table.grouped {
                out.push_str("<div class=\"srm-checklist-group\">");
                self.head(&group.head, out);
                out.push_str("</div>\n");
            }
            out.push_str("<ul>\n");
            for line in &group.lines {
                let id = format!("{}{}", self.prefix, line.id.unwrap_or_default());
                self.checklist_line(line, &escape(&id), out);
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</div>\n");
        self.notes(&table.caption, out);
    }

    fn checklist_line(&self, line: &Line<'_>, id: &str, out: &mut String) {
        push(out, &["<li id=\"", id, "\">"]);
        self.head(&line.head, out);
        let mut boxes = 0;
        for block in line.cells.iter().flatten() {
            out.push(' ');
            let Block::Tasks(items) = block else {
                self.block(block, out);
                continue;
            };
            out.push_str("<ul class=\"srm-tasks\">");
            for item in items {
                boxes += 1;
                self.to_be_ticked(item, &format!("{id}-task-{boxes}"), out);
            }
            out.push_str("</ul>");
        }
        out.push_str("</li>\n");
    }

    /// Writes a task with a box. `id` is the anchor of its text if that may contain
    /// more than a label can.
    fn to_be_ticked(&self, item: &TaskItem<'_>, id: &str, out: &mut String) {
        if item.task.text.trim().contains('\n') {
            push(
                out,
                &[
                    "<li><input type=\"checkbox\" aria-labelledby=\"",
                    id,
                    "\"><div id=\"",
                    id,
                    "\">",
                ],
            );
            self.words(item, out);
            out.push_str("</div></li>");
        } else {
            out.push_str("<li><label><input type=\"checkbox\"> ");
            self.words(item, out);
            out.push_str("</label></li>");
        }
    }
}
