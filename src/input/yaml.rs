//! Reads YAML text into a located tree, within limits that no real file reaches. This
//! is the only module that uses the YAML crate. The format's keys are not known here.

mod syntax;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use serde_yaml::granit_parser::{Event, Parser, ScalarStyle, Span};

use crate::findings::{Code, Finding, Findings, Place};
use crate::input::tree::{self, Decoder, Key, Node, Scalar, Value};
use crate::input::yaml::syntax::{floor, syntax};

/// Deepest nesting: the format itself needs nine levels.
const MAX_DEPTH: usize = 64;

/// Most nodes in a file. Nodes that aliases repeat are counted each time.
/// 10,000 rows with ten tasks in each of five models stay below this.
const MAX_NODES: usize = 2_000_000;

/// Most bytes of text that anchors and aliases may repeat, whatever the file's
/// length.
const MAX_REPEATED_BYTES: usize = 64 << 20;

/// Bytes of text that anchors and aliases may repeat: a fixed number for each file,
/// plus some for each of its bytes. A row that reuses a list of tasks takes about 100
/// bytes, so each row of a file can share a list of 1.4 KB (twenty to thirty tasks),
/// and thirty rows can share one of 3 KB.
const REPEATED_BYTES: Share = Share {
    each: 4 << 10,
    times: 14,
    by: 1,
};

/// Values that may be repeated, in the same way. Each costs a build a few
/// microseconds, however short it is. A row of 90 bytes can reuse the cells of three
/// models, which are about thirty-five values.
const REPEATED_NODES: Share = Share {
    each: 100,
    times: 2,
    by: 5,
};

/// A limit that grows with the length of a text, so that many small files may repeat
/// no more than one large file.
struct Share {
    each: usize,
    times: usize,
    by: usize,
}

impl Share {
    fn of(&self, text: &str) -> usize {
        self.each + text.len() * self.times / self.by
    }
}

/// Parses one YAML document. `base` is where `text` begins in its file, for
/// front matter. Returns the tree, or `None` and a finding if the syntax is broken.
pub fn parse_yaml(
    text: &str,
    file: &Arc<str>,
    base: usize,
    findings: &mut Findings,
) -> Option<Node> {
    let mut builder = Builder {
        file,
        base,
        anchors: HashMap::new(),
        open: Vec::new(),
        root: None,
        documents: 0,
        nodes: 0,
        refused: Vec::new(),
        repeated: Size::NONE,
        most: Size {
            nodes: REPEATED_NODES.of(text),
            bytes: REPEATED_BYTES.of(text).min(MAX_REPEATED_BYTES),
            ..Size::NONE
        },
    };
    let mut events = Parser::new_from_str(text);
    while let Some(event) = events.next_event() {
        let step = match event {
            Ok((event, span)) => builder.event(event, &span),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                let open = builder.open_bracket(text, at);
                let reason = error.to_string();
                Err(Box::new(syntax(text, file, base, at, open, &reason)))
            }
        };
        if let Err(finding) = step {
            findings.push(*finding);
            return None;
        }
    }
    let refused = std::mem::take(&mut builder.refused);
    refused.into_iter().for_each(|f| findings.push(f));
    let mut root = builder.root.unwrap_or(Node {
        value: Value::Null,
        span: base..base,
    });
    let mut decoder = Decoder {
        file: file.clone(),
        findings,
    };
    tree::refuse_unfit(&root, text, base, &mut decoder);
    tree::find_curly_quotes(&root, &mut decoder);
    tree::refuse_duplicates(&mut root, &mut decoder);
    Some(root)
}

type Step = Result<(), Box<Finding>>;

/// A collection that is still being filled.
struct Open {
    anchor: usize,
    start: usize,
    kind: OpenKind,
}

enum OpenKind {
    List(Vec<Node>),
    Map(Vec<(Key, Node)>, Option<Key>),
}

struct Builder<'a> {
    file: &'a Arc<str>,
    base: usize,
    /// Anchored nodes and their sizes.
    anchors: HashMap<usize, (Node, Size)>,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    nodes: usize,
    /// What is not part of the format, although YAML allows it. The rest of the file is
    /// read as if it were.
    refused: Vec<Finding>,
    /// What anchors and aliases have repeated so far, and below, the most they may
    /// repeat.
    repeated: Size,
    most: Size,
}

