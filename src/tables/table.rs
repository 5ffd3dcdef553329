//! The value that every writer of tables takes: caption, columns, groups of lines,
//! and cells made of blocks. Documents and formats are not known here; `tables` makes
//! these values from a document, and they borrow its texts.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::input::Text;
use crate::model::compare::Verdict;
use crate::model::{BETWEEN_HEADINGS, Badge, FieldValue, OwnField, Owner, RowGroup, Task};
use crate::tables::kinds::{ColumnKind, RemarkKind, TableKind};

/// A table of responsibilities.
pub struct Table<'a> {
    /// What the table shows.
    pub kind: TableKind,
    /// The text above the table; may be empty.
    pub caption: Cow<'a, str>,
    /// All columns, those with headings of groups and lines first.
    pub columns: Vec<Column<'a>>,
    /// Whether the headings of groups are shown. If not, the first column has the
    /// headings of lines.
    pub grouped: bool,
    /// Whether rows of the document are in groups, which formats for scripts tell in a
    /// column of their own.
    pub has_groups: bool,
    /// The prefix of its lines' anchors.
    pub id_prefix: Cow<'a, str>,
    /// The groups, made one at a time while they are written: all groups of a large
    /// table would take more memory than the finished page.
    pub groups: Box<dyn Iterator<Item = Group<'a>> + Send + 'a>,
    /// What the letters in its cells mean, for below the table; else empty.
    pub legend: Cow<'a, str>,
}

impl<'a> Table<'a> {
    /// Keeps only the columns with these indices, in this order. The columns with
    /// headings stay, except that of groups if `grouped` is false.
    pub fn with_columns(mut self, cells: Vec<usize>, grouped: bool) -> Table<'a> {
        let heads = if self.grouped { 2 } else { 1 };
        let mut columns: Vec<Column> = self.columns[heads - 1..heads].to_vec();
        if self.grouped && grouped {
            columns.insert(0, self.columns[0].clone());
        }
        columns.extend(cells.iter().map(|at| self.columns[*at].clone()));
        self.grouped &= grouped;
        self.has_groups &= grouped;
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

/// A column with its heading. The first column has the headings of groups, the second
/// those of lines.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    /// The name by which a request selects the column: the id of its party or model,
    /// or a word such as `owner`.
    pub id: &'a str,
    /// The heading of the column.
    pub label: &'a str,
    /// What the column contains.
    pub kind: ColumnKind,
}

/// Lines under one heading cell that spans them.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// The heading that spans the lines.
    pub head: Head<'a>,
    /// The lines of the group.
    pub lines: Vec<Line<'a>>,
}

/// A heading cell: of a group or of a line.
#[derive(Clone, Debug, Default)]
pub struct Head<'a> {
    /// The words of the heading.
    pub label: Cow<'a, str>,
    /// The group of rows that it is the heading of, within the category of the label.
    pub group: Option<&'a RowGroup>,
    /// The link of the label, if it has one.
    pub link: Option<SiteLink<'a>>,
    /// Anchor of the cell itself, if it differs from that of the line.
    pub anchor: Option<&'a str>,
    /// Anchor of the label, if links lead to it by a further one. Without a prefix.
    pub label_anchor: Option<String>,
    /// Further content below the label.
    pub blocks: Vec<Block<'a>>,
}

impl Head<'_> {
    /// The label with that of its group.
    pub fn words(&self) -> Cow<'_, str> {
        match self.group {
            None => Cow::Borrowed(&self.label),
            Some(group) => format!("{}{BETWEEN_HEADINGS}{}", self.label, group.label()).into(),
        }
    }
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
    /// Id of the row that the line is about, if it is about one.
    pub row: Option<&'a str>,
    /// Id of the model that the line is about, if the lines of a page have different
    /// ones.
    pub model: Option<&'a str>,
    /// Id of the area that the line is about, if it is not a whole row.
    pub area: Option<&'a str>,
    /// The group of the row that the line is about.
    pub group: Option<&'a RowGroup>,
    /// The owner that the line shows, if it shows a single one.
    pub owner: Option<Owner>,
    /// In a comparison, what changes for the line's row.
    pub change: Option<Verdict>,
    /// The heading of the line.
    pub head: Head<'a>,
    /// The cells of the other columns, each a list of blocks.
    pub cells: Vec<Vec<Block<'a>>>,
}

