//! Turns Markdown and MDX into HTML that says for each part where it comes from. Lines of
//! a table keep their own number of cells, which GitHub's rules would make equal.

mod components;
mod mdx;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use crate::import::grid::foreign::{Foreign, ForeignError, LeftOut, LeftOutKind};
use crate::import::grid::html;
use crate::import::grid::limits::shortened;
use crate::import::grid::places::{Places, Rendered, escape};

/// Elements that a cell of a Markdown table cannot contain: they would end the cell or
/// swallow the cells that follow.
const NOT_IN_CELLS: [&str; 22] = [
    "table",
    "caption",
    "colgroup",
    "col",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "html",
    "head",
    "body",
    "script",
    "style",
    "textarea",
    "title",
    "plaintext",
    "xmp",
    "iframe",
    "select",
    "template",
];

/// Reads a document.
pub(crate) fn read(text: &str, is_mdx: bool, places: Places<'_>) -> Result<Foreign, ForeignError> {
    let mut left_out = Vec::new();
    let blanked = is_mdx.then(|| mdx::without_expressions(text));
    for range in blanked.iter().flat_map(|blanked| &blanked.comments) {
        left_out.push(LeftOut {
            what: LeftOutKind::Comment,
            text: shortened(&text[range.clone()]),
            place: places.of(range.start, range.end),
        });
    }
    let text = blanked.as_ref().map_or(text, |blanked| &blanked.text);
    let mut writer = Writer::new(text, 0);
    writer.events(text);
    let places = places.through(writer.out.map);
    let mut foreign = html::read(&writer.out.html, &places)?;
    left_out.append(&mut foreign.left_out);
    Ok(Foreign {
        left_out,
        ..foreign
    })
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
}

/// Writes events as HTML.
struct Writer<'a> {
    out: Rendered,
    text: &'a str,
    /// Where the text begins in the document.
    base: usize,
    in_head: bool,
    in_cell: bool,
    /// Where the last cell of the line so far ends.
    last_cell: usize,
    /// Whether the cell is one that the parser made up to fill the line.
    is_filled: bool,
    /// The alternative text of a picture, and how many pictures are open.
    alt: String,
    pictures: usize,
    /// Title and address of the picture that is open.
    picture: [String; 2],
    in_metadata: bool,
    /// The name of a footnote whose text comes next.
    note: Option<String>,
}

