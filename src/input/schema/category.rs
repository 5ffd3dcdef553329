//! `categories/ID.yaml`: a category with its rows. What the rows' cells may say is in
//! `cell`.

use crate::input::schema::cell::{CellEntry, NoteRecord};
use crate::input::schema::evidence::{EvidenceRecord, ReviewRecord};
use crate::input::schema::fields::FieldText;
use crate::input::tree::{
    At, AtLeastOne, Decode, Decoder, Entries, Node, OneOrMany, Text, Value, record,
};

record! {
    /// `categories/ID.yaml`: one category with its rows.
    pub struct CategoryFile = "a category" {
        /// Name of the category.
        label: Text = "label",
        /// Other names that models give it: model id to label.
        labels: Entries<Text> = "labels" like "labels: {MODEL: label}",
        /// Position among the categories; lower comes first.
        order: Option<i64> = "order",
        /// What belongs here. Markdown.
        description: Option<Text> = "description",
        /// The models that list its rows, if it is intended that not all do. That of a row
        /// replaces it.
        only_in: Option<OnlyInRecord> = "only-in" like "only-in: [saas, byoc]",
        /// A condition that holds for all its rows: party id to text. Markdown.
        conditional: Entries<Text> = "conditional" like "conditional: {PARTY: when delegated}",
        /// Groups of its rows, each with an id that rows name.
        groups: Vec<GroupRecord> = "groups" like "groups: [{id: net, label: Network}]",
        /// The responsibilities, in order.
        rows: Vec<RowRecord> = "rows" like "rows: [{id: backup, label: Backup, models: {all: PARTY}}]",
        /// Findings that are accepted in this category: code to reason.
        acknowledge: Entries<Text> = "acknowledge",
    }
}

record! {
    /// A group of rows within a category.
    pub struct GroupRecord = "a group" {
        /// Id by which rows name it.
        id: Text = "id",
        /// Its heading.
        label: Text = "label",
        /// Groups within it.
        groups: Vec<InnerGroupRecord> = "groups" like "groups: [{id: net, label: Network}]",
    }
}

record! {
    /// A group within a group.
    pub struct InnerGroupRecord = "a group within a group" {
        /// Id by which rows name it.
        id: Text = "id",
        /// Its heading.
        label: Text = "label",
    }
}

record! {
    /// One responsibility, described once for all models.
    pub struct RowRecord = "a row" {
        /// Permanent id: the anchor of the row on every page.
        id: Text = "id",
        /// Name of the responsibility.
        label: Text = "label",
        /// Other names that models give it: model id to label.
        labels: Entries<Text> = "labels" like "labels: {MODEL: label}",
        /// Other words by which the search finds it. Shown nowhere.
        aliases: Vec<Text> = "aliases" like "aliases: [other words]",
        /// The group of rows that it belongs to: an id of the category's `groups`, or a
        /// label.
        group: Option<Text> = "group" like "group: Network",
        /// What is meant. Markdown.
        description: Option<Text> = "description",
        /// The models that list this row, if it is intended that not all do.
        only_in: Option<OnlyInRecord> = "only-in" like "only-in: [saas, byoc]",
        /// Notes for readers. Markdown.
        notes: Vec<NoteRecord> = "notes" like "notes: [A text.]",
        /// Controls the row is mapped to: framework id to control ids.
        controls: Entries<OneOrMany<Text>> = "controls" like "controls: {FRAMEWORK: [CC6.1]}",
        /// Values of the document's fields, in all models: field id to value.
        fields: Entries<FieldText> = "fields" like "fields: {FIELD: \"value\"}",
        /// What shows that a party does its part, in all models: party id to evidence.
        evidence: Entries<Vec<EvidenceRecord>> = "evidence" like "evidence: {PARTY: [{text: SOC 2 report}]}",
        /// Who has reviewed the row, and when.
        review: Option<At<ReviewRecord>> = "review" like "review: {status: approved, date: 2026-01-31}",
        /// The cells: model id, or `all`, to cell. A model's own keys win over those of `all`.
        models: Entries<CellEntry> = "models" like "models: {all: PARTY}",
        /// Findings that are accepted in this row: code to reason.
        acknowledge: Entries<Text> = "acknowledge",
    }
}

record! {
    /// Which models list a row, or the rows of a category, and why the others do not.
    pub struct OnlyInDetail = "`only-in`" {
        /// Ids of the models that list the row.
        models: AtLeastOne<Text> = "models",
        /// Why the others do not.
        reason: Option<Text> = "reason",
    }
}

/// `only-in`: a model id, a list of them, or `{models, reason}`.
#[derive(Clone, Debug)]
pub struct OnlyInRecord(pub OnlyInDetail);

impl Decode for OnlyInRecord {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        if matches!(node.value, Value::Map(_)) {
            return OnlyInDetail::decode(node, d).map(OnlyInRecord);
        }
        AtLeastOne::decode(node, d).map(|models| {
            OnlyInRecord(OnlyInDetail {
                models,
                reason: None,
            })
        })
    }
}

impl schemars::JsonSchema for OnlyInRecord {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OnlyIn".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let detail = g.subschema_for::<OnlyInDetail>();
        let list = g.subschema_for::<OneOrMany<String>>();
        schemars::json_schema!({ "anyOf": [list, detail] })
    }
}
