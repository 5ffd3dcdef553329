//! The text inside a cell, paragraph or heading of a page.

use crate::import::grid::foreign::{ForeignError, LeftOutKind};
use crate::import::grid::html::Page;
use crate::import::grid::html::tree::{NodeContent, NodeId};
use crate::import::grid::limits::MAX_DEPTH;
use crate::import::grid::text::TextBuilder;

/// Attributes that say what a component or picture shows.
const LABELS: [&str; 4] = ["alt", "label", "title", "aria-label"];

impl Page<'_> {
    /// Adds the text of a node.
    pub(super) fn inline(
        &mut self,
        id: NodeId,
        out: &mut TextBuilder,
        depth: usize,
    ) -> Result<(), ForeignError> {
        if depth > MAX_DEPTH {
            return Err(ForeignError::new(
                format!("elements are nested more than {MAX_DEPTH} levels deep"),
                "export the page again, or copy the table into a page of its own",
            ));
        }
        match &self.tree.node(id).content {
            NodeContent::Text(text) => out.flowing(text),
            NodeContent::Comment(text) => self.comment(id, text),
            NodeContent::Element { .. } => self.element(id, out, depth)?,
            NodeContent::Other => self.children(id, out, depth)?,
        }
        Ok(())
    }

    fn children(
        &mut self,
        id: NodeId,
        out: &mut TextBuilder,
        depth: usize,
    ) -> Result<(), ForeignError> {
        let tree = self.tree;
        for child in &tree.node(id).children {
            self.inline(*child, out, depth + 1)?;
        }
        Ok(())
    }

    fn element(
        &mut self,
        id: NodeId,
        out: &mut TextBuilder,
        depth: usize,
    ) -> Result<(), ForeignError> {
        if self.skips(id) {
            return Ok(());
        }
        match self.tree.name(id) {
            "br" => out.line_break(),
            "sup" => self.superscript(id, out, depth)?,
            "img" => self.picture(id, out),
            "svg" => self.drawing(id, out),
            "input" => self.input(id, out),
            "select" => self.select(id, out, depth)?,
            "ac:emoticon" => {
                self.emoticon(id, out);
                self.children(id, out, depth)?;
            }
            "x-component" => self.component(id, out, depth)?,
            "table" => self.nested_table(id, out, depth)?,
            "li" => {
                out.item();
                self.children(id, out, depth)?;
                out.block_break();
            }
            "pre" => {
                out.block_break();
                out.lines(self.tree.text_of(id).trim_end_matches('\n'));
                out.block_break();
            }
            "p" if self.is_word_list_item(id) => self.word_list_item(id, out, depth)?,
            name if is_block(name) => {
                out.block_break();
                self.children(id, out, depth)?;
                out.block_break();
            }
            _ if self.is_icon(id) => self.icon(id, out),
            _ => self.styled(id, out, depth)?,
        }
        Ok(())
    }

    /// Whether a node is not for reading. Says so if it has text.
    pub(super) fn skips(&mut self, id: NodeId) -> bool {
        let name = self.tree.name(id);
        if matches!(name, "script" | "style" | "template" | "head" | "rt" | "rp") {
            return true;
        }
        let style = self.style(id);
        let is_hidden = self.tree.attribute(id, "hidden").is_some()
            || style.contains("display:none")
            || style.contains("visibility:hidden")
            || style.contains("mso-hide:all")
            || name == "noscript";
        if is_hidden {
            let what = if name == "tr" {
                LeftOutKind::HiddenRow
            } else {
                LeftOutKind::HiddenText
            };
            self.leave_out(what, id, &self.tree.text_of(id));
            return true;
        }
        let is_struck = self.is_struck(id);
        if is_struck {
            self.leave_out(LeftOutKind::StruckOut, id, &self.tree.text_of(id));
        }
        is_struck
    }

    /// Whether the text of a node is struck out.
    pub(super) fn is_struck(&self, id: NodeId) -> bool {
        matches!(self.tree.name(id), "del" | "s" | "strike")
            || self.style(id).contains("line-through")
    }

    /// The inline style of a node, without spaces and in lower case.
    fn style(&self, id: NodeId) -> String {
        let style = self.tree.attribute(id, "style").unwrap_or_default();
        style
            .to_ascii_lowercase()
            .replace([' ', '\t', '\n', '\r'], "")
    }

    fn styled(
        &mut self,
        id: NodeId,
        out: &mut TextBuilder,
        depth: usize,
    ) -> Result<(), ForeignError> {
        let before = out.style.clone();
        let style = self.style(id);
        let name = self.tree.name(id);
        let heavy = ["font-weight:bold", "font-weight:700", "font-weight:600"];
        out.style.bold |=
            matches!(name, "b" | "strong") || heavy.iter().any(|heavy| style.contains(heavy));
        out.style.emphasis |= matches!(name, "i" | "em") || style.contains("font-style:italic");
        out.style.code |= matches!(name, "code" | "tt" | "kbd" | "samp");
        if name == "a"
            && let Some(target) = self.tree.attribute(id, "href")
        {
            if self.tree.attribute(id, "role") == Some("doc-noteref") {
                out.marks(&self.tree.text_of(id));
                return Ok(());
            }
            out.style.link = self.link(id, target.trim());
        }
        self.children(id, out, depth)?;
        out.style = before;
        Ok(())
    }

    /// The target of a link that means the same in another document.
    fn link(&mut self, id: NodeId, target: &str) -> Option<String> {
        let lower = target.to_ascii_lowercase();
        let is_absolute = ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme));
        if is_absolute && !target.contains(char::is_control) {
            return Some(target.to_string());
        }
        if self.in_table && !target.is_empty() && !target.starts_with('#') {
            self.leave_out(LeftOutKind::LinkNotKept, id, target);
        }
        None
    }

    fn superscript(
        &mut self,
        id: NodeId,
        out: &mut TextBuilder,
        depth: usize,
    ) -> Result<(), ForeignError> {
        let text = self.tree.text_of(id);
        let word = text.trim().to_ascii_lowercase();
        let after_digit = out.last_char().is_some_and(|c| c.is_ascii_digit());
        let is_ordinal = after_digit && matches!(word.as_str(), "st" | "nd" | "rd" | "th");
        if is_ordinal || matches!(word.as_str(), "®" | "™" | "tm" | "sm" | "℠") {
            return self.children(id, out, depth);
        }
        out.marks(&text);
        Ok(())
    }

    fn picture(&mut self, id: NodeId, out: &mut TextBuilder) {
        match self.label(id) {
            Some(label) => symbol(out, &label),
            None => {
                let source = self.tree.attribute(id, "src").unwrap_or_default();
                let source = if source.starts_with("data:") {
                    ""
                } else {
                    source
                };
                self.picture_without_text(id, source);
            }
        }
    }

    fn drawing(&mut self, id: NodeId, out: &mut TextBuilder) {
        let mut children = self.tree.node(id).children.iter();
        let title = children.find(|child| self.tree.name(**child) == "title");
        let title = title.map(|title| self.tree.text_of(*title));
        match title.or_else(|| self.label(id)) {
            Some(title) => symbol(out, &title),
            None => {
                let class = self.tree.attribute(id, "class").unwrap_or_default();
                self.picture_without_text(id, class);
            }
        }
    }

    fn input(&mut self, id: NodeId, out: &mut TextBuilder) {
        if matches!(self.tree.attribute(id, "type"), Some("checkbox" | "radio")) {
            let is_checked = self.tree.attribute(id, "checked").is_some();
            out.flowing(if is_checked { "☑" } else { "☐" });
        }
    }

    /// A list to choose from shows the chosen option, else the first.
    fn select(
        &mut self,
        id: NodeId,
        out: &mut TextBuilder,
        depth: usize,
    ) -> Result<(), ForeignError> {
        let tree = self.tree;
        let options = || {
            let children = tree.node(id).children.iter();
            children.filter(|child| tree.name(**child) == "option")
        };
        let chosen = options().find(|option| tree.attribute(**option, "selected").is_some());
        match chosen.or_else(|| options().next()) {
            Some(option) => self.children(*option, out, depth + 1),
            None => Ok(()),
        }
    }

    /// A symbol of Confluence. HTML takes what follows for its content.
    fn emoticon(&mut self, id: NodeId, out: &mut TextBuilder) {
        let names = ["ac:emoji-fallback", "ac:name"];
        match names.iter().find_map(|name| self.tree.attribute(id, name)) {
            Some(name) => symbol(out, name),
            None => self.picture_without_text(id, "ac:emoticon"),
        }
    }

    /// An element without content whose class draws a symbol.
    fn is_icon(&self, id: NodeId) -> bool {
        self.in_table
            && matches!(self.tree.name(id), "i" | "span" | "em" | "b")
            && self.tree.node(id).children.is_empty()
            && (self.tree.attribute(id, "class").is_some() || self.label(id).is_some())
    }

    fn icon(&mut self, id: NodeId, out: &mut TextBuilder) {
        match self.label(id) {
            Some(label) => symbol(out, &label),
            None => {
                let class = self.tree.attribute(id, "class").unwrap_or_default();
                self.picture_without_text(id, class);
            }
        }
    }

    fn picture_without_text(&mut self, id: NodeId, source: &str) {
        if self.in_table {
            self.leave_out(LeftOutKind::PictureWithoutText, id, source);
        }
    }

    fn label(&self, id: NodeId) -> Option<String> {
        let mut labels = LABELS
            .iter()
            .filter_map(|name| self.tree.attribute(id, name));
        let label = labels.find(|label| !label.trim().is_empty())?;
        Some(label.trim().to_string())
    }

    /// A component of MDX: its content if it has any, else its label, else its name and
    /// the attributes that tell one use of it from another.
    fn component(
        &mut self,
        id: NodeId,
        out: &mut TextBuilder,
        depth: usize,
    ) -> Result<(), ForeignError> {
        if self.tree.has_text(id) {
            return self.children(id, out, depth);
        }
        if let Some(label) = self.label(id) {
            symbol(out, &label);
            return Ok(());
        }
        let names = [
            "data-component",
            "name",
            "icon",
            "type",
            "kind",
            "value",
            "status",
            "variant",
            "state",
        ];
        let words: Vec<&str> = names
            .iter()
            .filter_map(|name| self.tree.attribute(id, name))
            .collect();
        symbol(out, &words.join(" "));
        Ok(())
    }

    /// Whether a paragraph is a list item of Microsoft Word.
    fn is_word_list_item(&self, id: NodeId) -> bool {
        let class = self.tree.attribute(id, "class").unwrap_or_default();
        class.starts_with("MsoList") || self.style(id).contains("mso-list:l")
    }

    /// Word writes the bullet as text, in a symbol font, with blanks after it.
    fn word_list_item(
        &mut self,
        id: NodeId,
        out: &mut TextBuilder,
        depth: usize,
    ) -> Result<(), ForeignError> {
        out.block_break();
        let tree = self.tree;
        for child in &tree.node(id).children {
            if self.is_word_bullet(*child) {
                out.item();
            } else {
                self.inline(*child, out, depth + 1)?;
            }
        }
        out.block_break();
        Ok(())
    }

    fn is_word_bullet(&self, id: NodeId) -> bool {
        if self.tree.name(id) != "span" {
            return false;
        }
        let text = self.tree.text_of(id);
        let is_marked = self.style(id).contains("mso-list:ignore");
        let mut characters = text.trim().chars();
        let first = characters.next();
        let is_symbol = first.is_some_and(|c| "·•§oØü-*\u{F0B7}".contains(c));
        is_marked || (is_symbol && characters.next().is_none() && text.ends_with('\u{A0}'))
    }

    pub(super) fn comment(&mut self, id: NodeId, text: &str) {
        let text = text.trim();
        let is_conditional = text.starts_with("[if") || text.starts_with("[endif");
        let has_table = text.contains('|') || text.to_ascii_lowercase().contains("<t");
        if !text.is_empty() && !is_conditional && (self.in_table || has_table) {
            self.leave_out(LeftOutKind::Comment, id, text);
        }
    }

    /// A table in a cell is read as a table of its own, after the one that it is in. The
    /// cell has its cells as lines, but not what is nested deeper.
    fn nested_table(
        &mut self,
        id: NodeId,
        out: &mut TextBuilder,
        depth: usize,
    ) -> Result<(), ForeignError> {
        if std::mem::replace(&mut self.in_nested, true) {
            return Ok(());
        }
        self.nested.push(id);
        let before = self.left_out.len();
        out.block_break();
        self.children(id, out, depth)?;
        out.block_break();
        // Reading the nested table reports them.
        self.left_out.truncate(before);
        self.in_nested = false;
        Ok(())
    }
}

/// Adds the name of a symbol, which is a word of its own.
fn symbol(out: &mut TextBuilder, name: &str) {
    if out.last_char().is_some_and(char::is_alphanumeric) {
        out.flowing(" ");
    }
    out.flowing(name);
}

/// Whether an element stands on lines of its own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}