impl<'a> Writer<'a> {
    fn new(text: &'a str, base: usize) -> Writer<'a> {
        Writer {
            out: Rendered::default(),
            text,
            base,
            in_head: false,
            in_cell: false,
            last_cell: 0,
            is_filled: false,
            alt: String::new(),
            pictures: 0,
            picture: Default::default(),
            in_metadata: false,
            note: None,
        }
    }

    fn events(&mut self, text: &str) {
        for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
            let range = range.start + self.base..range.end + self.base;
            self.event(event, range);
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.pictures > 0 && !matches!(event, Event::Start(Tag::Image { .. }) | Event::End(_)) {
            if let Event::Text(text) | Event::Code(text) = event {
                self.alt.push_str(&text);
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) if self.in_metadata => self.metadata(&text, range.start),
            Event::Text(text) => self.out.text(range.start, &text),
            Event::Code(text) => {
                self.out.markup(range.start, "<code>");
                self.out.text(range.start, &text);
                self.out.markup(range.end, "</code>");
            }
            Event::Html(html) => self.html(&html, range.start),
            Event::InlineHtml(html) if self.in_cell && !may_be_in_cell(&html) => {
                self.out.text(range.start, &html);
            }
            Event::InlineHtml(html) => self.html(&html, range.start),
            Event::FootnoteReference(name) => self.mark(&name, range.start),
            Event::SoftBreak => self.out.markup(range.start, "\n"),
            Event::HardBreak => self.out.markup(range.start, "<br>"),
            Event::Rule => self.out.markup(range.start, "<hr>"),
            Event::TaskListMarker(done) => {
                self.out.text(range.start, if done { "☑ " } else { "☐ " });
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.out.text(range.start, &text);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let markup = match tag {
            Tag::Paragraph => "<p>".to_string(),
            Tag::Heading { level, .. } => format!("<h{}>", level as u8),
            Tag::BlockQuote(_) => "<blockquote>".to_string(),
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => {
                "<pre>\n".to_string()
            }
            Tag::List(Some(_)) => "<ol>".to_string(),
            Tag::List(None) => "<ul>".to_string(),
            Tag::Item => "<li>".to_string(),
            Tag::FootnoteDefinition(name) => {
                self.note = Some(name.to_string());
                "<div>".to_string()
            }
            Tag::Table(_) => "<table>".to_string(),
            Tag::TableHead => {
                self.in_head = true;
                self.last_cell = range.start;
                "<thead><tr>".to_string()
            }
            Tag::TableRow => {
                self.last_cell = range.start;
                "<tr>".to_string()
            }
            Tag::TableCell => return self.start_cell(range),
            Tag::Emphasis => "<em>".to_string(),
            Tag::Strong => "<strong>".to_string(),
            Tag::Strikethrough => "<del>".to_string(),
            Tag::Link { dest_url, .. } => format!("<a href=\"{}\">", quoted(&dest_url)),
            Tag::Image {
                title, dest_url, ..
            } => {
                self.pictures += 1;
                if self.pictures == 1 {
                    self.alt.clear();
                    self.picture = [title.to_string(), dest_url.to_string()];
                }
                return;
            }
            Tag::MetadataBlock(MetadataBlockKind::YamlStyle | MetadataBlockKind::PlusesStyle) => {
                self.in_metadata = true;
                return;
            }
            Tag::HtmlBlock
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript => return,
        };
        self.out.markup(range.start, &markup);
        // The name of a footnote is part of its first paragraph.
        if markup == "<p>"
            && let Some(name) = self.note.take()
        {
            self.mark(&name, range.start);
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        let markup = match tag {
            TagEnd::Paragraph => "</p>".to_string(),
            TagEnd::Heading(level) => format!("</h{}>", level as u8),
            TagEnd::BlockQuote(_) => "</blockquote>".to_string(),
            TagEnd::CodeBlock => "</pre>".to_string(),
            TagEnd::List(true) => "</ol>".to_string(),
            TagEnd::List(false) => "</ul>".to_string(),
            TagEnd::Item => "</li>".to_string(),
            TagEnd::FootnoteDefinition => "</div>".to_string(),
            TagEnd::Table => "</tbody></table>".to_string(),
            TagEnd::TableHead => {
                self.in_head = false;
                "</tr></thead><tbody>".to_string()
            }
            TagEnd::TableRow => {
                self.cells_too_many(self.last_cell..range.end);
                "</tr>".to_string()
            }
            TagEnd::TableCell => return self.end_cell(range),
            TagEnd::Emphasis => "</em>".to_string(),
            TagEnd::Strong => "</strong>".to_string(),
            TagEnd::Strikethrough => "</del>".to_string(),
            TagEnd::Link => "</a>".to_string(),
            TagEnd::Image => return self.end_picture(range.start),
            TagEnd::MetadataBlock(_) => {
                self.in_metadata = false;
                return;
            }
            TagEnd::HtmlBlock
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript => return,
        };
        self.out.markup(range.end, &markup);
    }

    /// A line with too few cells is filled by the parser with cells at its very end.
    fn start_cell(&mut self, range: Range<usize>) {
        let before = &self.text[..range.start - self.base];
        let is_at_end = range.start - self.base == self.text.len() || before.ends_with('\n');
        self.is_filled = range.is_empty() && is_at_end;
        self.in_cell = true;
        if !self.is_filled {
            let markup = if self.in_head { "<th>" } else { "<td>" };
            self.out.markup(range.start, markup);
            self.last_cell = range.end;
        }
    }

    fn end_cell(&mut self, range: Range<usize>) {
        self.in_cell = false;
        if !self.is_filled {
            let markup = if self.in_head { "</th>" } else { "</td>" };
            self.out.markup(range.end, markup);
        }
    }

    /// Cells beyond those of the head, which the parser drops.
    fn cells_too_many(&mut self, range: Range<usize>) {
        let line = &self.text[range.start - self.base..range.end - self.base];
        let line = line.split('\n').next().unwrap_or_default().trim_end();
        let Some(rest) = line.trim_start().strip_prefix('|') else {
            return;
        };
        let mut start = range.start + (line.len() - rest.len());
        let mut rest = rest;
        while !rest.trim().is_empty() {
            let end = cell_end(rest);
            let cell = &rest[..end];
            let inner = cell.trim();
            let at = start + (cell.len() - cell.trim_start().len());
            self.out.markup(at, "<td>");
            self.cell(inner, at);
            self.out.markup(start + end, "</td>");
            rest = rest.get(end + 1..).unwrap_or_default();
            start += end + 1;
        }
    }

    /// Adds the text of a cell on its own. It is read as the head of a table, because a
    /// cell knows no lists or headings.
    fn cell(&mut self, text: &str, at: usize) {
        let table = format!("|{text}|\n|-|");
        let mut writer = Writer::new(&table, at.saturating_sub(1));
        writer.in_cell = true;
        for (event, range) in Parser::new_ext(&table, options()).into_offset_iter() {
            let is_frame = matches!(
                event,
                Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableCell)
                    | Event::End(TagEnd::Table | TagEnd::TableHead | TagEnd::TableCell)
            );
            if !is_frame {
                writer.event(event, range.start + writer.base..range.end + writer.base);
            }
        }
        self.out.append(writer.out);
    }

    fn end_picture(&mut self, at: usize) {
        self.pictures = self.pictures.saturating_sub(1);
        if self.pictures > 0 {
            return;
        }
        let [title, source] = &self.picture;
        let has_alt = !self.alt.trim().is_empty();
        let words = if has_alt { &self.alt } else { title };
        let markup = format!("<img alt=\"{}\" src=\"{}\">", quoted(words), quoted(source));
        self.out.markup(at, &markup);
    }

    fn mark(&mut self, name: &str, at: usize) {
        self.out.markup(at, "<sup>");
        self.out.text(at, name);
        self.out.markup(at, "</sup>");
    }

    fn metadata(&mut self, text: &str, start: usize) {
        let mut at = start;
        for line in text.split_inclusive('\n') {
            self.out.markup(at, "<p>");
            self.out.text(at, line);
            self.out.markup(at + line.len(), "</p>");
            at += line.len();
        }
    }

    fn html(&mut self, html: &str, at: usize) {
        components::write(html, at, &mut self.out);
    }
}

/// Where a cell ends: at the first `|` that is not escaped.
fn cell_end(text: &str) -> usize {
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        if character == '|' && before != '\\' {
            return at;
        }
        before = character;
    }
    text.len()
}

fn may_be_in_cell(html: &str) -> bool {
    if components::is_tag(html) {
        return true;
    }
    let name = html.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
    let name = name[..end.unwrap_or(name.len())].to_ascii_lowercase();
    !NOT_IN_CELLS.contains(&name.as_str())
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out
}
