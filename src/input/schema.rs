//! The records of the YAML files: what an author may write, one type for each file or
//! block, with the JSON Schema that editors use. Each record is read alone; rules
//! between records are in `model`.

mod dates;
mod front_matter;

use std::sync::Arc;

use crate::findings::Findings;
use crate::input::tree::{
    At, AtLeastOne, Clearable, Decode, Decoder, Entries, Node, OneOrMany, Text, Value, choice,
    record,
};
use crate::input::yaml;

pub use crate::input::schema::dates::Date;
pub use crate::input::schema::front_matter::{MarkdownFile, parse_page};

/// The version of the source format this tool reads.
pub const SOURCE_VERSION: i64 = 1;

choice! {
    /// Which side of the contract a party is on.
    pub enum PartyKind {
        /// Who uses the service.
        Customer = "customer",
        /// Who sells and runs the service.
        Provider = "provider",
        /// Anyone else: a cloud provider, a partner, an auditor.
        ThirdParty = "third-party",
    }
}

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
    /// `srm.yaml`: facts about the document, and the parties.
    pub struct SiteFile = "the document file" {
        /// Version of the source format. Always 1.
        schema: At<i64> = "schema",
        /// What the document says about itself.
        document: Option<DocumentRecord> = "document",
        /// Everyone who can be responsible, in the order of the table columns.
        parties: Vec<PartyRecord> = "parties",
        /// Standards that rows and tasks are mapped to.
        frameworks: Vec<FrameworkRecord> = "frameworks",
        /// Findings that are accepted everywhere: code to reason.
        acknowledge: Entries<Text> = "acknowledge",
    }
}

record! {
    /// What the document says about itself.
    pub struct DocumentRecord = "`document`" {
        /// Title of the site; by default `book.title`.
        title: Option<Text> = "title",
        /// Version as the author counts, for example `2025-06` or `3.1`.
        version: Option<Text> = "version",
        /// First day the document is in force, as YYYY-MM-DD.
        effective: Option<Date> = "effective",
        /// Whom to ask.
        contact: Option<Text> = "contact",
        /// Where the contents come from.
        source: Option<SourceRecord> = "source",
        /// What applies to everything the tables do not list.
        catch_all: Option<CatchAllRecord> = "catch-all",
        /// Which document takes precedence where two disagree. Markdown.
        precedence: Option<Text> = "precedence",
        /// What changed from version to version, the newest first.
        history: Vec<VersionRecord> = "history",
    }
}

record! {
    /// A version of the document.
    pub struct VersionRecord = "a version" {
        /// Version as the author counts.
        version: Text = "version",
        /// Day it was published, as YYYY-MM-DD.
        date: Date = "date",
        /// What changed. Markdown.
        changes: Text = "changes",
    }
}

record! {
    /// Where the contents come from.
    pub struct SourceRecord = "`source`" {
        /// Name of the source.
        label: Text = "label",
        /// Address of the source.
        url: Option<Text> = "url",
    }
}

record! {
    /// What applies to everything the tables do not list.
    pub struct CatchAllRecord = "`catch-all`" {
        /// The sentence readers see. Markdown.
        text: Text = "text",
        /// Who is responsible for what is not listed.
        party: Option<Text> = "party",
    }
}

record! {
    /// An organization or team that can be responsible.
    pub struct PartyRecord = "a party" {
        /// Permanent id, used in cells, links and file names.
        id: Text = "id",
        /// Which side of the contract the party is on.
        kind: PartyKind = "kind",
        /// Name in tables and badges.
        label: Text = "label",
        /// How the party is addressed on its own page, for example `You`.
        second_person: Option<Text> = "second-person",
        /// Who that is. Markdown.
        description: Option<Text> = "description",
    }
}

record! {
    /// A standard that rows and tasks are mapped to.
    pub struct FrameworkRecord = "a framework" {
        /// Permanent id, used in `controls`.
        id: Text = "id",
        /// Name, for example `SOC 2`.
        label: Text = "label",
        /// Where the standard can be read.
        url: Option<Text> = "url",
    }
}

record! {
    /// Front matter of `models/ID.md`: one deployment model.
    pub struct ModelRecord = "a deployment model" {
        /// Name of the model.
        label: Text = "label",
        /// Position among the models; lower comes first.
        order: Option<i64> = "order",
        /// One sentence for lists and search engines.
        description: Option<Text> = "description",
        /// What this model calls the parties: party id to label.
        parties: Entries<Text> = "parties",
        /// Party ids in the order of this model's columns.
        columns: Vec<Text> = "columns",
        /// Captions of the tables, as they are printed.
        captions: Option<CaptionsRecord> = "captions",
        /// Findings that are accepted in this model: code to reason.
        acknowledge: Entries<Text> = "acknowledge",
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
    /// `categories/ID.yaml`: one category with its rows.
    pub struct CategoryFile = "a category" {
        /// Name of the category.
        label: Text = "label",
        /// Other names that models give it: model id to label.
        labels: Entries<Text> = "labels",
        /// Position among the categories; lower comes first.
        order: Option<i64> = "order",
        /// What belongs here. Markdown.
        description: Option<Text> = "description",
        /// The responsibilities, in order.
        rows: Vec<RowRecord> = "rows",
        /// Findings that are accepted in this category: code to reason.
        acknowledge: Entries<Text> = "acknowledge",
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
        labels: Entries<Text> = "labels",
        /// What is meant. Markdown.
        description: Option<Text> = "description",
        /// The models that list this row, if it is intended that not all do.
        only_in: Option<OnlyInRecord> = "only-in",
        /// Notes for readers. Markdown.
        notes: Vec<Text> = "notes",
        /// Controls the row is mapped to: framework id to control ids.
        controls: Entries<OneOrMany<Text>> = "controls",
        /// The cells: model id, or `all`, to cell. A model's own keys win over those of `all`.
        models: Entries<CellEntry> = "models",
        /// Findings that are accepted in this row: code to reason.
        acknowledge: Entries<Text> = "acknowledge",
    }
}

record! {
    /// Which models list a row, and why the others do not.
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

/// A decoded file and its findings.
#[derive(Clone, Debug)]
pub struct Parsed<T> {
    /// The file's path, relative to the project.
    pub file: Arc<str>,
    /// `None` if a required part could not be understood.
    pub record: Option<T>,
    /// What is wrong in the file.
    pub findings: Findings,
}

/// Reads a YAML file that is one record.
pub fn parse_record<T: Decode>(file: &Arc<str>, text: &str) -> Parsed<T> {
    let mut findings = Findings::default();
    let record = yaml::parse_yaml(text, file, 0, &mut findings)
        .and_then(|node| decode(&node, file, &mut findings));
    Parsed {
        file: file.clone(),
        record,
        findings,
    }
}

/// Decodes an already parsed tree.
pub fn decode<T: Decode>(node: &Node, file: &Arc<str>, findings: &mut Findings) -> Option<T> {
    let mut decoder = Decoder {
        file: file.clone(),
        findings,
    };
    T::decode(node, &mut decoder)
}

/// The schema files that the tool publishes: each name with its JSON Schema (draft
/// 2020-12).
pub fn json_schemas() -> Vec<(&'static str, schemars::Schema)> {
    let generator = || schemars::generate::SchemaSettings::draft2020_12().into_generator();
    vec![
        ("srm", generator().into_root_schema_for::<SiteFile>()),
        (
            "category",
            generator().into_root_schema_for::<CategoryFile>(),
        ),
        ("model", generator().into_root_schema_for::<ModelRecord>()),
        ("page", generator().into_root_schema_for::<ProseRecord>()),
    ]
}
