//! What may be written about one row in one model.

use crate::findings::Place;
use crate::input::schema::evidence::{EvidenceRecord, ReviewRecord};
use crate::input::schema::fields::FieldText;
use crate::input::tree::{
    At, Clearable, Decode, Decoder, Entries, Key, Node, OneOrMany, Text, Value, choice, record,
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
        /// No party is named; a `reason` says why. Tasks and roles may stand beside it.
        Unassigned = "unassigned",
        /// Removes the row from this model again if `all` added it.
        NotListed = "not-listed",
    }
}

choice! {
    /// A mapping by party that a model's cell may lay over that of `all`.
    pub enum Keep {
        /// The tasks of each party.
        Tasks = "tasks",
        /// The words of the summary.
        Summary = "summary",
        /// Which part each party is responsible for.
        Scope = "scope",
        /// The condition of each party.
        Conditional = "conditional",
    }
}

record! {
    /// Who does what in one row of one model.
    pub struct CellRecord = "a cell" {
        /// Party id, or a list of them: who is responsible. Decides the badge.
        responsible: Option<OneOrMany<Text>> = "responsible" like "responsible: [customer, provider]",
        /// The areas that the cell is divided into, instead of `responsible`: area id, or
        /// ids separated by commas, to a cell.
        areas: Option<Entries<CellEntry>> = "areas" like "areas: {AREA: PARTY}",
        /// What the cell is when no party is responsible.
        state: Option<At<State>> = "state",
        /// Why the state applies.
        reason: Option<Clearable> = "reason",
        /// What each party does: party id to tasks.
        tasks: Option<Entries<Vec<TaskRecord>>> = "tasks" like "tasks: {PARTY: [What it does.]}",
        /// Words printed in a party's summary column instead of a mark. Never decides the badge.
        summary: Option<Entries<Clearable>> = "summary" like "summary: {PARTY: words}",
        /// Which part a party is responsible for: party id to text.
        scope: Option<Entries<Clearable>> = "scope" like "scope: {PARTY: which part}",
        /// The condition under which a party takes part: party id to text. Never
        /// decides the badge.
        conditional: Option<Entries<Clearable>> = "conditional" like "conditional: {PARTY: when delegated}",
        /// Who answers for it (RACI). Never decides the badge.
        accountable: Option<OneOrMany<Text>> = "accountable",
        /// Who is asked (RACI). Never decides the badge.
        consulted: Option<OneOrMany<Text>> = "consulted",
        /// Who is kept informed (RACI). Never decides the badge.
        informed: Option<OneOrMany<Text>> = "informed",
        /// Who helps. Never decides the badge.
        supports: Option<OneOrMany<Text>> = "supports",
        /// All roles of each party, in letters: party id to letters, such as `R A`.
        roles: Option<LettersRecord> = "roles" like "roles: {PARTY: \"R A\"}",
        /// How often it is done, for example `yearly`.
        cadence: Option<Clearable> = "cadence" like "cadence: yearly",
        /// Notes for readers. Markdown.
        notes: Option<Vec<NoteRecord>> = "notes" like "notes: [A text.]",
        /// Controls that it is mapped to in this model: framework id to control ids.
        controls: Option<Entries<OneOrMany<Text>>> = "controls" like "controls: {FRAMEWORK: [CC6.1]}",
        /// Which keys are laid over those of `all` by party, instead of replacing them.
        keep: Vec<At<Keep>> = "keep" like "keep: [tasks]",
        /// Values of the document's fields: field id to value. They win over the row's.
        fields: Option<Entries<FieldText>> = "fields" like "fields: {FIELD: \"value\"}",
        /// What shows that a party does its part, besides the row's: party id to evidence.
        evidence: Option<Entries<Vec<EvidenceRecord>>> = "evidence" like "evidence: {PARTY: [{text: SOC 2 report}]}",
        /// Who has reviewed the cell, and when; in place of the row's review.
        review: Option<At<ReviewRecord>> = "review" like "review: {status: approved, date: 2026-01-31}",
        /// Findings that are accepted in this cell: code to reason.
        acknowledge: Entries<Text> = "acknowledge",
    }
}

/// Parties with the letters of their roles. A party without any is kept: the letters may
/// have been read as further parties (`{acme: R, A}`).
#[derive(Clone, Debug, Default)]
pub struct LettersRecord(pub Vec<(Text, Option<OneOrMany<Text>>)>);

impl Decode for LettersRecord {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            let finding = d.wrong(node, "a mapping (`party: letters` lines)");
            d.findings.push(finding);
            return None;
        };
        let letters = entries.iter().map(|(key, value)| {
            let party = At {
                value: key.text.clone(),
                place: d.place(key.span.clone()),
            };
            let letters = match value.value {
                Value::Null => None,
                _ => OneOrMany::decode(value, d)
                    .or_else(|| OneOrMany::stand_in(&d.place(value.mark()))),
            };
            (party, letters)
        });
        Some(LettersRecord(letters.collect()))
    }

    fn stand_in(place: &Place) -> Option<Self> {
        let letters = OneOrMany::stand_in(place);
        Some(LettersRecord(vec![(Text::stand_in(place)?, letters)]))
    }
}

impl schemars::JsonSchema for LettersRecord {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Letters".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Entries::<OneOrMany<String>>::json_schema(g)
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
            Value::Map(_) => {
                CellRecord::decode(node, d).map(|cell| CellEntry::Whole(Box::new(cell)))
            }
            Value::Null => {
                let finding = d.wrong(node, "a party, a list of them, or a cell (a mapping)");
                d.findings.push(finding);
                None
            }
        }
    }

    fn stand_in(place: &Place) -> Option<Self> {
        OneOrMany::stand_in(place).map(CellEntry::Owners)
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
            areas: None,
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
            roles: None,
            cadence: None,
            notes: None,
            controls: None,
            keep: Vec::new(),
            fields: None,
            evidence: None,
            review: None,
            acknowledge: Entries::default(),
        }
    }

    /// Whether it has a mapping by party.
    pub fn has(&self, key: Keep) -> bool {
        match key {
            Keep::Tasks => self.tasks.is_some(),
            Keep::Summary => self.summary.is_some(),
            Keep::Scope => self.scope.is_some(),
            Keep::Conditional => self.conditional.is_some(),
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
        let is_key = |key: &Key| TaskDetail::KEYS.contains(&key.text.as_str());
        match &node.value {
            Value::Map(entries) if entries.iter().any(|(k, _)| is_key(k)) => {
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

record! {
    /// A note that is written once in `srm.yaml`.
    pub struct NoteRef = "a note" {
        /// Id of the note.
        id: Text = "ref",
    }
}

/// A note for readers: its text, or `{ref: id}`.
#[derive(Clone, Debug)]
pub enum NoteRecord {
    /// A text. Markdown.
    Text(Text),
    /// The id of a note of `srm.yaml`.
    Ref(NoteRef),
}

impl Decode for NoteRecord {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Map(entries) if entries.iter().any(|(k, _)| k.text == "ref") => {
                NoteRef::decode(node, d).map(NoteRecord::Ref)
            }
            _ => Text::decode(node, d).map(NoteRecord::Text),
        }
    }
}

impl schemars::JsonSchema for NoteRecord {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Note".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let note = g.subschema_for::<NoteRef>();
        schemars::json_schema!({ "anyOf": [{ "type": "string" }, note] })
    }
}