impl Builder<'_> {
    /// The end of the line before `at` that leaves a bracket open, up to that
    /// bracket. The parser stops only far below it.
    fn open_bracket<'t>(&self, text: &'t str, at: usize) -> Option<&'t str> {
        let opens = |start: &usize| {
            let bracket = |rest: &str| rest.starts_with(['[', '{']);
            text.get(*start..).is_some_and(bracket)
        };
        let mut starts = self.open.iter().rev().map(|open| open.start - self.base);
        let start = starts.find(opens)?;
        if !text.get(start..at)?.contains('\n') {
            return None;
        }
        let line = &text[..=start];
        let line = &line[line.rfind('\n').map_or(0, |i| i + 1)..];
        // The whole line may have megabytes.
        Some(line[floor(line, line.len().saturating_sub(60))..].trim())
    }

    fn event(&mut self, event: Event<'_>, span: &Span) -> Step {
        let start = self.base + span.start.byte_offset().unwrap_or(0);
        let end = self.base + span.end.byte_offset().unwrap_or(0);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return self.refuse(
                        Code::YamlSyntax,
                        start,
                        "a second document begins here; a file may have only one",
                        "remove the `---` line or split the file",
                    );
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                if tag.is_some() && self.tag_is_custom(&tag) {
                    let message = "tags (`!name`) are not part of the format";
                    self.read_on(start..start + 1, message, "remove the tag");
                }
                let plain = style == ScalarStyle::Plain && tag.is_none();
                let node = Node {
                    value: scalar(text, plain),
                    span: start..end,
                };
                self.put(node, Size::ONE, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(anchor, start, OpenKind::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, _) => {
                self.open(anchor, start, OpenKind::Map(Vec::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Ok(());
                };
                let value = match open.kind {
                    OpenKind::List(items) => Value::List(items),
                    OpenKind::Map(entries, _) => Value::Map(self.merged(entries)),
                };
                let node = Node {
                    value,
                    span: open.start..end.max(open.start),
                };
                self.put(node, Size::ONE, open.anchor)
            }
            Event::Alias(id) => self.alias(id, start),
            _ => Ok(()),
        }
    }

    /// Inserts a value that was anchored before.
    fn alias(&mut self, id: usize, start: usize) -> Step {
        let Some((_, size)) = self.anchors.get(&id) else {
            return self.refuse(
                Code::YamlSyntax,
                start,
                "this alias is inside the value it repeats",
                "write the value itself in place of the alias",
            );
        };
        let size = *size;
        // Check the limit before copying.
        self.repeat(size, start)?;
        match self.anchors.get(&id) {
            Some((node, _)) => self.put(node.clone(), size, 0),
            None => Ok(()),
        }
    }

    /// `!!str` and similar tags change nothing, so they are allowed; all others are
    /// refused.
    fn tag_is_custom(&self, tag: &Option<Cow<'_, serde_yaml::granit_parser::Tag>>) -> bool {
        tag.as_ref()
            .is_some_and(|t| !t.to_string().contains("str") && t.to_string() != "!")
    }

    fn open(&mut self, anchor: usize, start: usize, kind: OpenKind) -> Step {
        if self.open.len() >= MAX_DEPTH {
            return self.too_deep(start);
        }
        self.open.push(Open {
            anchor,
            start,
            kind,
        });
        Ok(())
    }

    /// Adds a finished node to the collection that is being filled.
    fn put(&mut self, node: Node, size: Size, anchor: usize) -> Step {
        if self.open.len() + size.depth > MAX_DEPTH {
            return self.too_deep(node.span.start);
        }
        self.nodes += size.nodes;
        // A copy of an anchored node is kept for its aliases.
        let kept = (anchor != 0).then(|| Size::of(&node));
        if let Some(size) = kept {
            self.nodes += size.nodes;
            self.repeat(size, node.span.start)?;
        }
        if self.nodes > MAX_NODES {
            return self.refuse(
                Code::Limit,
                node.span.start,
                &format!("more than {MAX_NODES} values, counting an alias each time it is used"),
                "split the file, or write repeated cells once under `models: {all: ...}`",
            );
        }
        if let Some(size) = kept {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut().map(|o| &mut o.kind) {
            None => self.root = Some(node),
            Some(OpenKind::List(items)) => items.push(node),
            Some(OpenKind::Map(entries, pending)) => match pending.take() {
                Some(key) => entries.push((key, node)),
                None => match node.value {
                    Value::Scalar { text, .. } => {
                        *pending = Some(Key {
                            text,
                            span: node.span,
                            is_refused: false,
                        });
                    }
                    _ => {
                        let (key, help) = several_ids(node);
                        let span = key.span.clone();
                        *pending = Some(key);
                        self.read_on(span, "a key must be plain text", &help);
                    }
                },
            },
        }
        Ok(())
    }

    /// The entries of a mapping without merge keys (`<<`), which are refused: what they
    /// would add is added, so that nothing seems to be missing. Keys that had no text are
    /// left out.
    fn merged(&mut self, entries: Vec<(Key, Node)>) -> Vec<(Key, Node)> {
        let is_left_out = |key: &Key| key.text == MERGE || key.is_refused && key.text.is_empty();
        let (others, mut kept): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|(key, _)| is_left_out(key));
        for (key, node) in others.into_iter().filter(|(key, _)| key.text == MERGE) {
            let message = "merge keys (`<<`) are not part of the format";
            let help = "write the shared part under `models: {all: ...}`";
            self.read_on(key.span, message, help);
            let maps = match node.value {
                Value::List(items) => items,
                _ => vec![node],
            };
            for map in maps {
                let Value::Map(more) = map.value else {
                    continue;
                };
                for (key, node) in more {
                    if kept.iter().all(|(own, _)| own.text != key.text) {
                        kept.push((key, node));
                    }
                }
            }
        }
        kept
    }

    /// Reports what is not part of the format, and reads on.
    fn read_on(&mut self, span: Range<usize>, message: &str, help: &str) {
        let place = Place::new(self.file, span);
        let finding = Finding::new(Code::WrongValue, place, message).help(help);
        self.refused.push(finding);
    }

    /// Counts what an anchor keeps or an alias repeats. Fails if it is too much for a
    /// file of this length.
    fn repeat(&mut self, size: Size, at: usize) -> Step {
        self.repeated.nodes += size.nodes;
        self.repeated.bytes += size.bytes;
        let over = match &self.repeated {
            Size { nodes, .. } if *nodes > self.most.nodes => {
                format!("more than {} values", self.most.nodes)
            }
            Size { bytes, .. } if *bytes > self.most.bytes => {
                format!("more than {} KB of text", self.most.bytes >> 10)
            }
            _ => return Ok(()),
        };
        self.refuse(
            Code::Limit,
            at,
            &format!("aliases repeat {over}, the limit for a file of this length"),
            "write repeated cells once under `models: {all: ...}`",
        )
    }

    fn too_deep(&self, at: usize) -> Step {
        self.refuse(
            Code::Limit,
            at,
            &format!("values are nested more than {MAX_DEPTH} deep"),
            "the format needs only nine levels; check for brackets that are not closed",
        )
    }

    fn refuse(&self, code: Code, at: usize, message: &str, help: &str) -> Step {
        Err(Box::new(
            Finding::new(code, Place::new(self.file, at..at + 1), message).help(help),
        ))
    }
}

