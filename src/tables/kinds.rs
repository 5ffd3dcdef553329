//! The kinds of tables, of columns and of remarks, each with its word. After adding
//! one, the compiler lists every place that has to decide about it.

use crate::input::worded;

worded! {
    /// What a table shows. The words are the values of `data-kind`, a public hook.
    pub enum TableKind {
        /// Who is responsible, with a column for each party.
        Summary = "summary",
        /// The roles of each party in one model, in letters.
        Raci = "raci",
        /// The tasks of each party in one model.
        Detail = "detail",
        /// One category in every model.
        Category = "category",
        /// The owners in two models.
        Compare = "compare",
        /// The tasks of two models side by side.
        Tasks = "tasks",
        /// The owners in all models.
        Matrix = "matrix",
        /// The tasks of one party, to tick off.
        Checklist = "checklist",
        /// The owners of divided rows in each area of one model.
        Areas = "areas",
        /// How many rows each kind of owner has.
        Totals = "totals",
        /// What shows that parties do their part, and who has reviewed it.
        Evidence = "evidence",
    }
}

/// How a request chooses the models of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelChoice {
    /// Any of them, each in a table or a column of its own.
    Any,
    /// Two that are compared.
    Two,
    /// It always shows all of them.
    All,
}

impl TableKind {
    /// What it shows, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            TableKind::Summary => "who is responsible in a model",
            TableKind::Raci => "every party's roles in a model, in letters",
            TableKind::Detail => "every party's tasks in a model",
            TableKind::Category => "a category in every model",
            TableKind::Compare => "the owners in two models",
            TableKind::Tasks => "the tasks of two models side by side",
            TableKind::Matrix => "the owners in all models",
            TableKind::Checklist => "a party's tasks, as a checklist",
            TableKind::Areas => "who is responsible in each area of a model",
            TableKind::Totals => "how many rows each kind of owner has",
            TableKind::Evidence => "public evidence and reviews in a model",
        }
    }

    /// Whether it is a list of tasks with boxes to tick where a format has such.
    pub fn is_checklist(self) -> bool {
        match self {
            TableKind::Checklist => true,
            TableKind::Summary
            | TableKind::Raci
            | TableKind::Detail
            | TableKind::Category
            | TableKind::Compare
            | TableKind::Tasks
            | TableKind::Matrix
            | TableKind::Areas
            | TableKind::Totals
            | TableKind::Evidence => false,
        }
    }

    /// Whether each of its groups is a row of the document, and its lines what the
    /// row is in a model or for a party.
    pub fn groups_are_rows(self) -> bool {
        match self {
            TableKind::Category | TableKind::Tasks => true,
            TableKind::Summary
            | TableKind::Raci
            | TableKind::Detail
            | TableKind::Compare
            | TableKind::Matrix
            | TableKind::Checklist
            | TableKind::Areas
            | TableKind::Totals
            | TableKind::Evidence => false,
        }
    }

    /// Which models can be asked for.
    pub fn models(self) -> ModelChoice {
        match self {
            TableKind::Summary
            | TableKind::Raci
            | TableKind::Detail
            | TableKind::Matrix
            | TableKind::Checklist
            | TableKind::Areas
            | TableKind::Totals
            | TableKind::Evidence => ModelChoice::Any,
            TableKind::Compare | TableKind::Tasks => ModelChoice::Two,
            TableKind::Category => ModelChoice::All,
        }
    }
}

worded! {
    /// What a column holds. The words are the values of `data-column`, a public hook.
    pub enum ColumnKind {
        /// The headings of groups.
        Group = "group",
        /// The headings of lines.
        Row = "row",
        Owner = "owner",
        Model = "model",
        Party = "party",
        Area = "area",
        Change = "change",
        /// A number.
        Count = "count",
        /// The values of one of the author's fields.
        Field = "field",
        Evidence = "evidence",
        Review = "review",
    }
}

worded! {
    /// What a remark in a cell is about. The words are the values of `data-kind`.
    pub enum RemarkKind {
        /// Why a state holds, or why a row is in some models only.
        Reason = "reason",
        CatchAll = "catch-all",
        Role = "role",
        Cadence = "cadence",
        Note = "note",
        Acknowledged = "acknowledged",
        Scope = "scope",
        Condition = "condition",
        Controls = "controls",
        Evidence = "evidence",
        Review = "review",
        /// What models call a row.
        Names = "names",
        /// The owner of an area, which has a name of its own.
        Area = "area",
        /// The group of rows that a row belongs to.
        Group = "group",
    }
}

impl RemarkKind {
    /// The key of what it begins with in a strings file. Each role and the evidence of
    /// each party has words of its own there, and an area has its name.
    pub(super) fn key(self) -> &'static str {
        match self {
            RemarkKind::Names => "printed-as",
            RemarkKind::Reason
            | RemarkKind::CatchAll
            | RemarkKind::Role
            | RemarkKind::Cadence
            | RemarkKind::Note
            | RemarkKind::Acknowledged
            | RemarkKind::Scope
            | RemarkKind::Condition
            | RemarkKind::Controls
            | RemarkKind::Area
            | RemarkKind::Group
            | RemarkKind::Evidence
            | RemarkKind::Review => self.word(),
        }
    }
}
