//! The one value every table writer takes: caption, columns, groups of lines,
//! cells made of blocks. It knows nothing of documents, HTML, Markdown or any
//! other format; `tables` makes such values from a document.

use crate::badge::{Badge, Owner};
use crate::compare::Verdict;
use crate::model::Task;
use crate::tree::Text;

/// A table of responsibilities.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What the table shows, a public hook: `summary`, `detail`, `category`,
    /// `compare`, `matrix`, `tasks` or `checklist`.
    pub kind: &'static str,
    pub caption: String,
    pub columns: Vec<Column>,
    pub groups: Vec<Group>,
}

/// A column with its heading. The first column heads groups, the second lines.
#[derive(Clone, Debug)]
pub struct Column {
    pub label: String,
    /// What the column holds: `group`, `row`, `owner`, `model`, `party`,
    /// `change`.
    pub kind: &'static str,
}

/// Lines under one heading cell that spans them.
#[derive(Clone, Debug)]
pub struct Group {
    pub head: Head,
    pub lines: Vec<Line>,
}

/// A heading cell: of a group or of a line.
#[derive(Clone, Debug, Default)]
pub struct Head {
    pub label: String,
    /// Path in the site, with its fragment.
    pub link: Option<String>,
    /// Anchor of the cell itself, where the line's is another.
    pub anchor: Option<String>,
    /// Further lines beneath the label.
    pub blocks: Vec<Block>,
}

/// One line of a table.
#[derive(Clone, Debug)]
pub struct Line {
    /// Anchor of the line.
    pub id: Option<String>,
    pub owner: Option<Owner>,
    pub change: Option<Verdict>,
    pub head: Head,
    pub cells: Vec<Vec<Block>>,
}

/// What a cell holds, one thing after another.
#[derive(Clone, Debug)]
pub enum Block {
    Badge(Badge),
    /// Whether the party of this column is responsible, in words.
    Mark {
        yes: bool,
        text: String,
    },
    /// The author's words, as printed.
    Words(String),
    /// Inline Markdown by the author.
    Markdown(Text),
    Tasks(Vec<Item>),
    /// A remark in the tool's words, with a lead-in: `Condition: ...`.
    Remark {
        kind: &'static str,
        label: String,
        text: Remark,
    },
    /// A verdict: `moved`, `same` and so on, in words.
    Change {
        verdict: Verdict,
        text: String,
    },
    Link {
        label: String,
        path: String,
    },
    /// Nothing, said in words.
    Nothing(String),
}

/// The body of a remark.
#[derive(Clone, Debug)]
pub enum Remark {
    Plain(String),
    Markdown(Text),
}

/// A task in a list.
#[derive(Clone, Debug)]
pub struct Item {
    pub task: Task,
    /// In a comparison: whether the other model has the same text.
    pub equal: Option<bool>,
    /// Words for `equal`.
    pub mark: Option<String>,
    /// Controls, as `SOC 2 CC6.1`.
    pub controls: Vec<String>,
}