/// The key of a mapping that adds the entries of another one.
const MERGE: &str = "<<";

/// The key that a list or a mapping of ids was meant as, and how to write it; one without
/// text if it cannot be read.
fn several_ids(node: Node) -> (Key, String) {
    let mut ids: Vec<String> = Vec::new();
    let span = node.span.clone();
    let text = |node: Node| match node.value {
        Value::Scalar { text, .. } => text,
        _ => String::new(),
    };
    match node.value {
        Value::List(items) => ids.extend(items.into_iter().map(text)),
        Value::Map(entries) => ids.extend(entries.into_iter().map(|(key, value)| {
            let is_id = matches!(value.value, Value::Null);
            if is_id { key.text } else { String::new() }
        })),
        _ => {}
    }
    let is_read = !ids.is_empty() && ids.iter().all(|id| !id.trim().is_empty());
    let (text, help) = match is_read {
        true => (
            ids.join(", "),
            format!("write several ids in quotes: `\"{}\":`", ids.join(", ")),
        ),
        false => (String::new(), "put the key in quotes".into()),
    };
    let is_refused = true;
    let key = Key {
        text,
        span,
        is_refused,
    };
    (key, help)
}

/// A single value. Only an unquoted one can be null.
fn scalar(text: Cow<'_, str>, plain: bool) -> Value {
    if plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
        return Value::Null;
    }
    Value::Scalar {
        text: text.into_owned(),
        kind: if plain { Scalar::Plain } else { Scalar::Quoted },
    }
}

/// How large a node is: all nodes and bytes of text in it, and its levels.
#[derive(Clone, Copy)]
struct Size {
    nodes: usize,
    depth: usize,
    bytes: usize,
}

impl Size {
    const NONE: Size = Size {
        nodes: 0,
        depth: 0,
        bytes: 0,
    };

    /// A node read from the file itself. Its bytes need no counting, because the
    /// file's size limits them.
    const ONE: Size = Size {
        nodes: 1,
        depth: 1,
        bytes: 0,
    };

    fn of(node: &Node) -> Size {
        let parts: Vec<Size> = match &node.value {
            Value::List(items) => items.iter().map(Size::of).collect(),
            Value::Map(entries) => entries.iter().map(|(_, v)| Size::of(v)).collect(),
            _ => Vec::new(),
        };
        let own = match &node.value {
            Value::Scalar { text, .. } => text.len(),
            Value::Map(entries) => entries.iter().map(|(k, _)| k.text.len()).sum(),
            _ => 0,
        };
        Size {
            bytes: own + parts.iter().map(|p| p.bytes).sum::<usize>(),
            nodes: 1 + parts.iter().map(|p| p.nodes).sum::<usize>(),
            depth: 1 + parts.iter().map(|p| p.depth).max().unwrap_or(0),
        }
    }
}
