//! Writes a checklist as lists of tasks with boxes to tick.

use crate::tables::html::HtmlWriter;
use crate::tables::table::{Block, Line, Table, TaskItem};
use crate::text::Html;

impl HtmlWriter<'_> {
    /// A checklist as lists of tasks with boxes to tick. `id` is the anchor of
    /// its caption.
    pub fn checklist(&self, table: Table<'_>, id: &str, out: &mut Html) {
        out.markup("<div class=\"srm-checklist\"");
        if table.caption.is_empty() {
            out.markup(">\n");
        } else {
            let id = Html::escaped(&format!("{}{id}", self.prefix));
            out.markup(" role=\"group\" aria-labelledby=\"")
                .push(&id)
                .markup("\">\n<p class=\"srm-checklist-caption\" id=\"")
                .push(&id)
                .markup("\">")
                .text(&table.caption)
                .markup("</p>\n");
        }
        for group in table.groups {
            if table.grouped {
                out.markup("<div class=\"srm-checklist-group\">");
                self.head(&group.head, out);
                out.markup("</div>\n");
            }
            out.markup("<ul>\n");
            for line in &group.lines {
                let id = format!("{}{}", self.prefix, line.id.unwrap_or_default());
                self.checklist_line(line, &id, out);
            }
            out.markup("</ul>\n");
        }
        out.markup("</div>\n");
        self.notes(&table.caption, out);
    }

    fn checklist_line(&self, line: &Line<'_>, id: &str, out: &mut Html) {
        out.markup("<li id=\"").text(id).markup("\">");
        self.head(&line.head, out);
        let mut boxes = 0;
        for block in line.cells.iter().flatten() {
            out.markup(" ");
            let Block::Tasks(items) = block else {
                self.block(block, out);
                continue;
            };
            out.markup("<ul class=\"srm-tasks\">");
            for item in items {
                boxes += 1;
                self.to_be_ticked(item, &format!("{id}-task-{boxes}"), out);
            }
            out.markup("</ul>");
        }
        out.markup("</li>\n");
    }

    /// Writes a task with a box. `id` is the anchor of its text if that may contain
    /// more than a label can.
    fn to_be_ticked(&self, item: &TaskItem<'_>, id: &str, out: &mut Html) {
        if item.task.text.trim().contains('\n') {
            out.markup("<li><input type=\"checkbox\" aria-labelledby=\"")
                .text(id)
                .markup("\"><div id=\"")
                .text(id)
                .markup("\">");
            self.words(item, out);
            out.markup("</div></li>");
        } else {
            out.markup("<li><label><input type=\"checkbox\"> ");
            self.words(item, out);
            out.markup("</label></li>");
        }
    }
}