/// A block of a cell. A cell is a list of blocks.
#[derive(Clone, Debug)]
pub enum Block<'a> {
    /// The badge of an owner.
    Badge(Badge<'a>),
    /// How the party of this column takes part, in words.
    Mark {
        /// How it takes part.
        mark: PartMark,
        /// The words for it.
        text: &'a str,
        /// The part, or the condition, that the words lead to. Markdown.
        of: Option<&'a Text>,
        /// Id of the party.
        party: &'a str,
    },
    /// The roles of the party of this column.
    Roles {
        /// Its roles; none if there is only a condition.
        roles: Vec<RoleMark<'a>>,
        /// The words for a condition, if it takes part on one.
        condition: Option<&'a str>,
        /// Id of the party.
        party: &'a str,
    },
    /// The author's words, unchanged.
    Words(Cow<'a, str>),
    /// Inline Markdown by the author.
    Markdown(&'a Text),
    /// A list of tasks.
    Tasks(Vec<TaskItem<'a>>),
    /// A remark with a label in the interface's language: `Condition: ...`.
    Remark {
        /// The value of `data-kind`, such as `condition`.
        kind: RemarkKind,
        /// The label, with its colon.
        label: Cow<'a, str>,
        /// Id of the role, or of the party, that it is about.
        about: Option<&'a str>,
        /// The remark itself.
        text: Remark<'a>,
    },
    /// The value of a field.
    Field {
        /// The field.
        field: &'a OwnField,
        /// The words that lead to the value, where the field has no column.
        label: Option<Cow<'a, str>>,
        /// Its value.
        value: &'a FieldValue,
    },
    /// What changes, in words.
    Change {
        /// The word of a verdict, such as `moved`, or `terms`.
        change: &'static str,
        /// The words for it.
        text: Cow<'a, str>,
    },
    /// Words that say that there is nothing.
    Nothing(&'a str),
}

/// How a party takes part, as a mark in a column of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartMark {
    /// It is responsible.
    Yes,
    /// It is not responsible.
    No,
    /// It takes part on a condition.
    Conditional,
}

/// A role as a mark in a column of its own.
#[derive(Clone, Copy, Debug)]
pub struct RoleMark<'a> {
    /// Id of the role.
    pub id: &'a str,
    /// Its letter, if it has one.
    pub letter: Option<&'a str>,
    /// Its name.
    pub label: &'a str,
}

/// The body of a remark.
#[derive(Clone, Debug)]
pub enum Remark<'a> {
    /// Plain text.
    Plain(Cow<'a, str>),
    /// Inline Markdown by the author.
    Markdown(&'a Text),
}

/// A task in a list.
#[derive(Clone, Debug)]
pub struct TaskItem<'a> {
    /// The task.
    pub task: &'a Task,
    /// In a comparison: whether the other model has the same text.
    pub equal: Option<bool>,
    /// The words for `equal`.
    pub mark: Option<&'a str>,
    /// The controls that the task is mapped to.
    pub controls: Vec<Control<'a>>,
}

/// A control as readers see it: `SOC 2 CC6.1`.
#[derive(Clone, Copy, Debug)]
pub struct Control<'a> {
    /// Label of the framework, such as `SOC 2`.
    pub framework: &'a str,
    /// Id of the control, such as `CC6.1`.
    pub id: &'a str,
}

impl fmt::Display for Control<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.framework, self.id)
    }
}

/// Controls as one text, separated by `separator`.
pub fn join_controls(controls: &[Control<'_>], separator: &str) -> String {
    let names: Vec<String> = controls.iter().map(Control::to_string).collect();
    names.join(separator)
}
