//! `srm.yaml`: facts about the document, and what everything else refers to by id.

use crate::findings::Place;
use crate::input::schema::dates::Date;
use crate::input::schema::fields::FieldRecord;
use crate::input::tree::{
    At, Declared, Decode, Decoder, Entries, Node, Text, Value, choice, record,
};

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
    /// The roles that every document has.
    pub enum BuiltInRole {
        /// Does it. Decides the badge.
        Responsible = "responsible",
        /// Answers for the result.
        Accountable = "accountable",
        /// Is asked before it is done.
        Consulted = "consulted",
        /// Is told about it.
        Informed = "informed",
        /// Helps to do it.
        Supports = "supports",
    }
}

record! {
    /// `srm.yaml`: facts about the document, and the parties.
    pub struct SiteFile = "the document file" {
        /// Version of the source format. Always 1.
        schema: At<i64> = "schema",
        /// What the document says about itself.
        document: Option<DocumentRecord> = "document" like "document: {title: Title}",
        /// Everyone who can be responsible, in the order of the table columns.
        parties: Declared<Vec<PartyRecord>> = "parties" like "parties: [{id: acme, kind: provider, label: Acme}]",
        /// Standards that rows and tasks are mapped to.
        frameworks: Declared<Vec<FrameworkRecord>> = "frameworks" like "frameworks: [{id: soc2, label: SOC 2}]",
        /// Areas that cells can be divided into.
        areas: Declared<Vec<AreaRecord>> = "areas" like "areas: [{id: net, label: Network}]",
        /// Letters of roles, and roles of your own: letter to role.
        roles: Declared<Entries<RoleRecord>> = "roles" like "roles: {V: {id: verifies, label: Verifies}}",
        /// Notes that several rows or cells refer to: id to text. Markdown.
        notes: Declared<Entries<Text>> = "notes" like "notes: {ID: A text.}",
        /// The author's own fields, in the order of their columns.
        fields: Declared<Vec<FieldRecord>> = "fields" like "fields: [{id: answer, label: Answer, kind: text}]",
        /// Findings that are accepted everywhere: code to reason.
        acknowledge: Entries<Text> = "acknowledge" like "acknowledge: {SRM204: the reason}",
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
        source: Option<SourceRecord> = "source" like "source: {label: Name}",
        /// What applies to everything the tables do not list.
        catch_all: Option<CatchAllRecord> = "catch-all" like "catch-all: {text: A sentence.}",
        /// Which document takes precedence where two disagree. Markdown.
        precedence: Option<Text> = "precedence",
        /// What changed from version to version, the newest first.
        history: Vec<VersionRecord> = "history" like "history: [{version: \"1.1\", date: 2026-01-31, changes: What changed.}]",
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
    /// A part of a responsibility that can have owners of its own, such as `Network`.
    pub struct AreaRecord = "an area" {
        /// Permanent id, used in the `areas` of cells.
        id: Text = "id",
        /// Name of the area.
        label: Text = "label",
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
    /// A role of the author's own.
    pub struct OwnRoleRecord = "a role" {
        /// Permanent id; without it, the key is the id.
        id: Option<Text> = "id",
        /// Name in tables and on the pages of parties, for example `Approves`.
        label: Text = "label",
        /// Whether a row concerns a party that only has this role; by default it does.
        takes_part: Option<bool> = "takes-part",
    }
}

/// What a letter means: a built-in role, or one of the author's own.
#[derive(Clone, Debug)]
pub enum RoleRecord {
    /// A built-in role.
    BuiltIn(BuiltInRole),
    /// One of the author's own.
    Own(OwnRoleRecord),
    /// A word that is no built-in role.
    Unknown(Text),
}

impl Decode for RoleRecord {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Map(_) => OwnRoleRecord::decode(node, d).map(RoleRecord::Own),
            Value::Scalar { text, .. } => match BuiltInRole::from_word(text) {
                Some(role) => Some(RoleRecord::BuiltIn(role)),
                None => Text::decode(node, d).map(RoleRecord::Unknown),
            },
            _ => d.reject(node, "a role, or one of your own (a mapping)"),
        }
    }

    fn keys() -> &'static [&'static str] {
        OwnRoleRecord::keys()
    }

    /// A role of the author's own, so that its letter is known.
    fn stand_in(place: &Place) -> Option<Self> {
        Some(RoleRecord::Own(OwnRoleRecord {
            id: None,
            label: Text::stand_in(place)?,
            takes_part: None,
        }))
    }
}

impl schemars::JsonSchema for RoleRecord {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Role".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let built_in = g.subschema_for::<BuiltInRole>();
        let own = g.subschema_for::<OwnRoleRecord>();
        schemars::json_schema!({ "anyOf": [built_in, own] })
    }
}
