//! The front matter of Markdown files: of deployment models and of prose pages.

use crate::input::schema::dates::Date;
use crate::input::tree::{Entries, Text, record};

record! {
    /// Front matter of `models/ID.md`: one deployment model.
    pub struct ModelRecord = "a deployment model" {
        /// Name of the model.
        label: Text = "label",
        /// Position among the models; lower comes first.
        order: Option<i64> = "order",
        /// One sentence for lists and search engines.
        description: Option<Text> = "description",
        /// Version of this model, in place of the document's.
        version: Option<Text> = "version",
        /// First day this model is in force, as YYYY-MM-DD, in place of the document's.
        effective: Option<Date> = "effective",
        /// What this model calls the parties: party id to label.
        parties: Entries<Text> = "parties" like "parties: {PARTY: label}",
        /// Party ids in the order of this model's columns.
        columns: Vec<Text> = "columns" like "columns: [customer, provider]",
        /// Captions of the tables, as they are printed.
        captions: Option<CaptionsRecord> = "captions" like "captions: {summary: A caption}",
        /// Findings that are accepted in this model: code to reason.
        acknowledge: Entries<Text> = "acknowledge" like "acknowledge: {SRM204: the reason}",
    }
}

record! {
    /// Captions of a model's two tables.
    pub struct CaptionsRecord = "`captions`" {
        /// Caption of the summary table.
        summary: Option<Text> = "summary",
        /// Caption of the table of tasks.
        detail: Option<Text> = "detail",
    }
}

record! {
    /// Front matter of a prose page.
    pub struct ProseRecord = "a page" {
        /// Title of the page; by default the first heading or the file name.
        title: Option<Text> = "title",
        /// One sentence for search engines and lists.
        description: Option<Text> = "description",
        /// Position among the pages; lower comes first.
        order: Option<i64> = "order",
        /// Whether the page is left out unless drafts are requested.
        draft: Option<bool> = "draft",
    }
}
