//! The tree of an HTML page, as the HTML5 algorithm builds it, with the bytes that each
//! element comes from.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{
    ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink,
};
use html5ever::{Attribute, ExpandedName, LocalName, QualName, local_name, ns};

use crate::import::grid::foreign::ForeignError;
use crate::import::grid::limits::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_NODES};

/// The number of a node.
pub(crate) type NodeId = usize;

/// What a node is.
pub(crate) enum NodeContent {
    /// An element.
    Element {
        /// Its name in lower case.
        name: LocalName,
        /// Its attributes.
        attributes: Vec<Attribute>,
    },
    /// Text.
    Text(String),
    /// A comment.
    Comment(String),
    /// The document, or something that has no text.
    Other,
}

/// A node.
pub(crate) struct HtmlNode {
    /// What it is.
    pub(crate) content: NodeContent,
    /// The nodes in it.
    pub(crate) children: Vec<NodeId>,
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte after its content.
    pub(crate) end: usize,
    parent: Option<NodeId>,
    depth: usize,
}

/// All nodes. The first is the document.
pub(crate) struct Tree {
    nodes: Vec<HtmlNode>,
}

impl Tree {
    /// Reads a page.
    pub(crate) fn parse(html: &str) -> Result<Tree, ForeignError> {
        let sink = Sink {
            nodes: RefCell::new(Vec::new()),
            position: Cell::new(0),
            end: Cell::new(0),
            deepest: Cell::new(0),
        };
        sink.add(NodeContent::Other);
        let options = TreeBuilderOpts {
            scripting_enabled: false,
            ..TreeBuilderOpts::default()
        };
        let builder = TreeBuilder::new(sink, options);
        let tokenizer = Tokenizer::new(builder, TokenizerOpts::default());
        let queue = BufferQueue::default();
        for (start, piece) in tags_and_texts(html) {
            let sink = &tokenizer.sink.sink;
            sink.check(piece)?;
            sink.position.set(start);
            sink.end.set(start + piece.len());
            queue.push_back(StrTendril::from_slice(piece));
            while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        }
        tokenizer.sink.sink.position.set(html.len());
        tokenizer.end();
        tokenizer.sink.sink.check("")?;
        let mut nodes = tokenizer.sink.sink.nodes.take();
        extend_to_content(&mut nodes);
        Ok(Tree { nodes })
    }

    /// The node with a number.
    pub(crate) fn node(&self, id: NodeId) -> &HtmlNode {
        &self.nodes[id]
    }

    /// The name of an element; nothing for other nodes.
    pub(crate) fn name(&self, id: NodeId) -> &str {
        match &self.nodes[id].content {
            NodeContent::Element { name, .. } => name,
            _ => "",
        }
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        match &self.nodes[id].content {
            NodeContent::Element { attributes, .. } => attributes
                .iter()
                .find(|attribute| &*attribute.name.local == name)
                .map(|attribute| &*attribute.value),
            _ => None,
        }
    }

    /// For each node whether there is a table or heading in it.
    pub(crate) fn holders_of_blocks(&self) -> Vec<bool> {
        let mut holds = vec![false; self.nodes.len()];
        for id in 0..self.nodes.len() {
            if !matches!(
                self.name(id),
                "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
            ) {
                continue;
            }
            let mut above = self.nodes[id].parent;
            while let Some(parent) = above.filter(|parent| !holds[*parent]) {
                holds[parent] = true;
                above = self.nodes[parent].parent;
            }
        }
        holds
    }

    /// Whether there is any text in a node.
    pub(crate) fn has_text(&self, id: NodeId) -> bool {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let node = &self.nodes[id];
            if matches!(&node.content, NodeContent::Text(text) if !text.trim().is_empty()) {
                return true;
            }
            open.extend(&node.children);
        }
        false
    }

    /// All text of a node.
    pub(crate) fn text_of(&self, id: NodeId) -> String {
        let mut out = String::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let node = &self.nodes[id];
            if let NodeContent::Text(text) = &node.content {
                out.push_str(text);
            }
            if matches!(
                self.name(id),
                "td" | "th" | "tr" | "li" | "p" | "br" | "div"
            ) {
                out.push(' ');
            }
            if !matches!(self.name(id), "script" | "style" | "template") {
                open.extend(node.children.iter().rev());
            }
        }
        out
    }
}

/// An element ends where the last node in it ends. Its end tag does not count.
fn extend_to_content(nodes: &mut [HtmlNode]) {
    for id in 0..nodes.len() {
        let end = nodes[id].end;
        let mut above = nodes[id].parent;
        while let Some(parent) = above.filter(|parent| nodes[*parent].end < end) {
            nodes[parent].end = end;
            above = nodes[parent].parent;
        }
    }
}

