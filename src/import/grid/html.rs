//! Reads HTML pages. Markdown, AsciiDoc and reStructuredText are turned into HTML and
//! read here too, so that spans, lists and marks mean the same in all of them.

mod inline;
mod table;
pub(crate) mod tree;

use crate::import::grid::foreign::{Foreign, ForeignError, ForeignPiece, LeftOut, LeftOutKind};
use crate::import::grid::limits::{CellCount, MAX_DEPTH, shortened};
use crate::import::grid::places::Places;
use crate::import::grid::text::{TextBuilder, Where};
use inline::is_block;
use tree::{NodeContent, NodeId, Tree};

/// Reads a page.
pub(crate) fn read(html: &str, places: &Places<'_>) -> Result<Foreign, ForeignError> {
    let tree = Tree::parse(html)?;
    let mut page = Page {
        tree: &tree,
        places,
        holds_blocks: tree.holders_of_blocks(),
        pieces: Vec::new(),
        left_out: Vec::new(),
        paragraph: Paragraph::default(),
        cells: CellCount::default(),
        nested: Vec::new(),
        in_table: false,
        in_nested: false,
    };
    page.block(0, 0)?;
    page.end_paragraph();
    Ok(Foreign {
        pieces: page.pieces,
        left_out: page.left_out,
    })
}

/// A page while it is read.
struct Page<'a> {
    tree: &'a Tree,
    places: &'a Places<'a>,
    holds_blocks: Vec<bool>,
    pieces: Vec<ForeignPiece>,
    left_out: Vec<LeftOut>,
    paragraph: Paragraph,
    cells: CellCount,
    /// Tables inside the table that is read now.
    nested: Vec<NodeId>,
    in_table: bool,
    in_nested: bool,
}

/// A paragraph outside tables while it is read.
#[derive(Default)]
struct Paragraph {
    text: TextBuilder,
    range: Option<(usize, usize)>,
}

impl Page<'_> {
    /// Reads a node that has blocks of text, headings or tables in it.
    fn block(&mut self, id: NodeId, depth: usize) -> Result<(), ForeignError> {
        if depth > MAX_DEPTH {
            return Err(ForeignError::new(
                format!("elements are nested more than {MAX_DEPTH} levels deep"),
                "export the page again, or copy the table into a page of its own",
            ));
        }
        let name = self.tree.name(id);
        if self.skips(id) {
            return Ok(());
        }
        match heading_level(name) {
            Some(level) => return self.heading(id, level, depth),
            None if name == "table" => return self.table_with_nested(id, depth),
            None => {}
        }
        if !is_block(name) && !self.holds_blocks[id] {
            let (start, end) = (self.tree.node(id).start, self.tree.node(id).end);
            let is_text = !matches!(self.tree.node(id).content, NodeContent::Comment(_));
            if is_text && self.paragraph.range.is_none() && self.tree.has_text(id) {
                self.paragraph.range = Some((start, end));
            }
            let mut text = std::mem::take(&mut self.paragraph.text);
            let result = self.inline(id, &mut text, depth);
            self.paragraph.text = text;
            return result;
        }
        self.end_paragraph();
        if name == "li" {
            self.paragraph.text.item();
        }
        self.label_of_component(id);
        let before = self.pieces.len();
        let tree = self.tree;
        for child in &tree.node(id).children {
            self.block(*child, depth + 1)?;
        }
        self.end_paragraph();
        if name == "figure" {
            self.caption_of_figure(before);
        }
        Ok(())
    }

    /// A figure of one table and one text, which is its caption.
    fn caption_of_figure(&mut self, before: usize) {
        let caption = match &mut self.pieces[before..] {
            [ForeignPiece::Table(grid), ForeignPiece::Text { text, .. }] => {
                (before + 1, grid, text)
            }
            [ForeignPiece::Text { text, .. }, ForeignPiece::Table(grid)] => (before, grid, text),
            _ => return,
        };
        let (at, grid, text) = caption;
        if grid.caption.is_none() {
            grid.caption = Some(std::mem::take(text));
            self.pieces.remove(at);
        }
    }

    /// A tab says in an attribute what its content is about.
    fn label_of_component(&mut self, id: NodeId) {
        if self.tree.name(id) == "x-component"
            && let Some(label) = self.tree.attribute(id, "label")
        {
            self.paragraph.range = Some((self.tree.node(id).start, self.tree.node(id).start));
            self.paragraph.text.flowing(label);
            self.end_paragraph();
        }
    }

    fn heading(&mut self, id: NodeId, level: u8, depth: usize) -> Result<(), ForeignError> {
        self.end_paragraph();
        let mut text = TextBuilder::default();
        let tree = self.tree;
        for child in &tree.node(id).children {
            self.inline(*child, &mut text, depth + 1)?;
        }
        let (text, _) = text.finish(Where::Prose);
        if !text.is_empty() {
            let node = self.tree.node(id);
            let place = self.places.of(node.start, node.end);
            self.pieces
                .push(ForeignPiece::Heading { level, text, place });
        }
        Ok(())
    }

    fn table_with_nested(&mut self, id: NodeId, depth: usize) -> Result<(), ForeignError> {
        self.end_paragraph();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            self.in_table = true;
            let result = self.table(id, depth);
            self.in_table = false;
            if let Some(grid) = result? {
                self.pieces.push(ForeignPiece::Table(grid));
            }
            open.extend(std::mem::take(&mut self.nested).into_iter().rev());
        }
        Ok(())
    }

    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        let (text, _) = paragraph.text.finish(Where::Prose);
        if text.is_empty() {
            return;
        }
        let (start, end) = paragraph.range.unwrap_or_default();
        let place = self.places.of(start, end);
        self.pieces.push(ForeignPiece::Text { text, place });
    }

    fn leave_out(&mut self, what: LeftOutKind, id: NodeId, text: &str) {
        let text = shortened(text);
        let is_named = matches!(
            what,
            LeftOutKind::PictureWithoutText | LeftOutKind::LinkNotKept
        );
        if !text.is_empty() || is_named {
            let node = self.tree.node(id);
            let place = self.places.of(node.start, node.end);
            self.left_out.push(LeftOut { what, text, place });
        }
    }
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}
