//! What may be written about one row in one model.

use crate::input::schema::evidence::{EvidenceRecord, ReviewRecord};
use crate::input::schema::fields::FieldText;
use crate::input::tree::{
    At, Clearable, Decode, Decoder, Entries, Node, OneOrMany, Text, Value, choice, record,
};

choice! {
    /// What a cell is when no party is responsible. The first stands for one that cannot
    /// be read, so it is one that nothing else has to go with.
    pub enum State {
        /// Settled in each contract.
        ByContract = "by-contract",
        /// The same: the word that badges and outputs use.
        ByAgreement = "by-agreement",
        /// The row has no meaning in this model; a `reason` says why.
        NotApplicable = "not-applicable",
        /// Removes the row from this model again if `all` added it.
        NotListed = "not-listed",
    }
}

record! {
    /// Who does what in one row of one model.
    pub struct CellRecord = "a cell" {
        /// Party id, or a list of them: who is responsible. Decides the badge.
        responsible: Option<OneOrMany<Text>> = "responsible",
        /// What the cell is when no party is responsible.
        state: Option<At<State>> = "state",
        /// Why the state applies.
        reason: Option<Clearable> = "reason",
        /// What each party does: party id to tasks.
        tasks: Option<Entries<Vec<TaskRecord>>> = "tasks",
        /// Words printed in a party's summary column instead of a mark. Never decides the badge.
        summary: Option<Entries<Text>> = "summary",
        /// Which part a party is responsible for: party id to text.
        scope: Option<Entries<Text>> = "scope",
        /// The condition under which a party takes part: party id to text. Never
        /// decides the badge.
        conditional: Option<Entries<Text>> = "conditional",
        /// Who answers for it (RACI). Never decides the badge.
        accountable: Option<OneOrMany<Text>> = "accountable",
        /// Who is asked (RACI). Never decides the badge.
        consulted: Option<OneOrMany<Text>> = "consulted",
        /// Who is kept informed (RACI). Never decides the badge.
        informed: Option<OneOrMany<Text>> = "informed",
        /// Who helps. Never decides the badge.
        supports: Option<OneOrMany<Text>> = "supports",
        /// How often it is done, for example `yearly`.
        cadence: Option<Clearable> = "cadence",
        /// Notes for readers. Markdown.
        notes: Option<Vec<Text>> = "notes",
        /// Values of the document's fields: field id to value. They win over the row's.
        fields: Option<Entries<FieldText>> = "fields",
        /// What shows that a party does its part, besides the row's: party id to evidence.
        evidence: Option<Entries<Vec<EvidenceRecord>>> = "evidence",
        /// Who has reviewed the cell, and when; in place of the row's review.
        review: Option<At<ReviewRecord>> = "review",
        /// Findings that are accepted in this cell: code to reason.
        acknowledge: Entries<Text> = "acknowledge",
    }
}

/// A cell as it is written: all of it, or only its owners.
#[derive(Clone, Debug)]
pub enum CellEntry {
    /// A mapping of its keys.
    Whole(Box<CellRecord>),
    /// Party ids, or the word of a state.
    Owners(OneOrMany<Text>),
}

impl Decode for CellEntry {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match node.value {
            Value::Scalar { .. } | Value::List(_) => {
                OneOrMany::decode(node, d).map(CellEntry::Owners)
            }
            Value::Map(_) | Value::Null => {
                CellRecord::decode(node, d).map(|cell| CellEntry::Whole(Box::new(cell)))
            }
        }
    }

    fn keys() -> &'static [&'static str] {
        CellRecord::keys()
    }

    fn nesting() -> &'static str {
        CellRecord::nesting()
    }
}

impl schemars::JsonSchema for CellEntry {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cell".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let cell = g.subschema_for::<CellRecord>();
        let owners = g.subschema_for::<OneOrMany<String>>();
        schemars::json_schema!({ "anyOf": [owners, cell] })
    }
}

impl CellRecord {
    /// A cell that only says who is responsible, or which state it has.
    pub fn of_owner(responsible: Option<OneOrMany<Text>>, state: Option<At<State>>) -> CellRecord {
        CellRecord {
            responsible,
            state,
            reason: None,
            tasks: None,
            summary: None,
            scope: None,
            conditional: None,
            accountable: None,
            consulted: None,
            informed: None,
            supports: None,
            cadence: None,
            notes: None,
            fields: None,
            evidence: None,
            review: None,
            acknowledge: Entries::default(),
        }
    }
}

record! {
    /// A task with more than a text.
    pub struct TaskDetail = "a task" {
        /// What is to be done. Inline Markdown.
        text: Text = "text",
        /// Controls the task is mapped to: framework id to control ids.
        controls: Entries<OneOrMany<Text>> = "controls",
    }
}

/// A task: its text, or a mapping with `text`.
#[derive(Clone, Debug)]
pub struct TaskRecord(pub TaskDetail);

impl Decode for TaskRecord {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Map(entries) if entries.iter().any(|(k, _)| k.text == "text") => {
                TaskDetail::decode(node, d).map(TaskRecord)
            }
            _ => Text::decode(node, d).map(|text| {
                TaskRecord(TaskDetail {
                    text,
                    controls: Entries::default(),
                })
            }),
        }
    }
}

impl schemars::JsonSchema for TaskRecord {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Task".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let detail = g.subschema_for::<TaskDetail>();
        schemars::json_schema!({ "anyOf": [{ "type": "string" }, detail] })
    }
}