/// Cuts a page before each `<` and after each `>`, so that what the parser makes of a
/// piece is known to come from that piece.
fn tags_and_texts(html: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = html.get(start..).filter(|rest| !rest.is_empty())?;
        let length = if rest.starts_with('<') {
            rest.find('>').map(|at| at + 1)
        } else {
            rest.find('<')
        };
        let piece = &rest[..length.unwrap_or(rest.len())];
        let at = start;
        start += piece.len();
        Some((at, piece))
    })
}

/// Builds the tree. A handle knows its name, because the parser asks for it often.
struct Sink {
    nodes: RefCell<Vec<HtmlNode>>,
    /// Where the piece that is read now begins and ends.
    position: Cell<usize>,
    end: Cell<usize>,
    deepest: Cell<usize>,
}

/// A node, as the parser holds it.
#[derive(Clone)]
struct Handle {
    id: NodeId,
    name: Rc<QualName>,
}

impl Sink {
    fn add(&self, content: NodeContent) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(HtmlNode {
            content,
            children: Vec::new(),
            start: self.position.get(),
            end: self.end.get(),
            parent: None,
            depth: 0,
        });
        nodes.len() - 1
    }

    fn handle(&self, content: NodeContent) -> Handle {
        Handle {
            id: self.add(content),
            name: Rc::new(QualName::new(None, ns!(), local_name!(""))),
        }
    }

    /// Refuses what would take too long.
    fn check(&self, piece: &str) -> Result<(), ForeignError> {
        let help = "export the page again, or copy the table into a page of its own";
        if self.deepest.get() > MAX_DEPTH {
            let message = format!("elements are nested more than {MAX_DEPTH} levels deep");
            return Err(ForeignError::new(message, help));
        }
        if self.nodes.borrow().len() > MAX_NODES {
            let message = format!("the page has more than {MAX_NODES} elements and texts");
            return Err(ForeignError::new(message, help));
        }
        if piece.starts_with('<') && attributes(piece) > MAX_ATTRIBUTES {
            let message = format!("a tag has more than {MAX_ATTRIBUTES} attributes");
            return Err(ForeignError::new(message, help));
        }
        Ok(())
    }

    fn insert(&self, parent: NodeId, at: Option<usize>, child: NodeOrText<Handle>) {
        let mut nodes = self.nodes.borrow_mut();
        let at = at.unwrap_or(nodes[parent].children.len());
        let child = match child {
            NodeOrText::AppendNode(handle) => handle.id,
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).map(|at| nodes[parent].children[at]);
                if let Some(before) = before
                    && let NodeContent::Text(old) = &mut nodes[before].content
                {
                    old.push_str(&text);
                    nodes[before].end = self.end.get();
                    return;
                }
                drop(nodes);
                let id = self.add(NodeContent::Text(text.to_string()));
                nodes = self.nodes.borrow_mut();
                id
            }
        };
        let depth = nodes[parent].depth + 1;
        self.deepest.set(self.deepest.get().max(depth));
        nodes[child].depth = depth;
        nodes[child].parent = Some(parent);
        nodes[parent].children.insert(at, child);
    }

    fn detach(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[id].parent.take() {
            let children = &mut nodes[parent].children;
            if let Some(at) = children.iter().rposition(|child| *child == id) {
                children.remove(at);
            }
        }
    }
}

/// How many attributes a tag may have: the characters that can end one, outside quotes.
fn attributes(tag: &str) -> usize {
    let mut quote = None;
    let mut count = 0;
    for byte in tag.bytes() {
        match (quote, byte) {
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                count += 1;
            }
            (Some(open), byte) if open == byte => quote = None,
            (None, b' ' | b'\t' | b'\n' | b'\r' | b'/' | b'=') => count += 1,
            _ => {}
        }
    }
    count / 2
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle {
            id: 0,
            name: Rc::new(QualName::new(None, ns!(), local_name!(""))),
        }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _: ElementFlags,
    ) -> Handle {
        let id = self.add(NodeContent::Element {
            name: name.local.clone(),
            attributes,
        });
        Handle {
            id,
            name: Rc::new(name),
        }
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.handle(NodeContent::Comment(text.to_string()))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.handle(NodeContent::Other)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.id, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        if self.nodes.borrow()[element.id].parent.is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, a: &Handle, b: &Handle) -> bool {
        a.id == b.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(handle) = &child {
            self.detach(handle.id);
        }
        let place = {
            let nodes = self.nodes.borrow();
            nodes[sibling.id].parent.map(|parent| {
                let mut children = nodes[parent].children.iter();
                (parent, children.rposition(|id| *id == sibling.id))
            })
        };
        if let Some((parent, at)) = place {
            self.insert(parent, at, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, added: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        if let NodeContent::Element { attributes, .. } = &mut nodes[target.id].content {
            for attribute in added {
                if attributes.iter().all(|old| old.name != attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[node.id].children);
        for child in &children {
            nodes[*child].parent = Some(new_parent.id);
        }
        nodes[new_parent.id].children.extend(children);
    }
}
