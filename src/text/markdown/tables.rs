//! Tables that an author writes in Markdown. Tables of responsibilities are in
//! `tables`.

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

use crate::text::escape::escape;
use crate::text::markdown::Writer;

/// A Markdown table being written. The HTML writer of `pulldown_cmark` would use
/// inline styles, which a strict Content-Security-Policy blocks.
pub(super) struct OpenTable {
    alignments: Vec<Alignment>,
    column: usize,
    head: bool,
}

impl OpenTable {
    fn open(&mut self) -> String {
        let class = match self.alignments.get(self.column) {
            Some(Alignment::Left) => " class=\"srm-left\"",
            Some(Alignment::Center) => " class=\"srm-center\"",
            Some(Alignment::Right) => " class=\"srm-right\"",
            _ => "",
        };
        self.column += 1;
        if self.head {
            format!("<th scope=\"col\"{class}>")
        } else {
            format!("<td{class}>")
        }
    }
}

impl<'a> Writer<'a, '_> {
    /// Writes one event of a table; `table` is the one being written.
    pub(super) fn table(&mut self, event: Event<'a>, table: &mut Option<OpenTable>) {
        match event {
            Event::Start(Tag::Table(alignments)) => {
                *table = Some(OpenTable {
                    alignments,
                    column: 0,
                    head: true,
                });
                let label = escape(self.scope.strings.get("table"));
                self.html(format!(
                    "<div class=\"srm-scroll\" role=\"group\" tabindex=\"0\" \
                     aria-label=\"{label}\"><table>"
                ));
            }
            Event::End(TagEnd::Table) => {
                *table = None;
                self.html("</tbody></table></div>\n");
            }
            Event::Start(Tag::TableHead) => self.html("<thead><tr>"),
            Event::End(TagEnd::TableHead) => {
                if let Some(table) = table {
                    table.head = false;
                }
                self.html("</tr></thead><tbody>\n");
            }
            Event::Start(Tag::TableRow) => {
                if let Some(table) = table {
                    table.column = 0;
                }
                self.html("<tr>");
            }
            Event::End(TagEnd::TableRow) => self.html("</tr>\n"),
            Event::Start(Tag::TableCell) => {
                if let Some(table) = table {
                    self.html(table.open());
                }
            }
            Event::End(TagEnd::TableCell) => {
                let head = table.as_ref().is_some_and(|t| t.head);
                self.html(if head { "</th>" } else { "</td>" });
            }
            _ => {}
        }
    }
}
