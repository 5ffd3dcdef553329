//! Tables that an author writes in Markdown. Tables of responsibilities are in
//! `tables`.

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

use crate::text::html::Html;
use crate::text::markdown::Writer;

/// A Markdown table being written. The HTML writer of `pulldown_cmark` would use
/// inline styles, which a strict Content-Security-Policy blocks.
pub(super) struct OpenTable {
    alignments: Vec<Alignment>,
    column: usize,
    head: bool,
}

impl OpenTable {
    fn open(&mut self) -> Html {
        let class = match self.alignments.get(self.column) {
            Some(Alignment::Left) => " class=\"srm-left\"",
            Some(Alignment::Center) => " class=\"srm-center\"",
            Some(Alignment::Right) => " class=\"srm-right\"",
            _ => "",
        };
        self.column += 1;
        let mut html = Html::new();
        html.markup(if self.head {
            "<th scope=\"col\""
        } else {
            "<td"
        });
        html.markup(class).markup(">");
        html
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
                let mut html = Html::new();
                html.markup(
                    "<div class=\"srm-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"",
                )
                .text(self.scope.strings.get("table"))
                .markup("\"><table>");
                self.html(html);
            }
            Event::End(TagEnd::Table) => {
                *table = None;
                self.markup("</tbody></table></div>\n");
            }
            Event::Start(Tag::TableHead) => self.markup("<thead><tr>"),
            Event::End(TagEnd::TableHead) => {
                if let Some(table) = table {
                    table.head = false;
                }
                self.markup("</tr></thead><tbody>\n");
            }
            Event::Start(Tag::TableRow) => {
                if let Some(table) = table {
                    table.column = 0;
                }
                self.markup("<tr>");
            }
            Event::End(TagEnd::TableRow) => self.markup("</tr>\n"),
            Event::Start(Tag::TableCell) => {
                if let Some(table) = table {
                    self.html(table.open());
                }
            }
            Event::End(TagEnd::TableCell) => {
                let head = table.as_ref().is_some_and(|t| t.head);
                self.markup(if head { "</th>" } else { "</td>" });
            }
            _ => {}
        }
    }
}
