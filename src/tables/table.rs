//! The one value every table writer takes: caption, columns, groups of lines,
//! cells made of blocks. It knows nothing of documents, HTML, Markdown or any
//! other format; `tables` makes such values from a document, whose words they
//! borrow.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::input::Text;
use crate::model::compare::Verdict;
use crate::model::{Badge, Owner, Task};
use crate::tables::kinds::{ColumnKind, RemarkKind, TableKind};

/// A table of responsibilities.
pub struct Table<'a> {
    pub kind: TableKind,
    pub caption: Cow<'a, str>,
    pub columns: Vec<Column<'a>>,
    /// Whether the headings of groups are shown; without, the first column
    /// heads lines.
    pub grouped: bool,
    /// What the anchors of its lines begin with.
    pub id_prefix: Cow<'a, str>,
    /// Made one at a time while they are written: all groups of a large table
    /// at once would take more memory than the page they become.
    pub groups: Box<dyn Iterator<Item = Group<'a>> + Send + 'a>,
}

impl<'a> Table<'a> {
    /// The table with these columns only, given by their place and in this
    /// order. The columns that head lines and groups stay, but for that of
    /// groups where `grouped` is not asked for.
    pub fn with_columns(mut self, cells: Vec<usize>, grouped: bool) -> Table<'a> {
        let heads = if self.grouped { 2 } else { 1 };
        let mut columns: Vec<Column> = self.columns[heads - 1..heads].to_vec();
        if self.grouped && grouped {
            columns.insert(0, self.columns[0].clone());
        }
        columns.extend(cells.iter().map(|at| self.columns[*at].clone()));
        self.grouped &= grouped;
        self.columns = columns;
        self.groups = Box::new(self.groups.map(move |mut group| {
            for line in &mut group.lines {
                let chosen = cells.iter().map(|at| line.cells[at - heads].clone());
                line.cells = chosen.collect();
            }
            group
        }));
        self
    }
}

/// A column with its heading. The first column heads groups, the second lines.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    /// What the column is called when columns are chosen: the id of its party
    /// or model, or a word such as `owner`.
    pub id: &'a str,
    pub label: &'a str,
    pub kind: ColumnKind,
}

/// Lines under one heading cell that spans them.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    pub head: Head<'a>,
    pub lines: Vec<Line<'a>>,
}

/// A heading cell: of a group or of a line.
#[derive(Clone, Debug, Default)]
pub struct Head<'a> {
    pub label: Cow<'a, str>,
    pub link: Option<SiteLink<'a>>,
    /// Anchor of the cell itself, where the line's is another.
    pub anchor: Option<&'a str>,
    /// Further lines beneath the label.
    pub blocks: Vec<Block<'a>>,
}

/// A link inside the site. Many lines of a table share the page.
#[derive(Clone, Debug)]
pub struct SiteLink<'a> {
    /// Path of the page in the site; `None` for the page the table is on.
    pub page: Option<Arc<str>>,
    /// Anchor on the page; empty for its top.
    pub fragment: &'a str,
}

/// One line of a table.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Anchor of the line, after the table's prefix.
    pub id: Option<&'a str>,
    /// Id of the model the line is about, where the lines of a page differ in it.
    pub model: Option<&'a str>,
    pub owner: Option<Owner>,
    pub change: Option<Verdict>,
    pub head: Head<'a>,
    pub cells: Vec<Vec<Block<'a>>>,
}

/// What a cell holds, one thing after another.
#[derive(Clone, Debug)]
pub enum Block<'a> {
    Badge(Badge<'a>),
    /// Whether the party of this column is responsible, in words.
    Mark {
        yes: bool,
        text: &'a str,
    },
    /// The author's words, as printed.
    Words(Cow<'a, str>),
    /// Inline Markdown by the author.
    Markdown(&'a Text),
    Tasks(Vec<TaskItem<'a>>),
    /// A remark in the tool's words, with a lead-in: `Condition: ...`.
    Remark {
        kind: RemarkKind,
        label: Cow<'a, str>,
        text: Remark<'a>,
    },
    /// A verdict: `moved`, `same` and so on, in words.
    Change {
        verdict: Verdict,
        text: String,
    },
    /// Nothing, said in words.
    Nothing(&'a str),
}

/// The body of a remark.
#[derive(Clone, Debug)]
pub enum Remark<'a> {
    Plain(Cow<'a, str>),
    Markdown(&'a Text),
}

/// A task in a list.
#[derive(Clone, Debug)]
pub struct TaskItem<'a> {
    pub task: &'a Task,
    /// In a comparison: whether the other model has the same text.
    pub equal: Option<bool>,
    /// Words for `equal`.
    pub mark: Option<&'a str>,
    pub controls: Vec<Control<'a>>,
}

/// A control as readers know it: `SOC 2 CC6.1`.
#[derive(Clone, Copy, Debug)]
pub struct Control<'a> {
    pub framework: &'a str,
    pub id: &'a str,
}

impl fmt::Display for Control<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.framework, self.id)
    }
}

/// Controls in a row, parted by `separator`.
pub fn join_controls(controls: &[Control<'_>], separator: &str) -> String {
    let names: Vec<String> = controls.iter().map(Control::to_string).collect();
    names.join(separator)
}
